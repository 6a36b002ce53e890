//! What a short notation says by itself: a footnote's label, a page's number, a heading's first words.

use std::collections::{BTreeMap, HashMap};

use super::spaces::is_space;
use crate::model::{Attributes, Block, Id, Inline, Milestone, NoteKind, Target, Unit};

/// What a reader knows of a note by its label alone.
pub(crate) struct Known {
    /// The printed marker.
    pub(crate) n: Option<String>,
    /// The id.
    pub(crate) id: Option<Id>,
}

impl Known {
    /// From a footnote's label and, where ids follow the pattern, the id of the division.
    pub(crate) fn from(label: Option<&str>, division: Option<&Id>) -> Self {
        match label {
            Some(number) if is_number(number) => {
                Self { n: Some(number.to_owned()), id: note_id(division, Some(number)) }
            }
            Some(word) if !word.starts_with("n-") => {
                let n = division.and_then(|division| word.strip_prefix(division.as_str())?.strip_prefix("fn"));
                Self { n: n.filter(|n| !n.is_empty()).map(str::to_owned), id: Some(Id::from(word)) }
            }
            _ => Self { n: None, id: None },
        }
    }
}

/// The kind of a note whose braces don't say it: a first note that says so is about the source.
pub(crate) fn default_kind(label: Option<&str>, body: &[Block]) -> NoteKind {
    let first = match body.first() {
        Some(Block::Paragraph(paragraph)) => paragraph.content.iter().find(|inline| !is_blank(inline)),
        _ => None,
    };
    let speaks = match first {
        Some(Inline::Text(text)) => text.trim_start().starts_with("Source:"),
        Some(Inline::Styled(styled)) => matches!(styled.content.first(), Some(Inline::Text(text)) if text == "Source:"),
        _ => false,
    };
    if speaks && matches!(label, Some("0" | "1")) { NoteKind::Source } else { NoteKind::Editorial }
}

fn is_blank(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(text) if text.trim().is_empty())
}

/// A footnote's label that is a printed number.
pub(crate) fn is_number(label: &str) -> bool {
    !label.is_empty() && label.len() < 7 && label.bytes().all(|byte| byte.is_ascii_digit())
}

/// The id that a page has if ids follow the pattern.
pub(crate) fn page_id(milestone: &Milestone) -> Option<Id> {
    let label = milestone.label.as_deref().filter(|label| !label.is_empty())?;
    (milestone.unit == Unit::Page).then(|| Id::from(format!("pg_{label}")))
}

/// The id that a note has if ids follow the pattern.
pub(crate) fn note_id(division: Option<&Id>, label: Option<&str>) -> Option<Id> {
    Some(Id::from(format!("{}fn{}", division?, label.filter(|label| !label.is_empty())?)))
}

/// The number that opens a heading, without its stop.
pub(crate) fn printed_number(heading: &str) -> Option<&str> {
    let heading = heading.trim_start();
    let digits = heading.bytes().take_while(u8::is_ascii_digit).count();
    let rest = heading[digits..].strip_prefix('.')?;
    (digits > 0 && (rest.is_empty() || rest.starts_with(is_space))).then_some(&heading[..digits])
}

/// The text of the leading inlines that are nothing but text.
pub(crate) fn plain_text(content: &[Inline]) -> String {
    let texts = content.iter().map_while(|inline| match inline {
        Inline::Text(text) => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

/// What an attribute that names something else by rights points to, if no field says it.
pub(crate) fn pointed(attributes: &Attributes) -> Option<Target> {
    attributes.get("corresp").or_else(|| attributes.get("key")).map(Target::parse)
}

/// Between the first and the last of a range of labels.
const TO: &str = "..";

/// Labels in one line; where neighbours differ by one at their end, only the first and the last: `1..14 d12fn3`.
/// Labels that the line couldn't hold are left out.
pub(crate) fn ranges<'l>(labels: impl IntoIterator<Item = &'l str>) -> String {
    let mut ranges: Vec<(&str, u64, u64)> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let close = |(stem, from, to): (&str, u64, u64)| match from == to {
        true => format!("{stem}{from}"),
        false => format!("{stem}{from}{TO}{to}"),
    };
    for label in labels.into_iter().filter(|label| is_rangeable(label)) {
        match (counted(label), ranges.last_mut()) {
            (Some((stem, number)), Some((known, _, to))) if stem == *known && number == *to + 1 => *to = number,
            (Some((stem, number)), _) => {
                words.extend(ranges.pop().map(close));
                ranges.push((stem, number, number));
            }
            (None, _) => {
                words.extend(ranges.pop().map(close));
                words.push(label.to_owned());
            }
        }
    }
    words.extend(ranges.pop().map(close));
    words.join(" ")
}

/// Whether [`ranges`] can hold a label.
pub(crate) fn is_rangeable(label: &str) -> bool {
    !label.contains(TO) && !label.contains(char::is_whitespace)
}

/// Lines of labels as [`ranges`] writes them, each with a number. However long a range is, it takes one place.
#[derive(Debug, Default)]
pub(crate) struct Ranges {
    /// By what stands before the number: by the first number the last, and the line's number.
    counted: HashMap<String, BTreeMap<u64, (u64, usize)>>,
    others: HashMap<String, usize>,
}

impl Ranges {
    /// Takes a line.
    pub(crate) fn add(&mut self, line: &str, number: usize) {
        for word in line.split_whitespace() {
            let (first, last) = word.split_once(TO).map_or((word, None), |(first, last)| (first, last.parse().ok()));
            match counted(first) {
                Some((stem, from)) => {
                    let to = last.unwrap_or(from);
                    self.counted.entry(stem.to_owned()).or_default().insert(from, (to, number));
                }
                None => _ = self.others.insert(word.to_owned(), number),
            }
        }
    }

    /// The number of the line that holds a label.
    pub(crate) fn find(&self, label: &str) -> Option<usize> {
        let Some((stem, at)) = counted(label) else { return self.others.get(label).copied() };
        let (_, (to, number)) = self.counted.get(stem)?.range(..=at).next_back()?;
        (at <= *to).then_some(*number)
    }
}

/// A label as what stands before its last number, and that number.
fn counted(label: &str) -> Option<(&str, u64)> {
    let stem = label.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &label[stem.len()..];
    let number = digits.parse().ok()?;
    (digits == "0" || !digits.starts_with('0')).then_some((stem, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_any_labels() {
        let cases: [(&[&str], &str); 5] = [
            (&["1", "2", "3", "5"], "1..3 5"),
            (&["d1fn9", "d1fn10", "d2fn1"], "d1fn9..10 d2fn1"),
            (&["n-1", "n-2", "007", "a", "b"], "n-1..2 007 a b"),
            (&["9", "8", "8"], "9 8 8"),
            (&[], ""),
        ];
        for (labels, line) in cases {
            assert_eq!(ranges(labels.iter().copied()), line);
            let mut known = Ranges::default();
            known.add(line, 7);
            assert!(labels.iter().all(|label| known.find(label) == Some(7)), "{line}");
            assert!(
                ["4", "d1fn11", "d2fn2", "n-0", "7", "c"].iter().all(|label| known.find(label).is_none()),
                "{line}"
            );
        }
        assert_eq!(ranges(["a..2", "b c"]), "");
    }

    #[test]
    fn ranges_that_no_text_has_take_no_time() {
        let mut known = Ranges::default();
        known.add(&"1..99999999999 3..1 x..y 5..z ".repeat(10_000), 1);
        assert_eq!(known.find("77777777777"), None);
        assert_eq!(known.find("2"), Some(1));
        assert_eq!(known.find("5"), Some(1));
    }
}

//! A place in a source, named by the words that stand there and round it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// How many characters before and behind a place are remembered.
const CONTEXT: usize = 28;
/// How many characters of the context must be found again if not all of it is.
const LEAST: usize = 8;

/// A place in a source. The words rule; line and byte only choose among places with the same words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The line, from 1, when it was decided; for people.
    #[serde(default)]
    pub line: usize,
    /// The first byte in the decoded text, when it was decided.
    #[serde(default)]
    pub byte: usize,
    /// What stands before it in its line, or the end of that.
    #[serde(default)]
    pub before: String,
    /// What stands there; empty for a point between characters.
    #[serde(default)]
    pub quote: String,
    /// What stands behind it in its line, or the beginning of that.
    #[serde(default)]
    pub after: String,
}

impl Place {
    /// The place of some bytes of a text. Bounds within a character are moved to its beginning.
    pub fn of(text: &str, at: Range<usize>) -> Self {
        let floor = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (start, end) = (floor(at.start), floor(at.end.max(at.start)));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[end..].find(['\n', '\r']).map_or(text.len(), |at| end + at);
        let before = &text[line_start..start];
        let from = before.char_indices().rev().nth(CONTEXT - 1).map_or(0, |(at, _)| at);
        let after = &text[end..line_end];
        let to = after.char_indices().nth(CONTEXT).map_or(after.len(), |(at, _)| at);
        Self {
            line: memchr::memchr_iter(b'\n', &text.as_bytes()[..start]).count() + 1,
            byte: start,
            before: before[from..].to_owned(),
            quote: text[start..end].to_owned(),
            after: after[..to].to_owned(),
        }
    }

    /// Where the place is in a text that may have changed: where its words stand with all of their context, the
    /// nearest to where they stood; else where they stand once with a part of it. `None` if it is not there any more.
    pub fn find(&self, text: &str) -> Option<Range<usize>> {
        let whole = format!("{}{}{}", self.before, self.quote, self.after);
        if whole.is_empty() {
            return None;
        }
        let there = |start: usize| start + self.before.len()..start + self.before.len() + self.quote.len();
        let first = self.byte.checked_sub(self.before.len());
        if let Some(start) =
            first.filter(|&start| text.as_bytes().get(start..).is_some_and(|rest| rest.starts_with(whole.as_bytes())))
        {
            return Some(there(start));
        }
        let finder = memchr::memmem::Finder::new(whole.as_bytes());
        let nearest = finder.find_iter(text.as_bytes()).min_by_key(|start| start.abs_diff(first.unwrap_or(0)));
        nearest.map(there).or_else(|| self.find_in_part(text))
    }

    /// Looks for the words with less of their context: half of each side, then one side.
    fn find_in_part(&self, text: &str) -> Option<Range<usize>> {
        let before_half = tail(&self.before, CONTEXT / 3);
        let after_half = head(&self.after, CONTEXT / 3);
        [(before_half, after_half), (self.before.as_str(), ""), ("", self.after.as_str())].into_iter().find_map(
            |(before, after)| {
                let needle = format!("{before}{}{after}", self.quote);
                let context = before.trim().chars().count() + after.trim().chars().count();
                let mut found = memchr::memmem::find_iter(text.as_bytes(), needle.as_bytes());
                let start = (context >= LEAST).then(|| found.next()).flatten()?;
                let start_of_quote = start + before.len();
                found.next().is_none().then(|| start_of_quote..start_of_quote + self.quote.len())
            },
        )
    }
}

fn tail(text: &str, characters: usize) -> &str {
    let from = text.char_indices().rev().nth(characters.saturating_sub(1)).map_or(0, |(at, _)| at);
    &text[from..]
}

fn head(text: &str, characters: usize) -> &str {
    let to = text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    &text[..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The ferry left at noon.1 Nobody saw it.\nThe ferry came back at ten.2 Nobody cared.\n";

    #[test]
    fn a_place_is_found_where_it_was() {
        let at = TEXT.find("1 Nobody").unwrap_or_default();
        let place = Place::of(TEXT, at..at + 1);
        assert_eq!((place.line, place.quote.as_str()), (1, "1"));
        assert_eq!(place.find(TEXT), Some(at..at + 1));
    }

    #[test]
    fn it_is_found_when_the_text_round_it_moves_and_when_half_of_it_is_changed() {
        let at = TEXT.find("2 Nobody").unwrap_or_default();
        let place = Place::of(TEXT, at..at + 1);
        let moved = format!("A line more.\n{TEXT}");
        assert_eq!(place.find(&moved), Some(at + 13..at + 14));
        let changed = TEXT.replace("Nobody cared", "No one cared");
        assert_eq!(place.find(&changed), Some(at..at + 1));
    }

    #[test]
    fn it_is_not_found_when_its_words_are_gone_or_no_longer_one_place() {
        let at = TEXT.find("noon").unwrap_or_default();
        let place = Place::of(TEXT, at..at + 4);
        assert_eq!(place.find(&TEXT.replace("noon", "midday")), None);
        let twice = Place {
            before: "abcdefgh".to_owned(),
            quote: "1".to_owned(),
            after: "zzzzzzzzzz".to_owned(),
            ..Place::default()
        };
        assert_eq!(twice.find("abcdefgh1 and abcdefgh1"), None);
    }

    #[test]
    fn of_two_places_with_the_same_words_the_nearest_is_taken() {
        let text = "ibid.1\nibid.1\nibid.1\n";
        let place = Place::of(text, 12..13);
        assert_eq!(place.find(text), Some(12..13));
        assert_eq!(place.find(&format!("x\n{text}")), Some(14..15));
    }
}

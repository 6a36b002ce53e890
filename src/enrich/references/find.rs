//! The grammar of references: where a text refers to documents, footnotes and volumes, and what it means.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use compact_str::{CompactString, format_compact};

use super::volumes::{self, Volume};

/// The document in which a reference stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own<'a> {
    /// Its id.
    pub id: &'a str,
    /// True if its heading bears a number, by which its edition refers to it.
    pub numbered: bool,
    /// The volume that it is part of, if its file's name says so.
    pub volume: Option<&'a Volume>,
}

/// The references in a text from a place on, in order: their bytes and the id that they mean; of a document in another
/// volume, the volume, `#` and the id.
pub(super) fn find<'t>(
    text: &'t str,
    mut from: usize,
    own: Option<Own<'t>>,
) -> impl Iterator<Item = (Range<usize>, CompactString)> + 't {
    let mut ready: std::vec::IntoIter<(Range<usize>, CompactString)> = Vec::new().into_iter();
    std::iter::from_fn(move || {
        loop {
            if let Some(found) = ready.next() {
                return Some(found);
            }
            let (found, next) = next(text, from, own)?;
            from = next;
            ready = found.into_iter();
        }
    })
}

/// What the words that may begin a reference have behind their first letter.
static WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let mut words = AhoCorasick::builder();
    words
        .match_kind(MatchKind::LeftmostFirst)
        .build(["ocument", "ootnote", "oc. ", "upra", "nfra"])
        .expect("a few short words")
});

/// False for a text in which no reference begins.
pub(super) fn may_refer(text: &str) -> bool {
    WORDS.is_match(text)
}

/// How many bytes before a reference are looked at.
pub(super) const NEAR: usize = 160;

type Found = Vec<(Range<usize>, CompactString)>;

/// The next word that may begin a reference, what it refers to, and where to go on.
fn next(text: &str, from: usize, own: Option<Own<'_>>) -> Option<(Found, usize)> {
    let at = WORDS.find(aho_corasick::Input::new(text).span(from..text.len()))?.start();
    let start = text[..at].char_indices().next_back().map_or(at, |(start, _)| start);
    let after = at + 1;
    let bounded = !text[..start].ends_with(char::is_alphanumeric);
    if !bounded || start < from {
        return Some((Found::new(), after));
    }
    let rest = &text[start..];
    let found = if rest.starts_with("Document") || rest.starts_with("Doc. ") {
        documents(text, start, own)
    } else if rest.starts_with(['f', 'F']) {
        footnotes(text, start, own)
    } else if rest.starts_with(['s', 'S', 'i', 'I']) {
        beside(text, start, own)
    } else {
        Found::new()
    };
    let end = found.last().map_or(after, |(range, _)| range.end);
    Some((found, end))
}

/// `Document 9`, `Documents 9, 14, and 15`, `Documents 9–14`.
fn documents(text: &str, start: usize, own: Option<Own<'_>>) -> Found {
    let plural = text[start..].starts_with("Documents ") || is_pair(&text[start..]);
    let word = ["Documents ", "Document ", "Doc. "].iter().find(|word| text[start..].starts_with(**word));
    let Some(word) = word else { return Found::new() };
    let numbers = numbers(text, start + word.len(), plural);
    if let Some((from, volume)) = own.and_then(|own| volumes::before(text, start, own.volume?)) {
        return in_volume(text, (from, start), &volume, numbers);
    }
    if elsewhere(text, start) {
        return Found::new();
    }
    let mut found = Found::new();
    if let [(number, range)] = numbers.as_slice()
        && let Some((footnote, end)) = thereto(text, range.end)
    {
        return Found::from([(start..end, format_compact!("d{number}fn{footnote}"))]);
    }
    for (number, range) in numbers {
        let from = if found.is_empty() { start } else { range.start };
        found.push((from..range.end, format_compact!("d{number}")));
    }
    found
}

/// Documents of another volume: `vol. XIII, Document 9`, of which the words on the volume are part.
fn in_volume(text: &str, (from, start): (usize, usize), volume: &str, numbers: Vec<(&str, Range<usize>)>) -> Found {
    if let [(number, range)] = numbers.as_slice()
        && let Some((footnote, end)) = thereto(text, range.end)
    {
        return Found::from([(from..end, format_compact!("{volume}#d{number}fn{footnote}"))]);
    }
    let at = |range: &Range<usize>| if range.start < start + 12 { from..range.end } else { range.clone() };
    numbers.iter().map(|(number, range)| (at(range), format_compact!("{volume}#d{number}"))).collect()
}

/// `Document 9 and 14`, with a stop behind: an editor's plural without its letter.
fn is_pair(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("Document ") else { return false };
    let Some(first) = number(rest) else { return false };
    let Some(second) = rest[first..].strip_prefix(" and ") else { return false };
    number(second)
        .is_some_and(|length| second[length..].is_empty() || second[length..].starts_with(['.', ';', ',', ')']))
}

/// The footnote of a document just named: ` and footnote 1 thereto`, `, footnote 1`.
fn thereto(text: &str, from: usize) -> Option<(&str, usize)> {
    let rest = &text[from..];
    let joint = [" and footnote ", ", and footnote ", ", footnote "].iter().find(|joint| rest.starts_with(**joint))?;
    let length = number(&rest[joint.len()..])?;
    let end = from + joint.len() + length;
    let other = text[end..].starts_with(", Document") || text[end..].starts_with(" to Document");
    (!other && (joint.starts_with(", f") || text[end..].starts_with(" thereto")))
        .then(|| (&text[end - length..end], end))
}

/// True if a volume or another series is named before in the same sentence, to which the number then belongs.
fn elsewhere(text: &str, start: usize) -> bool {
    let mut from = start.saturating_sub(NEAR);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = &text[from..start];
    let last = before.trim_end_matches([' ', ',', '\u{a0}']).rsplit(' ').next().unwrap_or_default();
    if matches!(
        last,
        "CAB" | "NATO" | "UN" | "COCOM" | "NAC" | "Working" | "Conference" | "Staff" | "Council" | "Committee"
    ) {
        return true;
    }
    let volume = ["vol. ", "vols. ", "volume ", "volumes ", "ibid., ", "Ibid., "]
        .iter()
        .filter_map(|word| before.rfind(word))
        .max();
    volume.is_some_and(|at| !ends_sentence(&before[at + 4..]) && !closes(&before[at..]))
}

/// True if a bracket ends in a text that began before it.
fn closes(text: &str) -> bool {
    let mut open = 0;
    text.chars().any(|c| {
        open += match c {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        open < 0
    })
}

/// True if a sentence ends in a text: a stop behind a word of small letters or a bracket, and a capital.
fn ends_sentence(text: &str) -> bool {
    text.match_indices(". ").any(|(at, _)| {
        let behind = text[at + 2..].starts_with(|c: char| c.is_uppercase() || c == '(');
        let word = text[..at].rsplit(' ').next().unwrap_or_default();
        behind && !matches!(word, "pt" | "p" | "pp" | "vol" | "vols" | "No" | "ed") && word.len() > 1
    })
}

/// Numbers that follow one another: `2`, `2 and 3`, `2, 3, and 4`, `9–14`.
fn numbers(text: &str, from: usize, several: bool) -> Vec<(&str, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = from;
    while let Some(length) = number(&text[at..]) {
        found.push((&text[at..at + length], at..at + length));
        at += length;
        if !several {
            break;
        }
        let joint = [", and ", " and ", ", ", "–", "-", " or ", " through ", " to "]
            .iter()
            .find(|joint| text[at..].starts_with(**joint) && number(&text[at + joint.len()..]).is_some());
        match joint {
            Some(joint) => at += joint.len(),
            None => break,
        }
    }
    found
}

/// How long the number is with which a text begins: up to four digits and perhaps a letter.
fn number(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=4).contains(&digits) {
        return None;
    }
    let letter = text[digits..].starts_with(|c: char| c.is_ascii_lowercase())
        && !text[digits + 1..].starts_with(char::is_alphanumeric);
    let end = digits + usize::from(letter);
    (!text[end..].starts_with(char::is_alphanumeric)).then_some(end)
}

/// `footnote 3, Document 9`, `footnotes 2 and 3, Document 9`, `footnote 3 to Document 9`, `footnote 3 above`.
fn footnotes(text: &str, start: usize, own: Option<Own<'_>>) -> Found {
    let after = start + "footnote".len();
    let several = text[after..].starts_with("s ");
    let from = after + if several { 2 } else { 1 };
    if !(several || text[after..].starts_with(' ')) {
        return Found::new();
    }
    let numbers = numbers(text, from, several);
    let Some(last) = numbers.last().map(|(_, range)| range.end) else { return Found::new() };
    let joint = [", Document ", " to Document ", " of Document ", ", to Document ", " in Document ", "> Document "];
    let other = joint.iter().find_map(|joint| {
        let rest = text[last..].strip_prefix(*joint)?;
        let length = number(rest)?;
        let end = last + joint.len() + length;
        Some((format_compact!("d{}", &rest[..length]), end))
    });
    let (document, end) = match (other, own) {
        (Some((document, end)), _) => (document, end),
        (None, Some(own)) if !is_others(&text[..start]) && !said_elsewhere(&text[last..]) => {
            match beside_word(&text[last..], own.id) {
                Some(document) => (document, last),
                None => (CompactString::from(own.id), last),
            }
        }
        _ => return Found::new(),
    };
    let count = numbers.len();
    let mut found = Found::new();
    for (at, (number, range)) in numbers.into_iter().enumerate() {
        let from = if at == 0 { start } else { range.start };
        let to = if at + 1 == count { end } else { range.end };
        found.push((from..to, format_compact!("{document}fn{number}")));
    }
    found
}

/// True if a page or a document was named directly before, of which the footnote is: `p. 674, footnote 1`,
/// `vol. XII, Document 9 and footnote 1 thereto`. (Of a document of this volume it was taken with that.)
fn is_others(before: &str) -> bool {
    let before = before.trim_end();
    let Some(before) = before.strip_suffix(',').or_else(|| before.strip_suffix(" and")) else { return false };
    let before = before.strip_suffix(',').unwrap_or(before);
    let named = before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '–' || c == '-');
    named.len() < before.len()
        && ["Document ", "Documents ", "p. ", "pp. ", "page ", "pages "].iter().any(|word| named.ends_with(word))
}

/// True if the footnote is one of a page or of a book.
fn said_elsewhere(rest: &str) -> bool {
    let rest = rest.trim_start_matches([',', ' ']);
    ["p. ", "page ", "pp. ", "on p", "vol. ", "ibid", "to telegram", "to the", "thereto"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// `supra`, `infra` alone: the document before or behind this one, in editions that don't number their documents.
fn beside(text: &str, start: usize, own: Option<Own<'_>>) -> Found {
    let end = start + "supra".len();
    let word = text[start..end].to_ascii_lowercase();
    let by = if word == "supra" { -1 } else { 1 };
    let before = text[..start].trim_end_matches([' ', ',']);
    let mut words = before.rsplit([' ', '\u{a0}']);
    let (last, named) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let number = last.bytes().any(|byte| byte.is_ascii_digit());
    // A date's year or day is no number that says where.
    let dated = number && (named.ends_with(',') || crate::dating::is_month(named));
    // "p. 12, supra" and "footnote 2, supra" say where themselves.
    let said = number && !dated || text[end..].starts_with(char::is_alphanumeric);
    let found = own
        .filter(|own| !own.numbered)
        .and_then(|own| neighbour(own.id, by))
        .filter(|_| !said && (word == "supra" || word == "infra"));
    found.into_iter().map(|document| (start..end, document)).collect()
}

/// The document that `, supra` or `, infra` behind a footnote's number means.
fn beside_word(rest: &str, own: &str) -> Option<CompactString> {
    let word = rest.strip_prefix(", ")?;
    if word.starts_with("supra") {
        neighbour(own, -1)
    } else if word.starts_with("infra") {
        neighbour(own, 1)
    } else {
        None
    }
}

fn neighbour(own: &str, by: i32) -> Option<CompactString> {
    let number: i32 = own.strip_prefix('d')?.parse().ok()?;
    (number + by > 0).then(|| format_compact!("d{}", number + by))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<(String, String)> {
        let volume = Volume::of("lake1930-32v07");
        find(text, 0, Some(Own { id: "d12", numbered: false, volume: volume.as_ref() }))
            .map(|(range, id)| (text[range].to_owned(), id.to_string()))
            .collect()
    }

    #[test]
    fn documents_and_footnotes() {
        let cases: [(&str, &[(&str, &str)]); 25] = [
            ("See Document 9.", &[("Document 9", "d9")]),
            ("See Documents 9 and 14.", &[("Documents 9", "d9"), ("14", "d14")]),
            ("See footnote 3, Document 9.", &[("footnote 3, Document 9", "d9fn3")]),
            ("See footnotes 2 and 3, Document 9;", &[("footnotes 2", "d9fn2"), ("3, Document 9", "d9fn3")]),
            ("See footnote 2 above.", &[("footnote 2", "d12fn2")]),
            ("See Tab A to Document 9.", &[("Document 9", "d9")]),
            ("Lake Papers, 1930–1932, vol. XIII, Document 9.", &[]),
            ("See Document 9 and footnote 1 thereto.", &[("Document 9 and footnote 1", "d9fn1")]),
            ("See Document 9 and 14.", &[("Document 9", "d9"), ("14", "d14")]),
            ("See the editorial note, supra.", &[("supra", "d11")]),
            ("Infra.", &[("Infra", "d13")]),
            ("See p. 40, infra.", &[]),
            ("The letter of May 4, 1931, supra.", &[("supra", "d11")]),
            ("The letter of May 4, infra.", &[("infra", "d13")]),
            ("It lies in document 156 of the Board.", &[]),
            ("(Ibid., 7/31) They met in June; see Document 9.", &[("Document 9", "d9")]),
            ("(Ibid., 7/31, Document 9)", &[]),
            ("See p. 674, footnote 1.", &[]),
            ("See the Board’s vol. of 1930, Document 9 and footnote 4 thereto.", &[]),
            ("See vol. IX, Document 14.", &[("vol. IX, Document 14", "lake1930-32v09#d14")]),
            ("See vol. XIV, Document 9, footnote 1.", &[("vol. XIV, Document 9, footnote 1", "lake1930-32v14#d9fn1")]),
            (
                "See vol. IX, Part 2, Documents 4 and 5.",
                &[("vol. IX, Part 2, Documents 4", "lake1930-32v09p2#d4"), ("5", "lake1930-32v09p2#d5")],
            ),
            ("Papers of the Board, vol. IX, Document 14.", &[]),
            ("Papers, 1929, vol. IX, Document 14.", &[]),
            ("Ibid., vol. IX, Document 14.", &[]),
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(targets(text), expected, "{text}");
        }
    }
}

//! The pass `references`: "Document 142", "footnote 3, Document 141", "footnotes 2 and 3 above" become
//! references.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use compact_str::{CompactString, format_compact};

use super::{Pass, runs};
use crate::diagnostic::{Code, Log};
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Document, Id, Inline, Reference, Tag, Target};
use crate::source::Span;

const UNRESOLVED: Code = Code("reference.unresolved");

/// Finds references to documents and to their footnotes.
#[derive(Clone, Copy, Debug, Default)]
pub struct References;

impl Pass for References {
    fn name(&self) -> &'static str {
        "references"
    }

    fn summary(&self) -> &'static str {
        "references to documents and footnotes"
    }

    fn run(&self, mut document: Document, log: &mut Log) -> Document {
        let known = ids(&document);
        let mut missing = BTreeSet::new();
        for part in document.parts_mut() {
            divisions(part, None, &known, &mut missing);
        }
        for id in missing {
            log.note(UNRESOLVED, Span::default(), format!("`{id}` is referred to and not among the documents read"));
        }
        document
    }
}

fn ids(document: &Document) -> BTreeSet<CompactString> {
    #[derive(Default)]
    struct Ids(BTreeSet<CompactString>);
    impl<'a> Visit<'a> for Ids {
        fn block(&mut self, block: &'a Block) {
            self.0.extend(block.tag().and_then(|tag| tag.id.as_ref()).map(|id| id.0.clone()));
            walk_block(self, block);
        }
        fn inline(&mut self, inline: &'a Inline) {
            self.0.extend(inline.tag().and_then(|tag| tag.id.as_ref()).map(|id| id.0.clone()));
            walk_inline(self, inline);
        }
    }
    let mut ids = Ids::default();
    walk_document(&mut ids, document);
    ids.0
}

/// Goes down to the divisions that are documents, whose id is part of what references within them mean.
fn divisions(
    blocks: &mut [Block],
    own: Option<Own<'_>>,
    known: &BTreeSet<CompactString>,
    missing: &mut BTreeSet<CompactString>,
) {
    let editorial = blocks.iter().any(is_editorial);
    for block in blocks {
        match block {
            Block::Division(division) => {
                let id = division.tag.id.clone().filter(|_| division.kind.as_deref() == Some("document"));
                let numbered = division.number.is_some();
                let own = id.as_ref().map(|id| Own { id: id.as_str(), numbered }).or(own);
                divisions(&mut division.content, own, known, missing);
            }
            other => {
                runs::each(std::slice::from_mut(other), &mut |content, place| {
                    let scope = if place.noted || editorial { Scope::Editors } else { Scope::Document };
                    link(content, scope, own, known, missing);
                });
            }
        }
    }
}

/// The document in which a reference stands.
#[derive(Clone, Copy, Debug)]
struct Own<'a> {
    id: &'a str,
    /// True if its heading bears a number, by which its edition refers to it.
    numbered: bool,
}

/// True for the heading of a document that the editors wrote: `12. Editorial Note`.
fn is_editorial(block: &Block) -> bool {
    let Block::Heading(heading) = block else { return false };
    heading.content.iter().any(|inline| matches!(inline, Inline::Text(text) if text.contains("Editorial Note")))
}

/// Whose words a text is. Only editors refer to the documents of their edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// The editors'.
    Editors,
    /// The document's, but for what stands in square brackets.
    Document,
}

impl Scope {
    /// True if a reference behind these words is the editors'.
    fn holds(self, before: &str) -> bool {
        self == Self::Editors || before.rfind('[').is_some_and(|open| !before[open..].contains(']'))
    }
}

fn link(
    content: &mut Vec<Inline>,
    scope: Scope,
    own: Option<Own<'_>>,
    known: &BTreeSet<CompactString>,
    missing: &mut BTreeSet<CompactString>,
) {
    let promising = |inline: &Inline| matches!(inline, Inline::Text(text) if find(text, 0, own).next().is_some());
    if !content.iter().any(promising) {
        return;
    }
    let mut linked = Vec::with_capacity(content.len() + 4);
    // Whether a date before it is marked or not: "vol. VI, May 1931, Document 9" means the same.
    let mut said = Said::default();
    for inline in content.drain(..) {
        let Inline::Text(text) = inline else {
            said.inline(&inline);
            linked.push(inline);
            continue;
        };
        let before = said.shorten();
        said.0.push_str(&text);
        let mut at = 0;
        for (range, target) in find(&said.0, before, own) {
            if !scope.holds(&said.0[..range.start]) {
                continue;
            }
            let range = range.start - before..range.end - before;
            if range.start > at {
                linked.push(Inline::text(&text[at..range.start]));
            }
            at = range.end;
            if !known.contains(&target) {
                missing.insert(target.clone());
            }
            let content = vec![Inline::text(&text[range])];
            let targets = vec![Target::Here(Id(target))];
            linked.push(Inline::Reference(Box::new(Reference { tag: Tag::default(), targets, content })));
        }
        if at < text.len() {
            linked.push(Inline::text(&text[at..]));
        }
    }
    *content = linked;
}

/// What was said so far in a line, notes aside.
#[derive(Default)]
struct Said(String);

impl Said {
    /// Keeps no more than what a reference is understood by, and says how much that is.
    fn shorten(&mut self) -> usize {
        let mut from = self.0.len().saturating_sub(NEAR);
        while !self.0.is_char_boundary(from) {
            from += 1;
        }
        self.0.drain(..from);
        self.0.len()
    }
}

impl Visit<'_> for Said {
    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.0.push_str(text),
            Inline::Note(_) => {}
            _ => walk_inline(self, inline),
        }
    }
}

/// The references in a text from a place on, in order: their bytes and the id that they mean.
fn find<'t>(
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

/// How many bytes before a reference are looked at.
const NEAR: usize = 160;

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
        documents(text, start)
    } else if !rest[1..].starts_with('o') {
        beside(text, start, own)
    } else {
        footnotes(text, start, own)
    };
    let end = found.last().map_or(after, |(range, _)| range.end);
    Some((found, end))
}

/// `Document 9`, `Documents 9, 14, and 15`, `Documents 9–14`.
fn documents(text: &str, start: usize) -> Found {
    let plural = text[start..].starts_with("Documents ") || is_pair(&text[start..]);
    let word = ["Documents ", "Document ", "Doc. "].iter().find(|word| text[start..].starts_with(**word));
    let Some(word) = word else { return Found::new() };
    if elsewhere(text, start) {
        return Found::new();
    }
    let mut found = Found::new();
    let numbers = numbers(text, start + word.len(), plural);
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
    volume.is_some_and(|at| !ends_sentence(&before[at + 4..]))
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
    let before = text[..start].trim_end();
    let paged = before.ends_with(" and") && before.rfind("p. ").is_some_and(|at| before.len() - at < 16);
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
        (None, Some(own)) if !paged && !said_elsewhere(&text[last..]) => match beside_word(&text[last..], own.id) {
            Some(document) => (document, last),
            None => (CompactString::from(own.id), last),
        },
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

/// True if the footnote is one of a page or of a book.
fn said_elsewhere(rest: &str) -> bool {
    let rest = rest.trim_start_matches([',', ' ']);
    ["p. ", "page ", "pp. ", "on p", "vol. ", "ibid", "to telegram", "to the"].iter().any(|word| rest.starts_with(word))
}

/// `supra`, `infra` alone: the document before or behind this one, in editions that don't number their documents.
fn beside(text: &str, start: usize, own: Option<Own<'_>>) -> Found {
    let end = start + "supra".len();
    let word = text[start..end].to_ascii_lowercase();
    let by = if word == "supra" { -1 } else { 1 };
    let before = text[..start].trim_end_matches([' ', ',']);
    let last = before.rsplit([' ', '\u{a0}']).next().unwrap_or_default();
    // "p. 12, supra" and "footnote 2, supra" say where themselves.
    let said = last.bytes().any(|byte| byte.is_ascii_digit()) || text[end..].starts_with(char::is_alphanumeric);
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
    use crate::model::Date;

    #[test]
    fn what_is_marked_before_a_reference_is_said_all_the_same() {
        let date = Date { tag: Tag::default(), when: None, content: vec![Inline::text("May 4, 1931")] };
        for (before, behind) in [("See the Lake Papers, vol. VI, ", ", Document 9."), ("Letter of ", ", supra.")] {
            let mut content = vec![Inline::text(before), Inline::Date(Box::new(date.clone())), Inline::text(behind)];
            let expected = content.clone();
            let own = Some(Own { id: "d12", numbered: false });
            link(&mut content, Scope::Editors, own, &BTreeSet::new(), &mut BTreeSet::new());
            assert_eq!(content, expected);
        }
    }

    fn targets(text: &str) -> Vec<(String, String)> {
        find(text, 0, Some(Own { id: "d12", numbered: false }))
            .map(|(range, id)| (text[range].to_owned(), id.to_string()))
            .collect()
    }

    #[test]
    fn documents_and_footnotes() {
        let cases: [(&str, &[(&str, &str)]); 12] = [
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
        ];
        for (text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(targets(text), expected, "{text}");
        }
    }
}

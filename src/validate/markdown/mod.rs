//! Markdown: front matter against its schema, footnotes that have a place and a text, ids that name one element.

mod front;
mod json;

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag};
use regex::Regex;

use super::Schema;
use crate::diagnostic::{Code, Log};
use crate::output::Memory;
use crate::source::{Span, decode};

const UNDEFINED: Code = Code("footnote.undefined");
const UNUSED: Code = Code("footnote.unused");
const DEFINED_TWICE: Code = Code("footnote.twice");
const ID_TWICE: Code = Code("id.twice");
const ENCODING: Code = Code("markdown.encoding");

/// The rules of Markdown files, and the schema of the front matter of those that are written here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Schema for Markdown {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn name(&self) -> &str {
        "Markdown"
    }

    fn version(&self) -> &str {
        "CommonMark 0.31 with footnotes and attributes, front matter docedition/1"
    }

    fn check(&self, output: &Memory, log: &mut Log) {
        let decoded = decode(output.main_bytes());
        if decoded.malformed {
            log.error(ENCODING, Span::default(), format!("the file is not in {}", decoded.encoding));
        }
        let text = decoded.text;
        front::check(&text, log);
        let (text, front) = masked(&text);
        notes(&text, front, log);
        ids(&text, front, log);
    }
}

/// The text with letters in the place of code, HTML and front matter, in which signs mean something else; and
/// where the front matter ends. Every other byte stays at its place.
fn masked(text: &str) -> (Cow<'_, str>, usize) {
    let options = Options::ENABLE_YAML_STYLE_METADATA_BLOCKS | Options::ENABLE_FOOTNOTES | Options::ENABLE_TABLES;
    let mut bytes = Cow::Borrowed(text.as_bytes());
    let mut front = 0;
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        let hidden = match event {
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => true,
            Event::Start(Tag::MetadataBlock(_)) => {
                front = front.max(range.end);
                true
            }
            Event::Code(_) | Event::InlineHtml(_) | Event::Html(_) => true,
            _ => false,
        };
        if hidden {
            for byte in &mut bytes.to_mut()[range] {
                if *byte != b'\n' {
                    *byte = b'x';
                }
            }
        }
    }
    match bytes {
        Cow::Borrowed(_) => (Cow::Borrowed(text), front),
        Cow::Owned(bytes) => (String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned), front),
    }
}

/// True if the character at an offset stands for itself: an odd number of backslashes is before it.
fn escaped(text: &str, at: usize) -> bool {
    text.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Each footnote has one text and is called at least once.
fn notes(text: &str, from: usize, log: &mut Log) {
    static MARK: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\[\^([^\]\s\[]+)\]").ok());
    let Some(mark) = MARK.as_ref() else { return };
    let mut texts: HashMap<String, Span> = HashMap::new();
    let mut calls: Vec<(String, Span)> = Vec::new();
    for found in mark.captures_iter(&text[from..]) {
        let (Some(whole), Some(label)) = (found.get(0), found.get(1)) else { continue };
        let (start, end) = (from + whole.start(), from + whole.end());
        if escaped(text, start) {
            continue;
        }
        let line = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let first = text[line..start].chars().all(|letter| matches!(letter, ' ' | '\t' | '>'));
        // Labels are the same whatever their case (CommonMark, section 4.7).
        let (label, span) = (label.as_str().to_lowercase(), Span::new(start, end));
        if !(first && text[end..].starts_with(':')) {
            calls.push((label, span));
            continue;
        }
        match texts.entry(label) {
            Entry::Occupied(known) => {
                log.error(DEFINED_TWICE, span, format!("the footnote `[^{}]` has a text already", known.key()));
            }
            Entry::Vacant(free) => {
                free.insert(span);
            }
        }
    }
    let called: HashSet<&str> = calls.iter().map(|(label, _)| label.as_str()).collect();
    for (label, span) in calls.iter().filter(|(label, _)| !texts.contains_key(label)) {
        log.error(UNDEFINED, *span, format!("the footnote `[^{label}]` has no text"))
            .hint(format!("a line that begins with `[^{label}]:` would give it one"));
    }
    let mut unused = texts.iter().filter(|(label, _)| !called.contains(label.as_str())).collect::<Vec<_>>();
    unused.sort_unstable_by_key(|(_, span)| span.start);
    for (label, span) in unused {
        log.warning(UNUSED, *span, format!("nothing calls the footnote `[^{label}]`"));
    }
}

/// Each id in an attribute block (`{#id .class key="value"}`) is there once.
fn ids(text: &str, from: usize, log: &mut Log) {
    static ID: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\{(?:[^{}\n]*\s)?#([^\s{}]+)[^{}\n]*\}").ok());
    let Some(id) = ID.as_ref() else { return };
    let mut seen: HashSet<&str> = HashSet::new();
    for found in id.captures_iter(&text[from..]) {
        let (Some(whole), Some(id)) = (found.get(0), found.get(1)) else { continue };
        if escaped(text, from + whole.start()) || quoted(whole.as_str(), id.start() - whole.start()) {
            continue;
        }
        if !seen.insert(id.as_str()) {
            let span = Span::new(from + id.start() - 1, from + id.end());
            log.error(ID_TWICE, span, format!("two elements have the id `{}`", id.as_str()))
                .hint("an id names one element");
        }
    }
}

/// True if an offset in an attribute block lies within quotation marks.
fn quoted(block: &str, at: usize) -> bool {
    block[..at].matches('"').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> String {
        let mut log = Log::new();
        Markdown.check(&Memory::single(text.as_bytes().to_vec()), &mut log);
        let found = log.diagnostics().iter().map(|one| format!("{}@{}", one.code, one.span.start));
        found.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn notes_are_paired() {
        assert_eq!(codes("A.[^1] B.[^b]\n\n[^1]: One.\n\n[^B]: Two.\n"), "");
        assert_eq!(codes("A.[^1]\n"), "footnote.undefined@2");
        assert_eq!(codes("A.\n\n[^1]: One.\n"), "footnote.unused@4");
        assert_eq!(codes("A.[^1]\n\n[^1]: One.\n\n[^1]: Again.\n"), "footnote.twice@20");
        assert_eq!(codes("`[^1]` and \\[^2] and\n\n    [^3]\n"), "");
    }

    #[test]
    fn ids_are_there_once() {
        assert_eq!(codes("# A {#a .x}\n\n[b]{.y #b}\n"), "");
        assert_eq!(codes("# A {#a}\n\n# B {.x #a}\n"), "id.twice@18");
        assert_eq!(codes("[x]{title=\"a #a b\"} [y]{#a} `{#a}` \\{#a}\n"), "");
    }

    #[test]
    fn front_matter_has_its_schema() {
        assert_eq!(codes("---\nschema: docedition/1\ntitle: A\ndate:\n  when: \"1921-05-03\"\n---\n\nText.\n"), "");
        assert_eq!(codes("---\ntitle: A\nanything: [1, 2]\n---\n"), "");
        assert_eq!(codes("---\nschema: docedition/1\ntitel: A\n---\n"), "front-matter.unknown@25");
        assert_eq!(codes("---\nschema: docedition/1\nlang: en\n---\n"), "front-matter.type@25");
        assert_eq!(codes("---\nschema: docedition/1\ndate:\n  when: May\n---\n"), "front-matter.value@33");
        assert_eq!(codes("---\nschema: docedition/1\nagents:\n- role: aut\n---\n"), "front-matter.missing@25");
        assert_eq!(codes("---\nschema: [\n---\n"), "front-matter.yaml@0");
    }
}

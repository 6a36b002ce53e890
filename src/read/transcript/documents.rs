//! Where the documents of a file with several begin. Lines go in one by one, offsets come out, with a look-ahead of
//! a few chunks and no memory of the text: a source of any size can be cut up while it is read.
//!
//! What speaks for a new document at a line behind a blank one: a list of notes lies directly before it; it bears a
//! number that goes on with that of the document before, or all speaks for it; its words are those of a heading; a
//! dateline follows. A document without a number says where it lies instead, or is an editorial note; both kinds may
//! stand in one source.

use std::collections::VecDeque;

use super::apparatus::label_of;
use super::datelines::{dateline, find_date};
use super::dialect::{self, Dialect};
use super::headings::{is_document_title, is_source_line, number};
use super::pages::without_pages;
use super::profile::Pattern;

/// How many chunks behind one are looked at.
const AHEAD: usize = 3;
/// How much of a line is looked at.
const HEAD: usize = 400;
/// The evidence from which a chunk begins a document.
const ENOUGH: u32 = 4;

/// Finds the beginnings of documents in lines that are handed over one after the other.
#[derive(Debug, Default)]
pub struct Boundaries {
    /// The chunks that are not settled, the open one last.
    chunks: VecDeque<Chunk>,
    /// True if the next line with text begins a chunk.
    gap: bool,
    /// True behind a list of notes.
    noted: bool,
    /// The number of the document that is being read.
    number: Option<u32>,
    /// True once a second document has begun.
    several: bool,
    /// What was the first heading.
    kind: Edition,
    /// How page tokens are written.
    dialect: Dialect,
    /// Beginnings that were found and not yet asked for.
    found: VecDeque<u64>,
}

/// How an edition heads its documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Edition {
    #[default]
    Unknown,
    Numbered,
    Unnumbered,
}

/// What is kept of the lines between two blank ones.
#[derive(Debug)]
struct Chunk {
    /// The first byte of its first line.
    at: u64,
    /// The beginning of its first line, without page tokens and white space around it.
    first: String,
    /// How far that line is indented.
    indent: usize,
    /// How many bytes its lines have.
    length: usize,
    /// True if a list of notes stands before it.
    noted: bool,
    /// True if it holds but page tokens.
    pages: bool,
}

impl Boundaries {
    /// Nothing read yet.
    pub fn new() -> Self {
        Self { gap: true, ..Self::default() }
    }

    /// For texts that are written in a certain way.
    pub(super) fn of(dialect: &Dialect) -> Self {
        Self { dialect: dialect.clone(), ..Self::new() }
    }

    /// Takes the next line, with or without its end; `at` is the offset of its first byte in the source.
    pub fn line(&mut self, at: u64, line: &str) {
        let body = line.trim();
        if body.is_empty() {
            self.gap = true;
            return;
        }
        let indent = line.len() - line.trim_start_matches(|c: char| c != '\t' && c.is_whitespace()).len();
        let note = (1..=3).contains(&indent) && label_of(body).is_some() || is_set_off(body);
        if self.gap {
            self.settle(AHEAD);
            let first = without_pages(cut(body), &self.dialect);
            let pages = first.is_empty();
            self.chunks.push_back(Chunk { at, first, indent, length: line.len(), noted: self.noted, pages });
            self.gap = false;
            self.noted = note || self.noted && (indent > 3 || pages);
        } else if let Some(chunk) = self.chunks.back_mut() {
            chunk.length += line.len();
            if chunk.first.is_empty() {
                chunk.indent = indent;
                chunk.first = without_pages(cut(body), &self.dialect);
                chunk.pages = chunk.first.is_empty();
            }
            self.noted |= note;
        }
    }

    /// The offsets at which the documents of a text that is held whole begin.
    pub fn within(mut self, text: &str) -> Vec<u64> {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            self.line(at, line);
            at += line.len() as u64;
        }
        self.end();
        self.found.into()
    }

    /// Says that no line follows.
    pub fn end(&mut self) {
        self.settle(0);
    }

    /// The offset of the next document's first line; none if more lines are needed. The first is that of the first
    /// line with text.
    pub fn next_start(&mut self) -> Option<u64> {
        self.found.pop_front()
    }

    /// Settles all chunks but the last few.
    fn settle(&mut self, ahead: usize) {
        while self.chunks.len() > ahead {
            if self.kind == Edition::Unknown {
                self.begin();
            } else if self.chunks[0].pages && self.follows_pages() {
                // Page tokens directly above a document belong to it: settled with the chunk behind.
            } else if let Some(number) = self.begins(0) {
                self.start(number);
            }
            self.chunks.pop_front();
        }
    }

    /// The first chunks: which is the heading of the first document? It and what stands above it are settled.
    fn begin(&mut self) {
        self.found.push_back(self.chunks[0].at);
        let said: Vec<usize> = (0..self.chunks.len()).filter(|&at| !self.chunks[at].pages).take(2).collect();
        let number = |&at: &usize| Some((at, heading_number(&self.chunks[at].first)?));
        let numbered = said.iter().find_map(number);
        let unnumbered = || said.iter().copied().find(|&at| !is_source_line(&self.chunks[at].first));
        let heading = numbered.map(|(at, _)| at).or_else(unnumbered).unwrap_or(0);
        self.kind = if numbered.is_some() { Edition::Numbered } else { Edition::Unnumbered };
        self.number = numbered.map(|(_, number)| number);
        self.chunks.drain(..heading);
    }

    /// True if a document begins directly behind the page tokens in front; its beginning is then theirs.
    fn follows_pages(&mut self) -> bool {
        let Some(number) = self.chunks.get(1).and_then(|_| self.begins(1)) else { return false };
        self.start(number);
        self.chunks.remove(1);
        true
    }

    /// A document begins with the chunk in front.
    fn start(&mut self, number: Option<u32>) {
        self.found.push_back(self.chunks[0].at);
        self.number = number.or(self.number);
        self.several = true;
    }

    /// Whether a chunk begins a document: the number that it bears, if any; `None` if it begins none.
    fn begins(&self, at: usize) -> Option<Option<u32>> {
        let chunk = &self.chunks[at];
        if chunk.indent > 0 || chunk.length > HEAD + 200 || chunk.pages {
            return None;
        }
        if let Some((source, heading)) = self.heading(at)
            && let Some(number) = self.numbered(heading, chunk.noted, at + usize::from(source))
        {
            return Some(Some(number));
        }
        self.unnumbered(at).then_some(None)
    }

    /// The heading of a document that begins at a chunk: it, or the next if it says where the document lies.
    fn heading(&self, at: usize) -> Option<(bool, &Chunk)> {
        let chunk = &self.chunks[at];
        if number(&chunk.first).is_some() {
            return Some((false, chunk));
        }
        let next = self.chunks.get(at + 1).filter(|_| chunk.noted && is_source_line(&chunk.first))?;
        number(&next.first).is_some().then_some((true, next))
    }

    fn numbered(&self, heading: &Chunk, noted: bool, at: usize) -> Option<u32> {
        let number = heading_number(&heading.first)?;
        let before = self.number.unwrap_or(0);
        let next = number == before + 1;
        let title = heading.first.split_once('.').map_or("", |(_, title)| title.trim());
        let titled = is_document_title(title);
        let dateline = self.dated(at + 1);
        let dated = dateline || titled && find_date(title, 0).is_some();
        // Letters may part numbers: 12, 12a. Elsewhere another volume begins, if nothing speaks against it.
        if number < before || number - before > 200 {
            let sure = noted && titled && !ends_sentence(title) && (dated || is_editorial(title));
            return sure.then_some(number);
        }
        let evidence =
            [(noted, 2), (next, 1), (!ends_sentence(title), 1), (titled, 2), (is_editorial(title), 2), (dated, 2)];
        let sum: u32 = evidence.iter().filter(|(holds, _)| *holds).map(|(_, weight)| weight).sum();
        // Numbers are left out where not all documents of a volume are there.
        let sure = match self.kind {
            Edition::Numbered => noted || next && dated || titled && dateline || is_editorial(title),
            _ => titled && dateline,
        };
        (sure && sum >= ENOUGH && !ends_sentence(title)).then_some(number)
    }

    /// A document without a number begins behind a list of notes, with a title and a dateline, or with where it lies. In
    /// an edition with numbers that has to be said, by a file number.
    fn unnumbered(&self, at: usize) -> bool {
        let chunk = &self.chunks[at];
        // In a single document its editors may have something to say too.
        if EDITORIAL == without_marker(&chunk.first) {
            return chunk.noted || self.several;
        }
        let filed = is_source_line(&chunk.first);
        if self.kind == Edition::Numbered && !filed {
            return false;
        }
        let heading = at + usize::from(filed);
        let Some(title) = self.chunks.get(heading) else { return false };
        (chunk.noted || filed && self.dated(heading + 1))
            && title.length <= HEAD
            && !ends_sentence(&title.first)
            && title.first.starts_with(char::is_uppercase)
            && (is_document_title(&title.first) || self.dated(heading + 1))
    }

    /// True if one of the next chunks is a dateline; behind a list of notes it would be that of another document.
    fn dated(&self, from: usize) -> bool {
        let next = (from..from + 3).filter_map(|at| self.chunks.get(at));
        next.take_while(|chunk| !chunk.noted)
            .any(|chunk| dateline(&chunk.first).is_some() || dateline(without_marker(&chunk.first)).is_some())
    }
}

/// True for a line that begins with a note's number in square brackets, raised, or behind a caret.
fn is_set_off(line: &str) -> bool {
    line.starts_with(|c: char| c == '[' || c == '^' || dialect::is_raised(c))
        && [Pattern::Raised, dialect::around("[", "]"), dialect::around("^", "")]
            .iter()
            .any(|style| dialect::label(style, line).is_some())
}

fn cut(line: &str) -> &str {
    let mut end = line.len().min(HEAD);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[..end]
}

fn heading_number(heading: &str) -> Option<u32> {
    let digits = number(heading)?.trim_start_matches('[').trim_end_matches(|c: char| !c.is_ascii_digit());
    digits.parse().ok()
}

/// What editors call a text of their own among the documents.
const EDITORIAL: &str = "Editorial Note";

fn is_editorial(title: &str) -> bool {
    title.starts_with(EDITORIAL)
}

/// A line without the bare number of a note behind it.
fn without_marker(line: &str) -> &str {
    line.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')
}

/// True for the end of a sentence, markers of notes aside.
fn ends_sentence(words: &str) -> bool {
    let bare = words.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
    let year = words[bare.len()..].split_whitespace().any(|digits| digits.len() >= 4);
    !year && bare.ends_with(['.', ':', ';', ',']) && !["Jr.", ".m.", ". m.", "Z."].iter().any(|end| bare.ends_with(end))
}

//! Where in a source things stand whose places are named in the document's own text: by the spans that the reader kept,
//! and else by their words, which are looked for from block to block.

use std::collections::HashMap;
use std::ops::Range;

use crate::decisions::survey::Site;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Tag};
use crate::source::Span;

/// How many characters before a point are looked for, at most.
const BEFORE: usize = 24;

/// Where something stands in the source.
pub(super) struct Located {
    /// Its bytes.
    pub at: Range<usize>,
    /// False if only the block is known that it stands in.
    pub exact: bool,
    /// For a note: where its text begins.
    pub body: Option<Range<usize>>,
}

/// Where sites stand in a source, by their numbers; `None` if the document knows nothing of where its blocks came from.
/// `text` is that in which the sites have their places.
pub(super) fn locate(
    document: &Document,
    sites: &[Site<'_>],
    text: &str,
    source: &str,
) -> Option<HashMap<usize, Located>> {
    let mut starts = Starts(Vec::new());
    walk_document(&mut starts, document);
    let mut starts = starts.0;
    starts.sort_unstable();
    starts.dedup();
    if starts.is_empty() {
        return None;
    }
    let sites = sites.iter().map(|site| (site.number, site)).collect();
    let mut locator = Locator { text, source, starts, sites, number: 0, block: 0..0, cursor: 0, found: HashMap::new() };
    walk_document(&mut locator, document);
    Some(locator.found)
}

/// The bytes of the input's own text that a tag speaks of.
fn own(tag: Option<&Tag>, source: &str) -> Option<Range<usize>> {
    let span = tag.map(|tag| tag.span).filter(|span| *span != Span::default() && span.file == 0)?;
    source.get(span.range()).map(|_| span.range())
}

/// Where blocks begin.
struct Starts(Vec<usize>);

impl<'a> Visit<'a> for Starts {
    fn block(&mut self, block: &'a Block) {
        let span = block.tag().map(|tag| tag.span).filter(|span| *span != Span::default() && span.file == 0);
        self.0.extend(span.map(|span| span.start as usize));
        walk_block(self, block);
    }
}

/// Walks as the survey does, and so counts alike.
struct Locator<'s> {
    text: &'s str,
    source: &'s str,
    starts: Vec<usize>,
    sites: HashMap<usize, &'s Site<'s>>,
    number: usize,
    /// The bytes of the block that the walk is in: to where the next one begins.
    block: Range<usize>,
    /// Up to where in it things were found.
    cursor: usize,
    found: HashMap<usize, Located>,
}

impl Locator<'_> {
    fn site(&mut self, number: usize, tag: Option<&Tag>, body: Option<&Block>) {
        let Some(site) = self.sites.get(&number) else { return };
        let words = self.text.get(site.at.clone()).unwrap_or_default();
        let body = own(body.and_then(Block::tag), self.source);
        let exact = match own(tag, self.source) {
            // Of an element often the tag alone is known; the words stand behind it.
            Some(tag) if !words.is_empty() && self.source[tag.end..].starts_with(words) => {
                Some(tag.start..tag.end + words.len())
            }
            Some(tag) => Some(tag),
            None if words.is_empty() => self.point(site.at.start),
            None => self.words(words),
        };
        if let Some(at) = &exact {
            self.cursor = at.end.max(self.cursor);
        }
        let located = match exact {
            Some(at) => Located { at, exact: true, body },
            None if self.block.is_empty() => return,
            None => Located { at: self.line(), exact: false, body },
        };
        self.found.insert(number, located);
    }

    /// Where some words stand next in the block.
    fn words(&self, words: &str) -> Option<Range<usize>> {
        let rest = self.source.get(self.cursor..self.block.end)?;
        rest.find(words).map(|at| self.cursor + at..self.cursor + at + words.len())
    }

    /// A point in the text at which nothing is printed: behind the words before it.
    fn point(&self, at: usize) -> Option<Range<usize>> {
        let line = self.text[..at].rsplit('\n').next().unwrap_or_default().trim_end();
        let from = line.char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
        let long = &line[from..];
        let short = long.rsplit(' ').next().unwrap_or_default();
        let found = [long, short].into_iter().filter(|words| !words.is_empty()).find_map(|words| self.behind(words))?;
        Some(found..found)
    }

    /// Where some words end next in the block; what was found last may be among them.
    fn behind(&self, words: &str) -> Option<usize> {
        let block = self.source.get(self.block.clone())?;
        let mut ends = block.match_indices(words).map(|(at, _)| self.block.start + at + words.len());
        ends.find(|&end| end >= self.cursor)
    }

    /// The first line of the block.
    fn line(&self) -> Range<usize> {
        let part = &self.source[self.block.clone()];
        self.block.start..self.block.start + part.find('\n').unwrap_or(part.len())
    }

    /// Goes into a block.
    fn enter(&mut self, tag: Option<&Tag>) {
        if let Some(at) = own(tag, self.source) {
            let next = self.starts.partition_point(|&start| start <= at.start);
            let end = self.starts.get(next).copied().unwrap_or(self.source.len());
            if self.source.is_char_boundary(end) {
                self.block = at.start..end;
                self.cursor = at.start;
            }
        }
    }
}

impl<'a> Visit<'a> for Locator<'_> {
    fn block(&mut self, block: &'a Block) {
        let number = self.number;
        self.number += 1;
        let around = (self.block.clone(), self.cursor);
        if !matches!(block, Block::Note(_)) {
            self.enter(block.tag());
        }
        let body = if let Block::Note(note) = block { note.body.first() } else { None };
        self.site(number, block.tag(), body);
        walk_block(self, block);
        if matches!(block, Block::Note(_)) {
            (self.block, self.cursor) = around;
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        let number = self.number;
        self.number += 1;
        let body = if let Inline::Note(note) = inline { note.body.first() } else { None };
        if !matches!(inline, Inline::Nested(_)) {
            self.site(number, inline.tag(), body);
        }
        let around = (self.block.clone(), self.cursor);
        walk_inline(self, inline);
        if matches!(inline, Inline::Note(_)) {
            (self.block, self.cursor) = around;
        }
    }
}

//! White space that Markdown doesn't show – line ends and indentation within a paragraph, spaces at its ends – as
//! a comment at the end of the file, so that TEI comes back with its own.
//!
//! Each line of a document (a paragraph, a heading, a verse) that has such white space is known by a check of its
//! words and inlines, and by how many lines of the same check came before it. So a line that was edited gets
//! single spaces, and all others keep theirs, wherever they were moved to.

use std::collections::HashMap;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

pub(crate) use super::line::is_space;
use crate::model::visit::{Visit, walk_block, walk_document};
use crate::model::{Block, Cell, Document, Inline, Row, Unit};

/// What the comment begins with.
pub(crate) const OPENING: &str = "<!-- White space of the source, not needed for reading: ";
/// What it ends with.
pub(crate) const CLOSING: &str = " -->";

/// A line: where white space stands in it.
///
/// Places are counted by tokens: a word, the beginning and the end of an inline with content, any other inline.
/// The white space before the first token has number 0, that behind the last the number of tokens.
#[derive(Debug, Default)]
pub(crate) struct Spacing {
    check: u32,
    tokens: u32,
    /// Places and their white space, where there is some.
    gaps: Vec<(u32, String)>,
    /// Places beside a line break, a block or a comment, where Markdown shows no space.
    bare: Vec<u32>,
}

/// A token's share in the check; words have their bytes.
#[derive(Clone, Copy)]
enum Mark {
    Open = 1,
    Close = 2,
    Point = 3,
    Word = 4,
}

impl Spacing {
    /// That of the inlines of one line.
    pub(crate) fn of(inlines: &[Inline]) -> Self {
        let mut spacing = Self { check: 0x811c_9dc5, ..Self::default() };
        spacing.inlines(inlines);
        spacing
    }

    /// By what the line is known.
    pub(crate) fn check(&self) -> u32 {
        self.check
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match (inline, inline.children()) {
                (Inline::Text(text), _) => self.text(text),
                (_, Some(content)) => {
                    self.token(Mark::Open, &[]);
                    self.inlines(content);
                    self.token(Mark::Close, &[]);
                }
                (_, None) => {
                    if parts_lines(inline) {
                        self.bare.extend([self.tokens, self.tokens + 1]);
                    }
                    self.token(Mark::Point, &[]);
                }
            }
        }
    }

    fn text(&mut self, text: &str) {
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(is_space);
            self.space(&rest[..rest.len() - word.len()]);
            let end = word.find(is_space).unwrap_or(word.len());
            if end > 0 {
                self.token(Mark::Word, &word.as_bytes()[..end]);
            }
            rest = &word[end..];
        }
    }

    fn space(&mut self, space: &str) {
        match self.gaps.last_mut() {
            _ if space.is_empty() => {}
            Some((place, before)) if *place == self.tokens => before.push_str(space),
            _ => self.gaps.push((self.tokens, space.to_owned())),
        }
    }

    /// The check of a blank cell: of the row and of its place in it. Of any other cell there is none.
    pub(crate) fn of_cell(row: &Row, at: usize) -> Option<Self> {
        let inlines = |cell: &Cell| match cell.content.as_slice() {
            [] => Some(Self::default()),
            [Block::Paragraph(it)] if it.bare => Some(Self::of(&it.content)),
            _ => None,
        };
        let mut blank = row.cells.get(at).and_then(inlines).filter(|spacing| spacing.tokens == 0)?;
        let of_row = row.cells.iter().filter_map(inlines).filter(|spacing| spacing.tokens > 0);
        blank.check = of_row.fold(at as u32, |check, it| check.rotate_left(1) ^ it.check);
        Some(blank)
    }

    /// FNV-1a.
    fn token(&mut self, mark: Mark, bytes: &[u8]) {
        for &byte in [mark as u8].iter().chain(bytes) {
            self.check = (self.check ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        self.tokens += 1;
    }

    /// The white space that single spaces between tokens wouldn't give.
    fn odd(mut self) -> Vec<(u32, String)> {
        let Self { tokens, bare, gaps, .. } = &mut self;
        gaps.retain(|(place, space)| space != " " || *place == 0 || place == tokens || bare.contains(place));
        self.gaps
    }
}

fn parts_lines(inline: &Inline) -> bool {
    match inline {
        Inline::Milestone(it) => it.unit == Unit::Line,
        Inline::Nested(_) | Inline::Foreign(_) => true,
        _ => false,
    }
}

/// The comment for a document, if it needs one.
pub(super) fn comment(document: &Document) -> Option<String> {
    let mut lines = Lines::default();
    walk_document(&mut lines, document);
    (lines.count > 0).then(|| format!("{OPENING}{}{CLOSING}", STANDARD.encode(deflated(&lines.columns()))))
}

/// Columns of numbers: those of one kind stand together, so that they can be packed.
#[derive(Default)]
struct Lines {
    /// How many lines of a check there were.
    seen: HashMap<u32, u32>,
    /// Kinds of white space, in the order of appearance.
    kinds: Vec<String>,
    known: HashMap<String, u32>,
    count: u32,
    checks: Vec<u8>,
    nths: Vec<u8>,
    lengths: Vec<u8>,
    steps: Vec<u8>,
    spaces: Vec<u8>,
}

impl Lines {
    fn line(&mut self, inlines: &[Inline]) {
        self.spacing(Spacing::of(inlines));
    }

    fn spacing(&mut self, spacing: Spacing) {
        let check = spacing.check;
        let seen = self.seen.entry(check).or_default();
        let nth = std::mem::replace(seen, *seen + 1);
        let odd = spacing.odd();
        if odd.is_empty() {
            return;
        }
        self.count += 1;
        self.checks.extend(check.to_le_bytes());
        number(nth, &mut self.nths);
        number(u32::try_from(odd.len()).unwrap_or(u32::MAX), &mut self.lengths);
        let mut before = 0;
        for (place, space) in odd {
            number(place - before, &mut self.steps);
            before = place;
            let next = u32::try_from(self.kinds.len()).unwrap_or(u32::MAX);
            let kind = *self.known.entry(space).or_insert_with_key(|space| {
                self.kinds.push(space.clone());
                next
            });
            number(kind, &mut self.spaces);
        }
    }

    /// Kinds of white space, then the columns, each behind its length.
    fn columns(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let length = |length: usize, bytes: &mut Vec<u8>| number(u32::try_from(length).unwrap_or(u32::MAX), bytes);
        length(self.kinds.len(), &mut bytes);
        for kind in &self.kinds {
            length(kind.len(), &mut bytes);
            bytes.extend(kind.as_bytes());
        }
        number(self.count, &mut bytes);
        for column in [&self.checks, &self.nths, &self.lengths, &self.steps, &self.spaces] {
            bytes.extend(column);
        }
        bytes
    }
}

impl<'d> Visit<'d> for Lines {
    fn block(&mut self, block: &'d Block) {
        match block {
            Block::Paragraph(it) => self.line(&it.content),
            Block::Heading(it) => self.line(&it.content),
            Block::Line(it) => self.line(&it.content),
            Block::List(it) => {
                it.items.iter().filter_map(|item| item.label.as_ref()).for_each(|label| self.line(&label.content));
            }
            Block::Table(it) => it.rows.iter().for_each(|row| {
                let blanks = (0..row.cells.len()).filter_map(|at| Spacing::of_cell(row, at));
                blanks.for_each(|spacing| self.spacing(spacing));
            }),
            _ => {}
        }
        walk_block(self, block);
    }
}

/// A number in groups of seven bits, the lowest first (LEB128).
fn number(mut number: u32, to: &mut Vec<u8>) {
    while number > 0x7f {
        to.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    // Memory takes everything.
    _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

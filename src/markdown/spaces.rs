//! White space that Markdown doesn't show – line ends and indentation within a paragraph, spaces at its ends – as
//! a comment at the end of the file, so that TEI comes back with its own.
//!
//! Each line of a document (a paragraph, a heading, a verse) that has such white space is known by a check of its
//! words and inlines, and by how many lines of the same check came before it. So a line that was edited gets
//! single spaces, and all others keep theirs, wherever they were moved to.

use crate::model::{Block, Cell, Inline, Row, Unit};

/// What XML calls white space, and the two other ASCII controls that Markdown takes for it.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

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
    pub(crate) fn odd(mut self) -> Vec<(u32, String)> {
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

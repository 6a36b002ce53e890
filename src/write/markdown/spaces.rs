//! The comment that keeps white space which Markdown doesn't show: see [`crate::markdown::spaces`].

use std::collections::HashMap;
use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::markdown::spaces::{CLOSING, OPENING, Spacing};
use crate::model::visit::{Visit, walk_block, walk_document};
use crate::model::{Block, Document, Inline};

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
        let check = spacing.check();
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

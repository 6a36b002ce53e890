//! White space of the source, which a comment at the end of the file keeps, put back into the lines whose words it
//! was kept for.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use foldhash::HashMap;

use crate::markdown::spaces::{CLOSING, OPENING, Spacing, is_space};
use crate::model::visit::{VisitMut, walk_block_mut, walk_document_mut};
use crate::model::{Block, Document, Inline, Row};

/// As much as a comment may hold when unpacked: that of a source of some gigabytes.
const LARGEST: u64 = 1 << 28;

/// The content of the comment, if HTML is one.
pub(super) fn of_comment(html: &str) -> Option<&str> {
    html.trim().strip_prefix(OPENING)?.strip_suffix(CLOSING)
}

/// Puts white space back. False if the comment can't be understood.
pub(super) fn restore(packed: &str, document: &mut Document) -> bool {
    let Some(mut spaces) = STANDARD.decode(packed).ok().and_then(|bytes| Spaces::unpack(&bytes)) else { return false };
    walk_document_mut(&mut spaces, document);
    true
}

/// Places and kinds of white space in a line.
type Gaps = Vec<(u32, usize)>;

struct Spaces {
    kinds: Vec<String>,
    /// By check and how many lines of the same check came before.
    lines: HashMap<(u32, u32), Gaps>,
    seen: HashMap<u32, u32>,
}

impl Spaces {
    fn unpack(packed: &[u8]) -> Option<Self> {
        let mut bytes = Vec::new();
        ZlibDecoder::new(packed).take(LARGEST).read_to_end(&mut bytes).ok()?;
        let mut rest = bytes.as_slice();
        let mut kinds = Vec::new();
        for _ in 0..number(&mut rest)? {
            let length = number(&mut rest)? as usize;
            let (kind, after) = rest.split_at_checked(length)?;
            rest = after;
            kinds.push(std::str::from_utf8(kind).ok().filter(|kind| kind.chars().all(is_space))?.to_owned());
        }
        let count = number(&mut rest)? as usize;
        let (checks, mut rest) = rest.split_at_checked(count.checked_mul(4)?)?;
        let nths = numbers(count, &mut rest)?;
        let lengths = numbers(count, &mut rest)?;
        let total = lengths.iter().map(|&length| length as usize).sum();
        let steps = numbers(total, &mut rest)?;
        let spaces = numbers(total, &mut rest)?;
        let mut gaps = steps.into_iter().zip(spaces);
        let mut lines = HashMap::with_capacity_and_hasher(count, <_>::default());
        for ((check, nth), length) in checks.chunks_exact(4).zip(nths).zip(lengths) {
            let check = u32::from_le_bytes(check.try_into().ok()?);
            let mut place = 0_u32;
            let mut line = Gaps::new();
            for (step, kind) in gaps.by_ref().take(length as usize) {
                place = place.checked_add(step)?;
                line.push((place, kind as usize));
            }
            lines.insert((check, nth), line);
        }
        Some(Self { kinds, lines, seen: HashMap::default() })
    }

    fn line(&mut self, inlines: &mut Vec<Inline>) {
        self.fill(Spacing::of(inlines).check(), inlines);
    }

    /// True if there was something to fill in.
    fn fill(&mut self, check: u32, inlines: &mut Vec<Inline>) -> bool {
        let seen = self.seen.entry(check).or_default();
        let nth = std::mem::replace(seen, *seen + 1);
        let Some(gaps) = self.lines.get(&(check, nth)) else { return false };
        Filling { gaps, kinds: &self.kinds, tokens: 0 }.fill(inlines);
        true
    }

    /// A cell that holds nothing but white space is empty in Markdown.
    fn blank_cells(&mut self, row: &mut Row) {
        let blanks: Vec<(usize, u32)> =
            (0..row.cells.len()).filter_map(|at| Some((at, Spacing::of_cell(row, at)?.check()))).collect();
        for (at, check) in blanks {
            let mut inlines = Vec::new();
            if self.fill(check, &mut inlines) {
                row.cells[at].content = vec![Block::bare(inlines)];
            }
        }
    }
}

impl VisitMut for Spaces {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Paragraph(it) => self.line(&mut it.content),
            Block::Heading(it) => self.line(&mut it.content),
            Block::Line(it) => self.line(&mut it.content),
            Block::List(it) => {
                let labels = it.items.iter_mut().filter_map(|item| item.label.as_mut());
                labels.for_each(|label| self.line(&mut label.content));
            }
            Block::Table(it) => it.rows.iter_mut().for_each(|row| self.blank_cells(row)),
            _ => {}
        }
        walk_block_mut(self, block);
    }
}

/// One line, of which some white space is to be replaced.
struct Filling<'s> {
    /// What is yet to come.
    gaps: &'s [(u32, usize)],
    kinds: &'s [String],
    tokens: u32,
}

impl Filling<'_> {
    fn fill(&mut self, inlines: &mut Vec<Inline>) {
        let mut filled: Vec<Inline> = Vec::with_capacity(inlines.len());
        for mut inline in inlines.drain(..) {
            if let Inline::Text(text) = inline {
                let mut spaced = String::with_capacity(text.len() + 16);
                self.text(&text, &mut spaced);
                if !spaced.is_empty() {
                    filled.push(Inline::Text(spaced));
                }
                continue;
            }
            self.missing(&mut filled);
            self.tokens += 1;
            if let Some(content) = inline.children_mut() {
                self.fill(content);
                self.tokens += 1;
            }
            filled.push(inline);
        }
        self.missing(&mut filled);
        *inlines = filled;
    }

    fn text(&mut self, text: &str, to: &mut String) {
        let mut rest = text;
        while !rest.is_empty() {
            let word = rest.trim_start_matches(is_space);
            to.push_str(self.due().unwrap_or(&rest[..rest.len() - word.len()]));
            let end = word.find(is_space).unwrap_or(word.len());
            to.push_str(&word[..end]);
            self.tokens += u32::from(end > 0);
            rest = &word[end..];
        }
    }

    /// The white space that is due here; it is taken.
    fn due(&mut self) -> Option<&str> {
        let &(place, kind) = self.gaps.first()?;
        if place != self.tokens {
            return None;
        }
        self.gaps = &self.gaps[1..];
        self.kinds.get(kind).map(String::as_str)
    }

    /// White space that is due where the Markdown has none.
    fn missing(&mut self, to: &mut Vec<Inline>) {
        if let Some(space) = self.due().map(str::to_owned) {
            match to.last_mut() {
                Some(Inline::Text(text)) => text.push_str(&space),
                _ => to.push(Inline::Text(space)),
            }
        }
    }
}

/// A number in groups of seven bits, the lowest first (LEB128).
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// As many numbers; each is a byte at least.
fn numbers(count: usize, bytes: &mut &[u8]) -> Option<Vec<u32>> {
    if count > bytes.len() {
        return None;
    }
    (0..count).map(|_| number(bytes)).collect()
}

//! The text in which places are named, and where in it each printed character of a document stands.
//!
//! Proof that no text was lost is proof, too, of where each character came from: the printed characters of a source,
//! less what its reader took as markup, are those of the document, one by one. For formats whose characters can't be
//! followed so, the ground is the document's own text.

use std::ops::Range;

use super::survey::survey;
use crate::diagnostic::Log;
use crate::model::visit::{Visit, walk_block, walk_blocks, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Note};
use crate::source::decode;

/// Characters, each with the byte at which it stands.
type Placed = Vec<(u32, char)>;

/// A text, and the bytes of it at which the printed characters of a document stand.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// The text.
    pub text: String,
    /// True if the text is that of the source, so that spans of nodes point into it.
    pub of_source: bool,
    /// The characters of the running text.
    pub(super) main: Placed,
    /// Each note: the bytes where its text stands, and its characters.
    pub(super) notes: Vec<(Range<u32>, Placed)>,
}

impl Ground {
    /// The ground of a document that was read: the source where its characters can be followed into the document, else
    /// the document's own text.
    pub fn new(format: &str, bytes: &[u8], document: &Document, log: &Log) -> Self {
        // XML, Markdown and archives have characters of their own, which no reader declares as markup.
        let follows = !matches!(format, "tei" | "markdown" | "epub" | "json");
        let ground = follows.then(|| Self::of_source(&decode(bytes).text, log));
        ground.filter(|ground| survey(document, ground).is_some()).unwrap_or_else(|| Self::of_document(document))
    }

    /// The ground of a source whose reader declared what of it is markup.
    pub fn of_source(text: &str, log: &Log) -> Self {
        let mut taken: Vec<Range<usize>> = log.taken().iter().map(|span| span.range()).collect();
        taken.sort_by_key(|range| (range.start, range.end));
        let mut notes: Vec<Range<usize>> = log.notes_taken().iter().map(|span| span.range()).collect();
        notes.sort_by_key(|range| range.start);
        let mut ground = Self { text: text.to_owned(), of_source: true, ..Self::default() };
        let (mut next_taken, mut next_note) = (0, 0);
        for (at, character) in text.char_indices() {
            while taken.get(next_taken).is_some_and(|range| range.end <= at) {
                next_taken += 1;
            }
            while notes.get(next_note).is_some_and(|range| range.end <= at) {
                next_note += 1;
            }
            let note = notes.get(next_note).filter(|range| range.start <= at);
            if let Some(range) = note
                && ground.notes.len() <= next_note
            {
                while ground.notes.len() < next_note {
                    ground.notes.push((0..0, Vec::new()));
                }
                ground.notes.push((narrow(range.start)..narrow(range.end), Vec::new()));
            }
            let is_taken = taken.get(next_taken).is_some_and(|range| range.start <= at);
            if character.is_whitespace() || is_taken {
                continue;
            }
            let to = if note.is_some() { &mut ground.notes[next_note].1 } else { &mut ground.main };
            to.push((narrow(at), character));
        }
        ground
    }

    /// How many printed characters of the running text stand before a byte; `None` if none stands behind it, or if it
    /// lies in the text of a note.
    pub(super) fn before(&self, at: usize) -> Option<usize> {
        let passed = self.main.partition_point(|&(there, _)| (there as usize) < at);
        let in_note = self.note_ranges().any(|note| note.start <= at && at < note.end);
        (passed < self.main.len() && !in_note).then_some(passed)
    }

    /// Where the texts of notes stand.
    pub fn note_ranges(&self) -> impl Iterator<Item = Range<usize>> {
        self.notes.iter().map(|(at, _)| at.start as usize..at.end as usize)
    }

    /// The document's own text: a line for each block, the notes behind it.
    pub fn of_document(document: &Document) -> Self {
        let mut writer = Writer::default();
        walk_document(&mut writer, document);
        let Writer { mut ground, notes, .. } = writer;
        ground.text.push('\n');
        for (label, said) in notes {
            ground.text.push_str(&format!("  {}. ", label.as_deref().unwrap_or("–")));
            let start = ground.text.len();
            let characters = said.char_indices().filter(|(_, character)| !character.is_whitespace());
            let characters = characters.map(|(at, character)| (narrow(start + at), character)).collect();
            ground.text.push_str(&said);
            ground.notes.push((narrow(start)..narrow(ground.text.len()), characters));
            ground.text.push('\n');
        }
        ground
    }
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Writer {
    ground: Ground,
    /// The notes in the order in which they are called, with their labels.
    notes: Vec<(Option<String>, String)>,
    within: Option<usize>,
}

impl Writer {
    fn text(&mut self, text: &str) {
        match self.within {
            Some(note) => self.notes[note].1.push_str(text),
            None => {
                let start = self.ground.text.len();
                let printed = text.char_indices().filter(|(_, character)| !character.is_whitespace());
                self.ground.main.extend(printed.map(|(at, character)| (narrow(start + at), character)));
                self.ground.text.push_str(text);
            }
        }
    }

    fn line_end(&mut self) {
        let text = match self.within {
            Some(note) => &mut self.notes[note].1,
            None => &mut self.ground.text,
        };
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
    }

    fn note(&mut self, note: &Note) {
        let outer = self.within.replace(self.notes.len());
        self.notes.push((note.label.as_ref().map(ToString::to_string), String::new()));
        walk_blocks(self, &note.body);
        self.within = outer;
    }
}

impl<'a> Visit<'a> for Writer {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(note) => self.note(note),
            Block::Verbatim(verbatim) => self.text(&verbatim.text),
            _ => walk_block(self, block),
        }
        self.line_end();
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Note(note) => self.note(note),
            _ => walk_inline(self, inline),
        }
    }
}

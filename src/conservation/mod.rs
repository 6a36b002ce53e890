//! Proof that no character was lost: the text that went in against the text that came out.
//!
//! A [`Flow`] is what a text says, white space aside: the running text, and each note apart, since formats
//! keep notes in different places. A document's flow comes from its tree ([`Flow::of`]); that of a source or an
//! output from its bytes, through the [`Witness`] of its format, which knows neither reader nor writer.

mod epub;
mod markdown;
mod tei;
mod text;

pub use epub::Epub;
pub use markdown::Markdown;
pub use tei::Tei;
pub use text::Text;

use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::model::visit::{Visit, walk_block, walk_blocks, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Note};
use crate::source::Span;
use crate::xml::emit::is_legal;

/// What a text says, white space aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The running text.
    pub main: Text,
    /// Each note, in the order in which the notes are called or, in a source, stand.
    pub notes: Vec<Text>,
}

/// Reads the flow out of the bytes of a format, independently of reader and writer.
pub trait Witness: Send + Sync {
    /// The format whose bytes it reads.
    fn format(&self) -> &'static str;

    /// The flow of a source or an output. `taken` are the spans that a reader took as markup; they are empty
    /// for outputs. For an archive the bytes are those of the archive.
    ///
    /// # Errors
    /// A [`Failure`] if the bytes are not of the format.
    fn flow(&self, bytes: &[u8], taken: &[Span]) -> Result<Flow, Failure>;

    /// The flow of a source, by what its reader declared in the log. Formats that keep notes apart without
    /// markup of their own override it.
    ///
    /// # Errors
    /// As [`Self::flow`].
    fn source_flow(&self, bytes: &[u8], log: &Log) -> Result<Flow, Failure> {
        self.flow(bytes, log.taken())
    }
}

impl Flow {
    /// The flow of a document.
    pub fn of(document: &Document) -> Self {
        Self::of_about(document, 0)
    }

    /// The flow of a document that has about so many bytes of running text.
    pub(crate) fn of_about(document: &Document, bytes: usize) -> Self {
        let mut collector = Collector { flow: Self::with_room(bytes), note: None };
        walk_document(&mut collector, document);
        collector.flow
    }

    /// Nothing yet, with room for so many bytes of running text. Room that is not needed costs nothing.
    fn with_room(bytes: usize) -> Self {
        Self { main: Text::with_room(bytes), notes: Vec::new() }
    }

    /// The number of characters in running text and notes.
    pub fn characters(&self) -> usize {
        self.main.count() + self.notes.iter().map(Text::count).sum::<usize>()
    }

    /// The flow with U+FFFD for each character that XML has no place for (XML 1.0 §2.2), and how many there are.
    pub fn in_xml(&self) -> (Self, usize) {
        let mut count = 0;
        let mut legal = |text: &Text| -> Text {
            let legal = |character| if is_legal(character) { character } else { '\u{FFFD}' };
            count += text.characters().filter(|&character| !is_legal(character)).count();
            text.characters().map(legal).collect()
        };
        let flow = Self { main: legal(&self.main), notes: self.notes.iter().map(&mut legal).collect() };
        (flow, count)
    }

    /// Where this flow and another part for the first time; `None` if they say the same.
    pub fn differs_from(&self, other: &Self) -> Option<Difference> {
        if let Some(difference) = first_difference("the running text", &self.main, &other.main) {
            return Some(difference);
        }
        for (at, (ours, theirs)) in self.notes.iter().zip(&other.notes).enumerate() {
            if let Some(difference) = first_difference(&format!("note {}", at + 1), ours, theirs) {
                return Some(difference);
            }
        }
        (self.notes.len() != other.notes.len()).then(|| Difference {
            place: "the notes".to_owned(),
            character: 0,
            expected: format!("{} notes", self.notes.len()),
            found: format!("{} notes", other.notes.len()),
        })
    }
}

/// The first place at which two flows part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The running text, or which note.
    pub place: String,
    /// How many characters, white space aside, agree before it.
    pub character: usize,
    /// The next characters of the one.
    pub expected: String,
    /// The next characters of the other.
    pub found: String,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { place, character, expected, found } = self;
        write!(f, "in {place}, after {character} characters: `{expected}` was expected, `{found}` was found")
    }
}

fn first_difference(place: &str, ours: &Text, theirs: &Text) -> Option<Difference> {
    let (character, expected, found) = ours.parts_from(theirs)?;
    Some(Difference { place: place.to_owned(), character, expected, found })
}

struct Collector {
    flow: Flow,
    /// Where text goes: `None` for the running text, else the number of the innermost note.
    note: Option<usize>,
}

impl Collector {
    fn text(&mut self, text: &str) {
        let to = match self.note {
            Some(at) => &mut self.flow.notes[at],
            None => &mut self.flow.main,
        };
        to.push(text);
    }

    fn note(&mut self, note: &Note) {
        let outer = self.note.replace(self.flow.notes.len());
        self.flow.notes.push(Text::default());
        walk_blocks(self, &note.body);
        self.note = outer;
    }
}

impl<'a> Visit<'a> for Collector {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(note) => self.note(note),
            Block::Verbatim(verbatim) => self.text(&verbatim.text),
            _ => walk_block(self, block),
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Note(note) => self.note(note),
            _ => walk_inline(self, inline),
        }
    }
}

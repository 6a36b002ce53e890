//! Proof that no character was lost: the text that went in against the text that came out.
//!
//! A [`Flow`] is what a text says, white space aside: the running text, and each note apart, since formats
//! keep notes in different places. A document's flow comes from its tree ([`Flow::of`]); that of a source or an
//! output from its bytes, through the [`Witness`] of its format, which knows neither reader nor writer.

mod epub;
mod markdown;
mod tei;

pub use epub::Epub;
pub use markdown::Markdown;
pub use tei::Tei;

use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::model::visit::{Visit, walk_block, walk_blocks, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Note};
use crate::source::Span;
use crate::xml::emit::is_legal;

/// What a text says, without any white space.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The running text.
    pub main: String,
    /// Each note, in the order in which the notes are called or, in a source, stand.
    pub notes: Vec<String>,
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
        let mut collector = Collector::default();
        walk_document(&mut collector, document);
        collector.flow
    }

    /// Adds text to the running text, without its white space.
    pub fn push(&mut self, text: &str) {
        push_printed(&mut self.main, text);
    }

    /// The number of characters in running text and notes.
    pub fn characters(&self) -> usize {
        self.main.chars().count() + self.notes.iter().map(|note| note.chars().count()).sum::<usize>()
    }

    /// The flow with U+FFFD for each character that XML has no place for (XML 1.0 §2.2), and how many there are.
    pub fn in_xml(&self) -> (Self, usize) {
        let mut count = 0;
        let mut legal = |text: &String| -> String {
            let legal = |character| if is_legal(character) { character } else { '\u{FFFD}' };
            count += text.chars().filter(|&character| !is_legal(character)).count();
            text.chars().map(legal).collect()
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

/// How many bytes are looked at together.
const BLOCK: usize = 128;

/// Appends the characters that are not white space.
pub fn push_printed(to: &mut String, text: &str) {
    let mut rest = text;
    while !rest.is_empty() {
        // A block may not end within a character, which has four bytes at the most.
        let end = (BLOCK - 3..=BLOCK).rfind(|&at| rest.is_char_boundary(at)).unwrap_or(rest.len());
        let (block, behind) = rest.split_at(end);
        if is_common(block.as_bytes()) {
            push_common(to, block.as_bytes())
        } else {
            push_any(to, block)
        }
        rest = behind;
    }
}

/// True for ASCII in which nothing up to the space is anything but white space.
fn is_common(block: &[u8]) -> bool {
    !block.iter().fold(false, |odd, &byte| odd | !matches!(byte, 0x09..=0x0D | 0x20..=0x7F))
}

/// Appends common ASCII without its white space. Each byte is put down, and the next one put over it if it was white
/// space: there is a space behind each word, and to branch at each of them is what would take time.
fn push_common(to: &mut String, block: &[u8]) {
    let (mut printed, mut length) = ([0_u8; BLOCK], 0);
    for &byte in block {
        printed[length % BLOCK] = byte;
        length += usize::from(byte > b' ');
    }
    to.push_str(std::str::from_utf8(&printed[..length]).unwrap_or_default());
}

/// Appends the characters that are not white space, whatever they are.
fn push_any(to: &mut String, text: &str) {
    let bytes = text.as_bytes();
    let (mut from, mut at) = (0, 0);
    while let Some(&byte) = bytes.get(at) {
        let space = match SPACES[byte as usize] {
            PRINTED => {
                at += 1;
                continue;
            }
            SPACE => 1,
            _ => {
                let Some(character) = text[at..].chars().next() else { break };
                if !character.is_whitespace() {
                    at += character.len_utf8();
                    continue;
                }
                character.len_utf8()
            }
        };
        to.push_str(&text[from..at]);
        at += space;
        from = at;
    }
    to.push_str(&text[from..]);
}

const PRINTED: u8 = 0;
const SPACE: u8 = 1;
/// The first byte of a character that may be white space.
const PERHAPS: u8 = 2;

static SPACES: [u8; 256] = {
    let mut table = [PRINTED; 256];
    let mut byte = 0x09;
    while byte <= 0x0D {
        table[byte] = SPACE;
        byte += 1;
    }
    table[b' ' as usize] = SPACE;
    // U+0085 and U+00A0, U+1680, U+2000 to U+205F, U+3000.
    table[0xC2] = PERHAPS;
    table[0xE1] = PERHAPS;
    table[0xE2] = PERHAPS;
    table[0xE3] = PERHAPS;
    table
};

fn first_difference(place: &str, ours: &str, theirs: &str) -> Option<Difference> {
    if ours == theirs {
        return None;
    }
    let at = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
    let next = |text: &str| text.chars().skip(at).take(40).collect::<String>();
    Some(Difference { place: place.to_owned(), character: at, expected: next(ours), found: next(theirs) })
}

#[derive(Default)]
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
        push_printed(to, text);
    }

    fn note(&mut self, note: &Note) {
        let outer = self.note.replace(self.flow.notes.len());
        self.flow.notes.push(String::new());
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

#[cfg(test)]
mod tests {
    use super::{BLOCK, push_printed};

    #[test]
    fn all_white_space_is_left_out_and_nothing_else() {
        for code in 0..=0x3100 {
            let Some(character) = char::from_u32(code) else { continue };
            let (mut printed, expected) = (String::new(), if character.is_whitespace() { "ab" } else { "a.b" });
            push_printed(&mut printed, &format!(" a{character}b\n"));
            let expected = expected.replace('.', &character.to_string());
            assert_eq!(printed, expected, "U+{code:04X}");
            // Where whole blocks are looked at, at each place within one.
            let before = code as usize % BLOCK;
            let (mut printed, x) = (String::new(), "x".repeat(before));
            push_printed(&mut printed, &format!("{x} a{character}b {x}{x}{x}"));
            assert_eq!(printed, format!("{x}{expected}{x}{x}{x}"), "U+{code:04X}");
        }
    }
}

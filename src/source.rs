//! Where a byte came from. In: the raw bytes of a file and its name. Out: decoded text, spans into it,
//! and line and column on demand.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Two byte offsets into the decoded text of one file of an input; `start <= end`.
///
/// `file` is 0 for the input itself; readers of packages (EPUB) or of included files count up from there.
/// Offsets are 32 bit: a single text of 4 GiB or more is refused by [`decode`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Which file of the input; 0 is the input itself.
    pub file: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span in the input's own text. Offsets beyond 32 bit saturate.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { file: 0, start: narrow(start), end: narrow(end) }
    }

    /// The same bytes as a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True for the default span, which says "nowhere in particular".
    pub fn is_nowhere(self) -> bool {
        self == Self::default()
    }
}

/// One input as a reader gets it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// What messages call it: a path as the user wrote it, or `-`.
    pub name: &'a str,
    /// The raw bytes.
    pub bytes: &'a [u8],
    /// Where it lies, when it is a file: images and inclusions are looked for in its folder.
    pub path: Option<&'a Path>,
    /// What else is in the run, if it is part of one.
    pub siblings: Option<&'a dyn Siblings>,
}

/// The other inputs of a run, as one of them sees them.
pub trait Siblings: std::fmt::Debug + Sync {
    /// Looks for the input in the same folder whose file name, without extension, is `stem`; none for an input that lies
    /// in no folder.
    fn find(&self, stem: &str) -> Option<Sibling>;

    /// Looks for the transcript in the same folder whose heading bears a number; none if several do.
    fn numbered(&self, number: &str) -> Option<Sibling>;
}

/// What was found of another input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    /// The file that was looked for.
    pub file: PathBuf,
    /// True if the run has it.
    pub known: bool,
    /// Where its TEI lies, relative to the TEI of the input that asks, as a URI; none if that is not made.
    pub address: Option<String>,
}

impl<'a> Input<'a> {
    /// An input that lies nowhere on disk.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self { name, bytes, path: None, siblings: None }
    }

    /// The file name without folders and last extension; `document` for standard input.
    pub fn stem(&self) -> &'a str {
        match Path::new(self.name).file_stem().and_then(|stem| stem.to_str()) {
            Some(stem) if stem != "-" => stem,
            _ => "document",
        }
    }
}

/// Text that was decoded from bytes, and how.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding's name, as WHATWG spells it (`UTF-8`, `windows-1252`).
    pub encoding: &'static str,
    /// True when the encoding was guessed from the bytes rather than stated or plain UTF-8.
    pub guessed: bool,
    /// How many malformed sequences became U+FFFD.
    pub malformed: bool,
}

/// Decodes plain text: a byte order mark rules; then UTF-8 if the bytes are UTF-8; else the encoding is
/// guessed from their statistics.
///
/// XML states its own encoding and has its own rules: see [`crate::xml`].
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        let (text, malformed) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded { text, encoding: encoding.name(), guessed: false, malformed };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: "UTF-8", guessed: false, malformed: false };
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    let (text, malformed) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name(), guessed: true, malformed }
}

/// Line and column, both counted from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

/// The texts that spans point into, so that a diagnostic can be shown with its line.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

#[derive(Clone, Debug)]
struct SourceFile {
    name: PathBuf,
    text: String,
    lines: Vec<usize>,
}

impl SourceMap {
    /// Adds a text and returns its number, which is `Span::file`.
    pub fn add(&mut self, name: impl Into<PathBuf>, text: impl Into<String>) -> u32 {
        let text = text.into();
        let lines = std::iter::once(0).chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1)).collect();
        self.files.push(SourceFile { name: name.into(), text, lines });
        (self.files.len() - 1) as u32
    }

    /// The name of a file that was added.
    pub fn name(&self, file: u32) -> Option<&Path> {
        self.files.get(file as usize).map(|file| file.name.as_path())
    }

    /// Line and column of a span's first byte; `None` if the file is unknown.
    pub fn position(&self, span: Span) -> Option<Position> {
        let file = self.files.get(span.file as usize)?;
        let mut at = (span.start as usize).min(file.text.len());
        while !file.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = file.lines.partition_point(|&start| start <= at);
        let column = file.text[file.lines[line - 1]..at].chars().count() + 1;
        Some(Position { line: line as u32, column: column as u32 })
    }

    /// The whole line in which a span begins, without its line end.
    pub fn line(&self, span: Span) -> Option<&str> {
        let file = self.files.get(span.file as usize)?;
        let at = (span.start as usize).min(file.text.len());
        let line = file.lines.partition_point(|&start| start <= at);
        let start = file.lines[line - 1];
        let end = file.lines.get(line).map_or(file.text.len(), |&next| next - 1);
        Some(file.text[start..end.max(start)].trim_end_matches('\r'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters_from_one() {
        let mut map = SourceMap::default();
        map.add("a.txt", "eins\nzwéi drei\n");
        assert_eq!(map.position(Span::new(0, 1)), Some(Position { line: 1, column: 1 }));
        assert_eq!(map.position(Span::new(11, 12)), Some(Position { line: 2, column: 6 }));
        assert_eq!(map.line(Span::new(11, 12)), Some("zwéi drei"));
    }

    #[test]
    fn latin_1_is_guessed_and_said_so() {
        let decoded = decode(b"caf\xe9 au lait, d\xe9j\xe0 vu");
        assert_eq!(decoded.text, "café au lait, déjà vu");
        assert!(decoded.guessed);
    }
}

//! A corpus (`teiCorpus`) taken apart into its texts while it is read, so that it is never held whole. In: bytes. Out: each
//! `TEI` element as a file of its own, with what the elements round it say of languages, namespaces and bases; last of
//! all what is left: the corpus with its header and without its texts.
//!
//! Only as much of XML's syntax is looked at as is needed to see where elements begin and end. The reader judges the rest.

use std::io::Read;

use memchr::{memchr, memchr3, memmem};

use crate::failure::Failure;
use crate::read::{Part, Parts, Source};
use crate::source::Span;

/// How large a text may be, and all that is no text, in bytes.
const LARGEST: usize = 128 << 20;

/// How much may stand before the root element, in bytes.
const PROLOG: usize = 1 << 20;

/// How much is read at a time, in bytes.
const CHUNK: u64 = 1 << 18;

/// The texts of a corpus; `None` if the source is none, or not in an encoding that is like ASCII.
pub(super) fn parts(source: Source) -> Option<Parts> {
    let mut corpus =
        Corpus { bytes: Bytes::new(source), prolog: Vec::new(), open: Vec::new(), rest: Vec::new(), over: false };
    corpus.begin().ok()?.then(|| -> Parts { Box::new(corpus) })
}

struct Corpus {
    bytes: Bytes,
    /// XML declaration and document type, which hold for each text.
    prolog: Vec<u8>,
    /// The start tags of the corpora that are open.
    open: Vec<Vec<u8>>,
    /// All that is no text.
    rest: Vec<u8>,
    over: bool,
}

/// A piece of markup or text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    /// Comment, instruction, CDATA section.
    Other,
    Declaration,
    Start,
    Empty,
    End,
}

impl Iterator for Corpus {
    type Item = Result<Part, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.over {
            return None;
        }
        let part = self.part();
        // Behind a failure nothing can be relied on.
        self.over |= part.is_err();
        part.transpose()
    }
}

impl Corpus {
    /// Reads up to the root; true if it is a corpus.
    fn begin(&mut self) -> Result<bool, Failure> {
        self.bytes.fill()?;
        if self.bytes.rest().starts_with(b"\xEF\xBB\xBF") {
            self.bytes.take(3);
        }
        loop {
            let Some((kind, length)) = self.bytes.piece(PROLOG)? else { return Ok(false) };
            let piece = &self.bytes.rest()[..length];
            match kind {
                Kind::Start if local(name(piece)) == b"teiCorpus" => return Ok(true),
                Kind::Start | Kind::Empty | Kind::End => return Ok(false),
                Kind::Declaration => self.prolog.extend_from_slice(piece),
                Kind::Other if piece.starts_with(b"<?xml ") => self.prolog.extend_from_slice(piece),
                Kind::Text if piece.contains(&0) => return Ok(false),
                Kind::Other | Kind::Text => self.rest.extend_from_slice(piece),
            }
            if self.prolog.len() + self.rest.len() > PROLOG {
                return Ok(false);
            }
            self.bytes.take(length);
        }
    }

    /// The next text, or at the end what is left.
    fn part(&mut self) -> Result<Option<Part>, Failure> {
        loop {
            let Some((kind, length)) = self.bytes.piece(LARGEST)? else {
                self.over = true;
                return if self.open.is_empty() { Ok(self.left()) } else { Err(self.bytes.cut_short()) };
            };
            let piece = &self.bytes.rest()[..length];
            match kind {
                Kind::Start if local(name(piece)) == b"teiCorpus" => self.open.push(piece.to_vec()),
                Kind::End if self.open.pop().is_none() => {
                    return Err(self.bytes.refusal("an end tag without a start tag"));
                }
                Kind::Start | Kind::Empty if !self.open.is_empty() && local(name(piece)) == b"TEI" => {
                    return self.text(kind, length).map(Some);
                }
                Kind::Start => {
                    let length = self.bytes.element(length)?;
                    self.keep(length)?;
                    continue;
                }
                Kind::End | Kind::Empty | Kind::Text | Kind::Other | Kind::Declaration => {}
            }
            self.keep(length)?;
        }
    }

    /// The text that begins here.
    fn text(&mut self, kind: Kind, tag: usize) -> Result<Part, Failure> {
        let length = if kind == Kind::Empty { tag } else { self.bytes.element(tag)? };
        let element = &self.bytes.rest()[..length];
        let name = name(element);
        let mut bytes = self.prolog.clone();
        bytes.extend_from_slice(&element[..1 + name.len()]);
        let own: Vec<_> = attributes(&element[..tag]).map(|(name, _)| name).collect();
        let mut inherited: Vec<(&[u8], &[u8])> = Vec::new();
        for (name, whole) in self.open.iter().rev().flat_map(|tag| attributes(tag)) {
            let new = !own.contains(&name) && !inherited.iter().any(|(known, _)| *known == name);
            if new
                && (name == b"xmlns" || name.starts_with(b"xmlns:") || name.starts_with(b"xml:"))
                && name != b"xml:id"
            {
                inherited.push((name, whole));
            }
        }
        for (_, whole) in inherited {
            bytes.push(b' ');
            bytes.extend_from_slice(whole);
        }
        bytes.extend_from_slice(&element[1 + name.len()..]);
        bytes.push(b'\n');
        let before = self.prolog.iter().filter(|&&byte| byte == b'\n').count() as u32;
        let part = Part { bytes, line: self.bytes.line.saturating_sub(before) };
        self.bytes.take(length);
        Ok(part)
    }

    fn keep(&mut self, length: usize) -> Result<(), Failure> {
        let piece = &self.bytes.rest()[..length];
        // Where texts were taken out only white space is left; it would pile up.
        if !(piece.trim_ascii().is_empty() && self.rest.last().is_some_and(u8::is_ascii_whitespace)) {
            self.rest.extend_from_slice(piece);
        }
        if self.rest.len() > LARGEST {
            return Err(self.bytes.too_large("all that is no text of the corpus"));
        }
        self.bytes.take(length);
        Ok(())
    }

    fn left(&mut self) -> Option<Part> {
        let mut bytes = std::mem::take(&mut self.prolog);
        bytes.append(&mut self.rest);
        Some(Part { bytes, line: 0 })
    }
}

/// The bytes of a source, as far as they are needed.
struct Bytes {
    source: Source,
    buffer: Vec<u8>,
    /// How many of them are done with.
    start: usize,
    ended: bool,
    /// How many lines are done with.
    line: u32,
}

impl Bytes {
    fn new(source: Source) -> Self {
        Self { source, buffer: Vec::new(), start: 0, ended: false, line: 0 }
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    fn take(&mut self, length: usize) {
        self.line += memchr::memchr_iter(b'\n', &self.rest()[..length]).count() as u32;
        self.start += length;
    }

    /// Reads more; false at the end.
    fn fill(&mut self) -> Result<bool, Failure> {
        if self.start > self.buffer.len() / 2 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let read =
            self.source.by_ref().take(CHUNK).read_to_end(&mut self.buffer).map_err(Failure::file("the source"))?;
        self.ended |= read == 0;
        Ok(read > 0)
    }

    /// What the next piece is and how long; `None` at the end. Not more than `most` bytes are looked at.
    fn piece(&mut self, most: usize) -> Result<Option<(Kind, usize)>, Failure> {
        self.piece_at(0, most)
    }

    fn piece_at(&mut self, at: usize, most: usize) -> Result<Option<(Kind, usize)>, Failure> {
        // The longest opening is that of a CDATA section.
        while self.rest().len() < at + 9 && self.fill()? {}
        let rest = &self.rest()[at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let (kind, length) = if rest.starts_with(b"<!--") {
            (Kind::Other, self.find(at, 4, b"-->", most)?)
        } else if rest.starts_with(b"<![CDATA[") {
            (Kind::Other, self.find(at, 9, b"]]>", most)?)
        } else if rest.starts_with(b"<?") {
            (Kind::Other, self.find(at, 2, b"?>", most)?)
        } else if rest.starts_with(b"<!") {
            (Kind::Declaration, self.declaration(at, most)?)
        } else if rest.starts_with(b"</") {
            (Kind::End, self.find(at, 2, b">", most)?)
        } else if rest.starts_with(b"<") {
            let length = self.tag(at, most)?;
            let empty = self.rest()[..at + length].ends_with(b"/>");
            (if empty { Kind::Empty } else { Kind::Start }, length)
        } else {
            (Kind::Text, self.text(at, most)?)
        };
        Ok(Some((kind, length)))
    }

    /// The length of the element whose start tag is `tag` bytes long.
    fn element(&mut self, tag: usize) -> Result<usize, Failure> {
        let mut length = tag;
        let mut depth = 1_usize;
        while depth > 0 {
            let Some((kind, piece)) = self.piece_at(length, LARGEST)? else { return Err(self.cut_short()) };
            match kind {
                Kind::Start => depth += 1,
                Kind::End => depth -= 1,
                Kind::Empty | Kind::Text | Kind::Other | Kind::Declaration => {}
            }
            length += piece;
            if length > LARGEST {
                return Err(self.too_large("one text of the corpus"));
            }
        }
        Ok(length)
    }

    /// The length of the piece at `at` that ends with `end`, which is not before `skip`.
    fn find(&mut self, at: usize, skip: usize, end: &[u8], most: usize) -> Result<usize, Failure> {
        let mut from = skip;
        loop {
            let piece = &self.rest()[at..];
            if let Some(found) = memmem::find(&piece[from.min(piece.len())..], end) {
                return Ok(from + found + end.len());
            }
            from = from.max((piece.len() + 1).saturating_sub(end.len()));
            self.more(at, most)?;
        }
    }

    fn text(&mut self, at: usize, most: usize) -> Result<usize, Failure> {
        let mut from = 0;
        loop {
            let piece = &self.rest()[at..];
            if let Some(found) = memchr(b'<', &piece[from..]) {
                return Ok(from + found);
            }
            from = piece.len();
            if self.ended || !self.fill()? {
                return Ok(from);
            }
            if from > most {
                return Err(self.too_large("one piece of text"));
            }
        }
    }

    /// A start tag: up to the first `>` that is in no attribute's value.
    fn tag(&mut self, at: usize, most: usize) -> Result<usize, Failure> {
        let mut from = 1;
        let mut quote = None;
        loop {
            let piece = &self.rest()[at..];
            let unseen = &piece[from.min(piece.len())..];
            let found = match quote {
                Some(quote) => memchr(quote, unseen),
                None => memchr3(b'>', b'"', b'\'', unseen),
            };
            let Some(found) = found else {
                from = piece.len();
                self.more(at, most)?;
                continue;
            };
            let byte = unseen[found];
            from += found + 1;
            match (quote, byte) {
                (Some(_), _) => quote = None,
                (None, b'>') => return Ok(from),
                (None, _) => quote = Some(byte),
            }
        }
    }

    /// A document type: up to the `>` outside brackets and quotes.
    fn declaration(&mut self, at: usize, most: usize) -> Result<usize, Failure> {
        let (mut from, mut brackets, mut quote) = (2, 0_usize, None);
        loop {
            while let Some(&byte) = self.rest()[at..].get(from) {
                from += 1;
                match (quote, byte) {
                    (Some(open), byte) if open == byte => quote = None,
                    (Some(_), _) => {}
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (None, b'[') => brackets += 1,
                    (None, b']') => brackets = brackets.saturating_sub(1),
                    (None, b'>') if brackets == 0 => return Ok(from),
                    (None, _) => {}
                }
            }
            self.more(at, most)?;
        }
    }

    /// Reads more of the piece at `at`, which has no end yet.
    fn more(&mut self, at: usize, most: usize) -> Result<(), Failure> {
        if self.rest().len() - at > most {
            return Err(self.too_large("one piece of markup"));
        }
        if self.fill()? { Ok(()) } else { Err(self.cut_short()) }
    }

    fn cut_short(&self) -> Failure {
        self.refusal("the source ends within an element")
    }

    fn refusal(&self, what: &str) -> Failure {
        let message = format!("{what} (behind line {})", self.line + 1);
        Failure::NotWellFormed { message, span: Span::default() }
    }

    fn too_large(&self, what: &str) -> Failure {
        let message = format!("{what} has more than {} MiB (behind line {})", LARGEST >> 20, self.line + 1);
        Failure::Limit { message, span: Span::default() }
    }
}

/// The name in a start tag.
fn name(tag: &[u8]) -> &[u8] {
    let name = &tag[1..];
    let end = name.iter().position(|&byte| byte.is_ascii_whitespace() || byte == b'/' || byte == b'>');
    &name[..end.unwrap_or(name.len())]
}

fn local(name: &[u8]) -> &[u8] {
    memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// The attributes of a start tag: their names, and names with values as they stand.
fn attributes(tag: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 1 + name(tag).len();
    std::iter::from_fn(move || {
        at += tag[at..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        let equals = at + memchr(b'=', &tag[at..])?;
        let open = equals + 1 + tag[equals + 1..].iter().position(|byte| !byte.is_ascii_whitespace())?;
        let quote = tag[open];
        if quote != b'"' && quote != b'\'' {
            return None;
        }
        let close = open + 1 + memchr(quote, &tag[open + 1..])?;
        let attribute = (tag[at..equals].trim_ascii(), &tag[at..=close]);
        at = close + 1;
        Some(attribute)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<Result<String, Failure>> {
        let source = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let parts = parts(source).expect("a corpus");
        parts.map(|part| part.map(|part| String::from_utf8(part.bytes).unwrap())).collect()
    }

    #[test]
    fn each_text_stands_on_its_own() {
        let text = "<?xml version='1.0'?>\n<!DOCTYPE teiCorpus [<!ENTITY a '<b>]'>]>\n\
            <t:teiCorpus xmlns:t='urn:t' xml:lang='en' n=\"1 > 0\"><t:teiHeader>Of all</t:teiHeader>\n\
            <t:TEI xml:lang='fr'><t:text><!-- <t:TEI> --><t:TEI/>&a;<![CDATA[</t:TEI>]]></t:text></t:TEI>\n\
            <t:teiCorpus xml:lang='de'><t:TEI>zwei</t:TEI></t:teiCorpus></t:teiCorpus>\n<!-- end -->";
        let parts: Vec<_> = split(text).into_iter().map(Result::unwrap).collect();
        let prolog = "<?xml version='1.0'?><!DOCTYPE teiCorpus [<!ENTITY a '<b>]'>]>";
        assert_eq!(
            parts,
            [
                format!(
                    "{prolog}<t:TEI xmlns:t='urn:t' xml:lang='fr'><t:text><!-- <t:TEI> --><t:TEI/>&a;\
                     <![CDATA[</t:TEI>]]></t:text></t:TEI>\n"
                ),
                format!("{prolog}<t:TEI xml:lang='de' xmlns:t='urn:t'>zwei</t:TEI>\n"),
                format!(
                    "{prolog}\n\n<t:teiCorpus xmlns:t='urn:t' xml:lang='en' n=\"1 > 0\"><t:teiHeader>Of all\
                     </t:teiHeader>\n<t:teiCorpus xml:lang='de'></t:teiCorpus></t:teiCorpus>\n<!-- end -->"
                ),
            ]
        );
    }

    #[test]
    fn lines_are_those_of_the_corpus() {
        let text = "<?xml version='1.0'?>\n<teiCorpus>\n\n<TEI>\nfour</TEI></teiCorpus>";
        let parts = parts(Box::new(std::io::Cursor::new(text.as_bytes().to_vec()))).unwrap();
        assert_eq!(parts.map(|part| part.unwrap().line).collect::<Vec<_>>(), [3, 0]);
    }

    #[test]
    fn what_breaks_off_fails_behind_what_is_whole() {
        let parts = split("<teiCorpus><TEI>one</TEI><TEI>two");
        assert_eq!(parts.len(), 2);
        assert!(parts[0].is_ok() && parts[1].is_err());
        assert!(split("<teiCorpus><TEI>one</TEI></teiCorpus></p><TEI>two</TEI>").last().unwrap().is_err());
    }

    #[test]
    fn what_is_no_corpus_has_no_parts() {
        for text in ["", "text", "<TEI/>", "<!-- never closed <teiCorpus>", "<text><TEI/></text>"] {
            assert!(parts(Box::new(std::io::Cursor::new(text.as_bytes().to_vec()))).is_none(), "{text}");
        }
    }
}

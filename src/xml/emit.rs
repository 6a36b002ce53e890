//! Well-formed XML out: elements are closed by the emitter itself, text and attributes are escaped in one place,
//! and characters that XML 1.0 forbids never get through.

use std::borrow::Cow;
use std::io::{self, Write};

/// Writes one XML document.
pub struct Emitter<W: Write> {
    out: W,
    /// The names of all open elements, one behind the other, and where each of them begins.
    names: String,
    open: Vec<usize>,
    /// The prefixes that open elements declare, each with the number of elements open round it.
    prefixes: Vec<(usize, String)>,
}

impl<W: Write> Emitter<W> {
    /// An emitter that has written nothing.
    pub fn new(inner: W) -> Self {
        Self { out: inner, names: String::new(), open: Vec::new(), prefixes: Vec::new() }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>` and a line end.
    ///
    /// # Errors
    /// What the system says; so for all methods.
    pub fn declaration(&mut self) -> io::Result<()> {
        self.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }

    /// Opens an element. Attribute values are given unescaped.
    pub fn start<'v>(
        &mut self,
        name: &str,
        attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.opened(name)
    }

    /// Writes an element without content.
    pub fn empty<'v>(
        &mut self,
        name: &str,
        attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> io::Result<()> {
        self.tag(name, attributes)?;
        self.closed()
    }

    /// Ends a start tag whose beginning was written piece by piece: the element is open from here.
    pub fn opened(&mut self, name: &str) -> io::Result<()> {
        self.open.push(self.names.len());
        self.names.push_str(name);
        self.raw(">")
    }

    /// Ends the tag of an element without content whose beginning was written piece by piece.
    pub fn closed(&mut self) -> io::Result<()> {
        self.forget();
        self.raw("/>")
    }

    /// Forgets the prefixes that elements declared which are open no more.
    fn forget(&mut self) {
        while self.prefixes.pop_if(|(within, _)| *within >= self.open.len()).is_some() {}
    }

    /// An attribute of a tag whose beginning was written piece by piece. The value is given unescaped.
    pub fn attribute(&mut self, key: &str, value: &str) -> io::Result<()> {
        if let Some(prefix) = key.strip_prefix("xmlns:") {
            self.prefixes.push((self.open.len(), prefix.to_owned()));
        }
        self.raw(" ")?;
        self.raw(key)?;
        self.raw("=\"")?;
        self.escaped(value, &IN_ATTRIBUTES)?;
        self.raw("\"")
    }

    /// The beginning of a tag, without what closes it.
    fn tag<'v>(&mut self, name: &str, attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>) -> io::Result<()> {
        self.raw("<")?;
        self.raw(name)?;
        for (key, value) in attributes {
            self.attribute(key, &value)?;
        }
        Ok(())
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) -> io::Result<()> {
        let Some(at) = self.open.pop() else { return Ok(()) };
        self.forget();
        self.out.write_all(b"</")?;
        self.out.write_all(&self.names.as_bytes()[at..])?;
        self.names.truncate(at);
        self.out.write_all(b">")
    }

    /// Characters, escaped.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.escaped(text, &IN_TEXT)
    }

    /// A comment; `--` within becomes `- -`, since XML forbids it.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        let mut safe = legal(text).replace("--", "- -");
        if safe.contains("--") {
            // Of an odd number of hyphens two are left side by side.
            safe = safe.replace("--", "- -");
        }
        if safe.ends_with('-') {
            safe.push(' ');
        }
        self.raw("<!--")?;
        self.raw(&safe)?;
        self.raw("-->")
    }

    /// A processing instruction, given without its delimiters.
    pub fn instruction(&mut self, content: &str) -> io::Result<()> {
        self.raw("<?")?;
        self.raw(&legal(content).replace("?>", "? >"))?;
        self.raw("?>")
    }

    /// Markup or white space that is already XML.
    pub fn raw(&mut self, xml: &str) -> io::Result<()> {
        self.raw_bytes(xml.as_bytes())
    }

    /// What another emitter has written.
    pub fn raw_bytes(&mut self, xml: &[u8]) -> io::Result<()> {
        self.out.write_all(xml)
    }

    /// As many spaces.
    pub fn spaces(&mut self, count: usize) -> io::Result<()> {
        const SPACES: &str = "                                                                ";
        let mut left = count;
        while left > 0 {
            let now = left.min(SPACES.len());
            self.raw(&SPACES[..now])?;
            left -= now;
        }
        Ok(())
    }

    fn escaped(&mut self, text: &str, table: &[u8; 256]) -> io::Result<()> {
        let mut from = 0;
        while let Some((length, instead, skip)) = next_special(&text[from..], table) {
            self.raw(&text[from..from + length])?;
            self.raw(instead)?;
            from += length + skip;
        }
        self.raw(&text[from..])
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// True if an open element declares this prefix.
    pub fn declares(&self, prefix: &str) -> bool {
        self.prefixes.iter().any(|(_, known)| known == prefix)
    }

    /// Closes what is open and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        while !self.open.is_empty() {
            self.end()?;
        }
        Ok(self.out)
    }
}

impl Emitter<Vec<u8>> {
    /// How many bytes were written.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written from a position on; between elements only.
    pub fn take_from(&mut self, position: usize) -> String {
        String::from_utf8_lossy(&self.out.split_off(position)).into_owned()
    }
}

/// What stands for each byte that may not stand as it is; `MAYBE` for the first byte of U+FFFE and U+FFFF.
const INSTEAD: [&str; 10] = ["", "&amp;", "&lt;", "&gt;", "&#13;", "&quot;", "&#9;", "&#10;", "\u{FFFD}", " "];
const MAYBE: u8 = 10;

const fn specials(attributes: bool) -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = 8;
        byte += 1;
    }
    // Line tabulation and form feed may not stand in XML, and are white space.
    table[0x0B] = 9;
    table[0x0C] = 9;
    table[b'&' as usize] = 1;
    table[b'<' as usize] = 2;
    table[b'>' as usize] = 3;
    table[b'\r' as usize] = 4;
    table[b'"' as usize] = if attributes { 5 } else { 0 };
    table[b'\t' as usize] = if attributes { 6 } else { 0 };
    table[b'\n' as usize] = if attributes { 7 } else { 0 };
    table[0xEF] = MAYBE;
    table
}

/// Carriage returns are escaped, since a parser would turn them into line feeds.
static IN_TEXT: [u8; 256] = specials(false);
/// So is what would end or change a value: quotes, and white space other than the space.
static IN_ATTRIBUTES: [u8; 256] = specials(true);

/// The first thing that may not stand as it is: how many bytes stand before it, what stands for it, how many
/// bytes it has.
fn next_special(text: &str, table: &[u8; 256]) -> Option<(usize, &'static str, usize)> {
    const BLOCK: usize = 32;
    let bytes = text.as_bytes();
    let line_feeds = table[b'\n' as usize] != 0;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    for (number, block) in blocks.iter().enumerate() {
        if is_suspicious(block, line_feeds)
            && let Some(found) = special_in(bytes, number * BLOCK, BLOCK, table)
        {
            return Some(found);
        }
    }
    // Of what is left over the last block shows all, and part of the block before it.
    let last = bytes.last_chunk::<BLOCK>().is_some_and(|last| !is_suspicious(last, line_feeds));
    let short = || match (bytes.first_chunk::<16>(), bytes.last_chunk::<16>()) {
        (Some(first), Some(last)) => {
            blocks.is_empty() && !is_suspicious(first, line_feeds) && !is_suspicious(last, line_feeds)
        }
        _ => bytes.is_empty(),
    };
    if last || short() { None } else { special_in(bytes, bytes.len() - rest.len(), rest.len(), table) }
}

/// The first special thing of a few bytes, each looked up.
fn special_in(bytes: &[u8], from: usize, length: usize, table: &[u8; 256]) -> Option<(usize, &'static str, usize)> {
    for (at, &byte) in bytes.iter().enumerate().skip(from).take(length) {
        match table[byte as usize] {
            0 => {}
            MAYBE if matches!(bytes[at..], [_, 0xBF, 0xBE | 0xBF, ..]) => return Some((at, "\u{FFFD}", 3)),
            MAYBE => {}
            special => return Some((at, INSTEAD[special as usize], 1)),
        }
    }
    None
}

/// False for bytes that are special in no table; line feeds are where it is said so. They are looked at without a branch,
/// so that the processor can take them together.
fn is_suspicious<const BLOCK: usize>(block: &[u8; BLOCK], line_feeds: bool) -> bool {
    let suspicious = |byte: u8| {
        ((byte < 0x20) & ((byte != b'\n') | line_feeds))
            | (byte == b'&')
            | (byte == b'<')
            | (byte == b'>')
            | (byte == b'"')
            | (byte == 0xEF)
    };
    block.iter().fold(0, |found, &byte| found | u8::from(suspicious(byte))) > 0
}

/// True for a character that an XML 1.0 document may hold (§2.2).
pub fn is_legal(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// The text with each forbidden character replaced by U+FFFD.
fn legal(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_legal) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|character| if is_legal(character) { character } else { '\u{FFFD}' }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_closed_and_what_is_special_is_escaped() -> io::Result<()> {
        let mut emitter = Emitter::new(Vec::new());
        emitter.start("p", [("n", Cow::Borrowed("a\"\n<"))])?;
        emitter.text("x\u{C}< y\u{0} & z\r\u{FFFE}\u{FFFD}")?;
        emitter.empty("pb", [])?;
        emitter.comment("a--b---c-")?;
        let bytes = emitter.finish()?;
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "<p n=\"a&quot;&#10;&lt;\">x &lt; y\u{FFFD} &amp; z&#13;\u{FFFD}\u{FFFD}<pb/><!--a- -b- - -c- --></p>"
        );
        Ok(())
    }
}

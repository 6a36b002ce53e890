//! Well-formed XML out, on quick-xml's writer: elements are closed by the emitter itself, text and attributes
//! are escaped in one place, and characters that XML 1.0 forbids never get through.

use std::borrow::Cow;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesPI, BytesStart, BytesText, Event};

/// Writes one XML document.
pub struct Emitter<W: Write> {
    writer: Writer<W>,
    open: Vec<String>,
}

impl<W: Write> Emitter<W> {
    /// An emitter that has written nothing.
    pub fn new(inner: W) -> Self {
        Self { writer: Writer::new(inner), open: Vec::new() }
    }

    /// `<?xml version="1.0" encoding="UTF-8"?>` and a line end.
    ///
    /// # Errors
    /// What the system says; so for all methods.
    pub fn declaration(&mut self) -> io::Result<()> {
        self.writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        self.raw("\n")
    }

    /// Opens an element. Attribute values are given unescaped.
    pub fn start<'v>(
        &mut self,
        name: &str,
        attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> io::Result<()> {
        self.writer.write_event(Event::Start(tag(name, attributes)))?;
        self.open.push(name.to_owned());
        Ok(())
    }

    /// Writes an element without content.
    pub fn empty<'v>(
        &mut self,
        name: &str,
        attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>,
    ) -> io::Result<()> {
        self.writer.write_event(Event::Empty(tag(name, attributes)))
    }

    /// Closes the element that was opened last.
    pub fn end(&mut self) -> io::Result<()> {
        match self.open.pop() {
            Some(name) => self.writer.write_event(Event::End(BytesEnd::new(name))),
            None => Ok(()),
        }
    }

    /// Characters, escaped.
    pub fn text(&mut self, text: &str) -> io::Result<()> {
        self.writer.write_event(Event::Text(BytesText::from_escaped(escape_text(text))))
    }

    /// A comment; `--` within becomes `- -`, since XML forbids it.
    pub fn comment(&mut self, text: &str) -> io::Result<()> {
        let mut safe = legal(text).replace("--", "- -");
        if safe.ends_with('-') {
            safe.push(' ');
        }
        self.writer.write_event(Event::Comment(BytesText::from_escaped(safe)))
    }

    /// A processing instruction, given without its delimiters.
    pub fn instruction(&mut self, content: &str) -> io::Result<()> {
        self.writer.write_event(Event::PI(BytesPI::new(legal(content).replace("?>", "? >"))))
    }

    /// Markup or white space that is already XML.
    pub fn raw(&mut self, xml: &str) -> io::Result<()> {
        self.writer.get_mut().write_all(xml.as_bytes())
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes what is open and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        while !self.open.is_empty() {
            self.end()?;
        }
        Ok(self.writer.into_inner())
    }
}

fn tag<'v>(name: &str, attributes: impl IntoIterator<Item = (&'v str, Cow<'v, str>)>) -> BytesStart<'static> {
    let mut raw = name.to_owned();
    for (key, value) in attributes {
        raw.push(' ');
        raw.push_str(key);
        raw.push_str("=\"");
        raw.push_str(&escape_attribute(&value));
        raw.push('"');
    }
    BytesStart::from_content(raw, name.len())
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

/// Escapes `& < >` and carriage returns, which a parser would otherwise turn into line feeds.
pub fn escape_text(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '\r' => Some("&#13;"),
        _ if is_legal(character) => None,
        _ => Some("\u{FFFD}"),
    })
}

/// Escapes what would end or change an attribute value: quotes, and white space other than the space.
pub fn escape_attribute(text: &str) -> Cow<'_, str> {
    escape(text, |character| match character {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        _ if is_legal(character) => None,
        _ => Some("\u{FFFD}"),
    })
}

fn escape(text: &str, with: impl Fn(char) -> Option<&'static str>) -> Cow<'_, str> {
    let Some(first) = text.find(|character| with(character).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut escaped = String::with_capacity(text.len() + 16);
    escaped.push_str(&text[..first]);
    for character in text[first..].chars() {
        match with(character) {
            Some(instead) => escaped.push_str(instead),
            None => escaped.push(character),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_is_closed_and_what_is_special_is_escaped() -> io::Result<()> {
        let mut emitter = Emitter::new(Vec::new());
        emitter.start("p", [("n", Cow::Borrowed("a\"\n<"))])?;
        emitter.text("x < y\u{0} & z\r")?;
        emitter.empty("pb", [])?;
        emitter.comment("a--b-")?;
        let bytes = emitter.finish()?;
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            "<p n=\"a&quot;&#10;&lt;\">x &lt; y\u{FFFD} &amp; z&#13;<pb/><!--a- -b- --></p>"
        );
        Ok(())
    }
}

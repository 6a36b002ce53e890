//! TEI P5. In: a document. Out: one XML file, valid against the bundled profile where the document holds nothing
//! foreign to it.
//!
//! Block elements stand on lines of their own, indented; inside mixed content no white space is ever added.

mod amended;
mod blocks;
mod division;
mod framed;
mod header;
mod inlines;
mod mend;
mod tags;

use std::borrow::Cow;
use std::collections::HashSet;
use std::io;

use super::Writer;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Document;
use crate::output::Output;
use crate::tei::NAMESPACE;
use crate::xml::emit::Emitter;
use tags::Attributes;

/// TEI P5.
pub const FORMAT: Format = Format {
    name: "tei",
    extensions: &["xml"],
    media_type: "application/tei+xml",
    summary: "TEI P5, with a full header",
    packaging: Packaging::Single,
};

/// Writes TEI P5.
#[derive(Clone, Copy, Debug)]
pub struct Tei {
    /// Spaces by which each level is indented; default 2.
    pub indent: usize,
}

impl Default for Tei {
    fn default() -> Self {
        Self { indent: 2 }
    }
}

impl Writer for Tei {
    fn format(&self) -> Format {
        FORMAT
    }

    fn keeps_frame(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure> {
        let refused = || Failure::file("output");
        let mut run = Run {
            xml: Emitter::new(Vec::new()),
            indent: self.indent,
            ids: HashSet::new(),
            log,
            line_start: false,
            flat: false,
            as_it_was: document.frame.is_some(),
            prefix: document.frame.as_ref().map(|frame| frame.prefix.to_string()).unwrap_or_default(),
        };
        run.document(document).map_err(refused())?;
        let bytes = run.xml.finish().map_err(refused())?;
        for resource in &document.resources {
            let file = output.file(&resource.path).map_err(refused())?;
            file.write_all(&resource.bytes).map_err(refused())?;
        }
        output.main().and_then(|file| file.write_all(&bytes)).map_err(refused())
    }
}

/// One document on its way.
struct Run<'l> {
    xml: Emitter<Vec<u8>>,
    indent: usize,
    /// Ids that were written.
    ids: HashSet<String>,
    log: &'l mut Log,
    /// True after a line break that separates blocks, so that none is doubled.
    line_start: bool,
    /// True inside mixed content, where no line is broken.
    flat: bool,
    /// True for what was read from TEI: it is written as it was, also where it is not as we would have it.
    as_it_was: bool,
    /// The prefix of TEI's names; empty for none.
    prefix: String,
}

impl Run<'_> {
    fn document(&mut self, document: &Document) -> io::Result<()> {
        self.xml.declaration()?;
        if let Some(frame) = &document.frame {
            return self.framed(document, frame);
        }
        let mended = mend::document(document);
        let document = &mended;
        self.start("TEI", vec![("xmlns".into(), NAMESPACE.into())])?;
        self.header(document)?;
        self.line()?;
        let language =
            document.metadata.languages.first().map(|language| ("xml:lang".into(), language.as_str().into()));
        self.start("text", language.into_iter().collect())?;
        for (name, part) in ["front", "body", "back"].into_iter().zip(document.parts()) {
            if part.is_empty() && name != "body" {
                continue;
            }
            self.line()?;
            self.start(name, Vec::new())?;
            self.blocks(part)?;
            self.line()?;
            self.end()?;
        }
        self.line()?;
        self.end()?;
        self.line()?;
        self.end()?;
        self.xml.raw("\n")
    }

    /// A line break and the indentation of the current depth, where an element may be set on a line of its own.
    fn line(&mut self) -> io::Result<()> {
        if self.flat {
            return Ok(());
        }
        self.xml.raw("\n")?;
        self.line_start = true;
        Ok(())
    }

    /// The indentation that is due before a tag at the start of a line.
    fn margin(&mut self, depth: usize) -> io::Result<()> {
        if self.line_start {
            self.line_start = false;
            self.xml.raw(&" ".repeat(self.indent * depth))?;
        }
        Ok(())
    }

    /// Does something without breaking lines.
    fn flat(&mut self, what: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let outer = std::mem::replace(&mut self.flat, true);
        let done = what(self);
        self.flat = outer;
        done
    }

    fn start(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.margin(self.xml.depth())?;
        self.xml.start(name, attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value))))
    }

    fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        self.margin(self.xml.depth())?;
        self.xml.empty(name, attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value))))
    }

    fn end(&mut self) -> io::Result<()> {
        self.margin(self.xml.depth().saturating_sub(1))?;
        self.xml.end()
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.line_start = false;
        self.xml.text(text)
    }
}

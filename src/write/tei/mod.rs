//! TEI P5. In: a document. Out: one XML file, valid against the bundled profile where the document holds nothing
//! foreign to it.
//!
//! Block elements stand on lines of their own, indented; inside mixed content no white space is ever added.

mod amended;
mod blocks;
mod division;
mod flavour;
mod framed;
mod header;
mod inlines;
mod mend;
mod profile;
mod tags;

pub use profile::Profile;

use std::collections::{HashMap, HashSet};
use std::io;

use super::Writer;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Document;
use crate::output::Output;
use crate::tei::NAMESPACE;
use crate::xml::emit::Emitter;
use flavour::Flavour;
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
#[derive(Clone, Debug)]
pub struct Tei {
    /// Spaces by which each level is indented; default 2.
    pub indent: usize,
    /// The flavour of TEI; none for this program's own.
    pub profile: Option<Profile>,
}

impl Default for Tei {
    fn default() -> Self {
        Self { indent: 2, profile: None }
    }
}

impl Writer for Tei {
    fn format(&self) -> Format {
        FORMAT
    }

    fn keeps_frame(&self) -> bool {
        true
    }

    fn follows_another_schema(&self) -> bool {
        self.profile.is_some()
    }

    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure> {
        let refused = || Failure::file("output");
        let mut run = Run {
            xml: Emitter::new(Vec::new()),
            indent: self.indent,
            ids: HashSet::new(),
            repeated: HashMap::new(),
            log,
            line_start: false,
            flat: false,
            as_it_was: document.frame.is_some(),
            flavour: self.profile.as_ref().map(Flavour::new),
            prefix: document.frame.as_ref().map(|frame| frame.prefix.to_string()).unwrap_or_default(),
            namespace: document.frame.as_deref().map_or(NAMESPACE, framed::namespace),
        };
        run.document(document).map_err(refused())?;
        run.report_omitted();
        let bytes = run.xml.finish().map_err(refused())?;
        // The principal file is the first, as validators count.
        output.put("", bytes).map_err(refused())?;
        for resource in &document.resources {
            let file = output.file(&resource.path).map_err(refused())?;
            file.write_all(&resource.bytes).map_err(refused())?;
        }
        Ok(())
    }
}

/// One document on its way.
struct Run<'l> {
    xml: Emitter<Vec<u8>>,
    indent: usize,
    /// Ids that were written.
    ids: HashSet<String>,
    /// How often an id has been met again, by the id.
    repeated: HashMap<String, usize>,
    log: &'l mut Log,
    /// True after a line break that separates blocks, so that none is doubled.
    line_start: bool,
    /// True inside mixed content, where no line is broken.
    flat: bool,
    /// True for what was read from TEI: it is written as it was, also where it is not as we would have it.
    as_it_was: bool,
    /// The prefix of TEI's names; empty for none.
    prefix: String,
    /// The namespace of TEI's names; empty where the source gave them none.
    namespace: &'static str,
    /// The profile, if one was asked for.
    flavour: Option<Flavour<'l>>,
}

impl Run<'_> {
    fn document(&mut self, document: &Document) -> io::Result<()> {
        self.xml.declaration()?;
        if let Some(frame) = &document.frame {
            return self.framed(document, frame);
        }
        mend::aliens(document, self.log);
        let mended = mend::document(document);
        let document = &mended;
        let mut root = Attributes::new();
        root.push(("xmlns".into(), NAMESPACE.into()));
        root.extend(self.declarations());
        self.start("TEI", root)?;
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
            self.start(name, Attributes::new())?;
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

    /// The namespaces that the profile has beside TEI's.
    fn declarations(&self) -> Attributes<'static> {
        let profile = self.flavour.as_ref().map(Flavour::profile);
        let declared = profile.into_iter().flat_map(Profile::declarations);
        declared.map(|(name, uri)| (name.into(), uri.to_owned().into())).collect()
    }

    /// A line break and the indentation of the current depth, where an element may be set on a line of its own.
    fn line(&mut self) -> io::Result<()> {
        if self.flat || self.line_start || self.omits() {
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
            self.xml.spaces(self.indent * depth)?;
        }
        Ok(())
    }

    /// True within an element that the profile leaves out.
    fn omits(&self) -> bool {
        self.flavour.as_ref().is_some_and(Flavour::omits)
    }

    /// Does something without breaking lines.
    fn flat(&mut self, what: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let outer = std::mem::replace(&mut self.flat, true);
        let done = what(self);
        self.flat = outer;
        done
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        if self.omits() {
            return Ok(());
        }
        self.line_start = false;
        self.xml.text(text)
    }
}

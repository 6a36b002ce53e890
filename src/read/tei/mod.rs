//! TEI P5. In: an XML file. Out: its text as a document, and round it, in the frame, everything that is no text:
//! the header, facsimiles, stand-off annotation. What is written again is what was read, layout aside.

mod content;
mod corpus;
mod images;
mod include;
mod lists;
mod raw;
mod tags;

use include::Includer;
use raw::{Child, File, Raw};

use super::{Parts, Reader, Source};
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::{Block, Document, Foreign, Frame, Inline, Metadata};
use crate::source::Input;
use crate::tei;
use crate::xml::decode;
use crate::xml::parse::{Limits, Parser};

/// TEI P5.
pub const FORMAT: Format = Format {
    name: "tei",
    extensions: &["xml", "tei"],
    media_type: "application/tei+xml",
    summary: "TEI P5, any customization",
    packaging: Packaging::Single,
};

/// Reads TEI P5.
#[derive(Clone, Copy, Debug)]
pub struct Tei {
    /// How deep, how large and how expanded a file may be.
    pub limits: Limits,
    /// Whether inclusions (`xi:include`) of files in the document's folder are resolved.
    pub xinclude: bool,
}

impl Default for Tei {
    fn default() -> Self {
        Self { limits: Limits { depth: 128, ..Limits::default() }, xinclude: true }
    }
}

impl Reader for Tei {
    fn format(&self) -> Format {
        FORMAT
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        let text = decode(head).unwrap_or_else(|_| String::from_utf8_lossy(head));
        text.trim_start().starts_with('<')
            && (text.contains(tei::NAMESPACE) || text.contains("<TEI") || text.contains("<teiCorpus"))
    }

    fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Document, Failure> {
        let text = decode(input.bytes)?;
        let mut parser = Parser::with_limits(&text, self.limits).with_entities(tei::entity);
        let mut includer = Includer::new(input, self.limits, log);
        let file = raw::file(&mut parser, self.xinclude.then_some(&mut includer))?;
        let file = file.ok_or_else(|| Failure::Unsupported { message: "no root element".into() })?;
        check_root(&file.root)?;
        let images = file.images;
        let mut document = document(file);
        // To look through a whole volume for images takes as long as a twentieth of the reading.
        if images || !log.inclusions().is_empty() {
            images::take(&mut document, input, self.limits.inclusion, log);
        }
        Ok(document)
    }

    fn parts(&self, source: Source) -> Option<Parts> {
        corpus::parts(source)
    }
}

/// Refuses what is no TEI P5.
fn check_root(root: &Raw) -> Result<(), Failure> {
    let name = &root.name.local;
    let message = match root.local() {
        "TEI" | "teiCorpus" | "text" => return Ok(()),
        "TEI.2" | "teiCorpus.2" => {
            format!(
                "`{name}` is the root of TEI P4 or earlier; this reads P5, into which the TEI's stylesheets turn it"
            )
        }
        _ => format!("the root element `{name}` is not one of TEI P5 (`TEI`, `teiCorpus`, `text`)"),
    };
    Err(Failure::OtherFormat { message, span: root.span })
}

fn document(file: File) -> Document {
    let File { doctype, prolog, prefix, mut root, epilog, .. } = file;
    let mut document = Document::default();
    let root_is_text = root.local() == "text";
    let mut language = None;
    if root_is_text {
        take_parts(&mut root, &mut document);
    } else {
        take_parts_of_root(&mut root, &mut document, &mut language);
    }
    document.metadata = match &document.metadata.header {
        Some(header) => Metadata { header: document.metadata.header.clone(), ..tei::header::metadata(header) },
        None => Metadata::default(),
    };
    if document.metadata.languages.is_empty() {
        document.metadata.languages.extend(language.or_else(|| raw::language(&root).map(Into::into)));
    }
    document.frame = Some(Box::new(Frame { doctype, prolog, prefix, root: root.into_element(), epilog }));
    document
}

fn take_parts_of_root(root: &mut Raw, document: &mut Document, language: &mut Option<compact_str::CompactString>) {
    let named = |child: &Child, name| matches!(child, Child::Element(raw) if raw.name.is_plain(name));
    let nested = root.children.iter().any(|child| named(child, "TEI") || named(child, "teiCorpus"));
    let corpus = nested || root.children.iter().filter(|child| named(child, "text")).count() != 1;
    let written = holds_text(root);
    for child in &mut root.children {
        let Child::Element(raw) = child else { continue };
        match raw.local() {
            "sourceDoc" if written => {}
            "teiHeader" if document.metadata.header.is_none() => {
                let emptied = raw.emptied();
                let header = std::mem::replace(&mut **raw, emptied);
                document.metadata.header = Some(Box::new(header.into_element()));
            }
            "text" | "TEI" | "teiCorpus" | "sourceDoc" if corpus => take_texts(raw, &mut document.body),
            "text" if raw.name.is_plain("text") => {
                *language = raw::language(raw).map(Into::into);
                take_parts(raw, document);
            }
            _ => {}
        }
    }
}

/// True if a text stands directly in an element: then the pages as they were written are not taken for one.
fn holds_text(raw: &Raw) -> bool {
    raw.children.iter().any(|child| matches!(child, Child::Element(raw) if raw.name.is_plain("text")))
}

/// Makes each text of a corpus a division. Their headers stay in the frame.
fn take_texts(raw: &mut Raw, divisions: &mut Vec<Block>) {
    if raw.name.is_plain("text") || raw.name.is_plain("sourceDoc") {
        let emptied = raw.emptied();
        divisions.push(content::text(std::mem::replace(raw, emptied)));
        return;
    }
    if !raw.name.is_plain("TEI") && !raw.name.is_plain("teiCorpus") {
        return;
    }
    let written = holds_text(raw);
    for child in &mut raw.children {
        match child {
            Child::Element(inner) if !(written && inner.name.is_plain("sourceDoc")) => take_texts(inner, divisions),
            _ => {}
        }
    }
}

/// True for what stands in a text beside its parts and holds words.
fn holds_words_of_its_own(child: &Child) -> bool {
    match child {
        Child::Element(raw) if matches!(raw.local(), "front" | "body" | "group" | "back") => false,
        other => holds_words(other),
    }
}

fn holds_words(child: &Child) -> bool {
    match child {
        Child::Inline(Inline::Text(text)) => !text.trim().is_empty(),
        Child::Inline(Inline::Foreign(foreign)) => matches!(**foreign, Foreign::Element { .. }),
        Child::Inline(_) => true,
        Child::Element(raw) => raw.children.iter().any(holds_words),
    }
}

/// Moves what front, body and back hold into the document. Of several texts in a group the group is the body. Where words
/// stand beside them, which TEI doesn't foresee, all of the text is the body.
fn take_parts(text: &mut Raw, document: &mut Document) {
    if text.children.iter().any(holds_words_of_its_own) {
        document.body = content::container(std::mem::take(&mut text.children), true);
        return;
    }
    for child in &mut text.children {
        let Child::Element(raw) = child else { continue };
        let element = match raw.local() {
            "front" => "front",
            "body" => "body",
            "group" => "group",
            "back" => "back",
            _ => continue,
        };
        let children = std::mem::take(&mut raw.children);
        let part = match element {
            "front" => &mut document.front,
            "back" => &mut document.back,
            _ => &mut document.body,
        };
        part.extend(content::container(children, true));
    }
}

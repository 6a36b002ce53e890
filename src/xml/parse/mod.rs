//! A pull parser: the decoded text of an XML file in, events with spans out, or the first place where the text
//! is not well-formed (XML 1.0, Namespaces in XML 1.0). Nothing outside the text is ever read.
//!
//! quick-xml passes over a dozen faults (two roots, control characters, undeclared prefixes, …) and leaves
//! entities to its user; to look for them behind it would be to scan all text twice, so this scans it once.

mod doctype;
mod scan;
mod tag;
mod text;

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

pub use scan::{as_ncname, is_name, is_ncname};

use crate::failure::Failure;
use crate::source::Span;

/// The namespace that the prefix `xml` stands for.
pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of namespace declarations.
pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

/// How far a document may go.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How many elements may be open at once.
    pub depth: usize,
    /// How many bytes all entity references together may expand to.
    pub expansion: usize,
    /// How many attributes one element may have, and how many namespaces may be in scope.
    pub attributes: usize,
    /// How many bytes the text may have.
    pub size: usize,
    /// How many bytes of other files may be included.
    pub inclusion: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 512, expansion: 16 << 20, attributes: 10_000, size: u32::MAX as usize - 1, inclusion: 256 << 20 }
    }
}

/// A name as written, and the namespace it is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'t> {
    qualified: Cow<'t, str>,
    /// Bytes of the prefix with its colon; 0 without a prefix.
    skip: u32,
    /// The namespace; equal ones share their characters. For an attribute without prefix: none.
    pub namespace: Option<Rc<str>>,
}

impl Name<'_> {
    /// The name as written: `xml:id`.
    pub fn qualified(&self) -> &str {
        &self.qualified
    }

    /// The part behind the colon.
    pub fn local(&self) -> &str {
        &self.qualified[self.skip as usize..]
    }

    /// The part before the colon, if there is one.
    pub fn prefix(&self) -> Option<&str> {
        (self.skip > 0).then(|| &self.qualified[..self.skip as usize - 1])
    }

    /// The namespace; empty for none.
    pub fn uri(&self) -> &str {
        self.namespace.as_deref().unwrap_or("")
    }
}

/// One attribute, namespace declarations among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'t> {
    /// Its name.
    pub name: Name<'t>,
    /// Its value, references resolved, white space turned into spaces (XML 1.0 §3.3.3).
    pub value: Cow<'t, str>,
    /// Name, equals sign and value.
    pub span: Span,
}

impl Attribute<'_> {
    /// True for `xmlns` and `xmlns:…`.
    pub fn is_declaration(&self) -> bool {
        self.name.namespace.as_deref() == Some(XMLNS)
    }
}

/// The prefix that an attribute of this name declares (Namespaces in XML 1.0 §3); empty for `xmlns` alone.
pub fn declared_prefix(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("xmlns")?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix(':') }
}

/// What the parser finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'t> {
    /// A start tag, or an empty element: then its end follows as the next event.
    Start {
        /// The element's name.
        name: Name<'t>,
        /// Its attributes in the order of the source, namespace declarations among them.
        attributes: Vec<Attribute<'t>>,
        /// True for `<a/>`.
        empty: bool,
        /// The whole tag.
        span: Span,
    },
    /// An end tag; for an empty element with the span of its tag.
    End {
        /// The element's name.
        name: Name<'t>,
        /// The whole tag.
        span: Span,
    },
    /// All characters up to the next tag, comment or instruction: CDATA sections and references are part of it.
    Text {
        /// The characters, line ends normalized (XML 1.0 §2.11).
        text: Cow<'t, str>,
        /// Where they stand, as written.
        span: Span,
    },
    /// A comment, without its delimiters.
    Comment {
        /// What it says.
        text: Cow<'t, str>,
        /// The whole comment.
        span: Span,
    },
    /// A processing instruction, without its delimiters: target and data.
    Instruction {
        /// What it says.
        text: Cow<'t, str>,
        /// The whole instruction.
        span: Span,
    },
    /// The document type declaration as written, without `<!DOCTYPE` and `>`.
    Doctype {
        /// What it says.
        text: &'t str,
        /// The whole declaration.
        span: Span,
    },
}

/// A text that is being read: the document's own, or that of an entity.
#[derive(Clone, Debug)]
enum Source<'t> {
    Document(&'t str),
    Entity(Arc<str>),
}

impl<'t> Source<'t> {
    fn as_str(&self) -> &str {
        match self {
            Self::Document(text) => text,
            Self::Entity(text) => text,
        }
    }

    /// A piece of the text; borrowed if it is the document's own.
    fn slice(&self, range: std::ops::Range<usize>) -> Cow<'t, str> {
        match self {
            Self::Document(text) => Cow::Borrowed(&text[range]),
            Self::Entity(text) => Cow::Owned(text[range].to_owned()),
        }
    }
}

/// What the text is read from, the innermost entity last.
#[derive(Debug)]
struct Frame<'t> {
    source: Source<'t>,
    at: usize,
    entity: Option<Arc<str>>,
}

/// An element that is open.
#[derive(Debug)]
struct Open<'t> {
    name: Name<'t>,
    /// How many namespace bindings there were before it.
    bindings: usize,
    /// In which frame it was opened.
    frame: usize,
    span: Span,
}

/// A name and the entity it stands for.
#[derive(Clone, Debug)]
enum Entity {
    Internal(Arc<str>),
    External,
}

/// A prefix (empty for the default namespace) and what it stands for.
#[derive(Debug)]
struct Binding<'t> {
    prefix: Cow<'t, str>,
    namespace: Option<Rc<str>>,
}

/// Where the parser stands in the grammar of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Prolog,
    /// A document type declaration was seen.
    Typed,
    Root,
    Epilog,
}

/// Reads one text, event by event.
#[derive(Debug)]
pub struct Parser<'t> {
    limits: Limits,
    file: u32,
    named: Option<fn(&str) -> Option<&'static str>>,
    frames: Vec<Frame<'t>>,
    open: Vec<Open<'t>>,
    bindings: Vec<Binding<'t>>,
    /// How many bindings are left once the end that was handed over last is done with.
    leaving: Option<usize>,
    namespaces: HashMap<String, Rc<str>>,
    xml: Rc<str>,
    xmlns: Rc<str>,
    entities: HashMap<String, Entity>,
    defaults: doctype::Defaults,
    expanded: usize,
    stage: Stage,
    begun: bool,
    /// True if in the document's own text nothing but `&` is written otherwise than it is read.
    even: bool,
    /// The end of an empty element, still to be handed over.
    pending: Option<Event<'t>>,
    /// Memory for the attributes of the next start tag.
    spare: Vec<Attribute<'t>>,
}

impl<'t> Parser<'t> {
    /// A parser at the beginning of a decoded text, with default limits.
    pub fn new(text: &'t str) -> Self {
        Self::with_limits(text, Limits::default())
    }

    /// A parser with limits of its own.
    pub fn with_limits(text: &'t str, limits: Limits) -> Self {
        let (xml, xmlns): (Rc<str>, Rc<str>) = (XML.into(), XMLNS.into());
        Self {
            limits,
            file: 0,
            named: None,
            frames: vec![Frame { source: Source::Document(text), at: 0, entity: None }],
            open: Vec::new(),
            bindings: vec![Binding { prefix: Cow::Borrowed("xml"), namespace: Some(Rc::clone(&xml)) }],
            leaving: None,
            namespaces: HashMap::new(),
            xml,
            xmlns,
            entities: HashMap::new(),
            defaults: doctype::Defaults::default(),
            expanded: 0,
            stage: Stage::Prolog,
            begun: false,
            even: false,
            pending: None,
            spare: Vec::new(),
        }
    }

    /// Gives spans the number of a file.
    #[must_use]
    pub fn in_file(mut self, file: u32) -> Self {
        self.file = file;
        self
    }

    /// Gives a table of entities for names that the document doesn't declare: those of HTML, for a file whose
    /// external DTD would declare them.
    #[must_use]
    pub fn with_entities(mut self, named: fn(&str) -> Option<&'static str>) -> Self {
        self.named = Some(named);
        self
    }

    /// Takes the memory of attributes back that were looked at, for those of the next start tag.
    pub fn reuse(&mut self, mut attributes: Vec<Attribute<'t>>) {
        attributes.clear();
        if attributes.capacity() > self.spare.capacity() {
            self.spare = attributes;
        }
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The offset in the document's text of what comes next.
    pub fn offset(&self) -> usize {
        self.frames[0].at
    }

    /// The namespace that a prefix stands for here; the empty prefix is the default namespace. Behind a start or an
    /// end of an element, here is that element.
    pub fn namespace(&self, prefix: &str) -> Option<&Rc<str>> {
        let binding = self.bindings.iter().rev().find(|binding| binding.prefix == prefix)?;
        binding.namespace.as_ref()
    }

    /// The next event; `None` at the end of a well-formed document.
    ///
    /// # Errors
    /// [`Failure::NotWellFormed`] at the first fault, [`Failure::Limit`] beyond a limit. After a failure there
    /// is nothing more to be had.
    #[allow(clippy::should_implement_trait, reason = "a failure ends the document, which an iterator can't say")]
    pub fn next(&mut self) -> Result<Option<Event<'t>>, Failure> {
        if let Some(bindings) = self.leaving.take() {
            self.bindings.truncate(bindings);
        }
        if let Some(event) = self.pending.take() {
            self.close();
            return Ok(Some(event));
        }
        if !self.begun {
            self.begin()?;
        }
        loop {
            if self.stage == Stage::Root
                && let Some((text, span)) = self.plain_characters()
            {
                return Ok(Some(Event::Text { text: Cow::Borrowed(text), span }));
            }
            let (source, at) = self.here();
            let text = source.as_str();
            if self.stage == Stage::Root {
                if !text[at..].starts_with('<') || text[at..].starts_with("<![CDATA[") {
                    match self.characters()? {
                        Some(event) => return Ok(Some(event)),
                        None => continue,
                    }
                }
            } else if !self.between(text, at)? {
                return Ok(None);
            }
            return self.markup();
        }
    }

    /// Reads what starts with `<`. There always is an event; it is wrapped here so that it is put where it is wanted
    /// at once, and not moved from function to function.
    fn markup(&mut self) -> Result<Option<Event<'t>>, Failure> {
        let (source, at) = self.here();
        let rest = &source.as_str()[at..];
        if rest.starts_with("</") {
            self.end_tag(&source, at)
        } else if rest.starts_with("<!--") {
            self.comment(&source, at)
        } else if rest.starts_with("<?") {
            self.instruction(&source, at)
        } else if rest.starts_with("<!DOCTYPE") {
            self.doctype(&source, at)
        } else if rest.starts_with("<![CDATA[") {
            self.fault(at, 9, "a CDATA section outside the root element")
        } else if rest.starts_with("<!") {
            self.fault(at, 2, "`<!` that begins neither a comment nor a CDATA section")
        } else {
            self.start_tag(&source, at)
        }
    }

    /// Skips the XML declaration.
    fn begin(&mut self) -> Result<(), Failure> {
        self.begun = true;
        let (source, _) = self.here();
        let text = source.as_str();
        if text.len() > self.limits.size {
            return self.beyond(0, format!("the text has more than {} bytes (--max-size raises it)", self.limits.size));
        }
        if text.starts_with("<?xml") && text[5..].starts_with(scan::is_space) {
            let Some(end) = text.find("?>") else { return self.fault(0, 5, "the XML declaration is not closed") };
            let body = text[5..end].trim_start_matches(scan::is_space);
            if !body.starts_with("version") {
                return self.fault(0, end + 2, "the XML declaration states no version");
            }
            self.frames[0].at = end + 2;
        }
        self.even = scan::is_even(text);
        Ok(())
    }

    /// Skips white space outside the root element; false at the end of the text.
    fn between(&mut self, text: &str, at: usize) -> Result<bool, Failure> {
        let rest = text[at..].trim_start_matches(scan::is_space);
        let at = text.len() - rest.len();
        self.frames[0].at = at;
        if rest.starts_with('<') {
            return Ok(true);
        }
        if rest.is_empty() {
            return if self.stage == Stage::Epilog {
                Ok(false)
            } else {
                self.fault(at, 0, "the document has no root element")
            };
        }
        let length = rest.find('<').unwrap_or(rest.len()).min(40);
        self.fault(at, length, "text outside the root element")
    }

    /// The innermost source and the offset in it.
    fn here(&self) -> (Source<'t>, usize) {
        match self.frames.last() {
            Some(frame) => (frame.source.clone(), frame.at),
            None => (Source::Document(""), 0),
        }
    }

    fn advance(&mut self, to: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.at = to;
        }
    }

    /// A span in the innermost source; within an entity it is that of the reference.
    fn span(&self, start: usize, end: usize) -> Span {
        let span = match self.frames.as_slice() {
            [_] => Span::new(start, end),
            // The reference was passed when the entity began.
            [document, entity, ..] => {
                let name = entity.entity.as_deref().map_or(0, |name| name.len() + 2);
                Span::new(document.at.saturating_sub(name), document.at)
            }
            [] => Span::default(),
        };
        Span { file: self.file, ..span }
    }

    fn fault<T>(&self, at: usize, length: usize, message: impl Into<String>) -> Result<T, Failure> {
        Err(Failure::NotWellFormed { message: message.into(), span: self.span(at, at + length) })
    }

    fn beyond<T>(&self, at: usize, message: impl Into<String>) -> Result<T, Failure> {
        Err(Failure::Limit { message: message.into(), span: self.span(at, at) })
    }
}

#[cfg(test)]
mod tests;

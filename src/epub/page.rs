//! A content document as a tree: by the rules of XML if it keeps them, else by those of HTML, which take anything.

use std::borrow::Cow;

use compact_str::CompactString;

use super::soup;
use crate::failure::Failure;
use crate::source::{self, Span};
use crate::tei;
use crate::xml::decode;
use crate::xml::parse::{Event, Limits, Parser};

/// The namespace of XHTML.
pub const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// The namespace of DTBook, whose elements mostly are those of XHTML (OPS 2.0.1 §2.5).
const DTBOOK: &str = "http://www.daisy.org/z3986/2005/dtbook/";

/// Elements may stand this deep one within another.
pub const DEEPEST: usize = 200;

/// An element.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Its local name, small letters for XHTML.
    pub name: CompactString,
    /// Its namespace, if that is not XHTML's.
    pub namespace: Option<CompactString>,
    /// Its attributes as written, prefixes included.
    pub attributes: Vec<(CompactString, CompactString)>,
    /// What it holds.
    pub children: Vec<Node>,
    /// From the beginning of its start tag to the end of its end tag, as far as that is known.
    pub span: Span,
    /// Its number in the order of the document.
    pub number: u32,
}

/// A child of an element.
#[derive(Clone, Debug)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Characters and where they stand: see `Page::text_spans`.
    Text(String, Span),
    /// A comment.
    Comment(String),
    /// A processing instruction.
    Instruction(String),
}

impl Node {
    /// True for what a reader sees something of: an element, or characters that are not all white space.
    pub fn is_printed(&self) -> bool {
        match self {
            Self::Text(text, _) => !text.trim().is_empty(),
            Self::Element(_) => true,
            Self::Comment(_) | Self::Instruction(_) => false,
        }
    }
}

impl Element {
    /// The value of an attribute by its name as written.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// True for an element of XHTML with this name.
    pub fn is(&self, name: &str) -> bool {
        self.namespace.is_none() && self.name == name
    }

    /// The words of a class, type or role attribute.
    pub fn words<'e>(&'e self, name: &str) -> impl Iterator<Item = &'e str> {
        self.get(name).unwrap_or_default().split_ascii_whitespace()
    }

    /// True if the class has this word.
    pub fn has_class(&self, word: &str) -> bool {
        self.words("class").any(|have| have == word)
    }

    /// The child elements.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// All characters within.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        text
    }

    fn collect(&self, text: &mut String) {
        for child in &self.children {
            match child {
                Node::Text(characters, _) => text.push_str(characters),
                Node::Element(element) => element.collect(text),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// The first element of XHTML with this name, itself included, in the order of the document.
    pub fn find(&self, name: &str) -> Option<&Self> {
        if self.is(name) {
            return Some(self);
        }
        self.elements().find_map(|child| child.find(name))
    }
}

/// A content document.
#[derive(Clone, Debug)]
pub struct Page {
    /// The root element.
    pub root: Element,
    /// What kept it from being read as XML: what, and in which line.
    pub fault: Option<(String, usize)>,
    /// The encoding, if it was guessed.
    pub guessed: Option<&'static str>,
    /// The namespace of the root, an `html`, if that is none that a content document may have; it was taken for XHTML's.
    pub mistaken: Option<CompactString>,
    /// The decoded text's line starts, for spans.
    lines: Vec<u32>,
}

impl Page {
    /// Reads a content document. Where it is XML, a span's offsets are those of the decoded text; else they count the
    /// bytes of all characters of the document in order.
    ///
    /// # Errors
    /// [`Failure::Limit`] if elements stand too deep one within another.
    pub fn read(bytes: &[u8], file: u32) -> Result<Self, Failure> {
        let (text, guessed) = decoded(bytes);
        let lines = lines(&text);
        let mut page = Self { root: Element::default(), fault: None, guessed, mistaken: None, lines };
        match as_xml(&text, file) {
            Ok((root, mistaken)) => (page.root, page.mistaken) = (root, mistaken),
            Err(Failure::NotWellFormed { message, span }) => {
                page.fault = Some((message, page.line(span)));
                page.root = soup::parse(&text, file)?;
                page.lines.clear();
            }
            Err(failure) => return Err(failure),
        }
        number(&mut page.root, &mut 0);
        Ok(page)
    }

    /// Reads another file of the package, which must be XML but for ampersands that stand for themselves.
    ///
    /// # Errors
    /// [`Failure::NotWellFormed`], [`Failure::Encoding`] or [`Failure::Limit`].
    pub fn xml(bytes: &[u8]) -> Result<Self, Failure> {
        let (text, guessed) = decoded(bytes);
        let lines = lines(&text);
        let mut page = Self { root: Element::default(), fault: None, guessed, mistaken: None, lines };
        (page.root, _) = match as_xml(&text, 0) {
            Err(Failure::NotWellFormed { message, span }) => {
                page.fault = Some((message.clone(), page.line(span)));
                as_xml(&mended(&text), 0).map_err(|_| Failure::NotWellFormed { message, span })?
            }
            root => root?,
        };
        Ok(page)
    }

    /// The line in which a span begins, from 1; 0 if that is not known.
    pub fn line(&self, span: Span) -> usize {
        self.lines.partition_point(|&start| start <= span.start)
    }
}

fn lines(text: &str) -> Vec<u32> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes());
    std::iter::once(0).chain(ends.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX))).collect()
}

/// The text with each ampersand that begins no reference escaped.
fn mended(text: &str) -> String {
    let mut mended = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at(at + 1);
        mended.push_str(before);
        let end = after.find(|it: char| !it.is_ascii_alphanumeric() && it != '#');
        let name = &after[..end.unwrap_or(after.len())];
        let known = name.starts_with('#')
            || matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")
            || tei::entity(name).is_some();
        if !(known && end.is_some_and(|end| after[end..].starts_with(';'))) {
            mended.push_str("amp;");
        }
        rest = after;
    }
    mended.push_str(rest);
    mended
}

fn number(element: &mut Element, next: &mut u32) {
    element.number = *next;
    *next += 1;
    for child in &mut element.children {
        if let Node::Element(element) = child {
            number(element, next);
        }
    }
}

/// The text of a file: as XML states it, else guessed.
fn decoded(bytes: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    match decode(bytes) {
        Ok(text) => (text, None),
        Err(_) => {
            let decoded = source::decode(bytes);
            (decoded.text, Some(decoded.encoding))
        }
    }
}

/// The root element, and its namespace if that is none for an `html`.
fn as_xml(text: &str, file: u32) -> Result<(Element, Option<CompactString>), Failure> {
    let limits = Limits { depth: DEEPEST, ..Limits::default() };
    let mut parser = Parser::with_limits(text, limits).with_entities(tei::entity).in_file(file);
    let mut open: Vec<Element> = Vec::new();
    let mut mistaken: Option<CompactString> = None;
    while let Some(event) = parser.next()? {
        match event {
            Event::Start { name, attributes, span, .. } => {
                let known = matches!(name.uri(), XHTML | DTBOOK | "");
                if open.is_empty() && !known && name.local().eq_ignore_ascii_case("html") {
                    mistaken = Some(name.uri().into());
                }
                let ours = known || mistaken.as_deref() == Some(name.uri());
                let attributes = attributes
                    .iter()
                    .filter(|attribute| !attribute.is_declaration())
                    .map(|attribute| (attribute.name.qualified().into(), attribute.value.as_ref().into()))
                    .collect();
                let local = name.local();
                let capital = ours && local.bytes().any(|byte| byte.is_ascii_uppercase());
                open.push(Element {
                    name: if capital { local.to_ascii_lowercase().into() } else { local.into() },
                    namespace: (!ours).then(|| name.uri().into()),
                    attributes,
                    children: Vec::new(),
                    span,
                    number: 0,
                });
            }
            Event::End { span, .. } => {
                let Some(mut element) = open.pop() else { continue };
                element.span.end = span.end;
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(element)),
                    None => return Ok((element, mistaken)),
                }
            }
            Event::Text { text, span } => push(&mut open, Node::Text(text.into_owned(), span)),
            Event::Comment { text, .. } => push(&mut open, Node::Comment(text.into_owned())),
            Event::Instruction { text, .. } => push(&mut open, Node::Instruction(text.into_owned())),
            Event::Doctype { .. } => {}
        }
    }
    Err(Failure::NotWellFormed { message: "there is no root element".to_owned(), span: Span::default() })
}

fn push(open: &mut [Element], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

//! The XML of a file as a tree. In: decoded text. Out: the root and what stands round it. Within the parts of a
//! text an element whose meaning doesn't hang on its neighbours becomes a block as soon as it is closed, so that
//! no text is ever held as a whole in both forms.

use std::sync::Arc;

use compact_str::CompactString;
use thin_vec::ThinVec;

use super::include::{self, Includer};
use super::{content, images};
use crate::failure::Failure;
use crate::model::{Attribute, Attributes, Foreign, Inline, Namespace, QName};
use crate::source::Span;
use crate::tei::{self, Kind, NAMESPACE};
use crate::xml::parse::{Event, Name, Parser, XML};
use crate::xml::{Element, Node, is_space};

/// An element as it stood.
#[derive(Debug)]
pub(super) struct Raw {
    /// Its name; without a namespace if it is TEI's and has the prefix that the file uses for TEI.
    pub(super) name: QName,
    /// True for an element of TEI.
    pub(super) ours: bool,
    /// What the element is; nothing at all for one that is not of TEI.
    pub(super) kind: Kind,
    pub(super) attributes: Attributes,
    pub(super) children: Vec<Child>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum Child {
    /// Text, a comment or instruction, and whatever element is the same wherever it stands; one that is a block
    /// is nested.
    Inline(Inline),
    /// An element whose meaning hangs on its neighbours, or one that is only carried.
    Element(Box<Raw>),
}

impl Raw {
    /// The local name of an element of TEI; empty for any other.
    pub(super) fn local(&self) -> &str {
        if self.ours { &self.name.local } else { "" }
    }

    /// An element of the same name with nothing in it.
    pub(super) fn emptied(&self) -> Self {
        Self {
            name: self.name.clone(),
            ours: self.ours,
            kind: self.kind,
            attributes: Attributes::default(),
            children: Vec::new(),
            span: self.span,
        }
    }

    /// As a tree that is only carried.
    pub(super) fn into_element(self) -> Element {
        let mut children = Vec::with_capacity(self.children.len());
        children.extend(self.children.into_iter().filter_map(Child::into_node));
        Element { name: self.name, attributes: self.attributes, children }
    }
}

impl Child {
    /// True for characters.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Inline(Inline::Text(_)))
    }

    fn comment(text: String) -> Self {
        Self::Inline(Inline::Foreign(Box::new(Foreign::Comment(text))))
    }

    fn instruction(text: String) -> Self {
        Self::Inline(Inline::Foreign(Box::new(Foreign::Instruction(text))))
    }

    /// As a tree that is only carried. Something is made of elements within the parts of a text alone, and none of
    /// these is carried.
    fn into_node(self) -> Option<Node> {
        Some(match self {
            Self::Inline(Inline::Text(text)) => Node::Text(text),
            Self::Inline(Inline::Foreign(foreign)) => match *foreign {
                Foreign::Comment(text) => Node::Comment(text),
                Foreign::Instruction(text) => Node::Instruction(text),
                Foreign::Element { .. } => return None,
            },
            Self::Inline(_) => return None,
            Self::Element(raw) => Node::Element(raw.into_element()),
        })
    }
}

/// `xml:lang`.
pub(super) fn language(raw: &Raw) -> Option<&str> {
    xml_attribute(raw, "lang")
}

/// `xml:id`.
pub(super) fn id(raw: &Raw) -> Option<&str> {
    xml_attribute(raw, "id")
}

fn xml_attribute<'r>(raw: &'r Raw, local: &str) -> Option<&'r str> {
    let found = raw.attributes.0.iter().find(|attribute| {
        attribute.name.local == local && attribute.name.namespace.as_ref().is_some_and(|namespace| namespace.uri == XML)
    })?;
    Some(&found.value)
}

/// A whole file.
pub(super) struct File {
    pub(super) doctype: Option<String>,
    pub(super) prolog: Vec<Node>,
    /// The prefix of the root element.
    pub(super) prefix: CompactString,
    pub(super) root: Raw,
    pub(super) epilog: Vec<Node>,
    /// True if an image is called that may lie in the document's folder.
    pub(super) images: bool,
}

/// Where in a file an element stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// In nothing but `TEI` and `teiCorpus`, if in anything.
    Outside,
    /// Directly in such a `text`.
    Text,
    /// In front, body, group or back of such a text.
    Part,
    /// Anywhere else: what stands here is carried.
    Carried,
}

impl Place {
    /// The place of what stands in an element that stands here.
    fn within(self, element: &str) -> Self {
        match (self, element) {
            (Self::Outside, "TEI" | "teiCorpus") => Self::Outside,
            (Self::Outside, "text") => Self::Text,
            (Self::Text, "front" | "body" | "group" | "back") | (Self::Part, _) => Self::Part,
            (Self::Outside | Self::Text | Self::Carried, _) => Self::Carried,
        }
    }
}

pub(super) struct Builder<'p, 'r, 't> {
    parser: &'p mut Parser<'t>,
    /// Resolves inclusions; none if they are to stay as they are.
    includer: Option<&'p mut Includer<'r>>,
    /// Where everything is said to stand: in an included file, where it is included.
    shown: Option<Span>,
    /// The namespace of the root, if it is TEI's or none.
    home: CompactString,
    prefix: CompactString,
    namespaces: Vec<Arc<Namespace>>,
    /// The children so far of all elements that are open, those of the innermost last. Each element takes its own
    /// when it is closed, in a piece of memory that is just large enough.
    children: Vec<Child>,
    /// True if an image is called that may lie in the document's folder.
    images: bool,
}

/// Reads a whole file.
pub(super) fn file(parser: &mut Parser<'_>, includer: Option<&mut Includer<'_>>) -> Result<Option<File>, Failure> {
    let mut builder = Builder::new(parser, includer);
    let (mut doctype, mut prolog, mut root, mut epilog) = (None, Vec::new(), None, Vec::new());
    while let Some(event) = builder.parser.next()? {
        let around = if root.is_none() { &mut prolog } else { &mut epilog };
        match event {
            Event::Doctype { text, .. } => doctype = Some(text.to_owned()),
            Event::Comment { text, .. } => around.push(Node::Comment(text.into_owned())),
            Event::Instruction { text, .. } => around.push(Node::Instruction(text.into_owned())),
            Event::Start { name, attributes, span, .. } => {
                builder.at_home(&name);
                root = Some(builder.element(&name, attributes, span, Place::Outside)?);
            }
            Event::Text { .. } | Event::End { .. } => {}
        }
    }
    let Builder { prefix, images, .. } = builder;
    Ok(root.map(|root| File { doctype, prolog, prefix, root, epilog, images }))
}

impl<'p, 'r, 't> Builder<'p, 'r, 't> {
    fn new(parser: &'p mut Parser<'t>, includer: Option<&'p mut Includer<'r>>) -> Self {
        Self {
            parser,
            includer,
            shown: None,
            home: CompactString::default(),
            prefix: CompactString::default(),
            namespaces: Vec::new(),
            children: Vec::new(),
            images: false,
        }
    }

    /// For a file that is included at `shown`.
    pub(super) fn within(parser: &'p mut Parser<'t>, includer: &'p mut Includer<'r>, shown: Span) -> Self {
        Self { shown: Some(shown), ..Self::new(parser, Some(includer)) }
    }

    /// The root of an included file. Nothing is made of it yet.
    pub(super) fn root(
        &mut self,
        name: &Name<'t>,
        attributes: Vec<crate::xml::parse::Attribute<'t>>,
        span: Span,
    ) -> Result<Raw, Failure> {
        self.at_home(name);
        self.element(name, attributes, span, Place::Carried)
    }

    /// Takes the namespace and the prefix of the root as those of TEI.
    fn at_home(&mut self, root: &Name<'t>) {
        self.home = if root.uri().is_empty() { "".into() } else { NAMESPACE.into() };
        self.prefix = root.prefix().unwrap_or_default().into();
    }

    fn element(
        &mut self,
        name: &Name<'t>,
        mut attributes: Vec<crate::xml::parse::Attribute<'t>>,
        span: Span,
        place: Place,
    ) -> Result<Raw, Failure> {
        let ours = name.uri() == self.home;
        let name = if ours && name.prefix().unwrap_or_default() == self.prefix {
            QName::plain(name.local())
        } else {
            self.foreign(name)
        };
        let mut kept = ThinVec::with_capacity(attributes.len());
        for attribute in attributes.drain(..) {
            kept.push(Attribute { name: self.attribute_name(&attribute.name), value: attribute.value.into() });
        }
        self.parser.reuse(attributes);
        let shown = self.shown.unwrap_or(span);
        let kind = if ours { tei::kind(&name.local) } else { Kind::default() };
        let mut raw = Raw { name, ours, kind, attributes: Attributes(kept), children: Vec::new(), span: shown };
        if raw.local() == "graphic" {
            self.images |= raw.attributes.get("url").is_some_and(images::may_be_nearby);
        }
        let inner = place.within(raw.local());
        // What is a block wherever it stands, and holds blocks alone, has no use for the white space between them.
        let spaced = place == Place::Part && kind.stands_alone && kind.holds_no_text;
        let first = self.children.len();
        while let Some(event) = self.parser.next()? {
            let child = match event {
                Event::Start { name, attributes, span, .. } => {
                    let raw = self.element(&name, attributes, span, inner)?;
                    if let Some(includer) = self.includer.as_mut().filter(|_| include::is_xinclude(&raw, "include")) {
                        self.children.extend(includer.resolve(raw, span)?);
                        continue;
                    }
                    match inner == Place::Part {
                        true if raw.kind.stands_alone => Child::Inline(Inline::Nested(Box::new(content::block(raw)))),
                        true if raw.kind.is_inline => Child::Inline(content::inline(raw)),
                        _ => Child::Element(Box::new(raw)),
                    }
                }
                Event::End { .. } => break,
                Event::Text { text, .. } if spaced && is_space(&text) => continue,
                Event::Text { text, .. } => Child::Inline(Inline::Text(text.into_owned())),
                Event::Comment { text, .. } => Child::comment(text.into_owned()),
                Event::Instruction { text, .. } => Child::instruction(text.into_owned()),
                Event::Doctype { .. } => continue,
            };
            self.children.push(child);
        }
        raw.children = self.children.split_off(first);
        Ok(raw)
    }

    fn attribute_name(&mut self, name: &Name<'t>) -> QName {
        match name.prefix() {
            Some(_) => self.foreign(name),
            None => QName::plain(name.local()),
        }
    }

    fn foreign(&mut self, name: &Name<'t>) -> QName {
        let (prefix, uri) = (name.prefix().unwrap_or_default(), name.uri());
        let known = self.namespaces.iter().find(|known| known.prefix == prefix && known.uri == uri);
        let namespace = match known {
            Some(known) => Arc::clone(known),
            None => {
                let namespace = Arc::new(Namespace { prefix: prefix.into(), uri: uri.into() });
                self.namespaces.push(Arc::clone(&namespace));
                namespace
            }
        };
        QName { local: name.local().into(), namespace: Some(namespace) }
    }
}

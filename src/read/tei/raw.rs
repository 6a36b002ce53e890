//! The XML of a file as a tree. In: decoded text. Out: the root and what stands round it. Within the parts of a
//! text an element whose meaning doesn't hang on its neighbours becomes a block as soon as it is closed, so that
//! no text is ever held as a whole in both forms.

use std::sync::Arc;

use compact_str::CompactString;

use super::content;
use crate::failure::Failure;
use crate::model::{Attribute, Attributes, Block, Namespace, QName};
use crate::source::Span;
use crate::tei::NAMESPACE;
use crate::xml::parse::{Event, Name, Parser, XML};
use crate::xml::{Element, Node};

/// An element as it stood.
#[derive(Debug)]
pub(super) struct Raw {
    /// Its name; without a namespace if it is TEI's and has the prefix that the file uses for TEI.
    pub(super) name: QName,
    /// True for an element of TEI.
    pub(super) ours: bool,
    pub(super) attributes: Attributes,
    pub(super) children: Vec<Child>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum Child {
    Text(String),
    Element(Raw),
    /// An element of which a block was made.
    Block(Box<Block>),
    Comment(String),
    Instruction(String),
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
    /// As a tree that is only carried. Blocks are made within the parts of a text alone, and none of these is
    /// carried.
    fn into_node(self) -> Option<Node> {
        Some(match self {
            Self::Text(text) => Node::Text(text),
            Self::Element(raw) => Node::Element(raw.into_element()),
            Self::Comment(text) => Node::Comment(text),
            Self::Instruction(text) => Node::Instruction(text),
            Self::Block(_) => return None,
        })
    }
}

/// `xml:lang`.
pub(super) fn language(raw: &Raw) -> Option<&str> {
    let found = raw.attributes.0.iter().find(|attribute| {
        attribute.name.local == "lang"
            && attribute.name.namespace.as_ref().is_some_and(|namespace| namespace.uri == XML)
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

struct Builder<'p, 't> {
    parser: &'p mut Parser<'t>,
    /// The namespace of the root, if it is TEI's or none.
    home: CompactString,
    prefix: CompactString,
    namespaces: Vec<Arc<Namespace>>,
    /// The children so far of all elements that are open, those of the innermost last. Each element takes its own
    /// when it is closed, in a piece of memory that is just large enough.
    children: Vec<Child>,
}

/// Reads a whole file.
pub(super) fn file(parser: &mut Parser<'_>) -> Result<Option<File>, Failure> {
    let mut builder = Builder {
        parser,
        home: CompactString::default(),
        prefix: CompactString::default(),
        namespaces: Vec::new(),
        children: Vec::new(),
    };
    let (mut doctype, mut prolog, mut root, mut epilog) = (None, Vec::new(), None, Vec::new());
    while let Some(event) = builder.parser.next()? {
        let around = if root.is_none() { &mut prolog } else { &mut epilog };
        match event {
            Event::Doctype { text, .. } => doctype = Some(text.to_owned()),
            Event::Comment { text, .. } => around.push(Node::Comment(text.into_owned())),
            Event::Instruction { text, .. } => around.push(Node::Instruction(text.into_owned())),
            Event::Start { name, attributes, span, .. } => {
                builder.home = if name.uri().is_empty() { "".into() } else { NAMESPACE.into() };
                builder.prefix = name.prefix().unwrap_or_default().into();
                root = Some(builder.element(&name, attributes, span, Place::Outside)?);
            }
            Event::Text { .. } | Event::End { .. } => {}
        }
    }
    let prefix = builder.prefix;
    Ok(root.map(|root| File { doctype, prolog, prefix, root, epilog }))
}

impl<'t> Builder<'_, 't> {
    fn element(
        &mut self,
        name: &Name<'t>,
        attributes: Vec<crate::xml::parse::Attribute<'t>>,
        span: Span,
        place: Place,
    ) -> Result<Raw, Failure> {
        let ours = name.uri() == self.home;
        let name = if ours && name.prefix().unwrap_or_default() == self.prefix {
            QName::plain(name.local())
        } else {
            self.foreign(name)
        };
        let mut kept = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            kept.push(Attribute { name: self.attribute_name(&attribute.name), value: attribute.value.into() });
        }
        let mut raw = Raw { name, ours, attributes: Attributes(kept), children: Vec::new(), span };
        let inner = place.within(raw.local());
        let first = self.children.len();
        while let Some(event) = self.parser.next()? {
            let child = match event {
                Event::Start { name, attributes, span, .. } => {
                    let raw = self.element(&name, attributes, span, inner)?;
                    match inner == Place::Part && content::stands_alone(raw.local()) {
                        true => Child::Block(Box::new(content::block(raw))),
                        false => Child::Element(raw),
                    }
                }
                Event::End { .. } => break,
                Event::Text { text, .. } => Child::Text(text.into_owned()),
                Event::Comment { text, .. } => Child::Comment(text.into_owned()),
                Event::Instruction { text, .. } => Child::Instruction(text.into_owned()),
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

//! An XML file as a tree of elements in one list, in document order, with the places of their tags.

use std::borrow::Cow;

use crate::failure::Failure;
use crate::source::Span;
use crate::xml::parse::{Attribute, Event, Name, Parser, XML, declared_prefix};

/// What an element holds, in order.
#[derive(Debug)]
pub(super) enum Child<'t> {
    /// An element, by its number.
    Element(usize),
    /// Characters.
    Text(Cow<'t, str>, Span),
}

/// An element and its place in the tree.
#[derive(Debug)]
pub(super) struct Element<'t> {
    pub(super) name: Name<'t>,
    pub(super) attributes: Vec<Attribute<'t>>,
    /// The start tag, and the end tag.
    pub(super) span: Span,
    pub(super) end: Span,
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<Child<'t>>,
}

impl Element<'_> {
    /// True if the element has this name in this namespace.
    pub(super) fn is(&self, uri: &str, local: &str) -> bool {
        self.name.local() == local && self.name.uri() == uri
    }

    /// The local name if the element is in this namespace, else nothing.
    pub(super) fn within(&self, uri: &str) -> &str {
        if self.name.uri() == uri { self.name.local() } else { "" }
    }

    /// The attribute of this name without namespace.
    pub(super) fn attribute(&self, local: &str) -> Option<&Attribute<'_>> {
        self.attributes.iter().find(|attribute| attribute.name.qualified() == local)
    }

    /// The attribute of this name in a namespace.
    pub(super) fn attribute_of(&self, uri: &str, local: &str) -> Option<&Attribute<'_>> {
        self.attributes.iter().find(|attribute| attribute.name.local() == local && attribute.name.uri() == uri)
    }

    /// The value of an attribute without namespace, trimmed.
    pub(super) fn get(&self, local: &str) -> Option<&str> {
        self.attribute(local).map(|attribute| attribute.value.trim())
    }

    /// The value of an attribute in a namespace, trimmed.
    pub(super) fn get_of(&self, uri: &str, local: &str) -> Option<&str> {
        self.attribute_of(uri, local).map(|attribute| attribute.value.trim())
    }
}

/// A whole file, or what of it comes before its first fault.
#[derive(Debug, Default)]
pub(super) struct Tree<'t> {
    /// All elements; the root is the first.
    pub(super) elements: Vec<Element<'t>>,
    /// What `<!DOCTYPE` says.
    pub(super) doctype: Option<(&'t str, Span)>,
    /// Processing instructions before the root.
    pub(super) instructions: Vec<(Cow<'t, str>, Span)>,
    /// Why the file could not be read to its end.
    pub(super) failure: Option<Failure>,
}

/// The elements that are open.
#[derive(Default)]
struct Open<'t> {
    /// Their numbers, and where in `children` those of each begin.
    elements: Vec<(usize, usize)>,
    /// The children so far of all of them, those of the innermost last.
    children: Vec<Child<'t>>,
}

impl<'t> Tree<'t> {
    /// Reads a file; `named` gives characters for entities that its external DTD would declare.
    pub(super) fn read(text: &'t str, named: Option<fn(&str) -> Option<&'static str>>) -> Self {
        let mut tree = Self::default();
        let mut parser = Parser::new(text);
        if let Some(named) = named {
            parser = parser.with_entities(named);
        }
        let mut open = Open::default();
        loop {
            match parser.next() {
                Ok(Some(Event::Start { name, mut attributes, span, .. })) => {
                    // In a piece of memory that is just large enough.
                    let own = Vec::from_iter(attributes.drain(..));
                    parser.reuse(attributes);
                    tree.begin(name, own, span, &mut open);
                }
                Ok(Some(event)) => tree.take(event, &mut open),
                Ok(None) => return tree,
                Err(failure) => {
                    while tree.close(&mut open).is_some() {}
                    tree.failure = Some(failure);
                    return tree;
                }
            }
        }
    }

    fn begin(&mut self, name: Name<'t>, attributes: Vec<Attribute<'t>>, span: Span, open: &mut Open<'t>) {
        let at = self.elements.len();
        let parent = open.elements.last().map(|(at, _)| *at);
        if parent.is_some() {
            open.children.push(Child::Element(at));
        }
        self.elements.push(Element { name, attributes, span, end: span, parent, children: Vec::new() });
        open.elements.push((at, open.children.len()));
    }

    /// Gives the innermost open element what it holds.
    fn close(&mut self, open: &mut Open<'t>) -> Option<&mut Element<'t>> {
        let (at, first) = open.elements.pop()?;
        let element = &mut self.elements[at];
        element.children = open.children.drain(first..).collect();
        Some(element)
    }

    fn take(&mut self, event: Event<'t>, open: &mut Open<'t>) {
        match event {
            Event::End { span, .. } => {
                if let Some(element) = self.close(open) {
                    element.end = span;
                }
            }
            Event::Text { text, span } => {
                if !open.elements.is_empty() {
                    open.children.push(Child::Text(text, span));
                }
            }
            Event::Doctype { text, span } => self.doctype = Some((text, span)),
            Event::Instruction { text, span } => {
                if self.elements.is_empty() {
                    self.instructions.push((text, span));
                }
            }
            Event::Start { .. } | Event::Comment { .. } => {}
        }
    }

    /// The outermost element.
    pub(super) fn root(&self) -> Option<&Element<'t>> {
        self.elements.first()
    }

    /// The elements in an element, one level down.
    pub(super) fn children(&self, at: usize) -> impl Iterator<Item = (usize, &Element<'t>)> {
        self.elements[at].children.iter().filter_map(|child| match child {
            Child::Element(at) => Some((*at, &self.elements[*at])),
            Child::Text(..) => None,
        })
    }

    /// The elements around an element, the nearest first.
    pub(super) fn ancestors(&self, at: usize) -> impl Iterator<Item = &Element<'t>> {
        std::iter::successors(self.elements[at].parent, |at| self.elements[*at].parent).map(|at| &self.elements[at])
    }

    /// The namespace of a prefix in an element.
    pub(super) fn namespace(&self, at: usize, prefix: &str) -> Option<&str> {
        if prefix == "xml" {
            return Some(XML);
        }
        let declares = |attribute: &&Attribute<'_>| declared_prefix(attribute.name.qualified()) == Some(prefix);
        let elements = std::iter::once(&self.elements[at]).chain(self.ancestors(at));
        let mut declared = elements.filter_map(|element| element.attributes.iter().find(declares));
        declared.next().map(|attribute| &*attribute.value).filter(|uri| !uri.is_empty())
    }

    /// All characters in an element and the elements in it.
    pub(super) fn text(&self, at: usize) -> String {
        let mut out = String::new();
        let mut open = vec![self.elements[at].children.iter()];
        while let Some(children) = open.last_mut() {
            match children.next() {
                Some(Child::Text(text, _)) => out.push_str(text),
                Some(Child::Element(at)) => open.push(self.elements[*at].children.iter()),
                None => {
                    open.pop();
                }
            }
        }
        out
    }

    /// The number of the last element within an element, which is its own if there is none.
    pub(super) fn last_within(&self, mut at: usize) -> usize {
        while let Some(Child::Element(last)) =
            self.elements[at].children.iter().rev().find(|child| matches!(child, Child::Element(_)))
        {
            at = *last;
        }
        at
    }
}

//! The file round a text as XML of its own, for formats that have no words for it: a small TEI file whose front,
//! body and back are empty. The TEI reader gives the frame back.

use std::borrow::Cow;
use std::io;

use crate::model::{Frame, QName};
use crate::xml::emit::Emitter;
use crate::xml::{Element, Node};

/// The file round a text, its header in its place, as it was read.
///
/// # Errors
/// None that memory doesn't give.
pub fn xml(frame: &Frame, header: Option<&Element>) -> io::Result<String> {
    let mut print = Print { xml: Emitter::new(Vec::new()), prefix: &frame.prefix, header };
    frame.prolog.iter().try_for_each(|node| print.node(node, false))?;
    if let Some(doctype) = &frame.doctype {
        print.xml.raw(&format!("<!DOCTYPE{}{doctype}>", if doctype.starts_with(' ') { "" } else { " " }))?;
    }
    print.element(&frame.root, true)?;
    frame.epilog.iter().try_for_each(|node| print.node(node, false))?;
    String::from_utf8(print.xml.finish()?).map_err(io::Error::other)
}

struct Print<'f> {
    xml: Emitter<Vec<u8>>,
    /// The prefix of TEI's names.
    prefix: &'f str,
    /// The header, until it was written.
    header: Option<&'f Element>,
}

impl Print<'_> {
    fn node(&mut self, node: &Node, of_root: bool) -> io::Result<()> {
        match node {
            Node::Element(element) if of_root && element.name.is_plain("teiHeader") => {
                let header = self.header.take().unwrap_or(element);
                self.element(header, false)
            }
            Node::Element(element) => self.element(element, false),
            Node::Text(text) => self.xml.text(text),
            Node::Comment(text) => self.xml.comment(text),
            Node::Instruction(text) => self.xml.instruction(text),
        }
    }

    fn element(&mut self, element: &Element, is_root: bool) -> io::Result<()> {
        let name = self.name(&element.name);
        let attributes: Vec<(String, &str)> =
            element.attributes.0.iter().map(|it| (qualified(&it.name), it.value.as_str())).collect();
        let attributes = attributes.iter().map(|(name, value)| (name.as_str(), Cow::Borrowed(*value)));
        if element.children.is_empty() {
            return self.xml.empty(&name, attributes);
        }
        self.xml.start(&name, attributes)?;
        element.children.iter().try_for_each(|node| self.node(node, is_root))?;
        self.xml.end()
    }

    fn name(&self, name: &QName) -> String {
        match &name.namespace {
            None if !self.prefix.is_empty() => format!("{}:{}", self.prefix, name.local),
            _ => qualified(name),
        }
    }
}

fn qualified(name: &QName) -> String {
    match &name.namespace {
        Some(namespace) if !namespace.prefix.is_empty() => format!("{}:{}", namespace.prefix, name.local),
        _ => name.local.to_string(),
    }
}

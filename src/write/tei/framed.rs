//! What was read from TEI, in its own frame: prolog, root, header and all that stands beside the text, letter for
//! letter; the text from the document.

use std::borrow::Cow;
use std::io;
use std::iter::Peekable;

use super::tags::{Attributes, qualified};
use super::{Run, amended};
use crate::model::{Block, Document, Frame, QName};
use crate::tei::NAMESPACE;
use crate::xml::parse::declared_prefix;
use crate::xml::{Element, Node};

fn is_header(node: &Node) -> bool {
    matches!(node, Node::Element(element) if element.name.is_plain("teiHeader"))
}

fn holds_text(element: &Element) -> bool {
    element.child("text").is_some()
}

/// The namespace of TEI's names in a frame: TEI's, if the root declares it, else none.
pub(super) fn namespace(frame: &Frame) -> &'static str {
    let declares = |name: &str| declared_prefix(name) == Some(&*frame.prefix);
    let declared = frame.root.attributes.0.iter().any(|it| declares(&qualified(&it.name)) && !it.value.is_empty());
    if declared { NAMESPACE } else { "" }
}

/// True for what is a division of a document with several texts.
fn is_text(element: &Element, written: bool) -> bool {
    element.name.is_plain("text") || (element.name.is_plain("sourceDoc") && !written)
}

/// True for the division that such a text became.
fn stands_for_text(block: &Block) -> bool {
    let name = block.tag().and_then(|tag| tag.element.as_deref());
    name.is_some_and(|name| name.is_plain("text") || name.is_plain("sourceDoc"))
}

/// Which parts of the document were written.
#[derive(Default)]
struct Done {
    header: bool,
    text: bool,
}

impl Run<'_> {
    pub(super) fn framed(&mut self, document: &Document, frame: &Frame) -> io::Result<()> {
        for node in &frame.prolog {
            self.carried(node)?;
            self.xml.raw("\n")?;
        }
        if let Some(doctype) = &frame.doctype {
            self.xml.raw(&format!("<!DOCTYPE{}{doctype}>\n", if doctype.starts_with(' ') { "" } else { " " }))?;
        }
        let mut done = Done::default();
        if frame.root.name.is_plain("text") {
            self.text_element(document, &frame.root)?;
        } else {
            let mut texts = document.body.iter().peekable();
            let several = frame.is_corpus();
            // Beside a text, which what has no place in the frame becomes, pages as they were written are none.
            let placed =
                document.body.iter().all(stands_for_text) && document.front.is_empty() && document.back.is_empty();
            let written = holds_text(&frame.root) || !placed;
            self.start_root(&frame.root)?;
            for node in &frame.root.children {
                match node {
                    Node::Element(_) if several && !is_header(node) => self.corpus(node, written, &mut texts)?,
                    Node::Element(element) if element.name.is_plain("teiHeader") && !done.header => {
                        done.header = true;
                        match &document.metadata.header {
                            Some(header) => {
                                let header = amended::header(header, &document.metadata, self.log);
                                self.carried_element(&header)?;
                            }
                            None => self.carried_element(element)?,
                        }
                    }
                    Node::Element(element) if element.name.is_plain("text") && !done.text => {
                        done.text = true;
                        self.text_element(document, element)?;
                    }
                    other => self.carried(other)?,
                }
            }
            if several {
                self.homeless(document, texts)?;
            }
            self.xml.end()?;
        }
        self.xml.raw("\n")?;
        for node in &frame.epilog {
            self.carried(node)?;
            self.xml.raw("\n")?;
        }
        Ok(())
    }

    /// A part of a corpus: each text in it is the next division of the document.
    /// So are pages as they were written, where no text is `written` beside them.
    fn corpus<'d>(
        &mut self,
        node: &Node,
        written: bool,
        texts: &mut Peekable<impl Iterator<Item = &'d Block>>,
    ) -> io::Result<()> {
        match node {
            // What is no text, because the frame is that of another file, has no place here.
            Node::Element(element) if is_text(element, written) => {
                match texts.next_if(|block| stands_for_text(block)) {
                    Some(text) => self.block(text),
                    None => Ok(()),
                }
            }
            Node::Element(element) if element.name.is_plain("TEI") || element.name.is_plain("teiCorpus") => {
                self.start_carried(element)?;
                let written = holds_text(element);
                element.children.iter().try_for_each(|child| self.corpus(child, written, texts))?;
                self.xml.end()
            }
            other => self.carried(other),
        }
    }

    /// The text: its parts stand empty in the frame, each once, and get the document's content. A text that had words
    /// beside its parts stands there without any.
    fn text_element(&mut self, document: &Document, text: &Element) -> io::Result<()> {
        self.start_carried(text)?;
        if text.children.is_empty() && document.front.is_empty() && document.back.is_empty() {
            self.blocks(&document.body)?;
            return self.xml.end();
        }
        let mut parts: [Option<&Vec<Block>>; 3] = document.parts().map(Some);
        for node in &text.children {
            let element = match node {
                Node::Element(element) if element.name.namespace.is_none() => element,
                other => {
                    self.carried(other)?;
                    continue;
                }
            };
            let at = match element.name.local.as_str() {
                "front" => 0,
                "body" | "group" => 1,
                "back" => 2,
                _ => 3,
            };
            if at < parts.len() {
                self.missing(&mut parts[..at])?;
            }
            match parts.get_mut(at).and_then(Option::take) {
                Some(blocks) => {
                    self.start_carried(element)?;
                    self.blocks(blocks)?;
                    self.line_after(blocks)?;
                    self.margin(self.xml.depth().saturating_sub(1))?;
                    self.xml.end()?;
                }
                None => self.carried(node)?,
            }
        }
        self.missing(&mut parts)?;
        self.xml.end()
    }

    /// Parts of the document for which the frame has no place; it need not come from the same file.
    fn missing(&mut self, parts: &mut [Option<&Vec<Block>>]) -> io::Result<()> {
        for (name, part) in ["front", "body", "back"].into_iter().zip(parts) {
            if let Some(blocks) = part.take_if(|blocks| !blocks.is_empty()) {
                let name = self.element_name(&QName::plain(name)).into_owned();
                self.xml.start(&name, [])?;
                self.blocks(blocks)?;
                self.xml.end()?;
            }
        }
        Ok(())
    }

    /// What is left of a document when all texts of its frame are written: a text of its own.
    fn homeless<'d>(&mut self, document: &Document, mut rest: impl Iterator<Item = &'d Block>) -> io::Result<()> {
        let first = rest.next();
        if first.is_none() && document.front.is_empty() && document.back.is_empty() {
            return Ok(());
        }
        let name = |run: &Self, name| run.element_name(&QName::plain(name)).into_owned();
        let (text, body) = (name(self, "text"), name(self, "body"));
        self.xml.start(&text, [])?;
        self.missing(&mut [Some(&document.front)])?;
        self.xml.start(&body, [])?;
        first.into_iter().chain(rest).try_for_each(|block| self.block(block))?;
        self.xml.end()?;
        self.missing(&mut [None, None, Some(&document.back)])?;
        self.xml.end()
    }

    fn carried(&mut self, node: &Node) -> io::Result<()> {
        match node {
            Node::Element(element) => self.carried_element(element),
            Node::Text(text) => self.xml.text(text),
            Node::Comment(text) => self.xml.comment(text),
            Node::Instruction(text) => self.xml.instruction(text),
        }
    }

    fn carried_element(&mut self, element: &Element) -> io::Result<()> {
        if element.children.is_empty() {
            let (name, attributes) = self.carried_tag(element);
            return self.xml.empty(&name, attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value))));
        }
        self.start_carried(element)?;
        element.children.iter().try_for_each(|node| self.carried(node))?;
        self.xml.end()
    }

    fn start_carried(&mut self, element: &Element) -> io::Result<()> {
        let (name, attributes) = self.carried_tag(element);
        self.xml.start(&name, attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value))))
    }

    /// The root, with the namespaces that the profile needs.
    fn start_root(&mut self, root: &Element) -> io::Result<()> {
        let (name, mut attributes) = self.carried_tag(root);
        for (declaration, uri) in self.declarations() {
            if !attributes.iter().any(|(known, _)| *known == declaration) {
                attributes.push((declaration, uri));
            }
        }
        self.xml.start(&name, attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value))))
    }

    fn carried_tag<'e>(&self, element: &'e Element) -> (Cow<'e, str>, Attributes<'e>) {
        let attributes = element.attributes.0.iter().map(|attribute| {
            let name = qualified(&attribute.name);
            let value = if self.is_astray(element, &name, &attribute.value) { NAMESPACE } else { &attribute.value };
            (name, value.into())
        });
        (self.element_name(&element.name), attributes.collect())
    }

    /// True for a declaration that would take an element of TEI out of TEI's namespace: so a damaged frame may have it.
    fn is_astray(&self, element: &Element, name: &str, uri: &str) -> bool {
        declared_prefix(name) == Some(&*self.prefix)
            && element.name.namespace.is_none()
            && !uri.is_empty()
            && uri != NAMESPACE
    }
}

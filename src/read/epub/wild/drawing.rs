//! Drawings (SVG) that stand in the text become images of the document.

use super::super::contents::folded;
use super::Wild;
use crate::epub::page::{Element, Node};
use crate::model::{Graphic, Inline, Resource, Tag};
use crate::xml::emit::Emitter;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";

impl<'t> Wild<'_, 't> {
    /// A drawing as an image; its words belong to the picture. What stands in it from other vocabularies
    /// (`foreignObject`) comes behind it.
    pub(super) fn drawing(&mut self, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        let mut out = Emitter::new(Vec::new());
        let bytes = written(&mut out, element, true).and_then(|()| out.finish());
        let Ok(bytes) = bytes else { return };
        let mut strangers = Vec::new();
        self.took_drawing(element, &mut strangers);
        let path = format!("drawing-{}.svg", self.drawings.len() + 1);
        let word = |name: &str| element.elements().find(|child| child.name == name).map(|child| folded(&child.text()));
        let label = element.get("aria-label").map(folded);
        let description = label.or_else(|| word("title")).or_else(|| word("desc")).filter(|text| !text.is_empty());
        inlines.push(Inline::Graphic(Box::new(Graphic { tag, url: path.as_str().into(), description })));
        self.drawings.push(Resource { path, media_type: "image/svg+xml".to_owned(), bytes });
        strangers.into_iter().for_each(|stranger| self.inline(stranger, inlines));
    }

    fn took_drawing(&mut self, element: &'t Element, strangers: &mut Vec<&'t Element>) {
        for child in &element.children {
            match child {
                Node::Text(_, span) => self.log.took(*span),
                Node::Element(inner) if inner.namespace.as_deref() == Some(SVG) => self.took_drawing(inner, strangers),
                Node::Element(inner) => strangers.push(inner),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }
}

fn written(out: &mut Emitter<Vec<u8>>, element: &Element, root: bool) -> std::io::Result<()> {
    let mut attributes: Vec<(&str, std::borrow::Cow<'_, str>)> = Vec::new();
    if root {
        attributes.push(("xmlns", SVG.into()));
        attributes.push(("xmlns:xlink", XLINK.into()));
    }
    for (name, value) in &element.attributes {
        if !name.contains(':') || name.starts_with("xlink:") || name.starts_with("xml:") {
            attributes.push((name, value.as_str().into()));
        }
    }
    out.start(&element.name, attributes)?;
    for child in &element.children {
        match child {
            Node::Text(text, _) => out.text(text)?,
            Node::Element(inner) if inner.namespace.as_deref() == Some(SVG) => written(out, inner, false)?,
            Node::Element(_) | Node::Comment(_) | Node::Instruction(_) => {}
        }
    }
    out.end()
}

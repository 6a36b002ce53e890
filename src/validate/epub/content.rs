//! What a content document gives and asks for: ids, links, and the kinds of its navigation lists.

use std::collections::HashSet;

use crate::source::Span;
use crate::xml::parse::{Event, Parser};

const OPS: &str = "http://www.idpf.org/2007/ops";

/// A link, and where it stands.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) href: String,
    pub(super) span: Span,
    /// True for what the file needs to be shown: an image, a style sheet.
    pub(super) resource: bool,
    /// The kind of the `nav` around it (`toc`), or empty.
    pub(super) nav: String,
}

/// Ids and links of one document.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) ids: HashSet<String>,
    pub(super) links: Vec<Link>,
    /// Ids that come a second time.
    pub(super) twice: Vec<(String, Span)>,
    /// The kinds of all `nav` elements.
    pub(super) navs: Vec<String>,
}

/// Reads a document; of one that is not well-formed, what comes before the fault.
pub(super) fn read(text: &str) -> Content {
    let mut content = Content::default();
    let mut parser = Parser::new(text);
    let mut navs: Vec<(usize, String)> = Vec::new();
    while let Ok(Some(event)) = parser.next() {
        match event {
            Event::Start { name, attributes, .. } => {
                let local = name.local();
                if local == "nav" {
                    let kind = attributes.iter().find(|a| a.name.local() == "type" && a.name.uri() == OPS);
                    let kind = kind.map_or("", |kind| kind.value.trim()).to_owned();
                    content.navs.push(kind.clone());
                    navs.push((parser.depth(), kind));
                }
                for attribute in &attributes {
                    let value = attribute.value.trim();
                    match attribute.name.local() {
                        "id" if attribute.name.uri() != OPS && !content.ids.insert(value.to_owned()) => {
                            content.twice.push((value.to_owned(), attribute.span));
                        }
                        "href" | "src" | "data" | "poster" if local != "base" => content.links.push(Link {
                            href: value.to_owned(),
                            span: attribute.span,
                            resource: !matches!(local, "a" | "area" | "content"),
                            nav: navs.last().map_or_else(String::new, |(_, kind)| kind.clone()),
                        }),
                        _ => {}
                    }
                }
            }
            Event::End { .. } => {
                while navs.last().is_some_and(|(depth, _)| *depth > parser.depth()) {
                    navs.pop();
                }
            }
            Event::Text { .. } | Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => {}
        }
    }
    content
}

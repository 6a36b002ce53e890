//! The package document, as far as rules across files ask for it (EPUB 3.3, section 5).

use crate::source::Span;
use crate::xml::parse::{Attribute, Event, Parser};

const OPF: &str = "http://www.idpf.org/2007/opf";
const DC: &str = "http://purl.org/dc/elements/1.1/";

/// A file that the manifest lists.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) media_type: String,
    pub(super) properties: String,
    pub(super) fallback: bool,
    pub(super) span: Span,
}

impl Item {
    pub(super) fn has(&self, property: &str) -> bool {
        self.properties.split_whitespace().any(|known| known == property)
    }
}

/// What a package says.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// `2.0` or `3.0`.
    pub(super) version: String,
    /// The id that names the publication's identifier.
    pub(super) unique: String,
    /// Ids of `dc:identifier` elements.
    pub(super) identifiers: Vec<String>,
    /// How many times the date of the last change is given.
    pub(super) modified: usize,
    pub(super) items: Vec<Item>,
    /// Ids of the spine, in order.
    pub(super) spine: Vec<(String, Span)>,
    pub(super) toc: Option<String>,
    /// What `link` elements lead to: linked resources are not listed in the manifest (EPUB 3.3 §5.5.7).
    pub(super) linked: Vec<String>,
}

/// Reads a package document, up to its first fault.
pub(super) fn read(text: &str) -> Package {
    let mut package = Package::default();
    let mut parser = Parser::new(text);
    while let Ok(Some(event)) = parser.next() {
        let Event::Start { name, attributes, span, .. } = event else { continue };
        let get = |local: &str| value(&attributes, local);
        match (name.uri(), name.local()) {
            (OPF, "package") => {
                package.version = get("version");
                package.unique = get("unique-identifier");
            }
            (DC, "identifier") => package.identifiers.push(get("id")),
            (OPF, "meta") if get("property") == "dcterms:modified" && get("refines").is_empty() => {
                package.modified += 1;
            }
            (OPF, "item") => package.items.push(Item {
                id: get("id"),
                href: get("href"),
                media_type: get("media-type"),
                properties: get("properties"),
                fallback: !get("fallback").is_empty(),
                span,
            }),
            (OPF, "spine") => package.toc = Some(get("toc")).filter(|toc| !toc.is_empty()),
            (OPF, "link") => package.linked.push(get("href")),
            (OPF, "itemref") => package.spine.push((get("idref"), span)),
            _ => {}
        }
    }
    package
}

fn value(attributes: &[Attribute<'_>], local: &str) -> String {
    let found = attributes.iter().find(|attribute| attribute.name.qualified() == local);
    found.map_or_else(String::new, |attribute| attribute.value.trim().to_owned())
}

/// The package documents that a container names.
pub(super) fn rootfiles(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    let mut parser = Parser::new(text);
    while let Ok(Some(event)) = parser.next() {
        let Event::Start { name, attributes, .. } = event else { continue };
        if name.local() == "rootfile" {
            paths.push(value(&attributes, "full-path"));
        }
    }
    paths
}

//! What the book's own lists say: contents (navigation document, NCX) and pages (page list, NCX, page map).

use std::collections::HashMap;

use super::book::{Book, Lead};
use crate::diagnostic::Log;
use crate::epub::archive::Archive;
use crate::epub::package::{self, Package, named};
use crate::epub::page::{Element, Node, Page};
use crate::failure::Failure;

/// An entry of the contents.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub title: String,
    /// How many entries stand around it.
    pub depth: usize,
    pub lead: Lead,
}

/// Contents and pages.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub entries: Vec<Entry>,
    /// By the number of an element: the page that begins there.
    pub pages: HashMap<u32, String>,
    /// By the number of a content document: the page that begins with it.
    pub first_pages: HashMap<u32, String>,
}

impl Contents {
    /// The first entry that leads into a content document.
    pub(super) fn entry_of(&self, book: &Book<'_>, leaf: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| match entry.lead {
            Lead::Element(number) => book.leaf_of(number) == leaf,
            Lead::Leaf(at) | Lead::Nowhere(at, _) => at == leaf,
            Lead::File(_) | Lead::Outside => false,
        })
    }

    fn page(&mut self, lead: Lead, label: String) {
        if label.is_empty() {
            return;
        }
        match lead {
            Lead::Element(number) => _ = self.pages.entry(number).or_insert(label),
            Lead::Leaf(leaf) => _ = self.first_pages.entry(leaf).or_insert(label),
            Lead::Nowhere(..) | Lead::File(_) | Lead::Outside => {}
        }
    }
}

/// Reads all lists that there are. The navigation document wins over the NCX, this over the page map.
pub(super) fn read(
    archive: &Archive<'_>,
    package: &Package,
    book: &Book<'_>,
    log: &mut Log,
) -> Result<Contents, Failure> {
    let mut contents = Contents::default();
    if let Some(path) = &package.navigation
        && let Some(bytes) = package::file(archive, path, log)?
    {
        let page = Page::read(&bytes, 0)?;
        navigation(&page.root, path, book, &mut contents);
    }
    if let Some(path) = &package.ncx
        && (contents.entries.is_empty() || contents.pages.is_empty())
        && let Some(root) = package::tree(archive, path, log)?
    {
        let fresh = contents.entries.is_empty();
        let pages = contents.pages.is_empty();
        ncx(&root, path, book, fresh, pages, &mut contents);
    }
    if let Some(path) = &package.page_map
        && contents.pages.is_empty()
        && let Some(root) = package::tree(archive, path, log)?
    {
        for page in named(&root, "page") {
            let lead = page.get("href").map_or(Lead::Outside, |href| book.lead_from(path, href));
            contents.page(lead, folded(page.get("name").unwrap_or_default()));
        }
    }
    Ok(contents)
}

pub(super) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a `nav` element lists.
pub(super) fn nav_kind(element: &Element) -> &str {
    let words = element.words("epub:type").chain(element.words("role").map(|role| role.trim_start_matches("doc-")));
    words
        .into_iter()
        .find_map(|word| match word {
            "toc" => Some("toc"),
            "page-list" | "pagelist" => Some("page-list"),
            "landmarks" => Some("landmarks"),
            _ => None,
        })
        .unwrap_or_default()
}

fn navigation(root: &Element, path: &str, book: &Book<'_>, contents: &mut Contents) {
    let mut navs = Vec::new();
    gather(root, "nav", &mut navs);
    let toc = navs.iter().find(|nav| nav_kind(nav) == "toc").or_else(|| navs.first());
    if let Some(list) = toc.and_then(|nav| nav.find("ol").or_else(|| nav.find("ul"))) {
        entries(list, 0, path, book, contents);
    }
    let mut links = Vec::new();
    if let Some(nav) = navs.iter().find(|nav| nav_kind(nav) == "page-list") {
        gather(nav, "a", &mut links);
    }
    for link in links {
        let lead = link.get("href").map_or(Lead::Outside, |href| book.lead_from(path, href));
        contents.page(lead, folded(&link.text()));
    }
}

fn gather<'e>(element: &'e Element, name: &str, found: &mut Vec<&'e Element>) {
    for child in element.elements() {
        if child.is(name) {
            found.push(child);
        }
        gather(child, name, found);
    }
}

fn entries(list: &Element, depth: usize, path: &str, book: &Book<'_>, contents: &mut Contents) {
    for item in list.elements().filter(|item| item.is("li")) {
        let label = item.elements().find(|child| child.is("a") || child.is("span"));
        if let Some(label) = label {
            let lead = label.get("href").map_or(Lead::Outside, |href| book.lead_from(path, href));
            contents.entries.push(Entry { title: folded(&label.text()), depth, lead });
        }
        for inner in item.elements().filter(|child| child.is("ol") || child.is("ul")) {
            entries(inner, depth + 1, path, book, contents);
        }
    }
}

fn ncx(root: &Element, path: &str, book: &Book<'_>, fresh: bool, pages: bool, contents: &mut Contents) {
    for map in named(root, "navMap").filter(|_| fresh) {
        points(map, 0, path, book, contents);
    }
    for target in named(root, "pageList").flat_map(|list| named(list, "pageTarget")).filter(|_| pages) {
        let label = label(target).filter(|label| !label.is_empty());
        let label = label.or_else(|| target.get("value").map(str::to_owned)).unwrap_or_default();
        contents.page(source(target, path, book), label);
    }
}

fn points(parent: &Element, depth: usize, path: &str, book: &Book<'_>, contents: &mut Contents) {
    for point in named(parent, "navPoint") {
        let title = label(point).unwrap_or_default();
        contents.entries.push(Entry { title, depth, lead: source(point, path, book) });
        points(point, depth + 1, path, book, contents);
    }
}

fn label(element: &Element) -> Option<String> {
    named(element, "navLabel").next().map(|label| folded(&label.text()))
}

fn source(element: &Element, path: &str, book: &Book<'_>) -> Lead {
    let src = named(element, "content").next().and_then(|content| content.get("src"));
    src.map_or(Lead::Outside, |src| book.lead_from(path, src))
}

/// True if nothing but white space stands in an element.
pub(super) fn is_blank(element: &Element) -> bool {
    element.children.iter().all(|child| match child {
        Node::Text(text, _) => text.trim().is_empty(),
        Node::Element(inner) => is_blank(inner) && !matches!(inner.name.as_str(), "img" | "svg" | "math" | "br" | "hr"),
        Node::Comment(_) | Node::Instruction(_) => true,
    })
}

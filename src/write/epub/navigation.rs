//! The navigation document (EPUB 3.3 §7) and the NCX that old devices read in its place.

use std::io;

use super::Epub;
use super::chapter::{Book, OPS, Page, XHTML, language, languages};
use super::package::{Identity, title};
use super::plan::{Matter, Plan};
use crate::model::Document;
use crate::xml::emit::Emitter;

type Xml = Emitter<Vec<u8>>;

fn start(xml: &mut Xml, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
    xml.start(name, attributes.iter().map(|(name, value)| (*name, (*value).into())))
}

fn leaf(xml: &mut Xml, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    start(xml, name, attributes)?;
    xml.text(text)?;
    xml.end()
}

/// The navigation document: contents, landmarks, page list.
pub(super) fn nav(document: &Document, plan: &Plan<'_>, book: &Book, epub: &Epub) -> io::Result<Vec<u8>> {
    let mut xml = Emitter::new(Vec::new());
    let language = languages(&language(document));
    xml.declaration()?;
    xml.raw("<!DOCTYPE html>\n")?;
    let mut root = vec![("xmlns", XHTML), ("xmlns:epub", OPS)];
    root.extend(language.iter().map(|(name, value)| (*name, value.as_str())));
    start(&mut xml, "html", &root)?;
    xml.raw("\n")?;
    start(&mut xml, "head", &[])?;
    leaf(&mut xml, "title", &[], &title(document, plan))?;
    for (name, _) in epub.sheets() {
        let href = format!("css/{name}");
        xml.empty(
            "link",
            [("rel", "stylesheet"), ("type", "text/css"), ("href", href.as_str())].map(|(n, v)| (n, v.into())),
        )?;
    }
    xml.end()?;
    xml.raw("\n")?;
    start(&mut xml, "body", &[("epub:type", "frontmatter")])?;
    xml.raw("\n")?;
    contents(&mut xml, plan)?;
    landmarks(&mut xml, plan)?;
    if !book.pages.is_empty() {
        page_list(&mut xml, plan, book)?;
    }
    xml.end()?;
    xml.raw("\n")?;
    xml.end()?;
    xml.raw("\n")?;
    xml.finish()
}

fn contents(xml: &mut Xml, plan: &Plan<'_>) -> io::Result<()> {
    start(xml, "nav", &[("epub:type", "toc"), ("role", "doc-toc"), ("id", "toc"), ("aria-labelledby", "toc-title")])?;
    leaf(xml, "h1", &[("id", "toc-title")], "Contents")?;
    let mut level = None;
    for (number, depth) in depths(plan).into_iter().enumerate() {
        match level {
            None => start(xml, "ol", &[])?,
            Some(before) if depth > before => start(xml, "ol", &[])?,
            Some(before) => {
                xml.end()?;
                for _ in depth..before {
                    xml.end()?;
                    xml.end()?;
                }
            }
        }
        xml.raw("\n")?;
        start(xml, "li", &[])?;
        let chapter = &plan.chapters[number];
        leaf(xml, "a", &[("href", &format!("text/{}", chapter.file))], &chapter.title)?;
        level = Some(depth);
    }
    for _ in 0..=level.unwrap_or(0) {
        xml.end()?;
        xml.end()?;
    }
    xml.end()?;
    xml.raw("\n")
}

/// The depth of each chapter in the contents: none is more than one below its predecessor.
fn depths(plan: &Plan<'_>) -> Vec<usize> {
    let mut before = None;
    plan.chapters
        .iter()
        .map(|chapter| {
            let depth = chapter.level.min(before.map_or(0, |depth: usize| depth + 1));
            before = Some(depth);
            depth
        })
        .collect()
}

fn landmarks(xml: &mut Xml, plan: &Plan<'_>) -> io::Result<()> {
    start(
        xml,
        "nav",
        &[("epub:type", "landmarks"), ("id", "landmarks"), ("hidden", "hidden"), ("aria-label", "Landmarks")],
    )?;
    start(xml, "ol", &[])?;
    let first = |matter| plan.chapters.iter().find(|chapter| chapter.matter == matter);
    let places = [
        ("frontmatter", "Front matter", Matter::Front),
        ("bodymatter", "Text", Matter::Body),
        ("backmatter", "Back matter", Matter::Back),
    ];
    start(xml, "li", &[])?;
    leaf(xml, "a", &[("epub:type", "toc"), ("href", "#toc")], "Contents")?;
    xml.end()?;
    for (kind, name, matter) in places {
        if let Some(chapter) = first(matter) {
            start(xml, "li", &[])?;
            leaf(xml, "a", &[("epub:type", kind), ("href", &format!("text/{}", chapter.file))], name)?;
            xml.end()?;
        }
    }
    xml.end()?;
    xml.end()?;
    xml.raw("\n")
}

fn page_list(xml: &mut Xml, plan: &Plan<'_>, book: &Book) -> io::Result<()> {
    start(
        xml,
        "nav",
        &[
            ("epub:type", "page-list"),
            ("role", "doc-pagelist"),
            ("id", "pages"),
            ("hidden", "hidden"),
            ("aria-label", "Pages"),
        ],
    )?;
    start(xml, "ol", &[])?;
    for page in &book.pages {
        xml.raw("\n")?;
        start(xml, "li", &[])?;
        leaf(xml, "a", &[("href", &target(plan, page))], &page.label)?;
        xml.end()?;
    }
    xml.end()?;
    xml.end()?;
    xml.raw("\n")
}

fn target(plan: &Plan<'_>, page: &Page) -> String {
    format!("text/{}#{}", plan.chapters[page.chapter].file, page.id)
}

/// The NCX.
pub(super) fn ncx(document: &Document, plan: &Plan<'_>, book: &Book, identity: &Identity) -> io::Result<Vec<u8>> {
    let mut xml = Emitter::new(Vec::new());
    xml.declaration()?;
    let language = language(document);
    start(
        &mut xml,
        "ncx",
        &[("xmlns", "http://www.daisy.org/z3986/2005/ncx/"), ("version", "2005-1"), ("xml:lang", &language)],
    )?;
    xml.raw("\n")?;
    start(&mut xml, "head", &[])?;
    let depths = depths(plan);
    let depth = (depths.iter().max().unwrap_or(&0) + 1).to_string();
    let pages = book.pages.len().to_string();
    let last = book.pages.iter().filter_map(|page| page.label.parse::<u32>().ok()).max().unwrap_or(0).to_string();
    let metas = [
        ("dtb:uid", identity.identifier.as_str()),
        ("dtb:depth", &depth),
        ("dtb:totalPageCount", &pages),
        ("dtb:maxPageNumber", &last),
    ];
    for (name, content) in metas {
        xml.empty("meta", [("name", name), ("content", content)].map(|(name, value)| (name, value.into())))?;
    }
    xml.end()?;
    xml.raw("\n")?;
    start(&mut xml, "docTitle", &[])?;
    leaf(&mut xml, "text", &[], &title(document, plan))?;
    xml.end()?;
    xml.raw("\n")?;
    points(&mut xml, plan, book, &depths)?;
    if !book.pages.is_empty() {
        page_targets(&mut xml, plan, book)?;
    }
    xml.end()?;
    xml.raw("\n")?;
    xml.finish()
}

fn points(xml: &mut Xml, plan: &Plan<'_>, book: &Book, depths: &[usize]) -> io::Result<()> {
    start(xml, "navMap", &[])?;
    let mut open = 0;
    for (number, chapter) in plan.chapters.iter().enumerate() {
        while open > depths[number] {
            xml.end()?;
            open -= 1;
        }
        let pages = book.pages.iter().take_while(|page| page.chapter < number).count();
        let (id, order) = (format!("point-{}", number + 1), (number + pages + 1).to_string());
        xml.raw("\n")?;
        start(xml, "navPoint", &[("id", &id), ("playOrder", &order)])?;
        label(xml, &chapter.title)?;
        xml.empty("content", [("src", format!("text/{}", chapter.file).into())])?;
        open += 1;
    }
    for _ in 0..open {
        xml.end()?;
    }
    xml.end()?;
    xml.raw("\n")
}

fn page_targets(xml: &mut Xml, plan: &Plan<'_>, book: &Book) -> io::Result<()> {
    start(xml, "pageList", &[])?;
    for (number, page) in book.pages.iter().enumerate() {
        let (id, order) = (format!("page-{}", number + 1), (number + page.chapter + 2).to_string());
        let value = page.label.parse::<u32>().map(|value| value.to_string());
        let mut attributes = vec![
            ("id", id.as_str()),
            ("type", if value.is_ok() { "normal" } else { "special" }),
            ("playOrder", &order),
        ];
        if let Ok(value) = &value {
            attributes.push(("value", value));
        }
        xml.raw("\n")?;
        start(xml, "pageTarget", &attributes)?;
        label(xml, &page.label)?;
        xml.empty("content", [("src", target(plan, page).into())])?;
        xml.end()?;
    }
    xml.end()?;
    xml.raw("\n")
}

fn label(xml: &mut Xml, text: &str) -> io::Result<()> {
    start(xml, "navLabel", &[])?;
    leaf(xml, "text", &[], text)?;
    xml.end()
}

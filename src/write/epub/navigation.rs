//! The navigation document: contents, landmarks, page list (EPUB 3.3 §7).

use std::borrow::Cow;
use std::io;

use foldhash::HashSet;

use super::Book;
use super::links::plain_text;
use super::plan::Part;
use super::words::Words;
use crate::model::{Block, Document};
use crate::xml::emit::Emitter;

type Out = Emitter<Vec<u8>>;

/// An entry of the contents with what stands below it.
#[derive(Debug)]
pub(super) struct Entry {
    pub title: String,
    pub href: String,
    pub below: Vec<Entry>,
}

/// An entry of the page list.
#[derive(Debug)]
pub(super) struct Page {
    pub label: String,
    pub href: String,
}

/// The words of the first heading in a document.
pub(super) fn first_heading(document: &Document) -> Option<String> {
    fn find(blocks: &[Block]) -> Option<String> {
        blocks.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(plain_text(&heading.content)).filter(|title| !title.is_empty()),
            Block::Division(division) => find(&division.content),
            _ => None,
        })
    }
    document.parts().into_iter().find_map(|part| find(part))
}

impl Book<'_> {
    /// The contents: divisions by their headings, parts of documents left out, cut to the depth that was asked for.
    pub(super) fn contents(&self) -> Vec<Entry> {
        let mut flat = Vec::new();
        for (chapter, rendered) in self.plan.chapters.iter().zip(&self.chapters) {
            let file = format!("text/{}", chapter.file);
            let title = Some(&rendered.title).filter(|title| !title.is_empty()).or(chapter.headword.as_ref());
            if let Some(title) = title {
                flat.push((chapter.depth, Entry { title: title.clone(), href: file.clone(), below: Vec::new() }));
            }
            for entry in rendered.entries.iter().filter(|entry| !entry.inner) {
                let href = entry.id.as_ref().map_or_else(|| file.clone(), |id| format!("{file}#{id}"));
                flat.push((chapter.depth + entry.depth, Entry { title: entry.title.clone(), href, below: Vec::new() }));
            }
        }
        if self.notes.is_some() {
            let href = format!("text/{}", self.plan.notes_file);
            flat.push((0, Entry { title: self.words().notes.to_owned(), href, below: Vec::new() }));
        }
        let deepest = self.options.toc_depth.max(1);
        let mut flat = flat.into_iter().peekable();
        let mut contents = nest(&mut flat, None, 1, deepest);
        if contents.is_empty() {
            let href = self.plan.chapters.first().map_or_else(String::new, |chapter| format!("text/{}", chapter.file));
            contents.push(Entry { title: self.title.clone(), href, below: Vec::new() });
        }
        if self.description.is_some() {
            let href = format!("text/{}", self.plan.description_file);
            contents.push(Entry { title: self.words().description.to_owned(), href, below: Vec::new() });
        }
        contents
    }

    /// What the book says of its own accord.
    pub(super) fn words(&self) -> &'static Words {
        Words::of(&self.language)
    }

    /// All pages in the order of the text. A number that was there before is told apart by its document.
    pub(super) fn pages(&self) -> Vec<Page> {
        let mut known = HashSet::default();
        let mut pages = Vec::new();
        for (chapter, rendered) in self.plan.chapters.iter().zip(&self.chapters) {
            for page in &rendered.pages {
                let label = match chapter.division.and_then(|division| division.number.as_deref()) {
                    Some(number) if known.contains(page.label.as_str()) => format!("{number}:{}", page.label),
                    _ => page.label.clone(),
                };
                known.insert(page.label.as_str());
                pages.push(Page { label, href: format!("text/{}#{}", chapter.file, page.id) });
            }
        }
        pages
    }
}

/// Entries by depth as a tree: all that is deeper than `above`.
fn nest(
    flat: &mut std::iter::Peekable<impl Iterator<Item = (usize, Entry)>>,
    above: Option<usize>,
    level: usize,
    deepest: usize,
) -> Vec<Entry> {
    let mut entries = Vec::new();
    while let Some((depth, mut entry)) = flat.next_if(|(depth, _)| above.is_none_or(|above| *depth > above)) {
        if level < deepest {
            entry.below = nest(flat, Some(depth), level + 1, deepest);
        } else {
            while flat.next_if(|(next, _)| *next > depth).is_some() {}
        }
        entries.push(entry);
    }
    entries
}

pub(super) fn navigation(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let words = book.words();
    let mut out = super::chapter::begin(book.options, words.contents, &book.language, "", None)?;
    nav(&mut out, "toc", "doc-toc", "toc", None)?;
    super::chapter::generated_heading(&mut out, words, words.contents, "toc-h", &book.language)?;
    list(&mut out, &book.contents())?;
    out.end()?;
    out.raw("\n")?;
    landmarks(book, &mut out)?;
    let pages = book.pages();
    if !pages.is_empty() {
        nav(&mut out, "page-list", "doc-pagelist", "page-list", Some(words.pages))?;
        out.start("ol", [])?;
        out.raw("\n")?;
        for page in &pages {
            point(&mut out, &page.label, &page.href, None)?;
            out.end()?;
            out.raw("\n")?;
        }
        out.end()?;
        out.end()?;
        out.raw("\n")?;
    }
    super::chapter::end(out)
}

/// Opens a `nav`; one with a label is for machines and stays hidden.
fn nav(out: &mut Out, epub_type: &str, role: &str, id: &str, hidden: Option<&str>) -> io::Result<()> {
    let mut attributes = vec![("epub:type", Cow::Borrowed(epub_type)), ("id", Cow::Borrowed(id))];
    if !role.is_empty() {
        attributes.push(("role", Cow::Borrowed(role)));
    }
    if let Some(label) = hidden {
        attributes.push(("aria-label", Cow::Borrowed(label)));
        attributes.push(("hidden", "hidden".into()));
    }
    out.start("nav", attributes)?;
    out.raw("\n")
}

fn list(out: &mut Out, entries: &[Entry]) -> io::Result<()> {
    out.start("ol", [])?;
    out.raw("\n")?;
    for entry in entries {
        point(out, &entry.title, &entry.href, None)?;
        if !entry.below.is_empty() {
            out.raw("\n")?;
            list(out, &entry.below)?;
        }
        out.end()?;
        out.raw("\n")?;
    }
    out.end()?;
    out.raw("\n")
}

/// Opens an item with its link.
fn point(out: &mut Out, title: &str, href: &str, epub_type: Option<&str>) -> io::Result<()> {
    out.start("li", [])?;
    let attributes = epub_type.map(|epub_type| ("epub:type", Cow::Borrowed(epub_type)));
    out.start("a", attributes.into_iter().chain([("href", Cow::Borrowed(href))]))?;
    out.text(title)?;
    out.end()
}

fn landmarks(book: &Book<'_>, out: &mut Out) -> io::Result<()> {
    let words = book.words();
    nav(out, "landmarks", "", "landmarks", Some(words.landmarks))?;
    out.start("ol", [])?;
    out.raw("\n")?;
    let first = |part: Part| {
        let chapter = book.plan.chapters.iter().find(|chapter| chapter.part == part)?;
        Some(format!("text/{}", chapter.file))
    };
    let marks = [
        ("cover", words.cover, book.images.cover().map(|_| "text/cover.xhtml".to_owned())),
        ("frontmatter", words.front, first(Part::Front)),
        ("toc", words.contents, Some("nav.xhtml#toc".to_owned())),
        ("bodymatter", words.text, first(Part::Body)),
        ("backmatter", words.back, first(Part::Back)),
        ("endnotes", words.notes, book.notes.as_ref().map(|_| format!("text/{}", book.plan.notes_file))),
    ];
    for (epub_type, title, href) in marks {
        let Some(href) = href else { continue };
        point(out, title, &href, Some(epub_type))?;
        out.end()?;
        out.raw("\n")?;
    }
    out.end()?;
    out.end()?;
    out.raw("\n")
}

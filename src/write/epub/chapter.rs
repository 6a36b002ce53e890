//! Content documents: what stands around the text of a chapter, and all chapters at once.

use std::borrow::Cow;
use std::io;

use super::blocks::{division_class, named};
use super::language::{is_of, is_rtl};
use super::links::plain_text;
use super::plan::{Chapter, Part, Plan};
use super::renderer::{Attributes, Entry, Page, Renderer, Said, Within};
use super::words::Words;
use super::{Epub, Images, Notes, OPS, XHTML};
use crate::diagnostic::Log;
use crate::epub;
use crate::model::visit::{Visit, walk_block, walk_inline};
use crate::model::{Block, Heading, Inline, Place};
use crate::parallel;
use crate::xml::emit::Emitter;

/// A content document, and what the rest of the book must know of it.
#[derive(Debug)]
pub(super) struct Rendered {
    pub bytes: Vec<u8>,
    /// What a reader may call it; empty if it has no heading.
    pub title: String,
    pub pages: Vec<Page>,
    /// The headings of its inner divisions.
    pub entries: Vec<Entry>,
    /// The bodies of its notes, where they stand in a content document of their own.
    pub notes: Vec<Vec<u8>>,
    pub has_notes: bool,
    pub images: usize,
    pub described: usize,
    pub tables: usize,
    /// How many formulas stand in it and in its notes.
    pub formulas: usize,
}

/// Renders every content document, on all cores where the crate may use them.
pub(super) fn render_all(
    options: &Epub,
    plan: &Plan<'_>,
    images: &Images<'_>,
    title: &str,
    language: &str,
    log: &mut Log,
) -> io::Result<Vec<Rendered>> {
    let rendered = parallel::map(&plan.chapters, |at, chapter| {
        render(Renderer::new(options, plan, images, at, language), chapter, title, language)
    });
    let mut chapters = Vec::with_capacity(rendered.len());
    for result in rendered {
        let (chapter, noticed) = result?;
        log.append(noticed);
        chapters.push(chapter);
    }
    Ok(chapters)
}

fn render(
    mut renderer: Renderer<'_>,
    chapter: &Chapter<'_>,
    book: &str,
    language: &str,
) -> io::Result<(Rendered, Log)> {
    renderer.labelled = has_printed_marker(chapter);
    renderer.sections = 1;
    let heading = chapter.content.iter().find_map(|block| match block {
        Block::Heading(heading) if heading.depth == 0 && chapter.division.is_some() => Some(heading),
        _ => None,
    });
    let title = title(chapter, heading);
    let shown = if title.is_empty() { book } else { &title };
    let epub_type = match chapter.part {
        Part::Front => "frontmatter",
        Part::Body => "bodymatter",
        Part::Back => "backmatter",
    };
    renderer.out = begin(renderer.options, shown, language, "../", Some(epub_type))?;
    section(&mut renderer, chapter, heading)?;
    let mut bytes = end(std::mem::replace(&mut renderer.out, Emitter::new(Vec::new())))?;
    bytes.shrink_to_fit();
    let apart = renderer.options.notes == Notes::Book;
    let has_notes = !renderer.notes.is_empty();
    let rendered = Rendered {
        bytes,
        title,
        pages: renderer.pages,
        entries: renderer.entries,
        notes: if apart { renderer.notes } else { Vec::new() },
        has_notes,
        images: renderer.images_seen,
        described: renderer.images_described,
        tables: renderer.tables,
        formulas: renderer.formulas,
    };
    Ok((rendered, renderer.log))
}

/// The element around a chapter's text, the text, and its notes.
fn section(renderer: &mut Renderer<'_>, chapter: &Chapter<'_>, heading: Option<&Heading>) -> io::Result<()> {
    let mut heading_id = None;
    match chapter.division {
        Some(division) => {
            let class = division.kind.as_deref().map_or("division", division_class);
            let mut attributes = renderer.attributes(&division.tag, class);
            attributes.extend(named(division).into_iter().chain(depth(chapter)));
            if let Some(heading) = heading.filter(|heading| super::links::has_text(&heading.content)) {
                let own = heading.tag.id.as_ref().filter(|_| heading.tag.id.is_some()).map(|id| id.as_str().to_owned());
                let usable = own.filter(|id| renderer.href(id).is_some_and(|href| href == format!("#{id}")));
                let id = match usable {
                    Some(id) => id,
                    None => {
                        let base = division.tag.id.as_ref().map_or("title", |id| id.as_str());
                        renderer.fresh(&format!("{}-h", safe(base)))
                    }
                };
                attributes.push(("aria-labelledby", Cow::Owned(id.clone())));
                heading_id = Some(id);
            }
            renderer.in_document = division.kind.as_deref() == Some("document");
            renderer.out.start("section", attributes)?;
        }
        None => {
            let loose = std::iter::once(("class", Cow::Borrowed("loose")));
            renderer.out.start("div", loose.chain(depth(chapter)))?;
        }
    }
    renderer.out.raw("\n")?;
    let (before, content) = chapter.content.split_at(chapter.before);
    let behind: usize = chapter.behind.iter().map(|(count, _)| count).sum();
    let (content, mut behind) = content.split_at(content.len() - behind);
    outside(renderer, "before", None, before)?;
    match heading_id {
        Some(id) => {
            let at = content.iter().position(|block| matches!(block, Block::Heading(it) if it.depth == 0));
            let at = at.unwrap_or_default();
            renderer.division_content(content[..at].iter().copied())?;
            if let Some(heading) = heading {
                renderer.numbered_heading(heading, 1, Some(&id))?;
            }
            renderer.below_heading(content[at + 1..].iter().copied())?;
        }
        None => {
            if let Some(called) = &chapter.called {
                renderer.out.start("h1", [("class", Cow::Borrowed("generated"))])?;
                renderer.out.text(called)?;
                renderer.out.end()?;
                renderer.out.raw("\n")?;
                renderer.level = 1;
            }
            renderer.division_content(content.iter().copied())?;
        }
    }
    for (count, depth) in &chapter.behind {
        let (points, rest) = behind.split_at(*count);
        outside(renderer, "after", Some(*depth), points)?;
        behind = rest;
    }
    notes(renderer)?;
    renderer.out.end()?;
    renderer.out.raw("\n")
}

/// How many divisions stand around a chapter.
fn depth(chapter: &Chapter<'_>) -> Option<Said> {
    (chapter.depth > 0).then(|| (epub::DEPTH, Cow::Owned(chapter.depth.to_string())))
}

/// What stands before or after the chapter's division, and would be lost between two content documents.
fn outside(renderer: &mut Renderer<'_>, side: &'static str, depth: Option<usize>, blocks: &[&Block]) -> io::Result<()> {
    if blocks.is_empty() {
        return Ok(());
    }
    let depth = depth.map(|depth| (epub::DEPTH, Cow::Owned(depth.to_string())));
    renderer.out.start("div", std::iter::once((epub::OUTSIDE, Cow::Borrowed(side))).chain(depth))?;
    renderer.blocks(blocks.iter().copied(), Within::Section)?;
    renderer.out.end()?;
    renderer.out.raw("\n")
}

fn notes(renderer: &mut Renderer<'_>) -> io::Result<()> {
    if renderer.notes.is_empty() || renderer.options.notes == Notes::Book {
        return Ok(());
    }
    let list = renderer.options.notes == Notes::Chapter;
    let mut attributes: Attributes = vec![("class", "notes".into()), ("aria-label", renderer.words.notes.into())];
    if list {
        attributes.push(("epub:type", "endnotes".into()));
        attributes.push(("role", "doc-endnotes".into()));
    }
    renderer.out.start("section", attributes)?;
    renderer.out.raw("\n")?;
    if list {
        renderer.out.start("ol", [("class", Cow::Borrowed("plain"))])?;
    }
    let notes = std::mem::take(&mut renderer.notes);
    for note in &notes {
        renderer.out.raw_bytes(note)?;
    }
    renderer.notes = notes;
    if list {
        renderer.out.end()?;
    }
    renderer.out.end()?;
    renderer.out.raw("\n")
}

/// The content document with all notes, grouped by the chapter in which they are called.
pub(super) fn render_notes(
    options: &Epub,
    plan: &Plan<'_>,
    chapters: &[Rendered],
    language: &str,
) -> io::Result<Option<Vec<u8>>> {
    if chapters.iter().all(|chapter| chapter.notes.is_empty()) {
        return Ok(None);
    }
    let words = Words::of(language);
    let mut out = begin(options, words.notes, language, "../", Some("backmatter"))?;
    let attributes: Attributes =
        vec![("epub:type", "endnotes".into()), ("role", "doc-endnotes".into()), ("aria-labelledby", "notes-h".into())];
    out.start("section", attributes)?;
    generated_heading(&mut out, words, words.notes, "notes-h", language)?;
    for (chapter, rendered) in plan.chapters.iter().zip(chapters).filter(|(_, rendered)| !rendered.notes.is_empty()) {
        if !rendered.title.is_empty() {
            out.start("h2", [("class", Cow::Borrowed("generated"))])?;
            out.start("a", [("href", Cow::Borrowed(chapter.file.as_str()))])?;
            out.text(&rendered.title)?;
            out.end()?;
            out.end()?;
            out.raw("\n")?;
        }
        out.start("ol", [("class", Cow::Borrowed("plain"))])?;
        for note in &rendered.notes {
            out.raw_bytes(note)?;
        }
        out.end()?;
        out.raw("\n")?;
    }
    out.end()?;
    out.raw("\n")?;
    end(out).map(Some)
}

/// A heading of our own, in the language of its words.
pub(super) fn generated_heading(
    out: &mut Emitter<Vec<u8>>,
    words: &Words,
    text: &str,
    id: &str,
    language: &str,
) -> io::Result<()> {
    let mut attributes: Attributes = vec![("class", "generated".into()), ("id", Cow::Owned(id.to_owned()))];
    if !is_of(language, words.language) {
        attributes.push(("lang", words.language.into()));
        attributes.push(("xml:lang", words.language.into()));
    }
    out.start("h1", attributes)?;
    out.text(text)?;
    out.end()?;
    out.raw("\n")
}

/// Everything before the text of a content document. `base` leads from its folder to that of the package.
pub(super) fn begin(
    options: &Epub,
    title: &str,
    language: &str,
    base: &str,
    epub_type: Option<&str>,
) -> io::Result<Emitter<Vec<u8>>> {
    let mut out = Emitter::new(Vec::new());
    out.declaration()?;
    out.raw("<!DOCTYPE html>\n")?;
    let mut attributes: Vec<(&str, Cow<'_, str>)> = vec![
        ("xmlns", XHTML.into()),
        ("xmlns:epub", OPS.into()),
        ("lang", language.into()),
        ("xml:lang", language.into()),
        (epub::VERSION, epub::CURRENT.into()),
    ];
    if is_rtl(language) {
        attributes.push(("dir", "rtl".into()));
    }
    out.start("html", attributes)?;
    out.raw("\n")?;
    out.start("head", [])?;
    out.raw("\n")?;
    out.start("title", [])?;
    out.text(title)?;
    out.end()?;
    out.raw("\n")?;
    for sheet in options.sheets() {
        let href = format!("{base}css/{sheet}.css");
        out.empty("link", [("rel", "stylesheet".into()), ("type", "text/css".into()), ("href", href.into())])?;
        out.raw("\n")?;
    }
    out.end()?;
    out.raw("\n")?;
    out.start("body", epub_type.map(|epub_type| ("epub:type", Cow::Borrowed(epub_type))))?;
    out.raw("\n")?;
    Ok(out)
}

/// Closes a content document.
pub(super) fn end(mut out: Emitter<Vec<u8>>) -> io::Result<Vec<u8>> {
    out.end()?;
    out.raw("\n")?;
    out.end()?;
    out.raw("\n")?;
    out.finish()
}

fn title(chapter: &Chapter<'_>, heading: Option<&Heading>) -> String {
    let printed = heading.map(|heading| plain_text(&heading.content)).filter(|title| !title.is_empty());
    let number = chapter.division.and_then(|division| division.number.as_deref()).map(str::to_owned);
    printed.or_else(|| chapter.called.clone()).or(number).unwrap_or_default()
}

/// An id as the beginning of another.
fn safe(id: &str) -> &str {
    if crate::xml::parse::is_ncname(id) { id } else { "title" }
}

fn has_printed_marker(chapter: &Chapter<'_>) -> bool {
    struct Finder(bool);
    impl Finder {
        fn note(&mut self, note: &crate::model::Note) {
            self.0 |=
                note.place != Place::Inline && note.label.as_deref().is_some_and(|label| !label.trim().is_empty());
        }
    }
    impl<'a> Visit<'a> for Finder {
        fn block(&mut self, block: &'a Block) {
            if let Block::Note(note) = block {
                self.note(note);
            }
            walk_block(self, block);
        }
        fn inline(&mut self, inline: &'a Inline) {
            if let Inline::Note(note) = inline {
                self.note(note);
            }
            walk_inline(self, inline);
        }
    }
    let mut finder = Finder(false);
    for block in &chapter.content {
        finder.block(block);
    }
    finder.0
}

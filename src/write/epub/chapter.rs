//! Content documents: each chapter of the plan as XHTML (EPUB 3.3 §6.1).

use std::collections::{HashMap, HashSet, VecDeque};
use std::io;

use super::Epub;
use super::plan::{Chapter, Matter, Plan};
use crate::diagnostic::Log;
use crate::model::{Block, Document, Milestone, Note, Tag};
use crate::xml::emit::Emitter;

pub(super) const XHTML: &str = "http://www.w3.org/1999/xhtml";
pub(super) const OPS: &str = "http://www.idpf.org/2007/ops";

/// A page break that was written.
pub(super) struct Page {
    pub(super) chapter: usize,
    pub(super) id: String,
    /// The number as printed; a count where none was.
    pub(super) label: String,
}

/// An image that is shown.
pub(super) struct Image {
    /// Its number among the document's resources.
    pub(super) resource: usize,
    /// Its path under `EPUB/`.
    pub(super) path: String,
    /// True if some place that shows it says nothing of what it shows.
    pub(super) undescribed: bool,
}

/// The content documents and what the package and the navigation need to know of them.
pub(super) struct Book {
    pub(super) chapters: Vec<Vec<u8>>,
    pub(super) pages: Vec<Page>,
    pub(super) images: Vec<Image>,
    pub(super) notes: usize,
}

impl Book {
    pub(super) fn render(epub: &Epub, document: &Document, plan: &Plan<'_>, log: &mut Log) -> io::Result<Self> {
        let mut book = Self { chapters: Vec::new(), pages: Vec::new(), images: Vec::new(), notes: 0 };
        for (number, chapter) in plan.chapters.iter().enumerate() {
            let mut run = Run {
                xml: Emitter::new(Vec::new()),
                document,
                plan,
                number,
                book: &mut book,
                log,
                ids: HashSet::new(),
                anchors: HashMap::new(),
                called: Vec::new(),
                waiting: Waiting::default(),
                link: false,
            };
            run.chapter(epub, chapter)?;
            let bytes = run.xml.finish()?;
            book.chapters.push(bytes);
        }
        Ok(book)
    }
}

/// What can't be written where it stands and waits for the next place that takes it: page breaks between rows,
/// note references inside links.
#[derive(Default)]
pub(super) struct Waiting<'a> {
    pub(super) milestones: VecDeque<&'a Milestone>,
    pub(super) notes: VecDeque<&'a Note>,
}

/// One chapter on its way.
pub(super) struct Run<'a, 'b> {
    pub(super) xml: Emitter<Vec<u8>>,
    pub(super) document: &'a Document,
    pub(super) plan: &'b Plan<'a>,
    pub(super) number: usize,
    pub(super) book: &'b mut Book,
    pub(super) log: &'b mut Log,
    /// Ids that were written in this chapter.
    pub(super) ids: HashSet<String>,
    /// How often each note without id was called, for ids of its own.
    pub(super) anchors: HashMap<String, usize>,
    /// Notes that were called and whose text is still to be written, with the ids of call and text.
    pub(super) called: Vec<Called<'a>>,
    pub(super) waiting: Waiting<'a>,
    /// True inside a link, which can hold no other.
    pub(super) link: bool,
}

/// A note that was called.
pub(super) struct Called<'a> {
    pub(super) note: &'a Note,
    pub(super) id: String,
    /// The id of the place that calls it.
    pub(super) anchor: String,
    pub(super) label: String,
}

pub(super) type Attributes = Vec<(&'static str, String)>;

impl<'a> Run<'a, '_> {
    fn chapter(&mut self, epub: &Epub, chapter: &Chapter<'a>) -> io::Result<()> {
        let language = language(self.document);
        self.xml.declaration()?;
        self.xml.raw("<!DOCTYPE html>\n")?;
        let root = vec![("xmlns", XHTML.to_owned()), ("xmlns:epub", OPS.to_owned())];
        self.start("html", root.into_iter().chain(languages(&language)).collect())?;
        self.xml.raw("\n")?;
        self.start("head", Attributes::new())?;
        self.leaf("title", Attributes::new(), &chapter.title)?;
        for (name, _) in epub.sheets() {
            let link = [("rel", "stylesheet"), ("type", "text/css")].map(|(name, value)| (name, value.to_owned()));
            self.empty("link", link.into_iter().chain([("href", format!("../css/{name}"))]).collect())?;
        }
        self.xml.end()?;
        self.xml.raw("\n")?;
        let matter = match chapter.matter {
            Matter::Front => "frontmatter",
            Matter::Body => "bodymatter",
            Matter::Back => "backmatter",
        };
        self.start("body", vec![("epub:type", matter.to_owned())])?;
        self.xml.raw("\n")?;
        self.section(chapter)?;
        self.xml.end()?;
        self.xml.raw("\n")?;
        self.xml.end()?;
        self.xml.raw("\n")
    }

    fn section(&mut self, chapter: &Chapter<'a>) -> io::Result<()> {
        let kind = chapter.division.and_then(|division| division.kind.as_deref()).unwrap_or("part");
        let empty = Tag::default();
        let tag = chapter.division.map_or(&empty, |division| &division.tag);
        let attributes = self.attributes(tag, &class_name(kind));
        self.start("section", attributes)?;
        self.xml.raw("\n")?;
        self.blocks(chapter.blocks, 1)?;
        self.settle_between_blocks()?;
        self.notes()?;
        self.xml.end()?;
        self.xml.raw("\n")
    }

    /// Blocks one below the other; `level` is that of a heading of what holds them.
    pub(super) fn blocks(&mut self, blocks: &'a [Block], level: usize) -> io::Result<()> {
        blocks.iter().try_for_each(|block| self.block(block, level))
    }

    /// Class, id, language and direction.
    pub(super) fn attributes(&mut self, tag: &Tag, class: &str) -> Attributes {
        let mut attributes = Attributes::new();
        if let Some(id) = tag.id.as_ref().and_then(|id| self.claim(id.as_str())) {
            attributes.push(("id", id));
        }
        if !class.is_empty() {
            attributes.push(("class", class.to_owned()));
        }
        if let Some(language) = tag.language.as_deref().filter(|language| is_language(language)) {
            attributes.extend(languages(language));
            if is_right_to_left(language) {
                attributes.push(("dir", "rtl".to_owned()));
            }
        }
        attributes
    }

    /// The id as it may be written here, unless it is taken.
    pub(super) fn claim(&mut self, id: &str) -> Option<String> {
        let id = fragment(id);
        self.ids.insert(id.clone()).then_some(id)
    }

    pub(super) fn start(&mut self, name: &str, attributes: Attributes) -> io::Result<()> {
        self.xml.start(name, attributes.iter().map(|(name, value)| (*name, value.as_str().into())))
    }

    pub(super) fn empty(&mut self, name: &str, attributes: Attributes) -> io::Result<()> {
        self.xml.empty(name, attributes.iter().map(|(name, value)| (*name, value.as_str().into())))
    }

    /// Ends an element and the line.
    pub(super) fn end_line(&mut self) -> io::Result<()> {
        self.xml.end()?;
        self.xml.raw("\n")
    }

    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes, text: &str) -> io::Result<()> {
        self.start(name, attributes)?;
        self.xml.text(text)?;
        self.xml.end()
    }
}

/// The main language of a document; `und` if it says none.
pub(super) fn language(document: &Document) -> String {
    let stated = document.metadata.languages.iter().find(|language| is_language(language));
    stated.map_or_else(|| "und".to_owned(), ToString::to_string)
}

/// `lang` and `xml:lang`, which must agree.
pub(super) fn languages(language: &str) -> [(&'static str, String); 2] {
    [("lang", language.to_owned()), ("xml:lang", language.to_owned())]
}

fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    parts
        .next()
        .is_some_and(|part| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic()))
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// True for languages, or scripts, that run from right to left.
pub(super) fn is_right_to_left(language: &str) -> bool {
    let lower = language.to_ascii_lowercase();
    let mut parts = lower.split('-');
    let primary = parts.next().unwrap_or_default();
    match parts.next() {
        Some("latn" | "cyrl") => false,
        Some("arab" | "hebr" | "syrc" | "thaa" | "nkoo") => true,
        _ => matches!(primary, "ar" | "he" | "iw" | "fa" | "ur" | "yi" | "ps" | "sd" | "ug" | "dv" | "syr" | "ckb"),
    }
}

/// An id without white space, as a fragment can name it.
pub(super) fn fragment(id: &str) -> String {
    id.chars().map(|character| if character.is_whitespace() { '_' } else { character }).collect()
}

/// A word for `class`, made from a word of the source.
pub(super) fn class_name(word: &str) -> String {
    word.chars()
        .map(|character| if character.is_alphanumeric() || "-_".contains(character) { character } else { '-' })
        .collect()
}

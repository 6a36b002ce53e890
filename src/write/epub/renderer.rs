//! The state of one content document while it is written.

use std::borrow::Cow;
use std::io;

use foldhash::{HashMap, HashSet};

use super::language::{is_rtl, known};
use super::notes::Called;
use super::plan::{NOTES, Plan};
use super::words::Words;
use super::{DUPLICATE, Epub, Images, LANGUAGE};
use crate::diagnostic::Log;
use crate::epub;
use crate::model::Tag;
use crate::xml::emit::Emitter;

/// Attributes on their way to the emitter.
pub(super) type Attributes = Vec<Said>;

/// One attribute on its way to the emitter.
pub(super) type Said = (&'static str, Cow<'static, str>);

/// What may stand where we are (the content models of HTML).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// Blocks: a section, a quotation.
    Section,
    /// Blocks or text without a paragraph: an item, a cell.
    Item,
    /// Text and what stands in a line only: a heading, a paragraph.
    Phrasing,
}

/// A page break that the page list shall name.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub id: String,
    pub label: String,
}

/// A heading that the contents may name.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// How many divisions stand around it.
    pub depth: usize,
    pub title: String,
    /// The id of its division; none for that of the whole content document.
    pub id: Option<String>,
    /// True for a part of a document: the contents leave it out.
    pub inner: bool,
}

pub(super) struct Renderer<'p> {
    pub options: &'p Epub,
    pub plan: &'p Plan<'p>,
    pub images: &'p Images<'p>,
    /// What the book says of its own accord.
    pub words: &'static Words,
    /// The number of the content document.
    pub chapter: usize,
    /// The content document in which what is written now will stand: the chapter, or that of all notes.
    pub place: usize,
    pub out: Emitter<Vec<u8>>,
    pub log: Log,
    pub pages: Vec<Page>,
    pub entries: Vec<Entry>,
    /// Each note in the order of its call; empty while its body is being written.
    pub notes: Vec<Vec<u8>>,
    /// Calls that wait for the end of the link in which they stand, since a link can't hold another.
    pub waiting: Vec<Called>,
    pub in_link: bool,
    /// How often each note was called beyond its first call in this chapter.
    pub called_again: HashMap<String, usize>,
    pub in_note: usize,
    /// True if some note of the chapter has a printed marker.
    pub labelled: bool,
    /// How many notes without a printed marker were called.
    pub unlabelled: usize,
    /// The level of the last heading, so that none is left out.
    pub level: u8,
    /// How many sections are open.
    pub sections: u8,
    /// True in a division that is a document.
    pub in_document: bool,
    pub images_seen: usize,
    pub images_described: usize,
    pub tables: usize,
    /// How many formulas stand in it, its notes among them.
    pub formulas: usize,
    seen: HashSet<String>,
    rtl: Vec<bool>,
}

impl<'p> Renderer<'p> {
    pub(super) fn new(
        options: &'p Epub,
        plan: &'p Plan<'p>,
        images: &'p Images<'p>,
        chapter: usize,
        language: &str,
    ) -> Self {
        Self {
            options,
            plan,
            images,
            words: Words::of(language),
            chapter,
            place: chapter,
            out: Emitter::new(Vec::new()),
            log: Log::new(),
            pages: Vec::new(),
            entries: Vec::new(),
            notes: Vec::new(),
            waiting: Vec::new(),
            in_link: false,
            called_again: HashMap::default(),
            in_note: 0,
            labelled: false,
            unlabelled: 0,
            level: 0,
            sections: 0,
            in_document: false,
            images_seen: 0,
            images_described: 0,
            tables: 0,
            formulas: 0,
            seen: HashSet::default(),
            rtl: vec![is_rtl(language)],
        }
    }

    /// The id of a node, if it stands in this content document and nothing before has it.
    pub(super) fn claim(&mut self, tag: &Tag) -> Option<String> {
        let id = tag.id.as_ref()?.as_str();
        let ours = self.plan.homes.get(id).is_some_and(|home| home.file == self.place && home.chapter == self.chapter);
        if ours && usable(id) && self.seen.insert(id.to_owned()) {
            return Some(id.to_owned());
        }
        if usable(id) {
            self.log.warning(DUPLICATE, tag.span, format!("the id `{id}` is given twice; the first keeps it"));
        }
        None
    }

    /// An id for a node that has none: `base`, or `base` with a number.
    pub(super) fn fresh(&mut self, base: &str) -> String {
        let mut id = base.to_owned();
        let mut next = 2;
        while self.plan.homes.contains_key(id.as_str()) || !self.seen.insert(id.clone()) {
            id = format!("{base}-{next}");
            next += 1;
        }
        id
    }

    /// Class, id, language and direction of a node.
    pub(super) fn attributes(&mut self, tag: &Tag, class: &str) -> Attributes {
        let mut attributes = Vec::new();
        let class = classes(tag, class);
        if !class.is_empty() {
            attributes.push(("class", Cow::Owned(class)));
        }
        if let Some(id) = self.claim(tag) {
            attributes.push(("id", Cow::Owned(id)));
        }
        let claimed = attributes.iter().any(|(name, _)| *name == "id");
        attributes.extend(self.language(tag));
        attributes.extend(carried(tag, claimed));
        attributes
    }

    /// Gives an element an id of ours: the node has none, or one that XHTML can't have.
    pub(super) fn invent(attributes: &mut Attributes, id: &str) {
        attributes.push(("id", Cow::Owned(id.to_owned())));
        if !attributes.iter().any(|(name, _)| *name == epub::ID) {
            attributes.push((epub::ID, Cow::Borrowed("")));
        }
    }

    /// Language and, where it changes, direction.
    pub(super) fn language(&mut self, tag: &Tag) -> Attributes {
        let Some(said) = tag.language.as_deref().filter(|said| !said.is_empty()) else { return Vec::new() };
        let Some(language) = known(said) else {
            let message =
                format!("`{said}` is no language tag of the registry (BCP 47): no reading system is told of it");
            self.log.note(LANGUAGE, tag.span, message);
            return Vec::new();
        };
        let rtl = is_rtl(&language);
        let mut attributes =
            vec![("lang", Cow::Owned(language.to_string())), ("xml:lang", Cow::Owned(language.into_owned()))];
        if self.rtl.last().is_some_and(|outer| *outer != rtl) {
            attributes.push(("dir", Cow::Borrowed(if rtl { "rtl" } else { "ltr" })));
        }
        attributes
    }

    /// Opens an element for a node.
    pub(super) fn open(&mut self, name: &str, tag: &Tag, class: &str) -> io::Result<()> {
        self.open_with(name, tag, class, [])
    }

    /// Opens an element for a node with more to say.
    pub(super) fn open_with(
        &mut self,
        name: &str,
        tag: &Tag,
        class: &str,
        more: impl IntoIterator<Item = Said>,
    ) -> io::Result<()> {
        let mut attributes = self.attributes(tag, class);
        attributes.extend(more);
        self.out.start(name, attributes)?;
        let outer = self.rtl.last().copied().unwrap_or_default();
        self.rtl.push(tag.language.as_deref().and_then(known).map_or(outer, |language| is_rtl(&language)));
        Ok(())
    }

    /// Closes what [`Self::open`] opened.
    pub(super) fn close(&mut self) -> io::Result<()> {
        self.rtl.pop();
        self.out.end()
    }

    /// A line end between blocks; none in a line, where it would be a space.
    pub(super) fn line(&mut self, within: Within) -> io::Result<()> {
        if within == Within::Phrasing { Ok(()) } else { self.out.raw("\n") }
    }

    /// Where a link to an id of this document leads; `None` if there is no such id.
    pub(super) fn href(&self, id: &str) -> Option<String> {
        let home = self.plan.homes.get(id).filter(|_| usable(id))?;
        Some(self.link(home.file, id))
    }

    /// A link to an id in a content document.
    pub(super) fn link(&self, file: usize, id: &str) -> String {
        if file == self.place { format!("#{id}") } else { format!("{}#{id}", self.plan.file(file)) }
    }

    /// Where the bodies of notes will stand.
    pub(super) fn notes_place(&self) -> usize {
        if self.options.notes == super::Notes::Book { NOTES } else { self.chapter }
    }
}

/// What the tag says that XHTML has no attribute for.
pub(super) fn carried(tag: &Tag, claimed: bool) -> Attributes {
    let mut attributes = Vec::new();
    if let Some(words) = epub::tag_words(tag) {
        attributes.push((epub::TEI, Cow::Owned(words)));
    }
    if let Some(id) = tag.id.as_ref().filter(|_| !claimed) {
        attributes.push((epub::ID, Cow::Owned(id.to_string())));
    }
    if let Some(language) = tag.language.as_deref().filter(|language| known(language).as_deref() != Some(language)) {
        attributes.push((epub::LANGUAGE, Cow::Owned(language.to_owned())));
    }
    if let Some(inference) = &tag.inference {
        attributes.push((epub::INFERRED, Cow::Owned(inference.words())));
    }
    attributes
}

/// One more attribute, if there is something to say.
pub(super) fn said(name: &'static str, value: Option<impl AsRef<str>>) -> Option<Said> {
    value.map(|value| (name, Cow::Owned(value.as_ref().to_owned())))
}

/// An attribute that says yes by being there.
pub(super) fn flag(name: &'static str, set: bool) -> Option<Said> {
    set.then_some((name, Cow::Borrowed("")))
}

/// An id that XHTML and a URI take as it is (an NCName of the usual letters).
fn usable(id: &str) -> bool {
    crate::xml::parse::is_ncname(id)
}

/// The class of a node's kind, and those of its rendition that the sheet knows.
fn classes(tag: &Tag, class: &str) -> String {
    let mut classes = class.to_owned();
    let said = tag.attributes.get("rend").or_else(|| tag.attributes.get("rendition")).unwrap_or_default();
    for word in said.split_whitespace() {
        let known = match word.trim_start_matches('#') {
            "center" | "centered" => "center",
            "right" | "flushright" => "right",
            "left" | "flushleft" => "left",
            "indent" => "indent",
            "italic" | "sectiontitleital" => "italic",
            "bold" | "strong" => "strong",
            "smallcaps" => "smallcaps",
            _ => continue,
        };
        if !classes.split(' ').any(|have| have == known) {
            if !classes.is_empty() {
                classes.push(' ');
            }
            classes.push_str(known);
        }
    }
    classes
}

/// The class of an element without a name in the model: `x-` and its name.
pub(super) fn foreign_class(tag: &Tag) -> String {
    let Some(name) = &tag.element else { return String::new() };
    let plain = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '_';
    format!("x-{}", name.local.chars().map(|it| if plain(it) { it } else { '-' }).collect::<String>())
}

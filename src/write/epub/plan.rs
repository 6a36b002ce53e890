//! Which part of the document goes into which content document, and in which of them each id stands.

use std::collections::BTreeSet;

use foldhash::HashMap;

use crate::model::visit::{Visit, walk_block, walk_blocks, walk_inline};
use crate::model::{Block, Division, Document, Foreign, Inline, Milestone, Note, Reference, Tag, Target, Unit};

use super::cut::cut;
use super::links::plain_text;

/// Above this many bytes of text a division without documents is split at its inner divisions: old devices
/// lay out a whole content document before they show a page of it.
const LARGE: usize = 150_000;
/// Divisions are split no deeper than this.
const DEEPEST: usize = 6;

/// Which part of the book a content document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Front,
    Body,
    Back,
}

/// What one content document holds.
#[derive(Debug)]
pub(super) struct Chapter<'d> {
    /// The file's name in `text/`.
    pub file: String,
    /// Front, body or back.
    pub part: Part,
    /// How many divisions stand around it.
    pub depth: usize,
    /// The division of which it is the whole or the beginning.
    pub division: Option<&'d Division>,
    /// What the division is called elsewhere than in its text: in the header of one text of several.
    pub called: Option<String>,
    /// The headword with which it begins, for a part of a dictionary that was cut.
    pub headword: Option<String>,
    /// What it holds, in order: the division's content, or as much of it as stands before its inner divisions.
    pub content: Vec<&'d Block>,
    /// How many blocks at the beginning of the content stand before the division.
    pub before: usize,
    /// Blocks at its end that stand behind the division: how many, and how many divisions stand around them.
    pub behind: Vec<(usize, usize)>,
}

/// Where a node with an id stands, and by what it may be called.
#[derive(Debug)]
pub(super) struct Home {
    /// The number of the content document; [`NOTES`] for that of all notes.
    pub file: usize,
    /// The number of the chapter to which it belongs.
    pub chapter: usize,
    /// Its marker, page number or heading.
    pub label: Option<String>,
    /// True for a note.
    pub note: bool,
}

/// Stands for the content document with all notes.
pub(super) const NOTES: usize = usize::MAX;

/// A call of a note beyond its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Again<'d> {
    /// The chapter in which, or in a note of which, it stands.
    pub chapter: usize,
    /// The content document in which it stands.
    pub file: usize,
    /// Its own id, where the document gives it one.
    own: Option<&'d str>,
}

/// All content documents, and the ids in them.
#[derive(Debug)]
pub(super) struct Plan<'d> {
    pub chapters: Vec<Chapter<'d>>,
    pub homes: HashMap<&'d str, Home>,
    /// The further calls of notes, by the notes' ids.
    pub again: HashMap<&'d str, Vec<Again<'d>>>,
    /// The name of the content document with all notes.
    pub notes_file: String,
    /// The name of the content document that describes the manuscripts.
    pub description_file: String,
}

impl<'d> Plan<'d> {
    pub(super) fn of(document: &'d Document, notes_apart: bool) -> Self {
        let documents = document.parts().iter().any(|part| holds_document(part));
        let mut splitter = Splitter { documents, part: Part::Front, chapters: Vec::new() };
        for (part, blocks) in [Part::Front, Part::Body, Part::Back].into_iter().zip(document.parts()) {
            splitter.part = part;
            splitter.split(None, blocks, 0);
        }
        if splitter.chapters.is_empty() {
            splitter.chapter(None, Vec::new(), 0);
        }
        let mut chapters: Vec<_> = splitter.chapters.into_iter().flat_map(cut).collect();
        let mut names = Names::default();
        let notes_file = names.unique("notes".to_owned());
        names.unique("cover".to_owned());
        let description_file = names.unique("description".to_owned());
        for (at, chapter) in chapters.iter_mut().enumerate() {
            let id = chapter.division.and_then(|division| division.tag.id.as_ref());
            let stem = id.map(|id| id.as_str()).filter(|id| is_plain(id)).map(str::to_owned);
            chapter.file = names.unique(stem.unwrap_or_else(|| format!("section-{}", at + 1)));
        }
        call(&mut chapters, document);
        let (homes, again) = index(&chapters, notes_apart);
        Self { chapters, homes, again, notes_file, description_file }
    }

    /// The note that a reference calls once more: one without words, or with those of the note's marker.
    pub(super) fn called_again<'r>(&self, reference: &'r Reference) -> Option<&'r str> {
        let id = called(reference)?;
        let home = self.homes.get(id).filter(|home| home.note)?;
        is_call(reference, home).then_some(id)
    }

    /// The id of the further call of a note with this number, 2 for the second.
    pub(super) fn again_id(&self, note: &str, number: usize) -> String {
        if let Some(own) = self.again.get(note).and_then(|calls| calls.get(number - 2)?.own) {
            return own.to_owned();
        }
        let mut id = format!("{note}-ref{number}");
        while self.homes.contains_key(id.as_str()) {
            id.push('-');
        }
        id
    }

    /// The name of a content document.
    pub(super) fn file(&self, file: usize) -> &str {
        self.chapters.get(file).map_or(&self.notes_file, |chapter| &chapter.file)
    }
}

/// Gives the texts of a corpus the titles in their headers.
fn call(chapters: &mut [Chapter<'_>], document: &Document) {
    let Some(frame) = &document.frame else { return };
    let titles = crate::tei::header::titles_of_texts(frame);
    let mut texts = document.body.iter().zip(titles);
    for chapter in chapters.iter_mut().filter(|chapter| chapter.part == Part::Body) {
        let Some(division) = chapter.division.filter(|_| chapter.depth == 0) else { continue };
        let is_it = |block: &Block| matches!(block, Block::Division(it) if std::ptr::eq(it, division));
        // Chapters stand in the order of the texts: what was passed has none.
        chapter.called = texts.find(|(block, _)| is_it(block)).and_then(|(_, title)| title);
    }
}

/// File names, unique even where capitals and small letters are the same (OCF 3.3 §4.2.2).
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn unique(&mut self, stem: String) -> String {
        let mut name = stem.clone();
        let mut next = 2;
        while !self.0.insert(name.to_ascii_lowercase()) {
            name = format!("{stem}-{next}");
            next += 1;
        }
        format!("{name}.xhtml")
    }
}

fn is_plain(id: &str) -> bool {
    id.len() <= 60 && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

pub(super) fn is_document(division: &Division) -> bool {
    division.kind.as_deref() == Some("document")
}

fn holds_document(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| match block {
        Block::Division(division) => is_document(division) || holds_document(&division.content),
        _ => false,
    })
}

/// True for what may stand before the heading of the next content document: it has no text of its own.
pub(super) fn is_point(block: &Block) -> bool {
    matches!(block, Block::Milestone(_) | Block::Foreign(Foreign::Comment(_) | Foreign::Instruction(_)))
}

struct Splitter<'d> {
    documents: bool,
    part: Part,
    chapters: Vec<Chapter<'d>>,
}

impl<'d> Splitter<'d> {
    fn chapter(&mut self, division: Option<&'d Division>, content: Vec<&'d Block>, depth: usize) {
        let file = String::new();
        self.chapters.push(Chapter {
            file,
            part: self.part,
            depth,
            division,
            called: None,
            headword: None,
            content,
            before: 0,
            behind: Vec::new(),
        });
    }

    /// Makes content documents of `blocks`, which are the content of `around`.
    fn split(&mut self, around: Option<&'d Division>, blocks: &'d [Block], depth: usize) {
        let mut opening = around;
        let inner = depth + usize::from(around.is_some());
        let mut loose: Vec<&'d Block> = Vec::new();
        for block in blocks {
            let Block::Division(division) = block else {
                loose.push(block);
                continue;
            };
            let points = loose.iter().rev().take_while(|block| is_point(block)).count();
            let mut before = loose.split_off(loose.len() - points);
            if opening.is_some() || !loose.is_empty() {
                let first = opening.take();
                self.chapter(first, std::mem::take(&mut loose), if first.is_some() { depth } else { inner });
            }
            if self.opens(division, inner) {
                // What stood before its heading is carried into its first content document.
                let at = self.chapters.len();
                self.split(Some(division), &division.content, inner);
                if let Some(chapter) = self.chapters.get_mut(at) {
                    chapter.before += before.len();
                    before.append(&mut chapter.content);
                    chapter.content = before;
                }
            } else {
                let outside = before.len();
                before.extend(&division.content);
                self.chapter(Some(division), before, inner);
                if let Some(chapter) = self.chapters.last_mut() {
                    chapter.before = outside;
                }
            }
        }
        if let Some(first) = opening {
            self.chapter(Some(first), loose, depth);
        } else if !loose.is_empty() {
            match self.chapters.last_mut() {
                Some(chapter) if chapter.part == self.part && loose.iter().all(|block| is_point(block)) => {
                    chapter.behind.push((loose.len(), inner));
                    chapter.content.append(&mut loose);
                }
                _ => self.chapter(None, loose, inner),
            }
        }
    }

    /// True if a division's inner divisions get content documents of their own.
    fn opens(&self, division: &Division, depth: usize) -> bool {
        if depth >= DEEPEST || is_document(division) {
            return false;
        }
        if self.documents {
            return holds_document(&division.content);
        }
        let inner = division.content.iter().any(|block| matches!(block, Block::Division(_)));
        let collective = matches!(division.kind.as_deref(), Some("part" | "volume" | "book" | "group" | "compilation"));
        inner && (collective || size(&division.content) > LARGE)
    }
}

fn size(blocks: &[Block]) -> usize {
    struct Sizer(usize);
    impl<'a> Visit<'a> for Sizer {
        fn inline(&mut self, inline: &'a Inline) {
            if let Inline::Text(text) = inline {
                self.0 += text.len();
            }
            walk_inline(self, inline);
        }
    }
    let mut sizer = Sizer(0);
    walk_blocks(&mut sizer, blocks);
    sizer.0
}

/// The one node of this document to which a reference points; none can lead to an id that XHTML does not take.
fn called(reference: &Reference) -> Option<&str> {
    match reference.targets.as_slice() {
        [Target::Here(id)] if crate::xml::parse::is_ncname(id.as_str()) => Some(id.as_str()),
        _ => None,
    }
}

fn is_call(reference: &Reference, home: &Home) -> bool {
    let words = plain_text(&reference.content);
    words.is_empty() || home.label.as_deref().is_some_and(|label| label.trim() == words)
}

fn index<'d>(
    chapters: &[Chapter<'d>],
    notes_apart: bool,
) -> (HashMap<&'d str, Home>, HashMap<&'d str, Vec<Again<'d>>>) {
    let mut indexer = Indexer { chapter: 0, file: 0, notes_apart, homes: HashMap::default(), references: Vec::new() };
    for (at, chapter) in chapters.iter().enumerate() {
        (indexer.chapter, indexer.file) = (at, at);
        if let Some(division) = chapter.division {
            indexer.division(division);
        }
        for block in &chapter.content {
            indexer.block(block);
        }
    }
    let mut again: HashMap<&str, Vec<Again<'_>>> = HashMap::default();
    for (reference, place) in indexer.references {
        if let Some(id) = called(reference)
            && indexer.homes.get(id).is_some_and(|home| home.note && is_call(reference, home))
        {
            again.entry(id).or_default().push(place);
        }
    }
    (indexer.homes, again)
}

struct Indexer<'d> {
    chapter: usize,
    file: usize,
    notes_apart: bool,
    homes: HashMap<&'d str, Home>,
    /// All that points to one place of this document.
    references: Vec<(&'d Reference, Again<'d>)>,
}

impl<'d> Indexer<'d> {
    /// Notes where an id stands; tells it, if nothing before has it.
    fn tag(&mut self, tag: &'d Tag, label: Option<String>) -> Option<&'d str> {
        let id = tag.id.as_ref()?.as_str();
        if self.homes.contains_key(id) {
            return None;
        }
        self.homes.insert(id, Home { file: self.file, chapter: self.chapter, label, note: false });
        Some(id)
    }

    fn division(&mut self, division: &'d Division) {
        let heading = division.content.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(plain_text(&heading.content)),
            _ => None,
        });
        self.tag(&division.tag, heading);
    }

    fn note(&mut self, note: &'d Note) {
        let outer = self.file;
        if self.notes_apart && note.place != crate::model::Place::Inline {
            self.file = NOTES;
        }
        if let Some(id) = &note.tag.id {
            let label = note.label.as_deref().map(str::to_owned);
            let called = note.place != crate::model::Place::Inline;
            self.homes.entry(id.as_str()).or_insert(Home {
                file: self.file,
                chapter: self.chapter,
                label,
                note: called,
            });
        }
        walk_blocks(self, &note.body);
        self.file = outer;
    }

    fn milestone(&mut self, milestone: &'d Milestone) {
        let label = milestone.label.as_deref().filter(|_| milestone.unit == Unit::Page);
        self.tag(&milestone.tag, label.map(|label| format!("p. {label}")));
    }
}

impl<'d> Visit<'d> for Indexer<'d> {
    fn block(&mut self, block: &'d Block) {
        match block {
            Block::Division(division) => self.division(division),
            Block::Note(note) => return self.note(note),
            Block::Milestone(milestone) => self.milestone(milestone),
            Block::List(list) => {
                self.tag(&list.tag, None);
                for item in &list.items {
                    self.tag(&item.tag, None);
                    if let Some(label) = &item.label {
                        self.tag(&label.tag, None);
                    }
                }
            }
            Block::Table(table) => {
                self.tag(&table.tag, None);
                for row in &table.rows {
                    self.tag(&row.tag, None);
                    for cell in &row.cells {
                        self.tag(&cell.tag, None);
                    }
                }
            }
            _ => {
                if let Some(tag) = block.tag() {
                    self.tag(tag, None);
                }
            }
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'d Inline) {
        match inline {
            Inline::Note(note) => return self.note(note),
            Inline::Milestone(milestone) => self.milestone(milestone),
            Inline::Reference(reference) => {
                let own = self.tag(&reference.tag, None).filter(|id| crate::xml::parse::is_ncname(id));
                if called(reference).is_some() {
                    self.references.push((reference, Again { chapter: self.chapter, file: self.file, own }));
                }
            }
            // The block itself is visited next.
            Inline::Nested(_) => {}
            _ => {
                if let Some(tag) = inline.tag() {
                    self.tag(tag, None);
                }
            }
        }
        walk_inline(self, inline);
    }
}

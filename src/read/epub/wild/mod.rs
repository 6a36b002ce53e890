//! Content documents of others. What XHTML, `epub:type` and roles say is taken as said; what only convention says
//! (that a link calls a note, that text belongs to a division) is inferred, with rule and certainty.

mod block;
mod calls;
mod classes;
mod drawing;
mod inline;
mod list;
mod notes;
mod pages;
mod sections;
mod verse;

use std::collections::{HashMap, HashSet};

use super::assembly::Part;
use super::book::{Book, Lead};
use super::contents::Contents;
use super::own::Chapter;
use super::{MEDIA, contents};
use crate::diagnostic::Log;
use crate::epub::page::{Element, Node};
use crate::model::{Block, Certainty, Division, Id, Inference, Resource, Tag};
use crate::source::Span;
use crate::xml::parse::as_ncname;
use notes::Notes;

/// What is known of all content documents before the first is read.
pub(super) struct Plan {
    notes: Notes,
    /// The ids of elements to which something leads.
    ids: HashMap<u32, Id>,
    /// The ids of content documents to which something leads.
    leaf_ids: HashMap<u32, Id>,
}

impl Plan {
    pub(super) fn of(book: &Book<'_>) -> Self {
        let notes = notes::find(book);
        let (ids, leaf_ids) = ids(book, &notes);
        Self { notes, ids, leaf_ids }
    }
}

/// Reads content documents of others.
pub(super) struct Wild<'r, 't> {
    pub book: &'r Book<'t>,
    pub plan: &'r Plan,
    pub contents: &'r Contents,
    pub log: &'r mut Log,
    /// The number of the content document.
    pub leaf: u32,
    /// By number of a note: true if it was called.
    pub called: &'r mut Vec<bool>,
    /// The main language of the book.
    pub language: &'r str,
    /// Ids that were given.
    given: HashSet<u32>,
    /// The note whose body is being read: its number and its marker.
    note: Option<(usize, String)>,
    /// How many items, cells, quotations and notes stand around: no division begins in them.
    inside: usize,
    /// How far the beginning of a note's body was read.
    beginning: inline::Beginning,
    /// Drawings that became images.
    pub drawings: Vec<Resource>,
    /// Numbers of elements where a division begins of which only the contents speak: title and level.
    starts: HashMap<u32, (String, usize)>,
    /// What media were left out, by name of the element.
    pub media: HashMap<String, usize>,
}

impl<'r, 't> Wild<'r, 't> {
    pub(super) fn new(
        book: &'r Book<'t>,
        plan: &'r Plan,
        contents: &'r Contents,
        called: &'r mut Vec<bool>,
        language: &'r str,
        log: &'r mut Log,
    ) -> Self {
        called.resize(plan.notes.found.len(), false);
        let starts = starts(book, contents);
        Self {
            book,
            plan,
            contents,
            log,
            leaf: 0,
            called,
            language,
            given: HashSet::new(),
            note: None,
            inside: 0,
            beginning: inline::Beginning::Done,
            drawings: Vec::new(),
            starts,
            media: HashMap::new(),
        }
    }

    /// What a content document holds. `open` is how many divisions the document before it left open.
    pub(super) fn chapter(&mut self, leaf: u32, open: usize) -> Chapter {
        self.leaf = leaf;
        let body = self.book.leaves[leaf as usize].body();
        let mut blocks = Vec::new();
        if let Some(label) = self.contents.first_pages.get(&leaf) {
            blocks.push(pages::listed(label));
        }
        // A file may be nothing but a note, without the elements of a page round it.
        if !self.is_taken(body) {
            // What is in another namespace is a picture of its own (SVG).
            blocks.extend(if body.namespace.is_none() { self.flow(body) } else { self.block(body) });
        }
        let inner = sole_section(&mut blocks);
        let blocks = sections::nested(blocks, false);
        let mut chapter = self.placed(leaf, blocks, open);
        if let (Some(division), Some(inner)) = (&mut chapter.division, inner) {
            division.kind = division.kind.take().or(inner);
        }
        self.finish(leaf, body, &mut chapter);
        chapter
    }

    /// Which depth a content document has, and which division it is.
    fn placed(&mut self, leaf: u32, mut blocks: Vec<Block>, open: usize) -> Chapter {
        let entry = self.contents.entry_of(self.book, leaf);
        let mut chapter = Chapter::loose(Vec::new());
        let points = blocks.iter().take_while(|block| sections::is_point(block)).count();
        let whole = matches!(blocks.get(points), Some(Block::Division(_))) && blocks.len() == points + 1;
        let starts_headed = matches!(blocks.get(points), Some(Block::Division(_)));
        match entry {
            Some(entry) => chapter.depth = entry.depth,
            // No list names it and it has no heading: it goes on where the last ended.
            None if !starts_headed && !self.contents.entries.is_empty() => chapter.depth = open,
            None => {}
        }
        if whole {
            if let Some(Block::Division(mut division)) = blocks.pop() {
                chapter.content = std::mem::take(&mut division.content);
                chapter.division = Some(division);
            }
            chapter.before = blocks;
            return chapter;
        }
        if let Some(entry) = entry.filter(|entry| !starts_headed && !entry.title.is_empty()) {
            let because = "the contents of the book name it so; no heading does";
            let tag = Tag::default().inferred(Inference::new("division.contents", Certainty::High, because));
            chapter.division =
                Some(Division { tag, kind: None, number: Some(entry.title.as_str().into()), content: Vec::new() });
            let rest = blocks.split_off(points);
            (chapter.before, chapter.content) = (blocks, rest);
            return chapter;
        }
        chapter.content = blocks;
        chapter
    }

    /// Language, kind and id of the whole.
    fn finish(&mut self, leaf: u32, body: &Element, chapter: &mut Chapter) {
        let page = &self.book.leaves[leaf as usize].page;
        let kind = block::division_kind(body);
        let language = [body, &page.root].into_iter().find_map(block::language);
        if let Some(division) = &mut chapter.division {
            if division.kind.is_none() {
                division.kind = kind.map(Into::into);
            }
            if division.tag.language.is_none() && language.is_some_and(|language| !same(language, self.language)) {
                division.tag.language = language.map(Into::into);
            }
        }
        let mut wanted = vec![self.book.number(leaf, &page.root), self.book.number(leaf, body)];
        wanted.dedup();
        if self.is_taken(body) {
            // The note has them.
            wanted.clear();
        }
        let ids: Vec<Id> = wanted.iter().filter_map(|number| self.plan.ids.get(number)).cloned().collect();
        for id in ids.into_iter().chain(self.plan.leaf_ids.get(&leaf).cloned()) {
            match &mut chapter.division {
                Some(division) if division.tag.id.is_none() => division.tag.id = Some(id),
                _ => chapter.content.insert(0, inline::anchor_block(id)),
            }
        }
    }

    /// Which part of the book a content document belongs to, if it says so.
    pub(super) fn part(&self, leaf: u32) -> Option<Part> {
        let body = self.book.leaves[leaf as usize].body();
        let first = body.elements().next();
        let said = |element: &Element| element.words("epub:type").find_map(Part::of_word);
        said(body).or_else(|| first.filter(|_| body.elements().count() == 1).and_then(said))
    }

    /// Media that no document can hold, and classes that say nothing here, are told.
    pub(super) fn report(&mut self) {
        let mut media: Vec<_> = self.media.drain().collect();
        media.sort();
        for (name, count) in media {
            let kept = if name == "epub:case" { "what stands in its place was" } else { "the text in it was" };
            let message = format!("`{name}` ({count} times) can't be kept; {kept}");
            self.log.loss(MEDIA, Span::default(), message);
        }
        let book = self.book;
        let of_others = book.elements.iter().zip(0..).filter(|&(_, number)| {
            let leaf = &book.leaves[book.leaf_of(number) as usize];
            !leaf.own && !leaf.is_generated()
        });
        classes::report(of_others.map(|(element, _)| *element), self.log);
    }

    /// Notes that nothing called after all: their calls stand in what is no text.
    pub(super) fn left_over(&mut self) -> Chapter {
        let mut chapter = Chapter::loose(Vec::new());
        for at in 0..self.plan.notes.found.len() {
            if !self.called[at] && !self.plan.notes.found[at].bodies.is_empty() {
                let note = self.note(at, "");
                chapter.content.push(Block::Note(note));
            }
        }
        chapter
    }

    /// The words of an element are no text of the document; notes that stand in it are.
    fn took(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(_, span) => self.log.took(*span),
                Node::Element(inner) if self.is_taken(inner) => {}
                Node::Element(inner) => self.took(inner),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// The id of an element, if something leads to it; given once.
    fn id(&mut self, number: u32) -> Option<Id> {
        let id = self.plan.ids.get(&number)?;
        self.given.insert(number).then(|| id.clone())
    }

    /// A tag with what every element may say: id and language.
    fn tag(&mut self, element: &Element) -> Tag {
        let number = self.book.number(self.leaf, element);
        let outer = self.book.elements[self.book.parents[number as usize] as usize];
        let language = block::language(element)
            .filter(|language| !same(language, block::language(outer).unwrap_or(self.language)) && !element.is("body"));
        Tag { id: self.id(number), language: language.map(Into::into), ..Tag::default() }
    }
}

/// True if two language tags say the same.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Where a chapter has nothing but one division without a heading of its own, the outer is enough: its content and
/// kind.
fn sole_section(blocks: &mut Vec<Block>) -> Option<Option<compact_str::CompactString>> {
    let [Block::Division(division)] = blocks.as_mut_slice() else { return None };
    let plain = division.tag == Tag { id: division.tag.id.clone(), ..Tag::default() } && division.tag.id.is_none();
    let headed = division.content.iter().any(|block| matches!(block, Block::Heading(_)));
    if !plain || headed || division.content.iter().filter(|block| matches!(block, Block::Division(_))).count() != 1 {
        return None;
    }
    if division.content.len() != 1 {
        return None;
    }
    let kind = division.kind.take();
    *blocks = std::mem::take(&mut division.content);
    Some(kind)
}

/// Where only the contents say that something begins: entries that lead to an element that is, or holds, no heading.
fn starts(book: &Book<'_>, contents: &Contents) -> HashMap<u32, (String, usize)> {
    let mut starts = HashMap::new();
    let mut seen = HashSet::new();
    for entry in &contents.entries {
        let Lead::Element(number) = entry.lead else { continue };
        let leaf = book.leaf_of(number);
        let first = seen.insert(leaf);
        if first || entry.title.is_empty() || book.leaves[leaf as usize].own {
            // The first is the content document itself.
            continue;
        }
        let headed = book.ancestors(number).take(3).any(|at| block::is_headed(book.elements[at as usize]));
        if !headed && !near_heading(book, number) {
            starts.entry(block_at(book, number)).or_insert((entry.title.clone(), entry.depth + 1));
        }
    }
    starts
}

/// The outermost block that begins with an element.
fn block_at(book: &Book<'_>, number: u32) -> u32 {
    book.ancestors(number).find(|&at| notes::is_block(book.elements[at as usize])).unwrap_or(number)
}

/// True if the next element behind an empty anchor is a heading.
fn near_heading(book: &Book<'_>, number: u32) -> bool {
    let block = block_at(book, number);
    let element = book.elements[block as usize];
    if !contents::is_blank(element) {
        return false;
    }
    let parent = book.elements[book.parents[block as usize] as usize];
    let mut behind = parent.elements().skip_while(|it| !std::ptr::eq(*it, element)).skip(1);
    behind.next().is_some_and(block::is_headed)
}

/// Ids for all elements and content documents to which links lead, each once in the document.
fn ids(book: &Book<'_>, notes: &Notes) -> (HashMap<u32, Id>, HashMap<u32, Id>) {
    let (mut ids, mut leaf_ids) = (HashMap::new(), HashMap::new());
    let mut used: HashSet<String> = HashSet::new();
    for leaf in book.leaves.iter().filter(|leaf| leaf.own) {
        own_ids(&leaf.page.root, &mut used);
    }
    let mut unique = |base: String| {
        let mut id = base.clone();
        let mut next = 2;
        while !used.insert(id.clone()) {
            id = format!("{base}-{next}");
            next += 1;
        }
        Id::from(id)
    };
    for (element, number) in book.elements.iter().zip(0..) {
        let Some(href) = element.get("href").filter(|_| element.is("a")) else { continue };
        if notes.calls.contains_key(&number) {
            continue;
        }
        match book.lead(book.leaf_of(number), href) {
            Lead::Element(to) if !book.leaves[book.leaf_of(to) as usize].own && !ids.contains_key(&to) => {
                let element = book.elements[to as usize];
                let id = element.get("id").or_else(|| element.get("xml:id")).or_else(|| element.get("name"));
                ids.insert(to, unique(as_ncname(id.unwrap_or("id"))));
            }
            Lead::Leaf(leaf) if !leaf_ids.contains_key(&leaf) => {
                leaf_ids.insert(leaf, unique(as_ncname(stem(&book.leaves[leaf as usize].path))));
            }
            _ => {}
        }
    }
    for found in &notes.found {
        let Some(&body) = found.bodies.first() else { continue };
        ids.entry(found.target).or_insert_with(|| {
            let element = book.elements[found.target as usize];
            let id = element.get("id").or_else(|| element.get("name")).unwrap_or("note");
            unique(as_ncname(id))
        });
        if let Some(id) = ids.get(&found.target).cloned() {
            ids.entry(body).or_insert(id);
        }
    }
    (ids, leaf_ids)
}

fn own_ids(element: &Element, used: &mut HashSet<String>) {
    used.extend(element.get("id").map(str::to_owned));
    element.elements().for_each(|child| own_ids(child, used));
}

fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

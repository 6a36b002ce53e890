//! Content documents that this program wrote, perhaps edited since: each element is the node that it was made
//! from. What the text says always is what XHTML says; where a `data-` attribute says otherwise, XHTML wins.

mod block;
mod inline;
mod list;

use super::book::{Book, Lead};
use crate::diagnostic::{Code, Log};
use crate::epub::page::{Element, Node};
use crate::epub::{self, parse_tag};
use crate::model::{Block, Division, Foreign, Inline, Paragraph, Tag};
use crate::source::Span;
use crate::tei;

pub(super) const EDITED: Code = Code("epub.edited");

/// What one content document holds, and where it belongs.
pub(super) struct Chapter {
    /// How many divisions stand around it.
    pub depth: usize,
    /// What stands before its division.
    pub before: Vec<Block>,
    /// The division; its content is `content` then.
    pub division: Option<Division>,
    pub content: Vec<Block>,
    /// What stands behind its division: in how many divisions, and what.
    pub behind: Vec<(usize, Vec<Block>)>,
}

/// Reads one content document.
pub(super) struct Own<'r, 't> {
    pub book: &'r Book<'t>,
    pub log: &'r mut Log,
    /// The number of the content document.
    pub leaf: u32,
    /// By number of an element: true for notes that were called.
    pub called: &'r mut [bool],
    /// What stands before the list or table that comes next.
    before: Vec<Block>,
}

/// True for XML white space.
fn is_space(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The first word of the class.
fn kind(element: &Element) -> &str {
    element.words("class").next().unwrap_or_default()
}

/// True for an element that stands for a block.
fn is_block(element: &Element) -> bool {
    match element.name.as_str() {
        "div" => !element.has_class("run"),
        "code" => kind(element) == "verbatim",
        "span" => {
            let kind = kind(element);
            matches!(kind, "block" | "line" | "head" | "description")
                || (kind != "stage" || element.get(epub::TEI).is_none()) && tei::formula(kind).is_some()
        }
        "p" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "blockquote"
        | "figure" | "figcaption" | "pre" | "aside" | "hr" => true,
        _ => false,
    }
}

impl<'r, 't> Own<'r, 't> {
    pub(super) fn new(book: &'r Book<'t>, leaf: u32, called: &'r mut [bool], log: &'r mut Log) -> Self {
        Self { book, log, leaf, called, before: Vec::new() }
    }

    /// What the content document holds.
    pub(super) fn chapters(&mut self) -> Vec<Chapter> {
        let mut chapters = Vec::new();
        let (mut loose, mut left) = (Vec::new(), Vec::new());
        for child in &self.book.leaves[self.leaf as usize].body().children {
            match child {
                Node::Element(element)
                    if element.has_class("generated") || element.is("section") && element.has_class("cover") =>
                {
                    self.took(element);
                }
                Node::Element(element) if is_endnotes(element) => self.notes_left(element, &mut left),
                Node::Element(element) if element.is("section") || element.has_class("loose") => {
                    let content = self.grouped(std::mem::take(&mut loose), false);
                    if !content.is_empty() {
                        chapters.push(Chapter::loose(content));
                    }
                    chapters.push(self.chapter(element));
                }
                other => loose.push(other),
            }
        }
        let mut content = self.grouped(loose, false);
        content.append(&mut left);
        if !content.is_empty() {
            chapters.push(Chapter::loose(content));
        }
        chapters
    }

    fn chapter(&mut self, element: &'t Element) -> Chapter {
        let mut chapter = Chapter::loose(Vec::new());
        chapter.depth = depth(element);
        let mut content = Vec::new();
        for child in &element.children {
            match child {
                Node::Element(inner) if inner.get(epub::OUTSIDE) == Some("before") => {
                    chapter.before.extend(self.container(inner, false));
                }
                Node::Element(inner) if inner.get(epub::OUTSIDE).is_some() => {
                    chapter.behind.push((depth(inner), self.container(inner, false)));
                }
                other => content.push(other),
            }
        }
        chapter.content = self.grouped(content, false);
        if element.is("section") {
            let tag = self.tag(element);
            chapter.division = Some(self.division_with(element, tag, Vec::new()));
        }
        chapter
    }

    /// What the attributes of an element say of its node.
    fn tag(&self, element: &Element) -> Tag {
        let id = match element.get(epub::ID) {
            Some("") => None,
            Some(id) => Some(id),
            None => element.get("id"),
        };
        let language = element.get(epub::LANGUAGE).or_else(|| element.get("xml:lang")).or_else(|| element.get("lang"));
        let (name, attributes) = element.get(epub::TEI).map(parse_tag).unwrap_or_default();
        Tag {
            id: id.map(Into::into),
            language: language.map(Into::into),
            element: name.map(Box::new),
            attributes,
            inference: element.get(epub::INFERRED).and_then(crate::model::Inference::parse).map(Box::new),
            // Messages speak of the book as a whole: a place in one of its files is said in words.
            span: Span::default(),
        }
    }

    /// Where an element stands, in words.
    fn whereabouts(&self, element: &Element) -> String {
        let leaf = &self.book.leaves[self.leaf as usize];
        match leaf.page.line(element.span) {
            0 => format!("`{}`", leaf.path),
            line => format!("`{}`, line {line}", leaf.path),
        }
    }

    /// The words of an element are ours, not the document's.
    fn took(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(_, span) => self.log.took(*span),
                Node::Element(inner) => self.took(inner),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    /// What an element holds that may hold text or blocks. `tight`: no line end was added to it.
    fn container(&mut self, element: &'t Element, tight: bool) -> Vec<Block> {
        self.contained(element, element.children.iter().collect(), tight)
    }

    /// As [`Self::container`], of some of its children.
    fn contained(&mut self, element: &Element, children: Vec<&'t Node>, tight: bool) -> Vec<Block> {
        if element.get(epub::MIXED).is_some() {
            return vec![Block::bare(self.inlines_of(children, false))];
        }
        self.grouped(children, tight)
    }

    /// Blocks, and between them runs of text, each a bare paragraph.
    fn grouped(&mut self, children: Vec<&'t Node>, tight: bool) -> Vec<Block> {
        let holds_blocks = children.iter().any(|node| matches!(node, Node::Element(element) if is_block(element)));
        let (mut blocks, mut run): (Vec<Block>, Vec<&'t Node>) = (Vec::new(), Vec::new());
        let mut behind_block = false;
        for node in children {
            match node {
                Node::Element(element) if is_block(element) || is_apart(element) => {
                    self.close_run(&mut run, &mut blocks, behind_block, tight && !holds_blocks);
                    behind_block = true;
                    self.block_into(element, &mut blocks);
                }
                other => run.push(other),
            }
        }
        self.close_run(&mut run, &mut blocks, behind_block, tight && !holds_blocks);
        blocks.append(&mut self.before);
        blocks
    }

    fn close_run(&mut self, run: &mut Vec<&'t Node>, blocks: &mut Vec<Block>, behind_block: bool, tight: bool) {
        let has_words = run.iter().any(|node| match node {
            Node::Text(text, _) => !is_space(text),
            Node::Element(_) => true,
            Node::Comment(_) | Node::Instruction(_) => false,
        });
        let run = std::mem::take(run);
        if has_words || (tight && !run.is_empty()) {
            blocks.append(&mut self.before);
            let content = self.inlines_of(run, behind_block);
            blocks.push(Block::bare(content));
            return;
        }
        for node in run {
            match node {
                Node::Comment(text) => blocks.push(Block::Foreign(Foreign::Comment(text.clone()))),
                Node::Instruction(text) => blocks.push(Block::Foreign(Foreign::Instruction(text.clone()))),
                Node::Text(..) | Node::Element(_) => {}
            }
        }
    }

    /// A block, behind what was to stand before it.
    fn block_into(&mut self, element: &'t Element, blocks: &mut Vec<Block>) {
        if is_apart(element) {
            let content = self.container(element, false);
            match kind(element) {
                "before" => self.before.extend(content),
                // What was to stand in a list or table that is gone.
                _ => blocks.extend(content),
            }
            return;
        }
        let takes_before = matches!(element.name.as_str(), "ul" | "ol" | "dl" | "table")
            || element.has_class("table")
            || element.has_class("list")
            || element.has_class("no-rows");
        if !takes_before {
            blocks.append(&mut self.before);
        }
        if element.is("section") && element.has_class("notes") {
            self.notes_left(element, blocks);
            return;
        }
        blocks.extend(self.block(element));
    }

    /// Where a link leads, as a target within the document or without.
    fn lead(&self, href: &str) -> Lead {
        self.book.lead(self.leaf, href)
    }
}

/// True for the notes of the whole book.
fn is_endnotes(element: &Element) -> bool {
    element.is("section") && element.words("epub:type").any(|word| word == "endnotes")
}

/// True for a wrapper of what stands before or behind the parts of a list or table.
fn is_apart(element: &Element) -> bool {
    (element.is("div") || element.is("span")) && matches!(kind(element), "before" | "after" | "after-row")
}

/// The number in an attribute.
fn number<T: std::str::FromStr>(element: &Element, name: &str) -> Option<T> {
    element.get(name).and_then(|text| text.trim().parse().ok())
}

fn depth(element: &Element) -> usize {
    number(element, epub::DEPTH).unwrap_or_default()
}

impl Chapter {
    /// True if it says nothing.
    pub(in crate::read::epub) fn is_empty(&self) -> bool {
        self.division.is_none() && self.content.is_empty() && self.before.is_empty() && self.behind.is_empty()
    }

    /// Content without a division of its own.
    pub(in crate::read::epub) fn loose(content: Vec<Block>) -> Self {
        Self { depth: 0, before: Vec::new(), division: None, content, behind: Vec::new() }
    }
}

/// A paragraph from its parts.
fn paragraph(tag: Tag, bare: bool, content: Vec<Inline>) -> Block {
    Block::Paragraph(Paragraph { tag, bare, content })
}

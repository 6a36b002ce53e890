//! Blocks.

use super::super::contents::nav_kind;
use super::notes::{has, is_block};
use super::{Wild, inline, sections, verse};
use crate::epub::page::{Element, Node};
use crate::model::{
    Block, Division, Foreign, Formula, FormulaKind, Heading, Inline, Milestone, Paragraph, Quotation, Tag, Unit,
    Verbatim,
};
use crate::source::Span;

/// The language that an element states.
pub(super) fn language(element: &Element) -> Option<&str> {
    let stated = element.get("xml:lang").or_else(|| element.get("lang"))?.trim();
    (!stated.is_empty()).then_some(stated)
}

/// Words of `epub:type` and roles that say what a division is (EPUB 3 Structural Semantics Vocabulary 1.1).
const KINDS: [&str; 48] = [
    "abstract",
    "acknowledgments",
    "act",
    "afterword",
    "appendix",
    "bibliography",
    "chapter",
    "colophon",
    "conclusion",
    "contributors",
    "copyright-page",
    "cover",
    "credits",
    "dedication",
    "endnotes",
    "epigraph",
    "epilogue",
    "errata",
    "footnotes",
    "foreword",
    "frontispiece",
    "glossary",
    "halftitlepage",
    "help",
    "imprint",
    "index",
    "introduction",
    "keywords",
    "letter",
    "loi",
    "lot",
    "notice",
    "part",
    "poem",
    "preamble",
    "preface",
    "prologue",
    "rearnotes",
    "scene",
    "seriespage",
    "sidebar",
    "subchapter",
    "tip",
    "titlepage",
    "toc",
    "volume",
    "warning",
    "z3998:poem",
];

/// What the book says that a division is.
pub(super) fn division_kind(element: &Element) -> Option<&str> {
    let roles = element.words("role").filter_map(|word| word.strip_prefix("doc-"));
    let word = element.words("epub:type").chain(roles).find(|word| KINDS.contains(word))?;
    Some(match word {
        "toc" => "contents",
        word => word.strip_prefix("z3998:").unwrap_or(word),
    })
}

/// The level of a heading.
fn level(element: &Element) -> Option<u8> {
    match element.name.as_str() {
        "h1" => Some(1),
        "h2" => Some(2),
        "h3" => Some(3),
        "h4" => Some(4),
        "h5" => Some(5),
        "h6" => Some(6),
        _ => None,
    }
    .filter(|_| element.namespace.is_none())
}

/// True for a heading and for what begins with one.
pub(super) fn is_headed(element: &Element) -> bool {
    level(element).is_some()
        || matches!(element.name.as_str(), "section" | "div" | "article" | "header" | "hgroup" | "main")
            && element.elements().find(|child| !super::super::contents::is_blank(child)).is_some_and(is_headed)
}

impl<'t> Wild<'_, 't> {
    /// True if an element belongs to a note and is read where that is called.
    pub(super) fn is_taken(&self, element: &Element) -> bool {
        let number = self.book.number(self.leaf, element);
        self.plan.notes.parts.get(&number).is_some_and(|&note| self.note.as_ref().is_none_or(|(open, _)| *open != note))
    }

    /// What an element holds, text that stands directly in it as paragraphs.
    pub(super) fn flow(&mut self, element: &'t Element) -> Vec<Block> {
        self.blocks_of(element, false)
    }

    /// What an element holds that may hold text directly: an item, a cell.
    pub(super) fn container(&mut self, element: &'t Element) -> Vec<Block> {
        self.inside += 1;
        let mut blocks = self.blocks_of(element, true);
        self.inside -= 1;
        // One paragraph alone says no more than its text.
        if let [Block::Paragraph(only)] = blocks.as_mut_slice() {
            only.bare |= only.tag == Tag::default();
        }
        blocks
    }

    /// What an element holds in which no division begins.
    pub(super) fn quoted(&mut self, element: &'t Element) -> Vec<Block> {
        self.inside += 1;
        let blocks = self.flow(element);
        self.inside -= 1;
        blocks
    }

    fn blocks_of(&mut self, element: &'t Element, bare: bool) -> Vec<Block> {
        let (mut blocks, mut run): (Vec<Block>, Vec<&'t Node>) = (Vec::new(), Vec::new());
        for child in &element.children {
            match child {
                Node::Element(inner) if self.is_set_apart(inner) => {
                    self.close_run(&mut run, bare, &mut blocks);
                    self.block_into(inner, &mut blocks);
                }
                other => run.push(other),
            }
        }
        self.close_run(&mut run, bare, &mut blocks);
        blocks
    }

    /// True for what stands on lines of its own here.
    fn is_set_apart(&self, element: &Element) -> bool {
        is_block(element)
            || (element.namespace.is_none()
                && !matches!(
                    element.name.as_str(),
                    "a" | "ins" | "del" | "object" | "video" | "audio" | "button" | "svg"
                )
                && element.elements().any(|child| self.is_set_apart(child)))
    }

    fn close_run(&mut self, run: &mut Vec<&'t Node>, bare: bool, blocks: &mut Vec<Block>) {
        let run = std::mem::take(run);
        if run.iter().any(|node| node.is_printed()) {
            let content = self.inlines_of(run);
            push_run(blocks, content, bare);
            return;
        }
        for node in run {
            if let Node::Comment(text) = node {
                blocks.push(Block::Foreign(Foreign::Comment(text.clone())));
            }
        }
    }

    fn block_into(&mut self, element: &'t Element, blocks: &mut Vec<Block>) {
        if self.is_taken(element) {
            return;
        }
        if let Some((title, level)) = self.starts.remove(&self.book.number(self.leaf, element)) {
            let because = "the contents of the book say that a part begins here; no heading does";
            let inference = crate::model::Inference::new("division.contents", crate::model::Certainty::High, because);
            blocks.push(sections::untitled(&title, level, inference));
        }
        if let Some(broken) = self.page_break(element) {
            blocks.push(Block::Milestone(broken.milestone));
            if broken.whole {
                return;
            }
        }
        let made = self.block(element);
        blocks.extend(made);
    }

    /// The blocks of an element that stands on lines of its own.
    pub(super) fn block(&mut self, element: &'t Element) -> Vec<Block> {
        if let Some(level) = level(element) {
            let tag = self.tag(element);
            let content = self.inlines(element);
            let blank = content.iter().all(is_blank);
            return if blank {
                anchors(tag, content)
            } else {
                vec![Block::Heading(Heading { tag, depth: level, content })]
            };
        }
        match element.name.as_str() {
            _ if element.namespace.is_some() => {
                let content = self.inlines_of(vec![]);
                let mut inlines = content;
                self.island(element, &mut inlines);
                vec![Block::Paragraph(Paragraph { content: inlines, ..Paragraph::default() })]
            }
            "p" => self.paragraph(element),
            "ul" | "ol" | "dl" => match self.list(element) {
                Block::List(list) if list.items.is_empty() && list.before.is_empty() => Vec::new(),
                list => vec![list],
            },
            "table" => vec![self.table(element)],
            "figure" => vec![self.figure(element)],
            "pre" => {
                let tag = self.tag(element);
                vec![Block::Verbatim(Verbatim {
                    tag,
                    syntax: syntax(element),
                    text: element.text().replace("\r\n", "\n"),
                })]
            }
            "hr" => {
                let tag = self.tag(element);
                let unit = Unit::Other("section".into());
                vec![Block::Milestone(Milestone { tag, unit, label: None, inside_word: false })]
            }
            "blockquote" if verse::is_verse(element) => vec![self.verse(element)],
            "blockquote" => {
                let tag = self.tag(element);
                vec![Block::Quotation(Quotation { tag, content: self.quoted(element) })]
            }
            "nav" => self.nav(element),
            "section" | "article" | "aside" => self.section(element),
            // Those of DTBook.
            "level" | "level1" | "level2" | "level3" | "level4" | "level5" | "level6" => self.section(element),
            "list" => vec![self.list(element)],
            "hgroup" | "header" => self.header(element),
            "script" | "style" => {
                self.took(element);
                Vec::new()
            }
            _ => self.div(element),
        }
    }

    fn paragraph(&mut self, element: &'t Element) -> Vec<Block> {
        if verse::is_verse(element) && element.find("br").is_some() {
            return vec![self.verse(element)];
        }
        let tag = self.tag(element);
        let content = self.inlines(element);
        if content.iter().all(is_blank) {
            return anchors(tag, content);
        }
        vec![Block::Paragraph(Paragraph { tag, bare: false, content })]
    }

    /// Contents are made anew by every writer: those of the navigation document are no text, nor are lists of pages.
    fn nav(&mut self, element: &'t Element) -> Vec<Block> {
        let kind = nav_kind(element);
        let hidden = element.get("hidden").is_some();
        if hidden || matches!(kind, "page-list" | "landmarks") || self.book.leaves[self.leaf as usize].contents {
            self.took(element);
            return Vec::new();
        }
        self.section(element)
    }

    /// A division that the book marks as one.
    fn section(&mut self, element: &'t Element) -> Vec<Block> {
        if verse::is_verse(element) {
            return vec![self.verse(element)];
        }
        let tag = self.tag(element);
        if has(element, "epigraph") {
            return vec![Block::Formula(Formula { tag, kind: FormulaKind::Epigraph, content: self.quoted(element) })];
        }
        if self.inside > 0 {
            return spliced(tag, self.flow(element));
        }
        let before = self.log.notes_taken().len();
        let content = sections::nested(self.flow(element), true);
        let calls = self.log.notes_taken().len() > before;
        let only_head = content.iter().all(|block| matches!(block, Block::Heading(_) | Block::Milestone(_)));
        if only_head && !calls && self.held_notes(element) {
            // Of a list of notes nothing is left but what it was called.
            self.took(element);
            let message = "the heading of a list of notes is left out: each note stands where it is called";
            self.log.note(super::super::NOTES, Span::default(), message);
            return content.into_iter().filter(|block| matches!(block, Block::Milestone(_))).collect();
        }
        let kind = division_kind(element).or(match element.name.as_str() {
            "aside" => Some("aside"),
            "nav" => Some("contents"),
            _ => None,
        });
        if content.is_empty() && tag.id.is_none() {
            return Vec::new();
        }
        vec![Block::Division(Division { tag, kind: kind.map(Into::into), number: None, content })]
    }

    fn held_notes(&self, element: &Element) -> bool {
        let number = self.book.number(self.leaf, element);
        self.plan.notes.parts.keys().any(|&part| self.book.is_within(part, number))
    }

    /// Headings that belong together: only the first opens a division.
    fn header(&mut self, element: &'t Element) -> Vec<Block> {
        let tag = self.tag(element);
        let mut blocks = self.flow(element);
        let headings = blocks.iter_mut().filter_map(|block| match block {
            Block::Heading(heading) => Some(heading),
            _ => None,
        });
        let others = if self.inside > 0 { usize::MAX } else { 1 };
        headings.skip(others).for_each(|heading| heading.depth = sections::SUBTITLE);
        spliced(tag, blocks)
    }

    fn div(&mut self, element: &'t Element) -> Vec<Block> {
        if verse::is_verse(element) {
            return vec![self.verse(element)];
        }
        if has(element, "epigraph") || element.has_class("epigraph") {
            let tag = self.tag(element);
            return vec![Block::Formula(Formula { tag, kind: FormulaKind::Epigraph, content: self.quoted(element) })];
        }
        if division_kind(element).is_some() {
            return self.section(element);
        }
        let media =
            matches!(element.name.as_str(), "audio" | "video" | "object" | "iframe" | "embed" | "canvas" | "form");
        if media {
            *self.media.entry(element.name.to_string()).or_default() += 1;
        }
        let tag = self.tag(element);
        let apart = element.elements().any(|child| self.is_set_apart(child));
        if apart {
            return spliced(tag, self.flow(element));
        }
        let content = self.inlines(element);
        if content.iter().all(is_blank) {
            return anchors(tag, content);
        }
        vec![Block::Paragraph(Paragraph { tag, bare: false, content })]
    }
}

/// The language of code, as many books say it.
fn syntax(element: &Element) -> Option<compact_str::CompactString> {
    let code = element.elements().find(|child| child.is("code")).unwrap_or(element);
    let mut words = code.words("class").chain(element.words("class"));
    words.find_map(|word| word.strip_prefix("language-").or_else(|| word.strip_prefix("lang-"))).map(Into::into)
}

/// True for white space and nothing.
fn is_blank(inline: &Inline) -> bool {
    match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Milestone(milestone) => milestone.unit == Unit::Line,
        Inline::Styled(styled) => styled.content.iter().all(is_blank),
        _ => false,
    }
}

/// An empty element is nothing, unless something leads to it.
fn anchors(tag: Tag, _blank: Vec<Inline>) -> Vec<Block> {
    tag.id.map(inline::anchor_block).into_iter().collect()
}

/// Blocks whose container is no node: its id goes to the first of them, its language to each.
fn spliced(tag: Tag, mut blocks: Vec<Block>) -> Vec<Block> {
    if let Some(language) = &tag.language {
        for block in &mut blocks {
            if let Some(own) = tag_mut(block).filter(|own| own.language.is_none()) {
                own.language = Some(language.clone());
            }
        }
    }
    let Some(id) = tag.id else { return blocks };
    match blocks.first_mut().and_then(tag_mut) {
        Some(first) if first.id.is_none() => first.id = Some(id),
        _ => blocks.insert(0, inline::anchor_block(id)),
    }
    blocks
}

fn tag_mut(block: &mut Block) -> Option<&mut Tag> {
    Some(match block {
        Block::Division(it) => &mut it.tag,
        Block::Heading(it) => &mut it.tag,
        Block::Paragraph(it) if !it.bare => &mut it.tag,
        Block::Quotation(it) => &mut it.tag,
        Block::List(it) => &mut it.tag,
        Block::Table(it) => &mut it.tag,
        Block::Verse(it) => &mut it.tag,
        Block::Figure(it) => &mut it.tag,
        Block::Verbatim(it) => &mut it.tag,
        _ => return None,
    })
}

/// A run of text as a paragraph; a bare one where its container may hold text.
fn push_run(blocks: &mut Vec<Block>, content: Vec<Inline>, bare: bool) {
    if content.iter().all(is_blank) {
        return;
    }
    let points = content.iter().all(|inline| match inline {
        Inline::Milestone(milestone) => milestone.unit == Unit::Page,
        other => is_blank(other),
    });
    if points {
        blocks.extend(content.into_iter().filter_map(|inline| match inline {
            Inline::Milestone(milestone) if milestone.unit == Unit::Page => Some(Block::Milestone(*milestone)),
            _ => None,
        }));
        return;
    }
    blocks.push(Block::Paragraph(Paragraph { bare, content, ..Paragraph::default() }));
}

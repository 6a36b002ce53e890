//! Blocks.

use super::{Own, is_block, is_space, kind, number, paragraph};
use crate::epub;
use crate::epub::page::{Element, Node};
use crate::model::{
    Block, Division, Figure, Foreign, Formula, FormulaKind, Heading, Inline, Line, Milestone, Note, Quotation, Speech,
    Tag, Unit, Verbatim, Verse,
};
use crate::tei;

/// The set part of a class.
fn formula(class: &str) -> Option<FormulaKind> {
    match class {
        "description" => Some(FormulaKind::Description),
        class => tei::formula(class),
    }
}

impl<'t> Own<'_, 't> {
    /// One block; none for what only was layout.
    pub(super) fn block(&mut self, element: &'t Element) -> Option<Block> {
        let name = element.name.as_str();
        if element.has_class("generated") {
            self.took(element);
            return None;
        }
        if name == "span" {
            return Some(self.block_in_line(element));
        }
        Some(match name {
            "p" => return self.p(element),
            "div" => return self.div(element),
            "section" => self.division(element),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "figcaption" => self.heading(element),
            "ul" | "ol" | "dl" => Block::List(self.list(element)),
            "table" => Block::Table(self.table(element)),
            "blockquote" => {
                let tag = self.tag(element);
                Block::Quotation(Quotation { tag, content: self.container(element, false) })
            }
            "figure" => {
                let tag = self.tag(element);
                Block::Figure(Figure { tag, content: self.container(element, false) })
            }
            "pre" | "code" => self.verbatim(element),
            "hr" => {
                let unit = element.get(epub::UNIT).unwrap_or("section");
                let tag = self.tag(element);
                Block::Milestone(Milestone { tag, unit: Unit::Other(unit.into()), label: None, inside_word: false })
            }
            "aside" => Block::Note(self.note(element)),
            _ => paragraph(self.tag(element), false, self.inlines(&element.children)),
        })
    }

    fn p(&mut self, element: &'t Element) -> Option<Block> {
        let class = kind(element);
        Some(match class {
            "call" => return self.call_between(element),
            "back" if self.is_only_backlink(element) => {
                self.took(element);
                return None;
            }
            "subtitle" | "head" | "list-head" => self.heading(element),
            "line" => {
                let tag = self.tag(element);
                Block::Line(Line { tag, content: self.inlines(&element.children) })
            }
            _ => match formula(class) {
                Some(kind) => self.formula_line(element, kind),
                None => {
                    let bare = element.get(epub::BARE).is_some();
                    let tag = if bare { Tag::default() } else { self.tag(element) };
                    paragraph(tag, bare, self.inlines(&element.children))
                }
            },
        })
    }

    fn formula_line(&mut self, element: &'t Element, kind: FormulaKind) -> Block {
        let tag = self.tag(element);
        let content = vec![Block::bare(self.inlines(&element.children))];
        Block::Formula(Formula { tag, kind, content })
    }

    fn heading(&mut self, element: &'t Element) -> Block {
        let depth = number(element, epub::DEPTH).unwrap_or_default();
        let tag = self.tag(element);
        Block::Heading(Heading { tag, depth, content: self.inlines(&element.children) })
    }

    pub(super) fn division_with(&mut self, element: &'t Element, tag: Tag, content: Vec<Block>) -> Division {
        let word = |name| element.get(name).map(Into::into);
        Division { tag, kind: word(epub::TYPE), number: word(epub::NUMBER), content }
    }

    fn division(&mut self, element: &'t Element) -> Block {
        let tag = self.tag(element);
        let content = self.container(element, false);
        Block::Division(self.division_with(element, tag, content))
    }

    fn div(&mut self, element: &'t Element) -> Option<Block> {
        let class = kind(element);
        let tag = |own: &Self| own.tag(element);
        Some(match class {
            "page" => Block::Milestone(self.page(element)),
            "lb" | "cb" | "milestone" => Block::Milestone(self.point(element)),
            "table" => match element.elements().find(|child| child.is("table")) {
                Some(table) if table.text().trim() == element.text().trim() => Block::Table(self.table(table)),
                // Somebody wrote beside the table.
                _ => Block::Foreign(Foreign::Element { tag: Tag::default(), content: self.container(element, false) }),
            },
            "no-rows" => Block::Table(self.empty_table(element)),
            "list" => Block::List(self.list(element)),
            "note" => Block::Note(self.placed_note(element, true)),
            "verse" => Block::Verse(Verse { tag: tag(self), content: self.container(element, false) }),
            "speech" => Block::Speech(Speech { tag: tag(self), content: self.container(element, false) }),
            "image" => Block::bare(self.inlines(&element.children)),
            "p" => {
                let bare = element.get(epub::BARE).is_some();
                let tag = if bare { Tag::default() } else { tag(self) };
                paragraph(tag, bare, self.inlines(&element.children))
            }
            _ => match formula(class) {
                Some(kind) => Block::Formula(Formula { tag: tag(self), kind, content: self.container(element, false) }),
                None => self.foreign_block(element, false),
            },
        })
    }

    /// A block in a line, where XHTML has but `span`.
    fn block_in_line(&mut self, element: &'t Element) -> Block {
        let class = kind(element);
        let mut rest = element.words("class").skip(1);
        let what = if class == "block" { rest.next().unwrap_or_default() } else { class };
        let in_table = rest.any(|word| word == "table");
        let tag = |own: &Self| own.tag(element);
        match what {
            "line" => Block::Line(Line { tag: tag(self), content: self.inlines(&element.children) }),
            "head" => self.heading(element),
            "list" if in_table => Block::Table(self.table_in_line(element)),
            "list" => Block::List(self.list_in_line(element)),
            "blockquote" => Block::Quotation(Quotation { tag: tag(self), content: self.container(element, true) }),
            "verse" => Block::Verse(Verse { tag: tag(self), content: self.container(element, true) }),
            "speech" => Block::Speech(Speech { tag: tag(self), content: self.container(element, true) }),
            "figure" => Block::Figure(Figure { tag: tag(self), content: self.container(element, true) }),
            "division" => {
                let (tag, content) = (tag(self), self.container(element, true));
                Block::Division(self.division_with(element, tag, content))
            }
            "no-rows" => Block::Table(self.empty_table(element)),
            _ => match formula(what) {
                Some(kind) if class != "block" => self.formula_line(element, kind),
                Some(kind) => Block::Formula(Formula { tag: tag(self), kind, content: self.container(element, true) }),
                None if what.starts_with("x-") => self.foreign_block(element, true),
                None => {
                    let bare = element.get(epub::BARE).is_some();
                    let tag = if bare { Tag::default() } else { tag(self) };
                    paragraph(tag, bare, self.inlines(&element.children))
                }
            },
        }
    }

    fn foreign_block(&mut self, element: &'t Element, tight: bool) -> Block {
        let tag = self.tag(element);
        let content = self.container(element, tight);
        if tag.element.is_none() {
            // Someone put a `div` round it.
            return match <[Block; 1]>::try_from(content) {
                Ok([only]) => only,
                Err(content) => Block::Division(Division { tag, kind: None, number: None, content }),
            };
        }
        Block::Foreign(Foreign::Element { tag, content })
    }

    fn verbatim(&mut self, element: &'t Element) -> Block {
        let syntax = element.get(epub::SYNTAX).map(Into::into);
        let tag = self.tag(element);
        Block::Verbatim(Verbatim { tag, syntax, text: element.text() })
    }

    /// A note that is called between blocks.
    fn call_between(&mut self, element: &'t Element) -> Option<Block> {
        let mut inlines = self.inlines(&element.children);
        inlines.retain(|inline| !matches!(inline, Inline::Text(text) if is_space(text)));
        match <[Inline; 1]>::try_from(inlines) {
            Ok([Inline::Note(note)]) => Some(Block::Note(*note)),
            Ok([other]) => Some(paragraph(Tag::default(), false, vec![other])),
            Err(inlines) => (!inlines.is_empty()).then(|| paragraph(Tag::default(), false, inlines)),
        }
    }

    /// True if nothing but the way back stands in a paragraph.
    fn is_only_backlink(&self, element: &Element) -> bool {
        element.children.iter().all(|child| match child {
            Node::Text(text, _) => is_space(text),
            Node::Element(inner) => inner.has_class("backlink"),
            Node::Comment(_) | Node::Instruction(_) => false,
        })
    }

    /// Notes that nothing calls, and whatever somebody wrote beside them.
    pub(super) fn notes_left(&mut self, section: &'t Element, blocks: &mut Vec<Block>) {
        for node in &section.children {
            let Node::Element(element) = node else {
                if matches!(node, Node::Text(text, _) if !is_space(text)) {
                    blocks.push(Block::bare(self.inlines_of(vec![node], false)));
                }
                continue;
            };
            if element.has_class("note") {
                if !self.called[self.book.number(self.leaf, element) as usize] {
                    let note = self.note(element);
                    let message = format!("{}: nothing calls this note", self.whereabouts(element));
                    self.log.warning(super::EDITED, note.tag.span, message);
                    blocks.push(Block::Note(note));
                }
            } else if element.is("ol") {
                self.notes_left(element, blocks);
            } else if element.has_class("generated") {
                self.took(element);
            } else if is_block(element) {
                blocks.extend(self.block(element));
            } else {
                blocks.push(Block::bare(self.inlines_of(vec![node], false)));
            }
        }
    }

    /// A note whose body stands apart.
    pub(super) fn note(&mut self, element: &'t Element) -> Note {
        let number = self.book.number(self.leaf, element) as usize;
        self.called[number] = true;
        self.placed_note(element, false)
    }

    /// A note from the element that holds its body.
    pub(super) fn placed_note(&mut self, element: &'t Element, blocks: bool) -> Note {
        self.log.took_note(element.span);
        let place = element.get(epub::PLACE).map(tei::place).unwrap_or_default();
        let kind = element.get(epub::TYPE).map(tei::note_kind).unwrap_or_default();
        let (tag, label) = (self.tag(element), element.get(epub::NUMBER).map(Into::into));
        let body = self.container(element, !blocks && element.is("span"));
        Note { tag, label, kind, place, body }
    }

    /// A page break.
    pub(super) fn page(&mut self, element: &'t Element) -> Milestone {
        self.took(element);
        let announced = element.get("aria-label").or_else(|| element.get("title"));
        let said = element.get(epub::NUMBER);
        // What a reading system announces wins over what we kept of it.
        let label = match (announced, said) {
            (Some(announced), Some(said)) if said.trim() == announced.trim() => Some(said),
            (Some(announced), _) => Some(announced),
            (None, said) => said,
        };
        let inside_word = element.get(epub::INSIDE).is_some();
        Milestone { tag: self.tag(element), unit: Unit::Page, label: label.map(Into::into), inside_word }
    }

    /// A break that nobody sees.
    pub(super) fn point(&mut self, element: &'t Element) -> Milestone {
        let unit = match kind(element) {
            "lb" | "" => Unit::Line,
            "cb" => Unit::Column,
            _ => Unit::Other(element.get(epub::UNIT).unwrap_or_default().into()),
        };
        let inside_word = element.get(epub::INSIDE).is_some();
        Milestone { tag: self.tag(element), unit, label: element.get(epub::NUMBER).map(Into::into), inside_word }
    }
}

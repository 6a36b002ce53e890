//! Lists, tables and figures.

use super::Wild;
use super::notes::{has_text, is_block};
use crate::epub::page::{Element, Node};
use crate::model::{Block, Cell, Figure, Foreign, Heading, Item, List, ListKind, Row, Table};

/// Classes of lists without bullets.
pub(super) const PLAIN: [&str; 5] = ["plain", "none", "simple", "nobullet", "unstyled"];

impl<'t> Wild<'_, 't> {
    pub(super) fn list(&mut self, element: &'t Element) -> Block {
        let kind = match element.name.as_str() {
            "ol" => ListKind::Numbered,
            "dl" => ListKind::Gloss,
            _ => ListKind::Bulleted,
        };
        let plain = PLAIN.iter().any(|word| element.has_class(word));
        let kind = if plain { ListKind::Plain } else { kind };
        let mut list = List { tag: self.tag(element), kind, ..List::default() };
        self.items(element, &mut list);
        Block::List(list)
    }

    fn items(&mut self, element: &'t Element, list: &mut List) {
        let mut label: Option<Heading> = None;
        for child in &element.children {
            let inner = match self.element_or_words(child) {
                Ok(inner) => inner,
                Err(words) => {
                    words.into_iter().for_each(|words| between(list, &mut label, words));
                    continue;
                }
            };
            match inner.name.as_str() {
                "li" | "dd" => {
                    let tag = self.tag(inner);
                    let item = Item {
                        tag,
                        label: label.take().map(Box::new),
                        content: self.container(inner),
                        ..Item::default()
                    };
                    list.items.push(item);
                }
                "dt" => {
                    let tag = self.tag(inner);
                    let heading = Heading { tag, depth: 0, content: self.inlines(inner) };
                    close_label(list, &mut label);
                    label = Some(heading);
                }
                // Groups of terms (HTML §4.4.9).
                "div" if element.is("dl") => {
                    close_label(list, &mut label);
                    self.items(inner, list);
                }
                _ => {
                    for block in self.block(inner) {
                        match (block, list.items.last_mut()) {
                            // A list within a list belongs to the item before it.
                            (Block::List(inner), Some(last)) if label.is_none() && last.after.is_empty() => {
                                last.content.push(Block::List(inner));
                            }
                            (block, _) => between(list, &mut label, block),
                        }
                    }
                }
            }
        }
        close_label(list, &mut label);
    }

    pub(super) fn table(&mut self, element: &'t Element) -> Block {
        let mut table = Table { tag: self.tag(element), ..Table::default() };
        self.rows(element, false, &mut table);
        Block::Table(table)
    }

    fn rows(&mut self, element: &'t Element, head: bool, table: &mut Table) {
        for child in &element.children {
            let inner = match self.element_or_words(child) {
                Ok(inner) => inner,
                Err(words) => {
                    words.into_iter().for_each(|words| below(table, words));
                    continue;
                }
            };
            match inner.name.as_str() {
                "caption" => {
                    let tag = self.tag(inner);
                    let heading = Heading { tag, depth: 0, content: self.inlines(inner) };
                    below(table, Block::Heading(heading));
                }
                "tr" => {
                    let (before, row) = self.row(inner, head);
                    before.into_iter().for_each(|block| below(table, block));
                    table.rows.push(row);
                }
                "thead" => self.rows(inner, true, table),
                "tbody" | "tfoot" => self.rows(inner, false, table),
                "col" | "colgroup" => {}
                _ => self.block(inner).into_iter().for_each(|block| below(table, block)),
            }
        }
    }

    /// A row, and what stands in it before its first cell.
    fn row(&mut self, element: &'t Element, head: bool) -> (Vec<Block>, Row) {
        let cells = || element.elements().filter(|it| it.is("td") || it.is("th"));
        let named = head || (cells().count() > 1 && cells().all(|it| it.is("th")));
        let mut before = Vec::new();
        let mut row = Row { tag: self.tag(element), label: named, ..Row::default() };
        for child in &element.children {
            let inner = match self.element_or_words(child) {
                Ok(inner) => inner,
                Err(words) => {
                    beside(&mut row, &mut before).extend(words);
                    continue;
                }
            };
            if !inner.is("td") && !inner.is("th") {
                let blocks = self.block(inner);
                beside(&mut row, &mut before).extend(blocks);
                continue;
            }
            let span = |name: &str| {
                let number = inner.get(name).and_then(|text| text.trim().parse().ok());
                number.filter(|number: &u16| (1..=1000).contains(number)).unwrap_or(1)
            };
            let tag = self.tag(inner);
            let label = inner.is("th") && !named;
            let cell = Cell {
                tag,
                label,
                rows: span("rowspan"),
                columns: span("colspan"),
                content: self.container(inner),
                after: Vec::new(),
            };
            row.cells.push(cell);
        }
        (before, row)
    }

    /// A child that is an element, or else, unless it is white space, its words as blocks. A note is read where it is
    /// called.
    fn element_or_words(&mut self, child: &'t Node) -> Result<&'t Element, Vec<Block>> {
        match child {
            Node::Element(inner) if self.is_taken(inner) => Err(Vec::new()),
            Node::Element(inner) => Ok(inner),
            Node::Text(text, _) if text.trim().is_empty() => Err(Vec::new()),
            other => Err(vec![Block::bare(self.inlines_of(vec![other]))]),
        }
    }

    pub(super) fn figure(&mut self, element: &'t Element) -> Block {
        let tag = self.tag(element);
        let mut content = Vec::new();
        for child in &element.children {
            match child {
                Node::Element(inner) if self.is_taken(inner) => {}
                Node::Element(inner) if inner.is("figcaption") => {
                    let tag = self.tag(inner);
                    let blocks = inner.elements().filter(|it| is_block(it)).count();
                    if blocks > 1 {
                        let heading = self.container(inner);
                        content.extend(heading);
                    } else {
                        let inlines = match inner.elements().find(|it| is_block(it)) {
                            Some(only) if !has_text_beside(inner, only) && !self.is_taken(only) => self.inlines(only),
                            _ => self.inlines(inner),
                        };
                        content.push(Block::Heading(Heading { tag, depth: 0, content: inlines }));
                    }
                }
                Node::Element(inner) if is_block(inner) => {
                    self.inside += 1;
                    let made = self.block(inner);
                    self.inside -= 1;
                    content.extend(made);
                }
                Node::Text(text, _) if text.trim().is_empty() => {}
                Node::Comment(text) => content.push(Block::Foreign(Foreign::Comment(text.clone()))),
                other => content.push(Block::bare(self.inlines_of(vec![other]))),
            }
        }
        Block::Figure(Figure { tag, content })
    }
}

/// True if an element holds text that does not stand in one of its children.
fn has_text_beside(element: &Element, child: &Element) -> bool {
    element.children.iter().any(|node| match node {
        Node::Text(text, _) => !text.trim().is_empty(),
        Node::Element(inner) => !std::ptr::eq(inner, child) && has_text(inner),
        Node::Comment(_) | Node::Instruction(_) => false,
    })
}

/// Keeps what belongs to no item where it stands. A term whose definition did not follow becomes an item of its own,
/// unless nothing is read of what stands between the two.
fn between(list: &mut List, label: &mut Option<Heading>, block: Block) {
    if !matches!(block, Block::Milestone(_) | Block::Foreign(Foreign::Comment(_))) {
        close_label(list, label);
    }
    match list.items.last_mut() {
        Some(item) => item.after.push(block),
        None => list.before.push(block),
    }
}

/// A term without a definition is an item of its own.
fn close_label(list: &mut List, label: &mut Option<Heading>) {
    if let Some(label) = label.take() {
        list.items.push(Item { label: Some(Box::new(label)), ..Item::default() });
    }
}

/// Where in a row stands what is no cell: behind the last one, or before the row.
fn beside<'r>(row: &'r mut Row, before: &'r mut Vec<Block>) -> &'r mut Vec<Block> {
    match row.cells.last_mut() {
        Some(cell) => &mut cell.after,
        None => before,
    }
}

fn below(table: &mut Table, block: Block) {
    match table.rows.last_mut() {
        Some(row) => row.after.push(block),
        None => table.before.push(block),
    }
}

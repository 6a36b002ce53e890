//! Lists and tables. What the model has no place for (a page break between label and item) makes the whole a
//! foreign element, with everything in it.

use super::content::{child_block, container, inlines};
use super::raw::{Child, Raw};
use super::tags::Bag;
use crate::model::{Block, Cell, Foreign, Heading, Inline, Item, List, ListKind, Row, Table};
use crate::tei;
use crate::xml::is_space;

/// True if nothing but elements named so, what may stand anywhere, and white space is among the children.
fn is_regular(children: &[Child]) -> bool {
    children.iter().all(|child| match child {
        Child::Inline(Inline::Text(text)) => is_space(text),
        Child::Inline(Inline::Nested(_)) => true,
        Child::Inline(Inline::Foreign(foreign)) => !matches!(**foreign, Foreign::Element { .. }),
        Child::Inline(_) => false,
        Child::Element(raw) => !raw.kind.is_inline,
    })
}

pub(super) fn list(mut bag: Bag, children: Vec<Child>) -> Block {
    if !is_regular(&children) || !labels_precede_items(&children) {
        return foreign(bag, children);
    }
    let (kind, topic) = kind_and_topic(&mut bag);
    let mut list = List { tag: bag.tag("list"), kind, topic, before: Vec::new(), items: Vec::new() };
    let mut label = None;
    for child in children {
        match child {
            Child::Element(raw) if raw.name.is_plain("label") => label = Some(Box::new(heading(*raw))),
            Child::Element(raw) if raw.name.is_plain("item") => list.items.push(item(*raw, label.take())),
            other => {
                let between = match list.items.last_mut() {
                    Some(item) => &mut item.after,
                    None => &mut list.before,
                };
                between.extend(child_block(other));
            }
        }
    }
    Block::List(list)
}

/// True if each label is followed by its item, white space aside.
fn labels_precede_items(children: &[Child]) -> bool {
    let mut open = false;
    for child in children {
        match child {
            child if child.is_text() => {}
            Child::Element(raw) if raw.name.is_plain("item") => open = false,
            Child::Element(raw) if raw.name.is_plain("label") && !open => open = true,
            _ if open => return false,
            _ => {}
        }
    }
    !open
}

/// How a list is set and what it lists. `@type` says either; a `@rend` stays where it is.
fn kind_and_topic(bag: &mut Bag) -> (ListKind, Option<compact_str::CompactString>) {
    let rend = bag.get("rend").map(|rend| tei::list_kind(rend).unwrap_or_default());
    let Some(word) = bag.get("type") else { return (rend.unwrap_or_default(), None) };
    let kind = tei::list_kind(word);
    match kind {
        // A word of ours is taken; a synonym stays in the bag.
        Some(kind) if tei::list_word(kind) == Some(word) && rend.is_none() => {
            bag.take("type");
            (kind, None)
        }
        Some(kind) => (kind, None),
        None if word == "simple" => (ListKind::Plain, None),
        None => (rend.unwrap_or_default(), bag.take("type")),
    }
}

fn heading(mut raw: Raw) -> Heading {
    let bag = Bag::of(&mut raw);
    Heading { tag: bag.tag("label"), depth: 0, content: inlines(raw.children) }
}

fn item(mut raw: Raw, label: Option<Box<Heading>>) -> Item {
    let bag = Bag::of(&mut raw);
    Item { tag: bag.tag("item"), label, content: container(raw.children, false), after: Vec::new() }
}

pub(super) fn table(bag: Bag, children: Vec<Child>) -> Block {
    let rows_are_regular = children.iter().all(|child| match child {
        Child::Element(raw) if raw.name.is_plain("row") => is_regular_row(&raw.children),
        _ => true,
    });
    if !is_regular(&children) || !rows_are_regular {
        return foreign(bag, children);
    }
    let mut table = Table { tag: bag.tag("table"), before: Vec::new(), rows: Vec::new() };
    for child in children {
        match child {
            Child::Element(raw) if raw.name.is_plain("row") => table.rows.push(row(*raw)),
            other => {
                let between = match table.rows.last_mut() {
                    Some(row) => &mut row.after,
                    None => &mut table.before,
                };
                between.extend(child_block(other));
            }
        }
    }
    Block::Table(table)
}

/// True if nothing stands before the first cell.
fn is_regular_row(children: &[Child]) -> bool {
    let first = children.iter().find(|child| !child.is_text());
    is_regular(children) && first.is_none_or(|child| matches!(child, Child::Element(raw) if raw.name.is_plain("cell")))
}

fn row(mut raw: Raw) -> Row {
    let mut bag = Bag::of(&mut raw);
    let label = bag.take_if("role", "label");
    let mut row = Row { tag: bag.tag("row"), label, cells: Vec::new(), after: Vec::new() };
    for child in raw.children {
        match child {
            Child::Element(raw) if raw.name.is_plain("cell") => row.cells.push(cell(*raw)),
            other => {
                let Some(cell) = row.cells.last_mut() else { continue };
                cell.after.extend(child_block(other));
            }
        }
    }
    row
}

fn cell(mut raw: Raw) -> Cell {
    let mut bag = Bag::of(&mut raw);
    let label = bag.take_if("role", "label");
    let (rows, columns) = (bag.take_span("rows"), bag.take_span("cols"));
    let content = container(raw.children, false);
    Cell { tag: bag.tag("cell"), label, rows, columns, content, after: Vec::new() }
}

/// The whole as an element without a name in the model.
fn foreign(bag: Bag, children: Vec<Child>) -> Block {
    let content = container(children, true);
    Block::Foreign(Foreign::Element { tag: bag.foreign(), content })
}

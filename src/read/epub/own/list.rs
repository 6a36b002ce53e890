//! Lists and tables.

use super::{Own, is_apart, kind, number};
use crate::epub;
use crate::epub::page::{Element, Node};
use crate::model::{Block, Cell, Heading, Inline, Item, List, ListKind, Row, Table};
use crate::tei;

impl<'t> Own<'_, 't> {
    fn empty_list(&mut self, element: &'t Element, usual: ListKind) -> List {
        let kind = element.get(epub::KIND).and_then(tei::list_kind).unwrap_or(usual);
        let before = std::mem::take(&mut self.before);
        let topic = element.get(epub::TYPE).map(Into::into);
        List { tag: self.tag(element), kind, topic, before, items: Vec::new() }
    }

    pub(super) fn list(&mut self, element: &'t Element) -> List {
        let usual = match element.name.as_str() {
            "dl" => ListKind::Gloss,
            "ol" => ListKind::Numbered,
            "ul" if !element.has_class("plain") => ListKind::Bulleted,
            _ => ListKind::Plain,
        };
        let mut list = self.empty_list(element, usual);
        let mut label = None;
        for child in &element.children {
            let Node::Element(inner) = child else {
                list.items.extend(self.stray(child).map(|content| Item { content, ..Item::default() }));
                continue;
            };
            if inner.is("dt") {
                if let Some(label) = label.replace(self.label(inner)) {
                    list.items.push(Item { label: Some(Box::new(label)), ..Item::default() });
                }
            } else {
                let item = self.item(inner, label.take());
                list.items.push(item);
            }
        }
        if let Some(label) = label {
            list.items.push(Item { label: Some(Box::new(label)), ..Item::default() });
        }
        list
    }

    fn label(&mut self, element: &'t Element) -> Heading {
        let tag = self.tag(element);
        Heading { tag, depth: 0, content: self.inlines(&element.children) }
    }

    fn item(&mut self, element: &'t Element, mut label: Option<Heading>) -> Item {
        let tag = self.tag(element);
        let (mut apart, mut nodes) = (Vec::new(), Vec::new());
        let mut behind_label = false;
        let mut first = None;
        for child in &element.children {
            match child {
                Node::Element(inner)
                    if inner.is("span") && kind(inner) == "label" && nodes.is_empty() && label.is_none() =>
                {
                    label = Some(self.label(inner));
                    behind_label = true;
                }
                Node::Element(inner) if is_apart(inner) && kind(inner) == "after" => apart.push(inner),
                // One space stands between label and text.
                Node::Text(text, span) if std::mem::take(&mut behind_label) && text.starts_with(' ') => {
                    if text.len() > 1 {
                        first = Some(Node::Text(text[1..].to_owned(), *span));
                        nodes.push(child);
                    }
                }
                other => nodes.push(other),
            }
        }
        let content = match first {
            Some(first) => self.with_first(element, nodes, first),
            None => self.contained(element, nodes, true),
        };
        // Notes are told in their order, so what stands behind is read behind.
        let after = apart.into_iter().flat_map(|inner| self.container(inner, true)).collect();
        Item { tag, label: label.map(Box::new), content, after }
    }

    /// As [`Self::contained`], where the first characters are others than those of the tree.
    fn with_first(&mut self, element: &'t Element, nodes: Vec<&'t Node>, first: Node) -> Vec<Block> {
        let mut content = self.contained(element, nodes, true);
        if let (Some(Block::Paragraph(paragraph)), Node::Text(text, _)) = (content.first_mut(), first)
            && let Some(Inline::Text(have)) = paragraph.content.first_mut()
        {
            *have = text;
        }
        content
    }

    pub(super) fn list_in_line(&mut self, element: &'t Element) -> List {
        let mut list = self.empty_list(element, ListKind::Plain);
        for child in &element.children {
            let Node::Element(inner) = child else {
                list.items.extend(self.stray(child).map(|content| Item { content, ..Item::default() }));
                continue;
            };
            if is_apart(inner) {
                list.before.extend(self.container(inner, true));
            } else {
                let item = self.item(inner, None);
                list.items.push(item);
            }
        }
        list
    }

    pub(super) fn empty_table(&mut self, element: &'t Element) -> Table {
        Table { tag: self.tag(element), before: std::mem::take(&mut self.before), rows: Vec::new() }
    }

    pub(super) fn table(&mut self, element: &'t Element) -> Table {
        let mut table = self.empty_table(element);
        self.rows(element, &mut table);
        table
    }

    /// Words where only elements may stand: somebody wrote them into the book.
    fn stray(&mut self, node: &'t Node) -> Option<Vec<Block>> {
        let Node::Text(text, _) = node else { return None };
        (!text.trim().is_empty()).then(|| vec![Block::bare(self.inlines(std::slice::from_ref(node)))])
    }

    fn stray_cell(&mut self, node: &'t Node) -> Option<Cell> {
        self.stray(node).map(|content| Cell { rows: 1, columns: 1, content, ..Cell::default() })
    }

    fn rows(&mut self, element: &'t Element, table: &mut Table) {
        for child in &element.children {
            let Node::Element(inner) = child else {
                let row = self.stray_cell(child).map(|cell| Row { cells: vec![cell], ..Row::default() });
                table.rows.extend(row);
                continue;
            };
            match inner.name.as_str() {
                "caption" => {
                    let heading = self.label(inner);
                    table.before.push(Block::Heading(heading));
                }
                "tr" => {
                    let row = self.row(inner);
                    table.rows.push(row);
                }
                _ => self.rows(inner, table),
            }
        }
    }

    fn row(&mut self, element: &'t Element) -> Row {
        let mut row = Row { tag: self.tag(element), label: element.get(epub::LABEL).is_some(), ..Row::default() };
        for child in &element.children {
            let Node::Element(inner) = child else {
                row.cells.extend(self.stray_cell(child));
                continue;
            };
            if is_apart(inner) {
                row.after.extend(self.container(inner, true));
                continue;
            }
            let (cell, after) = self.cell(inner);
            row.after.extend(after);
            if kind(inner) != "no-cell" {
                row.cells.push(cell);
            }
        }
        row
    }

    fn cell(&mut self, element: &'t Element) -> (Cell, Vec<Block>) {
        let tag = self.tag(element);
        let (mut apart, mut nodes) = (Vec::new(), Vec::new());
        for child in &element.children {
            match child {
                Node::Element(inner) if is_apart(inner) && kind(inner) != "before" => apart.push(inner),
                other => nodes.push(other),
            }
        }
        let content = self.contained(element, nodes, true);
        let (mut after, mut after_row) = (Vec::new(), Vec::new());
        for inner in apart {
            let to = if kind(inner) == "after" { &mut after } else { &mut after_row };
            to.extend(self.container(inner, true));
        }
        let rows = number(element, epub::ROWS).or_else(|| number(element, "rowspan")).unwrap_or(1);
        let columns = number(element, epub::COLUMNS).or_else(|| number(element, "colspan")).unwrap_or(1);
        let label = element.get(epub::LABEL).is_some();
        (Cell { tag, label, rows, columns, content, after }, after_row)
    }

    pub(super) fn table_in_line(&mut self, element: &'t Element) -> Table {
        let mut table = self.empty_table(element);
        for inner in element.elements() {
            if is_apart(inner) {
                table.before.extend(self.container(inner, true));
            } else {
                let row = self.row(inner);
                table.rows.push(row);
            }
        }
        table
    }
}

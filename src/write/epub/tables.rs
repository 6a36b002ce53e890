//! Lists and tables. XHTML lets nothing stand between their items and rows: page breaks and notes that do wait
//! for the next cell or item.

use std::io;

use super::chapter::{Attributes, Run, class_name};
use crate::model::{Block, Cell, Heading, Inline, Item, List, ListKind, Paragraph, Row, Table};

impl<'a> Run<'a, '_> {
    pub(super) fn list(&mut self, list: &'a List, level: usize) -> io::Result<()> {
        self.before(&list.before, "list-head", level)?;
        let topic = list.topic.as_deref().map(class_name).unwrap_or_default();
        let kind = match list.kind {
            ListKind::Plain => "plain",
            ListKind::Bulleted => "bulleted",
            ListKind::Numbered => "numbered",
            ListKind::Gloss => "gloss",
        };
        let class = format!("{kind} {topic}");
        let gloss = list.kind == ListKind::Gloss && list.items.iter().all(|item| item.label.is_some());
        if list.items.is_empty() {
            return Ok(());
        }
        let name = match list.kind {
            _ if gloss => "dl",
            ListKind::Numbered => "ol",
            ListKind::Plain | ListKind::Bulleted | ListKind::Gloss => "ul",
        };
        let mut attributes = self.attributes(&list.tag, class.trim());
        if name == "ul" && list.kind == ListKind::Plain {
            attributes.push(("role", "list".to_owned()));
        }
        self.start(name, attributes)?;
        self.xml.raw("\n")?;
        for item in &list.items {
            if gloss { self.entry(item, level)? } else { self.item(item, level)? }
        }
        self.end_line()
    }

    fn item(&mut self, item: &'a Item, level: usize) -> io::Result<()> {
        let attributes = self.attributes(&item.tag, "");
        self.start("li", attributes)?;
        self.settle_in_line()?;
        if let Some(label) = &item.label {
            self.label(label)?;
        }
        self.content(&item.content, level)?;
        self.after(&item.after, level)?;
        self.end_line()
    }

    fn label(&mut self, label: &'a Heading) -> io::Result<()> {
        self.wrapped("span", "label", &label.tag, &label.content)?;
        self.xml.raw(" ")
    }

    /// A term and what explains it.
    fn entry(&mut self, item: &'a Item, level: usize) -> io::Result<()> {
        if let Some(label) = &item.label {
            let attributes = self.attributes(&label.tag, "");
            self.start("dt", attributes)?;
            self.settle_in_line()?;
            self.inlines(&label.content)?;
            self.end_line()?;
        }
        let attributes = self.attributes(&item.tag, "");
        self.start("dd", attributes)?;
        self.content(&item.content, level)?;
        self.after(&item.after, level)?;
        self.end_line()
    }

    pub(super) fn table(&mut self, table: &'a Table, level: usize) -> io::Result<()> {
        let (headings, others): (Vec<_>, Vec<_>) =
            table.before.iter().partition(|block| matches!(block, Block::Heading(_)));
        for block in others {
            self.block(block, level)?;
        }
        if table.rows.iter().all(|row| row.cells.is_empty()) {
            return headings.into_iter().try_for_each(|block| self.block(block, level));
        }
        self.start("div", vec![("class", "table".to_owned())])?;
        let attributes = self.attributes(&table.tag, "");
        self.start("table", attributes)?;
        self.xml.raw("\n")?;
        if !headings.is_empty() {
            self.start("caption", Attributes::new())?;
            for block in headings {
                if let Block::Heading(heading) = block {
                    self.paragraph("", &heading.tag, &heading.content)?;
                }
            }
            self.end_line()?;
        }
        self.start("tbody", Attributes::new())?;
        self.xml.raw("\n")?;
        for row in &table.rows {
            self.row(row, level)?;
        }
        self.end_line()?;
        self.end_line()?;
        self.end_line()?;
        self.settle_between_blocks()
    }

    fn row(&mut self, row: &'a Row, level: usize) -> io::Result<()> {
        if !row.cells.is_empty() {
            let attributes = self.attributes(&row.tag, "");
            self.start("tr", attributes)?;
            for cell in &row.cells {
                self.cell(cell, row.label, level)?;
            }
            self.end_line()?;
        }
        self.postpone(&row.after);
        Ok(())
    }

    fn cell(&mut self, cell: &'a Cell, label: bool, level: usize) -> io::Result<()> {
        let class = cell.tag.attributes.get("rend").map(class_name).unwrap_or_default();
        let mut attributes = self.attributes(&cell.tag, &class);
        let name = if label || cell.label { "th" } else { "td" };
        if name == "th" {
            attributes.push(("scope", if label { "col" } else { "row" }.to_owned()));
        }
        if cell.rows > 1 {
            attributes.push(("rowspan", cell.rows.to_string()));
        }
        if cell.columns > 1 {
            attributes.push(("colspan", cell.columns.to_string()));
        }
        self.start(name, attributes)?;
        self.settle_in_line()?;
        self.content(&cell.content, level)?;
        self.xml.end()?;
        self.postpone(&cell.after);
        Ok(())
    }

    /// What an item or cell holds: text without a paragraph of its own where there is but one.
    fn content(&mut self, content: &'a [Block], level: usize) -> io::Result<()> {
        match content {
            [Block::Paragraph(Paragraph { bare: true, content, .. }), rest @ ..] if !has_nested(content) => {
                self.inlines(content)?;
                self.blocks(rest, level)
            }
            _ => self.blocks(content, level),
        }
    }

    /// Headings, page breaks and notes before the first item.
    fn before(&mut self, blocks: &'a [Block], class: &str, level: usize) -> io::Result<()> {
        for block in blocks {
            match block {
                Block::Heading(heading) => self.paragraph(class, &heading.tag, &heading.content)?,
                _ => self.block(block, level)?,
            }
        }
        Ok(())
    }

    /// What stands behind an item goes into it, if it is text; the rest waits.
    fn after(&mut self, blocks: &'a [Block], level: usize) -> io::Result<()> {
        for block in blocks {
            match block {
                Block::Milestone(milestone) => self.waiting.milestones.push_back(milestone),
                Block::Note(note) => self.note_in_line(note)?,
                _ => self.block(block, level)?,
            }
        }
        Ok(())
    }

    /// What stands between rows or cells waits for the next cell. Only page breaks and notes do, by the model.
    fn postpone(&mut self, blocks: &'a [Block]) {
        for block in blocks {
            match block {
                Block::Milestone(milestone) => self.waiting.milestones.push_back(milestone),
                Block::Note(note) => self.waiting.notes.push_back(note),
                _ => {}
            }
        }
    }
}

fn has_nested(content: &[Inline]) -> bool {
    content.iter().any(|inline| matches!(inline, Inline::Nested(_)))
}

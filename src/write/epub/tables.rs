//! Tables as XHTML. What stands between rows or cells, where HTML allows nothing, goes into the cell before.

use std::borrow::Cow;
use std::io;

use super::blocks::mixed;
use super::renderer::{Renderer, Within, flag};
use crate::epub;
use crate::model::{Block, Cell, Inline, Row, Table};

impl Renderer<'_> {
    pub(super) fn table(&mut self, table: &Table, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.table_in_line(table);
        }
        let headings = || table.before.iter().filter(|block| matches!(block, Block::Heading(_)));
        let captioned = headings().count() == 1 && !table.rows.is_empty() && table.before.last() == headings().next();
        let before = if captioned { &table.before[..table.before.len() - 1] } else { table.before.as_slice() };
        self.apart("before", before, Within::Section)?;
        if table.rows.is_empty() {
            return self.container("div", &table.tag, "no-rows", &[], within);
        }
        self.tables += 1;
        self.out.start("div", [("class", Cow::Borrowed("table"))])?;
        self.open("table", &table.tag, "")?;
        self.out.raw("\n")?;
        if let Some(Block::Heading(heading)) = headings().next().filter(|_| captioned) {
            self.open("caption", &heading.tag, "")?;
            self.inlines(&heading.content, Within::Phrasing)?;
            self.close()?;
            self.out.raw("\n")?;
        }
        // A row of names heads the table only if something stands below it.
        let heads = table.rows.iter().take_while(|row| row.label).count();
        let heads = if heads == table.rows.len() { 0 } else { heads };
        if heads > 0 {
            self.rows("thead", &table.rows[..heads])?;
        }
        self.rows("tbody", &table.rows[heads..])?;
        self.close()?;
        self.out.end()?;
        self.out.raw("\n")
    }

    fn rows(&mut self, name: &str, rows: &[Row]) -> io::Result<()> {
        self.out.start(name, [])?;
        self.out.raw("\n")?;
        for (at, row) in rows.iter().enumerate() {
            self.open_with("tr", &row.tag, "", flag(epub::LABEL, row.label))?;
            let last = row.cells.len().saturating_sub(1);
            for (cell_at, cell) in row.cells.iter().enumerate() {
                let trailing = if cell_at == last { row.after.as_slice() } else { &[] };
                self.cell(row, cell, trailing, rows.len() - at)?;
            }
            if row.cells.is_empty() {
                self.out.start("td", [("class", Cow::Borrowed("no-cell"))])?;
                self.apart("after-row", &row.after, Within::Item)?;
                self.out.end()?;
            }
            self.close()?;
            self.out.raw("\n")?;
        }
        self.out.end()?;
        self.out.raw("\n")
    }

    fn cell(&mut self, row: &Row, cell: &Cell, trailing: &[Block], below: usize) -> io::Result<()> {
        let named = (row.label || cell.label) && !is_empty(&cell.content);
        let rend = cell.tag.attributes.get("role") == Some("num") || is_figure(&cell.content);
        let mut attributes = self.attributes(&cell.tag, if rend { "num" } else { "" });
        attributes.extend(flag(epub::LABEL, cell.label).into_iter().chain(mixed(&cell.content)));
        if named {
            attributes.push(("scope", Cow::Borrowed(if row.label { "col" } else { "row" })));
        }
        // A cell can't reach beyond its group of rows.
        let rows = usize::from(cell.rows.max(1)).min(below);
        if rows > 1 {
            attributes.push(("rowspan", Cow::Owned(rows.to_string())));
        }
        if rows != usize::from(cell.rows) {
            attributes.push((epub::ROWS, Cow::Owned(cell.rows.to_string())));
        }
        let columns = cell.columns.clamp(1, 1000);
        if columns > 1 {
            attributes.push(("colspan", Cow::Owned(columns.to_string())));
        }
        self.out.start(if named { "th" } else { "td" }, attributes)?;
        self.blocks(&cell.content, Within::Item)?;
        self.apart("after", &cell.after, Within::Item)?;
        self.apart("after-row", trailing, Within::Item)?;
        self.out.end()
    }

    fn table_in_line(&mut self, table: &Table) -> io::Result<()> {
        self.open("span", &table.tag, "block list table")?;
        self.apart("before", &table.before, Within::Phrasing)?;
        for row in &table.rows {
            self.open_with("span", &row.tag, "block item row", flag(epub::LABEL, row.label))?;
            for cell in &row.cells {
                let size = |name, number: u16| (number != 1).then(|| (name, Cow::Owned(number.to_string())));
                let more = flag(epub::LABEL, cell.label).into_iter().chain(mixed(&cell.content));
                let more = more.chain(size(epub::ROWS, cell.rows)).chain(size(epub::COLUMNS, cell.columns));
                self.open_with("span", &cell.tag, "cell", more)?;
                self.blocks(&cell.content, Within::Phrasing)?;
                self.apart("after", &cell.after, Within::Phrasing)?;
                self.close()?;
                self.out.raw(" ")?;
            }
            self.apart("after-row", &row.after, Within::Phrasing)?;
            self.close()?;
        }
        self.close()
    }
}

/// True for a cell in which nothing is printed.
fn is_empty(content: &[Block]) -> bool {
    content.iter().all(|block| matches!(block, Block::Paragraph(it) if !super::links::has_text(&it.content)))
}

/// True for a cell that holds one figure: `1,250`, `-3.5%`, `$12`.
fn is_figure(content: &[Block]) -> bool {
    let [Block::Paragraph(paragraph)] = content else { return false };
    let [Inline::Text(text)] = paragraph.content.as_slice() else { return false };
    let text = text.trim();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits > 0
        && digits * 2 >= text.chars().count()
        && text.chars().all(|it| it.is_ascii_digit() || "+-−–.,%$£€ ()".contains(it))
}

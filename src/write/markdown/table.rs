//! Tables: pipe tables where every cell is one line, else fences about tables, rows and cells.

use super::attributes::Braces;
use super::block::{Home, fence};
use super::line::Line;
use super::run::Run;
use crate::model::{Block, Cell, Inline, Row, Table, Tag};

impl<'d> Run<'d> {
    pub(super) fn table(&mut self, it: &'d Table) -> String {
        let before = self.blocks(&it.before, Home { bold_heads: true, ..Home::plain() });
        let (rows, piped) = match is_pipe_table(it) {
            true => (self.pipe_table(it), true),
            false => (self.fenced_rows(it), false),
        };
        if piped && before.is_empty() && it.tag == Tag::default() {
            return rows;
        }
        let parts: Vec<String> = [before, rows].into_iter().filter(|part| !part.is_empty()).collect();
        fence(&Braces::new("table").tag(&it.tag), &parts.join("\n\n"))
    }

    fn pipe_table(&mut self, it: &'d Table) -> String {
        let columns = it.rows.iter().map(width).max().unwrap_or(1);
        let headed = it.rows.first().is_some_and(|row| row.label);
        let mut grid: Vec<Vec<String>> = Vec::new();
        if !headed {
            grid.push(vec![String::new(); columns]);
        }
        for (at, row) in it.rows.iter().enumerate() {
            grid.push(self.pipe_row(row, headed && at == 0, columns));
        }
        let widths: Vec<usize> = (0..columns).map(|at| column_width(&grid, at)).collect();
        let rule = format!("|{}|", widths.iter().map(|&width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|"));
        let mut lines: Vec<String> = grid.iter().map(|row| print_row(row, &widths)).collect();
        lines.insert(1, rule);
        lines.join("\n")
    }

    fn pipe_row(&mut self, it: &'d Row, header: bool, columns: usize) -> Vec<String> {
        let mut cells = Vec::with_capacity(columns);
        let last = it.cells.len().saturating_sub(1);
        for (at, cell) in it.cells.iter().enumerate() {
            let mut text = self.pipe_cell(cell);
            if at == last {
                let after = self.after(&it.after, "after-row");
                push_after(&mut text, &after);
            }
            cells.push(text);
            cells.extend((1..cell.columns).map(|_| String::new()));
        }
        let count = (width(it) < columns).then(|| it.cells.len().to_string());
        let blank = header && cells.iter().all(String::is_empty);
        let label = it.label && !header;
        if label || blank || it.tag != Tag::default() || count.is_some() {
            let braces = Braces::new("row").class(if label { "label" } else { "" });
            let braces = braces.with("cells", count.as_deref()).tag(&it.tag);
            cells[0].insert_str(0, &format!("[]{}", braces.print()));
        }
        cells.resize(columns, String::new());
        cells
    }

    fn pipe_cell(&mut self, it: &'d Cell) -> String {
        let mut text = String::new();
        let opening = cell_braces(it);
        if !opening.is_empty() {
            text.push_str(&format!("[]{}", Braces::new("cell").and(opening).print()));
        }
        let outer = std::mem::replace(&mut self.one_line, true);
        if let [Block::Paragraph(paragraph)] = it.content.as_slice() {
            if !paragraph.bare {
                text.push_str(&format!("[]{}", Braces::new("p").tag(&paragraph.tag).print()));
            }
            let mut line = Line::default();
            self.inlines(&paragraph.content, &mut line);
            text.push_str(&line.print(false));
        } else if let [Block::Milestone(milestone)] = it.content.as_slice() {
            text.push_str(&format!("[]{}", Braces::new("blocks").print()));
            text.push_str(&self.milestone(milestone, false, Braces::default()));
        }
        self.one_line = outer;
        let after = self.after(&it.after, "after");
        push_after(&mut text, &after);
        text
    }

    fn fenced_rows(&mut self, it: &'d Table) -> String {
        let mut parts = Vec::new();
        for row in &it.rows {
            let mut cells = Vec::new();
            for cell in &row.cells {
                let inner = self.blocks(&cell.content, Home::bare(&cell.content));
                cells.push(fence(&Braces::new("cell").and(cell_braces(cell)), &inner));
                cells.extend(Some(self.after(&cell.after, "after")).filter(|after| !after.is_empty()));
            }
            let braces = Braces::new("row").class(if row.label { "label" } else { "" }).tag(&row.tag);
            parts.push(fence(&braces, &cells.join("\n\n")));
            parts.extend(Some(self.after(&row.after, "after-row")).filter(|after| !after.is_empty()));
        }
        parts.join("\n\n")
    }
}

/// Page breaks behind the text of a cell; never right behind a footnote's reference, which would make a link.
fn push_after(text: &mut String, after: &str) {
    if !after.is_empty() && text.ends_with(']') {
        text.push(' ');
    }
    text.push_str(&after.replace("\n\n", ""));
}

/// What a cell is but for its text.
fn cell_braces(it: &Cell) -> Braces {
    let span = |count: u16| (count > 1).then(|| count.to_string());
    let braces = Braces::default().class(if it.label { "label" } else { "" });
    braces.with("rows", span(it.rows).as_deref()).with("cols", span(it.columns).as_deref()).tag(&it.tag)
}

/// How many columns a row fills.
fn width(row: &Row) -> usize {
    row.cells.iter().map(|cell| usize::from(cell.columns.max(1))).sum()
}

fn is_pipe_table(it: &Table) -> bool {
    let breaks = |blocks: &[Block]| blocks.iter().all(|block| matches!(block, Block::Milestone(_)));
    let cell = |cell: &Cell| {
        breaks(&cell.after)
            && cell.columns < 100
            && match cell.content.as_slice() {
                [] | [Block::Milestone(_)] => true,
                [Block::Paragraph(it)] => !it.content.iter().any(|inline| matches!(inline, Inline::Nested(_))),
                _ => false,
            }
    };
    let row = |row: &Row| !row.cells.is_empty() && breaks(&row.after) && row.cells.iter().all(cell);
    !it.rows.is_empty() && it.rows.iter().all(row)
}

/// The widest cell; a column of long cells isn't filled up, since nobody would see its end.
fn column_width(grid: &[Vec<String>], at: usize) -> usize {
    let widest = grid.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max().unwrap_or(0);
    if widest > 40 { 3 } else { widest.max(3) }
}

fn print_row(row: &[String], widths: &[usize]) -> String {
    let cells = row.iter().zip(widths).map(|(cell, &width)| format!(" {cell:width$} "));
    format!("|{}|", cells.collect::<Vec<_>>().join("|"))
}

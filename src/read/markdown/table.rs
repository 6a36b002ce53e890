//! Tables.

use super::braces::Braces;
use super::document::{Builder, Home, openings, trimmed};
use super::inline::unit;
use super::nested::{cell, is_blank};
use super::pieces::Piece;
use super::tree::Node;
use crate::model::{Block, Cell, Paragraph, Row, Table};
use crate::source::Span;

impl Builder<'_> {
    pub(super) fn table(&mut self, rows: Vec<Vec<Vec<Piece>>>) -> Table {
        let mut table = Table::default();
        let columns = rows.first().map_or(0, Vec::len);
        for (at, cells) in rows.into_iter().enumerate() {
            if at == 0 && cells.iter().all(Vec::is_empty) {
                continue;
            }
            let row = self.row(cells, at == 0, columns);
            table.rows.push(row);
        }
        table
    }

    fn row(&mut self, mut pieces: Vec<Vec<Piece>>, header: bool, columns: usize) -> Row {
        let mut row = Row { label: header, ..Row::default() };
        let mut count = usize::MAX;
        if let Some((_, mut braces)) = pieces.first_mut().and_then(|cell| openings(cell, &["row"]).into_iter().next()) {
            row.label |= braces.take_class("label");
            count = braces.take("cells").and_then(|cells| cells.parse().ok()).unwrap_or(usize::MAX);
            row.tag = braces.into_tag(Span::default());
        }
        let mut pieces = pieces.into_iter().take(columns.max(1));
        while row.cells.len() < count
            && let Some(cell) = pieces.next()
        {
            let cell = self.cell(cell, &mut row.after);
            for _ in 1..cell.columns {
                pieces.next();
            }
            row.cells.push(cell);
        }
        row
    }

    fn cell(&mut self, mut pieces: Vec<Piece>, row_after: &mut Vec<Block>) -> Cell {
        let mut rows = take_after(&mut pieces, "after-row");
        rows.reverse();
        let mut behind = take_after(&mut pieces, "after");
        behind.reverse();
        let mut openings = openings(&mut pieces, &["cell", "p", "blocks"]);
        let braces = openings.iter().position(|(class, _)| class == "cell").map(|at| openings.remove(at).1);
        let mut made = cell(braces.unwrap_or_default(), Vec::new());
        match openings.pop() {
            Some((class, _)) if class == "blocks" => {
                made.content.extend(self.only_milestone(pieces, "").map(|(milestone, _)| Block::Milestone(milestone)));
            }
            Some((_, braces)) => {
                let content = trimmed(self.inlines(pieces));
                made.content.push(Block::Paragraph(Paragraph {
                    tag: braces.into_tag(Span::default()),
                    bare: false,
                    content,
                }));
            }
            None => {
                let content = trimmed(self.inlines(pieces));
                made.content.extend((!is_blank(&content)).then(|| Block::bare(content)));
            }
        }
        for (class, spans, to) in [("after-row", rows, row_after), ("after", behind, &mut made.after)] {
            for span in spans {
                to.extend(self.only_milestone(vec![span], class).map(|(milestone, _)| Block::Milestone(milestone)));
            }
        }
        made
    }

    pub(super) fn fenced_table(&mut self, braces: Braces, inner: Vec<Node>) -> Table {
        let mut table = Table::default();
        let mut before = Vec::new();
        for node in inner {
            match node {
                Node::Table(rows, _) => table.rows.extend(self.table(rows).rows),
                Node::Fence(mut braces, cells) if braces.is("row") => {
                    braces.take_class("row");
                    let label = braces.take_class("label");
                    let mut row = Row { tag: braces.into_tag(Span::default()), label, ..Row::default() };
                    self.fenced_cells(cells, &mut row);
                    table.rows.push(row);
                }
                node if table.rows.is_empty() => before.push(node),
                node => {
                    let after = self.after(std::iter::once(node), "after-row");
                    table.rows.last_mut().into_iter().for_each(|row| row.after.extend(after.clone()));
                }
            }
        }
        table.before = self.blocks(before, Home { bold_heads: true, ..Home::default() });
        table.tag = braces.into_tag(Span::default());
        table
    }

    fn fenced_cells(&mut self, nodes: Vec<Node>, row: &mut Row) {
        for node in nodes {
            match node {
                Node::Fence(mut braces, inner) if braces.is("cell") => {
                    braces.take_class("cell");
                    let content = self.blocks(inner, Home::bare());
                    row.cells.push(cell(braces, content));
                }
                // What stands before all cells, and is none, makes one.
                node if row.cells.is_empty() => {
                    let content = self.blocks(vec![node], Home::bare());
                    row.cells.push(cell(Braces::default(), content));
                }
                node => {
                    let after = self.after(std::iter::once(node), "after");
                    row.cells.last_mut().into_iter().for_each(|cell| cell.after.extend(after.clone()));
                }
            }
        }
    }
}

/// Takes the milestones of a class off the end of a cell, the last first.
fn take_after(pieces: &mut Vec<Piece>, class: &str) -> Vec<Piece> {
    let mut taken = Vec::new();
    while let Some(piece) = pieces
        .pop_if(|piece| matches!(piece, Piece::Span(braces, _) if braces.is(class) && unit(braces.class()).is_some()))
    {
        taken.push(piece);
    }
    taken
}

//! Tables: rows are lines, cells are parted by ` | ` or by tabs.

use std::ops::Range;

use super::lines::Line;

/// A row as the bytes of its cells and of the borders between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    /// The cells' text, without white space around it.
    pub cells: Vec<Range<usize>>,
    /// The printed borders.
    pub borders: Vec<Range<usize>>,
    /// Page tokens that stand alone behind it.
    pub pages: Vec<Range<usize>>,
}

/// Reads a chunk in which some line has borders; all its lines are then rows.
pub(super) fn table(text: &str, chunk: &[Line]) -> Option<Vec<Cells>> {
    let piped = |line: &Line| {
        let body = &text[line.at.clone()];
        body.contains(" | ") || body.starts_with("| ") || body.ends_with(" |")
    };
    let tabbed = |line: &Line| text[line.at.clone()].contains('\t');
    let separator = if chunk.iter().any(tabbed) {
        let doubled = |line: &Line| text[line.at.clone()].replace("\t\t", "").contains('\t');
        if chunk.iter().any(doubled) { "\t" } else { "\t\t" }
    } else if chunk.iter().any(piped) {
        "|"
    } else {
        return None;
    };
    Some(chunk.iter().map(|line| row(text, line.at.clone(), separator)).collect())
}

/// True if the first row names the columns: all its cells but perhaps the first hold words without figures, and in some
/// column most of the others hold figures. (A figure at the end of a word calls a note.)
pub(super) fn is_headed(text: &str, rows: &[Cells]) -> bool {
    let Some((first, others)) = rows.split_first().filter(|(_, others)| others.len() >= 2) else { return false };
    let said = |row: &Cells, column: usize| row.cells.get(column).map_or("", |cell| &text[cell.clone()]);
    let figures = |cell: &str| cell.bytes().any(|byte| byte.is_ascii_digit());
    let names = |cell: &str| {
        let bare = cell.trim_end_matches(|c: char| c.is_ascii_digit());
        bare.chars().any(char::is_alphabetic) && !figures(bare) && (bare.len() == cell.len() || !bare.ends_with(' '))
    };
    let columns = first.cells.len();
    let named = (0..columns).all(|column| names(said(first, column)) || column == 0 && said(first, 0).is_empty());
    let counted = |column: &usize| others.iter().filter(|row| figures(said(row, *column))).count() * 2 > others.len();
    columns >= 2 && named && (1..columns).any(|column| counted(&column))
}

fn row(text: &str, line: Range<usize>, separator: &str) -> Cells {
    let mut row = Cells::default();
    let mut from = line.start;
    for (at, border) in text[line.clone()].match_indices(separator) {
        let at = line.start + at;
        row.cells.push(trimmed(text, from..at));
        row.borders.push(at..at + border.len());
        from = at + border.len();
    }
    row.cells.push(trimmed(text, from..line.end));
    row
}

fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let cell = &text[at.clone()];
    let start = at.start + cell.len() - cell.trim_start().len();
    let end = at.start + cell.trim_end().len();
    start.min(end)..end
}

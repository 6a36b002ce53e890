//! Tables: rows are lines, cells are parted by ` | ` or by tabs.

use std::ops::Range;

use super::lines::Line;
use super::view::View;

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

/// Reads a chunk in which some line has borders; all its lines are then rows. What is no text has none.
pub(super) fn table(view: View<'_>, chunk: &[Line]) -> Option<Vec<Cells>> {
    let found = |line: &Line, border| borders(view, &line.at, border).next();
    let piped = |line: &Line| {
        let (open, closed) = (found(line, "| "), borders(view, &line.at, " |").last());
        found(line, " | ").is_some()
            || open.is_some_and(|at| at.start == line.at.start)
            || closed.is_some_and(|at| at.end == line.at.end)
    };
    let separator = if chunk.iter().any(|line| found(line, "\t").is_some()) {
        let single = |line: &Line| view.words(&line.at).replace("\t\t", "").contains('\t');
        if chunk.iter().any(single) { "\t" } else { "\t\t" }
    } else if chunk.iter().any(piped) {
        "|"
    } else {
        return None;
    };
    Some(chunk.iter().map(|line| row(view, &line.at, separator)).collect())
}

/// Where a border stands in a line, outside of what is no text.
fn borders<'t>(view: View<'t>, line: &Range<usize>, border: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let from = line.start;
    let found = view.text[line.clone()].match_indices(border);
    let found = found.map(move |(at, border)| from + at..from + at + border.len());
    found.filter(move |at| view.hole(at.start).is_none())
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

fn row(view: View<'_>, line: &Range<usize>, separator: &str) -> Cells {
    let mut row = Cells::default();
    let mut from = line.start;
    for border in borders(view, line, separator) {
        row.cells.push(trimmed(view.text, from..border.start));
        from = border.end;
        row.borders.push(border);
    }
    row.cells.push(trimmed(view.text, from..line.end));
    row
}

fn trimmed(text: &str, at: Range<usize>) -> Range<usize> {
    let cell = &text[at.clone()];
    let start = at.start + cell.len() - cell.trim_start().len();
    let end = at.start + cell.trim_end().len();
    start.min(end)..end
}

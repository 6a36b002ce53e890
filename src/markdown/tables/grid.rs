//! Tables that are drawn: `+---+` above and below each row, `|` beside each cell.

use super::Table;
use super::columns::cut;

/// A grid table that begins with the first of some lines. One whose cells span rows or columns is none.
pub(super) fn table(lines: &[&str]) -> Option<Table> {
    let columns = border(lines.first()?)?;
    let drawn = lines.iter().take_while(|line| line.trim_start().starts_with(['+', '|'])).count();
    let lines = &lines[..drawn];
    border(lines.last()?)?;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut head = 0;
    let mut open = false;
    for line in &lines[1..] {
        if line.trim_start().starts_with('+') {
            if border(line)? != columns || !open {
                return None;
            }
            open = false;
            if line.contains('=') && head == 0 {
                head = rows.len();
            }
            continue;
        }
        let cells = cells(line.trim_end(), &columns)?;
        match rows.last_mut().filter(|_| open) {
            Some(row) => row.iter_mut().zip(cells).for_each(|(cell, line)| {
                cell.push('\n');
                cell.push_str(line);
            }),
            None => rows.push(cells.into_iter().map(str::to_owned).collect()),
        }
        open = true;
    }
    rows.iter_mut().flatten().for_each(|cell| *cell = cell.trim_matches('\n').to_owned());
    (!open && !rows.is_empty()).then_some(Table { lines: lines.len(), head, rows })
}

/// The columns in which the corners of a line of a grid stand.
fn border(line: &str) -> Option<Vec<usize>> {
    let line = line.trim_end();
    let drawn = line.trim_start();
    let is_border = drawn.starts_with("+-") || drawn.starts_with("+=") || drawn.starts_with("+:");
    if !is_border || !drawn.ends_with('+') || drawn.contains(|c: char| !matches!(c, '+' | '-' | '=' | ':')) {
        return None;
    }
    Some(line.char_indices().filter(|(_, c)| *c == '+').map(|(at, _)| at).collect())
}

/// What stands in the cells of a line, without the bars.
fn cells<'l>(line: &'l str, columns: &[usize]) -> Option<Vec<&'l str>> {
    let mut parts = cut(line, columns);
    (parts.pop()? == "|").then_some(())?;
    let cell = |part: &'l str| {
        let inner = part.strip_prefix('|')?;
        Some(inner.strip_prefix(' ').unwrap_or(inner).trim_end())
    };
    parts.into_iter().map(cell).collect()
}

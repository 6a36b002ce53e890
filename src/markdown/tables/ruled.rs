//! Tables whose columns are told by a line of dashes: simple ones, each row a line, and multiline ones, an empty line
//! between rows.

use super::columns::cut;
use super::{Table, is_blank};

/// A simple or multiline table that begins with the first of some lines.
pub(super) fn table(lines: &[&str]) -> Option<Table> {
    let first = lines.first().filter(|line| !is_blank(line))?;
    if is_rule(first) {
        return multiline(lines);
    }
    if let Some(columns) = columns(first) {
        return headless(lines, &columns);
    }
    let columns = columns(lines.get(1)?)?;
    let head = cells(&lines[..1], &columns)?;
    let body = lines[2..].iter().take_while(|line| !is_blank(line) && !is_end(line)).count();
    let closed = usize::from(lines.get(2 + body).is_some_and(|line| is_end(line)));
    let mut rows = vec![head];
    for line in &lines[2..2 + body] {
        rows.push(cells(&[*line], &columns)?);
    }
    (body > 0).then_some(Table { lines: 2 + body + closed, head: 1, rows })
}

/// Between two lines of dashes: a heading of some lines, the columns, and rows.
fn multiline(lines: &[&str]) -> Option<Table> {
    let height = lines[1..].iter().take_while(|line| !is_blank(line) && columns(line).is_none()).count();
    let columns = columns(lines.get(1 + height)?)?;
    let head = cells(&lines[1..1 + height], &columns).filter(|_| height > 0)?;
    let begin = 2 + height;
    let end = begin + lines[begin..].iter().position(|line| is_rule(line))?;
    // A rule that is followed by text is not the table's.
    if lines.get(end + 1).is_some_and(|line| !is_blank(line)) {
        return None;
    }
    let mut rows = vec![head];
    rows.extend(groups(&lines[begin..end], &columns)?);
    Some(Table { lines: end + 1, head: 1, rows })
}

/// Between two lines that tell the columns: rows, each a line, or with empty lines between them.
fn headless(lines: &[&str], columns: &[usize]) -> Option<Table> {
    lines.get(1).filter(|line| !is_blank(line))?;
    let end = 1 + lines[1..].iter().position(|line| is_end(line))?;
    let inner = &lines[1..end];
    let rows = match inner.iter().any(|line| is_blank(line)) {
        true => groups(inner, columns)?,
        false => inner.iter().map(|line| cells(&[*line], columns)).collect::<Option<_>>()?,
    };
    (!rows.is_empty()).then_some(Table { lines: end + 1, head: 0, rows })
}

/// Rows that are parted by empty lines.
fn groups(lines: &[&str], columns: &[usize]) -> Option<Vec<Vec<String>>> {
    let groups = lines.split(|line| is_blank(line)).filter(|group| !group.is_empty());
    groups.map(|group| cells(group, columns)).collect()
}

/// The cells of a row of some lines. A line with text before the first column is no row.
fn cells(lines: &[&str], columns: &[usize]) -> Option<Vec<String>> {
    let mut cells = vec![String::new(); columns.len()];
    for line in lines {
        let line = line.trim_end();
        // Text that is set to the right may begin before its dashes, that of the first column in the margin.
        let mut from = columns.to_vec();
        *from.first_mut()? = 0;
        for (cell, part) in cells.iter_mut().zip(cut(line, &from)) {
            if !cell.is_empty() {
                cell.push('\n');
            }
            cell.push_str(part.trim());
        }
    }
    cells.iter_mut().for_each(|cell| *cell = cell.trim().to_owned());
    Some(cells)
}

/// A line of dashes without a gap.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && line.bytes().all(|byte| byte == b'-')
}

/// A line that ends a table.
fn is_end(line: &str) -> bool {
    is_rule(line) || columns(line).is_some()
}

/// Where columns begin, by a line of at least two runs of dashes. A row of single ones is a break.
fn columns(line: &str) -> Option<Vec<usize>> {
    let line = line.trim_end();
    let dashes = line.trim_start();
    if !dashes.starts_with('-') || dashes.contains(|c| c != '-' && c != ' ') || !dashes.contains("--") {
        return None;
    }
    let bytes = line.as_bytes();
    let begins = |at: &usize| bytes[*at] == b'-' && (*at == 0 || bytes[*at - 1] == b' ');
    let columns: Vec<usize> = (0..bytes.len()).filter(begins).collect();
    (columns.len() > 1).then_some(columns)
}

//! Pandoc's own tables – simple, multiline and grid – as pipe tables, or as fences where a cell holds blocks. Those
//! every reader here knows. Words and their order stay; a caption goes before its table.

mod columns;
mod grid;
mod ruled;

use std::borrow::Cow;

/// A text without pandoc's own tables, and where it comes from.
pub(crate) struct Plain<'s> {
    pub(crate) text: Cow<'s, str>,
    /// From which offset of the text on how much must be added for an offset of the source.
    shifts: Vec<(usize, isize)>,
}

impl Plain<'_> {
    /// The offset in the source of an offset in the text.
    pub(crate) fn source(&self, at: usize) -> usize {
        let known = self.shifts.partition_point(|(from, _)| *from <= at);
        let shift = known.checked_sub(1).map_or(0, |known| self.shifts[known].1);
        at.saturating_add_signed(shift)
    }

    /// True if there were no such tables.
    pub(crate) fn is_source(&self) -> bool {
        self.shifts.is_empty()
    }
}

/// A table as it was found.
struct Table {
    /// How many lines it takes.
    lines: usize,
    /// How many of its rows name the columns.
    head: usize,
    /// Rows of cells, each a few lines.
    rows: Vec<Vec<String>>,
}

/// The source with pipe tables and fences in place of pandoc's own tables.
pub(crate) fn plain(source: &str) -> Plain<'_> {
    let mut plain = Plain { text: Cow::Borrowed(source), shifts: Vec::new() };
    // Dashes side by side are in each of them.
    let front = front_matter(source);
    let behind: usize = source.split_inclusive('\n').take(front).map(str::len).sum();
    if memchr::memmem::find(&source.as_bytes()[behind..], b"--").is_none() {
        return plain;
    }
    let lines: Vec<&str> = source.split_inclusive('\n').collect();
    let mut text = String::new();
    let (mut at, mut copied, mut offset) = (front, 0, 0);
    let mut code = None;
    let mut begins = vec![0];
    begins.extend(lines.iter().map(|line| {
        offset += line.len();
        offset
    }));
    while at < lines.len() {
        if fences_code(lines[at], &mut code) || code.is_some() || at > 0 && !is_blank(lines[at - 1]) {
            at += 1;
            continue;
        }
        let table = grid::table(&lines[at..]).or_else(|| ruled::table(&lines[at..]));
        let Some(table) = table.filter(|table| table.rows.iter().flatten().all(|cell| closes_fences(cell))) else {
            at += 1;
            continue;
        };
        let end = at + table.lines;
        let caption = caption(&lines[end..]);
        text.push_str(&source[begins[copied]..begins[at]]);
        print(&table, caption.as_ref(), &mut text);
        copied = end + caption.map_or(0, |caption| caption.lines);
        at = copied;
        plain.shifts.push((text.len(), begins[copied] as isize - text.len() as isize));
    }
    if !plain.shifts.is_empty() {
        text.push_str(&source[begins[copied]..]);
        plain.text = Cow::Owned(text);
    }
    plain
}

/// How many lines the front matter takes.
fn front_matter(source: &str) -> usize {
    let mut lines = source.split_inclusive('\n');
    if lines.next().is_none_or(|line| line.trim_end() != "---") {
        return 0;
    }
    let end = lines.position(|line| matches!(line.trim_end(), "---" | "..."));
    end.map_or(0, |end| end + 2)
}

/// Whether a line begins or ends a block of code; `open` is what would end the one that is open.
fn fences_code(line: &str, open: &mut Option<String>) -> bool {
    let line = line.trim();
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~')).unwrap_or(' ');
    let fence: String = line.chars().take_while(|c| *c == mark).collect();
    match open {
        Some(begun) if line == fence && fence.starts_with(begun.as_str()) => *open = None,
        None if fence.trim().len() >= 3 => *open = Some(fence),
        _ => return false,
    }
    true
}

/// Whether every fence that a cell opens is closed in it. Another would take in the cells behind.
fn closes_fences(cell: &str) -> bool {
    let (mut open, mut code) = (0_usize, None);
    for line in cell.lines() {
        if fences_code(line, &mut code) || code.is_some() {
            continue;
        }
        match line.trim().strip_prefix(":::").map(|rest| rest.trim_matches(':').is_empty()) {
            Some(true) if open == 0 => return false,
            Some(true) => open -= 1,
            Some(false) => open += 1,
            None => {}
        }
    }
    open == 0 && code.is_none()
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// What stands below a table and speaks of it.
struct Caption {
    lines: usize,
    text: String,
    /// What stands in braces at its end.
    attributes: String,
}

/// A caption behind an empty line: `: The boats` or `Table: The boats`.
fn caption(lines: &[&str]) -> Option<Caption> {
    let before = lines.iter().take_while(|line| is_blank(line)).count();
    let rest = lines[before..].iter().take_while(|line| !is_blank(line)).map(|line| line.trim());
    let words = rest.collect::<Vec<_>>();
    let text = words.join(" ");
    let text = text.strip_prefix("Table:").or_else(|| text.strip_prefix(": "))?.trim();
    let (text, attributes) = match text.rfind('{').filter(|_| text.ends_with('}')) {
        Some(at) if text[at..].starts_with("{#") || text[at..].starts_with("{.") => {
            (text[..at].trim_end(), text[at + 1..text.len() - 1].to_owned())
        }
        _ => (text, String::new()),
    };
    Some(Caption { lines: before + words.len(), text: text.to_owned(), attributes })
}

/// A table in the notation that is read here.
fn print(table: &Table, caption: Option<&Caption>, to: &mut String) {
    let simple = table.head <= 1 && table.rows.iter().flatten().all(|cell| is_line(cell));
    let body = if simple { piped(table) } else { fenced(table) };
    match caption {
        None if simple => to.push_str(&body),
        None => to.push_str(&format!("::: {{.table}}\n{body}:::\n")),
        Some(Caption { text, attributes, .. }) => {
            let head = if is_balanced(text) { format!("[{text}]{{.head}}") } else { text.clone() };
            let braces = format!(".table {attributes}");
            to.push_str(&format!("::: {{{}}}\n{head}\n\n{body}:::\n", braces.trim_end()));
        }
    }
}

fn piped(table: &Table) -> String {
    let columns = table.rows.iter().map(Vec::len).max().unwrap_or(1);
    let row = |cells: &[String]| {
        let cells = cells.iter().map(|cell| escaped(&cell.lines().map(str::trim).collect::<Vec<_>>().join(" ")));
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut text = match table.head {
        0 => row(&vec![String::new(); columns]),
        _ => row(&table.rows[0]),
    };
    text.push_str(&format!("|{}\n", "---|".repeat(columns)));
    table.rows[table.head..].iter().for_each(|cells| text.push_str(&row(cells)));
    text
}

fn fenced(table: &Table) -> String {
    let mut text = String::new();
    for (at, row) in table.rows.iter().enumerate() {
        let label = if at < table.head { " .label" } else { "" };
        text.push_str(&format!("::: {{.row{label}}}\n"));
        for cell in row {
            text.push_str(&format!("::: {{.cell}}\n{}\n:::\n", cell.trim_end()));
        }
        text.push_str(":::\n");
    }
    text
}

/// A bar in a cell would end it.
fn escaped(cell: &str) -> String {
    let mut to = String::with_capacity(cell.len());
    let mut before = ' ';
    for c in cell.chars() {
        if c == '|' && before != '\\' {
            to.push('\\');
        }
        to.push(c);
        before = if before == '\\' { ' ' } else { c };
    }
    to
}

/// Whether every bracket has its partner, so that a span about the text is one.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let mut escaped = false;
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => depth += 1,
            ']' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0 && !escaped
}

/// Whether a cell is nothing but one line of text, broken for its width.
fn is_line(cell: &str) -> bool {
    let text = cell.trim();
    let block = |line: &str| {
        let word = line.trim_start().split(' ').next().unwrap_or_default();
        let counts = word.trim_end_matches(['.', ')']).bytes().all(|byte| byte.is_ascii_digit());
        line.trim().is_empty()
            || line.starts_with("    ")
            || line.ends_with('\\')
            || word.starts_with(['#', '>', '|', ':', '`', '~', '<'])
            || matches!(word, "-" | "*" | "+")
            || counts && word.ends_with(['.', ')'])
    };
    text.is_empty() || !text.lines().any(block)
}

#[cfg(test)]
mod tests;

//! Lists: lines with a bullet, and labels that stand on a line of their own above what they label.

use std::ops::Range;

use super::lines::Line;

/// A list as its lines show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    /// The line above that names it.
    pub heading: Option<Range<usize>>,
    /// Its items, flat; each says how deep it lies.
    pub items: Vec<Entry>,
}

/// One item.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// 1 for the outermost items.
    pub depth: usize,
    /// The bullet's bytes; none where there is none.
    pub bullet: Option<Range<usize>>,
    /// The label on a line of its own.
    pub label: Option<Range<usize>>,
    /// The lines of its text.
    pub lines: Vec<Range<usize>>,
    /// Page tokens that stand alone behind it.
    pub pages: Vec<Range<usize>>,
}

/// The bullet with which a line begins.
pub(super) fn bullet(text: &str, line: &Line) -> Option<Range<usize>> {
    let body = &text[line.at.clone()];
    let first = body.chars().next()?;
    let always = matches!(first, '•' | '◦' | '▪' | '‣' | '●' | '○' | '■');
    let indented = matches!(first, '-' | '*' | '·') && line.indent >= 2;
    let rest = &body[first.len_utf8()..];
    if !(always || indented) || !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        return None;
    }
    let space = rest.len() - rest.trim_start().len();
    let start = line.at.start;
    Some(start..start + first.len_utf8() + space)
}

/// Reads a chunk whose first line has a bullet, or in which labels and texts alternate.
pub(super) fn list(text: &str, chunk: &[Line]) -> Option<Listed> {
    let bulleted = chunk.iter().any(|line| bullet(text, line).is_some());
    if !bulleted && !is_labelled(text, chunk) {
        return None;
    }
    let mut listed = Listed::default();
    let least = chunk.iter().filter(|line| bullet(text, line).is_some()).map(|line| line.indent).min().unwrap_or(0);
    let mut label: Option<Range<usize>> = None;
    for line in chunk {
        if let Some(found) = bullet(text, line) {
            let depth = if least == 0 { 1 } else { (line.indent / 2).max(1) };
            let said = found.end.min(line.at.end)..line.at.end;
            let lines = vec![said];
            listed.items.push(Entry { depth, bullet: Some(found), label: label.take(), lines, pages: Vec::new() });
        } else if !bulleted && is_label(&text[line.at.clone()]) && label.is_none() {
            label = Some(line.at.clone());
        } else if let Some(label) = label.take() {
            let lines = vec![line.at.clone()];
            listed.items.push(Entry { depth: 1, bullet: None, label: Some(label), lines, pages: Vec::new() });
        } else if let Some(item) = listed.items.last_mut() {
            item.lines.push(line.at.clone());
        } else {
            listed.items.push(Entry {
                depth: 1,
                bullet: None,
                label: None,
                lines: vec![line.at.clone()],
                pages: Vec::new(),
            });
        }
    }
    if let Some(label) = label {
        listed.items.push(Entry { depth: 1, bullet: None, label: None, lines: vec![label], pages: Vec::new() });
    }
    Some(listed)
}

/// True if labels and texts alternate from the first line on.
fn is_labelled(text: &str, chunk: &[Line]) -> bool {
    chunk.len() >= 2 && is_label(&text[chunk[0].at.clone()]) && !is_label(&text[chunk[1].at.clone()])
}

/// `1.`, `(a)`, `iv)`, `—`
fn is_label(line: &str) -> bool {
    let bare = line.trim_matches(['(', ')', '.', '[', ']']);
    let enclosed = bare.len() < line.len();
    let number = bare.len() <= 3 && bare.bytes().all(|byte| byte.is_ascii_digit());
    let letter = bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_alphabetic());
    let roman = bare.len() <= 5 && bare.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x'));
    enclosed && !bare.is_empty() && (number || letter || roman)
}

/// What a list's heading says it lists; none if it is no such heading.
pub(super) fn topic(heading: &str) -> Option<&'static str> {
    let word: String = heading.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_ascii_lowercase();
    Some(match word.as_str() {
        "subject" | "subjects" | "subj" | "re" => "subject",
        "participants" | "participant" | "present" | "attendance" | "attendees" | "otherspresent" | "alsopresent"
        | "participation" | "presentatmeeting" | "inattendance" => "participants",
        "to" | "memorandumfor" | "memorandumto" => "to",
        "from" | "fm" => "from",
        "through" | "thru" | "via" => "through",
        "info" | "information" | "copiesto" | "cc" | "copies" => "info",
        "ref" | "refs" | "reference" | "references" => "references",
        "date" | "time" | "place" | "dateandtime" | "timeandplace" | "placeandtime" | "placeanddate" => "memo",
        _ => return None,
    })
}

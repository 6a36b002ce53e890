//! Lists: lines with a bullet, and labels that stand on a line of their own above what they label.

use std::ops::Range;

use compact_str::CompactString;

use super::lines::Line;

/// A list as its lines show it.
#[derive(Clone, Debug, Default)]
pub(super) struct Listed {
    /// The line above that names it.
    pub heading: Option<Range<usize>>,
    /// The bullet of that line.
    pub heading_bullet: Option<Range<usize>>,
    /// Its items, flat; each says how deep it lies.
    pub items: Vec<Entry>,
}

/// One item.
#[derive(Clone, Debug, Default)]
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
    /// A list with a heading of its own that is all of the item.
    pub inner: Option<Box<Listed>>,
}

/// The bullet with which a line begins.
pub(super) fn bullet(text: &str, line: &Line) -> Option<Range<usize>> {
    let body = &text[line.at.clone()];
    let first = body.chars().next()?;
    let drawn = matches!(first, '•' | '◦' | '▪' | '‣' | '●' | '○' | '■' | '-' | '*' | '·');
    let rest = &body[first.len_utf8()..];
    if !drawn || line.indent < 2 || !(rest.is_empty() || rest.starts_with(char::is_whitespace)) {
        return None;
    }
    let space = rest.len() - rest.trim_start().len();
    let start = line.at.start;
    Some(start..start + first.len_utf8() + space)
}

/// Reads a chunk with bullets; a line without one goes on with the item before.
pub(super) fn bulleted(text: &str, chunk: &[Line]) -> Option<Listed> {
    bullet(text, chunk.first()?)?;
    let mut listed = Listed::default();
    for line in chunk {
        if let Some(found) = bullet(text, line) {
            let said = found.end.min(line.at.end)..line.at.end;
            let depth = (line.indent / 2).max(1);
            listed.items.push(Entry { depth, bullet: Some(found), lines: vec![said], ..Entry::default() });
        } else if let Some(item) = listed.items.last_mut() {
            item.lines.push(line.at.clone());
        }
    }
    Some(listed)
}

/// Reads a chunk in which labels and texts alternate. A label of another kind than those around it is that of a
/// list within.
pub(super) fn labelled(text: &str, chunk: &[Line]) -> Option<Listed> {
    let (first, second) = (chunk.first()?, chunk.get(1)?);
    label_kind(&text[first.at.clone()])?;
    if label_kind(&text[second.at.clone()]).is_some() {
        return None;
    }
    let mut listed = Listed::default();
    let mut kinds: Vec<Kind> = Vec::new();
    let mut label: Option<(Range<usize>, usize)> = None;
    for line in chunk {
        let kind = label_kind(&text[line.at.clone()]).filter(|_| label.is_none());
        if let Some(kind) = kind {
            let depth = kinds.iter().position(|&known| known == kind).unwrap_or(kinds.len());
            kinds.truncate(depth);
            kinds.push(kind);
            label = Some((line.at.clone(), depth + 1));
        } else if let Some((label, depth)) = label.take() {
            listed.items.push(Entry { depth, label: Some(label), lines: vec![line.at.clone()], ..Entry::default() });
        } else if let Some(item) = listed.items.last_mut() {
            item.lines.push(line.at.clone());
        }
    }
    if let Some((label, depth)) = label {
        listed.items.push(Entry { depth, lines: vec![label], ..Entry::default() });
    }
    Some(listed)
}

/// Of which kind a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Number,
    Letter,
    EnclosedNumber,
    EnclosedLetter,
}

/// True for a line that is but a label.
pub(super) fn is_label(line: &str) -> bool {
    label_kind(line).is_some()
}

/// The kind of a line that is but a label: `1.`, `(a)`, `b)`.
fn label_kind(line: &str) -> Option<Kind> {
    if line.len() > 6 {
        return None;
    }
    let bare = line.trim_matches(['(', ')', '.', '[', ']']);
    let number = (1..=3).contains(&bare.len()) && bare.bytes().all(|byte| byte.is_ascii_digit());
    let letter = bare.len() == 1 && bare.bytes().all(|byte| byte.is_ascii_alphabetic())
        || (2..=4).contains(&bare.len())
            && bare.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x'));
    match (number, letter, line.ends_with('.'), bare.len() < line.len()) {
        (true, _, true, _) => Some(Kind::Number),
        (true, _, false, true) => Some(Kind::EnclosedNumber),
        (_, true, true, _) => Some(Kind::Letter),
        (_, true, false, true) => Some(Kind::EnclosedLetter),
        _ => None,
    }
}

/// What a list's heading says it lists; none if it is no such heading.
pub(super) fn topic(heading: &str) -> Option<&'static str> {
    /// As long as the longest of the words below.
    const LONGEST: usize = 16;
    let mut word = CompactString::default();
    for letter in heading.chars().filter(|c| c.is_alphabetic()) {
        if word.len() >= LONGEST {
            return None;
        }
        word.push(letter.to_ascii_lowercase());
    }
    Some(match word.as_str() {
        "subject" | "subjects" | "subj" | "re" => "subject",
        "participants" | "participant" | "present" | "attendance" | "attendees" | "otherspresent" | "alsopresent"
        | "participation" | "presentatmeeting" | "inattendance" => "participants",
        "to" | "memorandumfor" | "memorandumto" => "to",
        "from" | "fm" => "from",
        "through" | "thru" | "via" => "through",
        "info" | "information" | "copiesto" | "cc" | "copies" | "distribution" | "distto" | "dist" => "info",
        "enclosure" | "enclosures" | "attachment" | "attachments" => "attachments",
        "concurredin" | "submittedby" | "concurrence" | "concurrences" | "clearances" => "clearances",
        "ref" | "refs" | "reference" | "references" => "references",
        "date" | "time" | "place" | "dateandtime" | "timeandplace" | "placeandtime" | "placeanddate" => "memo",
        _ => return None,
    })
}

//! The list of notes that stands behind the text: `  3. See Document 9.`, with further paragraphs indented
//! deeper.

use std::ops::Range;

use compact_str::CompactString;

use super::lines::Line;

/// One note of the list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its number or symbol in the list.
    pub label: CompactString,
    /// Number, stop and the space behind.
    pub label_at: Range<usize>,
    /// Its paragraphs, each as the bytes of its lines.
    pub paragraphs: Vec<Vec<Range<usize>>>,
}

impl Entry {
    /// From the first to the last byte of its text.
    pub(super) fn at(&self) -> Range<usize> {
        let first =
            self.paragraphs.first().and_then(|lines| lines.first()).map_or(self.label_at.end, |line| line.start);
        let last = self.paragraphs.last().and_then(|lines| lines.last()).map_or(first, |line| line.end);
        first..last
    }

    /// The first line's text.
    pub(super) fn opening<'t>(&self, text: &'t str) -> &'t str {
        self.paragraphs.first().and_then(|lines| lines.first()).map_or("", |line| &text[line.clone()])
    }
}

/// Parts the lines into those of the text and the notes of the list.
///
/// The list is the longest run at the end in which each line begins a note, is indented deeper than the
/// beginnings, or goes on directly below one of these.
pub(super) fn part<'l>(text: &str, lines: &'l [Line]) -> (&'l [Line], Vec<Entry>) {
    let mut start = lines.len();
    for (at, line) in lines.iter().enumerate().rev() {
        if label(text, line).is_some() {
            start = at;
        } else if line.gap && line.indent < 3 {
            break;
        }
    }
    let (main, list) = lines.split_at(start);
    let mut entries: Vec<Entry> = Vec::new();
    for line in list {
        if let Some((label, body)) = label(text, line) {
            entries.push(Entry { label, label_at: line.at.start..body, paragraphs: vec![vec![body..line.at.end]] });
        } else if let Some(entry) = entries.last_mut() {
            match entry.paragraphs.last_mut() {
                Some(paragraph) if !line.gap => paragraph.push(line.at.clone()),
                _ => entry.paragraphs.push(vec![line.at.clone()]),
            }
        }
    }
    (main, entries)
}

/// The label with which a line of the list begins a note, and where the note's text begins.
fn label(text: &str, line: &Line) -> Option<(CompactString, usize)> {
    if !(1..=3).contains(&line.indent) {
        return None;
    }
    let (label, body) = label_of(&text[line.at.clone()])?;
    Some((CompactString::from(label), line.at.start + body))
}

/// The label with which a line without its indent begins, and where the text behind it begins.
pub(super) fn label_of(body: &str) -> Option<(&str, usize)> {
    let stop = body.find('.').filter(|&stop| (1..=12).contains(&stop))?;
    let label = &body[..stop];
    let digits = label.bytes().all(|byte| byte.is_ascii_digit()) && label.len() <= 4;
    let symbols = label.chars().all(|c| !c.is_alphanumeric() && !c.is_whitespace() && c != '•' && c != '-' && c != '—');
    let letter = label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_alphabetic());
    if !(digits || symbols || letter) {
        return None;
    }
    let rest = &body[stop + 1..];
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) && !digits {
        return None;
    }
    let space = rest.len() - rest.trim_start().len();
    Some((label, stop + 1 + space))
}

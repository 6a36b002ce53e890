//! The notes where they stand: in a list behind the text, `  3. See Document 9.`, with further paragraphs indented
//! deeper; or at the foot of each page.

use std::ops::Range;

use compact_str::CompactString;

use super::dialect::{self, Dialect};
use super::lines::Line;
use super::pages::Hole;
use super::profile::At;

/// One note of the list.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its number or symbol in the list.
    pub label: CompactString,
    /// Number, stop and the space behind.
    pub label_at: Range<usize>,
    /// Its paragraphs, each as the bytes of its lines.
    pub paragraphs: Vec<Vec<Range<usize>>>,
    /// For a note at a page's foot: the bytes of the page, in which it must be called.
    pub page: Option<Range<usize>>,
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

/// A document's lines, sorted out.
#[derive(Debug, Default)]
pub(super) struct Parted {
    /// The lines of the running text.
    pub main: Vec<Line>,
    /// The notes.
    pub entries: Vec<Entry>,
    /// True if the list of notes follows the text without a blank line.
    pub close: bool,
    /// The bytes of notes between the lines of the text.
    pub feet: Vec<Range<usize>>,
    /// Lines that part text from notes.
    pub rules: Vec<Range<usize>>,
}

/// Parts the lines of a document into those of the text and the notes.
pub(super) fn part(text: &str, lines: &[Line], pages: &[Hole], dialect: &Dialect) -> Parted {
    let feet = match dialect.at {
        Some(At::End) => None,
        Some(At::Page) => Some(at_feet(text, lines, pages, dialect)),
        None if pages.is_empty() => None,
        None => Some(at_feet(text, lines, pages, dialect)).filter(|parted| parted.feet.len() > 1),
    };
    let parted = feet.unwrap_or_else(|| at_end(text, lines, dialect));
    // Notes are notes on something.
    if parted.main.iter().all(|line| is_token(line, pages)) {
        return Parted { main: lines.to_vec(), ..Parted::default() };
    }
    parted
}

/// The list is the longest run at the end in which each line begins a note, is indented deeper than the beginnings,
/// or goes on directly below one of these.
fn list_start(text: &str, lines: &[Line], dialect: &Dialect) -> usize {
    let mut start = lines.len();
    let mut least = u32::MAX;
    for (at, line) in lines.iter().enumerate().rev() {
        if let Some((label, _)) = label(text, line, dialect) {
            // Where notes are not indented, a number that does not rise is one of the text's own.
            let number = label.parse().unwrap_or(0);
            if !dialect.labels.is_empty() && number >= least && number > 0 {
                break;
            }
            least = number;
            start = at;
        } else if line.gap && line.indent < 3 {
            break;
        }
    }
    start
}

fn at_end(text: &str, lines: &[Line], dialect: &Dialect) -> Parted {
    let (main, list) = lines.split_at(list_start(text, lines, dialect));
    let close = list.first().is_some_and(|line| !line.gap);
    let mut parted = Parted { main: main.to_vec(), close, ..Parted::default() };
    if !list.is_empty() && parted.main.last().is_some_and(|line| is_rule(&text[line.at.clone()])) {
        parted.rules.extend(parted.main.pop().map(|line| line.at));
    }
    parted.entries = entries(list, |line| label(text, line, dialect));
    parted
}

fn entries(list: &[Line], label: impl Fn(&Line) -> Option<(CompactString, usize)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in list {
        if let Some((label, body)) = label(line) {
            let paragraphs = vec![vec![body..line.at.end.max(body)]];
            entries.push(Entry { label, label_at: line.at.start..body, paragraphs, page: None });
        } else if let Some(entry) = entries.last_mut() {
            match entry.paragraphs.last_mut() {
                Some(paragraph) if !line.gap => paragraph.push(line.at.clone()),
                _ => entry.paragraphs.push(vec![line.at.clone()]),
            }
        }
    }
    entries
}

/// Notes at the foot of each page: behind a rule, or the run of notes with which a page ends.
fn at_feet(text: &str, lines: &[Line], pages: &[Hole], dialect: &Dialect) -> Parted {
    let mut parted = Parted::default();
    for page in page_lines(lines, pages) {
        let (Some(first), Some(last)) = (page.first(), page.last()) else { continue };
        let bytes = first.at.start..last.at.end;
        let ruled = page.iter().rposition(|line| is_rule(&text[line.at.clone()]));
        let ruled = ruled.filter(|&rule| page.get(rule + 1).is_some_and(|line| below_rule(text, line).is_some()));
        let start = ruled.map_or_else(|| list_start(text, page, dialect), |rule| rule + 1);
        let (main, list) = page.split_at(start);
        parted.main.extend_from_slice(&main[..ruled.unwrap_or(main.len())]);
        parted.rules.extend(ruled.map(|rule| page[rule].at.clone()));
        let Some(last) = list.last() else { continue };
        let found = match ruled {
            Some(_) => entries(list, |line| below_rule(text, line)),
            None => entries(list, |line| label(text, line, dialect)),
        };
        parted.entries.extend(found.into_iter().map(|entry| Entry { page: Some(bytes.clone()), ..entry }));
        let first = ruled.map_or(list[0].at.start, |rule| page[rule].at.start);
        if main[..ruled.unwrap_or(main.len())].iter().any(|line| !is_token(line, pages)) {
            parted.feet.push(first..last.at.end);
        }
    }
    parted
}

/// True for a line that is but page tokens.
fn is_token(line: &Line, pages: &[Hole]) -> bool {
    let inner = pages.partition_point(|page| page.at.end <= line.at.start);
    pages.get(inner).is_some_and(|page| page.at.start <= line.at.start && page.at.end >= line.at.end)
}

/// The lines of each page: one begins where a page token stands before all text of a line.
fn page_lines<'l>(lines: &'l [Line], pages: &[Hole]) -> Vec<&'l [Line]> {
    let mut found = Vec::new();
    let (mut from, mut end) = (0, 0);
    for (at, line) in lines.iter().enumerate() {
        let token = pages.partition_point(|page| page.at.start < end);
        if pages.get(token).is_some_and(|page| page.at.start <= line.at.start) && at > from {
            found.push(&lines[from..at]);
            from = at;
        }
        end = line.at.end;
    }
    found.push(&lines[from..]);
    found
}

/// True for a line that is drawn: it parts the notes from the text.
fn is_rule(line: &str) -> bool {
    line.chars().count() >= 3 && ['_', '-', '—', '–', '='].iter().any(|&drawn| line.chars().all(|c| c == drawn))
}

/// The label with which a line of the list begins a note, and where the note's text begins.
fn label(text: &str, line: &Line, dialect: &Dialect) -> Option<(CompactString, usize)> {
    if dialect.labels.is_empty() {
        return canonical_label(text, line);
    }
    let body = &text[line.at.clone()];
    let (said, length) = dialect.labels.iter().find_map(|style| dialect::label(style, body))?;
    Some((said, line.at.start + behind(body, length)?))
}

/// Where a note's text begins behind a label; none if the label is the beginning of a word.
fn behind(body: &str, length: usize) -> Option<usize> {
    let rest = &body[length..];
    Some(length + rest.len() - rest.trim_start().len())
}

/// Below a rule any number or symbol begins a note: `1 See …`, `1) See …`, `* See …`.
fn below_rule(text: &str, line: &Line) -> Option<(CompactString, usize)> {
    let body = &text[line.at.clone()];
    let styles = [("[", "]"), ("(", ")"), ("^", ""), ("", "."), ("", ")"), ("", " ")];
    let styled = styles.iter().find_map(|(before, after)| dialect::label(&dialect::around(before, after), body));
    let symbol = || {
        dialect::label(&dialect::around("", ""), body)
            .filter(|(said, _)| !said.starts_with(|c: char| c.is_ascii_digit()))
    };
    let raised = || dialect::label(&super::profile::Pattern::Raised, body);
    let (said, length) = styled.or_else(raised).or_else(symbol)?;
    Some((said, line.at.start + behind(body, length)?))
}

/// The label of a note in the usual list: a number, symbol or letter with a stop, one to three spaces in.
pub(super) fn canonical_label(text: &str, line: &Line) -> Option<(CompactString, usize)> {
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

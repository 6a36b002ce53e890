//! What stands in the text and is no text: page tokens such as `[Page 612]`, which mark the page that begins there,
//! and whatever a reader of the text passes over: line ends within a paragraph, hyphens at them, notes at a page's foot.

use std::ops::Range;

use compact_str::CompactString;

use super::dialect::Dialect;
use super::profile::Pattern;

/// A stretch of the source that is not read as text.
#[derive(Clone, Debug)]
pub(super) struct Hole {
    /// Its bytes, brackets of a page token included.
    pub at: Range<usize>,
    /// What it is.
    pub what: What,
}

/// What a hole is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A page token, with the page's number as printed; none where it says none.
    Page(Option<CompactString>),
    /// A line's end within a paragraph: a space.
    Space,
    /// Nothing at all: what parts a word at a line's end, or notes between the parts of a paragraph.
    Nothing,
}

impl Hole {
    /// True for a page token.
    pub(super) fn is_page(&self) -> bool {
        matches!(self.what, What::Page(_))
    }
}

/// All page tokens in a stretch of the text, in order.
pub(super) fn pages(text: &str, within: Range<usize>, dialect: &Dialect) -> Vec<Hole> {
    let mut found = Vec::new();
    for pattern in &dialect.pages {
        tokens(text, within.clone(), pattern, is_page_number, &mut found);
    }
    let pages = found.into_iter().map(|(at, label)| Hole { at, what: What::Page(Some(label)) });
    let mut pages: Vec<Hole> = pages.collect();
    let part = &text.as_bytes()[within.clone()];
    for at in memchr::memchr_iter(0x0c, part) {
        pages.push(form_feed(text, within.start + at, within.end));
    }
    pages.sort_by_key(|page| (page.at.start, page.at.end));
    pages.dedup_by(|b, a| b.at.start < a.at.end);
    pages
}

/// A form feed, with the number of the page if that stands alone on the next line.
fn form_feed(text: &str, at: usize, end: usize) -> Hole {
    let rest = &text[at + 1..end];
    let body = rest.trim_start();
    let line = body.lines().next().unwrap_or_default();
    let number = line.trim().trim_matches(['-', '–', '—', ' ', '[', ']']);
    let alone = !number.is_empty() && number.len() <= 5 && number.bytes().all(|byte| byte.is_ascii_digit());
    if alone {
        let stop = at + 1 + (rest.len() - body.len()) + line.trim_end().len();
        return Hole { at: at..stop, what: What::Page(Some(CompactString::from(number))) };
    }
    Hole { at: at..at + 1, what: What::Page(None) }
}

/// All places in a stretch of the text where a number is written as a pattern says.
pub(super) fn tokens(
    text: &str,
    within: Range<usize>,
    pattern: &Pattern,
    is_number: impl Fn(&str) -> bool,
    found: &mut Vec<(Range<usize>, CompactString)>,
) {
    let Pattern::Around(before, after) = pattern else { return };
    let part = &text.as_bytes()[within.clone()];
    for at in memchr::memmem::find_iter(part, before.as_bytes()) {
        let start = within.start + at;
        let label_start = start + before.len();
        let Some(rest) = text.get(label_start..within.end) else { continue };
        if let Some((length, behind)) = number_before(rest, after).filter(|(length, _)| is_number(&rest[..*length])) {
            let label = CompactString::from(&rest[..length]);
            found.push((start..label_start + length + behind, label));
        }
    }
}

/// How long the number is before what closes it, and how long that is. A number may stand in brackets of its own.
fn number_before(rest: &str, after: &str) -> Option<(usize, usize)> {
    if after.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        return (digits > 0).then_some((digits, 0));
    }
    let mut limit = rest.len().min(16);
    while !rest.is_char_boundary(limit) {
        limit -= 1;
    }
    let from = usize::from(rest.starts_with('['));
    let mut end = from + rest[from..limit].find(after)?;
    if from == 1 && after == "]" {
        end = rest[end + 1..].starts_with(']').then_some(end + 1)?;
    }
    Some((end, after.len()))
}

/// Digits, Roman numerals, a letter; perhaps in brackets of their own (`[30]`).
fn is_page_number(number: &str) -> bool {
    let bare = number.strip_prefix('[').and_then(|number| number.strip_suffix(']')).unwrap_or(number);
    !bare.is_empty()
        && bare.len() <= 12
        && bare.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '.'))
        && bare.chars().any(|c| c.is_ascii_digit() || matches!(c.to_ascii_lowercase(), 'i' | 'v' | 'x' | 'l' | 'c'))
}

/// A line without its page tokens and the white space around what is left.
pub(super) fn without_pages(line: &str, dialect: &Dialect) -> String {
    let mut said = String::with_capacity(line.len());
    let mut from = 0;
    for page in pages(line, 0..line.len(), dialect) {
        said.push_str(&line[from..page.at.start]);
        from = page.at.end;
    }
    said.push_str(&line[from..]);
    said.trim().to_owned()
}

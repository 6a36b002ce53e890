//! Page tokens: `[Page 612]` marks the page that begins there.

use std::ops::Range;

use compact_str::CompactString;

/// A page token in the source.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The token's bytes, brackets included.
    pub at: Range<usize>,
    /// The page's number as printed.
    pub label: CompactString,
}

/// All page tokens in a stretch of the text, in order.
pub(super) fn pages(text: &str, within: Range<usize>) -> Vec<Page> {
    let mut found = Vec::new();
    let part = &text.as_bytes()[within.clone()];
    for at in memchr::memmem::find_iter(part, b"[Page ") {
        let start = within.start + at;
        let label_start = start + "[Page ".len();
        if let Some(end) = label_end(&text[label_start..within.end]) {
            let label = &text[label_start..label_start + end];
            found.push(Page { at: start..label_start + end + 1, label: CompactString::from(label) });
        }
    }
    found
}

/// Where a page's number ends: digits, Roman numerals, a letter; perhaps in brackets of its own (`[30]`).
fn label_end(rest: &str) -> Option<usize> {
    let open = usize::from(rest.starts_with('['));
    let end = open + rest[open..].find(']')?;
    let number = &rest[open..end];
    let plausible = !number.is_empty()
        && number.len() <= 12
        && number.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '–' | '.'));
    if !plausible {
        return None;
    }
    if open == 1 { rest[end + 1..].starts_with(']').then_some(end + 1) } else { Some(end) }
}

/// A line without its page tokens and the white space around what is left.
pub(super) fn without_pages(line: &str) -> String {
    let mut said = String::with_capacity(line.len());
    let mut from = 0;
    for page in pages(line, 0..line.len()) {
        said.push_str(&line[from..page.at.start]);
        from = page.at.end;
    }
    said.push_str(&line[from..]);
    said.trim().to_owned()
}

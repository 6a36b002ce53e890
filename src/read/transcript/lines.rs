//! The source as lines and as chunks of lines: what stands between two blank lines.

use std::ops::Range;

/// A line that is not blank.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Its bytes, without indent, trailing white space and line end.
    pub at: Range<usize>,
    /// How many spaces stand before it. Tabs are not counted: they are the borders of empty cells.
    pub indent: usize,
    /// True if a blank line, or nothing, stands before it.
    pub gap: bool,
}

/// All lines that are not blank, in order.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let (mut start, mut gap) = (0, true);
    let bytes = text.as_bytes();
    for end in memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())) {
        let line = &text[start..end];
        let body = line.trim_end();
        if body.is_empty() {
            gap = true;
        } else {
            let inner = body.trim_start_matches(is_margin);
            let indent = body.len() - inner.len();
            found.push(Line { at: start + indent..start + body.len(), indent, gap });
            gap = false;
        }
        start = end + 1;
    }
    found
}

fn is_margin(c: char) -> bool {
    c != '\t' && c.is_whitespace()
}

/// Groups lines into chunks: a gap begins a new one.
pub(super) fn chunks(lines: &[Line]) -> impl Iterator<Item = &[Line]> {
    lines.chunk_by(|_, next| !next.gap)
}

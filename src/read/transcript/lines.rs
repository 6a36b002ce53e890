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

const FORM_FEED: char = '\u{c}';

/// All lines that are not blank, in order.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let (mut start, mut gap) = (0, true);
    let bytes = text.as_bytes();
    for end in memchr::memchr_iter(b'\n', bytes).chain(std::iter::once(bytes.len())) {
        gap |= start == end;
        // A form feed is a line of its own: it is a page token, and no white space.
        for piece in text[start..end].split_inclusive(FORM_FEED) {
            let feeds = piece.ends_with(FORM_FEED);
            let line = piece.trim_end_matches(FORM_FEED);
            let body = line.trim_end();
            if !body.is_empty() {
                let inner = body.trim_start_matches(is_margin);
                let indent = body.len() - inner.len();
                found.push(Line { at: start + indent..start + body.len(), indent, gap });
            }
            gap = body.is_empty();
            start += piece.len();
            if feeds {
                found.push(Line { at: start - 1..start, indent: 0, gap: true });
                gap = true;
            }
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

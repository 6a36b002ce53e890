//! Marks that pandoc's syntax adds to CommonMark, found in raw text.

use std::borrow::Cow;

/// Makes each line that is a fence a thematic break of the same length: a block of its own wherever it stands.
pub(super) fn rule_fences(source: &str) -> Cow<'_, str> {
    if memchr::memmem::find(source.as_bytes(), b":::").is_none() {
        return Cow::Borrowed(source);
    }
    let mut ruled = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '>']);
        let text = content.trim_end_matches(['\r', '\n']);
        if text.starts_with(":::") {
            ruled.push_str(&line[..line.len() - content.len()]);
            ruled.push_str("***");
            ruled.extend(std::iter::repeat_n(' ', text.len() - 3));
            ruled.push_str(&content[text.len()..]);
        } else {
            ruled.push_str(line);
        }
    }
    Cow::Owned(ruled)
}

/// Whether a character may be the markup of a span, of attributes, or of raised or lowered text.
pub(super) fn is_bracket(byte: &u8) -> bool {
    matches!(byte, b'[' | b']' | b'{' | b'^' | b'~')
}

/// Whether there is any of these characters. Most texts have none, and to see that takes no look at each byte.
pub(super) fn has_bracket(bytes: &[u8]) -> bool {
    memchr::memchr3(b'[', b']', b'{', bytes).is_some() || memchr::memchr2(b'^', b'~', bytes).is_some()
}

/// The length of `^2^` or `~2~`, in which letters and digits stand; the parser has them, but not within words.
pub(super) fn raised(text: &str, mark: char) -> Option<usize> {
    let inner = text.strip_prefix(mark)?;
    let rest = inner.trim_start_matches(char::is_alphanumeric);
    let after = rest.strip_prefix(mark)?;
    (rest.len() < inner.len() && !after.starts_with(mark)).then(|| text.len() - after.len())
}

//! A style sheet of the user: taken if no reading system or checker stumbles over it.

use crate::failure::Failure;

/// A style sheet, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet(String);

impl Sheet {
    /// A sheet of this text, which came from a file of this name.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] with the line, where it is not closed, asks for other files, or sets what EPUB
    /// leaves to the content (EPUB 3.3 §3.4, §6.3: no `direction`, no `unicode-bidi`).
    pub fn new(path: &str, text: &str) -> Result<Self, Failure> {
        match fault(text) {
            None => Ok(Self(text.to_owned())),
            Some((at, why)) => {
                let line = text[..at].matches('\n').count() + 1;
                Err(Failure::Unsupported { message: format!("{path}, line {line}: {why}") })
            }
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

/// The first place at which a sheet can't be taken, and why.
fn fault(text: &str) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let (mut at, mut open, mut word) = (0, Vec::new(), 0..0);
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            b'/' if bytes.get(at + 1) == Some(&b'*') => match text[at + 2..].find("*/") {
                Some(length) => at += length + 4,
                None => return Some((start, "a comment is not closed".to_owned())),
            },
            quote @ (b'"' | b'\'') => match string(bytes, at + 1, quote) {
                Some(end) => at = end,
                None => return Some((start, "a string is not closed".to_owned())),
            },
            byte @ (b'{' | b'(' | b'[') => {
                if byte == b'(' && word.end == at && text[word.clone()].eq_ignore_ascii_case("url") {
                    let target = text[at + 1..].trim_start().trim_start_matches(['"', '\'']);
                    if !target.starts_with("data:") && !target.starts_with('#') {
                        return Some((start, "it asks for another file, which would not be in the book".to_owned()));
                    }
                    match text[at..].find(')') {
                        Some(length) => at += length + 1,
                        None => return Some((start, "`url(` is not closed".to_owned())),
                    }
                    continue;
                }
                open.push((byte, start));
                at += 1;
            }
            byte @ (b'}' | b')' | b']') => {
                let fits = matches!(
                    (open.pop(), byte),
                    (Some((b'{', _)), b'}') | (Some((b'(', _)), b')') | (Some((b'[', _)), b']')
                );
                if !fits {
                    return Some((start, format!("`{}` closes nothing", char::from(byte))));
                }
                at += 1;
            }
            byte if byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_' | b'@') => {
                while bytes.get(at).is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'@')) {
                    at += 1;
                }
                word = start..at;
                let name = text[word.clone()].to_ascii_lowercase();
                let declared = matches!(open.last(), Some((b'{', _))) && text[at..].trim_start().starts_with(':');
                match name.as_str() {
                    "@import" | "@charset" => {
                        return Some((start, format!("`{name}` has no place in the sheet of a book")));
                    }
                    "direction" | "unicode-bidi" if declared => {
                        return Some((
                            start,
                            format!("EPUB forbids `{name}`: the text says in which direction it runs"),
                        ));
                    }
                    _ => {}
                }
            }
            _ => at += text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    open.pop().map(|(byte, start)| (start, format!("`{}` is not closed", char::from(byte))))
}

/// Where a string ends that began before `at`.
fn string(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'\n' => return None,
            _ if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_taken_only_if_nothing_stumbles_over_it() {
        let good = "/* } */ p::before { content: \"}\"; } @media (min-width: 3em) { a[href] { color: red } } q { background: url(data:x) }";
        assert!(Sheet::new("own.css", good).is_ok());
        for (bad, told) in [
            ("p {\n  color: red", "line 1: `{` is not closed"),
            ("p { }\n}", "line 2: `}` closes nothing"),
            ("p { content: \"x }", "string"),
            ("/* p", "comment"),
            ("@import \"a.css\";", "@import"),
            ("p { background: url(a.png) }", "another file"),
            ("p { direction: rtl }", "direction"),
        ] {
            let refused = Sheet::new("own.css", bad).expect_err(bad).to_string();
            assert!(refused.contains(told), "{bad}: {refused}");
        }
    }
}

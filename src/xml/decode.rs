//! Bytes of an XML file in, its text out: a byte order mark rules, then what the XML declaration states, then
//! UTF-8 (XML 1.0, appendix F).

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::failure::Failure;

/// Decodes an XML file. The text has no byte order mark; its declaration stays as it is.
///
/// `ISO-8859-1` and `US-ASCII` are read as windows-1252, of which they are subsets but for control characters.
///
/// # Errors
/// [`Failure::Encoding`] if the encoding is unknown, or the bytes are not in it.
pub fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, Failure> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None => (stated(bytes)?, 0),
    };
    let bytes = &bytes[mark..];
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(fault) => Err(malformed(encoding, Some(&bytes[..fault.valid_up_to()]))),
        };
    }
    match encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text),
        None => Err(malformed(encoding, None)),
    }
}

/// `sound` is all that stands before the first fault, where that is known.
fn malformed(encoding: &'static Encoding, sound: Option<&[u8]>) -> Failure {
    let at = sound.map(|sound| {
        let line = memchr::memchr_iter(b'\n', sound).count() + 1;
        let start = memchr::memrchr(b'\n', sound).map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&sound[start..]).chars().count() + 1;
        format!(" at line {line}, column {column} (byte {})", sound.len())
    });
    let at = at.unwrap_or_default();
    Failure::Encoding { message: format!("the file is not in {}{at}", encoding.name()) }
}

/// The encoding of a file without byte order mark.
fn stated(bytes: &[u8]) -> Result<&'static Encoding, Failure> {
    match bytes {
        [0, b'<', 0, ..] => return Ok(UTF_16BE),
        [b'<', 0, second, 0, ..] if *second != 0 => return Ok(UTF_16LE),
        _ => {}
    }
    let Some(label) = label(bytes) else { return Ok(UTF_8) };
    match Encoding::for_label(label) {
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => Err(Failure::Encoding {
            message: format!("the XML declaration states {}, but the file is not in it", encoding.name()),
        }),
        Some(encoding) => Ok(encoding),
        None => Err(Failure::Encoding {
            message: format!("the XML declaration states an unknown encoding `{}`", String::from_utf8_lossy(label)),
        }),
    }
}

/// What the XML declaration says after `encoding=`.
fn label(bytes: &[u8]) -> Option<&[u8]> {
    let head = bytes.strip_prefix(b"<?xml")?;
    let head = &head[..memchr::memchr(b'>', &head[..head.len().min(256)])?];
    let after = memchr::memmem::find(head, b"encoding")? + b"encoding".len();
    let rest = head[after..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let (&quote, rest) = rest.split_first()?;
    (quote == b'"' || quote == b'\'').then_some(&rest[..memchr::memchr(quote, rest)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).map_or_else(|failure| failure.to_string(), Cow::into_owned)
    }

    #[test]
    fn mark_then_declaration_then_utf_8() {
        assert_eq!(text(b"\xEF\xBB\xBF<a/>"), "<a/>");
        assert_eq!(text(b"\xFF\xFE<\0a\0/\0>\0"), "<a/>");
        assert_eq!(text(b"\0<\0a\0/\0>"), "<a/>");
        assert!(text(b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>").ends_with("<a>é</a>"));
        assert_eq!(text(b"<a>\xE9</a>"), "not readable as text: the file is not in UTF-8 at line 1, column 4 (byte 3)");
        assert!(text(b"<?xml version='1.0' encoding='EBCDIC-X'?><a/>").contains("`EBCDIC-X`"));
    }
}

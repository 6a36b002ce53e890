//! Addresses within an EPUB: relative to the file that names them, percent signs resolved (EPUB 3.3, Open
//! Container Format, section 4.2.5; URL Standard).

use std::borrow::Cow;

use compact_str::CompactString;
use unicode_normalization::UnicodeNormalization;

/// A path with its characters composed, as archives and files that speak of them may differ in that.
pub(super) fn composed(path: &str) -> Cow<'_, str> {
    if path.is_ascii() { Cow::Borrowed(path) } else { Cow::Owned(path.nfc().collect()) }
}

/// Where an address leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A path in the archive, and the fragment if there is one.
    Within(CompactString, Option<CompactString>),
    /// A place on the web, with its scheme in lower case.
    Remote(String),
    /// A `data:` URL.
    Data,
    /// A `file:` URL.
    File,
    /// Another scheme.
    Other(String),
}

/// What is wrong with the form of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It can't be a URL; the reason.
    Form(&'static str),
    /// It leads out of the archive, or begins at its root.
    Leaks,
    /// A relative address with a query.
    Query,
}

/// An address, resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) target: Target,
    pub(super) fault: Option<Fault>,
}

/// The scheme of an address, in lower case.
pub(super) fn scheme(address: &str) -> Option<String> {
    let (scheme, _) = address.split_once(':')?;
    let mut letters = scheme.chars();
    let first = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic());
    let valid = first && letters.all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    valid.then(|| scheme.to_ascii_lowercase())
}

/// What `address` means in the file `base`, or in a file whose base is the web address `remote`.
pub(super) fn resolve(base: &str, remote: Option<&str>, address: &str) -> Address {
    let address = address.trim_matches([' ', '\t', '\n', '\r']);
    if let Some(scheme) = scheme(address) {
        let rest = &address[scheme.len() + 1..];
        return match scheme.as_str() {
            "data" => Address { target: Target::Data, fault: None },
            "file" => Address { target: Target::File, fault: None },
            "http" | "https" | "ftp" | "ws" | "wss" => {
                Address { target: Target::Remote(scheme), fault: web(rest).map(Fault::Form) }
            }
            _ => Address { target: Target::Other(scheme), fault: None },
        };
    }
    if let Some(remote) = remote {
        return Address { target: Target::Remote(scheme(remote).unwrap_or_default()), fault: None };
    }
    if let Some(host) = address.strip_prefix("//") {
        let fault = web(&format!("//{host}")).map_or(Fault::Leaks, Fault::Form);
        return Address { target: Target::Remote("https".to_owned()), fault: Some(fault) };
    }
    within(base, address)
}

fn within(base: &str, address: &str) -> Address {
    let (path, fragment) = match address.split_once('#') {
        Some((path, fragment)) => (path, Some(unescape(fragment).into())),
        None => (address, None),
    };
    let (path, query) = path.split_once('?').map_or((path, false), |(path, _)| (path, true));
    let mut fault = illegal(path).map(Fault::Form).or_else(|| query.then_some(Fault::Query));
    if path.is_empty() {
        return Address { target: Target::Within(base.into(), fragment), fault };
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<Cow<'_, str>> = Vec::new();
    if path.starts_with('/') {
        fault = fault.or(Some(Fault::Leaks));
    } else {
        parts.extend(folder.split('/').filter(|part| !part.is_empty()).map(Cow::Borrowed));
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    fault = fault.or(Some(Fault::Leaks));
                }
            }
            other => parts.push(unescape(other)),
        }
    }
    Address { target: Target::Within(composed(&parts.join("/")).into(), fragment), fault }
}

/// What is wrong with the part of a web address behind its scheme.
fn web(rest: &str) -> Option<&'static str> {
    let Some(rest) = rest.strip_prefix("//") else { return Some("two slashes are missing behind the scheme") };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    if host.is_empty() || host.starts_with(':') {
        return Some("the host is missing");
    }
    if host.starts_with('[') {
        return (!host.contains(']')).then_some("a bracket is not closed");
    }
    let (name, port) = host.split_once(':').unwrap_or((host, ""));
    if !port.chars().all(|digit| digit.is_ascii_digit()) {
        return Some("the port is no number");
    }
    if name.chars().any(|letter| " <>[]^|%\\`{}\"".contains(letter) || letter.is_ascii_control()) {
        return Some("a character may not stand in the host");
    }
    illegal(path)
}

/// A character that may not stand in a URL, in words.
fn illegal(path: &str) -> Option<&'static str> {
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    for (at, letter) in path.char_indices() {
        match letter {
            ' ' => return Some("a space must be written `%20`"),
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' => return Some("a character must be percent-encoded"),
            '%' if !hexadecimal(path, at) => return Some("a percent sign is not followed by two hexadecimal digits"),
            _ if letter.is_control() => return Some("a control character may not stand in a URL"),
            _ => {}
        }
    }
    None
}

fn hexadecimal(text: &str, at: usize) -> bool {
    text.as_bytes().get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
}

/// Percent escapes resolved; what is no escape stays.
pub(super) fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%' && hexadecimal(text, at)).then(|| &text[at + 1..at + 3]);
        match escaped.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    Cow::Owned(String::from_utf8_lossy(&out).into_owned())
}

/// The media type that a `data:` URL states.
pub(super) fn data_type(address: &str) -> &str {
    let rest = address.trim_start().get(5..).unwrap_or("");
    let end = rest.find([';', ',']).unwrap_or(rest.len());
    if end == 0 { "text/plain" } else { rest[..end].trim() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_their_file() {
        let within = |path: &str, fragment: Option<&str>| Target::Within(path.into(), fragment.map(Into::into));
        assert_eq!(resolve("EPUB/a/b.xhtml", None, "../c%20d.xhtml#x").target, within("EPUB/c d.xhtml", Some("x")));
        assert_eq!(resolve("EPUB/a.xhtml", None, "#y").target, within("EPUB/a.xhtml", Some("y")));
        assert_eq!(resolve("a.xhtml", None, "../b").fault, Some(Fault::Leaks));
        assert_eq!(resolve("a.xhtml", None, "https://x.test/b#c").target, Target::Remote("https".into()));
        assert!(matches!(resolve("a.xhtml", None, "https://").fault, Some(Fault::Form(_))));
        assert!(matches!(resolve("a.xhtml", None, "b c").fault, Some(Fault::Form(_))));
        assert_eq!(data_type("data:image/png;base64,AA"), "image/png");
    }
}

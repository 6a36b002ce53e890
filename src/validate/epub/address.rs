//! Addresses within an EPUB: relative to the file that names them, percent signs resolved (EPUB 3.3, Open
//! Container Format, section 4.2.5).

/// A file of the archive and a fragment of it; `None` for an address that leads out of the EPUB.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Address {
    /// A path in the archive, and the fragment if there is one.
    Within(String, Option<String>),
    /// Another place on the web, or something that is no place.
    Outside,
    /// A path above the archive's root.
    Above,
}

/// What `href` means in the file `base`.
pub(super) fn resolve(base: &str, href: &str) -> Address {
    let (path, fragment) = match href.split_once('#') {
        Some((path, fragment)) => (path, Some(unescape(fragment))),
        None => (href, None),
    };
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    if path.is_empty() {
        return Address::Within(base.to_owned(), fragment);
    }
    if path.starts_with('/') || path.split('/').next().is_some_and(|first| first.contains(':')) {
        return Address::Outside;
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts = folder.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Address::Above;
                }
            }
            other => parts.push(unescape(other)),
        }
    }
    Address::Within(parts.join("/"), fragment)
}

/// Percent escapes resolved; what is no escape stays.
fn unescape(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
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
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_relative_to_their_file() {
        let within = |path: &str, fragment: Option<&str>| Address::Within(path.into(), fragment.map(Into::into));
        assert_eq!(resolve("EPUB/a/b.xhtml", "../c%20d.xhtml#x"), within("EPUB/c d.xhtml", Some("x")));
        assert_eq!(resolve("EPUB/a.xhtml", "#y"), within("EPUB/a.xhtml", Some("y")));
        assert_eq!(resolve("a.xhtml", "../b"), Address::Above);
        assert_eq!(resolve("a.xhtml", "https://x.test/b#c"), Address::Outside);
    }
}

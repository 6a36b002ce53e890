//! The container of an EPUB: a zip archive whose entries are read one by one, each within bounds (OCF 3.3 §4).

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{Cursor, Read};

use crate::failure::Failure;

/// How much an archive may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one entry, unpacked.
    pub entry: u64,
    /// Bytes of all entries that are read, unpacked.
    pub total: u64,
    /// How many entries there may be.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { entry: 256 << 20, total: 1 << 30, entries: 100_000 }
    }
}

/// An archive in memory.
pub struct Archive<'b> {
    zip: RefCell<zip::ZipArchive<Cursor<&'b [u8]>>>,
    /// The paths of all files, without a slash at the beginning, and where they are in the archive.
    paths: Vec<String>,
    by_path: HashMap<String, usize>,
    by_small_path: HashMap<String, usize>,
    limits: Limits,
    left: Cell<u64>,
}

/// Why an entry could not be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is none of this name.
    Absent,
    /// It is encrypted.
    Encrypted,
    /// It is damaged, or packed in a way that is not supported; what was found.
    Damaged(String),
}

fn refused(message: impl std::fmt::Display) -> Failure {
    Failure::Archive { message: message.to_string() }
}

impl<'b> Archive<'b> {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`Failure::Archive`] if the bytes are no zip archive, [`Failure::Limit`] if it has too many entries.
    pub fn open(bytes: &'b [u8], limits: Limits) -> Result<Self, Failure> {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|cause| refused(format!("this is no zip archive that can be read: {cause}")))?;
        if zip.len() > limits.entries {
            let message = format!("the archive has {} entries, more than {}", zip.len(), limits.entries);
            return Err(Failure::Limit { message, span: Default::default() });
        }
        let (mut paths, mut by_path, mut by_small_path) = (Vec::new(), HashMap::new(), HashMap::new());
        for at in 0..zip.len() {
            let name = zip.by_index_raw(at).ok().and_then(|entry| entry.name().ok().map(|name| name.into_owned()));
            let name = name.unwrap_or_default().replace('\\', "/");
            let path = name.trim_start_matches('/').to_owned();
            if !path.is_empty() && !path.ends_with('/') {
                by_path.entry(path.clone()).or_insert(at);
                by_small_path.entry(folded(&path)).or_insert(at);
            }
            paths.push(path);
        }
        Ok(Self { zip: RefCell::new(zip), paths, by_path, by_small_path, limits, left: Cell::new(limits.total) })
    }

    /// The paths of all files in the order of the archive.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str).filter(|path| !path.is_empty() && !path.ends_with('/'))
    }

    /// The path under which a file is there: as it is named, or with other capitals, or letters composed otherwise.
    pub fn find(&self, path: &str) -> Option<&str> {
        let at = self.by_path.get(path).or_else(|| self.by_small_path.get(&folded(path)))?;
        self.paths.get(*at).map(String::as_str)
    }

    /// The bytes of a file; `Err` inside if this one can't be had.
    ///
    /// # Errors
    /// [`Failure::Limit`] if it, or all files together, would unpack to more than is allowed.
    pub fn bytes(&self, path: &str) -> Result<Result<Vec<u8>, Missing>, Failure> {
        let Some(&at) = self.by_path.get(path) else { return Ok(Err(Missing::Absent)) };
        let mut zip = self.zip.borrow_mut();
        if zip.by_index_raw(at).is_ok_and(|entry| entry.encrypted()) {
            return Ok(Err(Missing::Encrypted));
        }
        let entry = match zip.by_index(at) {
            Ok(entry) => entry,
            Err(cause) => return Ok(Err(Missing::Damaged(cause.to_string()))),
        };
        let most = self.limits.entry.min(self.left.get());
        let mut bytes = Vec::with_capacity(usize::try_from(entry.size().min(most).min(1 << 20)).unwrap_or_default());
        if let Err(cause) = entry.take(most + 1).read_to_end(&mut bytes) {
            return Ok(Err(Missing::Damaged(cause.to_string())));
        }
        let length = bytes.len() as u64;
        if length > most {
            let message = format!("`{path}` unpacks to more than the {most} bytes that are allowed");
            return Err(Failure::Limit { message, span: Default::default() });
        }
        self.left.set(self.left.get() - length);
        Ok(Ok(bytes))
    }
}

/// Names that stand more than once in the archive's directory, which keeps the last of them.
pub(crate) fn repeated(bytes: &[u8]) -> Vec<String> {
    let number = |at: usize| bytes.get(at..at + 2).map(|pair| usize::from(u16::from_le_bytes([pair[0], pair[1]])));
    let long =
        |at: usize| bytes.get(at..at + 4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]) as usize);
    let mut names = HashMap::<&[u8], usize>::new();
    let tail = bytes.len().saturating_sub(66_000);
    let read = || {
        let end = tail + memchr::memmem::rfind(&bytes[tail..], b"PK\x05\x06")?;
        let mut at = long(end + 16)?;
        for _ in 0..number(end + 10)? {
            if bytes.get(at..at + 4)? != b"PK\x01\x02" {
                return None;
            }
            let (name, extra, comment) = (number(at + 28)?, number(at + 30)?, number(at + 32)?);
            *names.entry(bytes.get(at + 46..at + 46 + name)?).or_default() += 1;
            at += 46 + name + extra + comment;
        }
        Some(())
    };
    let mut read = read;
    // Of a directory of another form (ZIP64, bytes before the archive) names are not counted.
    let _ = read();
    let mut again = names.into_iter().filter(|(_, count)| *count > 1).collect::<Vec<_>>();
    again.sort_unstable();
    again.into_iter().map(|(name, _)| String::from_utf8_lossy(name).into_owned()).collect()
}

/// A path as file systems compare it that know neither capitals nor how a letter is composed (OCF 3.3 §4.2.2).
fn folded(path: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    path.nfc().collect::<String>().to_lowercase()
}

/// Where a reference leads from a file of the archive: the path of a file, and the fragment. `None` if it leads
/// elsewhere: another scheme, or above the archive.
pub fn resolve<'r>(from: &str, reference: &'r str) -> Option<(String, Option<&'r str>)> {
    let reference = reference.trim();
    let (path, fragment) = match reference.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (reference, None),
    };
    let path = path.split('?').next().unwrap_or_default();
    if path.is_empty() {
        return Some((from.to_owned(), fragment));
    }
    if path.starts_with("//") || has_scheme(path) {
        return None;
    }
    let decoded = decoded(path).replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    if !decoded.starts_with('/') {
        parts.extend(from.split('/'));
        parts.pop();
    }
    for part in decoded.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    Some((parts.join("/"), fragment))
}

fn has_scheme(path: &str) -> bool {
    path.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1
            && scheme.starts_with(|it: char| it.is_ascii_alphabetic())
            && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it))
    })
}

/// Percent-encoding undone (RFC 3986 §2.1); what is not UTF-8 then stays as it was.
pub fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = |at: usize| after.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_stay_within_the_archive() {
        let to = |reference| resolve("OPS/text/a.xhtml", reference);
        assert_eq!(to("b.xhtml#n1"), Some(("OPS/text/b.xhtml".into(), Some("n1"))));
        assert_eq!(to("../img/a%20b.png"), Some(("OPS/img/a b.png".into(), None)));
        assert_eq!(to("#x"), Some(("OPS/text/a.xhtml".into(), Some("x"))));
        assert_eq!(to("/root.xhtml"), Some(("root.xhtml".into(), None)));
        assert_eq!(to("../../../etc/passwd"), None);
        assert_eq!(to("https://vale.example/"), None);
        assert_eq!(to("%zz%e9"), Some(("OPS/text/%zz%e9".into(), None)));
    }
}

//! Files that a document names: images, inclusions. In: a reference as it stands in the text. Out: the bytes of a
//! file in the document's own folder or below it; nothing else is ever opened.

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::source::Input;

/// The folder of a document.
#[derive(Clone, Debug)]
pub struct Nearby {
    folder: PathBuf,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its true path: two references to one file have the same.
    pub path: PathBuf,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// Why a file was not read.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The document lies nowhere, so nothing lies near it.
    #[error("the document lies in no folder")]
    Nowhere,
    /// A URI of another place, or a path that leads out of the document's folder.
    #[error("it lies outside the document's folder")]
    Outside,
    /// A file larger than is allowed.
    #[error("it has more than {0} bytes")]
    TooLarge(u64),
    /// There is no such file, or it can't be read.
    #[error("{0}")]
    Unreadable(io::Error),
}

impl Nearby {
    /// The folder in which an input lies; none for standard input.
    pub fn of(input: &Input<'_>) -> Option<Self> {
        let folder = input.path?.parent()?;
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        Some(Self { folder: folder.canonicalize().ok()? })
    }

    /// Reads the file that a relative reference names, seen from `base`, a folder below the document's.
    ///
    /// # Errors
    /// [`Refused`], if it is none of the document's folder, or can't be read, or has more than `limit` bytes.
    pub fn read(&self, base: &Path, reference: &str, limit: u64) -> Result<Found, Refused> {
        let relative = relative(reference).ok_or(Refused::Outside)?;
        let path = self.folder.join(base).join(relative).canonicalize().map_err(Refused::Unreadable)?;
        // Only now are all links and `..` resolved.
        if !path.starts_with(&self.folder) {
            return Err(Refused::Outside);
        }
        let file = std::fs::File::open(&path).map_err(Refused::Unreadable)?;
        if !file.metadata().map_err(Refused::Unreadable)?.is_file() {
            return Err(Refused::Unreadable(io::Error::other("it is no ordinary file")));
        }
        let mut bytes = Vec::new();
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(Refused::Unreadable)?;
        match bytes.len() as u64 > limit {
            true => Err(Refused::TooLarge(limit)),
            false => Ok(Found { path, bytes }),
        }
    }

    /// The true path of the file that a relative reference names, or where it would lie if it were there; none if it is
    /// none of the document's folder.
    pub fn place(&self, base: &Path, reference: &str) -> Option<PathBuf> {
        let relative = relative(reference)?;
        let path = self.folder.join(base).join(&relative);
        match path.canonicalize() {
            Ok(path) => path.starts_with(&self.folder).then_some(path),
            Err(_) => relative.components().all(|part| matches!(part, Component::Normal(_))).then_some(path),
        }
    }

    /// The folder of a file that was read, seen from the document's.
    pub fn folder_of(&self, found: &Path) -> PathBuf {
        let folder = found.parent().unwrap_or(found);
        folder.strip_prefix(&self.folder).unwrap_or(Path::new("")).to_path_buf()
    }
}

/// The path of a file in the document's folder that a relative reference names, percent escapes, `.` and `..` resolved,
/// with `/` between its parts: by it an image is known, however the text writes it. `None` for a reference that leads
/// elsewhere, or to what can't be the name of a file on every system.
pub fn plain(reference: &str) -> Option<String> {
    let relative = relative(reference)?;
    let mut parts: Vec<&str> = Vec::new();
    for part in relative.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str().filter(|part| !part.contains(['\\', ':']))?),
            Component::ParentDir => _ = parts.pop()?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The path that a relative URI reference names, without its fragment; `None` for any other reference.
fn relative(reference: &str) -> Option<PathBuf> {
    let reference = reference.split(['#', '?']).next()?;
    let decoded = decoded(reference)?;
    let scheme = decoded.split(['/', '\\']).next().is_some_and(|first| first.contains(':'));
    let path = PathBuf::from(&decoded);
    let ordinary = path.components().all(|part| !matches!(part, Component::RootDir | Component::Prefix(_)));
    (ordinary && !scheme && !decoded.is_empty() && !decoded.contains('\0')).then_some(path)
}

/// Percent escapes resolved (RFC 3986 §2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = match (first, after) {
            (b'%', [high, low, ..]) => (*high as char).to_digit(16).zip((*low as char).to_digit(16)),
            _ => None,
        };
        match escape {
            Some((high, low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_path_however_it_is_written() {
        let cases = [
            ("images/a%20b.png", Some("images/a b.png")),
            ("./images/../images/a b.png#x", Some("images/a b.png")),
            ("../images/a.png", None),
            ("images/%2E%2E/../a.png", None),
            ("https://vale.example/a.png", None),
            ("/a.png", None),
            ("", None),
        ];
        for (reference, path) in cases {
            assert_eq!(plain(reference).as_deref(), path, "{reference}");
        }
    }

    #[test]
    fn only_files_of_the_folder_are_read() -> io::Result<()> {
        let outer = tempfile::tempdir()?;
        let folder = outer.path().join("in");
        std::fs::create_dir_all(folder.join("images"))?;
        std::fs::write(outer.path().join("secret"), "x")?;
        std::fs::write(folder.join("images/a b.png"), "image")?;
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret", folder.join("link"))?;
        let document = folder.join("letter.xml");
        let input = Input { name: "letter.xml", bytes: b"", path: Some(&document), siblings: None };
        let Some(nearby) = Nearby::of(&input) else { return Err(io::Error::other("it has a folder")) };
        let read = |reference: &str| nearby.read(Path::new(""), reference, 5).map(|found| found.bytes);
        assert!(read("images/a%20b.png#x").is_ok_and(|bytes| bytes == b"image"));
        assert!(read("images/../images/a b.png").is_ok());
        for outside in ["../secret", "/etc/passwd", "file:///etc/passwd", "https://example.org/a.png", "", "link"] {
            assert!(read(outside).is_err(), "{outside}");
        }
        assert!(matches!(read("images"), Err(Refused::Unreadable(_))));
        assert!(matches!(nearby.read(Path::new("images"), "a b.png", 4), Err(Refused::TooLarge(4))));
        Ok(())
    }
}

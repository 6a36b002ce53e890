//! Where writers put what they write: a set of named files. A writer never learns whether they become a
//! folder, an archive, a stream, or stay in memory.

use std::io::{self, Write};

use crate::failure::Failure;

/// A set of named files that a writer fills, one after the other.
pub trait Output {
    /// The principal file of a format that has one (`Packaging::Single`).
    ///
    /// # Errors
    /// What the system says when the file can't be made.
    fn main(&mut self) -> io::Result<&mut dyn Write>;

    /// Another file, named by a relative path with `/` between its parts, unique in this output.
    ///
    /// # Errors
    /// What the system says when the file can't be made.
    fn file(&mut self, path: &str) -> io::Result<&mut dyn Write>;
}

/// An output that stays in memory. The principal file's path is empty.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: Vec<(String, Vec<u8>)>,
}

impl Memory {
    /// An empty output.
    pub fn new() -> Self {
        Self::default()
    }

    /// An output whose principal file has these bytes.
    pub fn single(bytes: Vec<u8>) -> Self {
        Self { files: vec![(String::new(), bytes)] }
    }

    /// All files in the order of writing.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// The bytes of the principal file; empty if none was written.
    pub fn main_bytes(&self) -> &[u8] {
        self.get("").unwrap_or_default()
    }

    /// The bytes of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.iter().find(|(name, _)| name == path).map(|(_, bytes)| bytes.as_slice())
    }

    /// Packs all files into a zip archive: `mimetype` first and stored, the others deflated in the order of
    /// writing, every date 1980-01-01, so that the same files give the same bytes.
    ///
    /// # Errors
    /// [`Failure::Archive`] when the zip writer refuses (a name twice).
    pub fn archive(&self) -> Result<Vec<u8>, Failure> {
        let refuse = |cause: &dyn std::fmt::Display| Failure::Archive { message: cause.to_string() };
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        let stored = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Stored)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644);
        let deflated = stored.compression_method(zip::CompressionMethod::Deflated);
        let first = self.files.iter().filter(|(path, _)| path == "mimetype");
        let rest = self.files.iter().filter(|(path, _)| path != "mimetype");
        for (path, bytes) in first.chain(rest) {
            let options = if path == "mimetype" { stored } else { deflated };
            zip.start_file(path.as_str(), options).map_err(|cause| refuse(&cause))?;
            zip.write_all(bytes).map_err(|cause| refuse(&cause))?;
        }
        Ok(zip.finish().map_err(|cause| refuse(&cause))?.into_inner())
    }
}

impl Output for Memory {
    fn main(&mut self) -> io::Result<&mut dyn Write> {
        self.file("")
    }

    fn file(&mut self, path: &str) -> io::Result<&mut dyn Write> {
        if self.get(path).is_some() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("`{path}` is written twice")));
        }
        let at = self.files.len();
        self.files.push((path.to_owned(), Vec::new()));
        Ok(&mut self.files[at].1)
    }
}

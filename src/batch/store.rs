//! How bytes reach the disk: whole or not at all, and never over something that is not ours to replace.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Puts files in their places: written to a temporary file, synced, then renamed over the target.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// The folder for temporary files, on the file system of the targets; without it they lie beside the targets.
    parts: Option<PathBuf>,
}

impl Store {
    /// A store that keeps its temporary files in a folder of their own, so that what a killed run left behind is found.
    pub fn with_parts(folder: PathBuf) -> Self {
        Self { parts: Some(folder) }
    }

    /// Writes a file whole or not at all. A file that has these bytes already is left as it is.
    ///
    /// # Errors
    /// [`Failure::File`] with what the system said; the target is then as it was before.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        self.put_or_say(path, bytes).map_err(Failure::file(path.display().to_string()))
    }

    fn put_or_say(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if path.is_file() && !differs(path, bytes) {
            return Ok(());
        }
        fs::create_dir_all(folder_of(path))?;
        if let Some(parts) = &self.parts {
            let temporary = Temporary::within(parts, bytes)?;
            match temporary.put(path) {
                // The target's folder is a link to, or the root of, another file system.
                Err(cause) if cause.kind() == io::ErrorKind::CrossesDevices => {}
                done => return done,
            }
        }
        Temporary::within(folder_of(path), bytes)?.put(path)
    }
}

/// A file that is not yet in its place; it is removed if it never gets there.
pub(super) struct Temporary(tempfile::NamedTempFile);

impl Temporary {
    /// An empty one beside a target.
    pub(super) fn beside(path: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder_of(path))?;
        Self::empty(folder_of(path))
    }

    fn within(folder: &Path, bytes: &[u8]) -> io::Result<Self> {
        let mut temporary = Self::empty(folder)?;
        temporary.0.write_all(bytes)?;
        Ok(temporary)
    }

    fn empty(folder: &Path) -> io::Result<Self> {
        tempfile::Builder::new().prefix(".apograph-").suffix(".part").tempfile_in(folder).map(Self)
    }

    pub(super) fn file(&self) -> &File {
        self.0.as_file()
    }

    /// Brings the file to its place, once it is safely on the disk.
    pub(super) fn put(self, path: &Path) -> io::Result<()> {
        set_permissions(self.0.as_file())?;
        self.0.as_file().sync_all()?;
        self.0.persist(path).map_err(|refused| refused.error)?;
        Ok(())
    }
}

/// True if the file is there and has other bytes than these.
pub fn differs(path: &Path, bytes: &[u8]) -> bool {
    match fs::metadata(path) {
        Ok(known) if known.len() != bytes.len() as u64 => true,
        Ok(_) => fs::read(path).map_or(true, |there| there != bytes),
        Err(_) => false,
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary files are private; outputs are as public as the user's other files may be.
#[cfg(unix)]
fn set_permissions(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_permissions(_file: &File) -> io::Result<()> {
    Ok(())
}

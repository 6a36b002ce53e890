//! How bytes reach the disk: whole or not at all, and never over something that is not ours to replace.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use super::disk::Disk;
use crate::failure::Failure;

/// Puts files in their places: written to a temporary file, synced, then renamed over the target.
#[derive(Clone, Debug, Default)]
pub struct Store {
    /// Where temporary files are kept until they are renamed; without it they lie beside the targets.
    parts: Option<Parts>,
}

/// The folder for temporary files, on the file system of the targets.
#[derive(Clone, Debug)]
struct Parts {
    folder: PathBuf,
    disk: Arc<Disk>,
}

/// A file that is written and waits to be brought to its place by [`Store::settle`]; it is removed if it never is.
#[derive(Debug)]
pub(super) struct Staged {
    temporary: TempPath,
    target: PathBuf,
}

impl Store {
    /// A store that keeps its temporary files in a folder of their own, so that what a killed run left behind is found.
    pub fn with_parts(folder: PathBuf) -> Self {
        let disk = Arc::new(Disk::of(&folder));
        Self { parts: Some(Parts { folder, disk }) }
    }

    /// Writes a file whole or not at all. A file that has these bytes already is left as it is.
    ///
    /// # Errors
    /// [`Failure::File`] with what the system said; the target is then as it was before.
    pub fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let staged = self.stage(path, bytes)?;
        self.settle(staged.into_iter().collect()).pop().unwrap_or(Ok(()))
    }

    /// Writes a file that is to be brought to its place together with others. Where there is no folder for such, and where
    /// the file has these bytes already, nothing is left to be done.
    ///
    /// # Errors
    /// [`Failure::File`] with what the system said.
    pub(super) fn stage(&self, path: &Path, bytes: &[u8]) -> Result<Option<Staged>, Failure> {
        self.stage_or_say(path, bytes).map_err(said_of(path))
    }

    fn stage_or_say(&self, path: &Path, bytes: &[u8]) -> io::Result<Option<Staged>> {
        if path.is_file() && !differs(path, bytes) {
            return Ok(None);
        }
        let folder = folder_of(path);
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
        }
        let Some(parts) = &self.parts else {
            Temporary::within(folder, bytes)?.put(path)?;
            return Ok(None);
        };
        let temporary = Temporary::within(&parts.folder, bytes)?.0.into_temp_path();
        Ok(Some(Staged { temporary, target: path.to_owned() }))
    }

    /// Brings files to their places, once all of them are safely on the disk, in their order. The result tells of each
    /// whether it got there; if not its target is as it was before.
    pub(super) fn settle(&self, staged: Vec<Staged>) -> Vec<Result<(), Failure>> {
        let synced = self.parts.as_ref().is_some_and(|parts| staged.len() > 1 && parts.disk.sync());
        staged.into_iter().map(|staged| staged.settle(synced)).collect()
    }
}

impl Staged {
    /// Where it belongs.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    fn settle(self, synced: bool) -> Result<(), Failure> {
        let Self { temporary, target } = self;
        let put = || {
            if !synced {
                File::open(&temporary)?.sync_all()?;
            }
            match temporary.persist(&target) {
                // The target's folder is a link to, or the root of, another file system.
                Err(refused) if refused.error.kind() == io::ErrorKind::CrossesDevices => {
                    Temporary::within(folder_of(&target), &fs::read(&refused.path)?)?.put(&target)
                }
                done => done.map_err(|refused| refused.error),
            }
        };
        put().map_err(said_of(&target))
    }
}

fn said_of(path: &Path) -> impl FnOnce(io::Error) -> Failure {
    Failure::file(path.display().to_string())
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
        let mut builder = tempfile::Builder::new();
        builder.prefix(".apograph-").suffix(".part");
        // Temporary files are private; outputs are as public as the user's other files are.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        builder.tempfile_in(folder).map(Self)
    }

    pub(super) fn file(&self) -> &File {
        self.0.as_file()
    }

    /// Brings the file to its place, once it is safely on the disk.
    pub(super) fn put(self, path: &Path) -> io::Result<()> {
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

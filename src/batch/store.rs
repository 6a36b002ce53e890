//! How bytes reach the disk: whole or not at all, and never over something that is not ours to replace.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::failure::Failure;

/// Writes a file whole or not at all: a temporary file in the target's folder, synced, then renamed over the
/// target. A file that has these bytes already is left as it is.
///
/// # Errors
/// [`Failure::File`] with what the system said; the target is then as it was before.
pub fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put_or_say(path, bytes).map_err(Failure::file(path.display().to_string()))
}

/// True if the file is there and has other bytes than these.
pub fn differs(path: &Path, bytes: &[u8]) -> bool {
    match fs::metadata(path) {
        Ok(known) if known.len() != bytes.len() as u64 => true,
        Ok(_) => fs::read(path).map_or(true, |there| there != bytes),
        Err(_) => false,
    }
}

fn put_or_say(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if path.is_file() && !differs(path, bytes) {
        return Ok(());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new().prefix(".apograph-").suffix(".part").tempfile_in(folder)?;
    file.write_all(bytes)?;
    set_permissions(file.as_file())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|refused| refused.error)?;
    Ok(())
}

/// Temporary files are private; outputs are as public as the user's other files may be.
#[cfg(unix)]
fn set_permissions(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn set_permissions(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

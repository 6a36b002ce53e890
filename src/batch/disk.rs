//! Bringing many files to the disk at once, where the system can do so and tells when it failed.

use std::fs::File;
use std::path::Path;

/// A file system that can be asked to bring all that was written to the disk.
#[derive(Debug)]
pub(super) struct Disk(Option<File>);

impl Disk {
    /// That of a folder.
    pub(super) fn of(folder: &Path) -> Self {
        Self(File::open(folder).ok().filter(is_trusted))
    }

    /// Waits until all that was written is safe; false if that can't be had, so that each file is to be synced.
    pub(super) fn sync(&self) -> bool {
        self.0.as_ref().is_some_and(sync)
    }
}

#[cfg(target_os = "linux")]
fn sync(folder: &File) -> bool {
    rustix::fs::syncfs(folder).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn sync(_folder: &File) -> bool {
    false
}

/// True for the usual file systems on disks of this machine, and in its memory (linux/magic.h). Those behind a network
/// may have much more to bring to their disks than our files.
#[cfg(target_os = "linux")]
fn is_trusted(folder: &File) -> bool {
    const EXT4: u32 = 0xEF53;
    const XFS: u32 = 0x5846_5342;
    const BTRFS: u32 = 0x9123_683E;
    const F2FS: u32 = 0xF2F5_2010;
    const TMPFS: u32 = 0x0102_1994;
    let kind = rustix::fs::fstatfs(folder).map(|known| known.f_type as u32);
    tells_failures() && kind.is_ok_and(|kind| [EXT4, XFS, BTRFS, F2FS, TMPFS].contains(&kind))
}

#[cfg(not(target_os = "linux"))]
fn is_trusted(_folder: &File) -> bool {
    false
}

/// True from Linux 5.8 on: before, `syncfs` said nothing of what could not be written.
#[cfg(target_os = "linux")]
fn tells_failures() -> bool {
    let known = rustix::system::uname();
    let release = known.release().to_string_lossy();
    let mut numbers = release.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next(), numbers.next()) >= (Some(5), Some(8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_not_there_has_no_disk() {
        assert!(!Disk::of(Path::new("no/such/folder")).sync());
    }
}

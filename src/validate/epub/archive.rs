//! The archive itself (EPUB 3.3, Open Container Format, section 4.3): its entries, and the details of ZIP that
//! EPUB asks for.

use std::io::{Cursor, Read};

use super::desk::{Desk, Page};
use super::rule;
use crate::source::Span;

/// How many entries an archive may have.
const ENTRIES: usize = 200_000;
/// How many bytes all entries together may unpack to, and how many times the archive's own size.
const LARGEST: u64 = 2 << 30;
const SMALLEST: u64 = 256 << 20;
const RATIO: u64 = 200;

const MIMETYPE: &[u8] = b"application/epub+zip";

/// What an archive holds.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// Names and contents, in the order of the archive.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// Names of folders, each with its slash.
    pub(super) folders: Vec<String>,
}

/// Unpacks an archive. `None` if it can't be read, with the reason at the desk.
pub(super) fn unpack(bytes: &[u8], desk: &mut Desk<'_>) -> Option<Archive> {
    let page = Page::new("the archive", "");
    let mut stop = |rule: &rule::Rule, message: String| {
        desk.tell(rule, &page, Span::default(), message);
        None
    };
    if bytes.len() < 4 {
        stop(&rule::ARCHIVE_EMPTY, "the file is too short to be an archive".to_owned());
        return stop(&rule::ARCHIVE_UNREADABLE, "it can't be read".to_owned());
    }
    if !bytes.starts_with(b"PK") {
        stop(&rule::ARCHIVE_SIGNATURE, "the file does not begin as a ZIP archive does".to_owned());
        return stop(&rule::ARCHIVE_UNREADABLE, "it can't be read".to_owned());
    }
    let mut zip = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(zip) => zip,
        Err(cause) => return stop(&rule::ARCHIVE_UNREADABLE, format!("it can't be read: {cause}")),
    };
    if zip.len() > ENTRIES {
        return stop(&rule::ARCHIVE_LIMIT, format!("it has more than {ENTRIES} entries"));
    }
    let mut left = LARGEST.min(SMALLEST.max(RATIO.saturating_mul(bytes.len() as u64)));
    let mut archive = Archive::default();
    for at in 0..zip.len() {
        let entry = match zip.by_index(at) {
            Ok(entry) => entry,
            Err(cause) => return stop(&rule::ARCHIVE_UNREADABLE, format!("an entry can't be read: {cause}")),
        };
        let Ok(name) = String::from_utf8(entry.name_raw().to_vec()) else {
            return stop(&rule::ARCHIVE_NAMES, "an entry's name is not in UTF-8".to_owned());
        };
        if name.ends_with('/') {
            archive.folders.push(name);
            continue;
        }
        // What the archive says of a size need not be true.
        let mut content = Vec::with_capacity(entry.size().min(left).min(1 << 24) as usize);
        match entry.take(left).read_to_end(&mut content) {
            Ok(length) if length as u64 == left => {
                return stop(
                    &rule::ARCHIVE_LIMIT,
                    "its entries hold more than is read for an archive of its size".to_owned(),
                );
            }
            Ok(length) => left -= length as u64,
            Err(cause) => return stop(&rule::ARCHIVE_UNREADABLE, format!("`{name}` can't be unpacked: {cause}")),
        }
        archive.files.push((name, content));
    }
    Some(archive)
}

/// The first entry says what the archive is: stored, without an extra field.
pub(super) fn mimetype(bytes: &[u8], archive: &Archive, desk: &mut Desk<'_>) {
    let page = Page::new("mimetype", "");
    let number =
        |at: usize| bytes.get(at..at + 2).map_or(0, |pair| usize::from(u16::from_le_bytes([pair[0], pair[1]])));
    let name = bytes.get(30..30 + number(26));
    if name != Some(b"mimetype".as_slice()) {
        return desk.tell(&rule::MIMETYPE_MISSING, &page, Span::default(), "it is not the first entry of the archive");
    }
    let extra = number(28);
    if extra > 0 {
        let message = format!("the entry has an extra field of {extra} bytes; it must have none");
        desk.tell(&rule::MIMETYPE_EXTRA, &page, Span::default(), message);
    }
    let content = archive.files.iter().find(|(name, _)| name == "mimetype").map(|(_, content)| content.as_slice());
    if number(8) != 0 || content != Some(MIMETYPE) {
        let message = "it must hold `application/epub+zip`, nothing else, and be stored without compression";
        desk.tell(&rule::MIMETYPE_VALUE, &page, Span::default(), message);
    }
}

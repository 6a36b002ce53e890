//! Where writers put what they write: a set of named files. A writer never learns whether they become a
//! folder, an archive, a stream, or stay in memory.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use crate::failure::Failure;
use crate::parallel;

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

    /// A whole file at once; the principal one, if the path is empty. An output that keeps the bytes need not copy them.
    ///
    /// # Errors
    /// What the system says when the file can't be made or written.
    fn put(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        let file = if path.is_empty() { self.main() } else { self.file(path) };
        file?.write_all(&bytes)
    }
}

/// An output that stays in memory. The principal file's path is empty.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: Vec<(String, Vec<u8>)>,
    places: HashMap<String, usize>,
}

impl Memory {
    /// An empty output.
    pub fn new() -> Self {
        Self::default()
    }

    /// An output whose principal file has these bytes.
    pub fn single(bytes: Vec<u8>) -> Self {
        Self { files: vec![(String::new(), bytes)], places: HashMap::from([(String::new(), 0)]) }
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
        self.places.get(path).and_then(|&at| self.files.get(at)).map(|(_, bytes)| bytes.as_slice())
    }

    /// Packs all files into a zip archive: `mimetype` first, the others in the order of writing; all that is not tiny is
    /// deflated, images and the like aside; every date 1980-01-01, so that the same files give the same bytes, on however many cores they are
    /// deflated. An archive that is too large for the fields of a plain zip gets those of ZIP64.
    ///
    /// # Errors
    /// [`Failure::Archive`] when the zip writer refuses.
    pub fn archive(&self) -> Result<Vec<u8>, Failure> {
        let first = self.files.iter().filter(|(path, _)| path == "mimetype");
        let rest = self.files.iter().filter(|(path, _)| path != "mimetype");
        let files: Vec<_> = first.chain(rest).collect();
        let shares = shares(&files);
        if let [only] = shares.as_slice() {
            return pack(only).map_err(refusal);
        }
        let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for packed in parallel::map(&shares, |_, share| pack(share)) {
            let packed = zip::ZipArchive::new(io::Cursor::new(packed.map_err(refusal)?)).map_err(refusal)?;
            zip.merge_archive(packed).map_err(refusal)?;
        }
        Ok(zip.finish().map_err(refusal)?.into_inner())
    }
}

fn refusal(cause: zip::result::ZipError) -> Failure {
    Failure::Archive { message: cause.to_string() }
}

/// Files of how many bytes are deflated one after the other, before another core may take the next ones: what there
/// is to set up is set up once for them all.
const SHARE: usize = 128 << 10;

fn shares<'f, 'b>(files: &'f [&'b (String, Vec<u8>)]) -> Vec<&'f [&'b (String, Vec<u8>)]> {
    let mut shares = Vec::new();
    let (mut from, mut bytes) = (0, 0);
    for (at, (_, file)) in files.iter().enumerate() {
        if at > from && bytes + file.len() > SHARE {
            shares.push(&files[from..at]);
            (from, bytes) = (at, 0);
        }
        bytes += file.len();
    }
    shares.push(&files[from..]);
    shares
}

/// How hard it is tried to deflate, of 9.
const LEVEL: i64 = 4;

/// A file of no more bytes is stored: to deflate it would save less than it takes.
const TINY: usize = 256;

type Zip = zip::ZipWriter<io::Cursor<Vec<u8>>>;

/// An archive of some files.
fn pack(files: &[&(String, Vec<u8>)]) -> zip::result::ZipResult<Vec<u8>> {
    let size = files.iter().map(|(_, bytes)| bytes.len() / 3 + 256).sum();
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::with_capacity(size)));
    for (path, bytes) in files {
        if path.ends_with(".css") && bytes.len() <= LARGEST_SHEET {
            let packed = sheet(path, bytes)?;
            zip.merge_archive(zip::ZipArchive::new(io::Cursor::new(&packed[..]))?)?;
        } else {
            add(&mut zip, path, bytes)?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

fn add(zip: &mut Zip, path: &str, bytes: &[u8]) -> zip::result::ZipResult<()> {
    let method = if path == "mimetype" || bytes.len() <= TINY || is_compressed(path) {
        zip::CompressionMethod::Stored
    } else {
        zip::CompressionMethod::Deflated
    };
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(method)
        .compression_level((method == zip::CompressionMethod::Deflated).then_some(LEVEL))
        .last_modified_time(zip::DateTime::default())
        .unix_permissions(0o644)
        .large_file(u32::try_from(bytes.len()).is_err());
    zip.start_file(path, options)?;
    Ok(zip.write_all(bytes)?)
}

/// A style sheet that was packed: path, bytes, and the archive that holds nothing else.
type Sheet = (String, Vec<u8>, Arc<[u8]>);

static SHEETS: Mutex<Vec<Sheet>> = Mutex::new(Vec::new());
/// How many style sheets are kept.
const KEPT: usize = 16;
/// Of how many bytes one that is kept may be.
const LARGEST_SHEET: usize = 64 << 10;

/// An archive of a style sheet alone. Book after book has the same few.
fn sheet(path: &str, bytes: &[u8]) -> zip::result::ZipResult<Arc<[u8]>> {
    // Held while packing, so that none is kept twice. Nobody stumbles meanwhile.
    let mut kept = SHEETS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((.., packed)) = kept.iter().find(|(known, same, _)| known == path && same == bytes) {
        return Ok(Arc::clone(packed));
    }
    let mut zip = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    add(&mut zip, path, bytes)?;
    let packed: Arc<[u8]> = zip.finish()?.into_inner().into();
    if kept.len() < KEPT {
        kept.push((path.to_owned(), bytes.to_owned(), Arc::clone(&packed)));
    }
    Ok(packed)
}

/// True for files whose bytes are deflated already.
fn is_compressed(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    matches!(extension, "png" | "jpg" | "gif" | "webp" | "woff" | "woff2")
}

impl Output for Memory {
    fn main(&mut self) -> io::Result<&mut dyn Write> {
        self.file("")
    }

    fn file(&mut self, path: &str) -> io::Result<&mut dyn Write> {
        let at = self.files.len();
        self.put(path, Vec::new())?;
        Ok(&mut self.files[at].1)
    }

    fn put(&mut self, path: &str, bytes: Vec<u8>) -> io::Result<()> {
        if self.places.insert(path.to_owned(), self.files.len()).is_some() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("`{path}` is written twice")));
        }
        self.files.push((path.to_owned(), bytes));
        Ok(())
    }
}

//! A file of lines, each of which tells all that is known of one document and set of targets; the last one counts. Lines are
//! only ever added, so that a run that is cut short loses at most a line that was not whole. What is held in memory is
//! where each line begins.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::batch::outcome::Outcome;
use crate::batch::store;

/// The version of the lines. Lines of another version are forgotten.
const VERSION: u32 = 2;

/// How long what was written may wait until the system is asked to bring it to the disk.
const SYNC: Duration = Duration::from_secs(5);

/// How much of the file is read at a time to find one line.
const CHUNK: usize = 4096;

/// What is remembered of one input and one set of targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::batch) struct Entry {
    pub(super) version: u32,
    /// The output's path below the folder without extension.
    pub(super) stem: String,
    /// The names of the targets, parted by commas.
    pub(super) targets: String,
    /// The folder that was walked, without links, and the input's path below it.
    pub(super) walked: Option<(String, String)>,
    /// Which document of the input, if it holds many.
    pub(super) part: Option<usize>,
    /// Hash of all that the outputs depend on.
    pub(super) key: String,
    /// The files that were written, relative to the folder, and the hashes of their bytes.
    pub(super) files: Vec<(String, String)>,
    /// The files besides the input that were read, and the hashes of their bytes.
    pub(super) used: Vec<(Used, String)>,
    pub(super) outcome: Outcome,
}

/// The path of a file that was read: as text where it is one, since that is shorter.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(super) enum Used {
    Text(PathBuf),
    Other(OsString),
}

impl Used {
    pub(super) fn new(path: &Path) -> Self {
        match path.to_str() {
            Some(_) => Self::Text(path.to_owned()),
            None => Self::Other(path.as_os_str().to_owned()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Text(path) => path,
            Self::Other(path) => Path::new(path),
        }
    }
}

/// What must be known of a line to find it again.
#[derive(Deserialize)]
struct Name {
    version: u32,
    stem: String,
}

/// What a line tells besides what became of the document.
#[derive(Deserialize)]
pub(super) struct Remembered {
    version: u32,
    stem: String,
    targets: String,
    pub(super) walked: Option<(String, String)>,
    pub(super) part: Option<usize>,
    pub(super) files: Vec<(String, String)>,
    pub(super) outcome: Input,
}

/// What the user called a document.
#[derive(Deserialize)]
pub(super) struct Input {
    pub(super) input: String,
}

/// The lines of one file.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    /// For reading; absent if there is no file yet.
    lines: Option<File>,
    /// Where the lines of a stem begin: the stem's hash and the offset, sorted.
    places: Vec<(u64, u64)>,
    fresh: Mutex<Fresh>,
}

#[derive(Debug)]
struct Fresh {
    file: Option<File>,
    synced: Instant,
}

impl Entry {
    pub(super) fn new(stem: String, targets: String, key: String, outcome: Outcome) -> Self {
        let (files, used) = (Vec::new(), Vec::new());
        Self { version: VERSION, stem, targets, walked: None, part: None, key, files, used, outcome }
    }
}

impl Journal {
    /// The lines of a file; none if it is new. Lines that can't be read are passed over.
    pub(super) fn open(path: PathBuf) -> Self {
        let lines = File::open(&path).ok();
        let mut places = Vec::new();
        if let Some(file) = &lines {
            // What can't be read is done again.
            let _ = each_line(file, |at, line| {
                if let Ok(name) = serde_json::from_slice::<Name>(line)
                    && name.version == VERSION
                {
                    places.push((hash(&name.stem), at));
                }
            });
        }
        places.sort_unstable();
        let fresh = Mutex::new(Fresh { file: None, synced: Instant::now() });
        Self { path, lines, places, fresh }
    }

    /// All that earlier runs remember of a stem, the latest first.
    pub(super) fn of_stem<'j>(&'j self, stem: &'j str) -> impl Iterator<Item = Entry> + 'j {
        let hash = hash(stem);
        let from = self.places.partition_point(|&(known, _)| known < hash);
        let count = self.places[from..].partition_point(|&(known, _)| known == hash);
        let places = self.places[from..from + count].iter().rev();
        places.filter_map(|&(_, at)| self.entry(at)).filter(move |entry| entry.stem == stem)
    }

    /// Adds lines.
    pub(super) fn add(&self, entries: &[Entry]) {
        let mut lines = Vec::new();
        for entry in entries {
            // A line that is not whole, because a run was killed or the disk was full, ends here.
            lines.push(b'\n');
            // What can't be remembered is done again.
            let _ = serde_json::to_writer(&mut lines, entry);
            lines.push(b'\n');
        }
        // A poisoned lock means that a worker stumbled while it wrote; lines begin anew behind it.
        let mut fresh = self.fresh.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = fresh.add(&self.path, &lines);
    }

    /// Asks of every document that is remembered whether it is `gone` and to be forgotten, and puts the file in order if
    /// much in it counts no more. What can't be saved is done again by the next run.
    pub(super) fn close(self, mut gone: impl FnMut(&Remembered) -> bool) {
        let fresh = self.fresh.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = fresh.file {
            let _ = file.sync_data();
        }
        drop(self.places);
        let Ok(file) = File::open(&self.path) else { return };
        let mut last: Vec<(u64, u64)> = Vec::new();
        let mut lines = 0_usize;
        let read = each_line(&file, |at, line| {
            lines += 1;
            if let Some(entry) = remembered(line) {
                last.push((entry.name(), at));
            }
        });
        // Of each name the line that stands last.
        last.sort_unstable_by_key(|&(name, at)| (name, std::cmp::Reverse(at)));
        last.dedup_by_key(|&mut (name, _)| name);
        let counts =
            |name: u64, at: u64| last.binary_search_by_key(&name, |&(name, _)| name).is_ok_and(|i| last[i].1 == at);
        let mut forgotten = Vec::new();
        let asked = each_line(&file, |at, line| {
            if let Some(entry) = remembered(line).filter(|entry| counts(entry.name(), at))
                && gone(&entry)
            {
                forgotten.push(at);
            }
        });
        if read.and(asked).is_ok() && (!forgotten.is_empty() || lines > last.len() + last.len() / 2) {
            let keep = |at: u64, line: &[u8]| {
                remembered(line).is_some_and(|entry| counts(entry.name(), at)) && forgotten.binary_search(&at).is_err()
            };
            // The old file stands until it is replaced.
            let _ = rewrite(&self.path, &file, keep);
        }
    }

    fn entry(&self, at: u64) -> Option<Entry> {
        serde_json::from_slice(&line_at(self.lines.as_ref()?, at).ok()?).ok()
    }
}

impl Remembered {
    fn name(&self) -> u64 {
        hash(&format!("{}\t{}", self.stem, self.targets))
    }
}

impl Fresh {
    fn add(&mut self, path: &Path, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let file = match &mut self.file {
            Some(file) => file,
            None => self.file.insert(File::options().create(true).append(true).open(path)?),
        };
        file.write_all(lines)?;
        if self.synced.elapsed() > SYNC {
            file.sync_data()?;
            self.synced = Instant::now();
        }
        Ok(())
    }
}

fn hash(text: &str) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *blake3::hash(text.as_bytes()).as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

fn remembered(line: &[u8]) -> Option<Remembered> {
    serde_json::from_slice::<Remembered>(line).ok().filter(|entry| entry.version == VERSION)
}

/// Calls `each` with every line that is not empty, and where it begins.
fn each_line(mut file: &File, mut each: impl FnMut(u64, &[u8])) -> io::Result<()> {
    file.seek(SeekFrom::Start(0))?;
    let mut reader = BufReader::with_capacity(1 << 16, file);
    let mut line = Vec::new();
    let mut at = 0;
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)? as u64;
        if length == 0 {
            return Ok(());
        }
        let text = line.trim_ascii();
        if !text.is_empty() {
            each(at, text);
        }
        at += length;
    }
}

/// The line that begins at an offset. The file's own place is not moved, so threads may ask side by side.
fn line_at(file: &File, at: u64) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    loop {
        let from = line.len();
        line.resize(from + CHUNK, 0);
        let count = read_at(file, &mut line[from..], at + from as u64)?;
        line.truncate(from + count);
        if let Some(end) = memchr::memchr(b'\n', &line[from..]) {
            line.truncate(from + end);
            return Ok(line);
        }
        if count == 0 {
            return Ok(line);
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, at)
}

/// Writes the file anew with the lines that are to be kept.
fn rewrite(path: &Path, file: &File, keep: impl Fn(u64, &[u8]) -> bool) -> io::Result<()> {
    let new = store::Temporary::beside(path)?;
    let mut writer = BufWriter::new(new.file());
    let mut written = Ok(());
    each_line(file, |at, line| {
        if written.is_ok() && keep(at, line) {
            written = writer.write_all(line).and_then(|()| writer.write_all(b"\n"));
        }
    })?;
    written?;
    writer.flush()?;
    drop(writer);
    new.put(path)
}

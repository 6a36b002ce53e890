//! What an output folder remembers of earlier runs, so that a run does only what is new and never replaces what a
//! person changed. All of it lies in the hidden folder `.apograph` under the output folder: the journal of what was
//! done, a lock, and files on their way to their places.

mod journal;

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(super) use journal::Entry;
use journal::{Journal, Remembered, Used};

use super::Misuse;
use super::outcome::{Outcome, Status};
use super::plan::{Job, Origin, Root, Shard};
use super::store::Store;

/// The folder of a run's own files under the output folder.
pub const FOLDER: &str = ".apograph";

/// An input of an earlier run that is no longer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What the user called it.
    pub input: String,
    /// Its outputs.
    pub files: Vec<PathBuf>,
}

/// What an output folder remembers, each share of the inputs for itself.
#[derive(Debug)]
pub struct State {
    folder: PathBuf,
    parts: PathBuf,
    program: String,
    journal: Journal,
    /// Held while the run goes on, so that no other works on the same.
    _lock: Option<File>,
}

impl State {
    /// What a folder remembers; nothing if it is new. What a killed run left half done is removed.
    ///
    /// # Errors
    /// [`Misuse`] if another run is at work on the same share.
    pub fn open(folder: &Path, shard: Option<Shard>) -> Result<Self, Misuse> {
        let suffix = shard.map(|shard| format!("-{}of{}", shard.number, shard.count)).unwrap_or_default();
        let own = folder.join(FOLDER);
        let parts = own.join(format!("parts{suffix}"));
        // Where nothing can be written each document says so.
        let _ = fs::create_dir_all(&own);
        let lock = lock(&own.join(format!("lock{suffix}"))).map_err(|()| {
            Misuse::new(format!("another run is at work in `{}`", folder.display())).hint("wait for it")
        })?;
        let _ = fs::remove_dir_all(&parts);
        let _ = fs::create_dir_all(&parts);
        let journal = Journal::open(own.join(format!("state{suffix}.jsonl")));
        Ok(Self { folder: folder.to_owned(), parts, program: program(), journal, _lock: lock })
    }

    /// How files get to their places under the folder.
    pub fn store(&self) -> Store {
        if self.parts.is_dir() { Store::with_parts(self.parts.clone()) } else { Store::default() }
    }

    /// The hash of all that the outputs of an input depend on: this program, the options, the metadata files and
    /// the input itself.
    pub fn key(&self, options: &str, metadata: &[PathBuf], input: &[u8]) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        add(self.program.as_bytes());
        add(options.as_bytes());
        for file in metadata {
            add(file.to_string_lossy().as_bytes());
            add(&fs::read(file).unwrap_or_default());
        }
        add(input);
        hasher.finalize().to_hex().to_string()
    }

    /// What became of an input, if nothing has changed since and all its outputs are still what they were.
    pub fn unchanged(&self, job: &Job, targets: &[String], key: &str) -> Option<Outcome> {
        let (stem, targets) = (stem(job), targets.join(","));
        let entry = self.journal.of_stem(&stem).find(|entry| entry.targets == targets)?;
        let same = |path: &Path, digest: &String| hash(path).as_ref() == Some(digest);
        let whole = entry.key == key
            && entry.files.iter().all(|(path, digest)| same(&self.folder.join(path), digest))
            && entry.used.iter().all(|(path, digest)| hash(path.path()).unwrap_or_default() == *digest);
        whole.then(|| Outcome {
            input: job.name.clone(),
            number: job.number,
            status: Status::Unchanged,
            ..entry.outcome
        })
    }

    /// True if a job's output was written by an earlier run and has been changed since.
    pub fn is_edited(&self, job: &Job, path: &Path) -> bool {
        let Some(below) = self.below(path) else { return false };
        let entries = stem(job);
        let mut files = self.journal.of_stem(&entries).flat_map(|entry| entry.files);
        let known = files.find(|(known, _)| *known == below);
        known.is_some_and(|(_, digest)| hash(path).is_some_and(|there| there != digest))
    }

    /// What is to be remembered of an input, from which files its outputs came, and what was written. Only what went well is
    /// remembered, so that the rest is done again.
    pub(super) fn entry(
        &self,
        job: &Job,
        targets: &[String],
        key: String,
        made: &Made,
        outcome: &Outcome,
    ) -> Option<Entry> {
        if outcome.status != Status::Converted {
            return None;
        }
        let files: Option<Vec<_>> =
            made.files.iter().map(|(path, digest)| self.below(path).map(|path| (path, digest.clone()))).collect();
        let used = made.used.iter().map(|path| (Used::new(path), hash(path).unwrap_or_default())).collect();
        let mut entry = Entry::new(stem(job), targets.join(","), key, outcome.clone());
        (entry.files, entry.used) = (files?, used);
        entry.walked = walked(job);
        if let Origin::Part { number, .. } = job.origin {
            entry.part = Some(number);
        }
        Some(entry)
    }

    /// Remembers what is now in its place.
    pub(super) fn remember(&self, entries: &[Entry]) {
        self.journal.add(entries);
    }

    /// Ends the run. `gone` is told of each input that was found under one of these folders by an earlier run and is no longer
    /// there; with `prune` their outputs are removed, but for those that a person changed. `parts` tells how many documents
    /// the sources of many were found to hold.
    pub fn close(self, roots: &[Arc<Root>], parts: &HashMap<PathBuf, usize>, prune: bool, mut gone: impl FnMut(Gone)) {
        let Self { folder, parts: temporary, journal, .. } = self;
        let roots: Vec<&Path> = roots.iter().filter_map(|root| root.canonical.as_deref()).collect();
        journal.close(|entry| {
            if !is_gone(entry, &roots, parts) {
                return false;
            }
            let files: Vec<_> = entry.files.iter().map(|(path, digest)| (folder.join(path), digest)).collect();
            gone(Gone {
                input: entry.outcome.input.clone(),
                files: files.iter().map(|(path, _)| path.clone()).collect(),
            });
            for (path, digest) in files.iter().filter(|_| prune) {
                if hash(path).as_ref() == Some(digest) {
                    // What can't be removed stays.
                    let _ = fs::remove_file(path);
                }
            }
            prune
        });
        // The folder is empty, since every file in it got to its place or was removed.
        let _ = fs::remove_dir(temporary);
    }

    fn below(&self, path: &Path) -> Option<String> {
        path.strip_prefix(&self.folder).ok()?.to_str().map(str::to_owned)
    }
}

/// What a conversion wrote and read besides its input.
#[derive(Debug, Default)]
pub struct Made {
    /// The files that were written, with the hashes of their bytes.
    pub files: Vec<(PathBuf, String)>,
    /// The files that were read.
    pub used: Vec<PathBuf>,
}

/// The hash of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn hash(path: &Path) -> Option<String> {
    // What is no ordinary file may have no end.
    fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path).ok()?).ok()?;
    Some(hasher.finalize().to_hex().to_string())
}

fn stem(job: &Job) -> String {
    job.stem.to_string_lossy().into_owned()
}

/// The folder that was walked to find an input, and the input's path below it; none for a file that was named.
fn walked(job: &Job) -> Option<(String, String)> {
    let root = job.root.as_ref().filter(|root| root.walked)?;
    let path = match &job.origin {
        Origin::File(path) | Origin::Part { source: path, .. } => path,
        Origin::Standard | Origin::Broken(_) => return None,
    };
    let below = path.strip_prefix(&root.path).ok()?;
    Some((root.canonical.as_ref()?.to_str()?.to_owned(), below.to_str()?.to_owned()))
}

fn is_gone(entry: &Remembered, roots: &[&Path], parts: &HashMap<PathBuf, usize>) -> bool {
    let Some((root, below)) = &entry.walked else { return false };
    if !roots.contains(&Path::new(root)) {
        return false;
    }
    let path = Path::new(root).join(below);
    if !path.exists() {
        return true;
    }
    entry.part.is_some_and(|number| parts.get(&path).is_some_and(|&count| number > count))
}

/// Takes the lock, if this file system has locks.
///
/// # Errors
/// If another has it.
fn lock(path: &Path) -> Result<Option<File>, ()> {
    let Ok(file) = File::options().create(true).truncate(false).write(true).open(path) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Err(()),
        Err(fs::TryLockError::Error(_)) => Ok(None),
    }
}

/// This very program: its bytes, since a program under way of being changed keeps its version.
fn program() -> String {
    let bytes = std::env::current_exe().ok().and_then(|path| hash(&path));
    bytes.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}

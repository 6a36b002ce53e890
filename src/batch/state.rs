//! What an output folder remembers of earlier runs, so that a run does only what is new and never replaces what a
//! person changed. In: a file of JSON lines under the folder. Out: the same file, appended to while the run goes
//! on, so that a run that is cut short loses nothing, and put in order at its end.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::outcome::{Outcome, Status};
use super::plan::{Job, Shard};
use super::store;

/// The version of the lines. Lines of another version are forgotten.
const VERSION: u32 = 1;

/// What is remembered of one input and one set of targets.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    version: u32,
    /// The output's path below the folder without extension, and the targets.
    name: String,
    /// The folder that was walked.
    root: Option<String>,
    /// Hash of all that the outputs depend on.
    key: String,
    /// The files that were written, relative to the folder, and the hashes of their bytes.
    files: Vec<(String, String)>,
    outcome: Outcome,
}

/// An input of an earlier run that is no longer there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone {
    /// What the user called it.
    pub input: String,
    /// Its outputs, relative to the output folder.
    pub files: Vec<String>,
    name: String,
}

/// What an output folder remembers.
pub struct State {
    folder: PathBuf,
    path: PathBuf,
    program: String,
    known: BTreeMap<String, Entry>,
    /// The hash of each file that was written last, by its path below the folder.
    written: HashMap<String, String>,
    fresh: Mutex<Fresh>,
}

/// What this run adds.
struct Fresh {
    journal: Option<File>,
    entries: Vec<Entry>,
}

impl State {
    /// What a folder remembers, each share of the inputs for itself; nothing if it is new. Lines that can't be read are forgotten: their documents are
    /// done again.
    pub fn open(folder: &Path, shard: Option<Shard>) -> Self {
        let suffix = shard.map(|shard| format!("-{}of{}", shard.number, shard.count)).unwrap_or_default();
        let path = folder.join(format!(".apograph-state{suffix}.jsonl"));
        let mut state = Self {
            folder: folder.to_owned(),
            path,
            program: program(),
            known: BTreeMap::new(),
            written: HashMap::new(),
            fresh: Mutex::new(Fresh { journal: None, entries: Vec::new() }),
        };
        let text = fs::read(&state.path).unwrap_or_default();
        for line in text.split(|&byte| byte == b'\n') {
            if let Ok(entry) = serde_json::from_slice::<Entry>(line)
                && entry.version == VERSION
            {
                state.written.extend(entry.files.iter().cloned());
                state.known.insert(entry.name.clone(), entry);
            }
        }
        state
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
        let entry = self.known.get(&name(job, targets)).filter(|entry| entry.key == key)?;
        let whole = entry.files.iter().all(|(path, digest)| hash(&self.folder.join(path)).as_ref() == Some(digest));
        whole.then(|| Outcome { input: job.name.clone(), status: Status::Unchanged, ..entry.outcome.clone() })
    }

    /// True if a file was written by an earlier run and has been changed since.
    pub fn is_edited(&self, path: &Path) -> bool {
        let known = self.below(path).and_then(|below| self.written.get(&below));
        known.is_some_and(|digest| hash(path).is_some_and(|there| there != *digest))
    }

    /// Remembers what became of an input. Only what went well is remembered, so that the rest is done again.
    pub fn remember(&self, job: &Job, targets: &[String], key: String, files: &[(PathBuf, String)], outcome: &Outcome) {
        if outcome.status != Status::Converted {
            return;
        }
        let files: Option<Vec<_>> =
            files.iter().map(|(path, digest)| self.below(path).map(|path| (path, digest.clone()))).collect();
        let Some(files) = files else { return };
        let root = job.root.as_ref().map(|root| root.display().to_string());
        let entry = Entry { version: VERSION, name: name(job, targets), root, key, files, outcome: outcome.clone() };
        // A poisoned lock means that a worker stumbled while it wrote; the journal is still whole lines or ignored.
        let mut fresh = self.fresh.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if fresh.journal.is_none() {
            fresh.journal = File::options().create(true).append(true).open(&self.path).ok();
        }
        if let (Some(journal), Ok(mut line)) = (&mut fresh.journal, serde_json::to_vec(&entry)) {
            line.push(b'\n');
            line.insert(0, b'\n');
            // What can't be remembered is done again.
            let _ = journal.write_all(&line);
        }
        fresh.entries.push(entry);
    }

    /// Inputs that were found under one of these folders by an earlier run and are not among these names.
    pub fn gone(&self, roots: &[PathBuf], names: &HashSet<&str>) -> Vec<Gone> {
        let roots: HashSet<String> = roots.iter().map(|root| root.display().to_string()).collect();
        let entries = self.known.values().filter(|entry| {
            entry.root.as_ref().is_some_and(|root| roots.contains(root))
                && !names.contains(entry.outcome.input.as_str())
        });
        let gone = |entry: &Entry| Gone {
            input: entry.outcome.input.clone(),
            files: entry.files.iter().map(|(path, _)| path.clone()).collect(),
            name: entry.name.clone(),
        };
        entries.map(gone).collect()
    }

    /// Removes the outputs of what is gone, but for those that a person changed, and forgets them.
    pub fn prune(&mut self, gone: &[Gone]) {
        for gone in gone {
            for path in gone.files.iter().map(|file| self.folder.join(file)) {
                if !self.is_edited(&path) {
                    // What can't be removed stays; the next run says so again only if it is still remembered.
                    let _ = fs::remove_file(path);
                }
            }
            self.known.remove(&gone.name);
        }
    }

    /// Puts the file in order. What can't be saved is done again by the next run.
    pub fn close(mut self) {
        let fresh = self.fresh.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        drop(fresh.journal);
        self.known.extend(fresh.entries.into_iter().map(|entry| (entry.name.clone(), entry)));
        if self.known.is_empty() && !self.path.exists() {
            return;
        }
        let mut bytes = Vec::new();
        for entry in self.known.values() {
            if serde_json::to_writer(&mut bytes, entry).is_ok() {
                bytes.push(b'\n');
            }
        }
        // The journal stands until it is replaced.
        let _ = store::put(&self.path, &bytes);
    }

    fn below(&self, path: &Path) -> Option<String> {
        path.strip_prefix(&self.folder).ok()?.to_str().map(str::to_owned)
    }
}

/// The hash of some bytes, in hexadecimal.
pub fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn hash(path: &Path) -> Option<String> {
    fs::read(path).ok().map(|bytes| digest(&bytes))
}

fn name(job: &Job, targets: &[String]) -> String {
    format!("{}\t{}", job.stem.display(), targets.join(","))
}

/// This very program: its bytes, since a program under way of being changed keeps its version.
fn program() -> String {
    let bytes = std::env::current_exe().ok().and_then(|path| hash(&path));
    bytes.unwrap_or_else(|| env!("CARGO_PKG_VERSION").to_owned())
}

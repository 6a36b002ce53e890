//! Which inputs become which outputs. In: what the user named. Out: jobs in a stable order, one after the other, each
//! with the place of its outputs and the metadata files that speak of it.
//!
//! The inputs are walked twice: a first time for a [`Survey`] of how many they are and which names are taken, a second
//! time for the jobs. What is held in between are a few bytes for each.

mod destination;
mod names;
mod shard;
mod split;
mod walk;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

pub use destination::Destination;
use names::{Names, Parted, fingerprint, key};
pub use shard::Shard;
pub use split::Split;
use walk::Found;
pub use walk::{Globs, Root};

use super::siblings::{self, Numbered};
use crate::registry::Registry;

/// The name of the file whose metadata hold for every document of its folder and the folders within.
pub const FOLDER_METADATA: &str = "apograph.toml";

/// The name of the file that lists, in the manner of `.gitignore`, what a walk passes over.
pub const IGNORE_FILE: &str = ".apographignore";

/// One input and where its outputs belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What messages call it: the path as the user wrote it, or `-`; behind `#` the number of a part.
    pub name: String,
    /// Which of all inputs it is, from 0, whatever share of them is done. The parts of a source have one number.
    pub number: usize,
    /// Where its bytes come from.
    pub origin: Origin,
    /// The output's path below the output folder, without extension.
    pub stem: PathBuf,
    /// The folder that was named.
    pub root: Option<Arc<Root>>,
    /// Metadata files that speak of it, the later winning.
    pub metadata: Vec<PathBuf>,
    /// How many bytes it has, as far as is known.
    pub size: u64,
}

/// Where the bytes of an input come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// One of the documents that a file holds.
    Part {
        /// The file.
        source: PathBuf,
        /// The format that it is of.
        format: &'static str,
        /// Which of its documents, from 1.
        number: usize,
        /// How many lines of the file stand before it.
        line: u32,
        /// The document.
        bytes: Vec<u8>,
    },
    /// Standard input.
    Standard,
    /// Something that can't be read, and what the system said.
    Broken(String),
}

impl Job {
    /// True if its bytes are those of one of these files, named without links.
    pub fn is_of(&self, files: &HashSet<PathBuf>) -> bool {
        match &self.origin {
            Origin::File(path) | Origin::Part { source: path, .. } => {
                path.canonicalize().is_ok_and(|path| files.contains(&path))
            }
            Origin::Standard | Origin::Broken(_) => false,
        }
    }

    /// What a reader is told that the input is called: its extension tells of its format, its name may name the
    /// document.
    pub fn input_name(&self) -> Cow<'_, str> {
        match &self.origin {
            Origin::Part { source, .. } => {
                let extension = source.extension().unwrap_or_default().to_string_lossy();
                Cow::Owned(with_extension(&self.stem, &extension).to_string_lossy().into_owned())
            }
            Origin::File(_) | Origin::Standard | Origin::Broken(_) => Cow::Borrowed(&self.name),
        }
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "File({})", path.display()),
            Self::Part { source, number, .. } => write!(f, "Part({}#{number})", source.display()),
            Self::Standard => f.write_str("Standard"),
            Self::Broken(message) => write!(f, "Broken({message})"),
        }
    }
}

/// What is asked for.
pub struct Plan<'r> {
    /// Files, folders, `-`.
    pub inputs: Vec<PathBuf>,
    /// Where outputs go.
    pub destination: Destination,
    /// Which files of folders are taken.
    pub globs: Globs,
    /// Which share of them.
    pub shard: Option<Shard>,
    /// Whether sources that hold many documents are taken apart.
    pub split: Split,
    /// The format of the inputs, if the user says it.
    pub from: Option<String>,
    /// The readers that there are.
    pub registry: &'r Registry,
}

/// What a first walk over the inputs tells of them all.
#[derive(Debug, Default)]
pub struct Survey {
    /// How many inputs there are.
    pub all: usize,
    /// How many of them the share holds.
    pub documents: usize,
    stems: Names,
    folders: Names,
    files: Names,
    roots: Vec<Arc<Root>>,
    /// How many documents each source that was taken apart holds.
    parts: Mutex<HashMap<PathBuf, usize>>,
    /// The transcripts of folders by number, as far as they were asked for.
    numbered: Mutex<HashMap<PathBuf, Arc<Numbered>>>,
}

impl Survey {
    /// True if a path, without links, is that of an input.
    pub fn is_input(&self, canonical: &Path) -> bool {
        self.files.holds(fingerprint(canonical.as_os_str().as_encoded_bytes()))
    }

    /// The transcripts of a folder that are inputs, by the numbers in their headings.
    pub(in crate::batch) fn numbered(&self, folder: &Path) -> Arc<Numbered> {
        let mut known = self.numbered.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.entry(folder.to_owned()).or_insert_with(|| Arc::new(siblings::numbered(folder, self)));
        Arc::clone(found)
    }

    /// True if the outputs of the input called `stem` in the folder of a job's input are called so.
    pub(in crate::batch) fn keeps_name(&self, job: &Job, stem: &str) -> bool {
        let sibling = job.stem.with_file_name(stem);
        names::safe(&sibling) == sibling && !self.stems.is_shared(key(&sibling))
    }

    /// The folders that were walked.
    pub fn roots(&self) -> Vec<Arc<Root>> {
        self.roots.clone()
    }

    /// How many documents the sources that were taken apart hold, by their paths without links; of those whose end was
    /// reached.
    pub fn parts(&self) -> HashMap<PathBuf, usize> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn holds_parts(&self, source: &Path, count: usize) {
        if let Ok(source) = source.canonicalize() {
            self.parts.lock().unwrap_or_else(PoisonError::into_inner).insert(source, count);
        }
    }
}

impl<'r> Plan<'r> {
    /// Walks the inputs to learn how many they are and which names are taken.
    pub fn survey(&self) -> Survey {
        let mut survey = Survey::default();
        for found in self.found() {
            if let Found::Folder { path, root } = &found {
                if path == &root.path {
                    survey.roots.push(Arc::clone(root));
                }
                survey.folders.add(key(&names::safe(path.strip_prefix(&root.path).unwrap_or(path))));
                continue;
            }
            survey.all += 1;
            survey.documents += usize::from(self.holds(&found));
            if let Found::File { path, root } = &found {
                survey.stems.add(key(&stem(path, root)));
                if let Some(canonical) = canonical(path, root) {
                    survey.files.add(fingerprint(canonical.as_os_str().as_encoded_bytes()));
                }
            }
        }
        [&mut survey.stems, &mut survey.folders, &mut survey.files].into_iter().for_each(Names::sort);
        survey
    }

    /// The jobs of the share, in the order of the inputs.
    pub fn jobs<'p>(&'p self, survey: &'p Survey) -> impl Iterator<Item = Job> + Send + 'p {
        let mut parted = Parted::default();
        self.found()
            .filter(|found| !matches!(found, Found::Folder { .. }))
            .enumerate()
            // Names are given before the share is taken, so that they are the same in every share.
            .map(move |(number, found)| (self.holds(&found), job(number, found, survey, &mut parted)))
            .filter_map(|(held, job)| held.then_some(job))
            .flat_map(move |job| self.split(job, survey))
    }

    fn found(&self) -> impl Iterator<Item = Found> + Send + '_ {
        walk::found(&self.inputs, &self.destination, &self.globs, self.registry)
    }

    fn holds(&self, found: &Found) -> bool {
        let Some(shard) = self.shard else { return true };
        match found {
            Found::File { path, root } => shard.holds(path.strip_prefix(&root.path).unwrap_or(path)),
            Found::Folder { .. } => false,
            Found::Standard => shard.holds(Path::new("-")),
            Found::Broken { name, .. } => shard.holds(Path::new(name)),
        }
    }
}

/// True for `-`, which stands for standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn job(number: usize, found: Found, survey: &Survey, parted: &mut Parted) -> Job {
    let plain = |name: String, origin, stem: &str| Job {
        name,
        number,
        origin,
        stem: PathBuf::from(stem),
        root: None,
        metadata: Vec::new(),
        size: 0,
    };
    match found {
        Found::File { path, root } => {
            let extension = path.extension().map(|extension| extension.to_string_lossy().into_owned());
            Job {
                name: path.display().to_string(),
                number,
                stem: parted.name(&survey.stems, stem(&path, &root), extension.as_deref()),
                metadata: metadata(&path, &root.path),
                size: std::fs::metadata(&path).map_or(0, |known| known.len()),
                root: Some(root),
                origin: Origin::File(path),
            }
        }
        Found::Standard => plain("-".to_owned(), Origin::Standard, "document"),
        Found::Folder { path, .. } => plain(path.display().to_string(), Origin::Broken("a folder".into()), "folder"),
        Found::Broken { name, message } => plain(name, Origin::Broken(message), "broken"),
    }
}

/// A file's path without links. Walks follow no links, so that below a folder that was walked there are none.
fn canonical(path: &Path, root: &Root) -> Option<PathBuf> {
    if !root.walked {
        return path.canonicalize().ok();
    }
    Some(root.canonical.as_ref()?.join(path.strip_prefix(&root.path).ok()?))
}

fn stem(path: &Path, root: &Root) -> PathBuf {
    let below = path.strip_prefix(&root.path).unwrap_or(path);
    let name = below.file_stem().map_or_else(|| OsString::from("document"), OsString::from);
    names::safe(&below.parent().unwrap_or(Path::new("")).join(name))
}

/// `apograph.toml` of each folder from the root of the walk to the file's own, then the files beside it.
fn metadata(path: &Path, root: &Path) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut folders: Vec<&Path> = folder.ancestors().take_while(|ancestor| ancestor.starts_with(root)).collect();
    folders.reverse();
    if root.as_os_str().is_empty() {
        folders = vec![folder];
    }
    let beside = path.file_stem().into_iter().flat_map(|stem| {
        ["toml", "yaml", "yml"].map(|extension| folder.join(with_extension(Path::new(stem), extension)))
    });
    folders.into_iter().map(|folder| folder.join(FOLDER_METADATA)).chain(beside).filter(|file| file.is_file()).collect()
}

/// Adds an extension behind whatever dots the name has: `No. 12` becomes `No. 12.xml`.
fn with_extension(stem: &Path, extension: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    PathBuf::from(path)
}

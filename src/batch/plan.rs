//! Which inputs become which outputs. In: what the user named. Out: jobs in a stable order, each with the place
//! of its outputs and the metadata files that speak of it.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::Misuse;
use crate::registry::Registry;

/// The name of the file whose metadata hold for every document of its folder and the folders within.
pub const FOLDER_METADATA: &str = "apograph.toml";

/// The name of the file that lists, in the manner of `.gitignore`, what a walk passes over.
pub const IGNORE_FILE: &str = ".apographignore";

/// One input and where its outputs belong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// What messages call it: the path as the user wrote it, or `-`.
    pub name: String,
    /// Where its bytes come from.
    pub origin: Origin,
    /// The output's path below the output folder, without extension.
    pub stem: PathBuf,
    /// The folder that was walked to find it.
    pub root: Option<PathBuf>,
    /// Metadata files that speak of it, the later winning.
    pub metadata: Vec<PathBuf>,
}

/// Where the bytes of an input come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Standard,
    /// Something that can't be read, and what the system said.
    Broken(String),
}

/// Where outputs go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Beside their inputs.
    Beside,
    /// Under a folder, in which the folders of the inputs are mirrored.
    Folder(PathBuf),
    /// To one file.
    File(PathBuf),
    /// To standard output.
    Standard,
}

impl Destination {
    /// What `-o` asks for. A path is a file if exactly one output is to be made, it is no folder, and it has an
    /// extension; otherwise it is a folder.
    ///
    /// # Errors
    /// [`Misuse`] when several outputs would have to go to one place.
    pub fn new(output: Option<&Path>, inputs: &[PathBuf], targets: usize) -> Result<Self, Misuse> {
        let one = targets == 1 && inputs.len() == 1 && !inputs[0].is_dir();
        match output {
            None if inputs.iter().any(|input| is_standard(input)) => {
                if one {
                    return Ok(Self::Standard);
                }
                Err(Misuse::new("several outputs can't go to standard output").hint("name a folder with `-o DIR`"))
            }
            None => match inputs.iter().find(|input| input.is_dir()) {
                Some(folder) => {
                    Err(Misuse::new(format!("`{}` is a folder: where shall the outputs go?", folder.display()))
                        .hint("name another folder with `-o DIR`; the input's folders are mirrored there"))
                }
                None => Ok(Self::Beside),
            },
            Some(path) if is_standard(path) && one => Ok(Self::Standard),
            Some(path) if is_standard(path) => Err(Misuse::new("several outputs can't go to standard output")
                .hint("name one input and one target, or a folder with `-o DIR`")),
            Some(path) => {
                let slash = path.as_os_str().to_string_lossy().ends_with(['/', '\\']);
                let file = one && !slash && !path.is_dir() && path.extension().is_some();
                Ok(if file { Self::File(path.to_owned()) } else { Self::Folder(path.to_owned()) })
            }
        }
    }

    /// Where a job's output with this extension goes; `None` for standard output.
    pub fn path(&self, job: &Job, extension: &str) -> Option<PathBuf> {
        match self {
            Self::Standard => None,
            Self::File(path) => Some(path.clone()),
            Self::Folder(folder) => Some(folder.join(with_extension(&job.stem, extension))),
            Self::Beside => {
                let folder = match &job.origin {
                    Origin::File(path) => path.parent().unwrap_or(Path::new("")),
                    Origin::Standard | Origin::Broken(_) => Path::new(""),
                };
                Some(folder.join(with_extension(&job.stem, extension)))
            }
        }
    }
}

/// Which files of a folder are taken: those that match some `include`, if there are any, and no `exclude`.
#[derive(Clone, Debug, Default)]
pub struct Globs {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl Globs {
    /// Globs in the manner of `.gitignore`.
    ///
    /// # Errors
    /// [`Misuse`] for one that is no glob.
    pub fn new(include: &[String], exclude: &[String]) -> Result<Self, Misuse> {
        let globs = Self { include: include.to_vec(), exclude: exclude.to_vec() };
        globs.under(Path::new("")).map_err(|cause| Misuse::new(format!("not a glob: {cause}")))?;
        Ok(globs)
    }

    fn under(&self, root: &Path) -> Result<ignore::overrides::Override, ignore::Error> {
        let mut globs = ignore::overrides::OverrideBuilder::new(root);
        for glob in &self.include {
            globs.add(glob)?;
        }
        for glob in &self.exclude {
            globs.add(&format!("!{glob}"))?;
        }
        globs.build()
    }
}

/// One of several shares of the inputs, which is the same wherever and whenever it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    /// Which, from 1.
    pub number: u64,
    /// Of how many.
    pub count: u64,
}

impl Shard {
    /// True if the share holds this job: by the hash of its output's path.
    pub fn holds(self, job: &Job) -> bool {
        let hash = blake3::hash(job.stem.to_string_lossy().as_bytes());
        let [a, b, c, d, e, f, g, h, ..] = *hash.as_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h]) % self.count == self.number - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(number, count)| {
            Some(Self { number: number.trim().parse().ok()?, count: count.trim().parse().ok()? })
        });
        parsed
            .filter(|shard| shard.number >= 1 && shard.number <= shard.count)
            .ok_or_else(|| "it is I/N with I from 1 to N, for example 2/4".to_owned())
    }
}

/// The jobs for some inputs, in the order in which they were named, folders sorted by path. Hidden files, what
/// `.apographignore` lists, and whatever lies under the output folder are passed over.
pub fn jobs(inputs: &[PathBuf], destination: &Destination, globs: &Globs, registry: &Registry) -> Vec<Job> {
    let mut jobs = Vec::new();
    for input in inputs {
        if is_standard(input) {
            jobs.push(Job {
                name: "-".to_owned(),
                origin: Origin::Standard,
                stem: PathBuf::from("document"),
                root: None,
                metadata: Vec::new(),
            });
        } else if input.is_dir() {
            walk(input, destination, globs, registry, &mut jobs);
        } else {
            jobs.push(file(input, input.parent().unwrap_or(Path::new(""))));
        }
    }
    part(&mut jobs);
    jobs
}

/// True for `-`, which stands for standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn walk(root: &Path, destination: &Destination, globs: &Globs, registry: &Registry, jobs: &mut Vec<Job>) {
    let out = match destination {
        Destination::Folder(folder) => folder.canonicalize().ok(),
        Destination::Beside | Destination::File(_) | Destination::Standard => None,
    };
    let inside = root.canonicalize().ok();
    let globs = globs.under(root).unwrap_or_else(|_| ignore::overrides::Override::empty());
    // An output folder within the input's is no input; the input's folder itself may well be the output's.
    let out = out.filter(|out| inside.as_ref() != Some(out));
    let walk = ignore::WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .add_custom_ignore_filename(IGNORE_FILE)
        .sort_by_file_path(Path::cmp)
        .filter_entry(move |entry| {
            let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let hidden = folder && out.is_some() && entry.path().canonicalize().ok() == out;
            !hidden && !globs.matched(entry.path(), folder).is_ignore()
        })
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                if readable(entry.path(), registry) {
                    jobs.push(Job { root: Some(root.to_owned()), ..file(entry.path(), root) });
                }
            }
            Ok(_) => {}
            Err(cause) => jobs.push(Job {
                name: root.display().to_string(),
                origin: Origin::Broken(cause.to_string()),
                stem: PathBuf::new(),
                root: None,
                metadata: Vec::new(),
            }),
        }
    }
}

/// True if some reader takes files of this name. JSON is everybody's, so there the content decides.
fn readable(path: &Path, registry: &Registry) -> bool {
    let Some(extension) = path.extension().and_then(|extension| extension.to_str()) else { return false };
    let mut readers = registry.readers().filter(|reader| reader.format().has_extension(extension)).peekable();
    if readers.peek().is_none() {
        return false;
    }
    if !extension.eq_ignore_ascii_case("json") {
        return true;
    }
    let head = head(path);
    readers.any(|reader| reader.recognizes(&head))
}

fn head(path: &Path) -> Vec<u8> {
    use std::io::Read;
    let mut head = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        // What can't be read is reported when its turn comes.
        let _ = file.take(4096).read_to_end(&mut head);
    }
    head
}

fn file(path: &Path, root: &Path) -> Job {
    let below = path.strip_prefix(root).unwrap_or(path);
    let name = below.file_stem().map_or_else(|| OsString::from("document"), OsString::from);
    Job {
        name: path.display().to_string(),
        origin: Origin::File(path.to_owned()),
        stem: below.parent().unwrap_or(Path::new("")).join(name),
        root: None,
        metadata: metadata(path, root),
    }
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

/// Gives inputs whose outputs would collide (`a.txt` and `a.xml`) their whole names: `a.txt.md`, `a.xml.md`.
/// Names that differ only by case collide too, since many file systems take them for one.
fn part(jobs: &mut [Job]) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for job in jobs.iter() {
        *counts.entry(key(&job.stem)).or_default() += 1;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for job in jobs.iter_mut() {
        if counts.get(&key(&job.stem)).copied().unwrap_or_default() < 2 {
            continue;
        }
        if let Origin::File(path) = &job.origin
            && let Some(extension) = path.extension()
        {
            job.stem = with_extension(&job.stem, &extension.to_string_lossy());
        }
        let times = seen.entry(key(&job.stem)).or_default();
        *times += 1;
        if *times > 1 {
            job.stem = with_extension(&job.stem, &times.to_string());
        }
    }
}

fn key(stem: &Path) -> String {
    stem.to_string_lossy().to_lowercase()
}

/// Adds an extension behind whatever dots the name has: `No. 12` becomes `No. 12.xml`.
fn with_extension(stem: &Path, extension: &str) -> PathBuf {
    let mut path = stem.as_os_str().to_owned();
    path.push(".");
    path.push(extension);
    PathBuf::from(path)
}

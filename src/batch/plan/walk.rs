//! What lies in the folders that the user named. In: paths. Out: files in a stable order, one after the other.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Destination, IGNORE_FILE, is_standard};
use crate::batch::Misuse;
use crate::registry::Registry;

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

/// A folder that was named, or the folder of a file that was named.
#[derive(Debug, PartialEq, Eq)]
pub struct Root {
    /// As the user wrote it.
    pub path: PathBuf,
    /// Without links, from the file system's root; `None` if the system doesn't say.
    pub canonical: Option<PathBuf>,
    /// True if the folder was walked, so that files that are missing in it are gone.
    pub walked: bool,
}

impl Root {
    fn new(path: &Path, walked: bool) -> Arc<Self> {
        let folder = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        Arc::new(Self { path: path.to_owned(), canonical: folder.canonicalize().ok(), walked })
    }
}

/// Something that was named, or found in a folder that was named.
#[derive(Clone, Debug)]
pub(super) enum Found {
    /// A file.
    File { path: PathBuf, root: Arc<Root> },
    /// A folder: one that was named, or one within it.
    Folder { path: PathBuf, root: Arc<Root> },
    /// Standard input.
    Standard,
    /// Something that can't be read, and what the system said.
    Broken { name: String, message: String },
}

/// Everything that some inputs lead to, in the order in which they were named, folders sorted by path. Hidden files,
/// what `.apographignore` lists, and whatever lies under the output folder are passed over. Links within a folder are
/// not followed.
pub(super) fn found<'p>(
    inputs: &'p [PathBuf],
    destination: &'p Destination,
    globs: &'p Globs,
    registry: &'p Registry,
) -> impl Iterator<Item = Found> + Send + 'p {
    inputs.iter().flat_map(move |input| -> Box<dyn Iterator<Item = Found> + Send + 'p> {
        if is_standard(input) {
            Box::new(std::iter::once(Found::Standard))
        } else if input.is_dir() {
            Box::new(walk(input, destination, globs, registry))
        } else {
            let root = Root::new(input.parent().unwrap_or(Path::new("")), false);
            Box::new(std::iter::once(Found::File { path: input.clone(), root }))
        }
    })
}

fn walk<'p>(
    folder: &Path,
    destination: &Destination,
    globs: &Globs,
    registry: &'p Registry,
) -> impl Iterator<Item = Found> + Send + 'p {
    let root = Root::new(folder, true);
    let out = match destination {
        Destination::Folder(folder) => folder.canonicalize().ok(),
        Destination::Beside | Destination::File(_) | Destination::Standard => None,
    };
    let globs = globs.under(folder).unwrap_or_else(|_| ignore::overrides::Override::empty());
    // An output folder within the input's is no input; the input's folder itself may well be the output's.
    let out = out.filter(|out| root.canonical.as_ref() != Some(out));
    let walk = ignore::WalkBuilder::new(folder)
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
    walk.filter_map(move |entry| {
        let entry = match entry {
            Ok(entry) => entry,
            Err(cause) => {
                let name = root.path.display().to_string();
                return Some(Found::Broken { name, message: cause.to_string() });
            }
        };
        let kind = entry.file_type()?;
        let root = Arc::clone(&root);
        if kind.is_dir() {
            return Some(Found::Folder { path: entry.into_path(), root });
        }
        (kind.is_file() && readable(entry.path(), registry)).then(|| Found::File { path: entry.into_path(), root })
    })
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

/// The first bytes of a file; fewer or none if it can't be read, which is reported when its turn comes.
pub(super) fn head(path: &Path) -> Vec<u8> {
    use std::io::Read;
    let mut head = Vec::new();
    if let Ok(file) = std::fs::File::open(path) {
        let _ = file.take(4096).read_to_end(&mut head);
    }
    head
}

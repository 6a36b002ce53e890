//! Where outputs go. In: what `-o` says. Out: a path for each output of a job.

use std::path::{Path, PathBuf};

use super::{Job, Origin, is_standard, with_extension};
use crate::batch::Misuse;

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
                    Origin::File(path) | Origin::Part { source: path, .. } => path.parent().unwrap_or(Path::new("")),
                    Origin::Standard | Origin::Broken(_) => Path::new(""),
                };
                Some(folder.join(with_extension(&job.stem, extension)))
            }
        }
    }

    /// True if one input may have many outputs of one format.
    pub fn takes_many(&self) -> bool {
        matches!(self, Self::Beside | Self::Folder(_))
    }
}

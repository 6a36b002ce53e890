//! What a format is called, and what its files look like from outside.

use serde::Serialize;

/// A format that a reader takes or a writer gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Format {
    /// The name on the command line: `tei`.
    pub name: &'static str,
    /// File extensions without the dot; a writer's files get the first.
    pub extensions: &'static [&'static str],
    /// IANA media type.
    pub media_type: &'static str,
    /// One line for people.
    pub summary: &'static str,
    /// Whether an output is one file or a zip archive of files.
    pub packaging: Packaging,
}

/// How the files of an output are kept together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Packaging {
    /// One principal file, and perhaps others beside it (images).
    Single,
    /// A zip archive in which an entry called `mimetype`, if there is one, stands first and stored (OCF 3.3 §4.3).
    Archive,
}

impl Format {
    /// True if a file with this extension (no dot, any case) may be of this format.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.extensions.iter().any(|known| known.eq_ignore_ascii_case(extension))
    }
}

//! Schemas: the bytes of an output in, diagnostics out. A second witness, which knows neither the model nor
//! the writer.

pub mod epub;
mod markdown;
pub mod relaxng;
mod report;
mod tei;

pub use epub::Epub;
pub use markdown::Markdown;
pub use tei::{RULES, Rule, Tei};

use crate::diagnostic::Log;
use crate::output::Memory;

/// Checks the files of one output.
pub trait Schema: Send + Sync {
    /// The format whose outputs it checks.
    fn format(&self) -> &'static str;

    /// What people call it: `TEI P5, profile of this program`.
    fn name(&self) -> &str;

    /// Which versions of which standards it knows: `EPUB 3.3`.
    fn version(&self) -> &str {
        self.name()
    }

    /// Checks the files of one output; each fault is an error in the log. For an archive the files are its
    /// entries.
    fn check(&self, output: &Memory, log: &mut Log);

    /// Checks a file as it came: an archive with the details of its form. Files that can't be read are errors in
    /// the log.
    fn check_file(&self, bytes: &[u8], log: &mut Log) {
        self.check(&Memory::single(bytes.to_vec()), log);
    }
}

//! Passes: a document in, the same document with more said about it out. No pass changes a character of the
//! text.

mod correspondence;
mod dates;
mod names;
mod references;
mod runs;
mod source;

pub use correspondence::Correspondents;
pub use dates::Dates;
pub use names::{Names, Terms};
pub use references::References;
pub use source::{Source, location};

use crate::diagnostic::Log;
use crate::model::Document;
use crate::source::Input;

/// Adds what a reader can't know from the bytes alone.
pub trait Pass: Send + Sync {
    /// Its name on the command line.
    fn name(&self) -> &'static str;

    /// What it adds, in a few words.
    fn summary(&self) -> &'static str {
        ""
    }

    /// True if the user has asked for it by giving it what it needs: then it runs on documents, too, of which editors
    /// have said themselves what they mean.
    fn is_asked_for(&self) -> bool {
        false
    }

    /// Does its work on one document.
    fn run(&self, document: Document, log: &mut Log) -> Document;

    /// Does its work on one document, of which is known what it was read from and what else is in the run. By default
    /// that makes no difference.
    fn run_among(&self, document: Document, input: &Input<'_>, log: &mut Log) -> Document {
        let _ = input;
        self.run(document, log)
    }
}

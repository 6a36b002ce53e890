//! Writers: a document in, named files out. Each format has a folder of its own and knows only the model.

pub mod epub;
pub mod json;
pub mod markdown;
pub mod tei;

use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::Format;
use crate::model::Document;
use crate::output::Output;

/// Turns a document into files of one format.
pub trait Writer: Send + Sync {
    /// What it writes.
    fn format(&self) -> Format;

    /// Writes one document. What the format can't say goes to the log as a loss.
    ///
    /// # Errors
    /// A [`Failure`] where the output refuses.
    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure>;

    /// True if a document with a frame ([`Document::frame`]) is written as its source was, valid or not. The
    /// bundled schema is that of what a writer makes of its own accord.
    fn keeps_frame(&self) -> bool {
        false
    }

    /// True if what is written follows another schema than the bundled one of the format.
    fn follows_another_schema(&self) -> bool {
        false
    }
}

//! Readers: bytes in, a document out. Each format has a folder of its own and knows only the model.

pub mod epub;
pub mod json;
pub mod markdown;
mod parts;
pub mod tei;
pub mod transcript;

pub use parts::{Part, Parts, Source};

use crate::decisions::Decisions;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::Format;
use crate::model::Document;
use crate::source::{Input, Span};

/// Turns bytes of one format into a document.
pub trait Reader: Send + Sync {
    /// What it reads.
    fn format(&self) -> Format;

    /// True if the first bytes of an input look like this format. Asked when the file's name doesn't settle it,
    /// in the order of registration.
    fn recognizes(&self, head: &[u8]) -> bool {
        let _ = head;
        false
    }

    /// True if any plain text is this format's. Asked of an input that nothing else says a word about: no other
    /// reader recognizes it, and it has no name that ends in an extension.
    fn takes_any_text(&self) -> bool {
        false
    }

    /// Reads one input. What looks wrong goes to the log; what was taken as markup is declared there too
    /// ([`Log::took`]).
    ///
    /// # Errors
    /// A [`Failure`] where nothing sensible can be made of the input.
    fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Document, Failure>;

    /// Reads one input as an editor decided: as [`Self::read`], with decisions on what the reader chooses among
    /// ([`Decision::is_for_reader`]). By default there is no choice, and such decisions have no object.
    ///
    /// # Errors
    /// As [`Self::read`].
    ///
    /// [`Decision::is_for_reader`]: crate::decisions::Decision::is_for_reader
    fn read_decided(&self, input: &Input<'_>, decisions: &Decisions, log: &mut Log) -> Result<Document, Failure> {
        for decision in decisions.all.iter().filter(|decision| decision.is_for_reader()) {
            let why = format!("in {} the source itself says it", self.format().name);
            decision.tell_stale(Span::default(), &why, log);
        }
        self.read(input, log)
    }

    /// The documents of a source that may hold many, one after the other; `None` if the format has no such sources.
    /// A source that turns out to hold one document has one part.
    ///
    /// Large sources are read so: what is held at a time is one document, never the source.
    fn parts(&self, source: Source) -> Option<Parts> {
        let _ = source;
        None
    }
}

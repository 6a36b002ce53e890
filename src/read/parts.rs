//! Sources that hold many documents, taken apart without ever being held whole.

use std::io::BufRead;

use crate::failure::Failure;

/// One document of a source that holds many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// All that a reader needs to read the document for itself.
    pub bytes: Vec<u8>,
    /// How many lines of the source stand before the first line of `bytes`.
    pub line: u32,
}

/// The documents of a source in their order. What can't be taken apart ends with a failure; the documents before it
/// are whole.
pub type Parts = Box<dyn Iterator<Item = Result<Part, Failure>> + Send>;

/// Where the bytes of a source come from.
pub type Source = Box<dyn BufRead + Send>;

//! The one resource of the package that no reading system shows: what is known about the document and what stood
//! round its text, whole.

use std::borrow::Cow;
use std::io;

use crate::epub::Frame;
use crate::model::Document;

/// The resource as JSON.
pub(super) fn frame(document: &Document) -> io::Result<Vec<u8>> {
    let metadata = Cow::Borrowed(&document.metadata);
    let frame = Frame { metadata, frame: document.frame.as_deref().map(Cow::Borrowed) };
    let mut bytes = serde_json::to_vec(&frame)?;
    bytes.push(b'\n');
    Ok(bytes)
}

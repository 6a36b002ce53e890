//! The one resource of the package that no reading system shows: what is known about the document and what stood
//! round its text, whole.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;

use crate::diagnostic::{Code, Log};
use crate::epub::Frame;
use crate::model::Document;
use crate::source::Span;
use crate::xml::Element;

const NOT_SHOWN: Code = Code("frame.not-shown");

/// Says what stood beside the text and is on no page of the book: facsimiles, stand-off annotation, and so many
/// descriptions of manuscripts.
pub(super) fn report(document: &Document, undescribed: usize, log: &mut Log) {
    let mut hidden = BTreeMap::new();
    if undescribed > 0 {
        hidden.insert("msDesc", undescribed);
    }
    if let Some(frame) = &document.frame {
        besides(&frame.root, &mut hidden);
    }
    for (name, count) in hidden {
        let times = if count == 1 { String::new() } else { format!(" ({count} times)") };
        let message = format!("`{name}`{times} stands beside the text: no page of the book shows it");
        log.loss(NOT_SHOWN, Span::default(), message).hint("the book keeps it for the way back to TEI");
    }
}

/// What is neither header nor text in the root, or in one of several documents in it.
fn besides<'e>(root: &'e Element, hidden: &mut BTreeMap<&'e str, usize>) {
    for element in root.elements().filter(|_| !root.name.is_plain("text")) {
        match element.name.local.as_str() {
            "TEI" | "teiCorpus" => besides(element, hidden),
            "teiHeader" | "text" => {}
            _ if element.children.is_empty() => {}
            name => *hidden.entry(name).or_default() += 1,
        }
    }
}

/// The resource as JSON.
pub(super) fn frame(document: &Document) -> io::Result<Vec<u8>> {
    let metadata = Cow::Borrowed(&document.metadata);
    let frame = Frame { metadata, frame: document.frame.as_deref().map(Cow::Borrowed) };
    let mut bytes = serde_json::to_vec(&frame)?;
    bytes.push(b'\n');
    Ok(bytes)
}

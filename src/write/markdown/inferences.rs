//! What was inferred: the text says by which rule and how certainly, the front matter why, once for each rule. Notes
//! that are called are told in the front matter, by their labels, so that the text is not full of it.

use std::borrow::Cow;

use super::inline::is_found_by_pass;
use crate::markdown::front::Inferred;
use crate::markdown::labels::{is_rangeable, ranges};
use crate::model::{Document, Inference, Note};

/// The first inference of each rule and certainty, in the order of the text, and the notes that it is about.
pub(super) fn of(document: &Document, notes: &[&Note], labels: &[String]) -> Vec<Inferred> {
    let mut inferred: Vec<Inferred> = Vec::new();
    document.each_tag(|tag| {
        if let Some(inference) = tag.inference.as_deref().filter(|_| !is_found_by_pass(tag))
            && !inferred.iter().any(|known| known.covers(inference))
        {
            inferred.push(Inferred {
                rule: inference.rule.to_string(),
                certainty: inference.certainty,
                because: inference.because.to_string(),
                notes: String::new(),
            });
        }
    });
    for at in 0..inferred.len() {
        let about = |note: &Note| note.tag.inference.as_deref().is_some_and(|it| is_told(it, &inferred[at..=at]));
        let labels = notes.iter().zip(labels).filter(|(note, _)| about(note)).map(|(_, label)| label.as_str());
        inferred[at].notes = ranges(labels);
    }
    inferred
}

/// The document without the reasons that the front matter tells.
pub(super) fn shortened<'d>(document: Cow<'d, Document>, inferred: &[Inferred]) -> Cow<'d, Document> {
    if inferred.is_empty() {
        return document;
    }
    let mut document = document.into_owned();
    document.each_tag_mut(|tag| {
        if let Some(inference) = tag.inference.as_mut().filter(|inference| is_told(inference, inferred)) {
            inference.because = Cow::Borrowed("");
        }
    });
    Cow::Owned(document)
}

fn is_told(inference: &Inference, inferred: &[Inferred]) -> bool {
    inferred.iter().any(|known| known.covers(inference) && known.because == inference.because)
}

/// Whether the front matter says of a note, in a document that is [`shortened`], what was inferred.
pub(super) fn is_told_by_label(note: &Note, label: &str) -> bool {
    note.tag.inference.as_ref().is_some_and(|inference| inference.because.is_empty()) && is_rangeable(label)
}

//! The one resource of the package that no reading system shows: what was known about the document and what stood
//! round its text. What the package document says since then wins.

use crate::diagnostic::{Code, Log};
use crate::epub::archive::Archive;
use crate::epub::package::{self, BROKEN, Package};
use crate::epub::{FRAME_PATH, Frame};
use crate::failure::Failure;
use crate::model::{Document, Metadata};
use crate::source::Span;

const EDITED: Code = Code("epub.metadata-edited");

/// Gives a document its metadata and its frame.
pub(super) fn apply(
    archive: &Archive<'_>,
    package: &Package,
    said: Metadata,
    document: &mut Document,
    log: &mut Log,
) -> Result<(), Failure> {
    let record = package.records.iter().find(|path| path.rsplit('/').next() == Some(FRAME_PATH));
    let bytes = match record {
        Some(path) => package::file(archive, path, log)?.map(|bytes| (path, bytes)),
        None => None,
    };
    document.metadata = said;
    let Some((path, bytes)) = bytes else {
        without_prefixes(document);
        return Ok(());
    };
    match serde_json::from_slice::<Frame<'_>>(&bytes) {
        Ok(frame) => {
            let kept = frame.metadata.into_owned();
            document.metadata = amended(kept, std::mem::take(&mut document.metadata), log);
            document.frame = frame.frame.map(|frame| Box::new(frame.into_owned()));
        }
        Err(fault) => {
            let message = format!("`{path}`: {fault}; what stood round the text can't be restored");
            log.warning(BROKEN, Span::default(), message);
            without_prefixes(document);
        }
    }
    Ok(())
}

/// Attributes of other namespaces stay only in the file that declares them.
fn without_prefixes(document: &mut Document) {
    document.each_tag_mut(|tag| {
        let is_ours = |namespace: &std::sync::Arc<crate::model::Namespace>| namespace.uri == crate::xml::parse::XML;
        tag.attributes.0.retain(|attribute| attribute.name.namespace.as_ref().is_none_or(is_ours));
    });
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What was kept, with what the package document says otherwise.
fn amended(mut kept: Metadata, said: Metadata, log: &mut Log) -> Metadata {
    let mut changed = Vec::new();
    let mut text = |what: &'static str, kept: &mut String, said: &str| {
        if !kept.trim().is_empty() && folded(kept) != said && !said.is_empty() {
            changed.push(what);
            *kept = said.to_owned();
        }
    };
    text("title", &mut kept.title.main, &said.title.main);
    let optional = [
        ("subtitle", &mut kept.title.subtitle, &said.title.subtitle),
        ("publisher", &mut kept.publication.publisher, &said.publication.publisher),
        ("description", &mut kept.description, &said.description),
    ];
    for (what, kept, said) in optional {
        if let (Some(kept), Some(said)) = (kept, said) {
            text(what, kept, said);
        }
    }
    let names = |metadata: &Metadata| -> Vec<String> {
        let named = metadata.agents.iter().map(|agent| folded(&agent.name)).filter(|name| !name.is_empty());
        let mut names: Vec<_> = named.collect();
        names.sort();
        names.dedup();
        names
    };
    if names(&kept) != names(&said) && !said.agents.is_empty() {
        changed.push("creators");
        kept.agents = said.agents;
    }
    if !changed.is_empty() {
        let message = format!("the package document says otherwise, and is believed: {}", changed.join(", "));
        log.warning(EDITED, Span::default(), message);
    }
    kept
}

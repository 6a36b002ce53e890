//! One source in; out comes its text beside what was made of it, with everything on which an editor can decide, and
//! what was decided.

mod items;
mod source;
mod tree;

use serde::Serialize;

use super::plan::Plan;
use super::{Refusal, Request, Upload};
use crate::batch::finding::{Finding, Places};
use crate::batch::outcome::{self, Counts};
use crate::decisions::Decisions;
use crate::decisions::ground::Ground;
use crate::decisions::survey::{Site, survey};
use crate::diagnostic::Log;
use crate::model::Document;
use crate::registry::Registry;
use crate::source::{Input, decode};
use items::{Decided, Item, Offsets, Source};
use tree::Reconstruction;

/// The longest text that is shown, in bytes: a page shows all of it at once.
const LONGEST: usize = 4 << 20;

/// A source beside what was made of it.
#[derive(Serialize)]
pub struct Review {
    name: String,
    format: &'static str,
    /// The text in which everything has its place: that of the source; for formats whose characters can't be followed,
    /// that of the document.
    text: String,
    of_source: bool,
    /// For such formats the source, if it is a text and the document knows where in it its blocks stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// True if the text of source and document was compared and is the same.
    conserved: bool,
    items: Vec<Item>,
    document: Reconstruction,
    decided: Vec<Decided>,
    decisions: Decisions,
    /// The decisions as a file.
    toml: String,
    findings: Vec<Finding>,
    counts: Counts,
}

/// One source of a request beside what is made of it.
///
/// # Errors
/// A [`Refusal`] if the request makes no sense or the source can't be read or shown.
pub fn review(registry: &Registry, asked: &Request<'_>) -> Result<Review, Refusal> {
    let file = asked.files.first().filter(|_| asked.files.len() == 1);
    let file = file.ok_or_else(|| Refusal::request("one source is reviewed at a time"))?;
    let mut decisions = asked.decisions(file.name)?;
    decisions.version = crate::decisions::VERSION;
    decisions.source = file.name.rsplit('/').next().map(str::to_owned);
    review_of(registry, &Plan::of(registry, asked)?, file, decisions)
}

fn review_of(registry: &Registry, plan: &Plan, file: &Upload<'_>, decisions: Decisions) -> Result<Review, Refusal> {
    let places = Places::new(file.name, file.bytes);
    let mut log = Log::new();
    let conversion = plan.conversion(registry);
    let input = Input::new(file.name, file.bytes);
    let read = conversion.read_decided(&input, &decisions, &mut log, |document| document);
    let read = read.map_err(|failure| Refusal::failure(file.name, &failure, &places))?;
    let ground = Ground::new(read.format, file.bytes, &read.document, &log);
    if ground.text.len() > LONGEST {
        let detail = format!("{}: more than {} MiB of text can't be shown at once", file.name, LONGEST >> 20);
        return Err(Refusal::document(detail));
    }
    let sites = survey(&read.document, &ground).unwrap_or_default();
    let source = source_of(&ground, &sites, &read.document, file.bytes);
    let offsets = Offsets::of(&ground.text);
    let (mut counts, _) = outcome::look_over(&read.document);
    counts.characters = read.characters.unwrap_or_default();
    let failed = log.diagnostics().iter().any(|diagnostic| diagnostic.code.0 == "text.not-conserved");
    Ok(Review {
        name: file.name.to_owned(),
        format: read.format,
        of_source: ground.of_source,
        conserved: read.characters.is_some() && !failed,
        items: items::items(&sites, &ground, &offsets, &read.document, source.as_ref()),
        document: Reconstruction::of(&read.document, &sites),
        decided: items::decided(&decisions, &ground, &offsets, &log),
        toml: decisions.to_toml(),
        decisions,
        findings: log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect(),
        counts,
        text: ground.text,
        source: source.map(|source| source.text),
    })
}

/// The source of a document that is not its own ground.
fn source_of(ground: &Ground, sites: &[Site<'_>], document: &Document, bytes: &[u8]) -> Option<Source> {
    if ground.of_source || bytes.len() > LONGEST || bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    let text = decode(bytes).text.into_owned();
    let located = source::locate(document, sites, &ground.text, &text)?;
    Some(Source::new(text, located))
}

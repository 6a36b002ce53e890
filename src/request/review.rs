//! `POST /api/review`: one source in; out comes its text beside what was made of it, with everything on which an editor
//! can decide, and what was decided.

mod items;
mod tree;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use super::convert::{Plan, decisions, json};
use super::problem::Problem;
use super::request::{Asked, Upload};
use super::{Shared, Shares};
use crate::batch::finding::{Finding, Places};
use crate::batch::outcome::{self, Counts};
use crate::decisions::Decisions;
use crate::decisions::ground::Ground;
use crate::decisions::survey::survey;
use crate::diagnostic::Log;
use crate::source::Input;
use items::{Decided, Item, Offsets};
use tree::Reconstruction;

/// The options that are understood.
const OPTIONS: &[&str] = &["decisions", "enrich", "from", "name", "profile"];

/// The longest text that is shown, in bytes: a page shows all of it at once.
const LONGEST: usize = 4 << 20;

#[derive(Serialize)]
struct Review<'a> {
    name: &'a str,
    format: &'static str,
    /// The text of the source; for formats whose characters can't be followed, that of the document.
    text: &'a str,
    of_source: bool,
    /// True if the text of source and document was compared and is the same.
    conserved: bool,
    items: Vec<Item>,
    document: Reconstruction,
    decided: Vec<Decided>,
    decisions: &'a Decisions,
    /// The decisions as a file.
    toml: String,
    findings: Vec<Finding>,
    counts: Counts,
}

/// `POST /api/review`.
pub(super) async fn review(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let asked = Asked::read(&shared, request, OPTIONS).await?;
    let work = Shares::clone(&shared);
    shared.desk.work(move || answer(&work, &asked)).await
}

fn answer(shared: &Shared, asked: &Asked) -> Result<Response, Problem> {
    let file = asked.files.first().filter(|_| asked.files.len() == 1);
    let file = file.ok_or_else(|| Problem::bad_request("one source is reviewed at a time"))?;
    let mut decisions = decisions(asked, &file.name)?;
    decisions.version = crate::decisions::VERSION;
    decisions.source = file.name.rsplit('/').next().map(str::to_owned);
    review_of(shared, &Plan::of(shared, asked)?, file, &decisions)
}

fn review_of(shared: &Shared, plan: &Plan, file: &Upload, decisions: &Decisions) -> Result<Response, Problem> {
    let places = Places::new(&file.name, &file.bytes);
    let mut log = Log::new();
    let conversion = plan.conversion(shared);
    let input = Input::new(&file.name, &file.bytes);
    let read = conversion.read_decided(&input, decisions, &mut log, |document| document);
    let read = read.map_err(|failure| Problem::failure(&file.name, &failure, &places))?;
    let ground = Ground::new(read.format, &file.bytes, &read.document, &log);
    if ground.text.len() > LONGEST {
        let detail = format!("{}: more than {} MiB of text can't be shown at once", file.name, LONGEST >> 20);
        return Err(Problem::document(detail, Vec::new()));
    }
    let sites = survey(&read.document, &ground).unwrap_or_default();
    let offsets = Offsets::of(&ground.text);
    let (mut counts, _) = outcome::look_over(&read.document);
    counts.characters = read.characters.unwrap_or_default();
    let failed = log.diagnostics().iter().any(|diagnostic| diagnostic.code.0 == "text.not-conserved");
    json(&Review {
        name: &file.name,
        format: read.format,
        text: &ground.text,
        of_source: ground.of_source,
        conserved: read.characters.is_some() && !failed,
        items: items::items(&sites, &ground, &offsets, &read.document),
        document: Reconstruction::of(&read.document, &sites),
        decided: items::decided(decisions, &ground, &offsets, &log),
        decisions,
        toml: decisions.to_toml(),
        findings: log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect(),
        counts,
    })
}

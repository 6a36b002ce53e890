//! Documents in, the outputs asked for out, with all that was noticed.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::plan::Plan;
use super::{Refusal, Request, Upload};
use crate::batch::finding::{Finding, Places};
use crate::batch::outcome::{self, Counts, Doubt, Outcome, Output, Status, Tally};
use crate::convert::Written;
use crate::diagnostic::Log;
use crate::explain::{Inferred, inferences};
use crate::format::{Format, Packaging};
use crate::model::Certainty;
use crate::registry::Registry;
use crate::source::Input;

/// How many inferences of a document are told.
const TOLD: usize = 5000;

/// The files of one output.
#[derive(Debug, Serialize)]
pub struct Content {
    /// The format's name.
    pub format: &'static str,
    /// The source's path with the format's extension.
    pub name: String,
    /// IANA media type.
    pub media_type: &'static str,
    /// Whether the text read back is the document's. Absent if it was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conserved: Option<bool>,
    /// The output itself, and what stands beside it.
    pub files: Vec<Part>,
}

/// One file of an output: text as it is, all else in base64.
#[derive(Debug, Serialize)]
pub struct Part {
    /// Its path beside the output; empty for the output itself.
    pub path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip)]
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// What became of one document.
#[derive(Debug, Serialize)]
pub struct Converted {
    #[serde(flatten)]
    /// How it fared.
    pub outcome: Outcome,
    /// What was inferred, in the order of the text; of very many the first.
    pub inferences: Vec<Inference>,
    /// What was made of it.
    pub contents: Vec<Content>,
}

/// One inference, on its own.
#[derive(Debug, Serialize)]
pub struct Inference {
    line: Option<u32>,
    column: Option<u32>,
    rule: String,
    certainty: Certainty,
    what: String,
    because: String,
}

/// What became of all.
#[derive(Debug, Serialize)]
pub struct Report {
    /// In the order in which they were sent.
    pub documents: Vec<Converted>,
}

/// Converts all documents of a request to all formats that it asks for.
///
/// # Errors
/// A [`Refusal`] if the request makes no sense, holds no document, or nothing came of any.
pub fn convert(registry: &Registry, asked: &Request<'_>) -> Result<Report, Refusal> {
    let plan = Plan::of(registry, asked)?;
    let targets = targets(registry, asked)?;
    let documents: Vec<&Upload<'_>> = asked.documents().collect();
    if documents.is_empty() {
        return Err(Refusal::request("no document was sent, only files that go with one"));
    }
    let one = |(number, file): (usize, &&Upload<'_>)| one(registry, &plan, &targets, file, number, asked);
    let report = Report { documents: documents.iter().enumerate().map(one).collect::<Result<_, _>>()? };
    match report.documents.iter().all(|document| document.contents.is_empty()) {
        true => Err(report.refused()),
        false => Ok(report),
    }
}

impl Report {
    /// What is said where a report is not what was asked for.
    pub fn refused(&self) -> Refusal {
        let names: Vec<_> = self.documents.iter().map(|document| document.outcome.input.as_str()).collect();
        let findings = self.documents.iter().flat_map(|document| document.outcome.findings.iter().cloned());
        Refusal::Document { detail: format!("{}: not converted", names.join(", ")), diagnostics: findings.collect() }
    }
}

/// The formats asked for, each once; TEI if none is.
///
/// # Errors
/// A [`Refusal::Request`] for one that can't be written.
pub fn targets(registry: &Registry, asked: &Request<'_>) -> Result<Vec<Format>, Refusal> {
    let mut formats: Vec<Format> = Vec::new();
    for name in asked.list("to") {
        let format = registry.writer(&name).map_err(|unknown| Refusal::request(unknown.to_string()))?.format();
        if !formats.iter().any(|known| known.name == format.name) {
            formats.push(format);
        }
    }
    if formats.is_empty() {
        formats.push(registry.writer("tei").map_err(|unknown| Refusal::request(unknown.to_string()))?.format());
    }
    Ok(formats)
}

fn one(
    registry: &Registry,
    plan: &Plan,
    targets: &[Format],
    file: &Upload<'_>,
    number: usize,
    asked: &Request<'_>,
) -> Result<Converted, Refusal> {
    let decisions = asked.decisions(file.name)?;
    let conversion = plan.conversion(registry);
    let places = Places::new(file.name, file.bytes);
    let (mut log, mut amended) = (Log::new(), Log::new());
    let mut outcome = Outcome::new(file.name, number);
    let amend = |document| plan.settings.apply(document, &mut amended);
    let read = match conversion.read_decided(&Input::new(file.name, file.bytes), &decisions, &mut log, amend) {
        Ok(read) => read,
        Err(failure) => {
            outcome.findings = log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect();
            outcome.findings.push(Finding::failure(&failure, &places));
            outcome.status = Status::Failed;
            outcome.close(Tally::default());
            return Ok(Converted { outcome, inferences: Vec::new(), contents: Vec::new() });
        }
    };
    log.append(amended);
    outcome.format = Some(read.format.into());
    let mut contents = Vec::new();
    for format in targets {
        match conversion.write(&read, format.name, &mut log) {
            Ok(written) => contents.push(content(file.name, format, written)),
            Err(failure) => outcome.findings.push(Finding::failure(&failure, &Places::default())),
        }
    }
    let (counts, doubts) = outcome::look_over(&read.document);
    let (kept, omitted) = outcome::gravest(log.diagnostics());
    outcome.findings.splice(0..0, kept.into_iter().map(|diagnostic| Finding::of(diagnostic, &places)));
    outcome.doubts = doubts.into_iter().map(|(doubt, span)| Doubt::new(doubt, span, &places)).collect();
    outcome.counts = Counts { characters: read.characters.unwrap_or_default(), ..counts };
    outcome.outputs = contents.iter().map(output).collect();
    outcome.close(omitted);
    let rows = inferences(&read.document, &places);
    Ok(Converted { outcome, inferences: rows.iter().take(TOLD).map(Inference::of).collect(), contents })
}

impl Inference {
    fn of(row: &Inferred<'_>) -> Self {
        Self {
            line: row.line,
            column: row.column,
            rule: row.rule.to_owned(),
            certainty: row.certainty,
            what: row.what.clone(),
            because: row.because.to_owned(),
        }
    }
}

fn output(content: &Content) -> Output {
    Output {
        format: content.format.into(),
        path: content.name.clone(),
        bytes: content.files.first().map_or(0, |part| part.bytes.len()),
        conserved: content.conserved,
    }
}

fn content(source: &str, format: &Format, written: Written) -> Content {
    let name = Path::new(source).with_extension(written.extension).to_string_lossy().into_owned();
    let files = written.files.files().map(|(path, bytes)| {
        let text = std::str::from_utf8(bytes).ok().filter(|_| format.packaging == Packaging::Single);
        Part {
            path: path.to_owned(),
            text: text.map(str::to_owned),
            base64: text.is_none().then(|| STANDARD.encode(bytes)),
            bytes: bytes.to_vec(),
        }
    });
    let files = files.collect();
    Content { format: format.name, name, media_type: format.media_type, conserved: written.conserved, files }
}

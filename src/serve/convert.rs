//! `POST /api/convert`: documents in, the outputs asked for out, with all that was noticed.

use std::path::Path;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::problem::Problem;
use super::request::{Asked, Upload};
use super::{Shared, Shares};
use crate::batch::amend::Amendment;
use crate::batch::finding::{Finding, Places};
use crate::batch::outcome::{self, Counts, Doubt, Outcome, Output, Status, Tally};
use crate::convert::{Conversion, Written};
use crate::decisions::Decisions;
use crate::diagnostic::Log;
use crate::explain::{Inferred, inferences};
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Certainty;
use crate::output::Memory;
use crate::read::transcript::{Profile, Transcript};
use crate::registry::Registry;
use crate::source::Input;
use crate::write::epub::{Epub, Notes, Theme};
use crate::write::tei;

/// The options that are understood.
const OPTIONS: &[&str] =
    &["as", "decisions", "enrich", "from", "name", "notes", "profile", "set", "tei-profile", "theme", "to"];

/// How many inferences of a document are told.
const TOLD: usize = 5000;

/// What becomes of the outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    /// They stand in a report, in JSON.
    Report,
    /// The one output, as it is.
    File,
    /// All outputs in an archive.
    Zip,
}

/// The files of one output.
#[derive(Serialize)]
struct Content {
    format: &'static str,
    name: String,
    media_type: &'static str,
    /// Absent if it was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    conserved: Option<bool>,
    files: Vec<Part>,
}

/// One file of an output: text as it is, all else in base64.
#[derive(Serialize)]
struct Part {
    /// Its path beside the output; empty for the output itself.
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip)]
    bytes: Vec<u8>,
}

/// What became of one document.
#[derive(Serialize)]
struct Converted {
    #[serde(flatten)]
    outcome: Outcome,
    inferences: Vec<Inference>,
    contents: Vec<Content>,
}

/// One inference, on its own.
#[derive(Serialize)]
struct Inference {
    line: Option<u32>,
    column: Option<u32>,
    rule: String,
    certainty: Certainty,
    what: String,
    because: String,
}

#[derive(Serialize)]
struct Report {
    documents: Vec<Converted>,
}

/// How the documents of a request are converted.
pub(super) struct Plan {
    pub from: Option<String>,
    pub enrich: Option<Vec<String>>,
    pub settings: Amendment,
    /// With readers and writers that do as they are told; none if they do as they always do.
    registry: Option<Registry>,
}

impl Plan {
    /// What a request's options say.
    ///
    /// # Errors
    /// 400 for a value that there is not.
    pub(super) fn of(shared: &Shared, asked: &Asked) -> Result<Self, Problem> {
        let unknown = |failure: Failure| Problem::bad_request(failure.to_string());
        let from = asked.one("from", |name| match shared.registry.reader(name) {
            Ok(_) => Ok(name.to_owned()),
            Err(failure) => Err(unknown(failure)),
        })?;
        let enrich = (!asked.all("enrich").is_empty()).then(|| asked.list("enrich"));
        let enrich: Option<Vec<String>> = enrich.map(|names| names.into_iter().filter(|name| name != "none").collect());
        for name in enrich.iter().flatten() {
            shared.registry.pass(name).map_err(unknown)?;
        }
        let settings = Amendment::from_settings(&asked.all("set"));
        let settings = settings.map_err(|misuse| Problem::bad_request(misuse.to_string().replace("--set ", "set=")))?;
        Ok(Self { from, enrich, settings, registry: told(asked)? })
    }

    pub(super) fn conversion<'r>(&'r self, shared: &'r Shared) -> Conversion<'r> {
        let mut conversion = Conversion::new(self.registry.as_ref().unwrap_or(&shared.registry));
        conversion.from.clone_from(&self.from);
        conversion.enrich.clone_from(&self.enrich);
        conversion
    }
}

/// A registry whose readers and writers have options; none if none was given.
fn told(asked: &Asked) -> Result<Option<Registry>, Problem> {
    let profile = asked.one("profile", |name| {
        let known = || Profile::builtin().map(|profile| profile.name).collect::<Vec<_>>().join(", ");
        let missing = || Problem::bad_request(format!("there is no profile `{name}`; there are: {}", known()));
        Profile::named(name).ok_or_else(missing)
    })?;
    let tei_profile = asked.one("tei-profile", |name| {
        tei::Profile::bundled(name).map_err(|unknown| Problem::bad_request(unknown.to_string()))
    })?;
    let notes = asked.one("notes", |word| match word {
        "popup" => Ok(Notes::Popup),
        "chapter" => Ok(Notes::Chapter),
        "book" => Ok(Notes::Book),
        _ => Err(Problem::bad_request("`notes` is one of popup, chapter, book")),
    })?;
    let theme = asked.one("theme", |word| match word {
        "documents" => Ok(Theme::Documents),
        "book" => Ok(Theme::Book),
        "clear" => Ok(Theme::Clear),
        _ => Err(Problem::bad_request("`theme` is one of documents, book, clear")),
    })?;
    if profile.is_none() && tei_profile.is_none() && notes.is_none() && theme.is_none() {
        return Ok(None);
    }
    let mut registry = Registry::builtin();
    if let Some(profile) = profile {
        registry = registry.with_reader(Transcript { profile });
    }
    if tei_profile.is_some() {
        registry = registry.with_writer(tei::Tei { profile: tei_profile, ..tei::Tei::default() });
    }
    let epub = Epub { notes: notes.unwrap_or_default(), theme: theme.unwrap_or_default(), ..Epub::default() };
    Ok(Some(registry.with_writer(epub)))
}

/// `POST /api/convert`.
pub(super) async fn convert(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let asked = Asked::read(&shared, request, OPTIONS).await?;
    let work = Shares::clone(&shared);
    shared.desk.work(move || answer(&work, &asked)).await
}

fn answer(shared: &Shared, asked: &Asked) -> Result<Response, Problem> {
    let plan = Plan::of(shared, asked)?;
    let targets = targets(shared, asked)?;
    let form = asked.one("as", |word| match word {
        "report" => Ok(Answer::Report),
        "file" => Ok(Answer::File),
        "zip" => Ok(Answer::Zip),
        _ => Err(Problem::bad_request("`as` is one of report, file, zip")),
    })?;
    let form = form.unwrap_or(Answer::Report);
    let documents: Vec<&Upload> = asked.files.iter().filter(|file| !is_aside(&file.name)).collect();
    if documents.is_empty() {
        return Err(Problem::bad_request("no document was sent, only files that go with one"));
    }
    if form == Answer::File && (documents.len() > 1 || targets.len() > 1) {
        return Err(Problem::document("`as=file` is for one document and one format", Vec::new()));
    }
    let done: Vec<Converted> = documents
        .iter()
        .enumerate()
        .map(|(number, file)| one(shared, &plan, &targets, file, number, asked))
        .collect::<Result<_, _>>()?;
    let all_failed = done.iter().all(|document| document.contents.is_empty());
    let one_failed = form == Answer::File && done.iter().any(|document| document.outcome.is_bad(false));
    if one_failed || all_failed {
        let names: Vec<_> = done.iter().map(|document| document.outcome.input.as_str()).collect();
        let findings = done.iter().flat_map(|document| document.outcome.findings.iter().cloned());
        return Err(Problem::document(format!("{}: not converted", names.join(", ")), findings.collect()));
    }
    match form {
        Answer::Report => json(&Report { documents: done }),
        Answer::File => file(done),
        Answer::Zip => zip(&done),
    }
}

/// The formats asked for, each once; TEI if none is.
fn targets(shared: &Shared, asked: &Asked) -> Result<Vec<Format>, Problem> {
    let mut formats: Vec<Format> = Vec::new();
    for name in asked.list("to") {
        let writer = shared.registry.writer(&name).map_err(|unknown| Problem::bad_request(unknown.to_string()))?;
        if !formats.iter().any(|known| known.name == name) {
            formats.push(writer.format());
        }
    }
    if formats.is_empty() {
        formats
            .push(shared.registry.writer("tei").map_err(|unknown| Problem::bad_request(unknown.to_string()))?.format());
    }
    Ok(formats)
}

/// True for a file that goes with a document and is none.
fn is_aside(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    matches!(extension, "toml" | "yaml" | "yml")
}

/// The decisions about a document: those sent as such, else the file beside it among those sent.
///
/// # Errors
/// 422 if they are none.
pub(super) fn decisions(asked: &Asked, name: &str) -> Result<Decisions, Problem> {
    let beside = crate::decisions::path_for(Path::new(name));
    let file = asked.files.iter().find(|file| Path::new(&file.name) == beside);
    let given = asked.one("decisions", |text| Ok(text.to_owned()))?.filter(|text| !text.trim().is_empty());
    let from_file = file.map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    let Some(text) = given.or(from_file) else { return Ok(Decisions::default()) };
    let refused =
        |fault: String| Problem::document(format!("the decisions about `{name}` can't be read: {fault}"), Vec::new());
    if text.trim_start().starts_with('{') {
        // Through the file's own form, so that what it refuses is refused here.
        let decisions: Decisions = serde_json::from_str(&text).map_err(|fault| refused(fault.to_string()))?;
        return Decisions::parse(&decisions.to_toml()).map_err(|fault| refused(fault.to_string()));
    }
    Decisions::parse(&text).map_err(|fault| refused(fault.to_string()))
}

fn one(
    shared: &Shared,
    plan: &Plan,
    targets: &[Format],
    file: &Upload,
    number: usize,
    asked: &Asked,
) -> Result<Converted, Problem> {
    let decisions = decisions(asked, &file.name)?;
    let conversion = plan.conversion(shared);
    let places = Places::new(&file.name, &file.bytes);
    let (mut log, mut amended) = (Log::new(), Log::new());
    let mut outcome = Outcome::new(&file.name, number);
    let amend = |document| plan.settings.apply(document, &mut amended);
    let read = match conversion.read_decided(&Input::new(&file.name, &file.bytes), &decisions, &mut log, amend) {
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
            Ok(written) => contents.push(content(&file.name, format, written)),
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

/// JSON of what can be said in JSON.
///
/// # Errors
/// 500 if it can't.
pub(super) fn json(value: &impl Serialize) -> Result<Response, Problem> {
    let body = serde_json::to_vec(value).map_err(|fault| Problem::bug(fault.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

/// The one output; an archive if it is more than one file.
fn file(mut done: Vec<Converted>) -> Result<Response, Problem> {
    let alone = done.first().and_then(|document| document.contents.first()).is_some_and(|it| it.files.len() == 1);
    if !alone {
        return zip(&done);
    }
    let content = done.pop().and_then(|mut document| document.contents.pop());
    let content = content.ok_or_else(|| Problem::bug("there is no output"))?;
    let bytes = content.files.into_iter().next().map(|part| part.bytes).unwrap_or_default();
    Ok(attachment(&content.name, content.media_type, bytes))
}

/// All outputs and a report in an archive.
fn zip(done: &[Converted]) -> Result<Response, Problem> {
    let refused = |fault: std::io::Error| Problem::bad_request(fault.to_string());
    let mut files = Memory::new();
    let outcomes: Vec<&Outcome> = done.iter().map(|document| &document.outcome).collect();
    let report = serde_json::to_vec_pretty(&outcomes).map_err(|fault| Problem::bug(fault.to_string()))?;
    crate::output::Output::file(&mut files, "report.json").and_then(|to| to.write_all(&report)).map_err(refused)?;
    for content in done.iter().flat_map(|document| &document.contents) {
        let folder = Path::new(&content.name).parent().unwrap_or(Path::new(""));
        for part in &content.files {
            let path = match part.path.as_str() {
                "" => content.name.clone(),
                beside => folder.join(beside).to_string_lossy().into_owned(),
            };
            // Two documents may show the same image.
            if files.get(&path) != Some(&part.bytes) {
                let put = crate::output::Output::file(&mut files, &path).and_then(|to| to.write_all(&part.bytes));
                put.map_err(refused)?;
            }
        }
    }
    let bytes = files.archive().map_err(|failure| Problem::bug(failure.to_string()))?;
    Ok(attachment("apograph.zip", "application/zip", bytes))
}

fn attachment(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let own = Path::new(name).file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    // RFC 6266: a plain name for old clients, the true one in UTF-8.
    let plain: String =
        own.chars().map(|c| if c.is_ascii_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect();
    let encoded: String = own
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-_.".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let said = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}");
    let mut response = ([(header::CONTENT_TYPE, media_type)], bytes).into_response();
    if let Ok(said) = HeaderValue::from_str(&said) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, said);
    }
    response
}

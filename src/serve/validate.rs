//! `POST /api/validate`: files in, what their schemas say of them out.

use std::path::Path;

use axum::extract::{Request, State};
use axum::response::Response;
use serde::Serialize;

use super::convert::json;
use super::problem::Problem;
use super::request::Asked;
use super::{Shared, Shares};
use crate::batch::finding::{Finding, Places};
use crate::diagnostic::{Log, Severity};
use crate::request::{Refusal, Upload};

/// The options that are understood.
const OPTIONS: &[&str] = &["format", "name", "strict"];

#[derive(Serialize)]
struct Verdict {
    name: String,
    valid: bool,
    format: &'static str,
    schema: String,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Verdicts {
    valid: bool,
    files: Vec<Verdict>,
}

/// `POST /api/validate`.
pub(super) async fn validate(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let asked = Asked::read(&shared, request, OPTIONS).await?;
    let work = Shares::clone(&shared);
    shared.desk.work(move || answer(&work, &asked)).await
}

fn answer(shared: &Shared, asked: &Asked) -> Result<Response, Problem> {
    let asked = asked.request();
    let strict = asked.one("strict", |word| match word {
        "false" => Ok(false),
        "true" => Ok(true),
        _ => Err(Refusal::Request("`strict` is true or false".to_owned())),
    })?;
    let format = asked.one("format", |name| match shared.registry.schema(name) {
        Some(_) => Ok(name),
        None => Err(Refusal::Request(format!("there is no schema for `{name}`; /api/formats says which have one"))),
    })?;
    let limit = if strict == Some(true) { Severity::Warning } else { Severity::Error };
    let files: Vec<Verdict> =
        asked.files.iter().map(|file| verdict(shared, file, format, limit)).collect::<Result<_, _>>()?;
    json(&Verdicts { valid: files.iter().all(|file| file.valid), files })
}

fn verdict(shared: &Shared, file: &Upload<'_>, format: Option<&str>, limit: Severity) -> Result<Verdict, Problem> {
    let places = Places::new(file.name, file.bytes);
    let extension = Path::new(file.name).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let by_name = shared.registry.writers().map(|writer| writer.format()).find(|it| it.has_extension(extension));
    let by_name = by_name.map(|format| format.name).filter(|name| shared.registry.schema(name).is_some());
    let format = match format.or(by_name) {
        Some(format) => format,
        None => {
            let reader = shared.registry.reader_for(file.name, file.bytes);
            reader.map_err(|failure| Problem::failure(file.name, &failure, &places))?.format().name
        }
    };
    let schema = shared.registry.schema(format).ok_or_else(|| {
        Problem::document(format!("{}: of the format `{format}`, for which there is no schema", file.name), Vec::new())
    })?;
    let mut log = Log::new();
    schema.check_file(file.bytes, &mut log);
    let findings: Vec<Finding> = log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect();
    let valid = findings.iter().all(|finding| finding.severity < limit);
    // The registry's own word, which lives as long as the program.
    let format = shared.registry.writers().map(|writer| writer.format().name).find(|name| *name == format);
    let (format, schema) = (format.unwrap_or_default(), schema.name().to_owned());
    Ok(Verdict { name: file.name.to_owned(), valid, format, schema, findings })
}

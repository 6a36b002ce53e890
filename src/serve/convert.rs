//! `POST /api/convert`: documents in, the outputs asked for out, with all that was noticed.

use std::path::Path;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::problem::Problem;
use super::request::Asked;
use super::{Shared, Shares};
use crate::batch::outcome::Outcome;
use crate::output::Memory;
use crate::request::convert::Converted;
use crate::request::{self, Refusal};

/// The options that are understood.
const OPTIONS: &[&str] =
    &["as", "decisions", "enrich", "from", "name", "notes", "profile", "set", "tei-profile", "theme", "to"];

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

/// `POST /api/convert`.
pub(super) async fn convert(State(shared): State<Shares>, request: Request) -> Result<Response, Problem> {
    let asked = Asked::read(&shared, request, OPTIONS).await?;
    let work = Shares::clone(&shared);
    shared.desk.work(move || answer(&work, &asked)).await
}

fn answer(shared: &Shared, asked: &Asked) -> Result<Response, Problem> {
    let asked = asked.request();
    let form = asked.one("as", |word| match word {
        "report" => Ok(Answer::Report),
        "file" => Ok(Answer::File),
        "zip" => Ok(Answer::Zip),
        _ => Err(Refusal::Request("`as` is one of report, file, zip".to_owned())),
    })?;
    let form = form.unwrap_or(Answer::Report);
    let one_of_many = || {
        asked.documents().count() > 1
            || request::convert::targets(&shared.registry, &asked).is_ok_and(|targets| targets.len() > 1)
    };
    if form == Answer::File && one_of_many() {
        return Err(Problem::document("`as=file` is for one document and one format", Vec::new()));
    }
    let report = request::convert::convert(&shared.registry, &asked)?;
    if form == Answer::File && report.documents.iter().any(|document| document.outcome.is_bad(false)) {
        return Err(report.refused().into());
    }
    match form {
        Answer::Report => json(&report),
        Answer::File => file(report.documents),
        Answer::Zip => zip(&report.documents),
    }
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

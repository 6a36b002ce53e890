//! Files against the schema that is named, or that comes along for their format.

use std::path::{Path, PathBuf};

use apograph::batch::finding::{Finding, Places};
use apograph::diagnostic::Log;
use apograph::failure::Failure;
use apograph::registry::Registry;
use apograph::validate::Tei;
use apograph::validate::relaxng::Grammar;
use apograph::xml;
use pyo3::prelude::*;

use crate::document::findings_json;
use crate::source::Source;
use crate::{raise, workers};

/// The name of the schema, and what it found, as JSON.
#[pyfunction]
#[pyo3(signature = (source, name, format, schema))]
pub(crate) fn validate(
    py: Python<'_>,
    source: Source,
    name: Option<String>,
    format: Option<String>,
    schema: Option<PathBuf>,
) -> PyResult<(String, String)> {
    let bytes = source.load(py, u64::from(u32::MAX))?;
    let name = name.or_else(|| source.path().map(|path| path.display().to_string())).unwrap_or_else(|| "-".to_owned());
    let registry = Registry::builtin();
    if let Some(format) = format.as_deref().filter(|format| registry.schema(format).is_none()) {
        return Err(raise::usage(py, format!("there is no schema for `{format}`")));
    }
    let grammar = match &schema {
        Some(path) => Some(grammar(py, path)?),
        None => None,
    };
    let work = || match (&grammar, &schema) {
        (Some(grammar), Some(path)) => against(grammar, path, bytes.as_ref()),
        _ => check(&registry, &name, format.as_deref(), bytes.as_ref()),
    };
    let result = py.detach(|| workers::run(work))?.map_err(|said| raise::usage(py, said))?;
    match result {
        Ok((schema, log)) => {
            let places = Places::new(&name, bytes.as_ref());
            let findings: Vec<_> =
                log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect();
            Ok((schema, findings_json(findings.iter())))
        }
        Err(failure) => {
            let places = Places::new(&name, bytes.as_ref());
            Err(raise::failed(py, &name, &[&Finding::failure(&failure, &places)]))
        }
    }
}

fn grammar(py: Python<'_>, path: &Path) -> PyResult<Grammar> {
    py.detach(|| Grammar::load(path)).map_err(|refused| match refused {
        Failure::File { cause, .. } => raise::refused(py, path, cause),
        other => raise::misuse(py, &other),
    })
}

fn against(grammar: &Grammar, schema: &Path, bytes: &[u8]) -> Result<(String, Log), Failure> {
    let mut log = Log::new();
    let text = xml::decode(bytes)?;
    let valid = grammar.validate(&text, 0, &mut log);
    if valid || log.diagnostics().iter().all(|diagnostic| diagnostic.code.0 != "xml.not-well-formed") {
        Tei::rules(&text, &mut log);
    }
    Ok((schema.display().to_string(), log))
}

fn check(registry: &Registry, name: &str, format: Option<&str>, bytes: &[u8]) -> Result<(String, Log), Failure> {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    let by_name = || registry.writers().map(|writer| writer.format()).find(|known| known.has_extension(extension));
    let format = match format.or_else(|| by_name().map(|known| known.name)) {
        Some(format) if registry.schema(format).is_some() => format,
        _ => registry.reader_for(name, bytes)?.format().name,
    };
    let schema = registry.schema(format).ok_or_else(|| Failure::UnknownFormat {
        message: format!("`{name}` is of the format `{format}`, for which there is no schema"),
    })?;
    let mut log = Log::new();
    schema.check_file(bytes, &mut log);
    Ok((schema.name().to_owned(), log))
}

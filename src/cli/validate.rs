//! `apograph validate`: files against the schema of their format.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{Ending, show};
use crate::batch::Misuse;
use crate::batch::finding::{Finding, Places};
use crate::batch::plan::{Origin, is_standard};
use crate::batch::task::load;
use crate::diagnostic::{Log, Severity};
use crate::failure::Failure;
use crate::registry::Registry;
use crate::validate::relaxng::Grammar;
use crate::xml::decode;

/// What `apograph validate` is told.
#[derive(Debug, Args)]
#[command(after_help = "Example: apograph validate out/cable.xml out/cable.epub")]
pub(super) struct Arguments {
    /// Files, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The format of the files, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    format: Option<String>,
    /// A RELAX NG schema of your own (`.rng`), instead of the one that comes with the program
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    schema: Option<PathBuf>,
    /// Fail (exit code 1) also on warnings
    #[arg(long)]
    strict: bool,
    /// Print one JSON object per file
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Verdict<'a> {
    file: &'a str,
    valid: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    findings: &'a [Finding],
}

pub(super) fn run(registry: &Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    if let Some(format) = arguments.format.as_deref().filter(|format| registry.schema(format).is_none()) {
        return Err(Misuse::new(format!("there is no schema for `{format}`"))
            .hint("`apograph formats` says which formats have one"));
    }
    let grammar = match &arguments.schema {
        Some(path) => {
            let grammar = Grammar::load(path).map_err(|failure| {
                Misuse::new(failure.to_string()).hint("a schema is RELAX NG in its XML syntax (`.rng`)")
            })?;
            Some((path.display().to_string(), grammar))
        }
        None => None,
    };
    let validation = Validation { registry, arguments, grammar };
    let mut bad = false;
    for path in &arguments.files {
        bad |= !validation.tell(path);
    }
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

/// All that the files are checked with.
struct Validation<'r> {
    registry: &'r Registry,
    arguments: &'r Arguments,
    /// The schema that the user named.
    grammar: Option<(String, Grammar)>,
}

impl Validation<'_> {
    /// Checks one file and tells the verdict; true if it is valid.
    fn tell(&self, path: &Path) -> bool {
        let name = path.display().to_string();
        let origin = if is_standard(path) { Origin::Standard } else { Origin::File(path.to_owned()) };
        let result = load(&origin, &name).and_then(|bytes| self.check(&name, bytes));
        let (schema, findings) = match result {
            Ok((schema, findings)) => (Some(schema), findings),
            Err(failure) => (None, vec![Finding::failure(&failure, &Places::default())]),
        };
        let limit = if self.arguments.strict { Severity::Warning } else { Severity::Error };
        let valid = findings.iter().all(|finding| finding.severity < limit);
        if self.arguments.json {
            let verdict = Verdict { file: &name, valid, schema, findings: &findings };
            // A verdict holds strings and truths only; serde_json can't refuse it.
            show::print(&serde_json::to_string(&verdict).unwrap_or_default());
        } else {
            show::findings(&name, &findings, true);
            let word = if valid { "valid" } else { "not valid" };
            let schema = schema.map_or_else(String::new, |schema| format!(" ({schema})"));
            show::print(&format!("{word} {}{schema}", show::tame(&name)));
        }
        valid
    }

    /// The name of the schema that was used, and what it found.
    fn check(&self, name: &str, bytes: Vec<u8>) -> Result<(&str, Vec<Finding>), Failure> {
        let mut log = Log::new();
        if let Some((schema, grammar)) = &self.grammar {
            grammar.validate(&decode(&bytes)?, 0, &mut log);
            return Ok((schema, findings(&log, &Places::new(name, &bytes))));
        }
        let format = match self.arguments.format.as_deref() {
            Some(format) => format,
            None => detect(self.registry, name, &bytes)?,
        };
        let schema = self.registry.schema(format).ok_or_else(|| Failure::UnknownFormat {
            message: format!("`{name}` is of the format `{format}`, for which there is no schema"),
        })?;
        let places = Places::new(name, &bytes);
        schema.check_file(&bytes, &mut log);
        Ok((schema.name(), findings(&log, &places)))
    }
}

fn findings(log: &Log, places: &Places) -> Vec<Finding> {
    log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, places)).collect()
}

/// The format of a file: what a reader says, else what its extension says of a writer.
fn detect(registry: &Registry, name: &str, bytes: &[u8]) -> Result<&'static str, Failure> {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str()).unwrap_or("");
    let by_name = registry.writers().map(|writer| writer.format()).find(|format| format.has_extension(extension));
    match by_name.filter(|format| registry.schema(format.name).is_some()) {
        Some(format) => Ok(format.name),
        None => registry.reader_for(name, bytes).map(|reader| reader.format().name),
    }
}

//! `apograph validate`: files against a schema that the user names, that the document names, or that comes with the
//! program for its format.

mod groups;
mod models;
mod sarif;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use self::sarif::Checked;
use super::{Ending, show};
use crate::batch::Misuse;
use crate::batch::finding::{Finding, Places};
use crate::batch::plan::{Origin, is_standard};
use crate::batch::store::Store;
use crate::batch::task::load;
use crate::diagnostic::{Code, Log, Severity};
use crate::failure::Failure;
use crate::registry::Registry;
use crate::source::Span;
use crate::validate::relaxng::Grammar;
use crate::xml::decode;

const ELSEWHERE: Code = Code("schema.elsewhere");

/// What `apograph validate` is told.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  apograph validate out/cable.xml out/cable.epub
  apograph validate --schema tei_all.rng *.xml
  apograph validate --sarif found.sarif out/*.xml")]
pub(super) struct Arguments {
    /// Files, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The format of the files, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    format: Option<String>,
    /// A RELAX NG schema of your own (`.rng`). Without it, XML is checked against the schemas that it names in
    /// `<?xml-model?>` when they lie beside it, and all else against the schema that comes with the program
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    schema: Option<PathBuf>,
    /// Fail (exit code 1) also on warnings
    #[arg(long)]
    strict: bool,
    /// Print one JSON object per file
    #[arg(long)]
    json: bool,
    /// Write what was found as SARIF 2.1.0, for CI systems; `-` for standard output
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
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
    let mut validation = Validation { registry, arguments, grammars: HashMap::new() };
    if let Some(path) = &arguments.schema {
        validation.grammar(path).map_err(|failure| {
            Misuse::new(failure.to_string()).hint("a schema is RELAX NG in its XML syntax (`.rng`)")
        })?;
    }
    let mut bad = false;
    let mut all = Vec::new();
    for path in &arguments.files {
        let (valid, checked) = validation.tell(path);
        bad |= !valid;
        if arguments.sarif.is_some() {
            all.push(checked);
        }
    }
    if let Some(path) = &arguments.sarif {
        let text = format!("{:#}\n", sarif::log(&all));
        if is_standard(path) {
            show::print(text.trim_end());
        } else {
            Store::default()
                .put(path, text.as_bytes())
                .map_err(|failure| Misuse::new(format!("the SARIF log can't be written: {failure}")))?;
        }
    }
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

/// All that the files are checked with.
struct Validation<'r> {
    registry: &'r Registry,
    arguments: &'r Arguments,
    /// Schemas that were named, compiled once.
    grammars: HashMap<PathBuf, Arc<Grammar>>,
}

impl Validation<'_> {
    /// Checks one file and tells the verdict; true if it is valid.
    fn tell(&mut self, path: &Path) -> (bool, Checked) {
        let name = path.display().to_string();
        let origin = if is_standard(path) { Origin::Standard } else { Origin::File(path.to_owned()) };
        let result = load(&origin, &name).and_then(|bytes| self.check(path, &name, bytes));
        let (schema, findings) = match result {
            Ok((schema, findings)) => (Some(schema), findings),
            Err(failure) => (None, vec![Finding::failure(&failure, &Places::default())]),
        };
        let limit = if self.arguments.strict { Severity::Warning } else { Severity::Error };
        let valid = findings.iter().all(|finding| finding.severity < limit);
        let quiet = self.arguments.sarif.as_deref().is_some_and(is_standard);
        if self.arguments.json {
            let verdict = Verdict { file: &name, valid, schema: schema.as_deref(), findings: &findings };
            // A verdict holds strings and truths only; serde_json can't refuse it.
            show::print(&serde_json::to_string(&verdict).unwrap_or_default());
        } else if !quiet {
            groups::show(&name, &findings);
            show::print(&verdict(&name, valid, schema.as_deref(), &findings));
        }
        (valid, Checked { file: name, findings })
    }

    /// The name of the schema that was used, and what it found.
    fn check(&mut self, path: &Path, name: &str, bytes: Vec<u8>) -> Result<(String, Vec<Finding>), Failure> {
        let mut log = Log::new();
        if let Some(schema) = self.arguments.schema.clone() {
            let found = self.against(&[schema], &decode(&bytes)?, &mut log)?;
            return Ok((found, findings(&log, &Places::new(name, &bytes))));
        }
        let format = match self.arguments.format.as_deref() {
            Some(format) => Ok(format),
            None => detect(self.registry, name, &bytes),
        };
        if self.arguments.format.is_none() && (matches!(format, Ok("tei")) || is_xml(&bytes)) {
            let text = decode(&bytes)?;
            let models = models::models(&text, path.parent().unwrap_or(Path::new("")));
            if !models.beside.is_empty() {
                let found = self.against(&models.beside, &text, &mut log)?;
                return Ok((found, findings(&log, &Places::new(name, &bytes))));
            }
            if let Some(elsewhere) = models.elsewhere.first() {
                let message = format!("its schema `{elsewhere}` does not lie beside it and was not used");
                log.note(ELSEWHERE, Span::default(), message).hint("`--schema FILE` names a copy of it");
            }
        }
        let format = format?;
        let schema = self.registry.schema(format).ok_or_else(|| Failure::UnknownFormat {
            message: format!("`{name}` is of the format `{format}`, for which there is no schema"),
        })?;
        let places = Places::new(name, &bytes);
        schema.check_file(&bytes, &mut log);
        Ok((schema.name().to_owned(), findings(&log, &places)))
    }

    /// Checks a text against schemas in files, and TEI by the rules that no schema has; says which they were.
    fn against(&mut self, schemas: &[PathBuf], text: &str, log: &mut Log) -> Result<String, Failure> {
        let mut valid = true;
        for schema in schemas {
            valid &= self.grammar(schema)?.validate(text, 0, log);
        }
        if valid || log.diagnostics().iter().all(|diagnostic| diagnostic.code.0 != "xml.not-well-formed") {
            crate::validate::Tei::rules(text, log);
        }
        Ok(schemas.iter().map(|schema| schema.display().to_string()).collect::<Vec<_>>().join(", "))
    }

    fn grammar(&mut self, path: &Path) -> Result<Arc<Grammar>, Failure> {
        if let Some(known) = self.grammars.get(path) {
            return Ok(Arc::clone(known));
        }
        let grammar = Arc::new(Grammar::load(path)?);
        self.grammars.insert(path.to_owned(), Arc::clone(&grammar));
        Ok(grammar)
    }
}

/// The verdict in one line.
fn verdict(name: &str, valid: bool, schema: Option<&str>, findings: &[Finding]) -> String {
    let word = if valid { "valid" } else { "not valid" };
    let mut told = schema.map(str::to_owned).into_iter().collect::<Vec<_>>();
    for (severity, one, many) in [(Severity::Error, "error", "errors"), (Severity::Warning, "warning", "warnings")] {
        match findings.iter().filter(|finding| finding.severity == severity).count() {
            0 => {}
            1 => told.push(format!("1 {one}")),
            count => told.push(format!("{count} {many}")),
        }
    }
    let told = if told.is_empty() { String::new() } else { format!(" ({})", told.join(", ")) };
    format!("{word} {}{told}", show::tame(name))
}

/// True for what begins as XML does.
fn is_xml(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    bytes.starts_with(b"<?xml")
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

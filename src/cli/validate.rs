//! `apograph validate`: files against the schema of their format.

use std::io::Read;
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
use crate::format::{Format, Packaging};
use crate::output::{Memory, Output};
use crate::registry::Registry;

/// How many bytes the entries of one archive may hold together.
const LARGEST: u64 = 4 << 30;

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
    let mut bad = false;
    for path in &arguments.files {
        bad |= !validate(registry, arguments, path);
    }
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

/// Checks one file and tells the verdict; true if it is valid.
fn validate(registry: &Registry, arguments: &Arguments, path: &Path) -> bool {
    let name = path.display().to_string();
    let origin = if is_standard(path) { Origin::Standard } else { Origin::File(path.to_owned()) };
    let mut findings = Vec::new();
    let mut schema = None;
    match load(&origin, &name) {
        Ok(bytes) => {
            let places = Places::new(&name, &bytes);
            match check(registry, arguments.format.as_deref(), &name, bytes) {
                Ok((used, log)) => {
                    schema = Some(used);
                    findings.extend(log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)));
                }
                Err(failure) => findings.push(Finding::failure(&failure, &places)),
            }
        }
        Err(failure) => findings.push(Finding::failure(&failure, &Places::default())),
    }
    let limit = if arguments.strict { Severity::Warning } else { Severity::Error };
    let valid = findings.iter().all(|finding| finding.severity < limit);
    if arguments.json {
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

fn check<'r>(
    registry: &'r Registry,
    format: Option<&str>,
    name: &str,
    bytes: Vec<u8>,
) -> Result<(&'r str, Log), Failure> {
    let format = match format {
        Some(format) => format,
        None => detect(registry, name, &bytes)?,
    };
    let schema = registry.schema(format).ok_or_else(|| Failure::UnknownFormat {
        message: format!("`{name}` is read as `{format}`, for which there is no schema"),
    })?;
    let files = if packaging(registry, format) == Packaging::Archive { unpack(&bytes)? } else { Memory::single(bytes) };
    let mut log = Log::new();
    schema.check(&files, &mut log);
    Ok((schema.name(), log))
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

fn packaging(registry: &Registry, format: &str) -> Packaging {
    let of = |format: Format| format.packaging;
    let writer = registry.writer(format).map(|writer| of(writer.format()));
    writer.or_else(|_| registry.reader(format).map(|reader| of(reader.format()))).unwrap_or(Packaging::Single)
}

/// The entries of an archive. What claims to be small and isn't is cut off at [`LARGEST`].
fn unpack(bytes: &[u8]) -> Result<Memory, Failure> {
    let refuse = |cause: &dyn std::fmt::Display| Failure::Archive { message: cause.to_string() };
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|cause| refuse(&cause))?;
    let mut files = Memory::new();
    let mut left = LARGEST;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(|cause| refuse(&cause))?;
        if entry.is_dir() {
            continue;
        }
        let name = entry.name().map_err(|cause| refuse(&cause))?.into_owned();
        let file = files.file(&name).map_err(|cause| refuse(&cause))?;
        let copied = std::io::copy(&mut entry.take(left), file).map_err(|cause| refuse(&cause))?;
        left -= copied;
        if left == 0 {
            return Err(refuse(&"its entries hold more than 4 GiB"));
        }
    }
    Ok(files)
}

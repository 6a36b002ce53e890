//! `apograph explain`: every inference that reading and enriching a document made, in the order of its text.

use std::path::PathBuf;

use clap::Args;

use super::{Ending, known_reader, show};
use crate::batch::Misuse;
use crate::batch::finding::{Finding, Places};
use crate::batch::plan::{Origin, is_standard};
use crate::batch::task::load;
use crate::convert::Conversion;
use crate::decisions::APPLIED;
use crate::diagnostic::Log;
use crate::explain::{Inferred, inferences};
use crate::model::Certainty;
use crate::registry::Registry;
use crate::source::Input;

/// What `apograph explain` is told.
#[derive(Debug, Args)]
#[command(after_help = "Example: apograph explain cable.txt --certainty medium\n\
    lists what a person should look at: all that is not highly certain.")]
pub(super) struct Arguments {
    /// A file, or `-` for standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// The format of the input, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    from: Option<String>,
    /// Only inferences that are this certain at most: low, medium, high
    #[arg(long, value_name = "LEVEL", value_parser = level, default_value = "high", hide_default_value = true)]
    certainty: Certainty,
    /// Print one JSON object per inference
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    authorities: super::authorities::Arguments,
}

fn level(word: &str) -> Result<Certainty, String> {
    [Certainty::Low, Certainty::Medium, Certainty::High]
        .into_iter()
        .find(|certainty| certainty.as_str() == word)
        .ok_or_else(|| "it is one of low, medium, high".to_owned())
}

pub(super) fn run(registry: Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    let (registry, _) = arguments.authorities.apply(registry)?;
    let registry = &registry;
    known_reader(registry, arguments.from.as_ref())?;
    let name = arguments.input.display().to_string();
    let origin = if is_standard(&arguments.input) { Origin::Standard } else { Origin::File(arguments.input.clone()) };
    let bytes = match load(&origin, &name) {
        Ok(bytes) => bytes,
        Err(failure) => {
            show::findings(&name, &[Finding::failure(&failure, &Places::default())], false);
            return Ok(Ending::Bad);
        }
    };
    let places = Places::new(&name, &bytes);
    let mut conversion = Conversion::new(registry);
    conversion.from.clone_from(&arguments.from);
    let input = Input { name: &name, bytes: &bytes, path: Some(&arguments.input), siblings: None };
    let mut log = Log::new();
    let read = conversion.read(&input, &mut log);
    let findings: Vec<_> = log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect();
    show::findings(&name, &findings, false);
    // What was rejected leaves no inference behind.
    findings.iter().filter(|finding| finding.code == APPLIED.0).for_each(|finding| show::finding(&name, finding));
    let read = match read {
        Ok(read) => read,
        Err(failure) => {
            show::findings(&name, &[Finding::failure(&failure, &places)], false);
            return Ok(Ending::Bad);
        }
    };
    let mut rows = inferences(&read.document, &places);
    rows.retain(|row| row.certainty <= arguments.certainty);
    tell(&name, &rows, arguments.json);
    Ok(Ending::Good)
}

fn tell(name: &str, rows: &[Inferred<'_>], json: bool) {
    if json {
        for row in rows {
            // A row holds strings and numbers only; serde_json can't refuse it.
            show::print(&serde_json::to_string(row).unwrap_or_default());
        }
        return;
    }
    if rows.is_empty() {
        show::print("nothing was inferred");
        return;
    }
    let width = rows.iter().map(|row| row.rule.chars().count()).max().unwrap_or_default().max(4);
    let wide = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default().clamp(4, 48);
    show::print(&format!("{:<9} {:<9} {:<width$} {:<wide$} because", "line:col", "certainty", "rule", "what"));
    for row in rows {
        let at = match (row.line, row.column) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            (Some(line), None) => line.to_string(),
            _ => "–".to_owned(),
        };
        let (what, because) = (show::tame(&row.what), show::tame(row.because));
        show::print(&format!("{at:<9} {:<9} {:<width$} {what:<wide$} {because}", row.certainty.as_str(), row.rule));
    }
    let low = rows.iter().filter(|row| row.certainty == Certainty::Low).count();
    show::line(&format!("{} inferences in {}, {low} of low certainty", rows.len(), show::tame(name)));
}

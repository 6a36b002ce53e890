//! `apograph convert`: inputs into outputs, with a line about each.

use std::io::{IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;

use super::{Ending, known_reader, show};
use crate::batch::Misuse;
use crate::batch::amend::Amendment;
use crate::batch::outcome::Outcome;
use crate::batch::plan::{self, Destination, Globs, Job, Shard};
use crate::batch::report::Report;
use crate::batch::run::Work;
use crate::batch::state::State;
use crate::convert::{Checks, Conversion};
use crate::format::Packaging;
use crate::registry::Registry;

pub(super) const LONG: &str = "\
Convert files, folders or standard input

Each input is read once and written to every target. `cable.txt` becomes `cable.xml`, `cable.epub` and `cable.md` \
under the output folder, in which the input's folders are mirrored. An output appears whole or not at all, and an \
input is never overwritten. Whatever can't be read fails alone: the rest of the batch goes on. A second run into the \
same folder does only what has changed (input, metadata, options, program).

The text of source, document and every output is compared, white space aside; outputs are checked against the \
schema of their format.";

const AFTER: &str = "\
Examples:
  One file, three formats:        apograph convert cable.txt --to tei,epub,markdown -o out
  To one named file:              apograph convert cable.txt --to epub -o cable-1931.epub
  From and to a pipe:             apograph convert - --to markdown < cable.txt
  A folder, with a report:        apograph convert archive/ --to tei -o out --report out/report.html
  For another program:            apograph convert archive/ --to tei -o out --json

Metadata come from the text, then from `apograph.toml` of each folder from the named one downward, then from a \
file beside the input (`cable.toml` or `cable.yaml`), then from --set; the later wins:
  apograph convert cable.txt --to epub -o out --set title='The Ferry Cable' --set language=en --set author='J. Moor'

A folder is walked in order of its paths; hidden files and what `.apographignore` lists are passed over.";

/// What `apograph convert` is told.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// Files, folders (walked), or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// Target formats, parted by commas (`apograph formats` lists them)
    #[arg(long, short, required = true, value_delimiter = ',', value_name = "FORMAT")]
    to: Vec<String>,
    /// The format of the inputs, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    from: Option<String>,
    /// Where outputs go: a folder, a file, or `-` for standard output [default: beside each input]
    #[arg(long, short, value_name = "DIR|FILE|-")]
    output: Option<PathBuf>,
    /// Write a report of the whole run, as `.json` or `.html`
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// How many documents are worked on at once [default: one per processor]
    #[arg(long, short, default_value_t = 0, hide_default_value = true, value_name = "N")]
    jobs: usize,
    /// Fail (exit code 1) also when something was lost or looked wrong
    #[arg(long)]
    strict: bool,
    /// Stop at the first document that fails
    #[arg(long)]
    fail_fast: bool,
    /// Stop when so many documents have failed
    #[arg(long, value_name = "N", conflicts_with = "fail_fast")]
    max_errors: Option<usize>,
    /// In folders, take only files that match; may be given several times
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// In folders, pass over files that match; may be given several times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Take only the I-th of N stable shares of the inputs, so that N machines do the whole
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,
    /// Do everything anew, and replace outputs even if they were changed by hand
    #[arg(long)]
    force: bool,
    /// Remove the outputs of inputs that are no longer there
    #[arg(long)]
    prune: bool,
    /// Don't check outputs against the schema of their format
    #[arg(long)]
    no_validate: bool,
    /// Which passes say more about a text, parted by commas, on TEI too; `none` for none
    /// [default: all, but on TEI none] (`apograph formats` lists them)
    #[arg(long, value_delimiter = ',', value_name = "PASS")]
    enrich: Option<Vec<String>>,
    /// Set a metadata field; may be given several times (the README lists the keys)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// Print one JSON object per input instead of text
    #[arg(long)]
    json: bool,
    /// Say nothing but what went wrong
    #[arg(long, short)]
    quiet: bool,
    /// Show all that was noticed, notes too
    #[arg(long, short, conflicts_with = "quiet")]
    verbose: bool,
    #[command(flatten)]
    epub: super::epub::Arguments,
    #[command(flatten)]
    tei: super::tei::Arguments,
}

/// The passes that are asked for by name.
fn passes(registry: &Registry, named: Option<&[String]>) -> Result<Option<Vec<String>>, Misuse> {
    let Some(named) = named else { return Ok(None) };
    let named: Vec<String> = named.iter().filter(|name| *name != "none").cloned().collect();
    for name in &named {
        registry.pass(name).map_err(|failure| Misuse::new(failure.to_string()))?;
    }
    Ok(Some(named))
}

pub(super) fn run(registry: Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    let (registry, epub) = arguments.epub.apply(registry)?;
    let (registry, tei) = arguments.tei.apply(registry)?;
    let registry = &registry;
    let targets = targets(registry, &arguments.to)?;
    known_reader(registry, arguments.from.as_ref())?;
    let destination = Destination::new(arguments.output.as_deref(), &arguments.inputs, targets.len())?;
    if destination == Destination::Standard {
        refuse_terminal(registry, &targets)?;
    }
    let globs = Globs::new(&arguments.include, &arguments.exclude)?;
    let all = plan::jobs(&arguments.inputs, &destination, &globs, registry);
    let jobs: Vec<_> = match arguments.shard {
        Some(shard) => all.iter().filter(|job| shard.holds(job)).cloned().collect(),
        None => all.clone(),
    };
    if all.is_empty() {
        return Err(Misuse::new("there is nothing to convert in what was named")
            .hint("`apograph formats` lists the file extensions that are looked for"));
    }
    let mut conversion = Conversion::new(registry);
    conversion.from.clone_from(&arguments.from);
    conversion.enrich = passes(registry, arguments.enrich.as_deref())?;
    conversion.checks = Checks { schema: !arguments.no_validate, ..Checks::default() };
    let options = format!(
        "{:?} {:?} {} {:?} {epub} {tei}",
        arguments.from, arguments.settings, arguments.no_validate, conversion.enrich
    );
    let state = match &destination {
        Destination::Folder(folder) => Some(State::open(folder, arguments.shard)),
        Destination::Beside | Destination::File(_) | Destination::Standard => None,
    };
    let mut work = Work {
        conversion,
        targets,
        destination,
        state,
        options,
        settings: Amendment::from_settings(&arguments.settings)?,
        force: arguments.force,
        threads: arguments.jobs,
    };
    let teller = Teller::new(arguments, jobs.len(), work.destination == Destination::Standard);
    let mut report = Report::default();
    let mut bad = false;
    let limit = if arguments.fail_fast { 1 } else { arguments.max_errors.unwrap_or(usize::MAX).max(1) };
    let mut failures = 0;
    work.run(&jobs, |outcome| {
        bad |= outcome.is_bad(arguments.strict);
        failures += usize::from(outcome.is_bad(arguments.strict));
        teller.tell(&outcome);
        match &arguments.report {
            Some(_) => report.add(outcome),
            None => report.totals.add(&outcome),
        }
        if failures >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if failures >= limit && report.totals.documents < jobs.len() {
        show::line(&format!("stopped: {} documents were left undone", jobs.len() - report.totals.documents));
    }
    teller.end(&report);
    if let Some(state) = work.state.take() {
        tidy(state, arguments, &all);
    }
    if let Some(path) = &arguments.report {
        report.save(path)?;
    }
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

/// Tells which inputs of earlier runs are gone, removes their outputs if that is asked for, and saves the state.
fn tidy(mut state: State, arguments: &Arguments, jobs: &[Job]) {
    let names = jobs.iter().map(|job| job.name.as_str()).collect();
    let gone = state.gone(&arguments.inputs, &names);
    for gone in &gone {
        let what = if arguments.prune { "removed with its outputs" } else { "its outputs stay (--prune removes them)" };
        show::line(&format!("gone {}: {what}: {}", show::tame(&gone.input), show::tame(&gone.files.join(", "))));
    }
    if arguments.prune {
        state.prune(&gone);
    }
    state.close();
}

/// The names of the targets, each once, all known.
fn targets(registry: &Registry, names: &[String]) -> Result<Vec<String>, Misuse> {
    let mut targets: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        registry.writer(name).map_err(|unknown| Misuse::new(unknown.to_string()))?;
        if !targets.iter().any(|known| known == name) {
            targets.push(name.to_owned());
        }
    }
    if targets.is_empty() {
        return Err(Misuse::new("`--to` names no format").hint("for example `--to tei,epub,markdown`"));
    }
    Ok(targets)
}

fn refuse_terminal(registry: &Registry, targets: &[String]) -> Result<(), Misuse> {
    let archive = targets
        .iter()
        .filter_map(|target| registry.writer(target).ok())
        .any(|writer| writer.format().packaging == Packaging::Archive);
    if archive && std::io::stdout().is_terminal() {
        return Err(Misuse::new("an archive is not for a terminal").hint("name a file with `-o FILE`"));
    }
    Ok(())
}

/// Tells people or programs how it goes, while it goes.
struct Teller<'a> {
    arguments: &'a Arguments,
    /// Standard output belongs to the converted text.
    busy: bool,
    bar: Option<indicatif::ProgressBar>,
    documents: usize,
}

impl<'a> Teller<'a> {
    fn new(arguments: &'a Arguments, documents: usize, busy: bool) -> Self {
        let wanted = documents > 1 && !arguments.quiet && !arguments.json && std::io::stderr().is_terminal();
        let bar = wanted.then(|| {
            let bar = indicatif::ProgressBar::new(documents as u64);
            let template = "{bar:30} {pos}/{len} · {per_sec} · {eta} left";
            if let Ok(style) = indicatif::ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar
        });
        Self { arguments, busy, bar, documents }
    }

    fn tell(&self, outcome: &Outcome) {
        let Some(bar) = &self.bar else { return self.tell_line(outcome) };
        bar.suspend(|| self.tell_line(outcome));
        bar.inc(1);
    }

    fn tell_line(&self, outcome: &Outcome) {
        if self.arguments.json {
            self.tell_json(outcome);
            return;
        }
        let shown = !self.arguments.quiet || outcome.is_bad(self.arguments.strict);
        if shown {
            show::findings(&outcome.input, &outcome.findings, self.arguments.verbose);
        }
        if !self.arguments.quiet {
            show::summary(outcome);
        }
    }

    fn tell_json(&self, outcome: &Outcome) {
        // An outcome holds strings and numbers only; serde_json can't refuse it.
        let Ok(json) = serde_json::to_string(outcome) else { return };
        // A reader that went away is no reason to stop.
        let _ = if self.busy {
            writeln!(std::io::stderr().lock(), "{json}")
        } else {
            writeln!(std::io::stdout().lock(), "{json}")
        };
    }

    fn end(&self, report: &Report) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.documents > 1 && !self.arguments.quiet && !self.arguments.json {
            show::totals(&report.totals);
        }
    }
}

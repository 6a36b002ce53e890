//! `apograph convert`: inputs into outputs, with a line about each.

mod teller;
mod watch;

use std::collections::HashSet;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use teller::Teller;

use super::{Ending, known_reader, show};
use crate::batch::amend::Amendment;
use crate::batch::plan::{Destination, Globs, Plan, Shard, Split};
use crate::batch::report::{Report, Totals};
use crate::batch::run::Work;
use crate::batch::state::{Gone, State};
use crate::batch::{Misuse, tame};
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
  What changes, as it changes:    apograph convert archive/ --to tei -o out --watch
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
    /// Target formats by name or extension, parted by commas (`apograph formats` lists them)
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
    /// Whether the documents of a source that holds many get outputs of their own
    #[arg(long, value_name = "WHEN", default_value = "large")]
    split: When,
    /// The largest document that is taken, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..4096))]
    max_document: u64,
    /// Stay, and convert whatever changes
    #[arg(long, conflicts_with_all = ["fail_fast", "max_errors"])]
    watch: bool,
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
    /// How transcripts are written: a profile's name, or a TOML file [default: as the text shows]
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
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
    authorities: super::authorities::Arguments,
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

/// Whether the documents of a source that holds many (a TEI corpus, a transcript of several) get outputs of their own.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum When {
    /// If it has more than 16 MiB
    Large,
    /// Always
    Always,
    /// Never: it is held whole
    Never,
}

impl From<When> for Split {
    fn from(when: When) -> Self {
        match when {
            When::Large => Self::Large,
            When::Always => Self::Always,
            When::Never => Self::Never,
        }
    }
}

pub(super) fn run(registry: Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    if arguments.watch {
        return watch::run(&registry, arguments);
    }
    let (registry, formats) = arguments.formats(registry)?;
    Session::new(&registry, arguments, &formats)?.run(None)
}

impl Arguments {
    /// The registry with the options of formats in force, and these in words.
    fn formats(&self, registry: Registry) -> Result<(Registry, String), Misuse> {
        let (registry, epub) = self.epub.apply(registry)?;
        let (registry, tei) = self.tei.apply(registry)?;
        let (registry, profile) = super::profile::apply(registry, self.profile.as_deref())?;
        let (registry, authorities) = self.authorities.apply(registry)?;
        Ok((registry, format!("{epub} {tei} {profile} {authorities}")))
    }

    /// The files that options name, besides the inputs: what they say holds for every document.
    fn files(&self) -> Vec<&Path> {
        let named = self.epub.files().chain(self.tei.files()).chain(self.authorities.files());
        let named = named.chain(self.profile.as_deref().map(Path::new));
        named.filter(|path| path.is_file()).collect()
    }
}

/// All that is settled before the first document is read.
struct Session<'r> {
    registry: &'r Registry,
    arguments: &'r Arguments,
    targets: Vec<String>,
    plan: Plan<'r>,
    settings: Amendment,
    enrich: Option<Vec<String>>,
    /// All options on which outputs depend, in any words.
    options: String,
}

impl<'r> Session<'r> {
    fn new(registry: &'r Registry, arguments: &'r Arguments, formats: &str) -> Result<Self, Misuse> {
        let targets = targets(registry, &arguments.to)?;
        known_reader(registry, arguments.from.as_ref())?;
        let destination = Destination::new(arguments.output.as_deref(), &arguments.inputs, targets.len())?;
        if destination == Destination::Standard {
            refuse_terminal(registry, &targets)?;
        }
        let plan = Plan {
            inputs: arguments.inputs.clone(),
            destination,
            globs: Globs::new(&arguments.include, &arguments.exclude)?,
            shard: arguments.shard,
            split: arguments.split.into(),
            from: arguments.from.clone(),
            registry,
        };
        let settings = Amendment::from_settings(&arguments.settings)?;
        let enrich = passes(registry, arguments.enrich.as_deref())?;
        let Arguments { from, settings: set, no_validate, .. } = arguments;
        let options = format!("{from:?} {set:?} {no_validate} {enrich:?} {formats}");
        Ok(Self { registry, arguments, targets, plan, settings, enrich, options })
    }

    fn work(&self) -> Result<Work<'r>, Misuse> {
        let arguments = self.arguments;
        let mut conversion = Conversion::new(self.registry);
        conversion.from.clone_from(&arguments.from);
        conversion.enrich.clone_from(&self.enrich);
        conversion.checks = Checks { schema: !arguments.no_validate, ..Checks::default() };
        let state = match &self.plan.destination {
            Destination::Folder(folder) => Some(State::open(folder, arguments.shard)?),
            Destination::Beside | Destination::File(_) | Destination::Standard => None,
        };
        Ok(Work {
            conversion,
            targets: self.targets.clone(),
            destination: self.plan.destination.clone(),
            store: state.as_ref().map(State::store).unwrap_or_default(),
            state,
            options: self.options.clone(),
            settings: self.settings.clone(),
            force: arguments.force,
            threads: arguments.jobs,
            largest: arguments.max_document << 20,
        })
    }

    /// Does all that is to be done, or only what these files, without links, ask for.
    fn run(&self, only: Option<&HashSet<PathBuf>>) -> Result<Ending, Misuse> {
        let arguments = self.arguments;
        let survey = self.plan.survey();
        if survey.all == 0 {
            return Err(Misuse::new("there is nothing to convert in what was named")
                .hint("`apograph formats` lists the file extensions that are looked for"));
        }
        let mut work = self.work()?;
        let mut report = arguments.report.as_deref().map(Report::create).transpose()?;
        let documents = only.map_or(survey.documents, HashSet::len);
        let mut teller = Teller::new(arguments, documents, work.destination == Destination::Standard);
        let mut totals = Totals::default();
        let mut bad = 0;
        let limit = if arguments.fail_fast { 1 } else { arguments.max_errors.unwrap_or(usize::MAX).max(1) };
        let jobs = self.plan.jobs(&survey).filter(|job| only.is_none_or(|only| job.is_of(only)));
        work.run(jobs, &survey, |outcome| {
            bad += usize::from(outcome.is_bad(arguments.strict));
            totals.add(&outcome);
            teller.tell(&outcome);
            if let Some(report) = &mut report {
                report.add(&outcome);
            }
            if bad >= limit { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        teller.end(&totals);
        if bad >= limit && totals.documents < documents {
            show::line(&format!("stopped: {} documents were left undone", documents - totals.documents));
        }
        if let Some(state) = work.state.take() {
            let roots = if only.is_some() { Vec::new() } else { survey.roots() };
            state.close(&roots, &survey.parts(), arguments.prune, |gone| tell_gone(&gone, arguments.prune));
        }
        if let Some(report) = report {
            report.finish(&totals)?;
        }
        Ok(if bad > 0 { Ending::Bad } else { Ending::Good })
    }
}

fn tell_gone(gone: &Gone, pruned: bool) {
    let what = if pruned { "removed with its outputs" } else { "its outputs stay (--prune removes them)" };
    let files: Vec<_> = gone.files.iter().map(|path| path.display().to_string()).collect();
    show::line(&format!("gone {}: {what}: {}", tame(&gone.input), tame(&files.join(", "))));
}

/// The names of the targets, each once, all known.
fn targets(registry: &Registry, names: &[String]) -> Result<Vec<String>, Misuse> {
    let mut targets: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()) {
        let writer = registry.writer(name).map_err(|unknown| Misuse::new(unknown.to_string()))?;
        let name = writer.format().name;
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

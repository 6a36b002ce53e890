//! `apograph index`: what many documents are, who wrote them to whom, and what they cite, in one file.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use rayon::iter::{IntoParallelIterator, ParallelIterator};

use super::{Ending, known_reader, show};
use crate::batch::Misuse;
use crate::batch::amend::Amendment;
use crate::batch::finding::{Finding, Places};
use crate::batch::plan::{Destination, Globs, Job, Origin, Plan, Split, is_standard};
use crate::batch::store::Store;
use crate::batch::task::load;
use crate::convert::{Checks, Conversion};
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::index::cmif::{self, Edition};
use crate::index::graph::Graph;
use crate::index::{Entry, entries, table};
use crate::model::{Document, Metadata};
use crate::registry::Registry;
use crate::source::Input;

const AFTER: &str = "\
Examples:
  A table for a spreadsheet:      apograph index archive/ --to csv -o archive.csv
  The same, to be asked in SQL:   apograph index archive/ --to sqlite -o archive.sqlite
  Who cites whom, for Gephi:      apograph index archive/ --to graphml -o archive.graphml
  Letters for correspSearch:      apograph index letters/ --to cmif -o cmif.xml --set title='Letters' \\
                                    --set licence=https://creativecommons.org/licenses/by/4.0/ \\
                                    --url https://example.org/cmif.xml";

/// What `apograph index` is told.
#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(super) struct Arguments {
    /// Files, folders (walked), or `-` for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// What is to be made
    #[arg(long, short)]
    to: Kind,
    /// Where it goes: a file, or `-` for standard output
    #[arg(long, short, value_name = "FILE|-", default_value = "-")]
    output: PathBuf,
    /// The format of the inputs, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    from: Option<String>,
    /// In folders, take only files that match; may be given several times
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,
    /// In folders, pass over files that match; may be given several times
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,
    /// Set a metadata field of the edition: title, editor, publisher, licence; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<String>,
    /// The address under which a CMIF file will be found
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    #[command(flatten)]
    authorities: super::authorities::Arguments,
}

/// What an index can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A table, one row for each document
    Csv,
    /// The same with all that is known, as JSON
    Json,
    /// The same as an SQLite database, with tables of correspondents, names and citations
    #[cfg(feature = "sqlite")]
    Sqlite,
    /// Who wrote to whom, in the Correspondence Metadata Interchange Format
    Cmif,
    /// Who cites whom, as JSON
    Graph,
    /// Who cites whom, as GraphML
    Graphml,
}

pub(super) fn run(registry: Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    let (registry, _) = arguments.authorities.apply(registry)?;
    let registry = &registry;
    known_reader(registry, arguments.from.as_ref())?;
    let plan = Plan {
        inputs: arguments.inputs.clone(),
        // An index has one output, whatever the inputs are: no job is given a place of its own.
        destination: Destination::Standard,
        globs: Globs::new(&arguments.include, &arguments.exclude)?,
        shard: None,
        split: Split::default(),
        from: arguments.from.clone(),
        registry,
    };
    let survey = plan.survey();
    if survey.all == 0 {
        return Err(Misuse::new("there is no document in what was named")
            .hint("`apograph formats` lists the file extensions that are looked for"));
    }
    let settings = edition(&arguments.inputs)?.overlaid(Amendment::from_settings(&arguments.settings)?);
    let reading = Reading { registry, from: arguments.from.clone() };
    let jobs: Vec<Job> = plan.jobs(&survey).collect();
    let read: Vec<Result<Vec<Entry>, (String, Failure)>> =
        jobs.into_par_iter().map(|job| reading.entries(&job).map_err(|failure| (job.name.clone(), failure))).collect();
    let mut found = Vec::new();
    let mut bad = false;
    for result in read {
        match result {
            Ok(entries) => found.extend(entries),
            Err((name, failure)) => {
                bad = true;
                show::findings(&name, &[Finding::failure(&failure, &Places::default())], false);
            }
        }
    }
    let metadata = settings.apply(Document::default(), &mut Log::new()).metadata;
    let (bytes, told) = made(arguments, &found, &metadata).map_err(|cause| Misuse::new(cause.to_string()))?;
    put(&arguments.output, &bytes)?;
    show::line(&told);
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

/// What `apograph.toml` in a folder that was named says of the edition.
fn edition(inputs: &[PathBuf]) -> Result<Amendment, Misuse> {
    let files: Vec<PathBuf> =
        inputs.iter().map(|input| input.join("apograph.toml")).filter(|file| file.is_file()).collect();
    Amendment::from_files(&files).map_err(|failure| Misuse::new(failure.to_string()))
}

/// How inputs are read: without comparing texts, since none is written.
struct Reading<'r> {
    registry: &'r Registry,
    from: Option<String>,
}

impl Reading<'_> {
    fn entries(&self, job: &Job) -> Result<Vec<Entry>, Failure> {
        let bytes = load(&job.origin, &job.name)?;
        let amendment = Amendment::from_files(&job.metadata)?;
        let mut conversion = Conversion::new(self.registry);
        conversion.from.clone_from(&self.from);
        conversion.checks = Checks { schema: false, conservation: false };
        let path: Option<&Path> = match &job.origin {
            Origin::File(path) | Origin::Part { source: path, .. } => Some(path),
            Origin::Standard | Origin::Broken(_) => None,
        };
        let name = job.input_name();
        let input = Input { name: &name, bytes: &bytes, path, siblings: None };
        let mut log = Log::new();
        let read = conversion.read_with(&input, &mut log, |document| amendment.apply(document, &mut Log::new()))?;
        Ok(entries(&job.name, &read.document))
    }
}

/// The index, and a line of summary: for a graph with what leads nowhere, for CMIF with what it lacks.
fn made(arguments: &Arguments, found: &[Entry], metadata: &Metadata) -> std::io::Result<(Vec<u8>, String)> {
    let mut bytes = Vec::new();
    let mut told = format!("{} documents", found.len());
    match arguments.to {
        Kind::Csv => table::csv(found, &mut bytes)?,
        Kind::Json => table::json(found, &mut bytes)?,
        #[cfg(feature = "sqlite")]
        Kind::Sqlite => crate::index::sqlite::write(found, &mut bytes)?,
        Kind::Graph | Kind::Graphml => {
            let graph = Graph::of(found);
            if arguments.to == Kind::Graph {
                graph.json(&mut bytes)?
            } else {
                graph.graphml(&mut bytes)?
            }
            let (edges, unresolved) = (graph.edges.len(), graph.unresolved.len());
            told.push_str(&format!(", {edges} references, {unresolved} to documents not read"));
        }
        Kind::Cmif => {
            let date = metadata.publication.date;
            cmif::write(found, &Edition { metadata: Some(metadata), url: arguments.url.clone(), date }, &mut bytes)?;
            let letters = found.iter().filter(|entry| entry.is_letter()).count();
            told.push_str(&format!(", {letters} with sender or addressee"));
            for lack in cmif::lacks(metadata, arguments.url.as_deref()) {
                told.push_str(&format!("\nwarning: {lack}"));
            }
        }
    }
    Ok((bytes, told))
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Misuse> {
    if is_standard(path) {
        let mut out = std::io::stdout().lock();
        return out.write_all(bytes).and_then(|()| out.flush()).map_err(|cause| Misuse::new(cause.to_string()));
    }
    Store::default().put(path, bytes).map_err(|failure| Misuse::new(failure.to_string()))
}

//! `apograph report`: what is done with reports.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{Ending, show};
use crate::batch::Misuse;
use crate::batch::report::{Report, Totals, merge};

/// What `apograph report` is told.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make one report of those of several shards, in the order of the whole
    #[command(after_help = "Example: apograph report merge shard-*.json -o report.html\n\
        Where reports speak of the same input, the one that is named last has the word.")]
    Merge(Merge),
}

#[derive(Debug, Args)]
struct Merge {
    /// Reports, as `.json`
    #[arg(required = true, value_name = "REPORT")]
    reports: Vec<PathBuf>,
    /// The report that is made, as `.json` or `.html`
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Ending, Misuse> {
    let Command::Merge(Merge { reports, output }) = &arguments.command;
    let mut report = Report::create(output)?;
    let mut totals = Totals::default();
    let mut bad = false;
    merge(reports, |outcome| {
        bad |= outcome.is_bad(false);
        totals.add(&outcome);
        report.add(&outcome);
    })?;
    report.finish(&totals)?;
    show::totals(&totals);
    Ok(if bad { Ending::Bad } else { Ending::Good })
}

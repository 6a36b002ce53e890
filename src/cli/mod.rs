//! The command line. Each command has a file of its own; `show` prints what was noticed with the line it
//! speaks of. A program with further readers or writers calls [`main`] with its own registry.

mod authorities;
mod build_time;
mod completions;
mod convert;
mod epub;
mod explain;
mod formats;
mod index;
mod man;
mod profile;
mod report;
#[cfg(feature = "serve")]
mod serve;
mod show;
mod tei;
mod validate;
mod versions;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::batch::Misuse;
use crate::registry::Registry;

const AFTER: &str = "\
Examples:
  apograph convert cable.txt --to tei,epub,markdown -o out
  apograph convert archive/ --to tei -o out --report out/report.html
  apograph convert - --to markdown < cable.txt
  apograph explain cable.txt
  apograph validate out/cable.xml out/cable.epub

Exit codes: 0 all is well, 1 some document failed (with --strict: or lost something, or looked wrong), 2 wrong use.
`apograph help convert` says more about a command.";

/// Converts historical and documentary texts into TEI XML, EPUB and Markdown, and proves that nothing was lost.
#[derive(Debug, Parser)]
#[command(name = "apograph", version, after_help = AFTER, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Convert files, folders or standard input
    #[command(long_about = convert::LONG)]
    Convert(Box<convert::Arguments>),
    /// Check files against the schema of their format
    Validate(validate::Arguments),
    /// List every inference that a conversion makes: where, by which rule, how certain, and why
    Explain(explain::Arguments),
    /// Make a table of documents, a graph of what cites what, or a list of letters (CMIF)
    Index(index::Arguments),
    /// List the formats that can be read and written
    Formats(formats::Arguments),
    /// Merge the reports of several shards
    Report(report::Arguments),
    /// Open a page for editors on this machine: convert, review what was inferred, decide
    #[cfg(feature = "serve")]
    #[command(long_about = serve::LONG)]
    Serve(serve::Arguments),
    /// Print completions for a shell
    Completions(completions::Arguments),
    /// Write manual pages into a folder
    #[command(hide = true)]
    Man(man::Arguments),
}

/// What the commands tell the shell.
enum Ending {
    /// All is well.
    Good,
    /// Some document failed.
    Bad,
}

/// Runs the command line with what a registry has, and says how it went: 0 if all is well, 1 if some document
/// failed, 2 for wrong use.
pub fn main(registry: Registry) -> ExitCode {
    show::quiet_panics();
    let program = Arguments::command().long_version(versions::text(&registry));
    let parsed = program.try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(refused) => {
            let code = if refused.use_stderr() { 2 } else { 0 };
            // Nobody is left to be told when even this can't be printed.
            let _ = refused.print();
            return ExitCode::from(code);
        }
    };
    let ending = match &arguments.command {
        Command::Convert(arguments) => convert::run(registry, arguments),
        Command::Validate(arguments) => validate::run(&registry, arguments),
        Command::Explain(arguments) => explain::run(registry, arguments),
        Command::Index(arguments) => index::run(registry, arguments),
        Command::Formats(arguments) => Ok(formats::run(&registry, arguments)),
        Command::Report(arguments) => report::run(arguments),
        #[cfg(feature = "serve")]
        Command::Serve(arguments) => serve::run(registry, arguments),
        Command::Completions(arguments) => Ok(completions::run(&mut Arguments::command(), arguments)),
        Command::Man(arguments) => man::run(Arguments::command(), arguments),
    };
    match ending {
        Ok(Ending::Good) => ExitCode::SUCCESS,
        Ok(Ending::Bad) => ExitCode::from(1),
        Err(misuse) => {
            show::misuse(&misuse);
            ExitCode::from(2)
        }
    }
}

/// Checks the name of a reader that the user asked for.
fn known_reader(registry: &Registry, name: Option<&String>) -> Result<(), Misuse> {
    match name.map(|name| registry.reader(name)) {
        Some(Err(unknown)) => Err(Misuse::new(unknown.to_string())),
        Some(Ok(_)) | None => Ok(()),
    }
}

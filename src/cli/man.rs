//! `apograph man`: a manual page for the program and one for each command, for those who package it.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;

use super::Ending;
use super::build_time::build_time;
use crate::batch::Misuse;

/// What `apograph man` is told.
#[derive(Debug, Args)]
#[command(after_help = "For this user: apograph man ~/.local/share/man/man1")]
pub(super) struct Arguments {
    /// The folder, which is made if it isn't there
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

pub(super) fn run(command: clap::Command, arguments: &Arguments) -> Result<Ending, Misuse> {
    // The pages are of today, unless who packages them says of when.
    let date = build_time()?.unwrap_or_else(|| SystemTime::now().into()).format("%Y-%m-%d").to_string();
    let folder = &arguments.folder;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    std::fs::create_dir_all(folder)
        .and_then(|()| pages(&command, &date, folder))
        .map_err(|cause| Misuse::new(format!("no manual pages can be written to `{}`: {cause}", folder.display())))?;
    Ok(Ending::Good)
}

/// The page of a command and those of the commands below it.
fn pages(command: &clap::Command, date: &str, folder: &Path) -> io::Result<()> {
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
        pages(inner, date, folder)?;
    }
    let source = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));
    let page = clap_mangen::Man::new(command.clone()).date(date).source(source).manual("User Commands");
    page.generate_to(folder).map(|_| ())
}

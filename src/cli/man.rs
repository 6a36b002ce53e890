//! `apograph man`: a manual page for the program and one for each command, for those who package it.

use std::path::PathBuf;

use clap::Args;

use super::Ending;
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
    let folder = &arguments.folder;
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command.disable_help_subcommand(true), folder))
        .map_err(|cause| Misuse::new(format!("no manual pages can be written to `{}`: {cause}", folder.display())))?;
    Ok(Ending::Good)
}

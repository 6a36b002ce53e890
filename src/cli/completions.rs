//! `apograph completions`: a script that teaches a shell the commands and options.

use clap::Args;
use clap_complete::Shell;

use super::Ending;

/// What `apograph completions` is told.
#[derive(Debug, Args)]
#[command(after_help = "For bash: apograph completions bash > ~/.local/share/bash-completion/completions/apograph")]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(command: &mut clap::Command, arguments: &Arguments) -> Ending {
    let name = command.get_name().to_owned();
    clap_complete::generate(arguments.shell, command, name, &mut std::io::stdout());
    Ending::Good
}

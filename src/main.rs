//! The binary: the command line over everything that the crate has.

use std::process::ExitCode;

fn main() -> ExitCode {
    apograph::cli::main(apograph::registry::Registry::builtin())
}

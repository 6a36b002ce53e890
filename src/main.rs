//! The binary: the command line over everything that the crate has.

use std::process::ExitCode;

#[cfg(target_os = "linux")]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    apograph::cli::main(apograph::registry::Registry::builtin())
}

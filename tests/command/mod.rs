//! The program as a test runs it.

use std::path::Path;

use assert_cmd::Command;

/// The program, in a folder.
pub(crate) fn apograph(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("apograph").unwrap();
    command.current_dir(folder);
    command
}

/// What it wrote to one of its streams.
pub(crate) fn said(output: &[u8]) -> String {
    String::from_utf8_lossy(output).into_owned()
}

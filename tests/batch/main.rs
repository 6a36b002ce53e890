//! Many documents at once: runs that are killed, disks that are full, inputs that mean harm, shares that become a
//! whole.

mod hostile;
mod isolation;
mod kill;
mod names;
mod parts;
mod report;
mod watch;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// How long a command may take before it counts as hanging. A debug build on a busy machine is slow.
const PATIENCE: Duration = Duration::from_secs(120);

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn apograph(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin!("apograph"));
    command.current_dir(folder).args(arguments);
    command
}

/// Runs a command to its end, which must come, by an exit code, and without a panic.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut child =
        apograph(folder, arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let reader = {
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let out = std::thread::spawn(|| std::io::read_to_string(out).unwrap());
        let err = std::thread::spawn(|| std::io::read_to_string(err).unwrap());
        (out, err)
    };
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("{arguments:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let told = reader.1.join().unwrap() + &reader.0.join().unwrap();
    let code = status.code().unwrap_or_else(|| panic!("{arguments:?} was ended by a signal: {told}"));
    assert!(!told.contains("bug.panic"), "{arguments:?}: {told}");
    (code, told)
}

fn succeed(folder: &Path, arguments: &[&str]) -> String {
    let (code, told) = run(folder, arguments);
    assert_eq!(code, 0, "{arguments:?}: {told}");
    told
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A small transcript.
fn transcript(number: usize) -> String {
    format!(
        "{number}. Memorandum From the Harbor Master1\n\nPort Vale, May 4, 1931\n\nThe ferry Patience made trip \
         {number}.2 All went well.\n\n  1. Source: Lake Archive, Box {number}.\n  2. See Document 1.\n"
    )
}

/// Writes so many transcripts into folders of a hundred.
fn transcripts(folder: &Path, count: usize) {
    for number in 0..count {
        let path = folder.join(format!("{:02}/{number:04}.txt", number / 100));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, transcript(number)).unwrap();
    }
}

/// All files under a folder with their bytes, but for those that a run keeps for itself.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                if entry.file_name() != ".apograph" {
                    folders.push(path);
                }
            } else {
                let bytes = fs::read(&path).unwrap();
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), bytes);
            }
        }
    }
    found
}

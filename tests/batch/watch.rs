//! `--watch`, and what makes a document be done again.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::{PATIENCE, apograph, folder, succeed, transcripts};

fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "{what}: it did not come");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn holds(path: &Path, text: &str) -> bool {
    fs::read_to_string(path).is_ok_and(|there| there.contains(text))
}

#[test]
fn whatever_changes_is_converted() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 3);
    let mut child = apograph(path, &["convert", "in", "--to", "markdown", "-o", "out", "--prune", "--watch"])
        .stderr(fs::File::create(path.join("told")).unwrap())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let watching = |times: usize| {
        let told = || fs::read_to_string(path.join("told")).unwrap_or_default();
        until("watching", || told().matches("watching for changes").count() >= times);
        told()
    };
    watching(1);
    fs::write(path.join("in/00/0001.txt"), "1. Letter\n\nThe buoy has come.\n").unwrap();
    until("the change", || holds(&path.join("out/00/0001.md"), "The buoy has come."));
    let told = watching(2);
    assert_eq!(told.matches("in/00/0000.txt").count(), 1, "only what changed is looked at: {told}");
    fs::write(path.join("in/00/new.txt"), "2. Letter\n\nA new one.\n").unwrap();
    until("the new one", || holds(&path.join("out/00/new.md"), "A new one."));
    watching(3);
    fs::write(path.join("in/apograph.toml"), "publisher = 'Lake Press'\n").unwrap();
    until("the metadata", || holds(&path.join("out/00/0002.md"), "Lake Press"));
    watching(4);
    fs::remove_file(path.join("in/00/0002.txt")).unwrap();
    until("the removal", || !path.join("out/00/0002.md").exists());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_document_is_done_again_when_what_it_depends_on_changes() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 2);
    let convert = |more: &[&str]| succeed(path, &[&["convert", "in", "--to", "markdown", "-o", "out"], more].concat());
    let unchanged = |told: &str| told.lines().filter(|line| line.starts_with("unchanged")).count();
    assert_eq!(unchanged(&convert(&[])), 0);
    assert_eq!(unchanged(&convert(&[])), 2);
    fs::write(path.join("in/00/0001.yaml"), "publisher: Lake Press\n").unwrap();
    assert_eq!(unchanged(&convert(&[])), 1, "metadata of its own");
    fs::write(path.join("in/00/apograph.toml"), "rights = 'Free'\n").unwrap();
    assert_eq!(unchanged(&convert(&[])), 0, "metadata of its folder");
    fs::remove_file(path.join("in/00/0001.yaml")).unwrap();
    assert_eq!(unchanged(&convert(&[])), 1, "metadata that are gone");
    assert_eq!(unchanged(&convert(&["--set", "place=Port Vale"])), 0, "options");
    assert_eq!(unchanged(&convert(&["--to", "json", "--set", "place=Port Vale"])), 0, "targets");
    assert_eq!(unchanged(&convert(&["--to", "json", "--set", "place=Port Vale"])), 2);
}

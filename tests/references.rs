//! References from file to file of a run.
#![cfg(feature = "cli")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// Converts a folder of texts, and gives back what was written for one of them, and what was told.
fn converted(texts: &[(&str, &str)], jobs: &str, asked: &str) -> (String, String) {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (from, to) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&from).expect("a folder can be made");
    for (name, text) in texts {
        fs::write(from.join(name), text).expect("a file can be written");
    }
    let told = run(&from, &to, jobs);
    (fs::read_to_string(to.join(asked)).expect("the output is there"), told)
}

fn run(from: &Path, to: &Path, jobs: &str) -> String {
    let mut command = Command::cargo_bin("apograph").expect("the program is built");
    let output = command.args(["convert", "--to", "tei,epub", "-v", "--jobs", jobs, "-o"]).arg(to).arg(from);
    String::from_utf8_lossy(&output.output().expect("the program runs").stderr).into_owned()
}

const CITING: &str = "41. Letter From Consul Moor to Director Hale1\n\nPort Vale, May 4, 1931.\n\nThe ice has gone.2\n\n  \
    1. Source: Lake Archive, Ferry Files.\n  2. See Document 42; footnote 1, Document 42; Document 43; and Document 43.\n";
const CITED: &str = "42. Letter From Director Hale to Consul Moor1\n\nLake House, May 6, 1931.\n\nIt was time.\n\n  \
    1. Source: Lake Archive, Ferry Files.\n";

#[test]
fn a_document_of_the_run_is_linked_and_what_is_nowhere_is_told_once() {
    let named = [("lake1930v07-d41.txt", CITING), ("lake1930v07-d42.txt", CITED), ("lake1930v08-d43.txt", CITED)];
    let free = [("first.txt", CITING), ("the second.txt", CITED)];
    for (texts, asked, base) in [
        (named.as_slice(), "lake1930v07-d41.xml", "lake1930v07-d42.xml"),
        (free.as_slice(), "first.xml", "the%20second.xml"),
    ] {
        let (tei, told) = converted(texts, "1", asked);
        assert!(tei.contains(&format!("<ref target=\"#d42\" xml:base=\"{base}\">Document 42</ref>")), "{tei}");
        assert!(tei.contains(&format!("<ref target=\"#d42fn1\" xml:base=\"{base}\">")), "{tei}");
        assert!(tei.contains("<ref target=\"#d43\">Document 43</ref>"), "{tei}");
        assert_eq!(told.matches("`d43`").count() + told.matches("`#d43`").count(), 1, "{told}");
        assert!(!told.contains("reference.unresolved]: `d42"), "{told}");
        assert_eq!(converted(texts, "4", asked).0, tei, "whatever the number of workers");
    }
}

#[test]
fn a_document_that_comes_later_is_linked_by_the_next_run() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let (from, to) = (folder.path().join("in"), folder.path().join("out"));
    fs::create_dir(&from).expect("a folder can be made");
    fs::write(from.join("lake-d41.txt"), CITING).expect("a file can be written");
    run(&from, &to, "1");
    let citing = to.join("lake-d41.xml");
    assert!(!fs::read_to_string(&citing).expect("the output is there").contains("xml:base"));
    fs::write(from.join("lake-d42.txt"), CITED).expect("a file can be written");
    run(&from, &to, "1");
    assert!(fs::read_to_string(&citing).expect("the output is there").contains("xml:base=\"lake-d42.xml\""));
}

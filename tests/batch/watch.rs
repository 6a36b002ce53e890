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
fn a_style_sheet_that_changes_concerns_every_book() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 2);
    fs::create_dir(path.join("look")).unwrap();
    fs::write(path.join("look/own.css"), "p { margin: 1em }\n").unwrap();
    let arguments = ["convert", "in", "--to", "epub", "-o", "out", "--css", "look/own.css", "--watch"];
    let mut child = apograph(path, &arguments)
        .stderr(fs::File::create(path.join("told")).unwrap())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let told = || fs::read_to_string(path.join("told")).unwrap_or_default();
    let sheet = |name: &str, holds: &str| {
        let Ok(book) = fs::File::open(path.join(name)) else { return false };
        let mut book = zip::ZipArchive::new(book).unwrap();
        (0..book.len()).any(|number| {
            let mut text = Vec::new();
            std::io::Read::read_to_end(&mut book.by_index(number).unwrap(), &mut text).unwrap();
            String::from_utf8_lossy(&text).contains(holds)
        })
    };
    until("watching", || told().contains("watching for changes"));
    // A sheet that is no sheet for a while ends nothing.
    fs::write(path.join("look/own.css"), "p { margin: 2em; url(http://example.org/x.png) }\n@import 'x'").unwrap();
    std::thread::sleep(Duration::from_millis(400));
    fs::write(path.join("look/own.css"), "p { margin: 3em }\n").unwrap();
    until("the sheet", || sheet("out/00/0000.epub", "3em") && sheet("out/00/0001.epub", "3em"));
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A file that a document draws in, and an image that it shows: whoever depends on them is done again, and no other.
#[test]
fn only_what_depends_on_a_file_is_done_again() {
    let folder = folder();
    let path = folder.path();
    fs::create_dir_all(path.join("in")).unwrap();
    let tei = |body: &str| {
        format!(
            "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"><teiHeader><fileDesc>\
             <titleStmt><title>T</title></titleStmt><publicationStmt><p>P</p></publicationStmt><sourceDesc><p>S</p>\
             </sourceDesc></fileDesc></teiHeader><text><body>{body}</body></text></TEI>"
        )
    };
    let included = |word: &str| format!("<p xmlns=\"http://www.tei-c.org/ns/1.0\">The {word} harbour.</p>");
    let image = |shade: u8| {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 1, 1);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&[shade]).unwrap();
        bytes
    };
    fs::create_dir(path.join("in/parts")).unwrap();
    fs::write(path.join("in/parts/harbour.txt"), "1. Letter\n\nNo part.\n").unwrap();
    fs::write(path.join("in/parts/harbour.inc"), included("old")).unwrap();
    fs::write(path.join("in/quay.png"), image(1)).unwrap();
    fs::write(path.join("in/plain.xml"), tei("<p>Plain.</p>")).unwrap();
    fs::write(path.join("in/draws.xml"), tei("<xi:include href=\"parts/harbour.inc\"/>")).unwrap();
    fs::write(path.join("in/shows.xml"), tei("<figure><graphic url=\"quay.png\"/></figure><p>S.</p>")).unwrap();
    fs::write(path.join("in/decided.txt"), "1. Letter1\n\nText.\n\n  1. A note.\n").unwrap();
    let convert = || succeed(path, &["convert", "in", "--to", "epub,tei", "-o", "out"]);
    let done = |told: &str| -> Vec<String> {
        let done = told.lines().filter_map(|line| line.strip_prefix("converted in/"));
        done.map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(done(&convert()).len(), 5);
    assert!(done(&convert()).is_empty());
    fs::write(path.join("in/parts/harbour.inc"), included("new")).unwrap();
    assert_eq!(done(&convert()), ["draws.xml"]);
    assert!(holds(&path.join("out/draws.xml"), "The new harbour."));
    fs::write(path.join("in/quay.png"), image(2)).unwrap();
    assert_eq!(done(&convert()), ["shows.xml"]);
    fs::remove_file(path.join("in/quay.png")).unwrap();
    assert_eq!(done(&convert()), ["shows.xml"], "an image that is gone");
    fs::write(path.join("in/quay.png"), image(2)).unwrap();
    assert_eq!(done(&convert()), ["shows.xml"], "an image that is there again");
    fs::write(path.join("in/decided.decisions.toml"), "").unwrap();
    assert_eq!(done(&convert()), ["decided.txt"], "decisions");
    assert!(done(&convert()).is_empty());
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

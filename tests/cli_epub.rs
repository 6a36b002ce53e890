//! The options of `apograph convert` that are for EPUB alone: what they write, and how wrong ones are refused.

use std::fs;
use std::io::Read;
use std::path::Path;

use assert_cmd::Command;

const FONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/write/epub/cover/ApographGaramond.otf");

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = "47. Telegram From Vale1\n\nPort Vale, May 4, 1931.\n\nThe ice is out.2\n\n  1. Source: Vale.\n  2. Not found.\n";
    fs::write(folder.path().join("cable.txt"), text).unwrap();
    fs::write(folder.path().join("own.css"), "p { color: #222 }").unwrap();
    fs::write(folder.path().join("bad.css"), "p {\n  background: url(a.png)\n}").unwrap();
    folder
}

fn convert(folder: &Path, options: &[&str]) -> Command {
    let mut command = Command::cargo_bin("apograph").unwrap();
    command.current_dir(folder).env_remove("SOURCE_DATE_EPOCH");
    command.args(["convert", "cable.txt", "--to", "epub", "-o", "out"]).args(options);
    command
}

fn names_and_package(folder: &Path) -> (Vec<String>, String) {
    let mut zip = zip::ZipArchive::new(fs::File::open(folder.join("out/cable.epub")).unwrap()).unwrap();
    let names = (0..zip.len()).map(|at| zip.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let mut package = String::new();
    zip.by_name("EPUB/package.opf").unwrap().read_to_string(&mut package).unwrap();
    (names, package)
}

#[test]
fn options_decide_what_is_in_the_book() {
    let folder = folder();
    convert(folder.path(), &[]).assert().code(0);
    let (names, package) = names_and_package(folder.path());
    assert!(
        names.contains(&"EPUB/images/cover.png".to_owned()) && !names.contains(&"EPUB/text/notes.xhtml".to_owned())
    );
    assert!(package.contains("2000-01-01T00:00:00Z"), "never the clock");

    // The second run has other options, and does the work anew.
    let options = ["--notes", "book", "--theme", "clear", "--css", "own.css", "--cover", "none", "--fonts", FONT];
    convert(folder.path(), &options).env("SOURCE_DATE_EPOCH", "1714564800").assert().code(0);
    let (names, package) = names_and_package(folder.path());
    for name in ["text/notes.xhtml", "css/theme.css", "css/own.css", "css/fonts.css", "fonts/font-1.otf"] {
        assert!(names.contains(&format!("EPUB/{name}")), "{name}: {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("cover")), "{names:?}");
    assert!(package.contains("<meta property=\"dcterms:modified\">2024-05-01T12:00:00Z</meta>"));
}

#[test]
fn what_can_not_be_used_is_wrong_use() {
    let folder = folder();
    for (options, told) in [
        (&["--css", "bad.css"][..], "bad.css, line 2"),
        (&["--css", "none.css"], "none.css"),
        (&["--cover", "own.css"], "can't be a cover"),
        (&["--fonts", "own.css"], "can't be embedded"),
        (&["--toc-depth", "0"], "toc-depth"),
        (&["--notes", "margin"], "popup"),
    ] {
        let output = convert(folder.path(), options).assert().code(2).get_output().stderr.clone();
        let said = String::from_utf8_lossy(&output).into_owned();
        assert!(said.contains(told), "{options:?}: {said}");
    }
    let refused = convert(folder.path(), &[]).env("SOURCE_DATE_EPOCH", "today").assert().code(2);
    assert!(String::from_utf8_lossy(&refused.get_output().stderr).contains("`today`"));
    assert!(!folder.path().join("out").exists());
}

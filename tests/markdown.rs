//! Markdown there and back: golden files that a person has read, and laws over generated documents.

mod generated;

use std::path::{Path, PathBuf};

use apograph::conservation::{Flow, Markdown as Account, Witness};
use apograph::diagnostic::{Log, Severity};
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::Reader;
use apograph::source::Input;
use apograph::write::Writer;
use apograph::{read, write};
use proptest::prelude::*;

fn cases(extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/markdown");
    let mut cases: Vec<_> = std::fs::read_dir(folder)
        .expect("the cases are there")
        .map(|entry| entry.expect("a folder can be read").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn written(document: &Document) -> String {
    let mut files = Memory::new();
    write::markdown::Markdown.write(document, &mut files, &mut Log::new()).expect("memory takes everything");
    String::from_utf8(files.main_bytes().to_vec()).expect("Markdown is UTF-8")
}

fn read_back(markdown: &str) -> Document {
    let mut log = Log::new();
    read::markdown::Markdown.read(&Input::new("case.md", markdown.as_bytes()), &mut log).expect("it is readable")
}

fn json(path: &Path) -> Document {
    let bytes = std::fs::read(path).expect("a case can be read");
    read::json::Json.read(&Input::new("case.json", &bytes), &mut Log::new()).expect("a case is a document")
}

fn as_json(document: &Document) -> String {
    let mut files = Memory::new();
    write::json::Json.write(document, &mut files, &mut Log::new()).expect("memory takes everything");
    String::from_utf8(files.main_bytes().to_vec()).expect("JSON is UTF-8")
}

/// Compares with a golden file, or renews it where `APOGRAPH_RENEW` is set.
fn golden(path: &Path, found: &str) {
    if std::env::var_os("APOGRAPH_RENEW").is_some() {
        std::fs::write(path, found).expect("a golden can be written");
        return;
    }
    let expected = std::fs::read_to_string(path).unwrap_or_default();
    assert_eq!(expected, found, "{} is not what was written", path.display());
}

#[test]
fn documents_are_written_as_a_person_would() {
    for case in cases("json").iter().filter(|path| !path.to_string_lossy().contains(".read.")) {
        golden(&case.with_extension("md"), &written(&json(case)));
    }
}

#[test]
fn written_documents_come_back_whole() {
    for case in cases("json") {
        let document = json(&case);
        let back = generated::settled(read_back(&written(&document)));
        assert_eq!(as_json(&back), as_json(&generated::settled(document)), "{}", case.display());
    }
}

#[test]
fn markdown_of_others_is_read() {
    for case in cases("md").iter().filter(|path| !path.with_extension("json").exists()) {
        let markdown = std::fs::read_to_string(case).expect("a case can be read");
        let document = read_back(&markdown);
        golden(&case.with_extension("read.json"), &as_json(&document));
        let account = Account.flow(markdown.as_bytes(), &[]).expect("it is readable");
        assert_eq!(Flow::of(&document).differs_from(&account), None, "{}", case.display());
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("APOGRAPH_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200),
        // The same documents each time; `APOGRAPH_CASES` asks for more of them.
        rng_seed: proptest::test_runner::RngSeed::Fixed(1931),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_text_is_conserved(document in generated::document()) {
        let markdown = written(&document);
        let found = Account.flow(markdown.as_bytes(), &[]).expect("it is readable");
        let difference = Flow::of(&document).differs_from(&found);
        prop_assert!(difference.is_none(), "{}\n{markdown}", difference.expect("there is one"));
    }

    #[test]
    fn what_was_written_is_read_back(document in generated::document()) {
        let document = generated::settled(document);
        let markdown = written(&document);
        let found = generated::settled(read_back(&markdown));
        prop_assert!(found == document, "{markdown}\n{}\n{}", as_json(&document), as_json(&found));
    }

    /// What came from TEI keeps its white space, wherever it stands.
    #[test]
    fn with_its_frame_a_document_is_read_back_letter_for_letter(document in generated::document()) {
        let document = generated::framed(document);
        let markdown = written(&document);
        let found = generated::joined(read_back(&markdown));
        prop_assert!(found == document, "{markdown}\n{}\n{}", as_json(&document), as_json(&found));
    }

    #[test]
    fn no_text_is_refused_or_lost(text in "[ \\[\\]{}():*_`<>&#^~|\\\\\n.!a1\"=+-]{0,60}") {
        let mut log = Log::new();
        let document = read::markdown::Markdown.read(&Input::new("any.md", text.as_bytes()), &mut log);
        prop_assert!(document.is_ok());
        prop_assert_eq!(log.count(Severity::Error), 0);
        let found = Account.flow(text.as_bytes(), &[]).expect("it is readable");
        let difference = Flow::of(&document.expect("it is")).differs_from(&found);
        prop_assert!(difference.is_none(), "{difference:?}\n{text}");
    }
}

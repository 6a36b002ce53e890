//! The bundled schemas: what must pass passes, what must fail fails, and for the reason it should. TEI cases are
//! `tests/cases/schemas/<what>.tei.xml` with `<what>.faults`, lines of code and line number; EPUBs are made by the
//! writer and broken on purpose.

use std::path::{Path, PathBuf};

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::output::{Memory, Output};
use apograph::registry::Registry;
use apograph::source::{Input, SourceMap};

#[test]
fn tei_cases_have_the_faults_they_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/schemas");
    let entries = std::fs::read_dir(&folder).expect("the folder of cases can be read");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
    cases.retain(|path| path.to_string_lossy().ends_with(".tei.xml"));
    cases.sort();
    assert!(cases.len() > 8, "cases are missing");
    for path in cases {
        let bytes = std::fs::read(&path).expect("the case can be read");
        let expected = path.to_string_lossy().replace(".tei.xml", ".faults");
        let expected = std::fs::read_to_string(expected).expect("the case has its faults");
        let mut map = SourceMap::default();
        map.add("case", String::from_utf8_lossy(&bytes));
        let log = check("tei", &Memory::single(bytes));
        let found = log.diagnostics().iter().map(|diagnostic| {
            format!("{} {}\n", diagnostic.code, map.position(diagnostic.span).map_or(0, |position| position.line))
        });
        assert_eq!(found.collect::<String>(), expected, "{}: {log:#?}", path.display());
    }
}

fn check(format: &str, files: &Memory) -> Log {
    let registry = Registry::builtin();
    let schema = registry.schema(format).expect("the format has a schema");
    let mut log = Log::new();
    schema.check(files, &mut log);
    log
}

const LETTER: &str = "1. Letter From the Harbour Office to the Lake Office\n\nPort Vale, May 3, 1921.\n\n\
The mail came by boat.1 It was late.\n\nJohn Pell\n\nHarbour Master\n\n1 The boat was the Lively.\n";

fn book() -> Memory {
    let registry = Registry::builtin();
    let mut log = Log::new();
    let conversion = Conversion::new(&registry);
    let read = conversion.read(&Input::new("letter.txt", LETTER.as_bytes()), &mut log).expect("the letter is read");
    let mut files = Memory::new();
    let writer = registry.writer("epub").expect("there is a writer");
    writer.write(&read.document, &mut files, &mut log).expect("it can be written");
    files
}

/// The book with one text of one file (or of all whose name ends so) replaced by another.
fn broken(book: &Memory, file: &str, from: &str, to: &str) -> Memory {
    let mut files = Memory::new();
    let mut changed = false;
    for (path, bytes) in book.files() {
        let mut bytes = bytes.to_vec();
        if path.ends_with(file) {
            let text = String::from_utf8(bytes).expect("it is text");
            changed |= text.contains(from);
            bytes = text.replacen(from, to, 1).into_bytes();
        }
        files.file(path).expect("the name is new").write_all(&bytes).expect("memory takes all");
    }
    assert!(changed, "`{file}` has no `{from}`");
    files
}

#[test]
fn a_book_that_was_written_is_valid_and_broken_ones_are_not() {
    let book = book();
    let log = check("epub", &book);
    assert_eq!(log.diagnostics().len(), 0, "{log:#?}");
    let cases = [
        ("mimetype", "epub", "zip", "epub.mimetype"),
        ("container.xml", "package.opf", "other.opf", "epub.package-missing"),
        ("container.xml", "version=\"1.0\" xmlns", "xmlns", "attribute.missing"),
        ("package.opf", "</metadata>", "<dc:titel/></metadata>", "element.unknown"),
        ("package.opf", "dcterms:modified", "dcterms:created", "epub.structure"),
        ("package.opf", "nav.xhtml", "nave.xhtml", "manifest.missing"),
        ("package.opf", "<itemref idref=\"", "<itemref idref=\"x", "manifest.unknown"),
        ("nav.xhtml", "epub:type=\"toc\"", "epub:type=\"loi\"", "epub.structure"),
        ("nav.xhtml", "<ol>", "<ol><li>x</li>", "text.misplaced"),
        ("nav.xhtml", "href=\"text/", "href=\"texts/", "link.missing-file"),
        ("toc.ncx", "<navMap>", "<navMap><navPoint/>", "attribute.missing"),
        (".xhtml", "<body", "<body><li/></body><body", "element.misplaced"),
        (".xhtml", "</p>", "<div/></p>", "element.misplaced"),
        (".xhtml", "</p>", "<a href=\"#nowhere\">x</a></p>", "link.missing-id"),
        (".xhtml", "</p>", "<", "xml.not-well-formed"),
    ];
    for (file, from, to, code) in cases {
        // The navigation document has no paragraph, so its name must not be asked for one.
        let log = check("epub", &broken(&book, file, from, to));
        let codes = log.diagnostics().iter().map(|diagnostic| diagnostic.code.0).collect::<Vec<_>>();
        assert!(codes.contains(&code), "{file}: {from} → {to}: {log:#?}");
        assert!(log.count(Severity::Error) > 0);
    }
}

#[test]
fn real_documents_keep_their_verdict() {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let schema = shared.join("conformance/schema/tei_all.rng");
    if !schema.is_file() {
        eprintln!("skipped: no {}", schema.display());
        return;
    }
    let grammar = apograph::validate::relaxng::Grammar::load(&schema).expect("tei_all compiles");
    for (name, faults) in [("tei/macbeth.xml", 0), ("tei/bartram.xml", 2), ("tei/FRA00101_Adam.xml", 5)] {
        let text = std::fs::read_to_string(shared.join("corpora").join(name)).expect("the corpus is there");
        let (found, failure) = grammar.check(&text, 0);
        assert!(failure.is_none());
        assert_eq!(found.len(), faults, "{name}");
    }
}

//! What all fuzz targets do: read, write in every format, and hold the program to its promises.

use std::sync::OnceLock;

use apograph::convert::Conversion;
use apograph::diagnostic::{Diagnostic, Log, Severity};
use apograph::output::{Memory, Output};
use apograph::registry::Registry;
use apograph::source::Input;
use apograph::validate::relaxng::Grammar;

/// Reads bytes of a format and writes what came of them in all formats.
///
/// # Panics
/// When a text was not conserved, or an output is not valid: these are the findings.
pub fn read(format: &str, bytes: &[u8]) {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    let registry = REGISTRY.get_or_init(Registry::builtin);
    let mut conversion = Conversion::new(registry);
    conversion.from = Some(format.to_owned());
    let mut log = Log::new();
    let Ok(read) = conversion.read(&Input::new("fuzz", bytes), &mut log) else { return };
    let bug = log.diagnostics().iter().find(|it| it.severity == Severity::Error);
    assert!(bug.is_none(), "{format}: {bug:?}");
    for target in registry.writers().map(|writer| writer.format().name) {
        let known = log.diagnostics().len();
        // Bytes in a zip archive that break its rules are a failure, not a finding.
        let _ = conversion.write(&read, target, &mut log);
        let told = &log.diagnostics()[known..];
        let bug = told.iter().find(|it| it.severity == Severity::Error && !says_the_source(format, target, it));
        assert!(bug.is_none(), "{format} to {target}: {bug:?}");
    }
}

/// Markdown, JSON and our own books name elements, attributes and ids of TEI themselves. That these are not where TEI has them is told
/// of them, rightly; that the output is no XML, or has lost something, never is.
fn says_the_source(format: &str, target: &str, told: &Diagnostic) -> bool {
    let names_elements = matches!(format, "markdown" | "json" | "epub") && matches!(target, "tei" | "markdown");
    names_elements && !matches!(told.code.0, "text.not-conserved" | "xml.not-well-formed")
}

/// Reads a book as [`read`] does. Bytes that are no archive are a listing of files: behind each line `=== PATH` a file,
/// so that damage strikes the files and not only the archive's checksums.
///
/// # Panics
/// As [`read`].
pub fn read_book(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return read("epub", bytes);
    }
    let mut files = Memory::new();
    let listing = String::from_utf8_lossy(bytes);
    for file in listing.strip_prefix("=== ").unwrap_or(&listing).split("\n=== ") {
        let (path, text) = file.split_once('\n').unwrap_or((file, ""));
        let Ok(out) = files.file(path) else { continue };
        out.write_all(text.as_bytes()).expect("memory takes all");
    }
    // Names that no archive can have.
    let Ok(archive) = files.archive() else { return };
    read("epub", &archive);
}

/// Compiles a schema and checks a small document with it.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(grammar) = Grammar::compile("fuzz.rng", text) else { return };
    // Whether the document is valid is the schema's affair.
    let _ = grammar.check("<a b='1'><b>2</b><c xml:id='d'/>text</a>", 0);
}

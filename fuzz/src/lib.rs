//! What all fuzz targets do: read, write in every format, and hold the program to its promises.

use std::sync::OnceLock;

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
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
    for target in registry.writers().map(|writer| writer.format().name) {
        // Bytes in a zip archive that break its rules are a failure, not a finding.
        let _ = conversion.write(&read, target, &mut log);
    }
    let bug = log.diagnostics().iter().find(|it| it.severity == Severity::Error);
    assert!(bug.is_none(), "{bug:?}");
}

/// Compiles a schema and checks a small document with it.
pub fn schema(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(grammar) = Grammar::compile("fuzz.rng", text) else { return };
    // Whether the document is valid is the schema's affair.
    let _ = grammar.check("<a b='1'><b>2</b><c xml:id='d'/>text</a>", 0);
}

//! What all fuzz targets do: read, write in every format, and hold the program to its promises.

use std::sync::OnceLock;

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;
use apograph::source::Input;

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

//! Every format that is read into every format that is written: no errors, the whole text, and what was written is
//! read again. What comes out letter for letter is in `tests/cases/matrix`.

use apograph::conservation::Flow;
use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;
use apograph::source::Input;

const SOURCES: [(&str, &[u8]); 4] = [
    ("cable.txt", include_bytes!("../examples/cable.txt")),
    ("letters.xml", include_bytes!("cases/markdown/letters.source.xml")),
    ("by-hand.md", include_bytes!("cases/matrix/by-hand.source.md")),
    ("telegram.json", include_bytes!("cases/matrix/model.source.json")),
];
const TARGETS: [&str; 4] = ["tei", "epub", "markdown", "json"];

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Converts to each target, and gives the outputs.
fn row(registry: &Registry, name: &str, bytes: &[u8]) -> Outcome<Vec<(String, Vec<u8>)>> {
    let conversion = Conversion::new(registry);
    let mut log = Log::new();
    let read = conversion.read(&Input::new(name, bytes), &mut log)?;
    let mut outputs = Vec::new();
    for target in TARGETS {
        let written = conversion.write(&read, target, &mut log)?;
        assert_ne!(written.conserved, Some(false), "{name} → {target}");
        let bytes = written.files.main_bytes().to_vec();
        let output = format!("{name}.{}", written.extension);
        if registry.reader(target).is_ok() {
            let mut log = Log::new();
            let again = conversion.read(&Input::new(&output, &bytes), &mut log)?;
            assert_eq!(
                log.count(Severity::Error),
                0,
                "{name} → {target} → {:?}: {:?}",
                again.format,
                log.diagnostics()
            );
            assert_eq!(Flow::of(&read.document).differs_from(&Flow::of(&again.document)), None, "{name} → {target}");
        }
        outputs.push((output, bytes));
    }
    let errors: Vec<_> = log.diagnostics().iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{name}: {errors:?}");
    Ok(outputs)
}

#[test]
fn every_format_becomes_every_other_and_is_read_again() -> Outcome {
    let registry = Registry::builtin();
    for (name, bytes) in SOURCES {
        for (output, bytes) in row(&registry, name, bytes)? {
            // What can be read again is itself a source of all targets.
            if registry.reader_for(&output, &bytes).is_ok() {
                row(&registry, &output, &bytes)?;
            }
        }
    }
    Ok(())
}

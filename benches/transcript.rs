//! Transcript to TEI, one core: on the corpus of transcripts where it lies beside the checkout, else on the examples.
//! `cargo bench --bench transcript`; divan prints time and throughput.

mod allocator;

use std::path::Path;

use apograph::convert::{Checks, Conversion};
use apograph::diagnostic::Log;
use apograph::read::transcript::Boundaries;
use apograph::registry::Registry;
use apograph::source::Input;
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// The texts, with their names.
fn texts() -> Vec<(String, Vec<u8>)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("APOGRAPH_SHARED").map_or_else(|| here.join("../shared"), Into::into);
    let folders = [shared.join("corpora/transcripts/labelled"), here.join("examples")];
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
        paths.sort();
        let read = |path: &std::path::PathBuf| {
            Some((path.file_name()?.to_string_lossy().into_owned(), std::fs::read(path).ok()?))
        };
        return paths.iter().filter_map(read).collect();
    }
    Vec::new()
}

fn convert(bencher: Bencher, checks: Checks) {
    let texts = texts();
    let registry = Registry::builtin();
    let mut conversion = Conversion::new(&registry);
    conversion.checks = checks;
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        for (name, text) in &texts {
            let mut log = Log::new();
            let Ok(read) = conversion.read(&Input::new(name, text), &mut log) else { continue };
            divan::black_box(conversion.write(&read, "tei", &mut log).is_ok());
        }
    });
}

/// Reading, the passes, and writing.
#[divan::bench(sample_count = 10)]
fn to_tei(bencher: Bencher) {
    convert(bencher, Checks { schema: false, conservation: false });
}

/// The same, with the proof that no character was lost.
#[divan::bench(sample_count = 10)]
fn to_tei_proven(bencher: Bencher) {
    convert(bencher, Checks { schema: false, conservation: true });
}

/// The same, and the output is validated.
#[divan::bench(sample_count = 5)]
fn to_tei_proven_and_validated(bencher: Bencher) {
    convert(bencher, Checks::default());
}

/// Where documents begin, line by line.
#[divan::bench(sample_count = 10)]
fn boundaries(bencher: Bencher) {
    let text: String = texts().iter().map(|(_, text)| String::from_utf8_lossy(text).into_owned() + "\n\n").collect();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| Boundaries::new().within(&text).len());
}

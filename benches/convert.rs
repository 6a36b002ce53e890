//! How long the main path takes: reading, enriching, writing, checking, on the examples and on a text of 2 MB made
//! from them. `cargo bench`; divan prints time and throughput.

mod allocator;

use apograph::convert::{Checks, Conversion};
use apograph::diagnostic::Log;
use apograph::registry::Registry;
use apograph::source::Input;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const CABLE: &str = include_str!("../examples/cable.txt");
const MEMORANDUM: &str = include_str!("../examples/memorandum.txt");
const LETTER: &str = include_str!("../examples/letter.txt");

fn main() {
    divan::main();
}

/// A document whose body is repeated until it has two million bytes, with the notes at its end.
fn long() -> String {
    let (body, notes) = CABLE.split_once("\n\n  1. ").unwrap_or((CABLE, ""));
    let (head, paragraphs) = body.split_once("\n\n").unwrap_or((body, ""));
    // Only the first copy keeps its notes' markers; the others are running text.
    let plain: String = MEMORANDUM.lines().filter(|line| line.len() > 200).collect::<Vec<_>>().join("\n\n");
    let mut text = format!("{head}\n\n{paragraphs}\n\n");
    while text.len() < 2_000_000 {
        text.push_str(&plain);
        text.push_str("\n\n");
    }
    text.push_str("  1. ");
    text.push_str(notes);
    text
}

fn read(bencher: Bencher, text: &str, checks: Checks) {
    let registry = Registry::builtin();
    let mut conversion = Conversion::new(&registry);
    conversion.checks = checks;
    bencher.counter(BytesCount::of_str(text)).bench_local(|| {
        let mut log = Log::new();
        conversion.read(&Input::new("bench.txt", black_box(text.as_bytes())), &mut log).is_ok()
    });
}

#[divan::bench(args = [("cable", CABLE), ("memorandum", MEMORANDUM), ("letter", LETTER)])]
fn reading(bencher: Bencher, (_name, text): (&str, &str)) {
    read(bencher, text, Checks::default());
}

#[divan::bench(sample_count = 10)]
fn reading_two_megabytes(bencher: Bencher) {
    read(bencher, &long(), Checks::default());
}

#[divan::bench(sample_count = 10)]
fn reading_two_megabytes_unproven(bencher: Bencher) {
    read(bencher, &long(), Checks { schema: false, conservation: false });
}

#[divan::bench(args = ["json", "markdown", "tei", "epub"])]
fn writing(bencher: Bencher, target: &str) {
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let Ok(read) = conversion.read(&Input::new("cable.txt", CABLE.as_bytes()), &mut Log::new()) else { return };
    bencher
        .counter(BytesCount::of_str(CABLE))
        .bench_local(|| conversion.write(black_box(&read), target, &mut Log::new()).is_ok());
}

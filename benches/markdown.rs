//! Markdown of two million bytes with 500 notes: reading it, writing it as TEI, EPUB and Markdown, and all of a
//! conversion with its proofs. `cargo bench --bench markdown`; `.ci/speed.sh` puts the command beside pandoc.

mod allocator;

use std::fmt::Write as _;

use apograph::convert::Conversion;
use apograph::diagnostic::Log;
use apograph::output::Memory;
use apograph::read::{Reader, markdown::Markdown};
use apograph::registry::Registry;
use apograph::source::Input;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

const SENTENCE: &str = "The *harbour* of Port Vale was closed for winter, and [boats](https://example.org/boats) lay \
                        along the stone quay while clerks wrote reports about ferry talks. ";

/// Reports of a few paragraphs, with lists, tables, quotations and notes.
fn papers() -> String {
    let mut text = String::from("---\ntitle: The Ferry Papers\nauthor: A. Moor\nlang: en\n---\n\n");
    let mut notes = String::new();
    for part in 1.. {
        if text.len() + notes.len() > 2_000_000 {
            break;
        }
        if part % 12 == 1 {
            _ = write!(text, "## {}. Report\n\n", part / 12 + 1);
        }
        text.push_str(SENTENCE.repeat(3 + part % 5).trim_end());
        if part % 7 == 0 && part / 7 <= 500 {
            _ = write!(text, "[^{}]", part / 7);
            _ = writeln!(notes, "[^{}]: {SENTENCE}", part / 7);
        }
        text.push_str("\n\n");
        match part % 80 {
            20 => text.push_str(&format!("- {SENTENCE}\n").repeat(4)),
            40 => text.push_str("| boat | quay |\n|------|------|\n| Heron | stone |\n| Gull | wood |\n"),
            60 => _ = writeln!(text, "> {SENTENCE}"),
            _ => continue,
        }
        text.push('\n');
    }
    text + &notes
}

#[divan::bench(sample_count = 20)]
fn reading(bencher: Bencher) {
    let text = papers();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| Markdown.read(&Input::new("papers.md", black_box(text.as_bytes())), &mut Log::new()).is_ok());
}

#[divan::bench(args = ["tei", "epub", "markdown"], sample_count = 20)]
fn writing(bencher: Bencher, target: &str) {
    let text = papers();
    let registry = Registry::builtin();
    let document = Markdown.read(&Input::new("papers.md", text.as_bytes()), &mut Log::new()).expect("it is readable");
    let writer = registry.writer(target).expect("the writer is built in");
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| writer.write(black_box(&document), &mut Memory::new(), &mut Log::new()).is_ok());
}

#[divan::bench(args = ["tei", "epub", "markdown"], sample_count = 10)]
fn converting_with_all_proofs(bencher: Bencher, target: &str) {
    let text = papers();
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let mut log = Log::new();
        let read = conversion.read(&Input::new("papers.md", black_box(text.as_bytes())), &mut log);
        read.is_ok_and(|read| conversion.write(&read, target, &mut log).is_ok())
    });
}

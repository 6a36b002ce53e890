//! TEI in and out beside a bare quick-xml event loop over the same bytes: a volume of the corpora where they lie
//! beside the checkout, else a letter two thousand times over. `cargo bench --bench tei`.

mod allocator;

use std::path::Path;

use apograph::diagnostic::Log;
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::source::Input;
use apograph::write::{Writer, tei::Tei as TeiOut};
use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use quick_xml::events::Event;

const LETTER: &str = include_str!("../tests/cases/tei/a-letter.source.xml");

fn main() {
    divan::main();
}

fn volume() -> String {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    let volume = shared.join("corpora/frus/frus1964-68v15.xml");
    std::fs::read_to_string(volume).unwrap_or_else(|_| {
        let (before, rest) = LETTER.split_once("<body>").unwrap_or((LETTER, ""));
        let (division, after) = rest.split_once("</body>").unwrap_or((rest, ""));
        format!("{before}<body>{}</body>{after}", division.repeat(2000))
    })
}

#[divan::bench(sample_count = 20)]
fn bare_event_loop(bencher: Bencher) {
    let text = volume();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let mut reader = quick_xml::Reader::from_str(black_box(&text));
        let mut events = 0_usize;
        while let Ok(event) = reader.read_event() {
            if matches!(event, Event::Eof) {
                break;
            }
            events += 1;
        }
        events
    });
}

#[divan::bench(sample_count = 20)]
fn reading(bencher: Bencher) {
    let text = volume();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        Tei::default().read(&Input::new("bench.xml", black_box(text.as_bytes())), &mut Log::new()).is_ok()
    });
}

#[divan::bench(sample_count = 20)]
fn reading_and_writing(bencher: Bencher) {
    let text = volume();
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let input = Input::new("bench.xml", black_box(text.as_bytes()));
        let document = Tei::default().read(&input, &mut Log::new());
        let mut output = Memory::new();
        document.is_ok_and(|document| TeiOut::default().write(&document, &mut output, &mut Log::new()).is_ok())
    });
}

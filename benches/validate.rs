//! Validation: how long schemas take to compile, and how many bytes of a document are checked in a second. The volume and
//! `tei_all` are those beside the checkout where they lie there; else a letter two thousand times over, and the profile.
//! `cargo bench --bench validate`; `.ci/validation-speed.sh` compares with jing.

mod allocator;

use std::path::{Path, PathBuf};

use apograph::diagnostic::Log;
use apograph::validate::Tei;
use apograph::validate::relaxng::Grammar;
use divan::counter::BytesCount;
use divan::{Bencher, black_box};

const PROFILE: &str = include_str!("../schemas/tei.rng");
const LETTER: &str = include_str!("../tests/cases/schemas/valid.tei.xml");

fn main() {
    divan::main();
}

fn shared(path: &str) -> PathBuf {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), Into::into);
    shared.join(path)
}

fn tei_all() -> String {
    std::fs::read_to_string(shared("conformance/schema/tei_all.rng")).unwrap_or_else(|_| PROFILE.to_owned())
}

fn volume() -> String {
    std::fs::read_to_string(shared("corpora/frus/frus1964-68v15.xml")).unwrap_or_else(|_| {
        let (before, rest) = LETTER.split_once("<body>").unwrap_or((LETTER, ""));
        let (division, after) = rest.split_once("</body>").unwrap_or((rest, ""));
        let division = division.replace("xml:id=", "n=").replace(" target=\"#", " n=\"");
        format!("{before}<body>{}</body>{after}", division.repeat(2000))
    })
}

#[divan::bench(sample_count = 20)]
fn compiling_tei_all(bencher: Bencher) {
    let schema = tei_all();
    bencher
        .counter(BytesCount::of_str(&schema))
        .bench_local(|| Grammar::compile("tei_all.rng", black_box(&schema)).is_ok());
}

#[divan::bench(sample_count = 20)]
fn compiling_the_profile() -> bool {
    Grammar::compile("tei.rng", black_box(PROFILE)).is_ok()
}

#[divan::bench(sample_count = 10)]
fn a_volume_against_tei_all(bencher: Bencher) {
    let volume = volume();
    let Ok(grammar) = Grammar::compile("tei_all.rng", &tei_all()) else { return };
    bencher.counter(BytesCount::of_str(&volume)).bench_local(|| grammar.check(black_box(&volume), 0).0.len());
}

#[divan::bench(sample_count = 10)]
fn a_volume_full_of_faults(bencher: Bencher) {
    let volume = volume();
    let Ok(grammar) = Grammar::compile("tei.rng", PROFILE) else { return };
    bencher.counter(BytesCount::of_str(&volume)).bench_local(|| grammar.check(black_box(&volume), 0).0.len());
}

#[divan::bench(sample_count = 10)]
fn the_rules_that_no_schema_says(bencher: Bencher) {
    let volume = volume();
    bencher.counter(BytesCount::of_str(&volume)).bench_local(|| {
        let mut log = Log::new();
        Tei::rules(black_box(&volume), &mut log);
        log.diagnostics().len()
    });
}

//! Good documents with random damage: each ends in a document whose text is conserved, or in a failure.

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;
use apograph::source::Input;

/// How many mutants of each seed are made.
const MUTANTS: u64 = 150;

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((number ^ (number >> 31)) % below.max(1) as u64) as usize
    }
}

/// Words that mean something to some format.
const WORDS: [&str; 24] = [
    "<",
    ">",
    "&",
    "]]>",
    "<!--",
    "<![CDATA[",
    "&#x10FFFF;",
    "\"",
    "1",
    "[Page 2]",
    "\n\n",
    "  1. ",
    "*",
    "`",
    "[^1]",
    "|",
    "{#a}",
    "---\n",
    "\\",
    "\u{FEFF}",
    "\u{202E}",
    "é",
    "{\"",
    "\r",
];

fn mutant(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.next(3) {
        let at = random.next(bytes.len());
        let end = (at + random.next(40)).min(bytes.len());
        match random.next(5) {
            0 => drop(bytes.drain(at..end)),
            1 => bytes.splice(at..at, WORDS[random.next(WORDS.len())].bytes()).for_each(drop),
            2 => {
                let again = bytes[at..end].to_vec();
                let to = random.next(bytes.len());
                bytes.splice(to..to, again).for_each(drop);
            }
            3 if !bytes.is_empty() => bytes[at] = random.next(256) as u8,
            _ => bytes.truncate(seed.len() / 2 + random.next(seed.len() / 2 + 1)),
        }
    }
    bytes
}

fn bear(format: &str, seeds: &[&str]) {
    let registry = Registry::builtin();
    let mut conversion = Conversion::new(&registry);
    conversion.from = Some(format.to_owned());
    let mut random = Random(7);
    let mut read = 0;
    for seed in seeds {
        for number in 0..MUTANTS {
            let bytes = mutant(seed.as_bytes(), &mut random);
            let mut log = Log::new();
            let Ok(document) = conversion.read(&Input::new("mutant", &bytes), &mut log) else { continue };
            read += 1;
            let target = ["tei", "epub", "markdown", "json"][number as usize % 4];
            // A failure is a clear error.
            let _ = conversion.write(&document, target, &mut log);
            let lost = |code: &str| matches!(code, "text.not-conserved" | "xml.not-well-formed");
            let fault = log.diagnostics().iter().find(|it| it.severity == Severity::Error && lost(it.code.0));
            assert!(fault.is_none(), "{format} to {target}: {fault:?}\n{}", String::from_utf8_lossy(&bytes));
        }
    }
    assert!(read > 0, "no mutant of {format} was read");
}

#[test]
fn mutants_of_transcripts() {
    bear(
        "transcript",
        &[include_str!("../../cases/notes/glued-to-digits.source.txt"), include_str!("../../../examples/cable.txt")],
    );
}

#[test]
fn mutants_of_tei() {
    bear(
        "tei",
        &[include_str!("../../cases/tei/a-letter.source.xml"), include_str!("../../cases/tei/a-corpus.source.xml")],
    );
}

#[test]
fn mutants_of_models() {
    bear("json", &[include_str!("../../cases/tei/a-letter.json")]);
}

#[test]
fn mutants_of_markdown() {
    bear(
        "markdown",
        &[include_str!("../../cases/markdown/of-others.md"), include_str!("../../cases/markdown/a-telegram.md")],
    );
}

//! One bad document touches no other.

use std::fs;
use std::ops::ControlFlow;

use apograph::batch::amend::Amendment;
use apograph::batch::outcome::{Outcome, Status};
use apograph::batch::plan::{Destination, Globs, Plan, Split};
use apograph::batch::run::Work;
use apograph::batch::store::Store;
use apograph::convert::Conversion;
use apograph::diagnostic::Log;
use apograph::failure::Failure;
use apograph::format::Format;
use apograph::model::Document;
use apograph::output::Output;
use apograph::registry::Registry;
use apograph::write::Writer;

use crate::{folder, run, transcripts};

/// A writer that stumbles over some documents.
struct Stumbling;

impl Writer for Stumbling {
    fn format(&self) -> Format {
        Format { name: "stumbling", extensions: &["s"], ..apograph::read::tei::FORMAT }
    }

    fn write(&self, document: &Document, output: &mut dyn Output, _log: &mut Log) -> Result<(), Failure> {
        let title = &document.metadata.title.main;
        assert!(!format!("{document:?}").contains("trip 7"), "over `{title}`");
        output.main().map_err(Failure::file("out"))?.write_all(title.as_bytes()).map_err(Failure::file("out"))
    }
}

#[test]
fn a_panic_is_a_bug_that_is_told_and_counted() {
    let folder = folder();
    transcripts(folder.path(), 20);
    let registry = Registry::builtin().with_writer(Stumbling);
    let destination = Destination::Folder(folder.path().join("out"));
    let plan = Plan {
        inputs: vec![folder.path().to_owned()],
        destination: destination.clone(),
        globs: Globs::default(),
        shard: None,
        split: Split::Never,
        from: None,
        registry: &registry,
    };
    let work = Work {
        conversion: Conversion::new(&registry),
        targets: vec!["stumbling".to_owned()],
        destination,
        store: Store::default(),
        settings: Amendment::default(),
        state: None,
        options: String::new(),
        force: false,
        threads: 2,
        largest: u64::MAX,
    };
    let survey = plan.survey();
    let mut outcomes: Vec<Outcome> = Vec::new();
    work.run(plan.jobs(&survey), &survey, |outcome| {
        outcomes.push(outcome);
        ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(outcomes.len(), 20);
    for (number, outcome) in outcomes.iter().enumerate() {
        let bug = number == 7;
        assert_eq!(outcome.status, if bug { Status::Bug } else { Status::Converted }, "{outcome:?}");
        assert_eq!(folder.path().join(format!("out/00/{number:04}.s")).exists(), !bug);
    }
    let told = &outcomes[7].findings[0];
    assert!(told.code == "bug.panic" && told.message.contains("over `Memorandum"), "{told:?}");
}

#[test]
fn failures_can_end_a_run() {
    let folder = folder();
    let path = folder.path();
    transcripts(&path.join("in"), 40);
    for number in [3, 5, 8, 13] {
        fs::write(path.join(format!("in/00/{number:04}.txt")), "a\0b").unwrap();
    }
    for (option, failed) in [(&["--fail-fast"][..], 1), (&["--max-errors", "3"], 3), (&["--max-errors", "30"], 4)] {
        let (code, told) = run(path, &[&["convert", "in", "--to", "tei", "-o", "out", "--force"], option].concat());
        assert_eq!((code, told.matches("failed in/").count()), (1, failed), "{told}");
        assert_eq!(told.contains("left undone"), failed < 4, "{told}");
    }
}

/// What is not kept while outputs are made of it is read again for the places in it.
#[test]
fn places_in_a_large_file_are_told() {
    let folder = folder();
    let line = "The lamp was lit, and the boats came home before the fog did, as they had the night before.\n";
    let mut text = "Note on the Harbour\n\n".to_owned();
    while text.len() < 1_200_000 {
        text.push_str(&line.repeat(20));
        text.push('\n');
    }
    text.push_str("\n  1. Not printed.\n");
    fs::write(folder.path().join("large.txt"), &text).unwrap();
    let (code, said) = run(folder.path(), &["convert", "large.txt", "--to", "json", "-o", "out"]);
    assert_eq!(code, 0, "{said}");
    let place = format!("large.txt:{}:3", text.lines().count());
    assert!(said.contains("note.without-marker") && said.contains(&place), "{place}: {said}");
}

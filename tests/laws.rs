//! Laws that hold of every document, tried on documents that nobody wrote.

mod generate;

use apograph::conservation::{Flow, Tei as Witnessed, Witness};
use apograph::diagnostic::{Log, Severity};
use apograph::model::visit::{VisitMut, walk_document_mut, walk_inline_mut};
use apograph::model::{Document, Inline};
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::source::Input;
use apograph::validate::{Schema, Tei as TeiSchema};
use apograph::write::{Writer, tei::Tei as TeiOut};
use apograph::xml::emit::Emitter;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};

fn written(document: &Document) -> Result<Vec<u8>, TestCaseError> {
    let mut output = Memory::new();
    TeiOut::default()
        .write(document, &mut output, &mut Log::new())
        .map_err(|failure| TestCaseError::fail(failure.to_string()))?;
    Ok(output.main_bytes().to_vec())
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    #[test]
    fn tei_holds_the_text_of_any_document_and_is_read_again(document in generate::document()) {
        let bytes = written(&document)?;
        let fail = |failure: apograph::failure::Failure| {
            TestCaseError::fail(format!("{failure}\n{}", String::from_utf8_lossy(&bytes)))
        };
        let flow = Flow::of(&document);
        let witnessed = Witnessed.flow(&bytes, &[]).map_err(fail)?;
        prop_assert!(flow == witnessed, "{:?}\n{}", flow.differs_from(&witnessed), String::from_utf8_lossy(&bytes));
        let read = Tei::default().read(&Input::new("x.xml", &bytes), &mut Log::new()).map_err(fail)?;
        let again = Flow::of(&read);
        prop_assert!(flow == again, "{:?}\n{}", flow.differs_from(&again), String::from_utf8_lossy(&bytes));
        prop_assert_eq!(&bytes, &written(&document)?);
        let mut log = Log::new();
        TeiSchema.check(&Memory::single(bytes.clone()), &mut log);
        let fault = log.diagnostics().iter().find(|found| found.severity == Severity::Error);
        prop_assert!(fault.is_none(), "{:?}\n{}", fault, String::from_utf8_lossy(&bytes));
        // What was read is written as it was, and nothing moves any more.
        let second = written(&read)?;
        let reread = Tei::default().read(&Input::new("x.xml", &second), &mut Log::new()).map_err(fail)?;
        prop_assert_eq!(
            String::from_utf8_lossy(&second).into_owned(),
            String::from_utf8_lossy(&written(&reread)?).into_owned()
        );
    }
}

/// Changes the text with this number, and says what it was.
struct Edit {
    number: usize,
    was: Option<String>,
}

const EDITED: &str = "Zug\u{2011}um\u{2011}Zug";

impl VisitMut for Edit {
    fn inline(&mut self, inline: &mut Inline) {
        if let Inline::Text(text) = inline {
            if self.number == 0 && self.was.is_none() {
                self.was = Some(std::mem::replace(text, EDITED.to_owned()));
            }
            self.number = self.number.wrapping_sub(1);
        }
        walk_inline_mut(self, inline);
    }
}

/// What stands in each of two texts between the beginning and the end that they share.
fn changed<'a>(before: &'a str, after: &'a str) -> (&'a str, &'a str) {
    let pairs = before.char_indices().zip(after.char_indices());
    let start = pairs.take_while(|((_, a), (_, b))| a == b).map(|((at, a), _)| at + a.len_utf8()).last().unwrap_or(0);
    let (before, after) = (&before[start..], &after[start..]);
    let ends = before.chars().rev().zip(after.chars().rev());
    let end: usize = ends.take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    (&before[..before.len() - end], &after[..after.len() - end])
}

fn escaped(text: &str) -> String {
    let mut emitter = Emitter::new(Vec::new());
    let bytes = emitter.text(text).and_then(|()| emitter.finish()).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

proptest! {
    #![proptest_config(Config { cases: 128, failure_persistence: None, ..Config::default() })]

    /// What was read from TEI and changed in one place is the same TEI but for that place.
    #[test]
    fn an_edited_model_changes_only_what_was_edited(document in generate::document(), number in 0_usize..12) {
        let fail = |failure: apograph::failure::Failure| TestCaseError::fail(failure.to_string());
        let source = written(&document)?;
        let mut read = Tei::default().read(&Input::new("x.xml", &source), &mut Log::new()).map_err(fail)?;
        let before = String::from_utf8_lossy(&written(&read)?).into_owned();
        let mut edit = Edit { number, was: None };
        walk_document_mut(&mut edit, &mut read);
        let after = String::from_utf8_lossy(&written(&read)?).into_owned();
        let (old, new) = changed(&before, &after);
        match edit.was {
            None => prop_assert_eq!(before, after),
            Some(was) => {
                prop_assert!(escaped(&was).contains(old), "{:?} for {:?}", old, was);
                prop_assert!(EDITED.contains(new), "{:?}", new);
            }
        }
    }
}

/// Writes some generated documents to `target/generated`, for the official validators.
#[test]
#[ignore = "writes files for jing"]
fn generated_documents_for_the_official_validators() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/generated");
    std::fs::create_dir_all(&folder)?;
    let mut runner = TestRunner::deterministic();
    for number in 0..400 {
        let document = generate::document().new_tree(&mut runner).map_err(|reason| reason.to_string())?.current();
        std::fs::write(
            folder.join(format!("{number:03}.xml")),
            written(&document).map_err(|fault| fault.to_string())?,
        )?;
    }
    Ok(())
}

//! Laws that hold of every document, tried on documents that nobody wrote.

mod generate;

use apograph::conservation::{Flow, Tei as Witnessed, Witness};
use apograph::diagnostic::Log;
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::source::Input;
use apograph::write::{Writer, tei::Tei as TeiOut};
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
        // What was read is written as it was, and nothing moves any more.
        let second = written(&read)?;
        let reread = Tei::default().read(&Input::new("x.xml", &second), &mut Log::new()).map_err(fail)?;
        prop_assert_eq!(
            String::from_utf8_lossy(&second).into_owned(),
            String::from_utf8_lossy(&written(&reread)?).into_owned()
        );
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

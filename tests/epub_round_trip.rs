//! What goes into an EPUB comes out of it: documents that nobody wrote, documents that somebody edits, and the
//! corpora beside the checkout.

mod generate;

use apograph::conservation::{Epub as Witnessed, Flow, Witness};
use apograph::diagnostic::{Log, Severity};
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::{Reader, epub::Epub, tei::Tei};
use apograph::source::Input;
use apograph::validate::{Epub as EpubSchema, Schema};
use apograph::write::{Writer, epub::Epub as EpubOut, epub::Notes, tei::Tei as TeiOut};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn tei(document: &Document) -> Outcome<String> {
    let mut output = Memory::new();
    TeiOut::default().write(document, &mut output, &mut Log::new())?;
    Ok(String::from_utf8(output.main_bytes().to_vec())?)
}

/// TEI in which an element without content is always written in the same way.
fn normal(document: &Document) -> Outcome<String> {
    let read = Tei::default().read(&Input::new("x.xml", tei(document)?.as_bytes()), &mut Log::new())?;
    tei(&read)
}

/// The document without texts that have no characters: nothing on paper tells that they are there.
fn printed(document: &Document) -> Outcome<Document> {
    let mut value = serde_json::to_value(document)?;
    drop_empty(&mut value);
    Ok(serde_json::from_value(value)?)
}

fn drop_empty(value: &mut Value) {
    match value {
        Value::Array(values) => {
            values.iter_mut().for_each(drop_empty);
            values.retain(|value| {
                let bare = &value["paragraph"];
                value["text"] != "" && !(bare["bare"] == true && bare["content"].as_array().is_some_and(Vec::is_empty))
            });
        }
        Value::Object(fields) => fields.values_mut().for_each(drop_empty),
        _ => {}
    }
}

/// Where two texts part, with what stands around.
fn parting(before: &str, after: &str) -> String {
    let at = before.chars().zip(after.chars()).take_while(|(a, b)| a == b).count();
    let around = |text: &str| text.chars().skip(at.saturating_sub(200)).take(400).collect::<String>();
    format!("{}\n became\n{}", around(before), around(after))
}

fn epub(document: &Document, options: &EpubOut) -> Outcome<Vec<u8>> {
    let mut output = Memory::new();
    options.write(document, &mut output, &mut Log::new())?;
    Ok(output.archive()?)
}

/// There and back; the log says what was noticed on the way back.
fn back(bytes: &[u8]) -> Outcome<(Document, Log)> {
    let mut log = Log::new();
    let document = Epub::default().read(&Input::new("book.epub", bytes), &mut log)?;
    Ok((document, log))
}

proptest! {
    #![proptest_config(Config { cases: 24, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_document_comes_back(document in generate::document()) {
        let fail = |fault: Box<dyn std::error::Error>| TestCaseError::fail(fault.to_string());
        let document = printed(&document).map_err(fail)?;
        for notes in [Notes::Popup, Notes::Chapter, Notes::Book] {
            let bytes = epub(&document, &EpubOut { notes, ..EpubOut::default() }).map_err(fail)?;
            let (read, log) = back(&bytes).map_err(fail)?;
            prop_assert_eq!(log.count(Severity::Warning), 0, "{:?}", log.diagnostics());
            let flow = Flow::of(&document);
            prop_assert!(flow == Flow::of(&read), "{:?}", flow.differs_from(&Flow::of(&read)));
            let witnessed = Witnessed.source_flow(&bytes, &log).map_err(|fault| fail(fault.into()))?;
            prop_assert!(flow == witnessed, "{:?}", flow.differs_from(&witnessed));
            let (before, after) = (normal(&document).map_err(fail)?, normal(&read).map_err(fail)?);
            prop_assert!(before == after, "{}", parting(&before, &after));
        }
    }

    #[test]
    fn any_document_makes_a_valid_book(document in generate::document()) {
        for notes in [Notes::Popup, Notes::Chapter, Notes::Book] {
            let bytes = epub(&document, &EpubOut { notes, ..EpubOut::default() });
            let bytes = bytes.map_err(|fault| TestCaseError::fail(fault.to_string()))?;
            let mut log = Log::new();
            EpubSchema.check_file(&bytes, &mut log);
            let fault = log.diagnostics().iter().find(|found| found.severity >= Severity::Warning);
            prop_assert!(fault.is_none(), "{:?}", fault);
        }
    }
}

#[test]
fn notes_keep_their_order_where_some_stand_behind_a_cell_a_row_or_an_item() -> Outcome {
    let body = "<table><row><cell>a<note>one</note></cell><note>two</note></row></table>\
        <list><item>b<note>three</note></item><note>four</note></list>";
    let source = format!("<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body>{body}</body></text></TEI>");
    let document = Tei::default().read(&Input::new("x.xml", source.as_bytes()), &mut Log::new())?;
    for notes in [Notes::Popup, Notes::Chapter, Notes::Book] {
        let bytes = epub(&document, &EpubOut { notes, ..EpubOut::default() })?;
        let (read, log) = back(&bytes)?;
        assert_eq!(Flow::of(&read).notes, ["one", "two", "three", "four"]);
        assert_eq!(Witnessed.source_flow(&bytes, &log)?, Flow::of(&read));
    }
    Ok(())
}

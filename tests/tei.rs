//! TEI that was read and changed: only what was changed is written otherwise.

use apograph::diagnostic::Log;
use apograph::model::{Document, Identifier};
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::source::Input;
use apograph::write::{Writer, tei::Tei as TeiOut};

const LETTER: &str = include_str!("cases/tei/a-letter.source.xml");

type Outcome<T = ()> = Result<T, apograph::failure::Failure>;

fn read(text: &str) -> Outcome<Document> {
    Tei::default().read(&Input::new("letter.xml", text.as_bytes()), &mut Log::new())
}

fn written(document: &Document) -> Outcome<String> {
    let mut output = Memory::new();
    TeiOut::default().write(document, &mut output, &mut Log::new())?;
    Ok(String::from_utf8_lossy(output.main_bytes()).into_owned())
}

/// The lines of `after` that `before` doesn't have.
fn new_lines<'a>(before: &str, after: &'a str) -> Vec<&'a str> {
    after.lines().filter(|line| !before.lines().any(|known| known == *line)).map(str::trim).collect()
}

#[test]
fn only_changed_fields_of_the_header_are_altered() -> Outcome {
    let mut document = read(LETTER)?;
    assert_eq!(document.metadata.title.main, "A Letter From Port Vale");
    assert_eq!(document.metadata.agents[0].name, "Moor, A.");
    let before = written(&document)?;
    document.metadata.publication.publisher = Some("Ferry Press".to_owned());
    document.metadata.identifiers.push(Identifier { scheme: "doi".into(), value: "10.1/x".to_owned() });
    let after = written(&document)?;
    assert_eq!(
        new_lines(&before, &after),
        [
            "<publicationStmt><publisher>Ferry Press</publisher><date when=\"1999\">1999</date><idno type=\"doi\">10.1/x</idno></publicationStmt>"
        ]
    );
    document.metadata.title.main = "Another".to_owned();
    assert!(
        written(&document)?
            .contains("<titleStmt><title type=\"main\">Another</title><author>Moor, A.</author></titleStmt>")
    );
    Ok(())
}

#[test]
fn what_is_no_tei_p5_is_refused_with_its_place() {
    let refusal = |text: &str| read(text).map(|_| ()).map_err(|failure| failure.to_string());
    assert!(refusal("\n<TEI.2><text/></TEI.2>").is_err_and(|message| message.contains("line 2")));
    assert!(refusal("<html/>").is_err_and(|message| message.contains("`html`")));
    assert!(refusal("<TEI xmlns='http://www.tei-c.org/ns/1.0'><text></TEI>").is_err());
    let deep = "<p>".repeat(100_000);
    assert!(refusal(&format!("<TEI>{deep}")).is_err_and(|message| message.contains("limit")));
}

/// As deep as the limit allows, on the stack of an ordinary thread.
#[test]
fn the_deepest_document_passes_through_a_small_stack() -> std::thread::Result<()> {
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(|| {
            for element in ["hi", "div", "note", "quote"] {
                let (open, close) = (format!("<{element}>"), format!("</{element}>"));
                let text = format!(
                    "<TEI xmlns='http://www.tei-c.org/ns/1.0'><text><body>{}x{}</body></text></TEI>",
                    open.repeat(120),
                    close.repeat(120)
                );
                let document = read(&text);
                assert!(document.is_ok_and(|document| written(&document).is_ok()), "{element}");
            }
        })
        .map_err(|cause| Box::new(cause) as Box<dyn std::any::Any + Send>)?
        .join()
}

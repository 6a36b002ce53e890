//! The page of a book that describes its manuscripts.

use apograph::diagnostic::Log;
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::{Reader, epub::Epub, tei::Tei};
use apograph::source::Input;
use apograph::validate::{Epub as EpubSchema, Schema};
use apograph::write::{Writer, epub::Epub as EpubOut, tei::Tei as TeiOut};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

const PAGE: &str = "EPUB/text/description.xhtml";

/// A letter whose header has this in its `msDesc`.
fn letter(description: &str) -> String {
    format!(
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>The Toll Roll</title></titleStmt>\
         <publicationStmt><p>None.</p></publicationStmt><sourceDesc><msDesc xml:lang='en'>\
         <msIdentifier><settlement>Port Vale</settlement><repository>Harbour Office</repository>\
         <idno>Roll 7</idno><idno>urn:vale:7</idno></msIdentifier>{description}</msDesc></sourceDesc></fileDesc>\
         <profileDesc><langUsage><language ident='de'>Deutsch</language></langUsage></profileDesc></teiHeader>\
         <text xml:lang='de'><body><p>Von jedem Boot ein Pfennig.</p></body></text></TEI>"
    )
}

fn book(source: &str) -> Outcome<(Document, Memory, Log)> {
    let document = Tei::default().read(&Input::new("roll.xml", source.as_bytes()), &mut Log::new())?;
    let (mut files, mut log) = (Memory::new(), Log::new());
    EpubOut::default().write(&document, &mut files, &mut log)?;
    Ok((document, files, log))
}

fn text(files: &Memory, path: &str) -> Outcome<String> {
    Ok(String::from_utf8(files.get(path).ok_or_else(|| format!("no `{path}`"))?.to_vec())?)
}

fn tei(document: &Document) -> Outcome<Vec<u8>> {
    let mut output = Memory::new();
    TeiOut::default().write(document, &mut output, &mut Log::new())?;
    Ok(output.main_bytes().to_vec())
}

#[test]
fn what_the_header_tells_of_a_manuscript_is_read_on_a_page_of_its_own() -> Outcome {
    let source = letter(
        "<head>Toll roll, <date>1302</date></head>\
         <msContents><msItem><locus from='1r' to='3v'/><title xml:lang='la'>De navibus</title>\
         <incipit xml:lang='la'>Om<ex>n</ex>es naves</incipit></msItem></msContents>\
         <physDesc><objectDesc><supportDesc><support><material>Parchment</material></support>\
         <extent><dimensions unit='mm'><height>900</height><width>210</width></dimensions></extent></supportDesc></objectDesc></physDesc>\
         <history><origin><p>Written for the <ref target='https://vale.example/'>harbour</ref> &amp; its <name/>clerks.</p></origin></history>\
         <additional><adminInfo/></additional>",
    );
    let (document, files, log) = book(&source)?;
    assert!(log.diagnostics().is_empty(), "{:?}", log.diagnostics());
    let page = text(&files, PAGE)?;
    for line in [
        "<h1 class=\"generated\" id=\"description-h\">Beschreibung der Handschrift</h1>",
        "<section class=\"x-msDesc\" lang=\"en\" xml:lang=\"en\">",
        "<h2>Port Vale, Harbour Office, Roll 7</h2>",
        "<p class=\"x-head\">Toll roll, 1302</p>",
        "<h3 lang=\"de\" xml:lang=\"de\">Inhalt</h3>",
        "<p class=\"x-locus\">1r–3v</p>",
        "<p class=\"x-title\" lang=\"la\" xml:lang=\"la\">De navibus</p>",
        "<p class=\"x-incipit\" lang=\"la\" xml:lang=\"la\">Om<i>n</i>es naves</p>",
        "<h3 lang=\"de\" xml:lang=\"de\">Äußere Beschreibung</h3>",
        "900 × 210 mm",
        "<p class=\"x-p\">Written for the <a href=\"https://vale.example/\">harbour</a> &amp; its clerks.</p>",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    assert!(!page.contains("urn:vale:7") && !page.contains("Weitere Angaben"), "{page}");
    assert!(
        text(&files, "EPUB/nav.xhtml")?.contains("<a href=\"text/description.xhtml\">Beschreibung der Handschrift</a>")
    );

    let bytes = files.archive()?;
    let mut faults = Log::new();
    EpubSchema.check_file(&bytes, &mut faults);
    assert!(faults.diagnostics().is_empty(), "{:?}", faults.diagnostics());
    // It is no text of the book.
    let read = Epub::default().read(&Input::new("roll.epub", &bytes), &mut Log::new())?;
    assert_eq!(String::from_utf8(tei(&read)?)?, String::from_utf8(tei(&document)?)?);
    Ok(())
}

#[test]
fn each_manuscript_of_a_corpus_is_described() -> Outcome {
    let one = letter(
        "<physDesc><p>A roll.</p></physDesc><msPart><msIdentifier><idno>7a</idno></msIdentifier><p>Torn.</p></msPart>",
    );
    let (_, files, _) = book(&format!(
        "<teiCorpus xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>Rolls</title></titleStmt>\
         <publicationStmt><p>None.</p></publicationStmt><sourceDesc><p>None.</p></sourceDesc></fileDesc></teiHeader>{one}{one}</teiCorpus>"
    ))?;
    let page = text(&files, PAGE)?;
    assert_eq!(page.matches("A roll.").count(), 2, "{page}");
    assert_eq!(page.matches("<h3>7a</h3>").count(), 2, "{page}");
    Ok(())
}

#[test]
fn where_a_manuscript_lies_is_no_description_of_it() -> Outcome {
    let (_, files, log) = book(&letter(""))?;
    assert!(files.get(PAGE).is_none());
    let codes: Vec<_> = log.diagnostics().iter().map(|diagnostic| diagnostic.code.0).collect();
    assert_eq!(codes, ["frame.not-shown"]);
    Ok(())
}

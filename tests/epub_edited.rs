//! A book that this program wrote and somebody edited: what XHTML says wins, and nothing else changes.

use std::io::{Read as _, Write as _};

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;
use apograph::source::Input;

const SOURCE: &str = r##"<?xml version="1.0" encoding="UTF-8"?>
<?vale model="lake"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xmlns:lake="http://lake.example/ns">
  <!-- the header stays as it is -->
  <teiHeader><fileDesc><titleStmt><title>The Ferry Papers</title><author>Ada Winter</author></titleStmt>
    <publicationStmt><p>Unpublished.</p></publicationStmt><sourceDesc><p>Box 2.</p></sourceDesc></fileDesc></teiHeader>
  <text><body><div type="document" n="12" xml:id="d12" lake:boat="yes"><pb n="12" facs="0012"/>
    <head>12. Telegram<note n="1" xml:id="d12fn1" type="source">Lake Archive.</note></head>
    <p rend="flushleft">The har<pb n="13" break="no"/>bour of <placeName key="vale">Port Vale</placeName> is
      <choice><sic>shutt</sic><corr>shut</corr></choice>; see <ref target="#d12fn1 other.xml#x">both</ref>.<?break?></p>
    <p>Second.<note n="*" xml:id="d12fn2" resp="#mw">Original.</note></p>
  </div></body></text></TEI>"##;

fn converted(name: &str, bytes: &[u8], to: &str) -> (Vec<u8>, Log) {
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let mut log = Log::new();
    let read = conversion.read(&Input::new(name, bytes), &mut log).expect("it can be read");
    let written = conversion.write(&read, to, &mut log).expect("it can be written");
    assert_eq!(log.count(Severity::Error), 0, "{:?}", log.diagnostics());
    (written.files.main_bytes().to_vec(), log)
}

/// The book with some of the text of one of its files replaced.
fn edited(epub: &[u8], file: &str, edits: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(epub)).expect("an archive");
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).expect("an entry");
        let name = entry.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("its bytes");
        if name == file {
            let mut text = String::from_utf8(bytes).expect("text");
            for (from, to) in edits {
                assert!(text.contains(from), "{from} in {text}");
                text = text.replacen(from, to, 1);
            }
            bytes = text.into_bytes();
        }
        out.start_file(name, zip::write::SimpleFileOptions::default()).expect("a name of its own");
        out.write_all(&bytes).expect("memory takes it");
    }
    out.finish().expect("an archive").into_inner()
}

fn tei(bytes: &[u8]) -> (String, Log) {
    let (bytes, log) = converted("book.epub", bytes, "tei");
    (String::from_utf8(bytes).expect("text"), log)
}

/// TEI of the source with some text replaced, as this program writes it.
fn expected(edits: &[(&str, &str)]) -> String {
    let mut source = SOURCE.to_owned();
    for (from, to) in edits {
        assert!(source.contains(from), "{from}");
        source = source.replacen(from, to, 1);
    }
    String::from_utf8(converted("x.xml", source.as_bytes(), "tei").0).expect("text")
}

const PAGE: &str = "EPUB/text/d12.xhtml";

#[test]
fn unedited_it_comes_back_whole() {
    let (epub, _) = converted("x.xml", SOURCE.as_bytes(), "epub");
    let (back, log) = tei(&epub);
    assert_eq!(back, expected(&[]));
    assert_eq!(log.count(Severity::Warning), 0, "{:?}", log.diagnostics());
}

#[test]
fn only_what_was_edited_changes() {
    let (epub, _) = converted("x.xml", SOURCE.as_bytes(), "epub");
    let edits: [(&str, &str, (&str, &str)); 4] = [
        ("Second.", "Third.", ("Second.", "Third.")),
        ("Lake Archive.", "Lake <em>Archive</em>.", ("Lake Archive.", "Lake <hi rend=\"italic\">Archive</hi>.")),
        ("Port Vale", "Port Vane", ("Port Vale", "Port Vane")),
        ("<p>Second.", "<p>New.</p>\n<p>Second.", ("<p>Second.", "<p>New.</p><p>Second.")),
    ];
    for (from, to, in_source) in edits {
        let (back, _) = tei(&edited(&epub, PAGE, &[(from, to)]));
        assert_eq!(back, expected(&[in_source]), "{from}");
    }
}

#[test]
fn where_text_and_attributes_part_the_text_wins_and_it_is_said() {
    let (epub, _) = converted("x.xml", SOURCE.as_bytes(), "epub");
    let (back, log) = tei(&edited(&epub, PAGE, &[("href=\"#d12fn2\">*</a>", "href=\"#d12fn2\">\u{2020}</a>")]));
    assert!(back.contains("<note xml:id=\"d12fn2\" n=\"\u{2020}\""), "{back}");
    assert!(log.diagnostics().iter().any(|it| it.code.0 == "epub.edited"), "{:?}", log.diagnostics());

    let title = [(">The Ferry Papers<", ">The Salt Papers<")];
    let (back, log) = tei(&edited(&epub, "EPUB/package.opf", &title));
    assert!(back.contains("<title>The Salt Papers</title>"), "{back}");
    assert!(log.diagnostics().iter().any(|it| it.code.0 == "epub.metadata-edited"));
}

#[test]
fn without_the_resource_the_text_still_comes_back() {
    let (epub, _) = converted("x.xml", SOURCE.as_bytes(), "epub");
    let broken = edited(&epub, "EPUB/frame.json", &[("{", "[")]);
    let (back, log) = tei(&broken);
    assert!(back.contains("<placeName key=\"vale\">Port Vale</placeName>"), "{back}");
    assert!(log.diagnostics().iter().any(|it| it.code.0 == "epub.not-well-formed"));
}

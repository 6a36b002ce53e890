//! What a written EPUB must show: every kind of node in it, all text conserved, links that lead somewhere.

use std::collections::HashSet;

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::registry::Registry;
use apograph::source::Input;
use apograph::write::epub::{Epub, Notes};

/// The archive and the log of one conversion of `tests/cases/epub/everything.json`.
fn write(epub: Epub) -> (Vec<u8>, Log) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/epub/everything.json");
    let bytes = std::fs::read(path).expect("the case is there");
    let registry = Registry::builtin().with_writer(epub);
    let conversion = Conversion::new(&registry);
    let mut log = Log::new();
    let read = conversion.read(&Input::new("everything.json", &bytes), &mut log).expect("it can be read");
    let written = conversion.write(&read, "epub", &mut log).expect("it can be written");
    assert_eq!(written.conserved, Some(true), "{:?}", log.diagnostics());
    (written.files.main_bytes().to_vec(), log)
}

fn files(archive: &[u8]) -> Vec<(String, String)> {
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("a zip archive");
    (0..zip.len())
        .map(|at| {
            let mut entry = zip.by_index(at).expect("an entry");
            let mut bytes = Vec::new();
            std::io::Read::read_to_end(&mut entry, &mut bytes).expect("its bytes");
            let name = entry.name().expect("a name").into_owned();
            (name, String::from_utf8_lossy(&bytes).into_owned())
        })
        .collect()
}

/// The text without what only the way back needs.
fn without_data(xhtml: &str) -> String {
    regex::Regex::new(" data-[a-z]+=\"[^\"]*\"").expect("a pattern").replace_all(xhtml, "").into_owned()
}

fn all_between<'t>(text: &'t str, before: &str, after: char) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(after).next()).collect()
}

#[test]
fn text_is_conserved_wherever_notes_stand() {
    for notes in [Notes::Popup, Notes::Chapter, Notes::Book] {
        let (_, log) = write(Epub { notes, ..Epub::default() });
        assert_eq!(log.count(Severity::Error), 0, "{notes:?}: {:?}", log.diagnostics());
    }
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert!(write(Epub::default()).0 == write(Epub::default()).0);
}

#[test]
fn every_link_leads_to_an_id_that_is_there_once() {
    for notes in [Notes::Popup, Notes::Chapter, Notes::Book] {
        let files = files(&write(Epub { notes, ..Epub::default() }).0);
        let pages: Vec<_> = files.iter().filter(|(name, _)| name.ends_with("xhtml")).collect();
        let mut ids = HashSet::new();
        for (name, text) in &pages {
            for id in all_between(text, " id=\"", '"') {
                assert!(ids.insert(format!("{name}#{id}")), "{name}#{id} is there twice");
            }
        }
        let mut links = 0;
        for (name, text) in &pages {
            for href in all_between(text, "href=\"", '"').into_iter().filter(|href| href.contains('#')) {
                let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
                let target = if href.starts_with('#') { format!("{name}{href}") } else { format!("{folder}/{href}") };
                assert!(ids.contains(&target), "{notes:?}: {name} links to {target}");
                links += 1;
            }
        }
        assert!(links > 40, "only {links} links");
    }
}

#[test]
fn notes_have_a_way_there_and_back() {
    let files = files(&write(Epub::default()).0);
    let (_, d12) = files.iter().find(|(name, _)| name == "EPUB/text/d12.xhtml").expect("document 12");
    let d12 = without_data(d12);
    assert!(d12.contains(
        "<sup class=\"noteref\"><a epub:type=\"noteref\" role=\"doc-noteref\" id=\"d12fn1-ref\" href=\"#d12fn1\">1</a></sup></h1>"
    ));
    assert!(d12.contains(
        "<aside class=\"note source\" id=\"d12fn1\" epub:type=\"footnote\" role=\"doc-footnote\"><p><a class=\"backlink\" role=\"doc-backlink\" href=\"#d12fn1-ref\" aria-label=\"Back to note 1\">1</a> Source: Lake Archive.</p></aside>"
    ));
    assert_eq!(all_between(&d12, "<aside", '>').len(), 9);
}

#[test]
fn contents_and_page_list_are_clean() {
    let files = files(&write(Epub::default()).0);
    let (_, nav) = files.iter().find(|(name, _)| name == "EPUB/nav.xhtml").expect("a navigation document");
    assert!(nav.contains(">12. Telegram From the Post in Port Vale</a>"), "{nav}");
    assert!(!nav.contains("Attachment"), "parts of documents stay out");
    let list = nav.split("epub:type=\"page-list\"").nth(1).expect("a page list");
    let labels: Vec<_> = all_between(list, "#pg_", '<').into_iter().filter_map(|it| it.split('>').nth(1)).collect();
    assert_eq!(&labels[..5], ["iv", "10", "11", "12", "12:12"], "a number that was there before names its document");
}

#[test]
fn mimetype_is_first_and_stored() {
    let (archive, _) = write(Epub::default());
    assert_eq!(&archive[30..38], b"mimetype");
    assert_eq!(&archive[38..58], b"application/epub+zip");
}

#[test]
fn a_page_break_inside_a_word_leaves_it_whole() {
    let files = files(&write(Epub::default()).0);
    let (_, d12) = files.iter().find(|(name, _)| name == "EPUB/text/d12.xhtml").expect("document 12");
    let d12 = without_data(d12);
    assert!(d12.contains(
        "har<span class=\"page\" id=\"pg_12\" epub:type=\"pagebreak\" role=\"doc-pagebreak\" aria-label=\"12\"></span>bour"
    ));
}

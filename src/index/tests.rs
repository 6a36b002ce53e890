use super::*;
use crate::convert::Conversion;
use crate::diagnostic::Log;
use crate::index::graph::{Edge, Graph};
use crate::registry::Registry;
use crate::source::Input;

const FIRST: &str = "12. Letter From the Archivist (Tarn) to Consul Moor1

Port Vale, May 4, 1931, 3 p.m.

The ferry left.2 See your letter.

Tarn

  1. Source: Lake Archive, Ferry Files, Box 2. Secret.
  2. See Document 13 and footnote 1, Document 13. Also Document 99.
";

const SECOND: &str = "13. Editorial Note

On May 5, 1931, see Document 12.1

  1. Not printed.
";

fn read(file: &str, text: &str) -> Vec<Entry> {
    let registry = Registry::builtin();
    let read = Conversion::new(&registry).read(&Input::new(file, text.as_bytes()), &mut Log::new());
    entries(file, &read.expect("a transcript can be read").document)
}

fn both() -> Vec<Entry> {
    [read("in/d12.txt", FIRST), read("in/d13.txt", SECOND)].concat()
}

#[test]
fn a_document_s_entry_says_who_when_where_and_how_much() {
    let entries = read("in/d12.txt", FIRST);
    let [entry] = entries.as_slice() else { panic!("one document: {entries:?}") };
    assert_eq!((entry.id.as_deref(), entry.number.as_deref()), (Some("d12"), Some("12")));
    assert_eq!(entry.title, "Letter From the Archivist (Tarn) to Consul Moor");
    assert_eq!(entry.from.map(|from| from.to_string()).as_deref(), Some("1931-05-04T15:00:00"));
    assert_eq!(entry.senders[0].name, "Tarn");
    assert_eq!(entry.addressees[0].name, "Consul Moor");
    assert_eq!(entry.place.as_deref(), Some("Port Vale"));
    assert_eq!(entry.repository.as_deref(), Some("Lake Archive"));
    assert_eq!(entry.notes, 2);
    assert_eq!(entry.references, ["#d13", "#d13fn1", "#d99"]);
}

#[test]
fn the_table_has_a_row_for_each_document() {
    let mut csv = Vec::new();
    table::csv(&both(), &mut csv).expect("memory takes all");
    let csv = String::from_utf8(csv).expect("UTF-8");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines.len(), 3);
    assert!(lines[0].starts_with("file,id,number,title"), "{csv}");
    assert!(lines[1].starts_with("in/d12.txt,d12,12,Letter From"), "{csv}");
}

#[test]
fn references_lead_from_file_to_file_and_those_that_do_not_are_told() {
    let graph = Graph::of(&both());
    let edge = |from: &str, to: &str| Edge { from: from.to_owned(), to: to.to_owned() };
    assert_eq!(graph.edges, [edge("in/d12.txt#d12", "in/d13.txt#d13"), edge("in/d13.txt#d13", "in/d12.txt#d12")]);
    assert_eq!(graph.unresolved, [edge("in/d12.txt#d12", "#d99")]);
    let mut xml = Vec::new();
    graph.graphml(&mut xml).expect("memory takes all");
    let xml = String::from_utf8(xml).expect("UTF-8");
    assert!(xml.contains(r#"<edge source="in/d12.txt#d12" target="in/d13.txt#d13"/>"#), "{xml}");
}

#[test]
fn a_cmif_file_holds_the_letters_alone() {
    let mut xml = Vec::new();
    let edition = cmif::Edition { url: Some("https://lake.example/cmif.xml".into()), ..cmif::Edition::default() };
    cmif::write(&both(), &edition, &mut xml).expect("memory takes all");
    let xml = String::from_utf8(xml).expect("UTF-8");
    assert_eq!(xml.matches("<correspDesc ").count(), 1, "{xml}");
    for part in [
        r##"<correspDesc source="#edition" ref="in/d12.txt#d12" key="12">"##,
        "<persName>Tarn</persName>",
        "<placeName>Port Vale</placeName>",
        r#"<date when="1931-05-04"/>"#,
        r#"<idno type="url">https://lake.example/cmif.xml</idno>"#,
    ] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

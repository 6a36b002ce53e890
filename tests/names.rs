//! Persons, places, organisations and terms of authority files and of a text's own lists, found in texts.

use std::sync::Arc;

use apograph::authority::{Authorities, from_csv};
use apograph::convert::Conversion;
use apograph::diagnostic::Log;
use apograph::enrich::{Names, Terms};
use apograph::model::visit::{Visit, walk_document, walk_inline};
use apograph::model::{Document, Inline, words};
use apograph::registry::Registry;
use apograph::source::Input;
use proptest::prelude::*;

const LISTS: &str = r##"<front>
<div><head>Persons</head><list type="names">
<item><hi rend="strong"><persName xml:id="p_1">Moor, Admiral Ada B., Jr.</persName>,</hi> Harbour Master</item>
<item><hi rend="strong"><persName xml:id="p_2">Lind, Otto von</persName>,</hi> Ambassador in Port Vale until May 1931</item>
<item><hi rend="strong"><persName xml:id="p_3">Lind, Paul</persName>,</hi> Minister of Ferries from June 1931</item>
<item><hi rend="strong"><persName xml:id="p_4">Osric II</persName>,</hi> King of the Lake</item>
<item><hi rend="strong"><persName xml:id="p_5">Tang Hsi-mo (Tang Ximo)</persName>,</hi> Vice Premier</item>
<item><hi rend="strong"><persName xml:id="p_6">Çelik, Gül</persName>,</hi> pilot</item>
<item><hi rend="strong"><persName xml:id="p_7">Quill, Sir Peter</persName>,</hi> Consul</item>
</list></div>
<div><list type="terms">
<item><hi rend="strong"><term xml:id="t_1">LO</term>,</hi> Lake Office</item>
<item><hi rend="strong"><term xml:id="t_2">reftel</term>,</hi> reference telegram</item>
<item><hi rend="strong"><term xml:id="t_3">K</term>,</hi> Kell</item>
</list></div></front>"##;

/// What the passes mark in a document of a volume with lists of its own, and what they note.
fn marked(document: &str) -> (Vec<String>, Vec<String>) {
    let tei = format!(
        r#"<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>The Ferry Papers</title>
        </titleStmt><publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>
        <text>{LISTS}<body><div><div type="document" xml:id="d1">{document}</div></div></body></text></TEI>"#
    );
    run(&Registry::builtin(), "volume.xml", &tei)
}

fn run(registry: &Registry, name: &str, text: &str) -> (Vec<String>, Vec<String>) {
    let mut conversion = Conversion::new(registry);
    conversion.enrich = Some(vec!["names".to_owned(), "terms".to_owned()]);
    let mut log = Log::new();
    let read = conversion.read(&Input::new(name, text.as_bytes()), &mut log).unwrap();
    let notes: Vec<String> = log.diagnostics().iter().map(|diagnostic| diagnostic.message.to_string()).collect();
    assert!(notes.iter().all(|note| !note.contains("changed the text")), "{notes:?}");
    (marks(&read.document), notes)
}

fn marks(document: &Document) -> Vec<String> {
    struct Marks(Vec<String>);
    impl<'a> Visit<'a> for Marks {
        fn inline(&mut self, inline: &'a Inline) {
            let marked = match inline {
                Inline::Name(name) => Some((&name.tag, &name.content, &name.target)),
                Inline::Term(term) => Some((&term.tag, &term.content, &term.target)),
                _ => None,
            };
            if let Some((tag, content, target)) = marked
                && let Some(inference) = &tag.inference
            {
                let target = target.as_ref().map(ToString::to_string).unwrap_or_default();
                self.0.push(format!("{} {target} {}", words(content), inference.certainty.as_str()));
            }
            walk_inline(self, inline);
        }
    }
    let mut found = Marks(Vec::new());
    walk_document(&mut found, document);
    found.0
}

#[test]
fn a_person_is_known_by_every_form_of_the_name() {
    let cases: [(&str, &[&str]); 18] = [
        ("Ada Moor came.", &["Ada Moor #p_1 high"]),
        ("So Moor came.", &["Moor #p_1 medium"]),
        ("Then A. B. Moor’s boat", &["A. B. Moor #p_1 medium"]),
        ("ADA MOOR", &["ADA MOOR #p_1 high"]),
        ("<hi rend=\"smallcaps\">Ada</hi> Moor", &["Ada Moor #p_1 high"]),
        ("Mr. <hi rend=\"smallcaps\">Moor</hi>", &["Moor #p_1 medium"]),
        ("Ada\n   Moor", &["Ada Moor #p_1 high"]),
        ("Ada<pb n=\"2\"/> Moor, Jr., came", &["Ada Moor, Jr. #p_1 high"]),
        ("Mo<pb n=\"2\" break=\"no\"/>or", &["Moor #p_1 medium"]),
        ("Moor, Ada B., and others", &["Moor, Ada B. #p_1 high"]),
        ("Ada Moor and Moor", &["Ada Moor #p_1 high", "Moor #p_1 high"]),
        ("the Harbour Master Moor", &["Moor #p_1 high"]),
        ("the Moor–Tang talks", &["Moor #p_1 medium", "Tang #p_5 medium"]),
        ("King Osric and Osric II", &["Osric #p_4 high", "Osric II #p_4 high"]),
        ("Vice Premier Tang", &["Tang #p_5 high"]),
        ("Tang Ximo", &["Tang Ximo #p_5 high"]),
        ("Celik and Çelik", &["Celik #p_6 medium", "Çelik #p_6 medium"]),
        ("Sir Peter smiled.", &["Peter #p_7 medium"]),
    ];
    for (text, expected) in cases {
        assert_eq!(marked(&format!("<p>{text}</p>")).0, expected, "{text}");
    }
}

#[test]
fn another_of_the_same_name_is_left_alone() {
    for text in [
        "Moorland",
        "O’Moor",
        "al-Moor",
        "moor",
        "the Moor Library",
        "MOOR HOUSE",
        "Martha Moor",
        "X. Moor",
        "John Moor",
        "POL 7 US/MOOR",
    ] {
        assert_eq!(marked(&format!("<p>See {text}.</p>")).0, [""; 0], "{text}");
    }
}

#[test]
fn of_two_of_a_surname_the_text_tells_who_is_meant() {
    let cases: [(&str, &[&str]); 6] = [
        ("<p>So Lind came.</p>", &[]),
        ("<p>Paul Lind came. So Lind spoke.</p>", &["Paul Lind #p_3 high", "Lind #p_3 medium"]),
        ("<p>So Ambassador Lind came.</p>", &["Lind #p_2 medium"]),
        ("<p>So von Lind came.</p>", &["von Lind #p_2 medium"]),
        (
            "<head>Letter</head><opener><dateline><date when=\"1931-09-04\">September 4, 1931</date></dateline></opener>\
             <p>So Lind came.</p>",
            &["Lind #p_3 low"],
        ),
        (
            "<list type=\"participants\"><head>PARTICIPANTS</head><item>Otto von Lind</item></list><p>So Lind came.</p>",
            &["Otto von Lind #p_2 high", "Lind #p_2 medium"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(marked(text).0, expected, "{text}");
    }
    assert!(marked("<p>So Lind came.</p>").1.iter().any(|note| note.contains("“Lind” may be one of several")));
}

#[test]
fn what_editors_have_marked_stays_as_it_is() {
    let text = "<p><persName corresp=\"#p_2\">Moor</persName>, <ref target=\"#d1\">Moor’s paper</ref> and \
                Moor<note><p>Moor</p></note> and Ada<note><p>x</p></note> Moor</p>";
    assert_eq!(marked(text).0, ["Moor #p_1 high", "Moor #p_1 high", "Moor #p_1 high"]);
}

#[test]
fn terms_are_found_as_they_are_written() {
    let cases: [(&str, &[&str]); 7] = [
        ("the LO and LOs, L.O.", &["LO #t_1 high", "LOs #t_1 high", "L.O. #t_1 high"]),
        ("lo and behold", &[]),
        ("Your REFTEL and Reftel", &["REFTEL #t_2 medium", "Reftel #t_2 medium"]),
        ("then K spoke", &["K #t_3 medium"]),
        ("K: Yes.", &["K #t_3 medium"]),
        ("Annex K to J. K. Moor’s", &[]),
        ("LOW", &[]),
    ];
    for (text, expected) in cases {
        let found: Vec<_> =
            marked(&format!("<p>{text}</p>")).0.into_iter().filter(|mark| mark.contains("#t_")).collect();
        assert_eq!(found, expected, "{text}");
    }
}

fn with(authorities: Authorities) -> Registry {
    let authorities = Arc::new(authorities);
    Registry::builtin().with_pass(Names::new(Arc::clone(&authorities))).with_pass(Terms::new(authorities))
}

const TABLE: &str = "id,name,kind,variants,from,to,uri,about
p1,\"Moor, Ada\",person,The Harbour Mistress,1880,1940,,Harbour Master
,\"Moor, Ines\",person,,1935,,http://viaf.org/viaf/1,
,Port Vale,place,PV,,,https://sws.geonames.org/1/,
o1,Lake Office,org,,,,,
t1,LO,term,,,,,Lake Office
";

#[test]
fn authority_files_are_looked_up_and_pointed_to() {
    let registry = with(from_csv(TABLE).unwrap().within("people.csv"));
    let letter = "1. Letter From the Lake Office to Ada Moor\n\nPort Vale, May 4, 1931.\n\nThe Harbour Mistress asked LO. Moor went.\n";
    let (found, _) = run(&registry, "letter.txt", letter);
    let expected = [
        "Lake Office people.csv#o1 high",
        "Ada Moor people.csv#p1 high",
        "The Harbour Mistress people.csv#p1 high",
        "LO people.csv#t1 high",
        "Moor people.csv#p1 high",
    ];
    assert_eq!(found, expected, "a person who was not yet born can't be meant");
}

#[test]
fn a_bare_surname_of_an_authority_file_is_no_more_than_a_hint() {
    let registry = with(from_csv(TABLE).unwrap().within("people.csv"));
    let (found, _) = run(&registry, "a.txt", "1. Paper\n\nPort Vale, May 4, 1931.\n\nSo Moor went to the quay.\n");
    assert_eq!(found, ["Moor people.csv#p1 low"]);
}

#[test]
fn a_list_of_persons_of_tei_is_an_authority_file() {
    let list = r#"<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc><titleStmt><title>People</title></titleStmt>
        <publicationStmt><p/></publicationStmt><sourceDesc><p/></sourceDesc></fileDesc></teiHeader>
        <standOff><listPerson><person xml:id="p1"><persName><surname>Moor</surname> <forename>Ada</forename></persName>
        <persName>The Harbour Mistress</persName><birth when="1880"/></person></listPerson></standOff>
        <text><body><listPlace><place xml:id="l1"><placeName>Port Vale</placeName><idno type="geonames">https://sws.geonames.org/1/</idno>
        <place xml:id="l2"><placeName>East Pier</placeName></place></place></listPlace>
        <listOrg><org xml:id="o1"><orgName>Lake Office</orgName></org></listOrg></body></text></TEI>"#;
    let mut log = Log::new();
    let registry = Registry::builtin();
    let document = registry.reader("tei").unwrap().read(&Input::new("people.xml", list.as_bytes()), &mut log).unwrap();
    let authorities = apograph::authority::of_document(&document).within("people.xml");
    let targets: Vec<String> =
        authorities.entries.iter().map(|entry| format!("{} {}", entry.name, entry.target)).collect();
    let expected = [
        "Moor, Ada people.xml#p1",
        "Port Vale https://sws.geonames.org/1/",
        "East Pier people.xml#l2",
        "Lake Office people.xml#o1",
    ];
    assert_eq!(targets, expected);
    assert_eq!(authorities.entries[0].variants, ["The Harbour Mistress"]);
}

#[test]
fn a_name_begins_with_its_first_letter() {
    for gap in [" \u{ad} ", "  ", "\u{ad} \n "] {
        let (found, _) = marked(&format!("<p>With von{gap}Moor</p>"));
        assert!(found.len() == 1 && found[0].starts_with("Moor "), "{found:?}");
    }
}

proptest! {
    /// Whatever the text, no character is changed, and no name is cut out of a word.
    #[test]
    fn names_never_change_a_text(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "Ada", " ", "Moor", "A.", "\u{ad}", "’s", "-", "Lind", "von ", ", ", "Jr.", "<pb n=\"1\"/>", "<lb break=\"no\"/>",
            "<hi rend=\"italic\">Ada ", "</hi>", "<note>Moor</note>", "LO", "x", "\n  ", "é", "Sir Peter", ". ",
        ]), 1..24)) {
        let mut depth = 0;
        let text: String = pieces.into_iter().filter(|piece| {
            depth += i32::from(piece.starts_with("<hi")) - i32::from(*piece == "</hi>" && depth > 0);
            *piece != "</hi>" || depth >= 0
        }).fold((String::new(), 0), |(mut text, mut open), piece| {
            if piece == "</hi>" {
                if open > 0 { text.push_str(piece); open -= 1; }
            } else {
                text.push_str(piece);
                open += i32::from(piece.starts_with("<hi"));
            }
            (text, open)
        }).0;
        let open = text.matches("<hi").count() - text.matches("</hi>").count();
        let (found, _) = marked(&format!("<p>{text}{}</p>", "</hi>".repeat(open)));
        for mark in found {
            let mark = mark.trim_start_matches('\u{ad}');
            prop_assert!(mark.starts_with(char::is_uppercase) || mark.starts_with("von"), "{mark}");
        }
    }
}

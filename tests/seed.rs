//! What a correct reading of the reference transcript must show. Runs where the shared folder is there.

use std::path::PathBuf;

use apograph::convert::{Conversion, Read};
use apograph::diagnostic::{Log, Severity};
use apograph::model::visit::{Visit, walk_document, walk_inline};
use apograph::model::{Block, Certainty, Date, Inline, Milestone, Note, NoteKind, Reference, Unit, When};
use apograph::registry::Registry;
use apograph::source::Input;

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: there is no {}", folder.display());
    None
}

/// The reference transcript as a document, and its log.
fn seed() -> Option<(Read, Log)> {
    let path = shared()?.join("seed/000_12d80cf3058115d9.txt");
    let bytes = std::fs::read(&path).expect("the reference transcript is there");
    let registry = Registry::builtin();
    let mut log = Log::new();
    let input = Input::new("000_12d80cf3058115d9.txt", &bytes);
    let read = Conversion::new(&registry).read(&input, &mut log).expect("it can be read");
    Some((read, log))
}

/// The running text in which each note stands as `{n}` and each page break as `|n|`, and what it met.
#[derive(Default)]
struct Woven {
    text: String,
    notes: Vec<Note>,
    pages: Vec<Milestone>,
}

impl<'a> Visit<'a> for Woven {
    fn block(&mut self, block: &'a Block) {
        if let Block::Milestone(milestone) = block {
            self.pages.push(milestone.clone());
        }
        apograph::model::visit::walk_block(self, block);
        self.text.push('\n');
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text.push_str(text),
            Inline::Note(note) => {
                self.text.push_str(&format!("{{{}}}", note.label.as_deref().unwrap_or("")));
                self.notes.push(Note::clone(note));
            }
            Inline::Milestone(milestone) if milestone.unit == Unit::Page => {
                self.text.push_str(&format!("|{}|", milestone.label.as_deref().unwrap_or("")));
                self.pages.push(Milestone::clone(milestone));
            }
            _ => walk_inline(self, inline),
        }
    }
}

fn woven(read: &Read) -> Woven {
    let mut woven = Woven::default();
    walk_document(&mut woven, &read.document);
    woven
}

#[test]
fn number_heading_and_source() {
    let Some((read, log)) = seed() else { return };
    assert_eq!(log.count(Severity::Error), 0, "{:?}", log.diagnostics());
    let [Block::Division(division)] = read.document.body.as_slice() else { panic!("one division") };
    assert_eq!(division.kind.as_deref(), Some("document"));
    assert_eq!(division.number.as_deref(), Some("159"));
    assert_eq!(division.tag.id.as_ref().map(|id| id.as_str()), Some("d159"));
    let headings: Vec<_> = division.content.iter().filter(|block| matches!(block, Block::Heading(_))).collect();
    assert_eq!(headings.len(), 1);
    let title = &read.document.metadata.title.main;
    assert!(title.starts_with("Backchannel Message From") && title.ends_with("(Brzezinski)"), "{title}");
    let source = read.document.metadata.source.note.as_deref().unwrap_or_default();
    assert!(source.starts_with("Source: Carter Library"), "{source}");
}

#[test]
fn each_note_is_anchored_once_and_in_order() {
    let Some((read, _)) = seed() else { return };
    let woven = woven(&read);
    let labels: Vec<_> = woven.notes.iter().map(|note| note.label.as_deref().unwrap_or_default().to_owned()).collect();
    assert_eq!(labels, (1..=16).map(|number| number.to_string()).collect::<Vec<_>>());
    let before = [
        "(Brzezinski)",
        "WH81517.",
        "void;",
        "affair;",
        "shortly.",
        "communiqué.",
        "China,",
        "September 19.",
        "debt to China",
        "period.",
        "time limit.",
        "internal affairs.",
        "Taiwan issue.",
        "U.S. side.",
        "interests.",
        "definite time.",
    ];
    for (number, before) in (1..).zip(before) {
        assert!(woven.text.contains(&format!("{before}{{{number}}}")), "note {number} behind `{before}`");
    }
    assert_eq!(woven.notes[0].kind, NoteKind::Source);
    let ids: Vec<_> = woven.notes.iter().filter_map(|note| note.tag.id.as_ref()).map(|id| id.to_string()).collect();
    assert_eq!(ids[15], "d159fn16");
    assert!(woven.notes.iter().all(|note| note.tag.inference.is_some()));
}

#[test]
fn page_breaks_stand_where_the_pages_begin() {
    let Some((read, _)) = seed() else { return };
    let woven = woven(&read);
    let labels: Vec<_> = woven.pages.iter().filter_map(|page| page.label.as_deref()).collect();
    assert_eq!(labels, ["610", "611", "612", "613", "614", "615"]);
    let inside: Vec<_> =
        woven.pages.iter().filter(|page| page.inside_word).filter_map(|page| page.label.as_deref()).collect();
    assert_eq!(inside, ["611", "615"]);
    assert!(woven.text.contains("fol|611|lowing") && woven.text.contains("re|615|sponse"));
    let [Block::Division(division)] = read.document.body.as_slice() else { panic!("one division") };
    let alone = division.content.iter().filter(|block| matches!(block, Block::Milestone(_))).count();
    assert_eq!(alone, 1, "613 stands between paragraphs");
}

#[test]
fn numbered_paragraphs_are_all_there() {
    let Some((read, _)) = seed() else { return };
    let [Block::Division(division)] = read.document.body.as_slice() else { panic!("one division") };
    let openings: Vec<String> = division
        .content
        .iter()
        .filter_map(|block| match block {
            Block::Paragraph(paragraph) => match paragraph.content.first() {
                Some(Inline::Text(text)) => Some(text.chars().take_while(|&c| c != ' ').collect()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let mut expected = vec!["216.".to_owned()];
    expected.extend((1..=18).map(|number| format!("{number}.")));
    assert_eq!(openings, expected);
}

#[test]
fn digits_that_are_no_markers_and_rare_characters_stay() {
    let Some((read, _)) = seed() else { return };
    let woven = woven(&read);
    let notes: String = woven.notes.iter().map(|note| format!("{:?}", note.body)).collect();
    for kept in [
        "July 5",
        "November 2",
        "January 1, 1979",
        "3:30 P.M.",
        "1972",
        "800 million",
        "communiqué",
        "delared",
        "People’s",
    ] {
        assert!(woven.text.contains(kept), "{kept}");
    }
    for kept in ["12/78", "6–12/78", "“C”"] {
        assert!(notes.contains(kept), "{kept}");
    }
}

/// The dates and references of a document, in the order of the text.
#[derive(Default)]
struct Marked {
    dates: Vec<Date>,
    references: Vec<Reference>,
}

impl<'a> Visit<'a> for Marked {
    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Date(date) => self.dates.push(Date::clone(date)),
            Inline::Reference(reference) => self.references.push(Reference::clone(reference)),
            _ => {}
        }
        walk_inline(self, inline);
    }
}

fn words(content: &[Inline]) -> String {
    content
        .iter()
        .filter_map(|inline| if let Inline::Text(text) = inline { Some(text.as_str()) } else { None })
        .collect()
}

#[test]
fn dates_have_their_year_supplied_and_say_so() {
    let Some((read, _)) = seed() else { return };
    let mut marked = Marked::default();
    walk_document(&mut marked, &read.document);
    let found = |text: &str| -> Vec<(String, Certainty)> {
        let of_these = marked.dates.iter().filter(|date| words(&date.content) == text);
        let said = of_these.map(|date| {
            let Some(When::On(moment)) = date.when else { panic!("{text} is one moment") };
            (moment.to_string(), date.tag.inference.as_ref().expect("it was inferred").certainty)
        });
        said.collect()
    };
    for (text, when, certainty) in [
        ("December 4", "1978-12-04", Certainty::Medium),
        ("July 5", "1978-07-05", Certainty::Medium),
        ("November 2", "1978-11-02", Certainty::Medium),
        ("September 19", "1978-09-19", Certainty::Medium),
        ("November 14", "1978-11-14", Certainty::Medium),
        ("January 1, 1979", "1979-01-01", Certainty::High),
        ("1972", "1972", Certainty::Medium),
        ("3:30 P.M. on December 4", "1978-12-04T15:30:00", Certainty::Medium),
    ] {
        let found = found(text);
        assert!(!found.is_empty(), "{text} is a date");
        assert!(found.iter().all(|date| *date == (when.to_owned(), certainty)), "{text}: {found:?}");
    }
}

#[test]
fn notes_refer_to_documents_and_to_their_footnotes() {
    let Some((read, _)) = seed() else { return };
    let mut marked = Marked::default();
    walk_document(&mut marked, &read.document);
    let targets: Vec<_> =
        marked.references.iter().flat_map(|reference| reference.targets.iter().map(ToString::to_string)).collect();
    assert_eq!(targets, ["#d142", "#d127fn2", "#d127fn3", "#d141fn3", "#d149", "#d135", "#d111fn7"]);
}

#[test]
fn sender_and_addressees_and_the_line_of_the_telegram() {
    let Some((read, _)) = seed() else { return };
    let said = read.document.metadata.correspondence.as_ref().expect("the heading names them");
    let names = |parties: &[apograph::model::Party]| -> Vec<(String, Option<String>)> {
        parties.iter().map(|party| (party.name.clone(), party.person.clone())).collect()
    };
    let named = |name: &str, person: &str| (name.to_owned(), Some(person.to_owned()));
    assert_eq!(names(&said.senders), [named("the Chief of the Liaison Office in China (Woodcock)", "Woodcock")]);
    assert_eq!(
        names(&said.addressees),
        [
            named("Secretary of State Vance", "Vance"),
            named("the President’s Assistant for National Security Affairs (Brzezinski)", "Brzezinski"),
        ]
    );
    let [Block::Division(division)] = read.document.body.as_slice() else { panic!("one division") };
    let first = division.content.iter().find_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph),
        _ => None,
    });
    let mut line = Woven::default();
    first.expect("there are paragraphs").content.iter().for_each(|inline| line.inline(inline));
    assert_eq!(
        line.text,
        "216. Subject: Sixth Session: December 4 Meeting With Han Nien-lung. Ref: A. Peking 214, B. Peking 215, C. \
         WH81517.{2}"
    );
}

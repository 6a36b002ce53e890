//! What an editor decided, and what comes of it: in the document, in the outputs, in what is told.

use std::fs;
use std::ops::Range;

use apograph::convert::Conversion;
use apograph::decisions::ground::Ground;
use apograph::decisions::survey::survey;
use apograph::decisions::{Decision, Decisions, Kind, Place, Verdict};
use apograph::diagnostic::{Log, Severity};
use apograph::model::{Document, When};
use apograph::registry::Registry;
use apograph::source::Input;

const LETTER: &str = "\
12. Letter From the Harbour Office to Captain Orme1

Port Vale, May 4, 1931.

We counted 302 boats in the bay on Monday, and 14 of them were of oak.2 The pilot came on March 9 and left.

The keeper wrote [Page 7] that his lamp was out, as he said.3

Quill

  1. Source: Lake Archive, Ferry Files, Box 2.
  2. The figure is from the harbour book; see Document 10.
  3. Not printed, but told in Document 11.
";

fn at(words: &str, part: &str) -> Range<usize> {
    let start = LETTER.find(words).expect("the words are there") + words.find(part).expect("a part of them");
    start..start + part.len()
}

fn decision(kind: Kind, verdict: Verdict, place: Range<usize>) -> Decision {
    let at = Place::of(LETTER, place);
    Decision { kind, verdict, note: None, at, entry: None, to: None, value: None, by: None, comment: None }
}

fn about_note(label: &str, verdict: Verdict, place: Range<usize>) -> Decision {
    Decision { note: Some(label.to_owned()), ..decision(Kind::NoteMarker, verdict, place) }
}

struct Done {
    document: Document,
    log: Log,
    tei: String,
}

impl Done {
    fn codes(&self) -> Vec<&str> {
        let all = self.log.diagnostics().iter().map(|diagnostic| diagnostic.code.0);
        all.filter(|code| code.starts_with("decision.")).collect()
    }
}

fn read(text: &str, all: Vec<Decision>) -> Done {
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let decisions = Decisions { version: 1, all, ..Decisions::default() };
    let mut log = Log::new();
    let input = Input::new("letter.txt", text.as_bytes());
    let read = conversion.read_decided(&input, &decisions, &mut log, |document| document).expect("it can be read");
    let written = conversion.write(&read, "tei", &mut log).expect("it can be written");
    assert_eq!(log.count(Severity::Error), 0, "{:?}", log.diagnostics());
    assert_eq!(written.conserved, Some(true));
    Done { document: read.document, log, tei: String::from_utf8_lossy(written.files.main_bytes()).into_owned() }
}

#[test]
fn nothing_decided_is_nothing_said() {
    let done = read(LETTER, Vec::new());
    assert!(done.codes().is_empty());
    assert!(done.tei.contains("oak.<note xml:id=\"d12fn2\""), "{}", done.tei);
    assert!(!done.tei.contains("#editor"));
}

#[test]
fn an_accepted_marker_is_certain_and_says_who_says_so() {
    let done = read(LETTER, vec![about_note("2", Verdict::Accept, at("oak.2", "2"))]);
    assert_eq!(done.codes(), ["decision.applied"]);
    assert!(done.tei.contains("cert=\"high\" resp=\"#editor\""), "{}", done.tei);
    assert!(done.tei.contains("xml:id=\"editor\""));
}

#[test]
fn a_moved_marker_calls_its_note_elsewhere_and_the_digit_is_text_again() {
    let moved = Decision {
        to: Some(Place::of(LETTER, at("302 boats", "2"))),
        ..about_note("2", Verdict::Move, at("oak.2", "2"))
    };
    let done = read(LETTER, vec![moved]);
    assert_eq!(done.codes(), ["decision.applied"]);
    assert!(done.tei.contains("We counted 30<note xml:id=\"d12fn2\""), "{}", done.tei);
    assert!(done.tei.contains("of oak.2 The pilot"));
}

#[test]
fn a_note_may_be_moved_to_where_nothing_is_printed() {
    let point = at("left.", ".").end;
    let moved =
        Decision { to: Some(Place::of(LETTER, point..point)), ..about_note("2", Verdict::Move, at("oak.2", "2")) };
    let done = read(LETTER, vec![moved]);
    assert_eq!(done.codes(), ["decision.applied"]);
    assert!(done.tei.contains("of oak.2 The pilot") && done.tei.contains("and left.<note"), "{}", done.tei);
}

#[test]
fn a_rejected_marker_is_looked_for_elsewhere_and_one_that_is_text_is_no_notes() {
    for verdict in [Verdict::Reject, Verdict::Text] {
        let done = read(LETTER, vec![about_note("2", verdict, at("oak.2", "2"))]);
        assert_eq!(done.codes(), ["decision.applied"], "{verdict:?}");
        assert!(done.tei.contains("of oak.2"), "{verdict:?}: {}", done.tei);
        assert!(done.tei.contains("<note xml:id=\"d12fn2\""));
    }
}

#[test]
fn a_rejected_date_or_reference_is_text_and_an_accepted_one_is_certain() {
    let done = read(
        LETTER,
        vec![
            decision(Kind::Date, Verdict::Reject, at("on March 9 and", "March 9")),
            decision(Kind::Reference, Verdict::Text, at("in Document 11", "Document 11")),
            decision(Kind::Reference, Verdict::Accept, at("see Document 10", "Document 10")),
        ],
    );
    assert_eq!(done.codes(), ["decision.applied"; 3]);
    assert!(done.tei.contains("The pilot came on March 9 and left."), "{}", done.tei);
    assert!(done.tei.contains("told in Document 11.</note>"));
    assert!(done.tei.contains("cert=\"high\" resp=\"#editor\">Document 10</ref>"), "{}", done.tei);
}

#[test]
fn a_page_token_may_be_text() {
    for verdict in [Verdict::Text, Verdict::Reject] {
        let done = read(LETTER, vec![decision(Kind::PageBreak, verdict, at("[Page 7]", "[Page 7]"))]);
        assert_eq!(done.codes(), ["decision.applied"]);
        assert!(done.tei.contains("wrote [Page 7] that") && !done.tei.contains("<pb"), "{}", done.tei);
    }
}

#[test]
fn a_page_may_begin_elsewhere_and_its_token_is_no_text_there_either() {
    let to = |point: usize| Some(Place::of(LETTER, point..point));
    let moved =
        |point| Decision { to: to(point), ..decision(Kind::PageBreak, Verdict::Move, at("[Page 7]", "[Page 7]")) };
    // Into a paragraph above, within a word, before a date, and to a paragraph's beginning.
    for (words, part, expected) in [
        ("14 of them", "of", "and 14 <pb "),
        ("boats in", "ats", "302 bo<pb "),
        ("on March 9", "March", "came on <pb "),
        ("The keeper", "The", "<p><pb "),
    ] {
        let done = read(LETTER, vec![moved(at(words, part).start)]);
        assert_eq!(done.codes(), ["decision.applied"], "{words}");
        assert_eq!(done.tei.matches("<pb ").count(), 1, "{words}: {}", done.tei);
        let there = done.tei.find(expected).unwrap_or_else(|| panic!("{expected}: {}", done.tei));
        assert!(done.tei[there..].contains("resp=\"#editor\""), "{words}");
        assert_eq!(done.tei.contains("break=\"no\""), words == "boats in", "{words}: {}", done.tei);
        assert!(done.tei.contains("wrote that his lamp"), "{words}: {}", done.tei);
    }
    // Where no text stands behind it, or only a note's, no page begins.
    for point in [LETTER.len(), at("harbour book", "book").start] {
        let done = read(LETTER, vec![moved(point)]);
        assert_eq!(done.codes(), ["decision.stale"]);
        assert!(done.tei.contains("wrote <pb "), "{}", done.tei);
    }
}

#[test]
fn a_date_may_be_corrected_and_the_letter_is_then_of_that_day() {
    let corrected = |words, part, value: &str| Decision {
        value: Some(value.parse().expect("a value")),
        ..decision(Kind::Date, Verdict::Correct, at(words, part))
    };
    let done = read(LETTER, vec![corrected("on March 9", "March 9", "1930-03-09")]);
    assert_eq!(done.codes(), ["decision.applied"]);
    assert!(done.log.diagnostics().iter().any(|it| it.message.ends_with("corrected to 1930-03-09")));
    assert!(done.tei.contains("when=\"1930-03-09\""), "{}", done.tei);
    let span = read(LETTER, vec![corrected("on March 9", "March 9", "1931-03-09/1931-03-11")]);
    assert!(span.tei.contains("from=\"1931-03-09\" to=\"1931-03-11\""), "{}", span.tei);
    let dated = read(LETTER, vec![corrected("May 4, 1931", "May 4, 1931", "1931-05-14")]);
    let sent = dated.document.metadata.correspondence.as_ref().and_then(|it| it.date);
    assert_eq!(sent, Some(When::On("1931-05-14".parse().expect("a day"))));
}

#[test]
fn page_breaks_of_markdown_and_tei_are_moved_too() {
    let markdown = "# A Letter\n\nThe keeper wrote [p. 7]{.pb n=\"7\"} that his lamp was out, as he said.\n";
    let tei = "<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><teiHeader><fileDesc><titleStmt><title>A</title></titleStmt>\
        <publicationStmt><p>A</p></publicationStmt><sourceDesc><p>A</p></sourceDesc></fileDesc></teiHeader><text><body>\
        <p>The keeper wrote <pb n=\"7\"/>that his lamp was out, as he said.</p></body></text></TEI>";
    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    for (name, text) in [("letter.md", markdown), ("letter.xml", tei)] {
        let input = Input::new(name, text.as_bytes());
        let mut log = Log::new();
        let plain = conversion.read(&input, &mut log).expect("it can be read");
        let ground = Ground::new(plain.format, text.as_bytes(), &plain.document, &log);
        let sites = survey(&plain.document, &ground).expect("its own text");
        let page = sites.iter().find(|site| site.kind == Kind::PageBreak).expect("a page break");
        let to = ground.text.find("out, as").expect("the words");
        let moved = Decision {
            kind: Kind::PageBreak,
            verdict: Verdict::Move,
            note: None,
            at: Place::of(&ground.text, page.at.clone()),
            entry: None,
            to: Some(Place::of(&ground.text, to..to)),
            value: None,
            by: None,
            comment: None,
        };
        let decisions = Decisions { version: 1, all: vec![moved], ..Decisions::default() };
        let mut log = Log::new();
        let read = conversion.read_decided(&input, &decisions, &mut log, |document| document).expect("it can be read");
        let written = conversion.write(&read, "tei", &mut log).expect("it can be written");
        assert_eq!((log.count(Severity::Error), log.count(Severity::Warning)), (0, 0), "{:?}", log.diagnostics());
        assert_eq!(written.conserved, Some(true));
        let tei = String::from_utf8_lossy(written.files.main_bytes()).into_owned();
        assert!(tei.contains("lamp was <pb "), "{tei}");
    }
}

#[test]
fn decisions_outlive_small_changes_and_say_when_they_do_not() {
    let kept = about_note("2", Verdict::Accept, at("oak.2", "2"));
    let changed = LETTER.replace("We counted", "On that day we counted").replace("The pilot came", "A pilot came");
    assert_eq!(read(&changed, vec![kept.clone()]).codes(), ["decision.applied"]);
    let gone = LETTER.replace("14 of them were of oak.2 The pilot", "14 were wooden.2 One pilot");
    assert_eq!(read(&gone, vec![kept]).codes(), ["decision.stale"]);
    let date = decision(Kind::Date, Verdict::Accept, at("302 boats", "302"));
    assert_eq!(read(LETTER, vec![date]).codes(), ["decision.stale"], "no date stands there");
}

#[test]
fn notes_are_called_in_their_order_whatever_is_decided() {
    let all = vec![
        about_note("2", Verdict::Accept, at("oak.2", "2")),
        Decision {
            to: Some(Place::of(LETTER, at("302 boats", "3"))),
            ..about_note("3", Verdict::Move, at("said.3", "3"))
        },
    ];
    let done = read(LETTER, all);
    assert!(done.codes().contains(&"decision.contrary"), "{:?}", done.codes());
}

#[test]
fn every_site_stands_where_its_words_stand() {
    let mut done = read(LETTER, Vec::new());
    let ground = Ground::new("transcript", LETTER.as_bytes(), &done.document, &done.log);
    assert!(ground.of_source);
    let sites = survey(&done.document, &ground).expect("the characters are those of the source");
    let told: Vec<(Kind, &str)> = sites.iter().map(|site| (site.kind, &ground.text[site.at.clone()])).collect();
    for known in [
        (Kind::NoteMarker, "1"),
        (Kind::Date, "May 4, 1931"),
        (Kind::Date, "March 9"),
        (Kind::PageBreak, "[Page 7]"),
        (Kind::Reference, "Document 11"),
        (Kind::Reference, "Document 10"),
    ] {
        assert!(told.contains(&known), "{known:?} of {told:?}");
    }
    // Where the source can't be followed, the document's own text is the ground.
    done.log = Log::new();
    let ground = Ground::new("transcript", LETTER.as_bytes(), &done.document, &done.log);
    assert!(!ground.of_source);
    let sites = survey(&done.document, &ground).expect("it is its own text");
    assert!(sites.iter().any(|site| site.kind == Kind::Date && &ground.text[site.at.clone()] == "March 9"));
}

/// A letter whose last note is called nowhere.
fn with_an_uncalled_note() -> String {
    let few_figures = LETTER.replace("302", "many").replace("14 of", "some of").replace("May 4", "May 5");
    format!("{few_figures}  4. Quill wrote in the margin: “He always says so.”\n")
}

#[test]
fn whatever_is_found_can_be_accepted_as_it_is_and_nothing_else_changes() {
    let text = with_an_uncalled_note();
    let plain = read(&text, Vec::new());
    let ground = Ground::new("transcript", text.as_bytes(), &plain.document, &plain.log);
    let sites = survey(&plain.document, &ground).expect("the characters are those of the source");
    assert!(sites.iter().any(|site| site.at.is_empty()), "one note has no marker");
    let accept = |site: &apograph::decisions::survey::Site<'_>| Decision {
        kind: site.kind,
        verdict: Verdict::Accept,
        note: site.note.as_ref().and_then(|(label, _)| label.map(str::to_owned)),
        at: Place::of(&text, site.at.clone()),
        entry: site.note.as_ref().map(|(_, at)| Place::of(&text, at.start..at.start + 6)),
        to: None,
        value: None,
        by: None,
        comment: None,
    };
    let all: Vec<Decision> = sites.iter().map(accept).collect();
    let alone = all.iter().map(|decision| vec![decision.clone()]);
    for decisions in alone.chain([all.clone()]) {
        let done = read(&text, decisions.clone());
        assert_eq!(done.codes(), vec!["decision.applied"; decisions.len()], "{decisions:?}");
        let (mut accepted, mut before) = (done.document, plain.document.clone());
        // All but the certainty is as it was.
        accepted.each_tag_mut(|tag| tag.inference = None);
        before.each_tag_mut(|tag| tag.inference = None);
        assert_eq!(accepted, before);
    }
}

#[test]
fn the_file_beside_the_source_is_honoured_and_a_change_of_it_is_noticed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    fs::write(path.join("letter.txt"), LETTER).expect("written");
    let run = || {
        let done = assert_cmd::Command::cargo_bin("apograph")
            .expect("the binary")
            .current_dir(path)
            .args(["convert", "letter.txt", "--to", "tei", "-o", "out", "-v"])
            .assert()
            .code(0);
        let told = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
        (told, fs::read_to_string(path.join("out/letter.xml")).expect("an output"))
    };
    assert!(run().1.contains("oak.<note"));
    assert!(run().0.contains("unchanged"));
    let mut decisions = Decisions {
        version: 1,
        source: Some("letter.txt".to_owned()),
        all: vec![about_note("2", Verdict::Text, at("oak.2", "2"))],
        partial: false,
    };
    fs::write(path.join("letter.decisions.toml"), decisions.to_toml()).expect("written");
    let (told, tei) = run();
    assert!(told.contains("decision.applied") && tei.contains("of oak.2"), "{told}\n{tei}");
    assert!(run().0.contains("unchanged"));
    fs::remove_file(path.join("letter.decisions.toml")).expect("removed");
    assert!(run().1.contains("oak.<note"), "without the file all is as before");
    decisions.source = Some("letter.md".to_owned());
    fs::write(path.join("letter.decisions.toml"), decisions.to_toml()).expect("written");
    assert!(run().1.contains("oak.<note"), "it is about another source");
    assert_eq!(fs::read_to_string(path.join("letter.txt")).expect("the source"), LETTER, "sources are never changed");
    fs::write(path.join("letter.decisions.toml"), "verdict = 3").expect("written");
    let mut command = assert_cmd::Command::cargo_bin("apograph").expect("the binary");
    let refused =
        command.current_dir(path).args(["convert", "letter.txt", "--to", "tei", "-o", "out"]).assert().code(1);
    let told = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(told.contains("letter.decisions.toml") && told.contains("line 1"), "{told}");
}

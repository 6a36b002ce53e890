//! One text, written in many ways, is one document; and profiles say what a text doesn't show.

use apograph::convert::Conversion;
use apograph::diagnostic::{Log, Severity};
use apograph::model::visit::{Visit, walk_document, walk_inline};
use apograph::model::{Document, Inline, Unit};
use apograph::read::transcript::{Profile, Transcript};
use apograph::registry::Registry;
use apograph::source::Input;

/// `{1}` is a marker, `{p}` a page break.
const TEXT: &str = "31. Letter From the Harbour Master (Vane) to Director Hale{1}

Port Vale, June 2, 1931.

The pilots have struck.{2} Of the 14 boats, 3 are out and the {p}Winter Service is closed.{3}

It may open again in July.";

const NOTES: [&str; 3] = ["Source: Lake Archive, Harbour Papers.", "The strike began on May 30.", "Since June 1."];

/// The text in one way: how `1` and page 12 are written, and how a note begins.
fn written(marker: &str, page: &str, label: &str) -> String {
    let raised = |text: &str| text.replace("1", "¹").replace("2", "²").replace("3", "³");
    let number = |pattern: &str, at: usize| match pattern {
        "¹" => raised(&at.to_string()),
        pattern => pattern.replace('N', &at.to_string()),
    };
    let mut text = TEXT.replace("{p}", &page.replace('N', "12"));
    for at in 1..=3 {
        text = text.replace(&format!("{{{at}}}"), &number(marker, at));
    }
    for (at, note) in NOTES.iter().enumerate() {
        text.push_str(if at == 0 { "\n\n" } else { "\n" });
        text.push_str(&format!("{} {note}", number(label, at + 1)));
    }
    text
}

/// What was read: running text with `<n>` for notes and `|` for page breaks, and whether all of it was proven.
fn read(text: &str, profile: Profile) -> String {
    #[derive(Default)]
    struct Said(String);
    impl<'a> Visit<'a> for Said {
        fn inline(&mut self, inline: &'a Inline) {
            match inline {
                Inline::Text(text) => self.0.push_str(text),
                Inline::Note(note) => self.0.push_str(&format!("<{}>", note.label.as_deref().unwrap_or("?"))),
                Inline::Milestone(milestone) if milestone.unit == Unit::Page => self.0.push('|'),
                _ => walk_inline(self, inline),
            }
        }
    }
    let registry = Registry::builtin().with_reader(Transcript { profile });
    let mut log = Log::new();
    let read = Conversion::new(&registry).read(&Input::new("a.txt", text.as_bytes()), &mut log).expect("text is read");
    assert_eq!(log.count(Severity::Error), 0, "{:?}", log.diagnostics());
    assert_eq!(notes(&read.document), 3, "{text}");
    let mut said = Said::default();
    walk_document(&mut said, &read.document);
    said.0.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn notes(document: &Document) -> usize {
    #[derive(Default)]
    struct Notes(usize);
    impl<'a> Visit<'a> for Notes {
        fn inline(&mut self, inline: &'a Inline) {
            self.0 += usize::from(matches!(inline, Inline::Note(_)));
            walk_inline(self, inline);
        }
    }
    let mut notes = Notes::default();
    walk_document(&mut notes, document);
    notes.0
}

const EXPECTED: &str = "31. Letter From the Harbour Master (Vane) to Director Hale<1> Port Vale, June 2, 1931. \
The pilots have struck.<2> Of the 14 boats, 3 are out and the |Winter Service is closed.<3> It may open again in July.";

fn shown(said: &str) -> String {
    said.replace("Hale<1>Port", "Hale<1> Port").replace("1931.The", "1931. The").replace("<3>It", "<3> It")
}

#[test]
fn the_text_shows_how_it_is_written() {
    let ways = [
        ("N", "[Page N] ", "  N."),
        ("[N]", "[p. N] ", "[N]"),
        ("[N]", "{N} ", "  N."),
        ("(N)", "|N| ", "(N)"),
        ("¹", "\u{c}", "¹"),
        ("¹", "{N} ", "  N."),
        ("^N", "[Page N] ", "^N"),
        ("^N", "[p. N] ", "  N."),
    ];
    for (marker, page, label) in ways {
        let said = read(&written(marker, page, label), Profile::default());
        assert_eq!(shown(&said), EXPECTED, "{marker} {page} {label}");
    }
}

#[test]
fn a_profile_says_what_the_text_does_not_show() {
    let toml = "[notes]\nmarkers = [\"<N>\"]\nlabels = [\"N)\"]\n[pages]\nbreaks = [\"=N=\"]\n";
    let profile = Profile::parse(toml).expect("it is written as profiles are");
    let said = read(&written("<N>", "=N= ", "N)"), profile);
    assert_eq!(shown(&said), EXPECTED);
}

#[test]
fn the_profiles_that_come_along_fit_what_they_say() {
    for (name, marker, label) in
        [("plain", "N", "  N."), ("bracketed", "[N]", "[N]"), ("parenthesised", "(N)", "N)"), ("raised", "¹", "¹")]
    {
        let profile = Profile::named(name).expect("it comes along");
        assert_eq!(shown(&read(&written(marker, "[Page N] ", label), profile)), EXPECTED, "{name}");
    }
}

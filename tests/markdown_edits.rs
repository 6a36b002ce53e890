//! Markdown that was made from TEI and edited: it comes back as the same TEI, with only that changed.

use apograph::diagnostic::Log;
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::Reader;
use apograph::source::Input;
use apograph::write::Writer;
use apograph::{read, write};

const LETTERS: &str = include_str!("cases/markdown/letters.source.xml");

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn tei(xml: &str) -> Outcome<Document> {
    Ok(read::tei::Tei::default().read(&Input::new("letters.xml", xml.as_bytes()), &mut Log::new())?)
}

fn as_markdown(document: &Document) -> Outcome<String> {
    let mut files = Memory::new();
    write::markdown::Markdown.write(document, &mut files, &mut Log::new())?;
    Ok(String::from_utf8(files.main_bytes().to_vec())?)
}

fn as_tei(document: &Document) -> Outcome<String> {
    let mut files = Memory::new();
    write::tei::Tei::default().write(document, &mut files, &mut Log::new())?;
    Ok(String::from_utf8(files.main_bytes().to_vec())?)
}

/// The letters as TEI, and again after an edit of their Markdown.
fn edited(edit: impl FnOnce(&str) -> String) -> Outcome<(String, String)> {
    let document = tei(LETTERS)?;
    let markdown = edit(&as_markdown(&document)?);
    let mut log = Log::new();
    let back = read::markdown::Markdown.read(&Input::new("letters.md", markdown.as_bytes()), &mut log)?;
    assert!(log.diagnostics().is_empty(), "{:?}", log.diagnostics());
    Ok((as_tei(&document)?, as_tei(&back)?))
}

/// Replaces what stands in a text exactly once.
fn replaced(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "`{from}` in\n{text}");
    text.replace(from, to)
}

/// Lines that are in one text and not in the other, in order.
fn changed(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let only = |ours: &str, theirs: &str| -> Vec<String> {
        let mut theirs: Vec<&str> = theirs.lines().collect();
        let mut ours: Vec<&str> = ours.lines().collect();
        ours.retain(|line| match theirs.iter().position(|known| known == line) {
            Some(at) => {
                theirs.swap_remove(at);
                false
            }
            None => true,
        });
        ours.into_iter().map(|line| line.trim().to_owned()).collect()
    };
    (only(before, after), only(after, before))
}

#[test]
fn nothing_changed_gives_the_same_file() -> Outcome {
    let (before, after) = edited(str::to_owned)?;
    assert_eq!(before, after);
    Ok(())
}

#[test]
fn a_changed_word_changes_its_paragraph_alone() -> Outcome {
    let (before, after) = edited(|text| replaced(text, "The ice is thin", "The ice is thick"))?;
    let (gone, new) = changed(&before, &after);
    assert_eq!(gone, ["<p>The ice is thin, and the boats", "lie still.</p>"]);
    assert_eq!(new, ["<p>The ice is thick, and the boats lie still.</p>"]);
    Ok(())
}

#[test]
fn a_new_note_is_the_only_new_thing() -> Outcome {
    let (before, after) = edited(|text| {
        let called = replaced(text, "lie still.", "lie still.[^new]");
        replaced(&called, "\n[^d1fn1]: ", "\n[^new]: Until April.\n\n[^d1fn1]: ")
    })?;
    let (gone, new) = changed(&before, &after);
    assert_eq!(gone, ["<p>The ice is thin, and the boats", "lie still.</p>"]);
    assert_eq!(
        new,
        ["<p>The ice is thin, and the boats lie still.<note xml:id=\"new\" place=\"foot\">Until April.</note></p>"]
    );
    Ok(())
}

#[test]
fn a_letter_that_was_moved_is_the_same_in_another_place() -> Outcome {
    let (before, after) = edited(|text| {
        let (first, second) = (at(text, "# 1. "), at(text, "# 2. "));
        let end = at(text, "\n[^d1fn1]: ");
        let (head, one, two, rest) = (&text[..first], &text[first..second], &text[second..end], &text[end..]);
        format!("{head}{}\n\n{}\n{rest}", two.trim_end(), one.trim_end())
    })?;
    assert_eq!(changed(&before, &after), (vec![], vec![]));
    assert!(at(&after, "xml:id=\"d2\"") < at(&after, "xml:id=\"d1\""));
    Ok(())
}

#[test]
fn a_heading_set_deeper_moves_its_division_into_the_one_before() -> Outcome {
    let (before, after) = edited(|text| replaced(text, "# 2. ", "## 2. "))?;
    let trimmed = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
    assert_eq!(changed(&trimmed(&before), &trimmed(&after)), (vec![], vec![]));
    let inner = &after[at(&after, "xml:id=\"d1\"")..];
    assert!(at(inner, "xml:id=\"d2\"") < at(inner, "</div>"));
    Ok(())
}

#[test]
fn a_title_in_the_front_matter_changes_the_header_and_nothing_else() -> Outcome {
    let (before, after) = edited(|text| replaced(text, "title: Letters of a Winter\n", "title: Winter Letters\n"))?;
    let (gone, new) = changed(&before, &after);
    assert_eq!(gone, ["<title>Letters of a Winter</title>"]);
    assert_eq!(new, ["<title>Winter Letters</title>"]);
    Ok(())
}

#[test]
fn without_the_comment_at_the_end_only_white_space_is_other() -> Outcome {
    let (before, after) = edited(|text| text[..at(text, "\n<!-- White space of the source")].to_owned())?;
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_ne!(before, after);
    assert_eq!(words(&before).replace(' ', ""), words(&after).replace(' ', ""));
    Ok(())
}

#[test]
fn a_damaged_comment_is_reported() -> Outcome {
    let markdown = as_markdown(&tei(LETTERS)?)?;
    let opening = "not needed for reading: ";
    let markdown = replaced(&markdown, opening, &format!("{opening}AAAA"));
    let mut log = Log::new();
    read::markdown::Markdown.read(&Input::new("letters.md", markdown.as_bytes()), &mut log)?;
    assert_eq!(log.diagnostics().iter().map(|it| it.code.0).collect::<Vec<_>>(), ["markdown.spaces"]);
    Ok(())
}

/// Where a text first holds another.
fn at(text: &str, part: &str) -> usize {
    text.find(part).unwrap_or_else(|| panic!("`{part}` is not in\n{text}"))
}

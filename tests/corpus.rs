//! The corpora beside the checkout, where they are: TEI in and out again is the same TEI.
//!
//! The same means: equal as Canonical XML 1.1, layout aside. Layout is white space between elements where the
//! parent holds no other text and either can't hold text at all, or holds a block and no words.

use std::path::{Path, PathBuf};
use std::process::Command;

use apograph::conservation::{Flow, Tei as Witnessed, Witness};
use apograph::diagnostic::Log;
use apograph::output::Memory;
use apograph::read::{Reader, tei::Tei};
use apograph::source::Input;
use apograph::tei::kind;
use apograph::write::{Writer, tei::Tei as TeiOut};
use apograph::xml::parse::{Event, Parser};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The folder of corpora, if it is there.
fn corpora() -> Option<PathBuf> {
    let shared = std::env::var_os("APOGRAPH_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let corpora = shared.join("corpora");
    if !corpora.is_dir() {
        eprintln!("skipped: there is no {}", corpora.display());
        return None;
    }
    Some(corpora)
}

/// All XML files of the two corpora of TEI, in order.
fn tei_files() -> Outcome<Vec<PathBuf>> {
    let Some(corpora) = corpora() else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for folder in ["frus", "tei"] {
        for entry in std::fs::read_dir(corpora.join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "xml") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What an element of a tree without layout says.
#[derive(Debug, PartialEq)]
enum Line {
    Start(String),
    End,
    Text(String),
    Other(String),
}

struct Open {
    name: String,
    /// Where in the lines its children are: texts, and starts of elements with their names.
    texts: Vec<usize>,
    has_text: bool,
    has_block: bool,
    has_inline: bool,
}

/// The canonical form, layout taken out.
fn lines(canonical: &str) -> Outcome<Vec<Line>> {
    let mut parser = Parser::new(canonical);
    let (mut lines, mut open): (Vec<Line>, Vec<Open>) = (Vec::new(), Vec::new());
    while let Some(event) = parser.next()? {
        match event {
            Event::Start { name, attributes, .. } => {
                let local = name.local().to_owned();
                if let Some(parent) = open.last_mut() {
                    parent.has_block |= kind(&local).is_block;
                    parent.has_inline |= kind(&local).is_inline;
                }
                let mut said = format!("{{{}}}{}", name.uri(), name.qualified());
                let mut sorted: Vec<String> = attributes
                    .iter()
                    .map(|attribute| {
                        format!(" {{{}}}{}={:?}", attribute.name.uri(), attribute.name.qualified(), attribute.value)
                    })
                    .collect();
                sorted.sort();
                said.extend(sorted);
                lines.push(Line::Start(said));
                open.push(Open {
                    name: local,
                    texts: Vec::new(),
                    has_text: false,
                    has_block: false,
                    has_inline: false,
                });
            }
            Event::End { .. } => {
                lines.push(Line::End);
                let Some(element) = open.pop() else { continue };
                let layout = !element.has_text
                    && (kind(&element.name).holds_no_text || (element.has_block && !element.has_inline));
                if layout {
                    for at in element.texts {
                        lines[at] = Line::Text(String::new());
                    }
                }
            }
            Event::Text { text, .. } => {
                if let Some(parent) = open.last_mut() {
                    parent.texts.push(lines.len());
                    parent.has_text |= text.contains(|character: char| !" \t\r\n".contains(character));
                }
                lines.push(Line::Text(text.into_owned()));
            }
            Event::Comment { text, .. } | Event::Instruction { text, .. } => lines.push(Line::Other(text.into_owned())),
            Event::Doctype { .. } => {}
        }
    }
    lines.retain(|line| !matches!(line, Line::Text(text) if text.is_empty()));
    Ok(lines)
}

/// Canonical XML 1.1 by libxml2.
fn canonical(path: &Path) -> Outcome<String> {
    let output = Command::new("xmllint").args(["--c14n11", "--nonet", "--huge"]).arg(path).output()?;
    if !output.status.success() {
        return Err(format!("xmllint on {}: {}", path.display(), String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

#[test]
fn only_layout_is_taken_out() -> Outcome {
    let same = |a: &str, b: &str| -> Outcome<bool> { Ok(lines(a)? == lines(b)?) };
    assert!(same("<div><p>a</p><p>b</p></div>", "<div>\n <p>a</p>\n <p>b</p>\n</div>")?);
    assert!(!same("<p><hi>a</hi><hi>b</hi></p>", "<p><hi>a</hi> <hi>b</hi></p>")?);
    assert!(!same("<item>a <list/></item>", "<item>a<list/></item>")?);
    assert!(!same("<p n='1'>a</p>", "<p>a</p>")?);
    Ok(())
}

/// Reads and writes each of some files, and holds that it is the same afterwards.
fn come_out_the_same(files: &[PathBuf]) -> Outcome {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("skipped: there is no xmllint");
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let mut unequal = Vec::new();
    for path in files {
        let bytes = std::fs::read(path)?;
        let mut log = Log::new();
        let document = Tei::default().read(&Input::new(&path.to_string_lossy(), &bytes), &mut log)?;
        let mut output = Memory::new();
        TeiOut::default().write(&document, &mut output, &mut log)?;
        let written = folder.path().join("written.xml");
        std::fs::write(&written, output.main_bytes())?;
        let (before, after) = (lines(&canonical(path)?)?, lines(&canonical(&written)?)?);
        if let Some(at) = before.iter().zip(&after).position(|(before, after)| before != after) {
            let context = at.saturating_sub(3);
            unequal.push(format!("{}: {:?} became {:?}", path.display(), &before[context..=at], &after[context..=at]));
        } else if before.len() != after.len() {
            unequal.push(format!("{}: {} nodes became {}", path.display(), before.len(), after.len()));
        }
        assert!(Flow::of(&document).differs_from(&Witnessed.flow(&bytes, &[])?).is_none(), "{}", path.display());
    }
    eprintln!("{} of {} files are equal", files.len() - unequal.len(), files.len());
    assert!(unequal.is_empty(), "{}", unequal.join("\n\n"));
    Ok(())
}

#[test]
fn tei_in_and_out_again_is_the_same_tei() -> Outcome {
    come_out_the_same(&tei_files()?)
}

/// Kinds of text that the corpora have none of: dictionary, manuscripts, stand-off annotation, facsimile, inscription.
#[test]
fn tei_of_other_kinds_is_the_same_too() -> Outcome {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/tei");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(cases)? {
        let path = entry?.path();
        if !path.to_string_lossy().ends_with(".source.xml") {
            continue;
        }
        let text = std::fs::read_to_string(&path)?;
        // TEI P4 is refused; an entity that is HTML's and was not declared is none for xmllint.
        if !text.contains("<TEI.2") && !text.contains("&nbsp;") {
            files.push(path);
        }
    }
    files.sort();
    assert!(files.len() > 10);
    come_out_the_same(&files)
}

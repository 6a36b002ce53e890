//! Content documents that would be too long for old devices.

use apograph::diagnostic::Log;
use apograph::model::Document;
use apograph::output::Memory;
use apograph::read::{Reader, epub::Epub, tei::Tei};
use apograph::source::Input;
use apograph::validate::{Epub as EpubSchema, Schema};
use apograph::write::{Writer, epub::Epub as EpubOut, tei::Tei as TeiOut};

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A text whose body, or the one division in it, holds so many paragraphs of a thousand letters.
fn source(count: usize, division: bool) -> String {
    let words = "The ferry waits at the quay. ".repeat(35);
    let paragraphs: String = (0..count)
        .map(|at| {
            let (page, last) = (at / 10 + 1, count - 1);
            let lead = match at % 10 {
                0 => format!("<pb n='{page}'/><head>Week {page}</head>"),
                _ => String::new(),
            };
            format!("{lead}<p xml:id='p{at}'>{words}<ref target='#p{last}'>the end</ref><note n='{at}'><p>Note {at}.</p></note></p>")
        })
        .collect();
    let body = if division { format!("<div xml:id='log' n='1'>{paragraphs}</div><pb n='last'/>") } else { paragraphs };
    format!(
        "<TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title>The Ferry Log</title></titleStmt>\
         <publicationStmt><p>None.</p></publicationStmt><sourceDesc><p>None.</p></sourceDesc></fileDesc>\
         <profileDesc><langUsage><language ident='en'>English</language></langUsage></profileDesc></teiHeader>\
         <text><body>{body}</body></text></TEI>"
    )
}

fn book(source: &str) -> Outcome<(Document, Memory)> {
    let document = Tei::default().read(&Input::new("log.xml", source.as_bytes()), &mut Log::new())?;
    let mut files = Memory::new();
    EpubOut::default().write(&document, &mut files, &mut Log::new())?;
    Ok((document, files))
}

fn tei(document: &Document) -> Outcome<String> {
    let mut output = Memory::new();
    TeiOut::default().write(document, &mut output, &mut Log::new())?;
    Ok(String::from_utf8(output.main_bytes().to_vec())?)
}

/// The content documents of the text, in order.
fn pages(files: &Memory) -> Vec<(&str, &str)> {
    let texts = files.files().filter(|(path, _)| path.starts_with("EPUB/text/") && !path.ends_with("cover.xhtml"));
    texts.map(|(path, bytes)| (path, std::str::from_utf8(bytes).unwrap_or_default())).collect()
}

#[test]
fn a_long_text_without_divisions_is_cut_between_its_blocks() -> Outcome {
    for division in [false, true] {
        let (document, files) = book(&source(1500, division))?;
        let pages = pages(&files);
        assert!(pages.len() >= 5, "{} content documents", pages.len());
        for (path, text) in &pages {
            assert!((150_000..500_000).contains(&text.len()), "{path}: {} bytes", text.len());
            // A heading stands with what it heads, and a page break before what is on its page.
            let body = text.split_once("<section class=\"notes\"").map_or(*text, |(body, _)| body);
            let last = body.rfind("<p ").unwrap_or_default();
            assert!(!body[last..].contains("<h2") && !body[last..].contains("Week"), "{path} ends with a heading");
        }
        // Links lead to the part in which their target is.
        let (last, text) = pages.last().ok_or("no page")?;
        assert!(text.contains("id=\"p1499\""));
        let name = last.rsplit('/').next().unwrap_or_default();
        assert!(pages[0].1.contains(&format!("href=\"{name}#p1499\"")), "{last}");

        let bytes = files.archive()?;
        let mut faults = Log::new();
        EpubSchema.check_file(&bytes, &mut faults);
        assert!(faults.diagnostics().is_empty(), "{:?}", faults.diagnostics());
        let read = Epub::default().read(&Input::new("log.epub", &bytes), &mut Log::new())?;
        assert_eq!(tei(&read)?, tei(&document)?, "division: {division}");
    }
    Ok(())
}

#[test]
fn a_text_that_is_not_too_long_stays_whole() -> Outcome {
    let (_, files) = book(&source(150, true))?;
    assert_eq!(pages(&files).len(), 1);
    Ok(())
}

#[test]
fn the_contents_lead_into_a_dictionary_by_its_headwords() -> Outcome {
    let entries: String = (0..4000)
        .map(|at| {
            let gloss = "a boat that carries people over the water ".repeat(3);
            format!("<entry><form><orth>word {at}</orth></form><sense><def>{gloss}</def></sense></entry>")
        })
        .collect();
    let (document, files) = book(&source(0, false).replace("<body>", &format!("<body>{entries}")))?;
    let pages = pages(&files);
    assert!(pages.len() > 2, "{} content documents", pages.len());
    let nav = std::str::from_utf8(files.get("EPUB/nav.xhtml").ok_or("no contents")?)?;
    for (path, text) in &pages {
        let (_, first) = text.split_once("word ").ok_or("no entry")?;
        let number = first.split('<').next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        assert!(nav.contains(&format!("<a href=\"text/{name}\">word {number}</a>")), "{name}: {number}\n{nav}");
    }
    let read = Epub::default().read(&Input::new("d.epub", &files.archive()?), &mut Log::new())?;
    assert_eq!(tei(&read)?, tei(&document)?);
    Ok(())
}

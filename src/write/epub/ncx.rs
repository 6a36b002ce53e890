//! The contents and the page list for reading systems of EPUB 2 (OPF 2.0.1 §2.4.1, DAISY NCX).

use std::borrow::Cow;
use std::io;

use foldhash::HashSet;

use super::Book;
use super::navigation::Entry;
use crate::xml::emit::Emitter;

type Out = Emitter<Vec<u8>>;

pub(super) fn ncx(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let (contents, pages) = (book.contents(), book.pages());
    let mut out = Emitter::new(Vec::new());
    out.declaration()?;
    let attributes = [
        ("xmlns", Cow::Borrowed("http://www.daisy.org/z3986/2005/ncx/")),
        ("version", "2005-1".into()),
        ("xml:lang", book.language.as_str().into()),
    ];
    out.start("ncx", attributes)?;
    out.raw("\n")?;
    out.start("head", [])?;
    let numbers = pages.iter().filter_map(|page| page.label.parse::<u32>().ok()).max().unwrap_or(0).to_string();
    let depth = depth(&contents).to_string();
    let heads = [
        ("dtb:uid", book.identifier.as_str()),
        ("dtb:depth", &depth),
        ("dtb:totalPageCount", &pages.len().to_string()),
        ("dtb:maxPageNumber", &numbers),
    ];
    for (name, content) in heads {
        out.empty("meta", [("name", Cow::Borrowed(name)), ("content", Cow::Borrowed(content))])?;
    }
    out.end()?;
    out.raw("\n")?;
    out.start("docTitle", [])?;
    label(&mut out, &book.title)?;
    out.end()?;
    out.raw("\n")?;
    let mut order = 0;
    out.start("navMap", [])?;
    out.raw("\n")?;
    points(&mut out, &contents, &mut order)?;
    out.end()?;
    out.raw("\n")?;
    if !pages.is_empty() {
        out.start("pageList", [])?;
        out.raw("\n")?;
        out.start("navLabel", [])?;
        label(&mut out, book.words().pages)?;
        out.end()?;
        // A number counts once: where numbering starts anew, the later pages are special ones.
        let mut numbers = HashSet::default();
        for (at, page) in pages.iter().enumerate() {
            order += 1;
            let number = page.label.parse::<u32>().ok().filter(|number| *number > 0 && numbers.insert(*number));
            let again = number.is_none() && page.label.bytes().all(|byte| byte.is_ascii_digit());
            let mut attributes = vec![
                ("id", Cow::Owned(format!("page-{}", at + 1))),
                (
                    "type",
                    Cow::Borrowed(if number.is_some() {
                        "normal"
                    } else if again {
                        "special"
                    } else {
                        kind(&page.label)
                    }),
                ),
                ("playOrder", Cow::Owned(order.to_string())),
            ];
            if let Some(number) = number {
                attributes.push(("value", Cow::Owned(number.to_string())));
            }
            out.start("pageTarget", attributes)?;
            out.start("navLabel", [])?;
            label(&mut out, &page.label)?;
            out.end()?;
            out.empty("content", [("src", Cow::Borrowed(page.href.as_str()))])?;
            out.end()?;
            out.raw("\n")?;
        }
        out.end()?;
        out.raw("\n")?;
    }
    out.end()?;
    out.raw("\n")?;
    out.finish()
}

/// Roman numerals number front matter.
fn kind(label: &str) -> &'static str {
    if label.bytes().all(|byte| b"ivxlcdmIVXLCDM".contains(&byte)) { "front" } else { "special" }
}

fn depth(entries: &[Entry]) -> usize {
    entries.iter().map(|entry| 1 + depth(&entry.below)).max().unwrap_or(0)
}

fn label(out: &mut Out, text: &str) -> io::Result<()> {
    out.start("text", [])?;
    out.text(text)?;
    out.end()
}

fn points(out: &mut Out, entries: &[Entry], order: &mut usize) -> io::Result<()> {
    for entry in entries {
        *order += 1;
        let attributes = [("id", Cow::Owned(format!("point-{order}"))), ("playOrder", Cow::Owned(order.to_string()))];
        out.start("navPoint", attributes)?;
        out.start("navLabel", [])?;
        label(out, &entry.title)?;
        out.end()?;
        out.empty("content", [("src", Cow::Borrowed(entry.href.as_str()))])?;
        out.raw("\n")?;
        points(out, &entry.below, order)?;
        out.end()?;
        out.raw("\n")?;
    }
    Ok(())
}

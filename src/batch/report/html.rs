//! A report as a page: totals, then a row for each document, with what is to be looked at folded under it.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::Totals;
use crate::batch::finding::Location;
use crate::batch::outcome::{Outcome, Status};
use crate::batch::tame;
use crate::diagnostic::Severity;

/// The end of the page.
pub(super) const TAIL: &str = "</tbody>\n</table>\n</main>\n</body>\n</html>\n";

/// The page up to the first row.
pub(super) fn head(totals: &Totals) -> String {
    let mut page = String::from(HEAD);
    let figures = [
        ("documents", totals.documents),
        ("converted", totals.converted),
        ("unchanged", totals.unchanged),
        ("failed", totals.failed),
        ("bugs", totals.bugs),
        ("characters", totals.characters),
        ("notes", totals.notes),
        ("pages", totals.pages),
        ("warnings", totals.warnings),
        ("losses", totals.losses),
        ("in doubt", totals.doubts),
    ];
    page.push_str("<dl>\n");
    for (name, figure) in figures {
        push(&mut page, format_args!("<div><dt>{name}</dt><dd>{figure}</dd></div>\n"));
    }
    for (code, count) in &totals.losses_by_code {
        push(&mut page, format_args!("<div><dt>lost: {}</dt><dd>{count}</dd></div>\n", escape(code)));
    }
    page.push_str("</dl>\n<table>\n<thead><tr><th scope=\"col\">Document</th><th scope=\"col\">Outcome</th>");
    page.push_str("<th scope=\"col\">Outputs</th>");
    for column in ["Characters", "Notes", "Pages", "Warnings", "Losses", "In doubt"] {
        push(&mut page, format_args!("<th scope=\"col\" class=\"n\">{column}</th>"));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    page
}

/// What is told of one document; `folder` is where the page will lie.
pub(super) fn row(document: &Outcome, folder: &Path) -> String {
    let mut page = String::new();
    let (class, status) = match document.status {
        Status::Unchanged => ("good", "unchanged"),
        Status::Converted if document.count(Severity::Warning) + document.count(Severity::Loss) > 0 => {
            ("warn", "converted")
        }
        Status::Converted => ("good", "converted"),
        Status::Failed => ("bad", "failed"),
        Status::Bug => ("bad", "bug"),
    };
    push(&mut page, format_args!("<tr class=\"{class}\"><td>{}</td><td>{status}</td><td>", escape(&document.input)));
    for made in document.outputs.iter().filter(|made| made.path != "-") {
        let (href, format) = (href(&made.path, folder), escape(&made.format));
        push(&mut page, format_args!("<a href=\"{href}\">{format}</a> "));
    }
    page.push_str("</td>");
    let counts = &document.counts;
    for figure in [counts.characters, counts.notes, counts.pages, counts.warnings, counts.losses, counts.doubts] {
        push(&mut page, format_args!("<td class=\"n\">{figure}</td>"));
    }
    page.push_str("</tr>\n");
    details(&mut page, document);
    page
}

/// What is to be looked at: findings that are more than notes, and inferences of low certainty.
fn details(page: &mut String, document: &Outcome) {
    let told: Vec<_> = document.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    let counts = &document.counts;
    let count = counts.errors + counts.warnings + counts.losses + counts.doubts;
    if told.is_empty() && document.doubts.is_empty() {
        return;
    }
    page.push_str("<tr class=\"told\"><td colspan=\"9\"><details><summary>");
    push(page, format_args!("{count} to look at</summary><ul>\n"));
    for finding in &told {
        let (word, code) = (word(finding.severity), escape(&finding.code));
        item(page, &format!("{word} <code>{code}</code>"), finding.at.as_ref(), &finding.message);
    }
    for doubt in &document.doubts {
        item(page, &format!("in doubt <code>{}</code>", escape(&doubt.rule)), doubt.at.as_ref(), &doubt.because);
    }
    let shown = told.len() + document.doubts.len();
    if count > shown {
        push(page, format_args!("<li>… and {} more</li>\n", count - shown));
    }
    page.push_str("</ul></details></td></tr>\n");
}

fn item(page: &mut String, what: &str, at: Option<&Location>, message: &str) {
    let place = at.map_or_else(String::new, |at| format!("{}:{} ", at.line, at.column));
    push(page, format_args!("<li>{place}{what} {}", escape(message)));
    if let Some(at) = at {
        push(page, format_args!("<br><q>{}</q>", escape(&at.text)));
    }
    page.push_str("</li>\n");
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Loss => "loss",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn push(page: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = page.write_fmt(arguments);
}

/// Text for the page. Characters that turn a line around or are none are shown as such.
fn escape(text: &str) -> String {
    tame(text).chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
        escaped
    })
}

/// A path as a reference from a page in a folder; whatever a URI can't hold is percent-encoded, so no path becomes a
/// scheme or a script.
fn href(path: &str, folder: &Path) -> String {
    let path = Path::new(path);
    let reference = if path.is_absolute() == folder.is_absolute() { relative(path, folder) } else { path.to_owned() };
    reference.to_string_lossy().bytes().fold(String::new(), |mut href, byte| {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            href.push(char::from(byte));
        } else {
            push(&mut href, format_args!("%{byte:02X}"));
        }
        href
    })
}

/// The way from a folder to a path, both absolute or both relative to one place.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let plain = |path: &Path| -> Vec<_> {
        path.components().filter(|part| *part != Component::CurDir).map(|part| part.as_os_str().to_owned()).collect()
    };
    let (path, folder) = (plain(path), plain(folder));
    let shared = path.iter().zip(&folder).take_while(|(one, other)| one == other).count();
    let up = folder[shared..].iter().map(|_| std::ffi::OsString::from(".."));
    up.chain(path[shared..].iter().cloned()).collect()
}

const HEAD: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Conversion report</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #222; background: #fdfdfb }
dl { display: flex; flex-wrap: wrap; gap: 0 2rem }
dt { font-size: .85rem; color: #666 }
dd { margin: 0; font-size: 1.4rem; font-variant-numeric: tabular-nums }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; overflow-wrap: anywhere }
.n { text-align: right; font-variant-numeric: tabular-nums }
.good td:nth-child(2) { color: #1a6b2f } .warn td:nth-child(2) { color: #8a5a00 } .bad td:nth-child(2) { color: #a11; font-weight: bold }
.told td { padding-left: 2rem }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1a } th, td { border-color: #444 } dt { color: #aaa } a { color: #8cf }
.good td:nth-child(2) { color: #7c7 } .warn td:nth-child(2) { color: #db6 } .bad td:nth-child(2) { color: #f88 } }
q { color: #666; quotes: none; font-family: ui-monospace, monospace; font-size: .85rem }
</style>
</head>
<body>
<main>
<h1>Conversion report</h1>
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_links_outputs_from_where_it_lies() {
        assert_eq!(href("out/a b.xml", Path::new("out")), "a%20b.xml");
        assert_eq!(href("out/1931/a.xml", Path::new("out/reports")), "../1931/a.xml");
        assert_eq!(href("javascript:alert(1)", Path::new("")), "javascript%3Aalert%281%29");
    }
}

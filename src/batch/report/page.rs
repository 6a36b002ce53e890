//! A report as a page: totals, then a row for each document, those that failed first, with what is to be looked at folded
//! under it. It needs no network; its own script finds and sorts rows, and no other can run.

use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use super::Totals;
use crate::batch::finding::{Finding, Location};
use crate::batch::outcome::{Outcome, Status};
use crate::batch::tame;
use crate::diagnostic::Severity;

/// The end of the page.
const TAIL: &str = "</main>\n</body>\n</html>\n";

/// How many rows are laid out together: a browser lays out only those that are near what is seen.
const TOGETHER: usize = 100;

/// Of how many rows without findings on they are folded away.
const MANY: usize = 500;

const STYLE: &str = include_str!("page/style.css");
const TOOLS: &str = include_str!("page/tools.js");

/// What of [`TOOLS`] the page's security policy lets run, and nothing else: `openssl dgst -sha256 -binary | base64`.
const TOOLS_HASH: &str = "sha256-7g1EncEzaVlaJ/nBsU/BBEKow/QcaIKxmxj+tE0T4ec=";

/// The parts of the page, the gravest first.
pub(super) const PARTS: [Part; 3] = [
    Part { name: "Failed", class: "bad" },
    Part { name: "With findings", class: "warn" },
    Part { name: "Without findings", class: "good" },
];

/// Documents that fared alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    name: &'static str,
    class: &'static str,
}

/// Which of [`PARTS`] a document belongs to.
pub(super) fn part(document: &Outcome) -> usize {
    let counts = &document.counts;
    match document.status {
        Status::Failed | Status::Bug => 0,
        _ if counts.warnings + counts.losses + counts.doubts > 0 => 1,
        _ => 2,
    }
}

impl Part {
    /// What stands before the part's rows.
    pub(super) fn head(self, rows: usize) -> String {
        let Self { name, class } = self;
        let open = if class == "good" && rows > MANY { "" } else { " open" };
        let mut page = format!(
            "<section>\n<details{open}><summary><h2 class=\"{class}\">{name}: {}</h2></summary>\n<table>\n<thead><tr>",
            grouped(rows)
        );
        for column in COLUMNS {
            push(&mut page, format_args!("<th scope=\"col\">{column}</th>"));
        }
        page.push_str("</tr></thead>\n<tbody>\n");
        page
    }

    /// What stands behind them.
    pub(super) const TAIL: &'static str = "</tbody>\n</table>\n</details>\n</section>\n";
}

/// The columns of the table of documents.
const COLUMNS: [&str; 10] =
    ["Document", "Outcome", "Outputs", "Characters", "Notes", "Pages", "Warnings", "Losses", "In doubt", "To look at"];

/// The page up to the first part.
pub(super) fn head(totals: &Totals) -> String {
    let (class, verdict) = verdict(totals);
    let mut page = String::from("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    push(
        &mut page,
        format_args!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; \
             script-src '{TOOLS_HASH}'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Conversion report: {verdict}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>Conversion report</h1>\n<p class=\"verdict {class}\">{verdict}</p>\n<dl>\n"
        ),
    );
    let figures = [
        ("documents", totals.documents),
        ("converted", totals.converted),
        ("unchanged", totals.unchanged),
        ("failed", totals.failed),
        ("bugs", totals.bugs),
        ("warnings", totals.warnings),
        ("losses", totals.losses),
        ("in doubt", totals.doubts),
        ("characters", totals.characters),
        ("notes", totals.notes),
        ("pages", totals.pages),
    ];
    for (name, figure) in figures {
        push(&mut page, format_args!("<div><dt>{name}</dt><dd>{}</dd></div>\n", grouped(figure)));
    }
    page.push_str("</dl>\n");
    losses(&mut page, totals);
    page.push_str("<form hidden>\n<label>Find <input type=\"search\" size=\"28\" placeholder=\"name, outcome or finding\"></label>\n");
    page.push_str("<label>Sort by <select><option value=\"-1\">order of the inputs</option>");
    for (at, column) in COLUMNS.iter().enumerate().filter(|(at, _)| *at == 0 || (3..9).contains(at)) {
        push(&mut page, format_args!("<option value=\"{at}\">{}</option>", column.to_lowercase()));
    }
    page.push_str("</select></label>\n<output></output>\n</form>\n");
    page
}

/// What comes behind the last part: the page's own script, the only one that its policy lets run.
pub(super) fn tail() -> String {
    format!("<script>{TOOLS}</script>\n{TAIL}")
}

fn verdict(totals: &Totals) -> (&'static str, String) {
    let bad = totals.failed + totals.bugs;
    let all = grouped(totals.documents);
    match (bad, totals.documents) {
        (0, 1) => ("good", "the document was converted".to_owned()),
        (0, _) => ("good", format!("all {all} documents were converted")),
        (bad, _) => ("bad", format!("{} of {all} documents failed", grouped(bad))),
    }
}

/// What could not be said in a target, by kind, the most frequent first.
fn losses(page: &mut String, totals: &Totals) {
    if totals.losses_by_code.is_empty() {
        return;
    }
    page.push_str("<details class=\"kinds\"><summary>Losses by kind</summary>\n<ul>\n");
    let mut kinds: Vec<_> = totals.losses_by_code.iter().collect();
    kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (code, count) in kinds {
        push(page, format_args!("<li><code>{}</code> {}</li>\n", escape(code), grouped(*count)));
    }
    page.push_str("</ul></details>\n");
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// What is told of one document, the `number`th of its part; `folder` is where the page will lie.
pub(super) fn row(document: &Outcome, number: usize, folder: &Path) -> String {
    let mut page = String::new();
    if number > 0 && number.is_multiple_of(TOGETHER) {
        page.push_str("</tbody>\n<tbody>\n");
    }
    let (class, status) = match document.status {
        Status::Unchanged => ("good", "unchanged"),
        Status::Converted if document.count(Severity::Warning) + document.count(Severity::Loss) > 0 => {
            ("warn", "converted")
        }
        Status::Converted => ("good", "converted"),
        Status::Failed => ("bad", "failed"),
        Status::Bug => ("bad", "bug"),
    };
    push(&mut page, format_args!("<tr><td>{}</td><td class=\"{class}\">{status}</td><td>", escape(&document.input)));
    for made in document.outputs.iter().filter(|made| made.path != "-") {
        let (href, format) = (href(&made.path, folder), escape(&made.format));
        push(&mut page, format_args!("<a href=\"{href}\">{format}</a> "));
    }
    page.push_str("</td>");
    let counts = &document.counts;
    for figure in [counts.characters, counts.notes, counts.pages, counts.warnings, counts.losses, counts.doubts] {
        match figure {
            0 => page.push_str("<td class=\"z\">0</td>"),
            1..1000 => push(&mut page, format_args!("<td>{figure}</td>")),
            _ => push(&mut page, format_args!("<td data-n=\"{figure}\">{}</td>", grouped(figure))),
        }
    }
    details(&mut page, document);
    page.push_str("</tr>\n");
    page
}

/// What is to be looked at, the gravest first: what was found, and inferences of low certainty; behind them notes, such as
/// references that lead nowhere. The first says what it is about without being unfolded.
fn details(page: &mut String, document: &Outcome) {
    let mut told: Vec<_> = document.findings.iter().collect();
    told.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let (notes, graver): (Vec<_>, Vec<_>) = told.into_iter().partition(|finding| finding.severity == Severity::Note);
    let findings = graver.iter().map(|it| told_of(it));
    let noted = notes.iter().map(|it| told_of(it));
    let doubts = document.doubts.iter().map(|it| (("in doubt", "warn"), &*it.rule, it.at.as_ref(), &*it.because));
    let items: Vec<Item<'_>> = findings.chain(doubts).chain(noted).collect();
    let Some((first, rest)) = items.split_first() else { return };
    let counts = &document.counts;
    let count = counts.errors + counts.warnings + counts.losses + counts.doubts + notes.len();
    page.push_str("<td>");
    if count == 1 && rest.is_empty() {
        item(page, *first);
        page.push_str("</td>");
        return;
    }
    page.push_str("<details><summary>");
    line(page, *first);
    push(page, format_args!(" <small>and {} more</small></summary><ul>\n", grouped(count.saturating_sub(1))));
    for one in &items {
        page.push_str("<li>");
        item(page, *one);
        page.push_str("</li>\n");
    }
    if count > items.len() {
        push(page, format_args!("<li>… and {} more</li>\n", grouped(count - items.len())));
    }
    page.push_str("</ul></details></td>");
}

/// What is told of one thing: a word and its class, a code, a place, a message.
type Item<'a> = ((&'static str, &'static str), &'a str, Option<&'a Location>, &'a str);

fn told_of(finding: &Finding) -> Item<'_> {
    (word(finding.severity), &finding.code, finding.at.as_ref(), &finding.message)
}

fn line(page: &mut String, ((word, class), code, at, message): Item<'_>) {
    if let Some(at) = at {
        push(page, format_args!("{}:{} ", at.line, at.column));
    }
    push(page, format_args!("<span class=\"{class}\">{word}</span> <code>{}</code> {}", escape(code), escape(message)));
}

fn item(page: &mut String, one: Item<'_>) {
    line(page, one);
    if let Some(at) = one.2.filter(|at| !at.text.trim().is_empty()) {
        push(page, format_args!("<br><q>{}</q>", escape(at.text.trim())));
    }
}

fn word(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Note => ("note", "good"),
        Severity::Loss => ("loss", "warn"),
        Severity::Warning => ("warning", "warn"),
        Severity::Error => ("error", "bad"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_script_may_run() {
        use base64::Engine;
        use sha2::Digest;
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(TOOLS));
        assert_eq!(TOOLS_HASH, format!("sha256-{hash}"), "the script has changed: so must its hash");
        assert!(head(&Totals::default()).contains(TOOLS_HASH));
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([0, 999, 1000, 300_000].map(grouped), ["0", "999", "1,000", "300,000"]);
    }

    #[test]
    fn a_page_links_outputs_from_where_it_lies() {
        assert_eq!(href("out/a b.xml", Path::new("out")), "a%20b.xml");
        assert_eq!(href("out/1931/a.xml", Path::new("out/reports")), "../1931/a.xml");
        assert_eq!(href("javascript:alert(1)", Path::new("")), "javascript%3Aalert%281%29");
    }
}

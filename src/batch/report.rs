//! What is told about a run as a whole. In: outcomes in the order of the inputs. Out: totals, and a report as JSON
//! or as an HTML page that needs no network.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Misuse;
use super::outcome::{Outcome, Status};
use super::store;
use crate::diagnostic::Severity;

/// The version of the report's JSON.
const VERSION: u32 = 1;

/// All outcomes in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Inputs.
    pub documents: usize,
    /// Inputs of which every output was made.
    pub converted: usize,
    /// Inputs of which every output was there already.
    pub unchanged: usize,
    /// Inputs of which some output is missing or wrong.
    pub failed: usize,
    /// Inputs on which the program stumbled.
    pub bugs: usize,
    /// Characters of text, white space aside.
    pub characters: usize,
    /// Notes.
    pub notes: usize,
    /// Page breaks.
    pub pages: usize,
    /// Inferences that a person should look at.
    pub doubts: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are losses.
    pub losses: usize,
    /// How many losses there are of each code: what targets could not say.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub losses_by_code: BTreeMap<String, usize>,
}

impl Totals {
    /// Adds an outcome.
    pub fn add(&mut self, outcome: &Outcome) {
        self.documents += 1;
        match outcome.status {
            Status::Converted => self.converted += 1,
            Status::Unchanged => self.unchanged += 1,
            Status::Failed => self.failed += 1,
            Status::Bug => self.bugs += 1,
        }
        self.characters += outcome.counts.characters;
        self.notes += outcome.counts.notes;
        self.pages += outcome.counts.pages;
        self.doubts += outcome.counts.doubts;
        self.errors += outcome.count(Severity::Error);
        self.warnings += outcome.count(Severity::Warning);
        self.losses += outcome.count(Severity::Loss);
        for (code, count) in outcome.losses() {
            *self.losses_by_code.entry(code.to_owned()).or_default() += count;
        }
    }
}

/// Everything about a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    format: Cow<'static, str>,
    version: u32,
    program: Cow<'static, str>,
    /// All outcomes in figures.
    pub totals: Totals,
    /// The outcomes, in the order of the inputs.
    pub documents: Vec<Outcome>,
}

impl Default for Report {
    fn default() -> Self {
        Self {
            format: "apograph-report".into(),
            version: VERSION,
            program: concat!("apograph ", env!("CARGO_PKG_VERSION")).into(),
            totals: Totals::default(),
            documents: Vec::new(),
        }
    }
}

impl Report {
    /// Adds an outcome.
    pub fn add(&mut self, outcome: Outcome) {
        self.totals.add(&outcome);
        self.documents.push(outcome);
    }

    /// Writes the report as the file's extension says: `json` or `html`.
    ///
    /// # Errors
    /// [`Misuse`] when the file can't be written.
    pub fn save(&self, path: &Path) -> Result<(), Misuse> {
        let bytes =
            if is_html(path) { self.html(path.parent().unwrap_or(Path::new(""))).into_bytes() } else { self.json() };
        store::put(path, &bytes).map_err(|failure| Misuse::new(format!("the report can't be written: {failure}")))
    }

    fn json(&self) -> Vec<u8> {
        // A report holds strings and numbers only; serde_json can't refuse it.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The page; `folder` is where it will lie.
    fn html(&self, folder: &Path) -> String {
        let mut page = String::from(HEAD);
        let totals = &self.totals;
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
        page.push_str("</dl>\n<table>\n<thead><tr><th>Document</th><th>Outcome</th><th>Outputs</th>");
        page.push_str("<th class=\"n\">Characters</th><th class=\"n\">Notes</th><th class=\"n\">Pages</th>");
        page.push_str("<th class=\"n\">In doubt</th></tr></thead>\n<tbody>\n");
        for document in &self.documents {
            row(&mut page, document, folder);
        }
        page.push_str("</tbody>\n</table>\n</body>\n</html>\n");
        page
    }
}

/// True if a report of this name is an HTML page.
fn is_html(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm"))
}

fn row(page: &mut String, document: &Outcome, folder: &Path) {
    let (class, status) = match document.status {
        Status::Unchanged => ("good", "unchanged"),
        Status::Converted if document.count(Severity::Warning) + document.count(Severity::Loss) > 0 => {
            ("warn", "converted")
        }
        Status::Converted => ("good", "converted"),
        Status::Failed => ("bad", "failed"),
        Status::Bug => ("bad", "bug"),
    };
    let counts = &document.counts;
    push(page, format_args!("<tr class=\"{class}\"><td>{}</td><td>{status}</td><td>", escape(&document.input)));
    for made in &document.outputs {
        push(page, format_args!("<a href=\"{}\">{}</a> ", href(&made.path, folder), made.format));
    }
    push(
        page,
        format_args!(
            "</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            counts.characters, counts.notes, counts.pages, counts.doubts
        ),
    );
    let told: Vec<_> = document.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    if told.is_empty() {
        return;
    }
    page.push_str("<tr class=\"told\"><td colspan=\"7\"><details><summary>");
    push(page, format_args!("{} to look at</summary><ul>\n", told.len()));
    for finding in told {
        let at = finding.at.as_ref().map_or_else(String::new, |at| format!("{}:{} ", at.line, at.column));
        push(page, format_args!("<li>{at}<code>{}</code> {}</li>\n", finding.code, escape(&finding.message)));
    }
    page.push_str("</ul></details></td></tr>\n");
}

fn push(page: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string can't fail.
    let _ = page.write_fmt(arguments);
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, character| {
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
</style>
</head>
<body>
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

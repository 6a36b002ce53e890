//! Prints for people: what was noticed, with its line and a caret; what became of a document, in one line.
//! Colour only where there is a terminal.

use std::io::Write;

use anstyle::{AnsiColor, Style};

use crate::batch::Misuse;
use crate::batch::finding::Finding;
use crate::batch::outcome::{Outcome, Status};
use crate::batch::report::Totals;
pub(super) use crate::batch::tame;
use crate::diagnostic::Severity;

/// How many findings of one code are shown of one document before the rest is only counted.
fn shown(severity: Severity) -> usize {
    if severity == Severity::Error { 10 } else { 1 }
}

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
const CYAN: Style = AnsiColor::Cyan.on_default().bold();
const BLUE: Style = AnsiColor::BrightBlue.on_default();

/// Keeps panics from printing on their own: they are caught, and told as what they are, a fault of the program.
pub(super) fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        if let Some(place) = panic.location().filter(|_| std::env::var_os("RUST_BACKTRACE").is_some()) {
            line(&format!("panic at {place}"));
        }
    }));
}

/// Wrong use, with what to do instead.
pub(super) fn misuse(misuse: &Misuse) {
    let mut text = format!("{RED}error{RED:#}: {}", tame(&misuse.message));
    if let Some(hint) = &misuse.hint {
        text.push_str(&format!("\n  {CYAN}hint{CYAN:#}: {hint}"));
    }
    line(&text);
}

/// What was noticed about an input. Notes only if `verbose`; of many findings with one code only the first.
pub(super) fn findings(input: &str, findings: &[Finding], verbose: bool) {
    let mut counts: Vec<(&str, usize, usize)> = Vec::new();
    for finding in findings.iter().filter(|finding| verbose || finding.severity > Severity::Note) {
        let limit = if verbose { usize::MAX } else { shown(finding.severity) };
        let at = counts.iter().position(|(code, ..)| *code == finding.code).unwrap_or_else(|| {
            counts.push((&finding.code, 0, limit));
            counts.len() - 1
        });
        let (_, count, limit) = &mut counts[at];
        *count += 1;
        if count <= limit {
            line(&one(input, finding));
        }
    }
    for (code, count, limit) in counts.iter().filter(|(_, count, limit)| count > limit) {
        line(&format!("  … and {} more `{code}` in {} (--verbose shows them)", count - limit, tame(input)));
    }
}

/// One thing that was noticed about an input.
pub(super) fn finding(input: &str, finding: &Finding) {
    line(&one(input, finding));
}

/// What became of a document.
pub(super) fn summary(outcome: &Outcome) {
    line(&summary_text(outcome));
}

/// What became of a run.
pub(super) fn totals(totals: &Totals) {
    let style = if totals.converted + totals.unchanged == totals.documents { GREEN } else { RED };
    let mut text = format!("{style}{} of {} documents converted{style:#}", totals.converted, totals.documents);
    for (count, what) in [
        (totals.unchanged, "unchanged"),
        (totals.failed, "failed"),
        (totals.bugs, "bugs"),
        (totals.warnings, "warnings"),
        (totals.losses, "losses"),
        (totals.doubts, "in doubt"),
    ] {
        if count > 0 {
            text.push_str(&format!(", {count} {what}"));
        }
        if what == "losses" {
            text.push_str(&by_code(totals.losses_by_code.iter().map(|(code, count)| (code.as_str(), *count))));
        }
    }
    text.push_str(&format!("; {} characters, {} notes, {} pages", totals.characters, totals.notes, totals.pages));
    line(&text);
}

/// Prints a line to standard error. A reader that went away is no reason to stop.
pub(super) fn line(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a line to standard output. A reader that went away is no reason to stop.
pub(super) fn print(text: &str) {
    let _ = writeln!(anstream::stdout().lock(), "{text}");
}

fn summary_text(outcome: &Outcome) -> String {
    let (style, word) = match outcome.status {
        Status::Converted if outcome.count(Severity::Warning) + outcome.count(Severity::Loss) > 0 => {
            (YELLOW, "converted")
        }
        Status::Converted => (GREEN, "converted"),
        Status::Unchanged => (GREEN, "unchanged"),
        Status::Failed => (RED, "failed"),
        Status::Bug => (RED, "bug"),
    };
    let mut text = format!("{style}{word}{style:#} {}", tame(&outcome.input));
    if !outcome.outputs.is_empty() {
        let outputs: Vec<_> = outcome.outputs.iter().map(|made| tame(&made.path)).collect();
        text.push_str(&format!(" → {}", outputs.join(", ")));
    }
    let counts = &outcome.counts;
    let mut figures = Vec::new();
    if counts.characters > 0 {
        let says = |answer| outcome.outputs.iter().any(|made| made.conserved == Some(answer));
        let proven = if says(true) && !says(false) { " conserved" } else { "" };
        figures.push(format!("{} characters{proven}", counts.characters));
    }
    let losses = outcome.losses();
    for (count, one, many) in [
        (counts.notes, "note", "notes"),
        (counts.pages, "page", "pages"),
        (outcome.count(Severity::Warning), "warning", "warnings"),
        (outcome.count(Severity::Loss), "loss", "losses"),
        (counts.doubts, "in doubt", "in doubt"),
    ] {
        if count > 0 {
            figures.push(format!("{count} {}", if count == 1 { one } else { many }));
        }
        if let (Some(figure), "loss") = (figures.last_mut(), one) {
            figure.push_str(&by_code(losses.iter().map(|(code, count)| (*code, *count))));
        }
    }
    if !figures.is_empty() {
        text.push_str(&format!(" ({})", figures.join(", ")));
    }
    text
}

/// What was lost: ` [markdown.html 2]`, or nothing.
fn by_code<'c>(losses: impl Iterator<Item = (&'c str, usize)>) -> String {
    let words: Vec<String> = losses.map(|(code, count)| format!("{code} {count}")).collect();
    if words.is_empty() { String::new() } else { format!(" [{}]", words.join(", ")) }
}

fn one(input: &str, finding: &Finding) -> String {
    let (style, word) = match finding.severity {
        Severity::Note => (CYAN, "note"),
        Severity::Loss => (YELLOW, "loss"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Error => (RED, "error"),
    };
    let mut text = format!("{style}{word}[{}]{style:#}: {BOLD}{}{BOLD:#}\n", finding.code, tame(&finding.message));
    match &finding.at {
        Some(at) => {
            let number = at.line.to_string();
            let margin = " ".repeat(number.len());
            let caret = format!("{}{}", " ".repeat(at.before), "^".repeat(at.width));
            text.push_str(&format!("{margin}{BLUE}-->{BLUE:#} {}:{}:{}\n", tame(input), at.line, at.column));
            text.push_str(&format!("{margin} {BLUE}|{BLUE:#}\n"));
            text.push_str(&format!("{BLUE}{number} |{BLUE:#} {}\n", tame(&at.text)));
            text.push_str(&format!("{margin} {BLUE}|{BLUE:#} {style}{caret}{style:#}"));
        }
        None => text.push_str(&format!(" {BLUE}-->{BLUE:#} {}", tame(input))),
    }
    let detail = finding.detail.as_deref();
    if let Some(detail) = detail.filter(|detail| !detail.path.is_empty()) {
        text.push_str(&format!("\n  {CYAN}at{CYAN:#}: {}", tame(&detail.path)));
    }
    if let Some(hint) = &finding.hint {
        text.push_str(&format!("\n  {CYAN}hint{CYAN:#}: {}", tame(hint)));
    }
    if let Some(see) = detail.and_then(|detail| detail.see.as_ref()) {
        text.push_str(&format!("\n  {CYAN}see{CYAN:#}: {see}"));
    }
    text
}

//! `apograph explain`: every inference that reading and enriching a document made, in the order of its text.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Ending, known_reader, show};
use crate::batch::Misuse;
use crate::batch::finding::{Finding, Places};
use crate::batch::plan::{Origin, is_standard};
use crate::batch::task::load;
use crate::convert::Conversion;
use crate::diagnostic::Log;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Certainty, Inline, Moment, Tag, When, words};
use crate::registry::Registry;
use crate::source::{Input, Span};

/// What `apograph explain` is told.
#[derive(Debug, Args)]
#[command(after_help = "Example: apograph explain cable.txt --certainty medium\n\
    lists what a person should look at: all that is not highly certain.")]
pub(super) struct Arguments {
    /// A file, or `-` for standard input
    #[arg(value_name = "FILE")]
    input: PathBuf,
    /// The format of the input, if content and file name don't tell
    #[arg(long, short, value_name = "FORMAT")]
    from: Option<String>,
    /// Only inferences that are this certain at most: low, medium, high
    #[arg(long, value_name = "LEVEL", value_parser = level, default_value = "high", hide_default_value = true)]
    certainty: Certainty,
    /// Print one JSON object per inference
    #[arg(long)]
    json: bool,
}

fn level(word: &str) -> Result<Certainty, String> {
    [Certainty::Low, Certainty::Medium, Certainty::High]
        .into_iter()
        .find(|certainty| certainty.as_str() == word)
        .ok_or_else(|| "it is one of low, medium, high".to_owned())
}

/// One inference, where it was made.
#[derive(Serialize)]
struct Row<'a> {
    /// The line, from 1: of the place itself, or of the block that it stands in.
    line: Option<u32>,
    /// The column in characters, from 1, where the place itself is known.
    column: Option<u32>,
    rule: &'a str,
    certainty: Certainty,
    /// What was decided: `“December 4” is 1978-12-04`.
    what: String,
    because: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
}

pub(super) fn run(registry: &Registry, arguments: &Arguments) -> Result<Ending, Misuse> {
    known_reader(registry, arguments.from.as_ref())?;
    let name = arguments.input.display().to_string();
    let origin = if is_standard(&arguments.input) { Origin::Standard } else { Origin::File(arguments.input.clone()) };
    let bytes = match load(&origin, &name) {
        Ok(bytes) => bytes,
        Err(failure) => {
            show::findings(&name, &[Finding::failure(&failure, &Places::default())], false);
            return Ok(Ending::Bad);
        }
    };
    let places = Places::new(&name, &bytes);
    let mut conversion = Conversion::new(registry);
    conversion.from.clone_from(&arguments.from);
    let input = Input { name: &name, bytes: &bytes, path: Some(&arguments.input) };
    let mut log = Log::new();
    let read = conversion.read(&input, &mut log);
    let findings: Vec<_> = log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)).collect();
    show::findings(&name, &findings, false);
    let read = match read {
        Ok(read) => read,
        Err(failure) => {
            show::findings(&name, &[Finding::failure(&failure, &places)], false);
            return Ok(Ending::Bad);
        }
    };
    let mut collector = Collector::new(&places);
    walk_document(&mut collector, &read.document);
    let rows: Vec<_> = collector.rows.into_iter().filter(|row| row.certainty <= arguments.certainty).collect();
    tell(&name, &rows, arguments.json);
    Ok(Ending::Good)
}

fn tell(name: &str, rows: &[Row<'_>], json: bool) {
    if json {
        for row in rows {
            // A row holds strings and numbers only; serde_json can't refuse it.
            show::print(&serde_json::to_string(row).unwrap_or_default());
        }
        return;
    }
    if rows.is_empty() {
        show::print("nothing was inferred");
        return;
    }
    let width = rows.iter().map(|row| row.rule.chars().count()).max().unwrap_or_default().max(4);
    let wide = rows.iter().map(|row| row.what.chars().count()).max().unwrap_or_default().clamp(4, 48);
    show::print(&format!("{:<9} {:<9} {:<width$} {:<wide$} because", "line:col", "certainty", "rule", "what"));
    for row in rows {
        let at = match (row.line, row.column) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            (Some(line), None) => line.to_string(),
            _ => "–".to_owned(),
        };
        let (what, because) = (show::tame(&row.what), show::tame(row.because));
        show::print(&format!("{at:<9} {:<9} {:<width$} {what:<wide$} {because}", row.certainty.as_str(), row.rule));
    }
    let low = rows.iter().filter(|row| row.certainty == Certainty::Low).count();
    show::line(&format!("{} inferences in {}, {low} of low certainty", rows.len(), show::tame(name)));
}

/// Every inference of a document, with the words that it is about.
struct Collector<'a, 'p> {
    places: &'p Places,
    rows: Vec<Row<'a>>,
    /// The place of the innermost block round the node that has one.
    around: Span,
    /// The last words of the running text.
    before: String,
}

impl<'a, 'p> Collector<'a, 'p> {
    fn new(places: &'p Places) -> Self {
        Self { places, rows: Vec::new(), around: Span::default(), before: String::new() }
    }

    fn tag(&mut self, tag: &'a Tag, what: impl FnOnce(&str) -> String) {
        let Some(inference) = tag.inference.as_deref() else { return };
        let own = self.places.find(tag.span);
        let line = own.as_ref().map(|at| at.line).or_else(|| self.places.find(self.around).map(|at| at.line));
        self.rows.push(Row {
            line,
            column: own.map(|at| at.column),
            rule: &inference.rule,
            certainty: inference.certainty,
            what: what(&self.before),
            because: &inference.because,
            id: tag.id.as_ref().map(|id| id.0.as_str()),
        });
    }

    fn text(&mut self, text: &str) {
        self.before.push_str(text);
        if let Some((at, _)) = self.before.char_indices().rev().nth(EXCERPT) {
            self.before.drain(..at);
        }
    }
}

/// How many characters of the text before a note are shown.
const EXCERPT: usize = 24;

/// The whole words with which some text ends, of its last line.
fn last_words(text: &str) -> &str {
    let text = text.trim_end();
    let line = text.rsplit_once('\n').map_or(text, |(_, line)| line);
    match line.split_once(' ') {
        Some((_, whole)) if line.chars().count() >= EXCERPT => whole,
        _ => line.trim_start(),
    }
}

fn moments(when: When) -> String {
    let said = |moment: Option<Moment>| moment.map_or_else(|| "…".to_owned(), |moment| moment.to_string());
    match when {
        When::On(moment) => moment.to_string(),
        When::Between(from, to) => format!("{} to {}", said(from), said(to)),
        When::Within(from, to) => format!("between {} and {}", said(from), said(to)),
    }
}

/// What was decided of an inline, whose text follows `before`.
fn decided(inline: &Inline, before: &str) -> String {
    match inline {
        Inline::Note(note) => {
            let label = note.label.as_deref().unwrap_or("without a number");
            format!("note {label} behind “{}”", last_words(before))
        }
        Inline::Date(date) => match date.when {
            Some(when) => format!("“{}” is {}", words(&date.content), moments(when)),
            None => format!("“{}” is a date", words(&date.content)),
        },
        Inline::Reference(reference) => {
            let targets = reference.targets.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
            format!("“{}” points to {targets}", words(&reference.content))
        }
        Inline::Name(name) => format!("“{}” is a name", words(&name.content)),
        Inline::Milestone(milestone) => format!("page {}", milestone.label.as_deref().unwrap_or_default()),
        Inline::Edit(edit) => format!("“{}”", words(&edit.content)),
        _ => String::new(),
    }
}

impl<'a> Visit<'a> for Collector<'a, '_> {
    fn block(&mut self, block: &'a Block) {
        let around = self.around;
        if let Some(tag) = block.tag() {
            self.tag(tag, |_| String::new());
            if !tag.span.is_nowhere() {
                self.around = tag.span;
            }
        }
        match block {
            Block::List(list) => list.items.iter().for_each(|item| self.tag(&item.tag, |_| String::new())),
            Block::Table(table) => {
                for row in &table.rows {
                    self.tag(&row.tag, |_| String::new());
                    row.cells.iter().for_each(|cell| self.tag(&cell.tag, |_| String::new()));
                }
            }
            _ => {}
        }
        walk_block(self, block);
        self.text("\n");
        self.around = around;
    }

    fn inline(&mut self, inline: &'a Inline) {
        if let (Some(tag), false) = (inline.tag(), matches!(inline, Inline::Nested(_))) {
            self.tag(tag, |before| decided(inline, before));
        }
        match inline {
            Inline::Text(text) => self.text(text),
            // A note's text is not what stands before the next marker.
            Inline::Note(note) => {
                let before = std::mem::take(&mut self.before);
                let around = self.around;
                self.around = note.body.first().and_then(Block::tag).map_or(around, |tag| tag.span);
                walk_inline(self, inline);
                (self.before, self.around) = (before, around);
            }
            _ => walk_inline(self, inline),
        }
    }
}

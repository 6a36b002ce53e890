//! What a document says that its source doesn't: every inference in the order of the text, with its place and the
//! words that it is about.

use serde::Serialize;

use crate::batch::finding::Places;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Certainty, Document, Inline, Moment, Tag, When, words};
use crate::source::Span;

/// One inference, where it was made.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inferred<'a> {
    /// The line, from 1: of the place itself, or of the block that it stands in.
    pub line: Option<u32>,
    /// The column in characters, from 1, where the place itself is known.
    pub column: Option<u32>,
    /// The rule by which it was made.
    pub rule: &'a str,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was decided: `“December 4” is 1978-12-04`.
    pub what: String,
    /// Why.
    pub because: &'a str,
    /// The id of the node that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<&'a str>,
}

/// Every inference of a document, in the order of its text; `places` are those of the source that it was read from.
pub fn inferences<'a>(document: &'a Document, places: &Places) -> Vec<Inferred<'a>> {
    let mut collector = Collector::new(places);
    walk_document(&mut collector, document);
    collector.rows
}

/// Every inference of a document, with the words that it is about.
struct Collector<'a, 'p> {
    places: &'p Places,
    rows: Vec<Inferred<'a>>,
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
        self.rows.push(Inferred {
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
pub(crate) fn decided(inline: &Inline, before: &str) -> String {
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

//! The pass `dates`: dates in the text become dates that a machine can read. A year that the text leaves out is
//! supplied from the date of the document, and said to be so.

use super::runs::Place;
use super::{Pass, runs};
use crate::dating::{self, Dated};
use crate::diagnostic::Log;
use crate::model::visit::{Visit, walk_block, walk_blocks, walk_inline};
use crate::model::{
    Block, Date, Division, Document, FormulaKind, Inference, Inline, Moment, Note, NoteKind, Tag, When,
};

/// Finds dates in running text, headings and notes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dates;

impl Pass for Dates {
    fn name(&self) -> &'static str {
        "dates"
    }

    fn summary(&self) -> &'static str {
        "dates that a machine can read, with the year supplied where it is left out"
    }

    fn run(&self, mut document: Document, _log: &mut Log) -> Document {
        for part in document.parts_mut() {
            divisions(part, None);
        }
        document
    }
}

/// Goes down to the divisions that are documents, each of which has a date of its own.
fn divisions(blocks: &mut [Block], near: Option<Moment>) {
    for block in blocks {
        match block {
            Block::Division(division) if holds_documents(division) => divisions(&mut division.content, near),
            Block::Division(division) => {
                let near = written(&division.content).or(near);
                mark(&mut division.content, near);
            }
            other => mark(std::slice::from_mut(other), near),
        }
    }
}

pub(super) fn holds_documents(division: &Division) -> bool {
    division.kind.as_deref() != Some("document")
        && division.content.iter().any(|block| matches!(block, Block::Division(_)))
}

fn mark(blocks: &mut [Block], near: Option<Moment>) {
    runs::each(blocks, &mut |content, place: Place| {
        if !place.dated {
            cut(content, near);
        }
    });
}

/// Cuts the dates out of the texts of a run.
fn cut(content: &mut Vec<Inline>, near: Option<Moment>) {
    let mut found: Vec<(usize, Vec<Dated>)> = Vec::new();
    for (at, inline) in content.iter().enumerate() {
        if let Inline::Text(text) = inline {
            let dates = dating::find(text, near);
            if !dates.is_empty() {
                found.push((at, dates));
            }
        }
    }
    if found.is_empty() {
        return;
    }
    let mut found = found.into_iter().peekable();
    let mut marked = Vec::with_capacity(content.len() + 4);
    for (at, inline) in content.drain(..).enumerate() {
        match (inline, found.next_if(|(place, _)| *place == at)) {
            (Inline::Text(text), Some((_, dates))) => pieces(&text, dates, &mut marked),
            (other, _) => marked.push(other),
        }
    }
    *content = marked;
}

fn pieces(text: &str, dates: Vec<Dated>, marked: &mut Vec<Inline>) {
    let mut from = 0;
    for dated in dates {
        if dated.at.start > from {
            marked.push(Inline::text(&text[from..dated.at.start]));
        }
        from = dated.at.end;
        let mut tag = Tag::default();
        if let Some(calendar) = dated.calendar {
            tag.attributes.set("calendar", format!("#{}", calendar.id()));
        }
        tag.inference = Some(Box::new(Inference::new(dated.rule, dated.certainty, dated.because)));
        let content = vec![Inline::text(&text[dated.at])];
        marked.push(Inline::Date(Box::new(Date { tag, when: Some(dated.when), content })));
    }
    if from < text.len() {
        marked.push(Inline::text(&text[from..]));
    }
}

/// When a document was written, as far as it says: in its dateline, its heading, its source note, or by the first
/// full date in its text.
pub(super) fn written(blocks: &[Block]) -> Option<Moment> {
    let mut clues = Clues::default();
    walk_blocks(&mut clues, blocks);
    let first = |text: &str| dating::first_full(text);
    let noted = clues.source.as_deref();
    let around = || first(&clues.text).or_else(|| noted.and_then(first)).map(|moment| moment.year).or(clues.year());
    clues
        .dateline
        .or_else(|| first(&clues.heading))
        .or_else(|| noted.and_then(first))
        .or_else(|| noted.and_then(|note| dating::folder_month(note, around())))
        .or_else(|| first(&clues.text))
}

/// How much of a document's text is looked at for its date, in bytes.
const ENOUGH: usize = 20_000;

/// Where a document may say when it was written.
#[derive(Default)]
struct Clues {
    dateline: Option<Moment>,
    heading: String,
    source: Option<String>,
    text: String,
    in_heading: bool,
}

impl Clues {
    /// The first figure that may be a year.
    fn year(&self) -> Option<i32> {
        let figures = self.text.split(|c: char| !c.is_ascii_digit()).filter(|figure| figure.len() == 4);
        figures.filter_map(|figure| figure.parse().ok()).find(|year| (1400..2100).contains(year))
    }

    fn note(&mut self, note: &Note) {
        if note.kind == NoteKind::Source && self.source.is_none() {
            let mut inner = Self::default();
            walk_blocks(&mut inner, &note.body);
            self.source = Some(inner.text);
        }
    }
}

impl<'a> Visit<'a> for Clues {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(note) => self.note(note),
            Block::Heading(_) if self.heading.is_empty() => {
                self.in_heading = true;
                walk_block(self, block);
                self.in_heading = false;
            }
            Block::Formula(formula) if formula.kind == FormulaKind::Dateline => walk_block(self, block),
            _ => {
                walk_block(self, block);
                if self.text.len() < ENOUGH {
                    self.text.push('\n');
                }
            }
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) if self.in_heading => self.heading.push_str(text),
            Inline::Text(text) if self.text.len() < ENOUGH => self.text.push_str(text),
            Inline::Note(note) => self.note(note),
            Inline::Date(date) => {
                if let (None, Some(When::On(moment) | When::Between(Some(moment), _) | When::Within(Some(moment), _))) =
                    (self.dateline, date.when)
                {
                    self.dateline = Some(moment);
                }
                walk_inline(self, inline);
            }
            _ => walk_inline(self, inline),
        }
    }
}

//! What must be known of the whole document before its first line is written: the labels of its notes, and
//! which ids follow a pattern and so need not be written one by one.

use std::collections::{HashMap, HashSet};

use super::attributes::is_word;
use super::inferences;
use crate::markdown::front::Inferred;
use crate::markdown::labels::{is_number, note_id, page_id};
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Document, Id, Inline, Milestone, Note, Place, Unit};

/// The plan of one document.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The labels of the notes that are called, in the order of the calls.
    pub(super) labels: Vec<String>,
    /// The notes that have ids, by their place in the order of the calls.
    pub(super) noted: HashMap<Id, usize>,
    /// Whether `pg_{n}` is the id of pages.
    pub(super) page_ids: bool,
    /// Whether `{division}fn{n}` is the id of notes.
    pub(super) note_ids: bool,
    /// Where most notes are printed.
    pub(super) note_place: Place,
    /// What was inferred, as the front matter tells it.
    pub(super) inferred: Vec<Inferred>,
    /// The labels of the pages, in order.
    pub(super) pages: Vec<String>,
}

impl Plan {
    pub(super) fn of(document: &Document) -> Self {
        let mut survey = Survey::default();
        walk_document(&mut survey, document);
        let mut plan = survey.plan;
        plan.labels = labels(&survey.notes);
        plan.inferred = inferences::of(document, &survey.notes, &plan.labels);
        let ids = survey.notes.iter().enumerate().filter_map(|(at, note)| Some((note.tag.id.clone()?, at)));
        plan.noted = ids.collect();
        let mut places: Vec<(Place, usize)> = Vec::new();
        for note in &survey.notes {
            match places.iter_mut().find(|(place, _)| *place == note.place) {
                Some((_, count)) => *count += 1,
                None => places.push((note.place.clone(), 1)),
            }
        }
        // The first of the most frequent, so that the choice doesn't depend on chance.
        let most = places.iter().map(|(_, count)| *count).max();
        plan.note_place =
            places.into_iter().find(|(_, count)| Some(*count) == most).map(|(place, _)| place).unwrap_or_default();
        plan
    }
}

/// A printed number that no other note has, or else the note's position; where numbers come more than once, the
/// id; else a word made of the position.
fn labels(notes: &[&Note]) -> Vec<String> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    for note in notes {
        if let Some(label) = note.label.as_deref().filter(|label| is_number(label)) {
            *numbers.entry(label).or_default() += 1;
        }
    }
    // Numbers or ids, not both: a reader sees one way of naming in one file.
    let unique = numbers.values().all(|&count| count == 1);
    let mut used = HashSet::new();
    let label = |(at, note): (usize, &&Note)| {
        let position = (at + 1).to_string();
        let number = match note.label.as_deref().filter(|label| is_number(label)) {
            Some(number) => Some(number),
            None => Some(position.as_str()).filter(|position| !numbers.contains_key(position)),
        };
        let id = note.tag.id.as_ref().map(Id::as_str).filter(|id| is_label(id));
        let choice = number.filter(|_| unique).or(id).filter(|label| !used.contains(*label));
        let label = choice.map_or_else(|| format!("n-{position}"), str::to_owned);
        used.insert(label.clone());
        label
    };
    notes.iter().enumerate().map(label).collect()
}

/// A footnote's label that is an id. Labels are compared without case, so only lower case is safe.
fn is_label(id: &str) -> bool {
    is_word(id) && !id.starts_with("n-") && id.is_ascii() && !id.bytes().any(|byte| byte.is_ascii_uppercase())
}

#[derive(Default)]
struct Survey<'d> {
    plan: Plan,
    notes: Vec<&'d Note>,
    division: Option<&'d Id>,
}

impl<'d> Survey<'d> {
    fn milestone(&mut self, milestone: &Milestone) {
        let id = page_id(milestone);
        self.plan.page_ids |= id.is_some() && id == milestone.tag.id;
        if milestone.unit == Unit::Page {
            self.plan.pages.extend(milestone.label.as_ref().map(ToString::to_string));
        }
    }
}

impl<'d> Visit<'d> for Survey<'d> {
    fn block(&mut self, block: &'d Block) {
        match block {
            Block::Division(division) => {
                let outer = self.division;
                self.division = division.tag.id.as_ref().or(outer);
                walk_block(self, block);
                self.division = outer;
            }
            Block::Milestone(milestone) => self.milestone(milestone),
            _ => walk_block(self, block),
        }
    }

    fn inline(&mut self, inline: &'d Inline) {
        let note = match inline {
            Inline::Note(note) => Some(note.as_ref()),
            Inline::Nested(block) => match block.as_ref() {
                Block::Note(note) => Some(note),
                _ => None,
            },
            Inline::Milestone(milestone) => {
                self.milestone(milestone);
                None
            }
            _ => None,
        };
        if let Some(note) = note {
            let id = note_id(self.division, note.label.as_deref());
            self.plan.note_ids |= id.is_some() && id == note.tag.id;
            self.notes.push(note);
        }
        walk_inline(self, inline);
    }
}

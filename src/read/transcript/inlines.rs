//! Lines as inline content: text, page breaks, notes at their markers, and the spans that are dates and places.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use compact_str::CompactString;

use super::pages::{self, Hole};
use super::view::View;
use crate::diagnostic::Log;
use crate::model::{Clock, Date, Id, Inference, Inline, Milestone, Name, NameKind, Note, QName, Tag, Unit, When};
use crate::source::Span;

/// What stands in the text and is not text.
#[derive(Clone, Debug)]
pub(super) struct Event {
    /// Its bytes; an empty range for a note without a marker.
    pub at: Range<usize>,
    /// What it is.
    pub what: What,
}

/// Which event.
#[derive(Clone, Debug)]
pub(super) enum What {
    /// What is no text, by its number in the list of holes.
    Hole(usize),
    /// A note, by its number.
    Note(usize),
}

/// A stretch of text that means something.
#[derive(Clone, Debug)]
pub(super) struct Marked {
    /// Its bytes.
    pub at: Range<usize>,
    /// What it means.
    pub sense: Sense,
}

/// What a stretch of text means.
#[derive(Clone, Debug)]
pub(super) enum Sense {
    /// A place.
    Place,
    /// A date, with the inference about what it says.
    Date(Option<When>, Option<Inference>),
    /// A span of hours, TEI `time` (§3.6.4).
    Hours(Clock, Clock),
}

/// Makes inline content of one document's text.
pub(super) struct Inlines<'t> {
    /// The whole source.
    pub text: &'t str,
    /// What is no text.
    pub holes: &'t [Hole],
    /// Holes and notes, in order.
    pub events: Vec<Event>,
    /// The notes, until they are placed.
    pub notes: Vec<Option<Note>>,
    /// Each hole's id, if it is a page token.
    pub page_ids: Vec<Option<Id>>,
}

impl Inlines<'_> {
    /// The content of some lines; line ends are kept as line breaks.
    pub(super) fn lines(&mut self, lines: &[Range<usize>], marked: &[Marked], log: &mut Log) -> Vec<Inline> {
        let mut content = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if number > 0 {
                content.push(Inline::Milestone(Box::new(Milestone {
                    tag: Tag::default(),
                    unit: Unit::Line,
                    label: None,
                    inside_word: false,
                })));
            }
            self.line(line.clone(), marked, &mut content, log);
        }
        content
    }

    fn line(&mut self, line: Range<usize>, marked: &[Marked], content: &mut Vec<Inline>, log: &mut Log) {
        let mut at = line.start;
        for mark in marked.iter().filter(|mark| mark.at.start >= line.start && mark.at.end <= line.end) {
            if mark.at.start < at {
                continue;
            }
            self.run(at..mark.at.start, line.clone(), content, log);
            let mut inner = Vec::new();
            self.run(mark.at.clone(), line.clone(), &mut inner, log);
            at = mark.at.end;
            let tag = Tag::at(Span::new(mark.at.start, mark.at.end));
            content.push(match &mark.sense {
                Sense::Place => Inline::Name(Box::new(Name {
                    tag,
                    kind: NameKind::Place,
                    role: None,
                    target: None,
                    content: inner,
                })),
                Sense::Hours(from, to) => {
                    let said = |clock: &Clock| format!("{:02}:{:02}:{:02}", clock.hour, clock.minute, clock.second);
                    let mut tag = Tag { element: Some(QName::plain("time").into()), ..tag };
                    tag.attributes.set("from", said(from));
                    tag.attributes.set("to", said(to));
                    Inline::Date(Box::new(Date { tag, when: None, content: inner }))
                }
                Sense::Date(when, inference) => {
                    let tag = Tag { inference: inference.clone().map(Box::new), ..tag };
                    Inline::Date(Box::new(Date { tag, when: *when, content: inner }))
                }
            });
        }
        self.run(at..line.end, line, content, log);
    }

    /// The events that begin within a range; one at its end counts if the line ends there.
    fn within(&self, range: &Range<usize>, line: &Range<usize>) -> Range<usize> {
        let from = self.events.partition_point(|event| event.at.start < range.start);
        let last = range.end == line.end;
        let to = self.events.partition_point(|event| event.at.start < range.end || last && event.at.start == range.end);
        from..to.max(from)
    }

    fn run(&mut self, range: Range<usize>, line: Range<usize>, content: &mut Vec<Inline>, log: &mut Log) {
        let mut at = range.start;
        for number in self.within(&range, &line) {
            let Event { at: place, what } = self.events[number].clone();
            if place.start < at {
                continue;
            }
            match what {
                What::Hole(hole) if !self.holes[hole].is_page() => {
                    push_text(content, &self.text[at..place.start]);
                    if self.holes[hole].what == pages::What::Space {
                        push_text(content, " ");
                    }
                    at = place.end;
                }
                What::Hole(page) => {
                    push_text(content, &self.text[at..place.start]);
                    let spaced = self.text[..place.start].ends_with(char::is_whitespace) || place.start == line.start;
                    let rest = &self.text[place.end..line.end.max(place.end)];
                    let milestone = self.page(page, &place, &line);
                    content.push(Inline::Milestone(Box::new(milestone)));
                    log.took(Span::new(place.start, place.end));
                    at = place.end;
                    if spaced {
                        at += rest.len() - rest.trim_start().len();
                    }
                }
                What::Note(note) => {
                    push_text(content, self.text[at..place.start].trim_end());
                    if let Some(mut note) = self.notes.get_mut(note).and_then(Option::take) {
                        if !place.is_empty() {
                            // What was decided about a note is where it is called.
                            note.tag.span = Span::new(place.start, place.end);
                        }
                        content.push(Inline::Note(Box::new(note)));
                    }
                    if !place.is_empty() {
                        log.took(Span::new(place.start, place.end));
                    }
                    at = place.end;
                }
            }
        }
        if at < range.end {
            push_text(content, &self.text[at..range.end]);
        }
    }

    fn page(&mut self, number: usize, place: &Range<usize>, line: &Range<usize>) -> Milestone {
        let view = View { text: self.text, holes: self.holes };
        let before = view.back(place.start, line.start.min(place.start)).next().map(|(_, c)| c);
        let after = view.ahead(place.end, line.end.max(place.end)).next().map(|(_, c)| c);
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        let inside_word = letter(before) && letter(after);
        let label = match &self.holes[number].what {
            pages::What::Page(label) => label.clone(),
            _ => None,
        };
        let mut tag = Tag::at(Span::new(place.start, place.end));
        tag.id = self.page_ids.get_mut(number).and_then(Option::take);
        Milestone { tag, unit: Unit::Page, label, inside_word }
    }

    /// The page breaks of a line that holds nothing else.
    pub(super) fn page_breaks(&mut self, line: &Range<usize>, log: &mut Log) -> Vec<Inline> {
        let mut content = Vec::new();
        self.line(line.clone(), &[], &mut content, log);
        content
    }
}

fn push_text(content: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    match content.last_mut() {
        Some(Inline::Text(before)) => before.push_str(text),
        _ => content.push(Inline::Text(text.to_owned())),
    }
}

/// The ids of page tokens: `pg_610`; with a suffix where it occurs again.
pub(super) fn page_ids(holes: &[Hole], used: &mut BTreeSet<CompactString>) -> Vec<Option<Id>> {
    // How often each label has come: many pages may bear one.
    let mut counts: BTreeMap<CompactString, usize> = BTreeMap::new();
    let id = |hole: &Hole| {
        let pages::What::Page(Some(label)) = &hole.what else { return None };
        let label: CompactString = label.chars().filter(|c| c.is_ascii_alphanumeric()).collect();
        let base = compact_str::format_compact!("pg_{label}");
        let mut id = base.clone();
        let count = counts.entry(base).or_insert(1);
        while !used.insert(id.clone()) {
            *count += 1;
            id = compact_str::format_compact!("pg_{label}_{count}");
        }
        Some(Id(id))
    };
    holes.iter().map(id).collect()
}

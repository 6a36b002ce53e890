//! From the list of notes and the text to notes at their places.

use std::ops::Range;

use compact_str::CompactString;

use super::anchors::{Called, Choice, choose};
use super::apparatus::Entry;
use super::blocks::Piece;
use super::candidates::{Place, Pool, Wanted, pool, words};
use super::cues::Where;
use super::decided::Decided;
use super::dialect::Dialect;
use super::lists::Listed;
use super::view::View;
use crate::diagnostic::{Code, Log};
use crate::model::{Certainty, Inference};
use crate::source::Span;

const UNPLACED: Code = Code("note.without-marker");
const ORDER: Code = Code("note.order");
const UNUSED: Code = Code("marker.without-note");

/// Margins from which a choice counts as sure, and as likely.
const HIGH: f32 = 9.0;
const MEDIUM: f32 = 2.5;
/// The weight from which a digit group that is no marker is worth a remark.
const STRIKING: f32 = 5.0;

/// Where a note stands.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    /// The marker's bytes; empty where it has none.
    pub at: Range<usize>,
    /// What the marker says.
    pub label: CompactString,
    /// How this was decided.
    pub inference: Inference,
}

/// Finds each note's place, in the order of the list.
pub(super) fn place(
    view: View<'_>,
    pieces: &[Piece],
    entries: &[Entry],
    (dialect, decided): (&Dialect, &Decided<'_>),
    log: &mut Log,
) -> Vec<Placed> {
    report_order(entries, log);
    let places = places(pieces);
    let numbers = || entries.iter().filter_map(|entry| entry.label.parse::<u32>().ok());
    let counted = entries.iter().enumerate().all(|(at, entry)| entry.label.parse() == Ok(at + 1));
    let wanted = Wanted {
        most: numbers().max().unwrap_or(0) + if counted { 12 } else { 0 },
        symbols: entries
            .iter()
            .filter(|entry| entry.label.parse::<u32>().is_err())
            .map(|entry| entry.label.clone())
            .collect(),
        any_symbol: counted,
    };
    let mut pool = pool(view, &places, &wanted, dialect);
    let mut called: Vec<Called> = entries.iter().map(|entry| called(view.text, entry)).collect();
    decided.constrain(&mut pool, &mut called, entries);
    let choices = if entries.is_empty() { Vec::new() } else { choose(&pool, &called, counted) };
    let mut placed = settle(view.text, &places, entries, &pool, &choices, log);
    decided.tell_markers(entries, &mut placed, log);
    report_unused(&pool, &placed, log);
    placed
}

fn called(text: &str, entry: &Entry) -> Called {
    let opening = entry.opening(text);
    let mut end = opening.len().min(240);
    while !opening.is_char_boundary(end) {
        end -= 1;
    }
    let mut words: Vec<u32> = words(&opening[..end]).collect();
    words.sort_unstable();
    Called {
        label: entry.label.clone(),
        source: opening.starts_with("Source:"),
        words,
        page: entry.page.clone(),
        decided: None,
        barred: Vec::new(),
    }
}

/// The lines in which markers may stand.
pub(super) fn places(pieces: &[Piece]) -> Vec<Place> {
    let mut places = Vec::new();
    let mut add = |line: &Range<usize>, place: Where| places.push(Place { line: line.clone(), place });
    let by_length = |line: &Range<usize>| if line.len() < 90 { Where::Short } else { Where::Text };
    for piece in pieces {
        match piece {
            Piece::Heading(lines) => lines.iter().for_each(|line| add(line, Where::Heading)),
            Piece::Source(lines) => lines.iter().for_each(|line| add(line, Where::Source)),
            Piece::Paragraph(lines) | Piece::SubHeading(lines) | Piece::Attachment(lines) => {
                lines.iter().for_each(|line| add(line, by_length(line)));
            }
            Piece::Dated { lines, .. } | Piece::Dating { lines, .. } => {
                lines.iter().for_each(|line| add(line, Where::Short))
            }
            Piece::Dateline { lines, below, .. } => lines.iter().chain(below).for_each(|line| add(line, Where::Short)),
            Piece::Closer { salute, before, signed, behind } => {
                salute.iter().chain(before).chain(signed).chain(behind).for_each(|line| add(line, Where::Short));
            }
            Piece::List(listed) => listed_places(listed, &mut add),
            Piece::Table(rows) => rows.iter().flat_map(|row| &row.cells).for_each(|cell| add(cell, Where::Row)),
            Piece::Pages(_) => {}
        }
    }
    places
}

fn listed_places(listed: &Listed, add: &mut impl FnMut(&Range<usize>, Where)) {
    if let Some(heading) = &listed.heading {
        add(heading, Where::Short);
    }
    for item in &listed.items {
        item.label.iter().chain(&item.lines).for_each(|line| add(line, Where::Item));
        if let Some(inner) = &item.inner {
            listed_places(inner, add);
        }
    }
}

/// Turns choices into places. A note without a marker stands behind the one before it, at the end of its line.
fn settle(
    text: &str,
    places: &[Place],
    entries: &[Entry],
    pool: &Pool,
    choices: &[Choice],
    log: &mut Log,
) -> Vec<Placed> {
    let start = |choice: &Choice| choice.candidate.map(|candidate| pool.all[candidate].at.start);
    let mut placed = Vec::with_capacity(choices.len());
    // For each note, where the next marker begins.
    let mut nexts = vec![usize::MAX; choices.len() + 1];
    for (at, choice) in choices.iter().enumerate().rev() {
        nexts[at] = start(choice).unwrap_or(nexts[at + 1]);
    }
    // The first stand in the heading, or before the first marker, which may come before that.
    let heading = places.iter().find(|place| place.place == Where::Heading).map_or(0, |place| place.line.start);
    let mut last = heading.min(nexts[0]);
    for (at, choice) in choices.iter().enumerate() {
        if let Some(candidate) = choice.candidate {
            let found = pool.all[candidate].at.clone();
            last = found.end;
            placed.push(Placed { at: found, label: choice.label.clone(), inference: inference(choice) });
            continue;
        }
        let line = places.partition_point(|place| place.line.end < last);
        let line_end = places.get(line).map_or(last, |place| place.line.end);
        let end = line_end.min(nexts[at + 1]).max(last);
        let span = Span::new(entries[at].label_at.start, entries[at].at().end.min(entries[at].label_at.end + 40));
        log.warning(UNPLACED, span, format!("note `{}` has no marker in the text", choice.label))
            .hint("it was put behind the note before it");
        let because = "no digit group in the text could be its marker: it stands behind the note before it";
        let inference = Inference::new("marker.missing", Certainty::Low, because);
        placed.push(Placed { at: end..end, label: choice.label.clone(), inference });
    }
    debug_assert!(text.len() >= last);
    placed
}

fn inference(choice: &Choice) -> Inference {
    let certainty = if choice.margin >= HIGH {
        Certainty::High
    } else if choice.margin >= MEDIUM {
        Certainty::Medium
    } else {
        Certainty::Low
    };
    let because = match certainty {
        Certainty::High => "no other place for the marker fits the sequence nearly as well",
        Certainty::Medium => "another place for the marker fits the sequence, but less well",
        Certainty::Low => "another place for the marker fits the sequence almost as well",
    };
    Inference::new("marker.sequence", certainty, because)
}

/// Numbers of the list that are out of order or occur twice.
fn report_order(entries: &[Entry], log: &mut Log) {
    let mut before: Option<u32> = None;
    for entry in entries {
        let Ok(number) = entry.label.parse::<u32>() else { continue };
        let restarts = number == 1 && entry.page.is_some();
        if let Some(before) = before.filter(|&before| number != before + 1 && !restarts) {
            let span = Span::new(entry.label_at.start, entry.label_at.end);
            log.warning(ORDER, span, format!("note `{number}` follows note `{before}` in the list"));
        }
        before = Some(number);
    }
}

/// Digit groups that look like markers and are none.
fn report_unused(pool: &Pool, placed: &[Placed], log: &mut Log) {
    let mut taken = placed.iter().map(|placed| &placed.at).filter(|at| !at.is_empty()).peekable();
    for candidate in &pool.all {
        while taken.next_if(|at| at.end <= candidate.at.start).is_some() {}
        let free = taken.peek().is_none_or(|at| at.start >= candidate.at.end);
        if free && candidate.weight >= STRIKING && !candidate.inner {
            let span = Span::new(candidate.at.start, candidate.at.end);
            log.note(
                UNUSED,
                span,
                format!("`{}` looks like a note's marker, but no note is left for it", candidate.label),
            );
        }
    }
}

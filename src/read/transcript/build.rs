//! The pieces as a document of the model.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use compact_str::{CompactString, format_compact};

use super::apparatus::{self, Entry, Parted};
use super::blocks::{Piece, pieces};
use super::decided::Decided;
use super::dialect::{Dialect, dialect};
use super::documents::Boundaries;
use super::headings;
use super::inlines::{self, Event, Inlines, Marked, Sense, page_ids};
use super::lines::Line;
use super::notes::{Placed, place};
use super::pages::{Hole, What, pages};
use super::profile::Profile;
use super::sections::{Section, sections};
use super::view::View;
use super::wrap::Joiner;
use crate::diagnostic::{Code, Log};
use crate::model::{Block, Division, Document, Heading, Id, Inline, Metadata, Note, NoteKind, Paragraph, Place, Tag};
use crate::source::Span;

const UNNUMBERED: Code = Code("transcript.no-number");
const DIALECT: Code = Code("transcript.dialect");
const SEVERAL: Code = Code("transcript.several-documents");

/// Builds the document; of a text with several, a volume. `stem` is the id that the file's name suggests.
pub(super) fn document(
    text: &str,
    lines: &[Line],
    (profile, decided): (&Profile, &Decided<'_>),
    stem: &CompactString,
    log: &mut Log,
) -> Document {
    let dialect = dialect(profile, text, lines);
    if let Some(unusual) = dialect.unusual() {
        log.note(DIALECT, Span::default(), unusual);
    }
    let mut used = BTreeSet::new();
    let parts = parts(text, lines, &dialect);
    let mut metadata = Metadata::default();
    let mut body = Vec::with_capacity(parts.len());
    // Page tokens above the first line, or behind the last, are the first or last document's.
    let starts: Vec<usize> = parts.iter().map(|lines| lines.first().map_or(0, |line| line.at.start)).collect();
    for (number, lines) in parts.iter().enumerate() {
        let from = if number == 0 { 0 } else { starts[number] };
        let to = starts.get(number + 1).copied().unwrap_or(text.len());
        let (said, division) = division_of(text, from..to, lines, (&dialect, decided), (stem, &mut used), log);
        if parts.len() == 1 {
            metadata = said;
        }
        body.push(Block::Division(division));
    }
    if parts.len() > 1 {
        log.note(SEVERAL, Span::default(), format!("{} documents in one text: a volume", parts.len()));
    }
    Document { metadata, body, ..Document::default() }
}

/// The lines of each document. A text without lines is one document.
fn parts<'l>(text: &str, lines: &'l [Line], dialect: &Dialect) -> Vec<&'l [Line]> {
    let mut parts = Vec::new();
    let mut rest = lines;
    // The first document begins with the first line.
    for start in Boundaries::of(dialect).within(text).into_iter().skip(1) {
        let own = rest.partition_point(|line| (line.at.start as u64) < start);
        let (part, behind) = rest.split_at(own);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// The lines of a document as paragraphs, its notes, and what of it is no text.
fn sorted_out(
    text: &str,
    within: Range<usize>,
    lines: &[Line],
    (dialect, decided): (&Dialect, &Decided<'_>),
    log: &mut Log,
) -> (Parted, Vec<Hole>) {
    let mut holes = pages(text, within, dialect);
    decided.keep_pages(&mut holes, log);
    let mut lines = Cow::Borrowed(lines);
    if dialect.sheets {
        lines = Cow::Owned(within_tokens(&lines, &holes));
    }
    let lines = lines.as_ref();
    let mut parted = apparatus::part(text, lines, &holes, dialect);
    for rule in &parted.rules {
        log.took(Span::new(rule.start, rule.end));
    }
    if dialect.width.is_some() || dialect.sheets || !parted.feet.is_empty() {
        let feet = parted.feet.iter().map(|at| Hole { at: at.clone(), what: What::Nothing });
        // What stands at a page's foot is a hole as a whole, with the page tokens in it.
        let outside = |hole: &Hole| !parted.feet.iter().any(|at| at.start <= hole.at.start && hole.at.end <= at.end);
        let mut between: Vec<Hole> = holes.iter().filter(|hole| outside(hole)).cloned().chain(feet).collect();
        between.sort_by_key(|hole| hole.at.start);
        let joiner = Joiner::new(text, lines, dialect, between);
        let mut seams = Vec::new();
        parted.main = joiner.lines(std::mem::take(&mut parted.main), &mut seams, log);
        for entry in &mut parted.entries {
            joiner.note(&mut entry.paragraphs, &mut seams, log);
        }
        holes.append(&mut seams);
        holes.extend(parted.feet.iter().map(|at| Hole { at: at.clone(), what: What::Nothing }));
        holes.sort_by_key(|hole| (hole.at.start, hole.at.end));
    }
    (parted, holes)
}

/// The lines, with those that page tokens reach over put together: a form feed and the number below it.
fn within_tokens(lines: &[Line], holes: &[Hole]) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let next = holes.partition_point(|hole| hole.at.end <= line.at.start);
        match (holes.get(next).filter(|hole| hole.at.start < line.at.start), kept.last_mut()) {
            (Some(hole), Some(before)) if hole.at.start >= before.at.start => before.at.end = line.at.end,
            _ => kept.push(line.clone()),
        }
    }
    kept
}

/// One document: what is known about it, and its division.
fn division_of(
    text: &str,
    within: Range<usize>,
    lines: &[Line],
    (dialect, decided): (&Dialect, &Decided<'_>),
    (stem, used): (&CompactString, &mut BTreeSet<CompactString>),
    log: &mut Log,
) -> (Metadata, Division) {
    let (parted, all_holes) = sorted_out(text, within, lines, (dialect, decided), log);
    let Parted { main, entries, close, feet, .. } = parted;
    let in_notes = |hole: &Hole| {
        // What stands at a page's foot may be one note, and is a hole in the text all the same.
        if feet.binary_search_by_key(&hole.at.start, |at| at.start).is_ok_and(|foot| feet[foot] == hole.at) {
            return false;
        }
        let next = entries.partition_point(|entry| entry.at().end < hole.at.end);
        entries.get(next).is_some_and(|entry| hole.at.start >= entry.label_at.start)
    };
    let holes: Vec<Hole> = all_holes.iter().filter(|hole| !in_notes(hole)).cloned().collect();
    let view = View { text, holes: &holes };
    let pieces = pieces(view, &main, close);
    let placed = place(view, &pieces, &entries, (dialect, decided), log);
    let heading = heading(view, &pieces, &placed);
    let number = headings::number(&heading).map(CompactString::from);
    if number.is_none() && !heading.is_empty() {
        log.note(UNNUMBERED, Span::default(), "the heading bears no number");
    }
    let id = unused(
        match &number {
            Some(number) => format_compact!("d{}", number.trim_start_matches('[')),
            None => stem.clone(),
        },
        used,
    );
    let notes = notes(View { text, holes: &all_holes }, &id, &entries, &placed, used, log);
    let source = notes.iter().find(|note| note.kind == NoteKind::Source).map(|note| plain(&note.body));
    let mut inlines = Inlines {
        text,
        holes: &holes,
        events: events(&holes, &placed),
        notes: notes.into_iter().map(Some).collect(),
        page_ids: page_ids(&holes, used),
    };
    let content = content(&mut inlines, sections(pieces), log);
    let mut metadata = Metadata::default();
    let stripped = number.as_ref().map_or(heading.as_str(), |number| heading[number.len() + 1..].trim_start());
    metadata.title.main = stripped.to_owned();
    metadata.source.note = source;
    let span = Span::new(lines.first().map_or(0, |line| line.at.start), lines.last().map_or(0, |line| line.at.end));
    let tag = Tag::at(span).with_id(Id(id));
    (metadata, Division { tag, kind: Some("document".into()), number, content })
}

/// The id, with a suffix if another document bears it.
fn unused(id: CompactString, used: &mut BTreeSet<CompactString>) -> CompactString {
    let mut free = id.clone();
    let mut count = 1;
    while !used.insert(free.clone()) {
        count += 1;
        free = format_compact!("{id}_{count}");
    }
    free
}

/// The heading's words, without page tokens and markers.
fn heading(view: View<'_>, pieces: &[Piece], placed: &[Placed]) -> String {
    let Some(lines) =
        pieces.iter().find_map(|piece| if let Piece::Heading(lines) = piece { Some(lines) } else { None })
    else {
        return String::new();
    };
    let mut said = String::new();
    for line in lines {
        let mut at = line.start;
        for marker in placed.iter().filter(|marker| marker.at.start >= line.start && marker.at.end <= line.end) {
            said.push_str(view.words(&(at..marker.at.start.max(at))).as_str());
            at = marker.at.end;
        }
        said.push_str(&view.words(&(at..line.end)));
        said.push(' ');
    }
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn events(holes: &[Hole], placed: &[Placed]) -> Vec<Event> {
    let mut events: Vec<Event> = holes
        .iter()
        .enumerate()
        .map(|(number, hole)| Event { at: hole.at.clone(), what: inlines::What::Hole(number) })
        .chain(
            placed
                .iter()
                .enumerate()
                .map(|(number, note)| Event { at: note.at.clone(), what: inlines::What::Note(number) }),
        )
        .collect();
    events.sort_by_key(|event| (event.at.start, event.at.end));
    events
}

/// The notes with their bodies.
fn notes(
    view: View<'_>,
    document: &str,
    entries: &[Entry],
    placed: &[Placed],
    used: &mut BTreeSet<CompactString>,
    log: &mut Log,
) -> Vec<Note> {
    let text = view.text;
    let mut made = Vec::with_capacity(entries.len());
    for (count, (entry, placed)) in entries.iter().zip(placed).enumerate() {
        let at = entry.at();
        log.took(Span::new(entry.label_at.start, entry.label_at.end));
        log.took_note(Span::new(at.start, at.end));
        let numeric = placed.label.bytes().all(|byte| byte.is_ascii_digit());
        let mut id = if numeric {
            format_compact!("{document}fn{}", placed.label)
        } else {
            format_compact!("{document}fn{}_1", count + 1)
        };
        let mut suffix = 1;
        while !used.insert(id.clone()) {
            suffix += 1;
            id = format_compact!("{document}fn{}_{suffix}", count + 1);
        }
        let opening = entry.opening(text);
        let kind = if opening.starts_with("Source:") {
            NoteKind::Source
        } else if is_original(&text[at.clone()]) {
            NoteKind::Original
        } else {
            NoteKind::Editorial
        };
        made.push(Note {
            tag: Tag::at(Span::new(at.start, at.end)).with_id(Id(id)).inferred(placed.inference.clone()),
            label: Some(placed.label.clone()),
            kind,
            place: Place::Foot,
            body: body(view, entry, used, log),
        });
    }
    made
}

/// True for a footnote of the document itself, which the editors say in brackets at its end.
fn is_original(note: &str) -> bool {
    let Some(bracket) = note.rfind('[') else { return false };
    note.ends_with(']') && {
        let said = note[bracket..].to_ascii_lowercase();
        said.contains("footnote in the") || said.contains("footnote in source") || said.contains("footnotes in the")
    }
}

fn body(view: View<'_>, entry: &Entry, used: &mut BTreeSet<CompactString>, log: &mut Log) -> Vec<Block> {
    let holes = view.holes_in(&entry.at());
    let mut inlines = Inlines {
        text: view.text,
        holes,
        events: events(holes, &[]),
        notes: Vec::new(),
        page_ids: page_ids(holes, used),
    };
    let alone = entry.paragraphs.len() == 1;
    entry
        .paragraphs
        .iter()
        .map(|lines| {
            let content = inlines.lines(lines, &[], log);
            let (start, end) = (lines.first().map_or(0, |line| line.start), lines.last().map_or(0, |line| line.end));
            Block::Paragraph(Paragraph { tag: Tag::at(Span::new(start, end)), bare: alone, content })
        })
        .collect()
}

/// The words of some blocks on one line.
fn plain(blocks: &[Block]) -> String {
    let mut words = Vec::new();
    for block in blocks {
        if let Block::Paragraph(paragraph) = block {
            words.extend(paragraph.content.iter().filter_map(|inline| match inline {
                Inline::Text(text) => Some(text.as_str()),
                _ => None,
            }));
        }
    }
    words.concat().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sections as the content of the document's division.
fn content(inlines: &mut Inlines<'_>, sections: Vec<Section>, log: &mut Log) -> Vec<Block> {
    let several = sections.len() > 1;
    let mut content = Vec::new();
    for (number, section) in sections.into_iter().enumerate() {
        let closed = section.is_closed();
        let mut top = Vec::new();
        let mut rest = Vec::new();
        let mut above = true;
        for piece in section.pieces {
            above = above && is_top(&piece);
            let to = if above { &mut top } else { &mut rest };
            super::pieces::push(inlines, piece, section.titled && above && number > 0, to, log);
        }
        if number == 0 {
            content.append(&mut top);
            if several && closed {
                content.push(division("text", rest));
            } else {
                content.append(&mut rest);
            }
        } else {
            top.append(&mut rest);
            content.push(division(section.kind, top));
        }
    }
    content
}

fn is_top(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Source(_) | Piece::Heading(_) | Piece::Dateline { .. } | Piece::Pages(_) | Piece::Attachment(_)
    )
}

fn division(kind: &'static str, content: Vec<Block>) -> Block {
    Block::Division(Division { tag: Tag::default(), kind: Some(kind.into()), number: None, content })
}

/// A heading of some depth.
pub(super) fn title(inlines: &mut Inlines<'_>, depth: u8, lines: &[Range<usize>], log: &mut Log) -> Block {
    let span = Span::new(lines.first().map_or(0, |line| line.start), lines.last().map_or(0, |line| line.end));
    Block::Heading(Heading { tag: Tag::at(span), depth, content: inlines.lines(lines, &[], log) })
}

/// The spans of a dateline that are place and date.
pub(super) fn marks(line: &Range<usize>, said: &super::datelines::Dateline) -> Vec<Marked> {
    let shifted = |range: &Range<usize>| line.start + range.start..line.start + range.end;
    let place = said.place.iter().map(|place| Marked { at: shifted(place), sense: Sense::Place });
    let date = said.date.iter().map(|date| Marked { at: shifted(date), sense: Sense::Date(said.when, None) });
    let hours =
        said.hours.iter().map(|hours| Marked { at: shifted(&hours.at), sense: Sense::Hours(hours.from, hours.to) });
    let mut marks: Vec<Marked> = place.chain(date).chain(hours).collect();
    marks.sort_by_key(|mark| mark.at.start);
    marks
}

//! Everything in a document on which a person can decide, with its place in the ground.

use std::ops::Range;

use super::Kind;
use super::ground::Ground;
use crate::model::visit::{Visit, walk_blocks, walk_document, walk_inline};
use crate::model::{Block, Document, Inference, Inline, Milestone, Note, Tag, Unit};

/// Something on which a person can decide.
#[derive(Clone, Debug)]
pub struct Site<'d> {
    /// Its number among all inlines and blocks of the document, in the order of a walk, from 0.
    pub number: usize,
    /// What it is.
    pub kind: Kind,
    /// Its bytes in the ground; an empty range for a note without a marker.
    pub at: Range<usize>,
    /// For a note: its label, and the bytes of its text.
    pub note: Option<(Option<&'d str>, Range<usize>)>,
    /// What was inferred, and how certainly.
    pub inference: Option<&'d Inference>,
}

/// All sites of a document, in the order of the text; `None` if the document's characters are not those of the ground.
pub fn survey<'d>(document: &'d Document, ground: &Ground) -> Option<Vec<Site<'d>>> {
    let mut surveyor =
        Surveyor { ground, sites: Vec::new(), number: 0, main: 0, note: None, notes: 0, behind: 0, lost: false };
    walk_document(&mut surveyor, document);
    (!surveyor.lost).then_some(surveyor.sites)
}

struct Surveyor<'g, 'd> {
    ground: &'g Ground,
    sites: Vec<Site<'d>>,
    number: usize,
    /// How many characters of the running text were passed.
    main: usize,
    /// The note within which the walk is, and how many of its characters were passed.
    note: Option<(usize, usize)>,
    /// How many notes were met.
    notes: usize,
    /// Where the last marker or page token of the running text ends.
    behind: usize,
    lost: bool,
}

impl<'d> Surveyor<'_, 'd> {
    /// Passes the printed characters of a text.
    fn text(&mut self, text: &str) {
        for character in text.chars().filter(|character| !character.is_whitespace()) {
            let (characters, at) = self.flow();
            self.lost |= characters.get(at).is_none_or(|&(_, there)| there != character);
            match &mut self.note {
                Some((_, at)) => *at += 1,
                None => self.main += 1,
            }
        }
    }

    fn flow(&self) -> (&[(u32, char)], usize) {
        match self.note {
            Some((note, at)) => (self.ground.notes.get(note).map_or(&[], |(_, characters)| characters), at),
            None => (&self.ground.main, self.main),
        }
    }

    /// The bytes of what was passed since a flow was at `from`.
    fn since(&self, from: usize) -> Range<usize> {
        let (characters, to) = self.flow();
        let start = characters.get(from).map_or(0, |&(at, _)| at as usize);
        match characters.get(to.saturating_sub(1)).filter(|_| to > from) {
            Some(&(at, character)) => start..at as usize + character.len_utf8(),
            None => self.here(),
        }
    }

    /// The point behind what was passed last.
    fn here(&self) -> Range<usize> {
        let (characters, to) = self.flow();
        let at = match to.checked_sub(1).and_then(|last| characters.get(last)) {
            Some(&(at, character)) => at as usize + character.len_utf8(),
            None => characters.first().map_or(0, |&(at, _)| at as usize),
        };
        // Markers and page tokens that were passed are none of the characters.
        let at = if self.note.is_none() { at.max(self.behind) } else { at };
        at..at
    }

    /// Passes a marker or a page token.
    fn pass(&mut self, at: &Range<usize>) {
        if self.note.is_none() {
            self.behind = at.end;
        }
    }

    /// The bytes of a tag's span if it is one of the ground.
    fn own(&self, tag: &Tag) -> Option<Range<usize>> {
        (self.ground.of_source && !tag.span.is_nowhere()).then(|| tag.span.range())
    }

    fn note(&mut self, note: &'d Note, number: usize) {
        let body = note.body.first().and_then(Block::tag).and_then(|tag| self.own(tag));
        let own = match &body {
            Some(body) => self
                .ground
                .notes
                .iter()
                .position(|(at, _)| at.start as usize <= body.start && body.start < at.end as usize),
            None => Some(self.notes).filter(|_| !self.ground.of_source),
        };
        self.notes += 1;
        // A note that is none of the ground's has no characters there: the first one is not found.
        let own = own.unwrap_or(usize::MAX);
        let text = self.ground.notes.get(own).map_or(0..0, |(at, _)| at.start as usize..at.end as usize);
        // Of a note without a marker the tag knows only where its text stands.
        let marker = self.own(&note.tag).filter(|span| span.end <= text.start || span.start >= text.end);
        let at = marker.unwrap_or_else(|| self.here());
        self.pass(&at);
        let note_site = Some((note.label.as_deref(), text));
        self.sites.push(Site {
            number,
            kind: Kind::NoteMarker,
            at,
            note: note_site,
            inference: note.tag.inference.as_deref(),
        });
        let outer = self.note.replace((own, 0));
        walk_blocks(self, &note.body);
        self.note = outer;
    }

    fn milestone(&mut self, milestone: &'d Milestone, number: usize) {
        if milestone.unit == Unit::Page {
            let at = self.own(&milestone.tag).unwrap_or_else(|| self.here());
            self.pass(&at);
            let inference = milestone.tag.inference.as_deref();
            self.sites.push(Site { number, kind: Kind::PageBreak, at, note: None, inference });
        }
    }
}

/// What a person can decide on, of an inline with words in it.
pub(super) fn kind_of(inline: &Inline) -> Option<(Kind, &Tag)> {
    match inline {
        // A dateline's hours are a date without a reading.
        Inline::Date(date) if date.when.is_some() || date.tag.inference.is_some() => Some((Kind::Date, &date.tag)),
        Inline::Reference(reference) => Some((Kind::Reference, &reference.tag)),
        Inline::Name(name) => Some((Kind::Name, &name.tag)),
        _ => None,
    }
}

impl<'d> Visit<'d> for Surveyor<'_, 'd> {
    fn block(&mut self, block: &'d Block) {
        let number = self.number;
        self.number += 1;
        match block {
            Block::Note(note) => self.note(note, number),
            Block::Verbatim(verbatim) => self.text(&verbatim.text),
            Block::Milestone(milestone) => self.milestone(milestone, number),
            _ => crate::model::visit::walk_block(self, block),
        }
    }

    fn inline(&mut self, inline: &'d Inline) {
        let number = self.number;
        self.number += 1;
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Note(note) => self.note(note, number),
            Inline::Milestone(milestone) => self.milestone(milestone, number),
            _ => {
                let from = self.flow().1;
                let place = self.sites.len();
                walk_inline(self, inline);
                if let Some((kind, tag)) = kind_of(inline) {
                    let at = self.since(from);
                    let inference = tag.inference.as_deref();
                    self.sites.insert(place, Site { number, kind, at, note: None, inference });
                }
            }
        }
    }
}

//! What an editor decided about a transcript, as constraints on what the reader chooses among: where notes are called,
//! and which page tokens are any.

use std::cell::Cell;
use std::ops::Range;

use compact_str::CompactString;

use super::anchors::Called;
use super::apparatus::Entry;
use super::candidates::{Candidate, Pool};
use super::notes::Placed;
use super::pages::Hole;
use crate::decisions::{Decision, Decisions, Kind, Verdict};
use crate::diagnostic::Log;
use crate::source::Span;

/// What a place weighs on which an editor decided: more than all that could stand against it.
const DECIDED: f32 = 1000.0;

/// The decisions about one transcript, with their places in it.
#[derive(Debug, Default)]
pub(super) struct Decided<'d> {
    rulings: Vec<Ruling<'d>>,
}

#[derive(Debug)]
struct Ruling<'d> {
    decision: &'d Decision,
    /// Where the place is that was looked at.
    at: Range<usize>,
    /// Where the marker is; for an accepted or moved one.
    to: Option<Range<usize>>,
    /// Where the note's text begins.
    entry: Option<usize>,
    /// True when what it is about was met.
    met: Cell<bool>,
}

impl<'d> Decided<'d> {
    /// Looks up the places of all decisions that are the reader's.
    pub(super) fn new(decisions: &'d Decisions, text: &str, log: &mut Log) -> Self {
        let mut rulings = Vec::new();
        for decision in decisions.all.iter().filter(|decision| decision.is_for_reader()) {
            let entry = decision.entry.as_ref().map(|entry| entry.find(text));
            let to = match decision.verdict {
                Verdict::Move => decision.to.as_ref().map(|to| to.find(text)),
                _ => Some(decision.at.find(text)),
            };
            // Of a moved marker the place where it was may be gone.
            let at = decision.at.find(text).or_else(|| to.clone().flatten());
            match (at, to.flatten(), entry) {
                (Some(at), Some(to), None) => rulings.push(Ruling::new(decision, at, to, None)),
                (Some(at), Some(to), Some(Some(entry))) => {
                    rulings.push(Ruling::new(decision, at, to, Some(entry.start)));
                }
                _ if decisions.partial => {}
                _ => decision.tell_stale(Span::default(), "its words are not in the source", log),
            }
        }
        Self { rulings }
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Ruling<'d>> {
        self.rulings.iter().filter(move |ruling| ruling.decision.kind == kind)
    }

    /// Takes page tokens that are none out of the list.
    pub(super) fn keep_pages(&self, holes: &mut Vec<Hole>, log: &mut Log) {
        for ruling in self.of(Kind::PageBreak) {
            let before = holes.len();
            holes.retain(|hole| !(hole.is_page() && overlaps(&hole.at, &ruling.at)));
            if holes.len() < before {
                ruling.met.set(true);
                ruling.decision.tell_applied(ruling.span(), log);
            }
        }
    }

    /// Takes places that are none out of the candidates, and gives each note the one that was decided on.
    pub(super) fn constrain(&self, pool: &mut Pool, called: &mut [Called], entries: &[Entry]) {
        let mine: Vec<_> =
            self.of(Kind::NoteMarker).filter_map(|ruling| Some((ruling, ruling.note(entries)?))).collect();
        if mine.is_empty() {
            return;
        }
        let mut all = std::mem::take(pool).all;
        for (ruling, note) in &mine {
            match ruling.decision.verdict {
                // Of a marker there is nothing to correct.
                Verdict::Correct => {}
                Verdict::Text => all.retain(|candidate| !overlaps(&candidate.at, &ruling.at)),
                Verdict::Reject => called[*note].barred.push(ruling.at.clone()),
                Verdict::Accept | Verdict::Move => {
                    let (Some(to), label) = (&ruling.to, &entries[*note].label) else { continue };
                    all.retain(|candidate| !overlaps(&candidate.at, to));
                    all.push(candidate(to.clone(), ruling.decision, label));
                }
            }
        }
        *pool = Pool::of(all);
        for (ruling, note) in &mine {
            if let Some(to) = ruling.to.as_ref().filter(|_| ruling.is_placing()) {
                let place = pool.all.iter().position(|candidate| candidate.at == *to && candidate.weight >= DECIDED);
                called[*note].decided = place;
                // What is one note's is no other's, however much it weighs.
                let others = called.iter_mut().enumerate().filter(|(other, _)| other != note);
                others.for_each(|(_, other)| other.barred.push(to.clone()));
            }
        }
    }

    /// Tells which decisions about markers hold, and marks the places as decided.
    pub(super) fn tell_markers(&self, entries: &[Entry], placed: &mut [Placed], log: &mut Log) {
        for ruling in self.of(Kind::NoteMarker) {
            let Some(note) = ruling.note(entries) else { continue };
            ruling.met.set(true);
            let Some(placed) = placed.get_mut(note) else { continue };
            if !ruling.is_placing() {
                ruling.decision.tell_applied(ruling.span(), log);
            } else if ruling.to.as_ref() == Some(&placed.at) {
                placed.inference = ruling.decision.inference();
                ruling.decision.tell_applied(ruling.span(), log);
            } else {
                ruling.decision.tell_contrary(ruling.span(), log);
            }
        }
    }

    /// Tells of decisions whose object was not met.
    pub(super) fn tell_left_over(&self, log: &mut Log) {
        for ruling in self.rulings.iter().filter(|ruling| !ruling.met.get()) {
            let what = match ruling.decision.kind {
                Kind::NoteMarker => "its note is none any more",
                _ => "no page token stands there",
            };
            ruling.decision.tell_stale(ruling.span(), what, log);
        }
    }
}

impl<'d> Ruling<'d> {
    fn new(decision: &'d Decision, at: Range<usize>, to: Range<usize>, entry: Option<usize>) -> Self {
        Self { decision, at, to: Some(to), entry, met: Cell::new(false) }
    }

    /// Which note it is about; for one without the note's words, that which bears its label.
    fn note(&self, entries: &[Entry]) -> Option<usize> {
        entries.iter().position(|entry| match self.entry {
            Some(start) => entry.label_at.start <= start && start < entry.at().end.max(entry.label_at.end),
            None => self.decision.note.as_deref() == Some(entry.label.as_str()),
        })
    }

    fn is_placing(&self) -> bool {
        matches!(self.decision.verdict, Verdict::Accept | Verdict::Move)
    }

    fn span(&self) -> Span {
        let at = self.to.as_ref().unwrap_or(&self.at);
        Span::new(at.start, at.end)
    }
}

fn candidate(at: Range<usize>, decision: &Decision, label: &CompactString) -> Candidate {
    let place = decision.to.as_ref().unwrap_or(&decision.at);
    // The marker says what stands there; where nothing does, it would say what was read there before.
    let said: String = place.quote.chars().filter(|c| c.is_alphanumeric() || "*†‡§".contains(*c)).collect();
    let label = match (said.is_empty(), &decision.note) {
        (false, _) => CompactString::from(said),
        (true, Some(note)) => CompactString::from(note),
        (true, None) => label.clone(),
    };
    Candidate { at, label, weight: DECIDED, inner: false, heading_end: false, words: Vec::new() }
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

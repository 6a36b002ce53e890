//! Everything on which an editor can decide, as the page gets it. Offsets count UTF-16 code units, as its strings do.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use super::source::Located;
use crate::decisions::ground::Ground;
use crate::decisions::survey::Site;
use crate::decisions::{CONTRARY, Decisions, Kind, Place, STALE, Value, Verdict, is_decided};
use crate::diagnostic::Log;
use crate::explain::decided as in_words;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Certainty, Document, Inline};

/// How many other places are offered for a marker.
const OFFERED: usize = 9;
/// How many characters of a note are shown.
const SHOWN: usize = 160;

/// Where each byte of a text lies in UTF-16.
pub(super) struct Offsets(Vec<u32>);

impl Offsets {
    pub(super) fn of(text: &str) -> Self {
        let mut offsets = Vec::with_capacity(text.len() + 1);
        let mut at = 0;
        for character in text.chars() {
            offsets.extend(std::iter::repeat_n(at, character.len_utf8()));
            at += character.len_utf16() as u32;
        }
        offsets.push(at);
        Self(offsets)
    }

    fn range(&self, bytes: &Range<usize>) -> [u32; 2] {
        let at = |byte: usize| self.0.get(byte).or(self.0.last()).copied().unwrap_or_default();
        [at(bytes.start), at(bytes.end)]
    }
}

/// Something on which an editor can decide.
#[derive(Serialize)]
pub(super) struct Item {
    /// Its number, which nodes of the reconstruction bear.
    id: usize,
    kind: Kind,
    at: [u32; 2],
    line: usize,
    /// How certain it is; absent for what the source itself says.
    #[serde(skip_serializing_if = "Option::is_none")]
    certainty: Option<Certainty>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<String>,
    /// True if an editor has decided so.
    decided: bool,
    /// Where it stands in the source, if that is not the text in which it has its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    in_source: Option<InSource>,
    /// What is taken to be there, as an editor would write it.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// The words there, with some of what stands round them.
    place: Place,
    /// What is taken to be there, in words.
    what: String,
    /// For a note: its label.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// For a note: where its text stands, its first words, and by which place it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Entry>,
    /// For a note: where else its marker might be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Other>,
}

#[derive(Serialize)]
struct InSource {
    at: [u32; 2],
    /// False if only the block is known that it stands in.
    exact: bool,
    /// For a note: where its text begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<[u32; 2]>,
}

#[derive(Serialize)]
struct Entry {
    at: [u32; 2],
    text: String,
    place: Place,
}

#[derive(Serialize)]
struct Other {
    at: [u32; 2],
    place: Place,
}

/// A decision, and whether it holds.
#[derive(Serialize)]
pub(super) struct Decided {
    kind: Kind,
    verdict: Verdict,
    words: String,
    /// Where; absent if its words are not there any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<[u32; 2]>,
    holds: bool,
}

/// All items of a document.
pub(super) fn items(
    sites: &[Site<'_>],
    ground: &Ground,
    offsets: &Offsets,
    document: &Document,
    source: Option<&Source>,
) -> Vec<Item> {
    let text = ground.text.as_str();
    let said = Said::of(document);
    let markers: Vec<&Range<usize>> =
        sites.iter().filter(|site| site.kind == Kind::NoteMarker).map(|site| &site.at).collect();
    let mut passed: usize = 0;
    let mut item = |site: &Site<'_>| {
        let mut others = Vec::new();
        if let (Kind::NoteMarker, Some((label, _))) = (site.kind, &site.note) {
            let from = passed.checked_sub(1).and_then(|before| markers.get(before)).map_or(0, |at| at.end);
            let to = markers.get(passed + 1).map_or(text.len(), |at| at.start);
            passed += 1;
            others = places_of(label.unwrap_or_default(), from..to.max(from), site, ground);
        }
        let place = Place::of(text, site.at.clone());
        let inference = site.inference;
        Item {
            id: site.number,
            kind: site.kind,
            at: offsets.range(&site.at),
            line: place.line,
            certainty: inference.map(|inference| inference.certainty),
            rule: inference.map(|inference| inference.rule.to_string()),
            because: inference.map(|inference| inference.because.to_string()),
            decided: inference.is_some_and(is_decided),
            in_source: source.and_then(|source| source.place_of(site.number)),
            value: said.values.get(&site.number).copied(),
            what: said.words.get(&site.number).cloned().unwrap_or_default(),
            place,
            note: site.note.as_ref().map(|(label, _)| label.unwrap_or_default().to_owned()),
            entry: site.note.as_ref().filter(|(_, at)| !at.is_empty()).map(|(_, at)| entry(text, at, offsets)),
            others: others
                .iter()
                .map(|at| Other { at: offsets.range(at), place: Place::of(text, at.clone()) })
                .collect(),
        }
    };
    sites.iter().map(&mut item).collect()
}

fn entry(text: &str, at: &Range<usize>, offsets: &Offsets) -> Entry {
    let note = text.get(at.clone()).unwrap_or_default();
    let shown: String = note.chars().take(SHOWN).collect();
    let words = note.lines().next().unwrap_or_default();
    let end = words.char_indices().nth(24).map_or(words.len(), |(at, _)| at);
    Entry { at: offsets.range(at), text: shown, place: Place::of(text, at.start..at.start + end) }
}

/// Where else between its neighbours a label stands at the end of a run of letters or digits.
fn places_of(label: &str, within: Range<usize>, site: &Site<'_>, ground: &Ground) -> Vec<Range<usize>> {
    if label.is_empty() {
        return Vec::new();
    }
    let notes: Vec<Range<usize>> = ground.note_ranges().collect();
    let free =
        |at: &Range<usize>| *at != site.at && !notes.iter().any(|note| note.start <= at.start && at.start < note.end);
    let part = ground.text.get(within.clone()).unwrap_or_default();
    let found = part.match_indices(label).map(|(at, _)| within.start + at..within.start + at + label.len());
    found
        .filter(free)
        .filter(|at| !ground.text[at.end..].starts_with(|c: char| c.is_ascii_digit()))
        .take(OFFERED)
        .collect()
}

/// The decisions, each with where it is and whether it holds.
pub(super) fn decided(decisions: &Decisions, ground: &Ground, offsets: &Offsets, log: &Log) -> Vec<Decided> {
    let missed: Vec<&str> = log
        .diagnostics()
        .iter()
        .filter(|diagnostic| diagnostic.code == STALE || diagnostic.code == CONTRARY)
        .map(|diagnostic| diagnostic.message.as_ref())
        .collect();
    let one = |decision: &crate::decisions::Decision| {
        let words = decision.in_words();
        let place = decision.to.as_ref().unwrap_or(&decision.at);
        let at = place.find(&ground.text).map(|at| offsets.range(&at));
        let holds = at.is_some() && !missed.iter().any(|message| message.contains(&words));
        Decided { kind: decision.kind, verdict: decision.verdict, words, at, holds }
    };
    decisions.all.iter().map(one).collect()
}

/// A source that is not the text in which things have their places.
pub(super) struct Source {
    /// Its characters.
    pub text: String,
    offsets: Offsets,
    located: HashMap<usize, Located>,
}

impl Source {
    pub(super) fn new(text: String, located: HashMap<usize, Located>) -> Self {
        Self { offsets: Offsets::of(&text), text, located }
    }

    fn place_of(&self, number: usize) -> Option<InSource> {
        self.located.get(&number).map(|located| InSource {
            at: self.offsets.range(&located.at),
            exact: located.exact,
            entry: located.body.as_ref().map(|at| self.offsets.range(at)),
        })
    }
}

/// What each node says in words, and dates as an editor would write them, by number; counted as the survey counts.
#[derive(Default)]
struct Said {
    words: HashMap<usize, String>,
    values: HashMap<usize, Value>,
    number: usize,
    before: String,
}

impl Said {
    fn of(document: &Document) -> Self {
        let mut said = Self::default();
        walk_document(&mut said, document);
        said
    }
}

impl<'a> Visit<'a> for Said {
    fn block(&mut self, block: &'a Block) {
        if let Block::Milestone(milestone) = block {
            let label = milestone.label.as_deref().unwrap_or_default();
            self.words.insert(self.number, format!("page {label}").trim_end().to_owned());
        }
        self.number += 1;
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        let number = self.number;
        self.number += 1;
        let words = in_words(inline, &self.before);
        if !words.is_empty() {
            self.words.insert(number, words);
        }
        if let Inline::Date(date) = inline
            && let Some(when) = date.when
        {
            self.values.insert(number, Value(when));
        }
        match inline {
            Inline::Text(text) => {
                self.before.push_str(text);
                let cut = self.before.char_indices().rev().nth(40).map_or(0, |(at, _)| at);
                self.before.drain(..cut);
            }
            Inline::Note(_) => {
                let before = std::mem::take(&mut self.before);
                walk_inline(self, inline);
                self.before = before;
            }
            _ => walk_inline(self, inline),
        }
    }
}

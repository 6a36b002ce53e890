//! Every place in the running text that might be a note's marker.

use std::collections::BTreeMap;
use std::ops::Range;

use compact_str::CompactString;

use super::cues::{Spot, Where, weigh};
use super::dialect::{Dialect, marked};
use super::view::View;

/// A place that might be a marker.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// The marker's bytes.
    pub at: Range<usize>,
    /// What it says.
    pub label: CompactString,
    /// The logarithm of the odds that it is a marker at all.
    pub weight: f32,
    /// True if the next marker must follow without a space.
    pub inner: bool,
    /// True at the end of the document's heading.
    pub heading_end: bool,
    /// The words before it, as [`words`] gives them.
    pub words: Vec<u32>,
}

/// True if nothing but further markers stands behind.
fn ends(view: View<'_>, from: usize, line_end: usize) -> bool {
    view.ahead(from, line_end).all(|(_, c)| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '*' | '†' | '‡'))
}

/// The telling words of a text, as hashes: names, numbers, long words.
pub(super) fn words(text: &str) -> impl Iterator<Item = u32> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| is_telling(word)).map(|word| {
        word.bytes()
            .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
    })
}

fn is_telling(word: &str) -> bool {
    let capital = word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && word.len() >= 3;
    (capital || word.len() >= 6)
        && !matches!(
            word,
            "The" | "See" | "This" | "That" | "For" | "Document" | "Not" | "Department" | "State" | "States" | "United"
        )
}

/// The telling words that stand closely before a place.
fn words_before(view: View<'_>, line: &Range<usize>, at: usize) -> Vec<u32> {
    let mut from = at.saturating_sub(64).max(line.start);
    while !view.text.is_char_boundary(from) {
        from += 1;
    }
    words(&view.text[from..at]).collect()
}

/// A line in which markers are looked for.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The line's bytes.
    pub line: Range<usize>,
    /// What kind of line it is.
    pub place: Where,
}

/// The candidates by what they say, each in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// All candidates, in the order of the text.
    pub all: Vec<Candidate>,
    /// Those that say a number, by that number.
    numbered: Vec<usize>,
    /// Where in these each number begins, and where it ends.
    numbers: Vec<(u32, Range<usize>)>,
    /// The others, by what they say.
    named: BTreeMap<CompactString, Vec<usize>>,
    symbols: Vec<usize>,
}

impl Pool {
    /// Sorts candidates by place and by what they say.
    pub(super) fn of(mut all: Vec<Candidate>) -> Self {
        all.sort_by_key(|candidate| (candidate.at.start, candidate.at.end));
        let (mut named, mut symbols) = (BTreeMap::<CompactString, Vec<usize>>::new(), Vec::new());
        let mut said: Vec<(u32, usize)> = Vec::with_capacity(all.len());
        for (index, candidate) in all.iter().enumerate() {
            if !candidate.label.starts_with(|c: char| c.is_ascii_digit()) {
                symbols.push(index);
            }
            match number(&candidate.label) {
                Some(number) => said.push((number, index)),
                None => named.entry(candidate.label.clone()).or_default().push(index),
            }
        }
        said.sort_unstable();
        let mut numbers: Vec<(u32, Range<usize>)> = Vec::new();
        for (at, &(number, _)) in said.iter().enumerate() {
            match numbers.last_mut() {
                Some((last, range)) if *last == number => range.end = at + 1,
                _ => numbers.push((number, at..at + 1)),
            }
        }
        Self { all, numbered: said.into_iter().map(|(_, index)| index).collect(), numbers, named, symbols }
    }

    /// Those that say a number.
    pub(super) fn counting(&self, number: u32) -> &[usize] {
        let found = self.numbers.binary_search_by_key(&number, |(number, _)| *number);
        found.map_or(&[], |at| &self.numbered[self.numbers[at].1.clone()])
    }

    /// Those that say `label`, which is no number.
    pub(super) fn saying(&self, label: &str) -> &[usize] {
        self.named.get(label).map_or(&[], Vec::as_slice)
    }

    /// Those that are no number.
    pub(super) fn symbols(&self) -> &[usize] {
        &self.symbols
    }
}

/// What markers may say.
#[derive(Debug)]
pub(super) struct Wanted {
    /// The greatest number.
    pub most: u32,
    /// Labels that are no number.
    pub symbols: Vec<CompactString>,
    /// True if any symbol may be a marker.
    pub any_symbol: bool,
}

/// Finds all candidates.
pub(super) fn pool(view: View<'_>, places: &[Place], wanted: &Wanted, dialect: &Dialect) -> Pool {
    let mut found = Vec::new();
    for place in places {
        if !dialect.markers.is_empty() {
            set_off(view, place, dialect, &mut found);
            continue;
        }
        digits(view, place, wanted, &mut found);
        if wanted.any_symbol || !wanted.symbols.is_empty() {
            symbols(view, place, wanted, &mut found);
        }
    }
    Pool::of(found)
}

/// What a marker that is set off weighs, where it ends a word and where it stands alone.
const SET_OFF: (f32, f32) = (7.0, 3.0);

/// Markers that are set off from the text: `[1]`, `¹`.
fn set_off(view: View<'_>, place: &Place, dialect: &Dialect, found: &mut Vec<Candidate>) {
    for (at, label) in marked(dialect, view.text, &place.line) {
        if view.hole(at.start).is_some() {
            continue;
        }
        let glued = view.back(at.start, place.line.start).next().is_some_and(|(_, c)| !c.is_whitespace());
        let weight = if glued { SET_OFF.0 } else { SET_OFF.1 };
        let heading_end =
            place.place == Where::Heading && view.ahead(at.end, place.line.end).all(|(_, c)| !c.is_alphabetic());
        let words = words_before(view, &place.line, at.start);
        found.push(Candidate { at, label, weight, inner: false, heading_end, words });
    }
}

fn digits(view: View<'_>, place: &Place, wanted: &Wanted, found: &mut Vec<Candidate>) {
    let bytes = view.text.as_bytes();
    let mut at = place.line.start;
    while at < place.line.end {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < place.line.end && bytes[at].is_ascii_digit() {
            at += 1;
        }
        if view.hole(start).is_none() && at - start <= 12 {
            run(view, place, start..at, wanted, found);
        }
    }
}

/// The endings of a run of digits that may be markers; and, before each, the marker that is one less.
fn run(view: View<'_>, place: &Place, run: Range<usize>, wanted: &Wanted, found: &mut Vec<Candidate>) {
    for length in 1..=run.len().min(4) {
        let at = run.end - length..run.end;
        let Some(value) = number(&view.text[at.clone()]).filter(|&value| value <= wanted.most) else { continue };
        push(view, place, at.clone(), value, false, found);
        if let Some(before) = value.checked_sub(1) {
            let label = before.to_string();
            if view.text[run.start..at.start].ends_with(&label) {
                push(view, place, at.start - label.len()..at.start, before, true, found);
            }
        }
    }
}

fn push(view: View<'_>, place: &Place, at: Range<usize>, value: u32, inner: bool, found: &mut Vec<Candidate>) {
    let spot = Spot { at: at.clone(), line: place.line.clone(), place: place.place, value };
    let weight = weigh(view, &spot);
    let label = CompactString::from(&view.text[at.clone()]);
    let heading_end = place.place == Where::Heading && ends(view, at.end, place.line.end);
    let words = words_before(view, &place.line, at.start);
    found.push(Candidate { at, label, weight, inner, heading_end, words });
}

/// The number that digits say; none for `007`, which is no marker.
pub(super) fn number(digits: &str) -> Option<u32> {
    let plain = digits.starts_with(|c: char| c.is_ascii_digit()) && (digits.len() == 1 || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}

fn symbols(view: View<'_>, place: &Place, wanted: &Wanted, found: &mut Vec<Candidate>) {
    const SYMBOLS: [char; 7] = ['*', '†', '‡', '§', '║', '¶', '#'];
    let line = &view.text[place.line.clone()];
    let mut rest = 0;
    while let Some(offset) = line[rest..].find(SYMBOLS) {
        let start = rest + offset;
        let first = line[start..].chars().next().unwrap_or('*');
        let length = line[start..].len() - line[start..].trim_start_matches(first).len();
        rest = start + length;
        let label = CompactString::from(&line[start..rest]);
        let known = wanted.symbols.contains(&label);
        let at = place.line.start + start..place.line.start + rest;
        if length > 4 * first.len_utf8() || !(known || wanted.any_symbol) || touches_hole(view, &at) {
            continue;
        }
        let before = line[..start].chars().next_back();
        let after = line[rest..].chars().next();
        let glued = before.is_some_and(|c| !c.is_whitespace() && c != '*');
        let free = after.is_none_or(|c| !c.is_alphanumeric() && c != '*');
        let weight = match (before.is_some(), glued, free) {
            (false, ..) => -6.0,
            (true, true, true) => 4.0,
            (true, true, false) => -1.0,
            (true, false, true) => 0.0,
            (true, false, false) => -4.0,
        } + if known { 2.0 } else { 0.0 };
        let heading_end = place.place == Where::Heading && ends(view, at.end, place.line.end);
        let words = words_before(view, &place.line, at.start);
        found.push(Candidate { at, label, weight, inner: false, heading_end, words });
    }
    for label in wanted.symbols.iter().filter(|label| label.chars().all(char::is_alphabetic)) {
        letters(view, place, label, found);
    }
}

/// True for what is, in part or whole, no text: a note at the page's foot, which stands within a line that goes on behind it.
fn touches_hole(view: View<'_>, at: &Range<usize>) -> bool {
    view.hole(at.start).is_some() || !view.holes_in(at).is_empty()
}

/// Letters as markers: only behind punctuation and before a space or the line's end.
fn letters(view: View<'_>, place: &Place, label: &CompactString, found: &mut Vec<Candidate>) {
    let line = &view.text[place.line.clone()];
    for (start, _) in line.match_indices(label.as_str()) {
        let before = line[..start].chars().next_back();
        let after = line[start + label.len()..].chars().next();
        if before.is_some_and(|c| matches!(c, '.' | ',' | ';' | ')' | '”' | ':'))
            && after.is_none_or(char::is_whitespace)
        {
            let at = place.line.start + start..place.line.start + start + label.len();
            if touches_hole(view, &at) {
                continue;
            }
            let words = words_before(view, &place.line, at.start);
            found.push(Candidate { at, label: label.clone(), weight: 2.0, inner: false, heading_end: false, words });
        }
    }
}

#[cfg(test)]
mod fitting {
    //! Prints the cues of every candidate in documents whose markers are known, for `.ci/fit_weights.py`.

    use super::super::cues::cues;
    use super::super::dialect::Dialect;
    use super::super::{apparatus, blocks, lines, notes, pages};
    use super::*;

    /// Reads `APOGRAPH_FIT`, a table of files and the offsets of their markers, and writes beside it a line for each
    /// candidate: whether it is a marker, and its cues.
    #[test]
    #[ignore = "writes a table for the fitting of weights"]
    fn cues_of_known_markers() -> Result<(), Box<dyn std::error::Error>> {
        use std::fmt::Write as _;
        let table = std::env::var("APOGRAPH_FIT")?;
        let mut out = String::new();
        for row in std::fs::read_to_string(&table)?.lines() {
            let mut cells = row.split('\t');
            let text = std::fs::read_to_string(cells.next().unwrap_or_default())?;
            let markers: Vec<usize> = cells.map(str::parse).collect::<Result<_, _>>()?;
            for (at, found) in candidates(&text) {
                let known = u8::from(markers.contains(&at));
                let cues: Vec<String> = found.iter().map(ToString::to_string).collect();
                writeln!(out, "{known} {}", cues.join(" "))?;
            }
        }
        std::fs::write(format!("{table}.cues"), out)?;
        Ok(())
    }

    /// Each number that may be a marker: its first byte and its cues.
    fn candidates(text: &str) -> Vec<(usize, [u16; 8])> {
        let dialect = Dialect::default();
        let lines = lines::lines(text);
        let holes = pages::pages(text, 0..text.len(), &dialect);
        let parted = apparatus::part(text, &lines, &holes, &dialect);
        let view = View { text, holes: &holes };
        let pieces = blocks::pieces(view, &parted.main, parted.close);
        let most = parted.entries.iter().filter_map(|entry| entry.label.parse::<u32>().ok()).max().unwrap_or(0);
        let wanted = Wanted { most, symbols: Vec::new(), any_symbol: false };
        let places = notes::places(&pieces);
        let cues_at = |candidate: &Candidate| {
            let place = places
                .iter()
                .find(|place| place.line.start <= candidate.at.start && candidate.at.end <= place.line.end)?;
            let value = candidate.label.parse().ok()?;
            let spot = Spot { at: candidate.at.clone(), line: place.line.clone(), place: place.place, value };
            Some((candidate.at.start, cues(view, &spot)))
        };
        pool(view, &places, &wanted, &dialect).all.iter().filter_map(cues_at).collect()
    }
}

//! Dates in words: `May 4, 1931`, `October 3–5, 1969`, `le 9 thermidor an II`. In: a text and what is known of
//! the time it was written in. Out: where dates stand in it, what they mean, and how certainly.
//!
//! Readers and passes share it; it knows the model's dates and nothing else. What a date says is taken from its
//! words; what it leaves out (a year) is supplied from the date nearest by, and said to be so.

pub mod calendar;
pub mod clock;
mod cursor;
mod day_first;
mod figures;
mod month;
mod month_first;
mod supply;

use std::ops::Range;

use crate::model::{Certainty, Moment, When};
use calendar::Calendar;
use month::Month;

/// A date in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Dated {
    /// Its bytes.
    pub at: Range<usize>,
    /// What it means, in the Gregorian calendar.
    pub when: When,
    /// The calendar of its words, if that is another.
    pub calendar: Option<Calendar>,
    /// How sure the meaning is.
    pub certainty: Certainty,
    /// The rule by which it was read.
    pub rule: &'static str,
    /// Why it was read so, in a sentence.
    pub because: &'static str,
}

/// A date as its words say it, before a year is supplied.
#[derive(Clone, Debug, PartialEq)]
struct Said {
    at: Range<usize>,
    first: Day,
    last: Option<Day>,
    /// Which part of the month or year is meant.
    part: Option<Part>,
    calendar: Option<Calendar>,
    /// False if its shape is one that other things have, too.
    clear: bool,
}

impl Said {
    /// What a month's name says together with days and years round it.
    fn of(month: &Month, at: Range<usize>, first: Day, last: Option<Day>) -> Self {
        Self { at, first, last, part: None, calendar: month.calendar, clear: month.clear }
    }
}

/// A day, or a month without one, or a year alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Day {
    year: Option<i32>,
    month: Option<u8>,
    day: Option<u8>,
}

/// `early`, `mid-`, `late`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part {
    Early,
    Middle,
    Late,
}

/// Finds the dates in a text, in order. `near` is when the text was written, as far as that is known: a date
/// without a year gets that of the nearest such day, and is left alone where nothing is known.
///
/// Takes time linear in the text.
pub fn find(text: &str, near: Option<Moment>) -> Vec<Dated> {
    let mut found: Vec<Dated> = Vec::new();
    if !has_digit(text) && !month_first::may_name_a_part(text) {
        return found;
    }
    let mut from = 0;
    for month in month::find(text) {
        figures::find(text, from..month.at.start, near, &mut found);
        from = from.max(month.at.end);
        let end = found.last().map_or(0, |last| last.at.end);
        if month.at.start < end {
            continue;
        }
        for said in worded(text, end, &month) {
            let end = said.at.end;
            if let Some(dated) = supply::meaning(text, said, near) {
                from = from.max(dated.at.end).max(end);
                drop_overlapped(&mut found, dated.at.start);
                found.push(dated);
            }
        }
    }
    figures::find(text, from..text.len(), near, &mut found);
    found
}

/// True for a text with figures in it. Whole blocks are looked at without a branch, so that the processor can take their
/// bytes together.
fn has_digit(text: &str) -> bool {
    text.as_bytes().chunks(64).any(|block| block.iter().fold(false, |found, byte| found | byte.is_ascii_digit()))
}

/// What was found in figures before a month's name may belong to the date with that name.
fn drop_overlapped(found: &mut Vec<Dated>, start: usize) {
    while found.last().is_some_and(|last| last.at.end > start) {
        found.pop();
    }
}

/// The dates that a month's name is part of.
fn worded(text: &str, from: usize, month: &Month) -> Vec<Said> {
    let day_first = day_first::read(text, from, month);
    match day_first {
        Some(said) if month.day_first || said.first.year.or(said.last.and_then(|last| last.year)).is_some() => {
            vec![said]
        }
        other => {
            let found = month_first::read(text, from, month);
            if found.is_empty() { other.into_iter().collect() } else { found }
        }
    }
}

/// The first date in a text whose year is said.
pub fn first_full(text: &str) -> Option<Moment> {
    find(text, None).into_iter().find_map(|dated| match dated.when {
        When::On(moment) | When::Between(Some(moment), _) | When::Within(Some(moment), _) => Some(moment),
        When::Between(None, _) | When::Within(None, _) => None,
    })
}

/// True for the name of a month, whole or shortened, in one of the languages that are known.
pub fn is_month(word: &str) -> bool {
    month::at(word, 0).is_some_and(|month| month.at.end == word.len())
}

/// The month that a shelf mark or a folder's title ends with (`Policy Process: 12/78`), the first in a text. The
/// century is that of the year nearest to `around`, or the twentieth.
pub fn folder_month(text: &str, around: Option<i32>) -> Option<Moment> {
    text.match_indices('/').find_map(|(at, _)| {
        let before = &text[..at];
        let digits = before.len() - before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let month = before[digits..].parse().ok().filter(|month| (1..=12).contains(month))?;
        let short: i32 = text.get(at + 1..at + 3)?.parse().ok()?;
        let free = !before[..digits].ends_with(|c: char| c.is_alphanumeric() || c == '/')
            && !text[at + 3..].starts_with(|c: char| c.is_alphanumeric() || c == '/');
        let base = around.map_or(1900, |year| year - year.rem_euclid(100)) + short;
        let around = around.unwrap_or(base);
        let year = [base - 100, base, base + 100].into_iter().min_by_key(|year| (year - around).abs())?;
        free.then_some(Moment { month: Some(month), ..Moment::year(year) })
    })
}

#[cfg(test)]
mod tests;

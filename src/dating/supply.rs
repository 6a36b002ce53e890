//! What a date means: the year that its words leave out, the time of day beside it, the calendar.

use super::calendar::{self, Calendar};
use super::{Dated, Day, Part, Said, clock};
use crate::model::{Certainty, Clock, Moment, When};

const SAID: &str = "date.words";
const SUPPLIED: &str = "date.year-supplied";

/// What a date in words means, with the time of day that belongs to it; none if no calendar has it, or if its
/// year can't be supplied.
pub(super) fn meaning(text: &str, said: Said, near: Option<Moment>) -> Option<Dated> {
    let supplied = said.first.year.is_none() && said.last.is_none_or(|last| last.year.is_none());
    let mut said = said;
    if said.calendar.is_none() {
        supply(&mut said, near)?;
    }
    let style = old_style(text, &said);
    let (at, when) = match (said.calendar, said.last, said.part) {
        (Some(Calendar::Republican), ..) => {
            let year = u8::try_from(said.first.year?).ok()?;
            let day = calendar::republican(year, said.first.month?, said.first.day?)?;
            (said.at.clone(), When::On(day))
        }
        (_, None, Some(part)) => (said.at.clone(), part_of_month(said.first, part)?),
        (_, None, None) => match &style {
            Some((end, day)) => (said.at.start..*end, When::On(*day)),
            None => with_clock(text, said.at.clone(), moment(said.first)?),
        },
        (_, Some(last), _) => match dual(&said) {
            Some(day) => (said.at.clone(), When::On(day)),
            None => {
                let (first, last) = (moment(said.first)?, moment(last)?);
                if last < first {
                    return None;
                }
                (said.at.clone(), When::Between(Some(first), Some(last)))
            }
        },
    };
    let old = style.is_some() || said.last.is_some() && dual(&said).is_some();
    let calendar = said.calendar.or(old.then_some(Calendar::Julian));
    let (certainty, rule, because) = if supplied && said.calendar.is_none() {
        (Certainty::Medium, SUPPLIED, "the year is that of the nearest such day to when the text was written")
    } else if said.clear && said.part.is_none() {
        (Certainty::High, SAID, "the words name it")
    } else {
        (Certainty::Medium, SAID, "the words name it, though not exactly")
    };
    Some(Dated { at, when, calendar, certainty, rule, because })
}

/// Gives a year to days that have none: that of the other end of a span, else the nearest to `near`.
fn supply(said: &mut Said, near: Option<Moment>) -> Option<()> {
    // Two figures behind an apostrophe: the century is the one nearest by.
    for day in std::iter::once(&mut said.first).chain(&mut said.last) {
        if let Some(short) = day.year.filter(|year| *year < 100) {
            let around = near?.year;
            let base = around - around.rem_euclid(100) + short;
            day.year = [base - 100, base, base + 100].into_iter().min_by_key(|year| (year - around).abs());
        }
    }
    if let (None, Some(last)) = (said.first.year, &said.last)
        && let Some(year) = last.year
    {
        let before = (said.first.month, said.first.day) > (last.month, last.day.or(said.first.day));
        said.first.year = Some(if before { year - 1 } else { year });
    }
    if said.first.year.is_none() {
        said.first.year = Some(nearest(near?, said.first)?);
    }
    if let (Some(year), Some(last)) = (said.first.year, &mut said.last)
        && last.year.is_none()
    {
        let before = (last.month, last.day) < (said.first.month, said.first.day);
        last.year = Some(if before { year + 1 } else { year });
    }
    Some(())
}

/// The year in which a day lies nearest to a moment.
fn nearest(near: Moment, day: Day) -> Option<i32> {
    let count = |year: i32, month: u8, day: u8| year * 372 + i32::from(month - 1) * 31 + i32::from(day - 1);
    let around = count(near.year, near.month.unwrap_or(7), near.day.unwrap_or(15));
    let (month, of_month) = (day.month?, day.day.unwrap_or(15));
    let exists = |year: &i32| day.day.is_none_or(|of_month| Moment::day(*year, month, of_month).is_some());
    (near.year - 1..=near.year + 1).filter(exists).min_by_key(|year| (count(*year, month, of_month) - around).abs())
}

fn moment(day: Day) -> Option<Moment> {
    match (day.month, day.day) {
        (Some(month), Some(of_month)) => Moment::day(day.year?, month, of_month),
        (month, _) => Some(Moment { month, ..Moment::year(day.year?) }),
    }
}

/// The last day of a month.
fn month_end(year: i32, month: u8) -> Option<Moment> {
    (28..=31).rev().find_map(|day| Moment::day(year, month, day))
}

fn part_of_month(day: Day, part: Part) -> Option<When> {
    let (year, month) = (day.year?, day.month?);
    let at = |day| Moment::day(year, month, day);
    let (from, to) = match part {
        Part::Early => (at(1), at(10)),
        Part::Middle => (at(11), at(20)),
        Part::Late => (at(21), month_end(year, month)),
    };
    Some(When::Within(from, to))
}

/// A third of a year.
pub(super) fn part_of_year(year: i32, part: Part) -> When {
    let (from, to) = match part {
        Part::Early => (1, 4),
        Part::Middle => (5, 8),
        Part::Late => (9, 12),
    };
    let month = |month| Moment { month: Some(month), ..Moment::year(year) };
    When::Within(Some(month(from)), Some(month(to)))
}

/// A day that is said to be of the Old Style: where the words end, and the Gregorian day.
fn old_style(text: &str, said: &Said) -> Option<(usize, Moment)> {
    const MARKS: [&str; 6] = [" (O.S.)", " O.S.", " (Old Style)", " (old style)", ", Old Style", " Old Style"];
    let mark = MARKS.iter().find(|mark| text[said.at.end..].starts_with(**mark))?;
    let day = calendar::julian(said.first.year?, said.first.month?, said.first.day?)?;
    Some((said.at.end + mark.len(), day))
}

/// A day given in both calendars, `5/18 January 1918`: the later is as far ahead as the Gregorian then was.
fn dual(said: &Said) -> Option<Moment> {
    let (first, last) = (said.first, said.last?);
    let old = calendar::julian(first.year?, first.month?, first.day?)?;
    (Some(old) == moment(last) && last.day.is_some()).then_some(old)
}

/// The day with the time that stands behind or before it, and all of their bytes.
fn with_clock(text: &str, at: std::ops::Range<usize>, day: Moment) -> (std::ops::Range<usize>, When) {
    if day.day.is_none() {
        return (at, When::On(day));
    }
    let rest = &text[at.end..];
    let joint = [", at ", " at ", ", ", "—", "–", " "].iter().find(|joint| rest.starts_with(**joint));
    if let Some(joint) = joint
        && let Some(span) = clock::span(&rest[joint.len()..])
        && !rest[joint.len() + span.length..].starts_with(char::is_alphanumeric)
    {
        return (at.start..at.end + joint.len() + span.length, timed(day, span));
    }
    match clock_before(text, at.start) {
        Some((start, span)) => (start..at.end, timed(day, span)),
        None => (at, When::On(day)),
    }
}

fn timed(day: Moment, span: clock::ClockSpan) -> When {
    let on = |clock: Clock| Moment { clock: Some(clock), offset: span.zone, ..day };
    match span.until {
        Some(until) if until > span.from => When::Between(Some(on(span.from)), Some(on(until))),
        _ => When::On(on(span.from)),
    }
}

/// The time before a date: the `3:30 P.M.` of `3:30 P.M. on December 4`.
fn clock_before(text: &str, date: usize) -> Option<(usize, clock::ClockSpan)> {
    let before = text[..date].strip_suffix(" on ").or_else(|| text[..date].strip_suffix(" of "))?;
    let mut from = before.len().saturating_sub(24);
    while !before.is_char_boundary(from) {
        from += 1;
    }
    let starts = before[from..].char_indices().map(|(at, _)| from + at);
    let fresh = |at: &usize| {
        before[*at..].starts_with(|c: char| c.is_ascii_digit() || c == 'n' || c == 'm')
            && !before[..*at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, ':' | '.' | ','))
    };
    starts.filter(fresh).find_map(|at| {
        let span = clock::span(&before[at..])?;
        (at + span.length == before.len()).then_some((at, span))
    })
}

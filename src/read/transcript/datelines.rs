//! Place and date at the head of a document: `Port Vale, May 4, 1931, 1500Z`.

use std::ops::Range;

use crate::dating::clock;
use crate::model::{Clock, Moment, When};

/// A line that says where and when a document was written.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dateline {
    /// The place's bytes, counted from the beginning of the line.
    pub place: Option<Range<usize>>,
    /// The date's bytes.
    pub date: Option<Range<usize>>,
    /// What the date means; none for "undated".
    pub when: Option<When>,
    /// A span of hours behind the date, which is a time of its own.
    pub hours: Option<Hours>,
}

/// A span of hours: its bytes, counted from the beginning of the line, beginning and end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hours {
    /// Its bytes.
    pub at: Range<usize>,
    /// When it begins.
    pub from: Clock,
    /// When it ends; on the next day, if earlier than the beginning.
    pub to: Clock,
}

/// The number of a month by its name, whole or shortened.
pub(super) fn month(word: &str) -> Option<u8> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.trim_end_matches('.');
    if !word.is_ascii() || word.len() < 3 || word.len() > 9 {
        return None;
    }
    let found = MONTHS.iter().position(|name| {
        name.eq_ignore_ascii_case(word)
            || (word.len() <= 4
                && word.starts_with(|c: char| c.is_ascii_uppercase())
                && name.len() > word.len()
                && name[..word.len()].eq_ignore_ascii_case(word))
    })?;
    Some(found as u8 + 1)
}

/// Reads a line that may be a dateline. The line's markers of notes and page tokens have been blanked out.
pub(super) fn dateline(line: &str) -> Option<Dateline> {
    if line.len() > 160 {
        return None;
    }
    if let Some(found) = undated(line) {
        return Some(found);
    }
    let mut date = find_date(line, 0)?;
    let before = clock_before(line, date.at.start);
    let place = place(line, before.as_ref().map_or(date.at.start, |(start, _)| *start))?;
    if let (Some((start, clock)), None, Some(_)) = (before, date.last, date.first.day) {
        let end = date.at.end;
        date.at.start = start;
        let when = When::On(Moment { clock: Some(clock), ..date.first });
        let said = Dateline { place, date: Some(start..end), when: Some(when), hours: None };
        return is_tail(&line[end..]).then_some(said);
    }
    if let Some(hours) = hours(line, &date) {
        let (end, day) = (hours.at.end, date.at.clone());
        let said = Dateline { place, date: Some(day), when: Some(When::On(date.first)), hours: Some(hours) };
        return is_tail(&line[end..]).then_some(said);
    }
    let (mut rest, mut when) = with_clock(line, &date);
    if let Some((end, corrected)) = corrected(line, rest, &when) {
        (rest, when) = (end, corrected);
    }
    is_tail(&line[rest..]).then(|| Dateline {
        place,
        date: Some(date.at.start..trim_end(line, rest)),
        when: Some(when),
        hours: None,
    })
}

/// A half of the day that the editors corrected: `10 a. m. [p. m.]`.
fn corrected(line: &str, from: usize, when: &When) -> Option<(usize, When)> {
    let rest = &line[from..];
    let inner = rest.trim_start().strip_prefix('[')?;
    let afternoon = inner.starts_with("p. m.") || inner.starts_with("p.m.");
    if !(afternoon || inner.starts_with("a. m.") || inner.starts_with("a.m.")) {
        return None;
    }
    let When::On(moment) = when else { return None };
    let clock = moment.clock?;
    let hour = clock.hour % 12 + if afternoon { 12 } else { 0 };
    let end = from + rest.find(']')? + 1;
    Some((end, When::On(Moment { clock: Some(Clock { hour, ..clock }), ..*moment })))
}

/// A time of day that stands before the date: where it begins, and what it says.
fn clock_before(line: &str, date: usize) -> Option<(usize, Clock)> {
    let before = line[..date].trim_end_matches([' ', ',']);
    let start = [", ", "] "].iter().filter_map(|end| before.rfind(end)).max().map_or(0, |end| end + 2);
    let span = clock::span(&before[start..])?;
    (start + span.length == before.len()).then_some((start, span.from))
}

fn trim_end(line: &str, end: usize) -> usize {
    let bare = line[..end].trim_end_matches([' ', '.', ',']).len();
    // The stop of `a.m.` is the abbreviation's.
    let half = [".m", ". m", ".M"].iter().any(|end| line[..bare].ends_with(end));
    bare + usize::from(half && line[bare..].starts_with('.'))
}

fn undated(line: &str) -> Option<Dateline> {
    let at = line.to_ascii_lowercase().find("undated")?;
    let end = at + "undated".len();
    let place = place(line, at)?;
    is_tail(&line[end..]).then_some(Dateline { place, date: Some(at..end), when: None, hours: None })
}

/// The place before a date: `Some(None)` if there is none, `None` if what stands there is no place.
fn place(line: &str, end: usize) -> Option<Option<Range<usize>>> {
    let before = line[..end].trim_end_matches([' ', ',', '[', ';', '—', '(']);
    let start = before.len() - before.trim_start_matches(['[', ' ', '(']).len();
    let words = before[start..].trim_end_matches([']', '.', ')', ',', ' ']);
    if words.is_empty() {
        return Some(None);
    }
    let plausible = words.len() <= 90
        && words.starts_with(|c: char| c.is_uppercase())
        && words.split([' ', ',', '—', '–', '-', '/']).filter(|word| !word.is_empty()).all(is_place_word)
        && !words.contains(':');
    plausible.then(|| Some(start..start + words.len()))
}

fn is_place_word(word: &str) -> bool {
    let word = word.trim_matches(['[', ']', '(', ')', '.', '“', '”', '"', '’', '?']);
    word.is_empty()
        || word.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
        || matches!(
            word,
            "de" | "del"
                | "la"
                | "of"
                | "the"
                | "at"
                | "in"
                | "and"
                | "to"
                | "on"
                | "aboard"
                | "en"
                | "route"
                | "near"
                | "am"
                | "du"
                | "le"
                | "les"
                | "al"
                | "el"
                | "von"
                | "a"
                | "des"
                | "da"
                | "es"
                | "from"
        )
}

/// True if nothing but punctuation, or a bracket about receipt, stands behind the date.
fn is_tail(rest: &str) -> bool {
    let rest = rest.trim_matches([' ', '.', ',', ']', ';', ')', '\n', '?', '[']);
    let lower = rest.to_ascii_lowercase();
    rest.is_empty()
        || (rest.len() <= 5 && rest.ends_with('Z') && rest[..rest.len() - 1].bytes().all(|byte| byte.is_ascii_digit()))
        || (rest.len() < 60
            && (lower.starts_with('[') || lower.starts_with("(received") || lower.starts_with("received")))
        || (lower.starts_with("local time") || lower.starts_with("washington time") || lower.starts_with("paris time"))
}

/// A date and what it says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// Its bytes.
    pub at: Range<usize>,
    /// The first day, or the month.
    pub first: Moment,
    /// The last day, if it is another.
    pub last: Option<Moment>,
}

/// The first date in a line from a place on: `May 4, 1931`, `4 May 1931`, `May 4–5, 1931`, `May 1931`.
pub(super) fn find_date(line: &str, from: usize) -> Option<Found> {
    let tokens = tokens(line, from);
    tokens.iter().enumerate().find_map(|(at, token)| {
        let name = month(&line[token.clone()])?;
        day_first(line, &tokens, at, name).or_else(|| month_first(line, &tokens, at, name))
    })
}

/// Words and numbers of a line.
fn tokens(line: &str, from: usize) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut kind = 0;
    for (at, c) in line[from..].char_indices() {
        let at = from + at;
        let now = if c.is_ascii_digit() {
            1
        } else if c.is_alphabetic() {
            2
        } else {
            0
        };
        if now == kind && now != 0 {
            if let Some(last) = found.last_mut() {
                last.end = at + c.len_utf8();
            }
        } else if now != 0 {
            found.push(at..at + c.len_utf8());
        }
        kind = now;
    }
    found
}

fn number(line: &str, token: Option<&Range<usize>>) -> Option<i32> {
    line[token?.clone()].parse().ok()
}

fn year(line: &str, token: Option<&Range<usize>>) -> Option<i32> {
    number(line, token).filter(|year| (1500..2100).contains(year))
}

fn day(line: &str, token: Option<&Range<usize>>) -> Option<u8> {
    number(line, token).and_then(|day| u8::try_from(day).ok()).filter(|day| (1..=31).contains(day))
}

/// True if the tokens are parted by nothing but these characters, and by at most four of them.
fn parted(line: &str, a: &Range<usize>, b: &Range<usize>, by: &[char]) -> bool {
    let between = &line[a.end..b.start];
    between.len() <= 8 && between.chars().all(|c| by.contains(&c))
}

const COMMA: &[char] = &[' ', ',', '.', '\u{a0}', '[', ']', '?'];
const RANGE: &[char] = &[' ', '-', '–', '—', '/', ',', '&'];

/// `May 4, 1931`, `May 4–5, 1931`, `May 30–June 2, 1931`, `May 4 [5], 1931`, `May 1931`.
fn month_first(line: &str, tokens: &[Range<usize>], at: usize, name: u8) -> Option<Found> {
    let start = tokens[at].start;
    let get = |offset: usize| tokens.get(at + offset);
    if !parted(line, &tokens[at], get(1)?, COMMA) {
        return None;
    }
    if let Some(found) = year(line, get(1)) {
        let first = Moment { month: Some(name), ..Moment::year(found) };
        return Some(Found { at: start..get(1)?.end, first, last: None });
    }
    let first = day(line, get(1))?;
    let mut offset = 2;
    // An ordinal's ending: `4th`.
    if matches!(get(offset).map(|token| &line[token.clone()]), Some("st" | "nd" | "rd" | "th" | "d")) {
        offset += 1;
    }
    if let Some(found) = year(line, get(offset))
        && parted(line, get(offset - 1)?, get(offset)?, COMMA)
    {
        return Some(Found { at: start..get(offset)?.end, first: Moment::day(found, name, first)?, last: None });
    }
    let and = get(offset).is_some_and(|token| &line[token.clone()] == "and");
    let second = offset + usize::from(and);
    let joined = and || parted(line, get(offset - 1)?, get(offset)?, RANGE);
    let correction = line[get(offset - 1)?.end..get(second)?.start].contains('[');
    if let Some(last) = day(line, get(second)).filter(|_| joined || correction) {
        let found = year(line, get(second + 1))?;
        let at = start..get(second + 1)?.end;
        let last = Moment::day(found, name, last)?;
        if correction {
            return Some(Found { at, first: last, last: None });
        }
        return Some(Found { at, first: Moment::day(found, name, first)?, last: Some(last) });
    }
    let other = month(&line[get(second)?.clone()]).filter(|_| joined)?;
    let last = day(line, get(second + 1))?;
    let found = year(line, get(second + 2))?;
    let first = Moment::day(found, name, first)?;
    Some(Found { at: start..get(second + 2)?.end, first, last: Moment::day(found, other, last) })
}

/// `4 May 1931`, `4–5 May 1931`.
fn day_first(line: &str, tokens: &[Range<usize>], at: usize, name: u8) -> Option<Found> {
    let before = tokens.get(at.checked_sub(1)?)?;
    let last = day(line, Some(before)).filter(|_| parted(line, before, &tokens[at], COMMA))?;
    let found = year(line, tokens.get(at + 1)).filter(|_| parted(line, &tokens[at], &tokens[at + 1], COMMA))?;
    let end = tokens[at + 1].end;
    let last = Moment::day(found, name, last)?;
    if let Some(earlier) = at.checked_sub(2).and_then(|at| tokens.get(at))
        && parted(line, earlier, before, RANGE)
        && let Some(first) = day(line, Some(earlier))
    {
        return Some(Found { at: earlier.start..end, first: Moment::day(found, name, first)?, last: Some(last) });
    }
    Some(Found { at: before.start..end, first: last, last: None })
}

/// How many bytes stand between a date and a time behind it.
fn lead(rest: &str) -> usize {
    rest.len() - rest.trim_start_matches([',', ' ', '—', '–', '-', ';', '.', '[', '\u{a0}']).len()
}

/// The span of hours behind a single day.
fn hours(line: &str, date: &Found) -> Option<Hours> {
    if date.last.is_some() || date.first.day.is_none() {
        return None;
    }
    let start = date.at.end + lead(&line[date.at.end..]);
    let span = clock::span(&line[start..])?;
    Some(Hours { at: start..trim_end(line, start + span.length), from: span.from, to: span.until? })
}

/// The time of day behind a date: where it ends, and what date and time mean together.
fn with_clock(line: &str, date: &Found) -> (usize, When) {
    let end = date.at.end;
    let (first, last) = (date.first, date.last);
    let plain = match last {
        Some(last) => When::Between(Some(first), Some(last)),
        None => When::On(first),
    };
    if first.day.is_none() {
        return (end, plain);
    }
    let lead = lead(&line[end..]);
    let Some(span) = clock::span(&line[end + lead..]) else { return (end, plain) };
    let stop = end + lead + span.length;
    let at = |clock: Clock| Moment { clock: Some(clock), offset: span.zone, ..first };
    let when = match last {
        Some(last) => When::Between(Some(first), Some(last)),
        None => When::On(at(span.from)),
    };
    (stop, when)
}

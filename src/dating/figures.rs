//! Dates in figures: `1931-05-04`, `4.5.1931`, `12/25/1970`; and years behind a word that asks for one: `in 1972`,
//! `since 1929–30`, `late 1969`.

use std::ops::Range;

use super::Dated;
use crate::model::{Certainty, Moment, When};

const RULE: &str = "date.figures";
const YEAR: &str = "date.year";

/// How far from the time of writing a year may lie that only a weak cue makes one.
const NEAR: i32 = 60;
/// The same for a strong cue: text speaks of its past more than of its future.
const PAST: i32 = 600;
const FUTURE: i32 = 100;

/// The dates in figures within a part of a text, behind those that were found.
pub(super) fn find(text: &str, within: Range<usize>, near: Option<Moment>, found: &mut Vec<Dated>) {
    let bytes = text.as_bytes();
    let mut at = within.start;
    while let Some(next) = memchr::memchr2(b'1', b'2', &bytes[at.min(within.end)..within.end]) {
        let start = at + next;
        let count = bytes[start..within.end].iter().take_while(|byte| byte.is_ascii_digit()).count();
        at = start + count;
        let fresh = start == 0 || !(bytes[start - 1].is_ascii_digit());
        if count != 4 || !fresh {
            continue;
        }
        let dated = iso(text, start).or_else(|| figures(text, start)).or_else(|| year(text, start, near));
        let free = |dated: &Dated| found.last().is_none_or(|last| last.at.end <= dated.at.start);
        if let Some(dated) = dated.filter(|dated| free(dated) && dated.at.start >= within.start) {
            at = at.max(dated.at.end);
            found.push(dated);
        }
    }
}

fn dated(at: Range<usize>, when: When, certainty: Certainty, rule: &'static str, because: &'static str) -> Dated {
    Dated { at, when, calendar: None, certainty, rule, because }
}

/// `1931-05-04`.
fn iso(text: &str, start: usize) -> Option<Dated> {
    let words = text.get(start..start + 10)?;
    let free = !text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '_'))
        && !text[start + 10..].starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '_'));
    let moment: Moment = words.parse().ok().filter(|moment: &Moment| free && moment.day.is_some())?;
    Some(dated(start..start + 10, When::On(moment), Certainty::High, RULE, "it is written as ISO 8601 has it"))
}

/// `4.5.1931`, `4. 5. 1931`: day first. `12/25/1970` and `25/12/1970`: as only one reading fits; else no date.
fn figures(text: &str, start: usize) -> Option<Dated> {
    let year: i32 = text[start..start + 4].parse().ok().filter(|year| (1000..2200).contains(year))?;
    if text[start + 4..].starts_with(|c: char| c.is_alphanumeric() || c == '/') {
        return None;
    }
    let before = text[..start].trim_end_matches(' ');
    let parting = before.chars().next_back().filter(|c| matches!(c, '.' | '/'))?;
    let (second, rest) = number_at_end(&before[..before.len() - 1])?;
    let rest = rest.trim_end_matches(' ').strip_suffix(parting)?;
    let (first, rest) = number_at_end(rest)?;
    if rest.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | ',' | '-')) {
        return None;
    }
    let at = rest.len()..start + 4;
    if parting == '.' {
        let moment = Moment::day(year, second, first)?;
        let because = "figures parted by stops have the day first";
        return Some(dated(at, When::On(moment), Certainty::Medium, RULE, because));
    }
    let moment = match (first, second) {
        (1..=12, 13..) => Moment::day(year, first, second)?,
        (13.., 1..=12) => Moment::day(year, second, first)?,
        (same, other) if same == other => Moment::day(year, same, other)?,
        _ => return None,
    };
    Some(dated(at, When::On(moment), Certainty::Medium, RULE, "only one order of its figures makes a date"))
}

fn number_at_end(text: &str) -> Option<(u8, &str)> {
    let count = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let at = text.len() - count;
    let number = text[at..].parse().ok().filter(|_| (1..=2).contains(&count))?;
    Some((number, &text[..at]))
}

/// What a word before a figure says of it.
enum Cue {
    Strong,
    Weak,
    Part(super::Part),
}

fn cue(word: &str) -> Option<Cue> {
    use super::Part;
    Some(match word {
        "in" | "In" | "since" | "Since" | "until" | "Until" | "during" | "During" | "before" | "after" | "year"
        | "spring" | "summer" | "fall" | "autumn" | "winter" | "en" | "depuis" | "année" | "Jahre" | "Jahr"
        | "seit" | "año" => Cue::Strong,
        "of" | "from" | "by" | "By" | "the" | "The" | "for" | "this" | "last" | "next" => Cue::Weak,
        "early" | "Early" => Cue::Part(Part::Early),
        "mid" | "Mid" => Cue::Part(Part::Middle),
        "late" | "Late" => Cue::Part(Part::Late),
        _ => return None,
    })
}

/// A year behind a word that asks for one.
fn year(text: &str, start: usize, near: Option<Moment>) -> Option<Dated> {
    let year: i32 = text[start..start + 4].parse().ok()?;
    let end = start + 4;
    let rest = &text[end..];
    let before = &text[..start];
    // A line may end there.
    let parted = match before.trim_end() {
        trimmed if trimmed.len() < before.len() => trimmed,
        trimmed => trimmed.strip_suffix(['-', '–'])?,
    };
    let word = parted.rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let cue = cue(word)?;
    if text[..start].ends_with(['-', '–']) && !matches!(cue, Cue::Part(super::Part::Middle)) {
        return None;
    }
    let distance = near.map(|near| year - near.year);
    let plausible = match (&cue, distance) {
        (Cue::Weak, distance) => distance.is_some_and(|distance| distance.abs() <= NEAR),
        (_, Some(distance)) => (-PAST..=FUTURE).contains(&distance),
        (_, None) => (1400..2100).contains(&year),
    };
    let mut after = rest.chars();
    let (next, second) = (after.next(), after.next());
    let number = next.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '/' | '-'))
        || matches!((next, second), (Some(',' | '.' | ':'), Some(c)) if c.is_ascii_digit());
    if !plausible || number {
        return None;
    }
    let because = "the word before it asks for a year";
    if let Cue::Part(part) = cue {
        let start = parted.len() - word.len();
        let when = super::supply::part_of_year(year, part);
        return Some(dated(start..end, when, Certainty::Medium, YEAR, because));
    }
    if let Some((last, length)) = span_of_years(rest, year) {
        let when = When::Between(Some(Moment::year(year)), Some(Moment::year(last)));
        return Some(dated(start..end + length, when, Certainty::Medium, YEAR, because));
    }
    if next == Some('–') {
        return None;
    }
    Some(dated(start..end, When::On(Moment::year(year)), Certainty::Medium, YEAR, because))
}

/// The end of a span of years: `–30`, `–1930`.
fn span_of_years(rest: &str, year: i32) -> Option<(i32, usize)> {
    let figures = rest.strip_prefix('–')?;
    let count = figures.bytes().take_while(u8::is_ascii_digit).count();
    let last: i32 = figures[..count].parse().ok()?;
    let last = match count {
        2 => year - year.rem_euclid(100) + last,
        4 => last,
        _ => return None,
    };
    (last > year && !figures[count..].starts_with(char::is_alphanumeric)).then_some((last, '–'.len_utf8() + count))
}

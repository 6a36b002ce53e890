//! Dates whose day stands before the month: `4 May 1931`, `4.–6. Mai 1931`, `le 1er août 1914`, `4 de mayo de
//! 1931`, `the 4th of May`, `9 thermidor an II`.

use super::calendar::{Calendar, republican_year};
use super::cursor::Cursor;
use super::month::Month;
use super::{Day, Said};

/// The date in which a day stands before this month. Nothing before `from` belongs to it.
pub(super) fn read(text: &str, from: usize, month: &Month) -> Option<Said> {
    let before = &text[from.min(month.at.start)..month.at.start];
    let (start, day) = day_at_end(before)?;
    let start = from + start;
    let mut cursor = Cursor::new(text, month.at.end);
    let said = |at: usize, end: usize, first, last| Said::of(month, at..end, first, last);
    let mut first = Day { year: None, month: Some(month.number), day: Some(day) };
    if month.calendar == Some(Calendar::Republican) {
        first.year = Some(year_of_the_republic(&mut cursor)?);
        return Some(said(start, cursor.at, first, None));
    }
    first.year = cursor.year_behind();
    if let Some((last, end)) = until(cursor) {
        return Some(said(start, end, first, Some(last)));
    }
    let Some((earlier, opening)) = day_before_dash(text, from, start) else {
        return Some(said(start, cursor.at, first, None));
    };
    Some(said(earlier, cursor.at, Day { day: Some(opening), year: None, ..first }, Some(first)))
}

/// The day with which a text ends, up to the month that follows: where it begins, and the day.
fn day_at_end(before: &str) -> Option<(usize, u8)> {
    let trimmed = before.trim_end();
    let mut words = trimmed;
    let mut linked = false;
    for link in [" of", " de", " d’", " d'"] {
        if let Some(rest) = words.strip_suffix(link) {
            words = rest;
            linked = true;
            break;
        }
    }
    if trimmed.len() == before.len() && !(linked && words.len() < trimmed.len()) && !before.ends_with(['’', '\'']) {
        return None;
    }
    let bare = words.strip_suffix('.').unwrap_or(words);
    let bare = ["st", "nd", "rd", "th", "er", "º"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let start = bare.len() - bare.bytes().rev().take_while(u8::is_ascii_digit).count();
    let day: u8 = bare[start..].parse().ok().filter(|day| (1..=31).contains(day) && bare.len() - start <= 2)?;
    // A number with a point, a comma or a letter before it is no day.
    let free = !bare[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '$' | '£' | '#' | ':'));
    let thousands = bare[..start].ends_with(',') && bare[..start - 1].ends_with(|c: char| c.is_ascii_digit());
    let numbered =
        ["Document ", "No. ", "no. ", "Nos. ", "p. ", "pp. ", "Box ", "Tab ", "footnote ", "paragraph ", "telegram "]
            .iter()
            .any(|word| bare[..start].ends_with(word));
    (free && !thousands && !numbered).then_some((start, day))
}

/// The first day of a span: the `4` of `4–6 May`.
fn day_before_dash(text: &str, from: usize, start: usize) -> Option<(usize, u8)> {
    let before = text[from..start].strip_suffix(['–', '-', '/'])?;
    let before = before.strip_suffix('.').unwrap_or(before);
    let count = before.bytes().rev().take_while(u8::is_ascii_digit).count();
    let at = before.len() - count;
    let day = before[at..].parse().ok().filter(|day| (1..=31).contains(day) && count <= 2)?;
    (!before[..at].ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == ',')).then_some((from + at, day))
}

/// The end of a span that names its month again: `–2 June 1931`.
fn until(mut cursor: Cursor<'_>) -> Option<(Day, usize)> {
    if !cursor.joint() {
        return None;
    }
    let day = cursor.day()?;
    let _ = cursor.eat(&["."]);
    let month = if cursor.gap() { cursor.month() } else { None };
    let number = month.filter(|month| month.calendar.is_none())?.number;
    let year = cursor.year_behind();
    Some((Day { year, month: Some(number), day: Some(day) }, cursor.at))
}

/// ` an II`, ` an 2`, `, year II`.
fn year_of_the_republic(cursor: &mut Cursor<'_>) -> Option<i32> {
    let mut ahead = *cursor;
    let _ = ahead.eat(&[","]);
    if !(ahead.gap() && ahead.eat(&["an ", "l’an ", "l'an ", "de l’an ", "year ", "Year "])) {
        return None;
    }
    let length = ahead.rest().find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(ahead.rest().len());
    let year = republican_year(&ahead.rest()[..length])?;
    ahead.at += length;
    *cursor = ahead;
    Some(year.into())
}

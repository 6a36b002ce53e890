//! Dates that begin with the month: `May 4, 1931`, `May 4–6`, `May 30–June 2, 1931`, `January–March 1970`,
//! `early May`, `September 2 and 9`.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::cursor::Cursor;
use super::month::Month;
use super::{Day, Part, Said};

/// The dates that begin with a month's name; several where it is said once for all (`September 2 and 9`).
pub(super) fn read(text: &str, from: usize, month: &Month) -> Vec<Said> {
    let mut cursor = Cursor::new(text, month.at.end);
    let (start, part) = part_before(text, from, month.at.start);
    let said = |at: usize, end: usize, first, last| Said::of(month, at..end, first, last);
    let whole = Day { year: None, month: Some(month.number), day: None };
    let mut ahead = cursor;
    if let Some(year) = ahead.year_behind() {
        let first = Day { year: Some(year), ..whole };
        if let Some((last, end)) = months_until(ahead) {
            return vec![said(month.at.start, end, first, Some(last))];
        }
        return vec![Said { part, ..said(start, ahead.at, first, None) }];
    }
    if let Some((last, end)) = months_until(cursor).filter(|(last, _)| last.year.is_some()) {
        return vec![said(month.at.start, end, whole, Some(last))];
    }
    let mut ahead = cursor;
    let day = (ahead.gap() || ahead.eat(&[", "]) || text[..cursor.at].ends_with('.'))
        .then(|| {
            let _ = ahead.eat(&["the "]);
            ahead.day()
        })
        .flatten();
    let Some(day) = day else {
        return part
            .map(|part| Said { part: Some(part), ..said(start, month.at.end, whole, None) })
            .into_iter()
            .collect();
    };
    cursor = ahead;
    let mut first = Day { day: Some(day), ..whole };
    first.year = cursor.year_behind();
    if let Some((last, end)) = days_until(cursor, first) {
        return vec![said(month.at.start, end, first, Some(last))];
    }
    if first.year.is_some() {
        return vec![said(month.at.start, cursor.at, first, None)];
    }
    let mut found = vec![said(month.at.start, cursor.at, first, None)];
    let more = listed(cursor, first);
    let year = more.last().and_then(|(_, day)| day.year);
    found[0].first.year = year;
    found.extend(more.into_iter().map(|(at, day)| said(at.0, at.1, Day { year, ..day }, None)));
    found
}

/// The end of a span of months: `–March 1970`.
fn months_until(mut cursor: Cursor<'_>) -> Option<(Day, usize)> {
    if !cursor.joint() {
        return None;
    }
    let month = cursor.month().filter(|month| month.calendar.is_none())?;
    let mut ahead = cursor;
    if ahead.gap() && ahead.day().is_some() {
        return None;
    }
    let year = cursor.year_behind();
    Some((Day { year, month: Some(month.number), day: None }, cursor.at))
}

/// The end of a span of days: `–6`, `–June 2, 1931`.
fn days_until(mut cursor: Cursor<'_>, first: Day) -> Option<(Day, usize)> {
    if !cursor.joint() {
        return None;
    }
    let month = cursor.month();
    if month.as_ref().is_some_and(|month| !(cursor.gap() && month.calendar.is_none())) {
        return None;
    }
    let number = month.as_ref().map(|month| month.number);
    let day = cursor.day()?;
    if number.is_none() && (first.year.is_some() || first.day >= Some(day)) {
        return None;
    }
    let year = cursor.year_behind();
    Some((Day { year, month: number.or(first.month), day: Some(day) }, cursor.at))
}

type Place = (usize, usize);

/// What stands before a month if part of it is meant.
const PARTS: [(&str, Part); 10] = [
    ("early in ", Part::Early),
    ("early ", Part::Early),
    ("beginning of ", Part::Early),
    ("mid-", Part::Middle),
    ("mid–", Part::Middle),
    ("mid ", Part::Middle),
    ("middle of ", Part::Middle),
    ("late in ", Part::Late),
    ("late ", Part::Late),
    ("end of ", Part::Late),
];

/// What stands in the words of [`PARTS`], each in one of them at least.
const MARKS: [&str; 8] = ["rly ", "ng o", "id-", "id–", "id ", "le o", "ate ", "nd o"];

/// [`MARKS`] in small and capital letters, as they come. So few and short ones are looked for in many bytes at a time, if the
/// first that is found may be taken.
static MARKED: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let spellings = MARKS.iter().flat_map(|mark| {
        mark.chars().fold(vec![String::new()], |spelt, letter| {
            let mut cases = vec![letter, letter.to_ascii_uppercase()];
            cases.dedup();
            spelt.iter().flat_map(|before| cases.iter().map(move |case| format!("{before}{case}"))).collect()
        })
    });
    // Constants of a few bytes: there is nothing that could be too large.
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(spellings).expect("a few short words")
});

/// True if a month without day and year may be a date in a text, by a word before it.
pub(super) fn may_name_a_part(text: &str) -> bool {
    MARKED.is_match(text)
}

/// Further days of the same month: ` and 9`, `, 5, and 9, 1931`. They are listed only if `and` stands before the
/// last, and what follows shows that it is no other number.
fn listed(mut cursor: Cursor<'_>, first: Day) -> Vec<(Place, Day)> {
    let mut found = Vec::new();
    loop {
        let last = cursor.eat(&[", and ", " and ", " et ", " und ", " y "]);
        if !(last || cursor.eat(&[", "])) {
            return Vec::new();
        }
        let start = cursor.at;
        let Some(day) = cursor.day() else { return Vec::new() };
        found.push(((start, cursor.at), Day { day: Some(day), ..first }));
        if !last {
            continue;
        }
        if let Some(year) = cursor.year_behind() {
            if let Some(((_, end), day)) = found.last_mut() {
                (*end, day.year) = (cursor.at, Some(year));
            }
            return found;
        }
        let rest = cursor.rest();
        let closed = rest.is_empty() || rest.starts_with(['.', ',', ';', ':', ')', ']', '”', '—']);
        return if closed { found } else { Vec::new() };
    }
}

/// The word before a month that says which part of it is meant, and where the date then begins.
fn part_before(text: &str, from: usize, start: usize) -> (usize, Option<Part>) {
    let before = &text[from.min(start)..start];
    let found = PARTS.iter().find(|(word, _)| {
        before.len().checked_sub(word.len()).and_then(|at| before.get(at..)).is_some_and(|end| {
            end.eq_ignore_ascii_case(word) && !before[..before.len() - word.len()].ends_with(char::is_alphanumeric)
        })
    });
    found.map_or((start, None), |(word, part)| (start - word.len(), Some(*part)))
}

#[cfg(test)]
mod tests {
    use super::{PARTS, may_name_a_part};

    #[test]
    fn no_word_before_a_month_is_passed_over() {
        for (word, _) in PARTS {
            assert!(may_name_a_part(&format!("x {word}May")), "{word}");
            assert!(may_name_a_part(&format!("x {}MAY", word.to_ascii_uppercase())), "{word}");
        }
    }
}

//! What speaks for and against a digit group being a note's marker: each cue is a number, each number has a
//! weight. The weights were fitted to documents whose markers are known.

use std::ops::Range;

use compact_str::CompactString;

use super::view::View;
use super::weights::WEIGHTS;
use super::words::{is_counted_noun, is_month, is_preposition, is_unit};

/// How many cues there are: the length of the table of weights.
#[cfg(test)]
const CUES: usize = PAIR + BEFORE * COARSE;

const BEFORE: usize = 36;
const AFTER: usize = 24;
const COARSE: usize = 8;
const DIGITS: usize = 16;
const STOPPED: usize = 24;
const PLACE: usize = 9;
const VALUE: usize = 16;
const WORD: usize = 4;
const AFTER_AT: usize = BEFORE;
const DIGITS_AT: usize = AFTER_AT + AFTER;
const STOPPED_AT: usize = DIGITS_AT + DIGITS;
const PLACE_AT: usize = STOPPED_AT + STOPPED;
const VALUE_AT: usize = PLACE_AT + PLACE;
const WORD_AT: usize = VALUE_AT + VALUE;
const PAIR: usize = WORD_AT + WORD;

/// A digit group and the line in which it stands.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    /// The digits that would be the marker.
    pub at: Range<usize>,
    /// The line.
    pub line: Range<usize>,
    /// What kind of line it is.
    pub place: Where,
    /// The number that the digits say.
    pub value: u32,
}

/// What kind of line a digit group stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// The line above the heading.
    Source,
    /// The document's heading.
    Heading,
    /// A short line.
    Short,
    /// A list's item.
    Item,
    /// A table's row.
    Row,
    /// Running text.
    Text,
}

/// The cues that hold for a digit group.
pub(super) fn cues(view: View<'_>, spot: &Spot) -> [u16; 8] {
    let before = before(view, spot);
    let (after, coarse) = after(view, spot);
    let ends = usize::from(coarse == 0);
    let place = match spot.place {
        Where::Heading => ends,
        Where::Short => 2 + ends,
        Where::Item => 4 + ends,
        Where::Source => 8,
        Where::Row => 6,
        Where::Text => 7,
    };
    let value = match spot.value {
        0 => 0,
        1 => 1,
        2 => 2,
        3..=5 => 3,
        6..=9 => 4,
        10..=31 => 5,
        32..=99 => 6,
        _ => 7,
    } + if before < 8 { 0 } else { 8 };
    [
        before,
        AFTER_AT + after,
        DIGITS_AT + digits(view, spot),
        STOPPED_AT + stopped(view, spot, coarse),
        PLACE_AT + place,
        VALUE_AT + value,
        WORD_AT + next_word(view, spot),
        PAIR + before * COARSE + coarse,
    ]
    .map(|cue| cue as u16)
}

/// The sum of the cues' weights: the logarithm of the odds that it is a marker.
pub(super) fn weigh(view: View<'_>, spot: &Spot) -> f32 {
    cues(view, spot).iter().map(|&cue| WEIGHTS.get(usize::from(cue)).copied().unwrap_or(0.0)).sum()
}

/// What stands before: 0 to 17 directly, 18 on behind white space.
fn before(view: View<'_>, spot: &Spot) -> usize {
    let mut back = view.back(spot.at.start, spot.line.start).peekable();
    let Some(&(_, direct)) = back.peek() else { return 17 };
    if !direct.is_whitespace() {
        return match direct {
            'a'..='z' => 0,
            '.' => 1,
            ',' => 2,
            ';' | ':' | '?' | '!' => 3,
            '”' | '’' | '"' | '\'' => 4,
            ')' | ']' => 5,
            '…' => 6,
            _ if direct.is_lowercase() => 0,
            '0'..='9' => 8,
            '-' | '–' => 9,
            '—' => 10,
            '/' => 11,
            '(' | '[' | '“' | '‘' => 12,
            '$' | '£' | '#' | '€' | '+' | '=' => 13,
            _ if direct.is_uppercase() => 14 + usize::from(is_run_of_capitals(view, spot)),
            _ => 16,
        };
    }
    while back.next_if(|&(_, c)| c.is_whitespace()).is_some() {}
    let Some(&(_, last)) = back.peek() else { return 17 };
    let word: CompactString = back.take_while(|&(_, c)| !c.is_whitespace()).map(|(_, c)| c).take(16).collect();
    let word: CompactString = word.chars().rev().collect();
    18 + match last {
        '.' if is_counted_noun(&word) => 12,
        '.' => 0,
        ',' => 1,
        ';' | ':' | '?' | '!' => 2,
        '”' | '’' | '"' | '\'' => 3,
        ')' | ']' => 4,
        '0'..='9' => 5,
        '-' | '–' | '—' => 6,
        '/' | '(' | '[' | '“' | '‘' | '$' | '£' | '#' => 7,
        _ if is_month(&word) => 8,
        _ if is_counted_noun(&word) => 12,
        _ if is_preposition(&word) => 9,
        _ if word.starts_with(char::is_uppercase) => 10 + usize::from(!word.contains(char::is_lowercase)) * 3,
        _ if last.is_alphabetic() => 11,
        _ => 14,
    }
}

/// What stands behind, finely and coarsely.
fn after(view: View<'_>, spot: &Spot) -> (usize, usize) {
    let mut ahead = view.ahead(spot.at.end, spot.line.end).peekable();
    let Some(&(_, direct)) = ahead.peek() else { return (0, 0) };
    if direct.is_whitespace() {
        while ahead.next_if(|&(_, c)| c.is_whitespace()).is_some() {}
        return match ahead.peek().map(|&(_, c)| c) {
            None => (0, 0),
            Some(c) if c.is_uppercase() => (1, 1),
            Some(c) if c.is_lowercase() => (2, 2),
            Some(c) if c.is_ascii_digit() => (3, 3),
            Some('|') => (4, 0),
            Some('(' | '[') => (5, 2),
            Some('“' | '‘' | '"') => (6, 1),
            Some('—' | '–' | '-') => (7, 3),
            Some('$' | '%' | '£') => (8, 3),
            Some('…' | '.') => (9, 2),
            Some(_) => (10, 2),
        };
    }
    match direct {
        ')' | ']' => (11, 4),
        ',' => (12, 5),
        '.' => (13, 5),
        ';' | ':' => (14, 5),
        '”' | '’' | '"' | '\'' => (15, 5),
        '—' => (16, 4),
        '-' | '–' => (17, 6),
        '/' | '%' => (18, 6),
        '(' | '[' => (19, 4),
        '0'..='9' => (20, 6),
        _ if direct.is_lowercase() => (21, 7),
        _ if direct.is_uppercase() => (22, 7),
        _ => (23, 5),
    }
}

/// For digits glued to digits: what would be left of the number.
fn digits(view: View<'_>, spot: &Spot) -> usize {
    let mut left = CompactString::default();
    let mut outside = None;
    for (_, c) in view.back(spot.at.start, spot.line.start) {
        if c.is_ascii_digit() && left.len() < 12 {
            left.insert(0, c);
        } else {
            outside = Some(c);
            break;
        }
    }
    if left.is_empty() {
        return 0;
    }
    let year = left.len() == 4 && (left.starts_with("19") || left.starts_with("18") || left.starts_with("17"));
    match (left.len(), outside) {
        (_, Some('$' | '£' | '#')) => 1,
        (3, Some(',')) => 2,
        (_, Some('.')) => 3,
        (_, Some('/')) => {
            if left.len() <= 2 {
                4
            } else {
                5
            }
        }
        (2, Some('-' | '–')) => 6,
        (_, Some('-' | '–')) => 7,
        (_, Some(c)) if c.is_alphabetic() => 8,
        (4, _) if year => 9,
        (1, _) => {
            if after_month(view, spot.at.start - left.len(), spot.line.start) {
                10
            } else {
                11
            }
        }
        (2, _) => {
            if after_month(view, spot.at.start - left.len(), spot.line.start) {
                12
            } else {
                13
            }
        }
        (3, _) => 14,
        _ => 15,
    }
}

fn after_month(view: View<'_>, at: usize, floor: usize) -> bool {
    let mut back = view.back(at, floor).skip_while(|&(_, c)| c.is_whitespace());
    let word: CompactString =
        back.by_ref().take_while(|&(_, c)| c.is_alphabetic() || c == '.').map(|(_, c)| c).take(12).collect();
    is_month(word.chars().rev().collect::<CompactString>().as_str())
}

/// For a full stop or comma directly before: what stands before that, and what behind the digits.
fn stopped(view: View<'_>, spot: &Spot, coarse: usize) -> usize {
    let mut back = view.back(spot.at.start, spot.line.start);
    let Some((_, '.' | ',')) = back.next() else { return 0 };
    let Some((_, c)) = back.next() else { return 1 };
    if c.is_ascii_digit() {
        let mut run = 1;
        let mut outside = None;
        for (_, c) in back {
            if !c.is_ascii_digit() {
                outside = Some(c);
                break;
            }
            run += 1;
        }
        let money = matches!(outside, Some('$' | '£' | '.' | ','));
        let run = if money {
            0
        } else if run == 4 {
            1
        } else if run < 3 {
            2
        } else {
            3
        };
        let coarse = match coarse {
            0 => 0,
            1 => 1,
            2 => 2,
            _ => 3,
        };
        return 2 + run * 4 + coarse;
    }
    match c {
        _ if c.is_lowercase() => 18,
        _ if c.is_uppercase() => 19,
        ')' | ']' => 20,
        '”' | '’' | '"' => 21,
        _ => 22,
    }
}

/// What the next word says of a number before it.
fn next_word(view: View<'_>, spot: &Spot) -> usize {
    let mut ahead = view.ahead(spot.at.end, spot.line.end);
    if !ahead.next().is_some_and(|(_, c)| c.is_whitespace()) {
        return 0;
    }
    let word: CompactString =
        ahead.take_while(|&(_, c)| c.is_alphabetic() || c == '.').map(|(_, c)| c).take(16).collect();
    let word = word.trim_end_matches('.');
    if is_unit(word) {
        1
    } else if is_month(word) {
        2
    } else {
        3
    }
}

fn is_run_of_capitals(view: View<'_>, spot: &Spot) -> bool {
    view.back(spot.at.start, spot.line.start).nth(1).is_some_and(|(_, c)| c.is_uppercase())
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_cue_has_a_weight() {
        assert_eq!(super::WEIGHTS.len(), super::CUES);
    }
}

//! The time of day in words: `1500Z`, `3:30 p.m.`, `2 p. m.`, `noon`, `9–10:20 a.m.`, `5:45 p.m. EST`.

use crate::model::Clock;

/// A time of day, or a span of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockSpan {
    /// The time, or its beginning.
    pub from: Clock,
    /// Its end.
    pub until: Option<Clock>,
    /// Minutes ahead of UTC, where the text says so.
    pub zone: Option<i16>,
    /// How many bytes it takes.
    pub length: usize,
}

#[derive(Clone, Copy)]
struct Reading {
    hour: u8,
    minute: u8,
    half: Half,
    end: usize,
}

#[derive(Clone, Copy, PartialEq)]
enum Half {
    Unsaid,
    Morning,
    Afternoon,
    /// `noon`, `midnight`, or a number above 12: there is nothing to add.
    Whole,
}

/// The time with which a text begins.
pub fn span(text: &str) -> Option<ClockSpan> {
    if let Some(found) = zulu(text) {
        return Some(found);
    }
    let first = reading(text)?;
    let rest = &text[first.end..];
    let dash = rest.trim_start();
    let gap = rest.len() - dash.len();
    let joint = ["–", "-", "—", "to ", "and ", "until "].iter().find(|joint| dash.starts_with(**joint));
    if let Some(joint) = joint {
        let from = first.end + gap + joint.len();
        let from = from + text[from..].len() - text[from..].trim_start().len();
        if let Some(second) = reading(&text[from..]).filter(|second| second.half != Half::Unsaid) {
            let until = clock(second, second.half)?;
            let start = match first.half {
                Half::Unsaid => earlier(first, second.half, until)?,
                half => clock(first, half)?,
            };
            let (zone, length) = zone(&text[from + second.end..]);
            return Some(ClockSpan { from: start, until: Some(until), zone, length: from + second.end + length });
        }
    }
    if first.half == Half::Unsaid {
        return None;
    }
    let (zone, length) = zone(rest);
    Some(ClockSpan { from: clock(first, first.half)?, until: None, zone, length: first.end + length })
}

/// The zone named behind a time, in minutes ahead of UTC, and how many bytes name it: ` EST`, ` (GMT)`.
fn zone(text: &str) -> (Option<i16>, usize) {
    const ZONES: [(&str, i16); 14] = [
        ("GMT", 0),
        ("UTC", 0),
        ("EST", -300),
        ("EDT", -240),
        ("CST", -360),
        ("CDT", -300),
        ("MST", -420),
        ("MDT", -360),
        ("PST", -480),
        ("PDT", -420),
        ("BST", 60),
        ("CET", 60),
        ("EET", 120),
        ("MSK", 180),
    ];
    let start = text.len() - text.trim_start_matches([' ', '\u{a0}', '(', ',']).len();
    let rest = &text[start..];
    let found = ZONES.iter().find(|(name, _)| rest.starts_with(name));
    match found {
        Some((name, offset)) if start > 0 && !rest[name.len()..].starts_with(char::is_alphanumeric) => {
            let bracket = text[..start].contains('(') && rest[name.len()..].starts_with(')');
            (Some(*offset), start + name.len() + usize::from(bracket))
        }
        _ => (None, 0),
    }
}

/// The beginning of a span takes the half of the day of its end; if it would lie behind it, the other.
fn earlier(first: Reading, half: Half, until: Clock) -> Option<Clock> {
    let half = if half == Half::Whole { if until.hour == 12 { Half::Morning } else { Half::Afternoon } } else { half };
    let same = clock(first, half)?;
    if same <= until {
        return Some(same);
    }
    clock(first, if half == Half::Morning { Half::Afternoon } else { Half::Morning })
}

fn clock(reading: Reading, half: Half) -> Option<Clock> {
    let hour = match half {
        Half::Morning => reading.hour % 12,
        Half::Afternoon => reading.hour % 12 + 12,
        Half::Whole | Half::Unsaid => reading.hour,
    };
    (hour < 24 && reading.minute < 60).then_some(Clock { hour, minute: reading.minute, second: 0 })
}

/// `1500Z`, `150000Z` and the like; also with a space.
fn zulu(text: &str) -> Option<ClockSpan> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let space = rest.len() - rest.trim_start_matches(' ').len();
    if digits != 4 || !rest[space..].starts_with(['Z', 'z']) || rest[space + 1..].starts_with(char::is_alphanumeric) {
        return None;
    }
    let (hour, minute) = (text[..2].parse().ok()?, text[2..4].parse().ok()?);
    let from = Clock { hour, minute, second: 0 };
    (hour < 24 && minute < 60).then_some(ClockSpan { from, until: None, zone: Some(0), length: digits + space + 1 })
}

fn reading(text: &str) -> Option<Reading> {
    let lower = text.get(..text.len().min(8)).map_or_else(String::new, str::to_ascii_lowercase);
    if lower.starts_with("noon") {
        return Some(Reading { hour: 12, minute: 0, half: Half::Whole, end: 4 });
    }
    if lower.starts_with("midnight") {
        return Some(Reading { hour: 0, minute: 0, half: Half::Whole, end: 8 });
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    let hour: u8 = text[..digits].parse().ok()?;
    let mut end = digits;
    let mut minute = 0;
    if text[end..].starts_with([':', '.']) {
        let two = text.get(end + 1..end + 3).filter(|two| two.bytes().all(|byte| byte.is_ascii_digit()));
        if let Some(two) = two {
            minute = two.parse().ok()?;
            end += 3;
        }
    }
    let (half, length) = half(&text[end..]);
    if hour > 24 || hour == 0 && half != Half::Unsaid {
        return None;
    }
    Some(Reading { hour, minute, half, end: end + length })
}

/// `a.m.`, `p. m.`, `AM`, `noon`: which half of the day, and how many bytes say so.
fn half(text: &str) -> (Half, usize) {
    let space = text.len() - text.trim_start_matches([' ', '[', '?', ']', '\u{a0}']).len();
    let rest = &text[space..];
    let mut letters = String::new();
    let mut end = 0;
    for (at, c) in rest.char_indices() {
        match c {
            'a' | 'p' | 'A' | 'P' if letters.is_empty() => letters.push(c.to_ascii_lowercase()),
            'm' | 'M' if letters.len() == 1 => letters.push('m'),
            '.' if letters.len() == 2 => {
                end = at + 1;
                break;
            }
            '.' | ' ' if letters.len() == 1 => {}
            _ => break,
        }
        end = at + 1;
    }
    match letters.as_str() {
        "am" => (Half::Morning, space + end),
        "pm" => (Half::Afternoon, space + end),
        _ if rest.to_ascii_lowercase().starts_with("noon") => (Half::Whole, space + 4),
        _ if rest.to_ascii_lowercase().starts_with("midnight") => (Half::Whole, space + 8),
        _ => (Half::Unsaid, 0),
    }
}

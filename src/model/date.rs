//! Dates and times as machines read them: the forms of ISO 8601 that TEI's `att.datable.w3c` allows
//! (TEI P5 §3.6.4; XML Schema Part 2 §3.2.7–3.2.14).

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The time of day, as exact as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Clock {
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

/// A date, as exact as it is known: a year, a month, a day, or a time of a day. In JSON and TEI a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Moment {
    /// The year; astronomical, so 0 is 1 BC.
    pub year: i32,
    /// 1 to 12.
    pub month: Option<u8>,
    /// 1 to 31, and a day of the month.
    pub day: Option<u8>,
    /// The time of day, only with a day.
    pub clock: Option<Clock>,
    /// Minutes ahead of UTC, only with a time.
    pub offset: Option<i16>,
}

/// What a date means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At this moment: `@when`.
    On(Moment),
    /// All the time from one to the other: `@from`, `@to`.
    Between(Option<Moment>, Option<Moment>),
    /// At some time not before the one and not after the other: `@notBefore`, `@notAfter`.
    Within(Option<Moment>, Option<Moment>),
}

impl Moment {
    /// A whole year.
    pub fn year(year: i32) -> Self {
        Self { year, month: None, day: None, clock: None, offset: None }
    }

    /// A day that the calendar has; `None` for 30 February.
    pub fn day(year: i32, month: u8, day: u8) -> Option<Self> {
        NaiveDate::from_ymd_opt(year, month.into(), day.into())?;
        Some(Self { month: Some(month), day: Some(day), ..Self::year(year) })
    }

    /// The same day at a time.
    #[must_use]
    pub fn at(self, hour: u8, minute: u8) -> Self {
        Self { clock: Some(Clock { hour, minute, second: 0 }), ..self }
    }

    /// The day without its time.
    #[must_use]
    pub fn date_only(self) -> Self {
        Self { clock: None, offset: None, ..self }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.year < 0 {
            write!(f, "-{:04}", self.year.unsigned_abs())?;
        } else {
            write!(f, "{:04}", self.year)?;
        }
        let Some(month) = self.month else { return Ok(()) };
        write!(f, "-{month:02}")?;
        let Some(day) = self.day else { return Ok(()) };
        write!(f, "-{day:02}")?;
        let Some(Clock { hour, minute, second }) = self.clock else { return Ok(()) };
        write!(f, "T{hour:02}:{minute:02}:{second:02}")?;
        match self.offset {
            Some(offset) => {
                let sign = if offset < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", offset.unsigned_abs() / 60, offset.unsigned_abs() % 60)
            }
            None => Ok(()),
        }
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}

/// The text is no year, month, day or time that [`Moment`] can hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a date of the form 1931, 1931-05, 1931-05-04 or 1931-05-04T15:00:00, or not in the calendar")]
pub struct NotAMoment(String);

impl TryFrom<String> for Moment {
    type Error = NotAMoment;
    fn try_from(text: String) -> Result<Self, NotAMoment> {
        text.parse()
    }
}

impl FromStr for Moment {
    type Err = NotAMoment;

    fn from_str(text: &str) -> Result<Self, NotAMoment> {
        parse(text).ok_or_else(|| NotAMoment(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<Moment> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits < 4 || (digits > 4 && rest.starts_with('0')) {
        return None;
    }
    let year: i32 = rest[..digits].parse().ok()?;
    let mut moment = Moment::year(if negative { -year } else { year });
    let Some(rest) = separated(&rest[digits..], '-') else {
        return rest[digits..].is_empty().then_some(moment);
    };
    moment.month = Some(two_digits(rest, 1, 12)?);
    let Some(rest) = separated(&rest[2..], '-') else {
        return rest[2..].is_empty().then_some(moment);
    };
    let day = two_digits(rest, 1, 31)?;
    moment = Moment::day(moment.year, moment.month?, day)?;
    let Some(rest) = separated(&rest[2..], 'T') else {
        return rest[2..].is_empty().then_some(moment);
    };
    let (clock, rest) = (rest.get(..8)?, rest.get(8..)?);
    let [hour, minute, second] = [0, 3, 6].map(|at| clock.get(at..).and_then(|two| two_digits(two, 0, 59)));
    if hour? > 23 || clock.as_bytes()[2] != b':' || clock.as_bytes()[5] != b':' {
        return None;
    }
    moment.clock = Some(Clock { hour: hour?, minute: minute?, second: second? });
    moment.offset = match rest {
        "" => None,
        _ => Some(offset(rest)?),
    };
    Some(moment)
}

fn separated(text: &str, by: char) -> Option<&str> {
    text.strip_prefix(by)
}

fn two_digits(text: &str, least: u8, most: u8) -> Option<u8> {
    let two = text.get(..2).filter(|two| two.bytes().all(|byte| byte.is_ascii_digit()))?;
    two.parse().ok().filter(|number| (least..=most).contains(number))
}

/// `+hh:mm` or `-hh:mm`. `Z` is not taken: it could not be told from `+00:00` when written again.
fn offset(text: &str) -> Option<i16> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    if text.len() != 6 || text.as_bytes()[3] != b':' {
        return None;
    }
    let hours = i16::from(two_digits(&text[1..], 0, 14)?);
    let minutes = i16::from(two_digits(&text[4..], 0, 59)?);
    Some(sign * (hours * 60 + minutes)).filter(|&offset| offset != 0 || sign > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_written_letter_for_letter() {
        for text in ["1931", "-0044", "1931-05", "1931-05-04", "1931-05-04T15:00:00", "1931-05-04T15:00:00-04:30"] {
            assert_eq!(text.parse::<Moment>().map(|moment| moment.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in [
            "",
            "31",
            "1931-13",
            "1969-02-30",
            "1931-5-4",
            "1931-05-04T24:00:00",
            "1931-05-04T15:00:00Z",
            "1931-05-04T15",
            "1931 ",
            "1931-05-04T1é:00:00",
        ] {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }
}

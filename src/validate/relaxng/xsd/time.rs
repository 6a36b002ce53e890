//! Dates, times and durations (XML Schema, Part 2, §3.2.6–§3.2.14), checked against the calendar.

use std::cmp::Ordering;

use super::Kind;

/// A point or recurring point in time, on the line of seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    seconds: i128,
    fraction: String,
    zoned: bool,
}

/// What was read so far of a text.
struct Reading<'t> {
    rest: &'t str,
}

impl<'t> Reading<'t> {
    fn skip(&mut self, mark: char) -> Option<()> {
        self.rest = self.rest.strip_prefix(mark)?;
        Some(())
    }

    fn digits(&mut self) -> &'t str {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits
    }

    /// Two digits within a range.
    fn pair(&mut self, least: u32, greatest: u32) -> Option<u32> {
        let digits = self.rest.get(..2)?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        self.rest = &self.rest[2..];
        digits.parse().ok().filter(|number| (least..=greatest).contains(number))
    }

    fn year(&mut self) -> Option<i128> {
        let negative = self.skip('-').is_some();
        let digits = self.digits();
        if digits.len() < 4 || digits.len() > 18 || (digits.len() > 4 && digits.starts_with('0')) {
            return None;
        }
        let year: i128 = digits.parse().ok()?;
        if year == 0 {
            return None;
        }
        Some(if negative { -year } else { year })
    }

    /// Hours, minutes and seconds in seconds, and the digits behind the point.
    fn clock(&mut self) -> Option<(i128, String)> {
        // The first edition of XML Schema has leap seconds and no hour 24; so have the validators in use.
        let hour = self.pair(0, 23)?;
        self.skip(':')?;
        let minute = self.pair(0, 59)?;
        self.skip(':')?;
        let second = self.pair(0, 60)?;
        let mut fraction = "";
        if self.skip('.').is_some() {
            fraction = self.digits();
            if fraction.is_empty() {
                return None;
            }
        }
        let fraction = fraction.trim_end_matches('0').to_owned();
        Some((i128::from(hour * 3600 + minute * 60 + second), fraction))
    }

    /// The offset of a time zone in seconds, if there is one.
    fn zone(&mut self) -> Option<Option<i128>> {
        if self.rest.is_empty() {
            return Some(None);
        }
        if self.skip('Z').is_some() {
            return Some(Some(0));
        }
        let sign = if self.skip('+').is_some() {
            1
        } else {
            self.skip('-')?;
            -1
        };
        let hours = self.pair(0, 14)?;
        self.skip(':')?;
        let minutes = self.pair(0, 59)?;
        (hours < 14 || minutes == 0).then(|| Some(sign * i128::from(hours * 3600 + minutes * 60)))
    }
}

fn is_leap(year: i128) -> bool {
    // There is no year 0: 1 BC is -1, and was a leap year.
    let year = if year < 0 { year + 1 } else { year };
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i128, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Days since an arbitrary beginning, by the Gregorian calendar.
fn day_number(year: i128, month: u32, day: u32) -> i128 {
    let year = if year < 0 { year + 1 } else { year };
    let (year, month) = if month <= 2 { (year - 1, month + 12) } else { (year, month) };
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + i128::from((153 * (month - 3) + 2) / 5) + i128::from(day)
}

impl Moment {
    pub(super) fn parse(kind: Kind, text: &str) -> Option<Self> {
        let mut reading = Reading { rest: text };
        // What a type doesn't say is that of a leap year's first day.
        let (mut year, mut month, mut day) = (2000, 1, 1);
        let (mut clock, mut fraction) = (0, String::new());
        match kind {
            Kind::DateTime | Kind::Date | Kind::GYear | Kind::GYearMonth => {
                year = reading.year()?;
                if kind != Kind::GYear {
                    reading.skip('-')?;
                    month = reading.pair(1, 12)?;
                }
                if matches!(kind, Kind::DateTime | Kind::Date) {
                    reading.skip('-')?;
                    day = reading.pair(1, days_in(year, month))?;
                }
            }
            Kind::GMonth | Kind::GMonthDay => {
                reading.skip('-')?;
                reading.skip('-')?;
                month = reading.pair(1, 12)?;
                if kind == Kind::GMonthDay {
                    reading.skip('-')?;
                    day = reading.pair(1, days_in(year, month))?;
                }
            }
            Kind::GDay => {
                reading.rest = reading.rest.strip_prefix("---")?;
                day = reading.pair(1, 31)?;
            }
            _ => {}
        }
        if kind == Kind::DateTime {
            reading.skip('T')?;
        }
        if matches!(kind, Kind::DateTime | Kind::Time) {
            (clock, fraction) = reading.clock()?;
        }
        let zone = reading.zone()?;
        let seconds = day_number(year, month, day) * 86_400 + clock - zone.unwrap_or(0);
        reading.rest.is_empty().then_some(Self { seconds, fraction, zoned: zone.is_some() })
    }
}

impl PartialOrd for Moment {
    /// With and without a time zone can only be compared if they are far apart (§3.2.7.3).
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        if self.zoned != other.zoned && (self.seconds - other.seconds).abs() <= 14 * 3600 {
            return None;
        }
        Some(self.seconds.cmp(&other.seconds).then_with(|| self.fraction.cmp(&other.fraction)))
    }
}

/// Months and seconds, which no calendar turns into each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Duration {
    months: i128,
    seconds: i128,
    fraction: String,
}

impl Duration {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (sign, text) = match text.strip_prefix('-') {
            Some(text) => (-1, text),
            None => (1, text),
        };
        let mut reading = Reading { rest: text.strip_prefix('P')? };
        let mut duration = Self { months: 0, seconds: 0, fraction: String::new() };
        let (mut clock, mut parts) = (false, 0);
        let mut last = 0;
        while !reading.rest.is_empty() {
            if !clock && reading.skip('T').is_some() {
                clock = true;
                parts = 0;
                continue;
            }
            let digits = reading.digits();
            if digits.is_empty() || digits.len() > 15 {
                return None;
            }
            let amount: i128 = digits.parse().ok()?;
            let fraction = if reading.skip('.').is_some() { Some(reading.digits()) } else { None };
            let unit = reading.rest.chars().next()?;
            reading.skip(unit)?;
            // Each unit once, the greatest first.
            let (rank, months, seconds) = match (clock, unit) {
                (false, 'Y') => (1, 12, 0),
                (false, 'M') => (2, 1, 0),
                (false, 'D') => (3, 0, 86_400),
                (true, 'H') => (4, 0, 3600),
                (true, 'M') => (5, 0, 60),
                (true, 'S') => (6, 0, 1),
                _ => return None,
            };
            if rank <= last || fraction.is_some_and(|fraction| rank != 6 || fraction.is_empty()) {
                return None;
            }
            last = rank;
            parts += 1;
            duration.months += sign * amount * months;
            duration.seconds += sign * amount * seconds;
            duration.fraction = fraction.unwrap_or("").trim_end_matches('0').to_owned();
        }
        (parts > 0).then_some(duration)
    }

    /// The span from one of the four days that tell durations apart (§3.2.6.2).
    fn from(&self, (year, month): (i128, u32)) -> i128 {
        let months = year * 12 + i128::from(month) - 1 + self.months;
        day_number(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1) * 86_400 + self.seconds
    }
}

impl PartialOrd for Duration {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        let days = [(1696, 9), (1697, 2), (1903, 3), (1903, 7)];
        let mut orders = days
            .iter()
            .map(|day| self.from(*day).cmp(&other.from(*day)).then_with(|| self.fraction.cmp(&other.fraction)));
        let first = orders.next()?;
        orders.all(|order| order == first).then_some(first)
    }
}

//! Days of the Julian and of the French Republican calendar in the Gregorian.

use chrono::{Datelike, Days, NaiveDate};

use crate::model::Moment;

/// A calendar other than the Gregorian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calendar {
    /// The Old Style.
    Julian,
    /// The calendar of the French Republic, 1793 to 1805.
    Republican,
}

impl Calendar {
    /// The id by which TEI's `@calendar` calls it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Julian => "julian",
            Self::Republican => "republican",
        }
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Julian => "Julian calendar (Old Style)",
            Self::Republican => "French Republican calendar",
        }
    }

    /// All of them.
    pub const ALL: [Self; 2] = [Self::Julian, Self::Republican];
}

fn moment(date: NaiveDate) -> Option<Moment> {
    Moment::day(date.year(), u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?)
}

/// By how many days the Gregorian calendar is ahead of the Julian on a day of the latter.
pub fn ahead(year: i32, month: u8) -> i32 {
    let year = if month < 3 { year - 1 } else { year };
    year.div_euclid(100) - year.div_euclid(400) - 2
}

/// A day of the Julian calendar as a Gregorian one; none for days that it doesn't have, and before 1582, when
/// there was no other.
pub fn julian(year: i32, month: u8, day: u8) -> Option<Moment> {
    if year < 1582 {
        return None;
    }
    let days = u64::try_from(ahead(year, month)).ok()?;
    if (month, day) == (2, 29) && year % 4 == 0 {
        // A leap day that the Gregorian calendar may lack.
        return moment(NaiveDate::from_ymd_opt(year, 2, 28)?.checked_add_days(Days::new(days + 1))?);
    }
    moment(NaiveDate::from_ymd_opt(year, month.into(), day.into())?.checked_add_days(Days::new(days))?)
}

/// A day of the Republican calendar as a Gregorian one. `month` 13 are the complementary days. The years I to XIV
/// began at the true autumnal equinox in Paris (decree of 4 frimaire an II).
pub fn republican(year: u8, month: u8, day: u8) -> Option<Moment> {
    let days = if month == 13 { if matches!(year, 3 | 7 | 11) { 6 } else { 5 } } else { 30 };
    if !(1..=14).contains(&year) || !(1..=13).contains(&month) || !(1..=days).contains(&day) {
        return None;
    }
    let first = match year {
        4 | 8 | 9 | 10 | 11 | 13 | 14 => 23,
        12 => 24,
        _ => 22,
    };
    let start = NaiveDate::from_ymd_opt(1791 + i32::from(year), 9, first)?;
    moment(start.checked_add_days(Days::new(u64::from(month - 1) * 30 + u64::from(day - 1)))?)
}

/// The number of a year of the Republic: `II`, `VIII`, `2`.
pub fn republican_year(word: &str) -> Option<u8> {
    const YEARS: [&str; 14] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV"];
    let roman = YEARS.iter().position(|year| year.eq_ignore_ascii_case(word)).and_then(|at| u8::try_from(at + 1).ok());
    roman.or_else(|| word.parse().ok().filter(|year| (1..=14).contains(year)))
}

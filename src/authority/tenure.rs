//! When a person held the offices that a list tells of: `Ambassador from March 1970 until January 1979`.

use crate::dating;
use crate::model::{Moment, When};

/// The time between the first and the last day that a description names, each open where it names none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenure {
    /// The first day, as year, month, day.
    pub from: Option<(i32, u8, u8)>,
    /// The last day.
    pub to: Option<(i32, u8, u8)>,
}

impl Tenure {
    /// Reads a description. What it says of a time before or behind all its dates (`until`, `thereafter`) leaves that
    /// end open.
    pub fn of(about: &str) -> Self {
        let dates = dating::find(about, None);
        let mut tenure = Self::default();
        let mut begun = false;
        for dated in &dates {
            let before = about[..dated.at.start].trim_end().rsplit(' ').next().unwrap_or_default().to_lowercase();
            let (first, last) = ends(dated.when);
            let starts = matches!(before.as_str(), "from" | "since" | "after" | "in" | "between");
            let closes = matches!(before.as_str(), "until" | "to" | "through" | "till" | "and" | "before");
            let spans = first != last;
            if !begun && (starts || spans) {
                tenure.from = first.map(|moment| key(moment, false));
            }
            begun = true;
            tenure.to = if closes || spans { last.map(|moment| key(moment, true)) } else { None };
        }
        if about.to_lowercase().contains("thereafter") {
            tenure.to = None;
        }
        tenure
    }

    /// True if a day lies within.
    pub fn holds(&self, moment: Moment) -> bool {
        self.from.is_none_or(|from| from <= key(moment, true)) && self.to.is_none_or(|to| key(moment, false) <= to)
    }

    /// True if a beginning or an end is known.
    pub fn is_known(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }
}

fn ends(when: When) -> (Option<Moment>, Option<Moment>) {
    match when {
        When::On(moment) => (Some(moment), Some(moment)),
        When::Between(from, to) | When::Within(from, to) => (from, to),
    }
}

/// A moment as a day: the first or the last that it may be.
pub(super) fn key(moment: Moment, last: bool) -> (i32, u8, u8) {
    let (month, day) = if last { (12, 31) } else { (1, 1) };
    (moment.year, moment.month.unwrap_or(month), moment.day.unwrap_or(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_when_an_office_was_held() {
        let day = |year, month| Moment::day(year, month, 15).unwrap();
        let cases = [
            ("Harbour Master until January 1931", day(1930, 5), true),
            ("Harbour Master until January 1931", day(1932, 5), false),
            ("Harbour Master until January 1931; thereafter Mayor", day(1932, 5), true),
            ("Mayor from March 1930", day(1929, 5), false),
            ("Mayor from March 1930 until May 1932", day(1931, 5), true),
            ("Mayor", day(1931, 5), true),
        ];
        for (about, moment, expected) in cases {
            assert_eq!(Tenure::of(about).holds(moment), expected, "{about}");
        }
    }
}

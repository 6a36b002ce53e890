//! Spans of time: they do not end before they begin, and a date lies between its bounds (TEI Guidelines, 13.4).

use std::cmp::Ordering;

use super::rules::{Breach, Start, Watch};
use crate::diagnostic::Code;

pub(super) const ORDER: Code = Code("date.order");

/// What must not be later than what.
const PAIRS: &[(&str, &str)] =
    &[("from", "to"), ("notBefore", "notAfter"), ("notBefore", "when"), ("when", "notAfter")];

/// Elements whose `from` and `to` are no dates.
const OTHERS: &[&str] = &["biblScope", "citedRange", "locus", "app", "span", "arc", "move", "shift"];

#[derive(Default)]
pub(super) struct Dates;

impl Watch for Dates {
    fn start(&mut self, element: &Start<'_>, breaches: &mut Vec<Breach>) {
        // Most elements have no dates at all.
        if !element.attributes().any(|(name, ..)| matches!(name, "to" | "notAfter" | "when")) {
            return;
        }
        if OTHERS.contains(&element.name) {
            return;
        }
        for (first, last) in PAIRS {
            let (Some(early), Some(late)) = (element.attribute(first), element.attribute(last)) else { continue };
            if compare(early, late) == Some(Ordering::Greater) {
                breaches.push(Breach {
                    span: element.place(first),
                    message: format!("`{first}` (`{early}`) is later than `{last}` (`{late}`)"),
                    hint: Some("dates are in order; perhaps the two were swapped".to_owned()),
                    element: element.name.to_owned(),
                });
            }
        }
    }
}

/// Year, month, day and clock of a date of XML Schema, as far as it says them.
struct Moment<'t> {
    parts: Vec<i64>,
    clock: Option<(&'t str, &'t str)>,
}

/// Reads `1861`, `1861-04`, `1861-04-12` and `1861-04-12T04:30:00Z`; none for days and times without a year.
fn moment(text: &str) -> Option<Moment<'_>> {
    let (sign, bare) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (date, clock) = match bare.split_once('T') {
        Some((date, clock)) => (date, Some(clock)),
        None => (bare, None),
    };
    let date = date.strip_suffix('Z').unwrap_or(date);
    let mut parts = Vec::new();
    for (at, part) in date.split('-').enumerate() {
        let digits = part.len();
        let fits = if at == 0 { digits >= 4 } else { digits == 2 };
        if at > 2 || !fits || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number: i64 = part.parse().ok()?;
        parts.push(if at == 0 { sign * number } else { number });
    }
    let clock = clock.map(|clock| {
        let zone = clock.find(['Z', '+', '-']).unwrap_or(clock.len());
        clock.split_at(zone)
    });
    Some(Moment { parts, clock })
}

/// The order of two dates, as far as both say; none if they can't be compared.
fn compare(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (moment(one)?, moment(other)?);
    let order = one.parts.iter().zip(&other.parts).map(|(one, other)| one.cmp(other)).find(|order| order.is_ne());
    if order.is_some() {
        return order;
    }
    match (one.clock, other.clock) {
        // Clocks of two zones would have to be set to one.
        (Some((one, zone)), Some((other, other_zone))) if zone == other_zone => Some(one.cmp(other)),
        _ => Some(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_compared_as_far_as_both_say() {
        use Ordering::{Equal, Greater, Less};
        for (one, other, expected) in [
            ("1861-04-12", "1861-04-11", Some(Greater)),
            ("1861-04-12", "1861-04", Some(Equal)),
            ("1861", "1860-12-31", Some(Greater)),
            ("-0044-03-15", "0014", Some(Less)),
            ("1861-04-12T10:00:00", "1861-04-12T09:00:00", Some(Greater)),
            ("1861-04-12T10:00:00Z", "1861-04-12T09:00:00-05:00", Some(Equal)),
            ("12861", "1861", Some(Greater)),
            ("--04-12", "1861", None),
            ("#a", "#b", None),
            ("12", "4", None),
        ] {
            assert_eq!(compare(one, other), expected, "{one} and {other}");
        }
    }
}

//! What further restricts a type (XML Schema, Part 2, §4.3): the `param`s of RELAX NG.

use std::cmp::Ordering;
use std::sync::Arc;

use super::regular::Regular;
use super::{Context, Kind, Value, tokens};

/// One restriction.
#[derive(Clone, Debug)]
pub(in super::super) enum Facet {
    Length(usize),
    LeastLength(usize),
    GreatestLength(usize),
    Pattern(Arc<Regular>),
    /// The bound, as spelt and as value; whether it belongs to the range.
    Least(String, Value, bool),
    Greatest(String, Value, bool),
    TotalDigits(usize),
    FractionDigits(usize),
}

impl PartialEq for Facet {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Length(one), Self::Length(other))
            | (Self::LeastLength(one), Self::LeastLength(other))
            | (Self::GreatestLength(one), Self::GreatestLength(other))
            | (Self::TotalDigits(one), Self::TotalDigits(other))
            | (Self::FractionDigits(one), Self::FractionDigits(other)) => one == other,
            (Self::Pattern(one), Self::Pattern(other)) => one.source == other.source,
            (Self::Least(one, _, within), Self::Least(other, _, other_within))
            | (Self::Greatest(one, _, within), Self::Greatest(other, _, other_within)) => {
                one == other && within == other_within
            }
            _ => false,
        }
    }
}

impl Facet {
    /// A restriction by its name and value.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(in super::super) fn parse(kind: Kind, name: &str, text: &str, context: &Context<'_>) -> Result<Self, String> {
        let count = || text.trim().parse().map_err(|_| format!("`{text}` is no number for `{name}`"));
        let bound = || {
            let normal = kind.normalize(text);
            match Value::of(kind, &normal, context) {
                Some(value) if value.compare(&value).is_some() => Ok((normal.into_owned(), value)),
                _ => Err(format!("`{text}` is no bound of this type for `{name}`")),
            }
        };
        Ok(match name {
            "length" => Self::Length(count()?),
            "minLength" => Self::LeastLength(count()?),
            "maxLength" => Self::GreatestLength(count()?),
            "totalDigits" => Self::TotalDigits(count()?),
            "fractionDigits" => Self::FractionDigits(count()?),
            "pattern" => Self::Pattern(Arc::new(Regular::new(text)?)),
            "minInclusive" => bound().map(|(text, value)| Self::Least(text, value, true))?,
            "minExclusive" => bound().map(|(text, value)| Self::Least(text, value, false))?,
            "maxInclusive" => bound().map(|(text, value)| Self::Greatest(text, value, true))?,
            "maxExclusive" => bound().map(|(text, value)| Self::Greatest(text, value, false))?,
            _ => return Err(format!("a type has no parameter `{name}`")),
        })
    }

    pub(super) fn allows(&self, kind: Kind, text: &str, context: &Context<'_>) -> bool {
        let compare = |bound: &Value| Value::of(kind, text, context).and_then(|value| value.compare(bound));
        match self {
            Self::Length(wanted) => length(kind, text, context) == *wanted,
            Self::LeastLength(least) => length(kind, text, context) >= *least,
            Self::GreatestLength(greatest) => length(kind, text, context) <= *greatest,
            Self::Pattern(regular) => regular.matches(text),
            Self::Least(_, bound, within) => match compare(bound) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => *within,
                _ => false,
            },
            Self::Greatest(_, bound, within) => match compare(bound) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) => *within,
                _ => false,
            },
            Self::TotalDigits(most) => digits(kind, text, context).is_none_or(|(all, _)| all <= *most),
            Self::FractionDigits(most) => digits(kind, text, context).is_none_or(|(_, behind)| behind <= *most),
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Length(wanted) => format!("of length {wanted}"),
            Self::LeastLength(least) => format!("of length {least} or more"),
            Self::GreatestLength(greatest) => format!("of length {greatest} or less"),
            Self::Pattern(regular) => format!("that matches `{}`", regular.source),
            Self::Least(bound, _, true) => format!("from {bound} on"),
            Self::Least(bound, ..) => format!("greater than {bound}"),
            Self::Greatest(bound, _, true) => format!("up to {bound}"),
            Self::Greatest(bound, ..) => format!("less than {bound}"),
            Self::TotalDigits(most) => format!("of {most} digits or less"),
            Self::FractionDigits(most) => format!("of {most} decimals or less"),
        }
    }

    pub(super) fn is_costly(&self) -> bool {
        matches!(self, Self::Pattern(_))
    }
}

/// Characters, bytes or items, by type (§4.3.1).
fn length(kind: Kind, text: &str, context: &Context<'_>) -> usize {
    match kind {
        Kind::NmTokens | Kind::IdRefs | Kind::Entities => tokens(text).count(),
        Kind::Base64 | Kind::Hex => Value::of(kind, text, context).and_then(|value| value.bytes()).unwrap_or(0),
        _ => text.chars().count(),
    }
}

fn digits(kind: Kind, text: &str, context: &Context<'_>) -> Option<(usize, usize)> {
    Value::of(kind, text, context)?.digits()
}

//! Values behind the spelling: `1` and `01` are one integer.

use std::cmp::Ordering;

use super::letters::is_ncname;
use super::number::{self, Decimal};
use super::time::{Duration, Moment};
use super::{Context, Kind};

/// A value of those types whose values have more than one spelling.
#[derive(Clone, Debug)]
pub(in super::super) enum Value {
    Number(NumberValue),
    Moment(MomentValue),
    Duration(DurationValue),
    Bytes(Vec<u8>),
    Truth(bool),
    Qualified(String, String),
}

/// A number.
#[derive(Clone, Debug)]
pub(in super::super) enum NumberValue {
    Exact(DecimalValue),
    Binary(f64),
}

/// Hides the type of decimals from the rest of the engine.
#[derive(Clone, Debug)]
pub(in super::super) struct DecimalValue(Decimal);

/// Hides the type of moments.
#[derive(Clone, Debug)]
pub(in super::super) struct MomentValue(Moment);

/// Hides the type of durations.
#[derive(Clone, Debug)]
pub(in super::super) struct DurationValue(Duration);

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Number(NumberValue::Exact(one)), Self::Number(NumberValue::Exact(other))) => one.0 == other.0,
            // NaN is equal to itself here (§3.2.4).
            (Self::Number(NumberValue::Binary(one)), Self::Number(NumberValue::Binary(other))) => {
                one == other || (one.is_nan() && other.is_nan())
            }
            (Self::Moment(one), Self::Moment(other)) => one.0 == other.0,
            (Self::Duration(one), Self::Duration(other)) => one.0 == other.0,
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Truth(one), Self::Truth(other)) => one == other,
            (Self::Qualified(uri, local), Self::Qualified(other_uri, other)) => uri == other_uri && local == other,
            _ => false,
        }
    }
}

impl Value {
    /// The value of a normalized text; `None` if the type's values are their spelling.
    pub(super) fn of(kind: Kind, text: &str, context: &Context<'_>) -> Option<Self> {
        match kind {
            Kind::String
            | Kind::NormalizedString
            | Kind::Token
            | Kind::Language
            | Kind::Name
            | Kind::NcName
            | Kind::NmToken
            | Kind::NmTokens
            | Kind::Id
            | Kind::IdRef
            | Kind::IdRefs
            | Kind::Entity
            | Kind::Entities
            | Kind::AnyUri => None,
            Kind::QName | Kind::Notation => Self::qualified(text, context),
            Kind::Boolean => Some(Self::Truth(matches!(text, "true" | "1"))),
            Kind::Base64 => number::base64(text).map(Self::Bytes),
            Kind::Hex => number::hex(text).map(Self::Bytes),
            Kind::Float => number::double(text).map(|value| Self::Number(NumberValue::Binary(f64::from(value as f32)))),
            Kind::Double => number::double(text).map(|value| Self::Number(NumberValue::Binary(value))),
            Kind::Duration => Duration::parse(text).map(|value| Self::Duration(DurationValue(value))),
            Kind::DateTime
            | Kind::Date
            | Kind::Time
            | Kind::GYear
            | Kind::GYearMonth
            | Kind::GMonth
            | Kind::GMonthDay
            | Kind::GDay => Moment::parse(kind, text).map(|value| Self::Moment(MomentValue(value))),
            _ => Decimal::parse(text).map(|value| Self::Number(NumberValue::Exact(DecimalValue(value)))),
        }
    }

    /// A name with its namespace; `None` if its prefix is not declared.
    pub(super) fn qualified(text: &str, context: &Context<'_>) -> Option<Self> {
        let (prefix, local) = text.split_once(':').unwrap_or(("", text));
        if !is_ncname(local) || (text.contains(':') && !is_ncname(prefix)) {
            return None;
        }
        match (context.namespace)(prefix) {
            Some(uri) => Some(Self::Qualified(uri, local.to_owned())),
            None if prefix.is_empty() => Some(Self::Qualified(String::new(), local.to_owned())),
            None => None,
        }
    }

    /// Which of two values is greater, if they can be compared.
    pub(super) fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(NumberValue::Exact(one)), Self::Number(NumberValue::Exact(other))) => {
                one.0.partial_cmp(&other.0)
            }
            (Self::Number(NumberValue::Binary(one)), Self::Number(NumberValue::Binary(other))) => {
                if one.is_nan() && other.is_nan() { Some(Ordering::Equal) } else { one.partial_cmp(other) }
            }
            (Self::Moment(one), Self::Moment(other)) => one.0.partial_cmp(&other.0),
            (Self::Duration(one), Self::Duration(other)) => one.0.partial_cmp(&other.0),
            _ => None,
        }
    }

    /// How many digits a decimal number has in all, and behind the point.
    pub(super) fn digits(&self) -> Option<(usize, usize)> {
        match self {
            Self::Number(NumberValue::Exact(value)) => Some(value.0.digits()),
            _ => None,
        }
    }

    /// How many bytes there are.
    pub(super) fn bytes(&self) -> Option<usize> {
        match self {
            Self::Bytes(bytes) => Some(bytes.len()),
            _ => None,
        }
    }
}

//! What a date means, as an editor writes it: the forms of ISO 8601-1 and its extension 8601-2 (EDTF) that the model has.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::{Moment, When};

/// What a date means, as a string: `1931-05-04`; from one to another, `1931-05-04/1931-05-07`; at some time between
/// two, `[1931-05-04..1931-05-07]`. An end that is open is `..`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Value(pub When);

/// The text is nothing that a date can mean.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no date: there are 1931, 1931-05, 1931-05-04, 1931-05-04T15:00:00; spans as 1931-05-04/1931-05-07; \
     some time within as [1931-05..1931-06]; open ends as .."
)]
pub struct NotAValue(String);

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |moment: Option<Moment>| moment.map(|moment| moment.to_string());
        match self.0 {
            When::On(moment) => moment.fmt(f),
            When::Between(from, to) => {
                let open = || "..".to_owned();
                write!(f, "{}/{}", said(from).unwrap_or_else(open), said(to).unwrap_or_else(open))
            }
            When::Within(from, to) => {
                write!(f, "[{}..{}]", said(from).unwrap_or_default(), said(to).unwrap_or_default())
            }
        }
    }
}

impl FromStr for Value {
    type Err = NotAValue;

    fn from_str(text: &str) -> Result<Self, NotAValue> {
        parse(text.trim()).map(Self).ok_or_else(|| NotAValue(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<When> {
    let end = |text: &str| match text {
        "" | ".." => Some(None),
        _ => text.parse().ok().map(Some),
    };
    let bounds = |(from, to): (&str, &str)| {
        let (from, to): (Option<Moment>, Option<Moment>) = (end(from)?, end(to)?);
        (from.is_some() || to.is_some()).then_some((from, to))
    };
    if let Some(inner) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        return bounds(inner.split_once("..")?).map(|(from, to)| When::Within(from, to));
    }
    match text.split_once('/') {
        Some(span) => bounds(span).map(|(from, to)| When::Between(from, to)),
        None => text.parse().ok().map(When::On),
    }
}

impl From<Value> for String {
    fn from(value: Value) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for Value {
    type Error = NotAValue;

    fn try_from(text: String) -> Result<Self, NotAValue> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "1931",
            "1931-05",
            "1931-05-04",
            "1931-05-04T15:00:00",
            "1931-05-04T15:00:00+02:00",
            "1931-05-04/1931-05-07",
            "../1931-05-07",
            "1931-05/..",
            "[1931-05-04..1931-06]",
            "[..1931]",
            "[1931..]",
        ] {
            assert_eq!(text.parse::<Value>().map(|value| value.to_string()).as_deref(), Ok(text));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "May 4", "1931-02-30", "/", "../..", "[..]", "[1931]", "1931/1932/1933"] {
            let taken = text.parse::<Value>();
            assert!(taken.is_err(), "{text}: {taken:?}");
        }
    }
}

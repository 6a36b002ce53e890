//! What was decided that the source doesn't say, by which rule, and how certain it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// How sure a decision is, least first. The words are those of TEI's `teidata.certainty`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// One of several readings, or without a good reason: a person should look.
    Low,
    /// Likely.
    Medium,
    /// As good as stated.
    High,
}

impl Certainty {
    /// The word in TEI's `@cert`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// A decision that can be listed and disputed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inference {
    /// The rule, in words with dots: `marker.sequence`.
    pub rule: Cow<'static, str>,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was decided and why, for a person: one sentence.
    pub because: Cow<'static, str>,
}

impl Inference {
    /// A decision by a rule.
    pub fn new(rule: &'static str, certainty: Certainty, because: impl Into<Cow<'static, str>>) -> Self {
        Self { rule: Cow::Borrowed(rule), certainty, because: because.into() }
    }
}

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

    /// In one line: rule, certainty and, if there is one, the reason: `marker.sequence low it is due next`.
    pub fn words(&self) -> String {
        let words = format!("{} {} {}", self.rule, self.certainty.as_str(), self.because);
        words.trim_end().to_owned()
    }

    /// Reads what [`Inference::words`] wrote; nothing if it is none.
    pub fn parse(words: &str) -> Option<Self> {
        let (rule, rest) = words.split_once(' ')?;
        let (certainty, because) = rest.split_once(' ').unwrap_or((rest, ""));
        let certainty = match certainty {
            "low" => Certainty::Low,
            "medium" => Certainty::Medium,
            "high" => Certainty::High,
            _ => return None,
        };
        Some(Self { rule: rule.to_owned().into(), certainty, because: because.to_owned().into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for because in ["it is due next", ""] {
            let inference = Inference::new("marker.sequence", Certainty::Low, because);
            assert_eq!(Inference::parse(&inference.words()), Some(inference));
        }
        for words in ["", "marker.sequence", "marker.sequence perhaps"] {
            assert_eq!(Inference::parse(words), None);
        }
    }
}

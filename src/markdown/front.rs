//! The keys of the YAML front matter.

use serde::{Deserialize, Serialize};

use crate::model::{Agent, Certainty, Correspondence, Identifier, Inference, Publication, Series, SourceDescription};

/// The keys of the front matter, in the order of writing. Those from `id` to `pages` repeat what the text says;
/// a reader takes the others.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FrontMatter {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schema: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subtype: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subtitle: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) agents: Vec<Agent>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<Dates>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pages: Option<Pages>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<Notes>,
    /// What was inferred, one entry for each rule and certainty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inferred: Vec<Inferred>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) lang: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) subjects: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) classification: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) series: Option<Series>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) identifiers: Vec<Identifier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) publication: Option<Publication>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<SourceDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) correspondence: Option<Correspondence>,
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub(crate) extra: std::collections::BTreeMap<String, String>,
    /// What no other key says of a source in TEI: the file round the text, as XML; its header alone if there is no
    /// more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) tei: Option<String>,
}

/// A date, in TEI's words.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Dates {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) when: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<String>,
    #[serde(rename = "notBefore", skip_serializing_if = "Option::is_none")]
    pub(crate) not_before: Option<String>,
    #[serde(rename = "notAfter", skip_serializing_if = "Option::is_none")]
    pub(crate) not_after: Option<String>,
}

/// What holds for all pages.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Pages {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ids: Option<String>,
}

/// What holds for all notes that don't say otherwise.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Notes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ids: Option<String>,
}

/// Why a rule infers something, and which notes it inferred.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Inferred {
    pub(crate) rule: String,
    pub(crate) certainty: Certainty,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) because: String,
    /// The labels of the notes, as [`super::labels::ranges`] writes them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) notes: String,
}

impl Inferred {
    /// Whether an inference is by this rule and of this certainty.
    pub(crate) fn covers(&self, inference: &Inference) -> bool {
        self.rule == inference.rule && self.certainty == inference.certainty
    }
}

/// The pattern of pages' ids.
pub(crate) const PAGE_IDS: &str = "pg_{n}";
/// The pattern of notes' ids.
pub(crate) const NOTE_IDS: &str = "{division}fn{n}";

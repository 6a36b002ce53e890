//! What is known about a document. Plain fields that every format can say something of; where the source had
//! a TEI header, the header itself is kept beside them.

use std::collections::BTreeMap;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Moment, When, is_default};
use crate::xml::Element;

/// What is known about a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metadata {
    /// What it is called.
    #[serde(skip_serializing_if = "is_default")]
    pub title: Title,
    /// Who made it: authors, editors, translators.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Agent>,
    /// Who published it, when, and under which terms.
    #[serde(skip_serializing_if = "is_default")]
    pub publication: Publication,
    /// The series it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// Numbers and names by which it is known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<Identifier>,
    /// BCP 47 tags, the main language first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<CompactString>,
    /// What it is about: headings, keywords, a description.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<String>,
    /// Its place in classifications: the scheme's URI and the code (TEI `classCode`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classification: Vec<Identifier>,
    /// A summary in a sentence or a paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it was made from.
    #[serde(skip_serializing_if = "is_default")]
    pub source: SourceDescription,
    /// Who wrote to whom.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correspondence: Option<Correspondence>,
    /// Anything else, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, String>,
    /// The TEI header as the source had it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<Box<Element>>,
}

/// What a document is called.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Title {
    /// The title proper, without numbers and note markers.
    pub main: String,
    /// What follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
}

/// A person or body with a part in the document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agent {
    /// The name as it is shown.
    pub name: String,
    /// The name as it is sorted: `Mahan, Erin R.`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_as: Option<String>,
    /// A MARC relator code: `aut`, `edt`, `trl`.
    pub role: CompactString,
    /// A URI that identifies the agent: an ORCID, VIAF.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

/// Who published a document, when, and under which terms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Publication {
    /// The publisher.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The date: year, month or day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Moment>,
    /// The terms in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rights: Option<String>,
    /// The licence's URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// When the text was last changed: a full instant (`2024-05-01T12:00:00Z`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified: Option<CompactString>,
}

/// A series and the place of the document in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Series {
    /// The series' title.
    pub title: String,
    /// The volume's number as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
}

/// A number or name by which a document is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifier {
    /// Of which kind: `isbn`, `doi`, `uri`, or a project's own word.
    pub scheme: CompactString,
    /// The identifier.
    pub value: String,
}

/// What a document was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SourceDescription {
    /// The file that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// BLAKE3 of that file's bytes, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// What the editors' source note says, whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The printed edition from which page numbers come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// Where the original is kept, from the general to the particular: country, repository, collection, box.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub location: Vec<Identifier>,
}

/// Who wrote to whom, when and whence (TEI `correspDesc`, §2.4.6).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Correspondence {
    /// Who sent it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub senders: Vec<Party>,
    /// To whom.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addressees: Vec<Party>,
    /// From where, as printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// When it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<When>,
}

/// A sender or an addressee.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// The words of the source, office and name: `the Chief of the Liaison Office in China (Woodcock)`.
    pub name: String,
    /// The person alone, where one is named: `Woodcock`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A URI that identifies the person or office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}

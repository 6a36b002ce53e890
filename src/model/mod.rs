//! The normalized document: readers fill it, passes enrich it, writers read it.
//!
//! A [`Document`] is an owned tree of [`Block`]s and [`Inline`]s without lifetimes or shared nodes; what points
//! across it does so by [`Id`]. It is a format of its own: [`crate::write::json`] writes it, with the version
//! [`VERSION`], and [`crate::read::json`] reads it.
//!
//! | question | answer |
//! | --- | --- |
//! | where do notes stand? | with their body, where they are called ([`Note`]) |
//! | what is a page break? | a point, not a container ([`Milestone`]), so pages may cross anything, and a word |
//! | what of elements without a name here? | carried with ordinary content ([`Foreign`]) |
//! | where did a node come from? | [`Tag::span`] |
//! | was it guessed? | [`Tag::inference`] |

mod anywhere;
mod block;
mod date;
mod frame;
mod inference;
mod inline;
mod mathml;
mod metadata;
mod tag;
pub mod visit;

use serde::{Deserialize, Serialize};

pub use anywhere::words;
pub use block::{
    Block, Cell, Division, Figure, Foreign, Formula, FormulaKind, Heading, Item, Line, List, ListKind, Note, NoteKind,
    Paragraph, Place, Quotation, Row, Speech, Table, Verbatim, Verse,
};
pub use date::{Clock, Moment, When};
pub use frame::Frame;
pub use inference::{Certainty, Inference};
pub use inline::{
    Choice, Date, Edit, EditKind, Graphic, Inline, Milestone, Name, NameKind, Reference, Style, Styled, Target, Term,
    Unit,
};
pub use mathml::{MATHML, is_formula, is_mathml_layout, mathml_local, mathml_name, mathml_takes};
pub use metadata::{Agent, Correspondence, Identifier, Metadata, Party, Publication, Series, SourceDescription, Title};
pub use tag::{Attribute, Attributes, Id, Namespace, QName, Tag};

/// The version of the model as JSON. It rises with each change that an older reader would misread.
pub const VERSION: u32 = 1;

/// One document or one volume of documents.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// What is known about it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metadata: Metadata,
    /// What stands before the text proper: title page, preface, lists of persons.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub front: Vec<Block>,
    /// The text proper.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<Block>,
    /// What stands after it: appendices, indices.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<Block>,
    /// Files that the text shows: images.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// The XML file round the text, where it came from one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<Box<Frame>>,
}

/// A file that belongs to the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// The relative path by which the text calls it, with `/` between its parts.
    pub path: String,
    /// IANA media type.
    pub media_type: String,
    /// The bytes; base64 in JSON.
    #[serde(with = "base64_bytes")]
    pub bytes: Vec<u8>,
}

impl Document {
    /// Front, body and back, in this order.
    pub fn parts(&self) -> [&Vec<Block>; 3] {
        [&self.front, &self.body, &self.back]
    }

    /// Front, body and back, to be changed.
    pub fn parts_mut(&mut self) -> [&mut Vec<Block>; 3] {
        [&mut self.front, &mut self.body, &mut self.back]
    }
}

/// Keeps what is empty out of the JSON.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

//! The parts of a text that stand one behind the other in a line.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Block, Foreign, Id, Note, Tag, When};

/// Anything that stands in a line.
///
/// All but text is boxed, so that long runs of text and names stay small.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inline {
    /// Characters, white space as in the source.
    Text(String),
    /// Set apart by type: italics, small capitals.
    Styled(Box<Styled>),
    /// A person, place or organisation.
    Name(Box<Name>),
    /// A date or time.
    Date(Box<Date>),
    /// A technical term or abbreviation that is explained elsewhere.
    Term(Box<Term>),
    /// A cross-reference or link.
    Reference(Box<Reference>),
    /// An editor's or author's intervention: supplied, unclear, deleted, left out.
    Edit(Box<Edit>),
    /// Two or more readings of the same place.
    Choice(Box<Choice>),
    /// An image in the line.
    Graphic(Box<Graphic>),
    /// A list or quotation in mid-sentence.
    Nested(Box<Block>),
    /// A note, called here.
    Note(Box<Note>),
    /// A page, column or line break.
    Milestone(Box<Milestone>),
    /// An element without a name here.
    Foreign(Box<Foreign<Inline>>),
}

/// TEI `hi` (§3.3.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Styled {
    /// Id, language and the rest.
    pub tag: Tag,
    /// How it is set.
    pub style: Style,
    /// The words.
    pub content: Vec<Inline>,
}

/// How text is set apart; TEI `@rend`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Style {
    /// Italics: `italic`.
    Italic,
    /// Bold: `strong` or `bold`.
    Bold,
    /// Small capitals over normal text: `smallcaps`.
    SmallCaps,
    /// Underlined: `underline`.
    Underline,
    /// Struck through: `strikethrough`.
    Strikethrough,
    /// Raised: `sup`, `superscript`.
    Superscript,
    /// Lowered: `sub`, `subscript`.
    Subscript,
    /// Code, in a typewriter's letters (TEI `code`).
    Code,
    /// Upright in an italic context: `roman`.
    Roman,
    /// Set apart in a way that only the tag's attributes say, or not said at all.
    Unspecified,
}

/// TEI `persName`, `placeName`, `orgName`, `name`, `rs` (§3.6.1, §14.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Name {
    /// Id, language and the rest.
    pub tag: Tag,
    /// Of what.
    pub kind: NameKind,
    /// The part it plays, TEI `@type` or `@role`: `from`, `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<CompactString>,
    /// Whom or what it names, TEI `@ref`: an entry in a list of persons or an authority's URI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The words of the source.
    pub content: Vec<Inline>,
}

/// Of what a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// `persName`.
    Person,
    /// `placeName`.
    Place,
    /// `orgName`.
    Organisation,
    /// `name`.
    Other,
}

/// TEI `date`, `time` (§3.6.4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Date {
    /// Id, language, the inference, and the rest.
    pub tag: Tag,
    /// The interpretation; `None` if it has none ("undated").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<When>,
    /// The words of the source.
    pub content: Vec<Inline>,
}

/// TEI `gloss`, `term` (§3.4.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Id, language and the rest.
    pub tag: Tag,
    /// The entry that explains it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The words.
    pub content: Vec<Inline>,
}

/// TEI `ref`, `ptr` (§3.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// Id, language and the rest.
    pub tag: Tag,
    /// To what; several if the source names several in one.
    pub targets: Vec<Target>,
    /// The words; none for a bare pointer.
    pub content: Vec<Inline>,
}

/// What a reference points to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A node of this document, by its id; whether it exists is not promised.
    Here(Id),
    /// Anything else, as a URI reference.
    Elsewhere(CompactString),
}

impl Target {
    /// Reads a URI reference: `#d9` is here, all else elsewhere.
    pub fn parse(reference: &str) -> Self {
        match reference.strip_prefix('#') {
            Some(id) if !id.is_empty() => Self::Here(id.into()),
            _ => Self::Elsewhere(reference.into()),
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Here(id) => write!(f, "#{id}"),
            Self::Elsewhere(uri) => f.write_str(uri),
        }
    }
}

/// An intervention in the text (TEI P5 §3.5, §11.3). Details (`@reason`, `@unit`, `@quantity`) are attributes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// Id, attributes and the rest.
    pub tag: Tag,
    /// Which.
    pub kind: EditKind,
    /// The words concerned; for a gap, the words that stand in for it.
    pub content: Vec<Inline>,
}

/// Which intervention.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditKind {
    /// `sic`: wrong, but so in the source.
    Sic,
    /// `corr`: corrected.
    Correction,
    /// `orig`: as the source spells it.
    Original,
    /// `reg`: regularized.
    Regularized,
    /// `abbr`: an abbreviation.
    Abbreviation,
    /// `expan`: expanded.
    Expansion,
    /// `supplied`: added by the editors.
    Supplied,
    /// `unclear`: hard to read.
    Unclear,
    /// `gap`: left out, withheld or lost; the content is what is printed in its place (TEI `desc`).
    Gap,
    /// `add`: added by a hand in the source.
    Addition,
    /// `del`: deleted by a hand in the source.
    Deletion,
}

/// TEI `choice` (§3.5): the readings, in order; each is an [`Edit`] or stands among white space.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Id and the rest.
    pub tag: Tag,
    /// The readings. A target that shows one shows the first that is corrected, regularized or expanded, else
    /// the first.
    pub content: Vec<Inline>,
}

/// TEI `graphic` (§3.10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Graphic {
    /// Id and the rest.
    pub tag: Tag,
    /// Where the image is: the path of a resource of the document, or a URI.
    pub url: CompactString,
    /// What it shows, where the source says so outside the text (XHTML `alt`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// TEI `pb`, `cb`, `lb`, `milestone` (§3.11.3): a point at which something new begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// Id and the rest.
    pub tag: Tag,
    /// What begins.
    pub unit: Unit,
    /// Its number or name as printed: `610`, `xiv`; TEI `@n`. It is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<CompactString>,
    /// True if it stands inside a word, which goes on across it (TEI `@break='no'`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub inside_word: bool,
}

/// What begins at a milestone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// `pb`.
    Page,
    /// `cb`.
    Column,
    /// `lb`.
    Line,
    /// `milestone`, with its `@unit`.
    Other(CompactString),
}

impl Inline {
    /// Characters.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

//! The parts of a text that stand one below the other.
//!
//! Where text stands in a container without an element of its own (an item, a cell, a note, a dateline), it is
//! a [`Paragraph`] that is `bare`. So every container holds blocks, and mixed content needs no special case.

use compact_str::CompactString;
use serde::{Deserialize, Serialize};

use super::{Inline, Milestone, Tag};

/// Anything that stands on its own lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A part with a heading of its own: volume, chapter, document, attachment.
    Division(Division),
    /// The heading of what it stands in, or a sub-heading that opens no division.
    Heading(Heading),
    /// Running text.
    Paragraph(Paragraph),
    /// A set part of a document: opener, dateline, closer, signature, speaker.
    Formula(Formula),
    /// Quoted blocks.
    Quotation(Quotation),
    /// A list.
    List(List),
    /// A table.
    Table(Table),
    /// A group of verse lines.
    Verse(Verse),
    /// One line of verse.
    Line(Line),
    /// What one person says in a play or a transcript.
    Speech(Speech),
    /// An image with what belongs to it.
    Figure(Figure),
    /// Text to be shown letter for letter: code, examples.
    Verbatim(Verbatim),
    /// A note that stands between blocks, or apart from where it is called.
    Note(Note),
    /// A page break, column break or the like between blocks.
    Milestone(Milestone),
    /// An element without a name here.
    Foreign(Foreign<Block>),
}

/// TEI `div` (TEI P5 §4.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Division {
    /// Id, language and the rest.
    pub tag: Tag,
    /// What it is: `document`, `chapter`, `attachment`; TEI `@type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CompactString>,
    /// Its number as printed, without the stop; TEI `@n`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<CompactString>,
    /// Heading, text and inner divisions, in order.
    pub content: Vec<Block>,
}

/// TEI `head` (§4.2.1) where it heads its container; a paragraph set as a sub-heading where it doesn't.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Heading {
    /// Id, language and the rest.
    pub tag: Tag,
    /// 0 if it heads the division, list, table or figure in which it stands; 1, 2 … for a sub-heading within
    /// running text, which opens no division.
    #[serde(default)]
    pub depth: u8,
    /// The words.
    pub content: Vec<Inline>,
}

/// TEI `p` (§3.1), or text that stands directly in its container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Paragraph {
    /// Id, language and the rest.
    pub tag: Tag,
    /// True for text that stands in its container without an element of its own; the tag is then empty.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bare: bool,
    /// The words.
    pub content: Vec<Inline>,
}

/// A set part of a letter, memorandum or play (TEI P5 §4.2.2, §7.2). A line of one holds a bare paragraph; an
/// opener or closer may hold other formulas.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Formula {
    /// Id, language and the rest.
    pub tag: Tag,
    /// Which.
    pub kind: FormulaKind,
    /// The words and the formulas within.
    pub content: Vec<Block>,
}

/// Which set part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormulaKind {
    /// TEI `opener`: holds dateline, salutation.
    Opener,
    /// TEI `dateline`: place and date.
    Dateline,
    /// TEI `salute`: a greeting, at the beginning or the end.
    Salute,
    /// TEI `closer`: holds valediction, signature.
    Closer,
    /// TEI `signed`.
    Signed,
    /// TEI `postscript`.
    Postscript,
    /// TEI `byline`.
    Byline,
    /// TEI `trailer`.
    Trailer,
    /// TEI `epigraph`.
    Epigraph,
    /// TEI `argument`: a summary at the head of a part.
    Argument,
    /// TEI `speaker`, in a [`Speech`].
    Speaker,
    /// TEI `stage`.
    Stage,
    /// TEI `figDesc`: what an image shows, for those who can't see it.
    Description,
}

/// TEI `quote` (§3.3.3) as a block.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quotation {
    /// Id, language and the rest.
    pub tag: Tag,
    /// What is quoted.
    pub content: Vec<Block>,
}

/// TEI `list` (§3.8).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// Id, language and the rest.
    pub tag: Tag,
    /// How it is set.
    #[serde(default)]
    pub kind: ListKind,
    /// What kind of things it lists, TEI `@type`: `participants`, `subject`, `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<CompactString>,
    /// Headings, page breaks and notes before the first item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Block>,
    /// The items.
    pub items: Vec<Item>,
}

/// How a list is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    /// Nothing but the items' own text marks them.
    #[default]
    Plain,
    /// A bullet, which is not part of the text, marks them.
    Bulleted,
    /// The target counts them; the numbers are not part of the text.
    Numbered,
    /// Each label is explained by its item (TEI `list[@type='gloss']`).
    Gloss,
}

/// TEI `item`, with the `label` before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Id, language and the rest.
    pub tag: Tag,
    /// A label that stands as an element of its own before the item; it is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Box<Heading>>,
    /// What the item says.
    pub content: Vec<Block>,
    /// What stands between this item and the next: page breaks, notes, comments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Block>,
}

/// TEI `table` (§14.1).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Id, language and the rest.
    pub tag: Tag,
    /// Headings, page breaks and notes before the first row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub before: Vec<Block>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// TEI `row`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Id, language and the rest.
    pub tag: Tag,
    /// True if it holds the columns' names (TEI `@role='label'`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub label: bool,
    /// The cells.
    pub cells: Vec<Cell>,
    /// What stands between this row and the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Block>,
}

/// TEI `cell`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Id, language and the rest.
    pub tag: Tag,
    /// True if it names its row or column (TEI `@role='label'`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub label: bool,
    /// How many rows it fills, at least 1.
    pub rows: u16,
    /// How many columns it fills, at least 1.
    pub columns: u16,
    /// What it says.
    pub content: Vec<Block>,
    /// What stands between this cell and the next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<Block>,
}

impl Default for Cell {
    fn default() -> Self {
        Self { tag: Tag::default(), label: false, rows: 1, columns: 1, content: Vec::new(), after: Vec::new() }
    }
}

/// TEI `lg` (§6.1): verse groups, lines and what stands among them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verse {
    /// Id, language and the rest.
    pub tag: Tag,
    /// Headings, lines and inner groups, in order.
    pub content: Vec<Block>,
}

/// TEI `l`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Id, language and the rest.
    pub tag: Tag,
    /// The words.
    pub content: Vec<Inline>,
}

/// TEI `sp` (§7.2.2): speaker, stage directions and what is said, in order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Speech {
    /// Id, language and the rest.
    pub tag: Tag,
    /// Speaker (a [`Formula`]), paragraphs, lines, stage directions.
    pub content: Vec<Block>,
}

/// TEI `figure` (§14.3): graphics (in bare paragraphs), headings, descriptions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// Id, language and the rest.
    pub tag: Tag,
    /// What belongs to it, in order.
    pub content: Vec<Block>,
}

/// Text in which every space counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verbatim {
    /// Id, language and the rest.
    pub tag: Tag,
    /// The language of code, if it is code and the language is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syntax: Option<CompactString>,
    /// The text, lines parted by `\n`.
    pub text: String,
}

/// TEI `note` (§3.9.1). It stands where it is called; its body is whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// Id, language, the inference about its anchor, and the rest.
    pub tag: Tag,
    /// The marker as printed: `3`, `*`; TEI `@n`. It is not text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<CompactString>,
    /// Whose note it is.
    #[serde(default)]
    pub kind: NoteKind,
    /// Where it is printed.
    #[serde(default)]
    pub place: Place,
    /// What it says.
    pub body: Vec<Block>,
}

/// Whose note, or what about; TEI `note/@type`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// The editors', or unknown: no `@type`.
    #[default]
    Editorial,
    /// Says where the document comes from.
    Source,
    /// A summary.
    Summary,
    /// A footnote of the document itself.
    Original,
    /// Any other word of the source.
    Other(CompactString),
}

/// Where a note is printed; TEI `@place`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Not said.
    #[default]
    Unknown,
    /// At the foot of the page.
    Foot,
    /// At the end of the document or volume.
    End,
    /// In the margin.
    Margin,
    /// In the running text, without a marker.
    Inline,
    /// Any other word of the source.
    Other(CompactString),
}

/// What has no name in the model, carried whole. Its content is ordinary, so a note within is still a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Foreign<T> {
    /// An element; `tag.element` is its name.
    Element {
        /// Name, id and attributes.
        tag: Tag,
        /// What it holds.
        content: Vec<T>,
    },
    /// An XML comment, without its delimiters.
    Comment(String),
    /// An XML processing instruction, without its delimiters.
    Instruction(String),
}

impl Block {
    /// Text that stands directly in its container.
    pub fn bare(content: Vec<Inline>) -> Self {
        Self::Paragraph(Paragraph { tag: Tag::default(), bare: true, content })
    }
}

impl Formula {
    /// A line of one kind.
    pub fn line(kind: FormulaKind, content: Vec<Inline>) -> Self {
        Self { tag: Tag::default(), kind, content: vec![Block::bare(content)] }
    }
}

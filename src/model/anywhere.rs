//! Questions that every node answers.

use super::{Block, Foreign, Inline, Tag};

impl Block {
    /// The node's tag; none for comments and instructions.
    pub fn tag(&self) -> Option<&Tag> {
        Some(match self {
            Self::Division(it) => &it.tag,
            Self::Heading(it) => &it.tag,
            Self::Paragraph(it) => &it.tag,
            Self::Formula(it) => &it.tag,
            Self::Quotation(it) => &it.tag,
            Self::List(it) => &it.tag,
            Self::Table(it) => &it.tag,
            Self::Verse(it) => &it.tag,
            Self::Line(it) => &it.tag,
            Self::Speech(it) => &it.tag,
            Self::Figure(it) => &it.tag,
            Self::Verbatim(it) => &it.tag,
            Self::Note(it) => &it.tag,
            Self::Milestone(it) => &it.tag,
            Self::Foreign(it) => return it.tag(),
        })
    }
}

impl Inline {
    /// The node's tag; none for text, comments, instructions and nested blocks' wrappers.
    pub fn tag(&self) -> Option<&Tag> {
        Some(match self {
            Self::Styled(it) => &it.tag,
            Self::Name(it) => &it.tag,
            Self::Date(it) => &it.tag,
            Self::Term(it) => &it.tag,
            Self::Reference(it) => &it.tag,
            Self::Edit(it) => &it.tag,
            Self::Choice(it) => &it.tag,
            Self::Graphic(it) => &it.tag,
            Self::Note(it) => &it.tag,
            Self::Milestone(it) => &it.tag,
            Self::Nested(block) => return block.tag(),
            Self::Foreign(it) => return it.tag(),
            Self::Text(_) => return None,
        })
    }
}

impl<T> Foreign<T> {
    /// The element's tag; none for comments and instructions.
    pub fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Element { tag, .. } => Some(tag),
            Self::Comment(_) | Self::Instruction(_) => None,
        }
    }
}

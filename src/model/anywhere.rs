//! Questions that every node answers.

use super::visit::{
    Visit, VisitMut, walk_block, walk_block_mut, walk_document, walk_document_mut, walk_inline, walk_inline_mut,
};
use super::{Block, Document, Foreign, Inline, Tag};

impl Document {
    /// Shows every tag, those of items, rows and cells among them, to be changed.
    pub fn each_tag_mut(&mut self, change: impl FnMut(&mut Tag)) {
        walk_document_mut(&mut Tags(change), self);
    }
}

impl Document {
    /// Shows every tag, those of items, rows and cells among them.
    pub fn each_tag<'a>(&'a self, see: impl FnMut(&'a Tag)) {
        walk_document(&mut Seen(see), self);
    }
}

struct Seen<F>(F);

impl<'a, F: FnMut(&'a Tag)> Visit<'a> for Seen<F> {
    fn block(&mut self, block: &'a Block) {
        block.tag().into_iter().for_each(&mut self.0);
        match block {
            Block::List(it) => it.items.iter().for_each(|item| {
                (self.0)(&item.tag);
                item.label.iter().for_each(|label| (self.0)(&label.tag));
            }),
            Block::Table(it) => it.rows.iter().for_each(|row| {
                (self.0)(&row.tag);
                row.cells.iter().for_each(|cell| (self.0)(&cell.tag));
            }),
            _ => {}
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        // The tag of a nested block is seen with the block.
        if !matches!(inline, Inline::Nested(_)) {
            inline.tag().into_iter().for_each(&mut self.0);
        }
        walk_inline(self, inline);
    }
}

struct Tags<F>(F);

impl<F: FnMut(&mut Tag)> VisitMut for Tags<F> {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::List(it) => it.items.iter_mut().for_each(|item| {
                self.0(&mut item.tag);
                item.label.iter_mut().for_each(|label| self.0(&mut label.tag));
            }),
            Block::Table(it) => it.rows.iter_mut().for_each(|row| {
                self.0(&mut row.tag);
                row.cells.iter_mut().for_each(|cell| self.0(&mut cell.tag));
            }),
            _ => {}
        }
        block.tag_mut().into_iter().for_each(&mut self.0);
        walk_block_mut(self, block);
    }

    fn inline(&mut self, inline: &mut Inline) {
        // The tag of a nested block is seen with the block.
        if !matches!(inline, Inline::Nested(_)) {
            inline.tag_mut().into_iter().for_each(&mut self.0);
        }
        walk_inline_mut(self, inline);
    }
}

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

    /// The node's tag, to be changed; none for comments and instructions.
    pub fn tag_mut(&mut self) -> Option<&mut Tag> {
        Some(match self {
            Self::Division(it) => &mut it.tag,
            Self::Heading(it) => &mut it.tag,
            Self::Paragraph(it) => &mut it.tag,
            Self::Formula(it) => &mut it.tag,
            Self::Quotation(it) => &mut it.tag,
            Self::List(it) => &mut it.tag,
            Self::Table(it) => &mut it.tag,
            Self::Verse(it) => &mut it.tag,
            Self::Line(it) => &mut it.tag,
            Self::Speech(it) => &mut it.tag,
            Self::Figure(it) => &mut it.tag,
            Self::Verbatim(it) => &mut it.tag,
            Self::Note(it) => &mut it.tag,
            Self::Milestone(it) => &mut it.tag,
            Self::Foreign(it) => return it.tag_mut(),
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

    /// The node's tag, to be changed; none for text, comments, instructions and nested blocks' wrappers.
    pub fn tag_mut(&mut self) -> Option<&mut Tag> {
        Some(match self {
            Self::Styled(it) => &mut it.tag,
            Self::Name(it) => &mut it.tag,
            Self::Date(it) => &mut it.tag,
            Self::Term(it) => &mut it.tag,
            Self::Reference(it) => &mut it.tag,
            Self::Edit(it) => &mut it.tag,
            Self::Choice(it) => &mut it.tag,
            Self::Graphic(it) => &mut it.tag,
            Self::Note(it) => &mut it.tag,
            Self::Milestone(it) => &mut it.tag,
            Self::Nested(block) => return block.tag_mut(),
            Self::Foreign(it) => return it.tag_mut(),
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

    /// The element's tag, to be changed; none for comments and instructions.
    pub fn tag_mut(&mut self) -> Option<&mut Tag> {
        match self {
            Self::Element { tag, .. } => Some(tag),
            Self::Comment(_) | Self::Instruction(_) => None,
        }
    }
}

impl Inline {
    /// The inlines within this one; none for text and points, and none for notes and nested blocks, whose text is not
    /// in the same line.
    pub fn children(&self) -> Option<&[Inline]> {
        Some(match self {
            Self::Styled(it) => &it.content,
            Self::Name(it) => &it.content,
            Self::Date(it) => &it.content,
            Self::Term(it) => &it.content,
            Self::Reference(it) => &it.content,
            Self::Edit(it) => &it.content,
            Self::Choice(it) => &it.content,
            Self::Foreign(it) => match it.as_ref() {
                Foreign::Element { content, .. } => content,
                Foreign::Comment(_) | Foreign::Instruction(_) => return None,
            },
            Self::Text(_) | Self::Graphic(_) | Self::Nested(_) | Self::Note(_) | Self::Milestone(_) => return None,
        })
    }

    /// The same, to be changed.
    pub fn children_mut(&mut self) -> Option<&mut Vec<Inline>> {
        Some(match self {
            Self::Styled(it) => &mut it.content,
            Self::Name(it) => &mut it.content,
            Self::Date(it) => &mut it.content,
            Self::Term(it) => &mut it.content,
            Self::Reference(it) => &mut it.content,
            Self::Edit(it) => &mut it.content,
            Self::Choice(it) => &mut it.content,
            Self::Foreign(it) => match it.as_mut() {
                Foreign::Element { content, .. } => content,
                Foreign::Comment(_) | Foreign::Instruction(_) => return None,
            },
            Self::Text(_) | Self::Graphic(_) | Self::Nested(_) | Self::Note(_) | Self::Milestone(_) => return None,
        })
    }
}

/// The words of some content, white space folded: its text and what is set apart by type, without notes and other
/// marks.
pub fn words(content: &[Inline]) -> String {
    let text = content.iter().filter_map(|inline| match inline {
        Inline::Text(text) => Some(text.clone()),
        Inline::Styled(styled) => Some(words(&styled.content)),
        _ => None,
    });
    text.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

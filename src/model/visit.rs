//! Walking a tree: every node once, in the order of the text. A visitor overrides what it wants to see and
//! calls `walk_…` where it wants to go on downward.

use super::{Block, Document, Foreign, Inline};

/// Sees every block and inline of a document, parents before children.
pub trait Visit<'a> {
    /// A block; by default its children are visited.
    fn block(&mut self, block: &'a Block) {
        walk_block(self, block);
    }

    /// An inline; by default its children are visited.
    fn inline(&mut self, inline: &'a Inline) {
        walk_inline(self, inline);
    }
}

/// Visits front, body and back.
pub fn walk_document<'a>(visitor: &mut (impl Visit<'a> + ?Sized), document: &'a Document) {
    for part in document.parts() {
        walk_blocks(visitor, part);
    }
}

/// Visits each of some blocks.
pub fn walk_blocks<'a>(visitor: &mut (impl Visit<'a> + ?Sized), blocks: &'a [Block]) {
    for block in blocks {
        visitor.block(block);
    }
}

/// Visits each of some inlines.
pub fn walk_inlines<'a>(visitor: &mut (impl Visit<'a> + ?Sized), inlines: &'a [Inline]) {
    for inline in inlines {
        visitor.inline(inline);
    }
}

/// Visits the children of a block.
pub fn walk_block<'a>(visitor: &mut (impl Visit<'a> + ?Sized), block: &'a Block) {
    match block {
        Block::Division(it) => walk_blocks(visitor, &it.content),
        Block::Heading(it) => walk_inlines(visitor, &it.content),
        Block::Paragraph(it) => walk_inlines(visitor, &it.content),
        Block::Formula(it) => walk_blocks(visitor, &it.content),
        Block::Quotation(it) => walk_blocks(visitor, &it.content),
        Block::List(it) => {
            walk_blocks(visitor, &it.before);
            for item in &it.items {
                if let Some(label) = &item.label {
                    walk_inlines(visitor, &label.content);
                }
                walk_blocks(visitor, &item.content);
                walk_blocks(visitor, &item.after);
            }
        }
        Block::Table(it) => {
            walk_blocks(visitor, &it.before);
            for row in &it.rows {
                for cell in &row.cells {
                    walk_blocks(visitor, &cell.content);
                    walk_blocks(visitor, &cell.after);
                }
                walk_blocks(visitor, &row.after);
            }
        }
        Block::Verse(it) => walk_blocks(visitor, &it.content),
        Block::Line(it) => walk_inlines(visitor, &it.content),
        Block::Speech(it) => walk_blocks(visitor, &it.content),
        Block::Figure(it) => walk_blocks(visitor, &it.content),
        Block::Note(it) => walk_blocks(visitor, &it.body),
        Block::Foreign(Foreign::Element { content, .. }) => walk_blocks(visitor, content),
        Block::Verbatim(_) | Block::Milestone(_) | Block::Foreign(_) => {}
    }
}

/// Visits the children of an inline.
pub fn walk_inline<'a>(visitor: &mut (impl Visit<'a> + ?Sized), inline: &'a Inline) {
    match inline {
        Inline::Styled(it) => walk_inlines(visitor, &it.content),
        Inline::Name(it) => walk_inlines(visitor, &it.content),
        Inline::Date(it) => walk_inlines(visitor, &it.content),
        Inline::Term(it) => walk_inlines(visitor, &it.content),
        Inline::Reference(it) => walk_inlines(visitor, &it.content),
        Inline::Edit(it) => walk_inlines(visitor, &it.content),
        Inline::Choice(it) => walk_inlines(visitor, &it.content),
        Inline::Nested(block) => visitor.block(block),
        Inline::Note(it) => walk_blocks(visitor, &it.body),
        Inline::Foreign(it) => {
            if let Foreign::Element { content, .. } = it.as_ref() {
                walk_inlines(visitor, content);
            }
        }
        Inline::Text(_) | Inline::Graphic(_) | Inline::Milestone(_) => {}
    }
}

/// Sees every block and inline of a document and may change it, parents before children.
pub trait VisitMut {
    /// The blocks of one place; by default each is visited.
    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        walk_blocks_mut(self, blocks);
    }

    /// The inlines of one place; by default each is visited.
    fn inlines(&mut self, inlines: &mut Vec<Inline>) {
        walk_inlines_mut(self, inlines);
    }

    /// A block; by default its children are visited.
    fn block(&mut self, block: &mut Block) {
        walk_block_mut(self, block);
    }

    /// An inline; by default its children are visited.
    fn inline(&mut self, inline: &mut Inline) {
        walk_inline_mut(self, inline);
    }
}

/// Visits front, body and back.
pub fn walk_document_mut(visitor: &mut (impl VisitMut + ?Sized), document: &mut Document) {
    for part in document.parts_mut() {
        visitor.blocks(part);
    }
}

/// Visits each of some blocks.
pub fn walk_blocks_mut(visitor: &mut (impl VisitMut + ?Sized), blocks: &mut [Block]) {
    for block in blocks {
        visitor.block(block);
    }
}

/// Visits each of some inlines.
pub fn walk_inlines_mut(visitor: &mut (impl VisitMut + ?Sized), inlines: &mut [Inline]) {
    for inline in inlines {
        visitor.inline(inline);
    }
}

/// Visits the children of a block.
pub fn walk_block_mut(visitor: &mut (impl VisitMut + ?Sized), block: &mut Block) {
    match block {
        Block::Division(it) => visitor.blocks(&mut it.content),
        Block::Heading(it) => visitor.inlines(&mut it.content),
        Block::Paragraph(it) => visitor.inlines(&mut it.content),
        Block::Formula(it) => visitor.blocks(&mut it.content),
        Block::Quotation(it) => visitor.blocks(&mut it.content),
        Block::List(it) => {
            visitor.blocks(&mut it.before);
            for item in &mut it.items {
                if let Some(label) = &mut item.label {
                    visitor.inlines(&mut label.content);
                }
                visitor.blocks(&mut item.content);
                visitor.blocks(&mut item.after);
            }
        }
        Block::Table(it) => {
            visitor.blocks(&mut it.before);
            for row in &mut it.rows {
                for cell in &mut row.cells {
                    visitor.blocks(&mut cell.content);
                    visitor.blocks(&mut cell.after);
                }
                visitor.blocks(&mut row.after);
            }
        }
        Block::Verse(it) => visitor.blocks(&mut it.content),
        Block::Line(it) => visitor.inlines(&mut it.content),
        Block::Speech(it) => visitor.blocks(&mut it.content),
        Block::Figure(it) => visitor.blocks(&mut it.content),
        Block::Note(it) => visitor.blocks(&mut it.body),
        Block::Foreign(Foreign::Element { content, .. }) => visitor.blocks(content),
        Block::Verbatim(_) | Block::Milestone(_) | Block::Foreign(_) => {}
    }
}

/// Visits the children of an inline.
pub fn walk_inline_mut(visitor: &mut (impl VisitMut + ?Sized), inline: &mut Inline) {
    match inline {
        Inline::Styled(it) => visitor.inlines(&mut it.content),
        Inline::Name(it) => visitor.inlines(&mut it.content),
        Inline::Date(it) => visitor.inlines(&mut it.content),
        Inline::Term(it) => visitor.inlines(&mut it.content),
        Inline::Reference(it) => visitor.inlines(&mut it.content),
        Inline::Edit(it) => visitor.inlines(&mut it.content),
        Inline::Choice(it) => visitor.inlines(&mut it.content),
        Inline::Nested(block) => visitor.block(block),
        Inline::Note(it) => visitor.blocks(&mut it.body),
        Inline::Foreign(it) => {
            if let Foreign::Element { content, .. } = it.as_mut() {
                visitor.inlines(content);
            }
        }
        Inline::Text(_) | Inline::Graphic(_) | Inline::Milestone(_) => {}
    }
}

//! Every run of inline content in a document, so that a pass can cut text into pieces.

use crate::model::{Block, Foreign, Inline};

/// Calls `f` with each list of inlines in some blocks, outer ones first. What stands within references is left
/// out: nothing links twice. `f` also hears whether the run stands in a note.
pub(super) fn each(blocks: &mut [Block], f: &mut impl FnMut(&mut Vec<Inline>, bool)) {
    walk(blocks, false, f);
}

fn walk(blocks: &mut [Block], noted: bool, f: &mut impl FnMut(&mut Vec<Inline>, bool)) {
    for block in blocks {
        match block {
            Block::Division(it) => walk(&mut it.content, noted, f),
            Block::Heading(it) => run(&mut it.content, noted, f),
            Block::Paragraph(it) => run(&mut it.content, noted, f),
            Block::Line(it) => run(&mut it.content, noted, f),
            Block::Formula(it) => walk(&mut it.content, noted, f),
            Block::Quotation(it) => walk(&mut it.content, noted, f),
            Block::Verse(it) => walk(&mut it.content, noted, f),
            Block::Speech(it) => walk(&mut it.content, noted, f),
            Block::Figure(it) => walk(&mut it.content, noted, f),
            Block::Note(it) => walk(&mut it.body, true, f),
            Block::List(it) => {
                walk(&mut it.before, noted, f);
                for item in &mut it.items {
                    if let Some(label) = &mut item.label {
                        run(&mut label.content, noted, f);
                    }
                    walk(&mut item.content, noted, f);
                    walk(&mut item.after, noted, f);
                }
            }
            Block::Table(it) => {
                walk(&mut it.before, noted, f);
                for row in &mut it.rows {
                    for cell in &mut row.cells {
                        walk(&mut cell.content, noted, f);
                        walk(&mut cell.after, noted, f);
                    }
                    walk(&mut row.after, noted, f);
                }
            }
            Block::Foreign(Foreign::Element { content, .. }) => walk(content, noted, f),
            Block::Verbatim(_) | Block::Milestone(_) | Block::Foreign(_) => {}
        }
    }
}

fn run(content: &mut Vec<Inline>, noted: bool, f: &mut impl FnMut(&mut Vec<Inline>, bool)) {
    f(content, noted);
    for inline in content {
        match inline {
            Inline::Styled(it) => run(&mut it.content, noted, f),
            Inline::Name(it) => run(&mut it.content, noted, f),
            Inline::Date(it) => run(&mut it.content, noted, f),
            Inline::Term(it) => run(&mut it.content, noted, f),
            Inline::Edit(it) => run(&mut it.content, noted, f),
            Inline::Choice(it) => run(&mut it.content, noted, f),
            Inline::Nested(block) => walk(std::slice::from_mut(block), noted, f),
            Inline::Note(it) => walk(&mut it.body, true, f),
            Inline::Foreign(it) => {
                if let Foreign::Element { content, .. } = it.as_mut() {
                    run(content, noted, f);
                }
            }
            Inline::Text(_) | Inline::Reference(_) | Inline::Graphic(_) | Inline::Milestone(_) => {}
        }
    }
}

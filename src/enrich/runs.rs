//! Every run of inline content in a document, so that a pass can cut text into pieces.

use crate::model::{Block, Foreign, Inline};

/// Calls `f` with each list of inlines in some blocks, outer ones first. What stands within references is left
/// out: nothing links twice.
pub(super) fn each(blocks: &mut [Block], f: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Division(it) => each(&mut it.content, f),
            Block::Heading(it) => run(&mut it.content, f),
            Block::Paragraph(it) => run(&mut it.content, f),
            Block::Line(it) => run(&mut it.content, f),
            Block::Formula(it) => each(&mut it.content, f),
            Block::Quotation(it) => each(&mut it.content, f),
            Block::Verse(it) => each(&mut it.content, f),
            Block::Speech(it) => each(&mut it.content, f),
            Block::Figure(it) => each(&mut it.content, f),
            Block::Note(it) => each(&mut it.body, f),
            Block::List(it) => {
                each(&mut it.before, f);
                for item in &mut it.items {
                    if let Some(label) = &mut item.label {
                        run(&mut label.content, f);
                    }
                    each(&mut item.content, f);
                    each(&mut item.after, f);
                }
            }
            Block::Table(it) => {
                each(&mut it.before, f);
                for row in &mut it.rows {
                    for cell in &mut row.cells {
                        each(&mut cell.content, f);
                        each(&mut cell.after, f);
                    }
                    each(&mut row.after, f);
                }
            }
            Block::Foreign(Foreign::Element { content, .. }) => each(content, f),
            Block::Verbatim(_) | Block::Milestone(_) | Block::Foreign(_) => {}
        }
    }
}

fn run(content: &mut Vec<Inline>, f: &mut impl FnMut(&mut Vec<Inline>)) {
    f(content);
    for inline in content {
        match inline {
            Inline::Styled(it) => run(&mut it.content, f),
            Inline::Name(it) => run(&mut it.content, f),
            Inline::Date(it) => run(&mut it.content, f),
            Inline::Term(it) => run(&mut it.content, f),
            Inline::Edit(it) => run(&mut it.content, f),
            Inline::Choice(it) => run(&mut it.content, f),
            Inline::Nested(block) => each(std::slice::from_mut(block), f),
            Inline::Note(it) => each(&mut it.body, f),
            Inline::Foreign(it) => {
                if let Foreign::Element { content, .. } = it.as_mut() {
                    run(content, f);
                }
            }
            Inline::Text(_) | Inline::Reference(_) | Inline::Graphic(_) | Inline::Milestone(_) => {}
        }
    }
}

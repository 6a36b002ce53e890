//! Every run of inline content in a document, so that a pass can cut text into pieces.

use crate::model::{Block, Foreign, Inline};

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// In a note.
    pub noted: bool,
    /// In words that are known to be a date.
    pub dated: bool,
    /// In an inline of a line of which the whole was seen.
    within: bool,
    /// Whether only whole lines are to be seen.
    whole: bool,
}

/// Calls `f` with each list of inlines in some blocks, outer ones first. What stands within references is left
/// out: nothing links twice.
pub(super) fn each(blocks: &mut [Block], f: &mut impl FnMut(&mut Vec<Inline>, Place)) {
    walk(blocks, Place::default(), f);
}

/// Calls `f` with the whole of each line of inlines in some blocks: a paragraph, a heading, a cell. What stands within
/// an inline is left to `f`, but for notes and nested blocks, which are lines of their own.
pub(super) fn whole(blocks: &mut [Block], f: &mut impl FnMut(&mut Vec<Inline>)) {
    walk(blocks, Place { whole: true, ..Place::default() }, &mut |content: &mut Vec<Inline>, place: Place| {
        if !place.within {
            f(content);
        }
    });
}

fn walk(blocks: &mut [Block], place: Place, f: &mut impl FnMut(&mut Vec<Inline>, Place)) {
    for block in blocks {
        match block {
            Block::Division(it) => walk(&mut it.content, place, f),
            Block::Heading(it) => run(&mut it.content, place, f),
            Block::Paragraph(it) => run(&mut it.content, place, f),
            Block::Line(it) => run(&mut it.content, place, f),
            Block::Formula(it) => walk(&mut it.content, place, f),
            Block::Quotation(it) => walk(&mut it.content, place, f),
            Block::Verse(it) => walk(&mut it.content, place, f),
            Block::Speech(it) => walk(&mut it.content, place, f),
            Block::Figure(it) => walk(&mut it.content, place, f),
            Block::Note(it) => walk(&mut it.body, Place { noted: true, dated: false, within: false, ..place }, f),
            Block::List(it) => {
                walk(&mut it.before, place, f);
                for item in &mut it.items {
                    if let Some(label) = &mut item.label {
                        run(&mut label.content, place, f);
                    }
                    walk(&mut item.content, place, f);
                    walk(&mut item.after, place, f);
                }
            }
            Block::Table(it) => {
                walk(&mut it.before, place, f);
                for row in &mut it.rows {
                    for cell in &mut row.cells {
                        walk(&mut cell.content, place, f);
                        walk(&mut cell.after, place, f);
                    }
                    walk(&mut row.after, place, f);
                }
            }
            Block::Foreign(Foreign::Element { content, .. }) => walk(content, place, f),
            Block::Verbatim(_) | Block::Milestone(_) | Block::Foreign(_) => {}
        }
    }
}

fn run(content: &mut Vec<Inline>, place: Place, f: &mut impl FnMut(&mut Vec<Inline>, Place)) {
    f(content, place);
    let outer = place;
    let place = Place { within: place.whole, ..place };
    for inline in content {
        match inline {
            Inline::Styled(it) => run(&mut it.content, place, f),
            Inline::Name(it) => run(&mut it.content, place, f),
            Inline::Date(it) => run(&mut it.content, Place { dated: true, ..place }, f),
            Inline::Term(it) => run(&mut it.content, place, f),
            Inline::Edit(it) => run(&mut it.content, place, f),
            Inline::Choice(it) => run(&mut it.content, place, f),
            Inline::Nested(block) => walk(std::slice::from_mut(block), Place { within: false, ..outer }, f),
            Inline::Note(it) => walk(&mut it.body, Place { noted: true, dated: false, within: false, ..place }, f),
            Inline::Foreign(it) => {
                if let Foreign::Element { content, .. } = it.as_mut() {
                    run(content, place, f);
                }
            }
            Inline::Text(_) | Inline::Reference(_) | Inline::Graphic(_) | Inline::Milestone(_) => {}
        }
    }
}

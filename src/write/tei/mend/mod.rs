//! A document as TEI allows it (TEI P5, Appendix C): what may not stand where it stands gets another element,
//! or one round it. No character is changed or moved.
//!
//! Only for documents that come from elsewhere: what was read from TEI is written as it was.

mod aliens;
mod division;
mod inlines;
mod sets;

pub(super) use aliens::aliens;

use crate::model::{Block, Document, Foreign, Formula, FormulaKind, Heading, Inline, Line, Paragraph, QName, Tag};

/// What an element may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// Text, inlines and blocks: items, cells, notes, quotations (`macro.specialPara`).
    Flow,
    /// Text, inlines, lists, tables and quotations: paragraphs, headings (`macro.paraContent`).
    Line,
    /// The same without verse: a line of verse.
    Verse,
    /// Text and inlines: names, terms (`macro.phraseSeq`).
    Phrase,
    /// The same without quotations: dates, datelines.
    Strict,
}

/// The document with everything in its place.
pub(super) fn document(document: &Document) -> Document {
    let mut mended = Document { metadata: document.metadata.clone(), ..Document::default() };
    mended.front = division::front(&document.front);
    mended.body = division::content(&document.body, true);
    mended.back = division::front(&document.back);
    mended
}

fn element(name: &str) -> Tag {
    Tag { element: Some(QName::plain(name).into()), ..Tag::default() }
}

/// A paragraph under another name, for a set part that may not stand where it stands.
fn anonymous(kind: &str, tag: &Tag, content: Vec<Inline>) -> Block {
    let tag = Tag { element: Some(QName::plain("ab").into()), ..tag.clone() }.with("type", kind);
    Block::Paragraph(Paragraph { tag, bare: false, content })
}

/// Blocks that have no other place, as a text within the text.
fn floating(block: Block) -> Block {
    let body = Foreign::Element { tag: element("body"), content: vec![block] };
    Block::Foreign(Foreign::Element { tag: element("floatingText"), content: vec![Block::Foreign(body)] })
}

/// The content of an item, cell, note or quotation.
pub(super) fn flow(blocks: &[Block]) -> Vec<Block> {
    blocks.iter().map(flow_block).collect()
}

fn flow_block(block: &Block) -> Block {
    match block {
        Block::Division(it) => floating(Block::Division(division::division(it))),
        Block::Heading(it) => paragraph_of(it),
        Block::Formula(it) => formula_in_flow(it),
        Block::Paragraph(it) if it.bare => Block::bare(inlines::inlines(Room::Flow, &it.content)),
        other => common(other),
    }
}

/// A set part where only paragraphs may stand. Stage directions may stand anywhere.
fn formula_in_flow(formula: &Formula) -> Block {
    match formula.kind {
        FormulaKind::Stage => Block::Formula(division::formula(formula)),
        kind => anonymous(crate::tei::formula_name(kind), &formula.tag, inlines::line_of(Room::Line, &formula.content)),
    }
}

/// A heading where none may stand.
fn paragraph_of(heading: &Heading) -> Block {
    let depth = heading.depth.max(1);
    let content = inlines::inlines(Room::Line, &heading.content);
    Block::Heading(Heading { tag: heading.tag.clone(), depth, content })
}

/// A block that may stand among paragraphs as it is, with its content mended. Bare text becomes a paragraph.
fn common(block: &Block) -> Block {
    match block {
        Block::Division(it) => Block::Division(division::division(it)),
        Block::Heading(it) => {
            let content = inlines::inlines(Room::Line, &it.content);
            Block::Heading(Heading { tag: it.tag.clone(), depth: it.depth, content })
        }
        Block::Paragraph(it) => {
            let content = inlines::inlines(Room::Line, &it.content);
            Block::Paragraph(Paragraph { tag: it.tag.clone(), bare: false, content })
        }
        Block::Formula(it) => Block::Formula(division::formula(it)),
        Block::Quotation(it) => {
            Block::Quotation(crate::model::Quotation { tag: it.tag.clone(), content: flow(&it.content) })
        }
        Block::List(it) => Block::List(sets::list(it)),
        Block::Table(it) => Block::Table(sets::table(it)),
        Block::Verse(it) => Block::Verse(sets::verse(it)),
        Block::Line(it) => {
            Block::Line(Line { tag: it.tag.clone(), content: inlines::inlines(Room::Verse, &it.content) })
        }
        Block::Speech(it) => Block::Speech(sets::speech(it)),
        Block::Figure(it) => Block::Figure(sets::figure(it)),
        Block::Note(it) => Block::Note(inlines::note(it)),
        Block::Verbatim(_) | Block::Milestone(_) => block.clone(),
        Block::Foreign(Foreign::Element { tag, content }) => {
            let content = match content.iter().any(is_bare) {
                true => vec![Block::bare(inlines::line_of(Room::Line, content))],
                false => content.iter().map(common).collect(),
            };
            Block::Foreign(Foreign::Element { tag: tag.clone(), content })
        }
        Block::Foreign(Foreign::Comment(_) | Foreign::Instruction(_)) => block.clone(),
    }
}

/// True for what may stand anywhere (`model.global`).
fn is_global(block: &Block) -> bool {
    match block {
        Block::Note(_) | Block::Milestone(_) | Block::Figure(_) => true,
        Block::Foreign(it) => matches!(it, Foreign::Comment(_) | Foreign::Instruction(_)),
        Block::Division(_)
        | Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Formula(_)
        | Block::Quotation(_)
        | Block::List(_)
        | Block::Table(_)
        | Block::Verse(_)
        | Block::Line(_)
        | Block::Speech(_)
        | Block::Verbatim(_) => false,
    }
}

fn is_bare(block: &Block) -> bool {
    matches!(block, Block::Paragraph(it) if it.bare)
}

fn empty_paragraph() -> Block {
    Block::Paragraph(Paragraph::default())
}

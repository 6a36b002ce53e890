//! Lists, tables, verse, speeches and figures: what they may hold, and what they must.

use super::division::paragraphs;
use super::{Room, common, element, floating, flow, inlines, is_global};
use crate::model::{
    Block, Cell, Figure, Formula, FormulaKind, Heading, Inline, Item, Line, List, Paragraph, Row, Speech, Table, Verse,
};
use crate::xml::is_space;

/// What stands before the first item or row: headings and what may stand anywhere. All else becomes a heading.
fn before(blocks: &[Block]) -> Vec<Block> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Heading(it) => head(it),
            _ if is_global(block) => common(block),
            other => {
                let content = inlines::line_of(Room::Line, std::slice::from_ref(other));
                Block::Heading(Heading { content, ..Heading::default() })
            }
        })
        .collect()
}

fn head(heading: &Heading) -> Block {
    let content = inlines::inlines(Room::Line, &heading.content);
    Block::Heading(Heading { tag: heading.tag.clone(), depth: 0, content })
}

/// What stands between items or rows: what may stand anywhere, and all else, which has to go inside.
fn between(blocks: &[Block]) -> (Vec<Block>, Vec<Block>) {
    let (global, other): (Vec<&Block>, Vec<&Block>) = blocks.iter().partition(|block| is_global(block));
    if other.is_empty() {
        return (global.into_iter().map(common).collect(), Vec::new());
    }
    (Vec::new(), flow(blocks))
}

pub(super) fn list(list: &List) -> List {
    let mut items: Vec<Item> = list.items.iter().map(item).collect();
    if items.is_empty() {
        items.push(Item::default());
    }
    List { tag: list.tag.clone(), kind: list.kind, topic: list.topic.clone(), before: before(&list.before), items }
}

fn item(item: &Item) -> Item {
    let mut content = flow(&item.content);
    let (after, inside) = between(&item.after);
    content.extend(inside);
    let label = item
        .label
        .as_deref()
        .map(|label| Box::new(Heading { content: inlines::inlines(Room::Phrase, &label.content), ..label.clone() }));
    Item { tag: item.tag.clone(), label, content, after }
}

pub(super) fn table(table: &Table) -> Table {
    let mut rows: Vec<Row> = table.rows.iter().map(row).collect();
    if rows.is_empty() {
        rows.push(Row { cells: vec![Cell::default()], ..Row::default() });
    }
    Table { tag: table.tag.clone(), before: before(&table.before), rows }
}

fn row(row: &Row) -> Row {
    let mut cells: Vec<Cell> = row.cells.iter().map(cell).collect();
    let (after, inside) = between(&row.after);
    if cells.is_empty() {
        cells.push(Cell::default());
    }
    if let Some(last) = cells.last_mut() {
        last.content.extend(inside);
    }
    Row { tag: row.tag.clone(), label: row.label, cells, after }
}

/// A row holds nothing but cells: what stands between them goes inside.
fn cell(cell: &Cell) -> Cell {
    let mut content = flow(&cell.content);
    content.extend(flow(&cell.after));
    Cell {
        tag: cell.tag.clone(),
        label: cell.label,
        rows: cell.rows,
        columns: cell.columns,
        content,
        after: Vec::new(),
    }
}

/// Verse holds lines; all else is one.
pub(super) fn verse(verse: &Verse) -> Verse {
    let is_head = |block: &Block| matches!(block, Block::Heading(_));
    let top = verse.content.iter().take_while(|block| is_global(block) || is_head(block)).count();
    let mut content = before(&verse.content[..top]);
    content.extend(verse.content[top..].iter().map(|block| match block {
        Block::Line(_) | Block::Verse(_) => common(block),
        Block::Formula(it) if it.kind == FormulaKind::Stage => common(block),
        _ if is_global(block) => common(block),
        other => {
            Block::Line(Line { content: inlines::line_of(Room::Verse, std::slice::from_ref(other)), ..Line::default() })
        }
    }));
    if top == verse.content.len() {
        content.push(Block::Line(Line::default()));
    }
    Verse { tag: verse.tag.clone(), content }
}

/// A speech: who speaks, then paragraphs, verse, lists or stage directions, at least one.
pub(super) fn speech(speech: &Speech) -> Speech {
    let is_speaker = |block: &Block| matches!(block, Block::Formula(it) if it.kind == FormulaKind::Speaker);
    let (mut content, mut spoke, mut said) = (Vec::new(), false, false);
    for block in &speech.content {
        if is_speaker(block) && !spoke && !said {
            spoke = true;
            content.push(common(block));
            continue;
        }
        said |= !is_global(block);
        content.push(match block {
            Block::Speech(_) => floating(common(block)),
            Block::Verbatim(_) => paragraph_round(common(block)),
            Block::Foreign(_) if !is_global(block) => paragraph_round(common(block)),
            other => paragraphs(other),
        });
    }
    if !said {
        content.push(Block::Paragraph(Paragraph::default()));
    }
    Speech { tag: speech.tag.clone(), content }
}

fn paragraph_round(block: Block) -> Block {
    let content = inlines::line_of(Room::Line, &[block]);
    Block::Paragraph(Paragraph { tag: element("p"), bare: false, content })
}

/// A figure holds nearly anything; bare only images.
pub(super) fn figure(figure: &Figure) -> Figure {
    let is_image = |inline: &Inline| match inline {
        Inline::Graphic(_) => true,
        Inline::Text(text) => is_space(text),
        _ => false,
    };
    let content = figure.content.iter().map(|block| match block {
        Block::Heading(it) => head(it),
        Block::Paragraph(it) if it.bare && it.content.iter().all(is_image) => block.clone(),
        Block::Formula(Formula { kind: FormulaKind::Description, .. }) => common(block),
        other => paragraphs(other),
    });
    Figure { tag: figure.tag.clone(), content: content.collect() }
}

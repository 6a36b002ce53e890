//! Divisions and set parts, in the order that TEI asks for: what heads them, what they say, their parts, what
//! ends them (TEI P5 §4.2). A document that goes on after its signature, or after an inner part, becomes a row
//! of inner divisions; the order of the text is never changed.

use super::{Room, common, empty_paragraph, floating, flow, formula_in_flow, inlines, is_global, paragraph_of};
use crate::model::{Block, Division, Formula, FormulaKind, Inline};

/// Where in a division a block may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Station {
    /// Only before all else.
    Top,
    /// Running text.
    Common,
    /// An inner part.
    Part,
    /// Only at the end.
    Bottom,
}

pub(super) fn division(division: &Division) -> Division {
    Division {
        tag: division.tag.clone(),
        kind: division.kind.clone(),
        number: division.number.clone(),
        content: content(&division.content, false),
    }
}

/// The content of a division, or of the body, which may not be empty.
pub(super) fn content(blocks: &[Block], body: bool) -> Vec<Block> {
    let stations = stations(blocks);
    let top = stations.iter().take_while(|station| station.is_none_or(|it| it == Station::Top)).count();
    let mut content: Vec<Block> = blocks[..top].iter().map(in_division).collect();
    let runs = runs(&blocks[top..], &stations[top..]);
    match runs.as_slice() {
        [] => {}
        [run] => content.extend(ordered(run)),
        _ => runs.iter().for_each(|run| content.extend(inner(run))),
    }
    let said = stations.iter().any(|station| station.is_some_and(|it| it != Station::Top));
    if body && !said {
        content.push(empty_paragraph());
    }
    content
}

/// Front and back hold divisions and little else.
pub(super) fn front(blocks: &[Block]) -> Vec<Block> {
    let mut mended = Vec::new();
    let mut loose: Vec<Block> = Vec::new();
    let close = |loose: &mut Vec<Block>, mended: &mut Vec<Block>| {
        if loose.iter().all(is_global) {
            mended.extend(loose.drain(..).map(|block| common(&block)));
        } else {
            let kind = Some("section".into());
            mended.push(Block::Division(Division { kind, content: content(loose, false), ..Division::default() }));
            loose.clear();
        }
    };
    for block in blocks {
        if matches!(block, Block::Division(_)) {
            close(&mut loose, &mut mended);
            mended.push(common(block));
        } else {
            loose.push(block.clone());
        }
    }
    close(&mut loose, &mut mended);
    mended
}

/// A run of blocks and where each of them stands.
struct Run<'b> {
    blocks: &'b [Block],
    stations: &'b [Option<Station>],
}

/// A run that has to be a part of its own.
fn inner(run: &Run<'_>) -> Vec<Block> {
    let has = |wanted: fn(Station) -> bool| run.stations.iter().any(|it| it.is_some_and(wanted));
    if has(|it| it == Station::Part) && !has(|it| it != Station::Part) {
        return run.blocks.iter().map(in_division).collect();
    }
    let kind = Some("section".into());
    vec![Block::Division(Division { kind, content: ordered(run), ..Division::default() })]
}

/// A run in the order of TEI. What ends a division needs text or a part before it.
fn ordered(run: &Run<'_>) -> Vec<Block> {
    let ends = run.stations.iter().position(|it| *it == Some(Station::Bottom));
    let said = run.stations.iter().any(|it| matches!(it, Some(Station::Common | Station::Part)));
    let mut content: Vec<Block> = run.blocks.iter().map(in_division).collect();
    if let (Some(at), false) = (ends, said) {
        content.insert(at, empty_paragraph());
    }
    content
}

/// A block that stands in a division at a place where it may stand.
fn in_division(block: &Block) -> Block {
    match block {
        Block::Formula(it) if matches!(it.kind, FormulaKind::Speaker | FormulaKind::Description) => formula_in_flow(it),
        other => common(other),
    }
}

/// Cuts blocks wherever one would have to stand before its predecessor.
fn runs<'b>(blocks: &'b [Block], stations: &'b [Option<Station>]) -> Vec<Run<'b>> {
    let mut runs = Vec::new();
    let (mut start, mut reached) = (0, Station::Top);
    for (at, station) in stations.iter().enumerate() {
        let Some(here) = *station else { continue };
        if here < reached {
            runs.push(Run { blocks: &blocks[start..at], stations: &stations[start..at] });
            start = at;
        }
        reached = here;
    }
    if start < blocks.len() {
        runs.push(Run { blocks: &blocks[start..], stations: &stations[start..] });
    }
    runs
}

/// Where each block may stand; `None` for what may stand anywhere. A dateline or a greeting may head a division
/// or end it: it ends one if nothing but endings follows.
fn stations(blocks: &[Block]) -> Vec<Option<Station>> {
    let mut stations: Vec<Option<Station>> = vec![None; blocks.len()];
    let mut following = None;
    for (at, block) in blocks.iter().enumerate().rev() {
        let station = match block {
            _ if is_global(block) => continue,
            Block::Division(_) => Station::Part,
            Block::Heading(heading) if heading.depth == 0 => Station::Top,
            Block::Formula(formula) => match formula.kind {
                FormulaKind::Opener => Station::Top,
                FormulaKind::Closer | FormulaKind::Signed | FormulaKind::Postscript | FormulaKind::Trailer => {
                    Station::Bottom
                }
                FormulaKind::Speaker | FormulaKind::Stage | FormulaKind::Description => Station::Common,
                FormulaKind::Dateline
                | FormulaKind::Salute
                | FormulaKind::Byline
                | FormulaKind::Epigraph
                | FormulaKind::Argument => match following {
                    None | Some(Station::Bottom) if has_text_before(&blocks[..at]) => Station::Bottom,
                    _ => Station::Top,
                },
            },
            _ => Station::Common,
        };
        stations[at] = Some(station);
        following = Some(station);
    }
    stations
}

/// True if something that is neither heading nor set part stands before.
fn has_text_before(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| !is_global(block) && !matches!(block, Block::Formula(_) | Block::Heading(_)))
}

pub(super) fn formula(formula: &Formula) -> Formula {
    use FormulaKind as Kind;
    let content = match formula.kind {
        Kind::Opener => lines(
            &formula.content,
            &[Kind::Argument, Kind::Byline, Kind::Dateline, Kind::Epigraph, Kind::Salute, Kind::Signed],
        ),
        Kind::Closer => lines(&formula.content, &[Kind::Signed, Kind::Dateline, Kind::Salute]),
        Kind::Dateline | Kind::Byline => line(Room::Strict, &formula.content),
        Kind::Salute | Kind::Signed | Kind::Trailer => line(Room::Line, &formula.content),
        Kind::Speaker => line(Room::Phrase, &formula.content),
        Kind::Stage => flow(&formula.content),
        Kind::Description => vec![Block::bare(inlines::description(inlines::line_of(Room::Line, &formula.content)))],
        Kind::Epigraph => formula.content.iter().map(paragraphs).collect(),
        Kind::Argument | Kind::Postscript => headed(&formula.content),
    };
    Formula { tag: formula.tag.clone(), kind: formula.kind, content }
}

/// One line; nothing if there is nothing.
fn line(room: Room, blocks: &[Block]) -> Vec<Block> {
    let content = inlines::line_of(room, blocks);
    if content.is_empty() { Vec::new() } else { vec![Block::bare(content)] }
}

/// An opener or closer: some set parts within, all else as words.
fn lines(blocks: &[Block], within: &[FormulaKind]) -> Vec<Block> {
    blocks
        .iter()
        .map(|block| match block {
            Block::Formula(it) if within.contains(&it.kind) => common(block),
            _ if is_global(block) => common(block),
            Block::Paragraph(it) if it.bare => Block::bare(inlines::inlines(Room::Strict, &it.content)),
            other => Block::bare(inlines::inlines(Room::Strict, &[Inline::Nested(Box::new(other.clone()))])),
        })
        .collect()
}

/// Blocks where only paragraphs and the like may stand.
pub(super) fn paragraphs(block: &Block) -> Block {
    match block {
        Block::Division(it) => floating(Block::Division(division(it))),
        Block::Heading(it) => paragraph_of(it),
        Block::Formula(it) => formula_in_flow(it),
        other => common(other),
    }
}

/// A heading, then paragraphs, of which there must be one.
fn headed(blocks: &[Block]) -> Vec<Block> {
    let is_head = |block: &Block| matches!(block, Block::Heading(heading) if heading.depth == 0);
    let top = blocks.iter().take_while(|block| is_global(block) || is_head(block)).count();
    let mut content: Vec<Block> = blocks[..top].iter().map(common).collect();
    content.extend(blocks[top..].iter().map(paragraphs));
    if top == blocks.len() {
        content.push(empty_paragraph());
    }
    content
}

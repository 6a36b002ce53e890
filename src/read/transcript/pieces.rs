//! One piece as blocks of the model.

use std::ops::Range;

use super::blocks::Piece;
use super::build::{marks, title};
use super::inlines::Inlines;
use super::lists::{Entry, Listed, topic};
use super::tables::{Cells, is_headed};
use crate::diagnostic::Log;
use crate::model::{
    Block, Cell, Formula, FormulaKind, Heading, Inline, Item, List, ListKind, Paragraph, Row, Table, Tag,
};
use crate::source::Span;

/// Adds a piece's blocks. `titled`: its headings head the section.
pub(super) fn push(inlines: &mut Inlines<'_>, piece: Piece, titled: bool, to: &mut Vec<Block>, log: &mut Log) {
    match piece {
        Piece::Source(lines) => {
            let content =
                lines.iter().map(|line| Block::bare(inlines.lines(std::slice::from_ref(line), &[], log))).collect();
            to.push(formula(FormulaKind::Opener, &lines, content));
        }
        Piece::Heading(lines) => to.push(title(inlines, 0, &lines, log)),
        Piece::Attachment(lines) => to.push(title(inlines, u8::from(!titled), &lines, log)),
        Piece::SubHeading(lines) => to.push(title(inlines, 1, &lines, log)),
        Piece::Dateline { lines, said, below } => {
            let marks = marks(&lines[0], &said);
            let content = inlines.lines(&lines, &marks, log);
            let mut opener = vec![formula(FormulaKind::Dateline, &lines, vec![Block::bare(content)])];
            for line in &below {
                opener.push(Block::bare(inlines.lines(std::slice::from_ref(line), &[], log)));
            }
            to.push(formula(FormulaKind::Opener, &lines, opener));
        }
        Piece::Dating { lines, said } => {
            let content = inlines.lines(&lines, &marks(&lines[0], &said), log);
            let dateline = formula(FormulaKind::Dateline, &lines, vec![Block::bare(content)]);
            to.push(formula(FormulaKind::Closer, &lines, vec![dateline]));
        }
        Piece::Dated { lines, said } => {
            let content = inlines.lines(&lines, &marks(&lines[0], &said), log);
            to.push(Block::Paragraph(Paragraph { tag: Tag::at(span(&lines)), bare: false, content }));
        }
        Piece::Paragraph(lines) => {
            let content = inlines.lines(&lines, &[], log);
            to.push(Block::Paragraph(Paragraph { tag: Tag::at(span(&lines)), bare: false, content }));
        }
        Piece::List(listed) => to.push(Block::List(list(inlines, listed, log))),
        Piece::Table(rows) => to.push(Block::Table(table(inlines, rows, log))),
        Piece::Closer { salute, before, signed, behind } => {
            let mut closer = Vec::new();
            for line in &salute {
                let content = inlines.lines(std::slice::from_ref(line), &[], log);
                closer.push(Block::Formula(Formula::line(FormulaKind::Salute, content)));
            }
            for line in &before {
                closer.push(Block::bare(inlines.lines(std::slice::from_ref(line), &[], log)));
            }
            let content = inlines.lines(&signed, &[], log);
            closer.push(formula(FormulaKind::Signed, &signed, vec![Block::bare(content)]));
            for line in &behind {
                closer.push(Block::bare(inlines.lines(std::slice::from_ref(line), &[], log)));
            }
            to.push(formula(FormulaKind::Closer, &signed, closer));
        }
        Piece::Pages(at) => breaks(inlines, &at, to, log),
    }
}

fn span(lines: &[Range<usize>]) -> Span {
    Span::new(lines.first().map_or(0, |line| line.start), lines.last().map_or(0, |line| line.end))
}

fn formula(kind: FormulaKind, lines: &[Range<usize>], content: Vec<Block>) -> Block {
    Block::Formula(Formula { tag: Tag::at(span(lines)), kind, content })
}

/// Page breaks that stand between blocks; a note that was put there gets a paragraph.
fn breaks(inlines: &mut Inlines<'_>, at: &Range<usize>, to: &mut Vec<Block>, log: &mut Log) {
    for inline in inlines.page_breaks(at, log) {
        match inline {
            Inline::Milestone(milestone) => to.push(Block::Milestone(*milestone)),
            Inline::Note(note) => to.push(Block::Note(*note)),
            Inline::Text(text) if text.trim().is_empty() => {}
            other => to.push(Block::Paragraph(Paragraph { content: vec![other], ..Paragraph::default() })),
        }
    }
}

fn list(inlines: &mut Inlines<'_>, listed: Listed, log: &mut Log) -> List {
    let words = |at: &Range<usize>| inlines.text[at.clone()].trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
    let topic = match &listed.heading {
        Some(heading) => topic(words(heading)),
        None => listed.items.first().and_then(|item| item.lines.first()).and_then(|line| topic(words(line))),
    };
    let bulleted = listed.items.iter().any(|item| item.bullet.is_some() || item.inner.is_some());
    if let Some(bullet) = &listed.heading_bullet {
        log.took(Span::new(bullet.start, bullet.end));
    }
    let before = listed.heading.iter().map(|line| title(inlines, 0, std::slice::from_ref(line), log)).collect();
    // The first items may lie deeper than those that follow: within nothing, they are none's.
    let least = listed.items.iter().map(|entry| entry.depth).min().unwrap_or(1);
    let mut listed = listed.items;
    listed.iter_mut().take_while(|entry| entry.depth > least).for_each(|entry| entry.depth = least);
    let mut entries = listed.into_iter().peekable();
    let items = items(inlines, &mut entries, least, log);
    List {
        tag: Tag::default(),
        kind: if bulleted { ListKind::Bulleted } else { ListKind::Plain },
        topic: topic.map(Into::into),
        before,
        items,
    }
}

type Entries = std::iter::Peekable<std::vec::IntoIter<Entry>>;

/// The items of one depth; deeper ones are a list within the item before them.
fn items(inlines: &mut Inlines<'_>, entries: &mut Entries, depth: usize, log: &mut Log) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    while let Some(entry) = entries.next_if(|entry| entry.depth >= depth || depth <= 1) {
        items.push(item(inlines, entry, log));
        while let Some(deeper) = entries.peek().map(|entry| entry.depth).filter(|&deeper| deeper > depth && depth < 8) {
            let inner = self::items(inlines, entries, deeper, log);
            let labelled = inner.iter().any(|item| item.label.is_some());
            let kind = if labelled { ListKind::Plain } else { ListKind::Bulleted };
            let list = List { kind, items: inner, ..List::default() };
            if let Some(last) = items.last_mut() {
                last.content.append(&mut last.after);
                last.content.push(Block::List(list));
            }
        }
    }
    items
}

fn item(inlines: &mut Inlines<'_>, entry: Entry, log: &mut Log) -> Item {
    if let Some(bullet) = &entry.bullet {
        log.took(Span::new(bullet.start, bullet.end));
    }
    let label = entry.label.as_ref().map(|line| {
        let content = inlines.lines(std::slice::from_ref(line), &[], log);
        Box::new(Heading { tag: Tag::default(), depth: 0, content })
    });
    let content = match entry.inner {
        Some(inner) => vec![Block::List(list(inlines, *inner, log))],
        None if entry.label.is_some() && entry.lines.len() > 1 => entry
            .lines
            .iter()
            .map(|line| {
                let content = inlines.lines(std::slice::from_ref(line), &[], log);
                Block::Paragraph(Paragraph { tag: Tag::default(), bare: false, content })
            })
            .collect(),
        None => vec![Block::bare(inlines.lines(&entry.lines, &[], log))],
    };
    let mut after = Vec::new();
    for at in &entry.pages {
        breaks(inlines, at, &mut after, log);
    }
    Item { tag: Tag::at(span(&entry.lines)), label, content, after }
}

fn table(inlines: &mut Inlines<'_>, rows: Vec<Cells>, log: &mut Log) -> Table {
    let headed = is_headed(inlines.text, &rows);
    let rows = rows
        .into_iter()
        .enumerate()
        .map(|(number, row)| {
            for border in &row.borders {
                log.took(Span::new(border.start, border.end));
            }
            let cells = row
                .cells
                .iter()
                .map(|cell| {
                    let content = vec![Block::bare(inlines.lines(std::slice::from_ref(cell), &[], log))];
                    Cell { tag: Tag::at(Span::new(cell.start, cell.end)), content, ..Cell::default() }
                })
                .collect();
            let mut after = Vec::new();
            for at in &row.pages {
                breaks(inlines, at, &mut after, log);
            }
            Row { label: headed && number == 0, cells, after, ..Row::default() }
        })
        .collect();
    Table { rows, ..Table::default() }
}

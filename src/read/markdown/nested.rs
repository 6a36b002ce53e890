//! Blocks in a line: spans whose class is that of a block.

use super::braces::Braces;
use super::document::Builder;
use super::inline::unit;
use super::pieces::{Piece, words};
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::{FORMULAS, LISTS};
use crate::model::{
    Block, Cell, Division, Figure, Foreign, Formula, Heading, Item, Line, List, Paragraph, Quotation, Row, Speech,
    Table, Tag, Verbatim, Verse,
};
use crate::source::Span;

/// A block, or the pieces back.
type Attempt = Result<Block, Vec<Piece>>;

impl Builder<'_> {
    /// A block, if the class is one's; else the content again.
    pub(super) fn nested(&mut self, class: &str, braces: &mut Braces, content: Vec<Piece>) -> Attempt {
        let foreign = braces.element(class).filter(|_| braces.is("block"));
        if !is_block(class) && foreign.is_none() {
            return Err(content);
        }
        let mut braces = std::mem::take(braces);
        braces.take_class(class);
        braces.take_class("block");
        if let Some(element) = foreign {
            let content = self.blocks_of_line(content);
            let tag = Tag { element: Some(Box::new(element)), ..braces.into_tag(Span::default()) };
            return Ok(Block::Foreign(Foreign::Element { tag, content }));
        }
        Ok(self.nested_block(class, braces, content))
    }

    fn nested_block(&mut self, class: &str, mut braces: Braces, content: Vec<Piece>) -> Block {
        let at = Span::default();
        if let Some(&(kind, _)) = FORMULAS.iter().find(|(_, known)| *known == class) {
            let content = self.blocks_of_line(content);
            return Block::Formula(Formula { tag: braces.into_tag(at), kind, content });
        }
        match class {
            "p" | "bare" => {
                let content = self.inlines(content);
                Block::Paragraph(Paragraph { tag: braces.into_tag(at), bare: class == "bare", content })
            }
            "head" => {
                let depth = braces.take("depth").and_then(|depth| depth.parse().ok()).unwrap_or(0);
                let content = self.inlines(content);
                Block::Heading(Heading { tag: braces.into_tag(at), depth, content })
            }
            "l" => {
                let content = self.inlines(content);
                Block::Line(Line { tag: braces.into_tag(at), content })
            }
            "verbatim" => {
                let syntax = braces.take("syntax").map(Into::into);
                Block::Verbatim(Verbatim { tag: braces.into_tag(at), syntax, text: words(&content) })
            }
            "list" => self.nested_list(braces, content),
            "table" => self.nested_table(braces, content),
            "division" => {
                let (kind, number) = (braces.take("type").map(Into::into), braces.take("n").map(Into::into));
                let content = self.blocks_of_line(content);
                Block::Division(Division { tag: braces.into_tag(at), kind, number, content })
            }
            _ => {
                let content = self.blocks_of_line(content);
                let tag = braces.into_tag(at);
                match class {
                    "verse" => Block::Verse(Verse { tag, content }),
                    "speech" => Block::Speech(Speech { tag, content }),
                    "figure" => Block::Figure(Figure { tag, content }),
                    _ => Block::Quotation(Quotation { tag, content }),
                }
            }
        }
    }

    /// Blocks, if there is one among the pieces; else one bare paragraph.
    fn blocks_of_line(&mut self, pieces: Vec<Piece>) -> Vec<Block> {
        let block = |piece: &Piece| match piece {
            Piece::Span(braces, _) => is_block(braces.class()) || braces.is("block"),
            _ => false,
        };
        if pieces.is_empty() {
            return Vec::new();
        }
        if !pieces.iter().any(block) {
            return vec![Block::bare(self.inlines(pieces))];
        }
        let mut blocks = Vec::new();
        let mut run = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Span(mut braces, content) if is_block(braces.class()) || braces.is("block") => {
                    self.end_run(&mut run, &mut blocks);
                    let class = braces.class().to_owned();
                    if let Some(unit) = unit(&class) {
                        braces.take_class("block");
                        blocks.push(Block::Milestone(self.milestone(braces, &content, unit, false)));
                    } else if let Ok(block) = self.nested(&class, &mut braces, content) {
                        blocks.push(block);
                    }
                }
                piece => run.push(piece),
            }
        }
        self.end_run(&mut run, &mut blocks);
        blocks
    }

    fn end_run(&mut self, run: &mut Vec<Piece>, blocks: &mut Vec<Block>) {
        let pieces = std::mem::take(run);
        if pieces.iter().any(|piece| !matches!(piece, Piece::Text(text) if text.trim_matches(is_space).is_empty())) {
            blocks.push(Block::bare(self.inlines(pieces)));
        }
    }

    fn nested_list(&mut self, mut braces: Braces, content: Vec<Piece>) -> Block {
        let kind = LISTS.iter().find(|(_, class)| braces.take_class(class)).map(|&(kind, _)| kind).unwrap_or_default();
        let topic = braces.take("type").map(Into::into);
        let mut list = List { tag: braces.into_tag(Span::default()), kind, topic, ..List::default() };
        let mut label = None;
        let mut before = Vec::new();
        for piece in content {
            match piece {
                Piece::Span(mut braces, content) if braces.is("item") => {
                    braces.take_class("item");
                    let content = self.blocks_of_line(content);
                    let tag = braces.into_tag(Span::default());
                    list.items.push(Item { tag, label: label.take(), content, after: Vec::new() });
                }
                Piece::Span(mut braces, content) if braces.is("label") => {
                    braces.take_class("label");
                    let content = self.inlines(content);
                    label = Some(Box::new(Heading { tag: braces.into_tag(Span::default()), depth: 0, content }));
                }
                Piece::Span(mut braces, content) if braces.is("after") => {
                    braces.take_class("after");
                    let content = self.blocks_of_line(content);
                    if let Some(item) = list.items.last_mut() {
                        item.after = content;
                    }
                }
                piece if list.items.is_empty() => before.push(piece),
                piece => {
                    let stray = self.inlines(vec![piece]);
                    if let (Some(item), false) = (list.items.last_mut(), is_blank(&stray)) {
                        item.after.push(Block::bare(stray));
                    }
                }
            }
        }
        if before.iter().any(|piece| !matches!(piece, Piece::Text(text) if text.trim_matches(is_space).is_empty())) {
            list.before = self.blocks_of_line(before);
        }
        Block::List(list)
    }

    fn nested_table(&mut self, braces: Braces, content: Vec<Piece>) -> Block {
        let mut table = Table { tag: braces.into_tag(Span::default()), ..Table::default() };
        let mut before = Vec::new();
        for piece in content {
            match piece {
                Piece::Span(mut braces, content) if braces.is("row") => {
                    braces.take_class("row");
                    let label = braces.take_class("label");
                    let cells = self.nested_cells(content);
                    table.rows.push(Row { tag: braces.into_tag(Span::default()), label, cells, after: Vec::new() });
                }
                Piece::Span(mut braces, content) if braces.is("after") => {
                    braces.take_class("after");
                    let content = self.blocks_of_line(content);
                    if let Some(row) = table.rows.last_mut() {
                        row.after = content;
                    }
                }
                piece => before.push(piece),
            }
        }
        if before.iter().any(|piece| !matches!(piece, Piece::Text(text) if text.trim_matches(is_space).is_empty())) {
            table.before = self.blocks_of_line(before);
        }
        Block::Table(table)
    }

    fn nested_cells(&mut self, content: Vec<Piece>) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        for piece in content {
            match piece {
                Piece::Span(mut braces, content) if braces.is("cell") => {
                    braces.take_class("cell");
                    let content = self.blocks_of_line(content);
                    cells.push(cell(braces, content));
                }
                Piece::Span(mut braces, content) if braces.is("after") => {
                    braces.take_class("after");
                    let content = self.blocks_of_line(content);
                    if let Some(cell) = cells.last_mut() {
                        cell.after = content;
                    }
                }
                piece => {
                    let stray = self.inlines(vec![piece]);
                    if !is_blank(&stray) {
                        cells.push(Cell { content: vec![Block::bare(stray)], ..Cell::default() });
                    }
                }
            }
        }
        cells
    }
}

/// A cell from its braces, whose own class is taken already.
pub(super) fn cell(mut braces: Braces, content: Vec<Block>) -> Cell {
    let mut span =
        |key: &str| braces.take(key).and_then(|count| count.parse().ok()).filter(|&count| count > 0).unwrap_or(1);
    let (rows, columns) = (span("rows"), span("cols"));
    let label = braces.take_class("label");
    Cell { tag: braces.into_tag(Span::default()), label, rows, columns, content, after: Vec::new() }
}

pub(super) fn is_blank(inlines: &[crate::model::Inline]) -> bool {
    inlines
        .iter()
        .all(|inline| matches!(inline, crate::model::Inline::Text(text) if text.trim_matches(is_space).is_empty()))
}

fn is_block(class: &str) -> bool {
    let named =
        ["p", "bare", "head", "l", "verbatim", "list", "table", "division", "verse", "speech", "figure", "quote"];
    named.contains(&class) || FORMULAS.iter().any(|(_, known)| *known == class)
}

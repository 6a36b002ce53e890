//! Blocks where only a line can be: in a heading, a cell, a verse, or in mid-sentence. Each is a span of its
//! own class, those in it likewise.

use super::attributes::Braces;
use super::inline::{comment, element, instruction};
use super::line::Line;
use super::run::Run;
use crate::markdown::vocabulary::{FORMULAS, LISTS, class};
use crate::model::{Block, Foreign, Inline, List, Table};

impl<'d> Run<'d> {
    /// One block as a span.
    pub(super) fn block_in_line(&mut self, block: &'d Block, line: &mut Line) {
        match block {
            Block::Division(it) => {
                let braces = Braces::new("division").with("type", it.kind.as_deref()).with("n", it.number.as_deref());
                self.blocks_span(braces.tag(&it.tag), &it.content, line);
            }
            Block::Heading(it) => {
                let depth = (it.depth > 0).then(|| it.depth.to_string());
                self.span(Braces::new("head").with("depth", depth.as_deref()).tag(&it.tag), &it.content, line);
            }
            Block::Paragraph(it) => {
                self.span(Braces::new(if it.bare { "bare" } else { "p" }).tag(&it.tag), &it.content, line);
            }
            Block::Formula(it) => {
                self.blocks_span(Braces::new(class(FORMULAS, it.kind)).tag(&it.tag), &it.content, line);
            }
            Block::Quotation(it) => self.blocks_span(Braces::new("quote").tag(&it.tag), &it.content, line),
            Block::List(it) => self.list_in_line(it, line),
            Block::Table(it) => self.table_in_line(it, line),
            Block::Verse(it) => self.blocks_span(Braces::new("verse").tag(&it.tag), &it.content, line),
            Block::Line(it) => self.span(Braces::new("l").tag(&it.tag), &it.content, line),
            Block::Speech(it) => self.blocks_span(Braces::new("speech").tag(&it.tag), &it.content, line),
            Block::Figure(it) => self.blocks_span(Braces::new("figure").tag(&it.tag), &it.content, line),
            Block::Verbatim(it) => {
                line.raw("[");
                line.text(&it.text);
                line.raw(format!(
                    "]{}",
                    Braces::new("verbatim").with("syntax", it.syntax.as_deref()).tag(&it.tag).print()
                ));
            }
            Block::Note(it) => self.call(it, line),
            Block::Milestone(it) => {
                let more = Braces::default().class("block");
                line.raw(self.milestone(it, false, more));
            }
            Block::Foreign(it) => match it {
                Foreign::Element { tag, content } => {
                    self.blocks_span(element(tag).class("block"), content, line);
                }
                Foreign::Comment(text) => line.raw(comment(text)),
                Foreign::Instruction(text) => line.raw(instruction(text)),
            },
        }
    }

    /// Blocks in a span. One bare paragraph needs none of its own.
    fn blocks_span(&mut self, braces: Braces, blocks: &'d [Block], line: &mut Line) {
        line.raw("[");
        self.blocks_in_line(blocks, line);
        line.raw(format!("]{}", braces.print()));
    }

    fn blocks_in_line(&mut self, blocks: &'d [Block], line: &mut Line) {
        if let [Block::Paragraph(it)] = blocks
            && it.bare
            && !it.content.iter().any(|inline| matches!(inline, Inline::Nested(_)))
        {
            return self.inlines(&it.content, line);
        }
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                line.text(" ");
            }
            self.block_in_line(block, line);
        }
    }

    fn list_in_line(&mut self, it: &'d List, line: &mut Line) {
        line.raw("[");
        self.blocks_in_line(&it.before, line);
        for item in &it.items {
            line.text(" ");
            if let Some(label) = &item.label {
                self.span(Braces::new("label").tag(&label.tag), &label.content, line);
                line.text(" ");
            }
            self.blocks_span(Braces::new("item").tag(&item.tag), &item.content, line);
            self.after_in_line(&item.after, line);
        }
        let braces = Braces::new("list").class(class(LISTS, it.kind)).with("type", it.topic.as_deref());
        line.raw(format!("]{}", braces.tag(&it.tag).print()));
    }

    fn table_in_line(&mut self, it: &'d Table, line: &mut Line) {
        line.raw("[");
        self.blocks_in_line(&it.before, line);
        for row in &it.rows {
            line.text(" ");
            line.raw("[");
            for cell in &row.cells {
                let span = |count: u16| (count > 1).then(|| count.to_string());
                let braces = Braces::new("cell").class(if cell.label { "label" } else { "" });
                let braces =
                    braces.with("rows", span(cell.rows).as_deref()).with("cols", span(cell.columns).as_deref());
                self.blocks_span(braces.tag(&cell.tag), &cell.content, line);
                self.after_in_line(&cell.after, line);
            }
            let braces = Braces::new("row").class(if row.label { "label" } else { "" }).tag(&row.tag);
            line.raw(format!("]{}", braces.print()));
            self.after_in_line(&row.after, line);
        }
        line.raw(format!("]{}", Braces::new("table").tag(&it.tag).print()));
    }

    fn after_in_line(&mut self, blocks: &'d [Block], line: &mut Line) {
        if !blocks.is_empty() {
            line.raw("[");
            self.blocks_in_line(blocks, line);
            line.raw(format!("]{}", Braces::new("after").print()));
        }
    }
}

//! Blocks, each on lines of its own where nothing but blocks stands beside it.

use std::io;

use super::Run;
use super::tags::Own;
use crate::model::{Block, Figure, Foreign, Formula, Heading, Inline, Item, List, Row, Speech, Table, Tag, Verbatim};
use crate::tei;

impl Run<'_> {
    /// Blocks one below the other; in one line if bare text stands among them.
    pub(super) fn blocks(&mut self, blocks: &[Block]) -> io::Result<()> {
        if blocks.iter().any(is_bare) {
            return self.flat(|run| run.mixed(blocks));
        }
        for block in blocks {
            self.line()?;
            self.block(block)?;
        }
        Ok(())
    }

    fn mixed(&mut self, blocks: &[Block]) -> io::Result<()> {
        for (at, block) in blocks.iter().enumerate() {
            // Two texts side by side would be read as one word.
            if at > 0 && is_bare(block) && is_bare(&blocks[at - 1]) {
                self.xml.raw("\n")?;
            }
            self.block(block)?;
        }
        Ok(())
    }

    pub(super) fn block(&mut self, block: &Block) -> io::Result<()> {
        match block {
            Block::Division(it) => self.division(it),
            Block::Heading(it) => self.heading(it),
            Block::Paragraph(it) if it.bare => self.inlines(&it.content),
            Block::Paragraph(it) => self.line_of("p", &it.tag, &[], &it.content),
            Block::Formula(it) => self.formula(it),
            Block::Quotation(it) => self.container("quote", &it.tag, &[], &it.content),
            Block::List(it) => self.list(it),
            Block::Table(it) => self.table(it),
            Block::Verse(it) => self.container("lg", &it.tag, &[], &it.content),
            Block::Line(it) => self.line_of("l", &it.tag, &[], &it.content),
            Block::Speech(it) => self.speech(it),
            Block::Figure(it) => self.figure(it),
            Block::Verbatim(it) => self.verbatim(it),
            Block::Note(it) => self.note(it),
            Block::Milestone(it) => self.milestone(it),
            Block::Foreign(it) => match it {
                Foreign::Element { tag, content } => self.container("ab", tag, &[], content),
                Foreign::Comment(text) => {
                    self.margin(self.xml.depth())?;
                    self.xml.comment(text)
                }
                Foreign::Instruction(text) => {
                    self.margin(self.xml.depth())?;
                    self.xml.instruction(text)
                }
            },
        }
    }

    /// An element that holds blocks.
    pub(super) fn container(&mut self, usual: &str, tag: &Tag, own: &Own<'_>, content: &[Block]) -> io::Result<()> {
        if content.is_empty() {
            return self.point(usual, tag, own);
        }
        self.open(usual, tag, own)?;
        self.blocks(content)?;
        self.line_after(content)?;
        self.end()
    }

    /// The line break before an end tag, if the blocks within stand on lines of their own.
    pub(super) fn line_after(&mut self, content: &[Block]) -> io::Result<()> {
        if content.is_empty() || content.iter().any(is_bare) { Ok(()) } else { self.line() }
    }

    /// An element that holds inlines, on one line.
    pub(super) fn line_of(&mut self, usual: &str, tag: &Tag, own: &Own<'_>, content: &[Inline]) -> io::Result<()> {
        self.open(usual, tag, own)?;
        self.flat(|run| run.inlines(content))?;
        self.end()
    }

    fn heading(&mut self, heading: &Heading) -> io::Result<()> {
        match heading.depth {
            0 => self.line_of("head", &heading.tag, &[], &heading.content),
            depth => {
                let rend = if depth == 1 { "center" } else { "sectiontitleital" };
                let rend = heading.tag.attributes.get("rend").is_none().then_some(rend);
                self.line_of("p", &heading.tag, &[("rend", rend)], &heading.content)
            }
        }
    }

    fn formula(&mut self, formula: &Formula) -> io::Result<()> {
        let usual = tei::formula_name(formula.kind);
        self.container(usual, &formula.tag, &[], &formula.content)
    }

    fn list(&mut self, list: &List) -> io::Result<()> {
        let kind = tei::list_word(list.kind);
        let said = list.tag.attributes.get("rend").is_some() || list.tag.attributes.get("type").is_some();
        let (kind, rend) = match &list.topic {
            Some(topic) => (Some(topic.as_str()), kind.filter(|_| !said)),
            None => (kind.filter(|_| !said), None),
        };
        self.open("list", &list.tag, &[("type", kind), ("rend", rend)])?;
        self.blocks(&list.before)?;
        // Labels in a list are all or none (TEI P5 §3.8): where some items have one, it stays inside its item.
        let labelled = self.as_it_was || list.items.iter().all(|item| item.label.is_some());
        for item in &list.items {
            self.item(item, labelled)?;
        }
        self.line()?;
        self.end()
    }

    fn item(&mut self, item: &Item, labelled: bool) -> io::Result<()> {
        self.line()?;
        if let Some(label) = item.label.as_deref().filter(|_| labelled) {
            self.line_of("label", &label.tag, &[], &label.content)?;
            self.line()?;
        }
        self.open("item", &item.tag, &[])?;
        let inner = item.label.as_deref().filter(|_| !labelled);
        if let Some(label) = inner {
            self.flat(|run| {
                run.wrapped("label", &label.tag, &[], &label.content)?;
                run.xml.raw(" ")?;
                run.blocks(&item.content)
            })?;
        } else {
            self.blocks(&item.content)?;
            if !item.content.is_empty() && !item.content.iter().any(is_bare) {
                self.line()?;
            }
        }
        self.end()?;
        self.blocks(&item.after)
    }

    fn table(&mut self, table: &Table) -> io::Result<()> {
        let rows = table.rows.len().to_string();
        let columns = table.rows.iter().map(width).max().unwrap_or(0).to_string();
        let counted = !self.as_it_was;
        let own = [("rows", counted.then_some(rows.as_str())), ("cols", counted.then_some(columns.as_str()))];
        self.open("table", &table.tag, &own)?;
        self.blocks(&table.before)?;
        for row in &table.rows {
            self.row(row)?;
        }
        self.line()?;
        self.end()
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        self.line()?;
        self.open("row", &row.tag, &[("role", row.label.then_some("label"))])?;
        for cell in &row.cells {
            self.line()?;
            let (rows, columns) = (cell.rows.to_string(), cell.columns.to_string());
            let own = [
                ("role", cell.label.then_some("label")),
                ("rows", (cell.rows > 1).then_some(rows.as_str())),
                ("cols", (cell.columns > 1).then_some(columns.as_str())),
            ];
            self.open("cell", &cell.tag, &own)?;
            self.flat(|run| run.blocks(&cell.content))?;
            self.end()?;
            self.blocks(&cell.after)?;
        }
        self.line()?;
        self.end()?;
        self.blocks(&row.after)
    }

    fn speech(&mut self, speech: &Speech) -> io::Result<()> {
        self.container("sp", &speech.tag, &[], &speech.content)
    }

    fn figure(&mut self, figure: &Figure) -> io::Result<()> {
        self.container("figure", &figure.tag, &[], &figure.content)
    }

    fn verbatim(&mut self, verbatim: &Verbatim) -> io::Result<()> {
        let own = [
            ("xml:space", (!self.as_it_was).then_some("preserve")),
            ("rend", verbatim.syntax.as_deref().filter(|_| verbatim.tag.attributes.get("rend").is_none())),
        ];
        self.open("eg", &verbatim.tag, &own)?;
        self.text(&verbatim.text)?;
        self.end()
    }
}

/// Text that stands directly in its container.
fn is_bare(block: &Block) -> bool {
    matches!(block, Block::Paragraph(it) if it.bare)
}

fn width(row: &Row) -> usize {
    row.cells.iter().map(|cell| usize::from(cell.columns)).sum()
}

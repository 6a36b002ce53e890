//! What stands on lines of its own.

use std::io;

use super::chapter::{Run, class_name};
use super::notes::holds_blocks;
use crate::model::{
    Block, Division, Figure, Foreign, Formula, FormulaKind, Heading, Inline, Milestone, Paragraph, Tag, Unit, Verbatim,
};

impl<'a> Run<'a, '_> {
    pub(super) fn block(&mut self, block: &'a Block, level: usize) -> io::Result<()> {
        match block {
            Block::Division(it) => self.division(it, level),
            Block::Heading(it) => self.heading(it, level),
            Block::Paragraph(it) => self.paragraph("", &it.tag, &it.content),
            Block::Formula(it) => self.formula(it, level),
            Block::Quotation(it) => self.container("blockquote", "", &it.tag, &it.content, level),
            Block::List(it) => self.list(it, level),
            Block::Table(it) => self.table(it, level),
            Block::Verse(it) => self.container("div", "lg", &it.tag, &it.content, level),
            Block::Line(it) => self.paragraph("l", &it.tag, &it.content),
            Block::Speech(it) => self.container("div", "sp", &it.tag, &it.content, level),
            Block::Figure(it) => self.figure(it, level),
            Block::Verbatim(it) => self.verbatim(it),
            Block::Note(it) => self.note_between(it, level),
            Block::Milestone(it) => self.milestone_between(it),
            Block::Foreign(Foreign::Element { tag, content }) => {
                let class = tag.element.as_ref().map(|name| class_name(&name.local)).unwrap_or_default();
                self.container("div", &class, tag, content, level)
            }
            Block::Foreign(Foreign::Comment(_) | Foreign::Instruction(_)) => Ok(()),
        }
    }

    fn division(&mut self, division: &'a Division, level: usize) -> io::Result<()> {
        let class = class_name(division.kind.as_deref().unwrap_or("division"));
        self.container("section", &class, &division.tag, &division.content, (level + 1).min(6))
    }

    fn container(&mut self, name: &str, class: &str, tag: &Tag, content: &'a [Block], level: usize) -> io::Result<()> {
        let attributes = self.attributes(tag, class);
        self.start(name, attributes)?;
        self.xml.raw("\n")?;
        self.blocks(content, level)?;
        self.settle_between_blocks()?;
        self.end_line()
    }

    /// The heading of a division is one of its level; a sub-heading stands below it.
    fn heading(&mut self, heading: &'a Heading, level: usize) -> io::Result<()> {
        let level = (level + usize::from(heading.depth)).min(6);
        let class = if heading.depth == 0 { "" } else { "sub-heading" };
        let attributes = self.attributes(&heading.tag, class);
        self.start(["h1", "h2", "h3", "h4", "h5", "h6"][level - 1], attributes)?;
        self.settle_in_line()?;
        self.inlines(&heading.content)?;
        self.end_line()
    }

    /// A paragraph; where lists or quotations stand in it, several, with them between.
    pub(super) fn paragraph(&mut self, class: &str, tag: &Tag, content: &'a [Inline]) -> io::Result<()> {
        let rend = tag.attributes.get("rend").map(class_name).unwrap_or_default();
        let class = [class, rend.as_str()].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if !holds_blocks(content) {
            let attributes = self.attributes(tag, &class);
            return self.lines(attributes, content);
        }
        let mut attributes = Some(self.attributes(tag, &class));
        for part in content.chunk_by(|a, b| !is_nested(a) && !is_nested(b)) {
            match part {
                [Inline::Nested(block)] => self.block(block, 6)?,
                words => {
                    let continued = vec![("class", "continued".to_owned())];
                    self.lines(attributes.take().unwrap_or(continued), words)?;
                }
            }
        }
        Ok(())
    }

    fn lines(&mut self, attributes: super::chapter::Attributes, content: &'a [Inline]) -> io::Result<()> {
        self.start("p", attributes)?;
        self.settle_in_line()?;
        self.inlines(content)?;
        self.end_line()
    }

    fn formula(&mut self, formula: &'a Formula, level: usize) -> io::Result<()> {
        let class = match formula.kind {
            FormulaKind::Opener => "opener",
            FormulaKind::Dateline => "dateline",
            FormulaKind::Salute => "salute",
            FormulaKind::Closer => "closer",
            FormulaKind::Signed => "signed",
            FormulaKind::Postscript => "postscript",
            FormulaKind::Byline => "byline",
            FormulaKind::Trailer => "trailer",
            FormulaKind::Epigraph => "epigraph",
            FormulaKind::Argument => "argument",
            FormulaKind::Speaker => "speaker",
            FormulaKind::Stage => "stage",
            FormulaKind::Description => "description",
        };
        match formula.content.as_slice() {
            [Block::Paragraph(Paragraph { bare: true, content, .. })] => self.paragraph(class, &formula.tag, content),
            content => self.container("div", class, &formula.tag, content, level),
        }
    }

    fn figure(&mut self, figure: &'a Figure, level: usize) -> io::Result<()> {
        self.container("figure", "", &figure.tag, &figure.content, level)
    }

    fn verbatim(&mut self, verbatim: &'a Verbatim) -> io::Result<()> {
        let attributes = self.attributes(&verbatim.tag, "");
        self.start("pre", attributes)?;
        self.leaf("code", Vec::new(), &verbatim.text)?;
        self.end_line()
    }

    fn milestone_between(&mut self, milestone: &'a Milestone) -> io::Result<()> {
        match &milestone.unit {
            Unit::Page => {
                self.page("div", milestone)?;
                self.xml.raw("\n")
            }
            Unit::Line => Ok(()),
            Unit::Column | Unit::Other(_) => {
                let attributes = self.attributes(&milestone.tag, "milestone");
                self.start("div", attributes)?;
                self.end_line()
            }
        }
    }

    /// Writes what waits for a place between blocks.
    pub(super) fn settle_between_blocks(&mut self) -> io::Result<()> {
        while let Some(milestone) = self.waiting.milestones.pop_front() {
            self.milestone_between(milestone)?;
        }
        while let Some(note) = self.waiting.notes.pop_front() {
            self.note_between(note, 6)?;
        }
        Ok(())
    }

    /// Writes what waits for a place in a line.
    pub(super) fn settle_in_line(&mut self) -> io::Result<()> {
        while let Some(milestone) = self.waiting.milestones.pop_front() {
            match milestone.unit {
                Unit::Page => self.page("span", milestone)?,
                Unit::Line | Unit::Column | Unit::Other(_) => {}
            }
        }
        while let Some(note) = self.waiting.notes.pop_front() {
            self.note_in_line(note)?;
        }
        Ok(())
    }
}

fn is_nested(inline: &Inline) -> bool {
    matches!(inline, Inline::Nested(_))
}

//! Blocks as XHTML. In a line, where HTML allows no block, each becomes a `span` that the sheet sets as one.

use std::borrow::Cow;
use std::io;

use super::links::{has_text, holds_block, plain_text};
use super::renderer::{Entry, Renderer, Said, Within, flag, foreign_class, said};
use crate::epub;
use crate::model::{
    Block, Division, Foreign, Formula, FormulaKind, Heading, Milestone, Paragraph, Tag, Unit, Verbatim,
};

impl Renderer<'_> {
    /// Blocks one below the other.
    pub(super) fn blocks<'b>(
        &mut self,
        blocks: impl IntoIterator<Item = &'b Block> + Clone,
        within: Within,
    ) -> io::Result<()> {
        let bare = blocks.clone().into_iter().filter(|block| matches!(block, Block::Paragraph(it) if it.bare)).count();
        let within = if within == Within::Item && bare > 1 { Within::Section } else { within };
        for block in blocks {
            match block {
                Block::Paragraph(it) if it.bare && bare > 1 && within == Within::Phrasing => {
                    self.open_with("span", &it.tag, "block", flag(epub::BARE, true))?;
                    self.inlines(&it.content, Within::Phrasing)?;
                    self.close()?;
                }
                _ => self.block(block, within)?,
            }
        }
        Ok(())
    }

    pub(super) fn block(&mut self, block: &Block, within: Within) -> io::Result<()> {
        match block {
            Block::Division(it) => self.division(it, within),
            Block::Heading(it) => self.heading(it, within),
            Block::Paragraph(it) => self.paragraph(it, within),
            Block::Formula(it) => self.formula(it, within),
            Block::Quotation(it) => self.container("blockquote", &it.tag, "", &it.content, within),
            Block::List(it) => self.list(it, within),
            Block::Table(it) => self.table(it, within),
            Block::Verse(it) => self.container("div", &it.tag, "verse", &it.content, within),
            Block::Line(it) => {
                // The parts of a line that several persons share (TEI P5 §7.2.2) stand one behind the other.
                let class = match it.tag.attributes.get("part") {
                    Some("M") => "line middle",
                    Some("F") => "line final",
                    _ => "line",
                };
                self.open(if within == Within::Phrasing { "span" } else { "p" }, &it.tag, class)?;
                self.inlines(&it.content, Within::Phrasing)?;
                self.close()?;
                self.line(within)
            }
            Block::Speech(it) => self.container("div", &it.tag, "speech", &it.content, within),
            Block::Figure(it) => self.figure(it, within),
            Block::Verbatim(it) => self.verbatim(it, within),
            Block::Note(it) => self.block_note(it, within),
            Block::Milestone(it) => self.milestone(it, within),
            Block::Foreign(it) => self.foreign_block(it, within),
        }
    }

    /// An element that holds blocks.
    pub(super) fn container(
        &mut self,
        name: &str,
        tag: &Tag,
        class: &str,
        content: &[Block],
        within: Within,
    ) -> io::Result<()> {
        self.container_with(name, tag, class, [], content, within)
    }

    /// An element that holds blocks, with more to say.
    pub(super) fn container_with(
        &mut self,
        name: &str,
        tag: &Tag,
        class: &str,
        more: impl IntoIterator<Item = Said>,
        content: &[Block],
        within: Within,
    ) -> io::Result<()> {
        if within == Within::Phrasing {
            let class = format!("block {}", if class.is_empty() { name } else { class });
            self.open_with("span", tag, &class, more.into_iter().chain(mixed(content)))?;
            self.blocks(content, Within::Phrasing)?;
            return self.close();
        }
        self.open_with(name, tag, class, more)?;
        self.out.raw("\n")?;
        self.blocks(content, Within::Section)?;
        self.close()?;
        self.out.raw("\n")
    }

    fn division(&mut self, division: &Division, within: Within) -> io::Result<()> {
        let more = named(division);
        if within == Within::Phrasing {
            return self.container_with("div", &division.tag, "division", more, &division.content, within);
        }
        let mut attributes = self.attributes(&division.tag, division.kind.as_deref().map_or("", division_class));
        attributes.extend(more);
        let given = attributes.iter().find(|(name, _)| *name == "id").map(|(_, id)| id.to_string());
        let first = division.content.iter().find_map(|block| match block {
            Block::Heading(heading) => Some(plain_text(&heading.content)),
            _ => None,
        });
        // What stands in a note is no part of the book, and may be in another file.
        if let Some(title) = first.filter(|title| !title.is_empty() && self.in_note == 0) {
            let id = given.unwrap_or_else(|| {
                let id = self.fresh("part");
                Self::invent(&mut attributes, &id);
                id
            });
            let depth = usize::from(self.sections);
            self.entries.push(Entry { depth, title, id: Some(id), inner: self.in_document });
        }
        self.out.start("section", attributes)?;
        self.out.raw("\n")?;
        self.sections = self.sections.saturating_add(1);
        let outer = self.in_document;
        self.in_document = outer || division.kind.as_deref() == Some("document");
        self.division_content(&division.content)?;
        self.in_document = outer;
        self.sections -= 1;
        self.out.end()?;
        self.out.raw("\n")
    }

    /// The content of a division: the first heading heads it, others stand below.
    pub(super) fn division_content<'b>(&mut self, content: impl IntoIterator<Item = &'b Block>) -> io::Result<()> {
        self.headed_content(content, false)
    }

    /// The content of a division whose heading is written.
    pub(super) fn below_heading<'b>(&mut self, content: impl IntoIterator<Item = &'b Block>) -> io::Result<()> {
        self.headed_content(content, true)
    }

    fn headed_content<'b>(&mut self, content: impl IntoIterator<Item = &'b Block>, mut headed: bool) -> io::Result<()> {
        for block in content {
            match block {
                Block::Heading(heading) if heading.depth == 0 && !headed && has_text(&heading.content) => {
                    headed = true;
                    self.numbered_heading(heading, self.sections.max(1), None)?;
                }
                Block::Heading(heading) if heading.depth == 0 => {
                    self.open("p", &heading.tag, "subtitle")?;
                    self.inlines(&heading.content, Within::Phrasing)?;
                    self.close()?;
                    self.out.raw("\n")?;
                }
                _ => self.block(block, Within::Section)?,
            }
        }
        Ok(())
    }

    /// A heading as `h1` to `h6`; none is more than one level below the last.
    pub(super) fn numbered_heading(&mut self, heading: &Heading, level: u8, id: Option<&str>) -> io::Result<()> {
        let level = level.min(self.level + 1).clamp(1, 6);
        self.level = level;
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level) - 1];
        let mut attributes = self.attributes(&heading.tag, "");
        if let Some(id) = id.filter(|_| !attributes.iter().any(|(name, _)| *name == "id")) {
            Self::invent(&mut attributes, id);
        }
        attributes.extend(depth(heading));
        self.out.start(name, attributes)?;
        self.inlines(&heading.content, Within::Phrasing)?;
        self.out.end()?;
        self.out.raw("\n")
    }

    /// A heading in running text, or of something other than a division.
    fn heading(&mut self, heading: &Heading, within: Within) -> io::Result<()> {
        if within == Within::Section && heading.depth > 0 && self.in_note == 0 && has_text(&heading.content) {
            let level = self.sections.max(1).saturating_add(heading.depth);
            return self.numbered_heading(heading, level, None);
        }
        let name = if within == Within::Phrasing { "span" } else { "p" };
        self.open_with(name, &heading.tag, "head", depth(heading))?;
        self.inlines(&heading.content, Within::Phrasing)?;
        self.close()?;
        self.line(within)
    }

    fn paragraph(&mut self, paragraph: &Paragraph, within: Within) -> io::Result<()> {
        let flow = within != Within::Phrasing && holds_block(&paragraph.content);
        let inner = if flow { Within::Section } else { Within::Phrasing };
        if paragraph.bare && within != Within::Section {
            return self.inlines(&paragraph.content, inner);
        }
        let (name, class) = match (within, flow) {
            (Within::Phrasing, _) => ("span", "block"),
            (_, true) => ("div", "p"),
            (_, false) => ("p", ""),
        };
        // One under another name may be set in a way of its own.
        let class = format!("{class} {}", foreign_class(&paragraph.tag));
        self.open_with(name, &paragraph.tag, class.trim(), flag(epub::BARE, paragraph.bare))?;
        self.inlines(&paragraph.content, inner)?;
        self.close()?;
        self.line(within)
    }

    fn formula(&mut self, formula: &Formula, within: Within) -> io::Result<()> {
        let class = formula_class(formula.kind);
        match formula.content.as_slice() {
            [Block::Paragraph(line)] if line.bare && !holds_block(&line.content) => {
                self.open(if within == Within::Phrasing { "span" } else { "p" }, &formula.tag, class)?;
                self.inlines(&line.content, Within::Phrasing)?;
                self.close()?;
                self.line(within)
            }
            content => self.container("div", &formula.tag, class, content, within),
        }
    }

    fn verbatim(&mut self, verbatim: &Verbatim, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            self.open_with("code", &verbatim.tag, "verbatim", said(epub::SYNTAX, verbatim.syntax.as_deref()))?;
            self.out.text(&verbatim.text)?;
            return self.close();
        }
        self.open_with("pre", &verbatim.tag, "", said(epub::SYNTAX, verbatim.syntax.as_deref()))?;
        self.out.start("code", [])?;
        self.out.text(&verbatim.text)?;
        self.out.end()?;
        self.close()?;
        self.out.raw("\n")
    }

    /// A point between blocks.
    fn milestone(&mut self, milestone: &Milestone, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.inline_milestone(milestone);
        }
        match &milestone.unit {
            Unit::Page => self.page("div", milestone)?,
            Unit::Other(unit) if milestone.label.is_none() && !milestone.inside_word => {
                let mut attributes = self.attributes(&milestone.tag, "");
                attributes.extend(said(epub::UNIT, Some(unit)));
                self.out.empty("hr", attributes)?;
            }
            Unit::Column | Unit::Line | Unit::Other(_) => self.point("div", milestone)?,
        }
        self.out.raw("\n")
    }

    fn foreign_block(&mut self, foreign: &Foreign<Block>, within: Within) -> io::Result<()> {
        match foreign {
            Foreign::Element { tag, content } => self.container("div", tag, &foreign_class(tag), content, within),
            Foreign::Comment(text) => self.out.comment(text),
            Foreign::Instruction(text) => self.out.instruction(text),
        }
    }
}

/// Kind and number of a division.
pub(super) fn named(division: &Division) -> Vec<Said> {
    let kind = said(epub::TYPE, division.kind.as_deref());
    kind.into_iter().chain(said(epub::NUMBER, division.number.as_deref())).collect()
}

/// That a heading opens no division.
fn depth(heading: &Heading) -> Option<Said> {
    (heading.depth > 0).then(|| (epub::DEPTH, Cow::Owned(heading.depth.to_string())))
}

/// That text and blocks, which will stand in one element, are one run of text.
pub(super) fn mixed(content: &[Block]) -> Option<Said> {
    let is_mixed = matches!(content, [Block::Paragraph(it)] if it.bare && holds_block(&it.content));
    flag(epub::MIXED, is_mixed)
}

/// The class of a division: a kind that the sheet knows.
pub(super) fn division_class(kind: &str) -> &'static str {
    match kind {
        "document" => "document",
        "attachment" => "attachment",
        "chapter" => "chapter",
        "part" => "part",
        "act" => "act",
        "scene" => "scene",
        "poem" => "poem",
        "letter" => "letter",
        "titlepage" | "titlePage" => "titlepage",
        "dedication" => "dedication",
        "compilation" => "compilation",
        _ => "division",
    }
}

fn formula_class(kind: FormulaKind) -> &'static str {
    match kind {
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
    }
}

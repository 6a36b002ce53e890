//! Divisions, in the order that TEI asks for: what heads them, what they say, their parts, what ends them
//! (TEI P5 §4.2). A document that goes on after its signature, or after an inner part, becomes a row of inner
//! divisions; the order of the text is never changed.

use std::io;

use super::Run;
use super::inlines::pairs;
use super::tags::Attributes;
use crate::model::{Block, Division, Formula, FormulaKind};

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

impl Run<'_> {
    pub(super) fn division(&mut self, division: &Division) -> io::Result<()> {
        let own = pairs([("type", division.kind.as_deref()), ("n", division.number.as_deref())]);
        let name = self.name(&division.tag, "div");
        let attributes = self.attributes(&division.tag, own);
        self.start(&name, attributes)?;
        self.division_content(&division.content)?;
        self.line_after(&division.content)?;
        self.end()
    }

    /// The content of a division or of the body.
    pub(super) fn division_content(&mut self, content: &[Block]) -> io::Result<()> {
        if self.as_it_was {
            return self.blocks(content);
        }
        let top = content.iter().take_while(|block| station(block).is_none_or(|it| it == Station::Top)).count();
        self.blocks_as_they_are(&content[..top])?;
        let runs = runs(&content[top..]);
        match runs.as_slice() {
            [] => Ok(()),
            [run] => self.ordered(run),
            _ => runs.iter().try_for_each(|run| self.inner(run)),
        }
    }

    /// A run that has to be a part of its own.
    fn inner(&mut self, run: &[Block]) -> io::Result<()> {
        let parts = run.iter().all(|block| station(block).is_none_or(|it| it == Station::Part));
        if parts && run.iter().any(|block| station(block).is_some()) {
            return self.blocks_as_they_are(run);
        }
        self.line()?;
        self.start("div", pairs([("type", Some("section"))]))?;
        self.ordered(run)?;
        self.line()?;
        self.end()
    }

    /// A run in the order of TEI. A closer needs text or a part before it; without them its parts stand alone.
    fn ordered(&mut self, run: &[Block]) -> io::Result<()> {
        let headless = !run.iter().any(|block| matches!(station(block), Some(Station::Common | Station::Part)));
        if !headless {
            return self.blocks_as_they_are(run);
        }
        for block in run {
            match block {
                Block::Formula(Formula { kind: FormulaKind::Closer, content, .. }) => {
                    self.blocks_as_they_are(content)?;
                }
                other => self.blocks_as_they_are(std::slice::from_ref(other))?,
            }
        }
        Ok(())
    }

    fn blocks_as_they_are(&mut self, blocks: &[Block]) -> io::Result<()> {
        for block in blocks {
            self.line()?;
            match block {
                // No division holds bare text.
                Block::Paragraph(it) if it.bare => self.line_of("p", &it.tag, Attributes::new(), &it.content)?,
                _ => self.block(block)?,
            }
        }
        Ok(())
    }
}

/// Cuts blocks wherever one would have to stand before its predecessor.
fn runs(blocks: &[Block]) -> Vec<&[Block]> {
    let mut runs = Vec::new();
    let (mut start, mut reached) = (0, Station::Top);
    for (at, block) in blocks.iter().enumerate() {
        let Some(here) = station(block) else { continue };
        if here < reached {
            runs.push(&blocks[start..at]);
            start = at;
        }
        reached = here;
    }
    if start < blocks.len() {
        runs.push(&blocks[start..]);
    }
    runs
}

/// `None` for what may stand anywhere.
fn station(block: &Block) -> Option<Station> {
    Some(match block {
        Block::Division(_) => Station::Part,
        Block::Heading(heading) if heading.depth == 0 => Station::Top,
        Block::Formula(formula) => match formula.kind {
            FormulaKind::Opener | FormulaKind::Byline | FormulaKind::Epigraph | FormulaKind::Argument => Station::Top,
            FormulaKind::Dateline | FormulaKind::Salute => Station::Top,
            FormulaKind::Closer | FormulaKind::Signed | FormulaKind::Postscript | FormulaKind::Trailer => {
                Station::Bottom
            }
            FormulaKind::Speaker | FormulaKind::Stage | FormulaKind::Description => Station::Common,
        },
        Block::Note(_) | Block::Milestone(_) | Block::Figure(_) => return None,
        Block::Foreign(crate::model::Foreign::Comment(_) | crate::model::Foreign::Instruction(_)) => return None,
        Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Quotation(_)
        | Block::List(_)
        | Block::Table(_)
        | Block::Verse(_)
        | Block::Line(_)
        | Block::Speech(_)
        | Block::Verbatim(_)
        | Block::Foreign(_) => Station::Common,
    })
}

//! From content documents, one after the other, to the divisions of one document.

use super::own::Chapter;
use crate::model::{Block, Division, Document};

/// Front, body or back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Front,
    #[default]
    Body,
    Back,
}

impl Part {
    /// What a word of `epub:type` says.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        match word {
            "frontmatter" => Some(Self::Front),
            "bodymatter" => Some(Self::Body),
            "backmatter" => Some(Self::Back),
            _ => None,
        }
    }
}

/// A document that grows, with the divisions that are still open.
#[derive(Default)]
pub(super) struct Assembly {
    document: Document,
    part: Part,
    open: Vec<Division>,
}

impl Assembly {
    /// What comes next belongs to this part; if there is something of a later one, it stays where it stands.
    pub(super) fn begin(&mut self, part: Part) {
        if part == self.part {
            return;
        }
        self.close(0);
        let Document { body, back, .. } = &self.document;
        let late = match part {
            Part::Front => !body.is_empty() || !back.is_empty(),
            Part::Body => !back.is_empty(),
            Part::Back => false,
        };
        if !late {
            self.part = part;
        }
    }

    /// How many divisions are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes divisions until no more than `depth` are open.
    fn close(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(division) = self.open.pop() {
                self.here().push(Block::Division(division));
            }
        }
    }

    /// Where content goes now.
    fn here(&mut self) -> &mut Vec<Block> {
        match self.open.last_mut() {
            Some(division) => &mut division.content,
            None => match self.part {
                Part::Front => &mut self.document.front,
                Part::Body => &mut self.document.body,
                Part::Back => &mut self.document.back,
            },
        }
    }

    /// Adds the content of one content document.
    pub(super) fn add(&mut self, mut chapter: Chapter) {
        self.close(chapter.depth);
        self.here().append(&mut chapter.before);
        if let Some(division) = chapter.division {
            self.open.push(division);
        }
        self.here().append(&mut chapter.content);
        for (depth, mut blocks) in chapter.behind {
            self.close(depth);
            self.here().append(&mut blocks);
        }
    }

    /// The whole document.
    pub(super) fn finish(mut self) -> Document {
        self.close(0);
        self.document
    }
}

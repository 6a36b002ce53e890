//! Headings become divisions: each holds what stands behind its heading, up to the next of its level or above.

use crate::model::{Block, Division, Heading, Inference, Tag, Unit};

/// The depth of a heading that opens no division of its own: a subtitle.
pub(super) const SUBTITLE: u8 = u8::MAX;

/// Blocks among which headings stand with their level as depth; out come divisions, their headings of depth 0.
/// `headed`: the first heading heads the container itself.
pub(super) fn nested(blocks: Vec<Block>, mut headed: bool) -> Vec<Block> {
    let mut nest = Nest { done: Vec::new(), open: Vec::new() };
    let mut begun = false;
    for block in blocks {
        let Block::Heading(heading) = block else {
            begun |= !is_point(&block);
            nest.here().push(block);
            continue;
        };
        if heading.depth == SUBTITLE || (headed && !begun) {
            headed &= heading.depth == SUBTITLE;
            nest.here().push(Block::Heading(Heading { depth: 0, ..heading }));
            continue;
        }
        begun = true;
        nest.open(heading);
    }
    nest.finish()
}

struct Nest {
    done: Vec<Block>,
    open: Vec<(u8, Division)>,
}

impl Nest {
    fn here(&mut self) -> &mut Vec<Block> {
        match self.open.last_mut() {
            Some((_, division)) => &mut division.content,
            None => &mut self.done,
        }
    }

    fn close(&mut self) {
        if let Some((_, division)) = self.open.pop() {
            self.here().push(Block::Division(division));
        }
    }

    fn open(&mut self, mut heading: Heading) {
        // A page that begins right before a heading begins before its division.
        let here = self.here();
        let points = here.iter().rev().take_while(|block| is_point(block)).count();
        let points = here.split_off(here.len() - points);
        let level = heading.depth;
        while self.open.last().is_some_and(|(open, _)| *open >= level) {
            self.close();
        }
        self.here().extend(points);
        let mut division = Division::default();
        if heading.content.is_empty() {
            // Only the contents speak of it.
            division.number = heading.tag.attributes.take("n");
            division.tag = heading.tag;
        } else {
            let (id, inference) = (heading.tag.id.take(), heading.tag.inference.take());
            division.tag = Tag { id, inference, span: heading.tag.span, ..Tag::default() };
            division.content.push(Block::Heading(Heading { depth: 0, ..heading }));
        }
        self.open.push((level, division));
    }

    fn finish(mut self) -> Vec<Block> {
        while !self.open.is_empty() {
            self.close();
        }
        self.done
    }
}

/// True for a page break.
pub(super) fn is_point(block: &Block) -> bool {
    matches!(block, Block::Milestone(milestone) if milestone.unit == Unit::Page)
}

/// The beginning of a division of which only the contents of the book speak.
pub(super) fn untitled(title: &str, level: usize, inference: Inference) -> Block {
    let tag = Tag::default().with("n", title).inferred(inference);
    Block::Heading(Heading { tag, depth: u8::try_from(level.clamp(1, 6)).unwrap_or(6), content: Vec::new() })
}

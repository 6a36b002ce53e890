//! Content documents that would be too long are cut between their blocks: a dictionary, or a novel without chapters.
//! Whoever reads the book again puts what follows behind what came before.

use super::links::squeezed;
use super::plan::{Chapter, is_document, is_point};
use crate::model::visit::{Visit, walk_block, walk_inline};
use crate::model::{Block, Foreign, Inline};

/// Old devices open no content document that is much longer than this many bytes.
const LONGEST: usize = 300_000;
/// About how many bytes an element adds to its text.
const ELEMENT: usize = 60;

/// A chapter, or the parts of one that is too long. Documents stay whole, and what has divisions of its own.
pub(super) fn cut(chapter: Chapter<'_>) -> Vec<Chapter<'_>> {
    let whole = chapter.division.is_some_and(is_document)
        || chapter.content.len() < 2
        || chapter.content.iter().any(|block| matches!(block, Block::Division(_)));
    if whole {
        return vec![chapter];
    }
    let places = places(&chapter);
    if places.is_empty() { vec![chapter] } else { parted(chapter, &places) }
}

/// Before which blocks a chapter is cut, so that its parts are about equal.
fn places(chapter: &Chapter<'_>) -> Vec<usize> {
    let behind: usize = chapter.behind.iter().map(|(count, _)| count).sum();
    let sizes: Vec<usize> = chapter.content.iter().map(|block| size(block)).collect();
    let all: usize = sizes.iter().sum();
    let parts = all.div_ceil(LONGEST);
    let (mut places, mut begun, mut filled) = (Vec::new(), chapter.before, 0);
    for (at, size) in sizes.iter().enumerate().take(chapter.content.len() - behind) {
        // What stands here would pass the end of its part.
        if parts > 1 && filled + size / 2 > all / parts * (places.len() + 1) {
            let leads = |block: &&&Block| is_point(block) || matches!(block, Block::Heading(_));
            let leading = chapter.content[begun..at.max(begun)].iter().rev().take_while(leads).count();
            let place = at.max(begun) - leading;
            if place > begun {
                places.push(place);
                begun = place;
            }
        }
        filled += size;
    }
    places
}

fn parted<'d>(mut chapter: Chapter<'d>, places: &[usize]) -> Vec<Chapter<'d>> {
    let depth = chapter.depth + usize::from(chapter.division.is_some());
    let behind = std::mem::take(&mut chapter.behind);
    let mut parts = Vec::with_capacity(places.len() + 1);
    for &place in places.iter().rev() {
        let content = chapter.content.split_off(place);
        let (part, file, behind, headword) = (chapter.part, String::new(), Vec::new(), headword(&content));
        parts.push(Chapter { file, part, depth, division: None, called: None, headword, content, before: 0, behind });
    }
    chapter.headword = headword(&chapter.content);
    parts.push(chapter);
    parts.reverse();
    if let Some(last) = parts.last_mut() {
        last.behind = behind;
    }
    parts
}

/// The word under which the first entry of a dictionary stands, if some blocks are entries.
fn headword(blocks: &[&Block]) -> Option<String> {
    struct First(Option<String>);
    impl<'a> Visit<'a> for First {
        fn inline(&mut self, inline: &'a Inline) {
            match inline {
                Inline::Text(text) if self.0.is_none() && !text.trim().is_empty() => {
                    self.0 = Some(squeezed(text));
                }
                _ if self.0.is_none() => walk_inline(self, inline),
                _ => {}
            }
        }
    }
    let is_entry = |block: &&&Block| {
        matches!(block, Block::Foreign(Foreign::Element { tag, .. })
            if ["entry", "entryFree", "superEntry"].iter().any(|name| tag.is_element(name)))
    };
    let mut first = First(None);
    walk_block(&mut first, blocks.iter().find(is_entry)?);
    first.0
}

/// About how many bytes of XHTML a block and its notes become.
fn size(block: &Block) -> usize {
    struct Sizer(usize);
    impl<'a> Visit<'a> for Sizer {
        fn block(&mut self, block: &'a Block) {
            self.0 += ELEMENT;
            walk_block(self, block);
        }
        fn inline(&mut self, inline: &'a Inline) {
            self.0 += match inline {
                Inline::Text(text) => text.len(),
                _ => ELEMENT,
            };
            walk_inline(self, inline);
        }
    }
    let mut sizer = Sizer(0);
    sizer.block(block);
    sizer.0
}

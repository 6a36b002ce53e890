//! Page breaks that begin elsewhere than the source has them. A page break bears no text, so in any format one can be
//! taken out and put before any printed character.

use std::collections::BTreeMap;

use crate::model::visit::{VisitMut, walk_block_mut, walk_document_mut, walk_inline_mut};
use crate::model::{Block, Document, Inline, Milestone};

/// Page breaks, by the number of the printed character of the running text before which they belong.
pub(super) type Breaks = BTreeMap<usize, Vec<Milestone>>;

/// Puts each page break where it belongs.
pub(super) fn put(document: &mut Document, breaks: Breaks) {
    let mut placer = Placer { breaks, passed: 0 };
    walk_document_mut(&mut placer, document);
}

struct Placer {
    breaks: Breaks,
    /// How many printed characters of the running text were passed.
    passed: usize,
}

fn printed(text: &str) -> usize {
    text.chars().filter(|character| !character.is_whitespace()).count()
}

impl Placer {
    /// The breaks before the next character.
    fn due(&mut self) -> Vec<Milestone> {
        self.breaks.remove(&self.passed).unwrap_or_default()
    }

    /// Passes a text, which is parted where page breaks belong into it.
    fn text(&mut self, text: String, to: &mut Vec<Inline>) {
        if self.breaks.range(self.passed..self.passed + printed(&text)).next().is_none() {
            self.passed += printed(&text);
            return to.push(Inline::Text(text));
        }
        let mut from = 0;
        for (at, character) in text.char_indices().filter(|(_, character)| !character.is_whitespace()) {
            for mut milestone in self.due() {
                let before = text[..at].chars().next_back();
                milestone.inside_word = before.is_some_and(char::is_alphabetic) && character.is_alphabetic();
                if from < at {
                    to.push(Inline::Text(text[from..at].to_owned()));
                }
                to.push(Inline::Milestone(Box::new(milestone)));
                from = at;
            }
            self.passed += 1;
        }
        to.push(Inline::Text(text[from..].to_owned()));
    }
}

impl VisitMut for Placer {
    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        let mut placed = Vec::with_capacity(blocks.len());
        for mut block in blocks.drain(..) {
            if let Block::Verbatim(verbatim) = &block {
                // What is verbatim is not parted: a break within it stands before it.
                let characters = printed(&verbatim.text);
                let within: Vec<usize> =
                    self.breaks.range(self.passed..self.passed + characters).map(|(&at, _)| at).collect();
                placed.extend(within.iter().filter_map(|at| self.breaks.remove(at)).flatten().map(Block::Milestone));
            }
            self.block(&mut block);
            placed.push(block);
        }
        *blocks = placed;
    }

    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Note(_) => {}
            Block::Verbatim(verbatim) => self.passed += printed(&verbatim.text),
            _ => walk_block_mut(self, block),
        }
    }

    fn inlines(&mut self, inlines: &mut Vec<Inline>) {
        if self.breaks.is_empty() {
            return;
        }
        let mut placed = Vec::with_capacity(inlines.len());
        for mut inline in inlines.drain(..) {
            match inline {
                Inline::Text(text) => self.text(text, &mut placed),
                // Its text is none of the running text.
                Inline::Note(_) => placed.push(inline),
                _ => {
                    // Rather before a date than at its beginning.
                    let has_words = inline.children().is_some_and(|content| !content.is_empty());
                    if has_words {
                        placed.extend(self.due().into_iter().map(|it| Inline::Milestone(Box::new(it))));
                    }
                    walk_inline_mut(self, &mut inline);
                    placed.push(inline);
                }
            }
        }
        *inlines = placed;
    }
}

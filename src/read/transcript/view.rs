//! The running text as a reader of it sees it: looking forward and back from a place, past page tokens.

use std::ops::Range;

use super::pages::Page;

/// A stretch of text with its page tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'t> {
    /// The whole source.
    pub text: &'t str,
    /// The page tokens, in order.
    pub pages: &'t [Page],
}

impl<'t> View<'t> {
    /// The characters before a place, nearest first, down to `floor`, without page tokens.
    pub(super) fn back(self, from: usize, floor: usize) -> impl Iterator<Item = (usize, char)> + 't {
        let mut at = from;
        std::iter::from_fn(move || {
            loop {
                let c = self.text.get(floor..at)?.chars().next_back()?;
                if c == ']'
                    && let Ok(page) = self.pages.binary_search_by_key(&at, |page| page.at.end)
                {
                    at = self.pages[page].at.start.max(floor);
                    continue;
                }
                at -= c.len_utf8();
                return Some((at, c));
            }
        })
    }

    /// The characters from a place on, up to `ceiling`, without page tokens.
    pub(super) fn ahead(self, from: usize, ceiling: usize) -> impl Iterator<Item = (usize, char)> + 't {
        let mut at = from;
        std::iter::from_fn(move || {
            loop {
                let c = self.text.get(at..ceiling)?.chars().next()?;
                if c == '['
                    && let Ok(page) = self.pages.binary_search_by_key(&at, |page| page.at.start)
                {
                    at = self.pages[page].at.end.min(ceiling);
                    continue;
                }
                at += c.len_utf8();
                return Some((at - c.len_utf8(), c));
            }
        })
    }

    /// True if a place lies inside a page token.
    pub(super) fn in_page(self, at: usize) -> bool {
        let next = self.pages.partition_point(|page| page.at.end <= at);
        self.pages.get(next).is_some_and(|page| page.at.start <= at)
    }

    /// The line's text without its page tokens, trimmed.
    pub(super) fn words(self, at: &Range<usize>) -> String {
        let mut said = String::with_capacity(at.len());
        let mut from = at.start;
        let first = self.pages.partition_point(|page| page.at.end <= at.start);
        for page in self.pages[first..].iter().take_while(|page| page.at.start < at.end) {
            said.push_str(&self.text[from..page.at.start.max(from)]);
            from = page.at.end;
        }
        said.push_str(self.text.get(from..at.end).unwrap_or_default());
        said.trim().to_owned()
    }
}

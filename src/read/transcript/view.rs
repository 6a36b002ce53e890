//! The running text as a reader of it sees it: looking forward and back from a place, past what is no text.

use std::ops::Range;

use super::pages::{Hole, What};

/// A stretch of text with its holes.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'t> {
    /// The whole source.
    pub text: &'t str,
    /// What is no text, in order.
    pub holes: &'t [Hole],
}

impl<'t> View<'t> {
    /// The characters before a place, nearest first, down to `floor`, without what is no text.
    pub(super) fn back(self, from: usize, floor: usize) -> impl Iterator<Item = (usize, char)> + 't {
        let mut at = from;
        let mut holes = &self.holes[..self.holes.partition_point(|hole| hole.at.end <= from)];
        std::iter::from_fn(move || {
            loop {
                if let Some((hole, before)) = holes.split_last().filter(|(hole, _)| hole.at.end == at && at > floor) {
                    holes = before;
                    at = hole.at.start.max(floor);
                    if hole.what == What::Space {
                        return Some((at, ' '));
                    }
                    continue;
                }
                let c = self.text.get(floor..at)?.chars().next_back()?;
                at -= c.len_utf8();
                return Some((at, c));
            }
        })
    }

    /// The characters from a place on, up to `ceiling`, without what is no text.
    pub(super) fn ahead(self, from: usize, ceiling: usize) -> impl Iterator<Item = (usize, char)> + 't {
        let mut at = from;
        let mut holes = &self.holes[self.holes.partition_point(|hole| hole.at.start < from)..];
        std::iter::from_fn(move || {
            loop {
                if let Some((hole, behind)) =
                    holes.split_first().filter(|(hole, _)| hole.at.start == at && at < ceiling)
                {
                    holes = behind;
                    at = hole.at.end.min(ceiling);
                    if hole.what == What::Space {
                        return Some((hole.at.start, ' '));
                    }
                    continue;
                }
                let c = self.text.get(at..ceiling)?.chars().next()?;
                at += c.len_utf8();
                return Some((at - c.len_utf8(), c));
            }
        })
    }

    /// The hole in which a place lies.
    pub(super) fn hole(self, at: usize) -> Option<&'t Hole> {
        let next = self.holes.partition_point(|hole| hole.at.end <= at);
        self.holes.get(next).filter(|hole| hole.at.start <= at)
    }

    /// The holes that begin within a range.
    pub(super) fn holes_in(self, at: &Range<usize>) -> &'t [Hole] {
        let from = self.holes.partition_point(|hole| hole.at.start < at.start);
        let to = self.holes.partition_point(|hole| hole.at.start < at.end);
        &self.holes[from..to.max(from)]
    }

    /// The line's text without what is none, trimmed.
    pub(super) fn words(self, at: &Range<usize>) -> String {
        let mut said = String::with_capacity(at.len());
        let mut from = at.start;
        let first = self.holes.partition_point(|hole| hole.at.end <= at.start);
        for hole in self.holes[first..].iter().take_while(|hole| hole.at.start < at.end) {
            said.push_str(&self.text[from..hole.at.start.max(from)]);
            if hole.what == What::Space {
                said.push(' ');
            }
            from = hole.at.end.max(from);
        }
        said.push_str(self.text.get(from..at.end).unwrap_or_default());
        said.trim().to_owned()
    }
}

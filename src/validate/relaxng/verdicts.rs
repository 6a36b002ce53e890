//! Verdicts on values, remembered: the same few dates, pointers and words come again and again.

use foldhash::HashMap;

/// Longer values, in bytes, hardly come twice.
const LONGEST: usize = 96;

/// What was found of short values, of at most so many.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdicts<const MOST: usize>(HashMap<Box<str>, bool>);

impl<const MOST: usize> Verdicts<MOST> {
    /// What was found of a value.
    pub(super) fn get(&self, value: &str) -> Option<bool> {
        if value.len() <= LONGEST { self.0.get(value).copied() } else { None }
    }

    /// Remembers what was found, if it is worth it and there is room.
    pub(super) fn keep(&mut self, value: &str, verdict: bool) {
        if value.len() <= LONGEST && self.0.len() < MOST {
            self.0.insert(value.into(), verdict);
        }
    }
}

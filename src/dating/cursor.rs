//! A place in a text from which words and numbers are taken, one after the other.

use super::month::{self, Month};

/// A place in a text. What takes something moves it on; what does not find it leaves it.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    pub text: &'t str,
    pub at: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// One of some words, the first that fits.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let found = words.iter().find(|word| self.rest().starts_with(**word));
        self.at += found.map_or(0, |word| word.len());
        found.is_some()
    }

    /// White space, at least one.
    pub(super) fn gap(&mut self) -> bool {
        let trimmed = self.rest().trim_start();
        let length = self.rest().len() - trimmed.len();
        self.at += length;
        length > 0
    }

    /// All digits that stand here: their number and how many they are; none if there are more than four.
    fn digits(&mut self) -> Option<(i32, usize)> {
        let count = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        if !(1..=4).contains(&count) {
            return None;
        }
        let number = self.rest()[..count].parse().ok()?;
        self.at += count;
        Some((number, count))
    }

    /// A day of the month, perhaps with an ordinal's ending, that is no part of another number.
    pub(super) fn day(&mut self) -> Option<u8> {
        let mut ahead = *self;
        let (number, count) = ahead.digits()?;
        let day = u8::try_from(number).ok().filter(|day| (1..=31).contains(day) && count <= 2)?;
        let _ = ahead.eat(&["st", "nd", "rd", "th", "er", "º"]);
        let rest = ahead.rest();
        let mut after = rest.chars();
        let (first, second) = (after.next(), after.next());
        let goes_on = first.is_some_and(|c| c.is_alphanumeric() || matches!(c, '%' | '°' | '$' | '£'))
            || matches!((first, second), (Some(',' | '.' | ':'), Some(c)) if c.is_ascii_digit() && !year_follows(rest));
        if goes_on {
            return None;
        }
        *self = ahead;
        Some(day)
    }

    /// A year of four figures, or of two behind an apostrophe (`’78` is 78: the century is to be supplied).
    pub(super) fn year(&mut self) -> Option<i32> {
        let mut ahead = *self;
        let short = ahead.eat(&["’", "'", "‘"]);
        let (number, count) = ahead.digits()?;
        let fits = if short { count == 2 } else { count == 4 && (1000..2200).contains(&number) };
        if !fits || ahead.rest().starts_with(char::is_alphanumeric) {
            return None;
        }
        *self = ahead;
        Some(number)
    }

    /// A year behind a day or month: `, 1931`, ` 1931`, ` de 1931`.
    pub(super) fn year_behind(&mut self) -> Option<i32> {
        let mut ahead = *self;
        let comma = ahead.eat(&[","]) | ahead.eat(&["]"]);
        let gap = ahead.gap();
        let _ = gap && ahead.eat(&["de ", "del ", "of ", "["]);
        let year = ahead.year().filter(|_| comma || gap)?;
        *self = ahead;
        Some(year)
    }

    /// A month's name.
    pub(super) fn month(&mut self) -> Option<Month> {
        let found = month::at(self.text, self.at)?;
        self.at = found.at.end;
        Some(found)
    }

    /// What joins the ends of a span of time: a dash, `to`, `through`, `until`.
    pub(super) fn joint(&mut self) -> bool {
        let mut ahead = *self;
        let _ = ahead.gap();
        let dash = ahead.eat(&["–", "-", "—", "/"]);
        let word =
            !dash && ahead.at > self.at && ahead.eat(&["to ", "through ", "until ", "till ", "au ", "bis ", "al "]);
        if dash || word {
            let _ = ahead.gap();
            *self = ahead;
        }
        dash || word
    }
}

/// `,1931` behind a day whose space was lost.
fn year_follows(rest: &str) -> bool {
    let mut ahead = Cursor::new(rest, 1);
    rest.starts_with(',') && ahead.year().is_some()
}

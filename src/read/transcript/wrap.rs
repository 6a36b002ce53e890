//! Lines that belong together: paragraphs that were broken into lines of a width, and paragraphs that go on behind a
//! page break or the notes at a page's foot. Words that were parted at a line's end become whole.

use std::collections::BTreeSet;
use std::ops::Range;

use super::dialect::{Dialect, is_full};
use super::lines::Line;
use super::lists::{bullet, is_label};
use super::pages::{Hole, What};
use crate::diagnostic::{Code, Log};
use crate::source::Span;

const HYPHEN: Code = Code("transcript.hyphen");

/// Joins lines of a text.
pub(super) struct Joiner<'t> {
    text: &'t str,
    dialect: &'t Dialect,
    /// Words with a hyphen that stand within lines, in small letters.
    compounds: BTreeSet<String>,
    /// Page tokens, and notes at a page's foot.
    between: Vec<Hole>,
}

impl<'t> Joiner<'t> {
    /// For one document; `between` is what may stand between the lines of a paragraph.
    pub(super) fn new(text: &'t str, lines: &[Line], dialect: &'t Dialect, between: Vec<Hole>) -> Self {
        let mut compounds = BTreeSet::new();
        if dialect.width.is_some() {
            for line in lines {
                compounds.extend(compound_words(&text[line.at.clone()]));
            }
        }
        Self { text, dialect, compounds, between }
    }

    /// Joins the lines of the running text; what lies between them becomes holes.
    pub(super) fn lines(&self, lines: Vec<Line>, holes: &mut Vec<Hole>, log: &mut Log) -> Vec<Line> {
        let mut joined: Vec<Line> = Vec::with_capacity(lines.len());
        // The line as it stands in the source that was joined last.
        let mut last: Option<Line> = None;
        let mut rest = lines.into_iter().peekable();
        while let Some(line) = rest.next() {
            let next = rest.peek().filter(|_| self.is_page(&line));
            let over = next.is_some_and(|next| last.as_ref().is_some_and(|last| self.go_on(last, next)));
            if over && let (Some(before), Some(next)) = (joined.last_mut(), rest.next()) {
                self.bridge(before.at.end..next.at.start, holes, log);
                before.at.end = next.at.end;
                last = Some(next);
                continue;
            }
            match (joined.last_mut(), &last) {
                (Some(before), Some(above)) if self.belong(above, &line) => {
                    self.bridge(before.at.end..line.at.start, holes, log);
                    before.at.end = line.at.end;
                }
                _ => joined.push(line.clone()),
            }
            last = Some(line);
        }
        joined
    }

    /// Joins the lines of a note's paragraphs.
    pub(super) fn note(&self, paragraphs: &mut [Vec<Range<usize>>], holes: &mut Vec<Hole>, log: &mut Log) {
        let Some(width) = self.dialect.width else { return };
        for paragraph in paragraphs {
            let mut joined: Vec<Range<usize>> = Vec::new();
            let mut last: Option<Line> = None;
            for at in paragraph.drain(..) {
                let margin = self.text[..at.start].rfind('\n').map_or(0, |end| end + 1);
                let line = Line { at: at.clone(), indent: self.text[margin..at.start].chars().count(), gap: false };
                let full = last
                    .as_ref()
                    .is_some_and(|last| is_full(self.text, last, &line, width) || self.is_parted(last, &line));
                match joined.last_mut() {
                    Some(before) if full => {
                        self.bridge(before.end..at.start, holes, log);
                        before.end = at.end;
                    }
                    _ => joined.push(at),
                }
                last = Some(line);
            }
            *paragraph = joined;
        }
    }

    fn is_page(&self, line: &Line) -> bool {
        let at = self.between.partition_point(|hole| hole.at.end <= line.at.start);
        self.between
            .get(at)
            .is_some_and(|hole| hole.is_page() && hole.at.start <= line.at.start && hole.at.end >= line.at.end)
    }

    /// True if a line goes on with the paragraph of the one directly above.
    fn belong(&self, above: &Line, line: &Line) -> bool {
        if self.starts(line) {
            return false;
        }
        if line.gap || self.between(above.at.end, line.at.start) {
            return self.between(above.at.end, line.at.start) && self.go_on(above, line);
        }
        let goes_on = |width| is_full(self.text, above, line, width) || self.is_parted(above, line);
        self.dialect.width.is_some_and(goes_on) && !self.is_page(line)
    }

    /// True if a word is parted between two lines.
    fn is_parted(&self, above: &Line, line: &Line) -> bool {
        let body = &self.text[above.at.clone()];
        let stem = body.trim_end_matches(self.dialect.hyphens.as_slice());
        stem.len() < body.len()
            && stem.ends_with(char::is_alphabetic)
            && self.text[line.at.clone()].starts_with(char::is_alphabetic)
    }

    /// True for a line that begins something.
    fn starts(&self, line: &Line) -> bool {
        bullet(self.text, line).is_some() || is_label(&self.text[line.at.clone()])
    }

    fn between(&self, from: usize, to: usize) -> bool {
        let at = self.between.partition_point(|hole| hole.at.start < from);
        self.between.get(at).is_some_and(|hole| hole.at.start < to)
    }

    /// True if a paragraph that ends a page goes on with a line of the next: in mid-word or mid-sentence.
    fn go_on(&self, above: &Line, line: &Line) -> bool {
        let before = self.text[above.at.clone()].trim_end_matches(|c: char| c.is_ascii_digit()).chars().next_back();
        let Some(after) = self.text[line.at.clone()].chars().next() else { return false };
        let parted = before.is_some_and(|c| self.dialect.hyphens.contains(&c));
        let open = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, ',' | ';' | '—' | '–'));
        // A short line may be a heading: it goes on only with a small letter.
        let long = above.at.len() > 48 && after.is_alphanumeric();
        (open && (after.is_lowercase() || long) || parted && after.is_alphabetic()) && !self.starts(line)
    }

    /// Makes holes of what lies between two lines that belong together.
    fn bridge(&self, at: Range<usize>, holes: &mut Vec<Hole>, log: &mut Log) {
        let (from, mut what) = self.seam(&at, log);
        let mut start = from;
        let first = self.between.partition_point(|hole| hole.at.end <= at.start);
        for hole in self.between[first..].iter().take_while(|hole| hole.at.start < at.end) {
            if hole.at.start > start {
                holes.push(Hole { at: start..hole.at.start, what });
            }
            what = What::Nothing;
            start = hole.at.end;
        }
        if start < at.end {
            holes.push(Hole { at: start..at.end, what });
        }
    }

    /// What becomes of a line's end: a space; nothing where a word goes on, with or without its hyphen.
    fn seam(&self, at: &Range<usize>, log: &mut Log) -> (usize, What) {
        let before = &self.text[..at.start];
        let hyphen = before.chars().next_back().filter(|c| self.dialect.hyphens.contains(c));
        let after = &self.text[at.end..];
        let Some(hyphen) = hyphen.filter(|_| after.starts_with(char::is_alphabetic)) else {
            return (at.start, What::Space);
        };
        let stem = &before[..before.len() - hyphen.len_utf8()];
        let head = &stem[stem.trim_end_matches(char::is_alphabetic).len()..];
        if head.is_empty() {
            return (at.start, What::Space);
        }
        let tail: String = after.chars().take_while(|c| c.is_alphabetic()).collect();
        let whole = format!("{head}-{tail}").to_lowercase();
        let hard = hyphen == '-' && (!tail.starts_with(char::is_lowercase) || self.compounds.contains(&whole));
        if hard {
            return (at.start, What::Nothing);
        }
        let span = Span::new(stem.len(), before.len());
        log.took(span);
        log.note(HYPHEN, span, format!("`{head}{tail}` was parted at a line's end, and is one word again"));
        (stem.len(), What::Nothing)
    }
}

/// The words of a line that have a hyphen, in small letters.
fn compound_words(line: &str) -> impl Iterator<Item = String> + '_ {
    let words = line.split(|c: char| !(c.is_alphabetic() || c == '-'));
    words
        .filter(|word| {
            word.len() > 2 && word.trim_start_matches(char::is_alphabetic).starts_with('-') && !word.ends_with('-')
        })
        .map(str::to_lowercase)
}

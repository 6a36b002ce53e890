//! One line in the making: pieces of text and markup, of which emphasis is settled and text escaped only when
//! the whole line is known.

use super::attributes::Braces;
use super::escape::{At, escape};
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::{STYLES, class};
use crate::model::Style;

/// A piece of a line.
#[derive(Debug)]
enum Piece {
    /// Characters of the text.
    Text(String),
    /// Markup, as it is to stand.
    Raw(String),
    /// Emphasis begins; its end is the piece of this number.
    Open(Style, usize),
    /// Emphasis ends.
    Close(Style),
    /// A line ends here, and the paragraph goes on.
    Break,
}

/// Pieces in order.
#[derive(Debug, Default)]
pub(super) struct Line {
    pieces: Vec<Piece>,
}

impl Line {
    /// Text; runs of white space become one space.
    pub(super) fn text(&mut self, text: &str) {
        if let Some(Piece::Text(last)) = self.pieces.last_mut() {
            collapse(text, last);
            return;
        }
        let mut fresh = String::with_capacity(text.len());
        collapse(text, &mut fresh);
        if !fresh.is_empty() {
            self.pieces.push(Piece::Text(fresh));
        }
    }

    pub(super) fn raw(&mut self, markup: impl Into<String>) {
        self.pieces.push(Piece::Raw(markup.into()));
    }

    pub(super) fn line_break(&mut self) {
        self.pieces.push(Piece::Break);
    }

    /// Emphasis around what `content` adds: by its own notation where that will be understood.
    pub(super) fn emphasis(&mut self, style: Style, content: impl FnOnce(&mut Self)) {
        let open = self.pieces.len();
        self.pieces.push(Piece::Open(style, open));
        content(self);
        let close = self.pieces.len();
        self.pieces[open] = Piece::Open(style, close);
        self.pieces.push(Piece::Close(style));
    }

    /// Whether nothing stands in the line yet, as far as it is not broken.
    pub(super) fn is_at_start(&self) -> bool {
        matches!(self.pieces.last(), None | Some(Piece::Break)) || self.is_blank()
    }

    /// Whether nothing would be printed.
    pub(super) fn is_blank(&self) -> bool {
        self.pieces.iter().all(|piece| matches!(piece, Piece::Text(text) if text.trim_matches(is_space).is_empty()))
    }

    /// The line as Markdown, without white space at its ends. `start` says whether it opens a paragraph.
    pub(super) fn print(mut self, start: bool) -> String {
        self.trim();
        let notation = self.settle();
        let mut to = String::new();
        let mut at_start = start;
        for (at, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    let next = self.first_of(at + 1, &notation);
                    self.part(at, text, &mut to);
                    let here = match to.chars().last() {
                        Some(last) if !at_start => At::Behind(last),
                        None if !at_start => At::Behind(' '),
                        _ => At::LineStart,
                    };
                    escape(text, here, next, &mut to);
                }
                Piece::Raw(markup) => {
                    self.part(at, markup, &mut to);
                    to.push_str(markup);
                }
                Piece::Open(style, _) => {
                    let markup = if notation[at] { marker(*style) } else { "[" };
                    self.part(at, markup, &mut to);
                    to.push_str(markup);
                }
                Piece::Close(style) if notation[at] => to.push_str(marker(*style)),
                Piece::Close(style) => {
                    to.push(']');
                    to.push_str(&Braces::new(class(STYLES, *style)).print());
                }
                Piece::Break => to.push_str("\\\n"),
            }
            at_start = matches!(piece, Piece::Break);
        }
        to
    }

    /// A footnote's reference and a bracket right behind it would be one link (CommonMark §6.3): an empty comment
    /// parts them. Even an escaped bracket may be taken for the link's (a trap of the parser).
    fn part(&self, at: usize, text: &str, to: &mut String) {
        let before = at.checked_sub(1).and_then(|before| self.pieces.get(before));
        let reference = matches!(before, Some(Piece::Raw(before)) if before.ends_with(']'));
        let is_call = |text: &str| text.starts_with("[^") && matches!(self.pieces[at], Piece::Raw(_));
        if reference && text.starts_with('[') && !is_call(text) {
            to.push_str("<!---->");
        }
    }

    /// White space at the ends of the paragraph and of its lines is not text.
    fn trim(&mut self) {
        let last = self.pieces.len();
        for at in 0..last {
            let first_in_line = at == 0 || matches!(self.pieces[at - 1], Piece::Break);
            let last_in_line = at + 1 == last || matches!(self.pieces[at + 1], Piece::Break);
            if let Piece::Text(text) = &mut self.pieces[at] {
                if first_in_line {
                    *text = text.trim_start_matches(' ').to_owned();
                }
                if last_in_line {
                    text.truncate(text.trim_end_matches(' ').len());
                }
            }
        }
        self.pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
        // A break at the end of a paragraph is none (CommonMark §6.7).
        for piece in self.pieces.iter_mut().rev().take_while(|piece| matches!(piece, Piece::Break)) {
            *piece = Piece::Raw("[]{.lb}".to_owned());
        }
        self.pair();
    }

    /// Finds the ends of emphasis anew.
    fn pair(&mut self) {
        let mut open = Vec::new();
        for at in 0..self.pieces.len() {
            match self.pieces[at] {
                Piece::Open(..) => open.push(at),
                Piece::Close(_) => {
                    if let Some(start) = open.pop()
                        && let Piece::Open(_, end) = &mut self.pieces[start]
                    {
                        *end = at;
                    }
                }
                Piece::Text(_) | Piece::Raw(_) | Piece::Break => {}
            }
        }
    }

    /// For each piece, whether it is emphasis that uses its own notation.
    fn settle(&self) -> Vec<bool> {
        let mut notation = vec![false; self.pieces.len()];
        let mut inside_until = 0;
        for (at, piece) in self.pieces.iter().enumerate() {
            let Piece::Open(style, end) = *piece else { continue };
            if at < inside_until || marker(style).is_empty() || !self.fits(style, at, end) {
                continue;
            }
            notation[at] = true;
            notation[end] = true;
            inside_until = end;
        }
        notation
    }

    /// Whether the delimiters at `open` and `close` would be left- and right-flanking (CommonMark §6.2) and
    /// touch no others.
    fn fits(&self, style: Style, open: usize, close: usize) -> bool {
        let edge = |at: Option<usize>, last: bool| match at.and_then(|at| self.pieces.get(at)) {
            None | Some(Piece::Break) => Some(' '),
            Some(Piece::Text(text) | Piece::Raw(text)) => {
                if last {
                    text.chars().last()
                } else {
                    text.chars().next()
                }
            }
            Some(Piece::Open(..) | Piece::Close(_)) => None,
        };
        let edges = (
            edge(open.checked_sub(1), true),
            edge(Some(open + 1), false),
            edge(close.checked_sub(1), true),
            edge(Some(close + 1), false),
        );
        let (Some(before), Some(first), Some(last), Some(after)) = edges else { return false };
        if open + 1 == close || matches!(style, Style::Code) {
            return false;
        }
        if !matches!(style, Style::Italic | Style::Bold) {
            let plain = matches!(&self.pieces[open + 1], Piece::Text(text) if text.chars().all(char::is_alphanumeric));
            return open + 2 == close && plain && ![before, after].iter().any(|c| matches!(c, '~' | '^' | '['));
        }
        let outside = |c: char| c == ' ' || c.is_ascii_punctuation() && !matches!(c, '*' | '\\');
        let inside = |c: char, outer: char| c.is_alphanumeric() || !c.is_whitespace() && outside(outer);
        before != '*' && after != '*' && inside(first, before) && inside(last, after)
    }

    /// The first character that the pieces from `at` on print.
    fn first_of(&self, at: usize, notation: &[bool]) -> Option<char> {
        match self.pieces.get(at)? {
            Piece::Text(text) | Piece::Raw(text) => text.chars().next(),
            Piece::Open(style, _) | Piece::Close(style) if notation[at] => marker(*style).chars().next(),
            Piece::Open(..) => Some('['),
            Piece::Close(_) => Some(']'),
            Piece::Break => Some('\\'),
        }
    }
}

/// Appends text with one space for each run of white space.
fn collapse(text: &str, to: &mut String) {
    if is_collapsed(text.as_bytes()) && !(text.starts_with(' ') && to.ends_with(' ')) {
        return to.push_str(text);
    }
    for c in text.chars() {
        match is_space(c) {
            true if to.ends_with(' ') => {}
            true => to.push(' '),
            false => to.push(c),
        }
    }
}

/// True if no white space but single spaces is in a text, as in most. No branch lies between its bytes, so that the
/// processor can take many together.
fn is_collapsed(text: &[u8]) -> bool {
    let behind = text.get(1..).unwrap_or_default();
    let doubled = text.iter().zip(behind).fold(false, |any, (&one, &next)| any | (one == b' ') & (next == b' '));
    let other = text.iter().fold(false, |any, byte| any | (0x09..=0x0D).contains(byte));
    !doubled && !other
}

fn marker(style: Style) -> &'static str {
    match style {
        Style::Italic => "*",
        Style::Bold => "**",
        Style::Strikethrough => "~~",
        Style::Superscript => "^",
        Style::Subscript => "~",
        Style::SmallCaps | Style::Underline | Style::Code | Style::Roman | Style::Unspecified => "",
    }
}

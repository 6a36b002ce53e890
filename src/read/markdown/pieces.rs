//! The parts of a line, and a line in the making.

use std::ops::Range;

use super::braces::Braces;
use super::tree::DEEPEST;
use crate::model::Style;

/// A part of a line.
#[derive(Debug, PartialEq)]
pub(super) enum Piece {
    Text(String),
    Span(Braces, Vec<Piece>),
    Styled(Style, Vec<Piece>),
    Link(String, Vec<Piece>, Braces),
    Image(String, String, Braces),
    Code(String),
    Note(String),
    Break,
    Html(String),
}

/// A line with brackets that are still open.
pub(super) struct Open<'s> {
    source: &'s str,
    pub(super) outer: Vec<Vec<Piece>>,
    pieces: Vec<Piece>,
    /// Text of the source that was not copied yet: neighbours are copied in one go.
    next: Range<usize>,
}

impl<'s> Open<'s> {
    pub(super) fn of(source: &'s str) -> Self {
        Self { source, outer: Vec::new(), pieces: Vec::new(), next: 0..0 }
    }

    pub(super) fn push(&mut self, piece: Piece) {
        self.copy();
        self.pieces.push(piece);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.copy();
        push_text(&mut self.pieces, text);
    }

    /// Text as it stands in the source.
    pub(super) fn source(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.next.end == range.start && !self.next.is_empty() {
            self.next.end = range.end;
        } else {
            self.copy();
            self.next = range;
        }
    }

    fn copy(&mut self) {
        let range = std::mem::take(&mut self.next);
        push_text(&mut self.pieces, &self.source[range]);
    }

    pub(super) fn open(&mut self) {
        self.copy();
        if self.outer.len() < DEEPEST {
            self.outer.push(std::mem::take(&mut self.pieces));
        } else {
            self.text("[");
        }
    }

    /// A bracket closes: with attributes that makes a span, else both brackets are text.
    pub(super) fn shut(&mut self, braces: Option<Braces>) {
        self.copy();
        let Some(outer) = self.outer.pop() else { return self.text("]") };
        let inner = std::mem::replace(&mut self.pieces, outer);
        match braces {
            Some(braces) => self.push(Piece::Span(braces, inner)),
            None => {
                self.text("[");
                self.append(inner);
                self.text("]");
            }
        }
    }

    fn append(&mut self, pieces: Vec<Piece>) {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.text(&text),
                piece => self.push(piece),
            }
        }
    }

    pub(super) fn close(mut self) -> Vec<Piece> {
        self.copy();
        while let Some(outer) = self.outer.pop() {
            let inner = std::mem::replace(&mut self.pieces, outer);
            self.text("[");
            self.append(inner);
        }
        self.pieces
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(Piece::Text(last)) => last.push_str(text),
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// The words of some pieces.
pub(super) fn words(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(words) | Piece::Code(words) => text.push_str(words),
            Piece::Span(_, inner) | Piece::Styled(_, inner) | Piece::Link(_, inner, _) => text.push_str(&words(inner)),
            Piece::Break => text.push(' '),
            Piece::Image(..) | Piece::Note(_) | Piece::Html(_) => {}
        }
    }
    text
}

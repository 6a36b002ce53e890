//! Attachments, postscripts and whatever follows a signature: parts of a document with a head and foot of
//! their own.

use super::blocks::Piece;

/// A part of a document.
#[derive(Debug)]
pub(super) struct Section {
    /// Its kind, as `div/@type` says it.
    pub kind: &'static str,
    /// True if headings at its beginning head it.
    pub titled: bool,
    /// What it holds.
    pub pieces: Vec<Piece>,
}

impl Section {
    fn new(kind: &'static str) -> Self {
        Self { kind, titled: false, pieces: Vec::new() }
    }

    /// True if it ends with a signature.
    pub(super) fn is_closed(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Closer { .. }))
    }
}

/// Parts the pieces of a document: a new section begins with the line that announces an attachment, behind a
/// signature, and with a dateline in the midst of the text.
pub(super) fn sections(pieces: Vec<Piece>) -> Vec<Section> {
    let mut sections = vec![Section::new("document")];
    for piece in pieces {
        let current = sections.len() - 1;
        let closed = sections[current].is_closed();
        let started = sections[current].pieces.iter().any(|piece| !is_top(piece));
        match &piece {
            Piece::Attachment(_) => sections.push(Section { titled: true, ..Section::new("attachment") }),
            Piece::Pages(_) => {}
            Piece::Dateline { .. } if started => {
                let titles = trailing_titles(&mut sections[current].pieces);
                let bare = sections[current].pieces.is_empty();
                if bare && current > 0 {
                    sections.pop();
                }
                let kind = if bare && current > 0 { "attachment" } else { "section" };
                sections.push(Section { kind, titled: true, pieces: titles });
            }
            _ if closed => sections.push(Section::new("section")),
            _ => {}
        }
        if let Some(last) = sections.last_mut() {
            last.pieces.push(piece);
        }
    }
    sections
}

fn is_top(piece: &Piece) -> bool {
    matches!(
        piece,
        Piece::Source(_) | Piece::Heading(_) | Piece::Dateline { .. } | Piece::Pages(_) | Piece::Attachment(_)
    )
}

/// Takes the headings at the end off, with the attachment's label if nothing else stands before them.
fn trailing_titles(pieces: &mut Vec<Piece>) -> Vec<Piece> {
    let is_title = |piece: &Piece| matches!(piece, Piece::SubHeading(_) | Piece::Attachment(_) | Piece::Pages(_));
    let from = pieces.iter().rposition(|piece| !is_title(piece)).map_or(0, |at| at + 1);
    pieces
        .split_off(from)
        .into_iter()
        .map(|piece| match piece {
            Piece::SubHeading(lines) => Piece::Attachment(lines),
            piece => piece,
        })
        .collect()
}

//! What each chunk of lines is: the document as a sequence of pieces, before markers are known.

use std::ops::Range;

use super::closers::{is_before_name, is_behind_name, is_signature, is_valediction};
use super::datelines::{Dateline, dateline};
use super::headings::{Next, is_attachment, is_sentence, is_source_line, is_sub_heading, number};
use super::lines::{Line, chunks};
use super::lists::{Entry, Listed, bulleted, labelled, topic};
use super::tables::{Cells, table};
use super::view::View;

/// One part of a document.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// The line above the heading that says where the document lies.
    Source(Vec<Range<usize>>),
    /// The document's heading.
    Heading(Vec<Range<usize>>),
    /// Place and date; and the lines that follow directly.
    Dateline { lines: Vec<Range<usize>>, said: Dateline, below: Vec<Range<usize>> },
    /// Place and date at the end of a document that has none at its head.
    Dating { lines: Vec<Range<usize>>, said: Dateline },
    /// A paragraph that says place and date, where no dateline is expected.
    Dated { lines: Vec<Range<usize>>, said: Dateline },
    /// Running text.
    Paragraph(Vec<Range<usize>>),
    /// A heading within the text.
    SubHeading(Vec<Range<usize>>),
    /// The line that announces an attachment.
    Attachment(Vec<Range<usize>>),
    /// A list.
    List(Listed),
    /// A table.
    Table(Vec<Cells>),
    /// Valediction and signature.
    Closer {
        salute: Vec<Range<usize>>,
        before: Vec<Range<usize>>,
        signed: Vec<Range<usize>>,
        behind: Vec<Range<usize>>,
    },
    /// Page tokens alone.
    Pages(Range<usize>),
}

/// A chunk, what it says, and whether it holds but page tokens.
struct Chunk<'l> {
    lines: &'l [Line],
    words: String,
}

/// Reads the lines of one document's running text. `closed`: the list of notes follows without a blank line,
/// which it does only behind a signature.
pub(super) fn pieces(view: View<'_>, lines: &[Line], closed: bool) -> Vec<Piece> {
    let chunks: Vec<Chunk<'_>> = chunks(lines)
        .flat_map(|chunk| split_pages(view, chunk))
        .map(|lines| {
            let words = lines.iter().map(|line| view.words(&line.at)).collect::<Vec<_>>().join("\n");
            Chunk { lines, words: words.trim().to_owned() }
        })
        .collect();
    let mut reading = Reading { view, chunks: &chunks, closed, pieces: Vec::new(), dated: false, unnumbered: false };
    reading.run();
    reading.pieces
}

/// Page tokens on a line of their own at the beginning of a chunk are a chunk of their own.
fn split_pages<'l>(view: View<'_>, chunk: &'l [Line]) -> Vec<&'l [Line]> {
    let alone = chunk.iter().take_while(|line| view.words(&line.at).is_empty()).count();
    if alone == 0 || alone == chunk.len() { vec![chunk] } else { vec![&chunk[..alone], &chunk[alone..]] }
}

struct Reading<'v, 'c, 'l> {
    view: View<'v>,
    chunks: &'c [Chunk<'l>],
    closed: bool,
    pieces: Vec<Piece>,
    /// True if the part that is being read has a dateline.
    dated: bool,
    /// True for editions that do not number their documents: they give attachments opener and closer of their own.
    unnumbered: bool,
}

impl Reading<'_, '_, '_> {
    fn run(&mut self) {
        let heading = self.heading();
        self.unnumbered = heading.is_some_and(|at| number(&self.chunks[at].words).is_none());
        for at in 0..self.chunks.len() {
            let chunk = &self.chunks[at];
            let lines: Vec<Range<usize>> = chunk.lines.iter().map(|line| line.at.clone()).collect();
            let piece = if chunk.words.is_empty() {
                Piece::Pages(span(&lines))
            } else if Some(at) == heading {
                Piece::Heading(lines)
            } else if heading.is_some_and(|heading| at < heading) {
                Piece::Source(lines)
            } else {
                self.piece(at, lines)
            };
            self.add(piece);
        }
    }

    /// Which chunk is the heading: the first with a number, or the first that is no line about the source.
    fn heading(&self) -> Option<usize> {
        let mut said = (0..self.chunks.len()).filter(|&at| !self.chunks[at].words.is_empty());
        let first = said.next()?;
        let Some(second) = said.next() else { return Some(first) };
        if number(&self.chunks[first].words).is_some() {
            return Some(first);
        }
        Some(if is_source_line(&self.chunks[first].words) { second } else { first })
    }

    fn piece(&mut self, at: usize, lines: Vec<Range<usize>>) -> Piece {
        let chunk = &self.chunks[at];
        if let Some(rows) = table(self.view, chunk.lines) {
            return Piece::Table(rows);
        }
        if let Some(listed) = bulleted(self.view.text, chunk.lines) {
            return Piece::List(listed);
        }
        if let Some(piece) = self.dating(at, &lines).or_else(|| self.dateline(&lines)) {
            return piece;
        }
        if let Some(piece) = self.closer(at, &lines) {
            return piece;
        }
        if let Some(listed) = labelled(self.view.text, chunk.lines) {
            return Piece::List(listed);
        }
        if is_attachment(&chunk.words) {
            self.dated = false;
            return Piece::Attachment(lines);
        }
        if lines.len() <= 3 && is_sub_heading(&chunk.words, self.next(at)) {
            return Piece::SubHeading(lines);
        }
        Piece::Paragraph(lines)
    }

    /// What follows a chunk, page tokens aside.
    fn next(&self, at: usize) -> Next {
        let mut following = self.chunks[at + 1..].iter().filter(|chunk| !chunk.words.is_empty());
        let Some(chunk) = following.next() else { return Next::End };
        if table(self.view, chunk.lines).is_some() {
            Next::Table
        } else if bulleted(self.view.text, chunk.lines).is_some() || topic(&chunk.words).is_some() {
            Next::List
        } else if chunk.words.len() > 180 {
            Next::Long
        } else if !chunk.words.contains('\n') && is_sentence(&chunk.words) {
            Next::Sentence
        } else {
            Next::Short
        }
    }

    fn dateline(&mut self, lines: &[Range<usize>]) -> Option<Piece> {
        if self.dated || !self.may_be_dated() {
            return None;
        }
        let line = self.blanked(&lines[0]);
        let said = dateline(&line)?;
        let received = |line: &Range<usize>| {
            self.view.text[line.clone()].starts_with("[Received") || self.view.text[line.clone()].starts_with("[Rec’d")
        };
        let within = self.pieces.iter().any(|piece| matches!(piece, Piece::Attachment(_)));
        if within && !self.unnumbered {
            return Some(Piece::Dated { lines: lines.to_vec(), said });
        }
        let own = 1 + usize::from(lines.get(1).is_some_and(received));
        self.dated = true;
        Some(Piece::Dateline { lines: lines[..own].to_vec(), said, below: lines[own..].to_vec() })
    }

    /// Notes and letters of state may say place and date below their text.
    fn dating(&self, at: usize, lines: &[Range<usize>]) -> Option<Piece> {
        let last = self.chunks[at + 1..].iter().all(|chunk| chunk.words.is_empty());
        let text = self.pieces.iter().any(|piece| matches!(piece, Piece::Paragraph(_)));
        let attached = self.pieces.iter().any(|piece| matches!(piece, Piece::Attachment(_)));
        if self.dated || lines.len() > 1 || !(last && text) || attached {
            return None;
        }
        let said = dateline(&self.blanked(&lines[0])).filter(|said| said.place.is_some() && said.when.is_some())?;
        Some(Piece::Dating { lines: lines.to_vec(), said })
    }

    /// True near the beginning of the document or of an attachment.
    fn may_be_dated(&self) -> bool {
        let mut far = 0;
        for piece in self.pieces.iter().rev() {
            match piece {
                Piece::Heading(_) | Piece::Attachment(_) => return true,
                Piece::SubHeading(_) | Piece::Pages(_) => far += 1,
                Piece::Paragraph(lines) if lines.iter().map(ExactSizeIterator::len).sum::<usize>() < 120 => far += 2,
                Piece::List(_) => far += 2,
                _ => return false,
            }
            if far > 14 {
                return false;
            }
        }
        false
    }

    /// A line with page tokens blanked out, and without a note's marker at its end.
    fn blanked(&self, line: &Range<usize>) -> String {
        let mut said = self.view.text[line.clone()].to_owned();
        for hole in self.view.holes_in(line).iter().filter(|hole| hole.at.end <= line.end) {
            let at = hole.at.start - line.start..hole.at.end - line.start;
            said.replace_range(at.clone(), &" ".repeat(at.len()));
        }
        let bare = said.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let digits = said.len() - bare.len();
        if digits > 0 && digits <= 3 && bare.ends_with(['.', ']', 'm', 'Z', 'd']) {
            said.truncate(bare.len());
        }
        said
    }

    fn closer(&self, at: usize, lines: &[Range<usize>]) -> Option<Piece> {
        if lines.len() > 8 {
            return None;
        }
        let words: Vec<String> = lines.iter().map(|line| self.view.words(line)).collect();
        let last = self.chunks[at + 1..].iter().all(|chunk| chunk.words.is_empty());
        let followed = self.unnumbered && self.followed_by_attachment(at);
        let greeting = words.iter().take_while(|words| is_valediction(words)).count();
        let before = greeting + words[greeting..].iter().take_while(|words| is_before_name(words)).count();
        let named = words.get(before).is_some_and(|words| is_signature(words));
        let certain = (greeting > 0 || before > greeting || self.closed && last) && before < words.len();
        if !(certain && (named || self.closed && last) || named && (last || followed)) {
            return None;
        }
        let behind = words[before..].iter().skip(1).position(|words| is_behind_name(words));
        let end = behind.map_or(lines.len(), |behind| before + 1 + behind);
        Some(Piece::Closer {
            salute: lines[..greeting].to_vec(),
            before: lines[greeting..before].to_vec(),
            signed: lines[before..end].to_vec(),
            behind: lines[end..].to_vec(),
        })
    }

    fn followed_by_attachment(&self, at: usize) -> bool {
        self.chunks[at + 1..]
            .iter()
            .find(|chunk| !chunk.words.is_empty())
            .is_some_and(|chunk| is_attachment(&chunk.words))
    }

    fn add(&mut self, piece: Piece) {
        match piece {
            Piece::List(listed) => self.add_list(listed),
            Piece::Table(mut rows) => {
                if let [.., Piece::Table(_), Piece::Pages(_)] = self.pieces.as_slice()
                    && let Some(Piece::Pages(at)) = self.pieces.pop()
                    && let Some(Piece::Table(before)) = self.pieces.last_mut()
                {
                    if let Some(row) = before.last_mut() {
                        row.pages.push(at);
                    }
                    before.append(&mut rows);
                } else {
                    self.pieces.push(Piece::Table(rows));
                }
            }
            piece => self.pieces.push(piece),
        }
    }

    /// A list takes the line above that names it, and goes on behind page tokens that stand alone.
    fn add_list(&mut self, mut listed: Listed) {
        if let Some(named) = self.named_within(&mut listed) {
            let entry = Entry { depth: 1, inner: Some(Box::new(named)), ..Entry::default() };
            match self.pieces.last_mut() {
                Some(Piece::List(outer)) if outer.items.iter().all(|item| item.inner.is_some()) => {
                    outer.items.push(entry)
                }
                _ => {
                    let heading = self.list_heading().inspect(|_| {
                        self.pieces.pop();
                    });
                    self.pieces.push(Piece::List(Listed { heading, items: vec![entry], ..Listed::default() }));
                }
            }
            return;
        }
        if let Some(heading) = self.list_heading() {
            self.pieces.pop();
            listed.heading = Some(heading);
        } else if let [.., Piece::List(_), Piece::Pages(_)] = self.pieces.as_slice()
            && !self.begins_with_topic(&listed)
            && let Some(Piece::Pages(at)) = self.pieces.pop()
            && let Some(Piece::List(before)) = self.pieces.last_mut()
        {
            if let Some(item) = before.items.last_mut() {
                item.pages.push(at);
            }
            before.items.append(&mut listed.items);
            return;
        }
        self.pieces.push(Piece::List(listed));
    }

    fn begins_with_topic(&self, listed: &Listed) -> bool {
        let first = listed.items.first().and_then(|item| item.lines.first());
        first.is_some_and(|line| topic(&self.view.words(line)).is_some())
    }

    /// A single deep item that stands alone above deep items names them: both are a list within, which may stand
    /// below the heading of the list around it.
    fn named_within(&mut self, listed: &mut Listed) -> Option<Listed> {
        let deep = |listed: &Listed| listed.items.iter().all(|item| item.depth >= 2 && item.inner.is_none());
        let Some(Piece::List(name)) = self.pieces.last_mut() else { return None };
        if !(deep(listed) && deep(name) && name.items.len() == 1) {
            return None;
        }
        let item = name.items.pop()?;
        let outer = name.heading.clone();
        self.pieces.pop();
        if let Some(outer) = outer {
            self.pieces.push(Piece::List(Listed { heading: Some(outer), ..Listed::default() }));
        }
        let heading = item.lines.first().cloned();
        Some(Listed { heading, heading_bullet: item.bullet, items: std::mem::take(&mut listed.items) })
    }

    fn list_heading(&self) -> Option<Range<usize>> {
        let (Piece::SubHeading(lines) | Piece::Paragraph(lines) | Piece::Attachment(lines)) = self.pieces.last()?
        else {
            return None;
        };
        let [line] = lines.as_slice() else { return None };
        let words = self.view.words(line);
        let bare = words.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ' || c == ':');
        let capitals =
            bare.len() <= 40 && bare.chars().any(char::is_alphabetic) && !bare.chars().any(char::is_lowercase);
        (topic(bare).is_some() || capitals).then(|| line.clone())
    }
}

fn span(lines: &[Range<usize>]) -> Range<usize> {
    lines.first().map_or(0, |line| line.start)..lines.last().map_or(0, |line| line.end)
}

//! A transcript of many documents taken apart while it is read, so that it is never held whole. In: bytes. Out: the
//! documents, cut where [`Boundaries`] finds that one begins.

use std::collections::VecDeque;
use std::io::{BufRead, Read};

use super::Boundaries;
use crate::failure::Failure;
use crate::read::{Part, Parts, Source};
use crate::source::Span;

/// How large a document may be, in bytes.
const LARGEST: u64 = 128 << 20;

/// The documents of a transcript; `None` if its bytes are not like ASCII, so that lines can't be told.
pub(super) fn parts(mut source: Source) -> Option<Parts> {
    let head = source.fill_buf().ok()?;
    let wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || head.contains(&0);
    (!wide).then(|| -> Parts { Box::new(Cutter::new(source)) })
}

struct Cutter {
    source: Source,
    boundaries: Boundaries,
    /// What was read and belongs to no document yet that is whole.
    held: Vec<u8>,
    /// Where in the source `held` begins, and how many lines stand before it.
    at: u64,
    line: u32,
    /// How much was read.
    read: u64,
    ready: VecDeque<Part>,
    over: bool,
}

impl Cutter {
    fn new(source: Source) -> Self {
        let (boundaries, held, ready) = (Boundaries::new(), Vec::new(), VecDeque::new());
        Self { source, boundaries, held, at: 0, line: 0, read: 0, ready, over: false }
    }

    /// Reads a line; at the end what is held is the last document.
    fn advance(&mut self) -> Result<(), Failure> {
        let from = self.held.len();
        let room = (LARGEST + 1).saturating_sub(from as u64);
        self.source.by_ref().take(room).read_until(b'\n', &mut self.held).map_err(Failure::file("the source"))?;
        let line = &self.held[from..];
        if self.held.len() as u64 > LARGEST {
            let message = format!("one document has more than {} MiB (behind line {})", LARGEST >> 20, self.line + 1);
            return Err(Failure::Limit { message, span: Span::default() });
        }
        if line.is_empty() {
            self.over = true;
            self.boundaries.end();
        } else {
            self.boundaries.line(self.read, &String::from_utf8_lossy(line));
            self.read += line.len() as u64;
        }
        while let Some(start) = self.boundaries.next_start() {
            self.cut(start);
        }
        if self.over {
            self.cut(self.read);
        }
        Ok(())
    }

    /// Ends the document that is held where the next begins.
    fn cut(&mut self, start: u64) {
        let length = usize::try_from(start.saturating_sub(self.at)).unwrap_or(usize::MAX).min(self.held.len());
        let bytes: Vec<u8> = self.held.drain(..length).collect();
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u32;
        if !bytes.trim_ascii().is_empty() {
            self.ready.push_back(Part { bytes, line: self.line });
        }
        self.at += length as u64;
        self.line += lines;
    }
}

impl Iterator for Cutter {
    type Item = Result<Part, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.ready.is_empty() {
            if self.over {
                return None;
            }
            if let Err(failure) = self.advance() {
                self.over = true;
                return Some(Err(failure));
            }
        }
        self.ready.pop_front().map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(number: usize) -> String {
        format!(
            "{number}. Telegram From the Harbor Master to the Lake Office1\n\nPort Vale, May 4, 1931, 1500Z.\n\n\
             The ferry made trip {number}.\n\n  1. Source: Lake Archive, Box {number}. Secret.\n\n"
        )
    }

    /// The lines at which the parts of such documents begin.
    fn lines(numbers: impl IntoIterator<Item = usize>) -> Vec<u32> {
        let text: String = numbers.into_iter().map(document).collect();
        let source: Source = Box::new(std::io::Cursor::new(text.clone().into_bytes()));
        let parts: Vec<Part> = parts(source).unwrap().map(Result::unwrap).collect();
        assert_eq!(parts.iter().flat_map(|part| part.bytes.clone()).collect::<Vec<_>>(), text.as_bytes());
        parts.iter().map(|part| part.line).collect()
    }

    #[test]
    fn parts_are_cut_where_documents_begin_and_none_of_the_text_is_lost() {
        assert_eq!(lines(1..=6), [0, 8, 16, 24, 32, 40]);
    }

    #[test]
    fn an_edition_may_have_very_many_documents() {
        assert_eq!(lines(9_998..=10_002), [0, 8, 16, 24, 32]);
        assert_eq!(lines(99_999..=100_001), [0, 8, 16]);
    }

    #[test]
    fn volumes_one_after_the_other_begin_their_numbers_anew() {
        assert_eq!(lines([1, 2, 3, 1, 2, 700, 12]), [0, 8, 16, 24, 32, 40, 48]);
    }
}

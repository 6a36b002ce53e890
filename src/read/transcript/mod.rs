//! Transcripts: plain text that is left of an edition's page when its markup is gone. Structure is recovered
//! from the text itself; each decision carries its rule and its certainty.
//!
//! ```text
//! lines ─▶ dialect (how it is written) ─▶ documents ─▶ apparatus (the notes) ─▶ blocks (what each chunk is)
//!       ─▶ candidates, anchors (which digits are markers) ─▶ document
//! ```

mod anchors;
mod apparatus;
mod blocks;
mod build;
mod candidates;
mod closers;
mod cues;
mod datelines;
mod decided;
mod dialect;
mod documents;
mod headings;
mod inlines;
mod lines;
mod lists;
mod notes;
mod pages;
mod parts;
mod pieces;
mod profile;
mod sections;
mod tables;
mod view;
mod weights;
mod witness;
mod words;
mod wrap;

use compact_str::CompactString;

pub use documents::Boundaries;
pub use profile::{At, Lines, Notes, Pages, Pattern, Profile};
pub use witness::Plain;

use crate::decisions::Decisions;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Document;
use crate::read::{Parts, Reader, Source};
use crate::source::{Input, Span, decode};

/// The format's name.
pub(crate) const NAME: &str = "transcript";

const EXTENSIONS: &[&str] = &["txt", "text"];

const ENCODING: Code = Code("transcript.encoding");
const EMPTY: Code = Code("transcript.empty");

/// Reads transcripts. It takes any text, so it should be asked last.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// What is known of how they are written; the text itself tells the rest.
    pub profile: Profile,
}

impl Reader for Transcript {
    fn format(&self) -> Format {
        Format {
            name: NAME,
            extensions: EXTENSIONS,
            media_type: "text/plain",
            summary: "plain text of an edition's page, with its notes listed at the end",
            packaging: Packaging::Single,
        }
    }

    fn takes_any_text(&self) -> bool {
        true
    }

    fn parts(&self, source: Source) -> Option<Parts> {
        parts::parts(source)
    }

    fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Document, Failure> {
        self.read_decided(input, &Decisions::default(), log)
    }

    fn read_decided(&self, input: &Input<'_>, decisions: &Decisions, log: &mut Log) -> Result<Document, Failure> {
        let decoded = decode(input.bytes);
        if decoded.text.contains('\0') {
            return Err(Failure::Encoding { message: "the bytes hold NUL, which no text does".to_owned() });
        }
        if decoded.guessed || decoded.malformed {
            log.warning(ENCODING, Span::default(), format!("not UTF-8: read as {}", decoded.encoding))
                .hint("convert the file to UTF-8 to be sure of its characters");
        }
        let text = decoded.text.as_ref();
        let lines = lines::lines(text);
        if lines.is_empty() {
            log.warning(EMPTY, Span::default(), "the input holds no text");
        }
        let decided = decided::Decided::new(decisions, text, log);
        let document = build::document(text, &lines, (&self.profile, &decided), &stem_id(input.stem()), log);
        decided.tell_left_over(log);
        Ok(document)
    }
}

/// True for a file whose name says that it is a transcript.
#[cfg(feature = "cli")]
pub(crate) fn is_named_so(path: &std::path::Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|extension| EXTENSIONS.contains(&extension))
}

/// The number in the heading of the first document of a text, of which this is the beginning.
#[cfg(feature = "cli")]
pub(crate) fn first_number(head: &str) -> Option<String> {
    let dialect = dialect::Dialect::default();
    let said = lines::lines(head).into_iter().map(|line| pages::without_pages(&head[line.at], &dialect));
    let mut said = said.filter(|line| !line.is_empty()).take(2);
    let first = said.next()?;
    let mut second = || said.next().filter(|_| headings::is_source_line(&first));
    let number = headings::number(&first).map(str::to_owned);
    let number = number.or_else(|| second().and_then(|line| headings::number(&line).map(str::to_owned)))?;
    Some(number.trim_start_matches('[').to_owned())
}

/// The id that a file's name gives its document: the last part of `volume-d12`.
fn stem_id(stem: &str) -> CompactString {
    let last = stem.rsplit(['-', ' ']).next().unwrap_or(stem);
    let named = last.starts_with(|c: char| c.is_ascii_alphabetic())
        && last.len() <= 12
        && last.contains(|c: char| c.is_ascii_digit())
        && last.chars().all(|c| c.is_ascii_alphanumeric());
    if named {
        return CompactString::from(last);
    }
    let clean: CompactString =
        stem.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
    if clean.starts_with(char::is_alphabetic) { clean } else { compact_str::format_compact!("d_{clean}") }
}

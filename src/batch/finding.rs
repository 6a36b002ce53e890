//! A diagnostic that stands on its own: with line, column and the words it speaks of, so that the source need
//! not be kept.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Detail, Diagnostic, Severity};
use crate::failure::Failure;
use crate::source::{SourceMap, Span, decode};

/// How many characters of a line are shown around the place.
const WINDOW: usize = 72;

/// What was noticed about a document, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub code: Cow<'static, str>,
    /// One sentence.
    pub message: String,
    /// Where, if anywhere.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub at: Option<Location>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What a schema knows beyond that.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Box<Detail>>,
}

/// A place in an input, with the words that stand there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// The line, or the part of it around the place.
    pub text: String,
    /// How many characters of `text` stand before the place.
    #[serde(skip)]
    pub before: usize,
    /// How many characters the place covers in `text`, at least 1.
    #[serde(skip)]
    pub width: usize,
}

/// The text of an input, for looking up places; by default no text at all.
#[derive(Default)]
pub struct Places {
    sources: SourceMap,
    /// How many lines stand before the text in the file that it is a part of.
    line: u32,
}

impl Places {
    /// The places of an input's bytes; of an archive there are none.
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        let mut sources = SourceMap::default();
        if !bytes.starts_with(b"PK\x03\x04") {
            sources.add(name, decode(bytes).text);
        }
        Self { sources, line: 0 }
    }

    /// The places of a text before which so many lines of its file stand.
    #[must_use]
    pub fn after(mut self, lines: u32) -> Self {
        self.line = lines;
        self
    }

    /// Where a span lies; `None` for no place in particular and for files within an archive.
    pub fn find(&self, span: Span) -> Option<Location> {
        if span.is_nowhere() {
            return None;
        }
        let position = self.sources.position(span)?;
        let line = self.sources.line(span)?;
        let column = position.column as usize - 1;
        let length = (span.end.saturating_sub(span.start) as usize).max(1);
        let skipped = if column > WINDOW { column - WINDOW / 2 } else { 0 };
        let mut text: String = line.chars().skip(skipped).take(WINDOW).collect();
        let shown = text.chars().count();
        let mut before = column - skipped;
        if skipped > 0 {
            text.insert(0, '…');
            before += 1;
        }
        if line.chars().nth(skipped + shown).is_some() {
            text.push('…');
        }
        let width = length.min((shown + usize::from(skipped > 0)).saturating_sub(before)).max(1);
        let line = self.line.saturating_add(position.line);
        Some(Location { line, column: position.column, text, before, width })
    }
}

impl Finding {
    /// A diagnostic with its place.
    pub fn of(diagnostic: &Diagnostic, places: &Places) -> Self {
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code.0.into(),
            message: diagnostic.message.to_string(),
            at: places.find(diagnostic.span),
            hint: diagnostic.hint.as_ref().map(ToString::to_string),
            detail: diagnostic.detail.clone(),
        }
    }

    /// A failure with its place.
    pub fn failure(failure: &Failure, places: &Places) -> Self {
        let (code, hint) = match failure {
            Failure::File { .. } => ("failure.file", None),
            Failure::Encoding { .. } => ("failure.encoding", None),
            Failure::NotWellFormed { .. } => ("failure.not-well-formed", None),
            Failure::Limit { .. } => ("failure.limit", None),
            Failure::UnknownFormat { .. } => {
                ("failure.unknown-format", Some("`apograph formats` lists what can be read and written"))
            }
            Failure::Archive { .. } => ("failure.archive", None),
            Failure::OtherFormat { .. } => ("failure.other-format", None),
            Failure::Unsupported { .. } => ("failure.unsupported", None),
        };
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: failure.to_string(),
            at: failure.span().and_then(|span| places.find(span)),
            hint: hint.map(str::to_owned),
            detail: None,
        }
    }

    /// An error that has no place in the source.
    pub fn error(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code: code.into(),
            message: message.into(),
            at: None,
            hint: Some(hint.into()),
            detail: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_long_line_is_shown_with_what_stands_around_it() {
        let text = format!("{}here{}", "a ".repeat(200), " b".repeat(200));
        let at = Places::new("x", text.as_bytes()).find(Span::new(400, 404)).unwrap();
        assert_eq!((at.line, at.column, at.width), (1, 401, 4));
        assert_eq!(at.text.chars().skip(at.before).take(at.width).collect::<String>(), "here");
        assert!(at.text.starts_with('…') && at.text.ends_with('…'));
    }
}

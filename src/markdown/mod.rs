//! Markdown as this crate writes it and reads it back: the words in braces, the front matter, what labels say, and
//! the white space that Markdown doesn't show. Readers and writers both stand on it.

pub(crate) mod front;
pub(crate) mod labels;
pub(crate) mod namespaces;
pub(crate) mod spaces;
pub(crate) mod tables;
pub(crate) mod vocabulary;

use crate::format::{Format, Packaging};

/// Markdown as this crate writes it.
pub const FORMAT: Format = Format {
    name: "markdown",
    extensions: &["md", "markdown"],
    media_type: "text/markdown",
    summary: "CommonMark with footnotes, front matter and attributes",
    packaging: Packaging::Single,
};

//! Markdown: CommonMark with tables, footnotes, definition lists, front matter, and pandoc's attributes. What
//! [`crate::write::markdown`] writes comes back as it was; both stand on [`crate::markdown`].

mod attributes;
mod block;
mod braces;
mod document;
mod front;
mod html;
mod inferences;
mod inline;
mod list;
mod marks;
mod nested;
mod pieces;
mod spaces;
mod table;
mod tree;

use self::document::{Builder, first_heading};
use self::tree::Tree;
use super::Reader;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::format::Format;
use crate::markdown::{FORMAT, tables};
use crate::model::Document;
use crate::source::{Input, Span, decode};

const SPACES: Code = Code("markdown.spaces");
const ENCODING: Code = Code("source.encoding-guessed");

/// Reads Markdown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Reader for Markdown {
    fn format(&self) -> Format {
        FORMAT
    }

    /// Front matter is Markdown's; all else could be any text.
    fn recognizes(&self, head: &[u8]) -> bool {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        head.starts_with(b"---\n") || head.starts_with(b"---\r\n")
    }

    fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Document, Failure> {
        let decoded = decode(input.bytes);
        if decoded.guessed {
            log.warning(ENCODING, Span::default(), format!("the encoding was guessed to be {}", decoded.encoding));
        }
        let plain = tables::plain(&decoded.text);
        let tree = Tree::parse(&plain.text)?;
        let mut document = Document::default();
        let mut builder = Builder::new(log);
        if let Some(yaml) = &tree.front_matter {
            front::read(yaml, &mut document, &mut builder);
        }
        if document.metadata.title.main.is_empty() && tree.front_matter.is_none() {
            document.metadata.title.main = first_heading(&tree.nodes).unwrap_or_default();
        }
        let spaces = builder.build(tree, &mut document);
        if let Some(packed) = spaces
            && !spaces::restore(&packed, &mut document)
        {
            log.warning(SPACES, Span::default(), "the comment that keeps white space of the source was damaged")
                .hint("it can be deleted: the document then has single spaces");
        }
        if !plain.is_source() {
            document.each_tag_mut(|tag| {
                let (start, end) = (tag.span.start as usize, tag.span.end as usize);
                tag.span = Span::new(plain.source(start), plain.source(end).max(plain.source(start)));
            });
        }
        Ok(document)
    }
}

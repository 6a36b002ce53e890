//! Markdown: CommonMark with footnotes, pipe tables, YAML front matter, and pandoc's attributes for what
//! Markdown has no words for. Meant to be read and edited by people, and read back without loss.

mod attributes;
mod block;
mod escape;
mod front;
mod inferences;
mod inline;
mod line;
mod list;
mod namespaces;
mod plan;
mod run;
mod spaces;
mod table;
mod within;

use self::attributes::Braces;
use self::block::{Home, fence};
use self::plan::Plan;
use self::run::Run;
use super::Writer;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::format::Format;
use crate::markdown::FORMAT;
use crate::markdown::front::FrontMatter;
use crate::model::Document;
use crate::output::Output;
use crate::source::Span;

const CHARACTER: Code = Code("markdown.character");

/// Writes Markdown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Writer for Markdown {
    fn format(&self) -> Format {
        FORMAT
    }

    /// What a TEI file says is written as it says it, an id that comes twice included.
    fn keeps_frame(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure> {
        let document = namespaces::shortened(document);
        let plan = Plan::of(&document);
        let document = &*inferences::shortened(document, &plan.inferred);
        let mut parts = vec![FrontMatter::of(document, &plan)?.print()?];
        let mut run = Run::new(plan);
        let home = Home { level: Some(1), ..Home::plain() };
        for (class, blocks) in [("front", &document.front), ("", &document.body), ("back", &document.back)] {
            let text = run.blocks(blocks, home);
            match (class, blocks.is_empty()) {
                (_, true) => {}
                ("", false) => parts.push(text),
                (class, false) => parts.push(fence(&Braces::new(class), &text)),
            }
        }
        parts.extend(notes(&run.definitions));
        // Only in a source with a frame of its own is white space kept as it was.
        parts.extend(document.frame.as_ref().and_then(|_| spaces::comment(document)));
        let mut text = parts.join("\n\n");
        text.truncate(text.trim_end_matches('\n').len());
        text.push('\n');
        if text.contains('\0') {
            log.loss(CHARACTER, Span::default(), "the character U+0000 becomes U+FFFD in Markdown (CommonMark §2.3)");
        }
        let file = output.main().map_err(Failure::file("output"))?;
        file.write_all(text.as_bytes()).map_err(Failure::file("output"))?;
        for resource in &document.resources {
            let file = output.file(&resource.path).map_err(Failure::file(resource.path.as_str()))?;
            file.write_all(&resource.bytes).map_err(Failure::file(resource.path.as_str()))?;
        }
        Ok(())
    }
}

/// The definitions, one below the other; an empty line about those of several blocks.
fn notes(definitions: &[String]) -> Option<String> {
    let mut text = String::new();
    for (at, definition) in definitions.iter().enumerate() {
        let long = definition.contains('\n') || at > 0 && definitions[at - 1].contains('\n');
        if long && !text.is_empty() {
            text.push('\n');
        }
        text.push_str(definition);
        text.push('\n');
    }
    text.truncate(text.trim_end_matches('\n').len());
    (!text.is_empty()).then_some(text)
}

//! The text of TEI, from its bytes: all characters in `text`, notes apart. Header, facsimiles and
//! stand-off annotation are no text.

use super::{Flow, Witness, push_printed};
use crate::failure::Failure;
use crate::source::Span;
use crate::xml::decode;
use crate::xml::parse::{Event, Parser};

/// Reads TEI as a witness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tei;

impl Witness for Tei {
    fn format(&self) -> &'static str {
        "tei"
    }

    fn flow(&self, bytes: &[u8], _taken: &[Span]) -> Result<Flow, Failure> {
        let text = decode(bytes)?;
        let mut parser = Parser::new(&text).with_entities(crate::tei::entity);
        let mut flow = Flow::default();
        // For each open note: its number, and the depth at which it was opened.
        let mut notes: Vec<(usize, usize)> = Vec::new();
        // At which depth a text was opened, and within it the description of a graphic, which is not printed.
        let (mut depth, mut inside, mut apart) = (0_usize, None, None);
        while let Some(event) = parser.next()? {
            match event {
                Event::Start { name, .. } => {
                    depth += 1;
                    match name.local() {
                        "text" if inside.is_none() => inside = Some(depth),
                        "teiHeader" | "graphic" if apart.is_none() => apart = Some(depth),
                        "note" if inside.is_some() && apart.is_none() => {
                            notes.push((flow.notes.len(), depth));
                            flow.notes.push(String::new());
                        }
                        _ => {}
                    }
                }
                Event::End { .. } => {
                    if apart == Some(depth) {
                        apart = None;
                    }
                    if inside == Some(depth) {
                        inside = None;
                    }
                    notes.pop_if(|(_, opened)| *opened == depth);
                    depth -= 1;
                }
                Event::Text { text, .. } if inside.is_some() && apart.is_none() => match notes.last() {
                    Some((note, _)) => push_printed(&mut flow.notes[*note], &text),
                    None => flow.push(&text),
                },
                Event::Text { .. } | Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => {}
            }
        }
        Ok(flow)
    }
}

//! A pass of one's own: the names of ships become names. With it comes the whole command line:
//!
//! ```text
//! cargo run --example ships -- convert examples/letter.txt --to tei -o out --enrich ships
//! ```

use std::process::ExitCode;

use apograph::diagnostic::Log;
use apograph::enrich::Pass;
use apograph::model::visit::{VisitMut, walk_block_mut, walk_document_mut};
use apograph::model::{Block, Certainty, Document, Inference, Inline, Name, NameKind, Tag};
use apograph::registry::Registry;

const SHIPS: [&str; 2] = ["Patience", "Gull"];

struct Ships;

impl Pass for Ships {
    fn name(&self) -> &'static str {
        "ships"
    }

    fn run(&self, mut document: Document, _log: &mut Log) -> Document {
        walk_document_mut(&mut Marker, &mut document);
        document
    }
}

struct Marker;

impl VisitMut for Marker {
    fn block(&mut self, block: &mut Block) {
        if let Block::Paragraph(paragraph) = block {
            paragraph.content = paragraph.content.drain(..).flat_map(mark).collect();
        }
        walk_block_mut(self, block);
    }
}

/// The first ship in a text becomes a name; what stands round it stays as it is.
fn mark(inline: Inline) -> Vec<Inline> {
    let Inline::Text(text) = &inline else { return vec![inline] };
    let Some((ship, at)) = SHIPS.iter().find_map(|ship| Some((ship, text.find(&format!(" {ship} "))? + 1))) else {
        return vec![inline];
    };
    let tag = Tag::default().inferred(Inference::new("name.ship", Certainty::Medium, "a ship is called so"));
    let content = vec![Inline::text(*ship)];
    let name = Name { tag, kind: NameKind::Other, role: None, target: None, content };
    vec![Inline::text(&text[..at]), Inline::Name(Box::new(name)), Inline::text(&text[at + ship.len()..])]
}

fn main() -> ExitCode {
    apograph::cli::main(Registry::builtin().with_pass(Ships))
}

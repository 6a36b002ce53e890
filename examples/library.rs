//! The library without the command line: read a file, ask the document, write it, look at what was noticed.
//!
//! ```text
//! cargo run --example library -- examples/cable.txt tei > cable.xml
//! ```

use std::error::Error;
use std::io::Write;

use apograph::convert::Conversion;
use apograph::diagnostic::Log;
use apograph::model::visit::{Visit, walk_block, walk_document, walk_inline};
use apograph::model::{Block, Inline, Note};
use apograph::registry::Registry;
use apograph::source::Input;

/// The notes of a document, in the order in which they are called.
#[derive(Default)]
struct Notes<'a>(Vec<&'a Note>);

impl<'a> Visit<'a> for Notes<'a> {
    fn block(&mut self, block: &'a Block) {
        if let Block::Note(note) = block {
            self.0.push(note);
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Note(note) = inline {
            self.0.push(note);
        }
        walk_inline(self, inline);
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().unwrap_or_else(|| "examples/cable.txt".to_owned());
    let target = arguments.next().unwrap_or_else(|| "json".to_owned());

    let registry = Registry::builtin();
    let conversion = Conversion::new(&registry);
    let mut log = Log::new();

    let bytes = std::fs::read(&path)?;
    let read = conversion.read(&Input::new(&path, &bytes), &mut log)?;
    let mut notes = Notes::default();
    walk_document(&mut notes, &read.document);
    eprintln!("{}: {} notes, {:?} characters", read.document.metadata.title.main, notes.0.len(), read.characters);

    let written = conversion.write(&read, &target, &mut log)?;
    for diagnostic in log.diagnostics() {
        eprintln!("{:?} {}: {}", diagnostic.severity, diagnostic.code, diagnostic.message);
    }
    std::io::stdout().write_all(written.files.main_bytes())?;
    Ok(())
}

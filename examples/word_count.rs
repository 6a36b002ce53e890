//! A format of one's own: how often each word stands in a document, as tab-separated lines. With it comes the
//! whole command line:
//!
//! ```text
//! cargo run --example word_count -- convert examples/cable.txt --to words -o out
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use apograph::diagnostic::Log;
use apograph::failure::Failure;
use apograph::format::{Format, Packaging};
use apograph::model::visit::{Visit, walk_document, walk_inline};
use apograph::model::{Document, Inline};
use apograph::output::Output;
use apograph::registry::Registry;
use apograph::write::Writer;

struct Words;

impl Writer for Words {
    fn format(&self) -> Format {
        Format {
            name: "words",
            extensions: &["tsv"],
            media_type: "text/tab-separated-values",
            summary: "how often each word stands in the text",
            packaging: Packaging::Single,
        }
    }

    fn write(&self, document: &Document, output: &mut dyn Output, _log: &mut Log) -> Result<(), Failure> {
        let mut counts = Counts::default();
        walk_document(&mut counts, document);
        let file = output.main().map_err(Failure::file("output"))?;
        for (word, count) in counts.0 {
            writeln!(file, "{word}\t{count}").map_err(Failure::file("output"))?;
        }
        Ok(())
    }
}

#[derive(Default)]
struct Counts(BTreeMap<String, usize>);

impl<'a> Visit<'a> for Counts {
    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Text(text) = inline {
            for word in text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
                *self.0.entry(word.to_lowercase()).or_default() += 1;
            }
        }
        walk_inline(self, inline);
    }
}

fn main() -> ExitCode {
    apograph::cli::main(Registry::builtin().with_writer(Words))
}

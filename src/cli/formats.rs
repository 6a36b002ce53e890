//! `apograph formats`: what can be read, written and checked, and which passes there are.

use clap::Args;
use serde::Serialize;

use super::{Ending, show};
use crate::format::Format;
use crate::registry::Registry;

/// What `apograph formats` is told.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    read: bool,
    write: bool,
    schema: bool,
    extensions: &'static [&'static str],
    media_type: &'static str,
    summary: &'static str,
}

pub(super) fn run(registry: &Registry, arguments: &Arguments) -> Ending {
    let rows = rows(registry);
    if arguments.json {
        // Rows hold strings and truths only; serde_json can't refuse them.
        show::print(&serde_json::to_string_pretty(&rows).unwrap_or_default());
        return Ending::Good;
    }
    show::print(&format!(
        "{:<12} {:<5} {:<6} {:<7} {:<18} what it is",
        "format", "read", "write", "schema", "extensions"
    ));
    for row in rows {
        let yes = |truth: bool| if truth { "yes" } else { "–" };
        show::print(&format!(
            "{:<12} {:<5} {:<6} {:<7} {:<18} {}",
            row.name,
            yes(row.read),
            yes(row.write),
            yes(row.schema),
            row.extensions.join(", "),
            row.summary
        ));
    }
    show::print(&format!("\n{:<16} what it adds (`convert --enrich`)", "pass"));
    for pass in registry.passes() {
        show::print(format!("{:<16} {}", pass.name(), pass.summary()).trim_end());
    }
    Ending::Good
}

fn rows(registry: &Registry) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let readers = registry.readers().map(|reader| (reader.format(), true));
    let writers = registry.writers().map(|writer| (writer.format(), false));
    for (format, reads) in readers.chain(writers) {
        let Format { name, extensions, media_type, summary, packaging: _ } = format;
        let row = match rows.iter_mut().position(|row| row.name == name) {
            Some(at) => &mut rows[at],
            None => {
                let schema = registry.schema(name).is_some();
                rows.push(Row { name, read: false, write: false, schema, extensions, media_type, summary });
                let last = rows.len() - 1;
                &mut rows[last]
            }
        };
        row.read |= reads;
        row.write |= !reads;
    }
    rows
}

//! `apograph formats`: what can be read, written and checked, and which passes there are.

use clap::Args;

use super::{Ending, show};
use crate::format::Format;
use crate::registry::{Offer, Registry};

/// What `apograph formats` is told.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(registry: &Registry, arguments: &Arguments) -> Ending {
    let offers = registry.formats();
    if arguments.json {
        // They hold strings and truths only; serde_json can't refuse them.
        show::print(&serde_json::to_string_pretty(&offers).unwrap_or_default());
        return Ending::Good;
    }
    show::print(&format!(
        "{:<12} {:<5} {:<6} {:<7} {:<18} what it is",
        "format", "read", "write", "schema", "extensions"
    ));
    for Offer { format, read, write, schema } in offers {
        let Format { name, extensions, summary, .. } = format;
        let yes = |truth: bool| if truth { "yes" } else { "–" };
        show::print(&format!(
            "{:<12} {:<5} {:<6} {:<7} {:<18} {}",
            name,
            yes(read),
            yes(write),
            yes(schema),
            extensions.join(", "),
            summary
        ));
    }
    show::print(&format!("\n{:<16} what it adds (`convert --enrich`)", "pass"));
    for pass in registry.passes() {
        show::print(format!("{:<16} {}", pass.name(), pass.summary()).trim_end());
    }
    Ending::Good
}

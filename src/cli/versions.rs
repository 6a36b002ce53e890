//! What `apograph --version` says: the program's version, and those of the schemas by which outputs are checked.

use crate::batch::report;
use crate::registry::Registry;
use crate::{decisions, model};

/// One line for the program and one for each schema of a registry's writers.
pub(super) fn text(registry: &Registry) -> String {
    let schemas = registry
        .writers()
        .filter_map(|writer| registry.schema(writer.format().name))
        .map(|schema| (schema.format(), schema.version().to_owned()));
    let own = [
        ("json", format!("document model {}", model::VERSION)),
        ("report", format!("report of a run {}", report::VERSION)),
        ("decisions", format!("decisions of an editor {}", decisions::VERSION)),
    ];
    let lines = schemas.chain(own).map(|(name, version)| format!("  {name:<10} {version}"));
    format!("{}\n\nSchemas:\n{}", env!("CARGO_PKG_VERSION"), lines.collect::<Vec<_>>().join("\n"))
}

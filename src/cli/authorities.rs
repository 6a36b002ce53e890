//! `--authorities FILE`: the persons, places, organisations and terms that the passes `names` and `terms` know.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use crate::authority::{Authorities, from_csv, from_json, of_document};
use crate::batch::Misuse;
use crate::batch::state::digest;
use crate::diagnostic::Log;
use crate::enrich::{Names, Terms};
use crate::failure::Failure;
use crate::registry::Registry;
use crate::source::{Input, decode};

/// What is told of authority files.
#[derive(Debug, Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// Mark the persons, places, organisations and terms of an authority file: TEI, CSV or JSON; may be given several
    /// times (the README tells more)
    #[arg(long, value_name = "FILE")]
    authorities: Vec<PathBuf>,
}

impl Arguments {
    /// The files that are named.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.authorities.iter().map(PathBuf::as_path)
    }

    /// A registry whose passes know the authorities, and what outputs depend on, in any words: all that the files say.
    pub(super) fn apply(&self, registry: Registry) -> Result<(Registry, String), Misuse> {
        if self.authorities.is_empty() {
            return Ok((registry, String::new()));
        }
        let mut all = Authorities::default();
        let mut said = String::new();
        for path in &self.authorities {
            let name = path.display().to_string();
            let bytes = std::fs::read(path).map_err(|cause| Misuse::new(format!("`{name}`: {cause}")))?;
            let file = path.file_name().map(|file| file.to_string_lossy().into_owned()).unwrap_or_default();
            let found = entries(&registry, path, &name, &bytes).map_err(|failure| {
                Misuse::new(format!("`{name}`: {failure}")).hint("the README tells what an authority file may be")
            })?;
            if found.is_empty() {
                return Err(Misuse::new(format!("`{name}` lists no person, place, organisation or term with an id"))
                    .hint("the README tells what an authority file may be"));
            }
            said.push_str(&format!("{file} {} ", digest(&bytes)));
            all.append(found.within(&file));
        }
        let all = Arc::new(all);
        Ok((registry.with_pass(Names::new(Arc::clone(&all))).with_pass(Terms::new(all)), said))
    }
}

fn entries(registry: &Registry, path: &Path, name: &str, bytes: &[u8]) -> Result<Authorities, Failure> {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => from_csv(&decode(bytes).text),
        Some("json") => from_json(&decode(bytes).text),
        _ => {
            let input = Input { name, bytes, path: Some(path), siblings: None };
            let document = registry.reader("tei")?.read(&input, &mut Log::new())?;
            Ok(of_document(&document))
        }
    }
}

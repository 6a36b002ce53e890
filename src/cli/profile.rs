//! `--profile NAME|FILE`: how the transcripts of a run are written.

use std::path::Path;

use crate::batch::Misuse;
use crate::read::transcript::{Profile, Transcript};
use crate::registry::Registry;

/// A registry whose reader of transcripts has the profile, and the profile in words, for the run's state.
pub(super) fn apply(registry: Registry, named: Option<&str>) -> Result<(Registry, String), Misuse> {
    let Some(named) = named else { return Ok((registry, String::new())) };
    let profile = match Profile::named(named) {
        Some(profile) => profile,
        None => load(named)?,
    };
    let said = format!("{profile:?}");
    Ok((registry.with_reader(Transcript { profile }), said))
}

fn load(path: &str) -> Result<Profile, Misuse> {
    if !Path::new(path).is_file() {
        let known: Vec<String> = Profile::builtin().map(|profile| profile.name).collect();
        return Err(Misuse::new(format!("there is no profile and no file `{path}`"))
            .hint(format!("profiles that come along: {}", known.join(", "))));
    }
    let toml = std::fs::read_to_string(path).map_err(|error| Misuse::new(format!("`{path}`: {error}")))?;
    Profile::parse(&toml)
        .map_err(|failure| Misuse::new(format!("`{path}`: {failure}")).hint("the README shows what a profile may say"))
}

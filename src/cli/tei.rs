//! Options of TEI: how deep and how large TEI may be, and in which flavour it is written. In: what the command
//! line says. Out: a registry with readers and writers that do so.

use std::path::Path;

use clap::Args;

use crate::batch::Misuse;
use crate::read;
use crate::registry::Registry;
use crate::write;
use crate::write::tei::Profile;

/// What TEI is told.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "TEI")]
#[group(skip)]
pub(super) struct Arguments {
    /// Write TEI in the flavour of a project: `frus`, or a TOML file of rules
    #[arg(long, value_name = "NAME|FILE")]
    tei_profile: Option<String>,
    /// Leave XInclude as it is, instead of including files of the input's folder
    #[arg(long)]
    no_xinclude: bool,
    /// How many elements of XML may stand one within another [default: 128]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=DEEPEST))]
    max_depth: Option<u16>,
    /// How many bytes the entities of a file may come to [default: 16777216]
    #[arg(long, value_name = "BYTES")]
    max_expansion: Option<usize>,
    /// How many bytes of other files a file may include [default: 268435456]
    #[arg(long, value_name = "BYTES")]
    max_inclusion: Option<usize>,
    /// How many bytes a file of XML may have [default: 4294967294]
    #[arg(long, value_name = "BYTES")]
    max_size: Option<u32>,
}

/// Trees are walked by functions that call themselves; deeper ones would not fit a thread's stack.
const DEEPEST: i64 = 400;

impl Arguments {
    /// The files that are named, and names that may be files.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.tei_profile.as_deref().map(Path::new).into_iter()
    }

    /// The registry with these options in force, and all that outputs depend on, as text.
    pub(super) fn apply(&self, registry: Registry) -> Result<(Registry, String), Misuse> {
        let mut said = format!("{self:?}");
        let mut registry = registry;
        let default = read::tei::Tei::default();
        let mut limits = default.limits;
        limits.depth = self.max_depth.map_or(limits.depth, usize::from);
        limits.expansion = self.max_expansion.unwrap_or(limits.expansion);
        limits.inclusion = self.max_inclusion.unwrap_or(limits.inclusion);
        limits.size = self.max_size.map_or(limits.size, |size| size as usize);
        let told = self.no_xinclude || self.max_depth.is_some() || self.max_expansion.is_some();
        if told || self.max_inclusion.is_some() || self.max_size.is_some() {
            registry = registry.with_reader(read::tei::Tei { limits, xinclude: !self.no_xinclude });
        }
        if let Some(name) = &self.tei_profile {
            let (profile, text) = profile(name)?;
            said.push_str(&text);
            registry = registry.with_writer(write::tei::Tei { profile: Some(profile), ..write::tei::Tei::default() });
        }
        Ok((registry, said))
    }
}

/// A bundled profile, or one from a file with its text.
fn profile(name: &str) -> Result<(Profile, String), Misuse> {
    let path = Path::new(name);
    if path.extension().is_none_or(|extension| extension != "toml") {
        let profile = Profile::bundled(name).map_err(|unknown| Misuse::new(unknown.to_string()))?;
        return Ok((profile, String::new()));
    }
    let text = std::fs::read_to_string(path).map_err(|cause| Misuse::new(format!("{name}: {cause}")))?;
    let profile = Profile::parse(&text).map_err(|fault| Misuse::new(format!("{name}: {fault}")))?;
    Ok((profile, text))
}

//! TEI against the profile of this program, and the rules that a grammar can't say.

mod dates;
mod notes;
mod pages;
mod pointers;
mod rules;

pub use rules::{RULES, Rule};

use super::Schema;
use super::report::{self, Bundled};
use crate::diagnostic::Log;
use crate::output::Memory;
use crate::xml;

static PROFILE: Bundled = Bundled::new(&[("tei.rng", include_str!("../../../schemas/tei.rng"))]);

/// The schema of the TEI that is written here: a subset of TEI P5.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tei;

impl Tei {
    /// Checks the [`RULES`] that no grammar can say, whichever grammar the text was checked against; what breaks one
    /// is a warning. A text that is no TEI, or not well-formed, is passed over.
    pub fn rules(text: &str, log: &mut Log) {
        rules::check(text, log);
    }
}

impl Schema for Tei {
    fn format(&self) -> &'static str {
        "tei"
    }

    fn name(&self) -> &str {
        "TEI P5, profile of apograph"
    }

    fn version(&self) -> &str {
        "TEI P5, profile of apograph: a subset of tei_all 4.3.0 to 4.9.0"
    }

    fn check(&self, output: &Memory, log: &mut Log) {
        let text = match xml::decode(output.main_bytes()) {
            Ok(text) => text,
            Err(failure) => return report::failure(&failure, log),
        };
        let Some(grammar) = PROFILE.grammar(log) else { return };
        // One reading serves both.
        let mut rules = rules::Rules::new();
        if grammar.validate_watched(&text, 0, log, &mut |event| rules.see(event)).is_some() {
            rules.close(&text, log);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_schema_compiles() {
        assert_eq!(super::PROFILE.fault(), None);
    }
}

//! How schemas of this program are kept and how their findings reach the log.

use std::sync::OnceLock;

use super::relaxng::Grammar;
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::source::Span;

const BROKEN: Code = Code("schema.broken");
const ENCODING: Code = Code("xml.encoding");
const NOT_WELL_FORMED: Code = Code("xml.not-well-formed");

/// A schema that is part of the program: compiled when it is first needed, once. Each is to be among those that a test
/// compiles without trust.
pub(super) struct Bundled {
    files: &'static [(&'static str, &'static str)],
    compiled: OnceLock<Result<Grammar, String>>,
}

impl Bundled {
    /// The first file is the schema, the others what it includes.
    pub(super) const fn new(files: &'static [(&'static str, &'static str)]) -> Self {
        Self { files, compiled: OnceLock::new() }
    }

    /// Why it is no schema, if it is none.
    #[cfg(test)]
    pub(super) fn fault(&self) -> Option<String> {
        Grammar::embedded(self.files).err().map(|failure| failure.to_string())
    }

    /// The compiled schema; an error in the log if it can't be compiled, which a test rules out.
    pub(super) fn grammar(&self, log: &mut Log) -> Option<&Grammar> {
        let compiled =
            self.compiled.get_or_init(|| Grammar::trusted(self.files).map_err(|failure| failure.to_string()));
        match compiled {
            Ok(grammar) => Some(grammar),
            Err(message) => {
                log.error(BROKEN, Span::default(), message.clone());
                None
            }
        }
    }
}

/// Puts what ended a check into the log.
pub(super) fn failure(failure: &Failure, log: &mut Log) {
    let code = if matches!(failure, Failure::Encoding { .. }) { ENCODING } else { NOT_WELL_FORMED };
    log.error(code, failure.span().unwrap_or_default(), failure.to_string());
}

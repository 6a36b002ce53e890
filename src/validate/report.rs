//! How schemas of this program are kept and how their findings reach the log.

use std::sync::OnceLock;

use super::relaxng::{Fault, Grammar};
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::source::{SourceMap, Span};

const BROKEN: Code = Code("schema.broken");
const ENCODING: Code = Code("xml.encoding");
const NOT_WELL_FORMED: Code = Code("xml.not-well-formed");

/// A schema that is part of the program: compiled when it is first needed, once.
pub(super) struct Bundled {
    files: &'static [(&'static str, &'static str)],
    compiled: OnceLock<Result<Grammar, String>>,
}

impl Bundled {
    /// The first file is the schema, the others what it includes.
    pub(super) const fn new(files: &'static [(&'static str, &'static str)]) -> Self {
        Self { files, compiled: OnceLock::new() }
    }

    /// The compiled schema; an error in the log if it can't be compiled, which a test rules out.
    pub(super) fn grammar(&self, log: &mut Log) -> Option<&Grammar> {
        let compiled =
            self.compiled.get_or_init(|| Grammar::embedded(self.files).map_err(|failure| failure.to_string()));
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

/// The file of an archive that findings speak of: spans know no entries, so the messages name them.
pub(super) struct Entry<'e> {
    name: &'e str,
    map: SourceMap,
}

impl<'e> Entry<'e> {
    pub(super) fn new(name: &'e str, text: &str) -> Self {
        let mut map = SourceMap::default();
        map.add(name, text);
        Self { name, map }
    }

    /// A message that names the entry, and the place in it.
    pub(super) fn place(&self, span: Span, message: &str) -> String {
        match self.map.position(span).filter(|_| !span.is_nowhere()) {
            Some(at) => format!("{}, line {}, column {}: {message}", self.name, at.line, at.column),
            None => format!("{}: {message}", self.name),
        }
    }

    /// Checks the entry's text and puts the faults into the log. True if it is valid.
    pub(super) fn validate(&self, schema: &Bundled, text: &str, log: &mut Log) -> bool {
        let Some(grammar) = schema.grammar(log) else { return false };
        let (faults, failure) = grammar.check(text, 0);
        let valid = faults.is_empty() && failure.is_none();
        for Fault { code, message, hint, path, span } in super::relaxng::fold(faults) {
            let message = self.place(span, &format!("{message} at `{path}`"));
            let diagnostic = log.error(code, Span::default(), message);
            if let Some(hint) = hint {
                diagnostic.hint(hint);
            }
        }
        if let Some(failure) = failure {
            let message = self.place(failure.span().unwrap_or_default(), &failure.to_string());
            log.error(NOT_WELL_FORMED, Span::default(), message);
        }
        valid
    }
}

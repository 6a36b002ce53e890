//! TEI against the profile of this program, and the rules that a grammar can't say: pointers within the document
//! lead to an element of it.

use std::collections::HashSet;

use super::Schema;
use super::report::{self, Bundled};
use crate::diagnostic::{Code, Log};
use crate::output::Memory;
use crate::source::Span;
use crate::xml;
use crate::xml::parse::{Event, Parser};

const DANGLING: Code = Code("pointer.dangling");

static PROFILE: Bundled = Bundled::new(&[("tei.rng", include_str!("../../schemas/tei.rng"))]);

/// Attributes whose values are pointers (TEI Guidelines, `teidata.pointer`), several with spaces between.
const POINTERS: &[&str] = &[
    "ana", "change", "corresp", "copyOf", "decls", "exclude", "facs", "from", "next", "prev", "ref", "resp", "sameAs",
    "select", "source", "spanTo", "synch", "target", "to", "wit", "who",
];

/// The schema of the TEI that is written here: a subset of TEI P5.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tei;

impl Schema for Tei {
    fn format(&self) -> &'static str {
        "tei"
    }

    fn name(&self) -> &str {
        "TEI P5, profile of apograph"
    }

    fn check(&self, output: &Memory, log: &mut Log) {
        let text = match xml::decode(output.main_bytes()) {
            Ok(text) => text,
            Err(failure) => return report::failure(&failure, log),
        };
        let Some(grammar) = PROFILE.grammar(log) else { return };
        grammar.validate(&text, 0, log);
        pointers(&text, log);
    }
}

/// Warns of each pointer to an element that is not there.
fn pointers(text: &str, log: &mut Log) {
    let mut ids: HashSet<String> = HashSet::new();
    let mut wanted: Vec<(String, Span)> = Vec::new();
    let mut parser = Parser::new(text);
    // What is not well-formed was told by the grammar's check.
    while let Ok(Some(event)) = parser.next() {
        let Event::Start { attributes, .. } = event else { continue };
        for attribute in attributes {
            if attribute.name.qualified() == "xml:id" {
                ids.insert(attribute.value.trim().to_owned());
            } else if POINTERS.contains(&attribute.name.qualified()) {
                let here = attribute.value.split_whitespace().filter_map(|pointer| pointer.strip_prefix('#'));
                // `#xpath1(…)` and its like point into the document by other means.
                wanted.extend(here.filter(|id| !id.contains('(')).map(|id| (id.to_owned(), attribute.span)));
            }
        }
    }
    for (id, span) in wanted.into_iter().filter(|(id, _)| !ids.contains(id)) {
        log.warning(DANGLING, span, format!("`#{id}` points to no element of the document"));
    }
}

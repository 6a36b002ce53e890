//! Pointers within a document: each leads to an element of it.

use foldhash::HashSet;

use super::rules::{Breach, Start, Watch};
use crate::diagnostic::Code;
use crate::source::Span;

pub(super) const DANGLING: Code = Code("pointer.dangling");

/// Attributes whose values are pointers (TEI Guidelines, `teidata.pointer`), several with spaces between.
const POINTERS: &[&str] = &[
    "ana", "change", "corresp", "copyOf", "decls", "exclude", "facs", "from", "next", "prev", "ref", "resp", "sameAs",
    "select", "source", "spanTo", "synch", "target", "to", "wit", "who",
];

#[derive(Default)]
pub(super) struct Pointers {
    ids: HashSet<String>,
    /// The id that is pointed to, where, and by which element.
    wanted: Vec<(String, Span, String)>,
}

impl Watch for Pointers {
    fn start(&mut self, element: &Start<'_>, _: &mut Vec<Breach>) {
        if let Some(id) = element.id() {
            self.ids.insert(id.to_owned());
        }
        // Below a base of its own a fragment is one of another file (XML Base, §4).
        if element.attribute("xml:base").is_some_and(|base| !base.is_empty()) {
            return;
        }
        let pointers = element.attributes().filter(|(name, value, _)| value.contains('#') && POINTERS.contains(name));
        for (_, value, span) in pointers {
            let here = value.split_whitespace().filter_map(|pointer| pointer.strip_prefix('#'));
            // `#xpath1(…)` and its like point into the document by other means.
            let here = here.filter(|id| !id.contains('('));
            self.wanted.extend(here.map(|id| (id.to_owned(), span, element.name.to_owned())));
        }
    }

    fn close(&mut self, breaches: &mut Vec<Breach>) {
        for (id, span, element) in self.wanted.drain(..) {
            if !self.ids.contains(&id) {
                let message = format!("`#{id}` points to no element of the document");
                breaches.push(Breach { span, message, hint: None, element });
            }
        }
    }
}

//! What TEI has no words for: elements of other vocabularies, of which it keeps the text.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Log};
use crate::model::visit::{Visit, walk_document, walk_inline};
use crate::model::{Document, Foreign, Inline};
use crate::source::Span;

const ALIEN: Code = Code("element.foreign");

/// Says which elements of other vocabularies a document holds, the outermost only.
pub(in crate::write::tei) fn aliens(document: &Document, log: &mut Log) {
    let mut counter = Counter::default();
    walk_document(&mut counter, document);
    for (name, count) in counter.0 {
        let message = format!("`{name}` ({count} times) is no element of TEI: its text was kept, not its structure");
        log.loss(ALIEN, Span::default(), message);
    }
}

#[derive(Default)]
struct Counter(BTreeMap<String, usize>);

impl<'a> Visit<'a> for Counter {
    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Foreign(it) = inline
            && let Foreign::Element { tag, .. } = it.as_ref()
            && let Some(name) = tag.element.as_ref().filter(|name| name.namespace.is_some())
        {
            *self.0.entry(name.local.to_string()).or_default() += 1;
            return;
        }
        walk_inline(self, inline);
    }
}

//! The rules of TEI that a grammar can't say: one table of them, and the reading that serves them all.

use super::super::relaxng::{Fault, locate};
use super::{dates, notes, pages, pointers};
use crate::diagnostic::{Code, Detail, Log};
use crate::source::Span;
use crate::tei;
use crate::xml::parse::{Attribute, Event, Name, Parser, XML};

/// A rule that no grammar can say.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What is warned of where the rule is broken.
    pub code: Code,
    /// What must hold, in one sentence.
    pub says: &'static str,
    watch: fn() -> Box<dyn Watch>,
}

/// All rules, one code each.
pub const RULES: &[Rule] = &[
    Rule {
        code: pointers::DANGLING,
        says: "a pointer within the document (`#id`) leads to one of its elements",
        watch: || Box::<pointers::Pointers>::default(),
    },
    Rule {
        code: pages::ORDER,
        says: "the numbers of page breaks ascend within a text, by numbering and edition",
        watch: || Box::<pages::Pages>::default(),
    },
    Rule {
        code: notes::ANCHOR,
        says: "a foot- or endnote that stands apart is called from one place",
        watch: || Box::<notes::Notes>::default(),
    },
    Rule {
        code: dates::ORDER,
        says: "a span of time does not end before it begins, and a date lies between its bounds",
        watch: || Box::<dates::Dates>::default(),
    },
];

/// An element of TEI that begins.
pub(super) struct Start<'e> {
    pub(super) name: &'e str,
    /// The names of the elements around it, outermost first.
    pub(super) around: &'e [Name<'e>],
    attributes: &'e [Attribute<'e>],
    pub(super) span: Span,
}

impl Start<'_> {
    /// The value of an attribute without namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|one| one.name.qualified() == name).map(|one| one.value.trim())
    }

    /// Where an attribute stands; the tag if it does not.
    pub(super) fn place(&self, name: &str) -> Span {
        self.attributes.iter().find(|one| one.name.qualified() == name).map_or(self.span, |one| one.span)
    }

    /// The `xml:id`.
    pub(super) fn id(&self) -> Option<&str> {
        let id = self.attributes.iter().find(|one| one.name.local() == "id" && one.name.uri() == XML)?;
        Some(id.value.trim())
    }

    /// Name, value and place of the attributes without namespace.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str, Span)> {
        let plain = self.attributes.iter().filter(|one| one.name.uri().is_empty());
        plain.map(|one| (one.name.local(), one.value.as_ref(), one.span))
    }
}

/// What breaks a rule.
pub(super) struct Breach {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// The element that it is about.
    pub(super) element: String,
}

/// Looks at a document element by element.
pub(super) trait Watch {
    /// An element begins.
    fn start(&mut self, element: &Start<'_>, breaches: &mut Vec<Breach>);

    /// The document ends.
    fn close(&mut self, _breaches: &mut Vec<Breach>) {}
}

/// All rules, for one document whose events it is shown.
pub(super) struct Rules<'t> {
    watches: Vec<(Box<dyn Watch>, Vec<Breach>)>,
    around: Vec<Name<'t>>,
    /// False for a document that is no TEI.
    is_tei: bool,
}

impl<'t> Rules<'t> {
    pub(super) fn new() -> Self {
        let watches = RULES.iter().map(|rule| ((rule.watch)(), Vec::new())).collect();
        Self { watches, around: Vec::new(), is_tei: true }
    }

    /// Takes the next event.
    pub(super) fn see(&mut self, event: &Event<'t>) {
        match event {
            Event::Start { name, attributes, span, .. } if self.is_tei => {
                if name.uri() == tei::NAMESPACE {
                    let (around, span) = (&self.around, *span);
                    let element = Start { name: name.local(), around, attributes, span };
                    self.watches.iter_mut().for_each(|(watch, breaches)| watch.start(&element, breaches));
                } else if self.around.is_empty() {
                    self.is_tei = false;
                }
                self.around.push(name.clone());
            }
            Event::End { .. } => _ = self.around.pop(),
            _ => {}
        }
    }

    /// Tells what breaks a rule in a text that was seen whole.
    pub(super) fn close(self, text: &str, log: &mut Log) {
        if !self.is_tei {
            return;
        }
        let mut faults = Vec::new();
        for (rule, (mut watch, mut breaches)) in RULES.iter().zip(self.watches) {
            watch.close(&mut breaches);
            faults.extend(breaches.into_iter().map(|breach| fault(rule.code, breach)));
        }
        locate(text, 0, &mut faults);
        for Fault { code, message, hint, element: (_, local), path, span, .. } in faults {
            let diagnostic = log.warning(code, span, message);
            if let Some(hint) = hint {
                diagnostic.hint(hint);
            }
            let see = tei::guidelines::reference(&local);
            diagnostic.detail = Some(Box::new(Detail { path, allowed: [].into(), meant: None, see }));
        }
    }
}

/// Checks all rules in one reading. What is not well-formed is told by the check against the grammar.
pub(super) fn check(text: &str, log: &mut Log) {
    let mut rules = Rules::new();
    let mut parser = Parser::new(text);
    loop {
        match parser.next() {
            Ok(Some(event)) => rules.see(&event),
            Ok(None) => return rules.close(text, log),
            Err(_) => return,
        }
    }
}

fn fault(code: Code, breach: Breach) -> Fault {
    let Breach { span, message, hint, element } = breach;
    let element = (tei::NAMESPACE.into(), element);
    Fault { code, message, hint, allowed: [].into(), meant: None, element, path: String::new(), span }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_tells_every_rule() {
        let readme = include_str!("../../../README.md");
        for rule in RULES {
            let row = format!("| `{}` | {} |", rule.code, rule.says);
            assert!(readme.contains(&row), "the README has no row `{row}`");
        }
    }
}

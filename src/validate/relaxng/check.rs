//! One document against one schema: a start tag, an attribute, text and an end tag each take a derivative. After
//! a fault the check goes on, so that one run tells all faults and no fault twice.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::derive::{Machine, Step};
use super::names::NameId;
use super::pattern::{NOT_ALLOWED, P};
use super::xsd::{self, Context};
use super::{Fault, Ids, Reference, fault};
use crate::failure::Failure;
use crate::source::Span;
use crate::xml::is_space;
use crate::xml::parse::{Attribute, Event, Name, Parser};

/// How many faults are kept; a document with more is of another kind altogether.
const FAULTS: usize = 50_000;
/// How many different ones are remembered.
const SAID: usize = 2_000;

/// An element that is open.
struct Open {
    name: NameId,
    /// What may still come within it.
    state: P,
    /// What may come behind it, as its state refers to it.
    rests: Arc<[P]>,
    /// Gathered text, while it may be the whole content and of a datatype.
    typed: Option<(String, Span)>,
}

/// What a fault is about, as far as its words depend on that.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Fresh {
    /// On more: it has to be told anew.
    Always,
    Misplaced(NameId),
    TooEarly(NameId),
    Unfinished,
    Attribute(NameId),
    MissingAttribute,
    Text,
}

/// The namespace of a prefix where something stands.
pub(in super::super) type Prefixes<'p> = &'p dyn Fn(&str) -> Option<String>;

/// The work on one document, which is told in its order.
pub(in super::super) struct Check<'m> {
    machine: &'m mut Machine,
    ids: &'m Ids,
    open: Vec<Open>,
    /// The state outside of all elements.
    outside: P,
    failed: bool,
    faults: Vec<Fault>,
    /// What was said before.
    said: HashMap<(Fresh, P, Option<NameId>), fault::Said>,
    /// Ids that elements have, and references to ids.
    known: HashMap<String, ()>,
    references: Vec<(String, Span)>,
    /// Entities that are no XML.
    entities: Vec<String>,
    /// Names of attributes that were met.
    attributes: HashMap<Box<str>, NameId>,
}

/// Checks a document; a failure if it is not well-formed, with the faults up to there. `watch` sees each event.
pub(super) fn check<'t>(
    machine: &mut Machine,
    ids: &Ids,
    (text, file): (&'t str, u32),
    watch: &mut dyn FnMut(&Event<'t>),
) -> (Vec<Fault>, Option<Failure>) {
    let mut check = Check::new(machine, ids);
    let failure = check.run(&mut Parser::new(text).in_file(file), watch).err();
    if failure.is_none() {
        check.dangling();
    }
    (check.faults, failure)
}

/// The entities that a document type declares to be no XML: `<!ENTITY name SYSTEM "…" NDATA notation>`.
fn unparsed(doctype: &str) -> Vec<String> {
    let declared = doctype.split("<!ENTITY").skip(1).filter_map(|rest| {
        let declaration = rest.split('>').next()?;
        let mut words = xsd::tokens(declaration);
        let name = words.next()?;
        words.any(|word| word == "NDATA").then(|| name.to_owned())
    });
    declared.collect()
}

impl<'m> Check<'m> {
    pub(super) fn new(machine: &'m mut Machine, ids: &'m Ids) -> Self {
        let outside = machine.start;
        Self {
            machine,
            ids,
            open: Vec::new(),
            outside,
            failed: false,
            faults: Vec::new(),
            said: HashMap::new(),
            known: HashMap::new(),
            references: Vec::new(),
            entities: Vec::new(),
            attributes: HashMap::new(),
        }
    }

    /// True if nothing was wrong with the whole document.
    pub(super) fn accepted(mut self) -> bool {
        self.dangling();
        self.faults.is_empty() && !self.machine.arena.overflowed()
    }

    fn run<'t>(&mut self, parser: &mut Parser<'t>, watch: &mut dyn FnMut(&Event<'t>)) -> Result<(), Failure> {
        while let Some(event) = parser.next()? {
            watch(&event);
            let prefixes = |prefix: &str| parser.namespace(prefix).map(|uri| uri.to_string());
            match event {
                Event::Start { name, attributes, span, .. } => {
                    self.start(&name, attributes.iter(), span, &prefixes);
                    parser.reuse(attributes);
                }
                Event::End { span, .. } => self.end(span, &prefixes),
                Event::Text { text, span } => self.text(&text, span),
                Event::Doctype { text, .. } => self.doctype(text),
                Event::Comment { .. } | Event::Instruction { .. } => {}
            }
            if self.machine.arena.overflowed() {
                let message = "the schema leaves too many ways open for this document".to_owned();
                return Err(Failure::Limit { message, span: Span::default() });
            }
        }
        Ok(())
    }

    fn state(&self) -> P {
        self.open.last().map_or(self.outside, |open| open.state)
    }

    fn set(&mut self, state: P) {
        match self.open.last_mut() {
            Some(open) => open.state = state,
            None => self.outside = state,
        }
    }

    /// Takes a fault, unless it only follows from an earlier one: nothing is known within what is misplaced. What
    /// depends on the kind, the state and a name alone is worked out once.
    fn report(&mut self, about: Fresh, fault: impl FnOnce(&Machine, &[NameId], P) -> fault::Said, span: Span) {
        let state = self.state();
        if (self.failed && state == NOT_ALLOWED) || self.faults.len() >= FAULTS {
            return;
        }
        self.failed = true;
        let path = self.open.iter().map(|open| open.name).collect::<Vec<_>>();
        let key = (about, state, path.last().copied());
        let said = match self.said.get(&key) {
            Some(said) => said.clone(),
            None => {
                let said = fault(self.machine, &path, state);
                if about != Fresh::Always && self.said.len() < SAID {
                    self.said.insert(key, said.clone());
                }
                said
            }
        };
        self.push(said, span);
    }

    fn push(&mut self, said: fault::Said, span: Span) {
        if self.faults.len() >= FAULTS {
            return;
        }
        let fault::Said { code, message, hint, allowed, meant, about } = said;
        let about = about.or_else(|| self.open.last().map(|open| open.name));
        let element = about.map_or_else(
            || ("".into(), String::new()),
            |name| (self.machine.names.namespace(name), self.machine.names.get(name).1.to_owned()),
        );
        self.faults.push(Fault { code, message, hint, allowed, meant, element, path: String::new(), span });
    }

    /// A document type declaration.
    pub(in super::super) fn doctype(&mut self, text: &str) {
        self.entities = unparsed(text);
    }

    /// A start tag.
    pub(in super::super) fn start<'a, 't: 'a>(
        &mut self,
        name: &Name<'_>,
        attributes: impl Iterator<Item = &'a Attribute<'t>>,
        span: Span,
        prefixes: Prefixes<'_>,
    ) {
        if let Some((text, at)) = self.open.last_mut().and_then(|open| open.typed.take()) {
            self.untyped(&text, at);
        }
        let id = self.machine.names.id(name.uri(), name.local());
        let step = self.enter(id, span);
        self.open.push(Open { name: id, state: step.state, rests: step.rests, typed: None });
        for attribute in attributes.filter(|attribute| !attribute.is_declaration()) {
            self.attribute(attribute, prefixes);
        }
        let state = self.state();
        let mut closed = self.machine.close(state, false);
        if closed == NOT_ALLOWED {
            self.report(Fresh::MissingAttribute, fault::missing_attribute, span);
            closed = self.machine.close(state, true);
        }
        self.set(closed);
        let typed = self.machine.arena.traits(closed).typed;
        if let Some(open) = self.open.last_mut().filter(|_| typed) {
            open.typed = Some((String::new(), Span { file: span.file, start: span.end, end: span.end }));
        }
    }

    /// The state within an element, by its name; by what the schema says elsewhere if it may not stand here.
    fn enter(&mut self, name: NameId, span: Span) -> Step {
        let state = self.state();
        let step = self.machine.open(state, name);
        if step.state != NOT_ALLOWED {
            return step;
        }
        let skipping = self.machine.open_skipping(state, name);
        if skipping.state != NOT_ALLOWED {
            let fault = |machine: &Machine, path: &[NameId], state| fault::too_early(machine, path, state, name);
            self.report(Fresh::TooEarly(name), fault, span);
            return skipping;
        }
        let step = self.machine.open_anywhere(state, name);
        let known = step.state != NOT_ALLOWED;
        let fault = |machine: &Machine, path: &[NameId], state| fault::misplaced(machine, path, state, name, known);
        self.report(Fresh::Misplaced(name), fault, span);
        step
    }

    fn attribute(&mut self, attribute: &Attribute<'_>, prefixes: Prefixes<'_>) {
        let name = match self.attributes.get(attribute.name.qualified()) {
            // Without a prefix there is no namespace, so the name alone tells.
            Some(known) if attribute.name.prefix().is_none() => *known,
            _ => {
                let id = self.machine.names.id(attribute.name.uri(), attribute.name.local());
                self.attributes.insert(attribute.name.qualified().into(), id);
                id
            }
        };
        self.identify(name, attribute);
        let state = self.state();
        let derived = self.machine.attribute(state, name);
        if derived == NOT_ALLOWED {
            let fault =
                |machine: &Machine, path: &[NameId], state| fault::unknown_attribute(machine, path, state, name);
            self.report(Fresh::Attribute(name), fault, attribute.span);
            return;
        }
        let context = Context { namespace: prefixes, entities: &self.entities };
        let rest = self.machine.attribute_value(derived, &attribute.value, &context);
        if rest == NOT_ALLOWED {
            let value = &attribute.value;
            let fault = |machine: &Machine, path: &[NameId], _| fault::wrong_value(machine, path, derived, name, value);
            self.report(Fresh::Always, fault, attribute.span);
            let rest = self.machine.rests(derived);
            self.set(rest);
        } else {
            self.set(rest);
        }
    }

    /// Notes an id, or a reference to one.
    fn identify(&mut self, name: NameId, attribute: &Attribute<'_>) {
        let Some(element) = self.open.last().map(|open| open.name) else { return };
        let Some(kind) = self.ids.get(&(element, name)) else { return };
        let value = xsd::collapse(&attribute.value);
        match kind {
            Reference::Id => {
                if self.known.insert(value.clone().into_owned(), ()).is_some() {
                    self.push(fault::twice(&value), attribute.span);
                }
            }
            Reference::IdRef | Reference::IdRefs => {
                let all = xsd::tokens(&value).map(|token| (token.to_owned(), attribute.span));
                self.references.extend(all);
            }
        }
    }

    /// References to ids that no element has.
    fn dangling(&mut self) {
        for (value, span) in std::mem::take(&mut self.references) {
            if !self.known.contains_key(&value) {
                self.push(fault::dangling(&value), span);
            }
        }
    }

    /// Text.
    pub(in super::super) fn text(&mut self, text: &str, span: Span) {
        if let Some((gathered, at)) = self.open.last_mut().and_then(|open| open.typed.as_mut()) {
            if gathered.is_empty() {
                *at = span;
            }
            gathered.push_str(text);
            at.end = span.end;
            return;
        }
        self.untyped(text, span);
    }

    fn untyped(&mut self, text: &str, span: Span) {
        if is_space(text) {
            return;
        }
        let state = self.state();
        let derived = self.machine.text(state);
        if derived == NOT_ALLOWED {
            // The words, not the indentation before them.
            let blank = text.len() - text.trim_start().len();
            let start = span.start.saturating_add(blank as u32).min(span.end.saturating_sub(1));
            self.report(Fresh::Text, fault::text, Span { start, ..span });
        } else {
            self.set(derived);
        }
    }

    /// An end tag.
    pub(in super::super) fn end(&mut self, span: Span, prefixes: Prefixes<'_>) {
        let Some(open) = self.open.last_mut() else { return };
        if let Some((text, at)) = open.typed.take() {
            return self.end_typed(&text, at, span, prefixes);
        }
        let (state, rests) = (open.state, Arc::clone(&open.rests));
        let mut rest = self.machine.end(state, &rests);
        if rest == NOT_ALLOWED {
            // It may only be not allowed because nothing is known around the element.
            if !self.machine.is_complete(state) {
                self.report(Fresh::Unfinished, fault::unfinished, span);
            }
            rest = self.machine.end_anyway(&rests);
        }
        self.open.pop();
        self.set(rest);
    }

    /// The end of an element that holds nothing but text, which may be of a datatype.
    fn end_typed(&mut self, text: &str, at: Span, span: Span, prefixes: Prefixes<'_>) {
        let Some(open) = self.open.last() else { return };
        let (state, rests) = (open.state, Arc::clone(&open.rests));
        let context = Context { namespace: prefixes, entities: &self.entities };
        let mut derived = self.machine.text_as_data(state, text, &context);
        if is_space(text) {
            derived = self.machine.arena.choice([derived, state]);
        }
        let mut rest = self.machine.end(derived, &rests);
        if rest == NOT_ALLOWED {
            if !self.machine.is_complete(derived) {
                let span = if is_space(text) { span } else { at };
                let fault = |machine: &Machine, path: &[NameId], state| fault::wrong_text(machine, path, state, text);
                self.report(Fresh::Always, fault, span);
            }
            rest = self.machine.end_anyway(&rests);
        }
        self.open.pop();
        self.set(rest);
    }
}

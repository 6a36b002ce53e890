//! Derivatives of patterns: what is still to come once a tag, an attribute or text was seen (J. Clark, "An
//! algorithm for RELAX NG validation"). Each is worked out once for a pattern and a name.
//!
//! An open element keeps what comes behind it in a list of its own, and its pattern refers to places in that
//! list: so patterns never know how deep they stand, and the memory of a run grows with depth alone.

use std::sync::Arc;

use foldhash::{HashMap, HashMapExt as _};

use super::names::{NameId, Names};
use super::pattern::{Arena, EMPTY, NOT_ALLOWED, P, Pattern, TEXT};
use super::spelt::Spelt;
use super::xsd::{Context, Facts};

/// What an element begins with, and what comes behind it, alternative by alternative.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) state: P,
    pub(super) rests: Arc<[P]>,
}

/// How the rest of a pattern is joined to what comes behind an alternative.
#[derive(Clone, Copy)]
enum Join {
    GroupBefore(P),
    GroupBehind(P),
    Interleave(P),
    After(P),
}

/// A schema with all the derivatives that were asked for so far.
#[derive(Clone, Debug)]
pub(super) struct Machine {
    pub(super) arena: Arena,
    pub(super) names: Names,
    pub(super) start: P,
    pub(super) facts: Facts,
    steps: HashMap<(P, NameId), Step>,
    opens: HashMap<(P, NameId), P>,
    recoveries: HashMap<(P, NameId), P>,
    attributes: HashMap<(P, NameId), P>,
    found: HashMap<NameId, P>,
    closes: Vec<P>,
    texts: Vec<P>,
    spelt: Spelt,
}

/// Marks a derivative that was not worked out yet.
const UNKNOWN: P = P(u32::MAX);

impl Machine {
    pub(super) fn new(arena: Arena, names: Names, start: P) -> Self {
        Self {
            arena,
            names,
            start,
            facts: Facts::default(),
            steps: HashMap::new(),
            opens: HashMap::new(),
            recoveries: HashMap::new(),
            attributes: HashMap::new(),
            found: HashMap::new(),
            closes: Vec::new(),
            texts: Vec::new(),
            spelt: Spelt::default(),
        }
    }

    /// True if it holds so much that a fresh one is better.
    pub(super) fn is_worn(&self) -> bool {
        self.arena.overflowed() || self.arena.len() > 400_000 || self.names.len() > 100_000
    }

    /// What an element of this name begins with where `state` stands; not allowed if none may stand there.
    pub(super) fn open(&mut self, state: P, name: NameId) -> Step {
        if let Some(step) = self.steps.get(&(state, name)) {
            return step.clone();
        }
        let derived = self.start_tag(state, name, false);
        let step = self.step(derived);
        self.steps.insert((state, name), step.clone());
        step
    }

    /// As [`Self::open`], as if what is required before the element had been there.
    pub(super) fn open_skipping(&mut self, state: P, name: NameId) -> Step {
        let derived = self.start_tag(state, name, true);
        self.step(derived)
    }

    /// What an element of this name begins with anywhere in the schema; behind it comes what came before.
    pub(super) fn open_anywhere(&mut self, state: P, name: NameId) -> Step {
        let content = match self.found.get(&name) {
            Some(content) => *content,
            None => {
                let content = self.find(name);
                self.found.insert(name, content);
                content
            }
        };
        let hole = self.arena.hole(0);
        Step { state: self.arena.after(content, hole), rests: [state].into() }
    }

    fn find(&mut self, name: NameId) -> P {
        let mut best = 0;
        let mut contents = Vec::new();
        for element in &self.arena.elements {
            let Some(precision) = element.names.precision(name, &self.names) else { continue };
            if precision > best {
                contents.clear();
                best = precision;
            }
            if precision == best {
                contents.push(element.content);
            }
        }
        self.arena.choice(contents)
    }

    /// Moves what comes behind an element out of its pattern into a list.
    fn step(&mut self, derived: P) -> Step {
        let mut rests = Vec::new();
        let mut alternatives = Vec::new();
        for p in self.alternatives(derived) {
            if let Pattern::After(content, rest) = *self.arena.get(p) {
                let place = rests.iter().position(|known| *known == rest).unwrap_or_else(|| {
                    rests.push(rest);
                    rests.len() - 1
                });
                let hole = self.arena.hole(place);
                alternatives.push(self.arena.after(content, hole));
            }
        }
        Step { state: self.arena.choice(alternatives), rests: rests.into() }
    }

    /// The alternatives of a pattern; the pattern itself if it is no choice.
    fn alternatives(&self, p: P) -> Vec<P> {
        match self.arena.get(p) {
            Pattern::NotAllowed => Vec::new(),
            Pattern::Choice(all) => all.to_vec(),
            _ => vec![p],
        }
    }

    fn start_tag(&mut self, p: P, name: NameId, skipping: bool) -> P {
        if let Pattern::Element(number) = *self.arena.get(p) {
            let element = &self.arena.elements[number as usize];
            return if element.names.contains(name, &self.names) {
                let content = element.content;
                self.arena.after(content, EMPTY)
            } else {
                NOT_ALLOWED
            };
        }
        let known = if skipping { &self.recoveries } else { &self.opens };
        if let Some(derived) = known.get(&(p, name)) {
            return *derived;
        }
        let derived = match self.arena.get(p).clone() {
            Pattern::Choice(all) => {
                let all = all.iter().map(|p| self.start_tag(*p, name, skipping)).collect::<Vec<_>>();
                self.arena.choice(all)
            }
            Pattern::Group(a, b) => {
                let first = self.start_tag(a, name, skipping);
                let first = self.join(first, Join::GroupBehind(b));
                if skipping || self.arena.nullable(a) {
                    let second = self.start_tag(b, name, skipping);
                    self.arena.choice([first, second])
                } else {
                    first
                }
            }
            Pattern::Interleave(a, b) => {
                let first = self.start_tag(a, name, skipping);
                let first = self.join(first, Join::Interleave(b));
                let second = self.start_tag(b, name, skipping);
                let second = self.join(second, Join::Interleave(a));
                self.arena.choice([first, second])
            }
            Pattern::OneOrMore(a) => {
                let first = self.start_tag(a, name, skipping);
                let again = self.arena.choice([p, EMPTY]);
                self.join(first, Join::GroupBehind(again))
            }
            Pattern::After(a, b) => {
                let first = self.start_tag(a, name, skipping);
                self.join(first, Join::After(b))
            }
            _ => return NOT_ALLOWED,
        };
        let known = if skipping { &mut self.recoveries } else { &mut self.opens };
        known.insert((p, name), derived);
        derived
    }

    /// Joins something to what comes behind each alternative.
    fn join(&mut self, p: P, join: Join) -> P {
        let mut joined = Vec::new();
        for alternative in self.alternatives(p) {
            if let Pattern::After(content, rest) = *self.arena.get(alternative) {
                let rest = match join {
                    Join::GroupBefore(a) => self.arena.group(a, rest),
                    Join::GroupBehind(b) => self.arena.group(rest, b),
                    Join::Interleave(other) => self.arena.interleave(rest, other),
                    Join::After(b) => self.arena.after(rest, b),
                };
                joined.push(self.arena.after(content, rest));
            }
        }
        self.arena.choice(joined)
    }

    /// What is still to come behind an attribute's name: its value, and then the rest.
    pub(super) fn attribute(&mut self, p: P, name: NameId) -> P {
        if !self.arena.traits(p).attributes {
            return NOT_ALLOWED;
        }
        if let Pattern::Attribute(class, content) = *self.arena.get(p) {
            let allowed = self.arena.classes[class as usize].contains(name, &self.names);
            return if allowed { self.arena.after(content, EMPTY) } else { NOT_ALLOWED };
        }
        if let Some(derived) = self.attributes.get(&(p, name)) {
            return *derived;
        }
        let derived = match self.arena.get(p).clone() {
            Pattern::Choice(all) => {
                let all = all.iter().map(|p| self.attribute(*p, name)).collect::<Vec<_>>();
                self.arena.choice(all)
            }
            Pattern::Group(a, b) => {
                let first = self.attribute(a, name);
                let first = self.join(first, Join::GroupBehind(b));
                let second = self.attribute(b, name);
                let second = self.join(second, Join::GroupBefore(a));
                self.arena.choice([first, second])
            }
            Pattern::Interleave(a, b) => {
                let first = self.attribute(a, name);
                let first = self.join(first, Join::Interleave(b));
                let second = self.attribute(b, name);
                let second = self.join(second, Join::Interleave(a));
                self.arena.choice([first, second])
            }
            Pattern::OneOrMore(a) => {
                let first = self.attribute(a, name);
                let again = self.arena.choice([p, EMPTY]);
                self.join(first, Join::GroupBehind(again))
            }
            Pattern::After(a, b) => {
                let first = self.attribute(a, name);
                self.join(first, Join::After(b))
            }
            _ => return NOT_ALLOWED,
        };
        self.attributes.insert((p, name), derived);
        derived
    }

    /// What is left behind an attribute's value; not allowed if the value is wrong.
    pub(super) fn attribute_value(&mut self, p: P, value: &str, context: &Context<'_>) -> P {
        // Mostly there is but one alternative.
        if let Pattern::After(content, rest) = *self.arena.get(p) {
            return if self.matches(content, value, context) { rest } else { NOT_ALLOWED };
        }
        let right = self.alternatives(p).into_iter().filter_map(|alternative| match *self.arena.get(alternative) {
            Pattern::After(content, rest) => Some((content, rest)),
            _ => None,
        });
        let right = right.collect::<Vec<_>>();
        let right = right.into_iter().filter(|(content, _)| self.matches(*content, value, context));
        let right = right.map(|(_, rest)| rest).collect::<Vec<_>>();
        self.arena.choice(right)
    }

    /// True if a value as a whole is what a pattern asks for.
    pub(super) fn matches(&mut self, p: P, value: &str, context: &Context<'_>) -> bool {
        if p == TEXT || (self.arena.nullable(p) && crate::xml::is_space(value)) {
            return true;
        }
        if let Some(verdict) = self.spelt.verdict(&self.arena, p, value) {
            return verdict;
        }
        let derived = self.text_as_data(p, value, context);
        let verdict = self.arena.nullable(derived);
        self.spelt.remember(p, value, verdict);
        verdict
    }

    /// What all alternatives leave behind the open element or the attribute, whether it is complete or not.
    pub(super) fn rests(&mut self, p: P) -> P {
        let rests = self.alternatives(p).into_iter().filter_map(|alternative| match *self.arena.get(alternative) {
            Pattern::After(_, rest) => Some(rest),
            _ => None,
        });
        let rests = rests.collect::<Vec<_>>();
        self.arena.choice(rests)
    }

    /// The pattern behind the start tag: no more attributes. With `forgiving`, missing ones don't matter.
    pub(super) fn close(&mut self, p: P, forgiving: bool) -> P {
        if !self.arena.traits(p).attributes {
            return p;
        }
        if !forgiving {
            if self.closes.len() <= p.0 as usize {
                self.closes.resize(self.arena.len().max(p.0 as usize + 1), UNKNOWN);
            }
            if self.closes[p.0 as usize] != UNKNOWN {
                return self.closes[p.0 as usize];
            }
        }
        let closed = match self.arena.get(p).clone() {
            Pattern::Attribute(..) => {
                if forgiving {
                    EMPTY
                } else {
                    NOT_ALLOWED
                }
            }
            Pattern::Choice(all) => {
                let all = all.iter().map(|p| self.close(*p, forgiving)).collect::<Vec<_>>();
                self.arena.choice(all)
            }
            Pattern::Group(a, b) => {
                let (a, b) = (self.close(a, forgiving), self.close(b, forgiving));
                self.arena.group(a, b)
            }
            Pattern::Interleave(a, b) => {
                let (a, b) = (self.close(a, forgiving), self.close(b, forgiving));
                self.arena.interleave(a, b)
            }
            Pattern::OneOrMore(a) => {
                let a = self.close(a, forgiving);
                self.arena.one_or_more(a)
            }
            Pattern::After(a, b) => {
                let a = self.close(a, forgiving);
                self.arena.after(a, b)
            }
            _ => p,
        };
        if !forgiving {
            if self.closes.len() <= p.0 as usize {
                self.closes.resize(p.0 as usize + 1, UNKNOWN);
            }
            self.closes[p.0 as usize] = closed;
        }
        closed
    }

    /// What is left behind text that stands between elements.
    pub(super) fn text(&mut self, p: P) -> P {
        if self.texts.len() <= p.0 as usize {
            self.texts.resize(self.arena.len().max(p.0 as usize + 1), UNKNOWN);
        }
        if self.texts[p.0 as usize] != UNKNOWN {
            return self.texts[p.0 as usize];
        }
        let derived = self.text_derivative(p, &mut Self::text, |_, _| NOT_ALLOWED);
        self.texts[p.0 as usize] = derived;
        derived
    }

    /// What is left behind text that is all an element or attribute holds.
    pub(super) fn text_as_data(&mut self, p: P, text: &str, context: &Context<'_>) -> P {
        self.text_derivative(p, &mut |machine, p| machine.text_as_data(p, text, context), |machine, p| {
            match machine.arena.get(p).clone() {
                Pattern::Value(number) => {
                    if machine.arena.values[number as usize].equals(text, context) {
                        EMPTY
                    } else {
                        NOT_ALLOWED
                    }
                }
                Pattern::Data(number, except) => {
                    let allowed = machine.facts.allows(number, &machine.arena.data[number as usize], text, context);
                    if allowed && !except.is_some_and(|except| machine.matches(except, text, context)) {
                        EMPTY
                    } else {
                        NOT_ALLOWED
                    }
                }
                Pattern::List(mut items) => {
                    for token in super::xsd::tokens(text) {
                        items = machine.text_as_data(items, token, context);
                    }
                    if machine.arena.nullable(items) { EMPTY } else { NOT_ALLOWED }
                }
                _ => NOT_ALLOWED,
            }
        })
    }

    fn text_derivative(
        &mut self,
        p: P,
        again: &mut dyn FnMut(&mut Self, P) -> P,
        leaf: impl FnOnce(&mut Self, P) -> P,
    ) -> P {
        match self.arena.get(p).clone() {
            Pattern::Text => p,
            Pattern::Choice(all) => {
                let all = all.iter().map(|p| again(self, *p)).collect::<Vec<_>>();
                self.arena.choice(all)
            }
            Pattern::Group(a, b) => {
                let first = again(self, a);
                let first = self.arena.group(first, b);
                if self.arena.nullable(a) {
                    let second = again(self, b);
                    self.arena.choice([first, second])
                } else {
                    first
                }
            }
            Pattern::Interleave(a, b) => {
                let first = again(self, a);
                let first = self.arena.interleave(first, b);
                let second = again(self, b);
                let second = self.arena.interleave(a, second);
                self.arena.choice([first, second])
            }
            Pattern::OneOrMore(a) => {
                let first = again(self, a);
                let more = self.arena.choice([p, EMPTY]);
                self.arena.group(first, more)
            }
            Pattern::After(a, b) => {
                let a = again(self, a);
                self.arena.after(a, b)
            }
            Pattern::NotAllowed | Pattern::Empty | Pattern::Hole(_) | Pattern::Element(_) | Pattern::Attribute(..) => {
                NOT_ALLOWED
            }
            Pattern::Value(_) | Pattern::Data(..) | Pattern::List(_) => leaf(self, p),
        }
    }

    /// What comes behind the open element if it may end here, by the list of its step.
    pub(super) fn end(&mut self, state: P, rests: &[P]) -> P {
        match *self.arena.get(state) {
            Pattern::After(content, rest) => {
                if self.arena.nullable(content) {
                    self.fill(rest, rests)
                } else {
                    NOT_ALLOWED
                }
            }
            Pattern::Choice(_) => {
                let ends = self.alternatives(state).into_iter().map(|p| self.end(p, rests)).collect::<Vec<_>>();
                self.arena.choice(ends)
            }
            _ => NOT_ALLOWED,
        }
    }

    /// True if the open element may end here, whatever stands around it.
    pub(super) fn is_complete(&self, state: P) -> bool {
        self.alternatives(state).into_iter().any(|p| match self.arena.get(p) {
            Pattern::After(content, _) => self.arena.nullable(*content),
            _ => false,
        })
    }

    /// What comes behind the open element, complete or not.
    pub(super) fn end_anyway(&mut self, rests: &[P]) -> P {
        self.arena.choice(rests.iter().copied())
    }

    /// Puts what comes behind an element in its place.
    fn fill(&mut self, rest: P, rests: &[P]) -> P {
        match *self.arena.get(rest) {
            Pattern::Hole(place) => rests.get(place as usize).copied().unwrap_or(NOT_ALLOWED),
            Pattern::Choice(_) => {
                let filled = self.alternatives(rest).into_iter().map(|p| self.fill(p, rests)).collect::<Vec<_>>();
                self.arena.choice(filled)
            }
            _ => rest,
        }
    }
}

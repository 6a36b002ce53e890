//! Patterns as numbers: equal patterns have equal numbers, so that comparing is cheap and derivatives can be
//! remembered. Every pattern is kept in a normal form (RELAX NG §4.20, §4.21).

use foldhash::{HashMap, HashMapExt as _};

use super::names::NameClass;
use super::xsd::{Datum, Literal};

/// The number of a pattern within one [`Arena`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct P(pub(super) u32);

pub(super) const NOT_ALLOWED: P = P(0);
pub(super) const EMPTY: P = P(1);
pub(super) const TEXT: P = P(2);

/// How deep patterns may nest: derivatives recurse.
const DEPTH: u32 = 1500;
/// How many patterns there may be before a schema counts as hostile.
const PATTERNS: usize = 1_500_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Pattern {
    NotAllowed,
    Empty,
    Text,
    /// Two or more, none of them a choice, in ascending order.
    Choice(Box<[P]>),
    Interleave(P, P),
    Group(P, P),
    OneOrMore(P),
    List(P),
    /// The number of a datatype, and an exception.
    Data(u32, Option<P>),
    /// The number of a value.
    Value(u32),
    /// The number of a name class, and the content.
    Attribute(u32, P),
    /// The number of an element.
    Element(u32),
    /// What is still to come within the open element, and what comes behind it.
    After(P, P),
    /// What comes behind the open element, by its place in a list.
    Hole(u32),
}

/// What derivatives ask for again and again.
#[derive(Clone, Copy, Debug)]
pub(super) struct Traits {
    pub(super) nullable: bool,
    /// Attributes stand in it, outside of its elements.
    pub(super) attributes: bool,
    /// Data, values or lists stand in it, outside of its elements and attributes.
    pub(super) typed: bool,
    depth: u32,
}

/// An element that a schema describes.
#[derive(Clone, Debug)]
pub(super) struct ElementPattern {
    pub(super) names: NameClass,
    pub(super) content: P,
}

/// All patterns of a schema and their derivatives.
#[derive(Clone, Debug)]
pub(super) struct Arena {
    patterns: Vec<Pattern>,
    traits: Vec<Traits>,
    known: HashMap<Pattern, P>,
    pub(super) elements: Vec<ElementPattern>,
    pub(super) classes: Vec<NameClass>,
    pub(super) data: Vec<Datum>,
    pub(super) values: Vec<Literal>,
    overflow: bool,
}

impl Default for Arena {
    fn default() -> Self {
        let mut arena = Self {
            patterns: Vec::new(),
            traits: Vec::new(),
            known: HashMap::new(),
            elements: Vec::new(),
            classes: Vec::new(),
            data: Vec::new(),
            values: Vec::new(),
            overflow: false,
        };
        for pattern in [Pattern::NotAllowed, Pattern::Empty, Pattern::Text] {
            arena.intern(pattern);
        }
        arena
    }
}

impl Arena {
    pub(super) fn get(&self, p: P) -> &Pattern {
        &self.patterns[p.0 as usize]
    }

    pub(super) fn traits(&self, p: P) -> Traits {
        self.traits[p.0 as usize]
    }

    pub(super) fn nullable(&self, p: P) -> bool {
        self.traits(p).nullable
    }

    pub(super) fn len(&self) -> usize {
        self.patterns.len()
    }

    /// True if patterns grew beyond what any sensible schema needs; what is derived then means nothing.
    pub(super) fn overflowed(&self) -> bool {
        self.overflow
    }

    fn intern(&mut self, pattern: Pattern) -> P {
        if let Some(known) = self.known.get(&pattern) {
            return *known;
        }
        let traits = self.traits_of(&pattern);
        if traits.depth > DEPTH || self.patterns.len() > PATTERNS {
            self.overflow = true;
            return NOT_ALLOWED;
        }
        let p = P(self.patterns.len() as u32);
        self.patterns.push(pattern.clone());
        self.traits.push(traits);
        self.known.insert(pattern, p);
        p
    }

    fn traits_of(&self, pattern: &Pattern) -> Traits {
        let leaf = Traits { nullable: false, attributes: false, typed: false, depth: 1 };
        let of = |p: &P| self.traits(*p);
        let join = |all: &[P], nullable: bool| Traits {
            nullable,
            attributes: all.iter().any(|p| of(p).attributes),
            typed: all.iter().any(|p| of(p).typed),
            depth: 1 + all.iter().map(|p| of(p).depth).max().unwrap_or(0),
        };
        match pattern {
            Pattern::Empty | Pattern::Text => Traits { nullable: true, ..leaf },
            Pattern::NotAllowed | Pattern::Element(_) | Pattern::Hole(_) => leaf,
            Pattern::Choice(all) => join(all, all.iter().any(|p| of(p).nullable)),
            Pattern::Group(a, b) | Pattern::Interleave(a, b) => join(&[*a, *b], of(a).nullable && of(b).nullable),
            Pattern::OneOrMore(a) => join(&[*a], of(a).nullable),
            Pattern::List(_) | Pattern::Data(..) | Pattern::Value(_) => Traits { typed: true, ..leaf },
            Pattern::Attribute(..) => Traits { attributes: true, ..leaf },
            Pattern::After(a, b) => Traits { depth: 1 + of(a).depth.max(of(b).depth), ..join(&[*a], false) },
        }
    }

    /// Any one of several. Alternatives that go on alike behind the same content become one.
    pub(super) fn choice(&mut self, alternatives: impl IntoIterator<Item = P>) -> P {
        let mut all = Vec::new();
        for p in alternatives {
            match self.get(p) {
                Pattern::NotAllowed => {}
                Pattern::Choice(inner) => all.extend_from_slice(inner),
                _ => all.push(p),
            }
        }
        all.sort_unstable();
        all.dedup();
        if all.len() > 1 && all.iter().any(|p| matches!(self.get(*p), Pattern::After(..))) {
            all = self.merge_afters(all);
        }
        // `empty` adds nothing to what may be empty anyway.
        if all.len() > 1 && all[0] == EMPTY && all[1..].iter().any(|p| self.nullable(*p)) {
            all.remove(0);
        }
        match all.as_slice() {
            [] => NOT_ALLOWED,
            [one] => *one,
            _ => self.intern(Pattern::Choice(all.into())),
        }
    }

    fn merge_afters(&mut self, all: Vec<P>) -> Vec<P> {
        let mut merged: Vec<P> = Vec::with_capacity(all.len());
        let mut afters: Vec<(P, Vec<P>)> = Vec::new();
        let mut places: HashMap<P, usize> = HashMap::new();
        for p in all {
            match *self.get(p) {
                Pattern::After(content, rest) => {
                    let place = *places.entry(content).or_insert_with(|| {
                        afters.push((content, Vec::new()));
                        afters.len() - 1
                    });
                    afters[place].1.push(rest);
                }
                _ => merged.push(p),
            }
        }
        for (content, rests) in afters {
            let rest = if rests.len() == 1 { rests[0] } else { self.choice(rests) };
            merged.push(self.after(content, rest));
        }
        merged.sort_unstable();
        merged.dedup();
        merged
    }

    pub(super) fn group(&mut self, a: P, b: P) -> P {
        match (a, b) {
            (NOT_ALLOWED, _) | (_, NOT_ALLOWED) => NOT_ALLOWED,
            (EMPTY, other) | (other, EMPTY) => other,
            _ => self.intern(Pattern::Group(a, b)),
        }
    }

    /// A group of many, balanced so that it doesn't grow deep.
    pub(super) fn group_all(&mut self, all: &[P]) -> P {
        self.balanced(all, EMPTY, Self::group)
    }

    /// An interleave of many.
    pub(super) fn interleave_all(&mut self, all: &[P]) -> P {
        self.balanced(all, EMPTY, Self::interleave)
    }

    fn balanced(&mut self, all: &[P], none: P, join: fn(&mut Self, P, P) -> P) -> P {
        match all {
            [] => none,
            [one] => *one,
            _ => {
                let (left, right) = all.split_at(all.len() / 2);
                let left = self.balanced(left, none, join);
                let right = self.balanced(right, none, join);
                join(self, left, right)
            }
        }
    }

    pub(super) fn interleave(&mut self, a: P, b: P) -> P {
        match (a, b) {
            (NOT_ALLOWED, _) | (_, NOT_ALLOWED) => NOT_ALLOWED,
            (EMPTY, other) | (other, EMPTY) => other,
            _ => self.intern(Pattern::Interleave(a.min(b), a.max(b))),
        }
    }

    pub(super) fn one_or_more(&mut self, a: P) -> P {
        match self.get(a) {
            Pattern::NotAllowed | Pattern::Empty | Pattern::Text | Pattern::OneOrMore(_) => a,
            _ => self.intern(Pattern::OneOrMore(a)),
        }
    }

    pub(super) fn after(&mut self, content: P, rest: P) -> P {
        match (content, rest) {
            (NOT_ALLOWED, _) | (_, NOT_ALLOWED) => NOT_ALLOWED,
            _ => self.intern(Pattern::After(content, rest)),
        }
    }

    pub(super) fn hole(&mut self, number: usize) -> P {
        self.intern(Pattern::Hole(number as u32))
    }

    pub(super) fn list(&mut self, a: P) -> P {
        if a == NOT_ALLOWED { a } else { self.intern(Pattern::List(a)) }
    }

    pub(super) fn attribute(&mut self, names: NameClass, content: P) -> P {
        if content == NOT_ALLOWED {
            return content;
        }
        let class = match self.classes.iter().position(|class| *class == names) {
            Some(known) => known,
            None => {
                self.classes.push(names);
                self.classes.len() - 1
            }
        };
        self.intern(Pattern::Attribute(class as u32, content))
    }

    /// An element whose content is not known yet.
    pub(super) fn element(&mut self, names: NameClass) -> (u32, P) {
        let number = self.elements.len() as u32;
        self.elements.push(ElementPattern { names, content: NOT_ALLOWED });
        (number, self.intern(Pattern::Element(number)))
    }

    pub(super) fn datum(&mut self, datum: Datum, except: Option<P>) -> P {
        let number = match self.data.iter().position(|known| *known == datum) {
            Some(known) => known,
            None => {
                self.data.push(datum);
                self.data.len() - 1
            }
        };
        self.intern(Pattern::Data(number as u32, except))
    }

    pub(super) fn value(&mut self, literal: Literal) -> P {
        let number = match self.values.iter().position(|known| *known == literal) {
            Some(known) => known,
            None => {
                self.values.push(literal);
                self.values.len() - 1
            }
        };
        self.intern(Pattern::Value(number as u32))
    }
}

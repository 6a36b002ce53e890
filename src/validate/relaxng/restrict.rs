//! What a schema may not say though its syntax is right (RELAX NG §7): patterns out of place, attributes twice,
//! text beside data, elements that an interleave can't tell apart.

use std::collections::{HashMap, HashSet};

use super::names::{NameClass, Names};
use super::pattern::{Arena, P, Pattern, TEXT};

/// Where a pattern stands, within one element (§7.1).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Within {
    start: bool,
    attribute: bool,
    list: bool,
    except: bool,
    /// In `oneOrMore`.
    repeated: bool,
    /// In `group` or `interleave` in `oneOrMore`.
    repeated_group: bool,
}

/// What kind of content a pattern describes (§7.2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Empty,
    Complex,
    Simple,
}

/// The work on one schema.
pub(super) struct Restrictions<'a> {
    arena: &'a Arena,
    names: &'a Names,
    seen: HashSet<(P, Within)>,
    kinds: HashMap<P, Kind>,
    /// The classes of names of the attributes in a pattern, and of the elements.
    attributes: HashMap<P, Vec<u32>>,
    elements: HashMap<P, Vec<u32>>,
    texts: HashMap<P, bool>,
    reached: Vec<u32>,
}

impl<'a> Restrictions<'a> {
    pub(super) fn new(arena: &'a Arena, names: &'a Names) -> Self {
        Self {
            arena,
            names,
            seen: HashSet::new(),
            kinds: HashMap::new(),
            attributes: HashMap::new(),
            elements: HashMap::new(),
            texts: HashMap::new(),
            reached: Vec::new(),
        }
    }

    /// Checks what can be reached from a start.
    ///
    /// # Errors
    /// What is wrong, and the number of the element in which; none for the start itself.
    pub(super) fn check(mut self, start: P) -> Result<(), (String, Option<u32>)> {
        self.place(start, Within { start: true, ..Within::default() }).map_err(|wrong| (wrong, None))?;
        let mut at = 0;
        let mut known = self.reached.iter().copied().collect::<HashSet<_>>();
        while at < self.reached.len() {
            let number = self.reached[at];
            at += 1;
            let content = self.arena.elements[number as usize].content;
            let before = self.reached.len();
            let checked = self.place(content, Within::default()).and_then(|()| self.kind(content).map(|_| ()));
            checked.map_err(|wrong| (wrong, Some(number)))?;
            let new = self.reached.split_off(before);
            self.reached.extend(new.into_iter().filter(|number| known.insert(*number)));
        }
        Ok(())
    }

    /// §7.1: what may not stand in what; §7.3 and §7.4 on the way.
    fn place(&mut self, p: P, within: Within) -> Result<(), String> {
        if !self.seen.insert((p, within)) {
            return Ok(());
        }
        let arena = self.arena;
        let pattern = arena.get(p);
        forbidden(pattern, within)?;
        match pattern {
            Pattern::Element(number) => self.reached.push(*number),
            Pattern::Choice(all) => {
                for p in all {
                    self.place(*p, within)?;
                }
            }
            Pattern::Group(a, b) | Pattern::Interleave(a, b) => {
                let inner = Within { repeated_group: within.repeated, ..within };
                self.place(*a, inner)?;
                self.place(*b, inner)?;
                self.distinct_attributes(*a, *b)?;
                if matches!(pattern, Pattern::Interleave(..)) {
                    self.distinct_elements(*a, *b)?;
                }
            }
            Pattern::OneOrMore(a) => self.place(*a, Within { repeated: true, ..within })?,
            Pattern::List(a) => self.place(*a, Within { list: true, ..within })?,
            Pattern::Attribute(class, content) => {
                if arena.classes[*class as usize].is_open() && !within.repeated {
                    return Err("an attribute of any name must stand in `oneOrMore`".to_owned());
                }
                self.place(*content, Within { attribute: true, ..Within::default() })?;
                self.kind(*content)?;
            }
            Pattern::Data(_, Some(except)) => self.place(*except, Within { except: true, ..Within::default() })?,
            _ => {}
        }
        Ok(())
    }

    /// §7.2: data and values stand alone.
    fn kind(&mut self, p: P) -> Result<Kind, String> {
        if let Some(known) = self.kinds.get(&p) {
            return Ok(*known);
        }
        let arena = self.arena;
        let together = |one: Kind, other: Kind| {
            let simple = one == Kind::Simple || other == Kind::Simple;
            if simple && one != Kind::Empty && other != Kind::Empty {
                return Err("data and values may not stand beside elements, text or other data".to_owned());
            }
            Ok(one.max(other))
        };
        let kind = match arena.get(p) {
            Pattern::Data(..) | Pattern::Value(_) | Pattern::List(_) => Kind::Simple,
            Pattern::Text | Pattern::Element(_) => Kind::Complex,
            Pattern::Choice(all) => {
                let mut kind = Kind::Empty;
                for p in all {
                    kind = kind.max(self.kind(*p)?);
                }
                kind
            }
            Pattern::Group(a, b) | Pattern::Interleave(a, b) => together(self.kind(*a)?, self.kind(*b)?)?,
            Pattern::OneOrMore(a) => {
                let kind = self.kind(*a)?;
                together(kind, kind)?
            }
            _ => Kind::Empty,
        };
        self.kinds.insert(p, kind);
        Ok(kind)
    }

    /// §7.3: no element has two attributes of one name.
    fn distinct_attributes(&mut self, a: P, b: P) -> Result<(), String> {
        if !self.arena.traits(a).attributes || !self.arena.traits(b).attributes {
            return Ok(());
        }
        let (one, other) = (self.attribute_classes(a), self.attribute_classes(b));
        let classes = &self.arena.classes;
        match self.common(&one, &other, &|class| &classes[class as usize]) {
            Some(name) => Err(format!("the attribute {name} may stand twice")),
            None => Ok(()),
        }
    }

    /// §7.4: an interleave can tell by an element's name to which of its parts it belongs, and only one has text.
    fn distinct_elements(&mut self, a: P, b: P) -> Result<(), String> {
        if self.has_text(a) && self.has_text(b) {
            return Err("two parts of an interleave have text".to_owned());
        }
        let (one, other) = (self.element_classes(a), self.element_classes(b));
        let elements = &self.arena.elements;
        match self.common(&one, &other, &|number| &elements[number as usize].names) {
            Some(name) => Err(format!("two parts of an interleave have the element {name}")),
            None => Ok(()),
        }
    }

    /// A name that classes of both sides have, in words.
    fn common(&self, one: &[u32], other: &[u32], class: &dyn Fn(u32) -> &'a NameClass) -> Option<String> {
        let single = |number: &u32| match class(*number) {
            NameClass::Name(name) => Some(*name),
            _ => None,
        };
        let names = one.iter().filter_map(single).collect::<HashSet<_>>();
        if let Some(name) = other.iter().filter_map(single).find(|name| names.contains(name)) {
            return Some(format!("`{}`", self.names.get(name).1));
        }
        // Only classes that are no single name are compared one by one.
        let open = |all: &[u32]| all.iter().copied().filter(|number| single(number).is_none()).collect::<Vec<_>>();
        let overlaps = |wide: &[u32], all: &[u32]| {
            wide.iter().any(|wide| all.iter().any(|number| class(*wide).overlaps(class(*number), self.names)))
        };
        (overlaps(&open(one), other) || overlaps(&open(other), one)).then(|| "of some name".to_owned())
    }

    fn attribute_classes(&mut self, p: P) -> Vec<u32> {
        if let Some(known) = self.attributes.get(&p) {
            return known.clone();
        }
        let mut found = match self.arena.get(p) {
            Pattern::Attribute(class, _) => vec![*class],
            _ => self.parts(p).into_iter().flat_map(|part| self.attribute_classes(part)).collect(),
        };
        found.sort_unstable();
        found.dedup();
        self.attributes.insert(p, found.clone());
        found
    }

    fn element_classes(&mut self, p: P) -> Vec<u32> {
        if let Some(known) = self.elements.get(&p) {
            return known.clone();
        }
        let mut found = match self.arena.get(p) {
            Pattern::Element(number) => vec![*number],
            _ => self.parts(p).into_iter().flat_map(|part| self.element_classes(part)).collect(),
        };
        found.sort_unstable();
        found.dedup();
        self.elements.insert(p, found.clone());
        found
    }

    fn has_text(&mut self, p: P) -> bool {
        if let Some(known) = self.texts.get(&p) {
            return *known;
        }
        let found = p == TEXT || self.parts(p).into_iter().any(|part| self.has_text(part));
        self.texts.insert(p, found);
        found
    }

    /// The patterns that a pattern is made of, within the same element.
    fn parts(&self, p: P) -> Vec<P> {
        match self.arena.get(p) {
            Pattern::Choice(all) => all.to_vec(),
            Pattern::Group(a, b) | Pattern::Interleave(a, b) => vec![*a, *b],
            Pattern::OneOrMore(a) => vec![*a],
            _ => Vec::new(),
        }
    }
}

fn forbidden(pattern: &Pattern, within: Within) -> Result<(), String> {
    let (name, is_attribute, is_element) = match pattern {
        Pattern::Attribute(..) => ("attribute", true, false),
        Pattern::Element(_) => ("element", false, true),
        Pattern::Group(..) => ("group", false, false),
        Pattern::Interleave(..) => ("interleave", false, false),
        Pattern::OneOrMore(_) => ("oneOrMore", false, false),
        Pattern::List(_) => ("list", false, false),
        Pattern::Text => ("text", false, false),
        Pattern::Empty => ("empty", false, false),
        Pattern::Data(..) => ("data", false, false),
        Pattern::Value(_) => ("value", false, false),
        _ => return Ok(()),
    };
    let place = if within.start && !is_element {
        "start"
    } else if within.attribute && (is_attribute || is_element) {
        "attribute"
    } else if within.list && (is_attribute || is_element || matches!(name, "list" | "text" | "interleave")) {
        "list"
    } else if within.except && !matches!(name, "data" | "value") {
        "the exception of data"
    } else if within.repeated_group && is_attribute {
        "a group that is repeated"
    } else {
        return Ok(());
    };
    Err(format!(
        "`{name}` may not stand in {}",
        if place.contains(' ') { place.to_owned() } else { format!("`{place}`") }
    ))
}

//! What a pattern would have allowed: names for messages, the likeliest first.

use std::collections::{BTreeSet, HashSet};

use super::derive::Machine;
use super::names::NameId;
use super::pattern::{P, Pattern};

/// How many patterns are looked at for one message.
const PATIENCE: usize = 20_000;

/// What may stand somewhere.
#[derive(Debug, Default)]
pub(super) struct Expected {
    pub(super) names: BTreeSet<NameId>,
    /// Some class of names is allowed that can't be listed.
    pub(super) others: bool,
    pub(super) text: bool,
}

/// The elements that may come next.
pub(super) fn elements(machine: &Machine, state: P) -> Expected {
    let mut expected = Expected::default();
    walk(machine, state, &mut HashSet::new(), &mut |pattern| match pattern {
        Pattern::Element(number) => {
            let class = &machine.arena.elements[*number as usize].names;
            let before = expected.names.len();
            class.each_name(&mut |name| {
                expected.names.insert(name);
            });
            expected.others |= before == expected.names.len() && !matches!(class, super::names::NameClass::Name(_));
        }
        Pattern::Text | Pattern::Data(..) | Pattern::Value(_) | Pattern::List(_) => expected.text = true,
        _ => {}
    });
    expected
}

/// The attributes that may still come.
pub(super) fn attributes(machine: &Machine, state: P) -> Expected {
    let mut expected = Expected::default();
    walk(machine, state, &mut HashSet::new(), &mut |pattern| {
        if let Pattern::Attribute(class, _) = pattern {
            let class = &machine.arena.classes[*class as usize];
            class.each_name(&mut |name| {
                expected.names.insert(name);
            });
            expected.others |= !matches!(class, super::names::NameClass::Name(_));
        }
    });
    expected
}

/// Visits what may come next. Attributes may come in any order, so a group's second part is visited for them.
fn walk(machine: &Machine, p: P, seen: &mut HashSet<P>, visit: &mut impl FnMut(&Pattern)) {
    if seen.len() > PATIENCE || !seen.insert(p) {
        return;
    }
    let pattern = machine.arena.get(p);
    match pattern {
        Pattern::Choice(all) => all.iter().for_each(|p| walk(machine, *p, seen, visit)),
        Pattern::Interleave(a, b) => {
            walk(machine, *a, seen, visit);
            walk(machine, *b, seen, visit);
        }
        Pattern::Group(a, b) => {
            walk(machine, *a, seen, visit);
            if machine.arena.nullable(*a) || machine.arena.traits(*a).attributes {
                walk(machine, *b, seen, visit);
            }
        }
        Pattern::OneOrMore(a) | Pattern::After(a, _) => walk(machine, *a, seen, visit),
        _ => visit(pattern),
    }
}

/// The elements in which one may stand, by name.
pub(super) fn parents(machine: &Machine, name: NameId) -> BTreeSet<String> {
    let mut parents = BTreeSet::new();
    let mut patience = 50 * PATIENCE;
    for element in &machine.arena.elements {
        let mut found = false;
        let mut seen = HashSet::new();
        let mut open = vec![element.content];
        while let Some(p) = open.pop() {
            patience = patience.saturating_sub(1);
            if found || patience == 0 || !seen.insert(p) {
                continue;
            }
            match machine.arena.get(p) {
                Pattern::Choice(all) => open.extend_from_slice(all),
                Pattern::Group(a, b) | Pattern::Interleave(a, b) => open.extend([*a, *b]),
                Pattern::OneOrMore(a) => open.push(*a),
                Pattern::Element(number) => {
                    machine.arena.elements[*number as usize].names.each_name(&mut |child| found |= child == name);
                }
                _ => {}
            }
        }
        if found {
            element.names.each_name(&mut |parent| {
                parents.insert(machine.names.get(parent).1.to_owned());
            });
        }
    }
    parents
}

/// What can't be left out: elements, or attributes.
pub(super) fn required(machine: &Machine, p: P, attributes: bool) -> BTreeSet<NameId> {
    let mut patience = PATIENCE;
    needed(machine, p, attributes, &mut patience)
}

fn needed(machine: &Machine, p: P, attributes: bool, patience: &mut usize) -> BTreeSet<NameId> {
    *patience = patience.saturating_sub(1);
    let mut names = BTreeSet::new();
    if *patience == 0 {
        return names;
    }
    match machine.arena.get(p) {
        Pattern::Choice(all) => {
            let mut sets =
                all.iter().map(|p| needed(machine, *p, attributes, patience)).collect::<Vec<_>>().into_iter();
            let first = sets.next().unwrap_or_default();
            return sets.fold(first, |common, set| common.intersection(&set).copied().collect());
        }
        Pattern::Interleave(a, b) => {
            names = needed(machine, *a, attributes, patience);
            names.extend(needed(machine, *b, attributes, patience));
        }
        Pattern::Group(a, b) => {
            names = needed(machine, *a, attributes, patience);
            // Of elements in a row the first that is missing is enough.
            if names.is_empty() || attributes {
                names.extend(needed(machine, *b, attributes, patience));
            }
        }
        Pattern::OneOrMore(a) | Pattern::After(a, _) => return needed(machine, *a, attributes, patience),
        Pattern::Element(number) if !attributes => {
            if let super::names::NameClass::Name(name) = &machine.arena.elements[*number as usize].names {
                names.insert(*name);
            }
        }
        Pattern::Attribute(class, _) if attributes => {
            if let super::names::NameClass::Name(name) = &machine.arena.classes[*class as usize] {
                names.insert(*name);
            }
        }
        _ => {}
    }
    names
}

/// What the value of an attribute or the text of an element should be, in words.
pub(super) fn values(machine: &Machine, p: P) -> Vec<String> {
    let mut literals = BTreeSet::new();
    let mut types = BTreeSet::new();
    walk_values(machine, p, &mut HashSet::new(), &mut literals, &mut types);
    literals.into_iter().map(|literal| format!("`{literal}`")).chain(types).collect()
}

fn walk_values(
    machine: &Machine,
    p: P,
    seen: &mut HashSet<P>,
    literals: &mut BTreeSet<String>,
    types: &mut BTreeSet<String>,
) {
    if seen.len() > PATIENCE || !seen.insert(p) {
        return;
    }
    match machine.arena.get(p) {
        Pattern::Choice(all) => all.iter().for_each(|p| walk_values(machine, *p, seen, literals, types)),
        Pattern::After(a, _) | Pattern::OneOrMore(a) | Pattern::List(a) => {
            walk_values(machine, *a, seen, literals, types);
        }
        Pattern::Interleave(a, b) | Pattern::Group(a, b) => {
            walk_values(machine, *a, seen, literals, types);
            walk_values(machine, *b, seen, literals, types);
        }
        Pattern::Value(number) => {
            literals.insert(machine.arena.values[*number as usize].text.clone());
        }
        Pattern::Data(number, _) => {
            types.insert(machine.arena.data[*number as usize].describe());
        }
        _ => {}
    }
}

/// How many letters must change to turn one word into another; counted up to 4, words beyond 64 letters apart.
pub(super) fn distance(one: &str, other: &str) -> usize {
    const FAR: usize = 4;
    let (one, other) =
        (one.to_lowercase().chars().collect::<Vec<_>>(), other.to_lowercase().chars().collect::<Vec<_>>());
    if one.len().abs_diff(other.len()) >= FAR || one.len() > 64 || other.len() > 64 {
        return FAR;
    }
    let mut row = (0..=other.len()).collect::<Vec<_>>();
    for (at, letter) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = at + 1;
        for (column, other_letter) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != other_letter);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()].min(FAR)
}

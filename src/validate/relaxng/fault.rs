//! What a fault says: what was found, what is allowed there, and what was probably meant.

use super::derive::Machine;
use super::expect::{self, Expected};
use super::names::NameId;
use super::pattern::P;
use crate::diagnostic::Code;

const UNKNOWN: Code = Code("element.unknown");
const MISPLACED: Code = Code("element.misplaced");
const EARLY: Code = Code("element.too-early");
const UNFINISHED: Code = Code("element.unfinished");
const ATTRIBUTE: Code = Code("attribute.unknown");
const MISSING: Code = Code("attribute.missing");
const VALUE: Code = Code("attribute.value");
const TEXT: Code = Code("text.misplaced");
const WRONG_TEXT: Code = Code("text.value");
const TWICE: Code = Code("id.twice");
const DANGLING: Code = Code("id.dangling");

/// How many names a message lists.
const LISTED: usize = 6;
/// How much of a value a message quotes, in characters.
const QUOTED: usize = 60;

/// A code, a sentence, and what to do.
pub(super) struct Said {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

fn said(code: Code, message: String, hint: Option<String>) -> Said {
    Said { code, message, hint }
}

/// The namespace that goes without saying: that of the element around, or else of the schema's first element.
fn home<'m>(machine: &'m Machine, path: &[NameId]) -> &'m str {
    if let Some(name) = path.last() {
        return machine.names.get(*name).0;
    }
    let mut first = None;
    if let Some(element) = machine.arena.elements.first() {
        element.names.each_name(&mut |name| first = first.or(Some(name)));
    }
    first.map_or("", |name| machine.names.get(name).0)
}

/// A name in backquotes, with its namespace if that is another.
fn show(machine: &Machine, home: &str, name: NameId) -> String {
    let (uri, local) = machine.names.get(name);
    if uri == crate::xml::parse::XML {
        format!("`xml:{local}`")
    } else if uri == home {
        format!("`{local}`")
    } else if uri.is_empty() {
        format!("`{local}` without namespace")
    } else {
        format!("`{local}` of `{uri}`")
    }
}

/// An attribute's name: most have no namespace.
fn show_attribute(machine: &Machine, name: NameId) -> String {
    show(machine, "", name)
}

/// The element around, or the document.
fn around(machine: &Machine, path: &[NameId]) -> String {
    path.last().map_or_else(|| "at the top".to_owned(), |name| format!("in `{}`", machine.names.get(*name).1))
}

/// `a`, `b` and 3 more; nearest to what was found first.
fn list(machine: &Machine, home: &str, expected: &Expected, found: Option<NameId>) -> Option<String> {
    let mut names = expected.names.iter().copied().collect::<Vec<_>>();
    let wanted = found.map_or("", |found| machine.names.get(found).1);
    names.sort_by_cached_key(|name| {
        let local = machine.names.get(*name).1;
        (expect::distance(wanted, local), local.to_lowercase(), name.0)
    });
    let mut shown = names.iter().take(LISTED).map(|name| show(machine, home, *name)).collect::<Vec<_>>();
    if names.len() > LISTED {
        shown.push(format!("{} more", names.len() - LISTED));
    }
    if expected.text {
        shown.push("text".to_owned());
    }
    if expected.others {
        shown.push("names of other namespaces".to_owned());
    }
    (!shown.is_empty()).then(|| join(&shown))
}

fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} or {last}", all.join(", ")),
    }
}

/// The name that was probably meant, if one is near enough.
fn guess(machine: &Machine, found: NameId, names: impl Iterator<Item = NameId>) -> Option<NameId> {
    let (uri, local) = machine.names.get(found);
    let near = names.filter(|name| *name != found).map(|name| {
        let (other_uri, other) = machine.names.get(name);
        (expect::distance(local, other), other_uri != uri, other.to_owned(), name)
    });
    let (distance, .., name) = near.min()?;
    (distance <= 2 && distance < local.chars().count()).then_some(name)
}

fn hint(machine: &Machine, path: &[NameId], expected: &Expected, found: NameId) -> String {
    let home = home(machine, path);
    let allowed = match list(machine, home, expected, Some(found)) {
        Some(list) => format!("allowed here: {list}"),
        None => "nothing may stand here".to_owned(),
    };
    match guess(machine, found, expected.names.iter().copied()) {
        Some(meant) => format!("did you mean {}? {allowed}", show(machine, home, meant)),
        None => allowed,
    }
}

/// An element that may not stand here, whether the schema knows its name or not.
pub(super) fn misplaced(machine: &Machine, path: &[NameId], state: P, name: NameId, known: bool) -> Said {
    let expected = expect::elements(machine, state);
    let shown = show(machine, home(machine, path), name);
    let hint = Some(hint(machine, path, &expected, name));
    if known {
        said(MISPLACED, format!("{shown} may not stand {} here", around(machine, path)), hint)
    } else {
        said(UNKNOWN, format!("{shown} is no element of the schema"), hint)
    }
}

/// An element that could stand here if something else stood before it.
pub(super) fn too_early(machine: &Machine, path: &[NameId], state: P, name: NameId) -> Said {
    let home = home(machine, path);
    let shown = show(machine, home, name);
    let missing = expect::required(machine, state, false);
    let missing = missing.iter().map(|name| show(machine, home, *name)).collect::<Vec<_>>();
    let expected = expect::elements(machine, state);
    let hint = list(machine, home, &expected, Some(name)).map(|list| format!("allowed here: {list}"));
    let message = match missing.is_empty() {
        true => format!("{shown} comes too early {}", around(machine, path)),
        false => {
            format!("{shown} comes too early {}: {} must stand before it", around(machine, path), missing.join(" and "))
        }
    };
    said(EARLY, message, hint)
}

/// An element that ends before everything is in it.
pub(super) fn unfinished(machine: &Machine, path: &[NameId], state: P) -> Said {
    let home = home(machine, path);
    let name = path.last().map_or("", |name| machine.names.get(*name).1);
    let missing = expect::required(machine, state, false);
    let missing = missing.iter().map(|name| show(machine, home, *name)).collect::<Vec<_>>();
    let list = list(machine, home, &expect::elements(machine, state), None);
    let message = match (missing.is_empty(), &list) {
        (false, _) => format!("`{name}` is not complete: {} is missing", missing.join(" and ")),
        (true, Some(list)) => format!("`{name}` is not complete: {list} is missing"),
        (true, None) => format!("`{name}` is not complete"),
    };
    said(UNFINISHED, message, list.map(|list| format!("allowed before its end: {list}")))
}

/// An attribute that the element does not have.
pub(super) fn unknown_attribute(machine: &Machine, path: &[NameId], state: P, name: NameId) -> Said {
    let element = path.last().map_or("", |name| machine.names.get(*name).1);
    let expected = expect::attributes(machine, state);
    let message = format!("`{element}` has no attribute {}", show_attribute(machine, name));
    let list = list(machine, "", &expected, Some(name)).map(|list| format!("it may have {list}"));
    let hint = match guess(machine, name, expected.names.iter().copied()) {
        Some(meant) => {
            let meant = show_attribute(machine, meant);
            Some(format!("did you mean {meant}? {}", list.unwrap_or_default()))
        }
        None => Some(list.unwrap_or_else(|| "it may have no further attributes".to_owned())),
    };
    said(ATTRIBUTE, message, hint)
}

/// An attribute that must be there.
pub(super) fn missing_attribute(machine: &Machine, path: &[NameId], state: P) -> Said {
    let element = path.last().map_or("", |name| machine.names.get(*name).1);
    let missing = expect::required(machine, state, true);
    let missing = missing.iter().map(|name| show_attribute(machine, *name)).collect::<Vec<_>>();
    let list = list(machine, "", &expect::attributes(machine, state), None);
    let message = match (missing.len(), list) {
        (0, Some(list)) => format!("`{element}` lacks an attribute: one of {list}"),
        (0, None) => format!("`{element}` lacks an attribute"),
        (1, _) => format!("`{element}` lacks the attribute {}", missing[0]),
        (_, _) => format!("`{element}` lacks the attributes {}", missing.join(" and ")),
    };
    said(MISSING, message, None)
}

/// An attribute with a wrong value.
pub(super) fn wrong_value(machine: &Machine, path: &[NameId], derived: P, name: NameId, value: &str) -> Said {
    let element = path.last().map_or("", |name| machine.names.get(*name).1);
    let message = format!("{} is no value for {} of `{element}`", quote(value), show_attribute(machine, name));
    said(VALUE, message, values_hint(machine, derived, value))
}

fn values_hint(machine: &Machine, p: P, value: &str) -> Option<String> {
    let mut values = expect::values(machine, p);
    if values.is_empty() {
        return None;
    }
    values.sort_by_cached_key(|known| expect::distance(value, known.trim_matches('`')));
    let more = values.len().saturating_sub(LISTED);
    values.truncate(LISTED);
    if more > 0 {
        values.push(format!("{more} more"));
    }
    Some(format!("it should be {}", join(&values)))
}

/// Text where only elements may stand.
pub(super) fn text(machine: &Machine, path: &[NameId], state: P) -> Said {
    let expected = expect::elements(machine, state);
    let hint = list(machine, home(machine, path), &expected, None).map(|list| format!("allowed here: {list}"));
    said(TEXT, format!("text may not stand {} here", around(machine, path)), hint)
}

/// An element whose text is not what it should be.
pub(super) fn wrong_text(machine: &Machine, path: &[NameId], state: P, text: &str) -> Said {
    let element = path.last().map_or("", |name| machine.names.get(*name).1);
    let message = if super::xsd::is_blank(text) {
        format!("`{element}` is empty")
    } else {
        format!("{} may not be the text of `{element}`", quote(text))
    };
    said(WRONG_TEXT, message, values_hint(machine, state, text))
}

/// An id that two elements have.
pub(super) fn twice(value: &str) -> Said {
    said(TWICE, format!("two elements have the id {}", quote(value)), Some("an id names one element".to_owned()))
}

/// A reference to an id that no element has.
pub(super) fn dangling(value: &str) -> Said {
    said(DANGLING, format!("no element has the id {}", quote(value)), None)
}

fn quote(value: &str) -> String {
    let mut shown = value.chars().take(QUOTED).collect::<String>();
    if value.chars().count() > QUOTED {
        shown.push('…');
    }
    format!("`{}`", shown.replace('\n', " "))
}

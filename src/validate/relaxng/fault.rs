//! What a fault says: what was found, what is allowed there, and what was probably meant.

use std::sync::Arc;

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

/// How many names a message lists; how many a program is given.
const LISTED: usize = 6;
const GIVEN: usize = 24;
/// How many elements are named in which something may stand.
const PARENTS: usize = 4;
/// How much of a value a message quotes, in characters.
const QUOTED: usize = 60;

/// A code, a sentence, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// What is allowed, nearest first; all of it that is worth a program's while.
    pub(super) allowed: Arc<[String]>,
    pub(super) meant: Option<String>,
    /// The element that it is about, where it is not the innermost one.
    pub(super) about: Option<NameId>,
}

fn said(code: Code, message: String, hint: Option<String>) -> Said {
    Said { code, message, hint, allowed: [].into(), meant: None, about: None }
}

/// What is allowed somewhere, in words.
#[derive(Default)]
struct Allowed {
    /// Names in backquotes, nearest first.
    names: Vec<String>,
    /// What can't be named one by one: text, other names.
    others: Vec<&'static str>,
    meant: Option<String>,
}

impl Allowed {
    /// Names in order of their likeness to what was found; those that must come stand first.
    fn of(machine: &Machine, home: &str, expected: &Expected, must: &[NameId], found: Option<NameId>) -> Self {
        let wanted = found.map_or("", |found| machine.names.get(found).1);
        let mut names = expected.names.iter().copied().collect::<Vec<_>>();
        names.sort_by_cached_key(|name| {
            let (uri, local) = machine.names.get(*name);
            (!must.contains(name), expect::distance(wanted, local), uri != home, local.to_lowercase(), name.0)
        });
        let meant = found.and_then(|found| guess(machine, found, expected.names.iter().copied()));
        let mut others = Vec::new();
        if expected.text {
            others.push("text");
        }
        if expected.others {
            others.push("names of other namespaces");
        }
        Self {
            names: names.into_iter().map(|name| show(machine, home, name)).collect(),
            others,
            meant: meant.map(|meant| show(machine, home, meant)),
        }
    }

    /// `a`, `b` or 3 more; none if nothing is allowed.
    fn list(&self) -> Option<String> {
        let mut shown = self.names.iter().take(LISTED).cloned().collect::<Vec<_>>();
        if self.names.len() > LISTED {
            shown.push(format!("{} more", self.names.len() - LISTED));
        }
        shown.extend(self.others.iter().map(|other| (*other).to_owned()));
        (!shown.is_empty()).then(|| join(&shown))
    }

    /// The guess, if there is one, and the list with words before it.
    fn hint(&self, words: &str, nothing: &str) -> String {
        let list = self.list().map_or_else(|| nothing.to_owned(), |list| format!("{words}{list}"));
        match &self.meant {
            Some(meant) => format!("did you mean {meant}? {list}"),
            None => list,
        }
    }

    fn into_said(self, code: Code, message: String, hint: Option<String>) -> Said {
        let bare = |name: String| name.replace('`', "");
        let allowed = self.names.into_iter().take(GIVEN).map(bare);
        let allowed = allowed.chain(self.others.into_iter().map(str::to_owned)).collect();
        Said { allowed, meant: self.meant.map(bare), ..said(code, message, hint) }
    }
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
        format!("`{local}` of the namespace `{uri}`")
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

fn innermost<'m>(machine: &'m Machine, path: &[NameId]) -> &'m str {
    path.last().map_or("", |name| machine.names.get(*name).1)
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

/// The elements that must come before anything else can.
fn missing(machine: &Machine, home: &str, state: P, attributes: bool) -> (Vec<NameId>, Vec<String>) {
    let missing = expect::required(machine, state, attributes).into_iter().collect::<Vec<_>>();
    let shown = missing.iter().map(|name| show(machine, home, *name)).collect();
    (missing, shown)
}

/// An element that may not stand here, whether the schema knows its name or not.
pub(super) fn misplaced(machine: &Machine, path: &[NameId], state: P, name: NameId, known: bool) -> Said {
    let home = home(machine, path);
    let (must, _) = missing(machine, home, state, false);
    let allowed = Allowed::of(machine, home, &expect::elements(machine, state), &must, Some(name));
    let shown = show(machine, home, name);
    let mut hint = allowed.hint("allowed here: ", "nothing may stand here");
    if known && allowed.meant.is_none() {
        let mut parents = expect::parents(machine, name).into_iter();
        let mut first = parents.by_ref().take(PARENTS).map(|parent| format!("`{parent}`")).collect::<Vec<_>>();
        match parents.count() {
            0 => {}
            more => first.push(format!("{more} more")),
        }
        if !first.is_empty() {
            hint.push_str(&format!("; {shown} may stand in {}", join(&first)));
        }
    }
    let (code, message) = if known {
        (MISPLACED, format!("{shown} may not stand {} here", around(machine, path)))
    } else {
        (UNKNOWN, format!("{shown} is no element of the schema"))
    };
    let about = if known { Some(name) } else { path.last().copied() };
    Said { about, ..allowed.into_said(code, message, Some(hint)) }
}

/// An element that could stand here if something else stood before it.
pub(super) fn too_early(machine: &Machine, path: &[NameId], state: P, name: NameId) -> Said {
    let home = home(machine, path);
    let shown = show(machine, home, name);
    let (must, missing) = missing(machine, home, state, false);
    let allowed = Allowed::of(machine, home, &expect::elements(machine, state), &must, Some(name));
    let hint = allowed.list().map(|list| format!("allowed here: {list}"));
    let message = match missing.is_empty() {
        true => format!("{shown} comes too early {}", around(machine, path)),
        false => {
            format!("{shown} comes too early {}: {} must stand before it", around(machine, path), missing.join(" and "))
        }
    };
    allowed.into_said(EARLY, message, hint)
}

/// An element that ends before everything is in it.
pub(super) fn unfinished(machine: &Machine, path: &[NameId], state: P) -> Said {
    let home = home(machine, path);
    let name = innermost(machine, path);
    let (must, missing) = missing(machine, home, state, false);
    let allowed = Allowed::of(machine, home, &expect::elements(machine, state), &must, None);
    let list = allowed.list();
    let message = match (missing.is_empty(), &list) {
        (false, _) => format!("`{name}` is not complete: {} is missing", missing.join(" and ")),
        (true, Some(list)) => format!("`{name}` is not complete: {list} is missing"),
        (true, None) => format!("`{name}` is not complete"),
    };
    allowed.into_said(UNFINISHED, message, list.map(|list| format!("allowed before its end: {list}")))
}

/// An attribute that the element does not have.
pub(super) fn unknown_attribute(machine: &Machine, path: &[NameId], state: P, name: NameId) -> Said {
    let allowed = Allowed::of(machine, "", &expect::attributes(machine, state), &[], Some(name));
    let message = format!("`{}` has no attribute {}", innermost(machine, path), show_attribute(machine, name));
    let hint = allowed.hint("it may have ", "it may have no further attributes");
    allowed.into_said(ATTRIBUTE, message, Some(hint))
}

/// An attribute that must be there.
pub(super) fn missing_attribute(machine: &Machine, path: &[NameId], state: P) -> Said {
    let element = innermost(machine, path);
    let (must, missing) = missing(machine, "", state, true);
    let allowed = Allowed::of(machine, "", &expect::attributes(machine, state), &must, None);
    let message = match (missing.len(), allowed.list()) {
        (0, Some(list)) => format!("`{element}` lacks an attribute: one of {list}"),
        (0, None) => format!("`{element}` lacks an attribute"),
        (1, _) => format!("`{element}` lacks the attribute {}", missing[0]),
        (_, _) => format!("`{element}` lacks the attributes {}", missing.join(" and ")),
    };
    allowed.into_said(MISSING, message, None)
}

/// An attribute with a wrong value.
pub(super) fn wrong_value(machine: &Machine, path: &[NameId], derived: P, name: NameId, value: &str) -> Said {
    let element = innermost(machine, path);
    let message = format!("{} is no value for {} of `{element}`", quote(value), show_attribute(machine, name));
    let (hint, allowed) = values_hint(machine, derived, value);
    Said { allowed, ..said(VALUE, message, hint) }
}

fn values_hint(machine: &Machine, p: P, value: &str) -> (Option<String>, Arc<[String]>) {
    let mut values = expect::values(machine, p);
    values.sort_by_cached_key(|known| expect::distance(value, known.trim_matches('`')));
    let allowed = values.iter().take(GIVEN).cloned().collect();
    let more = values.len().saturating_sub(LISTED);
    values.truncate(LISTED);
    if more > 0 {
        values.push(format!("{more} more"));
    }
    let hint = (!values.is_empty()).then(|| format!("it should be {}", join(&values)));
    (hint, allowed)
}

/// Text where only elements may stand.
pub(super) fn text(machine: &Machine, path: &[NameId], state: P) -> Said {
    let home = home(machine, path);
    let (must, _) = missing(machine, home, state, false);
    let allowed = Allowed::of(machine, home, &expect::elements(machine, state), &must, None);
    let hint = allowed.hint("allowed here: ", "nothing may stand here");
    allowed.into_said(TEXT, format!("text may not stand {} here", around(machine, path)), Some(hint))
}

/// An element whose text is not what it should be.
pub(super) fn wrong_text(machine: &Machine, path: &[NameId], state: P, text: &str) -> Said {
    let element = innermost(machine, path);
    let message = if crate::xml::is_space(text) {
        format!("`{element}` is empty")
    } else {
        format!("{} may not be the text of `{element}`", quote(text))
    };
    let (hint, allowed) = values_hint(machine, state, text);
    Said { allowed, ..said(WRONG_TEXT, message, hint) }
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

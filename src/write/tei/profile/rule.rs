//! One rule of a profile: of which elements it speaks, and what it makes of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::tags::Attributes;

/// One word or several.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

impl Words {
    fn hold(&self, word: &str) -> bool {
        match self {
            Self::One(known) => known == word || known == "*",
            Self::Several(known) => known.iter().any(|known| known == word),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Rule {
    /// The elements of which it speaks; `*` for all.
    element: Words,
    /// Elements of which it does not speak.
    #[serde(default)]
    except: Vec<String>,
    /// The element in which they stand, as the writer would call it, or one of several.
    within: Option<Words>,
    /// Elements of which one was written before them in the same place.
    #[serde(default)]
    after: Vec<String>,
    /// Attributes that they have, and the values of which these are one.
    #[serde(default)]
    has: BTreeMap<String, Vec<String>>,
    /// Attributes that they lack.
    #[serde(default)]
    without: Vec<String>,
    /// True if it speaks only of elements that hold something.
    #[serde(default)]
    filled: bool,

    /// Another name; the empty name takes away the tags and leaves what stands between them.
    becomes: Option<String>,
    /// Takes the element away with all that it holds. Only for what is no text: parts of the header.
    #[serde(default)]
    omit: bool,
    /// What it holds stands elsewhere, too: if it is omitted, nothing is lost.
    #[serde(default)]
    repeated: bool,
    /// Where the text begins and ends with square brackets these stay outside the element.
    #[serde(default)]
    inside_brackets: bool,
    /// Attributes that go.
    #[serde(default)]
    drop: Vec<String>,
    /// Attributes that get another name, unless there is one of that name.
    #[serde(default)]
    rename: BTreeMap<String, String>,
    /// Other words for the values of attributes.
    #[serde(default)]
    values: BTreeMap<String, BTreeMap<String, String>>,
    /// The values that attributes may have; with any other they go, or get the value in `otherwise`.
    #[serde(default)]
    allow: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    otherwise: BTreeMap<String, String>,
    /// Attributes that they get.
    #[serde(default)]
    set: BTreeMap<String, String>,
}

/// Where an element stands.
pub(in super::super) struct Around<'a> {
    /// The element round it, as the writer would call it.
    pub within: &'a str,
    /// What was written before it in the same place.
    pub before: &'a [String],
    /// True if it holds nothing.
    pub empty: bool,
}

/// What rules have made of an element.
pub(in super::super) struct Made<'t> {
    pub name: String,
    pub attributes: Attributes<'t>,
    pub omitted: bool,
    /// True if what was omitted is lost.
    pub lost: bool,
    pub inside_brackets: bool,
}

impl<'t> Made<'t> {
    pub(super) fn new(name: &str, attributes: Attributes<'t>) -> Self {
        Self { name: name.to_owned(), attributes, omitted: false, lost: false, inside_brackets: false }
    }

    fn value(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| &**value)
    }
}

impl Rule {
    pub(super) fn apply(&self, made: &mut Made<'_>, around: &Around<'_>) {
        if !self.speaks_of(made, around) {
            return;
        }
        if let Some(name) = &self.becomes {
            made.name.clone_from(name);
        }
        made.omitted |= self.omit;
        made.lost |= self.omit && !self.repeated;
        made.inside_brackets |= self.inside_brackets;
        made.attributes.retain(|(name, _)| !self.drop.iter().any(|dropped| dropped == name));
        for (old, new) in &self.rename {
            if made.value(new).is_none()
                && let Some((name, _)) = made.attributes.iter_mut().find(|(name, _)| name == old)
            {
                *name = Cow::Owned(new.clone());
            }
        }
        for (name, value) in &mut made.attributes {
            if let Some(other) = self.values.get(&**name).and_then(|words| words.get(&**value)) {
                *value = Cow::Owned(other.clone());
            }
        }
        self.allow(made);
        for (name, value) in &self.set {
            let value = Cow::Owned(value.clone());
            match made.attributes.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => *known = value,
                None => made.attributes.push((Cow::Owned(name.clone()), value)),
            }
        }
    }

    fn speaks_of(&self, made: &Made<'_>, around: &Around<'_>) -> bool {
        self.element.hold(&made.name)
            && !self.except.contains(&made.name)
            && self.within.as_ref().is_none_or(|within| within.hold(around.within))
            && (self.after.is_empty() || around.before.iter().any(|before| self.after.contains(before)))
            && self.without.iter().all(|attribute| made.value(attribute).is_none())
            && !(self.filled && around.empty)
            && self.has.iter().all(|(attribute, values)| {
                made.value(attribute).is_some_and(|value| values.iter().any(|known| known == value))
            })
    }

    fn allow(&self, made: &mut Made<'_>) {
        for (attribute, values) in &self.allow {
            let Some(at) = made.attributes.iter().position(|(name, _)| name == attribute) else { continue };
            if values.iter().any(|value| *value == made.attributes[at].1) {
                continue;
            }
            match self.otherwise.get(attribute) {
                Some(value) => made.attributes[at].1 = Cow::Owned(value.clone()),
                None => _ = made.attributes.remove(at),
            }
        }
    }
}

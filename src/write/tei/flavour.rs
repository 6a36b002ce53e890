//! Elements as a profile wants them: what the rest of the writer opens and closes goes through here.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::Run;
use super::profile::{Around, Made, Profile};
use super::tags::Attributes;
use crate::diagnostic::Code;
use crate::source::Span;

const NOT_IN_PROFILE: Code = Code("tei.not-in-profile");
const OMITTED: Code = Code("tei.omitted");

/// A profile at work.
pub(super) struct Flavour<'p> {
    profile: &'p Profile,
    levels: Vec<Level>,
    /// How many elements are open within one that was left out, that one among them.
    omitted: usize,
    /// Elements that the profile doesn't know and that were reported.
    unknown: BTreeSet<String>,
    /// Elements that were left out with what they say, and how often.
    lost: BTreeMap<String, usize>,
    /// What was written so far outside all elements.
    before: Vec<String>,
}

/// An element that is open.
struct Level {
    /// Its name as the writer would have it.
    name: String,
    form: Form,
}

enum Form {
    /// It was written; in it stand these elements so far.
    Written(Vec<String>),
    /// Its tags were left out.
    Bare,
    /// It will be written inside the brackets of its text, which begins here in the output.
    Bracketed(usize, String, Vec<(String, String)>),
}

impl<'p> Flavour<'p> {
    pub(super) fn new(profile: &'p Profile) -> Self {
        Self {
            profile,
            levels: Vec::new(),
            omitted: 0,
            unknown: BTreeSet::new(),
            lost: BTreeMap::new(),
            before: Vec::new(),
        }
    }

    /// True within an element that was left out.
    pub(super) fn omits(&self) -> bool {
        self.omitted > 0
    }

    pub(super) fn profile(&self) -> &'p Profile {
        self.profile
    }

    /// What becomes of an element; nothing if it is left out. If it is written, it stands before its next siblings.
    fn make<'t>(&mut self, name: &str, attributes: Attributes<'t>, empty: bool) -> Option<Made<'t>> {
        let within = self.levels.last().map_or("", |level| level.name.as_str());
        let siblings = self.levels.iter().rev().find_map(|level| match &level.form {
            Form::Written(siblings) => Some(siblings),
            Form::Bare | Form::Bracketed(..) => None,
        });
        let around = Around { within, before: siblings.unwrap_or(&self.before), empty };
        let made = self.profile.apply(name, attributes, &around);
        if made.omitted {
            if made.lost {
                *self.lost.entry(made.name).or_default() += 1;
            }
            return None;
        }
        if !made.name.is_empty() {
            let siblings = self.levels.iter_mut().rev().find_map(|level| match &mut level.form {
                Form::Written(siblings) => Some(siblings),
                Form::Bare | Form::Bracketed(..) => None,
            });
            let siblings = siblings.unwrap_or(&mut self.before);
            if !siblings.contains(&made.name) {
                siblings.push(made.name.clone());
            }
        }
        Some(made)
    }

    /// True if an element is to be reported, once.
    fn is_news(&mut self, element: &str) -> bool {
        !element.is_empty() && !self.profile.knows(element) && self.unknown.insert(element.to_owned())
    }
}

impl Run<'_> {
    /// Says what the profile has no place for.
    pub(super) fn report_omitted(&mut self) {
        let Some(flavour) = &self.flavour else { return };
        for (element, count) in &flavour.lost {
            let message = format!(
                "the TEI profile `{}` has no place for `{element}` ({count} times): it was left out",
                flavour.profile.name()
            );
            self.log.loss(OMITTED, Span::default(), message);
        }
    }

    fn report(&mut self, element: &str) {
        let Some(flavour) = self.flavour.as_mut().filter(|_| !element.is_empty()) else { return };
        if flavour.is_news(element) {
            let message = format!("the TEI profile `{}` has no element `{element}`", flavour.profile.name());
            self.log.warning(NOT_IN_PROFILE, Span::default(), message).hint("it was written as it is");
        }
    }

    pub(super) fn start(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let Some(flavour) = &mut self.flavour else {
            self.margin(self.xml.depth())?;
            return self.xml.start(name, borrowed(&attributes));
        };
        if flavour.omits() {
            flavour.omitted += 1;
            return Ok(());
        }
        let Some(made) = flavour.make(name, attributes, false) else {
            flavour.omitted = 1;
            return Ok(());
        };
        let form = if made.name.is_empty() {
            Form::Bare
        } else if made.inside_brackets {
            self.margin(self.xml.depth())?;
            let owned = made.attributes.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
            Form::Bracketed(self.xml.position(), made.name.clone(), owned)
        } else {
            self.margin(self.xml.depth())?;
            self.xml.start(&made.name, borrowed(&made.attributes))?;
            Form::Written(Vec::new())
        };
        self.report(&made.name);
        if let Some(flavour) = &mut self.flavour {
            flavour.levels.push(Level { name: name.to_owned(), form });
        }
        Ok(())
    }

    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) -> io::Result<()> {
        let Some(flavour) = &mut self.flavour else {
            self.margin(self.xml.depth())?;
            return self.xml.empty(name, borrowed(&attributes));
        };
        if flavour.omits() {
            return Ok(());
        }
        let Some(made) = flavour.make(name, attributes, true) else { return Ok(()) };
        if made.name.is_empty() {
            return Ok(());
        }
        self.margin(self.xml.depth())?;
        self.xml.empty(&made.name, borrowed(&made.attributes))?;
        self.report(&made.name);
        Ok(())
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        let Some(flavour) = &mut self.flavour else {
            self.margin(self.xml.depth().saturating_sub(1))?;
            return self.xml.end();
        };
        if flavour.omits() {
            flavour.omitted -= 1;
            return Ok(());
        }
        match flavour.levels.pop().map(|level| level.form) {
            Some(Form::Written(_)) => {
                self.margin(self.xml.depth().saturating_sub(1))?;
                self.xml.end()
            }
            Some(Form::Bracketed(from, name, attributes)) => self.bracketed(from, &name, &attributes),
            Some(Form::Bare) | None => Ok(()),
        }
    }

    /// Puts an element round what was written from a place on, inside the brackets in which it stands.
    fn bracketed(&mut self, from: usize, name: &str, attributes: &[(String, String)]) -> io::Result<()> {
        let content = self.xml.take_from(from);
        let inner = content.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if inner.is_some() {
            self.xml.raw("[")?;
        }
        let attributes = attributes.iter().map(|(name, value)| (name.as_str(), Cow::Borrowed(value.as_str())));
        self.xml.start(name, attributes)?;
        self.xml.raw(inner.unwrap_or(&content))?;
        self.xml.end()?;
        if inner.is_some() { self.xml.raw("]") } else { Ok(()) }
    }
}

fn borrowed<'a>(attributes: &'a Attributes<'_>) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    attributes.iter().map(|(name, value)| (&**name, Cow::Borrowed(&**value)))
}

//! Flavours of TEI as data: which elements and attributes a project uses for what the writer would say otherwise.
//! In: a TOML file, bundled or a user's own. Out: rules that are applied to each element as it is opened, one
//! after the other, each to what those before it have made.

mod rule;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use rule::Rule;
pub(super) use rule::{Around, Made};

use super::tags::Attributes;
use crate::failure::Failure;

/// The profiles that come with the program, by name.
const BUNDLED: [(&str, &str); 1] = [("frus", include_str!("frus.toml"))];

/// A flavour of TEI.
#[derive(Clone, Debug)]
pub struct Profile(Arc<Rules>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Rules {
    name: String,
    #[serde(default)]
    summary: String,
    /// Prefixes that the root element declares, and what they stand for.
    #[serde(default)]
    namespaces: BTreeMap<String, String>,
    /// True if series and volume are titles of their own in `titleStmt`, by their types.
    #[serde(default)]
    series_in_titles: bool,
    /// The elements that the flavour knows; empty for all.
    #[serde(default)]
    elements: Vec<String>,
    #[serde(default)]
    rule: Vec<Rule>,
}

impl Profile {
    /// The names of the bundled profiles.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUNDLED.into_iter().map(|(name, _)| name)
    }

    /// A bundled profile.
    ///
    /// # Errors
    /// [`Failure::UnknownFormat`], which lists what there is.
    pub fn bundled(name: &str) -> Result<Self, Failure> {
        match BUNDLED.into_iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(text),
            None => Err(Failure::UnknownFormat {
                message: format!(
                    "no TEI profile `{name}`; there are: {}, or a TOML file of your own",
                    Self::names().collect::<Vec<_>>().join(", ")
                ),
            }),
        }
    }

    /// A profile from the text of a TOML file.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] with line and column of what is no profile.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        match toml::from_str(text) {
            Ok(rules) => Ok(Self(Arc::new(rules))),
            Err(fault) => Err(Failure::Unsupported { message: format!("not a TEI profile: {fault}") }),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is for, in a few words.
    pub fn summary(&self) -> &str {
        &self.0.summary
    }

    /// Namespace declarations for the root element.
    pub(super) fn declarations(&self) -> impl Iterator<Item = (String, &str)> {
        self.0.namespaces.iter().map(|(prefix, uri)| (format!("xmlns:{prefix}"), uri.as_str()))
    }

    pub(super) fn series_in_titles(&self) -> bool {
        self.0.series_in_titles
    }

    /// True if the flavour has this element.
    pub(super) fn knows(&self, element: &str) -> bool {
        self.0.elements.is_empty() || self.0.elements.iter().any(|known| known == element)
    }

    /// What becomes of an element.
    pub(super) fn apply<'t>(&self, name: &str, attributes: Attributes<'t>, around: &Around<'_>) -> Made<'t> {
        let mut made = Made::new(name, attributes);
        for rule in &self.0.rule {
            rule.apply(&mut made, around);
            if made.omitted || made.name.is_empty() {
                break;
            }
        }
        made
    }
}

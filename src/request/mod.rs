//! What the page and other programs ask for, in words, and what they get, as JSON: the same whether a server answers
//! (feature `serve`) or the library itself does, compiled for a browser.
//!
//! ```text
//! files and options ─▶ Request ─▶ convert, review ─▶ Report, Review
//! ```

pub mod convert;
pub mod plan;
pub mod review;

use std::path::Path;

use serde::Serialize;

use crate::batch::finding::{Finding, Places};
use crate::decisions::{Decisions, path_for};
use crate::failure::Failure;
use crate::read::transcript::Profile;
use crate::registry::{Offer, Registry};

/// A file that was sent.
#[derive(Clone, Copy, Debug)]
pub struct Upload<'a> {
    /// Its name, with the folders that a browser tells.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

/// What was sent.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The files, in their order.
    pub files: Vec<Upload<'a>>,
    /// The options by name, in their order.
    pub options: &'a [(String, String)],
}

/// Why a request was not done.
#[derive(Debug)]
pub enum Refusal {
    /// It makes no sense: one sentence.
    Request(String),
    /// A document can't be read, or an output is not what was asked for.
    Document {
        /// One sentence.
        detail: String,
        /// What was noticed, each with its place.
        diagnostics: Vec<Finding>,
    },
}

impl Refusal {
    /// What people are told first.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Request(_) => "the request makes no sense",
            Self::Document { .. } => "the document can't be converted",
        }
    }

    /// A request that makes no sense.
    pub(crate) fn request(detail: impl Into<String>) -> Self {
        Self::Request(detail.into())
    }

    /// A document of which nothing more is known.
    pub(crate) fn document(detail: impl Into<String>) -> Self {
        Self::Document { detail: detail.into(), diagnostics: Vec::new() }
    }

    /// A document that failed.
    pub(crate) fn failure(name: &str, failure: &Failure, places: &Places) -> Self {
        Self::Document { detail: format!("{name}: {failure}"), diagnostics: vec![Finding::failure(failure, places)] }
    }
}

impl<'a> Request<'a> {
    /// The values of an option; lists are parted by commas.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.options.iter().filter(|(known, _)| known == name);
        let words = values.flat_map(|(_, value)| value.split(',')).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }

    /// The values of an option that may stand several times, whole.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.options.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
    }

    /// The value of an option, the last if it stands several times (a form's behind a query's); each must pass the check.
    ///
    /// # Errors
    /// What the check says.
    pub fn one<T>(&self, name: &str, check: impl Fn(&'a str) -> Result<T, Refusal>) -> Result<Option<T>, Refusal> {
        let values = self.options.iter().filter(|(known, _)| known == name);
        values.map(|(_, value)| check(value)).try_fold(None, |_, value| value.map(Some))
    }

    /// The files that are documents, and do not just go with one.
    pub fn documents(&self) -> impl Iterator<Item = &Upload<'a>> {
        self.files.iter().filter(|file| {
            let extension = Path::new(file.name).extension().and_then(|extension| extension.to_str());
            !matches!(extension.unwrap_or_default(), "toml" | "yaml" | "yml")
        })
    }

    /// The decisions about a document: those sent as such, else the file beside it among those sent.
    ///
    /// # Errors
    /// A [`Refusal::Document`] if they are none.
    pub fn decisions(&self, name: &str) -> Result<Decisions, Refusal> {
        let beside = path_for(Path::new(name));
        let file = self.files.iter().find(|file| Path::new(file.name) == beside);
        let given = self.one("decisions", |text| Ok(text.to_owned()))?.filter(|text| !text.trim().is_empty());
        let from_file = file.map(|file| String::from_utf8_lossy(file.bytes).into_owned());
        let Some(text) = given.or(from_file) else { return Ok(Decisions::default()) };
        let refused = |fault: String| Refusal::document(format!("the decisions about `{name}` can't be read: {fault}"));
        if text.trim_start().starts_with('{') {
            // Through the file's own form, so that what it refuses is refused here.
            let decisions: Decisions = serde_json::from_str(&text).map_err(|fault| refused(fault.to_string()))?;
            return Decisions::parse(&decisions.to_toml()).map_err(|fault| refused(fault.to_string()));
        }
        Decisions::parse(&text).map_err(|fault| refused(fault.to_string()))
    }
}

/// Something that can be chosen by name.
#[derive(Debug, Serialize)]
pub struct Named {
    name: String,
    summary: String,
}

/// What a program can do.
#[derive(Debug, Serialize)]
pub struct Known {
    program: &'static str,
    version: &'static str,
    formats: Vec<Offer>,
    passes: Vec<Named>,
    profiles: Vec<Named>,
}

impl Known {
    /// What can be done by a registry's means.
    pub fn of(registry: &Registry) -> Self {
        let passes =
            registry.passes().map(|pass| Named { name: pass.name().to_owned(), summary: pass.summary().to_owned() });
        let profiles = Profile::builtin().map(|profile| Named { name: profile.name, summary: profile.about });
        Self {
            program: env!("CARGO_PKG_NAME"),
            version: env!("CARGO_PKG_VERSION"),
            formats: registry.formats(),
            passes: passes.collect(),
            profiles: profiles.collect(),
        }
    }
}

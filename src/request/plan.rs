//! How the documents of a request are converted, by its options.

use super::{Refusal, Request};
use crate::batch::amend::Amendment;
use crate::convert::Conversion;
use crate::failure::Failure;
use crate::read::transcript::{Profile, Transcript};
use crate::registry::Registry;
use crate::write::epub::{Epub, Notes, Theme};
use crate::write::tei;

/// How the documents of a request are converted.
pub struct Plan {
    /// The reader's name; none to let each input decide.
    pub from: Option<String>,
    /// The passes that run; none for those that run by default.
    pub enrich: Option<Vec<String>>,
    /// Metadata that are set.
    pub settings: Amendment,
    /// With readers and writers that do as they are told; none if they do as they always do.
    registry: Option<Registry>,
}

impl Plan {
    /// What a request's options say.
    ///
    /// # Errors
    /// A [`Refusal::Request`] for a value that there is not.
    pub fn of(registry: &Registry, asked: &Request<'_>) -> Result<Self, Refusal> {
        let unknown = |failure: Failure| Refusal::request(failure.to_string());
        let from = asked.one("from", |name| match registry.reader(name) {
            Ok(reader) => Ok(reader.format().name.to_owned()),
            Err(failure) => Err(unknown(failure)),
        })?;
        let enrich = (!asked.all("enrich").is_empty()).then(|| asked.list("enrich"));
        let enrich: Option<Vec<String>> = enrich.map(|names| names.into_iter().filter(|name| name != "none").collect());
        for name in enrich.iter().flatten() {
            registry.pass(name).map_err(unknown)?;
        }
        let settings = Amendment::from_settings(&asked.all("set"));
        let settings = settings.map_err(|misuse| Refusal::request(misuse.to_string().replace("--set ", "set=")))?;
        Ok(Self { from, enrich, settings, registry: told(asked)? })
    }

    /// The conversion; by these means, where the request has no options for readers and writers.
    pub fn conversion<'r>(&'r self, registry: &'r Registry) -> Conversion<'r> {
        let mut conversion = Conversion::new(self.registry.as_ref().unwrap_or(registry));
        conversion.from.clone_from(&self.from);
        conversion.enrich.clone_from(&self.enrich);
        conversion
    }
}

/// A registry whose readers and writers have options; none if none was given.
fn told(asked: &Request<'_>) -> Result<Option<Registry>, Refusal> {
    let profile = asked.one("profile", |name| {
        let known = || Profile::builtin().map(|profile| profile.name).collect::<Vec<_>>().join(", ");
        let missing = || Refusal::request(format!("there is no profile `{name}`; there are: {}", known()));
        Profile::named(name).ok_or_else(missing)
    })?;
    let tei_profile = asked.one("tei-profile", |name| {
        tei::Profile::bundled(name).map_err(|unknown| Refusal::request(unknown.to_string()))
    })?;
    let notes = asked.one("notes", |word| match word {
        "popup" => Ok(Notes::Popup),
        "chapter" => Ok(Notes::Chapter),
        "book" => Ok(Notes::Book),
        _ => Err(Refusal::request("`notes` is one of popup, chapter, book")),
    })?;
    let theme = asked.one("theme", |word| match word {
        "documents" => Ok(Theme::Documents),
        "book" => Ok(Theme::Book),
        "clear" => Ok(Theme::Clear),
        _ => Err(Refusal::request("`theme` is one of documents, book, clear")),
    })?;
    if profile.is_none() && tei_profile.is_none() && notes.is_none() && theme.is_none() {
        return Ok(None);
    }
    let mut registry = Registry::builtin();
    if let Some(profile) = profile {
        registry = registry.with_reader(Transcript { profile });
    }
    if tei_profile.is_some() {
        registry = registry.with_writer(tei::Tei { profile: tei_profile, ..tei::Tei::default() });
    }
    let epub = Epub { notes: notes.unwrap_or_default(), theme: theme.unwrap_or_default(), ..Epub::default() };
    Ok(Some(registry.with_writer(epub)))
}

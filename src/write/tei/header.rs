//! The TEI header (TEI P5, chapter 2), from the metadata and from what was inferred in the text.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::Run;
use super::inlines::pairs;
use super::tags::{Attributes, EDITOR, RESPONSIBLE, dating};
use crate::dating::calendar::Calendar;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Agent, Block, Certainty, Document, Inline, Metadata, Party, SourceDescription, Tag};

impl Run<'_> {
    pub(super) fn header(&mut self, document: &Document) -> io::Result<()> {
        let metadata = &document.metadata;
        self.element("teiHeader", Attributes::new(), |run| {
            run.element("fileDesc", Attributes::new(), |run| {
                run.title_statement(metadata)?;
                run.publication_statement(metadata)?;
                run.series_statement(metadata)?;
                run.source_description(&metadata.source)
            })?;
            run.encoding_description(document)?;
            run.profile_description(document)?;
            run.revision_description(metadata)
        })
    }

    fn title_statement(&mut self, metadata: &Metadata) -> io::Result<()> {
        self.element("titleStmt", Attributes::new(), |run| {
            let title = &metadata.title;
            let main = if title.main.trim().is_empty() { "[untitled]" } else { title.main.as_str() };
            let kind = title.subtitle.is_some().then_some("main");
            run.leaf("title", pairs([("type", kind)]), main)?;
            if let Some(subtitle) = &title.subtitle {
                run.leaf("title", pairs([("type", Some("sub"))]), subtitle)?;
            }
            run.series_titles(metadata)?;
            metadata.agents.iter().try_for_each(|agent| run.agent(agent))
        })
    }

    /// Series and volume among the titles, where the profile has them there.
    fn series_titles(&mut self, metadata: &Metadata) -> io::Result<()> {
        let wanted = self.flavour.as_ref().is_some_and(|flavour| flavour.profile().series_in_titles());
        let Some(series) = metadata.series.as_ref().filter(|_| wanted) else { return Ok(()) };
        self.leaf("title", pairs([("type", Some("series"))]), &series.title)?;
        match &series.position {
            Some(position) => self.leaf("title", pairs([("type", Some("volume-number"))]), position),
            None => Ok(()),
        }
    }

    fn agent(&mut self, agent: &Agent) -> io::Result<()> {
        match agent.role.as_str() {
            "aut" => self.leaf("author", pairs([("ref", agent.uri.as_deref())]), &agent.name),
            "edt" => self.leaf("editor", pairs([("ref", agent.uri.as_deref())]), &agent.name),
            "fnd" => self.leaf("funder", pairs([("ref", agent.uri.as_deref())]), &agent.name),
            role => self.element("respStmt", Attributes::new(), |run| {
                run.leaf("resp", Attributes::new(), if role.is_empty() { "contributor" } else { role })?;
                run.leaf("name", pairs([("ref", agent.uri.as_deref())]), &agent.name)
            }),
        }
    }

    fn publication_statement(&mut self, metadata: &Metadata) -> io::Result<()> {
        let publication = &metadata.publication;
        self.element("publicationStmt", Attributes::new(), |run| {
            let Some(publisher) = &publication.publisher else {
                return run.unpublished(metadata);
            };
            run.leaf("publisher", Attributes::new(), publisher)?;
            if let Some(place) = &publication.place {
                run.leaf("pubPlace", Attributes::new(), place)?;
            }
            if let Some(date) = publication.date {
                let date = date.to_string();
                run.leaf("date", pairs([("when", Some(date.as_str()))]), &date)?;
            }
            for identifier in &metadata.identifiers {
                let kind = word(&identifier.scheme);
                run.leaf("idno", pairs([("type", kind.as_deref())]), &identifier.value)?;
            }
            run.availability(metadata)
        })
    }

    /// Without a publisher TEI wants prose.
    fn unpublished(&mut self, metadata: &Metadata) -> io::Result<()> {
        self.leaf("p", Attributes::new(), "Not published.")?;
        for identifier in &metadata.identifiers {
            self.leaf("p", Attributes::new(), &format!("{}: {}", identifier.scheme, identifier.value))?;
        }
        let publication = &metadata.publication;
        [&publication.rights, &publication.licence]
            .into_iter()
            .flatten()
            .try_for_each(|terms| self.leaf("p", Attributes::new(), terms))
    }

    fn availability(&mut self, metadata: &Metadata) -> io::Result<()> {
        let publication = &metadata.publication;
        if publication.rights.is_none() && publication.licence.is_none() {
            return Ok(());
        }
        self.element("availability", Attributes::new(), |run| match &publication.licence {
            Some(licence) => {
                let words = publication.rights.as_deref().unwrap_or(licence);
                run.leaf("licence", pairs([("target", Some(licence.as_str()))]), words)
            }
            None => run.leaf("p", Attributes::new(), publication.rights.as_deref().unwrap_or_default()),
        })
    }

    fn series_statement(&mut self, metadata: &Metadata) -> io::Result<()> {
        let Some(series) = &metadata.series else { return Ok(()) };
        self.element("seriesStmt", Attributes::new(), |run| {
            run.leaf("title", Attributes::new(), &series.title)?;
            match &series.position {
                Some(position) => run.leaf("biblScope", pairs([("unit", Some("volume"))]), position),
                None => Ok(()),
            }
        })
    }

    fn source_description(&mut self, source: &SourceDescription) -> io::Result<()> {
        self.element("sourceDesc", Attributes::new(), |run| {
            let repository = source.location.iter().position(|place| place.scheme == "repository");
            if repository.is_some() {
                run.manuscript(source)?;
            }
            let mut said = repository.is_some();
            if let Some(note) = source.note.as_ref().filter(|_| repository.is_none()) {
                run.leaf("bibl", pairs([("type", Some("original"))]), note)?;
                said = true;
            }
            if let Some(edition) = &source.edition {
                run.leaf("bibl", pairs([("type", Some("edition"))]), edition)?;
                said = true;
            }
            let file = source.file.as_ref().map(|file| match &source.digest {
                Some(digest) => format!("Converted from {file} (BLAKE3 {digest})."),
                None => format!("Converted from {file}."),
            });
            match file {
                Some(file) => run.leaf("bibl", pairs([("type", Some("file"))]), &file),
                None if !said => run.leaf("p", Attributes::new(), "The source is not described."),
                None => Ok(()),
            }
        })
    }

    fn manuscript(&mut self, source: &SourceDescription) -> io::Result<()> {
        let of = |scheme: &'static str| source.location.iter().filter(move |place| place.scheme == scheme);
        self.element("msDesc", Attributes::new(), |run| {
            run.element("msIdentifier", Attributes::new(), |run| {
                for scheme in ["country", "region", "settlement", "institution"] {
                    of(scheme).take(1).try_for_each(|place| run.leaf(scheme, Attributes::new(), &place.value))?;
                }
                of("repository")
                    .take(1)
                    .try_for_each(|place| run.leaf("repository", Attributes::new(), &place.value))?;
                of("collection").try_for_each(|place| run.leaf("collection", Attributes::new(), &place.value))?;
                let numbers = source.location.iter().filter(|place| {
                    !["country", "region", "settlement", "institution", "repository", "collection"]
                        .contains(&place.scheme.as_str())
                });
                for place in numbers {
                    let kind = word(&place.scheme);
                    run.leaf("idno", pairs([("type", kind.as_deref())]), &place.value)?;
                }
                Ok(())
            })?;
            match &source.note {
                Some(note) => run.leaf("p", Attributes::new(), note),
                None => Ok(()),
            }
        })
    }

    fn encoding_description(&mut self, document: &Document) -> io::Result<()> {
        let inferred = Inferred::in_document(document);
        self.element("encodingDesc", Attributes::new(), |run| {
            run.element("editorialDecl", Attributes::new(), |run| {
                run.element("interpretation", Attributes::new(), |run| {
                    run.leaf("p", Attributes::new(), &inferred.summary())?;
                    inferred.rules().try_for_each(|sentence| run.leaf("p", Attributes::new(), &sentence))?;
                    match inferred.decided() {
                        0 => Ok(()),
                        count => {
                            run.ids.insert(EDITOR.to_owned());
                            let said = format!("{count} points were decided by an editor who looked at the source.");
                            run.leaf("p", pairs([("xml:id", Some(EDITOR))]), &said)
                        }
                    }
                })
            })?;
            run.element("appInfo", Attributes::new(), |run| {
                run.ids.insert(RESPONSIBLE.to_owned());
                let own = pairs([
                    ("xml:id", Some(RESPONSIBLE)),
                    ("ident", Some(env!("CARGO_PKG_NAME"))),
                    ("version", Some(env!("CARGO_PKG_VERSION"))),
                ]);
                run.element("application", own, |run| run.leaf("label", Attributes::new(), "apograph"))
            })
        })
    }

    fn profile_description(&mut self, document: &Document) -> io::Result<()> {
        let metadata = &document.metadata;
        let calendars = Calendars::in_document(document);
        let nothing = calendars.0.is_empty()
            && metadata.languages.is_empty()
            && metadata.subjects.is_empty()
            && metadata.classification.is_empty()
            && metadata.description.is_none()
            && metadata.correspondence.is_none();
        if nothing {
            return Ok(());
        }
        self.element("profileDesc", Attributes::new(), |run| {
            if let Some(description) = &metadata.description {
                run.element("abstract", Attributes::new(), |run| run.leaf("p", Attributes::new(), description))?;
            }
            if !metadata.languages.is_empty() {
                run.element("langUsage", Attributes::new(), |run| {
                    metadata.languages.iter().try_for_each(|language| {
                        run.leaf("language", pairs([("ident", Some(language.as_str()))]), language)
                    })
                })?;
            }
            run.classes(metadata)?;
            run.correspondence(metadata)?;
            run.calendars(&calendars)
        })
    }

    /// Keywords, and the text's place in classifications (TEI P5 §2.4.3).
    fn classes(&mut self, metadata: &Metadata) -> io::Result<()> {
        if metadata.subjects.is_empty() && metadata.classification.is_empty() {
            return Ok(());
        }
        self.element("textClass", Attributes::new(), |run| {
            for class in &metadata.classification {
                run.leaf("classCode", pairs([("scheme", Some(class.scheme.as_str()))]), &class.value)?;
            }
            if metadata.subjects.is_empty() {
                return Ok(());
            }
            run.element("keywords", Attributes::new(), |run| {
                metadata.subjects.iter().try_for_each(|subject| run.leaf("term", Attributes::new(), subject))
            })
        })
    }

    /// The calendars to which dates point (TEI P5 §2.4.5).
    fn calendars(&mut self, calendars: &Calendars) -> io::Result<()> {
        if calendars.0.is_empty() {
            return Ok(());
        }
        self.element("calendarDesc", Attributes::new(), |run| {
            calendars.0.iter().try_for_each(|calendar| {
                run.ids.insert(calendar.id().to_owned());
                run.element("calendar", pairs([("xml:id", Some(calendar.id()))]), |run| {
                    run.leaf("p", Attributes::new(), calendar.name())
                })
            })
        })
    }

    fn correspondence(&mut self, metadata: &Metadata) -> io::Result<()> {
        let Some(correspondence) = &metadata.correspondence else { return Ok(()) };
        let nothing_sent =
            correspondence.senders.is_empty() && correspondence.place.is_none() && correspondence.date.is_none();
        if nothing_sent && correspondence.addressees.is_empty() {
            return Ok(());
        }
        self.element("correspDesc", Attributes::new(), |run| {
            if !nothing_sent {
                run.element("correspAction", pairs([("type", Some("sent"))]), |run| {
                    correspondence.senders.iter().try_for_each(|party| run.party(party))?;
                    if let Some(place) = &correspondence.place {
                        run.leaf("placeName", Attributes::new(), place)?;
                    }
                    match correspondence.date {
                        Some(date) => {
                            run.line()?;
                            run.empty("date", dating(date))
                        }
                        None => Ok(()),
                    }
                })?;
            }
            if correspondence.addressees.is_empty() {
                return Ok(());
            }
            run.element("correspAction", pairs([("type", Some("received"))]), |run| {
                correspondence.addressees.iter().try_for_each(|party| run.party(party))
            })
        })
    }

    /// A person where one is named, with the office beside; else the words as they are.
    fn party(&mut self, party: &Party) -> io::Result<()> {
        let own = pairs([("ref", party.uri.as_deref())]);
        match &party.person {
            Some(person) => {
                self.leaf("persName", own, person)?;
                if person == &party.name {
                    return Ok(());
                }
                self.leaf("name", pairs([("type", Some("office"))]), &party.name)
            }
            None => self.leaf("name", own, &party.name),
        }
    }

    fn revision_description(&mut self, metadata: &Metadata) -> io::Result<()> {
        self.element("revisionDesc", Attributes::new(), |run| {
            let when = metadata.publication.modified.as_deref();
            let version = concat!("Converted by apograph ", env!("CARGO_PKG_VERSION"), ".");
            run.leaf("change", pairs([("when", when)]), version)
        })
    }

    /// An element whose children stand on lines of their own.
    fn element(
        &mut self,
        name: &str,
        attributes: Attributes,
        content: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.line()?;
        self.start(name, attributes)?;
        content(self)?;
        self.line()?;
        self.end()
    }

    /// An element that holds only text, white space folded.
    fn leaf(&mut self, name: &str, attributes: Attributes, text: &str) -> io::Result<()> {
        self.line()?;
        self.start(name, attributes)?;
        self.text(&text.split_whitespace().collect::<Vec<_>>().join(" "))?;
        self.end()
    }
}

/// A value for `@type`: one word, or nothing.
fn word(text: &str) -> Option<String> {
    let word = text.split_whitespace().collect::<Vec<_>>().join("-");
    (!word.is_empty()).then_some(word)
}

/// The calendars other than the common one that a text's dates are in.
#[derive(Default)]
struct Calendars(BTreeSet<Calendar>);

impl Calendars {
    fn in_document(document: &Document) -> Self {
        let mut calendars = Self::default();
        walk_document(&mut calendars, document);
        calendars
    }
}

impl<'a> Visit<'a> for Calendars {
    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Date(date) = inline
            && let Some(pointer) = date.tag.attributes.get("calendar")
        {
            self.0
                .extend(Calendar::ALL.into_iter().filter(|calendar| pointer.strip_prefix('#') == Some(calendar.id())));
        }
        walk_inline(self, inline);
    }
}

/// What was inferred in a text, counted by rule and certainty.
#[derive(Default)]
struct Inferred(BTreeMap<(String, Certainty), usize>);

impl Inferred {
    fn in_document(document: &Document) -> Self {
        let mut inferred = Self::default();
        walk_document(&mut inferred, document);
        inferred
    }

    fn count(&mut self, tag: Option<&Tag>) {
        if let Some(inference) = tag.and_then(|tag| tag.inference.as_deref()) {
            *self.0.entry((inference.rule.to_string(), inference.certainty)).or_default() += 1;
        }
    }

    fn summary(&self) -> String {
        let total: usize = self.0.values().sum();
        match total {
            0 => "The text was taken over as it stands; nothing was inferred.".to_owned(),
            _ => format!(
                "The text was taken over character by character. {total} points of its structure were inferred from \
                 it; those that are not certain bear a certainty (cert) and point to the program (resp)."
            ),
        }
    }

    /// How many were decided by an editor.
    fn decided(&self) -> usize {
        self.0.iter().filter(|((rule, _), _)| rule.starts_with("decision.")).map(|(_, count)| count).sum()
    }

    fn rules(&self) -> impl Iterator<Item = String> {
        self.0
            .iter()
            .map(|((rule, certainty), count)| format!("{rule}: {count} with {} certainty.", certainty.as_str()))
    }
}

impl<'a> Visit<'a> for Inferred {
    fn block(&mut self, block: &'a Block) {
        self.count(block.tag());
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        if !matches!(inline, Inline::Nested(_)) {
            self.count(inline.tag());
        }
        walk_inline(self, inline);
    }
}

//! The letters of an edition in the Correspondence Metadata Interchange Format (TEI Correspondence SIG), which
//! correspSearch gathers: a TEI file that holds `correspDesc`s alone.

use std::borrow::Cow;
use std::io::{self, Write};

use super::{Correspondent, Entry};
use crate::model::{Metadata, Moment};
use crate::xml::emit::Emitter;

/// What a CMIF file says of itself and of the edition.
#[derive(Clone, Debug, Default)]
pub struct Edition<'m> {
    /// Title, editors, publisher and the like; the edition's own.
    pub metadata: Option<&'m Metadata>,
    /// The address under which the file will be found.
    pub url: Option<String>,
    /// The day of the file's making.
    pub date: Option<Moment>,
}

/// Writes the CMIF file of some entries: those that have a sender or an addressee.
///
/// # Errors
/// What the system says.
pub fn write(entries: &[Entry], edition: &Edition<'_>, to: impl Write) -> io::Result<()> {
    let mut file = File { xml: Emitter::new(to) };
    file.xml.declaration()?;
    file.open("TEI", &[("xmlns", crate::tei::NAMESPACE)])?;
    file.open("teiHeader", &[])?;
    file.description(edition)?;
    file.open("profileDesc", &[])?;
    let mut letters = entries.iter().filter(|entry| entry.is_letter());
    letters.try_for_each(|entry| file.letter(entry))?;
    file.close()?;
    file.close()?;
    file.open("text", &[])?;
    file.open("body", &[])?;
    file.leaf("p", &[], "")?;
    file.close()?;
    file.close()?;
    file.close()?;
    file.xml.finish()?.write_all(b"\n")
}

/// What correspSearch wants of a CMIF file that the edition doesn't say, each in a sentence.
pub fn lacks(metadata: &Metadata, url: Option<&str>) -> Vec<&'static str> {
    let publication = &metadata.publication;
    let free = |licence: &String| ["creativecommons.org/", "/CC-", "/CC0"].iter().any(|part| licence.contains(part));
    let editor = metadata.agents.iter().any(|agent| agent.role == "edt");
    let wanted = [
        (publication.licence.is_some(), "the edition states no licence; CMIF wants a free one (--set licence=URL)"),
        (
            publication.licence.as_ref().is_none_or(free),
            "the licence is none of Creative Commons; CMIF wants a free one, best CC BY 4.0 or CC0",
        ),
        (!metadata.title.main.is_empty(), "the edition has no title (--set title=…)"),
        (editor, "nobody is named as the file's editor (--set editor=…)"),
        (publication.publisher.is_some(), "no publisher is named (--set publisher=…)"),
        (publication.date.is_some(), "there is no date of publication (--set date=…)"),
        (url.is_some(), "the file's address is unknown (--url)"),
    ];
    wanted.into_iter().filter(|(said, _)| !said).map(|(_, lack)| lack).collect()
}

/// The id of the edition's entry, to which each letter points.
const SOURCE: &str = "edition";

fn borrowed<'a>(attributes: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    attributes.iter().map(|(name, value)| (*name, Cow::Borrowed(*value)))
}

struct File<W: Write> {
    xml: Emitter<W>,
}

impl<W: Write> File<W> {
    fn line(&mut self) -> io::Result<()> {
        let depth = self.xml.depth();
        self.xml.raw("\n")?;
        self.xml.raw(&"  ".repeat(depth))
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        if self.xml.depth() > 0 {
            self.line()?;
        }
        self.xml.start(name, borrowed(attributes))
    }

    fn close(&mut self) -> io::Result<()> {
        let depth = self.xml.depth().saturating_sub(1);
        self.xml.raw("\n")?;
        self.xml.raw(&"  ".repeat(depth))?;
        self.xml.end()
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        self.line()?;
        if text.is_empty() {
            return self.xml.empty(name, borrowed(attributes));
        }
        self.xml.start(name, borrowed(attributes))?;
        self.xml.text(text)?;
        self.xml.end()
    }

    /// `fileDesc`: title, editors, publisher, address, day and licence, and the edition as its source.
    fn description(&mut self, edition: &Edition<'_>) -> io::Result<()> {
        let nothing = Metadata::default();
        let metadata = edition.metadata.unwrap_or(&nothing);
        let title = if metadata.title.main.is_empty() { "[untitled edition]" } else { metadata.title.main.as_str() };
        let publisher = metadata.publication.publisher.as_deref().unwrap_or("[unknown publisher]");
        self.open("fileDesc", &[])?;
        self.open("titleStmt", &[])?;
        self.leaf("title", &[], title)?;
        for agent in metadata.agents.iter().filter(|agent| agent.role == "edt") {
            match &agent.uri {
                Some(uri) => self.leaf("editor", &[("ref", uri)], &agent.name)?,
                None => self.leaf("editor", &[], &agent.name)?,
            }
        }
        self.close()?;
        self.open("publicationStmt", &[])?;
        self.leaf("publisher", &[], publisher)?;
        self.leaf("idno", &[("type", "url")], edition.url.as_deref().unwrap_or("about:blank"))?;
        if let Some(date) = edition.date {
            let date = date.to_string();
            self.leaf("date", &[("when", &date)], "")?;
        }
        self.open("availability", &[])?;
        match metadata.publication.licence.as_deref() {
            Some(licence) => {
                let words = metadata.publication.rights.as_deref().unwrap_or(licence);
                self.leaf("licence", &[("target", licence)], words)?;
            }
            None => self.leaf("p", &[], "No licence is stated.")?,
        }
        self.close()?;
        self.close()?;
        self.open("sourceDesc", &[])?;
        self.leaf("bibl", &[("xml:id", SOURCE), ("type", "hybrid")], title)?;
        self.close()?;
        self.close()
    }

    fn letter(&mut self, entry: &Entry) -> io::Result<()> {
        let address = entry.address();
        let address = crate::tei::uri(&address);
        let source = format!("#{SOURCE}");
        let mut attributes = vec![("source", source.as_str()), ("ref", &*address)];
        if let Some(number) = &entry.number {
            attributes.push(("key", number));
        }
        self.open("correspDesc", &attributes)?;
        if !entry.senders.is_empty() || entry.place.is_some() || entry.from.is_some() {
            self.open("correspAction", &[("type", "sent")])?;
            self.parties(&entry.senders)?;
            if let Some(place) = &entry.place {
                self.leaf("placeName", &[], place)?;
            }
            self.date(entry)?;
            self.close()?;
        }
        if !entry.addressees.is_empty() {
            self.open("correspAction", &[("type", "received")])?;
            self.parties(&entry.addressees)?;
            self.close()?;
        }
        self.close()
    }

    fn parties(&mut self, parties: &[Correspondent]) -> io::Result<()> {
        // CMIF knows persons and bodies; an office that is not named as either is a body.
        parties.iter().try_for_each(|party| {
            let name = if party.name.split(' ').any(|word| matches!(word, "the" | "Department" | "Embassy" | "Office"))
            {
                "orgName"
            } else {
                "persName"
            };
            // CMIF wants authorities' URIs here, which an id within the file is not.
            match party.uri.as_deref().filter(|uri| uri.contains("://")) {
                Some(uri) => self.leaf(name, &[("ref", uri)], &party.name),
                None => self.leaf(name, &[], &party.name),
            }
        })
    }

    /// Days alone: the format has no times.
    fn date(&mut self, entry: &Entry) -> io::Result<()> {
        let Some(from) = entry.from.map(|moment| moment.date_only().to_string()) else { return Ok(()) };
        match entry.to.map(|moment| moment.date_only().to_string()) {
            Some(to) if to != from => self.leaf("date", &[("from", &from), ("to", &to)], ""),
            _ => self.leaf("date", &[("when", &from)], ""),
        }
    }
}

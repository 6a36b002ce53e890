//! What the package document says about the book (EPUB 3.3 §5.5), and about how it can be read (EPUB
//! Accessibility 1.1 §2.2): all computed from what the book has.

use std::borrow::Cow;
use std::io;

use super::Book;
use super::language::known as known_language;
use crate::epub;
use crate::model::visit::{Visit, walk_document, walk_inline};
use crate::model::{Agent, Document, Identifier, Inline, Metadata};
use crate::xml::emit::Emitter;

/// When nothing says when a text was changed: a time that is the same on every run.
const EPOCH: &str = "2000-01-01T00:00:00Z";

type Out = Emitter<Vec<u8>>;

/// The title, or what can stand for it; never empty.
pub(super) fn title(document: &Document) -> String {
    let said = [
        Some(document.metadata.title.main.clone()),
        super::navigation::first_heading(document),
        document.metadata.source.file.clone(),
    ];
    said.into_iter()
        .flatten()
        .map(|text| super::links::squeezed(&text))
        .find(|text| !text.is_empty())
        .unwrap_or_else(|| "Untitled".to_owned())
}

/// The main language; `und` if none is known.
pub(super) fn language(document: &Document) -> String {
    document
        .metadata
        .languages
        .iter()
        .find_map(|tag| known_language(tag))
        .map_or_else(|| "und".to_owned(), Cow::into_owned)
}

/// The identifier of the book: one that the document has, else a UUID of its own (RFC 9562 §5.8) that the same
/// content always gets.
pub(super) fn identifier(document: &Document, title: &str) -> String {
    let known = |scheme: &str| {
        document.metadata.identifiers.iter().find(|it| it.scheme.eq_ignore_ascii_case(scheme)).and_then(urn)
    };
    if let Some(known) = known("uuid").or_else(|| known("isbn")).or_else(|| known("isbn-13")).or_else(|| known("doi")) {
        return known;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(title.as_bytes());
    match document.metadata.identifiers.first() {
        Some(identifier) => {
            hasher.update(identifier.scheme.as_bytes()).update(b"\0").update(identifier.value.as_bytes());
        }
        None => walk_document(&mut Hashed(&mut hasher), document),
    }
    let mut bytes = [0_u8; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0F) | 0x80;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// The text of a document on its way into a hash: the same text is the same book, however it is written.
struct Hashed<'h>(&'h mut blake3::Hasher);

impl<'a> Visit<'a> for Hashed<'_> {
    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Text(text) = inline {
            self.0.update(text.as_bytes());
        }
        walk_inline(self, inline);
    }
}

/// An identifier as a URN or URI, where there is a rule for it.
fn urn(identifier: &Identifier) -> Option<String> {
    let value = identifier.value.trim();
    match identifier.scheme.to_ascii_lowercase().as_str() {
        "uuid" => {
            let bare = value.trim_start_matches("urn:uuid:");
            let sound = bare.len() == 36
                && bare.bytes().enumerate().all(|(at, byte)| match at {
                    8 | 13 | 18 | 23 => byte == b'-',
                    _ => byte.is_ascii_hexdigit(),
                });
            sound.then(|| format!("urn:uuid:{}", bare.to_ascii_lowercase()))
        }
        "isbn" | "isbn-13" | "isbn-10" => {
            let digits: String =
                value.trim_start_matches("urn:isbn:").chars().filter(|it| !matches!(it, '-' | ' ')).collect();
            is_isbn(&digits).then(|| format!("urn:isbn:{digits}"))
        }
        "doi" => {
            let bare = value.trim_start_matches("https://doi.org/").trim_start_matches("doi:");
            (bare.starts_with("10.") && !bare.contains(char::is_whitespace)).then(|| format!("https://doi.org/{bare}"))
        }
        _ => (!value.is_empty()).then(|| value.to_owned()),
    }
}

/// True for ten or thirteen digits whose check digit is right.
fn is_isbn(digits: &str) -> bool {
    let values: Option<Vec<u32>> = digits
        .chars()
        .enumerate()
        .map(
            |(at, it)| {
                if matches!(it, 'X' | 'x') && at == 9 && digits.len() == 10 { Some(10) } else { it.to_digit(10) }
            },
        )
        .collect();
    match values {
        Some(values) if values.len() == 10 => {
            values.iter().zip((1..=10).rev()).map(|(value, weight)| value * weight).sum::<u32>() % 11 == 0
        }
        Some(values) if values.len() == 13 => {
            values.iter().zip([1, 3].iter().cycle()).map(|(value, weight)| value * weight).sum::<u32>() % 10 == 0
        }
        _ => false,
    }
}

impl Book<'_> {
    /// The `metadata` element.
    pub(super) fn metadata(&self, out: &mut Out) -> io::Result<()> {
        let metadata = &self.document.metadata;
        out.start("metadata", [("xmlns:dc", Cow::Borrowed("http://purl.org/dc/elements/1.1/"))])?;
        out.raw("\n")?;
        element(out, "dc:identifier", Some("identifier"), &self.identifier)?;
        self.titles(out)?;
        self.languages(out)?;
        self.agents(out)?;
        self.publication(out)?;
        let mut known = vec![self.identifier.clone()];
        for value in metadata.identifiers.iter().filter_map(urn) {
            if !known.contains(&value) {
                element(out, "dc:identifier", None, &value)?;
                known.push(value);
            }
        }
        for subject in metadata.subjects.iter().filter(|subject| !subject.trim().is_empty()) {
            element(out, "dc:subject", None, subject)?;
        }
        for (at, class) in metadata.classification.iter().enumerate() {
            let id = format!("class-{}", at + 1);
            let refines = format!("#{id}");
            element(out, "dc:subject", Some(&id), &class.value)?;
            meta(out, &[("refines", &refines), ("property", "authority")], &class.scheme)?;
            meta(out, &[("refines", &refines), ("property", "term")], &class.value)?;
        }
        if let Some(description) = metadata.description.as_deref().filter(|text| !text.trim().is_empty()) {
            element(out, "dc:description", None, description)?;
        }
        self.sources(out)?;
        if let Some(series) = metadata.series.as_ref().filter(|series| !series.title.trim().is_empty()) {
            meta(out, &[("property", "belongs-to-collection"), ("id", "series")], &series.title)?;
            meta(out, &[("refines", "#series"), ("property", "collection-type")], "series")?;
            if let Some(position) = series.position.as_deref().filter(|position| is_position(position)) {
                meta(out, &[("refines", "#series"), ("property", "group-position")], position)?;
            }
        }
        meta(out, &[("property", "dcterms:modified")], &self.modified())?;
        self.accessibility(out)?;
        let href = Cow::Borrowed(epub::FRAME_PATH);
        out.empty("link", [("rel", "record".into()), ("href", href), ("media-type", epub::FRAME_TYPE.into())])?;
        out.raw("\n")?;
        if self.images.cover().is_some() {
            out.empty("meta", [("name", Cow::Borrowed("cover")), ("content", Cow::Borrowed("cover-image"))])?;
            out.raw("\n")?;
        }
        out.end()?;
        out.raw("\n")
    }

    fn titles(&self, out: &mut Out) -> io::Result<()> {
        element(out, "dc:title", Some("title"), &self.title)?;
        meta(out, &[("refines", "#title"), ("property", "title-type")], "main")?;
        if let Some(subtitle) = self.document.metadata.title.subtitle.as_deref().filter(|text| !text.trim().is_empty())
        {
            element(out, "dc:title", Some("subtitle"), subtitle)?;
            meta(out, &[("refines", "#subtitle"), ("property", "title-type")], "subtitle")?;
        }
        Ok(())
    }

    fn languages(&self, out: &mut Out) -> io::Result<()> {
        let mut known = vec![Cow::Borrowed(self.language.as_str())];
        element(out, "dc:language", None, &self.language)?;
        for language in self.document.metadata.languages.iter().filter_map(|tag| known_language(tag)) {
            if !known.iter().any(|have| have.eq_ignore_ascii_case(&language)) {
                element(out, "dc:language", None, &language)?;
                known.push(language);
            }
        }
        Ok(())
    }

    fn agents(&self, out: &mut Out) -> io::Result<()> {
        for (at, agent) in named(&self.document.metadata).enumerate() {
            // Who wrote or edited it is its maker; all others had a part in it.
            let maker = matches!(agent.role.as_str(), "" | "aut" | "edt" | "com");
            let id = format!("agent-{}", at + 1);
            element(out, if maker { "dc:creator" } else { "dc:contributor" }, Some(&id), &agent.name)?;
            let refines = format!("#{id}");
            if agent.role.len() == 3 && agent.role.bytes().all(|byte| byte.is_ascii_lowercase()) {
                let attributes = [("refines", refines.as_str()), ("property", "role"), ("scheme", "marc:relators")];
                meta(out, &attributes, &agent.role)?;
            }
            if let Some(file_as) = agent.file_as.as_deref().filter(|text| !text.trim().is_empty()) {
                meta(out, &[("refines", &refines), ("property", "file-as")], file_as)?;
            }
            if let Some(uri) = agent.uri.as_deref().filter(|uri| !uri.trim().is_empty()) {
                meta(out, &[("refines", &refines), ("property", "dcterms:identifier")], uri)?;
            }
        }
        Ok(())
    }

    fn publication(&self, out: &mut Out) -> io::Result<()> {
        let publication = &self.document.metadata.publication;
        if let Some(publisher) = publication.publisher.as_deref().filter(|text| !text.trim().is_empty()) {
            element(out, "dc:publisher", None, publisher)?;
        }
        if let Some(date) = publication.date.filter(|date| (1..=9999).contains(&date.year)) {
            element(out, "dc:date", None, &date.date_only().to_string())?;
        }
        for rights in [&publication.rights, &publication.licence].into_iter().flatten() {
            if !rights.trim().is_empty() {
                element(out, "dc:rights", None, rights)?;
            }
        }
        Ok(())
    }

    /// The source, and, where the book has pages, whence their numbers come (EPUB Accessibility 1.1 §3.6.2).
    fn sources(&self, out: &mut Out) -> io::Result<()> {
        let source = &self.document.metadata.source;
        let pages = self.chapters.iter().any(|chapter| !chapter.pages.is_empty());
        let isbn = self.document.metadata.identifiers.iter().find(|it| it.scheme.starts_with("isbn")).and_then(urn);
        let printed = isbn.or_else(|| source.edition.clone()).filter(|text| !text.trim().is_empty());
        if let Some(printed) = &printed {
            element(out, "dc:source", Some("source"), printed)?;
            if pages {
                meta(out, &[("refines", "#source"), ("property", "source-of")], "pagination")?;
            }
        }
        if pages {
            meta(out, &[("property", "pageBreakSource")], printed.as_ref().unwrap_or(&self.title))?;
        }
        Ok(())
    }

    fn modified(&self) -> String {
        let publication = &self.document.metadata.publication;
        let day = publication.date.filter(|date| (1000..=9999).contains(&date.year));
        [publication.modified.as_deref(), self.options.modified.as_deref()]
            .into_iter()
            .flatten()
            .find_map(instant)
            .or_else(|| {
                day.map(|date| {
                    let (month, day) = (date.month.unwrap_or(1), date.day.unwrap_or(1));
                    format!("{:04}-{month:02}-{day:02}T00:00:00Z", date.year)
                })
            })
            .unwrap_or_else(|| EPOCH.to_owned())
    }
}

fn named(metadata: &Metadata) -> impl Iterator<Item = &Agent> {
    metadata.agents.iter().filter(|agent| !agent.name.trim().is_empty())
}

/// `group-position` is a number, perhaps with parts: `12`, `2.1` (EPUB 3.3 §D.3.5).
fn is_position(position: &str) -> bool {
    !position.is_empty()
        && position.split('.').all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()))
}

/// The instant in the one form that `dcterms:modified` may have (EPUB 3.3 §5.5.4).
fn instant(text: &str) -> Option<String> {
    let text = text.trim();
    let instant = chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()).or_else(|| {
        let day = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        day.and_hms_opt(0, 0, 0).map(|at| at.and_utc())
    })?;
    let text = instant.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    (text.len() == 20).then_some(text)
}

fn element(out: &mut Out, name: &str, id: Option<&str>, text: &str) -> io::Result<()> {
    out.start(name, id.map(|id| ("id", Cow::Borrowed(id))))?;
    out.text(text.trim())?;
    out.end()?;
    out.raw("\n")
}

fn meta(out: &mut Out, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
    out.start("meta", attributes.iter().map(|&(name, value)| (name, Cow::Borrowed(value))))?;
    out.text(text.trim())?;
    out.end()?;
    out.raw("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_have_one_form() {
        assert_eq!(instant("2024-05-01T12:00:00+02:00").as_deref(), Some("2024-05-01T10:00:00Z"));
        assert_eq!(instant("2024-05-01").as_deref(), Some("2024-05-01T00:00:00Z"));
        assert_eq!(instant("May"), None);
    }

    #[test]
    fn an_isbn_is_believed_only_with_its_check_digit() {
        assert!(is_isbn("9780306406157") && is_isbn("080442957X"));
        assert!(!is_isbn("9780306406158") && !is_isbn("0804429570") && !is_isbn("12"));
    }
}

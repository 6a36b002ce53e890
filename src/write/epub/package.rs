//! The package document (EPUB 3.3 §5), with accessibility metadata computed from what the book has
//! (EPUB Accessibility 1.1 §2).

use std::io;

use super::Epub;
use super::chapter::{Attributes, Book, is_right_to_left, language};
use super::plan::Plan;
use crate::model::{Document, Metadata};
use crate::xml::emit::Emitter;

/// By what a book is known, and when it was last changed.
pub(super) struct Identity {
    pub(super) identifier: String,
    pub(super) modified: String,
}

impl Identity {
    /// The ISBN if there is one; else an identifier made from the content.
    pub(super) fn of(epub: &Epub, document: &Document, book: &Book) -> Self {
        let metadata = &document.metadata;
        let isbn =
            metadata.identifiers.iter().find(|identifier| identifier.scheme.to_ascii_lowercase().starts_with("isbn"));
        let identifier = match isbn {
            Some(isbn) => format!("urn:isbn:{}", isbn.value.replace([' ', '-'], "")),
            None => derived(metadata, book),
        };
        let stated = metadata.publication.modified.as_deref().filter(|moment| is_instant(moment));
        let published = metadata.publication.date.map(|date| {
            format!(
                "{:04}-{:02}-{:02}T00:00:00Z",
                date.year.clamp(1, 9999),
                date.month.unwrap_or(1),
                date.day.unwrap_or(1)
            )
        });
        let modified = stated
            .or(epub.modified.as_deref().filter(|moment| is_instant(moment)))
            .map(str::to_owned)
            .or(published)
            .unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned());
        Self { identifier, modified }
    }
}

/// A UUID of version 8 (RFC 9562 §5.8) from a digest of title and text.
fn derived(metadata: &Metadata, book: &Book) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(metadata.title.main.as_bytes());
    for chapter in &book.chapters {
        hasher.update(chapter);
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    bytes[6] = bytes[6] & 0x0F | 0x80;
    bytes[8] = bytes[8] & 0x3F | 0x80;
    let hex = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

/// `CCYY-MM-DDThh:mm:ssZ`, which is what `dcterms:modified` must be.
fn is_instant(text: &str) -> bool {
    chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%SZ").is_ok() && text.len() == 20
}

/// The title of the book.
pub(super) fn title(document: &Document, plan: &Plan<'_>) -> String {
    let title = document.metadata.title.main.trim();
    match plan.chapters.first() {
        _ if !title.is_empty() => title.to_owned(),
        Some(chapter) => chapter.title.clone(),
        None => "Untitled".to_owned(),
    }
}

/// Writes elements of the package.
struct Package {
    xml: Emitter<Vec<u8>>,
}

impl Package {
    fn line(&mut self) -> io::Result<()> {
        let depth = self.xml.depth();
        self.xml.raw("\n")?;
        self.xml.raw(&"  ".repeat(depth))
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> io::Result<()> {
        if text.trim().is_empty() {
            return Ok(());
        }
        self.line()?;
        self.xml.start(name, attributes.iter().map(|(name, value)| (*name, (*value).into())))?;
        self.xml.text(text.trim())?;
        self.xml.end()
    }

    fn meta(&mut self, property: &str, text: &str) -> io::Result<()> {
        self.leaf("meta", &[("property", property)], text)
    }

    fn refine(&mut self, id: &str, property: &str, scheme: Option<&str>, text: &str) -> io::Result<()> {
        let refines = format!("#{id}");
        let mut attributes = vec![("refines", refines.as_str()), ("property", property)];
        attributes.extend(scheme.map(|scheme| ("scheme", scheme)));
        self.leaf("meta", &attributes, text)
    }

    fn empty(&mut self, name: &str, attributes: &Attributes) -> io::Result<()> {
        self.line()?;
        self.xml.empty(name, attributes.iter().map(|(name, value)| (*name, value.as_str().into())))
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) -> io::Result<()> {
        self.line()?;
        self.xml.start(name, attributes.iter().map(|(name, value)| (*name, (*value).into())))
    }

    fn end(&mut self) -> io::Result<()> {
        let depth = self.xml.depth().saturating_sub(1);
        self.xml.raw("\n")?;
        self.xml.raw(&"  ".repeat(depth))?;
        self.xml.end()
    }
}

/// The package document.
pub(super) fn package(
    epub: &Epub,
    document: &Document,
    plan: &Plan<'_>,
    book: &Book,
    identity: &Identity,
) -> io::Result<Vec<u8>> {
    let mut package = Package { xml: Emitter::new(Vec::new()) };
    let language = language(document);
    package.xml.declaration()?;
    let root = [
        ("xmlns", "http://www.idpf.org/2007/opf"),
        ("version", "3.0"),
        ("unique-identifier", "id"),
        ("xml:lang", language.as_str()),
    ];
    package.xml.start("package", root.map(|(name, value)| (name, value.into())))?;
    package.start("metadata", &[("xmlns:dc", "http://purl.org/dc/elements/1.1/")])?;
    package.leaf("dc:identifier", &[("id", "id")], &identity.identifier)?;
    package.described(document, plan, &language)?;
    package.meta("dcterms:modified", &identity.modified)?;
    package.accessible(document, plan, book)?;
    package.end()?;
    package.manifest(epub, document, plan, book)?;
    package.spine(plan, &language)?;
    package.end()?;
    package.xml.raw("\n")?;
    package.xml.finish()
}

impl Package {
    fn described(&mut self, document: &Document, plan: &Plan<'_>, language: &str) -> io::Result<()> {
        let metadata = &document.metadata;
        self.leaf("dc:title", &[("id", "title")], &title(document, plan))?;
        if let Some(subtitle) = &metadata.title.subtitle {
            self.refine("title", "title-type", None, "main")?;
            self.leaf("dc:title", &[("id", "subtitle")], subtitle)?;
            self.refine("subtitle", "title-type", None, "subtitle")?;
        }
        self.leaf("dc:language", &[], language)?;
        let others = metadata.languages.iter().filter(|other| *other != language);
        others.into_iter().try_for_each(|other| self.leaf("dc:language", &[], other))?;
        for (number, agent) in metadata.agents.iter().enumerate().filter(|(_, agent)| !agent.name.trim().is_empty()) {
            let id = format!("agent-{}", number + 1);
            let name = if matches!(agent.role.as_str(), "aut" | "edt") { "dc:creator" } else { "dc:contributor" };
            self.leaf(name, &[("id", &id)], &agent.name)?;
            self.refine(&id, "role", Some("marc:relators"), &agent.role)?;
            if let Some(file_as) = &agent.file_as {
                self.refine(&id, "file-as", None, file_as)?;
            }
        }
        let publication = &metadata.publication;
        self.leaf("dc:publisher", &[], publication.publisher.as_deref().unwrap_or_default())?;
        self.leaf("dc:date", &[], &publication.date.map(|date| date.date_only().to_string()).unwrap_or_default())?;
        self.leaf("dc:rights", &[], publication.rights.as_deref().unwrap_or_default())?;
        self.leaf("dc:description", &[], metadata.description.as_deref().unwrap_or_default())?;
        metadata.subjects.iter().try_for_each(|subject| self.leaf("dc:subject", &[], subject))?;
        if let Some(series) = metadata.series.as_ref().filter(|series| !series.title.trim().is_empty()) {
            self.leaf("meta", &[("property", "belongs-to-collection"), ("id", "series")], &series.title)?;
            self.refine("series", "collection-type", None, "series")?;
            let position = series.position.as_deref().unwrap_or_default();
            let counts = !position.is_empty()
                && position.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
            if counts {
                self.refine("series", "group-position", None, position)?;
            }
        }
        Ok(())
    }

    /// What the book offers to those who can't read it in the usual way, as far as it is so.
    fn accessible(&mut self, document: &Document, plan: &Plan<'_>, book: &Book) -> io::Result<()> {
        let images = !book.images.is_empty();
        let described = !book.images.iter().any(|image| image.undescribed);
        self.meta("schema:accessMode", "textual")?;
        if images {
            self.meta("schema:accessMode", "visual")?;
        }
        if described {
            self.meta("schema:accessModeSufficient", "textual")?;
        } else {
            self.meta("schema:accessModeSufficient", "textual,visual")?;
        }
        let mut features = vec!["structuralNavigation", "tableOfContents", "readingOrder", "displayTransformability"];
        if images && described {
            features.push("alternativeText");
        }
        if !book.pages.is_empty() {
            features.extend(["pageBreakMarkers", "pageNavigation"]);
        }
        features.into_iter().try_for_each(|feature| self.meta("schema:accessibilityFeature", feature))?;
        self.meta("schema:accessibilityHazard", "none")?;
        self.meta("schema:accessibilitySummary", &summary(book, described))?;
        if !book.pages.is_empty() {
            let edition = document.metadata.source.edition.clone().unwrap_or_else(|| title(document, plan));
            self.leaf("dc:source", &[("id", "print")], &edition)?;
            self.refine("print", "source-of", None, "pagination")?;
            self.meta("pageBreakSource", &edition)?;
        }
        Ok(())
    }

    fn manifest(&mut self, epub: &Epub, document: &Document, plan: &Plan<'_>, book: &Book) -> io::Result<()> {
        let item = |id: String, href: String, media: &str| -> Attributes {
            vec![("id", id), ("href", href), ("media-type", media.to_owned())]
        };
        self.start("manifest", &[])?;
        let mut nav = item("nav".into(), "nav.xhtml".into(), "application/xhtml+xml");
        nav.push(("properties", "nav".to_owned()));
        self.empty("item", &nav)?;
        self.empty("item", &item("ncx".into(), "toc.ncx".into(), "application/x-dtbncx+xml"))?;
        for (number, (name, _)) in epub.sheets().enumerate() {
            self.empty("item", &item(format!("css-{}", number + 1), format!("css/{name}"), "text/css"))?;
        }
        for (number, chapter) in plan.chapters.iter().enumerate() {
            let href = format!("text/{}", chapter.file);
            self.empty("item", &item(format!("text-{}", number + 1), href, "application/xhtml+xml"))?;
        }
        for (number, image) in book.images.iter().enumerate() {
            let media = &document.resources[image.resource].media_type;
            self.empty("item", &item(format!("image-{}", number + 1), image.path.clone(), media))?;
        }
        self.end()
    }

    fn spine(&mut self, plan: &Plan<'_>, language: &str) -> io::Result<()> {
        let mut attributes = vec![("toc", "ncx")];
        if is_right_to_left(language) {
            attributes.push(("page-progression-direction", "rtl"));
        }
        self.start("spine", &attributes)?;
        for number in 1..=plan.chapters.len() {
            self.empty("itemref", &vec![("idref", format!("text-{number}"))])?;
        }
        self.empty("itemref", &vec![("idref", "nav".to_owned()), ("linear", "no".to_owned())])?;
        self.end()
    }
}

fn summary(book: &Book, described: bool) -> String {
    let mut summary = "The text can be enlarged, reflowed and read aloud, and reached through its contents".to_owned();
    summary.push_str(if book.pages.is_empty() { "." } else { " and through the page numbers of the printed edition." });
    if book.notes > 0 {
        summary.push_str(" Notes are linked in both directions.");
    }
    if !book.images.is_empty() {
        summary.push_str(if described { " All images are described." } else { " Some images are not described." });
    }
    summary
}

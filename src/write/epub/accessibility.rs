//! How the book can be read: all computed from what it has (EPUB Accessibility 1.1 §2, the vocabulary of schema.org).
//! In: the rendered chapters. Out: metadata, and a warning where a claim of conformance is not true.

use std::borrow::Cow;
use std::io;

use super::{Book, UNTRUE};
use crate::diagnostic::Log;
use crate::source::Span;
use crate::xml::emit::Emitter;

/// The metadata field that names who has checked that the book conforms.
const CERTIFIER: &str = "certified-by";
/// What is then claimed (EPUB Accessibility 1.1 §2.4).
const STANDARD: &str = "EPUB Accessibility 1.1 - WCAG 2.1 Level AA";

/// What of the book matters for how it can be read.
struct Facts {
    pages: bool,
    notes: bool,
    headings: bool,
    images: usize,
    described: usize,
    tables: usize,
    moving: bool,
    cover: bool,
    language: bool,
}

impl Book<'_> {
    fn facts(&self) -> Facts {
        let chapters = &self.chapters;
        Facts {
            pages: chapters.iter().any(|chapter| !chapter.pages.is_empty()),
            notes: chapters.iter().any(|chapter| chapter.has_notes),
            headings: chapters.iter().any(|chapter| !chapter.title.is_empty() || !chapter.entries.is_empty()),
            images: chapters.iter().map(|chapter| chapter.images).sum(),
            described: chapters.iter().map(|chapter| chapter.described).sum(),
            tables: chapters.iter().map(|chapter| chapter.tables).sum(),
            moving: self.images.iter().any(super::images::Image::moves),
            cover: self.images.cover().is_some(),
            language: self.language != "und",
        }
    }

    /// Who has checked the book, if the metadata name one.
    fn certifier(&self) -> Option<&str> {
        self.document.metadata.extra.get(CERTIFIER).map(|name| name.trim()).filter(|name| !name.is_empty())
    }

    /// Tells why the book can't conform, though someone vouches for it.
    pub(super) fn doubt(&self, log: &mut Log) {
        if let (Some(name), Some(why)) = (self.certifier(), self.facts().shortcoming()) {
            let message = format!("`{name}` can't vouch for {STANDARD}: {why}; the claim was left out");
            log.warning(UNTRUE, Span::default(), message);
        }
    }

    /// All that is said about accessibility.
    pub(super) fn accessibility(&self, out: &mut Emitter<Vec<u8>>) -> io::Result<()> {
        let facts = self.facts();
        let mut say = |property: &str, value: &str| {
            let language = (property == "schema:accessibilitySummary").then_some(("xml:lang", Cow::Borrowed("en")));
            out.start("meta", [("property", Cow::Borrowed(property))].into_iter().chain(language))?;
            out.text(value)?;
            out.end()?;
            out.raw("\n")
        };
        say("schema:accessMode", "textual")?;
        if facts.images > 0 {
            say("schema:accessMode", "visual")?;
        }
        if facts.images == facts.described {
            say("schema:accessModeSufficient", "textual")?;
        }
        if facts.images > 0 {
            say("schema:accessModeSufficient", "textual,visual")?;
        }
        for feature in facts.features() {
            say("schema:accessibilityFeature", feature)?;
        }
        say("schema:accessibilityHazard", if facts.moving { "unknown" } else { "none" })?;
        say("schema:accessibilitySummary", &facts.summary())?;
        if let (Some(name), None) = (self.certifier(), facts.shortcoming()) {
            say("dcterms:conformsTo", STANDARD)?;
            say("a11y:certifiedBy", name)?;
        }
        Ok(())
    }
}

impl Facts {
    fn features(&self) -> Vec<&'static str> {
        let said = [
            (true, "displayTransformability"),
            (true, "readingOrder"),
            (true, "tableOfContents"),
            (self.headings, "structuralNavigation"),
            (self.pages, "pageBreakMarkers"),
            (self.pages, "pageNavigation"),
            (self.images > 0 && self.images == self.described, "alternativeText"),
        ];
        said.into_iter().filter_map(|(true_, feature)| true_.then_some(feature)).collect()
    }

    /// What keeps the book from conforming, as far as a program can see it (WCAG 2.1: 1.1.1, 2.3.1, 2.4.6, 3.1.1).
    fn shortcoming(&self) -> Option<&'static str> {
        if self.images > self.described {
            return Some("some images have no description");
        }
        if !self.language {
            return Some("its language is not known");
        }
        if !self.headings {
            return Some("it has no headings");
        }
        self.moving.then_some("it has moving images, which nobody has judged")
    }

    fn summary(&self) -> String {
        let mut summary = "The text is in reading order, with a table of contents and landmarks".to_owned();
        summary.push_str(if self.headings { ", under headings." } else { "." });
        if self.notes {
            summary.push_str(" Notes are linked in both directions.");
        }
        if self.pages {
            summary.push_str(" Page numbers of the printed source are marked and listed.");
        }
        if self.tables > 0 {
            summary.push_str(" Tables are marked up as tables.");
        }
        match (self.images, self.cover) {
            (0, true) => summary.push_str(" There are no images but the cover."),
            (0, false) => summary.push_str(" There are no images."),
            (images, _) if images == self.described => summary.push_str(" All images are described."),
            _ => summary.push_str(" Some images have no description."),
        }
        if !self.language {
            summary.push_str(" The language of the text is not stated.");
        }
        summary
    }
}

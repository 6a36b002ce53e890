//! EPUB 3.3. In: a document. Out: the files of a publication: package, navigation, NCX for old devices, style
//! sheets, and one content document for each part of the text.
//!
//! The same document gives the same bytes: nothing is taken from the clock or from chance.

mod blocks;
mod chapter;
mod inlines;
mod navigation;
mod notes;
mod package;
mod plan;
mod tables;

use std::io;

use super::Writer;
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Document;
use crate::output::Output;

use chapter::Book;
use plan::Plan;

/// EPUB 3.3.
pub const FORMAT: Format = Format {
    name: "epub",
    extensions: &["epub"],
    media_type: "application/epub+zip",
    summary: "EPUB 3.3 with pop-up notes and a page list",
    packaging: Packaging::Archive,
};

const CONTAINER: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
  <rootfiles>
    <rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
  </rootfiles>
</container>
"#;

/// Writes EPUB 3.3.
#[derive(Clone, Debug, Default)]
pub struct Epub {
    /// When the book was last changed (`2024-05-01T12:00:00Z`), for documents that don't say it themselves.
    pub modified: Option<String>,
    /// A style sheet that is read after the two built-in ones.
    pub css: Option<String>,
}

/// The built-in style sheets: one for every device, one with what newer devices know.
const SHEETS: [(&str, &str); 2] = [("base.css", include_str!("base.css")), ("newer.css", include_str!("newer.css"))];

impl Writer for Epub {
    fn format(&self) -> Format {
        FORMAT
    }

    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure> {
        let plan = Plan::of(document);
        let book = Book::render(self, document, &plan, log).map_err(Failure::file("output"))?;
        self.files(document, &plan, &book, output).map_err(Failure::file("output"))
    }
}

impl Epub {
    fn files(&self, document: &Document, plan: &Plan<'_>, book: &Book, output: &mut dyn Output) -> io::Result<()> {
        output.file("mimetype")?.write_all(FORMAT.media_type.as_bytes())?;
        output.file("META-INF/container.xml")?.write_all(CONTAINER.as_bytes())?;
        let identity = package::Identity::of(self, document, book);
        output.file("EPUB/package.opf")?.write_all(&package::package(self, document, plan, book, &identity)?)?;
        output.file("EPUB/nav.xhtml")?.write_all(&navigation::nav(document, plan, book, self)?)?;
        output.file("EPUB/toc.ncx")?.write_all(&navigation::ncx(document, plan, book, &identity)?)?;
        for (name, sheet) in self.sheets() {
            output.file(&format!("EPUB/css/{name}"))?.write_all(sheet.as_bytes())?;
        }
        for (chapter, bytes) in plan.chapters.iter().zip(&book.chapters) {
            output.file(&format!("EPUB/text/{}", chapter.file))?.write_all(bytes)?;
        }
        for image in &book.images {
            let resource = &document.resources[image.resource];
            output.file(&format!("EPUB/{}", image.path))?.write_all(&resource.bytes)?;
        }
        Ok(())
    }

    /// The names and texts of all style sheets.
    fn sheets(&self) -> impl Iterator<Item = (&str, &str)> {
        SHEETS.into_iter().chain(self.css.as_deref().map(|css| ("own.css", css)))
    }
}

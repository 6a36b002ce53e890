//! EPUB 3.3: one content document per document or chapter, notes as pop-up footnotes, page breaks as points,
//! navigation for new and old reading systems, metadata computed from what the book has. Same input, same bytes.

mod accessibility;
mod blocks;
mod chapter;
mod cover;
mod cut;
mod description;
mod figures;
mod fonts;
mod frame;
mod images;
mod inlines;
mod language;
mod links;
mod lists;
mod metadata;
mod navigation;
mod ncx;
mod notes;
mod package;
mod plan;
mod renderer;
mod sheet;
mod tables;
mod words;

use std::borrow::Cow;
use std::io;

use crate::diagnostic::{Code, Log};
use crate::epub;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::Document;
use crate::output::Output;
use crate::write::Writer;

pub use cover::Cover;
pub use fonts::Font;
pub use sheet::Sheet;

use chapter::Rendered;
use images::Images;
use plan::Plan;

/// The namespace of XHTML.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
/// The namespace of `epub:type` (EPUB 3.3 §5.2.1.1).
const OPS: &str = "http://www.idpf.org/2007/ops";
/// The sheet that every reading system gets.
const BASE_CSS: &str = include_str!("css/base.css");
/// The sheet with rules that old reading systems may stumble over.
const MODERN_CSS: &str = include_str!("css/modern.css");
/// The sheets of the themes.
const BOOK_CSS: &str = include_str!("css/book.css");
const CLEAR_CSS: &str = include_str!("css/clear.css");

const DANGLING: Code = Code("reference.dangling");
const NO_COVER: Code = Code("cover.not-drawn");
const UNTRUE: Code = Code("accessibility.untrue");
const NO_IMAGE: Code = Code("image.missing");
const BAD_IMAGE: Code = Code("image.unusable");
const DUPLICATE: Code = Code("id.duplicate");
const LANGUAGE: Code = Code("language.unknown");

/// Where notes stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notes {
    /// At the end of their content document, as footnotes that reading systems show in a pop-up.
    #[default]
    Popup,
    /// At the end of their content document, as a list that is read like any other text.
    Chapter,
    /// In one content document at the end of the book.
    Book,
}

/// How a book looks where the reader has no wishes of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For documents: space between paragraphs, headings to the left.
    #[default]
    Documents,
    /// For novels: indented paragraphs without space between, headings in the middle.
    Book,
    /// For readers who find dense text hard: wide lines, no hyphens, no slanted or small letters.
    Clear,
}

/// Writes EPUB 3.3.
#[derive(Clone, Debug)]
pub struct Epub {
    /// Where notes stand.
    pub notes: Notes,
    /// How many levels the contents have, at least 1.
    pub toc_depth: usize,
    /// How the book looks.
    pub theme: Theme,
    /// Fonts to embed; the text is set in the family of the first.
    pub fonts: Vec<Font>,
    /// A style sheet that is read after all others.
    pub css: Option<Sheet>,
    /// Whence the cover comes.
    pub cover: Cover,
    /// When the text was last changed, where the document doesn't say: `2024-05-01T12:00:00Z`.
    pub modified: Option<String>,
}

impl Default for Epub {
    fn default() -> Self {
        Self {
            notes: Notes::Popup,
            toc_depth: 3,
            theme: Theme::Documents,
            fonts: Vec::new(),
            css: None,
            cover: Cover::Drawn,
            modified: None,
        }
    }
}

/// A whole book, ready to be packed: what the package document, the contents and the page list speak of.
struct Book<'d> {
    options: &'d Epub,
    document: &'d Document,
    plan: Plan<'d>,
    images: Images<'d>,
    chapters: Vec<Rendered>,
    /// The content document with all notes, if they are kept there and there are any.
    notes: Option<Vec<u8>>,
    /// The content document that describes the manuscripts, if the header does.
    description: Option<Vec<u8>>,
    title: String,
    language: String,
    identifier: String,
}

impl Writer for Epub {
    fn format(&self) -> Format {
        Format {
            name: "epub",
            extensions: &["epub"],
            media_type: "application/epub+zip",
            summary: "EPUB 3.3 with pop-up notes, page list and accessibility metadata",
            packaging: Packaging::Archive,
        }
    }

    fn write(&self, document: &Document, output: &mut dyn Output, log: &mut Log) -> Result<(), Failure> {
        let book = self.book(document, log).map_err(Failure::file("the book"))?;
        book.files(output).map_err(Failure::file("the book"))
    }
}

impl Epub {
    fn book<'d>(&'d self, document: &'d Document, log: &mut Log) -> io::Result<Book<'d>> {
        let title = metadata::title(document);
        let images = Images::of(document, &self.cover, &title, log);
        let language = metadata::language(document);
        let plan = Plan::of(document, self.notes == Notes::Book);
        let chapters = chapter::render_all(self, &plan, &images, &title, &language, log)?;
        let identifier = metadata::identifier(document, &title);
        let notes = chapter::render_notes(self, &plan, &chapters, &language)?;
        let (described, located): (Vec<_>, Vec<_>) =
            description::descriptions(document).into_iter().partition(|manuscript| description::tells(manuscript));
        let description = description::page(self, &described, &language)?;
        let book =
            Book { options: self, document, plan, images, chapters, notes, description, title, language, identifier };
        book.doubt(log);
        frame::report(document, located.len(), log);
        Ok(book)
    }

    /// The names of the style sheets of every page, in the order in which they are read.
    fn sheets(&self) -> impl Iterator<Item = &'static str> {
        let said = [
            ("base", true),
            ("modern", true),
            ("theme", self.theme != Theme::Documents),
            ("fonts", !self.fonts.is_empty()),
            ("own", self.css.is_some()),
        ];
        said.into_iter().filter_map(|(name, there)| there.then_some(name))
    }

    /// The style sheet of a name.
    fn sheet(&self, name: &str) -> Cow<'_, str> {
        match name {
            "base" => BASE_CSS.into(),
            "modern" => MODERN_CSS.into(),
            "theme" if self.theme == Theme::Clear => CLEAR_CSS.into(),
            "theme" => BOOK_CSS.into(),
            "fonts" => fonts::sheet(&self.fonts).into(),
            _ => self.css.as_ref().map_or("", Sheet::text).into(),
        }
    }
}

impl Book<'_> {
    /// Writes every file of the container (EPUB 3.3 §4.2), `mimetype` first.
    fn files(self, output: &mut dyn Output) -> io::Result<()> {
        let mut put = |path: &str, bytes: Cow<'_, [u8]>| match bytes {
            Cow::Borrowed(bytes) => output.file(path)?.write_all(bytes),
            Cow::Owned(bytes) => output.put(path, bytes),
        };
        put("mimetype", b"application/epub+zip".into())?;
        put("META-INF/container.xml", package::CONTAINER.as_bytes().into())?;
        put("EPUB/package.opf", package::package(&self)?.into())?;
        put("EPUB/nav.xhtml", navigation::navigation(&self)?.into())?;
        put("EPUB/toc.ncx", ncx::ncx(&self)?.into())?;
        put(&format!("EPUB/{}", epub::FRAME_PATH), frame::frame(self.document)?.into())?;
        for name in self.options.sheets() {
            put(&format!("EPUB/css/{name}.css"), self.options.sheet(name).as_bytes().into())?;
        }
        for (number, font) in self.options.fonts.iter().enumerate() {
            put(&format!("EPUB/{}", font.href(number)), font.bytes().into())?;
        }
        for image in self.images.iter() {
            put(&format!("EPUB/{}", image.href), (&*image.bytes).into())?;
        }
        if self.images.cover().is_some() {
            put("EPUB/text/cover.xhtml", cover::page(&self)?.into())?;
        }
        for (chapter, rendered) in self.plan.chapters.iter().zip(self.chapters) {
            put(&format!("EPUB/text/{}", chapter.file), rendered.bytes.into())?;
        }
        if let Some(notes) = self.notes {
            put(&format!("EPUB/text/{}", self.plan.notes_file), notes.into())?;
        }
        if let Some(description) = self.description {
            put(&format!("EPUB/text/{}", self.plan.description_file), description.into())?;
        }
        Ok(())
    }
}

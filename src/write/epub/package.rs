//! The package document: metadata, manifest, spine (EPUB 3.3 §5).

use std::borrow::Cow;
use std::io;

use super::Book;
use super::language::is_rtl;
use crate::xml::emit::Emitter;

/// `META-INF/container.xml`.
pub(super) const CONTAINER: &str = concat!(
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n",
    "<rootfiles>\n",
    "<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n",
    "</rootfiles>\n",
    "</container>\n"
);

const XHTML_TYPE: &str = "application/xhtml+xml";

pub(super) fn package(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let mut out = Emitter::new(Vec::new());
    out.declaration()?;
    out.start(
        "package",
        [
            ("xmlns", Cow::Borrowed("http://www.idpf.org/2007/opf")),
            ("version", "3.0".into()),
            ("unique-identifier", "identifier".into()),
            ("xml:lang", book.language.as_str().into()),
        ],
    )?;
    out.raw("\n")?;
    book.metadata(&mut out)?;
    manifest(book, &mut out)?;
    spine(book, &mut out)?;
    out.end()?;
    out.raw("\n")?;
    out.finish()
}

fn manifest(book: &Book<'_>, out: &mut Emitter<Vec<u8>>) -> io::Result<()> {
    out.start("manifest", [])?;
    out.raw("\n")?;
    let mut item = |id: &str, href: &str, media_type: &str, properties: Option<&str>| {
        let attributes = [("id", id), ("href", href), ("media-type", media_type)]
            .into_iter()
            .chain(properties.map(|properties| ("properties", properties)));
        out.empty("item", attributes.map(|(name, value)| (name, Cow::Borrowed(value))))?;
        out.raw("\n")
    };
    item("nav", "nav.xhtml", XHTML_TYPE, Some("nav"))?;
    item("ncx", "toc.ncx", "application/x-dtbncx+xml", None)?;
    for name in book.options.sheets() {
        item(&format!("css-{name}"), &format!("css/{name}.css"), "text/css", None)?;
    }
    for (number, font) in book.options.fonts.iter().enumerate() {
        item(&format!("font-{}", number + 1), &font.href(number), font.media_type(), None)?;
    }
    let cover = book.images.cover();
    for (at, image) in book.images.iter().enumerate() {
        match cover {
            Some(cover) if std::ptr::eq(cover, image) => {
                item("cover-image", &image.href, image.media_type, Some("cover-image"))?;
            }
            _ => item(&format!("image-{}", at + 1), &image.href, image.media_type, None)?,
        }
    }
    if cover.is_some() {
        item("cover", "text/cover.xhtml", XHTML_TYPE, None)?;
    }
    // A file with formulas says so (EPUB 3.3 §5.9.3).
    let mathml = |bytes: &[u8]| memchr::memmem::find(bytes, b"<math xmlns=").map(|_| "mathml");
    for (at, (chapter, rendered)) in book.plan.chapters.iter().zip(&book.chapters).enumerate() {
        let properties = (rendered.formulas > 0).then(|| mathml(&rendered.bytes)).flatten();
        item(&format!("text-{}", at + 1), &format!("text/{}", chapter.file), XHTML_TYPE, properties)?;
    }
    if let Some(notes) = &book.notes {
        item("notes", &format!("text/{}", book.plan.notes_file), XHTML_TYPE, mathml(notes))?;
    }
    if book.description.is_some() {
        item("description", &format!("text/{}", book.plan.description_file), XHTML_TYPE, None)?;
    }
    out.end()?;
    out.raw("\n")
}

fn spine(book: &Book<'_>, out: &mut Emitter<Vec<u8>>) -> io::Result<()> {
    let mut attributes = vec![("toc", Cow::Borrowed("ncx"))];
    if is_rtl(&book.language) {
        attributes.push(("page-progression-direction", "rtl".into()));
    }
    out.start("spine", attributes)?;
    out.raw("\n")?;
    let mut itemref = |id: &str, linear: bool| {
        let linear = (!linear).then_some(("linear", Cow::Borrowed("no")));
        out.empty("itemref", [("idref", Cow::Borrowed(id))].into_iter().chain(linear))?;
        out.raw("\n")
    };
    let mut item = |id: &str| itemref(id, true);
    if book.images.cover().is_some() {
        item("cover")?;
    }
    // A page of contents is worth turning only where there is a choice.
    let choice = book.plan.chapters.len() > 1 || book.description.is_some();
    if choice {
        item("nav")?;
    }
    for at in 0..book.plan.chapters.len() {
        item(&format!("text-{}", at + 1))?;
    }
    if book.notes.is_some() {
        item("notes")?;
    }
    if book.description.is_some() {
        item("description")?;
    }
    if !choice {
        itemref("nav", false)?;
    }
    out.end()?;
    out.raw("\n")
}

//! EPUB 2 and 3. In: the archive. Out: its content documents in reading order as one document, each note where it
//! is called, page breaks as points. Books that this program wrote come back as they were; in all others what
//! XHTML doesn't say is inferred, each time with rule and certainty.
//!
//! Broken books are read as far as they can be; every oddity goes to the log, with file and line.

mod assembly;
mod book;
mod contents;
mod metadata;
mod own;
mod record;
mod wild;

use crate::diagnostic::{Code, Log};
use crate::epub;
use crate::epub::archive::{Archive, Limits, repeated};
use crate::epub::package::{self, Package};
use crate::epub::page::Element;
use crate::failure::Failure;
use crate::format::{Format, Packaging};
use crate::model::{Document, Metadata, Resource};
use crate::read::Reader;
use crate::source::{Input, Span};

use assembly::{Assembly, Part};
use book::Book;
use contents::Contents;
use own::Own;
use wild::Wild;

const LOCKED: Code = Code("epub.encryption");
const TWICE: Code = Code("epub.name-twice");
const MEDIA: Code = Code("epub.media-dropped");
const NOTES: Code = Code("epub.notes-heading");
const DANGLING: Code = Code("epub.link");

/// EPUB.
pub const FORMAT: Format = Format {
    name: "epub",
    extensions: &["epub"],
    media_type: "application/epub+zip",
    summary: "EPUB 2 and 3",
    packaging: Packaging::Archive,
};

/// Reads EPUB.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epub {
    /// How much an archive may hold.
    pub limits: Limits,
}

impl Reader for Epub {
    fn format(&self) -> Format {
        FORMAT
    }

    fn recognizes(&self, head: &[u8]) -> bool {
        head.starts_with(b"PK\x03\x04") && head.get(30..58) == Some(b"mimetypeapplication/epub+zip")
    }

    fn read(&self, input: &Input<'_>, log: &mut Log) -> Result<Document, Failure> {
        let archive = Archive::open(input.bytes, self.limits)?;
        for name in repeated(input.bytes) {
            log.warning(
                TWICE,
                Span::default(),
                format!("the archive has two files called `{name}`; one of them is read"),
            )
            .hint("unpack the archive, give one of them another name, and list it in the manifest");
        }
        let package = package::read(&archive, log)?;
        let locked = package::is_locked(&archive, &package, log)?;
        let leaves = package::leaves(&archive, &package, log)?;
        if let Some(path) = locked {
            // What is well-formed was not encrypted, whatever is said of it.
            if !leaves.iter().any(|leaf| leaf.path == path && leaf.page.fault.is_none()) {
                return Err(package::encrypted(&path));
            }
            log.warning(LOCKED, Span::default(), format!("`{path}` is said to be encrypted, but can be read"));
        }
        if leaves.is_empty() {
            return Err(Failure::Unsupported {
                message: "the archive holds no content document: it is no EPUB".to_owned(),
            });
        }
        let book = Book::of(&leaves);
        let contents = contents::read(&archive, &package, &book, log)?;
        let metadata = metadata::metadata(&package);
        let (mut document, drawings) = documents(&book, &contents, &metadata, log);
        record::apply(&archive, &package, metadata, &mut document, log)?;
        document.resources = images(&archive, &package, &book, log)?;
        document.resources.extend(drawings);
        cover(&archive, &package, &book, &mut document, log)?;
        Ok(document)
    }
}

/// All content documents as one document, and the drawings in them.
fn documents(book: &Book<'_>, contents: &Contents, metadata: &Metadata, log: &mut Log) -> (Document, Vec<Resource>) {
    let mut assembly = Assembly::default();
    let (mut called, mut notes_called) = (vec![false; book.elements.len()], Vec::new());
    let plan = wild::Plan::of(book);
    let language = metadata.languages.first().map(|language| language.to_string()).unwrap_or_default();
    let mut wild = Wild::new(book, &plan, contents, &mut notes_called, &language, log);
    let mut begun = false;
    for (leaf, at) in book.leaves.iter().zip(0..) {
        if leaf.is_generated() {
            continue;
        }
        if leaf.own {
            let part = leaf.body().words("epub:type").find_map(Part::of_word);
            assembly.begin(part.unwrap_or_default());
            for chapter in Own::new(book, at, &mut called, wild.log).chapters() {
                assembly.add(chapter);
            }
            continue;
        }
        // Front matter is what comes before the text; what claims to be, later, is part of it.
        let part = match wild.part(at) {
            Some(Part::Front) if begun => Part::Body,
            part => part.unwrap_or_default(),
        };
        begun |= part == Part::Body;
        let chapter = wild.chapter(at, assembly.depth());
        if chapter.is_empty() {
            continue;
        }
        assembly.begin(part);
        assembly.add(chapter);
    }
    assembly.add(wild.left_over());
    wild.report();
    let drawings = std::mem::take(&mut wild.drawings);
    let mut document = assembly.finish();
    if document.body.is_empty() && !book.leaves.iter().any(|leaf| leaf.own) {
        // A book has a body.
        document.body = std::mem::take(&mut document.front);
    }
    (document, drawings)
}

/// The images that the text shows, each once.
fn images(archive: &Archive<'_>, package: &Package, book: &Book<'_>, log: &mut Log) -> Result<Vec<Resource>, Failure> {
    let mut resources: Vec<Resource> = Vec::new();
    for (element, number) in book.elements.iter().zip(0..) {
        let Some((path, url)) = image(book, number, element) else { continue };
        if resources.iter().any(|known| known.path == url) {
            continue;
        }
        let Some(bytes) = package::file(archive, &path, log)? else { continue };
        let item = package.items.iter().find(|item| item.path == path);
        let media_type = item.map(|item| item.media_type.clone()).unwrap_or_default();
        resources.push(Resource { path: url, media_type, bytes });
    }
    Ok(resources)
}

/// Keeps the cover: where no page shows it, it would be lost. One that this program drew it can draw again.
fn cover(
    archive: &Archive<'_>,
    package: &Package,
    book: &Book<'_>,
    document: &mut Document,
    log: &mut Log,
) -> Result<(), Failure> {
    let Some(item) = package.cover() else { return Ok(()) };
    let own = book.leaves.iter().any(|leaf| leaf.own);
    let path = match document.metadata.extra.get("cover") {
        Some(path) => path.clone(),
        None if own => return Ok(()),
        None => item.path.clone(),
    };
    if !document.resources.iter().any(|known| known.path == path) {
        let Some(bytes) = package::file(archive, &item.path, log)? else { return Ok(()) };
        document.resources.push(Resource { path: path.clone(), media_type: item.media_type.clone(), bytes });
    }
    document.metadata.extra.insert("cover".to_owned(), path);
    Ok(())
}

/// The path of an image in the archive, and that by which the text calls it.
fn image(book: &Book<'_>, number: u32, element: &Element) -> Option<(String, String)> {
    let source = match element.name.as_str() {
        "img" => element.get("src"),
        "image" => element.get("xlink:href").or_else(|| element.get("href")),
        _ => None,
    };
    let leaf = &book.leaves[book.leaf_of(number) as usize];
    if leaf.own && element.get(epub::URL).is_none() {
        // A cover that was drawn.
        return None;
    }
    let (path, _) = epub::archive::resolve(&leaf.path, source?)?;
    let url = element.get(epub::URL).map_or_else(|| path.clone(), str::to_owned);
    Some((path, url))
}

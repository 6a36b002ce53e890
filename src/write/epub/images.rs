//! The images of a book: their types told by their bytes, their names made safe.

use std::borrow::Cow;

use foldhash::HashMap;

use super::cover::{self, Cover};
use super::{BAD_IMAGE, NO_COVER};
use crate::diagnostic::Log;
use crate::model::{Document, Resource};
use crate::nearby::plain;
use crate::source::Span;
use crate::xml::decode;
use crate::xml::parse::{Event, Parser};

/// One image, as it stands in the book.
#[derive(Debug)]
pub(super) struct Image<'d> {
    /// The path below `EPUB/`.
    pub href: String,
    /// A core media type (EPUB 3.3 §3.2).
    pub media_type: &'static str,
    pub bytes: Cow<'d, [u8]>,
}

/// All images; the cover, if there is one, is the first.
#[derive(Debug, Default)]
pub(super) struct Images<'d> {
    images: Vec<Image<'d>>,
    by_path: HashMap<&'d str, usize>,
    cover: bool,
}

impl<'d> Images<'d> {
    pub(super) fn of(document: &'d Document, cover: &'d Cover, title: &str, log: &mut Log) -> Self {
        let mut images = Self::default();
        match cover {
            Cover::Given(cover) => images.cover = images.add(cover, "cover", log).is_some(),
            Cover::Drawn if images.add_own(document, log) => {}
            Cover::Drawn => match cover::draw(document, title) {
                Ok(bytes) => {
                    let href = "images/cover.png".to_owned();
                    images.images.push(Image { href, media_type: "image/png", bytes: Cow::Owned(bytes) });
                    images.cover = true;
                }
                Err(lacking) => {
                    let letter = lacking.map(|letter| format!(": the built-in font has no `{letter}`"));
                    let message = format!("no cover was drawn{}", letter.unwrap_or_default());
                    log.note(NO_COVER, Span::default(), message).hint("`--cover FILE` takes an image");
                }
            },
            Cover::None => {}
        }
        for (at, resource) in document.resources.iter().enumerate() {
            if images.by_path.contains_key(resource.path.as_str()) {
                continue;
            }
            if let Some(number) = images.add(resource, &format!("image-{}", at + 1), log) {
                images.by_path.insert(&resource.path, number);
            }
        }
        images
    }

    /// Adds the image that the metadata name as the cover; false if there is none that can be shown.
    fn add_own(&mut self, document: &'d Document, log: &mut Log) -> bool {
        let named = document.metadata.extra.get("cover");
        let resource = named.and_then(|path| document.resources.iter().find(|resource| resource.path == *path));
        let Some(resource) = resource else { return false };
        self.cover = self.add(resource, "cover", log).is_some();
        if self.cover {
            self.by_path.insert(&resource.path, 0);
        }
        self.cover
    }

    fn add(&mut self, resource: &'d Resource, name: &str, log: &mut Log) -> Option<usize> {
        let (media_type, extension) = match Image::kind(&resource.bytes) {
            Ok(kind) => kind,
            Err(why) => {
                if resource.media_type.starts_with("image/") || name == "cover" {
                    log.loss(BAD_IMAGE, Span::default(), format!("`{}` is not shown: {why}", resource.path));
                }
                return None;
            }
        };
        let href = format!("images/{name}.{extension}");
        self.images.push(Image { href, media_type, bytes: Cow::Borrowed(&resource.bytes) });
        Some(self.images.len() - 1)
    }

    /// The image that the text calls by a path.
    pub(super) fn find(&self, path: &str) -> Option<&Image<'d>> {
        let known = self.by_path.get(path).or_else(|| self.by_path.get(plain(path)?.as_str()));
        known.and_then(|&at| self.images.get(at))
    }

    pub(super) fn cover(&self) -> Option<&Image<'d>> {
        self.images.first().filter(|_| self.cover)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Image<'d>> {
        self.images.iter()
    }
}

impl Image<'_> {
    /// Media type and extension of an image, by its first bytes, or why no reading system would show it.
    pub(super) fn kind(bytes: &[u8]) -> Result<(&'static str, &'static str), &'static str> {
        let kind = match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => ("image/png", "png"),
            [0xFF, 0xD8, 0xFF, ..] => ("image/jpeg", "jpg"),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => ("image/gif", "gif"),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => ("image/webp", "webp"),
            _ if is_safe_svg(bytes) => return Ok(("image/svg+xml", "svg")),
            _ => return Err("it is none of GIF, JPEG, PNG, WebP, and SVG without scripts and outer files"),
        };
        match imagesize::blob_size(bytes) {
            Ok(size) if size.width > 0 && size.height > 0 => Ok(kind),
            Ok(_) | Err(_) => Err("its bytes are damaged"),
        }
    }

    /// True if it may move or flash: whether that is dangerous only a person can say.
    pub(super) fn moves(&self) -> bool {
        let has = |mark: &[u8]| memchr::memmem::find(&self.bytes, mark).is_some();
        match self.media_type {
            "image/gif" => has(b"NETSCAPE2.0"),
            "image/png" => has(b"acTL"),
            "image/webp" => has(b"ANIM"),
            "image/svg+xml" => has(b"<animate") || has(b"<set"),
            _ => false,
        }
    }
}

/// True for SVG that runs no script and asks for nothing outside itself.
fn is_safe_svg(bytes: &[u8]) -> bool {
    let Ok(text) = decode(bytes) else { return false };
    if !text.trim_start().starts_with('<') {
        return false;
    }
    let mut parser = Parser::new(&text);
    let mut root = true;
    loop {
        match parser.next() {
            Ok(Some(Event::Start { name, attributes, .. })) => {
                if root && (name.local() != "svg" || name.uri() != "http://www.w3.org/2000/svg") {
                    return false;
                }
                root = false;
                let outside = |value: &str| !value.is_empty() && !value.starts_with('#') && !value.starts_with("data:");
                let bad = attributes.iter().any(|attribute| {
                    attribute.name.local().starts_with("on")
                        || (attribute.name.local() == "href" && name.local() != "a" && outside(&attribute.value))
                });
                if bad || matches!(name.local(), "script" | "foreignObject") {
                    return false;
                }
            }
            Ok(Some(Event::Doctype { .. })) => return false,
            Ok(Some(_)) => {}
            Ok(None) => return !root,
            Err(_) => return false,
        }
    }
}

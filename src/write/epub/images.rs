//! The images of a book: their types told by their bytes, their names made safe.

use std::collections::HashMap;

use super::BAD_IMAGE;
use crate::diagnostic::Log;
use crate::model::{Document, Resource};
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
    pub bytes: &'d [u8],
}

/// All images; the cover, if there is one, is the first.
#[derive(Debug, Default)]
pub(super) struct Images<'d> {
    images: Vec<Image<'d>>,
    by_path: HashMap<&'d str, usize>,
    cover: Option<usize>,
}

impl<'d> Images<'d> {
    pub(super) fn of(document: &'d Document, cover: Option<&'d Resource>, log: &mut Log) -> Self {
        let mut images = Self::default();
        if let Some(cover) = cover {
            images.cover = images.add(cover, "cover", log);
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

    fn add(&mut self, resource: &'d Resource, name: &str, log: &mut Log) -> Option<usize> {
        let Some((media_type, extension)) = kind(&resource.bytes) else {
            if resource.media_type.starts_with("image/") || name == "cover" {
                let message = format!("`{}` is no image that EPUB shows (GIF, JPEG, PNG, SVG, WebP)", resource.path);
                log.loss(BAD_IMAGE, Span::default(), message);
            }
            return None;
        };
        let href = format!("images/{name}.{extension}");
        self.images.push(Image { href, media_type, bytes: &resource.bytes });
        Some(self.images.len() - 1)
    }

    /// The image that the text calls by a path.
    pub(super) fn find(&self, path: &str) -> Option<&Image<'d>> {
        let path = path.strip_prefix("./").unwrap_or(path);
        self.by_path.get(path).and_then(|&at| self.images.get(at))
    }

    pub(super) fn cover(&self) -> Option<&Image<'d>> {
        self.cover.and_then(|at| self.images.get(at))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Image<'d>> {
        self.images.iter()
    }
}

/// Media type and extension, by the first bytes.
fn kind(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(("image/png", "png")),
        [0xFF, 0xD8, 0xFF, ..] => Some(("image/jpeg", "jpg")),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(("image/gif", "gif")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(("image/webp", "webp")),
        _ => is_safe_svg(bytes).then_some(("image/svg+xml", "svg")),
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

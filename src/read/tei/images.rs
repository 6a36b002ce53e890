//! The images that a text shows. In: a document and the folder in which it lies. Out: the same with each image of that
//! folder as a resource. What is elsewhere or missing stays a reference: a writer that shows images says so.

use std::collections::HashSet;
use std::path::Path;

use crate::diagnostic::Log;
use crate::model::visit::{Visit, walk_document, walk_inline};
use crate::model::{Document, Graphic, Inline, Resource};
use crate::nearby::{self, Nearby};
use crate::source::Input;

/// No image is read beyond this many bytes, nor all of them together beyond the limit for inclusions.
const LARGEST: u64 = 64 << 20;

/// Adds the images of the folder in which the input lies.
pub(super) fn take(document: &mut Document, input: &Input<'_>, limit: usize, log: &mut Log) {
    let Some(nearby) = Nearby::of(input) else { return };
    let mut graphics = Graphics::default();
    walk_document(&mut graphics, document);
    let mut room = limit as u64;
    let mut known = HashSet::new();
    for url in &graphics.urls {
        let Some((media_type, path)) = nearby::plain(url).and_then(|path| Some((media_type(&path)?, path))) else {
            continue;
        };
        if !known.insert(path.clone()) {
            continue;
        }
        nearby.place(Path::new(""), url).into_iter().for_each(|file| log.uses(file));
        let Ok(found) = nearby.read(Path::new(""), url, LARGEST.min(room)) else { continue };
        room -= found.bytes.len() as u64;
        document.resources.push(Resource { path, media_type: media_type.to_owned(), bytes: found.bytes });
    }
}

/// The addresses of all images, each once, in the order of the text.
#[derive(Default)]
struct Graphics {
    urls: Vec<String>,
    seen: HashSet<String>,
}

impl<'a> Visit<'a> for Graphics {
    fn inline(&mut self, inline: &'a Inline) {
        if let Inline::Graphic(graphic) = inline {
            self.graphic(graphic);
        }
        walk_inline(self, inline);
    }
}

impl Graphics {
    fn graphic(&mut self, graphic: &Graphic) {
        if self.seen.insert(graphic.url.to_string()) {
            self.urls.push(graphic.url.to_string());
        }
    }
}

/// True for an address that may be that of an image in the document's folder.
pub(super) fn may_be_nearby(url: &str) -> bool {
    nearby::plain(url).is_some_and(|path| media_type(&path).is_some())
}

/// The type of an image, by its name.
fn media_type(path: &str) -> Option<&'static str> {
    let (_, extension) = path.rsplit_once('.')?;
    Some(match extension.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "svg" => "image/svg+xml",
        "webp" => "image/webp",
        "tif" | "tiff" => "image/tiff",
        "bmp" => "image/bmp",
        "jp2" => "image/jp2",
        _ => return None,
    })
}

//! The cover: an image that is given, or one that is drawn from the title; and the content document that shows it.

mod canvas;
mod draw;
mod letters;

use std::borrow::Cow;
use std::io;

pub(super) use draw::draw;

use super::Book;
use super::images::Image;
use super::words::Words;
use crate::failure::Failure;
use crate::model::Resource;

/// Whence the cover comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Cover {
    /// It is drawn from title, names and publisher, where the built-in font has the letters of the title: those of
    /// Latin, Greek and Cyrillic.
    #[default]
    Drawn,
    /// It is this image. A reading system calls it by the book's title.
    Given(Resource),
    /// There is none.
    None,
}

impl Cover {
    /// A cover of these bytes, which came from a file of this name.
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if they are no image that every reading system shows (EPUB 3.3 §3.2).
    pub fn given(path: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        match Image::kind(&bytes) {
            Ok((media_type, _)) => {
                Ok(Self::Given(Resource { path: path.to_owned(), media_type: media_type.to_owned(), bytes }))
            }
            Err(why) => Err(Failure::Unsupported { message: format!("`{path}` can't be a cover: {why}") }),
        }
    }
}

/// The content document that shows the cover. It has no text of the document.
pub(super) fn page(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let words = Words::of(&book.language);
    let mut out = super::chapter::begin(book.options, &book.title, &book.language, "../", Some("cover"))?;
    out.start("div", [("class", Cow::Borrowed("cover generated"))])?;
    if let Some(image) = book.images.cover() {
        let alt = format!("{}: {}", words.cover, book.title);
        let attributes =
            [("src", Cow::Owned(format!("../{}", image.href))), ("alt", Cow::Owned(alt)), ("role", "doc-cover".into())];
        out.empty("img", attributes)?;
    }
    out.end()?;
    out.raw("\n")?;
    super::chapter::end(out)
}

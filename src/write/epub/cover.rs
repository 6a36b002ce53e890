//! The content document that shows the cover.

use std::borrow::Cow;
use std::io;

use super::Book;

pub(super) fn page(book: &Book<'_>) -> io::Result<Vec<u8>> {
    let mut out = super::chapter::begin(&book.title, &book.language, false, Some("cover"))?;
    out.start("div", [("class", Cow::Borrowed("cover"))])?;
    if let Some(image) = book.images.cover() {
        let alt = format!("Cover: {}", book.title);
        let attributes =
            [("src", Cow::Owned(format!("../{}", image.href))), ("alt", Cow::Owned(alt)), ("role", "doc-cover".into())];
        out.empty("img", attributes)?;
    }
    out.end()?;
    out.raw("\n")?;
    super::chapter::end(out)
}

//! Fonts that are put into a book, and the sheet that sets its text in them.

use std::fmt::Write as _;

use ttf_parser::{Face, Permissions, name_id};

use crate::failure::Failure;

/// A font, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Font {
    media_type: &'static str,
    extension: &'static str,
    family: String,
    /// 100 to 900; 400 is regular, 700 bold.
    weight: u16,
    italic: bool,
    bytes: Vec<u8>,
}

impl Font {
    /// A font of these bytes, which came from a file of this name. Family, weight and slope are read from it; those
    /// of WOFF, which is compressed, from the file's name (`Garamond-BoldItalic.woff2`).
    ///
    /// # Errors
    /// [`Failure::Unsupported`] if they are no font that EPUB may embed (EPUB 3.3 §3.2), or its maker forbids it.
    pub fn new(path: &str, bytes: Vec<u8>) -> Result<Self, Failure> {
        let refuse = |why: &str| Failure::Unsupported { message: format!("`{path}` can't be embedded: {why}") };
        let (media_type, extension) = match bytes.get(..4) {
            Some(b"OTTO") => ("font/otf", "otf"),
            Some([0, 1, 0, 0] | b"true") => ("font/ttf", "ttf"),
            Some(b"wOFF") => ("font/woff", "woff"),
            Some(b"wOF2") => ("font/woff2", "woff2"),
            _ => return Err(refuse("it is none of OpenType, TrueType, WOFF and WOFF2")),
        };
        let named = Self::named(path, media_type, extension);
        if extension.starts_with("woff") {
            return Ok(Self { bytes, ..named });
        }
        let face = Face::parse(&bytes, 0).map_err(|cause| refuse(&cause.to_string()))?;
        let whole = face
            .raw_face()
            .table_records
            .into_iter()
            .all(|table| table.offset.checked_add(table.length).is_some_and(|end| end as usize <= bytes.len()));
        if !whole || face.number_of_glyphs() == 0 {
            return Err(refuse("its bytes are damaged"));
        }
        if face.permissions() == Some(Permissions::Restricted) {
            return Err(refuse("its maker forbids it (OpenType `fsType`)"));
        }
        let name = |id| face.names().into_iter().filter(|name| name.name_id == id).find_map(|name| name.to_string());
        let family = name(name_id::TYPOGRAPHIC_FAMILY).or_else(|| name(name_id::FAMILY)).unwrap_or(named.family);
        let (weight, italic) = (face.weight().to_number(), face.is_italic() || face.is_oblique());
        Ok(Self { media_type, extension, family: plain(&family), weight, italic, bytes })
    }

    /// What a file's name says.
    fn named(path: &str, media_type: &'static str, extension: &'static str) -> Self {
        let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        let (family, style) = stem.split_once('-').unwrap_or((stem, ""));
        let style = style.to_ascii_lowercase();
        let weight = if style.contains("bold") { 700 } else { 400 };
        let italic = style.contains("italic") || style.contains("oblique");
        Self { media_type, extension, family: plain(family), weight, italic, bytes: Vec::new() }
    }

    pub(super) fn media_type(&self) -> &'static str {
        self.media_type
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The path below `EPUB/` of the font with this number.
    pub(super) fn href(&self, number: usize) -> String {
        format!("fonts/font-{}.{}", number + 1, self.extension)
    }
}

/// A family's name that needs no escapes in CSS.
fn plain(family: &str) -> String {
    let plain: String = family.chars().filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-')).collect();
    if plain.trim().is_empty() { "Embedded".to_owned() } else { plain.trim().to_owned() }
}

/// The sheet that names the fonts and sets the text in the family of the first.
pub(super) fn sheet(fonts: &[Font]) -> String {
    let mut css = String::new();
    for (number, font) in fonts.iter().enumerate() {
        let style = if font.italic { "italic" } else { "normal" };
        // Writing to a string can't fail.
        let _ = writeln!(
            css,
            "@font-face {{ font-family: \"{}\"; font-weight: {}; font-style: {style}; src: url(\"../{}\"); }}",
            font.family,
            font.weight,
            font.href(number)
        );
    }
    if let Some(first) = fonts.first() {
        let _ = writeln!(css, "body {{ font-family: \"{}\", serif; }}", first.family);
    }
    css
}

//! Media types: which of them every reading system takes (EPUB 3.3, section 3.2), and what the first bytes of a
//! file say it is.

/// Images that every reading system shows.
const IMAGES: &[&str] = &["image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp"];
/// Sound that every reading system plays.
const AUDIO: &[&str] = &["audio/mpeg", "audio/mp4"];
/// Fonts, with the older names of their types.
const FONTS: &[&str] = &[
    "font/ttf",
    "font/otf",
    "font/woff",
    "font/woff2",
    "application/font-sfnt",
    "application/vnd.ms-opentype",
    "application/font-woff",
    "application/x-font-ttf",
];
/// Scripts, with the older names of their types.
const SCRIPTS: &[&str] = &["application/javascript", "application/ecmascript", "text/javascript"];
/// What is left: texts, styles, overlays, pronunciations.
const OTHERS: &[&str] =
    &["text/css", "application/xhtml+xml", "application/x-dtbncx+xml", "application/smil+xml", "application/pls+xml"];

pub(super) const XHTML: &str = "application/xhtml+xml";
pub(super) const SVG: &str = "image/svg+xml";
pub(super) const NCX: &str = "application/x-dtbncx+xml";
pub(super) const CSS: &str = "text/css";
pub(super) const SMIL: &str = "application/smil+xml";
pub(super) const DTBOOK: &str = "application/x-dtbook+xml";
pub(super) const HTML: &str = "text/html";

/// The type without its parameters, in lower case; audio in Opus is told by a parameter.
pub(super) fn plain(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// True if a resource of this type needs no fallback in an EPUB 3.
pub(super) fn is_core(media_type: &str) -> bool {
    let plain = plain(media_type);
    let known = |list: &[&str]| list.contains(&plain.as_str());
    known(IMAGES) || known(AUDIO) || is_font(media_type) || known(SCRIPTS) || known(OTHERS) || is_opus(media_type)
}

fn is_opus(media_type: &str) -> bool {
    plain(media_type) == "audio/ogg" && media_type.to_ascii_lowercase().replace(' ', "").contains("codecs=opus")
}

/// True for the sound that an overlay may play.
pub(super) fn is_core_audio(media_type: &str) -> bool {
    AUDIO.contains(&plain(media_type).as_str()) || is_opus(media_type)
}

/// True for the fonts of EPUB 3.
pub(super) fn is_font(media_type: &str) -> bool {
    FONTS.contains(&plain(media_type).as_str())
}

/// True for images of all kinds.
pub(super) fn is_image(media_type: &str) -> bool {
    plain(media_type).starts_with("image/")
}

/// True for the pictures whose first bytes are known.
pub(super) fn is_raster(media_type: &str) -> bool {
    matches!(plain(media_type).as_str(), "image/gif" | "image/jpeg" | "image/png" | "image/webp")
}

/// True for types that a reading system runs.
pub(super) fn is_script(media_type: &str) -> bool {
    SCRIPTS.contains(&plain(media_type).as_str())
}

/// True for the content documents of EPUB 3: they may stand in the spine without a fallback.
pub(super) fn is_content(media_type: &str) -> bool {
    matches!(plain(media_type).as_str(), XHTML | SVG)
}

/// True for the content documents of EPUB 2 (OPS 2.0.1, section 1.3.7).
pub(super) fn is_ops(media_type: &str) -> bool {
    matches!(plain(media_type).as_str(), XHTML | DTBOOK | "text/x-oeb1-document" | HTML)
}

/// True for what an EPUB 2 may use without a fallback.
pub(super) fn is_core_of_ops(media_type: &str) -> bool {
    is_ops(media_type)
        || matches!(
            plain(media_type).as_str(),
            "image/gif" | "image/jpeg" | "image/png" | SVG | CSS | "text/x-oeb1-css" | NCX
        )
}

/// What the first bytes of an image say it is.
pub(super) fn sniff(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xFF, 0xD8, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'B', b'M', ..] => Some("image/bmp"),
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => Some("image/tiff"),
        _ => None,
    }
}

/// The usual file name extensions of an image type.
pub(super) fn extensions(media_type: &str) -> &'static [&'static str] {
    match media_type {
        "image/png" => &["png"],
        "image/jpeg" => &["jpg", "jpeg", "jpe", "jif", "jfif", "jfi"],
        "image/gif" => &["gif"],
        "image/webp" => &["webp"],
        _ => &[],
    }
}

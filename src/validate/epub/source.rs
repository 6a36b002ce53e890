//! XML files of an archive: decoded, and held against the schemas of this program.

use std::borrow::Cow;

use super::desk::{Desk, Page};
use super::tree::Tree;
use super::{mask, rule};
use crate::failure::Failure;
use crate::source::Span;
use crate::validate::relaxng::{self, Fault};
use crate::validate::report::Bundled;

macro_rules! schema {
    ($($file:literal),+) => {
        Bundled::new(&[$(($file, include_str!(concat!("../../../schemas/", $file)))),+])
    };
}

pub(super) static CONTAINER: Bundled = schema!("epub-container.rng");
pub(super) static ENCRYPTION: Bundled = schema!("epub-encryption.rng", "epub-security.rng");
pub(super) static SIGNATURES: Bundled = schema!("epub-signatures.rng", "epub-security.rng");
pub(super) static PACKAGE: Bundled = schema!("epub-package.rng");
pub(super) static PACKAGE_2: Bundled = schema!("epub2-package.rng");
pub(super) static XHTML: Bundled = schema!("xhtml.rng", "mathml.rng");
pub(super) static NAV: Bundled = schema!("epub-nav.rng", "xhtml.rng", "mathml.rng");
pub(super) static SVG: Bundled = schema!("epub-svg.rng", "xhtml.rng", "mathml.rng");
pub(super) static XHTML_2: Bundled = schema!("xhtml11.rng");
pub(super) static NCX: Bundled = schema!("ncx.rng");
pub(super) static OVERLAY: Bundled = schema!("epub-overlay.rng");

/// All schemas, for a test that they compile.
#[cfg(test)]
pub(super) static ALL: &[&Bundled] =
    &[&CONTAINER, &ENCRYPTION, &SIGNATURES, &PACKAGE, &PACKAGE_2, &XHTML, &NAV, &SVG, &XHTML_2, &NCX, &OVERLAY];

/// What kind of text a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    /// XML of any kind.
    Xml,
    /// XHTML, for which UTF-16 is an error.
    Html,
}

/// The text of an XML file; what is wrong with its encoding goes to the desk.
pub(super) fn decode<'b>(bytes: &'b [u8], path: &str, kind: Text, desk: &mut Desk<'_>) -> Option<Cow<'b, str>> {
    let page = Page::new(path, "");
    let marked = bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]);
    if marked || bytes.starts_with(&[0, b'<']) || bytes.starts_with(&[b'<', 0]) {
        let rule = if kind == Text::Html { &rule::HTML_UTF16 } else { &rule::XML_UTF16 };
        desk.tell(rule, &page, Span::default(), "the file is in UTF-16; it should be in UTF-8");
    } else if let Some(encoding) = stated(bytes).filter(|encoding| !encoding.eq_ignore_ascii_case("utf-8")) {
        desk.tell(
            &rule::XML_ENCODING,
            &page,
            Span::default(),
            format!("the file says it is in {encoding}; it must be in UTF-8"),
        );
    }
    match crate::xml::decode(bytes) {
        Ok(text) => {
            if declared(&text, "version").is_some_and(|version| version != "1.0") {
                desk.tell(&rule::XML_VERSION, &page, Span::default(), "the file must be XML 1.0");
            }
            Some(text)
        }
        Err(failure) => {
            desk.tell(&rule::XML_FATAL, &page, Span::default(), failure);
            None
        }
    }
}

fn stated(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    declared(&head, "encoding").map(str::to_owned)
}

/// What the XML declaration says of something.
fn declared<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let head = text.trim_start_matches('\u{feff}').strip_prefix("<?xml ")?;
    let head = &head[..head.find("?>")?];
    let rest = head[head.find(name)? + name.len()..].trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest[1..].split(quote).next()
}

/// Tells that a file is not well-formed.
pub(super) fn broken(failure: &Failure, page: &Page<'_>, desk: &mut Desk<'_>) {
    desk.tell(&rule::XML_FATAL, page, failure.span().unwrap_or_default(), failure);
}

/// As [`validate`], of a file that was read already: mostly there is nothing to say, and no need to read it again.
/// `entities` as for [`mask::names`].
pub(super) fn validate_tree(
    schema: &Bundled,
    (text, tree): (&str, &Tree<'_>),
    entities: bool,
    page: &Page<'_>,
    desk: &mut Desk<'_>,
) {
    let Some(grammar) = schema.grammar(desk.log()) else { return };
    if entities || !mask::is_shown(tree) || !grammar.accepts(|check| mask::tell(tree, check)) {
        validate(schema, &mask::names(text, tree, entities), page, desk);
    }
}

/// Checks a file against a schema; what it breaks goes to the desk. True if it is valid.
pub(super) fn validate(schema: &Bundled, text: &str, page: &Page<'_>, desk: &mut Desk<'_>) -> bool {
    let Some(grammar) = schema.grammar(desk.log()) else { return false };
    let (faults, failure) = grammar.check(text, 0);
    let valid = faults.is_empty() && failure.is_none();
    for Fault { code, message, hint, path, span, .. } in relaxng::fold(faults) {
        desk.hint(&rule::XML_SCHEMA, code, page, span, format!("{message} at `{path}`"), hint);
    }
    if let Some(failure) = failure {
        broken(&failure, page, desk);
    }
    valid
}

//! What RELAX NG can't say: names by their form. `data-…` attributes, attributes of an author's own namespace and
//! elements that a page defines itself (a hyphen in their name) are blanked before a grammar sees the text; every
//! other character stays at its place.

use std::borrow::Cow;

use super::tree::{Element, Tree};
use super::xhtml::{HTML, MATHML, OPS, SVG};
use crate::source::Span;
use crate::xml::parse::{XML, XMLNS};

/// Namespaces whose attributes the grammars know.
const KNOWN: &[&str] = &[
    "",
    HTML,
    MATHML,
    OPS,
    SVG,
    XML,
    XMLNS,
    "http://www.w3.org/1999/xlink",
    "http://www.w3.org/2001/10/synthesis",
    "http://www.w3.org/2001/xml-events",
];

/// The text with spaces in the place of what grammars can't describe.
///
/// Where a DTD declares entities (`entities`), references to them become letters, since grammars read no DTD.
pub(super) fn names<'t>(text: &'t str, tree: &Tree<'_>, entities: bool) -> Cow<'t, str> {
    let mut spans: Vec<Span> = Vec::new();
    // The grammars of EPUB 2 have no such names.
    for element in tree.elements.iter().filter(|_| !entities) {
        if is_custom(element) {
            spans.extend([element.span, element.end]);
            continue;
        }
        for attribute in &element.attributes {
            let data = attribute.name.qualified().starts_with("data-");
            let own = !KNOWN.contains(&attribute.name.uri());
            if data || own && !matches!(element.name.uri(), SVG | MATHML) {
                spans.push(attribute.span);
            }
        }
    }
    let references = if entities { references(text) } else { Vec::new() };
    if spans.is_empty() && references.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for span in spans {
        let range = span.start as usize..(span.end as usize).min(bytes.len());
        for byte in bytes.get_mut(range).into_iter().flatten().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    }
    for range in references {
        bytes[range].fill(b'x');
    }
    // Whole tags and attributes were blanked, so no character was cut; were it otherwise, nothing would be masked.
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// References to entities other than XML's own.
fn references(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'&', text.as_bytes()) {
        let name = text[at + 1..].split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or("");
        let end = at + 1 + name.len();
        let own = matches!(name, "" | "amp" | "lt" | "gt" | "quot" | "apos");
        if !own && text[end..].starts_with(';') {
            found.push(at..end + 1);
        }
    }
    found
}

/// An element that the page defines itself (HTML Standard, section 4.13.3).
fn is_custom(element: &Element<'_>) -> bool {
    element.name.uri() == HTML && element.name.prefix().is_none() && element.name.local().contains('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_stay_where_they_are() {
        let text = "<p xmlns='http://www.w3.org/1999/xhtml' data-é='1' id='a'><x-y b='c'>é</x-y></p>";
        let masked = names(text, &Tree::read(text, None), false);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.find("id='a'"), text.find("id='a'"));
        assert!(!masked.contains("data-") && !masked.contains("x-y"));
    }
}

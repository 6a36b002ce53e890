//! What RELAX NG can't say: names by their form. `data-…` attributes, attributes of an author's own namespace and
//! elements that a page defines itself (a hyphen in their name) are blanked before a grammar sees the text; every
//! other character stays at its place.

use std::borrow::Cow;

use super::tree::{Child, Element, Tree};
use super::xhtml::{HTML, MATHML, OPS, SVG};
use crate::source::Span;
use crate::validate::relaxng::Check;
use crate::xml::parse::{Attribute, XML, XMLNS};

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

/// True if the root of a file is not masked.
pub(super) fn is_shown(tree: &Tree<'_>) -> bool {
    tree.root().is_some_and(|root| !is_custom(root))
}

/// Tells a file, whose root is shown, to a grammar, as [`names`] would show it if no entities were declared.
pub(super) fn tell(tree: &Tree<'_>, check: &mut Check<'_>) {
    if let Some((doctype, _)) = tree.doctype {
        check.doctype(doctype);
    }
    let mut open: Vec<(usize, std::slice::Iter<'_, Child<'_>>)> = Vec::new();
    let mut next = Some(0);
    loop {
        if let Some(at) = next.take() {
            let element = &tree.elements[at];
            if is_custom(element) {
                check.text(" ", element.span);
            } else {
                let shown = element.attributes.iter().filter(|attribute| !is_masked(element, attribute));
                let prefixes = |prefix: &str| tree.namespace(at, prefix).map(str::to_owned);
                check.start(&element.name, shown, element.span, &prefixes);
            }
            open.push((at, element.children.iter()));
        }
        let Some((at, children)) = open.last_mut() else { return };
        match children.next() {
            Some(Child::Element(inner)) => next = Some(*inner),
            Some(Child::Text(text, span)) => check.text(text, *span),
            None => {
                let (at, element) = (*at, &tree.elements[*at]);
                if is_custom(element) {
                    check.text(" ", element.end);
                } else {
                    check.end(element.end, &|prefix| tree.namespace(at, prefix).map(str::to_owned));
                }
                open.pop();
            }
        }
    }
}

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
        let masked = element.attributes.iter().filter(|attribute| is_masked(element, attribute));
        spans.extend(masked.map(|attribute| attribute.span));
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

/// A `data-…` attribute, or one of an author's own namespace.
fn is_masked(element: &Element<'_>, attribute: &Attribute<'_>) -> bool {
    let data = attribute.name.qualified().starts_with("data-");
    let own = attribute.name.prefix().is_some() && !KNOWN.contains(&attribute.name.uri());
    data || own && !matches!(element.name.uri(), SVG | MATHML)
}

/// An element that the page defines itself (HTML Standard, section 4.13.3).
fn is_custom(element: &Element<'_>) -> bool {
    element.name.uri() == HTML && element.name.prefix().is_none() && element.name.local().contains('-')
}

#[cfg(test)]
mod tests {
    use super::super::source;
    use super::*;
    use crate::diagnostic::Log;

    #[test]
    fn places_stay_where_they_are() {
        let text = "<p xmlns='http://www.w3.org/1999/xhtml' data-é='1' id='a'><x-y b='c'>é</x-y></p>";
        let masked = names(text, &Tree::read(text, None), false);
        assert_eq!(masked.len(), text.len());
        assert_eq!(masked.find("id='a'"), text.find("id='a'"));
        assert!(!masked.contains("data-") && !masked.contains("x-y"));
    }

    #[test]
    fn what_is_told_is_what_is_shown() {
        let mut log = Log::new();
        let grammar = source::XHTML.grammar(&mut log).expect("the schema of XHTML compiles");
        let mut valid = 0;
        let bodies = [
            "<p id='a' data-é='1'>é</p>",
            "<p id='a'>a</p><p id='a'>b</p>",
            "<p><x-y b='c'>é<b>bold</b></x-y></p>",
            "<x-y><p>a</p>words</x-y>",
            "<p lake:depth='3' xmlns:lake='urn:lake'>a</p>",
            "<p epub:type='z3998:verse'>a</p>",
            "<p depth='3'>a</p>",
            "<ul><li>a</li>words</ul>",
            "<ul><x-y>words</x-y><li>a</li></ul>",
            "<table><tr><td headers='h'>a</td><th id='h'>b</th></tr></table>",
            "<table><tr><td colspan='two'>a</td></tr></table>",
            "<p aria-labelledby='nowhere'>a</p>",
            "<time datetime='1931-05-04'>May</time><p><time datetime=' 1931 '>May</time></p>",
            "<p>a<p>b</p></p>",
            "<math xmlns='http://www.w3.org/1998/Math/MathML'><mi lake:a='b' xmlns:lake='urn:lake'>x</mi></math>",
            "<svg xmlns='http://www.w3.org/2000/svg'><g/></svg><img src='a.png'/>",
        ];
        for body in bodies {
            let text = format!(
                "<!DOCTYPE html><html xmlns='{HTML}' xmlns:epub='{OPS}'><head><title>T</title></head><body>{body}</body></html>"
            );
            let tree = Tree::read(&text, None);
            assert!(tree.failure.is_none(), "{text}");
            let (faults, failure) = grammar.check(&names(&text, &tree, false), 0);
            assert!(failure.is_none(), "{text}");
            assert_eq!(grammar.accepts(|check| tell(&tree, check)), faults.is_empty(), "{body}: {faults:?}");
            valid += usize::from(faults.is_empty());
        }
        assert!(valid > 4 && valid < bodies.len() - 4, "{valid} of {}", bodies.len());
    }
}

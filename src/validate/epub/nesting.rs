//! Rules of HTML that reach over several levels, which a grammar does not say (HTML Standard, sections 3 and 4).

use super::desk::{Desk, Page};
use super::rule;
use super::tree::{Element, Tree};
use super::xhtml::{HTML, SSML};
use crate::xml::parse::XML;

/// An element, and around what it may not stand.
const EXCLUDED: &[(&str, &[&str])] = &[
    ("a", &["a", "button"]),
    ("button", &["a", "button"]),
    ("details", &["a", "button"]),
    ("embed", &["a", "button"]),
    ("iframe", &["a", "button"]),
    ("label", &["a", "button", "label"]),
    ("select", &["a", "button"]),
    ("textarea", &["a", "button"]),
    ("input", &["a", "button"]),
    ("address", &["address"]),
    ("header", &["address", "dt", "footer", "header", "th"]),
    ("footer", &["address", "dt", "footer", "header", "th"]),
    ("dfn", &["dfn"]),
    ("form", &["form"]),
    ("progress", &["progress"]),
    ("meter", &["meter"]),
    ("caption", &["caption"]),
    ("table", &["caption"]),
];

/// States that only some roles have (WAI-ARIA 1.1, section 6.6).
const OF_ROLES: &[&str] = &[
    "aria-checked",
    "aria-expanded",
    "aria-level",
    "aria-posinset",
    "aria-pressed",
    "aria-selected",
    "aria-setsize",
    "aria-sort",
    "aria-valuemax",
    "aria-valuemin",
    "aria-valuenow",
    "aria-valuetext",
];

/// Tells elements that stand in elements where they may not, at whatever depth, and other rules across elements.
pub(super) fn check(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    // For each element that is around, how many are open; the tree is in document order.
    let watched = watched();
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut counts = vec![0usize; watched.len()];
    for (at, element) in tree.elements.iter().enumerate() {
        while let Some((_, name)) = open.pop_if(|(last, _)| *last < at) {
            counts[name] -= 1;
        }
        let local = element.within(HTML);
        if local.is_empty() {
            continue;
        }
        if let Some((_, around)) = EXCLUDED.iter().find(|(name, _)| *name == local) {
            let hidden = local == "input" && element.get("type") == Some("hidden");
            let inside = around
                .iter()
                .find(|name| watched.iter().position(|known| known == *name).is_some_and(|name| counts[name] > 0));
            if let Some(inside) = inside.filter(|_| !hidden) {
                let message = format!("`{local}` may not stand in `{inside}`");
                desk.tell(&rule::XML_RULE, page, element.span, message);
            }
        }
        one(tree, at, element, local, page, desk);
        if let Some(name) = watched.iter().position(|known| *known == local) {
            counts[name] += 1;
            open.push((tree.last_within(at), name));
        }
    }
    maps(tree, page, desk);
    phonemes(tree, page, desk);
    languages(tree, page, desk);
    encodings(tree, page, desk);
}

fn watched() -> Vec<&'static str> {
    let mut names: Vec<&str> = EXCLUDED.iter().flat_map(|(_, around)| around.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Rules of one element.
fn one(tree: &Tree<'_>, at: usize, element: &Element<'_>, local: &str, page: &Page<'_>, desk: &mut Desk<'_>) {
    let within = |name: &str| tree.ancestors(at).any(|around| around.is(HTML, name));
    if let Some(role @ ("doc-endnote" | "doc-biblioentry")) = element.get("role") {
        desk.tell(&rule::XML_DEPRECATED, page, element.span, format!("the role `{role}` is out of use"));
    }
    if element.get("role") == Some("checkbox") && element.attribute("aria-checked").is_none() && local != "input" {
        desk.tell(&rule::XML_RULE, page, element.span, "the role `checkbox` needs `aria-checked`");
    }
    let plain =
        matches!(local, "p" | "div" | "span" | "em" | "strong" | "b" | "i") && element.attribute("role").is_none();
    if let Some(state) = element.attributes.iter().find(|one| plain && OF_ROLES.contains(&one.name.qualified())) {
        let message = format!("`{}` says nothing without a `role`", state.name.qualified());
        desk.tell(&rule::XML_RULE, page, state.span, message);
    }
    let message = match local {
        "a" if element.attribute("itemprop").is_some() && element.attribute("href").is_none() => {
            "a link with `itemprop` needs an `href`"
        }
        "title" if element.parent.is_some_and(|parent| tree.elements[parent].is(HTML, "head")) => {
            if !tree.text(at).trim().is_empty() {
                return;
            }
            "`title` is empty"
        }
        "head" => {
            if tree.children(at).any(|(_, child)| child.is(HTML, "title")) {
                return;
            }
            return desk.tell(&rule::XML_DEPRECATED, page, element.span, "`head` should have a `title`");
        }
        "area" if !within("map") => "`area` must stand in a `map`",
        "bdo" if element.attribute("dir").is_none() => "`bdo` must have a `dir`",
        "img" if element.attribute("ismap").is_some() && !within("a") => "an image with `ismap` must stand in a link",
        "map" => match (element.get("id"), element.get("name")) {
            (Some(id), Some(name)) if id != name => "a map's `id` and `name` must be the same",
            _ => return,
        },
        _ => return,
    };
    desk.tell(&rule::XML_RULE, page, element.span, message);
}

/// Maps have names of their own.
fn maps(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let mut seen = std::collections::HashSet::new();
    for element in tree.elements.iter().filter(|element| element.is(HTML, "map")) {
        if let Some(name) = element.get("name").filter(|name| !seen.insert(name.to_owned())) {
            desk.tell(&rule::XML_RULE, page, element.span, format!("two maps have the name `{name}`"));
        }
    }
}

/// A pronunciation does not stand in another.
fn phonemes(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let mut end = None;
    for (at, element) in tree.elements.iter().enumerate().filter(|(_, one)| one.attribute_of(SSML, "ph").is_some()) {
        if end.is_some_and(|end| at <= end) {
            desk.tell(&rule::XML_RULE, page, element.span, "`ssml:ph` stands in an element that has one already");
        } else {
            end = Some(tree.last_within(at));
        }
    }
}

/// `lang` and `xml:lang` say the same.
fn languages(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    for element in tree.elements.iter().filter(|element| element.name.uri() == HTML) {
        let (Some(plain), Some(xml)) = (element.get("lang"), element.get_of(XML, "lang")) else { continue };
        if !plain.eq_ignore_ascii_case(xml) {
            let message = format!("`lang` is `{plain}`, but `xml:lang` is `{xml}`: they must be the same");
            desk.tell(&rule::XML_RULE, page, element.span, message);
        }
    }
}

/// Links in an EPUB 2 stand in no links.
pub(super) fn links(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let mut end = None;
    for (at, element) in tree.elements.iter().enumerate().filter(|(_, element)| element.is(HTML, "a")) {
        if end.is_some_and(|end| at <= end) {
            desk.tell(&rule::XML_RULE, page, element.span, "`a` may not stand in `a`");
        } else {
            end = Some(tree.last_within(at));
        }
    }
}

/// What a `meta` says of the encoding.
fn encodings(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let metas = tree.elements.iter().filter(|element| element.is(HTML, "meta"));
    let is_type =
        |meta: &&Element<'_>| meta.get("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("content-type"));
    let charsets = metas.clone().filter(|meta| meta.attribute("charset").is_some()).count();
    let types = metas.filter(is_type).collect::<Vec<_>>();
    for meta in &types {
        let content = meta.get("content").unwrap_or("").to_ascii_lowercase();
        let value = content.split(';').map(str::trim).collect::<Vec<_>>();
        if value != ["text/html", "charset=utf-8"] {
            desk.tell(&rule::XML_RULE, page, meta.span, "the content type must be `text/html; charset=utf-8`");
        }
    }
    if let Some(meta) = types.first().filter(|_| charsets > 0) {
        desk.tell(&rule::XML_RULE, page, meta.span, "the encoding is stated both by `charset` and by `http-equiv`");
    }
    if charsets > 1 {
        let span = tree.root().map_or_else(Default::default, |root| root.span);
        desk.tell(&rule::XML_RULE, page, span, "more than one `meta` states a `charset`");
    }
}

//! The navigation document (EPUB 3.3, section 7) and the NCX (Open Packaging Format 2.0.1, section 2.4.1).

use foldhash::{HashMap, HashSet};

use super::content::{Document, Kind, Reference};
use super::desk::{Desk, Page};
use super::package::Package;
use super::rule;
use super::tree::Tree;
use super::url::{self, Target};
use super::xhtml::{HTML, OPS};

const NCX: &str = "http://www.daisy.org/z3986/2005/ncx/";

/// Checks the lists of a navigation document.
pub(super) fn check(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let mut counts: HashMap<&str, usize> = HashMap::default();
    for (at, element) in tree.elements.iter().enumerate().filter(|(_, element)| element.is(HTML, "nav")) {
        let Some(kinds) = element.get_of(OPS, "type") else { continue };
        let kinds = kinds.split_ascii_whitespace().collect::<Vec<_>>();
        let has = |kind: &str| kinds.contains(&kind);
        for kind in ["toc", "page-list", "landmarks"].into_iter().filter(|kind| has(kind)) {
            let count = counts.entry(kind).or_default();
            *count += 1;
            if *count == 2 {
                desk.tell(&rule::XML_RULE, page, element.span, format!("there is more than one `{kind}`"));
            }
        }
        list(tree, at, &kinds, page, desk);
    }
    if !counts.contains_key("toc") {
        let span = tree.root().map_or_else(Default::default, |root| root.span);
        desk.tell(&rule::XML_RULE, page, span, "there is no `nav` of the type `toc`: it must be one");
    }
}

/// One `nav` that has a type.
fn list(tree: &Tree<'_>, at: usize, kinds: &[&str], page: &Page<'_>, desk: &mut Desk<'_>) {
    let has = |kind: &str| kinds.contains(&kind);
    let element = &tree.elements[at];
    let headed = tree
        .children(at)
        .next()
        .is_some_and(|(_, first)| matches!(first.within(HTML), "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "hgroup"));
    if !(headed || has("toc") || has("page-list") || has("landmarks")) {
        desk.tell(&rule::XML_RULE, page, element.span, "a list of another kind must begin with a heading");
    }
    let mut lists = 0;
    let mut marks = HashSet::default();
    for inner in at + 1..=tree.last_within(at) {
        let element = &tree.elements[inner];
        let local = element.within(HTML);
        let link = matches!(local, "a" | "span" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let label = local != "span" || element.parent.is_some_and(|parent| tree.elements[parent].is(HTML, "li"));
        if link && label && !has_words(tree, inner) {
            desk.tell(&rule::XML_RULE, page, element.span, format!("`{local}` has no text"));
        }
        lists += usize::from(local == "ol");
        if local != "a" || !has("landmarks") {
            continue;
        }
        match element.get_of(OPS, "type") {
            None => desk.tell(&rule::XML_RULE, page, element.span, "a landmark needs an `epub:type`"),
            Some(kind) => {
                let href = element.get("href").unwrap_or("").to_ascii_lowercase();
                if !marks.insert((kind.to_ascii_lowercase(), href)) {
                    let message = format!("a landmark of the type `{kind}` leads to the same place already");
                    desk.tell(&rule::XML_RULE, page, element.span, message);
                }
            }
        }
    }
    if lists > 1 && (has("page-list") || has("landmarks")) {
        let message = format!("a `{}` should be one list, without lists in it", kinds.join(" "));
        desk.tell(&rule::XML_DEPRECATED, page, element.span, message);
    }
}

/// Text, or something that says it: an image's `alt`, a `title`.
fn has_words(tree: &Tree<'_>, at: usize) -> bool {
    if !tree.text(at).trim().is_empty() {
        return true;
    }
    tree.elements[at + 1..=tree.last_within(at)].iter().any(|element| {
        let words = match element.name.local() {
            "img" => element.get("alt"),
            "math" => element.get("alttext"),
            _ => element.get("title").or_else(|| element.get("aria-label")),
        };
        words.is_some_and(|words| !words.is_empty())
    })
}

/// Reads an NCX: its ids and links; checks that it has the publication's identifier.
pub(super) fn ncx(
    path: &str,
    tree: &Tree<'_>,
    package: &Package,
    page: &Page<'_>,
    desk: &mut Desk<'_>,
) -> Document<'static> {
    let mut document = Document::new(path);
    play_orders(tree, page, desk);
    for element in &tree.elements {
        if let Some(id) = element.get("id") {
            document.add_id(id, Kind::Link);
        }
        match element.within(NCX) {
            "content" => {
                let Some(source) = element.attribute("src") else { continue };
                let address = url::resolve(path, None, &source.value);
                let mut reference = Reference::new(Kind::Navigation, &source.value, address, source.span);
                "ncx".clone_into(&mut reference.list);
                document.references.push(reference);
            }
            "meta" if element.get("name") == Some("dtb:uid") => {
                let found = element.get("content").unwrap_or("");
                let identifier = identifier(package);
                if identifier.is_some_and(|identifier| identifier != found) {
                    let message = format!("`dtb:uid` is `{found}`, but the package's identifier is another");
                    desk.tell(&rule::NCX_IDENTIFIER, page, element.span, message);
                }
            }
            _ => {}
        }
    }
    document
}

/// Points that lead to one place have one `playOrder`, and no others have it.
fn play_orders(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let (mut places, mut orders) = (HashMap::default(), HashMap::default());
    for (at, element) in tree.elements.iter().enumerate() {
        if !matches!(element.within(NCX), "navPoint" | "navTarget" | "pageTarget") {
            continue;
        }
        let content = tree.children(at).find(|(_, child)| child.is(NCX, "content"));
        let (Some(order), Some(place)) =
            (element.get("playOrder"), content.and_then(|(_, content)| content.get("src")))
        else {
            continue;
        };
        if *places.entry(place).or_insert(order) != order {
            let message = format!("`{place}` has another `playOrder` already");
            desk.tell(&rule::XML_RULE, page, element.span, message);
        } else if *orders.entry(order).or_insert(place) != place {
            let message = format!("the `playOrder` {order} is that of another place already");
            desk.tell(&rule::XML_RULE, page, element.span, message);
        }
    }
}

/// The publication's own identifier.
pub(super) fn identifier(package: &Package) -> Option<&str> {
    let unique = package.unique.as_deref()?;
    let is_own = |name: &str, id: Option<&str>| name == "identifier" && id == Some(unique);
    let own = package.statements.iter().find(|one| one.dublin_core && is_own(&one.name, one.id.as_deref()));
    own.map(|own| own.value.as_str())
}

/// Tells where the contents leave the reading order: that of the spine, then that of each document.
pub(super) fn order(
    nav: &Document<'_>,
    package: &Package,
    documents: &HashMap<usize, Document<'_>>,
    desk: &mut Desk<'_>,
) {
    let page = Page::new(&nav.path, &nav.text);
    let mut last: Option<(usize, Option<usize>)> = None;
    for reference in
        nav.references.iter().filter(|reference| reference.list.split_whitespace().any(|kind| kind == "toc"))
    {
        let Target::Within(path, fragment) = &reference.address.target else { continue };
        let Some(item) = package.by_path.get(path.as_str()) else { continue };
        let Some(place) = package.order.get(item).copied() else { continue };
        let ids = documents.get(item).map(|document| &document.ids);
        let at = fragment.as_ref().and_then(|fragment| Some(ids?.get(fragment.as_str())?.0));
        if let Some((before, before_at)) = last {
            let within = before == place && matches!((at, before_at), (Some(at), Some(before)) if at < before);
            if place < before || within {
                let what = if within { "the document's order" } else { "the order of the spine" };
                let message = format!("`{}` stands before the link above it in {what}", reference.url);
                desk.tell(&rule::NAV_ORDER, &page, reference.span, message);
            }
        }
        last = Some((place, at));
    }
}

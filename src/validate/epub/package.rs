//! The package document as the rules ask for it (EPUB 3.3, section 5; Open Packaging Format 2.0.1).

use foldhash::{HashMap, HashSet};

use super::tree::{Element, Tree};
use super::url::{Target, resolve};
use crate::source::Span;

pub(super) const OPF: &str = "http://www.idpf.org/2007/opf";
pub(super) const DC: &str = "http://purl.org/dc/elements/1.1/";

/// A file that the manifest lists.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) media_type: String,
    pub(super) properties: Vec<String>,
    pub(super) fallback: Option<String>,
    pub(super) fallback_style: Option<String>,
    pub(super) overlay: Option<String>,
    /// The path in the archive; none for what lies elsewhere.
    pub(super) path: Option<String>,
    pub(super) span: Span,
}

impl Item {
    pub(super) fn has(&self, property: &str) -> bool {
        self.properties.iter().any(|known| known == property)
    }
}

/// A place of the spine.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) idref: String,
    /// The item, by its number.
    pub(super) item: Option<usize>,
    pub(super) linear: bool,
    pub(super) properties: Vec<String>,
    pub(super) span: Span,
}

/// A `meta` with a property, or a Dublin Core element.
#[derive(Debug)]
pub(super) struct Statement {
    /// The property, or the element's name.
    pub(super) name: String,
    pub(super) dublin_core: bool,
    pub(super) id: Option<String>,
    pub(super) refines: Option<String>,
    pub(super) scheme: Option<String>,
    pub(super) value: String,
    /// The element in the tree.
    pub(super) at: usize,
    pub(super) span: Span,
}

/// What a package says.
#[derive(Debug, Default)]
pub(super) struct Package {
    /// True for EPUB 2.
    pub(super) old: bool,
    pub(super) unique: Option<String>,
    pub(super) items: Vec<Item>,
    pub(super) by_id: HashMap<String, usize>,
    /// Items by path in the archive, or by address for those that lie elsewhere.
    pub(super) by_path: HashMap<String, usize>,
    pub(super) spine: Vec<Place>,
    /// The NCX, and Adobe's map of pages.
    pub(super) toc: Option<(String, Span)>,
    pub(super) map: Option<(String, Span)>,
    /// What the package says of the publication and its parts, without collections.
    pub(super) statements: Vec<Statement>,
    /// Files that `link` elements lead to: they need not be listed (EPUB 3.3, section 5.5.7).
    pub(super) linked: HashSet<String>,
    /// Where each item first stands in the spine.
    pub(super) order: HashMap<usize, usize>,
}

fn words(value: Option<&str>) -> Vec<String> {
    value.unwrap_or("").split_ascii_whitespace().map(str::to_owned).collect()
}

/// Reads what the package document in the file `path` says.
pub(super) fn read(path: &str, tree: &Tree<'_>) -> Package {
    let mut package = Package::default();
    let Some(root) = tree.root() else { return package };
    package.old = root.get("version").is_some_and(|version| version.starts_with('2'));
    package.unique = root.get("unique-identifier").filter(|id| !id.is_empty()).map(str::to_owned);
    for (at, part) in tree.children(0) {
        match part.within(OPF) {
            "metadata" => metadata(tree, at, &mut package),
            "manifest" => {
                for (_, element) in tree.children(at).filter(|(_, element)| element.is(OPF, "item")) {
                    package.add(path, element);
                }
            }
            _ => {}
        }
    }
    for link in tree.elements.iter().filter(|element| element.is(OPF, "link")) {
        if let Target::Within(linked, _) = resolve(path, None, link.get("href").unwrap_or("")).target {
            package.linked.insert(linked.into());
        }
    }
    for (at, part) in tree.children(0).filter(|(_, part)| part.is(OPF, "spine")) {
        let named = |name| part.attribute(name).map(|one| (one.value.trim().to_owned(), one.span));
        (package.toc, package.map) = (named("toc"), named("page-map"));
        for (_, element) in tree.children(at).filter(|(_, element)| element.is(OPF, "itemref")) {
            package.place(element);
        }
    }
    package
}

/// The statements of one `metadata`, and in an EPUB 2 of the wrappers in it.
fn metadata(tree: &Tree<'_>, at: usize, package: &mut Package) {
    for (at, element) in tree.children(at) {
        match element.name.local() {
            "dc-metadata" | "x-metadata" if element.name.uri() == OPF => metadata(tree, at, package),
            local if element.name.uri() == DC => {
                let name = local.to_owned();
                package.statements.push(statement(tree, at, element, name, true));
            }
            "meta" if element.name.uri() == OPF => {
                if let Some(property) = element.get("property") {
                    package.statements.push(statement(tree, at, element, property.to_owned(), false));
                }
            }
            _ => {}
        }
    }
}

fn statement(tree: &Tree<'_>, at: usize, element: &Element<'_>, name: String, dublin_core: bool) -> Statement {
    Statement {
        name,
        dublin_core,
        id: element.get("id").map(str::to_owned),
        refines: element.get("refines").map(str::to_owned),
        scheme: element.get("scheme").map(str::to_owned),
        value: tree.text(at).trim().to_owned(),
        at,
        span: element.span,
    }
}

impl Package {
    fn add(&mut self, path: &str, element: &Element<'_>) {
        let href = element.get("href").unwrap_or("").to_owned();
        let at = self.items.len();
        let address = resolve(path, None, &href);
        let path = match address.target {
            Target::Within(path, _) if !href.is_empty() => Some(path.into()),
            _ => None,
        };
        let item = Item {
            id: element.get("id").unwrap_or("").to_owned(),
            media_type: element.get("media-type").unwrap_or("").to_owned(),
            properties: words(element.get("properties")),
            fallback: element.get("fallback").map(str::to_owned),
            fallback_style: element.get("fallback-style").map(str::to_owned),
            overlay: element.get("media-overlay").map(str::to_owned),
            span: element.span,
            path,
            href,
        };
        self.by_id.entry(item.id.clone()).or_insert(at);
        let key = item.path.clone().unwrap_or_else(|| without_fragment(&item.href).to_owned());
        self.by_path.entry(key).or_insert(at);
        self.items.push(item);
    }

    fn place(&mut self, element: &Element<'_>) {
        let idref = element.get("idref").unwrap_or("").to_owned();
        let item = self.by_id.get(&idref).copied();
        if let Some(item) = item {
            let at = self.spine.len();
            self.order.entry(item).or_insert(at);
        }
        self.spine.push(Place {
            idref,
            item,
            linear: element.get("linear") != Some("no"),
            properties: words(element.get("properties")),
            span: element.span,
        });
    }

    /// The item with this id.
    pub(super) fn item(&self, id: &str) -> Option<&Item> {
        self.by_id.get(id).map(|at| &self.items[*at])
    }

    /// The item and its fallbacks, up to where they lead in a circle.
    pub(super) fn chain<'p>(&'p self, item: &'p Item) -> impl Iterator<Item = &'p Item> {
        let mut left = self.items.len();
        std::iter::successors(Some(item), move |item| {
            left = left.checked_sub(1)?;
            self.item(item.fallback.as_deref()?)
        })
    }

    /// The publication's own statement of this name.
    pub(super) fn of_publication(&self, name: &str) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.name == name && statement.refines.is_none())
    }

    /// True if a place of the spine is laid out in fixed pages.
    pub(super) fn is_fixed(&self, place: &Place) -> bool {
        let has = |property: &str| place.properties.iter().any(|known| known == property);
        if has("rendition:layout-pre-paginated") {
            return true;
        }
        let layout = self.of_publication("rendition:layout");
        !has("rendition:layout-reflowable") && layout.is_some_and(|layout| layout.value == "pre-paginated")
    }
}

/// An address without its fragment.
pub(super) fn without_fragment(href: &str) -> &str {
    href.split('#').next().unwrap_or(href)
}

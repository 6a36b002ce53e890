//! What content documents, XHTML and SVG, give and ask for (EPUB 3.3, section 6).

use foldhash::HashSet;

use super::content::{Document, Kind, Reference};
use super::desk::{Desk, Page};
use super::property::{Prefixes, Use};
use super::rule;
use super::style::{Found, Styles};
use super::tree::{Child, Element, Tree};
use super::url::{self, Target};
use crate::source::Span;
use crate::xml::parse::{Attribute, XML};

pub(super) const HTML: &str = "http://www.w3.org/1999/xhtml";
pub(super) const SVG: &str = "http://www.w3.org/2000/svg";
pub(super) const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
pub(super) const OPS: &str = "http://www.idpf.org/2007/ops";
const XLINK: &str = "http://www.w3.org/1999/xlink";
pub(super) const SSML: &str = "http://www.w3.org/2001/10/synthesis";

/// Attributes of SVG whose value may be `url(#…)`, and what they point to.
const PAINTS: &[(&str, Kind)] = &[("fill", Kind::Paint), ("stroke", Kind::Paint)];

/// Types of a `script` that is run; others hold data.
fn is_run(script: &Element<'_>) -> bool {
    let kind = script.get("type").unwrap_or("").to_ascii_lowercase();
    let kind = kind.split(';').next().unwrap_or("").trim();
    matches!(kind, "" | "text/ecmascript" | "application/x-javascript" | "text/jscript" | "text/livescript")
        || super::media::is_script(kind)
        || kind.starts_with("text/javascript")
}

/// A content document at work.
struct Reader<'r, 'd, 'l> {
    tree: &'r Tree<'r>,
    page: &'r Page<'r>,
    old: bool,
    document: Document<'static>,
    prefixes: Prefixes,
    /// What addresses are relative to: a file of the archive, or a place on the web.
    base: String,
    remote: Option<String>,
    /// True if some element has a base of its own.
    bases: bool,
    desk: &'d mut Desk<'l>,
}

/// Reads a document, and tells the faults that its elements show by themselves.
pub(super) fn read<'r>(
    path: &str,
    tree: &'r Tree<'r>,
    page: &'r Page<'r>,
    old: bool,
    desk: &mut Desk<'_>,
) -> Document<'static> {
    let mut document = Document::new(path);
    let Some(root) = tree.root() else { return document };
    document.root = root.span;
    let prefix = root.attribute_of(OPS, "prefix").map(|prefix| prefix.value.as_ref());
    let prefixes = Prefixes::read(prefix, true, page, root.span, desk);
    let base = tree.elements.iter().find(|element| element.is(HTML, "base")).and_then(|base| base.get("href"));
    let bases = tree.elements.iter().any(|element| element.attribute_of(XML, "base").is_some());
    let mut reader = Reader { tree, page, old, document, prefixes, base: path.to_owned(), remote: None, bases, desk };
    if let Some(base) = base {
        match url::resolve(path, None, base).target {
            Target::Within(base, _) => reader.base = base.into(),
            Target::Remote(_) => reader.remote = Some(base.to_owned()),
            _ => {}
        }
    }
    for at in 0..tree.elements.len() {
        reader.element(at);
    }
    reader.document
}

impl Reader<'_, '_, '_> {
    fn element(&mut self, at: usize) {
        let element = &self.tree.elements[at];
        self.attributes(element);
        let local = element.name.local();
        match element.name.uri() {
            HTML => self.html(at, element, local),
            SVG => self.svg(at, element, local),
            MATHML if local == "math" => {
                self.document.uses.mathml = true;
                if let Some(image) = element.attribute("altimg") {
                    self.refer(at, Kind::Image, image);
                }
            }
            OPS if local == "switch" && !self.old => {
                self.document.uses.switch = true;
                let message = "`epub:switch` is out of use";
                self.desk.tell(&rule::XML_DEPRECATED, self.page, element.span, message);
            }
            OPS if local == "trigger" && !self.old => {
                let message = "`epub:trigger` is out of use";
                self.desk.tell(&rule::XML_DEPRECATED, self.page, element.span, message);
            }
            _ => {}
        }
    }

    /// What any element's attributes say.
    fn attributes(&mut self, element: &Element<'_>) {
        for attribute in &element.attributes {
            match (attribute.name.uri(), attribute.name.local()) {
                ("", "id") => {
                    let kind = id_kind(element);
                    if !self.document.add_id(attribute.value.trim(), kind) {
                        let message = format!("two elements have the id `{}`", attribute.value.trim());
                        self.desk.hint(
                            &rule::XML_RULE,
                            crate::diagnostic::Code("id.twice"),
                            self.page,
                            attribute.span,
                            message,
                            None,
                        );
                    }
                }
                (OPS, "type") => {
                    self.prefixes.check(&attribute.value, Use::Type, self.page, attribute.span, self.desk);
                    let words = attribute.value.split_ascii_whitespace().map(str::to_owned);
                    self.document.types.extend(words);
                }
                (SSML, "ph") if attribute.value.trim().is_empty() => {
                    self.desk.tell(&rule::PHONEMES, self.page, attribute.span, "`ssml:ph` is empty");
                }
                ("", local) if local.starts_with("on") && local.len() > 2 => self.document.uses.scripted = true,
                ("", local) if is_bad_data(local) && element.name.uri() == HTML && !self.old => {
                    let message = format!("`{local}` must be in lower case, and have a name behind `data-`");
                    self.desk.tell(&rule::DATA_ATTRIBUTE, self.page, attribute.span, message);
                }
                ("", "style") if !matches!(element.name.uri(), MATHML) => self.styles(attribute),
                (uri, _) if !self.old => self.custom(uri, attribute),
                _ => {}
            }
        }
    }

    /// An attribute of a namespace that is neither HTML's nor EPUB's.
    fn custom(&mut self, uri: &str, attribute: &Attribute<'_>) {
        const KNOWN: &[&str] = &["", HTML, XML, XLINK, OPS, SSML, SVG, MATHML, crate::xml::parse::XMLNS];
        const EVENTS: &str = "http://www.w3.org/2001/xml-events";
        if KNOWN.contains(&uri) || uri == EVENTS {
            return;
        }
        let host = uri.split("//").nth(1).unwrap_or("").split('/').next().unwrap_or("");
        if host.contains("w3.org") || host.contains("idpf.org") {
            let message = format!("an attribute may not be of the namespace `{uri}`, which is not the author's own");
            self.desk.tell(&rule::CUSTOM_ATTRIBUTE, self.page, attribute.span, message);
        }
    }

    fn styles(&mut self, attribute: &Attribute<'_>) {
        let found = Styles::new(self.page, None, attribute.span, self.old, self.desk).attribute(&attribute.value);
        self.take(found);
    }

    fn take(&mut self, found: Vec<Found>) {
        for Found { kind, url, span } in found {
            let address = url::resolve(&self.base, self.remote.as_deref(), &url);
            self.document.uses.remote |= is_remote(&address.target) && kind != Kind::Style;
            self.document.references.push(Reference::new(kind, &url, address, span));
        }
    }

    /// The base that holds in an element.
    fn resolve(&self, at: usize, address: &str) -> url::Address {
        if self.bases {
            let own = self.tree.elements[at].get_of(XML, "base");
            let base = own.or_else(|| self.tree.ancestors(at).find_map(|around| around.get_of(XML, "base")));
            if let Some(base) = base {
                return match url::resolve(&self.base, None, base).target {
                    Target::Within(base, _) => url::resolve(&base, None, address),
                    _ => url::resolve(&self.base, Some(base), address),
                };
            }
        }
        url::resolve(&self.base, self.remote.as_deref(), address)
    }

    fn refer(&mut self, at: usize, kind: Kind, attribute: &Attribute<'_>) -> Option<&mut Reference> {
        self.refer_to(at, kind, attribute.value.trim(), attribute.span)
    }

    fn refer_to(&mut self, at: usize, kind: Kind, value: &str, span: Span) -> Option<&mut Reference> {
        let link = matches!(kind, Kind::Link | Kind::Navigation | Kind::Citation);
        if value.is_empty() && !link {
            return None;
        }
        let address = self.resolve(at, value);
        if !link && kind != Kind::Style {
            self.document.uses.remote |= is_remote(&address.target);
        }
        self.document.references.push(Reference::new(kind, value, address, span));
        self.document.references.last_mut()
    }

    fn html(&mut self, at: usize, element: &Element<'_>, local: &str) {
        let parent = element.parent.map_or("", |parent| self.tree.elements[parent].within(HTML));
        match local {
            "a" | "area" => self.hyperlink(at, element.attribute("href")),
            "link" => self.link(at, element),
            "img" => {
                let kind = if parent == "picture" { Kind::PictureImage } else { Kind::Image };
                self.image(at, element, kind);
            }
            "source" if parent == "picture" => self.image(at, element, Kind::PictureSource),
            "source" | "audio" | "video" | "track" => self.media(at, element, local, parent),
            "iframe" | "embed" => self.embedded(at, element, element.attribute("src")),
            "object" => self.embedded(at, element, element.attribute("data")),
            "input" => {
                if let Some(source) = element.attribute("src") {
                    self.refer(at, Kind::Image, source);
                }
            }
            "form" => self.document.uses.scripted |= !self.old,
            "script" => self.script(at, element, element.attribute("src")),
            "style" => self.style(at),
            "blockquote" | "q" | "ins" | "del" => {
                if let Some(cite) = element.attribute("cite") {
                    self.refer(at, Kind::Citation, cite);
                }
            }
            _ => {}
        }
    }

    fn hyperlink(&mut self, at: usize, href: Option<&Attribute<'_>>) {
        let Some(href) = href else { return };
        let list = self.list(at);
        let kind = if list.is_empty() { Kind::Link } else { Kind::Navigation };
        if let Some(reference) = self.refer(at, kind, href) {
            reference.list = list;
        }
    }

    /// The kinds of the `nav` around a link, in the navigation document.
    fn list(&self, at: usize) -> String {
        let nav = self.tree.ancestors(at).find(|around| around.is(HTML, "nav"));
        nav.and_then(|nav| nav.get_of(OPS, "type")).unwrap_or("").to_owned()
    }

    fn link(&mut self, at: usize, element: &Element<'_>) {
        let rel = element.get("rel").unwrap_or("").to_ascii_lowercase();
        let has = |word: &str| rel.split_ascii_whitespace().any(|known| known == word);
        if !has("stylesheet") {
            return;
        }
        self.document.uses.styled = true;
        if has("alternate") && element.get("title").is_none_or(str::is_empty) {
            let message = "an alternative style sheet needs a `title`";
            self.desk.tell(&rule::CSS_ALTERNATE, self.page, element.span, message);
        }
        let media_type = element.get("type").map(str::to_owned);
        let reference = element.attribute("href").and_then(|href| self.refer(at, Kind::Style, href));
        if let Some(reference) = reference {
            reference.media_type = media_type;
        }
    }

    fn image(&mut self, at: usize, element: &Element<'_>, kind: Kind) {
        let media_type = element.get("type").map(str::to_owned);
        let reference = element.attribute("src").and_then(|source| self.refer(at, kind, source));
        if let Some(reference) = reference {
            reference.media_type.clone_from(&media_type);
        }
        let Some(set) = element.attribute("srcset") else { return };
        for candidate in candidates(&set.value) {
            if let Some(reference) = self.refer_to(at, kind, candidate, set.span) {
                reference.media_type.clone_from(&media_type);
            }
        }
    }

    fn media(&mut self, at: usize, element: &Element<'_>, local: &str, parent: &str) {
        let kind = match (local, parent) {
            ("track", _) => Kind::Track,
            ("audio", _) | ("source", "audio") => Kind::Audio,
            _ => Kind::Video,
        };
        if let Some(source) = element.attribute("src") {
            let media_type = element.get("type").map(str::to_owned);
            if let Some(reference) = self.refer(at, kind, source) {
                reference.media_type = media_type;
            }
        }
        if let Some(poster) = element.attribute("poster") {
            self.refer(at, Kind::Image, poster);
        }
    }

    fn embedded(&mut self, at: usize, element: &Element<'_>, source: Option<&Attribute<'_>>) {
        let Some(source) = source else { return };
        let shown = element.children.iter().any(|child| match child {
            Child::Element(at) => !self.tree.elements[*at].is(HTML, "param"),
            Child::Text(text, _) => !text.trim().is_empty(),
        });
        let replaced = shown && element.name.local() == "object" && !self.old;
        let media_type = element.get("type").map(str::to_owned);
        if let Some(reference) = self.refer(at, Kind::Embedded, source) {
            reference.replaced = replaced;
            reference.media_type = media_type;
        }
    }

    fn script(&mut self, at: usize, element: &Element<'_>, source: Option<&Attribute<'_>>) {
        let run = is_run(element);
        self.document.uses.scripted |= run;
        self.document.uses.module |= element.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("module"));
        if let Some(source) = source.filter(|_| run && !self.old) {
            self.refer(at, Kind::Script, source);
        }
    }

    /// A style sheet within the document.
    fn style(&mut self, at: usize) {
        self.document.uses.styled = true;
        let element = &self.tree.elements[at];
        for child in &element.children {
            let Child::Text(text, span) = child else { continue };
            // Places are those of the source only if the text stands there as it is.
            let plain = (span.end - span.start) as usize == text.len();
            let base = plain.then_some(span.start as usize);
            let found = Styles::new(self.page, base, element.span, self.old, self.desk).sheet(text);
            self.take(found);
        }
    }

    fn svg(&mut self, at: usize, element: &Element<'_>, local: &str) {
        if at > 0 && local == "svg" {
            self.document.uses.svg = true;
        }
        let link = element.attribute_of(XLINK, "href").or_else(|| element.attribute("href"));
        match local {
            "a" => self.hyperlink(at, link),
            "use" => {
                if let Some(link) = link {
                    self.refer(at, Kind::Symbol, link);
                }
            }
            "image" | "feImage" => {
                if let Some(link) = link {
                    self.refer(at, Kind::Image, link);
                }
            }
            "font-face-uri" => {
                if let Some(link) = link {
                    self.refer(at, Kind::Font, link);
                }
            }
            "script" => self.script(at, element, link),
            "style" => self.style(at),
            _ => {}
        }
        for (name, kind) in PAINTS {
            let Some(attribute) = element.attribute(name) else { continue };
            let value = attribute.value.trim();
            let inner = value.strip_prefix("url(").and_then(|rest| rest.split(')').next());
            if let Some(inner) = inner {
                let inner = inner.trim().trim_matches(['"', '\'']).to_owned();
                self.refer_to(at, *kind, &inner, attribute.span);
            }
        }
    }
}

/// True for `data-` alone, and for a name with capitals behind it.
fn is_bad_data(name: &str) -> bool {
    name.starts_with("data-") && (name.len() == 5 || name.bytes().any(|byte| byte.is_ascii_uppercase()))
}

fn is_remote(target: &Target) -> bool {
    matches!(target, Target::Remote(_) | Target::File)
}

fn id_kind(element: &Element<'_>) -> Kind {
    match element.within(SVG) {
        "linearGradient" | "radialGradient" | "pattern" => Kind::Paint,
        "clipPath" => Kind::Clip,
        "symbol" => Kind::Symbol,
        _ => Kind::Link,
    }
}

/// The addresses of a `srcset`.
fn candidates(set: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = set.trim_start_matches([' ', ',', '\n', '\t', '\r']);
    while !rest.is_empty() {
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        found.push(address.trim_end_matches(','));
        let after = if address.ends_with(',') { after } else { after.split_once(',').map_or("", |(_, after)| after) };
        rest = after.trim_start_matches([' ', ',', '\n', '\t', '\r']);
    }
    found
}

/// The words that name ids of the same document, by attribute.
const POINTERS: &[&str] = &[
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "for",
    "form",
    "headers",
    "list",
];

/// Attributes that name ids lead to elements of the document.
pub(super) fn pointers(tree: &Tree<'_>, document: &Document<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let headers: HashSet<&str> =
        tree.elements.iter().filter(|element| element.is(HTML, "th")).filter_map(|element| element.get("id")).collect();
    for element in tree.elements.iter().filter(|element| element.name.uri() == HTML) {
        for attribute in &element.attributes {
            let local = attribute.name.qualified();
            if !POINTERS.contains(&local) {
                continue;
            }
            for id in attribute.value.split_ascii_whitespace() {
                let known = if local == "headers" { headers.contains(id) } else { document.ids.contains_key(id) };
                if !known {
                    let what = if local == "headers" { "header cell" } else { "element" };
                    let message = format!("`{local}` names `{id}`, but no {what} of the document has that id");
                    desk.tell(&rule::XML_RULE, page, attribute.span, message);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn srcsets_name_several_images() {
        assert_eq!(candidates("a.png, b.png 2x,c.png 100w"), ["a.png", "b.png", "c.png"]);
        assert_eq!(candidates(" a.png "), ["a.png"]);
        assert!(candidates("").is_empty());
    }
}

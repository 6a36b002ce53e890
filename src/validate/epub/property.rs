//! Properties and their vocabularies (EPUB 3.3, appendix D): prefixes that are declared, prefixes that are
//! reserved, and the names that the default vocabularies know.

use foldhash::HashMap;

use super::desk::{Desk, Page};
use super::rule;
use super::url;
use crate::source::Span;
use crate::xml::parse::is_ncname;

/// Prefixes that need no declaration in a package document (EPUB 3.3, appendix D.1.4).
const RESERVED: &[(&str, &str)] = &[
    ("a11y", "http://www.idpf.org/epub/vocab/package/a11y/#"),
    ("dcterms", "http://purl.org/dc/terms/"),
    ("marc", "http://id.loc.gov/vocabulary/"),
    ("media", "http://www.idpf.org/epub/vocab/overlays/#"),
    ("onix", "http://www.editeur.org/ONIX/book/codelists/current.html#"),
    ("rendition", "http://www.idpf.org/vocab/rendition/#"),
    ("schema", "http://schema.org/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
    ("msv", "http://www.idpf.org/epub/vocab/structure/magazine/#"),
    ("prism", "http://www.prismstandard.org/specifications/3.0/PRISM_CV_Spec_3.0.htm#"),
];

/// Prefixes that need no declaration in content documents.
const RESERVED_IN_CONTENT: &[(&str, &str)] = &[
    ("msv", "http://www.idpf.org/epub/vocab/structure/magazine/#"),
    ("prism", "http://www.prismstandard.org/specifications/3.0/PRISM_CV_Spec_3.0.htm#"),
];

/// The default vocabularies, which may have no prefix.
const DEFAULTS: &[&str] = &[
    "http://idpf.org/epub/vocab/package/meta/#",
    "http://idpf.org/epub/vocab/package/link/#",
    "http://idpf.org/epub/vocab/package/item/#",
    "http://idpf.org/epub/vocab/package/itemref/#",
    "http://www.idpf.org/epub/vocab/package/#",
    "http://idpf.org/epub/vocab/structure/#",
    "http://www.idpf.org/2012/structure/#",
];

const META: &[&str] = &[
    "alternate-script",
    "authority",
    "belongs-to-collection",
    "collection-type",
    "display-seq",
    "file-as",
    "group-position",
    "identifier-type",
    "meta-auth",
    "pageBreakSource",
    "role",
    "source-of",
    "term",
    "title-type",
];
const REL: &[&str] = &[
    "acquire",
    "alternate",
    "marc21xml-record",
    "mods-record",
    "onix-record",
    "record",
    "voicing",
    "xml-signature",
    "xmp-record",
];
const LINK: &[&str] = &["onix", "xmp"];
const ITEM: &[&str] = &[
    "cover-image",
    "data-nav",
    "dictionary",
    "glossary",
    "index",
    "mathml",
    "nav",
    "remote-resources",
    "scripted",
    "search-key-map",
    "svg",
    "switch",
];
const ITEMREF: &[&str] = &["page-spread-left", "page-spread-right"];
const MEDIA: &[&str] = &["active-class", "duration", "narrator", "playback-active-class"];
const RENDITION: &[&str] = &["flow", "layout", "orientation", "spread", "viewport"];
const RENDITION_OF_PLACE: &[&str] = &[
    "align-x-center",
    "flow-auto",
    "flow-paginated",
    "flow-scrolled-continuous",
    "flow-scrolled-doc",
    "layout-pre-paginated",
    "layout-reflowable",
    "orientation-auto",
    "orientation-landscape",
    "orientation-portrait",
    "page-spread-center",
    "page-spread-left",
    "page-spread-right",
    "spread-auto",
    "spread-both",
    "spread-landscape",
    "spread-none",
    "spread-portrait",
];
const A11Y: &[&str] = &["certifiedBy", "certifierCredential", "certifierReport", "exemption"];
const A11Y_REL: &[&str] = &["certifierCredential", "certifierReport"];

/// What a property is said of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// `meta/@property`.
    Meta,
    /// `meta/@scheme`.
    Scheme,
    /// `link/@rel`.
    Rel,
    /// `link/@properties`.
    Link,
    /// `item/@properties`.
    Item,
    /// `itemref/@properties`.
    Place,
    /// `epub:type`.
    Type,
}

/// The prefixes that hold in a document, with what they stand for.
#[derive(Debug, Default)]
pub(super) struct Prefixes {
    declared: HashMap<String, String>,
    content: bool,
}

impl Prefixes {
    /// Reads a `prefix` attribute and tells its faults.
    pub(super) fn read(value: Option<&str>, content: bool, page: &Page<'_>, span: Span, desk: &mut Desk<'_>) -> Self {
        let mut prefixes = Self { declared: HashMap::default(), content };
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else { return prefixes };
        if value.trim().len() < value.len() {
            desk.tell(&rule::PREFIX_SPACE, page, span, "the prefix declaration begins or ends with white space");
        }
        let mut words = value.split_ascii_whitespace().peekable();
        while let Some(word) = words.next() {
            if word == ":" {
                desk.tell(&rule::PREFIX_EMPTY, page, span, "the prefix is missing before `:`");
                words.next();
                continue;
            }
            let Some(prefix) = word.strip_suffix(':') else {
                unfinished(word, &mut words, page, span, desk);
                continue;
            };
            if !is_ncname(prefix) {
                desk.tell(&rule::PREFIX_NAME, page, span, format!("`{prefix}` is no name for a prefix"));
            }
            match words.next() {
                None => desk.tell(&rule::PREFIX_URI_MISSING, page, span, format!("`{prefix}:` stands for nothing")),
                Some(uri) => prefixes.declare(prefix, uri, page, span, desk),
            }
        }
        prefixes
    }

    fn declare(&mut self, prefix: &str, uri: &str, page: &Page<'_>, span: Span, desk: &mut Desk<'_>) {
        let reserved = if self.content { RESERVED_IN_CONTENT } else { RESERVED };
        if uri.ends_with(':') || url::resolve("", None, uri).fault.is_some() {
            desk.tell(&rule::PREFIX_URI, page, span, format!("`{uri}` is no URI that a prefix can stand for"));
        } else if prefix == "_" {
            desk.tell(&rule::PREFIX_UNDERSCORE, page, span, "the prefix `_` must not be declared");
        } else if DEFAULTS.contains(&uri) {
            desk.tell(&rule::PREFIX_DEFAULT, page, span, format!("`{uri}` is a default vocabulary: it has no prefix"));
        } else if uri == super::package::DC {
            desk.tell(&rule::PREFIX_DC, page, span, "the Dublin Core elements must have no prefix: use `dcterms`");
        } else if reserved.iter().any(|(known, meant)| *known == prefix && *meant != uri) {
            desk.tell(&rule::PREFIX_RESERVED, page, span, format!("the reserved prefix `{prefix}` stands for `{uri}`"));
        }
        self.declared.insert(prefix.to_owned(), uri.to_owned());
    }

    fn uri(&self, prefix: &str) -> Option<&str> {
        let reserved = if self.content { RESERVED_IN_CONTENT } else { RESERVED };
        let known = || reserved.iter().find(|(known, _)| *known == prefix).map(|(_, uri)| *uri);
        self.declared.get(prefix).map(String::as_str).or_else(known)
    }

    /// Checks a list of properties.
    pub(super) fn check(&self, value: &str, used: Use, page: &Page<'_>, span: Span, desk: &mut Desk<'_>) {
        let one = matches!(used, Use::Meta | Use::Scheme);
        if one && value.split_ascii_whitespace().count() > 1 {
            desk.tell(&rule::PROPERTY_SEVERAL, page, span, format!("`{value}` is a list; it must be one property"));
            return;
        }
        for property in value.split_ascii_whitespace() {
            self.check_one(property, used, page, span, desk);
        }
    }

    fn check_one(&self, property: &str, used: Use, page: &Page<'_>, span: Span, desk: &mut Desk<'_>) {
        let Some((prefix, name)) = property.split_once(':') else {
            if default_vocabulary(used).is_some_and(|known| !known.contains(&property)) {
                desk.tell(
                    &rule::PROPERTY_UNKNOWN,
                    page,
                    span,
                    format!("`{property}` is no property that may stand here"),
                );
            }
            deprecated(property, used, page, span, desk);
            return;
        };
        if prefix.is_empty() || name.is_empty() {
            let message = format!("`{property}` is no property: a prefix, a colon and a name make one");
            return desk.tell(&rule::PROPERTY_FORM, page, span, message);
        }
        match self.uri(prefix) {
            None => desk.tell(&rule::PROPERTY_PREFIX, page, span, format!("the prefix `{prefix}` is not declared")),
            Some(uri) => {
                if known_names(uri, used).is_some_and(|known| !known.contains(&name)) {
                    let message = format!("`{property}` is no property that may stand here");
                    desk.tell(&rule::PROPERTY_UNKNOWN, page, span, message);
                }
                if uri == "http://www.idpf.org/vocab/rendition/#" && matches!(name, "viewport" | "spread-portrait") {
                    desk.tell(&rule::PROPERTY_DEPRECATED, page, span, format!("`{property}` is out of use"));
                }
            }
        }
    }
}

/// What may be wrong with a word that does not end with a colon.
fn unfinished<'v>(
    word: &str,
    words: &mut std::iter::Peekable<impl Iterator<Item = &'v str>>,
    page: &Page<'_>,
    span: Span,
    desk: &mut Desk<'_>,
) {
    if words.peek() == Some(&":") {
        words.next();
        words.next();
        return desk.tell(&rule::PREFIX_COLON, page, span, format!("a colon must follow `{word}` at once"));
    }
    match word.split_once(':') {
        Some(("", _)) => desk.tell(&rule::PREFIX_EMPTY, page, span, "the prefix is missing before `:`"),
        Some((prefix, _)) => {
            let message = format!("a space must stand between `{prefix}:` and what it stands for");
            desk.tell(&rule::PREFIX_SEPARATOR, page, span, message);
        }
        None => desk.tell(&rule::PREFIX_URI_MISSING, page, span, format!("the prefix `{word}` stands for nothing")),
    }
}

fn default_vocabulary(used: Use) -> Option<&'static [&'static str]> {
    match used {
        Use::Meta => Some(META),
        Use::Rel => Some(REL),
        Use::Link => Some(LINK),
        Use::Item => Some(ITEM),
        Use::Place => Some(ITEMREF),
        Use::Scheme | Use::Type => None,
    }
}

/// The names of a vocabulary, if it is a closed one.
fn known_names(uri: &str, used: Use) -> Option<&'static [&'static str]> {
    match (uri, used) {
        ("http://www.idpf.org/epub/vocab/overlays/#", Use::Meta) => Some(MEDIA),
        ("http://www.idpf.org/vocab/rendition/#", Use::Meta) => Some(RENDITION),
        ("http://www.idpf.org/vocab/rendition/#", Use::Place) => Some(RENDITION_OF_PLACE),
        ("http://www.idpf.org/vocab/rendition/#" | "http://www.idpf.org/epub/vocab/overlays/#", _) => Some(&[]),
        ("http://www.idpf.org/epub/vocab/package/a11y/#", Use::Meta) => Some(A11Y),
        ("http://www.idpf.org/epub/vocab/package/a11y/#", Use::Rel) => Some(A11Y_REL),
        _ => None,
    }
}

/// Names of the default vocabularies that are out of use.
fn deprecated(property: &str, used: Use, page: &Page<'_>, span: Span, desk: &mut Desk<'_>) {
    let old = matches!(property, "marc21xml-record" | "mods-record" | "onix-record" | "xml-signature" | "xmp-record");
    if used == Use::Rel && old {
        let message = format!("the keyword `{property}` is out of use: `record` and a media type say the same");
        desk.tell(&rule::PROPERTY_DEPRECATED, page, span, message);
    }
}

//! EPUB: each file against its schema, and the rules across files (EPUB 3.3): what is listed is there, what is
//! there is listed, every link leads somewhere.

mod address;
mod content;
mod package;

use std::collections::{BTreeMap, HashMap, HashSet};

use self::address::{Address, resolve};
use self::content::Content;
use self::package::Package;
use super::Schema;
use super::report::{self, Bundled, Entry};
use crate::diagnostic::{Code, Log};
use crate::output::Memory;
use crate::source::Span;
use crate::xml;

const MIMETYPE: Code = Code("epub.mimetype");
const CONTAINER: Code = Code("epub.container");
const PACKAGE: Code = Code("epub.package");
const MANIFEST: Code = Code("epub.manifest");
const SPINE: Code = Code("epub.spine");
const NAVIGATION: Code = Code("epub.navigation");
const LINK: Code = Code("epub.link");
const TWICE: Code = Code("id.twice");

const MEDIA_TYPE: &[u8] = b"application/epub+zip";
const XHTML: &str = "application/xhtml+xml";
const NCX: &str = "application/x-dtbncx+xml";

static CONTAINER_SCHEMA: Bundled =
    Bundled::new(&[("epub-container.rng", include_str!("../../../schemas/epub-container.rng"))]);
static PACKAGE_SCHEMA: Bundled =
    Bundled::new(&[("epub-package.rng", include_str!("../../../schemas/epub-package.rng"))]);
static NAV_SCHEMA: Bundled = Bundled::new(&[
    ("epub-nav.rng", include_str!("../../../schemas/epub-nav.rng")),
    ("xhtml.rng", include_str!("../../../schemas/xhtml.rng")),
]);
static XHTML_SCHEMA: Bundled = Bundled::new(&[("xhtml.rng", include_str!("../../../schemas/xhtml.rng"))]);
static NCX_SCHEMA: Bundled = Bundled::new(&[("ncx.rng", include_str!("../../../schemas/ncx.rng"))]);

/// The schemas and rules of EPUB 3.3, for the part of XHTML that is written here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epub;

impl Schema for Epub {
    fn format(&self) -> &'static str {
        "epub"
    }

    fn name(&self) -> &str {
        "EPUB 3.3, profile of apograph"
    }

    fn check(&self, output: &Memory, log: &mut Log) {
        mimetype(output, log);
        let Some(container) = text(output, "META-INF/container.xml", log) else { return };
        Entry::new("META-INF/container.xml", &container).validate(&CONTAINER_SCHEMA, &container, log);
        for path in package::rootfiles(&container) {
            match text(output, &path, log) {
                Some(text) => Book::new(output, &path, &text).check(&text, log),
                None => continue,
            }
        }
    }
}

/// The text of an entry; an error in the log if it is missing or can't be read.
fn text(output: &Memory, path: &str, log: &mut Log) -> Option<String> {
    let Some(bytes) = output.get(path) else {
        log.error(CONTAINER, Span::default(), format!("`{path}` is missing"));
        return None;
    };
    match xml::decode(bytes) {
        Ok(text) => Some(text.into_owned()),
        Err(failure) => {
            report::failure(&failure, log);
            None
        }
    }
}

/// The first entry says what the archive is (Open Container Format, section 4.3).
fn mimetype(output: &Memory, log: &mut Log) {
    match output.files().next() {
        Some(("mimetype", MEDIA_TYPE)) => {}
        Some(("mimetype", _)) => {
            log.error(MIMETYPE, Span::default(), "the entry `mimetype` is not `application/epub+zip`");
        }
        _ => {
            log.error(MIMETYPE, Span::default(), "the first entry is not `mimetype`");
        }
    }
}

/// One publication of the archive.
struct Book<'o> {
    output: &'o Memory,
    path: &'o str,
    entry: Entry<'o>,
    package: Package,
    /// Path in the archive and place in the manifest.
    listed: BTreeMap<String, usize>,
    /// Documents that were read, by path.
    contents: HashMap<String, Content>,
}

impl<'o> Book<'o> {
    fn new(output: &'o Memory, path: &'o str, text: &str) -> Self {
        let package = package::read(text);
        Self { output, path, entry: Entry::new(path, text), package, listed: BTreeMap::new(), contents: HashMap::new() }
    }

    fn check(mut self, text: &str, log: &mut Log) {
        if self.package.version.starts_with('2') {
            log.note(PACKAGE, Span::default(), "an EPUB 2: only the rules across files are checked");
        } else {
            self.entry.validate(&PACKAGE_SCHEMA, text, log);
            self.metadata(log);
        }
        self.manifest(log);
        self.unlisted(log);
        self.documents(log);
        let spine = self.spine(log);
        self.navigation(&spine, log);
        self.links(log);
    }

    fn wrong(&self, code: Code, span: Span, message: &str, log: &mut Log) {
        log.error(code, Span::default(), self.entry.place(span, message));
    }

    fn metadata(&self, log: &mut Log) {
        if !self.package.identifiers.contains(&self.package.unique) {
            let message = format!("no `dc:identifier` has the id `{}`", self.package.unique);
            self.wrong(PACKAGE, Span::default(), &message, log);
        }
        if self.package.modified != 1 {
            let message = format!("`dcterms:modified` is there {} times; it must be once", self.package.modified);
            self.wrong(PACKAGE, Span::default(), &message, log);
        }
    }

    /// Every item is an entry, and none twice.
    fn manifest(&mut self, log: &mut Log) {
        let mut listed = BTreeMap::new();
        for (at, item) in self.package.items.iter().enumerate() {
            match resolve(self.path, &item.href) {
                Address::Within(path, None) => {
                    if self.output.get(&path).is_none() {
                        self.wrong(MANIFEST, item.span, &format!("`{}` is not in the archive", item.href), log);
                    }
                    if listed.insert(path, at).is_some() {
                        self.wrong(MANIFEST, item.span, &format!("`{}` is listed twice", item.href), log);
                    }
                }
                Address::Within(_, Some(_)) => {
                    self.wrong(MANIFEST, item.span, &format!("`{}` names a fragment", item.href), log);
                }
                Address::Above => {
                    self.wrong(MANIFEST, item.span, &format!("`{}` leads out of the archive", item.href), log);
                }
                Address::Outside => {}
            }
        }
        self.listed = listed;
    }

    /// Every entry is an item, but for those of the container.
    fn unlisted(&self, log: &mut Log) {
        let linked: HashSet<String> = self
            .package
            .linked
            .iter()
            .filter_map(|href| match resolve(self.path, href) {
                Address::Within(path, _) => Some(path),
                _ => None,
            })
            .collect();
        for (path, _) in self.output.files() {
            let of_container = path == "mimetype" || path.starts_with("META-INF/") || path == self.path;
            if !of_container && !self.listed.contains_key(path) && !linked.contains(path) {
                log.warning(MANIFEST, Span::default(), format!("`{path}` is not listed in the manifest"));
            }
        }
    }

    /// Each document against its schema.
    fn documents(&mut self, log: &mut Log) {
        for (path, at) in &self.listed {
            let item = &self.package.items[*at];
            let schema = match item.media_type.as_str() {
                XHTML if item.has("nav") => &NAV_SCHEMA,
                XHTML => &XHTML_SCHEMA,
                NCX => &NCX_SCHEMA,
                _ => continue,
            };
            let Some(bytes) = self.output.get(path) else { continue };
            let text = match xml::decode(bytes) {
                Ok(text) => text,
                Err(failure) => {
                    report::failure(&failure, log);
                    continue;
                }
            };
            let entry = Entry::new(path, &text);
            if !self.package.version.starts_with('2') {
                entry.validate(schema, &text, log);
            }
            let content = content::read(&text);
            for (id, span) in &content.twice {
                log.error(TWICE, Span::default(), entry.place(*span, &format!("two elements have the id `{id}`")));
            }
            self.contents.insert(path.clone(), content);
        }
    }

    /// Every place of the spine is a document; returns their paths.
    fn spine(&self, log: &mut Log) -> HashSet<String> {
        let mut paths = HashSet::new();
        if self.package.spine.is_empty() {
            self.wrong(SPINE, Span::default(), "the spine is empty", log);
        }
        for (id, span) in &self.package.spine {
            let Some(item) = self.package.items.iter().find(|item| item.id == *id) else {
                self.wrong(SPINE, *span, &format!("the spine names `{id}`, which the manifest does not list"), log);
                continue;
            };
            if !matches!(item.media_type.as_str(), XHTML | "image/svg+xml") && !item.fallback {
                let message = format!("`{id}` of the spine is `{}`, and has no fallback", item.media_type);
                self.wrong(SPINE, *span, &message, log);
            }
            let Address::Within(path, _) = resolve(self.path, &item.href) else { continue };
            if !paths.insert(path) {
                self.wrong(SPINE, *span, &format!("the spine names `{id}` twice"), log);
            }
        }
        paths
    }

    /// One navigation document with one table of contents, whose links lead into the spine.
    fn navigation(&self, spine: &HashSet<String>, log: &mut Log) {
        if self.package.version.starts_with('2') {
            return;
        }
        let navs = self.listed.iter().filter(|(_, at)| self.package.items[**at].has("nav")).collect::<Vec<_>>();
        let [(path, _)] = navs.as_slice() else {
            let message = format!("{} items have the property `nav`; it must be one", navs.len());
            return self.wrong(NAVIGATION, Span::default(), &message, log);
        };
        let Some(content) = self.contents.get(*path) else { return };
        let contents = content.navs.iter().filter(|kind| kind.split_whitespace().any(|kind| kind == "toc")).count();
        if contents != 1 {
            let message = format!("`{path}` has {contents} tables of contents; it must be one");
            log.error(NAVIGATION, Span::default(), message);
        }
        for link in content.links.iter().filter(|link| !link.nav.is_empty()) {
            match resolve(path, &link.href) {
                Address::Within(target, _) if spine.contains(&target) => {}
                Address::Within(..) | Address::Above => {
                    let message = format!("`{path}`: `{}` is not in the spine", link.href);
                    log.error(NAVIGATION, Span::default(), message);
                }
                Address::Outside => {}
            }
        }
    }

    /// Every link leads to a listed file, and to an id in it.
    fn links(&self, log: &mut Log) {
        let mut paths = self.contents.keys().collect::<Vec<_>>();
        paths.sort_unstable();
        for path in paths {
            let Some(content) = self.contents.get(path) else { continue };
            let text = self.output.get(path).and_then(|bytes| xml::decode(bytes).ok()).unwrap_or_default();
            let mut entry = None;
            for link in &content.links {
                if let Some(message) = self.broken(path, link) {
                    let entry = entry.get_or_insert_with(|| Entry::new(path, &text));
                    log.error(LINK, Span::default(), entry.place(link.span, &message));
                }
            }
        }
    }

    fn broken(&self, path: &str, link: &content::Link) -> Option<String> {
        match resolve(path, &link.href) {
            Address::Outside => None,
            Address::Above => Some(format!("`{}` leads out of the archive", link.href)),
            Address::Within(target, _) if !self.listed.contains_key(&target) => {
                Some(format!("`{}` leads to no file of the manifest", link.href))
            }
            Address::Within(_, None) => None,
            Address::Within(target, Some(fragment)) => {
                let known = self.contents.get(&target)?.ids.contains(&fragment);
                // A fragment of a resource, or of another scheme, is not an id.
                (!known && !link.resource && !fragment.contains('(') && !fragment.is_empty())
                    .then(|| format!("`{}` leads to an id that is not there", link.href))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schemas_compile() {
        for schema in [&CONTAINER_SCHEMA, &PACKAGE_SCHEMA, &NAV_SCHEMA, &XHTML_SCHEMA, &NCX_SCHEMA] {
            let mut log = Log::new();
            assert!(schema.grammar(&mut log).is_some(), "{:?}", log.diagnostics());
        }
    }
}

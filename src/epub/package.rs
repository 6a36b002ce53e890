//! From the container to the files of the book: which package document there is, what its manifest and spine name,
//! and what can be had in its stead where they are wrong (EPUB 3.3 §5, OPF 2.0.1 §2).

use std::collections::HashMap;

use super::archive::{Archive, Missing, resolve};
use super::page::{Element, Page};
use crate::diagnostic::{Code, Log};
use crate::failure::Failure;
use crate::source::Span;

/// An XML file of the package is none, or only after it was mended; or it says that it is another kind of XML.
pub const BROKEN: Code = Code("epub.not-well-formed");
/// A file was found under another path than the one that is named.
pub const PATH: Code = Code("epub.path");
/// A file that is named is not there, or damaged.
pub const MISSING: Code = Code("epub.file-missing");
/// The reading order has faults.
pub const SPINE: Code = Code("epub.spine");
/// The encoding of a file was guessed.
pub const ENCODING: Code = Code("source.encoding-guessed");

/// A file that the manifest lists.
#[derive(Clone, Debug, Default)]
pub struct Item {
    /// Its id in the manifest.
    pub id: String,
    /// Its path in the archive.
    pub path: String,
    /// Its media type, as stated.
    pub media_type: String,
    /// Its properties, parted by spaces.
    pub properties: String,
}

impl Item {
    /// True if it has a property.
    pub fn has(&self, property: &str) -> bool {
        self.properties.split_whitespace().any(|known| known == property)
    }

    fn is_content(&self) -> bool {
        matches!(
            self.media_type.as_str(),
            "application/xhtml+xml" | "text/html" | "image/svg+xml" | "application/x-dtbook+xml"
        ) || (self.media_type.is_empty() && is_page(&self.path))
    }
}

/// What the package document says.
#[derive(Debug, Default)]
pub struct Package {
    /// The `metadata` element.
    pub metadata: Option<Element>,
    /// The manifest.
    pub items: Vec<Item>,
    /// Numbers of items in reading order.
    pub spine: Vec<usize>,
    /// The path of the navigation document.
    pub navigation: Option<String>,
    /// The path of the NCX.
    pub ncx: Option<String>,
    /// The path of Adobe's page map.
    pub page_map: Option<String>,
    /// True if pages turn from right to left.
    pub right_to_left: bool,
    /// Paths of linked metadata records.
    pub records: Vec<String>,
}

impl Package {
    /// The image that is the cover: by its property (EPUB 3.3 §5.5.2), or by the metadata (as in EPUB 2).
    pub fn cover(&self) -> Option<&Item> {
        let metas = || self.metadata.iter().flat_map(|metadata| named(metadata, "meta"));
        let said = || metas().find(|meta| meta.get("name") == Some("cover")).and_then(|meta| meta.get("content"));
        let property = self.items.iter().find(|item| item.has("cover-image"));
        let item = property.or_else(|| said().and_then(|id| self.items.iter().find(|item| item.id == id)));
        item.filter(|item| item.media_type.starts_with("image/"))
    }
}

/// True for a file that is named as content documents are.
fn is_page(path: &str) -> bool {
    let small = path.to_ascii_lowercase();
    [".xhtml", ".html", ".htm"].iter().any(|end| small.ends_with(end))
}

/// The local name, whatever the namespace.
pub fn named<'e>(element: &'e Element, local: &'static str) -> impl Iterator<Item = &'e Element> {
    element.elements().filter(move |child| child.name.eq_ignore_ascii_case(local))
}

/// An XML file of the package as a tree; what kept it from being one goes to the log.
///
/// # Errors
/// As [`file()`].
pub fn tree(archive: &Archive<'_>, path: &str, log: &mut Log) -> Result<Option<Element>, Failure> {
    let Some(bytes) = file(archive, path, log)? else { return Ok(None) };
    match Page::xml(&bytes) {
        Ok(page) => {
            if let Some((fault, line)) = &page.fault {
                log.warning(BROKEN, Span::default(), format!("`{path}`, line {line}: {fault}; it was mended"));
            }
            Ok(Some(page.root))
        }
        Err(Failure::NotWellFormed { message, span }) => {
            let line =
                1 + String::from_utf8_lossy(&bytes).get(..span.range().start).unwrap_or("").matches('\n').count();
            log.warning(BROKEN, Span::default(), format!("`{path}`, line {line}: {message}; it can't be read"));
            Ok(None)
        }
        Err(Failure::Encoding { message }) => {
            log.warning(BROKEN, Span::default(), format!("`{path}`: {message}; it can't be read"));
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}

/// The bytes of a file under its path or one that differs in capitals only; why they can't be had goes to the log.
///
/// # Errors
/// [`Failure::Limit`] if it unpacks to too much, [`Failure::Archive`] if it is encrypted.
pub fn file(archive: &Archive<'_>, path: &str, log: &mut Log) -> Result<Option<Vec<u8>>, Failure> {
    let Some(found) = archive.find(path) else {
        log.warning(MISSING, Span::default(), format!("`{path}` is not in the archive"));
        return Ok(None);
    };
    if found != path {
        log.warning(PATH, Span::default(), format!("`{path}` is called `{found}` in the archive"));
    }
    Ok(match archive.bytes(found)? {
        Ok(bytes) => Some(bytes),
        Err(Missing::Encrypted) => return Err(encrypted(found)),
        Err(Missing::Absent) => None,
        Err(Missing::Damaged(cause)) => {
            log.warning(MISSING, Span::default(), format!("`{found}` is damaged: {cause}"));
            None
        }
    })
}

/// What is said of a file that only its owner can read.
pub fn encrypted(path: &str) -> Failure {
    Failure::Archive { message: format!("`{path}` is encrypted: it can't be read without its key") }
}

/// A content document in its place in the reading order.
#[derive(Debug)]
pub struct Leaf {
    /// Its path in the archive.
    pub path: String,
    /// Its tree.
    pub page: Page,
    /// True for the navigation document.
    pub contents: bool,
    /// True if it follows the vocabulary of [`crate::epub`].
    pub own: bool,
}

impl Leaf {
    /// The element that holds the text.
    pub fn body(&self) -> &Element {
        let root = &self.page.root;
        root.elements().find(|child| child.is("body") || child.is("book")).unwrap_or(root)
    }

    /// True for contents that the program wrote itself: they are no text.
    pub fn is_generated(&self) -> bool {
        self.own && self.contents
    }
}

/// The content documents in reading order. Spans in the first have the file number 1, and so on.
///
/// # Errors
/// As [`file()`], and [`Failure::Limit`] if elements stand too deep.
pub fn leaves(archive: &Archive<'_>, package: &Package, log: &mut Log) -> Result<Vec<Leaf>, Failure> {
    let mut leaves = Vec::new();
    for item in package.spine.iter().map(|&at| &package.items[at]) {
        if item.media_type.starts_with("image/") && item.media_type != "image/svg+xml" {
            continue;
        }
        let Some(bytes) = file(archive, &item.path, log)? else { continue };
        let page = Page::read(&bytes, leaves.len() as u32 + 1).map_err(|failure| in_file(failure, &item.path))?;
        if let Some((fault, line)) = &page.fault {
            let message = format!("`{}`, line {line}: {fault}; it was read as HTML", item.path);
            log.warning(BROKEN, Span::default(), message);
        }
        if let Some(encoding) = page.guessed {
            let message = format!("`{}`: the encoding was guessed to be {encoding}", item.path);
            log.warning(ENCODING, Span::default(), message);
        }
        if let Some(namespace) = &page.mistaken {
            let message =
                format!("`{}`: `{namespace}` is not the namespace of XHTML; it was read as if it were", item.path);
            log.warning(BROKEN, Span::default(), message);
        }
        let own = page.root.get(super::VERSION).is_some();
        leaves.push(Leaf { path: item.path.clone(), page, own, contents: item.has("nav") });
    }
    Ok(leaves)
}

/// Names the file of which a failure speaks.
fn in_file(failure: Failure, path: &str) -> Failure {
    match failure {
        Failure::Limit { message, span } => Failure::Limit { message: format!("`{path}`: {message}"), span },
        other => other,
    }
}

/// Finds and reads the package document.
///
/// # Errors
/// As [`file()`].
pub fn read(archive: &Archive<'_>, log: &mut Log) -> Result<Package, Failure> {
    let mut package = Package::default();
    for path in candidates(archive, log)? {
        if let Some(root) = tree(archive, &path, log)?
            && root.name.eq_ignore_ascii_case("package")
        {
            package = of_tree(&root, archive.find(&path).unwrap_or(&path), archive, log);
            break;
        }
    }
    if package.spine.is_empty() {
        let pages: Vec<usize> = (0..package.items.len())
            .filter(|&at| package.items[at].is_content() && !package.items[at].has("nav"))
            .collect();
        if pages.is_empty() {
            // Nothing names a page: those that lie in the archive, in the order of their names.
            let mut paths: Vec<&str> = archive.paths().filter(|path| is_page(path)).collect();
            paths.sort_by_key(|path| natural(path));
            package.items.extend(paths.into_iter().map(|path| Item { path: path.to_owned(), ..Item::default() }));
            package.spine = (0..package.items.len()).filter(|&at| is_page(&package.items[at].path)).collect();
        } else {
            package.spine = pages;
        }
        let hint = "the order of the pages is that of the manifest, or of their names";
        log.warning(SPINE, Span::default(), "no spine says in which order the pages are read").hint(hint);
    }
    Ok(package)
}

/// A name cut into words and numbers, so that `ch10` comes after `ch9`.
fn natural(path: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let words = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[words..].find(|it: char| !it.is_ascii_digit()).map_or(rest.len(), |at| words + at);
        parts.push((rest[..words].to_lowercase(), rest[words..digits].parse().unwrap_or_default()));
        rest = &rest[digits..];
    }
    parts
}

/// The package documents: those that the container names, then those that lie about.
fn candidates(archive: &Archive<'_>, log: &mut Log) -> Result<Vec<String>, Failure> {
    let container = "META-INF/container.xml";
    let mut paths = Vec::new();
    if let Some(root) = tree(archive, container, log)? {
        let mut found = Vec::new();
        rootfiles(&root, &mut found);
        for path in found {
            match archive.find(path.trim_start_matches('/')) {
                Some(path) => paths.push(path.to_owned()),
                None => {
                    let message = format!("the container names `{path}`, which is not in the archive");
                    log.warning(MISSING, Span::default(), message);
                }
            }
        }
    }
    if paths.is_empty() {
        paths.extend(archive.paths().filter(|path| path.to_ascii_lowercase().ends_with(".opf")).map(str::to_owned));
        if let Some(path) = paths.first() {
            log.warning(PATH, Span::default(), format!("the package document was looked for, and `{path}` found"));
        }
    }
    Ok(paths)
}

fn rootfiles(element: &Element, paths: &mut Vec<String>) {
    if element.name == "rootfile" {
        let usual = element.get("media-type").is_none_or(|kind| kind == "application/oebps-package+xml");
        paths.extend(element.get("full-path").filter(|_| usual).map(str::to_owned));
    }
    element.elements().for_each(|child| rootfiles(child, paths));
}

fn of_tree(root: &Element, path: &str, archive: &Archive<'_>, log: &mut Log) -> Package {
    let mut package = Package { metadata: named(root, "metadata").next().cloned(), ..Package::default() };
    for link in package.metadata.iter().flat_map(|metadata| named(metadata, "link")) {
        let record = link.words("rel").any(|word| word == "record");
        let to = link.get("href").filter(|_| record).and_then(|href| resolve(path, href));
        package.records.extend(to.map(|(path, _)| path));
    }
    let mut by_id = HashMap::new();
    for element in named(root, "manifest").flat_map(|manifest| named(manifest, "item")) {
        let href = element.get("href").unwrap_or_default();
        let Some((to, _)) = resolve(path, href) else {
            if href.contains("..") {
                log.warning(
                    PATH,
                    Span::default(),
                    format!("`{path}`: `{href}` leads out of the archive; it is left out"),
                );
            }
            continue;
        };
        let word = |name: &str| element.get(name).unwrap_or_default().trim().to_owned();
        let path = archive.find(&to).map_or(to.clone(), str::to_owned);
        if path != to {
            log.warning(PATH, Span::default(), format!("`{to}` is called `{path}` in the archive"));
        }
        let item = Item { id: word("id"), path, media_type: word("media-type"), properties: word("properties") };
        by_id.entry(item.id.clone()).or_insert(package.items.len());
        package.items.push(item);
    }
    spine(root, &by_id, &mut package, log);
    package.navigation = package.items.iter().find(|item| item.has("nav")).map(|item| item.path.clone());
    package
}

fn spine(root: &Element, by_id: &HashMap<String, usize>, package: &mut Package, log: &mut Log) {
    let Some(spine) = named(root, "spine").next() else { return };
    package.right_to_left = spine.get("page-progression-direction") == Some("rtl");
    let path_of = |name: &str| spine.get(name).and_then(|id| by_id.get(id)).map(|&at| package.items[at].path.clone());
    let by_type = package.items.iter().find(|item| item.media_type == "application/x-dtbncx+xml");
    package.ncx = path_of("toc").or_else(|| by_type.map(|item| item.path.clone()));
    package.page_map = path_of("page-map");
    let mut seen = std::collections::HashSet::new();
    for reference in named(spine, "itemref") {
        let id = reference.get("idref").unwrap_or_default().trim();
        match by_id.get(id) {
            Some(&at) if seen.insert(at) => package.spine.push(at),
            Some(_) => {
                log.warning(SPINE, Span::default(), format!("the spine names `{id}` twice; it is read once"));
            }
            None => {
                let message = format!("the spine names `{id}`, which the manifest does not list");
                log.warning(SPINE, Span::default(), message);
            }
        }
    }
}

/// True if an encrypted page would have to be read: `META-INF/encryption.xml` lists also fonts that are merely
/// obfuscated (EPUB 3.3 §4.3), which nobody needs here.
///
/// # Errors
/// As [`file()`].
pub fn is_locked(archive: &Archive<'_>, package: &Package, log: &mut Log) -> Result<Option<String>, Failure> {
    let path = "META-INF/encryption.xml";
    if archive.find(path).is_none() {
        return Ok(None);
    }
    let Some(root) = tree(archive, path, log)? else { return Ok(None) };
    let mut locked = Vec::new();
    references(&root, &mut locked);
    let pages = || package.spine.iter().map(|&at| &package.items[at].path);
    Ok(locked.into_iter().find(|path| pages().any(|page| page == path)))
}

fn references(element: &Element, paths: &mut Vec<String>) {
    if element.name == "CipherReference" {
        paths.extend(element.get("URI").and_then(|uri| resolve("", uri)).map(|(path, _)| path));
    }
    element.elements().for_each(|child| references(child, paths));
}

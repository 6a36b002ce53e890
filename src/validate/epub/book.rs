//! One publication of a container: its package document, the files that it lists, and what they say together.

use foldhash::{HashMap, HashSet};

use super::content::{Document, Kind, Reference};
use super::desk::{Desk, Page};
use super::links::Links;
use super::manifest::Manifest;
use super::media;
use super::metadata::{self, Metadata};
use super::ocf::Container;
use super::package::{self, Item, Package};
use super::parts::Parts;
use super::property::Prefixes;
use super::rule;
use super::source::{self, Text};
use super::tree::Tree;
use super::{entities, nav, nesting, overlay, style, url, viewport, xhtml};
use crate::source::Span;

/// Checks a publication, and says whether it is an EPUB 2.
pub(super) fn check(container: &Container<'_>, path: &str, desk: &mut Desk<'_>) -> bool {
    let Some(bytes) = container.get(path) else {
        desk.tell(
            &rule::PACKAGE_MISSING,
            &Page::new(path, ""),
            Span::default(),
            "the package document is not in the archive",
        );
        return false;
    };
    let Some(text) = source::decode(bytes, path, Text::Xml, desk) else { return false };
    let page = Page::new(path, &text);
    let tree = Tree::read(&text, None);
    if let Some(failure) = &tree.failure {
        source::broken(failure, &page, desk);
        return false;
    }
    let Some(root) = tree.root() else { return false };
    let version = root.get("version");
    if !matches!(version, Some("2.0" | "3.0")) {
        let message = match version {
            Some(version) => format!("the version `{version}` is none of EPUB: it must be `3.0`, or `2.0` of old"),
            None => "the package has no `version`".to_owned(),
        };
        desk.tell(&rule::VERSION, &page, root.span, message);
        return false;
    }
    doctype(&tree, &page, desk);
    let package = package::read(path, &tree);
    let schema = if package.old { &source::PACKAGE_2 } else { &source::PACKAGE };
    source::validate(schema, &text, &page, desk);
    Book { container, path, page: &page, tree: &tree, package: &package, read: HashMap::default() }.check(desk);
    package.old
}

fn doctype(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let Some((doctype, span)) = tree.doctype else { return };
    let oeb = doctype.contains("-//ISBN 0-9673008") || doctype.contains("-//ISBN 0-9673008-1-9//DTD OEB 1.2");
    if !oeb && (doctype.contains("SYSTEM") || doctype.contains("PUBLIC")) {
        desk.tell(&rule::DOCTYPE_EXTERNAL, page, span, "the package document may name no external DTD");
    }
}

/// A publication at work.
struct Book<'b> {
    container: &'b Container<'b>,
    path: &'b str,
    page: &'b Page<'b>,
    tree: &'b Tree<'b>,
    package: &'b Package,
    /// What was read, by the number of its item.
    read: HashMap<usize, Document<'b>>,
}

impl<'b> Book<'b> {
    fn check(mut self, desk: &mut Desk<'_>) {
        let Self { container, path, page, tree, package, .. } = self;
        let root = tree.root().map_or_else(Default::default, |root| root.span);
        self.unique(root, desk);
        let prefix = tree.root().and_then(|root| root.attribute("prefix")).map(|prefix| prefix.value.as_ref());
        let prefixes = Prefixes::read(prefix.filter(|_| !package.old), false, page, root, desk);
        let metadata = Metadata { package, tree, page, path, prefixes: &prefixes };
        if package.old {
            metadata::of_epub2(&metadata, desk);
        } else {
            metadata.check(desk);
        }
        let manifest = Manifest { package, container, page, path, prefixes: &prefixes };
        manifest.check(desk);
        self.documents(desk);
        let links = Links { package, container, path, documents: &self.read };
        links.check(desk);
        Parts { package, container, page, path, tree, documents: &self.read }.check(desk);
        if !package.old {
            links.overlays(desk);
            manifest.uses(&self.read, desk);
            self.classes(desk);
            for (at, _) in package.items.iter().enumerate().filter(|(_, item)| item.has("nav")) {
                if let Some(nav) = self.read.get(&at) {
                    nav::order(nav, package, &self.read, desk);
                }
            }
        }
    }

    /// The package names its identifier.
    fn unique(&self, root: Span, desk: &mut Desk<'_>) {
        match &self.package.unique {
            None => desk.tell(&rule::UNIQUE_MISSING, self.page, root, "`package` names no `unique-identifier`"),
            Some(unique) if nav::identifier(self.package).is_none() => {
                desk.tell(&rule::UNIQUE_DANGLING, self.page, root, format!("no `dc:identifier` has the id `{unique}`"));
            }
            Some(_) => {}
        }
    }

    /// Reads every file that the manifest lists.
    fn documents(&mut self, desk: &mut Desk<'_>) {
        let fixed: HashSet<usize> = self
            .package
            .spine
            .iter()
            .filter(|place| self.package.is_fixed(place))
            .filter_map(|place| place.item)
            .collect();
        let mut seen = HashSet::default();
        for (at, item) in self.package.items.iter().enumerate() {
            let Some(path) = item.path.as_deref().filter(|path| seen.insert(path.to_owned())) else { continue };
            if self.container.encrypted.contains(path) || self.container.obfuscated.contains(path) {
                continue;
            }
            let Some(bytes) = self.container.get(path) else { continue };
            if let Some(document) = self.document(item, path, bytes, fixed.contains(&at), desk) {
                self.read.insert(at, document);
            }
        }
    }

    fn document(
        &self,
        item: &Item,
        path: &str,
        bytes: &'b [u8],
        fixed: bool,
        desk: &mut Desk<'_>,
    ) -> Option<Document<'b>> {
        let media_type = media::plain(&item.media_type);
        let old = self.package.old;
        match media_type.as_str() {
            media::XHTML => self.content(item, path, bytes, fixed, desk),
            media::HTML | "text/x-oeb1-document" if old => self.content(item, path, bytes, false, desk),
            media::SVG => self.drawing(path, bytes, fixed, desk),
            media::CSS => Some(sheet(path, bytes, old, desk)),
            media::SMIL if !old => self.xml(path, bytes, Some(&source::OVERLAY), desk, |tree, page, desk| {
                overlay::read(path, tree, page, desk)
            }),
            media::NCX => self.xml(path, bytes, Some(&source::NCX), desk, |tree, page, desk| {
                nav::ncx(path, tree, self.package, page, desk)
            }),
            media::DTBOOK => self.xml(path, bytes, None, desk, |tree, _, _| {
                let mut document = Document::new(path);
                for element in &tree.elements {
                    if let Some(id) = element.get("id") {
                        document.add_id(id, Kind::Link);
                    }
                }
                document
            }),
            _ => {
                if media::is_raster(&media_type) {
                    image(&media_type, path, bytes, desk);
                }
                None
            }
        }
    }

    /// An XML file that is neither XHTML nor SVG.
    fn xml(
        &self,
        path: &str,
        bytes: &'b [u8],
        schema: Option<&crate::validate::report::Bundled>,
        desk: &mut Desk<'_>,
        read: impl FnOnce(&Tree<'_>, &Page<'_>, &mut Desk<'_>) -> Document<'b>,
    ) -> Option<Document<'b>> {
        let text = source::decode(bytes, path, Text::Xml, desk)?;
        let page = Page::new(path, &text);
        let tree = Tree::read(&text, entities::named_if(declares(&text)));
        if let Some(failure) = &tree.failure {
            source::broken(failure, &page, desk);
            return None;
        }
        if let Some(schema) = schema {
            source::validate_tree(schema, (&text, &tree), self.package.old, &page, desk);
        }
        let mut document = read(&tree, &page, desk);
        document.text = text.clone();
        Some(document)
    }

    /// A content document in XHTML.
    fn content(
        &self,
        item: &Item,
        path: &str,
        bytes: &'b [u8],
        fixed: bool,
        desk: &mut Desk<'_>,
    ) -> Option<Document<'b>> {
        let old = self.package.old;
        let text = source::decode(bytes, path, Text::Html, desk)?;
        let page = Page::new(path, &text);
        let tree = Tree::read(&text, entities::named_if(old && declares(&text)));
        content_doctype(&tree, old, &page, desk);
        if let Some(failure) = &tree.failure {
            source::broken(failure, &page, desk);
            return None;
        }
        let schema = match (old, item.has("nav")) {
            (true, _) => &source::XHTML_2,
            (false, true) => &source::NAV,
            (false, false) => &source::XHTML,
        };
        source::validate_tree(schema, (&text, &tree), old, &page, desk);
        let mut document: Document<'b> = xhtml::read(path, &tree, &page, old, desk);
        // They stay till all documents are read.
        document.references.shrink_to_fit();
        if old {
            nesting::links(&tree, &page, desk);
        } else {
            nesting::check(&tree, &page, desk);
            xhtml::pointers(&tree, &document, &page, desk);
            if item.has("nav") {
                nav::check(&tree, &page, desk);
            }
            if fixed {
                viewport::check(&tree, &page, desk);
            }
        }
        document.text = text.clone();
        Some(document)
    }

    fn drawing(&self, path: &str, bytes: &'b [u8], fixed: bool, desk: &mut Desk<'_>) -> Option<Document<'b>> {
        let text = source::decode(bytes, path, Text::Xml, desk)?;
        let page = Page::new(path, &text);
        let tree = Tree::read(&text, entities::named_if(self.package.old && declares(&text)));
        external_entities(&tree, &page, desk);
        if let Some(failure) = &tree.failure {
            source::broken(failure, &page, desk);
            return None;
        }
        let schema = if self.package.old { &source::XHTML_2 } else { &source::SVG };
        source::validate_tree(schema, (&text, &tree), self.package.old, &page, desk);
        let mut document: Document<'b> = xhtml::read(path, &tree, &page, self.package.old, desk);
        if fixed && !self.package.old {
            viewport::check(&tree, &page, desk);
        }
        document.text = text.clone();
        Some(document)
    }

    /// Classes for what is read aloud need a style sheet.
    fn classes(&self, desk: &mut Desk<'_>) {
        let declared = ["media:active-class", "media:playback-active-class"];
        if !declared.iter().any(|name| self.package.of_publication(name).is_some()) {
            return;
        }
        for (at, item) in self.package.items.iter().enumerate().filter(|(_, item)| item.overlay.is_some()) {
            let Some(document) = self.read.get(&at).filter(|document| !document.uses.styled) else { continue };
            let page = Page::new(&document.path, &document.text);
            let message = format!("`{}` has an overlay, and classes for it are declared, but it has no style", item.id);
            desk.tell(&rule::CSS_OVERLAY, &page, document.root, message);
        }
    }
}

fn sheet<'b>(path: &str, bytes: &'b [u8], old: bool, desk: &mut Desk<'_>) -> Document<'b> {
    let mut document = Document::new(path);
    let text = style::decode(bytes, &Page::new(path, ""), desk);
    if style::is_known(&text, old) {
        document.text = text;
        return document;
    }
    let page = Page::new(path, &text);
    let told = desk.told();
    for found in style::Styles::new(&page, Some(0), Span::default(), old, desk).sheet(&text) {
        let address = url::resolve(path, None, &found.url);
        document.uses.remote |= matches!(address.target, url::Target::Remote(_)) && found.kind != Kind::Style;
        document.references.push(Reference::new(found.kind, &found.url, address, found.span));
    }
    if document.references.is_empty() && desk.told() == told {
        style::know(&text, old);
    }
    document.text = text.clone();
    document
}

/// What the first bytes of an image say it is.
fn image(media_type: &str, path: &str, bytes: &[u8], desk: &mut Desk<'_>) {
    let page = Page::new(path, "");
    let mut tell = |rule: &rule::Rule, message: String| desk.tell(rule, &page, Span::default(), message);
    if bytes.len() < 4 {
        tell(&rule::IMAGE_BROKEN, "the image is too short to be one".to_owned());
        return tell(&rule::IMAGE_UNREADABLE, "the image can't be read".to_owned());
    }
    let Some(found) = media::sniff(bytes) else {
        tell(&rule::TYPE_WRONG, format!("its first bytes are not those of `{media_type}`"));
        return tell(&rule::IMAGE_UNREADABLE, "the image can't be read".to_owned());
    };
    if found != media_type {
        tell(&rule::TYPE_WRONG, format!("it is `{found}`, but the manifest says `{media_type}`"));
    }
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let known = media::extensions(found);
    if !extension.is_empty() && !known.is_empty() && !known.contains(&extension.as_str()) {
        tell(&rule::IMAGE_EXTENSION, format!("it is `{found}`, but its name ends with `.{extension}`"));
    }
}

/// The document type declaration of a content document.
fn content_doctype(tree: &Tree<'_>, old: bool, page: &Page<'_>, desk: &mut Desk<'_>) {
    if !old {
        external_entities(tree, page, desk);
    }
    let Some((doctype, span)) = tree.doctype else { return };
    let head = doctype.split('[').next().unwrap_or(doctype);
    let public = head.split("PUBLIC").nth(1).map(str::trim);
    let identifier = public.and_then(|rest| rest.get(1..)?.split(['"', '\'']).next()).unwrap_or("");
    let xhtml =
        identifier == "-//W3C//DTD XHTML 1.1//EN" && head.contains("http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd");
    if old && head.trim().starts_with("html") && !xhtml {
        let message = "the document type must be that of XHTML 1.1, or none";
        desk.tell(&rule::DOCTYPE, page, span, message);
    } else if !old && public.is_some() {
        desk.tell(&rule::DOCTYPE, page, span, "the document type must be `<!DOCTYPE html>`, or none");
    }
}

/// True if the file names a DTD, which would declare names of characters.
fn declares(text: &str) -> bool {
    let declaration = text.split("<!DOCTYPE").nth(1).and_then(|rest| rest.split(['[', '>']).next());
    declaration.is_some_and(|declaration| declaration.contains("PUBLIC"))
}

/// Entities whose text lies in another file.
fn external_entities(tree: &Tree<'_>, page: &Page<'_>, desk: &mut Desk<'_>) {
    let Some((doctype, span)) = tree.doctype else { return };
    for entity in doctype.split("<!ENTITY").skip(1) {
        let declaration = entity.split('>').next().unwrap_or(entity);
        let mut words = declaration.split_ascii_whitespace().filter(|word| *word != "%");
        let name = words.next().unwrap_or("");
        if matches!(words.next(), Some("SYSTEM" | "PUBLIC")) {
            desk.tell(&rule::EXTERNAL_ENTITY, page, span, format!("the entity `{name}` lies outside of the file"));
        }
    }
}

//! What else a package names: a guide, collections, bindings, and the files that its metadata link to (EPUB 3.3,
//! sections 5.5.7 and 5.8; Open Packaging Format 2.0.1, section 2.6).

use foldhash::{HashMap, HashSet};

use super::content::Document;
use super::desk::{Desk, Page};
use super::manifest;
use super::media;
use super::ocf::Container;
use super::package::{DC, OPF, Package};
use super::rule;
use super::tree::{Element, Tree};
use super::url::{self, Target};

/// The other parts of one package, at work.
pub(super) struct Parts<'m> {
    pub(super) package: &'m Package,
    pub(super) container: &'m Container<'m>,
    pub(super) page: &'m Page<'m>,
    pub(super) path: &'m str,
    pub(super) tree: &'m Tree<'m>,
    pub(super) documents: &'m HashMap<usize, Document<'m>>,
}

impl Parts<'_> {
    /// Checks all of them.
    pub(super) fn check(&self, desk: &mut Desk<'_>) {
        for (at, part) in self.tree.children(0) {
            match part.within(OPF) {
                "guide" => self.guide(at, desk),
                "bindings" => desk.tell(&rule::XML_DEPRECATED, self.page, part.span, "`bindings` is out of use"),
                "collection" => self.collection(at, "", desk),
                "metadata" if !self.package.old => {
                    for (_, link) in self.tree.children(at).filter(|(_, link)| link.is(OPF, "link")) {
                        self.link(link, desk);
                    }
                }
                _ => {}
            }
        }
        if !self.package.old {
            self.dictionary(desk);
        }
    }

    fn guide(&self, at: usize, desk: &mut Desk<'_>) {
        let mut seen = HashSet::default();
        for (_, reference) in self.tree.children(at).filter(|(_, reference)| reference.is(OPF, "reference")) {
            let href = reference.get("href").unwrap_or("");
            let address = url::resolve(self.path, None, href);
            manifest::faults(href, &address, self.page, reference.span, desk);
            if !seen.insert((reference.get("type").unwrap_or("").to_lowercase(), href.to_lowercase())) {
                let message = format!("the guide names `{href}` twice for the same");
                desk.tell(&rule::XML_DEPRECATED, self.page, reference.span, message);
            }
            let Target::Within(path, fragment) = address.target else { continue };
            let Some(item) = self.package.by_path.get(path.as_str()) else {
                let message = format!("the guide names `{path}`, which is not listed in the manifest");
                desk.tell(&rule::GUIDE_UNLISTED, self.page, reference.span, message);
                let rule = if self.container.has(&path) { &rule::LINK_UNLISTED } else { &rule::LINK_LOST };
                desk.tell(rule, self.page, reference.span, format!("`{path}` is not there"));
                continue;
            };
            let media_type = &self.package.items[*item].media_type;
            let content = if self.package.old { media::is_ops(media_type) } else { media::is_content(media_type) };
            if !content {
                let message = format!("the guide names `{path}`, which is `{media_type}` and no content document");
                desk.tell(&rule::GUIDE_TYPE, self.page, reference.span, message);
            }
            self.fragment(*item, fragment.as_deref(), href, reference, desk);
        }
    }

    fn fragment(&self, item: usize, fragment: Option<&str>, href: &str, element: &Element<'_>, desk: &mut Desk<'_>) {
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty() && !fragment.contains('(')) else {
            return;
        };
        if self.documents.get(&item).is_some_and(|document| !document.ids.contains_key(fragment)) {
            let message = format!("`{href}` leads to an id that is not there");
            desk.tell(&rule::LINK_FRAGMENT, self.page, element.span, message);
        }
    }

    /// A file that the metadata or a collection link to.
    fn link(&self, link: &Element<'_>, desk: &mut Desk<'_>) {
        let href = link.get("href").unwrap_or("");
        let address = url::resolve(self.path, None, href);
        manifest::faults(href, &address, self.page, link.span, desk);
        let Target::Within(path, fragment) = address.target else { return };
        if path == self.path {
            let message = format!("`{href}` leads to an element of the package document, not to a resource");
            return desk.tell(&rule::LINK_PACKAGE, self.page, link.span, message);
        }
        if link.get("media-type").is_none()
            && link.parent.is_some_and(|parent| self.tree.elements[parent].is(OPF, "metadata"))
        {
            let message = format!("`{href}` lies in the archive, so the link must state a `media-type`");
            desk.tell(&rule::LINK_TYPE, self.page, link.span, message);
        }
        if !self.container.has(&path) {
            let message = format!("`{path}` is not in the archive");
            desk.tell(&rule::LINK_LOST_METADATA, self.page, link.span, message);
        }
        if let Some(item) = self.package.by_path.get(path.as_str()) {
            self.fragment(*item, fragment.as_deref(), href, link, desk);
        }
    }

    /// A collection, and those in it.
    fn collection(&self, at: usize, around: &str, desk: &mut Desk<'_>) {
        let element = &self.tree.elements[at];
        let role = element.get("role").unwrap_or("");
        let links =
            self.tree.children(at).filter(|(_, link)| link.is(OPF, "link")).map(|(_, link)| link).collect::<Vec<_>>();
        for link in &links {
            self.link(link, desk);
        }
        let inner = self.tree.children(at).filter(|(_, inner)| inner.is(OPF, "collection")).collect::<Vec<_>>();
        let wrong = |message: &str, desk: &mut Desk<'_>| desk.tell(&rule::XML_RULE, self.page, element.span, message);
        match role {
            "manifest" if around.is_empty() => wrong("a manifest of resources stands in another collection", desk),
            "index" | "index-group" => self.index(role, around, &links, element, desk),
            "preview" => {
                if inner.iter().filter(|(_, inner)| inner.get("role") == Some("manifest")).count() != 1 {
                    wrong("a preview has one collection `manifest` in it", desk);
                }
                self.preview(&links, desk);
            }
            "dictionary" => self.dictionary_links(&links, element, desk),
            "distributable-object" => self.distributable(at, desk),
            _ if role.contains(':') && url::resolve("", None, role).fault.is_some() => {
                desk.tell(&rule::COLLECTION_ROLE, self.page, element.span, format!("`{role}` is no URL"));
            }
            _ => {}
        }
        for (at, _) in inner {
            self.collection(at, role, desk);
        }
    }

    /// The item that a link of a collection names.
    fn item(&self, link: &Element<'_>) -> Option<usize> {
        match url::resolve(self.path, None, link.get("href").unwrap_or("")).target {
            Target::Within(path, _) => self.package.by_path.get(path.as_str()).copied(),
            _ => None,
        }
    }

    fn index(&self, role: &str, around: &str, links: &[&Element<'_>], element: &Element<'_>, desk: &mut Desk<'_>) {
        if role == "index-group" && around != "index" {
            desk.tell(&rule::XML_RULE, self.page, element.span, "an `index-group` stands in an `index`");
        }
        for link in links {
            let href = link.get("href").unwrap_or("");
            let item = self.item(link);
            let xhtml = |at: usize| media::plain(&self.package.items[at].media_type) == media::XHTML;
            match item {
                Some(at) if xhtml(at) => {
                    let indexed = self.documents.get(&at).is_none_or(|document| document.types.contains("index"));
                    if !indexed {
                        let message = format!("`{href}` is a part of an index, but has no element of the type `index`");
                        desk.tell(&rule::XML_RULE, self.page, link.span, message);
                    }
                }
                _ => {
                    let message = format!("`{href}` is a part of an index, but no XHTML content document");
                    desk.tell(&rule::COLLECTION_INDEX, self.page, link.span, message);
                }
            }
        }
    }

    fn preview(&self, links: &[&Element<'_>], desk: &mut Desk<'_>) {
        for link in links {
            let href = link.get("href").unwrap_or("");
            if href.contains("#epubcfi(") {
                let message = format!("`{href}` names a place within a document, which a preview can't");
                desk.tell(&rule::COLLECTION_CFI, self.page, link.span, message);
            } else if !self.item(link).is_some_and(|at| media::is_content(&self.package.items[at].media_type)) {
                let message = format!("`{href}` is a part of a preview, but no content document");
                desk.tell(&rule::COLLECTION_PREVIEW, self.page, link.span, message);
            }
        }
    }

    fn dictionary_links(&self, links: &[&Element<'_>], element: &Element<'_>, desk: &mut Desk<'_>) {
        let mut maps = 0;
        for link in links {
            let href = link.get("href").unwrap_or("");
            let Some(at) = self.item(link) else {
                let message = format!("`{href}` is a part of a dictionary, but not there");
                desk.tell(&rule::COLLECTION_MAP, self.page, link.span, message);
                continue;
            };
            let media_type = media::plain(&self.package.items[at].media_type);
            if media_type == "application/vnd.epub.search-key-map+xml" {
                maps += 1;
            } else if media_type != media::XHTML {
                let message = format!("`{href}` is a part of a dictionary, but neither XHTML nor a search key map");
                desk.tell(&rule::COLLECTION_DICTIONARY, self.page, link.span, message);
            }
        }
        match maps {
            0 => desk.tell(&rule::COLLECTION_NO_MAP, self.page, element.span, "the dictionary has no search key map"),
            1 => {}
            _ => {
                desk.tell(&rule::COLLECTION_MAPS, self.page, element.span, "the dictionary has several search key maps")
            }
        }
    }

    /// An object that can be taken out has metadata of its own.
    fn distributable(&self, at: usize, desk: &mut Desk<'_>) {
        let metadata = self.tree.children(at).find(|(_, part)| part.is(OPF, "metadata"));
        for name in ["identifier", "title", "language"] {
            let has = metadata.is_some_and(|(at, _)| self.tree.children(at).any(|(_, part)| part.is(DC, name)));
            if !has {
                let message = format!("the metadata of a distributable object need a `dc:{name}`");
                desk.tell(&rule::XML_RULE, self.page, self.tree.elements[at].span, message);
            }
        }
    }

    /// A dictionary says so, and has dictionary content (EPUB Dictionaries and Glossaries 1.0).
    fn dictionary(&self, desk: &mut Desk<'_>) {
        let said = |kind: &str| {
            self.package.statements.iter().any(|one| one.dublin_core && one.name == "type" && one.value == kind)
        };
        let collected =
            self.tree.elements.iter().any(|one| one.is(OPF, "collection") && one.get("role") == Some("dictionary"));
        let content = self.documents.values().any(|document| document.types.contains("dictionary"));
        let span = self.tree.root().map_or_else(Default::default, |root| root.span);
        if said("index") && !self.documents.values().any(|document| document.types.contains("index")) {
            let message = "the package says it is an index, but no document has an element of the type `index`";
            desk.tell(&rule::XML_RULE, self.page, span, message);
        }
        let sourced = self.package.statements.iter().any(|one| one.dublin_core && one.name == "source");
        if said("preview") && !sourced {
            let message = "a preview should name the publication that it is of, by `dc:source`";
            desk.tell(&rule::XML_DEPRECATED, self.page, span, message);
        }
        if (said("dictionary") || collected) && !content {
            let message = "no document of the dictionary has an element of the type `dictionary`";
            desk.tell(&rule::DICTIONARY_EMPTY, self.page, span, message);
        }
        if content && !said("dictionary") {
            let message = "there is dictionary content, so the package should have the `dc:type` `dictionary`";
            desk.tell(&rule::DICTIONARY_TYPE, self.page, span, message);
        }
    }
}

//! Manifest and spine (EPUB 3.3, sections 5.6 and 5.7; Open Packaging Format 2.0.1, sections 2.3 and 2.4).

use foldhash::{HashMap, HashSet};

use super::content::{Document, Uses};
use super::desk::{Desk, Page};
use super::media;
use super::ocf::Container;
use super::overlay::clock;
use super::package::{Item, Package, without_fragment};
use super::property::{Prefixes, Use};
use super::rule;
use super::url::{self, Fault};

/// Manifest and spine of one package, at work.
pub(super) struct Manifest<'m> {
    pub(super) package: &'m Package,
    pub(super) container: &'m Container<'m>,
    pub(super) page: &'m Page<'m>,
    pub(super) path: &'m str,
    pub(super) prefixes: &'m Prefixes,
}

impl Manifest<'_> {
    /// Checks items, fallbacks and the spine.
    pub(super) fn check(&self, desk: &mut Desk<'_>) {
        let mut seen = HashSet::default();
        for item in &self.package.items {
            self.item(item, &mut seen, desk);
            self.fallbacks(item, desk);
        }
        self.unlisted(desk);
        self.spine(desk);
        if !self.package.old {
            self.unique_properties(desk);
            self.overlays(desk);
        }
    }

    fn item<'i>(&self, item: &'i Item, seen: &mut HashSet<&'i str>, desk: &mut Desk<'_>) {
        let (page, span) = (self.page, item.span);
        address(&item.href, self.path, page, span, desk);
        if item.href.contains('#') {
            desk.tell(
                &rule::ITEM_FRAGMENT,
                page,
                span,
                format!("`{}` must name a file, without a fragment", item.href),
            );
        }
        let key = item.path.as_deref().unwrap_or_else(|| without_fragment(&item.href));
        if !seen.insert(key) {
            desk.tell(&rule::ITEM_TWICE, page, span, format!("`{key}` is listed more than once"));
        }
        if let Some(path) = &item.path {
            if path == self.path {
                desk.tell(&rule::ITEM_PACKAGE, page, span, "the manifest must not list the package document itself");
            }
            if !self.container.has(path) {
                desk.tell(&rule::ITEM_MISSING, page, span, format!("`{path}` is not in the archive"));
            }
            if path.starts_with("META-INF/") {
                desk.tell(&rule::IN_META_INF, page, span, format!("`{path}` lies in META-INF, where no resource may"));
            }
            if self.container.obfuscated.contains(path) && !media::is_font(&item.media_type) {
                let message = format!("`{path}` is obfuscated, but `{}` is no type of font", item.media_type);
                desk.tell(&rule::OBFUSCATED, page, span, message);
            }
        }
        if self.package.old {
            self.old_type(item, desk);
        }
        for property in item.properties.iter().filter(|_| !self.package.old) {
            self.prefixes.check(property, Use::Item, page, span, desk);
            if !goes_with(property, &item.media_type) {
                let message = format!("the property `{property}` does not go with the type `{}`", item.media_type);
                desk.tell(&rule::PROPERTY_TYPE, page, span, message);
            }
        }
    }

    /// Media types that an EPUB 2 should not use.
    fn old_type(&self, item: &Item, desk: &mut Desk<'_>) {
        let media_type = media::plain(&item.media_type);
        let tell = |rule: &rule::Rule, desk: &mut Desk<'_>, instead: &str| {
            desk.tell(rule, self.page, item.span, format!("`{media_type}` should be `{instead}`"));
        };
        match media_type.as_str() {
            media::HTML => tell(&rule::ITEM_HTML, desk, media::XHTML),
            "text/x-oeb1-document" => tell(&rule::ITEM_OLD, desk, media::XHTML),
            "text/x-oeb1-css" => tell(&rule::ITEM_OLD, desk, media::CSS),
            _ => {}
        }
    }

    fn fallbacks(&self, item: &Item, desk: &mut Desk<'_>) {
        if let Some(id) = item.fallback.as_deref().filter(|id| self.package.item(id).is_none()) {
            desk.tell(
                &rule::FALLBACK_DANGLING,
                self.page,
                item.span,
                format!("the fallback `{id}` is not in the manifest"),
            );
        }
        if let Some(id) = item.fallback_style.as_deref().filter(|id| self.package.item(id).is_none()) {
            let message = format!("the fallback style `{id}` is not in the manifest");
            desk.tell(&rule::FALLBACK_STYLE, self.page, item.span, message);
        }
        // A chain that is longer than the manifest goes round; each is walked only while its members are new.
        let mut seen = HashSet::default();
        for member in self.package.chain(item).take(64) {
            if !seen.insert(member.id.as_str()) {
                return desk.tell(&rule::FALLBACK_CYCLE, self.page, item.span, "its fallbacks lead in a circle");
            }
        }
    }

    /// Every file is listed, but for those of the container.
    fn unlisted(&self, desk: &mut Desk<'_>) {
        for path in self.container.files.keys() {
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            let ignored = matches!(name.as_str(), ".ds_store" | "thumbs.db" | ".git" | "desktop.ini");
            let of_container = *path == "mimetype" || path.starts_with("META-INF/") || *path == self.path;
            let composed = url::composed(path);
            let known = self.package.by_path.contains_key(&*composed) || self.package.linked.contains(&*composed);
            if !ignored && !of_container && !known {
                desk.tell(
                    &rule::ITEM_UNLISTED,
                    &Page::new(path, ""),
                    Default::default(),
                    "the manifest does not list it",
                );
            }
        }
    }

    fn spine(&self, desk: &mut Desk<'_>) {
        let mut seen = HashSet::default();
        for place in &self.package.spine {
            let Some(item) = place.item.map(|at| &self.package.items[at]) else {
                let message = format!("the spine names `{}`, which is no item", place.idref);
                desk.tell(&rule::ITEM_UNKNOWN, self.page, place.span, message);
                continue;
            };
            if !seen.insert(place.idref.as_str()) {
                let rule = if self.package.old { &rule::SPINE_TWICE } else { &rule::XML_RULE };
                desk.tell(rule, self.page, place.span, format!("the spine names `{}` more than once", place.idref));
            }
            if item.has("data-nav") {
                let message = "a data navigation document should not stand in the spine";
                desk.tell(&rule::SPINE_DATA_NAV, self.page, place.span, message);
            }
            self.spine_type(item, place.span, desk);
        }
        if !self.package.spine.is_empty() && self.package.spine.iter().all(|place| !place.linear) {
            let span = self.package.spine.first().map_or_else(Default::default, |place| place.span);
            desk.tell(&rule::SPINE_EMPTY, self.page, span, "all documents of the spine are out of its line");
        }
        if let Some((map, span)) = self.package.map.as_ref().filter(|(map, _)| self.package.item(map).is_none()) {
            desk.tell(&rule::SPINE_MAP, self.page, *span, format!("`page-map` names `{map}`, which is no item"));
        }
        let ncx = self.package.items.iter().find(|item| media::plain(&item.media_type) == media::NCX);
        if let (None, Some(ncx), false) = (&self.package.toc, ncx, self.package.old) {
            let message = format!("`{}` is an NCX, so the spine must name it by `toc`", ncx.id);
            desk.tell(&rule::XML_RULE, self.page, ncx.span, message);
        }
        if let Some((toc, span)) = &self.package.toc {
            match self.package.item(toc) {
                None => {
                    desk.tell(&rule::ITEM_UNKNOWN, self.page, *span, format!("`toc` names `{toc}`, which is no item"))
                }
                Some(item) if media::plain(&item.media_type) != media::NCX => {
                    let message = format!("`toc` names `{toc}`, which is `{}`: it must be an NCX", item.media_type);
                    desk.tell(&rule::SPINE_TOC, self.page, *span, message);
                    desk.tell(&rule::ITEM_BROKEN, self.page, *span, format!("`{toc}` can't be read as an NCX"));
                }
                Some(_) => {}
            }
        }
    }

    fn spine_type(&self, item: &Item, span: crate::source::Span, desk: &mut Desk<'_>) {
        let content = |media_type: &str| match self.package.old {
            true => media::is_ops(media_type),
            false => media::is_content(media_type),
        };
        let media_type = &item.media_type;
        if content(media_type) {
            return;
        }
        let shown = |what: &str| format!("`{}` of the spine is `{media_type}`: {what}", item.id);
        let image = media::is_raster(media_type) || self.package.old && media::plain(media_type) == media::SVG;
        if self.package.old && (image || matches!(media::plain(media_type).as_str(), media::CSS | "text/x-oeb1-css")) {
            return desk.tell(&rule::SPINE_STYLE, self.page, span, shown("it can't stand there"));
        }
        if item.fallback.is_none() {
            desk.tell(&rule::SPINE_FALLBACK, self.page, span, shown("it needs a fallback"));
        } else if !self.package.chain(item).skip(1).take(64).any(|member| content(&member.media_type)) {
            desk.tell(&rule::SPINE_CONTENT, self.page, span, shown("none of its fallbacks is a content document"));
        }
    }

    /// One navigation document, one cover image at most.
    fn unique_properties(&self, desk: &mut Desk<'_>) {
        let with = |property: &str| self.package.items.iter().filter(|item| item.has(property)).collect::<Vec<_>>();
        let navs = with("nav");
        if navs.len() != 1 {
            let message = format!("{} items have the property `nav`; it must be one", navs.len());
            let span = navs.last().map_or_else(Default::default, |item| item.span);
            desk.tell(&rule::XML_RULE, self.page, span, message);
        }
        for item in navs.iter().filter(|item| media::plain(&item.media_type) != media::XHTML) {
            desk.tell(&rule::XML_RULE, self.page, item.span, "the navigation document must be XHTML");
        }
        for property in ["cover-image", "data-nav"] {
            if let [_, second, ..] = with(property).as_slice() {
                let message = format!("more than one item has the property `{property}`");
                desk.tell(&rule::XML_RULE, self.page, second.span, message);
            }
        }
    }

    /// Overlays are named by items, and their durations stated.
    fn overlays(&self, desk: &mut Desk<'_>) {
        let durations: HashMap<&str, u64> = self
            .package
            .statements
            .iter()
            .filter(|statement| statement.name == "media:duration")
            .filter_map(|one| Some((one.refines.as_deref()?.strip_prefix('#')?, clock(&one.value).unwrap_or(0))))
            .collect();
        let mut named = HashSet::default();
        for item in &self.package.items {
            let Some(overlay) = item.overlay.as_deref() else { continue };
            if !media::is_content(&item.media_type) {
                let message = "only content documents have an overlay";
                desk.tell(&rule::XML_RULE, self.page, item.span, message);
            }
            match self.package.item(overlay) {
                Some(target) if media::plain(&target.media_type) == media::SMIL => {
                    if named.insert(overlay) && !durations.contains_key(overlay) {
                        let message = format!("the duration of the overlay `{overlay}` is not stated");
                        desk.tell(&rule::XML_RULE, self.page, item.span, message);
                    }
                }
                Some(_) => {
                    let message = format!("the overlay `{overlay}` must be `{}`", media::SMIL);
                    desk.tell(&rule::XML_RULE, self.page, item.span, message);
                }
                None => {
                    let message = format!("the overlay `{overlay}` is not in the manifest");
                    desk.tell(&rule::XML_RULE, self.page, item.span, message);
                }
            }
        }
        let total = self.package.of_publication("media:duration");
        if !named.is_empty() && total.is_none() {
            desk.tell(&rule::XML_RULE, self.page, Default::default(), "the total `media:duration` is not stated");
        }
        if let Some((total, span)) = total.and_then(|total| Some((clock(&total.value)?, total.span))) {
            let sum: u64 = durations.values().sum();
            if !durations.is_empty() && sum.abs_diff(total) > 1000 {
                desk.tell(&rule::OVERLAY_TOTAL, self.page, span, "the total duration is not the sum of the overlays'");
            }
        }
    }

    /// What documents use, against the properties of their items.
    pub(super) fn uses(&self, documents: &HashMap<usize, Document<'_>>, desk: &mut Desk<'_>) {
        let mut numbers = documents.keys().copied().collect::<Vec<_>>();
        numbers.sort_unstable();
        for at in numbers {
            let (item, document) = (&self.package.items[at], &documents[&at]);
            let page = Page::new(&document.path, &document.text);
            let media_type = media::plain(&item.media_type);
            let Uses { scripted, module, mathml, svg, switch, remote, .. } = document.uses;
            let xhtml = media_type == media::XHTML;
            let used = [
                ("scripted", scripted && (xhtml || media_type == media::SVG)),
                ("mathml", mathml && xhtml),
                ("svg", svg && xhtml),
                ("switch", switch && xhtml),
                ("remote-resources", remote),
            ];
            for (property, used) in used {
                let declared = item.has(property);
                if used && !declared {
                    let message = format!("its item in the manifest must have the property `{property}`");
                    desk.tell(&rule::PROPERTY_MISSING, &page, document.root, message);
                } else if declared && !used && property == "remote-resources" {
                    if !scripted {
                        let message = "`remote-resources` is declared, but it refers to none";
                        desk.tell(&rule::PROPERTY_REMOTE, &page, document.root, message);
                    }
                } else if declared && !used && goes_with(property, &media_type) && !(module && property == "scripted") {
                    let message = format!("its item has the property `{property}`, but nothing in it asks for that");
                    desk.tell(&rule::PROPERTY_EXTRA, &page, document.root, message);
                }
            }
        }
    }
}

/// True if a property may be said of an item of this type.
fn goes_with(property: &str, media_type: &str) -> bool {
    let media_type = media::plain(media_type);
    let xhtml = media_type == media::XHTML;
    match property {
        "cover-image" => media::is_image(&media_type),
        "scripted" => xhtml || media_type == media::SVG,
        "remote-resources" => xhtml || matches!(media_type.as_str(), media::SVG | media::CSS | media::SMIL),
        "mathml" | "svg" | "switch" | "nav" | "data-nav" => xhtml,
        "search-key-map" | "dictionary" => media_type == "application/vnd.epub.search-key-map+xml",
        _ => true,
    }
}

/// Tells what is wrong with the form of an address.
pub(super) fn address(href: &str, base: &str, page: &Page<'_>, span: crate::source::Span, desk: &mut Desk<'_>) {
    let address = url::resolve(base, None, href);
    faults(href, &address, page, span, desk);
}

/// The same for an address that is resolved already.
pub(super) fn faults(
    href: &str,
    address: &url::Address,
    page: &Page<'_>,
    span: crate::source::Span,
    desk: &mut Desk<'_>,
) {
    match address.fault {
        Some(Fault::Form(why)) => desk.tell(&rule::URL_FORM, page, span, format!("`{href}` is no URL: {why}")),
        Some(Fault::Leaks) => {
            let message = format!("`{href}` leads out of the archive; it must be relative to its file");
            desk.tell(&rule::URL_LEAKS, page, span, message);
        }
        Some(Fault::Query) => {
            desk.tell(&rule::URL_QUERY, page, span, format!("`{href}` has a query, which files of an archive can't"));
        }
        None => {}
    }
    if address.target == url::Target::File {
        desk.tell(&rule::URL_FILE, page, span, format!("`{href}` leads to a file of somebody's machine"));
    }
}

//! References across the files of a publication: every one leads to a file that is there, listed, and of a kind
//! that can be shown (EPUB 3.3, sections 3.2 to 3.6).

use foldhash::{HashMap, HashSet};

use super::content::{Document, Kind, Reference};
use super::desk::{Desk, Page};
use super::manifest;
use super::media;
use super::ocf::Container;
use super::package::{Item, Package, without_fragment};
use super::rule;
use super::url::{Target, data_type};

/// Schemes that are in common use in links (IANA's registry); others are warned of.
const SCHEMES: &[&str] = &[
    "about",
    "acct",
    "bitcoin",
    "blob",
    "cid",
    "data",
    "dns",
    "doi",
    "facetime",
    "fax",
    "feed",
    "ftp",
    "ftps",
    "geo",
    "git",
    "gopher",
    "http",
    "https",
    "im",
    "imap",
    "info",
    "irc",
    "ircs",
    "isbn",
    "javascript",
    "jabber",
    "ldap",
    "magnet",
    "mailto",
    "maps",
    "market",
    "message",
    "mid",
    "mms",
    "modem",
    "news",
    "nfs",
    "nntp",
    "pop",
    "res",
    "rsync",
    "rtsp",
    "sftp",
    "sip",
    "sips",
    "skype",
    "sms",
    "smsto",
    "snmp",
    "ssh",
    "steam",
    "svn",
    "tag",
    "tel",
    "telnet",
    "tftp",
    "urn",
    "view-source",
    "webcal",
    "ws",
    "wss",
    "wtai",
    "xmpp",
];

/// The references of a publication, at work.
pub(super) struct Links<'m> {
    pub(super) package: &'m Package,
    pub(super) container: &'m Container<'m>,
    pub(super) path: &'m str,
    /// What was read, by the number of its item.
    pub(super) documents: &'m HashMap<usize, Document<'m>>,
}

impl Links<'_> {
    /// Checks every reference of every document.
    pub(super) fn check(&self, desk: &mut Desk<'_>) {
        let mut numbers = self.documents.keys().copied().collect::<Vec<_>>();
        numbers.sort_unstable();
        for at in numbers {
            let document = &self.documents[&at];
            let page = Page::new(&document.path, &document.text);
            for reference in &document.references {
                manifest::faults(&reference.url, &reference.address, &page, reference.span, desk);
                self.reference(document, reference, &page, desk);
            }
        }
        self.reachable(desk);
    }

    fn reference(&self, document: &Document<'_>, reference: &Reference, page: &Page<'_>, desk: &mut Desk<'_>) {
        let (kind, span) = (reference.kind, reference.span);
        match &reference.address.target {
            Target::Within(path, fragment) => {
                self.within(document, reference, path, fragment.as_deref(), page, desk);
            }
            Target::Remote(scheme) => self.remote(reference, scheme, page, desk),
            Target::Data if matches!(kind, Kind::Link | Kind::Navigation) => {
                desk.tell(&rule::URL_DATA, page, span, "a link may not lead to a `data:` URL");
            }
            Target::Data => {
                let media_type = data_type(&reference.url);
                if self.is_foreign(kind, media_type) && !reference.replaced {
                    let message = format!("a `data:` URL of the type `{media_type}` can't be shown everywhere");
                    desk.tell(&rule::FOREIGN, page, span, message);
                }
            }
            Target::File if !matches!(kind, Kind::Link | Kind::Citation) => {
                desk.tell(&rule::LINK_REMOTE, page, span, "the resource must lie in the archive");
            }
            Target::File => {}
            Target::Other(scheme) => {
                if kind == Kind::Link && !SCHEMES.contains(&scheme.as_str()) {
                    desk.tell(&rule::URL_SCHEME, page, span, format!("`{scheme}:` is no scheme that is registered"));
                }
            }
        }
    }

    fn remote(&self, reference: &Reference, scheme: &str, page: &Page<'_>, desk: &mut Desk<'_>) {
        let (kind, span, url) = (reference.kind, reference.span, &reference.url);
        let item = self.package.by_path.get(without_fragment(url)).map(|at| &self.package.items[*at]);
        let media = |item: &Item| {
            let media_type = media::plain(&item.media_type);
            media_type.starts_with("audio/") || media_type.starts_with("video/") || media::is_font(&media_type)
        };
        let local = || format!("`{url}` must lie in the archive: only sound, video and fonts may lie elsewhere");
        match kind {
            Kind::Citation => return,
            Kind::Link => {
                if item.is_some_and(|item| !media(item)) {
                    desk.tell(&rule::LINK_REMOTE, page, span, local());
                }
                return;
            }
            Kind::Navigation => {
                let lists = ["toc", "landmarks", "page-list"];
                if reference.list.split_whitespace().any(|list| lists.contains(&list)) {
                    let message = format!("`{url}` leads out of the publication, which this list may not");
                    desk.tell(&rule::NAV_REMOTE, page, span, message);
                }
                return;
            }
            Kind::Audio | Kind::Video | Kind::Font | Kind::OverlayAudio => {
                if item.is_none() {
                    desk.tell(&rule::LINK_UNLISTED, page, span, format!("`{url}` is not listed in the manifest"));
                }
            }
            Kind::Embedded if item.is_some_and(media) => {}
            _ => return desk.tell(&rule::LINK_REMOTE, page, span, local()),
        }
        if scheme != "https" && !self.package.old {
            desk.tell(&rule::URL_HTTPS, page, span, format!("`{url}` should use HTTPS"));
        }
    }

    /// The item of a path, whichever way its characters are composed.
    fn item(&self, path: &str) -> Option<usize> {
        self.package.by_path.get(path).copied()
    }

    fn within(
        &self,
        document: &Document<'_>,
        reference: &Reference,
        path: &str,
        fragment: Option<&str>,
        page: &Page<'_>,
        desk: &mut Desk<'_>,
    ) {
        let span = reference.span;
        let Some(at) = self.item(path) else {
            if path == self.path && fragment.is_some_and(|fragment| fragment.starts_with("epubcfi(")) {
                return;
            }
            if path == self.path {
                return desk.tell(&rule::LINK_FOREIGN, page, span, "the package document is no page that can be shown");
            }
            let (rule, what) = match self.container.has(path) {
                true => (&rule::LINK_UNLISTED, "is not listed in the manifest"),
                false => (&rule::LINK_LOST, "is not in the archive"),
            };
            return desk.tell(rule, page, span, format!("`{path}` {what}"));
        };
        let item = &self.package.items[at];
        let fragment = fragment.filter(|fragment| !fragment.is_empty());
        match reference.kind {
            Kind::Link | Kind::Navigation => {
                if !self.shown(document, at, item, reference, page, desk) {
                    return;
                }
            }
            Kind::Style => {
                if fragment.is_some() {
                    desk.tell(&rule::LINK_STYLE_FRAGMENT, page, span, "the address of a style sheet has no fragment");
                }
                return;
            }
            Kind::Symbol if fragment.is_none() => {
                return desk.tell(&rule::LINK_USE, page, span, "`use` must name an element, with a fragment");
            }
            Kind::OverlayText => return self.overlay_text(at, fragment, reference, page, desk),
            Kind::OverlayAudio => return overlay_audio(item, fragment, reference, page, desk),
            Kind::Citation | Kind::Symbol | Kind::Paint | Kind::Clip => {}
            _ => {
                self.resource(item, fragment, reference, page, desk);
                return;
            }
        }
        if let Some(fragment) = fragment {
            self.fragment(at, fragment, reference, page, desk);
        }
    }

    /// A link leads to a content document, and to one of the spine. False if nothing more is to be said.
    fn shown(
        &self,
        document: &Document<'_>,
        at: usize,
        item: &Item,
        reference: &Reference,
        page: &Page<'_>,
        desk: &mut Desk<'_>,
    ) -> bool {
        let content = |item: &Item| match self.package.old {
            true => media::is_ops(&item.media_type),
            false => media::is_content(&item.media_type),
        };
        let span = reference.span;
        if !self.package.chain(item).take(64).any(content) {
            let message =
                format!("`{}` is of the type `{}`, which is no content document", reference.url, item.media_type);
            desk.tell(&rule::LINK_FOREIGN, page, span, message);
            return false;
        }
        let own = item.path.as_deref() == Some(document.path.as_str())
            && (reference.url.is_empty() || reference.url.starts_with('#'));
        if !self.package.order.contains_key(&at) && !own && !self.package.spine.is_empty() {
            let message = format!("`{}` leads to a document that is not in the spine", reference.url);
            desk.tell(&rule::LINK_SPINE, page, span, message);
        }
        true
    }

    fn is_foreign(&self, kind: Kind, media_type: &str) -> bool {
        let plain = media::plain(media_type);
        match kind {
            Kind::Track | Kind::Font | Kind::Style => false,
            Kind::Video if plain.starts_with("video/") => false,
            _ if self.package.old => !media::is_core_of_ops(media_type),
            _ => !media::is_core(media_type),
        }
    }

    fn resource(
        &self,
        item: &Item,
        fragment: Option<&str>,
        reference: &Reference,
        page: &Page<'_>,
        desk: &mut Desk<'_>,
    ) {
        let (kind, span) = (reference.kind, reference.span);
        let image = matches!(kind, Kind::Image | Kind::PictureImage | Kind::PictureSource);
        if image
            && fragment.is_some()
            && media::is_image(&item.media_type)
            && media::plain(&item.media_type) != media::SVG
        {
            desk.tell(&rule::LINK_IMAGE_FRAGMENT, page, span, "the address of an image has no fragment, but for SVG");
        }
        let typed = matches!(kind, Kind::Embedded | Kind::Audio | Kind::Video | Kind::PictureSource);
        let stated = reference.media_type.as_deref().filter(|_| typed);
        if let Some(stated) = stated.filter(|stated| media::plain(stated) != media::plain(&item.media_type)) {
            let message = format!("`{}` is `{stated}` here, but `{}` in the manifest", reference.url, item.media_type);
            desk.tell(&rule::TYPE_DIFFERS, page, span, message);
        }
        if !self.is_foreign(kind, &item.media_type) || reference.replaced {
            return;
        }
        let shown = |what: &str| format!("`{}` is of the type `{}`: {what}", reference.url, item.media_type);
        match kind {
            Kind::PictureImage => {
                desk.tell(&rule::FOREIGN_PICTURE, page, span, shown("an `img` in a `picture` must be of a core type"));
            }
            Kind::PictureSource if reference.media_type.is_none() => {
                desk.tell(&rule::FOREIGN_SOURCE, page, span, shown("the `source` must state it, as a foreign one"));
            }
            Kind::PictureSource => {}
            _ => {
                let core = |item: &Item| !self.is_foreign(kind, &item.media_type);
                if !self.package.chain(item).skip(1).take(64).any(core) {
                    let message = shown("not every reading system shows it, and it has no fallback");
                    desk.tell(&rule::FOREIGN, page, span, message);
                }
            }
        }
    }

    /// The element that a fragment names is there, and of the right kind.
    fn fragment(&self, at: usize, fragment: &str, reference: &Reference, page: &Page<'_>, desk: &mut Desk<'_>) {
        // Fragments of other schemes: places in a text, in time, of a picture.
        if fragment.contains('(') || fragment.contains(":~:") || fragment.contains('=') {
            return;
        }
        let Some(target) = self.documents.get(&at) else { return };
        let Some((_, found)) = target.ids.get(fragment) else {
            let message = format!("`{}` leads to an id that is not there", reference.url);
            return desk.tell(&rule::LINK_FRAGMENT, page, reference.span, message);
        };
        let wrong = match reference.kind {
            Kind::Paint | Kind::Clip => *found != reference.kind,
            Kind::Link | Kind::Navigation => *found != Kind::Link,
            _ => false,
        };
        if wrong {
            let message = format!("`{}` leads to an element of another kind than it should", reference.url);
            desk.tell(&rule::LINK_KIND, page, reference.span, message);
        }
    }

    fn overlay_text(
        &self,
        at: usize,
        fragment: Option<&str>,
        reference: &Reference,
        page: &Page<'_>,
        desk: &mut Desk<'_>,
    ) {
        let item = &self.package.items[at];
        if !media::is_content(&item.media_type) {
            let message =
                format!("`{}` is of the type `{}`, which is no content document", reference.url, item.media_type);
            return desk.tell(&rule::LINK_FOREIGN, page, reference.span, message);
        }
        let Some(fragment) = fragment else { return };
        let scheme = fragment.contains('(') || fragment.contains('=');
        if media::plain(&item.media_type) == media::SVG {
            if scheme
                && !fragment.starts_with("svgView(")
                && !fragment.starts_with("xywh=")
                && !fragment.starts_with("t=")
            {
                let message = format!("`#{fragment}` is no fragment of SVG");
                desk.tell(&rule::OVERLAY_SVG, page, reference.span, message);
            }
        } else if scheme {
            desk.tell(&rule::OVERLAY_ID, page, reference.span, format!("`#{fragment}` should be an element's id"));
        }
        self.fragment(at, fragment, reference, page, desk);
    }

    /// Each document of the spine that is out of its line is linked to.
    fn reachable(&self, desk: &mut Desk<'_>) {
        if self.package.old || self.documents.values().any(|document| document.uses.scripted) {
            return;
        }
        let links = self.documents.values().flat_map(|document| &document.references);
        let linked: HashSet<&str> = links
            .filter(|reference| matches!(reference.kind, Kind::Link | Kind::Navigation))
            .filter_map(|reference| match &reference.address.target {
                Target::Within(path, _) => Some(path.as_str()),
                _ => None,
            })
            .collect();
        for place in self.package.spine.iter().filter(|place| !place.linear) {
            let Some(path) = place.item.and_then(|at| self.package.items[at].path.as_deref()) else { continue };
            if !linked.contains(path) {
                let page = Page::new(self.path, "");
                let message = format!("no link leads to `{path}`, which is out of the line of the spine");
                desk.tell(&rule::SPINE_UNREACHABLE, &page, place.span, message);
            }
        }
    }

    /// Documents and overlays name each other.
    pub(super) fn overlays(&self, desk: &mut Desk<'_>) {
        let mut spoken: HashMap<usize, Vec<usize>> = HashMap::default();
        let mut numbers = self.documents.keys().copied().collect::<Vec<_>>();
        numbers.sort_unstable();
        for overlay in numbers {
            let references = &self.documents[&overlay].references;
            for reference in references.iter().filter(|reference| reference.kind == Kind::OverlayText) {
                let Target::Within(path, _) = &reference.address.target else { continue };
                let Some(at) = self.item(path) else { continue };
                let overlays = spoken.entry(at).or_default();
                if !overlays.contains(&overlay) {
                    overlays.push(overlay);
                }
            }
        }
        let page = Page::new(self.path, "");
        for (at, item) in self.package.items.iter().enumerate() {
            let overlays = spoken.get(&at).map_or(&[][..], Vec::as_slice);
            let named = item.overlay.as_deref().and_then(|overlay| self.package.by_id.get(overlay));
            let id = &item.id;
            if overlays.len() > 1 {
                desk.tell(&rule::OVERLAY_SEVERAL, &page, item.span, format!("several overlays speak of `{id}`"));
            }
            if !media::is_content(&item.media_type) {
                continue;
            }
            match (overlays, item.overlay.as_deref(), named) {
                ([], Some(overlay), Some(at)) if self.documents.contains_key(at) => {
                    let message = format!("`{id}` names the overlay `{overlay}`, which does not speak of it");
                    desk.tell(&rule::OVERLAY_UNUSED, &page, item.span, message);
                }
                ([_, ..], None, _) => {
                    let message = format!("an overlay speaks of `{id}`, which must name it as its `media-overlay`");
                    desk.tell(&rule::OVERLAY_UNDECLARED, &page, item.span, message);
                }
                ([one], Some(overlay), named) if named != Some(one) => {
                    let message = format!("`{id}` names the overlay `{overlay}`, but another speaks of it");
                    desk.tell(&rule::OVERLAY_OTHER, &page, item.span, message);
                }
                _ => {}
            }
        }
    }
}

fn overlay_audio(item: &Item, fragment: Option<&str>, reference: &Reference, page: &Page<'_>, desk: &mut Desk<'_>) {
    if let Some(fragment) = fragment {
        let message = format!("the address of the sound has the fragment `#{fragment}`; it may have none");
        desk.tell(&rule::OVERLAY_FRAGMENT, page, reference.span, message);
    }
    if !media::is_core_audio(&item.media_type) {
        let message =
            format!("`{}` is of the type `{}`, which not all reading systems play", reference.url, item.media_type);
        desk.tell(&rule::OVERLAY_AUDIO, page, reference.span, message);
    }
}

//! What a file of a publication gives and asks for: its ids, and what it refers to.

use std::borrow::Cow;

use compact_str::CompactString;
use foldhash::{HashMap, HashSet};

use super::url::Address;
use crate::source::Span;

/// What a reference is for, and what kind of element an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A hyperlink; an element like any other.
    Link,
    /// A link of the navigation document's lists, or of the NCX.
    Navigation,
    /// An image.
    Image,
    /// The `img` of a `picture`.
    PictureImage,
    /// A `source` of a `picture`.
    PictureSource,
    /// Sound, moving pictures, their texts.
    Audio,
    Video,
    Track,
    Font,
    Style,
    Script,
    /// An `iframe`, `object` or `embed`.
    Embedded,
    /// `cite`.
    Citation,
    /// `use` of SVG; a `symbol`.
    Symbol,
    /// A colour of SVG that is an element: a gradient, a pattern.
    Paint,
    /// A `clipPath` of SVG.
    Clip,
    /// The text and the sound of an overlay.
    OverlayText,
    OverlayAudio,
}

/// An address in a file.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) kind: Kind,
    /// As it is written.
    pub(super) url: CompactString,
    pub(super) address: Address,
    pub(super) span: Span,
    /// True if the markup has something to show in its place.
    pub(super) replaced: bool,
    /// The media type that the markup states.
    pub(super) media_type: Option<String>,
    /// The kind of the `nav` around it.
    pub(super) list: String,
}

impl Reference {
    pub(super) fn new(kind: Kind, url: &str, address: Address, span: Span) -> Self {
        let url = url.trim().into();
        Self { kind, url, address, span, replaced: false, media_type: None, list: String::new() }
    }
}

/// What a document uses that its item must declare.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Uses {
    pub(super) scripted: bool,
    /// It has a script that is a module: EPUBCheck does not count it, EPUB does; so either will do.
    pub(super) module: bool,
    pub(super) mathml: bool,
    pub(super) svg: bool,
    pub(super) switch: bool,
    pub(super) remote: bool,
    /// It has a style sheet or a style.
    pub(super) styled: bool,
}

/// A file of the publication.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) path: String,
    /// Ids, each with its place in the order of the document.
    pub(super) ids: HashMap<String, (usize, Kind)>,
    pub(super) references: Vec<Reference>,
    pub(super) uses: Uses,
    /// Words of `epub:type`.
    pub(super) types: HashSet<String>,
    /// Where its root element stands.
    pub(super) root: Span,
    /// The decoded text, for the places of findings; the archive's own bytes, where they are UTF-8.
    pub(super) text: Cow<'t, str>,
}

impl Document<'_> {
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            ids: HashMap::default(),
            references: Vec::new(),
            uses: Uses::default(),
            types: HashSet::default(),
            root: Span::default(),
            text: Cow::Borrowed(""),
        }
    }

    /// Takes up an id; false if another element has it.
    pub(super) fn add_id(&mut self, id: &str, kind: Kind) -> bool {
        let order = self.ids.len();
        if self.ids.contains_key(id) {
            return false;
        }
        self.ids.insert(id.to_owned(), (order, kind));
        true
    }
}

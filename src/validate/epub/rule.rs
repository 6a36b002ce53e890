//! The one table of rules: the word that findings show, the number that EPUBCheck gives the rule, how much it
//! matters, and what it says.

use crate::diagnostic::{Code, Severity};

/// A rule of EPUB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The word for it: `link.missing-id`. Faults against a schema have words of their own, by kind of fault.
    pub code: Code,
    /// EPUBCheck's message id: `RSC-012`.
    pub id: &'static str,
    /// How much it matters; as EPUBCheck has it, its "usage" being a note and its "fatal" an error.
    pub severity: Severity,
    /// What is wrong when it is broken.
    pub meaning: &'static str,
}

macro_rules! rules {
    ($($name:ident $word:literal $id:literal $severity:ident $meaning:literal)*) => {
        $(pub(super) const $name: Rule = Rule {
            code: Code($word),
            id: $id,
            severity: Severity::$severity,
            meaning: $meaning,
        };)*

        /// All rules.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    ARCHIVE_UNREADABLE "epub.archive-unreadable" "PKG-008" Error "the file is no archive that can be read"
    ARCHIVE_SIGNATURE "epub.archive-signature" "PKG-004" Error "the file does not begin like an archive"
    ARCHIVE_EMPTY "epub.archive-empty" "PKG-003" Error "the file is too short to be an archive"
    ARCHIVE_NAMES "epub.archive-names" "PKG-027" Error "an entry's name is not in UTF-8"
    ARCHIVE_LIMIT "epub.archive-limit" "PKG-015" Error "the archive holds more than is read"
    MIMETYPE_MISSING "epub.mimetype-missing" "PKG-006" Error "the first entry is not `mimetype`"
    MIMETYPE_VALUE "epub.mimetype" "PKG-007" Error "the entry `mimetype` has another content, or is compressed"
    MIMETYPE_EXTRA "epub.mimetype-extra" "PKG-005" Error "the entry `mimetype` has an extra field"
    NAME_TWICE "epub.name-twice" "OPF-060" Error "two entries have names that are the same but for case or composition"
    NAME_FORBIDDEN "epub.name-forbidden" "PKG-009" Error "a file name holds a character that may not stand there"
    NAME_SPACE "epub.name-space" "PKG-010" Warning "a file name holds a space"
    NAME_DOT "epub.name-dot" "PKG-011" Error "a file name ends with a full stop"
    FOLDER_EMPTY "epub.folder-empty" "PKG-014" Warning "a folder is empty"
    IN_META_INF "epub.resource-in-meta-inf" "PKG-025" Error "a publication resource lies in META-INF"
    CONTAINER_MISSING "epub.container-missing" "RSC-002" Error "META-INF/container.xml is missing"
    CONTAINER_ROOTFILE "epub.container-rootfile" "RSC-003" Error "the container names no package document"
    CONTAINER_PATH "epub.container-path" "OPF-016" Error "a rootfile has no path"
    CONTAINER_PATH_EMPTY "epub.container-path-empty" "OPF-017" Error "a rootfile's path is empty"
    CONTAINER_SEVERAL "epub.container-several" "PKG-013" Error "an EPUB 2 has several package documents"
    RENDITIONS_METADATA "epub.renditions-metadata" "RSC-019" Warning "several renditions, but no META-INF/metadata.xml"
    PACKAGE_MISSING "epub.package-missing" "OPF-002" Error "the package document is missing"
    ENCRYPTED "epub.encrypted" "RSC-004" Note "a file is encrypted and was not checked"
    OBFUSCATED "epub.obfuscated-font" "PKG-026" Error "an obfuscated resource is no font"
    XML_SCHEMA "xml.schema" "RSC-005" Error "a file breaks its schema"
    XML_RULE "epub.structure" "RSC-005" Error "a file breaks a rule of its structure"
    XML_DEPRECATED "epub.deprecated" "RSC-017" Warning "something that should no longer be used"
    XML_FATAL "xml.not-well-formed" "RSC-016" Error "a file is not well-formed"
    XML_VERSION "xml.version" "HTM-001" Error "a file is not XML 1.0"
    XML_UTF16 "xml.utf-16" "RSC-027" Warning "a file is in UTF-16 instead of UTF-8"
    HTML_UTF16 "xml.utf-16-content" "HTM-058" Error "a content document is in UTF-16"
    XML_ENCODING "xml.encoding" "RSC-028" Error "a file is not in UTF-8"
    EXTERNAL_ENTITY "xml.external-entity" "HTM-003" Error "an entity lies outside the file"
    DOCTYPE "xml.doctype" "HTM-004" Error "the document type declaration is another than EPUB's"
    DOCTYPE_EXTERNAL "xml.doctype-external" "OPF-073" Error "the document type declaration names an external DTD"
    VERSION "epub.version" "OPF-001" Error "the package's version is missing or unknown"
    UNIQUE_MISSING "package.unique-identifier-missing" "OPF-048" Error "the package names no unique identifier"
    UNIQUE_DANGLING "package.unique-identifier" "OPF-030" Error "no identifier has the id that the package names"
    DATE "package.date" "OPF-053" Warning "a date is not written as it should be"
    DATE_EPUB2 "package.date-wrong" "OPF-054" Error "a date is not written as it must be"
    ROLE "package.role" "OPF-052" Error "a role is no MARC relator"
    EMPTY "package.empty" "OPF-055" Warning "an element of the metadata is empty"
    LANGUAGE "language.malformed" "OPF-092" Error "a language tag is not well-formed"
    UUID "package.uuid" "OPF-085" Warning "an identifier says it is a UUID, and isn't"
    REFINES_CYCLE "package.refines-cycle" "OPF-065" Error "metadata refine each other in a circle"
    PREFIX_SPACE "prefix.space" "OPF-004" Warning "a prefix declaration begins or ends with white space"
    PREFIX_EMPTY "prefix.empty" "OPF-004a" Error "a prefix is empty"
    PREFIX_NAME "prefix.name" "OPF-004b" Error "a prefix is no name"
    PREFIX_COLON "prefix.colon" "OPF-004c" Error "a prefix is not followed by a colon"
    PREFIX_SEPARATOR "prefix.separator" "OPF-004d" Error "no space stands between a prefix and its URI"
    PREFIX_BLANK "prefix.blank" "OPF-004e" Warning "other white space than one space stands between a prefix and its URI"
    PREFIX_URI_MISSING "prefix.uri-missing" "OPF-005" Error "a prefix has no URI"
    PREFIX_URI "prefix.uri" "OPF-006" Error "a prefix stands for what is no URI"
    PREFIX_RESERVED "prefix.reserved" "OPF-007" Warning "a reserved prefix stands for something else"
    PREFIX_UNDERSCORE "prefix.underscore" "OPF-007a" Error "the prefix `_` is declared"
    PREFIX_DEFAULT "prefix.default" "OPF-007b" Error "a prefix stands for a default vocabulary"
    PREFIX_DC "prefix.dublin-core" "OPF-007c" Error "a prefix stands for the Dublin Core elements"
    PROPERTY_SEVERAL "property.several" "OPF-025" Error "several properties stand where one must"
    PROPERTY_FORM "property.malformed" "OPF-026" Error "a property is not well-formed"
    PROPERTY_UNKNOWN "property.unknown" "OPF-027" Error "a property is not defined"
    PROPERTY_PREFIX "property.prefix" "OPF-028" Error "a property's prefix is not declared"
    PROPERTY_TYPE "property.media-type" "OPF-012" Error "a property does not go with the item's media type"
    PROPERTY_MISSING "property.missing" "OPF-014" Error "a property should be declared in the manifest"
    PROPERTY_EXTRA "property.superfluous" "OPF-015" Error "a property is declared in the manifest, but not used"
    PROPERTY_REMOTE "property.remote-resources" "OPF-018" Warning "`remote-resources` is declared, but not used"
    PROPERTY_DEPRECATED "property.deprecated" "OPF-086" Warning "a property should no longer be used"
    LINK_ALTERNATE "link.alternate" "OPF-089" Error "`alternate` stands beside other keywords"
    LINK_TYPE "link.media-type" "OPF-093" Error "a linked file of the archive has no media type"
    LINK_TYPE_NEEDED "link.media-type-needed" "OPF-094" Error "a link of this kind has no media type"
    LINK_VOICING "link.voicing" "OPF-095" Error "a `voicing` link does not lead to sound"
    LINK_PACKAGE "link.package" "OPF-098" Error "a link leads to an element of the package document"
    LINK_LISTED "link.listed" "OPF-067" Error "a resource is linked from the metadata and listed in the manifest"
    ITEM_MISSING "manifest.missing" "RSC-001" Error "a listed file is not in the archive"
    ITEM_FRAGMENT "manifest.fragment" "OPF-091" Error "an item's address has a fragment"
    ITEM_TWICE "manifest.twice" "OPF-074" Error "a file is listed twice"
    ITEM_PACKAGE "manifest.package" "OPF-099" Error "the manifest lists the package document"
    ITEM_UNLISTED "manifest.unlisted" "OPF-003" Note "a file of the archive is not listed"
    ITEM_UNKNOWN "manifest.unknown" "OPF-049" Error "an id is not that of an item"
    ITEM_BROKEN "manifest.skipped" "CHK-008" Error "an item is not what its place asks for"
    ITEM_HTML "manifest.html" "OPF-035" Warning "XHTML is declared as `text/html`"
    ITEM_OLD "manifest.deprecated-type" "OPF-037" Warning "a media type is out of use"
    ITEM_OEB "manifest.oeb-type" "OPF-038" Warning "a media type does not go with OEBPS 1.2"
    ITEM_OEB_CSS "manifest.oeb-css" "OPF-039" Warning "a style sheet's type does not go with OEBPS 1.2"
    FALLBACK_DANGLING "fallback.dangling" "OPF-040" Error "a fallback is not in the manifest"
    FALLBACK_STYLE "fallback.style" "OPF-041" Error "a fallback style is not in the manifest"
    FALLBACK_CYCLE "fallback.cycle" "OPF-045" Error "fallbacks lead in a circle"
    SPINE_EMPTY "spine.no-linear" "OPF-033" Error "the spine has no linear document"
    SPINE_TWICE "spine.twice" "OPF-034" Error "the spine names an item twice"
    SPINE_STYLE "spine.type" "OPF-042" Error "a file of this type can't stand in the spine"
    SPINE_FALLBACK "spine.no-fallback" "OPF-043" Error "a file of the spine needs a fallback"
    SPINE_CONTENT "spine.no-content-fallback" "OPF-044" Error "no fallback of a file of the spine is a content document"
    SPINE_TOC "spine.toc" "OPF-050" Error "the spine's `toc` is not the NCX"
    SPINE_MAP "spine.page-map" "OPF-063" Warning "the spine's `page-map` is not in the manifest"
    SPINE_UNREACHABLE "spine.unreachable" "OPF-096" Error "nothing leads to a document that is not linear"
    SPINE_DATA_NAV "spine.data-navigation" "OPF-077" Warning "a data navigation document stands in the spine"
    GUIDE_UNLISTED "guide.unlisted" "OPF-031" Error "the guide names a file that is not listed"
    GUIDE_TYPE "guide.type" "OPF-032" Error "the guide names a file that is no content document"
    COLLECTION_ROLE "collection.role" "OPF-070" Warning "a collection's role is no URL"
    COLLECTION_INDEX "collection.index" "OPF-071" Error "an index names what is no XHTML"
    COLLECTION_PREVIEW "collection.preview" "OPF-075" Error "a preview names what is no content document"
    COLLECTION_CFI "collection.preview-cfi" "OPF-076" Error "a preview names a place within a document"
    COLLECTION_MAP "collection.key-map" "OPF-081" Error "a dictionary names a file that is not there"
    COLLECTION_MAPS "collection.key-maps" "OPF-082" Error "a dictionary has several search key maps"
    COLLECTION_NO_MAP "collection.no-key-map" "OPF-083" Error "a dictionary has no search key map"
    COLLECTION_DICTIONARY "collection.dictionary" "OPF-084" Error "a dictionary names what is neither XHTML nor a search key map"
    DICTIONARY_EMPTY "dictionary.empty" "OPF-078" Error "a dictionary has no dictionary content"
    DICTIONARY_TYPE "dictionary.type" "OPF-079" Warning "dictionary content, but the package does not say so"
    KEY_MAP_NAME "dictionary.key-map-name" "OPF-080" Warning "a search key map's name does not end with `.xml`"
    KEY_MAP_TARGET "dictionary.key-map-target" "RSC-021" Error "a search key map leads out of the spine"
    LINK_LOST "link.missing-file" "RSC-007" Error "an address leads to no file of the archive"
    LINK_LOST_METADATA "link.missing-linked-file" "RSC-007w" Warning "a link of the metadata leads to no file of the archive"
    LINK_UNLISTED "link.unlisted" "RSC-008" Error "an address leads to a file that is not listed"
    LINK_REMOTE "link.remote" "RSC-006" Error "a resource of this kind must lie in the archive"
    LINK_IMAGE_FRAGMENT "link.image-fragment" "RSC-009" Warning "an image's address has a fragment"
    LINK_FOREIGN "link.foreign" "RSC-010" Error "a link leads to a file that reading systems can't show"
    LINK_SPINE "link.not-in-spine" "RSC-011" Error "a link leads to a document that is not in the spine"
    LINK_FRAGMENT "link.missing-id" "RSC-012" Error "an address leads to an id that is not there"
    LINK_STYLE_FRAGMENT "link.style-fragment" "RSC-013" Error "a style sheet's address has a fragment"
    LINK_KIND "link.kind" "RSC-014" Error "an address leads to another kind of element"
    LINK_USE "link.use" "RSC-015" Error "the address of `use` has no fragment"
    URL_FORM "url.malformed" "RSC-020" Error "an address is no URL"
    URL_LEAKS "url.leaks" "RSC-026" Error "an address leads out of the archive"
    URL_DATA "url.data" "RSC-029" Error "a `data:` URL may not stand here"
    URL_FILE "url.file" "RSC-030" Error "a `file:` URL"
    URL_HTTPS "url.https" "RSC-031" Warning "a remote resource does not use HTTPS"
    URL_QUERY "url.query" "RSC-033" Error "a relative address has a query"
    URL_SCHEME "url.scheme" "HTM-025" Warning "an address has a scheme that is not registered"
    URL_UNDEFINED "url.undefined" "OPF-010" Error "an address can't be resolved"
    FOREIGN "foreign.no-fallback" "RSC-032" Error "a foreign resource has no fallback"
    FOREIGN_PICTURE "foreign.picture" "MED-003" Error "an image of `picture` is foreign"
    FOREIGN_SOURCE "foreign.source" "MED-007" Error "a foreign source of `picture` has no type"
    TYPE_DIFFERS "media-type.differs" "OPF-013" Warning "a resource has another media type in the package"
    TYPE_WRONG "media-type.wrong" "OPF-029" Error "a file is not of its media type"
    IMAGE_BROKEN "image.broken" "MED-004" Error "an image's first bytes are broken"
    IMAGE_UNREADABLE "image.unreadable" "PKG-021" Error "an image can't be read"
    IMAGE_EXTENSION "image.extension" "PKG-022" Warning "an image's name has the extension of another type"
    VIEWPORT_MISSING "viewport.missing" "HTM-046" Error "a fixed page has no viewport"
    VIEWPORT_SYNTAX "viewport.syntax" "HTM-047" Error "a viewport is not well-formed"
    VIEWPORT_BOX "viewport.view-box" "HTM-048" Error "a fixed SVG has no viewBox"
    VIEWPORT_SIZE "viewport.size" "HTM-056" Error "a viewport has no width or no height"
    VIEWPORT_VALUE "viewport.value" "HTM-057" Error "a viewport's size is no number"
    VIEWPORT_TWICE "viewport.twice" "HTM-059" Error "a viewport names a size twice"
    DATA_ATTRIBUTE "attribute.data" "HTM-061" Error "a `data-` attribute is not well-formed"
    CUSTOM_ATTRIBUTE "attribute.custom" "HTM-054" Error "an attribute is in a namespace of W3C or IDPF"
    REGION "region.misplaced" "HTM-052" Error "`region-based` outside a data navigation document"
    PHONEMES "attribute.phonemes" "HTM-007" Warning "`ssml:ph` is empty"
    CSS_PROPERTY "css.property" "CSS-001" Error "a property may not stand in an EPUB's style sheets"
    CSS_EMPTY "css.empty-address" "CSS-002" Error "an address is empty"
    CSS_UTF16 "css.utf-16" "CSS-003" Warning "a style sheet is in UTF-16"
    CSS_ENCODING "css.encoding" "CSS-004" Error "a style sheet is not in UTF-8"
    CSS_SYNTAX "css.syntax" "CSS-008" Error "a style sheet is not well-formed"
    CSS_ALTERNATE "css.alternate" "CSS-015" Error "an alternative style sheet has no title"
    CSS_FONT "css.font-face" "CSS-019" Warning "a font declaration is empty"
    CSS_FIXED "css.fixed" "CSS-006" Note "a style sheet fixes a position"
    CSS_OVERLAY "css.overlay-classes" "CSS-030" Error "classes for overlays are declared, but a document has no style"
    OVERLAY_AUDIO "overlay.audio" "MED-005" Error "an overlay plays a foreign type of sound"
    OVERLAY_ORDER "overlay.clip-order" "MED-008" Error "a clip ends before it begins"
    OVERLAY_EMPTY "overlay.clip-empty" "MED-009" Error "a clip ends where it begins"
    OVERLAY_UNDECLARED "overlay.undeclared" "MED-010" Error "a document that an overlay speaks of does not name it"
    OVERLAY_SEVERAL "overlay.several" "MED-011" Error "several overlays speak of one document"
    OVERLAY_OTHER "overlay.other" "MED-012" Error "a document names another overlay than the one that speaks of it"
    OVERLAY_UNUSED "overlay.unused" "MED-013" Error "a document names an overlay that does not speak of it"
    OVERLAY_FRAGMENT "overlay.audio-fragment" "MED-014" Error "the address of an overlay's sound has a fragment"
    OVERLAY_READING "overlay.reading-order" "MED-015" Note "an overlay leaves the reading order"
    OVERLAY_TOTAL "overlay.total" "MED-016" Warning "the total duration is not the sum of the overlays'"
    OVERLAY_ID "overlay.fragment" "MED-017" Warning "a fragment should be an id"
    OVERLAY_SVG "overlay.svg-fragment" "MED-018" Warning "a fragment should be one of SVG"
    NAV_REMOTE "navigation.remote" "NAV-010" Error "a navigation list leads out of the archive"
    NAV_ORDER "navigation.order" "NAV-011" Warning "a navigation list leaves the reading order"
    NAV_PAGES "navigation.pages" "NAV-003" Error "pages are marked, but there is no list of them"
    NAV_REGION "navigation.region" "NAV-009" Error "a region's link leads to a page that is not fixed"
    NCX_IDENTIFIER "ncx.identifier" "NCX-001" Error "the NCX has another identifier than the package"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_word_stands_for_two_rules() {
        let words = RULES.iter().map(|rule| rule.code.0).collect::<HashSet<_>>();
        assert_eq!(words.len(), RULES.len());
    }
}

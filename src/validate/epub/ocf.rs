//! The container (EPUB 3.3, section 4): names of files, and what META-INF says.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;

use super::archive::Archive;
use super::desk::{Desk, Page};
use super::rule;
use super::source::{self, Text};
use super::tree::Tree;
use super::url::{Target, resolve};
use crate::source::Span;

const CONTAINER: &str = "urn:oasis:names:tc:opendocument:xmlns:container";
const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
/// The two ways in which fonts are obfuscated: IDPF's and Adobe's.
const OBFUSCATIONS: &[&str] = &["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];
const PACKAGE_TYPE: &str = "application/oebps-package+xml";

/// The files of a container by path, and what META-INF says of them.
#[derive(Debug, Default)]
pub(super) struct Container<'a> {
    pub(super) files: BTreeMap<&'a str, &'a [u8]>,
    /// Files whose content can't be read.
    pub(super) encrypted: HashSet<String>,
    pub(super) obfuscated: HashSet<String>,
    /// Paths in Unicode's composed form, for files whose name is in another.
    composed: HashMap<String, &'a str>,
}

impl<'a> Container<'a> {
    pub(super) fn new(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> Self {
        let files: BTreeMap<_, _> = files.collect();
        let others = files.keys().filter(|name| !name.is_ascii());
        let composed = others.map(|name| (name.nfc().collect(), *name)).collect();
        Self { files, composed, ..Self::default() }
    }

    /// The file at a path; composed and decomposed characters are the same.
    pub(super) fn get(&self, path: &str) -> Option<&'a [u8]> {
        let direct = self.files.get(path).copied();
        direct.or_else(|| {
            let composed = self.composed.get(&path.nfc().collect::<String>())?;
            self.files.get(composed).copied()
        })
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.get(path).is_some()
    }
}

/// Checks the names of all files and folders.
pub(super) fn names(archive: &Archive, repeated: Vec<String>, desk: &mut Desk<'_>) {
    let mut seen: HashMap<String, &str> = HashMap::default();
    for (name, _) in &archive.files {
        let page = Page::new(name, "");
        name_itself(name, &page, desk);
        // Upper and then lower case is full case folding, but for a few letters of Cherokee and Greek.
        let folded = name.nfc().collect::<String>().to_uppercase().to_lowercase().nfc().collect::<String>();
        if let Some(other) = seen.insert(folded, name) {
            let message = format!("`{other}` is the same name but for case or the composition of characters");
            desk.tell(&rule::NAME_TWICE, &page, Span::default(), message);
        }
    }
    for name in repeated {
        desk.tell(
            &rule::NAME_TWICE,
            &Page::new(&name, ""),
            Span::default(),
            "the archive has two entries of this name",
        );
    }
    for folder in archive.folders.iter().filter(|folder| *folder != "META-INF/") {
        let used = archive.files.iter().any(|(name, _)| name.starts_with(folder.as_str()));
        if !used {
            desk.tell(&rule::FOLDER_EMPTY, &Page::new(folder, ""), Span::default(), "the folder is empty");
        }
    }
}

fn name_itself(name: &str, page: &Page<'_>, desk: &mut Desk<'_>) {
    let forbidden = name.chars().filter(|letter| is_forbidden(*letter)).collect::<String>();
    if !forbidden.is_empty() {
        let message = format!("the name holds characters that may not stand in one: {}", forbidden.escape_debug());
        desk.tell(&rule::NAME_FORBIDDEN, page, Span::default(), message);
    }
    if name.chars().any(char::is_whitespace) {
        desk.tell(
            &rule::NAME_SPACE,
            page,
            Span::default(),
            "the name holds a space, which some reading systems fail at",
        );
    }
    if name.split('/').any(|part| part.ends_with('.') && !part.is_empty()) {
        desk.tell(&rule::NAME_DOT, page, Span::default(), "a name may not end with a full stop");
    }
}

/// Characters that no file name may hold (EPUB 3.3, section 4.2.3).
fn is_forbidden(letter: char) -> bool {
    let code = letter as u32;
    matches!(letter, '"' | '*' | ':' | '<' | '>' | '?' | '\\' | '|')
        || letter.is_control()
        || (0xE000..=0xF8FF).contains(&code)
        || (0xFDD0..=0xFDEF).contains(&code)
        || (0xFFF0..=0xFFFF).contains(&code)
        || code & 0xFFFE == 0xFFFE
        || code == 0xE0001
        || code >= 0xF0000
}

/// The package documents that the container names; an error if there is none.
pub(super) fn rootfiles(container: &Container<'_>, desk: &mut Desk<'_>) -> Vec<String> {
    const PATH: &str = "META-INF/container.xml";
    let Some(bytes) = container.get(PATH) else {
        desk.tell(&rule::CONTAINER_MISSING, &Page::new(PATH, ""), Span::default(), "it is missing");
        return Vec::new();
    };
    let Some(text) = source::decode(bytes, PATH, Text::Xml, desk) else { return Vec::new() };
    let page = Page::new(PATH, &text);
    let tree = Tree::read(&text, None);
    if let Some(failure) = &tree.failure {
        source::broken(failure, &page, desk);
        return Vec::new();
    }
    let mut paths = Vec::new();
    for element in tree.elements.iter().filter(|element| element.is(CONTAINER, "rootfile")) {
        if element.get("media-type") != Some(PACKAGE_TYPE) {
            continue;
        }
        match element.get("full-path") {
            None => desk.tell(&rule::CONTAINER_PATH, &page, element.span, "the `rootfile` has no `full-path`"),
            Some("") => desk.tell(&rule::CONTAINER_PATH_EMPTY, &page, element.span, "the `full-path` is empty"),
            Some(path) => paths.push(path.to_owned()),
        }
    }
    if paths.is_empty() {
        let message = format!("no `rootfile` of the type `{PACKAGE_TYPE}` names a package document");
        desk.tell(&rule::CONTAINER_ROOTFILE, &page, Span::default(), message);
    } else {
        source::validate(&source::CONTAINER, &text, &page, desk);
    }
    paths
}

/// What META-INF/encryption.xml says: which files can't be read, and which are obfuscated fonts.
pub(super) fn encryption(container: &mut Container<'_>, desk: &mut Desk<'_>) {
    const PATH: &str = "META-INF/encryption.xml";
    let Some(bytes) = container.get(PATH) else { return };
    let Some(text) = source::decode(bytes, PATH, Text::Xml, desk) else { return };
    let page = Page::new(PATH, &text);
    if !source::validate(&source::ENCRYPTION, &text, &page, desk) {
        return;
    }
    let tree = Tree::read(&text, None);
    for (at, data) in tree.elements.iter().enumerate().filter(|(_, element)| element.is(ENCRYPTION, "EncryptedData")) {
        let last = tree.last_within(at);
        let inside = || tree.elements[at..=last].iter();
        let method = tree.children(at).find(|(_, child)| child.is(ENCRYPTION, "EncryptionMethod"));
        let algorithm = method.and_then(|(_, method)| method.get("Algorithm")).unwrap_or("");
        for uri in inside().filter(|element| element.is(ENCRYPTION, "CipherReference")).filter_map(|one| one.get("URI"))
        {
            if let Target::Within(path, _) = resolve("", None, uri).target {
                let obfuscated = OBFUSCATIONS.contains(&algorithm);
                if obfuscated {
                    container.obfuscated.insert(path.into());
                } else {
                    let message = format!("`{path}` is encrypted, and was not checked");
                    desk.tell(&rule::ENCRYPTED, &page, data.span, message);
                    container.encrypted.insert(path.into());
                }
            }
        }
    }
}

/// META-INF/signatures.xml against its schema.
pub(super) fn signatures(container: &Container<'_>, desk: &mut Desk<'_>) {
    const PATH: &str = "META-INF/signatures.xml";
    let Some(bytes) = container.get(PATH) else { return };
    let Some(text) = source::decode(bytes, PATH, Text::Xml, desk) else { return };
    source::validate(&source::SIGNATURES, &text, &Page::new(PATH, &text), desk);
}

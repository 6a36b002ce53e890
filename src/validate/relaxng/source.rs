//! A schema as written: the tree of its RELAX NG elements, with what they inherit. Annotations, embedded rules of
//! other languages among them, are left out (RELAX NG §4.1–§4.5).

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use crate::failure::Failure;
use crate::xml;
use crate::xml::parse::{Attribute, Event, Name, Parser, XML};

/// The namespace of RELAX NG.
const RELAX_NG: &str = "http://relaxng.org/ns/structure/1.0";

/// How many files may refer one to another.
const FILES: usize = 64;

/// A file of a schema, and which file asked for it.
#[derive(Debug)]
pub(super) struct File {
    /// What messages call it.
    pub(super) name: String,
    place: Place,
    parent: Option<Rc<File>>,
}

/// Where the files are that a file asks for.
#[derive(Debug)]
enum Place {
    /// In the folder of this file.
    Folder(PathBuf),
    /// Among these, which have a name and a text.
    Memory(&'static [(&'static str, &'static str)]),
}

/// An element of a schema.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Rc<Node>>,
    /// The characters directly in it.
    pub(super) text: String,
    /// The nearest `ns`.
    pub(super) ns: Arc<str>,
    /// The nearest `datatypeLibrary`.
    pub(super) library: Arc<str>,
    /// All `xml:base` around and on it, joined.
    base: Rc<str>,
    prefixes: Rc<Vec<(String, String)>>,
    pub(super) file: Rc<File>,
    line: usize,
}

impl Node {
    /// Names and values of the attributes without namespace.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// True if it holds characters.
    fn is_text(&self) -> bool {
        matches!(self.name.as_str(), "name" | "value" | "param")
    }

    /// The namespace of a prefix; the empty prefix is the default namespace.
    pub(super) fn namespace(&self, prefix: &str) -> Option<&str> {
        self.prefixes.iter().rev().find(|(known, _)| known == prefix).map(|(_, uri)| uri.as_str())
    }

    /// A failure that names the place.
    pub(super) fn wrong<T>(&self, message: impl std::fmt::Display) -> Result<T, Failure> {
        Err(Failure::Unsupported { message: format!("the schema {}, line {}: {message}", self.file.name, self.line) })
    }
}

/// A relative address as seen from another (RFC 3986 §5.3, without what only whole addresses have).
fn beside(base: &str, address: &str) -> String {
    let folder = base.rfind('/').map_or("", |at| &base[..=at]);
    format!("{folder}{address}")
}

/// Reads the file that `href` names, as seen from a file of the schema.
pub(super) fn load_beside(from: &Node, href: &str, ns: Option<&str>) -> Result<Rc<Node>, Failure> {
    let href = beside(&from.base, href);
    if href.contains(':') || href.contains('#') {
        return from.wrong(format!("`{href}` is not a file beside it"));
    }
    let parent = Some(Rc::clone(&from.file));
    let file = match &from.file.place {
        Place::Folder(path) => {
            let path = path.parent().unwrap_or(Path::new("")).join(&href);
            File { name: path.display().to_string(), place: Place::Folder(path), parent }
        }
        Place::Memory(files) => File { name: href.clone(), place: Place::Memory(files), parent },
    };
    let mut above = Some(&from.file);
    for _ in 0..FILES {
        match above {
            Some(known) if known.name == file.name => break,
            Some(known) => above = known.parent.as_ref(),
            None => return read(file, ns),
        }
    }
    from.wrong(format!("`{href}` includes itself"))
}

/// Reads a schema from a file.
pub(super) fn load(path: &Path) -> Result<Rc<Node>, Failure> {
    let place = Place::Folder(path.to_owned());
    read(File { name: path.display().to_string(), place, parent: None }, None)
}

/// Reads the first of several files that lie in memory; it may ask for the others.
pub(super) fn from_memory(files: &'static [(&'static str, &'static str)]) -> Result<Rc<Node>, Failure> {
    let name = files.first().map_or("", |(name, _)| name).to_owned();
    read(File { name, place: Place::Memory(files), parent: None }, None)
}

/// Reads a schema that lies in memory and asks for nothing.
pub(super) fn from_text(name: &str, text: &str) -> Result<Rc<Node>, Failure> {
    parse(text, File { name: name.to_owned(), place: Place::Memory(&[]), parent: None }, None)
}

fn read(file: File, ns: Option<&str>) -> Result<Rc<Node>, Failure> {
    match &file.place {
        Place::Folder(path) => {
            let bytes = std::fs::read(path).map_err(Failure::file(file.name.clone()))?;
            parse(&xml::decode(&bytes)?, file, ns)
        }
        Place::Memory(files) => match files.iter().find(|(name, _)| *name == file.name) {
            Some((_, text)) => parse(text, file, ns),
            None => {
                Err(Failure::Unsupported { message: format!("the schema asks for `{}`, which is nowhere", file.name) })
            }
        },
    }
}

/// An element whose end has not come yet.
struct Unfinished {
    node: Node,
}

fn parse(text: &str, file: File, ns: Option<&str>) -> Result<Rc<Node>, Failure> {
    let file = Rc::new(file);
    let mut parser = Parser::new(text);
    let mut open: Vec<Unfinished> = Vec::new();
    // Within an annotation: how many elements deep.
    let mut foreign = 0_usize;
    let (mut line, mut counted) = (1, 0);
    let located = |failure: Failure| match failure {
        Failure::NotWellFormed { message, span } => {
            let line =
                1 + text.as_bytes()[..span.range().start.min(text.len())].iter().filter(|b| **b == b'\n').count();
            Failure::Unsupported { message: format!("the schema {}, line {line}: {message}", file.name) }
        }
        other => other,
    };
    while let Some(event) = parser.next().map_err(located)? {
        match event {
            Event::Start { .. } if foreign > 0 => foreign += 1,
            Event::Start { name, .. } if name.uri() != RELAX_NG && !open.is_empty() => {
                foreign = 1;
                if let Some(Unfinished { node }) = open.last().filter(|open| open.node.is_text()) {
                    return node.wrong(format!("an annotation may not stand in `{}`", node.name));
                }
            }
            Event::Start { name, attributes, span, .. } => {
                let at = span.range().start.min(text.len());
                line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..at.max(counted)]).count();
                counted = at.max(counted);
                let parent = open.last().map(|open| &open.node);
                open.push(Unfinished { node: node(&name, &attributes, parent, &file, ns, line)? });
            }
            Event::Text { text, .. } if foreign == 0 => {
                if let Some(open) = open.last_mut() {
                    open.node.text.push_str(&text);
                }
            }
            Event::End { .. } if foreign > 0 => foreign -= 1,
            Event::End { .. } => {
                let Some(Unfinished { node }) = open.pop() else { continue };
                let node = Rc::new(node);
                match open.last_mut() {
                    Some(parent) => parent.node.children.push(node),
                    None => {
                        super::syntax::check(&node)?;
                        return Ok(node);
                    }
                }
            }
            Event::Text { .. } | Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => {}
        }
    }
    Err(Failure::Unsupported { message: format!("the schema {} is empty", file.name) })
}

fn node(
    name: &Name<'_>,
    attributes: &[Attribute<'_>],
    parent: Option<&Node>,
    file: &Rc<File>,
    ns: Option<&str>,
    line: usize,
) -> Result<Node, Failure> {
    let plain = attributes.iter().filter(|attribute| attribute.name.uri().is_empty());
    let plain = plain.map(|attribute| (attribute.name.local().to_owned(), attribute.value.trim().to_owned()));
    let mut prefixes = match parent {
        Some(parent) => Rc::clone(&parent.prefixes),
        None => Rc::new(vec![("xml".to_owned(), XML.to_owned())]),
    };
    for attribute in attributes.iter().filter(|attribute| attribute.is_declaration()) {
        let prefix = if attribute.name.prefix().is_some() { attribute.name.local() } else { "" };
        Rc::make_mut(&mut prefixes).push((prefix.to_owned(), attribute.value.clone().into_owned()));
    }
    let mut node = Node {
        name: name.local().to_owned(),
        attributes: plain.collect(),
        children: Vec::new(),
        text: String::new(),
        ns: parent.map_or_else(|| ns.unwrap_or("").into(), |parent| Arc::clone(&parent.ns)),
        library: parent.map_or_else(|| "".into(), |parent| Arc::clone(&parent.library)),
        base: parent.map_or_else(|| "".into(), |parent| Rc::clone(&parent.base)),
        prefixes,
        file: Rc::clone(file),
        line,
    };
    // `ns` is taken as written, white space and all (§4.2).
    if let Some(ns) = attributes.iter().find(|attribute| attribute.name.qualified() == "ns") {
        node.ns = ns.value.as_ref().into();
    }
    if let Some(base) = attributes.iter().find(|attribute| attribute.name.qualified() == "xml:base") {
        node.base = beside(&node.base, &base.value).into();
    }
    if let Some(library) = node.attribute("datatypeLibrary") {
        node.library = library.into();
    }
    if attributes.iter().any(|attribute| attribute.name.uri() == RELAX_NG) {
        return node.wrong("attributes of RELAX NG have no prefix");
    }
    if name.uri() != RELAX_NG {
        return node.wrong(format!("`{}` is no element of RELAX NG", name.qualified()));
    }
    Ok(node)
}

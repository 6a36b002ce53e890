//! Who cites whom: each document a node, each reference from one to another an edge. As JSON, or as GraphML
//! (graphml.graphdrawing.org), which network programs read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::Entry;
use crate::xml::emit::Emitter;

/// The documents and what leads from one to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Graph {
    /// The documents, in the order of the entries.
    pub nodes: Vec<Node>,
    /// References to documents that are among them, each once.
    pub edges: Vec<Edge>,
    /// References to documents that are not: from which, and the target as it stands there.
    pub unresolved: Vec<Edge>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Node {
    /// File and id.
    pub id: String,
    /// Number and title.
    pub label: String,
}

/// A reference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edge {
    /// The node that refers.
    pub from: String,
    /// The node that it refers to; of an unresolved one the target as it stands.
    pub to: String,
}

impl Graph {
    /// The graph of some entries. A target within its own file (`#d9`, and `#d9fn3` for a note of it) leads to the
    /// document of that id, in the same file or, where each document has a file of its own, in the same folder.
    pub fn of(entries: &[Entry]) -> Self {
        let places = Places::of(entries);
        let (mut edges, mut unresolved) = (BTreeSet::new(), BTreeSet::new());
        for entry in entries {
            let from = entry.address();
            for target in &entry.references {
                let Some(id) = target.strip_prefix('#') else { continue };
                match places.find(entry, target) {
                    Some(other) if other.address() == from => {}
                    Some(other) => _ = edges.insert(Edge { from: from.clone(), to: other.address() }),
                    None if is_document(id) => _ = unresolved.insert(Edge { from: from.clone(), to: target.clone() }),
                    None => {}
                }
            }
        }
        let label = |entry: &Entry| match &entry.number {
            Some(number) => format!("{number}. {}", entry.title),
            None => entry.title.clone(),
        };
        Self {
            nodes: entries.iter().map(|entry| Node { id: entry.address(), label: label(entry) }).collect(),
            edges: edges.into_iter().collect(),
            unresolved: unresolved.into_iter().collect(),
        }
    }

    /// Writes the graph as JSON.
    ///
    /// # Errors
    /// What the system says.
    pub fn json(&self, mut to: impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut to, self)?;
        to.write_all(b"\n")
    }

    /// Writes the graph as GraphML; unresolved references are left out.
    ///
    /// # Errors
    /// What the system says.
    pub fn graphml(&self, to: impl Write) -> io::Result<()> {
        let mut xml = Emitter::new(to);
        xml.declaration()?;
        xml.start("graphml", pairs([("xmlns", "http://graphml.graphdrawing.org/xmlns")]))?;
        xml.raw("\n")?;
        let key = [("id", "label"), ("for", "node"), ("attr.name", "label"), ("attr.type", "string")];
        xml.empty("key", pairs(key))?;
        xml.raw("\n")?;
        xml.start("graph", pairs([("edgedefault", "directed")]))?;
        for node in &self.nodes {
            xml.raw("\n")?;
            xml.start("node", pairs([("id", node.id.as_str())]))?;
            xml.start("data", pairs([("key", "label")]))?;
            xml.text(&node.label)?;
            xml.end()?;
            xml.end()?;
        }
        for edge in &self.edges {
            xml.raw("\n")?;
            xml.empty("edge", pairs([("source", edge.from.as_str()), ("target", edge.to.as_str())]))?;
        }
        xml.raw("\n")?;
        xml.finish()?.write_all(b"\n")
    }
}

/// Where documents are found by their ids.
pub(super) struct Places<'e> {
    files: BTreeMap<(&'e str, &'e str), &'e Entry>,
    /// An id that two files of a folder have leads nowhere from a third.
    folders: BTreeMap<(&'e str, &'e str), Option<&'e Entry>>,
}

impl<'e> Places<'e> {
    pub(super) fn of(entries: &'e [Entry]) -> Self {
        let mut places = Self { files: BTreeMap::new(), folders: BTreeMap::new() };
        for entry in entries {
            let Some(id) = &entry.id else { continue };
            places.files.insert((&entry.file, id), entry);
            let known = places.folders.entry((folder(&entry.file), id));
            known.and_modify(|other| *other = None).or_insert(Some(entry));
        }
        places
    }

    /// The document to which a target leads that stands in another.
    pub(super) fn find(&self, from: &Entry, target: &str) -> Option<&'e Entry> {
        let id = target.strip_prefix('#')?;
        let find = |id: &str| {
            let here = self.files.get(&(from.file.as_str(), id)).copied();
            here.or_else(|| self.folders.get(&(folder(&from.file), id)).copied().flatten())
        };
        find(id).or_else(|| find(document_of_note(id)?))
    }
}

fn pairs<'a, const N: usize>(pairs: [(&'a str, &'a str); N]) -> impl Iterator<Item = (&'a str, Cow<'a, str>)> {
    pairs.into_iter().map(|(name, value)| (name, Cow::Borrowed(value)))
}

fn folder(file: &str) -> &str {
    file.rfind(['/', '\\']).map_or("", |at| &file[..at])
}

/// The document whose note has this id: `d9` of `d9fn3`.
fn document_of_note(id: &str) -> Option<&str> {
    id.rfind("fn").map(|at| &id[..at]).filter(|document| !document.is_empty())
}

/// True for the id of a numbered document, or of a note of one.
fn is_document(id: &str) -> bool {
    let document = document_of_note(id).unwrap_or(id);
    document.strip_prefix('d').is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

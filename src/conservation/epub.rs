//! The text of an EPUB, from its bytes: the content documents in the order of the spine, notes in the order of
//! their calls. What the book says about itself (calls, ways back, contents) is marked by class or role and is
//! not text.

use std::io::Read;

use foldhash::{HashMap, HashSet};

use super::{Flow, Text, Witness};
use crate::diagnostic::Log;
use crate::epub::archive::{Archive, Limits};
use crate::epub::package;
use crate::epub::page::{Element, Node};
use crate::failure::Failure;
use crate::source::Span;
use crate::xml::decode;
use crate::xml::parse::{Attribute, Event, Parser};

/// Reads EPUB as a witness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epub;

impl Witness for Epub {
    fn format(&self) -> &'static str {
        "epub"
    }

    fn flow(&self, bytes: &[u8], _taken: &[Span]) -> Result<Flow, Failure> {
        let refuse = |cause: &dyn std::fmt::Display| Failure::Archive { message: cause.to_string() };
        let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).map_err(|cause| refuse(&cause))?;
        let mut file = |path: &str| -> Result<Vec<u8>, Failure> {
            let entry = zip.by_name(path).map_err(|cause| refuse(&format!("`{path}`: {cause}")))?;
            let mut bytes = Vec::new();
            entry.take(LARGEST).read_to_end(&mut bytes).map_err(|cause| refuse(&cause))?;
            Ok(bytes)
        };
        let package = rootfile(&file("META-INF/container.xml")?)?;
        let folder = package.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut weaver = Weaver::default();
        for href in spine(&file(&package)?)? {
            let path = if folder.is_empty() { href } else { format!("{folder}/{href}") };
            weaver.content(&path, &file(&path)?)?;
        }
        Ok(weaver.flow())
    }

    /// All characters of the content documents' bodies but those that the reader declared as markup, with each note
    /// that it declared apart, in the order in which it declared them.
    fn source_flow(&self, bytes: &[u8], log: &Log) -> Result<Flow, Failure> {
        let archive = Archive::open(bytes, Limits::default())?;
        let mut unheard = Log::new();
        let package = package::read(&archive, &mut unheard)?;
        let leaves = package::leaves(&archive, &package, &mut unheard)?;
        let mut taken = log.taken().to_vec();
        taken.sort_unstable();
        let mut notes: Vec<(Span, usize)> = log.notes_taken().iter().copied().zip(0..).collect();
        // A note that holds another begins before it, or ends behind it.
        notes.sort_unstable_by_key(|(span, _)| (span.file, span.start, std::cmp::Reverse(span.end)));
        let mut reading =
            Reading { taken, notes, next_taken: 0, next_note: 0, open: Vec::new(), flow: Flow::default() };
        reading.flow.notes = vec![Text::default(); reading.notes.len()];
        for leaf in leaves.iter().filter(|leaf| !leaf.is_generated()) {
            reading.element(leaf.body());
        }
        Ok(reading.flow)
    }
}

/// The text of a source on its way into a flow.
struct Reading {
    taken: Vec<Span>,
    notes: Vec<(Span, usize)>,
    next_taken: usize,
    next_note: usize,
    /// The notes that are open: where they end, and which.
    open: Vec<(Span, usize)>,
    flow: Flow,
}

impl Reading {
    fn element(&mut self, element: &Element) {
        for child in &element.children {
            match child {
                Node::Text(text, span) => self.text(text, *span),
                Node::Element(inner) => self.element(inner),
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        let place = |span: &Span| (span.file, span.start);
        self.open.retain(|(open, _)| open.file == span.file && span.start < open.end);
        while let Some(note) = self.notes.get(self.next_note).filter(|(note, _)| place(note) <= place(&span)) {
            if note.0.file == span.file && span.start < note.0.end {
                self.open.push(*note);
            }
            self.next_note += 1;
        }
        while self.taken.get(self.next_taken).is_some_and(|taken| (taken.file, taken.end) <= place(&span)) {
            self.next_taken += 1;
        }
        let mut from = span.start;
        let mut rest = self.next_taken;
        let mut kept = Vec::new();
        while let Some(taken) = self.taken.get(rest).filter(|it| it.file == span.file && it.start < span.end) {
            kept.push((from, taken.start.max(from)));
            from = from.max(taken.end);
            rest += 1;
        }
        kept.push((from, span.end.max(from)));
        let to = match self.open.last() {
            Some((_, at)) => &mut self.flow.notes[*at],
            None => &mut self.flow.main,
        };
        if kept.len() == 1 && kept[0] == (span.start, span.end) {
            to.push(text);
            return;
        }
        // Only where each character stands as it is written can a part of a text be taken.
        for (start, end) in kept {
            let range = (start - span.start) as usize..(end - span.start) as usize;
            to.push(text.get(range).unwrap_or_default());
        }
    }
}

/// No entry is read beyond this many bytes.
const LARGEST: u64 = 1 << 30;

fn value<'a>(attributes: &'a [Attribute<'_>], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.name.qualified() == name).map(|attribute| attribute.value.as_ref())
}

fn rootfile(bytes: &[u8]) -> Result<String, Failure> {
    let text = decode(bytes)?;
    let mut parser = Parser::new(&text);
    while let Some(event) = parser.next()? {
        match event {
            Event::Start { name, attributes, .. } if name.local() == "rootfile" => {
                return Ok(value(&attributes, "full-path").unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    Err(Failure::Archive { message: "the container names no package document".to_owned() })
}

/// The content documents in reading order, without the contents.
fn spine(bytes: &[u8]) -> Result<Vec<String>, Failure> {
    let text = decode(bytes)?;
    let mut parser = Parser::new(&text);
    let mut items = HashMap::default();
    let mut hrefs = Vec::new();
    while let Some(event) = parser.next()? {
        let Event::Start { name, attributes, .. } = event else { continue };
        match name.local() {
            "item" => {
                let nav = value(&attributes, "properties").is_some_and(|it| it.split(' ').any(|word| word == "nav"));
                if let (Some(id), Some(href), false) = (value(&attributes, "id"), value(&attributes, "href"), nav) {
                    items.insert(id.to_owned(), href.to_owned());
                }
            }
            "itemref" => hrefs.extend(value(&attributes, "idref").and_then(|id| items.get(id)).cloned()),
            _ => {}
        }
    }
    Ok(hrefs)
}

/// A text and the notes that are called in it.
#[derive(Default)]
struct Strand {
    text: Text,
    calls: Vec<String>,
}

/// Gathers strands; the running text is the strand without a key.
#[derive(Default)]
struct Weaver {
    strands: HashMap<String, Strand>,
    /// Keys of notes in the order in which they stand.
    order: Vec<String>,
}

/// What is open and matters.
enum Scope {
    /// Left out.
    Generated,
    /// A note, by its key.
    Note(String),
}

impl Weaver {
    fn content(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let text = decode(bytes)?;
        let mut parser = Parser::new(&text);
        let mut scopes: Vec<(usize, Scope)> = Vec::new();
        let mut depth = 0_usize;
        while let Some(event) = parser.next()? {
            match event {
                Event::Start { name, attributes, .. } => {
                    depth += 1;
                    if let Some((_, Scope::Generated)) = scopes.last() {
                        self.call(&scopes, path, &attributes);
                        continue;
                    }
                    let class = value(&attributes, "class").unwrap_or_default();
                    let has = |word: &str| class.split(' ').any(|have| have == word);
                    let generated = ["noteref", "backlink", "pointer", "generated"].into_iter().any(has);
                    if name.local() == "head" || generated {
                        scopes.push((depth, Scope::Generated));
                    } else if has("note") {
                        let id = value(&attributes, "id").unwrap_or_default();
                        let mut key = format!("{path}#{id}");
                        if value(&attributes, "role") == Some("note") {
                            key = format!("{key}#{}", self.order.len());
                            self.strand(&scopes).calls.push(key.clone());
                        }
                        self.order.push(key.clone());
                        scopes.push((depth, Scope::Note(key)));
                    }
                }
                Event::End { .. } => {
                    scopes.pop_if(|(opened, _)| *opened == depth);
                    depth -= 1;
                }
                Event::Text { text, .. } => {
                    if !matches!(scopes.last(), Some((_, Scope::Generated))) {
                        self.strand(&scopes).text.push(&text);
                    }
                }
                Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => {}
            }
        }
        Ok(())
    }

    /// The strand of the innermost note that is open.
    fn strand(&mut self, scopes: &[(usize, Scope)]) -> &mut Strand {
        let key = scopes.iter().rev().find_map(|(_, scope)| match scope {
            Scope::Note(key) => Some(key.clone()),
            Scope::Generated => None,
        });
        self.strands.entry(key.unwrap_or_default()).or_default()
    }

    /// Remembers which note a generated link calls.
    fn call(&mut self, scopes: &[(usize, Scope)], path: &str, attributes: &[Attribute<'_>]) {
        if value(attributes, "role") != Some("doc-noteref") {
            return;
        }
        let Some((file, id)) = value(attributes, "href").and_then(|href| href.split_once('#')) else { return };
        let path = match (file, path.rsplit_once('/')) {
            ("", _) => path.to_owned(),
            (file, Some((folder, _))) => format!("{folder}/{file}"),
            (file, None) => file.to_owned(),
        };
        self.strand(scopes).calls.push(format!("{path}#{id}"));
    }

    /// The running text, and each note behind the one in which, or after which, it is called.
    fn flow(mut self) -> Flow {
        let main = self.strands.remove("").unwrap_or_default();
        let mut flow = Flow { main: main.text, notes: Vec::new() };
        let mut waiting: Vec<String> = main.calls.into_iter().rev().collect();
        let known: HashSet<String> = self.order.iter().cloned().collect();
        let mut seen = HashSet::default();
        let called: HashSet<&String> = self.strands.values().flat_map(|strand| &strand.calls).chain(&waiting).collect();
        // Notes that nothing calls stand at the end.
        let lost: Vec<String> = self.order.iter().rev().filter(|key| !called.contains(key)).cloned().collect();
        waiting.splice(0..0, lost);
        while let Some(key) = waiting.pop() {
            if !known.contains(&key) || !seen.insert(key.clone()) {
                continue;
            }
            let strand = self.strands.remove(&key).unwrap_or_default();
            flow.notes.push(strand.text);
            waiting.extend(strand.calls.into_iter().rev());
        }
        flow
    }
}

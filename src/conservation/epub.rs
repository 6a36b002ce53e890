//! The text of an EPUB, from its bytes: the content documents in the order of the spine, notes in the order of
//! their calls. What the book says about itself (calls, ways back, contents) is marked by class or role and is
//! not text.

use std::io::Read;

use foldhash::HashMap;

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
            // What the archive says of a size need not be true.
            let mut bytes = Vec::with_capacity(usize::try_from(entry.size()).unwrap_or_default().min(1 << 24));
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

/// Gathers strands.
struct Weaver {
    /// The first is the running text.
    strands: Vec<Strand>,
    /// Which strands those of notes are, by key.
    numbers: HashMap<String, usize>,
    /// The notes in the order in which they stand.
    order: Vec<usize>,
}

impl Default for Weaver {
    fn default() -> Self {
        Self { strands: vec![Strand::default()], numbers: HashMap::default(), order: Vec::new() }
    }
}

/// What is open and matters.
enum Scope {
    /// Left out.
    Generated,
    /// A note, by the number of its strand.
    Note(usize),
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
                    } else if let Some(scope) = self.opened(name.local(), &scopes, path, &attributes) {
                        scopes.push((depth, scope));
                    }
                    parser.reuse(attributes);
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

    /// What an element opens.
    fn opened(
        &mut self,
        name: &str,
        scopes: &[(usize, Scope)],
        path: &str,
        attributes: &[Attribute<'_>],
    ) -> Option<Scope> {
        let mut class = value(attributes, "class").unwrap_or_default().split(' ');
        let is_generated = |word: &str| matches!(word, "noteref" | "backlink" | "pointer" | "generated");
        if name == "head" || class.clone().any(is_generated) {
            return Some(Scope::Generated);
        }
        if !class.any(|word| word == "note") {
            return None;
        }
        let mut key = format!("{path}#{}", value(attributes, "id").unwrap_or_default());
        if value(attributes, "role") == Some("note") {
            key = format!("{key}#{}", self.order.len());
            self.strand(scopes).calls.push(key.clone());
        }
        let number = *self.numbers.entry(key).or_insert(self.strands.len());
        if number == self.strands.len() {
            self.strands.push(Strand::default());
        }
        self.order.push(number);
        Some(Scope::Note(number))
    }

    /// The strand of the innermost note that is open.
    fn strand(&mut self, scopes: &[(usize, Scope)]) -> &mut Strand {
        let number = scopes.iter().rev().find_map(|(_, scope)| match scope {
            Scope::Note(number) => Some(*number),
            Scope::Generated => None,
        });
        &mut self.strands[number.unwrap_or_default()]
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
        let calls: Vec<Vec<usize>> = self.strands.iter().map(|strand| self.called(strand)).collect();
        let mut called = vec![false; self.strands.len()];
        for &number in calls.iter().flatten() {
            called[number] = true;
        }
        // Notes that nothing calls stand at the end.
        let mut waiting: Vec<usize> = self.order.iter().rev().copied().filter(|&number| !called[number]).collect();
        waiting.extend(calls[0].iter().rev());
        let mut flow = Flow { main: std::mem::take(&mut self.strands[0].text), notes: Vec::new() };
        let mut seen = vec![false; self.strands.len()];
        while let Some(number) = waiting.pop() {
            if !std::mem::replace(&mut seen[number], true) {
                flow.notes.push(std::mem::take(&mut self.strands[number].text));
                waiting.extend(calls[number].iter().rev());
            }
        }
        flow
    }

    /// The notes that a strand calls, where they stand anywhere.
    fn called(&self, strand: &Strand) -> Vec<usize> {
        strand.calls.iter().filter_map(|key| self.numbers.get(key).copied()).collect()
    }
}

//! The text of an EPUB, from its bytes: all characters in the bodies of the content documents, in the order of
//! the spine. Not text are the navigation document, references to notes, and the ways back from them. Notes are
//! apart, in the order in which they are called.

use std::collections::HashMap;
use std::io::{Cursor, Read as _};

use super::{Flow, Witness, push_printed};
use crate::failure::Failure;
use crate::source::Span;
use crate::xml::decode;
use crate::xml::parse::{Attribute, Event, Parser};

/// Reads EPUB as a witness.
#[derive(Clone, Copy, Debug, Default)]
pub struct Epub;

/// No file of a book of ours is larger.
const LARGEST: u64 = 1 << 30;

impl Witness for Epub {
    fn format(&self) -> &'static str {
        "epub"
    }

    fn flow(&self, bytes: &[u8], _taken: &[Span]) -> Result<Flow, Failure> {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|cause| archive(&cause))?;
        let package = file(&mut zip, "EPUB/package.opf")?;
        let mut texts = Texts::default();
        for path in spine(&package)? {
            let chapter = file(&mut zip, &format!("EPUB/{path}"))?;
            texts.chapter(&path, &chapter)?;
        }
        Ok(texts.flow())
    }
}

fn archive(cause: &dyn std::fmt::Display) -> Failure {
    Failure::Archive { message: cause.to_string() }
}

fn file(zip: &mut zip::ZipArchive<Cursor<&[u8]>>, path: &str) -> Result<Vec<u8>, Failure> {
    let entry = zip.by_name(path).map_err(|cause| archive(&format!("`{path}`: {cause}")))?;
    let mut bytes = Vec::new();
    entry.take(LARGEST).read_to_end(&mut bytes).map_err(|cause| archive(&cause))?;
    Ok(bytes)
}

fn value<'a>(attributes: &'a [Attribute<'_>], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.name.qualified() == name).map(|attribute| attribute.value.as_ref())
}

/// The paths of the content documents in reading order, the navigation document left out.
fn spine(package: &[u8]) -> Result<Vec<String>, Failure> {
    let text = decode(package)?;
    let mut parser = Parser::new(&text);
    let (mut items, mut order) = (HashMap::new(), Vec::new());
    while let Some(event) = parser.next()? {
        let Event::Start { name, attributes, .. } = event else { continue };
        match name.local() {
            "item" if value(&attributes, "properties") != Some("nav") => {
                if let (Some(id), Some(href)) = (value(&attributes, "id"), value(&attributes, "href")) {
                    items.insert(id.to_owned(), href.to_owned());
                }
            }
            "itemref" => order.extend(value(&attributes, "idref").map(str::to_owned)),
            _ => {}
        }
    }
    Ok(order.iter().filter_map(|id| items.remove(id)).collect())
}

/// Where text goes.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Main,
    /// A note, by its number in `Texts::notes`.
    Note(usize),
    Nowhere,
}

/// A note and the notes that are called in it.
#[derive(Default)]
struct Note {
    text: String,
    calls: Vec<usize>,
}

#[derive(Default)]
struct Texts {
    main: String,
    calls: Vec<usize>,
    notes: Vec<Note>,
    /// Each note by file and id.
    known: HashMap<String, usize>,
}

impl Texts {
    fn chapter(&mut self, path: &str, bytes: &[u8]) -> Result<(), Failure> {
        let text = decode(bytes)?;
        let mut parser = Parser::new(&text);
        let mut places = Vec::new();
        while let Some(event) = parser.next()? {
            match event {
                Event::Start { name, attributes, .. } => {
                    let outer = places.last().cloned().unwrap_or(Place::Nowhere);
                    places.push(self.place(path, name.local(), &attributes, outer));
                }
                Event::End { .. } => {
                    places.pop();
                }
                Event::Text { text, .. } => match places.last() {
                    Some(Place::Main) => push_printed(&mut self.main, &text),
                    Some(Place::Note(note)) => push_printed(&mut self.notes[*note].text, &text),
                    Some(Place::Nowhere) | None => {}
                },
                Event::Comment { .. } | Event::Instruction { .. } | Event::Doctype { .. } => {}
            }
        }
        Ok(())
    }

    /// Where the text of an element goes.
    fn place(&mut self, path: &str, name: &str, attributes: &[Attribute<'_>], outer: Place) -> Place {
        match (name, value(attributes, "role")) {
            ("body", _) => Place::Main,
            (_, Some("doc-noteref")) => {
                let id = value(attributes, "href").unwrap_or_default().trim_start_matches('#');
                let note = self.note(format!("{path}#{id}"));
                self.call(&outer, note);
                Place::Nowhere
            }
            (_, Some("doc-backlink")) => Place::Nowhere,
            (_, Some("doc-footnote")) => {
                Place::Note(self.note(format!("{path}#{}", value(attributes, "id").unwrap_or_default())))
            }
            (_, Some("note")) => {
                self.notes.push(Note::default());
                let note = self.notes.len() - 1;
                self.call(&outer, note);
                Place::Note(note)
            }
            _ => outer,
        }
    }

    fn note(&mut self, key: String) -> usize {
        *self.known.entry(key).or_insert_with(|| {
            self.notes.push(Note::default());
            self.notes.len() - 1
        })
    }

    fn call(&mut self, from: &Place, note: usize) {
        match from {
            Place::Note(outer) => self.notes[*outer].calls.push(note),
            Place::Main | Place::Nowhere => self.calls.push(note),
        }
    }

    /// All notes in the order of their calls, each before those called in it.
    fn flow(mut self) -> Flow {
        let mut flow = Flow { main: std::mem::take(&mut self.main), notes: Vec::new() };
        let mut waiting: Vec<usize> = self.calls.iter().rev().copied().collect();
        while let Some(note) = waiting.pop() {
            let calls = std::mem::take(&mut self.notes[note].calls);
            waiting.extend(calls.iter().rev());
            flow.notes.push(std::mem::take(&mut self.notes[note].text));
        }
        flow
    }
}

//! The page that describes the manuscripts of a text, from what their headers say (`msDesc`, TEI Guidelines, chapter 11).
//! It is no text of the book: whoever reads the book again passes it over.

use std::borrow::Cow;
use std::io;

use super::language::known;
use super::links::{outside, squeezed};
use super::words::Words;
use super::{Epub, chapter};
use crate::model::Document;
use crate::xml::emit::Emitter;
use crate::xml::{Element, Node};

type Out = Emitter<Vec<u8>>;

/// The descriptions of manuscripts in the headers of a document.
pub(super) fn descriptions(document: &Document) -> Vec<&Element> {
    let mut found = Vec::new();
    if let Some(header) = &document.metadata.header {
        collect(header, &mut found);
    }
    if let Some(frame) = &document.frame {
        headers(&frame.root, &mut found);
    }
    found
}

/// Those in the headers of the documents of a corpus.
fn headers<'e>(root: &'e Element, found: &mut Vec<&'e Element>) {
    for element in root.elements() {
        match element.name.local.as_str() {
            "TEI" | "teiCorpus" => headers(element, found),
            "teiHeader" => collect(element, found),
            _ => {}
        }
    }
}

fn collect<'e>(element: &'e Element, found: &mut Vec<&'e Element>) {
    for inner in element.elements() {
        if inner.name.is_plain("msDesc") {
            found.push(inner);
        } else {
            collect(inner, found);
        }
    }
}

/// True if a description tells more than where a manuscript lies.
pub(super) fn tells(description: &Element) -> bool {
    description.elements().any(|part| !part.name.is_plain("msIdentifier") && has_text(part))
}

/// The content document; none if there is nothing to describe.
pub(super) fn page(options: &Epub, descriptions: &[&Element], language: &str) -> io::Result<Option<Vec<u8>>> {
    if descriptions.is_empty() {
        return Ok(None);
    }
    let words = Words::of(language);
    let mut out = chapter::begin(options, words.description, language, "../", Some("backmatter"))?;
    let attributes = [("class", Cow::Borrowed("generated")), ("aria-labelledby", "description-h".into())];
    out.start("section", attributes)?;
    out.raw("\n")?;
    chapter::generated_heading(&mut out, words, words.description, "description-h", language)?;
    let mut writer = Writer { out, words };
    for description in descriptions {
        writer.manuscript(description, 2)?;
    }
    writer.out.end()?;
    writer.out.raw("\n")?;
    chapter::end(writer.out).map(Some)
}

struct Writer {
    out: Out,
    words: &'static Words,
}

impl Writer {
    /// A manuscript, or a part of one: what it is called, and what is told of it.
    fn manuscript(&mut self, element: &Element, level: usize) -> io::Result<()> {
        let class = std::iter::once(("class", Cow::Borrowed("x-msDesc")));
        self.out.start("section", class.chain(language(element)))?;
        self.out.raw("\n")?;
        let place = element.elements().find(|part| is_identifier(part)).map(identifier).unwrap_or_default();
        let level = if place.is_empty() { level } else { level + 1 };
        if !place.is_empty() {
            self.heading(level - 1, &place, None)?;
        }
        for part in element.elements().filter(|part| !is_identifier(part) && has_text(part)) {
            let heading = match part.name.local.as_str() {
                "msPart" | "msFrag" => {
                    self.manuscript(part, level)?;
                    continue;
                }
                "msContents" => self.words.of_the_description[0],
                "physDesc" => self.words.of_the_description[1],
                "history" => self.words.of_the_description[2],
                "additional" => self.words.of_the_description[3],
                _ => {
                    self.block(part)?;
                    continue;
                }
            };
            self.heading(level, heading, Some(self.words.language))?;
            self.blocks(part)?;
        }
        self.out.end()?;
        self.out.raw("\n")
    }

    /// A heading; a word of our own says its language, since the description may be in another.
    fn heading(&mut self, level: usize, text: &str, own: Option<&'static str>) -> io::Result<()> {
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][level.clamp(1, 6) - 1];
        let attributes = own.into_iter().flat_map(|own| [("lang", own.into()), ("xml:lang", own.into())]);
        self.out.start(name, attributes)?;
        self.out.text(text)?;
        self.out.end()?;
        self.out.raw("\n")
    }

    /// What stands in an element, one thing below the other.
    fn blocks(&mut self, element: &Element) -> io::Result<()> {
        if is_line(element) {
            return self.block(element);
        }
        element.elements().filter(|inner| has_text(inner)).try_for_each(|inner| self.block(inner))
    }

    fn block(&mut self, element: &Element) -> io::Result<()> {
        let name = if is_line(element) { "p" } else { "div" };
        let class = format!("x-{}", element.name.local);
        self.out.start(name, std::iter::once(("class", Cow::Owned(class))).chain(language(element)))?;
        if name == "p" {
            self.line(element)?;
        } else {
            self.out.raw("\n")?;
            self.blocks(element)?;
        }
        self.out.end()?;
        self.out.raw("\n")
    }

    fn line(&mut self, element: &Element) -> io::Result<()> {
        if let Some(said) = said(element) {
            return self.out.text(&said);
        }
        for child in &element.children {
            match child {
                Node::Text(text) => self.out.text(&spaced(text))?,
                Node::Element(inner) => self.inline(inner)?,
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
        Ok(())
    }

    fn inline(&mut self, element: &Element) -> io::Result<()> {
        let link = element.attributes.get("target").and_then(outside);
        let name = match element.name.local.as_str() {
            "ref" if link.is_some() && has_text(element) => "a",
            "title" | "foreign" | "incipit" | "explicit" | "rubric" | "quote" | "q" | "mentioned" => "i",
            "hi" | "ex" => match element.attributes.get("rend") {
                Some("bold") => "b",
                Some("sup" | "superscript") => "sup",
                Some("sub" | "subscript") => "sub",
                _ => "i",
            },
            _ => "span",
        };
        let href = link.filter(|_| name == "a").map(|link| ("href", Cow::Owned(link)));
        let attributes: Vec<_> = href.into_iter().chain(language(element)).collect();
        if name == "span" && attributes.is_empty() {
            return self.line(element);
        }
        self.out.start(name, attributes)?;
        self.line(element)?;
        self.out.end()
    }
}

/// The attributes for the language of an element, if it says one that reading systems know.
fn language(element: &Element) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let is_language = |name: &crate::model::QName| {
        name.local == "lang" && name.namespace.as_ref().is_some_and(|namespace| namespace.prefix == "xml")
    };
    let said = element.attributes.0.iter().find(|attribute| is_language(&attribute.name));
    let known = said.and_then(|attribute| known(&attribute.value));
    known.into_iter().flat_map(|tag| [("lang", tag.clone()), ("xml:lang", tag)])
}

fn is_identifier(element: &Element) -> bool {
    matches!(element.name.local.as_str(), "msIdentifier" | "altIdentifier")
}

/// Where a manuscript lies, as it is cited: place, library, shelf mark. Further numbers are for machines.
fn identifier(element: &Element) -> String {
    let is_number = |part: &&Element| part.name.is_plain("idno");
    let number = element.elements().find(is_number);
    let parts = element.elements().filter(|part| !is_identifier(part) && !is_number(part)).chain(number);
    let parts = parts.map(|part| squeezed(&part.text())).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// A text with one space for each stretch of white space.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for character in text.chars() {
        let character = if character.is_ascii_whitespace() { ' ' } else { character };
        if character != ' ' || !spaced.ends_with(' ') {
            spaced.push(character);
        }
    }
    spaced
}

/// Leaves that their attributes say: from which leaf to which, how large.
fn said(element: &Element) -> Option<String> {
    let get = |name: &str| element.attributes.get(name);
    match element.name.local.as_str() {
        "locus" if element.text().trim().is_empty() => match (get("from")?, get("to")) {
            (from, Some(to)) if to != from => Some(format!("{from}–{to}")),
            (from, _) => Some(from.to_owned()),
        },
        "dimensions" => {
            let sizes = element.elements().map(|size| squeezed(&size.text()));
            let sizes = sizes.filter(|size| !size.is_empty()).collect::<Vec<_>>().join(" × ");
            let unit = get("unit").or_else(|| element.elements().find_map(|size| size.attributes.get("unit")));
            Some(unit.map_or_else(|| sizes.clone(), |unit| format!("{sizes} {unit}")))
        }
        _ => None,
    }
}

/// True if there is a character to be read.
fn has_text(element: &Element) -> bool {
    said(element).is_some_and(|said| !said.is_empty())
        || element.children.iter().any(|child| match child {
            Node::Element(inner) => has_text(inner),
            Node::Text(text) => !text.trim().is_empty(),
            Node::Comment(_) | Node::Instruction(_) => false,
        })
}

/// True if what an element holds is one line of text, and not several things.
fn is_line(element: &Element) -> bool {
    const PHRASES: &[&str] = &[
        "author",
        "bibl",
        "colophon",
        "date",
        "editor",
        "explicit",
        "finalRubric",
        "idno",
        "incipit",
        "locus",
        "locusGrp",
        "material",
        "name",
        "orgName",
        "origDate",
        "origPlace",
        "persName",
        "placeName",
        "rubric",
        "supplied",
        "textLang",
        "title",
    ];
    let own = |child: &Node| matches!(child, Node::Text(text) if !text.trim().is_empty());
    PHRASES.contains(&element.name.local.as_str())
        || said(element).is_some()
        || element.children.iter().any(own)
        || element.elements().next().is_none()
}

//! Notes where they are called, and the ways back to there.

use super::super::book::Lead;
use super::super::contents::folded;
use super::Wild;
use super::inline::Beginning;
use super::notes::{bare_marker, has, is_block};
use crate::epub::page::{Element, Node};
use crate::model::{Block, Inline, Note, Place, Reference, Tag, Target};
use crate::source::Span;
use crate::tei;

impl<'t> Wild<'_, 't> {
    /// The link that calls a note, if nothing else stands in an element.
    pub(super) fn sole_call(&self, element: &'t Element) -> Option<&'t Element> {
        let number = self.book.number(self.leaf, element);
        if self.plan.notes.calls.contains_key(&number) {
            return Some(element);
        }
        if !matches!(element.name.as_str(), "sup" | "span" | "small" | "b" | "i" | "em" | "strong") {
            return None;
        }
        let mut only = None;
        for child in &element.children {
            match child {
                Node::Text(text, _) if text.trim().is_empty() => {}
                Node::Element(inner) if only.is_none() => only = Some(inner),
                _ => return None,
            }
        }
        self.sole_call(only?)
    }

    /// True for what repeats a note's marker at the beginning of its body, or leads back to its call.
    pub(super) fn is_marker_of_note(&mut self, element: &'t Element) -> bool {
        let Some((note, marker)) = &self.note else { return false };
        let text = folded(&element.text());
        let same = !text.is_empty() && bare_marker(&text) == marker;
        let link = match element.name.as_str() {
            "a" => Some(element),
            "sup" | "span" | "b" | "strong" | "p" => {
                let mut inner = element.elements();
                inner.next().filter(|it| it.is("a") && inner.next().is_none() && folded(&it.text()) == text)
            }
            _ => None,
        };
        // What says more than the marker is text: it stays, with its link.
        let silent = same || !text.contains(char::is_alphanumeric) || is_way_back(&text);
        let back = link.is_some_and(|link| silent && self.leads_back(*note, link, &text));
        let at_beginning = self.beginning == Beginning::Marker;
        if back || (at_beginning && same && element.get("href").is_none()) {
            if at_beginning {
                self.beginning = if same || back { Beginning::Separator } else { Beginning::Marker };
            }
            return true;
        }
        false
    }

    /// True if a link in a note's body leads back to where it is called.
    fn leads_back(&self, note: usize, link: &Element, text: &str) -> bool {
        let Some(href) = link.get("href") else { return false };
        let named = has(link, "backlink")
            || has(link, "referrer")
            || link.words("class").any(|word| {
                let small = word.to_ascii_lowercase();
                small.contains("backlink")
                    || small.contains("footnote-back")
                    || small.contains("back-ref")
                    || small == "reversefootnote"
            });
        if named {
            return true;
        }
        let Lead::Element(to) = self.book.lead(self.leaf, href) else { return false };
        let calls = self.plan.notes.found[note].links.iter().copied();
        let block = |number: u32| self.book.ancestors(number).find(|&at| is_block(self.book.elements[at as usize]));
        let mut near = calls
            .map(|call| self.book.is_within(to, call) || self.book.is_within(call, to) || block(call) == block(to));
        near.any(|near| near) && text.chars().count() <= 12
    }

    /// A call: the note itself stands here.
    pub(super) fn call(&mut self, link: &'t Element, whole: &'t Element, inlines: &mut Vec<Inline>) {
        let number = self.book.number(self.leaf, link);
        let Some(&at) = self.plan.notes.calls.get(&number) else { return };
        let found = &self.plan.notes.found[at];
        if self.called[at] || self.note.as_ref().is_some_and(|(open, _)| *open == at) {
            let tag = self.tag(link);
            let content = self.inlines(link);
            let targets = self.plan.ids.get(&found.target).cloned().map(Target::Here).into_iter().collect();
            return inlines.push(Inline::Reference(Box::new(Reference { tag, targets, content })));
        }
        self.took(whole);
        let text = folded(&link.text());
        let note = self.note(at, bare_marker(&text));
        inlines.push(Inline::Note(Box::new(note)));
    }

    /// A note by its number.
    pub(super) fn note(&mut self, at: usize, marker: &str) -> Note {
        self.called[at] = true;
        let plan = self.plan;
        let found = &plan.notes.found[at];
        let place = found.place.map(tei::place).unwrap_or(Place::Unknown);
        let id = self.id(found.target).or_else(|| found.bodies.first().and_then(|&body| self.id(body)));
        for &body in &found.bodies {
            self.given.insert(body);
        }
        let tag = Tag { id, inference: found.inference.clone().map(Box::new), ..Tag::default() };
        let outer = (self.leaf, self.note.replace((at, marker.to_owned())), self.beginning);
        self.beginning = Beginning::Marker;
        let span = found.bodies.iter().map(|&body| self.book.elements[body as usize].span);
        if let Some(span) = span.reduce(|first, last| Span { end: last.end, ..first }) {
            self.log.took_note(span);
        }
        if let Some(label) = found.label {
            self.took(self.book.elements[label as usize]);
        }
        let mut body = Vec::new();
        self.inside += 1;
        for &part in &found.bodies {
            self.leaf = self.book.leaf_of(part);
            let element = self.book.elements[part as usize];
            let whole =
                matches!(element.name.as_str(), "li" | "aside" | "dd" | "div" | "section" | "span" | "td" | "article");
            let made = if whole { self.container(element) } else { self.block(element) };
            body.extend(made);
        }
        if let [Block::Paragraph(only)] = body.as_mut_slice() {
            only.bare |= only.tag == Tag::default();
        }
        self.inside -= 1;
        (self.leaf, self.note, self.beginning) = outer;
        let label = Some(marker).filter(|marker| !marker.is_empty()).map(Into::into);
        Note { tag, label, kind: Default::default(), place, body }
    }
}

/// Words by which links lead back from a note to its call.
fn is_way_back(text: &str) -> bool {
    let small = text.to_lowercase();
    let bare = small.trim_matches(|it: char| !it.is_alphanumeric());
    matches!(
        bare,
        "back"
            | "return"
            | "return to text"
            | "back to text"
            | "go back"
            | "jump back"
            | "zurück"
            | "retour"
            | "volver"
            | "torna"
            | "назад"
    )
}

//! Notes: a call in the text, the body apart, a way there and back.

use std::borrow::Cow;
use std::io;

use super::Notes;
use super::blocks::mixed;
use super::renderer::{Attributes, Renderer, Within, carried, flag, said};
use crate::epub;
use crate::model::{Block, Note, NoteKind, Paragraph, Place, Reference};
use crate::tei;
use crate::xml::emit::Emitter;

/// A call that is ready to be written.
#[derive(Debug)]
pub(super) struct Called {
    label: String,
    anchor: String,
    href: String,
}

impl Renderer<'_> {
    /// A note in a line.
    pub(super) fn inline_note(&mut self, note: &Note) -> io::Result<()> {
        if note.place == Place::Inline {
            let mut attributes = self.attributes(&note.tag, "note");
            attributes.extend(fields(note).into_iter().chain(mixed(&note.body)));
            attributes.push(("role", Cow::Borrowed("note")));
            self.out.start("span", attributes)?;
            self.in_note += 1;
            self.blocks(&note.body, Within::Phrasing)?;
            self.in_note -= 1;
            return self.out.end();
        }
        let call = self.lift(note)?;
        if self.in_link {
            self.out.start("span", [(epub::NOTE, Cow::Owned(call.href.clone()))])?;
            self.waiting.push(call);
            return self.out.end();
        }
        self.call(call, false)
    }

    /// A note between blocks.
    pub(super) fn block_note(&mut self, note: &Note, within: Within) -> io::Result<()> {
        if within == Within::Phrasing {
            return self.inline_note(note);
        }
        if note.place == Place::Inline {
            let mut attributes = self.attributes(&note.tag, format!("note {}", kind_class(&note.kind)).trim_end());
            attributes.extend(fields(note));
            attributes.push(("role", Cow::Borrowed("note")));
            self.out.start("div", attributes)?;
            self.in_note += 1;
            self.blocks(&note.body, Within::Section)?;
            self.in_note -= 1;
            self.out.end()?;
            return self.out.raw("\n");
        }
        let call = self.lift(note)?;
        self.out.start("p", [("class", Cow::Borrowed("call"))])?;
        self.call(call, false)?;
        self.out.end()?;
        self.out.raw("\n")
    }

    /// Writes a call.
    pub(super) fn call(&mut self, call: Called, moved: bool) -> io::Result<()> {
        let moved = flag(epub::MOVED, moved);
        self.out.start("sup", std::iter::once(("class", Cow::Borrowed("noteref"))).chain(moved))?;
        let attributes: Attributes = vec![
            ("epub:type", "noteref".into()),
            ("role", "doc-noteref".into()),
            ("id", call.anchor.into()),
            ("href", call.href.into()),
        ];
        self.out.start("a", attributes)?;
        self.out.text(&call.label)?;
        self.out.end()?;
        self.out.end()
    }

    /// The attributes of the next further call of a note, to which the note leads back by an id.
    pub(super) fn again(&mut self, reference: &Reference, note: &str, class: &str) -> Attributes {
        let before = self
            .plan
            .again
            .get(note)
            .map_or(0, |calls| calls.iter().filter(|call| call.chapter < self.chapter).count());
        let here = self.called_again.entry(note.to_owned()).or_default();
        *here += 1;
        let anchor = self.plan.again_id(note, 1 + before + *here);
        let mut attributes = self.attributes(&reference.tag, class);
        if !attributes.iter().any(|(name, _)| *name == "id") {
            Self::invent(&mut attributes, &anchor);
        }
        attributes
    }

    /// Calls a note once more. The words of the call, where it has some, are those of the source.
    pub(super) fn call_again(&mut self, reference: &Reference, note: &str) -> io::Result<()> {
        let own = reference.content.is_empty();
        let mut attributes = self.again(reference, note, if own { "pointer" } else { "" });
        let Some(home) = self.plan.homes.get(note) else { return Ok(()) };
        let (href, label) = (self.link(home.file, note), home.label.clone());
        self.out.start("sup", [("class", Cow::Borrowed("again"))])?;
        attributes.extend([("epub:type", "noteref".into()), ("role", "doc-noteref".into()), ("href", href.into())]);
        self.out.start("a", attributes)?;
        if own {
            self.out.text(label.as_deref().unwrap_or("*"))?;
        } else {
            self.in_link = true;
            self.inlines(&reference.content, Within::Phrasing)?;
            self.in_link = false;
        }
        self.out.end()?;
        self.out.end()?;
        for call in std::mem::take(&mut self.waiting) {
            self.call(call, true)?;
        }
        Ok(())
    }

    /// The ways back to a note's further calls, numbered, with their targets.
    fn further_ways_back(&self, note: &str) -> Vec<(usize, String)> {
        let calls = self.plan.again.get(note).map_or(&[][..], Vec::as_slice);
        calls
            .iter()
            .enumerate()
            .map(|(at, call)| (at + 2, self.link(call.file, &self.plan.again_id(note, at + 2))))
            .collect()
    }

    /// Writes a note's body apart and says how to call it.
    fn lift(&mut self, note: &Note) -> io::Result<Called> {
        let slot = self.notes.len();
        self.notes.push(Vec::new());
        let label = self.label(note);
        let (place, outer) = (self.notes_place(), self.place);
        let given = {
            self.place = place;
            let given = self.claim(&note.tag);
            self.place = outer;
            given
        };
        let apart = self.options.notes == Notes::Book;
        let stem = if apart { format!("c{}fn{}", self.chapter + 1, slot + 1) } else { format!("fn{}", slot + 1) };
        let further = given.is_some();
        let id = given.unwrap_or_else(|| self.fresh(&stem));
        let anchor = self.fresh(&format!("{id}-ref"));
        let href = self.link(place, &id);
        let back = if place == outer { format!("#{anchor}") } else { format!("{}#{anchor}", self.plan.file(outer)) };

        let text = std::mem::replace(&mut self.out, Emitter::new(Vec::new()));
        let (link, waiting) = (std::mem::take(&mut self.in_link), std::mem::take(&mut self.waiting));
        self.place = place;
        self.in_note += 1;
        let mut ways = vec![(1, back)];
        if further {
            ways.extend(self.further_ways_back(&id));
        }
        self.body(note, &id, &label, ways)?;
        self.in_note -= 1;
        self.place = outer;
        (self.in_link, self.waiting) = (link, waiting);
        let body = std::mem::replace(&mut self.out, text);
        self.notes[slot] = body.finish()?;
        Ok(Called { label, anchor, href })
    }

    /// The printed marker; without one a number where no note has a printed one, else an asterisk.
    fn label(&mut self, note: &Note) -> String {
        match note.label.as_deref().map(str::trim).filter(|label| !label.is_empty()) {
            Some(label) => label.to_owned(),
            None if self.labelled => "*".to_owned(),
            None => {
                self.unlabelled += 1;
                self.unlabelled.to_string()
            }
        }
    }

    fn body(&mut self, note: &Note, id: &str, label: &str, ways: Vec<(usize, String)>) -> io::Result<()> {
        let mut attributes = self.language(&note.tag);
        let kind = kind_class(&note.kind);
        attributes.push(("class", Cow::Owned(format!("note {kind}").trim_end().to_owned())));
        let own = note.tag.id.as_ref().is_some_and(|own| own.as_str() == id);
        attributes.extend(carried(&note.tag, own));
        if own {
            attributes.push(("id", Cow::Owned(id.to_owned())));
        } else {
            Self::invent(&mut attributes, id);
        }
        attributes.extend(fields(note));
        let popup = self.options.notes == Notes::Popup;
        if popup {
            attributes.push(("epub:type", Cow::Borrowed("footnote")));
            attributes.push(("role", Cow::Borrowed("doc-footnote")));
        }
        self.out.start(if popup { "aside" } else { "li" }, attributes)?;
        let (first, rest) = match note.body.split_first() {
            Some((Block::Paragraph(first), rest)) if !super::links::holds_block(&first.content) => (Some(first), rest),
            _ => (None, note.body.as_slice()),
        };
        let plain = Paragraph::default();
        let tag = first.map_or(&plain.tag, |first| &first.tag);
        let bare = flag(epub::BARE, first.is_some_and(|first| first.bare));
        self.open_with("p", tag, if first.is_none() { "back" } else { "" }, bare)?;
        for (number, back) in ways {
            let first = number == 1;
            let said = if first { label.to_owned() } else { format!("({number})") };
            let told =
                format!("{} {label}{}", self.words.back_to, if first { String::new() } else { format!(" {said}") });
            let backlink: Attributes = vec![
                ("class", "backlink".into()),
                ("role", "doc-backlink".into()),
                ("href", back.into()),
                ("aria-label", told.into()),
            ];
            self.out.start("a", backlink)?;
            self.out.text(&said)?;
            self.out.end()?;
            self.out.raw(" ")?;
        }
        if let Some(first) = first {
            self.inlines(&first.content, Within::Phrasing)?;
        }
        self.close()?;
        if !rest.is_empty() {
            self.out.raw("\n")?;
            self.blocks(rest, Within::Section)?;
        }
        self.out.end()?;
        self.out.raw("\n")
    }
}

/// Label, kind and place of a note.
fn fields(note: &Note) -> Attributes {
    let label = said(epub::NUMBER, note.label.as_deref());
    let kind = said(epub::TYPE, tei::note_type(&note.kind));
    label.into_iter().chain(kind).chain(said(epub::PLACE, tei::place_word(&note.place))).collect()
}

fn kind_class(kind: &NoteKind) -> &'static str {
    match kind {
        NoteKind::Editorial | NoteKind::Other(_) => "",
        NoteKind::Source => "source",
        NoteKind::Summary => "summary",
        NoteKind::Original => "original",
    }
}

//! Notes as pop-up footnotes: a reference where the note is called, the text in an `aside` at the end of the
//! chapter, with a way back (EPUB 3.3 Structural Semantics, `noteref` and `footnote`).

use std::collections::VecDeque;
use std::io;

use super::chapter::{Attributes, Called, Run, class_name};
use crate::model::{Block, Inline, Note, NoteKind, Place};

impl<'a> Run<'a, '_> {
    /// A note in a line: its reference, or the note itself where it has no marker and stands in the text.
    pub(super) fn note_in_line(&mut self, note: &'a Note) -> io::Result<()> {
        if is_in_flow(note) {
            let mut attributes = self.attributes(&note.tag, "note-inline");
            attributes.push(("role", "note".to_owned()));
            self.start("span", attributes)?;
            self.blocks_in_line(&note.body)?;
            return self.xml.end();
        }
        if self.link {
            self.waiting.notes.push_back(note);
            return Ok(());
        }
        self.reference(note)
    }

    /// A note between blocks.
    pub(super) fn note_between(&mut self, note: &'a Note, level: usize) -> io::Result<()> {
        if is_in_flow(note) {
            let mut attributes = self.attributes(&note.tag, "note-inline");
            attributes.push(("role", "note".to_owned()));
            self.start("div", attributes)?;
            self.blocks(&note.body, level)?;
            return self.end_line();
        }
        self.start("p", vec![("class", "note-call".to_owned())])?;
        self.reference(note)?;
        self.end_line()
    }

    fn reference(&mut self, note: &'a Note) -> io::Result<()> {
        self.book.notes += 1;
        let wished = note.tag.id.as_ref().map(|id| id.as_str().to_owned());
        let id = wished.and_then(|id| self.claim(&id)).unwrap_or_else(|| self.invent("note"));
        let label = match note.label.as_deref().map(str::trim) {
            Some(label) if !label.is_empty() => label.to_owned(),
            _ => self.book.notes.to_string(),
        };
        let anchor = format!("{id}-ref");
        let anchor = self.claim(&anchor).unwrap_or_else(|| self.invent("noteref"));
        let attributes = [
            ("epub:type", "noteref".to_owned()),
            ("role", "doc-noteref".to_owned()),
            ("id", anchor.clone()),
            ("href", format!("#{id}")),
        ];
        self.start("sup", Attributes::new())?;
        self.leaf("a", attributes.into(), &label)?;
        self.xml.end()?;
        self.called.push(Called { note, id, anchor, label });
        Ok(())
    }

    /// An id that nothing has.
    pub(super) fn invent(&mut self, word: &str) -> String {
        let count = self.anchors.entry(word.to_owned()).or_default();
        loop {
            *count += 1;
            let id = format!("{word}-{}-{count}", self.number + 1);
            if self.ids.insert(id.clone()) {
                return id;
            }
        }
    }

    /// The texts of all notes that were called, each followed by those called within it.
    pub(super) fn notes(&mut self) -> io::Result<()> {
        if self.called.is_empty() {
            return Ok(());
        }
        let attributes = [("class", "notes"), ("role", "group"), ("aria-label", "Notes")];
        self.start("section", attributes.map(|(name, value)| (name, value.to_owned())).into())?;
        self.xml.raw("\n")?;
        let mut queue = VecDeque::from(std::mem::take(&mut self.called));
        while let Some(called) = queue.pop_front() {
            self.aside(&called)?;
            for inner in std::mem::take(&mut self.called).into_iter().rev() {
                queue.push_front(inner);
            }
        }
        self.end_line()
    }

    fn aside(&mut self, called: &Called<'a>) -> io::Result<()> {
        let class = match &called.note.kind {
            NoteKind::Editorial => String::new(),
            NoteKind::Source => "source".to_owned(),
            NoteKind::Summary => "summary".to_owned(),
            NoteKind::Original => "original".to_owned(),
            NoteKind::Other(word) => class_name(word),
        };
        let mut attributes =
            vec![("epub:type", "footnote".to_owned()), ("role", "doc-footnote".to_owned()), ("id", called.id.clone())];
        if !class.is_empty() {
            attributes.push(("class", class));
        }
        self.start("aside", attributes)?;
        let (first, rest) = match called.note.body.split_first() {
            Some((Block::Paragraph(paragraph), rest)) if !holds_blocks(&paragraph.content) => (Some(paragraph), rest),
            _ => (None, called.note.body.as_slice()),
        };
        let attributes = first.map(|paragraph| self.attributes(&paragraph.tag, "")).unwrap_or_default();
        self.start("p", attributes)?;
        self.leaf(
            "a",
            vec![
                ("role", "doc-backlink".to_owned()),
                ("href", format!("#{}", called.anchor)),
                ("aria-label", format!("Back to note {}", called.label)),
            ],
            &called.label,
        )?;
        self.xml.raw(" ")?;
        if let Some(paragraph) = first {
            self.inlines(&paragraph.content)?;
        }
        self.xml.end()?;
        self.blocks(rest, 6)?;
        self.settle_between_blocks()?;
        self.end_line()
    }
}

/// True for a note without marker that is printed in the running text.
fn is_in_flow(note: &Note) -> bool {
    note.place == Place::Inline || (note.label.is_none() && note.tag.attributes.get("rend") == Some("inline"))
}

/// True if a paragraph can't be one in XHTML, since blocks stand in it.
pub(super) fn holds_blocks(content: &[Inline]) -> bool {
    content.iter().any(|inline| matches!(inline, Inline::Nested(_)))
}

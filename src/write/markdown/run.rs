//! The state of one run, and notes: called in a line, defined at the end of the file.

use super::attributes::Braces;
use super::block::Home;
use super::inferences::is_told_by_label;
use super::line::Line;
use super::plan::Plan;
use crate::markdown::labels::{Known, default_kind};
use crate::model::{Block, Id, Note, NoteKind, Place};

/// One run of the writer.
pub(super) struct Run<'d> {
    pub(super) plan: Plan,
    /// How many notes were called.
    called: usize,
    /// The definitions of the notes, in the order of the calls.
    pub(super) definitions: Vec<String>,
    /// The id of the innermost division that has one.
    pub(super) division: Option<&'d Id>,
    /// Whether a line may not be broken: in a heading, a cell, a verse.
    pub(super) one_line: bool,
    /// Whether the line stands in a link.
    pub(super) in_link: bool,
}

impl<'d> Run<'d> {
    pub(super) fn new(plan: Plan) -> Self {
        Self { plan, called: 0, definitions: Vec::new(), division: None, one_line: false, in_link: false }
    }

    /// Calls a note, and defines it.
    pub(super) fn call(&mut self, note: &'d Note, line: &mut Line) {
        let at = self.called;
        self.called += 1;
        self.definitions.push(String::new());
        let label = self.plan.labels.get(at).cloned().unwrap_or_else(|| format!("n-{}", at + 1));
        line.raw(format!("[^{label}]"));
        let (one_line, in_link) = (self.one_line, self.in_link);
        (self.one_line, self.in_link) = (false, false);
        let braces = self.note_braces(note, Some(&label));
        let blocks = self.blocks(&note.body, Home::bare(&note.body));
        (self.one_line, self.in_link) = (one_line, in_link);
        let opening = if braces.is_empty() { String::new() } else { format!("[]{}", braces.print()) };
        self.definitions[at] = define(&label, &opening, note.body.first(), &blocks);
    }

    /// The label of a note that was called and is defined already: it can be called again.
    pub(super) fn called_before(&self, id: &Id) -> Option<&str> {
        let &at = self.plan.noted.get(id)?;
        self.definitions.get(at).filter(|text| !text.is_empty())?;
        self.plan.labels.get(at).map(String::as_str)
    }

    /// What a note's label doesn't say. The braces are empty if it says all.
    pub(super) fn note_braces(&self, note: &Note, label: Option<&str>) -> Braces {
        let ids = self.plan.note_ids.then_some(self.division).flatten();
        let known = Known::from(label, ids);
        let mut tag = note.tag.clone();
        let mut said = Braces::default();
        if tag.id == known.id {
            tag.id = None;
        } else if tag.id.is_none() {
            said = said.id("");
        }
        if label.is_some_and(|label| is_told_by_label(note, label)) {
            tag.inference = None;
        }
        let n = match (&note.label, &known.n) {
            (ours, known) if ours.as_deref() == known.as_deref() => None,
            (ours, _) => Some(ours.as_deref().unwrap_or_default()),
        };
        let kind = (note.kind != default_kind(note.label.as_deref(), &note.body)).then(|| kind_word(&note.kind));
        let place = (note.place != self.plan.note_place).then(|| place_word(&note.place));
        said = said.with("n", n).with("type", kind).with("place", place);
        said = said.tag(&tag);
        if said.is_empty() { said } else { Braces::new("note").and(said) }
    }
}

fn kind_word(kind: &NoteKind) -> &str {
    match kind {
        NoteKind::Editorial => "editorial",
        NoteKind::Source => "source",
        NoteKind::Summary => "summary",
        NoteKind::Original => "original",
        NoteKind::Other(word) => word,
    }
}

pub(super) fn place_word(place: &Place) -> &str {
    match place {
        Place::Unknown => "unknown",
        Place::Foot => "foot",
        Place::End => "end",
        Place::Margin => "margin",
        Place::Inline => "inline",
        Place::Other(word) => word,
    }
}

/// `[^1]: …`, further blocks indented by four columns. A first block that is no running text gets lines of its
/// own.
fn define(label: &str, opening: &str, first: Option<&Block>, blocks: &str) -> String {
    let mut text = format!("[^{label}]: {opening}");
    let mut lines = blocks.lines();
    let is_text = matches!(first, Some(Block::Paragraph(_))) && !blocks.starts_with(":::");
    if is_text {
        text.push_str(lines.next().unwrap_or_default());
    } else if opening.is_empty() {
        text.push_str(if blocks.is_empty() { "" } else { "[]{.note}" });
    }
    if !is_text && !blocks.is_empty() {
        text.push('\n');
    }
    for line in if is_text { lines } else { blocks.lines() } {
        text.push('\n');
        if !line.is_empty() {
            text.push_str("    ");
            text.push_str(line);
        }
    }
    if text.ends_with(": ") {
        text.push_str("[]{.note}");
    }
    text
}

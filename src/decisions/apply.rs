//! Decisions laid over a document that was read and enriched: what was accepted is certain, what was rejected is text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ground::Ground;
use super::survey::{Site, kind_of, survey};
use super::{Decision, Decisions, Kind, Verdict};
use crate::diagnostic::Log;
use crate::model::visit::{VisitMut, walk_block_mut, walk_document_mut, walk_inline_mut};
use crate::model::{Block, Correspondence, Document, Inference, Inline, QName, Tag, words};
use crate::source::Span;

impl Decision {
    /// True if only a reader can follow it, since what the document is depends on it.
    pub fn is_for_reader(&self) -> bool {
        self.kind == Kind::NoteMarker || (self.kind == Kind::PageBreak && self.verdict != Verdict::Accept)
    }
}

/// Lays the decisions that are not the reader's over a document, and tells which hold.
pub fn apply(document: &mut Document, ground: &Ground, decisions: &Decisions, log: &mut Log) {
    let own: Vec<&Decision> = decisions.all.iter().filter(|decision| !decision.is_for_reader()).collect();
    if own.is_empty() {
        return;
    }
    let mut changes = BTreeMap::new();
    {
        let sites = survey(document, ground).unwrap_or_default();
        for decision in own {
            let span = |at: &Range<usize>| if ground.of_source { Span::new(at.start, at.end) } else { Span::default() };
            let Some(at) = decision.at.find(&ground.text) else {
                if !decisions.partial {
                    decision.tell_stale(Span::default(), "its words are not in the source", log);
                }
                continue;
            };
            match sites.iter().find(|site| site.kind == decision.kind && is_at(site, &at)) {
                Some(site) => {
                    decision.tell_applied(span(&at), log);
                    changes.insert(site.number, Change::of(decision));
                }
                None => {
                    let what = format!("no {} stands there", decision.kind.in_words());
                    decision.tell_stale(span(&at), &what, log);
                }
            }
        }
    }
    let mut editor = Editor { changes, number: 0, unnamed: Vec::new() };
    walk_document_mut(&mut editor, document);
    if let Some(correspondence) = &mut document.metadata.correspondence {
        forget(correspondence, &editor.unnamed);
    }
}

fn is_at(site: &Site<'_>, at: &Range<usize>) -> bool {
    site.at == *at || (site.at.start < at.end && at.start < site.at.end)
}

/// What happens to an inline.
enum Change {
    Confirm(Inference),
    Unmark,
}

impl Change {
    fn of(decision: &Decision) -> Self {
        match decision.verdict {
            Verdict::Accept | Verdict::Move => Self::Confirm(decision.inference()),
            Verdict::Reject | Verdict::Text => Self::Unmark,
        }
    }
}

/// What is in no name any more is no party of the correspondence either.
fn forget(correspondence: &mut Correspondence, unnamed: &[String]) {
    let is_known = |name: &str| !unnamed.iter().any(|unnamed| unnamed == name);
    for parties in [&mut correspondence.senders, &mut correspondence.addressees] {
        for party in parties.iter_mut() {
            if party.person.as_deref().is_some_and(|person| !is_known(person)) {
                party.person = None;
            }
        }
    }
}

/// Walks as the survey does, and so counts alike.
struct Editor {
    changes: BTreeMap<usize, Change>,
    number: usize,
    /// The words of names that are none.
    unnamed: Vec<String>,
}

/// The element of what is text again, until it is put among its neighbours.
const TEXT: &str = "#text";

impl Editor {
    fn confirm(&mut self, number: usize, tag: &mut Tag) {
        if let Some(Change::Confirm(inference)) = self.changes.get(&number) {
            tag.inference = Some(Box::new(inference.clone()));
        }
    }
}

impl VisitMut for Editor {
    fn block(&mut self, block: &mut Block) {
        let number = self.number;
        self.number += 1;
        if let Some(tag) = block.tag_mut() {
            self.confirm(number, tag);
        }
        walk_block_mut(self, block);
        match block {
            Block::Heading(it) => free(&mut it.content),
            Block::Paragraph(it) => free(&mut it.content),
            Block::Line(it) => free(&mut it.content),
            Block::List(it) => {
                it.items.iter_mut().filter_map(|item| item.label.as_mut()).for_each(|label| free(&mut label.content))
            }
            _ => {}
        }
    }

    fn inline(&mut self, inline: &mut Inline) {
        let number = self.number;
        self.number += 1;
        if kind_of(inline).is_some() && matches!(self.changes.get(&number), Some(Change::Unmark)) {
            if let Inline::Name(name) = inline {
                self.unnamed.push(words(&name.content));
            }
            if let Some(tag) = inline.tag_mut() {
                tag.element = Some(QName::plain(TEXT).into());
            }
        } else if !matches!(inline, Inline::Nested(_))
            && let Some(tag) = inline.tag_mut()
        {
            self.confirm(number, tag);
        }
        walk_inline_mut(self, inline);
        if let Some(content) = inline.children_mut() {
            free(content);
        }
    }
}

/// Puts the content of what is text again in its place, and joins texts that touch.
fn free(content: &mut Vec<Inline>) {
    let is_text = |inline: &Inline| inline.tag().is_some_and(|tag| tag.is_element(TEXT));
    if !content.iter().any(is_text) {
        return;
    }
    let mut freed: Vec<Inline> = Vec::with_capacity(content.len());
    for mut inline in content.drain(..) {
        let inner = if is_text(&inline) { inline.children_mut().map(std::mem::take) } else { None };
        for inline in inner.unwrap_or_else(|| vec![inline]) {
            match (freed.last_mut(), inline) {
                (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
                (_, inline) => freed.push(inline),
            }
        }
    }
    *content = freed;
}

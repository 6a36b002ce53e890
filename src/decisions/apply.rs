//! Decisions laid over a document that was read and enriched: what was accepted is certain, what was rejected is text.

use std::collections::BTreeMap;
use std::ops::Range;

use super::ground::Ground;
use super::survey::{Site, kind_of, survey};
use super::{Decision, Decisions, Kind, Value, Verdict, moved};
use crate::diagnostic::Log;
use crate::model::visit::{VisitMut, walk_block_mut, walk_document_mut, walk_inline_mut};
use crate::model::{Block, Correspondence, Document, Inference, Inline, Milestone, Tag, When, words};
use crate::source::Span;

impl Decision {
    /// True if only a reader can follow it, since what the document is depends on it.
    pub fn is_for_reader(&self) -> bool {
        let is_no_page = matches!(self.verdict, Verdict::Reject | Verdict::Text);
        self.kind == Kind::NoteMarker || (self.kind == Kind::PageBreak && is_no_page)
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
            let Some(site) = sites.iter().find(|site| site.kind == decision.kind && is_at(site, &at)) else {
                let what = format!("no {} stands there", decision.kind.in_words());
                decision.tell_stale(span(&at), &what, log);
                continue;
            };
            match Change::of(decision, ground) {
                Ok(change) => {
                    decision.tell_applied(span(&at), log);
                    changes.insert(site.number, change);
                }
                Err(why) => decision.tell_stale(span(&at), why, log),
            }
        }
    }
    let mut editor =
        Editor { changes, number: 0, unnamed: Vec::new(), taken: moved::Breaks::new(), redated: Vec::new() };
    walk_document_mut(&mut editor, document);
    let Editor { unnamed, taken, redated, .. } = editor;
    if let Some(correspondence) = &mut document.metadata.correspondence {
        forget(correspondence, &unnamed);
        // The letter was written when its dateline says.
        let new = redated.iter().find(|(old, _)| *old == correspondence.date && old.is_some());
        correspondence.date = new.map_or(correspondence.date, |&(_, new)| Some(new));
    }
    if !taken.is_empty() {
        moved::put(document, taken);
    }
}

fn is_at(site: &Site<'_>, at: &Range<usize>) -> bool {
    site.at == *at || (site.at.start < at.end && at.start < site.at.end)
}

/// What happens to a node.
enum Change {
    Confirm(Inference),
    Unmark,
    /// A date that means something else.
    Redate(When, Inference),
    /// A page break that belongs before this printed character of the running text, which stands there.
    Take(usize, Span, Inference),
}

impl Change {
    /// What a decision does; why it can't, if it can't.
    fn of(decision: &Decision, ground: &Ground) -> Result<Self, &'static str> {
        let inference = decision.inference();
        Ok(match (decision.verdict, &decision.to, decision.value) {
            (Verdict::Move, Some(to), _) => {
                let to = to.find(&ground.text).ok_or("the words where it was moved are not in the source")?;
                let before = ground.before(to.start).ok_or("no text stands behind the place where it was moved")?;
                let span = if ground.of_source { Span::new(to.start, to.start) } else { Span::default() };
                Self::Take(before, span, inference)
            }
            (Verdict::Correct, _, Some(Value(when))) => Self::Redate(when, inference),
            (Verdict::Accept | Verdict::Move | Verdict::Correct, ..) => Self::Confirm(inference),
            (Verdict::Reject | Verdict::Text, ..) => Self::Unmark,
        })
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
    /// Page breaks that belong elsewhere.
    taken: moved::Breaks,
    /// What dates were taken to mean, and what they mean.
    redated: Vec<(Option<When>, When)>,
}

impl Editor {
    fn confirm(&mut self, number: usize, tag: &mut Tag) {
        if let Some(Change::Confirm(inference)) = self.changes.get(&number) {
            tag.inference = Some(Box::new(inference.clone()));
        }
    }

    /// True for a page break that is taken out of its place.
    fn take(&mut self, number: usize, milestone: &Milestone) -> bool {
        let Some(Change::Take(before, span, inference)) = self.changes.get(&number) else { return false };
        let mut moved = milestone.clone();
        moved.tag.span = *span;
        moved.tag.inference = Some(Box::new(inference.clone()));
        self.taken.entry(*before).or_default().push(moved);
        true
    }
}

impl VisitMut for Editor {
    fn blocks(&mut self, blocks: &mut Vec<Block>) {
        blocks.retain_mut(|block| {
            let number = self.number;
            self.block(block);
            !matches!(block, Block::Milestone(milestone) if self.take(number, milestone))
        });
    }

    fn inlines(&mut self, inlines: &mut Vec<Inline>) {
        let mut kept = Vec::with_capacity(inlines.len());
        let mut freed = false;
        for mut inline in inlines.drain(..) {
            let number = self.number;
            self.inline(&mut inline);
            let is_text = kind_of(&inline).is_some() && matches!(self.changes.get(&number), Some(Change::Unmark));
            match &mut inline {
                Inline::Milestone(milestone) if self.take(number, milestone) => freed = true,
                _ if is_text => {
                    kept.append(inline.children_mut().unwrap_or(&mut Vec::new()));
                    freed = true;
                }
                _ => kept.push(inline),
            }
        }
        *inlines = if freed { joined(kept) } else { kept };
    }

    fn block(&mut self, block: &mut Block) {
        let number = self.number;
        self.number += 1;
        if let Some(tag) = block.tag_mut() {
            self.confirm(number, tag);
        }
        walk_block_mut(self, block);
    }

    fn inline(&mut self, inline: &mut Inline) {
        let number = self.number;
        self.number += 1;
        match (self.changes.get(&number), &mut *inline) {
            (Some(Change::Unmark), Inline::Name(name)) => self.unnamed.push(words(&name.content)),
            (Some(Change::Redate(when, inference)), Inline::Date(date)) => {
                self.redated.push((date.when, *when));
                date.when = Some(*when);
                date.tag.inference = Some(Box::new(inference.clone()));
            }
            (_, Inline::Nested(_)) => {}
            (_, other) => {
                if let Some(tag) = other.tag_mut() {
                    self.confirm(number, tag);
                }
            }
        }
        walk_inline_mut(self, inline);
    }
}

/// The same content, texts that touch put together.
fn joined(content: Vec<Inline>) -> Vec<Inline> {
    let mut joined: Vec<Inline> = Vec::with_capacity(content.len());
    for inline in content {
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => joined.push(inline),
        }
    }
    joined
}

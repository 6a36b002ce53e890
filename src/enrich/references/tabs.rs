//! References to what is attached to a document: "Tab A" means the part of it that is headed so.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::ops::Range;

use compact_str::{CompactString, format_compact};

use crate::model::{Block, Id, words};

/// What an attachment may be called, before its letter or number.
const KINDS: [&str; 6] = ["Tab", "Attachment", "Enclosure", "Annex", "Appendix", "Subenclosure"];
/// What stands in the ids that are given here, between the document's and the letter.
const MARK: &str = "_part_";

/// The attachments of a document, by what they are called.
#[derive(Debug, Default)]
pub(super) struct Tabs(Vec<Tab>);

#[derive(Debug)]
struct Tab {
    /// `Tab A`.
    called: CompactString,
    id: Id,
    /// True if something refers to it.
    wanted: Cell<bool>,
}

/// True for an id that an attachment is given here.
pub(super) fn is_tab(id: &str) -> bool {
    id.contains(MARK)
}

impl Tabs {
    /// Those of a document. What two are called means neither.
    pub(super) fn of(document: &Id, content: &[Block], known: &BTreeSet<CompactString>) -> Self {
        let mut tabs: Vec<Tab> = Vec::new();
        for called in content.iter().filter_map(called) {
            let id = Id(format_compact!("{document}{MARK}{}", called.replace(' ', "_")));
            if !known.contains(&id.0) {
                tabs.push(Tab { called, id, wanted: Cell::new(false) });
            }
        }
        let once = |called: &str| tabs.iter().filter(|tab| tab.called == called).count() == 1;
        let kept: Vec<bool> = tabs.iter().map(|tab| once(&tab.called)).collect();
        let mut kept = kept.into_iter();
        tabs.retain(|_| kept.next().unwrap_or(false));
        Self(tabs)
    }

    /// True if nothing is attached.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the references to attachments to those that were found in a text. `Tab A to Document 9` is another's.
    pub(super) fn find(&self, text: &str, found: &mut Vec<(Range<usize>, CompactString)>) {
        for tab in &self.0 {
            for (at, called) in text.match_indices(tab.called.as_str()) {
                let end = at + called.len();
                let bounded = !text[..at].ends_with(char::is_alphanumeric)
                    && !text[end..].starts_with(|c: char| c.is_alphanumeric() || c == '–' || c == '-');
                let others = text[end..].starts_with(" to ") || text[end..].starts_with(" of ");
                if bounded && !others && found.iter().all(|(range, _)| range.end <= at || range.start >= end) {
                    tab.wanted.set(true);
                    found.push((at..end, tab.id.0.clone()));
                }
            }
        }
        found.sort_by_key(|(range, _)| range.start);
    }

    /// Gives the attachments that are referred to their ids.
    pub(super) fn name(&self, content: &mut [Block]) {
        for block in content {
            let Some(called) = called(block) else { continue };
            let tab = self.0.iter().find(|tab| tab.called == called && tab.wanted.get());
            if let (Some(tab), Block::Division(division)) = (tab, block) {
                division.tag.id = Some(tab.id.clone());
            }
        }
    }
}

/// What the heading of an attachment without an id calls it: `[Tab A]` is `Tab A`.
fn called(block: &Block) -> Option<CompactString> {
    let Block::Division(division) = block else { return None };
    let heading = division.content.iter().find_map(|block| match block {
        Block::Heading(heading) => Some(words(&heading.content)),
        _ => None,
    });
    let heading = heading.filter(|_| division.tag.id.is_none() && division.kind.as_deref() == Some("attachment"))?;
    let mut words = heading.trim_start_matches(['[', '(', ' ']).split([' ', '\u{a0}', ']', ')', ',', ':', '—']);
    let (kind, letter) = (words.next()?, words.next()?);
    let counted = letter.len() <= 3
        && (letter.bytes().all(|byte| byte.is_ascii_digit()) || letter.bytes().all(|byte| byte.is_ascii_uppercase()));
    (KINDS.contains(&kind) && !letter.is_empty() && counted).then(|| format_compact!("{kind} {letter}"))
}

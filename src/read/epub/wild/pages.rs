//! Page breaks: by `epub:type` or role, or because a list of pages leads there.

use super::super::contents::folded;
use super::Wild;
use super::notes::{has, has_text};
use crate::epub::page::Element;
use crate::model::{Block, Certainty, Inference, Milestone, Tag, Unit};

/// The page that begins with a content document.
pub(super) fn listed(label: &str) -> Block {
    Block::Milestone(milestone(inferred(Tag::default()), label))
}

fn inferred(tag: Tag) -> Tag {
    tag.inferred(Inference::new("page.list", Certainty::High, "the list of pages leads here"))
}

fn milestone(tag: Tag, label: &str) -> Milestone {
    let label = Some(label).filter(|label| !label.is_empty()).map(Into::into);
    Milestone { tag, unit: Unit::Page, label, inside_word: false }
}

/// A page break at an element.
pub(super) struct Break {
    pub milestone: Milestone,
    /// True if the element is nothing else.
    pub whole: bool,
}

impl Wild<'_, '_> {
    /// The page that begins at an element.
    pub(super) fn page_break(&mut self, element: &Element) -> Option<Break> {
        let number = self.book.number(self.leaf, element);
        let listed = self.contents.pages.get(&number);
        let stated = has(element, "pagebreak");
        if !stated && listed.is_none() {
            return None;
        }
        let text = folded(&element.text());
        let bare = |text: &str| {
            let small = text.trim().trim_matches(|it: char| "[](){}|-–—".contains(it) || it.is_whitespace());
            let word = ["page ", "p. ", "pg. ", "p."]
                .iter()
                .find_map(|word| small.to_lowercase().strip_prefix(word).map(str::len));
            small.get(word.map_or(0, |rest| small.len() - rest)..).unwrap_or(small).trim().to_owned()
        };
        let said = [listed.map(String::as_str), element.get("title"), element.get("aria-label"), Some(text.as_str())];
        let label = said.into_iter().flatten().map(bare).find(|label| !label.is_empty());
        let label = label.or_else(|| digits(element.get("id")?)).unwrap_or_default();
        let empty = !has_text(element) && element.elements().next().is_none();
        let whole = (stated && text.chars().count() <= 24) || empty || bare(&text) == label;
        let tag = if whole { self.tag(element) } else { Tag::default() };
        if whole {
            self.took(element);
        }
        let tag = if stated { tag } else { inferred(tag) };
        Some(Break { milestone: milestone(tag, &label), whole })
    }
}

/// The number at the end of an id: `page_12`.
fn digits(id: &str) -> Option<String> {
    let start = id.trim_end_matches(|it: char| it.is_ascii_digit()).len();
    (start < id.len()).then(|| id[start..].to_owned())
}

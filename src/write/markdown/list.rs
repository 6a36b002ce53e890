//! Lists.

use super::attributes::Braces;
use super::block::{Home, fence};
use super::line::Line;
use super::run::Run;
use crate::markdown::vocabulary::{LISTS, class};
use crate::model::{Block, Item, List, ListKind, Tag};

/// What marks the items of a list that needs no fence: `-` or `+`, `1.` or `1)`, so that two lists one behind
/// the other stay two (CommonMark §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    numbered: bool,
    other: bool,
}

impl Marker {
    pub(super) fn of(block: &Block, before: Option<Self>) -> Option<Self> {
        let Block::List(list) = block else { return None };
        let numbered = list.kind == ListKind::Numbered;
        let other = before.is_some_and(|before| before.numbered == numbered && !before.other);
        (!needs_fence(list)).then_some(Self { numbered, other })
    }

    fn print(self, number: usize) -> String {
        match (self.numbered, self.other) {
            (true, false) => format!("{number}. "),
            (true, true) => format!("{number}) "),
            (false, false) => "- ".to_owned(),
            (false, true) => "+ ".to_owned(),
        }
    }
}

fn needs_fence(list: &List) -> bool {
    let plain = list.tag == Tag::default() && list.topic.is_none() && list.before.is_empty();
    !plain || list.items.is_empty() || !matches!(list.kind, ListKind::Bulleted | ListKind::Numbered)
}

impl<'d> Run<'d> {
    pub(super) fn list(&mut self, it: &'d List, marker: Option<Marker>) -> String {
        let fenced = needs_fence(it);
        let numbered = it.kind == ListKind::Numbered;
        let marker = marker.filter(|_| !fenced).unwrap_or(Marker { numbered, other: false });
        let before = self.blocks(&it.before, Home { bold_heads: true, ..Home::plain() });
        let items: Vec<String> =
            it.items.iter().enumerate().map(|(at, item)| self.item(item, marker, at + 1)).collect();
        let tight = items.iter().all(|item| !item.contains("\n\n"));
        let items = items.join(if tight { "\n" } else { "\n\n" });
        if !fenced {
            return items;
        }
        let braces = Braces::new("list").class(class(LISTS, it.kind)).with("type", it.topic.as_deref()).tag(&it.tag);
        let parts: Vec<String> = [before, items].into_iter().filter(|part| !part.is_empty()).collect();
        fence(&braces, &parts.join("\n\n"))
    }

    fn item(&mut self, it: &'d Item, marker: Marker, number: usize) -> String {
        let marker = marker.print(number);
        let mut opening = Line::default();
        if it.tag != Tag::default() {
            opening.raw(format!("[]{}", Braces::new("item").tag(&it.tag).print()));
        }
        if let Some(label) = &it.label {
            let outer = std::mem::replace(&mut self.one_line, true);
            self.span(Braces::new("label").tag(&label.tag), &label.content, &mut opening);
            self.one_line = outer;
        }
        let mut opening = opening.print(true);
        let content = self.blocks(&it.content, Home::bare(&it.content));
        let is_text = matches!(it.content.first(), Some(Block::Paragraph(_))) && !content.starts_with(":::");
        if opening.is_empty() && !is_text {
            opening = format!("[]{}", Braces::new("item").print());
        }
        let mut text = match (is_text, it.label.is_some()) {
            (true, true) => format!("{opening} {content}"),
            (true, false) => format!("{opening}{content}"),
            (false, _) if content.is_empty() => opening,
            (false, _) => format!("{opening}\n\n{content}"),
        };
        if let [Block::Paragraph(_), Block::List(inner)] = it.content.as_slice()
            && !needs_fence(inner)
            && inner.kind == ListKind::Bulleted
        {
            text = text.replacen("\n\n", "\n", 1);
        }
        let after = self.after(&it.after, "after");
        if !after.is_empty() {
            text.push_str("\n\n");
            text.push_str(&after);
        }
        indent(&marker, &text)
    }

    /// What stands between this and the next: page breaks say so themselves, all else gets a fence.
    pub(super) fn after(&mut self, blocks: &'d [Block], class: &'static str) -> String {
        if blocks.is_empty() {
            return String::new();
        }
        let breaks: Option<Vec<String>> = blocks
            .iter()
            .map(|block| match block {
                Block::Milestone(it) => Some(self.milestone(it, false, Braces::new(class))),
                _ => None,
            })
            .collect();
        match breaks {
            Some(breaks) => breaks.join("\n\n"),
            None => fence(&Braces::new(class), &self.blocks(blocks, Home::plain())),
        }
    }
}

/// The marker before the first line, as many spaces before the others.
fn indent(marker: &str, text: &str) -> String {
    let spaces = " ".repeat(marker.len());
    let mut indented = String::with_capacity(text.len() + marker.len());
    for (at, line) in text.lines().enumerate() {
        match at {
            0 => indented.push_str(marker),
            _ if line.is_empty() => indented.push('\n'),
            _ => {
                indented.push('\n');
                indented.push_str(&spaces);
            }
        }
        indented.push_str(line);
    }
    indented
}

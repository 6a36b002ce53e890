//! Lists.

use super::braces::Braces;
use super::document::{Builder, Home, is_milestone, openings, trimmed};
use super::pieces::Piece;
use super::tree::Node;
use crate::markdown::vocabulary::LISTS;
use crate::model::{Block, Heading, Item, List, ListKind};
use crate::source::Span;

impl Builder<'_> {
    pub(super) fn list(&mut self, start: Option<u64>, items: Vec<Vec<Node>>) -> List {
        let kind = if start.is_some() { ListKind::Numbered } else { ListKind::Bulleted };
        let items = items.into_iter().map(|nodes| self.item(nodes)).collect();
        List { kind, items, ..List::default() }
    }

    pub(super) fn item(&mut self, mut nodes: Vec<Node>) -> Item {
        let mut item = Item::default();
        if let Some(Node::Paragraph(pieces, _)) = nodes.first_mut() {
            let opening = openings(pieces, &["item"]).into_iter().next();
            let opened = opening.is_some();
            item.tag = opening.map(|(_, braces)| braces.into_tag(Span::default())).unwrap_or_default();
            let labelled = matches!(pieces.first(), Some(Piece::Span(braces, _)) if braces.class() == "label");
            if labelled && let Piece::Span(mut braces, content) = pieces.remove(0) {
                braces.take_class("label");
                let content = self.inlines(content);
                item.label = Some(Box::new(Heading { tag: braces.into_tag(Span::default()), depth: 0, content }));
                if let Some(Piece::Text(text)) = pieces.first_mut() {
                    *text = text.trim_start_matches(' ').to_owned();
                }
                pieces.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
            }
            if (opened || labelled) && pieces.is_empty() {
                nodes.remove(0);
            }
        }
        let mut after = Vec::new();
        while let Some(node) = nodes.pop_if(|node| is_after(node)) {
            after.push(node);
        }
        item.content = self.blocks(nodes, Home::bare());
        item.after = self.after(after.into_iter().rev(), "after");
        item
    }

    /// What stands behind an item, a cell or a row.
    pub(super) fn after(&mut self, nodes: impl Iterator<Item = Node>, class: &str) -> Vec<Block> {
        let mut blocks = Vec::new();
        for node in nodes {
            match node {
                Node::Fence(braces, inner) if braces.is(class) => blocks.extend(self.blocks(inner, Home::default())),
                Node::Paragraph(pieces, _) if is_milestone(&pieces, class) => {
                    blocks.extend(self.only_milestone(pieces, class).map(|(milestone, _)| Block::Milestone(milestone)));
                }
                node => blocks.extend(self.blocks(vec![node], Home::default())),
            }
        }
        blocks
    }

    pub(super) fn fenced_list(&mut self, mut braces: Braces, inner: Vec<Node>) -> List {
        let kind = LISTS.iter().find(|(_, class)| braces.take_class(class)).map(|&(kind, _)| kind).unwrap_or_default();
        let topic = braces.take("type").map(Into::into);
        let mut list = List { tag: braces.into_tag(Span::default()), kind, topic, ..List::default() };
        let mut nodes = inner.into_iter().peekable();
        let mut before = Vec::new();
        while let Some(node) = nodes.next_if(|node| !matches!(node, Node::List(..))) {
            before.push(node);
        }
        list.before = self.blocks(before, Home { bold_heads: true, ..Home::default() });
        for node in nodes {
            match node {
                Node::List(_, items) => {
                    for nodes in items {
                        let item = self.item(nodes);
                        list.items.push(item);
                    }
                }
                node => {
                    let stray = self.blocks(vec![node], Home::default());
                    list.items.last_mut().into_iter().for_each(|item| item.after.extend(stray.clone()));
                }
            }
        }
        list
    }

    pub(super) fn definitions(&mut self, terms: Vec<(Vec<Piece>, Vec<Vec<Node>>)>) -> List {
        let mut list = List { kind: ListKind::Gloss, ..List::default() };
        for (term, definitions) in terms {
            let content = trimmed(self.inlines(term));
            let mut label = Some(Box::new(Heading { content, ..Heading::default() }));
            let mut definitions = definitions;
            if definitions.is_empty() {
                definitions.push(Vec::new());
            }
            for nodes in definitions {
                let content = self.blocks(nodes, Home::bare());
                list.items.push(Item { label: label.take(), content, ..Item::default() });
            }
        }
        list
    }
}

fn is_after(node: &Node) -> bool {
    match node {
        Node::Fence(braces, _) => braces.is("after"),
        Node::Paragraph(pieces, _) => is_milestone(pieces, "after"),
        _ => false,
    }
}

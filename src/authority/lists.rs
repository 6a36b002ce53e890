//! The lists that a text has itself: `list` of persons or abbreviations in a volume's front matter, `listPerson` and
//! its like in header, stand-off part and text.

use super::element::entries;
use super::{Authorities, Entry, Kind, folded};
use crate::model::visit::{Visit, walk_block, walk_blocks};
use crate::model::{Block, Document, Foreign, Id, Inline, Item, Name, NameKind, QName, Target, Term};
use crate::xml::{Element, Node};

/// All entries of a document that is read as an authority file, or has lists of its own.
pub fn of_document(document: &Document) -> Authorities {
    let mut found = Vec::new();
    if let Some(header) = &document.metadata.header {
        entries(header, &mut found);
    }
    if let Some(frame) = &document.frame {
        entries(&frame.root, &mut found);
    }
    for part in document.parts() {
        found.append(&mut listed_in(part).entries);
    }
    Authorities { entries: found }
}

/// The entries of lists in some blocks.
pub fn listed_in(blocks: &[Block]) -> Authorities {
    let mut lister = Lister::default();
    walk_blocks(&mut lister, blocks);
    Authorities { entries: lister.found }
}

#[derive(Default)]
struct Lister {
    found: Vec<Entry>,
}

impl<'a> Visit<'a> for Lister {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::List(list) => {
                self.found.extend(list.items.iter().filter_map(item));
                walk_block(self, block);
            }
            Block::Foreign(Foreign::Element { tag, .. })
                if ["person", "place", "org"].iter().any(|name| tag.is_element(name)) =>
            {
                entries(&element(block), &mut self.found);
            }
            _ => walk_block(self, block),
        }
    }
}

/// An item that explains a name or term which has an id.
fn item(item: &Item) -> Option<Entry> {
    let mut head = Head::default();
    if let Some(label) = &item.label {
        head.label = label.tag.id.clone().map(|id| (id, crate::model::words(&label.content)));
        label.content.iter().for_each(|inline| head.inline(inline));
    }
    walk_blocks(&mut head, &item.content);
    let (kind, id, name) = match (head.entry, head.label) {
        (Some(found), _) => found,
        (None, Some((id, words))) => (Kind::Term, id, words),
        (None, None) => return None,
    };
    let name = folded(&name).trim_end_matches([',', ':', ';']).trim_end().to_owned();
    let about = folded(&head.about).trim_start_matches([',', ':', ';', ' ']).to_owned();
    let (variants, life) = (Vec::new(), (None, None));
    (!name.is_empty()).then_some(Entry { kind, target: Target::Here(id), name, variants, about, life })
}

/// What an item begins with, and what it says then.
#[derive(Default)]
struct Head {
    entry: Option<(Kind, Id, String)>,
    label: Option<(Id, String)>,
    about: String,
}

impl Head {
    fn name(&mut self, name: &Name) -> bool {
        let Some(id) = name.tag.id.clone().filter(|_| self.entry.is_none()) else { return false };
        let kind = match name.kind {
            NameKind::Place => Kind::Place,
            NameKind::Organisation => Kind::Organisation,
            NameKind::Person | NameKind::Other => Kind::Person,
        };
        self.entry = Some((kind, id, text(&name.content)));
        true
    }

    fn term(&mut self, term: &Term) -> bool {
        let Some(id) = term.tag.id.clone().filter(|_| self.entry.is_none()) else { return false };
        self.entry = Some((Kind::Term, id, text(&term.content)));
        true
    }
}

impl<'a> Visit<'a> for Head {
    fn block(&mut self, block: &'a Block) {
        // An item within the item is one of its own.
        if !matches!(block, Block::List(_) | Block::Note(_)) {
            walk_block(self, block);
        }
    }

    fn inline(&mut self, inline: &'a Inline) {
        let taken = match inline {
            Inline::Name(name) => self.name(name),
            Inline::Term(term) => self.term(term),
            Inline::Text(text) => {
                self.about.push_str(text);
                true
            }
            Inline::Note(_) => true,
            _ => false,
        };
        if !taken {
            crate::model::visit::walk_inline(self, inline);
        }
    }
}

/// All characters of some inlines but those of notes.
fn text(content: &[Inline]) -> String {
    let mut text = String::new();
    for inline in content {
        match inline {
            Inline::Text(words) => text.push_str(words),
            Inline::Milestone(point) if !point.inside_word => text.push(' '),
            other => text.push_str(&self::text(other.children().unwrap_or_default())),
        }
    }
    text
}

/// An entry of TEI within the text, as the element that it was.
fn element(block: &Block) -> Element {
    let mut made = Element::new("");
    if let Block::Foreign(Foreign::Element { tag, content }) = block {
        named(&mut made, tag.element.as_deref(), tag);
        made.children = content.iter().flat_map(nodes).collect();
    }
    made
}

fn named(made: &mut Element, name: Option<&QName>, tag: &crate::model::Tag) {
    if let Some(name) = name {
        made.name = name.clone();
    }
    made.attributes = tag.attributes.clone();
    if let Some(id) = &tag.id {
        made.attributes.set("id", id.as_str());
    }
}

fn nodes(block: &Block) -> Vec<Node> {
    match block {
        Block::Paragraph(paragraph) if paragraph.bare => paragraph.content.iter().filter_map(node).collect(),
        Block::Paragraph(paragraph) => {
            let mut made = Element::new("p");
            named(&mut made, paragraph.tag.element.as_deref(), &paragraph.tag);
            made.children = paragraph.content.iter().filter_map(node).collect();
            vec![Node::Element(made)]
        }
        Block::Note(note) => {
            let mut made = Element::new("note");
            made.children = note.body.iter().flat_map(nodes).collect();
            vec![Node::Element(made)]
        }
        Block::Foreign(Foreign::Element { .. }) => vec![Node::Element(element(block))],
        _ => Vec::new(),
    }
}

fn node(inline: &Inline) -> Option<Node> {
    let mut made = Element::new("seg");
    let (tag, content): (_, &[Inline]) = match inline {
        Inline::Text(text) => return Some(Node::Text(text.clone())),
        Inline::Name(name) => {
            made = Element::new(match name.kind {
                NameKind::Person => "persName",
                NameKind::Place => "placeName",
                NameKind::Organisation => "orgName",
                NameKind::Other => "name",
            });
            (&name.tag, &name.content)
        }
        Inline::Foreign(foreign) => match foreign.as_ref() {
            Foreign::Element { tag, content } => (tag, content),
            Foreign::Comment(_) | Foreign::Instruction(_) => return None,
        },
        Inline::Note(note) => {
            made = Element::new("note");
            made.children = note.body.iter().flat_map(nodes).collect();
            return Some(Node::Element(made));
        }
        other => {
            made.children = other.children().unwrap_or_default().iter().filter_map(node).collect();
            return Some(Node::Element(made));
        }
    };
    named(&mut made, tag.element.as_deref(), tag);
    made.children = content.iter().filter_map(node).collect();
    Some(Node::Element(made))
}

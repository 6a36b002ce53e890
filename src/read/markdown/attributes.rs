//! Attributes of others, which mean something in HTML: TEI has none of them, so they are left out and reported.

use std::collections::BTreeMap;

use super::document::Builder;
use crate::diagnostic::Code;
use crate::model::visit::{VisitMut, walk_block_mut, walk_document_mut, walk_inline_mut};
use crate::model::{Block, Document, Inline, Tag};
use crate::source::Span;

const ATTRIBUTE: Code = Code("markdown.attribute");

/// What any element of TEI may say (TEI P5, `att.global` and its kin).
const GLOBAL: [&str; 15] = [
    "ana",
    "cert",
    "change",
    "corresp",
    "exclude",
    "facs",
    "n",
    "next",
    "prev",
    "rend",
    "rendition",
    "resp",
    "sameAs",
    "source",
    "style",
];

impl Builder<'_> {
    /// Leaves out the attributes that no TEI element of the node's kind has.
    pub(super) fn drop_attributes(&mut self, document: &mut Document) {
        let mut dropper = Dropper(BTreeMap::new());
        walk_document_mut(&mut dropper, document);
        if dropper.0.is_empty() {
            return;
        }
        let names = dropper.0.iter().map(|(name, count)| format!("`{name}` ({count} times)")).collect::<Vec<_>>();
        let message = format!("attributes that say nothing here are left out: {}", names.join(", "));
        self.log.loss(ATTRIBUTE, Span::default(), message);
    }
}

/// Counts what it drops, by name.
struct Dropper(BTreeMap<String, usize>);

impl Dropper {
    /// Of elements that the file names itself nothing is known.
    fn drop(&mut self, tag: &mut Tag, more: &[&str]) {
        if tag.element.is_some() {
            return;
        }
        tag.attributes.0.retain(|attribute| {
            let local = attribute.name.local.as_str();
            let measured = matches!(local, "width" | "height") && is_measure(&attribute.value);
            let stays = attribute.name.namespace.is_some()
                || GLOBAL.contains(&local)
                || more.contains(&local) && (measured || !matches!(local, "width" | "height"));
            if !stays {
                *self.0.entry(local.to_owned()).or_default() += 1;
            }
            stays
        });
    }
}

/// Whether TEI takes a value as a measure (`teidata.outputMeasurement`).
fn is_measure(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    unit.len() < value.len() && matches!(unit, "%" | "cm" | "mm" | "in" | "pt" | "pc" | "px" | "em" | "ex")
}

impl VisitMut for Dropper {
    fn block(&mut self, block: &mut Block) {
        match block {
            Block::Division(it) => self.drop(&mut it.tag, &["type", "subtype"]),
            Block::Heading(it) => self.drop(&mut it.tag, &["type", "subtype"]),
            Block::Quotation(it) => self.drop(&mut it.tag, &["type", "subtype", "who"]),
            Block::List(it) => self.drop(&mut it.tag, &["type", "subtype"]),
            Block::Table(it) => self.drop(&mut it.tag, &["type", "subtype"]),
            Block::Verse(it) => self.drop(&mut it.tag, &["type", "subtype", "met", "rhyme", "part"]),
            Block::Line(it) => self.drop(&mut it.tag, &["met", "rhyme", "part"]),
            Block::Figure(it) => self.drop(&mut it.tag, &["type", "subtype", "place"]),
            Block::Paragraph(it) => self.drop(&mut it.tag, &[]),
            Block::Verbatim(it) => self.drop(&mut it.tag, &[]),
            Block::Formula(_) | Block::Speech(_) | Block::Note(_) | Block::Milestone(_) | Block::Foreign(_) => {}
        }
        walk_block_mut(self, block);
    }

    fn inline(&mut self, inline: &mut Inline) {
        match inline {
            Inline::Styled(it) => self.drop(&mut it.tag, &[]),
            Inline::Reference(it) => self.drop(&mut it.tag, &["type", "subtype"]),
            Inline::Graphic(it) => self.drop(&mut it.tag, &["type", "subtype", "width", "height", "scale"]),
            Inline::Milestone(it) => self.drop(&mut it.tag, &["type", "subtype", "ed", "edRef", "break", "unit"]),
            _ => {}
        }
        walk_inline_mut(self, inline);
    }
}

//! The pass `references`: "Document 142", "footnote 3, Document 141", "footnotes 2 and 3 above", "Tab A" and "vol. IX,
//! Document 14" become references.
//!
//! A target is an id: `#d142`, `#d141fn3`. Where the run has that document in a file of its own, the reference says in
//! `@xml:base` in which (XML Base §4: the fragment is one of that file); what is nowhere is kept and reported, once.

mod find;
mod tabs;
mod volumes;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use compact_str::CompactString;

use self::find::{NEAR, Own, find, may_refer};
use self::tabs::Tabs;
use self::volumes::Volume;
use super::{Pass, runs};
use crate::diagnostic::{Code, Log};
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Attribute, Block, Document, Id, Inline, Namespace, QName, Reference, Tag, Target};
use crate::source::{Input, Sibling, Span};

const UNRESOLVED: Code = Code("reference.unresolved");

/// Finds references to documents, to their footnotes and attachments.
#[derive(Clone, Copy, Debug, Default)]
pub struct References;

impl Pass for References {
    fn name(&self) -> &'static str {
        "references"
    }

    fn summary(&self) -> &'static str {
        "references to documents, footnotes, attachments and volumes"
    }

    fn run(&self, document: Document, log: &mut Log) -> Document {
        self.run_among(document, &Input::new("document", b""), log)
    }

    fn run_among(&self, mut document: Document, input: &Input<'_>, log: &mut Log) -> Document {
        let known = ids(&document);
        let mut linking = Linking::new(input, known);
        for part in document.parts_mut() {
            linking.divisions(part, None);
        }
        for id in std::mem::take(&mut linking.missing) {
            let message = format!("`{id}` is referred to and not among the documents read");
            log.note(UNRESOLVED, Span::default(), message);
        }
        linking.looked_for.into_iter().for_each(|file| log.uses(file));
        document
    }
}

fn ids(document: &Document) -> BTreeSet<CompactString> {
    #[derive(Default)]
    struct Ids(BTreeSet<CompactString>);
    impl<'a> Visit<'a> for Ids {
        fn block(&mut self, block: &'a Block) {
            self.0.extend(block.tag().and_then(|tag| tag.id.as_ref()).map(|id| id.0.clone()));
            walk_block(self, block);
        }
        fn inline(&mut self, inline: &'a Inline) {
            self.0.extend(inline.tag().and_then(|tag| tag.id.as_ref()).map(|id| id.0.clone()));
            walk_inline(self, inline);
        }
    }
    let mut ids = Ids::default();
    walk_document(&mut ids, document);
    ids.0
}

/// The work on one input.
struct Linking<'i> {
    input: &'i Input<'i>,
    known: BTreeSet<CompactString>,
    /// What is referred to and nowhere in the run.
    missing: BTreeSet<CompactString>,
    /// What its file's name says before the document's id: `lake1930-32v07-`.
    prefix: &'i str,
    volume: Option<Volume>,
    /// The files of other documents, as far as they were asked for.
    siblings: BTreeMap<CompactString, Option<Sibling>>,
    looked_for: Vec<PathBuf>,
}

impl<'i> Linking<'i> {
    fn new(input: &'i Input<'i>, known: BTreeSet<CompactString>) -> Self {
        let stem = input.stem();
        let last = stem.rsplit(['-', ' ']).next().unwrap_or(stem);
        // Only a file that is named for its document tells what others are called.
        let prefix = if known.contains(last) { &stem[..stem.len() - last.len()] } else { "" };
        let volume = prefix.strip_suffix('-').and_then(Volume::of);
        let (missing, siblings, looked_for) = <_>::default();
        Self { input, known, missing, prefix, volume, siblings, looked_for }
    }

    /// Goes down to the divisions that are documents, whose id is part of what references within them mean.
    fn divisions(&mut self, blocks: &mut [Block], own: Option<(&str, bool, &Tabs)>) {
        let editorial = blocks.iter().any(is_editorial);
        for block in blocks {
            match block {
                Block::Division(division) if division.kind.as_deref() == Some("document") => {
                    let Some(id) = division.tag.id.clone() else {
                        self.divisions(&mut division.content, own);
                        continue;
                    };
                    let tabs = Tabs::of(&id, &division.content, &self.known);
                    self.divisions(&mut division.content, Some((id.as_str(), division.number.is_some(), &tabs)));
                    tabs.name(&mut division.content);
                }
                Block::Division(division) => self.divisions(&mut division.content, own),
                other => {
                    let heading = matches!(other, Block::Heading(_));
                    runs::each(std::slice::from_mut(other), &mut |content, place| {
                        let scope = if place.noted || editorial { Scope::Editors } else { Scope::Document };
                        // The line that announces an attachment does not refer to it.
                        let tabs = own.map(|(.., tabs)| tabs).filter(|_| place.noted || !heading);
                        self.link(content, scope, own.map(|(id, numbered, _)| (id, numbered)), tabs);
                    });
                }
            }
        }
    }

    fn link(&mut self, content: &mut Vec<Inline>, scope: Scope, own: Option<(&str, bool)>, tabs: Option<&Tabs>) {
        let mut texts = content.iter().filter_map(|inline| match inline {
            Inline::Text(text) => Some(text),
            _ => None,
        });
        if tabs.is_none_or(Tabs::is_empty) && !texts.any(|text| may_refer(text)) {
            return;
        }
        let mut found = Vec::new();
        {
            let own = own.map(|(id, numbered)| Own { id, numbered, volume: self.volume.as_ref() });
            // Whether a date before it is marked or not: "vol. VI, May 1931, Document 9" means the same.
            let mut said = Said::default();
            for (at, inline) in content.iter().enumerate() {
                let Inline::Text(text) = inline else {
                    said.inline(inline);
                    continue;
                };
                let before = said.shorten();
                said.0.push_str(text);
                let held = |(range, _): &(Range<usize>, _)| scope.holds(&said.0[..range.start]);
                let within = |(range, target): (Range<usize>, _)| {
                    (range.start.saturating_sub(before)..range.end - before, target)
                };
                let mut here: Vec<_> = find(&said.0, before, own).filter(held).map(within).collect();
                tabs.into_iter().for_each(|tabs| tabs.find(text, &mut here));
                if !here.is_empty() {
                    found.push((at, here));
                }
            }
        }
        if found.is_empty() {
            return;
        }
        let mut found = found.into_iter().peekable();
        let mut linked = Vec::with_capacity(content.len() + 4);
        for (at, inline) in content.drain(..).enumerate() {
            match (inline, found.next_if(|(place, _)| *place == at)) {
                (Inline::Text(text), Some((_, references))) => {
                    let mut from = 0;
                    for (range, target) in references {
                        if range.start > from {
                            linked.push(Inline::text(&text[from..range.start]));
                        }
                        from = range.end;
                        let content = vec![Inline::text(&text[range])];
                        linked.push(Inline::Reference(Box::new(self.reference(target, content))));
                    }
                    if from < text.len() {
                        linked.push(Inline::text(&text[from..]));
                    }
                }
                (other, _) => linked.push(other),
            }
        }
        *content = linked;
    }

    fn reference(&mut self, target: CompactString, content: Vec<Inline>) -> Reference {
        let mut tag = Tag::default();
        if target.contains('#') {
            self.missing.insert(target.clone());
            return Reference { tag, targets: vec![Target::Elsewhere(target)], content };
        }
        if !self.known.contains(&target) && !tabs::is_tab(&target) {
            match self.sibling(&target) {
                Some(Sibling { address: Some(address), .. }) => {
                    let (prefix, uri) = ("xml".into(), "http://www.w3.org/XML/1998/namespace".into());
                    let name = QName { namespace: Some(Arc::new(Namespace { prefix, uri })), ..QName::plain("base") };
                    tag.attributes.0.push(Attribute { name, value: address.into() });
                }
                Some(_) => {}
                None => _ = self.missing.insert(target.clone()),
            }
        }
        Reference { tag, targets: vec![Target::Here(Id(target))], content }
    }

    /// The file of a document, or of a note's document, if the run has it.
    fn sibling(&mut self, id: &str) -> Option<Sibling> {
        let document = id.rfind("fn").map_or(id, |at| &id[..at]);
        let siblings = self.input.siblings?;
        if let Some(known) = self.siblings.get(document) {
            return known.clone();
        }
        // Where files are named for their documents, one of another volume may bear the number.
        let found = if self.prefix.is_empty() {
            siblings.numbered(document.strip_prefix('d')?)
        } else {
            siblings.find(&format!("{}{document}", self.prefix))
        };
        self.looked_for.extend(found.iter().map(|found| found.file.clone()));
        let found = found.filter(|found| found.known);
        self.siblings.insert(document.into(), found.clone());
        found
    }
}

/// What was said so far in a line, notes aside.
#[derive(Default)]
struct Said(String);

impl Said {
    /// Keeps no more than what a reference is understood by, and says how much that is.
    fn shorten(&mut self) -> usize {
        let mut from = self.0.len().saturating_sub(NEAR);
        while !self.0.is_char_boundary(from) {
            from += 1;
        }
        self.0.drain(..from);
        self.0.len()
    }
}

impl Visit<'_> for Said {
    fn inline(&mut self, inline: &Inline) {
        match inline {
            Inline::Text(text) => self.0.push_str(text),
            Inline::Note(_) => {}
            _ => walk_inline(self, inline),
        }
    }
}

/// True for the heading of a document that the editors wrote: `12. Editorial Note`.
fn is_editorial(block: &Block) -> bool {
    let Block::Heading(heading) = block else { return false };
    heading.content.iter().any(|inline| matches!(inline, Inline::Text(text) if text.contains("Editorial Note")))
}

/// Whose words a text is. Only editors refer to the documents of their edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// The editors'.
    Editors,
    /// The document's, but for what stands in square brackets.
    Document,
}

impl Scope {
    /// True if a reference behind these words is the editors'.
    fn holds(self, before: &str) -> bool {
        self == Self::Editors || before.rfind('[').is_some_and(|open| !before[open..].contains(']'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Date;

    /// The words that became references.
    fn linked(mut content: Vec<Inline>) -> Vec<String> {
        let input = Input::new("d12", b"");
        Linking::new(&input, BTreeSet::new()).link(&mut content, Scope::Editors, Some(("d12", false)), None);
        let words = |inline: &Inline| match inline {
            Inline::Reference(reference) => Some(crate::model::words(&reference.content)),
            _ => None,
        };
        content.iter().filter_map(words).collect()
    }

    #[test]
    fn what_is_marked_before_a_reference_is_said_all_the_same() {
        let date = Date { tag: Tag::default(), when: None, content: vec![Inline::text("May 4, 1931")] };
        for (before, behind, found) in
            [("See the Lake Papers, vol. VI, ", ", Document 9.", 0), ("Letter of ", ", supra.", 1)]
        {
            let marked = vec![Inline::text(before), Inline::Date(Box::new(date.clone())), Inline::text(behind)];
            let plain = vec![Inline::text(format!("{before}May 4, 1931{behind}"))];
            assert_eq!(linked(marked.clone()), linked(plain));
            assert_eq!(linked(marked).len(), found);
        }
    }
}

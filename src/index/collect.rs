//! The documents of a file as entries: each division that is a document, or the file as a whole.

use std::collections::HashMap;

use super::{Correspondent, Entry, Named};
use crate::enrich::location;
use crate::model::visit::{Visit, walk_block, walk_blocks, walk_document, walk_inline};
use crate::model::{
    Block, Correspondence, Date, Division, Document, FormulaKind, Inline, Metadata, Moment, Name, NameKind, Note,
    NoteKind, Party, Reference, Target, When, words,
};

/// One entry for each document in a file; for a file without divisions that are documents, one for the whole.
pub fn entries(file: &str, document: &Document) -> Vec<Entry> {
    let mut found = Vec::new();
    for part in document.parts() {
        documents(part, &mut |division| found.push(of_division(file, division)));
    }
    match found.as_mut_slice() {
        [] => found.push(of_whole(file, document)),
        // What is known of a file that holds one document is known of that document.
        [only] => complete(only, &document.metadata),
        _ => {}
    }
    found
}

/// Calls `f` with each division that is a document, outermost first; none lies within another.
fn documents<'d>(blocks: &'d [Block], f: &mut impl FnMut(&'d Division)) {
    for block in blocks {
        match block {
            Block::Division(division) if division.kind.as_deref() == Some("document") => f(division),
            Block::Division(division) => documents(&division.content, f),
            _ => {}
        }
    }
}

fn of_division(file: &str, division: &Division) -> Entry {
    let mut collector = Collector::default();
    walk_blocks(&mut collector, &division.content);
    let mut entry = collector.entry(file);
    entry.id = division.tag.id.as_ref().map(ToString::to_string);
    entry.number.clone_from(&division.number.as_ref().map(ToString::to_string));
    if let Some(number) = &entry.number {
        let rest = entry.title.strip_prefix(number.as_str()).and_then(|rest| rest.strip_prefix('.'));
        entry.title = rest.map_or_else(|| entry.title.clone(), |rest| rest.trim_start().to_owned());
    }
    entry
}

fn of_whole(file: &str, document: &Document) -> Entry {
    let mut collector = Collector::default();
    walk_document(&mut collector, document);
    let mut entry = collector.entry(file);
    if !document.metadata.title.main.is_empty() {
        entry.title.clone_from(&document.metadata.title.main);
    }
    complete(&mut entry, &document.metadata);
    entry
}

/// Adds what the file's metadata say.
fn complete(entry: &mut Entry, metadata: &Metadata) {
    if let Some(Correspondence { senders, addressees, place, date }) = &metadata.correspondence {
        let parties = |parties: &[Party]| parties.iter().map(correspondent).collect();
        entry.senders = parties(senders);
        entry.addressees = parties(addressees);
        entry.place = entry.place.take().or_else(|| place.clone());
        if entry.from.is_none() {
            (entry.from, entry.to) = date.map_or((None, None), ends);
        }
    }
    let repository = metadata.source.location.iter().find(|part| part.scheme == "repository");
    if let Some(repository) = repository {
        entry.repository = Some(repository.value.clone());
    }
}

fn correspondent(party: &Party) -> Correspondent {
    Correspondent { name: party.person.clone().unwrap_or_else(|| party.name.clone()), uri: party.uri.clone() }
}

fn ends(when: When) -> (Option<Moment>, Option<Moment>) {
    match when {
        When::On(moment) => (Some(moment), None),
        When::Between(from, to) | When::Within(from, to) => (from.or(to), to.filter(|_| from.is_some())),
    }
}

#[derive(Default)]
struct Collector {
    entry: Entry,
    heading: Option<String>,
    in_dateline: bool,
    in_heading: bool,
    /// How many notes are open: their words are not the text's.
    within: usize,
    source: String,
    in_source: bool,
    /// Where in the entry's names a target stands.
    known: HashMap<String, usize>,
}

impl Collector {
    fn entry(self, file: &str) -> Entry {
        let mut entry = self.entry;
        entry.file = file.to_owned();
        entry.title = self.heading.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        let location = location(self.source.split_whitespace().collect::<Vec<_>>().join(" ").as_str());
        entry.repository = location.into_iter().find(|part| part.scheme == "repository").map(|part| part.value);
        entry
    }

    fn text(&mut self, text: &str) {
        if self.in_source {
            self.source.push_str(text);
        }
        if self.within > 0 {
            return;
        }
        // A word that is cut by markup counts twice; white space alone counts nothing.
        self.entry.words += text.split_whitespace().count();
        if self.in_heading
            && let Some(heading) = &mut self.heading
        {
            heading.push_str(text);
        }
    }

    fn named(&mut self, kind: &'static str, target: Option<&Target>, content: &[Inline]) {
        let Some(target) = target.map(ToString::to_string) else { return };
        let words = words(content);
        let names = &mut self.entry.names;
        let at = *self.known.entry(target.clone()).or_insert_with(|| {
            names.push(Named { kind, target, ..Named::default() });
            names.len() - 1
        });
        names[at].times += 1;
        if words.len() > names[at].name.len() {
            names[at].name = words;
        }
    }

    fn name(&mut self, name: &Name) {
        let kind = match name.kind {
            NameKind::Person => "person",
            NameKind::Place => "place",
            NameKind::Organisation => "organisation",
            NameKind::Other => "name",
        };
        self.named(kind, name.target.as_ref(), &name.content);
        let words = words(&name.content);
        let correspondent =
            || Correspondent {
                name: words.clone(),
                uri: name.target.as_ref().map(ToString::to_string).or_else(|| {
                    ["ref", "corresp"].iter().find_map(|key| name.tag.attributes.get(key)).map(str::to_owned)
                }),
            };
        match name.role.as_deref() {
            Some("from") if self.in_heading => self.entry.senders.push(correspondent()),
            Some("to") if self.in_heading => self.entry.addressees.push(correspondent()),
            _ if self.in_dateline && name.kind == NameKind::Place && self.entry.place.is_none() => {
                self.entry.place = Some(words);
            }
            _ => {}
        }
    }

    fn date(&mut self, date: &Date) {
        if let (true, None, Some(when)) = (self.in_dateline, self.entry.from, date.when) {
            (self.entry.from, self.entry.to) = ends(when);
        }
    }

    fn reference(&mut self, reference: &Reference) {
        for target in reference.targets.iter().map(ToString::to_string) {
            if !self.entry.references.contains(&target) {
                self.entry.references.push(target);
            }
        }
    }

    fn note(&mut self, note: &Note, walk: impl FnOnce(&mut Self)) {
        self.entry.notes += 1;
        self.within += 1;
        let was = self.in_source;
        self.in_source = note.kind == NoteKind::Source && self.source.is_empty();
        walk(self);
        self.in_source = was;
        self.within -= 1;
    }
}

impl<'a> Visit<'a> for Collector {
    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Note(note) => self.note(note, |collector| walk_block(collector, block)),
            Block::Heading(_) if self.heading.is_none() => {
                (self.heading, self.in_heading) = (Some(String::new()), true);
                walk_block(self, block);
                self.in_heading = false;
            }
            Block::Formula(formula) if formula.kind == FormulaKind::Dateline => {
                let was = std::mem::replace(&mut self.in_dateline, true);
                walk_block(self, block);
                self.in_dateline = was;
            }
            _ => walk_block(self, block),
        }
        self.source.push_str(if self.in_source { " " } else { "" });
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Text(text) => self.text(text),
            Inline::Note(note) => self.note(note, |collector| walk_inline(collector, inline)),
            Inline::Name(name) => {
                self.name(name);
                walk_inline(self, inline);
            }
            Inline::Term(term) => {
                self.named("term", term.target.as_ref(), &term.content);
                walk_inline(self, inline);
            }
            Inline::Date(date) => {
                self.date(date);
                walk_inline(self, inline);
            }
            Inline::Reference(reference) => {
                self.reference(reference);
                walk_inline(self, inline);
            }
            _ => walk_inline(self, inline),
        }
    }
}

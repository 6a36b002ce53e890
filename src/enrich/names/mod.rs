//! The passes `names` and `terms`: persons, places, organisations and terms that authority files or the text's own lists
//! know. A name is looked for in all its forms; whom a surname means is decided by the given names and titles before
//! it, by who else is named in the document, and by its date. What can't be decided is left unmarked.

mod decide;
mod flat;
mod reading;
mod words;

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use decide::{Evidence, decide};
use flat::{Flat, Mark};
use reading::{Said, Seen};

use super::{Pass, dates, runs};
use crate::authority::{Authorities, Finder, Kind, of_document};
use crate::diagnostic::{Code, Log};
use crate::model::visit::{Visit, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Name, NameKind, Tag, Target, Term, words as words_of};
use crate::source::Span;

const AMBIGUOUS: Code = Code("name.ambiguous");

/// Marks persons, places and organisations.
#[derive(Clone, Debug, Default)]
pub struct Names {
    finder: Option<Arc<Finder>>,
}

/// Marks terms and abbreviations.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    finder: Option<Arc<Finder>>,
}

const NAMES: [Kind; 3] = [Kind::Person, Kind::Place, Kind::Organisation];

impl Names {
    /// The pass, with authorities besides a text's own lists. They are made ready once, and shared by all documents.
    pub fn new(authorities: Arc<Authorities>) -> Self {
        Self { finder: Finder::new(authorities, &NAMES).map(Arc::new) }
    }
}

impl Terms {
    /// The pass, with authorities besides a text's own lists.
    pub fn new(authorities: Arc<Authorities>) -> Self {
        Self { finder: Finder::new(authorities, &[Kind::Term]).map(Arc::new) }
    }
}

impl Pass for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn summary(&self) -> &'static str {
        "persons, places and organisations of authority files and of the text's own lists"
    }

    fn is_asked_for(&self) -> bool {
        self.finder.is_some()
    }

    fn run(&self, document: Document, log: &mut Log) -> Document {
        run(document, self.finder.clone(), &NAMES, log)
    }
}

impl Pass for Terms {
    fn name(&self) -> &'static str {
        "terms"
    }

    fn summary(&self) -> &'static str {
        "terms and abbreviations of authority files and of the text's own lists"
    }

    fn is_asked_for(&self) -> bool {
        self.finder.is_some()
    }

    fn run(&self, document: Document, log: &mut Log) -> Document {
        run(document, self.finder.clone(), &[Kind::Term], log)
    }
}

/// A list to look names up in.
pub(super) struct Source {
    pub finder: Arc<Finder>,
    /// True for a list of the text's own: it is about this text.
    pub own: bool,
}

fn run(mut document: Document, shared: Option<Arc<Finder>>, kinds: &[Kind], log: &mut Log) -> Document {
    let mut sources = Vec::new();
    if let Some(finder) = Finder::new(Arc::new(of_document(&document)), kinds) {
        sources.push(Source { finder: Arc::new(finder), own: true });
    }
    sources.extend(shared.map(|finder| Source { finder, own: false }));
    if sources.is_empty() {
        return document;
    }
    let mut evidence = Evidence::default();
    let mut found: Vec<Unit> = Vec::new();
    units(&mut document, &mut |blocks| {
        let unit = look(blocks, &sources);
        evidence.count(&unit.runs);
        found.push(unit);
    });
    let mut found = found.into_iter();
    let mut open = Vec::new();
    units(&mut document, &mut |blocks| {
        let Some(unit) = found.next().filter(|unit| unit.runs.iter().any(|run| !run.is_empty())) else { return };
        evidence.enter(&unit);
        let mut runs = unit.runs.into_iter();
        runs::whole(blocks, &mut |content| {
            if let Some(seen) = runs.next().filter(|seen| !seen.is_empty()) {
                mark(content, seen, &sources, &evidence, &mut open);
            }
        });
    });
    point_parties(&mut document);
    open.sort();
    open.dedup();
    for words in open {
        log.note(
            AMBIGUOUS,
            Span::default(),
            format!("“{words}” may be one of several that the lists have; it is left unmarked"),
        );
    }
    document
}

/// Sender and addressee point where their names in the heading do.
fn point_parties(document: &mut Document) {
    struct Parties(HashMap<String, String>);
    impl<'a> Visit<'a> for Parties {
        fn inline(&mut self, inline: &'a Inline) {
            if let Inline::Name(name) = inline
                && let (Some(_), Some(Target::Elsewhere(uri))) = (&name.role, &name.target)
            {
                self.0.entry(words_of(&name.content)).or_insert_with(|| uri.to_string());
            }
            walk_inline(self, inline);
        }
    }
    if document.metadata.correspondence.is_none() {
        return;
    }
    let mut known = Parties(HashMap::new());
    walk_document(&mut known, document);
    if let Some(said) = &mut document.metadata.correspondence {
        for party in said.senders.iter_mut().chain(&mut said.addressees).filter(|party| party.uri.is_none()) {
            let name = party.person.as_ref().unwrap_or(&party.name);
            party.uri = known.0.get(name).cloned();
        }
    }
}

/// What was seen in one document of a volume, line by line.
pub(super) struct Unit {
    runs: Vec<Vec<Seen>>,
    date: Option<crate::model::Moment>,
    /// Surnames that stand in the document as other words, too, in small letters.
    words: HashSet<String>,
}

/// Calls `f` with each part of a text that is a document of its own, and with what stands between them.
fn units(document: &mut Document, f: &mut impl FnMut(&mut [Block])) {
    for part in document.parts_mut() {
        divisions(part, f);
    }
}

fn divisions(blocks: &mut [Block], f: &mut impl FnMut(&mut [Block])) {
    for block in blocks {
        match block {
            Block::Division(division) if dates::holds_documents(division) => divisions(&mut division.content, f),
            Block::Division(division) => f(&mut division.content),
            other => f(std::slice::from_mut(other)),
        }
    }
}

/// Looks for names without deciding.
fn look(blocks: &mut [Block], sources: &[Source]) -> Unit {
    let mut found = Vec::new();
    let mut any = false;
    let mut bare: HashSet<String> = HashSet::new();
    let mut all = String::new();
    runs::whole(blocks, &mut |content| {
        let flat = Flat::of(content);
        let mut seen = Vec::new();
        for (number, source) in sources.iter().enumerate() {
            for hit in source.finder.find(&flat.text) {
                if flat.is_free(&hit.at) {
                    seen.extend(reading::read(&source.finder, number, &flat.text, &hit));
                }
            }
        }
        for one in &mut seen {
            let bare = one.at.clone();
            one.options.retain_mut(|option| {
                let can = |at: &Range<usize>| flat.is_free(at) && flat.fits(content, at);
                // A note may be called between given name and surname.
                if !can(&option.at) {
                    option.at = option.at.start.max(bare.start)..option.at.end.min(bare.end);
                }
                can(&option.at)
            });
        }
        seen.retain(|one| !one.options.is_empty());
        any |= !seen.is_empty();
        bare.extend(seen.iter().filter(|one| one.is_bare()).map(|one| flat.text[one.at.clone()].to_lowercase()));
        found.push(seen);
        all.push_str(&flat.text);
        all.push('\n');
    });
    // `Begin` may be a name, or the first word of a sentence: where the text has the word in small letters, too, it is
    // doubted.
    bare.retain(|word| has_word(&all, word));
    let date = if any { dates::written(blocks) } else { None };
    Unit { runs: found, date, words: bare }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Decides what the names in a line mean, and marks them.
fn mark(content: &mut Vec<Inline>, seen: Vec<Seen>, sources: &[Source], evidence: &Evidence, open: &mut Vec<String>) {
    let flat = Flat::of(content);
    let mut decided = Vec::new();
    for one in seen {
        match decide(&one, &flat.text[one.at.clone()], &sources[one.finder], evidence) {
            Ok(Some(choice)) => decided.push((one.finder, choice)),
            Ok(None) => {}
            Err(decide::Ambiguous) => open.push(flat.text[one.at.clone()].to_owned()),
        }
    }
    let mut marks: Vec<Mark> = Vec::new();
    for (finder, (choice, inference)) in apart(decided) {
        let entry = sources[finder].finder.entry(choice.entry);
        let (kind, target) = (entry.kind, entry.target.clone());
        let pointed = target.clone();
        let make = move |content: Vec<Inline>| {
            let tag = Tag::default().inferred(inference);
            let target = Some(pointed);
            let kind = match kind {
                Kind::Term => return Inline::Term(Box::new(Term { tag, target, content })),
                Kind::Person => NameKind::Person,
                Kind::Place => NameKind::Place,
                Kind::Organisation => NameKind::Organisation,
            };
            Inline::Name(Box::new(Name { tag, kind, role: None, target, content }))
        };
        marks.push(Mark { at: choice.at, make: Box::new(make), target });
    }
    flat.mark(content, marks);
}

type Decided = (usize, decide::Decision);

/// Of names that overlap the one that says more: a full name before a surname, then the longer, then the first.
fn apart(mut decided: Vec<Decided>) -> Vec<Decided> {
    decided.sort_by_key(|(_, (choice, _))| (choice.at.start, std::cmp::Reverse(choice.at.end)));
    let weight = |(_, (choice, _)): &Decided| (choice.said > Said::Surname, choice.at.len());
    let mut kept: Vec<Decided> = Vec::new();
    for one in decided {
        match kept.last() {
            Some(last) if last.1.0.at.end > one.1.0.at.start => {
                if weight(&one) > weight(last) {
                    kept.pop();
                    kept.push(one);
                }
            }
            _ => kept.push(one),
        }
    }
    kept
}

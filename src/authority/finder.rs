//! All names of many entries at once, found in one pass over a text: a trie whose steps are words and the characters between
//! them. Since no name begins within a word, each word of the text is the beginning of at most one path through it, and no
//! way back is needed, as Aho and Corasick (1975) have it for characters; an automaton of the characters of 100,000 names
//! takes ten times as long to build as a small corpus to convert. The time is linear in names and text.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::ops::Range;
use std::sync::Arc;

use compact_str::CompactString;

use super::{Authorities, Entry, Form, Kind, Part, PersonName};

/// Authorities, ready to be found in texts. To build it takes time; it is built once and shared.
#[derive(Debug)]
pub struct Finder {
    authorities: Arc<Authorities>,
    names: Vec<Option<PersonName>>,
    groups: Vec<Vec<Candidate>>,
    trie: Trie,
}

/// What some words may be the name of.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The number of the entry.
    pub entry: usize,
    /// The words as the entry has them.
    pub words: CompactString,
    /// How many bytes at the beginning are no part of the name.
    pub skip: usize,
    /// How much of the name they are.
    pub part: Part,
}

/// A place in a text where words stand that are a name of one or more entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its bytes.
    pub at: Range<usize>,
    /// Which words: see [`Finder::candidates`].
    pub group: usize,
}

impl Finder {
    /// Takes the entries of some kinds. Nothing if there are none.
    pub fn new(authorities: Arc<Authorities>, kinds: &[Kind]) -> Option<Self> {
        let mut groups: Vec<Vec<Candidate>> = Vec::new();
        let mut trie = Trie::default();
        let mut seen = HashSet::new();
        let mut names = vec![None; authorities.entries.len()];
        let inverted = inverted(&authorities);
        for (number, entry) in authorities.entries.iter().enumerate() {
            // Lists have some entries twice.
            let is_new = kinds.contains(&entry.kind) && seen.insert((entry.kind, &entry.name, &entry.about));
            if !is_new {
                continue;
            }
            let (forms, name) = forms(entry, inverted);
            names[number] = name;
            for form in forms {
                let folded: CompactString = form.words.chars().filter_map(fold).collect();
                let words = folded.trim_start_matches(|c: char| !is_of_word(c));
                let Some(group) = trie.insert(words, groups.len()) else { continue };
                if group == groups.len() {
                    groups.push(Vec::new());
                }
                let candidate = Candidate { entry: number, words: words.into(), skip: form.skip, part: form.part };
                if groups[group].iter().all(|known| known.entry != number || known.words != candidate.words) {
                    groups[group].push(candidate);
                }
            }
        }
        drop(seen);
        (!groups.is_empty()).then_some(Self { authorities, names, groups, trie })
    }

    fn is_term(&self, group: usize) -> bool {
        self.groups[group].first().is_some_and(|candidate| self.entry(candidate.entry).kind == Kind::Term)
    }

    /// The entry of a number.
    pub fn entry(&self, number: usize) -> &Entry {
        &self.authorities.entries[number]
    }

    /// The name of a person, taken apart.
    pub fn person(&self, number: usize) -> Option<&PersonName> {
        self.names[number].as_ref()
    }

    /// What the words of a hit may be the name of.
    pub fn candidates(&self, group: usize) -> &[Candidate] {
        &self.groups[group]
    }

    /// Where names stand in a text whose characters went through [`fold`], in order; of those that begin at one
    /// place, the longest first. None begins or ends within a word.
    pub fn find(&self, text: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut at = 0;
        while let Some(step) = step(text, at) {
            if step.is_word && begins(&text[..at]) {
                self.follow(text, at, &mut hits);
            }
            at = step.end;
        }
        hits
    }

    /// Adds the names that begin at a word, the longest first.
    fn follow(&self, text: &str, start: usize, hits: &mut Vec<Hit>) {
        let (first, mut at, mut node) = (hits.len(), start, 0);
        while let Some(step) = step(text, at) {
            // `ABMs` is the plural of ABM.
            if step.is_word
                && let Some(singular) = singular(&text[at..step.end])
                && let Some(group) = self.trie.end(node, hash(singular)).filter(|group| self.is_term(*group))
                && ends(&text[step.end..])
            {
                hits.push(Hit { at: start..step.end, group });
            }
            let Some(next) = self.trie.next(node, step.hash) else { break };
            (node, at) = (next, step.end);
            if let Some(group) = self.trie.group(node)
                && ends(&text[at..])
            {
                hits.push(Hit { at: start..at, group });
            }
        }
        hits[first..].reverse();
    }
}

/// Words and what stands between them, as numbered nodes; 0 is the root.
#[derive(Debug, Default)]
struct Trie {
    steps: HashMap<u64, u32, BuildHasherDefault<Plain>>,
    /// The group of each node behind the root, if a name ends there.
    groups: Vec<Option<u32>>,
}

impl Trie {
    /// Adds a name; gives the group of those that are written like it, which is `new` if there were none.
    fn insert(&mut self, words: &str, new: usize) -> Option<usize> {
        let (mut at, mut node) = (0, 0);
        while let Some(step) = step(words, at) {
            let fresh = u32::try_from(self.groups.len() + 1).ok()?;
            node = *self.steps.entry(key(node, step.hash)).or_insert(fresh);
            if node == fresh {
                self.groups.push(None);
            }
            at = step.end;
        }
        let group = self.groups.get_mut(usize::try_from(node).ok()?.checked_sub(1)?)?;
        let new = u32::try_from(new).ok()?;
        usize::try_from(*group.get_or_insert(new)).ok()
    }

    fn next(&self, node: u32, hash: u64) -> Option<u32> {
        self.steps.get(&key(node, hash)).copied()
    }

    fn group(&self, node: u32) -> Option<usize> {
        self.groups[node as usize - 1].map(|group| group as usize)
    }

    fn end(&self, node: u32, hash: u64) -> Option<usize> {
        self.group(self.next(node, hash)?)
    }
}

/// One step through a text: a word, or one character between words.
struct Step {
    end: usize,
    hash: u64,
    is_word: bool,
}

fn step(text: &str, at: usize) -> Option<Step> {
    let rest = &text[at..];
    let first = rest.chars().next()?;
    let is_word = is_of_word(first);
    let length = if is_word { rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()) } else { first.len_utf8() };
    Some(Step { end: at + length, hash: hash(&rest[..length]), is_word })
}

fn is_of_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_mark(c) }
}

/// A number that words have in common which differ in capitals alone (Fowler, Noll and Vo's, of 64 bits). That two other words
/// have the same is as good as impossible; where it happened, a reader of hits would see that the letters differ.
fn hash(word: &str) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    let start = 0xcbf2_9ce4_8422_2325;
    if word.is_ascii() {
        return word.bytes().fold(start, |hash, byte| add(hash, byte.to_ascii_lowercase()));
    }
    let mut buffer = [0; 4];
    let letters = word.chars().flat_map(char::to_lowercase);
    letters.fold(start, |hash, c| c.encode_utf8(&mut buffer).bytes().fold(hash, add))
}

/// A step from a node. The last multiplication spreads it over all bits, since the map takes it as it is.
fn key(node: u32, hash: u64) -> u64 {
    (hash ^ ((u64::from(node) << 32) | u64::from(node))).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29)
}

/// For keys that are spread already.
#[derive(Debug, Default)]
struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

/// One character as it is compared: one kind of apostrophe, of hyphen and of space; none for a soft hyphen.
pub fn fold(c: char) -> Option<char> {
    Some(match c {
        '\u{ad}' => return None,
        '’' | 'ʼ' | '‘' | '`' => '\'',
        '–' | '‐' | '‑' => '-',
        c if c.is_whitespace() => ' ',
        c => c,
    })
}

/// True if most names of persons have the surname first, as lists mostly do.
fn inverted(authorities: &Authorities) -> bool {
    let persons = authorities.entries.iter().filter(|entry| entry.kind == Kind::Person);
    let (commas, all) =
        persons.fold((0, 0), |(commas, all), entry| (commas + usize::from(entry.name.contains(',')), all + 1));
    commas * 2 > all
}

fn forms(entry: &Entry, inverted: bool) -> (Vec<Form>, Option<PersonName>) {
    let whole = |words: &str| Form { words: words.into(), skip: 0, part: Part::Whole };
    match entry.kind {
        Kind::Person => {
            let mut name = PersonName::parse(&entry.name, inverted);
            let mut forms = name.forms();
            for variant in &entry.variants {
                let other = PersonName::parse(variant, false);
                if variant.contains(',') {
                    forms.extend(other.forms());
                } else {
                    forms.push(whole(variant));
                }
                for given in other.given {
                    if !name.given.contains(&given) && variant.contains(',') {
                        name.given.push(given);
                    }
                }
            }
            (forms, Some(name))
        }
        Kind::Place | Kind::Organisation => {
            (std::iter::once(&entry.name).chain(&entry.variants).map(|name| whole(name)).collect(), None)
        }
        Kind::Term => (terms(entry).iter().map(|name| whole(name)).collect(), None),
    }
}

/// `PHP` is also `P.H.P.`, `R/PM (RPM)` also `R/PM` and `RPM`.
fn terms(entry: &Entry) -> Vec<String> {
    let mut forms = Vec::new();
    for name in std::iter::once(&entry.name).chain(&entry.variants) {
        forms.push(name.clone());
        if let (Some(open), true) = (name.find(" ("), name.ends_with(')')) {
            forms.push(name[..open].to_owned());
            let inner = &name[open + 2..name.len() - 1];
            if !inner.contains(' ') {
                forms.push(inner.to_owned());
            }
        }
        forms.extend(name.split([';', ',']).map(str::trim).filter(|part| part.len() < name.len()).map(str::to_owned));
        forms.extend(name.split(" or ").filter(|part| part.len() < name.len()).map(str::to_owned));
    }
    for form in forms.clone() {
        let letters: String = form.chars().filter(|c| *c != '.').collect();
        if letters.len() > 1 && letters.chars().all(|c| c.is_ascii_uppercase()) {
            forms.push(if letters == form { letters.chars().map(|c| format!("{c}.")).collect() } else { letters });
        }
    }
    forms.retain(|form| !form.is_empty());
    forms
}

/// The abbreviation of which a word is the plural: ABM of `ABMs`.
fn singular(word: &str) -> Option<&str> {
    word.strip_suffix('s').filter(|bare| bare.chars().count() > 1 && !bare.ends_with('s'))
}

/// True if a word may begin behind this text.
fn begins(before: &str) -> bool {
    let mut back = before.chars().rev();
    match back.next() {
        None => true,
        Some(c) if c.is_alphanumeric() || is_mark(c) => false,
        Some('\'') => !back.next().is_some_and(char::is_alphabetic),
        // `al-Tarn` is not Tarn, `Moor-Tarn` is both.
        Some('-') => {
            let word: String = back.take_while(|c| c.is_alphanumeric()).collect();
            word.chars().count() != 2 || !word.starts_with(char::is_lowercase)
        }
        Some(_) => true,
    }
}

/// True if a word may end before this text.
fn ends(after: &str) -> bool {
    let mut on = after.chars();
    match on.next() {
        None => true,
        Some(c) if c.is_alphanumeric() || is_mark(c) => false,
        // `Moor's` is Moor; `T'ang` is not T.
        Some('\'') => {
            let rest: String = on.take_while(|c| c.is_alphabetic()).collect();
            rest.is_empty() || rest.eq_ignore_ascii_case("s")
        }
        Some(_) => true,
    }
}

/// A mark that belongs to the letter before it.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Target;

    fn finder(kind: Kind, names: &[&str]) -> Finder {
        let entries = names.iter().map(|name| Entry {
            kind,
            target: Target::parse("#x"),
            name: (*name).to_owned(),
            variants: Vec::new(),
            about: String::new(),
            life: (None, None),
        });
        Finder::new(Arc::new(Authorities { entries: entries.collect() }), &[kind]).unwrap()
    }

    fn found(finder: &Finder, text: &str) -> Vec<String> {
        finder.find(text).into_iter().map(|hit| text[hit.at].to_owned()).collect()
    }

    #[test]
    fn no_name_begins_or_ends_within_a_word() {
        let finder = finder(Kind::Person, &["Moor, Ada", "Moo, Bo", "Tarn, Ines"]);
        assert_eq!(
            found(&finder, "Moorland, a Moor's house, O'Moor, Moor-Tarn, xMoo, al-Tarn"),
            ["Moor", "Moor", "Tarn"]
        );
    }

    #[test]
    fn a_term_has_its_spellings() {
        let finder = finder(Kind::Term, &["LO", "R/PM (RPM)"]);
        assert_eq!(found(&finder, "LO L.O. LOs R/PM RPM LOW"), ["LO", "L.O.", "LOs", "R/PM", "RPM"]);
    }
}

//! All names of many entries at once, found in one pass over a text (Aho and Corasick 1975): the time does not depend
//! on how many names there are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{Authorities, Entry, Form, Kind, Part, PersonName};

/// Authorities, ready to be found in texts. To build it takes time; it is built once and shared.
#[derive(Debug)]
pub struct Finder {
    authorities: Arc<Authorities>,
    names: Vec<Option<PersonName>>,
    groups: Vec<Vec<Candidate>>,
    automaton: AhoCorasick,
}

/// What some words may be the name of.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The number of the entry.
    pub entry: usize,
    /// The words as the entry has them.
    pub words: String,
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
    /// Takes the entries of some kinds. Nothing if there are none, or more than can be searched for.
    pub fn new(authorities: Arc<Authorities>, kinds: &[Kind]) -> Option<Self> {
        let mut groups: Vec<Vec<Candidate>> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
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
                let words: String = form.words.chars().filter_map(fold).collect();
                let group = *known.entry(words.to_ascii_lowercase()).or_insert_with(|| {
                    groups.push(Vec::new());
                    groups.len() - 1
                });
                let candidate = Candidate { entry: number, words, skip: form.skip, part: form.part };
                if groups[group].iter().all(|known| known.entry != number || known.words != candidate.words) {
                    groups[group].push(candidate);
                }
            }
        }
        let mut patterns = vec![String::new(); groups.len()];
        known.into_iter().for_each(|(words, group)| patterns[group] = words);
        // Overlapping matches: a longer name that ends within a word must not hide a shorter one.
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(&patterns)
            .ok()?;
        (!groups.is_empty()).then_some(Self { authorities, names, groups, automaton })
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
        let mut hits: Vec<Hit> = self
            .automaton
            .find_overlapping_iter(text)
            .filter(|found| begins(&text[..found.start()]))
            .filter_map(|found| {
                let (mut at, group) = (found.range(), found.pattern().as_usize());
                if self.is_term(group) && is_plural(&text[at.clone()], &text[at.end..]) {
                    at.end += 1;
                }
                ends(&text[at.end..]).then_some(Hit { at, group })
            })
            .collect();
        hits.sort_by_key(|hit| (hit.at.start, std::cmp::Reverse(hit.at.end)));
        hits
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
    let whole = |words: &str| Form { words: words.to_owned(), skip: 0, part: Part::Whole };
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

/// True if an abbreviation goes on with the `s` of a plural: `ABMs`.
fn is_plural(found: &str, after: &str) -> bool {
    after.strip_prefix('s').is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        && found.chars().count() > 1
        && !found.ends_with('s')
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

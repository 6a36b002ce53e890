//! Which of several entries a name means, and how certainly.

use std::collections::{HashMap, HashSet};

use super::reading::{Choice, Said, Seen};
use super::{Source, Unit};
use crate::authority::{Kind, Tenure};
use crate::model::{Certainty, Inference, Moment};

/// What a text says of who is named in it.
#[derive(Default)]
pub(super) struct Evidence {
    /// How often entries are named in full, in all of the text.
    everywhere: HashMap<(usize, usize), u32>,
    /// How often in the document at hand.
    here: HashMap<(usize, usize), u32>,
    /// When the document at hand was written.
    date: Option<Moment>,
    /// Surnames that the document at hand has as other words, too.
    words: HashSet<String>,
}

/// A choice, and why.
pub(super) type Decision = (Choice, Inference);

/// Several entries are meant equally well.
pub(super) struct Ambiguous;

impl Evidence {
    /// Adds the names in full of one document.
    pub(super) fn count(&mut self, runs: &[Vec<Seen>]) {
        for key in in_full(runs) {
            *self.everywhere.entry(key).or_default() += 1;
        }
    }

    /// Goes on to a document.
    pub(super) fn enter(&mut self, unit: &Unit) {
        self.here.clear();
        for key in in_full(&unit.runs) {
            *self.here.entry(key).or_default() += 1;
        }
        self.date = unit.date;
        self.words.clone_from(&unit.words);
    }
}

/// The entries that are named so that no other can be meant.
fn in_full(runs: &[Vec<Seen>]) -> impl Iterator<Item = (usize, usize)> + '_ {
    runs.iter().flatten().filter_map(|seen| {
        let mut full = seen.options.iter().filter(|option| option.said > Said::Surname && !option.doubt);
        let first = full.next()?;
        full.next().is_none().then_some((seen.finder, first.entry))
    })
}

/// Decides for one of the options; nothing if none is likely enough.
pub(super) fn decide(
    seen: &Seen,
    words: &str,
    source: &Source,
    evidence: &Evidence,
) -> Result<Option<Decision>, Ambiguous> {
    let most = seen.options.iter().map(|option| option.said).max().unwrap_or(Said::Surname);
    let mut options: Vec<&Choice> =
        seen.options.iter().filter(|option| option.said == most && lived(option, source, evidence)).collect();
    if options.iter().any(|option| !option.doubt) {
        options.retain(|option| !option.doubt);
    }
    let Some(&first) = options.first() else { return Ok(None) };
    let (choice, margin, weight) = match options.as_slice() {
        [_] => (first, None, weigh(first, seen.finder, source, evidence, false)),
        several => {
            let mut weights: Vec<(i32, &Choice)> =
                several.iter().map(|option| (weigh(option, seen.finder, source, evidence, true), *option)).collect();
            weights.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
            (weights[0].1, Some(weights[0].0 - weights[1].0), weights[0].0)
        }
    };
    if margin == Some(0) {
        return Err(Ambiguous);
    }
    let entry = source.finder.entry(choice.entry);
    let mut choice = choice.clone();
    choice.doubt |= seen.is_bare() && evidence.words.contains(&words.to_lowercase());
    let certainty = certainty(&choice, margin, weight, source.own, entry.kind);
    let Some(certainty) = certainty else { return Ok(None) };
    let why = why(&choice, margin, weight, &entry.name, entry.kind, certainty);
    Ok(Some((choice, why)))
}

/// False for a person who was not born when the document was written.
fn lived(option: &Choice, source: &Source, evidence: &Evidence) -> bool {
    let (Some(date), (Some(birth), _)) = (evidence.date, source.finder.entry(option.entry).life) else { return true };
    birth.year <= date.year
}

/// How much speaks for an option. Offices and dates are read only where there is something to tell apart.
fn weigh(option: &Choice, finder: usize, source: &Source, evidence: &Evidence, contested: bool) -> i32 {
    let key = (finder, option.entry);
    let mut weight = 2 * i32::from(option.office);
    if evidence.here.contains_key(&key) {
        weight += 4;
    }
    if contested {
        let entry = source.finder.entry(option.entry);
        let tenure = Tenure::of(&entry.about);
        if let Some(date) = evidence.date {
            weight += if !tenure.is_known() {
                0
            } else if tenure.holds(date) {
                1
            } else {
                -1
            };
            if entry.life.1.is_some_and(|death| death.year < date.year) {
                weight -= 2;
            }
        }
        weight += match evidence.everywhere.get(&key).copied().unwrap_or_default() {
            0 => 0,
            1..5 => 1,
            _ => 2,
        };
    }
    weight
}

/// How sure a choice is; nothing if it had better not be made.
fn certainty(choice: &Choice, margin: Option<i32>, weight: i32, own: bool, kind: Kind) -> Option<Certainty> {
    let level = match (choice.said, margin) {
        (Said::Full | Said::Initials, None) if kind == Kind::Person && choice.said == Said::Initials => {
            Certainty::Medium
        }
        (Said::Full | Said::Initials, None) => Certainty::High,
        (Said::Full | Said::Initials, Some(margin)) if margin >= 3 => Certainty::Medium,
        (Said::Full | Said::Initials, Some(_)) => Certainty::Low,
        (Said::Surname, None) if kind == Kind::Term => Certainty::Medium,
        (Said::Surname, None) if own => {
            if weight >= 2 {
                Certainty::High
            } else {
                Certainty::Medium
            }
        }
        (Said::Surname, None) => match weight {
            4.. => Certainty::High,
            2..4 => Certainty::Medium,
            _ => Certainty::Low,
        },
        (Said::Surname, Some(margin)) if margin >= 3 => Certainty::Medium,
        (Said::Surname, Some(_)) if own || weight >= 2 => Certainty::Low,
        (Said::Surname, Some(_)) => return None,
    };
    Some(match (choice.doubt, level) {
        (false, level) => level,
        (true, Certainty::High) => Certainty::Medium,
        (true, _) => Certainty::Low,
    })
}

fn why(choice: &Choice, margin: Option<i32>, weight: i32, name: &str, kind: Kind, certainty: Certainty) -> Inference {
    let rule = match (kind, choice.said) {
        (Kind::Term, _) => "term.listed",
        (Kind::Place, _) => "name.place",
        (Kind::Organisation, _) => "name.organisation",
        (Kind::Person, Said::Surname) => "name.surname",
        (Kind::Person, Said::Initials) => "name.initials",
        (Kind::Person, Said::Full) => "name.full",
    };
    let ground = match (margin, kind, choice.said) {
        (None, Kind::Person, Said::Surname) if weight >= 4 => "the document names this person in full",
        (None, Kind::Person, Said::Surname) if weight >= 2 => "the title before it is this person's",
        (None, Kind::Person, Said::Surname) => "the list has one person of this surname",
        (None, ..) => "the list has one entry of this name",
        (Some(_), ..) if weight >= 4 => {
            "of several in the list it is the one whom title, date or the rest of the document speak for"
        }
        (Some(_), ..) => "of several in the list it is the likeliest",
    };
    Inference::new(rule, certainty, format!("{ground}: {name}"))
}

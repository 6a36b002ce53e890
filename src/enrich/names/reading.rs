//! What the words round a hit say: which of the entries of that name they speak for, and how far the name reaches.

use std::ops::Range;

use super::words::{self, Agreement, Word};
use crate::authority::{Candidate, Entry, Finder, Hit, Kind, Part, PersonName, is_particle};

/// A stretch of text that may name some entries.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    /// Which of the finders saw it.
    pub finder: usize,
    /// The words that were found, in the run's text.
    pub at: Range<usize>,
    /// Whom or what they may name.
    pub options: Vec<Choice>,
}

impl Seen {
    /// True if it is a surname alone, without a title.
    pub(super) fn is_bare(&self) -> bool {
        self.options.iter().all(|option| option.said == Said::Surname && option.office <= 0)
    }
}

/// One entry that may be meant.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The number of the entry.
    pub entry: usize,
    /// How far its name reaches: given names before, a suffix behind.
    pub at: Range<usize>,
    /// How much was said.
    pub said: Said,
    /// The titles before the name that the entry has: 2 for an office it begins with, 1 for one it has; −1 for titles that
    /// it doesn't have.
    pub office: i8,
    /// Something speaks against it: an unknown word that may be a given name, another spelling.
    pub doubt: bool,
}

/// How much of a name was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Said {
    /// A surname or less.
    Surname,
    /// A surname with initials.
    Initials,
    /// All of the name, or given name and surname.
    Full,
}

/// Reads a hit in its text. Nothing if the words are certainly none of the names.
pub(super) fn read(finder: &Finder, number: usize, text: &str, hit: &Hit) -> Option<Seen> {
    let found = &text[hit.at.clone()];
    let before = words::before(text, hit.at.start);
    let options: Vec<Choice> = finder
        .candidates(hit.group)
        .iter()
        .filter_map(|candidate| {
            let entry = finder.entry(candidate.entry);
            match (entry.kind, finder.person(candidate.entry)) {
                (Kind::Person, Some(name)) => person(entry, name, candidate, text, &hit.at, &before),
                (Kind::Term, _) => term(candidate, text, hit),
                _ => place(candidate, found, text, hit),
            }
        })
        .collect();
    (!options.is_empty()).then(|| Seen { finder: number, at: hit.at.clone(), options })
}

fn person(
    entry: &Entry,
    name: &PersonName,
    candidate: &Candidate,
    text: &str,
    at: &Range<usize>,
    before: &[Word<'_>],
) -> Option<Choice> {
    let at = at.start + candidate.skip..at.end;
    let found = &text[at.clone()];
    if !is_written_so(&candidate.words[candidate.skip..], found) || is_in_file_number(text, &at) {
        return None;
    }
    let next = words::behind(text, at.end);
    if next.is_some_and(words::is_institution) {
        return None;
    }
    let mut choice = Choice { entry: candidate.entry, at: at.clone(), said: Said::Surname, office: 0, doubt: false };
    if candidate.part == Part::Whole {
        choice.said = Said::Full;
        choice.doubt = !candidate.words.contains(' ') && next.is_some_and(is_capital);
        choice.office = office(before, &entry.about);
        return Some(choice);
    }
    let own = given_before(&mut choice, name, before, &entry.about)?;
    let is_titled = own > 0 || before.first().is_some_and(|word| words::is_title(word.text));
    if choice.said == Said::Surname
        && let Some(next) = next
        && is_another(found, next, is_titled)
    {
        return None;
    }
    if choice.said == Said::Surname {
        given_behind(&mut choice, name, text);
    }
    if name.suffix.is_some()
        && let Some(suffix) = words::suffix(text, choice.at.end)
    {
        choice.at.end = suffix.end;
    }
    choice.office = office(&before[own..], &entry.about);
    Some(choice)
}

/// Takes in the given names before a surname. Gives how many words that were; nothing if they are another's.
fn given_before(choice: &mut Choice, name: &PersonName, before: &[Word<'_>], about: &str) -> Option<usize> {
    let mut own = 0;
    for word in before {
        if !is_capital(word.text) {
            break;
        }
        match words::agreement(word.text, &name.given) {
            Agreement::Name => choice.said = Said::Full,
            Agreement::Initial => choice.said = choice.said.max(Said::Initials),
            Agreement::Other if name.given.is_empty() || words::is_title(word.text) => break,
            Agreement::Other if own > 0 => break,
            Agreement::Other => return None,
            Agreement::None if is_office(word.text, about) => break,
            Agreement::None if own > 0 => break,
            Agreement::None if words::is_given(word.text) => return None,
            Agreement::None => {
                choice.doubt = !word.opens && !words::is_shouted(word.text) && !is_common(word.text);
                break;
            }
        }
        own += 1;
        choice.at.start = word.start;
    }
    Some(own)
}

/// Takes in the given names behind a surname, as lists have them: `Moor, Ada B.`
fn given_behind(choice: &mut Choice, name: &PersonName, text: &str) {
    let Some(rest) = text[choice.at.end..].strip_prefix(", ") else { return };
    let mut reached = choice.at.end + 2;
    for word in rest.split(' ') {
        let bare = word.trim_end_matches([',', ';', ':', ')']);
        let core = bare.trim_end_matches('.');
        let agreed = if is_capital(core) { words::agreement(core, &name.given) } else { Agreement::None };
        // A lone initial might be anything.
        let first = choice.said == Said::Surname;
        if !(agreed == Agreement::Name || agreed == Agreement::Initial && !first) {
            return;
        }
        choice.said = Said::Full;
        // The stop belongs to an initial, not to a word at the end of a sentence.
        let end = if words::is_initials(core) { bare.len() } else { core.len() };
        choice.at.end = reached + end;
        reached += word.len() + 1;
        if bare.len() < word.len() {
            return;
        }
    }
}

/// True if the word behind a surname makes it a part of another's name: `Thomas E. Reed`, where Thomas was looked for.
fn is_another(found: &str, next: &str, titled: bool) -> bool {
    let bare = next.trim_end_matches('.');
    if words::is_initials(bare) && next.ends_with('.') && bare != "I" {
        return !titled;
    }
    words::is_given(found) && is_capital(bare) && !words::is_title(bare) && !is_common(bare) && !titled
}

/// Words with a capital that stand behind names without being a part of them.
fn is_common(word: &str) -> bool {
    const COMMON: [&str; 30] = [
        "Administration",
        "Cabinet",
        "Committee",
        "Commission",
        "Files",
        "Government",
        "Mission",
        "Papers",
        "Plan",
        "Presidential",
        "Proposal",
        "Report",
        "Round",
        "Subcommittee",
        "Talks",
        "Soviet",
        "British",
        "French",
        "German",
        "American",
        "And",
        "Or",
        "The",
        "Of",
        "To",
        "From",
        "For",
        "With",
        "Subject",
        "Drafted",
    ];
    COMMON.iter().any(|common| common.eq_ignore_ascii_case(word))
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// What the titles before a name say for an entry of which a list says `about`.
fn office(before: &[Word<'_>], about: &str) -> i8 {
    let titles: Vec<&str> =
        before.iter().map(|word| word.text).take_while(|word| is_capital(word) || is_link(word)).collect();
    let Some(nearest) = titles.iter().find(|word| is_office(word, about)) else { return 0 };
    if ["Mr", "Mrs", "Dr", "Sir", "M", "Messrs", "Miss", "Ms", "Herr", "Madame", "Mme"].contains(nearest)
        || about.is_empty()
    {
        return 0;
    }
    let nearest = match *nearest {
        "Gen" => "General",
        "Sen" => "Senator",
        "Sec" | "Secy" => "Secretary",
        "Amb" => "Ambassador",
        "Gov" => "Governor",
        "Rep" => "Representative",
        "Adm" => "Admiral",
        "Col" => "Colonel",
        other => other,
    };
    let begins =
        about.split("; ").any(|clause| clause.trim_start_matches(|c: char| !c.is_uppercase()).starts_with(nearest));
    match (begins, about.contains(nearest)) {
        (true, _) => 2,
        (false, true) => 1,
        (false, false) => -1,
    }
}

/// True for a title, and for a word of the offices that a list tells of.
fn is_office(word: &str, about: &str) -> bool {
    words::is_title(word) || word.len() > 3 && is_capital(word) && about.contains(word)
}

fn is_link(word: &str) -> bool {
    matches!(word, "of" | "for" | "the" | "and" | "to")
}

/// True if words are a form, but for capitals: all of them capitals, `De Tarn` for `de Tarn`, `Macmoor` for `MacMoor`.
fn is_written_so(form: &str, found: &str) -> bool {
    if form == found {
        return true;
    }
    let letters = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<String>();
    if letters(form) != letters(found) {
        return false;
    }
    if words::is_shouted(found) {
        return true;
    }
    let mut start = true;
    for (number, (wanted, got)) in form.chars().zip(found.chars()).enumerate() {
        let differs = wanted != got;
        if differs && got.is_uppercase() != start && number > 0 {
            return false;
        }
        start = !wanted.is_alphanumeric();
    }
    let first = form.split([' ', '-']).next().unwrap_or_default();
    is_capital(found) || is_particle(first) && found[first.len()..] == form[first.len()..]
}

/// True in `POL 7 US/MOOR`: a slash between capitals or figures.
fn is_in_file_number(text: &str, at: &Range<usize>) -> bool {
    let Some(ahead) = text[..at.start].strip_suffix('/') else { return false };
    let start = ahead.rfind(|c: char| !c.is_alphanumeric()).map_or(0, |at| at + 1);
    !ahead[start..].chars().any(char::is_lowercase)
}

fn place(candidate: &Candidate, found: &str, text: &str, hit: &Hit) -> Option<Choice> {
    let written = candidate.words == found || words::is_shouted(found) && is_written_so(&candidate.words, found);
    let next = words::behind(text, hit.at.end);
    let of_another = next.is_some_and(words::is_institution);
    written.then(|| Choice {
        entry: candidate.entry,
        at: hit.at.clone(),
        said: Said::Full,
        office: 0,
        doubt: of_another,
    })
}

/// Words that are written in capitals where all is, and mean no abbreviation.
const PLAIN: [&str; 60] = [
    "A", "ALL", "AM", "AN", "AND", "ANY", "ARE", "AS", "AT", "BE", "BUT", "BY", "CAN", "DO", "FOR", "FROM", "HAD",
    "HAS", "HE", "HER", "HIM", "HIS", "I", "IF", "IN", "IS", "IT", "ITS", "MAY", "ME", "MY", "NO", "NOT", "NOW", "OF",
    "OFF", "ON", "ONE", "OR", "OUR", "OUT", "PART", "SEA", "SHE", "SO", "THAN", "THAT", "THE", "THEM", "THEY", "THIS",
    "TO", "UP", "US", "WAS", "WE", "WHAT", "WHO", "WILL", "YOU",
];

fn term(candidate: &Candidate, text: &str, hit: &Hit) -> Option<Choice> {
    let whole = &text[hit.at.clone()];
    let found = whole.get(..candidate.words.len()).unwrap_or(whole);
    let exact = candidate.words == found;
    let long = found.chars().filter(|c| c.is_alphabetic()).count() >= 5;
    let shouted = words::is_shouted(found) && long && found.eq_ignore_ascii_case(&candidate.words);
    let same = found.eq_ignore_ascii_case(&candidate.words) && !is_hidden(&candidate.words, found);
    let (ahead, rest) = (&text[..hit.at.start], &text[hit.at.end..]);
    // `Sov` may be SOV within a sentence; at its beginning it may be any word.
    let short = same && found.chars().count() > 2 && ahead.ends_with(' ') && !ahead.ends_with(". ");
    if !(exact || shouted || same && long || short) {
        return None;
    }
    // `S.` is no part of `U.S.`
    if ahead.ends_with('.') && !found.starts_with('.') {
        return None;
    }
    let letter = found.chars().filter(|c| c.is_alphanumeric()).count() == 1;
    if letter && !stands_alone(ahead, rest) {
        return None;
    }
    if PLAIN.contains(&found) && (letter || is_shouting(ahead, rest)) && found != "US" {
        return None;
    }
    Some(Choice {
        entry: candidate.entry,
        at: hit.at.clone(),
        said: if exact || long { Said::Full } else { Said::Surname },
        office: 0,
        doubt: !exact || letter,
    })
}

/// True if a term of capitals is written without any: `shape` is no SHAPE.
fn is_hidden(form: &str, found: &str) -> bool {
    !found.chars().any(char::is_uppercase) && form.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// True if a single letter is a word among words, or names who speaks: no initial, no number of a paragraph, no part of a
/// symbol.
fn stands_alone(ahead: &str, rest: &str) -> bool {
    let lower = |word: &str| word.starts_with(char::is_lowercase);
    let before = ahead.trim_end().rsplit(' ').next().unwrap_or_default();
    let after = rest.trim_start().split(' ').next().unwrap_or_default();
    let begins = before.is_empty() || before.ends_with(['.', '?', '!', '"', '“', '”', ':']);
    let speaks = begins && rest.starts_with(": ");
    let apart = ahead.is_empty() || ahead.ends_with([' ', '"', '“', '(']);
    let goes_on = rest.is_empty() || rest.starts_with([' ', ',', ';']) || rest.starts_with("'s ");
    apart && (speaks || goes_on && (lower(before) || begins && lower(after)))
}

/// True if the words round a place are all in capitals.
fn is_shouting(ahead: &str, rest: &str) -> bool {
    let before = ahead.trim_end().rsplit(' ').next().unwrap_or_default();
    let after = rest.trim_start().split(' ').next().unwrap_or_default();
    words::is_shouted(before) || words::is_shouted(after)
}

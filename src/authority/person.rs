//! The forms in which a person may be named, from the name in a list: `Moor, Admiral Ada B., Jr.` may be “Moor”,
//! “Ada Moor”, “A. B. Moor” or “Moor, Ada B.” in the text.

use compact_str::{CompactString, format_compact};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A person's name, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    /// The surname, and other spellings of it.
    pub surnames: Vec<CompactString>,
    /// Given names and initials, in order, without titles.
    pub given: Vec<CompactString>,
    /// Titles that stand before the given names: `Sir`, `Admiral`.
    pub titles: Vec<CompactString>,
    /// `Jr.`, `II`.
    pub suffix: Option<CompactString>,
    /// Names that stand for the whole: the name of a king, a name without a comma.
    pub wholes: Vec<CompactString>,
}

/// One form that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The words.
    pub words: CompactString,
    /// How many bytes at the beginning are looked for but are no part of the name: `Sir `.
    pub skip: usize,
    /// Of what.
    pub part: Part,
}

/// How much of a name a form is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The surname, before which given names may stand.
    Surname,
    /// All of the name.
    Whole,
    /// Less than the surname: the first of its words, or a given name behind `Sir`.
    Less,
}

const PARTICLES: [&str; 21] = [
    "von", "van", "de", "del", "della", "der", "den", "di", "da", "du", "la", "le", "al-", "el-", "al", "el", "bin",
    "ibn", "ben", "zu", "ter",
];

const SUFFIXES: [&str; 8] = ["Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV", "2d"];

/// Titles that lists put before given names.
const TITLES: [&str; 47] = [
    "Admiral",
    "Air",
    "Ambassador",
    "Archbishop",
    "Baron",
    "Bishop",
    "Brigadier",
    "Captain",
    "Cardinal",
    "Chief",
    "Col.",
    "Colonel",
    "Commander",
    "Commodore",
    "Count",
    "Dame",
    "Dr.",
    "Emir",
    "Field",
    "Fleet",
    "Gen.",
    "General",
    "King",
    "Lady",
    "Lieutenant",
    "Lt.",
    "Lord",
    "M.",
    "Major",
    "Marshal",
    "Mme.",
    "Mr.",
    "Mrs.",
    "Prince",
    "Princess",
    "Prof.",
    "Professor",
    "Queen",
    "Rear",
    "Rev.",
    "Shah",
    "Sheikh",
    "Sir",
    "Sultan",
    "Vice",
    "Viscount",
    "Earl",
];

/// Titles that stand for the given name, and so are a part of the name.
const PEERS: [&str; 4] = ["Lord", "Viscount", "Earl", "Baron"];

impl PersonName {
    /// Takes a name apart. `inverted` says whether the list puts surnames first.
    pub fn parse(name: &str, inverted: bool) -> Self {
        let (plain, mut others) = brackets(name);
        // Behind the given names a bracket holds another name only if that is a whole one: `Bell, Egon (Tang Hsi-mo)`.
        let behind_comma = name.find(',').is_some_and(|comma| name.find('(').is_some_and(|open| comma < open));
        if behind_comma {
            others.retain(|other| other.contains(' '));
        }
        let mut parts = plain.split(',').map(str::trim).filter(|part| !part.is_empty());
        let surname = parts.next().unwrap_or_default().to_owned();
        let rest: Vec<&str> = parts.collect();
        let mut parsed = Self::default();
        // `Tang Hsi-mo, General`: no given name stands behind the comma.
        let is_no_name =
            |part: &str| part.split_whitespace().all(|word| SUFFIXES.contains(&word) || TITLES.contains(&word));
        if rest.iter().all(|part| is_no_name(part)) && (rest.is_empty() || surname.contains(' ')) {
            parsed.suffix = rest.iter().find(|part| SUFFIXES.contains(part)).map(|suffix| (*suffix).into());
            parsed.natural(&surname, inverted);
            parsed.wholes.extend(others);
            return parsed;
        }
        parsed.surnames.push(surname.into());
        if behind_comma {
            parsed.wholes.extend(others);
        } else {
            parsed.surnames.extend(others);
        }
        for part in rest {
            parsed.behind_comma(part);
        }
        parsed.particles();
        parsed
    }

    /// A name without a comma: of a king, of one who has but one, or in the order in which it is spoken.
    fn natural(&mut self, name: &str, inverted: bool) {
        let mut words: Vec<&str> = name.split_whitespace().collect();
        while words.len() > 1 && TITLES.contains(&words[0]) {
            self.titles.push(words.remove(0).into());
        }
        if words.len() > 1 && self.suffix.is_none() && SUFFIXES[..4].contains(&words[words.len() - 1]) {
            self.suffix = words.pop().map(CompactString::from);
        }
        self.wholes.push(words.join(" ").into());
        let Some((&last, before)) = words.split_last() else { return };
        let regnal = words.iter().skip(1).any(|word| is_roman(word));
        if before.is_empty() {
            self.surnames.push(last.into());
        } else if is_particle(words[0]) {
            self.surnames.push(words.join(" ").into());
        } else if inverted || regnal {
            self.surnames.push(words[0].into());
        } else {
            let particle = before.iter().rposition(|word| !PARTICLES.contains(word)).map_or(0, |at| at + 1);
            self.given = before[..particle.max(1)].iter().map(|word| (*word).into()).collect();
            self.surnames.push(words[particle.max(1)..].join(" ").into());
        }
        let least = if inverted { 2 } else { 3 };
        self.surnames.retain(|surname| surname.chars().count() >= least);
    }

    fn behind_comma(&mut self, part: &str) {
        if SUFFIXES.contains(&part) {
            self.suffix = Some(part.into());
            return;
        }
        for word in part.split_whitespace() {
            // `Moor, Adelaide “Ada”`
            let word = word.trim_matches(['“', '”', '"', '‘', '’', '\'', ',']);
            if word.is_empty() {
                continue;
            }
            if self.given.is_empty() && TITLES.contains(&word) {
                self.titles.push(word.into());
            } else if !self.given.is_empty() && SUFFIXES.contains(&word) {
                self.suffix = Some(word.into());
            } else if self.titles.last().is_some_and(|title| matches!(title.as_str(), "Air" | "Field" | "Vice"))
                && matches!(word, "Chief" | "Marshal" | "Admiral")
            {
                self.titles.push(word.into());
            } else {
                self.given.push(word.into());
            }
        }
    }

    /// `Lind, Otto von` is also `von Lind`.
    fn particles(&mut self) {
        let from = self.given.iter().rposition(|word| !PARTICLES.contains(&word.as_str())).map_or(0, |at| at + 1);
        let particles = self.given.split_off(from);
        let Some(last) = particles.last() else { return };
        let joint = if last.ends_with('-') { "" } else { " " };
        let whole: Vec<_> =
            self.surnames.iter().map(|surname| format_compact!("{}{joint}{surname}", particles.join(" "))).collect();
        self.surnames.extend(whole);
    }

    /// The forms to look for.
    pub fn forms(&self) -> Vec<Form> {
        let form = |words: CompactString, part| Form { words, skip: 0, part };
        let mut forms: Vec<Form> = Vec::new();
        for whole in &self.wholes {
            forms.push(form(whole.clone(), Part::Whole));
        }
        for surname in &self.surnames {
            if self.titles.iter().any(|title| PEERS.contains(&title.as_str())) {
                forms.push(form(format_compact!("Lord {surname}"), Part::Whole));
            }
            if let Some((first, _)) = surname.split_once(' ')
                && first.chars().count() > 4
                && first.starts_with(char::is_uppercase)
            {
                forms.push(form(first.into(), Part::Less));
            }
            forms.push(form(surname.clone(), Part::Surname));
            // `U Thant`: a given name of one letter is as good as a part of the surname.
            if let [given] = self.given.as_slice()
                && given.len() == 1
            {
                forms.push(form(format_compact!("{given} {surname}"), Part::Whole));
            }
        }
        if let Some(given) = self.given.first()
            && self.titles.iter().any(|title| title == "Sir")
            && given.chars().count() > 2
        {
            forms.push(Form { words: format_compact!("Sir {given}"), skip: 4, part: Part::Less });
        }
        let marked: Vec<Form> = forms.iter().filter(|form| !form.words.is_ascii()).cloned().collect();
        for mut form in marked {
            form.words = without_marks(&form.words);
            if !forms.iter().any(|known| known.words == form.words) {
                forms.push(form);
            }
        }
        forms.retain(|form| form.words.chars().filter(|c| c.is_alphabetic()).count() > 1);
        forms
    }
}

/// Parts a name from what stands in brackets: `Tarn (also Taarn and Ta’arn), Ines`.
fn brackets(name: &str) -> (String, Vec<CompactString>) {
    let (Some(open), Some(close)) = (name.find('('), name.find(')')) else { return (name.to_owned(), Vec::new()) };
    if close < open {
        return (name.to_owned(), Vec::new());
    }
    let inner = name[open + 1..close].replace(" and ", ",").replace(" or ", ",").replace(';', ",");
    let others = inner
        .split(',')
        .map(|other| {
            ["also ", "or ", "a.k.a. ", "see "]
                .iter()
                .fold(other.trim(), |word, lead| word.strip_prefix(lead).unwrap_or(word))
        })
        .filter(|other| other.starts_with(char::is_uppercase) && other.split(' ').count() < 4)
        .map(CompactString::from)
        .collect();
    (super::folded(&format!("{}{}", name[..open].trim_end(), &name[close + 1..])), others)
}

/// The words without accents, as typewriters and telegraphs wrote them.
fn without_marks(words: &str) -> CompactString {
    let letters = words.nfd().filter(|c| !is_combining_mark(*c)).map(|c| match c {
        'ı' => 'i',
        'ł' => 'l',
        'Ł' => 'L',
        'ø' => 'o',
        'Ø' => 'O',
        'đ' => 'd',
        'Đ' => 'D',
        c => c,
    });
    letters.nfc().collect()
}

/// True if a word that begins a surname is often written small.
pub fn is_particle(word: &str) -> bool {
    PARTICLES.iter().any(|particle| particle.eq_ignore_ascii_case(word))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(name: &str, inverted: bool) -> Vec<String> {
        PersonName::parse(name, inverted).forms().into_iter().map(|form| form.words.into()).collect()
    }

    #[test]
    fn an_inverted_name_is_taken_apart() {
        let name = PersonName::parse("Moor, Rear Admiral Ada B., Jr.", true);
        assert_eq!(name.surnames, ["Moor"]);
        assert_eq!(name.given, ["Ada", "B."]);
        assert_eq!(name.titles, ["Rear", "Admiral"]);
        assert_eq!(name.suffix.as_deref(), Some("Jr."));
    }

    #[test]
    fn names_have_several_forms() {
        assert_eq!(forms("Lind, Otto von", true), ["Lind", "von Lind"]);
        assert_eq!(forms("Vale, Lord Peter", true), ["Lord Vale", "Vale"]);
        assert_eq!(forms("Vale, Sir Peter", true), ["Vale", "Sir Peter"]);
        assert_eq!(forms("Osric II", true), ["Osric II", "Osric"]);
        assert_eq!(forms("Ada Moor", false), ["Ada Moor", "Moor"]);
        assert_eq!(forms("Tang Hsi-mo", true), ["Tang Hsi-mo", "Tang"]);
        assert_eq!(forms("Tarn (also Taarn and Tahrn), Ines", true), ["Tarn", "Taarn", "Tahrn"]);
        assert_eq!(forms("De Tarn", true), ["De Tarn", "De Tarn"], "no part of it");
        assert_eq!(forms("Tang Hsi-mo, General", true), ["Tang Hsi-mo", "Tang"]);
        assert_eq!(forms("Çelik, Gül", true), ["Çelik", "Celik"]);
        assert_eq!(PersonName::parse("Moor, Adelaide, “Ada,”", true).given, ["Adelaide", "Ada"]);
        assert_eq!(forms("Moor, Ada (LO)", true), ["Moor"]);
        assert_eq!(forms("Corve de Ville, Marc", true), ["Corve", "Corve de Ville"]);
    }
}

//! The names of months, in the languages and calendars that are known.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::calendar::Calendar;

/// A month's name in a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Month {
    /// The name's bytes, with the stop of an abbreviation.
    pub at: Range<usize>,
    /// 1 to 12.
    pub number: u8,
    /// The calendar, if it is not the common one.
    pub calendar: Option<Calendar>,
    /// True if the language puts the day before the month, always.
    pub day_first: bool,
    /// False for names that are words or abbreviations of other things, too.
    pub clear: bool,
}

/// How a language writes its months.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    /// With a capital; day before or behind (English).
    Capital,
    /// With a capital; the day before (German).
    CapitalDayFirst,
    /// With a small letter; the day before (French, Spanish, Russian in Latin letters).
    Small,
}

/// Names in the order of the months; `|` parts spellings.
struct Language {
    names: [&'static str; 12],
    manner: Manner,
    calendar: Option<Calendar>,
    clear: bool,
}

const LANGUAGES: [Language; 7] = [
    Language {
        names: [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ],
        manner: Manner::Capital,
        calendar: None,
        clear: true,
    },
    Language {
        names: ["Jan", "Feb", "Mar", "Apr", "", "Jun", "Jul", "Aug", "Sept|Sep", "Oct", "Nov", "Dec"],
        manner: Manner::Capital,
        calendar: None,
        clear: false,
    },
    Language {
        names: [
            "janvier",
            "février|fevrier",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août|aout",
            "septembre",
            "octobre",
            "novembre",
            "décembre|decembre",
        ],
        manner: Manner::Small,
        calendar: None,
        clear: true,
    },
    Language {
        names: [
            "Januar|Jänner",
            "Februar|Feber",
            "März|Maerz",
            "",
            "Mai",
            "Juni",
            "Juli",
            "",
            "",
            "Oktober",
            "",
            "Dezember",
        ],
        manner: Manner::CapitalDayFirst,
        calendar: None,
        clear: true,
    },
    Language {
        names: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre|setiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        manner: Manner::Small,
        calendar: None,
        clear: true,
    },
    Language {
        names: [
            "yanvarya|ianvaria|yanvar’|yanvar'",
            "fevralya|fevralia|fevral’|fevral'",
            "marta",
            "aprelya|aprelia|aprel’|aprel'",
            "maya|maia",
            "iyunya|iiunia|iyun’|iiun’",
            "iyulya|iiulia|iyul’|iiul’",
            "avgusta|avgust",
            "sentyabrya|sentiabria|sentyabr’|sentiabr’",
            "oktyabrya|oktiabria|oktyabr’|oktiabr’",
            "noyabrya|noiabria|noyabr’|noiabr’",
            "dekabrya|dekabria|dekabr’",
        ],
        manner: Manner::Small,
        calendar: None,
        clear: true,
    },
    Language {
        names: [
            "vendémiaire|vendemiaire",
            "brumaire",
            "frimaire",
            "nivôse|nivose",
            "pluviôse|pluviose",
            "ventôse|ventose",
            "germinal",
            "floréal|floreal",
            "prairial",
            "messidor",
            "thermidor",
            "fructidor",
        ],
        manner: Manner::Small,
        calendar: Some(Calendar::Republican),
        clear: true,
    },
];

struct Names {
    search: AhoCorasick,
    meanings: Vec<(u8, usize)>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let spellings = LANGUAGES.iter().enumerate().flat_map(|(language, of)| {
        let months = of.names.iter().zip(1..);
        months.flat_map(move |(names, number)| {
            names.split('|').filter(|name| !name.is_empty()).map(move |name| (name, (number, language)))
        })
    });
    let (names, meanings): (Vec<&str>, Vec<_>) = spellings.unzip();
    // All text goes through it: the kind that takes one step a byte is worth its size. Letters that begin a month are
    // in every word, so to look ahead for them would only hold it up.
    let search = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .prefilter(false)
        .match_kind(MatchKind::LeftmostLongest)
        .kind(Some(AhoCorasickKind::DFA))
        .build(names);
    // The names are constants of a few bytes: there is nothing that could be too large.
    Names { search: search.expect("a few short names"), meanings }
});

/// All names of months in a text, in order.
pub(super) fn find(text: &str) -> impl Iterator<Item = Month> {
    NAMES.search.find_iter(text).filter_map(move |found| month(text, found.range(), found.pattern().as_usize()))
}

/// The name of a month that begins at a place.
pub(super) fn at(text: &str, start: usize) -> Option<Month> {
    // The longest name has 11 bytes; 16 take in what may not follow it.
    let mut end = (start + 16).min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    find(text[..end].get(start..)?).next().filter(|month| month.at.start == 0).and_then(|found| {
        let at = start..start + found.at.end;
        (!text[..start].ends_with(char::is_alphanumeric)).then_some(Month { at, ..found })
    })
}

fn month(text: &str, at: Range<usize>, pattern: usize) -> Option<Month> {
    let (number, language) = NAMES.meanings[pattern];
    let of = &LANGUAGES[language];
    let word = &text[at.clone()];
    let bounded = !text[..at.start].ends_with(|c: char| c.is_alphanumeric() || c == '’' || c == '\'')
        && !text[at.end..].starts_with(char::is_alphanumeric);
    let mut letters = word.chars();
    let first = letters.next()?;
    let spelt = match of.manner {
        Manner::Capital => {
            first.is_uppercase() && (letters.clone().all(char::is_lowercase) || letters.all(char::is_uppercase))
        }
        Manner::CapitalDayFirst => first.is_uppercase() && letters.all(char::is_lowercase),
        Manner::Small => {
            (of.calendar.is_some() || first.is_lowercase()) && letters.all(|c| c.is_lowercase() || !c.is_alphabetic())
        }
    };
    if !bounded || !spelt {
        return None;
    }
    let stop = !of.clear && text[at.end..].starts_with('.');
    let day_first = of.manner != Manner::Capital;
    let end = at.end + usize::from(stop);
    Some(Month { at: at.start..end, number, calendar: of.calendar, day_first, clear: of.clear || stop })
}

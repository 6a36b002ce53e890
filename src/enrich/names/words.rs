//! The words round a name: titles, given names, and what makes a name a part of another.

use std::ops::Range;

use compact_str::CompactString;

/// A word before or behind a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word<'t> {
    /// Its characters, without a stop at the end.
    pub text: &'t str,
    /// Its first byte in the text.
    pub start: usize,
    /// True if a sentence begins with it, as far as one can see.
    pub opens: bool,
}

/// Words before names, which say what office one holds or how one is addressed.
const TITLES: [&str; 96] = [
    "Acting",
    "Adm",
    "Admiral",
    "Administrator",
    "Adviser",
    "Advisor",
    "Amb",
    "Ambassador",
    "Archbishop",
    "Assistant",
    "Attorney",
    "Baron",
    "Bishop",
    "Brigadier",
    "Capt",
    "Captain",
    "Cardinal",
    "Chairman",
    "Chairwoman",
    "Chancellor",
    "Chargé",
    "Chief",
    "Citizen",
    "Col",
    "Colonel",
    "Commander",
    "Commissioner",
    "Commodore",
    "Comrade",
    "Congressman",
    "Congresswoman",
    "Consul",
    "Count",
    "Counselor",
    "Counsellor",
    "Dame",
    "Defense",
    "Delegate",
    "Deputy",
    "Director",
    "Doctor",
    "Dr",
    "Emir",
    "Finance",
    "FonMin",
    "Foreign",
    "Gen",
    "General",
    "Gov",
    "Governor",
    "Herr",
    "Judge",
    "Justice",
    "King",
    "Lady",
    "Lieutenant",
    "Lord",
    "Lt",
    "M",
    "Madame",
    "Maj",
    "Major",
    "Marshal",
    "Mayor",
    "Messrs",
    "Minister",
    "Miss",
    "Mlle",
    "Mme",
    "Monsieur",
    "Mr",
    "Mrs",
    "Ms",
    "Officer",
    "Pope",
    "Premier",
    "President",
    "Presidents",
    "Prince",
    "Princess",
    "Prof",
    "Professor",
    "Queen",
    "Rep",
    "Representative",
    "Rev",
    "Secretaries",
    "Secretary",
    "Sen",
    "Senator",
    "Senators",
    "Shah",
    "Sheikh",
    "Sir",
    "State",
    "Treasury",
];

/// Short forms of titles and names, behind which a stop ends no sentence.
const ABBREVIATED: [&str; 35] = [
    "Adm", "Amb", "Brig", "Capt", "Chas", "Cmdr", "Col", "Cong", "Dr", "Gen", "Geo", "Gov", "Hon", "Jr", "Lt", "Maj",
    "Messrs", "Min", "Mlle", "Mme", "Mr", "Mrs", "Ms", "Pres", "Prof", "Rep", "Reps", "Rev", "Sec", "Secy", "Sen",
    "Sens", "Sgt", "St", "Wm",
];

/// Words behind a person's name that make it the name of a place, a body or a law.
const INSTITUTIONS: [&str; 52] = [
    "Academy",
    "Act",
    "Airport",
    "Amendment",
    "Archive",
    "Archives",
    "Avenue",
    "Bill",
    "Boulevard",
    "Bridge",
    "Brothers",
    "Building",
    "Canal",
    "Cape",
    "Center",
    "Centre",
    "City",
    "College",
    "Company",
    "Corporation",
    "County",
    "Dam",
    "Doctrine",
    "Field",
    "Fort",
    "Foundation",
    "Glacier",
    "Hall",
    "Hospital",
    "Hotel",
    "House",
    "Inc",
    "Institute",
    "Institution",
    "Island",
    "Islands",
    "Lake",
    "Library",
    "Memorial",
    "Mount",
    "Museum",
    "Paper",
    "Park",
    "Prize",
    "River",
    "School",
    "Square",
    "Street",
    "Theater",
    "Theatre",
    "Tower",
    "University",
];

/// Given names that are too common to be anything else before a surname.
const GIVEN: [&str; 112] = [
    "Alan",
    "Albert",
    "Alexander",
    "Alfred",
    "Alice",
    "Allen",
    "Andrew",
    "Ann",
    "Anna",
    "Anne",
    "Anthony",
    "Archie",
    "Arthur",
    "Barbara",
    "Benjamin",
    "Bernard",
    "Bill",
    "Bob",
    "Bruce",
    "Carl",
    "Caroline",
    "Catherine",
    "Charles",
    "Christian",
    "Christopher",
    "Clark",
    "Daniel",
    "David",
    "Dick",
    "Donald",
    "Dorothy",
    "Douglas",
    "Edgar",
    "Edith",
    "Edmund",
    "Edward",
    "Edwin",
    "Eleanor",
    "Elizabeth",
    "Ellen",
    "Emily",
    "Eric",
    "Ernest",
    "Eugene",
    "Eva",
    "Francis",
    "Frank",
    "Franz",
    "Frederick",
    "Fritz",
    "George",
    "Gerald",
    "Gilbert",
    "Gordon",
    "Grace",
    "Hans",
    "Harold",
    "Harry",
    "Helen",
    "Henry",
    "Herbert",
    "Howard",
    "Hugh",
    "Ivan",
    "Jack",
    "Jacob",
    "James",
    "Jane",
    "Jean",
    "Jim",
    "Joan",
    "Joe",
    "John",
    "Joseph",
    "Karl",
    "Kenneth",
    "Lawrence",
    "Lewis",
    "Louis",
    "Lucy",
    "Margaret",
    "Maria",
    "Marie",
    "Martha",
    "Martin",
    "Mary",
    "Maurice",
    "Michael",
    "Nicholas",
    "Oliver",
    "Otto",
    "Patrick",
    "Paul",
    "Peter",
    "Philip",
    "Pierre",
    "Ralph",
    "Raymond",
    "Richard",
    "Robert",
    "Roger",
    "Ronald",
    "Ruth",
    "Samuel",
    "Sarah",
    "Stephen",
    "Susan",
    "Thomas",
    "Walter",
    "William",
    "Wilhelm",
    "Winston",
];

/// Short forms of given names.
const SHORT: [(&str, &str); 66] = [
    ("Al", "Albert"),
    ("Alex", "Alexander"),
    ("Alex", "Alexis"),
    ("Andy", "Andrew"),
    ("Art", "Arthur"),
    ("Ben", "Benjamin"),
    ("Bernie", "Bernard"),
    ("Bert", "Herbert"),
    ("Bill", "William"),
    ("Billy", "William"),
    ("Bob", "Robert"),
    ("Bobby", "Robert"),
    ("Brad", "Bradford"),
    ("Charlie", "Charles"),
    ("Chris", "Christopher"),
    ("Chuck", "Charles"),
    ("Dan", "Daniel"),
    ("Dave", "David"),
    ("Dick", "Richard"),
    ("Don", "Donald"),
    ("Doug", "Douglas"),
    ("Ed", "Edward"),
    ("Ed", "Edwin"),
    ("Ed", "Edmund"),
    ("Fred", "Frederick"),
    ("Gene", "Eugene"),
    ("Gerry", "Gerald"),
    ("Hal", "Harold"),
    ("Hank", "Henry"),
    ("Harry", "Harold"),
    ("Jack", "John"),
    ("Jake", "Jacob"),
    ("Jerry", "Gerald"),
    ("Jerry", "Gerard"),
    ("Jim", "James"),
    ("Jimmy", "James"),
    ("Joe", "Joseph"),
    ("Ken", "Kenneth"),
    ("Larry", "Lawrence"),
    ("Len", "Leonard"),
    ("Lou", "Louis"),
    ("Matt", "Matthew"),
    ("Max", "Maxwell"),
    ("Mike", "Michael"),
    ("Mort", "Morton"),
    ("Nat", "Nathaniel"),
    ("Ned", "Edward"),
    ("Nick", "Nicholas"),
    ("Pat", "Patrick"),
    ("Pete", "Peter"),
    ("Phil", "Philip"),
    ("Ray", "Raymond"),
    ("Rick", "Richard"),
    ("Rob", "Robert"),
    ("Ron", "Ronald"),
    ("Roy", "Royal"),
    ("Sam", "Samuel"),
    ("Sandy", "Alexander"),
    ("Stan", "Stanley"),
    ("Steve", "Stephen"),
    ("Ted", "Edward"),
    ("Ted", "Theodore"),
    ("Tim", "Timothy"),
    ("Tom", "Thomas"),
    ("Tony", "Anthony"),
    ("Walt", "Walter"),
];

/// How a word before a surname agrees with a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agreement {
    /// It is the name, or a short form of it.
    Name,
    /// It is its first letter.
    Initial,
    /// It is another's first letter.
    Other,
    /// It is no given name of this person; it may be none at all.
    None,
}

/// The words that stand before a place, the nearest first, with nothing but space between them.
pub(super) fn before(text: &str, place: usize) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut end = place;
    while words.len() < 7 {
        let gap = text[..end].trim_end_matches(' ');
        if gap.len() == end {
            break;
        }
        let whole = gap;
        let start = whole
            .char_indices()
            .rev()
            .take_while(|&(_, c)| c.is_alphanumeric() || matches!(c, '.' | '\'' | '-' | '&'))
            .last()
            .map_or(whole.len(), |(at, _)| at);
        let mut word = &whole[start..];
        if word.ends_with('.') {
            if !is_short(word) {
                break;
            }
            word = word.trim_end_matches('.');
        }
        if word.is_empty() {
            break;
        }
        let ahead = text[..start].trim_end_matches([' ', '"', '“', '(', '[', '\'']);
        let opens = ahead.is_empty() || ahead.ends_with(['.', '?', '!', ':', ';', '—', '”', '\u{fffc}']);
        words.push(Word { text: word, start, opens });
        end = start;
    }
    words
}

/// The word behind a place, if only one space parts them.
pub(super) fn behind(text: &str, place: usize) -> Option<&str> {
    let rest = text[place..].strip_prefix(' ')?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '\'' | '-'))).unwrap_or(rest.len());
    (end > 0).then(|| &rest[..end])
}

/// True if a stop behind the word ends no sentence: `J.`, `W.B.`, `Gen.`
fn is_short(word: &str) -> bool {
    let bare = word.trim_end_matches('.');
    is_initials(bare) || ABBREVIATED.contains(&bare)
}

/// `J`, `W.B`
pub(super) fn is_initials(word: &str) -> bool {
    let mut letters = word.split('.');
    !word.is_empty()
        && letters.all(|part| {
            let mut chars = part.chars();
            chars.next().is_none_or(char::is_uppercase) && chars.next().is_none()
        })
}

pub(super) fn is_title(word: &str) -> bool {
    TITLES.iter().any(|title| title.eq_ignore_ascii_case(word))
}

pub(super) fn is_institution(word: &str) -> bool {
    let word = word.trim_end_matches('.');
    let word = word.split('\'').next().unwrap_or_default();
    INSTITUTIONS
        .iter()
        .any(|known| *known == word || word.len() > 3 && known.eq_ignore_ascii_case(word) && is_shouted(word))
}

pub(super) fn is_given(word: &str) -> bool {
    GIVEN.iter().any(|given| given.eq_ignore_ascii_case(word))
        || SHORT.iter().any(|(short, _)| short.eq_ignore_ascii_case(word))
}

/// True if all its letters are capitals, and it has two at least.
pub(super) fn is_shouted(word: &str) -> bool {
    word.chars().filter(|c| c.is_uppercase()).count() > 1 && !word.chars().any(char::is_lowercase)
}

/// How a word agrees with the given names of a person.
pub(super) fn agreement(word: &str, given: &[CompactString]) -> Agreement {
    let known = || given.iter().map(|given| given.trim_end_matches('.'));
    if is_initials(word) {
        let mut letters = word.split('.').filter(|letter| !letter.is_empty());
        let agrees = letters.all(|letter| known().any(|given| given.starts_with(letter)));
        return if agrees && !given.is_empty() { Agreement::Initial } else { Agreement::Other };
    }
    let agrees = |given: &str| {
        same(given, word)
            || SHORT.iter().any(|(short, long)| same(short, word) && same(long, given))
            || word.len() > 2
                && given.len() > word.len()
                && given.is_char_boundary(word.len())
                && same(&given[..word.len()], word)
    };
    if known().any(agrees) {
        return Agreement::Name;
    }
    // `J. Robert` may be `James Robert`.
    let only_initial = |given: &str| is_initials(given) && given.chars().next() == word.chars().next();
    if is_given(word) && known().any(only_initial) { Agreement::Initial } else { Agreement::None }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// A suffix of the name behind a place: `, Jr.`, ` II`.
pub(super) fn suffix(text: &str, place: usize) -> Option<Range<usize>> {
    let rest = &text[place..];
    let lead = rest.len() - rest.trim_start_matches([',', ' ']).len();
    let word = &rest[lead..];
    let known = ["Jr.", "Jr", "Sr.", "Sr", "III", "II", "IV"];
    let length = known
        .iter()
        .find(|known| word.strip_prefix(**known).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)))?;
    (lead > 0 && lead < 3).then(|| place..place + lead + length.len())
}

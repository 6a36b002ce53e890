//! The pass `source`: where the original is kept, from a source note whose shape is clear: `Source: Lake Archive,
//! Ferry Files, 1931, Box 2, Winter Service. Secret.` names repository, collections, box and folder.

use compact_str::CompactString;

use super::Pass;
use crate::diagnostic::Log;
use crate::model::{Document, Identifier};

/// Reads the source note of a document into the parts of a manuscript's identifier (TEI P5 §10.4).
#[derive(Clone, Copy, Debug, Default)]
pub struct Source;

impl Pass for Source {
    fn name(&self) -> &'static str {
        "source"
    }

    fn summary(&self) -> &'static str {
        "repository, collection and box, from the source note"
    }

    fn run(&self, mut document: Document, _log: &mut Log) -> Document {
        let source = &mut document.metadata.source;
        if source.location.is_empty()
            && let Some(note) = &source.note
        {
            source.location = location(note);
        }
        document
    }
}

/// Words of which the name of a place that keeps records has at least one.
const KEEPERS: [&str; 24] = [
    "Library",
    "Libraries",
    "Archive",
    "Archives",
    "Archiv",
    "Bundesarchiv",
    "Archivio",
    "Archivo",
    "Museum",
    "Department",
    "Ministry",
    "Center",
    "Centre",
    "University",
    "Institute",
    "Institution",
    "Foundation",
    "Society",
    "Agency",
    "Council",
    "Mission",
    "Commission",
    "Embassy",
    "Bibliothek",
];

/// How the words of a classification or of what else follows an archive's address begin.
const BEHIND: [&str; 14] = [
    "Secret",
    "Top Secret",
    "Confidential",
    "Unclassified",
    "No classification",
    "Limited Official",
    "Official Use",
    "Restricted",
    "Personal",
    "Classified",
    "Cosmic",
    "Nato",
    "Drafted",
    "Private",
];

/// The parts of an archive's address, from the general to the particular; nothing if the note doesn't begin with
/// one.
pub fn location(note: &str) -> Vec<Identifier> {
    let Some(rest) = note.trim_start().strip_prefix("Source:") else { return Vec::new() };
    let address = address(rest.trim_start());
    let mut parts = parts(address).into_iter();
    let Some(repository) = parts.next().filter(|name| is_repository(name)) else { return Vec::new() };
    let mut found = vec![part("repository", repository)];
    let mut boxed = false;
    for words in parts {
        let scheme = scheme(words, boxed);
        boxed |= matches!(scheme, "box" | "lot" | "accession");
        found.push(part(scheme, words));
    }
    found
}

fn part(scheme: &str, value: &str) -> Identifier {
    Identifier { scheme: CompactString::from(scheme), value: value.to_owned() }
}

fn is_repository(name: &str) -> bool {
    name.len() <= 90
        && name.starts_with(char::is_uppercase)
        && !name.chars().any(|c| c.is_ascii_digit() || matches!(c, '“' | '(' | ';'))
        && name.split([' ', '-']).any(|word| KEEPERS.contains(&word))
}

/// The sentence that is the address: up to a stop before a classification, else to the first stop that ends a word
/// which is no abbreviation.
fn address(text: &str) -> &str {
    let stops = || text.match_indices(". ").map(|(at, _)| at);
    let classified = stops().find(|at| BEHIND.iter().any(|word| text[at + 2..].starts_with(word)));
    let plain = stops().find(|at| !is_abbreviation(&text[..*at]) && !text[at + 2..].starts_with(char::is_lowercase));
    let end = match (classified, plain) {
        (Some(classified), Some(plain)) => classified.min(plain),
        (one, other) => one.or(other).unwrap_or(text.len()),
    };
    text[..end].trim_end_matches(['.', ' '])
}

fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit([' ', '(', '–', '-']).next().unwrap_or_default();
    word.chars().count() == 1 && word.chars().all(char::is_uppercase)
        || word.contains('.')
        || [
            "vol", "Vol", "vols", "No", "no", "Nos", "pt", "Pt", "Jan", "Feb", "Mar", "Apr", "Aug", "Sept", "Oct",
            "Nov", "Dec", "Jr", "Dr", "Mr", "Mrs", "Gen", "Col", "Misc", "ser", "Ser", "fol", "f", "Conf", "Dept",
        ]
        .contains(&word)
}

/// The parts between commas, with a lot that is named behind a colon as a part of its own. Commas within brackets,
/// and before a year that belongs to a date, part nothing.
fn parts(address: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut from = 0;
    for (at, c) in address.char_indices() {
        match c {
            '(' | '[' | '“' => depth += 1,
            ')' | ']' | '”' => depth -= 1,
            ',' if depth <= 0
                && address[at + 1..].starts_with(' ')
                && !goes_on(&address[from..at], &address[at + 2..]) =>
            {
                found.push(address[from..at].trim());
                from = at + 2;
            }
            ':' if depth <= 0
                && ["Lot ", "FRC ", "Job "].iter().any(|word| address[at + 1..].trim_start().starts_with(word)) =>
            {
                found.push(address[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    found.push(address[from..].trim());
    found.retain(|part| !part.is_empty());
    found
}

/// True between the day and the year of a date: `October 3`, `1970–May 5`.
fn goes_on(part: &str, rest: &str) -> bool {
    let day = part.ends_with(|c: char| c.is_ascii_digit())
        && part
            .rsplit([' ', '–', '-'])
            .nth(1)
            .is_some_and(|word| word.starts_with(char::is_uppercase) && word.len() >= 3)
        && part.rsplit(' ').next().is_some_and(|figure| figure.len() <= 2);
    day && rest.len() >= 4
        && rest.as_bytes()[..4].iter().all(u8::is_ascii_digit)
        && !["Box", "Entry", "Lot", "Reel", "File", "Series"].iter().any(|word| part.starts_with(word))
}

/// What a part of an address names.
fn scheme(words: &str, boxed: bool) -> &'static str {
    const NAMED: [(&str, &str); 14] = [
        ("RG ", "record-group"),
        ("RG", "record-group"),
        ("Record Group", "record-group"),
        ("Box", "box"),
        ("Boxes", "box"),
        ("Lot", "lot"),
        ("FRC", "accession"),
        ("Job", "accession"),
        ("Accession", "accession"),
        ("Entry", "entry"),
        ("Reel", "reel"),
        ("Folder", "folder"),
        ("vol. ", "volume"),
        ("Vol. ", "volume"),
    ];
    let named = NAMED.iter().find(|(word, _)| {
        words.strip_prefix(word).is_some_and(|rest| {
            word.ends_with(' ')
                || rest.starts_with([' ', '.'])
                || *word == "RG" && rest.starts_with(|c: char| c.is_ascii_digit())
        })
    });
    match named {
        Some((_, scheme)) => scheme,
        None if is_file_number(words) => "file-number",
        None if boxed => "folder",
        None => "collection",
    }
}

/// A number under which a paper was filed: `793.00/9–2758`, `POL 27 LAOS`, `D780432–0631`.
fn is_file_number(words: &str) -> bool {
    let decimal = words.starts_with(|c: char| c.is_ascii_digit()) && words.contains('.') && words.contains('/');
    let first = words.split(' ').next().unwrap_or_default();
    let subject = (2..=6).contains(&first.len())
        && first.chars().all(|c| c.is_ascii_uppercase())
        && words[first.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit());
    let reel = first.len() >= 6
        && first.starts_with(['D', 'P', 'N'])
        && first[1..].chars().all(|c| c.is_ascii_digit() || matches!(c, '–' | '-'));
    decimal || subject || reel
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(note: &str) -> Vec<(String, String)> {
        location(note).into_iter().map(|part| (part.scheme.to_string(), part.value)).collect()
    }

    #[test]
    fn an_address_is_read_from_the_general_to_the_particular() {
        let cases: [(&str, &[(&str, &str)]); 6] = [
            (
                "Source: Lake Archive, Ferry Files, Box 2, Winter Service: 12/31. Secret; Priority. Drafted by Moor.",
                &[
                    ("repository", "Lake Archive"),
                    ("collection", "Ferry Files"),
                    ("box", "Box 2"),
                    ("folder", "Winter Service: 12/31"),
                ],
            ),
            (
                "Source: Department of Boats, Pier Files: Lot 71 D 5, Piles (Misc.), July 19–Aug. 31, 1931. Secret.",
                &[
                    ("repository", "Department of Boats"),
                    ("collection", "Pier Files"),
                    ("lot", "Lot 71 D 5"),
                    ("folder", "Piles (Misc.)"),
                    ("folder", "July 19–Aug. 31, 1931"),
                ],
            ),
            (
                "Source: Lake Archive, RG 9, Central Files 1930–31, POL 13–6. Confidential.",
                &[
                    ("repository", "Lake Archive"),
                    ("record-group", "RG 9"),
                    ("collection", "Central Files 1930–31"),
                    ("file-number", "POL 13–6"),
                ],
            ),
            (
                "Source: Quill Library, Office File, Country, vol. 3. No classification marking. The source is a copy.",
                &[
                    ("repository", "Quill Library"),
                    ("collection", "Office File"),
                    ("collection", "Country"),
                    ("volume", "vol. 3"),
                ],
            ),
            ("Source: Papers of Ines Tarn, vol. 4, p. 12.", &[]),
            ("Not found.", &[]),
        ];
        for (note, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(read(note), expected, "{note}");
        }
    }
}

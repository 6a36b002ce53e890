//! What a heading says of sender and addressee, and which persons it names.

use std::ops::Range;

use crate::model::{Certainty, Correspondence, Heading, Inference, Inline, Name, NameKind, Party, Tag};

/// Reads a heading, and marks the persons in it.
pub(super) fn read(heading: &mut Heading) -> Option<Correspondence> {
    let at =
        heading.content.iter().position(|inline| matches!(inline, Inline::Text(text) if parties(text).is_some()))?;
    let Inline::Text(text) = heading.content.get(at)?.clone() else { return None };
    let (from, to) = parties(&text)?;
    let mut said = Correspondence::default();
    let mut marked = Vec::new();
    for (range, role) in [(from, "from"), (to, "to")] {
        let persons = persons(&text, &range);
        let parties = if role == "from" { &mut said.senders } else { &mut said.addressees };
        let mut start = range.start;
        for person in &persons {
            let end = if text[person.end..].starts_with(')') { person.end + 1 } else { person.end };
            parties.push(party(&text[start..end], Some(&text[person.clone()])));
            start = end;
        }
        if persons.is_empty() {
            parties.push(party(&text[range.clone()], None));
        }
        marked.extend(persons.into_iter().map(|person| (person, role)));
    }
    let mut pieces = Vec::new();
    let mut from = 0;
    for (person, role) in marked {
        pieces.push(Inline::text(&text[from..person.start]));
        from = person.end;
        let why = Inference::new("name.heading", Certainty::High, "the heading names sender and addressee");
        pieces.push(Inline::Name(Box::new(Name {
            tag: Tag::default().inferred(why),
            kind: NameKind::Person,
            role: Some(role.into()),
            target: None,
            content: vec![Inline::text(&text[person])],
        })));
    }
    pieces.push(Inline::text(&text[from..]));
    pieces.retain(|piece| !matches!(piece, Inline::Text(text) if text.is_empty()));
    heading.content.splice(at..=at, pieces);
    Some(said)
}

pub(super) fn party(words: &str, person: Option<&str>) -> Party {
    let name =
        words.trim_matches([' ', ',', '.']).trim_start_matches("and ").split_whitespace().collect::<Vec<_>>().join(" ");
    Party { name, person: person.map(|person| person.trim().to_owned()), uri: None }
}

/// The stretches of a heading that name sender and addressee: `… From A to B`, `… by A to B`, `The A to the B`.
fn parties(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    if let Some(parties) = between(text) {
        return Some(parties);
    }
    let start =
        [" From ", " from ", " by ", " From: "].iter().find_map(|word| text.find(word).map(|at| at + word.len()));
    let start = match start {
        Some(start) => start,
        None if text.starts_with("The ") => 0,
        None => return None,
    };
    let to = outer_to(text, start)?;
    Some((start..to, to + 4..text.len()))
}

/// `… Between A and B`: who spoke with whom.
fn between(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = text.find(" Between ")? + " Between ".len();
    let mut depth = 0_i32;
    let and = text[start..].char_indices().find(|&(at, c)| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth == 0 && c == ' ' && text[start + at..].starts_with(" and ")
    })?;
    let and = start + and.0;
    let end = text[and..].find(", ").map_or(text.len(), |comma| and + comma);
    Some((start..and, and + " and ".len()..end))
}

/// The ` to ` between the parties: the first that follows a name in brackets; else the first before `the` or a
/// capital that follows no word which goes on with it (`Ambassador to`, `Assistant to`).
fn outer_to(text: &str, start: usize) -> Option<usize> {
    let mut first = None;
    let mut depth = 0_i32;
    for (at, c) in text[start..].char_indices() {
        let at = start + at;
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            ' ' if depth <= 0 && text[at..].starts_with(" to ") => {
                let before = text[start..at].trim_end_matches([' ', ',']);
                let last = before.rsplit(' ').next().unwrap_or_default();
                let goes_on = matches!(
                    last,
                    "Ambassador"
                        | "Assistant"
                        | "Adviser"
                        | "Advisor"
                        | "Representative"
                        | "Delegation"
                        | "Envoy"
                        | "Minister"
                        | "Mission"
                        | "Aide"
                        | "Secretary"
                        | "Counselor"
                        | "Consultant"
                        | "Deputy"
                        | "Delegate"
                        | "Observer"
                        | "Liaison"
                        | "Officer"
                        | "Member"
                        | "Chief"
                );
                if before.ends_with(')') {
                    return Some(at);
                }
                if first.is_none()
                    && !goes_on
                    && text[at + 4..].starts_with(|c: char| c.is_uppercase() || text[at + 4..].starts_with("the "))
                {
                    first = Some(at);
                }
            }
            _ => {}
        }
    }
    first
}

/// The persons named in a stretch of a heading: in brackets, behind a title, or at the beginning of a party.
pub(super) fn persons(text: &str, within: &Range<usize>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = within.start;
    let mut first = true;
    while at < within.end {
        let rest = &text[at..within.end];
        if let Some(inner) = rest.strip_prefix('(') {
            let end = inner.find(')').unwrap_or(inner.len());
            let name = inner[..end].trim();
            if is_name(name) {
                let start = at + 1 + inner[..end].len() - inner[..end].trim_start().len();
                found.push(start..start + name.len());
            }
            at += 1 + end;
            continue;
        }
        let titled = title(rest);
        if let Some(length) = titled
            && let Some(name) = name(&rest[length..])
            && !rest[length + name..].trim_start().starts_with('(')
        {
            found.push(at + length..at + length + name);
            at += length + name;
        } else if first
            && let Some(name) = name(rest).filter(|&name| is_full_name(&rest[..name]))
            && !rest[name..].trim_start().starts_with('(')
        {
            found.push(at..at + name);
            at += name;
        } else {
            at += titled.unwrap_or_else(|| rest.find(' ').map_or(rest.len(), |space| space + 1));
        }
        let said = &text[within.start..at];
        first = said.trim_end().ends_with(" and") || said.trim_end().ends_with(',');
        at += text[at..within.end].len() - text[at..within.end].trim_start().len();
    }
    found
}

const TITLES: [&str; 42] = [
    "President ",
    "Vice President ",
    "President-elect ",
    "Prime Minister ",
    "Foreign Minister ",
    "Secretary of State ",
    "Secretary of Defense ",
    "Secretary of the Treasury ",
    "Secretary of Commerce ",
    "Secretary of Agriculture ",
    "Secretary of Labor ",
    "Secretary of Energy ",
    "Secretary of the Interior ",
    "Secretary of the Army ",
    "Secretary of the Navy ",
    "Secretary of the Air Force ",
    "Secretary of State-designate ",
    "Under Secretary of State ",
    "Acting Secretary of State ",
    "Deputy Secretary of State ",
    "Deputy Secretary of Defense ",
    "Director of Central Intelligence ",
    "Attorney General ",
    "Ambassador ",
    "Chancellor ",
    "Chairman ",
    "Premier ",
    "General Secretary ",
    "Senator ",
    "General ",
    "Admiral ",
    "King ",
    "Queen ",
    "Shah ",
    "Sultan ",
    "Foreign Secretary ",
    "Acting Secretary ",
    "Secretary ",
    "Minister ",
    "Governor ",
    "Congressman ",
    "Representative ",
];

/// How long the title is with which a text begins.
fn title(text: &str) -> Option<usize> {
    TITLES.iter().filter(|title| text.starts_with(**title)).map(|title| title.len()).max()
}

/// How long the name is with which a text begins: words with capitals, initials, particles.
fn name(text: &str) -> Option<usize> {
    let mut end = 0;
    let mut at = 0;
    for word in text.split(' ') {
        let bare = word.trim_end_matches([',', ';', ':']);
        let core = bare.trim_end_matches('.');
        let particle = matches!(core, "de" | "von" | "van" | "der" | "del" | "la" | "bin" | "al" | "el" | "den" | "y");
        let proper = core.starts_with(char::is_uppercase)
            && core.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '–' | '\'' | '’'))
            && !core.ends_with("’s")
            && !core.ends_with("'s")
            && !is_office(core);
        if !(proper || particle && end > 0) || end > 0 && at - end > 1 {
            break;
        }
        if proper {
            end = at + bare.len();
        }
        at += word.len() + 1;
        if bare.len() < word.len() && !text[at.min(text.len())..].starts_with("Jr") {
            break;
        }
    }
    (end > 0).then_some(end)
}

fn is_name(text: &str) -> bool {
    name(text) == Some(text.len()) && text.len() > 1
}

fn is_full_name(text: &str) -> bool {
    text.split(' ').count() >= 2
}

/// Words of offices and bodies, which are no names.
fn is_office(word: &str) -> bool {
    matches!(
        word,
        "The"
            | "Secretary"
            | "State"
            | "Department"
            | "Embassy"
            | "Mission"
            | "Ambassador"
            | "Director"
            | "Deputy"
            | "Under"
            | "Assistant"
            | "Acting"
            | "Chief"
            | "Chairman"
            | "Special"
            | "National"
            | "Security"
            | "Council"
            | "Staff"
            | "White"
            | "House"
            | "Central"
            | "Intelligence"
            | "Agency"
            | "Consulate"
            | "Consul"
            | "General"
            | "Legation"
            | "Joint"
            | "Chiefs"
            | "Office"
            | "Bureau"
            | "Representative"
            | "Delegation"
            | "President"
            | "Vice"
            | "Prime"
            | "Minister"
            | "Foreign"
            | "Executive"
            | "United"
            | "States"
            | "Defense"
            | "Treasury"
            | "Certain"
            | "All"
            | "Diplomatic"
            | "Posts"
            | "Missions"
            | "Policy"
            | "Planning"
            | "Counselor"
            | "Attorney"
            | "Board"
            | "Committee"
            | "Commander"
            | "Commission"
            | "Interests"
            | "Section"
            | "Liaison"
            | "Country"
            | "Officer"
            | "Senior"
            | "Chargé"
            | "Administrator"
            | "Governor"
            | "Bank"
            | "Affairs"
            | "Economic"
            | "Political"
            | "Administration"
            | "Counsel"
            | "Adviser"
            | "Advisor"
            | "Military"
            | "Air"
            | "Force"
            | "Army"
            | "Navy"
            | "Acting-Secretary"
            | "Ministry"
            | "Government"
            | "Soviet"
            | "British"
            | "French"
            | "German"
            | "Chinese"
            | "Turkish"
            | "Japanese"
            | "Israeli"
            | "Egyptian"
            | "Indian"
            | "American"
            | "Republic"
            | "Union"
            | "Mr"
            | "Federal"
            | "Permanent"
            | "North"
            | "South"
            | "East"
            | "West"
            | "Far"
            | "Near"
            | "Middle"
            | "European"
            | "Asian"
            | "African"
            | "Designate"
            | "Interdepartmental"
            | "Group"
            | "Steering"
            | "Acting-Chief"
            | "First"
            | "Second"
            | "Third"
            | "U.S"
            | "US"
            | "UN"
            | "NATO"
            | "Commissioner"
            | "Inter-American"
            | "International"
            | "Division"
            | "Public"
            | "Legal"
            | "Presidential"
            | "Personal"
            | "Senate"
            | "Congress"
            | "Senator"
            | "Supreme"
            | "Allied"
            | "High"
            | "Station"
    )
}

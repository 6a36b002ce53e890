//! What a TEI header says, as metadata (TEI P5, chapter 2). In: the header as it stood. Out: those fields of
//! [`Metadata`] for which the header has a word; the header itself is not copied.

use compact_str::CompactString;

use crate::model::{
    Agent, Correspondence, Frame, Identifier, Metadata, Moment, Party, Publication, Series, SourceDescription, Title,
    When,
};
use crate::xml::Element;

/// The fields of the metadata that a header fills.
pub fn metadata(header: &Element) -> Metadata {
    let file = header.child("fileDesc");
    let titles = file.and_then(|file| file.child("titleStmt"));
    let published = file.and_then(|file| file.child("publicationStmt"));
    let profile = header.child("profileDesc");
    Metadata {
        title: titles.map(title).unwrap_or_default(),
        agents: titles.map(agents).unwrap_or_default(),
        publication: published.map(publication).unwrap_or_default(),
        series: file.and_then(series),
        identifiers: published.map(identifiers).unwrap_or_default(),
        languages: profile.map(languages).unwrap_or_default(),
        subjects: profile.map(subjects).unwrap_or_default(),
        classification: profile.map(classes).unwrap_or_default(),
        description: profile.and_then(|profile| profile.child("abstract")).and_then(words),
        source: file.and_then(|file| file.child("sourceDesc")).map(source).unwrap_or_default(),
        correspondence: profile.and_then(|profile| profile.child("correspDesc")).map(correspondence),
        ..Metadata::default()
    }
}

/// What each text of a corpus is called by its own header, in the order of the texts; `None` where it has none.
/// The first header of the file speaks of the whole.
pub fn titles_of_texts(frame: &Frame) -> Vec<Option<String>> {
    let mut titles = Vec::new();
    if frame.is_corpus() {
        collect_titles(&frame.root, None, &mut titles);
    }
    titles
}

fn collect_titles(element: &Element, called: Option<&str>, titles: &mut Vec<Option<String>>) {
    let written = element.child("text").is_some();
    for child in element.elements().filter(|child| child.name.namespace.is_none()) {
        match child.name.local.as_str() {
            "text" => titles.push(called.map(str::to_owned)),
            "sourceDoc" if !written => titles.push(called.map(str::to_owned)),
            "TEI" | "teiCorpus" => {
                let title = child.child("teiHeader").map(|header| metadata(header).title.main);
                collect_titles(child, title.as_deref().filter(|title| !title.is_empty()), titles);
            }
            _ => {}
        }
    }
}

/// The words of an element, white space folded, notes left out; `None` if there are none.
fn words(element: &Element) -> Option<String> {
    let text = element.text();
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!folded.is_empty()).then_some(folded)
}

fn named<'e>(element: &'e Element, local: &'static str) -> impl Iterator<Item = &'e Element> {
    element.elements().filter(move |child| child.name.is_plain(local))
}

/// All elements of this name, at any depth.
fn descendants<'e>(element: &'e Element, local: &str, found: &mut Vec<&'e Element>) {
    for child in element.elements() {
        if child.name.is_plain(local) {
            found.push(child);
        }
        descendants(child, local, found);
    }
}

/// The main title is the one that says so, else the one without a type, else the first.
fn title(statement: &Element) -> Title {
    let typed = |kinds: &[&str]| {
        named(statement, "title").find(|title| title.attributes.get("type").is_some_and(|kind| kinds.contains(&kind)))
    };
    let main = typed(&["main", "complete"])
        .or_else(|| named(statement, "title").find(|title| title.attributes.get("type").is_none()))
        .or_else(|| statement.child("title"));
    Title {
        main: main.and_then(words).unwrap_or_default(),
        subtitle: typed(&["sub", "subtitle", "subordinate"]).and_then(words),
    }
}

fn agents(statement: &Element) -> Vec<Agent> {
    let mut agents = Vec::new();
    for child in statement.elements().filter(|child| child.name.namespace.is_none()) {
        let role = match child.name.local.as_str() {
            "author" => "aut",
            "editor" if child.attributes.get("role") == Some("translator") => "trl",
            "editor" => "edt",
            "funder" => "fnd",
            _ => continue,
        };
        let names: Vec<&Element> = named(child, "persName").chain(named(child, "name")).collect();
        let people = if names.is_empty() { vec![child] } else { names };
        for person in people {
            let Some(name) = words(person) else { continue };
            let uri = person.attributes.get("ref").or_else(|| child.attributes.get("ref")).map(str::to_owned);
            agents.push(Agent { name, file_as: None, role: role.into(), uri });
        }
    }
    agents
}

fn publication(statement: &Element) -> Publication {
    let availability = statement.child("availability");
    let licence = availability.and_then(|availability| availability.child("licence"));
    let date = statement.child("date");
    let printed = |date: &Element| date.attributes.get("when").map(str::to_owned).or_else(|| words(date));
    Publication {
        publisher: statement.child("publisher").or_else(|| statement.child("authority")).and_then(words),
        place: statement.child("pubPlace").and_then(words),
        date: date.and_then(printed).and_then(|date| date.parse::<Moment>().ok()),
        rights: availability.and_then(words),
        licence: licence.and_then(|licence| licence.attributes.get("target")).map(str::to_owned),
        modified: None,
    }
}

fn identifiers(statement: &Element) -> Vec<Identifier> {
    let mut found = Vec::new();
    descendants(statement, "idno", &mut found);
    let identifier = |idno: &Element| {
        // An outer idno has the inner ones as its words.
        let value = words(idno).filter(|_| idno.child("idno").is_none())?;
        Some(Identifier { scheme: idno.attributes.get("type").unwrap_or("idno").to_lowercase().into(), value })
    };
    found.into_iter().filter_map(identifier).collect()
}

fn series(file: &Element) -> Option<Series> {
    if let Some(statement) = file.child("seriesStmt") {
        let title = statement.child("title").and_then(words)?;
        let position = statement.child("biblScope").and_then(words);
        return Some(Series { title, position });
    }
    let titles = file.child("titleStmt")?;
    let typed = |kinds: [&str; 2]| {
        named(titles, "title")
            .find(|title| title.attributes.get("type").is_some_and(|kind| kinds.contains(&kind)))
            .and_then(words)
    };
    Some(Series { title: typed(["series", "series"])?, position: typed(["volume-number", "volumenumber"]) })
}

fn languages(profile: &Element) -> Vec<CompactString> {
    let usage = profile.child("langUsage");
    let idents = usage.into_iter().flat_map(|usage| named(usage, "language"));
    idents.filter_map(|language| language.attributes.get("ident")).map(CompactString::from).collect()
}

fn subjects(profile: &Element) -> Vec<String> {
    let mut terms = Vec::new();
    for class in named(profile, "textClass") {
        for keywords in named(class, "keywords") {
            descendants(keywords, "term", &mut terms);
        }
    }
    let mut subjects: Vec<String> = Vec::new();
    for subject in terms.into_iter().filter_map(words) {
        if !subjects.contains(&subject) {
            subjects.push(subject);
        }
    }
    subjects
}

fn classes(profile: &Element) -> Vec<Identifier> {
    let codes = named(profile, "textClass").flat_map(|class| named(class, "classCode"));
    let class =
        |code: &Element| Some(Identifier { scheme: code.attributes.get("scheme")?.into(), value: words(code)? });
    codes.filter_map(class).collect()
}

fn source(description: &Element) -> SourceDescription {
    let note = named(description, "p").find(|p| p.attributes.get("n") == Some("source-note")).and_then(words);
    SourceDescription { edition: description.child("bibl").and_then(words), note, ..SourceDescription::default() }
}

fn correspondence(description: &Element) -> Correspondence {
    let mut correspondence = Correspondence::default();
    for action in named(description, "correspAction") {
        let parties = parties(action);
        match action.attributes.get("type") {
            Some("sent") => {
                correspondence.senders.extend(parties);
                correspondence.place = action.child("placeName").and_then(words);
                correspondence.date = action.child("date").and_then(when);
            }
            Some("received") => correspondence.addressees.extend(parties),
            _ => {}
        }
    }
    correspondence
}

fn parties(action: &Element) -> Vec<Party> {
    let is_party =
        |child: &&Element| ["persName", "orgName", "name", "rs"].iter().any(|name| child.name.is_plain(name));
    let party = |child: &Element| {
        let name = words(child)?;
        let person = child.child("persName").and_then(words);
        Some(Party { name, person, uri: child.attributes.get("ref").map(str::to_owned) })
    };
    action.elements().filter(is_party).filter_map(party).collect()
}

/// The interpretation of a date in the header.
fn when(date: &Element) -> Option<When> {
    let moment = |name: &str| date.attributes.get(name).and_then(|text| text.parse::<Moment>().ok());
    if let Some(on) = moment("when") {
        return Some(When::On(on));
    }
    let (from, to) = (moment("from"), moment("to"));
    if from.is_some() || to.is_some() {
        return Some(When::Between(from, to));
    }
    let (from, to) = (moment("notBefore"), moment("notAfter"));
    (from.is_some() || to.is_some()).then_some(When::Within(from, to))
}

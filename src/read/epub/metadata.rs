//! What the package document says about the book (EPUB 3.3 §5.5, OPF 2.0.1 §2.2).

use std::collections::HashMap;

use crate::epub::package::Package;
use crate::epub::page::Element;
use crate::model::{Agent, Identifier, Metadata, Moment, Publication, Series, Title};

/// The metadata of a package.
pub(super) fn metadata(package: &Package) -> Metadata {
    let Some(element) = &package.metadata else { return Metadata::default() };
    let mut said = Said::default();
    said.gather(element);
    let mut metadata = Metadata {
        title: said.title(),
        agents: said.agents(),
        publication: said.publication(),
        series: said.series(),
        identifiers: said.identifiers(),
        languages: said.all("language").map(Into::into).collect(),
        subjects: said.all("subject").collect(),
        description: said.all("description").next().map(|text| without_tags(&text)),
        ..Metadata::default()
    };
    metadata.source.edition = said.all("source").next();
    if package.right_to_left {
        metadata.extra.insert("page-progression-direction".to_owned(), "rtl".to_owned());
    }
    metadata
}

/// Descriptions often are HTML within XML; what is meant is the text.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        plain.push_str(before);
        match after.split_once('>') {
            Some((tag, after)) if tag.starts_with(|it: char| it.is_ascii_alphabetic() || it == '/' || it == '!') => {
                plain.push(' ');
                rest = after;
            }
            _ => {
                plain.push('<');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    folded(&plain)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All that is said, by element and by what refines what.
#[derive(Default)]
struct Said<'e> {
    elements: Vec<&'e Element>,
    /// By id and property: the value.
    refined: HashMap<(String, String), String>,
}

impl<'e> Said<'e> {
    fn gather(&mut self, element: &'e Element) {
        for child in element.elements() {
            match child.name.as_str() {
                // The containers of OEB 1.2.
                "dc-metadata" | "x-metadata" => self.gather(child),
                "meta" if child.get("refines").is_some() => {
                    let id = child.get("refines").unwrap_or_default().trim_start_matches('#').to_owned();
                    let property = child.get("property").unwrap_or_default().to_owned();
                    self.refined.entry((id, property)).or_insert_with(|| folded(&child.text()));
                }
                _ => self.elements.push(child),
            }
        }
    }

    fn of<'s>(&'s self, local: &'static str) -> impl Iterator<Item = &'e Element> + 's {
        let wanted = move |element: &&&'e Element| {
            element.name.eq_ignore_ascii_case(local) && element.name != "meta" && element.name != "link"
        };
        self.elements.iter().filter(wanted).copied()
    }

    fn all<'s>(&'s self, local: &'static str) -> impl Iterator<Item = String> + use<'s, 'e> {
        self.of(local).map(|element| folded(&element.text())).filter(|text| !text.is_empty())
    }

    fn refinement(&self, element: &Element, property: &str) -> Option<&String> {
        self.refined.get(&(element.get("id")?.to_owned(), property.to_owned()))
    }

    /// A `meta` by its property (EPUB 3) or name (EPUB 2).
    fn meta(&self, name: &str) -> Option<(&'e Element, String)> {
        let metas = self.elements.iter().filter(|element| element.name == "meta");
        metas.into_iter().find_map(|element| {
            if element.get("property") == Some(name) {
                return Some((*element, folded(&element.text())));
            }
            (element.get("name") == Some(name))
                .then(|| (*element, element.get("content").unwrap_or_default().to_owned()))
        })
    }

    fn title(&self) -> Title {
        let titles: Vec<_> = self.of("title").filter(|title| !title.text().trim().is_empty()).collect();
        let of_type = |kind: &str| {
            titles.iter().copied().find(|title| self.refinement(title, "title-type").is_some_and(|it| it == kind))
        };
        let main = of_type("main").or_else(|| titles.first().copied());
        let other = |title: &&Element| main.is_none_or(|main| !std::ptr::eq(main, *title));
        let untyped = |title: &&&Element| self.refinement(title, "title-type").is_none() && other(title);
        let subtitle = of_type("subtitle").filter(other).or_else(|| titles.iter().find(untyped).copied());
        Title {
            main: main.map(|title| folded(&title.text())).unwrap_or_default(),
            subtitle: subtitle.map(|title| folded(&title.text())),
        }
    }

    fn agents(&self) -> Vec<Agent> {
        let creators = self.of("creator").map(|element| (element, "aut"));
        let contributors = self.of("contributor").map(|element| (element, "ctb"));
        let agent = |(element, usual): (&Element, &str)| {
            let name = folded(&element.text());
            let file_as = self.refinement(element, "file-as").map(String::as_str).or(element.get("opf:file-as"));
            let role = self.refinement(element, "role").map(String::as_str).or(element.get("opf:role"));
            let role = role.map(str::trim).filter(|role| !role.is_empty()).unwrap_or(usual).into();
            let file_as = file_as.map(folded).filter(|file_as| !file_as.is_empty());
            (!name.is_empty()).then_some(Agent { name, file_as, role, uri: None })
        };
        creators.chain(contributors).filter_map(agent).collect()
    }

    fn publication(&self) -> Publication {
        let dates = || self.of("date");
        let event = |element: &&Element| matches!(element.get("opf:event"), None | Some("publication"));
        let date = dates().find(event).or_else(|| dates().next());
        let mut rights = self.all("rights");
        let first = rights.next();
        let is_uri = |text: &String| text.starts_with("http://") || text.starts_with("https://");
        let (rights, licence) = match (first, rights.next()) {
            (Some(first), None) if is_uri(&first) => (None, Some(first)),
            (first, second) => (first, second.filter(is_uri)),
        };
        Publication {
            publisher: self.all("publisher").next(),
            date: date.and_then(|date| moment(&date.text())),
            rights,
            licence,
            modified: self.meta("dcterms:modified").map(|(_, text)| text.into()),
            ..Publication::default()
        }
    }

    fn series(&self) -> Option<Series> {
        if let Some((element, title)) = self.meta("belongs-to-collection").filter(|(_, title)| !title.is_empty()) {
            return Some(Series { title, position: self.refinement(element, "group-position").cloned() });
        }
        let (_, title) = self.meta("calibre:series").filter(|(_, title)| !title.is_empty())?;
        Some(Series { title, position: self.meta("calibre:series_index").map(|(_, position)| position) })
    }

    fn identifiers(&self) -> Vec<Identifier> {
        let mut identifiers: Vec<Identifier> = Vec::new();
        for element in self.of("identifier") {
            let text = folded(&element.text());
            let (scheme, value) = scheme(&text, element.get("opf:scheme"));
            let identifier = Identifier { scheme: scheme.to_lowercase().into(), value: value.to_owned() };
            if !value.is_empty() && !identifiers.contains(&identifier) {
                identifiers.push(identifier);
            }
        }
        identifiers
    }
}

/// Kind and value of an identifier.
fn scheme<'t>(text: &'t str, given: Option<&'t str>) -> (&'t str, &'t str) {
    let small = text.to_ascii_lowercase();
    for (start, scheme) in [
        ("urn:isbn:", "isbn"),
        ("urn:uuid:", "uuid"),
        ("urn:doi:", "doi"),
        ("doi:", "doi"),
        ("https://doi.org/", "doi"),
        ("isbn:", "isbn"),
        ("uuid:", "uuid"),
    ] {
        if small.starts_with(start) {
            return (scheme, text[start.len()..].trim());
        }
    }
    match given.map(str::trim).filter(|given| !given.is_empty()) {
        Some(given) => (given, text),
        None if small.starts_with("http://") || small.starts_with("https://") || small.starts_with("urn:") => {
            ("uri", text)
        }
        None => ("id", text),
    }
}

/// As much of a date as can be understood: `2011-05-04T10:00:00Z` is a day, `May 1931` nothing.
fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    [10, 7, 4].into_iter().find_map(|length| {
        let whole = text.get(..length)?;
        let ends = text[length..].starts_with(|it: char| !it.is_ascii_digit() && it != '-') || text.len() == length;
        whole.parse().ok().filter(|_| ends || length == 10)
    })
}

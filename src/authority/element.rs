//! Entries of TEI's own lists: `person`, `place`, `org` (TEI P5 §14.3), and categories or terms with an id.

use super::{Entry, Kind, folded};
use crate::model::{Id, Moment, Target};
use crate::xml::Element;

/// Adds all entries within an element.
pub(super) fn entries(element: &Element, found: &mut Vec<Entry>) {
    let kind = match element.name.local.as_str() {
        "person" | "personGrp" => Some(Kind::Person),
        "place" => Some(Kind::Place),
        "org" => Some(Kind::Organisation),
        _ => None,
    };
    match kind.and_then(|kind| entry(element, kind)) {
        Some(entry) => found.push(entry),
        None => element.elements().for_each(|inner| entries(inner, found)),
    }
    // Places lie within places.
    if kind == Some(Kind::Place) {
        element.elements().filter(|inner| inner.name.is_plain("place")).for_each(|inner| entries(inner, found));
    }
}

fn entry(element: &Element, kind: Kind) -> Option<Entry> {
    let naming = match kind {
        Kind::Person => "persName",
        Kind::Place => "placeName",
        Kind::Organisation => "orgName",
        Kind::Term => "term",
    };
    let mut names = element.elements().filter(|inner| inner.name.is_plain(naming) || inner.name.is_plain("name"));
    let name = named(names.next()?);
    let variants = names.map(named).filter(|name| !name.is_empty()).collect();
    let id = element.attributes.0.iter().find(|attribute| attribute.name.local == "id").map(|id| id.value.clone());
    let uri =
        element.elements().filter(|inner| inner.name.is_plain("idno")).map(Element::text).map(|text| folded(&text));
    let uri = uri.into_iter().find(|text| text.starts_with("http")).map(Into::into);
    let uri = uri.or_else(|| element.attributes.get("ref").or(element.attributes.get("sameAs")).map(Into::into));
    let target = uri.map(Target::Elsewhere).or(id.map(|id| Target::Here(Id(id))))?;
    let life = (date(element.child("birth")), date(element.child("death")));
    let said = element.elements().filter(|inner| {
        ["note", "occupation", "state", "affiliation", "desc", "p"].iter().any(|name| inner.name.is_plain(name))
    });
    let about = folded(&said.map(Element::text).collect::<Vec<_>>().join("; "));
    (!name.is_empty()).then_some(Entry { kind, target, name, variants, about, life })
}

/// `surname` and `forename` say what is what; without them the words are taken as they stand.
fn named(name: &Element) -> String {
    let parts = |wanted: &[&str]| {
        let mut words = Vec::new();
        for part in name.elements().filter(|part| wanted.iter().any(|wanted| part.name.is_plain(wanted))) {
            words.push(folded(&part.text()));
        }
        words.join(" ")
    };
    let (surname, given) = (parts(&["surname"]), parts(&["forename", "roleName", "nameLink"]));
    match (surname.is_empty(), given.is_empty()) {
        (false, false) => format!("{surname}, {given}"),
        (false, true) => surname,
        _ => folded(&name.text()),
    }
}

fn date(element: Option<&Element>) -> Option<Moment> {
    let element = element?;
    let date = element.child("date").unwrap_or(element);
    let value = ["when", "notBefore", "from", "notAfter", "to"].iter().find_map(|name| date.attributes.get(name))?;
    value.parse().ok()
}

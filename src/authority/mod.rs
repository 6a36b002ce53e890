//! Authority files: persons, places, organisations and terms that are known by name before a text is read. In: TEI
//! (`listPerson`, `listPlace`, `listOrg`, lists of persons and abbreviations), CSV or JSON. Out: [`Entry`]s, and a
//! [`Finder`] that knows where their names stand in a text.
//!
//! It lies beneath the passes, which decide whom a name means.

mod element;
mod finder;
mod lists;
mod person;
#[cfg(feature = "index")]
mod table;
mod tenure;

pub use finder::{Candidate, Finder, Hit, fold};
pub use lists::{listed_in, of_document};
pub use person::{Form, Part, PersonName, is_particle};
#[cfg(feature = "index")]
pub use table::{from_csv, from_json};
pub use tenure::Tenure;

use crate::model::{Moment, Target};

/// Of what an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A person.
    Person,
    /// A place.
    Place,
    /// An organisation.
    Organisation,
    /// A term or an abbreviation.
    Term,
}

impl Kind {
    /// The kind of a word in an authority file: `person`, `place`, `org`, `term` and what else they are called.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word.trim().to_lowercase().as_str() {
            "person" | "persname" => Self::Person,
            "place" | "placename" => Self::Place,
            "org" | "organisation" | "organization" | "orgname" => Self::Organisation,
            "term" | "abbreviation" | "gloss" => Self::Term,
            _ => return None,
        })
    }
}

/// One person, place, organisation or term.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Of what.
    pub kind: Kind,
    /// What a name in the text is to point to: an entry of the same document, or a URI.
    pub target: Target,
    /// The name as the list has it; of a person often inverted: `Moor, Ada`.
    pub name: String,
    /// Other names.
    pub variants: Vec<String>,
    /// What the list says of it: offices, an expansion.
    pub about: String,
    /// When a person lived, as far as it is known. A person is not named before the birth.
    pub life: (Option<Moment>, Option<Moment>),
}

/// Many entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Authorities {
    /// The entries, in the order of their lists.
    pub entries: Vec<Entry>,
}

impl Authorities {
    /// Adds the entries of another list.
    pub fn append(&mut self, mut other: Self) {
        self.entries.append(&mut other.entries);
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Points entries that have no URI of their own to `file`: `#p1` becomes `persons.xml#p1`.
    #[must_use]
    pub fn within(mut self, file: &str) -> Self {
        for entry in &mut self.entries {
            if let Target::Here(id) = &entry.target {
                entry.target = Target::Elsewhere(format!("{file}#{id}").into());
            }
        }
        self
    }
}

/// White space folded, and none at the ends.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! What a machine may ask of many documents at once: who wrote to whom, when, from where, and what cites what.
//! In: documents, as they were read and enriched. Out: one [`Entry`] for each, and tables and graphs of them.

pub mod cmif;
mod collect;
pub mod graph;
#[cfg(feature = "sqlite")]
pub mod sqlite;
pub mod table;

use serde::Serialize;

use crate::model::Moment;

pub use collect::entries;

/// One document of an edition.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Entry {
    /// The file it was read from, as the user named it.
    pub file: String,
    /// Its id within the file.
    pub id: Option<String>,
    /// Its number as printed.
    pub number: Option<String>,
    /// What it is called, without number and note markers.
    pub title: String,
    /// When it was written, or the first day of that.
    pub from: Option<Moment>,
    /// The last day, if there are several.
    pub to: Option<Moment>,
    /// Who sent it, as printed.
    pub senders: Vec<Correspondent>,
    /// To whom.
    pub addressees: Vec<Correspondent>,
    /// Where it was written, as printed.
    pub place: Option<String>,
    /// Where the original is kept.
    pub repository: Option<String>,
    /// How many notes it has.
    pub notes: usize,
    /// How many words its text has, without those of the notes.
    pub words: usize,
    /// What it refers to: ids within its own file (`#d9`), else URI references; each once, in the order of the text.
    pub references: Vec<String>,
    /// Whom and what it names that a list or an authority file knows, each once, in the order of the text.
    pub names: Vec<Named>,
}

/// A person, place, organisation or term that a document names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Named {
    /// `person`, `place`, `organisation`, `name` or `term`.
    pub kind: &'static str,
    /// The entry's URI, or its id in a list of the same file (`#p_1`).
    pub target: String,
    /// The longest form that the document uses.
    pub name: String,
    /// How often.
    pub times: usize,
}

/// A person or office that sent or received a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Correspondent {
    /// The words of the source.
    pub name: String,
    /// An authority's URI, or the id of an entry in a list of persons.
    pub uri: Option<String>,
}

impl Entry {
    /// True if it says who sent it or to whom.
    pub fn is_letter(&self) -> bool {
        !self.senders.is_empty() || !self.addressees.is_empty()
    }

    /// The document's address among others: its file and id.
    pub fn address(&self) -> String {
        match &self.id {
            Some(id) => format!("{}#{id}", self.file),
            None => self.file.clone(),
        }
    }
}

#[cfg(test)]
mod tests;

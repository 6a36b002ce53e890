//! Where the TEI Guidelines speak of an element.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Number and title of each section, and the elements that it describes first (TEI P5, version 4).
const SECTIONS: &str = include_str!("sections.tsv");

/// A place in the Guidelines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// `3.9.1`
    pub number: &'static str,
    /// `Notes and Simple Annotation`
    pub title: &'static str,
}

/// The section that describes an element of TEI; `None` for names that TEI doesn't have.
pub fn section(element: &str) -> Option<Section> {
    static KNOWN: OnceLock<HashMap<&str, Section>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let rows = SECTIONS.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            let section = Section { number: cells.next()?, title: cells.next()? };
            Some(cells.next()?.split(' ').map(move |element| (element, section)))
        });
        rows.flatten().collect()
    });
    known.get(element).copied()
}

/// What to read about an element: the section's number and title, and the address of the element's own page.
pub fn reference(element: &str) -> Option<Arc<str>> {
    static TOLD: Mutex<BTreeMap<String, Arc<str>>> = Mutex::new(BTreeMap::new());
    let Section { number, title } = section(element)?;
    // Faults come in thousands, and most of them speak of a few elements.
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let told = told.entry(element.to_owned()).or_insert_with(|| {
        let page = format!("https://tei-c.org/release/doc/tei-p5-doc/en/html/ref-{element}.html");
        format!("TEI Guidelines, {number} {title}: {page}").into()
    });
    Some(Arc::clone(told))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_a_section() {
        assert_eq!(section("note"), Some(Section { number: "3.9.1", title: "Notes and Simple Annotation" }));
        assert_eq!(section("nite"), None);
        assert!(reference("persName").is_some_and(|told| told.contains("ref-persName.html")));
    }
}

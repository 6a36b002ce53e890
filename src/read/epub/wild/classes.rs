//! Classes and presentation of a book of others that say nothing here: they are left out, and that is told, each once.

use std::collections::BTreeMap;

use super::inline::style_of_class;
use super::list::PLAIN;
use super::notes::speaks_of_notes;
use super::verse::is_verse_class;
use crate::diagnostic::{Code, Log};
use crate::epub::page::Element;
use crate::source::Span;

const CLASS: Code = Code("epub.class-dropped");
const ALIGNED: Code = Code("table.alignment-dropped");

/// Tells which classes some elements have by which nothing was read, and how often; and how many cells are aligned.
pub(super) fn report<'e>(elements: impl Iterator<Item = &'e Element>, log: &mut Log) {
    let (mut classes, mut aligned) = (BTreeMap::<&str, usize>::new(), 0_usize);
    for element in elements {
        for class in element.words("class").filter(|class| !is_read(class)) {
            *classes.entry(class).or_default() += 1;
        }
        let in_style = || element.get("style").is_some_and(|style| style.contains("text-align"));
        let is_cell = matches!(element.name.as_str(), "td" | "th" | "col" | "colgroup");
        aligned += usize::from(is_cell && (element.get("align").is_some() || in_style()));
    }
    for (class, count) in classes {
        let message = format!("the class `{class}` ({count} times) is left out: what it means is not said");
        log.loss(CLASS, Span::default(), message);
    }
    if aligned > 0 {
        log.loss(ALIGNED, Span::default(), format!("how {aligned} cells of tables are aligned is left out"));
    }
}

/// True for a class by which something is read.
fn is_read(class: &str) -> bool {
    style_of_class(class).is_some()
        || is_verse_class(class)
        || speaks_of_notes(class)
        || PLAIN.contains(&class)
        || class == "epigraph"
        || class.starts_with("lang")
        || class.contains("back")
}

//! The vocabulary of TEI as tables that reader and writer share: each word for what the model calls otherwise.

mod element;
mod entities;
pub mod frame;
pub mod guidelines;
pub mod header;

pub use element::{Kind, kind};
pub use entities::entity;

use std::borrow::Cow;

use crate::model::{EditKind, FormulaKind, ListKind, NameKind, NoteKind, Place, Reference, Style, Unit};

/// The namespace of TEI.
pub const NAMESPACE: &str = "http://www.tei-c.org/ns/1.0";

/// Set parts of a text and their elements.
const FORMULAS: [(&str, FormulaKind); 13] = [
    ("opener", FormulaKind::Opener),
    ("dateline", FormulaKind::Dateline),
    ("salute", FormulaKind::Salute),
    ("closer", FormulaKind::Closer),
    ("signed", FormulaKind::Signed),
    ("postscript", FormulaKind::Postscript),
    ("byline", FormulaKind::Byline),
    ("trailer", FormulaKind::Trailer),
    ("epigraph", FormulaKind::Epigraph),
    ("argument", FormulaKind::Argument),
    ("speaker", FormulaKind::Speaker),
    ("stage", FormulaKind::Stage),
    ("figDesc", FormulaKind::Description),
];

/// Interventions and their elements.
const EDITS: [(&str, EditKind); 11] = [
    ("sic", EditKind::Sic),
    ("corr", EditKind::Correction),
    ("orig", EditKind::Original),
    ("reg", EditKind::Regularized),
    ("abbr", EditKind::Abbreviation),
    ("expan", EditKind::Expansion),
    ("supplied", EditKind::Supplied),
    ("unclear", EditKind::Unclear),
    ("gap", EditKind::Gap),
    ("add", EditKind::Addition),
    ("del", EditKind::Deletion),
];

/// Names and their elements.
const NAMES: [(&str, NameKind); 4] = [
    ("persName", NameKind::Person),
    ("placeName", NameKind::Place),
    ("orgName", NameKind::Organisation),
    ("name", NameKind::Other),
];

/// Styles and the words of `@rend`: of those for one style the first is written, the others are understood.
const STYLES: [(&str, Style); 18] = [
    ("italic", Style::Italic),
    ("strong", Style::Bold),
    ("smallcaps", Style::SmallCaps),
    ("underline", Style::Underline),
    ("strikethrough", Style::Strikethrough),
    ("superscript", Style::Superscript),
    ("sub", Style::Subscript),
    ("roman", Style::Roman),
    ("italics", Style::Italic),
    ("i", Style::Italic),
    ("bold", Style::Bold),
    ("b", Style::Bold),
    ("small-caps", Style::SmallCaps),
    ("sc", Style::SmallCaps),
    ("underlined", Style::Underline),
    ("strikeout", Style::Strikethrough),
    ("sup", Style::Superscript),
    ("subscript", Style::Subscript),
];

fn word_of<T: PartialEq>(table: &[(&'static str, T)], value: &T) -> Option<&'static str> {
    table.iter().find(|(_, known)| known == value).map(|(word, _)| *word)
}

fn of_word<T: Copy>(table: &[(&'static str, T)], word: &str) -> Option<T> {
    table.iter().find(|(known, _)| *known == word).map(|(_, value)| *value)
}

/// The element of a set part.
pub fn formula_name(kind: FormulaKind) -> &'static str {
    word_of(&FORMULAS, &kind).unwrap_or("ab")
}

/// The set part of an element.
pub fn formula(element: &str) -> Option<FormulaKind> {
    kind(element).formula
}

fn formula_of(element: &str) -> Option<FormulaKind> {
    of_word(&FORMULAS, element)
}

/// The element of an intervention.
pub fn edit_name(kind: EditKind) -> &'static str {
    word_of(&EDITS, &kind).unwrap_or("seg")
}

/// The intervention of an element.
pub fn edit(element: &str) -> Option<EditKind> {
    kind(element).edit
}

fn edit_of(element: &str) -> Option<EditKind> {
    of_word(&EDITS, element)
}

/// The element of a name.
pub fn name_name(kind: NameKind) -> &'static str {
    word_of(&NAMES, &kind).unwrap_or("name")
}

/// What an element names; `rs` names anything.
pub fn name(element: &str) -> Option<NameKind> {
    kind(element).name
}

fn name_of(element: &str) -> Option<NameKind> {
    of_word(&NAMES, element).or_else(|| (element == "rs").then_some(NameKind::Other))
}

/// The word of a style in `@rend`.
pub fn rend(style: Style) -> Option<&'static str> {
    word_of(&STYLES, &style)
}

/// The style that `@rend` says, or begins with.
pub fn style(rend: &str) -> Option<Style> {
    of_word(&STYLES, rend.trim_start_matches('#')).or_else(|| {
        let mut words = rend.split(|character: char| character.is_whitespace() || character == ';');
        words.find_map(|word| of_word(&STYLES, word.trim_start_matches('#')))
    })
}

/// The value of `note/@type`.
pub fn note_type(kind: &NoteKind) -> Option<&str> {
    match kind {
        NoteKind::Editorial => None,
        NoteKind::Source => Some("source"),
        NoteKind::Summary => Some("summary"),
        NoteKind::Original => Some("original"),
        NoteKind::Other(word) => Some(word),
    }
}

/// What `note/@type` says.
pub fn note_kind(word: &str) -> NoteKind {
    match word {
        "source" => NoteKind::Source,
        "summary" => NoteKind::Summary,
        "original" => NoteKind::Original,
        other => NoteKind::Other(other.into()),
    }
}

/// The value of `note/@place`.
pub fn place_word(place: &Place) -> Option<&str> {
    match place {
        Place::Unknown => None,
        Place::Foot => Some("foot"),
        Place::End => Some("end"),
        Place::Margin => Some("margin"),
        Place::Inline => Some("inline"),
        Place::Other(word) => Some(word),
    }
}

/// What `note/@place` says.
pub fn place(word: &str) -> Place {
    match word {
        "foot" => Place::Foot,
        "end" => Place::End,
        "margin" => Place::Margin,
        "inline" => Place::Inline,
        other => Place::Other(other.into()),
    }
}

/// The element of a milestone.
pub fn unit_name(unit: &Unit) -> &'static str {
    match unit {
        Unit::Page => "pb",
        Unit::Column => "cb",
        Unit::Line => "lb",
        Unit::Other(_) => "milestone",
    }
}

/// How a list is set, as the value of `@type`, or of `@rend` where `@type` says what it lists.
pub fn list_word(kind: ListKind) -> Option<&'static str> {
    match kind {
        ListKind::Plain => None,
        ListKind::Bulleted => Some("bulleted"),
        ListKind::Numbered => Some("ordered"),
        ListKind::Gloss => Some("gloss"),
    }
}

/// How a list is set, by a word of `@type` or `@rend`; also words that are not written.
pub fn list_kind(word: &str) -> Option<ListKind> {
    Some(match word {
        "bulleted" | "bullet" | "bullets" | "disc" | "unordered" => ListKind::Bulleted,
        "ordered" | "numbered" | "number" => ListKind::Numbered,
        "gloss" => ListKind::Gloss,
        _ => return None,
    })
}

/// The element of a reference: `ptr` where it has a target and no words.
pub fn reference_name(reference: &Reference) -> &'static str {
    if reference.content.is_empty() && !reference.targets.is_empty() { "ptr" } else { "ref" }
}

/// A URI reference in which each character that may not stand in one is escaped (RFC 3986 §2.1).
pub fn uri(uri: &str) -> Cow<'_, str> {
    let is_bare =
        |character: char| character.is_whitespace() || character.is_control() || "\"<>\\^`{|}".contains(character);
    if !uri.contains(is_bare) {
        return Cow::Borrowed(uri);
    }
    let mut escaped = String::with_capacity(uri.len() + 8);
    for character in uri.chars() {
        if is_bare(character) {
            let mut bytes = [0; 4];
            character.encode_utf8(&mut bytes).bytes().for_each(|byte| escaped.push_str(&format!("%{byte:02X}")));
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

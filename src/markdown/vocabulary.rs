//! The words that Markdown files of ours use in braces, as two-way tables: the writer looks from the left,
//! the reader from the right.

use crate::model::{EditKind, FormulaKind, ListKind, NameKind, Style};

/// What the front matter's `schema` says.
pub(crate) const SCHEMA: &str = "docedition/1";

/// Styles and their classes; those with a notation of their own use the class only where it can't be used.
pub(crate) const STYLES: &[(Style, &str)] = &[
    (Style::Italic, "italic"),
    (Style::Bold, "bold"),
    (Style::SmallCaps, "smallcaps"),
    (Style::Underline, "underline"),
    (Style::Strikethrough, "strike"),
    (Style::Superscript, "sup"),
    (Style::Subscript, "sub"),
    (Style::Code, "code"),
    (Style::Roman, "roman"),
    (Style::Unspecified, "hi"),
];

/// Names and their classes.
pub(crate) const NAMES: &[(NameKind, &str)] = &[
    (NameKind::Person, "person"),
    (NameKind::Place, "place"),
    (NameKind::Organisation, "org"),
    (NameKind::Other, "name"),
];

/// Interventions and their classes.
pub(crate) const EDITS: &[(EditKind, &str)] = &[
    (EditKind::Sic, "sic"),
    (EditKind::Correction, "corr"),
    (EditKind::Original, "orig"),
    (EditKind::Regularized, "reg"),
    (EditKind::Abbreviation, "abbr"),
    (EditKind::Expansion, "expan"),
    (EditKind::Supplied, "supplied"),
    (EditKind::Unclear, "unclear"),
    (EditKind::Gap, "gap"),
    (EditKind::Addition, "add"),
    (EditKind::Deletion, "del"),
];

/// Formulas and their classes.
pub(crate) const FORMULAS: &[(FormulaKind, &str)] = &[
    (FormulaKind::Opener, "opener"),
    (FormulaKind::Dateline, "dateline"),
    (FormulaKind::Salute, "salute"),
    (FormulaKind::Closer, "closer"),
    (FormulaKind::Signed, "signed"),
    (FormulaKind::Postscript, "postscript"),
    (FormulaKind::Byline, "byline"),
    (FormulaKind::Trailer, "trailer"),
    (FormulaKind::Epigraph, "epigraph"),
    (FormulaKind::Argument, "argument"),
    (FormulaKind::Speaker, "speaker"),
    (FormulaKind::Stage, "stage"),
    (FormulaKind::Description, "description"),
];

/// List kinds and their classes; a plain list has none.
pub(crate) const LISTS: &[(ListKind, &str)] =
    &[(ListKind::Bulleted, "bulleted"), (ListKind::Numbered, "numbered"), (ListKind::Gloss, "gloss")];

/// Says that a span of a class in [`BRACKETED`] prints no brackets.
pub(crate) const UNBRACKETED: &str = "unbracketed";

/// The prefix of a class that names a TEI element without a name in the model.
pub(crate) const ELEMENT: &str = "tei-";

/// The prefix of a class that names an element of MathML.
pub(crate) const MATH: &str = "math-";

/// The prefix of an attribute whose own name is used otherwise.
pub(crate) const ATTRIBUTE: &str = "tei:";

/// The attribute that says by which rule something was inferred, and how certainly.
pub(crate) const INFERRED: &str = "inferred";

/// Classes that a division's kind can't use, since they say something else in a heading.
pub(crate) const RESERVED: &[&str] = &["sub", "division", "head"];

/// The class of a value.
pub(crate) fn class<T: PartialEq + Copy>(table: &[(T, &'static str)], value: T) -> &'static str {
    table.iter().find(|(known, _)| *known == value).map_or("", |(_, class)| class)
}

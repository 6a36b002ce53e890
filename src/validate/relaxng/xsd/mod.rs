//! The datatypes of W3C XML Schema, Part 2, as RELAX NG uses them: which strings a type allows, and which two
//! strings mean the same.

mod blocks;
mod facet;
mod kind;
mod letters;
mod number;
mod regular;
mod time;
mod uri;
mod value;

use std::borrow::Cow;

use super::verdicts::Verdicts;

pub(super) use facet::Facet;
pub(super) use kind::Kind;
pub(super) use letters::is_ncname;
pub(super) use value::Value;

/// The datatype library of XML Schema.
pub(super) const LIBRARY: &str = "http://www.w3.org/2001/XMLSchema-datatypes";

/// What a value may depend on beyond its characters.
pub(super) struct Context<'c> {
    /// The namespace of a prefix where the value stands.
    pub(super) namespace: &'c dyn Fn(&str) -> Option<String>,
    /// The entities of the document that are no XML.
    pub(super) entities: &'c [String],
}

/// A type and what further restricts it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Datum {
    pub(super) kind: Kind,
    pub(super) facets: Vec<Facet>,
}

/// A value that a schema spells out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) kind: Kind,
    /// As the schema spells it.
    pub(super) text: String,
    value: Option<Value>,
}

/// The words between white space.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', '\t', '\n', '\r']).filter(|token| !token.is_empty())
}

/// Outer white space gone, inner runs one space each.
pub(super) fn collapse(text: &str) -> Cow<'_, str> {
    let mut before = b' ';
    let untidy = text.bytes().any(|byte| {
        let doubled = before == b' ' && byte == b' ';
        before = byte;
        doubled || matches!(byte, b'\t' | b'\n' | b'\r')
    });
    if untidy || text.ends_with(' ') {
        Cow::Owned(tokens(text).collect::<Vec<_>>().join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

impl Datum {
    /// True if the type allows the text.
    pub(super) fn allows(&self, text: &str, context: &Context<'_>) -> bool {
        let text = self.kind.normalize(text);
        self.kind.allows(&text, context) && self.facets.iter().all(|facet| facet.allows(self.kind, &text, context))
    }

    /// What the type asks for, in words.
    pub(super) fn describe(&self) -> String {
        let facets = self.facets.iter().map(Facet::describe).collect::<Vec<_>>();
        if facets.is_empty() {
            self.kind.describe().to_owned()
        } else {
            format!("{} {}", self.kind.describe(), facets.join(" and "))
        }
    }

    /// True if its verdict is worth remembering.
    fn is_costly(&self) -> bool {
        self.facets.iter().any(Facet::is_costly)
    }
}

impl Literal {
    /// A value of a type; `None` if the type doesn't allow it.
    pub(super) fn new(kind: Kind, text: &str, context: &Context<'_>) -> Option<Self> {
        let normal = kind.normalize(text);
        kind.allows(&normal, context).then(|| {
            let value = Value::of(kind, &normal, context);
            Self { kind, text: normal.into_owned(), value }
        })
    }

    /// True if the text means the same value.
    pub(super) fn equals(&self, text: &str, context: &Context<'_>) -> bool {
        if self.value.is_none() {
            // To normalize makes nothing longer, and changes nothing but white space.
            if text == self.text {
                return true;
            }
            if text.len() < self.text.len() || !text.contains([' ', '\t', '\n', '\r']) {
                return false;
            }
        }
        let normal = self.kind.normalize(text);
        match &self.value {
            Some(value) => {
                self.kind.allows(&normal, context) && Value::of(self.kind, &normal, context).as_ref() == Some(value)
            }
            None => *normal == self.text,
        }
    }
}

/// What data of a schema allow, remembered where it costs something to find out.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts(Vec<Verdicts<20_000>>);

impl Facts {
    /// [`Datum::allows`] of the datum with this number.
    pub(super) fn allows(&mut self, number: u32, datum: &Datum, text: &str, context: &Context<'_>) -> bool {
        if !datum.is_costly() {
            return datum.allows(text, context);
        }
        let number = number as usize;
        if self.0.len() <= number {
            self.0.resize_with(number + 1, Verdicts::default);
        }
        let verdicts = &mut self.0[number];
        verdicts.get(text).unwrap_or_else(|| {
            let verdict = datum.allows(text, context);
            verdicts.keep(text, verdict);
            verdict
        })
    }
}

#[cfg(test)]
mod tests;

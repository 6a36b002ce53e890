//! What stands in braces: `{#id .class key="value"}`, in the syntax of pandoc's `bracketed_spans`,
//! `fenced_divs` and `header_attributes`.

use super::escape::escaped;
use crate::markdown::namespaces::is_declaration;
use crate::markdown::vocabulary::{ATTRIBUTE, INFERRED};
use crate::model::{Inference, QName, Tag, When};

/// Attributes in the making.
#[derive(Debug, Default)]
pub(super) struct Braces {
    id: Option<String>,
    classes: Vec<String>,
    pairs: Vec<(String, String)>,
    /// Keys that a typed field of this node uses, whether or not it has a value.
    claimed: Vec<&'static str>,
}

impl Braces {
    pub(super) fn new(class: &str) -> Self {
        Self::default().class(class)
    }

    #[must_use]
    pub(super) fn class(mut self, class: &str) -> Self {
        if !class.is_empty() {
            self.classes.push(class.to_owned());
        }
        self
    }

    /// A typed field; the key is taken even if there is no value.
    #[must_use]
    pub(super) fn with(mut self, key: &'static str, value: Option<&str>) -> Self {
        self.claimed.push(key);
        if let Some(value) = value {
            self.pairs.push((key.to_owned(), value.to_owned()));
        }
        self
    }

    /// With all that another says, behind.
    #[must_use]
    pub(super) fn and(mut self, other: Self) -> Self {
        self.id = other.id.or(self.id);
        self.classes.extend(other.classes);
        self.pairs.extend(other.pairs);
        self.claimed.extend(other.claimed);
        self
    }

    /// An id that is no field of a tag.
    #[must_use]
    pub(super) fn id(mut self, id: &str) -> Self {
        self.identify(id);
        self
    }

    /// The interpretation of a date, in TEI's words (§3.6.4).
    #[must_use]
    pub(super) fn when(self, when: Option<&When>) -> Self {
        let text = |moment: &Option<crate::model::Moment>| moment.map(|moment| moment.to_string());
        let mut values = [None, None, None, None, None];
        match when {
            Some(When::On(moment)) => values[0] = Some(moment.to_string()),
            Some(When::Between(from, to)) => (values[1], values[2]) = (text(from), text(to)),
            Some(When::Within(from, to)) => (values[3], values[4]) = (text(from), text(to)),
            None => {}
        }
        ["when", "from", "to", "notBefore", "notAfter"]
            .into_iter()
            .zip(values)
            .fold(self, |braces, (key, value)| braces.with(key, value.as_deref()))
    }

    /// All that a tag says: id, language, element, certainty, attributes.
    #[must_use]
    pub(super) fn tag(mut self, tag: &Tag) -> Self {
        if let Some(id) = &tag.id {
            self.identify(id.as_str());
        }
        self = self.with("lang", tag.language.as_deref());
        self.claimed.push("el");
        if let Some(element) = &tag.element {
            let name = self.named(element);
            self.pairs.push(("el".to_owned(), name));
        }
        self = self.with(INFERRED, tag.inference.as_deref().map(Inference::words).as_deref());
        for attribute in &tag.attributes.0 {
            let mut key = match is_declaration(&attribute.name) {
                true => declaration(&attribute.name),
                false => self.named(&attribute.name),
            };
            if self.claimed.contains(&key.as_str()) || key == "id" || key == "class" {
                key.insert_str(0, ATTRIBUTE);
            }
            self.pairs.push((key, attribute.value.to_string()));
        }
        self
    }

    /// A name as a key, its namespace declared beside it. The prefix `xml` needs no declaration.
    fn named(&mut self, name: &QName) -> String {
        let Some(namespace) = &name.namespace else { return name.local.to_string() };
        if namespace.prefix == "xml" {
            return format!("xml:{}", name.local);
        }
        let declaration = match namespace.prefix.as_str() {
            "" => "xmlns".to_owned(),
            prefix => format!("xmlns:{prefix}"),
        };
        let declared = (declaration, namespace.uri.to_string());
        if !self.pairs.contains(&declared) {
            self.pairs.push(declared);
        }
        match namespace.prefix.as_str() {
            "" => format!(":{}", name.local),
            prefix => format!("{prefix}:{}", name.local),
        }
    }

    fn identify(&mut self, id: &str) {
        if is_word(id) {
            self.id = Some(id.to_owned());
        } else {
            self.pairs.push(("id".to_owned(), id.to_owned()));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.id.is_none() && self.classes.is_empty() && self.pairs.is_empty()
    }

    /// `{#id .class key="value"}`, or nothing.
    pub(super) fn print(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let id = self.id.iter().map(|id| format!("#{id}"));
        let classes = self.classes.iter().map(|class| format!(".{class}"));
        let pairs = self.pairs.iter().map(|(key, value)| format!("{key}=\"{}\"", escaped(value, '"')));
        format!("{{{}}}", id.chain(classes).chain(pairs).collect::<Vec<_>>().join(" "))
    }
}

/// The key of a declaration that the source has: not one of ours.
fn declaration(name: &QName) -> String {
    match &name.namespace {
        Some(_) => format!("{ATTRIBUTE}xmlns:{}", name.local),
        None => format!("{ATTRIBUTE}xmlns"),
    }
}

/// True if pandoc takes it as an id or class without quotes, and Markdown sees nothing in it.
pub(super) fn is_word(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphabetic)
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_' | ':'))
        && !text.ends_with('_')
}

//! Attributes in braces, read from the raw text: `{#id .class key="value"}`.

use std::collections::HashSet;
use std::sync::Arc;

use crate::markdown::vocabulary::{ATTRIBUTE, ELEMENT, INFERRED, MATH};
use crate::model::{Attribute, Id, Inference, Moment, Namespace, QName, Tag, When, mathml_name};
use crate::source::Span;
use crate::xml::parse::{XML, XMLNS, declared_prefix, is_ncname};

/// What braces say. Whoever understands a part takes it; the rest becomes a tag.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Braces {
    /// The id; empty for "none, although one would be expected".
    pub(super) id: Option<String>,
    classes: Vec<String>,
    pairs: Vec<(String, String)>,
    /// The prefixes that the file declares.
    declared: Option<Arc<[Arc<Namespace>]>>,
}

impl Braces {
    /// Reads attributes that open `text`: what they say, and their length in bytes. They may be
    /// broken between two of them, never within one.
    pub(super) fn parse(text: &str) -> Option<(Self, usize)> {
        let mut braces = Self::default();
        let mut rest = text.strip_prefix('{')?;
        loop {
            let before = rest;
            rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
            if before[..before.len() - rest.len()].matches('\n').count() > 1 {
                return None;
            }
            if let Some(after) = rest.strip_prefix('}') {
                return Some((braces, text.len() - after.len()));
            }
            let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '}' | '=' | '"' | '{' | '['))?;
            let (word, after) = rest.split_at(end);
            rest = after;
            if let Some(value) = after.strip_prefix('=') {
                let (value, after) = value_of(value)?;
                rest = after;
                match word {
                    "id" => braces.id = Some(value),
                    "class" => braces.classes.extend(value.split_whitespace().map(str::to_owned)),
                    "" => return None,
                    _ => braces.pairs.push((word.to_owned(), value)),
                }
            } else if let Some(id) = word.strip_prefix('#').filter(|id| !id.is_empty()) {
                braces.id = Some(id.to_owned());
            } else if let Some(class) = word.strip_prefix('.').filter(|class| !class.is_empty()) {
                braces.classes.push(class.to_owned());
            } else if word == "-" {
                braces.classes.push("unnumbered".to_owned());
            } else {
                return None;
            }
        }
    }

    /// With the prefixes that the file declares.
    pub(super) fn declaring(mut self, namespaces: &Option<Arc<[Arc<Namespace>]>>) -> Self {
        self.declared.clone_from(namespaces);
        self
    }

    /// The element that a class names: `tei-…`, or one with a prefix that the file declares.
    pub(super) fn element(&self, class: &str) -> Option<QName> {
        if let Some(local) = class.strip_prefix(ELEMENT) {
            return nonempty(QName::plain(local));
        }
        if let Some(local) = class.strip_prefix(MATH).filter(|local| is_ncname(local)) {
            return Some(mathml_name(local));
        }
        let (prefix, local) = class.split_once(':')?;
        nonempty(QName { local: local.into(), namespace: Some(self.namespace(prefix)?) })
    }

    fn namespace(&self, prefix: &str) -> Option<Arc<Namespace>> {
        self.declared.iter().flat_map(|declared| declared.iter()).find(|known| known.prefix == prefix).cloned()
    }

    /// Adds a class.
    pub(super) fn add_class(&mut self, class: &str) {
        self.classes.push(class.to_owned());
    }

    /// Adds a key and its value.
    pub(super) fn add(&mut self, key: &str, value: String) {
        self.pairs.push((key.to_owned(), value));
    }

    /// Whether they have a class.
    pub(super) fn is(&self, class: &str) -> bool {
        self.classes.iter().any(|known| known == class)
    }

    /// The first class.
    pub(super) fn class(&self) -> &str {
        self.classes.first().map_or("", String::as_str)
    }

    /// Takes a class.
    pub(super) fn take_class(&mut self, class: &str) -> bool {
        let at = self.classes.iter().position(|known| known == class);
        at.is_some_and(|at| {
            self.classes.remove(at);
            true
        })
    }

    /// Takes the first class.
    pub(super) fn take_first_class(&mut self) -> Option<String> {
        (!self.classes.is_empty()).then(|| self.classes.remove(0))
    }

    /// Takes all classes.
    pub(super) fn take_classes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.classes)
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// Takes the value of a key.
    pub(super) fn take(&mut self, key: &str) -> Option<String> {
        let at = self.pairs.iter().position(|(known, _)| known == key)?;
        Some(self.pairs.remove(at).1)
    }

    /// Takes the interpretation of a date; what is no date stays an attribute.
    pub(super) fn take_when(&mut self) -> Option<When> {
        let mut moment = |key: &str| -> Option<Moment> {
            let moment = self.get(key)?.parse().ok()?;
            self.take(key);
            Some(moment)
        };
        if let Some(on) = moment("when") {
            return Some(When::On(on));
        }
        match (moment("from"), moment("to")) {
            (None, None) => {}
            (from, to) => return Some(When::Between(from, to)),
        }
        match (moment("notBefore"), moment("notAfter")) {
            (None, None) => None,
            (before, after) => Some(When::Within(before, after)),
        }
    }

    /// What nobody took.
    pub(super) fn into_tag(mut self, span: Span) -> Tag {
        let mut namespaces: Vec<Arc<Namespace>> = Vec::new();
        self.pairs.retain(|(key, uri)| {
            let Some(prefix) = declared_prefix(key) else { return true };
            // A prefix is bound to some name, and those of XML itself to their own.
            let bound =
                prefix.is_empty() || (is_ncname(prefix) && !uri.is_empty() && !matches!(prefix, "xml" | "xmlns"));
            if !bound {
                return false;
            }
            namespaces.push(Arc::new(Namespace { prefix: prefix.into(), uri: uri.as_str().into() }));
            false
        });
        // An element has an attribute once.
        let mut known = HashSet::new();
        self.pairs.retain(|(key, _)| known.insert(key.clone()));
        let mut tag = Tag::at(span);
        tag.id = self.id.take().filter(|id| !id.is_empty()).map(Id::from);
        for (key, value) in std::mem::take(&mut self.pairs) {
            match key.as_str() {
                "lang" => tag.language = Some(value.into()),
                INFERRED => tag.inference = Inference::parse(&value).map(Box::new),
                "el" => tag.element = self.named(&value, &namespaces).map(Box::new),
                _ => {
                    let name = self.named(&key, &namespaces);
                    tag.attributes.0.extend(name.map(|name| Attribute { name, value: value.into() }));
                }
            }
        }
        tag
    }

    /// A key as a name. A prefix that nobody declared is dropped: no XML could hold it. A prefix alone is no name.
    fn named(&self, key: &str, namespaces: &[Arc<Namespace>]) -> Option<QName> {
        let Some((prefix, local)) = key.split_once(':') else { return nonempty(QName::plain(key)) };
        let known = namespaces.iter().find(|namespace| namespace.prefix == prefix).cloned();
        let known = known.or_else(|| self.namespace(prefix));
        let bound = |prefix: &str, uri: &str| Some(Arc::new(Namespace { prefix: prefix.into(), uri: uri.into() }));
        nonempty(match (known, key.strip_prefix(ATTRIBUTE)) {
            (Some(namespace), _) => QName { local: local.into(), namespace: Some(namespace) },
            (None, _) if prefix == "xml" => QName { local: local.into(), namespace: bound("xml", XML) },
            (None, Some(own)) => match own.strip_prefix("xmlns:") {
                Some(declared) => QName { local: declared.into(), namespace: bound("xmlns", XMLNS) },
                None => QName::plain(own),
            },
            (None, None) => QName::plain(local),
        })
    }
}

/// A name, if it is more than a prefix.
fn nonempty(name: QName) -> Option<QName> {
    (!name.local.is_empty()).then_some(name)
}

/// A value, quoted or not, and what follows it. Backslashes and character references are resolved.
fn value_of(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c: char| c.is_whitespace() || c == '}')?;
        return Some((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut rest = quoted;
    loop {
        match rest.chars().next()? {
            '"' => return Some((value, &rest[1..])),
            '\n' => return None,
            '\\' => {
                let c = rest[1..].chars().next().filter(|&c| c != '\n')?;
                if !c.is_ascii_punctuation() {
                    value.push('\\');
                }
                value.push(c);
                rest = &rest[1 + c.len_utf8()..];
            }
            '&' => match reference(rest) {
                Some((c, length)) => {
                    value.push(c);
                    rest = &rest[length..];
                }
                None => {
                    value.push('&');
                    rest = &rest[1..];
                }
            },
            c => {
                value.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
}

/// A decimal character reference or one of XML's five names, and its length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.char_indices().take(10).find(|&(_, c)| c == ';')?.0;
    let c = match &text[1..end] {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        number => char::from_u32(number.strip_prefix('#')?.parse().ok()?)?,
    };
    Some((c, end + 1))
}

/// A text with its character references resolved.
pub(super) fn unescaped(text: &str) -> String {
    let mut to = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        to.push_str(&rest[..at]);
        let (c, length) = reference(&rest[at..]).unwrap_or(('&', 1));
        to.push(c);
        rest = &rest[at + length..];
    }
    to.push_str(rest);
    to
}

//! The document type declaration: entities and default attributes of the internal subset (XML 1.0 §2.8, §3.3,
//! §4.2). What is external is never read.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::{Attribute, Entity, Event, Name, Parser, Source, Stage, scan};
use crate::failure::Failure;

/// How many parameter entities may stand one within another, and how many declarations may be read at all.
const NESTING: usize = 16;
const DECLARATIONS: usize = 100_000;

/// What `<!ATTLIST` says of the attributes of an element.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    elements: HashMap<String, Vec<Declared>>,
}

#[derive(Clone, Debug)]
struct Declared {
    name: String,
    /// False for CDATA: then white space within the value stays.
    tokens: bool,
    value: Option<String>,
}

/// One reading of an internal subset.
struct Subset<'p, 't> {
    parser: &'p mut Parser<'t>,
    parameters: HashMap<String, Entity>,
    /// Where the subset begins in the document.
    base: usize,
    declarations: usize,
    /// False behind a reference to what was not read (XML 1.0 §5.1).
    trusted: bool,
}

impl<'t> Parser<'t> {
    pub(super) fn doctype(&mut self, source: &Source<'t>, at: usize) -> Result<Option<Event<'t>>, Failure> {
        let Source::Document(text) = source else { return self.fault(at, 9, "`<!DOCTYPE` within an entity") };
        if self.stage != Stage::Prolog {
            return self.fault(at, 9, "`<!DOCTYPE` may stand once, before the root element");
        }
        self.stage = Stage::Typed;
        let Some((subset, end)) = bounds(text, at + 9) else {
            return self.fault(at, 9, "the document type declaration is not closed by `>`");
        };
        let head = text[at + 9..subset.start].trim_end_matches('[');
        if !head.starts_with(scan::is_space) || scan::name(head.trim_start_matches(scan::is_space), 0) == 0 {
            return self.fault(at, 9, "the document type declaration names no root element");
        }
        if let Some((offset, name)) = scan::forbidden_in(&text[at..end]) {
            return self.fault(at + offset, 1, format!("the character {name} may not stand in XML"));
        }
        let base = subset.start;
        Subset { parser: self, parameters: HashMap::new(), base, declarations: 0, trusted: true }
            .read(&text[subset], 0)?;
        self.advance(end);
        Ok(Some(Event::Doctype { text: &text[at + 9..end - 1], span: self.span(at, end) }))
    }

    /// Adds the attributes that an element has by default, and squeezes the values that are lists of tokens.
    pub(super) fn add_defaults(
        &mut self,
        element: &str,
        attributes: &mut Vec<Attribute<'t>>,
        at: usize,
    ) -> Result<(), Failure> {
        if self.defaults.elements.is_empty() {
            return Ok(());
        }
        let Some(declared) = self.defaults.elements.get(element).cloned() else { return Ok(()) };
        for declared in declared {
            match (attributes.iter_mut().find(|attribute| attribute.name.qualified() == declared.name), declared.value)
            {
                (Some(attribute), _) if declared.tokens => {
                    let squeezed = attribute.value.split(' ').filter(|token| !token.is_empty()).collect::<Vec<_>>();
                    attribute.value = Cow::Owned(squeezed.join(" "));
                }
                (None, Some(value)) => {
                    let skip = declared.name.find(':').map_or(0, |colon| colon as u32 + 1);
                    let name = Name { qualified: Cow::Owned(declared.name), skip, namespace: None };
                    let value = self.value(Cow::Owned(value), at)?;
                    attributes.push(Attribute { name, value, span: self.span(at, at) });
                }
                (Some(_), _) | (None, None) => {}
            }
        }
        Ok(())
    }
}

/// The internal subset, and the end of the whole declaration.
fn bounds(text: &str, from: usize) -> Option<(std::ops::Range<usize>, usize)> {
    let bytes = text.as_bytes();
    let mut at = from;
    let mut subset = None;
    loop {
        match bytes.get(at)? {
            b'>' => {
                let subset = subset.unwrap_or(at..at);
                return Some((subset, at + 1));
            }
            b'[' if subset.is_none() => {
                let end = subset_end(text, at + 1)?;
                subset = Some(at + 1..end);
                at = end + 1;
            }
            b'"' | b'\'' => at = at + 2 + memchr::memchr(bytes[at], &bytes[at + 1..])?,
            _ => at += 1,
        }
    }
}

/// The `]` that ends the internal subset: not one in a literal, comment or instruction.
fn subset_end(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        let rest = &text[at..];
        match bytes.get(at)? {
            b']' => return Some(at),
            b'<' if rest.starts_with("<!--") => at += rest.find("-->")? + 3,
            b'<' if rest.starts_with("<?") => at += rest.find("?>")? + 2,
            b'<' => at = declaration_end(bytes, at)?,
            byte if byte.is_ascii() => at += 1,
            _ => at += rest.chars().next()?.len_utf8(),
        }
    }
}

/// One past the `>` of a declaration.
fn declaration_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        match bytes.get(at)? {
            b'>' => return Some(at + 1),
            quote @ (b'"' | b'\'') => at = at + 2 + memchr::memchr(*quote, &bytes[at + 1..])?,
            _ => at += 1,
        }
    }
}

impl Subset<'_, '_> {
    fn read(&mut self, text: &str, nesting: usize) -> Result<(), Failure> {
        let mut at = 0;
        loop {
            at = scan::space(text.as_bytes(), at);
            let rest = &text[at..];
            self.declarations += 1;
            if self.declarations > DECLARATIONS || nesting > NESTING {
                return self.parser.beyond(self.base, "the document type declaration is too long or too deep");
            }
            let end = if rest.is_empty() {
                return Ok(());
            } else if rest.starts_with("<!--") {
                rest.find("-->").map(|end| end + 3)
            } else if rest.starts_with("<?") {
                rest.find("?>").map(|end| end + 2)
            } else if rest.starts_with('%') {
                Some(self.parameter_reference(rest, nesting)?)
            } else {
                declaration_end(rest.as_bytes(), 0)
            };
            let Some(end) = end else { return self.wrong("a declaration in the document type is not closed") };
            if let Some(body) = rest[..end].strip_prefix("<!ENTITY") {
                self.entity(body)?;
            } else if let Some(body) = rest[..end].strip_prefix("<!ATTLIST") {
                self.attributes(body)?;
            } else if !["<!ELEMENT", "<!NOTATION", "<!--", "<?", "%"].iter().any(|known| rest.starts_with(known)) {
                return self.wrong("something in the document type that is no declaration");
            }
            at += end;
        }
    }

    fn wrong<T>(&self, message: impl Into<String>) -> Result<T, Failure> {
        self.parser.fault(self.base, 0, message)
    }

    fn parameter_reference(&mut self, rest: &str, nesting: usize) -> Result<usize, Failure> {
        let end = 1 + scan::name(&rest[1..], 0);
        if end == 1 || !rest[end..].starts_with(';') {
            return self.wrong("`%` that begins no reference");
        }
        match self.parameters.get(&rest[1..end]).cloned() {
            Some(Entity::Internal(replacement)) => {
                self.parser.expanded = self.parser.expanded.saturating_add(replacement.len());
                if self.parser.expanded > self.parser.limits.expansion {
                    return self.parser.beyond(self.base, "the entities of the document type are too large");
                }
                self.read(&replacement, nesting + 1)?;
            }
            Some(Entity::External) | None => self.trusted = false,
        }
        Ok(end + 1)
    }

    /// Reads ` name "value">`, ` % name "value">` or ` name SYSTEM "file">`.
    fn entity(&mut self, body: &str) -> Result<(), Failure> {
        let mut words = Words { rest: body };
        let mut name = words.word();
        let parameter = name == "%";
        if parameter {
            name = words.word();
        }
        if !scan::is_ncname(name) {
            return self.wrong(format!("`{name}` can't name an entity"));
        }
        let entity = match words.literal() {
            Some(value) => Entity::Internal(self.replacement(value)?),
            None => Entity::External,
        };
        // The first declaration of a name is the one that counts (§4.2).
        if parameter {
            self.parameters.entry(name.to_owned()).or_insert(entity);
        } else if self.trusted {
            self.parser.entities.entry(name.to_owned()).or_insert(entity);
        }
        Ok(())
    }

    /// The replacement text of an entity: character references resolved, others kept (§4.5).
    fn replacement(&self, value: &str) -> Result<Arc<str>, Failure> {
        let mut replacement = String::with_capacity(value.len());
        let mut at = 0;
        while let Some(reference) = value[at..].find("&#") {
            replacement.push_str(&value[at..at + reference]);
            let from = at + reference;
            match self.parser.reference(value, from) {
                Ok((super::text::Referent::Character(character), end)) => {
                    replacement.push(character);
                    at = end;
                }
                _ => return self.wrong(format!("a wrong reference in the value `{value}` of an entity")),
            }
        }
        replacement.push_str(&value[at..]);
        Ok(replacement.into())
    }

    /// Reads ` element name type default …>`.
    fn attributes(&mut self, body: &str) -> Result<(), Failure> {
        let mut words = Words { rest: body };
        let element = words.word().to_owned();
        loop {
            let name = words.word();
            if name.is_empty() {
                return Ok(());
            }
            let tokens = words.kind() != "CDATA";
            let value = match words.literal() {
                Some(value) => Some(value),
                None if words.word() == "#FIXED" => words.literal(),
                None => None,
            };
            if self.trusted && scan::is_name(name) {
                let declared = self.parser.defaults.elements.entry(element.clone()).or_default();
                if !declared.iter().any(|known| known.name == name) {
                    let value = value.map(|value| {
                        if tokens { value.split_whitespace().collect::<Vec<_>>().join(" ") } else { value.to_owned() }
                    });
                    declared.push(Declared { name: name.to_owned(), tokens, value });
                }
            }
        }
    }
}

/// The words of a declaration.
struct Words<'d> {
    rest: &'d str,
}

impl<'d> Words<'d> {
    fn word(&mut self) -> &'d str {
        self.rest = self.rest.trim_start_matches(scan::is_space);
        let end = self.rest.find(|c: char| scan::is_space(c) || matches!(c, '"' | '\'' | '>' | '('));
        let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// A type of attribute: a word, or a list in parentheses.
    fn kind(&mut self) -> &'d str {
        let word = self.word();
        self.rest = self.rest.trim_start_matches(scan::is_space);
        if self.rest.starts_with('(') {
            let end = self.rest.find(')').map_or(self.rest.len(), |end| end + 1);
            self.rest = &self.rest[end..];
        }
        word
    }

    fn literal(&mut self) -> Option<&'d str> {
        let rest = self.rest.trim_start_matches(scan::is_space);
        let quote = rest.chars().next().filter(|&quote| quote == '"' || quote == '\'')?;
        let end = rest[1..].find(quote)?;
        self.rest = &rest[end + 2..];
        Some(&rest[1..=end])
    }
}

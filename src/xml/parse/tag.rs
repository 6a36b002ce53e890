//! Tags, their attributes, and the namespaces that they declare.

use std::borrow::Cow;
use std::collections::HashSet;
use std::rc::Rc;

use super::{Attribute, Binding, Event, Name, Open, Parser, Source, Stage, XML, XMLNS, scan};
use crate::failure::Failure;

/// From how many attributes on duplicates are looked for in a set rather than one by one.
const FEW: usize = 12;

impl<'t> Parser<'t> {
    pub(super) fn start_tag(&mut self, source: &Source<'t>, at: usize) -> Result<Option<Event<'t>>, Failure> {
        let text = source.as_str();
        let bytes = text.as_bytes();
        let name_end = scan::name(text, at + 1);
        if name_end == at + 1 {
            return self.fault(at, 1, "`<` that begins no tag; write `&lt;`");
        }
        self.may_open(at, &text[at + 1..name_end])?;
        let mut attributes = std::mem::take(&mut self.spare);
        let mut here = name_end;
        let empty = loop {
            let after = scan::space(bytes, here);
            match bytes.get(after) {
                Some(b'>') => {
                    here = after + 1;
                    break false;
                }
                Some(b'/') if bytes.get(after + 1) == Some(&b'>') => {
                    here = after + 2;
                    break true;
                }
                None => return self.fault(at, name_end - at, "a tag that is not closed by `>`"),
                Some(_) if after == here => return self.fault(here, 1, "a space is missing before this in the tag"),
                Some(_) => here = self.attribute(source, after, &mut attributes)?,
            }
        };
        let span = self.span(at, here);
        let bindings = self.bindings.len();
        let qualified = source.slice(at + 1..name_end);
        self.add_defaults(&qualified, &mut attributes, at)?;
        let plain = attributes.iter().all(|attribute| attribute.name.skip == 0 && attribute.name.qualified != "xmlns");
        if !plain {
            self.declare(&attributes, at)?;
        }
        let name = self.element_name(qualified, at + 1)?;
        if !plain {
            self.resolve_attributes(&mut attributes)?;
        }
        only_once(&attributes)?;
        self.advance(here);
        self.stage = Stage::Root;
        if empty {
            self.pending = Some(Event::End { name: name.clone(), span });
        }
        self.open.push(Open { name: name.clone(), bindings, frame: self.frames.len(), span });
        Ok(Some(Event::Start { name, attributes, empty, span }))
    }

    fn may_open(&self, at: usize, name: &str) -> Result<(), Failure> {
        if self.stage == Stage::Epilog {
            return self.fault(at, name.len() + 1, format!("a second root element `<{name}>`"));
        }
        if self.open.len() >= self.limits.depth {
            return self.beyond(
                at,
                format!("more than {} elements one within another (--max-depth raises it)", self.limits.depth),
            );
        }
        Ok(())
    }

    /// Reads one attribute; its namespace is looked up when the whole tag is known.
    fn attribute(
        &mut self,
        source: &Source<'t>,
        at: usize,
        attributes: &mut Vec<Attribute<'t>>,
    ) -> Result<usize, Failure> {
        let text = source.as_str();
        let bytes = text.as_bytes();
        let name_end = scan::name(text, at);
        if name_end == at {
            let found = text[at..].chars().next().unwrap_or(' ');
            return self.fault(at, found.len_utf8(), format!("`{}` within a tag", found.escape_debug()));
        }
        let name = &text[at..name_end];
        let equals = scan::space(bytes, name_end);
        if bytes.get(equals) != Some(&b'=') {
            return self.fault(at, name.len(), format!("the attribute `{name}` has no value"));
        }
        let quote_at = scan::space(bytes, equals + 1);
        let Some(&quote @ (b'"' | b'\'')) = bytes.get(quote_at) else {
            return self.fault(at, name.len(), format!("the value of the attribute `{name}` is not in quotes"));
        };
        let Some(length) = memchr::memchr(quote, &bytes[quote_at + 1..]) else {
            return self.fault(at, name.len(), format!("the value of the attribute `{name}` has no closing quote"));
        };
        if attributes.len() >= self.limits.attributes {
            return self.beyond(at, format!("more than {} attributes", self.limits.attributes));
        }
        let end = quote_at + 1 + length;
        let value = self.value(source.slice(quote_at + 1..end), quote_at + 1)?;
        let span = self.span(at, end + 1);
        attributes.push(Attribute { name: self.split(source.slice(at..name_end), at)?, value, span });
        Ok(end + 1)
    }

    /// A name without its namespace.
    fn split(&self, qualified: Cow<'t, str>, at: usize) -> Result<Name<'t>, Failure> {
        let skip = match memchr::memchr(b':', qualified.as_bytes()) {
            None => 0,
            Some(colon) => {
                let (prefix, local) = (&qualified[..colon], &qualified[colon + 1..]);
                if prefix.is_empty() || !scan::is_ncname(local) {
                    return self.fault(at, qualified.len(), format!("`{qualified}` is not prefix, colon and name"));
                }
                colon as u32 + 1
            }
        };
        Ok(Name { qualified, skip, namespace: None })
    }

    /// Puts the namespaces that a tag declares in scope.
    fn declare(&mut self, attributes: &[Attribute<'t>], at: usize) -> Result<(), Failure> {
        for attribute in attributes {
            let prefix = match (attribute.name.prefix(), attribute.name.local()) {
                (Some("xmlns"), local) => Cow::Owned(local.to_owned()),
                (None, "xmlns") => Cow::Borrowed(""),
                _ => continue,
            };
            self.may_declare(&prefix, attribute)?;
            let namespace = (!attribute.value.is_empty()).then(|| self.intern(&attribute.value));
            if self.bindings.len() >= self.limits.attributes.min(1024) {
                return self.beyond(at, "more than 1024 namespaces in scope");
            }
            self.bindings.push(Binding { prefix, namespace });
        }
        Ok(())
    }

    /// The rules of Namespaces in XML 1.0 §3 about reserved prefixes and names.
    fn may_declare(&self, prefix: &str, attribute: &Attribute<'_>) -> Result<(), Failure> {
        let wrong = |message: String| Err(Failure::NotWellFormed { message, span: attribute.span });
        match (prefix, &*attribute.value) {
            ("xmlns", _) => wrong("the prefix `xmlns` may not be declared".to_owned()),
            ("xml", XML) => Ok(()),
            ("xml", _) | (_, XML) => wrong("the prefix `xml` and its namespace belong together".to_owned()),
            (_, XMLNS) => wrong("the namespace of declarations may not be declared".to_owned()),
            ("", "") => Ok(()),
            (prefix, "") => wrong(format!("the prefix `{prefix}` is declared without a namespace")),
            _ => Ok(()),
        }
    }

    fn intern(&mut self, uri: &str) -> Rc<str> {
        if uri == XML {
            return Rc::clone(&self.xml);
        }
        match self.namespaces.get(uri) {
            Some(known) => Rc::clone(known),
            None => {
                let new: Rc<str> = uri.into();
                self.namespaces.insert(uri.to_owned(), Rc::clone(&new));
                new
            }
        }
    }

    fn element_name(&self, qualified: Cow<'t, str>, at: usize) -> Result<Name<'t>, Failure> {
        let length = qualified.len();
        let mut name = self.split(qualified, at)?;
        name.namespace = match name.prefix() {
            None => self.namespace("").cloned(),
            Some(prefix) => match self.namespace(prefix) {
                Some(namespace) => Some(Rc::clone(namespace)),
                None => return self.fault(at, length, format!("the prefix `{prefix}` is not declared")),
            },
        };
        Ok(name)
    }

    /// Looks up the namespaces of attributes.
    fn resolve_attributes(&self, attributes: &mut [Attribute<'t>]) -> Result<(), Failure> {
        for attribute in attributes.iter_mut() {
            attribute.name.namespace = match (attribute.name.prefix(), attribute.name.local()) {
                (None, "xmlns") | (Some("xmlns"), _) => Some(Rc::clone(&self.xmlns)),
                (None, _) => None,
                (Some(prefix), _) => match self.namespace(prefix) {
                    Some(namespace) => Some(Rc::clone(namespace)),
                    None => {
                        let message = format!("the prefix `{prefix}` is not declared");
                        return Err(Failure::NotWellFormed { message, span: attribute.span });
                    }
                },
            };
        }
        Ok(())
    }

    pub(super) fn end_tag(&mut self, source: &Source<'t>, at: usize) -> Result<Option<Event<'t>>, Failure> {
        let text = source.as_str();
        let name_end = scan::name(text, at + 2);
        let name = &text[at + 2..name_end];
        let close = scan::space(text.as_bytes(), name_end);
        if text.as_bytes().get(close) != Some(&b'>') {
            return self.fault(at, 2, "an end tag that is not closed by `>`");
        }
        let span = self.span(at, close + 1);
        match self.open.last() {
            None => return self.fault(at, close + 1 - at, format!("`</{name}>` closes nothing")),
            Some(open) if open.name.qualified() != name => {
                return self.fault(
                    at,
                    close + 1 - at,
                    format!("`</{name}>` where `<{}>` is open", open.name.qualified()),
                );
            }
            Some(open) if open.frame != self.frames.len() => {
                return self.fault(
                    at,
                    close + 1 - at,
                    format!("`</{name}>` in an entity closes an element outside it"),
                );
            }
            Some(_) => {}
        }
        self.advance(close + 1);
        match self.close() {
            Some(open) => Ok(Some(Event::End { name: open.name, span })),
            None => self.fault(at, 2, "an end tag that closes nothing"),
        }
    }

    /// Takes leave of the innermost element.
    pub(super) fn close(&mut self) -> Option<Open<'t>> {
        let open = self.open.pop()?;
        // What the element declared is in scope while its end is looked at.
        self.leaving = Some(open.bindings);
        if self.open.is_empty() {
            self.stage = Stage::Epilog;
        }
        Some(open)
    }
}

/// Sees that no attribute comes twice.
fn only_once(attributes: &[Attribute<'_>]) -> Result<(), Failure> {
    let twice = if attributes.len() < FEW {
        (1..attributes.len()).find(|&at| attributes[..at].iter().any(|other| same(other, &attributes[at])))
    } else {
        let mut seen = HashSet::with_capacity(attributes.len());
        attributes.iter().position(|attribute| !seen.insert((attribute.name.uri(), attribute.name.local())))
    };
    match twice {
        None => Ok(()),
        Some(at) => Err(Failure::NotWellFormed {
            message: format!("the attribute `{}` comes twice", attributes[at].name.qualified()),
            span: attributes[at].span,
        }),
    }
}

fn same(one: &Attribute<'_>, other: &Attribute<'_>) -> bool {
    one.name.local() == other.name.local() && one.name.namespace == other.name.namespace
}

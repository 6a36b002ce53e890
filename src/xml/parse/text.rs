//! Characters between tags, the references among them, comments and instructions.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Entity, Event, Frame, Parser, Source, scan};
use crate::failure::Failure;
use crate::source::Span;

/// How many entities may stand one within another.
const NESTING: usize = 32;

/// Characters as they gather: the first piece stays borrowed as long as it is the only one.
#[derive(Default)]
struct Gathered<'t> {
    text: Option<Cow<'t, str>>,
}

impl<'t> Gathered<'t> {
    fn push(&mut self, piece: Cow<'t, str>) {
        match &mut self.text {
            None => self.text = Some(piece),
            Some(text) => text.to_mut().push_str(&piece),
        }
    }
}

/// What a reference stands for.
pub(super) enum Referent {
    Character(char),
    Literal(&'static str),
    Entity(Arc<str>, Arc<str>),
}

impl<'t> Parser<'t> {
    /// The characters up to the next tag, where they stand in the document's own text and nothing in them is written
    /// otherwise than it is read: mostly.
    pub(super) fn plain_characters(&mut self) -> Option<(&'t str, Span)> {
        if !self.even {
            return None;
        }
        let [Frame { source: Source::Document(text), at, .. }] = self.frames.as_mut_slice() else { return None };
        let (text, from) = (*text, *at);
        let length = scan::plain(&text.as_bytes()[from..])?;
        let end = from + length;
        *at = end;
        Some((&text[from..end], self.span(from, end)))
    }

    /// All characters up to the next markup; `None` if they come to nothing (an empty entity).
    pub(super) fn characters(&mut self) -> Result<Option<Event<'t>>, Failure> {
        let mut gathered = Gathered::default();
        let start = self.frames[0].at;
        let mut first = self.span(start, start);
        if self.frames.len() > 1 {
            first.end = first.end.max(first.start);
        }
        loop {
            let (source, at) = self.here();
            let text = source.as_str();
            match text.as_bytes().get(at) {
                None if self.frames.len() > 1 => self.leave()?,
                None => return self.unclosed(),
                Some(b'<') if text[at..].starts_with("<![CDATA[") => {
                    let end = self.delimited(text, at, 9, "]]>", "a CDATA section")?;
                    self.advance(end);
                    gathered.push(scan::normalize(source.slice(at + 9..end - 3)));
                }
                Some(b'<') => break,
                Some(b'&') => self.reference_in_text(text, at, &mut gathered)?,
                Some(_) => {
                    let run = scan::text(text.as_bytes(), at);
                    if let Some(fault) = run.fault {
                        return self.fault(run.end, 1, fault);
                    }
                    self.advance(run.end);
                    let piece = source.slice(at..run.end);
                    gathered.push(if run.returns { scan::normalize(piece) } else { piece });
                }
            }
        }
        let end = self.frames[0].at;
        let last = self.span(end, end);
        first.end = last.end.max(first.end);
        Ok(gathered.text.filter(|text| !text.is_empty()).map(|text| Event::Text { text, span: first }))
    }

    fn reference_in_text(&mut self, text: &str, at: usize, gathered: &mut Gathered<'t>) -> Result<(), Failure> {
        let (referent, end) = self.reference(text, at)?;
        self.advance(end);
        match referent {
            Referent::Character(character) => gathered.push(Cow::Owned(character.to_string())),
            Referent::Literal(literal) => gathered.push(Cow::Borrowed(literal)),
            Referent::Entity(name, replacement) => self.enter(at, name, replacement)?,
        }
        Ok(())
    }

    /// The end of the text within an element.
    fn unclosed<T>(&self) -> Result<T, Failure> {
        match self.open.last() {
            Some(open) => Err(Failure::NotWellFormed {
                message: format!("`<{}>` is never closed", open.name.qualified()),
                span: open.span,
            }),
            None => self.fault(0, 0, "the document ends too early"),
        }
    }

    /// Goes on within an entity.
    fn enter(&mut self, at: usize, name: Arc<str>, replacement: Arc<str>) -> Result<(), Failure> {
        let open = self.frames.iter().any(|frame| frame.entity.as_deref() == Some(&*name));
        self.expand(at, &name, open, self.frames.len(), replacement.len())?;
        self.frames.push(Frame { source: Source::Entity(replacement), at: 0, entity: Some(name) });
        Ok(())
    }

    /// Goes on behind an entity's reference.
    fn leave(&mut self) -> Result<(), Failure> {
        if let Some(open) = self.open.last().filter(|open| open.frame == self.frames.len()) {
            let message = format!("`<{}>` is not closed within its entity", open.name.qualified());
            return self.fault(0, 0, message);
        }
        self.frames.pop();
        Ok(())
    }

    /// Counts what entities expand to.
    fn expand(&mut self, at: usize, name: &str, open: bool, nesting: usize, size: usize) -> Result<(), Failure> {
        if open {
            return self.fault(at, name.len() + 2, format!("the entity `{name}` refers to itself"));
        }
        self.expanded = self.expanded.saturating_add(size + 1);
        if nesting > NESTING || self.expanded > self.limits.expansion {
            let message = format!(
                "entities expand to more than {} bytes, {NESTING} deep (--max-expansion raises it)",
                self.limits.expansion
            );
            return self.beyond(at, message);
        }
        Ok(())
    }

    /// What the reference at `at` stands for, and where it ends.
    pub(super) fn reference(&self, text: &str, at: usize) -> Result<(Referent, usize), Failure> {
        let rest = &text[at + 1..];
        if let Some(number) = rest.strip_prefix('#') {
            return self.character_reference(number, at);
        }
        let length = scan::name(rest, 0);
        let name = &rest[..length];
        if name.is_empty() {
            return self.fault(at, 1, "`&` that begins no reference; write `&amp;`");
        }
        if !rest[length..].starts_with(';') {
            return self.fault(
                at,
                length + 1,
                format!("`&{name}` is not closed by `;`; for the character write `&amp;`"),
            );
        }
        let end = at + length + 2;
        let referent = match name {
            "amp" => Referent::Character('&'),
            "lt" => Referent::Character('<'),
            "gt" => Referent::Character('>'),
            "quot" => Referent::Character('"'),
            "apos" => Referent::Character('\''),
            _ => match (self.entities.get(name), self.named.and_then(|named| named(name))) {
                (Some(Entity::Internal(replacement)), _) => Referent::Entity(name.into(), Arc::clone(replacement)),
                (Some(Entity::External), _) => {
                    return self.fault(
                        at,
                        length + 2,
                        format!("`&{name};` stands for another file, which is never read"),
                    );
                }
                (None, Some(literal)) => Referent::Literal(literal),
                (None, None) => {
                    return self.fault(at, length + 2, format!("the entity `{name}` is not declared in this file"));
                }
            },
        };
        Ok((referent, end))
    }

    fn character_reference(&self, number: &str, at: usize) -> Result<(Referent, usize), Failure> {
        let Some(length) = number.bytes().take(16).position(|byte| byte == b';') else {
            return self.fault(at, 2, "a character reference that is not closed by `;`");
        };
        let digits = &number[..length];
        let code = match digits.strip_prefix('x') {
            Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => u32::from_str_radix(hex, 16).ok(),
            None if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok(),
            _ => None,
        };
        match code.and_then(char::from_u32).filter(|&character| crate::xml::emit::is_legal(character)) {
            Some(character) => Ok((Referent::Character(character), at + length + 3)),
            None => self.fault(at, length + 3, format!("`&#{digits};` stands for no character that XML allows")),
        }
    }

    /// The value of an attribute or of a default, as written: references resolved, white space to spaces.
    pub(super) fn value(&mut self, raw: Cow<'t, str>, at: usize) -> Result<Cow<'t, str>, Failure> {
        if !raw.bytes().any(|byte| matches!(byte, b'&' | b'<' | 0..=0x1F | 0xEF)) {
            return Ok(raw);
        }
        let mut value = String::with_capacity(raw.len());
        self.resolve(&raw, at, &mut value, &mut Vec::new())?;
        Ok(Cow::Owned(value))
    }

    fn resolve(
        &mut self,
        raw: &str,
        from: usize,
        value: &mut String,
        within: &mut Vec<Arc<str>>,
    ) -> Result<(), Failure> {
        if let Some((offset, name)) = scan::forbidden_in(raw) {
            return self.fault(from + offset, 1, format!("the character {name} may not stand in XML"));
        }
        let mut at = 0;
        while let Some(character) = raw[at..].chars().next() {
            let here = if within.is_empty() { from + at } else { from };
            match character {
                '<' => return self.fault(here, 1, "`<` in the value of an attribute; write `&lt;`"),
                '&' => {
                    let (referent, end) = self.reference_at(raw, at, here)?;
                    at = end;
                    match referent {
                        Referent::Character(character) => value.push(character),
                        Referent::Literal(literal) => value.push_str(literal),
                        Referent::Entity(name, replacement) => {
                            self.expand(here, &name, within.contains(&name), within.len(), replacement.len())?;
                            within.push(name);
                            self.resolve(&replacement, here, value, within)?;
                            within.pop();
                        }
                    }
                    continue;
                }
                '\r' if raw[at + 1..].starts_with('\n') => {}
                '\t' | '\n' | '\r' => value.push(' '),
                other => value.push(other),
            }
            at += character.len_utf8();
        }
        Ok(())
    }

    /// [`Self::reference`] in a piece of text that begins elsewhere; faults get the place `here`.
    fn reference_at(&self, raw: &str, at: usize, here: usize) -> Result<(Referent, usize), Failure> {
        self.reference(raw, at).map_err(|failure| match failure {
            Failure::NotWellFormed { message, span } => {
                Failure::NotWellFormed { message, span: self.span(here, here + span.range().len()) }
            }
            other => other,
        })
    }

    pub(super) fn comment(&mut self, source: &Source<'t>, at: usize) -> Result<Option<Event<'t>>, Failure> {
        let text = source.as_str();
        let end = self.delimited(text, at, 4, "-->", "a comment")?;
        let body = &text[at + 4..end - 3];
        if let Some(dashes) = body.find("--").or_else(|| body.ends_with('-').then(|| body.len() - 1)) {
            return self.fault(at + 4 + dashes, 2, "`--` within a comment");
        }
        self.advance(end);
        Ok(Some(Event::Comment { text: scan::normalize(source.slice(at + 4..end - 3)), span: self.span(at, end) }))
    }

    pub(super) fn instruction(&mut self, source: &Source<'t>, at: usize) -> Result<Option<Event<'t>>, Failure> {
        let text = source.as_str();
        let end = self.delimited(text, at, 2, "?>", "a processing instruction")?;
        let target = scan::name(text, at + 2);
        let name = &text[at + 2..target];
        if name.is_empty() || name.contains(':') || !(target == end - 2 || text[target..].starts_with(scan::is_space)) {
            return self.fault(at, 2, "a processing instruction without a proper name");
        }
        if name.eq_ignore_ascii_case("xml") {
            return self.fault(at, end - at, "an XML declaration may only stand at the very beginning");
        }
        self.advance(end);
        Ok(Some(Event::Instruction { text: scan::normalize(source.slice(at + 2..end - 2)), span: self.span(at, end) }))
    }

    /// The end of something that ends with a mark, its characters checked.
    fn delimited(&self, text: &str, at: usize, skip: usize, mark: &str, what: &str) -> Result<usize, Failure> {
        let from = at + skip;
        let Some(length) = memchr::memmem::find(&text.as_bytes()[from..], mark.as_bytes()) else {
            return self.fault(at, skip, format!("{what} is not closed by `{mark}`"));
        };
        if let Some((offset, name)) = scan::forbidden_in(&text[from..from + length]) {
            return self.fault(from + offset, 1, format!("the character {name} may not stand in XML"));
        }
        Ok(from + length + mark.len())
    }
}

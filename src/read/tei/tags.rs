//! Attributes: which of them a field of the model takes. One is taken only where the writer puts it back letter
//! for letter; all others stay in the tag.

use compact_str::CompactString;

use super::raw::Raw;
use crate::model::{Attributes, Moment, QName, Tag, Target, When};
use crate::source::Span;
use crate::xml::parse::XML;

/// Name and attributes of an element whose content was taken out.
pub(super) struct Bag {
    pub(super) name: QName,
    pub(super) tag: Tag,
}

impl Bag {
    pub(super) fn of(raw: &mut Raw) -> Self {
        let attributes = std::mem::take(&mut raw.attributes);
        Self::new(raw.name.clone(), attributes, raw.span)
    }

    fn new(name: QName, attributes: Attributes, span: Span) -> Self {
        let mut tag = Tag { attributes, span, ..Tag::default() };
        tag.id = take_xml(&mut tag.attributes, "id").map(crate::model::Id);
        tag.language = take_xml(&mut tag.attributes, "lang").map(|language| language.as_str().into());
        Self { name, tag }
    }

    /// The tag of a node for which the writer would choose the element `usual`.
    pub(super) fn tag(self, usual: &str) -> Tag {
        let Self { name, mut tag } = self;
        if !name.is_plain(usual) {
            tag.element = Some(Box::new(name));
        }
        slim(tag)
    }

    /// The tag of a node that has no name in the model.
    pub(super) fn foreign(self) -> Tag {
        slim(Tag { element: Some(Box::new(self.name)), ..self.tag })
    }

    pub(super) fn get(&self, attribute: &str) -> Option<&str> {
        self.tag.attributes.get(attribute)
    }

    pub(super) fn take(&mut self, attribute: &str) -> Option<CompactString> {
        self.tag.attributes.take(attribute)
    }

    /// Takes an attribute if it has exactly this value.
    pub(super) fn take_if(&mut self, attribute: &str, value: &str) -> bool {
        let found = self.get(attribute) == Some(value);
        if found {
            self.take(attribute);
        }
        found
    }

    /// Takes a number of 2 or more; 1 otherwise.
    pub(super) fn take_span(&mut self, attribute: &str) -> u16 {
        let number = self.get(attribute).and_then(|text| text.parse::<u16>().ok().filter(|it| it.to_string() == text));
        match number {
            Some(number) if number > 1 => {
                self.take(attribute);
                number
            }
            _ => 1,
        }
    }

    /// Takes one target: what stands in the attribute, whatever it is.
    pub(super) fn take_target(&mut self, attribute: &str) -> Option<Target> {
        self.take(attribute).map(|text| Target::parse(&text))
    }

    /// What an attribute that stays points to.
    pub(super) fn target(&self, attribute: &str) -> Option<Target> {
        self.get(attribute).map(Target::parse)
    }

    /// Takes all targets, if single spaces part them.
    pub(super) fn take_targets(&mut self, attribute: &str) -> Vec<Target> {
        let Some(text) = self.get(attribute) else { return Vec::new() };
        let targets: Vec<Target> = text.split(' ').map(Target::parse).collect();
        if targets.iter().any(|target| matches!(target, Target::Elsewhere(uri) if uri.is_empty())) {
            return Vec::new();
        }
        self.take(attribute);
        targets
    }

    /// Takes the attributes of a date, if they are written in the one way in which we write them.
    pub(super) fn take_when(&mut self) -> Option<When> {
        let moment = |bag: &Self, name: &str| {
            let text = bag.get(name)?;
            let moment = text.parse::<Moment>().ok()?;
            (moment.to_string() == text).then_some(moment)
        };
        if let Some(on) = moment(self, "when") {
            self.take("when");
            return Some(When::On(on));
        }
        if self.get("when").is_some() {
            return None;
        }
        for (first, second, within) in [("from", "to", false), ("notBefore", "notAfter", true)] {
            let (from, to) = (moment(self, first), moment(self, second));
            let readable =
                (from.is_some() || self.get(first).is_none()) && (to.is_some() || self.get(second).is_none());
            if readable && (from.is_some() || to.is_some()) {
                self.take(first);
                self.take(second);
                return Some(if within { When::Within(from, to) } else { When::Between(from, to) });
            }
        }
        None
    }
}

/// Gives back the memory of attributes that fields have taken.
fn slim(mut tag: Tag) -> Tag {
    if tag.attributes.is_empty() {
        tag.attributes = Attributes::default();
    }
    tag
}

fn take_xml(attributes: &mut Attributes, local: &str) -> Option<CompactString> {
    let at = attributes.0.iter().position(|attribute| {
        attribute.name.local == local && attribute.name.namespace.as_ref().is_some_and(|namespace| namespace.uri == XML)
    })?;
    Some(attributes.0.remove(at).value)
}

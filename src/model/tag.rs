//! What stood between the angle brackets, less what a typed field now says.

use std::sync::Arc;

use compact_str::CompactString;
use serde::{Deserialize, Serialize};
use thin_vec::ThinVec;

use super::Inference;
use super::is_default;
use crate::source::Span;

/// An identifier, unique in a document: `d159fn3`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(pub CompactString);

impl Id {
    /// The characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: AsRef<str>> From<T> for Id {
    fn from(text: T) -> Self {
        Self(CompactString::from(text.as_ref()))
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A prefix and the namespace it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Namespace {
    /// The prefix in the source; empty for a default namespace.
    pub prefix: CompactString,
    /// The namespace name.
    pub uri: CompactString,
}

/// A name in XML. No namespace means: for an element, that of TEI; for an attribute, none.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct QName {
    /// The local part.
    pub local: CompactString,
    /// Any other namespace, shared by all names that use it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<Arc<Namespace>>,
}

impl QName {
    /// An element of TEI, or an attribute without a namespace.
    pub fn plain(local: impl AsRef<str>) -> Self {
        Self { local: CompactString::from(local.as_ref()), namespace: None }
    }

    /// True if it has no namespace of its own and this local name.
    pub fn is_plain(&self, local: &str) -> bool {
        self.namespace.is_none() && self.local == local
    }
}

/// One attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: QName,
    /// Its value, normalized as XML 1.0 §3.3.3 says, entities resolved.
    pub value: CompactString,
}

/// Attributes in the order of the source. Most nodes have none, so that a whole vector would be much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(pub ThinVec<Attribute>);

impl Attributes {
    /// The value of an attribute without namespace.
    pub fn get(&self, local: &str) -> Option<&str> {
        self.0.iter().find(|attribute| attribute.name.is_plain(local)).map(|attribute| attribute.value.as_str())
    }

    /// Removes an attribute without namespace and returns its value.
    pub fn take(&mut self, local: &str) -> Option<CompactString> {
        let at = self.0.iter().position(|attribute| attribute.name.is_plain(local))?;
        Some(self.0.remove(at).value)
    }

    /// Sets an attribute without namespace.
    pub fn set(&mut self, local: &str, value: impl AsRef<str>) {
        let value = CompactString::from(value.as_ref());
        match self.0.iter_mut().find(|attribute| attribute.name.is_plain(local)) {
            Some(attribute) => attribute.value = value,
            None => self.0.push(Attribute { name: QName::plain(local), value }),
        }
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// What every node of the tree has.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tag {
    /// `xml:id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// `xml:lang`: a BCP 47 tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Box<str>>,
    /// The element's name, only where the TEI writer's own choice for the node would differ: `emph` for `hi`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<Box<QName>>,
    /// Every attribute that no field claims.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attributes: Attributes,
    /// What a reader or a pass decided that the source doesn't say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inference: Option<Box<Inference>>,
    /// Where it came from. Never serialized, so that the same text gives the same JSON.
    #[serde(skip)]
    pub span: Span,
}

/// Spans don't count: two nodes are equal if they say the same.
impl PartialEq for Tag {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.language == other.language
            && self.element == other.element
            && self.attributes == other.attributes
            && self.inference == other.inference
    }
}

impl Tag {
    /// A tag that knows only where it came from.
    pub fn at(span: Span) -> Self {
        Self { span, ..Self::default() }
    }

    /// The same tag with an id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<Id>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The same tag with an inference.
    #[must_use]
    pub fn inferred(mut self, inference: Inference) -> Self {
        self.inference = Some(Box::new(inference));
        self
    }

    /// The same tag with an attribute that has no namespace.
    #[must_use]
    pub fn with(mut self, attribute: &str, value: impl AsRef<str>) -> Self {
        self.attributes.set(attribute, value);
        self
    }

    /// True if the element was this TEI element.
    pub fn is_element(&self, local: &str) -> bool {
        self.element.as_ref().is_some_and(|name| name.is_plain(local))
    }
}

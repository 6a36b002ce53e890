//! An owned tree of XML that we only carry: a header, an island of another vocabulary.

use serde::{Deserialize, Serialize};

use crate::model::{Attributes, QName};

/// An element with everything in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Element {
    /// Its name; without a namespace of its own it is TEI's.
    pub name: QName,
    /// All attributes, namespace declarations among them, in the order of the source.
    #[serde(default, skip_serializing_if = "Attributes::is_empty")]
    pub attributes: Attributes,
    /// What it holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Node>,
}

/// A child of an element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Node {
    /// An element.
    Element(Element),
    /// Characters, white space as in the source.
    Text(String),
    /// A comment, without its delimiters.
    Comment(String),
    /// A processing instruction, without its delimiters.
    Instruction(String),
}

impl Element {
    /// An element of TEI without attributes and children.
    pub fn new(local: &str) -> Self {
        Self { name: QName::plain(local), attributes: Attributes::default(), children: Vec::new() }
    }

    /// The child elements, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// The first child element of TEI with this name.
    pub fn child(&self, local: &str) -> Option<&Self> {
        self.elements().find(|element| element.name.is_plain(local))
    }

    /// All characters within, in order.
    pub fn text(&self) -> String {
        fn collect(element: &Element, text: &mut String) {
            for child in &element.children {
                match child {
                    Node::Element(inner) => collect(inner, text),
                    Node::Text(characters) => text.push_str(characters),
                    Node::Comment(_) | Node::Instruction(_) => {}
                }
            }
        }
        let mut text = String::new();
        collect(self, &mut text);
        text
    }
}

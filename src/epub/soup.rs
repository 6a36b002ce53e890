//! Text that is no XML, read as a browser reads it (HTML §13.2), through html5ever.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, ParseOpts, QualName};

use super::page::{DEEPEST, Element, Node, XHTML};
use crate::failure::Failure;
use crate::source::Span;

/// Reads HTML. Spans of characters count the bytes of all characters in order.
pub(super) fn parse(text: &str, file: u32) -> Result<Element, Failure> {
    // The declaration of XML would become a comment.
    let text = match text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, rest)) => rest,
        None => text,
    };
    let arena = html5ever::parse_document(Arena::default(), ParseOpts::default()).one(text);
    let nodes = arena.nodes.into_inner();
    let mut offset = 0;
    let root = nodes[0].children.iter().copied().find(|&child| matches!(nodes[child].data, Data::Element(..)));
    match root {
        Some(root) => match built(&nodes, root, file, &mut offset, 0)? {
            Node::Element(element) => Ok(element),
            _ => Ok(Element::default()),
        },
        None => Ok(Element::default()),
    }
}

fn built(nodes: &[Item], at: usize, file: u32, offset: &mut usize, depth: usize) -> Result<Node, Failure> {
    if depth > DEEPEST {
        let message = format!("elements stand more than {DEEPEST} deep one within another");
        return Err(Failure::Limit { message, span: Span::default() });
    }
    Ok(match &nodes[at].data {
        Data::Element(name, attributes) => {
            let start = *offset;
            let mut children = Vec::with_capacity(nodes[at].children.len());
            for &child in &nodes[at].children {
                children.push(built(nodes, child, file, offset, depth + 1)?);
            }
            let namespace: &str = &name.ns;
            Node::Element(Element {
                name: (*name.local).into(),
                namespace: (namespace != XHTML && !namespace.is_empty()).then(|| namespace.into()),
                attributes: attributes.clone(),
                children,
                span: Span { file, ..Span::new(start, *offset) },
                number: 0,
            })
        }
        Data::Text(text) => {
            let start = *offset;
            *offset += text.len();
            Node::Text(text.clone(), Span { file, ..Span::new(start, *offset) })
        }
        Data::Comment(text) => Node::Comment(text.clone()),
        Data::Instruction(text) => Node::Instruction(text.clone()),
        Data::Document => Node::Comment(String::new()),
    })
}

enum Data {
    Document,
    Element(QualName, Vec<(compact_str::CompactString, compact_str::CompactString)>),
    Text(String),
    Comment(String),
    Instruction(String),
}

struct Item {
    data: Data,
    parent: Option<usize>,
    children: Vec<usize>,
    /// For a `template`: where its content is kept.
    contents: Option<usize>,
}

/// The tree while it is built: html5ever moves nodes about.
struct Arena {
    nodes: RefCell<Vec<Item>>,
    quirks: Cell<QuirksMode>,
}

impl Default for Arena {
    fn default() -> Self {
        let document = Item { data: Data::Document, parent: None, children: Vec::new(), contents: None };
        Self { nodes: RefCell::new(vec![document]), quirks: Cell::new(QuirksMode::NoQuirks) }
    }
}

impl Arena {
    fn add(&self, data: Data) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Item { data, parent: None, children: Vec::new(), contents: None });
        nodes.len() - 1
    }

    fn detach(&self, node: usize) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            nodes[parent].children.retain(|&child| child != node);
        }
    }

    /// Puts a node, or characters, at a place among the children of `parent`; characters join those before them.
    fn insert(&self, parent: usize, at: usize, child: NodeOrText<usize>) {
        let node = match child {
            NodeOrText::AppendNode(node) => {
                self.detach(node);
                node
            }
            NodeOrText::AppendText(text) => {
                let before = at.checked_sub(1).map(|before| self.nodes.borrow()[parent].children[before]);
                if let Some(before) = before
                    && let Data::Text(have) = &mut self.nodes.borrow_mut()[before].data
                {
                    have.push_str(&text);
                    return;
                }
                self.add(Data::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[node].parent = Some(parent);
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, node);
    }
}

fn plain(attribute: Attribute) -> (compact_str::CompactString, compact_str::CompactString) {
    let name = match &attribute.name.prefix {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}:{}", attribute.name.local).into(),
        _ => (*attribute.name.local).into(),
    };
    (name, attribute.value.as_ref().into())
}

impl TreeSink for Arena {
    type Handle = usize;
    type Output = Self;
    type ElemName<'a> = OwnedName;

    fn finish(self) -> Self {
        self
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> OwnedName {
        match &self.nodes.borrow()[*target].data {
            Data::Element(name, _) => OwnedName(name.clone()),
            _ => OwnedName(QualName::new(None, html5ever::ns!(), html5ever::local_name!(""))),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> usize {
        let node = self.add(Data::Element(name, attributes.into_iter().map(plain).collect()));
        if flags.template {
            let contents = self.add(Data::Document);
            self.nodes.borrow_mut()[node].contents = Some(contents);
        }
        node
    }

    fn create_comment(&self, text: StrTendril) -> usize {
        self.add(Data::Comment(text.to_string()))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> usize {
        self.add(Data::Instruction(format!("{target} {data}")))
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        let at = self.nodes.borrow()[*parent].children.len();
        self.insert(*parent, at, child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        if self.nodes.borrow()[*element].parent.is_some() {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        self.nodes.borrow()[*target].contents.unwrap_or(*target)
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        self.quirks.set(mode);
    }

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        let Some(parent) = self.nodes.borrow()[*sibling].parent else { return };
        if let NodeOrText::AppendNode(node) = &child {
            self.detach(*node);
        }
        let at = self.nodes.borrow()[parent].children.iter().position(|child| child == sibling).unwrap_or_default();
        self.insert(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &usize, attributes: Vec<Attribute>) {
        if let Data::Element(_, have) = &mut self.nodes.borrow_mut()[*target].data {
            for (name, value) in attributes.into_iter().map(plain) {
                if !have.iter().any(|(known, _)| *known == name) {
                    have.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let children = std::mem::take(&mut self.nodes.borrow_mut()[*node].children);
        for child in children {
            self.nodes.borrow_mut()[child].parent = None;
            self.append(new_parent, NodeOrText::AppendNode(child));
        }
    }
}

/// The name of an element, to be kept while the tree changes.
#[derive(Debug)]
struct OwnedName(QualName);

impl html5ever::interface::ElemName for OwnedName {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &html5ever::LocalName {
        &self.0.local
    }
}

//! All content documents of a book, their elements numbered through, and where links among them lead.

use std::collections::HashMap;

use crate::epub::archive::resolve;
use crate::epub::package::Leaf;
use crate::epub::page::Element;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// To an element of the book, by its number.
    Element(u32),
    /// To a content document.
    Leaf(u32),
    /// To an id that is not there, in a content document.
    Nowhere(u32, String),
    /// To another file of the archive, by its path.
    File(String),
    /// Out of the book.
    Outside,
}

/// The numbered elements of all content documents.
pub(super) struct Book<'t> {
    pub leaves: &'t [Leaf],
    /// The number of the first element of each content document.
    starts: Vec<u32>,
    pub elements: Vec<&'t Element>,
    /// The number of each element's parent; that of a root is its own.
    pub parents: Vec<u32>,
    by_path: HashMap<&'t str, u32>,
    ids: HashMap<(u32, &'t str), u32>,
}

impl<'t> Book<'t> {
    pub(super) fn of(leaves: &'t [Leaf]) -> Self {
        let mut book = Self {
            leaves,
            starts: Vec::new(),
            elements: Vec::new(),
            parents: Vec::new(),
            by_path: HashMap::new(),
            ids: HashMap::new(),
        };
        for (leaf, at) in leaves.iter().zip(0..) {
            book.by_path.entry(&leaf.path).or_insert(at);
            book.starts.push(book.elements.len() as u32);
            let root = book.elements.len() as u32;
            book.gather(&leaf.page.root, root, at);
        }
        book
    }

    fn gather(&mut self, element: &'t Element, parent: u32, leaf: u32) {
        let number = self.elements.len() as u32;
        self.elements.push(element);
        self.parents.push(parent);
        let name = element.get("name").filter(|_| element.is("a"));
        for id in [element.get("id"), element.get("xml:id"), name].into_iter().flatten() {
            self.ids.entry((leaf, id)).or_insert(number);
        }
        for child in element.elements() {
            self.gather(child, number, leaf);
        }
    }

    /// The number of an element of a content document.
    pub(super) fn number(&self, leaf: u32, element: &Element) -> u32 {
        self.starts[leaf as usize] + element.number
    }

    /// The content document in which an element stands.
    pub(super) fn leaf_of(&self, number: u32) -> u32 {
        self.starts.partition_point(|&start| start <= number) as u32 - 1
    }

    /// The content document at a path.
    pub(super) fn leaf_at(&self, path: &str) -> Option<u32> {
        self.by_path.get(path).copied()
    }

    /// The element with an id in a content document.
    pub(super) fn by_id(&self, leaf: u32, id: &str) -> Option<u32> {
        self.ids.get(&(leaf, id)).copied()
    }

    /// Where a link in a content document leads.
    pub(super) fn lead(&self, leaf: u32, href: &str) -> Lead {
        self.lead_from(&self.leaves[leaf as usize].path, href)
    }

    /// Where a link in any file of the archive leads.
    pub(super) fn lead_from(&self, path: &str, href: &str) -> Lead {
        let Some((to, fragment)) = resolve(path, href) else { return Lead::Outside };
        let Some(leaf) = self.leaf_at(&to) else { return Lead::File(to) };
        match fragment.filter(|fragment| !fragment.is_empty()) {
            None => Lead::Leaf(leaf),
            Some(id) => match self.by_id(leaf, id).or_else(|| self.by_id(leaf, &crate::epub::archive::decoded(id))) {
                Some(number) => Lead::Element(number),
                None => Lead::Nowhere(leaf, id.to_owned()),
            },
        }
    }

    /// True if an element stands within another, or is it.
    pub(super) fn is_within(&self, mut number: u32, outer: u32) -> bool {
        while number > outer {
            let parent = self.parents[number as usize];
            if parent == number {
                return false;
            }
            number = parent;
        }
        number == outer
    }

    /// An element and those around it, the innermost first.
    pub(super) fn ancestors(&self, number: u32) -> impl Iterator<Item = u32> + '_ {
        let parents = &self.parents;
        std::iter::successors(Some(number), move |&at| {
            let parent = parents[at as usize];
            (parent != at).then_some(parent)
        })
    }
}

//! The document as the page shows it: elements of few kinds, whose text is nothing but text.

use std::collections::HashSet;

use serde::Serialize;

use crate::decisions::survey::Site;
use crate::model::{Block, Document, FormulaKind, Inline, List, ListKind, Milestone, Note, Style, Table, Unit};

/// A node: text, or an element with content.
#[derive(Serialize)]
#[serde(untagged)]
enum Node {
    Text(String),
    Element(Element),
}

#[derive(Default, Serialize)]
struct Element {
    /// The element of HTML, or `marker`, `page`.
    e: &'static str,
    /// What it is, for its looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    k: Option<&'static str>,
    /// The number of the item that it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    i: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    c: Vec<Node>,
}

/// The text and its notes.
#[derive(Serialize)]
pub(super) struct Reconstruction {
    text: Vec<Node>,
    notes: Vec<Shown>,
}

/// A note.
#[derive(Serialize)]
struct Shown {
    /// The number of its item.
    i: usize,
    label: String,
    c: Vec<Node>,
}

impl Reconstruction {
    /// A document of which these sites are known.
    pub(super) fn of(document: &Document, sites: &[Site<'_>]) -> Self {
        let sites = sites.iter().map(|site| site.number).collect();
        let mut builder = Builder { sites, number: 0, depth: 0, notes: Vec::new() };
        let text = document.parts().into_iter().flat_map(|part| builder.blocks(part)).collect();
        Self { text, notes: builder.notes }
    }
}

/// Goes through the document as the survey does, and so counts alike.
struct Builder {
    sites: HashSet<usize>,
    number: usize,
    depth: usize,
    notes: Vec<Shown>,
}

fn element(e: &'static str, c: Vec<Node>) -> Node {
    Node::Element(Element { e, c, ..Element::default() })
}

fn kind(e: &'static str, k: &'static str, c: Vec<Node>) -> Node {
    Node::Element(Element { e, k: Some(k), c, ..Element::default() })
}

impl Builder {
    fn next(&mut self) -> usize {
        self.number += 1;
        self.number - 1
    }

    fn site(&self, number: usize) -> Option<usize> {
        self.sites.contains(&number).then_some(number)
    }

    fn blocks(&mut self, blocks: &[Block]) -> Vec<Node> {
        blocks.iter().map(|block| self.block(block)).collect()
    }

    fn inlines(&mut self, inlines: &[Inline]) -> Vec<Node> {
        inlines.iter().filter_map(|inline| self.inline(inline)).collect()
    }

    fn block(&mut self, block: &Block) -> Node {
        let number = self.next();
        match block {
            Block::Division(it) => {
                self.depth += 1;
                let content = self.blocks(&it.content);
                self.depth -= 1;
                element("section", content)
            }
            Block::Heading(it) => {
                let level = match (self.depth + usize::from(it.depth)).max(1) {
                    1 => "h3",
                    2 => "h4",
                    3 => "h5",
                    _ => "h6",
                };
                element(level, self.inlines(&it.content))
            }
            Block::Paragraph(it) => element(if it.bare { "div" } else { "p" }, self.inlines(&it.content)),
            Block::Formula(it) => kind("div", formula(it.kind), self.blocks(&it.content)),
            Block::Quotation(it) => element("blockquote", self.blocks(&it.content)),
            Block::List(it) => self.list(it),
            Block::Table(it) => self.table(it),
            Block::Verse(it) => kind("div", "verse", self.blocks(&it.content)),
            Block::Line(it) => kind("div", "line", self.inlines(&it.content)),
            Block::Speech(it) => kind("div", "speech", self.blocks(&it.content)),
            Block::Figure(it) => kind("div", "figure", self.blocks(&it.content)),
            Block::Verbatim(it) => element("pre", vec![Node::Text(it.text.clone())]),
            Block::Note(it) => self.note(it, number),
            Block::Milestone(it) => self.milestone(it, number).unwrap_or_else(|| element("div", Vec::new())),
            Block::Foreign(crate::model::Foreign::Element { content, .. }) => element("div", self.blocks(content)),
            Block::Foreign(_) => element("div", Vec::new()),
        }
    }

    fn list(&mut self, list: &List) -> Node {
        let mut content = self.blocks(&list.before);
        for item in &list.items {
            let mut inner = Vec::new();
            if let Some(label) = &item.label {
                inner.push(kind("span", "label", self.inlines(&label.content)));
                inner.push(Node::Text(" ".to_owned()));
            }
            inner.extend(self.blocks(&item.content));
            inner.extend(self.blocks(&item.after));
            content.push(kind("div", "item", inner));
        }
        kind("div", if list.kind == ListKind::Numbered { "list ordered" } else { "list" }, content)
    }

    fn table(&mut self, table: &Table) -> Node {
        let mut content = self.blocks(&table.before);
        let mut rows = Vec::new();
        for row in &table.rows {
            let mut cells = Vec::new();
            for cell in &row.cells {
                let mut inner = self.blocks(&cell.content);
                inner.extend(self.blocks(&cell.after));
                cells.push(element("td", inner));
            }
            let after = self.blocks(&row.after);
            if !after.is_empty() {
                cells.push(element("td", after));
            }
            rows.push(element("tr", cells));
        }
        content.push(element("table", vec![element("tbody", rows)]));
        element("div", content)
    }

    fn note(&mut self, note: &Note, number: usize) -> Node {
        let label = note.label.as_ref().map_or_else(|| "*".to_owned(), ToString::to_string);
        let place = self.notes.len();
        self.notes.push(Shown { i: number, label: label.clone(), c: Vec::new() });
        let body = self.blocks(&note.body);
        self.notes[place].c = body;
        Node::Element(Element { e: "marker", i: self.site(number), c: vec![Node::Text(label)], k: None })
    }

    fn milestone(&self, milestone: &Milestone, number: usize) -> Option<Node> {
        match milestone.unit {
            Unit::Page => {
                let label = milestone.label.as_ref().map(|label| Node::Text(label.to_string()));
                let k = milestone.inside_word.then_some("inside");
                Some(Node::Element(Element { e: "page", k, i: self.site(number), c: label.into_iter().collect() }))
            }
            Unit::Line => Some(element("br", Vec::new())),
            Unit::Column | Unit::Other(_) => None,
        }
    }

    fn inline(&mut self, inline: &Inline) -> Option<Node> {
        let number = self.next();
        let marked = |builder: &mut Self, k: &'static str, content: &[Inline]| {
            let c = builder.inlines(content);
            Node::Element(Element { e: "span", k: Some(k), i: builder.site(number), c })
        };
        Some(match inline {
            Inline::Text(text) => Node::Text(text.clone()),
            Inline::Styled(it) => element(styled(it.style), self.inlines(&it.content)),
            Inline::Name(it) => marked(self, "name", &it.content),
            Inline::Date(it) => marked(self, "date", &it.content),
            Inline::Term(it) => marked(self, "term", &it.content),
            Inline::Reference(it) => marked(self, "reference", &it.content),
            Inline::Edit(it) => marked(self, "edit", &it.content),
            Inline::Choice(it) => marked(self, "choice", &it.content),
            Inline::Nested(block) => return Some(self.block(block)),
            Inline::Note(it) => self.note(it, number),
            Inline::Milestone(it) => return self.milestone(it, number),
            Inline::Graphic(it) => kind("span", "graphic", it.description.iter().cloned().map(Node::Text).collect()),
            Inline::Foreign(it) => match it.as_ref() {
                crate::model::Foreign::Element { content, .. } => element("span", self.inlines(content)),
                _ => return None,
            },
        })
    }
}

fn styled(style: Style) -> &'static str {
    match style {
        Style::Italic => "i",
        Style::Bold => "b",
        Style::SmallCaps => "small",
        Style::Underline => "u",
        Style::Strikethrough => "s",
        Style::Superscript => "sup",
        Style::Subscript => "sub",
        Style::Code => "code",
        Style::Roman | Style::Unspecified => "span",
    }
}

fn formula(kind: FormulaKind) -> &'static str {
    match kind {
        FormulaKind::Dateline => "dateline",
        FormulaKind::Salute => "salute",
        FormulaKind::Signed => "signed",
        FormulaKind::Speaker => "speaker",
        FormulaKind::Stage => "stage",
        _ => "formula",
    }
}

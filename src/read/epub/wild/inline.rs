//! Inlines.

use std::sync::Arc;

use super::super::book::Lead;
use super::super::contents::folded;
use super::Wild;
use super::notes::is_block;
use crate::epub;
use crate::epub::page::{Element, Node};
use crate::model::{
    Attribute, Attributes, Block, Certainty, Date, Edit, EditKind, Foreign, Graphic, Id, Inference, Inline, MATHML,
    Milestone, QName, Reference, Style, Styled, Tag, Target, Term, Unit, When, is_mathml_layout,
};
use crate::source::Span;
use crate::xml::parse::{as_ncname, is_ncname};

/// The namespace of `epub:` names.
const OPS: &str = "http://www.idpf.org/2007/ops";

/// A place that something leads to and where no node stands.
fn anchor(id: Id) -> Tag {
    Tag { id: Some(id), element: Some(QName::plain("anchor").into()), ..Tag::default() }
}

/// As a block.
pub(super) fn anchor_block(id: Id) -> Block {
    Block::Foreign(Foreign::Element { tag: anchor(id), content: Vec::new() })
}

impl<'t> Wild<'_, 't> {
    /// What an element holds as one run of text.
    pub(super) fn inlines(&mut self, element: &'t Element) -> Vec<Inline> {
        self.inlines_of(element.children.iter().collect())
    }

    pub(super) fn inlines_of(&mut self, nodes: Vec<&'t Node>) -> Vec<Inline> {
        let mut inlines = Vec::new();
        for node in nodes {
            match node {
                Node::Text(text, span) => self.text(text, *span, &mut inlines),
                Node::Element(element) => self.inline(element, &mut inlines),
                Node::Comment(text) => inlines.push(Inline::Foreign(Box::new(Foreign::Comment(text.clone())))),
                Node::Instruction(_) => {}
            }
        }
        join_words(&mut inlines);
        inlines
    }

    fn text(&mut self, text: &str, span: Span, inlines: &mut Vec<Inline>) {
        let rest = self.without_marker(text, span);
        if rest.is_empty() {
            return;
        }
        match inlines.last_mut() {
            Some(Inline::Text(have)) => have.push_str(rest),
            _ => inlines.push(Inline::text(rest)),
        }
    }

    /// The text without the marker of the note that begins with it.
    fn without_marker<'s>(&mut self, text: &'s str, span: Span) -> &'s str {
        if self.beginning == Beginning::Done || text.trim().is_empty() {
            return text;
        }
        let exact = span.range().len() == text.len();
        let marker = self.note.as_ref().map(|(_, marker)| marker.clone()).unwrap_or_default();
        let start = text.trim_start();
        let lead = text.len() - start.len();
        let is_separator = |it: char| it.is_whitespace() || "])}.:".contains(it);
        let rest = match self.beginning {
            Beginning::Marker => {
                let open = start.trim_start_matches(['[', '(']);
                if open.is_empty() {
                    // A bracket before the link back.
                    if exact {
                        self.log.took(span);
                        return "";
                    }
                    return text;
                }
                match open.strip_prefix(marker.as_str()).filter(|_| !marker.is_empty()) {
                    Some(rest) if rest.starts_with(is_separator) => rest.trim_start_matches(is_separator),
                    _ => start,
                }
            }
            _ => start.trim_start_matches(is_separator),
        };
        self.beginning = Beginning::Done;
        let cut = text.len() - rest.len();
        if cut == lead || !exact {
            return text;
        }
        self.log.took(Span { end: span.start + cut as u32, ..span });
        rest
    }

    pub(super) fn inline(&mut self, element: &'t Element, inlines: &mut Vec<Inline>) {
        if self.is_taken(element) {
            return;
        }
        if let Some(broken) = self.page_break(element) {
            inlines.push(Inline::Milestone(Box::new(broken.milestone)));
            if broken.whole {
                return;
            }
        }
        if element.namespace.is_some() {
            return self.island(element, inlines);
        }
        if let Some(link) = self.sole_call(element) {
            return self.call(link, element, inlines);
        }
        if self.is_marker_of_note(element) {
            return self.took(element);
        }
        if is_block(element) {
            self.inside += 1;
            let made = self.block(element);
            self.inside -= 1;
            return inlines.extend(made.into_iter().map(|block| Inline::Nested(Box::new(block))));
        }
        self.phrase(element, inlines);
    }

    /// An element of phrasing content (HTML §4.5).
    fn phrase(&mut self, element: &'t Element, inlines: &mut Vec<Inline>) {
        let styled = |style, tag: Tag| (style, tag);
        let tag = self.tag(element);
        let (style, tag) = match element.name.as_str() {
            "em" | "i" | "var" => styled(Style::Italic, tag),
            "cite" => styled(Style::Italic, Tag { element: Some(QName::plain("title").into()), ..tag }),
            "strong" | "b" => styled(Style::Bold, tag),
            "u" => styled(Style::Underline, tag),
            "s" | "strike" => styled(Style::Strikethrough, tag),
            "sup" => styled(Style::Superscript, tag),
            "sub" => styled(Style::Subscript, tag),
            "code" | "kbd" | "samp" | "tt" => styled(Style::Code, tag),
            "mark" => styled(Style::Unspecified, tag.with("rend", "highlight")),
            "span" | "font" | "small" | "big" | "bdo" | "bdi" => return self.span(element, tag, inlines),
            _ => return self.other(element, tag, inlines),
        };
        let content = self.inlines(element);
        inlines.push(Inline::Styled(Box::new(Styled { tag, style, content })));
    }

    /// An element that says something only by class or language.
    fn span(&mut self, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        let style = element.words("class").find_map(style_of_class);
        let content = self.inlines(element);
        if let Some(style) = style {
            return inlines.push(Inline::Styled(Box::new(Styled { tag, style, content })));
        }
        if tag.language.is_some() {
            let tag = Tag { element: Some(QName::plain("foreign").into()), ..tag };
            return inlines.push(Inline::Styled(Box::new(Styled { tag, style: Style::Italic, content })));
        }
        inlines.extend(tag.id.map(|id| foreign(anchor(id), Vec::new())));
        append(inlines, content);
    }

    fn other(&mut self, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        match element.name.as_str() {
            "a" => self.link(element, tag, inlines),
            "br" => {
                let line = Milestone { tag, unit: Unit::Line, label: None, inside_word: false };
                inlines.push(Inline::Milestone(Box::new(line)));
            }
            "img" | "image" => inlines.push(self.graphic(element, tag)),
            "abbr" | "acronym" => self.edit(EditKind::Abbreviation, element, tag, inlines),
            "ins" => self.edit(EditKind::Addition, element, tag, inlines),
            "del" => self.edit(EditKind::Deletion, element, tag, inlines),
            "dfn" => {
                let content = self.inlines(element);
                inlines.push(Inline::Term(Box::new(Term { tag, target: None, content })));
            }
            "time" => {
                let when = element.get("datetime").and_then(|text| text.trim().parse().ok()).map(When::On);
                let content = self.inlines(element);
                inlines.push(Inline::Date(Box::new(Date { tag, when, content })));
            }
            "q" => {
                let content = self.inlines(element);
                inlines.push(foreign(Tag { element: Some(QName::plain("q").into()), ..tag }, content));
            }
            "ruby" => self.ruby(element, tag, inlines),
            "script" | "style" => self.took(element),
            "hr" | "wbr" => {}
            name => {
                if matches!(
                    name,
                    "audio" | "video" | "object" | "iframe" | "embed" | "canvas" | "input" | "select" | "textarea"
                ) {
                    *self.media.entry(name.to_owned()).or_default() += 1;
                }
                inlines.extend(tag.id.map(|id| foreign(anchor(id), Vec::new())));
                let content = self.inlines(element);
                append(inlines, content);
            }
        }
    }

    fn edit(&mut self, kind: EditKind, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        let content = self.inlines(element);
        inlines.push(Inline::Edit(Box::new(Edit { tag, kind, content })));
    }

    /// Ruby (TEI P5 §3.4.2): each base with its glosses. What stands in brackets for those who can't show it is no text.
    fn ruby(&mut self, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        inlines.extend(tag.id.map(|id| foreign(anchor(id), Vec::new())));
        let mut base: Vec<&'t Node> = Vec::new();
        let mut parts: Vec<&'t Node> = element.children.iter().rev().collect();
        while let Some(part) = parts.pop() {
            match part {
                Node::Element(inner) if self.is_taken(inner) => {}
                Node::Element(inner) if inner.is("rp") => self.took(inner),
                Node::Element(inner) if inner.is("rtc") || inner.is("rb") => parts.extend(inner.children.iter().rev()),
                Node::Element(inner) if inner.is("rt") => {
                    let gloss = foreign(named("rt"), self.inlines(inner));
                    let words = self.inlines_of(std::mem::take(&mut base));
                    match inlines.last_mut().and_then(pair).filter(|_| words.iter().all(is_blank)) {
                        // One more gloss of the same base.
                        Some(content) => content.push(gloss),
                        None => inlines.push(foreign(named("ruby"), vec![foreign(named("rb"), words), gloss])),
                    }
                }
                other => base.push(other),
            }
        }
        let words = self.inlines_of(base);
        if !words.iter().all(is_blank) {
            append(inlines, words);
        }
    }

    fn link(&mut self, element: &'t Element, tag: Tag, inlines: &mut Vec<Inline>) {
        let content = self.inlines(element);
        let Some(href) = element.get("href") else {
            inlines.extend(tag.id.map(|id| foreign(anchor(id), Vec::new())));
            return append(inlines, content);
        };
        let target = self.target(href);
        inlines.push(Inline::Reference(Box::new(Reference { tag, targets: vec![target], content })));
    }

    fn target(&mut self, href: &str) -> Target {
        match self.book.lead(self.leaf, href) {
            Lead::Element(number) => {
                let element = self.book.elements[number as usize];
                let own = element.get(epub::ID).filter(|id| !id.is_empty()).or_else(|| element.get("id")).map(Id::from);
                match self.plan.ids.get(&number).cloned().or(own) {
                    Some(id) => Target::Here(id),
                    None => Target::Elsewhere(href.into()),
                }
            }
            Lead::Leaf(leaf) => match self.plan.leaf_ids.get(&leaf) {
                Some(id) => Target::Here(id.clone()),
                None => Target::Elsewhere(href.into()),
            },
            Lead::Nowhere(..) => {
                let path = &self.book.leaves[self.leaf as usize].path;
                let message = format!("`{path}`: the link `{href}` leads to an id that is not there");
                self.log.warning(super::super::DANGLING, Span::default(), message);
                Target::parse(href)
            }
            Lead::File(_) | Lead::Outside => Target::Elsewhere(href.into()),
        }
    }

    fn graphic(&mut self, element: &Element, tag: Tag) -> Inline {
        let source = element
            .get("src")
            .or_else(|| element.get("xlink:href"))
            .or_else(|| element.get("href"))
            .unwrap_or_default();
        let path = &self.book.leaves[self.leaf as usize].path;
        let url = match epub::archive::resolve(path, source) {
            Some((path, _)) => path.into(),
            None => source.into(),
        };
        let description = element.get("alt").map(folded).filter(|alt| !alt.is_empty());
        Inline::Graphic(Box::new(Graphic { tag, url, description }))
    }

    /// MathML, SVG and other vocabularies.
    pub(super) fn island(&mut self, element: &'t Element, inlines: &mut Vec<Inline>) {
        if element.name == "svg" {
            if let Some(image) = sole_image(element) {
                let tag = self.tag(element);
                return inlines.push(self.graphic(image, tag));
            }
            let tag = self.tag(element);
            return self.drawing(element, tag, inlines);
        }
        match (element.namespace.as_deref(), element.name.as_str()) {
            // What is shown is what every reading system can show (EPUB 3.0 §2.1.3.4).
            (Some(OPS), "case") => {
                *self.media.entry("epub:case".to_owned()).or_default() += 1;
                self.took(element);
            }
            (Some(OPS), _) => {
                let content = self.inlines(element);
                append(inlines, content);
            }
            _ => {
                let inner = self.carried(element);
                inlines.push(inner);
            }
        }
    }

    /// An element of another vocabulary, whole.
    fn carried(&mut self, element: &'t Element) -> Inline {
        let uri = element.namespace.clone().unwrap_or_else(|| epub::page::XHTML.into());
        let is_math = uri == MATHML;
        let namespace = Arc::new(crate::model::Namespace { prefix: "".into(), uri });
        let mut tag = Tag { id: self.tag(element).id, ..Tag::default() };
        tag.element = Some(Box::new(QName { local: as_ncname(&element.name).into(), namespace: Some(namespace) }));
        let plain = element.attributes.iter().filter(|(name, _)| is_ncname(name) && name != "id");
        let attribute = |(name, value): &(compact_str::CompactString, compact_str::CompactString)| Attribute {
            name: QName::plain(name),
            value: value.clone(),
        };
        tag.attributes = Attributes(plain.map(attribute).collect());
        let mut content = Vec::new();
        for child in &element.children {
            match child {
                Node::Text(text, _) if is_math && is_mathml_layout(text, &element.name) => {}
                Node::Text(text, _) => content.push(Inline::text(text.as_str())),
                Node::Element(inner) => {
                    let inner = self.carried(inner);
                    content.push(inner);
                }
                Node::Comment(_) | Node::Instruction(_) => {}
            }
        }
        foreign(tag, content)
    }
}

/// How a class says that text is set.
pub(super) fn style_of_class(word: &str) -> Option<Style> {
    Some(match word.to_ascii_lowercase().as_str() {
        "smallcaps" | "small-caps" | "sc" | "smcap" | "smallcap" => Style::SmallCaps,
        "italic" | "italics" | "i" | "it" => Style::Italic,
        "bold" | "strong" | "b" => Style::Bold,
        "underline" | "underlined" => Style::Underline,
        "strikethrough" | "strike" => Style::Strikethrough,
        "superscript" | "sup" => Style::Superscript,
        "subscript" | "sub" => Style::Subscript,
        _ => return None,
    })
}

/// How far the beginning of a note's body was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Beginning {
    /// The marker may come.
    Marker,
    /// The marker was left out; what parts it from the text may come.
    Separator,
    #[default]
    Done,
}

fn foreign(tag: Tag, content: Vec<Inline>) -> Inline {
    Inline::Foreign(Box::new(Foreign::Element { tag, content }))
}

fn named(name: &str) -> Tag {
    Tag { element: Some(QName::plain(name).into()), ..Tag::default() }
}

fn is_blank(inline: &Inline) -> bool {
    matches!(inline, Inline::Text(text) if text.trim().is_empty())
}

/// What a ruby holds.
fn pair(inline: &mut Inline) -> Option<&mut Vec<Inline>> {
    match inline {
        Inline::Foreign(it) => match it.as_mut() {
            Foreign::Element { tag, content } if tag.is_element("ruby") => Some(content),
            _ => None,
        },
        _ => None,
    }
}

fn append(inlines: &mut Vec<Inline>, more: Vec<Inline>) {
    for inline in more {
        match (inlines.last_mut(), inline) {
            (Some(Inline::Text(have)), Inline::Text(text)) => have.push_str(&text),
            (_, inline) => inlines.push(inline),
        }
    }
}

/// The image of a drawing that is nothing but its frame: covers are often made so.
fn sole_image(svg: &Element) -> Option<&Element> {
    let mut images = Vec::new();
    let mut only = true;
    look(svg, &mut images, &mut only);
    images.first().copied().filter(|_| only && images.len() == 1)
}

fn look<'e>(element: &'e Element, images: &mut Vec<&'e Element>, only: &mut bool) {
    for child in element.elements() {
        match child.name.as_str() {
            "image" => images.push(child),
            "g" | "a" | "defs" => look(child, images, only),
            "title" | "desc" | "metadata" => {}
            _ => *only = false,
        }
    }
}

/// A page that begins between two letters stands inside a word.
fn join_words(inlines: &mut [Inline]) {
    for at in 1..inlines.len().saturating_sub(1) {
        let (before, rest) = inlines.split_at_mut(at);
        let Some((Inline::Milestone(milestone), after)) = rest.split_first_mut() else { continue };
        let (Some(Inline::Text(before)), Some(Inline::Text(after))) = (before.last(), after.first()) else { continue };
        let joined = before.ends_with(char::is_alphabetic) && after.starts_with(char::is_lowercase);
        if milestone.unit == Unit::Page && joined {
            milestone.inside_word = true;
            if milestone.tag.inference.is_none() {
                let because = "letters stand before and behind it without a space";
                milestone.tag.inference = Some(Box::new(Inference::new("page.inside-word", Certainty::High, because)));
            }
        }
    }
}

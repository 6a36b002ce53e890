//! Inlines.

use super::{EDITED, Lead, Own, is_apart, is_block, kind};
use crate::epub;
use crate::epub::page::{Element, Node};
use crate::model::{
    Attribute, Choice, Date, Edit, EditKind, Foreign, Graphic, Inline, MATHML, Milestone, Name, NameKind, QName,
    Reference, Style, Styled, Tag, Target, Term, Unit, When, mathml_name,
};
use crate::tei;
use crate::xml::parse::{as_ncname, is_ncname};

impl<'t> Own<'_, 't> {
    /// Everything as one run of text.
    pub(super) fn inlines(&mut self, children: &'t [Node]) -> Vec<Inline> {
        self.inlines_of(children, false)
    }

    /// A run of text. `behind_block`: a line end at its beginning is layout.
    pub(super) fn inlines_of(
        &mut self,
        children: impl IntoIterator<Item = &'t Node>,
        mut behind_block: bool,
    ) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let mut behind_backlink = false;
        for child in children {
            match child {
                Node::Text(text, _) => {
                    let text = text.strip_prefix('\n').filter(|_| behind_block).unwrap_or(text);
                    let text = text.strip_prefix(' ').filter(|_| behind_backlink).unwrap_or(text);
                    push_text(&mut inlines, text);
                }
                Node::Comment(text) => inlines.push(Inline::Foreign(Box::new(Foreign::Comment(text.clone())))),
                Node::Instruction(text) => inlines.push(Inline::Foreign(Box::new(Foreign::Instruction(text.clone())))),
                // The element round it says what it is.
                Node::Element(element) if element.namespace.as_deref() == Some(MATHML) => {
                    let math = formula(element);
                    match math {
                        Foreign::Element { content, .. } if element.name == "math" => inlines.extend(content),
                        other => inlines.push(Inline::Foreign(Box::new(other))),
                    }
                }
                Node::Element(element) if is_block(element) || is_apart(element) => {
                    let mut blocks = Vec::new();
                    self.block_into(element, &mut blocks);
                    inlines.extend(blocks.into_iter().map(|block| Inline::Nested(Box::new(block))));
                    behind_block = element.name != "span" && element.name != "code";
                    continue;
                }
                Node::Element(element) => {
                    self.inline(element, &mut inlines);
                    // One space stands between it and the note.
                    behind_backlink = element.has_class("backlink");
                    behind_block = false;
                    continue;
                }
            }
            (behind_block, behind_backlink) = (false, false);
        }
        inlines
    }

    fn inline(&mut self, element: &'t Element, inlines: &mut Vec<Inline>) {
        let name = match element.name.as_str() {
            "div" => element.get(epub::AS).unwrap_or("span"),
            name => name,
        };
        let class = kind(element);
        match (name, class) {
            ("sup", "noteref") => return self.call(element, inlines),
            ("sup", "again") => {
                let within = self.inlines(&element.children);
                return inlines.extend(within);
            }
            _ if element.has_class("generated") => return self.took(element),
            ("a", _) if element.has_class("backlink") => return self.took(element),
            ("span", "reading") => {
                let within = self.inlines(&element.children);
                return inlines.extend(within);
            }
            ("span", _) if element.get(epub::NOTE).is_some() => {
                let href = element.get(epub::NOTE).unwrap_or_default();
                return self.note_at(href, element, inlines);
            }
            _ => {}
        }
        let inline = self.plain(element, name, class);
        inlines.push(inline);
    }

    /// An inline that is one element.
    fn plain(&mut self, element: &'t Element, name: &str, class: &str) -> Inline {
        let style = match (name, class) {
            ("em" | "i", _) => Some(Style::Italic),
            ("strong" | "b", _) => Some(Style::Bold),
            ("s", _) => Some(Style::Strikethrough),
            ("sup", _) => Some(Style::Superscript),
            ("sub", _) => Some(Style::Subscript),
            ("code", _) => Some(Style::Code),
            ("span", "smallcaps") if element.get(epub::TARGET).is_none() => Some(Style::SmallCaps),
            ("span", "underline") | ("u", _) => Some(Style::Underline),
            ("span", "roman") => Some(Style::Roman),
            ("span", "hi") => Some(Style::Unspecified),
            _ => None,
        };
        let tag = self.tag(element);
        if let Some(style) = style {
            return Inline::Styled(Box::new(Styled { tag, style, content: self.inlines(&element.children) }));
        }
        match (name, class) {
            ("a", "term") | ("span", "term") => {
                let target = self.targets(element).into_iter().next();
                Inline::Term(Box::new(Term { tag, target, content: self.words(element) }))
            }
            ("a", _) if name_kind("span", class).is_none() => self.reference(element, tag),
            ("span", "ref") => self.reference(element, tag),
            ("time", _) | ("span", "date") => {
                let when = self.when(element);
                Inline::Date(Box::new(Date { tag, when, content: self.inlines(&element.children) }))
            }
            ("br", _) => {
                let label = element.get(epub::NUMBER).map(Into::into);
                Inline::Milestone(Box::new(Milestone { tag, unit: Unit::Line, label, inside_word: false }))
            }
            ("img", _) | ("span", "image-missing") => self.graphic(element),
            ("span", "page") => Inline::Milestone(Box::new(self.page(element))),
            ("span", "lb" | "cb" | "milestone") => Inline::Milestone(Box::new(self.point(element))),
            ("span", "choice") => Inline::Choice(Box::new(Choice { tag, content: self.inlines(&element.children) })),
            ("span", "note") => Inline::Note(Box::new(self.placed_note(element, false))),
            _ => {
                // A name is set as a link where the book has an entry for it.
                if let Some(kind) = name_kind(if name == "a" { "span" } else { name }, class) {
                    let target = self.targets(element).into_iter().next();
                    let role = element.get(epub::TYPE).map(Into::into);
                    let content = self.inlines(&element.children);
                    return Inline::Name(Box::new(Name { tag, kind, role, target, content }));
                }
                let content = self.inlines(&element.children);
                match edit_kind(name, class) {
                    Some(kind) => Inline::Edit(Box::new(Edit { tag, kind, content })),
                    None if tag.element.is_some() => Inline::Foreign(Box::new(Foreign::Element { tag, content })),
                    None => Inline::Styled(Box::new(Styled { tag, style: Style::Unspecified, content })),
                }
            }
        }
    }

    fn reference(&mut self, element: &'t Element, tag: Tag) -> Inline {
        let targets = self.targets(element);
        Inline::Reference(Box::new(Reference { tag, targets, content: self.words(element) }))
    }

    /// The words of a link; none if they are ours.
    fn words(&mut self, element: &'t Element) -> Vec<Inline> {
        if element.has_class("pointer") {
            self.took(element);
            return Vec::new();
        }
        self.inlines(&element.children)
    }

    fn when(&mut self, element: &'t Element) -> Option<When> {
        let said = element.get(epub::WHEN);
        match element.get("datetime") {
            Some(datetime) => datetime.trim().parse().ok().map(When::On),
            None => said.and_then(epub::parse_when),
        }
    }

    fn graphic(&mut self, element: &'t Element) -> Inline {
        let url = element.get(epub::URL).or_else(|| element.get("src")).unwrap_or_default().into();
        let description = element.get(epub::DESCRIPTION).map(str::to_owned);
        let shown = element.get("alt").or_else(|| element.get("aria-label"));
        let description = match (&description, shown) {
            (Some(kept), Some(shown)) if kept.trim() != shown && shown != "Image" => Some(shown.to_owned()),
            _ => description,
        };
        Inline::Graphic(Box::new(Graphic { tag: self.tag(element), url, description }))
    }

    /// To what an element points: as the link says, and, where that is the same, in the words that were kept.
    fn targets(&mut self, element: &'t Element) -> Vec<Target> {
        let kept = element.get(epub::TARGET).map(epub::parse_targets).unwrap_or_default();
        let Some(href) = element.get("href") else { return kept };
        let followed = match self.lead(href) {
            Lead::Element(number) => {
                let to = self.book.elements[number as usize];
                let id = to.get(epub::ID).filter(|id| !id.is_empty()).or_else(|| to.get("id"));
                Target::Here(id.unwrap_or_default().into())
            }
            Lead::Nowhere(_, id) => Target::Here(id.into()),
            Lead::Leaf(_) | Lead::File(_) | Lead::Outside => Target::Elsewhere(href.into()),
        };
        match (kept.first(), &followed) {
            (None, _) => vec![followed],
            (Some(first), _) if *first == followed => kept,
            // A link that leads elsewhere was made fit for XHTML: what is escaped in the one is not in the other.
            (Some(Target::Elsewhere(first)), Target::Elsewhere(href))
                if epub::archive::decoded(first.trim()) == epub::archive::decoded(href) =>
            {
                kept
            }
            (Some(first), _) => {
                let place = self.whereabouts(element);
                let message = format!("{place}: the link leads to `{followed}`, no longer to `{first}`");
                self.log.warning(EDITED, Default::default(), message);
                vec![followed]
            }
        }
    }

    /// A call: the note itself stands here.
    fn call(&mut self, element: &'t Element, inlines: &mut Vec<Inline>) {
        if element.get(epub::MOVED).is_some() {
            return self.took(element);
        }
        let Some(link) = element.find("a").filter(|_| is_marker(element)) else {
            let content = self.inlines(&element.children);
            let styled = Styled { tag: self.tag(element), style: Style::Superscript, content };
            return inlines.push(Inline::Styled(Box::new(styled)));
        };
        self.note_at(link.get("href").unwrap_or_default(), element, inlines);
    }

    /// The note to which a link leads.
    fn note_at(&mut self, href: &str, element: &'t Element, inlines: &mut Vec<Inline>) {
        let number = match self.lead(href) {
            Lead::Element(number) if self.book.elements[number as usize].has_class("note") => number,
            _ => {
                let message = format!("{}: the call leads to no note", self.whereabouts(element));
                self.log.warning(EDITED, Default::default(), message);
                let content = self.inlines(&element.children);
                return inlines.extend(content);
            }
        };
        let body = self.book.elements[number as usize];
        self.took(element);
        if self.called[number as usize] {
            let id = body.get(epub::ID).filter(|id| !id.is_empty()).or_else(|| body.get("id")).unwrap_or_default();
            let message = format!("{}: the note `{id}` is called a second time", self.whereabouts(element));
            self.log.warning(EDITED, Default::default(), message);
            let targets = vec![Target::Here(id.into())];
            return inlines.push(Inline::Reference(Box::new(Reference {
                tag: Default::default(),
                targets,
                content: Vec::new(),
            })));
        }
        let outer = std::mem::replace(&mut self.leaf, self.book.leaf_of(number));
        let mut note = self.note(body);
        self.leaf = outer;
        // The marker that is seen wins over the one that was kept of it.
        let shown = element.text();
        if let Some(label) = note.label.as_deref().map(str::trim)
            && !label.is_empty()
            && !shown.trim().is_empty()
            && label != shown.trim()
        {
            let message =
                format!("{}: the note's marker is `{}`, no longer `{label}`", self.whereabouts(element), shown.trim());
            self.log.warning(EDITED, Default::default(), message);
            note.label = Some(shown.trim().into());
        }
        inlines.push(Inline::Note(Box::new(note)));
    }
}

fn push_text(inlines: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    match inlines.last_mut() {
        Some(Inline::Text(have)) => have.push_str(text),
        _ => inlines.push(Inline::text(text)),
    }
}

fn name_kind(name: &str, class: &str) -> Option<NameKind> {
    tei::name(class).filter(|_| name == "span" && class != "rs")
}

fn edit_kind(name: &str, class: &str) -> Option<EditKind> {
    match name {
        "abbr" => Some(EditKind::Abbreviation),
        "ins" => Some(EditKind::Addition),
        "del" => Some(EditKind::Deletion),
        "span" if !matches!(class, "abbr" | "add" | "del") => tei::edit(class),
        _ => None,
    }
}

/// An element of MathML, whole.
fn formula(element: &Element) -> Foreign<Inline> {
    let mut tag = Tag { element: Some(Box::new(mathml_name(&as_ncname(&element.name)))), ..Tag::default() };
    let plain = element.attributes.iter().filter(|(name, _)| is_ncname(name) && name != "xmlns");
    tag.attributes.0.extend(plain.map(|(name, value)| Attribute { name: QName::plain(name), value: value.clone() }));
    let content = element.children.iter().filter_map(|child| match child {
        Node::Text(text, _) => Some(Inline::text(text.as_str())),
        Node::Element(inner) => Some(Inline::Foreign(Box::new(formula(inner)))),
        Node::Comment(_) | Node::Instruction(_) => None,
    });
    Foreign::Element { tag, content: content.collect() }
}

/// True for what holds but the words of a note's marker, in whatever form.
fn is_marker(element: &Element) -> bool {
    const FORMS: [&str; 9] = ["a", "b", "em", "i", "small", "span", "strong", "sub", "sup"];
    let marks = |inner: &Element| FORMS.contains(&inner.name.as_str()) && !inner.has_class("note") && is_marker(inner);
    element.elements().all(marks)
}

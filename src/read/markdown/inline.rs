//! Pieces of a line into inlines.

use super::braces::Braces;
use super::document::Builder;
use super::html;
use super::pieces::{Piece, words};
use crate::markdown::labels::page_id;
use crate::markdown::labels::pointed;
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::{EDITS, NAMES, STYLES, UNBRACKETED};
use crate::model::{
    Choice, Date, Edit, EditKind, Foreign, Graphic, Inline, Milestone, Name, QName, Reference, Style, Styled, Tag,
    Target, Term, Unit,
};
use crate::source::Span;

impl Builder<'_> {
    /// Inlines, in order; neighbouring texts become one.
    pub(super) fn inlines(&mut self, pieces: Vec<Piece>) -> Vec<Inline> {
        let mut inlines = Vec::new();
        let mut pieces = html::paired(pieces).into_iter().peekable();
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => match inlines.last_mut() {
                    Some(Inline::Text(last)) => last.push_str(&text),
                    _ if text.is_empty() => {}
                    _ => inlines.push(Inline::Text(text)),
                },
                Piece::Styled(style, content) => {
                    let content = self.inlines(content);
                    inlines.push(Inline::Styled(Box::new(Styled { tag: Tag::default(), style, content })));
                }
                Piece::Code(code) => {
                    let content = vec![Inline::text(code)];
                    inlines.push(Inline::Styled(Box::new(Styled { tag: Tag::default(), style: Style::Code, content })));
                }
                Piece::Link(url, content, mut braces) => {
                    braces.take_class("ref");
                    let content = self.inlines(content);
                    let reference = Reference {
                        tag: braces.into_tag(Span::default()),
                        targets: vec![Target::parse(&url)],
                        content,
                    };
                    inlines.push(Inline::Reference(Box::new(reference)));
                }
                Piece::Image(url, description, braces) => {
                    let description = Some(description).filter(|text| !text.is_empty());
                    let tag = braces.into_tag(Span::default());
                    inlines.push(Inline::Graphic(Box::new(Graphic { tag, url: url.into(), description })));
                }
                Piece::Note(label) => inlines.push(self.call(&label)),
                Piece::Break => inlines.push(Inline::Milestone(Box::new(line_break()))),
                Piece::Html(html) => self.html(&html, &mut inlines),
                Piece::Span(braces, content) => {
                    let after =
                        matches!(pieces.peek(), Some(Piece::Text(text)) if text.starts_with(char::is_alphanumeric));
                    self.span(braces, content, after, &mut inlines);
                }
            }
        }
        inlines
    }

    fn span(&mut self, mut braces: Braces, content: Vec<Piece>, word_goes_on: bool, to: &mut Vec<Inline>) {
        let class = braces.class().to_owned();
        let nowhere = Span::default();
        if let Some(unit) = unit(&class) {
            let before = matches!(to.last(), Some(Inline::Text(text)) if text.ends_with(char::is_alphanumeric));
            let milestone = self.milestone(braces, &content, unit, before && word_goes_on);
            return to.push(Inline::Milestone(Box::new(milestone)));
        }
        if let Some(&(kind, _)) = NAMES.iter().find(|(_, known)| *known == class) {
            braces.take_class(&class);
            let (target, role) = (target(&mut braces), braces.take("role").map(Into::into));
            let content = self.inlines(content);
            let tag = braces.into_tag(nowhere);
            let target = target.unwrap_or_else(|| pointed(&tag.attributes));
            let name = Name { tag, kind, role, target, content };
            return to.push(Inline::Name(Box::new(name)));
        }
        if let Some(&(kind, _)) = EDITS.iter().find(|(_, known)| *known == class) {
            braces.take_class(&class);
            return self.edit(kind, braces, content, to);
        }
        if let Some(&(style, _)) = STYLES.iter().find(|(_, known)| *known == class) {
            braces.take_class(&class);
            let content = self.inlines(content);
            return to.push(Inline::Styled(Box::new(Styled { tag: braces.into_tag(nowhere), style, content })));
        }
        let inline = match self.nested(&class, &mut braces, content) {
            Ok(block) => Inline::Nested(Box::new(block)),
            Err(content) => self.other_span(&class, braces, content),
        };
        to.push(inline);
    }

    /// A span that is neither a name, an intervention, a style nor a block.
    fn other_span(&mut self, class: &str, mut braces: Braces, content: Vec<Piece>) -> Inline {
        let nowhere = Span::default();
        let known = braces.take_class(class);
        match class {
            "date" => {
                let when = braces.take_when();
                let content = self.inlines(content);
                Inline::Date(Box::new(Date { tag: braces.into_tag(nowhere), when, content }))
            }
            "gloss" | "term" => {
                let target = target(&mut braces);
                let content = self.inlines(content);
                let mut tag = braces.into_tag(nowhere);
                if class == "gloss" {
                    tag.element = Some(QName::plain(class).into());
                }
                let target = target.unwrap_or_else(|| pointed(&tag.attributes));
                Inline::Term(Box::new(Term { tag, target, content }))
            }
            "ref" => {
                let targets = braces.take("target").unwrap_or_default();
                let targets = targets.split_whitespace().map(Target::parse).collect();
                let content = self.inlines(content);
                Inline::Reference(Box::new(Reference { tag: braces.into_tag(nowhere), targets, content }))
            }
            "choice" => {
                let content = self.inlines(content);
                Inline::Choice(Box::new(Choice { tag: braces.into_tag(nowhere), content }))
            }
            "graphic" => {
                let (url, description) = (braces.take("url").unwrap_or_default().into(), braces.take("alt"));
                Inline::Graphic(Box::new(Graphic { tag: braces.into_tag(nowhere), url, description }))
            }
            "comment" => Inline::Foreign(Box::new(Foreign::Comment(braces.take("text").unwrap_or_default()))),
            "instruction" => Inline::Foreign(Box::new(Foreign::Instruction(braces.take("text").unwrap_or_default()))),
            "xml" => {
                let content = self.inlines(content);
                Inline::Foreign(Box::new(Foreign::Element { tag: braces.into_tag(nowhere), content }))
            }
            "" if content.is_empty() && braces.id.as_deref().is_some_and(|id| !id.is_empty()) => {
                // Nothing but a place that something leads to.
                let tag = Tag { element: Some(QName::plain("anchor").into()), ..braces.into_tag(nowhere) };
                Inline::Foreign(Box::new(Foreign::Element { tag, content: Vec::new() }))
            }
            _ => {
                let content = self.inlines(content);
                let element = braces.element(class);
                let more = braces.take_classes();
                let mut tag = braces.into_tag(nowhere);
                if element.is_some() {
                    tag.element = element.map(Box::new);
                    return Inline::Foreign(Box::new(Foreign::Element { tag, content }));
                }
                if known && tag.attributes.get("rend").is_none() {
                    tag.attributes.set("rend", [&[class.to_owned()], &*more].concat().join(" "));
                }
                Inline::Styled(Box::new(Styled { tag, style: Style::Unspecified, content }))
            }
        }
    }

    /// An intervention. Where its span stands for printed brackets, they are put back: about a supplied word,
    /// in all others.
    fn edit(&mut self, kind: EditKind, mut braces: Braces, content: Vec<Piece>, to: &mut Vec<Inline>) {
        let may = matches!(kind, EditKind::Gap | EditKind::Sic | EditKind::Supplied);
        let bracketed = !braces.take_class(UNBRACKETED) && may;
        let mut content = self.inlines(content);
        let outside = kind == EditKind::Supplied;
        if bracketed && !outside {
            match content.first_mut() {
                Some(Inline::Text(text)) => text.insert(0, '['),
                _ => content.insert(0, Inline::text("[")),
            }
            push_text(&mut content, "]");
        }
        if bracketed && outside {
            push_text(to, "[");
        }
        to.push(Inline::Edit(Box::new(Edit { tag: braces.into_tag(Span::default()), kind, content })));
        if bracketed && outside {
            push_text(to, "]");
        }
    }

    /// A page break and its like. `n` rules; without it the words do, less what is there for people.
    pub(super) fn milestone(&mut self, mut braces: Braces, content: &[Piece], unit: Unit, inside: bool) -> Milestone {
        let class = braces.class().to_owned();
        braces.take_class(&class);
        let unit = match unit {
            Unit::Other(_) => Unit::Other(braces.take("unit").unwrap_or_default().into()),
            unit => unit,
        };
        let shown = words(content);
        let shown =
            ["facs. p. ", "p. ", "col. ", "l. "].iter().find_map(|before| shown.strip_prefix(before)).unwrap_or(&shown);
        let label = braces
            .take("n")
            .or_else(|| braces.take("title").filter(|_| class == "pagebreak"))
            .or_else(|| Some(shown.trim_matches(is_space).to_owned()).filter(|label| !label.is_empty()));
        let inside_word = match braces.take("break").as_deref() {
            Some("no") => true,
            Some(_) => false,
            None => inside && unit != Unit::Line,
        };
        let unnamed = braces.id.as_deref() == Some("");
        let mut milestone =
            Milestone { tag: braces.into_tag(Span::default()), unit, label: label.map(Into::into), inside_word };
        if self.page_ids && milestone.tag.id.is_none() && !unnamed {
            milestone.tag.id = page_id(&milestone);
        }
        milestone
    }

    /// HTML in a line: comments are carried, breaks are breaks, other tags are dropped and reported.
    fn html(&mut self, html: &str, to: &mut Vec<Inline>) {
        if let Some(comment) = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
            // An empty one only parts what would else be one.
            if !comment.is_empty() {
                to.push(Inline::Foreign(Box::new(Foreign::Comment(comment.to_owned()))));
            }
        } else if html.to_ascii_lowercase().starts_with("<br") {
            to.push(Inline::Milestone(Box::new(line_break())));
        } else {
            self.drop_html(html);
        }
    }
}

/// Adds text, to the text before if there is some.
pub(super) fn push_text(to: &mut Vec<Inline>, text: &str) {
    match to.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(last)) => last.push_str(text),
        _ => to.push(Inline::text(text)),
    }
}

pub(super) fn line_break() -> Milestone {
    Milestone { tag: Tag::default(), unit: Unit::Line, label: None, inside_word: false }
}

/// What begins at a span of a class, if it is a milestone's.
pub(super) fn unit(class: &str) -> Option<Unit> {
    Some(match class {
        "pb" | "pagebreak" => Unit::Page,
        "cb" => Unit::Column,
        "lb" => Unit::Line,
        "milestone" => Unit::Other("".into()),
        _ => return None,
    })
}

/// Whom or what a name names, where the braces say so; it may be nobody.
fn target(braces: &mut Braces) -> Option<Option<Target>> {
    if let Some(id) = braces.take("ref") {
        let id = id.trim_start_matches('#');
        return Some((!id.is_empty()).then(|| Target::Here(id.into())));
    }
    braces.take("href").map(|uri| Some(Target::Elsewhere(uri.into())))
}

//! From XML to blocks and inlines. White space counts wherever text may stand; where a container holds nothing
//! but blocks, what stands between them is layout.

use super::raw::{Child, Raw};
use super::tags::Bag;
use crate::model::{
    Block, Choice, Date, Edit, EditKind, Figure, Foreign, Formula, Graphic, Heading, Inline, Line, Milestone, Name,
    NameKind, Note, Paragraph, Place, Quotation, Reference, Speech, Style, Styled, Term, Unit, Verbatim, Verse,
};
use crate::tei;
use crate::xml::is_space;

/// Words of `@rend` by which a paragraph is a sub-heading.
const SUBHEADINGS: [&str; 3] = ["sectiontitleital", "sectiontitle", "subheading"];

/// What a container holds: blocks, or, where text or words stand in it, one bare paragraph with everything.
/// `textless` says that no text may stand in it.
pub(super) fn container(children: Vec<Child>, textless: bool) -> Vec<Block> {
    if children.is_empty() {
        return Vec::new();
    }
    if is_mixed(&children, textless) {
        // Where no text may stand, what else stands in a line is a line of its own: `<author/><title/>`.
        if !textless || !children.iter().all(is_layout_or_element) {
            return vec![Block::bare(inlines(children))];
        }
    }
    let mut blocks = Vec::with_capacity(children.iter().filter(|child| !child.is_text()).count());
    blocks.extend(children.into_iter().filter_map(child_block));
    blocks
}

/// One child of a container without text of its own.
pub(super) fn child_block(child: Child) -> Option<Block> {
    Some(match child {
        Child::Inline(Inline::Text(_)) => return None,
        Child::Inline(Inline::Nested(block)) => *block,
        Child::Inline(Inline::Foreign(foreign)) => match *foreign {
            Foreign::Comment(text) => Block::Foreign(Foreign::Comment(text)),
            Foreign::Instruction(text) => Block::Foreign(Foreign::Instruction(text)),
            element => Block::bare(vec![Inline::Foreign(Box::new(element))]),
        },
        Child::Inline(inline) => Block::bare(vec![inline]),
        Child::Element(raw) if raw.kind.is_inline => Block::bare(vec![inline(*raw)]),
        Child::Element(raw) => block(*raw),
    })
}

/// False for text that is more than white space.
fn is_layout_or_element(child: &Child) -> bool {
    !matches!(child, Child::Inline(Inline::Text(text)) if !is_space(text))
}

/// True if text or words stand among the children.
fn is_mixed(children: &[Child], textless: bool) -> bool {
    let mut blocks = textless;
    for child in children {
        match child {
            Child::Inline(Inline::Text(text)) => {
                if !is_space(text) {
                    return true;
                }
            }
            Child::Inline(Inline::Nested(_)) => blocks = true,
            Child::Inline(Inline::Foreign(foreign)) if !matches!(**foreign, Foreign::Element { .. }) => {}
            Child::Inline(_) => return true,
            Child::Element(raw) if raw.kind.is_inline => return true,
            Child::Element(raw) => blocks |= raw.kind.is_block,
        }
    }
    !blocks
}

pub(super) fn inlines(children: Vec<Child>) -> Vec<Inline> {
    // Both are of the same size: the memory of the children becomes that of the inlines.
    const { assert!(size_of::<Child>() == size_of::<Inline>()) };
    let inlines = children.into_iter().map(|child| match child {
        Child::Inline(inline) => inline,
        Child::Element(raw) => inline(*raw),
    });
    inlines.collect()
}

pub(super) fn block(mut raw: Raw) -> Block {
    let bag = Bag::of(&mut raw);
    let children = std::mem::take(&mut raw.children);
    let (local, textless) = (raw.local(), raw.kind.holds_no_text);
    if let Some(kind) = raw.kind.formula {
        let content = container(children, textless);
        return Block::Formula(Formula { tag: bag.tag(tei::formula_name(kind)), kind, content });
    }
    match local {
        "div" | "div1" | "div2" | "div3" | "div4" | "div5" | "div6" | "div7" => division(bag, children),
        "text" => Block::Division(crate::model::Division {
            tag: bag.tag("div"),
            kind: None,
            number: None,
            content: container(children, textless),
        }),
        "head" => Block::Heading(Heading { tag: bag.tag("head"), depth: 0, content: inlines(children) }),
        "p" if bag.get("rend").is_some_and(|rend| SUBHEADINGS.contains(&rend)) => {
            Block::Heading(Heading { tag: bag.tag("p"), depth: 2, content: inlines(children) })
        }
        "p" => paragraph(bag, children),
        "quote" => Block::Quotation(Quotation { tag: bag.tag("quote"), content: container(children, textless) }),
        "list" => super::lists::list(bag, children),
        "table" => super::lists::table(bag, children),
        "lg" => Block::Verse(Verse { tag: bag.tag("lg"), content: container(children, textless) }),
        "l" => Block::Line(Line { tag: bag.tag("l"), content: inlines(children) }),
        "sp" => Block::Speech(Speech { tag: bag.tag("sp"), content: container(children, textless) }),
        "figure" => Block::Figure(Figure { tag: bag.tag("figure"), content: container(children, textless) }),
        "eg" => verbatim(bag, children),
        "note" => Block::Note(note(bag, children)),
        "graphic" => Block::bare(vec![graphic(bag, children)]),
        _ if is_milestone(&bag, &children, local) => Block::Milestone(milestone(bag, local)),
        "app" | "rdgGrp" if children.iter().all(is_layout_or_element) => {
            let content = children.into_iter().filter_map(child_block).collect();
            Block::Foreign(Foreign::Element { tag: bag.foreign(), content })
        }
        // Whatever else holds words is a paragraph under another name.
        _ if raw.ours && !children.is_empty() && !textless && is_mixed(&children, textless) => paragraph(bag, children),
        _ => {
            let content = container(children, textless);
            Block::Foreign(Foreign::Element { tag: bag.foreign(), content })
        }
    }
}

/// One text of several; or pages as they were written, where there is no other text.
pub(super) fn text(mut raw: Raw) -> Block {
    let bag = Bag::of(&mut raw);
    let content = container(raw.children, true);
    Block::Division(crate::model::Division { tag: bag.tag("div"), kind: None, number: None, content })
}

fn division(mut bag: Bag, children: Vec<Child>) -> Block {
    let (kind, number) = (bag.take("type"), bag.take("n"));
    Block::Division(crate::model::Division { tag: bag.tag("div"), kind, number, content: container(children, true) })
}

fn paragraph(bag: Bag, children: Vec<Child>) -> Block {
    Block::Paragraph(Paragraph { tag: bag.tag("p"), bare: false, content: inlines(children) })
}

fn verbatim(bag: Bag, children: Vec<Child>) -> Block {
    match <[Child; 1]>::try_from(children) {
        Ok([Child::Inline(Inline::Text(text))]) => Block::Verbatim(Verbatim { tag: bag.tag("eg"), syntax: None, text }),
        Ok([other]) => Block::Foreign(Foreign::Element { tag: bag.foreign(), content: container(vec![other], false) }),
        Err(children) => Block::Foreign(Foreign::Element { tag: bag.foreign(), content: container(children, false) }),
    }
}

fn note(mut bag: Bag, children: Vec<Child>) -> Note {
    let label = bag.take("n");
    let kind = bag.take("type").map(|word| tei::note_kind(&word)).unwrap_or_default();
    let mut place = bag.take("place").map(|word| tei::place(&word)).unwrap_or_default();
    if place == Place::Unknown && bag.get("rend") == Some("inline") {
        place = Place::Inline;
    }
    Note { tag: bag.tag("note"), label, kind, place, body: container(children, false) }
}

/// True for a break that holds nothing and says what begins.
fn is_milestone(bag: &Bag, children: &[Child], local: &str) -> bool {
    let named = matches!(local, "pb" | "cb" | "lb") || (local == "milestone" && bag.get("unit").is_some());
    named && children.is_empty()
}

fn milestone(mut bag: Bag, local: &str) -> Milestone {
    let unit = match local {
        "pb" => Unit::Page,
        "cb" => Unit::Column,
        "lb" => Unit::Line,
        _ => Unit::Other(bag.take("unit").unwrap_or_default()),
    };
    let label = bag.take("n");
    let inside_word = bag.take_if("break", "no");
    let usual = tei::unit_name(&unit);
    Milestone { tag: bag.tag(usual), unit, label, inside_word }
}

fn graphic(mut bag: Bag, children: Vec<Child>) -> Inline {
    let space = |child: &&Child| matches!(child, Child::Inline(Inline::Text(text)) if text.trim().is_empty());
    let told: Vec<&Child> = children.iter().filter(|child| !space(child)).collect();
    let description = match told.as_slice() {
        [] => Some(None),
        [Child::Element(raw)] if raw.local() == "desc" && raw.name.is_plain("desc") && raw.attributes.is_empty() => {
            match raw.children.as_slice() {
                [Child::Inline(Inline::Text(text))] => Some(Some(text.clone())),
                _ => None,
            }
        }
        _ => None,
    };
    match (description, bag.get("url").is_some()) {
        (Some(description), true) => {
            let url = bag.take("url").unwrap_or_default();
            Inline::Graphic(Box::new(Graphic { tag: bag.tag("graphic"), url, description }))
        }
        _ => foreign(bag, children),
    }
}

fn foreign(bag: Bag, children: Vec<Child>) -> Inline {
    Inline::Foreign(Box::new(Foreign::Element { tag: bag.foreign(), content: inlines(children) }))
}

pub(super) fn inline(mut raw: Raw) -> Inline {
    if is_set_apart(&raw) {
        return Inline::Nested(Box::new(block(raw)));
    }
    let bag = Bag::of(&mut raw);
    let children = std::mem::take(&mut raw.children);
    let (local, kind) = (raw.local(), raw.kind);
    match local {
        "note" => Inline::Note(Box::new(note(bag, children))),
        _ if is_milestone(&bag, &children, local) => Inline::Milestone(Box::new(milestone(bag, local))),
        "hi" | "code" => styled(bag, children, local),
        "date" | "time" => {
            let (mut bag, content) = (bag, inlines(children));
            let when = bag.take_when();
            Inline::Date(Box::new(Date { tag: bag.tag("date"), when, content }))
        }
        "term" | "gloss" => {
            let mut bag = bag;
            let target = bag.take_target("target").or_else(|| bag.target("ref")).or_else(|| bag.target("corresp"));
            Inline::Term(Box::new(Term { tag: bag.tag("term"), target, content: inlines(children) }))
        }
        "ref" | "ptr" => {
            let mut bag = bag;
            let targets = bag.take_targets("target");
            let mut reference = Reference { tag: Default::default(), targets, content: inlines(children) };
            reference.tag = bag.tag(tei::reference_name(&reference));
            Inline::Reference(Box::new(reference))
        }
        "choice" => Inline::Choice(Box::new(Choice { tag: bag.tag("choice"), content: inlines(children) })),
        "graphic" => graphic(bag, children),
        "gap" => gap(bag, children),
        _ => {
            if let Some(kind) = kind.name {
                return name(bag, children, kind);
            }
            if let Some(kind) = kind.edit {
                let (tag, content) = (bag.tag(tei::edit_name(kind)), inlines(children));
                return Inline::Edit(Box::new(Edit { tag, kind, content }));
            }
            if kind.is_like_italics {
                let content = inlines(children);
                return Inline::Styled(Box::new(Styled { tag: bag.foreign(), style: Style::Italic, content }));
            }
            foreign(bag, children)
        }
    }
}

/// True for an element that no line can hold, whatever it stands in.
fn is_set_apart(raw: &Raw) -> bool {
    raw.kind.stands_alone || (raw.local() == "quote" && !is_mixed(&raw.children, raw.kind.holds_no_text))
}

fn styled(mut bag: Bag, children: Vec<Child>, local: &str) -> Inline {
    let content = inlines(children);
    let (usual, style) = match (local, bag.get("rend")) {
        ("code", _) => ("code", Style::Code),
        (_, None) => ("hi", Style::Unspecified),
        (_, Some(rend)) => match tei::style(rend) {
            Some(style) => {
                // Only the word that we write ourselves is taken.
                bag.take_if("rend", tei::rend(style).unwrap_or_default());
                ("hi", style)
            }
            None => ("hi", Style::Unspecified),
        },
    };
    Inline::Styled(Box::new(Styled { tag: bag.tag(usual), style, content }))
}

fn name(mut bag: Bag, children: Vec<Child>, kind: NameKind) -> Inline {
    let kind = match (kind, bag.get("type")) {
        (NameKind::Other, Some("person")) => NameKind::Person,
        (NameKind::Other, Some("place")) => NameKind::Place,
        (NameKind::Other, Some("org" | "organisation" | "organization")) => NameKind::Organisation,
        _ => kind,
    };
    let role = bag.take("type");
    let target = bag.take_target("ref").or_else(|| bag.target("corresp")).or_else(|| bag.target("key"));
    let tag = bag.tag(tei::name_name(kind));
    Inline::Name(Box::new(Name { tag, kind, role, target, content: inlines(children) }))
}

/// A gap holds nothing, or one `desc` with what stands in its place.
fn gap(bag: Bag, mut children: Vec<Child>) -> Inline {
    let content = match children.as_mut_slice() {
        [] => Vec::new(),
        [Child::Element(raw)] if raw.name.is_plain("desc") && raw.attributes.is_empty() && !raw.children.is_empty() => {
            inlines(std::mem::take(&mut raw.children))
        }
        _ => return foreign(bag, children),
    };
    Inline::Edit(Box::new(Edit { tag: bag.tag("gap"), kind: EditKind::Gap, content }))
}

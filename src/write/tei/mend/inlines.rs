//! Inlines, by the room in which they stand.

use super::{Room, common, element, floating, flow, is_bare};
use crate::model::{
    Block, Choice, Date, Edit, EditKind, Foreign, FormulaKind, Heading, Inline, Name, Note, Paragraph, Reference,
    Style, Styled, Tag, Term,
};
use crate::xml::is_space;

pub(super) fn inlines(room: Room, content: &[Inline]) -> Vec<Inline> {
    let mut mended = Vec::with_capacity(content.len());
    for inline in content {
        mend(room, inline, &mut mended);
    }
    mended
}

/// Blocks as words, where nothing but words may stand.
pub(super) fn line_of(room: Room, blocks: &[Block]) -> Vec<Inline> {
    let mut mended = Vec::new();
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 && is_bare(block) && is_bare(&blocks[at - 1]) {
            // Two texts side by side would be read as one word.
            mended.push(Inline::text("\n"));
        }
        nested(room, block, &mut mended);
    }
    mended
}

pub(super) fn note(note: &Note) -> Note {
    Note {
        tag: note.tag.clone(),
        label: note.label.clone(),
        kind: note.kind.clone(),
        place: note.place.clone(),
        body: flow(&note.body),
    }
}

/// The words for an image or a gap (`macro.limitedContent`): notes, breaks and edits need `hi` round them.
pub(super) fn description(content: Vec<Inline>) -> Vec<Inline> {
    let plain = |inline: &Inline| match inline {
        Inline::Text(_) | Inline::Name(_) | Inline::Date(_) | Inline::Term(_) | Inline::Reference(_) => true,
        Inline::Styled(it) => it.tag.element.is_none(),
        Inline::Foreign(it) => !matches!(it.as_ref(), Foreign::Element { .. }),
        Inline::Edit(_)
        | Inline::Choice(_)
        | Inline::Graphic(_)
        | Inline::Nested(_)
        | Inline::Note(_)
        | Inline::Milestone(_) => false,
    };
    if content.iter().all(plain) {
        return content;
    }
    vec![Inline::Styled(Box::new(Styled { tag: Tag::default(), style: Style::Unspecified, content }))]
}

fn segment(kind: Option<&str>, tag: &Tag, content: Vec<Inline>) -> Inline {
    let mut tag = Tag { element: element("seg").element, ..tag.clone() };
    if let Some(kind) = kind {
        tag.attributes.set("type", kind);
    }
    Inline::Foreign(Box::new(Foreign::Element { tag, content }))
}

fn mend(room: Room, inline: &Inline, mended: &mut Vec<Inline>) {
    let done = match inline {
        Inline::Text(_) | Inline::Graphic(_) | Inline::Milestone(_) => inline.clone(),
        Inline::Styled(it) => Inline::Styled(Box::new(styled(it))),
        Inline::Name(it) => Inline::Name(Box::new(Name {
            tag: it.tag.clone(),
            kind: it.kind,
            role: it.role.clone(),
            target: it.target.clone(),
            content: inlines(Room::Phrase, &it.content),
        })),
        Inline::Date(it) => {
            let content = inlines(Room::Strict, &it.content);
            Inline::Date(Box::new(Date { tag: it.tag.clone(), when: it.when, content }))
        }
        Inline::Term(it) => {
            let content = inlines(Room::Phrase, &it.content);
            Inline::Term(Box::new(Term { tag: it.tag.clone(), target: it.target.clone(), content }))
        }
        Inline::Reference(it) => {
            let content = inlines(Room::Line, &it.content);
            Inline::Reference(Box::new(Reference { tag: it.tag.clone(), targets: it.targets.clone(), content }))
        }
        Inline::Edit(it) => Inline::Edit(Box::new(edit(it))),
        Inline::Choice(it) => choice(it),
        Inline::Note(it) => Inline::Note(Box::new(note(it))),
        Inline::Nested(block) => return nested(room, block, mended),
        Inline::Foreign(it) => match it.as_ref() {
            Foreign::Element { tag, content } => match tag.element.as_ref().filter(|name| name.namespace.is_some()) {
                Some(name) => alien(&name.local, tag, content),
                None => {
                    let content = inlines(Room::Line, content);
                    Inline::Foreign(Box::new(Foreign::Element { tag: tag.clone(), content }))
                }
            },
            Foreign::Comment(_) | Foreign::Instruction(_) => inline.clone(),
        },
    };
    mended.push(done);
}

/// An element of another vocabulary (MathML): TEI has no place for it but holds its words.
fn alien(name: &str, tag: &Tag, content: &[Inline]) -> Inline {
    let plain = Tag { id: tag.id.clone(), language: tag.language.clone(), ..Tag::default() };
    segment(Some(name), &plain, inlines(Room::Line, content))
}

/// `code` holds nothing but text.
fn styled(styled: &Styled) -> Styled {
    let content = inlines(Room::Line, &styled.content);
    let mut tag = styled.tag.clone();
    let style = match styled.style {
        Style::Code if content.iter().any(|inline| !matches!(inline, Inline::Text(_))) => {
            tag.attributes.set("rend", "code");
            Style::Unspecified
        }
        style => style,
    };
    Styled { tag, style, content }
}

fn edit(edit: &Edit) -> Edit {
    let content = match edit.kind {
        EditKind::Abbreviation | EditKind::Expansion => inlines(Room::Phrase, &edit.content),
        EditKind::Gap if edit.tag.element.is_none() => description(inlines(Room::Line, &edit.content)),
        _ => inlines(Room::Line, &edit.content),
    };
    Edit { tag: edit.tag.clone(), kind: edit.kind, content }
}

/// Readings stand side by side and alone, and are at least two; else they are only words.
fn choice(choice: &Choice) -> Inline {
    let is_reading = |inline: &Inline| match inline {
        Inline::Edit(it) => !matches!(it.kind, EditKind::Gap | EditKind::Addition | EditKind::Deletion),
        _ => false,
    };
    let is_layout = |inline: &Inline| matches!(inline, Inline::Text(text) if is_space(text));
    let readings = choice.content.iter().filter(|inline| is_reading(inline)).count();
    let content = inlines(Room::Line, &choice.content);
    if readings < 2 || !choice.content.iter().all(|inline| is_reading(inline) || is_layout(inline)) {
        return segment(Some("choice"), &choice.tag, content);
    }
    Inline::Choice(Box::new(Choice { tag: choice.tag.clone(), content }))
}

/// A block in a line.
fn nested(room: Room, block: &Block, mended: &mut Vec<Inline>) {
    let keep = |block: Block| Inline::Nested(Box::new(block));
    // In a name or a date a segment makes room for all that a line may hold.
    let roomy = matches!(room, Room::Flow | Room::Line | Room::Verse);
    let within = |block: Block| if roomy { keep(block) } else { segment(None, &Tag::default(), vec![keep(block)]) };
    let done = match block {
        Block::Paragraph(it) if it.bare => return mended.extend(inlines(room, &it.content)),
        Block::Paragraph(Paragraph { tag, content, .. }) if room != Room::Flow => {
            segment(None, tag, inlines(Room::Line, content))
        }
        Block::Paragraph(_) => keep(common(block)),
        Block::Heading(Heading { tag, content, .. }) => segment(Some("head"), tag, inlines(Room::Line, content)),
        Block::Formula(it) => match it.kind {
            FormulaKind::Stage => within(common(block)),
            kind => segment(Some(crate::tei::formula_name(kind)), &it.tag, line_of(Room::Line, &it.content)),
        },
        Block::List(_) | Block::Table(_) | Block::Quotation(_) | Block::Verbatim(_) => within(common(block)),
        Block::Verse(_) | Block::Line(_) if matches!(room, Room::Flow | Room::Line) => keep(common(block)),
        Block::Verse(_) | Block::Line(_) => segment(None, &Tag::default(), vec![keep(common(block))]),
        Block::Division(_) | Block::Speech(_) => within(floating(common(block))),
        Block::Figure(_) => keep(common(block)),
        Block::Milestone(it) => Inline::Milestone(Box::new(it.clone())),
        Block::Note(it) => Inline::Note(Box::new(note(it))),
        Block::Foreign(Foreign::Element { tag, content }) => {
            let content = line_of(Room::Line, content);
            // A paragraph under another name may not stand in one.
            match tag.element.as_ref().is_some_and(|name| name.is_plain("ab")) {
                true => segment(None, tag, content),
                false => Inline::Foreign(Box::new(Foreign::Element { tag: tag.clone(), content })),
            }
        }
        Block::Foreign(Foreign::Comment(text)) => Inline::Foreign(Box::new(Foreign::Comment(text.clone()))),
        Block::Foreign(Foreign::Instruction(text)) => Inline::Foreign(Box::new(Foreign::Instruction(text.clone()))),
    };
    mended.push(done);
}

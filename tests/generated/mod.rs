//! Documents made by chance: every block and inline, with the characters that markup is made of everywhere.

use apograph::model::visit::{VisitMut, walk_block_mut, walk_document_mut, walk_inline_mut};
use apograph::model::*;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// A few words in which any character may be markup.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-zA-Z0-9é“”’—]{1,6}",
        3 => "[\\[\\]{}():*_`<>&#^~|\\\\.!\"'=+$%@;/?,-]{1,4}",
        1 => Just("1.".to_owned()),
        1 => Just("&amp;".to_owned()),
        1 => Just(":::".to_owned()),
        1 => Just("---".to_owned()),
        1 => Just("[^1]".to_owned()),
        1 => Just("<b>".to_owned()),
        1 => Just("[x](y)".to_owned()),
        1 => Just("![x](y){.z}".to_owned()),
    ];
    (vec((word, any::<bool>()), 1..5)).prop_map(|words| {
        words.into_iter().map(|(word, space)| if space { format!("{word} ") } else { word }).collect::<String>()
    })
}

fn id() -> impl Strategy<Value = Option<Id>> {
    prop_oneof![4 => Just(None), 1 => "[a-z]{2}[0-9]{1,6}".prop_map(|id| Some(Id::from(id)))]
}

fn tag() -> impl Strategy<Value = Tag> {
    let attribute = (prop_oneof![Just("rend"), Just("ana"), Just("n"), Just("type"), Just("when")], words());
    (id(), option::weighted(0.1, Just("fr")), option::weighted(0.15, attribute)).prop_map(
        |(id, language, attribute)| {
            let mut tag = Tag { id, language: language.map(Into::into), ..Tag::default() };
            if let Some((name, value)) = attribute {
                tag.attributes.set(name, value);
            }
            tag
        },
    )
}

fn moment() -> impl Strategy<Value = Moment> {
    prop_oneof![Just("1931"), Just("1931-05"), Just("1931-05-04"), Just("1931-05-04T15:00:00+00:00")]
        .prop_map(|text| text.parse().expect("a moment"))
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        moment().prop_map(When::On),
        (option::of(moment()), moment()).prop_map(|(from, to)| When::Between(from, Some(to))),
        (moment(), option::of(moment())).prop_map(|(from, to)| When::Within(Some(from), to)),
    ]
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        Just(Target::Here("d9".into())),
        Just(Target::Elsewhere("https://example.org/a?b=(c)&d=*e*_f_".into())),
        Just(Target::Elsewhere("d9.md#d9".into())),
    ]
}

fn milestone() -> impl Strategy<Value = Milestone> {
    let unit =
        prop_oneof![Just(Unit::Page), Just(Unit::Line), Just(Unit::Column), Just(Unit::Other("gathering".into()))];
    (tag(), unit, option::of("[0-9xv*\\]]{1,3}"), any::<bool>()).prop_map(|(tag, unit, label, inside_word)| Milestone {
        tag: Tag { attributes: Attributes::default(), ..tag },
        unit,
        label: label.map(Into::into),
        inside_word,
    })
}

fn note(blocks: BoxedStrategy<Vec<Block>>) -> impl Strategy<Value = Note> {
    let kind = prop_oneof![
        Just(NoteKind::Editorial),
        Just(NoteKind::Source),
        Just(NoteKind::Original),
        Just(NoteKind::Other("gloss".into()))
    ];
    let place = prop_oneof![Just(Place::Foot), Just(Place::Unknown), Just(Place::Margin)];
    (tag(), option::of("[0-9*]{1,2}"), kind, place, blocks).prop_map(|(tag, label, kind, place, body)| Note {
        tag,
        label: label.map(Into::into),
        kind,
        place,
        body,
    })
}

fn edit_kind() -> impl Strategy<Value = EditKind> {
    prop_oneof![
        Just(EditKind::Gap),
        Just(EditKind::Sic),
        Just(EditKind::Supplied),
        Just(EditKind::Unclear),
        Just(EditKind::Deletion)
    ]
}

fn style() -> impl Strategy<Value = Style> {
    prop_oneof![
        3 => Just(Style::Italic),
        2 => Just(Style::Bold),
        1 => Just(Style::SmallCaps),
        1 => Just(Style::Strikethrough),
        1 => Just(Style::Superscript),
        1 => Just(Style::Subscript),
        1 => Just(Style::Code),
        1 => Just(Style::Unspecified)
    ]
}

fn inlines(blocks: BoxedStrategy<Vec<Block>>, depth: u32) -> BoxedStrategy<Vec<Inline>> {
    let text = words().prop_map(Inline::Text);
    if depth == 0 {
        return vec(text, 0..3).boxed();
    }
    let inner = inlines(blocks.clone(), depth - 1);
    let bracketed = (edit_kind(), inner.clone()).prop_map(|(kind, mut content)| {
        content.insert(0, Inline::text("["));
        content.push(Inline::text("]"));
        Inline::Edit(Box::new(Edit { tag: Tag::default(), kind, content }))
    });
    let inline = prop_oneof![
        6 => text,
        3 => (style(), tag(), any::<bool>(), inner.clone()).prop_map(|(style, tag, bare, content)| {
            let tag = if bare { Tag::default() } else { tag };
            Inline::Styled(Box::new(Styled { tag, style, content }))
        }),
        1 => (tag(), option::of(target()), option::of(Just("from")), inner.clone()).prop_map(|(tag, target, role, content)| {
            Inline::Name(Box::new(Name { tag, kind: NameKind::Person, role: role.map(Into::into), target, content }))
        }),
        1 => (tag(), option::of(when()), inner.clone())
            .prop_map(|(tag, when, content)| Inline::Date(Box::new(Date { tag, when, content }))),
        1 => (tag(), option::of(target()), inner.clone())
            .prop_map(|(tag, target, content)| Inline::Term(Box::new(Term { tag, target, content }))),
        1 => (tag(), vec(target(), 0..3), inner.clone()).prop_map(|(tag, targets, content)| {
            Inline::Reference(Box::new(Reference { tag, targets, content }))
        }),
        1 => (tag(), edit_kind(), inner.clone())
            .prop_map(|(tag, kind, content)| Inline::Edit(Box::new(Edit { tag, kind, content }))),
        1 => bracketed,
        1 => inner.clone().prop_map(|content| Inline::Choice(Box::new(Choice { tag: Tag::default(), content }))),
        1 => (tag(), option::of(words())).prop_map(|(tag, description)| {
            let description = description.map(|text| text.trim().to_owned());
            Inline::Graphic(Box::new(Graphic { tag, url: "images/a_b.png".into(), description }))
        }),
        1 => note(blocks.clone()).prop_map(|note| Inline::Note(Box::new(note))),
        1 => milestone().prop_map(|milestone| Inline::Milestone(Box::new(milestone))),
        1 => (tag(), inner).prop_map(|(tag, content)| {
            let tag = Tag { element: Some(QName::plain("seg").into()), ..tag };
            Inline::Foreign(Box::new(Foreign::Element { tag, content }))
        }),
        1 => words().prop_map(|text| Inline::Foreign(Box::new(Foreign::Comment(text)))),
    ];
    vec(inline, 0..5).boxed()
}

fn paragraph(inlines: BoxedStrategy<Vec<Inline>>) -> impl Strategy<Value = Block> {
    (tag(), any::<bool>(), inlines).prop_map(|(tag, bare, content)| {
        let tag = if bare { Tag::default() } else { tag };
        Block::Paragraph(Paragraph { tag, bare, content })
    })
}

fn formula_kind() -> impl Strategy<Value = FormulaKind> {
    prop_oneof![
        Just(FormulaKind::Opener),
        Just(FormulaKind::Dateline),
        Just(FormulaKind::Closer),
        Just(FormulaKind::Signed)
    ]
}

/// Blocks that may nest `depth` deep.
fn blocks(depth: u32) -> BoxedStrategy<Vec<Block>> {
    let within = if depth == 0 { Just(Vec::new()).boxed() } else { blocks(depth - 1) };
    let line = inlines(within.clone(), depth.min(2));
    if depth == 0 {
        return vec(paragraph(line), 1..3).boxed();
    }
    let heading = (tag(), 0..3_u8, line.clone())
        .prop_map(|(tag, depth, content)| Block::Heading(Heading { tag, depth, content }))
        .boxed();
    let milestones = vec(milestone().prop_map(Block::Milestone), 0..2).boxed();
    let item = (tag(), option::of(line.clone()), within.clone(), milestones.clone()).prop_map(
        |(tag, label, content, after)| {
            let label = label.map(|content| Box::new(Heading { content, ..Heading::default() }));
            Item { tag, label, content, after }
        },
    );
    let kind =
        prop_oneof![Just(ListKind::Plain), Just(ListKind::Bulleted), Just(ListKind::Numbered), Just(ListKind::Gloss)];
    let list = (tag(), any::<bool>(), kind, option::of(Just("to")), vec(heading.clone(), 0..2), vec(item, 0..3))
        .prop_map(|(tag, plain, kind, topic, before, items)| {
            let tag = if plain { Tag::default() } else { tag };
            Block::List(List { tag, kind, topic: topic.map(Into::into), before, items })
        })
        .boxed();
    let simple = (any::<bool>(), line.clone())
        .prop_map(|(bare, content)| vec![Block::Paragraph(Paragraph { bare, content, ..Paragraph::default() })]);
    let filling = prop_oneof![5 => simple, 1 => within.clone(), 1 => Just(Vec::new())];
    let cell = (tag(), any::<bool>(), 1..3_u16, filling, milestones.clone())
        .prop_map(|(tag, label, columns, content, after)| Cell { tag, label, rows: 1, columns, content, after });
    let row = (tag(), any::<bool>(), vec(cell, 0..3), milestones).prop_map(|(tag, label, cells, after)| Row {
        tag,
        label,
        cells,
        after,
    });
    let table = (tag(), vec(heading.clone(), 0..2), vec(row, 0..3))
        .prop_map(|(tag, before, rows)| Block::Table(Table { tag, before, rows }));
    let verse_line = (tag(), line.clone()).prop_map(|(tag, content)| Block::Line(Line { tag, content })).boxed();
    let verse = (tag(), vec(prop_oneof![verse_line.clone(), heading.clone()], 0..4))
        .prop_map(|(tag, content)| Block::Verse(Verse { tag, content }));
    let division = (tag(), option::of(Just("document")), option::of("[0-9]{1,3}"), line.clone(), within.clone())
        .prop_map(|(tag, kind, number, head, rest)| {
            let mut content = vec![Block::Heading(Heading { content: head, ..Heading::default() })];
            content.extend(rest);
            Block::Division(Division { tag, kind: kind.map(Into::into), number: number.map(Into::into), content })
        });
    let nested = (line.clone(), list.clone(), line.clone()).prop_map(|(mut content, block, rest)| {
        content.push(Inline::Nested(Box::new(block)));
        content.extend(rest);
        Block::Paragraph(Paragraph { content, ..Paragraph::default() })
    });
    let block = prop_oneof![
        6 => paragraph(line),
        2 => heading,
        2 => division,
        1 => (tag(), formula_kind(), within.clone())
            .prop_map(|(tag, kind, content)| Block::Formula(Formula { tag, kind, content })),
        1 => (tag(), within.clone()).prop_map(|(tag, content)| Block::Quotation(Quotation { tag, content })),
        2 => list,
        2 => table,
        1 => verse,
        1 => verse_line,
        1 => (tag(), within.clone()).prop_map(|(tag, content)| Block::Speech(Speech { tag, content })),
        1 => (tag(), within.clone()).prop_map(|(tag, content)| Block::Figure(Figure { tag, content })),
        1 => (tag(), vec(words(), 0..3)).prop_map(|(tag, lines)| {
            Block::Verbatim(Verbatim { tag, syntax: None, text: lines.join("\n") })
        }),
        1 => note(within.clone()).prop_map(Block::Note),
        1 => milestone().prop_map(Block::Milestone),
        1 => (tag(), within).prop_map(|(tag, content)| {
            Block::Foreign(Foreign::Element { tag: Tag { element: Some(QName::plain("ab").into()), ..tag }, content })
        }),
        1 => nested,
    ];
    vec(block, 0..4).boxed()
}

/// A whole document.
pub(crate) fn document() -> impl Strategy<Value = Document> {
    (words(), blocks(1), blocks(2), blocks(1)).prop_map(|(title, front, body, back)| Document {
        metadata: Metadata { title: Title { main: title, subtitle: None }, ..Metadata::default() },
        front,
        body,
        back,
        ..Document::default()
    })
}

/// The same document as a format sees it in which white space at the ends of lines is none, and neighbouring
/// texts are one.
pub(crate) fn settled(mut document: Document) -> Document {
    let mut settle = Settle;
    walk_document_mut(&mut settle, &mut document);
    document
}

/// The same document as TEI: in a frame, with lines that end within paragraphs.
pub(crate) fn framed(document: Document) -> Document {
    let mut root = apograph::xml::Element::new("TEI");
    root.attributes.set("xmlns", "http://www.tei-c.org/ns/1.0");
    let frame = Frame { doctype: None, prolog: Vec::new(), prefix: Default::default(), root, epilog: Vec::new() };
    let mut document = joined(Document { frame: Some(Box::new(frame)), ..document });
    let mut count = 0_usize;
    each_text(&mut document, &mut |text| {
        *text = text.split(' ').collect::<Vec<_>>().join(["\n    ", " ", "  "][count % 3]);
        count += 1;
    });
    document
}

/// The same document with neighbouring texts made one.
pub(crate) fn joined(mut document: Document) -> Document {
    walk_document_mut(&mut Join, &mut document);
    document
}

fn each_text(document: &mut Document, change: &mut dyn FnMut(&mut String)) {
    struct Texts<'c>(&'c mut dyn FnMut(&mut String));
    impl VisitMut for Texts<'_> {
        fn inline(&mut self, inline: &mut Inline) {
            match inline {
                Inline::Text(text) => (self.0)(text),
                other => walk_inline_mut(self, other),
            }
        }
    }
    walk_document_mut(&mut Texts(change), document);
}

struct Join;

impl Join {
    fn join(inlines: &mut Vec<Inline>) {
        let mut joined: Vec<Inline> = Vec::new();
        for inline in inlines.drain(..) {
            match (joined.last_mut(), inline) {
                (_, Inline::Text(text)) if text.is_empty() => {}
                (Some(Inline::Text(last)), Inline::Text(text)) => last.push_str(&text),
                (_, inline) => joined.push(inline),
            }
        }
        *inlines = joined;
    }
}

impl VisitMut for Join {
    fn block(&mut self, block: &mut Block) {
        walk_block_mut(self, block);
        match block {
            Block::Paragraph(it) => Self::join(&mut it.content),
            Block::Heading(it) => Self::join(&mut it.content),
            Block::Line(it) => Self::join(&mut it.content),
            Block::List(it) => {
                it.items.iter_mut().filter_map(|item| item.label.as_mut()).for_each(|it| Self::join(&mut it.content));
            }
            Block::Table(it) => it.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| {
                // Nothing and a text without letters are the same in a cell.
                if matches!(cell.content.as_slice(), [Block::Paragraph(it)] if it.bare && it.content.is_empty()) {
                    cell.content.clear();
                }
            }),
            _ => {}
        }
    }

    fn inline(&mut self, inline: &mut Inline) {
        walk_inline_mut(self, inline);
        match inline {
            Inline::Styled(it) => Self::join(&mut it.content),
            Inline::Name(it) => Self::join(&mut it.content),
            Inline::Date(it) => Self::join(&mut it.content),
            Inline::Term(it) => Self::join(&mut it.content),
            Inline::Reference(it) => Self::join(&mut it.content),
            Inline::Edit(it) => Self::join(&mut it.content),
            Inline::Choice(it) => Self::join(&mut it.content),
            Inline::Foreign(it) => {
                if let Foreign::Element { content, .. } = it.as_mut() {
                    Self::join(content);
                }
            }
            _ => {}
        }
    }
}

struct Settle;

impl VisitMut for Settle {
    fn block(&mut self, block: &mut Block) {
        walk_block_mut(self, block);
        match block {
            Block::Paragraph(it) => trim(&mut it.content),
            Block::Heading(it) => trim(&mut it.content),
            Block::Line(it) => trim(&mut it.content),
            Block::List(it) => it.items.iter_mut().for_each(|item| {
                if let Some(label) = &mut item.label {
                    join(&mut label.content);
                }
            }),
            Block::Table(it) => it.rows.iter_mut().flat_map(|row| &mut row.cells).for_each(|cell| {
                let blank =
                    matches!(cell.content.as_slice(), [Block::Paragraph(it)] if it.bare && it.content.is_empty());
                if blank {
                    cell.content.clear();
                }
            }),
            _ => {}
        }
    }

    fn inline(&mut self, inline: &mut Inline) {
        walk_inline_mut(self, inline);
        match inline {
            Inline::Styled(it) => join(&mut it.content),
            Inline::Name(it) => join(&mut it.content),
            Inline::Date(it) => join(&mut it.content),
            Inline::Term(it) => join(&mut it.content),
            Inline::Reference(it) => join(&mut it.content),
            Inline::Edit(it) => join(&mut it.content),
            Inline::Choice(it) => join(&mut it.content),
            Inline::Foreign(it) => {
                if let Foreign::Element { content, .. } = it.as_mut() {
                    join(content);
                }
            }
            _ => {}
        }
    }
}

/// Makes one of neighbouring texts, and one space of several; none about line breaks and blocks.
fn join(inlines: &mut Vec<Inline>) {
    let mut joined: Vec<Inline> = Vec::new();
    for inline in inlines.drain(..) {
        match (joined.last_mut(), inline) {
            (Some(Inline::Text(last)), Inline::Text(text)) => last.push_str(&text),
            (_, inline) => joined.push(inline),
        }
    }
    let breaks = |inline: Option<&Inline>| match inline {
        Some(Inline::Nested(_)) => true,
        Some(Inline::Milestone(it)) => it.unit == Unit::Line,
        _ => false,
    };
    for at in 0..joined.len() {
        let first = breaks(at.checked_sub(1).and_then(|before| joined.get(before)));
        let last = breaks(joined.get(at + 1));
        if let Inline::Text(text) = &mut joined[at] {
            while text.contains("  ") {
                *text = text.replace("  ", " ");
            }
            if first {
                *text = text.trim_start().to_owned();
            }
            if last {
                *text = text.trim_end().to_owned();
            }
        }
    }
    joined.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    *inlines = joined;
}

/// Besides, takes the white space off the ends.
fn trim(inlines: &mut Vec<Inline>) {
    join(inlines);
    if let Some(Inline::Text(text)) = inlines.first_mut() {
        *text = text.trim_start().to_owned();
    }
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        *text = text.trim_end().to_owned();
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
}

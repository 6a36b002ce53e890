//! Documents that nobody wrote: every kind of block and inline in every place where the model allows it, for laws
//! that must hold of all documents.

use apograph::model::{
    Block, Cell, Certainty, Choice, Date, Division, Document, Edit, EditKind, Figure, Foreign, Formula, FormulaKind,
    Graphic, Heading, Id, Inference, Inline, Item, Line, List, ListKind, Milestone, Moment, Name, NameKind, Note,
    NoteKind, Paragraph, Place, QName, Quotation, Reference, Row, Speech, Style, Styled, Table, Tag, Target, Term,
    Unit, Verbatim, Verse, When,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const FORMULAS: [FormulaKind; 13] = [
    FormulaKind::Opener,
    FormulaKind::Dateline,
    FormulaKind::Salute,
    FormulaKind::Closer,
    FormulaKind::Signed,
    FormulaKind::Postscript,
    FormulaKind::Byline,
    FormulaKind::Trailer,
    FormulaKind::Epigraph,
    FormulaKind::Argument,
    FormulaKind::Speaker,
    FormulaKind::Stage,
    FormulaKind::Description,
];
const EDITS: [EditKind; 11] = [
    EditKind::Sic,
    EditKind::Correction,
    EditKind::Original,
    EditKind::Regularized,
    EditKind::Abbreviation,
    EditKind::Expansion,
    EditKind::Supplied,
    EditKind::Unclear,
    EditKind::Gap,
    EditKind::Addition,
    EditKind::Deletion,
];
const STYLES: [Style; 10] = [
    Style::Italic,
    Style::Bold,
    Style::SmallCaps,
    Style::Underline,
    Style::Strikethrough,
    Style::Superscript,
    Style::Subscript,
    Style::Code,
    Style::Roman,
    Style::Unspecified,
];

/// Documents with up to some hundred nodes.
pub(crate) fn document() -> impl Strategy<Value = Document> {
    let (block, _) = tree();
    let parts = (vec(block.clone(), 0..2), vec(block.clone(), 0..5), vec(block, 0..2), text());
    parts.prop_map(|(front, body, back, title)| {
        let mut document = Document { front, body, back, ..Document::default() };
        document.metadata.title.main = title;
        document
    })
}

/// Characters with all that is special to some format.
pub(crate) fn text() -> BoxedStrategy<String> {
    let piece = select(vec![
        "harbour", "boats", " ", " ", "\n", "é", "—", "…", "\u{A0}", "<", ">", "&", "&amp;", "]]>", "--", "*", "_",
        "`", "[x]", "(y)", "#", "1. ", "- ", "|", "\\", "$", "~", "{", "}", "\"", "'", ":::", "שלום", "日本",
        "e\u{301}",
    ]);
    vec(piece, 0..5).prop_map(|pieces| pieces.concat()).boxed()
}

fn tag() -> BoxedStrategy<Tag> {
    let ids = option::weighted(0.2, select(vec!["d12", "d12fn3", "pg_13", "12", "a b", "é"]));
    let languages = option::weighted(0.1, select(vec!["en", "fr", "he"]));
    let certainty = option::weighted(0.1, select(vec![Certainty::Low, Certainty::Medium, Certainty::High]));
    (ids, languages, certainty)
        .prop_map(|(id, language, certainty)| Tag {
            id: id.map(Id::from),
            language: language.map(Into::into),
            inference: certainty.map(|certainty| Box::new(Inference::new("test.rule", certainty, "it was generated"))),
            ..Tag::default()
        })
        .boxed()
}

fn named(name: &'static str) -> BoxedStrategy<Tag> {
    tag().prop_map(move |tag| Tag { element: Some(QName::plain(name).into()), ..tag }).boxed()
}

/// Blocks and inlines, each of which holds some of the other.
fn tree() -> (BoxedStrategy<Block>, BoxedStrategy<Inline>) {
    let mut inline = leaf();
    let mut block = (tag(), vec(inline.clone(), 0..4), any::<bool>())
        .prop_map(|(tag, content, bare)| match bare {
            true => Block::bare(content),
            false => Block::Paragraph(Paragraph { tag, bare: false, content }),
        })
        .boxed();
    for _ in 0..3 {
        let inlines = vec(inline.clone(), 0..4).boxed();
        let blocks = vec(block.clone(), 0..4).boxed();
        let next = prop_oneof![3 => inline, 3 => spans(&inlines), 1 => crossings(&inlines, &block, &blocks)];
        let grown = prop_oneof![2 => block, 2 => texts(&inlines), 4 => containers(&inlines, &blocks)];
        inline = next.boxed();
        block = grown.boxed();
    }
    (block, inline)
}

fn leaf() -> BoxedStrategy<Inline> {
    let unit = select(vec![Unit::Page, Unit::Column, Unit::Line, Unit::Other("section".into())]);
    let label = option::of(select(vec!["13", "xiv", "*"]).prop_map(Into::into));
    let milestone = (tag(), unit, label, any::<bool>()).prop_map(|(tag, unit, label, inside_word)| {
        Inline::Milestone(Box::new(Milestone { tag, unit, label, inside_word }))
    });
    let graphic = tag().prop_map(|tag| {
        Inline::Graphic(Box::new(Graphic { tag, url: "images/a b.png".into(), description: Some("a boat".into()) }))
    });
    prop_oneof![8 => text().prop_map(Inline::Text), 1 => milestone, 1 => graphic].boxed()
}

type Inlines = BoxedStrategy<Vec<Inline>>;
type Blocks = BoxedStrategy<Vec<Block>>;

/// Inlines with inlines within.
fn spans(inlines: &Inlines) -> BoxedStrategy<Inline> {
    let target = || option::of(select(vec!["#d12", "#nowhere", "https://example.org/a b"]).prop_map(Target::parse));
    let styled = (tag(), select(STYLES.to_vec()), inlines.clone())
        .prop_map(|(tag, style, content)| Inline::Styled(Box::new(Styled { tag, style, content })));
    let kinds = vec![NameKind::Person, NameKind::Place, NameKind::Organisation, NameKind::Other];
    let name = (tag(), select(kinds), target(), inlines.clone()).prop_map(|(tag, kind, target, content)| {
        Inline::Name(Box::new(Name { tag, kind, role: None, target, content }))
    });
    let day = Moment::year(1931);
    let whens = vec![When::On(day), When::Between(Some(day), None), When::Within(Some(day), Some(day))];
    let date = (tag(), option::of(select(whens)), inlines.clone())
        .prop_map(|(tag, when, content)| Inline::Date(Box::new(Date { tag, when, content })));
    let term = (tag(), target(), inlines.clone())
        .prop_map(|(tag, target, content)| Inline::Term(Box::new(Term { tag, target, content })));
    let reference = (tag(), target(), inlines.clone()).prop_map(|(tag, target, content)| {
        Inline::Reference(Box::new(Reference { tag, targets: target.into_iter().collect(), content }))
    });
    let edit = (tag(), select(EDITS.to_vec()), inlines.clone())
        .prop_map(|(tag, kind, content)| Inline::Edit(Box::new(Edit { tag, kind, content })));
    let choice = (tag(), inlines.clone()).prop_map(|(tag, content)| Inline::Choice(Box::new(Choice { tag, content })));
    let foreign = (named("seg"), inlines.clone())
        .prop_map(|(tag, content)| Inline::Foreign(Box::new(Foreign::Element { tag, content })));
    prop_oneof![styled, name, date, term, reference, edit, choice, foreign].boxed()
}

fn note(blocks: &Blocks) -> BoxedStrategy<Note> {
    let kinds = vec![NoteKind::Editorial, NoteKind::Source, NoteKind::Summary, NoteKind::Original];
    let places = vec![Place::Unknown, Place::Foot, Place::End, Place::Margin, Place::Inline];
    let label = option::of(select(vec!["1", "2", "*"]).prop_map(Into::into));
    (tag(), label, select(kinds), select(places), blocks.clone())
        .prop_map(|(tag, label, kind, place, body)| Note { tag, label, kind, place, body })
        .boxed()
}

/// Inlines with blocks within, and comments.
fn crossings(inlines: &Inlines, block: &BoxedStrategy<Block>, blocks: &Blocks) -> BoxedStrategy<Inline> {
    let _ = inlines;
    let nested = block.clone().prop_map(|block| Inline::Nested(Box::new(block)));
    let comment = text().prop_map(|text| Inline::Foreign(Box::new(Foreign::Comment(text))));
    prop_oneof![3 => note(blocks).prop_map(|note| Inline::Note(Box::new(note))), 1 => nested, 1 => comment].boxed()
}

/// Blocks with nothing but inlines within.
fn texts(inlines: &Inlines) -> BoxedStrategy<Block> {
    let heading = (tag(), 0_u8..3, inlines.clone())
        .prop_map(|(tag, depth, content)| Block::Heading(Heading { tag, depth, content }));
    let paragraph =
        (tag(), inlines.clone()).prop_map(|(tag, content)| Block::Paragraph(Paragraph { tag, bare: false, content }));
    let line = (tag(), inlines.clone()).prop_map(|(tag, content)| Block::Line(Line { tag, content }));
    let formula = (tag(), select(FORMULAS.to_vec()), inlines.clone())
        .prop_map(|(tag, kind, content)| Block::Formula(Formula { tag, kind, content: vec![Block::bare(content)] }));
    let verbatim = (tag(), text(), option::of(Just("rust".into())))
        .prop_map(|(tag, text, syntax)| Block::Verbatim(Verbatim { tag, syntax, text }));
    let milestone = tag().prop_map(|tag| {
        Block::Milestone(Milestone { tag, unit: Unit::Page, label: Some("13".into()), inside_word: false })
    });
    prop_oneof![heading, paragraph, line, formula, verbatim, milestone].boxed()
}

/// Blocks with blocks within.
fn containers(inlines: &Inlines, blocks: &Blocks) -> BoxedStrategy<Block> {
    let division =
        (tag(), option::of(select(vec!["document", "chapter"])), blocks.clone()).prop_map(|(tag, kind, content)| {
            Block::Division(Division { tag, kind: kind.map(Into::into), number: None, content })
        });
    let formula = (tag(), select(FORMULAS.to_vec()), blocks.clone())
        .prop_map(|(tag, kind, content)| Block::Formula(Formula { tag, kind, content }));
    let quotation = (tag(), blocks.clone()).prop_map(|(tag, content)| Block::Quotation(Quotation { tag, content }));
    let verse = (tag(), blocks.clone()).prop_map(|(tag, content)| Block::Verse(Verse { tag, content }));
    let speech = (tag(), blocks.clone()).prop_map(|(tag, content)| Block::Speech(Speech { tag, content }));
    let figure = (tag(), blocks.clone()).prop_map(|(tag, content)| Block::Figure(Figure { tag, content }));
    let foreign = (named("ab"), inlines.clone())
        .prop_map(|(tag, content)| Block::Foreign(Foreign::Element { tag, content: vec![Block::bare(content)] }));
    prop_oneof![
        3 => division,
        2 => formula,
        1 => quotation,
        1 => verse,
        1 => speech,
        1 => figure,
        1 => foreign,
        1 => note(blocks).prop_map(Block::Note),
        2 => list(inlines, blocks),
        2 => table(blocks),
    ]
    .boxed()
}

fn list(inlines: &Inlines, blocks: &Blocks) -> BoxedStrategy<Block> {
    let label =
        option::of((tag(), inlines.clone()).prop_map(|(tag, content)| Box::new(Heading { tag, depth: 0, content })));
    let item = (tag(), label, blocks.clone()).prop_map(|(tag, label, content)| Item {
        tag,
        label,
        content,
        after: Vec::new(),
    });
    let head = option::of(
        (tag(), inlines.clone()).prop_map(|(tag, content)| Block::Heading(Heading { tag, depth: 0, content })),
    );
    let kinds = vec![ListKind::Plain, ListKind::Bulleted, ListKind::Numbered, ListKind::Gloss];
    let topic = option::of(select(vec!["participants", "subject"]).prop_map(Into::into));
    (tag(), select(kinds), topic, head, vec(item, 0..3))
        .prop_map(|(tag, kind, topic, head, items)| {
            Block::List(List { tag, kind, topic, before: head.into_iter().collect(), items })
        })
        .boxed()
}

fn table(blocks: &Blocks) -> BoxedStrategy<Block> {
    let cell =
        (tag(), any::<bool>(), 1_u16..3, 1_u16..3, blocks.clone()).prop_map(|(tag, label, rows, columns, content)| {
            Cell { tag, label, rows, columns, content, after: Vec::new() }
        });
    let row = (
        tag(),
        any::<bool>(),
        vec(cell, 0..3),
        blocks.clone().prop_map(|mut blocks| {
            blocks.retain(|block| matches!(block, Block::Note(_) | Block::Milestone(_)));
            blocks
        }),
    )
        .prop_map(|(tag, label, cells, after)| Row { tag, label, cells, after });
    (tag(), vec(row, 0..3)).prop_map(|(tag, rows)| Block::Table(Table { tag, before: Vec::new(), rows })).boxed()
}

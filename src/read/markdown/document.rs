//! The tree into a document: headings become divisions, footnotes stand where they are called.

use foldhash::HashMap;

use super::braces::Braces;
use super::inferences::Inferences;
use super::inline::unit;
use super::pieces::{Piece, words};
use super::spaces::of_comment;
use super::tree::{Node, Tree};
use crate::diagnostic::{Code, Log};
use crate::markdown::labels::{Known, default_kind};
use crate::markdown::labels::{plain_text, printed_number};
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::RESERVED;
use crate::model::{
    Block, Division, Document, Heading, Id, Inline, Milestone, Note, NoteKind, Place, Reference, Tag, Target,
};
use crate::source::Span;

const UNCALLED: Code = Code("markdown.note-uncalled");
const ALIGNED: Code = Code("table.alignment-dropped");
const HTML: Code = Code("markdown.html");

/// What is known while a document is built.
pub(super) struct Builder<'l> {
    notes: HashMap<String, Vec<Node>>,
    called: HashMap<String, Option<Id>>,
    /// Labels, and whether they are called more than once.
    calls: HashMap<String, bool>,
    /// The id of the innermost division that has one.
    pub(super) division: Option<Id>,
    /// Whether pages have ids by the pattern.
    pub(super) page_ids: bool,
    /// Whether notes have.
    pub(super) note_ids: bool,
    /// Where notes are printed that don't say it.
    pub(super) note_place: Place,
    /// What was inferred.
    pub(super) inferences: Inferences,
    /// Whether the front matter says that the file is of this program's kind.
    pub(super) ours: bool,
    /// How many tables had columns that are aligned.
    pub(super) aligned: usize,
    pub(super) log: &'l mut Log,
}

/// How many nodes there are, comments aside, before the first that is no fence of this class. What stands between parts of
/// the text, or behind them, is none: its place would be lost.
fn leading<'n>(nodes: impl Iterator<Item = &'n Node>, class: &str) -> usize {
    let leads = |node: &&Node| match node {
        Node::Fence(braces, _) => braces.is(class),
        Node::Html(html) => of_comment(html).is_some(),
        _ => false,
    };
    nodes.take_while(leads).count()
}

impl<'l> Builder<'l> {
    pub(super) fn new(log: &'l mut Log) -> Self {
        Self {
            notes: HashMap::default(),
            called: HashMap::default(),
            calls: HashMap::default(),
            division: None,
            page_ids: false,
            note_ids: false,
            note_place: Place::Unknown,
            inferences: Inferences::default(),
            ours: false,
            aligned: 0,
            log,
        }
    }

    /// Fills front, body and back. Returns the white space that the file keeps, packed.
    pub(super) fn build(&mut self, tree: Tree, document: &mut Document) -> Option<String> {
        (self.notes, self.calls) = (tree.notes, tree.calls);
        let mut spaces = None;
        let mut body = Vec::new();
        let (fronts, backs) = (leading(tree.nodes.iter(), "front"), leading(tree.nodes.iter().rev(), "back"));
        let backs = tree.nodes.len() - backs;
        for (at, node) in tree.nodes.into_iter().enumerate() {
            match node {
                Node::Fence(braces, nodes) if at < fronts && braces.is("front") => {
                    document.front.extend(self.sections(nodes));
                }
                Node::Fence(braces, nodes) if at >= backs && braces.is("back") => {
                    let nodes_before = std::mem::take(&mut body);
                    document.body.extend(self.sections(nodes_before));
                    document.back.extend(self.sections(nodes));
                }
                Node::Html(html) if of_comment(&html).is_some() => spaces = of_comment(&html).map(str::to_owned),
                node => body.push(node),
            }
        }
        document.body.extend(self.sections(body));
        for label in tree.labels {
            if let Some(nodes) = self.notes.remove(&label) {
                self.log.warning(UNCALLED, Span::default(), format!("nothing calls the note `[^{label}]`"));
                let note = self.note(Some(&label), Braces::default(), nodes);
                let last = if document.back.is_empty() { &mut document.body } else { &mut document.back };
                last.push(Block::Note(note));
            }
        }
        self.inferences.fill(document);
        if !self.ours {
            self.drop_attributes(document);
        }
        if self.aligned > 0 {
            let message = format!("how the columns of {} tables are aligned is left out", self.aligned);
            self.log.loss(ALIGNED, Span::default(), message);
        }
        spaces
    }

    /// Blocks whose headings make divisions.
    pub(super) fn sections(&mut self, nodes: Vec<Node>) -> Vec<Block> {
        let mut sections = Sections { outer: self.division.clone(), ..Sections::default() };
        for node in nodes {
            match node {
                Node::Heading(level, pieces, braces, span) if !braces.is("sub") => {
                    self.section(level, pieces, braces, span, &mut sections);
                }
                Node::Paragraph(pieces, _) if is_milestone(&pieces, "next") => {
                    sections
                        .next
                        .extend(self.only_milestone(pieces, "next").map(|(milestone, _)| Block::Milestone(milestone)));
                }
                Node::Paragraph(pieces, span) if up_of(&pieces) > 0 => {
                    self.flush(&mut sections);
                    sections.leave(up_of(&pieces));
                    self.division = sections.division();
                    sections.run.push(Node::Paragraph(pieces, span));
                }
                Node::Fence(mut braces, inner) if braces.is("next") => {
                    braces.take_class("next");
                    self.flush(&mut sections);
                    let blocks = self.blocks(vec![Node::Fence(braces, inner)], Home::sections(sections.level()));
                    sections.next.extend(blocks);
                }
                node => sections.run.push(node),
            }
        }
        self.flush(&mut sections);
        let next = std::mem::take(&mut sections.next);
        sections.add(next);
        sections.leave(usize::MAX);
        self.division = sections.outer.take();
        sections.blocks
    }

    fn section(&mut self, level: u8, pieces: Vec<Piece>, mut braces: Braces, span: Span, sections: &mut Sections) {
        self.flush(sections);
        while sections.open.last().is_some_and(|(open, _)| *open >= level) {
            sections.leave(1);
        }
        let kind = braces.take("type").or_else(|| {
            let class = braces.class().to_owned();
            (!class.is_empty() && !RESERVED.contains(&class.as_str()) && braces.take_class(&class)).then_some(class)
        });
        let number = braces.take("n");
        let tag = braces.into_tag(span);
        let id = tag.id.clone();
        let mut division = Division { tag, kind: kind.map(Into::into), ..Division::default() };
        // A note in the heading has its id by the division's.
        self.division = id.or(sections.division());
        let mut pieces = pieces;
        let opening = openings(&mut pieces, &["head"]).into_iter().next().unwrap_or_default().1;
        let content = trimmed(self.inlines(pieces));
        division.number = match number {
            Some(number) => Some(number).filter(|number| !number.is_empty()).map(Into::into),
            None => printed_number(&plain_text(&content)).map(Into::into),
        };
        division.content.append(&mut sections.next);
        division.content.push(Block::Heading(Heading { tag: opening.into_tag(span), depth: 0, content }));
        sections.open.push((level, division));
    }

    fn flush(&mut self, sections: &mut Sections) {
        let run = std::mem::take(&mut sections.run);
        self.division = sections.division();
        let blocks = self.blocks(run, Home::sections(sections.level()));
        sections.add(blocks);
    }

    /// A footnote where it is called. A second call is a reference without words to the note's id.
    pub(super) fn call(&mut self, label: &str) -> Inline {
        let Some(nodes) = self.notes.remove(label) else {
            let id = self.called.get(label).cloned().flatten();
            let targets = id.map(Target::Here).into_iter().collect();
            return Inline::Reference(Box::new(Reference { tag: Tag::default(), targets, content: Vec::new() }));
        };
        let mut note = self.note(Some(label), Braces::default(), nodes);
        if note.tag.id.is_none() && self.calls.get(label) == Some(&true) {
            note.tag.id = Some(Id::from(format!("note-{label}")));
        }
        self.called.insert(label.to_owned(), note.tag.id.clone());
        Inline::Note(Box::new(note))
    }

    /// A note from its label, its braces and its body; an empty span of class `note` may open the body.
    pub(super) fn note(&mut self, label: Option<&str>, mut braces: Braces, mut nodes: Vec<Node>) -> Note {
        if let Some(Node::Paragraph(pieces, _)) = nodes.first_mut()
            && let Some((_, opening)) = openings(pieces, &["note"]).into_iter().next()
        {
            braces = opening;
            if pieces.is_empty() {
                nodes.remove(0);
            }
        }
        braces.take_class("note");
        let known = Known::from(label, self.note_ids.then_some(self.division.as_ref()).flatten());
        let (n, kind, place) = (braces.take("n"), braces.take("type"), braces.take("place"));
        let unnamed = braces.id.as_deref() == Some("");
        let mut tag = braces.into_tag(Span::default());
        if tag.id.is_none() && !unnamed {
            tag.id = known.id;
        }
        if tag.inference.is_none()
            && let Some(inference) = label.and_then(|label| self.inferences.of_note(label))
        {
            tag.inference = Some(Box::new(inference));
        }
        let label = n.or(known.n).filter(|n| !n.is_empty());
        let body = self.blocks(nodes, Home::bare());
        let kind = match kind.as_deref() {
            None => default_kind(label.as_deref(), &body),
            Some("editorial") => NoteKind::Editorial,
            Some("source") => NoteKind::Source,
            Some("summary") => NoteKind::Summary,
            Some("original") => NoteKind::Original,
            Some(word) => NoteKind::Other(word.into()),
        };
        let place = place.map_or_else(|| self.note_place.clone(), |place| place_of(&place));
        Note { tag, label: label.map(Into::into), kind, place, body }
    }

    /// The milestone that is all of a paragraph, and what one of its classes said.
    pub(super) fn only_milestone(&mut self, pieces: Vec<Piece>, class: &str) -> Option<(Milestone, bool)> {
        let span = pieces.into_iter().find_map(|piece| match piece {
            Piece::Span(braces, content) => Some((braces, content)),
            _ => None,
        });
        let (mut braces, content) = span?;
        braces.take("up");
        let unit = unit(braces.class())?;
        let had = braces.take_class(class);
        Some((self.milestone(braces, &content, unit, false), had))
    }

    /// Reports HTML that is dropped.
    pub(super) fn drop_html(&mut self, html: &str) {
        let tag: String = html.trim().chars().take(40).collect();
        self.log.loss(HTML, Span::default(), format!("HTML is not read: `{tag}`; its words are kept"));
    }
}

/// Where blocks stand, as far as it changes how they are read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Home {
    /// Whether one paragraph alone is bare.
    pub(super) bare: bool,
    /// Whether a bold first line is a heading.
    pub(super) bold_heads: bool,
    /// The level of headings here.
    pub(super) level: u8,
    /// Whether paragraphs are lines of verse.
    pub(super) verse: bool,
}

impl Home {
    pub(super) fn bare() -> Self {
        Self { bare: true, ..Self::default() }
    }

    fn sections(level: u8) -> Self {
        Self { level, ..Self::default() }
    }
}

/// Divisions that are open.
#[derive(Default)]
struct Sections {
    blocks: Vec<Block>,
    open: Vec<(u8, Division)>,
    /// What stands before the next heading and belongs to its division.
    next: Vec<Block>,
    /// What was not read yet.
    run: Vec<Node>,
    outer: Option<Id>,
}

impl Sections {
    fn add(&mut self, blocks: Vec<Block>) {
        match self.open.last_mut() {
            Some((_, division)) => division.content.extend(blocks),
            None => self.blocks.extend(blocks),
        }
    }

    fn leave(&mut self, count: usize) {
        for _ in 0..count {
            let Some((_, division)) = self.open.pop() else { return };
            self.add(vec![Block::Division(division)]);
        }
    }

    fn level(&self) -> u8 {
        self.open.last().map_or(0, |(level, _)| *level)
    }

    fn division(&self) -> Option<Id> {
        self.open.iter().rev().find_map(|(_, division)| division.tag.id.clone()).or_else(|| self.outer.clone())
    }
}

/// Takes the empty spans of these classes that open a line.
pub(super) fn openings(pieces: &mut Vec<Piece>, classes: &[&str]) -> Vec<(String, Braces)> {
    let opens = |piece: &Piece| match piece {
        Piece::Span(braces, content) => content.is_empty() && classes.contains(&braces.class()),
        _ => false,
    };
    let count = pieces.iter().take_while(|piece| opens(piece)).count();
    let spans = pieces.drain(..count).filter_map(|piece| match piece {
        Piece::Span(mut braces, _) => braces.take_first_class().map(|class| (class, braces)),
        _ => None,
    });
    spans.collect()
}

/// Whether a paragraph is nothing but a milestone of a class.
pub(super) fn is_milestone(pieces: &[Piece], class: &str) -> bool {
    matches!(only(pieces), Some(Piece::Span(braces, _)) if braces.is(class) && unit(braces.class()).is_some())
}

fn up_of(pieces: &[Piece]) -> usize {
    match only(pieces) {
        Some(Piece::Span(braces, _)) if unit(braces.class()).is_some() => {
            braces.get("up").and_then(|up| up.parse().ok()).unwrap_or(0)
        }
        _ => 0,
    }
}

/// The only piece that is not white space.
pub(super) fn only(pieces: &[Piece]) -> Option<&Piece> {
    let mut printed =
        pieces.iter().filter(|piece| !matches!(piece, Piece::Text(text) if text.trim_matches(is_space).is_empty()));
    let first = printed.next();
    first.filter(|_| printed.next().is_none())
}

/// Inlines without white space at their ends.
pub(super) fn trimmed(mut inlines: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(text)) = inlines.first_mut() {
        let spaces = text.len() - text.trim_start_matches(' ').len();
        text.drain(..spaces);
    }
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        text.truncate(text.trim_end_matches(' ').len());
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    inlines
}

pub(super) fn place_of(word: &str) -> Place {
    match word {
        "unknown" => Place::Unknown,
        "foot" => Place::Foot,
        "end" => Place::End,
        "margin" => Place::Margin,
        "inline" => Place::Inline,
        word => Place::Other(word.into()),
    }
}

/// The words of the first heading, for a document without a title.
pub(super) fn first_heading(nodes: &[Node]) -> Option<String> {
    nodes.iter().find_map(|node| match node {
        Node::Heading(_, pieces, ..) => Some(words(pieces).trim().to_owned()),
        _ => None,
    })
}

//! Nodes into blocks.

use super::braces::Braces;
use super::document::{Builder, Home, only, openings, trimmed};
use super::html::without_tags;
use super::inline::unit;
use super::pieces::Piece;
use super::tree::Node;
use crate::diagnostic::Code;
use crate::markdown::vocabulary::FORMULAS;
use crate::model::{
    Block, Division, Figure, Foreign, Formula, Heading, Inline, Line, Milestone, Paragraph, Quotation, Speech, Style,
    Tag, Unit, Verbatim, Verse,
};
use crate::source::Span;

const CLASS: Code = Code("markdown.class-unknown");

impl Builder<'_> {
    /// Blocks, in order.
    pub(super) fn blocks(&mut self, nodes: Vec<Node>, home: Home) -> Vec<Block> {
        let mut blocks = Vec::new();
        // Paragraphs that don't say whether they are bare.
        let mut unsaid = Vec::new();
        for (at, node) in nodes.into_iter().enumerate() {
            match node {
                Node::Paragraph(pieces, span) => {
                    let from = blocks.len();
                    let said = self.paragraph(pieces, span, home, at == 0, &mut blocks);
                    unsaid.extend((!said).then_some(from));
                }
                Node::Fence(braces, inner) => self.fence(braces, inner, home, &mut blocks),
                Node::Html(html) => blocks.extend(self.html_block(&html)),
                Node::Heading(level, pieces, braces, span) => {
                    blocks.push(self.heading(level, pieces, braces, span, home));
                }
                Node::Quote(inner) => {
                    let content = self.blocks(inner, Home::default());
                    blocks.push(Block::Quotation(Quotation { tag: Tag::default(), content }));
                }
                Node::List(start, items) => blocks.push(Block::List(self.list(start, items))),
                Node::Table(rows, aligned) => {
                    self.aligned += usize::from(aligned);
                    blocks.push(Block::Table(self.table(rows)));
                }
                Node::Code(syntax, text) => {
                    let syntax = syntax.map(Into::into);
                    blocks.push(Block::Verbatim(Verbatim { tag: Tag::default(), syntax, text }));
                }
                Node::Definitions(terms) => blocks.push(Block::List(self.definitions(terms))),
                Node::Rule => {
                    let unit = Unit::Other("rule".into());
                    let rule = Milestone { tag: Tag::default(), unit, label: None, inside_word: false };
                    blocks.push(Block::Milestone(rule));
                }
            }
        }
        let paragraphs = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
        let bare = home.bare && paragraphs == 1;
        for at in unsaid {
            if let Some(Block::Paragraph(paragraph)) = blocks.get_mut(at) {
                paragraph.bare = bare;
            }
        }
        blocks
    }

    fn heading(&mut self, level: u8, mut pieces: Vec<Piece>, mut braces: Braces, span: Span, home: Home) -> Block {
        braces.take_class("sub");
        let depth = braces.take("depth").and_then(|depth| depth.parse().ok());
        let depth = depth.unwrap_or_else(|| level.saturating_sub(home.level).max(1));
        openings(&mut pieces, &["head"]);
        let content = trimmed(self.inlines(pieces));
        Block::Heading(Heading { tag: braces.into_tag(span), depth, content })
    }

    /// A comment is carried; of other HTML the words are kept.
    fn html_block(&mut self, html: &str) -> Option<Block> {
        let html = html.trim();
        if let Some(comment) = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->"))
            && !comment.contains("-->")
        {
            return Some(Block::Foreign(Foreign::Comment(comment.to_owned())));
        }
        self.drop_html(html);
        let words = without_tags(html);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        let paragraph = Paragraph { content: vec![Inline::text(words.clone())], ..Paragraph::default() };
        (!words.is_empty()).then_some(Block::Paragraph(paragraph))
    }

    /// A paragraph, or what a line alone may be. Returns whether it said if it is bare.
    fn paragraph(&mut self, mut pieces: Vec<Piece>, span: Span, home: Home, first: bool, to: &mut Vec<Block>) -> bool {
        let opening = openings(&mut pieces, &["p", "bare"]).into_iter().next();
        if let Some((class, braces)) = opening {
            let content = trimmed(self.inlines(pieces));
            to.push(Block::Paragraph(Paragraph { tag: braces.into_tag(span), bare: class == "bare", content }));
            return true;
        }
        if home.verse && !is_alone(&pieces, home.bold_heads && first) {
            self.verse_lines(pieces, to);
            return true;
        }
        if let Some(block) = self.line_alone(&mut pieces, home.bold_heads && first) {
            to.push(block);
            return true;
        }
        let content = trimmed(self.inlines(pieces));
        to.push(Block::Paragraph(Paragraph { tag: Tag::at(span), bare: false, content }));
        false
    }

    /// A line that is nothing but a milestone, a formula, a heading or a comment.
    fn line_alone(&mut self, pieces: &mut Vec<Piece>, heads: bool) -> Option<Block> {
        if !is_alone(pieces, heads) {
            return None;
        }
        let at = pieces.iter().position(|piece| !matches!(piece, Piece::Text(_)))?;
        match pieces.remove(at) {
            Piece::Styled(_, content) => {
                let content = self.inlines(content);
                Some(Block::Heading(Heading { content, ..Heading::default() }))
            }
            Piece::Html(html) => {
                let comment = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).unwrap_or(&html);
                Some(Block::Foreign(Foreign::Comment(comment.to_owned())))
            }
            Piece::Span(mut braces, content) => {
                let class = braces.class().to_owned();
                if let Some(unit) = unit(&class) {
                    braces.take("up");
                    return Some(Block::Milestone(self.milestone(braces, &content, unit, false)));
                }
                braces.take_class(&class);
                match class.as_str() {
                    "comment" => Some(Block::Foreign(Foreign::Comment(braces.take("text").unwrap_or_default()))),
                    "instruction" => {
                        Some(Block::Foreign(Foreign::Instruction(braces.take("text").unwrap_or_default())))
                    }
                    "head" => {
                        let content = self.inlines(content);
                        Some(Block::Heading(Heading { tag: braces.into_tag(Span::default()), depth: 0, content }))
                    }
                    _ => {
                        let kind = FORMULAS.iter().find(|(_, known)| *known == class)?.0;
                        let content = vec![Block::bare(self.inlines(content))];
                        Some(Block::Formula(Formula { tag: braces.into_tag(Span::default()), kind, content }))
                    }
                }
            }
            _ => None,
        }
    }

    /// Lines of verse; an empty span may open each.
    fn verse_lines(&mut self, pieces: Vec<Piece>, to: &mut Vec<Block>) {
        let mut lines: Vec<Vec<Piece>> = vec![Vec::new()];
        for piece in pieces {
            match (piece, lines.last_mut()) {
                (Piece::Break, _) | (_, None) => lines.push(Vec::new()),
                (piece, Some(line)) => line.push(piece),
            }
        }
        for mut line in lines {
            let braces = openings(&mut line, &["l"]).into_iter().next().unwrap_or_default().1;
            let content = trimmed(self.inlines(line));
            to.push(Block::Line(Line { tag: braces.into_tag(Span::default()), content }));
        }
    }

    fn fence(&mut self, mut braces: Braces, inner: Vec<Node>, home: Home, to: &mut Vec<Block>) {
        let class = braces.class().to_owned();
        braces.take_class(&class);
        let at = Span::default();
        let plain = Home::default();
        if let Some(&(kind, _)) = FORMULAS.iter().find(|(_, known)| *known == class) {
            let content = self.blocks(inner, Home::bare());
            return to.push(Block::Formula(Formula { tag: braces.into_tag(at), kind, content }));
        }
        let block = match class.as_str() {
            "list" => Block::List(self.fenced_list(braces, inner)),
            "table" => Block::Table(self.fenced_table(braces, inner)),
            "verse" => {
                let content = self.blocks(inner, Home { bold_heads: true, verse: true, ..plain });
                Block::Verse(Verse { tag: braces.into_tag(at), content })
            }
            "lines" => return to.extend(self.blocks(inner, Home { verse: true, ..plain })),
            "speech" => {
                let content = self.blocks(inner, plain);
                Block::Speech(Speech { tag: braces.into_tag(at), content })
            }
            "figure" => {
                let content = self.blocks(inner, Home { bold_heads: true, ..Home::bare() });
                Block::Figure(Figure { tag: braces.into_tag(at), content })
            }
            "quote" => {
                let content = self.blocks(inner, plain);
                Block::Quotation(Quotation { tag: braces.into_tag(at), content })
            }
            "verbatim" => {
                let (syntax, text) = match inner.into_iter().next() {
                    Some(Node::Code(syntax, text)) => (syntax, text),
                    _ => (None, String::new()),
                };
                let syntax = braces.take("syntax").or(syntax).map(Into::into);
                Block::Verbatim(Verbatim { tag: braces.into_tag(at), syntax, text })
            }
            "note" => Block::Note(self.note(None, braces, inner)),
            "division" => self.fenced_division(braces, inner),
            "p" | "bare" => self.broken_paragraph(class == "bare", braces, inner),
            "xml" => {
                let content = self.blocks(inner, plain);
                Block::Foreign(Foreign::Element { tag: braces.into_tag(at), content })
            }
            _ => match braces.element(&class) {
                Some(element) => {
                    let content = self.blocks(inner, plain);
                    let tag = Tag { element: Some(Box::new(element)), ..braces.into_tag(at) };
                    Block::Foreign(Foreign::Element { tag, content })
                }
                None => {
                    if inner.iter().any(is_heading) {
                        return to.push(self.headed(&class, braces, inner));
                    }
                    let blocks = self.blocks(inner, home);
                    if !blocks.iter().any(|block| block.tag().is_some()) && (!class.is_empty() || braces.id.is_some()) {
                        let said = format!("the fence `{class}` says nothing here; its content is kept");
                        self.log.warning(CLASS, at, said);
                    }
                    return to.extend(set(blocks, &class, braces));
                }
            },
        };
        to.push(block);
    }

    /// A fence with a heading in it, as pandoc writes the sections of a book: a division. What is nothing but one
    /// section takes what the fence says.
    fn headed(&mut self, class: &str, mut braces: Braces, inner: Vec<Node>) -> Block {
        let classes = [&[class.to_owned()], &*braces.take_classes()].concat();
        let says = |class: &&String| !class.is_empty() && *class != "section" && !class.starts_with("level");
        let kind = classes.iter().find(says).cloned();
        let tag = braces.into_tag(Span::default());
        let outer = self.division.clone();
        self.division = tag.id.clone().or_else(|| outer.clone());
        let mut content = self.sections(inner);
        self.division = outer;
        let sole = content.iter().filter(|block| matches!(block, Block::Division(_))).count() == 1;
        if sole && let Some(Block::Division(mut division)) = content.pop_if(|last| is_division_of(last, &tag)) {
            content.append(&mut division.content);
            division.content = content;
            division.tag.id = division.tag.id.or(tag.id);
            division.tag.language = division.tag.language.or(tag.language);
            division.tag.attributes.0.extend(tag.attributes.0);
            division.kind = division.kind.or(kind.map(Into::into));
            return Block::Division(division);
        }
        Block::Division(Division { tag, kind: kind.map(Into::into), number: None, content })
    }

    fn fenced_division(&mut self, mut braces: Braces, inner: Vec<Node>) -> Block {
        let (kind, number) = (braces.take("type").map(Into::into), braces.take("n").map(Into::into));
        let tag = braces.into_tag(Span::default());
        let outer = self.division.clone();
        self.division = tag.id.clone().or_else(|| outer.clone());
        let content = self.blocks(inner, Home::default());
        self.division = outer;
        Block::Division(Division { tag, kind, number, content })
    }

    /// A paragraph with blocks in mid-sentence.
    fn broken_paragraph(&mut self, bare: bool, braces: Braces, inner: Vec<Node>) -> Block {
        let mut content: Vec<Inline> = Vec::new();
        for node in inner {
            match node {
                Node::Paragraph(pieces, _) => content.extend(trimmed(self.inlines(pieces))),
                node => content.extend(
                    self.blocks(vec![node], Home::default()).into_iter().map(|block| Inline::Nested(Box::new(block))),
                ),
            }
        }
        Block::Paragraph(Paragraph { tag: braces.into_tag(Span::default()), bare, content })
    }
}

fn is_heading(node: &Node) -> bool {
    matches!(node, Node::Heading(_, _, braces, _) if !braces.is("sub"))
}

/// Whether a block is a division that has room for what a tag says.
fn is_division_of(block: &mut Block, tag: &Tag) -> bool {
    matches!(block, Block::Division(it) if it.tag.id.is_none() || tag.id.is_none())
}

/// Blocks that are set as a class says (`right`, `centre`); the first has the id.
fn set(blocks: Vec<Block>, class: &str, mut braces: Braces) -> Vec<Block> {
    let classes = [&[class.to_owned()], &*braces.take_classes()].concat().join(" ");
    let said = braces.into_tag(Span::default());
    let mut id = said.id;
    let mut set = blocks;
    for tag in set.iter_mut().filter_map(Block::tag_mut) {
        if tag.id.is_none() {
            tag.id = id.take();
        }
        if tag.language.is_none() {
            tag.language.clone_from(&said.language);
        }
        let new = said.attributes.0.iter().filter(|it| tag.attributes.get(&it.name.local).is_none());
        let new: Vec<_> = new.cloned().collect();
        tag.attributes.0.extend(new);
        if tag.attributes.get("rend").is_none() && !classes.trim().is_empty() {
            tag.attributes.set("rend", classes.trim());
        }
    }
    set
}

/// Whether a line is nothing but what stands between paragraphs.
fn is_alone(pieces: &[Piece], heads: bool) -> bool {
    match only(pieces) {
        Some(Piece::Styled(Style::Bold, _)) => heads,
        Some(Piece::Html(html)) => html.starts_with("<!--"),
        Some(Piece::Span(braces, _)) => {
            let class = braces.class();
            unit(class).is_some()
                || ["comment", "instruction", "head"].contains(&class)
                || FORMULAS.iter().any(|(_, known)| *known == class)
        }
        _ => false,
    }
}

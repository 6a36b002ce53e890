//! A parser's events as a tree in which pandoc's fences, spans and attributes have their place.

use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, OffsetIter, Options, Parser, Tag, TagEnd};

use super::braces::Braces;
use super::front;
use super::html::without_tags;
use super::marks::{has_bracket, is_bracket, raised, rule_fences};
use super::pieces::{Open, Piece, words};
use crate::failure::Failure;
use crate::model::{Namespace, Style};
use crate::source::Span;

/// How deep quotations, lists, fences and emphasis may nest in each other.
pub(super) const DEEPEST: usize = 96;

/// What pandoc writes behind code that is HTML.
const RAW_HTML: &str = "{=html}";

/// A block.
#[derive(Debug)]
pub(super) enum Node {
    Fence(Braces, Vec<Node>),
    Heading(u8, Vec<Piece>, Braces, Span),
    Paragraph(Vec<Piece>, Span),
    Quote(Vec<Node>),
    /// A list; the number of its first item if it counts.
    List(Option<u64>, Vec<Vec<Node>>),
    /// A table: its head, then its rows; and whether its columns are aligned.
    Table(Vec<Vec<Vec<Piece>>>, bool),
    Code(Option<String>, String),
    Html(String),
    /// Terms, each with its explanations.
    Definitions(Vec<(Vec<Piece>, Vec<Vec<Node>>)>),
    Rule,
}

/// What a source holds.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The front matter, as YAML.
    pub(super) front_matter: Option<String>,
    pub(super) nodes: Vec<Node>,
    /// The footnotes' bodies, by their labels in lower case.
    pub(super) notes: HashMap<String, Vec<Node>>,
    /// The labels in the order of the definitions.
    pub(super) labels: Vec<String>,
    /// Labels that are called more than once, with true, and once.
    pub(super) calls: HashMap<String, bool>,
}

impl Tree {
    /// # Errors
    /// [`Failure::Limit`] if blocks nest too deep.
    pub(super) fn parse(source: &str) -> Result<Self, Failure> {
        let ruled = rule_fences(source);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let events = Parser::new_ext(&ruled, options).into_offset_iter();
        let mut grower = Grower {
            source,
            events,
            unread: None,
            skip: 0,
            last: 0,
            depth: 0,
            heading: None,
            declared: None,
            tree: Self::default(),
        };
        grower.tree.nodes = grower.nodes()?;
        Ok(grower.tree)
    }
}

struct Grower<'s> {
    source: &'s str,
    events: OffsetIter<'s>,
    /// The next event, if it was seen already.
    unread: Option<(Event<'s>, Range<usize>)>,
    /// Attributes end here: events before it are theirs.
    skip: usize,
    /// The end of the event before.
    last: usize,
    depth: usize,
    /// In a heading: its attributes.
    heading: Option<Braces>,
    /// The prefixes that the front matter declares.
    declared: Option<Arc<[Arc<Namespace>]>>,
    tree: Tree,
}

impl<'s> Grower<'s> {
    fn next(&mut self) -> Option<(Event<'s>, Range<usize>)> {
        self.unread.take().or_else(|| self.events.next())
    }

    /// Blocks up to the end of their container, which is passed over.
    fn nodes(&mut self) -> Result<Vec<Node>, Failure> {
        self.depth += 1;
        let mut open: Vec<(Braces, Vec<Node>)> = Vec::new();
        let mut nodes = Vec::new();
        while let Some((event, range)) = self.next() {
            if self.depth + open.len() > DEEPEST {
                let message = format!("blocks nest more than {DEEPEST} deep");
                return Err(Failure::Limit { message, span: Span::new(range.start, range.end) });
            }
            match event {
                Event::End(_) => break,
                Event::Rule => match self.fence(range.start) {
                    None => nodes.push(Node::Rule),
                    Some(Some(braces)) => open.push((braces, std::mem::take(&mut nodes))),
                    Some(None) => {
                        if let Some((braces, outer)) = open.pop() {
                            let inner = std::mem::replace(&mut nodes, outer);
                            nodes.push(Node::Fence(braces, inner));
                        }
                    }
                },
                Event::Start(tag) if is_block(&tag) => nodes.extend(self.block(tag, range)?),
                Event::Html(html) => nodes.push(Node::Html(html.into_string())),
                event => {
                    let start = range.start;
                    self.unread = Some((event, range));
                    let pieces = self.pieces(start)?;
                    nodes.push(Node::Paragraph(pieces, Span::new(start, self.last.max(start))));
                }
            }
        }
        while let Some((braces, outer)) = open.pop() {
            let inner = std::mem::replace(&mut nodes, outer);
            nodes.push(Node::Fence(braces, inner));
        }
        self.depth -= 1;
        Ok(nodes)
    }

    /// What a thematic break is: nothing but that; a fence that opens; or one that closes.
    fn fence(&self, start: usize) -> Option<Option<Braces>> {
        let line = self.source[start..].lines().next().unwrap_or_default();
        let rest = line.strip_prefix(":::")?.trim_matches(':').trim();
        if rest.is_empty() {
            return Some(None);
        }
        let braces = match Braces::parse(rest) {
            Some((braces, _)) => braces,
            // Pandoc takes a single word as a class.
            None => {
                Braces::parse(&format!("{{.{}}}", rest.split(' ').next().unwrap_or_default())).unwrap_or_default().0
            }
        };
        Some(Some(braces.declaring(&self.declared)))
    }

    fn block(&mut self, tag: Tag<'s>, range: Range<usize>) -> Result<Option<Node>, Failure> {
        let span = Span::new(range.start, range.end);
        self.last = range.start;
        Ok(Some(match tag {
            Tag::Paragraph => {
                let pieces = self.pieces(range.start)?;
                self.next();
                Node::Paragraph(pieces, span)
            }
            Tag::Heading { level, .. } => {
                self.heading = Some(Braces::default());
                let pieces = self.pieces(range.start)?;
                self.next();
                Node::Heading(level as u8, pieces, self.heading.take().unwrap_or_default(), span)
            }
            Tag::BlockQuote(_) => Node::Quote(self.nodes()?),
            Tag::CodeBlock(kind) => self.code(&kind),
            Tag::HtmlBlock => {
                let mut html = String::new();
                while let Some((event, range)) = self.next() {
                    match event {
                        Event::End(_) => break,
                        _ => html.push_str(&self.source[range]),
                    }
                }
                Node::Html(html)
            }
            Tag::List(start) => Node::List(start, self.items()?),
            Tag::DefinitionList => self.definitions()?,
            Tag::FootnoteDefinition(label) => {
                let nodes = self.nodes()?;
                let label = label.to_lowercase();
                if !self.tree.notes.contains_key(&label) {
                    self.tree.labels.push(label.clone());
                    self.tree.notes.insert(label, nodes);
                }
                return Ok(None);
            }
            Tag::Table(columns) => {
                let aligned = columns.iter().any(|column| *column != Alignment::None);
                self.table(aligned)?
            }
            Tag::MetadataBlock(_) => {
                let mut yaml = String::new();
                while let Some((event, range)) = self.next() {
                    match event {
                        Event::End(_) => break,
                        _ => yaml.push_str(&self.source[range]),
                    }
                }
                self.declared = front::namespaces(&yaml);
                self.tree.front_matter.get_or_insert(yaml);
                return Ok(None);
            }
            // The others are inlines or stand in one of these.
            _ => Node::Quote(self.nodes()?),
        }))
    }

    fn code(&mut self, kind: &CodeBlockKind<'s>) -> Node {
        let mut text = String::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(_) => break,
                _ => text.push_str(&self.source[range]),
            }
        }
        if text.ends_with('\n') {
            text.pop();
        }
        let syntax = match kind {
            CodeBlockKind::Fenced(info) if info.trim() == RAW_HTML => return Node::Html(text),
            // Pandoc's attributes: the first class is the language.
            CodeBlockKind::Fenced(info) => match Braces::parse(info.trim()) {
                Some((braces, _)) => Some(braces.class().to_owned()).filter(|class| !class.is_empty()),
                None => info.split_whitespace().next().map(str::to_owned),
            },
            CodeBlockKind::Indented => None,
        };
        Node::Code(syntax, text.replace("\r\n", "\n"))
    }

    fn items(&mut self) -> Result<Vec<Vec<Node>>, Failure> {
        let mut items = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(_) => break,
                Event::Start(_) => {
                    self.last = range.start;
                    items.push(self.nodes()?);
                }
                _ => {}
            }
        }
        Ok(items)
    }

    fn definitions(&mut self) -> Result<Node, Failure> {
        let mut terms: Vec<(Vec<Piece>, Vec<Vec<Node>>)> = Vec::new();
        while let Some((event, range)) = self.next() {
            self.last = range.start;
            match event {
                Event::End(TagEnd::DefinitionList) => break,
                Event::Start(Tag::DefinitionListTitle) => {
                    let pieces = self.pieces(range.start)?;
                    self.next();
                    terms.push((pieces, Vec::new()));
                }
                Event::Start(Tag::DefinitionListDefinition) => {
                    let nodes = self.nodes()?;
                    match terms.last_mut() {
                        Some((_, definitions)) => definitions.push(nodes),
                        None => terms.push((Vec::new(), vec![nodes])),
                    }
                }
                _ => {}
            }
        }
        Ok(Node::Definitions(terms))
    }

    fn table(&mut self, aligned: bool) -> Result<Node, Failure> {
        let mut rows: Vec<Vec<Vec<Piece>>> = Vec::new();
        while let Some((event, range)) = self.next() {
            match event {
                Event::End(TagEnd::Table) => break,
                Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                Event::Start(Tag::TableCell) => {
                    self.last = range.start;
                    let pieces = self.pieces(range.start)?;
                    self.next();
                    if let Some(row) = rows.last_mut() {
                        row.push(pieces);
                    }
                }
                _ => {}
            }
        }
        Ok(Node::Table(rows, aligned))
    }

    /// Inlines up to the end of their container or the beginning of a block, which is not passed over.
    fn pieces(&mut self, start: usize) -> Result<Vec<Piece>, Failure> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("inlines nest more than {DEEPEST} deep");
            return Err(Failure::Limit { message, span: Span::new(start, start) });
        }
        let mut line = Open::of(self.source);
        while let Some((event, range)) = self.next() {
            if range.end <= self.skip && !matches!(event, Event::End(_)) {
                self.pass_over(&event);
                continue;
            }
            if ends_line(&event) {
                self.unread = Some((event, range));
                break;
            }
            let end = range.end;
            match event {
                Event::Start(tag) => {
                    self.last = range.start;
                    let piece = self.inline(tag, range)?;
                    line.push(piece);
                }
                Event::Text(text) => self.text(&text, range, &mut line),
                Event::Code(code) if self.source[end..].starts_with(RAW_HTML) => {
                    let words = without_tags(&code);
                    line.push(Piece::Html(code.into_string()));
                    line.text(&words);
                    self.skip = end + RAW_HTML.len();
                }
                Event::Code(code) => line.push(Piece::Code(code.into_string())),
                Event::InlineMath(text) | Event::DisplayMath(text) => line.text(&text),
                Event::InlineHtml(html) => line.push(Piece::Html(html.into_string())),
                Event::FootnoteReference(label) => {
                    let label = label.to_lowercase();
                    self.tree.calls.entry(label.clone()).and_modify(|again| *again = true).or_insert(false);
                    line.push(Piece::Note(label));
                }
                Event::SoftBreak => line.text(" "),
                Event::HardBreak => line.push(Piece::Break),
                Event::TaskListMarker(done) => line.text(if done { "[x] " } else { "[ ] " }),
                Event::End(_) | Event::Rule | Event::Html(_) => {}
            }
            self.last = self.last.max(end);
        }
        self.depth -= 1;
        Ok(line.close())
    }

    /// Passes over what attributes have swallowed.
    fn pass_over(&mut self, event: &Event<'s>) {
        let mut depth = usize::from(matches!(event, Event::Start(_)));
        while depth > 0
            && let Some((event, _)) = self.next()
        {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
    }

    fn inline(&mut self, tag: Tag<'s>, Range { start, end }: Range<usize>) -> Result<Piece, Failure> {
        let content = self.pieces(end)?;
        self.next();
        self.last = end;
        Ok(match tag {
            Tag::Emphasis => Piece::Styled(Style::Italic, content),
            Tag::Strong => Piece::Styled(Style::Bold, content),
            Tag::Strikethrough if !self.source[start..].starts_with("~~") => Piece::Styled(Style::Subscript, content),
            Tag::Strikethrough => Piece::Styled(Style::Strikethrough, content),
            Tag::Link { dest_url, .. } => {
                Piece::Link(dest_url.into_string(), content, self.braces(end).unwrap_or_default())
            }
            Tag::Image { dest_url, .. } => {
                Piece::Image(dest_url.into_string(), words(&content), self.braces(end).unwrap_or_default())
            }
            _ => Piece::Span(Braces::default(), content),
        })
    }

    /// Attributes at an offset; they are passed over.
    fn braces(&mut self, at: usize) -> Option<Braces> {
        let (braces, length) = Braces::parse(self.source.get(at..)?)?;
        self.skip = at + length;
        Some(braces.declaring(&self.declared))
    }

    /// Text, in which a bracket that isn't escaped may be that of a span, and a brace that of a heading.
    fn text(&mut self, text: &str, range: Range<usize>, line: &mut Open<'s>) {
        let source = self.source;
        if source[range.clone()] != *text {
            return line.text(text);
        }
        let start = range.start.max(self.skip);
        if !has_bracket(&source.as_bytes()[start..range.end]) {
            return line.source(start..range.end);
        }
        let escaped = start == range.start && start > 0 && source.as_bytes()[start - 1] == b'\\' && self.last < start;
        let mut from = start;
        let first = source[start..range.end].chars().next().filter(|_| escaped).map_or(0, char::len_utf8);
        let mut next = start + first;
        while let Some(offset) = source.as_bytes()[next..range.end].iter().position(is_bracket) {
            let at = next + offset;
            next = at + 1;
            if at < self.skip {
                continue;
            }
            let c = char::from(source.as_bytes()[at]);
            from = from.max(self.skip);
            match c {
                '[' => {
                    line.source(from..at);
                    line.open();
                    from = at + 1;
                }
                ']' => {
                    line.source(from..at);
                    let braces = if line.outer.is_empty() { None } else { self.braces(at + 1) };
                    line.shut(braces);
                    from = at + 1;
                }
                '^' | '~' => {
                    if let Some(length) = raised(&source[at..], c)
                        && !source[..at].ends_with(c)
                    {
                        line.source(from..at);
                        let style = if c == '^' { Style::Superscript } else { Style::Subscript };
                        line.push(Piece::Styled(style, vec![Piece::Text(source[at + 1..at + length - 1].to_owned())]));
                        self.skip = at + length;
                        from = self.skip;
                    }
                }
                _ => {
                    let before = source[..at].chars().next_back();
                    let ends = source[at..].lines().next().unwrap_or_default();
                    if let (Some(_), Some(' ') | None, Some((braces, length))) =
                        (&self.heading, before, Braces::parse(ends))
                        && ends[length..].trim().is_empty()
                    {
                        line.source(from..at);
                        self.heading = Some(braces.declaring(&self.declared));
                        self.skip = at + length;
                        from = self.skip;
                    }
                }
            }
        }
        let from = from.max(self.skip).min(range.end);
        line.source(from..range.end);
    }
}

/// Whether an event is no part of a line: the end of its container, or a block.
fn ends_line(event: &Event<'_>) -> bool {
    match event {
        Event::End(_) | Event::Rule | Event::Html(_) => true,
        Event::Start(tag) => is_block(tag),
        _ => false,
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::Emphasis
        | Tag::Strong
        | Tag::Strikethrough
        | Tag::Superscript
        | Tag::Subscript
        | Tag::Link { .. }
        | Tag::Image { .. } => false,
        Tag::Paragraph
        | Tag::Heading { .. }
        | Tag::BlockQuote(_)
        | Tag::CodeBlock(_)
        | Tag::HtmlBlock
        | Tag::List(_)
        | Tag::Item
        | Tag::FootnoteDefinition(_)
        | Tag::DefinitionList
        | Tag::DefinitionListTitle
        | Tag::DefinitionListDefinition
        | Tag::Table(_)
        | Tag::TableHead
        | Tag::TableRow
        | Tag::TableCell
        | Tag::MetadataBlock(_) => true,
    }
}

//! Blocks into lines: one case for each.

use super::attributes::{Braces, is_word};
use super::inline::{comment, element, instruction};
use super::line::Line;
use super::list::Marker;
use super::run::Run;
use crate::markdown::labels::{plain_text, printed_number};
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::{FORMULAS, RESERVED, class};
use crate::model::{
    Block, Division, Foreign, Formula, Heading, Inline, Milestone, Note, Paragraph, Quotation, Style, Tag, Verbatim,
};

/// Where blocks stand, as far as it changes how they are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Home {
    /// The level of the headings of divisions; `None` where divisions need fences.
    pub(super) level: Option<u8>,
    /// Whether paragraphs are bare unless they say so; `None` if each must say it.
    pub(super) bare: Option<bool>,
    /// Whether a bold first line is a heading.
    pub(super) bold_heads: bool,
    /// Whether a formula of one line may be a span in a paragraph of its own.
    pub(super) formulas: bool,
    /// Whether paragraphs are lines of verse.
    pub(super) verse: bool,
}

impl Home {
    /// Where paragraphs are elements.
    pub(super) fn plain() -> Self {
        Self { bare: Some(false), ..Self::default() }
    }

    /// Where text stands alone: one paragraph is bare, several are elements.
    pub(super) fn bare(blocks: &[Block]) -> Self {
        let paragraphs = blocks.iter().filter(|block| matches!(block, Block::Paragraph(_))).count();
        Self { bare: Some(paragraphs == 1), ..Self::default() }
    }
}

/// `::: {…}`, the text, `:::`.
pub(super) fn fence(braces: &Braces, inner: &str) -> String {
    match inner {
        "" => format!("::: {}\n:::", braces.print()),
        _ => format!("::: {}\n{inner}\n:::", braces.print()),
    }
}

impl<'d> Run<'d> {
    /// Blocks, with an empty line between them.
    pub(super) fn blocks(&mut self, blocks: &'d [Block], home: Home) -> String {
        let mut parts: Vec<String> = Vec::new();
        let mut before = None;
        let mut at = 0;
        while let Some(block) = blocks.get(at) {
            let lines = blocks[at..].iter().take_while(|block| matches!(block, Block::Line(_))).count();
            let marker = Marker::of(block, before);
            let first = at == 0;
            parts.push(match block {
                Block::Line(_) => self.lines(&blocks[at..at + lines], home, first),
                Block::Division(it) => self.division(it, &blocks[at + 1..], home),
                Block::Milestone(it) => self.milestone_between(it, &blocks[..at], &blocks[at + 1..], home),
                _ => self.block(block, home, marker, first),
            });
            before = marker;
            at += lines.max(1);
        }
        parts.join("\n\n")
    }

    fn block(&mut self, block: &'d Block, home: Home, marker: Option<Marker>, first: bool) -> String {
        match block {
            Block::Division(it) => self.fenced_division(it),
            Block::Heading(it) => self.heading(it, home, first),
            Block::Paragraph(it) => self.paragraph(it, home, first),
            Block::Formula(it) => self.formula(it, home),
            Block::Quotation(it) => self.quotation(it),
            Block::List(it) => self.list(it, marker),
            Block::Table(it) => self.table(it),
            Block::Verse(it) => {
                let inner = self.blocks(&it.content, Home { bold_heads: true, verse: true, ..Home::default() });
                fence(&Braces::new("verse").tag(&it.tag), &inner)
            }
            Block::Line(_) => self.lines(std::slice::from_ref(block), home, first),
            Block::Speech(it) => {
                let inner = self.blocks(&it.content, Home { formulas: true, ..Home::plain() });
                fence(&Braces::new("speech").tag(&it.tag), &inner)
            }
            Block::Figure(it) => {
                let home = Home { bold_heads: true, ..Home::bare(&it.content) };
                let inner = self.blocks(&it.content, home);
                fence(&Braces::new("figure").tag(&it.tag), &inner)
            }
            Block::Verbatim(it) => verbatim(it),
            Block::Note(it) => self.note_between(it),
            Block::Milestone(it) => self.milestone(it, false, Braces::default()),
            Block::Foreign(it) => self.foreign(it),
        }
    }

    /// A division by its heading alone, if nothing but divisions follows it and its heading comes first.
    fn division(&mut self, it: &'d Division, after: &'d [Block], home: Home) -> String {
        let Some(level) = home.level.filter(|&level| level <= 6) else { return self.fenced_division(it) };
        let before = it.content.iter().take_while(|block| may_precede(block)).count();
        let closed = ends_so(after);
        let Some(Block::Heading(heading)) = it.content.get(before).filter(|_| closed && has_heading(it)) else {
            return self.fenced_division(it);
        };
        let outer = self.division;
        self.division = it.tag.id.as_ref().or(outer);
        let mut parts: Vec<String> = Vec::new();
        for block in &it.content[..before] {
            match block {
                Block::Milestone(it) => parts.push(self.milestone(it, false, Braces::new("next"))),
                Block::Formula(it) => parts.push(self.fenced_formula(it, "next")),
                _ => {}
            }
        }
        let text = self.opened(&heading.content, &head_opening(heading), true);
        let braces = division_braces(it, &plain_text(&heading.content)).print();
        let line = format!("{} {} {braces}", "#".repeat(level.into()), guard(&text, &braces));
        parts.push(line.trim_end_matches(' ').to_owned());
        let home = Home { level: Some(level + 1), ..Home::plain() };
        let rest = self.blocks(&it.content[before + 1..], home);
        parts.extend((!rest.is_empty()).then_some(rest));
        self.division = outer;
        parts.join("\n\n")
    }

    fn fenced_division(&mut self, it: &'d Division) -> String {
        let outer = self.division;
        self.division = it.tag.id.as_ref().or(outer);
        let inner = self.blocks(&it.content, Home::plain());
        self.division = outer;
        let mut braces = Braces::new("division").with("type", it.kind.as_deref());
        braces = braces.with("n", it.number.as_deref()).tag(&it.tag);
        fence(&braces, &inner)
    }

    /// A heading that heads its container, or a sub-heading.
    fn heading(&mut self, it: &'d Heading, home: Home, first: bool) -> String {
        if it.depth == 0 {
            if home.bold_heads && first && it.tag == Tag::default() {
                let mut line = Line::default();
                self.one_line = true;
                line.emphasis(Style::Bold, |line| self.inlines(&it.content, line));
                self.one_line = false;
                let text = line.print(true);
                // Where the notation for bold doesn't fit, there is a span in its place.
                return match text.strip_suffix("{.bold}") {
                    Some(rest) => format!("{rest}{{.head}}"),
                    None => text,
                };
            }
            let mut line = Line::default();
            self.span(Braces::new("head").tag(&it.tag), &it.content, &mut line);
            return line.print(true);
        }
        let base = home.level.map_or(1, |level| level - 1);
        let level = base.saturating_add(it.depth).min(6);
        let mut braces = Braces::new("sub");
        if home.level.is_none() || level - base != it.depth {
            braces = braces.with("depth", Some(&it.depth.to_string()));
        }
        let text = self.opened(&it.content, &Braces::default(), true);
        format!("{} {text} {}", "#".repeat(level.into()), braces.tag(&it.tag).print())
    }

    /// A line of inlines behind an opening span.
    pub(super) fn opened(&mut self, content: &'d [Inline], opening: &Braces, one_line: bool) -> String {
        let outer = self.one_line;
        self.one_line |= one_line;
        let mut line = Line::default();
        self.inlines(content, &mut line);
        self.one_line = outer;
        match opening.is_empty() {
            true => line.print(!one_line),
            false => format!("[]{}{}", opening.print(), line.print(false)),
        }
    }

    fn paragraph(&mut self, it: &'d Paragraph, home: Home, first: bool) -> String {
        let heads = home.bold_heads && first;
        let marked = home.bare != Some(it.bare) || it.tag != Tag::default() || is_ambiguous(&it.content, heads);
        let class = if it.bare { "bare" } else { "p" };
        if it.content.iter().any(|inline| matches!(inline, Inline::Nested(block) if stands_apart(block))) {
            return self.broken_paragraph(it, class);
        }
        let opening = if marked { Braces::new(class).tag(&it.tag) } else { Braces::default() };
        self.opened(&it.content, &opening, false)
    }

    /// A paragraph with a list, table or quotation in mid-sentence: a fence about its parts.
    fn broken_paragraph(&mut self, it: &'d Paragraph, class: &str) -> String {
        let mut parts = Vec::new();
        let apart = |inline: &Inline| matches!(inline, Inline::Nested(block) if stands_apart(block));
        for run in it.content.chunk_by(|one, other| !apart(one) && !apart(other)) {
            match run {
                [Inline::Nested(block)] if stands_apart(block) => {
                    parts.push(self.block(block, Home::plain(), Marker::of(block, None), false));
                }
                run => parts.extend(Some(self.opened(run, &Braces::default(), false)).filter(|text| !text.is_empty())),
            }
        }
        fence(&Braces::new(class).tag(&it.tag), &parts.join("\n\n"))
    }

    fn formula(&mut self, it: &'d Formula, home: Home) -> String {
        let word = class(FORMULAS, it.kind);
        if let ([Block::Paragraph(line)], true) = (it.content.as_slice(), home.formulas)
            && line.bare
            && line.tag == Tag::default()
            && !line.content.iter().any(|inline| matches!(inline, Inline::Nested(_)))
            && !is_ambiguous(&line.content, false)
        {
            let mut text = Line::default();
            self.span(Braces::new(word).tag(&it.tag), &line.content, &mut text);
            return text.print(true);
        }
        self.fenced_formula(it, "")
    }

    fn fenced_formula(&mut self, it: &'d Formula, more: &str) -> String {
        let inner = self.blocks(&it.content, Home { formulas: true, ..Home::bare(&it.content) });
        fence(&Braces::new(class(FORMULAS, it.kind)).class(more).tag(&it.tag), &inner)
    }

    fn quotation(&mut self, it: &'d Quotation) -> String {
        let inner = self.blocks(&it.content, Home::plain());
        if it.tag != Tag::default() || inner.is_empty() {
            return fence(&Braces::new("quote").tag(&it.tag), &inner);
        }
        let quoted = inner.lines().map(|line| if line.is_empty() { ">".to_owned() } else { format!("> {line}") });
        quoted.collect::<Vec<_>>().join("\n")
    }

    /// Lines of verse: one paragraph, each line but the last ending in a break.
    fn lines(&mut self, lines: &'d [Block], home: Home, first: bool) -> String {
        let mut printed = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let Block::Line(it) = line else { continue };
            let heads = home.bold_heads && first && at == 0 && lines.len() == 1;
            let marked = it.tag != Tag::default() || is_ambiguous(&it.content, heads);
            let outer = std::mem::replace(&mut self.one_line, true);
            let mut text = Line::default();
            self.inlines(&it.content, &mut text);
            self.one_line = outer;
            let text = text.print(!marked);
            printed.push(match marked {
                true => format!("[]{}{text}", Braces::new("l").tag(&it.tag).print()),
                false => text,
            });
        }
        let text = printed.join("\\\n");
        if home.verse { text } else { fence(&Braces::new("lines"), &text) }
    }

    /// A note that stands between blocks has its body there, in a fence.
    fn note_between(&mut self, it: &'d Note) -> String {
        let braces = self.note_braces(it, None);
        let braces = if braces.is_empty() { Braces::new("note") } else { braces };
        let inner = self.blocks(&it.body, Home::bare(&it.body));
        fence(&braces, &inner)
    }

    /// Behind a division it would belong to that division: `up` says how many it leaves.
    fn milestone_between(&mut self, it: &'d Milestone, before: &[Block], after: &[Block], home: Home) -> String {
        let left = match (before.last(), home.level) {
            (Some(Block::Division(division)), Some(level @ ..=6)) if has_heading(division) && ends_so(after) => {
                depth(division, level)
            }
            _ => 0,
        };
        let up = (left > 0).then(|| left.to_string());
        self.milestone(it, false, Braces::default().with("up", up.as_deref()))
    }

    fn foreign(&mut self, it: &'d Foreign<Block>) -> String {
        match it {
            Foreign::Element { tag, content } => {
                let inner = self.blocks(content, Home::plain());
                fence(&element(tag), &inner)
            }
            Foreign::Comment(text) => comment(text),
            Foreign::Instruction(text) => instruction(text),
        }
    }
}

/// Whether nothing follows but divisions that need no fence, and page breaks.
fn ends_so(after: &[Block]) -> bool {
    after.iter().all(|block| match block {
        Block::Division(division) => has_heading(division),
        block => matches!(block, Block::Milestone(_)),
    })
}

/// How many divisions the end of this one closes: itself, and the last one in it. A page break behind that
/// would have closed it already.
fn depth(division: &Division, level: u8) -> usize {
    match division.content.last() {
        Some(Block::Division(inner)) if level < 6 && has_heading(inner) => 1 + depth(inner, level + 1),
        _ => 1,
    }
}

/// What may stand in a division before its heading, and then says so.
fn may_precede(block: &Block) -> bool {
    matches!(block, Block::Milestone(_) | Block::Formula(_))
}

/// Whether a heading comes first, but for what may precede it.
fn has_heading(division: &Division) -> bool {
    let first = division.content.iter().find(|block| !may_precede(block));
    matches!(first, Some(Block::Heading(heading)) if heading.depth == 0)
}

fn head_opening(heading: &Heading) -> Braces {
    if heading.tag == Tag::default() { Braces::default() } else { Braces::new("head").tag(&heading.tag) }
}

fn division_braces(it: &Division, heading: &str) -> Braces {
    let kind = it.kind.as_deref();
    let is_class = kind.is_some_and(|kind| is_word(kind) && !RESERVED.contains(&kind));
    let known = printed_number(heading);
    let number = (it.number.as_deref() != known).then(|| it.number.as_deref().unwrap_or_default());
    let braces = Braces::new(kind.filter(|_| is_class).unwrap_or_default());
    braces.with("type", kind.filter(|_| !is_class)).with("n", number).tag(&it.tag)
}

/// Keeps a heading's last `#` from being its closing sequence (CommonMark §4.2).
fn guard(text: &str, braces: &str) -> String {
    match text.strip_suffix('#') {
        Some(rest) if braces.is_empty() && !rest.ends_with('\\') => format!("{rest}\\#"),
        _ => text.to_owned(),
    }
}

/// Whether a paragraph of this content would be taken for something else.
pub(super) fn is_ambiguous(content: &[Inline], heads: bool) -> bool {
    let blank = |inline: &&Inline| !matches!(inline, Inline::Text(text) if text.trim_matches(is_space).is_empty());
    let mut printed = content.iter().filter(blank);
    match (printed.next(), printed.next()) {
        (None, _) => true,
        (Some(only), None) => match only {
            Inline::Milestone(_) => true,
            Inline::Foreign(it) => !matches!(it.as_ref(), Foreign::Element { .. }),
            Inline::Styled(it) => heads && it.style == Style::Bold,
            Inline::Nested(_) => true,
            Inline::Text(_)
            | Inline::Name(_)
            | Inline::Date(_)
            | Inline::Term(_)
            | Inline::Reference(_)
            | Inline::Edit(_)
            | Inline::Choice(_)
            | Inline::Graphic(_)
            | Inline::Note(_) => false,
        },
        _ => false,
    }
}

/// Whether a block in mid-sentence is to be written as a block.
fn stands_apart(block: &Block) -> bool {
    match block {
        Block::List(_) | Block::Table(_) | Block::Verse(_) | Block::Figure(_) | Block::Verbatim(_) => true,
        Block::Quotation(it) => it.content.iter().any(|block| !matches!(block, Block::Paragraph(it) if it.bare)),
        Block::Division(_) | Block::Speech(_) => true,
        Block::Heading(_)
        | Block::Paragraph(_)
        | Block::Formula(_)
        | Block::Line(_)
        | Block::Note(_)
        | Block::Milestone(_)
        | Block::Foreign(_) => false,
    }
}

fn verbatim(it: &Verbatim) -> String {
    let text = it.text.replace("\r\n", "\n").replace('\r', "\n");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let ticks = "`".repeat(longest.max(2) + 1);
    let odd = |c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_' | '+' | '.' | '#');
    let (syntax, rest) = match it.syntax.as_deref() {
        Some(syntax) if syntax.is_empty() || syntax.contains(odd) => ("", Some(syntax)),
        syntax => (syntax.unwrap_or_default(), None),
    };
    let code = format!("{ticks}{syntax}\n{text}\n{ticks}");
    let braces = Braces::default().with("syntax", rest).tag(&it.tag);
    if braces.is_empty() { code } else { fence(&Braces::new("verbatim").and(braces), &code) }
}

//! Inlines into lines: one case for each.

use super::attributes::Braces;
use super::escape::escaped;
use super::line::Line;
use super::run::Run;
use crate::markdown::labels::{page_id, pointed};
use crate::markdown::spaces::is_space;
use crate::markdown::vocabulary::{EDITS, ELEMENT, MATH, NAMES, STYLES, UNBRACKETED, class};
use crate::model::visit::{Visit, walk_block, walk_inline, walk_inlines};
use crate::model::{
    Block, Edit, EditKind, Foreign, Graphic, Inline, Milestone, Name, Reference, Style, Styled, Tag, Target, Term,
    Unit, mathml_local,
};

/// Which printed brackets at the ends of some content its span stands for.
#[derive(Clone, Copy, Default)]
struct Strip {
    first: bool,
    last: bool,
}

impl<'d> Run<'d> {
    pub(super) fn inlines(&mut self, inlines: &'d [Inline], line: &mut Line) {
        self.inlines_without(inlines, Strip::default(), line);
    }

    fn inlines_without(&mut self, inlines: &'d [Inline], strip: Strip, line: &mut Line) {
        for (at, inline) in inlines.iter().enumerate() {
            match inline {
                Inline::Text(text) => {
                    let first = strip.first && at == 0 || is_bracketed(inlines, at.checked_sub(1));
                    let last = strip.last && at + 1 == inlines.len() || is_bracketed(inlines, Some(at + 1));
                    line.text(&text[usize::from(first)..text.len() - usize::from(last)]);
                }
                Inline::Styled(it) => self.styled(it, line),
                Inline::Name(it) => self.name(it, line),
                // What the pass found in the words it finds again when they are read: the words are enough.
                Inline::Date(it) if is_found_by_pass(&it.tag) => self.inlines(&it.content, line),
                Inline::Date(it) => {
                    self.span(Braces::new("date").when(it.when.as_ref()).tag(&it.tag), &it.content, line);
                }
                Inline::Term(it) => self.term(it, line),
                Inline::Reference(it) => self.reference(it, line),
                Inline::Edit(it) => self.edit(it, is_bracketed(inlines, Some(at)), line),
                Inline::Choice(it) => self.span(Braces::new("choice").tag(&it.tag), &it.content, line),
                Inline::Graphic(it) => graphic(it, line),
                Inline::Nested(block) => self.block_in_line(block, line),
                Inline::Note(it) => self.call(it, line),
                Inline::Milestone(it) => self.milestone_in_line(it, is_inside_word(inlines, at), line),
                Inline::Foreign(it) => self.foreign_in_line(it, line),
            }
        }
    }

    /// `[content]{braces}`.
    pub(super) fn span(&mut self, braces: Braces, content: &'d [Inline], line: &mut Line) {
        line.raw("[");
        self.inlines(content, line);
        line.raw(format!("]{}", braces.print()));
    }

    fn styled(&mut self, it: &'d Styled, line: &mut Line) {
        if it.tag == Tag::default() {
            match (it.style, it.content.as_slice()) {
                (Style::Code, [Inline::Text(text)]) if is_simple_code(text) => {
                    return line.raw(format!("`{text}`"));
                }
                (Style::SmallCaps | Style::Underline | Style::Code | Style::Roman | Style::Unspecified, _) => {}
                (style, content) => return line.emphasis(style, |line| self.inlines(content, line)),
            }
        }
        self.span(Braces::new(class(STYLES, it.style)).tag(&it.tag), &it.content, line);
    }

    fn name(&mut self, it: &'d Name, line: &mut Line) {
        let braces = target(Braces::new(class(NAMES, it.kind)), it.target.as_ref(), &it.tag);
        self.span(braces.with("role", it.role.as_deref()).tag(&it.tag), &it.content, line);
    }

    /// A `term`, or as its words are explained somewhere, a `gloss`.
    fn term(&mut self, it: &'d Term, line: &mut Line) {
        let is_gloss = it.tag.is_element("gloss");
        let braces = target(Braces::new(if is_gloss { "gloss" } else { "term" }), it.target.as_ref(), &it.tag);
        let element = it.tag.element.clone().filter(|_| !is_gloss);
        self.span(braces.tag(&Tag { element, ..it.tag.clone() }), &it.content, line);
    }

    /// A link where it says all, else a span. A link in a link is none (CommonMark §6.3), nor one about a
    /// footnote's reference.
    fn reference(&mut self, it: &'d Reference, line: &mut Line) {
        if let ([Target::Here(id)], []) = (it.targets.as_slice(), it.content.as_slice())
            && it.tag == Tag::default()
            && let Some(label) = self.called_before(id)
        {
            return line.raw(format!("[^{label}]"));
        }
        if let [to] = it.targets.as_slice()
            && !self.in_link
            && !calls_note(&it.content)
            && let Some(destination) = destination(&to.to_string())
        {
            line.raw("[");
            self.in_link = true;
            self.inlines(&it.content, line);
            self.in_link = false;
            return line.raw(format!("]({destination}){}", Braces::default().tag(&it.tag).print()));
        }
        let targets = it.targets.iter().map(|target| target.to_string().replace(' ', "%20")).collect::<Vec<_>>();
        let targets = (!targets.is_empty()).then(|| targets.join(" "));
        self.span(Braces::new("ref").with("target", targets.as_deref()).tag(&it.tag), &it.content, line);
    }

    fn edit(&mut self, it: &'d Edit, brackets_outside: bool, line: &mut Line) {
        let braces = Braces::new(class(EDITS, it.kind));
        let strip = match it.kind {
            EditKind::Gap | EditKind::Sic => has_brackets(&it.content),
            _ => false,
        };
        let bracketed = strip || brackets_outside;
        let braces = match it.kind {
            EditKind::Gap | EditKind::Sic | EditKind::Supplied if !bracketed => braces.class(UNBRACKETED),
            _ => braces,
        };
        line.raw("[");
        self.inlines_without(&it.content, Strip { first: strip, last: strip }, line);
        line.raw(format!("]{}", braces.tag(&it.tag).print()));
    }

    /// A line break alone is Markdown's own; all else is a span whose text is for people.
    fn milestone_in_line(&mut self, it: &'d Milestone, inside_word: bool, line: &mut Line) {
        let plain = it.unit == Unit::Line && it.label.is_none() && it.tag == Tag::default() && !it.inside_word;
        if plain && !self.one_line && !line.is_blank() {
            return line.line_break();
        }
        line.raw(self.milestone(it, inside_word, Braces::default()));
    }

    /// `[p. 13]{.pb n="13"}`; `inside_word` is what its neighbours say.
    pub(super) fn milestone(&self, it: &Milestone, inside_word: bool, more: Braces) -> String {
        let (class, before) = match &it.unit {
            Unit::Page if it.tag.attributes.get("type") == Some("facsimile") => ("pb", "facs. p. "),
            Unit::Page => ("pb", "p. "),
            Unit::Column => ("cb", "col. "),
            Unit::Line => ("lb", "l. "),
            Unit::Other(_) => ("milestone", ""),
        };
        let mut braces = Braces::new(class).with("n", it.label.as_deref()).and(more);
        if let Unit::Other(unit) = &it.unit {
            braces = braces.with("unit", Some(unit));
        }
        let word = if it.inside_word { "no" } else { "yes" };
        let inside_word = inside_word && it.unit != Unit::Line;
        braces = braces.with("break", (it.inside_word != inside_word).then_some(word));
        let mut tag = it.tag.clone();
        let id = self.plan.page_ids.then(|| page_id(it)).flatten();
        if id.is_some() && tag.id == id {
            tag.id = None;
        } else if id.is_some() && tag.id.is_none() {
            braces = braces.id("");
        }
        let shown = match &it.label {
            Some(label) => format!("{before}{}", escaped(label, ']')),
            None => String::new(),
        };
        format!("[{shown}]{}", braces.tag(&tag).print())
    }

    fn foreign_in_line(&mut self, it: &'d Foreign<Inline>, line: &mut Line) {
        match it {
            Foreign::Element { tag, content } => self.span(element(tag), content, line),
            // At the beginning of a line it would be a block (CommonMark §4.6).
            Foreign::Comment(text) if line.is_at_start() => line.raw(span_comment(text)),
            Foreign::Comment(text) => line.raw(comment(text)),
            Foreign::Instruction(text) => line.raw(instruction(text)),
        }
    }
}

/// The braces of an element without a name in the model.
pub(super) fn element(tag: &Tag) -> Braces {
    if let Some(local) = mathml_local(tag).filter(|local| super::attributes::is_word(local)) {
        return Braces::new(&format!("{MATH}{local}")).tag(&Tag { element: None, ..tag.clone() });
    }
    match &tag.element {
        Some(name) if name.namespace.is_none() && super::attributes::is_word(&name.local) => {
            let rest = Tag { element: None, ..tag.clone() };
            match name.local.contains(':') {
                true => Braces::new(&name.local).tag(&rest),
                false => Braces::new(&format!("{ELEMENT}{}", name.local)).tag(&rest),
            }
        }
        _ => Braces::new("xml").tag(tag),
    }
}

/// `<!-- … -->` where CommonMark (§6.6) and XML agree on what that is.
pub(super) fn comment(text: &str) -> String {
    let simple =
        !text.is_empty() && !text.contains("--") && !text.contains(['\n', '\r', '|', '>']) && !text.ends_with('-');
    match simple && !text.starts_with("->") {
        true => format!("<!--{text}-->"),
        false => span_comment(text),
    }
}

fn span_comment(text: &str) -> String {
    format!("[]{}", Braces::new("comment").with("text", Some(text)).print())
}

pub(super) fn instruction(text: &str) -> String {
    format!("[]{}", Braces::new("instruction").with("text", Some(text)).print())
}

/// Whom or what it names: `ref` for an id of this document, `href` for all else; nothing where an attribute says it.
fn target(braces: Braces, target: Option<&Target>, tag: &Tag) -> Braces {
    let (here, elsewhere) = match target {
        _ if target == pointed(&tag.attributes).as_ref() => (None, None),
        Some(Target::Here(id)) => (Some(id.as_str()), None),
        Some(Target::Elsewhere(uri)) => (None, Some(uri.as_str())),
        None => (Some(""), None),
    };
    braces.with("ref", here).with("href", elsewhere)
}

fn graphic(it: &Graphic, line: &mut Line) {
    let alt = it.description.as_deref().unwrap_or_default();
    let one_line = alt.split(is_space).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match destination(&it.url) {
        Some(url) if one_line == alt => {
            line.raw(format!("![{}]({url}){}", escaped(alt, '"'), Braces::default().tag(&it.tag).print()));
        }
        _ => {
            let braces = Braces::new("graphic").with("url", Some(&it.url)).with("alt", it.description.as_deref());
            line.raw(format!("[]{}", braces.tag(&it.tag).print()));
        }
    }
}

/// A link's destination, or nothing if it can't be one as it stands.
fn destination(uri: &str) -> Option<String> {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '`' | '|');
    if uri.is_empty() || uri.contains(odd) {
        return None;
    }
    let mut escaped = String::with_capacity(uri.len());
    for c in uri.chars() {
        if matches!(c, '\\' | '<' | '>' | '(' | ')' | '&' | '*' | '[' | ']') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    Some(escaped)
}

fn is_simple_code(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['`', '|'])
        && !text.starts_with(is_space)
        && !text.ends_with(is_space)
        && !text.contains(['\n', '\r', '\t', '\x0b', '\x0c'])
        && !text.contains("  ")
}

/// Whether the inline at `at` is a supplied word in printed brackets, which stand in the text about it.
fn is_bracketed(inlines: &[Inline], at: Option<usize>) -> bool {
    let Some(at) = at else { return false };
    let supplied = matches!(inlines.get(at), Some(Inline::Edit(edit)) if edit.kind == EditKind::Supplied);
    let before = at.checked_sub(1).and_then(|before| inlines.get(before));
    supplied
        && matches!(before, Some(Inline::Text(text)) if text.ends_with('['))
        && matches!(inlines.get(at + 1), Some(Inline::Text(text)) if text.starts_with(']'))
}

/// Whether content begins and ends with a printed bracket.
fn has_brackets(content: &[Inline]) -> bool {
    match content {
        [Inline::Text(text)] => text.len() > 1 && text.starts_with('[') && text.ends_with(']'),
        // A bracket can't be that of a supplied word, too.
        [Inline::Text(first), inner @ .., Inline::Text(last)] => {
            let supplied = |at: Option<&Inline>| matches!(at, Some(Inline::Edit(it)) if it.kind == EditKind::Supplied);
            first.starts_with('[')
                && last.ends_with(']')
                && (first.len() > 1 || !supplied(inner.first()))
                && (last.len() > 1 || !supplied(inner.last()))
        }
        _ => false,
    }
}

/// Whether a note is called within.
fn calls_note(inlines: &[Inline]) -> bool {
    struct Search(bool);
    impl<'a> Visit<'a> for Search {
        fn inline(&mut self, inline: &'a Inline) {
            self.0 |= matches!(inline, Inline::Note(_));
            if !self.0 {
                walk_inline(self, inline);
            }
        }

        fn block(&mut self, block: &'a Block) {
            self.0 |= matches!(block, Block::Note(_));
            if !self.0 {
                walk_block(self, block);
            }
        }
    }
    let mut search = Search(false);
    walk_inlines(&mut search, inlines);
    search.0
}

/// Whether a word runs on across the inline at `at`.
fn is_inside_word(inlines: &[Inline], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| inlines.get(before));
    matches!(before, Some(Inline::Text(text)) if text.ends_with(char::is_alphanumeric))
        && matches!(inlines.get(at + 1), Some(Inline::Text(text)) if text.starts_with(char::is_alphanumeric))
}

/// Whether a date was found by the pass that finds it again.
pub(super) fn is_found_by_pass(tag: &Tag) -> bool {
    tag.id.is_none() && tag.inference.as_ref().is_some_and(|inference| inference.rule.starts_with("date."))
}

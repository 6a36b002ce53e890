//! The text of Markdown, read from a parser's events: CommonMark's own markup is the parser's business; what
//! pandoc's attributes, fences and footnotes add is left out here. It knows neither writer nor reader.

use std::borrow::Cow;
use std::ops::Range;

use foldhash::HashMap;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{Flow, Text, Witness};
use crate::failure::Failure;
use crate::source::{Span, decode};

/// Classes of spans whose words are for people and no part of the text: page breaks and their like.
const SHOWN: &[&str] = &["pagebreak", "pb", "cb", "lb", "milestone"];
/// Classes of spans that stand for a pair of printed brackets, unless they say otherwise.
const BRACKETED: &[&str] = &["gap", "sic", "supplied"];

/// In how many bytes there is one event, about; more than needed costs nothing.
const EVENT: usize = 16;

/// The witness of Markdown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Markdown;

impl Witness for Markdown {
    fn format(&self) -> &'static str {
        "markdown"
    }

    fn flow(&self, bytes: &[u8], _taken: &[Span]) -> Result<Flow, Failure> {
        let decoded = decode(bytes).text;
        let source = crate::markdown::tables::plain(&decoded).text;
        let ruled = rule_fences(&source);
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
        let mut events = Vec::with_capacity(ruled.len() / EVENT);
        events.extend(Parser::new_ext(&ruled, options).into_offset_iter());
        let mut account = Account::new(&source, &events);
        account.walk(0..events.len());
        // What nobody calls is text all the same.
        for (event, _) in &events {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                account.call(label, &(usize::MAX..usize::MAX));
            }
        }
        Ok(account.flow)
    }
}

/// Lines that are fences become thematic breaks of the same length, so that the parser sees a block of its own
/// and all offsets stay.
fn rule_fences(source: &str) -> Cow<'_, str> {
    if memchr::memmem::find(source.as_bytes(), b":::").is_none() {
        return Cow::Borrowed(source);
    }
    let mut ruled = String::with_capacity(source.len());
    for line in source.split_inclusive('\n') {
        let content = line.trim_start_matches([' ', '>']);
        if content.starts_with(":::") {
            let text = content.trim_end_matches(['\r', '\n']);
            ruled.push_str(&line[..line.len() - content.len()]);
            ruled.push_str("***");
            ruled.extend(std::iter::repeat_n(' ', text.len() - 3));
            ruled.push_str(&content[text.len()..]);
        } else {
            ruled.push_str(line);
        }
    }
    Cow::Owned(ruled)
}

/// One reading of the events.
struct Account<'s> {
    source: &'s str,
    events: &'s [(Event<'s>, Range<usize>)],
    /// Footnotes by label: the events of the definition.
    definitions: HashMap<String, Range<usize>>,
    flow: Flow,
    /// Where text goes: nothing for the running text, else the number of a note.
    target: Option<usize>,
    /// For each container, where brackets opened that may yet be those of a span: offsets in the target's text, and how
    /// many notes there were.
    open: Vec<Vec<(usize, usize)>>,
    /// The footnotes that were called: the number of the note, the label, the events of the definition.
    called: Vec<(usize, String, Range<usize>)>,
    /// Attributes end here: events before it are theirs.
    skip: usize,
    /// The end of the text event before.
    last: usize,
    /// For each open fence, the target before it if it is a note's.
    fences: Vec<Option<Option<usize>>>,
    /// For each open container, how many fences were open before it: none of them closes in it, and it closes its own.
    outside: Vec<usize>,
    /// How many headings are open: one, or none.
    headings: usize,
    /// Depth of images and metadata blocks, whose text is none.
    silent: usize,
}

impl<'s> Account<'s> {
    fn new(source: &'s str, events: &'s [(Event<'s>, Range<usize>)]) -> Self {
        let mut definitions = HashMap::default();
        for (at, (event, _)) in events.iter().enumerate() {
            if let Event::Start(Tag::FootnoteDefinition(label)) = event {
                definitions.entry(label.to_lowercase()).or_insert(at + 1..closing(events, at));
            }
        }
        Self {
            source,
            events,
            definitions,
            flow: Flow::with_room(source.len()),
            target: None,
            open: Vec::new(),
            called: Vec::new(),
            skip: 0,
            last: 0,
            fences: Vec::new(),
            outside: Vec::new(),
            headings: 0,
            silent: 0,
        }
    }

    fn text(&mut self) -> &mut Text {
        match self.target {
            Some(at) => &mut self.flow.notes[at],
            None => &mut self.flow.main,
        }
    }

    fn push(&mut self, text: &str) {
        if self.silent == 0 {
            self.text().push(text);
        }
    }

    fn walk(&mut self, events: Range<usize>) {
        let mut at = events.start;
        while at < events.end {
            let all = self.events;
            let (event, range) = &all[at];
            at += 1;
            match event {
                Event::Start(Tag::FootnoteDefinition(_)) => at = closing(all, at - 1) + 1,
                Event::Start(Tag::CodeBlock(kind)) => {
                    let end = closing(all, at - 1);
                    let lines = all[at..end].iter().map(|(_, range)| &self.source[range.clone()]);
                    let code: String = lines.collect();
                    match kind {
                        CodeBlockKind::Fenced(info) if info.trim() == "{=html}" => self.push(&without_tags(&code)),
                        _ => self.push(&code),
                    }
                    at = self.behind(end);
                }
                Event::Start(Tag::HtmlBlock) => {
                    let end = closing(all, at - 1);
                    let lines = all[at..end].iter().map(|(_, range)| &self.source[range.clone()]);
                    self.push(&without_tags(&lines.collect::<String>()));
                    at = self.behind(end);
                }
                Event::Start(tag) => {
                    self.last = range.start;
                    self.open.push(Vec::new());
                    self.outside.push(self.fences.len());
                    self.silent += usize::from(is_silent(&tag.to_end()));
                    self.headings += usize::from(matches!(tag, Tag::Heading { .. }));
                }
                Event::End(tag) => {
                    self.close_line();
                    let outside = self.outside.pop().unwrap_or_default();
                    while self.fences.len() > outside {
                        self.close_fence();
                    }
                    self.silent -= usize::from(is_silent(tag));
                    self.headings -= usize::from(matches!(tag, TagEnd::Heading(_)));
                    if matches!(tag, TagEnd::Image | TagEnd::Link) {
                        self.attributes(range.end);
                    }
                }
                Event::SoftBreak | Event::HardBreak | Event::TaskListMarker(_) => {}
                Event::Text(text) => self.read(text, range.clone()),
                Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) if range.start < self.skip => {}
                Event::Code(html) if self.source[range.end..].starts_with("{=html}") => {
                    self.push(&without_tags(html));
                    self.skip = range.end + "{=html}".len();
                }
                Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.push(text),
                Event::Html(html) => self.push(&without_tags(html)),
                // A tag or a comment, whole.
                Event::InlineHtml(_) => {}
                Event::FootnoteReference(label) => self.call(label, range),
                Event::Rule => self.fence(range.start),
            }
            if !matches!(event, Event::Start(_)) {
                self.last = range.end;
            }
        }
    }

    /// The event behind a closing one that is passed over.
    fn behind(&mut self, closing: usize) -> usize {
        self.last = self.events.get(closing).map_or(self.last, |(_, range)| range.end);
        closing + 1
    }

    /// A footnote: its text is a note of its own, the first time that it is called.
    fn call(&mut self, label: &str, range: &Range<usize>) {
        if range.start < self.skip {
            return;
        }
        let label = label.to_lowercase();
        let Some(definition) = self.definitions.remove(&label) else { return };
        self.called.push((self.flow.notes.len(), label, definition.clone()));
        let outer = self.target.replace(self.flow.notes.len());
        self.flow.notes.push(Text::default());
        let (open, skip, silent) = (std::mem::take(&mut self.open), self.skip, self.silent);
        let (fences, headings) = (std::mem::take(&mut self.fences), std::mem::take(&mut self.headings));
        let outside = std::mem::take(&mut self.outside);
        (self.skip, self.silent) = (0, 0);
        self.walk(definition);
        (self.open, self.skip, self.silent) = (open, skip, silent);
        (self.fences, self.headings, self.outside) = (fences, headings, outside);
        self.target = outer;
    }

    fn fence(&mut self, start: usize) {
        let line = self.source[start..].lines().next().unwrap_or_default();
        let Some(rest) = line.strip_prefix(":::") else { return };
        let rest = rest.trim_start_matches(':').trim();
        if rest.is_empty() {
            if self.fences.len() > self.outside.last().copied().unwrap_or_default() {
                self.close_fence();
            }
            return;
        }
        // A word alone is a class.
        let is_note = match braces(rest) {
            Some((classes, _)) => classes.first() == Some(&"note"),
            None => rest.split(' ').next() == Some("note"),
        };
        self.fences.push(is_note.then_some(self.target));
        if is_note {
            self.target = Some(self.flow.notes.len());
            self.flow.notes.push(Text::default());
        }
    }

    fn close_fence(&mut self) {
        if let Some(Some(outer)) = self.fences.pop() {
            self.target = outer;
        }
    }

    /// Text, in which a bracket that isn't escaped may be that of a span, and a brace that of attributes.
    fn read(&mut self, text: &str, range: Range<usize>) {
        if range.end <= self.skip || self.silent > 0 {
            return;
        }
        let start = range.start.max(self.skip);
        let raw = &self.source[start..range.end];
        if self.source[range.clone()] != *text {
            return self.push(text);
        }
        let marks = raw.as_bytes();
        if memchr::memchr3(b'[', b']', b'{', marks).is_none() && memchr::memchr2(b'^', b'~', marks).is_none() {
            return self.push(raw);
        }
        let escaped =
            start > 0 && self.source.as_bytes()[start - 1] == b'\\' && self.last < start && start == range.start;
        let mut from = 0;
        let first = if escaped { raw.chars().next().map_or(0, char::len_utf8) } else { 0 };
        let mut next = first;
        while let Some(offset) = raw.as_bytes()[next..].iter().position(|byte| b"[]^~{".contains(byte)) {
            let at = next + offset;
            next = at + 1;
            if start + at < self.skip {
                continue;
            }
            let c = char::from(raw.as_bytes()[at]);
            if self.skip > start + from {
                from = (self.skip - start).min(raw.len());
            }
            match c {
                '[' => {
                    self.push(&raw[from..at]);
                    let opened = (self.text().end(), self.flow.notes.len());
                    self.open.last_mut().into_iter().for_each(|open| open.push(opened));
                    from = at + 1;
                }
                ']' => {
                    self.push(&raw[from..at]);
                    self.span(start + at + 1);
                    from = at + 1;
                }
                '^' | '~' => {
                    let inner =
                        self.source[start + at + 1..].split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
                    let end = start + at + 1 + inner.len();
                    let rest = &self.source[end..];
                    let alone = !self.source[..start + at].ends_with(c)
                        && !rest.strip_prefix(c).is_some_and(|rest| rest.starts_with(c));
                    if !inner.is_empty() && rest.starts_with(c) && alone {
                        self.push(&raw[from..at]);
                        self.push(inner);
                        self.skip = end + 1;
                        from = at;
                    }
                }
                '{' if ends_line(self.source, start + at) => {
                    let before = self.source[..start + at].chars().next_back();
                    if before.is_none_or(|c| c == ' ') && self.headings > 0 {
                        self.push(&raw[from..at]);
                        from = at;
                        self.attributes(start + at);
                    }
                }
                _ => {}
            }
        }
        if self.skip > start + from {
            from = (self.skip - start).min(raw.len());
        }
        self.push(&raw[from..]);
    }

    /// A closing bracket, behind which attributes stand or not.
    fn span(&mut self, end: usize) {
        let Some((open, notes)) = self.open.last_mut().and_then(Vec::pop) else { return self.push("]") };
        let open = open.min(self.text().end());
        match self.attributes(end) {
            Some(classes) if classes.first().is_some_and(|class| SHOWN.contains(class)) => {
                self.text().truncate(open);
                self.uncall(notes);
            }
            Some(classes) => {
                let bracketed = classes.first().is_some_and(|class| BRACKETED.contains(class));
                if bracketed && !classes.contains(&"unbracketed") {
                    self.text().insert(open, '[');
                    self.push("]");
                }
            }
            None => {
                self.text().insert(open, '[');
                self.push("]");
            }
        }
    }

    /// Takes back the notes behind the first few: what called them is no text.
    fn uncall(&mut self, notes: usize) {
        self.flow.notes.truncate(notes);
        while let Some((_, label, definition)) = self.called.pop_if(|(note, ..)| *note >= notes) {
            self.definitions.insert(label, definition);
        }
    }

    /// Skips attributes at an offset, if there are any, and returns their classes.
    fn attributes(&mut self, at: usize) -> Option<Vec<&'s str>> {
        let (classes, length) = braces(&self.source[at..])?;
        self.skip = at + length;
        Some(classes)
    }

    /// Brackets that never closed are text.
    fn close_line(&mut self) {
        for (at, _) in self.open.pop().unwrap_or_default().into_iter().rev() {
            let at = at.min(self.text().end());
            self.text().insert(at, '[');
        }
    }
}

/// Whether the words within are no text: an image's description, the front matter.
fn is_silent(tag: &TagEnd) -> bool {
    matches!(tag, TagEnd::Image | TagEnd::MetadataBlock(_))
}

/// The number of the event that ends what event `at` starts.
fn closing(events: &[(Event<'_>, Range<usize>)], at: usize) -> usize {
    let mut depth = 0_usize;
    for (offset, (event, _)) in events[at..].iter().enumerate() {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + offset;
        }
    }
    events.len()
}

/// Whether nothing but attributes stands between an offset and the end of its line.
fn ends_line(source: &str, at: usize) -> bool {
    let line = source[at..].lines().next().unwrap_or_default();
    braces(line).is_some_and(|(_, length)| line[length..].trim().is_empty())
}

/// Attributes that open a text: their classes, and their length in bytes. Between two of them a line may end, but
/// no blank line may stand; within one no line ends.
fn braces(text: &str) -> Option<(Vec<&str>, usize)> {
    let bytes = text.as_bytes();
    let mut classes = Vec::new();
    let mut at = usize::from(bytes.first() == Some(&b'{'));
    if at == 0 {
        return None;
    }
    loop {
        let begin = at;
        at += bytes[at..].iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        if bytes[begin..at].iter().filter(|byte| **byte == b'\n').count() > 1 {
            return None;
        }
        if bytes.get(at) == Some(&b'}') {
            return Some((classes, at + 1));
        }
        let length = text[at..].find(|c: char| c.is_whitespace() || "}=\"{[".contains(c))?;
        let word = &text[at..at + length];
        at += length;
        if bytes[at] == b'=' {
            let length = value(&text[at + 1..])?;
            let value = &text[at + 1..at + 1 + length];
            at += 1 + length;
            match word {
                "" => return None,
                "class" => classes.extend(value.trim_matches('"').split_whitespace()),
                _ => {}
            }
            continue;
        }
        match (word.chars().next(), word.len()) {
            (Some('.'), 2..) => classes.push(&word[1..]),
            (Some('#'), 2..) | (Some('-'), 1) => {}
            _ => return None,
        }
    }
}

/// The length of a value that opens a text: to the quote that closes it, else to a space or a brace.
fn value(text: &str) -> Option<usize> {
    if !text.starts_with('"') {
        return text.find(|c: char| c.is_whitespace() || c == '}');
    }
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// HTML without tags and comments.
fn without_tags(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        let end = if rest[at..].starts_with("<!--") { "-->" } else { ">" };
        match rest[at..].find(end) {
            Some(length) => rest = &rest[at + length + end.len()..],
            // What is never closed is no tag.
            None => {
                rest = &rest[at..];
                break;
            }
        }
    }
    text.push_str(rest);
    text
}

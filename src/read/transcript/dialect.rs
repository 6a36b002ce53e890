//! How this text marks what is no text: what a profile says, and for the rest what the text itself shows.

use std::ops::Range;

use compact_str::CompactString;

use super::apparatus::canonical_label;
use super::lines::Line;
use super::profile::{At, Pattern, Profile};

/// How a text is written, all questions answered.
#[derive(Clone, Debug)]
pub(super) struct Dialect {
    /// How markers are written where they are set off; empty where they are bare numbers.
    pub markers: Vec<Pattern>,
    /// How notes begin; empty for numbers with a stop, indented.
    pub labels: Vec<Pattern>,
    /// True if a profile says how notes begin.
    pub labels_said: bool,
    /// Where notes stand; none where the text must show it.
    pub at: Option<At>,
    /// How page breaks are written.
    pub pages: Vec<Pattern>,
    /// The width of lines, where paragraphs are broken into lines.
    pub width: Option<usize>,
    /// What parts a word at a line's end.
    pub hyphens: Vec<char>,
    /// True if page tokens stand between the lines of a paragraph, as they do in texts that follow a page's lines.
    pub sheets: bool,
}

impl Default for Dialect {
    /// The usual: bare numbers, a list at the end, `[Page 12]`, a paragraph on each line.
    fn default() -> Self {
        Self {
            markers: Vec::new(),
            labels: Vec::new(),
            labels_said: false,
            at: None,
            pages: vec![around("[Page ", "]")],
            width: None,
            hyphens: vec!['-', '\u{ad}', '¬'],
            sheets: false,
        }
    }
}

impl Dialect {
    /// What of it is not the usual, in words; none if all is.
    pub(super) fn unusual(&self) -> Option<String> {
        let mut said = Vec::new();
        let shown = |pattern: &Pattern| match pattern {
            Pattern::Raised => "¹".to_owned(),
            Pattern::Around(before, after) => format!("{before}1{after}"),
        };
        said.extend(self.markers.iter().map(|pattern| format!("notes are called as `{}`", shown(pattern))));
        said.extend(self.pages.iter().skip(1).map(|pattern| format!("pages begin at `{}`", shown(pattern))));
        said.extend(self.width.map(|width| format!("lines are broken at {width} characters")));
        (!said.is_empty()).then(|| said.join(", "))
    }
}

pub(super) fn around(before: &str, after: &str) -> Pattern {
    Pattern::Around(before.to_owned(), after.to_owned())
}

/// True for a bare number.
fn is_bare(pattern: &Pattern) -> bool {
    *pattern == around("", "")
}

/// Answers all questions about a text.
pub(super) fn dialect(profile: &Profile, text: &str, lines: &[Line]) -> Dialect {
    let mut found = Dialect::default();
    found.pages = match &profile.pages.breaks {
        Some(said) => said.clone(),
        None => page_breaks(text),
    };
    found.at = profile.notes.at;
    found.sheets = found.at == Some(At::Page) || text.contains('\u{c}') || found.pages.len() > 1;
    found.width = match profile.lines.wrapped {
        Some(false) => None,
        Some(true) => Some(lines.iter().map(|line| width(text, line)).max().unwrap_or(0)),
        None => wrapped(text, lines),
    };
    if let Some(said) = &profile.lines.hyphens {
        found.hyphens.clone_from(said);
    }
    match &profile.notes.labels {
        Some(said) => (found.labels, found.labels_said) = (said.clone(), true),
        None if profile.notes.markers.is_some() => {}
        None => found.labels = labels(text, lines),
    }
    found.markers = match &profile.notes.markers {
        Some(said) => said.iter().filter(|pattern| !is_bare(pattern)).cloned().collect(),
        None => markers(text, lines, &found.labels),
    };
    found
}

/// `[Page N]` always; of the others what the text has.
fn page_breaks(text: &str) -> Vec<Pattern> {
    let mut breaks = vec![around("[Page ", "]")];
    let bytes = text.as_bytes();
    if memchr::memmem::find(bytes, b"[Page ").is_some() {
        return breaks;
    }
    let digits = |from: usize, close: u8| {
        let run = bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (1..=4).contains(&run) && bytes.get(from + run) == Some(&close)
    };
    for (before, after) in [("[p. ", b']'), ("[pg. ", b']'), ("[p.", b']'), ("{", b'}'), ("|", b'|')] {
        if memchr::memmem::find_iter(bytes, before.as_bytes()).any(|at| digits(at + before.len(), after)) {
            breaks.push(around(before, char::from(after).to_string().as_str()));
            break;
        }
    }
    breaks
}

/// How many characters a line has, with its indent.
fn width(text: &str, line: &Line) -> usize {
    line.indent + text[line.at.clone()].chars().count()
}

/// The width to which paragraphs are broken, if they are: nearly all lines that are not the last of their chunk would
/// not have taken the next one's first word.
fn wrapped(text: &str, lines: &[Line]) -> Option<usize> {
    const WIDEST: usize = 130;
    if lines.iter().any(|line| line.at.len() > 4 * WIDEST) {
        return None;
    }
    let widest = lines.iter().map(|line| width(text, line)).max().filter(|width| (30..=WIDEST).contains(width))?;
    let (mut inner, mut full) = (0, 0);
    for pair in lines.windows(2).filter(|pair| !pair[1].gap) {
        inner += 1;
        full += usize::from(is_full(text, &pair[0], &pair[1], widest));
    }
    (full >= 4 && full * 10 >= inner * 6).then_some(widest)
}

/// True if a line would not have taken the first word of the next.
pub(super) fn is_full(text: &str, line: &Line, next: &Line, widest: usize) -> bool {
    let word = text[next.at.clone()].split_whitespace().next().unwrap_or_default().chars().count();
    width(text, line) + 1 + word > widest && width(text, line) * 2 > widest
}

/// Ways of setting off a marker, and of beginning a note.
fn styles() -> [Pattern; 4] {
    [Pattern::Raised, around("[", "]"), around("^", ""), around("(", ")")]
}

/// How notes begin, if no line begins one in the usual way: as all of some lines do whose numbers are called in the
/// text, set off in the same way.
fn labels(text: &str, lines: &[Line]) -> Vec<Pattern> {
    if lines.iter().any(|line| canonical_label(text, line).is_some()) {
        return Vec::new();
    }
    let style = styles().into_iter().find(|style| {
        let begins = |line: &Line| Some(label(style, &text[line.at.clone()])?.0);
        let all: Vec<CompactString> = lines.iter().filter_map(begins).collect();
        // The text may number its own paragraphs in the same way: then those at the end count.
        let from = lines.iter().rposition(|line| line.gap).unwrap_or(0);
        let last: Vec<CompactString> = lines[from..].iter().filter_map(begins).collect();
        [all, last].iter().any(|listed| !listed.is_empty() && are_called(text, style, listed))
    });
    style.into_iter().collect()
}

/// How markers are written, if not as bare numbers: set off, with a marker for nearly each note.
fn markers(text: &str, lines: &[Line], labels: &[Pattern]) -> Vec<Pattern> {
    if !labels.is_empty() {
        return labels.to_vec();
    }
    let listed: Vec<CompactString> = lines
        .iter()
        .filter_map(|line| canonical_label(text, line))
        .map(|(label, _)| label)
        .filter(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
        .collect();
    if listed.is_empty() {
        return Vec::new();
    }
    let style = styles().into_iter().find(|style| {
        // Round brackets number much else: there must be exactly one for each note.
        let certain = *style != around("(", ")") || listed.len() > 1 && called(text, style).eq(listed.iter().cloned());
        certain && are_called(text, style, &listed)
    });
    style.into_iter().collect()
}

/// True if numbers stand glued to the text, set off in a way, in the order in which they are listed: nine in ten.
fn are_called(text: &str, style: &Pattern, listed: &[CompactString]) -> bool {
    let called: Vec<CompactString> = called(text, style).collect();
    let mut at = 0;
    let mut right = 0;
    for label in listed {
        // Other things may be written in the same way: a year, an editor's word.
        if let Some(found) = called[at..].iter().take(40).position(|called| called == label) {
            at += found + 1;
            right += 1;
        }
    }
    right > 0 && right * 10 >= listed.len() * 9
}

/// The numbers that are set off in a way and glued to what stands before.
fn called<'t>(text: &'t str, style: &'t Pattern) -> impl Iterator<Item = CompactString> + 't {
    // A search for bytes passes over what can't begin a marker: the first byte of its brackets, or the two with
    // which raised figures begin.
    let (first, other) = match style {
        Pattern::Raised => (0xc2, 0xe2),
        Pattern::Around(before, _) => before.bytes().next().map_or((0xc2, 0xe2), |byte| (byte, byte)),
    };
    memchr::memchr2_iter(first, other, text.as_bytes()).filter_map(move |at| {
        let (said, _) = label(style, text.get(at..)?)?;
        let before = text[..at].chars().next_back()?;
        (!before.is_whitespace() && !is_raised(before)).then_some(said)
    })
}

/// The number with which a text begins if it is written in this way, and how many bytes it takes.
pub(super) fn label(style: &Pattern, text: &str) -> Option<(CompactString, usize)> {
    match style {
        Pattern::Raised => {
            let raised = &text[..text.find(|c| !is_raised(c)).unwrap_or(text.len())];
            // A run that is longer is no number, however long it is.
            let number: CompactString = raised.chars().take(5).filter_map(lowered).collect();
            (!number.is_empty() && number.len() <= 4).then_some((number, raised.len()))
        }
        Pattern::Around(before, after) => {
            let rest = text.strip_prefix(before.as_str())?;
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let symbols = rest.bytes().take_while(|&byte| byte == b'*').count().min(4);
            let symbols = if symbols == 0 {
                rest.chars().take_while(|&c| matches!(c, '†' | '‡' | '§')).map(char::len_utf8).sum()
            } else {
                symbols
            };
            let length = if (1..=4).contains(&digits) { digits } else { symbols };
            (length > 0 && rest[length..].starts_with(after.as_str()))
                .then(|| (CompactString::from(&rest[..length]), before.len() + length + after.len()))
        }
    }
}

/// True for a raised figure.
pub(super) fn is_raised(c: char) -> bool {
    matches!(c, '⁰' | '¹' | '²' | '³' | '⁴'..='⁹')
}

fn lowered(c: char) -> Option<char> {
    let value = match c {
        '⁰' => 0,
        '¹' => 1,
        '²' => 2,
        '³' => 3,
        '⁴'..='⁹' => c as u32 - 0x2070,
        _ => return None,
    };
    char::from_digit(value, 10)
}

/// The markers in a line, set off as the dialect says: their bytes and what they say.
pub(super) fn marked(dialect: &Dialect, text: &str, line: &Range<usize>) -> Vec<(Range<usize>, CompactString)> {
    let body = &text[line.clone()];
    let mut found = Vec::new();
    let mut next = 0;
    for (at, _) in body.char_indices() {
        if at < next {
            continue;
        }
        if let Some((said, length)) = dialect.markers.iter().find_map(|style| label(style, &body[at..])) {
            next = at + length;
            found.push((line.start + at..line.start + next, said));
        }
    }
    found
}

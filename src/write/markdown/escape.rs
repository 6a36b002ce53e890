//! Text that stays text: which characters CommonMark, pandoc's attributes or footnotes would read as markup
//! at a given place, and so get a backslash.

/// Where a run of text begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// At the beginning of a line of a paragraph.
    LineStart,
    /// Behind this character of the output.
    Behind(char),
}

/// Escapes `text`. `at` is where it stands; `next` is the first character of what follows it, if anything
/// follows in the same line.
pub(super) fn escape(text: &str, at: At, next: Option<char>, to: &mut String) {
    let mut before = match at {
        At::LineStart => None,
        At::Behind(c) => Some(c),
    };
    let start = if at == At::LineStart { line_start(text) } else { None };
    let mut characters = text.char_indices().peekable();
    while let Some((offset, c)) = characters.next() {
        let after = characters.peek().map(|&(_, c)| c).or(next);
        let rest = &text[offset + c.len_utf8()..];
        // Behind a footnote's reference or a span they would make it a definition or a link.
        let binds = offset == 0 && before == Some(']') && matches!(c, '(' | ':');
        if start == Some(offset) || binds || is_markup(c, before, after, rest) {
            to.push('\\');
        }
        match c {
            '\n' => to.push_str("&#10;"),
            '\t' => to.push_str("&#9;"),
            '\r' => to.push_str("&#13;"),
            _ => to.push(c),
        }
        before = Some(c);
    }
}

/// The text of an attribute's value, between double quotes.
pub(super) fn escaped(value: &str, quote: char) -> String {
    let mut to = String::with_capacity(value.len());
    for (at, part) in value.split('"').enumerate() {
        if at > 0 {
            to.push_str("\\\"");
        }
        escape(part, At::Behind(quote), Some(quote), &mut to);
    }
    to
}

fn is_markup(c: char, before: Option<char>, after: Option<char>, rest: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '{' | '^' | '~' | '|' => true,
        '_' => !(in_word(before) && in_word(after)),
        '<' => after.is_none_or(|c| c.is_ascii_alphabetic() || !c.is_alphanumeric() && !c.is_whitespace()),
        '&' => may_be_entity(rest, after),
        '!' => rest.is_empty() && after == Some('['),
        _ => false,
    }
}

/// `&name;`, `&#1;`, or text that ends before it can be known.
fn may_be_entity(rest: &str, after: Option<char>) -> bool {
    let name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    match name.chars().next() {
        Some(c) => c == ';' && name.len() < rest.len(),
        None => !rest.is_empty() || after.is_some_and(|c| c.is_ascii_alphanumeric() || c == '#' || c == '\\'),
    }
}

/// The offset of the character that would make a block of a line, if there is one.
fn line_start(text: &str) -> Option<usize> {
    let ends = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    match text.chars().next()? {
        '#' => ends(text.trim_start_matches('#')).then_some(0),
        '>' | '=' => Some(0),
        '-' => (ends(&text[1..]) || text.starts_with("--") || text.starts_with("-:") || text.starts_with("-|"))
            .then_some(0),
        '+' => ends(&text[1..]).then_some(0),
        ':' => Some(0),
        '0'..='9' => {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let rest = &text[digits..];
            (rest.starts_with(['.', ')']) && ends(&rest[1..])).then_some(digits)
        }
        _ => None,
    }
}

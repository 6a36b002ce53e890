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
    let (ahead, always) = match at {
        At::LineStart => (None, line_start(text)),
        // Behind a footnote's reference or a span they would make it a definition or a link.
        At::Behind(c) => (Some(c), (c == ']' && text.starts_with(['(', ':'])).then_some(0)),
    };
    let (mut copied, mut seen) = (0, 0);
    loop {
        let special = text.as_bytes()[seen..].iter().position(|&byte| SPECIAL[byte as usize]).map(|found| seen + found);
        let forced = always.filter(|&offset| offset >= seen);
        let Some(offset) = special.into_iter().chain(forced).min() else { break };
        // All that is looked at is ASCII.
        let (c, rest) = (char::from(text.as_bytes()[offset]), &text[offset + 1..]);
        let before = text[..offset].chars().next_back().or(ahead);
        to.push_str(&text[copied..offset]);
        if forced == Some(offset) || is_markup(c, before, rest.chars().next().or(next), rest) {
            to.push('\\');
        }
        match c {
            '\n' => to.push_str("&#10;"),
            '\t' => to.push_str("&#9;"),
            '\r' => to.push_str("&#13;"),
            _ => to.push(c),
        }
        seen = offset + 1;
        copied = seen;
    }
    to.push_str(&text[copied..]);
}

/// The bytes that are looked at one by one; all others are copied as they are.
static SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let all = b"\\`*[]{^~|_<&!\n\t\r";
    let mut at = 0;
    while at < all.len() {
        table[all[at] as usize] = true;
        at += 1;
    }
    table
};

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

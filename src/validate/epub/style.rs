//! Style sheets, as far as EPUB speaks of them (EPUB 3.3, section 6.3): that they can be parsed, what they refer
//! to, and the properties they must not set. A tokenizer of CSS 2.1 and its grammar of blocks, not of values.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use super::content::Kind;
use super::desk::{Desk, Page};
use super::rule;
use super::token::{Scanner, Token};
use crate::source::Span;

/// An address in a style sheet.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: Kind,
    pub(super) url: String,
    pub(super) span: Span,
}

/// Reads style sheets and tells their faults.
pub(super) struct Styles<'s, 'd, 'l> {
    page: &'s Page<'s>,
    /// Where the style sheet begins in its file, if it is part of one as it stands.
    base: Option<usize>,
    /// Where the file's element stands that holds the style sheet, if not.
    around: Span,
    /// True in an EPUB 2, which forbids no property.
    old: bool,
    desk: &'d mut Desk<'l>,
    found: Vec<Found>,
}

/// What follows a piece of a rule.
enum End {
    /// The end of the text.
    Text,
    Semicolon,
    Open,
    Close,
}

impl<'s, 'd, 'l> Styles<'s, 'd, 'l> {
    pub(super) fn new(
        page: &'s Page<'s>,
        base: Option<usize>,
        around: Span,
        old: bool,
        desk: &'d mut Desk<'l>,
    ) -> Self {
        Self { page, base, around, old, desk, found: Vec::new() }
    }

    fn span(&self, at: usize) -> Span {
        self.base.map_or(self.around, |base| Span::new(base + at, base + at + 1))
    }

    fn broken(&mut self, at: usize, message: impl Into<Cow<'static, str>>) {
        let span = self.span(at);
        self.desk.tell(&rule::CSS_SYNTAX, self.page, span, format!("style sheet: {}", message.into()));
    }

    /// Reads a whole style sheet, and returns the addresses in it.
    pub(super) fn sheet(mut self, text: &str) -> Vec<Found> {
        let mut scanner = Scanner { text, at: 0 };
        self.rules(&mut scanner, 0);
        self.found
    }

    /// Reads the value of a `style` attribute, and returns the addresses in it.
    pub(super) fn attribute(mut self, text: &str) -> Vec<Found> {
        let mut scanner = Scanner { text, at: 0 };
        self.declarations(&mut scanner, None, false);
        self.found
    }

    /// Rules up to the end of the text, or of the block around them.
    fn rules(&mut self, scanner: &mut Scanner<'_>, depth: usize) {
        if depth > 32 {
            self.broken(scanner.at, "blocks stand too deep in blocks");
            scanner.at = scanner.text.len();
        }
        loop {
            let start = scanner.at;
            match scanner.next() {
                None if depth == 0 => return,
                None => return self.broken(start, "a `}` is missing at the end"),
                Some((Token::Space | Token::Comment, _)) => {}
                Some((Token::Sign('}'), _)) if depth > 0 => return,
                Some((Token::Broken(why), at)) => self.broken(at, why),
                Some((Token::At(name), at)) => self.at_rule(name, at, scanner, depth),
                Some((Token::Sign(sign @ ('}' | ';' | '{' | ')' | ']')), at)) => {
                    self.broken(at, format!("`{sign}` may not stand here"));
                    if sign == '{' {
                        self.declarations(scanner, Some(at), false);
                    }
                }
                Some(_) => {
                    scanner.at = start;
                    self.selector(scanner);
                }
            }
        }
    }

    /// A selector and its block.
    fn selector(&mut self, scanner: &mut Scanner<'_>) {
        let start = scanner.at;
        // What a selector must not end with, or have twice: a comma, a combinator.
        let mut open = true;
        loop {
            let Some((token, at)) = scanner.next() else {
                return self.broken(start, "a selector has no block");
            };
            match token {
                Token::Space | Token::Comment => {}
                Token::Sign('{') => {
                    if open {
                        self.broken(at, "a selector is not complete");
                    }
                    return self.declarations(scanner, Some(at), false);
                }
                Token::Sign('}' | ';') => return self.broken(at, "a selector has no block"),
                Token::Sign(',' | '>' | '+' | '~') => {
                    if open {
                        self.broken(at, "a selector is missing before this");
                        return self.skip_rule(scanner);
                    }
                    open = true;
                }
                Token::Sign('[') => {
                    self.condition(scanner, at);
                    open = false;
                }
                Token::Sign('.') => {
                    open = false;
                    if !matches!(scanner.next(), Some((Token::Name(_), _))) {
                        self.broken(at, "`.` must be followed by the name of a class");
                        return self.skip_rule(scanner);
                    }
                }
                Token::Function(_) => {
                    self.arguments(scanner, at);
                    open = false;
                }
                Token::Name(_) | Token::Hash | Token::Sign('*' | '&' | '|' | ':') => open = false,
                Token::Number if !open || self.within_frames(scanner, at) => open = false,
                Token::Broken(why) => self.broken(at, why),
                _ => {
                    self.broken(at, "this may not stand in a selector");
                    return self.skip_rule(scanner);
                }
            }
        }
    }

    /// True for `50%`, a selector within `@keyframes`.
    fn within_frames(&self, scanner: &Scanner<'_>, at: usize) -> bool {
        scanner.text[at..scanner.at].ends_with('%')
    }

    /// Passes over what is left of a rule, its block included.
    fn skip_rule(&mut self, scanner: &mut Scanner<'_>) {
        let mut depth = 0usize;
        while let Some((token, _)) = scanner.next() {
            match token {
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth <= 1 => return,
                Token::Sign('}') => depth -= 1,
                _ => {}
            }
        }
    }

    /// `[name="value"]`, behind the bracket.
    fn condition(&mut self, scanner: &mut Scanner<'_>, start: usize) {
        let mut equal = false;
        while let Some((token, at)) = scanner.next() {
            match token {
                Token::Sign(']') if equal => return self.broken(at, "a value is missing before `]`"),
                Token::Sign(']') => return,
                Token::Sign('=') => equal = true,
                Token::Sign('{' | '}' | ';') => {
                    scanner.at = at;
                    return self.broken(start, "`[` is not closed");
                }
                Token::Space => {}
                _ => equal = false,
            }
        }
    }

    /// What stands between round brackets.
    fn arguments(&mut self, scanner: &mut Scanner<'_>, start: usize) {
        let mut depth = 1;
        while let Some((token, at)) = scanner.next() {
            match token {
                Token::Function(_) | Token::Sign('(') => depth += 1,
                Token::Sign(')') => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                Token::Sign('{' | '}') => {
                    scanner.at = at;
                    return self.broken(start, "a bracket is not closed");
                }
                Token::Url(url) => self.address(Kind::Image, url, at),
                Token::Broken(why) => self.broken(at, why),
                _ => {}
            }
        }
        self.broken(start, "a bracket is not closed");
    }

    fn at_rule(&mut self, name: &str, start: usize, scanner: &mut Scanner<'_>, depth: usize) {
        let lower = name.to_ascii_lowercase();
        let import = lower == "import";
        let mut address = None;
        let end = loop {
            let Some((token, at)) = scanner.next() else { break End::Text };
            match token {
                Token::Sign(';') => break End::Semicolon,
                Token::Sign('{') => break End::Open,
                Token::Sign('}') => break End::Close,
                Token::Text(url) | Token::Url(url) if import && address.is_none() => address = Some((url, at)),
                Token::Function(_) | Token::Sign('(') => self.arguments(scanner, at),
                Token::Broken(why) => self.broken(at, why),
                _ => {}
            }
        };
        if let Some((url, at)) = address {
            self.address(Kind::Style, url, at);
        }
        match end {
            End::Text => self.broken(start, format!("`@{name}` is not closed by `;` or a block")),
            End::Semicolon => {}
            End::Close => self.broken(start, format!("`@{name}` has no block")),
            End::Open => match lower.as_str() {
                "top-left-corner"
                | "top-left"
                | "top-center"
                | "top-right"
                | "top-right-corner"
                | "bottom-left-corner"
                | "bottom-left"
                | "bottom-center"
                | "bottom-right"
                | "bottom-right-corner"
                | "left-top"
                | "left-middle"
                | "left-bottom"
                | "right-top"
                | "right-middle"
                | "right-bottom"
                | "font-face"
                | "page"
                | "viewport"
                | "counter-style"
                | "property" => {
                    self.declarations(scanner, Some(start), lower == "font-face");
                }
                _ => self.rules(scanner, depth + 1),
            },
        }
    }

    /// Declarations up to the end of their block.
    fn declarations(&mut self, scanner: &mut Scanner<'_>, open: Option<usize>, font: bool) {
        let mut count = 0;
        loop {
            let Some((token, at)) = scanner.next() else {
                if let Some(open) = open {
                    self.broken(open, "a `}` is missing at the end");
                }
                return;
            };
            match token {
                Token::Space | Token::Comment => {}
                Token::Sign('}') if open.is_some() => break,
                Token::Name(name) => {
                    count += 1;
                    if !self.declaration(name, at, scanner, open.is_some(), font) {
                        break;
                    }
                }
                Token::At(name) => self.at_rule(name, at, scanner, 1),
                Token::Broken(why) => self.broken(at, why),
                _ => {
                    self.broken(at, "a property's name is expected here");
                    if !self.skip_declaration(scanner) {
                        break;
                    }
                }
            }
        }
        if font && count == 0 {
            let span = self.span(open.unwrap_or_default());
            self.desk.tell(&rule::CSS_FONT, self.page, span, "`@font-face` is empty");
        }
    }

    /// Passes to the next declaration; false at the end of the block.
    fn skip_declaration(&mut self, scanner: &mut Scanner<'_>) -> bool {
        let mut depth = 0usize;
        while let Some((token, _)) = scanner.next() {
            match token {
                Token::Sign(';') if depth == 0 => return true,
                Token::Sign('{') => depth += 1,
                Token::Sign('}') if depth == 0 => return false,
                Token::Sign('}') => depth -= 1,
                _ => {}
            }
        }
        false
    }

    /// One declaration, behind its property's name; false at the end of the block.
    fn declaration(&mut self, name: &str, start: usize, scanner: &mut Scanner<'_>, block: bool, font: bool) -> bool {
        let lower = name.to_ascii_lowercase();
        let custom = lower.starts_with("--");
        if !self.old && matches!(lower.as_str(), "direction" | "unicode-bidi") {
            let span = self.span(start);
            let message = format!("`{lower}` may not be set in a style sheet: use `dir`, `bdi` and `bdo`");
            self.desk.tell(&rule::CSS_PROPERTY, self.page, span, message);
        }
        let (mut colon, mut value, mut fixed) = (false, false, false);
        loop {
            let Some((token, at)) = scanner.next() else {
                if !colon || block || !value && !custom {
                    self.broken(start, format!("`{name}` is not followed by a colon, a value and a semicolon"));
                }
                return false;
            };
            match token {
                Token::Space | Token::Comment => {}
                Token::Sign(':') if !colon => colon = true,
                Token::Name(_) | Token::Hash | Token::Number | Token::Text(_) | Token::Url(_) if !colon => {
                    self.broken(at, format!("a colon is expected behind `{name}`"));
                    return self.skip_declaration(scanner);
                }
                Token::Sign(sign @ (';' | '}')) if sign == ';' || block => {
                    if !colon || !value && !custom {
                        self.broken(start, format!("`{name}` has no value"));
                    } else if lower == "position" && fixed {
                        let span = self.span(start);
                        self.desk.tell(&rule::CSS_FIXED, self.page, span, "a fixed position may not be shown as meant");
                    }
                    return sign == ';';
                }
                Token::Sign('{') => {
                    self.broken(at, "a block may not stand in a declaration");
                    scanner.at = at;
                    let mut depth = 0usize;
                    while let Some((token, _)) = scanner.next() {
                        match token {
                            Token::Sign('{') => depth += 1,
                            Token::Sign('}') if depth == 1 => break,
                            Token::Sign('}') => depth -= 1,
                            _ => {}
                        }
                    }
                    return true;
                }
                Token::At(_) => {
                    self.broken(at, "an at-sign may not stand in a value");
                    return self.skip_declaration(scanner);
                }
                Token::Sign('[') => self.condition(scanner, at),
                Token::Function(_) | Token::Sign('(') => {
                    value = true;
                    self.arguments(scanner, at);
                }
                Token::Url(url) => {
                    value = true;
                    let kind = if font && lower == "src" { Kind::Font } else { Kind::Image };
                    self.address(kind, url, at);
                }
                Token::Broken(why) => {
                    self.broken(at, why);
                    value = true;
                }
                Token::Name(word) => {
                    value = true;
                    fixed |= word.eq_ignore_ascii_case("fixed");
                }
                _ => value = true,
            }
        }
    }

    fn address(&mut self, kind: Kind, url: String, at: usize) {
        let span = self.span(at);
        if url.trim().is_empty() {
            return self.desk.tell(&rule::CSS_EMPTY, self.page, span, "an address is empty");
        }
        // A fragment alone names an element of the document that is styled.
        if !url.starts_with('#') {
            self.found.push(Found { kind, url, span });
        }
    }
}

/// Style sheets without faults and addresses, each for EPUB 3 or for EPUB 2. Book after book has the same few.
static KNOWN: Mutex<Vec<(String, bool)>> = Mutex::new(Vec::new());
/// How many of them are kept.
const KEPT: usize = 16;
/// Of how many bytes one that is kept may be.
const LARGEST: usize = 64 << 10;

/// True for a style sheet that was found to be without faults and addresses.
pub(super) fn is_known(text: &str, old: bool) -> bool {
    holds(&KNOWN.lock().unwrap_or_else(PoisonError::into_inner), text, old)
}

fn holds(known: &[(String, bool)], text: &str, old: bool) -> bool {
    known.iter().any(|(same, same_old)| *same_old == old && same == text)
}

/// Keeps a style sheet that is without faults and addresses.
pub(super) fn know(text: &str, old: bool) {
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if known.len() < KEPT && text.len() <= LARGEST && !holds(&known, text, old) {
        known.push((text.to_owned(), old));
    }
}

/// The text of a style sheet, and what is wrong with its encoding.
pub(super) fn decode<'b>(bytes: &'b [u8], page: &Page<'_>, desk: &mut Desk<'_>) -> Cow<'b, str> {
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) {
        desk.tell(&rule::CSS_UTF16, page, Span::default(), "the style sheet is in UTF-16; it should be in UTF-8");
        return crate::source::decode(bytes).text;
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(rest) = bytes.strip_prefix(b"@charset \"") {
        let end = memchr::memchr(b'"', rest).unwrap_or(0);
        let charset = String::from_utf8_lossy(&rest[..end]).to_ascii_lowercase();
        let named = charset.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte));
        if charset.starts_with("utf-16") {
            desk.tell(&rule::CSS_UTF16, page, Span::default(), "the style sheet says it is in UTF-16");
            desk.tell(&rule::CSS_SYNTAX, page, Span::default(), "it can't be read as UTF-16");
        } else if named && charset != "utf-8" {
            let message = format!("the style sheet says it is in `{charset}`; it must be in UTF-8");
            desk.tell(&rule::CSS_ENCODING, page, Span::default(), message);
        }
    }
    String::from_utf8_lossy(bytes)
}

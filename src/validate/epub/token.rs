//! Style sheets in pieces (CSS 2.1, section 4.1): names, strings, addresses, signs.

/// A piece of a style sheet.
#[derive(Debug, PartialEq)]
pub(super) enum Token<'t> {
    Space,
    Name(&'t str),
    /// `name(`.
    Function(&'t str),
    At(&'t str),
    Hash,
    Text(String),
    Url(String),
    /// A number, a size, a range of characters.
    Number,
    Sign(char),
    /// `<!--` and `-->`, which stand for nothing.
    Comment,
    /// What can't be read, in words.
    Broken(&'static str),
}

/// The text of a style sheet, what it begins with ignored.
pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

fn is_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-' || letter == '_' || !letter.is_ascii()
}

impl<'t> Scanner<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn take(&mut self, length: usize) -> &'t str {
        let start = self.at;
        self.at += length;
        &self.text[start..self.at]
    }

    /// Letters of a name, escapes among them.
    fn name(&mut self) -> &'t str {
        let rest = self.rest();
        let mut length = 0;
        let mut letters = rest.chars();
        while let Some(letter) = letters.next() {
            if letter == '\\' {
                let Some(escaped) = letters.next().filter(|letter| *letter != '\n') else { break };
                length += 1 + escaped.len_utf8();
            } else if is_name(letter) {
                length += letter.len_utf8();
            } else {
                break;
            }
        }
        self.take(length)
    }

    /// The next piece, and where it begins.
    pub(super) fn next(&mut self) -> Option<(Token<'t>, usize)> {
        let start = self.at;
        let letter = self.peek()?;
        let rest = self.rest();
        let token = match letter {
            ' ' | '\t' | '\n' | '\r' | '\u{c}' => {
                let length = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{c}']).len();
                self.take(length);
                Token::Space
            }
            '/' if rest.starts_with("/*") => match rest[2..].find("*/") {
                Some(end) => {
                    self.take(end + 4);
                    Token::Space
                }
                None => {
                    self.take(rest.len());
                    Token::Broken("a comment is not closed")
                }
            },
            '<' if rest.starts_with("<!--") => {
                self.take(4);
                Token::Comment
            }
            '-' if rest.starts_with("-->") => {
                self.take(3);
                Token::Comment
            }
            '"' | '\'' => self.quoted(letter),
            '@' => {
                self.take(1);
                match self.name() {
                    "" => Token::Sign('@'),
                    name => Token::At(name),
                }
            }
            '#' => {
                self.take(1);
                if self.name().is_empty() { Token::Sign('#') } else { Token::Hash }
            }
            _ if letter.is_ascii_digit() || self.begins_number() => {
                self.number();
                Token::Number
            }
            _ if is_name(letter) || letter == '\\' => self.word(),
            _ => {
                self.take(letter.len_utf8());
                Token::Sign(letter)
            }
        };
        Some((token, start))
    }

    fn begins_number(&self) -> bool {
        let rest = self.rest();
        let rest = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let rest = rest.strip_prefix('.').unwrap_or(rest);
        rest.starts_with(|letter: char| letter.is_ascii_digit())
    }

    fn number(&mut self) {
        let rest = self.rest();
        let end =
            rest[1..].find(|letter: char| !letter.is_ascii_digit() && letter != '.').map_or(rest.len(), |end| end + 1);
        self.take(end);
        if self.rest().starts_with('%') {
            self.take(1);
        } else {
            self.name();
        }
    }

    fn word(&mut self) -> Token<'t> {
        let name = self.name();
        if name.is_empty() {
            self.take(1);
            return Token::Sign('\\');
        }
        if name.eq_ignore_ascii_case("u") && self.rest().starts_with('+') {
            let rest = self.rest();
            let end = rest[1..].find(|letter: char| !letter.is_ascii_hexdigit() && letter != '?' && letter != '-');
            self.take(end.map_or(rest.len(), |end| end + 1));
            return Token::Number;
        }
        if !self.rest().starts_with('(') {
            return Token::Name(name);
        }
        self.take(1);
        if name.eq_ignore_ascii_case("url") { self.url() } else { Token::Function(name) }
    }

    fn quoted(&mut self, quote: char) -> Token<'t> {
        let rest = self.rest();
        let mut out = String::new();
        let mut letters = rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                _ if letter == quote => {
                    self.take(at + 1);
                    return Token::Text(out);
                }
                '\n' => {
                    self.take(at);
                    return Token::Broken("a line ends within quotation marks");
                }
                '\\' => match letters.next() {
                    Some((_, '\n')) | None => {}
                    Some((_, escaped)) => out.push(escaped),
                },
                _ => out.push(letter),
            }
        }
        self.take(rest.len());
        Token::Broken("quotation marks are not closed")
    }

    fn url(&mut self) -> Token<'t> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        self.take(blank);
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            let token = self.quoted(quote);
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start().len();
            let Token::Text(url) = token else { return token };
            if !rest[blank..].starts_with(')') {
                return Token::Broken("`url(` is not closed");
            }
            self.take(blank + 1);
            return Token::Url(url);
        }
        let rest = self.rest();
        match rest.find(')') {
            Some(end) => {
                let url = self.take(end).trim().to_owned();
                self.take(1);
                if url.is_empty() { Token::Broken("`url()` is empty") } else { Token::Url(url) }
            }
            None => {
                self.take(rest.len());
                Token::Broken("`url(` is not closed")
            }
        }
    }
}

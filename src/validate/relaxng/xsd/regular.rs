//! Regular expressions of XML Schema (Part 2, appendix F), translated for the `regex` crate and compiled when
//! they are first needed.

use std::sync::OnceLock;

use regex::Regex;

use super::{blocks, letters};

/// A regular expression that matches a whole value.
#[derive(Debug)]
pub(in super::super) struct Regular {
    pub(super) source: String,
    translated: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Regular {
    /// Reads an expression.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn new(source: &str) -> Result<Self, String> {
        let mut translation = Translation { rest: source.chars().peekable(), out: String::from("^(?:") };
        translation.expression().map_err(|fault| format!("the pattern `{source}`: {fault}"))?;
        translation.out.push_str(")$");
        Ok(Self { source: source.to_owned(), translated: translation.out, compiled: OnceLock::new() })
    }

    /// True if the whole text matches; an expression that can't be compiled matches nothing.
    pub(super) fn matches(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(&self.translated).ok());
        compiled.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

struct Translation<'s> {
    rest: std::iter::Peekable<std::str::Chars<'s>>,
    out: String,
}

impl Translation<'_> {
    fn expression(&mut self) -> Result<(), String> {
        let mut depth = 0_u32;
        while let Some(character) = self.rest.next() {
            match character {
                '\\' => self.escape(false)?,
                '[' => self.class(0)?,
                '.' => self.out.push_str(r"[^\n\r]"),
                '^' | '$' => {
                    self.out.push('\\');
                    self.out.push(character);
                }
                '(' => {
                    depth += 1;
                    // A group of XML Schema captures nothing and has no options.
                    if self.rest.peek() == Some(&'?') {
                        return Err("`(?` is no group".to_owned());
                    }
                    self.out.push_str("(?:");
                }
                ')' => {
                    depth = depth.checked_sub(1).ok_or("a `)` too many")?;
                    self.out.push(')');
                }
                '*' | '+' | '?' => self.quantifier(character)?,
                '{' => self.repetition()?,
                ']' | '}' => return Err(format!("a lone `{character}`")),
                ' ' | '#' | '&' | '~' | '-' => {
                    self.out.push('\\');
                    self.out.push(character);
                }
                '|' => self.out.push('|'),
                other => self.out.push(other),
            }
        }
        if depth > 0 { Err("a `)` is missing".to_owned()) } else { Ok(()) }
    }

    fn quantifier(&mut self, mark: char) -> Result<(), String> {
        if self.out.ends_with("(?:") || self.out.ends_with('|') {
            return Err(format!("nothing to repeat before `{mark}`"));
        }
        self.out.push(mark);
        // In XML Schema a quantifier is never lazy, and never follows another.
        if matches!(self.rest.peek(), Some('?' | '*' | '+' | '{')) {
            return Err("two quantifiers in a row".to_owned());
        }
        Ok(())
    }

    fn repetition(&mut self) -> Result<(), String> {
        let mut inner = String::new();
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(digit @ ('0'..='9' | ',')) => inner.push(digit),
                _ => return Err("`{` that begins no repetition".to_owned()),
            }
        }
        let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
        let (least_number, most_number) = (least.parse::<u32>(), most.parse::<u32>());
        match (least_number, most_number) {
            (Ok(least), Ok(most)) if least <= most => {}
            (Ok(_), _) if most.is_empty() => {}
            _ => return Err(format!("`{{{inner}}}` is no repetition")),
        }
        self.quantifier('{')?;
        self.out.push_str(&inner);
        self.out.push('}');
        if matches!(self.rest.peek(), Some('?' | '*' | '+' | '{')) {
            return Err("two quantifiers in a row".to_owned());
        }
        Ok(())
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let character = self.rest.next().ok_or("a `\\` at the end")?;
        let set = |inner: &str, negated: bool| match (in_class, negated) {
            (true, false) => inner.to_owned(),
            (_, true) => format!("[^{inner}]"),
            (false, false) => format!("[{inner}]"),
        };
        let translated = match character {
            'n' | 'r' | 't' => format!("\\{character}"),
            's' => set(r" \t\n\r", false),
            'S' => set(r" \t\n\r", true),
            'd' => set(r"\p{Nd}", false),
            'D' => set(r"\p{Nd}", true),
            'w' => set(r"\p{P}\p{Z}\p{C}", true),
            'W' => set(r"\p{P}\p{Z}\p{C}", false),
            'i' => set(&letters::class(false), false),
            'I' => set(&letters::class(false), true),
            'c' => set(&letters::class(true), false),
            'C' => set(&letters::class(true), true),
            'p' | 'P' => self.property(character == 'P', in_class)?,
            '\\' | '|' | '.' | '-' | '^' | '?' | '*' | '+' | '{' | '}' | '(' | ')' | '[' | ']' => {
                format!("\\{character}")
            }
            // Not in the standard, but in use.
            '/' | '"' | '\'' | '$' | ',' | ':' | ';' | '=' | '@' | '_' | '!' | '%' | '&' | '#' | '~' | ' ' => {
                regex::escape(&character.to_string())
            }
            other => return Err(format!("`\\{other}` means nothing")),
        };
        self.out.push_str(&translated);
        Ok(())
    }

    /// `{Lu}` or `{IsGreek}` behind `\p`.
    fn property(&mut self, negated: bool, in_class: bool) -> Result<String, String> {
        let mut name = String::new();
        if self.rest.next() != Some('{') {
            return Err("`\\p` without `{`".to_owned());
        }
        loop {
            match self.rest.next() {
                Some('}') => break,
                Some(character) => name.push(character),
                None => return Err("`\\p{` without `}`".to_owned()),
            }
        }
        if let Some(block) = name.strip_prefix("Is") {
            let range = blocks::block(block).ok_or_else(|| format!("the block `{block}` is not known"))?;
            return Ok(match (negated, in_class) {
                (false, true) => range,
                (false, false) => format!("[{range}]"),
                (true, _) => format!("[^{range}]"),
            });
        }
        if name.is_empty() || name.len() > 2 || !name.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Err(format!("the category `{name}` is not known"));
        }
        Ok(format!("\\{}{{{name}}}", if negated { 'P' } else { 'p' }))
    }

    /// A class in brackets, with `-[…]` taking away from it.
    fn class(&mut self, depth: u32) -> Result<(), String> {
        if depth > 32 {
            return Err("classes one within another too deep".to_owned());
        }
        self.out.push('[');
        let from = self.out.len();
        if self.rest.peek() == Some(&'^') {
            self.rest.next();
            self.out.push('^');
        }
        // `[^a-[b]]` is all but a, less b: the negation goes before the subtraction.
        let mut subtracted = false;
        loop {
            match self.rest.next().ok_or("a `]` is missing")? {
                ']' => break,
                _ if subtracted => return Err("something behind a subtraction".to_owned()),
                '\\' => self.escape(true)?,
                '[' => return Err("a lone `[` in a class".to_owned()),
                '-' if self.rest.peek() == Some(&'[') => {
                    self.rest.next();
                    self.out.insert(from, '[');
                    self.out.push(']');
                    self.out.push_str("--");
                    self.class(depth + 1)?;
                    subtracted = true;
                }
                '-' => self.hyphen(from),
                special @ ('&' | '~' | '^' | ' ' | '#') => {
                    self.out.push('\\');
                    self.out.push(special);
                }
                other => self.out.push(other),
            }
        }
        if matches!(&self.out[from..], "" | "^") {
            return Err("an empty class".to_owned());
        }
        self.out.push(']');
        Ok(())
    }

    /// A hyphen at either end of a class is itself; elsewhere it makes a range.
    fn hyphen(&mut self, from: usize) {
        let first = self.out.len() == from || self.out[from..] == *"^";
        let last = self.rest.peek() == Some(&']');
        if first || last {
            self.out.push('\\');
        }
        self.out.push('-');
    }
}

//! Where findings about a publication are written down: each with the file in the archive, line and column, the
//! word for its rule, and the number that EPUBCheck gives it.

use std::cell::OnceCell;
use std::fmt::Display;

use foldhash::HashMap;

use super::rule::Rule;
use crate::diagnostic::{Code, Log};
use crate::source::Span;

/// How many findings of one rule are shown one by one.
const SHOWN: usize = 100;

/// A file of the archive, for the places of findings.
#[derive(Debug)]
pub(super) struct Page<'t> {
    name: &'t str,
    text: &'t str,
    lines: OnceCell<Vec<usize>>,
}

impl<'t> Page<'t> {
    /// A file by its path, and its decoded text; for what is no text, none.
    pub(super) fn new(name: &'t str, text: &'t str) -> Self {
        Self { name, text, lines: OnceCell::new() }
    }

    /// A message that names the file, and the place in it.
    pub(super) fn place(&self, span: Span, message: &dyn Display) -> String {
        if span.is_nowhere() || self.text.is_empty() {
            return format!("{}: {message}", self.name);
        }
        let lines = self.lines.get_or_init(|| {
            std::iter::once(0).chain(memchr::memchr_iter(b'\n', self.text.as_bytes()).map(|at| at + 1)).collect()
        });
        let mut at = (span.start as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let line = lines.partition_point(|start| *start <= at);
        let column = self.text[lines[line - 1]..at].chars().count() + 1;
        format!("{}, line {line}, column {column}: {message}", self.name)
    }
}

/// Takes findings and hands them to the log, of each rule a bounded number.
#[derive(Debug)]
pub(super) struct Desk<'l> {
    log: &'l mut Log,
    counts: HashMap<Code, (Rule, usize)>,
}

impl<'l> Desk<'l> {
    pub(super) fn new(log: &'l mut Log) -> Self {
        Self { log, counts: HashMap::default() }
    }

    /// How often a rule was broken so far.
    pub(super) fn told(&self) -> usize {
        self.counts.values().map(|(_, count)| count).sum()
    }

    /// Writes down that a rule was broken at a place in a file.
    pub(super) fn tell(&mut self, rule: &Rule, page: &Page<'_>, span: Span, message: impl Display) {
        self.hint(rule, rule.code, page, span, message, None);
    }

    /// The same, with a word of its own and what to do about it.
    pub(super) fn hint(
        &mut self,
        rule: &Rule,
        code: Code,
        page: &Page<'_>,
        span: Span,
        message: impl Display,
        hint: Option<String>,
    ) {
        let (_, count) = self.counts.entry(code).or_insert((*rule, 0));
        *count += 1;
        if *count > SHOWN {
            return;
        }
        let message = format!("{} [{}]", page.place(span, &message), rule.id);
        let diagnostic = self.log.push(rule.severity, code, Span::default(), message);
        if let Some(hint) = hint {
            diagnostic.hint(hint);
        }
    }

    /// The log, for a schema that can't be compiled.
    pub(super) fn log(&mut self) -> &mut Log {
        self.log
    }

    /// Says how many findings were not shown.
    pub(super) fn close(self) {
        let mut more = self.counts.into_iter().filter(|(_, (_, count))| *count > SHOWN).collect::<Vec<_>>();
        more.sort_by_key(|(code, _)| code.0);
        for (code, (rule, count)) in more {
            let message = format!("{} more findings of this kind [{}]", count - SHOWN, rule.id);
            self.log.push(rule.severity, code, Span::default(), message);
        }
    }
}

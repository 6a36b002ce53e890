//! What was noticed while the work went on. Readers, passes, writers and schemas push; nobody reads back
//! but the one who reports.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::source::Span;

/// How much a diagnostic matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The target format can't say it.
    Loss,
    /// The source looks wrong.
    Warning,
    /// The output is not what was asked for.
    Error,
}

/// What a diagnostic is about, in words with dots: `reference.dangling`. Declared where it is raised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Code(pub &'static str);

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// One thing that was noticed.
#[derive(Clone, Debug, Serialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub code: Code,
    /// One sentence, lower case, the thing in backquotes.
    pub message: Cow<'static, str>,
    /// Where in the input; the default span if nowhere in particular.
    pub span: Span,
    /// What to do about it.
    pub hint: Option<Cow<'static, str>>,
    /// What a schema knows beyond that.
    pub detail: Option<Box<Detail>>,
}

/// What a schema knows about a fault, for people and for programs that show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The element, as a path from the root: `/TEI/text/body/div[3]/p[2]`.
    pub path: String,
    /// What may stand there, the nearest to what was found first. Faults that say the same share it.
    #[serde(default, skip_serializing_if = "<[String]>::is_empty")]
    pub allowed: Arc<[String]>,
    /// What was probably meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<String>,
    /// Where to read about it: a section of a standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub see: Option<Arc<str>>,
}

/// Everything that was noticed about one document, in the order of noticing; which spans of the source
/// its reader took as markup; and which other files were read.
#[derive(Clone, Debug, Default)]
pub struct Log {
    diagnostics: Vec<Diagnostic>,
    taken: Vec<Span>,
    notes: Vec<Span>,
    inclusions: Vec<Inclusion>,
    used: Vec<PathBuf>,
}

/// The text of another file that stands in place of an element (XInclude 1.1).
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// The start tag of the element in whose place it stands.
    pub at: Span,
    /// The number of the file: that of spans in it.
    pub file: u32,
    /// What it holds, decoded.
    pub text: Arc<str>,
    /// The id of the one element of it that was taken; none for the root.
    pub fragment: Option<String>,
    /// True if it was taken as plain text.
    pub plain: bool,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a diagnostic and returns it, so that a hint can be set.
    pub fn push(
        &mut self,
        severity: Severity,
        code: Code,
        span: Span,
        message: impl Into<Cow<'static, str>>,
    ) -> &mut Diagnostic {
        let at = self.diagnostics.len();
        self.diagnostics.push(Diagnostic { severity, code, message: message.into(), span, hint: None, detail: None });
        &mut self.diagnostics[at]
    }

    /// Something worth knowing.
    pub fn note(&mut self, code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Diagnostic {
        self.push(Severity::Note, code, span, message)
    }

    /// Something that the target can't say.
    pub fn loss(&mut self, code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Diagnostic {
        self.push(Severity::Loss, code, span, message)
    }

    /// Something in the source that looks wrong.
    pub fn warning(&mut self, code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Diagnostic {
        self.push(Severity::Warning, code, span, message)
    }

    /// An output that is not what was asked for.
    pub fn error(&mut self, code: Code, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Diagnostic {
        self.push(Severity::Error, code, span, message)
    }

    /// Declares that the characters of `span` were taken as markup: a note's marker, the number of a line in
    /// the list of notes, a page token. All other characters of the source must be in the document's text.
    pub fn took(&mut self, span: Span) {
        self.taken.push(span);
    }

    /// What was taken as markup, in no particular order.
    pub fn taken(&self) -> &[Span] {
        &self.taken
    }

    /// Declares that `span` is one note's text, kept apart in the source; its markup is declared by [`Self::took`].
    pub fn took_note(&mut self, span: Span) {
        self.notes.push(span);
    }

    /// Which spans are notes kept apart, in the order of declaration.
    pub fn notes_taken(&self) -> &[Span] {
        &self.notes
    }

    /// Declares that another file's text stands in place of an element.
    pub fn drew_in(&mut self, inclusion: Inclusion) {
        self.inclusions.push(inclusion);
    }

    /// Which files were drawn in, in no particular order.
    pub fn inclusions(&self) -> &[Inclusion] {
        &self.inclusions
    }

    /// Declares that a file besides the input was read, or looked for in vain: what came of the input depends on it.
    pub fn uses(&mut self, file: impl Into<PathBuf>) {
        let file = file.into();
        if !self.used.contains(&file) {
            self.used.push(file);
        }
    }

    /// Which files besides the input were read or looked for.
    pub fn files_used(&self) -> &[PathBuf] {
        &self.used
    }

    /// All diagnostics, in the order of noticing.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Takes back those of the diagnostics from the one numbered `from` on that say nothing new.
    pub(crate) fn retain_from(&mut self, from: usize, mut is_new: impl FnMut(&Diagnostic) -> bool) {
        let later = self.diagnostics.split_off(from.min(self.diagnostics.len()));
        self.diagnostics.extend(later.into_iter().filter(|diagnostic| is_new(diagnostic)));
    }

    /// How many diagnostics have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// Adds everything of another log behind this one's.
    pub fn append(&mut self, mut other: Self) {
        self.diagnostics.append(&mut other.diagnostics);
        self.taken.append(&mut other.taken);
        self.notes.append(&mut other.notes);
        self.inclusions.append(&mut other.inclusions);
        other.used.drain(..).for_each(|file| self.uses(file));
    }
}

impl Diagnostic {
    /// Says what to do about it.
    pub fn hint(&mut self, hint: impl Into<Cow<'static, str>>) {
        self.hint = Some(hint.into());
    }
}

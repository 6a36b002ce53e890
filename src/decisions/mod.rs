//! What an editor decided about the inferences of a document: a small readable file beside the source,
//! `letter.decisions.toml` for `letter.txt`, which every conversion honours. The source itself is never changed.
//!
//! A [`Decision`] names a [`Place`] by the words that stand there and round it, so that it outlives small changes of
//! the source. Readers that choose among places (note markers, page tokens) take decisions as constraints; what they
//! and the passes found besides is confirmed or undone by [`apply`] when all have run.
//!
//! This module lies beneath readers and passes: it knows the model, and none of them.

pub mod apply;
mod beside;
mod file;
pub mod ground;
mod moved;
mod place;
pub mod survey;
mod value;

use serde::{Deserialize, Serialize};

pub use beside::{beside, path_for};
pub use file::Fault;
pub use place::Place;
pub use value::{NotAValue, Value};

use crate::diagnostic::{Code, Log};
use crate::model::{Certainty, Inference};
use crate::source::Span;

/// A decision that was found to hold.
pub const APPLIED: Code = Code("decision.applied");
/// A decision whose place is gone, or where nothing of its kind stands any more.
pub const STALE: Code = Code("decision.stale");
/// A decision that contradicts another one, or the order of the notes.
pub const CONTRARY: Code = Code("decision.contrary");

/// The version of the file format.
pub const VERSION: u32 = 1;

/// What a decision is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Where a note is called.
    NoteMarker,
    /// Where a page begins.
    PageBreak,
    /// A date, and what it means.
    Date,
    /// A reference, and what it points to.
    Reference,
    /// A name.
    Name,
}

impl Kind {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoteMarker => "note-marker",
            Self::PageBreak => "page-break",
            Self::Date => "date",
            Self::Reference => "reference",
            Self::Name => "name",
        }
    }

    /// What people call it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::NoteMarker => "note marker",
            Self::PageBreak => "page break",
            Self::Date => "date",
            Self::Reference => "reference",
            Self::Name => "name",
        }
    }
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is so.
    Accept,
    /// It is not so: this is not the marker of this note, though perhaps of another; no date, no reference.
    Reject,
    /// It is nothing but text: no note's marker, no page token, no date.
    Text,
    /// The note is called, or the page begins, elsewhere: at [`Decision::to`].
    Move,
    /// The date means something else: [`Decision::value`].
    Correct,
}

impl Verdict {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Reject => "reject",
            Self::Text => "text",
            Self::Move => "move",
            Self::Correct => "correct",
        }
    }

    /// What people call it when it was done.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Accept => "accepted",
            Self::Reject => "rejected",
            Self::Text => "marked as text",
            Self::Move => "moved",
            Self::Correct => "corrected",
        }
    }
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// What it is about.
    pub kind: Kind,
    /// What was decided.
    pub verdict: Verdict,
    /// For a note marker: the note's label, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The place that was looked at.
    pub at: Place,
    /// For a note marker: the first words of the note, by which it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<Place>,
    /// For a move: where to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Place>,
    /// For a correction: what the date means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Who decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// Why, in any words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Decision {
    /// The decision in one line: `note marker “3” (note 3): accepted`.
    pub fn in_words(&self) -> String {
        let note = self.note.as_ref().map(|note| format!(" of note {note}")).unwrap_or_default();
        let quote = match self.at.quote.as_str() {
            "" => format!("behind “{}”", self.at.before.trim()),
            quote => format!("“{quote}”"),
        };
        let value = self.value.map(|value| format!(" to {value}")).unwrap_or_default();
        format!("{}{note} {quote}: {}{value}", self.kind.in_words(), self.verdict.in_words())
    }

    /// True if it says what the date means just where it must.
    fn has_its_value(&self) -> bool {
        let corrects = self.verdict == Verdict::Correct;
        corrects == self.value.is_some() && (!corrects || self.kind == Kind::Date)
    }

    /// What a node bears that an editor decided on.
    pub fn inference(&self) -> Inference {
        let (rule, done) = match self.verdict {
            Verdict::Move => ("decision.move", "moved it here"),
            Verdict::Correct => ("decision.correct", "said what it means"),
            _ => ("decision.accept", "confirmed it"),
        };
        let who = self.by.as_deref().unwrap_or("an editor");
        let why = self.comment.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        Inference::new(rule, Certainty::High, format!("{who} {done}{why}"))
    }

    /// Says that the decision holds.
    pub fn tell_applied(&self, span: Span, log: &mut Log) {
        log.note(APPLIED, span, self.in_words());
    }

    /// Says that the decision has no object any more.
    pub fn tell_stale(&self, span: Span, why: &str, log: &mut Log) {
        log.warning(STALE, span, format!("a decision has no object any more ({}): {why}", self.in_words()))
            .hint("decide again, or remove it from the file of decisions");
    }

    /// Says that the decision can't be followed.
    pub fn tell_contrary(&self, span: Span, log: &mut Log) {
        log.warning(
            CONTRARY,
            span,
            format!(
                "a decision can't be followed ({}): another one, or the order of the notes, stands against it",
                self.in_words()
            ),
        )
        .hint("notes are called in their order: look at the decisions about its neighbours");
    }
}

/// True if an inference is an editor's decision.
pub fn is_decided(inference: &Inference) -> bool {
    inference.rule.starts_with("decision.")
}

/// All decisions about one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decisions {
    /// The version of the file format.
    #[serde(default)]
    pub version: u32,
    /// The name of the source's file, without folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The decisions, in the order of deciding.
    #[serde(default, rename = "decision", skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Decision>,
    /// True if the text at hand may be a part of the source only, in which not every place is found.
    #[serde(skip)]
    pub partial: bool,
}

impl Decisions {
    /// True if nothing was decided.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

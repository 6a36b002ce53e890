//! What became of one input: how it fared, what was made of it, in which figures, and what was noticed.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::Finding;
use crate::diagnostic::Severity;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Certainty, Document, Inline, Milestone, Tag, Unit};

/// How a document fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every output was made and is what was asked for.
    Converted,
    /// Every output was there already, made by this program from this input.
    Unchanged,
    /// Some output is missing or not what was asked for.
    Failed,
    /// The program has a fault; the document was left alone.
    Bug,
}

/// What became of one input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the user called it.
    pub input: String,
    /// How it fared.
    pub status: Status,
    /// The format it was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Cow<'static, str>>,
    /// What was made of it.
    pub outputs: Vec<Made>,
    /// The document in figures.
    pub counts: Counts,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The format's name.
    pub format: Cow<'static, str>,
    /// Where it lies; `-` for standard output.
    pub path: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// Whether the text read back from it is that of the document; absent if that was not checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conserved: Option<bool>,
}

/// A document in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Characters of text, white space aside.
    pub characters: usize,
    /// Notes.
    pub notes: usize,
    /// Page breaks.
    pub pages: usize,
    /// Inferences that a person should look at: those of low certainty.
    pub doubts: usize,
}

impl Outcome {
    /// An input of which nothing is known yet.
    pub fn new(input: &str) -> Self {
        Self {
            input: input.to_owned(),
            status: Status::Converted,
            format: None,
            outputs: Vec::new(),
            counts: Counts::default(),
            findings: Vec::new(),
        }
    }

    /// An input of which nothing came.
    pub fn ended(input: &str, status: Status, finding: Finding) -> Self {
        Self { status, findings: vec![finding], ..Self::new(input) }
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// How many losses there are of each code.
    pub fn losses(&self) -> BTreeMap<&str, usize> {
        let mut losses = BTreeMap::new();
        for finding in self.findings.iter().filter(|finding| finding.severity == Severity::Loss) {
            *losses.entry(finding.code.as_ref()).or_default() += 1;
        }
        losses
    }

    /// True if something went wrong; with `strict` also if something was lost or looked wrong.
    pub fn is_bad(&self, strict: bool) -> bool {
        matches!(self.status, Status::Failed | Status::Bug)
            || (strict && self.count(Severity::Loss) + self.count(Severity::Warning) > 0)
    }
}

impl Counts {
    /// The figures of a document, but for the characters.
    pub fn of(document: &Document) -> Self {
        let mut counter = Counter(Self::default());
        walk_document(&mut counter, document);
        counter.0
    }
}

struct Counter(Counts);

impl Counter {
    fn milestone(&mut self, milestone: &Milestone) {
        self.0.pages += usize::from(milestone.unit == Unit::Page);
    }

    fn tag(&mut self, tag: Option<&Tag>) {
        let inference = tag.and_then(|tag| tag.inference.as_ref());
        self.0.doubts += usize::from(inference.is_some_and(|inference| inference.certainty == Certainty::Low));
    }
}

impl<'a> Visit<'a> for Counter {
    fn block(&mut self, block: &'a Block) {
        self.tag(block.tag());
        match block {
            Block::Note(_) => self.0.notes += 1,
            Block::Milestone(milestone) => self.milestone(milestone),
            _ => {}
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Nested(_) => return walk_inline(self, inline),
            Inline::Note(_) => self.0.notes += 1,
            Inline::Milestone(milestone) => self.milestone(milestone),
            _ => {}
        }
        self.tag(inline.tag());
        walk_inline(self, inline);
    }
}

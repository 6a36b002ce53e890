//! What became of one input: how it fared, what was made of it, in which figures, and what was noticed.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::finding::{Finding, Location, Places};
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Certainty, Document, Inference, Inline, Milestone, Tag, Unit};
use crate::source::Span;

/// How many findings, and how many inferences in doubt, are kept of one document; the rest is counted.
const KEPT: usize = 500;

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
    /// Which of all inputs it is, from 0.
    #[serde(default)]
    pub number: usize,
    /// How it fared.
    pub status: Status,
    /// The format it was read as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Cow<'static, str>>,
    /// What was made of it.
    pub outputs: Vec<Output>,
    /// The document in figures.
    pub counts: Counts,
    /// What was noticed; of very many findings the gravest.
    pub findings: Vec<Finding>,
    /// The inferences that a person should look at; of very many the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
}

/// An inference of low certainty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The rule.
    pub rule: Cow<'static, str>,
    /// What was decided and why.
    pub because: Cow<'static, str>,
    /// Where.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub at: Option<Location>,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Output {
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
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are losses.
    pub losses: usize,
}

impl Outcome {
    /// An input of which nothing is known yet.
    pub fn new(input: &str, number: usize) -> Self {
        Self {
            input: input.to_owned(),
            number,
            status: Status::Converted,
            format: None,
            outputs: Vec::new(),
            counts: Counts::default(),
            findings: Vec::new(),
            doubts: Vec::new(),
        }
    }

    /// An input of which nothing came.
    pub fn ended(input: &str, number: usize, status: Status, finding: Finding) -> Self {
        let mut outcome = Self { status, findings: vec![finding], ..Self::new(input, number) };
        outcome.close(Tally::default());
        outcome
    }

    /// Counts the findings, and those that were not kept. An output that is not what was asked for is a failure.
    pub fn close(&mut self, omitted: Tally) {
        let kept = Tally::of(self.findings.iter().map(|finding| finding.severity));
        self.counts.errors = kept.errors + omitted.errors;
        self.counts.warnings = kept.warnings + omitted.warnings;
        self.counts.losses = kept.losses + omitted.losses;
        if self.counts.errors > 0 && self.status == Status::Converted {
            self.status = Status::Failed;
        }
    }

    /// Takes back an output that did not get to its place after all.
    pub fn lose(&mut self, path: &str, finding: Finding) {
        self.outputs.retain(|output| output.path != path);
        self.findings.push(finding);
        self.counts.errors += 1;
        if self.status == Status::Converted {
            self.status = Status::Failed;
        }
    }

    /// How many findings have this severity, those that were not kept among them; notes are not counted.
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.counts.errors,
            Severity::Warning => self.counts.warnings,
            Severity::Loss => self.counts.losses,
            Severity::Note => 0,
        }
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

/// How many findings are how grave; notes are not counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    errors: usize,
    warnings: usize,
    losses: usize,
}

impl Tally {
    fn of(severities: impl Iterator<Item = Severity>) -> Self {
        severities.fold(Self::default(), |mut tally, severity| {
            match severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Loss => tally.losses += 1,
                Severity::Note => {}
            }
            tally
        })
    }
}

/// Of very many diagnostics the gravest, in their order, and a tally of the others.
pub fn gravest(diagnostics: &[Diagnostic]) -> (Vec<&Diagnostic>, Tally) {
    let mut order: Vec<usize> = (0..diagnostics.len()).collect();
    if order.len() > KEPT {
        order.sort_by_key(|&at| (Reverse(diagnostics[at].severity), at));
    }
    let omitted = order.split_off(order.len().min(KEPT));
    order.sort_unstable();
    let tally = Tally::of(omitted.iter().map(|&at| diagnostics[at].severity));
    (order.into_iter().map(|at| &diagnostics[at]).collect(), tally)
}

/// A document's figures, but for the characters, and the inferences in it that a person should look at, with their
/// places; of very many the first.
pub fn look_over(document: &Document) -> (Counts, Vec<(Inference, Span)>) {
    let mut counter = Counter { counts: Counts::default(), doubts: Vec::new() };
    walk_document(&mut counter, document);
    (counter.counts, counter.doubts.into_iter().map(|(inference, span)| (inference.clone(), span)).collect())
}

impl Doubt {
    /// An inference, and where it was made.
    pub fn new(inference: Inference, span: Span, places: &Places) -> Self {
        Self { rule: inference.rule, because: inference.because, at: places.find(span) }
    }
}

struct Counter<'a> {
    counts: Counts,
    doubts: Vec<(&'a Inference, Span)>,
}

impl<'a> Counter<'a> {
    fn milestone(&mut self, milestone: &Milestone) {
        self.counts.pages += usize::from(milestone.unit == Unit::Page);
    }

    fn tag(&mut self, tag: Option<&'a Tag>) {
        let Some(tag) = tag else { return };
        let doubt = tag.inference.as_deref().filter(|inference| inference.certainty == Certainty::Low);
        if let Some(inference) = doubt {
            self.counts.doubts += 1;
            if self.doubts.len() < KEPT {
                self.doubts.push((inference, tag.span));
            }
        }
    }
}

impl<'a> Visit<'a> for Counter<'a> {
    fn block(&mut self, block: &'a Block) {
        self.tag(block.tag());
        match block {
            Block::Note(_) => self.counts.notes += 1,
            Block::Milestone(milestone) => self.milestone(milestone),
            _ => {}
        }
        walk_block(self, block);
    }

    fn inline(&mut self, inline: &'a Inline) {
        match inline {
            Inline::Nested(_) => return walk_inline(self, inline),
            Inline::Note(_) => self.counts.notes += 1,
            Inline::Milestone(milestone) => self.milestone(milestone),
            _ => {}
        }
        self.tag(inline.tag());
        walk_inline(self, inline);
    }
}

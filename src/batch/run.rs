//! The work on many documents: side by side, each on its own, results in the order of the inputs.

use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use rayon::iter::{ParallelBridge, ParallelIterator};
use serde::Serialize;

use super::Misuse;
use super::amend::Amendment;
use super::finding::{Finding, Places};
use super::plan::{Destination, Job, Origin};
use super::store;
use crate::convert::{Conversion, Written};
use crate::diagnostic::{Log, Severity};
use crate::failure::Failure;
use crate::model::visit::{Visit, walk_block, walk_document, walk_inline};
use crate::model::{Block, Document, Inline, Milestone, Unit};
use crate::source::Input;

/// How deep a worker's stack may grow, in bytes: documents nest, and dropping a tree recurses.
const STACK: usize = 64 << 20;

/// What is to be done with every job.
pub struct Work<'r> {
    /// The way from input to checked output.
    pub conversion: Conversion<'r>,
    /// The names of the target formats.
    pub targets: Vec<String>,
    /// Where outputs go.
    pub destination: Destination,
    /// Metadata that win over all others.
    pub settings: Amendment,
    /// Whether outputs that are not known to be ours may be replaced.
    pub force: bool,
    /// How many documents are worked on at once; 0 for as many as there are processors.
    pub threads: usize,
}

/// How a document fared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every output was made and is what was asked for.
    Converted,
    /// Some output is missing or not what was asked for.
    Failed,
    /// The program has a fault; the document was left alone.
    Bug,
}

/// What became of one input.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// What the user called it.
    pub input: String,
    /// How it fared.
    pub status: Status,
    /// The format it was read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// What was made of it.
    pub outputs: Vec<Made>,
    /// The document in figures.
    pub counts: Counts,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Made {
    /// The format's name.
    pub format: &'static str,
    /// Where it lies; `-` for standard output.
    pub path: String,
    /// How many bytes it has.
    pub bytes: usize,
    /// Whether the text read back from it is that of the document; absent if that was not checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conserved: Option<bool>,
}

/// A document in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Characters of text, white space aside.
    pub characters: usize,
    /// Notes.
    pub notes: usize,
    /// Page breaks.
    pub pages: usize,
    /// Inferences that a person should look at.
    pub doubts: usize,
}

impl Outcome {
    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    /// True if something went wrong; with `strict` also if something was lost or looked wrong.
    pub fn is_bad(&self, strict: bool) -> bool {
        self.status != Status::Converted || (strict && self.count(Severity::Loss) + self.count(Severity::Warning) > 0)
    }

    fn failed(name: &str, status: Status, finding: Finding) -> Self {
        Self {
            input: name.to_owned(),
            status,
            format: None,
            outputs: Vec::new(),
            counts: Counts::default(),
            findings: vec![finding],
        }
    }
}

impl Work<'_> {
    /// Does the work on every job and hands over each outcome, in the order of the jobs.
    ///
    /// # Errors
    /// [`Misuse`] when no workers can be had.
    pub fn run(&self, jobs: &[Job], mut each: impl FnMut(Outcome)) -> Result<(), Misuse> {
        let inputs: HashSet<PathBuf> = jobs.iter().filter_map(input_path).collect();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .stack_size(STACK)
            .build()
            .map_err(|cause| Misuse::new(format!("no workers can be had: {cause}")))?;
        let (sender, outcomes) = mpsc::channel();
        std::thread::scope(|scope| {
            let inputs = &inputs;
            scope.spawn(move || {
                pool.install(|| {
                    jobs.iter().enumerate().par_bridge().for_each_with(sender, |sender, (at, job)| {
                        // Nobody listens any more only when the program ends.
                        let _ = sender.send((at, self.isolated(job, inputs)));
                    });
                });
            });
            let mut early = BTreeMap::new();
            let mut next = 0;
            for (at, outcome) in outcomes {
                early.insert(at, outcome);
                while let Some(outcome) = early.remove(&next) {
                    each(outcome);
                    next += 1;
                }
            }
        });
        Ok(())
    }

    /// One job; a panic in it is a bug of ours, and touches no other job.
    fn isolated(&self, job: &Job, inputs: &HashSet<PathBuf>) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| self.convert(job, inputs))).unwrap_or_else(|panic| {
            let finding = Finding::error(
                "bug.panic",
                format!("this program has a fault: {}", said(panic.as_ref())),
                "please report it with the input; the other documents are not touched by it",
            );
            Outcome::failed(&job.name, Status::Bug, finding)
        })
    }

    fn convert(&self, job: &Job, inputs: &HashSet<PathBuf>) -> Outcome {
        let bytes = match load(&job.origin, &job.name) {
            Ok(bytes) => bytes,
            Err(failure) => {
                return Outcome::failed(&job.name, Status::Failed, Finding::failure(&failure, &Places::new("", b"")));
            }
        };
        let places = Places::new(&job.name, &bytes);
        let path = match &job.origin {
            Origin::File(path) => Some(path.as_path()),
            Origin::Standard | Origin::Broken(_) => None,
        };
        let input = Input { name: &job.name, bytes: &bytes, path };
        let mut log = Log::new();
        let mut outcome = Outcome {
            input: job.name.clone(),
            status: Status::Converted,
            format: None,
            outputs: Vec::new(),
            counts: Counts::default(),
            findings: Vec::new(),
        };
        let result = self.convert_into(job, &input, inputs, &mut log, &mut outcome);
        outcome.findings.splice(0..0, log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places)));
        if let Err(failure) = result {
            outcome.findings.push(Finding::failure(&failure, &places));
        }
        if outcome.count(Severity::Error) > 0 {
            outcome.status = Status::Failed;
        }
        outcome
    }

    fn convert_into(
        &self,
        job: &Job,
        input: &Input<'_>,
        inputs: &HashSet<PathBuf>,
        log: &mut Log,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let mut amendment = Amendment::from_files(&job.metadata)?;
        amendment.overlay(self.settings.clone());
        let mut amended = Log::new();
        let read = self.conversion.read_with(input, log, |document| amendment.apply(document, &mut amended))?;
        log.append(amended);
        outcome.format = Some(read.format);
        outcome.counts = Counts { characters: read.characters.unwrap_or_default(), ..Counts::of(&read.document) };
        for target in &self.targets {
            // One target that can't be written keeps no other from being written.
            match self.conversion.write(&read, target, log) {
                Ok(written) => self.keep(job, &written, inputs, outcome)?,
                Err(failure) => outcome.findings.push(Finding::failure(&failure, &Places::new("", b""))),
            }
        }
        Ok(())
    }

    /// Brings the files of one target to their place.
    fn keep(
        &self,
        job: &Job,
        written: &Written,
        inputs: &HashSet<PathBuf>,
        outcome: &mut Outcome,
    ) -> Result<(), Failure> {
        let main = written.files.main_bytes();
        let mut made =
            Made { format: written.format, path: "-".to_owned(), bytes: main.len(), conserved: written.conserved };
        let Some(path) = self.destination.path(job, written.extension) else {
            let mut out = io::stdout().lock();
            out.write_all(main).and_then(|()| out.flush()).map_err(Failure::file("standard output"))?;
            outcome.outputs.push(made);
            return Ok(());
        };
        for (name, bytes) in written.files.files() {
            let path = if name.is_empty() { path.clone() } else { beside(&path, name)? };
            if let Some(finding) = self.refusal(&path, bytes, inputs) {
                outcome.findings.push(finding);
                return Ok(());
            }
            store::put(&path, bytes)?;
        }
        made.path = path.display().to_string();
        outcome.outputs.push(made);
        Ok(())
    }

    /// Why an output may not be written where it belongs.
    fn refusal(&self, path: &Path, bytes: &[u8], inputs: &HashSet<PathBuf>) -> Option<Finding> {
        if path.canonicalize().is_ok_and(|path| inputs.contains(&path)) {
            return Some(Finding::error(
                "output.is-input",
                format!("`{}` is an input; it is not overwritten", path.display()),
                "name another folder with `-o DIR`",
            ));
        }
        if self.destination == Destination::Beside && !self.force && store::differs(path, bytes) {
            return Some(Finding::error(
                "output.exists",
                format!("`{}` exists and says something else; it is left alone", path.display()),
                "`--force` replaces it, `-o DIR` writes elsewhere",
            ));
        }
        None
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

    fn tag(&mut self, tag: Option<&crate::model::Tag>) {
        let doubt = tag
            .and_then(|tag| tag.inference.as_ref())
            .is_some_and(|inference| inference.certainty == crate::model::Certainty::Low);
        self.0.doubts += usize::from(doubt);
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

/// The bytes of an input.
///
/// # Errors
/// [`Failure::File`] with what the system said.
pub fn load(origin: &Origin, name: &str) -> Result<Vec<u8>, Failure> {
    match origin {
        Origin::File(path) => std::fs::read(path).map_err(Failure::file(name)),
        Origin::Standard => {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map_err(Failure::file("standard input"))?;
            Ok(bytes)
        }
        Origin::Broken(message) => Err(Failure::file(name)(io::Error::other(message.clone()))),
    }
}

fn input_path(job: &Job) -> Option<PathBuf> {
    match &job.origin {
        Origin::File(path) => path.canonicalize().ok(),
        Origin::Standard | Origin::Broken(_) => None,
    }
}

/// A further file of an output (an image), beside the principal one. Names that lead elsewhere are refused.
fn beside(main: &Path, name: &str) -> Result<PathBuf, Failure> {
    let relative = Path::new(name);
    let tame = relative.components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !tame {
        return Err(Failure::Unsupported { message: format!("`{name}` is no name for a file beside an output") });
    }
    Ok(main.parent().unwrap_or(Path::new("")).join(relative))
}

fn said(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message,
        _ => "it says nothing more",
    }
}

//! The work on one document of many. In: a job. Out: files in their places, and an outcome that tells of it.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use super::amend::Amendment;
use super::commit::Done;
use super::finding::{Finding, Places};
use super::outcome::{self, Counts, Doubt, Outcome, Output, Status};
use super::plan::{Destination, Job, Origin, Survey};
use super::run::Work;
use super::siblings::Beside;
use super::state::{Made, digest};
use super::store::{self, Staged};
use crate::convert::{self, Written};
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::model::Inference;
use crate::source::{Input, Span};

/// The figures of a document, and the inferences in it that a person should look at.
type LookedOver = (Counts, Vec<(Inference, Span)>);

/// A file of so many bytes is not kept while outputs are made of it, but read again if places in it are to be told.
const LARGE: usize = 1 << 20;

/// What is left of a source once it was read.
enum Source<'b> {
    Kept(Cow<'b, [u8]>),
    /// How many bytes the file had.
    Again(usize),
}

/// One document on its way.
pub(super) struct Task<'w> {
    work: &'w Work<'w>,
    job: &'w Job,
    /// None of the inputs may be overwritten.
    survey: &'w Survey,
    log: Log,
    outcome: Outcome,
    made: Made,
    staged: Vec<Staged>,
}

impl<'w> Task<'w> {
    pub(super) fn new(work: &'w Work<'w>, job: &'w Job, survey: &'w Survey) -> Self {
        let outcome = Outcome::new(&job.name, job.number);
        Self { work, job, survey, log: Log::new(), outcome, made: Made::default(), staged: Vec::new() }
    }

    pub(super) fn run(mut self, at: usize) -> Done {
        let (work, job) = (self.work, self.job);
        let bytes = match load_within(&job.origin, &job.name, work.largest) {
            Ok(bytes) => bytes,
            Err(failure) => {
                let finding = Finding::failure(&failure, &Places::default());
                return Done::without_files(at, Outcome::ended(&job.name, job.number, Status::Failed, finding));
            }
        };
        let remembered = work.state.as_ref().map(|state| (state, state.key(&work.options, &job.metadata, &bytes)));
        if let Some((state, key)) = remembered.as_ref().filter(|_| !work.force)
            && let Some(outcome) = state.unchanged(job, &work.targets, key)
        {
            return Done::without_files(at, outcome);
        }
        let read = self.read(&bytes);
        let source = self.put_away(bytes);
        let result = read.and_then(|read| self.write(read));
        self.tell(result, source);
        let entry = remembered.and_then(|(state, key)| {
            self.made.used = self.log.files_used().to_vec();
            state.entry(job, &work.targets, key, &self.made, &self.outcome)
        });
        Done { at, outcome: self.outcome, staged: self.staged, entry }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<convert::Read, Failure> {
        let mut amendment = Amendment::from_files(&self.job.metadata)?;
        amendment.overlay(self.work.settings.clone());
        let name = self.job.input_name();
        let path = match &self.job.origin {
            Origin::File(path) | Origin::Part { source: path, .. } => Some(path.as_path()),
            Origin::Standard | Origin::Broken(_) => None,
        };
        let siblings = Beside::new(self.work, self.job, self.survey);
        let input = Input { name: &name, bytes, path, siblings: Some(&siblings) };
        let mut amended = Log::new();
        let read = self
            .work
            .conversion
            .read_with(&input, &mut self.log, |document| amendment.apply(document, &mut amended))?;
        self.log.append(amended);
        self.outcome.format = Some(read.format.into());
        Ok(read)
    }

    /// What is kept of the source while outputs are made.
    fn put_away<'b>(&self, bytes: Cow<'b, [u8]>) -> Source<'b> {
        let again = matches!(self.job.origin, Origin::File(_)) && bytes.len() >= LARGE;
        if again { Source::Again(bytes.len()) } else { Source::Kept(bytes) }
    }

    fn write(&mut self, read: convert::Read) -> Result<LookedOver, Failure> {
        let (counts, doubts) = outcome::look_over(&read.document);
        let counts = Counts { characters: read.characters.unwrap_or_default(), ..counts };
        let Some((last, others)) = self.work.targets.split_last() else { return Ok((counts, doubts)) };
        for target in others {
            let written = self.work.conversion.write(&read, target, &mut self.log);
            self.settle(written)?;
        }
        let written = self.work.conversion.write_last(read, last, &mut self.log);
        self.settle(written)?;
        Ok((counts, doubts))
    }

    /// One target that can't be written keeps no other from being written.
    fn settle(&mut self, written: Result<Written, Failure>) -> Result<(), Failure> {
        match written {
            Ok(written) => self.keep(&written),
            Err(failure) => {
                self.outcome.findings.push(Finding::failure(&failure, &Places::default()));
                Ok(())
            }
        }
    }

    /// Puts what was noticed into the outcome, with its places.
    fn tell(&mut self, result: Result<LookedOver, Failure>, source: Source<'_>) {
        let (looked_over, failure) = match result {
            Ok(looked_over) => (looked_over, None),
            Err(failure) => (LookedOver::default(), Some(failure)),
        };
        let (counts, doubts) = looked_over;
        let quiet = self.log.diagnostics().is_empty() && doubts.is_empty() && failure.is_none();
        let places = if quiet { Places::default() } else { self.places(source) };
        let (kept, omitted) = outcome::gravest(self.log.diagnostics());
        self.outcome.findings.splice(0..0, kept.into_iter().map(|diagnostic| Finding::of(diagnostic, &places)));
        self.outcome.doubts =
            doubts.into_iter().map(|(inference, span)| Doubt::new(inference, span, &places)).collect();
        self.outcome.counts = counts;
        if let Some(failure) = &failure {
            self.outcome.findings.push(Finding::failure(failure, &places));
        }
        self.outcome.close(omitted);
    }

    /// The places in a source; none in one that is no longer what it was.
    fn places(&self, source: Source<'_>) -> Places {
        let job = self.job;
        let bytes = match source {
            Source::Kept(bytes) => bytes,
            Source::Again(length) => match load_within(&job.origin, &job.name, self.work.largest) {
                Ok(bytes) if bytes.len() == length => bytes,
                _ => return Places::default(),
            },
        };
        let line = if let Origin::Part { line, .. } = job.origin { line } else { 0 };
        Places::new(&job.name, &bytes).after(line)
    }

    /// Brings the files of one target to their place.
    fn keep(&mut self, written: &Written) -> Result<(), Failure> {
        let main = written.files.main_bytes();
        let made = |path: String| Output {
            format: written.format.into(),
            path,
            bytes: main.len(),
            conserved: written.conserved,
        };
        let Some(path) = self.work.destination.path(self.job, written.extension) else {
            let mut out = io::stdout().lock();
            out.write_all(main).and_then(|()| out.flush()).map_err(Failure::file("standard output"))?;
            self.outcome.outputs.push(made("-".to_owned()));
            return Ok(());
        };
        for (name, bytes) in written.files.files() {
            let path = if name.is_empty() { path.clone() } else { beside(&path, name)? };
            if let Some(finding) = self.refusal(&path, bytes) {
                self.outcome.findings.push(finding);
                return Ok(());
            }
            self.staged.extend(self.work.store.stage(&path, bytes)?);
            if self.work.state.is_some() {
                self.made.files.push((path, digest(bytes)));
            }
        }
        self.outcome.outputs.push(made(path.display().to_string()));
        Ok(())
    }

    /// Why an output may not be written where it belongs.
    fn refusal(&self, path: &Path, bytes: &[u8]) -> Option<Finding> {
        // What is not there is no input.
        if path.exists() && path.canonicalize().is_ok_and(|path| self.survey.is_input(&path)) {
            return Some(Finding::error(
                "output.is-input",
                format!("`{}` is an input; it is not overwritten", path.display()),
                "name another folder with `-o DIR`",
            ));
        }
        if self.work.force || !store::differs(path, bytes) {
            return None;
        }
        if self.work.destination == Destination::Beside {
            return Some(Finding::error(
                "output.exists",
                format!("`{}` exists and says something else; it is left alone", path.display()),
                "`--force` replaces it, `-o DIR` writes elsewhere",
            ));
        }
        self.work.state.as_ref().filter(|state| state.is_edited(self.job, path)).map(|_| {
            Finding::error(
                "output.edited",
                format!("`{}` was changed after it was written; it is left alone", path.display()),
                "`--force` replaces it",
            )
        })
    }
}

/// The bytes of an input.
///
/// # Errors
/// [`Failure::File`] with what the system said.
pub fn load(origin: &Origin, name: &str) -> Result<Vec<u8>, Failure> {
    load_within(origin, name, u64::MAX).map(Cow::into_owned)
}

/// The bytes of an input, if they are not more than `largest`.
///
/// # Errors
/// [`Failure::File`] with what the system said, [`Failure::Limit`] if there are more bytes.
pub(super) fn load_within<'o>(origin: &'o Origin, name: &str, largest: u64) -> Result<Cow<'o, [u8]>, Failure> {
    match origin {
        Origin::File(path) => {
            let file = std::fs::File::open(path).map_err(Failure::file(name))?;
            let said = file.metadata().map_or(0, |about| about.len());
            read(file, said, name, largest)
        }
        Origin::Part { bytes, .. } => Ok(Cow::Borrowed(bytes)),
        Origin::Standard => read(io::stdin().lock(), 0, "standard input", largest),
        Origin::Broken(message) => Err(Failure::file(name)(io::Error::other(message.clone()))),
    }
}

/// The most room that is made for what a file says that it holds.
const ROOM: u64 = 64 << 20;

/// Reads what may be of `said` bytes.
fn read(source: impl Read, said: u64, name: &str, largest: u64) -> Result<Cow<'static, [u8]>, Failure> {
    // With room for a byte more, its end is seen without growing.
    let mut bytes = Vec::with_capacity(said.min(largest).min(ROOM) as usize + 1);
    source.take(largest.saturating_add(1)).read_to_end(&mut bytes).map_err(Failure::file(name))?;
    if bytes.len() as u64 > largest {
        return Err(Failure::Limit {
            message: format!("more than {} MiB in one document; `--max-document` raises the limit", largest >> 20),
            span: Span::default(),
        });
    }
    Ok(Cow::Owned(bytes))
}

/// A further file of an output (an image), beside the principal one. Names that lead elsewhere are refused.
fn beside(main: &Path, name: &str) -> Result<PathBuf, Failure> {
    let relative = Path::new(name);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Failure::Unsupported { message: format!("`{name}` is no name for a file beside an output") });
    }
    Ok(main.parent().unwrap_or(Path::new("")).join(relative))
}

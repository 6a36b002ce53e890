//! The work on one document of many. In: a job. Out: files in their places, and an outcome that tells of it.

use std::collections::HashSet;
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use super::amend::Amendment;
use super::finding::{Finding, Places};
use super::outcome::{Counts, Made, Outcome, Status};
use super::plan::{Destination, Job, Origin};
use super::run::Work;
use super::state::digest;
use super::store;
use crate::convert::Written;
use crate::diagnostic::{Log, Severity};
use crate::failure::Failure;
use crate::source::Input;

/// One document on its way.
pub(super) struct Task<'w> {
    work: &'w Work<'w>,
    job: &'w Job,
    /// The true paths of all inputs: none of them may be overwritten.
    inputs: &'w HashSet<PathBuf>,
    log: Log,
    outcome: Outcome,
    /// What was written, with the hashes of the bytes.
    files: Vec<(PathBuf, String)>,
}

impl<'w> Task<'w> {
    pub(super) fn new(work: &'w Work<'w>, job: &'w Job, inputs: &'w HashSet<PathBuf>) -> Self {
        Self { work, job, inputs, log: Log::new(), outcome: Outcome::new(&job.name), files: Vec::new() }
    }

    pub(super) fn run(mut self) -> Outcome {
        let (work, job) = (self.work, self.job);
        let bytes = match load(&job.origin, &job.name) {
            Ok(bytes) => bytes,
            Err(failure) => {
                return Outcome::ended(&job.name, Status::Failed, Finding::failure(&failure, &Places::default()));
            }
        };
        let remembered = work.state.as_ref().map(|state| (state, state.key(&work.options, &job.metadata, &bytes)));
        if let Some((state, key)) = remembered.as_ref().filter(|_| !work.force)
            && let Some(outcome) = state.unchanged(job, &work.targets, key)
        {
            return outcome;
        }
        let result = self.convert(&bytes);
        let places = Places::new(&job.name, &bytes);
        let noticed = self.log.diagnostics().iter().map(|diagnostic| Finding::of(diagnostic, &places));
        self.outcome.findings.splice(0..0, noticed);
        if let Err(failure) = result {
            self.outcome.findings.push(Finding::failure(&failure, &places));
        }
        if self.outcome.count(Severity::Error) > 0 {
            self.outcome.status = Status::Failed;
        }
        if let Some((state, key)) = remembered {
            state.remember(job, &work.targets, key, &self.files, &self.outcome);
        }
        self.outcome
    }

    fn convert(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let mut amendment = Amendment::from_files(&self.job.metadata)?;
        amendment.overlay(self.work.settings.clone());
        let path = match &self.job.origin {
            Origin::File(path) => Some(path.as_path()),
            Origin::Standard | Origin::Broken(_) => None,
        };
        let input = Input { name: &self.job.name, bytes, path };
        let mut amended = Log::new();
        let read = self
            .work
            .conversion
            .read_with(&input, &mut self.log, |document| amendment.apply(document, &mut amended))?;
        self.log.append(amended);
        self.outcome.format = Some(read.format.into());
        self.outcome.counts = Counts { characters: read.characters.unwrap_or_default(), ..Counts::of(&read.document) };
        for target in &self.work.targets {
            // One target that can't be written keeps no other from being written.
            match self.work.conversion.write(&read, target, &mut self.log) {
                Ok(written) => self.keep(&written)?,
                Err(failure) => self.outcome.findings.push(Finding::failure(&failure, &Places::default())),
            }
        }
        Ok(())
    }

    /// Brings the files of one target to their place.
    fn keep(&mut self, written: &Written) -> Result<(), Failure> {
        let main = written.files.main_bytes();
        let made = |path: String| Made {
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
            store::put(&path, bytes)?;
            if self.work.state.is_some() {
                self.files.push((path, digest(bytes)));
            }
        }
        self.outcome.outputs.push(made(path.display().to_string()));
        Ok(())
    }

    /// Why an output may not be written where it belongs.
    fn refusal(&self, path: &Path, bytes: &[u8]) -> Option<Finding> {
        if path.canonicalize().is_ok_and(|path| self.inputs.contains(&path)) {
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
        self.work.state.as_ref().filter(|state| state.is_edited(path)).map(|_| {
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

/// A further file of an output (an image), beside the principal one. Names that lead elsewhere are refused.
fn beside(main: &Path, name: &str) -> Result<PathBuf, Failure> {
    let relative = Path::new(name);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(Failure::Unsupported { message: format!("`{name}` is no name for a file beside an output") });
    }
    Ok(main.parent().unwrap_or(Path::new("")).join(relative))
}

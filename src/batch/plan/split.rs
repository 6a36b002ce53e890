//! Sources that hold many documents, each of which becomes a job of its own.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use super::names::key;
use super::walk::head;
use super::{Job, Origin, Plan, Survey, with_extension};
use crate::failure::Failure;
use crate::read::{Part, Parts};

/// From how many bytes on a source is taken apart unasked.
pub(super) const LARGE: u64 = 16 << 20;

/// How much of a source is read at a time.
const BUFFER: usize = 1 << 20;

/// Whether sources that hold many documents (a TEI corpus, a transcript of several documents) are taken apart, so that
/// each document has outputs of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Split {
    /// Those that are too large to be held whole: of more than 16 MiB.
    #[default]
    Large,
    /// All.
    Always,
    /// None.
    Never,
}

impl Plan<'_> {
    /// A job, or the jobs that it is made of.
    pub(super) fn split<'p>(&self, job: Job, survey: &'p Survey) -> Box<dyn Iterator<Item = Job> + Send + 'p> {
        let Some((source, format, parts)) = self.parts(&job) else { return Box::new(std::iter::once(job)) };
        // A folder of this name among the inputs may hold documents with numbers for names.
        let taken = survey.folders.holds(key(&job.stem));
        let folder = if taken { with_extension(&job.stem, "documents") } else { job.stem.clone() };
        let mut parts = (1..).zip(parts);
        let (mut found, mut broken) = (0, false);
        Box::new(std::iter::from_fn(move || {
            if broken {
                return None;
            }
            let Some((number, part)) = parts.next() else {
                survey.holds_parts(&source, found);
                return None;
            };
            found = number;
            broken = part.is_err();
            Some(part_job(&job, &source, format, number, &folder, part))
        }))
    }

    fn parts(&self, job: &Job) -> Option<(PathBuf, &'static str, Parts)> {
        let Origin::File(path) = &job.origin else { return None };
        let wanted = match self.split {
            Split::Large => job.size > LARGE,
            Split::Always => true,
            Split::Never => false,
        };
        if !wanted || !self.destination.takes_many() {
            return None;
        }
        let reader = match &self.from {
            Some(name) => self.registry.reader(name).ok()?,
            None => self.registry.reader_for(&job.name, &head(path)).ok()?,
        };
        let file = File::open(path).ok()?;
        let parts = reader.parts(Box::new(BufReader::with_capacity(BUFFER, file)))?;
        Some((path.clone(), reader.format().name, parts))
    }
}

fn part_job(
    job: &Job,
    source: &Path,
    format: &'static str,
    number: usize,
    folder: &Path,
    part: Result<Part, Failure>,
) -> Job {
    let (origin, size) = match part {
        Ok(Part { bytes, line }) => {
            let size = bytes.len() as u64;
            (Origin::Part { source: source.to_owned(), format, number, line, bytes }, size)
        }
        Err(failure) => (Origin::Broken(failure.to_string()), 0),
    };
    Job {
        name: format!("{}#{number}", job.name),
        origin,
        stem: folder.join(format!("{number:06}")),
        size,
        ..job.clone()
    }
}

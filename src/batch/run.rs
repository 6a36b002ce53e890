//! The work on many documents: side by side, each on its own, results in the order of the inputs.

use std::any::Any;
use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use rayon::iter::{ParallelBridge, ParallelIterator};

use super::Misuse;
use super::amend::Amendment;
use super::finding::Finding;
use super::outcome::{Outcome, Status};
use super::plan::{Destination, Job, Origin};
use super::state::State;
use super::task::Task;
use crate::convert::Conversion;

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
    /// What earlier runs left in the output folder.
    pub state: Option<State>,
    /// All options on which outputs depend, in any words.
    pub options: String,
    /// Whether everything is done anew, and outputs are replaced that are not known to be ours.
    pub force: bool,
    /// How many documents are worked on at once; 0 for as many as there are processors.
    pub threads: usize,
}

impl Work<'_> {
    /// Does the work on every job and hands over each outcome, in the order of the jobs, until `each` breaks off.
    /// Jobs that are under way then are ended in order, and not told.
    ///
    /// # Errors
    /// [`Misuse`] when no workers can be had.
    pub fn run(&self, jobs: &[Job], mut each: impl FnMut(Outcome) -> ControlFlow<()>) -> Result<(), Misuse> {
        let inputs: HashSet<PathBuf> = jobs.iter().filter_map(input_path).collect();
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .stack_size(STACK)
            .build()
            .map_err(|cause| Misuse::new(format!("no workers can be had: {cause}")))?;
        let (sender, outcomes) = mpsc::channel();
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let (inputs, over) = (&inputs, &over);
            scope.spawn(move || {
                let waiting = jobs.iter().enumerate().take_while(|_| !over.load(Ordering::Relaxed));
                pool.install(|| {
                    waiting.par_bridge().for_each_with(sender, |sender, (at, job)| {
                        // Nobody listens any more only when the run was broken off.
                        let _ = sender.send((at, self.isolated(job, inputs)));
                    });
                });
            });
            let mut early = BTreeMap::new();
            let mut next = 0;
            for (at, outcome) in outcomes {
                early.insert(at, outcome);
                while let Some(outcome) = early.remove(&next) {
                    if each(outcome).is_break() {
                        over.store(true, Ordering::Relaxed);
                        return;
                    }
                    next += 1;
                }
            }
        });
        Ok(())
    }

    /// One job; a panic in it is a bug of ours, and touches no other job.
    fn isolated(&self, job: &Job, inputs: &HashSet<PathBuf>) -> Outcome {
        catch_unwind(AssertUnwindSafe(|| Task::new(self, job, inputs).run())).unwrap_or_else(|panic| {
            let finding = Finding::error(
                "bug.panic",
                format!("this program has a fault: {}", said(panic.as_ref())),
                "please report it with the input; the other documents are not touched by it",
            );
            Outcome::ended(&job.name, Status::Bug, finding)
        })
    }
}

fn input_path(job: &Job) -> Option<PathBuf> {
    match &job.origin {
        Origin::File(path) => path.canonicalize().ok(),
        Origin::Standard | Origin::Broken(_) => None,
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message,
        _ => "it says nothing more",
    }
}

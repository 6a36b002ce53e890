//! The work on many documents: side by side, each on its own, results in the order of the inputs.

use std::any::Any;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::Misuse;
use super::amend::Amendment;
use super::commit::{self, Done};
use super::finding::Finding;
use super::outcome::{Outcome, Status};
use super::plan::{Destination, Job, Survey};
use super::state::State;
use super::store::Store;
use super::task::Task;
use crate::convert::Conversion;

/// How deep a worker's stack may grow, in bytes: documents nest, and dropping a tree recurses.
const STACK: usize = 64 << 20;

/// How many documents may be ahead of the first that is not told yet.
const AHEAD: usize = 1024;

/// How many bytes of input may be in work at once. A document that is larger is worked on alone.
const IN_WORK: u64 = 24 << 20;

/// What is to be done with every job.
pub struct Work<'r> {
    /// The way from input to checked output.
    pub conversion: Conversion<'r>,
    /// The names of the target formats.
    pub targets: Vec<String>,
    /// Where outputs go.
    pub destination: Destination,
    /// How they get there.
    pub store: Store,
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
    /// The largest input that is taken, in bytes.
    pub largest: u64,
}

impl Work<'_> {
    /// Does the work on every job and hands over each outcome, in the order of the jobs, until `each` breaks off.
    /// Jobs that are under way then are ended in order, and not told. Jobs are asked for as they are needed: neither
    /// they nor the outcomes pile up.
    ///
    /// # Errors
    /// [`Misuse`] when no workers can be had.
    pub fn run(
        &self,
        jobs: impl Iterator<Item = Job> + Send,
        survey: &Survey,
        mut each: impl FnMut(Outcome) -> ControlFlow<()>,
    ) -> Result<(), Misuse> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .stack_size(STACK)
            .build()
            .map_err(|cause| Misuse::new(format!("no workers can be had: {cause}")))?;
        let (sender, done) = mpsc::channel();
        let (committed, outcomes) = mpsc::channel();
        let gate = &Gate::default();
        std::thread::scope(|threads| {
            threads.spawn(move || {
                // Whoever waits at the gate is no worker: a worker that waited for another might wait for itself.
                pool.in_place_scope(|scope| {
                    for (at, job) in jobs.enumerate() {
                        if gate.enter(job.size).is_break() {
                            break;
                        }
                        let sender = sender.clone();
                        scope.spawn(move |_| {
                            let done = self.isolated(at, &job, survey);
                            gate.leave(job.size);
                            drop(job);
                            // Whoever commits listens as long as somebody may have something to say.
                            let _ = sender.send(done);
                        });
                    }
                    drop(sender);
                });
            });
            threads.spawn(move || commit::commit(self, gate, &done, &committed));
            let mut early = BTreeMap::new();
            let mut next = 0;
            for group in outcomes {
                early.extend(group);
                while let Some(outcome) = early.remove(&next) {
                    gate.told();
                    if each(outcome).is_break() {
                        gate.close();
                        return;
                    }
                    next += 1;
                }
            }
        });
        Ok(())
    }

    /// One job; a panic in it is a bug of ours, and touches no other job.
    fn isolated(&self, at: usize, job: &Job, survey: &Survey) -> Done {
        catch_unwind(AssertUnwindSafe(|| Task::new(self, job, survey).run(at))).unwrap_or_else(|panic| {
            let finding = Finding::error(
                "bug.panic",
                format!("this program has a fault: {}", said(panic.as_ref())),
                "please report it with the input; the other documents are not touched by it",
            );
            Done::without_files(at, Outcome::ended(&job.name, job.number, Status::Bug, finding))
        })
    }
}

/// Lets no more documents in than memory is meant for.
#[derive(Default)]
pub(super) struct Gate {
    inside: Mutex<Inside>,
    changed: Condvar,
}

#[derive(Default)]
struct Inside {
    /// Documents that were let in and are not told yet.
    untold: usize,
    /// Those of them that are in work or wait for it, and their bytes.
    working: usize,
    bytes: u64,
    /// True if a document waits to be let in.
    awaited: bool,
    closed: bool,
}

impl Gate {
    /// Waits until there is room; breaks if there will be none.
    fn enter(&self, size: u64) -> ControlFlow<()> {
        let full = |inside: &mut Inside| {
            inside.awaited = !inside.closed
                && (inside.untold >= AHEAD || inside.bytes > IN_WORK.saturating_sub(size) && inside.bytes > 0);
            inside.awaited
        };
        let mut inside = self.changed.wait_while(self.lock(), full).unwrap_or_else(PoisonError::into_inner);
        inside.untold += 1;
        inside.working += 1;
        inside.bytes += size;
        if inside.closed { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn leave(&self, size: u64) {
        let mut inside = self.lock();
        inside.working -= 1;
        inside.bytes -= size;
        self.wake(&inside);
    }

    fn told(&self) {
        let mut inside = self.lock();
        inside.untold -= 1;
        self.wake(&inside);
    }

    /// Lets in who waits, once there is room for many: to be woken for one takes as long.
    fn wake(&self, inside: &Inside) {
        if inside.awaited && inside.untold <= AHEAD / 2 && inside.bytes <= IN_WORK / 2 {
            self.changed.notify_all();
        }
    }

    /// True if nothing is in work and nothing waits for it.
    pub(super) fn is_idle(&self) -> bool {
        self.lock().working == 0
    }

    fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        // What stands behind the lock are numbers; nobody stumbles while holding it.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => message,
        (_, Some(message)) => message,
        _ => "it says nothing more",
    }
}

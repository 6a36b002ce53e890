//! Brings what workers have written to its place, many documents at a time: one sync for all of them, then the renames,
//! then what is remembered. In: documents that are done but for that. Out: their outcomes.

use std::iter;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use super::finding::{Finding, Places};
use super::outcome::Outcome;
use super::run::{Gate, Work};
use super::state::Entry;
use super::store::Staged;

/// How many files are brought to their places at once, and how long those of one document may wait for others.
const GROUP: usize = 256;
const GATHER: Duration = Duration::from_millis(100);

/// A document whose outputs are written, but not yet in their places.
#[derive(Debug)]
pub(super) struct Done {
    /// Which of the jobs of this run.
    pub(super) at: usize,
    pub(super) outcome: Outcome,
    pub(super) staged: Vec<Staged>,
    /// What is to be remembered once they are there.
    pub(super) entry: Option<Entry>,
}

impl Done {
    /// A document of which nothing was written.
    pub(super) fn without_files(at: usize, outcome: Outcome) -> Self {
        Self { at, outcome, staged: Vec::new(), entry: None }
    }
}

/// Outcomes, each with the number of its job.
pub(super) type Outcomes = Vec<(usize, Outcome)>;

/// Commits whatever comes in until nothing more can come.
pub(super) fn commit(work: &Work<'_>, gate: &Gate, done: &Receiver<Done>, outcomes: &Sender<Outcomes>) {
    while let Ok(first) = done.recv() {
        let group = gather(gate, done, first);
        // Nobody listens any more only when the run was broken off; what was begun is brought to its end.
        let _ = outcomes.send(settle(work, group));
    }
}

/// A document, and those that are done soon after it. Nothing waits that has nothing to wait for.
fn gather(gate: &Gate, done: &Receiver<Done>, first: Done) -> Vec<Done> {
    let until = Instant::now() + GATHER;
    let mut files = first.staged.len();
    let mut group = vec![first];
    // Whether a run goes on behind a document that failed is decided by whoever is told of it.
    while files < GROUP && group.last().is_some_and(|last| !last.outcome.is_bad(false)) {
        let more = done.try_recv().ok().or_else(|| {
            let rest = until.saturating_duration_since(Instant::now());
            if gate.is_idle() { None } else { done.recv_timeout(rest).ok() }
        });
        let Some(more) = more else { break };
        files += more.staged.len();
        group.push(more);
    }
    group
}

fn settle(work: &Work<'_>, group: Vec<Done>) -> Outcomes {
    let mut all = Vec::new();
    let mut owners = Vec::new();
    let (mut outcomes, mut entries) = (Vec::with_capacity(group.len()), Vec::with_capacity(group.len()));
    for (owner, Done { at, outcome, staged, entry }) in group.into_iter().enumerate() {
        owners.extend(iter::repeat_n(owner, staged.len()));
        all.extend(staged);
        outcomes.push((at, outcome));
        entries.push(entry);
    }
    let targets: Vec<_> = all.iter().map(|staged| staged.target().display().to_string()).collect();
    for ((owner, target), result) in owners.into_iter().zip(targets).zip(work.store.settle(all)) {
        if let Err(failure) = result {
            outcomes[owner].1.lose(&target, Finding::failure(&failure, &Places::default()));
            entries[owner] = None;
        }
    }
    if let Some(state) = &work.state {
        state.remember(&entries.into_iter().flatten().collect::<Vec<_>>());
    }
    outcomes
}

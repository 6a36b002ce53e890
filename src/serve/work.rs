//! Work apart from the threads that answer: so much at once, so long, and a fault in it is nobody else's.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::Limits;
use super::problem::Problem;

/// Where work is done.
pub(super) struct Desk {
    seats: Arc<Semaphore>,
    /// Requests whose bodies may be held at once: those in work, and some that wait.
    doors: Arc<Semaphore>,
    limits: Limits,
}

/// How many bodies are held for each seat.
const WAITING: usize = 4;

impl Desk {
    pub(super) fn new(limits: Limits) -> Self {
        let jobs = limits.jobs.max(1);
        let seats = Arc::new(Semaphore::new(jobs));
        Self { seats, doors: Arc::new(Semaphore::new(jobs.saturating_mul(WAITING))), limits }
    }

    /// Lets a request in whose body is to be read; it is in until what is given is dropped. So the memory that bodies
    /// take has a bound.
    ///
    /// # Errors
    /// 503 if none of those within leaves in time.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, Problem> {
        let entered = tokio::time::timeout(self.limits.wait, Arc::clone(&self.doors).acquire_owned()).await;
        entered.ok().and_then(Result::ok).ok_or_else(|| self.busy())
    }

    fn busy(&self) -> Problem {
        Problem::busy(self.limits.wait.as_secs().max(1))
    }

    /// Does some work and waits for it.
    ///
    /// # Errors
    /// 503 if nothing gets free in time, 504 if the work takes too long, 500 if the program stumbles over it; and
    /// whatever the work itself says.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let seat = tokio::time::timeout(self.limits.wait, Arc::clone(&self.seats).acquire_owned()).await;
        let Ok(Ok(seat)) = seat else { return Err(self.busy()) };
        let task = tokio::task::spawn_blocking(move || {
            let done = catch_unwind(AssertUnwindSafe(work));
            // Work can't be broken off: its seat is free when it is done, not when nobody waits for it any more.
            drop(seat);
            done
        });
        match tokio::time::timeout(self.limits.work, task).await {
            Ok(Ok(Ok(done))) => done,
            Ok(_) => Err(Problem::bug("the program stumbled over the document: please report it with the input")),
            Err(_) => Err(Problem::too_long(self.limits.work.as_secs())),
        }
    }

    /// How long a body may take to arrive.
    pub(super) fn receive(&self) -> Duration {
        self.limits.receive
    }

    /// What is taken at most.
    pub(super) fn limits(&self) -> Limits {
        self.limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(work: impl Future<Output = T>) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(work)
    }

    fn status(problem: &Problem) -> serde_json::Value {
        serde_json::to_value(problem).unwrap()["status"].clone()
    }

    #[test]
    fn work_that_takes_too_long_is_not_waited_for_and_keeps_its_seat() {
        let (wait, work) = (Duration::from_millis(20), Duration::from_millis(50));
        let desk = Desk::new(Limits { jobs: 1, wait, work, ..Limits::default() });
        let (go, gone) = std::sync::mpsc::channel::<()>();
        run(async {
            let late = desk.work(move || Ok(gone.recv().is_ok())).await;
            assert_eq!(late.map_err(|problem| status(&problem)), Err(504.into()));
            let busy = desk.work(|| Ok(())).await;
            assert_eq!(busy.map_err(|problem| status(&problem)), Err(503.into()));
            go.send(()).unwrap();
            while desk.seats.available_permits() == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert!(desk.work(|| Ok(())).await.is_ok());
        });
    }

    #[test]
    fn no_more_bodies_are_held_than_there_is_room_for() {
        let desk = Desk::new(Limits { jobs: 1, wait: Duration::from_millis(10), ..Limits::default() });
        run(async {
            let mut within = Vec::new();
            for _ in 0..WAITING {
                within.push(desk.enter().await.map_err(|problem| status(&problem)).unwrap());
            }
            assert_eq!(desk.enter().await.map(drop).map_err(|problem| status(&problem)), Err(503.into()));
            within.pop();
            assert!(desk.enter().await.is_ok());
        });
    }

    #[test]
    fn a_panic_is_a_fault_of_the_program_and_frees_the_seat() {
        let desk = Desk::new(Limits { jobs: 1, ..Limits::default() });
        run(async {
            let fallen = desk.work::<()>(|| panic!("a fault made for this test")).await;
            assert_eq!(fallen.map_err(|problem| status(&problem)), Err(500.into()));
            assert!(desk.work(|| Ok(())).await.is_ok());
        });
    }
}

//! Where the work is done: on threads whose stacks are as deep as documents may be, as many as there are processors,
//! while Python goes on.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::PyResult;
use pyo3::exceptions::PyRuntimeError;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// How deep a stack may grow, in bytes: documents nest, and trees are walked by functions that call themselves.
const STACK: usize = 64 << 20;

/// The workers, and the process whose they are: after a fork the child has the pool, but none of its threads.
static POOL: Mutex<Option<(u32, Arc<ThreadPool>)>> = Mutex::new(None);

/// Does some work on a worker and waits for it; what the work says when it panics becomes an error.
pub(crate) fn run<R: Send>(work: impl FnOnce() -> R + Send) -> PyResult<Result<R, String>> {
    let pool = pool()?;
    Ok(catch_unwind(AssertUnwindSafe(|| pool.install(work))).map_err(|panic| said(panic.as_ref())))
}

fn pool() -> PyResult<Arc<ThreadPool>> {
    let process = std::process::id();
    let mut held = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, pool)) = held.as_ref().filter(|(whose, _)| *whose == process) {
        return Ok(Arc::clone(pool));
    }
    let pool = ThreadPoolBuilder::new()
        .stack_size(STACK)
        .thread_name(|number| format!("apograph-{number}"))
        .build()
        .map_err(|cause| PyRuntimeError::new_err(format!("no workers can be had: {cause}")))?;
    let pool = Arc::new(pool);
    if let Some(parents) = held.replace((process, Arc::clone(&pool))) {
        // To end the parent's threads would be to wait for what isn't here.
        std::mem::forget(parents);
    }
    Ok(pool)
}

fn said(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(message), _) => (*message).to_owned(),
        (_, Some(message)) => message.clone(),
        _ => "it says nothing more".to_owned(),
    }
}

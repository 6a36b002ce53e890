//! The same work on many things, on all cores where the crate may use them (feature `parallel`). The results stand
//! in the order of the things, so nothing that is written depends on how many threads there are.

/// The result of `work` on each of `things`, in their order.
#[cfg(feature = "parallel")]
pub(crate) fn map<T: Sync, R: Send>(things: &[T], work: impl Fn(usize, &T) -> R + Sync + Send) -> Vec<R> {
    use rayon::prelude::*;
    if things.len() < 2 {
        return things.iter().enumerate().map(|(at, thing)| work(at, thing)).collect();
    }
    things.par_iter().enumerate().map(|(at, thing)| work(at, thing)).collect()
}

/// The result of `work` on each of `things`, in their order.
#[cfg(not(feature = "parallel"))]
pub(crate) fn map<T, R>(things: &[T], work: impl Fn(usize, &T) -> R) -> Vec<R> {
    things.iter().enumerate().map(|(at, thing)| work(at, thing)).collect()
}

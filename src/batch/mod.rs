//! Many documents at once: which inputs become which outputs ([`plan`]), the work on them ([`run`]), how bytes
//! reach the disk ([`store`]), and what is told about it ([`report`]).

pub mod amend;
pub mod finding;
pub mod plan;
pub mod report;
pub mod run;
pub mod store;

/// A request that can't be carried out as it stands; no document was touched.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Misuse {
    /// What is wrong, one sentence.
    pub message: String,
    /// What to do instead.
    pub hint: Option<String>,
}

impl Misuse {
    /// A misuse without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    /// The same misuse with a hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

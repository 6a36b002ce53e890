//! Many documents at once: which inputs become which outputs ([`plan`]), the work on them ([`run`]), how bytes
//! reach the disk ([`store`]), what is remembered from run to run ([`state`]), and what is told ([`report`]).

pub mod amend;
#[cfg(feature = "cli")]
mod commit;
#[cfg(feature = "cli")]
mod disk;
pub mod finding;
pub mod outcome;
#[cfg(feature = "cli")]
pub mod plan;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod run;
#[cfg(feature = "cli")]
mod siblings;
#[cfg(feature = "cli")]
pub mod state;
#[cfg(feature = "cli")]
pub mod store;
#[cfg(feature = "cli")]
pub mod task;

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

/// Text from outside, without the characters by which it could command a terminal or turn a line around.
pub fn tame(text: &str) -> String {
    let is_wild = |character: char| {
        character.is_control()
            || matches!(character, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().map(|character| if is_wild(character) { '\u{FFFD}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_can_not_turn_the_line_around() {
        assert_eq!(tame("a\u{202E}txt.\u{1b}[31m"), "a\u{FFFD}txt.\u{FFFD}[31m");
    }
}

//! What was inferred, from what the front matter tells of it.

use crate::markdown::front::Inferred;
use crate::markdown::labels::Ranges;
use crate::model::{Document, Inference};

/// What the front matter tells.
#[derive(Debug, Default)]
pub(super) struct Inferences {
    told: Vec<Inferred>,
    /// Which of them is about a note, by its label.
    notes: Ranges,
}

impl Inferences {
    pub(super) fn of(told: Vec<Inferred>) -> Self {
        let mut notes = Ranges::default();
        told.iter().enumerate().for_each(|(at, it)| notes.add(&it.notes, at));
        Self { told, notes }
    }

    /// What was inferred of a note.
    pub(super) fn of_note(&self, label: &str) -> Option<Inference> {
        let told = self.told.get(self.notes.find(label)?)?;
        Some(Inference {
            rule: told.rule.clone().into(),
            certainty: told.certainty,
            because: told.because.clone().into(),
        })
    }

    /// Puts the reasons where the text has none.
    pub(super) fn fill(&self, document: &mut Document) {
        if self.told.is_empty() {
            return;
        }
        document.each_tag_mut(|tag| {
            if let Some(inference) = tag.inference.as_mut().filter(|inference| inference.because.is_empty())
                && let Some(told) = self.told.iter().find(|told| told.covers(inference))
            {
                inference.because = told.because.clone().into();
            }
        });
    }
}

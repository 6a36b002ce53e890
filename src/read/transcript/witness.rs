//! The text of a transcript as its bytes have it: all characters but those that the reader declared as markup,
//! with what it declared as notes kept apart.

use crate::conservation::{Flow, Text, Witness};
use crate::diagnostic::Log;
use crate::failure::Failure;
use crate::source::{Span, decode};

/// The witness of the format `transcript`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl Witness for Plain {
    fn format(&self) -> &'static str {
        super::NAME
    }

    fn flow(&self, bytes: &[u8], taken: &[Span]) -> Result<Flow, Failure> {
        Ok(flow(&decode(bytes).text, taken, &[]))
    }

    fn source_flow(&self, bytes: &[u8], log: &Log) -> Result<Flow, Failure> {
        Ok(flow(&decode(bytes).text, log.taken(), log.notes_taken()))
    }
}

fn flow(text: &str, taken: &[Span], notes: &[Span]) -> Flow {
    let mut taken: Vec<_> = taken.iter().map(|span| span.range()).collect();
    taken.sort_by_key(|range| (range.start, range.end));
    let mut notes: Vec<_> = notes.iter().map(|span| span.range()).collect();
    notes.sort_by_key(|range| range.start);
    let mut flow = Flow::default();
    let (mut at, mut next_taken) = (0, 0);
    let mut copy = |to: &mut Text, upto: usize, at: &mut usize| {
        while *at < upto {
            while taken.get(next_taken).is_some_and(|range| range.end <= *at) {
                next_taken += 1;
            }
            let next = taken.get(next_taken).filter(|range| range.start < upto);
            let end = next.map_or(upto, |range| range.start.max(*at));
            to.push(text.get(*at..end).unwrap_or_default());
            *at = next.map_or(upto, |range| range.end);
        }
    };
    for note in notes {
        copy(&mut flow.main, note.start, &mut at);
        let mut said = Text::default();
        copy(&mut said, note.end, &mut at);
        flow.notes.push(said);
    }
    copy(&mut flow.main, text.len(), &mut at);
    flow
}

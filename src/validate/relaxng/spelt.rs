//! Verdicts on values where a schema spells out which ones may stand, or has lists of words, remembered: the same few
//! come again and again (`rend`, `type`, `epub:type`), and there may be hundreds to hold each against.

use foldhash::HashMap;

use super::pattern::{Arena, P, Pattern};
use super::verdicts::Verdicts;

/// What patterns that spell out values or lists say of those that were seen; nothing for other patterns.
#[derive(Clone, Debug, Default)]
pub(super) struct Spelt(HashMap<P, Option<Verdicts<2_000>>>);

impl Spelt {
    /// Whether a value is one of those, if that was asked before.
    pub(super) fn verdict(&mut self, arena: &Arena, p: P, value: &str) -> Option<bool> {
        let verdicts = self.0.entry(p).or_insert_with(|| is_worth_it(arena, p).then(Verdicts::default));
        verdicts.as_ref()?.get(value)
    }

    /// Remembers what was found, if it is worth it.
    pub(super) fn remember(&mut self, p: P, value: &str, verdict: bool) {
        if let Some(Some(verdicts)) = self.0.get_mut(&p) {
            verdicts.keep(value, verdict);
        }
    }
}

/// True for a pattern that spells out values or lists and says the same of them wherever they stand.
fn is_worth_it(arena: &Arena, p: P) -> bool {
    let (mut values, mut lists, mut left) = (0, 0, vec![p]);
    while let Some(p) = left.pop() {
        match arena.get(p) {
            Pattern::Value(number) if arena.values[*number as usize].kind.depends_on_place() => return false,
            Pattern::Data(number, _) if arena.data[*number as usize].kind.depends_on_place() => return false,
            Pattern::Value(_) => values += 1,
            Pattern::Data(_, except) => left.extend(except),
            Pattern::List(inner) => {
                lists += 1;
                left.push(*inner);
            }
            Pattern::OneOrMore(inner) => left.push(*inner),
            Pattern::Choice(all) => left.extend_from_slice(all),
            Pattern::Group(a, b) | Pattern::Interleave(a, b) => left.extend([*a, *b]),
            _ => {}
        }
    }
    values > 1 || lists > 0
}

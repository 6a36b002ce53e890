//! Which candidate is which note's marker: the best assignment of the whole list of notes to places in the
//! order of the text, by dynamic programming, and how certain each single choice is.
//!
//! The notes are layers. A state is how far the printed numbers run ahead of the counted ones: lists that were
//! counted anew say `1, 2, 3` where the text says `0, 1, 2` or `1, *, 2`.
//!
//! A layer looks at those candidates alone that say what its note says. How many all layers look at is bounded, linear
//! in the number of notes and candidates ([`allowance`]): in a text in which thousands of notes and candidates say the
//! same, each note looks at the next few.

use std::ops::Range;

use compact_str::{CompactString, ToCompactString};

use super::candidates::{Pool, number};

/// What leaving a note without a marker costs.
const SKIP: f32 = -13.0;
/// Which worse beginnings are kept, by their distance from the best, and in how many states.
const WIDE: Beam = Beam { depth: 70.0, states: 64 };
/// The same where notes and candidates are too many for that.
const NARROW: Beam = Beam { depth: 24.0, states: 8 };
/// How many candidates a note may look at, at least, for the wide beam: it can then look at [`LEAST`] by each of the
/// [`MOVES`] of each state.
const ROOM: usize = 64 * MOVES * LEAST;
/// How many states can follow one, behind the first note.
const MOVES: usize = 5;
/// How many candidates are looked at from one state for one label, at least.
const LEAST: usize = 4;
/// What a word is worth that stands before the marker and in the note.
const SHARED: f32 = 0.8;
/// The furthest that printed numbers may run from counted ones.
const DRIFT: i32 = 12;

/// What is kept of beginnings.
#[derive(Clone, Copy, Debug)]
struct Beam {
    depth: f32,
    states: usize,
}

/// What is known of a note before its marker is found.
#[derive(Clone, Debug)]
pub(super) struct Called {
    /// Its label in the list.
    pub label: CompactString,
    /// True if it says where the document comes from, so that its marker ends the heading.
    pub source: bool,
    /// The words of its beginning, as [`words`] gives them, sorted.
    pub words: Vec<u32>,
    /// The bytes of the page at whose foot it stands, in which it is called.
    pub page: Option<Range<usize>>,
    /// The candidate that an editor decided on.
    pub decided: Option<usize>,
    /// Where an editor decided that its marker is not.
    pub barred: Vec<Range<usize>>,
}

/// Where a note's marker is.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The candidate; none if no place will do.
    pub candidate: Option<usize>,
    /// What the marker says, or would say.
    pub label: CompactString,
    /// How much worse the best assignment is in which this note stands elsewhere.
    pub margin: f32,
}

/// A beginning of an assignment, or an ending.
#[derive(Clone, Copy, Debug)]
struct Step {
    state: i32,
    /// True if the next marker must follow directly.
    inner: bool,
    /// For a beginning: where it ends. For an ending: where it starts.
    at: usize,
    score: f32,
    /// The node that this step ends with.
    node: u32,
}

/// The steps of one layer. Beginnings are sorted by state, `inner` and place, endings by state and falling place; of
/// those that are free, each is better than all before it.
type Front = Vec<Step>;

/// A note at one of its candidates, or at none.
#[derive(Clone, Copy, Debug)]
struct Node {
    candidate: Option<u32>,
    drift: i32,
    previous: u32,
    /// Of the best beginning that ends with this node.
    score: f32,
    /// The state before this node.
    from: i32,
    /// Where the last marker ends.
    end: usize,
}

/// The node before all others.
const ROOT: u32 = 0;

/// How a state can follow another.
#[derive(Clone, Copy, Debug)]
struct Move {
    from: i32,
    drift: i32,
    cost: f32,
    /// True if a symbol stands there, not a number.
    symbol: bool,
}

struct Search<'p> {
    pool: &'p Pool,
    notes: &'p [Called],
    /// The numbers that the notes' labels say.
    numbers: Vec<Option<u32>>,
    counted: bool,
    nodes: Vec<Node>,
    /// For each layer the numbers of its nodes.
    layers: Vec<Range<usize>>,
    /// How many candidates may still be looked at.
    allowance: usize,
    /// How many have been.
    looked_at: usize,
}

/// How many candidates may be looked at in all, a few for each note aside. Where labels rise, as they do in nearly all
/// documents, each is looked at from a few states; a million is enough for hundreds of notes and thousands of
/// candidates.
fn allowance(notes: usize, candidates: usize) -> usize {
    1_000_000 + 64 * notes + 8 * candidates
}

/// Finds the best assignment. `counted`: the list may have been counted anew.
pub(super) fn choose(pool: &Pool, notes: &[Called], counted: bool) -> Vec<Choice> {
    Search::new(pool, notes, counted).run()
}

impl<'p> Search<'p> {
    fn new(pool: &'p Pool, notes: &'p [Called], counted: bool) -> Self {
        let root = Node { candidate: None, drift: 0, previous: ROOT, score: 0.0, from: 0, end: 0 };
        Self {
            pool,
            notes,
            numbers: notes.iter().map(|note| number(&note.label)).collect(),
            counted,
            nodes: vec![root],
            layers: Vec::with_capacity(notes.len()),
            allowance: allowance(notes.len(), pool.all.len()),
            looked_at: 0,
        }
    }

    fn run(&mut self) -> Vec<Choice> {
        let last = self.forward();
        let path = self.path(&last);
        let margins = self.margins(&last, &path);
        path.iter()
            .zip(margins)
            .enumerate()
            .map(|(at, (&node, margin))| {
                let node = self.node(node);
                let candidate = node.candidate.map(|candidate| candidate as usize);
                let label = match candidate {
                    Some(candidate) => self.pool.all[candidate].label.clone(),
                    None => self.label(at, node.drift),
                };
                Choice { candidate, label, margin }
            })
            .collect()
    }

    fn node(&self, number: u32) -> Node {
        self.nodes[number as usize]
    }

    fn add(&mut self, node: Node) -> u32 {
        self.nodes.push(node);
        // The allowance keeps them far fewer.
        u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX)
    }

    /// What note `at` says if the printed numbers run `drift` ahead.
    fn label(&self, at: usize, drift: i32) -> CompactString {
        if !self.counted || drift == 0 {
            return self.notes[at].label.clone();
        }
        let printed = i64::try_from(at).unwrap_or(i64::MAX) + 1 + i64::from(drift);
        printed.to_compact_string()
    }

    /// The candidates that say what note `at` says if the printed numbers run `drift` ahead.
    fn saying(&self, at: usize, drift: i32) -> &'p [usize] {
        let number = if self.counted && drift != 0 {
            let printed = i64::try_from(at).unwrap_or(i64::MAX) + 1 + i64::from(drift);
            match u32::try_from(printed) {
                Ok(printed) => Some(printed),
                Err(_) => return &[],
            }
        } else {
            self.numbers[at]
        };
        number.map_or_else(|| self.pool.saying(&self.notes[at].label), |number| self.pool.counting(number))
    }

    /// The states that can follow one, with what each costs.
    fn moves(&self, at: usize, from: i32, to: &mut Vec<Move>) {
        let mut add = |drift, cost, symbol| to.push(Move { from, drift, cost, symbol });
        if !self.counted {
            add(0, 0.0, false);
        } else if at == 0 {
            add(0, 0.0, false);
            add(-1, -1.5, false);
            add(-1, -5.0, true);
            (1..=DRIFT).for_each(|drift| add(drift, -9.0, false));
        } else {
            add(from, 0.0, false);
            add(from - 1, -6.0, true);
            add(from - 1, -10.0, false);
            add(from + 1, -9.0, false);
            let restart = -i32::try_from(at).unwrap_or(i32::MAX);
            if restart < from - 1 {
                add(restart, -10.0, false);
            }
        }
    }

    /// What a candidate is worth for a note.
    fn worth(&self, at: usize, candidate: usize) -> f32 {
        let (note, found) = (&self.notes[at], &self.pool.all[candidate]);
        let heading = match (note.source, found.heading_end) {
            (true, true) => 8.0,
            (true, false) => -6.0,
            (false, _) => 0.0,
        };
        let shared = found.words.iter().filter(|word| note.words.binary_search(word).is_ok()).count();
        found.weight + heading + (shared.min(4) as f32) * SHARED
    }

    /// The beginnings that place all notes, layer by layer.
    fn forward(&mut self) -> Front {
        let mut front = vec![Step { state: 0, inner: false, at: 0, score: 0.0, node: ROOT }];
        for at in 0..self.notes.len() {
            front = self.layer(at, &front);
        }
        front
    }

    fn layer(&mut self, at: usize, before: &Front) -> Front {
        let begin = self.nodes.len();
        let share = self.allowance / (self.notes.len() - at);
        let mut moves = Vec::new();
        let states = before.chunk_by(|a, b| a.state == b.state);
        states.clone().for_each(|starts| self.moves(at, starts[0].state, &mut moves));
        let most = (share / moves.len().max(1)).max(LEAST);
        let mut steps = Front::new();
        for starts in states {
            let from = starts[0].state;
            for &to in moves.iter().filter(|to| to.from == from) {
                self.extend(at, to, starts, most, &mut steps);
            }
            for start in starts {
                let score = start.score + SKIP;
                let skipped = Node { candidate: None, drift: from, previous: start.node, score, from, end: start.at };
                let node = self.add(skipped);
                steps.push(Step { state: from, inner: false, at: start.at, score, node });
            }
        }
        self.layers.push(begin..self.nodes.len());
        prune(&mut steps, if share < ROOM { NARROW } else { WIDE });
        steps
    }

    /// True if what was decided on says what a state wants; of what is neither number nor symbol, if the state stays.
    fn agrees(&self, at: usize, to: Move, decided: usize) -> bool {
        let symbols = self.pool.symbols();
        if to.symbol {
            return symbols.contains(&decided);
        }
        let label = &self.pool.all[decided].label;
        let odd = number(label).is_none() && *label != self.notes[at].label;
        self.saying(at, to.drift).contains(&decided) || (odd && to.drift == to.from)
    }

    /// Adds the candidates of a note behind the beginnings of one state; no more than `most` of them.
    fn extend(&mut self, at: usize, to: Move, starts: &[Step], most: usize, steps: &mut Front) {
        let note = &self.notes[at];
        let (found, page) = match &note.decided {
            // What an editor decided is the only candidate. What it says tells how far the printed numbers run ahead.
            Some(decided) if self.agrees(at, to, *decided) => (std::slice::from_ref(decided), None),
            Some(_) => return,
            None if to.symbol => (self.pool.symbols(), note.page.clone()),
            None => (self.saying(at, to.drift), note.page.clone()),
        };
        let page = page.unwrap_or(0..usize::MAX);
        let (free, inner) = starts.split_at(starts.partition_point(|step| !step.inner));
        let first = free.first().into_iter().chain(inner.first()).map(|step| step.at).min().unwrap_or(0);
        let from = first.max(page.start);
        let skipped = found.partition_point(|&candidate| self.pool.all[candidate].at.start < from);
        for &candidate in found[skipped..].iter().take(most) {
            let place = &self.pool.all[candidate].at;
            if place.start >= page.end {
                return;
            }
            self.allowance = self.allowance.saturating_sub(1);
            self.looked_at += 1;
            if note.barred.contains(place) {
                continue;
            }
            let Some(start) = best_start(free, inner, place.start) else { continue };
            let score = start.score + to.cost + self.worth(at, candidate);
            let (end, inner) = (place.end, self.pool.all[candidate].inner);
            let candidate = u32::try_from(candidate).ok();
            let node = self.add(Node { candidate, drift: to.drift, previous: start.node, score, from: to.from, end });
            steps.push(Step { state: to.drift, inner, at: end, score, node });
        }
    }

    /// The nodes of the best assignment, one for each note.
    fn path(&self, last: &Front) -> Vec<u32> {
        let free = last.iter().filter(|step| !step.inner);
        let best = free.max_by(|a, b| a.score.total_cmp(&b.score).then(b.at.cmp(&a.at)));
        let mut path = Vec::with_capacity(self.notes.len());
        let mut node = best.map_or(ROOT, |step| step.node);
        while node != ROOT {
            path.push(node);
            node = self.node(node).previous;
        }
        path.reverse();
        path
    }

    /// For each note: how far the best assignment lies above the best that puts the note elsewhere.
    fn margins(&self, last: &Front, path: &[u32]) -> Vec<f32> {
        let mut margins = vec![0.0; path.len()];
        let total = path.last().map_or(0.0, |&node| self.node(node).score);
        let states = last.chunk_by(|a, b| a.state == b.state).map(|steps| steps[0].state);
        let mut endings: Front =
            states.map(|state| Step { state, inner: false, at: usize::MAX, score: 0.0, node: ROOT }).collect();
        for at in (0..path.len()).rev() {
            let chosen = self.node(path[at]).candidate;
            let mut other = f32::NEG_INFINITY;
            let mut before = Front::with_capacity(self.layers[at].len());
            for node in &self.nodes[self.layers[at].clone()] {
                let follow = best_ending(&endings, node.drift, node.end);
                if node.candidate != chosen {
                    other = other.max(node.score + follow);
                }
                let gain = node.score - self.node(node.previous).score;
                let start = node.candidate.map_or(node.end, |found| self.pool.all[found as usize].at.start);
                before.push(Step { state: node.from, inner: false, at: start, score: gain + follow, node: ROOT });
            }
            before
                .sort_by(|a, b| a.state.cmp(&b.state).then(b.at.cmp(&a.at)).then_with(|| b.score.total_cmp(&a.score)));
            rising(&mut before, f32::NEG_INFINITY);
            margins[at] = total - other;
            endings = before;
        }
        margins
    }
}

/// The best beginning that ends at or before a place; one whose last marker must be followed directly only if it
/// ends there.
fn best_start(free: &[Step], inner: &[Step], place: usize) -> Option<Step> {
    let before = free[..free.partition_point(|step| step.at <= place)].last();
    let direct = inner.binary_search_by(|step| step.at.cmp(&place)).ok().map(|found| &inner[found]);
    match (before, direct) {
        (Some(before), Some(direct)) if direct.score > before.score => Some(*direct),
        (before, direct) => before.or(direct).copied(),
    }
}

/// The best score of what can follow from a place on.
fn best_ending(endings: &[Step], state: i32, from: usize) -> f32 {
    let steps = &endings[endings.partition_point(|step| step.state < state)..];
    let upto = steps.partition_point(|step| step.state == state && step.at >= from);
    steps[..upto].last().map_or(f32::NEG_INFINITY, |step| step.score)
}

/// Keeps, in each state, the steps that end earlier than all better ones, and of these those within the beam.
fn prune(steps: &mut Front, beam: Beam) {
    let least = steps.iter().map(|step| step.score).fold(f32::NEG_INFINITY, f32::max) - beam.depth;
    steps.sort_unstable_by(|a, b| {
        let place = |step: &Step| (step.state, step.inner, step.at);
        place(a).cmp(&place(b)).then_with(|| b.score.total_cmp(&a.score)).then(a.node.cmp(&b.node))
    });
    rising(steps, least);
    let best = |steps: &[Step]| steps.iter().map(|step| step.score).fold(f32::NEG_INFINITY, f32::max);
    let mut states: Vec<(f32, i32)> =
        steps.chunk_by(|a, b| a.state == b.state).map(|steps| (best(steps), steps[0].state)).collect();
    if states.len() > beam.states {
        states.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        let kept = &states[..beam.states];
        steps.retain(|step| kept.iter().any(|(_, state)| *state == step.state));
    }
}

/// Of sorted steps, keeps those that are better than `least` and than all before them in their state. Of those that
/// must be followed directly, the best at each place.
fn rising(steps: &mut Front, least: f32) {
    let (mut last, mut highest) = (None, least);
    steps.retain(|step| {
        if last.is_none_or(|(state, inner, at)| (state, inner) != (step.state, step.inner) || inner && at != step.at) {
            highest = least;
        }
        last = Some((step.state, step.inner, step.at));
        let better = step.score > highest;
        if better {
            highest = step.score;
        }
        better
    });
}

#[cfg(test)]
mod tests {
    use super::super::candidates::Candidate;
    use super::*;

    fn pool(labels: impl Iterator<Item = u32>) -> Pool {
        let candidate = |(at, label): (usize, u32)| Candidate {
            at: 4 * at + 3..4 * at + 4,
            label: label.to_compact_string(),
            weight: 5.0,
            inner: false,
            heading_end: false,
            words: Vec::new(),
        };
        Pool::of(labels.enumerate().map(candidate).collect())
    }

    fn notes(labels: impl Iterator<Item = u32>) -> Vec<Called> {
        let called = |label: u32| Called {
            label: label.to_compact_string(),
            source: false,
            words: Vec::new(),
            page: None,
            decided: None,
            barred: Vec::new(),
        };
        labels.map(called).collect()
    }

    /// Looks for notes with a small allowance, and says where they were put. The work must keep to the bound.
    fn search(pool: &Pool, notes: &[Called], counted: bool) -> Vec<Option<usize>> {
        let allowed = 16 * notes.len();
        let mut search = Search { allowance: allowed, ..Search::new(pool, notes, counted) };
        let chosen: Vec<_> = search.run().into_iter().map(|choice| choice.candidate).collect();
        let least = LEAST * (NARROW.states * MOVES * notes.len() + DRIFT as usize);
        assert!(search.looked_at <= allowed + least, "{} candidates were looked at", search.looked_at);
        assert!(search.nodes.len() <= 2 * (allowed + least), "{} nodes were kept", search.nodes.len());
        assert_eq!(chosen.len(), notes.len());
        chosen
    }

    #[test]
    fn a_marker_among_others_that_say_the_same() {
        assert_eq!(search(&pool([1, 3, 2, 1, 3].into_iter()), &notes(1..=3), true), [Some(0), Some(2), Some(4)]);
    }

    #[test]
    fn many_notes_that_all_say_the_same() {
        let chosen = search(&pool(std::iter::repeat_n(1, 10_000)), &notes(std::iter::repeat_n(1, 1000)), false);
        assert!(chosen.iter().all(Option::is_some));
        assert!(chosen.is_sorted_by(|a, b| a < b), "each stands behind the one before");
    }

    #[test]
    fn many_notes_and_no_marker() {
        let chosen = search(&pool(std::iter::empty()), &notes(1..=2000), true);
        assert!(chosen.iter().all(Option::is_none));
    }

    #[test]
    fn many_counted_notes_in_a_text_of_numbers() {
        let chosen = search(&pool((0..10_000).map(|at| at % 100 + 1)), &notes(1..=1000), true);
        assert!(chosen[..100].iter().all(Option::is_some));
    }
}

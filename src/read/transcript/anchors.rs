//! Which candidate is which note's marker: the best assignment of the whole list of notes to places in the
//! order of the text, by dynamic programming, and how certain each single choice is.
//!
//! The notes are layers. A state is how far the printed numbers run ahead of the counted ones: lists that were
//! counted anew say `1, 2, 3` where the text says `0, 1, 2` or `1, *, 2`.

use std::collections::BTreeMap;
use std::ops::Range;

use compact_str::{CompactString, ToCompactString};

use super::candidates::Pool;

/// What leaving a note without a marker costs.
const SKIP: f32 = -13.0;
/// How many worse beginnings are kept, by their distance from the best.
const BEAM: f32 = 70.0;
/// What a word is worth that stands before the marker and in the note.
const SHARED: f32 = 0.8;
/// The furthest that printed numbers may run from counted ones.
const DRIFT: i32 = 12;

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

#[derive(Clone, Copy, Debug)]
struct Step {
    /// For a beginning: where it ends. For an ending: where it starts.
    at: usize,
    score: f32,
    /// The node that this step ends with.
    node: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    candidate: Option<usize>,
    drift: i32,
    previous: usize,
    /// Of the best beginning that ends with this node.
    score: f32,
    /// The state before this node.
    from: i32,
}

/// The beginnings or endings of one layer, by state.
type Steps = BTreeMap<i32, Vec<Step>>;

struct Search<'p> {
    pool: &'p Pool,
    notes: &'p [Called],
    counted: bool,
    nodes: Vec<Node>,
    /// For each layer the numbers of its nodes.
    layers: Vec<Vec<usize>>,
    work: usize,
}

/// Finds the best assignment. `counted`: the list may have been counted anew.
pub(super) fn choose(pool: &Pool, notes: &[Called], counted: bool) -> Vec<Choice> {
    let mut search =
        Search { pool, notes, counted, nodes: Vec::new(), layers: Vec::new(), work: 40_000 + 4000 * notes.len() };
    let beginnings = search.forward();
    let path = search.path(&beginnings);
    let margins = search.margins(&beginnings, &path);
    path.iter()
        .zip(margins)
        .enumerate()
        .map(|(at, (&node, margin))| {
            let node = search.nodes[node];
            let label = match node.candidate {
                Some(candidate) => pool.all[candidate].label.clone(),
                None => search.label(at, node.drift),
            };
            Choice { candidate: node.candidate, label, margin }
        })
        .collect()
}

impl Search<'_> {
    /// What note `at` says if the printed numbers run `drift` ahead.
    fn label(&self, at: usize, drift: i32) -> CompactString {
        if !self.counted || drift == 0 {
            return self.notes[at].label.clone();
        }
        let printed = i64::try_from(at).unwrap_or(i64::MAX) + 1 + i64::from(drift);
        printed.to_compact_string()
    }

    /// The states that can follow one, with what each costs, and whether a symbol stands there.
    fn moves(&self, at: usize, from: i32) -> Vec<(i32, f32, bool)> {
        if !self.counted {
            return vec![(0, 0.0, false)];
        }
        if at == 0 {
            let others = (1..=DRIFT).map(|drift| (drift, -9.0, false));
            return [(0, 0.0, false), (-1, -1.5, false), (-1, -5.0, true)].into_iter().chain(others).collect();
        }
        let mut moves =
            vec![(from, 0.0, false), (from - 1, -6.0, true), (from - 1, -10.0, false), (from + 1, -9.0, false)];
        let restart = -i32::try_from(at).unwrap_or(i32::MAX);
        if restart < from - 1 {
            moves.push((restart, -10.0, false));
        }
        moves
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

    /// All beginnings, layer by layer: element `k` holds those that place the first `k` notes.
    fn forward(&mut self) -> Vec<Steps> {
        let root = Node { candidate: None, drift: 0, previous: usize::MAX, score: 0.0, from: 0 };
        self.nodes.push(root);
        let mut beginnings = vec![Steps::from([(0, vec![Step { at: 0, score: 0.0, node: 0 }])])];
        for at in 0..self.notes.len() {
            let steps = self.layer(at, &beginnings[at]);
            beginnings.push(steps);
        }
        beginnings
    }

    fn layer(&mut self, at: usize, before: &Steps) -> Steps {
        let mut layer = Vec::new();
        let mut steps = Steps::new();
        for (&from, starts) in before {
            for (drift, cost, symbol) in self.moves(at, from) {
                let label = self.label(at, drift);
                let found = if symbol { self.pool.symbols() } else { self.pool.saying(&label) };
                // What an editor decided is the only candidate, whatever it says.
                let found = self.notes[at].decided.as_ref().map_or(found, std::slice::from_ref);
                self.extend(at, (from, drift, cost), starts, found, &mut layer, &mut steps);
            }
            for start in starts {
                let node = Node { candidate: None, drift: from, previous: start.node, score: start.score + SKIP, from };
                layer.push(self.nodes.len());
                steps.entry(from).or_default().push(Step { at: start.at, score: node.score, node: self.nodes.len() });
                self.nodes.push(node);
            }
        }
        self.layers.push(layer);
        prune(&mut steps, &self.nodes, self.pool);
        steps
    }

    fn extend(
        &mut self,
        at: usize,
        (from, drift, cost): (i32, i32, f32),
        starts: &[Step],
        found: &[usize],
        layer: &mut Vec<usize>,
        steps: &mut Steps,
    ) {
        let Some(first) = starts.first() else { return };
        let skipped = found.partition_point(|&candidate| self.pool.all[candidate].at.start < first.at);
        for &candidate in &found[skipped..] {
            if self.work == 0 {
                return;
            }
            self.work -= 1;
            let place = self.pool.all[candidate].at.clone();
            let note = &self.notes[at];
            let elsewhere =
                note.decided.is_none() && note.page.as_ref().is_some_and(|page| !page.contains(&place.start));
            if elsewhere || note.barred.contains(&place) {
                continue;
            }
            let Some(start) = self.best_start(starts, place.start) else { continue };
            let score = start.score + cost + self.worth(at, candidate);
            layer.push(self.nodes.len());
            steps.entry(drift).or_default().push(Step { at: place.end, score, node: self.nodes.len() });
            self.nodes.push(Node { candidate: Some(candidate), drift, previous: start.node, score, from });
        }
    }

    /// The best beginning that ends at or before a place; one whose last marker must be followed directly only
    /// if it ends there.
    fn best_start(&self, starts: &[Step], place: usize) -> Option<Step> {
        let upto = starts.partition_point(|step| step.at <= place);
        starts[..upto]
            .iter()
            .rev()
            .find(|step| step.at == place || !self.is_inner(step.node))
            .into_iter()
            .chain(starts[..upto].iter().rev().find(|step| !self.is_inner(step.node)))
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .copied()
    }

    fn is_inner(&self, node: usize) -> bool {
        self.nodes[node].candidate.is_some_and(|candidate| self.pool.all[candidate].inner)
    }

    /// The nodes of the best assignment, one for each note.
    fn path(&self, beginnings: &[Steps]) -> Vec<usize> {
        let last = beginnings.last().into_iter().flat_map(|steps| steps.values().flatten());
        let best = last
            .filter(|step| !self.is_inner(step.node))
            .max_by(|a, b| a.score.total_cmp(&b.score).then(b.at.cmp(&a.at)));
        let mut path = Vec::with_capacity(self.notes.len());
        let mut node = best.map_or(0, |step| step.node);
        while node != 0 && node != usize::MAX {
            path.push(node);
            node = self.nodes[node].previous;
        }
        path.reverse();
        path
    }

    /// For each note: how far the best assignment lies above the best that puts the note elsewhere.
    fn margins(&self, beginnings: &[Steps], path: &[usize]) -> Vec<f32> {
        let mut margins = vec![0.0; path.len()];
        let total = path.last().map_or(0.0, |&node| self.nodes[node].score);
        // What can follow, by state: steps with falling `at` and rising score.
        let mut endings: Steps = Steps::new();
        let states = |steps: &Steps| steps.keys().copied().collect::<Vec<_>>();
        for state in beginnings.last().map(states).unwrap_or_default() {
            endings.insert(state, vec![Step { at: usize::MAX, score: 0.0, node: 0 }]);
        }
        for at in (0..path.len()).rev() {
            let chosen = self.nodes[path[at]].candidate;
            let mut other = f32::NEG_INFINITY;
            let mut before: Steps = Steps::new();
            for &number in &self.layers[at] {
                let node = self.nodes[number];
                let previous = self.nodes[node.previous].score;
                let gain = node.score - previous;
                let end = node.candidate.map_or(0, |candidate| self.pool.all[candidate].at.end);
                let place = self.place(number);
                let follow = best_ending(&endings, node.drift, end.max(place.1));
                let through = node.score + follow;
                if node.candidate != chosen {
                    other = other.max(through);
                }
                let start = if node.candidate.is_some() { place.0 } else { place.1 };
                before.entry(node.from).or_default().push(Step { at: start, score: gain + follow, node: number });
            }
            for steps in before.values_mut() {
                steps.sort_by(|a, b| b.at.cmp(&a.at).then(b.score.total_cmp(&a.score)));
                let mut best = f32::NEG_INFINITY;
                steps.retain(|step| {
                    let better = step.score > best;
                    best = best.max(step.score);
                    better
                });
            }
            margins[at] = total - other;
            endings = before;
        }
        margins
    }

    /// Start and end of a node's marker; for a note without one, the end of what went before.
    fn place(&self, number: usize) -> (usize, usize) {
        let mut node = self.nodes[number];
        loop {
            if let Some(candidate) = node.candidate {
                let at = &self.pool.all[candidate].at;
                return (at.start, at.end);
            }
            if node.previous == usize::MAX {
                return (0, 0);
            }
            node = self.nodes[node.previous];
        }
    }
}

/// The best score of what can follow from a place on.
fn best_ending(endings: &Steps, state: i32, from: usize) -> f32 {
    let Some(steps) = endings.get(&state) else { return f32::NEG_INFINITY };
    let upto = steps.partition_point(|step| step.at >= from);
    steps[..upto].last().map_or(f32::NEG_INFINITY, |step| step.score)
}

/// Keeps, in each state, the steps that end earlier than all better ones, and of these those within the beam.
fn prune(steps: &mut Steps, nodes: &[Node], pool: &Pool) {
    let best = steps.values().flatten().map(|step| step.score).fold(f32::NEG_INFINITY, f32::max);
    for list in steps.values_mut() {
        list.sort_by(|a, b| a.at.cmp(&b.at).then(b.score.total_cmp(&a.score)));
        let mut highest = best - BEAM;
        list.retain(|step| {
            let inner = nodes[step.node].candidate.is_some_and(|candidate| pool.all[candidate].inner);
            if inner {
                return step.score > best - BEAM;
            }
            let better = step.score > highest;
            if better {
                highest = step.score;
            }
            better
        });
    }
    steps.retain(|_, list| !list.is_empty());
}

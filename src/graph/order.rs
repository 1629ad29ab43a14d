//! The order of a plan's steps.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use petgraph::Direction::Incoming;
use petgraph::visit::EdgeRef as _;

use super::{Edge, Graph, Ix};

/// What a node is to an ordering.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Absent,
    Step,
    /// Stood for by a squash among the steps, or without a file: passed through at once.
    Silent,
}

impl Graph {
    /// Orders steps that go up: after a revision its smallest ready child, else the smallest ready one.
    pub(super) fn up_order(&self, steps: &[Ix]) -> Vec<Ix> {
        let mut role = vec![Role::Absent; self.nodes.len()];
        // Which squashes among the steps end with a revision, and which stand on it.
        let mut ending: HashMap<Ix, Vec<Ix>> = HashMap::new();
        let mut standing: HashMap<Ix, Vec<(Ix, Edge)>> = HashMap::new();
        for squash in steps.iter().filter_map(|&ix| self.squashes.of(ix)) {
            for leaf in &squash.leaves {
                role[leaf.index()] = Role::Silent;
            }
            ending.entry(squash.last).or_default().push(squash.node);
            for &(below, kind) in &squash.below {
                standing.entry(below).or_default().push((squash.node, kind));
            }
        }
        for &step in steps {
            role[step.index()] = Role::Step;
        }
        let endings = |below: Ix| ending.get(&below).map_or(0, Vec::len);
        let mut waits = vec![0_usize; self.nodes.len()];
        let mut ready = BinaryHeap::new();
        let mut silent = Vec::new();
        for ix in self.indices().filter(|ix| role[ix.index()] != Role::Absent) {
            let mut count = 0;
            let mut wait_for = |below: Ix| {
                count += usize::from(role[below.index()] != Role::Absent) + endings(below);
            };
            match self.squashes.of(ix) {
                Some(squash) => squash.below.iter().for_each(|(below, _)| wait_for(*below)),
                None => self.below_of(ix).for_each(&mut wait_for),
            }
            waits[ix.index()] = count;
            match (count, role[ix.index()]) {
                (0, Role::Silent) => silent.push(ix),
                (0, _) => ready.push(Reverse(ix)),
                _ => {}
            }
        }

        let mut order = Vec::with_capacity(steps.len());
        let mut done = vec![false; self.nodes.len()];
        let mut child: Option<Ix> = None;
        loop {
            // What stands on a released node waits for one less.
            let mut released = std::mem::take(&mut silent);
            if released.is_empty() {
                let next = match child.take() {
                    Some(next) => next,
                    None => match ready.pop() {
                        Some(Reverse(next)) if done[next.index()] => continue,
                        Some(Reverse(next)) => next,
                        None => break,
                    },
                };
                done[next.index()] = true;
                order.push(next);
                released.push(next);
            }
            while let Some(ix) = released.pop() {
                let last = self.squashes.last_of(ix);
                let leaves = self
                    .edges
                    .edges_directed(last, Incoming)
                    .map(|edge| (edge.source(), *edge.weight()));
                let squashes = standing.get(&last).into_iter().flatten().copied();
                for (above, kind) in leaves.chain(squashes) {
                    if role[above.index()] == Role::Absent {
                        continue;
                    }
                    waits[above.index()] -= 1;
                    if waits[above.index()] > 0 {
                        continue;
                    }
                    if role[above.index()] == Role::Silent {
                        released.push(above);
                    } else {
                        ready.push(Reverse(above));
                        if kind == Edge::Parent && !order.is_empty() {
                            child = Some(child.map_or(above, |other| other.min(above)));
                        }
                    }
                }
            }
        }
        order
    }
}

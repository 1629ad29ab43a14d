//! Which revisions lie below and above others. All walks are loops, for lines may be very long.

use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::visit::EdgeRef as _;

use super::{Edge, Graph, Ix};

impl Graph {
    /// The revisions and all below them, by both kinds of edge.
    pub(super) fn below(&self, from: impl IntoIterator<Item = Ix>) -> Vec<bool> {
        self.reach(from, Outgoing, false)
    }

    /// The revisions and all below them, by parents.
    pub(super) fn below_by_parents(&self, from: impl IntoIterator<Item = Ix>) -> Vec<bool> {
        self.reach(from, Outgoing, true)
    }

    /// The revisions and all above them, by both kinds of edge.
    pub(super) fn above(&self, from: impl IntoIterator<Item = Ix>) -> Vec<bool> {
        self.reach(from, Incoming, false)
    }

    /// The revisions and all above them, by parents.
    pub(super) fn above_by_parents(&self, from: impl IntoIterator<Item = Ix>) -> Vec<bool> {
        self.reach(from, Incoming, true)
    }

    fn reach(
        &self,
        from: impl IntoIterator<Item = Ix>,
        direction: Direction,
        parents_only: bool,
    ) -> Vec<bool> {
        let mut reached = vec![false; self.nodes.len()];
        let mut stack: Vec<Ix> = from.into_iter().map(|ix| self.squashes.last_of(ix)).collect();
        while let Some(ix) = stack.pop() {
            if std::mem::replace(&mut reached[ix.index()], true) {
                continue;
            }
            for edge in self.edges.edges_directed(ix, direction) {
                if !parents_only || *edge.weight() == Edge::Parent {
                    stack.push(if direction == Outgoing { edge.target() } else { edge.source() });
                }
            }
        }
        reached
    }
}

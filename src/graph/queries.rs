//! Questions about the graph.

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::visit::EdgeRef as _;

use super::{Edge, Graph, Ix, Node};
use crate::model::Id;

impl Graph {
    /// The number of revisions.
    pub fn len(&self) -> usize {
        self.has_file.iter().filter(|file| **file).count()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The revision of exactly this id, if it has a file.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        let ix = self.index.get(id)?;
        self.has_file[ix.index()].then(|| self.node(*ix))
    }

    /// All revisions, ancestors first, in the deterministic order of plans.
    pub fn ordered(&self) -> Vec<Id> {
        let files: Vec<Ix> = self.indices().filter(|ix| self.has_file[ix.index()]).collect();
        self.ids(self.up_order(&files))
    }

    /// The revisions without a child, in the order of plans.
    pub fn heads(&self) -> Vec<Id> {
        self.ids(self.head_indices())
    }

    /// The revisions without a parent.
    pub fn bases(&self) -> Vec<Id> {
        self.ids(self.base_indices())
    }

    /// The revisions with several children.
    pub fn branch_points(&self) -> Vec<Id> {
        let points = self
            .indices()
            .filter(|&ix| self.has_file[ix.index()] && self.children_shown(ix).len() > 1);
        self.ids(points)
    }

    /// The children of a revision by parents.
    pub fn children(&self, id: &Id) -> Vec<Id> {
        self.index.get(id).map(|&ix| self.ids(self.children_shown(ix))).unwrap_or_default()
    }

    /// The parents of a revision; where one has no file any more, the squash that stands for it.
    pub fn parents(&self, id: &Id) -> Vec<Id> {
        self.shown_below(id, Edge::Parent)
    }

    /// What a revision depends on beside its parents, with labels resolved to revisions.
    pub fn depends_on(&self, id: &Id) -> Vec<Id> {
        self.shown_below(id, Edge::Depends)
    }

    /// Names as a header's `depends_on` has them, as ids: a label means the revision that declares it.
    pub fn dependencies(&self, names: &[Id]) -> Vec<Id> {
        let resolve = |name: &Id| match (self.get(name), self.labels.get(name.as_str())) {
            (None, Some(&ix)) => self.id(ix).clone(),
            _ => name.clone(),
        };
        names.iter().map(resolve).collect()
    }

    /// The labels of a line that a revision belongs to: its own, and those spread to it as Alembic does.
    pub fn labels(&self, id: &Id) -> Vec<String> {
        let Some(&ix) = self.index.get(id) else { return Vec::new() };
        let mut labels = self.spread[self.squashes.last_of(ix).index()].clone();
        labels.extend(self.node(ix).labels.iter().cloned());
        labels.sort();
        labels.dedup();
        labels
    }

    fn shown_below(&self, id: &Id, wanted: Edge) -> Vec<Id> {
        let Some(&ix) = self.index.get(id) else { return Vec::new() };
        let node = self.node(ix);
        let names = match wanted {
            Edge::Parent => &node.parents,
            Edge::Depends => &node.depends_on,
        };
        let mut ids: Vec<Id> = Vec::new();
        for name in names {
            let known = self.index.get(name).or_else(|| self.labels.get(name.as_str()));
            if let Some(&below) = known {
                let id = self.id(self.shown(below));
                if !ids.contains(id) {
                    ids.push(id.clone());
                }
            }
        }
        ids
    }

    pub(super) fn node(&self, ix: Ix) -> &Node {
        &self.nodes[ix.index()]
    }

    pub(super) fn id(&self, ix: Ix) -> &Id {
        &self.nodes[ix.index()].id
    }

    pub(super) fn ids(&self, indices: impl IntoIterator<Item = Ix>) -> Vec<Id> {
        indices.into_iter().map(|ix| self.id(ix).clone()).collect()
    }

    pub(super) fn indices(&self) -> impl Iterator<Item = Ix> + use<> {
        (0..self.nodes.len()).map(Ix::new)
    }

    /// The revisions that are no squash: those among which plans compare.
    pub(super) fn leaves(&self) -> impl Iterator<Item = Ix> + '_ {
        self.indices().filter(|&ix| !self.squashes.is_squash(ix))
    }

    /// The revisions that a node stands for: itself, unless it is a squash.
    pub(super) fn leaves_of(&self, ix: Ix) -> Vec<Ix> {
        self.squashes.of(ix).map_or_else(|| vec![ix], |squash| squash.leaves.clone())
    }

    /// What a revision, no squash, stands on by both kinds of edge.
    pub(super) fn below_of(&self, leaf: Ix) -> impl Iterator<Item = Ix> + '_ {
        self.edges.neighbors_directed(leaf, Outgoing)
    }

    /// What stands on a revision by both kinds of edge.
    pub(super) fn above_of(&self, leaf: Ix) -> impl Iterator<Item = Ix> + '_ {
        self.edges.neighbors_directed(leaf, Incoming)
    }

    /// The parents of a node; those of a squash are those of the squash itself.
    pub(super) fn parents_of(&self, ix: Ix) -> Vec<Ix> {
        let mut parents: Vec<Ix> = match self.squashes.of(ix) {
            Some(squash) => {
                let parents = squash.below.iter().filter(|(_, kind)| *kind == Edge::Parent);
                parents.map(|(below, _)| *below).collect()
            }
            None => self
                .edges
                .edges_directed(ix, Outgoing)
                .filter(|edge| *edge.weight() == Edge::Parent)
                .map(|edge| edge.target())
                .collect(),
        };
        parents.sort_unstable();
        parents
    }

    /// The children of a node by parents, none of them a squash.
    pub(super) fn children_of(&self, ix: Ix) -> Vec<Ix> {
        let mut children: Vec<Ix> = self
            .edges
            .edges_directed(self.squashes.last_of(ix), Incoming)
            .filter(|edge| *edge.weight() == Edge::Parent)
            .map(|edge| edge.source())
            .collect();
        children.sort_unstable();
        children
    }

    /// The children of a node by parents, a squash in place of those that have no file any more.
    pub(super) fn children_shown(&self, ix: Ix) -> Vec<Ix> {
        self.shown_all(self.children_of(ix))
    }

    /// Nodes with a squash in place of each that has no file any more, sorted, each once.
    pub(super) fn shown_all(&self, indices: impl IntoIterator<Item = Ix>) -> Vec<Ix> {
        let mut shown: Vec<Ix> = indices.into_iter().map(|ix| self.shown(ix)).collect();
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    /// The heads by parents; where a squash ends with one, the squash.
    pub(super) fn head_indices(&self) -> Vec<Ix> {
        let heads = self.leaves().filter(|&ix| self.children_of(ix).is_empty());
        let mut heads: Vec<Ix> = heads.map(|ix| self.ending_with(ix)).collect();
        heads.sort_unstable();
        heads.dedup();
        heads
    }

    /// The heads that nothing depends on either.
    pub(super) fn real_head_indices(&self) -> Vec<Ix> {
        let heads = self.leaves().filter(|&ix| self.above_of(ix).next().is_none());
        let mut heads: Vec<Ix> = heads.map(|ix| self.ending_with(ix)).collect();
        heads.sort_unstable();
        heads.dedup();
        heads
    }

    fn ending_with(&self, leaf: Ix) -> Ix {
        self.squash_ending_with(leaf).map_or_else(|| self.shown(leaf), |squash| squash.node)
    }

    /// The revisions without a parent; a squash in place of those that have no file any more.
    pub(super) fn base_indices(&self) -> Vec<Ix> {
        self.shown_all(self.leaves().filter(|&ix| self.parents_of(ix).is_empty()))
    }
}

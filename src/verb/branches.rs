//! The verb `branches`.

use crate::store::Store;

use super::RevisionView;
use super::view::Viewer;

/// A revision with several children, and these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchPoint {
    /// The revision.
    pub revision: RevisionView,
    /// Its children.
    pub children: Vec<RevisionView>,
}

/// The revisions with several children, in the order of plans.
pub fn branches(store: &Store) -> Vec<BranchPoint> {
    let viewer = Viewer::new(store);
    let graph = store.graph();
    graph
        .branch_points()
        .iter()
        .filter_map(|id| {
            let children = viewer.views(&graph.children(id));
            Some(BranchPoint { revision: viewer.view(id)?, children })
        })
        .collect()
}

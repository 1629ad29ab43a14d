//! The verb `merge`. That the lines joined commute is not shown.

use std::collections::HashSet;

use crate::graph::Graph;
use crate::model::Id;
use crate::store::Store;

use super::new::{self, Draft, Made};
use super::options::options;
use super::{Error, Place};

options! {
    /// What the merge shall be.
    #[derive(Debug, Clone, Default)]
    pub struct MergeOptions {
        /// Names of the revisions to join.
        pub names: Vec<String>,
        /// What it is for; `None`: which revisions it joins.
        pub message: Option<String>,
        /// Joins revisions that are no heads, too.
        pub splice: bool,
        /// The labels that it declares.
        pub labels: Vec<String>,
        /// Its id; `None`: a random one.
        pub rev_id: Option<String>,
    }
}

/// Writes a revision whose parents are the revisions named.
///
/// # Errors
/// Fewer than two revisions, one that stands below another, one that is no head without
/// `splice`, and as [`super::revision::revision`].
pub fn merge(store: &Store, options: &MergeOptions, place: &Place) -> Result<Made, Error> {
    let graph = store.graph();
    let parents = place.with_names(|names| graph.resolve(&options.names, names))?;
    if parents.len() < 2 {
        return Err(Error::refused(
            match parents.first() {
                Some(only) => format!("there is nothing to merge with {only}"),
                None => "there is nothing to merge".to_owned(),
            },
            "name two revisions or more; `rev heads` lists the heads",
        ));
    }
    for upper in &parents {
        let below = ancestors(graph, upper);
        if let Some(lower) = parents.iter().find(|id| below.contains(*id)) {
            return Err(Error::refused(
                format!("{lower} is already an ancestor of {upper}: there is nothing to merge"),
                "`rev log --graph` shows the graph",
            ));
        }
    }
    if !options.splice {
        new::require_heads(store, &parents)?;
    }
    let listed = || parents.iter().map(Id::as_str).collect::<Vec<_>>().join(" and ");
    let message = options.message.clone().unwrap_or_else(|| format!("merge {}", listed()));
    new::write(
        store,
        Draft {
            message,
            parents,
            labels: options.labels.clone(),
            rev_id: options.rev_id.clone(),
            ..Draft::default()
        },
    )
}

/// The ancestors of a revision by parents alone: two lines may be joined though one depends on the
/// other.
fn ancestors(graph: &Graph, id: &Id) -> HashSet<Id> {
    let mut seen = HashSet::new();
    let mut open = vec![id.clone()];
    while let Some(id) = open.pop() {
        let parents = graph.get(&id).into_iter().flat_map(|node| &node.parents);
        open.extend(parents.filter(|parent| seen.insert((*parent).clone())).cloned());
    }
    seen
}

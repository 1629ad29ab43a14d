//! A revision as commands show it: its header, its file, and its place in the graph.

use std::collections::{BTreeMap, HashSet};

use crate::graph::Names;
use crate::model::{Header, Id};
use crate::store::Store;

/// A revision, with what the graph says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionView {
    /// Its header.
    pub header: Header,
    /// Its file, relative to the store; `None` for a revision that has none here.
    pub path: Option<String>,
    /// What must be applied before it beside its parents, labels resolved.
    pub dependencies: Vec<Id>,
    /// The labels of the lines it belongs to.
    pub labels: Vec<String>,
    /// The tags that name it.
    pub tags: Vec<String>,
    /// Whether it has no child.
    pub head: bool,
    /// Whether it has no child, yet another revision depends on it.
    pub effective_head: bool,
    /// Whether it has several children.
    pub branch_point: bool,
    /// Whether the database at hand has it applied; `None` without a database.
    pub applied: Option<bool>,
    /// Whether it is a head of the database's state.
    pub current: bool,
}

impl RevisionView {
    /// Whether it has no parent.
    pub fn base(&self) -> bool {
        self.header.parents.is_empty()
    }

    /// Whether it has several parents.
    pub fn merge(&self) -> bool {
        self.header.parents.len() > 1
    }
}

/// Makes views of revisions; what is the same for all is gathered once.
pub(super) struct Viewer<'a> {
    store: &'a Store,
    heads: HashSet<Id>,
    real_heads: HashSet<Id>,
    branch_points: HashSet<Id>,
    tags: BTreeMap<&'a Id, Vec<&'a str>>,
}

impl<'a> Viewer<'a> {
    pub(super) fn new(store: &'a Store) -> Self {
        let mut tags: BTreeMap<&Id, Vec<&str>> = BTreeMap::new();
        for (tag, ids) in store.tags() {
            for id in ids {
                tags.entry(id).or_default().push(tag);
            }
        }
        Viewer {
            store,
            heads: store.graph().heads().into_iter().collect(),
            // `heads` names those that no revision depends on.
            real_heads: store
                .graph()
                .resolve(&["heads".to_owned()], &Names::default())
                .unwrap_or_default()
                .into_iter()
                .collect(),
            branch_points: store.graph().branch_points().into_iter().collect(),
            tags,
        }
    }

    /// The view of a revision; `None` for one that has no file.
    pub(super) fn view(&self, id: &Id) -> Option<RevisionView> {
        let header = self.store.header(id)?.clone();
        Some(RevisionView {
            path: self.store.file(id).map(str::to_owned),
            dependencies: self.dependencies(&header),
            labels: self.store.graph().labels(id),
            tags: self.tags.get(id).into_iter().flatten().map(|tag| (*tag).to_owned()).collect(),
            head: self.heads.contains(id),
            effective_head: self.heads.contains(id) && !self.real_heads.contains(id),
            branch_point: self.branch_points.contains(id),
            applied: None,
            current: false,
            header,
        })
    }

    fn dependencies(&self, header: &Header) -> Vec<Id> {
        let resolve = |name: &Id| {
            let name = name.as_str().to_owned();
            self.store.graph().resolve(&[name], &Names::default()).unwrap_or_default()
        };
        header.depends_on.iter().flat_map(resolve).collect()
    }

    /// The views of revisions, in their order.
    pub(super) fn views(&self, ids: &[Id]) -> Vec<RevisionView> {
        ids.iter().filter_map(|id| self.view(id)).collect()
    }
}

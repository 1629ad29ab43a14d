//! What `revision` and `merge` share: a draft is checked against the whole store before a file
//! is written, so that no command leaves a store behind that does not open.

use std::path::PathBuf;

use crate::graph::{Graph, Node};
use crate::model::{Header, Id};
use crate::store::{self, Format, NewBody, NewRevision, Store};

use super::{Error, Place, RevisionView};

/// A revision to be written.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub message: String,
    pub parents: Vec<Id>,
    pub depends_on: Vec<Id>,
    pub labels: Vec<String>,
    pub rev_id: Option<String>,
    pub folder: Option<PathBuf>,
    pub format: Option<Format>,
    pub body: Option<NewBody>,
    /// Whether each statement runs by itself, outside a transaction.
    pub outside_transaction: bool,
}

/// A revision that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The revision.
    pub view: RevisionView,
    /// Its file.
    pub path: PathBuf,
    /// Hooks that failed: what to show.
    pub hook_failures: Vec<String>,
}

/// What `--depends-on` writes for a name: a label as it is, else the ids it stands for.
pub(super) fn dependency(store: &Store, name: &str, place: &Place) -> Result<Vec<Id>, Error> {
    let graph = store.graph();
    let ids = place.with_names(|names| graph.resolve(&[name.to_owned()], names))?;
    match ids.as_slice() {
        [id] if store.header(id).is_some_and(|header| header.labels.iter().any(|l| l == name)) => {
            Ok(vec![Id::from(name)])
        }
        _ => Ok(ids),
    }
}

/// Refuses parents that have a child already.
pub(super) fn require_heads(store: &Store, parents: &[Id]) -> Result<(), Error> {
    for parent in parents {
        let children = store.graph().children(parent);
        if let Some(child) = children.first() {
            return Err(Error::refused(
                format!("{parent} is not a head: {child} follows it"),
                "`--splice` starts another branch there; `rev heads` lists the heads",
            ));
        }
    }
    Ok(())
}

/// Checks drafts of which each follows the one before, and writes them.
pub(super) fn write_chain(store: &Store, drafts: Vec<Draft>) -> Result<Vec<Made>, Error> {
    let mut written: Vec<Header> = Vec::new();
    let mut made = Vec::new();
    for mut draft in drafts {
        if let Some(before) = written.last() {
            draft.parents = vec![before.id.clone()];
        }
        made.push(write_behind(store, draft, &mut written)?);
    }
    Ok(made)
}

/// Checks a draft and writes it.
pub(super) fn write(store: &Store, draft: Draft) -> Result<Made, Error> {
    write_behind(store, draft, &mut Vec::new())
}

/// Checks a draft and writes it; the store has been given some more revisions since it was opened.
fn write_behind(store: &Store, draft: Draft, written: &mut Vec<Header>) -> Result<Made, Error> {
    let id = draft.rev_id.as_ref().map_or_else(|| store.new_id(), Id::from);
    if let Some(file) = store.file(&id) {
        return Err(Error::refused(
            format!("there is a revision {id} already, in {file}"),
            "choose another id, or omit `--rev-id`",
        ));
    }
    let header = Header {
        id,
        parents: draft.parents,
        depends_on: draft.depends_on,
        labels: draft.labels,
        message: draft.message,
        created: Some(store::clock::now()),
        replaces: Vec::new(),
        transactional: !draft.outside_transaction,
    };
    written.push(header.clone());
    let graph = checked_graph(store, written)?;
    let written = store.write(&NewRevision {
        header: header.clone(),
        format: draft.format,
        folder: draft.folder,
        body: draft.body,
    })?;
    let path = written.path.strip_prefix(store.root()).unwrap_or(&written.path);
    let view = RevisionView {
        path: Some(path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")),
        dependencies: Vec::new(),
        labels: graph.labels(&header.id),
        tags: Vec::new(),
        head: graph.heads().contains(&header.id),
        effective_head: false,
        branch_point: false,
        applied: None,
        current: false,
        header,
    };
    Ok(Made { view, path: written.path, hook_failures: written.hook_failures })
}

/// The store's graph with new revisions in it, or what would be wrong with it.
fn checked_graph(store: &Store, new: &[Header]) -> Result<Graph, Error> {
    let graph = store.graph();
    let mut nodes: Vec<Node> =
        graph.ordered().iter().filter_map(|id| graph.get(id)).cloned().collect();
    nodes.extend(new.iter().map(|header| Node {
        id: header.id.clone(),
        parents: header.parents.clone(),
        depends_on: header.depends_on.clone(),
        labels: header.labels.clone(),
        replaces: Vec::new(),
        created: header.created.as_ref().map(|created| created.micros),
        cost: 1,
    }));
    Graph::new(nodes, store.tags().clone()).map_err(|problems| Error::Refused {
        message: problems.iter().map(|p| p.message.as_str()).collect::<Vec<_>>().join("; "),
        hint: problems.into_iter().find_map(|problem| problem.hint),
    })
}

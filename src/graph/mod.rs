//! The graph of revisions: build and check it, ask about it, name revisions in it, plan walks in it.
//! It knows nothing of operations. petgraph stays inside this room.

mod interim;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Direction, Id};

/// One revision, as the graph sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Its id.
    pub id: Id,
    /// Its parents; none: a base.
    pub parents: Vec<Id>,
    /// Ids, or labels that mean the revision that declares them.
    pub depends_on: Vec<Id>,
    /// The labels it declares.
    pub labels: Vec<String>,
    /// The revisions it stands for, if it is a squash.
    pub replaces: Vec<ReplacedNode>,
    /// When it was made, in microseconds since 1970 UTC.
    pub created: Option<i64>,
    /// What a step over it costs: 1 unless a caller knows better.
    pub cost: u64,
}

/// A revision that a squash stands for; its own file may be gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplacedNode {
    /// Its id.
    pub id: Id,
    /// Its parents.
    pub parents: Vec<Id>,
    /// Its dependencies.
    pub depends_on: Vec<Id>,
}

/// A row of the applied set, as the graph sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedNode {
    /// The revision.
    pub id: Id,
    /// The order in which it was applied.
    pub seq: i64,
    /// Its parents when it was applied.
    pub parents: Vec<Id>,
    /// Its dependencies when it was applied.
    pub depends_on: Vec<Id>,
}

/// What is wrong with a set of revisions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The revisions concerned, the one to show first in front.
    pub revisions: Vec<Id>,
    /// The word in the file to point at: the unknown parent, the bad label.
    pub word: Option<String>,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// The graph of a store's revisions.
#[derive(Debug)]
pub struct Graph {
    nodes: BTreeMap<Id, Node>,
    children: BTreeMap<Id, Vec<Id>>,
    labels: BTreeMap<String, Id>,
    tags: BTreeMap<String, Vec<Id>>,
}

impl Graph {
    /// Builds the graph and checks it; all problems are reported at once.
    ///
    /// # Errors
    /// Unknown parents and dependencies, cycles (named in full), duplicate ids, bad or clashing
    /// labels and tags, squashes that are not convex, or that overlap.
    pub fn new(nodes: Vec<Node>, tags: BTreeMap<String, Vec<Id>>) -> Result<Graph, Vec<Problem>> {
        Graph::build(nodes, tags)
    }

    /// The number of revisions.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The revision of exactly this id.
    pub fn get(&self, id: &Id) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// All revisions, ancestors first, in the deterministic order of plans.
    pub fn ordered(&self) -> Vec<Id> {
        self.order(&self.nodes.keys().cloned().collect())
    }

    /// The revisions without a child, in the order of plans.
    pub fn heads(&self) -> Vec<Id> {
        self.ordered().into_iter().filter(|id| self.children(id).is_empty()).collect()
    }

    /// The revisions without a parent.
    pub fn bases(&self) -> Vec<Id> {
        self.ordered().into_iter().filter(|id| self.nodes[id].parents.is_empty()).collect()
    }

    /// The revisions with several children.
    pub fn branch_points(&self) -> Vec<Id> {
        self.ordered().into_iter().filter(|id| self.children(id).len() > 1).collect()
    }

    /// The children of a revision by parents.
    pub fn children(&self, id: &Id) -> Vec<Id> {
        self.children.get(id).cloned().unwrap_or_default()
    }

    /// The labels of a line that a revision belongs to: its own, and those spread to it as Alembic does.
    pub fn labels(&self, id: &Id) -> Vec<String> {
        self.nodes.get(id).map(|node| node.labels.clone()).unwrap_or_default()
    }

    /// The revisions that a name or several stand for, in every form of the grammar.
    ///
    /// # Errors
    /// A name that is malformed, unknown, ambiguous, or not of the line named.
    pub fn resolve(&self, names: &[String], context: &Names<'_>) -> Result<Vec<Id>, NameError> {
        self.names(names, context)
    }

    /// The revisions of a range `A:B`, `:B`, `A:` (or of a single name: it and all below it),
    /// newest first.
    ///
    /// # Errors
    /// As [`Graph::resolve`].
    pub fn range(&self, range: &str, context: &Names<'_>) -> Result<Vec<Id>, NameError> {
        let (from, to) = range.split_once(':').unwrap_or(("", range));
        let to = if to.is_empty() { self.heads() } else { self.one(to, context)? };
        let from = if from.is_empty() { vec![] } else { self.one(from, context)? };
        let inside = self.closure(to);
        let below = self.closure(from.iter().flat_map(|id| self.nodes[id].parents.clone()));
        let mut order = self.order(&inside.difference(&below).cloned().collect());
        order.reverse();
        Ok(order)
    }

    /// The plan from a state to what is asked for.
    ///
    /// # Errors
    /// A name that does not resolve, or a walk that must not be taken.
    pub fn plan(
        &self,
        state: &State,
        request: &Request,
        context: &Names<'_>,
    ) -> Result<Plan, PlanError> {
        self.make_plan(state, request, context)
    }
}

/// What names may refer to beside the graph.
#[derive(Default)]
pub struct Names<'a> {
    /// The database's state, for `current`, `+N` and `-N`; `None` where no database is at hand.
    pub state: Option<&'a State>,
    /// The labels that the database takes; empty: the whole graph. `head` and `heads` mean theirs.
    pub lines: &'a [String],
    /// The heads of the state N runs back, for `@{N}`.
    pub journal: Option<&'a dyn Fn(usize) -> Option<Vec<Id>>>,
}

/// Why a name stands for no revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not of the grammar.
    #[error("{name:?} is not a revision's name: {reason}")]
    Malformed {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing is called so.
    #[error("there is no revision {name:?}")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest names there are.
        nearest: Vec<String>,
    },
    /// Several revisions are meant.
    #[error("{name:?} is ambiguous: {reason}")]
    Ambiguous {
        /// The name.
        name: String,
        /// Why: a prefix of several ids, several heads, a fork on the way.
        reason: String,
        /// What it may mean.
        candidates: Vec<String>,
    },
    /// `head`, with several heads.
    #[error("{name:?} is ambiguous: there are {} heads", heads.len())]
    SeveralHeads {
        /// The name.
        name: String,
        /// The heads.
        heads: Vec<Id>,
    },
    /// The revision is not of the line named.
    #[error("revision {revision} is not on the line {line:?}")]
    WrongLine {
        /// The revision.
        revision: Id,
        /// The line.
        line: String,
    },
    /// A relative name walks past an end.
    #[error("{name:?} walks past the end: {reason}")]
    OutOfRange {
        /// The name.
        name: String,
        /// Where it ended.
        reason: String,
    },
    /// The name needs a database.
    #[error("{name:?} needs a database to start from")]
    NeedsDatabase {
        /// The name.
        name: String,
    },
}

/// What a database is asked to become. Targets are names in the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// `rev upgrade`.
    Upgrade {
        /// The targets.
        targets: Vec<String>,
        /// Run gaps after what stands on them.
        out_of_order: bool,
    },
    /// `rev downgrade`.
    Downgrade {
        /// The targets.
        targets: Vec<String>,
    },
    /// `rev switch`.
    Switch {
        /// The targets.
        targets: Vec<String>,
    },
    /// `rev stamp`: rows only, nothing runs.
    Stamp {
        /// The targets.
        targets: Vec<String>,
        /// Exactly the closure of the targets.
        purge: bool,
        /// The targets alone.
        only: bool,
    },
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which way.
    pub direction: Direction,
    /// The revision.
    pub revision: Id,
}

/// An ordered walk. For a stamp, up means that a row comes and down that it goes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Applied rows that take their file's parents and run nothing.
    pub moved: Vec<Id>,
    /// The heads of the applied set before.
    pub heads_before: Vec<Id>,
    /// The heads of the applied set after.
    pub heads_after: Vec<Id>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A name does not resolve.
    #[error(transparent)]
    Name(#[from] NameError),
    /// An upgrade would run revisions after what already stands on them.
    #[error("{} missing below what is applied", gaps.len())]
    OutOfOrder {
        /// The gaps.
        gaps: Vec<Id>,
        /// For each gap, an applied revision that stands on it.
        above: Vec<Id>,
    },
    /// The target is not below the state.
    #[error("{target} is not below what is applied")]
    NotBelow {
        /// The target.
        target: String,
        /// The heads applied.
        heads: Vec<Id>,
    },
    /// The target lies inside the range of a squash that the database ran.
    #[error("{target} lies inside the squash {squash}, which this database ran")]
    InsideSquash {
        /// The target.
        target: Id,
        /// The squash.
        squash: Id,
    },
    /// A revision of the walk has no file, and its squash cannot be taken.
    #[error("{revision} was replaced by {squash} and its file is gone")]
    FileGone {
        /// The revision.
        revision: Id,
        /// The squash.
        squash: Id,
    },
    /// What was asked for contradicts itself.
    #[error("{0}")]
    Refused(String),
}

/// A database's applied set, joined with the graph of the files.
#[derive(Debug, Clone)]
pub struct State {
    rows: BTreeMap<Id, AppliedNode>,
}

impl State {
    /// Joins the rows with the files' graph.
    pub fn new(graph: &Graph, applied: Vec<AppliedNode>) -> State {
        let _ = graph;
        State { rows: applied.into_iter().map(|row| (row.id.clone(), row)).collect() }
    }

    /// The heads of the applied set.
    pub fn heads(&self) -> Vec<Id> {
        let below: BTreeSet<&Id> =
            self.rows.values().flat_map(|r| r.parents.iter().chain(&r.depends_on)).collect();
        self.rows.keys().filter(|id| !below.contains(id)).cloned().collect()
    }

    /// Revisions below the heads that are not applied.
    pub fn missing(&self, graph: &Graph) -> Vec<Id> {
        let below = graph.closure(self.heads());
        below.into_iter().filter(|id| !self.rows.contains_key(id)).collect()
    }

    /// Revisions up to the heads of the files (of the lines, if any) that are not applied, in the
    /// order in which they would run.
    pub fn pending(&self, graph: &Graph, lines: &[String]) -> Vec<Id> {
        let _ = lines;
        graph.ordered().into_iter().filter(|id| !self.rows.contains_key(id)).collect()
    }

    /// Applied revisions that have no file, nor a squash that stands for them.
    pub fn unknown(&self, graph: &Graph) -> Vec<Id> {
        self.rows.keys().filter(|id| !graph.nodes.contains_key(*id)).cloned().collect()
    }

    /// Applied revisions whose parents in the files are others now.
    pub fn moved(&self, graph: &Graph) -> Vec<Id> {
        self.rows
            .values()
            .filter(|r| graph.nodes.get(&r.id).is_some_and(|n| n.parents != r.parents))
            .map(|r| r.id.clone())
            .collect()
    }

    /// Whether the revision is applied, itself or through a squash.
    pub fn is_applied(&self, graph: &Graph, id: &Id) -> bool {
        let _ = graph;
        self.rows.contains_key(id)
    }
}

//! The graph of revisions: build and check it, ask about it, name revisions in it, plan walks in it.
//! It knows nothing of operations. petgraph stays inside this room.

mod build;
mod cover;
mod downgrade;
mod lines;
mod nearest;
mod order;
mod parse;
mod plan;
mod queries;
mod range;
mod resolve;
mod squash;
mod stamp;
mod state;
mod switch;
#[cfg(test)]
mod tests;
mod upgrade;
mod walk;

use std::collections::{BTreeMap, HashMap};

use petgraph::graph::DiGraph;

use crate::model::{Direction, Id};
use squash::Squashes;
pub use state::State;

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
    /// The revisions in the order of (`created`, missing first; id), so that an index is also a rank.
    /// Revisions that only a squash still speaks of stand among them.
    nodes: Vec<Node>,
    /// Whether the node has a file.
    has_file: Vec<bool>,
    index: HashMap<Id, Ix>,
    labels: BTreeMap<String, Ix>,
    tags: BTreeMap<String, Vec<Ix>>,
    /// The labels of the lines that each node belongs to.
    spread: Vec<Vec<String>>,
    /// From a revision to what it stands on. A squash has no edge here: whatever names it stands on
    /// the last of the revisions that it replaces.
    edges: DiGraph<(), Edge>,
    squashes: Squashes,
}

/// A node's index.
type Ix = petgraph::graph::NodeIndex;

/// Why one revision stands on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    Parent,
    Depends,
}

/// What names may refer to beside the graph.
#[derive(Default)]
pub struct Names<'a> {
    /// The database's state, for `current`; `None` where no database is at hand. [`Graph::plan`]
    /// fills it in.
    pub state: Option<&'a State>,
    /// The labels that the database takes; empty: the whole graph. `head` and `heads` mean theirs.
    pub lines: &'a [String],
    /// The heads of the state N runs back, for `@{N}`.
    pub journal: Option<&'a (dyn Fn(usize) -> Option<Vec<Id>> + Sync)>,
}

/// Why a name stands for no revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
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
    #[error("revision {revision} is not on the branch {line:?}")]
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
    /// The lower end of a range does not lie below the upper one.
    #[error("{lower} is not an ancestor of {}", upper.iter().map(Id::as_str).collect::<Vec<_>>().join(", "))]
    NotAncestor {
        /// The lower end.
        lower: Id,
        /// The upper end; none: the base.
        upper: Vec<Id>,
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
#[non_exhaustive]
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

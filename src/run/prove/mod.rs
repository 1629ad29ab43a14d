//! Proves that lines of revisions commute: by what they touch, else by replaying both orders.

mod grid;
mod late;
mod lines;
mod replay;
mod rows;
mod snapshot;

use std::collections::BTreeMap;
use std::fmt;

use crate::db;
use crate::model::Id;
use crate::sql::Source;
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::{Cancel, Database, Error};
use grid::Grid;
pub(super) use late::why_not_late;
pub use lines::alone as branches;
use replay::Replays;

/// What is known of revisions that both orders may meet in, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MergeVerdict {
    /// They touch different things.
    Disjoint,
    /// Both orders were run, and lead to the same.
    Replayed,
    /// Nothing has shown whether they commute.
    Unproven,
    /// They do not commute.
    Conflict,
}

impl MergeVerdict {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            MergeVerdict::Disjoint => "disjoint",
            MergeVerdict::Replayed => "replayed",
            MergeVerdict::Unproven => "unproven",
            MergeVerdict::Conflict => "conflict",
        }
    }
}

impl fmt::Display for MergeVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where the rows came from that were there before the two lines were replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedRows {
    /// The files of `seed`.
    Seed,
    /// They were made up to fit the constraints.
    MadeUp,
    /// There were none but those of the revisions below.
    None,
}

impl SeedRows {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            SeedRows::Seed => "seed",
            SeedRows::MadeUp => "made up",
            SeedRows::None => "none",
        }
    }
}

/// What was found out about a merge.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The revisions that are merged.
    pub heads: Vec<Id>,
    /// The revisions that stand on one side of the merge alone, for each of the heads.
    pub lines: Vec<Vec<Id>>,
    /// The dialect that it counts for; `None`: none was known, and every one was looked at.
    pub dialect: Option<Dialect>,
    /// The version of the server that both orders were run on.
    pub server: Option<String>,
    /// The rows that they were run with.
    pub seed: Option<SeedRows>,
    /// How many pairs of revisions touch different things.
    pub disjoint: usize,
    /// How many lead to the same in both orders.
    pub replayed: usize,
    /// Pairs that do not commute.
    pub conflicts: Vec<Conflict>,
    /// Pairs of which nothing is shown.
    pub unproven: Vec<Unproven>,
    /// What the user should know.
    pub notices: Vec<String>,
}

impl Proof {
    /// What all of it comes to.
    pub fn verdict(&self) -> MergeVerdict {
        match () {
            () if !self.conflicts.is_empty() => MergeVerdict::Conflict,
            () if !self.unproven.is_empty() => MergeVerdict::Unproven,
            () if self.replayed > 0 => MergeVerdict::Replayed,
            () => MergeVerdict::Disjoint,
        }
    }
}

/// Two revisions that do not commute.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The revisions, one of each line.
    pub revisions: [Id; 2],
    /// What each of them does to the other, as far as that can be told.
    pub operations: [Option<Sited>; 2],
    /// The object in which they meet, if it is known.
    pub object: Option<String>,
    /// In what the two orders differ, a line each.
    pub differences: Vec<String>,
}

/// An operation, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sited {
    /// The operation, in a line.
    pub operation: String,
    /// Where it stands.
    pub source: Source,
}

/// Two revisions of which nothing is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The revisions, one of each line.
    pub revisions: [Id; 2],
    /// Why.
    pub reason: String,
}

/// What became of a pair that footprints do not decide.
enum Finding {
    Replayed,
    Unproven(String),
    Conflict(Conflict),
}

impl Finding {
    fn verdict(&self) -> MergeVerdict {
        match self {
            Finding::Replayed => MergeVerdict::Replayed,
            Finding::Unproven(_) => MergeVerdict::Unproven,
            Finding::Conflict(_) => MergeVerdict::Conflict,
        }
    }
}

/// A merge whose pairs were looked at, and not replayed yet.
pub struct Merging<'a> {
    store: &'a Store,
    heads: Vec<Id>,
    dialect: Option<Dialect>,
    lines: Vec<Vec<Id>>,
    grids: Vec<Grid>,
    /// How many of the grids stand for two of the heads; behind them come those of one head against the others.
    pairs: usize,
}

impl<'a> Merging<'a> {
    /// Looks at the pairs of revisions of which each stands on another side of the merge. `dialect` as in
    /// [`Proof::dialect`].
    ///
    /// # Errors
    /// A revision's body that is not right.
    pub fn new(store: &'a Store, heads: &[Id], dialect: Option<Dialect>) -> Result<Self, Error> {
        let mut grids = Vec::new();
        for (at, one) in heads.iter().enumerate() {
            for other in &heads[at + 1..] {
                let sides = [std::slice::from_ref(one), std::slice::from_ref(other)];
                grids.push(Grid::new(store, sides, dialect)?);
            }
        }
        let pairs = grids.len();
        // Lines may commute two by two, and not in the state that a third one leaves.
        if heads.len() > 2 && grids.iter().any(|grid| !grid.is_decided()) {
            for (at, one) in heads.iter().enumerate() {
                let others = [&heads[..at], &heads[at + 1..]].concat();
                grids.push(Grid::new(store, [&others, std::slice::from_ref(one)], dialect)?);
            }
        }
        let lines = match grids.as_slice() {
            [only] => only.lines.sides.to_vec(),
            _ => lines::alone(store, heads)?,
        };
        Ok(Merging { store, heads: heads.to_vec(), dialect, lines, grids, pairs })
    }

    /// The dialect that the pairs were looked at for.
    pub fn dialect(&self) -> Option<Dialect> {
        self.dialect
    }

    /// Whether nothing is left to replay.
    pub fn is_decided(&self) -> bool {
        self.grids.iter().all(Grid::is_decided)
    }

    /// The proof without a replay. `reason`: why there is none.
    pub fn unreplayed(&self, reason: &str) -> Proof {
        let mut findings = BTreeMap::new();
        for grid in &self.grids {
            for pair in grid.undecided_ids() {
                findings.insert(pair, Finding::Unproven(reason.to_owned()));
            }
        }
        self.proof(findings, None, Vec::new())
    }

    /// Replays what is left, in both orders, on scratch databases. `template_database` as in
    /// [`super::with_scratch`].
    ///
    /// # Errors
    /// No scratch database; a `seed` that fails; revisions below both lines that do not run.
    pub async fn replay(
        &self,
        settings: &DatabaseSettings,
        template_database: Option<&mut Database>,
        cancel: &Cancel,
    ) -> Result<Proof, Error> {
        let dialect = match (&template_database, self.dialect) {
            (Some(database), _) => database.connection.dialect(),
            (None, Some(dialect)) => dialect,
            (None, None) => db::dialect_of(settings.url.reveal())?,
        };
        let mut replays = Replays::new(self.store, settings, dialect, template_database, cancel);
        let mut findings: BTreeMap<[Id; 2], Finding> = BTreeMap::new();
        for grid in &self.grids {
            for (pair, finding) in replays.grid(grid).await? {
                let known = findings.get(&pair).map(Finding::verdict);
                if known.is_none_or(|known| known < finding.verdict()) {
                    findings.insert(pair, finding);
                }
            }
        }
        let (ran, notices) = replays.end();
        Ok(self.proof(findings, ran, notices))
    }

    fn proof(
        &self,
        findings: BTreeMap<[Id; 2], Finding>,
        ran: Option<(String, SeedRows)>,
        notices: Vec<String>,
    ) -> Proof {
        let (server, seed) = ran.unzip();
        let mut proof = Proof {
            heads: self.heads.clone(),
            lines: self.lines.clone(),
            dialect: self.dialect,
            server,
            seed,
            disjoint: self.grids.iter().take(self.pairs).map(Grid::disjoint).sum(),
            replayed: 0,
            conflicts: Vec::new(),
            unproven: Vec::new(),
            notices,
        };
        for (revisions, finding) in findings {
            match finding {
                Finding::Replayed => proof.replayed += 1,
                Finding::Unproven(reason) => proof.unproven.push(Unproven { revisions, reason }),
                Finding::Conflict(conflict) => proof.conflicts.push(conflict),
            }
        }
        proof
    }
}

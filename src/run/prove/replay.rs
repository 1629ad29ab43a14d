//! Runs the ways of a grid on scratch databases, and compares where they meet.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::DbError;
use crate::model::{Catalog, Id};
use crate::run::desired::load_seed;
use crate::run::replayed::replay_to;
use crate::run::{Cancel, Database, Error, Event, with_scratch};
use crate::sql::{self, Source};
use crate::store::{DatabaseSettings, Store};
use crate::text::Dialect;

use super::grid::{Along, Grid, Way};
use super::lines::{self, Touching, compared_with};
use super::snapshot::{Snapshot, Unlike, Unsteady, read_rows, same_rows};
use super::{Conflict, Finding, SeedRows, Sited, rows};

/// Where whole numbers that are made up begin: numbers that a revision hardly writes itself, else small
/// ones, which the checks that it adds rather accept.
const BASES: [usize; 2] = [7000, 0];

/// Runs ways.
pub(super) struct Replays<'a> {
    store: &'a Store,
    settings: &'a DatabaseSettings,
    dialect: Dialect,
    template_database: Option<&'a mut Database>,
    cancel: &'a Cancel,
    seed: SeedRows,
    /// Which of [`BASES`] rows are made up with.
    base: usize,
    /// What stands below both lines of the grid that is being replayed.
    ground: Option<Catalog>,
    server: Option<String>,
    /// Revisions that have changed a row somewhere.
    effective: BTreeSet<Id>,
    notices: BTreeSet<String>,
}

/// What came of a way.
#[derive(Default)]
struct Walked {
    ground: Option<Catalog>,
    /// What the database held, by the number of revisions that had run.
    seen: BTreeMap<usize, Snapshot>,
    failed: Option<Failed>,
    effective: BTreeSet<Id>,
    server: Option<String>,
}

/// A revision that failed on a way.
struct Failed {
    /// How many had run before it.
    at: usize,
    revision: Id,
    message: String,
    source: Option<Sited>,
}

impl<'a> Replays<'a> {
    pub fn new(
        store: &'a Store,
        settings: &'a DatabaseSettings,
        dialect: Dialect,
        template_database: Option<&'a mut Database>,
        cancel: &'a Cancel,
    ) -> Self {
        let seed = if settings.seed.is_empty() { SeedRows::MadeUp } else { SeedRows::Seed };
        Replays {
            store,
            settings,
            dialect,
            template_database,
            cancel,
            seed,
            base: 0,
            ground: None,
            server: None,
            effective: BTreeSet::new(),
            notices: BTreeSet::new(),
        }
    }

    /// The server and the rows of the replays, and what there is to say.
    pub fn end(self) -> (Option<(String, SeedRows)>, Vec<String>) {
        (self.server.map(|server| (server, self.seed)), self.notices.into_iter().collect())
    }

    /// Closes the open squares of a grid, as far as that can be.
    pub async fn grid(&mut self, grid: &Grid) -> Result<Vec<([Id; 2], Finding)>, Error> {
        if grid.is_decided() {
            return Ok(Vec::new());
        }
        self.ground = None;
        loop {
            match self.tried(grid).await? {
                Tried::Findings(findings) => return Ok(findings),
                // A line that ran where it was written must not fail for rows that nobody put there.
                Tried::FailsAlone(_) if self.seed == SeedRows::MadeUp => {
                    self.base += 1;
                    if self.base == BASES.len() {
                        self.seed = SeedRows::None;
                    }
                }
                Tried::FailsAlone(failed) => {
                    let reason = format!(
                        "{} does not run on a scratch database: {}",
                        failed.revision, failed.message
                    );
                    let pairs = grid.undecided_ids();
                    return Ok(pairs
                        .map(|pair| (pair, Finding::Unproven(reason.clone())))
                        .collect());
                }
            }
        }
    }

    async fn tried(&mut self, grid: &Grid) -> Result<Tried, Error> {
        let mut walked = BTreeMap::new();
        let mut any_failed = false;
        for along in [Along::Row, Along::Column] {
            for (own, way) in grid.ways(along) {
                let one = self.walk(grid, &way).await?;
                any_failed |= one.failed.is_some();
                walked.insert((along == Along::Row, own), one);
            }
        }
        if any_failed {
            for side in [0, 1] {
                if let Some(failed) = self.walk(grid, &grid.alone(side)).await?.failed {
                    return Ok(Tried::FailsAlone(failed));
                }
            }
        }
        let mut findings: Vec<([Id; 2], Finding)> = Vec::new();
        let mut open: Vec<(usize, usize)> = Vec::new();
        for square in grid.in_order() {
            let (i, j) = square;
            let pair = grid.pair(square);
            if let Some(&before) = open.iter().find(|(a, b)| *a <= i && *b <= j) {
                let [one, other] = grid.pair(before);
                let reason = format!("it comes behind {one} and {other}, which do not commute");
                findings.push((pair, Finding::Unproven(reason)));
                continue;
            }
            let (Some(row), Some(column)) = (walked.get(&(true, i)), walked.get(&(false, j)))
            else {
                continue;
            };
            let finding = self.square(grid, square, row, column).await?;
            if matches!(finding, Finding::Conflict(_)) {
                open.push(square);
            }
            findings.push((pair, finding));
        }
        Ok(Tried::Findings(findings))
    }

    /// Compares the two ways around a square.
    async fn square(
        &mut self,
        grid: &Grid,
        square: (usize, usize),
        row: &Walked,
        column: &Walked,
    ) -> Result<Finding, Error> {
        let (i, j) = square;
        let stop = i + j + 2;
        let [one, other] = [&grid.sides[0][i], &grid.sides[1][j]];
        let (Some(by_row), Some(by_column)) = (row.seen.get(&stop), column.seen.get(&stop)) else {
            let failed = [row, column]
                .map(|walked| walked.failed.as_ref().filter(|failed| failed.at < stop));
            return Ok(Finding::Conflict(self.failed(one, other, failed)));
        };
        let names = [one, other].map(|touching| format!("{} first", touching.id()));
        let names = [names[0].as_str(), names[1].as_str()];
        let mut unlike = by_row.unlike(by_column, self.dialect, &Unsteady::new(), names);
        if unlike.only_rows && !unlike.differences.is_empty() {
            // What the clock or chance puts into a row is another one in the same order, too.
            let again = self.walk(grid, &grid.way(Along::Row, i, &[j].into())).await?;
            if let Some(again) = again.seen.get(&stop) {
                let unsteady = by_row.unsteady(again);
                unlike = by_row.unlike(by_column, self.dialect, &unsteady, names);
                for (table, columns) in unsteady {
                    let columns: Vec<String> = columns.into_iter().collect();
                    self.notices.insert(format!(
                        "not compared: {} of {table}, which differs whenever the same is run again",
                        columns.join(", ")
                    ));
                }
            }
        }
        let Unlike { differences, notices, .. } = unlike;
        let notices = notices.into_iter();
        self.notices.extend(notices.map(|notice| format!("{notice}, by which branch comes first")));
        if !differences.is_empty() {
            return Ok(Finding::Conflict(self.conflict(one, other, differences)));
        }
        let vacuous = [one, other]
            .into_iter()
            .find(|touching| touching.writes_rows && !self.effective.contains(touching.id()));
        let program = [one, other].into_iter().find(|touching| touching.program);
        Ok(match (program, vacuous) {
            (Some(touching), _) => Finding::Unproven(format!(
                "{} runs a program, which is not run on a scratch database",
                touching.id()
            )),
            (None, Some(touching)) => Finding::Unproven(format!(
                "{} changed no row when it was replayed: give rows that it concerns (`seed` in store.yaml)",
                touching.id()
            )),
            (None, None) => Finding::Replayed,
        })
    }

    /// A conflict of revisions of which one fails behind the other.
    fn failed(&self, one: &Touching, other: &Touching, failed: [Option<&Failed>; 2]) -> Conflict {
        let differences = failed.into_iter().flatten().map(|failed| {
            let before = if failed.revision == *one.id() { other.id() } else { one.id() };
            format!("{} fails behind {before}: {}", failed.revision, failed.message)
        });
        let mut conflict = self.conflict(one, other, differences.collect());
        for failed in failed.into_iter().flatten() {
            let at = conflict.revisions.iter().position(|id| *id == failed.revision);
            if let (Some(at), Some(source)) = (at, &failed.source) {
                conflict.operations[at] = Some(source.clone());
            }
        }
        conflict
    }

    fn conflict(&self, one: &Touching, other: &Touching, differences: Vec<String>) -> Conflict {
        let (own, others, object) = lines::meeting(one, other, Some(self.dialect));
        let sited = |touching: &Touching, entry: Option<crate::model::Entry>| {
            let entry = entry?;
            let source = Source { file: touching.revision.file.clone(), line: entry.lines.own() };
            Some(Sited { operation: entry.operation.summary(), source })
        };
        Conflict {
            revisions: [one.id().clone(), other.id().clone()],
            operations: [sited(one, own), sited(other, others)],
            object: object.map(|object| object.to_string()),
            differences,
        }
    }

    /// Runs revisions one behind the other on a scratch database that has what stands below both lines.
    async fn walk(&mut self, grid: &Grid, way: &Way) -> Result<Walked, Error> {
        let Replays { store, settings, dialect, cancel, seed, base, effective, ground, .. } = self;
        let base = BASES.get(*base).copied().unwrap_or_default();
        let (store, dialect, seed, cancel) = (*store, *dialect, *seed, *cancel);
        let touchings: Vec<&Touching> =
            way.steps.iter().map(|&(side, at)| &grid.sides[side][at]).collect();
        let ground = ground.take();
        let mut said = BTreeSet::new();
        let mut events = |event: Event| {
            if let Event::Notice(notice) = event {
                said.insert(notice);
            }
        };
        let walk = async |scratch: &mut Database| {
            let below = &grid.lines.below;
            if !below.is_empty() {
                replay_to(store, scratch, below, cancel, &mut events).await?;
            }
            let ground = match ground {
                Some(ground) => ground,
                None => scratch.connection.read_catalog().await?,
            };
            match seed {
                SeedRows::Seed => load_seed(store, scratch, cancel, &mut events).await?,
                SeedRows::MadeUp => {
                    let all: Vec<&Touching> = grid.sides.iter().flatten().collect();
                    let compared = compared_with(&all, dialect);
                    rows::make_up(scratch, &ground, &compared, base).await?;
                }
                SeedRows::None => {}
            }
            let mut walked = Walked { server: version(scratch).await?, ..Walked::default() };
            // What is there now, as long as nothing but rows has changed.
            let mut there = Some(ground.clone());
            for (at, touching) in touchings.iter().enumerate() {
                let id = touching.id();
                let is_watched = touching.writes_rows
                    && !effective.contains(id)
                    && !walked.effective.contains(id);
                let before = match (is_watched, &there) {
                    (true, Some(there)) => Some(read_rows(scratch, there).await?),
                    (true, None) => Some(Snapshot::read(scratch).await?.rows),
                    (false, _) => None,
                };
                match replay_to(store, scratch, std::slice::from_ref(id), cancel, &mut events).await
                {
                    Ok(()) => {}
                    Err(error) => {
                        walked.failed = Some(failed(at, id, error)?);
                        break;
                    }
                }
                if !touching.only_rows {
                    there = None;
                }
                let is_stop = way.stops.contains(&(at + 1));
                let after = match (is_stop || there.is_none() && before.is_some(), &there) {
                    (true, _) => {
                        let seen = Snapshot::read(scratch).await?;
                        there = Some(seen.catalog.clone());
                        Some(seen)
                    }
                    (false, _) => None,
                };
                if let Some(before) = before {
                    let changed = match (&after, &there) {
                        (Some(after), _) => !same_rows(&before, &after.rows),
                        (None, Some(there)) => {
                            !same_rows(&before, &read_rows(scratch, there).await?)
                        }
                        (None, None) => false,
                    };
                    if changed {
                        walked.effective.insert(id.clone());
                    }
                }
                if let (true, Some(seen)) = (is_stop, after) {
                    walked.seen.insert(at + 1, seen);
                }
            }
            walked.ground = Some(ground);
            Ok(walked)
        };
        let template = self.template_database.as_deref_mut();
        let walked = with_scratch(store, settings, template, cancel, walk).await?;
        self.notices.extend(said);
        self.ground.clone_from(&walked.ground);
        self.effective.extend(walked.effective.iter().cloned());
        if let Some(server) = &walked.server {
            self.server = Some(server.clone());
        }
        Ok(walked)
    }
}

/// What came of all ways of a grid.
enum Tried {
    Findings(Vec<([Id; 2], Finding)>),
    FailsAlone(Failed),
}

/// The failure of a revision; what is none is an error of the whole.
fn failed(at: usize, id: &Id, error: Error) -> Result<Failed, Error> {
    let sited =
        |source: &Source, operation: String| Some(Sited { operation, source: source.clone() });
    let source = match &error {
        Error::Replay(step) if !matches!(step.error, DbError::Lost(_)) => sited(
            &step.statement.source,
            step.statement.sql.lines().next().unwrap_or_default().to_owned(),
        ),
        Error::Lower(lower) => sited(&lower.at, String::new()),
        Error::Refused { .. } => None,
        _ => return Err(error),
    };
    Ok(Failed { at, revision: id.clone(), message: error.to_string(), source })
}

/// The server's version, as the dialect's circumstances tell it.
async fn version(database: &mut Database) -> Result<Option<String>, DbError> {
    let dialect = database.connection.dialect();
    let Some(query) = sql::diff_rules(dialect).circumstances() else {
        return Ok(Some(dialect.name().to_owned()));
    };
    let rows = database.connection.query(query).await?;
    let version = rows.into_iter().next().and_then(|row| row.into_iter().nth(1).flatten());
    Ok(version.map(|version| format!("{dialect} {version}")))
}

//! `revision --autogenerate`: a new revision from what the models say and the database, or the revisions,
//! do not; tried out on a scratch database before it is written.

use std::ops::Range;

use crate::db::{DbError, Row};
use crate::diff::{self, Change, DiffOptions, Difference, PossibleRename};
use crate::model::{Catalog, Filter, Operation};
use crate::run::{self, Cancel, Database, Event, run_operations};
use crate::sql;
use crate::sql::locks::Capacity;
use crate::store::{Body, DatabaseSettings, Store};
use crate::text::{self, Dialect};

use super::check::{Against, against, heads_of};
use super::compare::{CompareSession, dialect_of, filtered_difference};
use super::options::options;
use super::rename::Rename;
use super::revision::{RevisionOptions, revisions};
use super::{CompareTarget, Error, Made, Place};

options! {
    /// How a revision is generated.
    #[derive(Debug, Clone, Default)]
    pub struct AutogenerateOptions {
        /// The new revision, but for its operations.
        pub revision: RevisionOptions,
        /// Compares the models with the revisions; no database is looked at.
        pub from_revisions: bool,
        /// What is compared, beside `include` and `exclude`.
        pub only: Filter,
        /// Uses the forms of operations that keep tables readable and writable meanwhile.
        pub safe: bool,
        /// What was renamed.
        pub renames: Vec<Rename>,
    }
}

/// Whoever can be asked whether something is a rename.
#[async_trait::async_trait]
pub trait RenamePrompt: Send {
    /// Whether it is one; `None`: nobody is there to ask.
    async fn is_rename(&mut self, rename: &PossibleRename) -> Option<bool>;
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Generated {
    /// What the models were compared with.
    pub against: Against,
    /// The changes, renames in front.
    pub difference: Difference,
    /// How the revision did on a scratch database; `None`: there was nothing to try.
    pub round_trip: Option<RoundTrip>,
    /// The revision, the last of several; `None`: there is no difference.
    pub made: Option<Made>,
    /// The revisions in front of it, where one transaction would take more locks than the server has room
    /// for.
    pub made_before: Vec<Made>,
}

impl Generated {
    fn nothing(against: Against, difference: Difference) -> Self {
        Generated { against, difference, round_trip: None, made: None, made_before: Vec::new() }
    }
}

/// How a revision did on a scratch database.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundTrip {
    /// In what the scratch database was not what the live one is, a line each; empty: in nothing that the
    /// schema shows, nor in the server's version and the settings that decide what DDL means.
    pub unlike: Vec<String>,
    /// What was left over behind `up`: what would still lead to the models.
    pub up: Result<Difference, String>,
    /// What was left over behind `down`; `None`: it was not reached.
    pub down: Option<Result<Difference, String>>,
}

impl RoundTrip {
    /// Whether `up` reached the models, and `down` came back, on a scratch database like the live one.
    pub fn is_right(&self) -> bool {
        let right = |half: &Result<Difference, String>| {
            half.as_ref().is_ok_and(|left| left.changes.is_empty())
        };
        self.unlike.is_empty() && right(&self.up) && self.down.as_ref().is_some_and(right)
    }
}

/// Generates a revision.
///
/// # Errors
/// The database is not where the files are; no scratch database; revisions or models that do not run; a
/// rename of what is not there; as [`revision`](super::revision::revision).
pub async fn autogenerate(
    store: &Store,
    settings: &DatabaseSettings,
    options: &AutogenerateOptions,
    place: &Place,
    prompt: &mut dyn RenamePrompt,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Generated, Error> {
    let mut session = CompareSession::new(store, settings, cancel);
    let generated = generate(&mut session, options, place, prompt, events).await;
    session.close().await;
    generated
}

async fn generate(
    session: &mut CompareSession<'_>,
    options: &AutogenerateOptions,
    place: &Place,
    prompt: &mut dyn RenamePrompt,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Generated, Error> {
    let (store, settings, cancel) = (session.store, session.settings, session.cancel);
    let (against, position) = against(session, options.from_revisions).await?;
    if let Some(position) = position {
        position.require_heads()?;
    }
    let models = session.read(&CompareTarget::Models, events).await?;
    let live = match against {
        Against::Live => Some(session.read(&CompareTarget::Live(None), events).await?),
        Against::Revisions => None,
    };
    // The usual outcome needs no second scratch database.
    if let (Some(live), []) = (&live, options.renames.as_slice()) {
        let difference = session.difference(&options.only, live, &models, options.safe)?;
        if difference.is_empty() {
            return Ok(Generated::nothing(against, difference));
        }
    }
    let dialect = dialect_of(settings, &models, live.as_ref().unwrap_or(&models))?;
    let diff_options = DiffOptions { dialect, safe: options.safe };
    let circumstances = match live {
        Some(_) => circumstances(session.database(None).await?).await?,
        None => Vec::new(),
    };
    let template = session.template().await?;
    let mut found = None;
    run::with_scratch(store, settings, template, cancel, async |scratch| {
        let (before, unlike) = match &live {
            Some(live) => {
                let copy = seed_scratch(scratch, live).await?;
                let mut unlike = unlike(&circumstances, &self::circumstances(scratch).await?);
                let left = filtered_difference(settings, &options.only, &copy, live, diff_options);
                unlike.extend(in_lines(&left));
                (copy, unlike)
            }
            None => {
                let heads = heads_of(&settings.lines);
                (run::replay_on(store, scratch, &heads, cancel, events).await?, Vec::new())
            }
        };
        let rehearsal = Rehearsal { settings, options, diff_options, models: &models, unlike };
        found = Some(rehearsal.generate(scratch, &before, prompt).await?);
        Ok(())
    })
    .await?;
    let Some((difference, round_trip)) = found else { return Err(Error::Stopped) };
    if difference.changes.is_empty() {
        return Ok(Generated::nothing(against, difference));
    }
    let connection = match live {
        Some(_) => Some(session.database(None).await?),
        None => None,
    };
    let capacity = match connection {
        Some(database) => lock_capacity(database).await?,
        None => None,
    };
    let mut made_before = write(store, &difference, &options.revision, place, dialect, capacity)?;
    let made = made_before.pop();
    Ok(Generated { against, difference, round_trip, made, made_before })
}

/// The server's version and the settings that decide what DDL means there.
async fn circumstances(database: &mut Database) -> Result<Vec<Row>, DbError> {
    let connection = &mut database.connection;
    match sql::diff_rules(connection.dialect()).circumstances() {
        Some(query) => connection.query(query).await,
        None => Ok(Vec::new()),
    }
}

/// Which settings a scratch database has otherwise than the live one.
fn unlike(live: &[Row], scratch: &[Row]) -> Vec<String> {
    let said = |row: &Row, at: usize| row.get(at).cloned().flatten().unwrap_or_default();
    let other = live.iter().filter(|row| !scratch.contains(row)).map(|row| {
        let (name, value) = (said(row, 0), said(row, 1));
        let there = scratch.iter().find(|row| said(row, 0) == name);
        match there.map(|row| said(row, 1)) {
            Some(there) => format!("{name} is {there:?} there, and {value:?} in the live database"),
            None => format!("{name} is {value:?} in the live database, and not known there"),
        }
    });
    other.collect()
}

/// A difference of the copy and the live database, a line each.
fn in_lines(difference: &Difference) -> impl Iterator<Item = String> + '_ {
    let changes = difference.changes.iter();
    let changes = changes
        .map(|change| format!("{}: the copy needs {}", change.about, change.operation.summary()));
    let skipped = difference.skipped.iter().map(|left| format!("{}: {}", left.about, left.why));
    changes.chain(skipped)
}

/// Makes in a scratch database what a catalog holds, and reads it back.
async fn seed_scratch(scratch: &mut Database, catalog: &Catalog) -> Result<Catalog, run::Error> {
    let operations = diff::creation(catalog, scratch.connection.dialect());
    run_operations(scratch, &operations, true).await?;
    for name in diff::without_columns(catalog) {
        let name =
            text::qualified(scratch.connection.dialect(), name.schema.as_deref(), &name.name);
        scratch.connection.execute(&format!("CREATE TABLE {name} ()")).await?;
    }
    read_beside(scratch, catalog).await
}

/// What a scratch database holds. What another could not show, or has
/// beyond operations, is not in it, and is there all the same.
async fn read_beside(scratch: &mut Database, other: &Catalog) -> Result<Catalog, run::Error> {
    let mut catalog = scratch.connection.read_catalog().await?;
    catalog.unsupported.clone_from(&other.unsupported);
    for (key, object) in &mut catalog.objects {
        let other = other.objects.get(key);
        object.unsupported.extend(other.iter().flat_map(|other| other.unsupported.iter().cloned()));
        object.is_held |= other.is_some_and(|other| other.is_held);
    }
    catalog.hidden.extend(other.hidden.iter().cloned());
    catalog.unseen.extend(other.unseen.iter().cloned());
    Ok(catalog)
}

/// What a revision is generated by, on a scratch database.
struct Rehearsal<'a> {
    settings: &'a DatabaseSettings,
    options: &'a AutogenerateOptions,
    diff_options: DiffOptions,
    models: &'a Catalog,
    /// In what the scratch database is not what the live one is.
    unlike: Vec<String>,
}

impl Rehearsal<'_> {
    /// The difference, renames in front, and how it did.
    async fn generate(
        &self,
        scratch: &mut Database,
        before: &Catalog,
        prompt: &mut dyn RenamePrompt,
    ) -> Result<(Difference, Option<RoundTrip>), run::Error> {
        let mut renamed: Vec<Change> = Vec::new();
        let mut current = before.clone();
        for rename in &self.options.renames {
            current = self.rename(scratch, &current, rename, &mut renamed).await?;
        }
        let mut declined: Vec<String> = Vec::new();
        let difference = loop {
            let mut difference = self.compare(&current);
            difference.renames.retain(|rename| !declined.contains(&rename.argument));
            let mut accepted = None;
            for possible in &difference.renames {
                match prompt.is_rename(possible).await {
                    Some(true) => {
                        accepted = possible.argument.parse().ok();
                        break;
                    }
                    Some(false) => declined.push(possible.argument.clone()),
                    None => {}
                }
            }
            let Some(rename) = accepted else {
                difference.renames.retain(|rename| !declined.contains(&rename.argument));
                break difference;
            };
            current = self.rename(scratch, &current, &rename, &mut renamed).await?;
        };
        let mut difference = difference;
        if !renamed.is_empty() {
            diff::leave_bodies_unchecked(&mut difference, self.diff_options.dialect);
        }
        // What comes back before the old name does would not find it.
        let mut first = match renamed.is_empty() {
            true => Vec::new(),
            false => difference.take_texts(self.diff_options.dialect),
        };
        let is_empty = difference.changes.is_empty() && renamed.is_empty() && first.is_empty();
        let round_trip = match is_empty {
            true => None,
            false => Some(self.try_out(scratch, &difference, &first, &renamed, before).await?),
        };
        let (round_trip, failing) = round_trip.unzip();
        let mut whole = difference;
        whole.notices.extend(failing.into_iter().flatten());
        for change in &mut first {
            change.before_renames(&renamed);
        }
        first.append(&mut renamed);
        first.append(&mut whole.changes);
        whole.changes = first;
        Ok((whole, round_trip))
    }

    fn compare(&self, current: &Catalog) -> Difference {
        let Rehearsal { settings, options, diff_options, models, unlike: _ } = self;
        filtered_difference(settings, &options.only, current, models, *diff_options)
    }

    /// Renames in the scratch database, so that the server itself says what else is renamed by it.
    async fn rename(
        &self,
        scratch: &mut Database,
        current: &Catalog,
        rename: &Rename,
        renamed: &mut Vec<Change>,
    ) -> Result<Catalog, run::Error> {
        let changes = rename.changes(current, self.models, scratch.connection.dialect())?;
        let operations: Vec<Operation> =
            changes.iter().map(|change| change.operation.clone()).collect();
        run_operations(scratch, &operations, true).await?;
        renamed.extend(changes);
        read_beside(scratch, current).await
    }

    /// Runs the changes up and down and looks at what is left over; also which bodies of routines fail
    /// where all is there that they name.
    async fn try_out(
        &self,
        scratch: &mut Database,
        difference: &Difference,
        first: &[Change],
        renamed: &[Change],
        before: &Catalog,
    ) -> Result<(RoundTrip, Vec<String>), run::Error> {
        let dialect = scratch.connection.dialect();
        let room = lock_capacity(scratch).await?;
        let outside = difference.outside_transaction || parts(difference, dialect, room).len() > 1;
        let mut up: Vec<Operation> = first.iter().map(|change| change.operation.clone()).collect();
        up.extend(difference.up());
        if let Err(error) = run_operations(scratch, &up, outside).await {
            let (unlike, up) = (self.unlike.clone(), Err(error_text(error)?));
            return Ok((RoundTrip { unlike, up, down: None }, Vec::new()));
        }
        let failing = failing_bodies(scratch, &difference.up()).await?;
        let reached = read_beside(scratch, before).await?;
        let left = self.compare(&reached);
        let mut down = difference.down();
        let mut first = first.to_vec();
        for change in &mut first {
            change.before_renames(renamed);
        }
        let before_all = renamed.iter().rev().chain(first.iter().rev());
        down.extend(before_all.flat_map(|change| change.reverse.iter().cloned()));
        let down = match run_operations(scratch, &down, outside).await {
            Ok(()) => {
                let back = read_beside(scratch, before).await?;
                Ok(filtered_difference(
                    self.settings,
                    &Filter::default(),
                    &back,
                    before,
                    self.diff_options,
                ))
            }
            Err(error) => Err(error_text(error)?),
        };
        let unlike = self.unlike.clone();
        Ok((RoundTrip { unlike, up: Ok(left), down: Some(down) }, failing))
    }
}

/// The bodies that their language's own check refuses, a line each, if some were created without it.
async fn failing_bodies(
    scratch: &mut Database,
    operations: &[Operation],
) -> Result<Vec<String>, run::Error> {
    let is_unchecked = |operation: &Operation| match operation {
        Operation::CreateFunction(create) => create.definition.check_body == Some(false),
        Operation::CreateProcedure(create) => create.definition.check_body == Some(false),
        _ => false,
    };
    let connection = &mut scratch.connection;
    let Some(checks) = sql::diff_rules(connection.dialect()).body_checks() else {
        return Ok(Vec::new());
    };
    let mut failing = Vec::new();
    if operations.iter().any(is_unchecked) {
        for row in connection.query(checks).await? {
            let [Some(check), Some(routine)] = row.as_slice() else { continue };
            match connection.query(check).await {
                Err(DbError::Statement(error)) => {
                    failing
                        .push(format!("the body of {routine} fails its check: {}", error.message));
                }
                other => drop(other?),
            }
        }
    }
    Ok(failing)
}

/// The words of an operation that failed; any other error stays one.
fn error_text(error: run::Error) -> Result<String, run::Error> {
    match error {
        run::Error::Operation(error) => Ok(format!(
            "{}: {}\n  | {}",
            error.operation,
            error.error,
            error.statement.replace('\n', "\n  | ")
        )),
        run::Error::Lower(error) => Ok(error.to_string()),
        error => Err(error),
    }
}

/// The room that the server has for the locks of a transaction, where it matters.
pub(super) async fn lock_capacity(database: &mut Database) -> Result<Option<Capacity>, run::Error> {
    let connection = &mut database.connection;
    let Some(query) = sql::dialect(connection.dialect()).lock_capacity() else { return Ok(None) };
    Ok(Capacity::of(&connection.query(query).await?))
}

/// The parts of a difference that are revisions of their own.
fn parts(
    difference: &Difference,
    dialect: Dialect,
    capacity: Option<Capacity>,
) -> Vec<Range<usize>> {
    let changes = &difference.changes;
    let pairs = changes.iter().map(|change| (&change.operation, change.reverse.as_slice()));
    match capacity {
        Some(capacity) if !difference.outside_transaction => {
            sql::locks::parts(dialect, pairs, &capacity)
        }
        _ => std::iter::once(0..changes.len()).collect(),
    }
}

/// Writes a difference as one revision, or as several where one transaction has no room for it.
pub(super) fn write(
    store: &Store,
    difference: &Difference,
    options: &RevisionOptions,
    place: &Place,
    dialect: Dialect,
    capacity: Option<Capacity>,
) -> Result<Vec<Made>, Error> {
    let changes = &difference.changes;
    let mut comments: Vec<String> = difference
        .renames
        .iter()
        .map(|rename| {
            format!("possible rename: --rename {} ({})", rename.argument, rename.evidence)
        })
        .collect();
    comments.extend(
        difference.skipped.iter().map(|left| format!("skipped: {}: {}", left.about, left.why)),
    );
    let bodies = parts(difference, dialect, capacity).into_iter().map(|part| {
        let part = Difference { changes: changes[part].to_vec(), ..Difference::default() };
        let is_derived = part
            .changes
            .iter()
            .all(|change| change.operation.reverse().as_ref() == Ok(&change.reverse));
        let down = (!is_derived).then(|| part.down());
        Body { up: part.up(), down, comments: std::mem::take(&mut comments) }
    });
    let options =
        RevisionOptions { outside_transaction: difference.outside_transaction, ..options.clone() };
    revisions(store, &options, place, bodies.collect())
}

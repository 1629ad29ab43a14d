//! Works out in memory what a database holds where revisions are shown or scripted, and nothing runs.

use std::borrow::Cow;

use crate::graph::{Names, Request, State};
use crate::model::{Direction, Entry, Id, Name, Operation, Revision, Schema, Table, up_digest};
use crate::sql::{self, LowerError, Source, Statement};
use crate::store::Store;
use crate::text::Dialect;

use super::Error;
use super::step::PreparedStep;

/// A schema that follows the revisions.
pub(super) struct Replay<'a> {
    store: &'a Store,
    dialect: Dialect,
    schema: Schema,
    /// The revisions that the schema has followed from nothing, in order.
    followed: Vec<Id>,
}

impl<'a> Replay<'a> {
    /// From a database that holds nothing.
    pub(super) fn from_nothing(store: &'a Store, dialect: Dialect) -> Self {
        let schema = Schema { complete: true, ..Schema::default() };
        Replay { store, dialect, schema, followed: Vec::new() }
    }

    /// From what a database holds, or from what is known of it.
    pub(super) fn from(store: &'a Store, dialect: Dialect, schema: Schema) -> Self {
        Replay { store, dialect, schema, followed: Vec::new() }
    }

    /// Follows the `up` of revisions.
    ///
    /// # Errors
    /// An operation that contradicts what is known by then.
    pub(super) fn follow(&mut self, revisions: impl IntoIterator<Item = Id>) -> Result<(), Error> {
        for id in revisions {
            let revision = self.store.revision(&id)?;
            sql::replay(&revision.up, self.dialect, &revision.file, &mut self.schema)?;
            self.followed.push(id);
        }
        Ok(())
    }

    /// The statements of operations of a revision, which the schema then has followed.
    ///
    /// # Errors
    /// As [`sql::lower`]; of a table that is not known it says who made it so.
    pub(super) fn lower(
        &mut self,
        revision: &Revision,
        entries: &[Entry],
    ) -> Result<Vec<Statement>, Error> {
        match sql::lower(entries, self.dialect, &revision.file, &mut self.schema) {
            Ok(mut statements) => {
                if !revision.header.transactional {
                    statements.iter_mut().for_each(|statement| statement.transactional = false);
                }
                Ok(statements)
            }
            Err(error) => Err(self.explained(error, &revision.header.id).into()),
        }
    }

    /// Turns what is late in steps into statements, each by what those in front of it leave.
    ///
    /// # Errors
    /// As [`Replay::lower`].
    pub(super) fn resolve(&mut self, steps: &mut [PreparedStep]) -> Result<(), Error> {
        let Some(last) = steps.iter().rposition(PreparedStep::is_deferred) else {
            return Ok(());
        };
        for step in &mut steps[..=last] {
            match step.is_deferred() {
                false => self.pass(step)?,
                true => step
                    .resolve(self.dialect, &mut self.schema)
                    .map_err(|error| self.explained(error, &step.revision))?,
            }
            if step.direction == Direction::Up {
                self.followed.push(step.revision.clone());
            }
        }
        Ok(())
    }

    /// Follows a step whose statements are known: by its file if that still says what runs, else what
    /// its SQL changes is not known any more.
    fn pass(&mut self, step: &PreparedStep) -> Result<(), Error> {
        if self.store.file(&step.revision).is_some() {
            let revision = self.store.revision(&step.revision)?;
            let way_down = revision.way_down_on(self.dialect);
            let entries = match step.direction {
                Direction::Up => Some(Cow::Borrowed(revision.up.as_slice())),
                Direction::Down => way_down.ok(),
            };
            let is_same = up_digest(&revision, self.dialect) == step.up_digest;
            if let (true, Some(entries)) = (is_same, entries) {
                let (dialect, file) = (self.dialect, &revision.file);
                return Ok(sql::replay(&entries, dialect, file, &mut self.schema)?);
            }
        }
        for statement in &step.statements {
            self.schema.invalidate_referenced(self.dialect, &statement.sql);
        }
        Ok(())
    }

    /// The error, and whose SQL it was that made its table unknown.
    fn explained(&self, error: LowerError, last: &Id) -> LowerError {
        let Some(name) = error.unknown.clone() else { return error };
        let table = match &name.schema {
            Some(schema) => format!("{schema}.{}", name.name),
            None => name.name.clone(),
        };
        let (message, hint) = match self.who_changed(&name, last) {
            Some((id, at)) => (
                format!("{}: the SQL of {id} ({}:{}) changes it", error.message, at.file, at.line),
                format!(
                    "print the script with a database connection (`--sql` without a range), or write \
                     the change in {id} as an operation"
                ),
            ),
            None => (
                format!("{}: no revision below creates table {table}", error.message),
                "print the script with a database connection (`--sql` without a range), or write \
                 the operations that made the table"
                    .to_owned(),
            ),
        };
        LowerError { message, hint: Some(hint), ..error }
    }

    /// The last SQL that changes a table: the revision, and where it stands.
    fn who_changed(&self, name: &Name, last: &Id) -> Option<(Id, Source)> {
        let below = std::iter::once(last).chain(self.followed.iter().rev());
        below.filter_map(|id| self.store.revision(id).ok()).find_map(|revision| {
            let at = revision.up.iter().rev().find_map(|entry| {
                self.statements_of_sql(entry, &revision.file)
                    .into_iter()
                    .rev()
                    .find(|statement| self.changes(&statement.sql, name))
            });
            at.map(|statement| (revision.header.id.clone(), statement.source))
        })
    }

    fn statements_of_sql(&self, entry: &Entry, file: &str) -> Vec<Statement> {
        let entries = entry.for_dialect(self.dialect).unwrap_or_default();
        let sql = entries.iter().filter(|entry| matches!(entry.operation, Operation::Sql(_)));
        sql.flat_map(|entry| {
            let entry = std::slice::from_ref(entry);
            sql::lower(entry, self.dialect, file, &mut Schema::default()).unwrap_or_default()
        })
        .collect()
    }

    /// Whether a table would not be known any more behind a statement.
    fn changes(&self, sql: &str, name: &Name) -> bool {
        let table = Table { definition: Default::default(), sql: None, sequence: None };
        let mut probe = Schema {
            own: self.schema.own.clone(),
            tables: [(name.clone(), table)].into(),
            complete: true,
            ..Schema::default()
        };
        probe.invalidate_referenced(self.dialect, sql);
        !probe.tables.contains_key(name)
    }
}

/// The revisions below one, in the order in which a new database would run them.
pub(super) fn below(store: &Store, id: &Id) -> Result<Vec<Id>, Error> {
    let graph = store.graph();
    let nothing = State::new(graph, Vec::new());
    let targets = vec![id.as_str().to_owned()];
    let request = Request::Upgrade { targets, out_of_order: false };
    let plan = graph.plan(&nothing, &request, &Names::default())?;
    let ids = plan.steps.into_iter().map(|step| step.revision);
    Ok(ids.filter(|revision| revision != id).collect())
}

//! What one way of a revision does: statements, or operations that wait for their turn.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::operation::worst_effect;
use crate::model::{Down, Entry, Id, Operation, Revision, Schema};
use crate::sql;
use crate::store::Store;
use crate::text::{Dialect, Effect};

use super::Error;
use super::step::Work;

/// What one way of a revision does: statements, or where some of them hang on what the tables are when
/// they run, the operations.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Body {
    /// What it does; without an operation in it, all is known.
    pub work: Vec<Work>,
    /// Whether it may run in one transaction.
    pub transactional: bool,
    /// What it does to what the database holds.
    pub effect: Effect,
}

impl Body {
    /// Whether any of it becomes statements only when it runs.
    pub(super) fn is_deferred(&self) -> bool {
        self.work.iter().any(|work| matches!(work, Work::Operation(_)))
    }
}

/// Reads bodies for a dialect, one behind the other.
pub(super) struct Bodies {
    /// The dialect.
    pub dialect: Dialect,
    /// What the plan so far leaves, as far as it is known.
    schema: Schema,
}

impl Bodies {
    /// At the beginning of a plan.
    pub(super) fn new(dialect: Dialect) -> Self {
        Bodies { dialect, schema: Schema::default() }
    }

    /// What a revision's operations do, behind those of the plan so far.
    pub(super) fn planned(
        &mut self,
        revision: &Revision,
        entries: &[Entry],
    ) -> Result<Body, Error> {
        let mut schema = std::mem::take(&mut self.schema);
        let body = sql::check_was(entries, self.dialect, &revision.file, &schema)
            .map_err(Error::from)
            .and_then(|()| self.body(revision, entries, &mut schema));
        self.schema = schema;
        body
    }

    /// What a revision's operations do: statements, or where one of them hangs on what its table is,
    /// operations, so that those behind it are worked out from what it leaves.
    pub(super) fn body(
        &self,
        revision: &Revision,
        entries: &[Entry],
        schema: &mut Schema,
    ) -> Result<Body, Error> {
        let (dialect, file) = (self.dialect, &revision.file);
        let mut body = Body { transactional: revision.header.transactional, ..Body::default() };
        if !sql::needs_schema(entries, dialect) {
            let mut statements = sql::lower(entries, dialect, file, schema)?;
            for statement in &mut statements {
                statement.transactional &= revision.header.transactional;
                body.transactional &= statement.transactional;
            }
            body.effect = statements.iter().map(|one| one.effect).max().unwrap_or_default();
            body.work = statements.into_iter().map(Work::Statement).collect();
            return Ok(body);
        }
        sql::check(entries, dialect, file)?;
        let flat = entries.iter().filter_map(|entry| entry.for_dialect(dialect));
        for entry in flat.flat_map(Cow::into_owned) {
            body.effect = body.effect.max(entry.operation.effect(schema, dialect));
            sql::replay(std::slice::from_ref(&entry), dialect, file, schema)?;
            let is_deferred = sql::needs_schema(std::slice::from_ref(&entry), dialect);
            let mut nothing = Schema::default();
            let known = match is_deferred {
                true => Vec::new(),
                false => sql::lower(std::slice::from_ref(&entry), dialect, file, &mut nothing)?,
            };
            body.transactional &= known.iter().all(|statement| statement.transactional);
            match &entry.operation {
                Operation::Sql(_) => body.work.extend(known.into_iter().map(|mut statement| {
                    statement.transactional &= revision.header.transactional;
                    Work::Statement(statement)
                })),
                _ => body.work.push(Work::Operation(Box::new(entry))),
            }
        }
        Ok(body)
    }

    /// Does to the plan's schema what a body does.
    pub(super) fn replay(&mut self, file: &str, body: &Body) -> Result<(), Error> {
        for work in &body.work {
            match work {
                Work::Statement(statement) => {
                    self.schema.invalidate_referenced(self.dialect, &statement.sql);
                }
                Work::Operation(entry) => {
                    let entry = std::slice::from_ref(entry.as_ref());
                    sql::replay(entry, self.dialect, file, &mut self.schema)?;
                }
            }
        }
        Ok(())
    }

    /// What the file's `down` does, given or derived, or why there is none.
    pub(super) fn own_down(&self, revision: &Revision) -> Result<Result<Body, String>, Error> {
        let entries = match revision.way_down_on(self.dialect) {
            Ok(entries) => entries,
            Err(reason) if revision.down == Down::Derived => {
                return Ok(Err(format!("its `down` is omitted, and {reason}")));
            }
            Err(reason) => return Ok(Err(reason.to_string())),
        };
        match self.body(revision, &entries, &mut Schema::default()) {
            Ok(body) => Ok(Ok(body)),
            // Nobody wrote it, so it is no reason not to go up.
            Err(Error::Lower(error)) if revision.down == Down::Derived => Ok(Err(format!(
                "its `down` is omitted, and what would undo it cannot run: {error}"
            ))),
            Err(error) => Err(error),
        }
    }
}

/// What revisions would do to what a database holds, one behind the other.
///
/// # Errors
/// A file that is not right.
pub fn effects(store: &Store, dialect: Dialect, ids: &[Id]) -> Result<BTreeMap<Id, Effect>, Error> {
    let mut schema = Schema::default();
    let mut effects = BTreeMap::new();
    for id in ids {
        let revision = store.revision(id)?;
        let operations = revision.up.iter().map(|entry| &entry.operation);
        // What cannot run at all is said when it is to run.
        effects.insert(id.clone(), worst_effect(operations, &mut schema, dialect));
    }
    Ok(effects)
}

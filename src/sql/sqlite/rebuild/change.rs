//! A table under change: operation by operation, each as a statement of SQLite's own where there is one
//! that surely does it, and all together as a rebuilt table where there is not.

use super::Rebuild;
use super::known;
use super::state::State;
use crate::model::{Entry, Schema, StoredDdl};
use crate::sql::lowering::{CatalogDelta, Lowered};
use crate::sql::sqlite::clauses::mismatch;
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::{ReadError, TableSql, same};

/// A table under change.
pub(in crate::sql::sqlite) struct Change<'a> {
    pub(in crate::sql::sqlite) schema: &'a Schema,
    /// What follows these operations.
    later: &'a [Entry],
    /// The table as an operation names it.
    pub(in crate::sql::sqlite) table: String,
    /// The table; `None` until an operation takes its definition.
    pub(in crate::sql::sqlite) state: Option<State>,
    /// Statements of SQLite's own, which do what has changed since the last that are out.
    native: Vec<Lowered>,
    /// The part of an operation that needs a rebuild, since then.
    rebuild_for: Option<String>,
    out: Vec<Lowered>,
}

/// SQL that this could not read.
pub(in crate::sql::sqlite) fn unreadable(path: &str) -> impl Fn(ReadError) -> Unsupported + '_ {
    move |error| mismatch(path, format!("SQLite could not parse this: {error}"), None)
}

impl<'a> Change<'a> {
    /// What the schema knows of a table; `later` is what follows its changes.
    pub(in crate::sql::sqlite) fn new(table: &str, later: &'a [Entry], schema: &'a Schema) -> Self {
        let mut change = Change {
            schema,
            later,
            table: table.to_owned(),
            state: None,
            native: Vec::new(),
            rebuild_for: None,
            out: Vec::new(),
        };
        // An index or a column may come and go without anybody knowing the table; but if it is known, it
        // is kept up to date.
        if let Ok(read) = known::readable(schema, table, "") {
            change.state = Some(State::of(read, schema));
        }
        change
    }

    /// The statements, and what the database keeps afterwards.
    pub(in crate::sql::sqlite) fn done(
        mut self,
    ) -> Result<(Vec<Lowered>, CatalogDelta), Unsupported> {
        self.flush()?;
        let schema = self.schema;
        let mut kept = CatalogDelta::of(schema);
        let Some(state) = self.state else { return Ok((self.out, kept)) };
        let is_of = |stored: &StoredDdl| {
            stored.table.as_ref().is_some_and(|table| same(&table.name, &state.now.name))
        };
        kept.indexes.retain(|stored| !is_of(stored));
        kept.triggers.retain(|stored| !is_of(stored));
        kept.indexes.extend(state.indexes);
        kept.triggers.extend(state.triggers);
        kept.unknown.extend(state.lost);
        if let Some((key, _)) = known::table(schema, &state.now.name) {
            match state.unsure {
                true => kept.unknown.push(key.clone()),
                false => kept.tables.push((key.clone(), state.now.text())),
            }
        }
        kept.tables.extend(state.others);
        Ok((self.out, kept))
    }

    /// What is known of the table, for an operation that takes it.
    pub(in crate::sql::sqlite) fn state(&mut self, path: &str) -> Result<&mut State, Unsupported> {
        if self.state.as_ref().is_none_or(|state| state.unsure) {
            known::readable(self.schema, &self.table, path)?;
            return Err(known::unknown(&self.table, path));
        }
        let table = &self.table;
        self.state.as_mut().ok_or_else(|| known::unknown(table, path))
    }

    /// Whether the table may be there, and be one that can be changed.
    pub(in crate::sql::sqlite) fn may_be_there(&self, path: &str) -> Result<(), Unsupported> {
        match known::readable(self.schema, &self.table, path) {
            Err(refusal) if refusal.unknown.is_none() => Err(refusal),
            _ => Ok(()),
        }
    }

    pub(in crate::sql::sqlite) fn native(&mut self, sql: String, path: &str) {
        self.native.push(Lowered::new(sql, path));
    }

    /// Drops what the next statement creates again.
    pub(in crate::sql::sqlite) fn put_back(&mut self, sql: String, path: &str) {
        self.native.push(Lowered::new(sql, path).no_worse());
    }

    /// The table has to be rebuilt.
    pub(in crate::sql::sqlite) fn needs_rebuild(&mut self, path: &str) {
        self.rebuild_for.get_or_insert_with(|| path.to_owned());
    }

    /// Sends what has changed on its way.
    pub(in crate::sql::sqlite) fn flush(&mut self) -> Result<(), Unsupported> {
        let native = std::mem::take(&mut self.native);
        let Some(path) = self.rebuild_for.take() else {
            self.out.extend(native);
            if let Some(state) = &mut self.state {
                // SQLite's own DROP COLUMN does not look at every place.
                if state.before.columns().any(|old| state.now.column(&old.name).is_none()) {
                    let probes = state.probes(self.schema, self.later);
                    let path = "drop_column";
                    self.out.extend(probes.into_iter().map(|sql| Lowered::new(sql, path)));
                }
                state.settle();
            }
            return Ok(());
        };
        let (schema, later) = (self.schema, self.later);
        let state = self.state(&path)?;
        let now = &state.now;
        if now.columns().next().is_none() {
            let hint = Some("drop the table");
            return Err(mismatch(
                &path,
                format!("{} would be left without columns", now.name),
                hint,
            ));
        }
        if now.without_rowid && now.primary_key().is_empty() {
            let message = format!("{} has no rowids, and so needs a primary key", now.name);
            let hint = "create the new primary key in the same revision, right after it";
            return Err(mismatch(&path, message, Some(hint)));
        }
        state.refuse_lost_keys(schema, &path)?;
        let rebuild = Rebuild {
            before: &state.before,
            after: now,
            aside: &known::free_name(schema, &format!("rev_old_{}", now.name)),
            copies: &state.copies,
            indexes: &state.indexes,
            triggers: &state.triggers,
        };
        let mut statements = rebuild.statements();
        let names = |table: &TableSql| -> Vec<String> {
            table.columns().map(|column| column.name.clone()).collect()
        };
        if names(&state.before) != names(now) {
            statements.extend(state.probes(schema, later));
        }
        // The rows of the table that goes were copied into the new one.
        let lowered = statements.into_iter().map(|sql| Lowered::new(sql, path.clone()));
        self.out.extend(lowered.map(Lowered::no_worse));
        if let Some(state) = &mut self.state {
            state.settle();
        }
        Ok(())
    }
}

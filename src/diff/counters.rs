//! Columns that a server counts up only while they are a key, and only one in a table (MySQL, MariaDB): one stops
//! before its key goes, and begins when its key is there.

use crate::model::ObjectKey;
use crate::model::operation::{Column, Constraint, Index, IndexKey, TableDefinition};
use crate::text;

use super::planner::Planner;

impl Planner<'_> {
    /// Stops the counting of columns whose key goes, or in whose place another counts. The table as it then is,
    /// and as it shall be until [`Planner::start_counters`].
    pub(super) fn stop_counters(
        &mut self,
        key: &ObjectKey,
        before: &TableDefinition,
        after: &TableDefinition,
        gone: (&[Constraint], &[Index]),
    ) -> Option<(TableDefinition, TableDefinition)> {
        let counts = |table: &TableDefinition| table.columns.iter().any(|one| one.autoincrement);
        if !text::table_owns_indexes(self.options.dialect) || !(counts(before) || counts(after)) {
            return None;
        }
        let same = self.same;
        let (mut now, mut meanwhile) = (before.clone(), after.clone());
        let mut kept = before.clone();
        kept.constraints.retain(|one| !gone.0.contains(one));
        kept.indexes.retain(|one| !gone.1.contains(one));
        let is_key = |column: &Column| {
            let leads = |name: Option<&str>| name.is_some_and(|name| same.part(name, &column.name));
            let of = |constraint: &Constraint| match constraint {
                Constraint::PrimaryKey(key) => leads(key.columns.first().map(String::as_str)),
                Constraint::Unique(unique) => leads(unique.columns.first().map(String::as_str)),
                _ => false,
            };
            let by = |index: &Index| match index.columns.first().map(|first| &first.key) {
                Some(IndexKey::Column(name)) => leads(Some(name)),
                _ => false,
            };
            column.primary_key || kept.constraints.iter().any(of) || kept.indexes.iter().any(by)
        };
        let others = |table: &TableDefinition, column: &Column| {
            table.columns.iter().any(|one| one.autoincrement && !same.part(&one.name, &column.name))
        };
        for (column, own) in before.columns.iter().zip(&mut now.columns) {
            if column.autoincrement && (!is_key(column) || others(after, column)) {
                own.autoincrement = false;
                self.alter_column(key, column, own, before);
            }
        }
        for column in meanwhile.columns.iter_mut().filter(|column| column.autoincrement) {
            let Some(at) = now.column_at(same.0, &column.name) else { continue };
            let waits = !is_key(column) || others(before, column);
            column.autoincrement = now.columns[at].autoincrement || !waits;
        }
        Some((now, meanwhile))
    }

    /// Lets those count that waited for their key.
    pub(super) fn start_counters(
        &mut self,
        key: &ObjectKey,
        meanwhile: &TableDefinition,
        after: &TableDefinition,
    ) {
        for (column, own) in meanwhile.columns.iter().zip(&after.columns) {
            if own.autoincrement && !column.autoincrement {
                self.alter_column(key, column, own, after);
            }
        }
    }
}

//! The evidence of a statement's effect, put together from what a dialect's catalogue counts.

use crate::text::{CatalogEffect, ObjectKind, ObjectName};

/// What a dialect can count in its catalogue; each gives a scalar SQL expression, or `None` where
/// the catalogue cannot be asked.
pub(super) trait Counts {
    /// How many objects there are of that kind and name: 0 or more. `whole` leaves out what is
    /// there but not finished.
    fn objects(
        &self,
        kind: ObjectKind,
        name: &ObjectName,
        table: Option<&ObjectName>,
        whole: bool,
    ) -> Option<String>;

    /// How many columns of that name the table has.
    fn columns(&self, table: &ObjectName, column: &str) -> Option<String>;
}

/// A scalar expression: 1 if the effect is seen, 0 if it is not, NULL if the catalogue cannot tell.
pub(super) fn evidence(counts: &dyn Counts, effect: &CatalogEffect) -> Option<String> {
    match effect {
        CatalogEffect::Creates { kind, name, table } => {
            let there = counts.objects(*kind, name, table.as_ref(), true)?;
            Some(format!("(CASE WHEN {there} > 0 THEN 1 ELSE 0 END)"))
        }
        CatalogEffect::Drops { kind, name, table } => {
            let there = counts.objects(*kind, name, table.as_ref(), false)?;
            Some(format!("(CASE WHEN {there} = 0 THEN 1 ELSE 0 END)"))
        }
        CatalogEffect::Renames { kind, from, to, table } => {
            // The new name stands in the old one's schema unless it says otherwise.
            let to = ObjectName {
                schema: to.schema.clone().or_else(|| from.schema.clone()),
                name: to.name.clone(),
            };
            let before = counts.objects(*kind, from, table.as_ref(), false)?;
            let after = counts.objects(*kind, &to, table.as_ref(), false)?;
            Some(format!(
                "(CASE WHEN {before} = 0 AND {after} > 0 THEN 1 \
                 WHEN {before} > 0 AND {after} = 0 THEN 0 END)"
            ))
        }
        CatalogEffect::AddsColumn { table, column } => {
            let tables = counts.objects(ObjectKind::Table, table, None, false)?;
            let columns = counts.columns(table, column)?;
            Some(format!("(CASE WHEN {tables} = 0 THEN NULL WHEN {columns} > 0 THEN 1 ELSE 0 END)"))
        }
        CatalogEffect::DropsColumn { table, column } => {
            let tables = counts.objects(ObjectKind::Table, table, None, false)?;
            let columns = counts.columns(table, column)?;
            Some(format!("(CASE WHEN {tables} = 0 THEN NULL WHEN {columns} = 0 THEN 1 ELSE 0 END)"))
        }
    }
}

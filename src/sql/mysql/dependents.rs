//! What names a column in an expression: MySQL renames no column under it, so that it is said again with the
//! new name, in the same statement.

use super::column::{Key, definition};
use super::writer::{Writer, same};
use super::{constraint, index};
use crate::model::operation::{Column, Constraint, DefaultValue, Index, IndexKey, TableDefinition};
use crate::model::{ByDialect, SqlText};
use crate::sql::unsupported::Unsupported;
use crate::text::{names_in, rename_in};

/// A column that gets another name.
struct Renamed<'a> {
    writer: &'a Writer<'a>,
    from: &'a str,
    to: &'a str,
}

/// The clauses that stand beside the change of a column's name: what goes first, and what comes back.
pub(super) fn clauses(
    writer: &Writer<'_>,
    table: &TableDefinition,
    from: &str,
    to: &str,
    path: &str,
) -> Result<(Vec<String>, Vec<String>), Unsupported> {
    let (mut before, mut behind) = (Vec::new(), Vec::new());
    if writer.flavour.renames_everywhere {
        return Ok((before, behind));
    }
    let renamed = Renamed { writer, from, to };
    if table.options.partition_by.as_ref().is_some_and(|sql| renamed.names(sql)) {
        let reason = "the table is partitioned by this column, and MySQL does not rename it there";
        return Err(writer.no(&format!("{path}.rename"), reason));
    }
    for own in &table.constraints {
        if let Constraint::Check(check) = own
            && renamed.names(&check.sql)
        {
            let name = writer.ident(check.name.as_deref().unwrap_or_default());
            let mut check = check.clone();
            renamed.rename(&mut check.sql);
            let check = constraint::definition(writer, &Constraint::Check(check), path)?;
            before.push(format!("DROP {} {name}", writer.flavour.drop_check));
            behind.push(format!("ADD {check}"));
        }
    }
    for own in &table.indexes {
        let Some(index) = renamed.index(own) else { continue };
        let (kind, name) =
            (index::kind(&index), writer.ident(own.name.as_deref().unwrap_or_default()));
        let (columns, options) = index::parts(writer, &index, path)?;
        before.push(format!("DROP INDEX {name}"));
        behind.push(format!("ADD {kind}INDEX {name} ({columns}){options}"));
    }
    for own in table.columns.iter().filter(|own| !same(&own.name, from)) {
        let Some(column) = renamed.column(own) else { continue };
        let is_key = |one: &Constraint| matches!(one, Constraint::PrimaryKey(key) if key.columns.iter().any(|name| same(name, &own.name)));
        let in_key = own.primary_key || table.constraints.iter().any(is_key);
        let key = if in_key { Key::Yes } else { Key::No };
        behind.push(format!("MODIFY COLUMN {}", definition(writer, &column, key, path)?));
    }
    Ok((before, behind))
}

impl Renamed<'_> {
    /// Whether SQL names the column.
    fn names(&self, sql: &SqlText) -> bool {
        let dialect = self.writer.flavour.dialect;
        sql.get(dialect)
            .is_some_and(|sql| names_in(dialect, sql).iter().any(|name| same(name, self.from)))
    }

    fn rename(&self, sql: &mut SqlText) {
        let dialect = self.writer.flavour.dialect;
        if let Some(own) = sql.get(dialect) {
            *sql = ByDialect::All(rename_in(dialect, own, self.from, self.to));
        }
    }

    /// The index over an expression that names the column.
    fn index(&self, index: &Index) -> Option<Index> {
        let mut index = index.clone();
        let mut is_named = false;
        for column in &mut index.columns {
            if let IndexKey::Sql(sql) = &mut column.key
                && self.names(sql)
            {
                self.rename(sql);
                is_named = true;
            }
        }
        // Its plain columns get the new name, too.
        for column in index.columns.iter_mut().filter(|_| is_named) {
            if let IndexKey::Column(name) = &mut column.key
                && same(name, self.from)
            {
                self.to.clone_into(name);
            }
        }
        is_named.then_some(index)
    }

    /// The column that is worked out from the column, or has a default that is.
    fn column(&self, column: &Column) -> Option<Column> {
        let mut column = column.clone();
        let mut is_named = false;
        let generated = column.generated.as_mut().map(|generated| &mut generated.sql);
        let default = match &mut column.default {
            Some(DefaultValue::Sql(sql)) => Some(sql),
            _ => None,
        };
        for sql in generated.into_iter().chain(default) {
            if self.names(sql) {
                self.rename(sql);
                is_named = true;
            }
        }
        is_named.then_some(column)
    }
}

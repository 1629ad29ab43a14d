//! What a server refuses of an operation for what its table is: told when the plan is made, where a database says
//! what its tables are.

use super::default::is_no_date;
use super::flavour::Flavour;
use super::writer::same;
use crate::model::Operation;
use crate::model::operation::{
    AlterColumn, Column, CommentObject, Constraint, DefaultValue, IndexKey, TableDefinition,
};
use crate::sql::refused::mismatch;
use crate::sql::unsupported::Unsupported;

/// What is refused of an operation between two definitions of its table. `no_zero_dates`: the session takes no
/// `0000-00-00`.
pub(super) fn refusal(
    flavour: &Flavour,
    operation: &Operation,
    before: Option<&TableDefinition>,
    after: Option<&TableDefinition>,
    no_zero_dates: bool,
) -> Option<Unsupported> {
    let (_, name) = altered(operation)?;
    let is_checked = no_zero_dates && !flavour.keeps_zero_dates;
    let stays = |column: &&Column| {
        has_no_date(flavour, column)
            && after
                .is_some_and(|table| table.columns.iter().any(|own| same(&own.name, &column.name)))
    };
    let zero = before.filter(|_| is_checked).and_then(|table| table.columns.iter().find(stays));
    let zero = zero.map(|column| &column.name);
    if let Some(column) = zero.filter(|_| !restates(flavour, operation)) {
        let reason = format!(
            "{name}.{column} has a default that is no date, such as 0000-00-00, and with NO_ZERO_DATE in sql_mode \
             the server alters no table that has one (error 1067)"
        );
        let hint = "give that column another default first, or take NO_ZERO_DATE and NO_ZERO_IN_DATE out of \
                    sql_mode for this connection: `on_connect` in store.yaml";
        return Some(with_hint(mismatch(flavour.dialect, operation.kind(), &reason), hint));
    }
    let reason = after.and_then(uncounted).filter(|_| before.and_then(uncounted).is_none())?;
    Some(no_key(flavour, operation.kind(), &reason))
}

/// The refusal of a column that counts and may not.
pub(super) fn no_key(flavour: &Flavour, path: &str, reason: &str) -> Unsupported {
    let reason = format!("{reason} (error 1075)");
    let hint = "set it with `autoincrement: true` in an `alter_column` behind the key, and take it away with \
                `autoincrement: false` before its key goes or another column counts; a new column can be the \
                primary key by `primary_key: true`";
    with_hint(mismatch(flavour.dialect, path, &reason), hint)
}

fn with_hint(unsupported: Unsupported, hint: &str) -> Unsupported {
    Unsupported { hint: Some(hint.to_owned()), ..unsupported }
}

/// Whether the operation says the whole of a column again, in a mode that takes what is there.
fn restates(flavour: &Flavour, operation: &Operation) -> bool {
    let knows = |alter: &AlterColumn| alter.rename.is_some() || !flavour.alters_by_itself(alter);
    match operation {
        Operation::AlterColumn(alter) => knows(alter),
        Operation::AddColumn(add) => has_no_date(flavour, &add.column),
        Operation::Comment(comment) => comment.on == CommentObject::Column,
        Operation::RenameTable(_) | Operation::DropTable(_) => true,
        _ => false,
    }
}

/// Whether a table has a column whose default is no date.
pub(super) fn has_no_dates(flavour: &Flavour, table: &TableDefinition) -> bool {
    table.columns.iter().any(|column| has_no_date(flavour, column))
}

fn has_no_date(flavour: &Flavour, column: &Column) -> bool {
    match &column.default {
        Some(DefaultValue::Sql(sql)) => sql.get(flavour.dialect).is_some_and(|sql| is_no_date(sql)),
        _ => false,
    }
}

/// What is wrong with the columns of a table that count.
pub(super) fn uncounted(table: &TableDefinition) -> Option<String> {
    let counts = |column: &&Column| column.autoincrement || column.identity.is_some();
    let mut all = table.columns.iter().filter(counts);
    let column = all.next()?;
    if let Some(other) = all.next() {
        let (one, other) = (&column.name, &other.name);
        return Some(format!("two columns would be AUTO_INCREMENT, {one} and {other}"));
    }
    let is_it = |name: &String| same(name, &column.name);
    let of = |constraint: &Constraint| match constraint {
        Constraint::PrimaryKey(key) => key.columns.iter().any(is_it),
        Constraint::Unique(unique) => unique.columns.iter().any(is_it),
        Constraint::ForeignKey(key) => key.columns.iter().any(is_it),
        Constraint::Check(_) | Constraint::Exclude(_) => false,
    };
    let is_key = column.primary_key
        || column.references.is_some()
        || table.constraints.iter().any(of)
        || table.indexes.iter().flat_map(|index| &index.columns).any(|own| match &own.key {
            IndexKey::Column(name) => is_it(name),
            IndexKey::Sql(_) => false,
        });
    (!is_key).then(|| format!("{} would be AUTO_INCREMENT and no key", column.name))
}

/// The table that an operation alters or creates.
pub(super) fn altered(operation: &Operation) -> Option<(Option<&str>, &str)> {
    let (schema, table) = match operation {
        Operation::CreateTable(own) => (&own.schema, &own.name),
        Operation::AlterTableOptions(own) => (&own.schema, &own.table),
        Operation::AddColumn(own) => (&own.schema, &own.table),
        Operation::DropColumn(own) => (&own.schema, &own.table),
        Operation::AlterColumn(own) => (&own.schema, &own.table),
        Operation::CreateIndex(own) => (&own.schema, &own.table),
        Operation::DropIndex(own) => (&own.schema, &own.table),
        Operation::RenameIndex(own) => (&own.schema, &own.table),
        Operation::CreatePrimaryKey(own) => (&own.schema, &own.table),
        Operation::CreateUnique(own) => (&own.schema, &own.table),
        Operation::CreateForeignKey(own) => (&own.schema, &own.table),
        Operation::CreateCheck(own) => (&own.schema, &own.table),
        Operation::DropConstraint(own) => (&own.schema, &own.table),
        Operation::RenameConstraint(own) => (&own.schema, &own.table),
        Operation::Comment(own) if own.on == CommentObject::Table => (&own.schema, &own.name),
        _ => return None,
    };
    Some((schema.as_deref(), table))
}

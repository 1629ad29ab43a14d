//! Tables and their columns.

use super::words::{PG, collation, id, named, parameters, refusal, relation, said, sequence, when};
use super::{TYPES, comment, constraint, index};
use crate::model::operation::{
    AddColumn, Column, Constraint, CreateTable, DropColumn, DropTable, Identity, IdentityKind,
    RenameTable, TableDefinition, TableOptions,
};
use crate::sql::clauses::{bracketed, closed, column_reference};
use crate::sql::literal;
use crate::sql::lowering::{Lowered, Unsupported};
use crate::sql::types::Type;

/// `CREATE TABLE`, and what can only stand behind it.
pub(super) fn create(create: &CreateTable) -> Result<Vec<Lowered>, Unsupported> {
    let CreateTable { schema, name, if_not_exists, definition } = create;
    let TableDefinition { columns, constraints, indexes, comment, options } = definition;
    let path = "create_table";
    check(create)?;
    let table = named(schema, name);
    let mut parts = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        parts.push(self::column(name, column, &format!("{path}.columns.{at}"))?);
    }
    let mut behind = Vec::new();
    for (at, constraint) in constraints.iter().enumerate() {
        let path = format!("{path}.constraints.{at}");
        let clause = constraint::clause(name, constraint, &path)?;
        if !constraint::is_not_valid(constraint) && !repeats(definition, at) {
            parts.push(clause);
        } else if *if_not_exists {
            let reason = "it follows CREATE TABLE, which with if_not_exists might find a table that \
                          already has it";
            return Err(refusal(&path, reason));
        } else {
            // Inside CREATE TABLE the server takes it and forgets it.
            behind.push(Lowered::new(format!("ALTER TABLE {table} ADD {clause}"), path));
        }
    }
    let sort = match options {
        TableOptions { temporary: true, .. } => " TEMPORARY",
        TableOptions { unlogged: true, .. } => " UNLOGGED",
        _ => "",
    };
    let mut sql = format!("CREATE{sort} TABLE{} {table}", when(*if_not_exists, "IF NOT EXISTS"));
    if let Some(parent) = &options.partition_of {
        sql.push_str(&format!(" PARTITION OF {}", relation(schema, parent)));
    }
    match parts.is_empty() {
        true if options.partition_of.is_some() => {}
        true => sql.push_str(" ()"),
        false => sql.push_str(&format!(" (\n    {}\n)", parts.join(",\n    "))),
    }
    if let Some(bounds) = &options.partition_bounds {
        sql.push_str(&format!(" {}", closed(bounds)));
    }
    if !options.inherits.is_empty() {
        let parents: Vec<String> =
            options.inherits.iter().map(|parent| relation(schema, parent)).collect();
        sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
    }
    if let Some(by) = &options.partition_by {
        let by = said(by, "create_table.options.partition_by")?;
        sql.push_str(&format!(" PARTITION BY {}", closed(by)));
    }
    if let Some(method) = &options.using {
        sql.push_str(&format!(" USING {}", id(method)));
    }
    sql.push_str(&parameters(&options.with));
    if let Some(tablespace) = &options.tablespace {
        sql.push_str(&format!(" TABLESPACE {}", id(tablespace)));
    }
    let mut statements = vec![Lowered::new(sql, path)];
    for (at, column) in columns.iter().enumerate() {
        statements.extend(storage(&table, column, &format!("{path}.columns.{at}")));
    }
    statements.append(&mut behind);
    for (at, own) in indexes.iter().enumerate() {
        let path = format!("{path}.indexes.{at}");
        statements.extend(index::of_table(schema, name, own, *if_not_exists, &path)?);
    }
    if let Some(text) = comment {
        statements.push(comment::statement(
            "TABLE",
            &table,
            Some(text),
            &format!("{path}.comment"),
        ));
    }
    for (at, column) in columns.iter().enumerate() {
        statements.extend(column_comment(&table, column, &format!("{path}.columns.{at}")));
    }
    Ok(statements)
}

/// Whether a unique constraint is over the columns of another key of the table, with which the server would
/// make it one inside `CREATE TABLE`.
fn repeats(definition: &TableDefinition, at: usize) -> bool {
    let key = |constraint: &Constraint| match constraint {
        Constraint::PrimaryKey(key) => Some(key.columns.clone()),
        Constraint::Unique(unique) => Some(unique.columns.clone()),
        _ => None,
    };
    let Some(Constraint::Unique(unique)) = definition.constraints.get(at) else { return false };
    let of_column = definition.columns.iter().filter(|column| column.primary_key);
    let of_table = definition.constraints.iter().enumerate().filter(|(other, constraint)| {
        *other < at || matches!(constraint, Constraint::PrimaryKey(_))
    });
    of_column
        .map(|column| vec![column.name.clone()])
        .chain(of_table.filter_map(|(_, constraint)| key(constraint)))
        .any(|columns| columns == unique.columns)
}

/// What fits together in a table and what does not.
fn check(create: &CreateTable) -> Result<(), Unsupported> {
    let CreateTable { schema, definition, .. } = create;
    let TableDefinition { columns, constraints, options, .. } = definition;
    let refused = |part: &str, reason: &str| Err(refusal(&format!("create_table.{part}"), reason));
    let is_key = |constraint: &Constraint| matches!(constraint, Constraint::PrimaryKey(_));
    let keys = columns.iter().filter(|column| column.primary_key).count()
        + constraints.iter().filter(|constraint| is_key(constraint)).count();
    if keys > 1 {
        return refused(
            "columns",
            "a table has one primary key; one of several columns is a constraint of the table",
        );
    }
    if options.temporary && schema.is_some() {
        return refused("options.temporary", "a temporary table cannot be in a named schema");
    }
    if options.temporary && options.unlogged {
        return refused(
            "options.unlogged",
            "a temporary table is never written to the write-ahead log",
        );
    }
    match (&options.partition_of, &options.partition_bounds) {
        (Some(_), None) => {
            return refused("options.partition_of", "`partition_bounds` is missing beside it");
        }
        (None, Some(_)) => {
            return refused("options.partition_bounds", "`partition_of` is missing beside it");
        }
        _ => {}
    }
    if options.partition_of.is_some() && !columns.is_empty() {
        return refused("columns", "a partition has the columns of its table");
    }
    if options.partition_of.is_some() && !options.inherits.is_empty() {
        return refused("options.inherits", "a partition inherits only from its table");
    }
    Ok(())
}

/// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
pub(super) fn column(table: &str, column: &Column, path: &str) -> Result<String, Unsupported> {
    let refused = |part: &str, reason: &str| refusal(&format!("{path}.{part}"), reason);
    let of = Type::of(&column.type_, PG, &format!("{path}.type"))?;
    let mut sql = format!("{} {}", id(&column.name), of.name(TYPES));
    if let Some(compression) = &column.compression {
        sql.push_str(&format!(" COMPRESSION {}", id(compression)));
    }
    if let Some(name) = &column.collation {
        sql.push_str(&format!(" COLLATE {}", collation(said(name, &format!("{path}.collation"))?)));
    }
    match column.nullable {
        Some(false) => sql.push_str(" NOT NULL"),
        Some(true) if column.primary_key => {
            return Err(refused("nullable", "no column of a primary key may be NULL"));
        }
        Some(true) if column.identity.is_some() => {
            return Err(refused("nullable", "no identity column may be NULL"));
        }
        _ => {}
    }
    let made = [column.default.is_some(), column.identity.is_some(), column.generated.is_some()];
    if made.iter().filter(|made| **made).count() > 1 {
        let reason = "a column takes one of default, identity and generated";
        return Err(refused(
            if column.identity.is_some() { "identity" } else { "generated" },
            reason,
        ));
    }
    if let Some(default) = &column.default {
        let default =
            literal::default(TYPES, of, default).map_err(|reason| refused("default", &reason))?;
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(identity) = &column.identity {
        sql.push_str(&format!(" GENERATED {}", generated_as(identity)));
    }
    if let Some(generated) = &column.generated {
        let expression = said(&generated.sql, &format!("{path}.generated.sql"))?;
        if !generated.stored {
            let reason =
                "before version 18 generated columns are always stored: use `stored: true`";
            return Err(refused("generated.stored", reason));
        }
        sql.push_str(&format!(" GENERATED ALWAYS AS {} STORED", bracketed(expression)));
    }
    if column.primary_key {
        let name = constraint::primary_name(table, &format!("{path}.primary_key"))?;
        sql.push_str(&format!(" CONSTRAINT {} PRIMARY KEY", id(&name)));
    }
    if let Some(reference) = &column.references {
        sql.push_str(&format!(" {}", column_reference(PG, reference)));
    }
    Ok(sql)
}

/// `ALWAYS AS IDENTITY (…)`.
pub(super) fn generated_as(identity: &Identity) -> String {
    let options = sequence(&identity.sequence);
    let options = match options.trim() {
        "" => String::new(),
        options => format!(" ({options})"),
    };
    format!("{} AS IDENTITY{options}", kind(identity.kind))
}

/// The words of an identity's kind.
pub(super) fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

/// `SET STORAGE`: before version 16 it stands in no CREATE TABLE.
fn storage(table: &str, column: &Column, path: &str) -> Option<Lowered> {
    let storage = column.storage.as_ref()?;
    let column = id(&column.name);
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {}", id(storage));
    Some(Lowered::new(sql, format!("{path}.storage")))
}

fn column_comment(table: &str, column: &Column, path: &str) -> Option<Lowered> {
    let text = column.comment.as_ref()?;
    let object = format!("{table}.{}", id(&column.name));
    Some(comment::statement("COLUMN", &object, Some(text), &format!("{path}.comment")))
}

/// `DROP TABLE`.
pub(super) fn drop(drop: &DropTable) -> Vec<Lowered> {
    let DropTable { schema, name, if_exists, cascade, .. } = drop;
    let sql = format!(
        "DROP TABLE{} {}{}",
        when(*if_exists, "IF EXISTS"),
        named(schema, name),
        when(*cascade, "CASCADE")
    );
    vec![Lowered::new(sql, "drop_table")]
}

/// `ALTER TABLE … RENAME TO`.
pub(super) fn rename(rename: &RenameTable) -> Vec<Lowered> {
    let RenameTable { schema, name, to } = rename;
    let sql = format!("ALTER TABLE {} RENAME TO {}", named(schema, name), id(to));
    vec![Lowered::new(sql, "rename_table")]
}

/// `ADD COLUMN`, and what can only stand behind it.
pub(super) fn add_column(add: &AddColumn) -> Result<Vec<Lowered>, Unsupported> {
    let AddColumn { schema, table: name, column, if_not_exists, .. } = add;
    let table = named(schema, name);
    let path = "add_column.column";
    let clause = self::column(name, column, path)?;
    let sql =
        format!("ALTER TABLE {table} ADD COLUMN{} {clause}", when(*if_not_exists, "IF NOT EXISTS"));
    let mut statements = vec![Lowered::new(sql, "add_column")];
    statements.extend(storage(&table, column, path));
    statements.extend(column_comment(&table, column, path));
    Ok(statements)
}

/// `DROP COLUMN`.
pub(super) fn drop_column(drop: &DropColumn) -> Vec<Lowered> {
    let DropColumn { schema, table, column, if_exists, cascade, .. } = drop;
    let sql = format!(
        "ALTER TABLE {} DROP COLUMN{} {}{}",
        named(schema, table),
        when(*if_exists, "IF EXISTS"),
        id(column),
        when(*cascade, "CASCADE")
    );
    vec![Lowered::new(sql, "drop_column")]
}

//! Tables.

use super::clauses::{
    NO_EQUIVALENT, id, named, parameter, parameters, refusal, relation, support, text_for, when,
};
use super::flavour::Flavour;
use super::{column, comment, constraint, index};
use crate::model::operation::{
    AlterTableOptions, Constraint, CreateTable, DropTable, RenameTable, TableDefinition,
    TableOptions, TableOptionsChange,
};
use crate::sql::clauses::closed;
use crate::sql::lowering::Lowered;
use crate::sql::support::Support;
use crate::sql::unsupported::Unsupported;

/// `CREATE TABLE`, and what can only stand behind it.
pub(super) fn create(flavour: &Flavour, create: &CreateTable) -> Result<Vec<Lowered>, Unsupported> {
    let CreateTable { schema, name, if_not_exists, definition } = create;
    let TableDefinition { columns, constraints, indexes, comment, options, beyond: _ } = definition;
    let path = "create_table";
    let mut support = support(path);
    support.name("schema", schema);
    support.name("name", name);
    support.each("columns", columns, |support, own| column::support_of(support, own, name));
    support.each("constraints", constraints, |support, own| {
        constraint::support_of(support, own, name);
    });
    support.each("indexes", indexes, |support, own| index::support_of(support, own, name));
    support.within("options", |support| support_of_options(support, options));
    support.finish()?;
    check_consistency(create)?;
    let table = named(schema, name);
    let mut parts = Vec::new();
    for (at, column) in columns.iter().enumerate() {
        parts.push(column::definition(flavour, name, column, &format!("{path}.columns.{at}"))?);
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
        let by = text_for(by, "create_table.options.partition_by")?;
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
        statements.extend(column::storage(&table, column, &format!("{path}.columns.{at}")));
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
        statements.extend(column::comment_of(&table, column, &format!("{path}.columns.{at}")));
    }
    Ok(statements)
}

const OF_DATABASE: &str = "the character set is a property of the database";
const OF_COLUMN: &str = "a collation is a property of a column";

/// What is not supported of the options.
fn support_of_options(support: &mut Support, options: &TableOptions) {
    let TableOptions {
        temporary: _,
        unlogged: _,
        inherits: _,
        partition_by: _,
        partition_of: _,
        partition_bounds: _,
        tablespace: _,
        with: _,
        using: _,
        engine,
        charset,
        collation,
        auto_increment,
        row_format,
        strict,
        without_rowid,
    } = options;
    support.refuse_if(engine.is_some(), "engine", NO_EQUIVALENT);
    support.refuse_if(charset.is_some(), "charset", OF_DATABASE);
    support.refuse_if(collation.is_some(), "collation", OF_COLUMN);
    support.refuse_if(auto_increment.is_some(), "auto_increment", NO_EQUIVALENT);
    support.refuse_if(row_format.is_some(), "row_format", NO_EQUIVALENT);
    support.refuse_if(*strict, "strict", NO_EQUIVALENT);
    support.refuse_if(*without_rowid, "without_rowid", NO_EQUIVALENT);
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
fn check_consistency(create: &CreateTable) -> Result<(), Unsupported> {
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

/// `DROP TABLE`.
pub(super) fn drop(drop: &DropTable) -> Result<Vec<Lowered>, Unsupported> {
    let DropTable { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_table");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let sql = format!(
        "DROP TABLE{} {}{}",
        when(*if_exists, "IF EXISTS"),
        named(schema, name),
        when(*cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "drop_table")])
}

/// `ALTER TABLE … RENAME TO`.
pub(super) fn rename(rename: &RenameTable) -> Result<Vec<Lowered>, Unsupported> {
    let RenameTable { schema, name, to } = rename;
    let mut support = support("rename_table");
    support.name("schema", schema);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let sql = format!("ALTER TABLE {} RENAME TO {}", named(schema, name), id(to));
    Ok(vec![Lowered::new(sql, "rename_table")])
}

/// `ALTER TABLE … SET (…), RESET (…)`.
pub(super) fn alter_options(alter: &AlterTableOptions) -> Result<Vec<Lowered>, Unsupported> {
    let AlterTableOptions { schema, table, set, was: _ } = alter;
    let TableOptionsChange { with, engine, charset, collation, row_format } = set;
    let mut support = support("alter_table_options");
    support.name("schema", schema);
    support.name("table", table);
    support.within("set", |support| {
        support.refuse_if(engine.is_some(), "engine", NO_EQUIVALENT);
        support.refuse_if(charset.is_some(), "charset", OF_DATABASE);
        support.refuse_if(collation.is_some(), "collation", OF_COLUMN);
        support.refuse_if(row_format.is_some(), "row_format", NO_EQUIVALENT);
    });
    support.finish()?;
    let (reset, set): (Vec<_>, Vec<_>) = with.iter().partition(|(_, value)| value.is_null());
    let actions = [("SET", set), ("RESET", reset)].into_iter().filter_map(|(verb, parameters)| {
        let parameters: Vec<String> =
            parameters.into_iter().map(|(name, value)| parameter(name, value)).collect();
        (!parameters.is_empty()).then(|| format!("{verb} ({})", parameters.join(", ")))
    });
    let actions = actions.collect::<Vec<_>>().join(", ");
    let sql = format!("ALTER TABLE {} {actions}", named(schema, table));
    Ok(vec![Lowered::new(sql, "alter_table_options")])
}

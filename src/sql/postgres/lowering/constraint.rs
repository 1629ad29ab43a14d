//! Constraints.

use super::words::{PG, id, ids, named, refusal};
use crate::model::operation::{
    Check, Constraint, ConstraintKind, CreateCheck, CreateExclude, CreateForeignKey,
    CreatePrimaryKey, CreateUnique, DropConstraint, Exclude, ForeignKey, PrimaryKey,
    RenameConstraint, Unique, ValidateConstraint,
};
use crate::sql::clauses::{self, bracketed, closed, constraint_name, deferrable};
use crate::sql::lowering::{Lowered, Unsupported};

use super::words::when;

/// The name that the server gives a primary key without one.
///
/// # Errors
/// It would not be the whole of it.
pub(super) fn primary_name(table: &str, path: &str) -> Result<String, Unsupported> {
    let name = format!("{table}_pkey");
    match name.len() {
        0..=63 => Ok(name),
        _ => Err(refusal(
            path,
            "the name of the table is too long to name the key by: give it a name",
        )),
    }
}

/// A constraint as it stands in `CREATE TABLE` and behind `ADD`.
pub(super) fn clause(
    table: &str,
    constraint: &Constraint,
    path: &str,
) -> Result<String, Unsupported> {
    let path = part(path, constraint, "");
    let path = path.trim_end_matches('.');
    match constraint {
        Constraint::PrimaryKey(key) => primary_key(table, key, path),
        Constraint::Unique(key) => Ok(unique(key)),
        Constraint::ForeignKey(key) => Ok(foreign_key(key)),
        Constraint::Check(check) => self::check(check, path),
        Constraint::Exclude(constraint) => exclude(constraint, path),
    }
}

/// The path of a part of a constraint.
pub(super) fn part(path: &str, constraint: &Constraint, part: &str) -> String {
    format!("{path}.{}.{part}", constraint.kind().word())
}

/// Whether it leaves the rows that are there unchecked.
pub(super) fn is_not_valid(constraint: &Constraint) -> bool {
    match constraint {
        Constraint::ForeignKey(key) => key.not_valid,
        Constraint::Check(check) => check.not_valid,
        _ => false,
    }
}

fn include(columns: &[String]) -> String {
    if columns.is_empty() { String::new() } else { format!(" INCLUDE ({})", ids(columns)) }
}

fn tablespace(name: &Option<String>) -> String {
    name.as_ref().map_or_else(String::new, |name| format!(" USING INDEX TABLESPACE {}", id(name)))
}

fn primary_key(table: &str, key: &PrimaryKey, path: &str) -> Result<String, Unsupported> {
    let name = match &key.name {
        Some(name) => name.clone(),
        None => primary_name(table, &format!("{path}.name"))?,
    };
    Ok(format!(
        "{}PRIMARY KEY ({}){}{}{}",
        constraint_name(PG, Some(&name)),
        ids(&key.columns),
        include(&key.include),
        tablespace(&key.tablespace),
        deferrable(key.deferrable, key.initially),
    ))
}

fn unique(key: &Unique) -> String {
    format!(
        "{}UNIQUE{} ({}){}{}{}",
        constraint_name(PG, key.name.as_deref()),
        nulls(key.nulls_distinct),
        ids(&key.columns),
        include(&key.include),
        tablespace(&key.tablespace),
        deferrable(key.deferrable, key.initially),
    )
}

/// Whether two NULLs are different. That they are needs no word, which servers before 15 do not have.
pub(super) fn nulls(distinct: Option<bool>) -> &'static str {
    if distinct == Some(false) { " NULLS NOT DISTINCT" } else { "" }
}

fn foreign_key(key: &ForeignKey) -> String {
    clauses::foreign_key(PG, key) + &when(key.not_valid, "NOT VALID")
}

fn check(check: &Check, path: &str) -> Result<String, Unsupported> {
    Ok(clauses::check(PG, check, path)?
        + &when(check.no_inherit, "NO INHERIT")
        + &when(check.not_valid, "NOT VALID"))
}

fn exclude(exclude: &Exclude, path: &str) -> Result<String, Unsupported> {
    let mut elements = Vec::new();
    for (at, element) in exclude.elements.iter().enumerate() {
        let key = match (&element.column, &element.sql) {
            (Some(column), None) => id(column),
            (None, Some(sql)) => bracketed(sql),
            _ => {
                let path = format!("{path}.elements.{at}");
                return Err(refusal(&path, "it takes either `column` or `sql`"));
            }
        };
        let opclass = element
            .opclass
            .as_ref()
            .map_or_else(String::new, |class| format!(" {}", closed(class)));
        elements.push(format!("{key}{opclass} WITH {}", closed(&element.with)));
    }
    let condition = exclude
        .where_
        .as_ref()
        .map_or_else(String::new, |sql| format!(" WHERE {}", bracketed(sql)));
    Ok(format!(
        "{}EXCLUDE USING {} ({}){}{}{condition}{}",
        constraint_name(PG, exclude.name.as_deref()),
        id(exclude.method.as_deref().unwrap_or("gist")),
        elements.join(", "),
        include(&exclude.include),
        tablespace(&exclude.tablespace),
        deferrable(exclude.deferrable, exclude.initially),
    ))
}

fn add(schema: &Option<String>, table: &str, clause: &str, path: &str) -> Vec<Lowered> {
    vec![Lowered::new(format!("ALTER TABLE {} ADD {clause}", named(schema, table)), path)]
}

/// `ADD PRIMARY KEY`.
pub(super) fn create_primary_key(create: &CreatePrimaryKey) -> Result<Vec<Lowered>, Unsupported> {
    let CreatePrimaryKey { schema, table, key } = create;
    let path = "create_primary_key";
    Ok(add(schema, table, &primary_key(table, key, path)?, path))
}

/// `ADD UNIQUE`.
pub(super) fn create_unique(create: &CreateUnique) -> Result<Vec<Lowered>, Unsupported> {
    Ok(add(&create.schema, &create.table, &unique(&create.unique), "create_unique"))
}

/// `ADD FOREIGN KEY`.
pub(super) fn create_foreign_key(create: &CreateForeignKey) -> Result<Vec<Lowered>, Unsupported> {
    Ok(add(&create.schema, &create.table, &foreign_key(&create.key), "create_foreign_key"))
}

/// `ADD CHECK`.
pub(super) fn create_check(create: &CreateCheck) -> Result<Vec<Lowered>, Unsupported> {
    let path = "create_check";
    Ok(add(&create.schema, &create.table, &check(&create.check, path)?, path))
}

/// `ADD EXCLUDE`.
pub(super) fn create_exclude(create: &CreateExclude) -> Result<Vec<Lowered>, Unsupported> {
    let path = "create_exclude";
    Ok(add(&create.schema, &create.table, &exclude(&create.exclude, path)?, path))
}

/// `DROP CONSTRAINT`.
pub(super) fn drop(drop: &DropConstraint) -> Result<Vec<Lowered>, Unsupported> {
    let DropConstraint { schema, table, name, kind, if_exists, cascade, .. } = drop;
    let name = match (name, kind) {
        (Some(name), _) => name.clone(),
        (None, ConstraintKind::PrimaryKey) => primary_name(table, "drop_constraint.name")?,
        (None, _) => {
            return Err(refusal("drop_constraint.name", "only a primary key may be unnamed"));
        }
    };
    let sql = format!(
        "ALTER TABLE {} DROP CONSTRAINT{} {}{}",
        named(schema, table),
        when(*if_exists, "IF EXISTS"),
        id(&name),
        when(*cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "drop_constraint")])
}

/// `RENAME CONSTRAINT`.
pub(super) fn rename(rename: &RenameConstraint) -> Vec<Lowered> {
    let RenameConstraint { schema, table, name, to, .. } = rename;
    let table = named(schema, table);
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {}", id(name), id(to));
    vec![Lowered::new(sql, "rename_constraint")]
}

/// `VALIDATE CONSTRAINT`.
pub(super) fn validate(validate: &ValidateConstraint) -> Vec<Lowered> {
    let ValidateConstraint { schema, table, name } = validate;
    let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", named(schema, table), id(name));
    vec![Lowered::new(sql, "validate_constraint")]
}

//! Constraints.

use super::clauses::{PG, id, ids, named, refusal, support, when};
use crate::model::operation::{
    Check, Constraint, ConstraintKind, CreateCheck, CreateExclude, CreateForeignKey,
    CreatePrimaryKey, CreateUnique, DropConstraint, Exclude, ExcludeElement, ForeignKey, Match,
    PrimaryKey, References, RenameConstraint, Unique, ValidateConstraint,
};
use crate::sql::clauses::{self, bracketed, closed, constraint_name, deferrable};
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed};
use crate::sql::unsupported::Unsupported;

/// What is not supported of a constraint.
pub(super) fn support_of(support: &mut Support, constraint: &Constraint, table: &str) {
    support.within(constraint.kind().word(), |support| match constraint {
        Constraint::PrimaryKey(key) => primary_key_support(support, key),
        Constraint::Unique(unique) => unique_support(support, unique, table),
        Constraint::ForeignKey(key) => foreign_key_support(support, key, table),
        Constraint::Check(check) => check_support(support, check, table),
        Constraint::Exclude(exclude) => exclude_support(support, exclude, table),
    });
}

fn primary_key_support(support: &mut Support, key: &PrimaryKey) {
    let PrimaryKey { name, columns, include, deferrable: _, initially: _, tablespace: _ } = key;
    support.name("name", name);
    support.names("columns", columns);
    support.names("include", include);
}

fn unique_support(support: &mut Support, unique: &Unique, table: &str) {
    let Unique {
        name,
        columns,
        include,
        nulls_distinct: _,
        deferrable: _,
        initially: _,
        tablespace: _,
    } = unique;
    support.needs_name(name, Unnamed::UNIQUE, table, columns.iter().map(String::as_str));
    support.name("name", name);
    support.names("columns", columns);
    support.names("include", include);
}

fn foreign_key_support(support: &mut Support, key: &ForeignKey, table: &str) {
    let ForeignKey {
        name,
        columns,
        references,
        on_delete: _,
        on_update: _,
        match_,
        deferrable: _,
        initially: _,
        not_valid: _,
    } = key;
    support.needs_name(name, Unnamed::FOREIGN_KEY, table, columns.iter().map(String::as_str));
    support.name("name", name);
    support.names("columns", columns);
    support.within("references", |support| {
        let References { schema, table, columns } = references;
        support.name("schema", schema);
        support.name("table", table);
        support.names("columns", columns);
    });
    let is_partial = *match_ == Some(Match::Partial);
    support.refuse_if(is_partial, "match", "PostgreSQL does not implement it");
}

/// What is not supported of a check of a table or a domain.
pub(super) fn check_support(support: &mut Support, check: &Check, of: &str) {
    let Check { name, sql: _, not_valid: _, no_inherit: _, enforced } = check;
    support.needs_name(name, Unnamed::CHECK, of, []);
    support.name("name", name);
    let reason = "checks are always enforced; `not_valid` leaves existing rows unchecked";
    support.refuse_if(*enforced == Some(false), "enforced", reason);
}

fn exclude_support(support: &mut Support, exclude: &Exclude, table: &str) {
    let Exclude {
        name,
        elements,
        method: _,
        where_: _,
        include,
        deferrable: _,
        initially: _,
        tablespace: _,
    } = exclude;
    support.needs_name(name, Unnamed::EXCLUDE, table, []);
    support.name("name", name);
    support.each("elements", elements, |support, element| {
        let ExcludeElement { column, sql: _, opclass: _, with: _ } = element;
        support.name("column", column);
    });
    support.names("include", include);
}

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
    let path = format!("{path}.{}", constraint.kind().word());
    match constraint {
        Constraint::PrimaryKey(key) => primary_key(table, key, &path),
        Constraint::Unique(key) => Ok(unique(key)),
        Constraint::ForeignKey(key) => Ok(foreign_key(key)),
        Constraint::Check(check) => self::check(check, &path),
        Constraint::Exclude(constraint) => exclude(constraint, &path),
    }
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

/// What is not supported of a constraint that is added to a table.
fn support_of_added(
    kind: &str,
    schema: &Option<String>,
    table: &String,
    support_of: impl FnOnce(&mut Support),
) -> Result<(), Unsupported> {
    let mut support = support(kind);
    support.name("schema", schema);
    support.name("table", table);
    support_of(&mut support);
    support.finish()
}

fn add(schema: &Option<String>, table: &str, clause: &str, path: &str) -> Vec<Lowered> {
    vec![Lowered::new(format!("ALTER TABLE {} ADD {clause}", named(schema, table)), path)]
}

/// `ADD PRIMARY KEY`.
pub(super) fn create_primary_key(create: &CreatePrimaryKey) -> Result<Vec<Lowered>, Unsupported> {
    let CreatePrimaryKey { schema, table, key } = create;
    let path = "create_primary_key";
    support_of_added(path, schema, table, |support| primary_key_support(support, key))?;
    Ok(add(schema, table, &primary_key(table, key, path)?, path))
}

/// `ADD UNIQUE`.
pub(super) fn create_unique(create: &CreateUnique) -> Result<Vec<Lowered>, Unsupported> {
    let CreateUnique { schema, table, unique } = create;
    let path = "create_unique";
    support_of_added(path, schema, table, |support| unique_support(support, unique, table))?;
    Ok(add(schema, table, &self::unique(unique), path))
}

/// `ADD FOREIGN KEY`.
pub(super) fn create_foreign_key(create: &CreateForeignKey) -> Result<Vec<Lowered>, Unsupported> {
    let CreateForeignKey { schema, table, key } = create;
    let path = "create_foreign_key";
    support_of_added(path, schema, table, |support| foreign_key_support(support, key, table))?;
    Ok(add(schema, table, &foreign_key(key), path))
}

/// `ADD CHECK`.
pub(super) fn create_check(create: &CreateCheck) -> Result<Vec<Lowered>, Unsupported> {
    let CreateCheck { schema, table, check } = create;
    let path = "create_check";
    support_of_added(path, schema, table, |support| check_support(support, check, table))?;
    Ok(add(schema, table, &self::check(check, path)?, path))
}

/// `ADD EXCLUDE`.
pub(super) fn create_exclude(create: &CreateExclude) -> Result<Vec<Lowered>, Unsupported> {
    let CreateExclude { schema, table, exclude } = create;
    let path = "create_exclude";
    support_of_added(path, schema, table, |support| exclude_support(support, exclude, table))?;
    Ok(add(schema, table, &self::exclude(exclude, path)?, path))
}

/// `DROP CONSTRAINT`.
pub(super) fn drop(drop: &DropConstraint) -> Result<Vec<Lowered>, Unsupported> {
    let DropConstraint { schema, table, name, kind, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_constraint");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.finish()?;
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
pub(super) fn rename(rename: &RenameConstraint) -> Result<Vec<Lowered>, Unsupported> {
    let RenameConstraint { schema, table, name, kind: _, to } = rename;
    let mut support = support("rename_constraint");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let table = named(schema, table);
    let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {}", id(name), id(to));
    Ok(vec![Lowered::new(sql, "rename_constraint")])
}

/// `VALIDATE CONSTRAINT`.
pub(super) fn validate(validate: &ValidateConstraint) -> Result<Vec<Lowered>, Unsupported> {
    let ValidateConstraint { schema, table, name } = validate;
    let mut support = support("validate_constraint");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.finish()?;
    let sql = format!("ALTER TABLE {} VALIDATE CONSTRAINT {}", named(schema, table), id(name));
    Ok(vec![Lowered::new(sql, "validate_constraint")])
}

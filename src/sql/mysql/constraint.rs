//! Constraints.

use super::index;
use super::writer::{
    IMMEDIATE, NO_CASCADE, NULLS_DISTINCT, ONLY_MARIADB, ONLY_POSTGRES, Writer, same,
};
use crate::model::ImplicitIndex;
use crate::model::operation::{
    Check, Column, Constraint, ConstraintKind, CreateCheck, CreateForeignKey, CreatePrimaryKey,
    CreateUnique, DropConstraint, ForeignKey, Initially, Match, PrimaryKey, ReferenceAction,
    References, RenameConstraint, TableDefinition, Unique,
};
use crate::sql::clauses;
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed};
use crate::sql::unsupported::Unsupported;

/// What is not supported of a constraint.
pub(super) fn support_of(
    writer: &Writer<'_>,
    support: &mut Support,
    constraint: &Constraint,
    table: &str,
) {
    let word = constraint.kind().word();
    match constraint {
        Constraint::PrimaryKey(key) => {
            support.within(word, |support| primary_key_support(support, key));
        }
        Constraint::Unique(unique) => {
            support.within(word, |support| unique_support(support, unique, table));
        }
        Constraint::ForeignKey(key) => {
            support.within(word, |support| foreign_key_support(support, key, table));
        }
        Constraint::Check(check) => {
            support.within(word, |support| check_support(writer, support, check, table));
        }
        Constraint::Exclude(_) => support.refuse_if(true, word, ONLY_POSTGRES),
    }
}

/// What is not supported of when a constraint is checked.
pub(super) fn deferral_support(
    support: &mut Support,
    deferrable: Option<bool>,
    initially: Option<Initially>,
) {
    support.refuse_if(deferrable == Some(true), "deferrable", IMMEDIATE);
    support.refuse_if(initially == Some(Initially::Deferred), "initially", IMMEDIATE);
}

/// What is not supported of the actions of a foreign key.
pub(super) fn actions_support(
    support: &mut Support,
    on_delete: Option<ReferenceAction>,
    on_update: Option<ReferenceAction>,
) {
    let reason = "InnoDB does not support SET DEFAULT";
    for (part, action) in [("on_delete", on_delete), ("on_update", on_update)] {
        support.refuse_if(action == Some(ReferenceAction::SetDefault), part, reason);
    }
}

fn primary_key_support(support: &mut Support, key: &PrimaryKey) {
    let PrimaryKey { name, columns: _, include, deferrable, initially, tablespace } = key;
    support.name("name", name);
    support.refuse_if(!include.is_empty(), "include", ONLY_POSTGRES);
    deferral_support(support, *deferrable, *initially);
    support.refuse_if(tablespace.is_some(), "tablespace", ONLY_POSTGRES);
}

fn unique_support(support: &mut Support, unique: &Unique, table: &str) {
    let Unique { name, columns, include, nulls_distinct, deferrable, initially, tablespace } =
        unique;
    support.needs_name(name, Unnamed::UNIQUE, table, columns.iter().map(String::as_str));
    support.name("name", name);
    support.refuse_if(!include.is_empty(), "include", ONLY_POSTGRES);
    support.refuse_if(*nulls_distinct == Some(false), "nulls_distinct", NULLS_DISTINCT);
    deferral_support(support, *deferrable, *initially);
    support.refuse_if(tablespace.is_some(), "tablespace", ONLY_POSTGRES);
}

fn foreign_key_support(support: &mut Support, key: &ForeignKey, table: &str) {
    let ForeignKey {
        name,
        columns,
        references,
        on_delete,
        on_update,
        match_,
        deferrable,
        initially,
        not_valid,
    } = key;
    support.needs_name(name, Unnamed::FOREIGN_KEY, table, columns.iter().map(String::as_str));
    support.name("name", name);
    support.within("references", |support| {
        let References { schema, table, columns } = references;
        let reason = "the columns that are referred to have to be named";
        support.refuse_if(columns.is_empty(), "columns", reason);
        support.name("schema", schema);
        support.name("table", table);
    });
    actions_support(support, *on_delete, *on_update);
    let is_other = matches!(match_, Some(Match::Full | Match::Partial));
    support.refuse_if(is_other, "match", "InnoDB supports only `simple`");
    deferral_support(support, *deferrable, *initially);
    support.refuse_if(*not_valid, "not_valid", "existing rows are always checked");
}

fn check_support(writer: &Writer<'_>, support: &mut Support, check: &Check, table: &str) {
    let Check { name, sql: _, not_valid, no_inherit, enforced } = check;
    support.needs_name(name, Unnamed::CHECK, table, []);
    support.name("name", name);
    support.refuse_if(*not_valid, "not_valid", "existing rows are always checked");
    support.refuse_if(*no_inherit, "no_inherit", ONLY_POSTGRES);
    let not_enforced = *enforced == Some(false) && !writer.flavour.unenforced_checks;
    support.refuse_by_flavour_if(not_enforced, "enforced", "a check is always enforced");
}

/// What is not supported of a constraint that is added to a table.
fn support_of_added(
    writer: &Writer<'_>,
    kind: &str,
    schema: &Option<String>,
    table: &String,
    support_of: impl FnOnce(&mut Support),
) -> Result<(), Unsupported> {
    let mut support = writer.support(kind);
    support.name("schema", schema);
    support.name("table", table);
    support_of(&mut support);
    support.finish()
}

/// A constraint as it stands in `CREATE TABLE`.
pub(super) fn definition(
    writer: &Writer<'_>,
    constraint: &Constraint,
    path: &str,
) -> Result<String, Unsupported> {
    Ok(match constraint {
        Constraint::PrimaryKey(key) => primary_key(writer, key),
        Constraint::Unique(unique) => {
            let name = writer.ident(unique.name.as_deref().unwrap_or_default());
            format!("UNIQUE INDEX {name} ({})", writer.idents(&unique.columns))
        }
        Constraint::ForeignKey(key) => foreign_key(writer, key),
        Constraint::Check(check) => self::check(writer, check, &format!("{path}.check"))?,
        Constraint::Exclude(_) => return Err(writer.no(path, ONLY_POSTGRES)),
    })
}

fn primary_key(writer: &Writer<'_>, key: &PrimaryKey) -> String {
    format!("PRIMARY KEY ({})", writer.idents(&key.columns))
}

pub(super) fn foreign_key(writer: &Writer<'_>, key: &ForeignKey) -> String {
    // What stands for what the server does anyhow has no words here.
    let key = ForeignKey { match_: None, deferrable: None, initially: None, ..key.clone() };
    clauses::foreign_key(writer.flavour.dialect, &key)
}

fn check(writer: &Writer<'_>, check: &Check, path: &str) -> Result<String, Unsupported> {
    let sql = clauses::check(writer.flavour.dialect, check, path)?;
    let not_enforced = if check.enforced == Some(false) { " NOT ENFORCED" } else { "" };
    Ok(format!("{sql}{not_enforced}"))
}

/// `ADD PRIMARY KEY`.
pub(super) fn create_primary_key(
    writer: &Writer<'_>,
    create: &CreatePrimaryKey,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreatePrimaryKey { schema, table, key } = create;
    let path = "create_primary_key";
    support_of_added(writer, path, schema, table, |support| primary_key_support(support, key))?;
    let (table, key) = (writer.name(schema.as_deref(), table), primary_key(writer, key));
    Ok(vec![Lowered::new(format!("ALTER TABLE {table} ADD {key}"), path)])
}

/// A unique constraint is an index, and a statement that makes an index is proven by the catalogue.
pub(super) fn create_unique(
    writer: &Writer<'_>,
    create: &CreateUnique,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateUnique { schema, table, unique } = create;
    let path = "create_unique";
    support_of_added(writer, path, schema, table, |support| {
        unique_support(support, unique, table);
    })?;
    let Unique { name, columns, .. } = unique;
    let sql = format!(
        "CREATE UNIQUE INDEX {} ON {} ({})",
        writer.ident(name.as_deref().unwrap_or_default()),
        writer.name(schema.as_deref(), table),
        writer.idents(columns),
    );
    Ok(vec![Lowered::new(sql, path)])
}

/// `ADD FOREIGN KEY`.
pub(super) fn create_foreign_key(
    writer: &Writer<'_>,
    create: &CreateForeignKey,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateForeignKey { schema, table, key } = create;
    let path = "create_foreign_key";
    support_of_added(writer, path, schema, table, |support| {
        foreign_key_support(support, key, table);
    })?;
    let (table, key) = (writer.name(schema.as_deref(), table), foreign_key(writer, key));
    Ok(vec![Lowered::new(format!("ALTER TABLE {table} ADD {key}"), path)])
}

/// `ADD CHECK`.
pub(super) fn create_check(
    writer: &Writer<'_>,
    create: &CreateCheck,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateCheck { schema, table, check } = create;
    let path = "create_check";
    support_of_added(writer, path, schema, table, |support| {
        check_support(writer, support, check, table);
    })?;
    let table = writer.name(schema.as_deref(), table);
    let check = self::check(writer, check, path)?;
    Ok(vec![Lowered::new(format!("ALTER TABLE {table} ADD {check}"), path)])
}

fn support_of_drop(writer: &Writer<'_>, drop: &DropConstraint) -> Result<(), Unsupported> {
    let DropConstraint { schema, table, name, kind, if_exists, cascade, was: _ } = drop;
    let mut support = writer.support("drop_constraint");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_if(*kind == ConstraintKind::Exclude, "kind", ONLY_POSTGRES);
    support.refuse_by_flavour_if(
        *if_exists && !writer.flavour.if_exists,
        "if_exists",
        ONLY_MARIADB,
    );
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let is_key = *kind == ConstraintKind::PrimaryKey;
    if is_key && *if_exists {
        let reason = "DROP PRIMARY KEY has no IF EXISTS";
        return Err(writer.no("drop_constraint.if_exists", reason));
    }
    if !is_key && name.is_none() {
        return Err(writer.no("drop_constraint.name", "a constraint is found by its name"));
    }
    Ok(())
}

/// `DROP CONSTRAINT` and its like.
pub(super) fn drop(
    writer: &Writer<'_>,
    drop: &DropConstraint,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_drop(writer, drop)?;
    let path = "drop_constraint";
    let table = writer.name(drop.schema.as_deref(), &drop.table);
    let given = drop.name.as_deref().unwrap_or_default();
    let name = writer.ident(given);
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let sql = match drop.kind {
        ConstraintKind::PrimaryKey => format!("ALTER TABLE {table} DROP PRIMARY KEY"),
        ConstraintKind::Unique => format!("DROP INDEX {if_exists}{name} ON {table}"),
        ConstraintKind::Check => {
            let word = writer.flavour.drop_check;
            format!("ALTER TABLE {table} DROP {word} {if_exists}{name}")
        }
        ConstraintKind::ForeignKey => {
            let (known, _) = writer.live(drop.schema.as_deref(), &drop.table, path)?;
            // The server makes an index for it that nobody has asked for, and leaves it behind.
            let and_index = match writer.schema.implicit_index(writer.flavour.dialect, known, given)
            {
                ImplicitIndex::Free => format!(", DROP INDEX {name}"),
                ImplicitIndex::For(other) => {
                    format!(", {}", index::rename_clause(writer, given, &other))
                }
                ImplicitIndex::None => String::new(),
            };
            format!("ALTER TABLE {table} DROP FOREIGN KEY {if_exists}{name}{and_index}")
        }
        ConstraintKind::Exclude => {
            return Err(writer.no("drop_constraint.kind", ONLY_POSTGRES));
        }
    };
    Ok(vec![Lowered::new(sql, path)])
}

/// Drops and adds a constraint under its new name.
pub(super) fn rename(
    writer: &Writer<'_>,
    rename: &RenameConstraint,
) -> Result<Vec<Lowered>, Unsupported> {
    let RenameConstraint { schema, table, name, kind, to } = rename;
    let path = "rename_constraint";
    let mut support = writer.support(path);
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.refuse_if(*kind == ConstraintKind::Exclude, "kind", ONLY_POSTGRES);
    let reason = "every primary key is called PRIMARY";
    support.refuse_if(*kind == ConstraintKind::PrimaryKey, "kind", reason);
    support.name("to", to);
    support.finish()?;
    let table = writer.name(rename.schema.as_deref(), &rename.table);
    // The one that goes comes back under its new name.
    let lowered =
        |what: String| Lowered::new(format!("ALTER TABLE {table} {what}"), path).no_worse();
    if rename.kind == ConstraintKind::Unique {
        return Ok(vec![lowered(index::rename_clause(writer, &rename.name, &rename.to))]);
    }
    let (_, live) = writer.live(rename.schema.as_deref(), &rename.table, path)?;
    let live = &live.definition;
    let name = writer.ident(&rename.name);
    let to = Some(rename.to.clone());
    if rename.kind == ConstraintKind::ForeignKey
        && let Some(key) = foreign_key_of(live, &rename.name)
    {
        // The server adds and drops in one statement only where it checks no rows.
        let add = foreign_key(writer, &ForeignKey { name: to, ..key });
        // An index that the server has made takes the name of the new one by itself.
        return Ok(vec![
            lowered(format!("ADD {add}")),
            lowered(format!("DROP FOREIGN KEY {name}")),
        ]);
    }
    let check = live.constraints.iter().find_map(|constraint| match constraint {
        Constraint::Check(check) if rename.kind == ConstraintKind::Check => {
            check.name.as_deref().is_some_and(|own| same(own, &rename.name)).then_some(check)
        }
        _ => None,
    });
    let Some(check) = check else {
        return Err(Unsupported {
            path: format!("{path}.name"),
            message: format!("the table {table} has no such constraint {name}"),
            hint: None,
            unknown: None,
        });
    };
    let add = self::check(writer, &Check { name: to, ..check.clone() }, path)?;
    let word = writer.flavour.drop_check;
    Ok(vec![lowered(format!("DROP {word} {name}, ADD {add}"))])
}

/// The foreign key that a column's reference is.
pub(super) fn reference(column: &Column) -> Option<ForeignKey> {
    let reference = column.references.as_ref()?;
    Some(ForeignKey {
        name: reference.name.clone(),
        columns: vec![column.name.clone()],
        references: References {
            schema: reference.schema.clone(),
            table: reference.table.clone(),
            columns: vec![reference.column.clone()],
        },
        on_delete: reference.on_delete,
        on_update: reference.on_update,
        match_: None,
        deferrable: None,
        initially: None,
        not_valid: false,
    })
}

fn foreign_key_of(table: &TableDefinition, name: &str) -> Option<ForeignKey> {
    let constraints = table.constraints.iter().filter_map(|constraint| match constraint {
        Constraint::ForeignKey(key) => Some(key.clone()),
        _ => None,
    });
    let mut keys = constraints.chain(table.columns.iter().filter_map(reference));
    keys.find(|key| key.name.as_deref().is_some_and(|own| same(own, name)))
}

//! Domains and sequences, and the names of types.

use super::TYPES;
use super::words::{PG, collation, id, named, refusal, sequence, when};
use crate::model::operation::{
    AlterDomain, AlterSequence, Check, CreateDomain, CreateSequence, DefaultValue,
    DomainDefinition, DropDomain, DropSequence, RenameType, SequenceDefinition,
};
use crate::sql::clauses;
use crate::sql::literal;
use crate::sql::lowering::{Lowered, Unsupported};
use crate::sql::types::Type;

/// `ALTER TYPE … RENAME TO`, which takes a domain, too.
pub(super) fn rename(rename: &RenameType) -> Vec<Lowered> {
    let RenameType { schema, name, to } = rename;
    let sql = format!("ALTER TYPE {} RENAME TO {}", named(schema, name), id(to));
    vec![Lowered::new(sql, "rename_type")]
}

fn check(check: &Check, path: &str) -> Result<String, Unsupported> {
    if check.no_inherit {
        return Err(refusal(&format!("{path}.no_inherit"), "nothing inherits from a domain"));
    }
    clauses::check(PG, check, path)
}

/// `CREATE DOMAIN`.
pub(super) fn create_domain(create: &CreateDomain) -> Result<Vec<Lowered>, Unsupported> {
    let CreateDomain { schema, name, definition } = create;
    let DomainDefinition { type_, nullable, default, collation: collate, checks } = definition;
    let of = Type::of(type_, PG, "create_domain.type")?;
    let mut sql = format!("CREATE DOMAIN {} AS {}", named(schema, name), of.name(TYPES));
    if let Some(name) = collate {
        sql.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(default) = default {
        let default = literal::default(TYPES, of, default)
            .map_err(|reason| refusal("create_domain.default", &reason))?;
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    sql.push_str(&when(*nullable == Some(false), "NOT NULL"));
    for (at, check) in checks.iter().enumerate() {
        let path = format!("create_domain.checks.{at}");
        if check.not_valid {
            let reason = "a new domain has no values to leave unchecked";
            return Err(refusal(&format!("{path}.not_valid"), reason));
        }
        sql.push_str(&format!(" {}", self::check(check, &path)?));
    }
    Ok(vec![Lowered::new(sql, "create_domain")])
}

/// `ALTER DOMAIN`, which takes one change at a time.
pub(super) fn alter_domain(alter: &AlterDomain) -> Result<Vec<Lowered>, Unsupported> {
    let AlterDomain { schema, name, nullable, default, add_check, drop_check, .. } = alter;
    let domain = named(schema, name);
    let mut statements = Vec::new();
    let mut add = |action: String, part: &str| {
        let sql = format!("ALTER DOMAIN {domain} {action}");
        statements.push(Lowered::new(sql, format!("alter_domain.{part}")));
    };
    match default {
        None => {}
        Some(DefaultValue::Literal(serde_json::Value::Null)) => {
            add("DROP DEFAULT".to_owned(), "default");
        }
        Some(default) => {
            let default = literal::default(TYPES, Type::Own(""), default)
                .map_err(|reason| refusal("alter_domain.default", &reason))?;
            add(format!("SET DEFAULT {default}"), "default");
        }
    }
    match nullable {
        None => {}
        Some(true) => add("DROP NOT NULL".to_owned(), "nullable"),
        Some(false) => add("SET NOT NULL".to_owned(), "nullable"),
    }
    if let Some(check) = drop_check {
        add(format!("DROP CONSTRAINT {}", id(check)), "drop_check");
    }
    if let Some(check) = add_check {
        let clause = self::check(check, "alter_domain.add_check")?;
        add(format!("ADD {clause}{}", when(check.not_valid, "NOT VALID")), "add_check");
    }
    if statements.is_empty() {
        return Err(refusal("alter_domain", "it changes nothing"));
    }
    Ok(statements)
}

/// `DROP DOMAIN`.
pub(super) fn drop_domain(drop: &DropDomain) -> Vec<Lowered> {
    let DropDomain { schema, name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP DOMAIN{exists} {}{cascade}", named(schema, name));
    vec![Lowered::new(sql, "drop_domain")]
}

/// What stands behind the name of a sequence, each with a blank in front.
fn definition(schema: &Option<String>, definition: &SequenceDefinition) -> String {
    let SequenceDefinition { type_, options, owned_by } = definition;
    let mut sql = String::new();
    if let Some(of) = type_ {
        sql.push_str(&format!(" AS {}", Type::plain(of).name(TYPES)));
    }
    sql.push_str(&sequence(options));
    if let Some(column) = owned_by {
        sql.push_str(&format!(" OWNED BY {}", owner(schema, column)));
    }
    sql
}

/// A `table.column`, in the sequence's schema unless it names another.
fn owner(schema: &Option<String>, column: &str) -> String {
    let parts: Vec<&str> = column.split('.').collect();
    match parts.as_slice() {
        [table, column] => format!("{}.{}", named(schema, table), id(column)),
        [schema, table, column] => {
            format!("{}.{}", named(&Some((*schema).to_owned()), table), id(column))
        }
        _ => "NONE".to_owned(),
    }
}

/// `CREATE SEQUENCE`.
pub(super) fn create_sequence(create: &CreateSequence) -> Vec<Lowered> {
    let CreateSequence { schema, name, if_not_exists, definition } = create;
    let sql = format!(
        "CREATE SEQUENCE{} {}{}",
        when(*if_not_exists, "IF NOT EXISTS"),
        named(schema, name),
        self::definition(schema, definition)
    );
    vec![Lowered::new(sql, "create_sequence")]
}

/// `ALTER SEQUENCE`.
pub(super) fn alter_sequence(alter: &AlterSequence) -> Result<Vec<Lowered>, Unsupported> {
    let AlterSequence { schema, name, restart, definition, .. } = alter;
    let mut changes = self::definition(schema, definition);
    if let Some(number) = restart {
        changes.push_str(&format!(" RESTART WITH {number}"));
    }
    if changes.is_empty() {
        return Err(refusal("alter_sequence", "it changes nothing"));
    }
    let sql = format!("ALTER SEQUENCE {}{changes}", named(schema, name));
    Ok(vec![Lowered::new(sql, "alter_sequence")])
}

/// `DROP SEQUENCE`.
pub(super) fn drop_sequence(drop: &DropSequence) -> Vec<Lowered> {
    let DropSequence { schema, name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP SEQUENCE{exists} {}{cascade}", named(schema, name));
    vec![Lowered::new(sql, "drop_sequence")]
}

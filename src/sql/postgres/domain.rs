//! Domains.

use super::clauses::{PG, collation, id, named, refusal, support, when};
use super::constraint;
use super::flavour::Flavour;
use crate::model::operation::{
    AlterDomain, Check, CreateDomain, DefaultValue, DomainDefinition, DropDomain,
};
use crate::sql::clauses;
use crate::sql::literal;
use crate::sql::lowering::Lowered;
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;

fn check(check: &Check, path: &str) -> Result<String, Unsupported> {
    if check.no_inherit {
        return Err(refusal(&format!("{path}.no_inherit"), "nothing inherits from a domain"));
    }
    clauses::check(PG, check, path)
}

/// `CREATE DOMAIN`.
pub(super) fn create(
    flavour: &Flavour,
    create: &CreateDomain,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateDomain { schema, name, definition } = create;
    let DomainDefinition { type_, nullable, default, collation: collate, checks } = definition;
    let mut support = support("create_domain");
    support.name("schema", schema);
    support.name("name", name);
    support
        .each("checks", checks, |support, check| constraint::check_support(support, check, name));
    support.finish()?;
    let of = Type::of(type_, PG, "create_domain.type")?;
    let mut sql = format!("CREATE DOMAIN {} AS {}", named(schema, name), of.name(flavour.types));
    if let Some(name) = collate {
        sql.push_str(&format!(" COLLATE {}", collation(name)));
    }
    if let Some(default) = default {
        let default = literal::default(flavour.types, of, default)
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
pub(super) fn alter(flavour: &Flavour, alter: &AlterDomain) -> Result<Vec<Lowered>, Unsupported> {
    let AlterDomain { schema, name, nullable, default, add_check, drop_check, was: _ } = alter;
    let mut support = support("alter_domain");
    support.name("schema", schema);
    support.name("name", name);
    if let Some(check) = add_check {
        support.within("add_check", |support| constraint::check_support(support, check, name));
    }
    support.finish()?;
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
            let default = literal::default(flavour.types, Type::Own(""), default)
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
pub(super) fn drop(drop: &DropDomain) -> Result<Vec<Lowered>, Unsupported> {
    let DropDomain { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_domain");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP DOMAIN{exists} {}{cascade}", named(schema, name));
    Ok(vec![Lowered::new(sql, "drop_domain")])
}

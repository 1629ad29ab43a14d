//! Policies and row-level security.

use super::clauses::{id, named, refusal, roles, support, when};
use super::comment;
use crate::model::operation::{
    AlterPolicy, CreatePolicy, DropPolicy, PolicyChange, PolicyCommand, PolicyDefinition,
    RowSecurity,
};
use crate::sql::clauses::bracketed;
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// ` TO … USING … WITH CHECK …`, as far as they are said.
fn rules(names: &[String], using: &Option<String>, check: &Option<String>) -> String {
    let mut sql = String::new();
    if !names.is_empty() {
        sql.push_str(&format!(" TO {}", roles(names)));
    }
    if let Some(using) = using {
        sql.push_str(&format!(" USING {}", bracketed(using)));
    }
    if let Some(check) = check {
        sql.push_str(&format!(" WITH CHECK {}", bracketed(check)));
    }
    sql
}

/// `CREATE POLICY`.
pub(super) fn create(create: &CreatePolicy) -> Result<Vec<Lowered>, Unsupported> {
    let CreatePolicy { schema, table, name, definition } = create;
    let PolicyDefinition { permissive, command, roles, using, check, comment } = definition;
    let mut support = support("create_policy");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.names("roles", roles);
    support.finish()?;
    let permissive = match permissive {
        None => "",
        Some(true) => " AS PERMISSIVE",
        Some(false) => " AS RESTRICTIVE",
    };
    let command = match command {
        None => "",
        Some(PolicyCommand::All) => " FOR ALL",
        Some(PolicyCommand::Select) => " FOR SELECT",
        Some(PolicyCommand::Insert) => " FOR INSERT",
        Some(PolicyCommand::Update) => " FOR UPDATE",
        Some(PolicyCommand::Delete) => " FOR DELETE",
    };
    let policy = format!("{} ON {}", id(name), named(schema, table));
    let rules = rules(roles, using, check);
    let sql = format!("CREATE POLICY {policy}{permissive}{command}{rules}");
    let mut statements = vec![Lowered::new(sql, "create_policy")];
    if let Some(text) = comment {
        statements.push(comment::statement("POLICY", &policy, Some(text), "create_policy.comment"));
    }
    Ok(statements)
}

/// `ALTER POLICY`.
pub(super) fn alter(alter: &AlterPolicy) -> Result<Vec<Lowered>, Unsupported> {
    let AlterPolicy { schema, table, name, rename, change, was: _ } = alter;
    let PolicyChange { roles, using, check } = change;
    let mut support = support("alter_policy");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.name("rename", rename);
    support.names("roles", roles.as_deref().unwrap_or_default());
    support.finish()?;
    let policy = format!("{} ON {}", id(name), named(schema, table));
    let mut statements = Vec::new();
    // No roles at all would be nobody's policy; left out of CREATE POLICY they are all.
    let roles = match roles {
        Some(roles) if roles.is_empty() => vec!["public".to_owned()],
        Some(roles) => roles.clone(),
        None => Vec::new(),
    };
    let rules = rules(&roles, using, check);
    if !rules.is_empty() {
        statements.push(Lowered::new(format!("ALTER POLICY {policy}{rules}"), "alter_policy"));
    }
    if let Some(to) = rename {
        let sql = format!("ALTER POLICY {policy} RENAME TO {}", id(to));
        statements.push(Lowered::new(sql, "alter_policy.rename"));
    }
    if statements.is_empty() {
        return Err(refusal("alter_policy", "it changes nothing"));
    }
    Ok(statements)
}

/// `DROP POLICY`.
pub(super) fn drop(drop: &DropPolicy) -> Result<Vec<Lowered>, Unsupported> {
    let DropPolicy { schema, table, name, if_exists, was: _ } = drop;
    let mut support = support("drop_policy");
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.finish()?;
    let exists = when(*if_exists, "IF EXISTS");
    let sql = format!("DROP POLICY{exists} {} ON {}", id(name), named(schema, table));
    Ok(vec![Lowered::new(sql, "drop_policy")])
}

/// `ENABLE ROW LEVEL SECURITY` and its like.
pub(super) fn row_security(security: &RowSecurity) -> Result<Vec<Lowered>, Unsupported> {
    let RowSecurity { schema, table, enabled, forced } = security;
    let mut support = support("row_security");
    support.name("schema", schema);
    support.name("table", table);
    support.finish()?;
    let mut actions = Vec::new();
    match enabled {
        None => {}
        Some(true) => actions.push("ENABLE ROW LEVEL SECURITY"),
        Some(false) => actions.push("DISABLE ROW LEVEL SECURITY"),
    }
    match forced {
        None => {}
        Some(true) => actions.push("FORCE ROW LEVEL SECURITY"),
        Some(false) => actions.push("NO FORCE ROW LEVEL SECURITY"),
    }
    if actions.is_empty() {
        return Err(refusal("row_security", "it changes nothing"));
    }
    let sql = format!("ALTER TABLE {} {}", named(schema, table), actions.join(", "));
    Ok(vec![Lowered::new(sql, "row_security")])
}

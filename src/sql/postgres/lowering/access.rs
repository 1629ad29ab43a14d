//! Schemas, extensions, policies, rights.

use super::comment;
use super::words::{id, ids, named, refusal, routine, string, when};
use crate::model::operation::{
    AlterPolicy, CreateExtension, CreatePolicy, CreateSchema, DropExtension, DropPolicy,
    DropSchema, Grant, GrantObject, PolicyCommand, PolicyDefinition, RowSecurity,
};
use crate::sql::clauses::bracketed;
use crate::sql::lowering::{Lowered, Unsupported};

/// `CREATE SCHEMA`.
pub(super) fn create_schema(create: &CreateSchema) -> Vec<Lowered> {
    let CreateSchema { name, if_not_exists, owner, comment, .. } = create;
    let schema = id(name);
    let owner =
        owner.as_ref().map_or_else(String::new, |own| format!(" AUTHORIZATION {}", role(own)));
    let sql = format!("CREATE SCHEMA{} {schema}{owner}", when(*if_not_exists, "IF NOT EXISTS"));
    let mut statements = vec![Lowered::new(sql, "create_schema")];
    if let Some(text) = comment {
        statements.push(comment::statement("SCHEMA", &schema, Some(text), "create_schema.comment"));
    }
    statements
}

/// `DROP SCHEMA`.
pub(super) fn drop_schema(drop: &DropSchema) -> Vec<Lowered> {
    let DropSchema { name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    vec![Lowered::new(format!("DROP SCHEMA{exists} {}{cascade}", id(name)), "drop_schema")]
}

/// `CREATE EXTENSION`.
pub(super) fn create_extension(create: &CreateExtension) -> Vec<Lowered> {
    let CreateExtension { name, schema, version, cascade, if_not_exists } = create;
    let mut sql = format!("CREATE EXTENSION{} {}", when(*if_not_exists, "IF NOT EXISTS"), id(name));
    if let Some(schema) = schema {
        sql.push_str(&format!(" SCHEMA {}", id(schema)));
    }
    if let Some(version) = version {
        sql.push_str(&format!(" VERSION {}", string(version)));
    }
    sql.push_str(&when(*cascade, "CASCADE"));
    vec![Lowered::new(sql, "create_extension")]
}

/// `DROP EXTENSION`.
pub(super) fn drop_extension(drop: &DropExtension) -> Vec<Lowered> {
    let DropExtension { name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    vec![Lowered::new(format!("DROP EXTENSION{exists} {}{cascade}", id(name)), "drop_extension")]
}

/// A role, or one of the words that stand for roles.
fn role(name: &str) -> String {
    const WORDS: [&str; 4] = ["public", "current_role", "current_user", "session_user"];
    match WORDS.iter().find(|word| name.eq_ignore_ascii_case(word)) {
        Some(word) => word.to_ascii_uppercase(),
        None => id(name),
    }
}

fn roles(names: &[String]) -> String {
    names.iter().map(|name| role(name)).collect::<Vec<_>>().join(", ")
}

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
pub(super) fn create_policy(create: &CreatePolicy) -> Vec<Lowered> {
    let CreatePolicy { schema, table, name, definition } = create;
    let PolicyDefinition { permissive, command, roles, using, check, comment } = definition;
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
    statements
}

/// `ALTER POLICY`.
pub(super) fn alter_policy(alter: &AlterPolicy) -> Result<Vec<Lowered>, Unsupported> {
    let AlterPolicy { schema, table, name, rename, roles, using, check, .. } = alter;
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
pub(super) fn drop_policy(drop: &DropPolicy) -> Vec<Lowered> {
    let DropPolicy { schema, table, name, if_exists, .. } = drop;
    let exists = when(*if_exists, "IF EXISTS");
    let sql = format!("DROP POLICY{exists} {} ON {}", id(name), named(schema, table));
    vec![Lowered::new(sql, "drop_policy")]
}

/// `ENABLE ROW LEVEL SECURITY` and its like.
pub(super) fn row_security(security: &RowSecurity) -> Result<Vec<Lowered>, Unsupported> {
    let RowSecurity { schema, table, enabled, forced } = security;
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

/// `GRANT`.
pub(super) fn grant(grant: &Grant) -> Result<Vec<Lowered>, Unsupported> {
    if grant.cascade {
        return Err(refusal("grant.cascade", "only `revoke` has `cascade`"));
    }
    let sql = format!(
        "GRANT {} ON {} TO {}{}",
        privileges(grant, "grant")?,
        object(grant, "grant")?,
        roles(&grant.roles),
        when(grant.grant_option, "WITH GRANT OPTION")
    );
    Ok(vec![Lowered::new(sql, "grant")])
}

/// `REVOKE`.
pub(super) fn revoke(grant: &Grant) -> Result<Vec<Lowered>, Unsupported> {
    let sql = format!(
        "REVOKE {}{} ON {} FROM {}{}",
        if grant.grant_option { "GRANT OPTION FOR " } else { "" },
        privileges(grant, "revoke")?,
        object(grant, "revoke")?,
        roles(&grant.roles),
        when(grant.cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "revoke")])
}

fn privileges(grant: &Grant, path: &str) -> Result<String, Unsupported> {
    let columns = match (grant.columns.is_empty(), grant.on) {
        (true, _) => String::new(),
        (false, GrantObject::Table) => format!(" ({})", ids(&grant.columns)),
        (false, _) => {
            return Err(refusal(&format!("{path}.columns"), "only a table or view has columns"));
        }
    };
    if grant.privileges.is_empty() || grant.roles.is_empty() {
        let part = if grant.roles.is_empty() { "roles" } else { "privileges" };
        return Err(refusal(&format!("{path}.{part}"), "at least one is needed"));
    }
    let mut privileges = Vec::new();
    for (at, privilege) in grant.privileges.iter().enumerate() {
        if !privilege.chars().all(|c| c.is_ascii_alphabetic() || c == ' ') {
            return Err(refusal(&format!("{path}.privileges.{at}"), "it is not a privilege"));
        }
        privileges.push(format!("{}{columns}", privilege.to_ascii_uppercase()));
    }
    Ok(privileges.join(", "))
}

fn object(grant: &Grant, path: &str) -> Result<String, Unsupported> {
    let Grant { on, schema, name, .. } = grant;
    let object = || {
        let missing =
            || refusal(&format!("{path}.name"), "it is missing: the object of the privileges");
        name.as_deref().ok_or_else(missing)
    };
    let whole = || {
        let missing =
            || refusal(&format!("{path}.schema"), "it is missing: the schema of the objects");
        schema.as_deref().or(name.as_deref()).map(id).ok_or_else(missing)
    };
    Ok(match on {
        GrantObject::Table => format!("TABLE {}", named(schema, object()?)),
        GrantObject::Sequence => format!("SEQUENCE {}", named(schema, object()?)),
        GrantObject::Function => format!("FUNCTION {}", routine(schema, object()?)),
        GrantObject::Procedure => format!("PROCEDURE {}", routine(schema, object()?)),
        GrantObject::Schema => {
            format!("SCHEMA {}", name.as_deref().map_or_else(whole, |own| Ok(id(own)))?)
        }
        GrantObject::Type => format!("TYPE {}", named(schema, object()?)),
        GrantObject::AllTables => format!("ALL TABLES IN SCHEMA {}", whole()?),
        GrantObject::AllSequences => format!("ALL SEQUENCES IN SCHEMA {}", whole()?),
        GrantObject::AllFunctions => format!("ALL FUNCTIONS IN SCHEMA {}", whole()?),
    })
}

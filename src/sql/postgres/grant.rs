//! Privileges.

use super::clauses::{id, ids, named, refusal, roles, routine, support, when};
use crate::model::operation::{Grant, GrantObject};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// What is not supported of it; a routine's name comes with the types of its arguments.
fn support_of(grant: &Grant, kind: &str) -> Result<(), Unsupported> {
    let Grant {
        privileges: _,
        columns,
        on: _,
        schema,
        name: _,
        roles,
        grant_option: _,
        cascade: _,
    } = grant;
    let mut support = support(kind);
    support.names("columns", columns);
    support.name("schema", schema);
    support.names("roles", roles);
    support.finish()
}

/// `GRANT`.
pub(super) fn grant(grant: &Grant) -> Result<Vec<Lowered>, Unsupported> {
    support_of(grant, "grant")?;
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
    support_of(grant, "revoke")?;
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

//! Privileges.

use super::writer::{NO_SEQUENCES, ONLY_POSTGRES, Writer};
use crate::model::operation::{Grant, GrantObject};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

fn support_of(writer: &Writer<'_>, grant: &Grant, path: &str) -> Result<(), Unsupported> {
    let Grant { privileges, columns, on, schema, name, roles, grant_option: _, cascade } = grant;
    let mut support = writer.support(path);
    match on {
        GrantObject::Type | GrantObject::AllSequences | GrantObject::AllFunctions => {
            support.refuse_if(true, "on", ONLY_POSTGRES);
        }
        GrantObject::Sequence => {
            support.refuse_by_flavour_if(!writer.flavour.sequences, "on", NO_SEQUENCES)
        }
        GrantObject::Table
        | GrantObject::Function
        | GrantObject::Procedure
        | GrantObject::Schema
        | GrantObject::AllTables => {}
    }
    support.name("schema", schema);
    support.name("name", name);
    let reason = "privileges that were granted to others are not revoked";
    support.refuse_if(*cascade, "cascade", reason);
    support.finish()?;
    let letters = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '_');
    for (at, privilege) in privileges.iter().enumerate() {
        if privilege.trim().is_empty() || !privilege.chars().all(letters) {
            return Err(writer.no(&format!("{path}.privileges.{at}"), "it is not a privilege"));
        }
    }
    if privileges.is_empty() || roles.is_empty() {
        let part = if roles.is_empty() { "roles" } else { "privileges" };
        return Err(writer.no(&format!("{path}.{part}"), "it is empty"));
    }
    if name.is_none() && *on != GrantObject::AllTables {
        let reason = "the object of the privileges is required";
        return Err(writer.no(&format!("{path}.name"), reason));
    }
    if !columns.is_empty() && *on != GrantObject::Table {
        return Err(writer.no(&format!("{path}.columns"), "only a table has columns"));
    }
    Ok(())
}

/// `GRANT`.
pub(super) fn grant(writer: &Writer<'_>, grant: &Grant) -> Result<Vec<Lowered>, Unsupported> {
    support_of(writer, grant, "grant")?;
    let option = if grant.grant_option { " WITH GRANT OPTION" } else { "" };
    let sql = format!(
        "GRANT {} ON {} TO {}{option}",
        privileges(writer, grant),
        object(writer, grant),
        accounts(writer, grant)
    );
    Ok(vec![Lowered::new(sql, "grant")])
}

/// `REVOKE`.
pub(super) fn revoke(writer: &Writer<'_>, grant: &Grant) -> Result<Vec<Lowered>, Unsupported> {
    support_of(writer, grant, "revoke")?;
    let privileges = match grant.grant_option {
        true => "GRANT OPTION".to_owned(),
        false => privileges(writer, grant),
    };
    let sql = format!(
        "REVOKE {privileges} ON {} FROM {}",
        object(writer, grant),
        accounts(writer, grant)
    );
    Ok(vec![Lowered::new(sql, "revoke")])
}

fn privileges(writer: &Writer<'_>, grant: &Grant) -> String {
    let columns = match grant.columns.is_empty() {
        true => String::new(),
        false => format!(" ({})", writer.idents(&grant.columns)),
    };
    let one = |privilege: &String| format!("{}{columns}", privilege.to_uppercase());
    grant.privileges.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn object(writer: &Writer<'_>, grant: &Grant) -> String {
    let schema = grant.schema.as_deref();
    let name = grant.name.as_deref();
    match grant.on {
        GrantObject::Schema => format!("{}.*", writer.ident(name.unwrap_or_default())),
        GrantObject::AllTables => match schema.or(name) {
            Some(schema) => format!("{}.*", writer.ident(schema)),
            None => "*".to_owned(),
        },
        on => {
            let word = match on {
                GrantObject::Function => "FUNCTION ",
                GrantObject::Procedure => "PROCEDURE ",
                _ => "",
            };
            format!("{word}{}", writer.name(schema, name.unwrap_or_default()))
        }
    }
}

fn accounts(writer: &Writer<'_>, grant: &Grant) -> String {
    let accounts = grant.roles.iter().map(|role| writer.account(role));
    accounts.collect::<Vec<_>>().join(", ")
}

//! Schemas, which the server calls databases.

use super::writer::{ONLY_POSTGRES, Writer};
use crate::model::operation::{CreateSchema, DropSchema, SchemaDefinition};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;
use crate::text::quote_literal;

/// `CREATE DATABASE`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateSchema,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateSchema { name, if_not_exists, definition } = create;
    let SchemaDefinition { owner, charset, collation, comment } = definition;
    let mut support = writer.support("create_schema");
    support.name("name", name);
    support.refuse_if(owner.is_some(), "owner", ONLY_POSTGRES);
    let reason = "a database has no comment";
    support.refuse_by_flavour_if(
        comment.is_some() && !writer.flavour.schema_comments,
        "comment",
        reason,
    );
    support.finish()?;
    let mut sql = "CREATE DATABASE ".to_owned();
    if *if_not_exists {
        sql.push_str("IF NOT EXISTS ");
    }
    sql.push_str(&writer.ident(name));
    if let Some(charset) = charset {
        sql.push_str(&format!(" CHARACTER SET {}", writer.ident(charset)));
    }
    if let Some(collation) = collation {
        sql.push_str(&format!(" COLLATE {}", writer.ident(collation)));
    }
    sql.push_str(&writer.comment(comment.as_deref(), "create_schema")?);
    Ok(vec![Lowered::new(sql, "create_schema")])
}

/// The server drops a database with all that is in it: where nobody has asked for that, a query
/// fails before if there is anything.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropSchema) -> Result<Vec<Lowered>, Unsupported> {
    let DropSchema { name, if_exists: _, cascade: _, was: _ } = drop;
    let mut support = writer.support("drop_schema");
    support.name("name", name);
    support.finish()?;
    let name = writer.ident(&drop.name);
    let mut statements = Vec::new();
    if !drop.cascade {
        let schema = quote_literal(writer.flavour.dialect, &drop.name);
        let sql = format!(
            "SELECT (SELECT 'nothing is in it' UNION ALL SELECT table_name \
             FROM information_schema.tables WHERE table_schema = {schema}) AS must_be_empty"
        );
        statements.push(Lowered::new(sql, "drop_schema"));
    }
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    statements.push(Lowered::new(format!("DROP DATABASE {if_exists}{name}"), "drop_schema"));
    Ok(statements)
}

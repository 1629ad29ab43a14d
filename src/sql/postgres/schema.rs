//! Schemas.

use super::clauses::{id, role, support, when};
use super::comment;
use crate::model::operation::{CreateSchema, DropSchema, SchemaDefinition};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `CREATE SCHEMA`.
pub(super) fn create(create: &CreateSchema) -> Result<Vec<Lowered>, Unsupported> {
    let CreateSchema { name, if_not_exists, definition } = create;
    let SchemaDefinition { owner, charset, collation, comment } = definition;
    let mut support = support("create_schema");
    support.name("name", name);
    let of_database = "the character set is a property of the database";
    support.refuse_if(charset.is_some(), "charset", of_database);
    support.refuse_if(collation.is_some(), "collation", "a collation is a property of a column");
    support.finish()?;
    let schema = id(name);
    let owner =
        owner.as_ref().map_or_else(String::new, |own| format!(" AUTHORIZATION {}", role(own)));
    let sql = format!("CREATE SCHEMA{} {schema}{owner}", when(*if_not_exists, "IF NOT EXISTS"));
    let mut statements = vec![Lowered::new(sql, "create_schema")];
    if let Some(text) = comment {
        statements.push(comment::statement("SCHEMA", &schema, Some(text), "create_schema.comment"));
    }
    Ok(statements)
}

/// `DROP SCHEMA`.
pub(super) fn drop(drop: &DropSchema) -> Result<Vec<Lowered>, Unsupported> {
    let DropSchema { name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_schema");
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP SCHEMA{exists} {}{cascade}", id(name));
    Ok(vec![Lowered::new(sql, "drop_schema")])
}

//! Extensions.

use super::clauses::{id, string, support, when};
use crate::model::operation::{CreateExtension, DropExtension, ExtensionDefinition};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `CREATE EXTENSION`.
pub(super) fn create(create: &CreateExtension) -> Result<Vec<Lowered>, Unsupported> {
    let CreateExtension { name, definition, cascade, if_not_exists } = create;
    let ExtensionDefinition { schema, version } = definition;
    let mut support = support("create_extension");
    support.name("name", name);
    support.name("schema", schema);
    support.finish()?;
    let mut sql = format!("CREATE EXTENSION{} {}", when(*if_not_exists, "IF NOT EXISTS"), id(name));
    if let Some(schema) = schema {
        sql.push_str(&format!(" SCHEMA {}", id(schema)));
    }
    if let Some(version) = version {
        sql.push_str(&format!(" VERSION {}", string(version)));
    }
    sql.push_str(&when(*cascade, "CASCADE"));
    Ok(vec![Lowered::new(sql, "create_extension")])
}

/// `DROP EXTENSION`.
pub(super) fn drop(drop: &DropExtension) -> Result<Vec<Lowered>, Unsupported> {
    let DropExtension { name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_extension");
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP EXTENSION{exists} {}{cascade}", id(name));
    Ok(vec![Lowered::new(sql, "drop_extension")])
}

//! Comments.

use super::clauses::{id, named, refusal, routine, string, support};
use crate::model::operation::{CommentObject, SetComment};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `COMMENT ON` a kind of object; none takes the one that is there away.
pub(super) fn statement(kind: &str, object: &str, text: Option<&String>, path: &str) -> Lowered {
    let text = text.map_or_else(|| "NULL".to_owned(), |text| string(text));
    Lowered::new(format!("COMMENT ON {kind} {object} IS {text}"), path)
}

/// `COMMENT ON`.
pub(super) fn set(comment: &SetComment) -> Result<Vec<Lowered>, Unsupported> {
    let SetComment { on, schema, table, name, comment: text, was: _ } = comment;
    let mut support = support("comment");
    support.name("schema", schema);
    support.name("table", table);
    support.finish()?;
    let of_table = || match table {
        Some(table) => Ok(named(schema, table)),
        None => Err(refusal("comment.table", "it is missing: the object is one of a table")),
    };
    let on_table = || Ok(format!("{} ON {}", id(name), of_table()?));
    let (kind, object) = match on {
        CommentObject::Table => ("TABLE", named(schema, name)),
        CommentObject::Column => ("COLUMN", format!("{}.{}", of_table()?, id(name))),
        CommentObject::Index => ("INDEX", named(schema, name)),
        CommentObject::Constraint => ("CONSTRAINT", on_table()?),
        CommentObject::Trigger => ("TRIGGER", on_table()?),
        CommentObject::Policy => ("POLICY", on_table()?),
        CommentObject::View => ("VIEW", named(schema, name)),
        CommentObject::MaterializedView => ("MATERIALIZED VIEW", named(schema, name)),
        CommentObject::Sequence => ("SEQUENCE", named(schema, name)),
        CommentObject::Type => ("TYPE", named(schema, name)),
        CommentObject::Domain => ("DOMAIN", named(schema, name)),
        CommentObject::Function => ("FUNCTION", routine(schema, name)),
        CommentObject::Procedure => ("PROCEDURE", routine(schema, name)),
        CommentObject::Schema => ("SCHEMA", id(name)),
        CommentObject::Extension => ("EXTENSION", id(name)),
    };
    Ok(vec![statement(kind, &object, text.as_ref(), "comment")])
}

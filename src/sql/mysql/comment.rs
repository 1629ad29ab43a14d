//! Comments.

use super::alter_column;
use super::writer::Writer;
use crate::model::operation::{AlterColumn, ColumnChange, CommentObject, SetComment};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// Sets a comment, by a change of the object.
pub(super) fn set(writer: &Writer<'_>, comment: &SetComment) -> Result<Vec<Lowered>, Unsupported> {
    let SetComment { on, schema, table, name, comment, was: _ } = comment;
    let mut support = writer.support("comment");
    let takes_one = match on {
        CommentObject::Table
        | CommentObject::Column
        | CommentObject::Function
        | CommentObject::Procedure => true,
        CommentObject::Index
        | CommentObject::Constraint
        | CommentObject::Trigger
        | CommentObject::Policy
        | CommentObject::View
        | CommentObject::MaterializedView
        | CommentObject::Sequence
        | CommentObject::Type
        | CommentObject::Domain
        | CommentObject::Schema
        | CommentObject::Extension => false,
    };
    let reason = "only tables, columns, functions and procedures take a new comment";
    support.refuse_if(!takes_one, "on", reason);
    support.name("schema", schema);
    support.name("table", table);
    support.name("name", name);
    support.finish()?;
    let text = writer.plain_text(comment.as_deref().unwrap_or_default(), "comment.comment")?;
    // A routine has no brother of the same name: the types of its arguments say nothing here.
    let routine = name.split('(').next().unwrap_or(name).trim_end();
    let routine = writer.name(schema.as_deref(), routine);
    let sql = match on {
        CommentObject::Table => {
            format!("ALTER TABLE {} COMMENT = {text}", writer.name(schema.as_deref(), name))
        }
        CommentObject::Function => format!("ALTER FUNCTION {routine} COMMENT {text}"),
        CommentObject::Procedure => format!("ALTER PROCEDURE {routine} COMMENT {text}"),
        _ => {
            let Some(table) = table else {
                return Err(writer.no("comment.table", "it says which table has the column"));
            };
            let alter = AlterColumn {
                schema: schema.clone(),
                table: table.clone(),
                column: name.clone(),
                change: ColumnChange { comment: Some(comment.clone()), ..ColumnChange::default() },
                ..AlterColumn::default()
            };
            return alter_column::change(writer, &alter, "comment");
        }
    };
    Ok(vec![Lowered::new(sql, "comment")])
}

//! Views.

use super::clauses::{NO_CASCADE, NO_COMMENTS, NO_EQUIVALENT, SQLITE, id, support};
use super::rebuild::known::{self, of_table};
use crate::model::operation::{CreateView, DropView, ViewDefinition};
use crate::model::{Name, Schema, StoredDdl};
use crate::sql::clauses::{self, idents, text_for};
use crate::sql::lowering::{CatalogDelta, Group, Lowered};
use crate::sql::unsupported::Unsupported;
use crate::text::sqlite_table::same;

fn support_of_create(create: &CreateView) -> Result<(), Unsupported> {
    let CreateView { schema, name: _, or_replace: _, if_not_exists: _, definition, was: _ } =
        create;
    let ViewDefinition {
        query: _,
        columns: _,
        check_option,
        with,
        algorithm,
        sql_security,
        definer,
        temporary: _,
        comment,
    } = definition;
    let mut support = support("create_view", schema);
    support.refuse_if(check_option.is_some(), "check_option", NO_EQUIVALENT);
    support.refuse_if(!with.is_empty(), "with", NO_EQUIVALENT);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_EQUIVALENT);
    support.refuse_if(sql_security.is_some(), "sql_security", NO_EQUIVALENT);
    support.refuse_if(definer.is_some(), "definer", NO_EQUIVALENT);
    support.refuse_if(comment.is_some(), "comment", NO_COMMENTS);
    support.finish()
}

/// The view, in the place of one of its name if it is to be, with the triggers of that one.
pub(super) fn create(create: &CreateView, schema: &Schema) -> Result<Group, Unsupported> {
    support_of_create(create)?;
    let path = "create_view";
    let mut statements = Vec::new();
    if create.or_replace {
        statements.push(format!("DROP VIEW IF EXISTS {}", id(&create.name)));
    }
    statements.push(statement(create)?);
    if create.or_replace {
        for trigger in of_table(&schema.triggers, &create.name) {
            match &trigger.sql {
                Some(sql) => statements.push(sql.clone()),
                None => return Err(known::unknown(&create.name, "create_view.name")),
            }
        }
    }
    let lowered = statements.into_iter().map(|sql| Lowered::new(sql, path).no_worse());
    Ok(Group { statements: lowered.collect(), taken: 1, kept: Some(kept(create, schema)?) })
}

/// What the database keeps then.
fn kept(create: &CreateView, schema: &Schema) -> Result<CatalogDelta, Unsupported> {
    let mut kept = CatalogDelta::of(schema);
    let is_it = |view: &StoredDdl| same(&view.name.name, &create.name);
    let is_there = kept.views.iter().any(is_it);
    if create.definition.temporary || (is_there && !create.or_replace) {
        return Ok(kept);
    }
    kept.views.retain(|view| !is_it(view));
    let plain = CreateView { if_not_exists: false, ..create.clone() };
    let sql = Some(statement(&plain)?);
    let name = Name { schema: None, name: create.name.clone() };
    kept.views.push(StoredDdl { name, table: None, sql });
    Ok(kept)
}

/// `CREATE VIEW`.
fn statement(create: &CreateView) -> Result<String, Unsupported> {
    let CreateView { name, if_not_exists, definition, .. } = create;
    let columns = match definition.columns.is_empty() {
        true => String::new(),
        false => format!(" ({})", idents(SQLITE, &definition.columns)),
    };
    Ok(format!(
        "CREATE {}VIEW {}{}{columns} AS {}",
        if definition.temporary { "TEMP " } else { "" },
        if *if_not_exists { "IF NOT EXISTS " } else { "" },
        id(name),
        clauses::query(text_for(&definition.query, SQLITE, "create_view.query")?),
    ))
}

/// `DROP VIEW`.
pub(super) fn drop(drop: &DropView, schema: &Schema) -> Result<Group, Unsupported> {
    let DropView { schema: in_schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_view", in_schema);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let exists = if *if_exists { "IF EXISTS " } else { "" };
    let statements = vec![Lowered::new(format!("DROP VIEW {exists}{}", id(name)), "drop_view")];
    let mut kept = CatalogDelta::of(schema);
    kept.views.retain(|view| !same(&view.name.name, name));
    kept.triggers
        .retain(|stored| !stored.table.as_ref().is_some_and(|table| same(&table.name, name)));
    Ok(Group { statements, taken: 1, kept: Some(kept) })
}

//! Views and materialized views.

use super::words::{id, ids, named, parameters, refusal, said, when};
use super::{comment, index};
use crate::model::operation::{
    CheckOption, CreateMaterializedView, CreateView, DropMaterializedView, DropView,
    MaterializedViewDefinition, RefreshMaterializedView, ViewDefinition,
};
use crate::sql::clauses::query;
use crate::sql::lowering::{Lowered, Unsupported};

fn columns(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", ids(names)) }
}

/// `CREATE VIEW`.
pub(super) fn create(create: &CreateView) -> Result<Vec<Lowered>, Unsupported> {
    let CreateView { schema, name, or_replace, definition, .. } = create;
    let ViewDefinition { query: sql, columns, check_option, with, temporary, comment, .. } =
        definition;
    if *temporary && schema.is_some() {
        let reason = "a temporary view cannot be in a named schema";
        return Err(refusal("create_view.temporary", reason));
    }
    let view = named(schema, name);
    let check = match check_option {
        None => "",
        Some(CheckOption::Local) => "\nWITH LOCAL CHECK OPTION",
        Some(CheckOption::Cascaded) => "\nWITH CASCADED CHECK OPTION",
    };
    let sql = format!(
        "CREATE{}{} VIEW {view}{}{} AS\n{}{check}",
        when(*or_replace, "OR REPLACE"),
        when(*temporary, "TEMPORARY"),
        self::columns(columns),
        parameters(with),
        query(said(sql, "create_view.query")?),
    );
    let mut statements = vec![Lowered::new(sql, "create_view")];
    if let Some(text) = comment {
        statements.push(comment::statement("VIEW", &view, Some(text), "create_view.comment"));
    }
    Ok(statements)
}

/// `DROP VIEW`.
pub(super) fn drop(drop: &DropView) -> Vec<Lowered> {
    let DropView { schema, name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP VIEW{exists} {}{cascade}", named(schema, name));
    vec![Lowered::new(sql, "drop_view")]
}

/// `CREATE MATERIALIZED VIEW`, its indexes and its comment.
pub(super) fn create_materialized(
    create: &CreateMaterializedView,
) -> Result<Vec<Lowered>, Unsupported> {
    let CreateMaterializedView { schema, name, if_not_exists, definition } = create;
    let MaterializedViewDefinition {
        query: sql,
        columns,
        with_data,
        with,
        using,
        tablespace,
        indexes,
        comment,
    } = definition;
    let path = "create_materialized_view";
    let view = named(schema, name);
    let method = using.as_ref().map_or_else(String::new, |own| format!(" USING {}", id(own)));
    let place =
        tablespace.as_ref().map_or_else(String::new, |own| format!(" TABLESPACE {}", id(own)));
    let sql = format!(
        "CREATE MATERIALIZED VIEW{} {view}{}{method}{}{place} AS\n{}\nWITH {}DATA",
        when(*if_not_exists, "IF NOT EXISTS"),
        self::columns(columns),
        parameters(with),
        query(sql),
        if *with_data == Some(false) { "NO " } else { "" },
    );
    let mut statements = vec![Lowered::new(sql, path)];
    for (at, own) in indexes.iter().enumerate() {
        let path = format!("{path}.indexes.{at}");
        statements.extend(index::of_table(schema, name, own, *if_not_exists, &path)?);
    }
    if let Some(text) = comment {
        let path = format!("{path}.comment");
        statements.push(comment::statement("MATERIALIZED VIEW", &view, Some(text), &path));
    }
    Ok(statements)
}

/// `DROP MATERIALIZED VIEW`.
pub(super) fn drop_materialized(drop: &DropMaterializedView) -> Vec<Lowered> {
    let DropMaterializedView { schema, name, if_exists, cascade, .. } = drop;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP MATERIALIZED VIEW{exists} {}{cascade}", named(schema, name));
    vec![Lowered::new(sql, "drop_materialized_view")]
}

/// `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh(refresh: &RefreshMaterializedView) -> Result<Vec<Lowered>, Unsupported> {
    let RefreshMaterializedView { schema, name, concurrently, with_data } = refresh;
    let empties = *with_data == Some(false);
    if *concurrently && empties {
        let reason = "a view without data cannot be refreshed concurrently";
        return Err(refusal("refresh_materialized_view.concurrently", reason));
    }
    let sql = format!(
        "REFRESH MATERIALIZED VIEW{} {}{}",
        when(*concurrently, "CONCURRENTLY"),
        named(schema, name),
        when(empties, "WITH NO DATA")
    );
    Ok(vec![Lowered::new(sql, "refresh_materialized_view")])
}

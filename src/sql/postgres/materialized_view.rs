//! Materialized views.

use super::clauses::{id, named, parameters, refusal, support, when};
use super::{comment, index, view};
use crate::model::operation::{
    CreateMaterializedView, DropMaterializedView, MaterializedViewDefinition,
    RefreshMaterializedView,
};
use crate::sql::clauses::query;
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `CREATE MATERIALIZED VIEW`, its indexes and its comment.
pub(super) fn create(create: &CreateMaterializedView) -> Result<Vec<Lowered>, Unsupported> {
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
    let mut support = support(path);
    support.name("schema", schema);
    support.name("name", name);
    support.names("columns", columns);
    support.each("indexes", indexes, |support, own| index::support_of(support, own, name));
    support.finish()?;
    let view = named(schema, name);
    let method = using.as_ref().map_or_else(String::new, |own| format!(" USING {}", id(own)));
    let place =
        tablespace.as_ref().map_or_else(String::new, |own| format!(" TABLESPACE {}", id(own)));
    let sql = format!(
        "CREATE MATERIALIZED VIEW{} {view}{}{method}{}{place} AS\n{}\nWITH {}DATA",
        when(*if_not_exists, "IF NOT EXISTS"),
        view::columns(columns),
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
pub(super) fn drop(drop: &DropMaterializedView) -> Result<Vec<Lowered>, Unsupported> {
    let DropMaterializedView { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_materialized_view");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP MATERIALIZED VIEW{exists} {}{cascade}", named(schema, name));
    Ok(vec![Lowered::new(sql, "drop_materialized_view")])
}

/// `REFRESH MATERIALIZED VIEW`.
pub(super) fn refresh(refresh: &RefreshMaterializedView) -> Result<Vec<Lowered>, Unsupported> {
    let RefreshMaterializedView { schema, name, concurrently, with_data } = refresh;
    let mut support = support("refresh_materialized_view");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
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

//! Views.

use super::writer::{NO_CASCADE, ONLY_MARIADB, ONLY_POSTGRES, Writer, not_both, one_of};
use crate::model::operation::{CheckOption, CreateView, DropView, ViewDefinition};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

fn support_of_create(writer: &Writer<'_>, create: &CreateView) -> Result<(), Unsupported> {
    let CreateView { schema, name, or_replace, if_not_exists, definition, was: _ } = create;
    let ViewDefinition {
        query: _,
        columns: _,
        check_option: _,
        with,
        algorithm,
        sql_security,
        definer: _,
        temporary,
        comment,
    } = definition;
    let mut support = writer.support("create_view");
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_by_flavour_if(
        *if_not_exists && !writer.flavour.if_exists,
        "if_not_exists",
        ONLY_MARIADB,
    );
    support.refuse_if(!with.is_empty(), "with", ONLY_POSTGRES);
    support.refuse_if(*temporary, "temporary", "views cannot be temporary");
    support.refuse_if(comment.is_some(), "comment", ONLY_POSTGRES);
    support.finish()?;
    not_both(writer, "create_view", *or_replace, *if_not_exists)?;
    let algorithms = ["merge", "temptable", "undefined"];
    one_of(writer, "create_view.algorithm", algorithm.as_deref(), &algorithms)?;
    let securities = ["definer", "invoker"];
    one_of(writer, "create_view.sql_security", sql_security.as_deref(), &securities)
}

/// `CREATE VIEW`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateView,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_create(writer, create)?;
    let view = &create.definition;
    let mut sql = "CREATE".to_owned();
    if create.or_replace {
        sql.push_str(" OR REPLACE");
    }
    if let Some(algorithm) = &view.algorithm {
        sql.push_str(&format!(" ALGORITHM = {}", algorithm.to_uppercase()));
    }
    sql.push_str(&writer.definer(view.definer.as_deref()));
    if let Some(security) = &view.sql_security {
        sql.push_str(&format!(" SQL SECURITY {}", security.to_uppercase()));
    }
    sql.push_str(" VIEW ");
    if create.if_not_exists {
        sql.push_str("IF NOT EXISTS ");
    }
    sql.push_str(&writer.name(create.schema.as_deref(), &create.name));
    if !view.columns.is_empty() {
        sql.push_str(&format!(" ({})", writer.idents(&view.columns)));
    }
    let query = writer.text_for(&view.query, "create_view.query")?;
    sql.push_str(&format!(" AS\n{}", writer.body(query)));
    match view.check_option {
        Some(CheckOption::Local) => sql.push_str("\nWITH LOCAL CHECK OPTION"),
        Some(CheckOption::Cascaded) => sql.push_str("\nWITH CASCADED CHECK OPTION"),
        None => {}
    }
    Ok(vec![Lowered::new(sql, "create_view")])
}

/// `DROP VIEW`.
pub(super) fn drop(writer: &Writer<'_>, drop: &DropView) -> Result<Vec<Lowered>, Unsupported> {
    let DropView { schema, name, if_exists: _, cascade, was: _ } = drop;
    let mut support = writer.support("drop_view");
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = writer.name(drop.schema.as_deref(), &drop.name);
    Ok(vec![Lowered::new(format!("DROP VIEW {if_exists}{name}"), "drop_view")])
}

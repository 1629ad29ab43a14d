//! Views.

use super::clauses::{
    NO_EQUIVALENT, OWNER, USE_OR_REPLACE, ids, named, parameters, refusal, support, text_for, when,
};
use super::comment;
use crate::model::operation::{CheckOption, CreateView, DropView, ViewDefinition};
use crate::sql::clauses::query;
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// ` (names)`, or nothing.
pub(super) fn columns(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" ({})", ids(names)) }
}

/// `CREATE VIEW`.
pub(super) fn create(create: &CreateView) -> Result<Vec<Lowered>, Unsupported> {
    let CreateView { schema, name, or_replace, if_not_exists, definition, was: _ } = create;
    let ViewDefinition {
        query: sql,
        columns,
        check_option,
        with,
        algorithm,
        sql_security,
        definer,
        temporary,
        comment,
    } = definition;
    let mut support = support("create_view");
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(*if_not_exists, "if_not_exists", USE_OR_REPLACE);
    support.names("columns", columns);
    support.refuse_if(algorithm.is_some(), "algorithm", NO_EQUIVALENT);
    let security = "use `with: {security_invoker: true}`";
    support.refuse_if(sql_security.is_some(), "sql_security", security);
    support.refuse_if(definer.is_some(), "definer", OWNER);
    support.finish()?;
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
        query(text_for(sql, "create_view.query")?),
    );
    let mut statements = vec![Lowered::new(sql, "create_view")];
    if let Some(text) = comment {
        statements.push(comment::statement("VIEW", &view, Some(text), "create_view.comment"));
    }
    Ok(statements)
}

/// `DROP VIEW`.
pub(super) fn drop(drop: &DropView) -> Result<Vec<Lowered>, Unsupported> {
    let DropView { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_view");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP VIEW{exists} {}{cascade}", named(schema, name));
    Ok(vec![Lowered::new(sql, "drop_view")])
}

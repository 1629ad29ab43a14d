//! Functions and procedures.

use super::writer::{NO_CASCADE, ONLY_MARIADB_REPLACES, ONLY_POSTGRES, Writer, not_both, one_of};
use crate::model::operation::{CreateRoutine, DropRoutine, RoutineDefinition};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// Which of the two it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A function.
    Function,
    /// A procedure.
    Procedure,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Function => "FUNCTION",
            Kind::Procedure => "PROCEDURE",
        }
    }

    fn path(self, verb: &str) -> String {
        format!("{verb}_{}", self.word().to_ascii_lowercase())
    }
}

fn support_of_create(
    writer: &Writer<'_>,
    create: &CreateRoutine,
    kind: Kind,
) -> Result<(), Unsupported> {
    let CreateRoutine { schema, name, or_replace, if_not_exists, definition, was: _ } = create;
    let RoutineDefinition {
        arguments: _,
        returns,
        language,
        attributes: _,
        definer: _,
        body: _,
        check_body,
        comment: _,
    } = definition;
    let path = kind.path("create");
    let mut support = writer.support(&path);
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(check_body.is_some(), "check_body", "no body is checked for what it names");
    let replaces = *or_replace && !writer.flavour.or_replace;
    support.refuse_by_flavour_if(replaces, "or_replace", ONLY_MARIADB_REPLACES);
    support.finish()?;
    not_both(writer, &path, *or_replace, *if_not_exists)?;
    one_of(writer, &format!("{path}.language"), language.as_deref(), &["sql"])?;
    let reason = match (kind, returns) {
        (Kind::Function, None) => "a function needs `returns`",
        (Kind::Procedure, Some(_)) => "a procedure has no `returns`",
        _ => return Ok(()),
    };
    Err(writer.no(&format!("{path}.returns"), reason))
}

/// `CREATE FUNCTION` or `CREATE PROCEDURE`.
pub(super) fn create(
    writer: &Writer<'_>,
    create: &CreateRoutine,
    kind: Kind,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_create(writer, create, kind)?;
    let path = kind.path("create");
    let routine = &create.definition;
    let mut sql = "CREATE".to_owned();
    if create.or_replace {
        sql.push_str(" OR REPLACE");
    }
    sql.push_str(&writer.definer(routine.definer.as_deref()));
    sql.push_str(&format!(" {} ", kind.word()));
    if create.if_not_exists {
        sql.push_str("IF NOT EXISTS ");
    }
    let arguments = match &routine.arguments {
        Some(arguments) => writer.text_for(arguments, &format!("{path}.arguments"))?,
        None => "",
    };
    let name = writer.name(create.schema.as_deref(), &create.name);
    sql.push_str(&format!("{name}({arguments})"));
    if let Some(returns) = &routine.returns {
        let returns = writer.text_for(returns, &format!("{path}.returns"))?;
        sql.push_str(&format!("\nRETURNS {returns}"));
    }
    for attribute in &routine.attributes {
        sql.push_str(&format!("\n{attribute}"));
    }
    if routine.comment.is_some() {
        sql.push_str(&format!("\n{}", writer.comment(routine.comment.as_deref(), &path)?.trim()));
    }
    let body = writer.text_for(&routine.body, &format!("{path}.body"))?;
    sql.push_str(&format!("\n{}", writer.body(body)));
    Ok(vec![Lowered::new(sql, path)])
}

/// `DROP FUNCTION` or `DROP PROCEDURE`.
pub(super) fn drop(
    writer: &Writer<'_>,
    drop: &DropRoutine,
    kind: Kind,
) -> Result<Vec<Lowered>, Unsupported> {
    let DropRoutine { schema, name, arguments, if_exists: _, cascade, was: _ } = drop;
    let path = kind.path("drop");
    let mut support = writer.support(&path);
    support.name("schema", schema);
    support.name("name", name);
    support.refuse_if(arguments.is_some(), "arguments", ONLY_POSTGRES);
    support.refuse_if(*cascade, "cascade", NO_CASCADE);
    support.finish()?;
    let if_exists = if drop.if_exists { "IF EXISTS " } else { "" };
    let name = writer.name(drop.schema.as_deref(), &drop.name);
    let sql = format!("DROP {} {if_exists}{name}", kind.word());
    Ok(vec![Lowered::new(sql, path)])
}

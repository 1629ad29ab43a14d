//! Aggregates.

use serde_json::Value;

use super::clauses::{id, named, support, when};
use crate::model::operation::{CreateAggregate, DropAggregate};
use crate::sql::clauses::closed;
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;
use crate::text::{Dialect, quote_literal};

/// The parameters that are values of the state, and not names.
const VALUES: [&str; 2] = ["initcond", "minitcond"];

/// `CREATE AGGREGATE`.
pub(super) fn create(create: &CreateAggregate) -> Result<Vec<Lowered>, Unsupported> {
    let CreateAggregate { schema, name, arguments, parameters } = create;
    let mut support = support("create_aggregate");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let parameters = parameters.iter().map(|(name, value)| {
        let is_value = VALUES.contains(&name.to_ascii_lowercase().as_str());
        let name = id(name);
        match value {
            Value::Null => name,
            Value::String(text) if is_value => {
                format!("{name} = {}", quote_literal(Dialect::Postgres, text))
            }
            Value::String(text) => format!("{name} = {text}"),
            value if is_value => {
                format!("{name} = {}", quote_literal(Dialect::Postgres, &value.to_string()))
            }
            value => format!("{name} = {value}"),
        }
    });
    let sql = format!(
        "CREATE AGGREGATE {} ({}) ({})",
        named(schema, name),
        closed(arguments),
        parameters.collect::<Vec<_>>().join(", ")
    );
    Ok(vec![Lowered::new(sql, "create_aggregate")])
}

/// `DROP AGGREGATE`.
pub(super) fn drop(drop: &DropAggregate) -> Result<Vec<Lowered>, Unsupported> {
    let DropAggregate { schema, name, arguments, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_aggregate");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let sql = format!(
        "DROP AGGREGATE{} {} ({}){}",
        when(*if_exists, "IF EXISTS"),
        named(schema, name),
        closed(arguments),
        when(*cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "drop_aggregate")])
}

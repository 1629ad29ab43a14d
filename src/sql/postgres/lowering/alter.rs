//! Changes of a column.

use super::table::{generated_as, kind};
use super::words::{PG, collation, id, named, refusal, said};
use super::{TYPES, comment};
use crate::model::operation::{AlterColumn, Column, DefaultValue, Identity, SequenceOptions};
use crate::model::{Name, Schema};
use crate::sql::clauses::bracketed;
use crate::sql::literal;
use crate::sql::lowering::{Lowered, Unsupported};
use crate::sql::types::Type;

/// Whether the statement rests on what the column is: a collation is set together with the type, and an
/// identity is added or changed.
pub(super) fn needs_schema(alter: &AlterColumn) -> bool {
    let collation_alone = alter.collation.is_some() && alter.type_.is_none();
    let was = alter.was.as_ref().and_then(|was| was.identity.as_ref());
    collation_alone || (matches!(alter.identity, Some(Some(_))) && was.is_none())
}

/// One `ALTER TABLE` with what PostgreSQL takes together, and what stands around it.
pub(super) fn alter(alter: &AlterColumn, schema: &Schema) -> Result<Vec<Lowered>, Unsupported> {
    let table = named(&alter.schema, &alter.table);
    let column = id(&alter.column);
    let statement = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
    let mut statements = Vec::new();
    if let Some(None) = alter.identity {
        // Before the rest: an identity column takes no default.
        statements.push(Lowered::new(statement("DROP IDENTITY"), "alter_column.identity"));
    }
    let actions = actions(alter, schema)?;
    if !actions.is_empty() {
        let actions: Vec<String> =
            actions.iter().map(|action| format!("ALTER COLUMN {column} {action}")).collect();
        let sql = format!("ALTER TABLE {table} {}", actions.join(", "));
        statements.push(Lowered::new(sql, "alter_column"));
    }
    if let Some(Some(identity)) = &alter.identity {
        // After the rest: it takes a column that is NOT NULL and has no default, and its type is
        // that of the numbers.
        let sql = statement(&self::identity(alter, identity, schema)?);
        statements.push(Lowered::new(sql, "alter_column.identity"));
    }
    if let Some(text) = &alter.comment {
        let object = format!("{table}.{column}");
        let path = "alter_column.comment";
        statements.push(comment::statement("COLUMN", &object, text.as_ref(), path));
    }
    if let Some(to) = &alter.rename {
        let sql = format!("ALTER TABLE {table} RENAME COLUMN {column} TO {}", id(to));
        statements.push(Lowered::new(sql, "alter_column.rename"));
    }
    if statements.is_empty() {
        return Err(refusal("alter_column", "it changes nothing"));
    }
    Ok(statements)
}

/// What goes into one `ALTER TABLE`, in an order in which it works one by one, too.
fn actions(alter: &AlterColumn, schema: &Schema) -> Result<Vec<String>, Unsupported> {
    let mut actions = Vec::new();
    match &alter.generated {
        None => {}
        Some(None) => actions.push("DROP EXPRESSION".to_owned()),
        Some(Some(_)) => {
            let reason = "a column cannot become a generated column; drop it and add it again";
            return Err(refusal("alter_column.generated", reason));
        }
    }
    if alter.using.is_some() && alter.type_.is_none() {
        let reason = "`using` requires a new `type`";
        return Err(refusal("alter_column.using", reason));
    }
    let of = match &alter.type_ {
        Some(of) => Some(Type::of(of, PG, "alter_column.type")?),
        None => None,
    };
    let type_name = match (of, &alter.collation) {
        (Some(of), _) => Some(of.name(TYPES)),
        (None, None) => None,
        (None, Some(_)) => {
            let known = known(alter, schema)?;
            Some(Type::of(&known.type_, PG, "alter_column.type")?.name(TYPES))
        }
    };
    let drops_default =
        matches!(&alter.default, Some(DefaultValue::Literal(serde_json::Value::Null)));
    if drops_default || (alter.default.is_some() && type_name.is_some()) {
        // The old default may have no cast to the new type.
        actions.push("DROP DEFAULT".to_owned());
    }
    if let Some(type_name) = type_name {
        let mut action = format!("TYPE {type_name}");
        if let Some(name) = &alter.collation {
            let name = said(name, "alter_column.collation")?;
            action.push_str(&format!(" COLLATE {}", collation(name)));
        }
        if let Some(using) = &alter.using {
            let using = said(using, "alter_column.using")?;
            action.push_str(&format!(" USING {}", bracketed(using)));
        }
        actions.push(action);
    }
    if let Some(default) = alter.default.as_ref().filter(|_| !drops_default) {
        let default = literal::default(TYPES, of.unwrap_or(Type::Own("")), default)
            .map_err(|reason| refusal("alter_column.default", &reason))?;
        actions.push(format!("SET DEFAULT {default}"));
    }
    match alter.nullable {
        None => {}
        Some(true) => actions.push("DROP NOT NULL".to_owned()),
        Some(false) => actions.push("SET NOT NULL".to_owned()),
    }
    Ok(actions)
}

/// Adds an identity, or makes the one that is there the new one.
fn identity(
    alter: &AlterColumn,
    identity: &Identity,
    schema: &Schema,
) -> Result<String, Unsupported> {
    let is_there = match alter.was.as_ref().and_then(|was| was.identity.as_ref()) {
        Some(was) => was.is_some(),
        None => known(alter, schema)?.identity.is_some(),
    };
    if !is_there {
        return Ok(format!("ADD GENERATED {}", generated_as(identity)));
    }
    // What is left out takes its default: the server would keep what was there.
    let SequenceOptions { start, increment, min, max, cache, cycle } = &identity.sequence;
    let increment = increment.unwrap_or(1);
    let start = start.or(if increment > 0 { *min } else { *max });
    let bound = |word: &str, value: &Option<i64>| match value {
        Some(value) => format!("SET {word} {value}"),
        None => format!("SET NO {word}"),
    };
    Ok(format!(
        "SET GENERATED {} SET INCREMENT BY {increment} {} {} SET START WITH {} SET CACHE {} SET {}CYCLE",
        kind(identity.kind),
        bound("MINVALUE", min),
        bound("MAXVALUE", max),
        start.unwrap_or(increment.signum()),
        cache.unwrap_or(1),
        if cycle.unwrap_or(false) { "" } else { "NO " },
    ))
}

/// The column as it is.
fn known<'a>(alter: &AlterColumn, schema: &'a Schema) -> Result<&'a Column, Unsupported> {
    let own = alter.schema.as_ref().filter(|named| Some(*named) != schema.own.as_ref());
    let name = Name { schema: own.cloned(), name: alter.table.clone() };
    let Some(table) = schema.tables.get(&name) else {
        return Err(Unsupported {
            path: "alter_column.table".to_owned(),
            message: format!(
                "the definition of table {} is not known, and the change needs it",
                alter.table
            ),
            hint: None,
            unknown: Some(name),
        });
    };
    let column = table.definition.columns.iter().find(|column| column.name == alter.column);
    column.ok_or_else(|| Unsupported {
        path: "alter_column.column".to_owned(),
        message: format!("the table {} has no column {}", alter.table, alter.column),
        hint: None,
        unknown: None,
    })
}

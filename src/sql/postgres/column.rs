//! Columns.

use super::clauses::{PG, collation, id, named, refusal, support, text_for, when};
use super::flavour::Flavour;
use super::{comment, constraint, sequence};
use crate::model::operation::{
    AddColumn, AlterColumn, Column, ColumnChange, DefaultValue, DropColumn, Identity, IdentityKind,
    Reference, SequenceOptions,
};
use crate::model::{Name, Schema};
use crate::sql::clauses::{bracketed, column_reference};
use crate::sql::literal;
use crate::sql::lowering::Lowered;
use crate::sql::support::{Support, Unnamed};
use crate::sql::types::Type;
use crate::sql::unsupported::Unsupported;

const CHARSET: &str = "the character set is a property of the database";
const AUTOINCREMENT: &str = "use `identity`";
const ON_UPDATE: &str = "use a trigger";
const PLACE: &str = "columns cannot be reordered";

/// What is not supported of a column.
pub(super) fn support_of(support: &mut Support, column: &Column, table: &str) {
    let Column {
        name,
        type_: _,
        nullable: _,
        default: _,
        identity: _,
        generated: _,
        check,
        primary_key: _,
        references,
        collation: _,
        charset,
        autoincrement,
        on_update,
        invisible,
        compression: _,
        storage: _,
        comment: _,
        beyond: _,
    } = column;
    support.name("name", name);
    support.refuse_if(check.is_some(), "check", "use a named check of the table");
    if let Some(reference) = references {
        support.within("references", |support| reference_support(support, reference, table));
    }
    support.refuse_if(charset.is_some(), "charset", CHARSET);
    support.refuse_if(*autoincrement, "autoincrement", AUTOINCREMENT);
    support.refuse_if(on_update.is_some(), "on_update", ON_UPDATE);
    support.refuse_if(*invisible, "invisible", "PostgreSQL has no invisible columns");
}

fn reference_support(support: &mut Support, reference: &Reference, in_table: &str) {
    let Reference {
        name,
        schema,
        table,
        column,
        on_delete: _,
        on_update: _,
        deferrable: _,
        initially: _,
    } = reference;
    support.needs_name(name, Unnamed::FOREIGN_KEY, in_table, []);
    support.name("name", name);
    support.name("schema", schema);
    support.name("table", table);
    support.name("column", column);
}

/// `ADD COLUMN`, and what can only stand behind it.
pub(super) fn add(flavour: &Flavour, add: &AddColumn) -> Result<Vec<Lowered>, Unsupported> {
    let AddColumn { schema, table: name, column, if_not_exists, after, first } = add;
    let mut support = support("add_column");
    support.name("schema", schema);
    support.name("table", name);
    support.within("column", |support| support_of(support, column, name));
    support.refuse_if(after.is_some(), "after", PLACE);
    support.refuse_if(*first, "first", PLACE);
    support.finish()?;
    let table = named(schema, name);
    let path = "add_column.column";
    let clause = definition(flavour, name, column, path)?;
    let sql =
        format!("ALTER TABLE {table} ADD COLUMN{} {clause}", when(*if_not_exists, "IF NOT EXISTS"));
    let mut statements = vec![Lowered::new(sql, "add_column")];
    statements.extend(storage(&table, column, path));
    statements.extend(comment_of(&table, column, path));
    Ok(statements)
}

/// `DROP COLUMN`.
pub(super) fn drop(drop: &DropColumn) -> Result<Vec<Lowered>, Unsupported> {
    let DropColumn { schema, table, column, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_column");
    support.name("schema", schema);
    support.name("table", table);
    support.name("column", column);
    support.finish()?;
    let sql = format!(
        "ALTER TABLE {} DROP COLUMN{} {}{}",
        named(schema, table),
        when(*if_exists, "IF EXISTS"),
        id(column),
        when(*cascade, "CASCADE")
    );
    Ok(vec![Lowered::new(sql, "drop_column")])
}
/// A column as it stands in `CREATE TABLE` and `ADD COLUMN`.
pub(super) fn definition(
    flavour: &Flavour,
    table: &str,
    column: &Column,
    path: &str,
) -> Result<String, Unsupported> {
    let refused = |part: &str, reason: &str| refusal(&format!("{path}.{part}"), reason);
    let of = Type::of(&column.type_, PG, &format!("{path}.type"))?;
    let mut sql = format!("{} {}", id(&column.name), of.name(flavour.types));
    if let Some(compression) = &column.compression {
        sql.push_str(&format!(" COMPRESSION {}", id(compression)));
    }
    if let Some(name) = &column.collation {
        sql.push_str(&format!(
            " COLLATE {}",
            collation(text_for(name, &format!("{path}.collation"))?)
        ));
    }
    match column.nullable {
        Some(false) => sql.push_str(" NOT NULL"),
        Some(true) if column.primary_key => {
            return Err(refused("nullable", "no column of a primary key may be NULL"));
        }
        Some(true) if column.identity.is_some() => {
            return Err(refused("nullable", "no identity column may be NULL"));
        }
        _ => {}
    }
    let made = [column.default.is_some(), column.identity.is_some(), column.generated.is_some()];
    if made.iter().filter(|made| **made).count() > 1 {
        let reason = "a column takes one of default, identity and generated";
        return Err(refused(
            if column.identity.is_some() { "identity" } else { "generated" },
            reason,
        ));
    }
    if let Some(default) = &column.default {
        let default = literal::default(flavour.types, of, default)
            .map_err(|reason| refused("default", &reason))?;
        sql.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(identity) = &column.identity {
        sql.push_str(&format!(" GENERATED {}", generated_as(identity)));
    }
    if let Some(generated) = &column.generated {
        let expression = text_for(&generated.sql, &format!("{path}.generated.sql"))?;
        if !generated.stored {
            let reason =
                "before version 18 generated columns are always stored: use `stored: true`";
            return Err(refused("generated.stored", reason));
        }
        sql.push_str(&format!(" GENERATED ALWAYS AS {} STORED", bracketed(expression)));
    }
    if column.primary_key {
        let name = constraint::primary_name(table, &format!("{path}.primary_key"))?;
        sql.push_str(&format!(" CONSTRAINT {} PRIMARY KEY", id(&name)));
    }
    if let Some(reference) = &column.references {
        sql.push_str(&format!(" {}", column_reference(PG, reference)));
    }
    Ok(sql)
}

/// `ALWAYS AS IDENTITY (…)`.
fn generated_as(identity: &Identity) -> String {
    let options = sequence::options(&identity.sequence);
    let options = match options.trim() {
        "" => String::new(),
        options => format!(" ({options})"),
    };
    format!("{} AS IDENTITY{options}", kind(identity.kind))
}

/// The words of an identity's kind.
fn kind(kind: IdentityKind) -> &'static str {
    match kind {
        IdentityKind::Always => "ALWAYS",
        IdentityKind::ByDefault => "BY DEFAULT",
    }
}

/// `SET STORAGE`: before version 16 it stands in no CREATE TABLE.
pub(super) fn storage(table: &str, column: &Column, path: &str) -> Option<Lowered> {
    let storage = column.storage.as_ref()?;
    let column = id(&column.name);
    let sql = format!("ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE {}", id(storage));
    Some(Lowered::new(sql, format!("{path}.storage")))
}

/// The comment of a column.
pub(super) fn comment_of(table: &str, column: &Column, path: &str) -> Option<Lowered> {
    let text = column.comment.as_ref()?;
    let object = format!("{table}.{}", id(&column.name));
    Some(comment::statement("COLUMN", &object, Some(text), &format!("{path}.comment")))
}

/// Whether the statement rests on what the column is: a collation is set together with the type, and an
/// identity is added or changed.
pub(super) fn needs_schema(alter: &AlterColumn) -> bool {
    let collation_alone = alter.change.collation.is_some() && alter.change.type_.is_none();
    let was = alter.was.as_ref().and_then(|was| was.identity.as_ref());
    collation_alone || (matches!(alter.change.identity, Some(Some(_))) && was.is_none())
}

/// One `ALTER TABLE` with what PostgreSQL takes together, and what stands around it.
pub(super) fn alter(
    flavour: &Flavour,
    alter: &AlterColumn,
    known: &Schema,
) -> Result<Vec<Lowered>, Unsupported> {
    support_of_alter(alter)?;
    let table = named(&alter.schema, &alter.table);
    let column = id(&alter.column);
    let statement = |action: &str| format!("ALTER TABLE {table} ALTER COLUMN {column} {action}");
    let mut statements = Vec::new();
    if let Some(None) = alter.change.identity {
        // Before the rest: an identity column takes no default.
        statements.push(Lowered::new(statement("DROP IDENTITY"), "alter_column.identity"));
    }
    let actions = actions(flavour, alter, known)?;
    if !actions.is_empty() {
        let actions: Vec<String> =
            actions.iter().map(|action| format!("ALTER COLUMN {column} {action}")).collect();
        let sql = format!("ALTER TABLE {table} {}", actions.join(", "));
        statements.push(Lowered::new(sql, "alter_column").no_worse());
    }
    if let Some(Some(identity)) = &alter.change.identity {
        // After the rest: it takes a column that is NOT NULL and has no default, and its type is
        // that of the numbers.
        let sql = statement(&self::identity(alter, identity, known)?);
        statements.push(Lowered::new(sql, "alter_column.identity"));
    }
    if let Some(text) = &alter.change.comment {
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

/// What is not supported of a change.
fn support_of_alter(alter: &AlterColumn) -> Result<(), Unsupported> {
    let AlterColumn { schema, table, column, rename, change, was: _ } = alter;
    let ColumnChange {
        type_: _,
        using: _,
        nullable: _,
        default: _,
        identity: _,
        generated: _,
        collation: _,
        charset,
        autoincrement,
        on_update,
        comment: _,
        after,
        first,
    } = change;
    let mut support = support("alter_column");
    support.name("schema", schema);
    support.name("table", table);
    support.name("column", column);
    support.name("rename", rename);
    support.refuse_if(charset.is_some(), "charset", CHARSET);
    support.refuse_if(*autoincrement == Some(true), "autoincrement", AUTOINCREMENT);
    support.refuse_if(matches!(on_update, Some(Some(_))), "on_update", ON_UPDATE);
    support.refuse_if(after.is_some(), "after", PLACE);
    support.refuse_if(*first, "first", PLACE);
    support.finish()
}

/// What goes into one `ALTER TABLE`, in an order in which it works one by one, too.
fn actions(
    flavour: &Flavour,
    alter: &AlterColumn,
    schema: &Schema,
) -> Result<Vec<String>, Unsupported> {
    let mut actions = Vec::new();
    match &alter.change.generated {
        None => {}
        Some(None) => actions.push("DROP EXPRESSION".to_owned()),
        Some(Some(_)) => {
            let reason = "a column cannot become a generated column; drop it and add it again";
            return Err(refusal("alter_column.generated", reason));
        }
    }
    if alter.change.using.is_some() && alter.change.type_.is_none() {
        let reason = "`using` requires a new `type`";
        return Err(refusal("alter_column.using", reason));
    }
    let of = match &alter.change.type_ {
        Some(of) => Some(Type::of(of, PG, "alter_column.type")?),
        None => None,
    };
    let type_name = match (of, &alter.change.collation) {
        (Some(of), _) => Some(of.name(flavour.types)),
        (None, None) => None,
        (None, Some(_)) => {
            let known = known(alter, schema)?;
            Some(Type::of(&known.type_, PG, "alter_column.type")?.name(flavour.types))
        }
    };
    let drops_default =
        matches!(&alter.change.default, Some(DefaultValue::Literal(serde_json::Value::Null)));
    if drops_default || (alter.change.default.is_some() && type_name.is_some()) {
        // The old default may have no cast to the new type.
        actions.push("DROP DEFAULT".to_owned());
    }
    if let Some(type_name) = type_name {
        let mut action = format!("TYPE {type_name}");
        if let Some(name) = &alter.change.collation {
            let name = text_for(name, "alter_column.collation")?;
            action.push_str(&format!(" COLLATE {}", collation(name)));
        }
        if let Some(using) = &alter.change.using {
            let using = text_for(using, "alter_column.using")?;
            action.push_str(&format!(" USING {}", bracketed(using)));
        }
        actions.push(action);
    }
    if let Some(default) = alter.change.default.as_ref().filter(|_| !drops_default) {
        let default = literal::default(flavour.types, of.unwrap_or(Type::Own("")), default)
            .map_err(|reason| refusal("alter_column.default", &reason))?;
        actions.push(format!("SET DEFAULT {default}"));
    }
    match alter.change.nullable {
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
    let key_schema = alter.schema.as_ref().filter(|named| Some(*named) != schema.own.as_ref());
    let name = Name { schema: key_schema.cloned(), name: alter.table.clone() };
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

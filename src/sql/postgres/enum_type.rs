//! Enums, and the names of types.

use super::clauses::{PG, bad_enum_value, id, named, refusal, relation, string, support, when};
use super::routine::dollar_quote;
use super::{constraint, index};
use crate::model::operation::{
    AddEnumValue, Check, Column, Constraint, CreateEnum, DefaultValue, DropEnum, DropEnumValue,
    EnumPlace, IndexColumn, IndexKey, RenameEnumValue, RenameType,
};
use crate::model::{Name, Schema, SqlText, Table};
use crate::sql::lowering::Lowered;
use crate::sql::unsupported::Unsupported;

/// `CREATE TYPE … AS ENUM`.
pub(super) fn create(create: &CreateEnum) -> Result<Vec<Lowered>, Unsupported> {
    let CreateEnum { schema, name, values } = create;
    let mut support = support("create_enum");
    support.name("schema", schema);
    support.name("name", name);
    for (at, value) in values.iter().enumerate() {
        support.name_by(&format!("values.{at}"), value, bad_enum_value);
    }
    support.finish()?;
    let sql = create_type(&named(schema, name), values.iter());
    Ok(vec![Lowered::new(sql, "create_enum")])
}

fn create_type<'a>(name: &str, values: impl Iterator<Item = &'a String>) -> String {
    let values: Vec<String> = values.map(|value| string(value)).collect();
    format!("CREATE TYPE {name} AS ENUM ({})", values.join(", "))
}

/// `DROP TYPE`.
pub(super) fn drop(drop: &DropEnum) -> Result<Vec<Lowered>, Unsupported> {
    let DropEnum { schema, name, if_exists, cascade, was: _ } = drop;
    let mut support = support("drop_enum");
    support.name("schema", schema);
    support.name("name", name);
    support.finish()?;
    let (exists, cascade) = (when(*if_exists, "IF EXISTS"), when(*cascade, "CASCADE"));
    let sql = format!("DROP TYPE{exists} {}{cascade}", named(schema, name));
    Ok(vec![Lowered::new(sql, "drop_enum")])
}

/// `ALTER TYPE … ADD VALUE`.
pub(super) fn add_value(add: &AddEnumValue) -> Result<Vec<Lowered>, Unsupported> {
    let AddEnumValue { schema, name, value, place, if_not_exists } = add;
    let EnumPlace { before, after } = place;
    let mut support = support("add_enum_value");
    support.name("schema", schema);
    support.name("name", name);
    support.name_by("value", value, bad_enum_value);
    support.finish()?;
    let place = match (before, after) {
        (None, None) => String::new(),
        (Some(before), None) => format!(" BEFORE {}", string(before)),
        (None, Some(after)) => format!(" AFTER {}", string(after)),
        (Some(_), Some(_)) => {
            return Err(refusal("add_enum_value.after", "use either `before` or `after`"));
        }
    };
    let sql = format!(
        "ALTER TYPE {} ADD VALUE{} {}{place}",
        named(schema, name),
        when(*if_not_exists, "IF NOT EXISTS"),
        string(value)
    );
    Ok(vec![Lowered::new(sql, "add_enum_value")])
}

/// `ALTER TYPE … RENAME VALUE`.
pub(super) fn rename_value(rename: &RenameEnumValue) -> Result<Vec<Lowered>, Unsupported> {
    let RenameEnumValue { schema, name, value, to } = rename;
    let mut support = support("rename_enum_value");
    support.name("schema", schema);
    support.name("name", name);
    support.name_by("value", value, bad_enum_value);
    support.name_by("to", to, bad_enum_value);
    support.finish()?;
    let (value, to) = (string(value), string(to));
    let sql = format!("ALTER TYPE {} RENAME VALUE {value} TO {to}", named(schema, name));
    Ok(vec![Lowered::new(sql, "rename_enum_value")])
}

/// `ALTER TYPE … RENAME TO`, which takes a domain, too.
pub(super) fn rename(rename: &RenameType) -> Result<Vec<Lowered>, Unsupported> {
    let RenameType { schema, name, to } = rename;
    let mut support = support("rename_type");
    support.name("schema", schema);
    support.name("name", name);
    support.name("to", to);
    support.finish()?;
    let sql = format!("ALTER TYPE {} RENAME TO {}", named(schema, name), id(to));
    Ok(vec![Lowered::new(sql, "rename_type")])
}

/// Recreates the type without the value, converts the columns of it, and drops the old one.
pub(super) fn drop_value(
    drop: &DropEnumValue,
    schema: &Schema,
) -> Result<Vec<Lowered>, Unsupported> {
    let DropEnumValue { schema: in_schema, name, value, replace_by, was: _ } = drop;
    let mut support = support("drop_enum_value");
    support.name("schema", in_schema);
    support.name("name", name);
    support.finish()?;
    let key_schema = in_schema.clone().filter(|named| Some(named) != schema.own.as_ref());
    let name = Name { schema: key_schema, name: name.clone() };
    let values = match schema.enums.get(&name) {
        Some(values) if schema.complete => values,
        _ => {
            return Err(Unsupported {
                path: "drop_enum_value.name".to_owned(),
                message: format!(
                    "the values of the enum {} and the columns that hold them are not known",
                    drop.name
                ),
                hint: None,
                unknown: Some(name),
            });
        }
    };
    let wrong = |part: &str, value: &str, is: &str| Unsupported {
        path: format!("drop_enum_value.{part}"),
        message: format!("the enum {} {is} a value {value:?}", drop.name),
        hint: Some(format!("its values are {}", values.join(", "))),
        unknown: None,
    };
    if !values.contains(value) {
        return Err(wrong("value", value, "does not have"));
    }
    if let Some(instead) = replace_by
        && (!values.contains(instead) || instead == value)
    {
        return Err(wrong("replace_by", instead, "will not have"));
    }
    let new = named(in_schema, &name.name);
    let old_name = free_name(&name, schema);
    let old = named(in_schema, &old_name);
    let path = "drop_enum_value";
    let mut statements = vec![
        Lowered::new(format!("ALTER TYPE {new} RENAME TO {}", id(&old_name)), path),
        Lowered::new(create_type(&new, values.iter().filter(|kept| *kept != value)), path),
    ];
    let mut behind = Vec::new();
    for (table_name, table) in &schema.tables {
        let columns = table.definition.columns.iter();
        let actions: Vec<String> = columns
            .filter(|column| !inherits(schema, table_name, table, column))
            .filter_map(|column| Some((column, dimensions(column, &name, schema)?)))
            .flat_map(|(column, is_array)| convert(column, is_array, drop, &new))
            .collect();
        if !actions.is_empty() {
            let (drops, mut creates) = dependents(table_name, table, &name, schema, path)?;
            statements.splice(0..0, drops);
            behind.append(&mut creates);
            let table = named(&table_name.schema, &table_name.name);
            let sql = format!("ALTER TABLE {table} {}", actions.join(", "));
            statements.push(Lowered::new(sql, path));
        }
    }
    statements.append(&mut behind);
    statements.push(Lowered::new(copy_properties(&old, &new), path));
    statements.push(Lowered::new(format!("DROP TYPE {old}"), path));
    Ok(statements)
}

/// Gives the new type what the old one has beside its values: comment, rights, owner.
fn copy_properties(old: &str, new: &str) -> String {
    let (regtype, on) = (string(old), string(&format!("ON TYPE {new}")));
    let alter = string(&format!("ALTER TYPE {new}"));
    let body = format!(
        "DECLARE was pg_catalog.pg_type; one record;
BEGIN
    SELECT * INTO was FROM pg_catalog.pg_type WHERE oid = {regtype}::pg_catalog.regtype;
    IF pg_catalog.obj_description(was.oid, 'pg_type') IS NOT NULL THEN
        EXECUTE pg_catalog.format('COMMENT %s IS %L', {on}, pg_catalog.obj_description(was.oid, 'pg_type'));
    END IF;
    IF was.typacl IS NOT NULL THEN
        EXECUTE pg_catalog.format('REVOKE ALL %s FROM PUBLIC', {on});
        FOR one IN SELECT * FROM pg_catalog.aclexplode(was.typacl) WHERE grantee <> was.typowner LOOP
            EXECUTE pg_catalog.format('GRANT USAGE %s TO %s', {on},
                CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::pg_catalog.regrole::text END)
                || CASE WHEN one.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END;
        END LOOP;
    END IF;
    EXECUTE pg_catalog.format('%s OWNER TO %s', {alter}, was.typowner::pg_catalog.regrole);
END"
    );
    let quote = dollar_quote(&body);
    format!("DO {quote}{body}{quote}")
}

/// What of a table compares with values of the type, and so has to go while the type changes: the
/// statements that drop it, and those that make it again.
fn dependents(
    name: &Name,
    table: &Table,
    of: &Name,
    schema: &Schema,
    path: &str,
) -> Result<(Vec<Lowered>, Vec<Lowered>), Unsupported> {
    let mentions = |sql: &str| {
        sql.split("::").skip(1).any(|behind| {
            words(of, schema).iter().any(|word| {
                let end = behind.strip_prefix(word.as_str()).map(|rest| rest.chars().next());
                end.is_some_and(|next| !next.is_some_and(|c| c.is_alphanumeric() || c == '_'))
            })
        })
    };
    let in_text = |sql: &SqlText| sql.get(PG).is_some_and(|sql| mentions(sql));
    let full = named(&name.schema, &name.name);
    let (mut drops, mut creates) = (Vec::new(), Vec::new());
    for index in &table.definition.indexes {
        let of_column = |column: &IndexColumn| match &column.key {
            IndexKey::Sql(sql) => in_text(sql),
            IndexKey::Column(_) => false,
        };
        let depends =
            index.where_.as_ref().is_some_and(&in_text) || index.columns.iter().any(of_column);
        if let Some(own) = index.name.as_ref().filter(|_| depends) {
            drops.push(Lowered::new(format!("DROP INDEX {}", named(&name.schema, own)), path));
            creates.extend(index::of_table(&name.schema, &name.name, index, false, path)?);
        }
    }
    for constraint in &table.definition.constraints {
        if let Constraint::Check(Check { name: Some(own), sql, .. }) = constraint
            && in_text(sql)
        {
            let clause = constraint::clause(&name.name, constraint, path)?;
            drops.push(Lowered::new(
                format!("ALTER TABLE {full} DROP CONSTRAINT {}", id(own)),
                path,
            ));
            creates.push(Lowered::new(format!("ALTER TABLE {full} ADD {clause}"), path));
        }
    }
    Ok((drops, creates))
}

/// The ways in which the catalogue writes the name of a type.
fn words(name: &Name, schema: &Schema) -> Vec<String> {
    let in_schema = name.schema.as_ref().or(schema.own.as_ref());
    let full = in_schema.map(|schema| format!("{}.{}", id(schema), id(&name.name)));
    let bare = name.schema.is_none().then(|| id(&name.name));
    bare.into_iter().chain(full).collect()
}

/// A name for the old type that no enum has and that is not cut.
fn free_name(name: &Name, schema: &Schema) -> String {
    let short = &name.name[..name.name.floor_char_boundary(50)];
    let taken = |candidate: &String| {
        schema.enums.contains_key(&Name { schema: name.schema.clone(), name: candidate.clone() })
    };
    let mut candidates = (0_u32..).map(|number| match number {
        0 => format!("{short}__old"),
        number => format!("{short}__old{number}"),
    });
    candidates.find(|candidate| !taken(candidate)).unwrap_or_default()
}

/// Whether the column comes from a table above, through which it is converted, too.
fn inherits(schema: &Schema, name: &Name, table: &Table, column: &Column) -> bool {
    let options = &table.definition.options;
    let has_it = |parent: &String| {
        schema.tables.iter().any(|(own, table)| {
            let full = named(&own.schema, &own.name);
            (full == *parent || full == relation(&name.schema, parent))
                && table.definition.columns.iter().any(|own| own.name == column.name)
        })
    };
    options.partition_of.is_some() || options.inherits.iter().any(has_it)
}

/// Whether the column is of the enum, and, if so, whether it holds lists of it.
fn dimensions(column: &Column, name: &Name, schema: &Schema) -> Option<bool> {
    let of = column.type_.get(PG)?.trim();
    let element = of.trim_end_matches("[]");
    let is = words(name, schema).iter().any(|word| word == element);
    is.then_some(element.len() < of.len())
}

/// The actions that convert a column. What it holds where nothing is given goes and comes back: there
/// is no cast from the old type to the new one.
fn convert(column: &Column, is_array: bool, drop: &DropEnumValue, new: &str) -> Vec<String> {
    let name = id(&column.name);
    let value = string(&drop.value);
    let (of, text) = match is_array {
        false => (new.to_owned(), format!("{name}::text")),
        true => (format!("{new}[]"), format!("{name}::text[]")),
    };
    let text = match (&drop.replace_by, is_array) {
        (None, _) => text,
        (Some(instead), false) => {
            format!("(CASE {text} WHEN {value} THEN {} ELSE {text} END)", string(instead))
        }
        (Some(instead), true) => {
            format!("array_replace({text}, {value}::text, {}::text)", string(instead))
        }
    };
    let mut actions = Vec::new();
    let default = column.default.as_ref().and_then(|default| match default {
        DefaultValue::Sql(sql) => sql.get(PG).map(|sql| match &drop.replace_by {
            // A default that is the value itself.
            Some(instead) => match sql.strip_prefix(&format!("{value}::")) {
                Some(rest) => format!("{}::{rest}", string(instead)),
                None => sql.clone(),
            },
            None => sql.clone(),
        }),
        DefaultValue::Literal(serde_json::Value::String(text)) => match &drop.replace_by {
            Some(instead) if *text == drop.value => Some(string(instead)),
            _ => Some(string(text)),
        },
        DefaultValue::Literal(_) => None,
    });
    if default.is_some() {
        actions.push(format!("ALTER COLUMN {name} DROP DEFAULT"));
    }
    actions.push(format!("ALTER COLUMN {name} TYPE {of} USING {text}::{of}"));
    if let Some(default) = default {
        actions.push(format!("ALTER COLUMN {name} SET DEFAULT {default}"));
    }
    actions
}

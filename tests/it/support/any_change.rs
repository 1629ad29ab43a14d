//! Random small schemas, and operations that fit them and say what was there.

use fastrand::Rng;
use revdag::internals::text::Dialect;
use revdag::model::operation::{Column, TableDefinition};
use revdag::model::{Name, Operation, Schema};
use serde_json::{Value, json};

const TABLES: [&str; 4] = ["t", "u", "v", "w"];
const COLUMNS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const PARTS: [&str; 6] = ["p1", "p2", "p3", "p4", "p5", "p6"];
const TYPES: [&str; 4] = ["integer", "bigint", "text", "string(20)"];

/// A schema of a few tables, of which the second refers to the first, and an enum.
pub fn any_ground(rng: &mut Rng, dialect: Dialect) -> Schema {
    let mut schema = Schema { complete: true, ..Schema::default() };
    let mut make = |tree: Value| {
        let operation: Operation = serde_json::from_value(tree).unwrap();
        operation.apply(&mut schema, dialect).unwrap();
    };
    let columns = |rng: &mut Rng, first: Value| -> Vec<Value> {
        let mut columns = vec![first];
        columns.extend(COLUMNS[1..1 + rng.usize(1..4)].iter().map(|name| column(rng, name)));
        columns
    };
    let first = json!({"name": "a", "type": "bigint", "primary_key": true});
    make(json!({"create_table": {"name": "t", "columns": columns(rng, first)}}));
    let first = json!({"name": "a", "type": "bigint"});
    let key = json!({"foreign_key": {"name": "fk", "columns": ["a"],
        "references": {"table": "t", "columns": ["a"]}}});
    let check = json!({"check": {"name": "ck", "sql": "a > 0 AND b IS NOT NULL"}});
    let constraints = if rng.bool() { json!([key, check]) } else { json!([key]) };
    make(json!({"create_table":
        {"name": "u", "columns": columns(rng, first), "constraints": constraints}}));
    make(json!({"create_enum": {"name": "mood", "values": ["low", "high"]}}));
    schema
}

/// An operation that fits the schema and has a reverse; `None`: what was drawn does not fit.
pub fn any_change(rng: &mut Rng, schema: &Schema) -> Option<Value> {
    let tables: Vec<(&Name, &TableDefinition)> =
        schema.tables.iter().map(|(name, table)| (name, &table.definition)).collect();
    let (name, table) = tables.get(rng.usize(..tables.len().max(1)))?;
    let table_name = &name.name;
    let own = &table.columns[rng.usize(..table.columns.len())];
    let fresh_table =
        || TABLES.iter().find(|name| tables.iter().all(|(own, _)| own.name != **name));
    let fresh = || COLUMNS.iter().find(|name| table.columns.iter().all(|own| own.name != **name));
    let part = || {
        let taken =
            |name: &str| tables.iter().any(|(_, table)| table.part_names().any(|own| own == name));
        PARTS.iter().find(|name| !taken(name))
    };
    let referred = tables.iter().any(|(_, table)| table.referred().any(|(_, to)| to == table_name));
    Some(match rng.u8(..14) {
        0 => {
            let columns: Vec<Value> = COLUMNS[..2].iter().map(|name| column(rng, name)).collect();
            json!({"create_table": {"name": fresh_table()?, "columns": columns}})
        }
        1 if !referred => json!({"drop_table": {"name": table_name, "was": table}}),
        2 => json!({"rename_table": {"name": table_name, "to": fresh_table()?}}),
        3 => json!({"add_column": {"table": table_name, "column": column(rng, fresh()?)}}),
        4 if !is_used(table, own) && table.columns.len() > 1 && !referred => {
            json!({"drop_column": {"table": table_name, "column": own.name, "was": own}})
        }
        5 => json!({"alter_column": {"table": table_name, "column": own.name, "rename": fresh()?}}),
        6 => {
            let type_ = rng.choice(TYPES).filter(|type_| json!(type_) != json!(own.type_))?;
            json!({"alter_column": {"table": table_name, "column": own.name, "type": type_,
                "was": {"type": own.type_}}})
        }
        7 => {
            let default = own.default.as_ref().map_or(Value::Null, |default| json!(default));
            let to = json!(rng.u8(..).to_string());
            (to != default).then_some(())?;
            json!({"alter_column": {"table": table_name, "column": own.name, "default": to,
                "was": {"default": default}}})
        }
        8 => {
            let nullable = own.nullable.unwrap_or(true);
            json!({"alter_column": {"table": table_name, "column": own.name, "nullable": !nullable}})
        }
        9 => json!({"create_index": {"table": table_name, "name": part()?, "columns": [own.name],
            "unique": rng.bool()}}),
        10 => {
            let index = table.indexes.first()?;
            json!({"drop_index": {"table": table_name, "name": index.name, "was": index}})
        }
        11 => {
            json!({"create_unique": {"table": table_name, "name": part()?, "columns": [own.name]}})
        }
        12 => {
            let constraint = table.constraints.first()?;
            json!({"drop_constraint": {"table": table_name, "name": constraint.name(),
                "kind": constraint.kind(), "was": constraint}})
        }
        13 => {
            let values = schema.enums.values().next()?;
            let fresh = PARTS.iter().find(|name| values.iter().all(|own| own != *name))?;
            json!({"add_enum_value": {"name": "mood", "value": fresh, "before": values[0]}})
        }
        _ => return None,
    })
}

fn column(rng: &mut Rng, name: &str) -> Value {
    let mut column = json!({"name": name, "type": rng.choice(TYPES)});
    if rng.bool() {
        column["nullable"] = json!(rng.bool());
    }
    if rng.bool() {
        column["default"] = json!(rng.u8(..).to_string());
    }
    column
}

/// Whether a constraint, an index or an expression names the column.
fn is_used(table: &TableDefinition, column: &Column) -> bool {
    let told = json!([table.constraints, table.indexes]).to_string();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    told.split(|c: char| !is_word(c)).any(|word| word == column.name)
}

//! The small schema that a sequence of operations is made for.

use serde_json::{Value, json};

/// A portable type, a wider one, and whether its values can be told apart and stand in a key.
pub struct Type {
    pub name: &'static str,
    pub wider: Option<&'static str>,
    pub key: bool,
    /// Values of it, which differ where it can be a key.
    pub values: [&'static str; 3],
}

pub const TYPES: &[Type] = &[
    Type { name: "integer", wider: Some("bigint"), key: true, values: ["1", "20", "-300"] },
    Type {
        name: "string(20)",
        wider: Some("string(40)"),
        key: true,
        values: ["\"it's\"", "\"é \\\\\"", "\"\""],
    },
    Type { name: "bigint", wider: None, key: true, values: ["9007199254740993", "-1", "0"] },
    Type {
        name: "decimal(10,2)",
        wider: None,
        key: true,
        values: ["\"1.25\"", "\"-0.50\"", "\"99.99\""],
    },
    Type { name: "boolean", wider: None, key: false, values: ["true", "false", "true"] },
    Type {
        name: "date",
        wider: None,
        key: true,
        values: ["\"2026-01-02\"", "\"1999-12-31\"", "\"2024-02-29\""],
    },
    Type {
        name: "timestamp",
        wider: None,
        key: true,
        values: ["\"2026-01-02 03:04:05\"", "\"1999-12-31 23:59:59\"", "\"2024-02-29 00:00:00\""],
    },
    Type { name: "text", wider: None, key: false, values: ["\"long\"", "\"a\\nb\"", "\"\""] },
    Type {
        name: "bytes",
        wider: None,
        key: false,
        values: ["{\"hex\": \"00ff27\"}", "{\"hex\": \"\"}", "{\"base64\": \"SGk=\"}"],
    },
];

impl Type {
    pub fn value(&self, row: usize) -> Value {
        serde_json::from_str(self.values[row % 3]).expect("JSON")
    }
}

#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    /// Which of [`TYPES`].
    pub type_: usize,
    pub wide: bool,
    pub nullable: bool,
    pub default: Option<Value>,
    pub comment: Option<String>,
    /// What it was called in the setup.
    pub before: Option<String>,
    /// Whether a row has no value in it.
    pub has_null: bool,
    /// Whether rows differ in it.
    pub differs: bool,
    /// Whether the way back needs the values that it has now.
    pub needed: bool,
}

impl Column {
    pub fn kind(&self) -> &'static Type {
        &TYPES[self.type_]
    }

    pub fn type_name(&self) -> &'static str {
        let kind = self.kind();
        if self.wide { kind.wider.unwrap_or(kind.name) } else { kind.name }
    }

    pub fn definition(&self) -> Value {
        let mut value = json!({"name": self.name, "type": self.type_name()});
        let map = value.as_object_mut().expect("a map");
        if !self.nullable {
            map.insert("nullable".to_owned(), false.into());
        }
        if let Some(default) = &self.default {
            map.insert("default".to_owned(), default.clone());
        }
        if let Some(comment) = &self.comment {
            map.insert("comment".to_owned(), comment.clone().into());
        }
        value
    }
}

/// A constraint or index of some columns, by their places in the table.
#[derive(Debug, Clone)]
pub struct Part {
    pub name: String,
    pub columns: Vec<usize>,
    pub kind: PartKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PartKind {
    Index {
        unique: bool,
    },
    Unique,
    Check,
    /// To the table of this number.
    ForeignKey(usize),
}

#[derive(Debug, Clone)]
pub struct Table {
    /// What tells it from others, whatever its name.
    pub number: usize,
    pub name: String,
    /// What it was called in the setup.
    pub before: Option<String>,
    pub comment: Option<String>,
    /// The name of the primary key, where the dialect keeps one: it stays when the table is renamed.
    pub key: Option<String>,
    /// The first one is the primary key.
    pub columns: Vec<Column>,
    pub parts: Vec<Part>,
    /// Whether a view is over it.
    pub viewed: bool,
}

impl Table {
    /// Whether a part is over a column.
    pub fn uses(&self, column: usize) -> bool {
        self.parts.iter().any(|part| part.columns.contains(&column))
    }

    /// A part as the file holds it; `of` gives a table's name and that of its key.
    pub fn part(&self, part: &Part, of: &dyn Fn(usize) -> (String, String)) -> Value {
        let columns: Vec<&str> =
            part.columns.iter().map(|at| self.columns[*at].name.as_str()).collect();
        match &part.kind {
            PartKind::Index { unique: true } => {
                json!({"name": part.name, "columns": columns, "unique": true})
            }
            PartKind::Index { .. } => json!({"name": part.name, "columns": columns}),
            PartKind::Unique => json!({"name": part.name, "columns": columns}),
            PartKind::Check => {
                let quoted = |quote: &str| {
                    let name = columns[0].replace(quote, &quote.repeat(2));
                    format!("{quote}{name}{quote} IS NOT NULL")
                };
                let sql =
                    json!({"postgres": quoted("\""), "mysql": quoted("`"), "sqlite": quoted("\"")});
                json!({"name": part.name, "sql": sql})
            }
            PartKind::ForeignKey(table) => {
                let (table, key) = of(*table);
                json!({
                    "name": part.name,
                    "columns": columns,
                    "references": {"table": table, "columns": [key]},
                    "on_delete": "cascade",
                })
            }
        }
    }

    /// The table as `create_table` and `was` hold it, without its name.
    pub fn definition(&self, of: &dyn Fn(usize) -> (String, String)) -> Value {
        let mut columns: Vec<Value> = self.columns.iter().map(Column::definition).collect();
        let (mut constraints, mut indexes) = (Vec::new(), Vec::new());
        match &self.key {
            None => columns[0]["primary_key"] = true.into(),
            Some(name) => {
                let key = json!({"name": name, "columns": [self.columns[0].name]});
                constraints.push(json!({ "primary_key": key }));
            }
        }
        for part in &self.parts {
            let value = self.part(part, of);
            match part.kind {
                PartKind::Index { .. } => indexes.push(value),
                PartKind::Unique => constraints.push(json!({"unique": value})),
                PartKind::Check => constraints.push(json!({"check": value})),
                PartKind::ForeignKey(_) => constraints.push(json!({"foreign_key": value})),
            }
        }
        let mut value = json!({"columns": columns, "constraints": constraints, "indexes": indexes});
        if let Some(comment) = &self.comment {
            value["comment"] = comment.clone().into();
        }
        value
    }
}

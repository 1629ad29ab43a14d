//! What an operation says, part by part. The schema of the file's form tells which parts are SQL, and
//! which are said for each dialect by itself, so that no option has to be named here.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use schemars::schema_for;
use serde_json::{Map, Value};

use super::Operation;
use crate::text::Dialect;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| schema_for!(Operation).to_value());

/// Something that an operation says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::model) enum Leaf<'a> {
    /// SQL, for a dialect or for all.
    Sql(Option<Dialect>, &'a str),
    /// A list of so many; its items come by themselves.
    List(usize),
    /// A word, a number, a name, anything that is taken as it is; nothing set in a map that is given.
    Plain(&'a Value),
    /// Nothing for the dialect that was asked for.
    Missing,
}

impl Operation {
    /// The paths of all texts that are SQL, such as `create_table.columns.0.default.sql`: a file in YAML
    /// must not write them as plain words.
    pub fn sql_paths(&self) -> BTreeSet<String> {
        let mut paths = BTreeSet::new();
        self.said(None, &mut |path, said| {
            if matches!(said, Leaf::Sql(..)) {
                paths.insert(path.to_owned());
            }
        });
        paths
    }

    /// Calls with everything that the operation says, and the path of each. What was left out is not
    /// among it. Of what is said by dialect there comes what is said for the one asked for, or all.
    pub(in crate::model) fn said(
        &self,
        dialect: Option<Dialect>,
        visit: &mut dyn FnMut(&str, Leaf<'_>),
    ) {
        // An operation is plain JSON: it can always be written.
        let value = serde_json::to_value(self).unwrap_or_default();
        let mut walk = Walk { dialect, visit };
        walk.value(&value, &SCHEMA, None, "");
    }
}

struct Walk<'a> {
    dialect: Option<Dialect>,
    visit: &'a mut dyn FnMut(&str, Leaf<'_>),
}

impl Walk<'_> {
    /// `sql`: the value is SQL, for this dialect or for all.
    fn value(&mut self, value: &Value, schema: &Value, sql: Option<Option<Dialect>>, path: &str) {
        let schema = resolve(schema);
        let is_sql = schema["format"] == "sql";
        let sql = sql.or_else(|| is_sql.then_some(None));
        if let Some(forms) = forms(schema) {
            match forms.iter().find(|form| fits(value, form)) {
                Some(form) => self.value(value, form, sql, path),
                None => (self.visit)(path, Leaf::Plain(value)),
            }
            return;
        }
        match value {
            Value::Object(map) if is_by_dialect(schema) => self.by_dialect(map, schema, sql, path),
            Value::Object(map) if !map.is_empty() => {
                let properties = &schema["properties"];
                let mut keys: Vec<&String> = map.keys().collect();
                // The columns of a row and their like may be written in any order.
                if properties.is_null() {
                    keys.sort_unstable();
                }
                for key in keys {
                    let inner = match &properties[key.as_str()] {
                        Value::Null => &schema["additionalProperties"],
                        inner => inner,
                    };
                    self.value(&map[key], inner, sql, &below(path, key));
                }
            }
            Value::Array(items) => {
                (self.visit)(path, Leaf::List(items.len()));
                for (at, item) in items.iter().enumerate() {
                    self.value(item, &schema["items"], sql, &below(path, &at.to_string()));
                }
            }
            Value::String(text) if sql.is_some() => {
                (self.visit)(path, Leaf::Sql(sql.flatten(), text));
            }
            plain => (self.visit)(path, Leaf::Plain(plain)),
        }
    }

    fn by_dialect(
        &mut self,
        map: &Map<String, Value>,
        schema: &Value,
        sql: Option<Option<Dialect>>,
        path: &str,
    ) {
        let said = |dialect: Dialect| Some((dialect, map.get(dialect.name())?));
        match self.dialect {
            Some(dialect) => match said(dialect).or_else(|| said(dialect.fallback()?)) {
                Some((named, value)) => {
                    self.value(value, &schema["properties"][named.name()], sql, path);
                }
                None => (self.visit)(path, Leaf::Missing),
            },
            None => {
                for (dialect, value) in Dialect::ALL.into_iter().filter_map(said) {
                    let sql = sql.map(|_| Some(dialect));
                    let schema = &schema["properties"][dialect.name()];
                    self.value(value, schema, sql, &below(path, dialect.name()));
                }
            }
        }
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// A schema, or the one that it names.
fn resolve(schema: &Value) -> &Value {
    match schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        Some(name) => &SCHEMA["$defs"][name],
        None if schema["$ref"] == "#" => &SCHEMA,
        None => schema,
    }
}

fn forms(schema: &Value) -> Option<&Vec<Value>> {
    schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())
}

/// Whether a value is of the form, as far as its own keys tell.
fn fits(value: &Value, schema: &Value) -> bool {
    let schema = resolve(schema);
    if let Some(forms) = forms(schema) {
        return forms.iter().any(|form| fits(value, form));
    }
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "number" | "integer" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let of_type = match &schema["type"] {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    let of_word = match (&schema["const"], &schema["enum"]) {
        (Value::Null, Value::Array(words)) => words.contains(value),
        (Value::Null, _) => true,
        (word, _) => word == value,
    };
    let Some(map) = value.as_object() else { return of_type && of_word };
    let open = schema["additionalProperties"] != false;
    let known = |key: &String| open || !schema["properties"][key.as_str()].is_null();
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    of_type && map.keys().all(known) && required.into_iter().all(|key| map.contains_key(key))
}

/// Whether it is a map by dialect: its keys are the dialects and nothing else.
fn is_by_dialect(schema: &Value) -> bool {
    let is_one = |key: &String| key.parse::<Dialect>().is_ok();
    schema["properties"].as_object().is_some_and(|keys| !keys.is_empty() && keys.keys().all(is_one))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of the keys in a digest is that of the fields: an operation whose schema is not found
    /// in one step would have them sorted.
    #[test]
    fn the_keys_of_every_operation_are_found() {
        for form in forms(&SCHEMA).unwrap() {
            for (kind, schema) in form["properties"].as_object().unwrap() {
                let schema = resolve(schema);
                let is_text = schema["format"] == "sql";
                assert!(is_text || schema["properties"].is_object(), "{kind}: {schema}");
            }
        }
    }
}

//! PostgreSQL's types and their values.

use serde_json::Value;

use crate::sql::literal::literal;
use crate::sql::types::{Portable, Type, Types};
use crate::text::Dialect;

/// PostgreSQL's.
pub(super) struct PostgresTypes;

impl Types for PostgresTypes {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn name(&self, portable: Portable) -> String {
        match portable {
            Portable::String(length) => format!("varchar({length})"),
            Portable::Char(length) => format!("char({length})"),
            Portable::Text => "text".to_owned(),
            Portable::Smallint => "smallint".to_owned(),
            Portable::Integer => "integer".to_owned(),
            Portable::Bigint => "bigint".to_owned(),
            Portable::Decimal(precision, scale) => format!("numeric({precision},{scale})"),
            Portable::Real => "real".to_owned(),
            Portable::Double => "double precision".to_owned(),
            Portable::Boolean => "boolean".to_owned(),
            Portable::Date => "date".to_owned(),
            Portable::Time => "time".to_owned(),
            Portable::Timestamp => "timestamp".to_owned(),
            Portable::Timestamptz => "timestamptz".to_owned(),
            Portable::Json => "json".to_owned(),
            Portable::Uuid => "uuid".to_owned(),
            Portable::Bytes => "bytea".to_owned(),
        }
    }

    fn nearest(&self, own: &str) -> Option<Portable> {
        let own = own.trim().to_ascii_lowercase();
        let (name, arguments) = match own.split_once('(') {
            Some((name, rest)) => (name.trim_end(), Some(rest)),
            None => (own.as_str(), None),
        };
        let zone = arguments.map_or(own.as_str(), |rest| rest);
        Some(match name {
            "int2" | "smallserial" => Portable::Smallint,
            "int" | "int4" | "serial" => Portable::Integer,
            "int8" | "bigserial" => Portable::Bigint,
            "float8" | "double precision" => Portable::Double,
            "float4" => Portable::Real,
            "bool" => Portable::Boolean,
            "jsonb" => Portable::Json,
            "bytea" => Portable::Bytes,
            "character varying" | "varchar" | "bpchar" | "name" | "citext" => {
                match length(arguments) {
                    Some(length) => Portable::String(length),
                    None => Portable::Text,
                }
            }
            "character" => Portable::Char(length(arguments).unwrap_or(1)),
            "time" | "time without time zone" if !zone.ends_with("with time zone") => {
                Portable::Time
            }
            "timestamp" | "timestamp without time zone" if !zone.ends_with("with time zone") => {
                Portable::Timestamp
            }
            "timestamp" | "timestamp with time zone" | "timestamptz" => Portable::Timestamptz,
            _ => return Portable::parse(&own),
        })
    }

    fn bytes(&self, hex: &str) -> String {
        // Not `'\x…'`: what a backslash means depends on standard_conforming_strings.
        format!("decode('{hex}', 'hex')")
    }

    fn own_value(&self, own: &str, value: &Value) -> Option<Result<String, String>> {
        let element = own.trim().strip_suffix("[]")?;
        let Value::Array(items) = value else { return None };
        let own = own.trim();
        let items: Result<Vec<_>, _> = items
            .iter()
            .map(|item| match item {
                // The inner list of an array of arrays is of the same type in PostgreSQL.
                Value::Array(_) => self.own_value(own, item).unwrap_or_else(|| Ok(String::new())),
                item => literal(self, Type::plain(element.trim_end_matches("[]")), item),
            })
            .collect();
        let name = Type::plain(element.trim_end_matches("[]")).name(self);
        Some(items.map(|items| format!("ARRAY[{}]::{name}[]", items.join(", "))))
    }
}

fn length(arguments: Option<&str>) -> Option<u32> {
    arguments?.split(')').next()?.trim().parse().ok()
}

//! What the difference of two schemas must know of PostgreSQL.

use super::routine::is_parsed;
use crate::model::operation::RoutineDefinition;
use crate::sql::diff_rules::DiffRules;
use crate::text::{Dialect, ident, qualified};

/// PostgreSQL's.
pub(super) struct PostgresRules;

/// Types whose values are assigned to each other without a word.
const FAMILIES: [&[&str]; 6] = [
    &[
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "decimal",
        "int2",
        "int4",
        "int8",
        "money",
    ],
    &[
        "date",
        "timestamp without time zone",
        "timestamp with time zone",
        "timestamp",
        "timestamptz",
    ],
    &["time without time zone", "time with time zone", "time", "timetz", "interval"],
    &["json", "jsonb"],
    &["inet", "cidr"],
    &["bit", "bit varying"],
];

/// Types to which every value is assigned without a word.
const TEXTS: [&str; 5] = ["text", "character varying", "character", "varchar", "name"];

impl DiffRules for PostgresRules {
    fn circumstances(&self) -> Option<&'static str> {
        Some(
            "SELECT 'server_version', \
             (pg_catalog.current_setting('server_version_num')::int / 10000)::text \
             UNION ALL SELECT s.name, s.setting FROM pg_catalog.pg_settings s WHERE s.name IN \
             ('DateStyle', 'IntervalStyle', 'TimeZone', 'default_table_access_method', \
             'default_text_search_config', 'default_toast_compression', 'server_encoding', \
             'standard_conforming_strings', 'transform_null_equals', 'xmloption') \
             UNION ALL SELECT 'collation', d.datcollate || ', ' || d.datctype \
             FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()",
        )
    }

    fn rights_go_with_object(&self) -> bool {
        true
    }

    fn body_can_wait(&self, routine: &RoutineDefinition) -> bool {
        let language = routine.language.as_deref();
        let body = routine.body.get(Dialect::Postgres);
        body.is_some_and(|body| !is_parsed(language, body)) && language != Some("internal")
    }

    fn body_checks(&self) -> Option<&'static str> {
        Some(
            "SELECT pg_catalog.format('SELECT %s(%s)', l.lanvalidator::pg_catalog.regproc, p.oid), \
             p.oid::pg_catalog.regprocedure::text FROM pg_catalog.pg_proc p \
             JOIN pg_catalog.pg_language l ON l.oid = p.prolang AND l.lanvalidator <> 0 \
             AND l.lanname NOT IN ('c', 'internal') \
             JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace \
             AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
             WHERE NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = p.oid \
             AND x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND x.deptype = 'e') ORDER BY 2",
        )
    }

    fn default_collation(&self) -> Option<&'static str> {
        Some("default")
    }

    fn conversion(&self, from: &str, to: &str, column: &str) -> Option<String> {
        let (one, other) = (word(from), word(to));
        let in_one_family =
            FAMILIES.iter().any(|family| family.contains(&&*one) && family.contains(&&*other));
        if one == other || in_one_family || TEXTS.contains(&&*other) {
            return None;
        }
        let column = ident(Dialect::Postgres, column);
        // Most types are only read from text.
        let is_truth = matches!((&*one, &*other), ("boolean", "integer") | ("integer", "boolean"));
        let through = if TEXTS.contains(&&*one) || is_truth { "" } else { "::text" };
        Some(format!("{column}{through}::{to}"))
    }

    fn serial_type(&self, type_: &str, sequence_type: Option<&str>) -> Option<&'static str> {
        let (word, own) = match type_ {
            "smallint" => ("smallserial", "smallint"),
            "integer" => ("serial", "integer"),
            "bigint" => ("bigserial", "bigint"),
            _ => return None,
        };
        (sequence_type.unwrap_or("bigint") == own).then_some(word)
    }

    fn usual_schema_comment(&self, name: &str) -> Option<&'static str> {
        (name == "public").then_some("standard public schema")
    }

    fn sequence_type(&self) -> Option<&'static str> {
        Some("bigint")
    }

    fn sequence_bounds(&self, type_: Option<&str>) -> Option<(i64, i64)> {
        match type_.unwrap_or("bigint") {
            "smallint" => Some((i16::MIN.into(), i16::MAX.into())),
            "integer" => Some((i32::MIN.into(), i32::MAX.into())),
            "bigint" => Some((i64::MIN, i64::MAX)),
            _ => None,
        }
    }

    fn rename_sequence(&self, schema: Option<&str>, name: &str, to: &str) -> Option<String> {
        let (name, to) = (qualified(Dialect::Postgres, schema, name), ident(Dialect::Postgres, to));
        Some(format!("ALTER SEQUENCE {name} RENAME TO {to}"))
    }
}

/// A type without its numbers.
fn word(type_: &str) -> String {
    let mut word = String::new();
    let mut depth = 0_usize;
    for c in type_.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 => word.push(c),
            _ => {}
        }
    }
    word.split_whitespace().collect::<Vec<_>>().join(" ")
}

//! Reads what PostgreSQL's catalogue says of the schemas. The server writes columns, constraints and
//! indexes as a file would, so that they are read as a file is.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Postgres;
use super::relations::{self, OWNED, RELATIONS};
use crate::db::{DbError, Row, ServerError};
use crate::model::operation::TableDefinition;
use crate::model::{Name, Schema, StoredDdl, Table};

/// All in one statement, which sees one state and costs one round trip.
fn query() -> String {
    [
        "SELECT 'own', NULL, pg_catalog.current_schema()::text, 0, NULL".to_owned(),
        relations::tables(""),
        relations::columns(""),
        relations::constraints(""),
        relations::indexes("'r', 'p'", ""),
        relations::enums(),
        format!(
            "SELECT 'view', {OWNED}, c.oid::bigint, pg_catalog.json_build_object('sql', \
             CASE c.relkind WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' ELSE 'CREATE VIEW ' END \
             || pg_catalog.format('%I.%I AS ', n.nspname, c.relname) || pg_catalog.pg_get_viewdef(c.oid))::text \
             {RELATIONS} WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'"
        ),
        format!(
            "SELECT 'trigger', {OWNED}, g.oid::bigint, pg_catalog.json_build_object('name', g.tgname, \
             'sql', pg_catalog.pg_get_triggerdef(g.oid))::text \
             {RELATIONS} JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal"
        ),
    ]
    .join(" UNION ALL ")
        + " ORDER BY 4"
}

/// The statement of a view or trigger.
#[derive(serde::Deserialize)]
struct Statement {
    #[serde(default)]
    name: Option<String>,
    sql: String,
}

/// Such a query is large and short-lived: compiling it takes seconds, running it milliseconds.
const UNCOMPILED: &str = "SELECT pg_catalog.set_config('rev.jit', \
    pg_catalog.current_setting('jit'), true); SELECT pg_catalog.set_config('jit', 'off', true); ";

/// Puts it back, for a transaction that may be open.
const AS_BEFORE: &str = "; SELECT pg_catalog.set_config('jit', \
    pg_catalog.current_setting('rev.jit'), true)";

impl Postgres {
    /// The rows of a query of parts, in one round trip.
    pub(super) async fn catalogue_rows(&mut self, query: &str) -> Result<Vec<Row>, DbError> {
        let rows = self.rows(&format!("{UNCOMPILED}{query}{AS_BEFORE}")).await?;
        // What is set is a row of one value.
        Ok(rows.into_iter().filter(|row| row.len() > 1).collect())
    }

    /// What the schemas hold, in one query.
    pub(super) async fn introspect(&mut self) -> Result<Schema, DbError> {
        let mut schema = Schema { complete: true, ..Schema::default() };
        let mut tables: BTreeMap<Name, TableDefinition> = BTreeMap::new();
        let rows = self.catalogue_rows(&query()).await?;
        let tables_first =
            |row: &&Row| row.first().is_some_and(|kind| kind.as_deref() == Some("table"));
        for row in rows.iter().filter(tables_first) {
            let part = Part::of(row)?;
            tables.insert(part.name.clone(), part.read()?);
        }
        for row in rows.iter().filter(|row| !tables_first(row)) {
            let part = Part::of(row)?;
            let name = part.name.clone();
            match part.kind {
                "own" => schema.own = Some(name.name),
                "enum" => {
                    schema.enums.insert(name, part.read::<Option<_>>()?.unwrap_or_default());
                }
                "view" => {
                    let Statement { sql, .. } = part.read()?;
                    schema.views.push(StoredDdl { name, table: None, sql: Some(sql) });
                }
                "trigger" => {
                    let Statement { name: own, sql } = part.read()?;
                    let own = Name { schema: name.schema.clone(), name: own.unwrap_or_default() };
                    schema.triggers.push(StoredDdl {
                        name: own,
                        table: Some(name),
                        sql: Some(sql),
                    });
                }
                kind => {
                    // A temporary table's columns have no table here.
                    let Some(table) = tables.get_mut(&name) else { continue };
                    match kind {
                        "column" => table.columns.push(part.read()?),
                        "constraint" => table.constraints.push(part.read()?),
                        _ => table.indexes.push(part.read()?),
                    }
                }
            }
        }
        let tables = tables
            .into_iter()
            .map(|(name, definition)| (name, Table { definition, sql: None, sequence: None }));
        schema.tables = tables.collect();
        Ok(schema)
    }
}

/// A row of the answer.
pub(super) struct Part<'a> {
    pub kind: &'a str,
    pub name: Name,
    /// The object's number in its class; of a column its place.
    pub number: &'a str,
    json: Option<&'a str>,
}

impl<'a> Part<'a> {
    pub(super) fn of(row: &'a Row) -> Result<Self, DbError> {
        let [Some(kind), schema, Some(name), Some(number), json] = row.as_slice() else {
            return Err(unreadable("a row is too short"));
        };
        let name = Name { schema: schema.clone(), name: name.clone() };
        Ok(Part { kind, name, number, json: json.as_deref() })
    }

    /// What stands where the JSON does, as it is.
    pub(super) fn text(&self) -> Option<&'a str> {
        self.json
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T, DbError> {
        serde_json::from_str(self.json.unwrap_or("null"))
            .map_err(|error| unreadable(&format!("{} of {}: {error}", self.kind, self.name.name)))
    }
}

pub(super) fn unreadable(what: &str) -> DbError {
    DbError::Statement(ServerError::new(format!("the catalog cannot be read: {what}"), None))
}

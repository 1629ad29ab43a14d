//! Reads what PostgreSQL's catalogue says of the schemas. The server writes columns, constraints and
//! indexes as a file would, so that they are read as a file is.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::Postgres;
use crate::db::{DbError, Row, ServerError};
use crate::model::operation::TableDefinition;
use crate::model::{Name, Schema, Stored, Table};

/// The relations of user schemas, none of which belongs to an extension.
const RELATIONS: &str = "FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = c.oid \
    AND x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.deptype = 'e')";

/// What stands in front of each part: its kind, the schema, the name, a number to sort by.
const OWNED: &str = "NULLIF(n.nspname, pg_catalog.current_schema()), c.relname::text";

/// All in one statement, which sees one state and costs one round trip.
fn query() -> String {
    let columns_of = |keys: &str, table: &str| {
        format!(
            "(SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) \
             FROM unnest({keys}) WITH ORDINALITY k(num, at) \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = k.num)"
        )
    };
    // Of an index: the columns behind its key.
    let include = "(SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) \
         FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k(num, at) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num \
         WHERE k.at > i.indnkeyatts)";
    let nulls_distinct = "CASE WHEN pg_catalog.to_jsonb(i)->>'indnullsnotdistinct' = 'true' \
                          THEN false END";
    // Of a class of an index's key, unless it is the type's own.
    let opclass = "(SELECT o.opcname FROM pg_catalog.pg_opclass o \
                   WHERE o.oid = i.indclass[k - 1] AND NOT o.opcdefault)";
    let column = "(SELECT a.attname FROM pg_catalog.pg_attribute a \
                  WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1])";
    let expression = "CASE WHEN i.indkey[k - 1] = 0 \
                      THEN pg_catalog.pg_get_indexdef(i.indexrelid, k, false) END";
    let options = |options: &str| {
        format!(
            "(SELECT pg_catalog.json_object_agg(o.option_name, o.option_value) \
             FROM pg_catalog.pg_options_to_table({options}) o)"
        )
    };
    let tablespace = "(SELECT s.spcname FROM pg_catalog.pg_tablespace s \
                      WHERE s.oid = {}.reltablespace)";
    let [table_space, index_space] = ["c", "ic"].map(|of| tablespace.replace("{}", of));
    let action = |column: &str| {
        format!(
            "CASE {column} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' \
             WHEN 'n' THEN 'set_null' WHEN 'd' THEN 'set_default' END"
        )
    };
    let deferred = "'deferrable', CASE WHEN o.condeferrable THEN true END, \
                    'initially', CASE WHEN o.condeferred THEN 'deferred' END";
    let build = "pg_catalog.json_strip_nulls(pg_catalog.json_build_object";
    [
        "SELECT 'own', NULL, pg_catalog.current_schema()::text, 0, NULL".to_owned(),
        format!(
            "SELECT 'table', {OWNED}, 0, {build}(\
             'comment', pg_catalog.obj_description(c.oid, 'pg_class'), \
             'options', pg_catalog.json_build_object(\
             'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END, \
             'inherits', (SELECT pg_catalog.json_agg(h.inhparent::pg_catalog.regclass::text ORDER BY h.inhseqno) \
             FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid AND NOT c.relispartition), \
             'partition_of', (SELECT h.inhparent::pg_catalog.regclass::text \
             FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid AND c.relispartition), \
             'partition_bounds', pg_catalog.pg_get_expr(c.relpartbound, c.oid), \
             'partition_by', CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, \
             'with', {}, 'tablespace', {table_space}, \
             'using', (SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')\
             )))::text {RELATIONS} WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'",
            options("c.reloptions")
        ),
        format!(
            "SELECT 'column', {OWNED}, a.attnum, {build}(\
             'name', a.attname, \
             'type', pg_catalog.json_build_object('postgres', pg_catalog.format_type(a.atttypid, a.atttypmod)), \
             'nullable', NOT a.attnotnull, \
             'default', CASE WHEN d.adbin IS NOT NULL AND a.attgenerated = '' THEN \
             pg_catalog.json_build_object('sql', pg_catalog.pg_get_expr(d.adbin, d.adrelid)) END, \
             'generated', CASE WHEN a.attgenerated <> '' THEN pg_catalog.json_build_object(\
             'sql', pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'stored', a.attgenerated = 's') END, \
             'identity', CASE WHEN a.attidentity <> '' THEN (SELECT pg_catalog.json_build_object(\
             'kind', CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by_default' END, \
             'start', NULLIF(s.seqstart, 1), 'increment', NULLIF(s.seqincrement, 1), \
             'min', NULLIF(s.seqmin, 1), \
             'max', NULLIF(s.seqmax, CASE s.seqtypid WHEN 'int2'::pg_catalog.regtype THEN 32767 \
             WHEN 'int4'::pg_catalog.regtype THEN 2147483647 ELSE 9223372036854775807 END), \
             'cache', NULLIF(s.seqcache, 1), 'cycle', NULLIF(s.seqcycle, false)) \
             FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid \
             WHERE p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.deptype = 'i' \
             AND p.refobjid = c.oid AND p.refobjsubid = a.attnum) END, \
             'collation', (SELECT l.collname FROM pg_catalog.pg_collation l \
             WHERE l.oid = a.attcollation AND a.attcollation <> t.typcollation), \
             'compression', CASE pg_catalog.to_jsonb(a)->>'attcompression' \
             WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END, \
             'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage \
             WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END, \
             'comment', pg_catalog.col_description(c.oid, a.attnum)))::text {RELATIONS} \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
             JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             WHERE c.relkind IN ('r', 'p')"
        ),
        format!(
            "SELECT 'constraint', {OWNED}, o.oid::bigint, {build}(\
             CASE o.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign_key' \
             WHEN 'c' THEN 'check' ELSE 'exclude' END, CASE o.contype \
             WHEN 'p' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
             'include', {include}, {deferred}, 'tablespace', {index_space}) \
             WHEN 'u' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
             'include', {include}, 'nulls_distinct', {nulls_distinct}, {deferred}, \
             'tablespace', {index_space}) \
             WHEN 'f' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
             'references', (SELECT pg_catalog.json_build_object(\
             'schema', NULLIF(fn.nspname, pg_catalog.current_schema()), 'table', f.relname, \
             'columns', {theirs}) FROM pg_catalog.pg_class f \
             JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = o.confrelid), \
             'on_delete', {delete}, 'on_update', {update}, \
             'match', CASE o.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END, \
             {deferred}, 'not_valid', CASE WHEN NOT o.convalidated THEN true END) \
             WHEN 'c' THEN pg_catalog.json_build_object('name', o.conname, \
             'sql', pg_catalog.pg_get_expr(o.conbin, o.conrelid), \
             'not_valid', CASE WHEN NOT o.convalidated THEN true END, \
             'no_inherit', CASE WHEN o.connoinherit THEN true END) \
             ELSE pg_catalog.json_build_object('name', o.conname, \
             'elements', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(\
             'column', {column}, 'sql', {expression}, 'opclass', {opclass}, \
             'with', (SELECT p.oprname FROM pg_catalog.pg_operator p WHERE p.oid = o.conexclop[k])) \
             ORDER BY k) FROM pg_catalog.generate_series(1, i.indnkeyatts::int) k), \
             'method', m.amname, 'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), \
             'include', {include}, {deferred}, 'tablespace', {index_space}) END))::text {RELATIONS} \
             JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.contype IN ('p', 'u', 'f', 'c', 'x') \
             LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = o.conindid AND o.contype <> 'f' \
             LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
             LEFT JOIN pg_catalog.pg_am m ON m.oid = ic.relam \
             WHERE c.relkind IN ('r', 'p')",
            own = columns_of("o.conkey", "o.conrelid"),
            theirs = columns_of("o.confkey", "o.confrelid"),
            delete = action("o.confdeltype"),
            update = action("o.confupdtype"),
        ),
        format!(
            "SELECT 'index', {OWNED}, ic.oid::bigint, {build}('name', ic.relname, \
             'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(\
             'column', {column}, 'sql', {expression}, 'opclass', {opclass}, \
             'collation', (SELECT l.collname FROM pg_catalog.pg_collation l \
             WHERE l.oid = i.indcollation[k - 1] AND l.oid <> COALESCE((SELECT a.attcollation \
             FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1]), \
             100)), \
             'order', CASE WHEN i.indoption[k - 1] & 1 = 1 THEN 'desc' END, \
             'nulls', CASE i.indoption[k - 1] & 3 WHEN 1 THEN 'last' WHEN 2 THEN 'first' END) ORDER BY k) \
             FROM pg_catalog.generate_series(1, i.indnkeyatts::int) k), \
             'unique', CASE WHEN i.indisunique THEN true END, 'method', NULLIF(m.amname, 'btree'), \
             'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'include', {include}, \
             'nulls_distinct', {nulls_distinct}, 'with', {}, 'tablespace', {index_space}, \
             'comment', pg_catalog.obj_description(ic.oid, 'pg_class')))::text {RELATIONS} \
             JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
             JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
             JOIN pg_catalog.pg_am m ON m.oid = ic.relam \
             WHERE c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o \
             WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))",
            options("ic.reloptions")
        ),
        "SELECT 'enum', NULLIF(n.nspname, pg_catalog.current_schema()), t.typname::text, 0, \
         (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) \
         FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)::text \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
         WHERE t.typtype = 'e' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x \
         WHERE x.objid = t.oid AND x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass \
         AND x.deptype = 'e')"
            .to_owned(),
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

impl Postgres {
    /// What the schemas hold, in one query.
    pub(super) async fn read_schema(&mut self) -> Result<Schema, DbError> {
        let mut schema = Schema { complete: true, ..Schema::default() };
        let mut tables: BTreeMap<Name, TableDefinition> = BTreeMap::new();
        let rows = self.rows(&query()).await?;
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
                    schema.views.push(Stored { name, table: None, sql: Some(sql) });
                }
                "trigger" => {
                    let Statement { name: own, sql } = part.read()?;
                    let own = Name { schema: name.schema.clone(), name: own.unwrap_or_default() };
                    schema.triggers.push(Stored { name: own, table: Some(name), sql: Some(sql) });
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
struct Part<'a> {
    kind: &'a str,
    name: Name,
    json: Option<&'a str>,
}

impl<'a> Part<'a> {
    fn of(row: &'a Row) -> Result<Self, DbError> {
        let [Some(kind), schema, Some(name), _, json] = row.as_slice() else {
            return Err(unreadable("a row is too short"));
        };
        let name = Name { schema: schema.clone(), name: name.clone() };
        Ok(Part { kind, name, json: json.as_deref() })
    }

    fn read<T: DeserializeOwned>(&self) -> Result<T, DbError> {
        serde_json::from_str(self.json.unwrap_or("null"))
            .map_err(|error| unreadable(&format!("{} of {}: {error}", self.kind, self.name.name)))
    }
}

fn unreadable(what: &str) -> DbError {
    DbError::Statement(ServerError::said(format!("the catalogue cannot be read: {what}"), None))
}

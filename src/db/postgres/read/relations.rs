//! The parts of a query that reads what PostgreSQL's catalogue says of tables and enums: each row a kind,
//! the schema unless it is the session's own, the name, a number and JSON as a file would write it.

use crate::sql::{APPLIED_COLUMNS, LOG_COLUMNS, TEXT_COLUMNS};

/// The schemas that are the users' own.
pub(super) const USERS: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// The relations of user schemas, none of which belongs to an extension.
pub(super) const RELATIONS: &str = "FROM pg_catalog.pg_class c \
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = c.oid \
    AND x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND x.deptype = 'e')";

/// The session's own schema is never named.
pub(super) const SCHEMA: &str = "NULLIF(n.nspname, pg_catalog.current_schema())";

/// The schema and the name of a relation.
pub(super) const OWNED: &str = "NULLIF(n.nspname, pg_catalog.current_schema()), c.relname::text";

/// Makes a map, in which what is null is left out.
pub(super) const BUILD: &str = "pg_catalog.json_strip_nulls(pg_catalog.json_build_object";

/// The table `a` of a row's columns, with their types.
const COLUMNS: &str = "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
    AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid \
    LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum";

/// The condition that something does not belong to an extension.
pub(super) fn not_extensions(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = {oid} \
         AND x.classid = 'pg_catalog.{class}'::pg_catalog.regclass AND x.deptype = 'e')"
    )
}

/// Storage parameters as a map.
pub(super) fn parameters(options: &str) -> String {
    format!(
        "(SELECT pg_catalog.json_object_agg(o.option_name, o.option_value ORDER BY o.option_name) \
         FROM pg_catalog.pg_options_to_table({options}) o)"
    )
}

/// The tablespace of a relation, unless it is the database's.
pub(super) fn tablespace(relation: &str) -> String {
    format!(
        "(SELECT s.spcname FROM pg_catalog.pg_tablespace s WHERE s.oid = {relation}.reltablespace)"
    )
}

/// The access method of a relation, unless it is the usual one.
pub(super) const METHOD: &str =
    "(SELECT m.amname FROM pg_catalog.pg_am m WHERE m.oid = c.relam AND m.amname <> 'heap')";

/// A collation as a definition names it: behind its schema where the session would not find it.
pub(super) fn collation(oid: &str, but: &str) -> String {
    format!(
        "(SELECT CASE WHEN ln.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
         THEN l.collname::text ELSE pg_catalog.quote_ident(ln.nspname) || '.\"' \
         || pg_catalog.replace(l.collname, '\"', '\"\"') || '\"' END \
         FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace \
         WHERE l.oid = {oid} AND l.oid <> {but})"
    )
}

/// What a sequence `s` counts, each part only where it is not what the server would take by itself.
pub(super) fn counts() -> String {
    let lowest = "CASE s.seqtypid WHEN 'int2'::pg_catalog.regtype THEN -32768 \
                  WHEN 'int4'::pg_catalog.regtype THEN -2147483648 \
                  ELSE -9223372036854775808 END";
    let highest = "CASE s.seqtypid WHEN 'int2'::pg_catalog.regtype THEN 32767 \
                   WHEN 'int4'::pg_catalog.regtype THEN 2147483647 \
                   ELSE 9223372036854775807 END";
    format!(
        "'start', NULLIF(s.seqstart, CASE WHEN s.seqincrement > 0 THEN s.seqmin ELSE s.seqmax END), \
         'increment', NULLIF(s.seqincrement, 1), \
         'min', NULLIF(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 ELSE {lowest} END), \
         'max', NULLIF(s.seqmax, CASE WHEN s.seqincrement < 0 THEN -1 ELSE {highest} END), \
         'cache', NULLIF(s.seqcache, 1), 'cycle', NULLIF(s.seqcycle, false)"
    )
}

/// The condition that a table is none of a journal's, be it of another prefix or schema: the three stand
/// together, and have the journal's columns.
pub(super) fn no_journal() -> String {
    let columns: Vec<String> =
        [("applied", &APPLIED_COLUMNS[..]), ("text", &TEXT_COLUMNS[..]), ("log", &LOG_COLUMNS[..])]
            .into_iter()
            .flat_map(|(table, columns)| {
                columns.iter().map(move |column| format!("('{table}', '{column}')"))
            })
            .collect();
    format!(
        "NOT (c.relname ~ '_(applied|text|log)$' AND c.relkind = 'r' AND {} = (\
         SELECT count(*) FROM (VALUES {}) k(table_, column_) JOIN pg_catalog.pg_class j \
         ON j.relnamespace = c.relnamespace AND j.relkind = 'r' AND j.relname = \
         pg_catalog.regexp_replace(c.relname::text, '_(applied|text|log)$', '_') || k.table_ \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = j.oid AND a.attname = k.column_ \
         AND NOT a.attisdropped))",
        columns.len(),
        columns.join(", ")
    )
}

/// The tables `c`. A parent that stands in the session's own schema is named with it where the table
/// itself stands in another, for there it would be taken for one of that.
pub(super) fn tables(and: &str) -> String {
    let parent = "CASE WHEN r.relnamespace <> c.relnamespace \
                  AND rn.nspname = pg_catalog.current_schema() \
                  THEN pg_catalog.format('%I.%I', rn.nspname, r.relname) \
                  ELSE h.inhparent::pg_catalog.regclass::text END";
    let parents = "FROM pg_catalog.pg_inherits h \
                   JOIN pg_catalog.pg_class r ON r.oid = h.inhparent \
                   JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace \
                   WHERE h.inhrelid = c.oid";
    format!(
        "SELECT 'table', {OWNED}, c.oid::bigint, {BUILD}(\
         'comment', pg_catalog.obj_description(c.oid, 'pg_class'), \
         'options', pg_catalog.json_build_object(\
         'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END, \
         'inherits', (SELECT pg_catalog.json_agg({parent} ORDER BY h.inhseqno) \
         {parents} AND NOT c.relispartition), \
         'partition_of', (SELECT {parent} {parents} AND c.relispartition), \
         'partition_bounds', pg_catalog.pg_get_expr(c.relpartbound, c.oid), \
         'partition_by', CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, \
         'with', {with}, 'tablespace', {space}, 'using', {METHOD})))::text \
         {RELATIONS} WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' {and}",
        with = parameters("c.reloptions"),
        space = tablespace("c"),
    )
}

/// The columns `a` of the tables, the number being their place.
pub(super) fn columns() -> String {
    format!(
        "SELECT {kind}, {OWNED}, a.attnum, {BUILD}(\
         'name', a.attname, \
         'type', pg_catalog.json_build_object('postgres', pg_catalog.format_type(a.atttypid, a.atttypmod)), \
         'nullable', NOT a.attnotnull, \
         'default', CASE WHEN d.adbin IS NOT NULL AND a.attgenerated = '' THEN \
         pg_catalog.json_build_object('sql', pg_catalog.pg_get_expr(d.adbin, d.adrelid)) END, \
         'generated', CASE WHEN a.attgenerated <> '' THEN pg_catalog.json_build_object(\
         'sql', pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'stored', a.attgenerated = 's') END, \
         'identity', CASE WHEN a.attidentity <> '' THEN (SELECT pg_catalog.json_build_object(\
         'kind', CASE a.attidentity WHEN 'a' THEN 'always' ELSE 'by_default' END, {counts}) \
         FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_sequence s ON s.seqrelid = p.objid \
         WHERE p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.deptype = 'i' \
         AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
         AND p.refobjid = c.oid AND p.refobjsubid = a.attnum) END, \
         'collation', {collation}, \
         'compression', CASE pg_catalog.to_jsonb(a)->>'attcompression' \
         WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END, \
         'storage', CASE WHEN a.attstorage <> t.typstorage THEN CASE a.attstorage \
         WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' ELSE 'main' END END, \
         'comment', pg_catalog.col_description(c.oid, a.attnum)))::text {RELATIONS} {COLUMNS} \
         WHERE c.relkind IN ('r', 'p')",
        kind = inherited_unless("a.attislocal AND NOT c.relispartition", "column"),
        counts = counts(),
        collation = collation("a.attcollation", "t.typcollation"),
    )
}

/// The kind of a row about a part that a table may have of the one that it inherits from, or is a
/// partition of.
fn inherited_unless(own: &str, kind: &str) -> String {
    format!("CASE WHEN {own} THEN '{kind}' ELSE 'inherited {kind}' END")
}

/// The columns behind the keys `keys` of a table, in their order.
fn names(keys: &str, table: &str) -> String {
    format!(
        "(SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) \
         FROM unnest({keys}) WITH ORDINALITY k(num, at) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = {table} AND a.attnum = k.num)"
    )
}

/// Of an index: the columns behind its key.
const INCLUDE: &str = "(SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) \
    FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k(num, at) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num \
    WHERE k.at > i.indnkeyatts)";

const NULLS_DISTINCT: &str = "CASE WHEN pg_catalog.to_jsonb(i)->>'indnullsnotdistinct' = 'true' \
    THEN false END";

/// Of a part of an index's key: the operator class unless the column would have it by itself, and its
/// parameters.
const OPCLASS: &str = "(SELECT CASE WHEN on_.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
    THEN pg_catalog.quote_ident(o.opcname) ELSE pg_catalog.format('%I.%I', on_.nspname, o.opcname) END \
    || COALESCE(' (' || w.options || ')', '') \
    FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace on_ ON on_.oid = o.opcnamespace \
    LEFT JOIN LATERAL (SELECT pg_catalog.string_agg(p.option_name || '=' \
    || pg_catalog.quote_literal(p.option_value), ', ') AS options FROM pg_catalog.pg_attribute ia \
    CROSS JOIN LATERAL pg_catalog.pg_options_to_table(ia.attoptions) p \
    WHERE ia.attrelid = i.indexrelid AND ia.attnum = k) w ON true \
    WHERE o.oid = i.indclass[k - 1] AND (NOT o.opcdefault OR w.options IS NOT NULL \
    OR EXISTS (SELECT 1 FROM pg_catalog.pg_opclass other JOIN pg_catalog.pg_attribute a \
    ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] AND a.atttypid = other.opcintype \
    WHERE other.opcmethod = o.opcmethod AND other.opcdefault AND other.oid <> o.oid)))";

/// Of a part of an index's key: its column.
const COLUMN: &str = "(SELECT a.attname FROM pg_catalog.pg_attribute a \
    WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1])";

/// Of a part of an index's key: its expression.
const EXPRESSION: &str = "CASE WHEN i.indkey[k - 1] = 0 \
    THEN pg_catalog.pg_get_indexdef(i.indexrelid, k, false) END";

const KEYS: &str = "FROM pg_catalog.generate_series(1, i.indnkeyatts::int) k";

/// The constraints `o` of the tables.
pub(super) fn constraints() -> String {
    let action = |column: &str| {
        format!(
            "CASE {column} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' \
             WHEN 'n' THEN 'set_null' WHEN 'd' THEN 'set_default' END"
        )
    };
    let deferred = "'deferrable', CASE WHEN o.condeferrable THEN true END, \
                    'initially', CASE WHEN o.condeferred THEN 'deferred' END";
    let not_valid = "'not_valid', CASE WHEN NOT o.convalidated THEN true END";
    let operator = "(SELECT CASE WHEN pn.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
                    THEN p.oprname::text ELSE pg_catalog.format('OPERATOR(%I.%s)', pn.nspname, p.oprname) END \
                    FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace \
                    WHERE p.oid = o.conexclop[k])";
    format!(
        "SELECT {kind}, {OWNED}, o.oid::bigint, {BUILD}(\
         CASE o.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign_key' \
         WHEN 'c' THEN 'check' ELSE 'exclude' END, CASE o.contype \
         WHEN 'p' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
         'include', {INCLUDE}, {deferred}, 'tablespace', {space}) \
         WHEN 'u' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
         'include', {INCLUDE}, 'nulls_distinct', {NULLS_DISTINCT}, {deferred}, 'tablespace', {space}) \
         WHEN 'f' THEN pg_catalog.json_build_object('name', o.conname, 'columns', {own}, \
         'references', (SELECT pg_catalog.json_build_object(\
         'schema', NULLIF(fn.nspname, pg_catalog.current_schema()), 'table', f.relname, \
         'columns', {theirs}) FROM pg_catalog.pg_class f \
         JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = o.confrelid), \
         'on_delete', {delete}, 'on_update', {update}, \
         'match', CASE o.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END, \
         {deferred}, {not_valid}) \
         WHEN 'c' THEN pg_catalog.json_build_object('name', o.conname, \
         'sql', pg_catalog.pg_get_expr(o.conbin, o.conrelid), {not_valid}, \
         'no_inherit', CASE WHEN o.connoinherit THEN true END) \
         ELSE pg_catalog.json_build_object('name', o.conname, \
         'elements', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(\
         'column', {COLUMN}, 'sql', {EXPRESSION}, 'opclass', {OPCLASS}, 'with', {operator}) \
         ORDER BY k) {KEYS}), \
         'method', m.amname, 'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), \
         'include', {INCLUDE}, {deferred}, 'tablespace', {space}) END))::text {RELATIONS} \
         JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.contype IN ('p', 'u', 'f', 'c', 'x') \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = o.conindid AND o.contype <> 'f' \
         LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         LEFT JOIN pg_catalog.pg_am m ON m.oid = ic.relam \
         WHERE c.relkind IN ('r', 'p')",
        kind = inherited_unless("o.conislocal AND o.conparentid = 0", "constraint"),
        own = names("o.conkey", "o.conrelid"),
        theirs = names("o.confkey", "o.confrelid"),
        delete = action("o.confdeltype"),
        update = action("o.confupdtype"),
        space = tablespace("ic"),
    )
}

/// The indexes `ic` of tables and materialized views that are no constraint's.
pub(super) fn indexes() -> String {
    let collation = collation(
        "i.indcollation[k - 1]",
        "COALESCE((SELECT a.attcollation FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1]), 100)",
    );
    format!(
        "SELECT {kind}, {OWNED}, ic.oid::bigint, {BUILD}('name', ic.relname, \
         'columns', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(\
         'column', {COLUMN}, 'sql', {EXPRESSION}, 'opclass', {OPCLASS}, 'collation', {collation}, \
         'order', CASE WHEN i.indoption[k - 1] & 1 = 1 THEN 'desc' END, \
         'nulls', CASE i.indoption[k - 1] & 3 WHEN 1 THEN 'last' WHEN 2 THEN 'first' END) ORDER BY k) \
         {KEYS}), \
         'unique', CASE WHEN i.indisunique THEN true END, 'method', NULLIF(m.amname, 'btree'), \
         'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'include', {INCLUDE}, \
         'nulls_distinct', {NULLS_DISTINCT}, 'with', {with}, 'tablespace', {space}, \
         'comment', pg_catalog.obj_description(ic.oid, 'pg_class')))::text {RELATIONS} \
         JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
         JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         JOIN pg_catalog.pg_am m ON m.oid = ic.relam \
         WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o \
         WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))",
        kind = inherited_unless("NOT ic.relispartition", "index"),
        with = parameters("ic.reloptions"),
        space = tablespace("ic"),
    )
}

/// The enums and their values in order.
pub(super) fn enums() -> String {
    format!(
        "SELECT 'enum', {SCHEMA}, t.typname::text, t.oid::bigint, \
         (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) \
         FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)::text \
         FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace \
         AND {USERS} WHERE t.typtype = 'e' AND {}",
        not_extensions("pg_type", "t.oid")
    )
}

//! The parts of a query that reads what PostgreSQL's catalogue says of tables and enums: each row a kind,
//! the schema unless it is the session's own, the name, a number and JSON as a file would write it.

/// What many parts look at, each with the schema that it stands in (`own` unless it is the session's): the
/// schemas that are the users', what belongs to extensions, and of the rest the relations, their columns and
/// the types. Planning these joins in each part would take the server longer than all else.
pub(super) const SHARED: &str = "WITH users AS (SELECT n.oid, n.nspname, \
    NULLIF(n.nspname, pg_catalog.current_schema())::text AS own FROM pg_catalog.pg_namespace n \
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'), \
    members AS (SELECT x.classid, x.objid, x.refclassid, x.refobjid \
    FROM pg_catalog.pg_depend x WHERE x.deptype = 'e'), \
    relations AS (SELECT c.*, n.nspname, n.own FROM pg_catalog.pg_class c \
    JOIN users n ON n.oid = c.relnamespace WHERE NOT EXISTS (SELECT 1 FROM members x \
    WHERE x.objid = c.oid AND x.classid = 'pg_catalog.pg_class'::pg_catalog.regclass)), \
    columns AS (SELECT a.*, c.own, c.relname, c.relkind, c.relispartition, t.typstorage, t.typcollation, \
    CASE WHEN a.attlen = -1 THEN CASE pg_catalog.to_jsonb(a)->>'attcompression' WHEN 'p' THEN 'pglz' \
    WHEN 'l' THEN 'lz4' END END AS compression, \
    CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' \
    ELSE 'main' END AS storage \
    FROM relations c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
    AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid), \
    types AS (SELECT t.*, n.nspname, n.own FROM pg_catalog.pg_type t \
    JOIN users n ON n.oid = t.typnamespace WHERE NOT EXISTS (SELECT 1 FROM members x \
    WHERE x.objid = t.oid AND x.classid = 'pg_catalog.pg_type'::pg_catalog.regclass)), \
    sequences AS (SELECT c.oid, c.own, c.relname, c.relpersistence, s.*, d.deptype, \
    r.own AS table_own, r.relname AS table_name, r.relpersistence AS table_persistence, \
    a.attname, a.atttypid FROM relations c JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid \
    LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
    AND d.objid = c.oid AND d.refclassid = d.classid AND d.deptype IN ('a', 'i') \
    LEFT JOIN relations r ON r.oid = d.refobjid \
    LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid), \
    words AS (SELECT w.* FROM pg_catalog.pg_description w WHERE w.objoid >= 16384) ";

/// The relations of user schemas, none of which belongs to an extension.
pub(super) const RELATIONS: &str = "FROM relations c";

/// The schema and the name of a relation.
pub(super) const OWNED: &str = "c.own, c.relname::text";

/// Makes a map, in which what is null is left out.
pub(super) const BUILD: &str = "pg_catalog.json_strip_nulls(pg_catalog.json_build_object";

/// The condition that something does not belong to an extension.
pub(super) fn not_extensions(class: &str, oid: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM members x WHERE x.objid = {oid} \
         AND x.classid = 'pg_catalog.{class}'::pg_catalog.regclass)"
    )
}

/// The comment on an object, or on a part of it.
pub(super) fn comment(class: &str, oid: &str, part: &str) -> String {
    format!(
        "(SELECT w.description FROM pg_catalog.pg_description w WHERE w.objoid = {oid} \
         AND w.classoid = 'pg_catalog.{class}'::pg_catalog.regclass AND w.objsubid = {part})"
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
        "CASE WHEN {oid} <> {but} THEN (SELECT CASE WHEN ln.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
         THEN l.collname::text ELSE pg_catalog.quote_ident(ln.nspname) || '.\"' \
         || pg_catalog.replace(l.collname, '\"', '\"\"') || '\"' END \
         FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace \
         WHERE l.oid = {oid}) END"
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

/// The tables `c`. A parent that stands in the session's own schema is named with it where the table
/// itself stands in another, for there it would be taken for one of that.
pub(super) fn tables(and: &str) -> String {
    let parent = "CASE WHEN r.relnamespace <> c.relnamespace \
                  AND rn.nspname = pg_catalog.current_schema() \
                  THEN pg_catalog.format('%I.%I', rn.nspname, r.relname) \
                  ELSE h.inhparent::pg_catalog.regclass::text END";
    format!(
        "SELECT 'table', {OWNED}, c.oid::bigint, {BUILD}(\
         'comment', {comment}, \
         'options', pg_catalog.json_build_object(\
         'unlogged', CASE WHEN c.relpersistence = 'u' THEN true END, \
         'inherits', CASE WHEN NOT c.relispartition THEN h.parents END, \
         'partition_of', CASE WHEN c.relispartition THEN h.parents->0 END, \
         'partition_bounds', pg_catalog.pg_get_expr(c.relpartbound, c.oid), \
         'partition_by', CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, \
         'with', {with}, 'tablespace', {space}, 'using', {METHOD})))::text \
         {RELATIONS} LEFT JOIN (SELECT h.inhrelid, pg_catalog.json_agg({parent} ORDER BY h.inhseqno) AS parents \
         FROM pg_catalog.pg_inherits h JOIN relations c ON c.oid = h.inhrelid \
         JOIN pg_catalog.pg_class r ON r.oid = h.inhparent \
         JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace GROUP BY h.inhrelid) h \
         ON h.inhrelid = c.oid \
         WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' {and}",
        comment = comment("pg_class", "c.oid", "0"),
        with = parameters("c.reloptions"),
        space = tablespace("c"),
    )
}

/// The columns `a` of the tables, the number being their place.
pub(super) fn columns() -> String {
    format!(
        "SELECT {kind}, a.own, a.relname::text, a.attnum::bigint, {BUILD}(\
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
         AND p.refobjid = a.attrelid AND p.refobjsubid = a.attnum) END, \
         'collation', {collation}, 'compression', a.compression, \
         'storage', CASE WHEN a.attstorage <> a.typstorage THEN a.storage END, \
         'comment', {comment}))::text \
         FROM columns a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         WHERE a.relkind IN ('r', 'p')",
        kind = inherited_unless("a.attislocal AND NOT a.relispartition", "column"),
        counts = counts(),
        collation = collation("a.attcollation", "a.typcollation"),
        comment = comment("pg_class", "a.attrelid", "a.attnum"),
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
const INCLUDE: &str = "CASE WHEN i.indnatts > i.indnkeyatts THEN (\
    SELECT pg_catalog.json_agg(a.attname ORDER BY k.at) \
    FROM unnest(i.indkey::smallint[]) WITH ORDINALITY k(num, at) \
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num \
    WHERE k.at > i.indnkeyatts) END";

const NULLS_DISTINCT: &str = "CASE WHEN pg_catalog.to_jsonb(i)->>'indnullsnotdistinct' = 'true' \
    THEN false END";

/// The parts of an index's key: the column or the expression, the operator class with its parameters unless
/// the column would have it by itself, and what else is said of it.
fn keys(also: &str) -> String {
    format!(
        "(SELECT pg_catalog.json_agg(pg_catalog.json_build_object('column', a.attname, \
         'sql', CASE WHEN i.indkey[k.at - 1] = 0 \
         THEN pg_catalog.pg_get_indexdef(i.indexrelid, k.at, false) END, \
         'opclass', CASE WHEN NOT o.opcdefault OR ia.attoptions IS NOT NULL \
         OR EXISTS (SELECT 1 FROM pg_catalog.pg_opclass other WHERE other.opcmethod = o.opcmethod \
         AND other.opcintype = a.atttypid AND other.opcdefault AND other.oid <> o.oid) \
         THEN CASE WHEN on_.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
         THEN pg_catalog.quote_ident(o.opcname) ELSE pg_catalog.format('%I.%I', on_.nspname, o.opcname) END \
         || COALESCE((SELECT ' (' || pg_catalog.string_agg(p.option_name || '=' \
         || pg_catalog.quote_literal(p.option_value), ', ') || ')' \
         FROM pg_catalog.pg_options_to_table(ia.attoptions) p), '') END, {also}) ORDER BY k.at) \
         FROM (SELECT k.class, k.at::integer FROM unnest(i.indclass::oid[]) WITH ORDINALITY k(class, at)) k \
         JOIN pg_catalog.pg_opclass o ON o.oid = k.class \
         JOIN pg_catalog.pg_namespace on_ ON on_.oid = o.opcnamespace \
         LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k.at - 1] \
         LEFT JOIN pg_catalog.pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.at)"
    )
}

/// The constraints `o` of the tables.
pub(super) fn constraints() -> String {
    let action = |column: &str| {
        format!(
            "CASE {column} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' \
             WHEN 'n' THEN 'set_null' WHEN 'd' THEN 'set_default' END"
        )
    };
    let operator = "'with', (SELECT CASE WHEN pn.nspname IN ('pg_catalog', pg_catalog.current_schema()) \
                    THEN p.oprname::text ELSE pg_catalog.format('OPERATOR(%I.%s)', pn.nspname, p.oprname) END \
                    FROM pg_catalog.pg_operator p JOIN pg_catalog.pg_namespace pn ON pn.oid = p.oprnamespace \
                    WHERE p.oid = c.conexclop[k.at])";
    format!(
        "SELECT {kind}, {OWNED}, c.oid::bigint, {BUILD}(\
         CASE c.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'f' THEN 'foreign_key' \
         WHEN 'c' THEN 'check' ELSE 'exclude' END, pg_catalog.json_build_object('name', c.conname, \
         'columns', CASE WHEN c.contype IN ('p', 'u', 'f') THEN {own} END, \
         'references', CASE WHEN c.contype = 'f' THEN (SELECT pg_catalog.json_build_object(\
         'schema', NULLIF(fn.nspname, pg_catalog.current_schema()), 'table', f.relname, \
         'columns', {theirs}) FROM pg_catalog.pg_class f \
         JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace WHERE f.oid = c.confrelid) END, \
         'on_delete', {delete}, 'on_update', {update}, \
         'match', CASE c.confmatchtype WHEN 'f' THEN 'full' WHEN 'p' THEN 'partial' END, \
         'not_valid', CASE WHEN NOT c.convalidated THEN true END, \
         'sql', pg_catalog.pg_get_expr(c.conbin, c.conrelid), \
         'no_inherit', CASE WHEN c.contype = 'c' AND c.connoinherit THEN true END, \
         'elements', CASE WHEN c.contype = 'x' THEN {keys} END, \
         'method', CASE WHEN c.contype = 'x' THEN m.amname END, \
         'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), \
         'include', {INCLUDE}, 'nulls_distinct', CASE WHEN c.contype = 'u' THEN {NULLS_DISTINCT} END, \
         'deferrable', CASE WHEN c.condeferrable THEN true END, \
         'initially', CASE WHEN c.condeferred THEN 'deferred' END, \
         'tablespace', {space})))::text FROM (SELECT o.*, c.own, c.relname {RELATIONS} \
         JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.contype IN ('p', 'u', 'f', 'c', 'x') \
         WHERE c.relkind IN ('r', 'p')) c \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid AND c.contype <> 'f' \
         LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         LEFT JOIN pg_catalog.pg_am m ON m.oid = ic.relam",
        kind = inherited_unless("c.conislocal AND c.conparentid = 0", "constraint"),
        own = names("c.conkey", "c.conrelid"),
        theirs = names("c.confkey", "c.confrelid"),
        delete = action("c.confdeltype"),
        update = action("c.confupdtype"),
        keys = keys(operator),
        space = tablespace("ic"),
    )
}

/// The indexes `ic` of tables and materialized views that are no constraint's.
pub(super) fn indexes() -> String {
    let collation = collation("i.indcollation[k.at - 1]", "COALESCE(a.attcollation, 100)");
    let also = format!(
        "'collation', {collation}, \
         'order', CASE WHEN i.indoption[k.at - 1] & 1 = 1 THEN 'desc' END, \
         'nulls', CASE i.indoption[k.at - 1] & 3 WHEN 1 THEN 'last' WHEN 2 THEN 'first' END"
    );
    format!(
        "SELECT {kind}, {OWNED}, ic.oid::bigint, {BUILD}('name', ic.relname, \
         'columns', {keys}, \
         'unique', CASE WHEN i.indisunique THEN true END, 'method', NULLIF(m.amname, 'btree'), \
         'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'include', {INCLUDE}, \
         'nulls_distinct', {NULLS_DISTINCT}, 'with', {with}, 'tablespace', {space}, \
         'comment', {comment}))::text {RELATIONS} \
         JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
         JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         JOIN pg_catalog.pg_am m ON m.oid = ic.relam \
         WHERE c.relkind IN ('r', 'p', 'm') AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o \
         WHERE o.conindid = i.indexrelid AND o.contype IN ('p', 'u', 'x'))",
        kind = inherited_unless("NOT ic.relispartition", "index"),
        keys = keys(&also),
        with = parameters("ic.reloptions"),
        space = tablespace("ic"),
        comment = comment("pg_class", "ic.oid", "0"),
    )
}

/// The enums and their values in order.
pub(super) fn enums() -> String {
    "SELECT 'enum', t.own, t.typname::text, t.oid::bigint, \
     (SELECT pg_catalog.json_agg(e.enumlabel ORDER BY e.enumsortorder) \
     FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)::text FROM types t WHERE t.typtype = 'e'"
        .to_owned()
}

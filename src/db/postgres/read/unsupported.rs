//! The parts of the catalogue's query about what no definition can say: what stands by itself, and what
//! objects have beyond their definitions. Each is told in words that hold all of it, as far as they can.

use super::relations::OWNED;

/// What stands by itself.
pub(super) fn alone() -> Vec<String> {
    let all = |class: &str, and: &str| {
        format!(
            "SELECT 'pg_catalog.{class}'::pg_catalog.regclass::oid AS class, z.oid \
             FROM pg_catalog.{class} z WHERE z.oid >= 16384 {and}"
        )
    };
    let classes = [
        all("pg_proc", "AND (z.prokind = 'a' OR z.prolang = 13)"),
        all("pg_class", "AND z.relkind = 'f'"),
        all(
            "pg_type",
            "AND z.typtype = 'b' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = z.oid)",
        ),
        "SELECT 'pg_catalog.pg_type'::pg_catalog.regclass::oid, z.rngtypid FROM pg_catalog.pg_range z \
         WHERE z.rngtypid >= 16384 AND z.rngcanonical::oid <> 0"
            .to_owned(),
        all("pg_operator", ""),
        all("pg_opclass", ""),
        all("pg_opfamily", ""),
        all("pg_cast", ""),
        all("pg_conversion", ""),
        all("pg_am", ""),
        all("pg_language", ""),
        all("pg_transform", ""),
        all("pg_ts_config", ""),
        all("pg_ts_dict", ""),
        all("pg_ts_parser", ""),
        all("pg_ts_template", ""),
        all("pg_foreign_data_wrapper", ""),
        all("pg_foreign_server", ""),
        all("pg_event_trigger", ""),
        all("pg_publication", ""),
    ];
    let told = |words: &str, rest: &str| {
        format!("SELECT 'unseen', NULL::text, ({words})::text, 0::bigint, NULL::text {rest}")
    };
    vec![
        told(
            &format!("i.type || ' ' || i.identity || COALESCE(' (' || {AGGREGATE} || ')', '')"),
            // What belongs to an extension is the extension's, and a range brings functions, types and casts
            // with it.
            &format!(
                "FROM (SELECT z.class, z.oid FROM ({}) z WHERE NOT EXISTS (\
                 SELECT 1 FROM pg_catalog.pg_depend x WHERE x.classid = z.class AND x.objid = z.oid \
                 AND x.deptype IN ('e', 'i'))) z \
                 CROSS JOIN LATERAL pg_catalog.pg_identify_object(z.class, z.oid, 0) i \
                 WHERE COALESCE(i.schema, '') !~ '^pg_'",
                classes.join(" UNION ALL ")
            ),
        ),
        told(
            "'subscription ' || s.subname",
            "FROM pg_catalog.pg_subscription s WHERE s.subdbid = \
             (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())",
        ),
    ]
}

/// What an aggregate is made of, each part where there is one.
const AGGREGATE: &str = "(SELECT pg_catalog.string_agg(CASE WHEN p.key ~ 'type$' \
    THEN p.key || ' ' || pg_catalog.format_type(p.value::oid, NULL) \
    ELSE p.key || ' ' || p.value END, ', ' ORDER BY p.key) \
    FROM pg_catalog.pg_aggregate g, \
    LATERAL pg_catalog.jsonb_each_text(pg_catalog.to_jsonb(g) - 'aggfnoid' - 'aggsortop') p \
    WHERE g.aggfnoid = z.oid AND z.class = 'pg_catalog.pg_proc'::pg_catalog.regclass \
    AND p.value NOT IN ('-', '0', 'false', 'n') AND NOT (p.key ~ 'modify$' AND p.value = 'r'))";

/// How a trigger or a rule fires, unless as it does by itself.
fn firing(enabled: &str) -> String {
    format!(
        "CASE {enabled} WHEN 'D' THEN 'disabled ' WHEN 'R' THEN 'only replicated ' \
         WHEN 'A' THEN 'always firing ' END"
    )
}

/// Words, one of several that may be null.
fn several(words: &[&str]) -> String {
    format!(
        "CROSS JOIN LATERAL unnest(pg_catalog.array_remove(ARRAY[{}], NULL)) w(words)",
        words.join(", ")
    )
}

/// A row: the relation, the words, and where they come from.
fn told(words: &str, from: &str) -> String {
    format!("SELECT 'unsupported', {OWNED}, 0::bigint, ({words})::text {from}")
}

/// What relations have beyond their definitions: the kind, the relation, the words.
pub(super) fn of_relations() -> [String; 11] {
    [
        of_triggers(),
        told(
            &format!("{} || 'rule ' || w.rulename", firing("w.ev_enabled")),
            "FROM pg_catalog.pg_rewrite w JOIN relations c ON c.oid = w.ev_class \
             WHERE w.ev_enabled <> 'O'",
        ),
        of_constraints(),
        of_indexes(),
        told(
            "'statistics target ' || a.attstattarget || ' of column ' || a.attnum || ' of index ' || a.relname",
            "FROM columns a JOIN pg_catalog.pg_index i ON i.indexrelid = a.attrelid \
             JOIN relations c ON c.oid = i.indrelid \
             WHERE a.relkind IN ('i', 'I') AND a.attstattarget >= 0",
        ),
        of_tables(),
        told(
            "'statistics target ' || NULLIF(pg_catalog.to_jsonb(s)->>'stxstattarget', '-1') \
             || ' of statistics ' || s.stxname",
            "FROM pg_catalog.pg_statistic_ext s JOIN relations c ON c.oid = s.stxrelid",
        ),
        of_columns(),
        of_inherited_columns(),
        of_sequences(),
        of_identity_columns(),
    ]
}

fn of_triggers() -> String {
    let fires = format!(
        "{} || CASE WHEN g.tgisinternal AND o.oid IS NOT NULL \
         THEN 'trigger of constraint ' || o.conname ELSE 'trigger ' || g.tgname END",
        firing("g.tgenabled")
    );
    let behind = "CASE WHEN g.tgconstrrelid <> 0 AND NOT g.tgisinternal \
                  THEN 'table ' || g.tgconstrrelid::pg_catalog.regclass \
                  || ' behind constraint trigger ' || g.tgname END";
    let from = format!(
        "FROM pg_catalog.pg_trigger g JOIN relations c ON c.oid = g.tgrelid \
         LEFT JOIN pg_catalog.pg_constraint o ON o.oid = g.tgconstraint {} \
         WHERE g.tgenabled <> 'O' OR (g.tgconstrrelid <> 0 AND NOT g.tgisinternal)",
        several(&[&fires, behind])
    );
    told("w.words", &from)
}

/// Of the constraints that relations have by themselves, and of the indexes of these. What only newer
/// servers have is looked for in all of the row, once for each.
fn of_constraints() -> String {
    let words = several(&[
        "'parameters ' || pg_catalog.array_to_string(ic.reloptions, ', ') || ' of the index'",
        "CASE WHEN o.contype = 'x' \
         AND (EXISTS (SELECT 1 FROM unnest(i.indoption::smallint[]) k(bits) WHERE k.bits <> 0) \
         OR EXISTS (SELECT 1 FROM unnest(i.indcollation::oid[], i.indkey::smallint[]) k(collation_, num) \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = o.conrelid AND a.attnum = k.num \
         WHERE k.collation_ <> a.attcollation)) \
         THEN 'definition ' || pg_catalog.pg_get_constraintdef(o.oid) END",
        "CASE WHEN pg_catalog.jsonb_typeof(o.newer->'confdelsetcols') = 'array' \
         THEN 'columns (' || (SELECT pg_catalog.string_agg(a.attname, ', ' ORDER BY a.attname) \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = o.conrelid AND a.attnum::text IN \
         (SELECT pg_catalog.jsonb_array_elements_text(o.newer->'confdelsetcols'))) \
         || ') that ON DELETE sets' END",
        "CASE WHEN o.newer->>'conperiod' = 'true' THEN 'period' END",
        "CASE WHEN o.newer->>'conenforced' = 'false' THEN 'NOT ENFORCED' END",
    ]);
    format!(
        "SELECT 'unsupported', o.own, o.relname::text, 0::bigint, \
         (w.words || ' of constraint ' || o.conname)::text \
         FROM (SELECT o.*, c.own, c.relname, CASE WHEN o.contype = 'f' \
         OR pg_catalog.current_setting('server_version_num')::integer >= 180000 \
         THEN pg_catalog.to_jsonb(o) END AS newer FROM relations c \
         JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.conislocal OFFSET 0) o \
         LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = o.conindid AND o.contype IN ('p', 'u', 'x') \
         LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid {words}"
    )
}

fn of_indexes() -> String {
    let words = several(&[
        "CASE WHEN NOT i.indisvalid THEN 'invalid index ' || ic.relname END",
        "CASE WHEN i.indisclustered THEN 'CLUSTER ON ' || ic.relname END",
    ]);
    let from = format!(
        "FROM pg_catalog.pg_index i JOIN relations c ON c.oid = i.indrelid \
         JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid {words} \
         WHERE NOT i.indisvalid OR i.indisclustered"
    );
    told("w.words", &from)
}

fn of_tables() -> String {
    let words = several(&[
        "'type ' || NULLIF(c.reloftype, 0)::pg_catalog.regtype",
        "CASE WHEN c.relkind IN ('r', 'p', 'm') THEN CASE c.relreplident \
         WHEN 'f' THEN 'replica identity full' WHEN 'n' THEN 'replica identity nothing' \
         WHEN 'i' THEN 'replica identity ' || COALESCE((SELECT ic.relname \
         FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
         WHERE i.indrelid = c.oid AND i.indisreplident), 'of a dropped index') END END",
        "CASE WHEN c.reltoastrelid <> 0 THEN (SELECT 'toast parameters ' \
         || pg_catalog.array_to_string(tc.reloptions, ', ') \
         FROM pg_catalog.pg_class tc WHERE tc.oid = c.reltoastrelid) END",
    ]);
    told("w.words", &format!("FROM relations c {words}"))
}

fn of_columns() -> String {
    let words = several(&[
        "CASE WHEN a.attstattarget >= 0 THEN 'statistics target ' || a.attstattarget END",
        "'options ' || pg_catalog.array_to_string(a.attoptions, ', ')",
        "CASE WHEN a.relkind = 'm' AND a.attstorage <> a.typstorage THEN 'storage ' || a.storage END",
        "CASE WHEN a.relkind = 'm' THEN 'compression ' || a.compression END",
    ]);
    format!(
        "SELECT 'unsupported', a.own, a.relname::text, 0::bigint, \
         (w.words || ' of column ' || a.attname)::text FROM columns a {words} \
         WHERE a.relkind IN ('r', 'p', 'm')"
    )
}

/// What a column has otherwise than the one that it is inherited from.
fn of_inherited_columns() -> String {
    let words = several(&[
        "CASE WHEN a.attnotnull > pa.attnotnull THEN 'NOT NULL' END",
        "CASE WHEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
         IS DISTINCT FROM pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) \
         THEN 'default ' || COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'NULL') END",
        "CASE WHEN a.attstorage <> pa.attstorage THEN 'storage ' || a.storage END",
        "CASE WHEN COALESCE(a.compression, 'default') <> COALESCE(p.compression, 'default') \
         THEN 'compression ' || COALESCE(a.compression, 'default') END",
    ]);
    format!(
        "SELECT 'unsupported', a.own, a.relname::text, 0::bigint, \
         (w.words || ' of inherited column ' || a.attname)::text FROM columns a \
         JOIN pg_catalog.pg_inherits h ON h.inhrelid = a.attrelid \
         JOIN pg_catalog.pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname \
         LEFT JOIN columns p ON p.attrelid = pa.attrelid AND p.attnum = pa.attnum \
         LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum \
         LEFT JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = pa.attrelid AND pd.adnum = pa.attnum \
         {words} WHERE a.relkind IN ('r', 'p') AND NOT a.attislocal"
    )
}

/// Where a sequence is logged, and its table is not, or the other way round; the server tells the two
/// apart since version 15.
const LOGGED: &str = "CASE WHEN pg_catalog.current_setting('server_version_num')::integer < 150000 \
    OR s.relpersistence = COALESCE(s.table_persistence, 'p') THEN NULL \
    WHEN s.relpersistence = 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END";

fn of_sequences() -> String {
    format!(
        "SELECT 'unsupported', s.own, s.relname::text, 0::bigint, {LOGGED} FROM sequences s \
         WHERE s.deptype IS DISTINCT FROM 'i' AND {LOGGED} IS NOT NULL"
    )
}

fn of_identity_columns() -> String {
    let usual = "s.table_name || '_' || s.attname || '_seq'";
    let words = several(&[
        &format!("{LOGGED} || ' sequence'"),
        "CASE WHEN s.seqtypid <> s.atttypid \
         THEN 'sequence type ' || pg_catalog.format_type(s.seqtypid, NULL) END",
        // The server cuts a long name, and counts where one is taken.
        &format!(
            "CASE WHEN pg_catalog.octet_length({usual}) < 64 \
             AND pg_catalog.rtrim(s.relname::text, '0123456789') <> {usual} \
             THEN 'sequence name ' || s.relname END"
        ),
    ]);
    format!(
        "SELECT 'unsupported', s.table_own, s.table_name::text, 0::bigint, \
         (w.words || ' of identity column ' || s.attname)::text FROM sequences s {words} \
         WHERE s.deptype = 'i' AND s.table_name IS NOT NULL"
    )
}

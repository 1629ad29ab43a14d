//! The parts of the catalogue's query about what no definition can say: what stands by itself, and what
//! objects have beyond their definitions. Each is told in words that hold all of it, as far as they can.

use super::relations::{OWNED, RELATIONS, not_extensions};

/// What stands by itself.
pub(super) fn alone() -> Vec<String> {
    let all = |class: &str, and: &str| {
        format!(
            "SELECT 'pg_catalog.{class}'::pg_catalog.regclass::oid AS class, z.oid \
             FROM pg_catalog.{class} z WHERE z.oid >= 16384 {and} AND {} AND {}",
            not_extensions(class, "z.oid"),
            // A range brings functions, types and casts with it.
            not_extensions(class, "z.oid").replace("'e'", "'i'"),
        )
    };
    let classes = [
        all("pg_proc", "AND (z.prokind = 'a' OR z.prolang = 13)"),
        all("pg_class", "AND z.relkind = 'f'"),
        all(
            "pg_type",
            "AND z.typtype = 'b' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.typarray = z.oid)",
        ),
        all(
            "pg_type",
            "AND EXISTS (SELECT 1 FROM pg_catalog.pg_range r WHERE r.rngtypid = z.oid \
             AND r.rngcanonical::oid <> 0)",
        ),
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
    let told =
        |words: &str, rest: &str| format!("SELECT 'unseen', NULL, ({words})::text, 0, NULL {rest}");
    vec![
        told(
            &format!("i.type || ' ' || i.identity || COALESCE(' (' || {AGGREGATE} || ')', '')"),
            &format!(
                "FROM ({}) z CROSS JOIN LATERAL pg_catalog.pg_identify_object(z.class, z.oid, 0) i \
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

/// The constraints `o` of relations that have them by themselves.
const CONSTRAINTS: &str = "JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.conislocal";

/// The columns `a` of relations.
const COLUMNS: &str = "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
    AND NOT a.attisdropped";

/// How a trigger or a rule fires.
fn firing(enabled: &str) -> String {
    format!(
        "CASE {enabled} WHEN 'D' THEN 'disabled ' WHEN 'R' THEN 'only replicated ' \
         ELSE 'always firing ' END"
    )
}

/// What a column, or another part, collects statistics by, where that is set.
fn target(row: &str, column: &str) -> String {
    format!("NULLIF(pg_catalog.to_jsonb({row})->>'{column}', '-1')")
}

/// Words, one of several that may be null.
fn several(words: &[String]) -> String {
    format!(
        "CROSS JOIN LATERAL unnest(pg_catalog.array_remove(ARRAY[{}], NULL)) w(words)",
        words.join(", ")
    )
}

/// What relations have beyond their definitions: the kind, the relation, the words.
pub(super) fn of_relations() -> Vec<String> {
    let told = |words: &str, rest: &str| {
        format!("SELECT 'unsupported', {OWNED}, 0, ({words})::text {RELATIONS} {rest}")
    };
    let stored = "CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' \
                  WHEN 'x' THEN 'extended' ELSE 'main' END";
    let compressed = |row: &str| {
        format!(
            "CASE pg_catalog.to_jsonb({row})->>'attcompression' WHEN 'p' THEN 'pglz' \
             WHEN 'l' THEN 'lz4' ELSE 'default' END"
        )
    };
    let mut parts = vec![
        told(
            &format!(
                "{} || CASE WHEN g.tgisinternal AND o.oid IS NOT NULL \
                 THEN 'trigger of constraint ' || o.conname ELSE 'trigger ' || g.tgname END",
                firing("g.tgenabled")
            ),
            "JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND g.tgenabled <> 'O' \
             LEFT JOIN pg_catalog.pg_constraint o ON o.oid = g.tgconstraint",
        ),
        told(
            "'table ' || g.tgconstrrelid::pg_catalog.regclass || ' behind constraint trigger ' || g.tgname",
            "JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal \
             AND g.tgconstrrelid <> 0",
        ),
        told(
            &format!("{} || 'rule ' || w.rulename", firing("w.ev_enabled")),
            "JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid AND w.ev_enabled <> 'O'",
        ),
        told(
            "'parameters ' || pg_catalog.array_to_string(ic.reloptions, ', ') \
             || ' of the index of constraint ' || o.conname",
            &format!(
                "{CONSTRAINTS} AND o.contype IN ('p', 'u', 'x') \
                 JOIN pg_catalog.pg_class ic ON ic.oid = o.conindid AND ic.reloptions IS NOT NULL"
            ),
        ),
        told(
            "'definition ' || pg_catalog.pg_get_constraintdef(o.oid) || ' of constraint ' || o.conname",
            &format!(
                "{CONSTRAINTS} AND o.contype = 'x' \
                 JOIN pg_catalog.pg_index i ON i.indexrelid = o.conindid \
                 WHERE EXISTS (SELECT 1 FROM unnest(i.indoption::smallint[]) k(bits) WHERE k.bits <> 0) \
                 OR EXISTS (SELECT 1 FROM unnest(i.indcollation::oid[], i.indkey::smallint[]) \
                 k(collation_, num) JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid \
                 AND a.attnum = k.num WHERE k.collation_ <> a.attcollation)"
            ),
        ),
        told(
            "w.words || ' of constraint ' || o.conname",
            &format!(
                "{CONSTRAINTS} {}",
                several(&[
                    "'columns (' || (SELECT pg_catalog.string_agg(a.attname, ', ' ORDER BY a.attname) \
                     FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum::text \
                     IN (SELECT pg_catalog.jsonb_array_elements_text(\
                     NULLIF(pg_catalog.to_jsonb(o)->'confdelsetcols', 'null')))) || ') that ON DELETE sets'"
                        .to_owned(),
                    "CASE WHEN pg_catalog.to_jsonb(o)->>'conperiod' = 'true' THEN 'period' END".to_owned(),
                    "CASE WHEN pg_catalog.to_jsonb(o)->>'conenforced' = 'false' THEN 'NOT ENFORCED' END"
                        .to_owned(),
                ])
            ),
        ),
        told(
            "w.words",
            &format!(
                "JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
                 JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid {}",
                several(&[
                    "CASE WHEN NOT i.indisvalid THEN 'invalid index ' || ic.relname END".to_owned(),
                    "CASE WHEN i.indisclustered THEN 'CLUSTER ON ' || ic.relname END".to_owned(),
                ])
            ),
        ),
        told(
            &format!(
                "'statistics target ' || {} || ' of column ' || a.attnum || ' of index ' || ic.relname",
                target("a", "attstattarget")
            ),
            "JOIN pg_catalog.pg_index i ON i.indrelid = c.oid \
             JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = ic.oid AND a.attstattarget >= 0",
        ),
        told(
            "w.words",
            &several(&[
                "'type ' || NULLIF(c.reloftype, 0)::pg_catalog.regtype".to_owned(),
                "CASE WHEN c.relkind IN ('r', 'p', 'm') THEN CASE c.relreplident \
                 WHEN 'f' THEN 'replica identity full' WHEN 'n' THEN 'replica identity nothing' \
                 WHEN 'i' THEN 'replica identity ' || COALESCE((SELECT ic.relname \
                 FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid \
                 WHERE i.indrelid = c.oid AND i.indisreplident), 'of a dropped index') END END"
                    .to_owned(),
                "(SELECT 'toast parameters ' || pg_catalog.array_to_string(tc.reloptions, ', ') \
                 FROM pg_catalog.pg_class tc WHERE tc.oid = c.reltoastrelid)"
                    .to_owned(),
            ]),
        ),
        told(
            &format!(
                "'statistics target ' || {} || ' of statistics ' || s.stxname",
                target("s", "stxstattarget")
            ),
            "JOIN pg_catalog.pg_statistic_ext s ON s.stxrelid = c.oid",
        ),
    ];
    parts.push(told(
        "w.words || ' of column ' || a.attname",
        &format!(
            "{COLUMNS} JOIN pg_catalog.pg_type t ON t.oid = a.atttypid {} WHERE c.relkind IN ('r', 'p', 'm')",
            several(&[
                "CASE WHEN a.attstattarget >= 0 THEN 'statistics target ' || a.attstattarget END"
                    .to_owned(),
                "'options ' || pg_catalog.array_to_string(a.attoptions, ', ')".to_owned(),
                format!(
                    "CASE WHEN c.relkind = 'm' AND a.attstorage <> t.typstorage THEN 'storage ' || {stored} END"
                ),
                format!(
                    "CASE WHEN c.relkind = 'm' THEN 'compression ' || NULLIF({}, 'default') END",
                    compressed("a")
                ),
            ])
        ),
    ));
    parts.push(told(
        "w.words || ' of inherited column ' || a.attname",
        &format!(
            "{COLUMNS} AND NOT a.attislocal JOIN pg_catalog.pg_inherits h ON h.inhrelid = c.oid \
             JOIN pg_catalog.pg_attribute pa ON pa.attrelid = h.inhparent AND pa.attname = a.attname \
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum \
             LEFT JOIN pg_catalog.pg_attrdef pd ON pd.adrelid = h.inhparent AND pd.adnum = pa.attnum \
             {} WHERE c.relkind IN ('r', 'p')",
            several(&[
                "CASE WHEN a.attnotnull > pa.attnotnull THEN 'NOT NULL' END".to_owned(),
                "CASE WHEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) \
                 IS DISTINCT FROM pg_catalog.pg_get_expr(pd.adbin, pd.adrelid) \
                 THEN 'default ' || COALESCE(pg_catalog.pg_get_expr(d.adbin, d.adrelid), 'NULL') END"
                    .to_owned(),
                format!("CASE WHEN a.attstorage <> pa.attstorage THEN 'storage ' || {stored} END"),
                format!(
                    "CASE WHEN {one} <> {other} THEN 'compression ' || {one} END",
                    one = compressed("a"),
                    other = compressed("pa"),
                ),
            ])
        ),
    ));
    parts.extend(of_sequences());
    parts
}

/// What sequences have beyond their definitions, be they an identity column's.
fn of_sequences() -> [String; 2] {
    // A sequence is as its table is, since the server tells the two apart.
    let logged = "CASE WHEN pg_catalog.current_setting('server_version_num')::integer < 150000 \
                  OR q.relpersistence = COALESCE(c.relpersistence, 'p') THEN NULL \
                  WHEN q.relpersistence = 'u' THEN 'UNLOGGED' ELSE 'LOGGED' END";
    let own = logged
        .replace("COALESCE(c.relpersistence, 'p')", "COALESCE(r.relpersistence, 'p')")
        .replace("q.", "c.");
    let depends =
        "p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.refclassid = p.classid";
    let usual = "c.relname || '_' || a.attname || '_seq'";
    [
        format!(
            "SELECT 'unsupported', {OWNED}, 0, ({own})::text {RELATIONS} AND c.relkind = 'S' \
             LEFT JOIN pg_catalog.pg_depend p ON {depends} AND p.objid = c.oid AND p.deptype IN ('a', 'i') \
             LEFT JOIN pg_catalog.pg_class r ON r.oid = p.refobjid \
             WHERE COALESCE(p.deptype, 'a') = 'a' AND {own} IS NOT NULL"
        ),
        format!(
            "SELECT 'unsupported', {OWNED}, 0, (w.words || ' of identity column ' || a.attname)::text \
             {RELATIONS} JOIN pg_catalog.pg_depend p ON {depends} AND p.refobjid = c.oid AND p.deptype = 'i' \
             JOIN pg_catalog.pg_class q ON q.oid = p.objid AND q.relkind = 'S' \
             JOIN pg_catalog.pg_sequence s ON s.seqrelid = q.oid \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.refobjsubid {}",
            several(&[
                format!("{logged} || ' sequence'"),
                "CASE WHEN s.seqtypid <> a.atttypid \
                 THEN 'sequence type ' || pg_catalog.format_type(s.seqtypid, NULL) END"
                    .to_owned(),
                // The server cuts a long name, and counts where one is taken.
                format!(
                    "CASE WHEN pg_catalog.octet_length({usual}) < 64 \
                     AND pg_catalog.rtrim(q.relname::text, '0123456789') <> {usual} \
                     THEN 'sequence name ' || q.relname END"
                ),
            ])
        ),
    ]
}

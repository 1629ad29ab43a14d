//! The parts of the catalogue's query about comments that no definition holds, and about what stands
//! on what.

use super::relations::{OWNED, RELATIONS, SCHEMA, USERS, not_extensions};

/// The comments that no definition holds: on what, of which object.
pub(super) fn comments() -> Vec<String> {
    let row = |schema: &str, name: &str, class: &str, oid: &str, map: &str| {
        format!(
            "SELECT 'comment', {schema}, {name}::text, {oid}::bigint, \
             pg_catalog.json_build_object('class', '{class}', 'comment', w.description, {map})::text "
        )
    };
    let words = |class: &str, oid: &str, part: &str| {
        format!(
            "JOIN pg_catalog.pg_description w ON w.classoid = 'pg_catalog.{class}'::pg_catalog.regclass \
             AND w.objoid = {oid} AND w.objsubid = {part}"
        )
    };
    let by_sql =
        |what: &str, object: &str| format!("'what', 'comment on ' || {what}, 'object', {object}");
    let of_types = "CASE WHEN t.typtype = 'd' THEN 'domain' ELSE 'type' END";
    let relation = "c.oid::pg_catalog.regclass";
    let mut parts = vec![
        row("NULL", "n.nspname", "pg_namespace", "n.oid", "'on', 'schema'")
            + "FROM pg_catalog.pg_namespace n "
            + &words("pg_namespace", "n.oid", "0")
            + " WHERE n.nspname = pg_catalog.current_schema() \
               AND w.description <> 'standard public schema'",
        row("NULL", "e.extname", "pg_extension", "e.oid", "'on', 'extension'")
            + "FROM pg_catalog.pg_extension e "
            + &words("pg_extension", "e.oid", "0")
            + " WHERE e.extname <> 'plpgsql' AND NOT EXISTS (SELECT 1 \
               FROM pg_catalog.pg_available_extensions() v \
               WHERE v.name = e.extname AND v.comment = w.description)",
        // An array's or a table's own type has none.
        row(SCHEMA, "t.typname", "pg_type", "t.oid", &format!("'on', {of_types}"))
            + "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND "
            + USERS
            + " AND "
            + &not_extensions("pg_type", "t.oid")
            + " "
            + &words("pg_type", "t.oid", "0"),
        row(SCHEMA, "c.relname", "pg_class", "c.oid", "'on', 'sequence'")
            + RELATIONS
            + " "
            + &words("pg_class", "c.oid", "0")
            + " WHERE c.relkind = 'S'",
    ];
    // Of an index that is told of by its constraint, or by the table of the partition.
    parts.push(
        row(SCHEMA, "c.relname", "pg_class", "c.oid", "'on', 'index'")
            + RELATIONS
            + " "
            + &words("pg_class", "c.oid", "0")
            + " WHERE c.relkind IN ('i', 'I') AND (c.relispartition OR EXISTS (SELECT 1 \
               FROM pg_catalog.pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x')))",
    );
    parts.push(
        row(SCHEMA, "o.conname", "pg_class", "c.oid", "'on', 'constraint', 'table', c.relname")
            + RELATIONS
            + " JOIN pg_catalog.pg_constraint o ON o.conrelid = c.oid AND o.contype <> 't' "
            + &words("pg_constraint", "o.oid", "0"),
    );
    parts.push(
        row(
            SCHEMA,
            "o.conname",
            "pg_type",
            "t.oid",
            &by_sql(
                "'constraint of domain ' || t.typname",
                "'CONSTRAINT ' || pg_catalog.quote_ident(o.conname) || ' ON DOMAIN ' \
                 || t.oid::pg_catalog.regtype",
            ),
        ) + "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace AND "
            + USERS
            + " AND "
            + &not_extensions("pg_type", "t.oid")
            + " JOIN pg_catalog.pg_constraint o ON o.contypid = t.oid "
            + &words("pg_constraint", "o.oid", "0"),
    );
    parts.push(
        row(
            SCHEMA,
            "w2.rulename",
            "pg_rewrite",
            "w2.oid",
            &by_sql(
                &format!("'rule on ' || {relation}"),
                &format!("'RULE ' || pg_catalog.quote_ident(w2.rulename) || ' ON ' || {relation}"),
            ),
        ) + RELATIONS
            + " JOIN pg_catalog.pg_rewrite w2 ON w2.ev_class = c.oid AND w2.rulename <> '_RETURN' "
            + &words("pg_rewrite", "w2.oid", "0"),
    );
    for (class, name, schema, what) in [
        ("pg_statistic_ext", "stxname", "stxnamespace", "STATISTICS"),
        ("pg_collation", "collname", "collnamespace", "COLLATION"),
    ] {
        let word = what.to_ascii_lowercase();
        let object = by_sql(
            &format!("'{word}'"),
            &format!(
                "'{what} ' || CASE WHEN n.nspname = pg_catalog.current_schema() \
                 THEN pg_catalog.quote_ident(z.{name}) \
                 ELSE pg_catalog.format('%I.%I', n.nspname, z.{name}) END"
            ),
        );
        parts.push(
            row(SCHEMA, &format!("z.{name}"), class, "z.oid", &object)
                + &format!(
                    "FROM pg_catalog.{class} z JOIN pg_catalog.pg_namespace n \
                     ON n.oid = z.{schema} AND {USERS} AND {} {}",
                    not_extensions(class, "z.oid"),
                    words(class, "z.oid", "0")
                ),
        );
    }
    // Of columns of views and composite types, and of those that a table has of another.
    parts.push(
        row(SCHEMA, "a.attname", "pg_class", "c.oid", "'on', 'column', 'table', c.relname")
            + RELATIONS
            + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 \
               AND NOT a.attisdropped "
            + &words("pg_class", "c.oid", "a.attnum")
            + " WHERE c.relkind IN ('v', 'm', 'c') \
               OR (c.relkind IN ('r', 'p') AND (c.relispartition OR NOT a.attislocal))",
    );
    parts
}

/// The tables among what is unseen.
pub(super) fn hidden() -> String {
    format!("SELECT 'hidden', {OWNED}, 0, NULL {RELATIONS} WHERE c.relkind = 'f'")
}

/// What belongs to what: the class and number of a part, and of the whole; of a part that can be dropped
/// by itself what it is, and its name.
pub(super) fn belongings() -> Vec<String> {
    let part = |class: &str, oid: &str, of: &str, whole: &str, rest: &str| {
        format!("SELECT 'part', {class}, {of}, {oid}::bigint, {whole} FROM pg_catalog.{rest}")
    };
    vec![
        part(
            "x.classid::pg_catalog.regclass::text",
            "x.objid",
            "x.refclassid::pg_catalog.regclass::text",
            "x.refobjid::bigint::text",
            "pg_depend x WHERE x.deptype = 'i' AND x.objid >= 16384 \
             AND x.classid <> 'pg_catalog.pg_constraint'::pg_catalog.regclass",
        ),
        part(
            "'pg_attrdef'",
            "x.oid",
            "'pg_class'",
            "x.adrelid::bigint::text || ' default ' || a.attname",
            "pg_attrdef x JOIN pg_catalog.pg_attribute a ON a.attrelid = x.adrelid AND a.attnum = x.adnum",
        ),
        part(
            "'pg_constraint'",
            "x.oid",
            "CASE WHEN x.conrelid <> 0 THEN 'pg_class' ELSE 'pg_type' END",
            "CASE WHEN x.conrelid <> 0 THEN x.conrelid ELSE x.contypid END::bigint::text \
             || ' constraint ' || x.conname",
            // A foreign key to a partitioned table has one more of each partition, which nobody made.
            "pg_constraint x WHERE x.oid >= 16384 AND x.contype <> 't' AND NOT EXISTS (\
             SELECT 1 FROM pg_catalog.pg_constraint q \
             WHERE q.oid = x.conparentid AND q.conrelid = x.conrelid)",
        ),
        // One of a constraint is a part of it.
        part(
            "'pg_class'",
            "x.indexrelid",
            "'pg_class'",
            "x.indrelid::bigint::text || ' index ' || i.relname",
            "pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid \
             WHERE x.indexrelid >= 16384 AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint o \
             WHERE o.conindid = x.indexrelid AND o.contype IN ('p', 'u', 'x'))",
        ),
    ]
}

/// What stands on what: the classes and numbers, and the columns of both. What belongs to an extension is the
/// extension, and what the server was made with is left out.
pub(super) fn needs() -> String {
    "SELECT 'need', d.classid::pg_catalog.regclass::text, \
     COALESCE(e.refclassid, d.refclassid)::pg_catalog.regclass::text, d.objid::bigint, \
     pg_catalog.json_build_object('oid', COALESCE(e.refobjid, d.refobjid)::text, 'column', a.attname, \
     'own', o.attname)::text \
     FROM pg_catalog.pg_depend d \
     LEFT JOIN pg_catalog.pg_depend e ON e.classid = d.refclassid AND e.objid = d.refobjid \
     AND e.deptype = 'e' \
     LEFT JOIN pg_catalog.pg_attribute a ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
     AND a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND d.refobjsubid > 0 \
     LEFT JOIN pg_catalog.pg_attribute o ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass \
     AND o.attrelid = d.objid AND o.attnum = d.objsubid AND d.objsubid > 0 \
     WHERE d.objid >= 16384 AND d.deptype NOT IN ('e', 'p') \
     AND (d.refobjid >= 16384 OR e.refobjid >= 16384) \
     AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.classid = d.classid \
     AND x.objid = d.objid AND x.deptype = 'e')"
        .to_owned()
}

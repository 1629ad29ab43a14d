//! The parts of the catalogue's query about comments that no definition holds, and about what stands
//! on what.

use super::relations::{OWNED, RELATIONS, not_extensions};

/// The comments that no definition holds: on what, of which object.
pub(super) fn comments() -> Vec<String> {
    let row = |schema: &str, name: &str, class: &str, oid: &str, map: &str| {
        format!(
            "SELECT 'comment', {schema}, ({name})::text, {oid}::bigint, \
             pg_catalog.json_build_object('class', '{class}', 'comment', w.description, {map})::text "
        )
    };
    let of = |class: &str, oid: &str| {
        format!("w.classoid = 'pg_catalog.{class}'::pg_catalog.regclass AND w.objoid = {oid}")
    };
    let whole = |class: &str, oid: &str| format!("{} AND w.objsubid = 0", of(class, oid));
    let by_sql =
        |what: &str, object: &str| format!("'what', 'comment on ' || {what}, 'object', {object}");
    let of_types = "CASE WHEN t.typtype = 'd' THEN 'domain' ELSE 'type' END";
    let relation = "c.oid::pg_catalog.regclass";
    let mut parts = vec![
        row("NULL::text", "n.nspname", "pg_namespace", "n.oid", "'on', 'schema'")
            + "FROM users n JOIN pg_catalog.pg_description w ON "
            + &whole("pg_namespace", "n.oid")
            + " WHERE n.nspname = pg_catalog.current_schema() \
               AND w.description <> 'standard public schema'",
        row("NULL::text", "e.extname", "pg_extension", "e.oid", "'on', 'extension'")
            + "FROM words w JOIN pg_catalog.pg_extension e ON "
            + &whole("pg_extension", "e.oid")
            + " WHERE e.extname <> 'plpgsql' AND w.description IS DISTINCT FROM (SELECT v.comment \
               FROM pg_catalog.pg_available_extensions() v WHERE v.name = e.extname)",
        // An array's or a table's own type has none.
        row("t.own", "t.typname", "pg_type", "t.oid", &format!("'on', {of_types}"))
            + "FROM words w JOIN types t ON "
            + &whole("pg_type", "t.oid"),
    ];
    // Of a sequence; of an index that is told of by its constraint, or by the table of the partition; of columns
    // of views and composite types, and of those that a table has of another.
    let on = "CASE WHEN w.objsubid > 0 THEN 'column' WHEN c.relkind = 'S' THEN 'sequence' ELSE 'index' END";
    let table = "CASE WHEN w.objsubid > 0 THEN c.relname END";
    parts.push(
        row(
            "c.own",
            "COALESCE(a.attname, c.relname)",
            "pg_class",
            "c.oid",
            &format!("'on', {on}, 'table', {table}"),
        ) + "FROM words w JOIN relations c ON "
            + &of("pg_class", "c.oid")
            + " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = w.objoid AND a.attnum = w.objsubid \
               AND a.attnum > 0 WHERE CASE WHEN w.objsubid = 0 THEN c.relkind = 'S' \
               OR c.relkind IN ('i', 'I') AND (c.relispartition OR EXISTS (SELECT 1 \
               FROM pg_catalog.pg_constraint o WHERE o.conindid = c.oid AND o.contype IN ('p', 'u', 'x'))) \
               ELSE NOT a.attisdropped AND (c.relkind IN ('v', 'm', 'c') \
               OR c.relkind IN ('r', 'p') AND (c.relispartition OR NOT a.attislocal)) END",
    );
    parts.push(
        row("c.own", "o.conname", "pg_class", "c.oid", "'on', 'constraint', 'table', c.relname")
            + "FROM words w JOIN pg_catalog.pg_constraint o ON "
            + &whole("pg_constraint", "o.oid")
            + " AND o.contype <> 't' JOIN relations c ON c.oid = o.conrelid",
    );
    parts.push(
        row(
            "t.own",
            "o.conname",
            "pg_type",
            "t.oid",
            &by_sql(
                "'constraint of domain ' || t.typname",
                "'CONSTRAINT ' || pg_catalog.quote_ident(o.conname) || ' ON DOMAIN ' \
                 || t.oid::pg_catalog.regtype",
            ),
        ) + "FROM words w JOIN pg_catalog.pg_constraint o ON "
            + &whole("pg_constraint", "o.oid")
            + " JOIN types t ON t.oid = o.contypid",
    );
    parts.push(
        row(
            "c.own",
            "r.rulename",
            "pg_rewrite",
            "r.oid",
            &by_sql(
                &format!("'rule on ' || {relation}"),
                &format!("'RULE ' || pg_catalog.quote_ident(r.rulename) || ' ON ' || {relation}"),
            ),
        ) + "FROM words w JOIN pg_catalog.pg_rewrite r ON "
            + &whole("pg_rewrite", "r.oid")
            + " AND r.rulename <> '_RETURN' JOIN relations c ON c.oid = r.ev_class",
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
            row("n.own", &format!("z.{name}"), class, "z.oid", &object)
                + &format!(
                    "FROM words w JOIN pg_catalog.{class} z ON {} \
                     JOIN users n ON n.oid = z.{schema} AND {}",
                    whole(class, "z.oid"),
                    not_extensions(class, "z.oid"),
                ),
        );
    }
    parts
}

/// The tables among what is unseen.
pub(super) fn hidden() -> String {
    format!("SELECT 'hidden', {OWNED}, 0::bigint, NULL::text {RELATIONS} WHERE c.relkind = 'f'")
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
    let column = |class: &str, oid: &str, part: &str| {
        format!(
            "CASE WHEN d.{part} > 0 AND d.{class} = 'pg_catalog.pg_class'::pg_catalog.regclass THEN (\
             SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = d.{oid} AND a.attnum = d.{part}) END"
        )
    };
    // Most are of a few classes, which the server need not look up.
    let class = |oid: &str| {
        let usual = ["class", "constraint", "type", "proc", "attrdef", "rewrite", "trigger"];
        let usual = usual.map(|name| {
            format!("WHEN 'pg_catalog.pg_{name}'::pg_catalog.regclass THEN 'pg_{name}'")
        });
        format!("CASE {oid} {} ELSE {oid}::pg_catalog.regclass::text END", usual.join(" "))
    };
    format!(
        "SELECT 'need', {dependent}, {class}, d.objid::bigint, \
         pg_catalog.json_build_object('oid', COALESCE(e.refobjid, d.refobjid)::text, 'column', {column}, \
         'own', {own})::text FROM pg_catalog.pg_depend d \
         LEFT JOIN members e ON e.classid = d.refclassid AND e.objid = d.refobjid \
         WHERE d.objid >= 16384 AND d.deptype NOT IN ('e', 'p') \
         AND (d.refobjid >= 16384 OR e.refobjid >= 16384) \
         AND NOT EXISTS (SELECT 1 FROM members x WHERE x.classid = d.classid AND x.objid = d.objid)",
        dependent = class("d.classid"),
        class = class("COALESCE(e.refclassid, d.refclassid)"),
        column = column("refclassid", "refobjid", "refobjsubid"),
        own = column("classid", "objid", "objsubid"),
    )
}

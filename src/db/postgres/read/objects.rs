//! The parts of the catalogue's query about what is neither table nor enum, in the same rows.

use super::super::scratch::MAKER;
use super::relations::{
    self, BUILD, METHOD, OWNED, RELATIONS, collation, comment, not_extensions, parameters,
};

/// What stands in a user schema, by its own number; what the server was made with is passed over.
fn standing(class: &str, alias: &str, schema: &str) -> String {
    format!(
        "FROM pg_catalog.{class} {alias} JOIN users n ON n.oid = {alias}.{schema} \
         AND {alias}.oid >= 16384 AND {}",
        not_extensions(class, &format!("{alias}.oid"))
    )
}

/// The name of a relation or type as a statement of the session needs it.
const RELATION: &str = "c.oid::pg_catalog.regclass::text";

/// A statement, in which the server always names the schema of what it makes, without the session's own.
fn own_left_out(statement: &str, long: &str, short: &str) -> String {
    format!(
        "(SELECT CASE WHEN at = 0 OR {long} = {short} THEN sql \
         ELSE pg_catalog.overlay(sql, {short}, at, pg_catalog.length({long})) END \
         FROM (SELECT sql, pg_catalog.strpos(sql, {long}) AS at FROM (SELECT {statement} AS sql) q) q)"
    )
}

/// All parts but those that operations are lowered by.
pub(super) fn rest() -> [String; 13] {
    [
        schemas(),
        extensions(),
        domains(),
        sequences(),
        routines(),
        policies(),
        row_security(),
        composite_types(),
        ranges(),
        collations(),
        rules(),
        statistics(),
        view_defaults(),
    ]
}

fn schemas() -> String {
    format!(
        "SELECT 'schema', NULL::text, n.nspname::text, n.oid::bigint, {BUILD}('comment', {}))::text \
         FROM users n WHERE n.nspname <> pg_catalog.current_schema() AND {}",
        comment("pg_namespace", "n.oid", "0"),
        not_extensions("pg_namespace", "n.oid")
    )
}

/// The procedural language that every database begins with is nobody's.
fn extensions() -> String {
    format!(
        "SELECT 'extension', NULL::text, e.extname::text, e.oid::bigint, {BUILD}('schema', \
         NULLIF(n.nspname, pg_catalog.current_schema()), 'version', e.extversion))::text \
         FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace \
         WHERE e.extname <> 'plpgsql'"
    )
}

fn domains() -> String {
    format!(
        "SELECT 'domain', t.own, t.typname::text, t.oid::bigint, {BUILD}(\
         'type', pg_catalog.json_build_object('postgres', pg_catalog.format_type(t.typbasetype, t.typtypmod)), \
         'nullable', NOT t.typnotnull, \
         'default', CASE WHEN t.typdefaultbin IS NOT NULL THEN pg_catalog.json_build_object(\
         'sql', pg_catalog.pg_get_expr(t.typdefaultbin, 0)) END, \
         'collation', {collation}, \
         'checks', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', o.conname, \
         'sql', pg_catalog.pg_get_expr(o.conbin, 0), \
         'not_valid', CASE WHEN NOT o.convalidated THEN true END) ORDER BY o.conname) \
         FROM pg_catalog.pg_constraint o WHERE o.contypid = t.oid AND o.contype = 'c')))::text \
         FROM types t JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype WHERE t.typtype = 'd'",
        collation = collation("t.typcollation", "b.typcollation"),
    )
}

/// The sequences that are no identity column's.
fn sequences() -> String {
    format!(
        "SELECT 'sequence', s.own, s.relname::text, s.oid::bigint, {BUILD}(\
         'type', CASE s.seqtypid WHEN 'int8'::pg_catalog.regtype THEN NULL \
         ELSE pg_catalog.format_type(s.seqtypid, NULL) END, {counts}, \
         'owned_by', s.table_name || '.' || s.attname))::text \
         FROM sequences s WHERE s.relpersistence <> 't' AND s.deptype IS DISTINCT FROM 'i'",
        counts = relations::counts(),
    )
}

/// What stands in front of a view's query in the statement that makes it.
fn create(kind: &str) -> String {
    format!("'create', 'CREATE {kind} ' || pg_catalog.format('%I.%I AS ', c.nspname, c.relname)")
}

pub(super) fn views() -> String {
    let option = |name: &str| {
        format!(
            "(SELECT o.option_value FROM pg_catalog.pg_options_to_table(c.reloptions) o \
             WHERE o.option_name = '{name}')"
        )
    };
    format!(
        "SELECT 'view', {OWNED}, c.oid::bigint, {BUILD}({create}, \
         'query', pg_catalog.pg_get_viewdef(c.oid), 'check_option', {check}, \
         'with', (SELECT pg_catalog.json_object_agg(o.option_name, o.option_value ORDER BY o.option_name) \
         FROM pg_catalog.pg_options_to_table(c.reloptions) o WHERE o.option_name <> 'check_option'), \
         'comment', {comment}))::text \
         {RELATIONS} WHERE c.relkind = 'v' AND c.relpersistence <> 't'",
        create = create("VIEW"),
        comment = comment("pg_class", "c.oid", "0"),
        check = option("check_option"),
    )
}

pub(super) fn materialized_views() -> String {
    format!(
        "SELECT 'materialized view', {OWNED}, c.oid::bigint, {BUILD}({create}, \
         'query', pg_catalog.pg_get_viewdef(c.oid), 'with', {with}, 'using', {METHOD}, \
         'tablespace', {space}, 'comment', {comment}))::text \
         {RELATIONS} WHERE c.relkind = 'm'",
        comment = comment("pg_class", "c.oid", "0"),
        create = create("MATERIALIZED VIEW"),
        with = parameters("c.reloptions"),
        space = relations::tablespace("c"),
    )
}

/// Functions and procedures, but for those of the C language, whose file is no text of the database, and
/// those that come with a type. The body of a new one that is parsed (`BEGIN ATOMIC`, `RETURN`) has a
/// function of its own only on the servers that know it, so it is cut out of the whole statement.
fn routines() -> String {
    format!(
        "SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, n.own, \
         p.proname::text, p.oid::bigint, {BUILD}(\
         'of', pg_catalog.oidvectortypes(p.proargtypes), \
         'arguments', NULLIF(pg_catalog.pg_get_function_arguments(p.oid), ''), \
         'returns', pg_catalog.pg_get_function_result(p.oid), 'language', l.lanname, \
         'attributes', pg_catalog.to_json(pg_catalog.array_remove(ARRAY[\
         CASE WHEN p.prokind = 'w' THEN 'window' END, \
         CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' END, \
         CASE WHEN p.proisstrict THEN 'strict' END, \
         CASE WHEN p.prosecdef THEN 'security definer' END, \
         CASE WHEN p.proleakproof THEN 'leakproof' END, \
         CASE p.proparallel WHEN 's' THEN 'parallel safe' WHEN 'r' THEN 'parallel restricted' END, \
         CASE WHEN p.procost <> CASE WHEN l.lanname = 'internal' THEN 1 ELSE 100 END \
         THEN 'cost ' || p.procost END, \
         CASE WHEN p.prorows <> CASE WHEN p.proretset THEN 1000 ELSE 0 END \
         THEN 'rows ' || p.prorows END, \
         CASE WHEN p.prosupport <> 0 THEN 'support ' || p.prosupport::pg_catalog.regproc END], NULL)), \
         'settings', pg_catalog.to_json(p.proconfig), 'body', p.prosrc, \
         'whole', CASE WHEN pg_catalog.to_jsonb(p)->>'prosqlbody' IS NOT NULL \
         THEN pg_catalog.pg_get_functiondef(p.oid) END, \
         'comment', {comment}))::text \
         {procs} JOIN pg_catalog.pg_language l ON l.oid = p.prolang \
         WHERE p.prokind <> 'a' AND l.lanname <> 'c' AND NOT EXISTS (\
         SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = p.oid \
         AND x.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND x.deptype = 'i')",
        comment = comment("pg_proc", "p.oid", "0"),
        procs = standing("pg_proc", "p", "pronamespace"),
    )
}

/// The triggers; those that a partition has of its table are the table's.
pub(super) fn triggers() -> String {
    format!(
        "SELECT 'trigger', {OWNED}, g.oid::bigint, {BUILD}('name', g.tgname, \
         'timing', CASE WHEN g.tgtype & 2 <> 0 THEN 'before' WHEN g.tgtype & 64 <> 0 THEN 'instead_of' \
         ELSE 'after' END, \
         'events', pg_catalog.to_json(pg_catalog.array_remove(ARRAY[\
         CASE WHEN g.tgtype & 4 <> 0 THEN 'insert' END, CASE WHEN g.tgtype & 16 <> 0 THEN 'update' END, \
         CASE WHEN g.tgtype & 8 <> 0 THEN 'delete' END, CASE WHEN g.tgtype & 32 <> 0 THEN 'truncate' END\
         ], NULL)), \
         'update_of', (SELECT pg_catalog.json_agg(a.attname ORDER BY a.attnum) \
         FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (g.tgattr::smallint[])), \
         'for_each', CASE WHEN g.tgtype & 1 = 0 THEN 'statement' END, \
         'sql', pg_catalog.pg_get_triggerdef(g.oid), \
         'derived', COALESCE(pg_catalog.to_jsonb(g)->>'tgparentid', '0') <> '0', \
         'constraint', CASE WHEN g.tgconstraint <> 0 THEN true END, \
         'deferrable', CASE WHEN g.tgdeferrable THEN true END, \
         'initially', CASE WHEN g.tginitdeferred THEN 'deferred' END, \
         'old_table', g.tgoldtable, 'new_table', g.tgnewtable, \
         'comment', {comment}))::text \
         {RELATIONS} JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal",
        comment = comment("pg_trigger", "g.oid", "0"),
    )
}

fn policies() -> String {
    // CURRENT_USER of a model is whoever works with it, and no role that goes with a scratch database.
    let role = format!(
        "CASE WHEN r.rolname = session_user AND pg_catalog.left(r.rolname, 12) = 'rev_scratch_' \
         THEN COALESCE(pg_catalog.current_setting('{MAKER}', true), r.rolname) ELSE r.rolname END"
    );
    format!(
        "SELECT 'policy', {OWNED}, o.oid::bigint, {BUILD}('name', o.polname, \
         'permissive', CASE WHEN NOT o.polpermissive THEN false END, \
         'command', CASE o.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' \
         WHEN 'd' THEN 'delete' END, \
         'roles', (SELECT pg_catalog.json_agg(n.name ORDER BY n.name) FROM (SELECT {role} AS name \
         FROM pg_catalog.pg_roles r WHERE r.oid = ANY (o.polroles)) n), \
         'using', pg_catalog.pg_get_expr(o.polqual, o.polrelid), \
         'check', pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid), \
         'comment', {comment}))::text \
         {RELATIONS} JOIN pg_catalog.pg_policy o ON o.polrelid = c.oid",
        comment = comment("pg_policy", "o.oid", "0"),
    )
}

fn row_security() -> String {
    format!(
        "SELECT 'row security', {OWNED}, c.oid::bigint, pg_catalog.json_build_object(\
         'enabled', c.relrowsecurity, 'forced', c.relforcerowsecurity)::text \
         {RELATIONS} WHERE c.relkind IN ('r', 'p') AND (c.relrowsecurity OR c.relforcerowsecurity)"
    )
}

/// What only SQL makes: its words, and the two statements.
fn made_by_sql(what: &str, create: &str, drop: &str) -> String {
    format!(
        "pg_catalog.json_build_object('what', {what}, 'create', {create}, 'drop', {drop})::text"
    )
}

fn composite_types() -> String {
    let columns = "COALESCE((SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname) || ' ' \
         || pg_catalog.format_type(a.atttypid, a.atttypmod) \
         || COALESCE(' COLLATE ' || (SELECT pg_catalog.quote_ident(l.collname) \
         FROM pg_catalog.pg_collation l WHERE l.oid = a.attcollation \
         AND l.oid <> (SELECT b.typcollation FROM pg_catalog.pg_type b WHERE b.oid = a.atttypid)), ''), \
         ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a \
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '')";
    let name = "t.oid::pg_catalog.regtype::text";
    format!(
        "SELECT 'type', t.own, t.typname::text, t.oid::bigint, {made} FROM types t \
         JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'",
        made = made_by_sql(
            "'composite type'",
            &format!("'CREATE TYPE ' || {name} || ' AS (' || {columns} || ')'"),
            &format!("'DROP TYPE ' || {name}"),
        ),
    )
}

/// A range with a canonical function, which only a type in the making can have, is left to what is unseen.
fn ranges() -> String {
    let name = "t.oid::pg_catalog.regtype::text";
    let also = |words: &str, column: &str, kind: &str| {
        format!(
            "CASE WHEN {column}::oid <> 0 THEN ', {words} = ' || {column}::oid::pg_catalog.{kind} ELSE '' END"
        )
    };
    let create = format!(
        "'CREATE TYPE ' || {name} || ' AS RANGE (subtype = ' || pg_catalog.format_type(r.rngsubtype, NULL) \
         || COALESCE((SELECT ', subtype_opclass = ' || CASE WHEN k.nspname = 'pg_catalog' \
         THEN pg_catalog.quote_ident(o.opcname) ELSE pg_catalog.format('%I.%I', k.nspname, o.opcname) END \
         FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace k ON k.oid = o.opcnamespace \
         WHERE o.oid = r.rngsubopc AND NOT o.opcdefault), '') \
         || COALESCE((SELECT ', collation = ' || pg_catalog.format('%I.%I', k.nspname, l.collname) \
         FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace k ON k.oid = l.collnamespace \
         JOIN pg_catalog.pg_type b ON b.oid = r.rngsubtype \
         WHERE l.oid = r.rngcollation AND l.oid <> b.typcollation), '') \
         || {difference} || {multirange} || ')'",
        multirange = multirange_name(),
        difference = also("subtype_diff", "r.rngsubdiff", "regproc::text"),
    );
    format!(
        "SELECT 'type', t.own, t.typname::text, t.oid::bigint, {made} FROM types t \
         JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid AND r.rngcanonical::oid = 0",
        made = made_by_sql("'range type'", &create, &format!("'DROP TYPE ' || {name}")),
    )
}

/// The name of a range's multirange, where it is not the one that the server gives by itself.
fn multirange_name() -> String {
    let usual = "CASE WHEN t.typname::text ~ 'range' \
                 THEN pg_catalog.regexp_replace(t.typname::text, 'range', 'multirange') \
                 ELSE t.typname || '_multirange' END";
    format!(
        "COALESCE((SELECT ', multirange_type_name = ' || m.oid::pg_catalog.regtype \
         FROM pg_catalog.pg_type m \
         WHERE m.oid = (pg_catalog.to_jsonb(r)->>'rngmultitypid')::pg_catalog.oid \
         AND (m.typname, m.typnamespace) <> ({usual}, t.typnamespace)), '')"
    )
}

fn collations() -> String {
    let name = "CASE WHEN n.nspname = pg_catalog.current_schema() THEN pg_catalog.quote_ident(l.collname) \
                ELSE pg_catalog.format('%I.%I', n.nspname, l.collname) END";
    let of = |column: &str| format!("pg_catalog.to_jsonb(l)->>'{column}'");
    let locale =
        format!("COALESCE({}, {}, l.collcollate::text)", of("colllocale"), of("colliculocale"));
    let create = format!(
        "'CREATE COLLATION ' || {name} || ' (' || CASE WHEN l.collprovider = 'c' \
         THEN 'provider = libc, lc_collate = ' || pg_catalog.quote_literal(l.collcollate) \
         || ', lc_ctype = ' || pg_catalog.quote_literal(l.collctype) \
         ELSE 'provider = ' || CASE l.collprovider WHEN 'i' THEN 'icu' ELSE 'builtin' END \
         || ', locale = ' || pg_catalog.quote_literal({locale}) \
         || COALESCE(', rules = ' || pg_catalog.quote_literal({rules}), '') END \
         || CASE WHEN l.collisdeterministic THEN '' ELSE ', deterministic = false' END || ')'",
        rules = of("collicurules"),
    );
    format!(
        "SELECT 'collation', n.own, l.collname::text, l.oid::bigint, {made} {all}",
        made = made_by_sql("'collation'", &create, &format!("'DROP COLLATION ' || {name}")),
        all = standing("pg_collation", "l", "collnamespace"),
    )
}

/// The rules that are not what makes a view one.
fn rules() -> String {
    let long = "(' TO ' || pg_catalog.format('%I.%I', c.nspname, c.relname))";
    let short = format!("(' TO ' || {RELATION})");
    let sql = own_left_out("pg_catalog.rtrim(pg_catalog.pg_get_ruledef(w.oid), ';')", long, &short);
    format!(
        "SELECT 'rule', c.own, w.rulename::text, w.oid::bigint, {made} {RELATIONS} \
         JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid AND w.rulename <> '_RETURN'",
        made = made_by_sql(
            &format!("'rule on ' || {RELATION}"),
            &sql,
            &format!("'DROP RULE ' || pg_catalog.quote_ident(w.rulename) || ' ON ' || {RELATION}"),
        ),
    )
}

fn statistics() -> String {
    let long = "pg_catalog.format('%I.%I', n.nspname, s.stxname)";
    let short = format!(
        "CASE WHEN n.nspname = pg_catalog.current_schema() THEN pg_catalog.quote_ident(s.stxname) \
         ELSE {long} END"
    );
    let sql = own_left_out("pg_catalog.pg_get_statisticsobjdef(s.oid)", long, &short);
    format!(
        "SELECT 'statistics', n.own, s.stxname::text, s.oid::bigint, {made} {all}",
        made = made_by_sql("'statistics'", &sql, &format!("'DROP STATISTICS ' || {short}")),
        all = standing("pg_statistic_ext", "s", "stxnamespace"),
    )
}

/// What a column of a view holds where nothing is given.
fn view_defaults() -> String {
    let alter = format!(
        "'ALTER VIEW ' || {RELATION} || ' ALTER COLUMN ' || pg_catalog.quote_ident(a.attname)"
    );
    let set = format!("{alter} || ' SET DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid)");
    format!(
        "SELECT 'default', {OWNED}, d.oid::bigint, {made} {RELATIONS} \
         JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND c.relkind = 'v' \
         JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum",
        made = made_by_sql(
            "'default of column ' || a.attname || ' of'",
            &set,
            &format!("{alter} || ' DROP DEFAULT'"),
        ),
    )
}

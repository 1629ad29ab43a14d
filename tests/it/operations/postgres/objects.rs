//! Views, routines, triggers, schemas, extensions, policies, rights, comments.

use serde_json::json;

use super::session;

#[test]
fn views_come_change_and_go() {
    let operations = json!([
        {"create_view": {"name": "v", "query": "SELECT a, b FROM t WHERE a > 0; -- all", "columns": ["x", "Y"], "check_option": "local", "with": {"security_barrier": true}, "comment": "seen"}},
        {"create_view": {"name": "old", "query": "SELECT a, b FROM t", "or_replace": true}},
        {"drop_view": {"name": "gone", "if_exists": true, "cascade": true}},
        {"create_materialized_view": {"name": "m", "query": "SELECT a, count(*) FROM t GROUP BY a", "columns": ["a", "n"], "with_data": false, "with": {"fillfactor": 90}, "using": "heap", "tablespace": "pg_default", "indexes": [{"name": "ix_m", "columns": ["a"], "unique": true}], "comment": "kept"}},
        {"refresh_materialized_view": {"name": "m"}},
        {"refresh_materialized_view": {"name": "m", "concurrently": true}},
        {"drop_materialized_view": {"name": "mgone"}}
    ]);
    let before = "CREATE TABLE t (a int, b int); CREATE VIEW old AS SELECT a FROM t; CREATE VIEW gone AS SELECT 1;
        CREATE MATERIALIZED VIEW mgone AS SELECT 1";
    // What stands behind a semicolon is no part of a query.
    let mut operations = operations;
    operations[0]["create_view"]["query"] = "SELECT a, b FROM t WHERE a > 0 -- all".into();
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE VIEW v (x, "Y") WITH (security_barrier = true) AS
    SELECT a, b FROM t WHERE a > 0 -- all
    WITH LOCAL CHECK OPTION;
    COMMENT ON VIEW v IS 'seen';
    CREATE OR REPLACE VIEW old AS
    SELECT a, b FROM t;
    DROP VIEW IF EXISTS gone CASCADE;
    CREATE MATERIALIZED VIEW m (a, n) USING heap WITH (fillfactor = 90) TABLESPACE pg_default AS
    SELECT a, count(*) FROM t GROUP BY a
    WITH NO DATA;
    CREATE UNIQUE INDEX ix_m ON m (a);
    COMMENT ON MATERIALIZED VIEW m IS 'kept';
    REFRESH MATERIALIZED VIEW m;
    REFRESH MATERIALIZED VIEW CONCURRENTLY m;
    DROP MATERIALIZED VIEW mgone;

    - CREATE VIEW public.gone AS
    -  SELECT 1 AS "?column?";
    - CREATE MATERIALIZED VIEW public.mgone AS
    -  SELECT 1 AS "?column?"
    -   WITH NO DATA;
    - CREATE VIEW public.old AS
    -  SELECT t.a
    -    FROM public.t;
    + CREATE MATERIALIZED VIEW public.m
    + WITH (fillfactor='90') AS
    +  SELECT t.a,
    +     count(*) AS n
    +    FROM public.t
    +   GROUP BY t.a
    +   WITH NO DATA;
    + COMMENT ON MATERIALIZED VIEW public.m IS 'kept';
    + CREATE VIEW public.old AS
    +  SELECT t.a,
    +     t.b
    +    FROM public.t;
    + CREATE VIEW public.v WITH (security_barrier='true') AS
    +  SELECT t.a AS x,
    +     t.b AS "Y"
    +    FROM public.t
    +   WHERE (t.a > 0)
    +   WITH LOCAL CHECK OPTION;
    + COMMENT ON VIEW public.v IS 'seen';
    + CREATE UNIQUE INDEX ix_m ON public.m USING btree (a);
    "#);
}

#[test]
fn routines_and_triggers_come_change_and_go() {
    let operations = json!([
        {"create_function": {"name": "add", "arguments": "x integer, y numeric(10,2) DEFAULT round(1.5, 1), z text = 'a,b'", "returns": "numeric", "attributes": ["immutable", "strict"], "body": "SELECT x + y -- $$ and $body$", "comment": "adds"}},
        {"create_function": {"name": "touch", "returns": "trigger", "language": "plpgsql", "body": "BEGIN NEW.b := 1; RETURN NEW; END", "or_replace": true}},
        {"create_procedure": {"name": "run", "arguments": "IN n integer", "language": "plpgsql", "attributes": ["security definer"], "body": "BEGIN NULL; END", "comment": "runs"}},
        {"create_trigger": {"table": "t", "name": "tr_touch", "timing": "before", "events": ["insert", "update"], "update_of": ["a", "b"], "when": "NEW.a > 0", "execute": "touch()", "comment": "touches"}},
        {"create_trigger": {"table": "t", "name": "tr_rows", "timing": "after", "events": ["update"], "for_each": "statement", "old_table": "olds", "new_table": "news", "execute": "touch('x')"}},
        {"create_trigger": {"table": "t", "name": "tr_all", "timing": "before", "events": ["truncate", "delete"], "for_each": "statement", "execute": "touch()", "or_replace": true}},
        {"create_trigger": {"table": "t", "name": "tr_late", "timing": "after", "events": ["delete"], "constraint": true, "deferrable": true, "initially": "deferred", "execute": "touch()"}},
        {"create_trigger": {"table": "v", "name": "tr_v", "timing": "instead_of", "events": ["delete"], "execute": "touch()"}},
        {"drop_trigger": {"table": "t", "name": "tr_all", "if_exists": true, "cascade": true}},
        {"drop_function": {"name": "gone", "arguments": "integer, text DEFAULT 'x'", "cascade": true}},
        {"drop_procedure": {"name": "pgone", "if_exists": true}}
    ]);
    let before = "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT * FROM t;
        CREATE FUNCTION gone(integer, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION gone(integer) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE PROCEDURE pgone() LANGUAGE sql AS 'SELECT 1'";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE FUNCTION add(x integer, y numeric(10,2) DEFAULT round(1.5, 1), z text = 'a,b') RETURNS numeric LANGUAGE sql immutable strict AS $body1$SELECT x + y -- $$ and $body$$body1$;
    COMMENT ON FUNCTION add(x integer, y numeric(10,2), z text) IS 'adds';
    CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.b := 1; RETURN NEW; END$$;
    CREATE PROCEDURE run(IN n integer) LANGUAGE plpgsql security definer AS $$BEGIN NULL; END$$;
    COMMENT ON PROCEDURE run(IN n integer) IS 'runs';
    CREATE TRIGGER tr_touch BEFORE INSERT OR UPDATE OF a, b ON t FOR EACH ROW WHEN (NEW.a > 0) EXECUTE FUNCTION touch();
    COMMENT ON TRIGGER tr_touch ON t IS 'touches';
    CREATE TRIGGER tr_rows AFTER UPDATE ON t REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION touch('x');
    CREATE OR REPLACE TRIGGER tr_all BEFORE TRUNCATE OR DELETE ON t FOR EACH STATEMENT EXECUTE FUNCTION touch();
    CREATE CONSTRAINT TRIGGER tr_late AFTER DELETE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER tr_v INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION touch();
    DROP TRIGGER IF EXISTS tr_all ON t CASCADE;
    DROP FUNCTION gone(integer, text) CASCADE;
    DROP PROCEDURE IF EXISTS pgone;

    - CREATE FUNCTION public.gone(integer, text) RETURNS integer
    -     LANGUAGE sql
    -     AS $$SELECT 1$$;
    - CREATE PROCEDURE public.pgone()
    -     LANGUAGE sql
    -     AS $$SELECT 1$$;
    + CREATE FUNCTION public.add(x integer, y numeric DEFAULT round(1.5, 1), z text DEFAULT 'a,b'::text) RETURNS numeric
    +     LANGUAGE sql IMMUTABLE STRICT
    +     AS $_$SELECT x + y -- $$ and $body$$_$;
    + COMMENT ON FUNCTION public.add(x integer, y numeric, z text) IS 'adds';
    + CREATE PROCEDURE public.run(IN n integer)
    +     LANGUAGE plpgsql SECURITY DEFINER
    +     AS $$BEGIN NULL; END$$;
    + COMMENT ON PROCEDURE public.run(IN n integer) IS 'runs';
    + CREATE FUNCTION public.touch() RETURNS trigger
    +     LANGUAGE plpgsql
    +     AS $$BEGIN NEW.b := 1; RETURN NEW; END$$;
    + CREATE CONSTRAINT TRIGGER tr_late AFTER DELETE ON public.t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.touch();
    + CREATE TRIGGER tr_rows AFTER UPDATE ON public.t REFERENCING OLD TABLE AS olds NEW TABLE AS news FOR EACH STATEMENT EXECUTE FUNCTION public.touch('x');
    + CREATE TRIGGER tr_touch BEFORE INSERT OR UPDATE OF a, b ON public.t FOR EACH ROW WHEN ((new.a > 0)) EXECUTE FUNCTION public.touch();
    + COMMENT ON TRIGGER tr_touch ON public.t IS 'touches';
    + CREATE TRIGGER tr_v INSTEAD OF DELETE ON public.v FOR EACH ROW EXECUTE FUNCTION public.touch();
    "#);
}

#[test]
fn schemas_extensions_policies_and_rights() {
    let operations = json!([
        {"create_schema": {"name": "app", "owner": "current_user", "comment": "ours"}},
        {"create_schema": {"name": "app", "if_not_exists": true}},
        {"create_extension": {"name": "uuid-ossp", "schema": "app", "version": "1.1", "if_not_exists": true, "cascade": true}},
        {"drop_extension": {"name": "hstore", "if_exists": true, "cascade": true}},
        {"drop_schema": {"name": "gone", "cascade": true}},
        {"row_security": {"table": "t", "enabled": true, "forced": true}},
        {"create_policy": {"table": "t", "name": "p_all", "permissive": false, "command": "update", "roles": ["public", "pg_monitor"], "using": "a > 0", "check": "a > 1", "comment": "who"}},
        {"alter_policy": {"table": "t", "name": "p_old", "rename": "p_new", "roles": ["pg_monitor"], "using": "a > 2", "check": "true"}},
        {"drop_policy": {"table": "t", "name": "p_gone", "if_exists": true}},
        {"grant": {"privileges": ["select", "update"], "columns": ["a"], "on": "table", "name": "t", "roles": ["pg_monitor"], "grant_option": true}},
        {"grant": {"privileges": ["all"], "on": "all_tables", "schema": "public", "roles": ["pg_read_all_data"]}},
        {"grant": {"privileges": ["usage"], "on": "schema", "name": "app", "roles": ["public"]}},
        {"grant": {"privileges": ["execute"], "on": "function", "name": "f(integer)", "roles": ["pg_monitor"]}},
        {"grant": {"privileges": ["usage"], "on": "type", "name": "d", "roles": ["pg_monitor"]}},
        {"revoke": {"privileges": ["execute"], "on": "all_functions", "schema": "public", "roles": ["public"], "cascade": true}},
        {"revoke": {"privileges": ["update"], "columns": ["a"], "on": "table", "name": "t", "roles": ["pg_monitor"], "grant_option": true}}
    ]);
    let before = "CREATE EXTENSION hstore; CREATE SCHEMA gone; CREATE TABLE gone.t (); CREATE TABLE t (a int);
        CREATE POLICY p_old ON t; CREATE POLICY p_gone ON t; CREATE DOMAIN d AS int;
        CREATE FUNCTION f(integer) RETURNS int LANGUAGE sql AS 'SELECT 1'";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE SCHEMA app AUTHORIZATION CURRENT_USER;
    COMMENT ON SCHEMA app IS 'ours';
    CREATE SCHEMA IF NOT EXISTS app;
    CREATE EXTENSION IF NOT EXISTS "uuid-ossp" SCHEMA app VERSION '1.1' CASCADE;
    DROP EXTENSION IF EXISTS hstore CASCADE;
    DROP SCHEMA gone CASCADE;
    ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    CREATE POLICY p_all ON t AS RESTRICTIVE FOR UPDATE TO PUBLIC, pg_monitor USING (a > 0) WITH CHECK (a > 1);
    COMMENT ON POLICY p_all ON t IS 'who';
    ALTER POLICY p_old ON t TO pg_monitor USING (a > 2) WITH CHECK (true);
    ALTER POLICY p_old ON t RENAME TO p_new;
    DROP POLICY IF EXISTS p_gone ON t;
    GRANT SELECT (a), UPDATE (a) ON TABLE t TO pg_monitor WITH GRANT OPTION;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_read_all_data;
    GRANT USAGE ON SCHEMA app TO PUBLIC;
    GRANT EXECUTE ON FUNCTION f(integer) TO pg_monitor;
    GRANT USAGE ON TYPE d TO pg_monitor;
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC CASCADE;
    REVOKE GRANT OPTION FOR UPDATE (a) ON TABLE t FROM pg_monitor;

    - CREATE SCHEMA gone;
    - CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;
    - COMMENT ON EXTENSION hstore IS 'data type for storing sets of (key, value) pairs';
    - CREATE TABLE gone.t (
    - );
    - CREATE POLICY p_gone ON public.t;
    - CREATE POLICY p_old ON public.t;
    + CREATE SCHEMA app;
    + COMMENT ON SCHEMA app IS 'ours';
    + CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA app;
    + COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';
    + ALTER TABLE ONLY public.t FORCE ROW LEVEL SECURITY;
    + CREATE POLICY p_all ON public.t AS RESTRICTIVE FOR UPDATE USING ((a > 0)) WITH CHECK ((a > 1));
    + COMMENT ON POLICY p_all ON public.t IS 'who';
    + CREATE POLICY p_new ON public.t TO pg_monitor USING ((a > 2)) WITH CHECK (true);
    + ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;
    + GRANT USAGE ON SCHEMA app TO PUBLIC;
    + GRANT ALL ON TYPE public.d TO pg_monitor;
    + REVOKE ALL ON FUNCTION public.f(integer) FROM PUBLIC;
    + GRANT ALL ON FUNCTION public.f(integer) TO pg_monitor;
    + GRANT ALL ON TABLE public.t TO pg_read_all_data;
    + GRANT UPDATE(a) ON TABLE public.t TO pg_monitor;
    + GRANT SELECT(a) ON TABLE public.t TO pg_monitor WITH GRANT OPTION;
    "#);
}

#[test]
fn everything_takes_a_comment() {
    let on = |on: &str, table: Option<&str>, name: &str| {
        let mut comment = json!({"on": on, "name": name, "comment": "x"});
        if let Some(table) = table {
            comment["table"] = table.into();
        }
        json!({"comment": comment})
    };
    let operations = json!([
        on("table", None, "t"), on("column", Some("t"), "a"), on("index", None, "ix"),
        on("constraint", Some("t"), "ck"), on("trigger", Some("t"), "tr"), on("policy", Some("t"), "p"),
        on("view", None, "v"), on("materialized_view", None, "m"), on("sequence", None, "s"),
        on("type", None, "e"), on("domain", None, "d"), on("function", None, "f(integer)"),
        on("procedure", None, "pr"), on("schema", None, "app"), on("extension", None, "plpgsql"),
        {"comment": {"on": "table", "schema": "app", "name": "o", "comment": null}}
    ]);
    let before = "CREATE SCHEMA app; CREATE TABLE app.o (); COMMENT ON TABLE app.o IS 'old'; CREATE TABLE t (a int CONSTRAINT ck CHECK (a > 0)); CREATE INDEX ix ON t (a);
        CREATE POLICY p ON t; CREATE VIEW v AS SELECT 1 AS one; CREATE MATERIALIZED VIEW m AS SELECT 1 AS one; CREATE SEQUENCE s;
        CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS int;
        CREATE FUNCTION f(integer) RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        CREATE PROCEDURE pr() LANGUAGE sql AS 'SELECT 1';
        CREATE TRIGGER tr BEFORE INSERT ON t EXECUTE FUNCTION f()";
    let text = session(before, operations);
    insta::assert_snapshot!(text, @r#"
    COMMENT ON TABLE t IS 'x';
    COMMENT ON COLUMN t.a IS 'x';
    COMMENT ON INDEX ix IS 'x';
    COMMENT ON CONSTRAINT ck ON t IS 'x';
    COMMENT ON TRIGGER tr ON t IS 'x';
    COMMENT ON POLICY p ON t IS 'x';
    COMMENT ON VIEW v IS 'x';
    COMMENT ON MATERIALIZED VIEW m IS 'x';
    COMMENT ON SEQUENCE s IS 'x';
    COMMENT ON TYPE e IS 'x';
    COMMENT ON DOMAIN d IS 'x';
    COMMENT ON FUNCTION f(integer) IS 'x';
    COMMENT ON PROCEDURE pr IS 'x';
    COMMENT ON SCHEMA app IS 'x';
    COMMENT ON EXTENSION plpgsql IS 'x';
    COMMENT ON TABLE app.o IS NULL;

    - COMMENT ON TABLE app.o IS 'old';
    + COMMENT ON SCHEMA app IS 'x';
    + COMMENT ON DOMAIN public.d IS 'x';
    + COMMENT ON TYPE public.e IS 'x';
    + COMMENT ON FUNCTION public.f(integer) IS 'x';
    + COMMENT ON PROCEDURE public.pr() IS 'x';
    + COMMENT ON MATERIALIZED VIEW public.m IS 'x';
    + COMMENT ON SEQUENCE public.s IS 'x';
    + COMMENT ON TABLE public.t IS 'x';
    + COMMENT ON COLUMN public.t.a IS 'x';
    + COMMENT ON CONSTRAINT ck ON public.t IS 'x';
    + COMMENT ON VIEW public.v IS 'x';
    + COMMENT ON INDEX public.ix IS 'x';
    + COMMENT ON TRIGGER tr ON public.t IS 'x';
    + COMMENT ON POLICY p ON public.t IS 'x';
    "#);
    assert_eq!(text.matches("\n+ COMMENT ON").count(), 14, "the extension's stood there before");
}

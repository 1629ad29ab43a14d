//! Enums, domains, sequences.

use serde_json::json;

use super::{dump, late, run, session};
use crate::support::{Engine, TestDb};

#[test]
fn enums_grow_and_change_their_words() {
    let operations = json!([
        {"create_enum": {"name": "Mood", "values": ["it's", "ok"]}},
        {"add_enum_value": {"name": "Mood", "value": "good", "after": "it's"}},
        {"add_enum_value": {"name": "Mood", "value": "bad", "before": "it's", "if_not_exists": true}},
        {"add_enum_value": {"name": "Mood", "value": "last"}},
        {"rename_enum_value": {"name": "Mood", "value": "it's", "to": "its"}},
        {"rename_type": {"name": "Mood", "to": "mood"}},
        {"comment": {"on": "type", "name": "mood", "comment": "how it is"}},
        {"drop_enum": {"schema": "other", "name": "gone", "cascade": true}}
    ]);
    let before = "CREATE SCHEMA other; CREATE TYPE other.gone AS ENUM ('a')";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE TYPE "Mood" AS ENUM ('it''s', 'ok');
    ALTER TYPE "Mood" ADD VALUE 'good' AFTER 'it''s';
    ALTER TYPE "Mood" ADD VALUE IF NOT EXISTS 'bad' BEFORE 'it''s';
    ALTER TYPE "Mood" ADD VALUE 'last';
    ALTER TYPE "Mood" RENAME VALUE 'it''s' TO 'its';
    ALTER TYPE "Mood" RENAME TO mood;
    COMMENT ON TYPE mood IS 'how it is';
    DROP TYPE other.gone CASCADE;

    - CREATE TYPE other.gone AS ENUM (
    -     'a'
    - );
    + CREATE TYPE public.mood AS ENUM (
    +     'bad',
    +     'its',
    +     'good',
    +     'ok',
    +     'last'
    + );
    + COMMENT ON TYPE public.mood IS 'how it is';
    "#);
}

#[test]
fn a_value_of_an_enum_goes_and_every_column_of_it_is_converted() {
    let db = TestDb::new(Engine::Postgres);
    db.execute(
        r#"CREATE SCHEMA other;
        CREATE TYPE "Mood" AS ENUM ('good', 'ok', 'it''s bad');
        COMMENT ON TYPE "Mood" IS 'how it''s'; GRANT USAGE ON TYPE "Mood" TO pg_monitor WITH GRANT OPTION; REVOKE USAGE ON TYPE "Mood" FROM PUBLIC;
        CREATE TABLE t (id int, m "Mood" NOT NULL DEFAULT 'it''s bad', l "Mood"[] DEFAULT '{ok}', n text);
        CREATE TABLE other.t (m "Mood");
        CREATE TABLE p (id int, m "Mood") PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT;
        CREATE TABLE base (m "Mood"); CREATE TABLE child (x "Mood") INHERITS (base);
        CREATE INDEX ix ON t (m); CREATE UNIQUE INDEX ix_ok ON t (id) WHERE m = 'ok'; COMMENT ON INDEX ix_ok IS 'kept';
        ALTER TABLE t ADD CONSTRAINT ck CHECK (m <> 'good' OR id = 1);
        INSERT INTO t VALUES (1, 'good', '{}', 'a'), (2, 'it''s bad', '{ok,"it''s bad"}', 'b'), (3, 'ok', NULL, 'c');
        INSERT INTO other.t VALUES ('it''s bad'), (NULL); INSERT INTO child VALUES ('ok', 'it''s bad')"#,
    );
    let statements = late(
        &db,
        json!([{"drop_enum_value": {"name": "Mood", "value": "it's bad", "replace_by": "ok"}}]),
    );
    insta::assert_snapshot!(run(&db, &statements), @r#"
    DROP INDEX ix_ok;
    ALTER TABLE t DROP CONSTRAINT ck;
    ALTER TYPE "Mood" RENAME TO "Mood__old";
    CREATE TYPE "Mood" AS ENUM ('good', 'ok');
    ALTER TABLE base ALTER COLUMN m TYPE "Mood" USING (CASE m::text WHEN 'it''s bad' THEN 'ok' ELSE m::text END)::"Mood";
    ALTER TABLE child ALTER COLUMN x TYPE "Mood" USING (CASE x::text WHEN 'it''s bad' THEN 'ok' ELSE x::text END)::"Mood";
    ALTER TABLE p ALTER COLUMN m TYPE "Mood" USING (CASE m::text WHEN 'it''s bad' THEN 'ok' ELSE m::text END)::"Mood";
    ALTER TABLE t ALTER COLUMN m DROP DEFAULT, ALTER COLUMN m TYPE "Mood" USING (CASE m::text WHEN 'it''s bad' THEN 'ok' ELSE m::text END)::"Mood", ALTER COLUMN m SET DEFAULT 'ok'::"Mood", ALTER COLUMN l DROP DEFAULT, ALTER COLUMN l TYPE "Mood"[] USING array_replace(l::text[], 'it''s bad'::text, 'ok'::text)::"Mood"[], ALTER COLUMN l SET DEFAULT '{ok}'::"Mood"[];
    ALTER TABLE other.t ALTER COLUMN m TYPE "Mood" USING (CASE m::text WHEN 'it''s bad' THEN 'ok' ELSE m::text END)::"Mood";
    CREATE UNIQUE INDEX ix_ok ON t (id) WHERE (m = 'ok'::"Mood");
    COMMENT ON INDEX ix_ok IS 'kept';
    ALTER TABLE t ADD CONSTRAINT ck CHECK (((m <> 'good'::"Mood") OR (id = 1)));
    DO $$DECLARE was pg_catalog.pg_type; one record;
    BEGIN
        SELECT * INTO was FROM pg_catalog.pg_type WHERE oid = '"Mood__old"'::pg_catalog.regtype;
        IF pg_catalog.obj_description(was.oid, 'pg_type') IS NOT NULL THEN
            EXECUTE pg_catalog.format('COMMENT %s IS %L', 'ON TYPE "Mood"', pg_catalog.obj_description(was.oid, 'pg_type'));
        END IF;
        IF was.typacl IS NOT NULL THEN
            EXECUTE pg_catalog.format('REVOKE ALL %s FROM PUBLIC', 'ON TYPE "Mood"');
            FOR one IN SELECT * FROM pg_catalog.aclexplode(was.typacl) WHERE grantee <> was.typowner LOOP
                EXECUTE pg_catalog.format('GRANT USAGE %s TO %s', 'ON TYPE "Mood"',
                    CASE one.grantee WHEN 0 THEN 'PUBLIC' ELSE one.grantee::pg_catalog.regrole::text END)
                    || CASE WHEN one.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END;
            END LOOP;
        END IF;
        EXECUTE pg_catalog.format('%s OWNER TO %s', 'ALTER TYPE "Mood"', was.typowner::pg_catalog.regrole);
    END$$;
    DROP TYPE "Mood__old";

    - CREATE TYPE public."Mood" AS ENUM (
    -     'good',
    -     'ok',
    -     'it''s bad'
    - );
    - CREATE TABLE public.t (
    -     id integer,
    -     m public."Mood" DEFAULT 'it''s bad'::public."Mood" NOT NULL,
    -     l public."Mood"[] DEFAULT '{ok}'::public."Mood"[],
    -     n text,
    -     CONSTRAINT ck CHECK (((m <> 'good'::public."Mood") OR (id = 1)))
    - );
    + CREATE TYPE public."Mood" AS ENUM (
    +     'good',
    +     'ok'
    + );
    + CREATE TABLE public.t (
    +     id integer,
    +     m public."Mood" DEFAULT 'ok'::public."Mood" NOT NULL,
    +     l public."Mood"[] DEFAULT '{ok}'::public."Mood"[],
    +     n text,
    +     CONSTRAINT ck CHECK (((m <> 'good'::public."Mood") OR (id = 1)))
    + );
    "#);
    let rows = db.query("SELECT id, m, l FROM t ORDER BY id");
    assert_eq!(rows, [["1", "good", "{}"], ["2", "ok", "{ok,ok}"], ["3", "ok", "NULL"]]);
    assert_eq!(db.query("SELECT m FROM other.t ORDER BY m"), [["ok"], ["NULL"]]);
    assert_eq!(db.query("SELECT m, x FROM child"), [["ok", "ok"]]);
}

#[test]
fn a_value_that_rows_have_and_nothing_replaces_is_an_error() {
    let db = TestDb::new(Engine::Postgres);
    db.execute("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (m mood); INSERT INTO t VALUES ('bad')");
    let before = dump(&db);
    let statements = late(&db, json!([{"drop_enum_value": {"name": "mood", "value": "bad"}}]));
    let script = super::script(&statements);
    let error = db.try_execute(&format!("BEGIN; {script} COMMIT")).unwrap_err();
    assert!(error.contains("invalid input value for enum"), "{error}");
    assert_eq!(dump(&db), before);
}

#[test]
fn domains_come_change_and_go() {
    let operations = json!([
        {"create_domain": {"name": "email", "type": "string(255)", "nullable": false, "default": "a@b", "collation": "C", "checks": [{"name": "ck_at", "sql": "VALUE LIKE '%@%'"}]}},
        {"alter_domain": {"name": "old", "nullable": false, "default": 5, "drop_check": "positive", "add_check": {"name": "small", "sql": "VALUE < 10", "not_valid": true}}},
        {"alter_domain": {"name": "older", "nullable": true, "default": null}},
        {"rename_type": {"name": "older", "to": "oldest"}},
        {"comment": {"on": "domain", "name": "oldest", "comment": "very"}},
        {"drop_domain": {"name": "gone", "if_exists": true, "cascade": true}}
    ]);
    let before = "CREATE DOMAIN old AS int CONSTRAINT positive CHECK (VALUE > 0);
        CREATE DOMAIN older AS int NOT NULL DEFAULT 1; CREATE DOMAIN gone AS int";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE DOMAIN email AS varchar(255) COLLATE "C" DEFAULT 'a@b' NOT NULL CONSTRAINT ck_at CHECK (VALUE LIKE '%@%');
    ALTER DOMAIN old SET DEFAULT 5;
    ALTER DOMAIN old SET NOT NULL;
    ALTER DOMAIN old DROP CONSTRAINT positive;
    ALTER DOMAIN old ADD CONSTRAINT small CHECK (VALUE < 10) NOT VALID;
    ALTER DOMAIN older DROP DEFAULT;
    ALTER DOMAIN older DROP NOT NULL;
    ALTER TYPE older RENAME TO oldest;
    COMMENT ON DOMAIN oldest IS 'very';
    DROP DOMAIN IF EXISTS gone CASCADE;

    - CREATE DOMAIN public.gone AS integer;
    - CREATE DOMAIN public.old AS integer
    - 	CONSTRAINT positive CHECK ((VALUE > 0));
    - CREATE DOMAIN public.older AS integer NOT NULL DEFAULT 1;
    + CREATE DOMAIN public.email AS character varying(255) COLLATE pg_catalog."C" NOT NULL DEFAULT 'a@b'::character varying
    + 	CONSTRAINT ck_at CHECK (((VALUE)::text ~~ '%@%'::text));
    + CREATE DOMAIN public.old AS integer NOT NULL DEFAULT 5;
    + CREATE DOMAIN public.oldest AS integer;
    + COMMENT ON DOMAIN public.oldest IS 'very';
    + ALTER DOMAIN public.old
    +     ADD CONSTRAINT small CHECK ((VALUE < 10)) NOT VALID;
    "#);
}

#[test]
fn sequences_come_change_and_go() {
    let operations = json!([
        {"create_sequence": {"name": "s", "type": "integer", "start": 5, "increment": 2, "min": 1, "max": 99, "cache": 4, "cycle": true, "owned_by": "t.a"}},
        {"create_sequence": {"name": "s2", "if_not_exists": true}},
        {"alter_sequence": {"name": "old", "increment": -1, "min": -5, "max": 5, "cycle": false, "restart": 3}},
        {"drop_sequence": {"name": "gone", "cascade": true}}
    ]);
    let before = "CREATE TABLE t (a int); CREATE SEQUENCE old; CREATE SEQUENCE gone";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE SEQUENCE s AS integer INCREMENT BY 2 MINVALUE 1 MAXVALUE 99 START WITH 5 CACHE 4 CYCLE OWNED BY t.a;
    CREATE SEQUENCE IF NOT EXISTS s2;
    ALTER SEQUENCE old INCREMENT BY -1 MINVALUE -5 MAXVALUE 5 NO CYCLE RESTART WITH 3;
    DROP SEQUENCE gone CASCADE;

    - CREATE SEQUENCE public.gone
    -     START WITH 1
    -     INCREMENT BY 1
    -     NO MINVALUE
    -     NO MAXVALUE
    -     CACHE 1;
    - CREATE SEQUENCE public.old
    -     START WITH 1
    -     INCREMENT BY 1
    -     NO MINVALUE
    -     NO MAXVALUE
    -     CACHE 1;
    + CREATE SEQUENCE public.old
    +     START WITH 1
    +     INCREMENT BY -1
    +     MINVALUE -5
    +     MAXVALUE 5
    +     CACHE 1;
    + CREATE SEQUENCE public.s
    +     AS integer
    +     START WITH 5
    +     INCREMENT BY 2
    +     NO MINVALUE
    +     MAXVALUE 99
    +     CACHE 4
    +     CYCLE;
    + ALTER SEQUENCE public.s OWNED BY public.t.a;
    + CREATE SEQUENCE public.s2
    +     START WITH 1
    +     INCREMENT BY 1
    +     NO MINVALUE
    +     NO MAXVALUE
    +     CACHE 1;
    "#);
}

//! Tables and their options, indexes.

use serde_json::json;

use super::{PG, session, statements};

#[test]
fn a_table_has_what_it_is_given() {
    let operations = json!([{"create_table": {
        "name": "Order", "comment": "it's \\ all",
        "columns": [
            {"name": "id", "type": "bigint", "identity": {"kind": "always", "start": 10, "increment": 5, "min": 5, "max": 1000, "cache": 3, "cycle": true}, "primary_key": true},
            {"name": "email", "type": "string(255)", "nullable": false, "collation": "C", "comment": "where to"},
            {"name": "plan", "type": "text", "default": "it's free", "storage": "external"},
            {"name": "note", "type": "text", "compression": "pglz"},
            {"name": "price", "type": "decimal(20,4)", "default": "1234567890123456.5"},
            {"name": "count", "type": "integer", "default": -3},
            {"name": "on", "type": "boolean", "default": false},
            {"name": "since", "type": "timestamptz", "default": {"sql": "now()"}},
            {"name": "day", "type": "date", "default": "2026-01-31"},
            {"name": "doc", "type": {"postgres": "jsonb"}, "default": {"sql": {"postgres": "'{}'"}}},
            {"name": "twice", "type": "integer", "generated": {"sql": "count * 2 -- twice", "stored": true}},
            {"name": "user_id", "type": "bigint", "references": {"name": "fk_user", "table": "user", "column": "id", "on_delete": "cascade", "on_update": "set_null", "deferrable": true, "initially": "deferred"}},
            {"name": "tags", "type": "text[]"},
            {"name": "nothing", "type": "text", "default": null}
        ],
        "constraints": [
            {"unique": {"name": "uq_email", "columns": ["email"], "nulls_distinct": false, "include": ["plan"], "deferrable": true}},
            {"check": {"name": "ck_price", "sql": "price > 0", "no_inherit": true}},
            {"check": {"name": "ck_late", "sql": "count > -10", "not_valid": true}},
            {"foreign_key": {"name": "fk_two", "columns": ["user_id"], "references": {"table": "user", "columns": ["id"]}, "match": "full", "on_delete": "restrict", "not_valid": true}},
            {"exclude": {"name": "ex_day", "elements": [{"column": "day", "with": "="}], "method": "btree", "where": "count > 0"}}
        ],
        "indexes": [
            {"name": "ix_plan", "columns": [{"sql": "lower(plan)"}, {"column": "email", "order": "desc", "nulls": "last", "opclass": "text_pattern_ops", "collation": "C"}], "where": "plan <> ''", "comment": "fast"}
        ],
        "options": {"with": {"fillfactor": 70, "toast.autovacuum_enabled": false}, "using": "heap", "tablespace": "pg_default"}
    }}]);
    insta::assert_snapshot!(session(r#"CREATE TABLE "user" (id bigint PRIMARY KEY)"#, operations), @r#"
    CREATE TABLE "Order" (
        id bigint GENERATED ALWAYS AS IDENTITY (INCREMENT BY 5 MINVALUE 5 MAXVALUE 1000 START WITH 10 CACHE 3 CYCLE) CONSTRAINT "Order_pkey" PRIMARY KEY,
        email varchar(255) COLLATE "C" NOT NULL,
        plan text DEFAULT 'it''s free',
        note text COMPRESSION pglz,
        price numeric(20,4) DEFAULT 1234567890123456.5,
        count integer DEFAULT -3,
        "on" boolean DEFAULT false,
        since timestamptz DEFAULT now(),
        day date DEFAULT '2026-01-31',
        doc jsonb DEFAULT '{}',
        twice integer GENERATED ALWAYS AS (count * 2 -- twice
    ) STORED,
        user_id bigint CONSTRAINT fk_user REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
        tags text[],
        nothing text DEFAULT NULL,
        CONSTRAINT uq_email UNIQUE NULLS NOT DISTINCT (email) INCLUDE (plan) DEFERRABLE,
        CONSTRAINT ck_price CHECK (price > 0) NO INHERIT,
        CONSTRAINT ex_day EXCLUDE USING btree (day WITH =) WHERE (count > 0)
    ) USING heap WITH (fillfactor = 70, toast.autovacuum_enabled = false) TABLESPACE pg_default;
    ALTER TABLE "Order" ALTER COLUMN plan SET STORAGE external;
    ALTER TABLE "Order" ADD CONSTRAINT ck_late CHECK (count > -10) NOT VALID;
    ALTER TABLE "Order" ADD CONSTRAINT fk_two FOREIGN KEY (user_id) REFERENCES "user" (id) MATCH FULL ON DELETE RESTRICT NOT VALID;
    CREATE INDEX ix_plan ON "Order" ((lower(plan)), email COLLATE "C" text_pattern_ops DESC NULLS LAST) WHERE plan <> '';
    COMMENT ON INDEX ix_plan IS 'fast';
    COMMENT ON TABLE "Order" IS E'it''s \\ all';
    COMMENT ON COLUMN "Order".email IS 'where to';

    + CREATE TABLE public."Order" (
    +     id bigint NOT NULL,
    +     email character varying(255) NOT NULL COLLATE pg_catalog."C",
    +     plan text DEFAULT 'it''s free'::text,
    +     note text,
    +     price numeric(20,4) DEFAULT 1234567890123456.5,
    +     count integer DEFAULT '-3'::integer,
    +     "on" boolean DEFAULT false,
    +     since timestamp with time zone DEFAULT now(),
    +     day date DEFAULT '2026-01-31'::date,
    +     doc jsonb DEFAULT '{}'::jsonb,
    +     twice integer GENERATED ALWAYS AS ((count * 2)) STORED,
    +     user_id bigint,
    +     tags text[],
    +     nothing text,
    +     CONSTRAINT ck_price CHECK ((price > (0)::numeric)) NO INHERIT
    + )
    + WITH (fillfactor='70', toast.autovacuum_enabled='false');
    + ALTER TABLE ONLY public."Order" ALTER COLUMN plan SET STORAGE EXTERNAL;
    + ALTER TABLE ONLY public."Order" ALTER COLUMN note SET COMPRESSION pglz;
    + COMMENT ON TABLE public."Order" IS 'it''s \ all';
    + COMMENT ON COLUMN public."Order".email IS 'where to';
    + ALTER TABLE public."Order" ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    +     SEQUENCE NAME public."Order_id_seq"
    +     START WITH 10
    +     INCREMENT BY 5
    +     MINVALUE 5
    +     MAXVALUE 1000
    +     CACHE 3
    +     CYCLE
    + );
    + ALTER TABLE ONLY public."Order"
    +     ADD CONSTRAINT "Order_pkey" PRIMARY KEY (id);
    + ALTER TABLE public."Order"
    +     ADD CONSTRAINT ck_late CHECK ((count > '-10'::integer)) NOT VALID;
    + ALTER TABLE ONLY public."Order"
    +     ADD CONSTRAINT ex_day EXCLUDE USING btree (day WITH =) WHERE ((count > 0));
    + ALTER TABLE ONLY public."Order"
    +     ADD CONSTRAINT uq_email UNIQUE NULLS NOT DISTINCT (email) INCLUDE (plan) DEFERRABLE;
    + CREATE INDEX ix_plan ON public."Order" USING btree (lower(plan), email text_pattern_ops DESC NULLS LAST) WHERE (plan <> ''::text);
    + COMMENT ON INDEX public.ix_plan IS 'fast';
    + ALTER TABLE ONLY public."Order"
    +     ADD CONSTRAINT fk_two FOREIGN KEY (user_id) REFERENCES public."user"(id) MATCH FULL ON DELETE RESTRICT NOT VALID;
    + ALTER TABLE ONLY public."Order"
    +     ADD CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES public."user"(id) ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
    "#);
}

#[test]
fn tables_of_other_sorts() {
    let operations = json!([
        {"create_table": {"name": "fast", "if_not_exists": true, "columns": [{"name": "a", "type": "integer"}], "options": {"unlogged": true},
            "indexes": [{"name": "ix_fast", "columns": ["a"]}]}},
        {"create_table": {"name": "base", "columns": [{"name": "a", "type": "integer"}]}},
        {"create_table": {"name": "child", "columns": [{"name": "b", "type": "integer"}], "options": {"inherits": ["base"]}}},
        {"create_table": {"schema": "other", "name": "parts", "columns": [{"name": "a", "type": "integer", "nullable": false}], "options": {"partition_by": "RANGE (a)"}}},
        {"create_table": {"schema": "other", "name": "part_1", "options": {"partition_of": "parts", "partition_bounds": "FOR VALUES FROM (0) TO (10)"},
            "constraints": [{"check": {"name": "ck", "sql": "a <> 5"}}]}},
        {"create_table": {"schema": "other", "name": "part_x", "options": {"partition_of": "other.parts", "partition_bounds": "DEFAULT"}}},
        {"create_table": {"name": "nothing"}},
        {"create_index": {"schema": "other", "table": "parts", "name": "ix_parts", "columns": ["a"], "only": true}},
        {"rename_table": {"name": "child", "to": "Child"}},
        {"drop_table": {"name": "nothing"}},
        {"drop_table": {"name": "base", "cascade": true, "if_exists": true}}
    ]);
    insta::assert_snapshot!(session("CREATE SCHEMA other", operations), @r#"
    CREATE UNLOGGED TABLE IF NOT EXISTS fast (
        a integer
    );
    CREATE INDEX IF NOT EXISTS ix_fast ON fast (a);
    CREATE TABLE base (
        a integer
    );
    CREATE TABLE child (
        b integer
    ) INHERITS (base);
    CREATE TABLE other.parts (
        a integer NOT NULL
    ) PARTITION BY RANGE (a);
    CREATE TABLE other.part_1 PARTITION OF other.parts (
        CONSTRAINT ck CHECK (a <> 5)
    ) FOR VALUES FROM (0) TO (10);
    CREATE TABLE other.part_x PARTITION OF other.parts DEFAULT;
    CREATE TABLE nothing ();
    CREATE INDEX ix_parts ON ONLY other.parts (a);
    ALTER TABLE child RENAME TO "Child";
    DROP TABLE nothing;
    DROP TABLE IF EXISTS base CASCADE;

    + CREATE TABLE other.parts (
    +     a integer NOT NULL
    + )
    + PARTITION BY RANGE (a);
    + CREATE TABLE other.part_1 (
    +     a integer NOT NULL,
    +     CONSTRAINT ck CHECK ((a <> 5))
    + );
    + CREATE TABLE other.part_x (
    +     a integer NOT NULL
    + );
    + CREATE UNLOGGED TABLE public.fast (
    +     a integer
    + );
    + ALTER TABLE ONLY other.parts ATTACH PARTITION other.part_1 FOR VALUES FROM (0) TO (10);
    + ALTER TABLE ONLY other.parts ATTACH PARTITION other.part_x DEFAULT;
    + CREATE INDEX ix_parts ON ONLY other.parts USING btree (a);
    + CREATE INDEX ix_fast ON public.fast USING btree (a);
    "#);
}

#[test]
fn a_temporary_table_goes_with_its_session() {
    let operations = json!([{"create_table": {"name": "t", "columns": [{"name": "a", "type": "integer"}], "options": {"temporary": true}}}]);
    insta::assert_snapshot!(session("", operations), @r#"
    CREATE TEMPORARY TABLE t (
        a integer
    );
    "#);
}

#[test]
fn indexes_of_all_sorts() {
    let operations = json!([
        {"create_index": {"table": "t", "name": "ix_unique", "columns": ["a", {"column": "b", "order": "asc", "nulls": "first"}], "unique": true, "nulls_distinct": false, "include": ["c"], "with": {"fillfactor": 50}, "tablespace": "pg_default", "where": "a > 0"}},
        {"create_index": {"table": "t", "name": "ix_gin", "columns": [{"column": "d", "opclass": "jsonb_path_ops"}], "method": "gin", "with": {"fastupdate": false}}},
        {"create_index": {"table": "t", "name": "ix_late", "columns": [{"sql": "lower(b)"}], "concurrently": true, "if_not_exists": true, "comment": "built beside"}},
        {"rename_index": {"table": "t", "name": "ix_gin", "to": "ix doc"}},
        {"drop_index": {"table": "t", "name": "ix_old", "concurrently": true, "if_exists": true}},
        {"drop_index": {"table": "t", "name": "ix_older", "cascade": true}}
    ]);
    let before = "CREATE TABLE t (a int, b text, c int, d jsonb); CREATE INDEX ix_old ON t (a); CREATE INDEX ix_older ON t (a)";
    insta::assert_snapshot!(session(before, operations), @r#"
    CREATE UNIQUE INDEX ix_unique ON t (a, b ASC NULLS FIRST) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor = 50) TABLESPACE pg_default WHERE a > 0;
    CREATE INDEX ix_gin ON t USING gin (d jsonb_path_ops) WITH (fastupdate = false);
    CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_late ON t ((lower(b)));
    COMMENT ON INDEX ix_late IS 'built beside';
    ALTER INDEX ix_gin RENAME TO "ix doc";
    DROP INDEX CONCURRENTLY IF EXISTS ix_old;
    DROP INDEX ix_older CASCADE;

    - CREATE INDEX ix_old ON public.t USING btree (a);
    - CREATE INDEX ix_older ON public.t USING btree (a);
    + CREATE INDEX "ix doc" ON public.t USING gin (d jsonb_path_ops) WITH (fastupdate='false');
    + CREATE INDEX ix_late ON public.t USING btree (lower(b));
    + COMMENT ON INDEX public.ix_late IS 'built beside';
    + CREATE UNIQUE INDEX ix_unique ON public.t USING btree (a, b NULLS FIRST) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor='50') WHERE (a > 0);
    "#);
}

#[test]
fn what_goes_concurrently_stands_in_no_transaction() {
    let made = statements(
        PG,
        json!([
            {"create_index": {"table": "t", "name": "ix", "columns": ["a"], "concurrently": true, "comment": "x"}},
            {"drop_index": {"table": "t", "name": "ix", "concurrently": true}},
            {"create_index": {"table": "t", "name": "ix", "columns": ["a"]}}
        ]),
    );
    let transactional: Vec<bool> = made.iter().map(|own| own.transactional).collect();
    assert_eq!(transactional, [false, true, false, true]);
}

#[test]
fn a_comment_in_a_piece_of_sql_swallows_nothing() {
    let operations = json!([
        {"create_table": {"name": "t", "columns": [
            {"name": "a", "type": "bigint -- big", "default": {"sql": "1 -- one"}, "primary_key": true},
            {"name": "b", "type": {"postgres": "integer -- small"}, "nullable": false, "generated": {"sql": "a + 1 -- more", "stored": true}}
        ], "options": {"partition_by": "HASH (a) -- parts", "using": null}}},
        {"create_table": {"name": "p", "options": {"partition_of": "t", "partition_bounds": "FOR VALUES WITH (MODULUS 1, REMAINDER 0) -- all", "tablespace": "pg_default"}}},
        {"create_function": {"name": "f", "arguments": "x integer -- the one", "returns": "integer -- another", "attributes": ["immutable -- always"], "body": "SELECT x -- it"}},
        {"create_index": {"table": "t", "name": "ix", "columns": [{"sql": "f(b) -- it", "opclass": "int4_ops -- usual"}], "where": "b > 0 -- some"}}
    ]);
    insta::assert_snapshot!(session("", operations), @r#"
    CREATE TABLE t (
        a bigint -- big
     DEFAULT 1 -- one
     CONSTRAINT t_pkey PRIMARY KEY,
        b integer -- small
     NOT NULL GENERATED ALWAYS AS (a + 1 -- more
    ) STORED
    ) PARTITION BY HASH (a) -- parts
    ;
    CREATE TABLE p PARTITION OF t FOR VALUES WITH (MODULUS 1, REMAINDER 0) -- all
     TABLESPACE pg_default;
    CREATE FUNCTION f(x integer -- the one
    ) RETURNS integer -- another
     LANGUAGE sql immutable -- always
     AS $$SELECT x -- it$$;
    CREATE INDEX ix ON t ((f(b) -- it
    ) int4_ops -- usual
    ) WHERE b > 0 -- some;

    + CREATE FUNCTION public.f(x integer) RETURNS integer
    +     LANGUAGE sql IMMUTABLE
    +     AS $$SELECT x -- it$$;
    + CREATE TABLE public.t (
    +     a bigint DEFAULT 1 NOT NULL,
    +     b integer GENERATED ALWAYS AS ((a + 1)) STORED NOT NULL
    + )
    + PARTITION BY HASH (a);
    + CREATE TABLE public.p (
    +     a bigint DEFAULT 1 NOT NULL,
    +     b integer GENERATED ALWAYS AS ((a + 1)) STORED NOT NULL
    + );
    + ALTER TABLE ONLY public.t ATTACH PARTITION public.p FOR VALUES WITH (modulus 1, remainder 0);
    + ALTER TABLE ONLY public.t
    +     ADD CONSTRAINT t_pkey PRIMARY KEY (a);
    + ALTER TABLE ONLY public.p
    +     ADD CONSTRAINT p_pkey PRIMARY KEY (a);
    + CREATE INDEX ix ON ONLY public.t USING btree (public.f(b)) WHERE (b > 0);
    + CREATE INDEX p_f_idx ON public.p USING btree (public.f(b)) WHERE (b > 0);
    + ALTER INDEX public.ix ATTACH PARTITION public.p_f_idx;
    + ALTER INDEX public.t_pkey ATTACH PARTITION public.p_pkey;
    "#);
}

#[test]
fn keys_over_the_same_columns_are_all_made() {
    let operations = json!([
        {"create_table": {"name": "t", "columns": [
            {"name": "a", "type": "integer", "primary_key": true}, {"name": "b", "type": "integer"}
        ], "constraints": [
            {"unique": {"name": "uq_a", "columns": ["a"]}},
            {"unique": {"name": "uq_ab", "columns": ["a", "b"]}},
            {"unique": {"name": "uq_ab_too", "columns": ["a", "b"]}}
        ]}}
    ]);
    insta::assert_snapshot!(session("", operations), @r#"
    CREATE TABLE t (
        a integer CONSTRAINT t_pkey PRIMARY KEY,
        b integer,
        CONSTRAINT uq_ab UNIQUE (a, b)
    );
    ALTER TABLE t ADD CONSTRAINT uq_a UNIQUE (a);
    ALTER TABLE t ADD CONSTRAINT uq_ab_too UNIQUE (a, b);

    + CREATE TABLE public.t (
    +     a integer NOT NULL,
    +     b integer
    + );
    + ALTER TABLE ONLY public.t
    +     ADD CONSTRAINT t_pkey PRIMARY KEY (a);
    + ALTER TABLE ONLY public.t
    +     ADD CONSTRAINT uq_a UNIQUE (a);
    + ALTER TABLE ONLY public.t
    +     ADD CONSTRAINT uq_ab UNIQUE (a, b);
    + ALTER TABLE ONLY public.t
    +     ADD CONSTRAINT uq_ab_too UNIQUE (a, b);
    "#);
}

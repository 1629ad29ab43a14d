//! Constraints by themselves.

use serde_json::json;

use super::session;

#[test]
fn constraints_come_change_and_go() {
    let operations = json!([
        {"create_primary_key": {"table": "a", "columns": ["id"], "include": ["x"], "tablespace": "pg_default"}},
        {"create_primary_key": {"table": "b", "name": "Key of B", "columns": ["id", "x"], "deferrable": true, "initially": "immediate"}},
        {"create_unique": {"table": "a", "name": "uq_x", "columns": ["x"], "nulls_distinct": false, "initially": "deferred", "deferrable": true}},
        {"create_foreign_key": {"table": "b", "name": "fk_a", "columns": ["id"], "references": {"table": "a", "columns": ["id"]}, "on_delete": "set_default", "on_update": "no_action", "not_valid": true}},
        {"validate_constraint": {"table": "b", "name": "fk_a"}},
        {"create_check": {"table": "b", "name": "ck_x", "sql": "x > 0", "no_inherit": true, "not_valid": true}},
        {"create_exclude": {"table": "a", "name": "ex_r", "elements": [{"column": "x", "with": "="}, {"sql": "r * '[1,1]'::int4range", "opclass": "range_ops", "with": "&&"}], "where": "x > 1", "include": ["id"], "deferrable": true}},
        {"rename_constraint": {"table": "b", "name": "ck_x", "kind": "check", "to": "ck_y"}},
        {"drop_constraint": {"table": "c", "kind": "primary_key", "cascade": true}},
        {"drop_constraint": {"table": "c", "name": "gone", "kind": "check", "if_exists": true}},
        {"drop_constraint": {"table": "c", "name": "here", "kind": "check"}}
    ]);
    let before = "CREATE EXTENSION btree_gist; CREATE TABLE a (id int, x int, r int4range); CREATE TABLE b (id int, x int);
        CREATE TABLE c (id int PRIMARY KEY, x int CONSTRAINT here CHECK (x > 0), d int REFERENCES c)";
    insta::assert_snapshot!(session(before, operations), @r#"
    ALTER TABLE a ADD CONSTRAINT a_pkey PRIMARY KEY (id) INCLUDE (x) USING INDEX TABLESPACE pg_default;
    ALTER TABLE b ADD CONSTRAINT "Key of B" PRIMARY KEY (id, x) DEFERRABLE INITIALLY IMMEDIATE;
    ALTER TABLE a ADD CONSTRAINT uq_x UNIQUE NULLS NOT DISTINCT (x) DEFERRABLE INITIALLY DEFERRED;
    ALTER TABLE b ADD CONSTRAINT fk_a FOREIGN KEY (id) REFERENCES a (id) ON DELETE SET DEFAULT ON UPDATE NO ACTION NOT VALID;
    ALTER TABLE b VALIDATE CONSTRAINT fk_a;
    ALTER TABLE b ADD CONSTRAINT ck_x CHECK (x > 0) NO INHERIT NOT VALID;
    ALTER TABLE a ADD CONSTRAINT ex_r EXCLUDE USING gist (x WITH =, (r * '[1,1]'::int4range) range_ops WITH &&) INCLUDE (id) WHERE (x > 1) DEFERRABLE;
    ALTER TABLE b RENAME CONSTRAINT ck_x TO ck_y;
    ALTER TABLE c DROP CONSTRAINT c_pkey CASCADE;
    ALTER TABLE c DROP CONSTRAINT IF EXISTS gone;
    ALTER TABLE c DROP CONSTRAINT here;

    - CREATE TABLE public.a (
    -     id integer,
    -     x integer,
    -     r int4range
    - );
    - CREATE TABLE public.b (
    -     id integer,
    -     x integer
    - );
    - CREATE TABLE public.c (
    -     id integer NOT NULL,
    -     x integer,
    -     d integer,
    -     CONSTRAINT here CHECK ((x > 0))
    - );
    - ALTER TABLE ONLY public.c
    -     ADD CONSTRAINT c_pkey PRIMARY KEY (id);
    - ALTER TABLE ONLY public.c
    -     ADD CONSTRAINT c_d_fkey FOREIGN KEY (d) REFERENCES public.c(id);
    + CREATE TABLE public.a (
    +     id integer NOT NULL,
    +     x integer,
    +     r int4range
    + );
    + CREATE TABLE public.b (
    +     id integer NOT NULL,
    +     x integer NOT NULL
    + );
    + CREATE TABLE public.c (
    +     id integer NOT NULL,
    +     x integer,
    +     d integer
    + );
    + ALTER TABLE ONLY public.b
    +     ADD CONSTRAINT "Key of B" PRIMARY KEY (id, x) DEFERRABLE;
    + ALTER TABLE ONLY public.a
    +     ADD CONSTRAINT a_pkey PRIMARY KEY (id) INCLUDE (x);
    + ALTER TABLE public.b
    +     ADD CONSTRAINT ck_y CHECK ((x > 0)) NO INHERIT NOT VALID;
    + ALTER TABLE ONLY public.a
    +     ADD CONSTRAINT ex_r EXCLUDE USING gist (x WITH =, ((r * '[1,2)'::int4range)) WITH &&) INCLUDE (id) WHERE ((x > 1)) DEFERRABLE;
    + ALTER TABLE ONLY public.a
    +     ADD CONSTRAINT uq_x UNIQUE NULLS NOT DISTINCT (x) DEFERRABLE INITIALLY DEFERRED;
    + ALTER TABLE ONLY public.b
    +     ADD CONSTRAINT fk_a FOREIGN KEY (id) REFERENCES public.a(id) ON DELETE SET DEFAULT;
    "#);
}

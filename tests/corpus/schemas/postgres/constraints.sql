-- Every kind of constraint, and checks of many texts.

CREATE EXTENSION btree_gist;
CREATE TYPE phase AS ENUM ('start', 'middle', 'end');
CREATE DOMAIN email AS text
    CONSTRAINT email_has_at CHECK (VALUE LIKE '%_@_%')
    CONSTRAINT email_short CHECK (length(VALUE) <= 254);
CREATE DOMAIN percent AS numeric(5, 2) NOT NULL CHECK (VALUE >= 0 AND VALUE <= 100);

CREATE TABLE parent (
    id integer CONSTRAINT parent_is_known PRIMARY KEY,
    code varchar(10) NOT NULL UNIQUE,
    region char(2) NOT NULL,
    number integer NOT NULL,
    extra text,
    CONSTRAINT parent_region_number UNIQUE (region, number),
    UNIQUE (number, code),
    UNIQUE NULLS NOT DISTINCT (extra),
    CONSTRAINT parent_include UNIQUE (region, code) INCLUDE (extra),
    CONSTRAINT parent_later UNIQUE (code, extra) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT parent_perhaps_later UNIQUE (extra, code) DEFERRABLE,
    CONSTRAINT parent_fill UNIQUE (id, extra) WITH (fillfactor = 60)
);

CREATE TABLE child (
    id integer,
    id2 integer,
    plain integer REFERENCES parent,
    named integer CONSTRAINT child_named_parent REFERENCES parent (id),
    by_code varchar(10) REFERENCES parent (code),
    on_cascade integer REFERENCES parent ON DELETE CASCADE ON UPDATE CASCADE,
    on_null integer REFERENCES parent ON DELETE SET NULL,
    on_default integer DEFAULT 1 REFERENCES parent ON DELETE SET DEFAULT ON UPDATE SET NULL,
    on_restrict integer REFERENCES parent ON DELETE RESTRICT ON UPDATE RESTRICT,
    on_nothing integer REFERENCES parent ON DELETE NO ACTION,
    deferrable_one integer REFERENCES parent DEFERRABLE,
    deferred integer REFERENCES parent DEFERRABLE INITIALLY DEFERRED,
    immediate integer REFERENCES parent DEFERRABLE INITIALLY IMMEDIATE,
    region char(2),
    number integer,
    self_id integer,
    self_id2 integer,
    PRIMARY KEY (id, id2),
    FOREIGN KEY (region, number) REFERENCES parent (region, number),
    CONSTRAINT child_full FOREIGN KEY (number, region) REFERENCES parent (number, region) MATCH FULL ON UPDATE CASCADE,
    CONSTRAINT child_self FOREIGN KEY (self_id, self_id2) REFERENCES child,
    CONSTRAINT child_some_null FOREIGN KEY (region, number) REFERENCES parent (region, number) ON DELETE SET NULL (number)
);
ALTER TABLE child ADD CONSTRAINT child_not_valid FOREIGN KEY (id) REFERENCES parent (id) NOT VALID;

-- two tables that point at each other
CREATE TABLE hen (id integer PRIMARY KEY, egg_id integer);
CREATE TABLE egg (id integer PRIMARY KEY, hen_id integer REFERENCES hen (id));
ALTER TABLE hen ADD CONSTRAINT hen_egg FOREIGN KEY (egg_id) REFERENCES egg (id) DEFERRABLE INITIALLY DEFERRED;

-- across schemas
CREATE SCHEMA office;
CREATE TABLE office.desk (id integer PRIMARY KEY, parent_id integer REFERENCES public.parent (id));
CREATE TABLE chair (id integer PRIMARY KEY, desk_id integer NOT NULL REFERENCES office.desk (id) ON DELETE CASCADE);

CREATE TABLE checks (
    i integer CHECK (i > 0),
    i_named integer CONSTRAINT i_named_is_even CHECK (i_named % 2 = 0),
    j integer,
    k bigint,
    n numeric(10, 2),
    d double precision,
    v varchar(20),
    c char(3),
    t text,
    b boolean,
    e phase,
    day date,
    day2 date,
    at timestamptz,
    a integer[],
    ta text[],
    jb jsonb,
    iv interval,
    u uuid,
    m email,
    p percent,
    CONSTRAINT ck_and CHECK (i > 0 AND i < 10),
    CONSTRAINT ck_or CHECK (i > 0 OR j > 0),
    CONSTRAINT ck_nested CHECK ((i > 0 AND j > 0) OR (i < 0 AND j < 0)),
    CONSTRAINT ck_not CHECK (NOT (i = 5)),
    CONSTRAINT ck_not_equal CHECK (i <> 5 AND j != 6),
    CONSTRAINT ck_between CHECK (i BETWEEN 1 AND 100),
    CONSTRAINT ck_not_between CHECK (j NOT BETWEEN 1 AND 100),
    CONSTRAINT ck_between_symmetric CHECK (j BETWEEN SYMMETRIC 100 AND 1),
    CONSTRAINT ck_between_dates CHECK (day BETWEEN '2000-01-01' AND '2099-12-31'),
    CONSTRAINT ck_in_integer CHECK (i IN (1, 2, 3)),
    CONSTRAINT ck_in_bigint CHECK (k IN (1, 2, 3)),
    CONSTRAINT ck_in_one CHECK (j IN (1)),
    CONSTRAINT ck_in_varchar CHECK (v IN ('a', 'b', 'it''s')),
    CONSTRAINT ck_in_varchar_one CHECK (v IN ('only')),
    CONSTRAINT ck_in_char CHECK (c IN ('abc', 'de')),
    CONSTRAINT ck_in_text CHECK (t IN ('x', 'y')),
    CONSTRAINT ck_in_enum CHECK (e IN ('start', 'end')),
    CONSTRAINT ck_not_in CHECK (v NOT IN ('bad', 'worse')),
    CONSTRAINT ck_any_array CHECK (v = ANY (ARRAY['a', 'b'])),
    CONSTRAINT ck_any_typed CHECK (v = ANY (ARRAY['a'::varchar, 'b'::varchar])),
    CONSTRAINT ck_any_text CHECK (v::text = ANY (ARRAY['a'::text, 'b'::text])),
    CONSTRAINT ck_all CHECK (i <> ALL ('{7,8}'::integer[])),
    CONSTRAINT ck_like CHECK (v LIKE 'A%'),
    CONSTRAINT ck_not_like CHECK (t NOT LIKE '%\_%'),
    CONSTRAINT ck_like_escape CHECK (t LIKE '100!%' ESCAPE '!'),
    CONSTRAINT ck_ilike CHECK (v ILIKE 'a_c%'),
    CONSTRAINT ck_similar CHECK (t SIMILAR TO '(a|b)%'),
    CONSTRAINT ck_regex CHECK (v ~ '^[A-Z]{2}[0-9]+$'),
    CONSTRAINT ck_regex_ci CHECK (t ~* '^\w+@\w+\.\w+$'),
    CONSTRAINT ck_not_regex CHECK (t !~ '[[:space:]]' AND t !~* '^x'),
    CONSTRAINT ck_case CHECK (CASE WHEN e = 'start' THEN i IS NULL WHEN e = 'end' THEN i IS NOT NULL ELSE true END),
    CONSTRAINT ck_case_simple CHECK (CASE v WHEN 'a' THEN 1 WHEN 'b' THEN 2 ELSE 0 END > 0),
    CONSTRAINT ck_is_null CHECK ((i IS NULL) = (j IS NULL)),
    CONSTRAINT ck_is_not_null CHECK (i IS NOT NULL OR t IS NOT NULL),
    CONSTRAINT ck_is_true CHECK (b IS TRUE OR b IS NOT FALSE OR b IS UNKNOWN),
    CONSTRAINT ck_bool CHECK (b),
    CONSTRAINT ck_bool_not CHECK (NOT b),
    CONSTRAINT ck_distinct CHECK (i IS DISTINCT FROM j),
    CONSTRAINT ck_not_distinct CHECK (day IS NOT DISTINCT FROM day2),
    CONSTRAINT ck_num_nonnulls CHECK (num_nonnulls(i, j, k) = 1),
    CONSTRAINT ck_length CHECK (length(v) >= 3 AND char_length(t) < 1000),
    CONSTRAINT ck_functions CHECK (lower(trim(BOTH ' ' FROM t)) = t),
    CONSTRAINT ck_position CHECK (position('@' IN t) > 1),
    CONSTRAINT ck_substring CHECK (substring(t FROM 1 FOR 2) <> 'xx'),
    CONSTRAINT ck_extract CHECK (extract(isodow FROM day) < 6),
    CONSTRAINT ck_date_trunc CHECK (date_trunc('day', at AT TIME ZONE 'UTC') = at AT TIME ZONE 'UTC'),
    CONSTRAINT ck_overlaps CHECK ((day, day2) OVERLAPS (DATE '2000-01-01', DATE '2010-01-01')),
    CONSTRAINT ck_dates CHECK (day2 > day + 1),
    CONSTRAINT ck_interval CHECK (iv > interval '1 hour' AND iv <= '2 days'::interval),
    CONSTRAINT ck_numeric CHECK (n >= 0.01 AND n < 1e6),
    CONSTRAINT ck_numeric_int CHECK (n > 0),
    CONSTRAINT ck_negative CHECK (i > -5 AND n > -0.5 AND -i < 4),
    CONSTRAINT ck_double CHECK (d > 0 AND d < 1.5),
    CONSTRAINT ck_arithmetic CHECK (i + j * 2 - k / 3 > (i + j) * 2),
    CONSTRAINT ck_bits CHECK ((i & 1) = 0 AND (i | j) > 0 AND (i << 2) > 0 AND (i # j) <> 0 AND (~ i) < 0),
    CONSTRAINT ck_power CHECK (d ^ 2 < 100 AND |/ d < 10 AND @ d > 0),
    CONSTRAINT ck_cast CHECK (t::integer > 0),
    CONSTRAINT ck_cast_long CHECK (CAST(v AS numeric(5, 2)) > 0),
    CONSTRAINT ck_array CHECK (cardinality(a) > 0 AND a @> ARRAY[1] AND a[1] > 0),
    CONSTRAINT ck_array_text CHECK (ta <@ ARRAY['a', 'b', 'c'] AND array_position(ta, NULL) IS NULL),
    CONSTRAINT ck_json CHECK (jb ? 'id' AND jsonb_typeof(jb -> 'id') = 'number' AND jb @> '{"v": 1}'),
    CONSTRAINT ck_concat CHECK (v || '-' || t <> '-'),
    CONSTRAINT ck_collate CHECK (t COLLATE "C" > 'a'),
    CONSTRAINT ck_coalesce CHECK (COALESCE(i, j, 0) > 0 AND NULLIF(v, '') IS NOT NULL AND GREATEST(i, j) < 9 AND LEAST(i, 3) > 1),
    CONSTRAINT ck_row CHECK ((i, j) > (1, 2) AND ROW(i, j) IS NOT NULL),
    CONSTRAINT ck_enum_order CHECK (e < 'end'),
    CONSTRAINT ck_uuid CHECK (u <> '00000000-0000-0000-0000-000000000000'),
    CONSTRAINT ck_quotes CHECK (t <> 'a''b"c\d'),
    CONSTRAINT ck_escape_string CHECK (t <> E'tab\there'),
    CONSTRAINT ck_true CHECK (true),
    CONSTRAINT ck_no_inherit CHECK (i > -100) NO INHERIT,
    CONSTRAINT "Ck Odd ""Name""" CHECK (i > -200),
    CHECK (i < j),
    CHECK (j < k)
);
ALTER TABLE checks ADD CONSTRAINT ck_not_valid CHECK (i < 1000) NOT VALID;
COMMENT ON CONSTRAINT ck_and ON checks IS 'A check with a comment';

CREATE TABLE booking (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    room integer NOT NULL,
    guest text,
    during tstzrange NOT NULL,
    cancelled boolean NOT NULL DEFAULT false,
    EXCLUDE USING gist (room WITH =, during WITH &&),
    CONSTRAINT booking_part EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (NOT cancelled),
    CONSTRAINT booking_later EXCLUDE USING gist (guest WITH =, during WITH &&) INCLUDE (id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT booking_expr EXCLUDE USING btree (lower(guest) WITH =) WHERE (guest IS NOT NULL)
);

CREATE TABLE not_nulls (
    a integer NOT NULL,
    b integer NULL,
    c integer,
    d integer
);
ALTER TABLE not_nulls ALTER COLUMN c SET NOT NULL;
ALTER TABLE not_nulls ADD PRIMARY KEY (d, a) INCLUDE (b);

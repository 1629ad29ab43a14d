-- Every form of default, serial, identity and generated column.

CREATE TYPE colour AS ENUM ('red', 'green', 'it''s blue');
CREATE DOMAIN score AS numeric(6, 2) DEFAULT 1.50 NOT NULL;
CREATE SEQUENCE ticket_seq AS bigint START WITH 1000 INCREMENT BY 5 MINVALUE 10 MAXVALUE 999999 CACHE 20 CYCLE;
CREATE SEQUENCE "Odd Seq" AS smallint INCREMENT BY -1;
CREATE SCHEMA other;
CREATE SEQUENCE other.counter;

CREATE FUNCTION short_code(prefix text, size integer DEFAULT 6) RETURNS text
    LANGUAGE sql AS $$ SELECT prefix || substr(md5(random()::text), 1, size) $$;
CREATE FUNCTION other.today_plus(days integer) RETURNS date
    LANGUAGE sql STABLE AS $$ SELECT current_date + days $$;

CREATE TABLE literals (
    i integer DEFAULT 0,
    i_negative integer DEFAULT -1,
    i_plus integer DEFAULT +7,
    i_text integer DEFAULT '42',
    i_brackets integer DEFAULT ((3)),
    i8 bigint DEFAULT 9223372036854775807,
    i8_small bigint DEFAULT 1,
    i8_negative bigint DEFAULT -9223372036854775808,
    i2 smallint DEFAULT 5,
    n numeric(10, 2) DEFAULT 0.00,
    n_whole numeric(10, 2) DEFAULT 10,
    n_negative numeric DEFAULT -3.14,
    n_exp numeric DEFAULT 1e6,
    n_nan numeric DEFAULT 'NaN',
    r real DEFAULT 0.5,
    d double precision DEFAULT 'Infinity',
    d_negative double precision DEFAULT '-Infinity',
    m money DEFAULT 12.50,
    b_true boolean DEFAULT true,
    b_false boolean DEFAULT 'f',
    b_not boolean DEFAULT (NOT true),
    t text DEFAULT '',
    t_quote text DEFAULT 'it''s "here"',
    t_backslash text DEFAULT 'C:\new\table',
    t_escape text DEFAULT E'line one\nline two\ttab',
    t_unicode text DEFAULT U&'\00e9t\00e9 \+01F600',
    t_dollar text DEFAULT $q$dollar's quoted$q$,
    t_cast text DEFAULT 'x'::varchar(3),
    t_like_number text DEFAULT '0042',
    t_like_null text DEFAULT 'NULL',
    t_like_call text DEFAULT 'now()',
    t_collated text DEFAULT 'a' COLLATE "C",
    v varchar(10) DEFAULT 'abc',
    v_space varchar(10) DEFAULT ' padded ',
    c char(5) DEFAULT 'ab',
    explicit_null text DEFAULT NULL,
    explicit_null_cast varchar(4) DEFAULT NULL::varchar,
    e colour DEFAULT 'red',
    e_quote colour DEFAULT 'it''s blue',
    by bytea DEFAULT '\xdeadbeef',
    bt bit(4) DEFAULT B'1010',
    vb varbit DEFAULT X'1F',
    u uuid DEFAULT '00000000-0000-0000-0000-000000000000',
    j json DEFAULT '{}',
    jb jsonb DEFAULT '{"a": [1, 2, {"b": null}]}',
    ia integer[] DEFAULT '{}',
    ia_built integer[] DEFAULT ARRAY[1, 2, 3],
    ta text[] DEFAULT ARRAY[]::text[],
    ta_words text[] DEFAULT ARRAY['a', 'b,c', 'd"e'],
    ea colour[] DEFAULT '{red,green}'::colour[],
    ip inet DEFAULT '127.0.0.1',
    p point DEFAULT '(0,0)',
    rg int4range DEFAULT '[1,10)',
    iv interval DEFAULT '1 day 02:03:04',
    iv_typed interval DEFAULT INTERVAL '15' MINUTE,
    d_fixed date DEFAULT '2020-02-29',
    d_typed date DEFAULT DATE '1999-12-31',
    d_special date DEFAULT 'infinity',
    ts_fixed timestamp DEFAULT TIMESTAMP '2001-02-03 04:05:06.789',
    tsz_fixed timestamptz DEFAULT '2001-02-03 04:05:06+00',
    from_domain score,
    over_domain score DEFAULT 2
);

CREATE TABLE expressions (
    ts timestamp DEFAULT now(),
    ts_current timestamp DEFAULT CURRENT_TIMESTAMP,
    ts_current3 timestamp(3) DEFAULT CURRENT_TIMESTAMP(3),
    ts_local timestamp DEFAULT LOCALTIMESTAMP,
    ts_local0 timestamp(0) DEFAULT LOCALTIMESTAMP(0),
    ts_utc timestamp DEFAULT (now() AT TIME ZONE 'utc'),
    tsz timestamptz DEFAULT now(),
    tsz_clock timestamptz DEFAULT clock_timestamp(),
    tsz_statement timestamptz DEFAULT statement_timestamp(),
    tsz_transaction timestamptz DEFAULT transaction_timestamp(),
    tsz_later timestamptz DEFAULT now() + interval '7 days',
    tsz_text timestamptz DEFAULT 'now'::text::timestamptz,
    d date DEFAULT CURRENT_DATE,
    d_cast date DEFAULT now()::date,
    d_plus date DEFAULT CURRENT_DATE + 30,
    t time DEFAULT CURRENT_TIME,
    t_local time DEFAULT LOCALTIME,
    who text DEFAULT CURRENT_USER,
    who_session text DEFAULT SESSION_USER,
    who_user name DEFAULT USER,
    who_role name DEFAULT CURRENT_ROLE,
    place name DEFAULT CURRENT_SCHEMA,
    base text DEFAULT current_database(),
    base_word name DEFAULT CURRENT_CATALOG,
    u uuid DEFAULT gen_random_uuid(),
    rnd double precision DEFAULT random(),
    rnd_int integer DEFAULT floor(random() * 100)::integer,
    sums integer DEFAULT 2 + 3 * 4,
    sums_brackets integer DEFAULT (2 + 3) * 4,
    upper_text text DEFAULT upper('abc' || 'def'),
    chosen text DEFAULT CASE WHEN extract(hour FROM now()) < 12 THEN 'am' ELSE 'pm' END,
    coalesced text DEFAULT COALESCE(current_setting('app.tenant', true), 'none'),
    nullif_ed text DEFAULT NULLIF('a', 'b'),
    code text DEFAULT short_code('T-'),
    code_size text DEFAULT short_code('T-', 8),
    code_named text DEFAULT short_code(size => 4, prefix => 'N'),
    due date DEFAULT other.today_plus(14),
    ticket bigint DEFAULT nextval('ticket_seq'),
    ticket_cast bigint DEFAULT nextval('ticket_seq'::regclass),
    ticket_text text DEFAULT 'T' || nextval('ticket_seq')::text,
    odd smallint DEFAULT nextval('"Odd Seq"'),
    elsewhere bigint DEFAULT nextval('other.counter'),
    built jsonb DEFAULT jsonb_build_object('k', 1, 'at', now()),
    built_row text DEFAULT ROW(1, 'a')::text,
    epoch bigint DEFAULT (extract(epoch FROM now()) * 1000)::bigint
);

CREATE TABLE serials (
    small smallserial,
    usual serial PRIMARY KEY,
    big bigserial,
    "Mixed Case" serial
);

CREATE TABLE serial_renamed (
    id serial PRIMARY KEY,
    v text
);
ALTER TABLE serial_renamed RENAME TO serial_after_rename;
ALTER TABLE serial_after_rename RENAME COLUMN id TO ident;

CREATE TABLE serial_without_default (
    id serial PRIMARY KEY
);
ALTER TABLE serial_without_default ALTER COLUMN id DROP DEFAULT;

CREATE TABLE owned_by_hand (
    id bigint PRIMARY KEY,
    tag text
);
CREATE SEQUENCE owned_by_hand_numbers START 50 OWNED BY owned_by_hand.id;
ALTER TABLE owned_by_hand ALTER COLUMN id SET DEFAULT nextval('owned_by_hand_numbers');

CREATE TABLE identities (
    a bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
);
CREATE TABLE identities_by_default (
    a integer GENERATED BY DEFAULT AS IDENTITY
);
CREATE TABLE identities_with_options (
    a bigint GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 10 MINVALUE 100 MAXVALUE 100000 CACHE 5 CYCLE),
    b smallint GENERATED BY DEFAULT AS IDENTITY (SEQUENCE NAME own_name_seq INCREMENT BY -1 START WITH -1),
    c integer GENERATED BY DEFAULT AS IDENTITY (NO MINVALUE NO MAXVALUE NO CYCLE)
);

CREATE TABLE generated (
    price numeric(10, 2) NOT NULL,
    amount integer NOT NULL DEFAULT 1,
    first_name text,
    last_name text,
    total numeric GENERATED ALWAYS AS (price * amount) STORED,
    total_typed numeric(12, 2) GENERATED ALWAYS AS (round(price * amount, 2)) STORED NOT NULL,
    full_name text GENERATED ALWAYS AS (COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')) STORED,
    size text GENERATED ALWAYS AS (CASE WHEN amount > 100 THEN 'big' WHEN amount > 10 THEN 'middle' ELSE 'small' END) STORED,
    words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('english', COALESCE(first_name, '')), 'A') || to_tsvector('simple', COALESCE(last_name, ''))) STORED,
    constant integer GENERATED ALWAYS AS (1) STORED
);

CREATE TABLE changed_later (
    a integer DEFAULT 1,
    b text DEFAULT 'old',
    c integer NOT NULL
);
ALTER TABLE changed_later ALTER COLUMN a DROP DEFAULT;
ALTER TABLE changed_later ALTER COLUMN b SET DEFAULT 'new';
ALTER TABLE changed_later ALTER COLUMN c ADD GENERATED ALWAYS AS IDENTITY;
ALTER TABLE changed_later ADD COLUMN d timestamptz NOT NULL DEFAULT now();
ALTER TABLE changed_later ALTER COLUMN b TYPE varchar(30);

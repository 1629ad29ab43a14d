-- Every column type of PostgreSQL, with the variants that a reader of the catalogue can get wrong.

CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE EXTENSION ltree;

CREATE TYPE mood AS ENUM ('calm', 'it''s fine', 'Very Loud', '');
CREATE TYPE point3 AS (x double precision, y double precision, z double precision);
CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
CREATE TYPE floatrange AS RANGE (subtype = double precision, subtype_diff = float8mi);

CREATE TABLE numbers (
    i2 smallint,
    i4 integer,
    i8 bigint,
    alias2 int2,
    alias4 int,
    alias8 int8,
    n numeric,
    n_alias decimal,
    n5 numeric(5),
    n5_0 numeric(5, 0),
    n12_4 numeric(12, 4),
    n1000_999 numeric(1000, 999),
    n_negative_scale numeric(3, -2),
    n_scale_over_precision numeric(2, 5),
    r real,
    d double precision,
    f1 float(1),
    f24 float(24),
    f25 float(25),
    f float,
    m money,
    b boolean,
    b_alias bool,
    o oid
);

CREATE TABLE texts (
    t text,
    c char,
    c1 character(1),
    c10 char(10),
    bp bpchar,
    v varchar,
    v1 varchar(1),
    v255 character varying(255),
    v_max varchar(10485760),
    nm name,
    one "char",
    t_c text COLLATE "C",
    v_posix varchar(20) COLLATE "POSIX",
    ci citext,
    x xml,
    j json,
    jb jsonb,
    jp jsonpath,
    tsv tsvector,
    tsq tsquery,
    by bytea,
    u uuid
);

CREATE TABLE bits (
    b bit,
    b1 bit(1),
    b8 bit(8),
    vb bit varying,
    vb1 varbit(1),
    vb64 bit varying(64)
);

CREATE TABLE times (
    d date,
    t time,
    t0 time(0),
    t3 time(3) without time zone,
    t6 time(6),
    tz time with time zone,
    tz0 timetz(0),
    tz2 time(2) with time zone,
    ts timestamp,
    ts0 timestamp(0),
    ts3 timestamp(3) without time zone,
    ts6 timestamp(6),
    tsz timestamptz,
    tsz0 timestamptz(0),
    tsz4 timestamp(4) with time zone,
    i interval,
    i0 interval(0),
    i3 interval(3),
    i_year interval year,
    i_month interval month,
    i_day interval day,
    i_hour interval hour,
    i_minute interval minute,
    i_second interval second,
    i_second2 interval second(2),
    i_year_month interval year to month,
    i_day_hour interval day to hour,
    i_day_minute interval day to minute,
    i_day_second interval day to second,
    i_day_second3 interval day to second(3),
    i_hour_minute interval hour to minute,
    i_hour_second interval hour to second,
    i_minute_second interval minute to second,
    i_minute_second1 interval minute to second(1)
);

CREATE TABLE networks (
    i inet,
    c cidr,
    m macaddr,
    m8 macaddr8
);

CREATE TABLE shapes (
    p point,
    l line,
    ls lseg,
    bx box,
    pa path,
    po polygon,
    ci circle
);

CREATE TABLE ranges (
    i4 int4range,
    i8 int8range,
    n numrange,
    ts tsrange,
    tsz tstzrange,
    d daterange,
    mi4 int4multirange,
    mi8 int8multirange,
    mn nummultirange,
    mts tsmultirange,
    mtsz tstzmultirange,
    md datemultirange,
    own floatrange,
    own_many floatmultirange
);

CREATE TABLE system_types (
    rc regclass,
    rp regproc,
    rpe regprocedure,
    ro regoper,
    roe regoperator,
    rt regtype,
    rr regrole,
    rn regnamespace,
    rco regcollation,
    rcf regconfig,
    rd regdictionary,
    l pg_lsn,
    s pg_snapshot,
    xi xid,
    x8 xid8,
    ci cid,
    ti tid,
    tsn txid_snapshot,
    rcu refcursor,
    iv int2vector,
    ov oidvector
);

CREATE TABLE arrays (
    i integer[],
    i_sized integer[3],
    i_two integer[][],
    i_two_sized integer[3][4],
    i_word integer ARRAY,
    i_word_sized integer ARRAY[4],
    n numeric(10, 2)[],
    v varchar(40)[],
    c char(3)[],
    b bit(4)[],
    vb varbit(9)[],
    ts timestamp(3)[],
    tsz timestamptz(0)[],
    t time(1)[],
    iv interval day to second(2)[],
    tx text[] COLLATE "C",
    jb jsonb[],
    u uuid[],
    e mood[],
    cp point3[],
    dm posint[],
    r daterange[],
    one "char"[],
    nm name[]
);

CREATE TABLE own_types (
    e mood,
    e_not_null mood NOT NULL,
    cp point3,
    dm posint,
    whole numbers,
    wholes numbers[]
);

CREATE TABLE extension_types (
    h hstore,
    ha hstore[],
    l ltree,
    lq lquery,
    ltq ltxtquery,
    ci citext COLLATE "C"
);

CREATE TABLE storage (
    plain text,
    external text,
    main text,
    packed text COMPRESSION pglz,
    wide jsonb
);
ALTER TABLE storage ALTER COLUMN plain SET STORAGE PLAIN;
ALTER TABLE storage ALTER COLUMN external SET STORAGE EXTERNAL;
ALTER TABLE storage ALTER COLUMN main SET STORAGE MAIN;
ALTER TABLE storage ALTER COLUMN wide SET STATISTICS 500;
ALTER TABLE storage ALTER COLUMN packed SET (n_distinct = -0.5);

CREATE TABLE no_columns ();

CREATE TABLE dropped_columns (
    a integer,
    gone text,
    b varchar(10),
    gone_too integer[],
    c date
);
ALTER TABLE dropped_columns DROP COLUMN gone;
ALTER TABLE dropped_columns DROP COLUMN gone_too;
ALTER TABLE dropped_columns ADD COLUMN late numeric(8, 2) NOT NULL DEFAULT 0;

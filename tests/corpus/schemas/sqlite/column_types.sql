-- Every spelling of a column's type that SQLite treats in its own way, and tables of each kind.

CREATE TABLE no_types (a, b, c NOT NULL, d DEFAULT 1, e PRIMARY KEY);

CREATE TABLE affinities (
    i int,
    i_long integer,
    i_tiny tinyint,
    i_small SMALLINT,
    i_medium MediumInt,
    i_big bigint,
    i_unsigned UNSIGNED BIG INT,
    i2 int2,
    i8 int8,
    i_arg int(11),
    c character(20),
    v varchar(255),
    v_two VARYING CHARACTER(255),
    nc nchar(55),
    n_native NATIVE CHARACTER(70),
    nv nvarchar(100),
    t text,
    t_arg text(40),
    cl clob,
    bl blob,
    bl_arg BLOB(16),
    r real,
    db double,
    dp DOUBLE PRECISION,
    fl float,
    fl_arg float(24),
    n numeric,
    n_arg numeric(10, 5),
    n_space decimal ( 10 , 5 ),
    n_minus decimal(-10, +5),
    bo boolean,
    d date,
    dt datetime,
    ts timestamp,
    ti time,
    u uuid,
    j json,
    any_word anything at hand,
    floating_point "FLOATING POINT",
    quoted "my type",
    string STRING,
    point POINT
);

CREATE TABLE rowid_alias (id INTEGER PRIMARY KEY);
CREATE TABLE rowid_alias_asc (id INTEGER PRIMARY KEY ASC, v text);
CREATE TABLE rowid_not_alias_desc (id INTEGER PRIMARY KEY DESC, v text);
CREATE TABLE rowid_not_alias_int (id INT PRIMARY KEY, v text);
CREATE TABLE rowid_auto (id INTEGER PRIMARY KEY AUTOINCREMENT, v text);
CREATE TABLE rowid_auto_not_null (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT);
CREATE TABLE rowid_table_key (id INTEGER, v text, PRIMARY KEY (id));
CREATE TABLE rowid_table_key_auto (id INTEGER, v text, PRIMARY KEY (id AUTOINCREMENT));
CREATE TABLE rowid_names (rowid text, oid int, _rowid_ real);

CREATE TABLE without_rowid (a text, b int, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE without_rowid_integer (id INTEGER PRIMARY KEY, v text) WITHOUT ROWID;
CREATE TABLE without_rowid_order (a text COLLATE NOCASE, b int, PRIMARY KEY (b DESC, a COLLATE BINARY)) WITHOUT ROWID;

CREATE TABLE strict_all (
    id INTEGER PRIMARY KEY,
    i INT,
    i_long INTEGER NOT NULL,
    r REAL DEFAULT 0.5,
    t TEXT NOT NULL DEFAULT '',
    b BLOB,
    a ANY
) STRICT;
CREATE TABLE strict_without (k TEXT PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID;
CREATE TABLE without_strict (k TEXT PRIMARY KEY, v ANY) WITHOUT ROWID, STRICT;

CREATE TABLE collations (
    b text COLLATE BINARY,
    n text COLLATE NOCASE,
    r text COLLATE RTRIM,
    n_key text COLLATE NOCASE UNIQUE,
    n_more varchar(20) NOT NULL DEFAULT 'x' COLLATE NOCASE
);

CREATE TABLE nulls (a int NOT NULL, b int NULL, c int NOT NULL ON CONFLICT IGNORE, d int);

CREATE TABLE by_query AS SELECT 1 AS one, 'a' AS a, 2.5 AS two, x'00' AS b, NULL AS n;
CREATE TABLE if_not_there (a int);
CREATE TABLE IF NOT EXISTS if_not_there_two (a int);

CREATE TABLE changed_later (a int, b text, gone text, c real);
ALTER TABLE changed_later DROP COLUMN gone;
ALTER TABLE changed_later ADD COLUMN d numeric(8, 2) NOT NULL DEFAULT 0;
ALTER TABLE changed_later RENAME COLUMN b TO bb;
ALTER TABLE changed_later RENAME TO changed;
ALTER TABLE changed ADD COLUMN e text COLLATE NOCASE DEFAULT 'it''s' CHECK (e <> '');

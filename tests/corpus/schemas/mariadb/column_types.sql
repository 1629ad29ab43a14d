-- Every column type of MariaDB, with the variants that a reader of information_schema can get wrong.

CREATE TABLE numbers (
    id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
    t tinyint,
    t1 tinyint(1),
    t4 tinyint(4),
    tu tinyint unsigned,
    tz tinyint(3) unsigned zerofill,
    b boolean,
    bo bool,
    s smallint,
    s5 smallint(5),
    su smallint unsigned,
    m mediumint,
    mu mediumint unsigned,
    i int,
    i4 int(4),
    i11 integer(11),
    iu int unsigned,
    iz int(8) zerofill,
    isigned int signed,
    i_1 int1,
    i_2 int2,
    i_3 int3,
    i_4 int4,
    i_8 int8,
    mid middleint,
    bi bigint,
    bi20 bigint(20),
    biu bigint unsigned,
    biz bigint(12) unsigned zerofill,
    d decimal,
    d5 decimal(5),
    d5_0 decimal(5, 0),
    d10_2 decimal(10, 2),
    d65_38 decimal(65, 38),
    du decimal(8, 3) unsigned,
    dz decimal(8, 3) zerofill,
    n numeric(12, 4),
    dc dec(6, 1),
    fx fixed(7, 2),
    f float,
    f5 float(5),
    f30 float(30),
    f7_4 float(7, 4),
    fu float unsigned,
    r real,
    db double,
    db10_3 double(10, 3),
    dbu double unsigned,
    dp double precision,
    bt bit,
    bt1 bit(1),
    bt64 bit(64)
);

CREATE TABLE texts (
    c char,
    c1 char(1),
    c255 char(255),
    c0 char(0),
    v1 varchar(1),
    v255 varchar(255),
    v2000 varchar(2000),
    v0 varchar(0),
    nc national char(5),
    nv national varchar(20),
    nca nchar(4),
    nva nvarchar(9),
    tt tinytext,
    t text,
    t100 text(100),
    t70000 text(70000),
    mt mediumtext,
    lt longtext,
    lo long,
    lv long varchar,
    j json,
    c_ascii char(10) CHARACTER SET ascii,
    c_latin varchar(10) CHARACTER SET latin1,
    c_latin_bin varchar(10) CHARACTER SET latin1 COLLATE latin1_bin,
    c_latin_general varchar(10) CHARACTER SET latin1 COLLATE latin1_general_cs,
    c_utf8mb3 varchar(10) CHARACTER SET utf8mb3,
    c_utf8mb4_bin varchar(10) COLLATE utf8mb4_bin,
    c_unicode varchar(10) COLLATE utf8mb4_unicode_520_ci,
    c_uca varchar(10) CHARACTER SET utf8mb4 COLLATE uca1400_as_cs,
    c_ucs2 char(10) CHARACTER SET ucs2,
    t_latin text CHARACTER SET latin1,
    t_binary text CHARACTER SET binary,
    v_binary_word varchar(10) BINARY
) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE texts_latin (
    v varchar(10),
    v_same varchar(10) CHARACTER SET latin1 COLLATE latin1_swedish_ci,
    v_other varchar(10) CHARACTER SET utf8mb4,
    e enum('é', 'ü'),
    t text
) CHARACTER SET latin1;

CREATE TABLE binaries (
    b binary,
    b16 binary(16),
    vb1 varbinary(1),
    vb300 varbinary(300),
    tb tinyblob,
    bl blob,
    bl100 blob(100),
    bl70000 blob(70000),
    mb mediumblob,
    lb longblob,
    lvb long varbinary
);

CREATE TABLE times (
    d date,
    t time,
    t0 time(0),
    t3 time(3),
    t6 time(6),
    dt datetime,
    dt0 datetime(0),
    dt6 datetime(6),
    ts timestamp NULL,
    ts3 timestamp(3) NULL,
    ts6 timestamp(6) NULL,
    y year,
    y4 year(4)
);

CREATE TABLE lists (
    e enum('a'),
    e_many enum('small', 'Large', 'it''s', 'with "double"', 'with,comma', 'back\\slash', 'with space', '', 'ünï', '(bracket)'),
    e_latin enum('x', 'y') CHARACTER SET latin1,
    e_bin enum('X', 'x') COLLATE utf8mb4_bin,
    s set('a', 'b', 'c'),
    s_many set('one', 'it''s', 'three (3)', 'ü') COLLATE utf8mb4_unicode_ci
) CHARACTER SET utf8mb4;

CREATE TABLE others (
    u uuid,
    i6 inet6,
    i4 inet4,
    g geometry,
    p point,
    l linestring,
    po polygon,
    mp multipoint,
    ml multilinestring,
    mpo multipolygon,
    gc geometrycollection,
    p_ref point REF_SYSTEM_ID = 4326
);

CREATE TABLE attributes (
    a int NOT NULL COMMENT 'Plain',
    b int NULL COMMENT 'it''s "quoted" \\ and
over two lines',
    c varchar(10) NOT NULL COMMENT 'ünï 日本語',
    d int INVISIBLE,
    e int NOT NULL DEFAULT 5 INVISIBLE COMMENT 'hidden',
    f text COMPRESSED,
    g varchar(100) COMPRESSED=zlib,
    h blob COMPRESSED,
    i int WITHOUT SYSTEM VERSIONING,
    j char(5) NOT NULL
) COMMENT 'A table''s comment';

CREATE TABLE serial_alias (id serial, name text);
CREATE TABLE serial_value (id bigint unsigned SERIAL DEFAULT VALUE, name text);
CREATE TABLE auto_not_first (a int NOT NULL, b int NOT NULL AUTO_INCREMENT, PRIMARY KEY (a, b), KEY (b));
CREATE TABLE auto_start (id smallint unsigned AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 500;

CREATE TABLE engine_memory (a int PRIMARY KEY) ENGINE = MEMORY;
CREATE TABLE engine_myisam (a int, v varchar(10)) ENGINE = MyISAM ROW_FORMAT = FIXED;
CREATE TABLE engine_aria (a int) ENGINE = Aria TRANSACTIONAL = 1 PAGE_CHECKSUM = 1;
CREATE TABLE row_compressed (a int, t text) ENGINE = InnoDB ROW_FORMAT = COMPRESSED KEY_BLOCK_SIZE = 8;
CREATE TABLE row_dynamic (a int) ENGINE = InnoDB ROW_FORMAT = DYNAMIC;
CREATE TABLE row_compact (a int) ROW_FORMAT = COMPACT STATS_PERSISTENT = 1 STATS_AUTO_RECALC = 0 STATS_SAMPLE_PAGES = 30;
CREATE TABLE page_compressed (a int) ENGINE = InnoDB PAGE_COMPRESSED = 1 PAGE_COMPRESSION_LEVEL = 6;
CREATE TABLE like_numbers LIKE numbers;
CREATE TABLE by_query AS SELECT 1 AS one, 'a' AS a, CAST(2.5 AS decimal(5, 2)) AS two, CURRENT_DATE AS d;

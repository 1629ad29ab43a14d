-- Every form of default, ON UPDATE, AUTO_INCREMENT and generated column.

CREATE SEQUENCE ticket START WITH 100 INCREMENT BY 10;
CREATE SEQUENCE `odd seq` START WITH -1 INCREMENT BY -1;

CREATE TABLE literals (
    i int DEFAULT 0,
    i_negative int DEFAULT -1,
    i_plus int DEFAULT +7,
    i_text int DEFAULT '42',
    i_brackets int DEFAULT (3),
    i_hex int DEFAULT 0x1F,
    bi bigint DEFAULT 9223372036854775807,
    biu bigint unsigned DEFAULT 18446744073709551615,
    z int(6) zerofill DEFAULT 42,
    t1 tinyint(1) DEFAULT 1,
    b_true boolean DEFAULT true,
    b_false boolean DEFAULT false,
    d decimal(10, 2) DEFAULT 0.00,
    d_whole decimal(10, 2) DEFAULT 10,
    d_long decimal(10, 2) DEFAULT 1.50,
    d_text decimal(10, 2) DEFAULT '3.1',
    f float DEFAULT 0.5,
    db double DEFAULT 1e10,
    db_small double DEFAULT -1.5e-7,
    v varchar(20) DEFAULT 'abc',
    v_empty varchar(20) DEFAULT '',
    v_quote varchar(20) DEFAULT 'it''s "here"',
    v_backslash varchar(20) DEFAULT 'C:\\new',
    v_newline varchar(20) DEFAULT 'a\nb\tc',
    v_number varchar(20) DEFAULT '0042',
    v_from_number varchar(20) DEFAULT 42,
    v_null_word varchar(20) DEFAULT 'NULL',
    v_call_word varchar(30) DEFAULT 'current_timestamp()',
    v_space varchar(20) DEFAULT ' padded ',
    v_unicode varchar(20) CHARACTER SET utf8mb4 DEFAULT 'ünï 🎉',
    v_latin varchar(20) CHARACTER SET latin1 DEFAULT 'é',
    c char(5) DEFAULT 'ab',
    t text DEFAULT 'some text',
    t_empty longtext DEFAULT '',
    j json DEFAULT '{}',
    j_call json DEFAULT json_object('a', 1),
    bl blob DEFAULT 'blob',
    bn binary(4) DEFAULT 'ab',
    bn_hex binary(4) DEFAULT x'00FF00FF',
    vb varbinary(8) DEFAULT 0xCAFE,
    bt bit DEFAULT 1,
    bt_literal bit(8) DEFAULT b'10101',
    e enum('x', 'y', 'it''s') DEFAULT 'x',
    e_quote enum('x', 'y', 'it''s') DEFAULT 'it''s',
    s set('a', 'b', 'c') DEFAULT 'a,c',
    s_empty set('a', 'b') DEFAULT '',
    da date DEFAULT '2020-02-29',
    da_literal date DEFAULT DATE '1999-12-31',
    dt datetime DEFAULT '2001-02-03 04:05:06',
    dt6 datetime(6) DEFAULT '2001-02-03 04:05:06.789',
    ti time DEFAULT '12:30',
    ts timestamp DEFAULT '2001-02-03 04:05:06',
    y year DEFAULT 2000,
    u uuid DEFAULT '00000000-0000-0000-0000-000000000001',
    ip inet6 DEFAULT '::1',
    explicit_null int DEFAULT NULL,
    explicit_null_text text DEFAULT NULL,
    no_default int,
    no_default_not_null int NOT NULL,
    null_word int NULL
);

CREATE TABLE expressions (
    dt datetime DEFAULT CURRENT_TIMESTAMP,
    dt_call datetime DEFAULT current_timestamp(),
    dt_now datetime DEFAULT NOW(),
    dt3 datetime(3) DEFAULT CURRENT_TIMESTAMP(3),
    dt6 datetime(6) DEFAULT NOW(6),
    dt_local datetime DEFAULT LOCALTIMESTAMP,
    dt_utc datetime DEFAULT UTC_TIMESTAMP(),
    dt_plus datetime DEFAULT (NOW() + INTERVAL 7 DAY),
    ts timestamp DEFAULT CURRENT_TIMESTAMP,
    ts6 timestamp(6) DEFAULT CURRENT_TIMESTAMP(6),
    ts_null timestamp NULL,
    ts_null_default timestamp NULL DEFAULT NULL,
    d date DEFAULT CURRENT_DATE,
    d_cur date DEFAULT (CURDATE()),
    d_plus date DEFAULT (CURRENT_DATE + INTERVAL 1 MONTH),
    t time DEFAULT CURTIME(),
    u uuid DEFAULT UUID(),
    u_text char(36) DEFAULT uuid(),
    u_bin binary(16) DEFAULT (UNHEX(REPLACE(UUID(), '-', ''))),
    rnd double DEFAULT RAND(),
    rnd_int int DEFAULT (FLOOR(RAND() * 100)),
    sums int DEFAULT (2 + 3 * 4),
    who varchar(100) DEFAULT CURRENT_USER(),
    who_user varchar(100) DEFAULT (USER()),
    made varchar(30) DEFAULT (CONCAT('a', 'b', UPPER('c'))),
    chosen varchar(10) DEFAULT (CASE WHEN HOUR(NOW()) < 12 THEN 'am' ELSE 'pm' END),
    iffed int DEFAULT (IF(RAND() > 0.5, 1, 0)),
    coalesced varchar(10) DEFAULT (COALESCE(NULL, 'x')),
    from_column int DEFAULT (sums + 1),
    number bigint DEFAULT NEXT VALUE FOR ticket,
    number_call bigint DEFAULT nextval(ticket),
    odd bigint DEFAULT NEXT VALUE FOR `odd seq`
);

CREATE TABLE on_updates (
    id int AUTO_INCREMENT PRIMARY KEY,
    ts timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    ts_not_null timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    ts_update_only timestamp NULL ON UPDATE CURRENT_TIMESTAMP,
    ts_fixed timestamp NOT NULL DEFAULT '2000-01-01 00:00:00' ON UPDATE NOW(),
    ts6 timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
    dt datetime DEFAULT NOW() ON UPDATE NOW(),
    dt_update_only datetime ON UPDATE CURRENT_TIMESTAMP COMMENT 'only when changed',
    dt3 datetime(3) NOT NULL DEFAULT NOW(3) ON UPDATE NOW(3),
    dt_null datetime DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP
);

-- the first timestamp of a table gets its default and ON UPDATE unasked
CREATE TABLE implicit_timestamp (a timestamp, b timestamp NOT NULL DEFAULT '2000-01-01 00:00:00');
CREATE TABLE implicit_timestamp_not_null (a timestamp NOT NULL);

CREATE TABLE generated (
    price decimal(10, 2) NOT NULL,
    amount int NOT NULL DEFAULT 1,
    first_name varchar(40),
    last_name varchar(40),
    doc json,
    at datetime,
    total decimal(12, 2) AS (price * amount),
    total_virtual decimal(12, 2) GENERATED ALWAYS AS (price * amount) VIRTUAL,
    total_stored decimal(12, 2) GENERATED ALWAYS AS (price * amount) STORED,
    total_persistent decimal(12, 2) AS (round(price * amount, 1)) PERSISTENT,
    full_name varchar(90) AS (CONCAT(COALESCE(first_name, ''), ' ', COALESCE(last_name, ''))) STORED COMMENT 'both',
    full_name_latin varchar(90) CHARACTER SET latin1 AS (CONCAT(first_name, 'é')) VIRTUAL,
    size varchar(10) AS (CASE WHEN amount > 100 THEN 'big' WHEN amount > 10 THEN 'middle' ELSE 'it''s small' END) VIRTUAL,
    flag tinyint(1) AS (IF(amount > 10 AND price IS NOT NULL, 1, 0)) VIRTUAL,
    kind varchar(20) AS (JSON_VALUE(doc, '$.kind')) STORED,
    year_of int AS (YEAR(at)) VIRTUAL,
    upper_name varchar(40) AS (UPPER(last_name)) VIRTUAL INVISIBLE,
    constant int AS (1) VIRTUAL,
    unique_one varchar(40) AS (LOWER(first_name)) STORED UNIQUE,
    KEY generated_total (total),
    KEY generated_kind (kind)
);

CREATE TABLE changed_later (a int DEFAULT 1, b varchar(10) DEFAULT 'old', c int NOT NULL);
ALTER TABLE changed_later ALTER COLUMN a DROP DEFAULT;
ALTER TABLE changed_later ALTER COLUMN b SET DEFAULT 'new';
ALTER TABLE changed_later ADD COLUMN d timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP AFTER a;
ALTER TABLE changed_later MODIFY COLUMN c bigint unsigned NOT NULL DEFAULT 3 FIRST;
ALTER TABLE changed_later CHANGE COLUMN b bb varchar(30) NOT NULL DEFAULT '';

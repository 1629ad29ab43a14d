//! What operations become on both, and rows and rights on the server. What MySQL's own words are is
//! held against its manual alone.

use revdag::internals::text::Dialect;

use super::{Ground, lower, operation, sql_of};

/// What an operation becomes on MySQL and, where that is something else, on MariaDB.
fn on_both(json: &str) -> String {
    let [mysql, mariadb] = [Dialect::Mysql, Dialect::Mariadb].map(|dialect| sql_of(dialect, json));
    if mysql == mariadb {
        format!("{mysql}\n")
    } else {
        format!("mysql: {mysql}\nmariadb: {mariadb}\n")
    }
}

#[test]
fn the_two_have_words_of_their_own() {
    let mut all = String::new();
    for json in [
        r#"{"drop_constraint": {"table": "t", "kind": "check", "name": "c"}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "invisible": true}}"#,
        r#"{"create_table": {"name": "t", "columns": [
            {"name": "a", "type": "text", "default": "it's \\"}, {"name": "b", "type": "json", "default": "{}"},
            {"name": "c", "type": "uuid", "default": {"sql": "uuid()"}},
            {"name": "d", "type": "timestamp", "default": {"sql": "CURRENT_TIMESTAMP"}, "on_update": "CURRENT_TIMESTAMP"},
            {"name": "e", "type": {"mysql": "geometry SRID 4326", "mariadb": "geometry"}, "nullable": false}]}}"#,
        r#"{"create_schema": {"name": "s", "charset": "utf8mb4", "collation": "utf8mb4_bin"}}"#,
        r#"{"drop_schema": {"name": "s"}}"#,
        r#"{"drop_schema": {"name": "s", "cascade": true}}"#,
        r#"{"grant": {"privileges": ["select", "update"], "columns": ["a", "b"], "on": "table", "schema": "s", "name": "t", "roles": ["app", "app@localhost", "`o'x`@'%'"], "grant_option": true}}"#,
        r#"{"revoke": {"privileges": ["all"], "on": "schema", "name": "s", "roles": ["app@%"]}}"#,
        r#"{"grant": {"privileges": ["execute"], "on": "procedure", "name": "p", "roles": ["app"]}}"#,
        r#"{"comment": {"on": "function", "name": "f(int)", "comment": "it's"}}"#,
        r#"{"add_column": {"table": "t", "column": {"name": "id", "type": "bigint", "identity": {"kind": "by_default", "start": 5}, "primary_key": true}}}"#,
    ] {
        all.push_str(&on_both(json));
    }
    for json in [
        r#"{"create_index": {"table": "t", "name": "i", "columns": [{"sql": "lower(a)"}, {"column": "b", "length": 3, "order": "asc"}], "unique": true}}"#,
        r#"{"create_index": {"table": "t", "name": "i", "columns": ["a"], "kind": "fulltext", "parser": "ngram"}}"#,
        r#"{"create_check": {"table": "t", "name": "c", "sql": "a > 0", "enforced": false}}"#,
    ] {
        all.push_str(&format!("mysql: {}\n", sql_of(Dialect::Mysql, json)));
    }
    insta::assert_snapshot!(all, @r"
    mysql: ALTER TABLE t DROP CHECK c
    mariadb: ALTER TABLE t DROP CONSTRAINT c
    mysql: CREATE INDEX i ON t (a) INVISIBLE
    mariadb: CREATE INDEX i ON t (a) IGNORED
    mysql: SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    CREATE TABLE t (
      a longtext DEFAULT ('it''s \\'),
      b json DEFAULT ('{}'),
      c char(36) DEFAULT (uuid()),
      d datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
      e geometry SRID 4326 NOT NULL
    );
    SET SESSION sql_mode = @rev_own_mode
    mariadb: SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    CREATE TABLE t (
      a longtext DEFAULT 'it''s \\',
      b json DEFAULT '{}',
      c uuid DEFAULT (uuid()),
      d datetime(6) DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
      e geometry NOT NULL
    );
    SET SESSION sql_mode = @rev_own_mode
    CREATE DATABASE s CHARACTER SET utf8mb4 COLLATE utf8mb4_bin
    SELECT (SELECT 'nothing is in it' UNION ALL SELECT table_name FROM information_schema.tables WHERE table_schema = 's') AS must_be_empty;
    DROP DATABASE s
    DROP DATABASE s
    GRANT SELECT (a, b), UPDATE (a, b) ON s.t TO `app`, `app`@`localhost`, `o'x`@'%' WITH GRANT OPTION
    REVOKE ALL ON s.* FROM `app`@`%`
    GRANT EXECUTE ON PROCEDURE p TO `app`
    ALTER FUNCTION f COMMENT 'it''s'
    ALTER TABLE t ADD COLUMN id bigint AUTO_INCREMENT PRIMARY KEY, AUTO_INCREMENT = 5
    mysql: CREATE UNIQUE INDEX i ON t ((lower(a)), b(3) ASC)
    mysql: CREATE FULLTEXT INDEX i ON t (a) WITH PARSER ngram
    mysql: ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0) NOT ENFORCED
    ");
}

/// Every type's values, whatever the session's mode and zone.
#[test]
fn rows_are_what_they_were() {
    let rows = r#"{"bulk_insert": {"table": "t", "batch": 2, "key": ["id"],
        "columns": {"id": "integer", "s": "string(40)", "d": "decimal(30,10)", "f": "double", "b": "boolean", "day": "date", "time": "time",
            "at": "timestamp", "instant": "timestamptz", "doc": "json", "uid": "uuid", "raw": "bytes", "bits": "bit(3)", "big": "bigint"},
        "rows": [
            {"id": 1, "s": "it's \\ é\n\"x\" 😀", "d": "12345678901234567890.0123456789", "f": 1.5e300, "b": true, "day": "2026-01-31", "time": "23:59:58.123456",
             "at": "2026-01-31 23:59:58.123456", "instant": "2026-10-25T02:30:00+01:00", "doc": {"a": ["\\ 'x'", 1.5, null]}, "uid": "123E4567-e89b-12d3-a456-426614174000", "raw": {"base64": "AP8nXA=="}, "bits": 5, "big": "9223372036854775807"},
            {"id": 2, "s": null, "d": "-0.5", "b": false, "raw": {"hex": "00"}},
            {"id": 3, "s": {"sql": "concat('a', 'b')"}, "doc": "[]"}
        ]}}"#;
    let mut seen = Vec::new();
    for (mode, zone) in [
        ("", "+00:00"),
        (
            "NO_BACKSLASH_ESCAPES,ANSI_QUOTES,STRICT_ALL_TABLES,PIPES_AS_CONCAT,NO_ZERO_DATE",
            "-03:00",
        ),
    ] {
        let mut ground = Ground::new();
        ground.run(r#"{"create_table": {"name": "t", "columns": [
            {"name": "id", "type": "integer", "primary_key": true}, {"name": "s", "type": "string(40)"}, {"name": "d", "type": "decimal(30,10)"},
            {"name": "f", "type": "double"}, {"name": "b", "type": "boolean"}, {"name": "day", "type": "date"}, {"name": "time", "type": "time"},
            {"name": "at", "type": "timestamp"}, {"name": "instant", "type": "timestamptz"}, {"name": "doc", "type": "json"}, {"name": "uid", "type": "uuid"},
            {"name": "raw", "type": "bytes"}, {"name": "bits", "type": "bit(3)"}, {"name": "big", "type": "bigint"}]}}"#);
        ground.execute(&format!("SET SESSION sql_mode = '{mode}', time_zone = '{zone}'"));
        ground.run(rows);
        let row = "SELECT id, hex(s), d, f, b, day, time, at, unix_timestamp(instant), doc, uid, hex(raw), bits + 0, big FROM t ORDER BY id";
        seen.push(
            ground.db.query(row).iter().map(|row| row.join(" | ")).collect::<Vec<_>>().join("\n"),
        );
        ground.run(&rows.replace("bulk_insert", "bulk_delete"));
        assert_eq!(ground.db.value("SELECT count(*) FROM t"), "0");
    }
    assert_eq!(seen[0], seen[1]);
    insta::assert_snapshot!(seen[0], @r#"
    1 | 69742773205C20C3A90A22782220F09F9880 | 12345678901234567890.0123456789 | 1.5e300 | 1 | 2026-01-31 | 23:59:58.123456 | 2026-01-31 23:59:58.123456 | 1792891800.000000 | {"a":["\\ 'x'",1.5,null]} | 123e4567-e89b-12d3-a456-426614174000 | 00FF275C | 5 | 9223372036854775807
    2 | NULL | -0.5000000000 | NULL | 0 | NULL | NULL | NULL | NULL | NULL | NULL | 00 | NULL | NULL
    3 | 6162 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | [] | NULL | NULL | NULL | NULL
    "#);
}

#[test]
fn a_database_is_dropped_only_if_it_is_empty() {
    let mut ground = Ground::new();
    let name = format!("{}_other", ground.db.name());
    ground.run(&format!(r#"{{"create_schema": {{"name": "{name}", "comment": "it's"}}}}"#));
    ground.run(&format!(r#"{{"create_table": {{"schema": "{name}", "name": "t", "columns": [{{"name": "a", "type": "integer", "comment": "x"}}]}}}}"#));
    let drop =
        |cascade: bool| format!(r#"{{"drop_schema": {{"name": "{name}", "cascade": {cascade}}}}}"#);
    let sql = lower(&[operation(&drop(false))], Dialect::Mariadb, &mut Default::default()).unwrap();
    let outcome = ground.runtime.block_on(ground.engine.execute(&sql[0]));
    insta::assert_snapshot!(outcome.unwrap_err(), @"Subquery returns more than 1 row");
    // A table of another database is restated, too, once that is read.
    let others = [name.clone()];
    let mut schema = ground.runtime.block_on(ground.engine.read_schema(&others)).unwrap();
    let alter = operation(&format!(
        r#"{{"alter_column": {{"schema": "{name}", "table": "t", "column": "a", "nullable": false}}}}"#
    ));
    let sql = lower(&[alter], Dialect::Mariadb, &mut schema).unwrap().join(";\n");
    assert_eq!(sql, format!("ALTER TABLE {name}.t MODIFY COLUMN a int(11) NOT NULL COMMENT 'x'"));
    ground.execute(&sql);
    ground.run(&drop(true));
    ground.run(&format!(r#"{{"create_schema": {{"name": "{name}"}}}}"#));
    ground.run(&drop(false));
}

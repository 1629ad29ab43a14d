//! What a statement is: its kind, its effect, what the catalogue shows of it.

use revdag::internals::text::{
    CatalogEffect, Dialect, Effect, Kind, ObjectKind, ObjectName, catalog_effect, concurrent_index,
    effect, kind,
};

#[test]
fn kinds() {
    use Dialect::{Mariadb, Mysql, Postgres, Sqlite};
    let control = |words: &str| Kind::TransactionControl(words.to_owned());
    let savepoint = |words: &str| Kind::Savepoint(words.to_owned());
    for (dialect, sql, expected) in [
        (Postgres, "insert into t values (1)", Kind::Dml),
        (Postgres, " -- c\n /* c */ UPDATE t SET a = 1", Kind::Dml),
        (Sqlite, "REPLACE INTO t VALUES (1)", Kind::Dml),
        (Mysql, "/*!50003 DELETE FROM t */", Kind::Dml),
        (Postgres, "WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", Kind::Dml),
        (
            Postgres,
            "WITH RECURSIVE a(n) AS MATERIALIZED (SELECT 1), b AS (SELECT 2) DELETE FROM t",
            Kind::Dml,
        ),
        (Postgres, "WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", Kind::Dml),
        (Postgres, "WITH update AS (SELECT 1) SELECT * FROM update", Kind::Other),
        (Postgres, "WITH a AS (SELECT 1) SELECT update FROM (SELECT 1) a", Kind::Other),
        (Postgres, "SELECT 1", Kind::Other),
        (Postgres, "DO $$ BEGIN COMMIT; END $$", Kind::Other),
        (Postgres, "MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE", Kind::Other),
        (Postgres, "", Kind::Other),
        (Postgres, "(SELECT 1)", Kind::Other),
        (Postgres, "\"commit\"", Kind::Other),
        (Postgres, "begin", control("BEGIN")),
        (Postgres, "BEGIN NOT DEFERRABLE", control("BEGIN")),
        (Sqlite, "BEGIN IMMEDIATE TRANSACTION", control("BEGIN")),
        (Mariadb, "BEGIN NOT ATOMIC SELECT 1; END", Kind::Other),
        (Mysql, "BEGIN WORK", control("BEGIN")),
        (Postgres, "START TRANSACTION READ ONLY", control("START TRANSACTION")),
        (Mysql, "START SLAVE", Kind::Other),
        (Postgres, "COMMIT AND CHAIN", control("COMMIT")),
        (Mysql, "/*!40000 COMMIT */", control("COMMIT")),
        (Postgres, "Rollback Work", control("ROLLBACK")),
        (Postgres, "ROLLBACK PREPARED 'x'", control("ROLLBACK")),
        (Sqlite, "ROLLBACK TRANSACTION TO SAVEPOINT a", savepoint("ROLLBACK TO")),
        (Postgres, "SAVEPOINT a", savepoint("SAVEPOINT")),
        (Postgres, "release savepoint a", savepoint("RELEASE")),
        (Postgres, "END", control("END")),
        (Sqlite, "end transaction", control("END")),
        (Postgres, "ABORT", control("ABORT")),
        (Postgres, "PREPARE TRANSACTION 'x'", control("PREPARE TRANSACTION")),
        (Postgres, "PREPARE x AS SELECT 1", Kind::Other),
        (Mysql, "XA START 'x'", control("XA")),
        (Postgres, "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", control("SET TRANSACTION")),
        (Mysql, "SET SESSION TRANSACTION READ ONLY", Kind::Other),
        (Mysql, "SET autocommit = 0", control("SET autocommit")),
        (Mysql, "SET @@session.autocommit := 0", control("SET autocommit")),
        (Mysql, "SET x = 1, SESSION `autocommit`=0", control("SET autocommit")),
        (Mysql, "SET @autocommit = 0", Kind::Other),
        (Mysql, "SET @old = @@autocommit", Kind::Other),
        (Mysql, "LOCK TABLES t WRITE", Kind::Other),
        (Mysql, "CREATE PROCEDURE p() BEGIN COMMIT; END", Kind::Other),
    ] {
        assert_eq!(kind(dialect, sql), expected, "{dialect}: {sql}");
    }
}

#[test]
fn effects() {
    use Effect::{Additive, Data, Destructive, Unknown, Widening};
    for (sql, expected) in [
        ("DROP TABLE t", Destructive),
        ("-- c\ndrop index i", Destructive),
        ("TRUNCATE t", Destructive),
        ("DELETE FROM t", Destructive),
        ("REPLACE INTO t VALUES (1)", Destructive),
        ("INSERT OR REPLACE INTO t VALUES (1)", Destructive),
        ("MERGE INTO t USING u ON a = b WHEN MATCHED THEN DELETE", Destructive),
        ("MERGE INTO t USING u ON a = b WHEN MATCHED THEN UPDATE SET a = 1", Data),
        ("CREATE OR REPLACE TABLE t (a int)", Destructive),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", Additive),
        ("ALTER TABLE t DROP COLUMN a", Destructive),
        ("ALTER TABLE t DROP IF EXISTS a", Destructive),
        ("ALTER TABLE t ADD a int, drop b", Destructive),
        ("ALTER TABLE t DROP CONSTRAINT c", Destructive),
        ("ALTER TABLE t ALTER a DROP IDENTITY", Destructive),
        ("ALTER TABLE t ALTER a DROP NOT NULL", Widening),
        ("ALTER TABLE t ALTER a DROP DEFAULT", Additive),
        ("ALTER TABLE t ALTER a DROP DEFAULT, DROP b", Destructive),
        ("ALTER TABLE t ALTER COLUMN a TYPE smallint", Unknown),
        ("ALTER TABLE t ALTER a SET DATA TYPE smallint", Unknown),
        ("ALTER TABLE t ALTER type SET DEFAULT 1", Additive),
        ("ALTER TABLE t ADD COLUMN type int", Additive),
        ("ALTER TABLE t MODIFY a int", Unknown),
        ("ALTER TABLE t CHANGE a b int", Unknown),
        ("ALTER TABLE t ENGINE = BLACKHOLE", Unknown),
        ("ALTER TABLE t TRUNCATE PARTITION p", Destructive),
        ("ALTER TABLE t DETACH PARTITION p", Unknown),
        ("ALTER TYPE e ADD VALUE 'DROP'", Widening),
        ("ALTER TYPE c ALTER ATTRIBUTE a TYPE int", Unknown),
        ("ALTER TYPE c DROP ATTRIBUTE a", Destructive),
        ("ALTER SEQUENCE s RESTART WITH 5", Data),
        ("ALTER TABLE t RENAME COLUMN a TO b", Additive),
        ("WITH a AS (SELECT 1) DELETE FROM t", Destructive),
        ("WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a", Destructive),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", Data),
        ("WITH a AS (SELECT 1) SELECT * FROM a", Additive),
        ("ALTER TABLE t ADD COLUMN \"drop\" int", Additive),
        ("ALTER TABLE t ADD COLUMN a text DEFAULT 'DROP'", Additive),
        ("ALTER TABLE s.drop ADD COLUMN a int -- DROP", Additive),
        ("INSERT INTO t VALUES ('DROP')", Data),
        ("UPDATE t SET a = 1", Data),
        ("CREATE TABLE t (a int)", Additive),
        // What it holds does not run.
        ("CREATE PROCEDURE p() BEGIN ALTER TABLE t DROP a; END", Additive),
        ("CALL p()", Unknown),
        ("DO 'BEGIN END'", Unknown),
        ("EXECUTE p", Unknown),
        ("SELECT remove_old_rows()", Unknown),
        ("SELECT count(*) FROM t WHERE a IN (1, 2)", Additive),
        ("SELECT set_config('search_path', '', false)", Additive),
        ("SELECT setval('s', 1)", Data),
        ("EXPLAIN SELECT 1", Additive),
        ("EXPLAIN ANALYZE DELETE FROM t", Destructive),
        ("EXPLAIN ANALYZE SELECT count(*) FROM t", Additive),
        ("COMMENT ON TABLE t IS 'DROP'", Additive),
        ("SOMETHING NEW", Unknown),
        ("", Additive),
    ] {
        for dialect in Dialect::ALL {
            assert_eq!(effect(dialect, sql), expected, "{dialect}: {sql}");
        }
    }
    assert_eq!(effect(Dialect::Mysql, "/*!40000 DROP TABLE t */"), Destructive);
    assert_eq!(effect(Dialect::Postgres, "/*!40000 DROP TABLE t */"), Additive);
    for (sql, expected) in [
        ("BEGIN NOT ATOMIC DELETE FROM t; END", Destructive),
        ("BEGIN NOT ATOMIC IF a THEN DROP TABLE t; END IF; END", Destructive),
        ("BEGIN NOT ATOMIC INSERT INTO t VALUES ('; DELETE'); END", Unknown),
        ("IF (SELECT 1) THEN ALTER TABLE t DROP COLUMN a; END IF", Destructive),
        ("SET STATEMENT max_statement_time = 1 FOR DELETE FROM t", Destructive),
        ("SET @a = 1", Additive),
        ("SET @a = purge()", Unknown),
        ("ANALYZE FORMAT=JSON UPDATE t SET a = 1", Data),
        ("ANALYZE TABLE t", Additive),
        ("PREPARE s FROM 'DROP TABLE t'", Destructive),
        ("PREPARE s FROM @s", Unknown),
        ("EXECUTE IMMEDIATE 'TRUNCATE t'", Destructive),
        ("EXECUTE IMMEDIATE CONCAT('DROP TABLE ', @t)", Unknown),
        ("LOAD DATA INFILE 'x' REPLACE INTO TABLE t", Destructive),
        ("DO release_lock('a')", Unknown),
    ] {
        assert_eq!(effect(Dialect::Mariadb, sql), expected, "{sql}");
    }
    for (sql, expected) in [
        ("DO $x$ BEGIN DELETE FROM t; END $x$", Destructive),
        ("DO 'BEGIN IF true THEN TRUNCATE t; END IF; END'", Destructive),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE t'; END $$ LANGUAGE plpgsql", Destructive),
        ("DO $$ BEGIN EXECUTE 'DROP TABLE ' || n; END $$", Destructive),
        ("DO $$ BEGIN PERFORM 1; RAISE NOTICE 'DROP TABLE t'; END $$", Unknown),
        ("DO $$ BEGIN EXECUTE format('%s', n); END $$", Unknown),
        ("PREPARE s (int) AS DELETE FROM t WHERE a = $1", Destructive),
        ("EXPLAIN (ANALYZE, COSTS OFF) DELETE FROM t", Destructive),
        ("EXPLAIN ANALYZE REFRESH MATERIALIZED VIEW v", Unknown),
    ] {
        assert_eq!(effect(Dialect::Postgres, sql), expected, "{sql}");
    }
    assert!(Additive < Widening && Widening < Data && Data < Unknown && Unknown < Destructive);
}

fn named(name: &str) -> ObjectName {
    match name.split_once('.') {
        Some((schema, name)) => {
            ObjectName { schema: Some(schema.to_owned()), name: name.to_owned() }
        }
        None => ObjectName { schema: None, name: name.to_owned() },
    }
}

fn creates(kind: ObjectKind, name: &str, table: Option<&str>) -> Option<CatalogEffect> {
    Some(CatalogEffect::Creates { kind, name: named(name), table: table.map(named) })
}

fn drops(kind: ObjectKind, name: &str, table: Option<&str>) -> Option<CatalogEffect> {
    Some(CatalogEffect::Drops { kind, name: named(name), table: table.map(named) })
}

fn renames(kind: ObjectKind, from: &str, to: &str, table: Option<&str>) -> Option<CatalogEffect> {
    Some(CatalogEffect::Renames { kind, from: named(from), to: named(to), table: table.map(named) })
}

fn adds(table: &str, column: &str) -> Option<CatalogEffect> {
    Some(CatalogEffect::AddsColumn { table: named(table), column: column.to_owned() })
}

fn loses(table: &str, column: &str) -> Option<CatalogEffect> {
    Some(CatalogEffect::DropsColumn { table: named(table), column: column.to_owned() })
}

#[test]
fn effects_on_every_dialect() {
    use ObjectKind::{Index, Table, View};
    for (sql, expected) in [
        ("CREATE TABLE accounts (id int, check (id > 0))", creates(Table, "accounts", None)),
        ("create /* c */ table s.t (id int);", creates(Table, "s.t", None)),
        ("CREATE UNIQUE INDEX i ON t (a, b)", creates(Index, "i", Some("t"))),
        ("CREATE INDEX i ON s.t (a)", creates(Index, "s.i", Some("s.t"))),
        ("CREATE VIEW v AS SELECT 1", creates(View, "v", None)),
        ("DROP TABLE t", drops(Table, "t", None)),
        ("DROP VIEW s.v CASCADE", drops(View, "s.v", None)),
        ("ALTER TABLE t RENAME TO u", renames(Table, "t", "u", None)),
        ("ALTER TABLE t ADD COLUMN a int DEFAULT 1", adds("t", "a")),
        ("ALTER TABLE t ADD a decimal(10, 2) CHECK (a in (1, 2))", adds("t", "a")),
        ("ALTER TABLE s.t DROP COLUMN a", loses("s.t", "a")),
        ("ALTER TABLE t DROP a", loses("t", "a")),
        ("ALTER TABLE t RENAME COLUMN a TO b", adds("t", "b")),
        // What the catalogue cannot prove.
        ("CREATE TABLE IF NOT EXISTS t (a int)", None),
        ("CREATE TEMPORARY TABLE t (a int)", None),
        ("CREATE TEMP TABLE t (a int)", None),
        ("CREATE TABLE t AS SELECT 1", None),
        ("CREATE TABLE t (a int) AS SELECT 1", None),
        ("CREATE OR REPLACE TABLE t (a int)", None),
        ("CREATE OR REPLACE VIEW v AS SELECT 1", None),
        ("CREATE INDEX IF NOT EXISTS i ON t (a)", None),
        ("DROP TABLE IF EXISTS t", None),
        ("DROP TABLE t, u", None),
        ("DROP TABLE a.b.c", None),
        ("ALTER TABLE t ADD COLUMN a int, ADD COLUMN b int", None),
        ("ALTER TABLE t ADD COLUMN a int, DROP COLUMN b", None),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS a int", None),
        ("ALTER TABLE t DROP COLUMN IF EXISTS a", None),
        ("ALTER TABLE t DROP COLUMN a, DROP COLUMN b", None),
        ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", None),
        ("ALTER TABLE t ADD UNIQUE (a)", None),
        ("ALTER TABLE t DROP CONSTRAINT c", None),
        ("ALTER TABLE t RENAME a TO b", None),
        ("ALTER TABLE t ALTER COLUMN a SET DEFAULT 1", None),
        ("CREATE TABLE 'open", None),
        ("CREATE", None),
        ("ALTER TABLE", None),
        ("ALTER TABLE t ADD", None),
        ("ALTER TABLE t RENAME", None),
        ("SELECT 1", None),
        ("", None),
    ] {
        for dialect in Dialect::ALL {
            assert_eq!(catalog_effect(dialect, sql), expected, "{dialect}: {sql}");
        }
    }
}

#[test]
fn effects_of_one_dialect() {
    use Dialect::{Mariadb, Mysql, Postgres, Sqlite};
    use ObjectKind::{Index, Table, View};
    for (dialect, sql, expected) in [
        // Folding, quotes, the server's longest name.
        (Postgres, "CREATE TABLE \"Own\".Accounts (a int)", creates(Table, "Own.accounts", None)),
        (Postgres, "CREATE TABLE \"a\"\"b;\" (a int)", creates(Table, "a\"b;", None)),
        (Postgres, "DROP TABLE U&\"d\\0061t\"", None),
        (Mysql, "CREATE TABLE Own.`Acc``ounts` (a int)", creates(Table, "Own.Acc`ounts", None)),
        (Mysql, "CREATE TABLE \"a\" (a int)", None),
        (Sqlite, "CREATE TABLE [a b] (a int) STRICT", creates(Table, "a b", None)),
        (Sqlite, "DROP TABLE `A``b`", drops(Table, "A`b", None)),
        (Sqlite, "DROP TABLE 'a'", None),
        // PostgreSQL.
        (Postgres, "CREATE UNLOGGED TABLE t (a int)", creates(Table, "t", None)),
        (Postgres, "CREATE TABLE p PARTITION OF t FOR VALUES IN (1)", creates(Table, "p", None)),
        (
            Postgres,
            "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t USING gin (a)",
            creates(Index, "s.i", Some("s.t")),
        ),
        (Postgres, "CREATE INDEX ON t (a)", None),
        (Postgres, "CREATE MATERIALIZED VIEW v AS SELECT 1", None),
        (Postgres, "DROP INDEX CONCURRENTLY s.i", drops(Index, "s.i", None)),
        (Postgres, "ALTER INDEX s.i RENAME TO j", renames(Index, "s.i", "s.j", None)),
        (Postgres, "ALTER VIEW v RENAME TO w", renames(View, "v", "w", None)),
        (Postgres, "ALTER TABLE ONLY s.t RENAME TO u", renames(Table, "s.t", "s.u", None)),
        (Postgres, "ALTER TABLE t * ADD a int", adds("t", "a")),
        (Postgres, "ALTER TABLE IF EXISTS t ADD a int", None),
        (Postgres, "ALTER TABLE t SET SCHEMA s", None),
        (Postgres, "ALTER TABLE t DROP a RESTRICT", loses("t", "a")),
        (Postgres, "ALTER TABLE t ADD PRIMARY KEY (a)", None),
        // MySQL and MariaDB.
        (Mysql, "RENAME TABLE a TO b", renames(Table, "a", "b", None)),
        (Mysql, "RENAME TABLE s.a TO b", renames(Table, "s.a", "b", None)),
        (Mysql, "RENAME TABLE a TO b, c TO d", None),
        (Mysql, "RENAME USER a TO b", None),
        (Mysql, "ALTER TABLE a RENAME b", renames(Table, "a", "b", None)),
        (Mysql, "ALTER TABLE a RENAME AS b", renames(Table, "a", "b", None)),
        (Mysql, "ALTER TABLE a RENAME INDEX i TO j", renames(Index, "i", "j", Some("a"))),
        (Mysql, "DROP INDEX i ON s.t", drops(Index, "i", Some("s.t"))),
        (Mysql, "DROP INDEX i", None),
        (Mysql, "CREATE FULLTEXT INDEX i USING BTREE ON t (a)", creates(Index, "i", Some("t"))),
        (Mysql, "ALTER TABLE t ADD UNIQUE KEY i (a, b)", creates(Index, "i", Some("t"))),
        (Mysql, "ALTER TABLE t ADD INDEX (a)", None),
        (Mysql, "ALTER TABLE t ADD INDEX IF NOT EXISTS i (a)", None),
        (Mysql, "ALTER TABLE t DROP KEY i", drops(Index, "i", Some("t"))),
        (Mysql, "ALTER TABLE t ADD PRIMARY KEY (a, b)", creates(Index, "PRIMARY", Some("t"))),
        (Mysql, "ALTER TABLE t DROP PRIMARY KEY", drops(Index, "PRIMARY", Some("t"))),
        (Mysql, "ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b)", None),
        (Mysql, "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (b)", None),
        (Mysql, "ALTER TABLE t DROP FOREIGN KEY f", None),
        (Mysql, "ALTER TABLE t RENAME COLUMN a TO b, ADD c int", None),
        (
            Mariadb,
            "ALTER TABLE t DROP INDEX i, ALGORITHM = INPLACE, LOCK = NONE",
            drops(Index, "i", Some("t")),
        ),
        (Mysql, "ALTER TABLE t ADD (a int)", None),
        (
            Mysql,
            "ALTER TABLE t ADD COLUMN a int AFTER b, ALGORITHM=INPLACE, LOCK=NONE",
            adds("t", "a"),
        ),
        (
            Mysql,
            "CREATE ALGORITHM=MERGE DEFINER=`a`@`b` SQL SECURITY INVOKER VIEW v AS SELECT 1",
            creates(View, "v", None),
        ),
        (Mysql, "CREATE TABLE t (SELECT 1)", None),
        (
            Mysql,
            "CREATE TABLE t (a int) PARTITION BY RANGE (a) (PARTITION p VALUES LESS THAN (1))",
            creates(Table, "t", None),
        ),
        (Mysql, "/*!50003 CREATE TABLE t (a int) */", None),
        (Mariadb, "CREATE OR REPLACE INDEX i ON t (a)", None),
    ] {
        assert_eq!(catalog_effect(dialect, sql), expected, "{dialect}: {sql}");
    }
    let long = "ä".repeat(40);
    let cut = creates(Table, &"ä".repeat(31), None);
    assert_eq!(catalog_effect(Postgres, &format!("CREATE TABLE {long} (a int)")), cut);
}

#[test]
fn concurrent_indexes() {
    for (sql, expected) in [
        ("CREATE INDEX CONCURRENTLY i ON t (a)", Some("i")),
        ("create unique index concurrently if not exists \"I\" on s.t (a);", Some("s.I")),
        ("CREATE INDEX i ON t (a)", None),
        ("CREATE INDEX CONCURRENTLY ON t (a)", None),
        ("DROP INDEX CONCURRENTLY i", None),
        ("SELECT 1", None),
    ] {
        assert_eq!(concurrent_index(Dialect::Postgres, sql), expected.map(named), "{sql}");
    }
}

#[test]
fn an_extension_that_is_there_is_no_trouble() {
    let unless = |sql| revdag::internals::text::unless_there(Dialect::Postgres, sql).into_owned();
    for (sql, expected) in [
        (
            "create /* x */ extension \"a-b\" SCHEMA s",
            "create /* x */ extension IF NOT EXISTS \"a-b\" SCHEMA s",
        ),
        ("CREATE EXTENSION IF NOT EXISTS a", "CREATE EXTENSION IF NOT EXISTS a"),
        ("CREATE TABLE extension (a int)", "CREATE TABLE extension (a int)"),
        ("CREATE", "CREATE"),
    ] {
        assert_eq!(unless(sql), expected);
    }
}

//! One fact of a schema is changed by a statement: whatever the fact is, `check` sees it. Each fact has an
//! object of its own, called `N` here, so that all of them share one database and one look at it.

use super::env_with_models;
use crate::support::{Engine, TestDb};

/// What makes a fact, and what changes it.
type Fact = (&'static str, &'static str);

/// What MariaDB and MySQL take alike.
const BOTH: &[Fact] = &[
    // Columns.
    ("CREATE TABLE N (a INT)", "ALTER TABLE N MODIFY a BIGINT"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N MODIFY a INT UNSIGNED"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N MODIFY a INT NOT NULL"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N MODIFY a INT COMMENT 'x'"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N MODIFY a INT INVISIBLE, ADD b INT"),
    ("CREATE TABLE N (a INT DEFAULT 1)", "ALTER TABLE N ALTER a SET DEFAULT 2"),
    ("CREATE TABLE N (a INT DEFAULT 1)", "ALTER TABLE N ALTER a DROP DEFAULT"),
    ("CREATE TABLE N (a VARCHAR(9) DEFAULT '')", "ALTER TABLE N ALTER a SET DEFAULT ' '"),
    ("CREATE TABLE N (a VARCHAR(9) DEFAULT '1')", "ALTER TABLE N ALTER a SET DEFAULT '01'"),
    ("CREATE TABLE N (a VARCHAR(9) DEFAULT '\\\\x')", "ALTER TABLE N ALTER a SET DEFAULT 'x'"),
    ("CREATE TABLE N (a VARCHAR(9) DEFAULT 'a\\0')", "ALTER TABLE N ALTER a SET DEFAULT 'b\\0'"),
    (
        "CREATE TABLE N (a VARBINARY(9) DEFAULT x'ff00')",
        "ALTER TABLE N ALTER a SET DEFAULT x'fe00'",
    ),
    ("CREATE TABLE N (a BINARY(2) DEFAULT x'0001')", "ALTER TABLE N ALTER a SET DEFAULT x'0002'"),
    ("CREATE TABLE N (a BIT(3) DEFAULT b'101')", "ALTER TABLE N ALTER a SET DEFAULT b'100'"),
    (
        "CREATE TABLE N (a DATETIME DEFAULT NOW())",
        "ALTER TABLE N MODIFY a DATETIME DEFAULT NOW() ON UPDATE NOW()",
    ),
    ("CREATE TABLE N (a INT, b INT AS (a + 1))", "ALTER TABLE N MODIFY b INT AS (a + 2)"),
    ("CREATE TABLE N (a ENUM('x', 'y'))", "ALTER TABLE N MODIFY a ENUM('y', 'x')"),
    ("CREATE TABLE N (a VARCHAR(9))", "ALTER TABLE N MODIFY a VARCHAR(9) COLLATE utf8mb4_bin"),
    (
        "CREATE TABLE N (a VARCHAR(9) CHARSET latin1)",
        "ALTER TABLE N MODIFY a VARCHAR(9) CHARSET latin1 COLLATE latin1_bin",
    ),
    ("CREATE TABLE N (a TIMESTAMP(6) NULL)", "ALTER TABLE N MODIFY a TIMESTAMP(3) NULL"),
    ("CREATE TABLE N (a INT PRIMARY KEY)", "ALTER TABLE N MODIFY a INT AUTO_INCREMENT"),
    // Keys and indexes.
    (
        "CREATE TABLE N (a INT, b INT, PRIMARY KEY (a, b))",
        "ALTER TABLE N DROP PRIMARY KEY, ADD PRIMARY KEY (b, a)",
    ),
    (
        "CREATE TABLE N (a INT, PRIMARY KEY (a))",
        "ALTER TABLE N DROP PRIMARY KEY, ADD PRIMARY KEY (a DESC)",
    ),
    (
        "CREATE TABLE N (a VARCHAR(99), PRIMARY KEY (a(10)))",
        "ALTER TABLE N DROP PRIMARY KEY, ADD PRIMARY KEY (a(11))",
    ),
    (
        "CREATE TABLE N (a VARCHAR(99), KEY i (a(10)))",
        "ALTER TABLE N DROP KEY i, ADD KEY i (a(11))",
    ),
    ("CREATE TABLE N (a INT, KEY i (a))", "ALTER TABLE N DROP KEY i, ADD KEY i (a DESC)"),
    ("CREATE TABLE N (a INT, KEY i (a))", "ALTER TABLE N DROP KEY i, ADD UNIQUE KEY i (a)"),
    ("CREATE TABLE N (a INT, KEY i (a))", "ALTER TABLE N DROP KEY i, ADD KEY i (a) COMMENT 'x'"),
    (
        "CREATE TABLE N (a INT PRIMARY KEY, b INT, CONSTRAINT kN FOREIGN KEY (b) REFERENCES N (a))",
        "ALTER TABLE N DROP FOREIGN KEY kN, ADD CONSTRAINT k2N FOREIGN KEY (b) REFERENCES N (a) ON DELETE CASCADE",
    ),
    // Tables.
    ("CREATE TABLE N (a INT)", "ALTER TABLE N COMMENT = 'x'"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N ENGINE = MyISAM"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N ROW_FORMAT = COMPACT"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N COLLATE utf8mb4_bin"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N STATS_PERSISTENT = 1"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N PARTITION BY HASH (a) PARTITIONS 2"),
    // What is no table.
    ("CREATE VIEW N AS SELECT 1 AS a", "CREATE OR REPLACE VIEW N AS SELECT 2 AS a"),
    ("CREATE VIEW N (a) AS SELECT 1", "CREATE OR REPLACE VIEW N (b) AS SELECT 1"),
    (
        "CREATE VIEW N AS SELECT 1 AS a",
        "CREATE OR REPLACE SQL SECURITY INVOKER VIEW N AS SELECT 1 AS a",
    ),
    (
        "CREATE EVENT N ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DO 1",
        "ALTER EVENT N ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01'",
    ),
    ("CREATE EVENT N ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DO 1", "ALTER EVENT N DISABLE"),
];

const MARIADB: &[Fact] = &[
    (
        "CREATE TABLE N (a INT, KEY i (a))",
        "ALTER TABLE N DROP KEY i, ADD KEY i (a) KEY_BLOCK_SIZE=8",
    ),
    ("CREATE TABLE N (a VARBINARY(9) DEFAULT '?')", "ALTER TABLE N ALTER a SET DEFAULT x'ff'"),
    (
        "CREATE TABLE N (a DATE DEFAULT '2026-01-01')",
        "ALTER TABLE N ALTER a SET DEFAULT '0000-00-00'",
    ),
    ("CREATE TABLE N (a JSON DEFAULT 7)", "ALTER TABLE N ALTER a SET DEFAULT 8"),
    ("CREATE TABLE N (a JSON)", "ALTER TABLE N MODIFY a LONGTEXT"),
    (
        "CREATE TABLE N (a VARCHAR(40) DEFAULT (uuid()))",
        "ALTER TABLE N ALTER a SET DEFAULT (md5(1))",
    ),
    ("CREATE TABLE N (a INT, b INT AS (a + 1) STORED)", "ALTER TABLE N MODIFY b INT"),
    ("CREATE TABLE N (a INT CHECK (a > 0))", "ALTER TABLE N MODIFY a INT CHECK (a > 1)"),
    (
        "CREATE TABLE N (a INT, PRIMARY KEY USING HASH (a)) ENGINE=MEMORY",
        "ALTER TABLE N DROP PRIMARY KEY, ADD PRIMARY KEY USING BTREE (a)",
    ),
    ("CREATE TABLE N (a INT, KEY i (a))", "ALTER TABLE N ALTER INDEX i IGNORED"),
    (
        "CREATE TABLE N (a INT, b INT, CHECK (a > b))",
        "ALTER TABLE N DROP CONSTRAINT CONSTRAINT_1, ADD CONSTRAINT CONSTRAINT_1 CHECK (a >= b)",
    ),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N ADD SYSTEM VERSIONING"),
    (
        "CREATE TABLE N (a INT, b INT) WITH SYSTEM VERSIONING",
        "ALTER TABLE N MODIFY b INT WITHOUT SYSTEM VERSIONING",
    ),
    (
        "CREATE TABLE N (a INT, b DATE, c DATE, PERIOD FOR p (b, c))",
        "ALTER TABLE N DROP PERIOD FOR p",
    ),
    ("CREATE SEQUENCE N", "ALTER SEQUENCE N INCREMENT 2"),
    (
        "CREATE TABLE N (a VARCHAR(9)); CREATE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 'x\\\\'",
        "CREATE OR REPLACE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 'x\\\\\\\\'",
    ),
    (
        "CREATE TABLE N (a INT); CREATE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 1",
        "CREATE OR REPLACE TRIGGER tN BEFORE UPDATE ON N FOR EACH ROW SET NEW.a = 1",
    ),
    (
        "CREATE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 1",
        "CREATE OR REPLACE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 2",
    ),
    (
        "CREATE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 1",
        "CREATE OR REPLACE FUNCTION N() RETURNS INT RETURN 1",
    ),
    (
        "CREATE FUNCTION N() RETURNS INT COMMENT 'x' RETURN 1",
        "CREATE OR REPLACE FUNCTION N() RETURNS INT RETURN 1",
    ),
    (
        "CREATE FUNCTION N(a INT) RETURNS INT RETURN 1",
        "CREATE OR REPLACE FUNCTION N(a BIGINT) RETURNS INT RETURN 1",
    ),
    (
        "CREATE PROCEDURE N() SELECT 1",
        "CREATE OR REPLACE PROCEDURE N() SQL SECURITY INVOKER SELECT 1",
    ),
];

const MYSQL: &[Fact] = &[
    ("CREATE TABLE N (a JSON DEFAULT (7))", "ALTER TABLE N MODIFY a JSON DEFAULT (8)"),
    ("CREATE TABLE N (a JSON)", "ALTER TABLE N MODIFY a LONGTEXT"),
    ("CREATE TABLE N (a TEXT DEFAULT ('x'))", "ALTER TABLE N MODIFY a TEXT DEFAULT ('y')"),
    ("CREATE TABLE N (a VARCHAR(9) DEFAULT ('x'))", "ALTER TABLE N ALTER a SET DEFAULT 'x'"),
    (
        "CREATE TABLE N (a VARCHAR(40) DEFAULT (uuid()))",
        "ALTER TABLE N ALTER a SET DEFAULT (lower('X'))",
    ),
    ("CREATE TABLE N (a INT, b INT AS (a + 1) STORED)", "ALTER TABLE N MODIFY b INT"),
    ("CREATE TABLE N (a POINT NOT NULL SRID 0)", "ALTER TABLE N MODIFY a POINT NOT NULL SRID 4326"),
    (
        "CREATE TABLE N (a INT, CONSTRAINT cN CHECK (a > 0))",
        "ALTER TABLE N DROP CHECK cN, ADD CONSTRAINT cN CHECK (a > 1)",
    ),
    (
        "CREATE TABLE N (a INT, CONSTRAINT cN CHECK (a > 0))",
        "ALTER TABLE N ALTER CHECK cN NOT ENFORCED",
    ),
    ("CREATE TABLE N (a INT, KEY i (a))", "ALTER TABLE N ALTER INDEX i INVISIBLE"),
    ("CREATE TABLE N (a INT, KEY i ((a + 1)))", "ALTER TABLE N DROP KEY i, ADD KEY i ((a + 2))"),
    (
        "CREATE TABLE N (a INT, KEY i ((a + 1)))",
        "ALTER TABLE N DROP KEY i, ADD KEY i ((a + 1) DESC)",
    ),
    (
        "CREATE TABLE N (a JSON, KEY i ((CAST(a AS UNSIGNED ARRAY))))",
        "ALTER TABLE N DROP KEY i, ADD KEY i ((CAST(a AS SIGNED ARRAY)))",
    ),
    (
        "CREATE TABLE N (a VARCHAR(9), FULLTEXT KEY i (a))",
        "ALTER TABLE N DROP KEY i; ALTER TABLE N ADD FULLTEXT KEY i (a) WITH PARSER ngram",
    ),
    (
        "CREATE TABLE N (a INT, PRIMARY KEY USING HASH (a)) ENGINE=MEMORY",
        "ALTER TABLE N DROP PRIMARY KEY, ADD PRIMARY KEY USING BTREE (a)",
    ),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N ADD my_row_id INT INVISIBLE"),
    ("CREATE TABLE N (a INT)", "ALTER TABLE N STATS_AUTO_RECALC = 0"),
    (
        "CREATE TABLE N (a VARCHAR(9)); CREATE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 'x\\\\'",
        "DROP TRIGGER tN; CREATE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 'x\\\\\\\\'",
    ),
    (
        "CREATE TABLE N (a INT); CREATE TRIGGER tN BEFORE INSERT ON N FOR EACH ROW SET NEW.a = 1",
        "DROP TRIGGER tN; CREATE TRIGGER tN BEFORE UPDATE ON N FOR EACH ROW SET NEW.a = 1",
    ),
    (
        "CREATE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 1",
        "DROP FUNCTION N; CREATE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 2",
    ),
    (
        "CREATE FUNCTION N() RETURNS INT DETERMINISTIC RETURN 1",
        "DROP FUNCTION N; CREATE FUNCTION N() RETURNS INT RETURN 1",
    ),
    ("CREATE FUNCTION N() RETURNS INT COMMENT 'x' RETURN 1", "ALTER FUNCTION N COMMENT 'y'"),
    (
        "CREATE FUNCTION N(a INT) RETURNS INT RETURN 1",
        "DROP FUNCTION N; CREATE FUNCTION N(a BIGINT) RETURNS INT RETURN 1",
    ),
    ("CREATE PROCEDURE N() SELECT 1", "ALTER PROCEDURE N SQL SECURITY INVOKER"),
];

const REBUILT: &str = "DROP TABLE N; CREATE TABLE N ";

/// On SQLite a table is rebuilt with the other clause.
const SQLITE: &[Fact] = &[
    ("CREATE TABLE N (a INTEGER)", "(a TEXT)"),
    ("CREATE TABLE N (a INTEGER)", "(a INTEGER NOT NULL)"),
    ("CREATE TABLE N (a INTEGER NOT NULL)", "(a INTEGER NOT NULL ON CONFLICT IGNORE)"),
    ("CREATE TABLE N (a TEXT DEFAULT '')", "(a TEXT DEFAULT ' ')"),
    ("CREATE TABLE N (a TEXT DEFAULT 'A')", "(a TEXT DEFAULT 'a')"),
    ("CREATE TABLE N (a TEXT DEFAULT \"A\")", "(a TEXT DEFAULT \"a\")"),
    ("CREATE TABLE N (a BLOB DEFAULT x'00')", "(a BLOB DEFAULT x'01')"),
    ("CREATE TABLE N (a TEXT)", "(a TEXT COLLATE NOCASE)"),
    ("CREATE TABLE N (a TEXT, b TEXT AS (a || 'x'))", "(a TEXT, b TEXT AS (a || 'X'))"),
    ("CREATE TABLE N (a TEXT, b TEXT AS (a || \"x\"))", "(a TEXT, b TEXT AS (a || \"X\"))"),
    ("CREATE TABLE N (a TEXT, b TEXT AS (a || 'x'))", "(a TEXT, b TEXT AS (a || 'x') STORED)"),
    ("CREATE TABLE N (a INTEGER, CHECK (a > 0))", "(a INTEGER, CHECK (a >= 0))"),
    ("CREATE TABLE N (a INTEGER UNIQUE)", "(a INTEGER UNIQUE ON CONFLICT REPLACE)"),
    ("CREATE TABLE N (a INTEGER, UNIQUE (a) ON CONFLICT IGNORE)", "(a INTEGER, UNIQUE (a))"),
    ("CREATE TABLE N (a TEXT, UNIQUE (a))", "(a TEXT, UNIQUE (a COLLATE NOCASE))"),
    ("CREATE TABLE N (a INTEGER PRIMARY KEY)", "(a INTEGER PRIMARY KEY AUTOINCREMENT)"),
    ("CREATE TABLE N (a INTEGER PRIMARY KEY)", "(a INTEGER PRIMARY KEY DESC)"),
    ("CREATE TABLE N (a TEXT PRIMARY KEY)", "(a TEXT PRIMARY KEY) WITHOUT ROWID"),
    ("CREATE TABLE N (a TEXT)", "(a TEXT) STRICT"),
    ("CREATE TABLE N (a INTEGER REFERENCES gone)", "(a INTEGER REFERENCES lost)"),
    ("CREATE TABLE N (a INTEGER REFERENCES gone)", "(a INTEGER REFERENCES gone ON DELETE CASCADE)"),
    (
        "CREATE TABLE N (a INTEGER REFERENCES gone (b))",
        "(a INTEGER REFERENCES gone (b) DEFERRABLE INITIALLY DEFERRED)",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE INDEX iN ON N (a)",
        "(a TEXT); CREATE INDEX iN ON N (a DESC)",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE INDEX iN ON N (a)",
        "(a TEXT); CREATE INDEX iN ON N (a COLLATE NOCASE)",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE INDEX iN ON N (a)",
        "(a TEXT); CREATE INDEX iN ON N (a) WHERE a > ''",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE INDEX iN ON N (a || 'x')",
        "(a TEXT); CREATE INDEX iN ON N (a || 'X')",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE TRIGGER tN AFTER INSERT ON N BEGIN SELECT 'x'; END",
        "(a TEXT); CREATE TRIGGER tN AFTER INSERT ON N BEGIN SELECT 'X'; END",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE TRIGGER tN AFTER UPDATE ON N BEGIN SELECT 1; END",
        "(a TEXT); CREATE TRIGGER tN AFTER UPDATE OF a ON N BEGIN SELECT 1; END",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE TRIGGER tN AFTER INSERT ON N BEGIN SELECT 1; END",
        "(a TEXT); CREATE TRIGGER tN AFTER INSERT ON N WHEN new.a > 1 BEGIN SELECT 1; END",
    ),
    (
        "CREATE TABLE N (a TEXT); CREATE VIEW vN AS SELECT a FROM N",
        "(a TEXT); DROP VIEW vN; CREATE VIEW vN (b) AS SELECT a FROM N",
    ),
];

/// A text about the object of a place.
fn named(text: &str, at: usize) -> String {
    text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .map(|word| {
            let end = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            match end.strip_suffix('N') {
                Some(begin)
                    if begin.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()) =>
                {
                    format!("{begin}n{at:03}{}", &word[end.len()..])
                }
                _ => word.to_owned(),
            }
        })
        .collect()
}

fn each_change_is_seen(engine: Engine, facts: &[&[Fact]]) {
    let facts = facts.concat();
    let all = |part: &dyn Fn(&Fact) -> String| {
        let statements = facts.iter().enumerate().map(|(at, fact)| named(&part(fact), at));
        statements.collect::<Vec<_>>().join(";\n")
    };
    let before = all(&|fact| fact.0.to_owned());
    let change = all(&|fact| match engine {
        Engine::Sqlite => format!("{REBUILT}{}", fact.1),
        _ => fact.1.to_owned(),
    });
    let db = TestDb::new(engine);
    db.execute(&before);
    let env = env_with_models(&db, &before);
    env.rev(["check"]).exits(0);
    // A table that keeps its history is not altered otherwise.
    let keep = match engine {
        Engine::Mariadb => "SET SESSION system_versioning_alter_history = KEEP;\n",
        _ => "",
    };
    db.execute(&format!("{keep}{change}"));
    let found = env.rev(["check", "--json"]).exits(3).json();
    let about: Vec<&str> = ["changes", "not_made"]
        .iter()
        .flat_map(|part| found[part].as_array().unwrap())
        .map(|one| one["object"].as_str().unwrap())
        .collect();
    let unseen: Vec<String> = facts
        .iter()
        .enumerate()
        .filter(|(at, _)| !about.iter().any(|object| object.contains(&format!("n{at:03}"))))
        .map(|(_, (before, change))| format!("{before}\n  to {change}"))
        .collect();
    assert!(unseen.is_empty(), "{} are not seen:\n{}", unseen.len(), unseen.join("\n"));
}

#[test]
fn on_mariadb() {
    each_change_is_seen(Engine::Mariadb, &[BOTH, MARIADB]);
}

#[test]
fn on_mysql() {
    each_change_is_seen(Engine::Mysql, &[BOTH, MYSQL]);
}

#[test]
fn on_sqlite() {
    each_change_is_seen(Engine::Sqlite, &[SQLITE]);
}

//! Scripts that are hard to split, run by `rev` and by the engine's own client: both must leave
//! the same database.

use crate::support::{Engine, Env, TestDb};

/// What `rev` leaves behind when the script is the `up` of a revision.
fn upgraded(engine: Engine, script: &str) -> TestDb {
    let db = TestDb::new(engine);
    let env = Env::with_database(&db);
    env.revision("a1", &[], "a hard script", script, "");
    env.rev(["upgrade", "heads"]).success();
    db
}

/// What the client leaves behind.
fn piped(engine: Engine, script: &str) -> TestDb {
    let db = TestDb::new(engine);
    db.execute(script);
    db
}

#[track_caller]
fn same(one: &TestDb, two: &TestDb, queries: &[&str]) {
    for query in queries {
        let rows = one.query(query);
        assert!(!rows.is_empty(), "nothing to compare: {query}");
        assert_eq!(rows, two.query(query), "{query}");
    }
}

const POSTGRES: &str = r#"
CREATE TABLE probe (k text PRIMARY KEY, v text); -- a table; with a comment
/* outer /* inner; */ still; */
INSERT INTO probe VALUES ('quotes', 'a;b''c\'), ('escapes', E'a\'b;\\'), ('unicode', U&'d\0061t;a');
INSERT INTO probe VALUES ('joined', E'one\';'
  'two;');
INSERT INTO probe SELECT 'dollars', $a$ ; $$ ; $b$ ; $a$;
CREATE FUNCTION twice(a int) RETURNS int LANGUAGE plpgsql AS $body$
DECLARE r int;
BEGIN
  EXECUTE $q$ SELECT $1 * 2; $q$ INTO r USING a; -- it's; fine
  RETURN r;
END
$body$;
CREATE FUNCTION graded(a int) RETURNS text
BEGIN ATOMIC
  SELECT CASE WHEN a > 1 THEN 'many;' ELSE (CASE a WHEN 1 THEN 'one' ELSE 'none' END) END;
END;
CREATE TABLE log (a text);
CREATE RULE twofold AS ON UPDATE TO probe DO ALSO (INSERT INTO log VALUES ('1;'); INSERT INTO log VALUES ('2'););
COPY probe (k, v) FROM stdin;
copied	it's; a "row" -- not a comment $$
empty	
null	\N
slash	\\.
\.
COPY probe FROM STDIN WITH (FORMAT csv);
csv,"a;
b"
\.
UPDATE probe SET v = v || ';' WHERE k = 'csv';
DO $$ BEGIN PERFORM 1; END $$;
CREATE TABLE "a;b" ("c""d;" int DEFAULT 5-5);
SELECT 3 -/* x; */- 2, @ -1 FROM (SELECT 1) s WHERE '{"a":1}'::jsonb #>> '{a}' = '1' AND '[1]'::jsonb ?| array['x'];
"#;

#[test]
fn postgres() {
    let (ours, theirs) = (upgraded(Engine::Postgres, POSTGRES), piped(Engine::Postgres, POSTGRES));
    same(
        &ours,
        &theirs,
        &[
            "SELECT k, v FROM probe ORDER BY k",
            "SELECT a FROM log ORDER BY a",
            "SELECT twice(4), graded(0), graded(1), graded(2)",
            "SELECT prosrc, pg_get_function_sqlbody(oid) FROM pg_proc \
             WHERE pronamespace = 'public'::regnamespace ORDER BY proname",
            "SELECT attname FROM pg_attribute WHERE attrelid = '\"a;b\"'::regclass AND attnum > 0",
        ],
    );
}

const SQLITE: &str = r#"
CREATE TABLE probe (k text PRIMARY KEY, v text) STRICT, WITHOUT ROWID; -- a table; with a comment
/* does not /* nest; */
INSERT INTO probe VALUES ('quotes', 'a;b''c\'), ('blob', CAST(x'3B' AS TEXT));
CREATE TABLE [a;b] ("c;""d" int, `e;``f` int, [g;'h] int);
CREATE TABLE log (a text);
CREATE TRIGGER tr AFTER UPDATE ON probe WHEN NEW.v <> ';' BEGIN
  INSERT INTO log SELECT CASE WHEN NEW.v = 'x;' THEN 'x' ELSE CASE NEW.k WHEN 1 THEN 2 ELSE 'y;' END END;
  -- a comment; END;
  INSERT INTO log VALUES (';');
END;
create temp trigger if not exists tt after delete on probe begin select 1; end;
UPDATE probe SET v = v || ';';
CREATE VIEW v AS SELECT 1 -- ; a comment
  + /* ; */ 2 AS three;
"#;

#[test]
fn sqlite() {
    let (ours, theirs) = (upgraded(Engine::Sqlite, SQLITE), piped(Engine::Sqlite, SQLITE));
    same(
        &ours,
        &theirs,
        &[
            "SELECT k, v FROM probe ORDER BY k",
            "SELECT a FROM log",
            "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'rev%' \
             AND tbl_name NOT LIKE 'rev%' ORDER BY name",
            "SELECT three FROM v",
        ],
    );
}

/// Statements that hold others. Each is one statement with or without a DELIMITER.
const MARIADB: &[&str] = &[
    "CREATE PROCEDURE everything(IN n INT, OUT m INT)
  COMMENT 'a; comment' MODIFIES SQL DATA
outer_block: BEGIN
  DECLARE done INT DEFAULT CASE WHEN 1 THEN 0 ELSE REPEAT('0', 1) END;
  DECLARE c CURSOR FOR SELECT begin FROM periods FOR UPDATE;
  DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = 1;
  DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END;
  IF n > 1 THEN
    SET m = IF(n > 2, 1, (SELECT MAX(end) FROM periods));
  ELSEIF CASE n WHEN 1 THEN TRUE ELSE FALSE END = 1 THEN
    SELECT begin, end FROM periods;
  ELSE
    BEGIN END;
  END IF;
  CASE n WHEN 1 THEN SELECT 1; ELSE BEGIN SELECT 2; END; END CASE;
  CASE WHEN n = 1 THEN SELECT end FROM periods; ELSE SELECT ';'; END CASE;
  l: LOOP SET n = n - 1; IF n < 0 THEN LEAVE l; END IF; END LOOP l;
  WHILE n < 10 DO SET n = n + 1; END WHILE;
  REPEAT SET n = n - 1; UNTIL n = 0 END REPEAT;
  FOR i IN 1..3 DO SET m = i; END FOR;
  START TRANSACTION; SAVEPOINT s; COMMIT;
END outer_block",
    "CREATE FUNCTION one_line(a INT) RETURNS VARCHAR(10) CHARACTER SET utf8mb4 DETERMINISTIC
  RETURN CASE WHEN a = 1 THEN 'one;' ELSE IF(a, REPEAT('x', 2), 'y') END",
    "CREATE TRIGGER t1 BEFORE UPDATE ON periods FOR EACH ROW
  IF NEW.end < 0 THEN SET NEW.end = 0; ELSEIF NEW.end > 100 THEN SET NEW.end = 100; END IF",
    "CREATE TRIGGER t2 AFTER INSERT ON periods FOR EACH ROW UPDATE log SET end = NEW.begin, begin = 1",
    "CREATE TRIGGER t3 AFTER DELETE ON periods FOR EACH ROW
  CASE OLD.end WHEN 1 THEN DELETE FROM log; ELSE BEGIN DELETE FROM log; END; END CASE",
    "CREATE EVENT e1 ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01' ON COMPLETION PRESERVE DISABLE
  DO BEGIN DELETE FROM log; DELETE FROM periods; END",
    "ALTER EVENT e1 COMMENT 'changed;' DO BEGIN SELECT 1; SELECT 2; END",
    "CREATE PROCEDURE looping() WHILE 1 DO SELECT 1; END WHILE",
    "CREATE PROCEDURE choosing(a INT) CASE a WHEN 1 THEN SELECT CASE 1 WHEN 1 THEN 2 END; END CASE",
    "CREATE PROCEDURE plain() SELECT begin, end FROM periods",
    "CREATE OR REPLACE DEFINER=CURRENT_USER() AGGREGATE FUNCTION counted(x INT) RETURNS INT
BEGIN
  DECLARE n INT DEFAULT 0;
  DECLARE CONTINUE HANDLER FOR NOT FOUND RETURN n;
  LOOP FETCH GROUP NEXT ROW; SET n = n + 1; END LOOP;
END",
    "/*!50003 CREATE*/ /*!50003 TRIGGER t4 BEFORE INSERT ON log FOR EACH ROW BEGIN SET NEW.end = 1; SET NEW.begin = 2; END */",
    "BEGIN NOT ATOMIC DECLARE x INT DEFAULT 1; IF x THEN INSERT INTO log VALUES (7, 8); END IF; END",
    "INSERT INTO probe VALUES ('quotes', 'a;b''c\\'d'), (\"double\", \"e\\\";\"\"f\"), ('hash', 1 # ; a comment
  + 5--2)",
    "CREATE TABLE `a;b` (`c``d;` INT) /*! COMMENT='x;' */",
];

#[test]
fn mariadb() {
    let tables = "CREATE TABLE periods (begin INT, end INT);\nCREATE TABLE log (begin INT, end INT);\n\
                  CREATE TABLE probe (k VARCHAR(20), v VARCHAR(20));\n";
    let mut delimited = tables.to_owned();
    let mut plain = tables.to_owned();
    for (statement, delimiter) in MARIADB.iter().zip(["//", "$$", ";;"].iter().cycle()) {
        delimited += &format!("DELIMITER {delimiter}\n{statement}{delimiter}\nDELIMITER ;\n");
        plain += &format!("{statement};\n");
    }
    let theirs = piped(Engine::Mariadb, &delimited);
    for script in [&delimited, &plain] {
        let ours = upgraded(Engine::Mariadb, script);
        same(
            &ours,
            &theirs,
            &[
                "SELECT k, v FROM probe ORDER BY k",
                "SELECT begin, end FROM log",
                "SELECT routine_name, routine_definition FROM information_schema.routines \
                 WHERE routine_schema = DATABASE() ORDER BY routine_name",
                "SELECT trigger_name, action_statement FROM information_schema.triggers \
                 WHERE trigger_schema = DATABASE() ORDER BY trigger_name",
                "SELECT event_name, event_definition, event_comment FROM information_schema.events \
                 WHERE event_schema = DATABASE()",
                "SELECT table_name, column_name FROM information_schema.columns \
                 WHERE table_schema = DATABASE() AND table_name NOT LIKE 'rev%' \
                 ORDER BY table_name, column_name",
            ],
        );
    }
}

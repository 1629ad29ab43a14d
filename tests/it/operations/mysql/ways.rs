//! There and back again: what an operation makes, and that its reverse leaves what was there.

use revdag::model::Operation;

use super::{Ground, operation};

const BASE: &str = r"
    CREATE TABLE users (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, name varchar(40) NOT NULL, born date) COMMENT='people';
    CREATE TABLE posts (id bigint NOT NULL PRIMARY KEY, user_id bigint NOT NULL, title varchar(100) DEFAULT 'x' COMMENT 't', body text,
        KEY ix_title (title), CONSTRAINT ck_id CHECK (id > 0));
    CREATE VIEW names AS SELECT name FROM users;
    CREATE TRIGGER touched BEFORE INSERT ON posts FOR EACH ROW SET NEW.title = 'y'
";

/// Runs operations and what takes them back; what the statements were.
#[track_caller]
fn there_and_back(up: &[&str], down: &[&str]) -> String {
    let mut ground = Ground::new();
    for sql in BASE.split(";\n") {
        ground.execute(sql);
    }
    let before = ground.all();
    let operations =
        |all: &[&str]| all.iter().map(|json| operation(json)).collect::<Vec<Operation>>();
    let (up, down) = (operations(up), operations(down));
    let there = ground.run_all(&up);
    let first = ground.all();
    assert_ne!(before, first);
    let back = ground.run_all(&down);
    pretty_assertions(&before, &ground.all());
    ground.run_all(&up);
    pretty_assertions(&first, &ground.all());
    format!("{there}\n-- back\n{back}")
}

#[track_caller]
fn pretty_assertions(one: &str, other: &str) {
    assert!(one == other, "{one}\n---\n{other}");
}

#[test]
fn a_table_comes_and_goes() {
    insta::assert_snapshot!(there_and_back(&[r#"{"create_table": {
        "name": "Order Lines",
        "columns": [
            {"name": "id", "type": "bigint", "identity": {"kind": "by_default", "start": 1000}, "primary_key": true},
            {"name": "post", "type": "bigint", "nullable": false, "references": {"name": "fk_lines_post", "table": "posts", "column": "id", "on_delete": "cascade", "deferrable": false, "initially": "immediate"}},
            {"name": "email", "type": "string(255)", "nullable": false, "collation": "utf8mb4_bin"},
            {"name": "note", "type": "text", "default": "a 'b' \\", "comment": "it's\\"},
            {"name": "flag", "type": "boolean", "default": true},
            {"name": "price", "type": "decimal(30,2)", "default": "12345678901234567890.5"},
            {"name": "at", "type": "timestamptz", "default": {"sql": "CURRENT_TIMESTAMP(6)"}, "on_update": "CURRENT_TIMESTAMP(6)"},
            {"name": "since", "type": "timestamptz", "default": "2026-01-31T12:00:00+01:00"},
            {"name": "doc", "type": "json", "default": "{\"a\": 1}"},
            {"name": "uid", "type": "uuid", "default": {"sql": "uuid()"}},
            {"name": "twice", "type": "decimal(32,2)", "generated": {"sql": "price * 2", "stored": true}},
            {"name": "hidden", "type": "integer", "invisible": true, "default": 0},
            {"name": "raw", "type": {"mysql": "enum('a','b')"}, "charset": "ascii"},
            {"name": "bin", "type": "bytes"}, {"name": "d", "type": "date", "default": "2026-01-31"}
        ],
        "constraints": [
            {"unique": {"name": "uq_mail", "columns": ["email"]}},
            {"foreign_key": {"name": "fk_lines_user", "columns": ["hidden"], "references": {"table": "Order Lines", "columns": ["hidden"]}, "match": "simple"}},
            {"check": {"name": "ck_price", "sql": "price >= 0"}}
        ],
        "indexes": [
            {"name": "ix_hidden", "columns": ["hidden", {"column": "email", "length": 10, "order": "desc"}], "method": "btree", "comment": "c"},
            {"name": "ft_note", "columns": ["note"], "kind": "fulltext"},
            {"name": "ix_off", "columns": ["d"], "invisible": true}
        ],
        "comment": "the lines",
        "options": {"engine": "InnoDB", "charset": "utf8mb4", "collation": "utf8mb4_unicode_ci", "row_format": "dynamic"}
    }}"#], &[r#"{"drop_table": {"name": "Order Lines"}}"#]), @r#"
    SET @rev_own_zone = @@SESSION.time_zone, SESSION time_zone = '+00:00';
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    CREATE TABLE `Order Lines` (
      id bigint AUTO_INCREMENT PRIMARY KEY,
      post bigint NOT NULL,
      email varchar(255) COLLATE utf8mb4_bin NOT NULL,
      note longtext DEFAULT 'a ''b'' \\' COMMENT 'it''s\\',
      flag tinyint(1) DEFAULT true,
      price decimal(30,2) DEFAULT 12345678901234567890.5,
      at timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
      since timestamp(6) NULL DEFAULT '2026-01-31 11:00:00',
      doc json DEFAULT '{"a": 1}',
      uid uuid DEFAULT (uuid()),
      twice decimal(32,2) GENERATED ALWAYS AS (price * 2) STORED,
      hidden int DEFAULT 0 INVISIBLE,
      raw enum('a','b') CHARACTER SET ascii,
      bin longblob,
      d date DEFAULT '2026-01-31',
      UNIQUE INDEX uq_mail (email),
      CONSTRAINT fk_lines_user FOREIGN KEY (hidden) REFERENCES `Order Lines` (hidden),
      CONSTRAINT ck_price CHECK (price >= 0),
      INDEX ix_hidden (hidden, email(10) DESC) USING BTREE COMMENT 'c',
      FULLTEXT INDEX ft_note (note),
      INDEX ix_off (d) IGNORED,
      CONSTRAINT fk_lines_post FOREIGN KEY (post) REFERENCES posts (id) ON DELETE CASCADE
    ) ENGINE = `InnoDB` AUTO_INCREMENT = 1000 DEFAULT CHARACTER SET = utf8mb4 COLLATE = utf8mb4_unicode_ci ROW_FORMAT = DYNAMIC COMMENT 'the lines';
    SET SESSION sql_mode = @rev_own_mode;
    SET SESSION time_zone = @rev_own_zone
    -- back
    DROP TABLE `Order Lines`
    "#);
}

#[test]
fn partitions_come_with_their_table() {
    insta::assert_snapshot!(there_and_back(
        &[r#"{"create_table": {"name": "parts", "columns": [{"name": "a", "type": "integer"}],
            "options": {"partition_by": "RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE);\n"}}}"#],
        &[r#"{"drop_table": {"name": "parts", "if_exists": true}}"#],
    ), @"
    CREATE TABLE parts (
      a int
    )
    PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)
    -- back
    DROP TABLE IF EXISTS parts
    ");
}

#[test]
fn columns_come_and_go() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"add_column": {"table": "users", "column": {"name": "mail", "type": "string(50)", "nullable": false, "default": "-"}, "after": "name"}}"#,
            r#"{"add_column": {"table": "users", "column": {"name": "zero", "type": "integer"}, "first": true, "if_not_exists": true}}"#,
            r#"{"add_column": {"table": "posts", "column": {"name": "editor", "type": "bigint", "references": {"name": "fk_editor", "table": "users", "column": "id", "on_delete": "set_null"}}}}"#,
        ],
        &[
            r#"{"drop_column": {"table": "posts", "column": "editor", "was": {"name": "editor", "type": "bigint", "references": {"name": "fk_editor", "table": "users", "column": "id"}}}}"#,
            r#"{"drop_column": {"table": "users", "column": "zero", "if_exists": true}}"#,
            r#"{"drop_column": {"table": "users", "column": "mail"}}"#,
        ],
    ), @"
    ALTER TABLE users ADD COLUMN mail varchar(50) NOT NULL DEFAULT '-' AFTER name;
    ALTER TABLE users ADD COLUMN IF NOT EXISTS zero int FIRST;
    ALTER TABLE posts ADD COLUMN editor bigint;
    ALTER TABLE posts ADD CONSTRAINT fk_editor FOREIGN KEY (editor) REFERENCES users (id) ON DELETE SET NULL
    -- back
    ALTER TABLE posts DROP FOREIGN KEY fk_editor;
    ALTER TABLE posts DROP COLUMN editor;
    ALTER TABLE users DROP COLUMN IF EXISTS zero;
    ALTER TABLE users DROP COLUMN mail
    ");
}

#[test]
fn names_change_and_change_back() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"rename_table": {"name": "posts", "to": "Letters"}}"#,
            r#"{"rename_index": {"table": "Letters", "name": "ix_title", "to": "ix_heading"}}"#,
            r#"{"rename_constraint": {"table": "Letters", "kind": "check", "name": "ck_id", "to": "ck_number"}}"#,
        ],
        &[
            r#"{"rename_constraint": {"table": "Letters", "kind": "check", "name": "ck_number", "to": "ck_id"}}"#,
            r#"{"rename_index": {"table": "Letters", "name": "ix_heading", "to": "ix_title"}}"#,
            r#"{"rename_table": {"name": "Letters", "to": "posts"}}"#,
        ],
    ), @"
    RENAME TABLE posts TO `Letters`;
    ALTER TABLE `Letters` RENAME INDEX ix_title TO ix_heading;
    ALTER TABLE `Letters` DROP CONSTRAINT ck_id, ADD CONSTRAINT ck_number CHECK (`id` > 0)
    -- back
    ALTER TABLE `Letters` DROP CONSTRAINT ck_number, ADD CONSTRAINT ck_id CHECK (`id` > 0);
    ALTER TABLE `Letters` RENAME INDEX ix_heading TO ix_title;
    RENAME TABLE `Letters` TO posts
    ");
}

#[test]
fn indexes_come_and_go() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"create_index": {"table": "posts", "name": "ix_a", "columns": [{"column": "body", "length": 20}, {"column": "id", "order": "desc"}], "method": "hash", "comment": "it's", "algorithm": "inplace", "lock": "none"}}"#,
            r#"{"create_index": {"table": "posts", "name": "ix_b", "columns": ["title"], "unique": true, "invisible": true, "if_not_exists": true}}"#,
            r#"{"create_index": {"table": "posts", "name": "ix_c", "columns": ["body"], "kind": "fulltext"}}"#,
        ],
        &[
            r#"{"drop_index": {"table": "posts", "name": "ix_c"}}"#,
            r#"{"drop_index": {"table": "posts", "name": "ix_b", "if_exists": true}}"#,
            r#"{"drop_index": {"table": "posts", "name": "ix_a", "algorithm": "inplace", "lock": "none"}}"#,
        ],
    ), @"
    CREATE INDEX ix_a ON posts (body(20), id DESC) USING HASH COMMENT 'it''s' ALGORITHM = INPLACE LOCK = NONE;
    CREATE UNIQUE INDEX IF NOT EXISTS ix_b ON posts (title) IGNORED;
    CREATE FULLTEXT INDEX ix_c ON posts (body)
    -- back
    DROP INDEX ix_c ON posts;
    DROP INDEX IF EXISTS ix_b ON posts;
    ALTER TABLE posts DROP INDEX ix_a, ALGORITHM = INPLACE, LOCK = NONE
    ");
}

/// The index that the server makes for a foreign key goes with it.
#[test]
fn constraints_come_and_go() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"create_unique": {"table": "users", "name": "uq_name", "columns": ["name", "born"]}}"#,
            r#"{"create_check": {"table": "users", "name": "ck_born", "sql": "born > '1900-01-01'"}}"#,
            r#"{"create_foreign_key": {"table": "posts", "name": "fk_user", "columns": ["user_id"], "references": {"table": "users", "columns": ["id"]}, "on_delete": "cascade", "on_update": "no_action"}}"#,
            r#"{"create_foreign_key": {"table": "posts", "name": "fk_again", "columns": ["user_id"], "references": {"table": "users", "columns": ["id"]}}}"#,
            r#"{"drop_constraint": {"table": "posts", "kind": "primary_key"}}"#,
            r#"{"create_primary_key": {"table": "posts", "name": "pk", "columns": ["id", "user_id"]}}"#,
        ],
        &[
            r#"{"drop_constraint": {"table": "posts", "kind": "primary_key"}}"#,
            r#"{"create_primary_key": {"table": "posts", "columns": ["id"]}}"#,
            r#"{"drop_constraint": {"table": "posts", "kind": "foreign_key", "name": "fk_again"}}"#,
            r#"{"drop_constraint": {"table": "posts", "kind": "foreign_key", "name": "fk_user"}}"#,
            r#"{"drop_constraint": {"table": "users", "kind": "check", "name": "ck_born"}}"#,
            r#"{"drop_constraint": {"table": "users", "kind": "unique", "name": "uq_name", "if_exists": true}}"#,
        ],
    ), @"
    CREATE UNIQUE INDEX uq_name ON users (name, born);
    ALTER TABLE users ADD CONSTRAINT ck_born CHECK (born > '1900-01-01');
    ALTER TABLE posts ADD CONSTRAINT fk_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE NO ACTION;
    ALTER TABLE posts ADD CONSTRAINT fk_again FOREIGN KEY (user_id) REFERENCES users (id);
    ALTER TABLE posts DROP PRIMARY KEY;
    ALTER TABLE posts ADD PRIMARY KEY (id, user_id)
    -- back
    ALTER TABLE posts DROP PRIMARY KEY;
    ALTER TABLE posts ADD PRIMARY KEY (id);
    ALTER TABLE posts DROP FOREIGN KEY fk_again, RENAME INDEX fk_again TO fk_user;
    ALTER TABLE posts DROP FOREIGN KEY fk_user, DROP INDEX fk_user;
    ALTER TABLE users DROP CONSTRAINT ck_born;
    DROP INDEX IF EXISTS uq_name ON users
    ");
}

/// An index that is of use to something else stays when the foreign key goes.
#[test]
fn an_index_that_is_needed_stays() {
    let mut ground = Ground::new();
    for sql in BASE.split(";\n") {
        ground.execute(sql);
    }
    let key = |name: &str| {
        format!(
            r#"{{"create_foreign_key": {{"table": "posts", "name": "{name}", "columns": ["user_id"], "references": {{"table": "users", "columns": ["id"]}}}}}}"#
        )
    };
    let drop = |name: &str| {
        format!(
            r#"{{"drop_constraint": {{"table": "posts", "kind": "foreign_key", "name": "{name}"}}}}"#
        )
    };
    ground.run(&key("fk_a"));
    ground.run(&key("fk_b"));
    let before = ground.table("posts");
    // The last key gives it its name.
    insta::assert_snapshot!(ground.run(&drop("fk_b")), @"ALTER TABLE posts DROP FOREIGN KEY fk_b, RENAME INDEX fk_b TO fk_a");
    assert!(before.contains("KEY `fk_b`") && ground.table("posts").contains("KEY `fk_a`"));
    // Worked out from operations, without a look at the server: no index is known of.
    let mut ground = Ground::new();
    for sql in BASE.split(";\n") {
        ground.execute(sql);
    }
    let before = ground.all();
    let all = [key("fk_a"), drop("fk_a"), key("fk_b"), drop("fk_b")];
    let all: Vec<Operation> = all.iter().map(|json| operation(json)).collect();
    insta::assert_snapshot!(ground.run_all(&all), @"
    ALTER TABLE posts ADD CONSTRAINT fk_a FOREIGN KEY (user_id) REFERENCES users (id);
    ALTER TABLE posts DROP FOREIGN KEY fk_a, DROP INDEX fk_a;
    ALTER TABLE posts ADD CONSTRAINT fk_b FOREIGN KEY (user_id) REFERENCES users (id);
    ALTER TABLE posts DROP FOREIGN KEY fk_b, DROP INDEX fk_b
    ");
    pretty_assertions(&before, &ground.all());
    // An index of the user's serves; the server has made none.
    ground.run(r#"{"create_index": {"table": "posts", "name": "ix_user", "columns": ["user_id", "title"]}}"#);
    let before = ground.all();
    ground.run_all(&all);
    pretty_assertions(&before, &ground.all());
}

#[test]
fn a_foreign_key_takes_another_name() {
    let mut ground = Ground::new();
    for sql in BASE.split(";\n") {
        ground.execute(sql);
    }
    ground.execute("ALTER TABLE posts ADD CONSTRAINT fk_a FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE");
    let before = ground.table("posts");
    insta::assert_snapshot!(ground.run(r#"{"rename_constraint": {"table": "posts", "kind": "foreign_key", "name": "fk_a", "to": "fk_b"}}"#), @"
    ALTER TABLE posts ADD CONSTRAINT fk_b FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE;
    ALTER TABLE posts DROP FOREIGN KEY fk_a
    ");
    pretty_assertions(&before.replace("fk_a", "fk_b"), &ground.table("posts"));
}

#[test]
fn comments_are_set_and_taken_back() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"comment": {"on": "table", "name": "users", "comment": "it's \\ these"}}"#,
            r#"{"comment": {"on": "column", "table": "users", "name": "id", "comment": "the number"}}"#,
            r#"{"comment": {"on": "column", "table": "posts", "name": "title", "comment": null}}"#,
        ],
        &[
            r#"{"comment": {"on": "column", "table": "posts", "name": "title", "comment": "t"}}"#,
            r#"{"comment": {"on": "column", "table": "users", "name": "id", "comment": null}}"#,
            r#"{"comment": {"on": "table", "name": "users", "comment": "people"}}"#,
        ],
    ), @r"
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE users COMMENT = 'it''s \\ these';
    SET SESSION sql_mode = @rev_own_mode;
    ALTER TABLE users MODIFY COLUMN id bigint(20) NOT NULL AUTO_INCREMENT COMMENT 'the number';
    ALTER TABLE posts MODIFY COLUMN title varchar(100) DEFAULT 'x'
    -- back
    ALTER TABLE posts MODIFY COLUMN title varchar(100) DEFAULT 'x' COMMENT 't';
    ALTER TABLE users MODIFY COLUMN id bigint(20) NOT NULL AUTO_INCREMENT;
    ALTER TABLE users COMMENT = 'people'
    ");
}

#[test]
fn views_routines_and_triggers_come_and_go() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"create_view": {"name": "old", "query": "SELECT id, name FROM users WHERE born < '1950-01-01';  -- old\n", "columns": ["a", "b"], "check_option": "local", "algorithm": "merge", "sql_security": "invoker", "definer": "current_user"}}"#,
            r#"{"create_function": {"name": "twice", "arguments": "n int", "returns": "int", "attributes": ["deterministic", "no sql"], "language": "sql", "comment": "n 'n'", "body": "BEGIN\n  DECLARE m int DEFAULT 2;\n  RETURN n * m;\nEND;\n"}}"#,
            r#"{"create_procedure": {"name": "nothing", "if_not_exists": true, "body": "SELECT 1"}}"#,
            r#"{"create_trigger": {"name": "second", "table": "posts", "timing": "before", "events": ["insert"], "follows": "touched", "body": "BEGIN IF NEW.body IS NULL THEN SET NEW.body = ''; END IF; END"}}"#,
            r#"{"create_trigger": {"name": "gone", "table": "posts", "timing": "after", "events": ["delete"], "for_each": "row", "definer": "someone@localhost", "body": "INSERT INTO users (name) VALUES (OLD.title)"}}"#,
            r#"{"create_sequence": {"name": "numbers", "start": 10, "increment": 2, "min": 1, "max": 1000, "cache": 5, "cycle": true}}"#,
            r#"{"alter_sequence": {"name": "numbers", "increment": 3, "cycle": false, "restart": 20}}"#,
        ],
        &[
            r#"{"drop_sequence": {"name": "numbers"}}"#,
            r#"{"drop_trigger": {"name": "gone", "table": "posts"}}"#,
            r#"{"drop_trigger": {"name": "second", "table": "posts", "if_exists": true}}"#,
            r#"{"drop_procedure": {"name": "nothing"}}"#,
            r#"{"drop_function": {"name": "twice", "if_exists": true}}"#,
            r#"{"drop_view": {"name": "old"}}"#,
        ],
    ), @"
    CREATE ALGORITHM = MERGE DEFINER = current_user SQL SECURITY INVOKER VIEW old (a, b) AS
    SELECT id, name FROM users WHERE born < '1950-01-01'
    WITH LOCAL CHECK OPTION;
    CREATE FUNCTION twice(n int)
    RETURNS int
    deterministic
    no sql
    COMMENT 'n ''n'''
    BEGIN
      DECLARE m int DEFAULT 2;
      RETURN n * m;
    END;
    CREATE PROCEDURE IF NOT EXISTS nothing()
    SELECT 1;
    CREATE TRIGGER second BEFORE INSERT ON posts FOR EACH ROW FOLLOWS touched
    BEGIN IF NEW.body IS NULL THEN SET NEW.body = ''; END IF; END;
    CREATE DEFINER = `someone`@`localhost` TRIGGER gone AFTER DELETE ON posts FOR EACH ROW
    INSERT INTO users (name) VALUES (OLD.title);
    CREATE SEQUENCE numbers START WITH 10 INCREMENT BY 2 MINVALUE 1 MAXVALUE 1000 CACHE 5 CYCLE;
    ALTER SEQUENCE numbers INCREMENT BY 3 NOCYCLE RESTART WITH 20
    -- back
    DROP SEQUENCE numbers;
    DROP TRIGGER gone;
    DROP TRIGGER IF EXISTS second;
    DROP PROCEDURE nothing;
    DROP FUNCTION IF EXISTS twice;
    DROP VIEW old
    ");
}

#[test]
fn what_is_there_is_replaced() {
    insta::assert_snapshot!(there_and_back(
        &[
            r#"{"create_view": {"name": "names", "query": "SELECT id FROM users", "or_replace": true}}"#,
            r#"{"create_trigger": {"name": "touched", "table": "posts", "timing": "before", "events": ["update"], "or_replace": true, "body": "SET NEW.title = 'z'"}}"#,
        ],
        &[
            r#"{"create_trigger": {"name": "touched", "table": "posts", "timing": "before", "events": ["insert"], "or_replace": true, "body": "SET NEW.title = 'y'"}}"#,
            r#"{"create_view": {"name": "names", "query": "SELECT name FROM users", "or_replace": true}}"#,
        ],
    ), @"
    CREATE OR REPLACE VIEW names AS
    SELECT id FROM users;
    CREATE OR REPLACE TRIGGER touched BEFORE UPDATE ON posts FOR EACH ROW
    SET NEW.title = 'z'
    -- back
    CREATE OR REPLACE TRIGGER touched BEFORE INSERT ON posts FOR EACH ROW
    SET NEW.title = 'y';
    CREATE OR REPLACE VIEW names AS
    SELECT name FROM users
    ");
}

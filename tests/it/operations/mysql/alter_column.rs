//! A change of a column changes that, and nothing else.

use std::collections::BTreeSet;

use revdag::internals::text::Dialect;

use super::{Ground, lower, operation, sql_of};

/// A table in which every attribute of a column is said.
const FULL: &str = r"CREATE TABLE t (
    id bigint unsigned NOT NULL AUTO_INCREMENT COMMENT 'the id',
    words varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\ é' COMMENT 'a \'c\' \\ é',
    checked int(11) DEFAULT 5 COMMENT 'c' CHECK (checked > 0),
    clock timestamp(6) NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6) COMMENT 'd',
    fixed timestamp NOT NULL DEFAULT '2020-06-01 12:00:00',
    hidden datetime INVISIBLE DEFAULT NULL COMMENT 'e',
    padded decimal(10,2) UNSIGNED ZEROFILL DEFAULT 1.5,
    doc json DEFAULT '{}' COMMENT 'f',
    packed varchar(100) COMPRESSED DEFAULT 'x',
    stored int GENERATED ALWAYS AS (checked + 1) STORED COMMENT 'h',
    virtual_ int AS (checked * 2) VIRTUAL INVISIBLE,
    bits bit(3) DEFAULT b'101',
    long_text blob DEFAULT 'abc',
    unique_id uuid DEFAULT uuid(),
    one_of enum('a','b''c') CHARACTER SET utf8mb3 DEFAULT 'b''c',
    sum int DEFAULT (1+2),
    place point NOT NULL,
    day date NOT NULL DEFAULT '0000-00-00',
    plain varchar(5),
    PRIMARY KEY (id), UNIQUE KEY (stored), KEY (words, checked), SPATIAL KEY (place),
    CONSTRAINT ck CHECK (checked < sum + 100)
    ) COMMENT='t' DEFAULT CHARACTER SET utf8mb4";

fn full() -> Ground {
    let mut ground = Ground::new();
    // What a table may hold from older days.
    ground.execute("SET SESSION sql_mode = ''");
    ground.execute(FULL);
    ground
}

const COLUMNS: [&str; 19] = [
    "id",
    "words",
    "checked",
    "clock",
    "fixed",
    "hidden",
    "padded",
    "doc",
    "packed",
    "stored",
    "virtual_",
    "bits",
    "long_text",
    "unique_id",
    "one_of",
    "sum",
    "place",
    "day",
    "plain",
];

fn lines(table: &str) -> BTreeSet<String> {
    table.lines().map(|line| line.trim_end_matches(',').to_owned()).collect()
}

/// What is in the one and not in the other.
fn difference(before: &str, after: &str) -> String {
    let (before, after) = (lines(before), lines(after));
    let gone = before.difference(&after).map(|line| format!("-{line}"));
    let new = after.difference(&before).map(|line| format!("+{line}"));
    gone.chain(new).collect::<Vec<_>>().join("\n")
}

/// The comment of each column is changed, and changed back: whatever else it says stays, whatever the
/// session's mode and zone.
#[test]
fn a_column_is_restated_without_loss() {
    for (mode, zone) in [("", "+00:00"), ("NO_BACKSLASH_ESCAPES,ANSI_QUOTES", "+05:00")] {
        let mut ground = full();
        ground.execute(&format!("SET SESSION sql_mode = '{mode}', time_zone = '{zone}'"));
        let before = ground.table("t");
        let schema = ground.schema();
        for column in COLUMNS {
            let own = schema.tables.values().next().unwrap().definition.columns.iter();
            let comment = own.clone().find(|own| own.name == column).unwrap().comment.clone();
            let set = |comment: Option<&str>| {
                serde_json::json!({"comment": {"on": "column", "table": "t", "name": column, "comment": comment}})
                    .to_string()
            };
            ground.run(&set(Some("new \\ 'one' \r\n é")));
            let changed = difference(&before, &ground.table("t"));
            let [gone, new] = changed.lines().collect::<Vec<_>>()[..] else { panic!("{changed}") };
            let said = r" COMMENT 'new \\ ''one'' \r\n é'";
            let old = gone[1..].split(" COMMENT").next().unwrap();
            assert!(new[1..].starts_with(old) && new.contains(said), "{changed}");
            ground.run(&set(comment.as_deref()));
            assert_eq!(difference(&before, &ground.table("t")), "", "{column}");
        }
    }
}

/// Each attribute is changed alone.
fn changes(ground: &mut Ground, json: &str) -> String {
    let before = ground.table("t");
    let sql = ground.run(json);
    format!("{sql}\n{}\n", difference(&before, &ground.table("t")))
}

#[test]
fn each_attribute_changes_alone() {
    let mut ground = full();
    let mut all = String::new();
    for rest in [
        r#""column": "words", "type": "string(30)""#,
        r#""column": "words", "nullable": true"#,
        r#""column": "words", "default": "x""#,
        r#""column": "words", "default": null"#,
        r#""column": "words", "collation": "latin1_bin""#,
        r#""column": "words", "charset": "utf8mb4""#,
        r#""column": "words", "comment": null"#,
        r#""column": "words", "rename": "texts""#,
        r#""column": "checked", "rename": "tested""#,
        r#""column": "tested", "rename": "checked", "default": 6"#,
        r#""column": "checked", "default": {"sql": "2 + 3"}"#,
        r#""column": "checked", "after": "day""#,
        r#""column": "clock", "on_update": null"#,
        r#""column": "clock", "nullable": false"#,
        r#""column": "fixed", "default": "2021-01-01 00:00:00""#,
        r#""column": "doc", "nullable": false"#,
        r#""column": "doc", "type": "text""#,
        r#""column": "packed", "type": "integer", "default": 0"#,
        r#""column": "id", "autoincrement": false"#,
        r#""column": "id", "identity": {"kind": "by_default", "start": 100}"#,
        r#""column": "stored", "generated": null"#,
        r#""column": "stored", "generated": {"sql": "sum + 2", "stored": true}"#,
        r#""column": "plain", "type": "char(3)", "nullable": false, "default": "abc", "first": true"#,
    ] {
        let json = format!(r#"{{"alter_column": {{"table": "t", {rest}}}}}"#);
        all.push_str(&changes(&mut ground, &json));
    }
    insta::assert_snapshot!(all, @r"
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT _utf8mb4 x'69742773205c20c3a9' COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\ é' COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\ é' COMMENT 'a ''c'' \\ é'
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT _utf8mb4 x'69742773205c20c3a9' COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\ é' COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'it''s \\ é' COMMENT 'a ''c'' \\ é'
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'x' COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'it''s \\ é' COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'x' COMMENT 'a ''c'' \\ é'
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT 'x' COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT NULL COMMENT 'a ''c'' \\ é'
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) COLLATE latin1_bin DEFAULT NULL COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_german1_ci DEFAULT NULL COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL COMMENT 'a ''c'' \\ é'
    SET @rev_own_mode = @@SESSION.sql_mode, SESSION sql_mode = TRIM(BOTH ',' FROM REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',NO_BACKSLASH_ESCAPES,', ','));
    ALTER TABLE t MODIFY COLUMN words varchar(30) CHARACTER SET utf8mb4 DEFAULT NULL COMMENT 'a ''c'' \\ é';
    SET SESSION sql_mode = @rev_own_mode
    -  `words` varchar(30) CHARACTER SET latin1 COLLATE latin1_bin DEFAULT NULL COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) DEFAULT NULL COMMENT 'a ''c'' \\ é'
    ALTER TABLE t MODIFY COLUMN words varchar(30) DEFAULT NULL
    -  `words` varchar(30) DEFAULT NULL COMMENT 'a ''c'' \\ é'
    +  `words` varchar(30) DEFAULT NULL
    ALTER TABLE t RENAME COLUMN words TO texts
    -  KEY `words` (`words`,`checked`)
    -  `words` varchar(30) DEFAULT NULL
    +  KEY `words` (`texts`,`checked`)
    +  `texts` varchar(30) DEFAULT NULL
    ALTER TABLE t RENAME COLUMN checked TO tested
    -  CONSTRAINT `ck` CHECK (`checked` < `sum` + 100)
    -  KEY `words` (`texts`,`checked`)
    -  `checked` int(11) DEFAULT 5 COMMENT 'c' CHECK (`checked` > 0)
    -  `stored` int(11) GENERATED ALWAYS AS (`checked` + 1) STORED COMMENT 'h'
    -  `virtual_` int(11) GENERATED ALWAYS AS (`checked` * 2) VIRTUAL INVISIBLE
    +  CONSTRAINT `ck` CHECK (`tested` < `sum` + 100)
    +  KEY `words` (`texts`,`tested`)
    +  `stored` int(11) GENERATED ALWAYS AS (`tested` + 1) STORED COMMENT 'h'
    +  `tested` int(11) DEFAULT 5 COMMENT 'c' CHECK (`tested` > 0)
    +  `virtual_` int(11) GENERATED ALWAYS AS (`tested` * 2) VIRTUAL INVISIBLE
    ALTER TABLE t CHANGE COLUMN tested checked int(11) DEFAULT 6 COMMENT 'c' CHECK (`checked` > 0)
    -  CONSTRAINT `ck` CHECK (`tested` < `sum` + 100)
    -  KEY `words` (`texts`,`tested`)
    -  `stored` int(11) GENERATED ALWAYS AS (`tested` + 1) STORED COMMENT 'h'
    -  `tested` int(11) DEFAULT 5 COMMENT 'c' CHECK (`tested` > 0)
    -  `virtual_` int(11) GENERATED ALWAYS AS (`tested` * 2) VIRTUAL INVISIBLE
    +  CONSTRAINT `ck` CHECK (`checked` < `sum` + 100)
    +  KEY `words` (`texts`,`checked`)
    +  `checked` int(11) DEFAULT 6 COMMENT 'c' CHECK (`checked` > 0)
    +  `stored` int(11) GENERATED ALWAYS AS (`checked` + 1) STORED COMMENT 'h'
    +  `virtual_` int(11) GENERATED ALWAYS AS (`checked` * 2) VIRTUAL INVISIBLE
    ALTER TABLE t ALTER COLUMN checked SET DEFAULT (2 + 3)
    -  `checked` int(11) DEFAULT 6 COMMENT 'c' CHECK (`checked` > 0)
    +  `checked` int(11) DEFAULT (2 + 3) COMMENT 'c' CHECK (`checked` > 0)
    ALTER TABLE t MODIFY COLUMN checked int(11) DEFAULT (2 + 3) COMMENT 'c' CHECK (`checked` > 0) AFTER day

    ALTER TABLE t MODIFY COLUMN clock timestamp(6) NULL DEFAULT current_timestamp(6) COMMENT 'd'
    -  `clock` timestamp(6) NULL DEFAULT current_timestamp(6) ON UPDATE current_timestamp(6) COMMENT 'd'
    +  `clock` timestamp(6) NULL DEFAULT current_timestamp(6) COMMENT 'd'
    ALTER TABLE t MODIFY COLUMN clock timestamp(6) NOT NULL DEFAULT current_timestamp(6) COMMENT 'd'
    -  `clock` timestamp(6) NULL DEFAULT current_timestamp(6) COMMENT 'd'
    +  `clock` timestamp(6) NOT NULL DEFAULT current_timestamp(6) COMMENT 'd'
    SET @rev_own_zone = @@SESSION.time_zone, SESSION time_zone = '+00:00';
    ALTER TABLE t MODIFY COLUMN fixed timestamp NOT NULL DEFAULT '2021-01-01 00:00:00';
    SET SESSION time_zone = @rev_own_zone
    -  `fixed` timestamp NOT NULL DEFAULT '2020-06-01 12:00:00'
    +  `fixed` timestamp NOT NULL DEFAULT '2021-01-01 00:00:00'
    ALTER TABLE t MODIFY COLUMN doc longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '{}' COMMENT 'f' CHECK (json_valid(`doc`))
    -  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '{}' COMMENT 'f' CHECK (json_valid(`doc`))
    +  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '{}' COMMENT 'f' CHECK (json_valid(`doc`))
    ALTER TABLE t MODIFY COLUMN doc longtext NOT NULL DEFAULT '{}' COMMENT 'f'
    -  `doc` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '{}' COMMENT 'f' CHECK (json_valid(`doc`))
    +  `doc` longtext NOT NULL DEFAULT '{}' COMMENT 'f'
    ALTER TABLE t MODIFY COLUMN packed int DEFAULT 0
    -  `packed` varchar(100) /*M!100301 COMPRESSED*/ DEFAULT 'x'
    +  `packed` int(11) DEFAULT 0
    ALTER TABLE t MODIFY COLUMN id bigint(20) unsigned NOT NULL COMMENT 'the id'
    -  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT 'the id'
    +  `id` bigint(20) unsigned NOT NULL COMMENT 'the id'
    ALTER TABLE t MODIFY COLUMN id bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT 'the id', AUTO_INCREMENT = 100
    -  `id` bigint(20) unsigned NOT NULL COMMENT 'the id'
    -) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='t'
    +  `id` bigint(20) unsigned NOT NULL AUTO_INCREMENT COMMENT 'the id'
    +) ENGINE=InnoDB AUTO_INCREMENT=100 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci COMMENT='t'
    ALTER TABLE t MODIFY COLUMN `stored` int(11) COMMENT 'h'
    -  `stored` int(11) GENERATED ALWAYS AS (`checked` + 1) STORED COMMENT 'h'
    +  `stored` int(11) DEFAULT NULL COMMENT 'h'
    ALTER TABLE t MODIFY COLUMN `stored` int(11) GENERATED ALWAYS AS (sum + 2) STORED COMMENT 'h'
    -  `stored` int(11) DEFAULT NULL COMMENT 'h'
    +  `stored` int(11) GENERATED ALWAYS AS (`sum` + 2) STORED COMMENT 'h'
    ALTER TABLE t MODIFY COLUMN plain char(3) NOT NULL DEFAULT 'abc' FIRST
    -  `plain` varchar(5) DEFAULT NULL
    +  `plain` char(3) NOT NULL DEFAULT 'abc'
    ");
}

/// Several changes of one step are worked out one after the other, without a look at the server.
#[test]
fn changes_behind_each_other_rest_on_one_another() {
    let mut ground = full();
    let alter = |rest: &str| operation(&format!(r#"{{"alter_column": {{"table": "t", {rest}}}}}"#));
    ground.run_all(&[
        alter(r#""column": "words", "type": "integer", "default": 1"#),
        alter(r#""column": "words", "comment": "numbers""#),
        alter(r#""column": "doc", "type": "text""#),
        alter(r#""column": "doc", "nullable": false"#),
        alter(r#""column": "one_of", "collation": "latin1_bin""#),
        alter(r#""column": "one_of", "charset": "utf8mb4""#),
        alter(r#""column": "one_of", "comment": "x""#),
        operation(r#"{"add_column": {"table": "t", "column": {"name": "at", "type": "timestamptz", "default": "2026-01-31T12:00:00+01:00"}}}"#),
        alter(r#""column": "at", "nullable": false"#),
        // The default that a column without one has goes with its NULL.
        alter(r#""column": "plain", "nullable": false"#),
        alter(r#""column": "plain", "type": "bigint""#),
    ]);
    let table = ground.table("t");
    let changed: Vec<&str> = table
        .lines()
        .filter(|line| {
            ["`words` ", "`doc` ", "`one_of` ", "`at` ", "`plain` "]
                .iter()
                .any(|name| line.trim_start().starts_with(name))
        })
        .collect();
    insta::assert_snapshot!(changed.join("\n"), @"
    `words` int(11) NOT NULL DEFAULT 1 COMMENT 'numbers',
    `doc` longtext NOT NULL DEFAULT '{}' COMMENT 'f',
    `one_of` enum('a','b''c') DEFAULT 'b''c' COMMENT 'x',
    `plain` bigint(20) NOT NULL,
    `at` timestamp(6) NOT NULL DEFAULT '2026-01-31 11:00:00.000000',
    ");
}

#[test]
fn what_needs_no_definition_is_said_alone() {
    for dialect in [Dialect::Mysql, Dialect::Mariadb] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(sql_of(dialect, r#"{"alter_column": {"table": "t", "column": "a", "rename": "order"}}"#), @"ALTER TABLE t RENAME COLUMN a TO `order`");
            insta::assert_snapshot!(sql_of(dialect, r#"{"alter_column": {"table": "t", "column": "a", "default": 5}}"#), @"ALTER TABLE t ALTER COLUMN a SET DEFAULT 5");
        }
        let unknown = lower(
            &[operation(r#"{"alter_column": {"table": "t", "column": "a", "nullable": false}}"#)],
            dialect,
            &mut Default::default(),
        );
        insta::allow_duplicates! {
            insta::assert_snapshot!(unknown.unwrap_err(), @"alter_column needs the definition of table t, which is not known here");
        }
    }
}

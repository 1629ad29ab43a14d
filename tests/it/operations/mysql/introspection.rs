//! What is read of the tables.

use revdag::internals::text::Dialect;
use revdag::model::Name;
use revdag::model::operation::{Column, DefaultValue, TableDefinition};

use super::Ground;

fn own(name: &str) -> Name {
    Name { schema: None, name: name.to_owned() }
}

fn words(column: &Column) -> String {
    let default = match &column.default {
        None => "none".to_owned(),
        Some(DefaultValue::Literal(value)) => format!("literal {value}"),
        Some(DefaultValue::Sql(sql)) => format!("sql {}", sql.get(Dialect::Mariadb).unwrap()),
    };
    format!("{} {}: {default}", column.name, column.type_.get(Dialect::Mariadb).unwrap())
}

fn table(ground: &mut Ground, sql: &str) -> TableDefinition {
    ground.execute(sql);
    ground.schema().tables.remove(&own("t")).unwrap().definition
}

#[test]
fn defaults_are_told_apart() {
    let mut ground = Ground::new();
    let table = table(
        &mut ground,
        r"CREATE TABLE t (
        id int NOT NULL,
        none int,
        no_null int NOT NULL DEFAULT 5,
        negative bigint DEFAULT -7,
        wide decimal(30,5) DEFAULT 123456789012345678901234.5,
        zero decimal(10,2) ZEROFILL DEFAULT 1.5,
        text_null varchar(5) DEFAULT 'NULL',
        number varchar(5) DEFAULT '5',
        quoted varchar(50) DEFAULT 'it''s \\ x\n\r\t\0é',
        empty varchar(5) DEFAULT '',
        long_text text DEFAULT 'abc',
        day date DEFAULT '2020-01-01',
        clock timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
        bits bit(3) DEFAULT b'101',
        one_of enum('a','b''c') DEFAULT 'b''c',
        flag boolean DEFAULT true,
        sum int DEFAULT (1+2),
        id2 uuid DEFAULT uuid(),
        doc json DEFAULT '{}'
        )",
    );
    let all: Vec<String> = table.columns.iter().map(words).collect();
    insta::assert_snapshot!(all.join("\n"), @r#"
    id int(11): none
    none int(11): literal null
    no_null int(11): literal 5
    negative bigint(20): literal -7
    wide decimal(30,5): literal "123456789012345678901234.50000"
    zero decimal(10,2) unsigned zerofill: literal "00000001.50"
    text_null varchar(5): literal "NULL"
    number varchar(5): literal "5"
    quoted varchar(50): sql _utf8mb4 x'69742773205c20780a0d0900c3a9'
    empty varchar(5): literal ""
    long_text text: literal "abc"
    day date: literal "2020-01-01"
    clock timestamp(3): sql current_timestamp(3)
    bits bit(3): sql b'101'
    one_of enum('a','b''c'): literal "b'c"
    flag tinyint(1): literal 1
    sum int(11): sql (1 + 2)
    id2 uuid: sql uuid()
    doc longtext: literal "{}"
    "#);
}

#[test]
fn every_attribute_is_read() {
    let mut ground = Ground::new();
    let table = table(
        &mut ground,
        r"CREATE TABLE t (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY COMMENT 'the \'id\' \\',
        a varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL,
        b int INVISIBLE CHECK (b > 0),
        c varchar(100) COMPRESSED,
        d int GENERATED ALWAYS AS (b + 1) STORED,
        e int AS (b * 2) VIRTUAL,
        f json,
        UNIQUE KEY uq (a, b), UNIQUE KEY pre (a(5), b DESC) USING BTREE COMMENT 'x',
        KEY ig (b) IGNORED, FULLTEXT KEY ft (a),
        CONSTRAINT ck CHECK (b < 100), CONSTRAINT fk FOREIGN KEY (d) REFERENCES t (e2) ON DELETE CASCADE,
        e2 int UNIQUE
        ) ENGINE=InnoDB COMMENT='tab ''le' ROW_FORMAT=DYNAMIC AUTO_INCREMENT=100 CHARACTER SET utf8mb4",
    );
    let json = serde_json::to_string(&table).unwrap();
    insta::assert_snapshot!(json, @r#"{"columns":[{"name":"id","type":{"mariadb":"bigint(20) unsigned"},"nullable":false,"autoincrement":true,"comment":"the 'id' \\"},{"name":"a","type":{"mariadb":"varchar(20)"},"nullable":false,"collation":"latin1_german1_ci","charset":"latin1"},{"name":"b","type":{"mariadb":"int(11)"},"nullable":true,"default":null,"invisible":true},{"name":"c","type":{"mariadb":"varchar(100) COMPRESSED"},"nullable":true,"default":null},{"name":"d","type":{"mariadb":"int(11)"},"nullable":true,"generated":{"sql":"`b` + 1","stored":true}},{"name":"e","type":{"mariadb":"int(11)"},"nullable":true,"generated":{"sql":"`b` * 2"}},{"name":"f","type":{"mariadb":"longtext"},"nullable":true,"default":null,"collation":"utf8mb4_bin","charset":"utf8mb4"},{"name":"e2","type":{"mariadb":"int(11)"},"nullable":true,"default":null}],"constraints":[{"primary_key":{"columns":["id"]}},{"unique":{"name":"uq","columns":["a","b"]}},{"unique":{"name":"e2","columns":["e2"]}},{"foreign_key":{"name":"fk","columns":["d"],"references":{"table":"t","columns":["e2"]},"on_delete":"cascade"}},{"check":{"name":"ck","sql":"`b` < 100"}}],"indexes":[{"name":"pre","columns":[{"column":"a","length":5},{"column":"b","order":"desc"}],"unique":true,"method":"btree","comment":"x"},{"name":"ig","columns":["b"],"invisible":true},{"name":"fk","columns":["d"]},{"name":"ft","columns":["a"],"kind":"fulltext"}],"comment":"tab 'le","options":{"engine":"InnoDB","charset":"utf8mb4","collation":"utf8mb4_general_ci","auto_increment":100,"row_format":"dynamic"}}"#);
    let beyond = |at: usize| table.columns[at].beyond.as_deref();
    assert_eq!(
        [1, 2, 6].map(beyond),
        [None, Some("CHECK (`b` > 0)"), Some("CHECK (json_valid(`f`))")]
    );
}

#[test]
fn partitions_views_and_triggers_are_read() {
    let mut ground = Ground::new();
    ground.execute(
        "CREATE TABLE t (a int) PARTITION BY RANGE (a) \
         (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)",
    );
    ground.execute("CREATE VIEW v AS SELECT a FROM t");
    ground.execute("CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1");
    ground.execute("CREATE SEQUENCE s");
    let schema = ground.schema();
    assert!(schema.complete);
    assert_eq!(schema.own.as_deref(), Some(ground.db.name()));
    assert_eq!(schema.tables.keys().collect::<Vec<_>>(), [&own("t")]);
    let partition = &schema.tables[&own("t")].definition.options.partition_by;
    insta::assert_snapshot!(partition.as_ref().unwrap().get(Dialect::Mariadb).unwrap(), @"
    RANGE (`a`)
    (PARTITION `p0` VALUES LESS THAN (10) ENGINE = InnoDB,
     PARTITION `p1` VALUES LESS THAN MAXVALUE ENGINE = InnoDB)
    ");
    assert_eq!(schema.views[0].name, own("v"));
    assert!(schema.views[0].sql.as_ref().unwrap().starts_with("CREATE ALGORITHM=UNDEFINED"));
    let trigger = schema.triggers[0].sql.as_ref().unwrap();
    assert!(trigger.ends_with("TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = 1"));
}

/// What a revision has set in its session is neither in the way nor lost.
#[test]
fn the_session_stays_as_it_is() {
    let mut ground = Ground::new();
    ground.execute("CREATE TABLE `select` (`from` varchar(20) DEFAULT 'a\\\\b' COMMENT 'c')");
    ground.execute(
        "SET SESSION sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', sql_quote_show_create = 0",
    );
    let table = ground.schema().tables.remove(&own("select")).unwrap().definition;
    assert_eq!(words(&table.columns[0]), r#"from varchar(20): literal "a\\b""#);
    assert_eq!(table.columns[0].comment.as_deref(), Some("c"));
    let query = ground.engine.query("SELECT @@SESSION.sql_mode, @@SESSION.sql_quote_show_create");
    let rows = ground.runtime.block_on(query).unwrap();
    assert_eq!(rows, [[Some("ANSI_QUOTES,NO_BACKSLASH_ESCAPES".into()), Some("0".into())]]);
}

//! What MySQL says, by its manual: no server of it is at hand.

use crate::model::operation::{IndexKey, Order};
use crate::model::{Entry, Name, Operation, Schema, Table};
use crate::sql;
use crate::text::Dialect;

const MYSQL: &str = r"CREATE TABLE `t` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `words` varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT 'it''s \\ x' COMMENT 'a ''c'' \\ é',
  `number` int DEFAULT '5',
  `ratio` decimal(10,2) NOT NULL DEFAULT '-1.50',
  `hidden` datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3) /*!80023 INVISIBLE */,
  `place` geometry NOT NULL /*!80003 SRID 4326 */,
  `doc` json DEFAULT (json_object(_utf8mb4'a',1)),
  `note` text DEFAULT (_utf8mb4'abc'),
  `uid` char(36) DEFAULT (uuid()),
  `twice` int GENERATED ALWAYS AS ((`number` * 2)) STORED NOT NULL COMMENT 'g',
  `fixed` char(3) /*!50606 COLUMN_FORMAT FIXED */ DEFAULT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `uq` (`words`),
  KEY `fx` ((lower(`words`)),`number` DESC),
  KEY `off` (`number`) /*!80000 INVISIBLE */,
  FULLTEXT KEY `ft` (`note`) /*!50100 WITH PARSER `ngram` */ ,
  CONSTRAINT `fk` FOREIGN KEY (`number`) REFERENCES `other`.`u` (`id`) ON DELETE SET NULL ON UPDATE RESTRICT,
  CONSTRAINT `ck` CHECK ((`number` > 0)) /*!80016 NOT ENFORCED */
) /*!50100 TABLESPACE `ts` */ ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='it''s'
/*!50100 PARTITION BY RANGE (`id`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */";

fn schema() -> Schema {
    let definition = super::table(Dialect::Mysql, MYSQL).unwrap();
    let mut schema = Schema { complete: true, ..Schema::default() };
    let name = Name { schema: None, name: "t".to_owned() };
    schema.tables.insert(name, Table { definition, sql: None, sequence: None });
    schema
}

#[test]
fn a_table_of_mysql_is_read() {
    let schema = schema();
    let table = &schema.tables.values().next().unwrap().definition;
    let json = serde_json::to_value(table).unwrap();
    let options = &json["options"];
    insta::assert_snapshot!(options, @r#"{"partition_by":{"mysql":"RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB)"},"tablespace":"ts","engine":"InnoDB","charset":"utf8mb4","collation":"utf8mb4_0900_ai_ci","auto_increment":7}"#);
    insta::assert_snapshot!(json["constraints"], @r#"[{"primary_key":{"columns":["id"]}},{"unique":{"name":"uq","columns":["words"]}},{"foreign_key":{"name":"fk","columns":["number"],"references":{"schema":"other","table":"u","columns":["id"]},"on_delete":"set_null","on_update":"restrict"}},{"check":{"name":"ck","sql":"(`number` > 0)","enforced":false}}]"#);
    assert_eq!(table.comment.as_deref(), Some("it's"));
    let [expression, falling] = &table.indexes[0].columns[..] else { panic!() };
    assert_eq!(expression.key, IndexKey::Sql("lower(`words`)".to_owned().into()));
    assert_eq!(falling.order, Some(Order::Desc));
    assert!(table.indexes[1].invisible);
    assert_eq!(table.indexes[2].parser.as_deref(), Some("ngram"));
}

#[test]
fn a_column_of_mysql_is_restated_without_loss() {
    let columns = schema().tables.values().next().unwrap().definition.columns.clone();
    let mut all = String::new();
    for column in columns {
        let json = serde_json::json!({"alter_column": {"table": "t", "column": column.name, "first": true}});
        let operation: Operation = serde_json::from_value(json).unwrap();
        let entry = Entry::new(operation, 1);
        let statements = sql::lower(&[entry], Dialect::Mysql, "a.yaml", &mut schema()).unwrap();
        for statement in statements.iter().filter(|one| one.sql.starts_with("ALTER")) {
            all.push_str(&format!("{}\n", statement.sql));
        }
    }
    insta::assert_snapshot!(all, @r"
    ALTER TABLE t MODIFY COLUMN id bigint unsigned NOT NULL AUTO_INCREMENT FIRST
    ALTER TABLE t MODIFY COLUMN words varchar(20) CHARACTER SET latin1 COLLATE latin1_german1_ci NOT NULL DEFAULT _utf8mb4 x'69742773205c2078' COMMENT 'a ''c'' \\ é' FIRST
    ALTER TABLE t MODIFY COLUMN number int DEFAULT 5 FIRST
    ALTER TABLE t MODIFY COLUMN ratio decimal(10,2) NOT NULL DEFAULT '-1.50' FIRST
    ALTER TABLE t MODIFY COLUMN hidden datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3) INVISIBLE FIRST
    ALTER TABLE t MODIFY COLUMN place geometry NOT NULL SRID 4326 FIRST
    ALTER TABLE t MODIFY COLUMN doc json DEFAULT (json_object(_utf8mb4'a',1)) FIRST
    ALTER TABLE t MODIFY COLUMN note text DEFAULT (_utf8mb4'abc') FIRST
    ALTER TABLE t MODIFY COLUMN uid char(36) DEFAULT (uuid()) FIRST
    ALTER TABLE t MODIFY COLUMN twice int GENERATED ALWAYS AS ((`number` * 2)) STORED NOT NULL COMMENT 'g' FIRST
    ALTER TABLE t MODIFY COLUMN fixed char(3) DEFAULT NULL COLUMN_FORMAT FIXED FIRST
    ");
}

#[test]
fn what_cannot_be_read_is_none() {
    for sql in ["", "CREATE VIEW v AS SELECT 1", "CREATE TABLE `t` (", "CREATE TABLE `t` (`a` int"]
    {
        assert_eq!(super::table(Dialect::Mysql, sql), None, "{sql}");
    }
}

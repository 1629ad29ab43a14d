//! Rows of every type, and what is more than a statement.

use revdag::model::{BackfillTask, ProgramTask, Task};
use serde_json::json;

use super::{PG, script, statements};
use crate::operations::refusal;
use crate::support::{Engine, TestDb};

#[test]
fn rows_of_every_type_go_in_as_they_are_and_out_by_their_key() {
    let db = TestDb::new(Engine::Postgres);
    db.execute(
        "CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE t (id bigint PRIMARY KEY, s varchar(20), d numeric(30,10), f double precision, b boolean,
            day date, tm time, ts timestamp, tz timestamptz, j jsonb, jj json, u uuid, y bytea, a int[], aa text[], m mood DEFAULT 'good', e int)",
    );
    let row = json!({
        "id": "9223372036854775807", "s": "it's \\ ünï", "d": "12345678901234567890.0123456789", "f": 1.5e-7, "b": true,
        "day": "2026-01-31", "tm": "23:59:58.123456", "ts": "2026-01-31 23:59:58", "tz": "2026-01-31T23:59:58+01:00",
        "j": {"a": [1, null, "x'"]}, "jj": "[1, 2]", "u": "C0FFEE00-0000-4000-8000-000000000001", "y": {"base64": "AP/+"},
        "a": [1, 2, null], "aa": [["a'", "b"], ["c", "d"]], "m": "bad", "e": {"sql": "1 + 1"}
    });
    let operation = json!({
        "table": "t", "key": ["id"], "batch": 2,
        "columns": {"id": "bigint", "s": "string(20)", "d": "decimal(30,10)", "f": "double", "b": "boolean", "day": "date", "tm": "time",
            "ts": "timestamp", "tz": "timestamptz", "j": "jsonb", "jj": "json", "u": "uuid", "y": "bytes", "a": "integer[]", "aa": "text[]", "m": "mood", "e": "integer"},
        "rows": [row, {"id": 1, "s": null, "j": null}, {"id": 2, "s": "", "j": [1]}, {"id": 3, "s": "x", "j": "{}"}, {"id": 4, "y": {"hex": "00FF"}}]
    });
    let made = statements(PG, json!([{"bulk_insert": operation.clone()}]));
    assert_eq!(made.len(), 4, "columns that differ, and batches of two");
    db.execute(&script(&made));
    let text = db
        .query("SET timezone TO 'UTC'; SELECT * FROM t ORDER BY id DESC LIMIT 1")
        .remove(0)
        .join("|");
    insta::assert_snapshot!(text, @r#"
    9223372036854775807|it's \ ünï|12345678901234567890.0123456789|1.5e-07|t|2026-01-31|23:59:58.123456|2026-01-31 23:59:58|2026-01-31 22:59:58+00|{"a": [1, null, "x'"]}|[1, 2]|c0ffee00-0000-4000-8000-000000000001|\x00fffe|{1,2,NULL}|{{a',b},{c,d}}|bad|2
    "#);
    assert_eq!(
        db.query("SELECT id, s, j, y, m FROM t WHERE id < 9 ORDER BY id"),
        [
            ["1", "NULL", "NULL", "NULL", "good"],
            ["2", "", "[1]", "NULL", "good"],
            ["3", "x", "{}", "NULL", "good"],
            ["4", "NULL", "NULL", "\\x00ff", "good"]
        ]
    );
    let made = statements(PG, json!([{"bulk_delete": operation}]));
    assert_eq!(made.len(), 3);
    db.execute(&script(&made));
    assert_eq!(db.value("SELECT count(*) FROM t"), "0");
}

#[test]
fn values_that_a_column_cannot_hold_are_refused() {
    let cases = [
        ("integer", json!(2_147_483_648_i64)),
        ("smallint", json!("70000")),
        ("integer", json!(1.5)),
        ("integer", json!(true)),
        ("integer", json!("1e3")),
        ("decimal(5,2)", json!("1.234")),
        ("decimal(5,2)", json!("12345")),
        ("decimal(5,2)", json!("x")),
        ("text", json!(5)),
        ("string(3)", json!("four")),
        ("text", json!(["a"])),
        ("text", json!("a\u{0}b")),
        ("boolean", json!(1)),
        ("boolean", json!("true")),
        ("date", json!("2026-02-30")),
        ("date", json!("2026-01-31 10:00")),
        ("time", json!("25:00")),
        ("timestamp", json!("2026-01-31T10:00:00Z")),
        ("timestamptz", json!("2026-01-31 10:00:00")),
        ("timestamp", json!("2026-01-31 10:00:00.1234567")),
        ("uuid", json!("c0ffee")),
        ("json", json!("{")),
        ("bytes", json!("text")),
        ("bytes", json!({"hex": "0"})),
        ("bytes", json!({"base64": "A"})),
        ("time", json!("10:00:60")),
        ("time", json!("10:00+01:00")),
        ("timestamp", json!("2026-01-31 10:00[Europe/Berlin]")),
        ("timestamp", json!("2026-01-31")),
        ("timestamptz", json!("2026-01-31 10:00+01:00[Europe/Berlin]")),
        ("real", json!("1e39")),
        ("double", json!("NaN")),
        ("integer", json!({"sql": {"sqlite": "1"}})),
        ("integer[]", json!(["a"])),
    ];
    let refused: String = cases
        .into_iter()
        .map(|(of, value)| {
            let operation = json!([{"bulk_insert": {"table": "t", "columns": {"c": of}, "rows": [{"c": value}]}}]);
            format!("{of}: {}\n", refusal(PG, operation).message)
        })
        .collect();
    insta::assert_snapshot!(refused, @r#"
    integer: `bulk_insert.rows.0.c` on postgres: 2147483648 is out of range for the column: -2147483648 to 2147483647
    smallint: `bulk_insert.rows.0.c` on postgres: 70000 is out of range for the column: -32768 to 32767
    integer: `bulk_insert.rows.0.c` on postgres: "1.5" is not a whole number
    integer: `bulk_insert.rows.0.c` on postgres: true is a boolean, which the column does not accept
    integer: `bulk_insert.rows.0.c` on postgres: "1e3" is not a whole number
    decimal(5,2): `bulk_insert.rows.0.c` on postgres: 1.234 has more than 2 digits after the decimal point
    decimal(5,2): `bulk_insert.rows.0.c` on postgres: 12345 has more than 3 digits before the decimal point
    decimal(5,2): `bulk_insert.rows.0.c` on postgres: "x" is not a decimal: write it as 12.50
    text: `bulk_insert.rows.0.c` on postgres: 5 is a number: write it in quotes
    string(3): `bulk_insert.rows.0.c` on postgres: the text has 4 characters, the column takes 3
    text: `bulk_insert.rows.0.c` on postgres: a list or map is only allowed for a json column
    text: `bulk_insert.rows.0.c` on postgres: the text holds a NUL, which no text column can store
    boolean: `bulk_insert.rows.0.c` on postgres: a boolean is written true or false
    boolean: `bulk_insert.rows.0.c` on postgres: a boolean is written true or false
    date: `bulk_insert.rows.0.c` on postgres: "2026-02-30" is not a date: write it as 2026-01-31
    date: `bulk_insert.rows.0.c` on postgres: "2026-01-31 10:00" is not a date: write it as 2026-01-31
    time: `bulk_insert.rows.0.c` on postgres: "25:00" is not a time of day: write it as 23:59:58.123456
    timestamp: `bulk_insert.rows.0.c` on postgres: "2026-01-31T10:00:00Z" is not a timestamp without time zone: write it as 2026-01-31 23:59:58
    timestamptz: `bulk_insert.rows.0.c` on postgres: "2026-01-31 10:00:00" is not a timestamp with time zone: write it as 2026-01-31T23:59:58+01:00
    timestamp: `bulk_insert.rows.0.c` on postgres: "2026-01-31 10:00:00.1234567" is not a timestamp without time zone: write it as 2026-01-31 23:59:58
    uuid: `bulk_insert.rows.0.c` on postgres: "c0ffee" is not a uuid
    json: `bulk_insert.rows.0.c` on postgres: "{" is not JSON; a text in JSON has quotes of its own: '"…"'
    bytes: `bulk_insert.rows.0.c` on postgres: bytes are written {base64: …} or {hex: …}
    bytes: `bulk_insert.rows.0.c` on postgres: "0" is not pairs of hexadecimal digits
    bytes: `bulk_insert.rows.0.c` on postgres: "A" is not base64
    time: `bulk_insert.rows.0.c` on postgres: "10:00:60" is not a time of day: write it as 23:59:58.123456
    time: `bulk_insert.rows.0.c` on postgres: "10:00+01:00" is not a time of day: write it as 23:59:58.123456
    timestamp: `bulk_insert.rows.0.c` on postgres: "2026-01-31 10:00[Europe/Berlin]" is not a timestamp without time zone: write it as 2026-01-31 23:59:58
    timestamp: `bulk_insert.rows.0.c` on postgres: "2026-01-31" is not a timestamp without time zone: write it as 2026-01-31 23:59:58
    timestamptz: `bulk_insert.rows.0.c` on postgres: "2026-01-31 10:00+01:00[Europe/Berlin]" is not a timestamp with time zone: write it as 2026-01-31T23:59:58+01:00
    real: `bulk_insert.rows.0.c` on postgres: 1e39 is out of range for the column
    double: `bulk_insert.rows.0.c` on postgres: "NaN" is not a number
    integer: `bulk_insert.rows.0.c` on postgres: the expression has no entry for postgres
    integer[]: `bulk_insert.rows.0.c` on postgres: "a" is not a whole number
    "#);
}

#[test]
fn tasks_are_more_than_statements() {
    let made = statements(
        PG,
        json!([
            {"program": {"command": ["python", "fill.py"], "timeout": 5}},
            {"backfill": {"table": "User", "key": ["id"], "set": {"on": true, "b": {"sql": "lower(a)"}, "c": "it's"}, "where": "b IS NULL", "batch": 10, "pause": 5}}
        ]),
    );
    assert!(made.iter().all(|own| !own.transactional));
    let Some(Task::Program(ProgramTask { command, variable, timeout, .. })) = &made[0].task else {
        panic!("{made:?}")
    };
    assert_eq!((command.len(), variable.as_str(), *timeout), (2, "DATABASE_URL", Some(5)));
    let Some(Task::Backfill(BackfillTask { table, key, set, condition, batch, pause })) =
        &made[1].task
    else {
        panic!("{made:?}")
    };
    assert_eq!(table, "\"User\"");
    assert_eq!(key, &["id"]);
    assert_eq!(set, "\"on\" = true, b = lower(a), c = 'it''s'");
    assert_eq!((condition.as_deref(), *batch, *pause), (Some("b IS NULL"), 10, 5));
}

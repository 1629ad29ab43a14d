//! Values of every portable type, inserted by `rev` and read back by the engines' own clients, whatever
//! the session says of quotes and backslashes.

use serde_json::{Value, json};

use crate::support::{Engine, Env, TestDb, for_each_engine};

/// What a session may say of how texts are written.
fn modes(engine: Engine) -> Vec<&'static str> {
    match engine {
        Engine::Postgres => vec!["SELECT 1", "SET standard_conforming_strings = off"],
        Engine::Mariadb | Engine::Mysql => vec![
            "SELECT 1",
            "SET sql_mode = 'NO_BACKSLASH_ESCAPES'",
            "SET sql_mode = 'ANSI_QUOTES'",
            "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,STRICT_ALL_TABLES'",
        ],
        Engine::Sqlite => vec!["SELECT 1"],
    }
}

/// A store of one revision that makes a table and fills it.
fn store(db: &TestDb, mode: &str, columns: &[(&str, &str)], insert: Value) -> Env {
    let env = Env::new();
    env.write(
        "store.yaml",
        format!("databases:\n  default:\n    url: {}\n    on_connect: [\"{mode}\"]\n", db.url()),
    );
    let made: Vec<Value> =
        columns.iter().map(|(name, type_)| json!({"name": name, "type": type_})).collect();
    let types: serde_json::Map<String, Value> =
        columns.iter().map(|(name, type_)| ((*name).to_owned(), (*type_).into())).collect();
    let mut insert = insert;
    insert["table"] = "t".into();
    insert["columns"] = types.into();
    let table = json!({"create_table": {"name": "t", "columns": made}});
    env.write("revisions/a.yaml", format!("revision: a1\nup:\n  - {table}\n"));
    let insert = json!({ "bulk_insert": insert });
    env.write("revisions/b.yaml", format!("revision: b2\nparents: [a1]\nup:\n  - {insert}\n"));
    env
}

/// Hex digits of what a column holds.
fn hex_of(engine: Engine, column: &str, is_text: bool) -> String {
    match (engine, is_text) {
        (Engine::Postgres, true) => format!("encode(convert_to({column}, 'UTF8'), 'hex')"),
        (Engine::Postgres, false) => format!("encode({column}, 'hex')"),
        _ => format!("lower(hex({column}))"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn texts_and_bytes_come_back_as_they_were() {
    let texts = [
        "it's",
        "back\\slash \\' \\n \\0 \\\\",
        "\"double\" `tick` 'single' ''",
        "😀 é 漢字 \u{202e}x",
        "",
        "$1 :name ? %s {x} $$ $body$",
        "-- no comment /* nor this */ # ;",
        "a\nb\tc\rd\u{1}\u{1b}",
        "NULL",
        " blank ",
    ];
    let all: Vec<u8> = (0..=255).collect();
    for_each_engine(|engine| {
        for mode in modes(engine) {
            let db = TestDb::new(engine);
            let rows: Vec<Value> = texts
                .iter()
                .enumerate()
                .map(|(at, text)| json!({"id": at, "txt": text, "raw": {"hex": hex(&all)}}))
                .collect();
            let insert = json!({"rows": rows, "key": ["id", "txt"]});
            let columns = [("id", "integer"), ("txt", "text"), ("raw", "bytes")];
            let env = store(&db, mode, &columns, insert);
            env.rev(["upgrade", "heads"]).success();
            let query = format!(
                "SELECT {}, {} FROM t ORDER BY id",
                hex_of(engine, "txt", true),
                hex_of(engine, "raw", false)
            );
            let expected: Vec<Vec<String>> =
                texts.iter().map(|text| vec![hex(text.as_bytes()), hex(&all)]).collect();
            assert_eq!(db.query(&query), expected, "{engine:?}, {mode}");
            // The way back finds the rows again by their texts.
            env.rev(["downgrade", "a1"]).success();
            assert_eq!(db.value("SELECT count(*) FROM t"), "0", "{engine:?}, {mode}");
        }
    });
}

#[test]
fn values_of_every_type_come_back() {
    let columns = [
        ("id", "integer"),
        ("c_char", "char(3)"),
        ("c_small", "smallint"),
        ("c_big", "bigint"),
        ("c_dec", "decimal(10,2)"),
        ("c_whole", "decimal(16)"),
        ("c_real", "real"),
        ("c_double", "double"),
        ("c_bool", "boolean"),
        ("c_date", "date"),
        ("c_time", "time"),
        ("c_stamp", "timestamp"),
        ("c_zoned", "timestamptz"),
        ("c_json", "json"),
        ("c_uuid", "uuid"),
        ("c_bytes", "bytes"),
    ];
    let uuid = "550e8400-e29b-41d4-a716-446655440000";
    let document = json!({"a": [1, null, "x'y\\z\n", 1.5], "b": {"c": true}, "é": "😀"});
    let row = |id: i64, small: i64, big: i64| {
        json!({
            "id": id, "c_char": "abc", "c_small": small, "c_big": big, "c_dec": "-1234.50",
            "c_whole": "9007199254740993", "c_real": 0.5, "c_double": 0.1, "c_bool": id == 1,
            "c_date": "2024-02-29", "c_time": "23:59:58", "c_stamp": "2026-01-02 03:04:05.678901",
            "c_zoned": "2026-01-02T03:04:05+02:00", "c_json": document, "c_uuid": uuid,
            "c_bytes": {"base64": "AP8nIlxg"},
        })
    };
    let nothing: serde_json::Map<String, Value> = columns
        .iter()
        .map(|(name, _)| ((*name).to_owned(), if *name == "id" { json!(3) } else { Value::Null }))
        .collect();
    let rows = json!([row(1, -32768, i64::MAX), row(2, 32767, i64::MIN), nothing]);
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let env = store(&db, modes(engine)[0], &columns, json!({"rows": rows, "key": ["id"]}));
        env.rev(["upgrade", "heads"]).success();
        let read = |column: &str| -> Vec<String> {
            let rows = db.query(&format!("SELECT {column} FROM t WHERE id < 3 ORDER BY id"));
            rows.into_iter().map(|mut row| row.remove(0)).collect()
        };
        let both = |column: &str, expected: &str| {
            assert_eq!(read(column), [expected, expected], "{engine:?}: {column}");
        };
        assert_eq!(read("c_small"), ["-32768", "32767"], "{engine:?}");
        assert_eq!(read("c_big"), [i64::MAX.to_string(), i64::MIN.to_string()], "{engine:?}");
        both("c_char", "abc");
        both("c_dec", if engine == Engine::Sqlite { "-1234.5" } else { "-1234.50" });
        both("c_whole", "9007199254740993");
        both("c_real", "0.5");
        both("c_double", "0.1");
        let (yes, no) = if engine == Engine::Postgres { ("t", "f") } else { ("1", "0") };
        assert_eq!(read("c_bool"), [yes, no], "{engine:?}");
        both("c_date", "2024-02-29");
        let (time, stamp, instant) = match engine {
            Engine::Postgres => ("c_time", "c_stamp", "extract(epoch from c_zoned)::bigint"),
            Engine::Mariadb | Engine::Mysql => {
                ("time_format(c_time, '%T')", "c_stamp", "floor(unix_timestamp(c_zoned))")
            }
            Engine::Sqlite => ("c_time", "c_stamp", "strftime('%s', c_zoned)"),
        };
        both(time, "23:59:58");
        both(stamp, "2026-01-02 03:04:05.678901");
        both(instant, "1767315845");
        both("c_uuid", uuid);
        both(&hex_of(engine, "c_bytes", false), "00ff27225c60");
        let json = if engine == Engine::Postgres { "c_json::text" } else { "c_json" };
        for text in read(&hex_of(engine, json, true)) {
            let bytes: Vec<u8> = (0..text.len() / 2)
                .map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap())
                .collect();
            let held: Value = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(held, document, "{engine:?}");
        }
        for (column, _) in &columns[1..] {
            let found = db.value(&format!("SELECT {column} IS NULL FROM t WHERE id = 3"));
            assert!(found == "1" || found == "t", "{engine:?}: {column}");
        }
    });
}

#[test]
fn an_exact_number_stays_exact_or_is_refused() {
    let number = "12345678901234567890.0123456789";
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let rows = json!({"rows": [{"id": 1, "amount": number}], "key": ["id"]});
        let columns = [("id", "integer"), ("amount", "decimal(30,10)")];
        let env = store(&db, modes(engine)[0], &columns, rows);
        let outcome = env.rev(["upgrade", "heads"]);
        if engine == Engine::Sqlite {
            let outcome = outcome.exits(1);
            assert!(outcome.stderr.contains(number), "{}", outcome.stderr);
            assert!(outcome.stderr.contains("revisions/b.yaml:4"), "{}", outcome.stderr);
        } else {
            outcome.success();
            assert_eq!(db.value("SELECT amount FROM t"), number, "{engine:?}");
        }
    });
}

#[test]
fn arrays_come_back_on_postgres() {
    for mode in modes(Engine::Postgres) {
        let db = TestDb::new(Engine::Postgres);
        let texts = json!(["a'b", "c,d", "e\"f", "\\", "", null, "NULL", "{x}", " y "]);
        let rows = json!({"rows": [
            {"id": 1, "numbers": [1, -2, null], "texts": texts, "grid": [[1, 2], [3, 4]]},
            {"id": 2, "numbers": [], "texts": null, "grid": []},
        ], "key": ["id"]});
        let columns = [
            ("id", "integer"),
            ("numbers", "bigint[]"),
            ("texts", "text[]"),
            ("grid", "integer[]"),
        ];
        let env = store(&db, mode, &columns, rows);
        env.rev(["upgrade", "heads"]).success();
        let held = db.value("SELECT to_json(texts) FROM t WHERE id = 1");
        assert_eq!(serde_json::from_str::<Value>(&held).unwrap(), texts, "{mode}");
        assert_eq!(
            db.query("SELECT numbers, grid, texts IS NULL FROM t ORDER BY id"),
            [["{1,-2,NULL}", "{{1,2},{3,4}}", "f"], ["{}", "{}", "t"]],
            "{mode}"
        );
    }
}

#[test]
fn ten_thousand_rows_come_in_batches() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        let rows: Vec<Value> =
            (1..=10_000).map(|id| json!({"id": id, "txt": format!("row '{id}'")})).collect();
        let insert = json!({"rows": rows, "key": ["id"], "batch": 700});
        let env = store(&db, modes(engine)[0], &[("id", "integer"), ("txt", "string(40)")], insert);
        env.rev(["upgrade", "heads"]).success();
        assert_eq!(
            db.query("SELECT count(*), sum(id), count(DISTINCT txt), max(txt) FROM t"),
            [["10000", "50005000", "10000", "row '9999'"]]
        );
        env.rev(["downgrade", "a1"]).success();
        assert_eq!(db.value("SELECT count(*) FROM t"), "0");
    });
}

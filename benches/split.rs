//! Splitting SQL into statements, on texts of some megabytes of each dialect.

use divan::Bencher;
use divan::counter::BytesCount;
use revdag::internals::text::{Dialect, kind, split};

fn main() {
    divan::main();
}

const SIZE: usize = 8 << 20;

/// A text as a dump has it: tables, rows, a body now and then.
fn text(dialect: Dialect) -> String {
    let body = match dialect.name() {
        "postgres" => {
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.a := 'x;';\n  RETURN NEW;\nEND\n$$;\n"
        }
        "sqlite" => {
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN\n  UPDATE t SET a = CASE WHEN a THEN 1 END;\nEND;\n"
        }
        _ => "CREATE PROCEDURE p()\nBEGIN\n  IF a THEN\n    SELECT 1;\n  END IF;\nEND;\n",
    };
    let part = format!(
        "-- a table; and its rows\nCREATE TABLE t (id bigint PRIMARY KEY, a text DEFAULT 'it''s', b numeric(10, 2));\n\
         {}{body}",
        "INSERT INTO t (id, a, b) VALUES (1, 'some text; of some length, as rows have it', 12.5);\n".repeat(50),
    );
    part.repeat(SIZE / part.len())
}

#[divan::bench(args = Dialect::ALL)]
fn splits(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let text = text(dialect);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| split(dialect, divan::black_box(&text)).map(|pieces| pieces.len()));
}

#[divan::bench(args = Dialect::ALL)]
fn splits_one_long_statement(bencher: Bencher<'_, '_>, dialect: Dialect) {
    let row = "(1, 'some text; of some length, as rows have it', 12.5),\n";
    let text = format!("INSERT INTO t VALUES {}(2, 'x', 1)", row.repeat(SIZE / row.len()));
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| split(dialect, divan::black_box(&text)).map(|pieces| pieces.len()));
}

#[divan::bench(args = Dialect::ALL)]
fn tells_the_kind(bencher: Bencher<'_, '_>, dialect: Dialect) {
    bencher.bench(|| kind(dialect, divan::black_box("INSERT INTO t (id, a) VALUES (1, 'x')")));
}

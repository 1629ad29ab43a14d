//! PostgreSQL through `pg_dump --schema-only` and `psql`.

use std::process::Command;

use super::{Row, Seen, without_order};
use crate::support::ground::Place;
use crate::support::{Output, TestDb};

/// What is seen of each place.
pub fn see(db: &TestDb, places: &[Place]) -> Vec<Seen> {
    let mut seen = vec![Seen::default(); places.len()];
    for entry in entries(&dump(db)) {
        let owners: Vec<usize> =
            (0..places.len()).filter(|at| holds(&entry, &places[*at].name)).collect();
        for at in owners {
            seen[at].objects.insert(entry.clone());
        }
    }
    let tables = db.query(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind IN ('r', 'p', 'm') AND c.relispopulated AND c.relname NOT LIKE 'rev\\_%' \
         AND n.nspname LIKE 'case%'",
    );
    let selects: Vec<String> = tables
        .iter()
        .map(|names| {
            let quoted = |name: &str| name.replace('"', "\"\"");
            let text = |name: &str| name.replace('\'', "''");
            format!(
                "SELECT '{}', '{}', to_jsonb(its_row)::text FROM \"{}\".\"{}\" its_row",
                text(&names[0]),
                text(&names[1]),
                quoted(&names[0]),
                quoted(&names[1])
            )
        })
        .collect();
    for names in &tables {
        for (at, place) in
            places.iter().enumerate().filter(|(_, place)| holds(&names[0], &place.name))
        {
            seen[at].rows.entry(table(&names[0], &names[1], &place.name)).or_default();
        }
    }
    if !selects.is_empty() {
        for row in db.query(&selects.join("\nUNION ALL\n")) {
            let values: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&row[2]).unwrap_or_else(|error| panic!("{error}: {row:?}"));
            let values: Row = values
                .into_iter()
                .map(|(name, value)| match value {
                    serde_json::Value::Null => (name, None),
                    serde_json::Value::String(text) => (name, Some(text)),
                    value => (name, Some(value.to_string())),
                })
                .collect();
            for (at, place) in places.iter().enumerate() {
                if holds(&row[0], &place.name) {
                    let rows = seen[at].rows.entry(table(&row[0], &row[1], &place.name));
                    rows.or_default().push(values.clone());
                }
            }
        }
    }
    seen
}

/// What is seen of a database as a whole, rows aside.
pub fn whole(db: &TestDb) -> Seen {
    let objects = entries(&dump(db)).into_iter().filter(|entry| {
        // The server's own schema is always there, and its rights are no part of the models.
        !entry.starts_with("CREATE SCHEMA public;")
            && !entry.starts_with("COMMENT ON SCHEMA public")
            && !entry.is_empty()
            && !entry.contains("alembic_version")
    });
    Seen { objects: objects.map(|entry| without_casts(&entry)).collect(), ..Seen::default() }
}

/// The order of storage parameters does not count.
fn sorted_options(line: &str) -> String {
    let Some((before, rest)) = line.split_once("WITH (") else { return line.to_owned() };
    let Some((options, behind)) = rest.split_once(')') else { return line.to_owned() };
    let mut options: Vec<&str> = options.split(", ").collect();
    options.sort_unstable();
    format!("{before}WITH ({}){behind}", options.join(", "))
}

/// The server prints a cast of an array in two ways, by how often it has read it: of lines that hold an
/// array brackets and casts do not count.
fn without_casts(entry: &str) -> String {
    let plain = |line: &str| match line.contains("ARRAY[") {
        true => line
            .replace("::character varying", "")
            .replace("::text", "")
            .replace("[]", "")
            .replace(['(', ')'], ""),
        false => sorted_options(line),
    };
    // The sequence of an identity column has a name that nobody uses.
    let counts = |line: &&str| !line.trim_start().starts_with("SEQUENCE NAME ");
    entry.lines().filter(counts).map(plain).collect::<Vec<_>>().join("\n")
}

fn table(schema: &str, name: &str, own: &str) -> String {
    if schema == own { name.to_owned() } else { format!("{schema}.{name}") }
}

/// Whether a text names a place: its name, then no digit.
fn holds(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let behind = text[at + name.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_alphanumeric())
            && !behind.is_some_and(|c| c.is_ascii_digit())
    })
}

fn dump(db: &TestDb) -> String {
    let (host, port, user, password) = db.server();
    let mut command = Command::new("pg_dump");
    command.args(["--schema-only", "-h", host, "-p", &port.to_string(), "-U", user]);
    for table in ["applied", "text", "piece", "log"] {
        command.arg(format!("--exclude-table=*.rev_{table}"));
    }
    command.arg(db.name()).env("PGPASSWORD", password);
    Output::of(command.output().expect("pg_dump runs")).success().stdout
}

/// The entries of a dump: one an object, its comment lines, settings and meta commands taken out.
fn entries(dump: &str) -> Vec<String> {
    let (mut entries, mut entry) = (Vec::new(), String::new());
    for line in dump.lines() {
        if line.starts_with("-- Name: ") {
            entries.push(std::mem::take(&mut entry));
        } else if !(line.starts_with("--") || line.starts_with("SET ") || line.starts_with('\\')) {
            entry.push_str(line);
            entry.push('\n');
        }
    }
    entries.push(entry);
    // The first one is about the session alone.
    entries.drain(1..).map(|entry| without_order(entry.trim())).collect()
}

#[test]
fn a_place_is_told_from_others_whose_name_goes_on() {
    assert!(holds("CREATE TABLE case1.t", "case1"));
    assert!(holds("CREATE SCHEMA case1_other", "case1"));
    assert!(!holds("CREATE TABLE case12.t", "case1"));
    assert!(!holds("CREATE TABLE lowercase1.t", "case1"));
}

//! The rules of operations themselves, without a database: what they are in a file, their reverse, what
//! they make of a schema, their digest.

use std::collections::BTreeSet;

use proptest::prelude::*;
use revdag::internals::sql::lower;
use revdag::internals::text::{Dialect, Digest, Effect};
use revdag::model::operation::{Text, TextRole};
use revdag::model::{
    ByDialect, Down, Entry, Header, Id, Irreversible, Operation, Revision, Schema, up_digest,
};
use serde_json::Value;

use crate::support::{Env, any_change, any_ground, any_operation, leaves};

fn digests(operation: &Operation) -> Vec<Digest> {
    let header = Header {
        id: Id::from("a1"),
        parents: Vec::new(),
        depends_on: Vec::new(),
        labels: Vec::new(),
        message: String::new(),
        created: None,
        replaces: Vec::new(),
        transactional: true,
    };
    let up = vec![Entry::new(operation.clone(), 1)];
    let (file, text) = ("a.yaml".to_owned(), String::new());
    let revision = Revision { header, up, down: Down::Derived, file, text };
    Dialect::ALL.iter().map(|&dialect| up_digest(&revision, dialect)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn an_operation_is_read_back_as_it_was_written(seed in any::<u64>()) {
        let (operation, _) = any_operation(seed);
        let written = serde_json::to_string(&operation).unwrap();
        let read: Operation = serde_json::from_str(&written).unwrap();
        prop_assert_eq!(&operation, &read, "{}", written);
        prop_assert_eq!(digests(&operation), digests(&read));
    }

    /// Whatever is changed or taken away, the digest of some dialect sees it, unless it said nothing.
    #[test]
    fn a_digest_sees_all_that_is_said(seed in any::<u64>(), which in any::<prop::sample::Index>(), change in any::<bool>()) {
        let (operation, tree) = any_operation(seed);
        let paths = leaves(&tree);
        let path = which.get(&paths);
        // What MariaDB is told may be what it would take of MySQL.
        prop_assume!(!path.contains("/mariadb"));
        // What one dialect runs of another's runs nowhere.
        prop_assume!(tree.to_string().matches("\"by_dialect\"").count() < 2);
        let mut named = path.split('/').filter(|part| part.parse::<Dialect>().is_ok());
        let first = named.next();
        prop_assume!(named.all(|other| Some(other) == first));
        let mut other = tree.clone();
        let leaf = other.pointer_mut(path).unwrap();
        match leaf {
            Value::String(text) if change => text.push('1'),
            Value::Bool(is) if change => *is = !*is,
            Value::Number(number) if change => *leaf = (number.as_f64().unwrap() as i64 + 1000).into(),
            _ => {
                let (above, key) = path.rsplit_once('/').unwrap();
                match other.pointer_mut(above).unwrap() {
                    Value::Object(map) => { map.shift_remove(&key.replace("~1", "/").replace("~0", "~")); }
                    Value::Array(items) => { items.remove(key.parse().unwrap()); }
                    _ => unreachable!(),
                }
            }
        }
        let Ok(changed) = serde_json::from_value::<Operation>(other) else { return Ok(()) };
        if changed != operation {
            prop_assert_ne!(digests(&operation), digests(&changed), "{} of {}", path, tree);
        }
    }

    /// The texts that an operation names itself are those that the schema of its file marks as SQL.
    #[test]
    fn every_text_of_sql_is_named(seed in any::<u64>()) {
        let (operation, tree) = any_operation(seed);
        let mut told = BTreeSet::new();
        operation.texts(&mut |path, role, text| match (role, text) {
            (TextRole::Type | TextRole::Word, _) => {}
            (_, Text::ByDialect(ByDialect::Each(each))) => {
                told.extend(each.iter().map(|(dialect, _)| format!("{path}.{dialect}")));
            }
            _ => { told.insert(path.to_owned()); }
        });
        prop_assert_eq!(told, operation.sql_paths(), "{}", tree);
    }

    /// What is undone, done again and undone again is what was undone.
    #[test]
    fn a_reverse_has_a_reverse(seed in any::<u64>()) {
        let (operation, tree) = any_operation(seed);
        let Ok(back) = operation.reverse() else { return Ok(()) };
        let rights = |all: &[Operation]| matches!(all, [Operation::Grant(_) | Operation::Revoke(_)]);
        let nested = matches!(operation, Operation::ByDialect(_));
        if rights(&back) || nested {
            return Ok(());
        }
        let forth = reversed(&back);
        prop_assert!(forth.is_ok(), "{}: {:?}", tree, forth);
        prop_assert_eq!(reversed(&forth.unwrap()), Ok(back), "{}", tree);
    }

    /// What an operation makes of a schema, its reverse takes back; and what it says was there is found
    /// to be so.
    #[test]
    fn a_reverse_leads_back(seed in any::<u64>(), changes in 1..6usize) {
        for dialect in Dialect::ALL {
            let mut rng = fastrand::Rng::with_seed(seed);
            let first = any_ground(&mut rng, dialect);
            let mut schema = first.clone();
            let mut back = Vec::new();
            for _ in 0..changes {
                let Some(tree) = any_change(&mut rng, &schema) else { continue };
                let change: Operation = serde_json::from_value(tree.clone()).unwrap();
                prop_assert_eq!(change.check_was(&schema, dialect), None, "{}", tree);
                let before = schema.clone();
                let applied = change.apply(&mut schema, dialect);
                prop_assert!(applied.is_ok(), "{}: {:?}", tree, applied);
                let reverse = change.reverse();
                prop_assert!(reverse.is_ok(), "{}: {:?}", tree, reverse);
                let mut again = schema.clone();
                for operation in reverse.as_deref().unwrap() {
                    operation.apply(&mut again, dialect).unwrap();
                }
                prop_assert_eq!(told(&before), told(&again), "{}", tree);
                back.insert(0, reverse.unwrap());
            }
            for operation in back.iter().flatten() {
                operation.apply(&mut schema, dialect).unwrap();
            }
            prop_assert_eq!(told(&first), told(&schema));
        }
    }

    /// What is declared when the schema is known is never milder than what the statements do, be the
    /// operation one of many or alone.
    #[test]
    fn a_declared_effect_is_never_milder_than_what_is_sent(seed in any::<u64>(), changes in 1..6usize) {
        for dialect in Dialect::ALL {
            let mut rng = fastrand::Rng::with_seed(seed);
            let first = any_ground(&mut rng, dialect);
            let mut schema = first.clone();
            let (mut entries, mut declared) = (Vec::new(), Effect::default());
            for _ in 0..changes {
                let Some(tree) = any_change(&mut rng, &schema) else { continue };
                let change: Operation = serde_json::from_value(tree.clone()).unwrap();
                let own = change.effect(&schema, dialect);
                let entry = Entry::new(change, 1);
                let alone = lower(std::slice::from_ref(&entry), dialect, "", &mut schema.clone());
                for statement in alone.into_iter().flatten() {
                    prop_assert!(statement.effect <= own, "{}: {}: {}", dialect, tree, statement.sql);
                }
                declared = declared.max(own);
                entry.operation.apply(&mut schema, dialect).unwrap();
                entries.push(entry);
            }
            for statement in lower(&entries, dialect, "", &mut first.clone()).into_iter().flatten() {
                prop_assert!(statement.effect <= declared, "{}: {}", dialect, statement.sql);
            }
        }
    }

    /// Of a schema that knows nothing, nothing is refused but what an operation says against itself, and
    /// nothing panics.
    #[test]
    fn any_operation_meets_any_schema(seeds in prop::collection::vec(any::<u64>(), 1..6)) {
        for dialect in Dialect::ALL {
            let mut schema = Schema { complete: true, ..Schema::default() };
            for seed in &seeds {
                let (operation, _) = any_operation(*seed);
                let before = schema.clone();
                if operation.apply(&mut schema, dialect).is_err() && !matches!(operation, Operation::ByDialect(_)) {
                    prop_assert_eq!(&before, &schema);
                }
                operation.check_was(&schema, dialect);
                let _ = operation.reverse();
            }
        }
    }
}

/// A schema as far as it counts: the order of columns does not, nor what is known to be gone, nor
/// whether it was said that a column may be NULL.
fn told(schema: &Schema) -> String {
    let mut told = String::new();
    for (name, table) in &schema.tables {
        let mut definition = table.definition.clone();
        definition.columns.sort_by(|one, other| one.name.cmp(&other.name));
        for column in &mut definition.columns {
            column.nullable.take_if(|nullable| *nullable);
        }
        let by_text = |one: &str, other: &str| one.cmp(other);
        definition
            .indexes
            .sort_by(|one, other| by_text(&format!("{one:?}"), &format!("{other:?}")));
        definition
            .constraints
            .sort_by(|one, other| by_text(&format!("{one:?}"), &format!("{other:?}")));
        told += &format!("{name}: {}\n", serde_json::to_string(&definition).unwrap());
    }
    for (name, values) in &schema.enums {
        told += &format!("{name}: {values:?}\n");
    }
    let mut views: Vec<_> = schema.views.iter().map(|view| view.name.to_string()).collect();
    views.sort();
    told + &views.join(" ")
}

fn reversed(operations: &[Operation]) -> Result<Vec<Operation>, Irreversible> {
    let all: Result<Vec<_>, _> = operations.iter().rev().map(Operation::reverse).collect();
    Ok(all?.into_iter().flatten().collect())
}

#[test]
fn options_that_are_left_out_and_other_dialects_do_not_count() {
    let digests = |json: &str| digests(&serde_json::from_str(json).unwrap());
    let same = |one: &str, other: &str| assert_eq!(digests(one), digests(other), "{one} | {other}");
    same(
        r#"{"drop_table": {"name": "t"}}"#,
        r#"{"drop_table": {"name": "t", "schema": null, "if_exists": false, "was": null}}"#,
    );
    same(
        r#"{"create_view": {"name": "v", "query": "SELECT a FROM t"}}"#,
        r#"{"create_view": {"name": "v", "query": "SELECT a -- all\n  FROM t", "columns": [], "with": {}}}"#,
    );
    same(
        r#"{"bulk_insert": {"table": "t", "columns": {"a": "text", "b": "text"}, "rows": [{"a": "x", "b": "y"}]}}"#,
        r#"{"bulk_insert": {"table": "t", "columns": {"b": "text", "a": "text"}, "rows": [{"b": "y", "a": "x"}]}}"#,
    );
    let other = |one: &str, other: &str| {
        for (one_digest, other_digest) in digests(one).into_iter().zip(digests(other)) {
            assert_ne!(one_digest, other_digest, "{one} | {other}");
        }
    };
    let column = |rest: &str| {
        format!(
            r#"{{"add_column": {{"table": "t", "column": {{"name": "a", "type": "text"{rest}}}}}}}"#
        )
    };
    other(&column(""), &column(r#", "nullable": false"#));
    other(&column(r#", "nullable": true"#), &column(r#", "nullable": false"#));
    other(&column(r#", "default": "a b""#), &column(r#", "default": "a  b""#));
    other(&column(r#", "default": 1"#), &column(r#", "default": "1""#));
    other(&column(""), &column(r#", "default": null"#));
    let alter =
        |rest: &str| format!(r#"{{"alter_column": {{"table": "t", "column": "a"{rest}}}}}"#);
    other(&alter(r#", "nullable": true"#), &alter(r#", "nullable": true, "default": null"#));

    let check = |of_sqlite: &str, of_mysql: &str| {
        let json = format!(
            r#"{{"create_check": {{"table": "t", "name": "c", "sql": {{"sqlite": "{of_sqlite}", "mysql": "{of_mysql}"}}}}}}"#
        );
        digests(&json)
    };
    let [one, two] = [check("a > 1", "a > 1"), check("a > 1", "a > 2")];
    let differ: Vec<bool> = one.iter().zip(&two).map(|(one, two)| one != two).collect();
    // MariaDB takes what MySQL is told.
    assert_eq!(differ, [false, true, true, false]);
}

/// The numbers are in databases by now: whoever changes them needs another version than `rev1`.
#[test]
fn digests_of_typed_operations_stay_what_they_are() {
    let json = r#"{"create_table": {"name": "t", "columns": [
        {"name": "a", "type": "bigint", "identity": "always", "primary_key": true},
        {"name": "b", "type": {"postgres": "citext", "sqlite": "text"}, "nullable": false, "default": {"sql": "lower( 'X' )"}}],
        "constraints": [{"check": {"name": "c", "sql": "b <> ''"}}], "options": {"strict": true}}}"#;
    let all: Vec<String> =
        digests(&serde_json::from_str(json).unwrap()).iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(all.join("\n"), @"
    2d789fc7937ba356766691ed8342a69b34dc55c90d29167a77d41d5aeb5ea63c
    ec301982a0634397548f3c82e8aeee951b3e0f63cc9f57ad31178d682786414d
    ef21141c0ccba7e93b5e96c58cb4db7c2f1d92122db10cdfb131a116bed54e4f
    ba3a045e83655ebdd0bb21b7eab4891a004f767d2263592006e5d477f76f44f6
    ");
}

#[test]
fn a_wrong_was_is_refused_before_anything_runs() {
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: sqlite://db.sqlite}}\n");
    let revision = |id: &str, parents: &str, up: &str| {
        let text = format!("revision: {id}\nparents: [{parents}]\nmessage: {id}\nup:\n{up}");
        env.write(format!("revisions/{id}.yaml"), text);
    };
    let columns = "[{name: a, type: integer}, {name: b, type: text}]";
    revision("r1", "", &format!("  - create_table: {{name: t, columns: {columns}}}\n"));
    let was = "{columns: [{name: a, type: integer}]}";
    revision("r2", "r1", &format!("  - drop_table:\n      name: t\n      was: {was}\n"));
    insta::assert_snapshot!(env.session("rev upgrade heads; sqlite3 db.sqlite .tables"), @"
    $ rev upgrade heads; sqlite3 db.sqlite .tables
    ! error: `was` does not have the column b
    !  --> revisions/r2.yaml:7
    !   |
    ! 7 |       was: {columns: [{name: a, type: integer}]}
    !   |
    ! hint: `was` does not match the current definition: the downgrade would not restore it
    ");
}

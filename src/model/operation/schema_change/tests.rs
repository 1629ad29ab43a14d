//! What fits a schema, and what does not.

use crate::model::{Name, Operation, Schema};
use crate::text::Dialect;

fn operation(json: &str) -> Operation {
    serde_json::from_str(json).unwrap()
}

fn apply(schema: &mut Schema, dialect: Dialect, json: &str) -> Result<(), String> {
    let applied = operation(json).apply(schema, dialect);
    applied.map_err(|mismatch| {
        let hint = mismatch.hint.map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{}: {}{hint}", mismatch.path, mismatch.message)
    })
}

/// A schema of two tables, of which nothing else is there.
fn two_tables(dialect: Dialect) -> Schema {
    let mut schema = Schema { own: Some("public".to_owned()), complete: true, ..Schema::default() };
    for json in [
        r#"{"create_table": {"name": "users", "columns": [
            {"name": "id", "type": "bigint", "primary_key": true},
            {"name": "email", "type": "text"}],
          "constraints": [{"check": {"name": "ck_email", "sql": "email <> ''"}}],
          "indexes": [{"name": "ix_email", "columns": ["email"]}]}}"#,
        r#"{"create_table": {"name": "posts", "columns": [
            {"name": "id", "type": "bigint"},
            {"name": "author", "type": "bigint", "references": {"table": "users", "column": "id"}}],
          "constraints": [
            {"primary_key": {"columns": ["id"]}},
            {"foreign_key": {"name": "fk_author", "columns": ["author"],
              "references": {"schema": "public", "table": "users", "columns": ["id"]}}}]}}"#,
    ] {
        apply(&mut schema, dialect, json).unwrap();
    }
    schema
}

fn named(name: &str) -> Name {
    Name { schema: None, name: name.to_owned() }
}

#[test]
fn what_a_schema_contradicts_is_refused() {
    let mut refused = Vec::new();
    for json in [
        r#"{"create_table": {"name": "users"}}"#,
        r#"{"create_table": {"name": "t", "columns": [{"name": "a", "type": "text"}, {"name": "a", "type": "text"}]}}"#,
        r#"{"create_table": {"name": "t", "columns": [{"name": "a", "type": "text"}], "constraints": [{"unique": {"columns": ["b"]}}]}}"#,
        r#"{"create_table": {"name": "t", "columns": [{"name": "a", "type": "text", "references": {"table": "users", "column": "name"}}]}}"#,
        r#"{"create_table": {"name": "t", "columns": [{"name": "a", "type": "text", "references": {"table": "nobody", "column": "id"}}]}}"#,
        r#"{"drop_table": {"name": "nobody"}}"#,
        r#"{"rename_table": {"name": "users", "to": "posts"}}"#,
        r#"{"add_column": {"table": "users", "column": {"name": "email", "type": "text"}}}"#,
        r#"{"add_column": {"table": "users", "column": {"name": "a", "type": "text"}, "after": "b"}}"#,
        r#"{"add_column": {"table": "users", "column": {"name": "a", "type": "text", "primary_key": true}}}"#,
        r#"{"drop_column": {"table": "users", "column": "name"}}"#,
        r#"{"alter_column": {"table": "users", "column": "name", "nullable": false}}"#,
        r#"{"alter_column": {"table": "users", "column": "email", "rename": "id"}}"#,
        r#"{"create_index": {"table": "posts", "name": "ix_email", "columns": ["id"]}}"#,
        r#"{"create_index": {"table": "users", "name": "ix", "columns": ["name"]}}"#,
        r#"{"drop_index": {"table": "users", "name": "ix"}}"#,
        r#"{"create_primary_key": {"table": "users", "columns": ["email"]}}"#,
        r#"{"create_check": {"table": "users", "name": "ck_email", "sql": "true"}}"#,
        r#"{"create_foreign_key": {"table": "posts", "name": "f", "columns": ["id", "author"], "references": {"table": "users", "columns": ["id"]}}}"#,
        r#"{"drop_constraint": {"table": "users", "name": "ck_email", "kind": "unique"}}"#,
        r#"{"bulk_insert": {"table": "users", "columns": {"name": "text"}, "rows": []}}"#,
        r#"{"bulk_insert": {"table": "users", "columns": {"id": "bigint"}, "rows": [{"id": 1}, {"email": "a"}]}}"#,
        r#"{"backfill": {"table": "users", "key": ["id"], "set": {"name": "x"}}}"#,
        r#"{"comment": {"on": "column", "table": "users", "name": "name"}}"#,
    ] {
        let error = apply(&mut two_tables(Dialect::Postgres), Dialect::Postgres, json);
        refused.push(error.expect_err(json));
        // Of what is not known nothing is refused, but what contradicts itself.
        let itself = apply(&mut Schema::default(), Dialect::Postgres, json).is_err();
        assert_eq!(
            itself,
            json.contains(
                "{\"name\": \"t\", \"columns\": [{\"name\": \"a\", \"type\": \"text\"}, "
            ) || json.contains("unique\": {\"columns\": [\"b\"]")
                || json.contains("{\"email\": \"a\"}"),
            "{json}"
        );
    }
    insta::assert_snapshot!(refused.join("\n"), @"
    create_table.name: there is a table users already (drop it first, or choose another name)
    create_table.columns.1.name: there are two columns a (give one another name)
    create_table.constraints.0.unique.columns: there is no column b (its columns are a)
    create_table.columns.0.references.columns: users has no column name (its columns are id, email)
    create_table.columns.0.references.table: there is no table nobody (create it first, or correct the name)
    drop_table.name: there is no table nobody (create it first, or correct the name)
    rename_table.to: there is a table posts already (drop it first, or choose another name)
    add_column.column.name: users has a column email already (choose another name)
    add_column.after: there is no other column b (its columns are id, email)
    add_column.column.primary_key: users has a primary key already
    drop_column.column: users has no column name (its columns are id, email)
    alter_column.column: users has no column name (its columns are id, email)
    alter_column.rename: users has a column id already (choose another name)
    create_index.name: there is an index ix_email already (choose another name)
    create_index.columns: users has no column name (its columns are id, email)
    drop_index.name: users has no index ix
    create_primary_key.columns: users has a primary key already (drop it first)
    create_check.name: users has a check ck_email already (choose another name)
    create_foreign_key.references.columns: 2 columns cannot refer to 1 (name one column of the other table for each of the key's)
    drop_constraint.name: users has no unique constraint ck_email
    bulk_insert.columns.name: users has no column name (its columns are id, email)
    bulk_insert.rows.1.email: the column email is not among `columns` (add it there with its type)
    backfill.set.name: users has no column name (its columns are id, email)
    comment.name: users has no column name (its columns are id, email)
    ");
}

#[test]
fn an_operation_on_what_an_earlier_one_took_away_is_refused() {
    let dialect = Dialect::Postgres;
    let mut schema = Schema::default();
    apply(&mut schema, dialect, r#"{"drop_table": {"name": "a"}}"#).unwrap();
    apply(&mut schema, dialect, r#"{"rename_table": {"name": "b", "to": "c"}}"#).unwrap();
    let error = apply(&mut schema, dialect, r#"{"drop_column": {"table": "a", "column": "x"}}"#);
    insta::assert_snapshot!(error.unwrap_err(), @"drop_column.table: a no longer exists: it was dropped (check the operations before it)");
    let error = apply(&mut schema, dialect, r#"{"drop_table": {"name": "b"}}"#);
    insta::assert_snapshot!(error.unwrap_err(), @"drop_table.name: b no longer exists: it was renamed to c (check the operations before it)");
    apply(&mut schema, dialect, r#"{"drop_column": {"table": "c", "column": "x"}}"#).unwrap();
    apply(&mut schema, dialect, r#"{"create_table": {"name": "a"}}"#).unwrap();
    apply(&mut schema, dialect, r#"{"drop_table": {"name": "a"}}"#).unwrap();
    apply(&mut schema, dialect, r#"{"drop_table": {"name": "a", "if_exists": true}}"#).unwrap();
}

#[test]
fn a_renamed_table_or_column_is_followed_by_what_names_it() {
    for dialect in Dialect::ALL {
        let mut schema = two_tables(dialect);
        apply(&mut schema, dialect, r#"{"rename_table": {"name": "users", "to": "people"}}"#)
            .unwrap();
        let json = r#"{"alter_column": {"table": "people", "column": "id", "rename": "number"}}"#;
        apply(&mut schema, dialect, json).unwrap();
        let json = r#"{"alter_column": {"table": "people", "column": "email", "rename": "Mail"}}"#;
        apply(&mut schema, dialect, json).unwrap();
        let posts = serde_json::to_string(&schema.tables[&named("posts")].definition).unwrap();
        assert!(posts.contains(r#""references":{"table":"people","column":"number"}"#), "{posts}");
        assert!(
            posts.contains(
                r#""references":{"schema":"public","table":"people","columns":["number"]}"#
            ),
            "{posts}"
        );
        let people = serde_json::to_string(&schema.tables[&named("people")].definition).unwrap();
        assert!(people.contains(r#""columns":["Mail"]"#), "{people}");
        let quoted = crate::text::quote_ident(dialect, "Mail");
        let quoted = serde_json::to_string(&format!("{quoted} <> ''")).unwrap();
        assert!(people.contains(&quoted), "{people}");
    }
}

#[test]
fn a_column_takes_along_what_stands_on_it() {
    for dialect in Dialect::ALL {
        let mut schema = two_tables(dialect);
        let json =
            r#"{"create_index": {"table": "users", "name": "ix_two", "columns": ["id", "email"]}}"#;
        apply(&mut schema, dialect, json).unwrap();
        apply(&mut schema, dialect, r#"{"drop_column": {"table": "users", "column": "email"}}"#)
            .unwrap();
        let names: Vec<_> = schema.tables[&named("users")]
            .definition
            .indexes
            .iter()
            .map(|index| index.name.clone().unwrap())
            .collect();
        let narrows = crate::text::table_owns_indexes(dialect);
        assert_eq!(names, if narrows { vec!["ix_two"] } else { vec![] });
    }
}

#[test]
fn names_are_found_as_the_dialect_compares_them() {
    let json = r#"{"drop_column": {"schema": "public", "table": "USERS", "column": "EMAIL"}}"#;
    apply(&mut two_tables(Dialect::Sqlite), Dialect::Sqlite, json).unwrap();
    apply(&mut two_tables(Dialect::Mysql), Dialect::Mysql, json).unwrap_err();
    let json = r#"{"drop_column": {"table": "users", "column": "EMAIL"}}"#;
    apply(&mut two_tables(Dialect::Mysql), Dialect::Mysql, json).unwrap();
    apply(&mut two_tables(Dialect::Postgres), Dialect::Postgres, json).unwrap_err();
}

#[test]
fn sql_makes_unknown_what_it_names() {
    let known = |dialect, sql: &str| {
        let mut schema = two_tables(dialect);
        schema.invalidate_referenced(dialect, sql);
        let tables: Vec<_> = schema.tables.keys().map(ToString::to_string).collect();
        format!("{} {}", tables.join(" "), schema.complete)
    };
    for dialect in Dialect::ALL {
        assert_eq!(known(dialect, "UPDATE users SET email = 'posts'"), "posts users true");
        assert_eq!(known(dialect, "ALTER TABLE posts ADD x text"), "users false");
        // What refers to it may change with it.
        assert_eq!(known(dialect, "ALTER TABLE users RENAME TO x"), " false");
        assert_eq!(known(dialect, "CREATE TABLE other (a int)"), "posts users false");
    }
    assert_eq!(known(Dialect::Postgres, "DROP INDEX ix_email"), "posts false");
    assert_eq!(known(Dialect::Postgres, "DO $$ BEGIN END $$"), " false");
    assert_eq!(known(Dialect::Postgres, "SELECT remake('public.posts')"), " false");
    assert_eq!(known(Dialect::Postgres, "SET lock_timeout = 1"), "posts users true");
    assert_eq!(known(Dialect::Mysql, "CALL p()"), " false");
}

#[test]
fn an_enum_keeps_the_order_of_its_values() {
    let dialect = Dialect::Postgres;
    let mut schema = Schema::default();
    let mut run = |json: &str| apply(&mut schema, dialect, json);
    run(r#"{"create_enum": {"name": "mood", "values": ["sad", "happy"]}}"#).unwrap();
    run(r#"{"add_enum_value": {"name": "mood", "value": "ok", "after": "sad"}}"#).unwrap();
    run(r#"{"rename_enum_value": {"name": "mood", "value": "sad", "to": "low"}}"#).unwrap();
    run(r#"{"rename_type": {"name": "mood", "to": "feeling"}}"#).unwrap();
    insta::assert_snapshot!(run(r#"{"drop_enum_value": {"name": "feeling", "value": "sad"}}"#).unwrap_err(), @"drop_enum_value.value: feeling has no value sad (its values are low, ok, happy)");
    run(r#"{"drop_enum_value": {"name": "feeling", "value": "happy", "replace_by": "ok"}}"#)
        .unwrap();
    insta::assert_snapshot!(run(r#"{"drop_enum": {"name": "mood"}}"#).unwrap_err(), @"drop_enum.name: mood no longer exists: it was renamed to feeling (check the operations before it)");
    assert_eq!(schema.enums[&named("feeling")], ["low", "ok"]);
}

//! What is derived, and what is asked for where nothing can be.

use crate::model::{Operation, Schema};
use crate::text::Dialect;

fn operation(json: &str) -> Operation {
    serde_json::from_str(json).unwrap()
}

/// The reverse in the file's form, or the reason why there is none.
fn reverse(json: &str) -> String {
    match operation(json).reverse() {
        Ok(operations) => {
            let mut lines = operations.iter().map(|one| serde_json::to_string(one).unwrap());
            lines.next().unwrap_or_else(|| "nothing".to_owned())
        }
        Err(reason) => reason.to_string(),
    }
}

fn reverses(all: &[&str]) -> String {
    all.iter().map(|json| format!("{json}\n  {}", reverse(json))).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_made_is_dropped_with_what_it_was() {
    insta::assert_snapshot!(reverses(&[
        r#"{"create_table":{"name":"t","columns":[{"name":"a","type":"text"}],"indexes":[{"name":"ix","columns":["a"]}],"comment":"c"}}"#,
        r#"{"add_column":{"table":"t","column":{"name":"a","type":"text"},"after":"b"}}"#,
        r#"{"create_index":{"table":"t","name":"ix","columns":["a"],"unique":true,"concurrently":true}}"#,
        r#"{"create_primary_key":{"table":"t","columns":["a"]}}"#,
        r#"{"create_check":{"table":"t","name":"c","sql":"a > 0"}}"#,
        r#"{"add_enum_value":{"name":"e","value":"b","after":"a"}}"#,
        r#"{"create_function":{"name":"f","arguments":"a integer","returns":"integer","body":"SELECT 1"}}"#,
        r#"{"create_schema":{"name":"s","owner":"o"}}"#,
        r#"{"grant":{"privileges":["select"],"on":"table","name":"t","roles":["r"],"grant_option":true}}"#,
        r#"{"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":1}],"key":["a"]}}"#,
        r#"{"program":{"command":["up"],"down":["down"]}}"#,
        r#"{"backfill":{"table":"t","key":["a"],"set":{"b":1},"where":"b IS NULL","down":{"b":null}}}"#,
        r#"{"validate_constraint":{"table":"t","name":"c"}}"#,
        r#"{"by_dialect":{"postgres":[{"rename_table":{"name":"a","to":"b"}},{"rename_table":{"name":"b","to":"c"}}],"sqlite":[]}}"#,
    ]), @r#"
    {"create_table":{"name":"t","columns":[{"name":"a","type":"text"}],"indexes":[{"name":"ix","columns":["a"]}],"comment":"c"}}
      {"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"text"}],"indexes":[{"name":"ix","columns":["a"]}],"comment":"c"}}}
    {"add_column":{"table":"t","column":{"name":"a","type":"text"},"after":"b"}}
      {"drop_column":{"table":"t","column":"a","was":{"name":"a","type":"text"}}}
    {"create_index":{"table":"t","name":"ix","columns":["a"],"unique":true,"concurrently":true}}
      {"drop_index":{"table":"t","name":"ix","concurrently":true,"was":{"name":"ix","columns":["a"],"unique":true}}}
    {"create_primary_key":{"table":"t","columns":["a"]}}
      {"drop_constraint":{"table":"t","kind":"primary_key","was":{"primary_key":{"columns":["a"]}}}}
    {"create_check":{"table":"t","name":"c","sql":"a > 0"}}
      {"drop_constraint":{"table":"t","name":"c","kind":"check","was":{"check":{"name":"c","sql":"a > 0"}}}}
    {"add_enum_value":{"name":"e","value":"b","after":"a"}}
      {"drop_enum_value":{"name":"e","value":"b","was":{"after":"a"}}}
    {"create_function":{"name":"f","arguments":"a integer","returns":"integer","body":"SELECT 1"}}
      {"drop_function":{"name":"f","was":{"arguments":"a integer","returns":"integer","body":"SELECT 1"}}}
    {"create_schema":{"name":"s","owner":"o"}}
      {"drop_schema":{"name":"s","was":{"owner":"o"}}}
    {"grant":{"privileges":["select"],"on":"table","name":"t","roles":["r"],"grant_option":true}}
      {"revoke":{"privileges":["select"],"on":"table","name":"t","roles":["r"]}}
    {"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":1}],"key":["a"]}}
      {"bulk_delete":{"table":"t","columns":{"a":"integer"},"rows":[{"a":1}],"key":["a"]}}
    {"program":{"command":["up"],"down":["down"]}}
      {"program":{"command":["down"],"down":["up"]}}
    {"backfill":{"table":"t","key":["a"],"set":{"b":1},"where":"b IS NULL","down":{"b":null}}}
      {"backfill":{"table":"t","key":["a"],"set":{"b":null},"down":{"b":1}}}
    {"validate_constraint":{"table":"t","name":"c"}}
      nothing
    {"by_dialect":{"postgres":[{"rename_table":{"name":"a","to":"b"}},{"rename_table":{"name":"b","to":"c"}}],"sqlite":[]}}
      {"by_dialect":{"postgres":[{"rename_table":{"name":"c","to":"b"}},{"rename_table":{"name":"b","to":"a"}}],"sqlite":[]}}
    "#);
}

#[test]
fn what_is_changed_is_changed_back() {
    insta::assert_snapshot!(reverses(&[
        r#"{"alter_column":{"table":"t","column":"a","rename":"b","nullable":false}}"#,
        r#"{"alter_column":{"table":"t","column":"a","type":"bigint","using":"a::bigint","default":null,"was":{"type":"text","using":"a::text","default":"0"}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","nullable":false,"comment":"c","first":true,"was":{"nullable":true,"comment":null,"after":"b"}}}"#,
        r#"{"alter_domain":{"name":"d","add_check":{"name":"c","sql":"VALUE > 0"},"drop_check":"b","was":{"check":{"sql":"VALUE > 1"}}}}"#,
        r#"{"alter_sequence":{"name":"s","increment":2,"restart":7,"was":{"increment":1}}}"#,
        r#"{"alter_sequence":{"name":"s","restart":7}}"#,
        r#"{"alter_policy":{"table":"t","name":"p","rename":"q","using":"true","was":{"using":"false"}}}"#,
        r#"{"row_security":{"table":"t","enabled":true}}"#,
        r#"{"comment":{"on":"table","name":"t","comment":"c","was":null}}"#,
        r#"{"create_view":{"name":"v","or_replace":true,"query":"SELECT 2","was":{"query":"SELECT 1"}}}"#,
    ]), @r#"
    {"alter_column":{"table":"t","column":"a","rename":"b","nullable":false}}
      {"alter_column":{"table":"t","column":"b","rename":"a","nullable":true}}
    {"alter_column":{"table":"t","column":"a","type":"bigint","using":"a::bigint","default":null,"was":{"type":"text","using":"a::text","default":"0"}}}
      {"alter_column":{"table":"t","column":"a","type":"text","using":"a::text","default":"0","was":{"type":"bigint","using":"a::bigint","default":null}}}
    {"alter_column":{"table":"t","column":"a","nullable":false,"comment":"c","first":true,"was":{"nullable":true,"comment":null,"after":"b"}}}
      {"alter_column":{"table":"t","column":"a","nullable":true,"comment":null,"after":"b","was":{"nullable":false,"comment":"c","first":true}}}
    {"alter_domain":{"name":"d","add_check":{"name":"c","sql":"VALUE > 0"},"drop_check":"b","was":{"check":{"sql":"VALUE > 1"}}}}
      {"alter_domain":{"name":"d","add_check":{"name":"b","sql":"VALUE > 1"},"drop_check":"c","was":{"check":{"name":"c","sql":"VALUE > 0"}}}}
    {"alter_sequence":{"name":"s","increment":2,"restart":7,"was":{"increment":1}}}
      {"alter_sequence":{"name":"s","increment":1,"was":{"increment":2}}}
    {"alter_sequence":{"name":"s","restart":7}}
      nothing
    {"alter_policy":{"table":"t","name":"p","rename":"q","using":"true","was":{"using":"false"}}}
      {"alter_policy":{"table":"t","name":"q","rename":"p","using":"false","was":{"using":"true"}}}
    {"row_security":{"table":"t","enabled":true}}
      {"row_security":{"table":"t","enabled":false}}
    {"comment":{"on":"table","name":"t","comment":"c","was":null}}
      {"comment":{"on":"table","name":"t","was":"c"}}
    {"create_view":{"name":"v","or_replace":true,"query":"SELECT 2","was":{"query":"SELECT 1"}}}
      {"create_view":{"name":"v","or_replace":true,"query":"SELECT 1","was":{"query":"SELECT 2"}}}
    "#);
}

#[test]
fn what_nothing_brings_back_says_what_to_add() {
    insta::assert_snapshot!(reverses(&[
        r#"{"drop_table":{"name":"t"}}"#,
        r#"{"drop_table":{"name":"t","cascade":true,"was":{}}}"#,
        r#"{"create_table":{"name":"t","if_not_exists":true}}"#,
        r#"{"drop_column":{"table":"t","column":"a"}}"#,
        r#"{"drop_column":{"table":"t","column":"a","was":{"name":"b","type":"text"}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","type":"text","default":1,"nullable":true,"was":{"type":"integer"}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","type":"text","was":{"type":"integer","default":1}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","comment":"c","was":{"comment":"c"}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","rename":"b","was":{"using":"x"}}}"#,
        r#"{"create_index":{"table":"t","columns":["a"]}}"#,
        r#"{"drop_constraint":{"table":"t","name":"c","kind":"check","was":{"unique":{"columns":["a"]}}}}"#,
        r#"{"drop_enum_value":{"name":"e","value":"a"}}"#,
        r#"{"comment":{"on":"table","name":"t","comment":"c"}}"#,
        r#"{"create_view":{"name":"v","or_replace":true,"query":"SELECT 2"}}"#,
        r#"{"create_extension":{"name":"x","cascade":true}}"#,
        r#"{"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":1}]}}"#,
        r#"{"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":{"sql":"f()"}}],"key":["a"]}}"#,
        r#"{"program":{"command":["up"]}}"#,
        r#"{"backfill":{"table":"t","key":["a"],"set":{"b":1}}}"#,
        r#"{"sql":"SELECT 1"}"#,
        r#"{"by_dialect":{"postgres":[],"sqlite":[{"drop_table":{"name":"t"}}]}}"#,
    ]), @r#"
    {"drop_table":{"name":"t"}}
      drop_table has no reverse: it needs `was:` with the table as it was
    {"drop_table":{"name":"t","cascade":true,"was":{}}}
      drop_table has no reverse: the objects that `cascade` drops are not named: drop them by their own operations, or write the `down`
    {"create_table":{"name":"t","if_not_exists":true}}
      create_table has no reverse: with `if_not_exists` the object may have existed before: omit it, or write the `down`
    {"drop_column":{"table":"t","column":"a"}}
      drop_column has no reverse: it needs `was:` with the column as it was
    {"drop_column":{"table":"t","column":"a","was":{"name":"b","type":"text"}}}
      drop_column has no reverse: its `was` is of b, not of a
    {"alter_column":{"table":"t","column":"a","type":"text","default":1,"nullable":true,"was":{"type":"integer"}}}
      alter_column has no reverse: it needs `was:` with `default` as it was
    {"alter_column":{"table":"t","column":"a","type":"text","was":{"type":"integer","default":1}}}
      alter_column has no reverse: `was` has default, which does not change
    {"alter_column":{"table":"t","column":"a","comment":"c","was":{"comment":"c"}}}
      alter_column has no reverse: `was` has the new comment
    {"alter_column":{"table":"t","column":"a","rename":"b","was":{"using":"x"}}}
      alter_column has no reverse: `was` has using, which does not change
    {"create_index":{"table":"t","columns":["a"]}}
      create_index has no reverse: it has no name: give it one, or write the `down`
    {"drop_constraint":{"table":"t","name":"c","kind":"check","was":{"unique":{"columns":["a"]}}}}
      drop_constraint has no reverse: its `was` is of another kind
    {"drop_enum_value":{"name":"e","value":"a"}}
      drop_enum_value has no reverse: it needs `was:` with where the value stood: `before` or `after` another, `{}` for the last
    {"comment":{"on":"table","name":"t","comment":"c"}}
      comment has no reverse: it needs `was:` with the comment as it was, `null` for none
    {"create_view":{"name":"v","or_replace":true,"query":"SELECT 2"}}
      create_view has no reverse: with `or_replace` it needs `was:` with the view as it was
    {"create_extension":{"name":"x","cascade":true}}
      create_extension has no reverse: the extensions that `cascade` creates are not named
    {"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":1}]}}
      bulk_insert has no reverse: it needs `key:` with the columns that identify the rows
    {"bulk_insert":{"table":"t","columns":{"a":"integer"},"rows":[{"a":{"sql":"f()"}}],"key":["a"]}}
      bulk_insert has no reverse: the key's column a must have a value in each row, and no {sql: …}
    {"program":{"command":["up"]}}
      program has no reverse: it needs `down:` with the command that undoes it
    {"backfill":{"table":"t","key":["a"],"set":{"b":1}}}
      backfill has no reverse: it needs `down:` with what the columns are set to
    {"sql":"SELECT 1"}
      SQL cannot be reversed automatically: write the `down`
    {"by_dialect":{"postgres":[],"sqlite":[{"drop_table":{"name":"t"}}]}}
      drop_table has no reverse: it needs `was:` with the table as it was
    "#);
}

/// What is wrong with a `was` on a table of `a integer NOT NULL`, `b string(10) DEFAULT 'x'`.
fn wrong(json: &str) -> String {
    let mut schema = Schema { complete: true, ..Schema::default() };
    for json in [
        r#"{"create_table":{"name":"t","columns":[{"name":"a","type":"integer","nullable":false},{"name":"b","type":"string(10)","default":"x"}],
            "constraints":[{"unique":{"name":"uq","columns":["a","b"]}}],"indexes":[{"name":"ix","columns":["b"]}]}}"#,
        r#"{"create_enum":{"name":"e","values":["a","b"]}}"#,
    ] {
        operation(json).apply(&mut schema, Dialect::Postgres).unwrap();
    }
    match operation(json).check_was(&schema, Dialect::Postgres) {
        Some(mismatch) => mismatch.message,
        None => "right".to_owned(),
    }
}

#[test]
fn a_was_that_cannot_be_right_is_found() {
    let all = [
        r#"{"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"}]}}}"#,
        r#"{"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"string(20)"}]}}}"#,
        r#"{"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"varchar(10)"}],"constraints":[{"unique":{"name":"uq","columns":["a","b"]}}]}}}"#,
        r#"{"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"varchar(10)"}],"constraints":[{"unique":{"columns":["a","b"]}}],"indexes":[{"columns":["b"]}]}}}"#,
        r#"{"drop_column":{"table":"t","column":"b","was":{"name":"b","type":"string(10)"}}}"#,
        r#"{"drop_column":{"table":"t","column":"a","was":{"name":"a","type":"integer","nullable":true}}}"#,
        r#"{"alter_column":{"table":"t","column":"b","default":"y","was":{"default":"z"}}}"#,
        r#"{"alter_column":{"table":"t","column":"b","default":"y","was":{"default":"x"}}}"#,
        r#"{"alter_column":{"table":"t","column":"a","nullable":true,"was":{"type":"text"}}}"#,
        r#"{"drop_index":{"table":"t","name":"ix","was":{"columns":["a"]}}}"#,
        r#"{"drop_constraint":{"table":"t","name":"uq","kind":"unique","was":{"unique":{"columns":["a"]}}}}"#,
        r#"{"drop_constraint":{"table":"t","name":"uq","kind":"unique","was":{"unique":{"columns":["a","b"]}}}}"#,
        r#"{"drop_enum":{"name":"e","was":["b","a"]}}"#,
        r#"{"drop_enum_value":{"name":"e","value":"a","was":{}}}"#,
        r#"{"drop_enum_value":{"name":"e","value":"a","was":{"before":"b"}}}"#,
        r#"{"drop_table":{"name":"unknown","was":{}}}"#,
        r#"{"create_view":{"name":"v","query":"SELECT 1","was":{"query":"SELECT 2"}}}"#,
    ];
    let told: Vec<_> = all.iter().map(|json| format!("{json}\n  {}", wrong(json))).collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    {"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"}]}}}
      `was` does not have the column b
    {"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"string(20)"}]}}}
      the type of b is another
    {"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"varchar(10)"}],"constraints":[{"unique":{"name":"uq","columns":["a","b"]}}]}}}
      `was` does not have the constraint or index ix
    {"drop_table":{"name":"t","was":{"columns":[{"name":"a","type":"int"},{"name":"b","type":"varchar(10)"}],"constraints":[{"unique":{"columns":["a","b"]}}],"indexes":[{"columns":["b"]}]}}}
      right
    {"drop_column":{"table":"t","column":"b","was":{"name":"b","type":"string(10)"}}}
      the constraint uq is dropped with b and not restored with it: drop it first
    {"drop_column":{"table":"t","column":"a","was":{"name":"a","type":"integer","nullable":true}}}
      `was` differs in whether a may be NULL
    {"alter_column":{"table":"t","column":"b","default":"y","was":{"default":"z"}}}
      the default of b is another
    {"alter_column":{"table":"t","column":"b","default":"y","was":{"default":"x"}}}
      right
    {"alter_column":{"table":"t","column":"a","nullable":true,"was":{"type":"text"}}}
      `was` has type, which does not change
    {"drop_index":{"table":"t","name":"ix","was":{"columns":["a"]}}}
      ix is over b
    {"drop_constraint":{"table":"t","name":"uq","kind":"unique","was":{"unique":{"columns":["a"]}}}}
      uq is over a, b
    {"drop_constraint":{"table":"t","name":"uq","kind":"unique","was":{"unique":{"columns":["a","b"]}}}}
      right
    {"drop_enum":{"name":"e","was":["b","a"]}}
      the values of e are a, b
    {"drop_enum_value":{"name":"e","value":"a","was":{}}}
      the values of e are a, b
    {"drop_enum_value":{"name":"e","value":"a","was":{"before":"b"}}}
      right
    {"drop_table":{"name":"unknown","was":{}}}
      right
    {"create_view":{"name":"v","query":"SELECT 1","was":{"query":"SELECT 2"}}}
      `was` is given without `or_replace`
    "#);
}

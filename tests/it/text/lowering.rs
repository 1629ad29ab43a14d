//! Operations into statements, and what is refused on the way.

use revdag::internals::sql::{LowerError, Statement};
use revdag::internals::text::Dialect;
use revdag::model::{Entry, Operation, Schema};

use super::sections;

fn lower(entries: &[Entry], dialect: Dialect, file: &str) -> Result<Vec<Statement>, LowerError> {
    revdag::internals::sql::lower(entries, dialect, file, &mut Schema::default())
}

#[test]
fn lowering_knows_the_lines_of_the_file() {
    let operation = sections(&[(None, "-- c\nSELECT 1;\n\nSELECT\n2")]);
    let statements = lower(&[operation], Dialect::Postgres, "revisions/a.sql").unwrap();
    let lines: Vec<_> = statements.iter().map(|one| (one.sql.as_str(), one.source.line)).collect();
    assert_eq!(lines, [("SELECT 1", 6), ("SELECT\n2", 8)]);
    assert!(statements.iter().all(|one| one.transactional && one.source.file == "revisions/a.sql"));
}

#[test]
fn lowering_takes_the_section_of_the_dialect() {
    let operation = sections(&[(Some(Dialect::Mysql), "SELECT 1"), (Some(Dialect::Sqlite), "")]);
    let sql = |dialect| {
        lower(std::slice::from_ref(&operation), dialect, "a.sql")
            .map(|statements| statements.into_iter().map(|one| one.sql).collect::<Vec<_>>())
    };
    assert_eq!(sql(Dialect::Mariadb).unwrap(), ["SELECT 1"]);
    assert_eq!(sql(Dialect::Sqlite).unwrap(), [""; 0]);
    let error = sql(Dialect::Postgres).unwrap_err();
    assert_eq!(error.at.line, 5);
    insta::assert_snapshot!(error, @"the SQL has no entry for postgres");
    insta::assert_snapshot!(error.hint.unwrap(), @"add a section for postgres, an empty one if there is nothing to do");
}

fn refused(dialect: Dialect, sql: &str, transactional: bool) -> Option<String> {
    let Operation::Sql(mut one) = sections(&[(None, sql)]).operation else { panic!() };
    one.sections[0].transactional = transactional;
    let error = lower(&[Entry::new(Operation::Sql(one), 5)], dialect, "a.sql").err()?;
    Some(format!("line {}: {error}\n{}", error.at.line, error.hint.as_deref().unwrap_or_default()))
}

#[test]
fn transaction_control_is_refused() {
    insta::assert_snapshot!(refused(Dialect::Postgres, "SELECT 1;\ncommit;", true).unwrap(), @"
    line 6: COMMIT would end or change the transaction that holds this step
    omit it; if the statements must run each by itself, make it `no-transaction` (in YAML `transaction: none`)
    ");
    insta::assert_snapshot!(refused(Dialect::Sqlite, "BEGIN;", false).unwrap(), @"
    line 5: BEGIN would break the journal's record of each statement
    omit it: each statement here commits by itself, together with its journal row; statements that belong together need a revision with a transaction
    ");
    insta::assert_snapshot!(refused(Dialect::Postgres, "SAVEPOINT a", false).unwrap(), @"
    line 5: SAVEPOINT needs a transaction
    omit it
    ");
    insta::assert_snapshot!(refused(Dialect::Mariadb, "SAVEPOINT a", true).unwrap(), @"
    line 5: SAVEPOINT needs a transaction: on mariadb each statement commits by itself
    omit it
    ");
    for dialect in [Dialect::Postgres, Dialect::Sqlite] {
        assert_eq!(refused(dialect, "SAVEPOINT a; ROLLBACK TO a; RELEASE a;", true), None);
    }
    for transactional in [true, false] {
        for dialect in Dialect::ALL {
            assert!(refused(dialect, "ROLLBACK", transactional).is_some());
            assert_eq!(refused(dialect, "CREATE TABLE \"commit\" (a int)", transactional), None);
        }
    }
}

#[test]
fn what_cannot_be_split_says_where() {
    insta::assert_snapshot!(refused(Dialect::Postgres, "SELECT 1;\n\\d t", true).unwrap(), @r"
    line 6: `\d` is a command of psql, not SQL
    write what it does in SQL, or do it outside of the revision
    ");
}

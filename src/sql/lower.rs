//! Operations into statements.

use super::{LowerError, Source, Statement};
use crate::model::{Operation, Sql, SqlSection};
use crate::text::{self, Dialect, Kind, Piece};

/// The statements of the operations on a dialect.
///
/// # Errors
/// SQL that cannot be split, nothing said for this dialect, transaction control where `rev`
/// itself keeps the transaction.
pub fn lower(
    operations: &[Operation],
    dialect: Dialect,
    file: &str,
) -> Result<Vec<Statement>, LowerError> {
    let mut statements = Vec::new();
    for operation in operations {
        match operation {
            Operation::Sql(sql) => lower_sql(sql, dialect, file, &mut statements)?,
        }
    }
    Ok(statements)
}

fn lower_sql(
    sql: &Sql,
    dialect: Dialect,
    file: &str,
    statements: &mut Vec<Statement>,
) -> Result<(), LowerError> {
    let at = |line| Source { file: file.to_owned(), line };
    let Some(section) = sql.section(dialect) else {
        return Err(LowerError {
            message: format!("the SQL says nothing for {dialect}"),
            at: at(sql.sections.first().map_or(1, |section| section.line)),
            hint: Some(format!(
                "add a section for {dialect}, an empty one if there is nothing to do"
            )),
        });
    };
    let line = |line: usize| section.line + line - 1;
    let pieces = text::split(dialect, &section.text).map_err(|error| LowerError {
        message: error.message,
        at: at(line(error.line)),
        hint: error.hint,
    })?;
    for piece in pieces {
        let source = at(line(piece.line));
        if let Some((message, hint)) = refusal(section, dialect, &piece) {
            return Err(LowerError { message, at: source, hint: Some(hint.to_owned()) });
        }
        statements.push(Statement {
            sql: piece.sql,
            source,
            transactional: section.transactional,
            copy_data: piece.copy_data,
        });
    }
    Ok(())
}

const LEAVE_IT_OUT: &str = "leave it out";

/// Why a statement cannot run where `rev` itself begins and commits, and what to do.
fn refusal(
    section: &SqlSection,
    dialect: Dialect,
    piece: &Piece,
) -> Option<(String, &'static str)> {
    let (message, hint) = match text::kind(dialect, &piece.sql) {
        Kind::Dml | Kind::Other => return None,
        Kind::TransactionControl(words) if section.transactional => (
            format!("{words} would end or change the transaction that holds this step"),
            "leave it out; if the statements must run each by itself, make it `no-transaction` \
             (in YAML `transaction: none`)",
        ),
        // A transaction of the file's own would hold back the marks of its statements: if it were
        // rolled back, or the program died in it, the journal would not say what had run.
        Kind::TransactionControl(words) => (
            format!("{words} would take the marks of the statements out of the journal's hands"),
            "leave it out: each statement here commits by itself, together with its mark; what \
             must hold together belongs in a revision with a transaction",
        ),
        Kind::Savepoint(words) if !section.transactional => {
            (format!("{words} has no transaction to stand in"), LEAVE_IT_OUT)
        }
        Kind::Savepoint(words) if !super::words(dialect).transactional_ddl() => (
            format!(
                "{words} has no transaction to stand in: on {dialect} each statement commits by itself"
            ),
            LEAVE_IT_OUT,
        ),
        Kind::Savepoint(_) => return None,
    };
    Some((message, hint))
}

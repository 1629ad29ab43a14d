//! Runs operations by themselves, without a revision or a journal: on a scratch database.

use crate::model::{Entry, Operation, Schema};
use crate::sql;

use super::{Database, Error};

/// An operation that failed where it was tried.
#[derive(Debug)]
pub struct OperationError {
    /// The operation, in a line.
    pub operation: String,
    /// The statement.
    pub statement: String,
    /// What the database says.
    pub error: crate::db::DbError,
}

/// Runs operations in their order, as a revision would: in one transaction where the dialect has such
/// for DDL, unless one of them cannot stand in any or `outside_transaction` says so.
///
/// # Errors
/// What the dialect cannot honour; a statement that fails, with its operation.
pub async fn run_operations(
    database: &mut Database,
    operations: &[Operation],
    outside_transaction: bool,
) -> Result<(), Error> {
    let dialect = database.connection.dialect();
    // The line of an entry is its place.
    let entries: Vec<Entry> = operations
        .iter()
        .zip(1..)
        .map(|(operation, place)| Entry::new(operation.clone(), place))
        .collect();
    let mut schema = match sql::needs_schema(&entries, dialect) {
        true => database.connection.read_schema(&sql::schemas(&entries)).await?,
        false => Schema::default(),
    };
    let statements = sql::lower(&entries, dialect, "", &mut schema)?;
    let words = sql::dialect(dialect);
    if let Some(session_guard) = words.session_guard() {
        database.connection.execute(session_guard.before).await?;
    }
    let in_transaction = words.transactional_ddl()
        && !outside_transaction
        && statements.iter().all(|statement| statement.transactional);
    if in_transaction {
        database.connection.execute(words.begin()).await?;
    }
    for statement in &statements {
        if let Err(error) = database.send(&statement.sql, None).await {
            if in_transaction {
                // The statement's own failure is what counts.
                let _ = database.connection.execute("ROLLBACK").await;
            }
            let operation = statement.source.line.checked_sub(1).and_then(|at| operations.get(at));
            return Err(Error::Operation(Box::new(OperationError {
                operation: operation.map(Operation::summary).unwrap_or_default(),
                statement: statement.sql.clone(),
                error,
            })));
        }
    }
    if in_transaction {
        database.connection.execute("COMMIT").await?;
    }
    Ok(())
}

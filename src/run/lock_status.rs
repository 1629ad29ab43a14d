//! Telling a step that is under way from one that was interrupted: whoever runs it holds the lock.

use crate::db::DbError;

use super::Database;

/// Who holds the lock right now, as far as the server tells; `None` if nobody does.
///
/// # Errors
/// As the server answers.
pub async fn lock_holder(database: &mut Database) -> Result<Option<String>, DbError> {
    database.connection.lock_holder().await
}

//! Telling a step that is under way from one that was interrupted: whoever runs it holds the lock.

use std::time::Duration;

use crate::db::{DbError, Lock};

use super::Database;

/// Who holds the lock right now, as far as the server tells; `None` if nobody does.
///
/// # Errors
/// As the server answers.
pub async fn lock_holder(database: &mut Database) -> Result<Option<String>, DbError> {
    match database.connection.try_lock(Duration::ZERO).await? {
        Lock::Busy(holder) => Ok(Some(holder.unwrap_or_else(|| "another migrator".to_owned()))),
        Lock::Held => database.connection.unlock().await.map(|()| None),
    }
}

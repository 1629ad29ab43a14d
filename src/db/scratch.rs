//! Scratch databases, in which revisions and desired schemas are replayed.

use super::{ConnectOptions, DbError};

/// What the names on a server begin with.
const PREFIX: &str = "rev_scratch_";

/// What follows, in hex digits.
const RANDOM: usize = 12;

/// A scratch database. Whoever makes one must [`Scratch::remove`] it; what a dead process has left
/// is found and removed when the next one is made on the same server.
pub struct Scratch {
    /// How to connect to it.
    pub options: ConnectOptions,
    keeper: Box<dyn Keeper>,
}

/// What keeps a scratch database from being taken for a leftover, and removes it.
#[async_trait::async_trait]
pub(super) trait Keeper: Send + Sync {
    /// Removes the database, even while others are connected to it.
    async fn remove(self: Box<Self>) -> Result<(), DbError>;
}

impl Scratch {
    pub(super) fn new(options: ConnectOptions, keeper: Box<dyn Keeper>) -> Self {
        Scratch { options, keeper }
    }

    /// Removes the database.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn remove(self) -> Result<(), DbError> {
        self.keeper.remove().await
    }
}

/// A name for one on a server.
pub(super) fn new_name() -> String {
    format!("{PREFIX}{:012x}", fastrand::u64(..1 << (4 * RANDOM)))
}

/// Whether a name is one that we give.
pub(super) fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX).is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_leftovers() {
        assert!(is_ours("rev_scratch_0123456789ab"));
        for name in ["rev_scratch_pad", "rev_scratch_0123456789abc", "rev_scratch_0123456789ag"] {
            assert!(!is_ours(name), "{name}");
        }
    }
}

//! Scratch databases, in which revisions and desired schemas are replayed.

use std::hash::{BuildHasher as _, RandomState};

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
    /// What keeps statements there from reaching anything else.
    pub fence: Fence,
    keeper: Box<dyn Keeper>,
}

/// What keeps the statements in a scratch database from reaching anything else.
pub enum Fence {
    /// None is made: there are no rights that could (SQLite), or the words of statements are all that is looked
    /// at (MySQL, MariaDB).
    NoRights,
    /// `options` are those of an account that has rights there alone.
    Account {
        /// How to connect where the server does not let that account in.
        otherwise: Box<ConnectOptions>,
    },
    /// No such account could be made: why.
    Missing(String),
}

/// What keeps a scratch database from being taken for a leftover, and removes it.
#[async_trait::async_trait]
pub(super) trait Keeper: Send + Sync {
    /// Gives the account of the database the rights of a superuser, or takes them again; says whether
    /// that can be done here.
    async fn lift(&mut self, _is_lifted: bool) -> Result<bool, DbError> {
        Ok(false)
    }

    /// Removes the database, even while others are connected to it, and its account.
    async fn remove(self: Box<Self>) -> Result<(), DbError>;
}

impl Scratch {
    pub(super) fn new(options: ConnectOptions, fence: Fence, keeper: Box<dyn Keeper>) -> Self {
        Scratch { options, fence, keeper }
    }

    /// Gives the account of the database the rights of a superuser, for one statement that only defines
    /// something, or takes them again; says whether that can be done here.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn lift(&mut self, is_lifted: bool) -> Result<bool, DbError> {
        self.keeper.lift(is_lifted).await
    }

    /// Removes the database and its account.
    ///
    /// # Errors
    /// As the server answers.
    pub async fn remove(self) -> Result<(), DbError> {
        self.keeper.remove().await
    }
}

/// A password that nobody can guess.
pub(super) fn new_password() -> String {
    // The system's own random numbers are the keys of the hash.
    let keys = RandomState::new();
    let hex: String = (0..3).map(|part| format!("{:016x}", keys.hash_one(part))).collect();
    // Of every kind of character, as a server may ask for.
    format!("Aa1-{hex}")
}

/// The options with another user and password in the address.
pub(super) fn as_account(
    options: &ConnectOptions,
    name: &str,
    password: &str,
) -> Result<ConnectOptions, DbError> {
    let bad = || DbError::Url("it takes no other user".to_owned());
    let mut url = url::Url::parse(&options.url).map_err(|_| bad())?;
    url.set_username(name).map_err(|()| bad())?;
    url.set_password(Some(password)).map_err(|()| bad())?;
    let of_user = ["user", "password", "sslcert", "sslkey", "ssl-cert", "ssl-key"];
    let is_of_user = |key: &str| of_user.contains(&key);
    if url.query_pairs().any(|(key, _)| is_of_user(&key)) {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let others = pairs.iter().filter(|(key, _)| !is_of_user(key));
        url.query_pairs_mut().clear().extend_pairs(others);
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    Ok(ConnectOptions { url: url.to_string(), role: None, ..options.clone() })
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

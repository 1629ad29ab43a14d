//! Scripts for `sqlite3`.

use crate::sql::{Client, Session};

pub(super) struct Sqlite3;

impl Client for Sqlite3 {
    fn name(&self) -> &'static str {
        "sqlite3"
    }

    fn lines(&self) -> &'static [&'static str] {
        &[".bail on"]
    }

    fn reset(&self, _session: &Session) -> Vec<String> {
        Vec::new()
    }
}

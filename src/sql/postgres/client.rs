//! Scripts for `psql`.

use crate::sql::{Client, Session};
use crate::text::{Dialect, quote_ident};

pub(super) struct Psql;

impl Client for Psql {
    fn name(&self) -> &'static str {
        "psql"
    }

    fn lines(&self) -> &'static [&'static str] {
        &["\\set ON_ERROR_STOP on", "\\set AUTOCOMMIT on"]
    }

    fn reset(&self, session: &Session) -> Vec<String> {
        let mut sql = vec![
            "RESET SESSION AUTHORIZATION".to_owned(),
            "RESET ALL".to_owned(),
            // The script is written in it, whatever the client's own is.
            "SET client_encoding = 'UTF8'".to_owned(),
            // An online run has these from its connection; a literal must mean the same here.
            "SET TimeZone = 'UTC'".to_owned(),
            "SET DateStyle = 'ISO, MDY'".to_owned(),
        ];
        sql.push(match &session.role {
            Some(role) => format!("SET ROLE {}", quote_ident(Dialect::Postgres, role)),
            None => "RESET ROLE".to_owned(),
        });
        sql
    }
}

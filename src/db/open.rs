//! Opening a connection to a server: what it takes and how a failure is told, whatever the server.

use sqlx::ConnectOptions;
use sqlx::error::Error;

use super::error::words;
use super::{CONNECT_TIMEOUT, DbError};

/// Opens a connection, within the time there is for it. `hint` says what to do about an error.
pub(super) async fn open<O: ConnectOptions>(
    options: &O,
    display: &str,
    scrub: &(dyn Fn(&str) -> String + Sync),
    hint: impl Fn(&Error) -> Option<&'static str>,
) -> Result<O::Connection, DbError>
where
    O::Connection: Sized,
{
    let (message, hint) = match tokio::time::timeout(CONNECT_TIMEOUT, options.connect()).await {
        Ok(Ok(connection)) => return Ok(connection),
        Ok(Err(error)) => (words(&error), hint(&error)),
        Err(_) => (
            format!("no answer within {} seconds", CONNECT_TIMEOUT.as_secs()),
            Some("check host and port, and whether a firewall is in between"),
        ),
    };
    Err(DbError::Connect {
        database: display.to_owned(),
        message: scrub(&message),
        hint: hint.map(str::to_owned),
    })
}

/// What sqlx cannot read in an address. Its own words may quote the value.
pub(super) fn unreadable(error: &Error, scrub: impl Fn(&str) -> String) -> DbError {
    DbError::Url(match error {
        Error::Configuration(_) => "an option after its ? has a value of the wrong kind".to_owned(),
        other => scrub(&words(other)),
    })
}

/// An address without its password.
pub(super) fn display(scheme: &str, user: &str, host: &str, port: u16, database: &str) -> String {
    // A socket's path stands in brackets, without a port.
    match host.starts_with('/') {
        true => format!("{scheme}://{user}@({host})/{database}"),
        false => format!("{scheme}://{user}@{host}:{port}/{database}"),
    }
}

//! Addresses of applications: those of SQLAlchemy name a driver behind a `+`.

use std::borrow::Cow;

use crate::db::DbError;

pub(super) const POSTGRES: &[&str] =
    &["aiopg", "asyncpg", "pg8000", "psycopg", "psycopg2", "psycopg2cffi", "psycopg_async"];
pub(super) const MYSQL: &[&str] =
    &["aiomysql", "asyncmy", "cymysql", "mariadbconnector", "mysqlconnector", "mysqldb", "pymysql"];
pub(super) const SQLITE: &[&str] = &["aiosqlite", "pysqlite"];

/// Refuses a driver that is none of the known ones: its options may mean anything.
pub(super) fn check(name: &str, driver: &str, known: &[&str]) -> Result<(), DbError> {
    if known.contains(&driver) {
        return Ok(());
    }
    let shown = if super::is_word(driver) { driver } else { "what follows the +" };
    Err(DbError::Url(format!(
        "{shown} is not known as a driver of {name}: there are {}",
        known.join(", ")
    )))
}

/// Whether an address names a driver, and so is to be read as SQLAlchemy reads it.
pub(in crate::db) fn has_driver(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| scheme.contains('+'))
}

/// The address of a server in the form of a plain one. In SQLAlchemy's a password may hold all but an @,
/// the database's name is not percent-encoded, and the host may be an option.
pub(super) fn plainly(url: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = url.split_once("://") else { return url.into() };
    // A driver's name may hold what a scheme may not.
    let mut plain = format!("{}://", scheme.split('+').next().unwrap_or_default());
    let mut rest = rest;
    if has_driver(url)
        && let Some((user, after)) = rest.split_once('@').filter(|(user, _)| is_user(user))
    {
        user.chars().for_each(|c| match c {
            '/' | '?' | '#' | '[' | ']' | '\\' => plain.push_str(&format!("%{:02X}", u32::from(c))),
            c => plain.push(c),
        });
        plain.push('@');
        rest = after;
    }
    let (place, query) =
        rest.split_once('?').map_or((rest, None), |(place, query)| (place, Some(query)));
    let (host, path) =
        place.split_once('/').map_or((place, None), |(host, path)| (host, Some(path)));
    plain.push_str(host);
    let host_is_option = query.is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes())
            .any(|(key, _)| ["host", "hostaddr", "socket", "unix_socket"].contains(&&*key))
    });
    if host_is_option && (host.is_empty() || host.ends_with('@')) {
        plain.push_str("localhost");
    }
    match path {
        Some(path) if has_driver(url) => {
            plain.push('/');
            plain.push_str(&path.replace('%', "%25").replace('#', "%23"));
        }
        Some(path) => plain.extend(["/", path]),
        None => {}
    }
    if let Some(query) = query {
        plain.extend(["?", query]);
    }
    plain.into()
}

/// Whether what stands before an @ is a user, with or without a password.
fn is_user(text: &str) -> bool {
    !text.split(':').next().unwrap_or_default().contains('/')
}

/// The path in a SQLAlchemy address of a SQLite file, and what follows its `?`; an empty path is a
/// database in memory.
pub(in crate::db) fn sqlite(url: &str) -> Result<(&str, &str), DbError> {
    let (scheme, rest) = url.split_once(':').unwrap_or((url, ""));
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    match place.strip_prefix("//").map(|place| place.strip_prefix('/').ok_or(place)) {
        Some(Ok(path)) => Ok((path, query)),
        Some(Err("")) => Ok(("", query)),
        _ => Err(DbError::Url(format!(
            "a path follows three slashes: {scheme}:///RELATIVE or {scheme}:////ABSOLUTE"
        ))),
    }
}

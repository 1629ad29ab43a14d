//! The address of a database: its scheme, its parts, and texts about it without its password.

use std::collections::BTreeSet;

use url::Url;

use super::DbError;
use crate::text::Dialect;

/// What is said of a password that broke the address apart.
const ENCODE: &str =
    "characters such as @ : / ? # % in a user or password are written percent-encoded (%40 for @)";

/// The dialect of an address's scheme.
pub(super) fn scheme(url: &str) -> Result<Dialect, DbError> {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let (name, driver) = scheme.split_once('+').unwrap_or((&scheme, ""));
    let dialect = match name {
        "postgres" | "postgresql" => Dialect::Postgres,
        "mysql" => Dialect::Mysql,
        "mariadb" => Dialect::Mariadb,
        "sqlite" => Dialect::Sqlite,
        _ => {
            return Err(DbError::Url(
                "it begins with none of postgres://, mysql://, mariadb://, sqlite://".to_owned(),
            ));
        }
    };
    if !url.contains(':') {
        return Err(DbError::Url(format!("there is no `:` after {name}")));
    }
    if !driver.is_empty() {
        return Err(DbError::Url(format!("{name}:// takes no driver: leave out what follows `+`")));
    }
    Ok(dialect)
}

/// A server's address, parsed.
pub(super) struct ServerUrl {
    pub url: Url,
    /// Texts that no message may hold.
    secrets: Vec<String>,
}

impl ServerUrl {
    /// Parses an address and checks the options behind its `?`: every key must be in `options`, and
    /// the value of a key with choices one of these.
    pub fn parse(text: &str, options: &[(&str, &[&str])]) -> Result<ServerUrl, DbError> {
        let url = Url::parse(text).map_err(|error| DbError::Url(format!("{error}; {ENCODE}")))?;
        if url.fragment().is_some() {
            return Err(DbError::Url(format!("it holds a #; {ENCODE}")));
        }
        if url.cannot_be_a_base() || !text.contains("://") {
            return Err(DbError::Url(format!("{}: is followed by //", url.scheme())));
        }
        let mut secrets = BTreeSet::new();
        if let Some(password) = url.password() {
            secrets.insert(password.to_owned());
            secrets.insert(decoded(password)?);
        }
        decoded(url.username())?;
        decoded(url.path())?;
        for (key, value) in url.query_pairs() {
            if key == "password" {
                secrets.insert(value.into_owned());
                continue;
            }
            let name = key.split('[').next().unwrap_or_default();
            // The key itself is not shown: it may be what follows a bare `?` in a password.
            let Some((name, choices)) = options.iter().find(|(known, _)| *known == name) else {
                let known: Vec<&str> = options.iter().map(|(known, _)| *known).collect();
                return Err(DbError::Url(format!(
                    "an option behind its ? is not known: there are {}; {ENCODE}",
                    known.join(", ")
                )));
            };
            if !choices.is_empty() && !choices.contains(&value.to_ascii_lowercase().as_str()) {
                return Err(DbError::Url(format!("{name} is one of {}", choices.join(", "))));
            }
        }
        let secrets = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
        Ok(ServerUrl { url, secrets })
    }

    /// A text of the server or the system, with any password in it taken out.
    pub fn scrub(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }

    /// Whether an option is given.
    pub fn has(&self, option: &str) -> bool {
        self.url.query_pairs().any(|(key, _)| key == option)
    }
}

/// A text with any password of an address taken out.
pub(super) fn scrub(url: &str, text: &str) -> String {
    let Ok(url) = Url::parse(url) else { return text.to_owned() };
    let mut secrets = Vec::new();
    if let Some(password) = url.password() {
        secrets.push(password.to_owned());
        secrets.extend(decoded(password));
    }
    for (key, value) in url.query_pairs() {
        if key == "password" {
            secrets.push(value.into_owned());
        }
    }
    secrets.retain(|secret| !secret.is_empty());
    ServerUrl { url, secrets }.scrub(text)
}

/// Percent-decodes.
pub(super) fn decoded(text: &str) -> Result<String, DbError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let hex = |at: usize| after.get(at).and_then(|digit| char::from(*digit).to_digit(16));
        match (byte, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(u8::try_from(high * 16 + low).unwrap_or_default());
                rest = &after[2..];
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes)
        .map_err(|_| DbError::Url("what is percent-encoded in it is not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scheme_names_a_dialect() {
        for (url, dialect) in [
            ("postgres://h/d", Dialect::Postgres),
            ("postgresql://h/d", Dialect::Postgres),
            ("mysql://h/d", Dialect::Mysql),
            ("mariadb://h/d", Dialect::Mariadb),
            ("sqlite::memory:", Dialect::Sqlite),
            ("SQLite:x.db", Dialect::Sqlite),
        ] {
            assert_eq!(scheme(url), Ok(dialect), "{url}");
        }
        for url in ["", "oracle://h/d", "postgres", "postgresql+psycopg2://h/d", "store.db"] {
            assert!(scheme(url).is_err(), "{url}");
        }
    }

    #[test]
    fn no_refusal_shows_a_password() {
        let options: &[(&str, &[&str])] = &[("sslmode", &["disable", "require"])];
        for url in [
            "postgres://u:s3cr3t#x@h/d",
            "postgres://u:12?s3cr3t@h/d",
            "postgres://u:12?sslmode=s3cr3t@h/d",
            "postgres://u:s3cr3t?x@h/d",
            "postgres://u:s3cr3t/x@h/d",
            "postgres://u:s3cr3t%ff@h/d",
            "postgres:u:s3cr3t@h/d",
            "postgres://u:s3cr3t@h:99999/d",
        ] {
            let error = ServerUrl::parse(url, options).err().expect(url);
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{url}: {error}");
        }
    }

    #[test]
    fn a_password_is_scrubbed_as_written_and_decoded() {
        let url = ServerUrl::parse("postgres://u:p%40ss@h/d", &[]).unwrap();
        assert_eq!(url.scrub("p@ss and p%40ss"), "*** and ***");
        let url = "mysql://u:p%40ss@h/d?password=s3cr3t";
        assert_eq!(scrub(url, "p@ss, p%40ss, s3cr3t, d"), "***, ***, ***, d");
        assert_eq!(scrub("sqlite://a.db", "a.db"), "a.db");
        assert_eq!(scrub("mysql://u:@h/d", "x"), "x");
    }
}

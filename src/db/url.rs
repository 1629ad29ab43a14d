//! The address of a database: its scheme, its parts, and texts about it without its password.

mod driver;
mod tls;

use std::collections::BTreeSet;

use url::Url;

use super::DbError;
use crate::text::Dialect;

pub(super) use driver::{has_driver, sqlite as sqlite_of_driver};
pub(super) use tls::Modes;
use tls::Tls;

/// What is said of a password that broke the address apart.
const ENCODE: &str =
    "characters such as @ : / ? # % in a user or password are written percent-encoded (%40 for @)";

/// What a pool or a connection of any driver is told, and no schema depends on.
const OF_POOLS: &[&str] =
    &["connect_timeout", "max_overflow", "max_size", "maxsize", "min_size", "minsize"];

/// The dialect of an address's scheme.
pub(super) fn scheme(url: &str) -> Result<Dialect, DbError> {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let (name, driver) = match scheme.split_once('+') {
        Some((name, driver)) => (name, Some(driver)),
        None => (scheme.as_str(), None),
    };
    let (dialect, drivers) = match name {
        "postgres" | "postgresql" => (Dialect::Postgres, driver::POSTGRES),
        "mysql" => (Dialect::Mysql, driver::MYSQL),
        "mariadb" => (Dialect::Mariadb, driver::MYSQL),
        "sqlite" => (Dialect::Sqlite, driver::SQLITE),
        _ => {
            return Err(DbError::Url(
                "it begins with none of postgres://, mysql://, mariadb://, sqlite://".to_owned(),
            ));
        }
    };
    if !url.contains(':') {
        return Err(DbError::Url(format!("there is no `:` after {name}")));
    }
    if let Some(driver) = driver {
        driver::check(name, driver, drivers)?;
    }
    Ok(dialect)
}

/// The options that may stand behind the `?` of a server's address.
pub(super) struct Options {
    /// What sqlx reads, and by which name.
    pub read: &'static [(&'static str, &'static str)],
    /// The words for what is asked of TLS.
    pub modes: Modes,
    /// What other clients know and a schema does not depend on.
    pub passed_over: &'static [&'static str],
}

/// A server's address, parsed.
pub(super) struct ServerUrl {
    /// With options that sqlx reads, by its names.
    pub url: Url,
    /// The names of the options that were passed over.
    pub passed_over: Vec<String>,
    /// Texts that no message may hold.
    secrets: Vec<String>,
}

impl ServerUrl {
    /// Parses an address. Behind its `?` there may be what `options` lists, what says how safe the
    /// connection must be, and nothing else.
    pub fn parse(text: &str, options: &Options) -> Result<ServerUrl, DbError> {
        let plain = driver::plainly(text);
        let mut url =
            Url::parse(&plain).map_err(|error| DbError::Url(format!("{error}; {ENCODE}")))?;
        if url.fragment().is_some() {
            return Err(DbError::Url(format!("it holds a #; {ENCODE}")));
        }
        if url.cannot_be_a_base() || !text.contains("://") {
            return Err(DbError::Url(format!("{}: is followed by //", url.scheme())));
        }
        decoded(url.username())?;
        decoded(url.path())?;
        url.password().map(decoded).transpose()?;
        let secrets = secrets(&url);
        let (mut read, mut passed_over, mut tls) = (Vec::new(), Vec::new(), Tls::default());
        for (key, value) in url.query_pairs() {
            let (name, rest) = key.split_at(key.find('[').unwrap_or(key.len()));
            let known = options.read.iter().find(|(known, _)| *known == name);
            if tls.take(&key, &value, &options.modes)? {
            } else if key == "password" {
                read.push((key.into_owned(), value.into_owned()));
            } else if let Some((_, sqlx)) = known {
                read.push((format!("{sqlx}{rest}"), value.into_owned()));
            } else if options.passed_over.contains(&&*key)
                || OF_POOLS.contains(&&*key)
                || key.starts_with("pool_")
                    && is_word(&key)
                    && !behind_the_question(text).contains('@')
            {
                passed_over.push(key.into_owned());
            } else {
                return Err(unknown(text, &key));
            }
        }
        if let Some(mode) = tls.mode(&options.modes) {
            read.push(("sslmode".to_owned(), mode.to_owned()));
        }
        url.set_query(None);
        if !read.is_empty() {
            url.query_pairs_mut().extend_pairs(read);
        }
        Ok(ServerUrl { url, passed_over, secrets })
    }

    /// A text of the server or the system, with any password in it taken out.
    pub fn scrub(&self, text: &str) -> String {
        without(&self.secrets, text)
    }

    /// Whether an option is given.
    pub fn has(&self, option: &str) -> bool {
        self.url.query_pairs().any(|(key, _)| key == option)
    }
}

/// The passwords of an address, as they are written and as they are meant.
fn secrets(url: &Url) -> Vec<String> {
    let mut secrets = BTreeSet::new();
    if let Some(password) = url.password() {
        secrets.insert(password.to_owned());
        secrets.extend(decoded(password));
    }
    let options = url.query_pairs().filter(|(key, _)| key == "password");
    secrets.extend(options.map(|(_, value)| value.into_owned()));
    secrets.into_iter().filter(|secret| !secret.is_empty()).collect()
}

/// What stands behind the first `?`.
fn behind_the_question(url: &str) -> &str {
    url.split_once('?').map_or("", |(_, rest)| rest)
}

/// Whether a text is a plain name.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}

/// The error of an option that is not known. It is named only if it is surely one: what looks like it may
/// be what follows a bare `?` in a password.
pub(super) fn unknown(url: &str, key: &str) -> DbError {
    let query = behind_the_question(url);
    let is_option = is_word(key)
        && !query.contains('@')
        && query
            .split('&')
            .any(|pair| pair.strip_prefix(key).is_some_and(|rest| rest.starts_with('=')));
    DbError::Url(match is_option {
        true => format!("the option `{key}` after its ? is not known"),
        false => format!("an option after its ? is not known; {ENCODE}"),
    })
}

/// A text with any password of an address taken out.
pub(super) fn scrub(url: &str, text: &str) -> String {
    let mut secrets =
        Url::parse(&driver::plainly(url)).map_or_else(|_| Vec::new(), |url| secrets(&url));
    // Of a driver's address a password may stand as it is, too, in what is plain.
    if let Ok(url) = Url::parse(url) {
        secrets.extend(self::secrets(&url));
    }
    without(&secrets, text)
}

fn without(secrets: &[String], text: &str) -> String {
    // A password this short stands in words, too, that are none.
    const SHORT: usize = 4;
    secrets.iter().fold(text.to_owned(), |text, secret| match secret.len() < SHORT {
        true => text.replace(&format!(":{secret}@"), ":***@"),
        false => text.replace(secret, "***"),
    })
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
        .map_err(|_| DbError::Url("its percent-encoded part is not UTF-8".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: Options = Options {
        read: &[("host", "host"), ("ssl_ca", "ssl-ca")],
        modes: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        passed_over: &["timeout"],
    };

    #[test]
    fn a_scheme_names_a_dialect() {
        for (url, dialect) in [
            ("postgres://h/d", Dialect::Postgres),
            ("postgresql://h/d", Dialect::Postgres),
            ("mysql://h/d", Dialect::Mysql),
            ("mariadb://h/d", Dialect::Mariadb),
            ("sqlite::memory:", Dialect::Sqlite),
            ("postgresql+asyncpg://h/d", Dialect::Postgres),
            ("postgres+psycopg2://h/d", Dialect::Postgres),
            ("mysql+pymysql://h/d", Dialect::Mysql),
            ("mariadb+mysqldb://h/d", Dialect::Mariadb),
            ("sqlite+aiosqlite:///x.db", Dialect::Sqlite),
            ("SQLite:x.db", Dialect::Sqlite),
        ] {
            assert_eq!(scheme(url), Ok(dialect), "{url}");
        }
        for url in ["", "oracle://h/d", "postgres", "postgresql+foo://h/d", "store.db"] {
            assert!(scheme(url).is_err(), "{url}");
        }
    }

    #[test]
    fn no_refusal_shows_a_password() {
        for url in [
            "postgres://u:s3cr3t#x@h/d",
            "postgres://u:12?s3cr3t@h/d",
            "postgres://u:12?s3cr3t=1@h/d",
            "postgres://u:12?s3cr3t",
            "postgres://u:12?pool_s3cr3t@h/d",
            "postgres://u:12?pool_s3cr3t=1&x@h/d",
            "postgresql+asyncpg://u:x@h/d?no=s3cr3t",
            "postgres://u:12?sslmode=s3cr3t@h/d",
            "postgres://u:s3cr3t?x@h/d",
            "postgres://u:s3cr3t/x@h/d",
            "postgres://u:s3cr3t%ff@h/d",
            "postgres:u:s3cr3t@h/d",
            "postgres://u:s3cr3t@h:99999/d",
        ] {
            let error = ServerUrl::parse(url, &OPTIONS).err().expect(url);
            assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{url}: {error}");
        }
    }

    #[test]
    fn a_password_is_scrubbed_as_written_and_decoded() {
        let url = ServerUrl::parse("postgres://u:p%40ss@h/d", &OPTIONS).unwrap();
        assert_eq!(url.scrub("p@ss and p%40ss"), "*** and ***");
        let url = "mysql://u:p%40ss@h/d?password=s3cr3t";
        assert_eq!(scrub(url, "p@ss, p%40ss, s3cr3t, d"), "***, ***, ***, d");
        let url = "postgresql+asyncpg://u:p/a?s%40s@h/d";
        assert_eq!(scrub(url, "p/a?s@s, p%2Fa%3Fs%40s, d"), "***, ***, d");
        assert_eq!(scrub("mysql+pymysql://u:s3cr3t@/d?unix_socket=/s", "s3cr3t"), "***");
        assert_eq!(scrub("sqlite://a.db", "a.db"), "a.db");
        assert_eq!(scrub("mysql://u:@h/d", "x"), "x");
        let words = scrub("mysql://u:a@h/d", "cannot read mysql://u:a@h/d");
        assert_eq!(words, "cannot read mysql://u:***@h/d");
    }

    #[test]
    fn the_url_of_a_driver_is_read_as_sqlalchemy_reads_it() {
        let url =
            ServerUrl::parse("postgresql+asyncpg://u:a?b#c/d:e%40@h:1/x%20y", &OPTIONS).unwrap();
        assert_eq!(decoded(url.url.password().unwrap()).unwrap(), "a?b#c/d:e@");
        assert_eq!((url.url.host_str(), url.url.port()), (Some("h"), Some(1)));
        assert_eq!(decoded(url.url.path()).unwrap(), "/x%20y");
        let url =
            ServerUrl::parse("postgresql+psycopg2://u:p@/d?host=/tmp&timeout=1", &OPTIONS).unwrap();
        assert_eq!(url.url.query(), Some("host=%2Ftmp"));
        assert_eq!(url.passed_over, ["timeout"]);
        // Elsewhere an address is a URL as any other.
        let url = ServerUrl::parse("postgres://u:p@h/x%20y", &OPTIONS).unwrap();
        assert_eq!(decoded(url.url.path()).unwrap(), "/x y");
    }

    #[test]
    fn the_strictest_word_about_tls_counts() {
        for (options, mode) in [
            ("", None),
            ("ssl=true", Some("require")),
            ("ssl=0", Some("disable")),
            ("ssl=require", Some("require")),
            ("ssl_mode=VERIFY_IDENTITY", Some("verify-full")),
            ("sslmode=verify-full&ssl=true", Some("verify-full")),
            ("ssl_verify_cert=true", Some("verify-ca")),
            ("ssl_check_hostname=true&ssl=true", Some("verify-full")),
            ("ssl_ca=x", Some("verify-ca")),
            ("ssl_ca=x&ssl_verify_cert=false", Some("require")),
            ("ssl_ca=x&ssl_mode=required", Some("require")),
            ("ssl_disabled=true", Some("disable")),
            ("ssl_disabled=false&ssl_verify_cert=false", None),
        ] {
            let url = ServerUrl::parse(&format!("mysql://h/d?{options}"), &OPTIONS).unwrap();
            let found = url.url.query_pairs().find(|(key, _)| key == "sslmode");
            assert_eq!(found.map(|(_, value)| value.into_owned()).as_deref(), mode, "{options}");
        }
        for options in ["ssl=maybe", "sslmode=", "ssl_verify_cert=x"] {
            assert!(
                ServerUrl::parse(&format!("mysql://h/d?{options}"), &OPTIONS).is_err(),
                "{options}"
            );
        }
    }
}

//! Connects to PostgreSQL.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, error::Error};

use std::sync::Arc;

use super::outside::{STARTED, ServerSession};
use super::{Postgres, lock, rows};
use crate::db::lease::{self, Lease, Node};
use crate::db::link::Link;
use crate::db::url::{Options, ServerUrl};
use crate::db::wait::{Sent, Waiter};
use crate::db::{ConnectOptions, Connection, DbError, journal, open};
use crate::sql::JournalTables;
use crate::store::LockMode;
use crate::text::{Dialect, quote_ident, quote_literal};

const OPTIONS: Options = Options {
    read: &[
        ("sslrootcert", "sslrootcert"),
        ("ssl-root-cert", "sslrootcert"),
        ("ssl-ca", "sslrootcert"),
        ("ssl_ca", "sslrootcert"),
        ("sslcert", "sslcert"),
        ("ssl-cert", "sslcert"),
        ("ssl_cert", "sslcert"),
        ("sslkey", "sslkey"),
        ("ssl-key", "sslkey"),
        ("ssl_key", "sslkey"),
        ("host", "host"),
        ("hostaddr", "hostaddr"),
        ("port", "port"),
        ("dbname", "dbname"),
        ("database", "dbname"),
        ("user", "user"),
        ("application_name", "application_name"),
        ("options", "options"),
        ("statement-cache-capacity", "statement-cache-capacity"),
    ],
    modes: ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
    passed_over: &[
        "async_fallback",
        "channel_binding",
        "client_encoding",
        "command_timeout",
        "fallback_application_name",
        "gssencmode",
        "gsslib",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "krbsrvname",
        "load_balance_hosts",
        "max_cacheable_statement_size",
        "max_cached_statement_lifetime",
        "prepare_threshold",
        "prepared_statement_cache_size",
        "prepared_statement_name_func",
        "sslcompression",
        "sslnegotiation",
        "statement_cache_size",
        "target_session_attrs",
        "tcp_keepalive",
        "tcp_user_timeout",
        "timeout",
    ],
};

/// Connects and finds out where the journal stands.
pub(in crate::db) async fn connect(
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let Address { url, server, display } = address(options)?;
    let connection = open(&server, &display, &|text| url.scrub(text)).await?;
    set_up(Link::Own(connection), server, display, options).await
}

/// What a standby says of itself. Only who may read all statistics is told whom it follows.
async fn standby(connection: &mut Link<sqlx::Postgres>) -> Result<String, DbError> {
    let sql = "SELECT COALESCE((SELECT sender_host || ':' || sender_port \
               FROM pg_catalog.pg_stat_wal_receiver WHERE sender_host IS NOT NULL), '')";
    let told = rows(connection, sql).await?;
    Ok(match told.first().and_then(|row| row.first()).and_then(Option::as_deref) {
        Some(primary) if !primary.is_empty() => format!("a standby of {primary}"),
        _ => "a standby".to_owned(),
    })
}

/// Takes a connection of a pool.
#[cfg(feature = "sqlx-0_9")]
pub(in crate::db) async fn lend(
    pool: &sqlx::PgPool,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let server = (*pool.connect_options()).clone();
    let display = display(&server);
    let lent = pool.acquire().await.map_err(|error| crate::db::lent::refused(&display, &error))?;
    set_up(Link::lent(lent), server, display, options).await
}

/// Makes the session ready and finds out where the journal stands.
async fn set_up(
    mut connection: Link<sqlx::Postgres>,
    server: PgConnectOptions,
    display: String,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let mut outside = ServerSession {
        options: server,
        display: display.clone(),
        pid: None,
        started: String::new(),
        is_direct: false,
        is_one_server: false,
    };
    let mut waiter = Waiter::new(Arc::new(outside.clone()), options.silent_after);
    let before = match connection.is_lent() {
        true => waiter.on(Sent::Ours, session(&mut connection)).await?,
        false => Vec::new(),
    };
    let setup: Vec<String> = options.role.iter().map(|role| set_role(role)).collect();
    for (at, sql) in setup.iter().chain(&options.on_connect).enumerate() {
        if let Err(error) = waiter.on(Sent::Ours, rows(&mut connection, sql)).await {
            let of = if at < setup.len() { "role" } else { "on_connect" };
            return Err(crate::db::setup_failed(&display, of, error));
        }
    }
    let schema = options.table_schema.as_ref().map_or_else(
        || "pg_catalog.current_schema()".to_owned(),
        |schema| quote_literal(Dialect::Postgres, schema),
    );
    let sql = format!(
        "SELECT pg_catalog.pg_backend_pid(), {STARTED}, oid, datname, pg_catalog.pg_is_in_recovery(), \
         pg_catalog.version(), {schema} \
         FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()"
    );
    let told = waiter.on(Sent::Ours, rows(&mut connection, &sql)).await?;
    let [Some(pid), Some(started), Some(oid), Some(database), Some(follows), Some(version), schema] =
        told.first().map_or(&[][..], Vec::as_slice)
    else {
        return Err(DbError::Lost("the server does not report its version".to_owned()));
    };
    let Some(schema) = schema else {
        return Err(DbError::Journal {
            message: format!(
                "{display} has no schema for the journal: no schema of its search_path exists"
            ),
            hint: "name one with `table_schema` in store.yaml".to_owned(),
        });
    };

    let names = journal::names(&options.table_prefix);
    let tables = JournalTables::of(names.each_ref().map(|name| {
        format!(
            "{}.{}",
            quote_ident(Dialect::Postgres, schema),
            quote_ident(Dialect::Postgres, name)
        )
    }));
    let replica = match follows.starts_with('t') {
        true => Some(waiter.on(Sent::Ours, standby(&mut connection)).await?),
        false => None,
    };
    outside.pid = Some(pid.clone());
    outside.started.clone_from(started);
    waiter.look_by(Arc::new(outside.clone()));
    // For the server 0 would be for ever. What lies in between forgets a connection that nothing passes
    // through while a statement runs; sqlx leaves its own end of it without keepalives.
    let millis = options.statement_lock_timeout.as_millis().clamp(1, i32::MAX as u128);
    let timeouts = format!("SET lock_timeout = {millis}; SET tcp_keepalives_idle = 60");
    // What speaks PostgreSQL's protocol and grants every advisory lock; there the lock of a holder that has gone
    // tells nothing.
    let has_no_locks = ["CockroachDB", "-YB-"].iter().any(|name| version.contains(name));
    let is_leased = match options.lock {
        LockMode::Auto => has_no_locks,
        LockMode::Advisory => false,
        LockMode::Lease => true,
    };
    let key = lock::key(database, schema, &options.table_prefix);
    let lease = is_leased.then(|| {
        let node = Node {
            id: started.clone(),
            lock: format!("{key:016x}")[8..].to_owned(),
            is_member: None,
        };
        Lease::new(lease::Setting {
            dialect: Dialect::Postgres,
            table: tables.lock.clone(),
            node: (!has_no_locks).then_some(node),
            whole: None,
            before: None,
            setup: setup.clone(),
            aside: Arc::new(outside.clone()),
        })
    });
    let mut session: Vec<String> =
        ["RESET SESSION AUTHORIZATION", "RESET ALL", "RESET ROLE"].map(str::to_owned).to_vec();
    session.extend(before);
    let mut reset = session.clone();
    reset.extend(setup);
    reset.push(timeouts.clone());
    Ok(Box::new(Postgres {
        lease,
        replica,
        connection,
        waiter,
        outside,
        display,
        pid: pid.clone(),
        database: oid.clone(),
        tables,
        key,
        catalogue: journal::Catalogue {
            query: catalogue(schema, &names),
            names,
            text_type: "text",
            store: options.store.clone(),
        },
        schema: schema.clone(),
        is_direct: false,
        session,
        reset,
        timeouts,
        on_connect: options.on_connect.clone(),
    }))
}

/// Where a server is, and how to say so.
pub(super) struct Address {
    pub url: ServerUrl,
    pub server: PgConnectOptions,
    pub display: String,
}

/// Reads an address.
pub(super) fn address(options: &ConnectOptions) -> Result<Address, DbError> {
    let url = ServerUrl::parse(&options.url, &OPTIONS)?;
    one_host(&url)?;
    let server: PgConnectOptions = PgConnectOptions::from_url(&url.url)
        .map_err(|error| open::unreadable(&error, |text| url.scrub(text)))?;
    let mut server = server.extra_float_digits(None).disable_statement_logging();
    if server.get_application_name().is_none() {
        server = server.application_name(&crate::db::who());
    }
    let display = display(&server);
    Ok(Address { url, server, display })
}

/// libpq and its kin try one host after the other, and may be told which kind of server to look for.
fn one_host(url: &ServerUrl) -> Result<(), DbError> {
    let hosts: Vec<String> = url
        .url
        .query_pairs()
        .filter(|(key, _)| key == "host" || key == "hostaddr")
        .map(|(_, value)| value.into_owned())
        .chain(url.url.host_str().map(str::to_owned).filter(|host| host.contains(',')))
        .collect();
    if hosts.len() > 1 || hosts.iter().any(|host| host.contains(',')) {
        return Err(DbError::Url("it names several hosts: one is needed".to_owned()));
    }
    Ok(())
}

/// The names of the options of an address that are passed over.
pub(in crate::db) fn passed_over(url: &str) -> Result<Vec<String>, DbError> {
    Ok(ServerUrl::parse(url, &OPTIONS)?.passed_over)
}

/// The statements that make a session what this one is now, after a reset. A setting of an application's
/// own, such as `app.tenant`, is not among them: the server does not list those.
async fn session(connection: &mut PgConnection) -> Result<Vec<String>, DbError> {
    let told = rows(
        connection,
        "SELECT pg_catalog.format('SET SESSION AUTHORIZATION %I', session_user) UNION ALL \
         SELECT pg_catalog.format('SELECT pg_catalog.set_config(%L, %L, false)', name, setting) \
         FROM pg_catalog.pg_settings WHERE source = 'session' AND name <> ALL (ARRAY['role', \
         'session_authorization', 'transaction_deferrable', 'transaction_isolation', \
         'transaction_read_only']) UNION ALL \
         SELECT CASE pg_catalog.current_setting('role') WHEN 'none' THEN 'RESET ROLE' \
         ELSE pg_catalog.format('SET ROLE %I', pg_catalog.current_setting('role')) END",
    );
    Ok(told.await?.into_iter().flatten().flatten().collect())
}

/// The statement that takes a role.
pub(super) fn set_role(role: &str) -> String {
    format!("SET ROLE {}", quote_ident(Dialect::Postgres, role))
}

/// Opens a connection, within the time there is for it.
pub(super) async fn open(
    options: &PgConnectOptions,
    display: &str,
    scrub: &(dyn Fn(&str) -> String + Sync),
) -> Result<PgConnection, DbError> {
    let by_socket = options.get_socket().is_some() || options.get_host().starts_with('/');
    open::open(options, display, scrub, |error| hint(error, by_socket)).await
}

/// What to do about an error of connecting.
fn hint(error: &Error, by_socket: bool) -> Option<&'static str> {
    let code = match error {
        Error::Database(error) => error.code().map(|code| code.into_owned()),
        _ => None,
    };
    match (error, code.as_deref()) {
        // A pooling proxy has one code for all that it refuses.
        (_, Some("08P01")) if crate::db::error::words(error).contains("authentication") => {
            Some("check the user and the password in the url")
        }
        (_, Some("28P01" | "28000")) => Some("check the user and the password in the url"),
        (_, Some("3D000")) => Some("create the database first (createdb), or correct its name"),
        (_, Some("53300" | "57P03")) => Some("try again in a moment"),
        _ if crate::db::error::is_of_tls(error, by_socket) => Some(
            "`?sslmode=` sets the TLS mode: disable, prefer, require, verify-ca, \
             verify-full",
        ),
        (Error::Io(_), _) => {
            Some("check that the server is running, and the host and port in the url")
        }
        _ => None,
    }
}

fn display(options: &PgConnectOptions) -> String {
    let socket = options.get_socket().map(|socket| socket.display().to_string());
    let host = socket.as_deref().unwrap_or(options.get_host());
    let user = options.get_username();
    let database = options.get_database().unwrap_or(user);
    open::display("postgres", user, host, options.get_port(), database)
}

/// The columns of whatever has the names of the journal's tables.
fn catalogue(schema: &str, names: &[String; 5]) -> String {
    let literal = |text: &String| quote_literal(Dialect::Postgres, text);
    format!(
        "SELECT c.relname, CASE WHEN c.relkind IN ('r', 'p') THEN 1 ELSE 0 END, a.attname \
         FROM pg_catalog.pg_class c \
         JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         LEFT JOIN pg_catalog.pg_attribute a \
         ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         WHERE n.nspname = {} AND c.relname IN ({})",
        quote_literal(Dialect::Postgres, schema),
        names.iter().map(literal).collect::<Vec<_>>().join(", ")
    )
}

//! Connects to MySQL and MariaDB.

use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::{ConnectOptions as _, error::Error};

use std::sync::Arc;

use super::cluster::{self, Cluster, Member};
use super::outside::{SERVER, ServerSession};
use super::{Mysql, error, lock, rows};
use crate::db::error::joined;
use crate::db::lease::{self, Lease, Node};
use crate::db::link::Link;
use crate::db::url::{Options, ServerUrl};
use crate::db::wait::{Sent, Waiter};
use crate::db::{ConnectOptions, Connection, DbError, Row, journal, open};
use crate::sql::JournalTables;
use crate::store::LockMode;
use crate::text::{Dialect, quote_ident, quote_literal};

const OPTIONS: Options = Options {
    read: &[
        ("ssl-ca", "ssl-ca"),
        ("sslca", "ssl-ca"),
        ("ssl_ca", "ssl-ca"),
        ("ssl-cert", "ssl-cert"),
        ("sslcert", "ssl-cert"),
        ("ssl_cert", "ssl-cert"),
        ("ssl-key", "ssl-key"),
        ("sslkey", "ssl-key"),
        ("ssl_key", "ssl-key"),
        ("collation", "collation"),
        ("socket", "socket"),
        ("unix_socket", "socket"),
        ("timezone", "timezone"),
        ("time-zone", "timezone"),
        ("time_zone", "timezone"),
        ("statement-cache-capacity", "statement-cache-capacity"),
    ],
    modes: ["disabled", "preferred", "preferred", "required", "verify_ca", "verify_identity"],
    passed_over: &[
        "allow_local_infile",
        "autocommit",
        "binary_prefix",
        "buffered",
        // What is sent is UTF-8 whatever an application's own connection speaks.
        "charset",
        "client_flag",
        "client_flags",
        "compress",
        "connection_timeout",
        "consume_results",
        "get_warnings",
        "local_infile",
        "max_allowed_packet",
        "prepared_statement_cache_size",
        "program_name",
        "raise_on_warnings",
        "raw",
        "read_timeout",
        "statement_cache_size",
        "use_pure",
        "use_unicode",
        "write_timeout",
    ],
};

/// The session's variables that a revision may change and the next one must not inherit. Those that
/// a server does not have are left out.
const VARIABLES: &[&str] = &[
    "autocommit",
    "auto_increment_increment",
    "auto_increment_offset",
    "character_set_client",
    "character_set_results",
    "collation_connection",
    "completion_type",
    "default_storage_engine",
    "div_precision_increment",
    "explicit_defaults_for_timestamp",
    "foreign_key_checks",
    "group_concat_max_len",
    "innodb_strict_mode",
    "lc_time_names",
    "max_execution_time",
    "max_statement_time",
    "old_mode",
    "sql_auto_is_null",
    "sql_big_selects",
    "sql_generate_invisible_primary_key",
    "sql_mode",
    "sql_notes",
    "sql_quote_show_create",
    "sql_require_primary_key",
    "sql_safe_updates",
    "sql_select_limit",
    "sql_warnings",
    "time_zone",
    "transaction_isolation",
    "transaction_read_only",
    "tx_isolation",
    "tx_read_only",
    "unique_checks",
    "wait_timeout",
];

/// What is set for our own statements.
const TIMEOUTS: &[&str] = &[
    "group_replication_consistency",
    "innodb_lock_wait_timeout",
    "lock_wait_timeout",
    "system_versioning_alter_history",
    "wsrep_sync_wait",
];

/// Asks for variables of the session.
fn variables(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote_literal(Dialect::Mysql, name)).collect();
    format!("SHOW SESSION VARIABLES WHERE Variable_name IN ({})", names.join(", "))
}

/// sqlx asks for IGNORE_SPACE in its greeting, which the server's own client does not: with it the
/// name of a function, such as `count`, can no longer be a table's.
const MODE_OF_CLIENT: &str = "SET SESSION sql_mode = IF(FIND_IN_SET('IGNORE_SPACE', \
     @@GLOBAL.sql_mode), @@SESSION.sql_mode, TRIM(BOTH ',' FROM \
     REPLACE(CONCAT(',', @@SESSION.sql_mode, ','), ',IGNORE_SPACE,', ',')))";

/// What on MySQL only a privileged user may set, so that a reset must not name it.
const RESTRICTED: &[&str] = &[
    "explicit_defaults_for_timestamp",
    "innodb_strict_mode",
    "sql_generate_invisible_primary_key",
    "sql_require_primary_key",
];

/// Where a server is, and how it is shown.
pub(super) struct Address {
    pub url: ServerUrl,
    pub server: MySqlConnectOptions,
    pub display: String,
    /// The database, if one is named.
    database: Option<String>,
}

/// Reads the address of a database.
pub(super) fn address(options: &ConnectOptions) -> Result<Address, DbError> {
    let url = ServerUrl::parse(&options.url, &OPTIONS)?;
    let server = MySqlConnectOptions::from_url(&url.url)
        .map_err(|error| open::unreadable(&error, |text| url.scrub(text)))?;
    // As in the server's own client: the session stays what the server makes it.
    let mut server = server
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .set_names(false)
        .disable_statement_logging();
    set_names(&server)?;
    if !url.has("timezone") {
        server = server.timezone(None);
    }
    let database = server.get_database().map(str::to_owned);
    let display = display(&server, database.as_deref().unwrap_or_default());
    Ok(Address { url, server, display, database })
}

/// The names of the options of an address that are passed over.
pub(in crate::db) fn passed_over(url: &str) -> Result<Vec<String>, DbError> {
    let url = ServerUrl::parse(url, &OPTIONS)?;
    Ok(url.passed_over)
}

/// Connects and finds out where the journal stands.
pub(in crate::db) async fn connect(
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let Address { url, server, display, database } = address(options)?;
    let Some(database) = database else {
        return Err(DbError::Url("it names no database: mysql://user@host/DATABASE".to_owned()));
    };
    set_names(&server)?;
    let connection = open(&server, &display, &|text| url.scrub(text)).await?;
    set_up(Link::Own(connection), server, display, &database, options).await
}

/// Takes a connection of a pool.
#[cfg(feature = "sqlx-0_9")]
pub(in crate::db) async fn lend(
    pool: &sqlx::MySqlPool,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let server = (*pool.connect_options()).clone();
    let display = display(&server, server.get_database().unwrap_or_default());
    let lent = pool.acquire().await.map_err(|error| crate::db::lent::refused(&display, &error))?;
    set_up(Link::lent(lent), server, display, "", options).await
}

/// Of a server that takes no changes: what it says of the one that it follows. `None`: it follows none, or
/// does not tell this account.
async fn replica(
    connection: &mut Link<sqlx::MySql>,
    dialect: Dialect,
) -> Result<Option<String>, DbError> {
    const MASTER: [(&str, usize, usize); 1] = [("SHOW ALL SLAVES STATUS", 3, 5)];
    const SOURCE: [(&str, usize, usize); 2] = [
        (
            "SELECT member_host, member_port FROM performance_schema.replication_group_members \
             WHERE member_role = 'PRIMARY'",
            0,
            1,
        ),
        ("SHOW REPLICA STATUS", 1, 3),
    ];
    let sources: &[_] = match dialect {
        Dialect::Mariadb => &MASTER,
        _ => &SOURCE,
    };
    for (sql, host, port) in sources {
        let told = match rows(connection, sql).await {
            Ok(told) => told,
            // A right is missing.
            Err(DbError::Statement(_)) => continue,
            Err(error) => return Err(error),
        };
        let value = |at: usize| told.first()?.get(at)?.as_deref();
        if let (Some(host), Some(port)) = (value(*host), value(*port)) {
            return Ok(Some(format!("a replica of {host}:{port}")));
        }
    }
    Ok(None)
}

/// Makes the session ready and finds out where the journal stands. `database` is what the address says.
async fn set_up(
    mut connection: Link<sqlx::MySql>,
    server: MySqlConnectOptions,
    display: String,
    database: &str,
    options: &ConnectOptions,
) -> Result<Box<dyn Connection>, DbError> {
    let set_names = set_names(&server)?;
    let mut outside = ServerSession {
        options: server,
        display: display.clone(),
        id: None,
        server: String::new(),
        is_direct: false,
    };
    let mut waiter = Waiter::new(Arc::new(outside.clone()), options.silent_after);
    let before = match connection.is_lent() {
        true => {
            let all = variables(&[VARIABLES, TIMEOUTS].concat());
            waiter.on(Sent::Ours, rows(&mut connection, &all)).await?
        }
        false => Vec::new(),
    };

    let seconds = options.statement_lock_timeout.as_millis().div_ceil(1000).max(1);
    let timeouts = format!(
        // A table that keeps its history could not be altered otherwise.
        "SET SESSION lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds} \
             /*M!100304 , system_versioning_alter_history = 'KEEP' */"
    );
    // One round trip: the charset, the mode, what the server says of itself, the variables, and then the timeouts.
    let sql = format!(
        "{set_names}; {MODE_OF_CLIENT}; SELECT VERSION(), CONNECTION_ID(), {SERVER}, DATABASE(), \
         @@lower_case_table_names, @@max_allowed_packet, @@read_only /*M!100005 , CURRENT_ROLE() */; \
         {}; {timeouts}",
        variables(&[VARIABLES, cluster::VARIABLES].concat())
    );
    let told = waiter.on(Sent::Ours, rows(&mut connection, &sql)).await?;
    let Some((
        [
            Some(version),
            Some(id),
            Some(place),
            there,
            Some(case),
            Some(packet),
            Some(read_only),
            own_role @ ..,
        ],
        variables,
    )) = told.split_first().map(|(first, rest)| (first.as_slice(), rest))
    else {
        return Err(DbError::Lost("the server does not report its version".to_owned()));
    };
    outside.id = Some(id.clone());
    outside.server.clone_from(place);
    waiter.look_by(Arc::new(outside.clone()));
    // The server may have folded the name's case.
    let database = there.clone().unwrap_or_else(|| database.to_owned());
    if database.is_empty() {
        return Err(DbError::Url("the connection that is lent has no database".to_owned()));
    }
    let dialect = if version.to_ascii_lowercase().contains("mariadb") {
        Dialect::Mariadb
    } else {
        Dialect::Mysql
    };

    let (own, variables): (Vec<Row>, Vec<Row>) = variables
        .iter()
        .cloned()
        .partition(|row| row[0].as_deref().is_some_and(|name| cluster::VARIABLES.contains(&name)));
    let member = match Cluster::of(&own) {
        Some(cluster) => Some(waiter.on(Sent::Ours, Member::ask(&mut connection, cluster)).await?),
        None => None,
    };
    let mut timeouts = vec![timeouts];
    if let Some(member) = &member {
        timeouts.extend(member.session(dialect));
        let joined = joined(&timeouts);
        waiter.on(Sent::Ours, rows(&mut connection, &joined)).await?;
    }
    // MariaDB 12 has words for it.
    let follows = match matches!(read_only.as_str(), "0" | "OFF") {
        true => None,
        false => waiter.on(Sent::Ours, replica(&mut connection, dialect)).await?,
    };
    let trouble = member.as_ref().and_then(|member| member.trouble.clone());
    let replica = trouble.or(follows);
    let use_it = format!("USE {}", quote_ident(dialect, &database));
    let mut session = vec![use_it.clone(), variables_back(dialect, &before)];
    let mut reset = vec![use_it, variables_back(dialect, &variables)];
    reset.extend(timeouts);
    let mut setup = Vec::new();
    let own_role = match dialect {
        Dialect::Mariadb => {
            let role = own_role.first().cloned().flatten();
            let role = role.map_or_else(|| "NONE".to_owned(), |role| quote_ident(dialect, &role));
            Some(format!("SET ROLE {role}"))
        }
        _ if version.split('.').next().and_then(|major| major.parse().ok()) >= Some(8) => {
            Some("SET ROLE DEFAULT".to_owned())
        }
        _ => None,
    };
    session.extend(own_role.clone());
    if let Some(role) = &options.role {
        let sql = format!("SET ROLE {}", quote_ident(dialect, role));
        if let Err(error) = waiter.on(Sent::Ours, rows(&mut connection, &sql)).await {
            return Err(crate::db::setup_failed(&display, "role", error));
        }
        reset.push(sql.clone());
        setup.push(sql);
    } else {
        reset.extend(own_role);
    }
    for sql in &options.on_connect {
        if let Err(error) = waiter.on(Sent::Ours, rows(&mut connection, sql)).await {
            return Err(crate::db::setup_failed(&display, "on_connect", error));
        }
    }

    let schema = options.table_schema.clone().unwrap_or_else(|| database.clone());
    let mut names = journal::names(&options.table_prefix);
    if case != "0" {
        names = names.map(|name| name.to_lowercase());
    }
    let schema_name = quote_ident(dialect, &schema);
    let qualified = |name: &String| format!("{schema_name}.{}", quote_ident(dialect, name));
    let tables = JournalTables::of(names.each_ref().map(qualified));
    let lock = lock::name(&database, &schema, &options.table_prefix);
    let is_leased = match options.lock {
        LockMode::Auto => member.is_some(),
        LockMode::Advisory => false,
        LockMode::Lease => true,
    };
    let lease = is_leased.then(|| {
        // A server that is none of a cluster's has its place in the network for an id.
        let id = match &member {
            Some(member) => member.id.clone(),
            None => Some(place.clone()),
        };
        let node = id.map(|id| Node {
            id: id.chars().take(64).collect(),
            lock: lock[lock.len() - 8..].to_owned(),
            is_member: member.as_ref().and_then(Member::is_member),
        });
        Lease::new(lease::Setting {
            dialect,
            table: tables.lock.clone(),
            node,
            whole: member.as_ref().and_then(Member::is_whole),
            before: member.as_ref().and_then(|member| member.before_ddl(dialect)),
            setup,
            aside: Arc::new(outside.clone()),
        })
    });
    Ok(Box::new(Mysql {
        lease,
        replica,
        connection,
        waiter,
        outside,
        display,
        dialect,
        max_packet: packet.parse().unwrap_or(usize::MAX),
        tables,
        lock,
        catalogue: journal::Catalogue {
            query: catalogue(&schema, &names),
            names,
            text_type: "char",
            store: options.store.clone(),
        },
        schema,
        session,
        reset,
        on_connect: options.on_connect.clone(),
    }))
}

/// The charset that statements and results have on their way; sqlx would ask for it on its own.
fn set_names(options: &MySqlConnectOptions) -> Result<String, DbError> {
    let collation = options.get_collation();
    for name in [Some(options.get_charset()), collation].into_iter().flatten() {
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Err(DbError::Url("charset or collation is not a name".to_owned()));
        }
    }
    let collate = collation.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    Ok(format!("SET NAMES {}{collate}", options.get_charset()))
}

/// One statement that gives all variables the values they have.
fn variables_back(dialect: Dialect, rows: &[Row]) -> String {
    let mut set = Vec::new();
    for row in rows {
        let [Some(name), Some(value)] = &row[..] else { continue };
        // MySQL and MariaDB have two names each for these; the newer one is enough.
        let twin = match name.as_str() {
            "tx_isolation" => "transaction_isolation",
            "tx_read_only" => "transaction_read_only",
            _ => "",
        };
        let is_restricted = dialect != Dialect::Mariadb && RESTRICTED.contains(&name.as_str());
        if is_restricted || rows.iter().any(|row| row[0].as_deref() == Some(twin)) {
            continue;
        }
        let is_number = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let value = match value.as_str() {
            "ON" | "OFF" => value.clone(),
            "" if name == "character_set_results" => "NULL".to_owned(),
            _ if is_number => value.clone(),
            _ => quote_literal(Dialect::Mysql, value),
        };
        set.push(format!("{name} = {value}"));
    }
    format!("SET SESSION {}", set.join(", "))
}

/// Opens a connection, within the time there is for it.
pub(super) async fn open(
    options: &MySqlConnectOptions,
    display: &str,
    scrub: &(dyn Fn(&str) -> String + Sync),
) -> Result<MySqlConnection, DbError> {
    let by_socket = options.get_socket().is_some();
    let opened = open::open(options, display, scrub, |error| hint(error, by_socket)).await;
    opened.map_err(|error| match error {
        // sqlx says this of a feature that is not compiled in; what is missing is TLS.
        DbError::Connect { database, message, .. } if message.contains("RSA") => DbError::Connect {
            database,
            message: "the server asks for the password by caching_sha2_password or \
                          sha256_password, which without TLS would need it to be sent in the open"
                .to_owned(),
            hint: Some(
                "enable TLS on the server and use `?ssl-mode=required`, or connect by \
                     `?socket=`"
                    .to_owned(),
            ),
        },
        other => other,
    })
}

/// What to do about an error of connecting.
fn hint(error: &Error, by_socket: bool) -> Option<&'static str> {
    let number = match error {
        Error::Database(error) => error::number(&**error),
        _ => 0,
    };
    match (error, number) {
        (_, 1045 | 1698) => Some("check the user and the password in the url"),
        (_, 1044) => Some("grant this user access to the database (GRANT), or correct its name"),
        (_, 1524) => Some(
            "the account logs in by a plugin that this server does not have, such as mysql_native_password on \
             MySQL 9: `ALTER USER … IDENTIFIED WITH caching_sha2_password BY …`",
        ),
        (_, 1049) => Some("create the database first (CREATE DATABASE), or correct its name"),
        (_, 1040 | 1203 | 1226) => Some("try again in a moment"),
        _ if crate::db::error::is_of_tls(error, by_socket) => Some(
            "`?ssl-mode=` sets the TLS mode: disabled, preferred, required, \
             verify_ca, verify_identity",
        ),
        (Error::Io(_), _) => {
            Some("check that the server is running, and the host and port in the url")
        }
        _ => None,
    }
}

fn display(options: &MySqlConnectOptions, database: &str) -> String {
    let socket = options.get_socket().map(|socket| socket.display().to_string());
    let host = socket.as_deref().unwrap_or(options.get_host());
    open::display("mysql", options.get_username(), host, options.get_port(), database)
}

/// The columns of whatever has the names of the journal's tables. Each table is asked for by itself:
/// only for a constant schema and name does a server not open every table of the database.
fn catalogue(schema: &str, names: &[String; 5]) -> String {
    let schema = quote_literal(Dialect::Mysql, schema);
    let one = |name: &String| {
        let name = quote_literal(Dialect::Mysql, name);
        format!(
            "SELECT t.table_name, CASE WHEN t.table_type = 'VIEW' THEN 0 ELSE 1 END, c.column_name \
             FROM information_schema.tables t JOIN information_schema.columns c \
             ON c.table_schema = {schema} AND c.table_name = {name} \
             WHERE t.table_schema = {schema} AND t.table_name = {name}"
        )
    };
    names.each_ref().map(one).join(" UNION ALL ")
}

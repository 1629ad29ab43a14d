//! Scratch databases: made beside others on a server, with the character set of one of them, and removed
//! again. A connection holds a named lock for as long as one is wanted, so that what nobody holds is known
//! for a leftover.

use sqlx::Connection as _;
use sqlx::mysql::MySqlConnection;

use super::{connect, rows};
use crate::db::scratch::{Keeper, is_ours, new_name};
use crate::db::{ConnectOptions, Connection, DbError, Fence, Row, Scratch, ServerError};
use crate::store::LockMode;
use crate::text::{Dialect, quote_ident, quote_literal};

/// Character set and collation of the session's database.
const LIKE: &str = "SELECT @@character_set_database, @@collation_database";

/// Makes one.
pub(in crate::db) async fn make_scratch(
    server: &ConnectOptions,
    like: Option<&mut dyn Connection>,
) -> Result<Scratch, DbError> {
    let address = connect::address(server)?;
    let mut admin =
        connect::open(&address.server, &address.display, &|text| address.url.scrub(text)).await?;
    // The connection says nothing for a long time, and what another one holds must not be waited for.
    rows(&mut admin, "SET SESSION wait_timeout = 31536000, lock_wait_timeout = 5").await?;
    if let Some(role) = &server.role {
        let set = format!("SET ROLE {}", quoted(role));
        let taken = rows(&mut admin, &set).await;
        taken.map_err(|error| crate::db::setup_failed(&address.display, "role", error))?;
    }
    let like = match like {
        Some(like) => like.query(LIKE).await?,
        None => rows(&mut admin, LIKE).await?,
    };
    clear_leftovers(&mut admin).await?;

    let name = new_name();
    if !take(&mut admin, &name).await? {
        return Err(DbError::Statement(ServerError::new(
            "the server does not grant the lock of a scratch database",
            Some("try again"),
        )));
    }
    let create = format!("CREATE DATABASE {}{}", quoted(&name), charset(like));
    if let Err(error) = rows(&mut admin, &create).await {
        return Err(refused(error, &mut admin).await);
    }
    let mut url = address.url.url.clone();
    url.set_path(&name);
    let options = ConnectOptions {
        url: url.to_string(),
        table_schema: None,
        lock: LockMode::Advisory,
        ..server.clone()
    };
    Ok(Scratch::new(options, Fence::NoRights, Box::new(Database { admin, name })))
}

fn quoted(name: &str) -> String {
    quote_ident(Dialect::Mysql, name)
}

/// The words that give a database its character set and collation.
fn charset(like: Vec<Row>) -> String {
    match like.first().map(Vec::as_slice) {
        Some([Some(charset), Some(collation)]) => {
            format!(" CHARACTER SET {} COLLATE {}", quoted(charset), quoted(collation))
        }
        _ => String::new(),
    }
}

/// A database that is wanted, and the connection that says so.
struct Database {
    admin: MySqlConnection,
    name: String,
}

#[async_trait::async_trait]
impl Keeper for Database {
    async fn remove(mut self: Box<Self>) -> Result<(), DbError> {
        let dropped = drop_database(&mut self.admin, &self.name).await;
        crate::db::close(self.admin.close()).await;
        dropped
    }
}

async fn drop_database(admin: &mut MySqlConnection, name: &str) -> Result<(), DbError> {
    let drop_it = format!("DROP DATABASE IF EXISTS {}", quoted(name));
    match rows(admin, &drop_it).await {
        Err(DbError::LockTimeout(_)) => {}
        dropped => return dropped.map(drop),
    }
    // A transaction that nobody ends keeps a table.
    let sessions = format!(
        "SELECT id FROM information_schema.processlist WHERE db = {} AND id <> CONNECTION_ID()",
        quote_literal(Dialect::Mysql, name)
    );
    for id in rows(admin, &sessions).await?.iter().flatten().flatten() {
        // It may have ended by itself.
        let _ = rows(admin, &format!("KILL {id}")).await;
    }
    rows(admin, &drop_it).await.map(drop)
}

/// Takes the lock that says of a database that it is wanted; says whether it is ours.
async fn take(admin: &mut MySqlConnection, name: &str) -> Result<bool, DbError> {
    let sql = format!("SELECT GET_LOCK({}, 0)", quote_literal(Dialect::Mysql, name));
    Ok(rows(admin, &sql).await? == [[Some("1".to_owned())]])
}

/// Drops the databases of ours that nobody holds. Whoever makes one takes its lock first, so a lock that can
/// be had is a dead one's.
async fn clear_leftovers(admin: &mut MySqlConnection) -> Result<(), DbError> {
    const NAMES: &str = "SELECT schema_name FROM information_schema.schemata \
        WHERE LEFT(schema_name, 12) = 'rev_scratch_'";
    let names = rows(admin, NAMES).await?;
    for name in names.iter().filter_map(|row| row.first()?.as_deref()).filter(|name| is_ours(name))
    {
        if take(admin, name).await? {
            // What cannot be dropped is in nobody's way.
            let _ = drop_database(admin, name).await;
            let release = format!("SELECT RELEASE_LOCK({})", quote_literal(Dialect::Mysql, name));
            rows(admin, &release).await?;
        }
    }
    Ok(())
}

/// The error of a database that cannot be made.
async fn refused(error: DbError, admin: &mut MySqlConnection) -> DbError {
    let DbError::Statement(server) = &error else { return error };
    if !matches!(server.code.as_deref(), Some("1044" | "1045" | "1142" | "1227")) {
        return error;
    }
    let asked = rows(admin, "SELECT CURRENT_USER()").await.unwrap_or_default();
    let user = asked.first().and_then(|row| row.first()).cloned().flatten().unwrap_or_default();
    let (name, host) = user.rsplit_once('@').unwrap_or((&user, "%"));
    let literal = |text: &str| quote_literal(Dialect::Mysql, text);
    let account = format!("{}@{}", literal(name), literal(host));
    // Only MySQL has the variable; with it on, a pattern of names is taken for a name.
    let partial = rows(admin, "SELECT @@GLOBAL.partial_revokes").await.unwrap_or_default();
    let grant = match partial == [[Some("1".to_owned())]] {
        true => format!(
            "`GRANT ALL ON *.* TO {account}` (partial_revokes is on, and a grant on a pattern of names has no effect)"
        ),
        false => format!("`GRANT ALL ON `rev\\_scratch\\_%`.* TO {account}`"),
    };
    DbError::Statement(ServerError {
        message: format!(
            "the user {user} lacks the privilege to create databases: a scratch database is needed"
        ),
        hint: Some(format!(
            "grant it with {grant}, or name another server with `scratch_url` in store.yaml"
        )),
        ..server.clone()
    })
}

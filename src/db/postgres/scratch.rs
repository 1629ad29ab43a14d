//! Scratch databases: made beside others on a server, like one of them, and removed again. A connection
//! holds an advisory lock for as long as one is wanted, so that what nobody holds is known for a leftover.

use std::collections::BTreeSet;
use std::iter;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnectOptions, PgConnection};

use super::connect::{self, Address};
use super::read::setting;
use super::{lock, rows};
use crate::db::scratch::{Keeper, as_account, is_ours, new_name, new_password};
use crate::db::url::ServerUrl;
use crate::db::{
    ConnectOptions, Connection, DbError, Fence, Row, Scratch, ServerError, setup_failed,
};
use crate::store::LockMode;
use crate::text::{Dialect, quote_ident, quote_literal};

/// Makes one.
pub(in crate::db) async fn make_scratch(
    server: &ConnectOptions,
    like: Option<&mut dyn Connection>,
) -> Result<Scratch, DbError> {
    let address = connect::address(server)?;
    let mut admin = enter(&address, &address.server, server).await?;
    let like = match like {
        Some(like) => Like::read(like).await?,
        None => Like::encoding_of(rows(&mut admin, LIKE).await?)?,
    };
    clear_leftovers(&mut admin).await?;

    let powers = Powers::of(&mut admin).await?;
    let version = powers.version;
    let (name, account) = make(&mut admin, &like, &powers).await?;
    let is_superuser = powers.is_superuser;
    let says_maker = format!("SET {MAKER} TO {}", literal(&powers.name));
    let mut database = Database { admin, name, version, is_superuser };
    let made = match database.hurry().await {
        Ok(()) => fill(&address, &database.name, &like, server, account.is_ok()).await,
        Err(error) => Err(error),
    };
    let made = made.and_then(|()| {
        let otherwise = options(&address.url, &database.name, server)?;
        Ok(match account {
            Ok(password) => {
                let mut own = as_account(&otherwise, &database.name, &password)?;
                own.on_connect.insert(0, says_maker);
                (own, Fence::Account { otherwise: Box::new(otherwise) })
            }
            Err(why) => (otherwise, Fence::Missing(why)),
        })
    });
    match made {
        Ok((options, fence)) => Ok(Scratch::new(options, fence, Box::new(database))),
        Err(error) => {
            // What went wrong first is what matters; the next one made finds what is left.
            let _ = Box::new(database).remove().await;
            Err(error)
        }
    }
}

/// The setting that says who has made the role of a session, where that is one of a scratch database.
pub(super) const MAKER: &str = "rev.maker";

/// What the role that makes it may do.
struct Powers {
    name: String,
    version: u32,
    is_superuser: bool,
    /// Whether it may make roles, and is then what they are.
    makes_roles: bool,
    inherits: bool,
    /// What is set for its sessions in all databases.
    settings: Vec<String>,
}

impl Powers {
    async fn of(admin: &mut PgConnection) -> Result<Powers, DbError> {
        let told = rows(admin, POWERS).await?;
        let mut told = told.into_iter();
        let first = told.next().unwrap_or_default();
        let [Some(name), Some(version), Some(superuser), Some(roles), Some(inherits)] =
            first.as_slice()
        else {
            return Err(DbError::Lost("the server does not report its role".to_owned()));
        };
        let is = |flag: &str| flag.starts_with('t');
        Ok(Powers {
            name: name.clone(),
            version: version.parse().unwrap_or_default(),
            is_superuser: is(superuser),
            makes_roles: is(roles),
            inherits: is(inherits),
            settings: told.filter_map(|row| row.into_iter().next()?).collect(),
        })
    }

    /// Makes a role that has the rights of nobody, and says its password; why not, if it may not.
    async fn make_role(
        &self,
        admin: &mut PgConnection,
        name: &str,
    ) -> Result<Result<String, String>, DbError> {
        let own = quoted(&self.name);
        if !self.is_superuser && !self.makes_roles {
            return Ok(Err(format!(
                "the role {own} may not create roles (`ALTER ROLE {own} CREATEROLE`)"
            )));
        }
        if !self.is_superuser && !self.inherits {
            return Ok(Err(format!(
                "the role {own} does not have the rights of roles that it creates \
                 (`ALTER ROLE {own} INHERIT`)"
            )));
        }
        let (password, role) = (new_password(), quoted(name));
        let mut sql = format!(
            "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS \
             PASSWORD {}",
            literal(&password)
        );
        if !self.is_superuser {
            let with = if self.version >= 160_000 { " WITH INHERIT TRUE, SET TRUE" } else { "" };
            sql.push_str(&format!("; GRANT {role} TO CURRENT_USER{with}"));
        }
        for set in &self.settings {
            sql.push_str(&format!("; ALTER ROLE {role} SET {}", setting(set)));
        }
        match rows(admin, &sql).await {
            Ok(_) => Ok(Ok(password)),
            Err(DbError::Statement(error)) if error.code.as_deref() != Some("42710") => {
                Ok(Err(format!("no role can be created for it: {error}")))
            }
            Err(error) => Err(error),
        }
    }
}

/// Makes the database, under a name that nobody has and whose lock is ours, and a role of that name that
/// owns it; says that one's password, or why there is none.
async fn make(
    admin: &mut PgConnection,
    like: &Like,
    powers: &Powers,
) -> Result<(String, Result<String, String>), DbError> {
    let mut tries = 0;
    loop {
        let name = new_name();
        let lock = format!("pg_catalog.pg_try_advisory_lock({})", key(&name));
        let locked = number(admin, &format!("SELECT CASE WHEN {lock} THEN 1 ELSE 0 END")).await?;
        let error = match locked {
            0 => DbError::Lost("the server grants no lock for a scratch database".to_owned()),
            _ => match powers.make_role(admin, &name).await {
                Ok(account) => {
                    let owner = account.as_ref().ok().map(|_| name.as_str());
                    let create = like.create(&name, owner, powers.version);
                    match rows(admin, &create).await {
                        Ok(_) => return Ok((name, account)),
                        Err(error) => {
                            drop_role(admin, &name).await;
                            error
                        }
                    }
                }
                Err(error) => error,
            },
        };
        // A name that is drawn twice is unlikely, and costs another draw.
        let is_taken = locked == 0
            || matches!(&error, DbError::Statement(server) if matches!(server.code.as_deref(), Some("42P04" | "42710")));
        tries += 1;
        if !is_taken || tries == 20 {
            return Err(refused(error, admin).await);
        }
    }
}

/// Opens a connection in the role that is to be taken.
async fn enter(
    address: &Address,
    to: &PgConnectOptions,
    server: &ConnectOptions,
) -> Result<PgConnection, DbError> {
    let scrub = |text: &str| address.url.scrub(text);
    let mut connection = connect::open(to, &address.display, &scrub).await?;
    // The connection that holds the lock says nothing for a long time.
    const UNLIMITED: &str = "SELECT pg_catalog.set_config(s.name, '0', false) \
        FROM pg_catalog.pg_settings s WHERE s.name = 'idle_session_timeout'";
    rows(&mut connection, UNLIMITED).await?;
    if let Some(role) = &server.role {
        let set = connect::set_role(role);
        let taken = rows(&mut connection, &set).await;
        taken.map_err(|error| setup_failed(&address.display, "role", error))?;
    }
    Ok(connection)
}

/// The lock that says of a database that it is wanted.
fn key(name: &str) -> i64 {
    lock::key(name, "", "scratch")
}

fn quoted(name: &str) -> String {
    quote_ident(Dialect::Postgres, name)
}

fn literal(text: &str) -> String {
    quote_literal(Dialect::Postgres, text)
}

async fn number(connection: &mut PgConnection, sql: &str) -> Result<u32, DbError> {
    let rows = rows(connection, sql).await?;
    let value = rows.first().and_then(|row| row.first()).and_then(Option::as_deref);
    Ok(value.and_then(|value| value.parse().ok()).unwrap_or_default())
}

/// A database that is wanted, and the connection that says so.
struct Database {
    admin: PgConnection,
    name: String,
    version: u32,
    is_superuser: bool,
}

impl Database {
    /// Lets no statement in it wait for the disk: nobody misses what a crash of the server takes.
    async fn hurry(&mut self) -> Result<(), DbError> {
        let sql = format!("ALTER DATABASE {} SET synchronous_commit = off", quoted(&self.name));
        rows(&mut self.admin, &sql).await.map(drop)
    }
}

#[async_trait::async_trait]
impl Keeper for Database {
    async fn lift(&mut self, is_lifted: bool) -> Result<bool, DbError> {
        if !self.is_superuser {
            return Ok(false);
        }
        let no = if is_lifted { "" } else { "NO" };
        rows(&mut self.admin, &format!("ALTER ROLE {} {no}SUPERUSER", quoted(&self.name))).await?;
        Ok(true)
    }

    async fn remove(mut self: Box<Self>) -> Result<(), DbError> {
        let dropped = drop_database(&mut self.admin, &self.name, self.version).await;
        if dropped.is_ok() {
            drop_role(&mut self.admin, &self.name).await;
        }
        crate::db::close(self.admin.close()).await;
        dropped
    }
}

/// Drops a database, even while others are connected to it.
async fn drop_database(admin: &mut PgConnection, name: &str, version: u32) -> Result<(), DbError> {
    let mut sql = format!("DROP DATABASE IF EXISTS {}", quoted(name));
    if version >= 130_000 {
        sql.push_str(" WITH (FORCE)");
    } else {
        let end = format!(
            "SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a \
             WHERE a.datname = {}",
            literal(name)
        );
        rows(admin, &end).await?;
    }
    rows(admin, &sql).await.map(drop)
}

/// Drops the role of a database that is gone. What keeps it is a grant somewhere else, which is nobody's
/// harm; the next one made tries again.
async fn drop_role(admin: &mut PgConnection, name: &str) {
    let _ = rows(admin, &format!("DROP ROLE IF EXISTS {}", quoted(name))).await;
}

/// Drops the databases of ours that nobody holds, and roles whose database is gone. Whoever makes one takes its lock first, so the names are
/// asked for before the locks; these count in whichever database of the server they were taken.
async fn clear_leftovers(admin: &mut PgConnection) -> Result<(), DbError> {
    const NAMES: &str = "SELECT d.datname FROM pg_catalog.pg_database d \
        JOIN pg_catalog.pg_roles r ON r.oid = d.datdba AND (r.rolname = current_user \
        OR r.rolname = d.datname AND pg_catalog.pg_has_role(r.oid, 'USAGE')) \
        WHERE d.datname LIKE 'rev\\_scratch\\_%' UNION \
        SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname LIKE 'rev\\_scratch\\_%' \
        AND pg_catalog.pg_has_role(r.oid, 'USAGE') AND NOT EXISTS (\
        SELECT 1 FROM pg_catalog.pg_database d WHERE d.datname = r.rolname)";
    const LOCKS: &str = "SELECT (l.classid::bigint << 32) | l.objid::bigint FROM pg_catalog.pg_locks l \
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted";
    let names = rows(admin, NAMES).await?;
    let names: Vec<&str> = names.iter().filter_map(|row| row.first()?.as_deref()).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| is_ours(name)).collect();
    if names.is_empty() {
        return Ok(());
    }
    let held = rows(admin, LOCKS).await?;
    let held: BTreeSet<&str> = held.iter().filter_map(|row| row.first()?.as_deref()).collect();
    let version = number(admin, "SELECT pg_catalog.current_setting('server_version_num')").await?;
    for name in names.into_iter().filter(|name| !held.contains(key(name).to_string().as_str())) {
        // Another one may be dropping it just now, and what cannot be dropped is in nobody's way.
        let _ = drop_database(admin, name, version).await;
        drop_role(admin, name).await;
    }
    Ok(())
}

/// The error of a database that cannot be made.
async fn refused(error: DbError, admin: &mut PgConnection) -> DbError {
    let DbError::Statement(server) = &error else { return error };
    if server.code.as_deref() != Some("42501") {
        return error;
    }
    let asked = rows(admin, "SELECT current_user").await.unwrap_or_default();
    let role = asked.first().and_then(|row| row.first()).cloned().flatten().unwrap_or_default();
    let role = quoted(&role);
    DbError::Statement(ServerError {
        message: format!(
            "the role {role} lacks the privilege to create databases: a scratch database is needed"
        ),
        hint: Some(format!(
            "grant it with `ALTER ROLE {role} CREATEDB`, or name another server with \
             `scratch_url` in store.yaml"
        )),
        ..server.clone()
    })
}

/// Name, version, whether it is a superuser, makes roles, has the rights of roles that it is in; then what
/// is set for all its sessions, as far as any role may.
const POWERS: &str = "SELECT r.rolname, pg_catalog.current_setting('server_version_num'), r.rolsuper, \
    r.rolcreaterole, r.rolinherit FROM pg_catalog.pg_roles r WHERE r.rolname = current_user; \
    SELECT k.setting FROM pg_catalog.pg_db_role_setting s \
    CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) k(setting) \
    JOIN pg_catalog.pg_settings g ON g.name = pg_catalog.split_part(k.setting, '=', 1) \
    AND g.context = 'user' WHERE s.setdatabase = 0 \
    AND s.setrole = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)";

/// Encoding, collation, kind of character, who provides them, their locale and rules.
const LIKE: &str = "SELECT pg_catalog.pg_encoding_to_char(d.encoding), \
    pg_catalog.to_jsonb(d)->>'datcollate', pg_catalog.to_jsonb(d)->>'datctype', \
    pg_catalog.to_jsonb(d)->>'datlocprovider', \
    COALESCE(pg_catalog.to_jsonb(d)->>'datlocale', pg_catalog.to_jsonb(d)->>'daticulocale'), \
    pg_catalog.to_jsonb(d)->>'daticurules' \
    FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()";

/// The schemas that no extension makes.
const SCHEMAS: &str = "SELECT n.nspname FROM pg_catalog.pg_namespace n \
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS (\
    SELECT 1 FROM pg_catalog.pg_depend x WHERE x.objid = n.oid AND x.deptype = 'e' \
    AND x.classid = 'pg_catalog.pg_namespace'::pg_catalog.regclass) ORDER BY 1";

/// The extensions, those first that others need.
const EXTENSIONS: &str = "SELECT e.extname, n.nspname, e.extversion FROM pg_catalog.pg_extension e \
    JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql' ORDER BY e.oid";

/// What the database sets for its sessions, for all roles and then for ours, as far as any role may.
const SETTINGS: &str = "SELECT k.setting FROM pg_catalog.pg_db_role_setting s \
    CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) WITH ORDINALITY k(setting, at) \
    JOIN pg_catalog.pg_settings g ON g.name = pg_catalog.split_part(k.setting, '=', 1) \
    AND g.context = 'user' \
    WHERE s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d \
    WHERE d.datname = pg_catalog.current_database()) \
    AND s.setrole IN (0, (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = session_user)) \
    ORDER BY s.setrole, k.at";

/// What a database is to be like.
#[derive(Default)]
struct Like {
    encoding: String,
    collate: Option<String>,
    ctype: Option<String>,
    provider: Option<String>,
    locale: Option<String>,
    rules: Option<String>,
    /// Whose they are, where there is one to be like in more than its encoding.
    of: Option<String>,
    schemas: Vec<String>,
    /// Names, schemas and versions.
    extensions: Vec<(String, String, String)>,
    settings: Vec<String>,
}

impl Like {
    fn encoding_of(rows: Vec<Row>) -> Result<Like, DbError> {
        let mut row =
            rows.into_iter().next().unwrap_or_default().into_iter().chain(iter::repeat(None));
        let mut next = || row.next().flatten();
        let Some(encoding) = next() else {
            return Err(DbError::Lost(
                "the server does not report the properties of its database".to_owned(),
            ));
        };
        let [collate, ctype, provider, locale, rules] = std::array::from_fn(|_| next());
        Ok(Like { encoding, collate, ctype, provider, locale, rules, ..Like::default() })
    }

    async fn read(connection: &mut dyn Connection) -> Result<Like, DbError> {
        let like = Like::encoding_of(connection.query(LIKE).await?)?;
        let one =
            |rows: Vec<Row>| rows.into_iter().filter_map(|row| row.into_iter().next()?).collect();
        let schemas = one(connection.query(SCHEMAS).await?);
        let settings = one(connection.query(SETTINGS).await?);
        let extensions = connection.query(EXTENSIONS).await?.into_iter().filter_map(|row| {
            let [name, schema, version] = row.try_into().ok()?;
            Some((name?, schema?, version?))
        });
        let extensions = extensions.collect();
        Ok(Like {
            of: Some(connection.display().to_owned()),
            schemas,
            extensions,
            settings,
            ..like
        })
    }

    /// The statement that makes the database.
    fn create(&self, name: &str, owner: Option<&str>, version: u32) -> String {
        let owner = owner.map(|owner| format!(" OWNER {}", quoted(owner))).unwrap_or_default();
        let mut sql = format!(
            "CREATE DATABASE {}{owner} TEMPLATE template0 ENCODING {}",
            quoted(name),
            literal(&self.encoding)
        );
        let mut say = |words: &str, value: Option<&String>| {
            if let Some(value) = value {
                sql.push_str(&format!(" {words} {}", literal(value)));
            }
        };
        say("LC_COLLATE", self.collate.as_ref());
        say("LC_CTYPE", self.ctype.as_ref());
        if version >= 150_000 {
            match self.provider.as_deref() {
                Some("i") => {
                    say("LOCALE_PROVIDER", Some(&"icu".to_owned()));
                    say("ICU_LOCALE", self.locale.as_ref());
                    say("ICU_RULES", self.rules.as_ref());
                }
                Some("b") if version >= 170_000 => {
                    say("LOCALE_PROVIDER", Some(&"builtin".to_owned()));
                    say("BUILTIN_LOCALE", self.locale.as_ref());
                }
                _ => say("LOCALE_PROVIDER", Some(&"libc".to_owned())),
            }
        }
        sql
    }
}

/// Puts into the database what it has to have beside what is replayed in it.
async fn fill(
    address: &Address,
    name: &str,
    like: &Like,
    server: &ConnectOptions,
    is_fenced: bool,
) -> Result<(), DbError> {
    let Some(of) = &like.of else { return Ok(()) };
    let to = address.server.clone().database(name);
    let mut connection = enter(address, &to, server).await?;
    let owner = match is_fenced {
        true => format!(" AUTHORIZATION {}", quoted(name)),
        false => String::new(),
    };
    let filled = fill_with(&mut connection, address, (name, &owner), like, of).await;
    crate::db::close(connection.close()).await;
    filled
}

async fn fill_with(
    connection: &mut PgConnection,
    address: &Address,
    (name, owner): (&str, &str),
    like: &Like,
    of: &str,
) -> Result<(), DbError> {
    if !like.schemas.iter().any(|schema| schema == "public") {
        // Before version 15 it may be another's; then it stays, empty.
        let _ = rows(connection, "DROP SCHEMA IF EXISTS public").await;
    }
    for schema in &like.schemas {
        let sql = format!("CREATE SCHEMA IF NOT EXISTS {}{owner}", quoted(schema));
        rows(connection, &sql).await?;
    }
    for set in &like.settings {
        let sql = format!("ALTER DATABASE {} SET {}", quoted(name), setting(set));
        rows(connection, &sql).await?;
    }
    if like.extensions.is_empty() {
        return Ok(());
    }
    let available = rows(
        connection,
        "SELECT v.name, v.version FROM pg_catalog.pg_available_extension_versions v",
    )
    .await?;
    let has = |wanted: &str, version: Option<&str>| {
        available.iter().any(|row| match row.as_slice() {
            [Some(name), Some(one)] => {
                name == wanted && version.is_none_or(|version| version == one)
            }
            _ => false,
        })
    };
    let cannot = |what: &str, why: Option<&ServerError>| {
        DbError::Statement(ServerError {
            message: format!("{} {what}, which {of} has", address.display),
            hint: Some(
                "install it there, or name a server that has it with `scratch_url` in store.yaml"
                    .to_owned(),
            ),
            detail: why.map(|why| why.message.clone()),
            ..why.cloned().unwrap_or_default()
        })
    };
    for (extension, schema, version) in &like.extensions {
        if !has(extension, None) {
            return Err(cannot(&format!("lacks the extension {extension}"), None));
        }
        let mut sql = format!(
            "CREATE EXTENSION IF NOT EXISTS {} SCHEMA {}",
            quoted(extension),
            quoted(schema)
        );
        if has(extension, Some(version)) {
            sql.push_str(&format!(" VERSION {}", literal(version)));
        }
        match rows(connection, &sql).await {
            Ok(_) => {}
            Err(DbError::Statement(why)) => {
                let what = format!("cannot create the extension {extension}");
                return Err(cannot(&what, Some(&why)));
            }
            Err(other) => return Err(other),
        }
    }
    Ok(())
}

/// How to connect to the database: as to the server, but to another one of it.
fn options(
    url: &ServerUrl,
    name: &str,
    server: &ConnectOptions,
) -> Result<ConnectOptions, DbError> {
    let mut url = url.url.clone();
    url.set_path(name);
    if url.query_pairs().any(|(key, _)| key == "dbname") {
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let others = pairs.iter().filter(|(key, _)| key != "dbname");
        url.query_pairs_mut().clear().extend_pairs(others);
        if url.query() == Some("") {
            url.set_query(None);
        }
    }
    Ok(ConnectOptions { url: url.to_string(), lock: LockMode::Advisory, ..server.clone() })
}

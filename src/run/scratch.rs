//! Scratch databases: made, worked on, and always removed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crate::db::{
    self, Canceller, ConnectOptions, Connection, DbError, Fence, Scratch, ServerError,
};
use crate::store::{DatabaseSettings, Kind, Secret, Store};
use crate::text::{self, Fenced, TokenKind};

use super::database::options;
use super::{Cancel, Database, Error};

/// How long work that is asked to stop has for it before it is given up.
const GRACE: Duration = Duration::from_secs(10);

/// How long making and removing a database have for it at least.
const LEAST: Duration = Duration::from_secs(3);

/// How often a statement is asked to stop.
const AGAIN: Duration = Duration::from_millis(200);

/// Works on a scratch database, which is removed whatever comes of it. It has the encoding, collation
/// and extensions of `template_database`. SQLite's is a temporary file; on a server it stands beside a database of
/// `kind: development`, or on the server of `scratch_url`.
///
/// # Errors
/// No server for it, or it cannot be made or removed there; as the work; [`Error::GivenUp`].
pub async fn with_scratch<T>(
    store: &Store,
    settings: &DatabaseSettings,
    template_database: Option<&mut Database>,
    cancel: &Cancel,
    work: impl AsyncFnOnce(&mut Database) -> Result<T, Error>,
) -> Result<T, Error> {
    let server = tokio::select! {
        biased;
        () = cancel.cancelled() => return Err(Error::GivenUp),
        server = server(store, settings) => server?,
    };
    let own =
        template_database.as_ref().map(|template_database| template_database.connection.dialect());
    let template_database: Option<&mut dyn Connection> = match template_database {
        Some(template_database) => Some(template_database.connection.as_mut()),
        None => None,
    };
    // What is begun here is not given up half-way: the database would be left behind.
    let made = db::make_scratch(&server, template_database);
    let scratch = in_time(cancel, made).await.ok_or(Error::GivenUp)??;
    let (outcome, is_whole, scratch) = match connect(settings, scratch).await {
        Ok(mut database) => {
            database.connection.heed(cancel);
            let outcome = match own.filter(|own| *own != database.connection.dialect()) {
                Some(own) => Err(Error::Refused {
                    message: format!(
                        "the scratch database is {}, and {} is {own}",
                        database.connection.dialect(),
                        settings.name
                    ),
                    hint: Some("give a `scratch_url` of a server of the same kind".to_owned()),
                }),
                None => Ok(()),
            };
            let outcome = match outcome {
                Ok(()) => {
                    let canceller = database.connection.canceller();
                    until_stopped(cancel, canceller, work(&mut database)).await
                }
                Err(error) => Some(Err(error)),
            };
            let scratch = database.scratch.take().map(|throwaway| throwaway.scratch);
            if outcome.is_some() {
                database.close().await;
            }
            let is_whole = outcome.is_some();
            (outcome.unwrap_or(Err(Error::GivenUp)), is_whole, scratch)
        }
        Err(refused) => {
            let (error, scratch) = *refused;
            (Err(error.into()), true, Some(scratch))
        }
    };
    let Some(scratch) = scratch else { return outcome };
    let removed = in_time(cancel, scratch.remove()).await;
    let outcome = outcome?;
    match removed {
        Some(Err(error)) if is_whole => Err(error.into()),
        _ => Ok(outcome),
    }
}

/// What work comes to; `None`: somebody asked to stop, and a server does not answer.
async fn in_time<T>(cancel: &Cancel, work: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        outcome = work => Some(outcome),
        () = cancel.overdue(LEAST) => None,
    }
}

/// What is known of a database that is thrown away in the end.
pub(super) struct Throwaway {
    scratch: Scratch,
    /// Why rights do not keep its statements from reaching anything else; `None`: they do.
    unfenced: Option<String>,
    /// What was sent that nobody can tell what it does, and no rights keep from it.
    unknown: Option<&'static str>,
}

impl Throwaway {
    fn is_fenced(&self) -> bool {
        self.unfenced.is_none() && matches!(self.scratch.fence, Fence::Account { .. })
    }
}

/// Connects to it, as its account if the server lets that one in.
async fn connect(
    settings: &DatabaseSettings,
    scratch: Scratch,
) -> Result<Database, Box<(DbError, Scratch)>> {
    let (options, connection, unfenced) =
        match (db::connect(&scratch.options).await, &scratch.fence) {
            (Ok(connection), Fence::Missing(why)) => {
                (scratch.options.clone(), connection, Some(why.clone()))
            }
            (Ok(connection), _) => (scratch.options.clone(), connection, None),
            (Err(DbError::Connect { message, .. }), Fence::Account { otherwise }) => {
                match db::connect(otherwise).await {
                    Ok(connection) => {
                        let why = format!("its own account cannot connect: {message}");
                        ((**otherwise).clone(), connection, Some(why))
                    }
                    Err(error) => return Err(Box::new((error, scratch))),
                }
            }
            (Err(error), _) => return Err(Box::new((error, scratch))),
        };
    let settings = DatabaseSettings {
        url: Secret::new(&options.url),
        base: options.base,
        kind: Kind::Development,
        role: options.role,
        on_connect: options.on_connect,
        table_schema: None,
        schema: Vec::new(),
        scratch_url: None,
        ..settings.clone()
    };
    let scratch = Some(Throwaway { scratch, unfenced, unknown: None });
    Ok(Database { settings, connection, scratch, reaching: BTreeMap::new() })
}

/// How to connect to the server that a scratch database is to stand on.
async fn server(store: &Store, settings: &DatabaseSettings) -> Result<ConnectOptions, Error> {
    let mut own = options(settings, true);
    let dialect = db::dialect_of(&own.url)?;
    if db::scratch_needs_server(&own.url)? {
        match store.scratch_url(settings).await? {
            // The role is one of the database's own server.
            Some(url) => {
                own.url = url.reveal().to_owned();
                own.role = None;
            }
            None if settings.kind == Kind::Development => {}
            None => return Err(no_server(settings)),
        }
    }
    let other = db::dialect_of(&own.url)?;
    if !dialect.is_kin_of(other) {
        return Err(Error::Refused {
            message: format!(
                "`scratch_url` leads to {other}, and the database {} is {dialect}",
                settings.name
            ),
            hint: Some("give the address of a server of the same kind".to_owned()),
        });
    }
    // The journal's schema is made by nobody there, and what leads out of a database must not be done
    // on connecting either.
    own.table_schema = None;
    own.on_connect.retain(|sql| text::reaches_out(dialect, sql).is_none());
    Ok(own)
}

fn no_server(settings: &DatabaseSettings) -> Error {
    let name = &settings.name;
    Error::Refused {
        message: format!(
            "a scratch database cannot be created beside {name}, which is not of `kind: development`: \
             on PostgreSQL a role, and on MySQL and MariaDB a qualified name, reaches from one \
             database into another"
        ),
        hint: Some(format!(
            "give `scratch_url` under databases.{name} in store.yaml, the address of a server for \
             scratch databases; or set `kind: development`, if nothing on that server matters"
        )),
    }
}

/// Awaits work; on a wish to stop its statement is cancelled, again and again. `None`: it has not come to
/// its end even so, and what it worked on is not to be used any more.
async fn until_stopped<T>(
    cancel: &Cancel,
    canceller: Arc<dyn Canceller>,
    work: impl Future<Output = Result<T, Error>>,
) -> Option<Result<T, Error>> {
    let mut work = pin!(work);
    tokio::select! {
        biased;
        outcome = &mut work => return Some(outcome),
        () = cancel.cancelled() => {}
    }
    let asked = async {
        loop {
            // One that fails is no worse than one that comes too early.
            let _ = canceller.cancel().await;
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::select! {
        biased;
        outcome = &mut work => Some(outcome.map_err(|_| Error::GivenUp)),
        () = asked => None,
        () = tokio::time::sleep(GRACE) => None,
    }
}

impl Database {
    /// What a routine does that a statement names, unless the statement only defines or drops it.
    fn may_call(&mut self, sql: &str) -> Option<String> {
        if self.reaching.is_empty() {
            return None;
        }
        let dialect = self.connection.dialect();
        let tokens = text::tokens(dialect, sql);
        // A setting may stand in front.
        let setting = tokens.iter().take_while(|token| token.sort != TokenKind::Terminator).count();
        let tokens = match tokens.first()?.is("SET") {
            true => tokens.get(setting + 1..)?,
            false => &tokens[..],
        };
        let mut words = tokens.iter().filter(|token| !token.is_any(&["OR", "REPLACE"]));
        let (first, second) = (words.next()?, words.next()?);
        let is_routine = second.is_any(&["FUNCTION", "PROCEDURE", "ROUTINE"]);
        if first.is_any(&["COMMENT", "GRANT", "REVOKE"])
            || first.is_any(&["DROP", "ALTER"]) && is_routine
        {
            return None;
        }
        let names = text::names_in(dialect, sql);
        let (routine, why) =
            names.iter().find_map(|name| self.reaching.get_key_value(name.as_str()))?;
        let why = format!("names {routine}, which {why}");
        let (true, true) = (first.is("CREATE"), is_routine) else { return Some(why) };
        // It calls it when it is called itself.
        let at = tokens.iter().position(|token| token.is_symbol("("))?;
        let own = text::name_of(dialect, tokens.get(at.checked_sub(1)?)?)?;
        self.reaching.insert(own, why);
        None
    }

    /// Sends a statement of a revision or of a desired schema. To a database that is thrown away in the
    /// end nothing is sent that reaches beyond it, as far as its words tell, and what is there before
    /// anything runs, as in the database that it is made like, is not made again. A routine may be stored
    /// there whatever its body says, as long as nothing that could call it follows. Where the session is
    /// one of an account with rights on that database alone, whatever is made belongs to it.
    ///
    /// # Errors
    /// What reaches beyond a database that is thrown away; as the server answers.
    pub(super) async fn send(&mut self, sql: &str, rows: Option<&str>) -> Result<(), DbError> {
        let Some(is_fenced) = self.scratch.as_ref().map(|scratch| scratch.is_fenced()) else {
            return match rows {
                Some(rows) => self.connection.copy_in(sql, rows).await,
                None => self.connection.execute(sql).await,
            };
        };
        let dialect = self.connection.dialect();
        let admitted = self.admitted(sql)?;
        if let Some(rows) = rows {
            return self.connection.copy_in(&admitted, rows).await;
        }
        let fenced = text::fenced(dialect, &admitted);
        if !is_fenced {
            self.is_unknown(&fenced, &admitted);
            return self.connection.execute(&admitted).await;
        }
        let sent = match fenced.privileged {
            true => {
                self.is_unknown(&fenced, &admitted);
                self.send_privileged(&fenced.sql).await
            }
            false => self.connection.execute(&fenced.sql).await,
        };
        sent.map_err(|error| self.lacks_right(error))
    }

    /// Keeps in mind a statement of which nobody can tell what it does.
    fn is_unknown(&mut self, fenced: &Fenced<'_>, sql: &str) {
        let dialect = self.connection.dialect();
        let Some(scratch) = &mut self.scratch else { return };
        if scratch.unknown.is_none() && fenced.unbound {
            scratch.unknown = Some("a routine in an untrusted language");
        } else if scratch.unknown.is_none()
            && !scratch.is_fenced()
            && text::runs_dynamic_sql(dialect, sql)
        {
            scratch.unknown = Some("dynamic SQL");
        }
    }

    /// Sends a statement that only defines something, with the rights of a superuser where who made the
    /// database has them.
    async fn send_privileged(&mut self, sql: &str) -> Result<(), DbError> {
        // One of the account's own would run its function with those rights.
        if self.connection.has_own_event_triggers().await? {
            return self.connection.execute(sql).await;
        }
        let Some(own) = &mut self.scratch else { return self.connection.execute(sql).await };
        if !own.scratch.lift(true).await? {
            return self.connection.execute(sql).await;
        }
        let sent = self.connection.execute_one(sql).await;
        own.scratch.lift(false).await?;
        sent
    }

    /// Says of a right that is missing whose it would have to be.
    fn lacks_right(&self, error: DbError) -> DbError {
        match error {
            DbError::Statement(server)
                if server.hint.is_none()
                    && matches!(
                        server.code.as_deref(),
                        Some("42501" | "1044" | "1142" | "1227" | "1370")
                    ) =>
            {
                DbError::Statement(ServerError {
                    hint: Some(
                        "the scratch database has an account of its own, without rights on anything \
                         else"
                            .to_owned(),
                    ),
                    ..server
                })
            }
            error => error,
        }
    }

    /// Why what was worked out on this scratch database is not isolated from the rest of its server.
    pub(super) fn not_isolated(&self) -> Option<String> {
        let scratch = self.scratch.as_ref()?;
        let unknown = scratch.unknown?;
        Some(match &scratch.unfenced {
            Some(why) => format!(
                "not isolated: {unknown} ran in a scratch database that is not fenced by rights: {why}"
            ),
            None => format!("not isolated: {unknown} was created in the scratch database"),
        })
    }

    /// Why rights do not keep statements in this scratch database from reaching anything else.
    pub(super) fn not_fenced(&self) -> Option<String> {
        let why = self.scratch.as_ref()?.unfenced.as_ref()?;
        Some(format!("the scratch database is not fenced by rights: {why}"))
    }

    /// A statement as it is sent to a scratch database.
    fn admitted<'s>(&mut self, sql: &'s str) -> Result<Cow<'s, str>, DbError> {
        let dialect = self.connection.dialect();
        let reaches = match text::reaches_out_when_called(dialect, sql) {
            Some((routine, why)) => {
                self.reaching.insert(routine, why);
                None
            }
            None => text::reaches_out(dialect, sql).or_else(|| self.may_call(sql)),
        };
        match reaches {
            None => Ok(text::unless_there(dialect, sql)),
            Some(why) => Err(DbError::Statement(ServerError::new(
                format!("the statement {why}"),
                Some(
                    "statements that reach outside of their database are not run in a scratch database",
                ),
            ))),
        }
    }
}

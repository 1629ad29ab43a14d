//! Reads the desired schema of a database: its sources are loaded into a scratch database, so that the
//! server says of both sides in the same words what they hold.

use std::collections::BTreeSet;

use crate::db;
use crate::model::{Catalog, Entry, ObjectKind, Schema};
use crate::sql::{self, LowerError, Source};
use crate::store::{DatabaseSettings, SchemaContent, SchemaFile, SchemaFrom, SchemaSource, Store};
use crate::text::{self, Kind, Piece};

use super::child::shown;
use super::error::Unloadable;
use super::output::output_of;
use super::{Cancel, Database, Error, Event, with_scratch};

/// What a database should hold, as `schema` in `store.yaml` says; `template_database` as in [`with_scratch`].
///
/// # Errors
/// No `schema`; a source that cannot be read or loaded; as [`with_scratch`].
pub async fn desired(
    store: &Store,
    settings: &DatabaseSettings,
    template_database: Option<&mut Database>,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<Catalog, Error> {
    let name = &settings.name;
    match settings.schema.as_slice() {
        [] => Err(Error::Refused {
            message: format!("store.yaml has no desired schema for the database {name}"),
            hint: Some(format!(
                "write `schema: [{{file: schema.sql}}]` under databases.{name}, or `- {{program: \
                 [python, print_ddl.py]}}` for what prints the SQL of your models"
            )),
        }),
        [source] if source.from == SchemaFrom::Database => {
            read_database(store, settings, source, cancel).await
        }
        sources => {
            with_scratch(store, settings, template_database, cancel, async |database| {
                let mut loader =
                    Loader { store, database, cancel, events, schemas: BTreeSet::new() };
                for source in sources {
                    loader.source(settings, source).await?;
                }
                let schemas = loader.schemas;
                let not = database.not_isolated().or_else(|| database.not_fenced());
                not.into_iter().for_each(|not| events(Event::Notice(not)));
                let mut catalog = database.connection.read_catalog().await?;
                forget_unsaid_schemas(&mut catalog, &schemas);
                Ok(catalog)
            })
            .await
        }
    }
}

/// Runs the SQL of `seed` in a scratch database, which has tables by then.
///
/// # Errors
/// A file that is not there, a statement that fails.
pub(super) async fn load_seed(
    store: &Store,
    database: &mut Database,
    cancel: &Cancel,
    events: &mut (dyn FnMut(Event) + Send),
) -> Result<(), Error> {
    let files = store.seed_files(&database.settings)?;
    let mut loader = Loader { store, database, cancel, events, schemas: BTreeSet::new() };
    for SchemaFile { file, content } in files {
        let loaded = match content {
            SchemaContent::Sql(text) => loader.sql(&file, &text).await,
            SchemaContent::Operations(entries) => loader.operations(&file, &entries).await,
        };
        loaded.map_err(|error| match error {
            Error::Unloadable(failed) => Error::Seed(failed),
            error => error,
        })?;
    }
    Ok(())
}

/// Schemas are there before the models are loaded, as in the database that they are for: one that the
/// models do not make, and have nothing in, is none of theirs.
fn forget_unsaid_schemas(catalog: &mut Catalog, said: &BTreeSet<String>) {
    let used: BTreeSet<String> =
        catalog.objects.keys().filter_map(|key| key.name.schema.clone()).collect();
    catalog.objects.retain(|key, _| {
        let name = &key.name.name;
        key.kind != ObjectKind::Schema || said.contains(name) || used.contains(name)
    });
}

/// What another database holds.
async fn read_database(
    store: &Store,
    settings: &DatabaseSettings,
    source: &SchemaSource,
    cancel: &Cancel,
) -> Result<Catalog, Error> {
    let read = async {
        let other = store.schema_database(&settings.name, source).await?;
        let (own, found) =
            (db::dialect_of(settings.url.reveal())?, db::dialect_of(other.url.reveal())?);
        if !own.is_kin_of(found) {
            return Err(Error::Refused {
                message: format!(
                    "the desired schema is a database of {found}, and {} is {own}",
                    settings.name
                ),
                hint: Some("name a database of the same kind".to_owned()),
            });
        }
        let mut database = Database::connect(other, false).await?;
        let catalog = database.connection.read_catalog().await;
        database.close().await;
        Ok(catalog?)
    };
    tokio::select! {
        biased;
        () = cancel.cancelled() => Err(Error::GivenUp),
        catalog = read => catalog,
    }
}

/// Loads sources into a scratch database.
struct Loader<'a> {
    store: &'a Store,
    database: &'a mut Database,
    cancel: &'a Cancel,
    events: &'a mut (dyn FnMut(Event) + Send),
    /// The schemas that the models make.
    schemas: BTreeSet<String>,
}

impl Loader<'_> {
    async fn source(
        &mut self,
        settings: &DatabaseSettings,
        source: &SchemaSource,
    ) -> Result<(), Error> {
        match &source.from {
            SchemaFrom::File(path) => {
                for file in self.store.schema_files(path, source)? {
                    match &file.content {
                        SchemaContent::Sql(text) => self.sql(&file.file, text).await?,
                        SchemaContent::Operations(entries) => {
                            self.operations(&file.file, entries).await?;
                        }
                    }
                }
                Ok(())
            }
            SchemaFrom::Program { command, timeout } => {
                let (store, line) = (self.store, source.line);
                let (printed, said) =
                    output_of(store, self.database, command, *timeout, line, self.cancel).await?;
                let shown = shown(command);
                for line in said {
                    (self.events)(Event::Notice(format!("`{shown}` says: {line}")));
                }
                let from = format!("output of `{shown}`");
                self.sql(&from, &printed).await
            }
            // Such a source stands alone, and is not loaded.
            SchemaFrom::Database => Err(Error::Refused {
                message: format!("the desired schema of {} names a database", settings.name),
                hint: Some("name no other source".to_owned()),
            }),
        }
    }

    /// Runs a text of SQL in a session of its own.
    async fn sql(&mut self, file: &str, sql: &str) -> Result<(), Error> {
        let dialect = self.database.connection.dialect();
        let at = |line| Source { file: file.to_owned(), line };
        let pieces = text::split(dialect, sql).map_err(|error| LowerError {
            message: error.message,
            at: at(error.line),
            hint: error.hint,
            unknown: None,
        })?;
        for Piece { sql, line, copy_data, .. } in pieces {
            match text::kind(dialect, &sql) {
                // A dump may hold a transaction around all; here each statement commits by itself.
                Kind::TransactionControl(_) | Kind::Savepoint(_) => continue,
                Kind::Dml | Kind::Other => {}
            }
            self.statement(&sql, at(line), copy_data.as_deref()).await?;
        }
        self.reset().await
    }

    async fn operations(&mut self, file: &str, entries: &[Entry]) -> Result<(), Error> {
        let dialect = self.database.connection.dialect();
        let mut schema = match sql::needs_schema(entries, dialect) {
            true => self.database.connection.read_schema(&sql::schemas(entries)).await?,
            false => Schema::default(),
        };
        let statements = sql::lower(entries, dialect, file, &mut schema)?;
        if let Some(session_guard) = sql::dialect(dialect).session_guard() {
            self.database.connection.execute(session_guard.before).await?;
        }
        for statement in statements {
            let rows = statement.copy_data.as_deref();
            self.statement(&statement.sql, statement.source, rows).await?;
        }
        self.reset().await
    }

    async fn statement(
        &mut self,
        sql: &str,
        source: Source,
        rows: Option<&str>,
    ) -> Result<(), Error> {
        if self.cancel.is_cancelled() {
            return Err(Error::GivenUp);
        }
        let failed = |error, sql: &str| {
            Error::Unloadable(Box::new(Unloadable { source, sql: sql.to_owned(), error }))
        };
        self.schemas.extend(text::schema_made(self.database.connection.dialect(), sql));
        self.database.send(sql, rows).await.map_err(|error| failed(error, sql))
    }

    /// Puts the session back: a dump sets what it likes, such as an empty search path.
    async fn reset(&mut self) -> Result<(), Error> {
        let connection = &mut self.database.connection;
        let reset = connection.reset();
        connection.batch(&reset).await?;
        let behind =
            [connection.reset_outside().to_vec(), connection.on_connect().to_vec()].concat();
        for sql in behind {
            connection.execute(&sql).await?;
        }
        Ok(())
    }
}

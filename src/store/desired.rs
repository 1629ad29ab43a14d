//! The desired schema of a database: where it comes from, and its files.

use std::path::Path;
use std::time::Duration;

use super::config::{DatabaseConfig, Url};
use super::files::text;
use super::problems::Problems;
use super::{CONFIG, DatabaseSettings, Secret, Store, StoreError, open, operations, values};
use crate::model::Entry;

/// How long a program may take to print a schema, where nothing is said.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A source of a desired schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaSource {
    /// The line of `store.yaml` that it stands on.
    pub line: usize,
    /// Where it comes from.
    pub from: SchemaFrom,
}

/// Where a part of a desired schema comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaFrom {
    /// A file of SQL or YAML, or a folder of SQL files, relative to the store; see
    /// [`Store::schema_files`].
    File(String),
    /// A command that prints SQL.
    Program {
        /// The program and its arguments.
        command: Vec<String>,
        /// How long it may take.
        timeout: Duration,
    },
    /// Another database; see [`Store::schema_database`].
    Database,
}

/// The address of a server for scratch databases, not asked for yet; see [`Store::scratch_url`].
#[derive(Debug, Clone)]
pub struct ScratchUrl {
    pub(super) url: Url,
    pub(super) line: Option<usize>,
}

/// A file of a desired schema.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaFile {
    /// Its name, relative to the store.
    pub file: String,
    /// What it says.
    pub content: SchemaContent,
}

/// What a file of a desired schema says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum SchemaContent {
    /// SQL.
    Sql(String),
    /// Operations.
    Operations(Vec<Entry>),
}

/// The sources of a database's desired schema, in order.
pub(super) fn sources(config: &DatabaseConfig) -> Vec<SchemaSource> {
    let sources = config.schema.iter().map(|source| SchemaSource {
        line: source.line,
        from: match (&source.file, &source.program) {
            (Some(file), _) => SchemaFrom::File(file.clone()),
            (_, Some(command)) => SchemaFrom::Program {
                command: command.clone(),
                timeout: source.timeout.map_or(TIMEOUT, |timeout| timeout.0),
            },
            _ => SchemaFrom::Database,
        },
    });
    sources.collect()
}

impl Store {
    /// The address of the server for scratch databases beside a database; `None`: store.yaml names
    /// none. It is async as [`Store::database`] is.
    ///
    /// # Errors
    /// A variable that is not set, a file or command that fails.
    pub async fn scratch_url(
        &self,
        settings: &DatabaseSettings,
    ) -> Result<Option<Secret>, StoreError> {
        let Some(ScratchUrl { url, line }) = &settings.scratch_url else { return Ok(None) };
        let address = values::Address { what: "scratch_url", url, line: *line };
        values::url(&settings.name, &address, &self.root, &self.variables).await.map(Some)
    }

    /// The database that is the desired schema of another: what a [`SchemaFrom::Database`] names.
    /// It is async as [`Store::database`] is.
    ///
    /// # Errors
    /// No such database or source, a variable that is not set, a file or command that fails.
    pub async fn schema_database(
        &self,
        database: &str,
        source: &SchemaSource,
    ) -> Result<DatabaseSettings, StoreError> {
        let config = self.config_of(database)?;
        let named = config.schema.iter().find(|own| own.line == source.line);
        let line = Some(source.line);
        match named.map(|own| (&own.database, &own.url)) {
            Some((Some(name), _)) => self.database(name).await,
            Some((_, Some(url))) => {
                let address = values::Address { what: "url", url, line };
                let url = values::url(database, &address, &self.root, &self.variables).await?;
                let settings = self.settings(database, config, url);
                // They are about this database, and the address may be anybody's.
                Ok(DatabaseSettings { role: None, on_connect: Vec::new(), ..settings })
            }
            _ => Err(StoreError::Value {
                message: format!("the desired schema of {database} is not a database"),
                file: CONFIG.to_owned(),
                line,
                hint: None,
            }),
        }
    }

    /// Reads the files of a desired schema: one, or those of a folder in the order of their names.
    ///
    /// # Errors
    /// No such file, a folder without SQL, every problem of a file in YAML, with file and line.
    pub fn schema_files(
        &self,
        path: &str,
        source: &SchemaSource,
    ) -> Result<Vec<SchemaFile>, StoreError> {
        self.files_at(path, Some(source.line))
    }

    /// Reads the files with rows for replays, in order.
    ///
    /// # Errors
    /// As [`Store::schema_files`].
    pub fn seed_files(&self, settings: &DatabaseSettings) -> Result<Vec<SchemaFile>, StoreError> {
        let line = self.config_of(&settings.name)?.seed_line;
        let files = settings.seed.iter().map(|path| self.files_at(path, line));
        Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
    }

    /// Reads a file, or those of a folder, that a line of store.yaml names.
    fn files_at(&self, path: &str, line: Option<usize>) -> Result<Vec<SchemaFile>, StoreError> {
        let error = |message: String, hint: &str| StoreError::Value {
            message,
            file: CONFIG.to_owned(),
            line,
            hint: Some(hint.to_owned()),
        };
        let path = path.strip_prefix("./").unwrap_or(path).trim_end_matches('/');
        let hint = "write the path of the file from store.yaml's folder";
        let names = match self.files.folder(path) {
            Ok(None) => vec![path.to_owned()],
            Ok(Some(names)) => {
                let sql = names.into_iter().filter(|name| has_ending(name, &["sql"]));
                let mut names: Vec<String> = sql.map(|name| format!("{path}/{name}")).collect();
                names.sort();
                names
            }
            Err(cause) => return Err(error(format!("{path} cannot be read: {cause}"), hint)),
        };
        if names.is_empty() {
            let hint = "files of SQL end in .sql";
            return Err(error(format!("the folder {path} has no SQL files"), hint));
        }
        let read = |name: String| {
            if has_ending(&name, &["yaml", "yml"]) {
                let content = SchemaContent::Operations(self.schema_operations(&name)?);
                return Ok(SchemaFile { file: name, content });
            }
            let content = SchemaContent::Sql(self.text_of(&name)?.replace("\r\n", "\n"));
            Ok(SchemaFile { file: name, content })
        };
        names.into_iter().map(read).collect()
    }

    /// Reads a list of operations that create a desired schema, from a file in YAML whose path is
    /// relative to the store. What has no name gets one, as in a new revision.
    ///
    /// # Errors
    /// The file cannot be read; every problem of it, with its line.
    pub fn schema_operations(&self, path: &str) -> Result<Vec<Entry>, StoreError> {
        let text = self.text_of(path)?;
        operations::schema(&text, path, self.naming())
            .map_err(|problems| open::sorted(problems, |_| Some(text.clone())))
    }

    fn text_of(&self, file: &str) -> Result<String, StoreError> {
        let mut problems = Problems::of(file);
        match text(self.files.read(file)?, &mut problems) {
            Some(text) => Ok(text),
            None => Err(open::sorted(problems.list, |file| self.files.text(file))),
        }
    }
}

fn has_ending(name: &str, endings: &[&str]) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| endings.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

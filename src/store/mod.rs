//! The store on disk: find it, read it with positions, check it, write to it, embed it.
//! YAML stays inside this room.

mod body;
mod check;
pub(crate) mod child;
pub mod clock;
mod complaint;
mod config;
mod desired;
mod document;
mod files;
mod formats;
#[cfg(test)]
mod fuzz;
mod header;
mod init;
mod layout;
mod literal;
mod names;
mod open;
mod operations;
mod patch;
mod place;
mod problems;
mod proof;
mod read;
mod read_config;
mod revision;
mod rules;
mod scalar;
mod schema;
mod sections;
mod tags;
mod values;
#[cfg(unix)]
pub mod watchdog;
mod write;
mod yaml;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::config::{Config, DatabaseConfig};
pub use self::desired::{SchemaContent, SchemaFile, SchemaFrom, SchemaSource, ScratchUrl};
use self::files::Files;
pub use self::init::{NewStore, TEMPLATES, Template, init};
pub use self::layout::operations_text;
use self::open::{Entry, Opened};
use self::place::Place;
pub use self::proof::{ProofFile, ProvenLine, ProvenRevision};
pub use self::schema::schemas;
use crate::graph::Graph;
use crate::model::{Filter, Header, Id, Naming, Operation, Revision};
use crate::text::Excerpt;

/// The file that makes a folder a store.
const CONFIG: &str = "store.yaml";

/// One thing that is wrong in a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the store.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What was meant, or what to do.
    pub hint: Option<String>,
    /// The column, counted from 1 in characters.
    pub column: Option<usize>,
    /// The line as it stands in the file, with the place in it. What may be secret in `store.yaml` is not
    /// shown.
    pub excerpt: Option<Excerpt>,
    place: Option<Place>,
}

impl Problem {
    /// A problem whose excerpt is not looked for yet.
    fn at(file: &str, place: Option<Place>, message: String, hint: Option<String>) -> Problem {
        let line = place.map(|place| place.line);
        Problem { file: file.to_owned(), line, message, hint, place, ..Problem::default() }
    }
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No `store.yaml` here or above.
    #[error("there is no store.yaml in {} or above it", .0.display())]
    NotFound(PathBuf),
    /// The files are not right: every problem found.
    #[error("the store has {} problem(s)", .0.len())]
    Problems(Vec<Problem>),
    /// `-d` names no database, or is needed.
    #[error("{message}")]
    Database {
        /// What is wrong.
        message: String,
        /// The databases there are.
        known: Vec<String>,
    },
    /// A value cannot be resolved: a variable that is not set, a command that failed.
    #[error("{message}")]
    Value {
        /// What is wrong; never the value of a secret.
        message: String,
        /// The file.
        file: String,
        /// The line.
        line: Option<usize>,
        /// What to do.
        hint: Option<String>,
    },
    /// A file cannot be read or written; the text names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// What was asked for cannot be done.
    #[error("{message}")]
    Refused {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

/// How freely a database may be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// Never asks.
    Development,
    /// Asks on a terminal before a dangerous plan.
    #[default]
    Shared,
    /// A dangerous plan needs `--yes`.
    Protected,
}

impl Kind {
    /// Its word in `store.yaml`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Development => "development",
            Kind::Shared => "shared",
            Kind::Protected => "protected",
        }
    }
}

/// How a run is cut into transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TransactionMode {
    /// One for each revision.
    #[default]
    PerRevision,
    /// One around all.
    All,
    /// None.
    None,
}

/// What keeps migrators from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LockMode {
    /// The server's own lock, and a lease where that is known not to hold for all: on Galera, in group
    /// replication, on engines that only speak PostgreSQL's protocol.
    #[default]
    Auto,
    /// The server's own lock alone.
    Advisory,
    /// The server's own lock, and a lease in the journal's table rev_lock.
    Lease,
}

/// The form of a revision file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// YAML.
    #[default]
    Yaml,
    /// SQL with a header in comments.
    Sql,
}

/// A text that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides a text.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// A database's settings, every value resolved.
#[derive(Debug, Clone)]
pub struct DatabaseSettings {
    /// The name in `store.yaml`.
    pub name: String,
    /// The address, with its password.
    pub url: Secret,
    /// The folder that a relative SQLite path starts from.
    pub base: PathBuf,
    /// How freely it may be changed.
    pub kind: Kind,
    /// The labels it takes; empty: the whole graph.
    pub lines: Vec<String>,
    /// The role to take on connecting.
    pub role: Option<String>,
    /// SQL to run on connecting.
    pub on_connect: Vec<String>,
    /// What the journal's tables begin with.
    pub table_prefix: String,
    /// The schema (or database) that the journal's tables stand in.
    pub table_schema: Option<String>,
    /// How a run is cut into transactions.
    pub transaction: TransactionMode,
    /// What keeps migrators from each other.
    pub lock: LockMode,
    /// How long to wait for another migrator.
    pub lock_timeout: Duration,
    /// How long a statement waits for a table.
    pub statement_lock_timeout: Duration,
    /// How long a server that is waited for may show no sign of life; `None`: for ever.
    pub silent_after: Option<Duration>,
    /// Where its desired schema comes from, in order.
    pub schema: Vec<SchemaSource>,
    /// The server for scratch databases beside it.
    pub scratch_url: Option<ScratchUrl>,
    /// The files with rows for replays; see [`Store::seed_files`].
    pub seed: Vec<String>,
    /// What is compared of it.
    pub filter: Filter,
    /// The id of the store, which its journal keeps; `None`: the store has none.
    pub store: Option<String>,
}

/// What the command line says about where values come from.
#[derive(Clone, Default)]
pub struct Variables {
    /// The values of `-x NAME=VALUE`.
    pub x: BTreeMap<String, String>,
}

// A value may be a password.
impl std::fmt::Debug for Variables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.x.keys()).finish()
    }
}

/// Operations that are given for a new revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenOperations {
    /// A list in YAML.
    pub text: String,
    /// What problems call where it comes from.
    pub from: String,
}

/// What a new revision does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum NewBody {
    /// Operations as somebody has written them; what has no name in them gets one by the store's
    /// convention.
    Given(GivenOperations),
    /// Operations that were worked out.
    Made(Body),
}

/// A body that was worked out; it is written as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Body {
    /// What applies it.
    pub up: Vec<Operation>,
    /// What takes it back; `None`: it is left out, and so derived.
    pub down: Option<Vec<Operation>>,
    /// What stands above it, a line each, as comments.
    pub comments: Vec<String>,
}

/// A revision to be written.
#[derive(Debug, Clone)]
pub struct NewRevision {
    /// Its header; the file name follows from it.
    pub header: Header,
    /// Its form; `None`: the store's.
    pub format: Option<Format>,
    /// The folder; `None`: beside its parent, else the first.
    pub folder: Option<PathBuf>,
    /// What it does, to be written in YAML. `None`: a body to be filled in.
    pub body: Option<NewBody>,
}

/// A revision file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// Hooks that failed: what to show.
    pub hook_failures: Vec<String>,
}

/// An open store: its configuration, the headers of its revisions and their graph.
#[derive(Debug)]
pub struct Store {
    root: PathBuf,
    files: Files,
    config: Config,
    graph: Graph,
    entries: HashMap<Id, Entry>,
    tags: BTreeMap<String, Vec<Id>>,
    variables: Variables,
}

impl Store {
    /// The folder of the nearest `store.yaml`, from `start` upwards.
    ///
    /// # Errors
    /// There is none.
    pub fn find(start: &Path) -> Result<PathBuf, StoreError> {
        let start = std::path::absolute(start)?;
        let found = start.ancestors().find(|folder| folder.join(CONFIG).is_file());
        found.map(Path::to_owned).ok_or(StoreError::NotFound(start))
    }

    /// Reads `store.yaml` and the header of every revision, and checks them.
    ///
    /// # Errors
    /// Every problem found, with file and line.
    pub fn open(root: &Path, variables: Variables) -> Result<Store, StoreError> {
        if !root.join(CONFIG).is_file() {
            return Err(StoreError::NotFound(root.to_owned()));
        }
        Store::read(root.to_owned(), Files::Disk(root.to_owned()), variables)
    }

    /// Reads a store that is embedded in the program by `include_dir!`. A relative SQLite path, a
    /// `.env` and a file with a url are looked for in the current folder.
    ///
    /// ```
    /// use include_dir::{Dir, DirEntry, File};
    /// use revdag::store::{Store, Variables};
    ///
    /// // In a program: static STORE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/db");
    /// static FILES: &[DirEntry<'static>] = &[
    ///     DirEntry::File(File::new("store.yaml", b"databases: {default: {url: 'sqlite://app.db'}}")),
    ///     DirEntry::Dir(Dir::new("revisions", &[])),
    /// ];
    /// static STORE: Dir<'static> = Dir::new("", FILES);
    ///
    /// let store = Store::embedded(&STORE, Variables::default())?;
    /// assert_eq!(store.database_names(), ["default"]);
    /// # Ok::<(), revdag::store::StoreError>(())
    /// ```
    ///
    /// # Errors
    /// Every problem found, with file and line.
    pub fn embedded(
        dir: &'static include_dir::Dir<'static>,
        variables: Variables,
    ) -> Result<Store, StoreError> {
        Store::read(PathBuf::from("."), Files::Embedded(dir), variables)
    }

    fn read(root: PathBuf, files: Files, variables: Variables) -> Result<Store, StoreError> {
        let Opened { config, graph, entries, tags } = open::open(&files)?;
        Ok(Store { root, files, config, graph, entries, tags, variables })
    }

    /// The folder that holds `store.yaml`.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The graph of all revisions.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// How names are made for what has none.
    pub fn naming(&self) -> &Naming {
        &self.config.names.0
    }

    /// The tags: names for sets of revisions.
    pub fn tags(&self) -> &BTreeMap<String, Vec<Id>> {
        &self.tags
    }

    /// A revision's header.
    pub fn header(&self, id: &Id) -> Option<&Header> {
        self.entries.get(id).map(|entry| &entry.header)
    }

    /// A revision's file, relative to the store, with `/` between folders.
    pub fn file(&self, id: &Id) -> Option<&str> {
        self.entries.get(id).map(|entry| entry.file.as_str())
    }

    /// Reads a revision whole.
    ///
    /// # Errors
    /// Every problem of its body, with file and line.
    pub fn revision(&self, id: &Id) -> Result<Revision, StoreError> {
        let Some(entry) = self.entries.get(id) else {
            return Err(StoreError::Refused {
                message: format!("the store has no revision {id}"),
                hint: None,
            });
        };
        let revision = read::revision(&self.files, &entry.file)
            .map_err(|problems| open::sorted(problems, |file| self.files.text(file)))?;
        if revision.header != entry.header {
            return Err(StoreError::Refused {
                message: format!("{} was changed while it was being read", entry.file),
                hint: Some("run the command again".to_owned()),
            });
        }
        Ok(revision)
    }

    /// A revision by a text of its own, such as one that a database has stored.
    ///
    /// # Errors
    /// Every problem of the text.
    pub(crate) fn revision_of_text(file: &str, text: &str) -> Result<Revision, StoreError> {
        read::revision_of_text(file, text.as_bytes().to_vec())
            .map_err(|problems| open::sorted(problems, |_| None))
    }

    /// The lines of a statement in the file in which it begins on this line; `None`: it does not stand
    /// there word for word.
    pub(crate) fn excerpt(&self, file: &str, line: usize, statement: &Excerpt) -> Option<Excerpt> {
        statement.in_file(&self.files.text(file)?, line)
    }

    /// The line of a file of the store at `root` that a message is about, counted from 1 like the column
    /// in it, or the whole of the `statement` that begins there; `None`: that is not in it word for word,
    /// or something in it may be secret.
    pub fn lines_about(
        root: &Path,
        file: &str,
        line: usize,
        column: Option<usize>,
        statement: Option<&Excerpt>,
    ) -> Option<Excerpt> {
        let text = fs_err::read_to_string(root.join(file)).ok()?;
        match statement {
            Some(statement) => statement.in_file(&text, line),
            None => place::line_of(file, &text, line, column),
        }
    }

    /// The names of the databases, in the order of `store.yaml`.
    pub fn database_names(&self) -> Vec<&str> {
        self.config.databases.0.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The database that `-d` names: without it `default`, else the only one.
    ///
    /// # Errors
    /// No such database, or several and none of them named.
    pub fn database_name<'a>(&'a self, wanted: Option<&'a str>) -> Result<&'a str, StoreError> {
        let names = self.database_names();
        let message = match (wanted, names.as_slice()) {
            (Some(wanted), names) if names.contains(&wanted) => return Ok(wanted),
            (Some(wanted), _) => format!("store.yaml has no database {wanted:?}"),
            (None, names) if names.contains(&"default") => return Ok("default"),
            (None, [only]) => return Ok(only),
            (None, []) => "store.yaml names no database".to_owned(),
            (None, _) => "there are several databases, and none of them is the default".to_owned(),
        };
        Err(StoreError::Database { message, known: names.into_iter().map(str::to_owned).collect() })
    }

    /// The labels that a database takes, without resolving anything else of it.
    pub fn lines(&self, database: &str) -> &[String] {
        self.config_of(database).map_or(&[], |config| config.labels())
    }

    /// How freely a database may be changed, without resolving anything else of it.
    pub fn kind(&self, database: &str) -> Kind {
        self.config_of(database).map_or(Kind::default(), |config| config.kind)
    }

    /// A database's settings, resolved from the environment, `.env`, files and commands. It is async,
    /// because the address may be what a command prints; if its future is dropped, the command is
    /// killed.
    ///
    /// # Errors
    /// No such database, a variable that is not set, a file or command that fails, a command that
    /// runs for more than 30 seconds.
    pub async fn database(&self, name: &str) -> Result<DatabaseSettings, StoreError> {
        let config = self.config_of(name)?;
        let address = values::Address { what: "url", url: &config.url, line: Some(config.line) };
        let url = values::url(name, &address, &self.root, &self.variables).await?;
        Ok(self.settings(name, config, url))
    }

    /// A database's settings with an address of the caller's own; the one in `store.yaml` is not
    /// looked at, so nothing is run and nothing is waited for.
    ///
    /// # Errors
    /// No such database.
    pub fn database_at(&self, name: &str, url: Secret) -> Result<DatabaseSettings, StoreError> {
        Ok(self.settings(name, self.config_of(name)?, url))
    }

    fn settings(&self, name: &str, config: &DatabaseConfig, url: Secret) -> DatabaseSettings {
        let schema = desired::sources(config);
        let filter = Filter {
            include: config::patterns(&config.include),
            exclude: config::patterns(&config.exclude),
        };
        let config = config.clone();
        let labels = config.labels().to_vec();
        DatabaseSettings {
            url,
            schema,
            scratch_url: config
                .scratch_url
                .map(|url| ScratchUrl { url, line: config.scratch_line }),
            filter,
            seed: config.seed,
            name: name.to_owned(),
            base: self.root.clone(),
            kind: config.kind,
            lines: labels,
            role: config.role,
            on_connect: config.on_connect,
            table_prefix: config.table_prefix,
            table_schema: config.table_schema,
            transaction: config.transaction,
            lock: config.lock,
            lock_timeout: config.lock_timeout.0,
            statement_lock_timeout: config.statement_lock_timeout.0,
            store: self.config.id.clone(),
            silent_after: Some(config.silent_after.0).filter(|limit| !limit.is_zero()),
        }
    }

    fn config_of(&self, name: &str) -> Result<&DatabaseConfig, StoreError> {
        self.config.databases.get(name).ok_or_else(|| StoreError::Database {
            message: format!("store.yaml has no database {name:?}"),
            known: self.database_names().into_iter().map(str::to_owned).collect(),
        })
    }

    /// Writes a new revision and runs the hooks on it.
    ///
    /// # Errors
    /// The folder is not one of the store's, or cannot be written.
    pub fn write(&self, new: &NewRevision) -> Result<Written, StoreError> {
        write::write(self, new)
    }

    /// A new revision's id: 12 hex digits that begin with a letter, not used yet.
    pub fn new_id(&self) -> Id {
        loop {
            let word = clock::random_hex(12);
            let id = Id::from(&word);
            if word.starts_with(|c: char| c.is_ascii_alphabetic())
                && !self.entries.contains_key(&id)
            {
                return id;
            }
        }
    }

    /// Sets, or with no revisions removes, a tag: a file of its own, or, of one that stands in `store.yaml`,
    /// only the bytes of its value.
    ///
    /// # Errors
    /// A bad name, a clash, or a file that cannot be written.
    pub fn set_tag(&self, name: &str, revisions: &[Id]) -> Result<(), StoreError> {
        write::set_tag(self, name, revisions)
    }

    /// The id that tells it from other stores.
    pub fn id(&self) -> Option<&str> {
        self.config.id.as_deref()
    }

    /// Gives the store in a folder a new id; only these bytes of `store.yaml` change.
    ///
    /// # Errors
    /// A file that cannot be read or written, or is written in a way that cannot be changed safely.
    pub fn renew_id(root: &Path) -> Result<String, StoreError> {
        write::new_store_id(root)
    }
}

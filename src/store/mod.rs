//! The store on disk: find it, read it with positions, check it, write to it, embed it.
//! YAML stays inside this room.

pub mod clock;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::graph::Graph;
use crate::model::{Header, Id, Revision};

/// One thing that is wrong in a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, relative to the store.
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What was meant, or what to do.
    pub hint: Option<String>,
}

/// Why a store cannot be used.
#[derive(Debug, thiserror::Error)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// Never asks.
    Development,
    /// Asks on a terminal before a dangerous plan.
    #[default]
    Shared,
    /// A dangerous plan needs `--yes`.
    Protected,
}

/// How a run is cut into transactions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TransactionMode {
    /// One for each revision.
    #[default]
    PerRevision,
    /// One around all.
    All,
    /// None.
    None,
}

/// The form of a revision file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
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
    /// How long to wait for another migrator.
    pub lock_timeout: Duration,
    /// How long a statement waits for a table.
    pub statement_lock_timeout: Duration,
}

/// What the command line says about where values come from.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    /// The values of `-x NAME=VALUE`.
    pub x: BTreeMap<String, String>,
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
pub struct Store {}

impl Store {
    /// The folder of the nearest `store.yaml`, from `start` upwards.
    ///
    /// # Errors
    /// There is none.
    pub fn find(start: &Path) -> Result<PathBuf, StoreError> {
        let _ = start;
        todo!()
    }

    /// Reads `store.yaml` and the header of every revision, and checks them.
    ///
    /// # Errors
    /// Every problem found, with file and line.
    pub fn open(root: &Path, variables: Variables) -> Result<Store, StoreError> {
        let _ = (root, variables);
        todo!()
    }

    /// The folder that holds `store.yaml`.
    pub fn root(&self) -> &Path {
        todo!()
    }

    /// The graph of all revisions.
    pub fn graph(&self) -> &Graph {
        todo!()
    }

    /// The tags: names for sets of revisions.
    pub fn tags(&self) -> &BTreeMap<String, Vec<Id>> {
        todo!()
    }

    /// A revision's header.
    pub fn header(&self, id: &Id) -> Option<&Header> {
        let _ = id;
        todo!()
    }

    /// A revision's file, relative to the store, with `/` between folders.
    pub fn file(&self, id: &Id) -> Option<&str> {
        let _ = id;
        todo!()
    }

    /// Reads a revision whole.
    ///
    /// # Errors
    /// Every problem of its body, with file and line.
    pub fn revision(&self, id: &Id) -> Result<Revision, StoreError> {
        let _ = id;
        todo!()
    }

    /// The names of the databases, in the order of `store.yaml`.
    pub fn database_names(&self) -> Vec<&str> {
        todo!()
    }

    /// The database that `-d` names: without it `default`, else the only one.
    ///
    /// # Errors
    /// No such database, or several and none of them named.
    pub fn database_name<'a>(&'a self, wanted: Option<&'a str>) -> Result<&'a str, StoreError> {
        let _ = wanted;
        todo!()
    }

    /// The labels that a database takes, without resolving anything else of it.
    pub fn lines(&self, database: &str) -> &[String] {
        let _ = database;
        todo!()
    }

    /// A database's settings, resolved from the environment, `.env`, files and commands.
    ///
    /// # Errors
    /// A variable that is not set, a file or command that fails.
    pub fn database(&self, name: &str) -> Result<DatabaseSettings, StoreError> {
        let _ = name;
        todo!()
    }

    /// Writes a new revision and runs the hooks on it.
    ///
    /// # Errors
    /// The folder is not one of the store's, or cannot be written.
    pub fn write(&self, new: &NewRevision) -> Result<Written, StoreError> {
        let _ = new;
        todo!()
    }

    /// A new revision's id: 12 hex digits that begin with a letter, not used yet.
    pub fn new_id(&self) -> Id {
        todo!()
    }

    /// Sets, or with no revisions removes, a tag; only the bytes of the value change.
    ///
    /// # Errors
    /// A bad name, a clash, or a file that cannot be written.
    pub fn set_tag(&self, name: &str, revisions: &[Id]) -> Result<(), StoreError> {
        let _ = (name, revisions);
        todo!()
    }
}

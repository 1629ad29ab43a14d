//! `store.yaml`: its keys, their types and defaults.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::document::OneOf;
use super::names::{FileName, word};
use super::scalar::Timeout;
use super::scalar::Zone;
use super::{Format, Kind, LockMode, TransactionMode};
use crate::model::{Entries, Naming, Pattern};

/// The settings of a store of revisions.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "store.yaml")]
pub(super) struct Config {
    /// What tells this store from others: a database's journal keeps it, so that no other store's
    /// revisions are recorded beside them. `rev init` writes it; a copy of a store that goes its own way
    /// takes a new one with `rev init --new-id`.
    #[serde(default)]
    #[schemars(extend("format" = "store-id"))]
    pub id: Option<String>,
    /// The folders of revisions, relative to this file, searched recursively. A new revision goes
    /// to the first, unless `--folder` says otherwise.
    #[serde(default = "default_revisions")]
    #[schemars(length(min = 1))]
    pub revisions: Vec<String>,
    /// The format of new revisions.
    #[serde(default)]
    pub format: Format,
    /// The name of a new revision's file, without its ending. Fields: {id} {slug} {date}
    /// {datetime} {epoch} {year} {month} {day} {hour} {minute} {second}.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "file-name"))]
    pub file_name: FileName,
    /// The time zone of the times in file names, such as UTC or Europe/Berlin.
    #[serde(default)]
    #[schemars(with = "String", extend("format" = "time-zone"))]
    pub timezone: Zone,
    /// Names for sets of revisions.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    #[schemars(extend(
        "propertyNames" = {"format": "tag"},
        "additionalProperties" = {"type": "array", "items": word("id")},
    ))]
    pub tags: Entries<Vec<String>>,
    /// Names for constraints and indexes without a name in a new revision. Fields: {table} {columns}, and
    /// {references} for the table that a foreign key refers to.
    #[serde(default)]
    #[schemars(with = "NamesConfig")]
    pub names: Names,
    /// Commands to run on each new file, each a list of words; {path} is the file.
    #[serde(default)]
    #[schemars(inner(length(min = 1)))]
    pub hooks: Vec<Vec<String>>,
    /// The databases, by name. Without `-d`, the one called `default` is meant, else the only one.
    pub databases: Entries<DatabaseConfig>,
}

/// How names are made.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "NamesConfig", into = "NamesConfig")]
pub(super) struct Names(pub Naming);

/// How names are made, as the file says it.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "Names")]
struct NamesConfig {
    /// Of indexes.
    #[schemars(extend("format" = "name"))]
    index: String,
    /// Of unique constraints.
    #[schemars(extend("format" = "name"))]
    unique: String,
    /// Of foreign keys.
    #[schemars(extend("format" = "name"))]
    foreign_key: String,
    /// Of checks.
    #[schemars(extend("format" = "name"))]
    check: String,
    /// Of exclusions.
    #[schemars(extend("format" = "name"))]
    exclude: String,
    /// Of primary keys; `null`: they get none, since most dialects have no names for them.
    #[schemars(extend("format" = "name"))]
    primary_key: Option<String>,
}

impl Default for NamesConfig {
    fn default() -> Self {
        Names::default().into()
    }
}

impl From<NamesConfig> for Names {
    fn from(names: NamesConfig) -> Self {
        let NamesConfig { index, unique, foreign_key, check, exclude, primary_key } = names;
        Names(Naming { index, unique, foreign_key, check, exclude, primary_key })
    }
}

impl From<Names> for NamesConfig {
    fn from(Names(naming): Names) -> Self {
        let Naming { index, unique, foreign_key, check, exclude, primary_key } = naming;
        NamesConfig { index, unique, foreign_key, check, exclude, primary_key }
    }
}

/// A database.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Database")]
pub(super) struct DatabaseConfig {
    /// The line of `url`.
    #[serde(skip)]
    pub line: usize,
    /// The line of `scratch_url`.
    #[serde(skip)]
    pub scratch_line: Option<usize>,
    /// The line of `seed`.
    #[serde(skip)]
    pub seed_line: Option<usize>,
    /// Its address. In the text form, ${NAME} and ${NAME:-default} come from the environment or
    /// from .env beside this file, ${x.NAME} from `-x NAME=VALUE`.
    pub url: Url,
    /// What confirmation a destructive plan needs.
    #[serde(default)]
    pub kind: Kind,
    /// The labels of the branches that it runs; empty: the whole graph.
    #[serde(default)]
    #[schemars(extend("items" = word("label")))]
    pub labels: Vec<String>,
    /// The older name of `labels`.
    #[serde(default)]
    #[schemars(extend("items" = word("label"), "deprecated" = true))]
    pub lines: Vec<String>,
    /// The role to set after connecting (SET ROLE).
    #[serde(default)]
    pub role: Option<String>,
    /// SQL to execute after connecting.
    #[serde(default)]
    pub on_connect: Vec<String>,
    /// The prefix of the journal's tables: rev_applied, rev_text, rev_piece, rev_log and, for a
    /// lock with a lease, rev_lock.
    #[serde(default = "default_table_prefix")]
    #[schemars(extend("format" = "table-prefix"))]
    pub table_prefix: String,
    /// The schema (or database) of the journal's tables.
    #[serde(default)]
    pub table_schema: Option<String>,
    /// How a run is divided into transactions.
    #[serde(default)]
    pub transaction: TransactionMode,
    /// What keeps migrators from each other.
    #[serde(default)]
    pub lock: LockMode,
    /// How long to wait for another migrator, such as 60s, 500ms or 2m.
    #[serde(default = "default_lock_timeout")]
    #[schemars(with = "String", extend("format" = "timeout"))]
    pub lock_timeout: Timeout,
    /// How long a statement waits for a lock on a table.
    #[serde(default = "default_statement_lock_timeout")]
    #[schemars(with = "String", extend("format" = "timeout"))]
    pub statement_lock_timeout: Timeout,
    /// How long a server that is waited for may show no sign of life before the connection is given up;
    /// 0s: for ever. A server that is there and still runs the statement is never given up.
    #[serde(default = "default_silent_after")]
    #[schemars(with = "String", extend("format" = "timeout"))]
    pub silent_after: Timeout,
    /// The desired schema of the database: these sources, in order.
    #[serde(default)]
    pub schema: Vec<SchemaSourceConfig>,
    /// A server for scratch databases, in the forms of `url`. Without it they are created on the
    /// server of the database itself, if its kind is development.
    #[serde(default)]
    pub scratch_url: Option<Url>,
    /// Files of SQL with rows for replays of revisions in a scratch database, or folders of such files;
    /// relative to this file. They are loaded where the branches to merge begin.
    #[serde(default)]
    pub seed: Vec<String>,
    /// Patterns of the objects to compare, such as public.* or view:report_*; empty: everything.
    #[serde(default)]
    #[schemars(extend("items" = word("pattern")))]
    pub include: Vec<String>,
    /// Patterns of the objects not to compare; they take precedence over `include`.
    #[serde(default)]
    #[schemars(extend("items" = word("pattern")))]
    pub exclude: Vec<String>,
}

impl DatabaseConfig {
    /// The labels it takes, by whichever name the file gives them.
    pub fn labels(&self) -> &[String] {
        if self.labels.is_empty() { &self.lines } else { &self.labels }
    }
}

/// Where a desired schema comes from: one of file, program, database and url.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SchemaSource", extend("minProperties" = 1))]
pub(super) struct SchemaSourceConfig {
    /// The line that it begins on.
    #[serde(skip)]
    pub line: usize,
    /// A file of SQL, a folder of such files, which are taken in the order of their names, or a file
    /// in YAML with a list of operations that create; relative to this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub file: Option<String>,
    /// A command that prints SQL, such as the models of an ORM: the program and its arguments. It runs
    /// in the folder of this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub program: Option<Vec<String>>,
    /// The time limit of the program; default: 60s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", extend("format" = "timeout"))]
    pub timeout: Option<Timeout>,
    /// Another database of this file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub database: Option<String>,
    /// The address of a database, in the forms of `url`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Url")]
    pub url: Option<Url>,
}

/// Where an address comes from: the address as a text, with variables, or its source.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Url(pub OneOf<String, UrlSource>);

/// Either of the places that an address can be read from.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub(super) struct UrlSource {
    /// A file that contains it, relative to this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub file: Option<String>,
    /// A command that prints it, run on each connect: the program and its arguments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub command: Option<Vec<String>>,
}

// The text form may hold a password.
impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

fn default_revisions() -> Vec<String> {
    vec!["revisions".to_owned()]
}

fn default_table_prefix() -> String {
    "rev".to_owned()
}

fn default_lock_timeout() -> Timeout {
    Timeout(Duration::from_secs(60))
}

fn default_statement_lock_timeout() -> Timeout {
    Timeout(Duration::from_secs(5))
}

fn default_silent_after() -> Timeout {
    Timeout(Duration::from_secs(300))
}

/// Patterns that were checked when they were read.
pub(super) fn patterns(texts: &[String]) -> Vec<Pattern> {
    texts.iter().filter_map(|text| text.parse().ok()).collect()
}

/// A folder without `./` in front and `/` behind.
pub(super) fn clean(folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    folder.strip_prefix("./").unwrap_or(folder).to_owned()
}

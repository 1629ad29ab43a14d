//! `store.yaml`: its keys, their types and defaults, read with every problem at once.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::tz::TimeZone;
use schemars::JsonSchema;

use super::names::{FileName, check_label};
use super::problems::{Fields, Problems};
use super::yaml::{Node, Value};
use super::{Format, Kind, TransactionMode};
use crate::model::Id;

/// The settings of a store of revisions.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "store.yaml")]
pub(super) struct Config {
    /// The folders of revisions, relative to this file, searched recursively. A new revision goes
    /// to the first, unless `--folder` says otherwise.
    #[schemars(default = "default_revisions")]
    pub revisions: Vec<String>,
    /// The form of new revisions.
    #[schemars(default)]
    pub format: Format,
    /// The name of a new revision's file, without its ending. Fields: {id} {slug} {date}
    /// {datetime} {epoch} {year} {month} {day} {hour} {minute} {second}.
    #[schemars(with = "String", default = "default_file_name")]
    pub file_name: FileName,
    /// The time zone of the times in file names, such as UTC or Europe/Berlin.
    #[schemars(with = "String", default = "default_timezone")]
    pub timezone: TimeZone,
    /// Names for sets of revisions.
    #[schemars(with = "BTreeMap<String, Vec<String>>", default)]
    pub tags: Vec<Tag>,
    /// Commands to run on each new file, each a list of words; {path} is the file.
    #[schemars(default)]
    pub hooks: Vec<Vec<String>>,
    /// The databases, by name. Without `-d`, the one called `default` is meant, else the only one.
    #[schemars(with = "BTreeMap<String, DatabaseConfig>")]
    pub databases: Vec<DatabaseConfig>,
}

/// A tag and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub name: String,
    pub revisions: Vec<Id>,
    pub line: usize,
}

/// A database.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(deny_unknown_fields, rename = "Database")]
pub(super) struct DatabaseConfig {
    #[schemars(skip)]
    pub name: String,
    #[schemars(skip)]
    pub line: usize,
    /// Its address. In the text form, ${NAME} and ${NAME:-default} come from the environment or
    /// from .env beside this file, ${x.NAME} from `-x NAME=VALUE`.
    pub url: Url,
    /// How freely it may be changed: the only safety switch.
    #[schemars(default)]
    pub kind: Kind,
    /// The labels that it takes; empty: the whole graph.
    #[schemars(default)]
    pub lines: Vec<String>,
    /// The role to take on connecting.
    #[schemars(default)]
    pub role: Option<String>,
    /// SQL to run on connecting.
    #[schemars(with = "Vec<String>", default)]
    pub on_connect: Vec<String>,
    /// What the journal's tables begin with: rev_applied, rev_text, rev_log.
    #[schemars(default = "default_table_prefix")]
    pub table_prefix: String,
    /// The schema (or database) that the journal's tables stand in.
    #[schemars(default)]
    pub table_schema: Option<String>,
    /// How a run is cut into transactions.
    #[schemars(default)]
    pub transaction: TransactionMode,
    /// How long to wait for another migrator, such as 60s, 500ms or 2m.
    #[schemars(with = "String", default = "default_lock_timeout")]
    pub lock_timeout: Duration,
    /// How long a statement waits for a table.
    #[schemars(with = "String", default = "default_statement_lock_timeout")]
    pub statement_lock_timeout: Duration,
}

/// Where an address comes from.
#[derive(Clone, JsonSchema)]
#[schemars(untagged, transform = super::schema::one_of)]
pub(super) enum Url {
    /// The address as a text, with variables.
    Text(String),
    /// A file that holds it, relative to this one.
    File(UrlFile),
    /// A command that prints it, asked on each connect.
    Command(UrlCommand),
}

/// A file that holds the address.
#[derive(Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct UrlFile {
    /// The file.
    pub file: String,
}

/// A command that prints the address.
#[derive(Clone, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct UrlCommand {
    /// The command and its arguments.
    pub command: Vec<String>,
}

// The text form may hold a password.
impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The keys of `store.yaml`.
pub(super) const KEYS: &[&str] =
    &["revisions", "format", "file_name", "timezone", "tags", "hooks", "databases"];

/// The keys of a database.
pub(super) const DATABASE_KEYS: &[&str] = &[
    "url",
    "kind",
    "lines",
    "role",
    "on_connect",
    "table_prefix",
    "table_schema",
    "transaction",
    "lock_timeout",
    "statement_lock_timeout",
];

const FORMATS: &[(&str, Format)] = &[("yaml", Format::Yaml), ("sql", Format::Sql)];

const KINDS: &[(&str, Kind)] =
    &[("development", Kind::Development), ("shared", Kind::Shared), ("protected", Kind::Protected)];

const TRANSACTIONS: &[(&str, TransactionMode)] = &[
    ("per-revision", TransactionMode::PerRevision),
    ("all", TransactionMode::All),
    ("none", TransactionMode::None),
];

fn default_revisions() -> Vec<String> {
    vec!["revisions".to_owned()]
}

fn default_file_name() -> String {
    "{date}_{id}_{slug}".to_owned()
}

fn default_timezone() -> String {
    "UTC".to_owned()
}

fn default_table_prefix() -> String {
    "rev".to_owned()
}

fn default_lock_timeout() -> String {
    "60s".to_owned()
}

fn default_statement_lock_timeout() -> String {
    "5s".to_owned()
}

/// Reads `store.yaml`. What it gives is whole only if no problem was noted.
pub(super) fn read(root: Option<&Node>, problems: &mut Problems) -> Option<Config> {
    let Some(root) = root else {
        let hint = "databases.default.url is all it needs".to_owned();
        problems.whole("the file is empty", Some(hint));
        return None;
    };
    let fields = problems.fields(root, "store.yaml", KEYS)?;
    let revisions = match fields.get("revisions") {
        Some(node) => folders(node, problems),
        None => default_revisions(),
    };
    let format = fields.get("format").and_then(|node| problems.word(node, "format", FORMATS));
    let file_name = fields.get("file_name").map_or_else(
        || FileName::parse(&default_file_name()).ok(),
        |node| file_name(node, problems),
    );
    let timezone = fields.get("timezone").map_or(Some(TimeZone::UTC), |node| zone(node, problems));
    let tags = fields.get("tags").map(|node| tags(node, problems)).unwrap_or_default();
    let hooks = fields.get("hooks").map(|node| hooks(node, problems)).unwrap_or_default();
    let databases = match fields.get("databases") {
        Some(node) => problems
            .named(node, "databases")
            .into_iter()
            .filter_map(|(name, (line, node))| database(name, line, node, problems))
            .collect(),
        None => {
            let hint = "write databases: {default: {url: …}}".to_owned();
            problems.at(fields.line, "databases is missing", Some(hint));
            Vec::new()
        }
    };
    Some(Config {
        revisions,
        format: format.unwrap_or_default(),
        file_name: file_name?,
        timezone: timezone?,
        tags,
        hooks,
        databases,
    })
}

fn folders(node: &Node, problems: &mut Problems) -> Vec<String> {
    let folders = texts(node, "revisions", problems);
    if folders.is_empty() && matches!(&node.value, Value::List(items) if items.is_empty()) {
        problems.at(node.line, "revisions names no folder", None);
    }
    folders.into_iter().map(|folder| clean(&folder)).collect()
}

/// A folder without `./` in front and `/` behind.
fn clean(folder: &str) -> String {
    let folder = folder.trim_end_matches('/');
    folder.strip_prefix("./").unwrap_or(folder).to_owned()
}

fn file_name(node: &Node, problems: &mut Problems) -> Option<FileName> {
    let text = problems.text(node, "file_name")?;
    match FileName::parse(text) {
        Ok(name) => Some(name),
        Err(message) => {
            let hint = format!("the fields are {}", FileName::FIELDS.join(", "));
            problems.at(node.line, message, Some(hint));
            None
        }
    }
}

fn zone(node: &Node, problems: &mut Problems) -> Option<TimeZone> {
    let text = problems.text(node, "timezone")?;
    if text == "UTC" {
        return Some(TimeZone::UTC);
    }
    let zone = TimeZone::get(text).ok();
    if zone.is_none() {
        let hint = "write UTC, or a name such as Europe/Berlin".to_owned();
        problems.at(node.line, format!("there is no time zone {text:?}"), Some(hint));
    }
    zone
}

fn tags(node: &Node, problems: &mut Problems) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (name, (line, node)) in problems.named(node, "tags") {
        if let Err((message, hint)) = check_label(name, "tag") {
            problems.at(line, message, hint);
            continue;
        }
        let what = format!("the tag {name}");
        let items = problems.list(node, &what);
        let revisions =
            items.iter().filter_map(|item| problems.name(item, &what)).map(Id::from).collect();
        tags.push(Tag { name: name.to_owned(), revisions, line });
    }
    tags
}

fn hooks(node: &Node, problems: &mut Problems) -> Vec<Vec<String>> {
    let mut hooks = Vec::new();
    for hook in problems.list(node, "hooks") {
        let words = texts(hook, "a hook", problems);
        match &hook.value {
            Value::List(items) if items.is_empty() => {
                problems.at(hook.line, "a hook has no command", None);
            }
            _ => hooks.push(words),
        }
    }
    hooks
}

fn texts(node: &Node, what: &str, problems: &mut Problems) -> Vec<String> {
    let items = problems.list(node, what);
    items.iter().filter_map(|item| problems.text(item, what)).map(str::to_owned).collect()
}

fn database(
    name: &str,
    line: usize,
    node: &Node,
    problems: &mut Problems,
) -> Option<DatabaseConfig> {
    let what = format!("the database {name}");
    let fields = problems.fields(node, &what, DATABASE_KEYS)?;
    let url = match fields.get("url") {
        Some(node) => url(node, problems),
        None => {
            let hint = "write url: followed by an address, such as sqlite://store.db".to_owned();
            problems.at(line, format!("{what} has no url"), Some(hint));
            None
        }
    };
    let kind = fields.get("kind").and_then(|node| problems.word(node, "kind", KINDS));
    let lines = fields.get("lines").map(|node| labels(node, problems)).unwrap_or_default();
    let on_connect = fields.get("on_connect").map(|node| texts(node, "on_connect", problems));
    let transaction =
        fields.get("transaction").and_then(|node| problems.word(node, "transaction", TRANSACTIONS));
    Some(DatabaseConfig {
        role: optional(&fields, "role", problems),
        table_prefix: identifier(&fields, "table_prefix", problems)
            .unwrap_or_else(default_table_prefix),
        table_schema: optional(&fields, "table_schema", problems),
        lock_timeout: timeout(&fields, "lock_timeout", problems).unwrap_or(Duration::from_secs(60)),
        statement_lock_timeout: timeout(&fields, "statement_lock_timeout", problems)
            .unwrap_or(Duration::from_secs(5)),
        name: name.to_owned(),
        line: fields.line_of("url"),
        url: url?,
        kind: kind.unwrap_or_default(),
        lines,
        on_connect: on_connect.unwrap_or_default(),
        transaction: transaction.unwrap_or_default(),
    })
}

fn url(node: &Node, problems: &mut Problems) -> Option<Url> {
    if !matches!(node.value, Value::Map(_)) {
        return problems.text(node, "url").map(|text| Url::Text(text.to_owned()));
    }
    let fields = problems.fields(node, "url", &["file", "command"])?;
    match (fields.get("file"), fields.get("command")) {
        (Some(file), None) => {
            let file = problems.text(file, "file")?.to_owned();
            Some(Url::File(UrlFile { file }))
        }
        (None, Some(command)) => {
            let words = texts(command, "command", problems);
            if words.is_empty() {
                problems.at(command.line, "command has no words", None);
            }
            Some(Url::Command(UrlCommand { command: words }))
        }
        _ => {
            let hint = "write a text, {file: …} or {command: […]}".to_owned();
            problems.at(node.line, "url needs either file or command", Some(hint));
            None
        }
    }
}

fn labels(node: &Node, problems: &mut Problems) -> Vec<String> {
    let items = problems.list(node, "lines");
    let mut labels = Vec::new();
    for item in items {
        let Some(label) = problems.name(item, "lines") else { continue };
        match check_label(label, "label") {
            Ok(()) => labels.push(label.to_owned()),
            Err((message, hint)) => problems.at(item.line, message, hint),
        }
    }
    labels
}

/// A text that may be `null`.
fn optional(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<String> {
    let node = fields.get(key)?;
    match &node.value {
        Value::Scalar(text, _) if text == "null" || text == "~" => None,
        _ => problems.text(node, key).map(str::to_owned),
    }
}

fn identifier(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<String> {
    let node = fields.get(key)?;
    let text = problems.text(node, key)?;
    let is_right = text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_right {
        let hint = "letters, digits and _, beginning with no digit, at most 40".to_owned();
        problems.at(node.line, format!("{key} is no name for tables: {text:?}"), Some(hint));
    }
    is_right.then(|| text.to_owned())
}

fn timeout(fields: &Fields<'_>, key: &str, problems: &mut Problems) -> Option<Duration> {
    let node = fields.get(key)?;
    let text = match &node.value {
        Value::Scalar(text, _) => text.as_str(),
        _ => "",
    };
    let parsed = duration(text);
    if parsed.is_none() {
        let hint = "write a whole number and ms, s, m or h: 500ms, 60s, 2m".to_owned();
        problems.at(node.line, format!("{key} must be a length of time"), Some(hint));
    }
    parsed
}

/// A whole number with its unit.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(unit);
    let number: u64 = number.parse().ok()?;
    let millis = match unit.trim_start() {
        "ms" => 1,
        "s" => 1000,
        "m" => 60_000,
        "h" => 3_600_000,
        _ => return None,
    };
    // Servers take their timeouts in 32 bits of milliseconds.
    number.checked_mul(millis).filter(|all| *all <= i32::MAX as u64).map(Duration::from_millis)
}

//! A case, as `tests/cases/operations/*.yaml` holds it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use revdag::internals::text::Dialect;
use revdag::model::{Entry, Lines, Operation};
use serde::Deserialize;
use serde_json::Value;

/// What one revision does, after what an earlier one has made.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// The dialects that it is about; left out: all.
    #[serde(default)]
    pub only: Vec<Dialect>,
    /// What is there before: operations of a revision of its own.
    #[serde(default)]
    pub setup: Vec<Value>,
    /// The operations.
    pub up: Vec<Value>,
    /// What takes them back; left out: derived.
    pub down: Option<Vec<Value>>,
    /// Part of the message with which a dialect refuses it when the plan is made, for what only the
    /// schema tells. Behind ` | ` and `server: ` that of the server, which is asked where the schema is not known.
    #[serde(default)]
    pub fails: BTreeMap<Dialect, String>,
    /// Part of the lines of a dump that its way down leaves behind on a dialect: a limit of the server.
    #[serde(default)]
    pub leaves: BTreeMap<Dialect, String>,
    /// `table`s and `table.column`s whose values do not come back.
    #[serde(default)]
    pub loses: Vec<String>,
    /// `table`s and `table.column`s whose values it changes.
    #[serde(default)]
    pub changes: Vec<String>,
    /// Whether the way back is not taken by itself as a revision of its own.
    #[serde(default)]
    pub no_mirror: bool,
}

/// What stands for names that each run makes anew.
pub struct Names {
    /// The session's own schema.
    pub own: String,
    /// A second one that is there.
    pub other: String,
    /// A third one that is not there.
    pub new: String,
    /// A role.
    pub role: String,
}

impl Names {
    /// Names for where nothing runs.
    pub fn of(dialect: Dialect) -> Names {
        let (own, other) =
            if dialect == Dialect::Sqlite { ("main", "main") } else { ("own", "other") };
        Names {
            own: own.to_owned(),
            other: other.to_owned(),
            new: "other_new".to_owned(),
            role: "somebody".to_owned(),
        }
    }

    pub fn fill(&self, text: &str) -> String {
        text.replace("{own}", &self.own)
            .replace("{schema}", &self.other)
            .replace("{new_schema}", &self.new)
            .replace("{role}", &self.role)
    }
}

impl Case {
    /// Whether it is about a dialect.
    pub fn is_about(&self, dialect: Dialect) -> bool {
        self.only.is_empty() || self.only.contains(&dialect)
    }

    /// The part of the message with which a dialect refuses it when the plan is made.
    pub fn refused_by(&self, dialect: Dialect) -> Option<&str> {
        self.fails.get(&dialect)?.split(" | ").find(|part| !part.starts_with("server: "))
    }

    /// Whether it is to fail on a dialect, with this message.
    pub fn fails_by(&self, dialect: Dialect, message: &str) -> bool {
        self.fails.get(&dialect).is_some_and(|parts| {
            let mut parts = parts.split(" | ");
            parts.any(|part| message.contains(part.strip_prefix("server: ").unwrap_or(part)))
        })
    }

    /// Whether its operations name the role.
    pub fn wants_role(&self) -> bool {
        format!("{:?}{:?}{:?}", self.setup, self.up, self.down).contains("{role}")
    }
}

/// The cases of a file.
pub fn of(file: &str) -> Vec<Case> {
    let path = folder().join(format!("{file}.yaml"));
    let text =
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}.yaml: {error}"));
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{file}.yaml: {error}"))
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/operations")
}

/// Operations with names filled in.
pub fn filled(operations: &[Value], names: &Names) -> Vec<Value> {
    let text = names.fill(&serde_json::to_string(operations).expect("JSON"));
    serde_json::from_str(&text).expect("JSON")
}

/// The operations that a dialect runs, those by dialect in their place.
pub fn for_dialect(operations: &[Value], dialect: Dialect) -> Vec<Value> {
    let mut all = Vec::new();
    for operation in operations {
        let Some(each) = operation.get("by_dialect") else {
            all.push(operation.clone());
            continue;
        };
        let named = each.get(dialect.name()).or_else(|| each.get(dialect.fallback()?.name()));
        let own = named.and_then(Value::as_array).cloned();
        all.extend(own.unwrap_or_else(|| panic!("by_dialect has no entry for {dialect}: {each}")));
    }
    all
}

/// An operation as a value of ours.
pub fn operation(value: &Value) -> Result<Operation, String> {
    serde_json::from_value(value.clone()).map_err(|error| format!("{error}\n{value}"))
}

/// Entries of one file, each on a line of its own.
pub fn entries(operations: &[Value]) -> Vec<Entry> {
    let entry = |(at, value): (usize, &Value)| {
        Entry::new(operation(value).unwrap_or_else(|error| panic!("{error}")), at + 1)
    };
    operations.iter().enumerate().map(entry).collect()
}

/// Something that a dialect cannot honour.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// What, such as `create_table.columns.0.identity`.
    pub path: String,
    /// Its value, where that is a text: words of one option are told apart.
    pub value: Option<String>,
    /// The message.
    pub message: String,
}

/// The operation without all that the dialect refuses, one part after the other, and what that was.
/// `None`: nothing of it is left.
pub fn stripped(value: &Value, dialect: Dialect) -> (Option<Value>, Vec<Refused>) {
    let (mut value, mut refused) = (value.clone(), Vec::new());
    for _ in 0..200 {
        let Ok(operation) = operation(&value) else { return (None, refused) };
        let kind = operation.kind();
        let mut parts = Vec::new();
        paths(&value, "", &mut parts);
        let lines = parts.iter().enumerate().map(|(at, path)| (path.clone(), at + 2)).collect();
        let entry = Entry { operation, lines: Lines::with(1, lines) };
        let (path, message) =
            match revdag::internals::sql::check(std::slice::from_ref(&entry), dialect, "case.yaml")
            {
                Err(error) => {
                    let path = match error.at.line {
                        1 => kind.to_owned(),
                        line => parts[line - 2].clone(),
                    };
                    (path, error.message)
                }
                // What it was is refused where it would come back.
                Ok(()) => match refused_back(&entry.operation, dialect) {
                    Some((path, message)) if pointed(&value, &path).is_some() => (path, message),
                    _ => return (says_something(&value).then_some(value), refused),
                },
            };
        let path = path.as_str();
        let text = pointed(&value, path).and_then(Value::as_str).map(str::to_owned);
        refused.push(Refused { path: path.to_owned(), value: text, message });
        if path.ends_with(".or_replace") {
            // Where nothing is replaced, nothing was there before.
            remove(&mut value, &format!("{kind}.was"));
        }
        if path == kind || !remove(&mut value, path) {
            return (None, refused);
        }
    }
    panic!("{dialect} refuses without end: {refused:?}")
}

/// What a dialect takes of operations.
pub fn taken(operations: &[Value], dialect: Dialect) -> Vec<Value> {
    let own = for_dialect(operations, dialect);
    let left: Vec<Value> = own.iter().filter_map(|one| stripped(one, dialect).0).collect();
    // A file that says it by dialect is read as such.
    if left == own { operations.to_vec() } else { left }
}

/// The first part of the `was` of an operation that its way back is refused for.
fn refused_back(operation: &Operation, dialect: Dialect) -> Option<(String, String)> {
    let kind = operation.kind();
    for back in operation.reverse().ok()? {
        let value = serde_json::to_value(&back).expect("JSON");
        let mut parts = Vec::new();
        paths(&value, "", &mut parts);
        let lines = parts.iter().enumerate().map(|(at, path)| (path.clone(), at + 2)).collect();
        let entry = Entry { operation: back, lines: Lines::with(1, lines) };
        let Err(error) = revdag::internals::sql::check(&[entry], dialect, "case.yaml") else {
            continue;
        };
        let made = parts.get(error.at.line.checked_sub(2)?)?;
        let (made_kind, rest) = made.split_once('.')?;
        let path = match (kind, made_kind) {
            ("drop_column", _) => format!("{kind}.was.{}", rest.strip_prefix("column.")?),
            ("drop_constraint", _) => {
                format!("{kind}.was.{}.{rest}", made_kind.strip_prefix("create_")?)
            }
            ("alter_domain", _) => format!("{kind}.was.check.{}", rest.strip_prefix("add_check.")?),
            _ => format!("{kind}.was.{rest}"),
        };
        return Some((path, error.message));
    }
    None
}

/// Whether an operation that changes something still says what.
fn says_something(value: &Value) -> bool {
    let Some((kind, inner)) = value.as_object().and_then(|map| map.iter().next()) else {
        return false;
    };
    let Some(map) = inner.as_object().filter(|_| kind.starts_with("alter_")) else { return true };
    map.keys().any(|key| !matches!(key.as_str(), "schema" | "table" | "column" | "name" | "was"))
}

/// The paths of all parts of a value.
pub fn paths(value: &Value, above: &str, all: &mut Vec<String>) {
    let path = |key: &str| if above.is_empty() { key.to_owned() } else { format!("{above}.{key}") };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                all.push(path(key));
                paths(value, &path(key), all);
            }
        }
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                all.push(path(&at.to_string()));
                paths(value, &path(&at.to_string()), all);
            }
        }
        _ => {}
    }
}

fn pointed<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    value.pointer(&format!("/{}", path.replace('.', "/")))
}

fn remove(value: &mut Value, path: &str) -> bool {
    let Some((above, key)) = path.rsplit_once('.') else { return false };
    match value.pointer_mut(&format!("/{}", above.replace('.', "/"))) {
        Some(Value::Object(map)) => map.shift_remove(key).is_some(),
        Some(Value::Array(items)) => {
            let at = key.parse::<usize>().ok().filter(|at| *at < items.len());
            at.map(|at| items.remove(at)).is_some()
        }
        _ => false,
    }
}

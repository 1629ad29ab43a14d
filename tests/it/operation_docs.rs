//! The pages of the operations: their tables come from the JSON Schema, and their examples run.
//!
//! Between `<!-- options: NAME -->` and `<!-- end -->` stands the table of an operation, or of a part of
//! some, and between `<!-- operations -->` and `<!-- end -->` the index. `UPDATE_DOCS=1` writes them anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use revdag::store::schemas;
use serde_json::Value;

use crate::support::{Engine, Env, Output, TestDb};

const DIALECTS: [(&str, &str); 4] =
    [("postgres", "PostgreSQL"), ("mysql", "MySQL"), ("mariadb", "MariaDB"), ("sqlite", "SQLite")];

/// The JSON Schema of revisions.
static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let [_, (_, revision)] = schemas();
    serde_json::from_str(&revision).expect("JSON")
});

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations")
}

/// The pages of the operations, with their texts.
fn pages() -> Vec<(String, String)> {
    let mut pages: Vec<(String, String)> = std::fs::read_dir(folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("a page"))
        })
        .collect();
    pages.sort();
    pages
}

/// Each operation: its name, and its part of the schema.
fn operations() -> Vec<(&'static str, &'static Value)> {
    let one_of = SCHEMA["$defs"]["Operation"]["oneOf"].as_array().expect("operations");
    one_of
        .iter()
        .map(|one| {
            let (name, _) =
                one["properties"].as_object().and_then(|all| all.iter().next()).expect("one");
            (name.as_str(), one)
        })
        .collect()
}

/// Where the table of a name stands: its page and heading.
fn places() -> BTreeMap<String, (String, String)> {
    let mut places = BTreeMap::new();
    for (page, text) in pages() {
        let mut heading = String::new();
        for line in text.lines() {
            if line.starts_with('#') {
                heading = line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
            }
            if let Some(name) = marked(line, "options") {
                let place = (page.clone(), heading.clone());
                assert!(places.insert(name.to_owned(), place).is_none(), "{name} has two tables");
            }
        }
    }
    places
}

fn marked<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.strip_prefix("<!-- ")?.strip_prefix(mark)?.strip_prefix(": ")?.strip_suffix(" -->")
}

/// A page with its tables as they are now.
pub fn generated(page: &Path, text: &str) -> String {
    if !text.contains("<!-- options: ") && !text.contains("<!-- operations -->") {
        return text.to_owned();
    }
    let page = page.file_name().expect("a name").to_string_lossy().into_owned();
    let places = places();
    let (mut out, mut lines) = (String::new(), text.lines());
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let table = match marked(line, "options") {
            Some(name) => options(name, &page, &places),
            None if line == "<!-- operations -->" => index(&places),
            None => continue,
        };
        assert!(lines.any(|line| line == "<!-- end -->"), "{page}: {line} has no end");
        out.push_str(&format!("{table}<!-- end -->\n"));
    }
    out
}

/// The table of an operation or of a part.
fn options(name: &str, page: &str, places: &BTreeMap<String, (String, String)>) -> String {
    let operation = operations().into_iter().find(|(own, _)| *own == name);
    let schema = match operation {
        Some((_, one)) => resolved(&one["properties"][name]),
        None => &SCHEMA["$defs"][name],
    };
    let mut table = String::from("| option | value | |\n|---|---|---|\n");
    let row = |key: &str, schema: &Value, required: bool| {
        let described = resolved(schema)["description"].as_str();
        let said = schema["description"].as_str().or(described).unwrap_or_default();
        let said = said.replace('\n', " ").replace('|', "\\|");
        let must = if required { ", required" } else { "" };
        format!("| `{key}` | {}{must} | {said} |\n", value(schema, page, places))
    };
    if let Some((name, one)) = operation.filter(|_| by_dialect(schema)) {
        table.push_str(&row(name, &one["properties"][name], true));
        return table;
    }
    if let Some(properties) = schema["properties"].as_object() {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (key, schema) in properties {
            table.push_str(&row(key, schema, required.contains(&key.as_str())));
        }
        return table;
    }
    let forms = ["oneOf", "anyOf"].iter().find_map(|key| schema[key].as_array());
    for one in forms.unwrap_or_else(|| panic!("{name} is in no schema")) {
        if one["format"] == "literal" {
            table.push_str("| a literal | text, number, `true`, `false`, `null` | |\n");
        } else if one["type"].is_array() {
            table.push_str("| a list or a map | any | |\n");
        }
        if let Some(word) = one["const"].as_str() {
            let said = one["description"].as_str().unwrap_or_default();
            let _ = writeln!(table, "| `{word}` | | {said} |");
        }
        for (key, inner) in one["properties"].as_object().into_iter().flatten() {
            let mut inner = inner.clone();
            if let Some(said) = one["description"].as_str() {
                inner["description"] = said.into();
            }
            table.push_str(&row(key, &inner, false));
        }
    }
    table
}

fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(path) => &SCHEMA["$defs"][path.trim_start_matches("#/$defs/")],
        None => schema,
    }
}

/// What a value is, in words.
fn value(schema: &Value, page: &str, places: &BTreeMap<String, (String, String)>) -> String {
    if let Some(path) = schema["$ref"].as_str() {
        let name = path.trim_start_matches("#/$defs/");
        if let Some((to, heading)) = places.get(name) {
            let to = if to == page { "" } else { to };
            let word = spaced(name);
            return format!("[{word}]({to}#{heading})");
        }
        let target = resolved(schema);
        if let Some(words) = words(target) {
            return words;
        }
        if name == "Operation" {
            return "[operation](../operations.md)".to_owned();
        }
        panic!("no page has a table of {name}");
    }
    let forms = ["anyOf", "oneOf"].iter().find_map(|key| schema[key].as_array());
    if let Some(forms) = forms {
        if let Some(words) = words(schema) {
            return words;
        }
        let mut said: Vec<String> = Vec::new();
        for form in forms.iter().filter(|form| form["type"] != "null") {
            said.push(match form["properties"].get("postgres").is_some() {
                true => "by dialect".to_owned(),
                false => value(form, page, places),
            });
        }
        if schema["format"] == "sql" || forms.iter().any(|form| form["format"] == "sql") {
            said[0] = said[0].replace("text", "SQL");
        }
        return said.join(", or ");
    }
    let sort = match &schema["type"] {
        Value::Array(sorts) => sorts.iter().filter_map(Value::as_str).find(|sort| *sort != "null"),
        sort => sort.as_str(),
    };
    match sort {
        Some("string") if schema["format"] == "sql" => "SQL".to_owned(),
        Some("string") => "text".to_owned(),
        Some("boolean") => "`true`, `false`".to_owned(),
        Some("integer" | "number") => "number".to_owned(),
        Some("array") => match value(&schema["items"], page, places) {
            item if item == "text" => "list of texts".to_owned(),
            item => format!("list: {item}"),
        },
        Some("object") if schema["properties"].get("postgres").is_some() => {
            let of = value(&schema["properties"]["postgres"], page, places);
            if of == "text" { "by dialect".to_owned() } else { format!("by dialect: {of}") }
        }
        Some("object") => {
            let of = &schema["additionalProperties"];
            let inner = if of.is_object() { value(of, page, places) } else { "value".to_owned() };
            format!("map: {inner}")
        }
        _ => "any value".to_owned(),
    }
}

/// Whether a value is given by dialect, in all its forms or in one.
fn by_dialect(schema: &Value) -> bool {
    let forms = schema["oneOf"].as_array().into_iter().flatten();
    std::iter::once(schema).chain(forms).any(|form| form["properties"].get("postgres").is_some())
}

/// The words of an enumeration.
fn words(schema: &Value) -> Option<String> {
    let mut words = Vec::new();
    match (schema["oneOf"].as_array(), schema["enum"].as_array()) {
        (Some(forms), _) => {
            for form in forms {
                let single = form["const"].as_str().map(|word| vec![word]);
                let several = || form["enum"].as_array()?.iter().map(Value::as_str).collect();
                words.extend(single.or_else(several)?);
            }
        }
        (None, Some(all)) => words.extend(all.iter().filter_map(Value::as_str)),
        (None, None) => return None,
    }
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    Some(words.join(", "))
}

/// `TableDefinition` becomes `table definition`.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// An example: a revision of a page.
struct Example {
    id: String,
    /// The operations, with the dialect where one stands in a list by dialect.
    kinds: BTreeSet<(String, Option<String>)>,
}

impl Example {
    /// The operations that it says for a dialect.
    fn of(&self, dialect: &str) -> impl Iterator<Item = &str> {
        let own = self.kinds.iter().any(|(_, of)| of.as_deref() == Some(dialect));
        let said = if dialect == "mariadb" && !own { "mysql" } else { dialect }.to_owned();
        let kinds = self.kinds.iter();
        kinds
            .filter(move |(_, of)| of.as_ref().is_none_or(|of| *of == said))
            .map(|(kind, _)| kind.as_str())
    }
}

/// The store that the examples stand on.
pub fn copy_example(env: &Env) {
    for file in ["store.yaml", "revisions/a1_accounts_and_invoices.yaml"] {
        env.write(file, std::fs::read(folder().join("example").join(file)).expect("a file"));
    }
}

/// Writes the revisions of a page; gives the ids of those that are examples.
fn write_examples(env: &Env, text: &str) -> Vec<Example> {
    copy_example(env);
    let mut examples = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(path) = marked(line, "write") else { continue };
        let begin = lines.next().unwrap_or_default();
        assert!(begin.starts_with("```"), "{path}: a block follows");
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        env.write(path, block.iter().flat_map(|line| [*line, "\n"]).collect::<String>());
        if !path.starts_with("revisions/") {
            continue;
        }
        let header = |key: &str| block.iter().find_map(|line| line.strip_prefix(key));
        let id = header("revision: ").expect("an id").to_owned();
        let (mut kinds, mut dialect) = (BTreeSet::new(), None);
        for line in &block {
            let (indent, text) = (line.len() - line.trim_start().len(), line.trim());
            let word = text.trim_end_matches(':');
            if indent == 6 && DIALECTS.iter().any(|(dialect, _)| *dialect == word) {
                dialect = Some(word.to_owned());
            } else if let Some((kind, _)) =
                text.strip_prefix("- ").and_then(|rest| rest.split_once(':'))
            {
                if indent == 2 {
                    dialect = None;
                }
                kinds.insert((kind.to_owned(), dialect.clone()));
            }
        }
        examples.push(Example { id, kinds });
    }
    examples
}

/// The dialects that have each operation, by whether an example of it becomes SQL.
fn index(places: &BTreeMap<String, (String, String)>) -> String {
    let mut have: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (_, text) in pages() {
        let env = Env::new();
        for example in write_examples(&env, &text) {
            for (dialect, name) in DIALECTS {
                if env.rev(["show", &example.id, "--sql", "--dialect", dialect]).code == 0 {
                    for kind in example.of(dialect) {
                        have.entry(kind.to_owned()).or_default().insert(name);
                    }
                }
            }
        }
    }
    let mut table = String::from("| operation | | dialects |\n|---|---|---|\n");
    for (name, one) in operations() {
        let (page, heading) =
            places.get(name).unwrap_or_else(|| panic!("no page has a table of {name}"));
        let described = resolved(&one["properties"][name])["description"].as_str();
        let said = one["description"].as_str().or(described).unwrap_or_default();
        let said = said.replace('\n', " ").replace('|', "\\|");
        let said = said.split(" (").next().unwrap_or_default();
        let said = said.split(". ").next().unwrap_or_default().trim_end_matches('.');
        let of = have.get(name).cloned().unwrap_or_default();
        let dialects: Vec<&str> =
            DIALECTS.iter().map(|(_, name)| *name).filter(|name| of.contains(name)).collect();
        let dialects =
            if dialects.len() == DIALECTS.len() { "all".to_owned() } else { dialects.join(", ") };
        let _ =
            writeln!(table, "| [`{name}`](operations/{page}#{heading}) | {said} | {dialects} |");
    }
    table
}

/// A schema as the engine's own tools show it, without our own tables and whatever the order.
fn dump(db: &TestDb) -> Vec<String> {
    if db.engine() == Engine::Sqlite {
        return dump_of_sqlite(db);
    }
    let (host, port, user, password) = db.server();
    let port = port.to_string();
    let mut command = match db.engine() {
        Engine::Postgres => {
            let mut command = Command::new("pg_dump");
            command.args(["-s", "-h", host, "-p", &port, "-U", user, "-d", db.name()]);
            command.args(["-T", "rev_*"]).env("PGPASSWORD", password);
            command
        }
        _ => {
            let mut command = db.mysqldump();
            command.args(["--no-data", "--routines", "--skip-comments", db.name()]);
            command
        }
    };
    let output = Output::of(command.output().expect("it starts")).success();
    let mut lines: Vec<String> = output
        .stdout
        .lines()
        .map(|line| line.trim().trim_end_matches(',').to_owned())
        // Behind a backslash newer versions of pg_dump write a random word.
        .filter(|line| !line.contains("rev_") && !line.starts_with('\\'))
        .collect();
    lines.sort();
    lines
}

/// SQLite's tables as its pragmas show them: the layout of its statements does not count.
fn dump_of_sqlite(db: &TestDb) -> Vec<String> {
    let table = "sqlite_schema m";
    let ours = "m.name NOT LIKE 'rev\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let queries = [
        format!(
            "SELECT m.name, x.name, lower(x.type), x.\"notnull\", x.dflt_value, x.pk, x.hidden \
             FROM {table}, pragma_table_xinfo(m.name) x WHERE m.type IN ('table', 'view') AND {ours}"
        ),
        format!(
            "SELECT m.name, f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete \
             FROM {table}, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND {ours}"
        ),
        format!(
            "SELECT m.name, i.name, i.\"unique\", i.origin, i.partial, c.name, c.\"desc\" \
             FROM {table}, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) c \
             WHERE m.type = 'table' AND c.key AND {ours}"
        ),
        format!(
            "SELECT m.type, m.name, m.sql FROM {table} WHERE m.type IN ('view', 'trigger') AND {ours}"
        ),
    ];
    let rows = queries.iter().flat_map(|sql| db.query(sql));
    let mut lines: Vec<String> = rows.map(|row| row.join(" ")).collect();
    lines.sort();
    lines
}

/// Runs the examples of all pages, up, down and up, on an engine that has them.
fn examples_run(engine: Engine) {
    let dialect = match engine {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
        Engine::Mariadb => "mariadb",
        Engine::Mysql => "mysql",
    };
    let mut ran = 0;
    for (page, text) in pages() {
        let db = TestDb::new(engine);
        match engine {
            Engine::Sqlite => {}
            // Roles belong to the server; whoever came first has made it.
            Engine::Postgres => drop(db.try_execute("CREATE ROLE docs_reader")),
            Engine::Mariadb | Engine::Mysql => db.execute("CREATE ROLE IF NOT EXISTS docs_reader"),
        }
        let env = Env::new();
        env.set("DATABASE_URL", db.url());
        let mut examples = write_examples(&env, &text);
        examples.dedup_by(|one, other| one.id == other.id);
        env.rev(["upgrade", "a1"]).success();
        let before = dump(&db);
        for Example { id, .. } in examples {
            if env.rev(["show", &id, "--sql", "--dialect", dialect]).code != 0 {
                continue;
            }
            ran += 1;
            let run = |arguments: &[&str]| {
                let output = env.rev(arguments);
                let said = format!("{page}: rev {}: {}", arguments.join(" "), output.stderr);
                assert_eq!(output.code, 0, "{said}");
            };
            run(&["upgrade", &id]);
            let after = dump(&db);
            run(&["downgrade", "a1"]);
            assert_eq!(dump(&db), before, "{page}: {id} down");
            run(&["upgrade", &id]);
            assert_eq!(dump(&db), after, "{page}: {id} up again");
            run(&["downgrade", "a1"]);
        }
    }
    assert!(ran > 30, "only {ran} examples ran");
}

#[test]
fn examples_run_on_sqlite() {
    examples_run(Engine::Sqlite);
}

#[test]
fn examples_run_on_postgres() {
    examples_run(Engine::Postgres);
}

#[test]
fn examples_run_on_mariadb() {
    examples_run(Engine::Mariadb);
}

#[test]
fn examples_run_on_mysql() {
    examples_run(Engine::Mysql);
}

#[test]
fn every_operation_has_a_table_and_an_example() {
    let places = places();
    let mut examples = BTreeSet::new();
    for (_, text) in pages() {
        for example in write_examples(&Env::new(), &text) {
            examples.extend(example.kinds.into_iter().map(|(kind, _)| kind));
        }
    }
    for (operation, _) in operations() {
        assert!(places.contains_key(operation), "no page has a table of {operation}");
        let shown = examples.contains(operation) || operation == "create_table";
        assert!(shown, "no page has an example of {operation}");
    }
}

//! Reads `store.yaml`.

use super::config::{Config, DatabaseConfig, clean};
use super::problems::Problems;
use super::yaml::{Node, Value};
use super::{check, rules, schema};

/// Reads `store.yaml`: what is right of it, if that is enough to go on with.
pub(super) fn read(text: &str, problems: &mut Problems) -> Option<Config> {
    let Some(mut root) = problems.tree(text)? else {
        let hint = "databases.default.url is all it needs".to_owned();
        problems.whole("the file is empty", Some(hint));
        return None;
    };
    check::check(&mut root, &schema::STORE, "store.yaml", problems);
    rules::databases(&mut root, problems);
    let mut config: Config = problems.typed(text, &root)?;
    for folder in &mut config.revisions {
        *folder = clean(folder);
    }
    for (name, database) in &mut config.databases.0 {
        database.line = root.line_of(&["databases", name, "url"]).unwrap_or(root.line);
        database.scratch_line = root.line_of(&["databases", name, "scratch_url"]);
        database.seed_line = root.line_of(&["databases", name, "seed"]);
    }
    let databases = root.get("databases");
    for (name, database) in &mut config.databases.0 {
        let sources = databases.and_then(|all| all.get(name)?.get("schema"));
        sources_of(name, database, databases, sources, problems);
    }
    Some(config)
}

/// Tells the sources of a database's desired schema where they stand, and checks them together.
fn sources_of(
    name: &str,
    database: &mut DatabaseConfig,
    databases: Option<&Node>,
    sources: Option<&Node>,
    problems: &mut Problems,
) {
    let Some(Value::List(items)) = sources.map(|node| &node.value) else { return };
    let is_alone = database.schema.len() == 1;
    for (source, item) in database.schema.iter_mut().zip(items) {
        source.line = item.line;
        if let (Some(other), Some(node)) = (&source.database, item.get("database")) {
            let known = |wanted: &str| databases.is_some_and(|all| all.get(wanted).is_some());
            let hint = "name another database of this file; the address of any other is {url: …}";
            if !known(other) {
                let message = format!("there is no database {other:?}");
                problems.at(node.place(), message, Some(hint.to_owned()));
            } else if other == name {
                let message = format!("the database {name} would be compared with itself");
                problems.at(node.place(), message, Some(hint.to_owned()));
            }
        }
        if (source.database.is_some() || source.url.is_some()) && !is_alone {
            let hint = "write either a database, or files and programs".to_owned();
            let message =
                "a database as a desired schema must be the only source: it is read as it is";
            problems.at(item.place(), message, Some(hint));
        }
    }
}

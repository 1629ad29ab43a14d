//! Whether every option and every word of one has a case on every dialect.

use std::collections::{BTreeMap, BTreeSet};

use revdag::internals::text::Dialect;
use revdag::model::Schema;
use serde_json::Value;

use super::case::{self, Case, Names, entries, filled, for_dialect, operation, stripped};
use super::{FILES, back, options};

/// The messages by option, for each dialect.
type Refusals = BTreeMap<Dialect, BTreeMap<String, BTreeSet<String>>>;

fn cases() -> Vec<(&'static str, Case)> {
    FILES
        .iter()
        .flat_map(|file| case::of(file).into_iter().map(move |case| (*file, case)))
        .collect()
}

/// A path with `*` for the places in lists, and the word where the value is one of an option's words.
fn option(path: &str, value: Option<&str>, all: &BTreeSet<String>) -> String {
    let parts = path
        .split('.')
        .map(|part| if part.bytes().all(|byte| byte.is_ascii_digit()) { "*" } else { part });
    let path = parts.collect::<Vec<_>>().join(".");
    match value.map(|value| format!("{path}={value}")) {
        Some(word) if all.contains(&word) => word,
        _ => path,
    }
}

/// What the cases use that works, and what is refused, by dialect.
fn survey() -> (BTreeMap<Dialect, BTreeSet<String>>, Refusals) {
    let all = options::all();
    let (mut works, mut refusals) = (BTreeMap::<_, BTreeSet<String>>::new(), Refusals::new());
    for (_, case) in cases() {
        for dialect in Dialect::ALL.into_iter().filter(|dialect| case.is_about(*dialect)) {
            if case.up.iter().any(|one| one.get("by_dialect").is_some()) {
                works.entry(dialect).or_default().insert("by_dialect".to_owned());
            }
            let mut left = Vec::new();
            for value in for_dialect(&filled(&case.up, &Names::of(dialect)), dialect) {
                let (rest, refused) = stripped(&value, dialect);
                left.extend(rest);
                for one in refused {
                    let option = option(&one.path, one.value.as_deref(), &all);
                    let own = refusals.entry(dialect).or_default();
                    own.entry(option).or_default().insert(one.message);
                }
            }
            let mirrored = match (&case.down, case.no_mirror || case.fails.contains_key(&dialect)) {
                (None, false) => back::of(&left).unwrap_or_default(),
                _ => Vec::new(),
            };
            let mirrored = mirrored.into_iter().map(back::without_nothing);
            for value in left.into_iter().chain(mirrored) {
                let used = options::used(&value);
                // The short form of an identity says its kind.
                let kinds = used.iter().filter_map(|option| option.split_once(".identity="));
                let kinds = kinds.map(|(before, kind)| format!("{before}.identity.kind={kind}"));
                let kinds: Vec<String> = kinds.collect();
                let own = works.entry(dialect).or_default();
                own.extend(kinds.into_iter().chain(used));
            }
        }
    }
    (works, refusals)
}

/// What a `was` says is what the making operation says: an option refused there is no option here.
fn as_made(option: &str) -> Option<String> {
    let (kind, rest) = option.split_once(".was.")?;
    if let Some(rest) = option.strip_prefix("alter_domain.was.check.") {
        return Some(format!("alter_domain.add_check.{rest}"));
    }
    let made = match kind {
        "drop_column" => "add_column.column".to_owned(),
        // Also the `was` of one that replaces.
        kind if kind.starts_with("create_") => kind.to_owned(),
        "drop_constraint" => "create_table.constraints.*".to_owned(),
        "drop_enum" | "drop_enum_value" | "alter_domain" | "alter_policy" => return None,
        "alter_column" => "alter_column".to_owned(),
        "alter_sequence" => "alter_sequence".to_owned(),
        kind => format!("create_{}", kind.strip_prefix("drop_")?),
    };
    Some(format!("{made}.{rest}"))
}

fn is_refused(option: &str, refused: &BTreeMap<String, BTreeSet<String>>) -> bool {
    let mut path = option;
    let words = |path: &str| {
        refused.keys().any(|key| key.strip_prefix(path).is_some_and(|rest| rest.starts_with('=')))
    };
    if !option.contains('=') && words(option) {
        return true;
    }
    loop {
        if refused.contains_key(path) {
            return true;
        }
        match path.rfind(['.', '=']) {
            Some(at) => path = &path[..at],
            None => return false,
        }
    }
}

#[test]
fn every_option_has_a_case_on_every_dialect() {
    let (works, refusals) = survey();
    let mut missing: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for option in options::all() {
        for dialect in Dialect::ALL {
            let nothing = BTreeMap::new();
            let refused = refusals.get(&dialect).unwrap_or(&nothing);
            let is_covered = |option: &str| {
                works.get(&dialect).is_some_and(|works| works.contains(option))
                    || is_refused(option, refused)
            };
            let replaced = option.starts_with("create_");
            // What nothing can take the place of was nothing else before.
            let replaces = option.split_once(".was").map(|(kind, _)| format!("{kind}.or_replace"));
            let covered = is_covered(&option)
                || replaces.is_some_and(|option| is_refused(&option, refused))
                || as_made(&option).is_some_and(|made| match replaced {
                    // A `was` of one that replaces is the same definition again.
                    true => is_covered(&made),
                    false => is_refused(&made, refused),
                });
            if !covered {
                missing.entry(option.clone()).or_default().push(dialect.name());
            }
        }
    }
    let lines: Vec<String> = missing
        .iter()
        .map(|(option, dialects)| format!("{option}: {}", dialects.join(", ")))
        .collect();
    assert!(lines.is_empty(), "{} options without a case:\n{}", lines.len(), lines.join("\n"));
}

/// The messages by which options are refused, kept in `refused.yaml`. Write it anew with
/// `UPDATE_REFUSED=1`, then read what has changed.
#[test]
fn what_is_refused_is_refused_in_these_words() {
    let (_, refusals) = survey();
    let by_name: BTreeMap<&str, _> =
        refusals.iter().map(|(dialect, messages)| (dialect.name(), messages)).collect();
    let mut wrong = Vec::new();
    for (dialect, messages) in &by_name {
        for (option, message) in
            messages.iter().flat_map(|(option, all)| all.iter().map(move |one| (option, one)))
        {
            let kind = option.split(['.', '=']).next().unwrap_or_default();
            let lower = message.to_lowercase();
            // What a way back meets is named by the way back.
            let kind = if option.contains(".was.") { "" } else { kind };
            if !message.contains(kind) || !lower.contains(&dialect.to_lowercase()) {
                wrong.push(format!("{dialect}, {option}: {message}"));
            }
        }
    }
    let text = serde_yaml::to_string(&by_name).expect("YAML");
    let text = format!(
        "# What each dialect refuses, and how it says so. Written by a test: see coverage.rs.\n{text}"
    );
    let path = case::folder().join("refused.yaml");
    if std::env::var_os("UPDATE_REFUSED").is_some() {
        std::fs::write(&path, &text).expect("written");
    }
    assert!(wrong.is_empty(), "name neither operation nor dialect:\n{}", wrong.join("\n"));
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).find(|(kept, new)| kept != new);
    assert!(first.is_none(), "run this test with UPDATE_REFUSED=1: {first:?}");
    assert!(kept == text, "run this test with UPDATE_REFUSED=1");
}

/// Every case becomes statements on MySQL, also where there is no server to run them on.
#[test]
fn cases_become_statements_on_mysql() {
    let mut wrong = Vec::new();
    for (file, case) in cases() {
        let dialect = Dialect::Mysql;
        if !case.is_about(dialect) {
            continue;
        }
        let mut schema =
            Schema { own: Some("own".to_owned()), complete: true, ..Schema::default() };
        let mut lower = |operations: &[Value]| {
            let operations = for_dialect(&filled(operations, &Names::of(dialect)), dialect);
            let left: Vec<Value> =
                operations.iter().filter_map(|one| stripped(one, dialect).0).collect();
            let statements =
                revdag::internals::sql::lower(&entries(&left), dialect, "case.yaml", &mut schema);
            (left, statements)
        };
        let (_, made) = lower(&case.setup);
        if made.is_err() {
            wrong.push(format!("{file}, {}: setup: {made:?}", case.name));
            continue;
        }
        let (left, statements) = lower(&case.up);
        match (statements, case.refused_by(dialect)) {
            (Err(error), Some(message)) if error.message.contains(message) => continue,
            // What SQL has made, nobody knows without a server.
            (Err(error), None) if error.unknown.is_some() => continue,
            (Ok(_), None) => {}
            (outcome, expected) => {
                wrong.push(format!("{file}, {}: up: {outcome:?} for {expected:?}", case.name));
                continue;
            }
        }
        let back = case.down.clone().or_else(|| back::of(&left)).unwrap_or_default();
        match lower(&back).1 {
            Err(error) if error.unknown.is_none() => {
                wrong.push(format!("{file}, {}: down: {error:?}", case.name));
            }
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What an operation declares is never milder than what its statements do, where the schema is known.
#[test]
fn a_declared_effect_is_never_milder_than_the_statements() {
    let mut wrong = BTreeSet::new();
    for (file, case) in cases() {
        for dialect in Dialect::ALL.into_iter().filter(|dialect| case.is_about(*dialect)) {
            let mut schema =
                Schema { own: Some("own".to_owned()), complete: true, ..Schema::default() };
            let mut compare = |operations: &[Value]| {
                let operations = for_dialect(&filled(operations, &Names::of(dialect)), dialect);
                let left: Vec<Value> =
                    operations.iter().filter_map(|one| stripped(one, dialect).0).collect();
                for entry in entries(&left) {
                    let declared = entry.operation.effect(&schema, dialect);
                    let lowered = revdag::internals::sql::lower(
                        std::slice::from_ref(&entry),
                        dialect,
                        "case.yaml",
                        &mut schema,
                    );
                    for statement in lowered.into_iter().flatten() {
                        if statement.effect > declared {
                            wrong.insert(format!(
                                "{file}, {}, {dialect}: {} declares {declared}, and {} does {}",
                                case.name,
                                entry.operation.kind(),
                                statement.sql,
                                statement.effect
                            ));
                        }
                    }
                }
                left
            };
            compare(&case.setup);
            let left = compare(&case.up);
            compare(&case.down.clone().or_else(|| back::of(&left)).unwrap_or_default());
        }
    }
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn cases_are_what_the_schema_allows() {
    let mut names = BTreeSet::new();
    for (file, case) in cases() {
        assert!(names.insert((file, case.name.clone())), "{file} has two cases {:?}", case.name);
        for dialect in Dialect::ALL.into_iter().filter(|dialect| case.is_about(*dialect)) {
            let down = case.down.iter().flatten();
            let all: Vec<Value> = case.setup.iter().chain(&case.up).chain(down).cloned().collect();
            for one in for_dialect(&filled(&all, &Names::of(dialect)), dialect) {
                if let Err(error) = operation(&one) {
                    panic!("{file}, {}: {error}", case.name);
                }
            }
        }
    }
    let mut files: Vec<String> = std::fs::read_dir(case::folder())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "refused.yaml")
        .collect();
    files.sort();
    let mut known: Vec<String> = FILES.iter().map(|file| format!("{file}.yaml")).collect();
    known.sort();
    assert_eq!(files, known);
}

//! What databases hold of revisions stays what it is.
//!
//! The files in `tests/golden` are a promise. The journals of databases out there hold these digests and
//! these texts: a digest that came out otherwise would make a revision that ran look edited, and a text
//! that is not read any more would leave no way back. **A line may be added, never changed.**
//!
//! The files are made of the cases of the matrix and of those in `tests/cases/revisions.yaml`, each on the
//! dialects that take it, but held by themselves: a case that is edited adds a revision, and what was held
//! before stays. `UPDATE_GOLDEN=1` adds what a new case stores. It also takes over what operations now
//! become as SQL, which a mended bug may change; read the difference, since a derived `down` that is no
//! longer the one stored is put before the user. It changes no digest, no operation and no task: whoever
//! must break the promise deletes the lines by hand, and says in the commit what becomes of the
//! databases.

use revdag::internals::graph::Request;
use revdag::internals::run::prepare_offline;
use revdag::internals::text::Dialect;
use revdag::model::{Down, Entry, Operation, StoredStatement};
use revdag::store::{Store, TransactionMode, Variables};
use serde::Deserialize;
use serde_json::Value;

use super::case::{self, Case, Names, filled, for_dialect, operation, taken};
use super::held::{self, Held, Stored, statements};
use super::{FILES, back};
use crate::support::Env;

/// A revision as it is written by hand.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: String,
    /// The dialects that take it; left out: all.
    #[serde(default = "all")]
    only: Vec<Dialect>,
    /// Its file, behind the header.
    body: String,
}

fn all() -> Vec<Dialect> {
    Dialect::ALL.to_vec()
}

/// The files in `tests/golden`.
fn files() -> Vec<String> {
    let files = FILES.iter().map(|file| format!("operations/{file}"));
    files.chain(["revisions".to_owned()]).collect()
}

/// The revisions that a file has to hold: name, body, and the dialects that take it.
fn wanted(file: &str) -> Vec<(String, String, Vec<Dialect>)> {
    let Some(file) = file.strip_prefix("operations/") else {
        let path = case::folder().with_file_name("revisions.yaml");
        let text = std::fs::read_to_string(path).expect("a file");
        let written: Vec<Written> = serde_yaml::from_str(&text).expect("cases");
        return written
            .into_iter()
            .map(|one| (one.name, as_written(&one.body), one.only))
            .collect();
    };
    let mut wanted: Vec<(String, String, Vec<Dialect>)> = Vec::new();
    for case in case::of(file) {
        let about = Dialect::ALL
            .into_iter()
            .filter(|dialect| case.is_about(*dialect) && !case.fails.contains_key(dialect));
        for dialect in about {
            for (name, body) in bodies(&case, dialect) {
                match wanted.iter_mut().find(|(own, text, _)| *own == name && *text == body) {
                    Some((_, _, dialects)) => dialects.push(dialect),
                    None => wanted.push((name, body, vec![dialect])),
                }
            }
        }
    }
    wanted
}

/// A case on a dialect as revisions: itself, and its way back.
fn bodies(case: &Case, dialect: Dialect) -> Vec<(String, String)> {
    let strip = |operations: &[Value]| taken(&filled(operations, &Names::of(dialect)), dialect);
    let up = strip(&case.up);
    if for_dialect(&up, dialect).is_empty() && !up.iter().any(|one| one.get("by_dialect").is_some())
    {
        return Vec::new();
    }
    let mut bodies = vec![(case.name.clone(), body(&up, case.down.as_deref().map(strip)))];
    if case.down.is_none() && !case.no_mirror {
        let back = back::of(&for_dialect(&up, dialect)).filter(|back| !back.is_empty());
        bodies.extend(back.map(|back| (format!("{}, back", case.name), body(&back, None))));
    }
    bodies
}

/// Operations as the body of a file, each as `rev` writes it in JSON.
fn body(up: &[Value], down: Option<Vec<Value>>) -> String {
    let list = |operations: &[Value]| -> String {
        let line = |value: &Value| {
            let operation = operation(value).unwrap_or_else(|error| panic!("{error}"));
            format!("\n- {}", json(&operation))
        };
        match operations {
            [] => " []".to_owned(),
            some => some.iter().map(line).collect(),
        }
    };
    let down = down.map(|down| format!("down:{}\n", list(&down)));
    format!("up:{}\n{}", list(up), down.unwrap_or_default())
}

/// A body whose operations are as `rev` writes them.
fn as_written(body: &str) -> String {
    let line = |line: &str| match line.strip_prefix("- ") {
        Some(own) => {
            let operation: Operation =
                serde_json::from_str(own).unwrap_or_else(|error| panic!("{error}: {own}"));
            format!("- {}\n", json(&operation))
        }
        None => format!("{line}\n"),
    };
    body.lines().map(line).collect()
}

/// A store of revisions that have nothing to do with each other.
struct Revisions {
    store: Store,
    _env: Env,
}

impl Revisions {
    fn of<'a>(bodies: impl IntoIterator<Item = &'a str>) -> Revisions {
        let env = Env::new();
        env.write("store.yaml", "databases: {default: {url: unset}}\n");
        std::fs::create_dir_all(env.path("revisions")).expect("a folder");
        for (at, body) in bodies.into_iter().enumerate() {
            let id = id(at);
            match body.starts_with("--") {
                true => env.write(
                    format!("revisions/{id}.sql"),
                    format!("-- revision: {id}\n-- parents: []\n{body}"),
                ),
                false => env.write(
                    format!("revisions/{id}.yaml"),
                    format!("revision: {id}\nparents: []\n{body}"),
                ),
            }
        }
        let store = Store::open(&env.dir(), Variables::default()).expect("a store");
        Revisions { store, _env: env }
    }

    /// What the journal would store of a revision: a stamp says it without a database.
    fn stored(&self, at: usize, dialect: Dialect) -> Result<Stored, String> {
        let request = Request::Stamp { targets: vec![id(at)], purge: false, only: false };
        let (mode, from) = (TransactionMode::default(), ["base".to_owned()]);
        let prepared = prepare_offline(&self.store, dialect, mode, &[], &from, &request);
        let prepared = prepared.map_err(|error| format!("{error:?}"))?;
        let [step] = prepared.steps.as_slice() else { panic!("one step: {prepared:?}") };
        let text = step.text.as_ref().expect("a row of rev_text");
        Ok(Stored {
            up_digest: text.up_digest.to_string(),
            down_digest: text.down_digest.to_string(),
            up: text.up.iter().map(json).collect(),
            down: text.down.as_ref().map(|down| down.iter().map(json).collect()),
        })
    }

    /// The operations that the store reads, `up` and then `down`, as JSON.
    fn operations(&self, at: usize) -> Vec<String> {
        let revision = self.store.revision(&id(at).into()).expect("a revision");
        let down: &[Entry] = match &revision.down {
            Down::Operations(down) => down,
            _ => &[],
        };
        revision.up.iter().chain(down).map(|entry| json(&entry.operation)).collect()
    }
}

fn id(at: usize) -> String {
    format!("r{at}")
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON")
}

#[test]
fn golden_is_read_as_the_journal_stored_it() {
    let mut broken = Vec::new();
    for file in files() {
        for held in held::read(&file) {
            for (dialect, stored) in &held.on {
                let ways = [("up", Some(&stored.up)), ("down", stored.down.as_ref())];
                for (way, lines) in ways.into_iter().filter_map(|(way, lines)| Some((way, lines?)))
                {
                    let place = format!("{file}, {}, {dialect}, the stored `{way}`", held.name);
                    match statements(lines) {
                        Err(error) => broken.push(format!("{place} is not read: {error}")),
                        Ok(read) => broken.extend(differences(
                            &format!("{place} is written back otherwise"),
                            lines,
                            &read.iter().map(json).collect::<Vec<_>>(),
                        )),
                    }
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n\n"));
}

#[test]
fn golden_revisions() {
    stays("revisions");
}

/// Holds that all that a file of `tests/golden` says is what is stored today, and that it says all.
pub fn stays(file: &str) {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let (mut broken, mut stale) = (Vec::new(), Vec::new());
    let before = held::read(file);
    let mut held = before.clone();
    add_wanted(file, &mut held);
    let revisions = Revisions::of(held.iter().map(|held| held.body.as_str()));
    for (at, held) in held.iter_mut().enumerate() {
        broken.extend(read_differs(&revisions, at, held).map(|what| format!("{file}, {what}")));
        let old = before.iter().find(|old| old.name == held.name && old.body == held.body);
        for (dialect, stored) in &mut held.on {
            let place = format!("{file}, {}, {dialect}", held.name);
            let now = match revisions.stored(at, *dialect) {
                Ok(now) => now,
                Err(error) => {
                    broken.push(format!("{place}: is refused: {error}"));
                    continue;
                }
            };
            let Some(was) = old.and_then(|old| old.on(*dialect)) else {
                stale.push(format!("{place}: is not held"));
                *stored = now;
                continue;
            };
            let kept = kept_differs(was, &now);
            if kept.is_empty() {
                stale.extend(text_differs(was, &now).iter().map(|what| format!("{place}: {what}")));
                *stored = now;
            }
            broken.extend(kept.iter().map(|what| format!("{place}: {what}")));
        }
    }
    if update && held != before {
        // What is refused has nothing to hold.
        for held in &mut held {
            held.on.retain(|(_, stored)| *stored != Stored::default());
        }
        held.retain(|held| !held.on.is_empty());
        held::write(file, &held);
    }
    assert!(broken.is_empty(), "databases hold what was before:\n\n{}", broken.join("\n\n"));
    assert!(
        update || stale.is_empty(),
        "run this test with UPDATE_GOLDEN=1, and read what changes:\n\n{}",
        stale.join("\n\n")
    );
}

/// Adds the revisions of the cases that are not held yet, each beside its kin; what is stored of them is
/// still to be said.
fn add_wanted(file: &str, held: &mut Vec<Held>) {
    for (name, body, dialects) in wanted(file) {
        let on = |dialects: &mut dyn Iterator<Item = Dialect>| -> Vec<(Dialect, Stored)> {
            dialects.map(|dialect| (dialect, Stored::default())).collect()
        };
        match held.iter_mut().find(|held| held.name == name && held.body == body) {
            Some(found) => {
                let missing = on(&mut dialects.into_iter().filter(|own| found.on(*own).is_none()));
                found.on.extend(missing);
                found.on.sort_by_key(|(dialect, _)| *dialect);
            }
            None => {
                let kin = held.iter().rposition(|held| held.name == name);
                let place = kin.map_or(held.len(), |kin| kin + 1);
                held.insert(place, Held { name, body, on: on(&mut dialects.into_iter()) });
            }
        }
    }
}

/// How a body's operations are read, by the store and as JSON, if that is not what they say.
fn read_differs(revisions: &Revisions, at: usize, held: &Held) -> Option<String> {
    if held.body.starts_with("--") {
        return None;
    }
    let said: Vec<String> =
        held.body.lines().filter_map(|line| Some(line.strip_prefix("- ")?.to_owned())).collect();
    let read = said.iter().map(|own| match serde_json::from_str::<Operation>(own) {
        Ok(operation) => json(&operation),
        Err(error) => error.to_string(),
    });
    let place = format!("{}: an operation is read", held.name);
    differences(&format!("{place} from JSON otherwise"), &said, &read.collect::<Vec<_>>()).or_else(
        || differences(&format!("{place} from a file otherwise"), &said, &revisions.operations(at)),
    )
}

/// What may never change: the digests, and what is stored beside SQL.
fn kept_differs(was: &Stored, now: &Stored) -> Vec<String> {
    let mut differ = Vec::new();
    for (what, was, now) in
        [("up", &was.up_digest, &now.up_digest), ("down", &was.down_digest, &now.down_digest)]
    {
        if was != now {
            differ.push(format!("the {what} digest\n  was {was}\n  is  {now}"));
        }
    }
    let beside = |lines: &Vec<String>| -> Vec<String> {
        let beside = |StoredStatement { copy_data, task, operation, .. }: StoredStatement| {
            let is_plain = copy_data.is_none() && task.is_none() && operation.is_none();
            (!is_plain).then(|| json(&(operation, task, copy_data)))
        };
        let read = statements(lines).unwrap_or_default();
        read.into_iter().filter_map(beside).collect()
    };
    let what = "the stored `up` has another operation, task or rows";
    differ.extend(differences(what, &beside(&was.up), &beside(&now.up)));
    let down = |stored: &Stored| stored.down.as_ref().map(beside).unwrap_or_default();
    let what = "the stored `down` has another operation, task or rows";
    differ.extend(differences(what, &down(was), &down(now)));
    differ
}

/// What else is stored: SQL, and on which line it stands.
fn text_differs(was: &Stored, now: &Stored) -> Vec<String> {
    let down =
        |stored: &Stored| stored.down.clone().unwrap_or_else(|| vec!["irreversible".to_owned()]);
    let up = differences("the stored `up` is another", &was.up, &now.up);
    up.into_iter()
        .chain(differences("the stored `down` is another", &down(was), &down(now)))
        .collect()
}

/// The lines that differ, if there are any.
fn differences(what: &str, was: &[String], is: &[String]) -> Option<String> {
    if was == is {
        return None;
    }
    let gone = was.iter().filter(|line| !is.contains(line)).map(|line| format!("\n  was {line}"));
    let new = is.iter().filter(|line| !was.contains(line)).map(|line| format!("\n  is  {line}"));
    Some(format!("{what}:{}", gone.chain(new).collect::<String>()))
}

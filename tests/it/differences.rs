//! What autogenerate sees: every kind of object and change on every dialect, a corpus of schemas, random
//! pairs of schemas. Whole commands on real databases; the engines' own dumps are the judges.

mod any_tables;
mod catalog;
mod connections;
mod corpus;
mod dependents;
mod facts;
mod fence;
mod matrix;
mod mutations;
mod never_dropped;
mod position;
mod random;
mod renamed;
mod sessions;

use crate::support::{Env, Output, TestDb, seen};

/// A folder with a store whose database may be tried out beside, and models in SQL.
pub fn env_with_models(db: &TestDb, models: &str) -> Env {
    let env = Env::new();
    env.write(
        "store.yaml",
        format!(
            "databases:\n  default:\n    url: {}\n    kind: development\n    schema:\n      - file: models.sql\n",
            db.url()
        ),
    );
    env.write("models.sql", models);
    std::fs::create_dir_all(env.path("revisions")).unwrap();
    env
}

/// Generates a revision from what the database is to the models, applies it, checks that nothing is left,
/// and goes back. The failure, if there is one.
pub fn there_and_back(db: &TestDb, env: &Env, models: &TestDb) -> Result<(), String> {
    but_for(&[], db, env, models)
}

/// The same, but for what a part of a line names: it is known not to be made, and has to be said.
pub fn but_for(known: &[&str], db: &TestDb, env: &Env, models: &TestDb) -> Result<(), String> {
    let but = |seen: &seen::Seen| {
        let mut seen = seen.clone();
        let objects = known.iter().filter_map(|part| part.strip_prefix("object: "));
        let objects: Vec<&str> = objects.collect();
        seen.objects.retain(|object| !objects.iter().any(|part| object.contains(part)));
        seen
    };
    let differs = |before: &seen::Seen, after: &seen::Seen| {
        let differs = but(before).schema_difference(&but(after))?;
        let has =
            |mark: char, line: &str| differs.lines().any(|other| other == format!("{mark}{line}"));
        // What stands on both sides is shown of a statement that differs elsewhere.
        let on_both = |line: &&str| has('-', &line[1..]) && has('+', &line[1..]);
        let lines: Vec<&str> = differs
            .lines()
            .filter(|line| !line[1..].trim().is_empty() && !on_both(line))
            .filter(|line| !known.iter().any(|part| line.contains(part)))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    };
    let before = seen::whole(db);
    let ok = |what: &str, output: Output, code: i32| {
        if output.code == code {
            return Ok(output);
        }
        Err(format!("{what}: exit {}\n{}{}", output.code, output.stdout, output.stderr))
    };
    let generated = env.rev(["revision", "--autogenerate", "-m", "generated"]);
    // What is skipped has to be known: the check says it once more.
    let code = if generated.stdout.contains("skipped:") { 3 } else { 0 };
    let generated = ok("revision --autogenerate", generated, code)?;
    let shown = || {
        let files = env.files("revisions");
        let texts: Vec<String> =
            files.iter().map(|file| env.read(format!("revisions/{file}"))).collect();
        format!("{}\n{}", generated.stdout, texts.join("\n"))
    };
    ok("upgrade heads", env.rev(["upgrade", "heads"]), 0)
        .map_err(|text| format!("{text}\n{}", shown()))?;
    let check = env.rev(["check"]);
    // What is known not to be made is all that may be left.
    let left = check.stdout.lines().filter(|line| line.starts_with(['+', '-', '~', '!', 's']));
    let is_known = !known.is_empty()
        && left.clone().count() > 0
        && left.clone().all(|line| known.iter().any(|part| line.contains(part)));
    ok("check", check.clone(), if is_known { 3 } else { 0 })
        .map_err(|text| format!("{text}\n{}", shown()))?;
    if let Some(differs) = differs(&seen::whole(models), &seen::whole(db)) {
        return Err(format!("the dumps differ from the models':\n{differs}\n{}", shown()));
    }
    ok("downgrade base", env.rev(["downgrade", "base", "--yes"]), 0)
        .map_err(|text| format!("{text}\n{}", shown()))?;
    match differs(&before, &seen::whole(db)) {
        None => Ok(()),
        Some(differs) => {
            Err(format!("the downgrade does not restore the schema:\n{differs}\n{}", shown()))
        }
    }
}

//! Merges that are proven, and those that are not.

mod late;
mod oracle;
mod traps;

use crate::support::{Env, TestDb};

/// A store of a `development` database with a base and lines of revisions of one statement each.
fn env_with(db: &TestDb, base: &str, seed: Option<&str>) -> Env {
    let env = Env::new();
    let seed_line = if seed.is_some() { "    seed: [seed.sql]\n" } else { "" };
    env.write(
        "store.yaml",
        format!(
            "databases:\n  default:\n    url: {}\n    kind: development\n{seed_line}",
            db.url()
        ),
    );
    if let Some(seed) = seed {
        env.write("seed.sql", seed);
    }
    write(&env, "base0", "", base);
    env
}

/// Writes a revision: SQL, or a list of operations in YAML.
fn write(env: &Env, id: &str, parents: &str, up: &str) {
    if up.starts_with("- ") {
        let up: String = up.lines().map(|line| format!("  {line}\n")).collect();
        let text = format!(
            "revision: {id}\nparents: [{parents}]\nmessage: {id}\nup:\n{up}down: irreversible\n"
        );
        env.write(format!("revisions/{id}.yaml"), text);
    } else {
        let parents: Vec<&str> = parents.split(", ").filter(|parent| !parent.is_empty()).collect();
        env.revision(id, &parents, id, up, "");
    }
}

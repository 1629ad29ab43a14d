//! Runs the cases of a file on an engine: up, down, up, and the way back as a revision of its own.

use std::fmt::Write;

use revdag::internals::run::{Cancel, Database, Event};
use revdag::internals::text::Dialect;
use revdag::store::{Secret, Store, Variables};
use revdag::verb::downgrade::{DowngradeOptions, downgrade};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use serde_json::Value;

use super::back;
use super::case::{self, Case, Names, filled, for_dialect, stripped, taken};
use crate::support::ground::Ground;
use crate::support::{Engine, Env, TestDb};

/// A case on its place.
struct Running {
    case: Case,
    store: Store,
    database: Option<Database>,
    /// Whether the way back stands in a revision of its own.
    mirrored: bool,
    /// What went wrong; then nothing more is done with it.
    failure: Option<String>,
    _env: Env,
}

/// Runs all cases of a file.
pub fn file(file: &str, engine: Engine) {
    let dialect = dialect(engine);
    let cases = case::of(file).into_iter().filter(|case| case.is_about(dialect));
    // What a dialect refuses altogether leaves nothing to run.
    let cases = cases.filter(|case| {
        let operations = for_dialect(&filled(&case.up, &Names::of(dialect)), dialect);
        operations.iter().any(|operation| stripped(operation, dialect).0.is_some())
    });
    let failures = cases_on(cases.collect(), engine);
    assert!(failures.is_empty(), "{file} on {engine:?}:\n{}", failures.join("\n\n"));
}

/// Runs cases, each on a place of its own: what goes wrong.
pub fn cases_on(cases: Vec<Case>, engine: Engine) -> Vec<String> {
    let dialect = dialect(engine);
    if cases.is_empty() {
        return Vec::new();
    }
    let ground = Ground::new(engine, cases.len());
    let role = cases.iter().any(Case::wants_role).then(|| Role::new(&ground.db));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let failures: Vec<String> = runtime.block_on(async {
        let mut running = Vec::new();
        for (case, place) in cases.into_iter().zip(&ground.places) {
            let names = Names {
                own: if engine == Engine::Sqlite { "main".to_owned() } else { place.name.clone() },
                other: place.other(),
                new: format!("{}_new", place.name),
                role: role.as_ref().map(|role| role.0.clone()).unwrap_or_default(),
            };
            running.push(start(case, dialect, &place.url, &names).await);
        }
        stages(&ground, &mut running).await;
        for one in &mut running {
            if let Some(database) = one.database.take() {
                database.connection.close().await;
            }
        }
        let failed = |one: Running| Some(format!("=== {}\n{}", one.case.name, one.failure?));
        running.into_iter().filter_map(failed).collect::<Vec<_>>()
    });
    // A role can be dropped when nothing is left on which it has rights.
    drop(ground);
    failures
}

/// A step of all cases, and what is then to be seen.
async fn stages(ground: &Ground, running: &mut [Running]) {
    for one in running.iter_mut() {
        one.go("setup", Way::Up("setup1")).await;
    }
    let before = ground.see();
    for one in running.iter_mut() {
        one.up_or_refused().await;
    }
    let after = ground.see();
    for (at, one) in running.iter_mut().enumerate() {
        one.holds("up: rows are lost", before[at].lost_rows(&after[at], &one.case.changes));
        if one.case.fails.contains_key(&dialect(ground.db.engine())) {
            one.holds("refused, yet", before[at].schema_difference(&after[at]));
            one.database = None;
        }
        one.go("down", Way::Down("-1")).await;
    }
    let down = ground.see();
    for (at, one) in running.iter_mut().enumerate() {
        let but: Vec<String> = one.case.loses.clone();
        let leaves = one.case.leaves.get(&dialect(ground.db.engine())).cloned();
        let (before, down) = (before[at].without(&leaves), down[at].without(&leaves));
        one.holds("down is not what was before", before.schema_difference(&down));
        one.holds("down is not what was before", before.row_difference(&down, &but));
        one.go("up again", Way::Up("change1")).await;
    }
    let again = ground.see();
    for (at, one) in running.iter_mut().enumerate() {
        let but: Vec<String> = one.case.loses.clone();
        one.holds("up again is not the first up", after[at].schema_difference(&again[at]));
        one.holds("up again is not the first up", after[at].row_difference(&again[at], &but));
        one.mirror(Way::Up("heads")).await;
    }
    let back = ground.see();
    for (at, one) in running.iter_mut().enumerate().filter(|(_, one)| one.mirrored) {
        let leaves = one.case.leaves.get(&dialect(ground.db.engine())).cloned();
        let (before, back) = (before[at].without(&leaves), back[at].without(&leaves));
        one.holds("its reverse is not its way down", before.schema_difference(&back));
        one.mirror(Way::Down("-1")).await;
    }
    let forth = ground.see();
    for (at, one) in running.iter_mut().enumerate().filter(|(_, one)| one.mirrored) {
        let difference = after[at].schema_difference(&forth[at]);
        one.holds("the way back from its reverse is not its up", difference);
    }
}

enum Way {
    Up(&'static str),
    Down(&'static str),
}

async fn start(mut case: Case, dialect: Dialect, url: &str, names: &Names) -> Running {
    for list in [&mut case.loses, &mut case.changes] {
        *list = list.iter().map(|text| names.fill(text)).collect();
    }
    let env = Env::new();
    env.write("store.yaml", "databases: {default: {url: unset}}\n");
    let strip = |operations: &[Value]| taken(&filled(operations, names), dialect);
    let (setup, up) = (strip(&case.setup), strip(&case.up));
    let own = for_dialect(&up, dialect);
    let down = case.down.as_deref().map(strip).or_else(|| match back::of(&own) {
        Some(_) => None,
        None => back::of(&back::certain(&own)),
    });
    let back = match (&down, case.no_mirror || case.fails.contains_key(&dialect)) {
        (None, false) => back::of(&own),
        _ => None,
    };
    env.write("revisions/setup1.yaml", revision("setup1", None, &setup, Some(&[])));
    env.write("revisions/change1.yaml", revision("change1", Some("setup1"), &up, down.as_deref()));
    if let Some(back) = &back {
        env.write("revisions/reverse1.yaml", revision("reverse1", Some("change1"), back, None));
    }
    let (store, failure) = match Store::open(&env.dir(), Variables::default()) {
        Ok(store) => (store, None),
        Err(error) => {
            let sound = Env::new();
            sound.write("store.yaml", "databases: {default: {url: unset}}\n");
            std::fs::create_dir(sound.path("revisions")).expect("a folder");
            let store = Store::open(&sound.dir(), Variables::default()).expect("an empty store");
            (store, Some(format!("the store: {error:?}")))
        }
    };
    let settings = store.database_at("default", Secret::new(url.to_owned())).expect("settings");
    let database = Database::connect(settings, true).await.expect("a connection");
    let mirrored = back.is_some();
    Running { case, store, database: Some(database), mirrored, failure, _env: env }
}

impl Running {
    /// Goes a way, unless something has gone wrong before.
    async fn go(&mut self, stage: &str, way: Way) {
        let Some(database) = self.database.as_mut().filter(|_| self.failure.is_none()) else {
            return;
        };
        if let Err(error) = walk(&self.store, database, &way).await {
            self.failure = Some(format!("{stage}: {error}"));
        }
    }

    async fn mirror(&mut self, way: Way) {
        if self.mirrored {
            self.go("its reverse", way).await;
        }
    }

    /// Goes up, or is refused as the case says.
    async fn up_or_refused(&mut self) {
        let Some(database) = self.database.as_mut().filter(|_| self.failure.is_none()) else {
            return;
        };
        let dialect = database.connection.dialect();
        let outcome = walk(&self.store, database, &Way::Up("change1")).await;
        self.failure = match (outcome, self.case.fails.get(&dialect)) {
            (Ok(()), None) => None,
            (Err(error), None) => Some(format!("up: {error}")),
            (Err(error), Some(_)) if self.case.fails_by(dialect, &error) => None,
            (Err(error), Some(message)) => Some(format!("not refused by {message:?} but: {error}")),
            (Ok(()), Some(message)) => Some(format!("not refused by {message:?}, it works")),
        };
    }

    fn holds(&mut self, stage: &str, difference: Option<String>) {
        if let (None, Some(difference)) = (&self.failure, difference) {
            self.failure = Some(format!("{stage}:\n{difference}"));
        }
    }
}

async fn walk(store: &Store, database: &mut Database, way: &Way) -> Result<(), String> {
    let (cancel, mut events) = (Cancel::default(), |_: Event| {});
    let outcome = match way {
        Way::Up(target) => {
            let targets = vec![(*target).to_owned()];
            let options = UpgradeOptions::default().targets(targets);
            upgrade(store, database, options, &cancel, &mut events).await
        }
        Way::Down(target) => {
            let targets = vec![(*target).to_owned()];
            let options = DowngradeOptions::default().targets(targets);
            downgrade(store, database, options, &cancel, &mut events).await
        }
    };
    outcome.map(|_| ()).map_err(|error| {
        let debug = format!("{error:?}");
        // The statement stands in there.
        format!("{error}\n{}", debug.split("done: []").next().unwrap_or_default())
    })
}

/// A revision as a file: JSON is YAML.
fn revision(id: &str, parent: Option<&str>, up: &[Value], down: Option<&[Value]>) -> String {
    let mut text = format!("revision: {id}\nparents: [{}]\nup:", parent.unwrap_or_default());
    list(&mut text, up);
    if let Some(down) = down {
        text.push_str("down:");
        list(&mut text, down);
    }
    text
}

fn list(text: &mut String, operations: &[Value]) {
    if operations.is_empty() {
        text.push_str(" []");
    }
    text.push('\n');
    for operation in operations {
        writeln!(text, "  - {operation}").expect("text");
    }
}

/// A role of the server, dropped in the end.
struct Role(String, TestDb);

impl Role {
    fn new(db: &TestDb) -> Role {
        let name = format!("{}_role", db.name());
        db.execute(&format!("CREATE ROLE {name}"));
        Role(name, TestDb::new(db.engine()))
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        if let Err(error) = self.1.try_execute(&format!("DROP ROLE {}", self.0)) {
            eprintln!("{error}");
        }
    }
}

pub fn dialect(engine: Engine) -> Dialect {
    match engine {
        Engine::Sqlite => Dialect::Sqlite,
        Engine::Postgres => Dialect::Postgres,
        Engine::Mariadb => Dialect::Mariadb,
        Engine::Mysql => Dialect::Mysql,
    }
}

//! A run that dies at any moment loses nothing and repeats nothing.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::support::{Engine, Env, Output, TestDb};

/// Writes a line of revisions that touch tables, columns, indexes and rows; some of their statements
/// are such that a catalogue cannot tell whether they ran, and some must never run twice.
fn write_revisions(env: &Env, engine: Engine, count: usize) {
    for index in 0..count {
        let below = index.checked_sub(1).map(|below| format!("r{below:03}"));
        let parents = below.unwrap_or_default();
        let of = |back: usize| index - back;
        let up = match index % 5 {
            0 => format!(
                "CREATE TABLE t{index} (id integer PRIMARY KEY, v bigint);\n\
                 INSERT INTO t{index} VALUES (1, 1);\n"
            ),
            1 => format!("UPDATE t{} SET v = v * 2;\nUPDATE t0 SET v = v * 2;\n", of(1)),
            2 => format!("CREATE INDEX ix{index} ON t{} (v);\n", of(2)),
            3 => {
                let table = of(3);
                let default = match engine {
                    Engine::Sqlite => String::new(),
                    _ => format!("ALTER TABLE t{table} ALTER COLUMN v SET DEFAULT {index};\n"),
                };
                format!(
                    "ALTER TABLE t{table} ADD COLUMN c{index} integer;\n{default}\
                     UPDATE t{table} SET v = v * 2;\n"
                )
            }
            _ => format!(
                "CREATE TABLE IF NOT EXISTS y{index} (a integer);\n\
                 CREATE TABLE x{index} (a integer);\nDROP TABLE x{index};\n"
            ),
        };
        env.write(
            format!("revisions/r{index:03}.sql"),
            format!(
                "-- revision: r{index:03}\n-- parents: [{parents}]\n-- message: step {index}\n\n\
                 -- rev: up\n{up}\n-- rev: irreversible\n"
            ),
        );
    }
}

/// Writes a line of typed revisions: tables made anew, columns restated, rows filled in batches, indexes
/// built beside others' work.
fn write_typed(env: &Env, engine: Engine, count: usize) {
    const TABLE: &str = "create_table: {name: t0, columns: [{name: id, type: bigint, primary_key: true}, \
                         {name: v, type: bigint}, {name: w, type: string(20)}]}";
    const ROWS: &str = "bulk_insert: {table: t0, columns: {id: bigint, v: bigint}, rows: [{id: 1, v: 1}, \
                        {id: 2, v: 1}, {id: 3, v: 2}, {id: 4, v: 3}, {id: 5, v: 5}], batch: 2}";
    let index = match engine {
        Engine::Postgres => {
            "create_index: {table: t0, name: ix_v, columns: [v], concurrently: true}"
        }
        _ => "create_index: {table: t0, name: ix_v, columns: [v]}",
    };
    let revisions: [&[&str]; 5] = [
        &[TABLE, ROWS],
        &[
            "alter_column: {table: t0, column: w, type: string(40)}",
            "alter_column: {table: t0, column: v, nullable: false}",
        ],
        &["backfill: {table: t0, key: [id], set: {v: {sql: \"v * 2\"}}, batch: 2}", index],
        &[
            "add_column: {table: t0, column: {name: c, type: integer}}",
            "sql: \"UPDATE t0 SET v = v * 2\"",
        ],
        &[
            "alter_column: {table: t0, column: w, nullable: true, default: x}",
            "drop_column: {table: t0, column: c}",
            "rename_table: {name: t0, to: t1}",
            "rename_table: {name: t1, to: t0}",
        ],
    ];
    for (at, up) in revisions.iter().take(count).enumerate() {
        let below = at.checked_sub(1).map(|below| format!("r{below}")).unwrap_or_default();
        let up: String = up.iter().map(|operation| format!("  - {operation}\n")).collect();
        env.write(
            format!("revisions/r{at}.yaml"),
            format!(
                "revision: r{at}\nparents: [{below}]\nmessage: step {at}\nup:\n{up}down: irreversible\n"
            ),
        );
    }
}

/// Everything of a database that must not hang on how often its upgrade was interrupted.
fn picture(db: &TestDb, count: usize) -> Vec<Vec<Vec<String>>> {
    let schema: &[&str] = match db.engine() {
        Engine::Sqlite => &["SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name"],
        Engine::Postgres => &[
            "SELECT table_name, column_name, data_type, column_default, is_nullable \
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        ],
        Engine::Mariadb | Engine::Mysql => &[
            "SELECT table_name, column_name, column_type, column_default, is_nullable \
             FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY 1, 2",
            "SELECT table_name, index_name, column_name, seq_in_index, non_unique \
             FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY 1, 2, 4",
        ],
    };
    let rows: Vec<String> = (0..count)
        .step_by(5)
        .map(|table| format!("SELECT {table} AS n, id, v FROM t{table}"))
        .collect();
    let journal = [
        "SELECT id, up_digest, down_digest, parents, depends_on, how FROM rev_applied ORDER BY seq",
        "SELECT id, up_digest, down_digest, file, body, up, down FROM rev_text ORDER BY 1, 2, 3",
        "SELECT revision, direction FROM rev_log WHERE event = 'done' AND statement IS NULL ORDER BY seq",
    ];
    let mut picture: Vec<_> = schema.iter().chain(&journal).map(|sql| db.query(sql)).collect();
    picture.push(db.query(&format!("{} ORDER BY 1", rows.join(" UNION ALL "))));
    picture
}

fn assert_same(db: &TestDb, count: usize, undisturbed: &[Vec<Vec<String>>], what: &str) {
    for (now, then) in picture(db, count).iter().zip(undisturbed) {
        assert_eq!(now, then, "{:?} {what}", db.engine());
    }
}

/// Whether the statement that `resume` asks about ran, from the test's own look at the catalogue.
fn answer(db: &TestDb, output: &Output) -> &'static str {
    let word = |prefix: &str| {
        let (_, rest) = output.stderr.split_once(prefix)?;
        rest.split(|c: char| !c.is_alphanumeric()).next().map(str::to_owned)
    };
    let table = word("CREATE TABLE IF NOT EXISTS ");
    // To restate a column twice does nothing the second time.
    if output.stderr.contains(" MODIFY ") {
        return "--not-ran";
    }
    let found = if let (Engine::Sqlite, Some(table)) = (db.engine(), &table) {
        db.value(&format!("SELECT count(*) FROM sqlite_schema WHERE name = '{table}'"))
    } else if let Some(default) = word("ALTER COLUMN v SET DEFAULT ") {
        db.value(&format!(
            "SELECT count(*) FROM information_schema.columns \
             WHERE table_schema = DATABASE() AND column_default = '{default}'"
        ))
    } else if let Some(table) = table {
        db.value(&format!(
            "SELECT count(*) FROM information_schema.tables \
             WHERE table_schema = DATABASE() AND table_name = '{table}'"
        ))
    } else {
        panic!("resume asks about something else:\n{}", output.stderr);
    };
    if found == "0" { "--not-ran" } else { "--ran" }
}

/// Finishes what a crash has left half-way.
fn resume(env: &Env, db: &TestDb) {
    let output = env.rev(["resume"]);
    if output.code == 0 || output.stderr.contains("no step is partially applied") {
        return;
    }
    assert!(output.stderr.contains("cannot tell"), "{}", output.stderr);
    env.rev(["resume", answer(db, &output)]).success();
}

/// Writes revisions, so many.
type Write = fn(&Env, Engine, usize);

/// A generator of our own, so that a seed repeats a test.
pub struct Random(pub u64);

impl Random {
    /// A number below the bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

fn seed() -> u64 {
    let given = std::env::var("REV_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        now.map_or(1, |now| now.as_nanos() as u64)
    });
    eprintln!("REV_TEST_SEED={seed}");
    seed
}

/// `kill -9` at random moments of an upgrade of 200 revisions, 30 times or as `REV_TEST_KILLS` says; each
/// database is driven on to its end, killed again on the way.
fn killed_at_random_moments(engine: Engine) {
    const COUNT: usize = 200;
    let wanted: u32 =
        std::env::var("REV_TEST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(30);
    let mut random = Random(seed());
    let calm = TestDb::new(engine);
    let env = Env::with_database(&calm);
    write_revisions(&env, engine, COUNT);
    let began = Instant::now();
    env.rev(["upgrade", "heads"]).success();
    let whole = began.elapsed().as_micros() as u64;
    let undisturbed = picture(&calm, COUNT);

    let mut kills = 0;
    while kills < wanted {
        let db = TestDb::new(engine);
        let env = Env::with_database(&db);
        write_revisions(&env, engine, COUNT);
        loop {
            let mut running = env.spawn(["upgrade", "heads"]);
            std::thread::sleep(Duration::from_micros(random.below(whole / 4)));
            if running.has_ended() || kills == wanted {
                running.wait().success();
                break;
            }
            running.kill();
            drop(running);
            kills += 1;
            if engine.is_mysql_like() {
                resume(&env, &db);
            }
        }
        assert_same(&db, COUNT, &undisturbed, "after kills");
    }
}

#[test]
fn killed_at_random_moments_on_sqlite() {
    killed_at_random_moments(Engine::Sqlite);
}

#[test]
fn killed_at_random_moments_on_postgres() {
    killed_at_random_moments(Engine::Postgres);
}

#[test]
fn killed_at_random_moments_on_mariadb() {
    killed_at_random_moments(Engine::Mariadb);
}

#[test]
fn killed_at_random_moments_on_mysql() {
    killed_at_random_moments(Engine::Mysql);
}

/// The program that aborts at an event: this test binary itself, started again with these variables.
pub const STORE: &str = "REV_TEST_CRASH_STORE";
pub const AT: &str = "REV_TEST_CRASH_AT";

/// Not a test of its own: the process that [`aborted_at_each_event`] starts.
#[test]
fn the_process_that_aborts() {
    use revdag::internals::graph::Request;
    use revdag::internals::run::{self, Cancel, Database};
    use revdag::store::Store;

    let (Some(store), Some(at)) = (std::env::var_os(STORE), std::env::var(AT).ok()) else { return };
    let mut left: u32 = at.parse().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(store.as_ref(), Default::default()).unwrap();
        let settings = store.database("default").await.unwrap();
        let mut database = Database::connect(settings, true).await.unwrap();
        let journal = database.connection.read_journal().await.unwrap().unwrap_or_default();
        let request = Request::Upgrade { targets: vec!["heads".to_owned()], out_of_order: false };
        let prepared = run::prepare(&store, &mut database, &journal, &request).await.unwrap();
        let mut events = |event| {
            if left == 0 {
                eprintln!("aborted at {event:?}");
                std::process::abort();
            }
            left -= 1;
        };
        let cancel = Cancel::default();
        let agreed = run::Agreed { all: true, ..Default::default() };
        run::execute(&store, &mut database, &request, prepared, &agreed, &cancel, &mut events)
            .await
            .unwrap();
    });
}

/// Aborts between any two things that an upgrade does: above all between a statement and its mark.
fn aborted_at_each_event(engine: Engine, mode: &str, write: Write) {
    const COUNT: usize = 5;
    let with_store = |db: &TestDb| {
        let env = Env::with_database(db);
        let store = env.read("store.yaml");
        env.write("store.yaml", format!("{store}    transaction: {mode}\n"));
        write(&env, engine, COUNT);
        env
    };
    let calm = TestDb::new(engine);
    let env = with_store(&calm);
    env.rev(["upgrade", "heads"]).success();
    let undisturbed = picture(&calm, COUNT);
    for at in 0.. {
        let db = TestDb::new(engine);
        let env = with_store(&db);
        let status = env
            .command_of(&std::env::current_exe().unwrap().to_string_lossy())
            .args(["--exact", "crash::the_process_that_aborts"])
            .env(STORE, env.dir())
            .env(AT, at.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        // A run that fails by itself would be taken for one that was stopped, and this would never end.
        let stopped = status.signal().is_some();
        assert!(status.success() || stopped, "event {at}: the process ended by itself: {status}");
        resume(&env, &db);
        env.rev(["upgrade", "heads"]).success();
        assert_same(&db, COUNT, &undisturbed, &format!("after an abort at event {at}"));
        if status.success() {
            // Two events for each revision and two for each of its statements.
            assert!(at > 2 * (COUNT + COUNT), "the run ended at event {at}");
            return;
        }
    }
}

#[test]
fn aborted_at_each_event_on_sqlite() {
    aborted_at_each_event(Engine::Sqlite, "per-revision", write_revisions);
}

#[test]
fn aborted_at_each_event_on_postgres() {
    aborted_at_each_event(Engine::Postgres, "per-revision", write_revisions);
}

#[test]
fn aborted_at_each_event_on_mariadb() {
    aborted_at_each_event(Engine::Mariadb, "per-revision", write_revisions);
}

#[test]
fn aborted_at_each_event_on_mysql() {
    aborted_at_each_event(Engine::Mysql, "per-revision", write_revisions);
}

#[test]
fn aborted_at_each_event_without_transactions() {
    aborted_at_each_event(Engine::Sqlite, "none", write_revisions);
}

#[test]
fn typed_and_aborted_at_each_event_on_sqlite() {
    aborted_at_each_event(Engine::Sqlite, "per-revision", write_typed);
}

#[test]
fn typed_and_aborted_at_each_event_on_postgres() {
    aborted_at_each_event(Engine::Postgres, "per-revision", write_typed);
}

#[test]
fn typed_and_aborted_at_each_event_on_mariadb() {
    aborted_at_each_event(Engine::Mariadb, "per-revision", write_typed);
}

#[test]
fn typed_and_aborted_at_each_event_on_mysql() {
    aborted_at_each_event(Engine::Mysql, "per-revision", write_typed);
}

#[test]
fn typed_and_aborted_at_each_event_without_transactions() {
    aborted_at_each_event(Engine::Sqlite, "none", write_typed);
}

//! `rev upgrade heads` over 1,000 revisions on an empty database, as a whole process, and with nothing
//! left to do. SQLite stands on memory-backed files; PostgreSQL is measured too if `REV_TEST_POSTGRES`
//! names an administrator's url. `benches/floor` compares with the engines' own clients.
//!
//! `cargo bench --bench upgrade`.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing else to say")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const REVISIONS: usize = 1_000;

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let memory = Path::new("/dev/shm");
    let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
    let folder = tempfile::tempdir_in(parent).expect("a folder");
    let revisions = folder.path().join("revisions");
    std::fs::create_dir(&revisions).expect("a folder");
    for number in 0..REVISIONS {
        let parent = number.checked_sub(1).map(id).unwrap_or_default();
        let text = format!(
            "-- revision: {id}\n-- parents: [{parent}]\n-- message: change {number}\n\
             -- created: 2026-01-01T00:00:00Z\n\n-- rev: up\n\
             CREATE TABLE t{number} (id bigint PRIMARY KEY, name text NOT NULL);\n\n\
             -- rev: down\nDROP TABLE t{number};\n",
            id = id(number),
        );
        std::fs::write(revisions.join(format!("{}.sql", id(number))), text).expect("a file");
    }
    folder
});

fn main() {
    LazyLock::force(&FOLDER);
    divan::main();
}

fn id(number: usize) -> String {
    format!("c{number:011x}")
}

fn run(command: &mut Command) {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn upgrade(url: &str) {
    run(Command::new(env!("CARGO_BIN_EXE_rev"))
        .arg("-C")
        .arg(FOLDER.path())
        .args(["upgrade", "heads"])
        .env("URL", url));
}

fn write_store() {
    std::fs::write(FOLDER.path().join("store.yaml"), "databases: {default: {url: \"${URL}\"}}\n")
        .expect("store.yaml");
}

fn sqlite(name: &str) -> PathBuf {
    write_store();
    let file = FOLDER.path().join(name);
    for suffix in ["", "-rev.lock", "-journal", "-wal", "-shm"] {
        drop(std::fs::remove_file(format!("{}{suffix}", file.display())));
    }
    file
}

#[divan::bench(sample_count = 10)]
fn sqlite_1000(bencher: divan::Bencher<'_, '_>) {
    bencher
        .with_inputs(|| format!("sqlite://{}", sqlite("s.db").display()))
        .bench_values(|url| upgrade(&url));
}

#[divan::bench(sample_count = 50)]
fn sqlite_nothing_to_do(bencher: divan::Bencher<'_, '_>) {
    let url = format!("sqlite://{}", sqlite("n.db").display());
    upgrade(&url);
    bencher.bench_local(|| upgrade(&url));
}

/// An administrator's url, and that of a database to work on.
fn postgres() -> Option<(String, String)> {
    let admin = std::env::var("REV_TEST_POSTGRES").ok()?;
    let (server, _) = admin.rsplit_once('/')?;
    let url = format!("{server}/rev_bench_{}", std::process::id());
    Some((admin, url))
}

fn psql(admin: &str, sql: &str, url: &str) {
    let name = url.rsplit('/').next().unwrap_or_default();
    run(Command::new("psql").args([admin, "-q", "-c", &sql.replace("NAME", name)]));
}

#[divan::bench(sample_count = 10)]
fn postgres_1000(bencher: divan::Bencher<'_, '_>) {
    let Some((admin, url)) = postgres() else { return };
    write_store();
    bencher
        .with_inputs(|| {
            psql(&admin, "DROP DATABASE IF EXISTS NAME", &url);
            psql(&admin, "CREATE DATABASE NAME", &url);
        })
        .bench_values(|()| upgrade(&url));
    psql(&admin, "DROP DATABASE NAME", &url);
}

#[divan::bench(sample_count = 50)]
fn postgres_nothing_to_do(bencher: divan::Bencher<'_, '_>) {
    let Some((admin, url)) = postgres() else { return };
    write_store();
    psql(&admin, "CREATE DATABASE NAME", &url);
    upgrade(&url);
    bencher.bench_local(|| upgrade(&url));
    psql(&admin, "DROP DATABASE NAME", &url);
}

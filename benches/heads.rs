//! `rev heads` and its kin on a store of 10,000 revision files, as whole processes, warm.
//!
//! `cargo bench --bench heads`. The store has eight lines that fork and merge again.

#![expect(clippy::expect_used, reason = "a bench that cannot begin has nothing else to say")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

const REVISIONS: usize = 10_000;
const LINES: usize = 8;

static STORE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder");
    make_store(folder.path());
    folder
});

fn main() {
    LazyLock::force(&STORE);
    divan::main();
}

/// Writes the store; each round of revisions is one on every line, and every tenth round joins two
/// lines crosswise.
fn make_store(folder: &Path) {
    std::fs::write(folder.join("store.yaml"), "databases: {default: {url: 'sqlite://s.db'}}\n")
        .expect("store.yaml");
    let revisions = folder.join("revisions");
    std::fs::create_dir(&revisions).expect("a folder");
    for number in 0..REVISIONS {
        let (round, line) = (number / LINES, number % LINES);
        let mut parents = String::new();
        if round > 0 {
            let _ = write!(parents, "{}", id(number - LINES));
            if round % 10 == 0 {
                let other = (round - 1) * LINES + (line + 1) % LINES;
                let _ = write!(parents, ", {}", id(other));
            }
        }
        let text = format!(
            "revision: {id}\nparents: [{parents}]\nmessage: change number {number}\n\
             created: 2026-01-01T00:{:02}:{:02}Z\n\nup:\n  - sql: |\n      \
             CREATE TABLE t{number} (id bigint PRIMARY KEY, name text NOT NULL);\n\n\
             down:\n  - sql: |\n      DROP TABLE t{number};\n",
            round / 60 % 60,
            round % 60,
            id = id(number),
        );
        std::fs::write(revisions.join(format!("{}.yaml", id(number))), text).expect("a file");
    }
}

fn id(number: usize) -> String {
    format!("c{number:011x}")
}

fn rev(arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_rev"))
        .arg("-C")
        .arg(STORE.path())
        .args(arguments)
        .output()
        .expect("rev runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[divan::bench]
fn version() {
    rev(&["--version"]);
}

#[divan::bench]
fn heads() {
    rev(&["heads"]);
}

#[divan::bench]
fn log() {
    rev(&["log"]);
}

#[divan::bench]
fn log_graph() {
    rev(&["log", "--graph"]);
}

#[divan::bench]
fn show_one() {
    rev(&["show", &id(REVISIONS / 2)]);
}

//! A command-line tool that carries its schema inside itself: each start brings the user's own SQLite
//! file to the newest revision.
//!
//! ```console
//! $ cargo run --example notes -- "buy milk"
//! ```

use std::error::Error;
use std::path::Path;
use std::process::Command;

use revdag::include_dir::{Dir, include_dir};
use revdag::store::{Secret, Store, Variables};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use revdag::{Cancel, Database};

static STORE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples/notes/db");

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::temp_dir().join("notes.db");
    let steps = migrate(&file)?;
    println!("{}: {steps} revision(s) applied", file.display());
    for note in std::env::args().skip(1) {
        println!("{}", add(&file, &note)?);
    }
    Ok(())
}

/// Creates the file where it is missing, and applies what it lacks; how many revisions that were.
fn migrate(file: &Path) -> Result<usize, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::embedded(&STORE, Variables::default())?;
        let url = Secret::new(format!("sqlite://{}", file.display()));
        let mut database = Database::connect(store.database_at("default", url)?, true).await?;
        let options = UpgradeOptions::default().targets(["heads".to_owned()]);
        let outcome =
            upgrade(&store, &mut database, options, &Cancel::default(), &mut |_| ()).await?;
        Ok(outcome.steps.len())
    })
}

/// Any SQLite library will do; this keeps to the `sqlite3` program.
fn add(file: &Path, note: &str) -> Result<String, Box<dyn Error>> {
    let note = note.replace('\'', "''");
    let sql = format!("INSERT INTO notes (body) VALUES ('{note}'); SELECT count(*) FROM notes");
    let output = Command::new("sqlite3").arg(file).arg(sql).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_start_creates_the_file_and_the_next_finds_it() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("notes.db");
        assert_eq!(migrate(&file)?, 2);
        assert_eq!(add(&file, "it's kept")?, "1");
        assert_eq!(migrate(&file)?, 0);
        assert_eq!(add(&file, "another")?, "2");
        Ok(())
    }
}

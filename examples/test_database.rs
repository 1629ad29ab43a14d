//! A helper that gives each test a database of its own, migrated to the newest revision.
//!
//! ```console
//! $ cargo test --example test_database
//! ```

use std::error::Error;
use std::path::{Path, PathBuf};

use revdag::store::{Secret, Store, Variables};
use revdag::verb::upgrade::{UpgradeOptions, upgrade};
use revdag::{Cancel, Database};

/// A migrated SQLite file, removed in the end. On a server, create a database with a random name instead
/// and drop it again.
struct TestDatabase {
    folder: tempfile::TempDir,
}

impl TestDatabase {
    /// Migrates a new database to a target of the store, such as `heads`, or the revision before the one
    /// that a test is about.
    async fn at(target: &str) -> Result<TestDatabase, Box<dyn Error>> {
        let test = TestDatabase { folder: tempfile::tempdir()? };
        let store = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/notes/db");
        let store = Store::open(&store, Variables::default())?;
        let url = Secret::new(test.url());
        let mut database = Database::connect(store.database_at("default", url)?, true).await?;
        let options = UpgradeOptions::default().targets([target.to_owned()]);
        upgrade(&store, &mut database, options, &Cancel::default(), &mut |_| ()).await?;
        Ok(test)
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    /// What the application under test connects to.
    fn url(&self) -> String {
        format!("sqlite://{}", self.file().display())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let database = TestDatabase::at("heads").await?;
    println!("{} is at the heads", database.url());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_test_has_a_database_of_its_own() -> Result<(), Box<dyn Error>> {
        let (one, other) = (TestDatabase::at("heads").await?, TestDatabase::at("a1f0").await?);
        assert_ne!(one.file(), other.file());
        assert!(one.file().is_file() && other.file().is_file());
        Ok(())
    }
}

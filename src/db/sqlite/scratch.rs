//! Scratch databases: a file in a temporary folder, which goes with its process.

use std::fs::{File, TryLockError};
use std::path::Path;

use crate::db::scratch::Keeper;
use crate::db::{ConnectOptions, Connection, DbError, Fence, Scratch};

/// What the names of the folders begin with.
const PREFIX: &str = "rev-scratch-";

/// The file whose lock says that a folder is in use.
const ALIVE: &str = "alive";

/// A folder that is in use.
struct Folder {
    folder: tempfile::TempDir,
    _alive: File,
}

#[async_trait::async_trait]
impl Keeper for Folder {
    async fn remove(self: Box<Self>) -> Result<(), DbError> {
        self.folder.close().map_err(|error| failed(&error))
    }
}

fn failed(error: &std::io::Error) -> DbError {
    DbError::Connect {
        database: "a scratch database".to_owned(),
        message: error.to_string(),
        hint: Some(
            "TMPDIR names the folder for temporary files: let this user write to it".to_owned(),
        ),
    }
}

/// Makes one.
pub(in crate::db) async fn make_scratch(
    server: &ConnectOptions,
    like: Option<&mut dyn Connection>,
) -> Result<Scratch, DbError> {
    remove_leftovers(&std::env::temp_dir());
    let folder =
        tempfile::Builder::new().prefix(PREFIX).tempdir().map_err(|error| failed(&error))?;
    let alive = File::create(folder.path().join(ALIVE)).map_err(|error| failed(&error))?;
    alive.try_lock().map_err(|error| failed(&error.into()))?;
    let mut options = ConnectOptions {
        url: format!("sqlite://{}", folder.path().join("scratch.db").display()),
        create: true,
        table_schema: None,
        ..server.clone()
    };
    if let Some(like) = like {
        let encoding =
            like.query("PRAGMA main.encoding").await?.pop().and_then(|mut row| row.pop()?);
        if let Some(encoding) = encoding.filter(|encoding| encoding != "UTF-8") {
            options.on_connect.insert(0, format!("PRAGMA encoding = '{encoding}'"));
        }
    }
    // Nothing of it outlives its process: it need not wait for the disk.
    options.on_connect.insert(0, "PRAGMA synchronous = OFF".to_owned());
    Ok(Scratch::new(options, Fence::NoRights, Box::new(Folder { folder, _alive: alive })))
}

/// Removes what dead processes have left; what cannot be removed is somebody else's.
fn remove_leftovers(folder: &Path) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let ours = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    for entry in ours {
        let Ok(alive) = File::open(entry.path().join(ALIVE)) else { continue };
        match alive.try_lock() {
            Ok(()) => {
                let _ = std::fs::remove_dir_all(entry.path());
            }
            Err(TryLockError::WouldBlock | TryLockError::Error(_)) => {}
        }
    }
}

//! The migrators' lock on SQLite: an OS lock on a file beside the database, which the kernel frees
//! when the process dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::db::{DbError, Lock, ServerError};

/// The file that holds the lock, and who has it.
pub(super) struct LockFile {
    path: PathBuf,
    /// Open while the lock is ours.
    held: Option<File>,
}

impl LockFile {
    /// The lock of a database: `<database>-rev.lock`, whatever link led to it.
    pub fn beside(database: &Path) -> LockFile {
        let real = fs_err::canonicalize(database).unwrap_or_else(|_| database.to_owned());
        let mut name = real.into_os_string();
        name.push("-rev.lock");
        LockFile { path: name.into(), held: None }
    }

    /// Asks for the lock until it is there or the time is over.
    pub async fn ask(&mut self, wait: Duration) -> Result<Lock, DbError> {
        let deadline = Instant::now() + wait;
        let mut pause = Duration::from_millis(5);
        loop {
            if self.is_held() {
                return Ok(Lock::Held);
            }
            self.held = None;
            let (file, is_ours) = self.try_once().map_err(|error| self.unwritable(&error))?;
            if is_ours {
                self.held = Some(file);
                // Somebody may have removed the file between its opening and its lock: then another
                // file has the name, and another process that file's lock.
                if self.is_held() {
                    return Ok(Lock::Held);
                }
                continue;
            }
            let now = Instant::now();
            if now >= deadline {
                return Ok(Lock::Busy(holder(file)));
            }
            let jittered = pause.mul_f64(0.5 + fastrand::f64());
            tokio::time::sleep(jittered.min(deadline - now)).await;
            pause = (pause * 2).min(Duration::from_millis(200));
        }
    }

    fn try_once(&self) -> io::Result<(File, bool)> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&self.path)?;
        match file.try_lock() {
            Ok(()) => {
                // Only words for those who wait; the lock does not depend on them.
                file.set_len(0)?;
                file.rewind()?;
                file.write_all(crate::db::who().as_bytes())?;
                Ok((file, true))
            }
            Err(TryLockError::WouldBlock) => Ok((file, false)),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn unwritable(&self, error: &io::Error) -> DbError {
        DbError::ReadOnly(ServerError {
            message: format!("the lock file {} cannot be used: {error}", self.path.display()),
            hint: Some("let this user write to the folder of the database".to_owned()),
            ..ServerError::default()
        })
    }

    /// Whether the lock is ours and the file still the one that others look at.
    pub fn is_held(&self) -> bool {
        self.held.as_ref().is_some_and(|file| is_same(file, &self.path))
    }

    /// Frees the lock; the file stays, since removing it could take another's lock away.
    pub fn free(&mut self) {
        if let Some(file) = self.held.take() {
            let _ = file.set_len(0);
            let _ = file.unlock();
        }
    }
}

fn holder(mut file: File) -> Option<String> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(ours), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (ours.dev(), ours.ino()) == (there.dev(), there.ino())
}

/// An open file cannot be removed here.
#[cfg(not(unix))]
fn is_same(_file: &File, path: &Path) -> bool {
    path.exists()
}

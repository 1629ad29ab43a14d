//! Servers of a test's own, whose settings are nobody else's.

use std::path::Path;
use std::process::Command;

use super::Output;

/// Servers that are stopped when it is dropped.
pub struct Servers {
    folder: tempfile::TempDir,
    said: String,
}

impl Servers {
    /// Starts them, by the names that `tests/servers` has for them.
    pub fn start(names: &[&str]) -> Servers {
        let folder = tempfile::tempdir().unwrap();
        let said = servers("start", folder.path(), names).success().stdout;
        Servers { folder, said }
    }

    /// The address of one, by its variable.
    pub fn url(&self, variable: &str) -> String {
        let begin = format!("export {variable}=");
        self.said.lines().find_map(|line| line.strip_prefix(&begin)).unwrap().to_owned()
    }

    /// PostgreSQL goes without a word.
    pub fn kill_postgres(&self) {
        let pid = self.folder.path().join("pg/data/postmaster.pid");
        let pid = std::fs::read_to_string(pid).unwrap();
        let pid = pid.lines().next().unwrap();
        Output::of(Command::new("kill").args(["-QUIT", pid]).output().unwrap()).success();
    }
}

impl Servers {
    /// MariaDB's or a node's process is killed, by the name of its folder.
    pub fn kill(&self, name: &str) {
        let pid = std::fs::read_to_string(self.folder.path().join(name).join("pid")).unwrap();
        Output::of(Command::new("kill").args(["-KILL", pid.trim()]).output().unwrap()).success();
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        servers("stop", self.folder.path(), &[]);
    }
}

fn servers(verb: &str, folder: &Path, names: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(root.join("tests/servers"));
    command.arg(verb).arg(folder).args(names).current_dir(root);
    Output::of(command.output().unwrap())
}

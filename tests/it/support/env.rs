//! A sealed folder in which commands run.

use std::cell::Cell;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Running, TestDb, normalise};

/// A temporary folder with a home of its own; nothing of the caller's environment reaches the
/// commands that run in it. The clock stands still; the seed of random words is one more for each
/// command, so that two runs of `rev` differ and two runs of a test do not.
pub struct Env {
    root: tempfile::TempDir,
    variables: std::cell::RefCell<Vec<(String, Option<String>)>>,
    seed: Cell<u64>,
}

/// What a command has left.
#[derive(Debug, Clone)]
pub struct Output {
    /// Its stdout.
    pub stdout: String,
    /// Its stderr.
    pub stderr: String,
    /// Its exit code; 128 + N if signal N ended it.
    pub code: i32,
}

impl Output {
    pub fn of(output: std::process::Output) -> Output {
        Output {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: exit_code(output.status),
        }
    }

    /// The same output, if the command went well.
    #[track_caller]
    pub fn success(self) -> Output {
        self.exits(0)
    }

    /// The same output, if the command ended with this code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Output {
        assert_eq!(
            self.code, code,
            "exit code\n--- stdout\n{}\n--- stderr\n{}",
            self.stdout, self.stderr
        );
        self
    }

    /// Stdout as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}\n{}\n{}", self.stdout, self.stderr))
    }

    /// Stdout, then stderr with `! ` before each line, then the exit code if it is not 0; normalised.
    pub fn snapshot(&self) -> String {
        let mut text = self.stdout.clone();
        for line in self.stderr.lines() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push('\n');
            }
            text.push_str("! ");
            text.push_str(line);
            text.push('\n');
        }
        if self.code != 0 {
            text.push_str(&format!("[exit {}]\n", self.code));
        }
        normalise(&text)
    }
}

pub fn exit_code(status: std::process::ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

impl Env {
    pub fn new() -> Env {
        let root = tempfile::Builder::new().prefix("rev-test-").tempdir().expect("a folder");
        for folder in ["home", "tmp", "work"] {
            std::fs::create_dir(root.path().join(folder)).expect("a folder");
        }
        Env { root, variables: Default::default(), seed: Cell::new(0) }
    }

    /// A sealed folder with a store whose only database is this one.
    pub fn with_database(db: &TestDb) -> Env {
        let env = Env::new();
        env.write("store.yaml", format!("databases:\n  default:\n    url: {}\n", db.url()));
        env
    }

    /// The folder in which commands run.
    pub fn dir(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// A path below the folder in which commands run.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.dir().join(path)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        std::fs::write(path, text).expect("a file written");
    }

    /// Reads a file.
    #[track_caller]
    pub fn read(&self, path: impl AsRef<Path>) -> String {
        let path = self.path(path);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The files below a folder, relative to it, sorted; folders themselves are not named.
    pub fn files(&self, folder: impl AsRef<Path>) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    walk(&path, root, found);
                } else {
                    let path = path.strip_prefix(root).expect("below");
                    found.push(path.to_string_lossy().into_owned());
                }
            }
        }
        let (root, mut found) = (self.path(folder), Vec::new());
        walk(&root, &root, &mut found);
        found.sort();
        found
    }

    /// Sets a variable for the commands that follow.
    pub fn set(&self, name: &str, value: impl Into<String>) {
        self.variables.borrow_mut().push((name.to_owned(), Some(value.into())));
    }

    /// Takes a variable from the commands that follow.
    pub fn unset(&self, name: &str) {
        self.variables.borrow_mut().push((name.to_owned(), None));
    }

    /// A command in the sealed environment, with nothing on stdin.
    pub fn command_of(&self, program: &str) -> Command {
        let seed = self.seed.get() + 1;
        self.seed.set(seed);
        let bin = Path::new(env!("CARGO_BIN_EXE_rev")).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command
            .current_dir(self.dir())
            .env_clear()
            .env("PATH", format!("{}:{path}:/usr/sbin:/sbin", bin.display()))
            .env("HOME", self.root.path().join("home"))
            .env("TMPDIR", self.root.path().join("tmp"))
            .env("USER", "tester")
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("REV_TIMESTAMP", "2026-01-02T03:04:05Z")
            .env("REV_SEED", seed.to_string())
            .stdin(Stdio::null());
        for (name, value) in self.variables.borrow().iter() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        command
    }

    /// `rev` with these arguments, not started yet.
    pub fn command<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = self.command_of(env!("CARGO_BIN_EXE_rev"));
        command.args(arguments);
        command
    }

    /// Runs `rev` with these arguments.
    pub fn rev<S: AsRef<std::ffi::OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Output {
        Output::of(self.command(arguments).output().expect("rev runs"))
    }

    /// Runs `rev` with these arguments and this text on stdin.
    pub fn rev_stdin<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        stdin: impl AsRef<[u8]>,
    ) -> Output {
        run_with_stdin(self.command(arguments), stdin.as_ref())
    }

    /// Starts `rev` in the background.
    pub fn spawn<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Running {
        Running::start(self.command(arguments))
    }

    /// Runs one line in `sh`; `rev` in it is ours.
    pub fn shell(&self, line: &str) -> Output {
        Output::of(self.command_of("sh").args(["-c", line]).output().expect("sh runs"))
    }

    /// Runs each line in `sh`, from the same folder, and gives the whole as one normalised text:
    /// `$ ` and the line, then what [`Output::snapshot`] gives, then an empty line.
    pub fn session(&self, lines: &str) -> String {
        let mut text = String::new();
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            text.push_str(&format!("$ {}\n{}\n", normalise(line), self.shell(line).snapshot()));
        }
        text
    }
}

/// Runs a command with this text on stdin.
pub fn run_with_stdin(mut command: Command, stdin: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    std::thread::scope(|scope| {
        // A command may leave without reading it all.
        scope.spawn(move || drop(pipe.write_all(stdin)));
        Output::of(child.wait_with_output().expect("it ends"))
    })
}

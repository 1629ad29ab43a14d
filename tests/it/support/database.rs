//! Databases for tests, looked at through the engines' own clients and never through our code.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use super::Output;
use super::env::run_with_stdin;

/// An engine to test on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
    Mariadb,
    Mysql,
}

impl Engine {
    /// Those on which every test runs. MySQL, which takes a server that not everybody has, has the matrices and
    /// what else may differ from MariaDB; at night it stands in MariaDB's place for all the rest.
    pub const ALL: [Engine; 3] = [Engine::Sqlite, Engine::Postgres, Engine::Mariadb];

    /// The variable that holds the address of its server.
    fn variable(self) -> Option<&'static str> {
        match self {
            Engine::Sqlite => None,
            Engine::Postgres => Some("REV_TEST_POSTGRES"),
            Engine::Mariadb => Some("REV_TEST_MARIADB"),
            Engine::Mysql => Some("REV_TEST_MYSQL"),
        }
    }

    /// Whether it is MySQL, or MariaDB, which share most of their words.
    pub fn is_mysql_like(self) -> bool {
        matches!(self, Engine::Mariadb | Engine::Mysql)
    }
}

/// Where tests that need a server that is not there note that they were skipped; only `tests/run` sets it.
const SKIPPED: &str = "REV_TEST_SKIPPED";

/// Runs a test on each engine, one after the other.
pub fn for_each_engine(mut test: impl FnMut(Engine)) {
    let set = |variable| std::env::var_os(variable).is_some();
    let is_skipped = |engine: Engine| set(SKIPPED) && !engine.variable().is_none_or(set);
    for engine in Engine::ALL.into_iter().filter(|engine| !is_skipped(*engine)) {
        eprintln!("--- on {engine:?}");
        test(engine);
    }
}

/// The same, and on MySQL in the end.
pub fn for_each_engine_and_mysql(mut test: impl FnMut(Engine)) {
    for_each_engine(&mut test);
    test(Engine::Mysql);
}

/// A fresh database with a random name, dropped in the end. SQLite's is a file in a folder of its own.
pub struct TestDb {
    engine: Engine,
    url: url::Url,
    /// The folder of the SQLite file.
    folder: Option<tempfile::TempDir>,
}

impl TestDb {
    /// Makes one.
    ///
    /// # Panics
    /// The server is not there: a test never passes for want of one.
    pub fn new(engine: Engine) -> TestDb {
        let random = tempfile::Builder::new()
            .prefix("rev-test-")
            .rand_bytes(12)
            .tempdir()
            .expect("a folder");
        let name = random.path().file_name().expect("a name").to_string_lossy().to_lowercase();
        let name = format!("rev_test_{}", &name["rev-test-".len()..]);
        if engine == Engine::Sqlite {
            let file = random.path().join("test.db");
            let url = format!("sqlite://{}", file.display());
            return TestDb { engine, url: url.parse().expect("a url"), folder: Some(random) };
        }
        let admin = admin(engine);
        let made = TestDb { engine, url: admin.clone(), folder: None };
        made.execute(&match engine {
            // The name differs in case from any other test's only by chance: they are random.
            Engine::Mariadb | Engine::Mysql => {
                format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")
            }
            _ => format!("CREATE DATABASE {name}"),
        });
        std::mem::forget(made);
        let mut url = admin;
        url.set_path(&name);
        TestDb { engine, url, folder: None }
    }

    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Its address, as `rev` takes it.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Its name on the server; the file's path for SQLite.
    pub fn name(&self) -> &str {
        match self.engine {
            Engine::Sqlite => self.url.path(),
            _ => self.url.path().trim_start_matches('/'),
        }
    }

    /// The host, port, user and password of the server.
    pub fn server(&self) -> (&str, u16, &str, &str) {
        let default = if self.engine == Engine::Postgres { 5432 } else { 3306 };
        (
            self.url.host_str().unwrap_or("127.0.0.1"),
            self.url.port().unwrap_or(default),
            self.url.username(),
            self.url.password().unwrap_or(""),
        )
    }

    /// The engine's own client on this database, as a user calls it in a pipe.
    pub fn client(&self) -> Command {
        let (host, port, user, password) = match self.engine {
            Engine::Sqlite => ("", 0, "", ""),
            _ => self.server(),
        };
        match self.engine {
            Engine::Sqlite => {
                let mut command = Command::new("sqlite3");
                command.args(["-init", "/dev/null", "-batch", self.name()]);
                command
            }
            Engine::Postgres => {
                let mut command = Command::new("psql");
                command.args(["-X", "-q", "-h", host, "-p", &port.to_string(), "-U", user]);
                command.args(["-d", self.name()]).env("PGPASSWORD", password);
                command
            }
            Engine::Mariadb | Engine::Mysql => {
                let name = if self.engine == Engine::Mysql { "mysql" } else { "mariadb" };
                let mut command = Command::new(name);
                command.args(["--no-defaults", "-h", host, "-P", &port.to_string(), "-u", user]);
                command
                    .args(["--comments", "--default-character-set=utf8mb4", self.name()])
                    .env("MYSQL_PWD", password);
                command
            }
        }
    }

    /// The dump tool of MySQL or MariaDB, with the options that say where; those that say what come behind.
    pub fn mysqldump(&self) -> Command {
        let (host, port, user, password) = self.server();
        let name = if self.engine == Engine::Mysql { "mysqldump" } else { "mariadb-dump" };
        let mut command = Command::new(name);
        command.args(["--no-defaults", "-h", host, "-P", &port.to_string(), "-u", user]);
        command.env("MYSQL_PWD", password);
        command
    }

    /// Gives a script to the engine's own client, with no options of ours.
    pub fn pipe(&self, script: &str) -> Output {
        run_with_stdin(self.client(), script.as_bytes())
    }

    /// Runs SQL; the client's own words if it fails.
    pub fn try_execute(&self, sql: &str) -> Result<String, String> {
        let mut command = self.client();
        match self.engine {
            Engine::Sqlite => {
                command.args(["-bail", "-cmd", ".timeout 60000"]);
                command.args(["-separator", "\x1f", "-newline", "\x1e", "-nullvalue", "NULL"]);
            }
            Engine::Postgres => {
                command.args(["-v", "ON_ERROR_STOP=1", "-At", "-F", "\x1f", "-R", "\x1e"]);
                command.args(["-P", "null=NULL"]);
            }
            Engine::Mariadb | Engine::Mysql => {
                command.args(["--batch", "--skip-column-names"]);
            }
        }
        let output = run_with_stdin(command, sql.as_bytes());
        if output.code == 0 { Ok(output.stdout) } else { Err(output.stderr) }
    }

    /// Runs SQL that must go well.
    #[track_caller]
    pub fn execute(&self, sql: &str) {
        if let Err(error) = self.try_execute(sql) {
            panic!("{:?}: {error}\n{sql}", self.engine);
        }
    }

    /// The rows of a query, every value as the client shows it; `NULL` for null.
    #[track_caller]
    pub fn query(&self, sql: &str) -> Vec<Vec<String>> {
        let text = self
            .try_execute(sql)
            .unwrap_or_else(|error| panic!("{:?}: {error}\n{sql}", self.engine));
        if self.engine.is_mysql_like() {
            return text.lines().map(|line| line.split('\t').map(unescape).collect()).collect();
        }
        let text = text.strip_suffix(['\x1e', '\n']).unwrap_or(&text);
        if text.is_empty() {
            return Vec::new();
        }
        text.split('\x1e').map(|row| row.split('\x1f').map(str::to_owned).collect()).collect()
    }

    /// The one value of a query.
    #[track_caller]
    pub fn value(&self, sql: &str) -> String {
        let mut rows = self.query(sql);
        assert!(rows.len() == 1 && rows[0].len() == 1, "one value: {rows:?}\n{sql}");
        rows.remove(0).remove(0)
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let drop_it = match self.engine {
            Engine::Sqlite => return,
            Engine::Postgres => format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name()),
            Engine::Mariadb | Engine::Mysql => format!("DROP DATABASE IF EXISTS {}", self.name()),
        };
        let server = TestDb { engine: self.engine, url: admin(self.engine), folder: None };
        let outcome = server.try_execute(&drop_it);
        std::mem::forget(server);
        if let Err(error) = outcome {
            eprintln!("{drop_it}: {error}");
        }
    }
}

/// The address of the server of an engine.
fn admin(engine: Engine) -> url::Url {
    let variable = engine.variable().expect("an engine with a server");
    let address = std::env::var(variable).unwrap_or_else(|_| {
        if let Some(file) = std::env::var_os(SKIPPED) {
            skip(Path::new(&file), variable);
        }
        panic!("{variable} is not set: tests/run starts the servers, or see CONTRIBUTING.md")
    });
    address.parse().unwrap_or_else(|error| panic!("{variable}: {error}"))
}

/// Ends the test's process, which is this test's alone, and notes that it did not run.
fn skip(file: &Path, variable: &str) -> ! {
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let mut file = std::fs::OpenOptions::new().append(true).open(file).expect("a list");
    writeln!(file, "{test} (needs {variable})").expect("a line written");
    std::process::exit(0)
}

/// Undoes the escapes of `mariadb --batch` and `mysql --batch`.
fn unescape(value: &str) -> String {
    let (mut out, mut chars) = (String::new(), value.chars());
    while let Some(c) = chars.next() {
        match (c, if c == '\\' { chars.next() } else { None }) {
            ('\\', Some('n')) => out.push('\n'),
            ('\\', Some('t')) => out.push('\t'),
            ('\\', Some('0')) => out.push('\0'),
            ('\\', Some(other)) => out.push(other),
            _ => out.push(c),
        }
    }
    out
}

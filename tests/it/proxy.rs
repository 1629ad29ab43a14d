//! Behind a real PgBouncer: a pool of transactions is refused, a pool of sessions is not.

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use revdag::internals::db::{self, ConnectOptions, DbError, Lock};

use crate::support::{Engine, Running, TestDb};

/// A PgBouncer of our own in front of the test server, stopped when dropped.
struct Proxy {
    running: Running,
    url: String,
    folder: tempfile::TempDir,
}

impl Proxy {
    fn start(db: &TestDb, mode: &str, pool: usize) -> Proxy {
        Proxy::start_with(db, mode, pool, |_| String::new())
    }

    /// `more` is given the folder and gives more of the configuration.
    fn start_with(
        db: &TestDb,
        mode: &str,
        pool: usize,
        more: impl FnOnce(&Path) -> String,
    ) -> Proxy {
        let (host, port, user, _) = db.server();
        let own = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let users = file("users.txt", &format!("\"{user}\" \"s3cr3t\"\n"));
        let config = file(
            "pgbouncer.ini",
            &format!(
                "[databases]\n* = host={host} port={port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
                 listen_port = {own}\nunix_socket_dir =\nauth_type = md5\nauth_file = {}\n\
                 pool_mode = {mode}\ndefault_pool_size = {pool}\n{}",
                users.display(),
                more(folder.path())
            ),
        );
        // It refuses to run as root, and another user must be able to read its files.
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new("/usr/sbin/pgbouncer");
        let id = Command::new("id").arg("-u").output().unwrap();
        if id.stdout.trim_ascii() == b"0" {
            command.args(["-u", "postgres"]);
        }
        command.arg(&config).stdin(Stdio::null());
        let running = Running::start(command);
        running.wait_for_stderr("process up");
        TcpStream::connect(("127.0.0.1", own)).expect("it listens");
        let url = format!("postgres://{user}:s3cr3t@127.0.0.1:{own}/{}", db.name());
        Proxy { running, url, folder }
    }

    fn options(&self) -> ConnectOptions {
        ConnectOptions {
            url: self.url.clone(),
            base: "/".into(),
            create: true,
            role: None,
            on_connect: Vec::new(),
            table_prefix: "rev".to_owned(),
            table_schema: None,
            statement_lock_timeout: Duration::from_secs(1),
            store: None,
            lock: revdag::store::LockMode::Auto,
            silent_after: None,
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // It ends at once, and with it its connections to the server.
        self.running.signal("KILL");
    }
}

/// How many advisory locks there are in this database.
const ADVISORY: &str = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' \
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";

/// Waits until no lock is left: a server's process frees its own after we have left. One that stays
/// for good fails the test.
fn no_lock_is_left(db: &TestDb) {
    let until = Instant::now() + Duration::from_secs(20);
    while db.value(ADVISORY) != "0" {
        assert!(Instant::now() < until, "an advisory lock stays");
    }
}

fn block<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

#[test]
fn a_pool_of_transactions_is_refused_and_nothing_is_left_behind() {
    for mode in ["transaction", "statement"] {
        let db = TestDb::new(Engine::Postgres);
        let proxy = Proxy::start(&db, mode, 5);
        let options = proxy.options();
        block(async {
            let mut engine = db::connect(&options).await.unwrap();
            // Reading goes well.
            assert_eq!(engine.read_journal().await, Ok(None));
            let error = engine.try_lock(Duration::from_secs(5)).await.unwrap_err();
            assert!(matches!(error, DbError::Proxy(_)), "{mode}: {error:?}");
            assert!(error.to_string().contains("session mode"), "{error}");
            engine.close().await;
        });
        // Neither a lock nor a setting stays with the server's connections.
        no_lock_is_left(&db);
        let url: url::Url = proxy.url.parse().unwrap();
        let mut client = Command::new("psql");
        client.args(["-X", "-At", "-h", "127.0.0.1", "-p", &url.port().unwrap().to_string()]);
        client.args(["-U", url.username(), "-d", db.name(), "-c", "SHOW lock_timeout"]);
        let said = client.env("PGPASSWORD", "s3cr3t").output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), "0\n");
    }
}

#[test]
fn a_busy_pool_of_transactions_is_refused_too() {
    let db = TestDb::new(Engine::Postgres);
    let proxy = Proxy::start(&db, "transaction", 8);
    let options = proxy.options();
    block(async {
        let mut others = Vec::new();
        for _ in 0..4 {
            others.push(db::connect(&options).await.unwrap());
        }
        let mut engine = db::connect(&options).await.unwrap();
        let lock = engine.try_lock(Duration::from_secs(5));
        let noise = async {
            loop {
                let asked = others.iter_mut().map(|other| other.query("SELECT pg_sleep(0.002)"));
                for outcome in futures_util::future::join_all(asked).await {
                    outcome.unwrap();
                }
            }
        };
        let outcome = tokio::select! {
            outcome = lock => outcome,
            () = noise => unreachable!(),
        };
        assert!(matches!(outcome, Err(DbError::Proxy(_))), "{outcome:?}");
    });
    no_lock_is_left(&db);
}

#[test]
fn a_pool_of_sessions_is_as_good_as_the_server() {
    // With one server connection, there is none left for the second look.
    for pool in [5, 1] {
        let db = TestDb::new(Engine::Postgres);
        let proxy = Proxy::start(&db, "session", pool);
        let options = proxy.options();
        block(async {
            let mut engine = db::connect(&options).await.unwrap();
            assert_eq!(engine.try_lock(Duration::ZERO).await, Ok(Lock::Held), "pool of {pool}");
            assert!(engine.lock_is_held().await.unwrap());
            engine.unlock().await.unwrap();
            engine.close().await;
        });
    }
}

#[test]
fn a_password_that_is_refused_is_not_shown() {
    let db = TestDb::new(Engine::Postgres);
    let proxy = Proxy::start(&db, "session", 5);
    let wrong = ConnectOptions { url: proxy.url.replace("s3cr3t", "wr0ng"), ..proxy.options() };
    let error = block(db::connect(&wrong)).err().expect("no connection");
    let text = format!("{error} {error:?}");
    assert!(!text.contains("wr0ng"), "{text}");
    let DbError::Connect { message, hint, .. } = error else { panic!("{error:?}") };
    assert!(message.contains("password authentication failed"), "{message}");
    assert!(hint.unwrap().contains("the user and the password"));
}

#[test]
fn a_connection_is_encrypted_and_its_server_proven_as_the_url_says() {
    let db = TestDb::new(Engine::Postgres);
    let proxy = Proxy::start_with(&db, "session", 5, |folder| {
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            .args(["-nodes", "-days", "2", "-subj", "/CN=test", "-keyout", "key.pem"])
            .args(["-out", "cert.pem", "-addext", "subjectAltName=IP:127.0.0.1"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .current_dir(folder)
            .output()
            .expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let readable = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(folder.join("key.pem"), readable).unwrap();
        format!(
            "client_tls_sslmode = require\nclient_tls_key_file = {0}/key.pem\n\
             client_tls_cert_file = {0}/cert.pem\n",
            folder.display()
        )
    });
    let ask = |query: String| {
        let options = ConnectOptions { url: format!("{}?{query}", proxy.url), ..proxy.options() };
        block(async {
            let mut engine = db::connect(&options).await?;
            let rows = engine.query("SELECT 1").await;
            engine.close().await;
            rows
        })
    };
    let cert = proxy.folder.path().join("cert.pem").display().to_string();
    for query in ["sslmode=require".to_owned(), format!("sslmode=verify-full&sslrootcert={cert}")] {
        assert_eq!(ask(query), Ok(vec![vec![Some("1".to_owned())]]));
    }
    for (query, part) in [
        // Nobody has signed it.
        ("sslmode=verify-full".to_owned(), "certificate"),
        ("sslmode=verify-full&sslrootcert=/no/such/file.pem".to_owned(), "No such file"),
        ("sslmode=disable".to_owned(), "SSL required"),
    ] {
        let error = ask(query.clone()).unwrap_err();
        let DbError::Connect { message, hint, .. } = &error else { panic!("{query}: {error:?}") };
        assert!(message.contains(part), "{query}: {error:?}");
        assert!(hint.as_ref().unwrap().contains("`?sslmode=`"), "{query}: {error:?}");
    }
}

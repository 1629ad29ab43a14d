//! A standby of PostgreSQL's and a replica of MariaDB's: they say what they are, take no changes, and go on
//! where the primary was once they are promoted. The servers are the tests' own.

use std::process::Command;

use super::support::{Engine, Env, Output, Servers, TestDb};

/// The first value of a query.
fn value(url: &str, sql: &str) -> Option<String> {
    let output = Command::new("psql").args([url, "-Atqc", sql]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    output.status.success().then(|| said.trim().to_owned())
}

fn until(url: &str, sql: &str, wanted: &str) {
    let began = std::time::Instant::now();
    while value(url, sql).as_deref() != Some(wanted) {
        assert!(began.elapsed().as_secs() < 60, "{sql} never gave {wanted}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn a_standby_says_that_it_is_one_and_goes_on_once_it_is_promoted() {
    let _there_is_postgres = TestDb::new(Engine::Postgres);
    let pair = Servers::start(&["postgres", "standby"]);
    let (primary, standby) = (pair.url("REV_TEST_POSTGRES"), pair.url("REV_TEST_STANDBY"));
    let env = Env::new();
    let store = |url: &str| {
        env.write("store.yaml", format!("databases: {{default: {{url: '{url}'}}}}\n"));
    };
    env.table("a1", &[]);
    store(&primary);
    env.rev(["upgrade", "heads"]).success();
    until(&standby, "SELECT count(*) FROM rev_applied", "1");

    env.table("b2", &["a1"]);
    store(&standby);
    let port = primary.rsplit_once(':').unwrap().1.trim_end_matches("/postgres");
    let follows = format!("a standby of 127.0.0.1:{port}");
    for verb in [&["status"][..], &["current"], &["upgrade", "heads", "--dry-run"], &["verify"]] {
        let said = env.rev(verb).success();
        assert!(said.stderr.contains(&follows), "{verb:?}: {said:?}");
    }
    for verb in [&["upgrade", "heads"][..], &["stamp", "heads"], &["downgrade", "base", "--yes"]] {
        let refused = env.rev(verb).exits(1);
        assert!(
            refused.stderr.contains(&format!("{follows}, and takes no changes")),
            "{refused:?}"
        );
    }

    // The primary is lost in the middle of c3.
    let waits = format!(
        "CREATE TABLE c3 (v integer);\n\
         SELECT pg_sleep(CASE inet_server_port() WHEN {port} THEN 600 ELSE 0 END);"
    );
    env.revision("c3", &["b2"], "c3", &waits, "DROP TABLE c3;");
    store(&primary);
    let running = env.spawn(["upgrade", "heads"]);
    let sleeps = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    until(&primary, sleeps, "1");
    until(&standby, "SELECT count(*) FROM rev_applied", "2");
    pair.kill_postgres();
    let lost = running.wait().exits(1);
    assert!(lost.stderr.contains("c3"), "{lost:?}");

    assert_eq!(value(&standby, "SELECT pg_promote()").as_deref(), Some("t"));
    store(&standby);
    let status = env.rev(["status"]).success();
    assert!(status.stdout.contains("at b2"), "{status:?}");
    assert!(!status.stderr.contains("standby"), "{status:?}");
    env.rev(["upgrade", "heads"]).success();
    assert_eq!(value(&standby, "SELECT count(*) FROM c3").as_deref(), Some("0"));
    env.rev(["verify"]).success();
}

#[test]
fn a_replica_of_mariadb_says_that_it_is_one_and_takes_no_changes() {
    let _there_is_mariadb = TestDb::new(Engine::Mariadb);
    let servers = Servers::start(&["mariadb"]);
    let url = servers.url("REV_TEST_MARIADB");
    let address = url::Url::parse(&url).unwrap();
    let port = address.port().unwrap().to_string();
    let execute = |sql: &str| {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "-h", "127.0.0.1", "-P", &port, "-u", "rev", "-e", sql]);
        Output::of(client.env("MYSQL_PWD", "rev").output().unwrap()).success();
    };
    execute("CREATE DATABASE app; SET GLOBAL read_only = 1");
    let env = Env::new();
    let app = url.replace("/mysql", "/app");
    env.write("store.yaml", format!("databases: {{default: {{url: '{app}'}}}}\n"));
    env.table("a1", &[]);
    // It follows nobody: whoever may write there does.
    let said = env.rev(["status"]).success();
    assert!(!said.stderr.contains("replica"), "{said:?}");
    env.rev(["upgrade", "heads"]).success();

    execute("CHANGE MASTER TO master_host = 'db1.example', master_port = 3307, master_user = 'x'");
    env.table("b2", &["a1"]);
    for verb in [&["status"][..], &["current"], &["upgrade", "heads", "--dry-run"]] {
        let said = env.rev(verb).success();
        assert!(said.stderr.contains("default is a replica of db1.example:3307"), "{said:?}");
    }
    let refused = env.rev(["upgrade", "heads"]).exits(1);
    assert!(refused.stderr.contains("and takes no changes"), "{refused:?}");
}

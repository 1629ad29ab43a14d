//! A Galera cluster of three nodes and a replication group of three MySQL servers, the tests' own. They take minutes
//! and packages that not everybody has, so `tests/nightly` alone runs these.

use std::process::Command;
use std::time::Instant;

use super::support::{Env, Output, Servers, until};

/// Three servers that all take changes, with a database on all of them.
struct Cluster {
    servers: Servers,
    urls: Vec<String>,
    client: &'static str,
    /// What makes a server show what it has received.
    causal: &'static str,
}

impl Cluster {
    fn galera() -> Cluster {
        let servers = Servers::start(&["galera"]);
        let causal = "SET SESSION wsrep_sync_wait = 15";
        Cluster::of(servers, "REV_TEST_GALERA", "mariadb", causal)
    }

    /// The folder that holds MySQL is named by `REV_TEST_MYSQL_ROOT`.
    fn group() -> Cluster {
        let root =
            std::env::var("REV_TEST_MYSQL_ROOT").expect("tests/nightly sets REV_TEST_MYSQL_ROOT");
        let servers = Servers::start(&[&format!("group={root}")]);
        let causal = "SET SESSION group_replication_consistency = 'BEFORE'";
        Cluster::of(servers, "REV_TEST_GROUP", "mysql", causal)
    }

    fn of(servers: Servers, variable: &str, client: &'static str, causal: &'static str) -> Cluster {
        let said = servers.url(variable);
        let urls = said.trim_matches('\'').split_whitespace();
        let urls = urls.map(|url| url.replace("/mysql", "/app")).collect();
        let cluster = Cluster { servers, urls, client, causal };
        cluster.fresh();
        cluster
    }

    /// Makes the database empty, on all servers.
    fn fresh(&self) {
        self.rows(0, "DROP DATABASE IF EXISTS app; CREATE DATABASE app CHARACTER SET utf8mb4");
        for node in 0..3 {
            let there =
                "SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'app'";
            assert_eq!(self.rows(node, there), "1");
        }
    }

    fn port(&self, node: usize) -> String {
        url::Url::parse(&self.urls[node]).unwrap().port().unwrap().to_string()
    }

    fn client(&self, node: usize, sql: &str) -> Output {
        let mut client = Command::new(self.client);
        client.args(["--no-defaults", "-h", "127.0.0.1", "-P", &self.port(node), "-u", "rev"]);
        let sql = format!("{}; {sql}", self.causal);
        Output::of(client.args(["-Ne", &sql]).env("MYSQL_PWD", "rev").output().unwrap())
    }

    fn rows(&self, node: usize, sql: &str) -> String {
        self.client(node, sql).success().stdout.trim().to_owned()
    }

    /// The argument that leads to a node.
    fn at(&self, node: usize) -> String {
        format!("url={}", self.urls[node])
    }

    /// Each revision ran once, and all of these nodes have it.
    fn each_ran_once(&self, count: usize, nodes: &[usize]) {
        let ids = (0..count).map(|at| format!("r{at:03}")).collect::<Vec<_>>().join("\n");
        for node in nodes {
            assert_eq!(self.rows(*node, "SELECT id FROM app.rev_applied ORDER BY seq"), ids);
            let done = "SELECT revision FROM app.rev_log WHERE event = 'done' AND statement IS NULL ORDER BY seq";
            assert_eq!(self.rows(*node, done), ids);
            assert_eq!(self.rows(*node, "SELECT v FROM app.t0"), (count + 1).to_string());
        }
    }
}

fn store(env: &Env) {
    env.write("store.yaml", "databases:\n  default:\n    url: ${x.url}\n    lock_timeout: 5m\n");
}

/// Revisions that fail, or count too far, if they run twice.
fn write_revisions(env: &Env, count: usize) {
    for at in 0..count {
        let parents = at.checked_sub(1).map(|below| format!("r{below:03}")).unwrap_or_default();
        env.write(
            format!("revisions/r{at:03}.sql"),
            format!(
                "-- revision: r{at:03}\n-- parents: [{parents}]\n-- message: step {at}\n\n\
                 -- rev: up\nCREATE TABLE t{at} (id integer PRIMARY KEY, v integer);\n\
                 INSERT INTO t{at} VALUES (1, 1);\nUPDATE t0 SET v = v + 1;\n\n\
                 -- rev: down\nDROP TABLE t{at};\n"
            ),
        );
    }
}

fn fifteen_run_each_revision_once(cluster: &Cluster, count: usize) {
    let env = Env::new();
    store(&env);
    write_revisions(&env, count);
    let began = Instant::now();
    env.rev(["upgrade", "heads", "-x", &cluster.at(0)]).success();
    let alone = began.elapsed();
    cluster.fresh();
    let began = Instant::now();
    let running: Vec<_> =
        (0..15).map(|at| env.spawn(["upgrade", "heads", "-x", &cluster.at(at % 3)])).collect();
    for run in running {
        run.wait().success();
    }
    eprintln!("15 migrators: {:?}; one alone: {alone:?}", began.elapsed());
    cluster.each_ran_once(count, &[0, 1, 2]);
}

#[test]
#[ignore = "takes a Galera cluster: tests/nightly clusters"]
fn three_nodes_with_five_migrators_each_run_each_revision_once() {
    fifteen_run_each_revision_once(&Cluster::galera(), 200);
}

#[test]
#[ignore = "takes a group of MySQL servers: tests/nightly mysql-group"]
fn three_members_of_a_group_with_five_migrators_each_run_each_revision_once() {
    let cluster = Cluster::group();
    for _ in 0..3 {
        cluster.fresh();
        fifteen_run_each_revision_once(&cluster, 60);
    }
}

fn killed_holders_leave_nothing_that_runs_twice(cluster: &Cluster) {
    const COUNT: usize = 40;
    for round in 0..10_usize {
        let env = Env::new();
        store(&env);
        write_revisions(&env, COUNT);
        cluster.fresh();
        let mut running: Vec<_> =
            (0..9).map(|at| env.spawn(["upgrade", "heads", "-x", &cluster.at(at % 3)])).collect();
        // Once so many revisions are done, whoever holds the lock is killed.
        let reached = format!("SELECT max(seq) > {} FROM app.rev_log", 10 + round * 23);
        until(|| cluster.client(0, &reached).stdout.trim() == "1");
        let who = cluster.rows(0, "SELECT who FROM app.rev_lock WHERE id = 1");
        let pid = who.split_whitespace().nth(2).unwrap_or_default().to_owned();
        for run in &mut running {
            if run.id().to_string() == pid {
                run.kill();
            }
        }
        let ends: Vec<_> = running.into_iter().map(|run| run.wait()).collect();
        for end in ends.iter().filter(|end| !matches!(end.code, 0 | 137)) {
            assert_eq!(end.code, 1, "{end:?}");
            assert!(end.stderr.contains("is partially applied"), "{end:?}");
            assert!(end.stderr.contains("rev resume"), "{end:?}");
        }
        if ends.iter().any(|end| end.code == 1) {
            env.rev(["resume", "-x", &cluster.at(1)]).success();
        }
        env.rev(["upgrade", "heads", "-x", &cluster.at(2)]).success();
        cluster.each_ran_once(COUNT, &[0, 1, 2]);
    }
}

#[test]
#[ignore = "takes a Galera cluster: tests/nightly clusters"]
fn a_killed_holder_leaves_nothing_that_runs_twice() {
    killed_holders_leave_nothing_that_runs_twice(&Cluster::galera());
}

#[test]
#[ignore = "takes a group of MySQL servers: tests/nightly mysql-group"]
fn a_killed_holder_in_a_group_leaves_nothing_that_runs_twice() {
    killed_holders_leave_nothing_that_runs_twice(&Cluster::group());
}

#[test]
#[ignore = "takes a Galera cluster: tests/nightly clusters"]
fn the_others_go_on_when_the_holders_node_is_killed() {
    let cluster = Cluster::galera();
    let env = Env::new();
    store(&env);
    write_revisions(&env, 3);
    env.rev(["upgrade", "heads", "-x", &cluster.at(0)]).success();
    // It sleeps on the first node alone, once half of it is done.
    let sleep = format!("SLEEP(IF(@@port = {}, 600, 0))", cluster.port(0));
    let up = format!("UPDATE t0 SET v = v + 1;\nUPDATE t1 SET v = v + {sleep};");
    env.revision("r003", &["r002"], "sleeps", &up, "UPDATE t0 SET v = v - 1;");
    let holder = env.spawn(["upgrade", "heads", "-x", &cluster.at(0)]);
    let sleeps = "SELECT count(*) FROM information_schema.processlist WHERE state = 'User sleep'";
    until(|| cluster.client(0, sleeps).stdout.trim() == "1");
    let others: Vec<_> =
        (1..3).map(|at| env.spawn(["upgrade", "heads", "-x", &cluster.at(at)])).collect();
    for other in &others {
        other.wait_for_stderr("waiting for another migrator");
    }
    cluster.servers.kill("n1");
    holder.wait().exits(1);
    for other in others {
        let refused = other.wait().exits(1);
        assert!(refused.stderr.contains("r003 is partially applied"), "{refused:?}");
        assert!(refused.stderr.contains("rev resume"), "{refused:?}");
    }
    env.rev(["resume", "--not-ran", "-x", &cluster.at(1)]).success();
    env.rev(["upgrade", "heads", "-x", &cluster.at(2)]).success();
    cluster.each_ran_once(4, &[1, 2]);

    // The last one left is none to write to.
    cluster.servers.kill("n2");
    let says = "a node of a Galera cluster without its majority";
    until(|| env.rev(["current", "-x", &cluster.at(2)]).stderr.contains(says));
    let refused = env.rev(["upgrade", "heads", "-x", &cluster.at(2)]);
    assert!(refused.code == 1 && refused.stderr.contains(says), "{refused:?}");
}

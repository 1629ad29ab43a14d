//! The migrators' lock between connections.

use std::time::Duration;

use revdag::internals::db::{ConnectOptions, Lock, connect};
use revdag::store::LockMode;

use super::{block, open, options, value};
use crate::support::{Engine, TestDb, for_each_engine};

#[test]
fn one_connection_at_a_time_holds_the_lock() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let (mut one, mut other) = (open(&db).await, open(&db).await);
            assert!(!one.lock_is_held().await.unwrap());
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            assert!(one.lock_is_held().await.unwrap());
            assert!(!other.lock_is_held().await.unwrap());

            // Who has it is told, and the wait ends.
            for wait in [Duration::ZERO, Duration::from_millis(1200)] {
                let Ok(Lock::Busy(Some(holder))) = other.try_lock(wait).await else { panic!() };
                let known = match engine {
                    Engine::Mariadb | Engine::Mysql => "user rev".to_owned(),
                    _ => format!("rev (pid {} on ", std::process::id()),
                };
                assert!(holder.contains(&known), "{holder}");
            }
            // Asked for twice, it is given back once.
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            one.unlock().await.unwrap();
            assert!(!one.lock_is_held().await.unwrap());
            assert_eq!(other.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            assert!(matches!(one.try_lock(Duration::ZERO).await, Ok(Lock::Busy(_))));
            other.close().await;
            one.close().await;
        });
    });
}

#[test]
fn a_waiting_connection_gets_the_lock_as_soon_as_it_is_free() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let (mut one, mut other) = (open(&db).await, open(&db).await);
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            let mut wait = other.try_lock(Duration::from_secs(60));
            let first = tokio::time::timeout(Duration::from_millis(300), &mut wait).await;
            assert!(first.is_err(), "{first:?}");
            one.unlock().await.unwrap();
            assert_eq!((&mut wait).await, Ok(Lock::Held));
            drop(wait);
            one.close().await;
            other.close().await;
        });
    });
}

#[test]
fn a_connection_that_ends_frees_the_lock() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let (mut one, mut other) = (open(&db).await, open(&db).await);
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            one.close().await;
            assert_eq!(other.try_lock(Duration::from_secs(60)).await, Ok(Lock::Held));
            other.close().await;
        });
    });
}

#[test]
fn journals_with_other_names_have_locks_of_their_own() {
    for engine in [Engine::Postgres, Engine::Mariadb] {
        let db = TestDb::new(engine);
        let prefix = ConnectOptions { table_prefix: "audit".to_owned(), ..options(db.url()) };
        block(async {
            let (mut one, mut other) = (open(&db).await, connect(&prefix).await.unwrap());
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            assert_eq!(other.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            one.close().await;
            other.close().await;
        });
    }
}

#[test]
fn a_lock_that_was_taken_away_is_seen() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut one = open(&db).await;
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            if let Some(test) = one.lock_test() {
                assert_eq!(value(&mut *one, &format!("SELECT {test}")).await, "1");
            }
            match engine {
                Engine::Postgres => one.execute("SELECT pg_advisory_unlock_all()").await.unwrap(),
                Engine::Mariadb | Engine::Mysql => {
                    one.execute("SELECT RELEASE_ALL_LOCKS()").await.unwrap()
                }
                Engine::Sqlite => {
                    std::fs::remove_file(format!("{}-rev.lock", db.name())).unwrap();
                }
            }
            assert!(!one.lock_is_held().await.unwrap());
            if let Some(test) = one.lock_test() {
                assert_eq!(value(&mut *one, &format!("SELECT {test}")).await, "0");
            }
            one.close().await;
        });
    });
}

#[test]
fn a_lock_survives_the_reset_of_its_session() {
    for_each_engine(|engine| {
        let db = TestDb::new(engine);
        block(async {
            let mut one = open(&db).await;
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            if engine == Engine::Sqlite {
                one.execute("PRAGMA foreign_keys").await.unwrap();
            }
            let reset = one.reset();
            assert!(!reset.is_empty());
            one.batch(&reset).await.unwrap();
            assert!(one.lock_is_held().await.unwrap());
            one.close().await;
        });
    });
}

#[test]
fn a_lease_holds_where_the_servers_own_lock_does_not() {
    for engine in [Engine::Postgres, Engine::Mariadb, Engine::Mysql] {
        let db = TestDb::new(engine);
        let leased = ConnectOptions { lock: LockMode::Lease, ..options(db.url()) };
        let free_own = match engine {
            Engine::Postgres => "SELECT pg_advisory_unlock_all()",
            _ => "SELECT RELEASE_ALL_LOCKS()",
        };
        block(async {
            let (mut one, mut other) =
                (connect(&leased).await.unwrap(), connect(&leased).await.unwrap());
            assert_eq!(one.fence(), None);
            assert_eq!(one.lock_holder().await, Ok(None));
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            // From now on it is as if it stood on another server, whose own locks are not this one's.
            one.execute(free_own).await.unwrap();
            db.execute("UPDATE rev_lock SET node = 'elsewhere' WHERE id = 1");
            let Ok(Lock::Busy(Some(holder))) = other.try_lock(Duration::ZERO).await else {
                panic!()
            };
            assert!(holder.contains(&format!("rev (pid {} on ", std::process::id())), "{holder}");
            other.unlock().await.unwrap();
            assert_eq!(other.lock_holder().await, Ok(Some(holder)));

            // What is ours is found to be ours, with the same fence.
            assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            assert!(one.lock_is_held().await.unwrap());
            let (fence, test) = (one.fence().unwrap(), one.lock_test().unwrap());
            let in_transaction = format!("BEGIN; {fence}; SELECT {test}");
            assert_eq!(one.query(&in_transaction).await.unwrap(), [[Some("1".to_owned())]]);
            one.batch(&["ROLLBACK".to_owned()]).await.unwrap();

            // Somebody else took it.
            db.execute("UPDATE rev_lock SET holder = 'x', fence = fence + 1 WHERE id = 1");
            assert_eq!(one.query(&in_transaction).await.unwrap(), [[Some("0".to_owned())]]);
            one.batch(&["ROLLBACK".to_owned()]).await.unwrap();
            assert!(!one.lock_is_held().await.unwrap());
            one.unlock().await.unwrap();
            assert_eq!(db.value("SELECT holder FROM rev_lock WHERE id = 1"), "x");

            db.execute("UPDATE rev_lock SET holder = '' WHERE id = 1");
            assert_eq!(other.try_lock(Duration::ZERO).await, Ok(Lock::Held));
            assert_eq!(db.value("SELECT fence FROM rev_lock WHERE id = 1"), "3");
            // A connection that is closed gives it back.
            other.close().await;
            let is_free = "SELECT count(*) FROM rev_lock WHERE id = 1 AND holder = ''";
            assert_eq!(db.value(is_free), "1");
            one.close().await;
        });
    }
}

#[test]
fn one_database_under_two_names_has_one_lock() {
    let db = TestDb::new(Engine::Sqlite);
    db.execute("CREATE TABLE t (a)");
    let link = format!("{}.link", db.name());
    std::os::unix::fs::symlink(db.name(), &link).unwrap();
    block(async {
        let mut one = open(&db).await;
        let mut other = connect(&options(&format!("sqlite://{link}"))).await.unwrap();
        assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
        assert!(matches!(other.try_lock(Duration::ZERO).await, Ok(Lock::Busy(_))));
        one.close().await;
        other.close().await;
    });
}

#[test]
fn a_database_in_memory_needs_no_lock() {
    block(async {
        let mut one = connect(&options("sqlite::memory:")).await.unwrap();
        assert_eq!(one.try_lock(Duration::ZERO).await, Ok(Lock::Held));
        assert!(one.lock_is_held().await.unwrap());
        one.unlock().await.unwrap();
        one.close().await;
    });
}

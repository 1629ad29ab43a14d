//! Names bare or quoted, held against the servers' own lists of words.

use revdag::internals::text::{Dialect, ident};

use crate::support::{Engine, TestDb};

/// Makes, uses and drops objects of this name, always written by [`ident`].
fn uses(dialect: Dialect, word: &str) -> String {
    let name = ident(dialect, word);
    let index = ident(dialect, &format!("{word}_i"));
    // There a table that stays takes its time.
    let (temporary, on_table) = match dialect {
        Dialect::Mysql | Dialect::Mariadb => ("TEMPORARY", format!(" ON {name}")),
        Dialect::Postgres | Dialect::Sqlite => ("", String::new()),
    };
    format!(
        "CREATE {temporary} TABLE {name} ({name} int NOT NULL, b int, CONSTRAINT {name} CHECK ({name} > 0));
         CREATE INDEX {index} ON {name} ({name});
         INSERT INTO {name} ({name}) VALUES (1);
         UPDATE {name} SET {name} = 2 WHERE {name} = 1;
         DROP INDEX {index}{on_table};
         ALTER TABLE {name} DROP COLUMN b;
         ALTER TABLE {name} RENAME TO other;
         ALTER TABLE other RENAME TO {name};
         DELETE FROM {name} WHERE {name} = 2;
         DROP TABLE {name};
        "
    )
}

fn check(engine: Engine, dialect: Dialect, words: &[String]) {
    let db = TestDb::new(engine);
    assert!(words.len() > 100, "the list of words is not whole");
    let bare = words.iter().filter(|word| ident(dialect, word) == **word);
    let script: String = bare.map(|word| uses(dialect, word)).collect();
    if let Err(error) = db.try_execute(&script) {
        panic!("{error}");
    }
}

#[test]
fn no_word_of_postgres_is_taken_for_its_own() {
    let db = TestDb::new(Engine::Postgres);
    let rows = db.query("SELECT word, catcode FROM pg_get_keywords()");
    for row in &rows {
        let bare = ident(Dialect::Postgres, &row[0]) == row[0];
        assert!(!bare || row[1] == "U", "{row:?} is bare");
    }
    let words: Vec<String> = rows.into_iter().map(|mut row| row.remove(0)).collect();
    check(Engine::Postgres, Dialect::Postgres, &words);
}

#[test]
fn no_word_of_mariadb_is_taken_for_its_own() {
    let db = TestDb::new(Engine::Mariadb);
    let rows = db.query("SELECT DISTINCT LOWER(word) FROM information_schema.KEYWORDS");
    let is_word = |word: &String| word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let words: Vec<String> =
        rows.into_iter().map(|mut row| row.remove(0)).filter(is_word).collect();
    check(Engine::Mariadb, Dialect::Mariadb, &words);
}

#[test]
fn no_word_of_mysql_is_taken_for_its_own() {
    let db = TestDb::new(Engine::Mysql);
    let rows = db.query("SELECT LOWER(word) FROM information_schema.keywords");
    let words: Vec<String> = rows.into_iter().map(|mut row| row.remove(0)).collect();
    check(Engine::Mysql, Dialect::Mysql, &words);
}

#[test]
fn no_word_of_sqlite_is_taken_for_its_own() {
    // From its documentation; the library has no list to ask.
    let words = "abort action add after all alter always analyze and as asc attach autoincrement \
        before begin between by cascade case cast check collate column commit conflict constraint \
        create cross current current_date current_time current_timestamp database default \
        deferrable deferred delete desc detach distinct do drop each else end escape except exclude \
        exclusive exists explain fail filter first following for foreign from full generated glob \
        group groups having if ignore immediate in index indexed initially inner insert instead \
        intersect into is isnull join key last left like limit match materialized natural no not \
        nothing notnull null nulls of offset on or order others outer over partition plan pragma \
        preceding primary query raise range recursive references regexp reindex release rename \
        replace restrict returning right rollback row rows savepoint select set table temp temporary \
        then ties to transaction trigger unbounded union unique update using vacuum values view \
        virtual when where window with without true false";
    let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    check(Engine::Sqlite, Dialect::Sqlite, &words);
}

#[test]
fn what_is_not_plain_is_quoted() {
    let quoted = ["Accounts", "a b", "a\"b", "a`b", "größe", "1st", "", "a-b", "select", "a$"];
    for dialect in Dialect::ALL {
        for name in quoted {
            assert_eq!(ident(dialect, name), revdag::internals::text::quote_ident(dialect, name));
        }
        assert_eq!(ident(dialect, "accounts_2"), "accounts_2");
    }
}

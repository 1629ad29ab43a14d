//! What MySQL's and MariaDB's statements do beyond their own database.

use super::token::{Depth, Family, Token, TokenKind, significant};

/// How deep texts in texts are looked into.
const DEPTH: usize = 4;

/// What a statement of a database's own is begun with, as far as it is looked at.
const FIRST: [&str; 16] = [
    "ALTER", "CALL", "CREATE", "DELETE", "DROP", "EXECUTE", "FLUSH", "GRANT", "INSERT", "KILL",
    "PREPARE", "RENAME", "REPLACE", "REVOKE", "TRUNCATE", "UPDATE",
];

pub(super) fn reaches_out(family: &'static dyn Family, sql: &str) -> Option<String> {
    look(family, sql, DEPTH)
}

fn look(family: &'static dyn Family, sql: &str, depth: usize) -> Option<String> {
    let tokens: Vec<Token<'_>> = significant(family, sql).collect();
    let is_body = has_body(&tokens);
    let one = |statement: &[Token<'_>]| {
        of_words(statement)
            .or_else(|| of_files(statement))
            .map(str::to_owned)
            .or_else(|| of_another(family, statement))
            .or_else(|| of_texts(family, statement, depth))
    };
    statements(&tokens, is_body).into_iter().enumerate().find_map(|(at, statement)| {
        one(statement).or_else(|| {
            // A body of one statement stands right behind what the routine is.
            let begins = (1..statement.len()).filter(|&begin| {
                is_body && at == 0 && begin > 1 && statement[begin].is_any(&FIRST)
            });
            begins.into_iter().find_map(|begin| one(&statement[begin..]))
        })
    })
}

/// What the statements do that are run as texts.
fn of_texts(family: &'static dyn Family, statement: &[Token<'_>], depth: usize) -> Option<String> {
    if depth == 0 || !statement.first()?.is_any(&["PREPARE", "EXECUTE"]) {
        return None;
    }
    let mut texts = statement.iter().filter(|token| token.sort == TokenKind::Text);
    texts.find_map(|token| {
        let quote = token.text.chars().next().filter(|quote| matches!(quote, '\'' | '"'))?;
        let text = token.text.strip_prefix(quote)?.strip_suffix(quote)?;
        look(family, &text.replace(&format!("{quote}{quote}"), &quote.to_string()), depth - 1)
    })
}

/// Whether it holds other statements: a routine, a trigger, an event, a block.
fn has_body(tokens: &[Token<'_>]) -> bool {
    let Some(first) = tokens.first() else { return false };
    let words = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
    first.is("BEGIN")
        || first.is_any(&["CREATE", "ALTER"])
            && tokens.iter().take(12).any(|token| token.is_any(&words))
}

/// The statements of a text, or of a body, in which more words than a semicolon part them.
fn statements<'a, 'b>(tokens: &'b [Token<'a>], is_body: bool) -> Vec<&'b [Token<'a>]> {
    const PARTS: [&str; 7] = ["BEGIN", "THEN", "ELSE", "LOOP", "REPEAT", "DO", "ROW"];
    let parts =
        |token: &Token<'_>| token.sort == TokenKind::Terminator || is_body && token.is_any(&PARTS);
    tokens.split(parts).filter(|statement| !statement.is_empty()).collect()
}

/// The tokens of a statement that stand in no brackets.
fn outside<'a, 'b>(statement: &'b [Token<'a>]) -> Vec<&'b Token<'a>> {
    let mut depth = Depth::default();
    let bare = |token: &&Token<'_>| depth.behind(token) == 0 && !token.is_symbol(")");
    statement.iter().filter(bare).collect()
}

/// Words that stand between the first one and what it makes.
fn is_filling(token: &Token<'_>) -> bool {
    token.is_any(&["OR", "REPLACE", "TEMPORARY", "ONLINE", "OFFLINE", "IGNORE", "AGGREGATE"])
}

/// What its words say.
fn of_words(statement: &[Token<'_>]) -> Option<&'static str> {
    let first = statement.first()?;
    let second = statement[1..].iter().find(|token| !is_filling(token));
    let second_is = |words: &[&str]| second.is_some_and(|second| second.is_any(words));
    let done = |[creates, alters, drops]: [&'static str; 3]| match () {
        () if first.is("CREATE") => creates,
        () if first.is("ALTER") => alters,
        () => drops,
    };
    match () {
        () if first.is_any(&["CREATE", "ALTER", "DROP"]) => Some(match () {
            () if second_is(&["DATABASE", "SCHEMA"]) => {
                done(["creates a database", "changes a database", "drops a database"])
            }
            () if second_is(&["USER"]) => {
                done(["creates a user", "changes a user", "drops a user"])
            }
            () if second_is(&["ROLE"]) => {
                done(["creates a role", "changes a role", "drops a role"])
            }
            () if second_is(&["SERVER"]) => done([
                "creates a foreign server",
                "changes a foreign server",
                "drops a foreign server",
            ]),
            () if second_is(&["TABLESPACE", "LOGFILE", "UNDO"]) => {
                done(["creates a tablespace", "changes a tablespace", "drops a tablespace"])
            }
            () if second_is(&["RESOURCE"]) => "changes the resource groups of the server",
            () if second_is(&["INSTANCE"]) => "changes the server",
            () if is_library(statement) => "loads a library into the server",
            () => return None,
        }),
        () if first.is("RENAME") && second_is(&["USER"]) => Some("renames a user"),
        () if first.is("USE") => Some("switches to another database"),
        () if first.is("GRANT") => {
            rights(statement, ["grants a role", "grants privileges on other databases"])
        }
        () if first.is("REVOKE") => {
            rights(statement, ["revokes a role", "revokes privileges on other databases"])
        }
        () if first.is("SET") => set(statement),
        () if first.is("LOAD") => load(statement),
        () if first.is("INSTALL") => Some("loads a library into the server"),
        () if first.is("UNINSTALL") => Some("unloads a library from the server"),
        () if first.is_any(&["FLUSH", "RESET", "SHUTDOWN", "RESTART", "CLONE", "BINLOG"]) => {
            Some("controls the server")
        }
        () if first.is("KILL") => Some("terminates other sessions"),
        () if first.is("PURGE") => Some("removes logs of the server"),
        () if first.is_any(&["CHANGE", "START", "STOP"])
            && second_is(&[
                "MASTER",
                "REPLICATION",
                "SLAVE",
                "REPLICA",
                "ALL",
                "GROUP_REPLICATION",
            ]) =>
        {
            Some("changes the replication of the server")
        }
        () => None,
    }
}

/// `CREATE FUNCTION f RETURNS … SONAME '…'`.
fn is_library(statement: &[Token<'_>]) -> bool {
    outside(statement).iter().any(|token| token.is("SONAME"))
}

/// A role that is given to another, or rights beyond this database.
fn rights(statement: &[Token<'_>], [role, other]: [&'static str; 2]) -> Option<&'static str> {
    let tokens = outside(statement);
    let Some(on) = tokens.iter().position(|token| token.is("ON")) else { return Some(role) };
    let behind = |token: &&&Token<'_>| {
        !token.is_any(&["TABLE", "FUNCTION", "PROCEDURE", "PACKAGE", "BODY", "SEQUENCE"])
    };
    let mut object = tokens[on + 1..].iter().filter(behind);
    let (first, second) = (object.next()?, object.next());
    let is_qualified = second.is_some_and(|second| second.is_symbol("."));
    // A bare star is the database of the session.
    (first.is("PROXY") || is_qualified || first.is_symbol("*.") || first.is_symbol("*.*"))
        .then_some(other)
}

/// What is set for all sessions of the server.
fn set(statement: &[Token<'_>]) -> Option<&'static str> {
    let second = statement.get(1)?;
    if second.is("PASSWORD") {
        return Some("changes a user");
    }
    if second.is("DEFAULT") && statement.get(2)?.is("ROLE") {
        return Some("changes a role");
    }
    if second.is("STATEMENT") {
        let behind = statement.iter().position(|token| token.is("FOR"))? + 1;
        return of_words(&statement[behind..]);
    }
    let is_equals = |token: &Token<'_>| token.is_symbol("=") || token.is_symbol(":=");
    let mut depth = Depth::default();
    let mut parts = statement[1..].split(|token| depth.behind(token) == 0 && token.is_symbol(","));
    let sets = parts.any(|part| {
        let set = part.split(is_equals).next().unwrap_or_default();
        // `@global` is a variable of the session, `NEW.global` a column.
        let at = if set.first().is_some_and(|first| first.is_symbol("@@")) { 1 } else { 0 };
        set.len() > at + 1 && set[at].is_any(&["GLOBAL", "PERSIST", "PERSIST_ONLY"])
    });
    sets.then_some("changes the settings of the server")
}

fn load(statement: &[Token<'_>]) -> Option<&'static str> {
    if statement.get(1)?.is_any(&["DATA", "XML"]) {
        let is_local = statement.iter().take(4).any(|token| token.is("LOCAL"));
        return Some(if is_local {
            "reads a file of the client"
        } else {
            "reads a file of the server"
        });
    }
    None
}

/// Files that any statement may write or read.
fn of_files(statement: &[Token<'_>]) -> Option<&'static str> {
    let pair = |pair: &[Token<'_>]| {
        if pair[0].is("INTO") && pair[1].is_any(&["OUTFILE", "DUMPFILE"]) {
            Some("writes a file of the server")
        } else if pair[0].is("LOAD_FILE") && pair[1].is_symbol("(") {
            Some("reads a file of the server")
        } else {
            None
        }
    };
    statement.windows(2).find_map(pair)
}

/// Kinds of objects that are named behind their word.
const KINDS: [&str; 9] =
    ["TABLE", "TABLES", "VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT", "SEQUENCE", "PACKAGE"];

/// What a statement changes in another database, by a name that has one in front.
fn of_another(family: &'static dyn Family, statement: &[Token<'_>]) -> Option<String> {
    let tokens = outside(statement);
    let tokens = match tokens.first()? {
        first if first.is_any(&["FOLLOWS", "PRECEDES"]) => tokens.get(2..)?,
        _ => &tokens[..],
    };
    let first = *tokens.first()?;
    // The database of a name that begins here.
    let database = |at: usize| {
        let is_name = |at: usize| tokens.get(at).and_then(|token| family.name(token));
        let (database, _) = (is_name(at)?, is_name(at + 2)?);
        tokens[at + 1].is_symbol(".").then_some(database)
    };
    let is_filling = |token: &Token<'_>| {
        token.is_any(&[
            "IF",
            "NOT",
            "EXISTS",
            "BODY",
            "LOW_PRIORITY",
            "HIGH_PRIORITY",
            "DELAYED",
            "IGNORE",
            "QUICK",
            "INTO",
            "TABLE",
            "LATERAL",
        ])
    };
    // The database of what is named behind a word.
    let behind = |at: usize| {
        let from = (at + 1..tokens.len()).find(|&next| !is_filling(tokens[next]))?;
        database(from)
    };
    let find = |words: &[&str], until: &[&str]| {
        let end = tokens.iter().position(|token| token.is_any(until)).unwrap_or(tokens.len());
        let places = (0..end).filter(|&at| tokens[at].is_any(words) || tokens[at].is_symbol(","));
        places.into_iter().find_map(behind)
    };
    let found = match () {
        () if first.is_any(&["CREATE", "ALTER"]) => {
            let kind = (1..tokens.len()).find(|&at| tokens[at].is_any(&KINDS));
            let indexes = tokens.iter().take(6).any(|token| token.is("INDEX"));
            let on = tokens.iter().position(|token| token.is("ON"));
            let to = |at: &usize| {
                first.is("ALTER") && tokens[*at].is_any(&["TO", "AS", "RENAME", "WITH"])
            };
            kind.and_then(behind)
                .or_else(|| on.filter(|_| indexes).and_then(behind))
                .or_else(|| (1..tokens.len()).filter(to).find_map(behind))
        }
        () if first.is_any(&["DROP", "RENAME", "TRUNCATE", "LOCK"]) => {
            (1..tokens.len()).find_map(database)
        }
        () if first.is_any(&["INSERT", "REPLACE", "CALL"]) => behind(0),
        () if first.is("UPDATE") => find(&["UPDATE", "JOIN"], &["SET"]),
        () if first.is("DELETE") => find(&["DELETE", "FROM", "USING", "JOIN"], &["WHERE"]),
        () if first.is("LOAD") => None,
        () => None,
    };
    found.map(|database| format!("accesses the database {database}"))
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, reaches_out};

    fn reaches(sql: &str) -> String {
        reaches_out(Dialect::Mariadb, sql).unwrap_or_else(|| "stays".to_owned())
    }

    #[test]
    fn what_goes_beyond_the_database_is_told() {
        for (sql, does) in [
            ("/* x */ create database d", "creates a database"),
            ("ALTER SCHEMA d COLLATE x", "changes a database"),
            ("DROP DATABASE IF EXISTS d", "drops a database"),
            ("/*!40101 DROP DATABASE d */", "drops a database"),
            ("USE other", "switches to another database"),
            ("CREATE OR REPLACE USER u@h", "creates a user"),
            ("RENAME USER a TO b", "renames a user"),
            ("DROP ROLE r", "drops a role"),
            ("GRANT r TO u", "grants a role"),
            ("GRANT SELECT (a, b) ON *.* TO u", "grants privileges on other databases"),
            ("GRANT EXECUTE ON FUNCTION d.f TO u", "grants privileges on other databases"),
            ("REVOKE ALL ON d.* FROM u", "revokes privileges on other databases"),
            ("SET PASSWORD FOR u = 'x'", "changes a user"),
            ("SET a = 1, GLOBAL b = 2", "changes the settings of the server"),
            ("SET @@global.b = 2", "changes the settings of the server"),
            ("SET PERSIST b = 2", "changes the settings of the server"),
            ("SET STATEMENT a = 1 FOR DROP USER u", "drops a user"),
            ("SELECT a INTO OUTFILE '/x' FROM t", "writes a file of the server"),
            ("SELECT LOAD_FILE('/x')", "reads a file of the server"),
            ("LOAD DATA INFILE '/x' INTO TABLE t", "reads a file of the server"),
            ("LOAD XML LOCAL INFILE '/x' INTO TABLE t", "reads a file of the client"),
            ("INSTALL SONAME 'x'", "loads a library into the server"),
            ("UNINSTALL PLUGIN x", "unloads a library from the server"),
            ("CREATE FUNCTION f RETURNS STRING SONAME 'x.so'", "loads a library into the server"),
            ("FLUSH PRIVILEGES", "controls the server"),
            ("RESET MASTER", "controls the server"),
            ("SHUTDOWN", "controls the server"),
            ("KILL 5", "terminates other sessions"),
            ("CHANGE MASTER TO MASTER_HOST = 'x'", "changes the replication of the server"),
            ("STOP ALL SLAVES", "changes the replication of the server"),
            (
                "CREATE SERVER s FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'x')",
                "creates a foreign server",
            ),
            ("CREATE TABLE IF NOT EXISTS d.t (a int)", "accesses the database d"),
            ("DROP TABLE a, `d`.b", "accesses the database d"),
            ("RENAME TABLE a TO d.b", "accesses the database d"),
            ("ALTER TABLE a RENAME TO d.b", "accesses the database d"),
            ("CREATE INDEX i ON d.t (a)", "accesses the database d"),
            ("INSERT IGNORE INTO d.t (a) VALUES (1)", "accesses the database d"),
            ("UPDATE a JOIN d.b ON a.x = b.x SET a.x = 1", "accesses the database d"),
            ("DELETE FROM d.t WHERE a.b = 1", "accesses the database d"),
            ("TRUNCATE d.t", "accesses the database d"),
            ("CALL d.p(1)", "accesses the database d"),
            (
                "CREATE TRIGGER t AFTER INSERT ON x FOR EACH ROW FOLLOWS y INSERT INTO d.t VALUES (1)",
                "accesses the database d",
            ),
            (
                "CREATE PROCEDURE p(a int) MODIFIES SQL DATA DELETE FROM d.t",
                "accesses the database d",
            ),
            ("CREATE PROCEDURE p() BEGIN IF a THEN DROP USER u; END IF; END", "drops a user"),
            ("EXECUTE IMMEDIATE 'DROP DATABASE d'", "drops a database"),
        ] {
            assert_eq!(reaches(sql), does, "{sql}");
        }
    }

    #[test]
    fn what_stays_in_the_database_is_not() {
        for sql in [
            "",
            "CREATE TABLE t (`database` int, role int, CHECK (t.a > 0))",
            "ALTER TABLE t ADD user int, DROP COLUMN role, COMMENT 'DROP DATABASE d'",
            "SET @global = 1, a = @@global.b, SESSION c = 2",
            "SET NAMES utf8mb4",
            "SET SESSION sql_mode = ''",
            "GRANT SELECT ON t TO u",
            "UPDATE t SET t.a = 1 WHERE t.b IN (1, 2)",
            "UPDATE t, u SET t.a = u.b, u.c = t.d",
            "DELETE t.* FROM t JOIN u ON t.a = u.b",
            "INSERT INTO t SELECT u.a, u.b FROM u",
            "REPLACE INTO t VALUES ('a.b')",
            "CREATE VIEW v AS SELECT t.a FROM t WHERE t.b LIKE 'FLUSH'",
            "CREATE TRIGGER t BEFORE UPDATE ON x FOR EACH ROW SET NEW.a = OLD.a",
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE t.a > 1",
            "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR NOT FOUND BEGIN END; SELECT 1 INTO @a; END",
            "CREATE FUNCTION f(a int) RETURNS int RETURN REPLACE(a, t.b, '')",
        ] {
            assert_eq!(reaches(sql), "stays", "{sql}");
        }
    }
}

//! What PostgreSQL's statements do beyond their own database.

use super::postgres::Postgres;
use super::token::{Depth, Token, TokenKind, significant};

/// How deep texts in texts are looked into.
const DEPTH: usize = 4;

pub(super) fn reaches_out(sql: &str) -> Option<String> {
    look(sql, DEPTH).map(str::to_owned)
}

/// The routine that a statement stores, and what its body does beyond the database when it is called.
pub(super) fn reaches_out_when_called(sql: &str) -> Option<(String, String)> {
    let tokens: Vec<Token<'_>> = significant(&Postgres, sql).collect();
    let mut all = statements(&tokens, false);
    all.retain(|statement| !statement[0].is_any(&["SET", "RESET"]));
    let [statement] = all[..] else { return None };
    if statement.first()?.is("DO") || !is_program(statement) || of_words(statement).is_some() {
        return None;
    }
    let why = look(sql, DEPTH)?;
    let at = statement.iter().position(|token| token.is_symbol("("))?;
    let name = super::token::Family::name(&Postgres, statement.get(at.checked_sub(1)?)?)?;
    Some((name, why.to_owned()))
}

/// Looks at all statements of a text.
fn look(sql: &str, depth: usize) -> Option<&'static str> {
    let tokens: Vec<Token<'_>> = significant(&Postgres, sql).collect();
    let runs = is_program(&tokens);
    statements(&tokens, false).into_iter().find_map(|statement| {
        of_words(statement).or_else(|| of_functions(statement)).or_else(|| {
            let texts = statement.iter().filter(|token| token.sort == TokenKind::Text);
            let mut texts = texts.filter_map(|token| unquoted(token.text));
            if runs && depth > 0 { texts.find_map(|text| inside(&text, depth - 1)) } else { None }
        })
    })
}

/// Looks into the body of a routine, where statements stand behind other words, too, and are run as texts.
fn inside(body: &str, depth: usize) -> Option<&'static str> {
    let tokens: Vec<Token<'_>> = significant(&Postgres, body).collect();
    statements(&tokens, true).into_iter().find_map(|statement| {
        of_words(statement).or_else(|| of_functions(statement)).or_else(|| {
            let executes = statement.iter().any(|token| token.is("EXECUTE")) && depth > 0;
            let mut texts =
                statement.iter().filter(|token| executes && token.sort == TokenKind::Text);
            texts.find_map(|token| inside(&unquoted(token.text)?, depth - 1))
        })
    })
}

/// Whether its texts are programs.
fn is_program(tokens: &[Token<'_>]) -> bool {
    let words = tokens.iter().filter(|token| !token.is_any(&["OR", "REPLACE"]));
    let words: Vec<&Token<'_>> = words.take(2).collect();
    match words.as_slice() {
        [first, ..] if first.is("DO") => true,
        [first, second] => first.is("CREATE") && second.is_any(&["FUNCTION", "PROCEDURE"]),
        _ => false,
    }
}

/// The statements of a text, or of a program, in which more words than a semicolon part them.
fn statements<'a, 'b>(tokens: &'b [Token<'a>], of_program: bool) -> Vec<&'b [Token<'a>]> {
    let parts = |token: &Token<'_>| {
        token.sort == TokenKind::Terminator
            || of_program && token.is_any(&["BEGIN", "ATOMIC", "THEN", "ELSE", "LOOP"])
    };
    tokens.split(parts).filter(|statement| !statement.is_empty()).collect()
}

/// What stands in a string, be it in dollars or in quotes.
fn unquoted(text: &str) -> Option<String> {
    if let Some(tagged) = text.strip_prefix('$') {
        let tag = tagged.find('$')? + 2;
        return Some(text.get(tag..text.len().checked_sub(tag)?)?.to_owned());
    }
    let text = text[text.find('\'')? + 1..].strip_suffix('\'')?;
    Some(text.replace("''", "'"))
}

/// What its words say.
fn of_words(statement: &[Token<'_>]) -> Option<&'static str> {
    let mut words = statement.iter().filter(|token| !token.is_any(&["OR", "REPLACE"]));
    let first = words.next()?;
    let second = words.next()?;
    let third = words.next();
    let is = |word: &str| first.is(word);
    if is("CREATE") || is("ALTER") || is("DROP") {
        let maps = second.is("USER") && third.is_some_and(|third| third.is("MAPPING"));
        let done = |[creates, alters, drops]: [&'static str; 3]| match () {
            () if is("CREATE") => creates,
            () if is("ALTER") => alters,
            () => drops,
        };
        return Some(match () {
            () if second.is("OWNED") => "drops all that a role owns",
            () if second.is("SYSTEM") => "changes the settings of the server",
            () if second.is("DATABASE") => {
                done(["creates a database", "changes a database", "drops a database"])
            }
            () if maps => {
                done(["creates a user mapping", "changes a user mapping", "drops a user mapping"])
            }
            () if second.is_any(&["ROLE", "USER", "GROUP"]) => {
                done(["creates a role", "changes a role", "drops a role"])
            }
            () if second.is("TABLESPACE") => {
                done(["creates a tablespace", "changes a tablespace", "drops a tablespace"])
            }
            () if second.is("SUBSCRIPTION") => {
                done(["creates a subscription", "changes a subscription", "drops a subscription"])
            }
            () if second.is("SERVER") => done([
                "creates a foreign server",
                "changes a foreign server",
                "drops a foreign server",
            ]),
            () => return None,
        });
    }
    match () {
        () if is("COPY") => copy(statement),
        () if is("LOAD") => Some("loads a library into the server"),
        () if is("GRANT") => {
            rights(statement, ["grants a role", "grants privileges on shared objects"])
        }
        () if is("REVOKE") => {
            rights(statement, ["revokes a role", "revokes privileges on shared objects"])
        }
        () if is("REASSIGN") => Some("reassigns all that a role owns"),
        () if is("SECURITY") && second.is("LABEL") => Some("sets a security label"),
        () if is("IMPORT") && second.is("FOREIGN") => Some("reads from another server"),
        () if is("COMMENT") => {
            let shared =
                third.is_some_and(|third| third.is_any(&["DATABASE", "ROLE", "TABLESPACE"]));
            shared.then_some("comments on shared objects")
        }
        () => None,
    }
}

/// The tokens of a statement that stand in no brackets.
fn outside<'a, 'b>(statement: &'b [Token<'a>]) -> Vec<&'b Token<'a>> {
    let mut depth = Depth::default();
    let bare = |token: &&Token<'_>| depth.behind(token) == 0 && !token.is_symbol(")");
    statement.iter().filter(bare).collect()
}

/// Rows come and go by the connection, or by files and programs of the server.
fn copy(statement: &[Token<'_>]) -> Option<&'static str> {
    let tokens = outside(statement);
    let at = tokens.iter().skip(1).position(|token| token.is_any(&["FROM", "TO"]))? + 1;
    let other = tokens.get(at + 1)?;
    match other.sort {
        _ if other.is("PROGRAM") => Some("runs a program on the server"),
        TokenKind::Text if tokens[at].is("FROM") => Some("reads a file of the server"),
        TokenKind::Text => Some("writes a file of the server"),
        _ => None,
    }
}

/// A role that is given to another, or rights on something that is not in the database.
fn rights(statement: &[Token<'_>], [role, shared]: [&'static str; 2]) -> Option<&'static str> {
    let tokens = outside(statement);
    // What is to be filled in is not known.
    if statement.iter().any(|token| token.is_symbol("%")) {
        return None;
    }
    let Some(on) = tokens.iter().position(|token| token.is("ON")) else { return Some(role) };
    let is_shared = tokens.get(on + 1)?.is_any(&["DATABASE", "TABLESPACE", "PARAMETER"]);
    is_shared.then_some(shared)
}

/// What the functions do that it calls.
fn of_functions(statement: &[Token<'_>]) -> Option<&'static str> {
    let called = statement.windows(2).filter(|pair| pair[1].is_symbol("("));
    called.filter_map(|pair| super::token::Family::name(&Postgres, &pair[0])).find_map(|name| {
        let begins = |all: &[&str]| all.iter().any(|begin| name.starts_with(begin));
        match name.as_str() {
            "pg_file_write" | "pg_write_file" | "pg_file_unlink" | "pg_file_rename"
            | "pg_file_sync" | "lo_export" => Some("writes a file of the server"),
            "pg_read_file" | "pg_read_binary_file" | "pg_stat_file" | "lo_import" => {
                Some("reads a file of the server")
            }
            "pg_reload_conf" | "pg_rotate_logfile" | "pg_promote" | "pg_switch_wal" => {
                Some("controls the server")
            }
            "pg_terminate_backend" | "pg_cancel_backend" => Some("terminates other sessions"),
            _ if begins(&["dblink"]) => Some("runs statements in another database"),
            _ if begins(&["pg_ls_"]) => Some("reads a folder of the server"),
            _ if begins(&["pg_replication_origin_"]) || name.ends_with("_replication_slot") => {
                Some("changes the replication of the server")
            }
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, reaches_out};

    fn reaches(sql: &str) -> String {
        reaches_out(Dialect::Postgres, sql).unwrap_or_else(|| "stays".to_owned())
    }

    #[test]
    fn what_goes_beyond_the_database_is_told() {
        for (sql, does) in [
            ("/* x */ CREATE DATABASE d", "creates a database"),
            ("ALTER DATABASE d SET a = 1", "changes a database"),
            ("drop user u", "drops a role"),
            ("CREATE USER MAPPING FOR u SERVER s", "creates a user mapping"),
            ("ALTER SYSTEM SET work_mem = 1", "changes the settings of the server"),
            ("CREATE TABLESPACE t LOCATION '/x'", "creates a tablespace"),
            ("COPY t (a, b) FROM '/x'", "reads a file of the server"),
            ("COPY (SELECT a FROM t) TO '/x'", "writes a file of the server"),
            ("COPY t TO PROGRAM 'rm'", "runs a program on the server"),
            ("CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p", "creates a subscription"),
            ("CREATE SERVER s FOREIGN DATA WRAPPER w", "creates a foreign server"),
            ("GRANT a TO b", "grants a role"),
            ("REVOKE a FROM b", "revokes a role"),
            ("GRANT CONNECT ON DATABASE d TO b", "grants privileges on shared objects"),
            ("REASSIGN OWNED BY a TO b", "reassigns all that a role owns"),
            ("DROP OWNED BY a", "drops all that a role owns"),
            ("SECURITY LABEL ON TABLE t IS 'x'", "sets a security label"),
            ("LOAD 'x'", "loads a library into the server"),
            ("SELECT pg_catalog.pg_read_file('x')", "reads a file of the server"),
            (
                "SELECT * FROM dblink('x', 'SELECT 1') AS t (a int)",
                "runs statements in another database",
            ),
            ("DO $$ BEGIN IF true THEN CREATE ROLE r; END IF; END $$", "creates a role"),
            ("DO $x$ BEGIN EXECUTE format('DROP DATABASE %I', 'x'); END $x$", "drops a database"),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS 'SELECT lo_export(1, ''x'')'",
                "writes a file of the server",
            ),
        ] {
            assert_eq!(reaches(sql), does, "{sql}");
        }
    }

    #[test]
    fn what_stays_in_the_database_is_not() {
        for sql in [
            "",
            "CREATE TABLE database (role text)",
            "ALTER TABLE t DROP COLUMN role",
            "COPY t FROM stdin",
            "COPY (SELECT 1 AS \"to\") TO STDOUT",
            "GRANT SELECT ON t TO b",
            "GRANT SELECT (a), UPDATE (b) ON TABLE t TO b",
            "INSERT INTO t VALUES ('CREATE ROLE r', 'SELECT lo_export(1)')",
            "COMMENT ON TABLE t IS 'CREATE DATABASE d'",
            "DO $$ BEGIN RAISE NOTICE 'DROP DATABASE x'; END $$",
            "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'DROP ROLE x' $$",
            "SELECT pg_notify('a', 'b')",
            "CREATE EXTENSION dblink",
        ] {
            assert_eq!(reaches(sql), "stays", "{sql}");
        }
    }
}

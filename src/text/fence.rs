//! Statements as an account sends them that has rights in one database alone.

use std::borrow::Cow;

use super::postgres::Postgres;
use super::token::{Family, Token, TokenKind, significant};

/// A statement for an account that has rights in one database alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Fenced<'s> {
    /// The statement, in which whatever it makes belongs to the account.
    pub sql: Cow<'s, str>,
    /// Whether only a superuser may send it, although it only defines something.
    pub privileged: bool,
    /// Whether it defines code that no rights bind when it is called.
    pub unbound: bool,
}

impl<'s> Fenced<'s> {
    pub(super) fn plain(sql: impl Into<Cow<'s, str>>) -> Self {
        Fenced { sql: sql.into(), privileged: false, unbound: false }
    }
}

/// See [`super::fenced`], of PostgreSQL.
pub(super) fn of_postgres(sql: &str) -> Fenced<'_> {
    let tokens: Vec<Token<'_>> = significant(&Postgres, sql).collect();
    let (privileged, unbound) = (is_privileged(&tokens), is_unbound(&tokens));
    let sql = match owner(&tokens) {
        Some((begin, end, words)) => {
            format!("{}{words}{}", &sql[..tokens[begin].start], &sql[tokens[end].end()..]).into()
        }
        None => sql.into(),
    };
    Fenced { sql, privileged: privileged || unbound, unbound }
}

/// The tokens that name another role as the owner or the user, and what stands there instead.
fn owner(tokens: &[Token<'_>]) -> Option<(usize, usize, String)> {
    let first = tokens.first()?;
    let own = |at: usize| tokens.get(at).map(|_| (at, at, "CURRENT_USER".to_owned()));
    let find = |word: &str, next: &str| {
        tokens.windows(2).position(|pair| pair[0].is(word) && pair[1].is(next))
    };
    if first.is("ALTER") && tokens.get(1)?.is("DEFAULT") {
        let at = find("FOR", "ROLE").or_else(|| find("FOR", "USER"))? + 2;
        let more =
            tokens[at..].iter().position(|token| token.is_any(&["IN", "GRANT", "REVOKE"]))?;
        return Some((at, at + more.checked_sub(1)?, "CURRENT_USER".to_owned()));
    }
    if first.is("ALTER") {
        return own(find("OWNER", "TO")? + 2);
    }
    if first.is("CREATE") && tokens.get(1)?.is("SCHEMA") {
        let at = tokens.iter().position(|token| token.is("AUTHORIZATION"))?;
        let role = tokens.get(at + 1)?;
        // Without a name the schema has that of the role.
        return match tokens[at - 1].is_any(&["SCHEMA", "EXISTS"]) {
            true => Some((at, at + 1, format!("{} AUTHORIZATION CURRENT_USER", role.text))),
            false => own(at + 1),
        };
    }
    if first.is("SET") {
        let behind = 1 + usize::from(tokens.get(1)?.is_any(&["SESSION", "LOCAL"]));
        if tokens.get(behind)?.is("AUTHORIZATION") {
            return Some((behind + 1, tokens.len().checked_sub(1)?, "DEFAULT".to_owned()));
        }
        if tokens.get(behind)?.is("ROLE") {
            return Some((behind + 1, tokens.len().checked_sub(1)?, "NONE".to_owned()));
        }
    }
    None
}

/// Whether it is of a kind that runs nothing of the database's own, and that only a superuser may send.
fn is_privileged(tokens: &[Token<'_>]) -> bool {
    let mut words = tokens.iter().filter(|token| !token.is_any(&["OR", "REPLACE"]));
    let (Some(first), Some(second)) = (words.next(), words.next()) else { return false };
    let third_is = |words_are: &[&str]| tokens.get(2).is_some_and(|third| third.is_any(words_are));
    if first.is("COMMENT") {
        return third_is(&["EXTENSION"]);
    }
    if first.is("RESET") {
        return second.is("session_replication_role");
    }
    if first.is("SET") {
        let name = 1 + usize::from(second.is_any(&["SESSION", "LOCAL"]));
        return tokens.get(name).is_some_and(|token| token.is("session_replication_role"))
            && tokens.len() == name + 3;
    }
    if !first.is_any(&["CREATE", "ALTER", "DROP"]) {
        return false;
    }
    // Alone: another action of the same statement could call something.
    if second.is("TABLE") {
        return first.is("ALTER")
            && !tokens.iter().any(|token| token.is_symbol(",") || token.is_symbol("("))
            && matches!(tokens, [.., does, trigger, name] if trigger.is("TRIGGER")
                && does.is_any(&["ENABLE", "DISABLE", "ALWAYS", "REPLICA"]) && name.is("ALL"));
    }
    second.is_any(&["EXTENSION", "CAST", "LANGUAGE"])
        || second.is("EVENT") && third_is(&["TRIGGER"])
        || second.is("OPERATOR") && third_is(&["CLASS", "FAMILY"])
        || second.is("ACCESS") && third_is(&["METHOD"])
        || second.is("FOREIGN") && third_is(&["DATA"])
        || second.is("TEXT")
            && tokens.get(3).is_some_and(|kind| kind.is_any(&["PARSER", "TEMPLATE"]))
        || second.is("TYPE") && tokens.iter().any(|token| token.is("INPUT"))
        || second.is("PUBLICATION")
            && tokens.windows(2).any(|pair| {
                pair[0].is("ALL") && pair[1].is("TABLES")
                    || pair[0].is("TABLES") && pair[1].is("IN")
            })
        || second.is_any(&["FUNCTION", "PROCEDURE"])
            && tokens.iter().any(|token| token.is_any(&["LEAKPROOF", "SUPPORT"]))
}

/// Whether it makes a routine in a language whose code does what it likes.
fn is_unbound(tokens: &[Token<'_>]) -> bool {
    let mut words = tokens.iter().filter(|token| !token.is_any(&["OR", "REPLACE"]));
    words.next().is_some_and(|first| first.is("CREATE"))
        && words.next().is_some_and(|kind| kind.is_any(&["FUNCTION", "PROCEDURE"]))
        && tokens.windows(2).any(|pair| {
            let name = Postgres.name(&pair[1]).unwrap_or_default();
            let named = match pair[1].sort {
                TokenKind::Text => pair[1].text.trim_matches('\'').to_lowercase(),
                _ => name,
            };
            let is_untrusted = named.ends_with('u') && named.starts_with("pl");
            pair[0].is("LANGUAGE") && (is_untrusted || matches!(&*named, "c" | "internal"))
        })
}

/// Whether a statement runs a text as SQL that is not in it as such, or defines what does.
pub(super) fn is_dynamic(family: &'static dyn Family, sql: &str, depth: usize) -> bool {
    let tokens: Vec<Token<'_>> = significant(family, sql).collect();
    let runs = tokens.iter().enumerate().any(|(at, token)| {
        let is_other = |other: Option<&Token<'_>>| {
            other.is_some_and(|other| other.is_any(&["FUNCTION", "PROCEDURE", "ON", "GRANT"]))
        };
        token.is_any(&["EXECUTE", "PREPARE"])
            && !is_other(tokens.get(at + 1))
            && !tokens.first().is_some_and(|first| first.is_any(&["GRANT", "REVOKE"]))
            || token.is_any(&["query_to_xml", "query_to_xml_and_xmlschema", "ts_stat", "crosstab"])
    });
    let texts = tokens.iter().filter(|token| token.sort == TokenKind::Text && depth > 0);
    let first = tokens.first();
    let is_program = first.is_some_and(|first| first.is_any(&["DO", "CREATE"]));
    runs || is_program
        && texts.into_iter().any(|token| {
            let inner = token.text.trim_matches(|c| c != ' ' && c != '\n' && c != '\t');
            is_dynamic(family, inner, depth - 1)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Dialect, fenced, runs_dynamic_sql};

    #[test]
    fn what_is_made_belongs_to_the_account() {
        for (sql, sent) in [
            ("ALTER TABLE t OWNER TO \"A b\"", "ALTER TABLE t OWNER TO CURRENT_USER"),
            ("CREATE SCHEMA s AUTHORIZATION joe", "CREATE SCHEMA s AUTHORIZATION CURRENT_USER"),
            ("CREATE SCHEMA AUTHORIZATION joe", "CREATE SCHEMA joe AUTHORIZATION CURRENT_USER"),
            ("SET SESSION AUTHORIZATION 'joe'", "SET SESSION AUTHORIZATION DEFAULT"),
            ("SET LOCAL ROLE joe", "SET LOCAL ROLE NONE"),
            (
                "ALTER DEFAULT PRIVILEGES FOR ROLE a, b IN SCHEMA s GRANT SELECT ON TABLES TO c",
                "ALTER DEFAULT PRIVILEGES FOR ROLE CURRENT_USER IN SCHEMA s GRANT SELECT ON TABLES TO c",
            ),
            ("CREATE TABLE t (owner text)", "CREATE TABLE t (owner text)"),
        ] {
            assert_eq!(fenced(Dialect::Postgres, sql), Fenced::plain(sent), "{sql}");
        }
    }

    #[test]
    fn rights_of_a_superuser_are_for_definitions_alone() {
        for (sql, privileged, unbound) in [
            ("CREATE EXTENSION postgis", true, false),
            ("CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", true, false),
            ("SET session_replication_role = replica", true, false),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'x'", true, true),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS 'x'", true, true),
            ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", false, false),
            ("DO LANGUAGE plpython3u 'x'", false, false),
            ("SELECT 1", false, false),
        ] {
            let is = fenced(Dialect::Postgres, sql);
            assert_eq!((is.privileged, is.unbound), (privileged, unbound), "{sql}");
        }
    }

    #[test]
    fn dynamic_sql_is_found() {
        for (dialect, sql) in [
            (Dialect::Postgres, "DO $$ BEGIN EXECUTE 'DROP ' || 'TABLE t'; END $$"),
            (Dialect::Mariadb, "PREPARE s FROM @sql"),
            (Dialect::Mariadb, "CREATE PROCEDURE p() BEGIN EXECUTE IMMEDIATE @sql; END"),
        ] {
            assert!(runs_dynamic_sql(dialect, sql), "{sql}");
        }
        for sql in [
            "CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "GRANT EXECUTE ON FUNCTION f() TO a",
            "INSERT INTO t VALUES (' EXECUTE x ')",
        ] {
            assert!(!runs_dynamic_sql(Dialect::Postgres, sql), "{sql}");
        }
    }
}

//! What statements leave in their session, and what later ones take from it.

use std::collections::BTreeMap;

use super::Effect;
use super::effect::query;
use super::kind::DML;
use super::token::{Depth, Family, Token, TokenKind, statement};

/// A stretch of statements that only one session can run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionGap {
    /// The statement that leaves something in its session, counted from 0.
    pub from: usize,
    /// The one that takes it.
    pub to: usize,
    /// What that is.
    pub what: String,
}

/// What statements that run one after the other do with their session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SessionUse {
    /// Those that set the session up by constants, counted from 0: a new session is as the old one was
    /// once they have run in it again.
    pub replayed: Vec<usize>,
    /// What a new session cannot be given.
    pub gaps: Vec<SessionGap>,
}

/// What behind SET reaches further than the session.
const FARTHER: [&str; 5] = ["GLOBAL", "PERSIST", "PERSIST_ONLY", "PASSWORD", "DEFAULT"];

pub(super) fn sets_up_session(family: &'static dyn Family, sql: &str) -> bool {
    let mut tokens = statement(family, sql);
    let Some(first) = tokens.next() else { return false };
    if first.is("RESET") {
        // MySQL's is about the server's logs.
        return !family.has_user_variables();
    }
    if !first.is("SET") {
        return first.is_any(&["USE", "PRAGMA"]);
    }
    // Each part of a list may have its own scope, `GLOBAL x` or `@@GLOBAL.x`.
    let mut begins = true;
    let mut rest = Vec::new();
    for token in tokens {
        if begins && token.is_any(&FARTHER) {
            return false;
        }
        begins = token.is_symbol(",") || (begins && token.is_symbol("@@"));
        rest.push(token);
    }
    query(&rest) < Effect::Unknown
}

pub(super) fn session_use<'a>(
    family: &'static dyn Family,
    statements: impl Iterator<Item = &'a str>,
) -> SessionUse {
    let mut walk = Walk::new(family);
    for (at, sql) in statements.enumerate() {
        walk.at = at;
        walk.take(&statement(family, sql).collect::<Vec<_>>());
    }
    walk.found
}

pub(super) fn takes_last_result(family: &'static dyn Family, sql: &str) -> bool {
    let tokens: Vec<Token<'_>> = statement(family, sql).collect();
    !is_routine(&tokens) && has_last_result(&tokens)
}

/// How a variable got the value that it has.
#[derive(Clone, Copy)]
enum Value {
    /// From a constant, which is set again.
    Constant(usize),
    /// From rows or a routine.
    Read(usize),
}

struct Walk {
    family: &'static dyn Family,
    /// The statement that is looked at.
    at: usize,
    found: SessionUse,
    variables: BTreeMap<String, Value>,
    /// Temporary tables, prepared statements and the like.
    objects: BTreeMap<String, usize>,
    /// Statements that may set any variable.
    calls: Vec<usize>,
    /// The first that may have changed a setting by what it read.
    settings: Option<usize>,
    /// The first that may have made a key.
    keys: Option<usize>,
}

impl Walk {
    fn new(family: &'static dyn Family) -> Walk {
        Walk {
            family,
            at: 0,
            found: SessionUse::default(),
            variables: BTreeMap::new(),
            objects: BTreeMap::new(),
            calls: Vec::new(),
            settings: None,
            keys: None,
        }
    }

    fn take(&mut self, tokens: &[Token<'_>]) {
        let Some((first, rest)) = tokens.split_first() else { return };
        if is_routine(tokens) {
            return;
        }
        if first.is("SET") {
            return self.set(rest);
        }
        let resets = first.is("RESET") && !self.family.has_user_variables();
        if resets || first.is_any(&["USE", "PRAGMA"]) || is_set_config(tokens) {
            self.found.replayed.push(self.at);
            return;
        }
        const BODIES: [&str; 8] = ["CALL", "EXECUTE", "DO", "BEGIN", "IF", "CASE", "LOOP", "WHILE"];
        let calls = first.is_any(&BODIES);
        self.uses(tokens);
        let variables = self.variables_in(tokens);
        for variable in variables.iter().filter(|variable| !variable.is_set) {
            self.reads(&variable.name);
        }
        if calls {
            let made: Vec<(String, usize)> = self
                .variables
                .iter()
                .filter_map(|(name, value)| match value {
                    Value::Read(at) => Some((name.clone(), *at)),
                    Value::Constant(_) => None,
                })
                .collect();
            // A routine may read what it does not name here.
            for (name, from) in made {
                self.gap(from, format!("the variable @{name}"));
            }
            self.calls.push(self.at);
        }
        let passed = first.is_any(&["CALL", "EXECUTE"]);
        for variable in variables.into_iter().filter(|variable| variable.is_set || passed) {
            self.variables.insert(variable.name, Value::Read(self.at));
        }
        self.makes(tokens);
        if calls || first.is_any(&DML) || first.is_any(&["WITH", "SELECT", "LOAD"]) {
            self.keys.get_or_insert(self.at);
        }
        let locks =
            first.is("LOCK") && rest.first().is_some_and(|next| next.is_any(&["TABLE", "TABLES"]));
        if locks || calls_any(tokens, &["set_config"]) {
            self.settings.get_or_insert(self.at);
        }
    }

    /// What a statement takes of the session, variables aside.
    fn uses(&mut self, tokens: &[Token<'_>]) {
        let taken: Vec<(String, usize)> = tokens
            .iter()
            .filter_map(|token| self.family.name(token))
            .filter_map(|name| self.objects.get_key_value(&name.to_lowercase()))
            .map(|(name, from)| (name.clone(), *from))
            .collect();
        let ends =
            tokens.first().is_some_and(|first| first.is_any(&["DROP", "DEALLOCATE", "DETACH"]));
        for (name, from) in taken {
            if ends {
                self.objects.remove(&name);
            }
            self.gap(from, name);
        }
        if let Some(from) = self.settings {
            self.gap(from, "settings of the session".to_owned());
        }
        const KEYS: [&str; 4] = ["LAST_INSERT_ID", "LASTVAL", "CURRVAL", "LAST_INSERT_ROWID"];
        if let Some(from) = self.keys
            && (calls_any(tokens, &KEYS) || has_setting(tokens, &["IDENTITY", "LAST_INSERT_ID"]))
        {
            self.gap(from, "the key that was made last".to_owned());
        }
        if let Some(from) = self.at.checked_sub(1)
            && has_last_result(tokens)
        {
            self.gap(from, "the result of the statement before".to_owned());
        }
    }

    /// What a statement leaves that has a name.
    fn makes(&mut self, tokens: &[Token<'_>]) {
        let [first, rest @ ..] = tokens else { return };
        const TEMPORARY: [&str; 2] = ["TEMP", "TEMPORARY"];
        let name = match () {
            () if first.is("PREPARE") => rest.first(),
            () if first.is("DECLARE") && rest.iter().any(|token| token.is("HOLD")) => rest.first(),
            () if first.is("ATTACH") => {
                let at = rest.iter().position(|token| token.is("AS"));
                at.and_then(|at| rest.get(at + 1))
            }
            () if first.is_any(&["CREATE", "SELECT", "WITH"]) => {
                let begins = |pair: &[Token<'_>]| {
                    pair[1].is_any(&TEMPORARY)
                        && pair[0].is_any(&["CREATE", "REPLACE", "INTO", "LOCAL", "GLOBAL"])
                };
                let at = tokens.windows(2).position(begins);
                let rest = at.and_then(|at| tokens.get(at + 2..)).unwrap_or_default();
                const BEFORE: [&str; 8] =
                    ["UNLOGGED", "TABLE", "VIEW", "SEQUENCE", "TRIGGER", "IF", "NOT", "EXISTS"];
                let mut names = rest.iter().skip_while(|token| token.is_any(&BEFORE));
                let name = names.next();
                match names.next().is_some_and(|token| token.is_symbol(".")) {
                    true => names.next(),
                    false => name,
                }
            }
            () => None,
        };
        if let Some(name) = name.and_then(|token| self.family.name(token)) {
            self.objects.insert(name.to_lowercase(), self.at);
        }
    }

    /// What stands behind SET.
    fn set(&mut self, rest: &[Token<'_>]) {
        const NO_SETTING: [&str; 3] = ["LOCAL", "CONSTRAINTS", "TRANSACTION"];
        if !self.family.has_user_variables() {
            if !rest.first().is_some_and(|token| token.is_any(&NO_SETTING)) {
                self.found.replayed.push(self.at);
            }
            return;
        }
        self.uses(rest);
        let mut depth = Depth::default();
        let assignments = rest
            .split(|token| depth.behind(token) == 0 && token.is_symbol(","))
            .map(|part| {
                let at =
                    part.iter().position(|token| token.is_symbol("=") || token.is_symbol(":="));
                let (target, value) = part.split_at(at.unwrap_or(part.len()));
                (target, value.get(1..).unwrap_or_default())
            })
            .collect::<Vec<_>>();
        let mut is_constant = true;
        let mut is_of_session = true;
        for (target, value) in &assignments {
            for variable in self.variables_in(value) {
                is_constant &= !variable.is_set && !self.reads(&variable.name);
            }
            is_constant &= self.is_constant(value);
            is_of_session &= !target.iter().take(2).any(|token| token.is_any(&FARTHER));
        }
        if is_constant && is_of_session {
            self.found.replayed.push(self.at);
        }
        for (target, value) in assignments {
            let mut set = self.variables_in(target);
            if set.is_empty() && !is_constant && is_of_session {
                self.settings.get_or_insert(self.at);
            }
            set.extend(self.variables_in(value).into_iter().filter(|variable| variable.is_set));
            for variable in set {
                let value = match is_constant && is_of_session {
                    true => Value::Constant(self.at),
                    false => Value::Read(self.at),
                };
                self.variables.insert(variable.name, value);
            }
        }
    }

    /// Whether an expression is the same in every new session.
    fn is_constant(&self, value: &[Token<'_>]) -> bool {
        // What the server makes up, or other sessions set.
        const VOLATILE: [&str; 9] = [
            "GLOBAL",
            "IDENTITY",
            "LAST_INSERT_ID",
            "INSERT_ID",
            "TIMESTAMP",
            "WARNING_COUNT",
            "ERROR_COUNT",
            "PSEUDO_THREAD_ID",
            "RAND_SEED1",
        ];
        const FUNCTIONS: [&str; 9] = [
            "TRIM",
            "CONCAT",
            "CONCAT_WS",
            "REPLACE",
            "COALESCE",
            "IFNULL",
            "LOWER",
            "UPPER",
            "CAST",
        ];
        let calls = value.windows(2).any(|pair| {
            pair[1].is_symbol("(")
                && matches!(pair[0].sort, TokenKind::Word | TokenKind::Name)
                && !pair[0].is_any(&FUNCTIONS)
        });
        !calls && !value.iter().any(|token| token.is("SELECT")) && !has_setting(value, &VOLATILE)
    }

    /// Notes that a statement reads a variable; says whether it has a value that is not set again.
    fn reads(&mut self, name: &str) -> bool {
        let (set, made) = match self.variables.get(name) {
            Some(Value::Constant(at)) => (Some(*at), None),
            Some(Value::Read(at)) => (Some(*at), Some(*at)),
            None => (None, None),
        };
        let called = self.calls.iter().copied().find(|call| set.is_none_or(|at| at < *call));
        let from = made.into_iter().chain(called).min();
        if let Some(from) = from {
            self.gap(from, format!("the variable @{name}"));
        }
        from.is_some()
    }

    fn gap(&mut self, from: usize, what: String) {
        self.found.gaps.push(SessionGap { from, to: self.at, what });
    }

    /// The user variables that tokens name.
    fn variables_in(&self, tokens: &[Token<'_>]) -> Vec<Variable> {
        if !self.family.has_user_variables() {
            return Vec::new();
        }
        let mut into = false;
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            // An account is `name@host`.
            let is_account = before.is_some_and(|before| {
                before.end() == token.start
                    && matches!(before.sort, TokenKind::Word | TokenKind::Name | TokenKind::Text)
            });
            let name = tokens.get(at + 1).filter(|next| next.start == token.end());
            let name = name.filter(|_| token.is_symbol("@") && !is_account);
            if let Some(name) = name {
                let quotes = ['`', '\'', '"'];
                found.push(Variable {
                    name: name.text.trim_matches(quotes).to_lowercase(),
                    is_set: into || tokens.get(at + 2).is_some_and(|next| next.is_symbol(":=")),
                });
            }
            let stays = token.is_symbol("@") || token.is_symbol(",");
            let is_name = before.is_some_and(|before| before.is_symbol("@"));
            into = token.is("INTO") || (into && (stays || is_name));
        }
        found
    }
}

/// A user variable that a statement names.
struct Variable {
    /// Its name, folded.
    name: String,
    /// Whether the statement gives it a value.
    is_set: bool,
}

/// Whether a statement stores a body, which runs later.
fn is_routine(tokens: &[Token<'_>]) -> bool {
    const ROUTINES: [&str; 5] = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"];
    const OTHERS: [&str; 9] =
        ["TABLE", "VIEW", "INDEX", "USER", "ROLE", "DATABASE", "SCHEMA", "SEQUENCE", "SERVER"];
    let begins = tokens.first().is_some_and(|first| first.is_any(&["CREATE", "ALTER"]));
    let mut kinds =
        tokens.iter().skip(1).filter(|token| token.is_any(&ROUTINES) || token.is_any(&OTHERS));
    begins && kinds.next().is_some_and(|kind| kind.is_any(&ROUTINES))
}

/// Whether it is `SELECT set_config('…', '…', false)`, which is a SET.
fn is_set_config(tokens: &[Token<'_>]) -> bool {
    let [select, rest @ ..] = tokens else { return false };
    let call = match rest {
        [schema, dot, call @ ..] if schema.is("pg_catalog") && dot.is_symbol(".") => call,
        call => call,
    };
    let [name, open, setting, comma, value, second, local, close] = call else { return false };
    let is_text = |token: &Token<'_>| token.sort == TokenKind::Text;
    select.is("SELECT")
        && name.is("set_config")
        && open.is_symbol("(")
        && is_text(setting)
        && comma.is_symbol(",")
        && is_text(value)
        && second.is_symbol(",")
        && local.is("false")
        && close.is_symbol(")")
}

fn calls_any(tokens: &[Token<'_>], functions: &[&str]) -> bool {
    tokens.windows(2).any(|pair| pair[0].is_any(functions) && pair[1].is_symbol("("))
}

/// Whether one of MySQL's settings is read: `@@name`, `@@session.name`.
fn has_setting(tokens: &[Token<'_>], settings: &[&str]) -> bool {
    let marks = tokens.iter().enumerate().filter(|(_, token)| token.is_symbol("@@"));
    let mut behind = marks.map(|(at, _)| tokens.get(at + 1..).unwrap_or_default());
    behind.any(|behind| match behind {
        [scope, dot, name, ..] if dot.is_symbol(".") => {
            name.is_any(settings) || scope.is_any(settings)
        }
        [name, ..] => name.is_any(settings),
        [] => false,
    })
}

/// Whether it takes what only the statement right before it leaves.
fn has_last_result(tokens: &[Token<'_>]) -> bool {
    let pair = |one, other: &[&str]| matches!(tokens, [first, second, ..] if first.is(one) && second.is_any(other));
    calls_any(tokens, &["ROW_COUNT", "FOUND_ROWS", "CHANGES", "TOTAL_CHANGES"])
        || has_setting(tokens, &["WARNING_COUNT", "ERROR_COUNT"])
        || pair("GET", &["DIAGNOSTICS", "CURRENT"])
}

#[cfg(test)]
mod tests {
    use crate::text::{Dialect, session_use, sets_up_session};

    #[test]
    fn only_what_sets_up_a_session_is_of_the_session() {
        let many_comments = "-- x\n".repeat(100_000) + "USE a";
        for sql in [
            "USE a",
            "set names utf8mb4",
            "# x\n-- x\n/* y */ SET @a = 1",
            "SET @@session.a = 1, b = 2",
            "SET @global = 1",
            "/*!40101 SET NAMES utf8 */",
            &many_comments,
        ] {
            assert!(sets_up_session(Dialect::Mariadb, sql), "{}", &sql[..sql.len().min(40)]);
        }
        assert!(sets_up_session(Dialect::Sqlite, "/* off */ PRAGMA foreign_keys=off"));
        assert!(sets_up_session(Dialect::Postgres, "/* a /* b */ c */ SET search_path = a, b"));
        assert!(sets_up_session(Dialect::Postgres, "RESET search_path"));
        for sql in [
            "-- use this\nDROP TABLE t",
            "/* set */ DELETE FROM t",
            "SET GLOBAL a = 1",
            "SET @@global.a = 1",
            "SET a = 1, GLOBAL b = 2",
            "SET a = 1, @@PERSIST.b = 2",
            "SET PASSWORD = 'x'",
            "SET STATEMENT max_statement_time = 1 FOR DELETE FROM t",
            "SET @a = writes()",
            "RESET MASTER",
            "user",
            "",
        ] {
            assert!(!sets_up_session(Dialect::Mariadb, sql), "{sql}");
        }
    }

    /// The numbers of what is set again, then `from-to what` of what cannot be.
    fn uses(dialect: Dialect, statements: &[&str]) -> String {
        let found = session_use(dialect, statements.iter().copied());
        let replayed = found.replayed.iter().map(ToString::to_string);
        let gaps = found.gaps.iter().map(|gap| format!("{}-{} {}", gap.from, gap.to, gap.what));
        replayed.chain(gaps).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn constants_are_set_again_and_all_else_is_a_gap() {
        let mysql = |statements: &[&str]| uses(Dialect::Mariadb, statements);
        // The head of a dump.
        assert_eq!(
            mysql(&[
                "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_ZERO_DATE' */",
                "SET NAMES utf8mb4",
                "SET sql_mode = CONCAT(@@sql_mode, ',ANSI')",
                "INSERT INTO t VALUES (1)",
                "/*!40101 SET SQL_MODE=@OLD_SQL_MODE */",
            ]),
            "0, 1, 2, 4"
        );
        let id = "SET @id = (SELECT max(id) FROM t)";
        assert_eq!(
            mysql(&[id, "UPDATE u SET a = 1", "DELETE FROM t WHERE id = @ID"]),
            "0-2 the variable @id"
        );
        assert_eq!(mysql(&[id, "SET @id = 1", "DELETE FROM t WHERE id = @id"]), "1");
        assert_eq!(
            mysql(&[id, "SET @b = @id", "SELECT @b"]),
            "0-1 the variable @id, 1-2 the variable @b"
        );
        assert_eq!(mysql(&[id, "CALL p()"]), "0-1 the variable @id");
        assert_eq!(mysql(&["SET @a = 1", "CALL p(@a)", "SELECT @a"]), "0, 1-2 the variable @a");
        assert_eq!(mysql(&["SET @a = 1", "CALL p()", "SELECT @a"]), "0, 1-2 the variable @a");
        assert_eq!(mysql(&["SELECT 1 INTO @a", "SELECT @a"]), "0-1 the variable @a");
        assert_eq!(mysql(&["UPDATE t SET a = (@n := a)", "SELECT @`n`"]), "0-1 the variable @n");
        assert_eq!(mysql(&[id, "CREATE USER id@id", "CREATE PROCEDURE p() SET @id = @id + 1"]), "");
        assert_eq!(
            mysql(&["SET SQL_MODE = (SELECT m FROM t)", "DELETE FROM t"]),
            "0-1 settings of the session"
        );
        assert_eq!(mysql(&["SET GLOBAL a = 1", "DELETE FROM t"]), "");
        assert_eq!(
            mysql(&["SET STATEMENT sort_buffer_size = 1 FOR DELETE FROM t", "DELETE FROM u"]),
            ""
        );
        assert_eq!(
            mysql(&["INSERT INTO t VALUES (1)", "SET @id = LAST_INSERT_ID()"]),
            "0-1 the key that was made last"
        );
        assert_eq!(
            mysql(&["DELETE FROM t", "SET @n = ROW_COUNT()"]),
            "0-1 the result of the statement before"
        );
        assert_eq!(
            mysql(&[
                "CREATE TEMPORARY TABLE IF NOT EXISTS db.x (a int)",
                "INSERT INTO t SELECT a FROM `x`"
            ]),
            "0-1 x"
        );
        assert_eq!(
            mysql(&[
                "CREATE TEMPORARY TABLE x (a int)",
                "DROP TEMPORARY TABLE x",
                "CREATE TABLE x (a int)"
            ]),
            "0-1 x"
        );
        assert_eq!(mysql(&["PREPARE s FROM 'SELECT 1'", "EXECUTE s"]), "0-1 s");
        let postgres = |statements: &[&str]| uses(Dialect::Postgres, statements);
        assert_eq!(
            postgres(&[
                "SELECT pg_catalog.set_config('search_path', '', false)",
                "RESET ALL",
                "SET LOCAL a = 1"
            ]),
            "0, 1"
        );
        assert_eq!(
            postgres(&["SELECT set_config('search_path', a, false) FROM t", "DELETE FROM t"]),
            "0-1 settings of the session"
        );
        assert_eq!(
            postgres(&[
                "SELECT a INTO TEMP x FROM t",
                "SELECT nextval('s')",
                "SELECT lastval(), * FROM x"
            ]),
            "0-2 x, 0-2 the key that was made last"
        );
        assert_eq!(uses(Dialect::Sqlite, &["ATTACH 'a' AS o", "CREATE TABLE o.t (a)"]), "0-1 o");
    }
}
